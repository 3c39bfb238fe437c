//! Methods of str, bytes and bytearray that look at or change characters one by one: case, classes, `center`, `hex`.

use super::text::{self, Text};
use crate::base::sink;
use crate::base::utf8;
use crate::heap::span::Span;
use crate::heap::{Kind, R, TypeId, Value};
use crate::object::str;
use crate::q;
use crate::vm::def::Args;
use crate::vm::{Vm, bulk};

fn mapped(vm: &mut Vm, args: Args, map: fn(u32) -> u32) -> R {
    let me = text::me(vm, args)?;
    if me.kind != Kind::ByteArray && has_only(vm, &me, |b| map(b) == b)? {
        return Ok(me.value);
    }
    if let (true, [b]) = (me.is_str(), vm.heap().span_bytes(me.span)) {
        // One character is a built-in name wherever there is one.
        let b = map(u32::from(*b)) as u8;
        return vm.with_heap(|heap| str::new(heap, &[b]));
    }
    let (made, whole) = bulk::blank(vm, me.kind, me.span.len())?;
    bulk::copy(vm, whole, me.span)?;
    bulk::map(vm, whole, map)?;
    bulk::done(vm, made)
}

pub fn upper(vm: &mut Vm, args: Args) -> R {
    mapped(vm, args, utf8::to_upper)
}
pub fn lower(vm: &mut Vm, args: Args) -> R {
    mapped(vm, args, utf8::to_lower)
}

/// Every byte is of a kind.
#[inline(always)]
fn has_only(vm: &mut Vm, me: &Text, class: impl Fn(u32) -> bool) -> R<bool> {
    Ok(bulk::run_of(vm, me.span, false, |b| class(b.into()))? == me.span.len())
}

/// All characters are in the class, and there is at least one.
fn every(vm: &mut Vm, args: Args, class: fn(u32) -> bool) -> R {
    let me = text::me(vm, args)?;
    Ok(Value::bool(!me.span.is_empty() && has_only(vm, &me, class)?))
}

/// No character is in the class `other`, and at least one in `class`.
fn cased(vm: &mut Vm, args: Args, class: fn(u32) -> bool, other: fn(u32) -> bool) -> R {
    let me = text::me(vm, args)?;
    let mut lacks = |f: fn(u32) -> bool| has_only(vm, &me, |ch| !f(ch));
    Ok(Value::bool(!lacks(class)? && lacks(other)?))
}

pub fn isspace(vm: &mut Vm, args: Args) -> R {
    every(vm, args, utf8::is_space)
}
pub fn isalpha(vm: &mut Vm, args: Args) -> R {
    every(vm, args, utf8::is_alpha)
}
pub fn isdigit(vm: &mut Vm, args: Args) -> R {
    every(vm, args, utf8::is_digit)
}
pub fn isalnum(vm: &mut Vm, args: Args) -> R {
    every(vm, args, utf8::is_alnum)
}
pub fn isupper(vm: &mut Vm, args: Args) -> R {
    cased(vm, args, utf8::is_upper, utf8::is_lower)
}
pub fn islower(vm: &mut Vm, args: Args) -> R {
    cased(vm, args, utf8::is_lower, utf8::is_upper)
}

pub fn center(vm: &mut Vm, args: Args) -> R {
    // CPython's choice for an odd rest: to the left where the width is odd.
    padded(vm, args, |pad, width| pad / 2 + (pad & (width & 1) as usize & 1))
}

#[cfg(feature = "extra")]
pub fn ljust(vm: &mut Vm, args: Args) -> R {
    padded(vm, args, |_, _| 0)
}

#[cfg(feature = "extra")]
pub fn rjust(vm: &mut Vm, args: Args) -> R {
    padded(vm, args, |pad, _| pad)
}

/// How many characters are missing up to the width in argument 1.
fn missing(vm: &mut Vm, args: Args, me: &Text) -> R<(usize, i64)> {
    let width = vm.with_heap1(text::index, vm.req(args, 1))?;
    let len = me.len(vm)?;
    Ok((usize::try_from(width).unwrap_or(0).saturating_sub(len), width))
}

/// The text with `pad` copies of `fill`: the first of them behind byte `head`, `behind` of them at the end.
fn filled(vm: &mut Vm, me: &Text, fill: Span, pad: usize, head: usize, behind: usize) -> R {
    let n = me.span.len();
    let total = pad.checked_mul(fill.len()).and_then(|p| p.checked_add(n));
    let total = text::checked_len(vm.heap_mut(), total)?;
    let (made, whole) = bulk::blank(vm, me.kind, total)?;
    let first = head + (pad - behind) * fill.len();
    bulk::copy(vm, whole, me.span.sub(0, head))?;
    bulk::fill(vm, whole.sub(head, first), fill)?;
    bulk::copy(vm, whole.sub(first, total), me.span.sub(head, n))?;
    bulk::fill(vm, whole.sub(first + n - head, total), fill)?;
    bulk::done_cut(vm, made, total)
}

fn span_of(vm: &Vm, name: Value) -> Span {
    vm.heap().str_span(name).unwrap_or(Span::EMPTY)
}

/// `zfill(width)`: zeros behind the sign.
#[cfg(feature = "extra")]
pub fn zfill(vm: &mut Vm, args: Args) -> R {
    let me = text::me(vm, args)?;
    let (pad, _) = missing(vm, args, &me)?;
    let sign = matches!(vm.heap().span_bytes(me.span).first(), Some(b'+' | b'-')) as usize;
    let zero = span_of(vm, q!("0"));
    filled(vm, &me, zero, pad, sign, 0)
}

/// Blanks up to a width, so many of them at the left as `left` says of the number of blanks and the width; any other single
/// character may be given for the blank.
fn padded(vm: &mut Vm, args: Args, left: fn(usize, i64) -> usize) -> R {
    let me = text::me(vm, args)?;
    let fill = match vm.arg(args, 2) {
        None => span_of(vm, q!(" ")),
        Some(_) => {
            let fill = me.like_arg(vm, args, 2)?;
            if bulk::count_chars(vm, fill)? != 1 {
                return Err(vm.raise(TypeId::TypeError, "the fill character must be one character long"));
            }
            fill
        }
    };
    let (pad, width) = missing(vm, args, &me)?;
    if pad == 0 {
        return me.make(vm, me.span);
    }
    filled(vm, &me, fill, pad, 0, pad - left(pad, width))
}

pub fn hex(vm: &mut Vm, args: Args) -> R {
    hex_as(vm, args, Kind::Str)
}

/// The digits of argument 0 as a str or bytes, argument 1 between them.
pub fn hex_as(vm: &mut Vm, args: Args, kind: Kind) -> R {
    let me = text::me(vm, args)?;
    let sep = match vm.arg(args, 1).map(|v| text::buffer(vm.heap(), v, true)) {
        Some(Some(s)) if s.len() == 1 => vm.heap().span_bytes(s).first().copied(),
        Some(_) => return Err(vm.raise(TypeId::ValueError, "sep must be length 1")),
        None => None,
    };
    hex_of(vm, me.span, sep, kind)
}

/// The digits of bytes whose owner is reachable.
pub fn hex_of(vm: &mut Vm, s: Span, sep: Option<u8>, kind: Kind) -> R {
    let (n, each) = (s.len(), if sep.is_some() { 3 } else { 2 });
    let total = text::checked_len(vm.heap_mut(), n.checked_mul(each))?.saturating_sub(each - 2);
    if total == 0 {
        return bulk::make(vm, kind, Span::EMPTY);
    }
    let (made, whole) = bulk::blank(vm, kind, total)?;
    for at in (0..n).step_by(32) {
        let mut room = [0; 96];
        let heap = vm.heap_mut();
        for (to, b) in room.chunks_exact_mut(each).zip(heap.span_bytes(s.sub(at, at + 32))) {
            for (to, d) in to.iter_mut().zip([b >> 4, b & 15]) {
                *to = sink::digit_char(d.into(), false);
            }
            if let (Some(to), Some(sep)) = (to.get_mut(2), sep) {
                *to = sep;
            }
        }
        // What is behind the last digits goes beyond the end.
        heap.write_span(whole.sub(at * each, (at + 32) * each), &room);
        vm.tick(1500)?;
    }
    bulk::done(vm, made)
}

/// Bytes out of pairs of digits, whose owner is reachable; blanks may stand between them, unless `strict`.
pub fn from_hex(vm: &mut Vm, source: Span, kind: Kind, strict: bool) -> R {
    let (made, whole) = bulk::blank(vm, kind, source.len() / 2)?;
    let (mut at, mut to) = (0, 0);
    while at < source.len() {
        let mut room = [0; 32];
        let mut n = 0;
        let mut rest = vm.heap().span_bytes(source.sub(at, source.len()));
        let before = rest.len();
        let digit = |b: u8| utf8::digit_value(b).filter(|d| *d < 16);
        while let (Some(place), [a, more @ ..]) = (room.get_mut(n), rest) {
            if !strict && utf8::is_space((*a).into()) {
                rest = more;
                continue;
            }
            let pair = more.split_first().and_then(|(b, more)| Some((digit(*a)? << 4 | digit(*b)?, more)));
            let Some((b, more)) = pair else {
                let message = if strict { "non-hex digit found" } else { "non-hex digit" };
                return Err(vm.raise(TypeId::ValueError, message));
            };
            (*place, rest) = (b as u8, more);
            n += 1;
        }
        // Less than all, where the owner shrank, is all there is.
        at = if before == 0 { source.len() } else { at + before - rest.len() };
        vm.heap_mut().write_span(whole.sub(to, to + n), room.get(..n).unwrap_or(&[]));
        to += n;
        vm.tick(1500)?;
    }
    bulk::done_cut(vm, made, to)
}

/// `bytes.fromhex` and `bytearray.fromhex`: class methods, the class comes first.
pub fn bytes_fromhex(vm: &mut Vm, args: Args) -> R {
    made_from_hex(vm, args, Kind::Bytes)
}
pub fn bytearray_fromhex(vm: &mut Vm, args: Args) -> R {
    made_from_hex(vm, args, Kind::ByteArray)
}
fn made_from_hex(vm: &mut Vm, args: Args, kind: Kind) -> R {
    match text::buffer(vm.heap(), vm.req(args, 1), true) {
        Some(source) => {
            vm.set_arg(args, 1, source.owner);
            from_hex(vm, source, kind, false)
        }
        None => Err(vm.raise_by(&|heap| text::mixed(heap, Kind::Str))),
    }
}
