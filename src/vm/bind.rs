//! Binding: the arguments of a call become the locals of a Python function.
//!
//! Invariants
//! - the positional values and the pairs of name and value lie on top of the stack; afterwards the function's parameters do,
//!   in their order, each with a value;
//! - the words of the call stay below the new ones until all are bound: whatever collects meanwhile sees both.

use super::api::Vm;
use super::call::flag;
use crate::code::object as code;
use crate::heap::{R, Raised, TypeId, Value};
use crate::object::dict;
use crate::object::exc::Part;
use crate::q;

impl Vm {
    /// The defaults in word `i` of a function, which leaves out what it does not need.
    fn function_part(&self, function: Value, i: usize) -> Option<Value> {
        let heap = self.heap();
        if i < heap.words(function) { heap.slot(function, i) } else { None }
    }
    /// Puts the arguments in the order of the function's locals.
    #[inline(never)]
    pub(super) fn bind_args(&mut self, function: Value, c: Value, n: u32, kw: u32) -> R<()> {
        let heap = self.heap();
        let state = heap.word(c, code::W_STATE);
        let flags = heap.word(c, code::W_FLAGS);
        let (n_pos, n_kwonly, n_def) = (state >> 16 & 0xff, state >> 24, flags >> 8 & 0xff);
        let n_all = heap.word(c, code::W_SIZES) & 0x3ff;
        let from = self.depth() - n - 2 * kw;
        if n > n_pos && flags & flag::VAR_ARGS == 0 {
            return Err(self.bad_positional(Some(c), n_pos, n));
        }
        if kw == 0 && n_kwonly == 0 && flags & (flag::VAR_ARGS | flag::VAR_KEYWORDS) == 0 && n <= n_pos {
            // Only defaults to add.
            let defaults = self.function_part(function, 1);
            for i in n..n_pos {
                let v = if i + n_def >= n_pos { defaults } else { None };
                let Some(t) = v else { return Err(self.bad_positional(Some(c), n_pos - n_def, n)) };
                let v = self.heap().field(t, (i + n_def - n_pos) as usize);
                self.push(v)?;
            }
            return Ok(());
        }
        let to = self.depth();
        for i in 0..n_all {
            let w = if i < n.min(n_pos) { self.word_at(from + i) } else { 0 };
            self.push_word(w)?;
        }
        let mut extra = n_pos + n_kwonly;
        if flags & flag::VAR_ARGS != 0 {
            let count = n.saturating_sub(n_pos);
            let t = self.tuple_from_stack(from + n_pos, count)?;
            self.set_word_at(to + extra, t.bits());
            extra += 1;
        }
        if flags & flag::VAR_KEYWORDS != 0 {
            let d = self.with_heap(dict::new)?;
            self.set_word_at(to + extra, d.bits());
        }
        for i in 0..kw {
            let (name, v) = (self.word_at(from + n + 2 * i), self.word_at(from + n + 2 * i + 1));
            let Some(name) = Value::from_bits(name) else { continue };
            let mut known = None;
            for k in 0..n_pos + n_kwonly {
                if self.same_name(code::arg_name(self.heap(), c, k as usize), name) {
                    known = Some(k);
                    break;
                }
            }
            match known {
                Some(k) => {
                    if self.word_at(to + k) != 0 {
                        return Err(self.wrong_keyword("function got multiple values for argument '", name));
                    }
                    self.set_word_at(to + k, v);
                }
                None if flags & flag::VAR_KEYWORDS != 0 => {
                    let d = Value::from_bits(self.word_at(to + extra)).unwrap_or(Value::NONE);
                    if dict::get_name(self.heap(), d, name).is_some() {
                        return Err(self.wrong_keyword("function got multiple values for argument '", name));
                    }
                    if let Some(v) = Value::from_bits(v) {
                        self.with_heap3(dict::set_name, d, name, v)?;
                    }
                }
                None => {
                    return Err(self.wrong_keyword("unexpected keyword argument '", name));
                }
            }
        }
        for i in 0..n_pos {
            if self.word_at(to + i) == 0 {
                let defaults = self.function_part(function, 1).filter(|_| i + n_def >= n_pos);
                let Some(t) = defaults else {
                    return Err(if kw == 0 && flags & flag::DEF_KW_ARGS == 0 {
                        self.bad_positional(Some(c), n_pos - n_def, n)
                    } else {
                        self.missing_positional(i)
                    });
                };
                let v = self.heap().field(t, (i + n_def - n_pos) as usize);
                self.set_word_at(to + i, v.bits());
            }
        }
        for i in n_pos..n_pos + n_kwonly {
            if self.word_at(to + i) == 0 {
                let name = code::arg_name(self.heap(), c, i as usize).unwrap_or(Value::NONE);
                let found = match self.function_part(function, 2) {
                    Some(d) => dict::get_name(self.heap(), d, name),
                    None => None,
                };
                let Some(v) = found else {
                    return Err(self.wrong_keyword("function missing required keyword argument '", name));
                };
                self.set_word_at(to + i, v.bits());
            }
        }
        self.close_gap(n_all, n + 2 * kw);
        Ok(())
    }
    fn same_name(&self, a: Option<Value>, b: Value) -> bool {
        // Parameters without a name of their own share the name `*`.
        a.is_some_and(|a| a != q!("*") && (a == b || self.heap().str_bytes(a) == self.heap().str_bytes(b)))
    }
    #[cold]
    #[inline(never)]
    fn wrong_keyword(&mut self, what: &'static str, name: Value) -> Raised {
        self.raise_parts(TypeId::TypeError, &[Part::S(what), Part::V(name), Part::S("'")])
    }
    #[cold]
    pub(super) fn bad_positional(&mut self, c: Option<Value>, want: u32, given: u32) -> Raised {
        let name = c.map_or(q!("function"), |c| code::name(self.heap(), c));
        let parts = [
            Part::V(name),
            Part::S(if c.is_some() { "() takes " } else { " takes " }),
            Part::I(want as i64),
            Part::S(" positional arguments but "),
            Part::I(given as i64),
            Part::S(" were given"),
        ];
        self.raise_parts(TypeId::TypeError, &parts)
    }
    #[cold]
    #[inline(never)]
    fn missing_positional(&mut self, i: u32) -> Raised {
        let parts = [Part::S("function missing required positional argument #"), Part::I(i as i64 + 1)];
        self.raise_parts(TypeId::TypeError, &parts)
    }
}
