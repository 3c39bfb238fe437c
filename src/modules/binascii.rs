//! The module `binascii`: bytes as hex and base64 text, and CRC-32.

use crate::builtins::{text, text_case};
use crate::heap::span::Span;
use crate::heap::{Kind, R, TypeId};
use crate::object::{int, typed_array};
use crate::q;
use crate::vm::def::{Args, Entry, ModuleDef, entry, kw_fn, vm_fn};
use crate::vm::{Vm, bulk};

pub static MODULE: ModuleDef = ModuleDef { name: q!("binascii"), entries: &ENTRIES };

static ENTRIES: [Entry; 5] = [
    entry(q!("hexlify"), vm_fn(hexlify, 1, 2)),
    entry(q!("unhexlify"), vm_fn(unhexlify, 1, 1)),
    entry(q!("a2b_base64"), vm_fn(a2b_base64, 1, 1)),
    entry(q!("b2a_base64"), kw_fn(b2a_base64, 1, 1)),
    entry(q!("crc32"), vm_fn(crc32, 1, 2)),
];

/// The bytes of an argument, whose place their owner takes.
fn data(vm: &mut Vm, args: Args) -> R<Span> {
    let v = vm.req(args, 0);
    match text::buffer(vm.heap(), v, true) {
        Some(s) => {
            vm.set_arg(args, 0, s.owner);
            Ok(s)
        }
        None => Err(vm.raise_by(&|heap| text::mixed(heap, Kind::Bytes))),
    }
}

fn hexlify(vm: &mut Vm, args: Args) -> R {
    text_case::hex_as(vm, args, Kind::Bytes)
}

fn unhexlify(vm: &mut Vm, args: Args) -> R {
    let all = data(vm, args)?;
    if !all.len().is_multiple_of(2) {
        return Err(vm.raise(TypeId::ValueError, "odd-length string"));
    }
    text_case::from_hex(vm, all, Kind::Bytes, true)
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn sextet(b: u8) -> Option<u32> {
    Some(
        match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        }
        .into(),
    )
}

/// What is decoded of base64 so far.
#[derive(Default)]
struct Sextets {
    bits: u32,
    held: u32,
    place: u32,
    pads: u32,
    /// The padding was complete.
    ended: bool,
}

impl Sextets {
    /// Takes a character; a byte may be complete then.
    fn take(&mut self, b: u8) -> Option<u8> {
        if b == b'=' && self.place >= 2 {
            self.pads += 1;
            if self.place + self.pads >= 4 {
                self.place = 0;
                self.ended = true;
            }
        }
        let six = sextet(b)?;
        self.pads = 0;
        self.place = (self.place + 1) & 3;
        self.bits = self.bits << 6 | six;
        self.held += 6;
        self.held = self.held.checked_sub(8)?;
        Some((self.bits >> self.held) as u8)
    }
}

/// Characters outside the alphabet are skipped; a complete padding ends the text.
fn a2b_base64(vm: &mut Vm, args: Args) -> R {
    let all = data(vm, args)?;
    let (made, whole) = bulk::blank(vm, Kind::Bytes, all.len() / 4 * 3 + 3)?;
    let (mut text, mut to) = (Sextets::default(), 0);
    for at in (0..all.len()).step_by(128) {
        let mut room = [0; 128];
        let mut n = 0;
        for b in vm.heap().span_bytes(all.sub(at, at + 128)) {
            if let (Some(b), Some(place)) = (text.take(*b), room.get_mut(n)) {
                *place = b;
                n += 1;
            }
            if text.ended {
                break;
            }
        }
        vm.heap_mut().write_span(whole.sub(to, to + n), room.get(..n).unwrap_or(&[]));
        to += n;
        if text.ended {
            break;
        }
        vm.tick(5000)?;
    }
    if text.place != 0 {
        return Err(vm.raise(TypeId::ValueError, "incorrect padding"));
    }
    bulk::done_cut(vm, made, to)
}

/// The four digits of up to three bytes.
fn quad(part: &[u8]) -> [u8; 4] {
    let at = |i: usize| u32::from(part.get(i).copied().unwrap_or(0));
    let bits = at(0) << 16 | at(1) << 8 | at(2);
    let digit = |i: usize| match ALPHABET.get((bits >> (18 - 6 * i) & 63) as usize) {
        Some(d) if i <= part.len() => *d,
        _ => b'=',
    };
    [digit(0), digit(1), digit(2), digit(3)]
}

/// `b2a_base64(data, *, newline=True)`
fn b2a_base64(vm: &mut Vm, args: Args) -> R {
    let mut newline = true;
    for i in 0..args.kw() as usize {
        let (name, v) = vm.kw(args, i);
        if name != q!("newline") {
            return Err(vm.raise(TypeId::TypeError, "unexpected keyword argument"));
        }
        newline = vm.truth(v)?;
    }
    let all = data(vm, args)?;
    let total = all.len().div_ceil(3) * 4;
    let (made, whole) = bulk::blank(vm, Kind::Bytes, total + usize::from(newline))?;
    for at in (0..all.len()).step_by(48) {
        let mut room = [0; 64];
        let to = whole.sub(at / 3 * 4, total.min(at / 3 * 4 + room.len()));
        let heap = vm.heap_mut();
        let parts = heap.span_bytes(all.sub(at, at + 48)).chunks(3);
        for (to, part) in room.chunks_exact_mut(4).zip(parts) {
            to.copy_from_slice(&quad(part));
        }
        heap.write_span(to, &room);
        vm.tick(1500)?;
    }
    if newline {
        vm.heap_mut().write_span(whole.sub(total, total + 1), b"\n");
    }
    bulk::done(vm, made)
}

/// CRC-32 by half bytes: a table of 16 words.
const CRC: [u32; 16] = {
    let mut table = [0; 16];
    let mut i = 0;
    while i < 16 {
        let mut c = i as u32;
        let mut k = 0;
        while k < 4 {
            c = if c & 1 != 0 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 };
            k += 1;
        }
        table[i] = c;
        i += 1;
    }
    table
};

/// The CRC-32 of one more byte.
pub fn crc32_step(crc: u32, b: u8) -> u32 {
    let half = |c: u32, n: u8| c >> 4 ^ CRC.get(((c ^ u32::from(n)) & 15) as usize).copied().unwrap_or(0);
    !half(half(!crc, b), b >> 4)
}

/// `crc32(data[, value])`
fn crc32(vm: &mut Vm, args: Args) -> R {
    let all = data(vm, args)?;
    let mut crc = match vm.arg(args, 1) {
        Some(v) => match typed_array::low_bits(vm.heap(), v) {
            Some(n) => n as u32,
            None => return Err(vm.raise(TypeId::TypeError, "can't convert to int")),
        },
        None => 0,
    };
    for at in (0..all.len()).step_by(256) {
        crc = vm.heap().span_bytes(all.sub(at, at + 256)).iter().fold(crc, |c, b| crc32_step(c, *b));
        vm.tick(4000)?;
    }
    vm.with_heap(|heap| int::from_u64(heap, crc.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_published() {
        let crc = b"The quick brown fox jumps over the lazy dog".iter().fold(0, |c, b| crc32_step(c, *b));
        assert_eq!(crc, 0x414f_a339);
        for (plain, text) in
            [(&b"f"[..], b"Zg=="), (b"fo", b"Zm8="), (b"foo", b"Zm9v"), (b"\x7f\x80\xfe", b"f4D+")]
        {
            assert_eq!(quad(plain), *text);
            let mut sextets = Sextets::default();
            let back: std::vec::Vec<u8> = text.iter().filter_map(|b| sextets.take(*b)).collect();
            assert_eq!((back.as_slice(), sextets.place), (plain, 0));
        }
    }
}
