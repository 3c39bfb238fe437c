//! Text to bytes and back: UTF-8 and ASCII, under the names that MicroPython knows; what is no text is an error.

use super::text::{self, arg};
use crate::base::utf8;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::exc::{Part, raise, raise_parts};
use crate::object::{bytes, str};
use crate::vm::Vm;

const ENCODINGS: &[&[u8]] = &[b"utf-8", b"utf8", b"ascii"];
/// Names that programs give where nothing is wrong with the text; if something is, it is an error all the same.
const HANDLERS: &[&[u8]] = &[b"strict", b"ignore", b"replace"];

/// Whether the text must be ASCII.
fn is_ascii(heap: &mut Heap, args: &[Value]) -> R<bool> {
    let mut ascii = false;
    for (i, names) in [ENCODINGS, HANDLERS].into_iter().enumerate() {
        let Some(v) = args.get(i + 1).copied() else { break };
        let word = text::word(heap, v)?;
        ascii |= word == b"ascii";
        if !names.contains(&word) {
            return Err(raise_parts(heap, TypeId::LookupError, &[Part::S("unknown encoding: "), Part::V(v)]));
        }
    }
    Ok(ascii)
}

/// `bytes.decode([encoding[, errors]])`, and `str(bytes, encoding[, errors])`.
pub fn decode(vm: &mut Vm, args: &[Value]) -> R {
    vm.with_heap(|heap| {
        let Some(source) = text::buffer(heap, arg(args, 0), false) else {
            return Err(text::mixed(heap, Kind::Bytes));
        };
        let ascii = is_ascii(heap, args)?;
        let raw = heap.span_bytes(source);
        if if ascii { utf8::is_ascii(raw) } else { utf8::validate_form(raw) } {
            return str::from_span(heap, source);
        }
        Err(invalid(heap))
    })
}

/// `str.encode([encoding[, errors]])`.
pub fn encode(vm: &mut Vm, args: &[Value]) -> R {
    vm.with_heap(|heap| {
        let this = text::native(heap, arg(args, 0));
        let Some(source) = str::span(heap, this) else { return Err(text::mixed(heap, Kind::Str)) };
        if is_ascii(heap, args)? && !str::is_ascii(heap, this) {
            return Err(invalid(heap));
        }
        bytes::from_span(heap, Kind::Bytes, source)
    })
}

#[cold]
fn invalid(heap: &mut Heap) -> Raised {
    raise(heap, TypeId::UnicodeError, "invalid text encoding")
}
