//! Constants: `const()` names, and expressions that are known while the file is read.
//!
//! Invariants
//! - what folds, and what does not, is what `mpy-cross` folds: numbers in operators, truth in `and`, `or`, `not`,
//!   tuples of constants, constants of `math`;
//! - an operation that would raise is left for run time;
//! - folding works on the values on top of the parser's value stack.

use super::Compiler;
use super::token::Tok;
use super::tree::{K, Leaf, Node};
use crate::heap::{Heap, Kind, R, Value};
use crate::object::{int, tuple};

/// The function that names a constant.
pub const CONST: Value = crate::q!("const");

impl Compiler<'_> {
    // ---- const() ---------------------------------------------------------------------------------------------

    /// The value of the name, if it was defined by `const()`.
    pub fn const_named(&self, name: u32) -> Option<Value> {
        self.constants.get(self.heap, name as usize).and_then(Value::from_bits)
    }
    pub fn define_const(&mut self, name: u32, v: Value) -> R<()> {
        while self.constants.len() <= name as usize {
            self.constants.push(self.heap, 0)?;
        }
        self.constants.set(self.heap, name as usize, v.bits());
        Ok(())
    }

    // ---- what is constant ------------------------------------------------------------------------------------

    /// The object that a constant node stands for.
    pub fn constant(&self, n: Node) -> Option<Value> {
        if let Some(i) = n.as_small() {
            return Some(Value::small(i));
        }
        match n.leaf() {
            Some(Leaf::Str(i)) => return self.name_value(i),
            Some(Leaf::Tok(t)) => {
                return match t {
                    Tok::None => Some(Value::NONE),
                    Tok::True => Some(Value::TRUE),
                    Tok::False => Some(Value::FALSE),
                    Tok::Ellipsis => Some(Value::ELLIPSIS),
                    _ => None,
                };
            }
            Some(Leaf::Name(_)) => return None,
            None => {}
        }
        match self.kind(n) {
            K::Const => self.const_of(n),
            K::Paren if self.arity(n) == 0 => Some(Value::EMPTY_TUPLE),
            _ => None,
        }
    }
    /// The truth of a constant node; `None` for one that is not constant.
    pub fn truth_of(&self, n: Node) -> Option<bool> {
        self.constant(n).map(|v| truth(self.heap, v))
    }
    #[cfg(feature = "match")]
    pub(super) fn is_number(&self, n: Node) -> bool {
        self.number(n).is_some() || self.const_of(n).is_some_and(|v| self.heap.is(v, Kind::Complex))
    }
    fn number(&self, n: Node) -> Option<Value> {
        let v = match n.as_small() {
            Some(i) => Value::small(i),
            None => self.const_of(n)?,
        };
        let number = v.is_small() || matches!(self.heap.kind(v), Kind::Int64 | Kind::BigInt | Kind::Float);
        number.then_some(v)
    }

    // ---- folding ---------------------------------------------------------------------------------------------

    /// Drops the operands of `and` and `or` that cannot matter; how many are left.
    pub fn fold_logic(&mut self, kind: K, n: usize) -> usize {
        let decides = kind == K::Or;
        let base = self.vals.len().saturating_sub(n);
        let mut keep = 0;
        for i in 0..n {
            let node = Node(self.vals.get(self.heap, base + i).unwrap_or(0));
            self.vals.set(self.heap, base + keep, node.0);
            let truth = self.truth_of(node);
            self.heap.worked(150);
            if i + 1 == n || truth == Some(decides) {
                break;
            }
            if truth.is_none() {
                keep += 1;
            }
        }
        self.vals.truncate(base + keep + 1);
        keep + 1
    }
    pub fn fold_not(&mut self) -> R<bool> {
        let Some(truth) = self.truth_of(self.peek_val(0)) else { return Ok(false) };
        self.pop_val();
        self.push_val(Node::tok(if truth { Tok::False } else { Tok::True }))?;
        Ok(true)
    }
    pub fn fold_unary(&mut self) -> R<bool> {
        let Some(v) = self.number(self.peek_val(0)) else { return Ok(false) };
        let Some(Leaf::Tok(op)) = self.peek_val(1).leaf() else { return Ok(false) };
        let Some(v) = super::arith::unary(self.heap, op, v)? else { return Ok(false) };
        self.pop_val();
        self.pop_val();
        let node = self.value_node(v, 0)?;
        self.push_val(node)?;
        Ok(true)
    }
    /// `n` operands and operators.
    pub fn fold_chain(&mut self, n: usize) -> R<bool> {
        let Some(mut left) = self.number(self.peek_val(n - 1)) else { return Ok(false) };
        for i in (0..n - 1).rev().skip(1).step_by(2) {
            let Some(right) = self.number(self.peek_val(i)) else { return Ok(false) };
            let Some(Leaf::Tok(op)) = self.peek_val(i + 1).leaf() else { return Ok(false) };
            match super::arith::binary(self.heap, op, left, right)? {
                Some(v) => left = v,
                None => return Ok(false),
            }
            self.heap.keep(left)?;
            self.heap.worked(400);
        }
        self.vals.truncate(self.vals.len() - n);
        let node = self.value_node(left, 0)?;
        self.push_val(node)?;
        Ok(true)
    }
    /// The topmost `n` values as one tuple object, if all are constant.
    pub fn fold_tuple(&mut self, n: usize, line: u32) -> R<bool> {
        if self.in_pattern() {
            return Ok(false);
        }
        for i in 0..n {
            if self.constant(self.peek_val(i)).is_none() {
                return Ok(false);
            }
            self.heap.worked(80);
        }
        let t = tuple::new(self.heap, n)?;
        self.heap.keep(t)?;
        for i in (0..n).rev() {
            let node = self.pop_val();
            let v = self.constant(node).unwrap_or(Value::NONE);
            tuple::set(self.heap, t, i, v);
            self.heap.worked(120);
        }
        let node = self.const_node(t, line)?;
        self.push_val(node)?;
        Ok(true)
    }
    /// `math.<attr>` on top of the stack as two values.
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    pub fn fold_math(&mut self, attr: Value) -> R<bool> {
        use crate::base::float::Float;
        #[cfg(not(feature = "float-double"))]
        use core::f32::consts;
        #[cfg(feature = "float-double")]
        use core::f64::consts;
        let table = [
            (crate::q!("e"), consts::E),
            (crate::q!("pi"), consts::PI),
            (crate::q!("tau"), consts::TAU),
            (crate::q!("inf"), Float::INFINITY),
            (crate::q!("nan"), Float::NAN),
        ];
        let Some((_, x)) = table.into_iter().find(|(name, _)| *name == attr) else { return Ok(false) };
        // A NaN shares its place in the table of constants with nothing but itself: there is one for all.
        let v = match self.nan {
            Some(v) if x.is_nan() => v,
            _ => crate::object::float::new(self.heap, x)?,
        };
        if x.is_nan() {
            self.nan = Some(v);
        }
        self.pop_val();
        self.pop_val();
        let node = self.value_node(v, 0)?;
        self.push_val(node)?;
        Ok(true)
    }
    #[cfg(not(any(feature = "float-single", feature = "float-double")))]
    pub fn fold_math(&mut self, _attr: Value) -> R<bool> {
        Ok(false)
    }
}

/// The truth of a constant.
fn truth(heap: &Heap, v: Value) -> bool {
    if let Some(n) = v.as_small() {
        return n != 0;
    }
    if tuple::is(heap, v) {
        return tuple::len(heap, v) != 0;
    }
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    {
        if let Some(x) = crate::object::float::get(heap, v) {
            return x != 0.0;
        }
        if heap.is(v, Kind::Complex) {
            let (re, im) = crate::object::complex::parts(heap, v);
            return re != 0.0 || im != 0.0;
        }
    }
    if int::is(heap, v) {
        return v != Value::FALSE;
    }
    match v.table() {
        Some(crate::heap::Table::Special) => v != Value::NONE,
        _ => !heap.str_bytes(v).is_empty(),
    }
}
