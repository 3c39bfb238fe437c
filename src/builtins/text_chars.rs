//! Items and slices of texts and bytes.

use super::text::{self, Text};
use crate::base::utf8;
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, Value};
use crate::object::{slice, str};
use crate::q;
use crate::vm::{Vm, bulk};

/// `text[key]` for str, bytes and bytearray, loading only.
pub fn subscr(vm: &mut Vm, this: Value, key: Value) -> R {
    let me = text::of(vm, this)?;
    let flat = me.is_flat(vm);
    if flat && !vm.heap().is(key, Kind::Slice) {
        return vm.with_heap3(item, me.value, me.span, key);
    }
    let at = bulk::keep(vm, &[me.span])?;
    let made = if flat { part_of(vm, &me, key) } else { chars_of(vm, &me, key) };
    vm.drop_to(at);
    made
}

/// An item of bytes, or of a text with a byte for each character.
fn item(heap: &mut Heap, this: Value, all: Span, key: Value) -> R {
    let what = match heap.kind(this) {
        Kind::Bytes => "bytes",
        Kind::ByteArray => "bytearray",
        _ => "string",
    };
    let i = slice::index(heap, key, all.len(), what)?;
    if str::is_str(heap, this) {
        return Ok(str::next_char(heap, this, i)?.map_or(q!(""), |(c, _)| c));
    }
    Ok(Value::small(heap.span_bytes(all).get(i).copied().unwrap_or(0).into()))
}

/// A slice of the same.
fn part_of(vm: &mut Vm, me: &Text, key: Value) -> R {
    let r = vm.with_heap2(slice::resolve, key, me.span.len())?;
    if r.step == 1 {
        let (from, to) = r.bounds();
        return me.make(vm, me.span.sub(from, to));
    }
    bulk::strided(vm, me.kind, me.span, r.start, r.step, r.count)
}

/// A character or slice of a text with longer characters.
fn chars_of(vm: &mut Vm, me: &Text, key: Value) -> R {
    let len = me.len(vm)?;
    if !vm.heap().is(key, Kind::Slice) {
        let i = vm.with_heap(|heap| slice::index(heap, key, len, "string"))?;
        let at = me.offset_of(vm, i)?;
        return Ok(vm.with_heap2(str::next_char, me.value, at)?.map_or(q!(""), |(c, _)| c));
    }
    let r = vm.with_heap2(slice::resolve, key, len)?;
    if r.count == 0 {
        return Ok(q!(""));
    }
    let from = me.offset_of(vm, usize::try_from(r.start).unwrap_or(0))?;
    if r.step == 1 {
        let rest = me.span.sub(from, me.span.len());
        let n = bulk::char_offset(vm, rest, r.count)?.unwrap_or(rest.len());
        return me.make(vm, rest.sub(0, n));
    }
    // Two walks over the characters: their lengths, then the copies.
    let len = walk(vm, me.span, from, r.step, r.count, None)?;
    let (made, whole) = bulk::blank(vm, Kind::Str, len)?;
    walk(vm, me.span, from, r.step, r.count, Some(whole))?;
    bulk::done_cut(vm, made, len)
}

/// Goes over `count` characters from byte `at` on, `step` apart, and copies them where they are wanted; gives their bytes.
fn walk(vm: &mut Vm, s: Span, mut at: usize, step: i64, count: usize, to: Option<Span>) -> R<usize> {
    let mut len = 0;
    for i in 0..count {
        if i > 0 {
            at = hop(vm, s, at, step)?;
        }
        let first = vm.heap().span_bytes(s.sub(at, at + 1)).first().copied().unwrap_or(0);
        let ch = s.sub(at, at + utf8::len_of_first(first));
        if let Some(to) = to {
            vm.heap_mut().copy_span(to.sub(len, len + ch.len()), ch);
        }
        len += ch.len();
        vm.tick(200)?;
    }
    Ok(len)
}

/// The byte offset `step` characters further.
fn hop(vm: &mut Vm, s: Span, at: usize, step: i64) -> R<usize> {
    let n = step.unsigned_abs() as usize;
    if step > 0 {
        let rest = s.sub(at, s.len());
        return Ok(at + bulk::char_offset(vm, rest, n)?.unwrap_or(rest.len()));
    }
    let mut at = at;
    for i in 0..n {
        let before = vm.heap().span_bytes(s.sub(0, at));
        at -= utf8::decode_last(before).map_or(0, |(_, n)| n);
        if i & 63 == 63 {
            vm.tick(4000)?;
        }
    }
    Ok(at)
}
