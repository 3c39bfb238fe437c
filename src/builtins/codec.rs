//! Text to bytes and back.

use super::text::{self, arg};
use super::text_case::finish;
use crate::base::sink::Sink;
use crate::base::utf8;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::exc::{self, raise};
use crate::object::strbuf::StrBuf;
use crate::object::{bytes, str};

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

/// `bytes.decode([encoding[, errors]])`, and `str(bytes, encoding[, errors])`.
pub fn decode(heap: &mut Heap, args: &[Value]) -> R {
    let Some(source) = text::buffer(heap, arg(args, 0), false) else {
        return Err(text::mixed(heap, Kind::Bytes));
    };
    let codec = codec(heap, args.get(1).copied())?;
    let errors = errors(heap, args.get(2).copied())?;
    let raw = heap.span_bytes(source);
    let good = match codec {
        Codec::Utf8 => utf8::validate_form(raw),
        Codec::Ascii => utf8::is_ascii(raw),
    };
    if good {
        return str::from_span(heap, source);
    }
    if errors == Errors::Strict {
        return Err(raise(heap, TypeId::UnicodeError, "invalid text encoding"));
    }
    let mut out = StrBuf::new(heap);
    let (mut at, n) = (0, source.len());
    let mut done = Ok(());
    while at < n && done.is_ok() {
        match step(out.heap.span_bytes(source.sub(at, n)), codec) {
            Ok(len) => {
                done = out.put_span(source.sub(at, at + len));
                at += len;
            }
            Err(skip) => {
                if errors == Errors::Replace {
                    done = out.put_char(0xfffd);
                }
                at += skip;
            }
        }
    }
    finish(out, done, Kind::Str)
}

/// `str.encode([encoding[, errors]])`.
pub fn encode(heap: &mut Heap, args: &[Value]) -> R {
    let this = text::native(heap, arg(args, 0));
    let Some(source) = str::span(heap, this) else { return Err(text::mixed(heap, Kind::Str)) };
    let codec = codec(heap, args.get(1).copied())?;
    let errors = errors(heap, args.get(2).copied())?;
    if codec == Codec::Utf8 || str::is_ascii(heap, this) {
        return bytes::from_span(heap, Kind::Bytes, source);
    }
    if errors == Errors::Strict {
        return Err(raise(heap, TypeId::UnicodeError, "invalid text encoding"));
    }
    let mut out = StrBuf::new(heap);
    let (mut at, n) = (0, source.len());
    let mut done = Ok(());
    while at < n && done.is_ok() {
        let (ch, len) = utf8::decode(out.heap.span_bytes(source.sub(at, n))).unwrap_or((0, 1));
        if ch < 0x80 {
            done = out.put(ch as u8);
        } else if errors == Errors::Replace {
            done = out.put(b'?');
        }
        at += len;
    }
    finish(out, done, Kind::Bytes)
}
