//! The module `cryptolib`: AES by the crate `aes`, in the modes ECB, CBC and CTR.
//!
//! Invariants
//! - a cipher is a `Native` cell: type, then raw words as `word` says. The key's schedule is made anew for each call, so a
//!   cipher takes a fifth of the memory;
//! - data moves in pieces through a buffer on the stack, so input and output may be the same object;
//! - the first call decides between encrypting and decrypting (CTR does both the same way).

use crate::builtins::{convert, text};
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::bytes;
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, Const, ModuleDef, NativeDef, TypeDef, entry, vm_fn};
use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes256, Block};

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("cryptolib"),
    entries: &[
        entry(q!("aes"), Const::Type(TypeId::Aes)),
        entry(q!("MODE_ECB"), Const::Int(ECB)),
        entry(q!("MODE_CBC"), Const::Int(CBC)),
        entry(q!("MODE_CTR"), Const::Int(CTR)),
    ],
};

pub static AES: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 2, 3, false)),
    entries: &[
        entry(q!("encrypt"), vm_fn(|vm, args| process(vm, args, ENCRYPTS), 2, 3)),
        entry(q!("decrypt"), vm_fn(|vm, args| process(vm, args, DECRYPTS), 2, 3)),
    ],
    ..TypeDef::plain(TypeId::Aes, q!("aes"))
};

const ECB: i32 = 1;
const CBC: i32 = 2;
const CTR: i32 = 6;

const BLOCK: usize = 16;

/// What a cipher was used for.
const ENCRYPTS: u32 = 1;
const DECRYPTS: u32 = 2;

/// Words of the cell behind the type.
mod word {
    pub const MODE: usize = 1;
    /// 0, `ENCRYPTS` or `DECRYPTS`.
    pub const USE: usize = 2;
    /// Bytes of the key.
    pub const KEY_LEN: usize = 3;
    /// Of CTR: bytes of `STREAM` that were used.
    pub const USED: usize = 4;
    pub const KEY: usize = 5;
    /// The block before (CBC), or the counter.
    pub const VECTOR: usize = KEY + 8;
    pub const STREAM: usize = VECTOR + 4;
    pub const COUNT: usize = STREAM + 4;
}

/// Native stack that a key's schedule and its making take.
const STACK_NEEDED: usize = 2048;

enum Cipher {
    Short(Aes128),
    Long(Aes256),
}

impl Cipher {
    fn new(heap: &Heap, this: Value) -> Option<Cipher> {
        let key = heap.bytes(this, word::KEY).get(..heap.word(this, word::KEY_LEN) as usize)?;
        Some(match key.len() {
            16 => Cipher::Short(Aes128::new_from_slice(key).ok()?),
            _ => Cipher::Long(Aes256::new_from_slice(key).ok()?),
        })
    }
    fn encrypt(&self, block: &mut [u8; BLOCK]) {
        let block: &mut Block = block.into();
        match self {
            Cipher::Short(c) => c.encrypt_block(block),
            Cipher::Long(c) => c.encrypt_block(block),
        }
    }
    fn decrypt(&self, block: &mut [u8; BLOCK]) {
        let block: &mut Block = block.into();
        match self {
            Cipher::Short(c) => c.decrypt_block(block),
            Cipher::Long(c) => c.decrypt_block(block),
        }
    }
}

/// `aes(key, mode[, vector])`
fn make(vm: &mut Vm, args: Args) -> R {
    let mode = vm.req(args, 1);
    let mode = convert::to_i64(vm, mode)?;
    if ![ECB, CBC, CTR].map(i64::from).contains(&mode) {
        return Err(vm.raise(TypeId::ValueError, "mode"));
    }
    let key = buffer(vm, vm.req(args, 0))?;
    if key.len() != 16 && key.len() != 32 {
        return Err(vm.raise(TypeId::ValueError, "key"));
    }
    let vector = match vm.arg(args, 2).filter(|v| !v.is_none()) {
        Some(v) => Some(buffer(vm, v)?),
        None => None,
    };
    let wanted = if mode == ECB.into() { None } else { Some(BLOCK) };
    if vector.map(|v| v.len()) != wanted {
        return Err(vm.raise(TypeId::ValueError, "IV"));
    }
    let v = vm.with_heap(|h| {
        let v = h.alloc(Kind::Native, word::COUNT)?;
        h.set_field(v, 0, Value::typ(TypeId::Aes));
        Ok(v)
    })?;
    let heap = vm.heap_mut();
    heap.set_word(v, word::MODE, mode as u32);
    heap.set_word(v, word::KEY_LEN, key.len);
    heap.set_word(v, word::USED, BLOCK as u32);
    for (at, from) in [(word::KEY, key), (word::VECTOR, vector.unwrap_or(Span::EMPTY))] {
        let mut copy = [0; 32];
        for (to, b) in copy.iter_mut().zip(heap.span_bytes(from)) {
            *to = *b;
        }
        for (to, b) in heap.bytes_mut(v, at).iter_mut().zip(copy.iter().take(from.len())) {
            *to = *b;
        }
    }
    Ok(v)
}

fn buffer(vm: &mut Vm, v: Value) -> R<Span> {
    match text::buffer(vm.heap(), v, true) {
        Some(s) => Ok(s),
        None => Err(vm.raise_by(&|h| text::mixed(h, Kind::Bytes))),
    }
}

/// `encrypt(data[, into])`, `decrypt(data[, into])`
fn process(vm: &mut Vm, args: Args, how: u32) -> R {
    let this = text::native(vm.heap(), vm.req(args, 0));
    let mode = vm.heap().word(this, word::MODE) as i32;
    let data = vm.req(args, 1);
    let len = buffer(vm, data)?.len();
    if mode != CTR && !len.is_multiple_of(BLOCK) {
        return Err(vm.raise(TypeId::ValueError, "blksize % 16"));
    }
    let out = match vm.arg(args, 2) {
        Some(v) => {
            if crate::modules::stream::writable(vm, args, 2)?.len() < len {
                return Err(vm.raise(TypeId::ValueError, "output too small"));
            }
            v
        }
        None => vm.with_heap(|h| bytes::blank(h, Kind::Bytes, len))?,
    };
    vm.push(out)?;
    if mode != CTR {
        if vm.heap().word(this, word::USE) & !how != 0 {
            return Err(vm.raise(TypeId::ValueError, "can't encrypt & decrypt"));
        }
        vm.heap_mut().set_word(this, word::USE, how);
    }
    if vm.port().stack_left() < STACK_NEEDED {
        return Err(vm.raise_deep());
    }
    let Some(cipher) = Cipher::new(vm.heap(), this) else { return Err(vm.raise(TypeId::ValueError, "key")) };
    let mut at = 0;
    while at < len {
        // A tick may change byte arrays: they are looked up anew for each block.
        let from = text::buffer(vm.heap(), data, true).unwrap_or(Span::EMPTY);
        let to = text::buffer(vm.heap(), out, true).unwrap_or(Span::EMPTY);
        let part = from.sub(at, at + BLOCK);
        if part.is_empty() {
            break;
        }
        let mut block = [0; BLOCK];
        for (d, b) in block.iter_mut().zip(vm.heap().span_bytes(part)) {
            *d = *b;
        }
        step(vm.heap_mut(), this, &cipher, mode, how, &mut block, part.len());
        let done = block.get(..part.len()).unwrap_or(&[]);
        vm.heap_mut().write_span(to.sub(at, at + part.len()), done);
        at += part.len();
        vm.tick(3000)?;
    }
    Ok(out)
}

fn load(heap: &Heap, this: Value, at: usize) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    for (to, b) in block.iter_mut().zip(heap.bytes(this, at)) {
        *to = *b;
    }
    block
}
fn store(heap: &mut Heap, this: Value, at: usize, block: [u8; BLOCK]) {
    for (to, b) in heap.bytes_mut(this, at).iter_mut().zip(block) {
        *to = b;
    }
}
fn mix(into: &mut [u8; BLOCK], with: [u8; BLOCK]) {
    for (to, b) in into.iter_mut().zip(with) {
        *to ^= b;
    }
}

/// One block; of CTR, its first `n` bytes.
fn step(
    heap: &mut Heap,
    this: Value,
    cipher: &Cipher,
    mode: i32,
    how: u32,
    block: &mut [u8; BLOCK],
    n: usize,
) {
    match (mode, how) {
        (CTR, _) => {
            for b in block.iter_mut().take(n) {
                *b ^= next_of_stream(heap, this, cipher);
            }
        }
        (CBC, ENCRYPTS) => {
            mix(block, load(heap, this, word::VECTOR));
            cipher.encrypt(block);
            store(heap, this, word::VECTOR, *block);
        }
        (CBC, _) => {
            let before = load(heap, this, word::VECTOR);
            store(heap, this, word::VECTOR, *block);
            cipher.decrypt(block);
            mix(block, before);
        }
        (_, ENCRYPTS) => cipher.encrypt(block),
        _ => cipher.decrypt(block),
    }
}

/// The next byte of the key stream: an encrypted counter, byte by byte.
fn next_of_stream(heap: &mut Heap, this: Value, cipher: &Cipher) -> u8 {
    let mut used = heap.word(this, word::USED) as usize;
    if used >= BLOCK {
        let counter = load(heap, this, word::VECTOR);
        let mut block = counter;
        cipher.encrypt(&mut block);
        store(heap, this, word::STREAM, block);
        store(heap, this, word::VECTOR, u128::from_be_bytes(counter).wrapping_add(1).to_be_bytes());
        used = 0;
    }
    heap.set_word(this, word::USED, used as u32 + 1);
    load(heap, this, word::STREAM).get(used).copied().unwrap_or(0)
}
