//! Sorting: a stable merge sort of numbers that stand for the items.
//!
//! Invariants
//! - the items are detached first, so what a comparison does to the list cannot disturb the sort;
//! - only a permutation in raw cells moves while comparing: no reference is written until the order is known.

use super::seq;
use crate::heap::{Kind, R, Raised, TypeId, Value};
use crate::object::{list, str};
use crate::q;
use crate::vm::args::{ArgKind, ArgSpec, parse};
use crate::vm::def::Args;
use crate::vm::pieces::ITEMS;
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
    if key.is_some_and(|k| !k.is_none()) {
        sort(vm, l, key, reverse, false)?;
        return Ok(Value::NONE);
    }
    for _ in 0..ATTEMPTS {
        if sort_copy(vm, l, reverse)? {
            return Ok(Value::NONE);
        }
    }
    sort(vm, l, None, reverse, true)?;
    Ok(Value::NONE)
}

/// How often a copy is sorted while others change the list, before they have to wait.
const ATTEMPTS: u32 = if cfg!(feature = "tiny") { 0 } else { 4 };

/// Items that take no time to speak of.
const FEW: usize = 20;

/// Sorts a copy, so that others may have the VM meanwhile, and puts it in place of the items if they are the same as before.
/// False where that is not done.
fn sort_copy(vm: &mut Vm, l: Slot, reverse: Option<Value>) -> R<bool> {
    let this = vm.get(l);
    let n = list::len(vm.heap(), this);
    if n <= FEW {
        return Ok(false);
    }
    let at = vm.push(Value::NONE)?;
    let (copy, n) = match vm.new_list_of(this, |_, n| (0, n)) {
        Ok(copy) => (copy, list::len(vm.heap(), copy)),
        Err(Raised) if vm.heap().is_out_of_memory() => {
            // The list itself is sorted with less memory.
            vm.heap_mut().raised = None;
            vm.drop_to(at);
            return Ok(false);
        }
        Err(Raised) => return Err(Raised),
    };
    if n <= FEW {
        // Others took most of them out meanwhile.
        vm.drop_to(at);
        return Ok(false);
    }
    let before = vm.heap().field(copy, list::ITEMS);
    vm.set(at, before);
    let slot = vm.push(copy)?;
    sort(vm, slot, None, reverse, false)?;
    let same = is_unchanged(vm, this, before, n)?;
    let heap = vm.heap_mut();
    if let (true, Some(sorted)) = (same, heap.slot(copy, list::ITEMS)) {
        heap.set_field(this, list::ITEMS, sorted);
    }
    vm.drop_to(at);
    Ok(same)
}

/// Whether the list holds what `before` does. Where others came in on the way that is asked once more from the beginning.
pub fn is_unchanged(vm: &mut Vm, this: Value, before: Value, n: usize) -> R<bool> {
    let (mut at, mut again) = (0, 0);
    while at < n {
        let heap = vm.heap();
        let Some(now) = heap.slot(this, list::ITEMS).filter(|_| list::len(heap, this) == n) else {
            return Ok(false);
        };
        let part = (n - at).min(COMPARED);
        if heap.slots(now, at, part) != heap.slots(before, at, part) {
            return Ok(false);
        }
        at += part;
        if at < n && vm.is_wanted() && again < 4 {
            again += 1;
            at = 0;
            vm.tick(5 * COMPARED as u32)?;
        }
    }
    Ok(list::len(vm.heap(), this) == n)
}

/// Items whose comparison with what they were takes little time.
const COMPARED: usize = 1500;

/// `sorted(iterable, key=None, reverse=False)`
pub fn sorted(vm: &mut Vm, args: Args) -> R {
    let mut a = [None; 3];
    parse(vm, args, &SPEC, &mut a)?;
    let [from, key, reverse] = a;
    let l = seq::collect(vm, from.unwrap_or(Value::NONE))?;
    let l = vm.push(l)?;
    // Nobody else knows the list.
    sort(vm, l, key, reverse, false)?;
    Ok(vm.get(l))
}

/// A safepoint: with others let in, or without.
fn rest(vm: &mut Vm, alone: bool, n: u32) -> R<()> {
    if alone { vm.tick_alone(n) } else { vm.tick(n) }
}

/// A new cell for a sort; where others may come in they do so too while memory is collected.
fn cell(vm: &mut Vm, alone: bool, kind: Kind, n: usize) -> R {
    let v = if alone || cfg!(feature = "tiny") {
        vm.with_heap(|h| h.alloc(kind, n))
    } else {
        vm.with_heap_anew(|h| h.alloc(kind, n))
    }?;
    vm.push(v)?;
    rest(vm, alone, n as u32 / 2)?;
    Ok(v)
}

fn sort(vm: &mut Vm, l: Slot, key: Option<Value>, reverse: Option<Value>, alone: bool) -> R<()> {
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
    let order = permutation(vm, items, n, key, reverse, alone);
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
    alone: bool,
) -> R<Option<Value>> {
    let base = vm.push(Value::NONE)?;
    let keys = match key {
        None => items,
        Some(f) => {
            let keys = cell(vm, alone, Kind::Array, n)?;
            for i in 0..n {
                let v = vm.heap().field(items, i);
                let k = vm.call(f, &[v])?;
                vm.heap_mut().set_field(keys, i, k);
                rest(vm, alone, 60)?;
            }
            keys
        }
    };
    let (mut from, mut to) = (cell(vm, alone, Kind::Raw, n)?, cell(vm, alone, Kind::Raw, n)?);
    for i in 0..n {
        vm.heap_mut().set_word(from, i, i as u32);
        after(vm, alone, i, 10)?;
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
                if out % 32 == 0 {
                    rest(vm, alone, 32 * 100)?;
                }
            }
            start = end;
        }
        core::mem::swap(&mut from, &mut to);
        width *= 2;
    }
    let sorted = if moved {
        let sorted = cell(vm, alone, Kind::Array, n)?;
        for i in 0..n {
            let heap = vm.heap_mut();
            let v = heap.slot(items, heap.word(from, i) as usize);
            heap.set_slot(sorted, i, v);
            after(vm, alone, i, 30)?;
        }
        Some(sorted)
    } else {
        None
    };
    vm.drop_to(base);
    Ok(sorted)
}

/// The safepoint of a loop that has done `i` rounds of about `each` instructions.
fn after(vm: &mut Vm, alone: bool, i: usize, each: u32) -> R<()> {
    if cfg!(not(feature = "tiny")) && i % ITEMS == ITEMS - 1 {
        rest(vm, alone, each * ITEMS as u32)
    } else {
        Ok(())
    }
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
