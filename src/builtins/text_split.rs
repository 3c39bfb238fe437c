//! Methods of str, bytes and bytearray that take texts apart and put them together: `split`, `join`, `replace`, `splitlines`.

use super::text::{self, Text, arg};
use crate::base::utf8;
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::exc::raise;
use crate::object::search::{self, Needle};
use crate::object::strbuf::StrBuf;
use crate::object::{bytearray, bytes, list, slice, tuple};
use crate::q;
use crate::vm::Vm;
use crate::vm::args::{self, ArgKind, ArgSpec};
use crate::vm::def::Args;

fn add(heap: &mut Heap, me: &Text, to: Value, from: usize, until: usize) -> R<()> {
    heap.work(until - from + 100)?;
    let part = me.make(heap, me.span.sub(from, until))?;
    list::append(heap, to, part)
}

/// The limit argument: `None` for no limit.
fn limit(heap: &mut Heap, args: &[Value]) -> R<usize> {
    match args.get(2) {
        Some(v) => Ok(usize::try_from(text::index(heap, *v)?).unwrap_or(usize::MAX)),
        None => Ok(usize::MAX),
    }
}

fn is_blank(heap: &Heap, s: Span, at: usize) -> Option<bool> {
    heap.span_bytes(s).get(at).map(|b| utf8::is_space(u32::from(*b)))
}

pub fn split(heap: &mut Heap, args: &[Value]) -> R {
    let me = text::me(heap, args)?;
    let mut left = limit(heap, args)?;
    let out = list::new(heap)?;
    let n = me.span.len();
    let mut at = 0;
    if arg(args, 1).is_none() {
        loop {
            while is_blank(heap, me.span, at) == Some(true) {
                at += 1;
            }
            if at >= n {
                return Ok(out);
            }
            let mut end = at;
            while left > 0 && is_blank(heap, me.span, end) == Some(false) {
                end += 1;
            }
            if left == 0 {
                end = n;
            }
            left = left.saturating_sub(1);
            add(heap, &me, out, at, end)?;
            at = end;
        }
    }
    let sep = separator(heap, &me, args)?;
    loop {
        let found = match left {
            0 => None,
            _ => search::find(heap, me.span.sub(at, n), Needle::Span(sep), false)?,
        };
        let Some(found) = found else {
            add(heap, &me, out, at, n)?;
            return Ok(out);
        };
        add(heap, &me, out, at, at + found)?;
        at += found + sep.len();
        left -= 1;
    }
}

fn separator(heap: &mut Heap, me: &Text, args: &[Value]) -> R<Span> {
    let sep = me.like(heap, arg(args, 1))?;
    if sep.is_empty() {
        return Err(raise(heap, TypeId::ValueError, "empty separator"));
    }
    Ok(sep)
}

/// Splits from the end: the parts are collected backwards and turned round.
pub fn rsplit(heap: &mut Heap, args: &[Value]) -> R {
    let me = text::me(heap, args)?;
    let mut left = limit(heap, args)?;
    let out = list::new(heap)?;
    let mut end = me.span.len();
    if arg(args, 1).is_none() {
        loop {
            while end > 0 && is_blank(heap, me.span, end - 1) == Some(true) {
                end -= 1;
            }
            if end == 0 {
                break;
            }
            let mut at = end;
            while left > 0 && at > 0 && is_blank(heap, me.span, at - 1) == Some(false) {
                at -= 1;
            }
            if left == 0 {
                at = 0;
            }
            left = left.saturating_sub(1);
            add(heap, &me, out, at, end)?;
            end = at;
        }
    } else {
        let sep = separator(heap, &me, args)?;
        loop {
            let found = match left {
                0 => None,
                _ => search::find(heap, me.span.sub(0, end), Needle::Span(sep), true)?,
            };
            let Some(found) = found else {
                add(heap, &me, out, 0, end)?;
                break;
            };
            add(heap, &me, out, found + sep.len(), end)?;
            end = found;
            left -= 1;
        }
    }
    let n = list::len(heap, out);
    for i in 0..n / 2 {
        if let (Some(a), Some(b)) = (list::get(heap, out, i), list::get(heap, out, n - 1 - i)) {
            list::set(heap, out, i, b);
            list::set(heap, out, n - 1 - i, a);
        }
    }
    Ok(out)
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
    let this = vm.req(args, 0);
    vm.with_heap(|heap| {
        let me = text::of(heap, this)?;
        let out = list::new(heap)?;
        let (mut at, n) = (0, me.span.len());
        while at < n {
            let rest = heap.span_bytes(me.span.sub(at, n));
            let line = rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len());
            let end = match rest.get(line..) {
                Some([b'\r', b'\n', ..]) => line + 2,
                Some([_, ..]) => line + 1,
                _ => line,
            };
            add(heap, &me, out, at, at + if keep { end } else { line })?;
            at += end;
        }
        Ok(out)
    })
}

pub fn replace(heap: &mut Heap, args: &[Value]) -> R {
    let me = text::me(heap, args)?;
    let (old, new) = (me.like(heap, arg(args, 1))?, me.like(heap, arg(args, 2))?);
    let mut left = match args.get(3) {
        Some(v) => usize::try_from(text::index(heap, *v)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    let wanted = Needle::Span(old);
    if left == 0 || !old.is_empty() && search::find(heap, me.span, wanted, false)?.is_none() {
        return me.make(heap, me.span);
    }
    let mut out = StrBuf::new(heap);
    let (mut at, n) = (0, me.span.len());
    // A full buffer is noticed by `finish`; there is nothing to do about it here.
    let mut full = false;
    while left > 0 && !full {
        let rest = out.heap.span_bytes(me.span.sub(at, n));
        let (skip, cut) = if old.is_empty() {
            let one = if me.is_str() { utf8::decode(rest).map_or(0, |(_, n)| n) } else { rest.len().min(1) };
            (0, one)
        } else {
            match search::find(out.heap, me.span.sub(at, n), wanted, false)? {
                Some(found) => (found, 0),
                None => break,
            }
        };
        out.heap.work(skip + new.len() + 50)?;
        full = out.put_span(me.span.sub(at, at + skip)).and_then(|()| out.put_span(new)).is_err();
        at += skip + old.len();
        if old.is_empty() {
            full = full || out.put_span(me.span.sub(at, at + cut)).is_err();
            if at >= n {
                break;
            }
            at += cut;
        }
        left -= 1;
    }
    if !full && out.put_span(me.span.sub(at, n)).is_err() {
        full = true;
    }
    let made = out.finish(me.kind);
    debug_assert!(!full || made.is_err());
    made
}

/// Item `i` of a list or tuple.
fn item(heap: &Heap, seq: Value, i: usize) -> Option<Value> {
    if heap.is(seq, Kind::List) { list::get(heap, seq, i) } else { tuple::get(heap, seq, i) }
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
        }
        let made = vm.get(items);
        vm.set_arg(args, 1, made);
    }
    let (this, seq) = (vm.req(args, 0), vm.req(args, 1));
    vm.with_heap(|heap| joined(heap, this, seq))
}

#[inline(never)]
fn joined(heap: &mut Heap, this: Value, seq: Value) -> R {
    let me = text::of(heap, this)?;
    let mut total = Some(0usize);
    let mut n = 0;
    while let Some(v) = item(heap, seq, n) {
        let Ok(part) = me.like(heap, v) else {
            let message = if me.is_str() {
                "join expects a list of str/bytes objects consistent with self object"
            } else {
                "join expects a list of bytes objects"
            };
            return Err(raise(heap, TypeId::TypeError, message));
        };
        heap.work(30)?;
        let gap = if n > 0 { me.span.len() } else { 0 };
        total = total.and_then(|t| t.checked_add(part.len())?.checked_add(gap));
        n += 1;
    }
    if n == 1
        && let Some(v) = item(heap, seq, 0)
        && me.is_str()
    {
        let part = me.like(heap, v)?;
        return me.make(heap, part);
    }
    let total = text::checked_len(heap, total)?;
    let (made, whole) = match me.kind {
        Kind::ByteArray => {
            let v = bytearray::with_len(heap, total)?;
            (v, bytearray::span(heap, v))
        }
        kind if kind == Kind::Str && total <= 1 => {
            let only = (0..n).find_map(|i| {
                let s = heap.str_span(text::native(heap, item(heap, seq, i)?))?;
                (!s.is_empty()).then_some(s)
            });
            return me.make(heap, only.unwrap_or(if n > 1 { me.span } else { Span::EMPTY }));
        }
        kind => {
            let v = bytes::blank(heap, kind, total)?;
            (v, bytes::cell(heap, v))
        }
    };
    let mut at = 0;
    for i in 0..n {
        let part = match item(heap, seq, i) {
            Some(v) => me.like(heap, v)?,
            None => Span::EMPTY,
        };
        if i > 0 {
            heap.copy_span(whole.sub(at, total), me.span);
            at += me.span.len();
        }
        heap.copy_span(whole.sub(at, total), part);
        at += part.len();
        heap.work(part.len() / 4 + 50)?;
    }
    Ok(bytes::seal(heap, made))
}

/// `text[key]` for str, bytes and bytearray, loading only.
pub fn subscr(heap: &mut Heap, this: Value, key: Value) -> R {
    use crate::object::str;
    let me = text::of(heap, this)?;
    let len = me.len(heap);
    if heap.is(key, Kind::Slice) {
        let r = slice::resolve(heap, key, len)?;
        if me.is_str() {
            return str::slice(heap, me.value, r.start, r.step, r.count);
        }
        if r.step == 1 {
            let (from, to) = r.bounds();
            return me.make(heap, me.span.sub(from, to));
        }
        let (made, whole) = match me.kind {
            Kind::ByteArray => {
                let v = bytearray::with_len(heap, r.count)?;
                (v, bytearray::span(heap, v))
            }
            kind => {
                let v = bytes::blank(heap, kind, r.count)?;
                (v, bytes::cell(heap, v))
            }
        };
        bytes::copy_strided(heap, whole, me.span, r.start, r.step, r.count, 1);
        return Ok(made);
    }
    let what = match me.kind {
        Kind::Str => "string",
        Kind::Bytes => "bytes",
        _ => "bytearray",
    };
    let i = slice::index(heap, key, len, what)?;
    if me.is_str() {
        return Ok(str::char_at(heap, me.value, i)?.unwrap_or(q!("")));
    }
    Ok(Value::small(heap.span_bytes(me.span).get(i).copied().unwrap_or(0).into()))
}
