//! Variables of the environment for the module `os`, where the board has such.

use crate::builtins::source::{c_text, os_error};
use crate::builtins::text;
use crate::heap::{ByteVec, Kind, R, Raised, TypeId, Value};
use crate::object::str;
use crate::vm::Vm;
use crate::vm::def::Args;
use core::ffi::CStr;

/// An argument that must be a str, as C has it; a NUL inside is an error.
fn argument(vm: &mut Vm, args: Args, i: usize) -> R<ByteVec> {
    let v = text::native(vm.heap(), vm.req(args, i));
    if vm.type_id(v) != TypeId::Str {
        return Err(vm.raise_by(&|h| text::mixed(h, Kind::Str)));
    }
    if vm.heap().str_bytes(v).contains(&0) {
        return Err(vm.raise(TypeId::ValueError, "embedded null byte"));
    }
    c_text(vm, v)
}

fn c_str<'a>(vm: &'a Vm, text: &'a ByteVec) -> &'a CStr {
    CStr::from_bytes_with_nul(text.as_slice(vm.heap())).unwrap_or(c"")
}

/// `getenv(name[, default])`
pub fn getenv(vm: &mut Vm, args: Args) -> R {
    let mut name = argument(vm, args, 0)?;
    let port = vm.port();
    let value = port.variable(c_str(vm, &name));
    name.free(vm.heap_mut());
    match value {
        Some(value) => vm.with_heap(|h| str::new(h, value.to_bytes())),
        None => Ok(vm.arg(args, 1).unwrap_or(Value::NONE)),
    }
}

/// `putenv(name, value)`
pub fn putenv(vm: &mut Vm, args: Args) -> R {
    let mut name = argument(vm, args, 0)?;
    // The second argument's copy may start a collection, which marks what lies in slots.
    let Ok(keep) = vm.push(name.cell().unwrap_or(Value::NONE)) else {
        name.free(vm.heap_mut());
        return Err(Raised);
    };
    let value = argument(vm, args, 1);
    vm.drop_to(keep);
    let value = match value {
        Ok(value) => Some(value),
        Err(raised) => {
            name.free(vm.heap_mut());
            return Err(raised);
        }
    };
    set(vm, name, value)
}

/// `unsetenv(name)`
pub fn unsetenv(vm: &mut Vm, args: Args) -> R {
    let name = argument(vm, args, 0)?;
    set(vm, name, None)
}

fn set(vm: &mut Vm, mut name: ByteVec, mut value: Option<ByteVec>) -> R {
    let done = vm.port().set_variable(c_str(vm, &name), value.as_ref().map(|v| c_str(vm, v)));
    name.free(vm.heap_mut());
    if let Some(value) = &mut value {
        value.free(vm.heap_mut());
    }
    match done {
        Ok(()) => Ok(Value::NONE),
        Err(e) => Err(vm.raise_by(&|h| os_error(h, e))),
    }
}
