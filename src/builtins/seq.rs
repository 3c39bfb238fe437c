//! What sequences share: comparison without recursion, searching, collecting an iterable into a list.
//!
//! Invariants
//! - containers in containers are compared on the VM's value stack, three slots a level; only other objects' own `==` nests;
//! - lengths and items are read anew at each step, because `==` may run code that changes them.

use super::int::order;
use super::look::Look;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::{bytes, dict, hashtable, list, tuple};
use crate::vm::def::BinaryOp;
use crate::vm::pieces::{COPIED, ITEMS};
use crate::vm::{Slot, Vm};
use core::cmp::Ordering;

/// Where two containers begin to differ.
enum Difference {
    None,
    /// One ends first.
    Length(Ordering),
    Items(Value, Value),
    /// In a way that has no order.
    Unordered,
}

pub fn len(vm: &Vm, v: Value) -> usize {
    if vm.heap().is(v, Kind::List) { list::len(vm.heap(), v) } else { tuple::len(vm.heap(), v) }
}

pub fn item(vm: &Vm, v: Value, i: usize) -> Option<Value> {
    if vm.heap().is(v, Kind::List) { list::get(vm.heap(), v, i) } else { tuple::get(vm.heap(), v, i) }
}

fn same_container(vm: &Vm, a: Value, b: Value) -> bool {
    let h = vm.heap();
    h.is(a, Kind::List) && h.is(b, Kind::List)
        || tuple::is(h, a) && tuple::is(h, b)
        || dict::is(h, a) && dict::is(h, b)
}

/// Compares two lists, two tuples or two dicts, whatever they hold.
fn difference(vm: &mut Vm, a: Value, b: Value, only_equality: bool) -> R<Difference> {
    let base = vm.push(a)?;
    vm.push(b)?;
    vm.push(Value::small(0))?;
    let mut top = base;
    let mut work = 0;
    loop {
        if work > WORK {
            work = 0;
            give_way(vm, base, top)?;
        }
        let (x, y) = (vm.get(top), vm.get(Slot(top.0 + 1)));
        let at = vm.get(Slot(top.0 + 2)).as_small().unwrap_or(0) as usize;
        let is_dict = dict::is(vm.heap(), x);
        if at == 0 && (only_equality || is_dict) {
            let lengths = if is_dict {
                dict::len(vm.heap(), x).cmp(&dict::len(vm.heap(), y))
            } else {
                len(vm, x).cmp(&len(vm, y))
            };
            if lengths.is_ne() {
                vm.drop_to(base);
                return Ok(if is_dict { Difference::Unordered } else { Difference::Length(lengths) });
            }
        }
        let same = if is_dict || cfg!(feature = "tiny") { 0 } else { same_from(vm, x, y, at) };
        let at = at + same;
        work += 500 + 5 * same as u32;
        let (p, q, next) = if is_dict {
            match dict::next(vm.heap(), x, at) {
                None => (None, None, at),
                Some((next, k, v)) => {
                    let v = vm.push(v)?;
                    let w = super::dict::lookup(vm, y, k)?;
                    let p = vm.get(v);
                    vm.drop_to(v);
                    match w {
                        Some(w) => (Some(p), Some(w), next),
                        None => {
                            vm.drop_to(base);
                            return Ok(Difference::Unordered);
                        }
                    }
                }
            }
        } else {
            (item(vm, x, at), item(vm, y, at), at + 1)
        };
        match (p, q) {
            (Some(p), Some(q)) => {
                vm.set(Slot(top.0 + 2), Value::small(next as i32));
                if p == q {
                    continue;
                }
                if same_container(vm, p, q) {
                    top = vm.push(p)?;
                    vm.push(q)?;
                    vm.push(Value::small(0))?;
                    continue;
                }
                if vm.equal(p, q)? {
                    continue;
                }
                // Under a dict there is no order, however the items compare.
                let ordered =
                    (base.0..top.0).step_by(3).all(|s| !dict::is(vm.heap(), vm.get(Slot(s)))) && !is_dict;
                vm.drop_to(base);
                return Ok(if ordered { Difference::Items(p, q) } else { Difference::Unordered });
            }
            (None, None) => {
                vm.drop_to(top);
                if top == base {
                    return Ok(Difference::None);
                }
                top = Slot(top.0 - 3);
            }
            (p, _) => {
                vm.drop_to(base);
                return Ok(Difference::Length(if p.is_some() { Ordering::Greater } else { Ordering::Less }));
            }
        }
    }
}

/// How many items from `at` on are the same objects in both.
fn same_from(vm: &Vm, x: Value, y: Value, at: usize) -> usize {
    let (a, b) = (part(vm.heap(), x, at), part(vm.heap(), y, at));
    let same = a.iter().zip(b).position(|(p, q)| p != q);
    same.unwrap_or(a.len().min(b.len()))
}

/// Some items of a list or tuple from `at` on.
fn part(heap: &Heap, v: Value, at: usize) -> &[Option<Value>] {
    let (n, cell) = if heap.is(v, Kind::List) {
        (list::len(heap, v), heap.field(v, list::ITEMS))
    } else {
        (tuple::len(heap, v), v)
    };
    if at < n { heap.slots(cell, at, (n - at).min(RUN)) } else { &[] }
}

/// Lets others in, in the midst of a comparison. Lists of ordinary length are copied for that: what is compared is how they
/// were when it began.
fn give_way(vm: &mut Vm, base: Slot, top: Slot) -> R<()> {
    let (wanted, mut alone) = (vm.is_wanted(), false);
    for at in (base.0..=top.0).step_by(3).flat_map(|level| [level, level + 1]) {
        let v = vm.get(Slot(at));
        #[cfg(not(feature = "tiny"))]
        if dict::is(vm.heap(), v) {
            match if wanted { super::one_step::frozen(vm, v) } else { None } {
                Some(copy) => vm.set(Slot(at), copy),
                None => alone = true,
            }
            continue;
        }
        if !is_one_step(vm, v, if vm.heap().is(v, Kind::List) { len(vm, v) } else { 0 }) {
            continue;
        }
        let copy = if wanted { frozen(vm, v, 0, usize::MAX) } else { None };
        match copy {
            Some(copy) => vm.set(Slot(at), copy),
            None => alone = true,
        }
    }
    if alone { vm.tick_alone(WORK) } else { vm.tick(WORK) }
}

/// Work on `n` items of a list is one step for others, who see them all or get a copy; unless there are so many that copying takes
/// too long.
pub fn is_one_step(vm: &Vm, v: Value, n: usize) -> bool {
    vm.heap().is(v, Kind::List) && n <= COPIED
}

/// A comparison operator on two lists, two tuples or two dicts.
pub fn compare(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R {
    let equality = matches!(op, BinaryOp::Equal | BinaryOp::NotEqual);
    if a == b && equality {
        return Ok(Value::bool(op == BinaryOp::Equal));
    }
    let d = difference(vm, a, b, equality)?;
    if equality {
        return Ok(Value::bool(matches!(d, Difference::None) == (op == BinaryOp::Equal)));
    }
    match d {
        Difference::None => Ok(Value::bool(order(op, Ordering::Equal).unwrap_or(false))),
        Difference::Length(o) => Ok(Value::bool(order(op, o).unwrap_or(false))),
        Difference::Items(p, q) => vm.binary(op, p, q),
        Difference::Unordered => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// Items that are looked at between two safepoints where that takes a few instructions each.
pub const RUN: usize = 512;
/// Instructions, about, between two safepoints.
pub const WORK: u32 = 4000;

/// A list as it is now, in a tuple that nobody changes; `None` where there is no memory for one, it is none or very long.
pub fn frozen(vm: &mut Vm, l: Value, from: usize, to: usize) -> Option<Value> {
    if !vm.heap().is(l, Kind::List) {
        return None;
    }
    let n = to.min(len(vm, l)).saturating_sub(from);
    let cell = vm.heap().slot(l, list::ITEMS).filter(|_| n <= COPIED)?;
    let heap = vm.heap_mut();
    match tuple::from_words(heap, cell, from, n) {
        Ok(copy) => Some(copy),
        Err(Raised) => {
            heap.raised = None;
            None
        }
    }
}

/// The position of `v` among items `from..to`.
fn find(vm: &mut Vm, seq: Value, v: Value, from: usize, to: usize) -> R<Option<usize>> {
    let mut look = Look::new(seq, from, to);
    let found = look.next(vm, v)?;
    look.end(vm);
    Ok(found)
}

pub fn contains(vm: &mut Vm, seq: Value, v: Value) -> R<bool> {
    Ok(find(vm, seq, v, 0, usize::MAX)?.is_some())
}

/// `seq.count(v)`
pub fn count(vm: &mut Vm, args: crate::vm::def::Args) -> R {
    let (seq, v) = (vm.req(args, 0), vm.req(args, 1));
    let (mut look, mut n) = (Look::new(seq, 0, usize::MAX), 0);
    while look.next(vm, v)?.is_some() {
        n += 1;
    }
    Ok(Value::small(n))
}

/// `seq.index(v, start, stop)`
pub fn index(vm: &mut Vm, args: crate::vm::def::Args) -> R {
    let (seq, v) = (vm.req(args, 0), vm.req(args, 1));
    let n = len(vm, seq) as i64;
    let mut bound = |i: usize, otherwise: i64| -> R<usize> {
        let at = match vm.arg(args, i) {
            Some(v) => super::convert::to_i64_saturated(vm, v)?,
            None => otherwise,
        };
        Ok(if at < 0 { at.saturating_add(n).max(0) } else { at.min(n) } as usize)
    };
    let (from, to) = (bound(2, 0)?, bound(3, n)?);
    match find(vm, seq, v, from, to)? {
        Some(i) => Ok(Value::small(i as i32)),
        None => Err(vm.raise(TypeId::ValueError, "object not in sequence")),
    }
}

/// Appends every item of an iterable to the list in `into`.
pub fn extend(vm: &mut Vm, into: Slot, from: Value) -> R<()> {
    let l = vm.get(into);
    if vm.heap().is(from, Kind::List) || tuple::is(vm.heap(), from) {
        return vm.append_part(l, from, |_, n| (0, n));
    }
    let it = vm.iter(from)?;
    let it = vm.push(it)?;
    loop {
        let i = vm.get(it);
        let v = vm.next(i)?;
        if v == Value::STOP {
            break;
        }
        let keep = vm.push(v)?;
        vm.with_heap_anew2(list::append, l, v)?;
        vm.drop_to(keep);
        vm.tick(200)?;
    }
    vm.drop_to(it);
    Ok(())
}

/// A new list of the items of an iterable.
pub fn collect(vm: &mut Vm, from: Value) -> R {
    let kept = vm.push(from)?;
    if vm.heap().is(from, Kind::List) || tuple::is(vm.heap(), from) {
        let l = vm.new_list_of(from, |_, n| (0, n))?;
        vm.drop_to(kept);
        return Ok(l);
    }
    let l = vm.with_heap_anew(list::new)?;
    let slot = vm.push(l)?;
    extend(vm, slot, from)?;
    vm.drop_to(kept);
    Ok(l)
}

/// `seq * n`'s length, if it can be.
pub fn repeated_len(vm: &mut Vm, len: usize, n: i64) -> R<usize> {
    repeated(vm.heap_mut(), len, n)
}
pub fn repeated(heap: &mut Heap, len: usize, n: i64) -> R<usize> {
    bytes::repeated_len(heap, len, n, (1 << 28) - 1)
}

/// Items `start`, `start + step` and so on of a tuple, or of a list that nobody else knows or that is short, as a new list.
pub fn slice(vm: &mut Vm, from: Value, start: isize, step: isize, count: usize) -> R {
    let made = vm.new_list(count)?;
    let slot = vm.push(made)?;
    let (mut at, mut left) = (start, count);
    while left > 0 {
        let n = left.min(ITEMS);
        let (have, heap) = (len(vm, from), vm.heap_mut());
        let cell = if heap.is(from, Kind::List) { heap.field(from, list::ITEMS) } else { from };
        list::append_every(heap, made, cell, have, at, step, n);
        at = at.wrapping_add(step.wrapping_mul(n as isize));
        left -= n;
        if left > 0 {
            vm.tick_after(ITEMS, 20)?;
        }
    }
    vm.drop_to(slot);
    Ok(made)
}

/// `a + b` as a new list.
pub fn concat(vm: &mut Vm, a: Value, b: Value) -> R {
    let (n, m) = (len(vm, a), len(vm, b));
    let l = vm.new_list(n + m)?;
    let slot = vm.push(l)?;
    vm.append_part(l, a, |_, n| (0, n))?;
    vm.append_part(l, b, |_, n| (0, n))?;
    vm.drop_to(slot);
    Ok(l)
}

/// `seq * times` as a new list.
pub fn repeat(vm: &mut Vm, seq: Value, times: Value) -> R {
    let times = super::convert::to_i64_saturated(vm, times)?;
    let n = len(vm, seq);
    let total = repeated_len(vm, n, times)?;
    let made = vm.new_list(total)?;
    let slot = vm.push(made)?;
    if total > 0 {
        vm.append_part(made, seq, |_, n| (0, n))?;
        // Others may have changed it while there was made room.
        let total = if cfg!(feature = "tiny") { total } else { repeated_len(vm, len(vm, made), times)? };
        fill_up(vm, made, total)?;
    }
    vm.drop_to(slot);
    Ok(made)
}

/// Appends what a list holds again and again until there are `total` items.
pub fn fill_up(vm: &mut Vm, l: Value, total: usize) -> R<()> {
    if total <= COPIED || cfg!(feature = "tiny") {
        return vm.with_heap2(list::fill_up, l, total);
    }
    let mut left = total.saturating_sub(len(vm, l));
    while left > 0 {
        let n = left.min(len(vm, l));
        if n == 0 {
            break;
        }
        vm.append_items(l, l, 0, n)?;
        left -= n;
    }
    Ok(())
}

/// Whether a value can be an unhashable or foreign key at all; used by the hash tables' callers.
pub fn hash_of(vm: &mut Vm, k: Value) -> R<u32> {
    match hashtable::hash(vm.heap(), k) {
        Some(h) => Ok(h),
        None => vm.hash(k),
    }
}
