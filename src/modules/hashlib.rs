//! The module `hashlib`: SHA-256, SHA-1 and MD5, by the crates `sha2`, `sha1` and `md-5`, which do a block at a time.
//!
//! Invariants
//! - a hasher is a `Native` cell: type, then raw words as `word` says; so it costs what its algorithm needs and nothing else;
//! - after `digest` it takes nothing any more and gives nothing.

use crate::builtins::{text, text_case};
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::bytes;
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, Const, Entry, ModuleDef, NativeDef, TypeDef, entry, vm_fn};

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("hashlib"),
    entries: &[
        entry(q!("sha256"), Const::Type(TypeId::Sha256)),
        entry(q!("sha1"), Const::Type(TypeId::Sha1)),
        entry(q!("md5"), Const::Type(TypeId::Md5)),
    ],
};

const BLOCK: usize = 64;

/// Words of the cell behind the type.
mod word {
    /// Bytes taken in so far, low word first.
    pub const TOTAL: usize = 1;
    /// 1 after `digest`.
    pub const DONE: usize = 3;
    pub const STATE: usize = 4;
    /// The bytes that do not make a block yet.
    pub const BLOCK: usize = 12;
    pub const COUNT: usize = BLOCK + super::BLOCK / 4;
}

struct Algorithm {
    id: TypeId,
    start: [u32; 8],
    /// Words of the digest.
    words: usize,
    big_endian: bool,
    block: fn(&mut [u32; 8], &[u8; BLOCK]),
}

/// Feeds a block to a function that has fewer words of state.
fn narrow<const N: usize>(state: &mut [u32; 8], f: impl FnOnce(&mut [u32; N])) {
    if let Some(part) = state.first_chunk_mut() {
        f(part);
    }
}

static ALGORITHMS: [Algorithm; 3] = [
    Algorithm {
        id: TypeId::Sha256,
        start: [
            0x6a09_e667,
            0xbb67_ae85,
            0x3c6e_f372,
            0xa54f_f53a,
            0x510e_527f,
            0x9b05_688c,
            0x1f83_d9ab,
            0x5be0_cd19,
        ],
        words: 8,
        big_endian: true,
        block: |state, block| sha2::block_api::compress256(state, &[*block]),
    },
    Algorithm {
        id: TypeId::Sha1,
        start: [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0, 0, 0, 0],
        words: 5,
        big_endian: true,
        block: |state, block| narrow(state, |s| sha1::block_api::compress(s, &[*block])),
    },
    Algorithm {
        id: TypeId::Md5,
        start: [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0, 0, 0, 0],
        words: 4,
        big_endian: false,
        block: |state, block| narrow(state, |s| md5::block_api::compress(s, &[*block])),
    },
];

const fn hasher(id: TypeId, name: Value, make: fn(&mut Vm, Args) -> R) -> TypeDef {
    TypeDef { make: Some(NativeDef::vm(make, 0, 1, false)), entries: &ENTRIES, ..TypeDef::plain(id, name) }
}

pub static SHA256: TypeDef = hasher(TypeId::Sha256, q!("sha256"), |vm, args| make(vm, args, TypeId::Sha256));
pub static SHA1: TypeDef = hasher(TypeId::Sha1, q!("sha1"), |vm, args| make(vm, args, TypeId::Sha1));
pub static MD5: TypeDef = hasher(TypeId::Md5, q!("md5"), |vm, args| make(vm, args, TypeId::Md5));

static ENTRIES: [Entry; 3] = [
    entry(q!("update"), vm_fn(update, 2, 2)),
    entry(q!("digest"), vm_fn(digest, 1, 1)),
    entry(q!("hexdigest"), vm_fn(hexdigest, 1, 1)),
];

fn algorithm(id: TypeId) -> &'static Algorithm {
    let [first, ..] = &ALGORITHMS;
    ALGORITHMS.iter().find(|a| a.id == id).unwrap_or(first)
}

/// `sha256([data])`
fn make(vm: &mut Vm, args: Args, id: TypeId) -> R {
    let v = vm.with_heap(|h| {
        let v = h.alloc(Kind::Native, word::COUNT)?;
        h.set_field(v, 0, Value::typ(id));
        for (i, w) in algorithm(id).start.iter().enumerate() {
            h.set_word(v, word::STATE + i, *w);
        }
        Ok(v)
    })?;
    if let Some(data) = vm.arg(args, 0) {
        vm.push(v)?;
        take(vm, v, data)?;
    }
    Ok(v)
}

/// The hasher that a method was called on, if it still takes something.
fn open(vm: &mut Vm, args: Args) -> R {
    let this = text::native(vm.heap(), vm.req(args, 0));
    if vm.heap().word(this, word::DONE) != 0 {
        return Err(vm.raise(TypeId::ValueError, "hash is final"));
    }
    Ok(this)
}

fn update(vm: &mut Vm, args: Args) -> R {
    let this = open(vm, args)?;
    let data = vm.req(args, 1);
    take(vm, this, data)?;
    Ok(Value::NONE)
}

fn total(heap: &Heap, this: Value) -> u64 {
    u64::from(heap.word(this, word::TOTAL)) | u64::from(heap.word(this, word::TOTAL + 1)) << 32
}

/// Takes in the bytes of `data`; both values are reachable.
fn take(vm: &mut Vm, this: Value, data: Value) -> R<()> {
    let mut at = 0;
    loop {
        // A tick may change a byte array: it is looked up anew for each block.
        let Some(all) = text::buffer(vm.heap(), data, true) else {
            return Err(vm.raise_by(&|h| text::mixed(h, Kind::Bytes)));
        };
        let held = (total(vm.heap(), this) % BLOCK as u64) as usize;
        let part = all.sub(at, at + BLOCK - held);
        if part.is_empty() {
            return Ok(());
        }
        absorb(vm.heap_mut(), this, held, part);
        at += part.len();
        vm.tick(4000)?;
    }
}

/// Puts bytes behind the `held` ones of the present block, and works it off when it is full.
fn absorb(heap: &mut Heap, this: Value, held: usize, part: Span) {
    let mut copy = [0; BLOCK];
    let n = part.len();
    for (to, b) in copy.iter_mut().zip(heap.span_bytes(part)) {
        *to = *b;
    }
    let now = total(heap, this) + n as u64;
    heap.set_word(this, word::TOTAL, now as u32);
    heap.set_word(this, word::TOTAL + 1, (now >> 32) as u32);
    put(heap, this, held, copy.get(..n).unwrap_or(&[]));
    if held + n == BLOCK {
        work_off(heap, this);
    }
}

/// Writes bytes into the present block.
fn put(heap: &mut Heap, this: Value, at: usize, bytes: &[u8]) {
    for (to, b) in heap.bytes_mut(this, word::BLOCK).iter_mut().take(BLOCK).skip(at).zip(bytes) {
        *to = *b;
    }
}
fn clear(heap: &mut Heap, this: Value, from: usize) {
    heap.bytes_mut(this, word::BLOCK).iter_mut().take(BLOCK).skip(from).for_each(|b| *b = 0);
}

fn work_off(heap: &mut Heap, this: Value) {
    let algorithm = algorithm(heap.field(this, 0).as_type_id().unwrap_or(TypeId::Sha256));
    let (mut state, mut block) = ([0; 8], [0; BLOCK]);
    for (to, w) in state.iter_mut().zip(heap.raw_words(this, word::STATE)) {
        *to = *w;
    }
    for (to, b) in block.iter_mut().zip(heap.bytes(this, word::BLOCK)) {
        *to = *b;
    }
    (algorithm.block)(&mut state, &block);
    for (to, w) in heap.raw_words_mut(this, word::STATE).iter_mut().zip(state) {
        *to = w;
    }
}

fn digest(vm: &mut Vm, args: Args) -> R {
    let this = open(vm, args)?;
    let algorithm = algorithm(vm.type_id(this));
    let made = vm.with_heap(|h| bytes::blank(h, Kind::Bytes, algorithm.words * 4))?;
    let heap = vm.heap_mut();
    heap.set_word(this, word::DONE, 1);
    // The end: a bit, zeros, and the number of bits in the last eight bytes of a block.
    let bits = total(heap, this) * 8;
    let held = (total(heap, this) % BLOCK as u64) as usize;
    put(heap, this, held, &[0x80]);
    clear(heap, this, held + 1);
    if held >= BLOCK - 8 {
        work_off(heap, this);
        clear(heap, this, 0);
    }
    let count = if algorithm.big_endian { bits.to_be_bytes() } else { bits.to_le_bytes() };
    put(heap, this, BLOCK - 8, &count);
    work_off(heap, this);
    for i in 0..algorithm.words {
        let w = heap.word(this, word::STATE + i);
        let four = if algorithm.big_endian { w.to_be_bytes() } else { w.to_le_bytes() };
        let to = bytes::cell(heap, made).sub(i * 4, i * 4 + 4);
        heap.write_span(to, &four);
    }
    Ok(made)
}

/// The digest as text of hex digits.
fn hexdigest(vm: &mut Vm, args: Args) -> R {
    let made = digest(vm, args)?;
    vm.push(made)?;
    let all = bytes::cell(vm.heap(), made);
    text_case::hex_of(vm, all, None, Kind::Str)
}
