//! The module `deflate`: `DeflateIO`, a stream that packs what is written through it and unpacks what is read.
//!
//! Invariants
//! - the cell holds the stream below, which is empty once this one is closed, and two raw cells that are made when first
//!   needed: the state of unpacking and its window, the state of packing and its window;
//! - both directions move between the stream below and the caller's buffer as they go: there is no other buffering.

mod inflate;
mod pack;

use super::stream::{self, errno, os_error, request};
use crate::builtins::{convert, text};
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::q;
use crate::vm::Vm;
use crate::vm::args::{ArgKind, ArgSpec, arg, parse};
use crate::vm::def::{
    Args, Buffer, Const, Entry, ModuleDef, NativeDef, StreamDef, TypeDef, entry, heap_fn, vm_fn,
};

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("deflate"),
    entries: &[
        entry(q!("DeflateIO"), Const::Type(TypeId::DeflateIO)),
        entry(q!("AUTO"), Const::Int(AUTO)),
        entry(q!("RAW"), Const::Int(RAW)),
        entry(q!("ZLIB"), Const::Int(ZLIB)),
        entry(q!("GZIP"), Const::Int(GZIP)),
    ],
};

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 1, 4, true)),
    stream: Some(&StreamDef { read: Some(read), write: Some(write), ioctl: Some(ioctl), text: false }),
    entries: &ENTRIES,
    ..TypeDef::plain(TypeId::DeflateIO, q!("DeflateIO"))
};

static ENTRIES: [Entry; 7] = [
    entry(q!("read"), vm_fn(stream::read, 1, 2)),
    entry(q!("readinto"), vm_fn(stream::readinto, 2, 3)),
    entry(q!("readline"), vm_fn(stream::readline, 1, 2)),
    entry(q!("write"), vm_fn(stream::write, 2, 4)),
    entry(q!("close"), vm_fn(stream::close, 1, 1)),
    entry(q!("__enter__"), heap_fn(stream::enter, 1, 1)),
    entry(q!("__exit__"), vm_fn(stream::close, 1, 4)),
];

const AUTO: i32 = 0;
const RAW: i32 = 1;
const ZLIB: i32 = 2;
const GZIP: i32 = 3;

/// The window where none is asked for, as a power of two.
const DEFAULT_BITS: i32 = 8;
const MAX_BITS: i32 = 15;

mod field {
    pub const TYPE: usize = 0;
    pub const STREAM: usize = 1;
    pub const FORMAT: usize = 2;
    pub const BITS: usize = 3;
    /// Whether closing closes the stream below too.
    pub const CLOSES: usize = 4;
    pub const READER: usize = 5;
    pub const READ_WINDOW: usize = 6;
    pub const WRITER: usize = 7;
    pub const WRITE_WINDOW: usize = 8;
    pub const COUNT: usize = 9;
}

static SPEC: [ArgSpec; 4] = [
    arg(q!("stream"), ArgKind::Required),
    arg(q!("format"), ArgKind::Optional),
    arg(q!("wbits"), ArgKind::Optional),
    arg(q!("close"), ArgKind::Optional),
];

/// `DeflateIO(stream, format=AUTO, wbits=0, close=False)`
fn make(vm: &mut Vm, args: Args) -> R {
    let mut given = [None; 4];
    parse(vm, args, &SPEC, &mut given)?;
    let [stream, format, bits, closes] = given;
    let stream = stream.unwrap_or(Value::NONE);
    stream::get(vm, stream)?;
    let format = match format {
        Some(v) => convert::to_i64(vm, v)?,
        None => AUTO.into(),
    };
    let bits = match bits {
        Some(v) => convert::to_i64(vm, v)?,
        None => 0,
    };
    if !(AUTO.into()..=GZIP.into()).contains(&format) {
        return Err(vm.raise(TypeId::ValueError, "format"));
    }
    if bits != 0 && !(5..=MAX_BITS.into()).contains(&bits) {
        return Err(vm.raise(TypeId::ValueError, "wbits"));
    }
    let closes = match closes {
        Some(v) => vm.truth(v)?,
        None => false,
    };
    vm.with_heap(|h| {
        let v = h.alloc(Kind::Object, field::COUNT)?;
        h.set_field(v, field::TYPE, Value::typ(TypeId::DeflateIO));
        h.set_field(v, field::STREAM, stream);
        h.set_int(v, field::FORMAT, format as i32);
        h.set_int(v, field::BITS, bits as i32);
        h.set_field(v, field::CLOSES, Value::bool(closes));
        Ok(v)
    })
}

/// The stream below, if this one is open.
fn below(vm: &mut Vm, this: Value) -> R<stream::Stream> {
    match vm.heap().slot(this, field::STREAM) {
        Some(s) => {
            // Others may close this one meanwhile.
            vm.push(s)?;
            stream::get(vm, s)
        }
        None => Err(invalid(vm)),
    }
}

#[cold]
fn invalid(vm: &mut Vm) -> crate::heap::Raised {
    vm.raise_by(&|h| os_error(h, errno::EINVAL))
}

fn read(vm: &mut Vm, this: Value, room: Buffer) -> R<usize> {
    inflate::Reader::open(vm, this)?.read(vm, room)
}

fn write(vm: &mut Vm, this: Value, data: Buffer) -> R<usize> {
    pack::Writer::open(vm, this)?.write(vm, data)
}

fn ioctl(vm: &mut Vm, this: Value, what: u32, arg: i64) -> R<i64> {
    if what != request::CLOSE {
        let below = below(vm, this)?;
        return match what {
            request::POLL => below.ioctl(vm, what, arg),
            _ => Err(invalid(vm)),
        };
    }
    let Some(stream) = vm.heap().slot(this, field::STREAM) else { return Ok(0) };
    let keep = vm.push(stream)?;
    let done = pack::finish(vm, this);
    let heap = vm.heap_mut();
    for i in [field::STREAM, field::READER, field::READ_WINDOW, field::WRITER, field::WRITE_WINDOW] {
        heap.set_slot(this, i, None);
    }
    let closes = heap.field(this, field::CLOSES) == Value::TRUE;
    done?;
    if closes {
        stream::get(vm, stream)?.ioctl(vm, request::CLOSE, 0)?;
    }
    vm.drop_to(keep);
    Ok(0)
}

// ---- checksums -----------------------------------------------------------------------------------------------

/// Adler-32 after one more byte.
fn adler(sum: u32, b: u8) -> u32 {
    const MODULUS: u32 = 65521;
    let low = ((sum & 0xffff) + u32::from(b)) % MODULUS;
    let high = ((sum >> 16) + low) % MODULUS;
    high << 16 | low
}

/// What a format adds up, and what the sum begins with.
fn first_sum(format: i32) -> u32 {
    u32::from(format == ZLIB)
}

/// The checksum of a format after one more byte: Adler-32 or CRC-32.
fn sum(format: i32, before: u32, b: u8) -> u32 {
    match format {
        ZLIB => adler(before, b),
        GZIP => super::binascii::crc32_step(before, b),
        _ => 0,
    }
}

/// A raw cell, made anew: state of one direction.
fn new_state(heap: &mut Heap, words: usize) -> R {
    heap.alloc(Kind::Raw, words)
}

fn object_of(vm: &Vm, this: Value) -> Value {
    text::native(vm.heap(), this)
}

// ---- the format's numbers ------------------------------------------------------------------------------------

/// Of the length codes from 257 on: bits that follow.
const LENGTH_EXTRA: [u8; 29] =
    [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
/// And the first length that each stands for.
const LENGTH_BASE: [u16; 29] = bases(&LENGTH_EXTRA, 3, 258);

/// The same of distance codes.
const DISTANCE_EXTRA: [u8; 30] =
    [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const DISTANCE_BASE: [u16; 30] = bases(&DISTANCE_EXTRA, 1, 24577);

const fn bases<const N: usize>(extra: &[u8; N], first: u16, last: u16) -> [u16; N] {
    let mut t = [0; N];
    let (mut i, mut at) = (0, first as u32);
    while i < N {
        t[i] = at as u16;
        at += 1 << extra[i];
        i += 1;
    }
    // The longest match has a code of its own, out of line.
    t[N - 1] = last;
    t
}
