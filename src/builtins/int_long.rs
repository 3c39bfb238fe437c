//! Operators of ints that take long, piece by piece: others have the VM in between.
//!
//! Invariants
//! - operands never change, and whoever calls keeps them reachable;
//! - a result lies in a slot until it is complete.

use crate::base::int_text::{IntText, Reading};
use crate::base::limbs::{self, BitOp, Limb};
use crate::heap::span::Span;
use crate::heap::{Kind, R, Value};
use crate::object::bigint::{self, Operand};
use crate::object::bytes;
use crate::object::number;
use crate::vm::Vm;
use crate::vm::def::BinaryOp;
use core::cmp::Ordering;

/// Limbs that are worked off between two ticks; shorter ints are done in one go.
pub const PIECE: usize = 128;
/// The same of divisions by one limb, which take longer.
const DIVIDED: usize = 64;
/// And of bytes that become limbs.
const READ: usize = 32;

fn is_long(x: &Operand) -> bool {
    x.len > PIECE
}

fn may_be_long(vm: &Vm, v: Value) -> bool {
    vm.heap().is(v, Kind::BigInt) && vm.heap().words(v) > PIECE
}

fn at(a: &[Limb], i: usize) -> Limb {
    a.get(i).copied().unwrap_or(0)
}

/// Sets the first `n` limbs of `out` run by run: `f` gets the operands, the number of the run's first limb, and its places.
fn fill_runs(
    vm: &mut Vm,
    (x, y): (&Operand, &Operand),
    out: Value,
    n: usize,
    mut f: impl FnMut(&[Limb], &[Limb], usize, &mut [Limb]),
) -> R<()> {
    for from in (0..n).step_by(PIECE) {
        bigint::with(vm.heap_mut(), x, y, out, |a, b, out| {
            if let Some(run) = out.get_mut(from..n.min(from + PIECE)) {
                f(a, b, from, run);
            }
        });
        vm.tick(PIECE as u32 * 20)?;
    }
    Ok(())
}

/// Sets the first `n` limbs of `out` to what `f` makes of the operands and the limb's number, from the lowest on.
pub fn fill(
    vm: &mut Vm,
    both: (&Operand, &Operand),
    out: Value,
    n: usize,
    f: impl FnMut(&[Limb], &[Limb], usize) -> Limb,
) -> R<()> {
    fill_runs(vm, both, out, n, each(f))
}

/// A run's limbs one by one, from their numbers.
fn each(
    mut f: impl FnMut(&[Limb], &[Limb], usize) -> Limb,
) -> impl FnMut(&[Limb], &[Limb], usize, &mut [Limb]) {
    move |a, b, from, run| {
        for (i, place) in run.iter_mut().enumerate() {
            *place = f(a, b, from + i);
        }
    }
}

/// A new int of at most `n` limbs, as `fill` makes it.
fn made(
    vm: &mut Vm,
    both: (&Operand, &Operand),
    negative: bool,
    n: usize,
    f: impl FnMut(&[Limb], &[Limb], usize) -> Limb,
) -> R {
    made_of_runs(vm, both, negative, n, each(f))
}

/// A new int of at most `n` limbs, as `fill_runs` makes it.
fn made_of_runs(
    vm: &mut Vm,
    both: (&Operand, &Operand),
    negative: bool,
    n: usize,
    f: impl FnMut(&[Limb], &[Limb], usize, &mut [Limb]),
) -> R {
    let out = vm.with_heap1(bigint::alloc, n)?;
    let slot = vm.push(out)?;
    fill_runs(vm, both, out, n, f)?;
    vm.drop_to(slot);
    Ok(bigint::finish(vm.heap_mut(), out, negative, n))
}

/// What of an operand lies in a run of limbs that begins at `from`, and behind it.
fn behind(a: &[Limb], from: usize) -> &[Limb] {
    a.get(from..).unwrap_or(&[])
}

/// Two's complement of a run of limbs: what goes in and out of it.
struct Negate {
    mask: Limb,
    carry: bool,
}

impl Negate {
    fn new(negative: bool) -> Negate {
        Negate { mask: if negative { Limb::MAX } else { 0 }, carry: negative }
    }
    fn next(&mut self, limb: Limb) -> Limb {
        let (out, carry) = (limb ^ self.mask).overflowing_add(self.carry.into());
        self.carry = carry;
        out
    }
}

/// The order of the sizes.
fn compare_sizes(vm: &mut Vm, x: &Operand, y: &Operand) -> R<Ordering> {
    let mut order = x.len.cmp(&y.len);
    let mut to = x.len;
    while order.is_eq() && to > 0 {
        let from = to.saturating_sub(PIECE);
        let part = |o: &'_ Operand, vm: &Vm, i: usize| at(o.limbs(vm.heap()), i);
        for i in (from..to).rev() {
            order = part(x, vm, i).cmp(&part(y, vm, i));
            if order.is_ne() {
                break;
            }
        }
        to = from;
        vm.tick(PIECE as u32 * 20)?;
    }
    Ok(order)
}

fn add(vm: &mut Vm, x: &Operand, y: &Operand, negate: bool) -> R {
    let other = y.negative != negate;
    let n = x.len.max(y.len) + 1;
    let mut carry = 0;
    if x.negative == other {
        return made_of_runs(vm, (x, y), other, n, |a, b, from, run| {
            carry = limbs::add_run(behind(a, from), behind(b, from), carry, run);
        });
    }
    let more = compare_sizes(vm, x, y)?.is_ge();
    let (both, negative) = if more { ((x, y), x.negative) } else { ((y, x), other) };
    made_of_runs(vm, both, negative, n, |a, b, from, run| {
        carry = limbs::sub_run(behind(a, from), behind(b, from), carry, run);
    })
}

fn bit_op(vm: &mut Vm, op: BitOp, x: &Operand, y: &Operand) -> R {
    let of = |a: Limb, b: Limb| match op {
        BitOp::And => a & b,
        BitOp::Or => a | b,
        BitOp::Xor => a ^ b,
    };
    let negative = of(x.negative.into(), y.negative.into()) != 0;
    let (mut left, mut right, mut back) =
        (Negate::new(x.negative), Negate::new(y.negative), Negate::new(negative));
    made(vm, (x, y), negative, x.len.max(y.len) + 1, |a, b, i| {
        back.next(of(left.next(at(a, i)), right.next(at(b, i))))
    })
}

/// What an operator other than multiplication and its kin gives, if an operand is long.
pub fn binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R<Option<Value>> {
    use BinaryOp as B;
    if !may_be_long(vm, a) && !may_be_long(vm, b) {
        return Ok(None);
    }
    let (x, y) = (Operand::new(vm.heap(), a), Operand::new(vm.heap(), b));
    let made = match op {
        B::Add => add(vm, &x, &y, false),
        B::Subtract => add(vm, &x, &y, true),
        B::And => bit_op(vm, BitOp::And, &x, &y),
        B::Or => bit_op(vm, BitOp::Or, &x, &y),
        B::Xor => bit_op(vm, BitOp::Xor, &x, &y),
        _ if (op as u8) < B::In as u8 => {
            let order = if x.negative == y.negative { compare_sizes(vm, &x, &y)? } else { Ordering::Greater };
            let order = if x.negative { order.reverse() } else { order };
            Ok(Value::bool(super::int::order(op, order).unwrap_or(false)))
        }
        _ => return Ok(None),
    };
    made.map(Some)
}

/// `a << n`, if that is long.
pub fn shl(vm: &mut Vm, x: &Operand, n: usize) -> R<Option<Value>> {
    let len = x.len + n / 32 + 1;
    if len <= PIECE {
        return Ok(None);
    }
    let shifted = shifted_left(n);
    made(vm, (x, x), x.negative, len, |a, _, i| shifted(a, i)).map(Some)
}
/// Limb `i` of a size shifted left by `n` bits.
pub fn shifted_left(n: usize) -> impl Fn(&[Limb], usize) -> Limb {
    let (whole, part) = (n / 32, n % 32);
    move |a, i| {
        let Some(i) = i.checked_sub(whole) else { return 0 };
        let below = i.checked_sub(1).map_or(0, |i| at(a, i));
        ((u64::from(at(a, i)) << 32 | u64::from(below)) << part >> 32) as Limb
    }
}

/// `a >> n` towards minus infinity, if `a` is long.
pub fn shr(vm: &mut Vm, x: &Operand, n: usize) -> R<Option<Value>> {
    if !is_long(x) {
        return Ok(None);
    }
    let (whole, part) = (n / 32, n % 32);
    // Of a negative int whatever is lost makes the size one larger.
    let mut lost = false;
    if x.negative {
        lost = at(x.limbs(vm.heap()), whole) & ((1 << part) - 1) != 0;
        let mut from = 0;
        while !lost && from < whole.min(x.len) {
            let to = (from + PIECE).min(whole);
            lost = x.limbs(vm.heap()).get(from..to).is_some_and(|l| l.iter().any(|l| *l != 0));
            from = to;
            vm.tick(PIECE as u32 * 5)?;
        }
    }
    let mut carry = u32::from(lost);
    let len = x.len.saturating_sub(whole) + 1;
    made(vm, (x, x), x.negative, len, |a, _, i| {
        let pair = u64::from(at(a, whole + i + 1)) << 32 | u64::from(at(a, whole + i));
        let (limb, over) = ((pair >> part) as Limb).overflowing_add(carry);
        carry = over.into();
        limb
    })
    .map(Some)
}

/// A copy with the other sign, or with a positive one.
pub fn negate(vm: &mut Vm, v: Value, only_if_negative: bool) -> R {
    let x = Operand::new(vm.heap(), v);
    if !is_long(&x) {
        return vm.with_heap2(bigint::negate, v, only_if_negative);
    }
    made(vm, (&x, &x), !x.negative && !only_if_negative, x.len, |a, _, i| at(a, i))
}

/// `~v`: -v - 1.
pub fn invert(vm: &mut Vm, v: Value) -> R {
    let x = Operand::new(vm.heap(), v);
    if !is_long(&x) {
        return vm.with_heap1(bigint::invert, v);
    }
    let one = Operand::new(vm.heap(), Value::small(-1));
    add(vm, &x.opposite(), &one, false)
}

/// After an allocation of what may be long.
pub fn look_around(vm: &mut Vm) -> R<()> {
    vm.tick(100)
}

/// Sets `out` to a size shifted left by less than a limb.
pub fn shl_into(vm: &mut Vm, x: &Operand, n: usize, out: Value) -> R<()> {
    if !is_long(x) {
        bigint::with(vm.heap_mut(), x, x, out, |a, _, out| limbs::shl(a, n, out));
        return Ok(());
    }
    let mut below = 0;
    fill_runs(vm, (x, x), out, x.len + 1, |a, _, from, run| {
        below = limbs::shl_run(behind(a, from), below, n, run);
    })
}

/// Sets `out` to the limbs of `x` from `from` on.
pub fn copy_from(vm: &mut Vm, x: &Operand, from: usize, out: Value) -> R<()> {
    fill(vm, (x, x), out, x.len - from, |a, _, i| at(a, from + i))
}

/// The hash of an int.
pub fn hash(vm: &mut Vm, v: Value) -> R<u32> {
    let x = Operand::new(vm.heap(), v);
    if !is_long(&x) {
        return Ok(number::hash(vm.heap(), v));
    }
    let (mut h, mut to) = (0, x.len);
    while to > 0 {
        let from = to.saturating_sub(PIECE);
        h = number::hash_limbs(h, x.limbs(vm.heap()).get(from..to).unwrap_or(&[]));
        to = from;
        vm.tick(PIECE as u32 * 15)?;
    }
    Ok(number::signed(x.negative, h))
}

/// One row of a product: `a * factor` goes to `out` from limb `row` on.
/// False where the rows are short.
pub fn multiply_row(vm: &mut Vm, (x, y): (&Operand, &Operand), out: Value, row: usize) -> R<bool> {
    if !is_long(x) {
        return Ok(false);
    }
    for from in (0..x.len).step_by(PIECE * 2) {
        bigint::with(vm.heap_mut(), x, y, out, |a, b, out| {
            let part = a.get(from..).unwrap_or(&[]);
            let part = part.get(..PIECE * 2).unwrap_or(part);
            let to = out.get_mut(row + from..a.len() + b.len()).unwrap_or(&mut []);
            limbs::mul_row(part, at(b, row), to);
        });
        vm.tick(PIECE as u32 * 30)?;
    }
    Ok(true)
}

/// As `limbs::text_step`, on a cell under construction; the digits go to the end of `out`.
pub fn text_step(
    vm: &mut Vm,
    work: Value,
    len: usize,
    radix: u32,
    upper: bool,
    out: &mut [u8; 40],
) -> R<(usize, usize)> {
    let (mut rest, mut to) = (0, len);
    while to > DIVIDED {
        let from = to - DIVIDED;
        let part = bigint::limbs_mut(vm.heap_mut(), work).get_mut(from..to).unwrap_or(&mut []);
        rest = limbs::text_part(part, radix, rest);
        to = from;
        vm.tick(DIVIDED as u32 * 60)?;
    }
    let all = bigint::limbs_mut(vm.heap_mut(), work);
    rest = limbs::text_part(all.get_mut(..to).unwrap_or(&mut []), radix, rest);
    let len = limbs::used(all.get(..len).unwrap_or(&[]));
    let at = limbs::text_digits(rest, len == 0, radix, upper, out, 40);
    vm.tick(DIVIDED as u32 * 60)?;
    Ok((len, at))
}

/// A text that nobody changes while others have the VM: a copy of a long one in a byte array or its like, in a slot that stays
/// until the native ends.
pub fn steady(vm: &mut Vm, text: Span) -> R<Span> {
    if text.len() <= PIECE || !vm.heap().is(text.owner, Kind::Raw) {
        return Ok(text);
    }
    let copy = vm.with_heap(|h| bytes::from_span(h, Kind::Bytes, text))?;
    vm.push(copy)?;
    Ok(bytes::cell(vm.heap(), copy))
}

/// As `int_text::parse`, of a text that nobody changes.
pub fn read(vm: &mut Vm, text: Span, base: u32) -> R<IntText<'_>> {
    let mut reading = Reading::new(vm.heap().span_bytes(text), base);
    for from in (reading.skip..text.len()).step_by(PIECE) {
        if !reading.read(vm.heap().span_bytes(text.sub(from, from + PIECE))) {
            return Ok(IntText::Invalid);
        }
        if text.len() > PIECE {
            vm.tick(PIECE as u32 * 30)?;
        }
    }
    let skip = reading.skip;
    Ok(reading.end(vm.heap().span_bytes(text).get(skip..).unwrap_or(&[])))
}

/// As `limbs::read_step`, on a cell under construction.
pub fn read_step(vm: &mut Vm, text: &[u8], radix: u32, out: Value, len: usize) -> R<(usize, usize)> {
    let (taken, power, mut carry) = limbs::read_part(text, radix);
    for from in (0..len).step_by(PIECE * 2) {
        let to = (from + PIECE * 2).min(len);
        let part = bigint::limbs_mut(vm.heap_mut(), out).get_mut(from..to).unwrap_or(&mut []);
        carry = limbs::mul_small(part, power, carry);
        vm.tick((to - from) as u32 * 12)?;
    }
    if carry != 0
        && let Some(place) = bigint::limbs_mut(vm.heap_mut(), out).get_mut(len)
    {
        *place = carry;
    }
    Ok((taken, len + usize::from(carry != 0)))
}

/// The int that the bytes of an object mean, if they are many. Each is read when its turn comes; those that are gone by then
/// are zeros.
pub fn from_bytes(vm: &mut Vm, v: Value, span: Span, big_endian: bool, signed: bool) -> R<Option<Value>> {
    let n = span.len();
    if n <= PIECE * 4 {
        return Ok(None);
    }
    let out = vm.with_heap1(bigint::alloc, n / 4 + 1)?;
    let slot = vm.push(out)?;
    look_around(vm)?;
    let top = vm.heap().span_bytes(span).get(if big_endian { 0 } else { n - 1 }).copied().unwrap_or(0);
    let negative = signed && top & 0x80 != 0;
    let mut back = Negate::new(negative);
    for from in (0..n.div_ceil(4)).step_by(READ) {
        let mut words = [0; READ];
        let all = match vm.buffer(v) {
            Some(b) => Span { owner: b.owner, from_word: b.from_word, offset: b.offset, len: b.len },
            None => Span::EMPTY,
        };
        let all = vm.heap().span_bytes(all);
        let end = ((from + READ) * 4).min(n);
        for i in from * 4..end {
            let byte = all.get(if big_endian { n - 1 - i } else { i }).copied().unwrap_or(0);
            if let Some(w) = words.get_mut(i / 4 - from) {
                *w |= Limb::from(byte) << (8 * (i % 4));
            }
        }
        // The last limb's bytes that are not there have the sign.
        if negative
            && end == n
            && !n.is_multiple_of(4)
            && let Some(w) = words.get_mut(n / 4 - from)
        {
            *w |= Limb::MAX << (8 * (n % 4));
        }
        let places = bigint::limbs_mut(vm.heap_mut(), out).iter_mut().skip(from);
        for (place, w) in places.take((end - from * 4).div_ceil(4)).zip(words) {
            *place = back.next(w);
        }
        vm.tick(READ as u32 * 80)?;
    }
    vm.drop_to(slot);
    Ok(Some(bigint::finish(vm.heap_mut(), out, negative, usize::MAX)))
}

/// Bytes of a number that are written between two ticks.
const WRITTEN: usize = 100;

/// Looks around after so many bytes.
pub fn wrote(vm: &mut Vm, i: usize) -> R<()> {
    if i % WRITTEN == WRITTEN - 1 { vm.tick(WRITTEN as u32 * 50) } else { Ok(()) }
}
