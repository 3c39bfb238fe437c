//! `list`.

use super::convert::{int_value, to_i64_saturated};
use super::seq;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::iter::{self, How};
use crate::object::{array, exc, int, list, slice, tuple};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::*;

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 0, 1, false)),
    unary: Slot::Heap(unary),
    binary: Slot::Vm(binary),
    contains: Some(seq::contains),
    subscr: Slot::Vm(subscr),
    iter: Some(list_iter),
    entries: &[
        Entry { name: q!("append"), value: heap_fn(append, 2, 2) },
        Entry { name: q!("clear"), value: heap_fn(clear, 1, 1) },
        Entry { name: q!("copy"), value: heap_fn(copy, 1, 1) },
        Entry { name: q!("count"), value: vm_fn(seq::count, 2, 2) },
        Entry { name: q!("extend"), value: vm_fn(extend, 2, 2) },
        Entry { name: q!("index"), value: vm_fn(seq::index, 2, 4) },
        Entry { name: q!("insert"), value: vm_fn(insert, 3, 3) },
        Entry { name: q!("pop"), value: vm_fn(pop, 1, 2) },
        Entry { name: q!("remove"), value: vm_fn(remove, 2, 2) },
        Entry { name: q!("reverse"), value: heap_fn(reverse, 1, 1) },
        Entry { name: q!("sort"), value: kw_fn(super::sort::method, 1, 1) },
    ],
    ..TypeDef::plain(TypeId::List, q!("list"))
};

fn make(vm: &mut Vm, args: Args) -> R {
    match vm.arg(args, 0) {
        Some(v) => seq::collect(vm, v),
        None => vm.with_heap(list::new),
    }
}

fn unary(heap: &mut Heap, op: UnaryOp, l: Value) -> R {
    let n = list::len(heap, l);
    match op {
        UnaryOp::Bool => Ok(Value::bool(n > 0)),
        UnaryOp::Len => Ok(Value::small(n as i32)),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn list_iter(heap: &mut Heap, l: Value) -> R {
    iter::new(heap, How::List, l, 0, Value::NONE)
}

fn binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R {
    use BinaryOp as B;
    let (left, right) = (vm.heap().is(a, Kind::List), vm.heap().is(b, Kind::List));
    match op {
        B::Less | B::More | B::Equal | B::LessEqual | B::MoreEqual | B::NotEqual if left && right => {
            seq::compare(vm, op, a, b)
        }
        B::Add if left && right => vm.with_heap_anew(|h| {
            let (n, m) = (list::len(h, a), list::len(h, b));
            let l = list::with_capacity(h, n + m)?;
            let (x, y) = (h.slot(a, list::ITEMS), h.slot(b, list::ITEMS));
            list::extend_words(h, l, x, 0, n)?;
            list::extend_words(h, l, y, 0, m)?;
            Ok(l)
        }),
        B::InplaceAdd if left => {
            let slot = vm.push(a)?;
            seq::extend(vm, slot, b)?;
            vm.drop_to(slot);
            Ok(a)
        }
        B::Multiply if left && int::is(vm.heap(), b) => repeat(vm, a, b),
        B::Multiply if right && int::is(vm.heap(), a) => repeat(vm, b, a),
        B::InplaceMultiply if left && int::is(vm.heap(), b) => {
            let times = to_i64_saturated(vm, b)?;
            let n = list::len(vm.heap(), a);
            let total = seq::repeated_len(vm, n, times)?;
            vm.with_heap(|h| {
                array::reserve(h, a, list::ITEMS, n, total)?;
                if let Some(items) = h.slot(a, list::ITEMS) {
                    if total >= n {
                        for i in n..total {
                            let v = h.slot(items, i - n);
                            h.set_slot(items, i, v);
                        }
                        h.set_int(a, list::LEN, total as i32);
                    } else {
                        list::splice_out(h, a, total, n);
                    }
                }
                Ok(a)
            })
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn repeat(vm: &mut Vm, l: Value, times: Value) -> R {
    let times = to_i64_saturated(vm, times)?;
    let n = list::len(vm.heap(), l);
    let total = seq::repeated_len(vm, n, times)?;
    vm.with_heap(|h| {
        let made = list::with_capacity(h, total)?;
        if let (Some(from), Some(to)) = (h.slot(l, list::ITEMS), h.slot(made, list::ITEMS)) {
            seq::fill(h, from, n, to, total);
        }
        h.set_int(made, list::LEN, total as i32);
        Ok(made)
    })
}

fn subscr(vm: &mut Vm, l: Value, key: Value, access: Access) -> R {
    if vm.heap().is(key, Kind::Slice) {
        return match access {
            Access::Load => vm.with_heap_anew(|h| load_slice(h, l, key)),
            Access::Store(v) => store_slice(vm, l, key, v),
            Access::Delete => vm.with_heap2(delete_slice, l, key),
        };
    }
    let key = index_key(vm, key)?;
    let n = list::len(vm.heap(), l);
    let i = vm.with_heap3(slice::index, key, n, "list")?;
    match access {
        Access::Load => Ok(list::get(vm.heap(), l, i).unwrap_or(Value::NONE)),
        Access::Store(v) => {
            list::set(vm.heap_mut(), l, i, v);
            Ok(Value::NONE)
        }
        Access::Delete => {
            list::remove(vm.heap_mut(), l, i);
            Ok(Value::NONE)
        }
    }
}

/// An instance with `__index__` as its int; everything else as it is.
pub fn index_key(vm: &mut Vm, key: Value) -> R {
    if matches!(vm.heap().kind(key), Kind::Instance | Kind::BigInstance) {
        int_value(vm, key)
    } else {
        Ok(key)
    }
}

fn load_slice(h: &mut Heap, l: Value, key: Value) -> R {
    let n = list::len(h, l);
    let (start, step, count) = match slice::resolve_small(h, key, n) {
        Some((start, step, count)) => (start as isize, step as isize, count as usize),
        None => {
            let r = slice::resolve(h, key, n)?;
            (r.start as isize, r.step as isize, r.count)
        }
    };
    let Some(items) = h.slot(l, list::ITEMS) else { return list::new(h) };
    if step == 1 {
        return list::from_words(h, items, start as usize, count);
    }
    let made = list::with_capacity(h, count)?;
    if let Some(to) = h.slot(made, list::ITEMS) {
        let mut at = start;
        for i in 0..count {
            // A new cell's words need no barrier.
            let v = h.word(items, at as usize);
            h.set_word(to, i, v);
            at = at.wrapping_add(step);
        }
    }
    h.set_int(made, list::LEN, count as i32);
    Ok(made)
}

#[inline(never)]
fn store_slice(vm: &mut Vm, l: Value, key: Value, v: Value) -> R {
    // A copy where the source is not a tuple or list, or is this list.
    let plain = v != l && (tuple::is(vm.heap(), v) || vm.heap().is(v, Kind::List));
    let source = if plain { v } else { seq::collect(vm, v)? };
    let slot = vm.push(source)?;
    let n = list::len(vm.heap(), l);
    let r = vm.with_heap2(slice::resolve, key, n)?;
    let m = seq::len(vm, source);
    let words = if tuple::is(vm.heap(), source) { Some(source) } else { vm.heap().slot(source, list::ITEMS) };
    if r.step == 1 {
        let (from, to) = r.bounds();
        vm.with_heap(|h| list::splice(h, l, from, to, words.unwrap_or(Value::EMPTY_TUPLE), m))?;
    } else {
        if m != r.count {
            return Err(vm.raise_parts(
                TypeId::ValueError,
                &[
                    exc::Part::S("attempt to assign sequence of size "),
                    exc::Part::I(m as i64),
                    exc::Part::S(" to extended slice of size "),
                    exc::Part::I(r.count as i64),
                ],
            ));
        }
        for i in 0..m {
            if let Some(v) = seq::item(vm, source, i) {
                list::set(vm.heap_mut(), l, (r.start + i as i64 * r.step) as usize, v);
            }
        }
    }
    vm.drop_to(slot);
    Ok(Value::NONE)
}

#[inline(never)]
fn delete_slice(h: &mut Heap, l: Value, key: Value) -> R {
    let n = list::len(h, l);
    let r = slice::resolve(h, key, n)?;
    if r.step == 1 {
        let (from, to) = r.bounds();
        list::splice_out(h, l, from, to);
        return Ok(Value::NONE);
    }
    // Keep what the slice leaves out, moving it down.
    let step = r.step.unsigned_abs() as usize;
    let low = if r.step > 0 { r.start } else { r.start + (r.count as i64 - 1) * r.step };
    let low = low.max(0) as usize;
    let mut to = low;
    for i in low..n {
        let gone = (i - low).is_multiple_of(step) && (i - low) / step < r.count;
        if !gone && let Some(v) = list::get(h, l, i) {
            list::set(h, l, to, v);
            to += 1;
        }
    }
    list::splice_out(h, l, n - r.count, n);
    Ok(Value::NONE)
}

// ---- methods -------------------------------------------------------------------------------------------------

fn arg(args: &[Value], i: usize) -> Value {
    args.get(i).copied().unwrap_or(Value::NONE)
}

fn append(heap: &mut Heap, args: &[Value]) -> R {
    list::append(heap, arg(args, 0), arg(args, 1))?;
    Ok(Value::NONE)
}

fn clear(heap: &mut Heap, args: &[Value]) -> R {
    list::clear(heap, arg(args, 0));
    Ok(Value::NONE)
}

fn copy(heap: &mut Heap, args: &[Value]) -> R {
    let l = arg(args, 0);
    match heap.slot(l, list::ITEMS) {
        Some(items) => {
            let n = list::len(heap, l);
            list::from_words(heap, items, 0, n)
        }
        None => list::new(heap),
    }
}

fn reverse(heap: &mut Heap, args: &[Value]) -> R {
    let l = arg(args, 0);
    let n = list::len(heap, l);
    if let Some(items) = heap.slot(l, list::ITEMS) {
        for i in 0..n / 2 {
            let (x, y) = (heap.slot(items, i), heap.slot(items, n - 1 - i));
            heap.set_slot(items, i, y);
            heap.set_slot(items, n - 1 - i, x);
        }
    }
    Ok(Value::NONE)
}

fn extend(vm: &mut Vm, args: Args) -> R {
    let (l, from) = (vm.req(args, 0), vm.req(args, 1));
    let slot = vm.push(l)?;
    seq::extend(vm, slot, from)?;
    Ok(Value::NONE)
}

fn insert(vm: &mut Vm, args: Args) -> R {
    let (l, at, v) = (vm.req(args, 0), vm.req(args, 1), vm.req(args, 2));
    let at = to_i64_saturated(vm, at)?;
    let n = list::len(vm.heap(), l) as i64;
    let at = if at < 0 { at.saturating_add(n).max(0) } else { at.min(n) } as usize;
    vm.with_heap3(list::insert, l, at, v)?;
    Ok(Value::NONE)
}

fn pop(vm: &mut Vm, args: Args) -> R {
    let l = vm.req(args, 0);
    let n = list::len(vm.heap(), l);
    if n == 0 {
        return Err(vm.raise(TypeId::IndexError, "pop from empty list"));
    }
    let i = match vm.arg(args, 1) {
        Some(key) => {
            let key = index_key(vm, key)?;
            vm.with_heap3(slice::index, key, n, "list")?
        }
        None => n - 1,
    };
    Ok(list::remove(vm.heap_mut(), l, i).unwrap_or(Value::NONE))
}

fn remove(vm: &mut Vm, args: Args) -> R {
    let (l, v) = (vm.req(args, 0), vm.req(args, 1));
    let mut look = seq::Look::new(l, 0, usize::MAX);
    loop {
        match look.next(vm, v)? {
            Some(i) if look.alone || look.is_there(vm, l, i) => {
                list::remove(vm.heap_mut(), l, i);
                return Ok(Value::NONE);
            }
            Some(_) => {
                // Others have changed the list meanwhile: once more, and nobody comes in.
                look = seq::Look::new(l, 0, usize::MAX);
                look.alone = true;
            }
            None => return Err(vm.raise(TypeId::ValueError, "object not in sequence")),
        }
    }
}
