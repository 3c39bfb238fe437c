//! Iteration: getting an iterator and its items, for the bytecode's loops and for natives.
//!
//! Invariants
//! - a for-loop owns four stack words that are all valid values: the container or iterator (or the type `range`), then a
//!   cursor, a limit and a step;
//! - natives get `Value::STOP` at the end, never a `StopIteration`.

use super::api::Vm;
use super::def::Slot;
use super::fiber::action;
use crate::heap::{Kind, R, Raised, TypeId, Value};
use crate::object::exc::Part;
use crate::object::iter as object_iter;
use crate::q;

/// What `for_iter` did.
pub(super) enum Next {
    /// The item lies on the stack.
    Item,
    /// The loop's four words are gone.
    End,
    /// A frame was entered (or the instruction is already done and `ip` moved): reload.
    Entered,
}

impl Vm {
    /// FOR_ITER on anything but a list, tuple or range. Stack: the loop's four words.
    pub(super) fn for_iter(&mut self) -> R<Next> {
        if self.top_word(3) == 0 {
            // A comprehension's loop comes with the iterator in its second word.
            let it = self.top(2);
            self.set_top(3, it);
            self.set_top(2, Value::small(0));
            self.set_top(1, Value::NONE);
            self.set_top(0, Value::NONE);
        }
        let it = self.top(3);
        if self.heap().is(it, Kind::Generator) {
            self.push(it)?;
            return match self.resume(it, Value::NONE, action::GEN_FOR)? {
                true => Ok(Next::Entered),
                false => {
                    self.drop_n(5);
                    Ok(Next::End)
                }
            };
        }
        if let Some(how) = self.walked(it) {
            let at = self.top(2).as_small().unwrap_or(0) as usize;
            return Ok(match self.with_heap3(object_iter::step, how, it, at)? {
                Some((v, next)) => {
                    self.set_top(2, Value::small(next as i32));
                    self.push(v)?;
                    Next::Item
                }
                None => {
                    self.drop_n(4);
                    Next::End
                }
            });
        }
        if let Some((f, me)) = self.find_special_method(it, q!("__next__")) {
            self.push(f)?;
            self.push(me)?;
            match self.call_on_stack(1, 0, action::FOR_NEXT) {
                Ok(()) => return Ok(Next::Entered),
                Err(Raised) if self.raised_is(TypeId::StopIteration) => {
                    self.heap_mut().raised = None;
                    let base = self.depth();
                    // The call's words may still lie above the loop's.
                    let keep = self.loop_base(it, base);
                    self.set_depth(keep);
                    return Ok(Next::End);
                }
                Err(e) => return Err(e),
            }
        }
        let v = self.next_builtin(it)?;
        if v == Value::STOP {
            self.drop_n(4);
            return Ok(Next::End);
        }
        self.push(v)?;
        Ok(Next::Item)
    }

    /// The index of the innermost loop word that holds `it`, looking down from `from`.
    fn loop_base(&self, it: Value, from: u32) -> u32 {
        let mut i = from;
        while i > 0 {
            i -= 1;
            if self.word_at(i) == it.bits() && self.word_at(i + 1) == Value::small(0).bits() {
                return i;
            }
        }
        from
    }

    /// GET_ITER and GET_ITER_STACK: the object on top becomes an iterator (and the loop's four words).
    pub(super) fn get_iter_op(&mut self, stack: bool) -> R<()> {
        let v = self.top(0);
        let mut method = self.find_special_method(v, q!("__iter__"));
        // `await` is this instruction too, and what it waits for may have no `__iter__`.
        if cfg!(feature = "extra") && method.is_none() && !stack {
            method = self.find_special_method(v, q!("__await__"));
        }
        if let Some((f, me)) = method {
            self.set_top(0, f);
            self.push(me)?;
            return self.call_on_stack(1, 0, if stack { action::ITER_STACK } else { action::PUSH });
        }
        if stack && self.heap().is(v, Kind::Range) {
            let h = self.heap();
            let (a, b, c) = (h.field(v, 0), h.field(v, 1), h.field(v, 2));
            if a.is_small() && b.is_small() && c.is_small() {
                self.set_top(0, Value::typ(TypeId::Range));
                self.push(a)?;
                self.push(b)?;
                self.push(c)?;
                return Ok(());
            }
        }
        if stack && self.walked(v).is_some() {
            return self.loop_words(v);
        }
        let it = self.iter_builtin(v)?;
        if stack {
            self.loop_words(it)
        } else {
            self.set_top(0, it);
            Ok(())
        }
    }
    /// Replaces the word on top by the four words of a loop over `it`.
    pub(super) fn loop_words(&mut self, it: Value) -> R<()> {
        self.set_top(0, it);
        self.push(Value::small(0))?;
        self.push(Value::NONE)?;
        self.push(Value::NONE)?;
        Ok(())
    }

    /// How a loop walks this container by its own words, without an iterator; none for iterators.
    fn walked(&self, v: Value) -> Option<object_iter::How> {
        use object_iter::How;
        match self.heap().kind(v) {
            Kind::List => Some(How::List),
            Kind::Tuple => Some(How::Tuple),
            Kind::Str | Kind::Bytes | Kind::ByteArray | Kind::TypedArray => Some(How::Text),
            Kind::Dict | Kind::OrderedDict | Kind::FixedDict => Some(How::Keys),
            Kind::Set | Kind::FrozenSet => Some(How::Set),
            _ => None,
        }
    }
    /// Opens a native's own loop over `v`, which allocates nothing for a built-in container: `loop_next` gives the items.
    pub fn open_loop(&mut self, v: Value) -> R<super::fiber::Slot> {
        let over = if self.walked(v).is_some() { v } else { self.iter(v)? };
        let slot = self.push(over)?;
        self.push(Value::small(0))?;
        Ok(slot)
    }
    /// The next item of the loop at `slot`, `Value::STOP` at its end.
    pub fn loop_next(&mut self, slot: super::fiber::Slot) -> R {
        let over = self.get(slot);
        let Some(how) = self.walked(over) else { return self.next(over) };
        let cursor = super::fiber::Slot(slot.0 + 1);
        let at = self.get(cursor).as_small().unwrap_or(0) as usize;
        Ok(match self.with_heap_anew3(object_iter::step, how, over, at)? {
            Some((v, next)) => {
                self.set(cursor, Value::small(next as i32));
                v
            }
            None => Value::STOP,
        })
    }

    fn iter_builtin(&mut self, v: Value) -> R {
        let native = self.native_of(v).unwrap_or(v);
        if let Some(f) = self.type_def(native).iter {
            return self.with_heap1(f, native);
        }
        if self.heap().is(v, Kind::Generator) {
            return Ok(v);
        }
        if self.find_special_method(v, q!("__getitem__")).is_some() {
            return self.with_heap(|h| object_iter::new(h, object_iter::How::Subscript, v, 0, Value::NONE));
        }
        Err(self.wrong_kind(v, "' object isn't iterable"))
    }
    /// An iterator over `v`.
    pub fn iter(&mut self, v: Value) -> R {
        if let Some((f, me)) = self.find_special_method(v, q!("__iter__")) {
            return self.call(f, &[me]);
        }
        let at = self.push(v)?;
        let r = self.iter_builtin(v);
        self.drop_to(at);
        r
    }

    #[cold]
    #[inline(never)]
    fn wrong_kind(&mut self, v: Value, what: &'static str) -> Raised {
        let t = self.type_name(v);
        let parts = [Part::S("'"), Part::V(t), Part::S(what)];
        self.raise_parts(TypeId::TypeError, &parts)
    }

    fn next_builtin(&mut self, it: Value) -> R {
        let it = self.native_of(it).unwrap_or(it);
        match self.type_def(it).next {
            Slot::None => Err(self.wrong_kind(it, "' object isn't an iterator")),
            Slot::Heap(f) => self.with_heap1(f, it),
            Slot::Vm(f) => match f(self, it) {
                Err(Raised) if self.raised_is(TypeId::StopIteration) => Ok(self.stopped()),
                r => r,
            },
        }
    }
    /// The next item of an iterator, `Value::STOP` at the end.
    pub fn next(&mut self, it: Value) -> R {
        match self.heap().kind(it) {
            Kind::Generator => return self.generator_next(it),
            Kind::Iterator if let Some(v) = self.step_iterator(it) => return Ok(v),
            Kind::Iterator if object_iter::is_plain(self.heap(), it) => {
                return self.with_heap1(object_iter::next, it);
            }
            _ => {}
        }
        if let Some((f, me)) = self.find_special_method(it, q!("__next__")) {
            return match self.call(f, &[me]) {
                Err(Raised) if self.raised_is(TypeId::StopIteration) => Ok(self.stopped()),
                r => r,
            };
        }
        let at = self.push(it)?;
        let r = self.next_builtin(it);
        self.drop_to(at);
        r
    }
}
