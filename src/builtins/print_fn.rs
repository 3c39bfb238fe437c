//! The built-in functions `print`, `ascii`, `format` and `input`.

use super::{format, print, streams, text};
use crate::heap::{R, TypeId, Value};
use crate::object::exc::Part;
use crate::object::str;
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, Mode};

/// A str keyword of `print`; `None` stands for the default.
fn piece(vm: &mut Vm, v: Value, name: &str) -> R<Option<Value>> {
    let v = text::native(vm.heap(), v);
    if v.is_none() {
        return Ok(None);
    }
    if !str::is_str(vm.heap(), v) {
        let parts = [Part::S(name), Part::S(" must be None or a string")];
        return Err(vm.raise_parts(TypeId::TypeError, &parts));
    }
    Ok(Some(v))
}

/// `print(*args, sep=' ', end='\n', file=sys.stdout)`
pub fn builtin_print(vm: &mut Vm, args: Args) -> R {
    let (mut sep, mut end, mut file) = (None, None, None);
    for i in 0..args.kw() as usize {
        let (name, v) = vm.kw(args, i);
        if name == q!("sep") {
            sep = piece(vm, v, "sep")?;
        } else if name == q!("end") {
            end = piece(vm, v, "end")?;
        } else if name == q!("file") {
            file = Some(v).filter(|v| !v.is_none());
        } else if name != q!("flush") {
            return Err(vm.raise(TypeId::TypeError, "unexpected keyword argument"));
        }
    }
    let (sep, end) = (sep.unwrap_or(q!(" ")), end.unwrap_or(q!("\n")));
    let other = if file.is_none() { vm.overridden(q!("sys"), q!("stdout")) } else { None };
    if let Some(stdout) = other.filter(|v| *v != Value::STOP) {
        if stdout.is_none() {
            return Ok(Value::NONE);
        }
        // Whatever is printed may set another one.
        vm.push(stdout)?;
        file = Some(stdout);
    }
    // All of these are keyword arguments or built-in names, so they stay reachable.
    for i in 0..args.n() as usize {
        if i > 0 {
            put(vm, file, sep)?;
        }
        let v = vm.req(args, i);
        match file {
            Some(_) => {
                let made = vm.to_str(v, Mode::Str)?;
                put(vm, file, made)?;
            }
            None => vm.print(v, Mode::Str)?,
        }
    }
    put(vm, file, end)?;
    Ok(Value::NONE)
}

fn put(vm: &mut Vm, file: Option<Value>, s: Value) -> R<()> {
    match file {
        Some(file) => streams::write_text(vm, file, s),
        None => print::emit_text(vm, s),
    }
}

pub fn builtin_ascii(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    print::ascii(vm, v)
}

/// `format(value[, spec])`
pub fn builtin_format(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    let spec = vm.arg(args, 1).unwrap_or(q!(""));
    if !str::is_str(vm.heap(), spec) {
        return Err(vm.raise(TypeId::TypeError, "format() argument 2 must be str"));
    }
    format::format_value(vm, v, spec)
}
