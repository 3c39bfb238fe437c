//! What asynchronous generators are waited for by, and `aiter` and `anext`.

use super::generator::me;
use crate::heap::{Heap, R, TypeId, Value};
use crate::object::exc;
use crate::q;
use crate::vm::Vm;
use crate::vm::async_gen::step;
use crate::vm::def::{Args, Entry, Slot, TypeDef, vm_fn};

pub static TYPE: TypeDef = TypeDef {
    iter: Some(itself),
    next: Slot::Vm(next),
    entries: &[
        Entry { name: q!("__next__"), value: vm_fn(next_method, 1, 1) },
        Entry { name: q!("__await__"), value: vm_fn(|vm, args| Ok(vm.req(args, 0)), 1, 1) },
        Entry { name: q!("send"), value: vm_fn(send, 2, 2) },
        Entry { name: q!("throw"), value: vm_fn(throw, 2, 4) },
        Entry { name: q!("close"), value: vm_fn(close, 1, 1) },
    ],
    ..TypeDef::plain(TypeId::AsyncStep, q!("async_generator_step"))
};

fn itself(_: &mut Heap, v: Value) -> R {
    Ok(v)
}
fn next(vm: &mut Vm, v: Value) -> R {
    vm.async_step(v, Value::NONE, None)
}
fn given(vm: &mut Vm, v: Value) -> R {
    if v == Value::STOP { Err(vm.raise_stop()) } else { Ok(v) }
}
fn next_method(vm: &mut Vm, args: Args) -> R {
    let v = vm.async_step(vm.req(args, 0), Value::NONE, None)?;
    given(vm, v)
}
fn send(vm: &mut Vm, args: Args) -> R {
    let v = vm.async_step(vm.req(args, 0), vm.req(args, 1), None)?;
    given(vm, v)
}
fn throw(vm: &mut Vm, args: Args) -> R {
    let e = super::generator::thrown(vm, args)?;
    let v = vm.async_step(vm.req(args, 0), Value::NONE, Some(e))?;
    given(vm, v)
}
fn close(vm: &mut Vm, args: Args) -> R {
    let s = vm.req(args, 0);
    let it = vm.heap().field(s, step::GENERATOR);
    let state = vm.heap().int(s, step::STATE);
    vm.heap_mut().set_int(s, step::STATE, step::OVER);
    if matches!(state, step::BEGUN | step::CLOSING) {
        vm.generator_close(it)?;
    }
    Ok(Value::NONE)
}

/// What generators have beside their own methods.
pub const METHODS: [Entry; 5] = [
    Entry { name: q!("__aiter__"), value: vm_fn(me, 1, 1) },
    Entry { name: q!("__anext__"), value: vm_fn(anext_method, 1, 1) },
    Entry { name: q!("asend"), value: vm_fn(asend, 2, 2) },
    Entry { name: q!("athrow"), value: vm_fn(athrow, 2, 4) },
    Entry { name: q!("aclose"), value: vm_fn(aclose, 1, 1) },
];

fn anext_method(vm: &mut Vm, args: Args) -> R {
    let it = me(vm, args)?;
    vm.new_async_step(it, step::SEND, Value::NONE)
}
fn asend(vm: &mut Vm, args: Args) -> R {
    let it = me(vm, args)?;
    vm.new_async_step(it, step::SEND, vm.req(args, 1))
}
fn athrow(vm: &mut Vm, args: Args) -> R {
    let it = me(vm, args)?;
    let e = super::generator::thrown(vm, args)?;
    vm.new_async_step(it, step::THROW, e)
}
fn aclose(vm: &mut Vm, args: Args) -> R {
    let it = me(vm, args)?;
    let e = vm.with_heap(|h| exc::new(h, Value::typ(TypeId::GeneratorExit), Value::EMPTY_TUPLE))?;
    vm.set_arg(args, 0, e);
    let at = vm.push(it)?;
    let s = vm.new_async_step(it, step::CLOSE, e);
    vm.drop_to(at);
    s
}

/// `aiter(object)` and `anext(iterator[, default])`.
pub const FUNCTIONS: &[Entry] = &[
    Entry { name: q!("aiter"), value: vm_fn(aiter, 1, 1) },
    Entry { name: q!("anext"), value: vm_fn(anext, 1, 2) },
];

fn aiter(vm: &mut Vm, args: Args) -> R {
    special(vm, vm.req(args, 0), q!("__aiter__"), "aiter() needs an asynchronous iterable")
}
fn anext(vm: &mut Vm, args: Args) -> R {
    let made = special(vm, vm.req(args, 0), q!("__anext__"), "anext() needs an asynchronous iterator")?;
    let Some(default) = vm.arg(args, 1) else { return Ok(made) };
    vm.set_arg(args, 0, made);
    let it = vm.iter(made)?;
    vm.set_arg(args, 0, it);
    vm.new_async_step(it, step::OTHERWISE, default)
}
fn special(vm: &mut Vm, v: Value, name: Value, what: &str) -> R {
    let f = vm.get_attr_or_stop(v, name)?;
    if f == Value::STOP {
        return Err(vm.raise(TypeId::TypeError, what));
    }
    vm.call(f, &[])
}
