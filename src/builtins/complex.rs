//! `complex`.
#![cfg(any(feature = "float-single", feature = "float-double"))]
// These casts do something in single-precision builds.
#![allow(clippy::unnecessary_cast)]

use super::convert;
use super::float::{as_complex, put};
use super::float::{parse_long, trimmed};
use super::int::zero_division;
use crate::base::float::{Float, LONG, hypot, parse};
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::{complex, float, int, number};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::*;

/// Real and imaginary part.
pub type Pair = (Float, Float);

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 0, 2, false)),
    print: Some(print),
    unary: Slot::Vm(unary),
    binary: Slot::Vm(binary),
    entries: &[
        Entry { name: q!("real"), value: Const::Get(real) },
        Entry { name: q!("imag"), value: Const::Get(imag) },
    ],
    ..TypeDef::plain(TypeId::Complex, q!("complex"))
};

/// A new complex number through the VM.
pub fn new(vm: &mut Vm, z: Pair) -> R {
    vm.with_heap(|h| complex::new(h, z.0, z.1))
}

fn real(heap: &mut Heap, v: Value) -> R {
    let (re, _) = complex::parts(heap, v);
    float::new(heap, re)
}

fn imag(heap: &mut Heap, v: Value) -> R {
    let (_, im) = complex::parts(heap, v);
    float::new(heap, im)
}

fn make(vm: &mut Vm, args: Args) -> R {
    let Some(first) = vm.arg(args, 0) else { return new(vm, (0.0, 0.0)) };
    let second = vm.arg(args, 1);
    let text = vm.native_part(first, TypeId::Str).and_then(|v| convert::text_span(vm, v));
    if let (Some(text), None) = (text, second) {
        return match parse_complex(vm, text)? {
            Some(z) => new(vm, z),
            None => Err(vm.raise(TypeId::ValueError, "complex() arg is a malformed string")),
        };
    }
    let z = operand(vm, first)?;
    let Some(second) = second else { return new(vm, z) };
    let w = operand(vm, second)?;
    // Parts that are not there must not turn a negative zero positive.
    let re = if w.1 == 0.0 { z.0 } else { z.0 - w.1 };
    new(vm, (re, if z.1 == 0.0 { w.0 } else { z.1 + w.0 }))
}

/// A number as a complex one.
pub fn operand(vm: &mut Vm, v: Value) -> R<Pair> {
    match as_complex(vm, v)? {
        Some(z) => Ok(z),
        None => {
            let f = match vm.heap().kind(v) {
                Kind::Instance | Kind::BigInstance => vm.lookup_special(v, q!("__complex__"))?,
                _ => Value::STOP,
            };
            if f != Value::STOP {
                let z = vm.call(f, &[])?;
                if vm.heap().is(z, Kind::Complex) {
                    return Ok(complex::parts(vm.heap(), z));
                }
            }
            Err(convert::type_error(vm, "can't convert ", v, " to complex"))
        }
    }
}

/// `"1+2j"`, `"2j"`, `"1"`, with or without brackets; the text is reachable.
fn parse_complex(vm: &mut Vm, text: Span) -> R<Option<Pair>> {
    let byte = |vm: &Vm, s: Span, i: usize| vm.heap().span_bytes(s).get(i).copied().unwrap_or(0);
    let mut text = trimmed(vm, text)?;
    let last = text.len().saturating_sub(1);
    if byte(vm, text, 0) == b'(' && byte(vm, text, last) == b')' {
        text = text.sub(1, last);
    }
    let end = text.len().saturating_sub(1);
    if !matches!(byte(vm, text, end), b'j' | b'J') {
        return Ok(number(vm, text)?.map(|x| (x, 0.0)));
    }
    // The sign that splits the parts is no exponent's.
    let mut split = end;
    let found = loop {
        split = split.saturating_sub(1);
        if split == 0 {
            break false;
        }
        let exponent = matches!(byte(vm, text, split - 1), b'e' | b'E');
        if !exponent && matches!(byte(vm, text, split), b'+' | b'-') {
            break true;
        }
        vm.tick(40)?;
    };
    let re = if found { number(vm, text.sub(0, split))? } else { Some(0.0) };
    let im = text.sub(split, end);
    let im = match vm.heap().span_bytes(im) {
        b"" | b"+" => Some(1.0),
        b"-" => Some(-1.0),
        _ => number(vm, im)?,
    };
    Ok(re.zip(im))
}

fn number(vm: &mut Vm, text: Span) -> R<Option<Float>> {
    if text.len() > LONG { parse_long(vm, text, false) } else { Ok(parse(vm.heap().span_bytes(text))) }
}

fn print(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    let (re, im) = complex::parts(vm.heap(), v);
    let whole = re != 0.0 || re.is_sign_negative() || re.is_nan();
    if whole {
        vm.emit(b"(")?;
        put_part(vm, re)?;
        if !im.is_sign_negative() || im.is_nan() {
            vm.emit(b"+")?;
        }
    }
    put_part(vm, im)?;
    vm.emit(if whole { b"j)" } else { b"j" })
}

/// A part of a complex number: a float without `.0`.
fn put_part(vm: &mut Vm, x: Float) -> R<()> {
    if x == libm::trunc(x as f64) as Float && x.abs() < 1e15 {
        if x.is_sign_negative() {
            vm.emit(b"-")?;
        }
        return vm.emit(crate::base::sink::digits(&mut [0; 20], x.abs() as u64, 10, false));
    }
    put(vm, x)
}

fn unary(vm: &mut Vm, op: UnaryOp, v: Value) -> R {
    let (re, im) = complex::parts(vm.heap(), v);
    match op {
        UnaryOp::Bool => Ok(Value::bool(re != 0.0 || im != 0.0)),
        UnaryOp::Positive | UnaryOp::Complex => Ok(v),
        UnaryOp::Negative => new(vm, (-re, -im)),
        UnaryOp::Abs => super::float::new(vm, abs((re, im))),
        UnaryOp::Hash => {
            let h = number::hash(vm.heap(), v) as i32;
            vm.with_heap(|heap| int::from_i64(heap, h as i64))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// A complex number, float or small int; None for what takes the long way.
#[inline]
fn pair(heap: &Heap, v: Value) -> Option<Pair> {
    match heap.kind(v) {
        Kind::Complex => Some(complex::parts(heap, v)),
        Kind::Float => float::get(heap, v).map(|x| (x, 0.0)),
        _ => v.as_small().map(|n| (n as Float, 0.0)),
    }
}

fn binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R {
    use BinaryOp as B;
    if !matches!(op, B::Equal | B::NotEqual | B::Add | B::Subtract | B::Multiply | B::TrueDivide | B::Power) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (z, w) = match (pair(vm.heap(), a), pair(vm.heap(), b)) {
        (Some(z), Some(w)) if !matches!(op, B::Equal | B::NotEqual) => (z, w),
        _ => {
            let number = |v| {
                let h = vm.heap();
                matches!(h.kind(v), Kind::Complex | Kind::Float) || int::is(h, v)
            };
            if !number(a) || !number(b) {
                return Ok(Value::NOT_IMPLEMENTED);
            }
            if matches!(op, B::Equal | B::NotEqual) {
                return Ok(Value::bool(number::equal(vm.heap(), a, b) == (op == B::Equal)));
            }
            (operand(vm, a)?, operand(vm, b)?)
        }
    };
    let r = match op {
        B::Add => (z.0 + w.0, z.1 + w.1),
        B::Subtract => (z.0 - w.0, z.1 - w.1),
        B::Multiply => multiply(z, w),
        B::TrueDivide => match divide(z, w) {
            Some(q) => q,
            None => return Err(zero_division(vm)),
        },
        _ => return power(vm, z, w),
    };
    new(vm, r)
}

pub fn abs(z: Pair) -> Float {
    hypot(z.0, z.1)
}

pub fn multiply(z: Pair, w: Pair) -> Pair {
    (z.0 * w.0 - z.1 * w.1, z.0 * w.1 + z.1 * w.0)
}

/// `z / w`, scaled by the larger part of `w` so that nothing overflows on the way; `None` for zero.
pub fn divide(z: Pair, w: Pair) -> Option<Pair> {
    if w.0.abs() >= w.1.abs() {
        if w.0 == 0.0 {
            return None;
        }
        let r = w.1 / w.0;
        let d = w.0 + w.1 * r;
        Some(((z.0 + z.1 * r) / d, (z.1 - z.0 * r) / d))
    } else {
        let r = w.0 / w.1;
        let d = w.0 * r + w.1;
        Some(((z.0 * r + z.1) / d, (z.1 * r - z.0) / d))
    }
}

pub fn exp(z: Pair) -> Pair {
    let size = libm::exp(z.0 as f64);
    ((size * libm::cos(z.1 as f64)) as Float, (size * libm::sin(z.1 as f64)) as Float)
}

pub fn ln(z: Pair) -> Pair {
    (libm::log(abs(z) as f64) as Float, libm::atan2(z.1 as f64, z.0 as f64) as Float)
}

/// `z ** w`.
pub fn power(vm: &mut Vm, z: Pair, w: Pair) -> R {
    if z == (0.0, 0.0) {
        if w == (0.0, 0.0) {
            return new(vm, (1.0, 0.0));
        }
        if w.1 != 0.0 || w.0 < 0.0 {
            return Err(vm.raise(TypeId::ZeroDivisionError, "0.0 to a complex power"));
        }
        return new(vm, (0.0, 0.0));
    }
    let n = w.0 as i32;
    if w.1 == 0.0 && n as Float == w.0 && n.unsigned_abs() <= 100 {
        // Small whole powers by multiplication, as exact as it gets.
        let (mut result, mut square, mut left) = ((1.0, 0.0), z, n.unsigned_abs());
        while left > 0 {
            if left & 1 != 0 {
                result = multiply(result, square);
            }
            square = multiply(square, square);
            left >>= 1;
        }
        return match if n < 0 { divide((1.0, 0.0), result) } else { Some(result) } {
            Some(r) => new(vm, r),
            None => Err(zero_division(vm)),
        };
    }
    let r = exp(multiply(w, ln(z)));
    let finite = |p: Pair| p.0.is_finite() && p.1.is_finite();
    if !finite(r) && finite(z) && finite(w) {
        return Err(vm.raise(TypeId::OverflowError, "complex exponentiation"));
    }
    new(vm, r)
}
