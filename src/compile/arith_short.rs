//! Arithmetic on constants of at most 64 bits; `None` where run time has to do it: what would raise, and larger results.

use super::token::Tok;
use crate::heap::{Heap, R, Value};
use crate::object::int;

#[inline(never)]
pub fn unary(heap: &mut Heap, op: Tok, v: Value) -> R<Option<Value>> {
    let n = int::to_i64(heap, v).and_then(|n| match op {
        Tok::Minus => n.checked_neg(),
        Tok::Tilde => Some(!n),
        _ => Some(n),
    });
    made(heap, n)
}

#[inline(never)]
pub fn binary(heap: &mut Heap, op: Tok, a: Value, b: Value) -> R<Option<Value>> {
    let n = int::to_i64(heap, a)
        .zip(int::to_i64(heap, b))
        .and_then(|(x, y)| int::arithmetic(op.binary_op(), x, y));
    made(heap, n)
}

fn made(heap: &mut Heap, n: Option<i64>) -> R<Option<Value>> {
    n.map(|n| int::from_i64(heap, n)).transpose()
}
