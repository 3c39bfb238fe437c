//! `micropython.RingIO`: a stream over a ring of bytes, for one writer and one reader.
//!
//! Invariants
//! - the cell holds the type, the object with the bytes, and the places of reader and writer; one byte of the ring stays
//!   free, so equal places mean that it is empty;
//! - places are taken modulo the buffer's present size, so a buffer that its owner shrank cannot lead outside.

use super::stream::{self, errno, os_error, ready, request};
use crate::builtins::text;
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::{bytearray, int, text_iter};
use crate::q;
use crate::vm::def::{Args, Buffer, Entry, Mode, NativeDef, StreamDef, TypeDef, entry, heap_fn, vm_fn};
use crate::vm::{Vm, bulk};

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 1, 1, false)),
    print: Some(show),
    stream: Some(&StreamDef { read: Some(read), write: Some(write), ioctl: Some(ioctl), text: false }),
    entries: &ENTRIES,
    ..TypeDef::plain(TypeId::RingIO, q!("RingIO"))
};

static ENTRIES: [Entry; 6] = [
    entry(q!("any"), heap_fn(any, 1, 1)),
    entry(q!("read"), vm_fn(stream::read, 1, 2)),
    entry(q!("readinto"), vm_fn(stream::readinto, 2, 3)),
    entry(q!("readline"), vm_fn(stream::readline, 1, 2)),
    entry(q!("write"), vm_fn(stream::write, 2, 4)),
    entry(q!("close"), vm_fn(stream::close, 1, 1)),
];

mod field {
    pub const TYPE: usize = 0;
    pub const BYTES: usize = 1;
    pub const READ: usize = 2;
    pub const WRITE: usize = 3;
    pub const COUNT: usize = 4;
}

/// Bytes of the largest buffer.
const MAX: usize = 65535;

/// `RingIO(size)`, or over a buffer of one byte more than it shall hold.
fn make(vm: &mut Vm, args: Args) -> R {
    let v = text::native(vm.heap(), vm.req(args, 0));
    let own = int::is(vm.heap(), v) || text::buffer(vm.heap(), v, false).is_none();
    let size = match own {
        true => vm.with_heap(|h| text::index(h, v))?.clamp(0, MAX as i64 + 1) as usize + 1,
        false => stream::writable(vm, args, 0)?.len(),
    };
    if !(2..=MAX).contains(&size) {
        return Err(vm.raise(TypeId::ValueError, "bad buffer size"));
    }
    vm.with_heap_anew(|heap| {
        let data = if own { bytearray::with_len(heap, size)? } else { v };
        let ring = heap.alloc(Kind::Object, field::COUNT)?;
        heap.set_field(ring, field::TYPE, Value::typ(TypeId::RingIO));
        heap.set_field(ring, field::BYTES, data);
        heap.set_int(ring, field::READ, 0);
        heap.set_int(ring, field::WRITE, 0);
        Ok(ring)
    })
}

fn show(vm: &mut Vm, _: Value, _: Mode) -> R<()> {
    vm.emit(b"<RingIO>")
}

/// The ring's bytes, and the places of reader and writer in them.
fn parts(heap: &Heap, ring: Value) -> (Span, usize, usize) {
    let all = text_iter::items(heap, heap.field(ring, field::BYTES)).1;
    let place = |i: usize| (heap.int(ring, i).max(0) as usize).checked_rem(all.len()).unwrap_or(0);
    (all, place(field::READ), place(field::WRITE))
}

/// Bytes that wait to be read.
fn filled(heap: &Heap, ring: Value) -> usize {
    let (all, read, write) = parts(heap, ring);
    if write >= read { write - read } else { write + all.len() - read }
}

fn any(heap: &mut Heap, args: &[Value]) -> R {
    Ok(Value::small(filled(heap, text::native(heap, text::arg(args, 0))) as i32))
}

/// Moves `n` bytes between the ring at `place` and `other`, in two runs where the ring wraps; gives the new place.
fn exchange(vm: &mut Vm, all: Span, place: usize, other: Span, n: usize, out: bool) -> R<usize> {
    let keep = bulk::keep(vm, &[all])?;
    let first = n.min(all.len() - place);
    for (ring, far) in
        [(all.sub(place, place + first), other.sub(0, first)), (all.sub(0, n - first), other.sub(first, n))]
    {
        let (to, from) = if out { (far, ring) } else { (ring, far) };
        bulk::copy(vm, to, from)?;
    }
    vm.drop_to(keep);
    Ok((place + n).checked_rem(all.len()).unwrap_or(0))
}

fn span_of(b: Buffer) -> Span {
    Span { owner: b.owner, from_word: b.from_word, offset: b.offset, len: b.len }
}

fn read(vm: &mut Vm, ring: Value, room: Buffer) -> R<usize> {
    let heap = vm.heap_mut();
    let (all, place, _) = parts(heap, ring);
    let n = filled(heap, ring).min(room.len as usize);
    let next = exchange(vm, all, place, span_of(room), n, true)?;
    vm.heap_mut().set_int(ring, field::READ, next as i32);
    Ok(n)
}

fn write(vm: &mut Vm, ring: Value, data: Buffer) -> R<usize> {
    let heap = vm.heap_mut();
    let (all, _, place) = parts(heap, ring);
    let free = all.len().saturating_sub(1 + filled(heap, ring));
    let n = free.min(data.len as usize);
    let next = exchange(vm, all, place, span_of(data), n, false)?;
    vm.heap_mut().set_int(ring, field::WRITE, next as i32);
    Ok(n)
}

fn ioctl(vm: &mut Vm, ring: Value, what: u32, arg: i64) -> R<i64> {
    let heap = vm.heap_mut();
    match what {
        request::CLOSE | request::FLUSH => Ok(0),
        request::POLL => {
            let n = filled(heap, ring);
            let readable = if n > 0 { ready::READ } else { 0 };
            let writable = if n + 1 < parts(heap, ring).0.len() { ready::WRITE } else { 0 };
            Ok(arg & (readable | writable))
        }
        _ => Err(vm.raise_by(&|h| os_error(h, errno::EINVAL))),
    }
}
