//! Methods of str, bytes and bytearray that look at or change characters one by one: case, classes, `center`, `hex`.

use super::text::{self, arg};
use super::text_pieces;
use crate::base::sink::{self, Sink};
use crate::base::utf8;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::exc::raise;
use crate::object::strbuf::StrBuf;
use crate::object::{bytearray, bytes, str};

fn mapped(heap: &mut Heap, args: &[Value], map: fn(u32) -> u32) -> R {
    let me = text::me(heap, args)?;
    if me.kind != Kind::ByteArray && text_pieces::all(heap, me.span, |b| map(u32::from(b)) == u32::from(b))? {
        return Ok(me.value);
    }
    if let (true, [b]) = (me.is_str(), heap.span_bytes(me.span)) {
        // One character is a built-in name wherever there is one.
        let b = map(u32::from(*b)) as u8;
        return str::new(heap, &[b]);
    }
    let (made, whole) = match me.kind {
        Kind::ByteArray => {
            let v = bytearray::from_spans(heap, &[me.span])?;
            (v, bytearray::span(heap, v))
        }
        kind => {
            let v = bytes::blank(heap, kind, me.span.len())?;
            let whole = bytes::cell(heap, v);
            heap.copy_span(whole, me.span);
            (v, whole)
        }
    };
    text_pieces::map(heap, whole, map)?;
    Ok(bytes::seal(heap, made))
}

pub fn upper(heap: &mut Heap, args: &[Value]) -> R {
    mapped(heap, args, utf8::to_upper)
}
pub fn lower(heap: &mut Heap, args: &[Value]) -> R {
    mapped(heap, args, utf8::to_lower)
}

/// All characters are in the class, and there is at least one.
fn every(heap: &mut Heap, args: &[Value], class: fn(u32) -> bool) -> R {
    let me = text::me(heap, args)?;
    Ok(Value::bool(!me.span.is_empty() && text_pieces::all(heap, me.span, |b| class(u32::from(b)))?))
}

/// No character is in the class `other`, and at least one in `class`.
fn cased(heap: &mut Heap, args: &[Value], class: fn(u32) -> bool, other: fn(u32) -> bool) -> R {
    let me = text::me(heap, args)?;
    let mut lacks = |f: fn(u32) -> bool| text_pieces::all(heap, me.span, |b| !f(u32::from(b)));
    Ok(Value::bool(!lacks(class)? && lacks(other)?))
}

pub fn isspace(heap: &mut Heap, args: &[Value]) -> R {
    every(heap, args, utf8::is_space)
}
pub fn isalpha(heap: &mut Heap, args: &[Value]) -> R {
    every(heap, args, utf8::is_alpha)
}
pub fn isdigit(heap: &mut Heap, args: &[Value]) -> R {
    every(heap, args, utf8::is_digit)
}
pub fn isalnum(heap: &mut Heap, args: &[Value]) -> R {
    every(heap, args, utf8::is_alnum)
}
pub fn isupper(heap: &mut Heap, args: &[Value]) -> R {
    cased(heap, args, utf8::is_upper, utf8::is_lower)
}
pub fn islower(heap: &mut Heap, args: &[Value]) -> R {
    cased(heap, args, utf8::is_lower, utf8::is_upper)
}

pub fn center(heap: &mut Heap, args: &[Value]) -> R {
    // CPython's choice for an odd rest: to the left where the width is odd.
    padded(heap, args, |pad, width| pad / 2 + (pad & (width & 1) as usize & 1))
}

#[cfg(feature = "extra")]
pub fn ljust(heap: &mut Heap, args: &[Value]) -> R {
    padded(heap, args, |_, _| 0)
}

#[cfg(feature = "extra")]
pub fn rjust(heap: &mut Heap, args: &[Value]) -> R {
    padded(heap, args, |pad, _| pad)
}

/// `zfill(width)`: zeros behind the sign.
#[cfg(feature = "extra")]
pub fn zfill(heap: &mut Heap, args: &[Value]) -> R {
    let me = text::me(heap, args)?;
    let width = text::index(heap, arg(args, 1))?;
    let pad = usize::try_from(width).unwrap_or(0).saturating_sub(me.len(heap));
    text::checked_len(heap, me.span.len().checked_add(pad))?;
    let sign = matches!(heap.span_bytes(me.span).first(), Some(b'+' | b'-')) as usize;
    let mut out = StrBuf::new(heap);
    let done = out
        .put_span(me.span.sub(0, sign))
        .and_then(|()| sink::put_repeat(&mut out, b'0', pad))
        .and_then(|()| out.put_span(me.span.sub(sign, me.span.len())));
    finish(out, done, me.kind)
}

/// Blanks up to a width, so many of them at the left as `left` says of the number of blanks and the width; any other single
/// character may be given for the blank.
fn padded(heap: &mut Heap, args: &[Value], left: fn(usize, i64) -> usize) -> R {
    let me = text::me(heap, args)?;
    let width = text::index(heap, arg(args, 1))?;
    let fill = match args.get(2).copied() {
        None => None,
        Some(v) => {
            let fill = me.like(heap, v)?;
            if crate::base::utf8::count(heap.span_bytes(fill)) != 1 {
                return Err(raise(heap, TypeId::TypeError, "the fill character must be one character long"));
            }
            Some(fill)
        }
    };
    let len = me.len(heap);
    let Some(pad) = usize::try_from(width).ok().and_then(|w| w.checked_sub(len)).filter(|p| *p > 0) else {
        return me.make(heap, me.span);
    };
    let each = fill.map_or(1, |f| f.len());
    text::checked_len(heap, pad.checked_mul(each).and_then(|n| n.checked_add(me.span.len())))?;
    let left = left(pad, width);
    let mut out = StrBuf::new(heap);
    let blanks = |out: &mut StrBuf, n: usize| match fill {
        None => sink::put_repeat(out, b' ', n),
        Some(fill) => (0..n).try_for_each(|_| out.put_span(fill)),
    };
    let done = blanks(&mut out, left)
        .and_then(|()| out.put_span(me.span))
        .and_then(|()| blanks(&mut out, pad - left));
    finish(out, done, me.kind)
}

/// The object that was written, unless the writing failed.
pub fn finish(out: StrBuf, done: sink::Put, kind: Kind) -> R {
    match done {
        Ok(()) => out.finish(kind),
        Err(sink::Full) => Err(Raised),
    }
}

pub fn hex(heap: &mut Heap, args: &[Value]) -> R {
    let me = text::me(heap, args)?;
    let sep = match args.get(1) {
        Some(v) => {
            let v = *v;
            let s = text::buffer(heap, v, true).map_or(0, |s| s.len());
            if s != 1 {
                return Err(raise(heap, TypeId::ValueError, "sep must be length 1"));
            }
            text::buffer(heap, v, true)
        }
        None => None,
    };
    let n = me.span.len();
    text::checked_len(heap, n.checked_mul(3))?;
    let sep = sep.and_then(|s| heap.span_bytes(s).first().copied());
    let total = n * 2 + if sep.is_some() { n.saturating_sub(1) } else { 0 };
    if total == 0 {
        return str::new(heap, &[]);
    }
    let v = bytes::blank(heap, Kind::Str, total)?;
    let whole = bytes::cell(heap, v);
    let step = if sep.is_some() { 3 } else { 2 };
    for i in 0..n {
        let b = heap.span_bytes(me.span).get(i).copied().unwrap_or(0);
        let digit = |d: u8| sink::digit_char(u32::from(d), false);
        let three = [digit(b >> 4), digit(b & 15), sep.unwrap_or(0)];
        let keep = if i + 1 < n { step } else { 2 };
        heap.write_span(whole.sub(i * step, i * step + keep), three.get(..keep).unwrap_or(&[]));
        heap.work(40)?;
    }
    Ok(bytes::seal(heap, v))
}

fn from_hex(heap: &mut Heap, v: Value, kind: Kind) -> R {
    let Some(source) = text::buffer(heap, v, true) else { return Err(text::mixed(heap, Kind::Str)) };
    let mut out = StrBuf::new(heap);
    let mut at = 0;
    let mut done = Ok(());
    while done.is_ok() {
        let rest = out.heap.span_bytes(source).get(at..).unwrap_or(&[]);
        let digit = |b: &u8| utf8::digit_value(*b).filter(|d| *d < 16);
        let b = match rest {
            [] => break,
            [b, ..] if utf8::is_space(u32::from(*b)) => {
                at += 1;
                continue;
            }
            [a, b, ..] => digit(a).zip(digit(b)),
            _ => None,
        };
        let Some((a, b)) = b else {
            let message = "non-hex digit";
            return Err(raise(out.heap, TypeId::ValueError, message));
        };
        done = out.put((a << 4 | b) as u8);
        at += 2;
        out.heap.work(60)?;
    }
    finish(out, done, kind)
}

/// `bytes.fromhex` and `bytearray.fromhex`: class methods, the class comes first.
pub fn bytes_fromhex(heap: &mut Heap, args: &[Value]) -> R {
    from_hex(heap, arg(args, 1), Kind::Bytes)
}
pub fn bytearray_fromhex(heap: &mut Heap, args: &[Value]) -> R {
    from_hex(heap, arg(args, 1), Kind::ByteArray)
}
