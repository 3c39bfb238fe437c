//! Sorting: a stable merge sort of numbers that stand for the items.
//!
//! Invariants
//! - the items are detached first, so what a comparison does to the list cannot disturb the sort;
//! - only a permutation in raw cells moves while comparing: no reference is written until the order is known.

use super::seq;
use crate::heap::{Kind, R, TypeId, Value};
use crate::object::{list, str};
use crate::q;
use crate::vm::args::{ArgKind, ArgSpec, parse};
use crate::vm::def::Args;
use crate::vm::{Slot, Vm};

static SPEC: [ArgSpec; 3] = [
    ArgSpec { name: q!("iterable"), kind: ArgKind::Required },
    ArgSpec { name: q!("key"), kind: ArgKind::KwOnly },
    ArgSpec { name: q!("reverse"), kind: ArgKind::KwOnly },
];

/// `list.sort(key=None, reverse=False)`
pub fn method(vm: &mut Vm, args: Args) -> R {
    let mut a = [None; 3];
    parse(vm, args, &SPEC, &mut a)?;
    let [l, key, reverse] = a;
    let l = vm.push(l.unwrap_or(Value::NONE))?;
    if key.is_some_and(|k| !k.is_none()) || !sort_copy(vm, l, reverse)? {
        sort(vm, l, key, reverse, Vm::tick_alone)?;
    }
    Ok(Value::NONE)
}

/// Items that take no time to speak of.
const FEW: usize = 50;

/// Sorts a copy, so that others may have the VM meanwhile, and puts it in place of the items if they are the same as before.
/// False where that is not done.
fn sort_copy(vm: &mut Vm, l: Slot, reverse: Option<Value>) -> R<bool> {
    let this = vm.get(l);
    let n = list::len(vm.heap(), this);
    let Some(items) = vm.heap().slot(this, list::ITEMS).filter(|_| cfg!(not(feature = "tiny")) && n > FEW)
    else {
        return Ok(false);
    };
    let Ok(copy) = vm.with_heap(|h| list::from_words(h, items, 0, n)) else {
        // The list itself is sorted with less memory.
        vm.heap_mut().raised = None;
        return Ok(false);
    };
    let before = vm.heap().slot(copy, list::ITEMS).unwrap_or(Value::NONE);
    let at = vm.push(before)?;
    let slot = vm.push(copy)?;
    sort(vm, slot, None, reverse, Vm::tick)?;
    let heap = vm.heap_mut();
    let now = heap.slot(this, list::ITEMS).filter(|_| list::len(heap, this) == n);
    let same = now.is_some_and(|now| heap.slots(now, 0, n) == heap.slots(before, 0, n));
    if let (true, Some(sorted)) = (same, heap.slot(copy, list::ITEMS)) {
        heap.set_field(this, list::ITEMS, sorted);
    }
    vm.drop_to(at);
    Ok(same)
}

/// `sorted(iterable, key=None, reverse=False)`
pub fn sorted(vm: &mut Vm, args: Args) -> R {
    let mut a = [None; 3];
    parse(vm, args, &SPEC, &mut a)?;
    let [from, key, reverse] = a;
    let l = seq::collect(vm, from.unwrap_or(Value::NONE))?;
    let l = vm.push(l)?;
    // Nobody else knows the list.
    sort(vm, l, key, reverse, Vm::tick)?;
    Ok(vm.get(l))
}

/// A safepoint: with others let in, or without.
type Tick = fn(&mut Vm, u32) -> R<()>;

fn sort(vm: &mut Vm, l: Slot, key: Option<Value>, reverse: Option<Value>, tick: Tick) -> R<()> {
    let key = key.filter(|k| !k.is_none());
    let reverse = match reverse {
        Some(r) => vm.truth(r)?,
        None => false,
    };
    let this = vm.get(l);
    let n = list::len(vm.heap(), this);
    let Some(items) = vm.heap().slot(this, list::ITEMS) else { return Ok(()) };
    if n < 2 {
        return Ok(());
    }
    let items_slot = vm.push(items)?;
    list::clear(vm.heap_mut(), this);
    let order = permutation(vm, items, n, key, reverse, tick);
    let this = vm.get(l);
    let changed = list::len(vm.heap(), this) != 0;
    let heap = vm.heap_mut();
    if let Ok(Some(order)) = order {
        // `order` holds the items' places; the items move to a new array behind it.
        heap.set_field(this, list::ITEMS, order);
    } else {
        heap.set_field(this, list::ITEMS, items);
    }
    heap.set_int(this, list::LEN, n as i32);
    vm.drop_to(items_slot);
    order?;
    if changed {
        return Err(vm.raise(TypeId::ValueError, "list modified during sort"));
    }
    Ok(())
}

/// The items in their new order, in a new array; `None` where they are in order already.
fn permutation(
    vm: &mut Vm,
    items: Value,
    n: usize,
    key: Option<Value>,
    reverse: bool,
    tick: Tick,
) -> R<Option<Value>> {
    let base = vm.push(Value::NONE)?;
    let keys = match key {
        None => items,
        Some(f) => {
            let keys = vm.with_heap(|h| h.alloc(Kind::Array, n))?;
            vm.set(base, keys);
            for i in 0..n {
                let v = vm.heap().field(items, i);
                let k = vm.call(f, &[v])?;
                vm.heap_mut().set_field(keys, i, k);
                tick(vm, 30)?;
            }
            keys
        }
    };
    let raw = |vm: &mut Vm| -> R {
        let v = vm.with_heap(|h| h.alloc(Kind::Raw, n))?;
        vm.push(v)?;
        Ok(v)
    };
    let (mut from, mut to) = (raw(vm)?, raw(vm)?);
    for i in 0..n {
        vm.heap_mut().set_word(from, i, i as u32);
    }
    let mut moved = false;
    let mut width = 1;
    while width < n {
        let mut start = 0;
        while start < n {
            let (middle, end) = ((start + width).min(n), (start + 2 * width).min(n));
            let (mut i, mut j, mut out) = (start, middle, start);
            // Two runs in order are one run.
            let in_order = middle >= end || !before(vm, keys, from, middle, middle - 1, reverse)?;
            moved |= !in_order;
            while out < end {
                let right = !in_order && j < end && (i >= middle || before(vm, keys, from, j, i, reverse)?);
                let take = if right || i >= end { &mut j } else { &mut i };
                let w = vm.heap().word(from, *take);
                *take += 1;
                vm.heap_mut().set_word(to, out, w);
                out += 1;
                if out % 64 == 0 {
                    tick(vm, 64 * 40)?;
                }
            }
            start = end;
        }
        core::mem::swap(&mut from, &mut to);
        width *= 2;
    }
    let sorted = match moved {
        false => None,
        true => Some(vm.with_heap(|h| {
            let sorted = h.alloc(Kind::Array, n)?;
            for i in 0..n {
                let v = h.slot(items, h.word(from, i) as usize);
                h.set_slot(sorted, i, v);
            }
            Ok(sorted)
        })?),
    };
    vm.drop_to(base);
    Ok(sorted)
}

/// Whether place `j`, which stands behind place `i`, must come before it.
fn before(vm: &mut Vm, keys: Value, order: Value, j: usize, i: usize, reverse: bool) -> R<bool> {
    let heap = vm.heap();
    let x = heap.field(keys, heap.word(order, i) as usize);
    let y = heap.field(keys, heap.word(order, j) as usize);
    let (x, y) = if reverse { (y, x) } else { (x, y) };
    // Is y less than x?
    if let (Some(p), Some(q)) = (x.as_small(), y.as_small()) {
        return Ok(q < p);
    }
    if str::is_str(heap, x) && str::is_str(heap, y) {
        return Ok(heap.str_bytes(y) < heap.str_bytes(x));
    }
    vm.less(y, x)
}
