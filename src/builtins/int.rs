//! `int` and `bool`.
//!
//! Invariants
//! - operands that fit 64 bits take the short way; long ones go limb by limb through `object::bigint`;
//! - what takes quadratic time ticks between rows; cells under construction lie in slots.

use super::convert::{self, int_value, to_i64, type_error};
use super::int_long as long;
use crate::base::config::MAX_INT_BITS;
use crate::base::int_text::IntText;
use crate::base::limbs::{self, BitOp};
use crate::base::sink::{SliceSink, put_i64};
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::bigint::{self, Operand};
use crate::object::{int, str};
use crate::q;
use crate::vm::def::*;
use crate::vm::{Vm, bulk};
use core::cmp::Ordering;

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 0, 2, false)),
    print: Some(print),
    unary: Slot::Vm(unary),
    binary: Slot::Vm(binary),
    entries: &[
        #[cfg(feature = "basic")]
        Entry {
            name: q!("from_bytes"),
            value: Const::Fn(NativeDef::vm(from_bytes, 2, 3, true).bound(Bind::Class)),
        },
        #[cfg(feature = "basic")]
        Entry { name: q!("to_bytes"), value: kw_fn(to_bytes, 1, 3) },
        Entry { name: q!("bit_length"), value: Const::Fn(NativeDef::vm(bit_length, 1, 1, false).beyond()) },
    ],
    ..TypeDef::plain(TypeId::Int, q!("int"))
};

pub static BOOL: TypeDef = TypeDef {
    base: Some(TypeId::Int),
    make: Some(NativeDef::vm(make_bool, 0, 1, false)),
    print: Some(print_bool),
    unary: Slot::Vm(unary),
    binary: Slot::Vm(binary),
    ..TypeDef::plain(TypeId::Bool, q!("bool"))
};

/// Digits that are printed between two ticks.
const PRINTED: usize = if cfg!(feature = "tiny") { usize::MAX } else { 1024 };

fn print(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    match int::to_i64(vm.heap(), v) {
        Some(n) => print_int(vm, n),
        None => {
            let (slot, span) = digits(vm, v, 10, false)?;
            let mut from = 0usize;
            loop {
                convert::emit_span(vm, span.sub(from, from.saturating_add(PRINTED)))?;
                from = from.saturating_add(PRINTED);
                if from >= span.len() {
                    break;
                }
                vm.turn(PRINTED.min(1024) as u32 * 5)?;
            }
            vm.drop_to(slot);
            Ok(())
        }
    }
}

/// Writes an int that fits 64 bits.
pub fn print_int(vm: &mut Vm, n: i64) -> R<()> {
    let mut room = [0u8; 24];
    let mut sink = SliceSink::new(&mut room);
    // An i64 has at most 20 characters.
    let _ = put_i64(&mut sink, n);
    vm.emit(sink.bytes())
}

fn print_bool(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    vm.emit(if v == Value::TRUE { b"True" } else { b"False" })
}

fn make_bool(vm: &mut Vm, args: Args) -> R {
    match vm.arg(args, 0) {
        Some(v) => Ok(Value::bool(vm.truth(v)?)),
        None => Ok(Value::FALSE),
    }
}

fn make(vm: &mut Vm, args: Args) -> R {
    let Some(v) = vm.arg(args, 0) else { return Ok(Value::small(0)) };
    if let Some(base) = vm.arg(args, 1) {
        let base = to_i64(vm, base)?;
        let Some(s) = convert::text_span(vm, v) else {
            return Err(vm.raise(TypeId::TypeError, "can't convert non-string with explicit base"));
        };
        if base != 0 && !(2..=36).contains(&base) {
            return Err(vm.raise(TypeId::ValueError, "int() arg 2 must be >= 2 and <= 36"));
        }
        return parse(vm, s, base as u32);
    }
    from_value(vm, v)
}

/// `int(v)`.
pub fn from_value(vm: &mut Vm, v: Value) -> R {
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    if let Some(x) = vm.native_part(v, TypeId::Float).and_then(|x| crate::object::float::get(vm.heap(), x)) {
        return super::float::to_int(vm, x);
    }
    // Objects of modules may stand for an int, as pointers of `uctypes` do.
    if vm.heap().is(v, Kind::Object)
        && let n = vm.unary_or_declined(UnaryOp::Int, v)?
        && n != Value::NOT_IMPLEMENTED
    {
        return Ok(n);
    }
    if !int::is(vm.heap(), v)
        && let Some(s) = convert::text_span(vm, v)
    {
        return parse(vm, s, 10);
    }
    int_value(vm, v)
}

// ---- text ----------------------------------------------------------------------------------------------------

/// The digits of an int with its sign, as a str.
pub fn to_text(vm: &mut Vm, v: Value, radix: u32, upper: bool) -> R {
    let (slot, span) = digits(vm, v, radix, upper)?;
    let s = bulk::make(vm, Kind::Str, span)?;
    vm.drop_to(slot);
    Ok(s)
}

/// The digits of an int with its sign, in a cell that lives until the slot is given up.
pub fn digits(vm: &mut Vm, v: Value, radix: u32, upper: bool) -> R<(crate::vm::Slot, Span)> {
    let x = Operand::new(vm.heap(), v);
    let room = limbs::text_room(x.bits(vm.heap()), radix) + 2;
    let work = vm.with_heap1(bigint::alloc, x.len)?;
    let slot = vm.push(work)?;
    long::look_around(vm)?;
    let out = vm.with_heap(|h| h.alloc(Kind::Raw, room.div_ceil(4)))?;
    vm.push(out)?;
    long::look_around(vm)?;
    long::copy_from(vm, &x, 0, work)?;
    let mut end = room;
    let put = |vm: &mut Vm, end: &mut usize, bytes: &[u8]| {
        let to =
            Span { owner: out, from_word: 0, offset: (*end - bytes.len()) as u32, len: bytes.len() as u32 };
        vm.heap_mut().write_span(to, bytes);
        *end -= bytes.len();
    };
    let mut len = x.len;
    while len > 0 {
        let mut digits = [0u8; 40];
        let at;
        (len, at) = long::text_step(vm, work, len, radix, upper, &mut digits)?;
        put(vm, &mut end, digits.get(at..).unwrap_or(&[]));
    }
    if x.len == 0 {
        put(vm, &mut end, b"0");
    }
    if x.negative {
        put(vm, &mut end, b"-");
    }
    Ok((slot, Span { owner: out, from_word: 0, offset: end as u32, len: (room - end) as u32 }))
}

/// The int that a whole text means.
pub fn parse(vm: &mut Vm, text: Span, base: u32) -> R {
    let text = long::steady(vm, text)?;
    let blank = |b: &u8| b.is_ascii_whitespace() || *b == 0x0b;
    let all = vm.heap().span_bytes(text);
    let from = all.iter().position(|b| !blank(b)).unwrap_or(all.len());
    let to = all.iter().rposition(|b| !blank(b)).map_or(from, |i| i + 1);
    let text = text.sub(from, to);
    let (negative, radix, digits) = match long::read(vm, text, base)? {
        IntText::Small(n) => return vm.with_heap(|h| int::from_i64(h, n)),
        // The digits reach to the end.
        IntText::Big { negative, radix, digits } => (negative, radix, digits.len()),
        IntText::Invalid => return Err(invalid(vm, text, base)),
    };
    let digits = text.sub(text.len() - digits, text.len());
    let out = vm.with_heap(|h| bigint::alloc(h, limbs::read_room(digits.len(), radix)))?;
    let slot = vm.push(out)?;
    let (mut at, mut len) = (0, 0);
    while at < digits.len() {
        let mut buf = [0u8; 40];
        let part = vm.heap().span_bytes(digits.sub(at, at + buf.len()));
        let n = part.len();
        if n == 0 {
            break;
        }
        if let Some(d) = buf.get_mut(..n) {
            d.copy_from_slice(part);
        }
        let taken;
        (taken, len) = long::read_step(vm, buf.get(..n).unwrap_or(&[]), radix, out, len)?;
        at += taken.max(1);
    }
    vm.drop_to(slot);
    Ok(bigint::finish(vm.heap_mut(), out, negative, len))
}

#[cold]
fn invalid(vm: &mut Vm, text: Span, base: u32) -> Raised {
    use crate::object::exc::{Part, raise_parts};
    let base = if base == 0 { 10 } else { base };
    // Of a long text the beginning says enough.
    let text = if cfg!(feature = "tiny") { text } else { bulk::characters(vm, text, 200) };
    let shown = vm.with_heap1(str::from_span, text).and_then(|s| vm.push(s).map(|slot| (s, slot)));
    match shown {
        Ok((s, slot)) => {
            let parts = [
                Part::S("invalid syntax for integer with base "),
                Part::I(base as i64),
                Part::S(": '"),
                Part::V(s),
                Part::S("'"),
            ];
            let raised = vm.raise_by(&|h| raise_parts(h, TypeId::ValueError, &parts));
            vm.drop_to(slot);
            raised
        }
        Err(r) => r,
    }
}

// ---- operators -----------------------------------------------------------------------------------------------

fn unary(vm: &mut Vm, op: UnaryOp, v: Value) -> R {
    let n = int::to_i64(vm.heap(), v);
    match (op, n) {
        (UnaryOp::Bool, _) => Ok(Value::bool(n != Some(0))),
        (UnaryOp::Positive | UnaryOp::Int, Some(n)) => vm.with_heap(|h| int::from_i64(h, n)),
        (UnaryOp::Positive | UnaryOp::Int, None) => Ok(v),
        (UnaryOp::Hash, _) => {
            let h = long::hash(vm, v)? as i32;
            vm.with_heap(|heap| int::from_i64(heap, h as i64))
        }
        (UnaryOp::Negative, Some(n)) if n != i64::MIN => vm.with_heap(|h| int::from_i64(h, -n)),
        (UnaryOp::Negative, _) => long::negate(vm, v, false),
        (UnaryOp::Abs, Some(n)) if n != i64::MIN => vm.with_heap(|h| int::from_i64(h, n.abs())),
        (UnaryOp::Abs, _) => long::negate(vm, v, true),
        (UnaryOp::Invert, Some(n)) => vm.with_heap(|h| int::from_i64(h, !n)),
        (UnaryOp::Invert, None) => long::invert(vm, v),
        #[cfg(any(feature = "float-single", feature = "float-double"))]
        (UnaryOp::Float, _) => {
            let x = convert::to_float(vm, v)?;
            vm.with_heap(|h| crate::object::float::new(h, x))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R {
    use BinaryOp as B;
    if !int::is(vm.heap(), a) || !int::is(vm.heap(), b) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    if matches!(op, B::And | B::Or | B::Xor)
        && let (Some(x), Some(y)) = (as_bool(a), as_bool(b))
    {
        return Ok(Value::bool(match op {
            B::And => x & y,
            B::Or => x | y,
            _ => x ^ y,
        }));
    }
    let long = vm.heap().is(a, Kind::BigInt) || vm.heap().is(b, Kind::BigInt);
    if long && let Some(done) = long::binary(vm, op, a, b)? {
        return Ok(done);
    }
    if (op as u8) < B::In as u8 {
        return Ok(Value::bool(order(op, int::compare(vm.heap(), a, b)).unwrap_or(false)));
    }
    // A long operand's words are not read in vain.
    if !long
        && let (Some(x), Some(y)) = (int::to_i64(vm.heap(), a), int::to_i64(vm.heap(), b))
        && let Some(n) = int::arithmetic(op as u8, x, y)
    {
        return vm.with_heap(|h| int::from_i64(h, n));
    }
    match op {
        B::Add => vm.with_heap3(bigint::add, a, b, false),
        B::Subtract => vm.with_heap3(bigint::add, a, b, true),
        B::Multiply => multiply(vm, a, b),
        B::And => vm.with_heap3(bigint::bit_op, BitOp::And, a, b),
        B::Or => vm.with_heap3(bigint::bit_op, BitOp::Or, a, b),
        B::Xor => vm.with_heap3(bigint::bit_op, BitOp::Xor, a, b),
        B::Lshift | B::Rshift => shift(vm, a, b, op == B::Lshift),
        B::FloorDivide => Ok(divide(vm, a, b)?.0),
        B::Modulo => Ok(divide(vm, a, b)?.1),
        B::Power => power(vm, a, b),
        B::TrueDivide => true_divide(vm, a, b),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn as_bool(v: Value) -> Option<bool> {
    match v {
        Value::TRUE => Some(true),
        Value::FALSE => Some(false),
        _ => None,
    }
}

/// What a comparison operator says of an order; `None` for other operators.
pub fn order(op: BinaryOp, o: Ordering) -> Option<bool> {
    Some(match op {
        BinaryOp::Less => o.is_lt(),
        BinaryOp::More => o.is_gt(),
        BinaryOp::Equal => o.is_eq(),
        BinaryOp::LessEqual => o.is_le(),
        BinaryOp::MoreEqual => o.is_ge(),
        BinaryOp::NotEqual => o.is_ne(),
        _ => return None,
    })
}

#[cold]
fn too_long(vm: &mut Vm) -> Raised {
    vm.raise(TypeId::OverflowError, "int too large")
}

fn shift(vm: &mut Vm, a: Value, b: Value, left: bool) -> R {
    let n = convert::to_i64_saturated(vm, b)?;
    if n < 0 {
        return Err(vm.raise(TypeId::ValueError, "negative shift count"));
    }
    let x = Operand::new(vm.heap(), a);
    if !left {
        let n = (n as u64).min(x.len as u64 * 32) as usize;
        if let Some(done) = long::shr(vm, &x, n)? {
            return Ok(done);
        }
        return vm.with_heap2(bigint::shr, a, n);
    }
    if x.is_zero() {
        return Ok(Value::small(0));
    }
    if n as u64 + x.bits(vm.heap()) as u64 > MAX_INT_BITS as u64 {
        return Err(too_long(vm));
    }
    if let Some(done) = long::shl(vm, &x, n as usize)? {
        return Ok(done);
    }
    vm.with_heap2(bigint::shl, a, n as usize)
}

/// Products of so many limbs are worked off between two ticks.
const SHORT: usize = 128;

/// How many rows of so many limbs are worked off between two ticks.
fn rows_at_once(len: usize) -> usize {
    (SHORT / len.max(1)).max(1)
}

pub fn multiply(vm: &mut Vm, a: Value, b: Value) -> R {
    let long = vm.heap().is(a, Kind::BigInt) || vm.heap().is(b, Kind::BigInt);
    if !long
        && let (Some(x), Some(y)) = (int::to_i64(vm.heap(), a), int::to_i64(vm.heap(), b))
        && let Some(n) = x.checked_mul(y)
    {
        return vm.with_heap(|h| int::from_i64(h, n));
    }
    let (mut x, mut y) = (Operand::new(vm.heap(), a), Operand::new(vm.heap(), b));
    if x.len < y.len {
        core::mem::swap(&mut x, &mut y);
    }
    let rows = rows_at_once(x.len);
    // Where flash counts the long way is the only one.
    if x.len * y.len <= SHORT && cfg!(not(feature = "tiny")) {
        return vm.with_heap(|heap| {
            let out = bigint::alloc(heap, x.len + y.len)?;
            multiply_rows(heap, (&x, &y), out, 0, rows);
            Ok(bigint::finish(heap, out, x.negative != y.negative, x.len + y.len))
        });
    }
    if (x.len + y.len) * 32 > MAX_INT_BITS as usize {
        return Err(too_long(vm));
    }
    let out = vm.with_heap1(bigint::alloc, x.len + y.len)?;
    let slot = vm.push(out)?;
    for from in (0..y.len).step_by(rows) {
        if long::multiply_row(vm, (&x, &y), out, from)? {
            continue;
        }
        multiply_rows(vm.heap_mut(), (&x, &y), out, from, rows);
        vm.tick((rows.min(y.len) * x.len) as u32 * 8)?;
    }
    vm.drop_to(slot);
    Ok(bigint::finish(vm.heap_mut(), out, x.negative != y.negative, x.len + y.len))
}

/// So many rows of a product, beginning with `from`.
fn multiply_rows(heap: &mut Heap, factors: (&Operand, &Operand), out: Value, from: usize, rows: usize) {
    bigint::with(heap, factors.0, factors.1, out, |a, b, out| {
        for (i, row) in b.iter().enumerate().skip(from).take(rows) {
            limbs::mul_row(a, *row, out.get_mut(i..a.len() + b.len()).unwrap_or(&mut []));
        }
    });
}

#[cold]
pub fn zero_division(vm: &mut Vm) -> Raised {
    vm.raise(TypeId::ZeroDivisionError, "divide by zero")
}

/// Floor quotient and remainder.
pub fn divide(vm: &mut Vm, a: Value, b: Value) -> R<(Value, Value)> {
    let (x, y) = (Operand::new(vm.heap(), a), Operand::new(vm.heap(), b));
    if y.is_zero() {
        return Err(zero_division(vm));
    }
    let base = vm.push(Value::NONE)?;
    let rest = vm.with_heap1(bigint::alloc, x.len.max(y.len) + 1)?;
    vm.push(rest)?;
    long::look_around(vm)?;
    let divisor = vm.with_heap1(bigint::alloc, y.len.max(x.len) + 1)?;
    vm.push(divisor)?;
    long::look_around(vm)?;
    let quotient = vm.with_heap1(bigint::alloc, (x.len + 2).saturating_sub(y.len))?;
    vm.push(quotient)?;
    long::look_around(vm)?;
    let shift = y.limbs(vm.heap()).last().map_or(0, |l| l.leading_zeros());
    long::shl_into(vm, &x, shift as usize, rest)?;
    long::shl_into(vm, &y, shift as usize, divisor)?;
    let d = Operand::part(divisor, y.len);
    let mut places = (x.len + 1).saturating_sub(y.len);
    while places > 0 {
        // A place takes time whatever the divisor's length.
        let to = places.saturating_sub(rows_at_once(y.len + 3));
        bigint::with(vm.heap_mut(), &d, &d, rest, |d, _, rest| {
            for at in (to..places).rev() {
                // The step leaves the highest limb of its window zero: the digit has its place there.
                let digit = limbs::div_step(rest.get_mut(..x.len + 1).unwrap_or(&mut []), d, at);
                if let Some(place) = rest.get_mut(at + d.len()) {
                    *place = digit;
                }
            }
        });
        vm.tick(((places - to) * y.len) as u32 * 12)?;
        places = to;
    }
    if x.len >= y.len {
        let all = Operand::part(rest, x.len + 1);
        long::copy_from(vm, &all, y.len, quotient)?;
    }
    let heap = vm.heap_mut();
    let low = bigint::limbs_mut(heap, rest).get_mut(..y.len).unwrap_or(&mut []);
    let mut left = limbs::div_finish(low, shift);
    let mut remainder = rest;
    if x.negative != y.negative && left > 0 {
        // Floor: one more in size, and the rest counts from the other side.
        limbs::add_small(bigint::limbs_mut(heap, quotient), 1);
        let r = Operand::part(rest, left);
        left = bigint::with(heap, &y, &r, divisor, limbs::sub);
        remainder = divisor;
    }
    vm.drop_to(base);
    let heap = vm.heap_mut();
    let q = bigint::finish(heap, quotient, x.negative != y.negative, usize::MAX);
    Ok((q, bigint::finish(heap, remainder, y.negative, left)))
}

fn power(vm: &mut Vm, a: Value, b: Value) -> R {
    let y = convert::to_i64_saturated(vm, b)?;
    if y < 0 {
        return negative_power(vm, a, b);
    }
    let x = Operand::new(vm.heap(), a);
    let bits = x.bits(vm.heap()) as u64;
    if bits > 1 && (bits - 1).saturating_mul(y as u64) > MAX_INT_BITS as u64 {
        return Err(too_long(vm));
    }
    // Of 0, 1 and -1 only the exponent's lowest bit matters.
    let odd = Operand::new(vm.heap(), b).limbs(vm.heap()).first().is_some_and(|l| l & 1 != 0);
    let mut y = if bits <= 1 { if b == Value::small(0) { 0 } else { 2 - odd as i64 } } else { y };
    let result = vm.push(Value::small(1))?;
    let square = vm.push(a)?;
    loop {
        if y & 1 != 0 {
            let v = multiply(vm, vm.get(result), vm.get(square))?;
            vm.set(result, v);
        }
        y >>= 1;
        if y == 0 {
            break;
        }
        let s = vm.get(square);
        let v = multiply(vm, s, s)?;
        vm.set(square, v);
    }
    let v = vm.get(result);
    vm.drop_to(result);
    Ok(v)
}

#[cfg(any(feature = "float-single", feature = "float-double"))]
fn negative_power(vm: &mut Vm, a: Value, b: Value) -> R {
    let (x, y) = (convert::to_float(vm, a)?, convert::to_float(vm, b)?);
    super::float::arithmetic(vm, BinaryOp::Power, x, y)
}
#[cfg(not(any(feature = "float-single", feature = "float-double")))]
fn negative_power(vm: &mut Vm, _: Value, _: Value) -> R {
    Err(vm.raise(TypeId::ValueError, "negative power with no float support"))
}

/// `pow(a, b, m)`.
pub fn power_mod(vm: &mut Vm, a: Value, b: Value, m: Value) -> R {
    for v in [a, b, m] {
        if !int::is(vm.heap(), v) {
            return Err(vm.raise(TypeId::TypeError, "pow() with 3 arguments requires integers"));
        }
    }
    let modulus = Operand::new(vm.heap(), m);
    if modulus.is_zero() {
        return Err(vm.raise(TypeId::ValueError, "pow() 3rd argument cannot be 0"));
    }
    let exponent = Operand::new(vm.heap(), b);
    let kept = vm.push(Value::NONE)?;
    let a = match exponent.negative {
        true => inverse(vm, a, m)?,
        false => a,
    };
    vm.set(kept, a);
    let one = divide(vm, Value::small(1), m)?.1;
    let result = vm.push(one)?;
    let first = divide(vm, a, m)?.1;
    let base = vm.push(first)?;
    for i in (0..exponent.bits(vm.heap())).rev() {
        let r = vm.get(result);
        let v = multiply(vm, r, r)?;
        vm.set(result, v);
        let v = divide(vm, v, m)?.1;
        vm.set(result, v);
        if limbs::bit(exponent.limbs(vm.heap()), i) {
            let v = multiply(vm, v, vm.get(base))?;
            vm.set(result, v);
            let v = divide(vm, v, m)?.1;
            vm.set(result, v);
        }
        vm.tick(100)?;
    }
    let v = vm.get(result);
    vm.drop_to(kept);
    Ok(v)
}

/// The number that makes 1 of `a` modulo `m`, by Euclid's algorithm.
#[cfg(feature = "extra")]
fn inverse(vm: &mut Vm, a: Value, m: Value) -> R {
    let base = vm.push(Value::NONE)?;
    let all = vm.with_heap(|h| bigint::negate(h, m, true))?;
    let older = vm.push(a)?;
    let old = vm.push(all)?;
    let was = vm.push(Value::small(1))?;
    let is = vm.push(Value::small(0))?;
    loop {
        let (x, y) = (vm.get(older), vm.get(old));
        if Operand::new(vm.heap(), y).is_zero() {
            break;
        }
        let (quotient, rest) = divide(vm, x, y)?;
        vm.set(older, y);
        vm.set(old, rest);
        vm.set(base, quotient);
        let product = multiply(vm, quotient, vm.get(is))?;
        vm.set(base, product);
        let next = vm.binary(BinaryOp::Subtract, vm.get(was), product)?;
        let now = vm.get(is);
        vm.set(was, now);
        vm.set(is, next);
        vm.tick(100)?;
    }
    let (divisor, found) = (vm.get(older), vm.get(was));
    vm.drop_to(base);
    if divisor != Value::small(1) {
        return Err(vm.raise(TypeId::ValueError, "base is not invertible for the given modulus"));
    }
    Ok(found)
}
#[cfg(not(feature = "extra"))]
fn inverse(vm: &mut Vm, _: Value, _: Value) -> R {
    Err(vm.raise(TypeId::ValueError, "pow() 2nd argument cannot be negative when 3rd argument specified"))
}

#[cfg(not(any(feature = "float-single", feature = "float-double")))]
fn true_divide(_: &mut Vm, _: Value, _: Value) -> R {
    Ok(Value::NOT_IMPLEMENTED)
}

/// The float nearest to the exact quotient.
#[cfg(any(feature = "float-single", feature = "float-double"))]
fn true_divide(vm: &mut Vm, a: Value, b: Value) -> R {
    use crate::base::float::Float;
    const EXACT: u64 = 1 << Float::MANTISSA_DIGITS;
    let pair = (int::to_i64(vm.heap(), a), int::to_i64(vm.heap(), b));
    if let (Some(x), Some(y)) = pair {
        if y == 0 {
            return Err(zero_division(vm));
        }
        if x.unsigned_abs() <= EXACT && y.unsigned_abs() <= EXACT {
            return vm.with_heap(|h| crate::object::float::new(h, x as Float / y as Float));
        }
    }
    let (x, y) = (Operand::new(vm.heap(), a), Operand::new(vm.heap(), b));
    // A quotient of at least 66 bits, whose lowest bit stands for all that is left.
    let scale = 66 - (x.bits(vm.heap()) as i64 - y.bits(vm.heap()) as i64);
    let base = vm.push(Value::NONE)?;
    let up = |vm: &mut Vm, v: Value, n: i64| -> R {
        let x = Operand::new(vm.heap(), v);
        let shifted = if n > 0 { long::shl(vm, &x, n as usize)? } else { Some(v) };
        let v = match shifted {
            Some(v) => v,
            None => vm.with_heap2(bigint::shl, v, n as usize)?,
        };
        vm.push(v)?;
        long::look_around(vm)?;
        let v = long::negate(vm, v, true)?;
        vm.push(v)?;
        Ok(v)
    };
    let n = up(vm, a, scale)?;
    let d = up(vm, b, -scale)?;
    let (q, r) = divide(vm, n, d)?;
    let q = if r == Value::small(0) {
        q
    } else {
        vm.push(q)?;
        vm.with_heap3(bigint::bit_op, BitOp::Or, q, Value::small(1))?
    };
    vm.drop_to(base);
    let size = bigint::to_float(vm.heap(), q) as f64;
    let size = libm::scalbn(size, -scale.clamp(-100_000, 100_000) as i32) as Float;
    if size.is_infinite() {
        return Err(vm.raise(TypeId::OverflowError, "integer division result too large for a float"));
    }
    let size = if x.negative != y.negative { -size } else { size };
    vm.with_heap(|h| crate::object::float::new(h, size))
}

// ---- methods -------------------------------------------------------------------------------------------------

fn bit_length(vm: &mut Vm, args: Args) -> R {
    let v = int_value(vm, vm.req(args, 0))?;
    let bits = Operand::new(vm.heap(), v).bits(vm.heap());
    vm.with_heap(|h| int::from_i64(h, bits as i64))
}

/// Whether a byte order argument says "big".
fn big_endian(vm: &mut Vm, v: Option<Value>) -> R<bool> {
    match v {
        None => Ok(true),
        Some(v) if vm.heap().str_bytes(v) == b"big" => Ok(true),
        Some(v) if vm.heap().str_bytes(v) == b"little" => Ok(false),
        Some(_) => Err(vm.raise(TypeId::ValueError, "byteorder must be either 'little' or 'big'")),
    }
}

static TO_BYTES: [crate::vm::args::ArgSpec; 4] = {
    use crate::vm::args::{ArgKind::*, ArgSpec};
    [
        ArgSpec { name: q!("self"), kind: Required },
        ArgSpec { name: q!("length"), kind: Optional },
        ArgSpec { name: q!("byteorder"), kind: Optional },
        ArgSpec { name: q!("signed"), kind: KwOnly },
    ]
};

fn to_bytes(vm: &mut Vm, args: Args) -> R {
    let mut a = [None; 4];
    crate::vm::args::parse(vm, args, &TO_BYTES, &mut a)?;
    let [me, length, order, signed] = a;
    let me = int_value(vm, me.unwrap_or(Value::NONE))?;
    let n = match length {
        Some(n) => to_i64(vm, n)?,
        None => 1,
    };
    let Ok(n) = usize::try_from(n) else {
        return Err(vm.raise(TypeId::ValueError, "length argument must be non-negative"));
    };
    let big = big_endian(vm, order)?;
    let signed = match signed {
        Some(s) => vm.truth(s)?,
        None => false,
    };
    let x = Operand::new(vm.heap(), me);
    if x.negative && !signed {
        return Err(vm.raise(TypeId::OverflowError, "can't convert negative int to unsigned"));
    }
    let out = vm.with_heap2(crate::object::bytes::blank, Kind::Bytes, n)?;
    let slot = vm.push(out)?;
    long::look_around(vm)?;
    let mut fits = true;
    // Byte by byte, from the lowest: the two's complement carries through the limbs.
    let mut carry = x.negative;
    let mut last = 0u8;
    for i in 0..n {
        let heap = vm.heap_mut();
        let byte = limbs::byte_at(x.limbs(heap), x.negative, i, &mut carry);
        let at = if big { n - 1 - i } else { i };
        if let Some(d) = heap.bytes_mut(out, 1).get_mut(at) {
            *d = byte;
        }
        last = byte;
        long::wrote(vm, i)?;
    }
    vm.drop_to(slot);
    let bits = x.bits(vm.heap());
    if signed {
        let power = x.negative && {
            let l = x.limbs(vm.heap());
            l.iter().map(|l| l.count_ones()).sum::<u32>() == 1
        };
        fits &= bits + 1 - power as usize <= n * 8 || bits == 0;
        fits &= n == 0 || (last & 0x80 != 0) == x.negative;
    } else {
        fits &= bits <= n * 8;
    }
    if !fits {
        return Err(vm.raise(TypeId::OverflowError, "int too big to convert"));
    }
    Ok(out)
}

static FROM_BYTES: [crate::vm::args::ArgSpec; 4] = {
    use crate::vm::args::{ArgKind::*, ArgSpec};
    [
        ArgSpec { name: q!("cls"), kind: Required },
        ArgSpec { name: q!("bytes"), kind: Required },
        ArgSpec { name: q!("byteorder"), kind: Optional },
        ArgSpec { name: q!("signed"), kind: KwOnly },
    ]
};

fn from_bytes(vm: &mut Vm, args: Args) -> R {
    let mut a = [None; 4];
    crate::vm::args::parse(vm, args, &FROM_BYTES, &mut a)?;
    let [_, bytes, order, signed] = a;
    let bytes = bytes.unwrap_or(Value::NONE);
    let big = big_endian(vm, order)?;
    let signed = match signed {
        Some(s) => vm.truth(s)?,
        None => false,
    };
    let Some(b) = vm.buffer(bytes) else {
        return Err(type_error(vm, "object with buffer protocol required, not '", bytes, "'"));
    };
    let span = Span { owner: b.owner, from_word: b.from_word, offset: b.offset, len: b.len };
    of_bytes(vm, bytes, span, big, signed)
}

/// The int that the bytes of an object mean, which is reachable.
pub fn of_bytes(vm: &mut Vm, bytes: Value, span: Span, big: bool, signed: bool) -> R {
    if let Some(done) = long::from_bytes(vm, bytes, span, big, signed)? {
        return Ok(done);
    }
    vm.with_heap3(bigint::from_bytes, span, big, signed)
}
