//! The module `io`: streams in memory, streams of Python classes, buffered writing.
//!
//! Invariants
//! - a stream in memory is an `Object` cell: type, `ByteArray` (empty once it is closed), position in bytes;
//! - a `StringIO` holds UTF-8.

use super::stream::{self, errno, os_error, ready, request};
use crate::builtins::bytes::copied;
use crate::builtins::{print, text};
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::{bytearray, bytes, int, strbuf};
use crate::q;
use crate::vm::def::{
    Args, Buffer, Const, Entry, Mode, ModuleDef, NativeDef, Slot, StreamDef, TypeDef, entry, heap_fn, kw_fn,
    vm_fn,
};
use crate::vm::{Vm, bulk};

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("io"),
    entries: &[
        Entry { name: q!("StringIO"), value: Const::Type(TypeId::StringIO) },
        Entry { name: q!("BytesIO"), value: Const::Type(TypeId::BytesIO) },
        Entry { name: q!("IOBase"), value: Const::Type(TypeId::IOBase) },
        Entry { name: q!("BufferedWriter"), value: Const::Type(TypeId::BufferedWriter) },
        Entry { name: q!("open"), value: kw_fn(super::vfs::open, 1, 255) },
    ],
};

mod field {
    pub const TYPE: usize = 0;
    pub const BYTES: usize = 1;
    pub const POSITION: usize = 2;
    /// Of a `BufferedWriter`, which has its stream and its size here.
    pub const STREAM: usize = 2;
    pub const SIZE: usize = 3;
    pub const COUNT: usize = 4;
}

macro_rules! memory_stream {
    ($name:ident, $id:expr, $title:literal, $make:ident, $text:literal) => {
        pub static $name: TypeDef = TypeDef {
            make: Some(NativeDef::vm($make, 0, 1, false)),
            print: Some(show),
            iter: Some(stream::iter),
            next: Slot::Vm(stream::next),
            stream: Some(&StreamDef {
                read: Some(memory_read),
                write: Some(memory_write),
                ioctl: Some(memory_ioctl),
                text: $text,
            }),
            entries: &MEMORY,
            ..TypeDef::plain($id, q!($title))
        };
    };
}

memory_stream!(STRING_IO, TypeId::StringIO, "StringIO", make_string, true);
memory_stream!(BYTES_IO, TypeId::BytesIO, "BytesIO", make_bytes, false);

static MEMORY: [Entry; 12] = stream::methods![entry(q!("getvalue"), vm_fn(getvalue, 1, 1)),];

fn make_string(vm: &mut Vm, args: Args) -> R {
    make(vm, args, TypeId::StringIO)
}
fn make_bytes(vm: &mut Vm, args: Args) -> R {
    make(vm, args, TypeId::BytesIO)
}

/// A stream over a copy of the initial text or bytes; an int is the room to begin with.
fn make(vm: &mut Vm, args: Args, typ: TypeId) -> R {
    let initial = vm.arg(args, 0).filter(|v| !v.is_none());
    let size = match initial {
        Some(v) if int::is(vm.heap(), v) => {
            usize::try_from(vm.with_heap(|h| text::index(h, v))?).unwrap_or(0)
        }
        _ => 0,
    };
    let text_only = typ == TypeId::StringIO;
    if let Some(v) = initial
        && !int::is(vm.heap(), v)
    {
        let is_str = crate::object::str::is_str(vm.heap(), text::native(vm.heap(), v));
        if is_str != text_only || text::buffer(vm.heap(), v, true).is_none() {
            let kind = if text_only { Kind::Str } else { Kind::Bytes };
            return Err(vm.raise_by(&|h| text::mixed(h, kind)));
        }
    }
    let source = initial.and_then(|v| text::buffer(vm.heap(), v, true)).unwrap_or(Span::EMPTY);
    let data = copied(vm, Kind::ByteArray, source)?;
    vm.push(data)?;
    vm.with_heap_anew(|heap| {
        bytearray::reserve(heap, data, size.min(crate::object::bytes::MAX_LEN))?;
        let v = heap.alloc(Kind::Object, field::COUNT)?;
        heap.set_field(v, field::TYPE, Value::typ(typ));
        heap.set_field(v, field::BYTES, data);
        heap.set_int(v, field::POSITION, 0);
        Ok(v)
    })
}

fn show(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    vm.emit(b"<io.")?;
    let name = vm.type_name(v);
    print::emit_text(vm, name)?;
    vm.emit(b" ")?;
    print::address(vm, v)?;
    vm.emit(b">")
}

/// The byte array of an open stream.
fn data(vm: &mut Vm, this: Value) -> R {
    match vm.heap().slot(this, field::BYTES) {
        Some(data) => Ok(data),
        None => Err(vm.raise(TypeId::ValueError, "I/O operation on closed file")),
    }
}

fn position(heap: &Heap, this: Value) -> usize {
    heap.int(this, field::POSITION).max(0) as usize
}

fn span_of(b: Buffer) -> Span {
    Span { owner: b.owner, from_word: b.from_word, offset: b.offset, len: b.len }
}

fn memory_read(vm: &mut Vm, this: Value, room: Buffer) -> R<usize> {
    let data = data(vm, this)?;
    let heap = vm.heap_mut();
    let at = position(heap, this);
    let all = bytearray::span(heap, data);
    let part = all.sub(at, at + room.len as usize);
    heap.set_int(this, field::POSITION, (at + part.len()) as i32);
    let keep = bulk::keep(vm, &[part])?;
    bulk::copy(vm, span_of(room), part)?;
    vm.drop_to(keep);
    Ok(part.len())
}

fn memory_write(vm: &mut Vm, this: Value, source: Buffer) -> R<usize> {
    let data = data(vm, this)?;
    // Long ones in parts, between which others come in: the caller goes on with the rest.
    let source = bulk::characters(vm, span_of(source), 4 * bulk::PIECE);
    let keep = bulk::keep(vm, &[source])?;
    vm.push(data)?;
    let n = vm.with_heap_anew(|heap| {
        let (at, n) = (position(heap, this), source.len());
        if at + n > bytearray::len(heap, data) {
            // Writing behind the end leaves zeros in between.
            bytearray::resize(heap, data, at + n)?;
        }
        let to = bytearray::span(heap, data).sub(at, at + n);
        heap.copy_span(to, source);
        heap.set_int(this, field::POSITION, (at + n) as i32);
        Ok(n)
    })?;
    vm.tick(source.len)?;
    vm.drop_to(keep);
    Ok(n)
}

#[cold]
fn invalid(vm: &mut Vm) -> Raised {
    vm.raise_by(&|h| os_error(h, errno::EINVAL))
}

fn memory_ioctl(vm: &mut Vm, this: Value, what: u32, arg: i64) -> R<i64> {
    if what == request::CLOSE {
        vm.heap_mut().set_slot(this, field::BYTES, None);
        return Ok(0);
    }
    let data = data(vm, this)?;
    let heap = vm.heap_mut();
    match what {
        request::FLUSH => Ok(0),
        request::POLL => Ok(arg & (ready::READ | ready::WRITE)),
        request::SEEK => {
            let base = match arg & 3 {
                0 => 0,
                1 => position(heap, this),
                _ => bytearray::len(heap, data),
            };
            let to = base as i64 + (arg >> 2);
            if !(0..crate::object::bytes::MAX_LEN as i64).contains(&to) {
                return Err(invalid(vm));
            }
            heap.set_int(this, field::POSITION, to as i32);
            Ok(to)
        }
        _ => Err(invalid(vm)),
    }
}

pub fn is_in_memory(vm: &Vm, object: Value) -> bool {
    vm.heap().is(object, Kind::Object) && matches!(vm.type_id(object), TypeId::StringIO | TypeId::BytesIO)
}

/// How many bytes a stream in memory has up to its next line end; `None` for other streams.
pub fn line_step(vm: &mut Vm, object: Value) -> R<Option<usize>> {
    if !is_in_memory(vm, object) {
        return Ok(None);
    }
    let heap = vm.heap();
    let Some(data) = heap.slot(object, field::BYTES) else { return Ok(None) };
    let rest = bytearray::span(heap, data).sub(position(heap, object), usize::MAX);
    let keep = bulk::keep(vm, &[rest])?;
    let n = bulk::run_of(vm, rest, false, |b| b != b'\n')?;
    vm.drop_to(keep);
    Ok(Some(rest.len().min(n + 1)))
}

fn getvalue(vm: &mut Vm, args: Args) -> R {
    let this = text::native(vm.heap(), vm.req(args, 0));
    let data = data(vm, this)?;
    vm.push(data)?;
    let kind = if vm.type_id(this) == TypeId::StringIO { Kind::Str } else { Kind::Bytes };
    // In one step: a text that others write to meanwhile could be cut within a character.
    let made = vm.with_heap_anew(|heap| {
        let all = bytearray::span(heap, data);
        if kind == Kind::Bytes || all.len() < 2 {
            return strbuf::make(heap, kind, all);
        }
        let v = bytes::blank(heap, kind, all.len())?;
        let whole = bytes::cell(heap, v);
        heap.copy_span(whole, all);
        Ok(v)
    })?;
    if vm.heap().str_bytes(made).len() < 2 {
        return Ok(made);
    }
    let made = vm.push(made)?;
    bulk::done(vm, made)
}

// ---- IOBase, BufferedWriter ----------------------------------------------------------------------------------

pub static IO_BASE: TypeDef = TypeDef {
    make: Some(NativeDef::heap(make_base, 0, 0, false)),
    stream: Some(&stream::PYTHON),
    ..TypeDef::plain(TypeId::IOBase, q!("IOBase"))
};

fn make_base(heap: &mut Heap, _: &[Value]) -> R {
    let v = heap.alloc(Kind::Object, 1)?;
    heap.set_field(v, field::TYPE, Value::typ(TypeId::IOBase));
    Ok(v)
}

pub static BUFFERED_WRITER: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make_buffered, 2, 2, false)),
    entries: &[
        Entry { name: q!("write"), value: vm_fn(buffered_write, 2, 2) },
        Entry { name: q!("flush"), value: vm_fn(buffered_flush, 1, 1) },
    ],
    ..TypeDef::plain(TypeId::BufferedWriter, q!("BufferedWriter"))
};

fn make_buffered(vm: &mut Vm, args: Args) -> R {
    let (target, size) = (vm.req(args, 0), vm.req(args, 1));
    stream::get(vm, target)?;
    let size = vm.with_heap(|h| text::index(h, size))?.clamp(1, 1 << 20) as usize;
    vm.with_heap_anew(|heap| {
        let data = bytearray::new(heap)?;
        bytearray::reserve(heap, data, size)?;
        let v = heap.alloc(Kind::Object, field::COUNT)?;
        heap.set_field(v, field::TYPE, Value::typ(TypeId::BufferedWriter));
        heap.set_field(v, field::BYTES, data);
        heap.set_field(v, field::STREAM, target);
        heap.set_int(v, field::SIZE, size as i32);
        Ok(v)
    })
}

/// Hands what is buffered to the stream; it stays buffered if that fails.
fn hand_over(vm: &mut Vm, this: Value) -> R<()> {
    let data = vm.heap().field(this, field::BYTES);
    let target = vm.heap().field(this, field::STREAM);
    let target = stream::get(vm, target)?;
    let all = bytearray::span(vm.heap(), data);
    let n = target.write_all(vm, all)?;
    vm.with_heap(|heap| bytearray::splice(heap, data, 0, n, Span::EMPTY))?;
    if n < all.len() { Err(vm.raise_by(&|h| os_error(h, errno::EAGAIN))) } else { Ok(()) }
}

fn buffered_write(vm: &mut Vm, args: Args) -> R {
    let (this, v) = (vm.req(args, 0), vm.req(args, 1));
    let Some(all) = text::buffer(vm.heap(), v, true) else {
        return Err(vm.raise_by(&|h| text::mixed(h, Kind::Bytes)));
    };
    let keep = bulk::keep(vm, &[all])?;
    let size = vm.heap().int(this, field::SIZE).max(1) as usize;
    let mut at = 0;
    while at < all.len() {
        let data = vm.heap().field(this, field::BYTES);
        let room = size.saturating_sub(bytearray::len(vm.heap(), data));
        let part = all.sub(at, at + room);
        vm.with_heap_anew(|heap| bytearray::extend_span(heap, data, part))?;
        at += part.len();
        if part.len() == room {
            hand_over(vm, this)?;
        }
    }
    bulk::let_go(vm, keep);
    Ok(Value::small(all.len() as i32))
}

fn buffered_flush(vm: &mut Vm, args: Args) -> R {
    hand_over(vm, vm.req(args, 0))?;
    Ok(Value::NONE)
}
