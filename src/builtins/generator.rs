//! Generators and coroutines as objects.

use super::print::{address, emit_text};
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::q;
use crate::vm::Vm;
use crate::vm::call::generator as g;
use crate::vm::def::{Args, Entry, Mode, TypeDef, vm_fn};

pub static TYPE: TypeDef = TypeDef {
    print: Some(print),
    iter: Some(iter),
    entries: &ENTRIES,
    ..TypeDef::plain(TypeId::Generator, q!("generator"))
};

#[cfg(feature = "async-generators")]
use super::async_step::METHODS;
#[cfg(not(feature = "async-generators"))]
const METHODS: [Entry; 0] = [];

const OWN: &[Entry] = &[
    Entry { name: q!("__next__"), value: vm_fn(next_method, 1, 1) },
    Entry { name: q!("send"), value: vm_fn(send, 2, 2) },
    Entry { name: q!("throw"), value: vm_fn(throw, 2, 4) },
    Entry { name: q!("close"), value: vm_fn(close, 1, 1) },
    #[cfg(feature = "basic")]
    Entry { name: q!("pend_throw"), value: vm_fn(pend_throw, 2, 2) },
];

static ENTRIES: [Entry; OWN.len() + METHODS.len()] = {
    let mut all = [OWN[0]; OWN.len() + METHODS.len()];
    let mut i = 0;
    while i < all.len() {
        all[i] = if i < OWN.len() { OWN[i] } else { METHODS[i - OWN.len()] };
        i += 1;
    }
    all
};

fn print(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    vm.emit(b"<generator object '")?;
    let function = vm.generator_function(v);
    let name = vm.function_name(function);
    emit_text(vm, name)?;
    vm.emit(b"' at ")?;
    address(vm, v)?;
    vm.emit(b">")
}

fn iter(_: &mut Heap, v: Value) -> R {
    Ok(v)
}

pub(super) fn me(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    if vm.heap().is(v, Kind::Generator) {
        return Ok(v);
    }
    Err(vm.raise(TypeId::TypeError, "a generator is required"))
}

fn next_method(vm: &mut Vm, args: Args) -> R {
    let v = me(vm, args)?;
    vm.generator_send(v, Value::NONE)
}

fn send(vm: &mut Vm, args: Args) -> R {
    let v = me(vm, args)?;
    let sent = vm.req(args, 1);
    vm.generator_send(v, sent)
}

/// `throw(exception)`, or the older `throw(type, value, traceback)`.
fn throw(vm: &mut Vm, args: Args) -> R {
    let v = me(vm, args)?;
    let what = thrown(vm, args)?;
    vm.generator_throw(v, what)
}
/// What the arguments after the first are to raise.
pub(super) fn thrown(vm: &mut Vm, args: Args) -> R {
    let what = match vm.arg(args, 2) {
        Some(value) if vm.heap().is(value, Kind::Exception) => value,
        Some(value) if !value.is_none() => {
            let typ = vm.req(args, 1);
            vm.call(typ, &[value])?
        }
        _ => vm.req(args, 1),
    };
    vm.set_arg(args, 1, what);
    Ok(what)
}

fn close(vm: &mut Vm, args: Args) -> R {
    let v = me(vm, args)?;
    vm.generator_close(v)?;
    Ok(Value::NONE)
}

/// Sets what the generator raises when it is resumed; `None` takes it back. Returns what was set before.
fn pend_throw(vm: &mut Vm, args: Args) -> R {
    let v = me(vm, args)?;
    if vm.heap().int(v, g::STATE) == g::RUNNING {
        return Err(vm.raise(TypeId::ValueError, "generator already executing"));
    }
    let e = vm.req(args, 1);
    let heap = vm.heap_mut();
    let before = heap.field(v, g::PENDING);
    heap.set_slot(v, g::PENDING, (!e.is_none()).then_some(e));
    Ok(before)
}
