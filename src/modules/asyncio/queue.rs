//! `TaskQueue`: tasks by the time when they are to run, and by order of arrival where that is the same: a pairing heap.
//!
//! Invariants
//! - the cell holds the type, the first task and the number of the next arrival;
//! - the links lie in the tasks; a task in no queue has none, and `BEFORE` of the first task is the queue itself;
//! - joining two heaps is a constant number of steps, taking the first one out joins its children in pairs.

use super::{distance, field as task, now};
use crate::builtins::text;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, NativeDef, TypeDef, entry, heap_fn, vm_fn};

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::heap(make, 0, 0, false)),
    entries: &[
        entry(q!("peek"), heap_fn(peek, 1, 1)),
        entry(q!("push"), vm_fn(push, 2, 3)),
        entry(q!("pop"), vm_fn(pop, 1, 1)),
        entry(q!("remove"), vm_fn(remove, 2, 2)),
    ],
    ..TypeDef::plain(TypeId::TaskQueue, q!("TaskQueue"))
};

mod field {
    pub const TYPE: usize = 0;
    pub const FIRST: usize = 1;
    pub const ARRIVALS: usize = 2;
    pub const COUNT: usize = 3;
}

pub fn make(heap: &mut Heap, _: &[Value]) -> R {
    let q = heap.alloc(Kind::Object, field::COUNT)?;
    heap.set_field(q, field::TYPE, Value::typ(TypeId::TaskQueue));
    heap.set_int(q, field::ARRIVALS, 0);
    Ok(q)
}

pub fn is(vm: &Vm, v: Value) -> bool {
    vm.heap().is(v, Kind::Object) && vm.type_id(v) == TypeId::TaskQueue
}

fn peek(heap: &mut Heap, args: &[Value]) -> R {
    Ok(heap.field(text::native(heap, text::arg(args, 0)), field::FIRST))
}

fn me(vm: &Vm, args: Args) -> Value {
    text::native(vm.heap(), vm.req(args, 0))
}

/// A task argument.
fn task_arg(vm: &mut Vm, args: Args, i: usize) -> R {
    let v = text::native(vm.heap(), vm.req(args, i));
    if super::task::is(vm, v) {
        return Ok(v);
    }
    Err(vm.raise(TypeId::TypeError, "a task is required"))
}

/// `push(task[, when])`: now, if no time is given.
fn push(vm: &mut Vm, args: Args) -> R {
    let (q, t) = (me(vm, args), task_arg(vm, args, 1)?);
    let when = match vm.arg(args, 2) {
        Some(v) => match v.as_small() {
            Some(n) => n,
            None => return Err(vm.raise(TypeId::TypeError, "can't convert to int")),
        },
        None => now(vm),
    };
    if !put(vm.heap_mut(), q, t, when) {
        return Err(vm.raise(TypeId::RuntimeError, "task is in a queue"));
    }
    Ok(Value::NONE)
}

/// Puts a task into a queue; false where it lies in one already.
pub fn put(heap: &mut Heap, q: Value, t: Value, when: i32) -> bool {
    if heap.slot(t, task::BEFORE).is_some() {
        return false;
    }
    let order = heap.int(q, field::ARRIVALS);
    heap.set_int(q, field::ARRIVALS, (order + 1) & 0x3fff_ffff);
    heap.set_field(t, task::DATA, Value::NONE);
    heap.set_int(t, task::KEY, when);
    heap.set_int(t, task::ORDER, order);
    let first = match heap.slot(q, field::FIRST) {
        Some(first) => join(heap, first, t),
        None => t,
    };
    set_first(heap, q, Some(first));
    true
}

fn pop(vm: &mut Vm, args: Args) -> R {
    let q = me(vm, args);
    match vm.heap().slot(q, field::FIRST) {
        Some(t) => {
            take(vm, t)?;
            Ok(t)
        }
        None => Err(vm.raise(TypeId::IndexError, "empty heap")),
    }
}

fn remove(vm: &mut Vm, args: Args) -> R {
    let t = task_arg(vm, args, 1)?;
    take(vm, t)?;
    Ok(Value::NONE)
}

/// Takes a task out of the queue that it lies in, whichever that is (nothing where it lies in none).
pub fn take(vm: &mut Vm, t: Value) -> R<()> {
    if vm.heap().slot(t, task::BEFORE).is_none() {
        return Ok(());
    }
    vm.push(t)?;
    // The queue is at the end of the line of neighbours and parents.
    let (mut q, mut steps) = (t, 0);
    while let Some(v) = vm.heap().slot(q, task::BEFORE) {
        q = v;
        if is(vm, q) {
            break;
        }
        steps += 1;
        if steps % 64 == 0 {
            vm.push(q)?;
            vm.tick_alone(1000)?;
        }
    }
    vm.push(q)?;
    let Some(before) = vm.heap().slot(t, task::BEFORE).filter(|_| is(vm, q)) else { return Ok(()) };
    let heap = vm.heap_mut();
    let next = heap.slot(t, task::NEXT);
    let child = heap.slot(t, task::CHILD);
    if before != q {
        // Bridge the gap among the neighbours.
        let link = if heap.slot(before, task::CHILD) == Some(t) { task::CHILD } else { task::NEXT };
        heap.set_slot(before, link, next);
        if let Some(n) = next {
            heap.set_field(n, task::BEFORE, before);
        }
    }
    for link in [task::NEXT, task::CHILD, task::BEFORE] {
        heap.set_slot(t, link, None);
    }
    if before == q {
        heap.set_slot(q, field::FIRST, None);
    }
    // A tick on the way may push tasks: they are in the queue when its rest comes back.
    let mut ticked = Ok(());
    let Some(rest) = pair_up(vm, child, &mut ticked)? else { return Ok(()) };
    let heap = vm.heap_mut();
    let first = match heap.slot(q, field::FIRST) {
        Some(first) => join(heap, first, rest),
        None => rest,
    };
    set_first(heap, q, Some(first));
    ticked
}

fn set_first(heap: &mut Heap, q: Value, first: Option<Value>) {
    heap.set_slot(q, field::FIRST, first);
    if let Some(t) = first {
        heap.set_field(t, task::BEFORE, q);
        heap.set_slot(t, task::NEXT, None);
    }
}

fn comes_first(heap: &Heap, a: Value, b: Value) -> bool {
    let by_time = distance(heap.int(a, task::KEY), heap.int(b, task::KEY));
    by_time < 0 || by_time == 0 && distance(heap.int(a, task::ORDER), heap.int(b, task::ORDER)) < 0
}

/// Joins two heaps by their first tasks; gives the new first one.
fn join(heap: &mut Heap, a: Value, b: Value) -> Value {
    let (first, other) = if comes_first(heap, b, a) { (b, a) } else { (a, b) };
    let child = heap.slot(first, task::CHILD);
    heap.set_slot(other, task::NEXT, child);
    heap.set_field(other, task::BEFORE, first);
    if let Some(c) = child {
        heap.set_field(c, task::BEFORE, other);
    }
    heap.set_field(first, task::CHILD, other);
    first
}

/// Joins a row of neighbours: two and two from the front, then all of those from the back. Nothing else refers to them
/// meanwhile but slots, so what a tick raises waits in `ticked` until all are joined.
fn pair_up(vm: &mut Vm, first: Option<Value>, ticked: &mut R<()>) -> R<Option<Value>> {
    let Some(first) = first else { return Ok(None) };
    let rest = vm.push(first)?;
    let pairs = vm.push(Value::NONE)?;
    // Pairs, newest first, linked by `NEXT`.
    while !vm.get(rest).is_none() {
        let (a, before) = (vm.get(rest), vm.get(pairs));
        let heap = vm.heap_mut();
        let b = heap.slot(a, task::NEXT);
        let after = b.and_then(|b| heap.slot(b, task::NEXT));
        let pair = match b {
            Some(b) => {
                heap.set_slot(a, task::NEXT, None);
                heap.set_slot(b, task::NEXT, None);
                join(heap, a, b)
            }
            None => a,
        };
        heap.set_slot(pair, task::NEXT, (!before.is_none()).then_some(before));
        vm.set(pairs, pair);
        vm.set(rest, after.unwrap_or(Value::NONE));
        *ticked = ticked.and_then(|()| vm.tick_alone(100));
    }
    let mut all = vm.get(pairs);
    vm.set(rest, all);
    let mut next = unlink(vm.heap_mut(), all);
    while let Some(pair) = next {
        next = unlink(vm.heap_mut(), pair);
        vm.set(pairs, next.unwrap_or(Value::NONE));
        all = join(vm.heap_mut(), all, pair);
        vm.set(rest, all);
        *ticked = ticked.and_then(|()| vm.tick_alone(80));
    }
    vm.drop_to(rest);
    Ok(Some(all))
}

/// Cuts a heap off the row behind it, which is given.
fn unlink(heap: &mut Heap, t: Value) -> Option<Value> {
    let next = heap.slot(t, task::NEXT);
    heap.set_slot(t, task::NEXT, None);
    next
}
