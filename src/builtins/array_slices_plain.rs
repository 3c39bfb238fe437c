//! Slices of byte arrays that are overwritten or deleted, where they are short.

use super::text;
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::exc::raise;
use crate::object::{bytearray, bytes, slice};
use crate::vm::Vm;

/// `this[key] = v`, which has bytes.
pub fn store_slice(vm: &mut Vm, this: Value, key: Value, v: Value) -> R {
    vm.with_heap(|heap| store(heap, this, key, v))
}

fn store(heap: &mut Heap, this: Value, key: Value, v: Value) -> R {
    let len = bytearray::len(heap, this);
    let r = slice::resolve(heap, key, len)?;
    let new = text::buffer(heap, v, false).unwrap_or(Span::EMPTY);
    if r.step == 1 {
        let (from, to) = r.bounds();
        bytearray::splice(heap, this, from, to, new)?;
        return Ok(Value::NONE);
    }
    if new.len() != r.count {
        return Err(raise(heap, TypeId::ValueError, "slice lengths don't match"));
    }
    // The array itself may be among what is stored.
    let copy = bytes::concat(heap, Kind::Bytes, &[new])?;
    let (all, copy) = (bytearray::span(heap, this), bytes::cell(heap, copy));
    for i in 0..r.count {
        let to = (r.start + i as i64 * r.step) as usize;
        heap.copy_span(all.sub(to, to + 1), copy.sub(i, i + 1));
    }
    Ok(Value::NONE)
}

/// `del this[key]`
pub fn delete(vm: &mut Vm, this: Value, key: Value) -> R {
    vm.with_heap2(take_out, this, key)
}

fn take_out(heap: &mut Heap, this: Value, key: Value) -> R {
    let len = bytearray::len(heap, this);
    let mut from;
    let (mut size, mut step, mut count) = (1, 0, 1);
    if heap.is(key, Kind::Slice) {
        let r = slice::resolve(heap, key, len)?;
        (from, step, count) = (r.start as usize, r.step as usize, r.count);
        if r.step == 1 {
            (size, count) = (count, 1);
        } else if r.step > 0 {
            // From the back, so that the places in front stay.
            from = from.wrapping_add(count.wrapping_sub(1).wrapping_mul(step));
            step = step.wrapping_neg();
        }
    } else {
        from = slice::index(heap, key, len, "bytearray")?;
    }
    for _ in 0..count {
        bytearray::splice(heap, this, from, from + size, Span::EMPTY)?;
        from = from.wrapping_add(step);
    }
    Ok(Value::NONE)
}
