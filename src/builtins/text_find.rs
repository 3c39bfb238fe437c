//! Methods of str, bytes and bytearray that look for something: `find`, `count`, `startswith`, `partition` and their kin.

use super::text::{self, Text, arg};
use crate::base::utf8;
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::exc::raise;
use crate::object::search::{self, Needle};
use crate::object::{bytes, int, tuple};

fn needle(heap: &mut Heap, me: &Text, v: Value) -> R<Needle> {
    let number = text::native(heap, v);
    if !me.is_str() && int::is(heap, number) {
        return Ok(Needle::Byte(text::byte(heap, number)?));
    }
    Ok(Needle::Span(me.like(heap, v)?))
}

/// The byte offset, in the whole object, of the first or last place.
fn seek(heap: &mut Heap, args: &[Value], from_end: bool) -> R<(Text, Option<usize>)> {
    let me = text::me(heap, args)?;
    let needle = needle(heap, &me, arg(args, 1))?;
    let Some(part) = me.part(heap, args, 2)? else { return Ok((me, None)) };
    let at = search::find(heap, part, needle, from_end)?;
    Ok((me, at.map(|n| n + (part.offset - me.span.offset) as usize)))
}

fn place(heap: &mut Heap, args: &[Value], from_end: bool, must: bool) -> R {
    match seek(heap, args, from_end)? {
        (me, Some(at)) => Ok(me.index_of(heap, at)),
        (_, None) if must => Err(raise(heap, TypeId::ValueError, "substring not found")),
        _ => Ok(Value::small(-1)),
    }
}

pub fn find(heap: &mut Heap, args: &[Value]) -> R {
    place(heap, args, false, false)
}
pub fn rfind(heap: &mut Heap, args: &[Value]) -> R {
    place(heap, args, true, false)
}
pub fn index(heap: &mut Heap, args: &[Value]) -> R {
    place(heap, args, false, true)
}
pub fn rindex(heap: &mut Heap, args: &[Value]) -> R {
    place(heap, args, true, true)
}

pub fn count(heap: &mut Heap, args: &[Value]) -> R {
    let me = text::me(heap, args)?;
    let needle = needle(heap, &me, arg(args, 1))?;
    let Some(part) = me.part(heap, args, 2)? else { return Ok(Value::small(0)) };
    let size = match needle {
        Needle::Span(s) if s.is_empty() => {
            let n = if me.is_str() { utf8::count(heap.span_bytes(part)) } else { part.len() };
            return Ok(Value::small(n as i32 + 1));
        }
        Needle::Span(s) => s.len(),
        Needle::Byte(_) => 1,
    };
    let (mut n, mut at) = (0, 0);
    while let Some(skip) = search::find(heap, part.sub(at, part.len()), needle, false)? {
        n += 1;
        at += skip + size;
        heap.work(skip + 20)?;
    }
    Ok(Value::small(n))
}

pub fn contains(heap: &mut Heap, container: Value, item: Value) -> R<bool> {
    Ok(seek(heap, &[container, item], false)?.1.is_some())
}

fn ends(heap: &mut Heap, args: &[Value], at_end: bool) -> R {
    let me = text::me(heap, args)?;
    let part = me.part(heap, args, 2)?;
    let wanted = arg(args, 1);
    let many = tuple::is(heap, wanted);
    for i in 0..if many { tuple::len(heap, wanted) } else { 1 } {
        let one = if many { tuple::get(heap, wanted, i).unwrap_or(Value::NONE) } else { wanted };
        let one = me.like(heap, one)?;
        let Some(part) = part else { continue };
        let (all, one) = (heap.span_bytes(part), heap.span_bytes(one));
        if if at_end { all.ends_with(one) } else { all.starts_with(one) } {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

pub fn startswith(heap: &mut Heap, args: &[Value]) -> R {
    ends(heap, args, false)
}
pub fn endswith(heap: &mut Heap, args: &[Value]) -> R {
    ends(heap, args, true)
}

pub fn removeprefix(heap: &mut Heap, args: &[Value]) -> R {
    let me = text::me(heap, args)?;
    let what = me.like(heap, arg(args, 1))?;
    let cut = if heap.span_bytes(me.span).starts_with(heap.span_bytes(what)) { what.len() } else { 0 };
    me.make(heap, me.span.sub(cut, me.span.len()))
}
pub fn removesuffix(heap: &mut Heap, args: &[Value]) -> R {
    let me = text::me(heap, args)?;
    let what = me.like(heap, arg(args, 1))?;
    let cut = if heap.span_bytes(me.span).ends_with(heap.span_bytes(what)) { what.len() } else { 0 };
    me.make(heap, me.span.sub(0, me.span.len() - cut))
}

fn split_at(heap: &mut Heap, args: &[Value], from_end: bool) -> R {
    let me = text::me(heap, args)?;
    let sep = me.like(heap, arg(args, 1))?;
    if sep.is_empty() {
        return Err(raise(heap, TypeId::ValueError, "empty separator"));
    }
    let at = search::find(heap, me.span, Needle::Span(sep), from_end)?;
    let n = me.span.len();
    let parts = match at {
        Some(at) => [me.span.sub(0, at), sep, me.span.sub(at + sep.len(), n)],
        None if from_end => [me.span.sub(0, 0), me.span.sub(0, 0), me.span],
        None => [me.span, me.span.sub(0, 0), me.span.sub(0, 0)],
    };
    let t = tuple::new(heap, 3)?;
    for (i, part) in parts.into_iter().enumerate() {
        let v = me.make(heap, part)?;
        tuple::set(heap, t, i, v);
    }
    Ok(t)
}

pub fn partition(heap: &mut Heap, args: &[Value]) -> R {
    split_at(heap, args, false)
}
pub fn rpartition(heap: &mut Heap, args: &[Value]) -> R {
    split_at(heap, args, true)
}

/// Where the text begins and ends without what of `set` (or blanks, without one) stands at the front and the back.
fn strip_ends(heap: &mut Heap, me: &Text, set: Option<Span>, ends: [bool; 2]) -> R<(usize, usize)> {
    let chars = me.kind == Kind::Str;
    let (mut from, mut to) = (0, me.span.len());
    for at_back in [false, true].into_iter().zip(ends).filter(|(_, wanted)| *wanted).map(|(back, _)| back) {
        while from < to {
            let rest = heap.span_bytes(me.span.sub(from, to));
            let ch = match (chars, at_back) {
                (false, _) => None,
                (true, false) => utf8::decode(rest),
                (true, true) => utf8::decode_last(rest),
            };
            let n = ch.map_or(1, |(_, n)| n).min(rest.len());
            let ch = if at_back { rest.get(rest.len() - n..) } else { rest.get(..n) }.unwrap_or(rest);
            let hit = match set {
                Some(set) => bytes::find(heap.span_bytes(set), ch).is_some(),
                None => ch.first().is_some_and(|b| utf8::is_space(u32::from(*b))),
            };
            if !hit {
                break;
            }
            if at_back {
                to -= n;
            } else {
                from += n;
            }
            heap.work(set.map_or(0, |s| s.len()) + 20)?;
        }
    }
    Ok((from, to))
}

fn stripped(heap: &mut Heap, args: &[Value], front: bool, back: bool) -> R {
    let me = text::me(heap, args)?;
    let set = match arg(args, 1) {
        v if v.is_none() => None,
        v => Some(me.like(heap, v)?),
    };
    let (from, to) = strip_ends(heap, &me, set, [front, back])?;
    me.make(heap, me.span.sub(from, to))
}

pub fn strip(heap: &mut Heap, args: &[Value]) -> R {
    stripped(heap, args, true, true)
}
pub fn lstrip(heap: &mut Heap, args: &[Value]) -> R {
    stripped(heap, args, true, false)
}
pub fn rstrip(heap: &mut Heap, args: &[Value]) -> R {
    stripped(heap, args, false, true)
}
