//! Patterns of `match`: is the subject a sequence, a mapping with these keys, an object of this class?
//!
//! Invariants
//! - a pattern that does not fit is no error: what a look-up does not find makes the answer "no".

use super::api::Vm;
use crate::heap::{R, TypeId, Value};
use crate::object::exc::Part;
use crate::object::{dict, hashtable, tuple};
use crate::q;

/// Types whose one positional pattern stands for the whole object.
const WHOLE: [TypeId; 11] = [
    TypeId::Bool,
    TypeId::ByteArray,
    TypeId::Bytes,
    TypeId::Dict,
    TypeId::Float,
    TypeId::FrozenSet,
    TypeId::Int,
    TypeId::List,
    TypeId::Set,
    TypeId::Str,
    TypeId::Tuple,
];

/// Types that sequence patterns match.
const SEQUENCES: [TypeId; 6] =
    [TypeId::List, TypeId::Tuple, TypeId::Range, TypeId::MemoryView, TypeId::Array, TypeId::Deque];

impl Vm {
    fn is_one_of(&self, class: Value, types: &[TypeId]) -> bool {
        types.iter().any(|id| self.is_subclass(class, Value::typ(*id)))
    }
    /// The answer of `MATCH_MAPPING` and `MATCH_CLASS`, in the place of the `n` values on top.
    fn match_answer(&mut self, n: u32, values: Option<Value>) -> R<()> {
        self.drop_n(n);
        self.push(values.unwrap_or(Value::NONE))?;
        self.push(Value::bool(values.is_some()))?;
        Ok(())
    }

    /// Stack: subject, `length << 1 | is the least`.
    pub(super) fn match_sequence(&mut self) -> R<()> {
        let subject = self.top(1);
        let want = self.top(0).as_small().unwrap_or(0) as usize;
        let class = self.type_of(subject);
        let mut hit = self.is_one_of(class, &SEQUENCES);
        if hit {
            let have = self.len(subject)?;
            hit = have == want >> 1 || want & 1 != 0 && have > want >> 1;
        }
        self.drop_n(1);
        self.set_top(0, Value::bool(hit));
        Ok(())
    }

    /// Stack: subject, tuple of keys, whether the rest is wanted.
    pub(super) fn match_mapping(&mut self) -> R<()> {
        let (subject, keys, rest) = (self.top(2), self.top(1), self.top(0) == Value::TRUE);
        self.expect(tuple::is(self.heap(), keys))?;
        let n = tuple::len(self.heap(), keys);
        let native = self.native_part(subject, TypeId::Dict);
        let Some(native) = native else { return self.match_answer(3, None) };
        if dict::len(self.heap(), native) < n {
            return self.match_answer(3, None);
        }
        for i in 1..n {
            for j in 0..i {
                let (a, b) = (tuple::get(self.heap(), keys, i), tuple::get(self.heap(), keys, j));
                if let (Some(a), Some(b)) = (a, b)
                    && self.equal(a, b)?
                {
                    return Err(self.raise(TypeId::ValueError, "mapping pattern checks duplicate key"));
                }
            }
        }
        let values = self.with_heap(|h| tuple::new(h, n + rest as usize))?;
        let at = self.push(values)?;
        for i in 0..n {
            let k = tuple::get(self.heap(), keys, i).unwrap_or(Value::NONE);
            let (_, found) = self.table_find(native, k)?;
            let v = found.and_then(|e| hashtable::value(self.heap(), native, e));
            let Some(v) = v else { return self.match_answer(4, None) };
            tuple::set(self.heap_mut(), values, i, v);
        }
        if rest {
            let copy = self.with_heap(|h| {
                let copy = dict::new(h)?;
                hashtable::copy_into(h, native, copy)?;
                Ok(copy)
            })?;
            tuple::set(self.heap_mut(), values, n, copy);
            for i in 0..n {
                let k = tuple::get(self.heap(), keys, i).unwrap_or(Value::NONE);
                if let (_, Some(e)) = self.table_find(copy, k)? {
                    hashtable::remove(self.heap_mut(), copy, e);
                }
            }
        }
        let values = self.get(at);
        self.match_answer(4, Some(values))
    }
    /// Stack: subject, class, tuple of attribute names, number of positional patterns.
    pub(super) fn match_class(&mut self) -> R<()> {
        let (subject, class, names) = (self.top(3), self.top(2), self.top(1));
        let positional = self.top(0).as_small().unwrap_or(0).max(0) as usize;
        self.expect(tuple::is(self.heap(), names))?;
        if !self.is_type(class) {
            return Err(self.raise(TypeId::TypeError, "called match pattern must be a class"));
        }
        if !self.is_instance(subject, class) {
            return self.match_answer(4, None);
        }
        let keyword = tuple::len(self.heap(), names);
        let values = self.with_heap(|h| tuple::new(h, positional + keyword))?;
        let at = self.push(values)?;
        if positional > 0 {
            let args = self.get_attr_or_stop(class, q!("__match_args__"))?;
            let whole = args == Value::STOP && self.is_one_of(class, &WHOLE);
            if args != Value::STOP && !tuple::is(self.heap(), args) {
                return Err(self.raise(TypeId::TypeError, "__match_args__ must be a tuple"));
            }
            let most = if args == Value::STOP { whole as usize } else { tuple::len(self.heap(), args) };
            if positional > most {
                let name = self.name_of_type(class);
                let parts = [
                    Part::V(name),
                    Part::S("() accepts "),
                    Part::I(most as i64),
                    Part::S(" positional sub-patterns ("),
                    Part::I(positional as i64),
                    Part::S(" given)"),
                ];
                return Err(self.raise_parts(TypeId::TypeError, &parts));
            }
            if whole {
                tuple::set(self.heap_mut(), values, 0, subject);
            } else {
                self.push(args)?;
                for i in 0..positional {
                    let name = tuple::get(self.heap(), args, i).unwrap_or(Value::NONE);
                    if !self.is_str(name) {
                        return Err(self.raise(TypeId::TypeError, "__match_args__ elements must be strings"));
                    }
                    let name = self.with_heap(|h| h.intern_value(name))?;
                    let twice = (0..i).any(|j| tuple::get(self.heap(), args, j) == Some(name))
                        || (0..keyword).any(|j| tuple::get(self.heap(), names, j) == Some(name));
                    if twice {
                        let parts = [
                            Part::S("got multiple sub-patterns for attribute '"),
                            Part::V(name),
                            Part::S("'"),
                        ];
                        return Err(self.raise_parts(TypeId::TypeError, &parts));
                    }
                    if !self.match_attribute(subject, name, values, i)? {
                        return self.match_answer(6, None);
                    }
                }
                self.drop_n(1);
            }
        }
        for i in 0..keyword {
            let name = tuple::get(self.heap(), names, i).unwrap_or(Value::NONE);
            self.expect(self.is_str(name))?;
            if !self.match_attribute(subject, name, values, positional + i)? {
                return self.match_answer(5, None);
            }
        }
        let values = self.get(at);
        self.match_answer(5, Some(values))
    }
    /// Puts an attribute of the subject among the values; false where it has none.
    fn match_attribute(&mut self, subject: Value, name: Value, values: Value, i: usize) -> R<bool> {
        let v = self.get_attr_or_stop(subject, name)?;
        if v == Value::STOP {
            return Ok(false);
        }
        tuple::set(self.heap_mut(), values, i, v);
        Ok(true)
    }
}
