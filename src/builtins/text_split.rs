//! Methods of str, bytes and bytearray that take texts apart and put them together: `split`, `join`, `replace`, `splitlines`.

use super::seq;
use super::text::{self, Text};
use super::text_find::{occurrences, separator};
use crate::base::utf8;
use crate::heap::span::Span;
use crate::heap::{Kind, R, TypeId, Value};
use crate::object::{list, strbuf, tuple};
use crate::q;
use crate::vm::args::{self, ArgKind, ArgSpec};
use crate::vm::bulk;
use crate::vm::def::Args;
use crate::vm::search::{self, Needle};
use crate::vm::{Slot, Vm};

/// Appends a part of the text to the list in `out`.
fn add(vm: &mut Vm, me: &Text, out: Slot, from: usize, until: usize) -> R<()> {
    let part = me.span.sub(from, until);
    let (kind, to) = (me.kind, vm.get(out));
    if bulk::is_long(part.len()) {
        let v = me.make(vm, part)?;
        let keep = vm.push(v)?;
        vm.with_heap2(list::append, to, v)?;
        vm.drop_to(keep);
    } else {
        vm.with_heap_anew(|heap| {
            let v = strbuf::make(heap, kind, part)?;
            list::append(heap, to, v)
        })?;
    }
    vm.turn(300)
}

/// A new list, in a slot.
fn new_list(vm: &mut Vm) -> R<Slot> {
    let made = vm.with_heap(list::new)?;
    vm.push(made)
}

/// The limit argument: `None` for no limit.
fn limit(vm: &mut Vm, args: Args, i: usize) -> R<usize> {
    match vm.arg(args, i) {
        Some(v) => Ok(usize::try_from(vm.with_heap1(text::index, v)?).unwrap_or(usize::MAX)),
        None => Ok(usize::MAX),
    }
}

fn is_blank(b: u8) -> bool {
    utf8::is_space(b.into())
}

pub fn split(vm: &mut Vm, args: Args) -> R {
    split_from(vm, args, false)
}
#[cfg(feature = "basic")]
pub fn rsplit(vm: &mut Vm, args: Args) -> R {
    let made = split_from(vm, args, true)?;
    let n = list::len(vm.heap(), made);
    let keep = vm.push(made)?;
    // The parts were collected backwards.
    for i in 0..n / 2 {
        let heap = vm.heap_mut();
        if let (Some(a), Some(b)) = (list::get(heap, made, i), list::get(heap, made, n - 1 - i)) {
            list::set(heap, made, i, b);
            list::set(heap, made, n - 1 - i, a);
        }
        vm.tick(60)?;
    }
    vm.drop_to(keep);
    Ok(made)
}

/// The parts, from the front or from the end on.
fn split_from(vm: &mut Vm, args: Args, from_end: bool) -> R {
    let me = text::me(vm, args)?;
    let mut left = limit(vm, args, 2)?;
    let sep = match text::given_arg(vm, args, 1) {
        Some(_) => Some(separator(vm, &me, args)?),
        None => None,
    };
    let out = new_list(vm)?;
    // What is not taken apart yet.
    let (mut at, mut end) = (0, me.span.len());
    loop {
        let rest = me.span.sub(at, end);
        let (len, skip) = match sep {
            Some(sep) => {
                let found = match left {
                    0 => None,
                    _ => search::find(vm, rest, Needle::Span(sep), from_end)?,
                };
                let Some(found) = found else {
                    add(vm, &me, out, at, end)?;
                    return Ok(vm.get(out));
                };
                (if from_end { rest.len() - found - sep.len() } else { found }, sep.len())
            }
            None => {
                let blanks = bulk::run_of(vm, rest, from_end, is_blank)?;
                if blanks == rest.len() {
                    return Ok(vm.get(out));
                }
                if from_end {
                    end -= blanks;
                } else {
                    at += blanks;
                }
                let rest = me.span.sub(at, end);
                (if left == 0 { rest.len() } else { bulk::run_of(vm, rest, from_end, |b| !is_blank(b))? }, 0)
            }
        };
        if from_end {
            add(vm, &me, out, end - len, end)?;
            end -= len + skip;
        } else {
            add(vm, &me, out, at, at + len)?;
            at += len + skip;
        }
        left = left.saturating_sub(1);
    }
}

static LINES: [ArgSpec; 2] = [
    ArgSpec { name: q!("self"), kind: ArgKind::Required },
    ArgSpec { name: q!("keepends"), kind: ArgKind::Optional },
];

pub fn splitlines(vm: &mut Vm, args: Args) -> R {
    let mut given = [None; 2];
    args::parse(vm, args, &LINES, &mut given)?;
    let keep = match given {
        [_, Some(v)] => vm.truth(v)?,
        _ => false,
    };
    let me = text::me(vm, args)?;
    let out = new_list(vm)?;
    let (mut at, n) = (0, me.span.len());
    while at < n {
        let line = at + bulk::run_of(vm, me.span.sub(at, n), false, |b| !matches!(b, b'\n' | b'\r'))?;
        let end = match vm.heap().span_bytes(me.span.sub(line, n)) {
            [b'\r', b'\n', ..] => line + 2,
            [_, ..] => line + 1,
            [] => line,
        };
        add(vm, &me, out, at, if keep { end } else { line })?;
        // An owner that shrank meanwhile has no line end there.
        at = end.max(at + 1);
    }
    Ok(vm.get(out))
}

pub fn replace(vm: &mut Vm, args: Args) -> R {
    let me = text::me(vm, args)?;
    let (old, new) = (me.like_arg(vm, args, 1)?, me.like_arg(vm, args, 2)?);
    let limit = limit(vm, args, 3)?;
    let (wanted, n) = (Needle::Span(old), me.span.len());
    let hits = match old.is_empty() {
        true => limit.min(1 + me.len(vm)?),
        false => occurrences(vm, me.span, wanted, limit)?,
    };
    if hits == 0 {
        return me.make(vm, me.span);
    }
    let total = hits.checked_mul(new.len()).and_then(|t| t.checked_add(n)?.checked_sub(hits * old.len()));
    let total = text::checked_len(vm.heap_mut(), total)?;
    let (made, whole) = bulk::blank(vm, me.kind, total)?;
    let (mut at, mut to) = (0, 0);
    let mut left = hits;
    while left > 0 {
        let rest = me.span.sub(at, n);
        let found = if old.is_empty() { Some(0) } else { search::find(vm, rest, wanted, false)? };
        // Others may have changed a byte array: then there are fewer.
        let Some(skip) = found else { break };
        // The text up to it, then what comes in its place; an empty one stands before each character.
        for part in [rest.sub(0, skip), new] {
            bulk::copy(vm, whole.sub(to, to + part.len()), part)?;
            to += part.len();
        }
        at += skip + old.len();
        left -= 1;
        if old.is_empty() && left > 0 {
            let rest = me.span.sub(at, n);
            let first = vm.heap().span_bytes(rest).first().copied().unwrap_or(0);
            let one = rest.sub(0, if me.is_str() { utf8::len_of_first(first) } else { 1 });
            vm.heap_mut().copy_span(whole.sub(to, to + one.len()), one);
            to += one.len();
            at += one.len();
        }
        vm.turn(300)?;
    }
    let rest = me.span.sub(at, n);
    bulk::copy(vm, whole.sub(to, to + rest.len()), rest)?;
    bulk::done_at(vm, made, total.min(to + rest.len()))
}

pub fn join(vm: &mut Vm, args: Args) -> R {
    let seq = vm.req(args, 1);
    if !vm.heap().is(seq, Kind::List) && !tuple::is(vm.heap(), seq) {
        let made = vm.with_heap(list::new)?;
        let items = vm.push(made)?;
        let it = vm.iter(seq)?;
        vm.set_arg(args, 1, it);
        loop {
            let it = vm.req(args, 1);
            let v = vm.next(it)?;
            if v == Value::STOP {
                break;
            }
            let v = vm.push(v)?;
            let (to, item) = (vm.get(items), vm.get(v));
            vm.with_heap(|heap| list::append(heap, to, item))?;
            vm.drop_to(v);
            vm.tick(100)?;
        }
        let made = vm.get(items);
        vm.set_arg(args, 1, made);
    }
    // The items are looked at twice, to count and to copy: others may change a long list in between.
    #[cfg(not(feature = "tiny"))]
    if vm.heap().is(seq, Kind::List) && list::len(vm.heap(), seq) > 16 {
        let made = seq::frozen(vm, seq, 0, usize::MAX).unwrap_or(seq);
        vm.set_arg(args, 1, made);
    }
    let me = text::me(vm, args)?;
    joined(vm, &me, vm.req(args, 1))
}

/// Item `i` as bytes of the family of `me`.
fn part(vm: &mut Vm, me: &Text, seq: Value, i: usize) -> R<Option<Span>> {
    let Some(v) = seq::item(vm, seq, i) else { return Ok(None) };
    match me.like(vm, v) {
        Ok(s) => Ok(Some(s)),
        Err(_) => {
            let message = match me.is_str() {
                true => "join expects a list of str/bytes objects consistent with self object",
                false => "join expects a list of bytes objects",
            };
            Err(vm.raise(TypeId::TypeError, message))
        }
    }
}

#[inline(never)]
fn joined(vm: &mut Vm, me: &Text, seq: Value) -> R {
    let mut total = Some(0usize);
    let (mut n, mut last) = (0, Span::EMPTY);
    while let Some(part) = part(vm, me, seq, n)? {
        let gap = if n > 0 { me.span.len() } else { 0 };
        total = total.and_then(|t| t.checked_add(part.len())?.checked_add(gap));
        if !part.is_empty() {
            last = part;
        }
        n += 1;
        vm.turn(100)?;
    }
    let total = text::checked_len(vm.heap_mut(), total)?;
    // One string is itself, and texts of at most one character are built-in names.
    if me.is_str() && (n == 1 || total <= 1) {
        let last = if last.is_empty() && n > 1 && total > 0 { me.span } else { last };
        let keep = bulk::keep(vm, &[last])?;
        let made = me.make(vm, last);
        bulk::let_go(vm, keep);
        return made;
    }
    let (made, whole) = bulk::blank(vm, me.kind, total)?;
    let mut at = 0;
    for i in 0..n {
        // Others may have taken items away, or put other ones there: what has room counts.
        let Some(part) = part(vm, me, seq, i)? else { break };
        for (s, due) in [(me.span, i > 0), (part, true)] {
            let s = if due { s } else { Span::EMPTY };
            let keep = if bulk::is_long(s.len()) { Some(bulk::keep(vm, &[s])?) } else { None };
            bulk::copy(vm, whole.sub(at, at + s.len()), s)?;
            if let Some(keep) = keep {
                vm.drop_to(keep);
            }
            at += s.len();
        }
        vm.turn(150)?;
    }
    bulk::done_at(vm, made, total.min(at))
}
