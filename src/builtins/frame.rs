//! Frames as `sys.settrace` shows them, and the two functions of `sys`.

use super::print::{address, emit_text};
use crate::code::object as code;
use crate::heap::{Heap, R, TypeId, Value};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Access, Args, Const, Entry, Mode, TypeDef, entry, vm_fn};
use crate::vm::trace::field;

pub static TYPE: TypeDef = TypeDef {
    print: Some(print),
    attr: Some(attr),
    entries: &[
        entry(q!("f_back"), Const::Get(f_back)),
        entry(q!("f_code"), Const::Get(f_code)),
        entry(q!("f_globals"), Const::Get(f_globals)),
        entry(q!("f_lasti"), Const::Get(f_lasti)),
        entry(q!("f_lineno"), Const::Get(f_lineno)),
    ],
    ..TypeDef::plain(TypeId::Frame, q!("frame"))
};

/// Part of the table of module `sys`.
pub const SETTRACE: Entry = entry(q!("settrace"), vm_fn(settrace, 1, 1));
pub const GETTRACE: Entry = entry(q!("gettrace"), vm_fn(gettrace, 0, 0));

fn f_back(heap: &mut Heap, v: Value) -> R {
    Ok(heap.field(v, field::BACK))
}
fn f_code(heap: &mut Heap, v: Value) -> R {
    Ok(heap.field(v, field::CODE))
}
fn f_globals(heap: &mut Heap, v: Value) -> R {
    Ok(heap.field(v, field::GLOBALS))
}
fn f_lasti(heap: &mut Heap, v: Value) -> R {
    Ok(Value::small(heap.int(v, field::LAST)))
}
fn f_lineno(heap: &mut Heap, v: Value) -> R {
    Ok(Value::small(heap.int(v, field::LINE)))
}

/// `f_trace`, the one attribute that a program may change.
fn attr(vm: &mut Vm, v: Value, name: Value, access: Access) -> R {
    if name != q!("f_trace") {
        return Ok(Value::STOP);
    }
    let to = match access {
        Access::Load => return Ok(vm.heap().field(v, field::TRACE)),
        Access::Store(f) => f,
        Access::Delete => Value::NONE,
    };
    vm.heap_mut().set_field(v, field::TRACE, to);
    Ok(Value::NONE)
}

fn print(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    let c = vm.heap().field(v, field::CODE);
    let (file, name) = (code::file(vm.heap(), c), code::name(vm.heap(), c));
    vm.emit(b"<frame at ")?;
    address(vm, v)?;
    vm.emit(b", file '")?;
    emit_text(vm, file)?;
    vm.emit(b"', line ")?;
    let line = vm.heap().int(v, field::LINE);
    vm.print(Value::small(line), Mode::Str)?;
    vm.emit(b", code ")?;
    emit_text(vm, name)?;
    vm.emit(b">")
}

/// `settrace(function)`: what is called from now on is traced; None ends it.
fn settrace(vm: &mut Vm, args: Args) -> R {
    let f = vm.req(args, 0);
    vm.set_trace((!f.is_none()).then_some(f))?;
    vm.switch_loops()
}

fn gettrace(vm: &mut Vm, _: Args) -> R {
    Ok(vm.trace_function().unwrap_or(Value::NONE))
}
