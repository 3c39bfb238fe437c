//! `text % values` for str and bytes.
//!
//! Invariants
//! - the text and the values are the operands, which the VM keeps; the walk keeps offsets.

use super::format::{self, Run, put_padded, write_to};
use super::{print, text};
use crate::base::format_spec::Spec;
use crate::base::int_text::IntStyle;
use crate::base::utf8;
use crate::heap::span::Span;
use crate::heap::{Kind, R, Raised, TypeId, Value};
use crate::object::exc::Part;
use crate::object::strbuf;
use crate::object::{bytearray, int, str, tuple};
use crate::q;
use crate::vm::def::{Access, Mode};
use crate::vm::state::Output;
use crate::vm::{Slot, Vm, bulk};

/// Conversions to ASCII (`%a`, `{!a}`), from the level `basic` on.
pub const ASCII: bool = cfg!(feature = "basic");

struct Walk {
    template: Value,
    /// All of the template: it does not change, a byte array is copied first.
    all: Span,
    is_str: bool,
    at: usize,
    values: Slot,
    /// Values used so far; of a value that is no tuple there is one.
    used: usize,
    mapping: bool,
}

/// Most texts are short and have nothing but `%d`, `%s` and `%%` for small ints and strs: the whole of such a one, `None`
/// where there is more to it.
#[cfg(not(feature = "tiny"))]
fn short(vm: &Vm, template: Value, values: Value, out: &mut [u8; SHORT]) -> Option<usize> {
    let heap = vm.heap();
    if !str::is_str(heap, template) {
        return None;
    }
    let several = tuple::is(heap, values);
    let (mut n, mut used) = (0, 0);
    let mut put = |text: &[u8]| {
        for b in text {
            *out.get_mut(n)? = *b;
            n += 1;
        }
        Some(())
    };
    let mut text = heap.str_bytes(template).iter();
    while let Some(b) = text.next() {
        let kind = match b {
            b'%' => *text.next()?,
            _ => {
                put(core::slice::from_ref(b))?;
                continue;
            }
        };
        if kind == b'%' {
            put(b"%")?;
            continue;
        }
        let v = match several {
            true => tuple::get(heap, values, used)?,
            false if used == 0 => values,
            false => return None,
        };
        used += 1;
        match v.as_small() {
            Some(i) if matches!(kind, b'd' | b's') => {
                if i < 0 {
                    put(b"-")?;
                }
                put(crate::base::sink::digits(&mut [0; 20], i.unsigned_abs() as u64, 10, false))?;
            }
            None if kind == b's' && str::is_str(heap, v) => put(heap.str_bytes(v))?,
            _ => return None,
        }
    }
    let all = if several { tuple::len(heap, values) } else { 1 };
    (used == all).then_some(n)
}
#[cfg(not(feature = "tiny"))]
const SHORT: usize = 48;

/// The result where the text is a short one. On its own: its room is gone from the native stack when values are asked for
/// their text.
#[cfg(not(feature = "tiny"))]
#[inline(never)]
fn at_once(vm: &mut Vm, template: Value, values: Value) -> R<Option<Value>> {
    let mut out = [0; SHORT];
    match short(vm, template, values, &mut out).and_then(|n| out.get(..n)) {
        Some(text) => vm.with_heap(|h| str::new(h, text)).map(Some),
        None => Ok(None),
    }
}

/// `template % values`; both are operands of the operator.
pub fn percent(vm: &mut Vm, template: Value, values: Value) -> R {
    #[cfg(not(feature = "tiny"))]
    if let Some(made) = at_once(vm, template, values)? {
        return Ok(made);
    }
    general(vm, template, values)
}

#[cfg_attr(not(feature = "tiny"), inline(never))]
fn general(vm: &mut Vm, template: Value, values: Value) -> R {
    let template_slot = vm.push(template)?;
    let own = text::native(vm.heap(), template);
    let mut native = own;
    if vm.heap().is(own, Kind::ByteArray) {
        let all = bytearray::span(vm.heap(), own);
        native = super::bytes::copied(vm, Kind::Bytes, all)?;
        vm.push(native)?;
    }
    let all = vm.heap().str_span(native).unwrap_or(Span::EMPTY);
    let values = match vm.type_id(values) {
        // A tuple by another name.
        #[cfg(feature = "basic")]
        crate::heap::TypeId::AttrTuple => super::tuple::collect(vm, values)?,
        _ => values,
    };
    let values = vm.push(values)?;
    let made = vm.with_heap(bytearray::new)?;
    let out = vm.push(made)?;
    let is_str = str::is_str(vm.heap(), native);
    let mut walk = Walk { template: native, all, is_str, at: 0, values, used: 0, mapping: false };
    let done = walk.run(vm, out);
    let made = vm.get(out);
    let made = done.and_then(|()| {
        let kind = if is_str { Kind::Str } else { vm.heap().kind(own) };
        match kind {
            Kind::Str => bulk::take_text(vm, out),
            Kind::ByteArray => Ok(made),
            _ => {
                let all = bytearray::span(vm.heap(), made);
                bulk::make(vm, Kind::Bytes, all)
            }
        }
    });
    vm.drop_to(template_slot);
    made
}

#[cold]
fn bad(vm: &mut Vm, typ: TypeId, message: &str) -> Raised {
    vm.raise(typ, message)
}

#[cold]
#[inline(never)]
fn unsupported(vm: &mut Vm, kind: u8, at: usize) -> Raised {
    let parts = [
        Part::S("unsupported format character '"),
        Part::V(crate::heap::names::of_char(kind).unwrap_or(crate::q!("?"))),
        Part::S("' at index "),
        Part::I(at as i64 - 1),
    ];
    vm.raise_parts(TypeId::ValueError, &parts)
}

/// `TypeError`: a type's name between two texts.
#[cold]
#[inline(never)]
fn wrong_type(vm: &mut Vm, before: &str, v: Value) -> Raised {
    let name = vm.type_name(v);
    vm.raise_parts(TypeId::TypeError, &[Part::S(before), Part::V(name)])
}

impl Walk {
    fn byte(&self, vm: &Vm) -> Option<u8> {
        vm.heap().span_bytes(self.all).get(self.at).copied()
    }
    fn is_tuple(&self, vm: &Vm) -> bool {
        tuple::is(vm.heap(), vm.get(self.values))
    }

    fn run(&mut self, vm: &mut Vm, out: Slot) -> R<()> {
        loop {
            let part = self.all.sub(self.at, self.all.len());
            let n = bulk::run_of(vm, part, false, |b| b != b'%')?;
            if n > 0 {
                bulk::append_own(vm, vm.get(out), part.sub(0, n))?;
                self.at += n;
            }
            if n == part.len() {
                break;
            }
            self.at += 1;
            let value = vm.push(Value::NONE)?;
            self.field(vm, out, value)?;
            vm.drop_to(value);
            vm.tick(40)?;
        }
        let left = if self.is_tuple(vm) {
            self.used < tuple::len(vm.heap(), vm.get(self.values))
        } else {
            let kind = vm.heap().kind(vm.get(self.values));
            let mapping = matches!(kind, Kind::Dict | Kind::List | Kind::Instance | Kind::BigInstance);
            self.used == 0 && !self.mapping && !mapping
        };
        if left {
            let message = "format string didn't convert all arguments";
            return Err(bad(vm, TypeId::TypeError, message));
        }
        Ok(())
    }

    /// The next value.
    fn take(&mut self, vm: &mut Vm) -> R {
        let values = vm.get(self.values);
        let v = match self.is_tuple(vm) {
            true => tuple::get(vm.heap(), values, self.used),
            false => Some(values).filter(|_| self.used == 0),
        };
        self.used += 1;
        match v {
            Some(v) => Ok(v),
            None => Err(bad(vm, TypeId::TypeError, "format string needs more arguments")),
        }
    }

    /// Digits or `*` where they may stand.
    fn number(&mut self, vm: &mut Vm) -> R<Option<i32>> {
        if self.byte(vm) == Some(b'*') {
            self.at += 1;
            let v = self.take(vm)?;
            return match int::to_i64(vm.heap(), v).and_then(|n| i32::try_from(n).ok()) {
                Some(n) => Ok(Some(n)),
                None => Err(bad(vm, TypeId::TypeError, "* wants int")),
            };
        }
        let mut n = None;
        while let Some(b) = self.byte(vm).filter(|b| utf8::is_digit((*b).into())) {
            let next = n.unwrap_or(0i32).checked_mul(10).and_then(|n| n.checked_add((b - b'0').into()));
            if next.is_none() {
                return Err(bad(vm, TypeId::ValueError, "width too big"));
            }
            n = next;
            self.at += 1;
        }
        Ok(n)
    }

    /// A conversion from behind its `%`.
    fn field(&mut self, vm: &mut Vm, out: Slot, value: Slot) -> R<()> {
        let mut given = false;
        if self.byte(vm) == Some(b'(') {
            self.key(vm, value)?;
            given = true;
        }
        let mut spec = Spec::PLAIN;
        let (mut left, mut zero) = (false, false);
        while let Some(b) = self.byte(vm) {
            match b {
                b'-' => left = true,
                b'0' => zero = true,
                b'#' => spec.alternate = true,
                b'+' => spec.sign = b'+',
                b' ' if spec.sign != b'+' => spec.sign = b' ',
                b' ' => {}
                _ => break,
            }
            self.at += 1;
        }
        let width = self.number(vm)?.unwrap_or(0);
        left |= width < 0;
        spec.width = width.unsigned_abs();
        if self.byte(vm) == Some(b'.') {
            self.at += 1;
            spec.precision = Some(self.number(vm)?.unwrap_or(0).max(0) as u32);
        }
        while matches!(self.byte(vm), Some(b'h' | b'l' | b'L')) {
            self.at += 1;
        }
        let Some(kind) = self.byte(vm) else { return Err(bad(vm, TypeId::ValueError, "incomplete format")) };
        self.at += 1;
        if kind == b'%' {
            let to = vm.get(out);
            return vm.with_heap(|heap| bytearray::push(heap, to, b'%'));
        }
        if !given {
            let v = self.take(vm)?;
            vm.set(value, v);
        }
        spec.kind = kind;
        spec.zero = zero && !left;
        spec.align = if left { b'<' } else { b'>' };
        match kind {
            b's' | b'r' => self.text(vm, out, value, &spec),
            b'a' if ASCII => self.text(vm, out, value, &spec),
            b'b' if !self.is_str => self.text(vm, out, value, &spec),
            b'c' => self.character(vm, out, value, &mut spec),
            _ => {
                spec.align = if left { b'<' } else { 0 };
                spec.fill = if spec.zero { 0x30 } else { 0x20 };
                self.numeric(vm, out, value, &spec)
            }
        }
    }

    // The three kinds of conversions are functions of their own, so that none has the others' variables on its stack.

    #[inline(never)]
    fn text(&self, vm: &mut Vm, out: Slot, value: Slot, spec: &Spec) -> R<()> {
        let v = vm.get(value);
        let kind = spec.kind;
        if !self.is_str && matches!(kind, b's' | b'b') {
            if let Some(run) = text::buffer(vm.heap(), v, false) {
                return format::put_run(vm, out, run, false, spec);
            }
            if kind == b'b' {
                return Err(vm.raise_by(&|h| text::mixed(h, Kind::Bytes)));
            }
        }
        let plain = spec.width == 0 && spec.precision.is_none();
        if plain && kind != b'a' {
            let mode = if kind == b's' { Mode::Str } else { Mode::Repr };
            return print::with_output(vm, Output::Buffer(out), |vm| vm.print(v, mode));
        }
        let made = match kind {
            b's' => vm.to_str(v, Mode::Str)?,
            b'a' if ASCII => print::ascii(vm, v)?,
            _ => vm.to_str(v, Mode::Repr)?,
        };
        format::put_text(vm, out, made, spec)
    }

    #[inline(never)]
    fn character(&self, vm: &mut Vm, out: Slot, value: Slot, spec: &mut Spec) -> R<()> {
        let to = vm.get(out);
        let v = text::native(vm.heap(), vm.get(value));
        if int::is(vm.heap(), v) {
            let is_str = self.is_str;
            return vm.with_heap(|heap| {
                let (room, n) =
                    if is_str { format::char_of(heap, v)? } else { ([text::byte(heap, v)?, 0, 0, 0], 1) };
                let run = Run::Bytes(room.get(..n).unwrap_or(&[]));
                write_to(heap, to, |out| Ok(put_padded(out, spec, run)))
            });
        }
        let run = match self.is_str {
            true => str::span(vm.heap(), v).filter(|s| utf8::count(vm.heap().span_bytes(*s)) == 1),
            false => text::buffer(vm.heap(), v, false).filter(|s| s.len() == 1),
        };
        let Some(run) = run else { return Err(bad(vm, TypeId::TypeError, "%c needs int or char")) };
        spec.precision = None;
        vm.with_heap(|heap| write_to(heap, to, |out| Ok(put_padded(out, spec, Run::Span(run, true)))))
    }

    #[inline(never)]
    fn numeric(&self, vm: &mut Vm, out: Slot, value: Slot, spec: &Spec) -> R<()> {
        let v = vm.get(value);
        let to = vm.get(out);
        let kind = spec.kind;
        if IntStyle::of(kind).is_some() && !matches!(kind, b'b' | b'n') {
            let whole = matches!(kind, b'd' | b'i' | b'u') || int::is(vm.heap(), v);
            let n = if whole { format::as_int(vm, v)? } else { None };
            let Some(n) = n else { return Err(wrong_type(vm, "can't convert to int: ", v)) };
            vm.set(value, n);
            return format::put_number_of(vm, to, n, spec);
        }
        #[cfg(any(feature = "float-single", feature = "float-double"))]
        if matches!(kind, b'e' | b'E' | b'f' | b'F' | b'g' | b'G') {
            let Some(x) = super::convert::maybe_float(vm, v)? else {
                return Err(wrong_type(vm, "can't convert to float: ", v));
            };
            // `%f` of more than 32 digits gets an exponent, as MicroPython's does: `%g` with as many digits.
            let long = matches!(kind, b'f' | b'F') && x.abs() >= 1e32;
            let spec = match long {
                true => Spec {
                    kind: kind + 1,
                    precision: Some(spec.precision.unwrap_or(6).saturating_add(1)),
                    ..*spec
                },
                false => *spec,
            };
            return format::put_float(vm, to, x, &spec);
        }
        Err(unsupported(vm, kind, self.at))
    }

    /// `(name)`: the value comes out of the mapping.
    fn key(&mut self, vm: &mut Vm, value: Slot) -> R<()> {
        self.at += 1;
        let from = self.at;
        let mut depth = 1;
        loop {
            match self.byte(vm) {
                None => return Err(bad(vm, TypeId::ValueError, "incomplete format key")),
                Some(b'(') => depth += 1,
                Some(b')') => depth -= 1,
                Some(_) => {}
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
        let values = vm.get(self.values);
        if self.is_tuple(vm) || str::is_str(vm.heap(), values) || values.is_small() || values.is_none() {
            return Err(bad(vm, TypeId::TypeError, "format needs a dict"));
        }
        self.mapping = true;
        // No values are left to be taken in order.
        self.used = self.used.max(1);
        let (template, to) = (self.template, self.at - 1);
        vm.check_name_len(to - from)?;
        let key = vm.with_heap(|heap| match bytearray::bytes_span(heap, template) {
            Some(all) => strbuf::make(
                heap,
                if str::is_str(heap, template) { Kind::Str } else { Kind::Bytes },
                all.sub(from, to),
            ),
            None => Ok(q!("")),
        })?;
        let v = vm.subscr(values, key, Access::Load)?;
        vm.set(value, v);
        Ok(())
    }
}
