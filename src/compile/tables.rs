//! A file's tables of names and constants: an entry is made when code first uses it.

use super::Compiler;
use crate::heap::{Kind, R, Value};
use crate::object::{int, tuple};

impl Compiler<'_> {
    /// The place of a name in the file's table.
    pub fn use_name(&mut self, name: u32) -> R<u32> {
        while self.name_numbers.len() <= name as usize {
            self.name_numbers.push(self.heap, 0)?;
            self.heap.worked(60);
        }
        match self.name_numbers.get(self.heap, name as usize) {
            Some(n) if n > 0 => Ok(n - 1),
            _ => {
                self.name_table.push(self.heap, name)?;
                let n = self.name_table.len() as u32;
                self.name_numbers.set(self.heap, name as usize, n);
                Ok(n - 1)
            }
        }
    }
    /// The place of a constant object in the file's table; equal ones of one type share it.
    pub fn use_const(&mut self, i: u32) -> R<u32> {
        if let Some(n) = self.const_numbers.get(self.heap, i as usize)
            && n > 0
        {
            return Ok(n - 1);
        }
        let bits = self.pool.get(self.heap, i as usize).unwrap_or(0);
        let v = Value::from_bits(bits).unwrap_or(Value::NONE);
        let mut n = 0;
        while let Some(other) = self.const_table.get(self.heap, n) {
            if other == bits || Value::from_bits(other).is_some_and(|o| self.same_constant(o, v)) {
                break;
            }
            n += 1;
            self.heap.worked(90);
        }
        if n == self.const_table.len() {
            self.const_table.push(self.heap, bits)?;
        }
        self.const_numbers.set(self.heap, i as usize, n as u32 + 1);
        Ok(n as u32)
    }
    /// Equal, and of one type, all the way down; zeros of different sign are different.
    fn same_constant(&mut self, a: Value, b: Value) -> bool {
        let from = self.work.len();
        let mut same = self.work.extend(self.heap, &[a.bits(), b.bits()]).is_ok();
        while same && self.work.len() > from {
            let b = self.work.pop(self.heap).and_then(Value::from_bits);
            let a = self.work.pop(self.heap).and_then(Value::from_bits);
            let (Some(a), Some(b)) = (a, b) else { break };
            self.heap.worked(100);
            if a == b {
                continue;
            }
            if self.heap.is(a, Kind::Tuple) && self.heap.is(b, Kind::Tuple) {
                let n = tuple::len(self.heap, a);
                same = n == tuple::len(self.heap, b);
                for i in 0..n {
                    if !same {
                        break;
                    }
                    let x = tuple::get(self.heap, a, i).map_or(0, Value::bits);
                    let y = tuple::get(self.heap, b, i).map_or(0, Value::bits);
                    same = self.work.extend(self.heap, &[x, y]).is_ok();
                }
            } else {
                same = self.same_leaf(a, b);
            }
        }
        self.work.truncate(from);
        same
    }
    fn same_leaf(&self, a: Value, b: Value) -> bool {
        let kind = |v: Value| match v.table() {
            Some(crate::heap::Table::Name) => Kind::Str,
            _ => self.heap.kind(v),
        };
        let k = kind(a);
        if k != kind(b) {
            return false;
        }
        match k {
            Kind::Str | Kind::Bytes => self.heap.str_bytes(a) == self.heap.str_bytes(b),
            #[cfg(any(feature = "float-single", feature = "float-double"))]
            Kind::Float => {
                let (x, y) =
                    (crate::object::float::get(self.heap, a), crate::object::float::get(self.heap, b));
                // A NaN is not even equal to itself.
                x == y && x.is_some_and(|x| y.is_some_and(|y| x.is_sign_negative() == y.is_sign_negative()))
            }
            #[cfg(any(feature = "float-single", feature = "float-double"))]
            Kind::Complex => {
                crate::object::complex::parts(self.heap, a) == crate::object::complex::parts(self.heap, b)
            }
            Kind::Int64 | Kind::BigInt => int::compare(self.heap, a, b).is_eq(),
            _ => false,
        }
    }
}
