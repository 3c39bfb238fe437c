//! `TaskQueue`: tasks by the time when they are to run, and by order of arrival where that is the same: a pairing heap.
//!
//! Invariants
//! - the cell holds the type, the first task, the number of the next arrival, and how often the queue was changed;
//! - the links lie in the tasks; a task in no queue has none, and `BEFORE` of the first task is the queue itself;
//! - joining two heaps is a constant number of steps. Before a task is taken out its children are joined in pairs, where they
//!   are, until one is left: the queue is whole after each pair, so that others may come in.

use super::{distance, field as task, now};
use crate::builtins::text;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::q;
use crate::vm::def::{Args, NativeDef, TypeDef, entry, heap_fn, vm_fn};
use crate::vm::{Slot, Vm};

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
    pub const CHANGES: usize = 3;
    pub const COUNT: usize = 4;
}

/// Pairs that are joined at a stretch.
const PAIRS: usize = 16;

pub fn make(heap: &mut Heap, _: &[Value]) -> R {
    let q = heap.alloc(Kind::Object, field::COUNT)?;
    heap.set_field(q, field::TYPE, Value::typ(TypeId::TaskQueue));
    heap.set_int(q, field::ARRIVALS, 0);
    heap.set_int(q, field::CHANGES, 0);
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
    changed(heap, q);
    true
}

fn pop(vm: &mut Vm, args: Args) -> R {
    let q = me(vm, args);
    while let Some(t) = vm.heap().slot(q, field::FIRST) {
        let kept = vm.push(t)?;
        // Others may have put an earlier one in front of it, or taken it.
        if settle(vm, q, t)? && vm.heap().slot(q, field::FIRST) == Some(t) {
            take_out(vm.heap_mut(), q, t);
            return Ok(t);
        }
        vm.drop_to(kept);
    }
    Err(vm.raise(TypeId::IndexError, "empty heap"))
}

fn remove(vm: &mut Vm, args: Args) -> R {
    let t = task_arg(vm, args, 1)?;
    take(vm, t)?;
    Ok(Value::NONE)
}

/// Takes a task out of the queue that it lies in, whichever that is (nothing where it lies in none).
pub fn take(vm: &mut Vm, t: Value) -> R<()> {
    vm.push(t)?;
    while vm.heap().slot(t, task::BEFORE).is_some() {
        let kept = Slot(vm.depth());
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
        if !is(vm, q) {
            return Ok(());
        }
        vm.drop_to(kept);
        vm.push(q)?;
        if settle(vm, q, t)? {
            take_out(vm.heap_mut(), q, t);
        }
        vm.drop_to(kept);
    }
    Ok(())
}

fn changed(heap: &mut Heap, q: Value) {
    let n = heap.int(q, field::CHANGES);
    heap.set_int(q, field::CHANGES, (n + 1) & 0x3fff_ffff);
}

/// Joins the children of a task in the queue until there is at most one; false where others have changed the queue meanwhile.
fn settle(vm: &mut Vm, q: Value, t: Value) -> R<bool> {
    let next = |vm: &Vm, t: Option<Value>| vm.heap().slot(t?, task::NEXT);
    let mut pairs = 0;
    loop {
        let mut at = vm.heap().slot(t, task::CHILD);
        if next(vm, at).is_none() {
            return Ok(true);
        }
        while let (Some(a), Some(b)) = (at, next(vm, at)) {
            at = next(vm, Some(b));
            join_neighbours(vm.heap_mut(), t, a, b);
            changed(vm.heap_mut(), q);
            pairs += 1;
            if pairs % PAIRS == 0 {
                let before = vm.heap().int(q, field::CHANGES);
                vm.tick(200 * PAIRS as u32)?;
                if vm.heap().int(q, field::CHANGES) != before {
                    return Ok(false);
                }
            }
        }
    }
}

/// Joins two children of `parent` that stand side by side, where they stand.
fn join_neighbours(heap: &mut Heap, parent: Value, a: Value, b: Value) {
    let (before, after) = (heap.slot(a, task::BEFORE), heap.slot(b, task::NEXT));
    let first = join(heap, a, b);
    match before.filter(|v| *v != parent) {
        Some(before) => heap.set_field(before, task::NEXT, first),
        None => heap.set_field(parent, task::CHILD, first),
    }
    heap.set_slot(first, task::BEFORE, before);
    heap.set_slot(first, task::NEXT, after);
    if let Some(after) = after {
        heap.set_field(after, task::BEFORE, first);
    }
}

/// Takes a task out of its queue that has one child at most.
fn take_out(heap: &mut Heap, q: Value, t: Value) {
    let (before, next) = (heap.slot(t, task::BEFORE), heap.slot(t, task::NEXT));
    let child = heap.slot(t, task::CHILD);
    match before {
        Some(before) if before != q => {
            // Bridge the gap among the neighbours.
            let link = if heap.slot(before, task::CHILD) == Some(t) { task::CHILD } else { task::NEXT };
            heap.set_slot(before, link, next);
            if let Some(n) = next {
                heap.set_field(n, task::BEFORE, before);
            }
        }
        _ => heap.set_slot(q, field::FIRST, None),
    }
    for link in [task::NEXT, task::CHILD, task::BEFORE] {
        heap.set_slot(t, link, None);
    }
    if let Some(rest) = child {
        let first = match heap.slot(q, field::FIRST) {
            Some(first) => join(heap, first, rest),
            None => rest,
        };
        set_first(heap, q, Some(first));
    }
    changed(heap, q);
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
