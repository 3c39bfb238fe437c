//! `float`.
#![cfg(any(feature = "float-single", feature = "float-double"))]
// These casts do something in single-precision builds.
#![allow(clippy::unnecessary_cast)]

use super::convert::{self, maybe_float};
use super::int::{order, zero_division};
use crate::base::float::{Float, FloatText, LONG, parse, pow, rem};
use crate::base::sink::{Sink, SliceSink};
use crate::heap::span::Span;
use crate::heap::{R, TypeId, Value};
use crate::object::{bigint, complex, float, int, number};
use crate::q;
use crate::vm::def::*;
use crate::vm::{Vm, bulk};

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 0, 1, false)),
    print: Some(print),
    unary: Slot::Vm(unary),
    binary: Slot::Vm(binary),
    ..TypeDef::plain(TypeId::Float, q!("float"))
};

/// A new float through the VM.
pub fn new(vm: &mut Vm, x: Float) -> R {
    vm.with_heap(|h| float::new(h, x))
}

fn make(vm: &mut Vm, args: Args) -> R {
    let Some(v) = vm.arg(args, 0) else { return new(vm, 0.0) };
    if let Some(mut text) = convert::text_span(vm, v) {
        if text.len() > LONG {
            text = trimmed(vm, text)?;
        }
        if text.len() > LONG {
            return match parse_long(vm, text, true)? {
                Some(x) => new(vm, x),
                None => Err(vm.raise(TypeId::ValueError, "invalid syntax for number")),
            };
        }
        let mut buf = [0u8; 128];
        let mut n = 0;
        let all = vm.heap().span_bytes(text);
        let trimmed = all.trim_ascii();
        let mut fits = true;
        let mut digit_before = false;
        for (i, b) in trimmed.iter().enumerate() {
            if *b == b'_' && digit_before && trimmed.get(i + 1).is_some_and(u8::is_ascii_digit) {
                continue;
            }
            digit_before = b.is_ascii_digit();
            match buf.get_mut(n) {
                Some(d) => {
                    *d = *b;
                    n += 1;
                }
                None => fits = false,
            }
        }
        // A text longer than the buffer, which only small builds read here, has no underscores to drop as a rule.
        let x = if fits { parse(buf.get(..n).unwrap_or(&[])) } else { parse(trimmed) };
        return match x {
            Some(x) => new(vm, x),
            None => Err(vm.raise(TypeId::ValueError, "invalid syntax for number")),
        };
    }
    if float::get(vm.heap(), v).is_some() {
        return Ok(v);
    }
    let x = convert::to_float(vm, v)?;
    new(vm, x)
}

/// A text without the blanks around it.
#[inline(never)]
pub fn trimmed(vm: &mut Vm, text: Span) -> R<Span> {
    let kept = bulk::keep(vm, &[text])?;
    let blank = |b: u8| b.is_ascii_whitespace();
    let from = bulk::run_of(vm, text, false, blank)?;
    let to = text.len() - bulk::run_of(vm, text, true, blank)?;
    bulk::let_go(vm, kept);
    Ok(text.sub(from, to))
}

/// The float that a long text means, in pieces.
#[inline(never)]
pub fn parse_long(vm: &mut Vm, text: Span, underscores: bool) -> R<Option<Float>> {
    let kept = bulk::keep(vm, &[text])?;
    let x = crate::base::float::parse_long(underscores, &mut |at, room| {
        vm.tick(3000)?;
        Ok(vm.heap().read_span(text.sub(at, text.len()), room))
    })?;
    bulk::let_go(vm, kept);
    Ok(x)
}

fn print(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    let x = float::get(vm.heap(), v).unwrap_or(0.0);
    put(vm, x)
}

/// Writes the shortest text that reads back as `x`.
pub fn put(vm: &mut Vm, x: Float) -> R<()> {
    let text = FloatText::repr(x);
    let mut room = [0u8; 40];
    let mut sink = SliceSink::new(&mut room);
    // The shortest text of a float has at most 24 characters.
    if text.negative() {
        let _ = sink.put(b'-');
    }
    let _ = text.put(&mut sink);
    vm.emit(sink.bytes())
}

/// The whole part of a float as an int.
pub fn to_int(vm: &mut Vm, x: Float) -> R {
    if x.is_nan() {
        return Err(vm.raise(TypeId::ValueError, "can't convert NaN to int"));
    }
    if x.is_infinite() {
        return Err(vm.raise(TypeId::OverflowError, "can't convert inf to int"));
    }
    vm.with_heap(|h| bigint::from_float(h, x))
}

fn unary(vm: &mut Vm, op: UnaryOp, v: Value) -> R {
    let Some(x) = float::get(vm.heap(), v) else { return Ok(Value::NOT_IMPLEMENTED) };
    match op {
        UnaryOp::Bool => Ok(Value::bool(x != 0.0)),
        UnaryOp::Positive | UnaryOp::Float => Ok(v),
        UnaryOp::Negative => new(vm, -x),
        UnaryOp::Abs => new(vm, x.abs()),
        UnaryOp::Int => to_int(vm, x),
        UnaryOp::Hash => {
            let h = number::hash(vm.heap(), v) as i32;
            vm.with_heap(|heap| int::from_i64(heap, h as i64))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R {
    use BinaryOp as B;
    if matches!(op, B::Less | B::More | B::Equal | B::LessEqual | B::MoreEqual | B::NotEqual) {
        let number = |v| float::get(vm.heap(), v).is_some() || int::is(vm.heap(), v);
        if !number(a) || !number(b) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        return Ok(Value::bool(match number::compare(vm.heap(), a, b) {
            Some(o) => order(op, o).unwrap_or(false),
            None => op == B::NotEqual,
        }));
    }
    if !matches!(
        op,
        B::Add | B::Subtract | B::Multiply | B::TrueDivide | B::FloorDivide | B::Modulo | B::Power
    ) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    match (maybe_float(vm, a)?, maybe_float(vm, b)?) {
        (Some(x), Some(y)) => arithmetic(vm, op, x, y),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `x op y` of an arithmetic operator.
pub fn arithmetic(vm: &mut Vm, op: BinaryOp, x: Float, y: Float) -> R {
    use BinaryOp as B;
    let r = match op {
        B::Add => x + y,
        B::Subtract => x - y,
        B::Multiply => x * y,
        B::TrueDivide | B::FloorDivide | B::Modulo if y == 0.0 => return Err(zero_division(vm)),
        B::TrueDivide => x / y,
        B::FloorDivide => divmod(x, y).0,
        B::Modulo => divmod(x, y).1,
        B::Power => {
            if x == 0.0 && y < 0.0 && y.is_finite() {
                return Err(zero_division(vm));
            }
            if x < 0.0 && x.is_finite() && y.is_finite() && y != libm::trunc(y as f64) as Float {
                return super::complex::power(vm, (x, 0.0), (y, 0.0));
            }
            let r = pow(x, y);
            if r.is_infinite() && x.is_finite() && y.is_finite() {
                return Err(vm.raise(TypeId::OverflowError, "math range error"));
            }
            r
        }
        _ => return Ok(Value::NOT_IMPLEMENTED),
    };
    new(vm, r)
}

/// Floor quotient and remainder with the divisor's sign.
pub fn divmod(x: Float, y: Float) -> (Float, Float) {
    let mut r = rem(x, y);
    let mut q = (x - r) / y;
    if r == 0.0 {
        r = (0.0 as Float).copysign(y);
    } else if (r < 0.0) != (y < 0.0) {
        r += y;
        q -= 1.0;
    }
    let whole = if q == 0.0 {
        (0.0 as Float).copysign(x / y)
    } else {
        let f = libm::floor(q as f64) as Float;
        if q - f > 0.5 { f + 1.0 } else { f }
    };
    (whole, r)
}

/// `x` rounded to `digits` decimals, halves to even as the exact decimal expansion says.
pub fn round_digits(x: Float, digits: i64) -> Float {
    // From here on every float is whole (and `f` writes large ones with an exponent).
    let whole = (1u64 << (Float::MANTISSA_DIGITS - 1)) as Float;
    if !x.is_finite() || digits > 400 || digits >= 0 && x.abs() >= whole {
        return x;
    }
    if digits < -400 {
        return (0.0 as Float).copysign(x);
    }
    if digits >= 0 {
        // Formatting rounds exactly; reading back is exact too.
        let text = FloatText::new(x, b'f', Some(digits as u32), false);
        // 16 digits, a point, `digits` more.
        let mut room = [0u8; 420];
        let mut sink = SliceSink::new(&mut room);
        if text.put(&mut sink).is_ok()
            && let Some(r) = parse(sink.bytes())
        {
            return r.copysign(x);
        }
        return x;
    }
    let scale = pow(10.0, -digits as Float);
    (round_even(x / scale)) * scale
}

/// The nearest whole float, halves to the even one.
pub fn round_even(x: Float) -> Float {
    libm::rint(x as f64) as Float
}

/// Complex numbers give way to this: a float as their real part.
pub fn as_complex(vm: &mut Vm, v: Value) -> R<Option<(Float, Float)>> {
    if vm.heap().is(v, crate::heap::Kind::Complex) {
        return Ok(Some(complex::parts(vm.heap(), v)));
    }
    Ok(maybe_float(vm, v)?.map(|x| (x, 0.0)))
}
