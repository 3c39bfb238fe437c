//! Text to bytes and back: UTF-8, and what is no text is an error.

use super::text::{self, arg};
use crate::base::utf8;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::exc::{Part, raise, raise_parts};
use crate::object::{bytes, str};

/// Only the names that mean what is done.
fn known(heap: &mut Heap, args: &[Value]) -> R<()> {
    for (i, names) in [&[&b"utf-8"[..], b"utf8"][..], &[b"strict"]].into_iter().enumerate() {
        if let Some(v) = args.get(i + 1).copied()
            && !names.contains(&text::word(heap, v)?)
        {
            return Err(raise_parts(heap, TypeId::LookupError, &[Part::S("unknown encoding: "), Part::V(v)]));
        }
    }
    Ok(())
}

/// `bytes.decode([encoding[, errors]])`, and `str(bytes, encoding[, errors])`.
pub fn decode(heap: &mut Heap, args: &[Value]) -> R {
    let Some(source) = text::buffer(heap, arg(args, 0), false) else {
        return Err(text::mixed(heap, Kind::Bytes));
    };
    known(heap, args)?;
    if utf8::validate_form(heap.span_bytes(source)) {
        return str::from_span(heap, source);
    }
    Err(raise(heap, TypeId::UnicodeError, "invalid text encoding"))
}

/// `str.encode([encoding[, errors]])`.
pub fn encode(heap: &mut Heap, args: &[Value]) -> R {
    let this = text::native(heap, arg(args, 0));
    let Some(source) = str::span(heap, this) else { return Err(text::mixed(heap, Kind::Str)) };
    known(heap, args)?;
    bytes::from_span(heap, Kind::Bytes, source)
}
