//! Module `collections`: `deque`, `namedtuple`, `OrderedDict`.
//!
//! Invariants
//! - a deque is an `Object`: type, items (`Array`, a ring), first, length, limit (-1 for none), strictness (all small ints);
//! - a named tuple's class is an ordinary class on `tuple`, whose members are natives bound to what they need.

use crate::builtins::convert::to_i64;
use crate::builtins::seq;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::{array, exc, iter as object_iter};
#[cfg(not(feature = "tiny"))]
use crate::object::{list, tuple};
use crate::q;
use crate::vm::Vm;
use crate::vm::args::{ArgKind, ArgSpec, parse};
use crate::vm::def::*;
#[cfg(not(feature = "tiny"))]
use crate::vm::pieces::COPIED;

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("collections"),
    entries: &[
        Entry { name: q!("deque"), value: Const::Type(TypeId::Deque) },
        Entry { name: q!("OrderedDict"), value: Const::Type(TypeId::OrderedDict) },
        Entry { name: q!("namedtuple"), value: vm_fn(super::namedtuple::make, 2, 2) },
    ],
};

pub static DEQUE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 0, 3, true)),
    print: Some(print),
    unary: Slot::Heap(unary),
    binary: Slot::Vm(binary),
    subscr: Slot::Vm(subscr),
    iter: Some(iter),
    entries: &[
        Entry { name: q!("append"), value: heap_fn(append, 2, 2) },
        Entry { name: q!("appendleft"), value: heap_fn(appendleft, 2, 2) },
        Entry { name: q!("clear"), value: heap_fn(clear, 1, 1) },
        Entry { name: q!("extend"), value: vm_fn(extend, 2, 2) },
        Entry { name: q!("pop"), value: heap_fn(pop, 1, 1) },
        Entry { name: q!("popleft"), value: heap_fn(popleft, 1, 1) },
        Entry { name: q!("maxlen"), value: Const::Get(maxlen) },
    ],
    ..TypeDef::plain(TypeId::Deque, q!("deque"))
};

const ITEMS: usize = 1;
const FIRST: usize = 2;
const LEN: usize = 3;
const LIMIT: usize = 4;
/// Whether a full deque refuses more items (rather than drop one at the other end).
const STRICT: usize = 5;

static SPEC: [ArgSpec; 3] = [
    ArgSpec { name: q!("iterable"), kind: ArgKind::Optional },
    ArgSpec { name: q!("maxlen"), kind: ArgKind::Optional },
    ArgSpec { name: q!("flags"), kind: ArgKind::Optional },
];

fn make(vm: &mut Vm, args: Args) -> R {
    let mut a = [None; 3];
    parse(vm, args, &SPEC, &mut a)?;
    let [from, limit, flags] = a;
    // MicroPython's programs begin with `()` and a length; one that forgot the length hears of it there.
    if limit.is_none() && from == Some(Value::EMPTY_TUPLE) {
        return Err(vm.raise(TypeId::TypeError, "deque(()) needs a maxlen"));
    }
    let limit = match limit.filter(|l| !l.is_none()) {
        Some(l) => to_i64(vm, l)?,
        None => i64::MAX,
    };
    if limit < 0 || limit > 1 << 28 && limit != i64::MAX {
        return Err(vm.raise(TypeId::ValueError, "maxlen out of range"));
    }
    let strict = match flags {
        Some(f) => to_i64(vm, f)? & 1,
        None => 0,
    };
    let d = vm.with_heap(|h| {
        let d = h.alloc(Kind::Object, 6)?;
        h.set_field(d, 0, Value::typ(TypeId::Deque));
        for (i, n) in
            [(FIRST, 0), (LEN, 0), (LIMIT, i32::try_from(limit).unwrap_or(-1)), (STRICT, strict as i32)]
        {
            h.set_int(d, i, n);
        }
        Ok(d)
    })?;
    vm.push(d)?;
    if let Some(from) = from {
        extend_from(vm, d, from)?;
    }
    Ok(d)
}

/// The word of the ring where item `i` lies.
fn place(heap: &Heap, d: Value, i: usize) -> usize {
    let room = array::capacity(heap, heap.slot(d, ITEMS)).max(1);
    (heap.int(d, FIRST) as usize + i) % room
}

fn len(heap: &Heap, d: Value) -> usize {
    heap.int(d, LEN) as usize
}

fn get(heap: &Heap, d: Value, i: usize) -> Value {
    match heap.slot(d, ITEMS) {
        Some(a) if i < len(heap, d) => heap.field(a, place(heap, d, i)),
        _ => Value::NONE,
    }
}

fn set(heap: &mut Heap, d: Value, i: usize, v: Option<Value>) {
    let at = place(heap, d, i);
    if let Some(a) = heap.slot(d, ITEMS) {
        heap.set_slot(a, at, v);
    }
}

/// Makes room for one more item; the ring begins at word 0 after it has moved.
fn grow(heap: &mut Heap, d: Value) -> R<()> {
    let (n, old) = (len(heap, d), heap.slot(d, ITEMS));
    if n < array::capacity(heap, old) {
        return Ok(());
    }
    let a = heap.alloc(Kind::Array, n + n / 2 + 3)?;
    unroll(heap, d, old, a);
    Ok(())
}

/// Gives the ring other memory, where it begins at word 0.
fn unroll(heap: &mut Heap, d: Value, old: Option<Value>, a: Value) {
    let n = len(heap, d);
    if let Some(old) = old {
        let first = heap.int(d, FIRST) as usize;
        let end = n.min(array::capacity(heap, Some(old)).saturating_sub(first));
        heap.copy_words(a, 0, old, first, end);
        heap.copy_words(a, end, old, 0, n - end);
    }
    heap.set_field(d, ITEMS, a);
    heap.set_int(d, FIRST, 0);
    if let Some(old) = old {
        heap.free(old);
    }
}

fn push(heap: &mut Heap, d: Value, v: Value, left: bool) -> R<()> {
    let (n, limit) = (len(heap, d), heap.int(d, LIMIT));
    if limit >= 0 && n as i32 >= limit {
        if heap.int(d, STRICT) != 0 {
            return Err(exc::raise(heap, TypeId::IndexError, "full"));
        }
        if limit == 0 {
            return Ok(());
        }
        take(heap, d, !left);
    }
    grow(heap, d)?;
    let n = len(heap, d);
    if left {
        let room = array::capacity(heap, heap.slot(d, ITEMS)).max(1);
        let first = (heap.int(d, FIRST) as usize + room - 1) % room;
        heap.set_int(d, FIRST, first as i32);
    }
    set(heap, d, if left { 0 } else { n }, Some(v));
    heap.set_int(d, LEN, n as i32 + 1);
    Ok(())
}

/// The items of a list or tuple: how many, and where.
#[cfg(not(feature = "tiny"))]
fn row(heap: &Heap, from: Value) -> (usize, Option<Value>) {
    match heap.is(from, Kind::List) {
        true => (list::len(heap, from), heap.slot(from, list::ITEMS)),
        false => (tuple::len(heap, from), Some(from)),
    }
}

/// Makes room for some items more; false where they would push others out, or are many.
#[cfg(not(feature = "tiny"))]
fn make_room(heap: &mut Heap, d: Value, more: usize) -> R<bool> {
    let (n, limit) = (len(heap, d), heap.int(d, LIMIT));
    if limit >= 0 && n + more > limit as usize || more > COPIED {
        return Ok(false);
    }
    let old = heap.slot(d, ITEMS);
    if array::capacity(heap, old) < n + more {
        let a = heap.alloc(Kind::Array, n + more + (n + more) / 2 + 3)?;
        unroll(heap, d, old, a);
    }
    Ok(true)
}

/// Appends all items of a list or tuple in one step; false where there is no room for them.
#[cfg(not(feature = "tiny"))]
fn push_all(heap: &mut Heap, d: Value, from: Value) -> bool {
    let (n, (more, items)) = (len(heap, d), row(heap, from));
    let (ring, limit) = (heap.slot(d, ITEMS), heap.int(d, LIMIT));
    if limit >= 0 && n + more > limit as usize || array::capacity(heap, ring) < n + more {
        return false;
    }
    if let (Some(ring), Some(items)) = (ring, items) {
        let at = place(heap, d, n);
        let first = more.min(heap.words(ring) - at);
        // What is overwritten is empty.
        heap.copy_words(ring, at, items, 0, first);
        heap.copy_words(ring, 0, items, first, more - first);
        heap.set_int(d, LEN, (n + more) as i32);
    }
    true
}

/// Compares each as it is at one moment, whatever others do to them; `None` without memory for that.
#[cfg(not(feature = "tiny"))]
fn copies_equal(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R<Option<Value>> {
    let Some(x) = copy(vm, a) else { return Ok(None) };
    let kept = vm.push(x)?;
    vm.tick(len(vm.heap(), a) as u32 * 3)?;
    let equal = match copy(vm, b) {
        Some(y) => {
            vm.push(y)?;
            Some(seq::compare(vm, op, x, y)?)
        }
        None => None,
    };
    vm.drop_to(kept);
    Ok(equal)
}
#[cfg(not(feature = "tiny"))]
fn copy(vm: &mut Vm, d: Value) -> Option<Value> {
    let heap = vm.heap_mut();
    let made = to_list(heap, d);
    if made.is_err() {
        heap.raised = None;
    }
    made.ok()
}

/// The items as a list, in one step.
#[cfg(not(feature = "tiny"))]
fn to_list(heap: &mut Heap, d: Value) -> R {
    let n = len(heap, d);
    let l = list::with_capacity(heap, n)?;
    if let (Some(ring), true) = (heap.slot(d, ITEMS), n > 0) {
        let at = place(heap, d, 0);
        let first = n.min(heap.words(ring) - at);
        list::extend_words(heap, l, Some(ring), at, first)?;
        list::extend_words(heap, l, Some(ring), 0, n - first)?;
    }
    Ok(l)
}

fn take(heap: &mut Heap, d: Value, left: bool) -> Option<Value> {
    let last = len(heap, d).checked_sub(1)?;
    let i = if left { 0 } else { last };
    let v = get(heap, d, i);
    set(heap, d, i, None);
    if left {
        let first = place(heap, d, 1);
        heap.set_int(d, FIRST, first as i32);
    }
    heap.set_int(d, LEN, last as i32);
    Some(v)
}

fn unary(heap: &mut Heap, op: UnaryOp, d: Value) -> R {
    let n = len(heap, d);
    match op {
        UnaryOp::Bool => Ok(Value::bool(n > 0)),
        UnaryOp::Len => Ok(Value::small(n as i32)),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn is_deque(vm: &Vm, v: Value) -> bool {
    vm.heap().is(v, Kind::Object) && vm.heap().field(v, 0) == Value::typ(TypeId::Deque)
}

fn binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R {
    match op {
        BinaryOp::InplaceAdd if is_deque(vm, a) => {
            extend_from(vm, a, b)?;
            Ok(a)
        }
        BinaryOp::Equal | BinaryOp::NotEqual if is_deque(vm, a) && is_deque(vm, b) => {
            #[cfg(not(feature = "tiny"))]
            if let Some(equal) = copies_equal(vm, op, a, b)? {
                return Ok(equal);
            }
            let n = len(vm.heap(), a);
            let mut equal = n == len(vm.heap(), b);
            let mut i = 0;
            while equal && i < n {
                // Where others have taken something out they are no longer what they were.
                if len(vm.heap(), a) != n || len(vm.heap(), b) != n {
                    equal = false;
                    break;
                }
                let (x, y) = (get(vm.heap(), a, i), get(vm.heap(), b, i));
                equal = x == y || vm.equal(x, y)?;
                i += 1;
                vm.tick(150)?;
            }
            Ok(Value::bool(equal == (op == BinaryOp::Equal)))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn subscr(vm: &mut Vm, d: Value, key: Value, access: Access) -> R {
    if matches!(access, Access::Delete) {
        return Err(vm.raise(TypeId::TypeError, "'deque' object doesn't support item deletion"));
    }
    let n = len(vm.heap(), d);
    let key = crate::builtins::list::index_key(vm, key)?;
    let i = vm.with_heap(|h| crate::object::slice::index(h, key, n, "deque"))?;
    if let Access::Store(v) = access {
        set(vm.heap_mut(), d, i, Some(v));
        return Ok(Value::NONE);
    }
    Ok(get(vm.heap(), d, i))
}

fn iter(heap: &mut Heap, d: Value) -> R {
    object_iter::new(heap, object_iter::How::Subscript, d, 0, Value::NONE)
}

fn print(vm: &mut Vm, d: Value, _: Mode) -> R<()> {
    let slot = vm.push(d)?;
    vm.emit(b"deque([")?;
    let mut i = 0;
    while i < len(vm.heap(), d) {
        if i > 0 {
            vm.emit(b", ")?;
        }
        let v = get(vm.heap(), d, i);
        let item = vm.push(v)?;
        vm.print(v, Mode::Repr)?;
        vm.drop_to(item);
        i += 1;
        vm.tick(100)?;
    }
    let limit = vm.heap().int(d, LIMIT);
    if limit >= 0 {
        vm.emit(b"], maxlen=")?;
        crate::builtins::int::print_int(vm, limit as i64)?;
        vm.emit(b")")?;
    } else {
        vm.emit(b"])")?;
    }
    vm.drop_to(slot);
    Ok(())
}

// ---- methods -------------------------------------------------------------------------------------------------

fn arg(args: &[Value], i: usize) -> Value {
    args.get(i).copied().unwrap_or(Value::NONE)
}

fn append(heap: &mut Heap, args: &[Value]) -> R {
    push(heap, arg(args, 0), arg(args, 1), false)?;
    Ok(Value::NONE)
}

fn appendleft(heap: &mut Heap, args: &[Value]) -> R {
    push(heap, arg(args, 0), arg(args, 1), true)?;
    Ok(Value::NONE)
}

fn clear(heap: &mut Heap, args: &[Value]) -> R {
    let d = arg(args, 0);
    heap.set_int(d, LEN, 0);
    heap.set_int(d, FIRST, 0);
    heap.set_slot(d, ITEMS, None);
    Ok(Value::NONE)
}

fn pop(heap: &mut Heap, args: &[Value]) -> R {
    match take(heap, arg(args, 0), false) {
        Some(v) => Ok(v),
        None => Err(exc::raise(heap, TypeId::IndexError, "empty")),
    }
}

fn popleft(heap: &mut Heap, args: &[Value]) -> R {
    match take(heap, arg(args, 0), true) {
        Some(v) => Ok(v),
        None => Err(exc::raise(heap, TypeId::IndexError, "empty")),
    }
}

fn maxlen(heap: &mut Heap, d: Value) -> R {
    let n = heap.int(d, LIMIT);
    Ok(if n < 0 { Value::NONE } else { Value::small(n) })
}

fn extend(vm: &mut Vm, args: Args) -> R {
    let (d, from) = (vm.req(args, 0), vm.req(args, 1));
    extend_from(vm, d, from)?;
    Ok(Value::NONE)
}

/// Appends all items of a list, tuple or deque, which is reachable, in one step; false where that is not done.
#[cfg(not(feature = "tiny"))]
fn extend_at_once(vm: &mut Vm, d: Value, from: Value) -> R<bool> {
    let ring = is_deque(vm, from);
    if !ring && !tuple::is(vm.heap(), from) && !vm.heap().is(from, Kind::List) {
        return Ok(false);
    }
    let room = vm.with_heap_anew(|h| {
        let more = if ring { len(h, from) } else { row(h, from).0 };
        make_room(h, d, more)
    })?;
    if !room {
        return Ok(false);
    }
    vm.tick(COPIED as u32)?;
    let from = if ring { copy(vm, from) } else { Some(from) };
    Ok(from.is_some_and(|from| push_all(vm.heap_mut(), d, from)))
}

fn extend_from(vm: &mut Vm, d: Value, from: Value) -> R<()> {
    let kept = vm.push(from)?;
    #[cfg(not(feature = "tiny"))]
    if extend_at_once(vm, d, from)? {
        vm.drop_to(kept);
        return Ok(());
    }
    // A copy of itself, which else would never end.
    let from = if from == d { seq::collect(vm, from)? } else { from };
    vm.set(kept, from);
    let it = vm.iter(from)?;
    let it = vm.push(it)?;
    loop {
        let i = vm.get(it);
        let v = vm.next(i)?;
        if v == Value::STOP {
            vm.drop_to(kept);
            return Ok(());
        }
        let slot = vm.push(v)?;
        vm.with_heap_anew(|h| push(h, d, v, false))?;
        vm.drop_to(slot);
        vm.tick(150)?;
    }
}
