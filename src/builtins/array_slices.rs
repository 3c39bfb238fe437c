//! Slices of byte arrays that are overwritten or deleted, with turns for others.

use super::bytes::copied;
use super::text;
use crate::heap::span::Span;
use crate::heap::{Kind, R, TypeId, Value};
use crate::object::{bytearray, slice};
use crate::vm::{Vm, bulk};

/// Bytes that are moved one by one in one step: out of an array, and into one.
#[cfg(not(feature = "tiny"))]
const TAKEN: usize = 2048;
const STORED: usize = 768;

/// `this[key] = v`, which has bytes.
pub fn store_slice(vm: &mut Vm, this: Value, key: Value, v: Value) -> R {
    let len = bytearray::len(vm.heap(), this);
    let r = vm.with_heap2(slice::resolve, key, len)?;
    if r.step == 1 {
        vm.with_heap_anew(|heap| {
            // Others may have had the VM.
            let r = slice::resolve(heap, key, bytearray::len(heap, this))?;
            let (from, to) = r.bounds();
            let Some(new) = text::buffer(heap, v, false) else { return Err(text::mixed(heap, Kind::Bytes)) };
            bytearray::splice(heap, this, from, to, new)
        })?;
        return vm.moved(len / 2, Value::NONE);
    }
    let new = text::buffer(vm.heap(), v, false).unwrap_or(Span::EMPTY);
    if new.len() != r.count {
        return Err(vm.raise(TypeId::ValueError, "slice lengths don't match"));
    }
    // The array itself may be among what is stored.
    let copy = copied(vm, Kind::ByteArray, new)?;
    let keep = vm.push(copy)?;
    // What the key means now is what counts: the copy took its time.
    let len = bytearray::len(vm.heap(), this);
    let r = vm.with_heap2(slice::resolve, key, len)?;
    for i in (0..r.count).step_by(64) {
        let mut part = [0; 64];
        let heap = vm.heap_mut();
        let from = bytearray::span(heap, copy).sub(i, i + part.len());
        let n = heap.read_span(from, &mut part);
        let all = bytearray::span(heap, this);
        let bytes = heap.span_bytes_mut(all);
        // What lies before the first byte is far behind the last.
        let mut to = (r.start + i as i64 * r.step) as usize;
        for b in part.iter().take(n) {
            if let Some(place) = bytes.get_mut(to) {
                *place = *b;
            }
            to = to.wrapping_add(r.step as usize);
        }
        if i % STORED == STORED - 64 {
            vm.tick(16 * STORED as u32)?;
        }
    }
    vm.drop_to(keep);
    Ok(Value::NONE)
}

/// `del this[key]`
pub fn delete(vm: &mut Vm, this: Value, key: Value) -> R {
    let len = bytearray::len(vm.heap(), this);
    if !vm.heap().is(key, Kind::Slice) {
        vm.with_heap_anew(|heap| {
            let len = bytearray::len(heap, this);
            let i = slice::index(heap, key, len, "bytearray")?;
            bytearray::splice(heap, this, i, i + 1, Span::EMPTY)
        })?;
        return vm.moved(len / 2, Value::NONE);
    }
    let r = vm.with_heap2(slice::resolve, key, len)?;
    if r.step == 1 {
        vm.with_heap_anew(|heap| {
            let r = slice::resolve(heap, key, bytearray::len(heap, this))?;
            let (from, to) = r.bounds();
            bytearray::splice(heap, this, from, to, Span::EMPTY)
        })?;
        return vm.moved(len / 2, Value::NONE);
    }
    #[cfg(not(feature = "tiny"))]
    if len <= TAKEN {
        let step = r.step.unsigned_abs() as usize;
        let first = if r.step > 0 { r.start } else { r.start + (r.count as i64 - 1) * r.step };
        let first = usize::try_from(first).unwrap_or(0);
        vm.with_heap(|heap| bytearray::take_out(heap, this, first, step, r.count))?;
        return vm.moved(8 * len, Value::NONE);
    }
    // What stays is gathered, and takes the place of all in one step.
    let made = vm.with_heap_anew(|heap| {
        bytearray::check_unpinned(heap, this)?;
        bytearray::with_len(heap, len)
    })?;
    let kept = vm.push(made)?;
    let step = r.step.unsigned_abs() as usize;
    let first = usize::try_from(if r.step > 0 { r.start } else { r.start + (r.count as i64 - 1) * r.step });
    let first = first.unwrap_or(0);
    let mut to = 0;
    for k in 0..=r.count {
        let from = if k == 0 { 0 } else { first + (k - 1) * step + 1 };
        let until = if k == r.count { len } else { first + k * step };
        let part = bytearray::span(vm.heap(), this).sub(from, until);
        let whole = bytearray::span(vm.heap(), made);
        bulk::copy(vm, whole.sub(to, to + part.len()), part)?;
        to += part.len();
        vm.tick(150)?;
    }
    vm.with_heap(|heap| {
        bytearray::truncate(heap, made, to);
        bytearray::adopt(heap, this, made)
    })?;
    vm.drop_to(kept);
    Ok(Value::NONE)
}
