//! Module `heapq`: a list as a binary heap, the smallest item first.
//!
//! Invariants
//! - comparisons may run code that changes the list, so items are read and written by place, and places checked anew;
//! - what is made of built-in items is one step for others: no heap is seen that is none.

use crate::builtins::convert::type_error;
use crate::builtins::sort::is_unchanged;
use crate::heap::{Kind, R, Raised, TypeId, Value};
use crate::object::list;
use crate::q;
use crate::vm::Vm;
use crate::vm::def::*;

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("heapq"),
    entries: &[
        Entry { name: q!("heapify"), value: vm_fn(heapify, 1, 1) },
        Entry { name: q!("heappop"), value: vm_fn(heappop, 1, 1) },
        Entry { name: q!("heappush"), value: vm_fn(heappush, 2, 2) },
    ],
};

fn items(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    match vm.native_part(v, TypeId::List) {
        Some(l) if vm.heap().is(l, Kind::List) => Ok(l),
        _ => Err(type_error(vm, "heap must be a list, not '", v, "'")),
    }
}

/// Whether the item at `i` comes before the one at `j`; false where one of them is gone.
fn before(vm: &mut Vm, l: Value, i: usize, j: usize) -> R<bool> {
    match (list::get(vm.heap(), l, i), list::get(vm.heap(), l, j)) {
        (Some(x), Some(y)) => vm.less(x, y),
        _ => Ok(false),
    }
}

fn swap(vm: &mut Vm, l: Value, i: usize, j: usize) {
    let heap = vm.heap_mut();
    if let (Some(x), Some(y)) = (list::get(heap, l, i), list::get(heap, l, j)) {
        list::set(heap, l, i, y);
        list::set(heap, l, j, x);
    }
}

/// Lets the item at `i` rise to where its parent is not larger.
fn rise(vm: &mut Vm, l: Value, mut i: usize) -> R<()> {
    while i > 0 {
        let parent = (i - 1) / 2;
        if !before(vm, l, i, parent)? {
            break;
        }
        swap(vm, l, i, parent);
        i = parent;
        // Others who come in amid it would find a heap that is none.
        vm.tick_alone(200)?;
    }
    Ok(())
}

/// Lets the item at `i` sink to where no child is smaller.
fn sink(vm: &mut Vm, l: Value, mut i: usize) -> R<()> {
    loop {
        let left = 2 * i + 1;
        if left >= list::len(vm.heap(), l) {
            return Ok(());
        }
        let child = if before(vm, l, left + 1, left)? { left + 1 } else { left };
        if !before(vm, l, child, i)? {
            return Ok(());
        }
        swap(vm, l, i, child);
        i = child;
        vm.tick_alone(300)?;
    }
}

/// Orders a list that others do not see meanwhile, as it is nobody else's or as they have to wait (`alone`).
fn order(vm: &mut Vm, l: Value, alone: bool) -> R<()> {
    for i in (0..list::len(vm.heap(), l) / 2).rev() {
        sink(vm, l, i)?;
        if alone { vm.tick_alone(200)? } else { vm.tick(200)? }
    }
    Ok(())
}

fn heapify(vm: &mut Vm, args: Args) -> R {
    let l = items(vm, args)?;
    for _ in 0..ATTEMPTS {
        if list::len(vm.heap(), l) <= FEW {
            break;
        }
        let base = vm.push(l)?;
        let done = order_copy(vm, l)?;
        vm.drop_to(base);
        if done {
            return Ok(Value::NONE);
        }
    }
    order(vm, l, true)?;
    Ok(Value::NONE)
}

/// How often a copy is ordered while others change the list, before they have to wait; and items that take no time to speak of.
const ATTEMPTS: u32 = 4;
const FEW: usize = 24;

/// Orders a copy, and puts it in place of the items if they are the same as before. False where that is not done.
fn order_copy(vm: &mut Vm, l: Value) -> R<bool> {
    let mut copies = [l; 2];
    let mut from = l;
    for copy in &mut copies {
        match vm.new_list_of(from, |_, n| (0, n)) {
            Ok(made) => *copy = made,
            Err(Raised) if vm.heap().is_out_of_memory() => {
                vm.heap_mut().raised = None;
                return Ok(false);
            }
            Err(Raised) => return Err(Raised),
        }
        vm.push(*copy)?;
        from = *copy;
    }
    let [before, ordered] = copies;
    order(vm, ordered, false)?;
    let n = list::len(vm.heap(), before);
    let Some(items) = vm.heap().slot(before, list::ITEMS) else { return Ok(false) };
    let same = is_unchanged(vm, l, items, n)?;
    let heap = vm.heap_mut();
    if let (true, Some(ordered)) = (same, heap.slot(ordered, list::ITEMS)) {
        heap.set_field(l, list::ITEMS, ordered);
    }
    Ok(same)
}

fn heappush(vm: &mut Vm, args: Args) -> R {
    let (l, v) = (items(vm, args)?, vm.req(args, 1));
    vm.with_heap_anew(|h| list::append(h, l, v))?;
    let last = list::len(vm.heap(), l).saturating_sub(1);
    rise(vm, l, last)?;
    Ok(Value::NONE)
}

fn heappop(vm: &mut Vm, args: Args) -> R {
    let l = items(vm, args)?;
    let n = list::len(vm.heap(), l);
    let Some(last) = n.checked_sub(1).and_then(|i| list::remove(vm.heap_mut(), l, i)) else {
        return Err(vm.raise(TypeId::IndexError, "empty heap"));
    };
    let Some(first) = list::get(vm.heap(), l, 0) else { return Ok(last) };
    let slot = vm.push(first)?;
    list::set(vm.heap_mut(), l, 0, last);
    sink(vm, l, 0)?;
    Ok(vm.get(slot))
}
