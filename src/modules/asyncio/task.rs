//! `Task`: a coroutine that the loop runs; it can be waited for, and cancelled.

use super::{distance, field, now, queue};
use crate::builtins::text;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::dict;
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Access, Args, Const, NativeDef, Slot, TypeDef, entry, heap_fn, vm_fn};

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::heap(make, 1, 2, false)),
    iter: Some(iter),
    next: Slot::Vm(next),
    attr: Some(attr),
    entries: &[
        entry(q!("coro"), Const::Get(|heap, t| Ok(heap.field(t, field::CORO)))),
        entry(q!("ph_key"), Const::Get(|heap, t| Ok(heap.field(t, field::KEY)))),
        entry(q!("done"), heap_fn(done, 1, 1)),
        entry(q!("cancel"), vm_fn(cancel, 1, 1)),
    ],
    ..TypeDef::plain(TypeId::Task, q!("Task"))
};

pub fn is(vm: &Vm, v: Value) -> bool {
    vm.heap().is(v, Kind::Object) && vm.type_id(v) == TypeId::Task
}

/// `Task(coroutine, context)`
fn make(heap: &mut Heap, args: &[Value]) -> R {
    let t = heap.alloc(Kind::Object, field::COUNT)?;
    heap.set_field(t, field::TYPE, Value::typ(TypeId::Task));
    heap.set_field(t, field::CORO, text::arg(args, 0));
    heap.set_field(t, field::DATA, Value::NONE);
    heap.set_field(t, field::STATE, Value::TRUE);
    heap.set_int(t, field::KEY, 0);
    heap.set_int(t, field::ORDER, 0);
    heap.set_field(t, field::CONTEXT, text::arg(args, 1));
    Ok(t)
}

/// `data` and `state` may be written.
fn attr(vm: &mut Vm, t: Value, name: Value, access: Access) -> R {
    let at = match name {
        _ if name == q!("data") => field::DATA,
        _ if name == q!("state") => field::STATE,
        _ => return Ok(Value::STOP),
    };
    match access {
        Access::Load => Ok(vm.heap().field(t, at)),
        Access::Store(v) => {
            vm.heap_mut().set_field(t, at, v);
            Ok(Value::NONE)
        }
        Access::Delete => Ok(Value::STOP),
    }
}

fn is_done(heap: &Heap, t: Value) -> bool {
    matches!(heap.field(t, field::STATE), Value::NONE | Value::FALSE)
}
fn done(heap: &mut Heap, args: &[Value]) -> R {
    Ok(Value::bool(is_done(heap, text::native(heap, text::arg(args, 0)))))
}

/// A name of the task's context.
pub fn in_context(vm: &mut Vm, context: Value, name: Value) -> R {
    let found = if dict::is(vm.heap(), context) { dict::get_name(vm.heap(), context, name) } else { None };
    match found {
        Some(v) => Ok(v),
        None => Err(vm.raise(TypeId::RuntimeError, "no running event loop")),
    }
}

/// `await task`: notes that somebody waits for its end.
fn iter(heap: &mut Heap, t: Value) -> R {
    if is_done(heap, t) {
        heap.set_field(t, field::STATE, Value::FALSE);
    } else if heap.field(t, field::STATE) == Value::TRUE {
        let q = queue::make(heap, &[])?;
        heap.set_field(t, field::STATE, q);
    }
    Ok(t)
}

/// Sends the waiting task to sleep, and gives it the result when it comes back.
fn next(vm: &mut Vm, t: Value) -> R {
    if is_done(vm.heap(), t) {
        let end = vm.heap().field(t, field::DATA);
        return Err(vm.heap_mut().raise_value(end));
    }
    let waiting = vm.heap().field(t, field::STATE);
    if !queue::is(vm, waiting) {
        return Err(vm.raise(TypeId::RuntimeError, "can't wait"));
    }
    let context = vm.heap().field(t, field::CONTEXT);
    let me = in_context(vm, context, q!("cur_task"))?;
    let when = now(vm);
    if !is(vm, me) || !queue::put(vm.heap_mut(), waiting, me, when) {
        return Err(vm.raise(TypeId::RuntimeError, "can't wait"));
    }
    vm.heap_mut().set_field(me, field::DATA, t);
    Ok(Value::NONE)
}

/// `cancel()`: raises `CancelledError` in the task, or in the one that it waits for.
fn cancel(vm: &mut Vm, args: Args) -> R {
    let mut t = text::native(vm.heap(), vm.req(args, 0));
    if is_done(vm.heap(), t) {
        return Ok(Value::FALSE);
    }
    let context = vm.heap().field(t, field::CONTEXT);
    if in_context(vm, context, q!("cur_task"))? == t {
        return Err(vm.raise(TypeId::RuntimeError, "can't cancel self"));
    }
    // A task waits for another one that waits for another one, but never in a circle: the first would have to run.
    let mut left = 1 << 16;
    while is(vm, vm.heap().field(t, field::DATA)) && left > 0 {
        t = vm.heap().field(t, field::DATA);
        left -= 1;
        vm.tick_alone(20)?;
    }
    vm.push(t)?;
    let run = in_context(vm, context, q!("_task_queue"))?;
    vm.push(run)?;
    let error = in_context(vm, context, q!("CancelledError"))?;
    vm.push(error)?;
    if !queue::is(vm, run) {
        return Err(vm.raise(TypeId::RuntimeError, "no running event loop"));
    }
    let waits_on = vm.heap().field(t, field::DATA);
    let remove = match waits_on {
        Value::NONE => Value::STOP,
        other => vm.get_attr_or_stop(other, q!("remove"))?,
    };
    let when = now(vm);
    if remove != Value::STOP {
        vm.call(remove, &[t])?;
        queue::put(vm.heap_mut(), run, t, when);
    } else if distance(vm.heap().int(t, field::KEY), when) > 0 {
        // It sleeps.
        queue::take(vm, t)?;
        queue::put(vm.heap_mut(), run, t, when);
    }
    vm.heap_mut().set_field(t, field::DATA, error);
    Ok(Value::TRUE)
}
