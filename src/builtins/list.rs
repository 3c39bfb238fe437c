//! `list`.

use super::convert::{int_value, to_i64_saturated};
use super::look::Look;
use super::seq;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::iter::{self, How};
use crate::object::{array, exc, int, list, slice, tuple};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::*;
use crate::vm::pieces::{COPIED, ITEMS};

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
        Entry { name: q!("copy"), value: vm_fn(copy, 1, 1) },
        Entry { name: q!("count"), value: vm_fn(seq::count, 2, 2) },
        Entry { name: q!("extend"), value: vm_fn(extend, 2, 2) },
        Entry { name: q!("index"), value: vm_fn(seq::index, 2, 4) },
        Entry { name: q!("insert"), value: vm_fn(insert, 3, 3) },
        Entry { name: q!("pop"), value: vm_fn(pop, 1, 2) },
        Entry { name: q!("remove"), value: vm_fn(remove, 2, 2) },
        Entry { name: q!("reverse"), value: vm_fn(reverse, 1, 1) },
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
        B::Add if left && right => seq::concat(vm, a, b),
        B::InplaceAdd if left => {
            let slot = vm.push(a)?;
            seq::extend(vm, slot, b)?;
            vm.drop_to(slot);
            Ok(a)
        }
        B::Multiply if left && int::is(vm.heap(), b) => seq::repeat(vm, a, b),
        B::Multiply if right && int::is(vm.heap(), a) => seq::repeat(vm, b, a),
        B::InplaceMultiply if left && int::is(vm.heap(), b) => {
            let times = to_i64_saturated(vm, b)?;
            let n = list::len(vm.heap(), a);
            let total = seq::repeated_len(vm, n, times)?;
            if total < n {
                list::clear(vm.heap_mut(), a);
                return Ok(a);
            }
            if cfg!(not(feature = "tiny")) && total <= COPIED {
                vm.with_heap_anew(|h| {
                    let total = seq::repeated(h, list::len(h, a), times)?;
                    list::fill_up(h, a, total)
                })?;
                return vm.moved(total, a);
            }
            vm.with_heap_anew(|h| {
                let n = list::len(h, a);
                array::reserve(h, a, list::ITEMS, n, total)
            })?;
            seq::fill_up(vm, a, total)?;
            Ok(a)
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn subscr(vm: &mut Vm, l: Value, key: Value, access: Access) -> R {
    if vm.heap().is(key, Kind::Slice) {
        return match access {
            Access::Load => load_slice(vm, l, key),
            Access::Store(v) => store_slice(vm, l, key, v),
            Access::Delete => delete_slice(vm, l, key),
        };
    }
    let key = index_key(vm, key)?;
    if matches!(access, Access::Delete) {
        vm.settle(l, list::ITEMS)?;
    }
    let n = list::len(vm.heap(), l);
    let i = vm.with_heap3(slice::index, key, n, "list")?;
    match access {
        Access::Load => Ok(list::get(vm.heap(), l, i).unwrap_or(Value::NONE)),
        Access::Store(v) => {
            list::set(vm.heap_mut(), l, i, v);
            Ok(Value::NONE)
        }
        Access::Delete => {
            remove_at(vm, l, i)?;
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

/// Takes item `i` out, once the items may be moved.
fn remove_at(vm: &mut Vm, l: Value, i: usize) -> R {
    let from_end = list::len(vm.heap(), l) - i;
    let gone = list::remove(vm.heap_mut(), l, i).unwrap_or(Value::NONE);
    vm.moved(from_end, gone)
}

fn load_slice(vm: &mut Vm, l: Value, key: Value) -> R {
    let resolved = |vm: &mut Vm, n: usize| {
        Ok(match slice::resolve_small(vm.heap(), key, n) {
            Some((start, step, count)) => (start as isize, step as isize, count as usize),
            None => {
                let r = vm.with_heap2(slice::resolve, key, n)?;
                (r.start as isize, r.step as isize, r.count)
            }
        })
    };
    let n = list::len(vm.heap(), l);
    let (start, step, count) = resolved(vm, n)?;
    // Where flash counts the long way is the only one.
    if cfg!(feature = "tiny") || step != 1 && count <= ITEMS {
        return seq::slice(vm, l, start, step, count);
    }
    if step == 1 {
        // Others may change the list while there is made room: what the key means is asked anew.
        return vm.new_list_of(l, |h, n| match slice::resolve_small(h, key, n) {
            Some((start, _, count)) => (start as usize, count as usize),
            None => (start as usize, count),
        });
    }
    // Without memory for a copy others may change it amid the slice.
    let whole = seq::frozen(vm, l, 0, usize::MAX).unwrap_or(l);
    let kept = vm.push(whole)?;
    let made = seq::slice(vm, whole, start, step, count);
    vm.drop_to(kept);
    made
}

#[inline(never)]
fn store_slice(vm: &mut Vm, l: Value, key: Value, v: Value) -> R {
    // A copy where the source is not a tuple or list, or is this list.
    let plain = v != l && (tuple::is(vm.heap(), v) || vm.heap().is(v, Kind::List));
    let source = if plain { v } else { seq::collect(vm, v)? };
    let slot = vm.push(source)?;
    vm.settle(l, list::ITEMS)?;
    let (n, m) = (list::len(vm.heap(), l), seq::len(vm, source));
    let r = vm.with_heap2(slice::resolve, key, n)?;
    if r.step == 1 {
        if cfg!(not(feature = "tiny")) && n + m > COPIED {
            vm.with_heap_anew(|h| {
                let n = list::len(h, l);
                array::reserve(h, l, list::ITEMS, n, n + m.saturating_sub(r.count))
            })?;
            vm.tick(COPIED as u32)?;
        }
        vm.settle(l, list::ITEMS)?;
        vm.with_heap_anew(|h| {
            // Others may have had the VM.
            let r = slice::resolve(h, key, list::len(h, l))?;
            let (from, to) = r.bounds();
            let (words, m) = if tuple::is(h, source) {
                (Some(source), tuple::len(h, source))
            } else {
                (h.slot(source, list::ITEMS), list::len(h, source))
            };
            list::splice(h, l, from, to, words.unwrap_or(Value::EMPTY_TUPLE), m)
        })?;
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
        #[cfg(feature = "tiny")]
        for i in 0..m {
            if let Some(v) = seq::item(vm, source, i) {
                list::set(vm.heap_mut(), l, (r.start + i as i64 * r.step) as usize, v);
            }
        }
        #[cfg(not(feature = "tiny"))]
        for i in (0..m).step_by(AT_ONCE) {
            let (heap, start) = (vm.heap_mut(), r.start + i as i64 * r.step);
            let words =
                if heap.is(source, Kind::List) { heap.slot(source, list::ITEMS) } else { Some(source) };
            if let Some(words) = words {
                list::set_every(heap, l, start, r.step, words, i, (m - i).min(AT_ONCE));
            }
            if i + AT_ONCE < m {
                vm.tick(8 * AT_ONCE as u32)?;
            }
        }
    }
    vm.drop_to(slot);
    vm.moved(n, Value::NONE)
}

/// Items that a slice with gaps takes out at a stretch.
const TAKEN: usize = if cfg!(feature = "tiny") { usize::MAX } else { 64 };
/// Items of a list that are moved one by one in one step.
#[cfg(not(feature = "tiny"))]
const AT_ONCE: usize = 2048;

#[inline(never)]
fn delete_slice(vm: &mut Vm, l: Value, key: Value) -> R {
    vm.settle(l, list::ITEMS)?;
    let n = list::len(vm.heap(), l);
    let r = vm.with_heap2(slice::resolve, key, n)?;
    if r.step == 1 {
        let (from, to) = r.bounds();
        list::splice_out(vm.heap_mut(), l, from, to);
        return vm.moved(n, Value::NONE);
    }
    let step = r.step.unsigned_abs() as usize;
    let low = if r.step > 0 { r.start } else { r.start + (r.count as i64 - 1) * r.step };
    let low = low.max(0) as usize;
    #[cfg(not(feature = "tiny"))]
    if n - low.min(n) <= AT_ONCE {
        list::take_out_at_once(vm.heap_mut(), l, low, step, r.count);
        return vm.moved(8 * n, Value::NONE);
    }
    // From the end, so that places before stay what they are.
    let mut left = r.count;
    while left > 0 {
        let gone = left.min(TAKEN);
        left -= gone;
        list::take_out(vm.heap_mut(), l, low + left * step, step, gone);
        if left > 0 {
            vm.turn(TAKEN.min(COPIED) as u32 * 50)?;
            vm.settle(l, list::ITEMS)?;
        }
    }
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

fn copy(vm: &mut Vm, args: Args) -> R {
    seq::collect(vm, vm.req(args, 0))
}

fn reverse(vm: &mut Vm, args: Args) -> R {
    let l = vm.req(args, 0);
    #[cfg(not(feature = "tiny"))]
    {
        vm.settle(l, list::ITEMS)?;
        let n = list::len(vm.heap(), l);
        if n <= 2 * AT_ONCE {
            list::reverse(vm.heap_mut(), l);
            return vm.moved(4 * n, Value::NONE);
        }
    }
    let mut i = 0;
    loop {
        i = list::reverse_some(vm.heap_mut(), l, i, ITEMS);
        if cfg!(feature = "tiny") || i >= list::len(vm.heap(), l) / 2 {
            break;
        }
        vm.tick_after(ITEMS, 20)?;
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
    vm.settle(l, list::ITEMS)?;
    vm.with_heap_anew(|h| {
        let n = list::len(h, l) as i64;
        let at = if at < 0 { at.saturating_add(n).max(0) } else { at.min(n) } as usize;
        list::insert(h, l, at, v)
    })?;
    let n = list::len(vm.heap(), l);
    vm.moved(n, Value::NONE)
}

fn pop(vm: &mut Vm, args: Args) -> R {
    let l = vm.req(args, 0);
    let key = match vm.arg(args, 1) {
        Some(key) => {
            vm.settle(l, list::ITEMS)?;
            index_key(vm, key)?
        }
        None => Value::small(-1),
    };
    let n = list::len(vm.heap(), l);
    if n == 0 {
        return Err(vm.raise(TypeId::IndexError, "pop from empty list"));
    }
    let i = vm.with_heap3(slice::index, key, n, "list")?;
    remove_at(vm, l, i)
}

fn remove(vm: &mut Vm, args: Args) -> R {
    let (l, v) = (vm.req(args, 0), vm.req(args, 1));
    loop {
        let mut look = Look::new(l, 0, usize::MAX);
        let Some(i) = look.next(vm, v)? else {
            return Err(vm.raise(TypeId::ValueError, "object not in sequence"));
        };
        vm.settle(l, list::ITEMS)?;
        let at = look.place(vm, l, i);
        look.end(vm);
        // Where others have taken it out meanwhile there may be another.
        if let Some(i) = at {
            list::remove(vm.heap_mut(), l, i);
            return Ok(Value::NONE);
        }
    }
}
