//! One value through the format mini-language: what `format()`, `str.format`, f-strings and `%` share.
//!
//! Invariants
//! - text is made in a `ByteArray`; writing that fails for want of memory leaves it as it was, so it can be tried again.

use super::int as ints;
use super::print::{self, with_output};
use super::text;
#[cfg(any(feature = "float-single", feature = "float-double"))]
use crate::base::float;
use crate::base::format_spec::{Number, Spec, put_number};
use crate::base::int_text::{IntStyle, put_int};
use crate::base::sink::{Full, Put, Sink, put_repeat};
use crate::base::utf8;
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::exc::{Part, raise};
use crate::object::{bytearray, int, str};
use crate::q;
use crate::vm::def::{Mode, UnaryOp};
use crate::vm::state::Output;
use crate::vm::{Slot, Vm, bulk};

/// A byte array as a sink.
pub struct Out<'h> {
    pub heap: &'h mut Heap,
    pub buffer: Value,
}

impl Sink for Out<'_> {
    fn write(&mut self, bytes: &[u8]) -> Put {
        bytearray::extend(self.heap, self.buffer, bytes).map_err(|Raised| Full)
    }
    #[cfg(not(feature = "tiny"))]
    fn fill(&mut self, byte: u8, count: usize) -> Put {
        bytearray::extend_by(self.heap, self.buffer, byte, count).map_err(|Raised| Full)
    }
}

/// A byte array as a sink between whose writes others come in: nobody else knows the array, and it is reachable.
#[cfg(not(feature = "tiny"))]
struct Turns<'v> {
    vm: &'v mut Vm,
    buffer: Value,
    /// Instructions since the last look around, roughly.
    worked: u32,
    failed: bool,
}

#[cfg(not(feature = "tiny"))]
impl Turns<'_> {
    fn add(&mut self, n: usize, f: impl Fn(&mut Heap, Value) -> R<()>) -> Put {
        if self.failed {
            return Err(Full);
        }
        let buffer = self.buffer;
        let room = bulk::make_room(self.vm, buffer, n);
        self.failed = room.and_then(|()| self.vm.with_heap_anew(|h| f(h, buffer))).is_err();
        // What was not written was no work, and the exception on its way is the one to be heard.
        if self.failed { Err(Full) } else { self.work(150 + n as u32) }
    }
    fn work(&mut self, n: u32) -> Put {
        self.worked += n;
        if self.worked > 4000 {
            let n = core::mem::take(&mut self.worked);
            self.failed |= self.vm.tick(n).is_err();
        }
        if self.failed { Err(Full) } else { Ok(()) }
    }
}

#[cfg(not(feature = "tiny"))]
impl Sink for Turns<'_> {
    fn write(&mut self, bytes: &[u8]) -> Put {
        self.add(bytes.len(), |h, to| bytearray::extend(h, to, bytes))
    }
    fn fill(&mut self, byte: u8, count: usize) -> Put {
        self.add(count, |h, to| bytearray::extend_by(h, to, byte, count))
    }
    fn rest(&mut self) -> Put {
        self.work(1500)
    }
}

/// Appends what `f` writes to an array that nobody else knows. `long`: it may be much, or take long.
fn write_all(vm: &mut Vm, buffer: Value, long: bool, f: impl Fn(&mut dyn Sink) -> Put) -> R<()> {
    #[cfg(not(feature = "tiny"))]
    if long {
        return f(&mut Turns { vm, buffer, worked: 0, failed: false }).map_err(|Full| Raised);
    }
    let _ = long;
    vm.with_heap(|heap| write_to(heap, buffer, |out| Ok(f(out))))
}

/// Digits of a float that are made in one go.
#[cfg(any(feature = "float-single", feature = "float-double"))]
const DIGITS: u32 = 17;

/// Appends a float.
#[cfg(any(feature = "float-single", feature = "float-double"))]
pub fn put_float(vm: &mut Vm, to: Value, x: float::Float, spec: &Spec) -> R<()> {
    let long = spec.precision.unwrap_or(0) > DIGITS || spec.width as usize > bulk::PIECE || x.abs() >= 1e22;
    write_all(vm, to, long, |out| float::put_spec(out, x, spec))
}

impl Out<'_> {
    pub fn put_span(&mut self, s: Span) -> Put {
        bytearray::extend_span(self.heap, self.buffer, s).map_err(|Raised| Full)
    }
}

/// Runs `f` with the byte array as a sink, all or nothing.
pub fn write_to(heap: &mut Heap, buffer: Value, f: impl FnOnce(&mut Out) -> R<Put>) -> R<()> {
    let before = bytearray::len(heap, buffer);
    let mut out = Out { heap, buffer };
    match f(&mut out) {
        Ok(Ok(())) => Ok(()),
        failed => {
            bytearray::truncate(out.heap, buffer, before);
            match failed {
                Err(r) => Err(r),
                _ => Err(Raised),
            }
        }
    }
}

/// `format(value, spec)` as a str.
pub fn format_value(vm: &mut Vm, v: Value, spec: Value) -> R {
    if heap_empty(vm, spec) && !is_instance(vm, v) {
        return vm.to_str(v, Mode::Str);
    }
    let keep = vm.push(v)?;
    let keep_spec = vm.push(spec)?;
    let made = print::buffered(vm, |vm| match vm.output() {
        Output::Buffer(buffer) => format_into(vm, buffer, vm.get(keep), vm.get(keep_spec)),
        _ => Ok(()),
    });
    vm.drop_to(keep);
    made
}

fn heap_empty(vm: &Vm, s: Value) -> bool {
    vm.heap().str_bytes(s).is_empty()
}

fn is_instance(vm: &Vm, v: Value) -> bool {
    matches!(vm.heap().kind(v), Kind::Instance | Kind::BigInstance)
}

/// Appends `format(value, spec)` to the byte array in `buffer`. Both values must be reachable.
pub fn format_into(vm: &mut Vm, buffer: Slot, v: Value, spec: Value) -> R<()> {
    if is_instance(vm, v) {
        let f = vm.lookup_special(v, q!("__format__"))?;
        if f != Value::STOP {
            let made = with_output(vm, Output::Console, |vm| vm.call(f, &[spec]))?;
            let kept = vm.push(made)?;
            let done = append(vm, buffer, made);
            vm.drop_to(kept);
            return done;
        }
    }
    if heap_empty(vm, spec) {
        return with_output(vm, Output::Buffer(buffer), |vm| vm.print(v, Mode::Str));
    }
    let Some(parsed) = Spec::parse(vm.heap().str_bytes(spec)) else {
        return Err(vm.raise(TypeId::ValueError, "invalid format specifier"));
    };
    put_value(vm, buffer, v, &parsed)
}

/// Appends the text of a str, which must be reachable.
pub fn append(vm: &mut Vm, buffer: Slot, s: Value) -> R<()> {
    let to = vm.get(buffer);
    let Some(span) = vm.heap().str_span(text::native(vm.heap(), s)) else {
        return Err(vm.raise(TypeId::TypeError, "__format__ must return a str"));
    };
    bulk::append_own(vm, to, span)
}

/// Appends `v` as the specification says.
fn put_value(vm: &mut Vm, buffer: Slot, v: Value, spec: &Spec) -> R<()> {
    let to = vm.get(buffer);
    let v = text::native(vm.heap(), v);
    let ungrouped = if spec.group == b',' { &b"boxXcs"[..] } else { b"cs" };
    if spec.group != 0 && ungrouped.contains(&spec.kind) {
        return Err(vm.raise(TypeId::ValueError, "separator not allowed with this format code"));
    }
    if int::is(vm.heap(), v) && IntStyle::of(spec.kind).is_some() {
        if spec.precision.is_some() {
            return Err(vm.raise(TypeId::ValueError, "Precision not allowed in integer format specifier"));
        }
        return put_number_of(vm, to, v, spec);
    }
    if int::is(vm.heap(), v) && spec.kind == b'c' {
        if spec.sign != b'-' || spec.alternate {
            let message = "Sign and alternate form not allowed with 'c'";
            return Err(vm.raise(TypeId::ValueError, message));
        }
        let right = Spec { align: if spec.align == 0 { b'>' } else { spec.align }, ..*spec };
        return vm.with_heap(|heap| {
            let (text, n) = char_of(heap, v)?;
            write_to(heap, to, |out| Ok(put_padded(out, &right, Run::Bytes(text.get(..n).unwrap_or(&[])))))
        });
    }
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    if matches!(spec.kind, b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'%')
        && let Some(x) = super::convert::maybe_float(vm, v)?
    {
        return put_float(vm, to, x, spec);
    }
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    if let Some(x) = crate::object::float::get(vm.heap(), v)
        && matches!(spec.kind, 0 | b'n')
    {
        return put_float(vm, to, x, spec);
    }
    let is_str = str::is_str(vm.heap(), v);
    if spec.kind == 0 && !is_str && vm.type_id(v) == TypeId::Complex || !matches!(spec.kind, 0 | b's') {
        return Err(unknown(vm, spec.kind, v));
    }
    if spec.kind == b's' && (int::is(vm.heap(), v) || vm.type_id(v) == TypeId::Float) {
        return Err(unknown(vm, spec.kind, v));
    }
    let refused = match spec {
        Spec { align: b'=', .. } => "'=' alignment not allowed in string format specifier",
        Spec { sign: b'+' | b' ', .. } => "Sign not allowed in string format specifier",
        Spec { alternate: true, .. } => "Alternate form (#) not allowed in string format specifier",
        Spec { group: b',' | b'_', .. } => "Cannot specify ',' with 's'.",
        _ => "",
    };
    if !refused.is_empty() {
        return Err(vm.raise(TypeId::ValueError, refused));
    }
    let made = vm.to_str(v, Mode::Str)?;
    put_text(vm, buffer, made, spec)
}

/// Appends a str, cut and padded.
pub fn put_text(vm: &mut Vm, buffer: Slot, s: Value, spec: &Spec) -> R<()> {
    match vm.heap().str_span(s) {
        Some(span) => put_run(vm, buffer, span, true, spec),
        None => Ok(()),
    }
}

/// Appends bytes, or characters, cut and padded; their owner need not be reachable.
pub fn put_run(vm: &mut Vm, buffer: Slot, s: Span, chars: bool, spec: &Spec) -> R<()> {
    let keep = bulk::keep(vm, &[s])?;
    let to = vm.get(buffer);
    let done = match bulk::is_long(s.len().max(spec.width as usize)) {
        true => put_long(vm, to, s, chars, spec),
        false => {
            vm.with_heap(|heap| write_to(heap, to, |out| Ok(put_padded(out, spec, Run::Span(s, chars)))))
        }
    };
    bulk::let_go(vm, keep);
    done
}

/// The same as `put_padded` does, in pieces.
fn put_long(vm: &mut Vm, to: Value, s: Span, chars: bool, spec: &Spec) -> R<()> {
    let limit = spec.precision.map_or(usize::MAX, |n| n as usize);
    let cut = match (chars, limit < s.len()) {
        (_, false) => s.len(),
        (true, _) => bulk::char_offset(vm, s, limit)?.unwrap_or(s.len()),
        (false, _) => limit,
    };
    let s = s.sub(0, cut);
    let len = if chars { bulk::count_chars(vm, s)? } else { cut };
    let (left, right) = padding(spec, len);
    fill_long(vm, to, spec, left)?;
    bulk::append_own(vm, to, s)?;
    fill_long(vm, to, spec, right)
}
/// Fill characters that are written between two ticks.
const FILLED: usize = 128;

fn fill_long(vm: &mut Vm, to: Value, spec: &Spec, count: usize) -> R<()> {
    let width = utf8::encode(spec.fill).map_or(1, |(_, n)| n);
    bulk::make_room(vm, to, count.saturating_mul(width))?;
    let most = if width == 1 { FILLED * 64 } else { FILLED };
    for at in (0..count).step_by(most) {
        let n = most.min(count - at);
        vm.with_heap(|heap| write_to(heap, to, |out| Ok(fill(out, spec, n))))?;
        vm.tick(6000)?;
    }
    Ok(())
}

/// What is filled up at the left and at the right of so many characters.
fn padding(spec: &Spec, len: usize) -> (usize, usize) {
    let pad = (spec.width as usize).saturating_sub(len);
    let left = match spec.align {
        b'>' | b'=' => pad,
        b'^' => pad / 2,
        _ => 0,
    };
    (left, pad - left)
}

#[cold]
fn unknown(vm: &mut Vm, kind: u8, v: Value) -> Raised {
    let name = vm.type_name(v);
    let parts = [
        Part::S("unknown format code '"),
        Part::V(crate::heap::names::of_char(kind).unwrap_or(crate::q!("?"))),
        Part::S("' for object of type '"),
        Part::V(name),
        Part::S("'"),
    ];
    vm.raise_parts(TypeId::ValueError, &parts)
}

/// UTF-8 of the character that an int names.
pub fn char_of(heap: &mut Heap, v: Value) -> R<([u8; 4], usize)> {
    let ch = int::to_i64(heap, v).and_then(|n| u32::try_from(n).ok()).and_then(utf8::encode);
    match ch {
        Some(text) => Ok(text),
        None => Err(raise(heap, TypeId::OverflowError, "%c arg not in range(0x110000)")),
    }
}

/// Appends an int of any size, which a slot keeps; the specification's type is one of ints.
pub fn put_number_of(vm: &mut Vm, buffer: Value, v: Value, spec: &Spec) -> R<()> {
    let Some(style) = IntStyle::of(spec.kind) else { return Ok(()) };
    if let Some(n) = int::to_i64(vm.heap(), v) {
        return write_all(vm, buffer, bulk::is_long(spec.width as usize), |out| put_int(out, spec, style, n));
    }
    put_big(vm, buffer, v, spec, style)
}

/// Digits that find their places between two ticks.
const PIECE: usize = 1000;

// On its own: what it keeps on the stack is no part of the way of small ints.
#[inline(never)]
fn put_big(vm: &mut Vm, buffer: Value, v: Value, spec: &Spec, style: IntStyle) -> R<()> {
    let negative = int::big(vm.heap(), v).negative;
    let (slot, digits) = ints::digits(vm, v, style.radix, style.upper)?;
    let digits = digits.sub(negative as usize, usize::MAX);
    let zeros = (spec.precision.unwrap_or(0) as usize).saturating_sub(digits.len());
    let prefix = if spec.alternate { style.prefix } else { b"" };
    let number = Number { negative, prefix, digits: zeros + digits.len(), tail: 0 };
    let from = bytearray::len(vm.heap(), buffer);
    // The digits lie in the heap that the sink writes to: places are written first, then filled.
    const PLACE: u8 = 1;
    let long = bulk::is_long(digits.len().max(zeros).max(spec.width as usize));
    write_all(vm, buffer, long, |out| {
        put_number(out, spec, &number, &mut |sink| {
            put_repeat(sink, b'0', zeros)?;
            put_repeat(sink, PLACE, digits.len())
        })
    })?;
    let (mut at, mut next) = (from, 0);
    while next < digits.len() {
        let heap = vm.heap_mut();
        let made = bytearray::span(heap, buffer);
        let rest = heap.span_bytes(made).get(at..).unwrap_or(&[]);
        let near = rest.get(..2 * PIECE).unwrap_or(rest);
        let Some(first) = near.iter().position(|b| *b == PLACE) else {
            at += near.len();
            if near.is_empty() {
                break;
            }
            vm.turn(6000)?;
            continue;
        };
        let run = rest.iter().skip(first).take(PIECE).take_while(|b| **b == PLACE).count();
        at += first;
        heap.copy_span(made.sub(at, at + run), digits.sub(next, next + run));
        (at, next) = (at + run, next + run);
        vm.turn(100 + run as u32 * 8)?;
    }
    vm.drop_to(slot);
    Ok(())
}

/// What is padded.
pub enum Run<'a> {
    Bytes(&'a [u8]),
    /// In the heap; as characters or as bytes.
    Span(Span, bool),
}

/// Writes a run cut to the precision (spans only) and padded to the width, to the left unless an align is given.
pub fn put_padded(out: &mut Out, spec: &Spec, run: Run) -> Put {
    let (len, cut) = match &run {
        Run::Bytes(text) => (utf8::count(text), text.len()),
        Run::Span(s, chars) => {
            let all = out.heap.span_bytes(*s);
            let limit = spec.precision.map_or(usize::MAX, |n| n as usize);
            if *chars {
                let cut = utf8::offset_of(all, limit).unwrap_or(all.len());
                (utf8::count(all.get(..cut).unwrap_or(all)), cut)
            } else {
                (all.len().min(limit), all.len().min(limit))
            }
        }
    };
    let (left, right) = padding(spec, len);
    fill(out, spec, left)?;
    match run {
        Run::Bytes(text) => out.write(text)?,
        Run::Span(s, _) => out.put_span(s.sub(0, cut))?,
    }
    fill(out, spec, right)
}

fn fill(out: &mut Out, spec: &Spec, count: usize) -> Put {
    let (text, n) = utf8::encode(spec.fill).unwrap_or(([b' ', 0, 0, 0], 1));
    if let ([byte, ..], 1) = (text, n) {
        return put_repeat(out, byte, count);
    }
    for _ in 0..count {
        out.write(text.get(..n).unwrap_or(&[]))?;
    }
    Ok(())
}

/// The int that a value stands for in `%d`: its own, a float's whole part, `__int__`'s; `None` for anything else.
pub fn as_int(vm: &mut Vm, v: Value) -> R<Option<Value>> {
    if int::is(vm.heap(), v) {
        return Ok(Some(v));
    }
    let number = matches!(vm.type_id(v), TypeId::Float) || is_instance(vm, v);
    if !number {
        return Ok(None);
    }
    let made = vm.unary(UnaryOp::Int, v)?;
    Ok(int::is(vm.heap(), made).then_some(made))
}
