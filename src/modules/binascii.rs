//! The module `binascii`: bytes as hex and base64 text, and CRC-32.

use crate::base::sink::Sink;
use crate::builtins::text::{self, arg};
use crate::builtins::text_case;
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::exc::raise;
use crate::object::strbuf::StrBuf;
use crate::object::{bytes, int, typed_array};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, Entry, ModuleDef, entry, heap_fn, kw_fn};

pub static MODULE: ModuleDef = ModuleDef { name: q!("binascii"), entries: &ENTRIES };

static ENTRIES: [Entry; 5] = [
    entry(q!("hexlify"), heap_fn(hexlify, 1, 2)),
    entry(q!("unhexlify"), heap_fn(unhexlify, 1, 1)),
    entry(q!("a2b_base64"), heap_fn(a2b_base64, 1, 1)),
    entry(q!("b2a_base64"), kw_fn(b2a_base64, 1, 1)),
    entry(q!("crc32"), heap_fn(crc32, 1, 2)),
];

fn data(heap: &mut Heap, v: Value) -> R<Span> {
    match text::buffer(heap, v, true) {
        Some(s) => Ok(s),
        None => Err(text::mixed(heap, Kind::Bytes)),
    }
}

fn byte_at(heap: &Heap, s: Span, i: usize) -> Option<u8> {
    heap.span_bytes(s).get(i).copied()
}

fn hexlify(heap: &mut Heap, args: &[Value]) -> R {
    let made = text_case::hex(heap, args)?;
    let all = heap.str_span(made).unwrap_or(Span::EMPTY);
    bytes::from_span(heap, Kind::Bytes, all)
}

fn unhexlify(heap: &mut Heap, args: &[Value]) -> R {
    let all = data(heap, arg(args, 0))?;
    let odd = !all.len().is_multiple_of(2);
    if odd || heap.span_bytes(all).iter().any(u8::is_ascii_whitespace) {
        let message = if odd { "odd-length string" } else { "non-hex digit found" };
        return Err(raise(heap, TypeId::ValueError, message));
    }
    text_case::bytes_fromhex(heap, &[Value::NONE, arg(args, 0)])
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

/// Characters outside the alphabet are skipped; a complete padding ends the text.
fn a2b_base64(heap: &mut Heap, args: &[Value]) -> R {
    let all = data(heap, arg(args, 0))?;
    let mut out = StrBuf::new(heap);
    let (mut bits, mut held, mut place, mut pads) = (0u32, 0u32, 0u32, 0u32);
    let mut done = Ok(());
    for i in 0..all.len() {
        let b = byte_at(out.heap, all, i).unwrap_or(0);
        if b == b'=' && place >= 2 {
            pads += 1;
            if place + pads >= 4 {
                place = 0;
                break;
            }
        }
        let Some(six) = sextet(b) else { continue };
        pads = 0;
        place = (place + 1) & 3;
        bits = bits << 6 | six;
        held += 6;
        if held >= 8 {
            held -= 8;
            done = done.and_then(|()| out.put((bits >> held) as u8));
        }
    }
    if place != 0 {
        return Err(raise(out.heap, TypeId::ValueError, "incorrect padding"));
    }
    text_case::finish(out, done, Kind::Bytes)
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
    let v = vm.req(args, 0);
    vm.with_heap(|heap| {
        let all = data(heap, v)?;
        let total = all.len().div_ceil(3) * 4 + usize::from(newline);
        let made = bytes::blank(heap, Kind::Bytes, total)?;
        let whole = bytes::cell(heap, made);
        for i in 0..all.len().div_ceil(3) {
            let part = all.sub(i * 3, i * 3 + 3);
            let at = |n: usize| u32::from(byte_at(heap, part, n).unwrap_or(0));
            let bits = at(0) << 16 | at(1) << 8 | at(2);
            let digit = |shift: u32| ALPHABET.get((bits >> shift & 63) as usize).copied().unwrap_or(b'=');
            let third = if part.len() > 1 { digit(6) } else { b'=' };
            let fourth = if part.len() > 2 { digit(0) } else { b'=' };
            heap.write_span(whole.sub(i * 4, i * 4 + 4), &[digit(18), digit(12), third, fourth]);
        }
        if newline {
            heap.write_span(whole.sub(total - 1, total), b"\n");
        }
        Ok(made)
    })
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
fn crc32(heap: &mut Heap, args: &[Value]) -> R {
    let all = data(heap, arg(args, 0))?;
    let start = match args.get(1) {
        Some(v) => match typed_array::low_bits(heap, *v) {
            Some(n) => n as u32,
            None => return Err(raise(heap, TypeId::TypeError, "can't convert to int")),
        },
        None => 0,
    };
    let crc = heap.span_bytes(all).iter().fold(start, |c, b| crc32_step(c, *b));
    int::from_u64(heap, crc.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::testing::with_heap;

    #[test]
    fn as_published() {
        with_heap(|heap| {
            let b = |heap: &mut Heap, t: &[u8]| bytes::new(heap, Kind::Bytes, t).unwrap();
            let v = b(heap, b"The quick brown fox jumps over the lazy dog");
            let crc = crc32(heap, &[v]).unwrap();
            assert_eq!(int::to_i64(heap, crc), Some(0x414f_a339));
            for (text, want) in [
                (&b""[..], &b""[..]),
                (b"Zg==", b"f"),
                (b"Zm8=", b"fo"),
                (b"Zm9v\n", b"foo"),
                (b"Zm9v===YmFy", b"foobar"),
                (b"f4D+", b"\x7f\x80\xfe"),
            ] {
                let v = b(heap, text);
                let got = a2b_base64(heap, &[v]).unwrap();
                assert_eq!(heap.str_bytes(got), want);
            }
            for bad in [&b"abc"[..], b"abcde=", b"ab*d", b"ab=cdef="] {
                let v = b(heap, bad);
                assert!(a2b_base64(heap, &[v]).is_err());
            }
        });
    }
}
