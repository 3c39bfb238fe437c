//! Methods of str, bytes and bytearray that look for something: `find`, `count`, `startswith`, `partition` and their kin.

use super::text::{self, Text};
use crate::base::utf8;
use crate::heap::span::Span;
use crate::heap::{R, TypeId, Value};
use crate::object::{int, tuple};
use crate::vm::bulk;
use crate::vm::def::Args;
use crate::vm::search::{self, Needle};
use crate::vm::{Slot, Vm};

/// What is looked for in `me`; the caller keeps its owner.
fn needle(vm: &mut Vm, me: &Text, v: Value) -> R<Needle> {
    let number = text::native(vm.heap(), v);
    if !me.is_str() && int::is(vm.heap(), number) {
        return Ok(Needle::Byte(vm.with_heap1(text::byte, number)?));
    }
    Ok(Needle::Span(me.like(vm, v)?))
}

/// The same of argument 1, whose place the owner takes.
fn needle_arg(vm: &mut Vm, me: &Text, args: Args) -> R<Needle> {
    let needle = needle(vm, me, vm.req(args, 1))?;
    if let Needle::Span(s) = needle {
        vm.set_arg(args, 1, s.owner);
    }
    Ok(needle)
}

fn place(vm: &mut Vm, args: Args, from_end: bool, must: bool) -> R {
    let me = text::me(vm, args)?;
    let needle = needle_arg(vm, &me, args)?;
    if let Some(part) = me.part(vm, args, 2)?
        && let Some(at) = search::find(vm, part, needle, from_end)?
    {
        // The byte offset in the whole object.
        return me.index_of(vm, at + (part.offset - me.span.offset) as usize);
    }
    if must { Err(vm.raise(TypeId::ValueError, "substring not found")) } else { Ok(Value::small(-1)) }
}

pub fn find(vm: &mut Vm, args: Args) -> R {
    place(vm, args, false, false)
}
pub fn rfind(vm: &mut Vm, args: Args) -> R {
    place(vm, args, true, false)
}
pub fn index(vm: &mut Vm, args: Args) -> R {
    place(vm, args, false, true)
}
pub fn rindex(vm: &mut Vm, args: Args) -> R {
    place(vm, args, true, true)
}

pub fn count(vm: &mut Vm, args: Args) -> R {
    let me = text::me(vm, args)?;
    let needle = needle_arg(vm, &me, args)?;
    let Some(part) = me.part(vm, args, 2)? else { return Ok(Value::small(0)) };
    let n = match needle {
        Needle::Span(s) if s.is_empty() => {
            1 + if me.is_str() { bulk::count_chars(vm, part)? } else { part.len() }
        }
        _ => occurrences(vm, part, needle, usize::MAX)?,
    };
    Ok(Value::small(n as i32))
}

/// How often a needle that is not empty occurs without overlap, up to a limit.
pub fn occurrences(vm: &mut Vm, hay: Span, needle: Needle, limit: usize) -> R<usize> {
    let size = match needle {
        Needle::Span(s) => s.len(),
        Needle::Byte(_) => 1,
    };
    let (mut n, mut at) = (0, 0);
    while n < limit
        && let Some(skip) = search::find(vm, hay.sub(at, hay.len()), needle, false)?
    {
        n += 1;
        at += skip + size;
        vm.turn(100)?;
    }
    Ok(n)
}

pub fn contains(vm: &mut Vm, container: Value, item: Value) -> R<bool> {
    let me = text::of(vm, container)?;
    let needle = needle(vm, &me, item)?;
    let other = match needle {
        Needle::Span(s) => s,
        Needle::Byte(_) => me.span,
    };
    let at = bulk::keep(vm, &[me.span, other])?;
    let found = search::find(vm, me.span, needle, false)?.is_some();
    bulk::let_go(vm, at);
    Ok(found)
}

/// Whether bytes begin, or end, with others.
fn has_end(vm: &mut Vm, all: Span, one: Span, at_end: bool) -> R<bool> {
    let Some(rest) = all.len().checked_sub(one.len()) else { return Ok(false) };
    let from = if at_end { rest } else { 0 };
    bulk::equal(vm, all.sub(from, from + one.len()), one)
}

fn ends(vm: &mut Vm, args: Args, at_end: bool) -> R {
    let me = text::me(vm, args)?;
    let part = me.part(vm, args, 2)?;
    let wanted = vm.req(args, 1);
    let many = tuple::is(vm.heap(), wanted);
    let top = vm.depth();
    for i in 0..if many { tuple::len(vm.heap(), wanted) } else { 1 } {
        let one = if many { tuple::get(vm.heap(), wanted, i).unwrap_or(Value::NONE) } else { wanted };
        let one = me.like(vm, one)?;
        let Some(part) = part else { continue };
        vm.push(one.owner)?;
        if has_end(vm, part, one, at_end)? {
            return Ok(Value::TRUE);
        }
        vm.drop_to(Slot(top));
        vm.turn(100)?;
    }
    Ok(Value::FALSE)
}

pub fn startswith(vm: &mut Vm, args: Args) -> R {
    ends(vm, args, false)
}
pub fn endswith(vm: &mut Vm, args: Args) -> R {
    ends(vm, args, true)
}

fn without(vm: &mut Vm, args: Args, at_end: bool) -> R {
    let me = text::me(vm, args)?;
    let what = me.like_arg(vm, args, 1)?;
    let cut = if has_end(vm, me.span, what, at_end)? { what.len() } else { 0 };
    let n = me.span.len();
    me.make(vm, if at_end { me.span.sub(0, n - cut) } else { me.span.sub(cut, n) })
}

pub fn removeprefix(vm: &mut Vm, args: Args) -> R {
    without(vm, args, false)
}
pub fn removesuffix(vm: &mut Vm, args: Args) -> R {
    without(vm, args, true)
}

/// The separator in argument 1.
pub fn separator(vm: &mut Vm, me: &Text, args: Args) -> R<Span> {
    let sep = me.like_arg(vm, args, 1)?;
    if sep.is_empty() {
        return Err(vm.raise(TypeId::ValueError, "empty separator"));
    }
    Ok(sep)
}

fn split_at(vm: &mut Vm, args: Args, from_end: bool) -> R {
    let me = text::me(vm, args)?;
    let sep = separator(vm, &me, args)?;
    let at = search::find(vm, me.span, Needle::Span(sep), from_end)?;
    let n = me.span.len();
    let parts = match at {
        Some(at) => [me.span.sub(0, at), sep, me.span.sub(at + sep.len(), n)],
        None if from_end => [me.span.sub(0, 0), me.span.sub(0, 0), me.span],
        None => [me.span, me.span.sub(0, 0), me.span.sub(0, 0)],
    };
    let made = vm.with_heap1(tuple::new, 3)?;
    let t = vm.push(made)?;
    for (i, part) in parts.into_iter().enumerate() {
        let v = me.make(vm, part)?;
        let t = vm.get(t);
        tuple::set(vm.heap_mut(), t, i, v);
    }
    Ok(vm.get(t))
}

pub fn partition(vm: &mut Vm, args: Args) -> R {
    split_at(vm, args, false)
}
pub fn rpartition(vm: &mut Vm, args: Args) -> R {
    split_at(vm, args, true)
}

/// How many bytes at the front, or the back, of `s` are of characters in `set`.
fn strip_end(vm: &mut Vm, s: Span, set: Span, chars: bool, at_back: bool) -> R<usize> {
    let mut done = 0;
    while done < s.len() {
        let rest = if at_back { s.sub(0, s.len() - done) } else { s.sub(done, s.len()) };
        let text = vm.heap().span_bytes(rest);
        let ch = match (chars, at_back) {
            (false, _) => None,
            (true, false) => utf8::decode(text),
            (true, true) => utf8::decode_last(text),
        };
        let n = ch.map_or(1, |(_, n)| n).min(rest.len());
        let ch = if at_back { rest.sub(rest.len() - n, rest.len()) } else { rest.sub(0, n) };
        if search::find(vm, set, Needle::Span(ch), false)?.is_none() {
            break;
        }
        done += n;
        vm.turn(100)?;
    }
    Ok(done)
}

fn stripped(vm: &mut Vm, args: Args, front: bool, back: bool) -> R {
    let me = text::me(vm, args)?;
    let set = match text::given_arg(vm, args, 1) {
        Some(_) => Some(me.like_arg(vm, args, 1)?),
        None => None,
    };
    let mut rest = me.span;
    for at_back in [false, true] {
        if !(if at_back { back } else { front }) {
            continue;
        }
        let n = match set {
            Some(set) => strip_end(vm, rest, set, me.is_str(), at_back)?,
            None => bulk::run_of(vm, rest, at_back, |b| utf8::is_space(b.into()))?,
        };
        rest = if at_back { rest.sub(0, rest.len() - n) } else { rest.sub(n, rest.len()) };
    }
    me.make(vm, rest)
}

pub fn strip(vm: &mut Vm, args: Args) -> R {
    stripped(vm, args, true, true)
}
pub fn lstrip(vm: &mut Vm, args: Args) -> R {
    stripped(vm, args, true, false)
}
pub fn rstrip(vm: &mut Vm, args: Args) -> R {
    stripped(vm, args, false, true)
}
