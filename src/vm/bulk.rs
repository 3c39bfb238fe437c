//! Work over long runs of bytes, in pieces between which others have the VM: copying, searching, comparing, hashing.
//!
//! Invariants
//! - the owners of all spans are reachable, so that they outlive what runs meanwhile; a mutable owner that is changed then
//!   makes a result that fits what was there when each byte was reached, and nothing worse;
//! - what is made here is seen by nobody before it is complete;
//! - what fits a piece takes the short way, without a tick. Where flash counts everything does.

use super::api::Vm;
use super::fiber::Slot;
use crate::base::utf8;
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, Value, names};
use crate::object::{bytearray, bytes, str, strbuf};
use core::cmp::Ordering;

/// Bytes that are looked at one by one without a tick: some 8,000 instructions.
pub const PIECE: usize = 1024;
/// Bytes that a function looks at one by one without a tick.
const CLASSED: usize = PIECE / 2;
/// Bytes that are moved without a tick.
const BLOCK: usize = 8 * PIECE;

#[inline]
pub fn is_long(n: usize) -> bool {
    !cfg!(feature = "tiny") && n > PIECE
}

/// Pushes the owners of spans: where to drop to.
#[cfg(not(feature = "tiny"))]
pub fn keep(vm: &mut Vm, spans: &[Span]) -> R<Slot> {
    let at = Slot(vm.depth());
    for s in spans {
        vm.push(s.owner)?;
    }
    Ok(at)
}
/// Where flash counts nothing here gives way.
#[cfg(feature = "tiny")]
#[inline(always)]
pub fn keep(vm: &mut Vm, _: &[Span]) -> R<Slot> {
    Ok(Slot(vm.depth()))
}
/// Bytes as they are now, in an object that nobody changes, where they are long and others could change them; very long ones
/// are not copied, nor where there is no memory. The owner is to be kept.
#[cfg(not(feature = "tiny"))]
pub fn steady(vm: &mut Vm, s: Span) -> Span {
    let heap = vm.heap_mut();
    if s.len() <= PIECE || s.len() > BLOCK || !heap.is(s.owner, Kind::Raw) {
        return s;
    }
    match bytes::concat(heap, Kind::Bytes, &[s]) {
        Ok(copy) => bytes::cell(heap, copy),
        Err(_) => {
            heap.raised = None;
            s
        }
    }
}
#[cfg(feature = "tiny")]
#[inline(always)]
pub fn steady(_: &mut Vm, s: Span) -> Span {
    s
}
/// Drops what `keep` has pushed, and all above it.
#[inline(always)]
pub fn let_go(vm: &mut Vm, kept: Slot) {
    if cfg!(not(feature = "tiny")) {
        vm.drop_to(kept);
    }
}

/// Calls `f` with one piece after another, of `size` bytes, until it says that it has seen enough: where that piece begins.
#[inline]
fn pieces(vm: &mut Vm, s: Span, size: usize, mut f: impl FnMut(&mut Heap, Span) -> bool) -> R<Option<usize>> {
    let mut at = 0;
    loop {
        if f(vm.heap_mut(), s.sub(at, at + size)) {
            return Ok(Some(at));
        }
        at += size;
        if at >= s.len() {
            return Ok(None);
        }
        vm.tick(6000)?;
    }
}

// ---- making --------------------------------------------------------------------------------------------------

/// How many bytes are moved without a tick: word by word, or one by one where the places lie unlike in their words.
fn block(to: u32, from: u32) -> usize {
    if (to ^ from) & 3 == 0 { BLOCK } else { PIECE }
}

/// Copies as many bytes as both have; they may overlap.
pub fn copy(vm: &mut Vm, to: Span, from: Span) -> R<()> {
    let n = to.len().min(from.len());
    let up = to.owner == from.owner && to.offset > from.offset;
    // Upwards within one object bytes are moved one by one.
    let size = if up { PIECE } else { block(to.offset, from.offset) };
    if cfg!(feature = "tiny") || n <= size {
        vm.heap_mut().copy_span(to, from);
        return Ok(());
    }
    for k in 0..n.div_ceil(size) {
        let at = size * if up { n.div_ceil(size) - 1 - k } else { k };
        let end = n.min(at + size);
        vm.heap_mut().copy_span(to.sub(at, end), from.sub(at, end));
        vm.tick(6000)?;
    }
    Ok(())
}

/// A `Str`, `Bytes` or `ByteArray` of `len` zero bytes, in a slot, and its bytes. They are filled, then comes `done`.
pub fn blank(vm: &mut Vm, kind: Kind, len: usize) -> R<(Slot, Span)> {
    #[cfg(not(feature = "tiny"))]
    if len > BLOCK / 2 && kind != Kind::ByteArray {
        return blank_long(vm, kind, len);
    }
    let v = vm.with_heap_anew(|heap| match kind {
        Kind::ByteArray => bytearray::with_len(heap, len),
        kind => bytes::blank(heap, kind, len),
    })?;
    let slot = vm.push(v)?;
    if is_long(len) {
        vm.tick(6000)?;
    }
    Ok((slot, bytearray::bytes_span(vm.heap(), v).unwrap_or(Span::EMPTY)))
}
/// The same of a long one: memory is taken, then cleared.
#[cfg(not(feature = "tiny"))]
#[inline(never)]
fn blank_long(vm: &mut Vm, kind: Kind, len: usize) -> R<(Slot, Span)> {
    let words = 1 + len.div_ceil(4);
    let v = vm.with_heap_anew(|heap| match len > bytes::MAX_LEN {
        true => Err(heap.out_of_memory()),
        false => heap.alloc_raw(words),
    })?;
    let slot = vm.push(v)?;
    vm.tick(6000)?;
    for from in (0..vm.heap().words(v)).step_by(BLOCK) {
        vm.heap_mut().clear_raw(v, from, BLOCK);
        vm.tick(6000)?;
    }
    vm.heap_mut().set_kind(v, kind);
    bytes::set_len(vm.heap_mut(), v, len);
    Ok((slot, bytes::cell(vm.heap(), v)))
}

/// Completes the object in the slot, which is dropped with all above it: a `Str` gets its hash.
pub fn done(vm: &mut Vm, slot: Slot) -> R {
    let v = vm.get(slot);
    if cfg!(feature = "tiny") {
        vm.drop_to(slot);
        return Ok(bytes::seal(vm.heap_mut(), v));
    }
    let all = bytearray::bytes_span(vm.heap(), v).unwrap_or(Span::EMPTY);
    if !is_long(all.len()) || !vm.heap().is(v, Kind::Str) {
        vm.drop_to(slot);
        return Ok(bytes::seal(vm.heap_mut(), v));
    }
    vm.tick(4000)?;
    let (hash, ascii) = hash(vm, all)?;
    bytes::set_seal(vm.heap_mut(), v, hash, ascii);
    vm.drop_to(slot);
    Ok(v)
}

/// The hash of bytes or text, and whether all is ASCII.
pub fn hash(vm: &mut Vm, all: Span) -> R<(u32, bool)> {
    if !is_long(all.len()) {
        let text = vm.heap().span_bytes(all);
        return Ok((names::hash(text), utf8::is_ascii(text)));
    }
    let (mut hash, mut ascii) = (names::HASH_OF_NOTHING, true);
    pieces(vm, all, PIECE, |heap, part| {
        let text = heap.span_bytes(part);
        hash = names::hash_on(hash, text);
        ascii = ascii && utf8::is_ascii(text);
        false
    })?;
    Ok((names::hash_end(hash), ascii))
}

/// The same where only the first `len` bytes were filled.
pub fn done_cut(vm: &mut Vm, slot: Slot, len: usize) -> R {
    let v = vm.get(slot);
    let heap = vm.heap_mut();
    match heap.kind(v) {
        Kind::ByteArray => bytearray::truncate(heap, v, len),
        // The shortest texts are built-in names.
        Kind::Str if len < 2 => {
            let part = bytes::cell(heap, v).sub(0, len);
            let made = concat(vm, Kind::Str, &[part]);
            vm.drop_to(slot);
            return made;
        }
        _ => bytes::cut(heap, v, len),
    }
    done(vm, slot)
}

/// The same where less was filled only if others have changed what it is made of: where flash counts nobody has.
#[inline(always)]
pub fn done_at(vm: &mut Vm, slot: Slot, len: usize) -> R {
    if cfg!(feature = "tiny") { done(vm, slot) } else { done_cut(vm, slot, len) }
}

/// One `Str`, `Bytes` or `ByteArray` of several runs of bytes.
pub fn concat(vm: &mut Vm, kind: Kind, parts: &[Span]) -> R {
    let len = parts.iter().fold(0usize, |n, s| n.saturating_add(s.len()));
    if !is_long(len) {
        return vm.with_heap_anew(|heap| strbuf::concat(heap, kind, parts));
    }
    if kind != Kind::Str && len <= BLOCK {
        // In one step, before others change the parts.
        let made = vm.with_heap_anew(|heap| strbuf::concat(heap, kind, parts))?;
        return vm.moved(BLOCK, made);
    }
    let (slot, whole) = blank(vm, kind, len)?;
    let mut at = 0;
    for p in parts {
        copy(vm, whole.sub(at, at + p.len()), *p)?;
        at += p.len();
    }
    done(vm, slot)
}

/// A `Str`, `Bytes` or `ByteArray` with the span's bytes: its owner itself where that will do.
pub fn make(vm: &mut Vm, kind: Kind, s: Span) -> R {
    let heap = vm.heap();
    let same = heap.is(s.owner, kind) && kind != Kind::ByteArray && s.offset == 0;
    if !is_long(s.len()) || same && heap.str_span(s.owner).is_some_and(|all| all.len == s.len) {
        return vm.with_heap_anew(|heap| strbuf::make(heap, kind, s));
    }
    concat(vm, kind, &[s])
}

/// A `Str`, `Bytes` or `ByteArray` with bytes that lie outside the heap and stay as they are.
pub fn new(vm: &mut Vm, kind: Kind, text: &[u8]) -> R {
    if !is_long(text.len()) && kind != Kind::ByteArray {
        return vm.with_heap_anew(|heap| bytes::new(heap, kind, text));
    }
    let (slot, whole) = blank(vm, kind, text.len())?;
    for at in (0..text.len()).step_by(BLOCK) {
        let rest = text.get(at..).unwrap_or(&[]);
        vm.heap_mut().write_span(whole.sub(at, at + BLOCK), rest);
        tick_long(vm, at + BLOCK, text.len())?;
    }
    done(vm, slot)
}
/// Whether bytes outside the heap are a text, of Unicode's characters alone.
pub fn is_text(vm: &mut Vm, text: &[u8]) -> R<bool> {
    let mut rest = text;
    while is_long(rest.len()) {
        let (part, more) = rest.split_at_checked(utf8::piece(rest, PIECE)).unwrap_or((rest, &[]));
        if core::str::from_utf8(part).is_err() {
            return Ok(false);
        }
        rest = more;
        vm.tick(6000)?;
    }
    Ok(core::str::from_utf8(rest).is_ok())
}
/// A safepoint where `done` is not all.
fn tick_long(vm: &mut Vm, done: usize, all: usize) -> R<()> {
    if done < all { vm.turn(6000) } else { Ok(()) }
}

/// Repeats `s` over all of `to`.
pub fn fill(vm: &mut Vm, to: Span, s: Span) -> R<()> {
    if !is_long(to.len()) {
        bytes::fill(vm.heap_mut(), to, s);
        return Ok(());
    }
    // Many copies of a short run are moved at a time.
    let first = (s.len() * (PIECE.checked_div(s.len()).unwrap_or(0)).max(1)).min(to.len());
    if is_long(first) {
        copy(vm, to.sub(0, first), s)?;
    } else {
        bytes::fill(vm.heap_mut(), to.sub(0, first), s);
    }
    let mut at = first;
    while first > 0 && at < to.len() {
        copy(vm, to.sub(at, at + first), to.sub(0, first))?;
        at += first;
        vm.tick(first as u32)?;
    }
    Ok(())
}

/// `n` copies of `s`.
pub fn repeat(vm: &mut Vm, kind: Kind, s: Span, n: i64) -> R {
    let total = bytes::repeated_len(vm.heap_mut(), s.len(), n, bytes::MAX_LEN)?;
    if total == 0 || total == s.len() {
        return make(vm, kind, s.sub(0, total));
    }
    let s = steady(vm, s);
    let kept = keep(vm, &[s])?;
    let (slot, whole) = blank(vm, kind, total)?;
    fill(vm, whole, s)?;
    let made = done(vm, slot)?;
    let_go(vm, kept);
    Ok(made)
}

/// Every `step`-th byte from byte `start` on, `count` of them: a `Str` (of ASCII), `Bytes` or `ByteArray`.
pub fn strided(vm: &mut Vm, kind: Kind, s: Span, start: i64, step: i64, count: usize) -> R {
    if count < 2 {
        let at = usize::try_from(start).unwrap_or(0);
        return make(vm, kind, s.sub(at, at + count));
    }
    let s = steady(vm, s);
    let kept = keep(vm, &[s])?;
    let (slot, whole) = blank(vm, kind, count)?;
    let mut from = start;
    for at in (0..count).step_by(128) {
        let mut copy = [0; 128];
        let (n, heap) = ((count - at).min(copy.len()), vm.heap_mut());
        let text = heap.span_bytes(s);
        for to in copy.iter_mut().take(n) {
            *to = usize::try_from(from).ok().and_then(|i| text.get(i)).copied().unwrap_or(0);
            from += step;
        }
        heap.write_span(whole.sub(at, at + n), copy.get(..n).unwrap_or(&[]));
        if is_long(count) {
            vm.tick(2000)?;
        }
    }
    let made = done(vm, slot)?;
    let_go(vm, kept);
    Ok(made)
}

/// Appends bytes to a byte array that is reachable, as they are when their turn comes.
pub fn append(vm: &mut Vm, array: Value, s: Span) -> R<()> {
    if !is_long(s.len()) {
        return vm.with_heap_anew(|heap| bytearray::extend_span(heap, array, s));
    }
    let at = keep(vm, &[s])?;
    vm.with_heap_anew(|heap| bytearray::reserve(heap, array, s.len()))?;
    // In one step where they are some thousand, wherever they lie in their words.
    let size =
        if s.len() <= BLOCK { BLOCK } else { block(bytearray::len(vm.heap(), array) as u32, s.offset) };
    for from in (0..s.len()).step_by(size) {
        let part = s.sub(from, from + size);
        vm.with_heap_anew(|heap| bytearray::extend_span(heap, array, part))?;
        vm.tick(6000)?;
    }
    vm.drop_to(at);
    Ok(())
}

/// Makes room for `more` bytes in a byte array that nobody else knows, and that is reachable: the bytes of a long one move in
/// pieces.
#[cfg(not(feature = "tiny"))]
#[inline]
pub fn make_room(vm: &mut Vm, array: Value, more: usize) -> R<()> {
    if bytearray::len(vm.heap(), array) + more > BLOCK { make_much_room(vm, array, more) } else { Ok(()) }
}
#[cfg(feature = "tiny")]
#[inline(always)]
pub fn make_room(_: &mut Vm, _: Value, _: usize) -> R<()> {
    Ok(())
}
#[cfg(not(feature = "tiny"))]
#[inline(never)]
fn make_much_room(vm: &mut Vm, array: Value, more: usize) -> R<()> {
    let Some(raw) = vm.with_heap_anew(|h| bytearray::begin_move(h, array, more))? else {
        return Ok(());
    };
    let slot = vm.push(raw)?;
    vm.tick(6000)?;
    let old = bytearray::span(vm.heap(), array);
    let new = vm.heap().cell_span(raw, 0, old.len());
    copy(vm, new, old)?;
    bytearray::end_move(vm.heap_mut(), array, raw);
    vm.drop_to(slot);
    Ok(())
}

/// Appends bytes, which are reachable, to a byte array that nobody else knows.
pub fn append_own(vm: &mut Vm, array: Value, s: Span) -> R<()> {
    make_room(vm, array, s.len())?;
    append(vm, array, s)
}

/// The str with a run of bytes, which are reachable, where `valid` says that they are UTF-8.
pub fn text(vm: &mut Vm, s: Span, valid: fn(&[u8]) -> bool) -> R<Option<Value>> {
    if !is_long(s.len()) {
        return vm.with_heap(|h| {
            if valid(h.span_bytes(s)) { bytes::concat(h, Kind::Str, &[s]).map(Some) } else { Ok(None) }
        });
    }
    // What is looked at is a copy: others may change the bytes meanwhile.
    let s = steady(vm, s);
    let kept = keep(vm, &[s])?;
    let (made, whole) = blank(vm, Kind::Str, s.len())?;
    copy(vm, whole, s)?;
    let text = if is_utf8(vm, whole, valid)? { Some(done(vm, made)?) } else { None };
    let_go(vm, kept);
    Ok(text)
}

/// The str with the text of a byte array that nobody else knows; its slot is dropped with all above it.
pub fn take_text(vm: &mut Vm, array: Slot) -> R {
    let v = vm.get(array);
    #[cfg(not(feature = "tiny"))]
    if is_long(bytearray::len(vm.heap(), v)) {
        return take_long_text(vm, array);
    }
    let made = vm.with_heap1(bytearray::into_str, v);
    vm.drop_to(array);
    made
}
/// A function of its own: its frame is large.
#[cfg(not(feature = "tiny"))]
#[inline(never)]
fn take_long_text(vm: &mut Vm, array: Slot) -> R {
    let v = vm.get(array);
    let heap = vm.heap_mut();
    let n = bytearray::len(heap, v);
    let Some(raw) = bytearray::begin_str(heap, v) else {
        let all = bytearray::span(heap, v);
        let made = make(vm, Kind::Str, all)?;
        vm.drop_to(array);
        return Ok(made);
    };
    vm.set(array, raw);
    // From the end on, so that nothing is overwritten before it was moved.
    let words = n.div_ceil(4);
    const SHIFTED: usize = PIECE / 2;
    for k in (0..words.div_ceil(SHIFTED)).rev() {
        bytearray::shift_word(vm.heap_mut(), raw, k * SHIFTED, words.min((k + 1) * SHIFTED));
        vm.tick(5000)?;
    }
    bytearray::end_str(vm.heap_mut(), raw, n);
    done(vm, array)
}

// ---- looking -------------------------------------------------------------------------------------------------

/// The bytes at the start (or end) that are in a class: how many.
#[inline(always)]
pub fn run_of(vm: &mut Vm, s: Span, from_end: bool, class: impl Fn(u8) -> bool) -> R<usize> {
    // Where flash counts it is compiled once.
    if cfg!(feature = "tiny") { run_of_class(vm, s, from_end, &class) } else { run(vm, s, from_end, class) }
}
#[inline(never)]
fn run_of_class(vm: &mut Vm, s: Span, from_end: bool, class: &dyn Fn(u8) -> bool) -> R<usize> {
    run(vm, s, from_end, class)
}
#[inline]
fn run(vm: &mut Vm, s: Span, from_end: bool, class: impl Fn(u8) -> bool) -> R<usize> {
    let n = s.len();
    let mut done = 0;
    loop {
        let left = if cfg!(feature = "tiny") { n } else { (n - done).min(CLASSED) };
        let part = if from_end { s.sub(n - done - left, n - done) } else { s.sub(done, done + left) };
        let text = vm.heap().span_bytes(part);
        let stop = match from_end {
            true => text.iter().rposition(|b| !class(*b)).map(|at| text.len() - 1 - at),
            false => text.iter().position(|b| !class(*b)),
        };
        if let Some(stop) = stop {
            return Ok(done + stop);
        }
        done += left;
        if cfg!(feature = "tiny") || done >= n {
            return Ok(n);
        }
        vm.tick(6000)?;
    }
}

/// The characters of a run of UTF-8.
pub fn count_chars(vm: &mut Vm, s: Span) -> R<usize> {
    if !is_long(s.len()) {
        return Ok(utf8::count(vm.heap().span_bytes(s)));
    }
    let mut n = 0;
    pieces(vm, s, PIECE, |heap, part| {
        n += utf8::count(heap.span_bytes(part));
        false
    })?;
    Ok(n)
}

/// Byte offset of a character; `None` beyond the one after the last.
pub fn char_offset(vm: &mut Vm, s: Span, index: usize) -> R<Option<usize>> {
    if !is_long(s.len()) {
        return Ok(utf8::offset_of(vm.heap().span_bytes(s), index));
    }
    let (mut left, mut found) = (index, None);
    let at = pieces(vm, s, PIECE, |heap, part| {
        found = utf8::seek(heap.span_bytes(part), &mut left);
        found.is_some()
    })?;
    Ok(match (found, at) {
        (Some(n), Some(at)) => Some(at + n),
        _ => (left == 0).then_some(s.len()),
    })
}

/// Replaces each byte of an object that nobody knows yet.
pub fn map(vm: &mut Vm, s: Span, to: fn(u32) -> u32) -> R<()> {
    let each = |heap: &mut Heap, part: Span| {
        for b in heap.span_bytes_mut(part) {
            *b = to(u32::from(*b)) as u8;
        }
        false
    };
    if is_long(s.len()) {
        pieces(vm, s, CLASSED, each)?;
    } else {
        each(vm.heap_mut(), s);
    }
    Ok(())
}

/// The first bytes of a text, `most` at most, which end where a character does.
pub fn characters(vm: &Vm, s: Span, most: usize) -> Span {
    let mut end = s.len().min(most);
    for _ in 0..3 {
        let next = vm.heap().span_bytes(s.sub(end, end + 1)).first().copied();
        end -= usize::from(next.is_some_and(utf8::is_cont) && end > 0);
    }
    s.sub(0, end)
}

/// Whether the bytes are UTF-8, as `valid` says of runs of characters.
pub fn is_utf8(vm: &mut Vm, s: Span, valid: fn(&[u8]) -> bool) -> R<bool> {
    if !is_long(s.len()) {
        return Ok(valid(vm.heap().span_bytes(s)));
    }
    let mut at = 0;
    loop {
        // A piece does not end within a character; what is none is of any length.
        let part = characters(vm, s.sub(at, s.len()), PIECE / 2);
        let end = at + if part.is_empty() { PIECE / 2 } else { part.len() };
        let heap = vm.heap();
        if !valid(heap.span_bytes(s.sub(at, end))) {
            return Ok(false);
        }
        at = end;
        if at >= s.len() {
            return Ok(true);
        }
        vm.tick(6000)?;
    }
}

/// Lexical order of two runs of bytes.
pub fn order(vm: &mut Vm, a: Span, b: Span) -> R<Ordering> {
    let (mut at, n) = (0, a.len().min(b.len()));
    if !is_long(n) {
        return Ok(bytes::compare(vm.heap(), a, b));
    }
    while is_long(n - at) {
        let end = at + (2 * PIECE).min(n - at);
        let order = bytes::compare(vm.heap(), a.sub(at, end), b.sub(at, end));
        if order.is_ne() {
            return Ok(order);
        }
        vm.tick(6000)?;
        at = end;
    }
    Ok(bytes::compare(vm.heap(), a.sub(at, a.len()), b.sub(at, b.len())))
}

pub fn equal(vm: &mut Vm, a: Span, b: Span) -> R<bool> {
    Ok(a.len() == b.len() && order(vm, a, b)?.is_eq())
}

/// Whether two strings have the same text.
pub fn equal_strs(vm: &mut Vm, a: Value, b: Value) -> R<bool> {
    let heap = vm.heap();
    if cfg!(feature = "tiny") {
        return Ok(str::equal(heap, a, b));
    }
    let long = a != b && str::hash(heap, a) == str::hash(heap, b);
    match (long, heap.str_span(a), heap.str_span(b)) {
        (true, Some(x), Some(y)) if is_long(x.len()) => equal(vm, x, y),
        _ => Ok(str::equal(heap, a, b)),
    }
}

/// `a + b` of strings, one of them itself where the other is empty.
pub fn add_strs(vm: &mut Vm, a: Value, b: Value) -> R {
    if cfg!(feature = "tiny") {
        return vm.with_heap2(str::add, a, b);
    }
    match (vm.heap().str_span(a), vm.heap().str_span(b)) {
        (Some(x), Some(y)) if is_long(x.len() + y.len()) && !x.is_empty() && !y.is_empty() => {
            concat(vm, Kind::Str, &[x, y])
        }
        _ => vm.with_heap2(str::add, a, b),
    }
}
