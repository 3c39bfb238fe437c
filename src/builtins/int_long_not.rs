//! Operators of ints that take long are done in one go where flash counts most.

use crate::base::int_text::{self, IntText};
use crate::base::limbs;
use crate::heap::span::Span;
use crate::heap::{R, Value};
use crate::object::bigint::{self, Operand};
use crate::object::number;
use crate::vm::Vm;
use crate::vm::def::BinaryOp;

#[inline(always)]
pub fn binary(_: &mut Vm, _: BinaryOp, _: Value, _: Value) -> R<Option<Value>> {
    Ok(None)
}
#[inline(always)]
pub fn shl(_: &mut Vm, _: &Operand, _: usize) -> R<Option<Value>> {
    Ok(None)
}
#[inline(always)]
pub fn shr(_: &mut Vm, _: &Operand, _: usize) -> R<Option<Value>> {
    Ok(None)
}
#[inline(always)]
pub fn negate(vm: &mut Vm, v: Value, only_if_negative: bool) -> R {
    vm.with_heap2(bigint::negate, v, only_if_negative)
}
#[inline(always)]
pub fn invert(vm: &mut Vm, v: Value) -> R {
    vm.with_heap1(bigint::invert, v)
}
#[inline(always)]
pub fn hash(vm: &mut Vm, v: Value) -> R<u32> {
    Ok(number::hash(vm.heap(), v))
}
#[inline(always)]
pub fn look_around(_: &mut Vm) -> R<()> {
    Ok(())
}
#[inline(always)]
pub fn shl_into(vm: &mut Vm, x: &Operand, n: usize, out: Value) -> R<()> {
    bigint::with(vm.heap_mut(), x, x, out, |a, _, out| limbs::shl(a, n, out));
    Ok(())
}
#[inline(always)]
pub fn copy_from(vm: &mut Vm, x: &Operand, from: usize, out: Value) -> R<()> {
    bigint::with(vm.heap_mut(), x, x, out, |all, _, out| {
        for (to, limb) in out.iter_mut().zip(all.iter().skip(from)) {
            *to = *limb;
        }
    });
    Ok(())
}
#[inline(always)]
pub fn multiply_row(_: &mut Vm, _: (&Operand, &Operand), _: Value, _: usize) -> R<bool> {
    Ok(false)
}
#[inline(always)]
pub fn text_step(
    vm: &mut Vm,
    work: Value,
    len: usize,
    radix: u32,
    upper: bool,
    out: &mut [u8; 40],
) -> R<(usize, usize)> {
    let (len, at) = limbs::text_step(bigint::limbs_mut(vm.heap_mut(), work), len, radix, upper, out, 40);
    vm.tick(len as u32 * 8)?;
    Ok((len, at))
}
#[inline(always)]
pub fn steady(_: &mut Vm, text: Span) -> R<Span> {
    Ok(text)
}
#[inline(always)]
pub fn read(vm: &mut Vm, text: Span, base: u32) -> R<IntText<'_>> {
    Ok(int_text::parse(vm.heap().span_bytes(text), base))
}
#[inline(always)]
pub fn read_step(vm: &mut Vm, text: &[u8], radix: u32, out: Value, len: usize) -> R<(usize, usize)> {
    let (taken, len) = limbs::read_step(text, radix, bigint::limbs_mut(vm.heap_mut(), out), len);
    vm.tick(len as u32 * 8)?;
    Ok((taken, len))
}
#[inline(always)]
pub fn from_bytes(_: &mut Vm, _: Value, _: Span, _: bool, _: bool) -> R<Option<Value>> {
    Ok(None)
}
#[inline(always)]
pub fn wrote(_: &mut Vm, _: usize) -> R<()> {
    Ok(())
}
