//! Text to bytes and back.

use super::text::{self, arg};
use crate::base::utf8;
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::exc;
use crate::object::{bytearray, str};
use crate::vm::{Slot, Vm, bulk};

/// How many bytes at a time are text.
#[derive(Clone, Copy, PartialEq)]
enum Codec {
    Utf8,
    Ascii,
}

fn codec(heap: &mut Heap, v: Option<Value>) -> R<Codec> {
    let Some(v) = v else { return Ok(Codec::Utf8) };
    // In small letters, without what may separate them.
    let mut name = [0u8; 8];
    let mut n = 0;
    for b in text::word(heap, v)?.iter().filter(|b| !matches!(b, b'-' | b'_' | b' ')) {
        if let Some(to) = name.get_mut(n) {
            *to = b.to_ascii_lowercase();
        }
        n += 1;
    }
    match name.get(..n).unwrap_or(&[]) {
        b"utf8" => Ok(Codec::Utf8),
        b"ascii" | b"usascii" => Ok(Codec::Ascii),
        _ => Err(exc::raise_parts(
            heap,
            TypeId::LookupError,
            &[exc::Part::S("unknown encoding: "), exc::Part::V(v)],
        )),
    }
}

/// What to do with bytes that are no text.
#[derive(Clone, Copy, PartialEq)]
enum Errors {
    Strict,
    Ignore,
    Replace,
}

fn errors(heap: &mut Heap, v: Option<Value>) -> R<Errors> {
    let Some(v) = v else { return Ok(Errors::Strict) };
    match text::word(heap, v)? {
        b"strict" => Ok(Errors::Strict),
        b"ignore" => Ok(Errors::Ignore),
        b"replace" => Ok(Errors::Replace),
        _ => Err(exc::raise_parts(
            heap,
            TypeId::LookupError,
            &[exc::Part::S("unknown error handler name "), exc::Part::V(v)],
        )),
    }
}

/// Length of the well-formed character at the start, or else how many bytes are skipped together.
fn step(rest: &[u8], codec: Codec) -> Result<usize, usize> {
    let Some(first) = rest.first() else { return Ok(0) };
    if *first < 0x80 {
        return Ok(1);
    }
    if codec == Codec::Ascii {
        return Err(1);
    }
    let need = match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf7 => 4,
        _ => return Err(1),
    };
    if rest.get(..need).is_some_and(utf8::validate_form) {
        return Ok(need);
    }
    let good = rest.iter().skip(1).take(need - 1).take_while(|b| utf8::is_cont(**b)).count();
    // A second byte that makes the form overlong or too large is not part of the sequence.
    let second = rest.get(1).copied().unwrap_or(0);
    let second_bad = matches!((first, second), (0xe0, 0x80..=0x9f) | (0xf0, 0x80..=0x8f));
    Err(if second_bad { 1 } else { 1 + good.min(need - 1) })
}

/// What is decoded or encoded, and how.
struct Task {
    source: Span,
    codec: Codec,
    errors: Errors,
}

fn task(heap: &mut Heap, source: Option<Span>, kind: Kind, args: &[Value]) -> R<Task> {
    let Some(source) = source else { return Err(text::mixed(heap, kind)) };
    let codec = codec(heap, args.get(1).copied())?;
    let errors = errors(heap, args.get(2).copied())?;
    Ok(Task { source, codec, errors })
}

#[cold]
fn invalid(vm: &mut Vm) -> Raised {
    vm.raise(TypeId::UnicodeError, "invalid text encoding")
}

/// `bytes.decode([encoding[, errors]])`, and `str(bytes, encoding[, errors])`.
pub fn decode(vm: &mut Vm, args: &[Value]) -> R {
    let Task { source, codec, errors } = vm.with_heap(|heap| {
        let source = text::buffer(heap, arg(args, 0), false);
        task(heap, source, Kind::Bytes, args)
    })?;
    let top = bulk::keep(vm, &[source])?;
    let valid = if codec == Codec::Utf8 { utf8::validate_form } else { utf8::is_ascii };
    if let Some(made) = bulk::text(vm, source, valid)? {
        bulk::let_go(vm, top);
        return Ok(made);
    }
    if errors == Errors::Strict {
        return Err(invalid(vm));
    }
    let made = vm.with_heap(bytearray::new)?;
    let out = vm.push(made)?;
    let mut at = 0;
    while at < source.len() {
        // What is good is appended before anyone else comes in.
        let rest = source.sub(at, at + bulk::PIECE);
        let plain = bulk::run_of(vm, rest, false, |b| b < 0x80)?;
        let next = source.sub(at + plain, source.len());
        let (len, good) = match step(vm.heap().span_bytes(next), codec) {
            _ if plain > 0 => (plain, true),
            Ok(len) => (len.max(1), true),
            Err(skip) => (skip, false),
        };
        match good {
            true => put(vm, out, rest.sub(0, len))?,
            false if errors == Errors::Replace => put_char(vm, out, 0xfffd)?,
            false => {}
        }
        at += len;
        vm.tick(300 + len as u32)?;
    }
    bulk::take_text(vm, out)
}

fn put(vm: &mut Vm, out: Slot, s: Span) -> R<()> {
    bulk::append_own(vm, vm.get(out), s)
}
fn put_char(vm: &mut Vm, out: Slot, ch: u32) -> R<()> {
    let (to, (text, n)) = (vm.get(out), utf8::encode(ch).unwrap_or(([b'?', 0, 0, 0], 1)));
    bulk::make_room(vm, to, n)?;
    vm.with_heap(|heap| bytearray::extend(heap, to, text.get(..n).unwrap_or(&[])))
}

/// `str.encode([encoding[, errors]])`.
pub fn encode(vm: &mut Vm, args: &[Value]) -> R {
    let this = text::native(vm.heap(), arg(args, 0));
    let Task { source, codec, errors } = vm.with_heap(|heap| {
        let source = str::span(heap, this);
        task(heap, source, Kind::Str, args)
    })?;
    if codec == Codec::Utf8 || str::is_ascii(vm.heap(), this) {
        return bulk::make(vm, Kind::Bytes, source);
    }
    if errors == Errors::Strict {
        return Err(invalid(vm));
    }
    let made = vm.with_heap(bytearray::new)?;
    let out = vm.push(made)?;
    let mut at = 0;
    while at < source.len() {
        let rest = source.sub(at, at + bulk::PIECE);
        let plain = bulk::run_of(vm, rest, false, |b| b < 0x80)?;
        if plain > 0 {
            put(vm, out, rest.sub(0, plain))?;
            at += plain;
        } else {
            if errors == Errors::Replace {
                put_char(vm, out, u32::from(b'?'))?;
            }
            at += utf8::decode(vm.heap().span_bytes(rest)).map_or(1, |(_, n)| n);
        }
        vm.tick(300 + plain as u32)?;
    }
    let all = bytearray::span(vm.heap(), vm.get(out));
    bulk::make(vm, Kind::Bytes, all)
}
