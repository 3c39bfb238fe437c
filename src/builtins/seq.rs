//! What sequences share: comparison without recursion, searching, collecting an iterable into a list.
//!
//! Invariants
//! - containers in containers are compared on the VM's value stack, three slots a level; only other objects' own `==` nests;
//! - lengths and items are read anew at each step, because `==` may run code that changes them.

use super::int::order;
use crate::heap::{Kind, R, Raised, TypeId, Value};
use crate::object::{array, dict, hashtable, list, tuple};
use crate::vm::def::BinaryOp;
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
    let mut steps = 0;
    loop {
        steps += 1;
        if steps & 31 == 0 {
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

/// Lets others in, in the midst of a comparison, where no container of it can change: lists are copied for that.
fn give_way(vm: &mut Vm, base: Slot, top: Slot) -> R<()> {
    let mut fixed = vm.is_wanted();
    for at in (base.0..=top.0).step_by(3).flat_map(|level| [level, level + 1]) {
        if !fixed {
            return vm.tick_alone(600);
        }
        let v = vm.get(Slot(at));
        if !tuple::is(vm.heap(), v) {
            match frozen(vm, v, 0, usize::MAX) {
                Some(copy) => vm.set(Slot(at), copy),
                None => fixed = false,
            }
        }
    }
    vm.tick(600)
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

/// A list as it is now, in a tuple that nobody changes; `None` where there is no memory for one, or it is none.
fn frozen(vm: &mut Vm, l: Value, from: usize, to: usize) -> Option<Value> {
    if !vm.heap().is(l, Kind::List) {
        return None;
    }
    let n = to.min(len(vm, l)).saturating_sub(from);
    let cell = vm.heap().slot(l, list::ITEMS)?;
    let heap = vm.heap_mut();
    match tuple::from_words(heap, cell, from, n) {
        Ok(copy) => Some(copy),
        Err(Raised) => {
            heap.raised = None;
            None
        }
    }
}

/// A look through a list or tuple for items that are equal to one: a single step for others, who come in only when what is
/// left of a list was copied.
pub struct Look {
    seq: Value,
    at: usize,
    to: usize,
    /// Items of the list before the copy.
    before: usize,
    copy: Option<Slot>,
    found: Value,
    /// Nobody is to come in.
    pub alone: bool,
}

impl Look {
    pub fn new(seq: Value, from: usize, to: usize) -> Look {
        Look { seq, at: from, to, before: 0, copy: None, found: Value::NONE, alone: false }
    }
    /// The next place of `v`.
    pub fn next(&mut self, vm: &mut Vm, v: Value) -> R<Option<usize>> {
        loop {
            // Read anew each time: a comparison may have changed the list.
            let end = self.to.min(len(vm, self.seq));
            if self.at >= end {
                return Ok(None);
            }
            let h = vm.heap();
            let cell = if h.is(self.seq, Kind::List) { h.field(self.seq, list::ITEMS) } else { self.seq };
            let part = h.slots(cell, self.at, (end - self.at).min(256));
            // What is the same or a small int beside another needs no comparing.
            let told = |x: &Option<Value>| {
                let x = x.unwrap_or(Value::NONE);
                x == v || !(x.is_small() && v.is_small())
            };
            match part.iter().position(told) {
                Some(k) => {
                    let x = part.get(k).copied().flatten().unwrap_or(Value::NONE);
                    let i = self.at + k;
                    self.at = i + 1;
                    if x == v || vm.equal(x, v)? {
                        self.found = x;
                        return Ok(Some(self.before + i));
                    }
                    if self.at & 15 == 0 {
                        self.tick(vm, 150)?;
                    }
                }
                None => {
                    self.at += part.len().max(1);
                    self.tick(vm, 1000)?;
                }
            }
        }
    }
    fn tick(&mut self, vm: &mut Vm, n: u32) -> R<()> {
        let ours = self.copy.is_some() || !vm.heap().is(self.seq, Kind::List);
        if !ours
            && !self.alone
            && vm.is_wanted()
            && let Some(copy) = frozen(vm, self.seq, self.at, self.to)
        {
            self.copy = Some(vm.push(copy)?);
            self.seq = copy;
            self.before = self.at;
            self.at = 0;
            self.to = usize::MAX;
        }
        if ours || self.copy.is_some() { vm.tick(n) } else { vm.tick_alone(n) }
    }
    /// Whether what was found last is at `i` in `l`.
    pub fn is_there(&self, vm: &Vm, l: Value, i: usize) -> bool {
        item(vm, l, i) == Some(self.found)
    }
    /// Gives up the copy.
    pub fn end(self, vm: &mut Vm) {
        if let Some(copy) = self.copy {
            vm.drop_to(copy);
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

/// Appends every item of an iterable to the list in `into`: one step for others, who may know the list.
pub fn extend(vm: &mut Vm, into: Slot, from: Value) -> R<()> {
    append_all(vm, into, from, Vm::tick_alone)
}

fn append_all(vm: &mut Vm, into: Slot, from: Value, tick: fn(&mut Vm, u32) -> R<()>) -> R<()> {
    let l = vm.get(into);
    match vm.heap().kind(from) {
        Kind::List => {
            return vm.with_heap_anew(|h| {
                let n = list::len(h, from);
                let a = h.slot(from, list::ITEMS);
                list::extend_words(h, l, a, 0, n)
            });
        }
        Kind::Tuple => {
            return vm.with_heap_anew(|h| {
                let n = tuple::len(h, from);
                list::extend_words(h, l, Some(from), 0, n)
            });
        }
        _ => {}
    }
    let it = vm.iter(from)?;
    let it = vm.push(it)?;
    let mut n = 0;
    loop {
        let i = vm.get(it);
        let v = vm.next(i)?;
        if v == Value::STOP {
            break;
        }
        let keep = vm.push(v)?;
        vm.with_heap2(list::append, l, v)?;
        vm.drop_to(keep);
        n += 1;
        if n & 15 == 0 {
            tick(vm, 600)?;
        }
    }
    vm.drop_to(it);
    Ok(())
}

/// A new list of the items of an iterable.
pub fn collect(vm: &mut Vm, from: Value) -> R {
    let kept = vm.push(from)?;
    let l = vm.with_heap(list::new)?;
    let slot = vm.push(l)?;
    // Nobody else knows the list.
    append_all(vm, slot, from, tick_over(vm, from))?;
    vm.drop_to(kept);
    Ok(l)
}

/// The safepoints of who makes a new object of an iterable's items: others come in where the iterable does not change, or is
/// their own program's affair.
pub fn tick_over(vm: &Vm, from: Value) -> fn(&mut Vm, u32) -> R<()> {
    match vm.type_id(from) {
        TypeId::Tuple | TypeId::Range | TypeId::Str | TypeId::Bytes | TypeId::Generator => Vm::tick,
        _ => Vm::tick_alone,
    }
}

/// `seq * n`'s length, if it can be.
pub fn repeated_len(vm: &mut Vm, len: usize, n: i64) -> R<usize> {
    let n = usize::try_from(n.max(0)).unwrap_or(usize::MAX);
    match len.checked_mul(n) {
        Some(n) if n < 1 << 28 => Ok(n),
        _ => Err(vm.heap_mut().out_of_memory()),
    }
}

/// Copies the `n` words at the start of `from` again and again over words `0..total` of the new cell `to`.
pub fn fill(heap: &mut crate::heap::Heap, from: Value, n: usize, to: Value, total: usize) {
    let mut at = 0;
    while n > 0 && at < total {
        array::copy(heap, from, 0, to, at, n.min(total - at));
        at += n;
    }
}

/// Whether a value can be an unhashable or foreign key at all; used by the hash tables' callers.
pub fn hash_of(vm: &mut Vm, k: Value) -> R<u32> {
    match hashtable::hash(vm.heap(), k) {
        Some(h) => Ok(h),
        None => vm.hash(k),
    }
}
