//! `Sleep`: what `sleep_ms` is: a callable that gives itself to be awaited, so that sleeping takes no memory.
//!
//! Invariant: the cell holds the type, the context and the time to wake at, or `None` when nobody is about to sleep.

use super::{PERIOD, now, queue, task};
use crate::builtins::{convert, text};
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, NativeDef, Slot, TypeDef};

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::heap(make, 1, 1, false)),
    call: Some(call),
    iter: Some(|_: &mut Heap, v: Value| Ok(v)),
    next: Slot::Vm(next),
    ..TypeDef::plain(TypeId::Sleep, q!("Sleep"))
};

mod field {
    pub const TYPE: usize = 0;
    pub const CONTEXT: usize = 1;
    pub const WHEN: usize = 2;
    pub const COUNT: usize = 3;
}

fn make(heap: &mut Heap, args: &[Value]) -> R {
    let v = heap.alloc(Kind::Object, field::COUNT)?;
    heap.set_field(v, field::TYPE, Value::typ(TypeId::Sleep));
    heap.set_field(v, field::CONTEXT, text::arg(args, 0));
    heap.set_field(v, field::WHEN, Value::NONE);
    Ok(v)
}

/// `sleep_ms(t)`
fn call(vm: &mut Vm, this: Value, args: Args) -> R {
    let Some(t) = vm.arg(args, 0).filter(|_| args.n() == 1 && args.kw() == 0) else {
        return Err(vm.raise(TypeId::TypeError, "sleep_ms takes a number of milliseconds"));
    };
    let t = convert::to_i64(vm, t)?.max(0);
    if t >= PERIOD as i64 / 2 {
        return Err(vm.raise(TypeId::OverflowError, "ticks interval overflow"));
    }
    let when = (now(vm) as i64 + t) % PERIOD as i64;
    vm.heap_mut().set_field(this, field::WHEN, Value::small(when as i32));
    Ok(this)
}

/// The first time, the running task goes to sleep; the second time it is over.
fn next(vm: &mut Vm, this: Value) -> R {
    let Some(when) = vm.heap().field(this, field::WHEN).as_small() else { return Ok(Value::STOP) };
    vm.heap_mut().set_field(this, field::WHEN, Value::NONE);
    let context = vm.heap().field(this, field::CONTEXT);
    let me = task::in_context(vm, context, q!("cur_task"))?;
    let run = task::in_context(vm, context, q!("_task_queue"))?;
    if !task::is(vm, me) || !queue::is(vm, run) || !queue::put(vm.heap_mut(), run, me, when) {
        return Err(vm.raise(TypeId::RuntimeError, "no running event loop"));
    }
    Ok(Value::NONE)
}
