//! Exception groups: taking them apart, and what `except*` does with the parts.
//!
//! Invariants
//! - a group's arguments are its message and a list or tuple of exceptions; whatever else a program puts there counts as no
//!   exceptions;
//! - groups in groups are walked with a stack of slots, so their depth costs no native stack;
//! - the state of an `except*` is a list: the exception, what is left of it, the part that the present clause has, the
//!   exceptions that clauses raised anew, the parts that they raised again, the length of a traceback.

use super::api::Vm;
use super::fiber::Slot;
use crate::heap::{Kind, R, TypeId, Value};
use crate::object::exc::{self, field};
use crate::object::{array, list, tuple};
use crate::q;

/// Which exceptions of a group are wanted.
#[derive(Clone, Copy)]
pub enum Part {
    /// Those of a type, or of one in a tuple of types.
    Type(Value),
    /// Those for which a function answers yes.
    Test(Value),
    /// Those in a list.
    In(Value),
}

/// Places in the state of an `except*`.
mod state {
    pub const WHOLE: usize = 0;
    pub const REST: usize = 1;
    pub const PRESENT: usize = 2;
    pub const RAISED: usize = 3;
    pub const AGAIN: usize = 4;
    /// How many places its traceback named when the clause began (small int): `raise` alone adds none.
    pub const PLACES: usize = 5;
    pub const COUNT: usize = 6;
}

impl Vm {
    pub fn is_group(&self, e: Value) -> bool {
        self.heap().is(e, Kind::Exception) && self.exception_is(e, TypeId::BaseExceptionGroup)
    }
    /// Exception `i` of a group.
    pub fn group_item(&self, group: Value, i: usize) -> Option<Value> {
        let args = self.heap().field(group, field::ARGS);
        let items = tuple::get(self.heap(), args, 1)?;
        self.sequence_item(items, i).filter(|e| self.heap().is(*e, Kind::Exception))
    }
    /// A group of the exceptions in a list or tuple.
    pub fn new_group(&mut self, message: Value, items: Value) -> R {
        let at = self.push(message)?;
        self.push(items)?;
        let mut plain = true;
        let mut i = 0;
        while let Some(e) = self.sequence_item(items, i) {
            plain &= self.exception_is(e, TypeId::Exception);
            i += 1;
            self.tick_often(i, 100)?;
        }
        let id = if plain { TypeId::ExceptionGroup } else { TypeId::BaseExceptionGroup };
        let e = self.with_heap_anew(|h| {
            let args = tuple::from_slice(h, &[message, items])?;
            exc::new(h, Value::typ(id), args)
        });
        self.drop_to(at);
        e
    }
    /// A group like another with other exceptions, by its class's own `derive` if it has one.
    fn derive_group(&mut self, group: Value, items: Value) -> R {
        let at = self.push(group)?;
        self.push(items)?;
        let new = self.call_method(group, q!("derive"), &[items])?;
        if !self.is_group(new) {
            return Err(self.raise(TypeId::TypeError, "derive must return an instance of BaseExceptionGroup"));
        }
        for i in [field::CAUSE, field::CONTEXT] {
            let v = self.heap().slot(group, i);
            self.heap_mut().set_slot(new, i, v);
        }
        self.push(new)?;
        // Tracebacks grow where they lie: each exception has its own.
        if let Some(t) = self.heap().slot(group, field::TRACEBACK) {
            let copy = self.with_heap(|h| {
                let n = h.words(t);
                let copy = h.alloc(Kind::Array, n)?;
                array::copy(h, t, 0, copy, 0, n);
                Ok(copy)
            })?;
            self.heap_mut().set_field(new, field::TRACEBACK, copy);
        }
        self.drop_to(at);
        Ok(new)
    }
    fn in_part(&mut self, part: Part, e: Value) -> R<bool> {
        match part {
            Part::Type(t) if self.is_type(t) => Ok(self.is_instance(e, t)),
            Part::Type(types) => {
                let mut i = 0;
                let mut hit = false;
                while let Some(t) = self.sequence_item(types, i) {
                    hit |= self.is_instance(e, t);
                    i += 1;
                }
                Ok(hit)
            }
            Part::Test(f) => {
                let answer = self.call(f, &[e])?;
                self.truth(answer)
            }
            Part::In(items) => {
                let mut i = 0;
                while let Some(other) = self.sequence_item(items, i) {
                    if other == e {
                        return Ok(true);
                    }
                    i += 1;
                    self.tick(5)?;
                }
                Ok(false)
            }
        }
    }

    /// Pushes the part of a group that is wanted and the part that is not; None for an empty one.
    pub fn split_group(&mut self, group: Value, part: Part) -> R<()> {
        let base = self.push(group)?;
        if self.in_part(part, group)? {
            self.push(Value::NONE)?;
            return Ok(());
        }
        // Four slots for each open group: itself, the next exception's number, lists of those wanted and not.
        self.drop_to(base);
        let mut open = self.open_group(group)?;
        loop {
            let (group, i) = (self.get(open), self.get(Slot(open.0 + 1)).as_small().unwrap_or(0));
            let (wanted, other) = (Slot(open.0 + 2), Slot(open.0 + 3));
            self.tick(40)?;
            if let Some(e) = self.group_item(group, i as usize) {
                self.set(Slot(open.0 + 1), Value::small(i + 1));
                if self.in_part(part, e)? {
                    self.append_slot(wanted, e)?;
                } else if self.is_group(e) {
                    open = self.open_group(e)?;
                } else {
                    self.append_slot(other, e)?;
                }
                continue;
            }
            for slot in [wanted, other] {
                let items = self.get(slot);
                let made = match list::len(self.heap(), items) {
                    0 => Value::NONE,
                    _ => self.derive_group(group, items)?,
                };
                self.set(slot, made);
            }
            if open == base {
                // The two parts take the places of the group and the number.
                self.close_gap(2, 2);
                return Ok(());
            }
            let parent = Slot(open.0 - 4);
            for i in 2..4 {
                let made = self.get(Slot(open.0 + i));
                if !made.is_none() {
                    self.append_slot(Slot(parent.0 + i), made)?;
                }
            }
            self.drop_to(open);
            open = parent;
        }
    }
    fn open_group(&mut self, group: Value) -> R<Slot> {
        let at = self.push(group)?;
        self.push(Value::small(0))?;
        for _ in 0..2 {
            let l = self.with_heap_anew(list::new)?;
            self.push(l)?;
        }
        Ok(at)
    }
    fn append_slot(&mut self, slot: Slot, v: Value) -> R<()> {
        let l = self.get(slot);
        let at = self.push(v)?;
        self.with_heap_anew(|h| list::append(h, l, v))?;
        self.drop_to(at);
        Ok(())
    }
    /// Adds the exceptions that are no groups of `e` to the list in `into`.
    fn add_leaves(&mut self, e: Value, into: Slot) -> R<()> {
        let base = self.push(e)?;
        if !self.is_group(e) {
            self.append_slot(into, e)?;
            self.drop_to(base);
            return Ok(());
        }
        self.push(Value::small(0))?;
        let mut open = base;
        loop {
            let (group, i) = (self.get(open), self.get(Slot(open.0 + 1)).as_small().unwrap_or(0));
            self.tick(20)?;
            if let Some(e) = self.group_item(group, i as usize) {
                self.set(Slot(open.0 + 1), Value::small(i + 1));
                if self.is_group(e) {
                    open = self.push(e)?;
                    self.push(Value::small(0))?;
                } else {
                    self.append_slot(into, e)?;
                }
                continue;
            }
            self.drop_to(open);
            if open == base {
                return Ok(());
            }
            open = Slot(open.0 - 2);
        }
    }

    // ---- except* ---------------------------------------------------------------------------------------------

    /// Stack: the exception.
    pub(super) fn star_begin(&mut self) -> R<()> {
        let e = self.top(0);
        let raised = self.with_heap(list::new)?;
        let at = self.push(raised)?;
        let again = self.with_heap(list::new)?;
        self.push(again)?;
        let l = self.with_heap(|h| list::from_slots(h, &[e, e, Value::NONE, raised, again, Value::NONE]))?;
        self.drop_to(at);
        self.push(l)?;
        Ok(())
    }
    /// The state `below` the top, unless something else lies there.
    fn star_state(&mut self, below: u32) -> R {
        let s = self.top(below);
        self.expect(self.heap().is(s, Kind::List) && list::len(self.heap(), s) == state::COUNT)?;
        Ok(s)
    }
    /// How many places an exception's traceback names.
    fn trace_places(&self, e: Value) -> Value {
        let heap = self.heap();
        let trace = if heap.is(e, Kind::Exception) { heap.slot(e, field::TRACEBACK) } else { None };
        let n = trace.map_or(0, |t| (0..heap.words(t)).take_while(|i| heap.slot(t, *i).is_some()).count());
        Value::small(n as i32)
    }
    fn star_word(&self, s: Value, i: usize) -> Value {
        list::get(self.heap(), s, i).unwrap_or(Value::NONE)
    }
    /// Stack: state, type.
    pub(super) fn star_match(&mut self) -> R<()> {
        let s = self.star_state(1)?;
        let t = self.top(0);
        self.check_star_types(t)?;
        let rest = self.star_word(s, state::REST);
        let (mut mine, mut left) = (Value::NONE, rest);
        let base = self.push(t)?;
        if self.is_group(rest) {
            self.split_group(rest, Part::Type(t))?;
            (mine, left) = (self.top(1), self.top(0));
        } else if !rest.is_none() && self.in_part(Part::Type(t), rest)? {
            let items = self.with_heap(|h| tuple::from_slice(h, &[rest]))?;
            mine = self.new_group(q!(""), items)?;
            left = Value::NONE;
        }
        let heap = self.heap_mut();
        list::set(heap, s, state::REST, left);
        list::set(heap, s, state::PRESENT, mine);
        let places = self.trace_places(mine);
        list::set(self.heap_mut(), s, state::PLACES, places);
        self.drop_to(base);
        self.set_top(0, mine);
        let handled = if mine.is_none() { self.star_word(s, state::WHOLE) } else { mine };
        self.set_handled(handled);
        Ok(())
    }
    fn check_star_types(&mut self, t: Value) -> R<()> {
        let single = self.is_type(t);
        if !single && !tuple::is(self.heap(), t) {
            return Err(self.bad_match());
        }
        let mut i = 0;
        loop {
            let item = if single && i == 0 {
                Some(t)
            } else if single {
                None
            } else {
                self.sequence_item(t, i)
            };
            let Some(item) = item else { return Ok(()) };
            if !self.is_type(item) || !self.is_subclass(item, Value::typ(TypeId::BaseException)) {
                return Err(self.bad_match());
            }
            if self.is_subclass(item, Value::typ(TypeId::BaseExceptionGroup)) {
                let what = "catching ExceptionGroup with except* is not allowed. Use except instead.";
                return Err(self.raise(TypeId::TypeError, what));
            }
            i += 1;
        }
    }
    /// Stack: state, exception.
    pub(super) fn star_raised(&mut self) -> R<()> {
        let s = self.star_state(1)?;
        let e = self.top(0);
        let same = e == self.star_word(s, state::PRESENT);
        let again = same && self.trace_places(e) == self.star_word(s, state::PLACES);
        let l = self.star_word(s, if again { state::AGAIN } else { state::RAISED });
        if self.heap().is(l, Kind::List) {
            self.with_heap(|h| list::append(h, l, e))?;
        }
        self.drop_n(1);
        Ok(())
    }
    /// Stack: state.
    pub(super) fn star_end(&mut self) -> R<()> {
        let s = self.star_state(0)?;
        let whole = self.star_word(s, state::WHOLE);
        self.set_handled(whole);
        let e = self.star_rest(s, whole)?;
        if !self.heap().is(e, Kind::Exception) {
            self.drop_n(1);
            return Ok(());
        }
        Err(self.heap_mut().raise_value(e))
    }
    /// What an `except*` raises in the end; None where nothing is left.
    fn star_rest(&mut self, s: Value, whole: Value) -> R {
        let (rest, again) = (self.star_word(s, state::REST), self.star_word(s, state::AGAIN));
        let raised = self.star_word(s, state::RAISED);
        let first = |vm: &Vm, l| vm.sequence_item(l, 0).unwrap_or(Value::NONE);
        if !self.is_group(whole) {
            // One clause at most had it.
            let new = first(self, raised);
            let new = if new.is_none() { first(self, again) } else { new };
            return Ok(if new.is_none() { rest } else { new });
        }
        let mut left = rest;
        if !first(self, again).is_none() {
            // The group once more, without what has been dealt with.
            let leaves = self.with_heap(list::new)?;
            let at = self.push(leaves)?;
            if !rest.is_none() {
                self.add_leaves(rest, at)?;
            }
            let mut i = 0;
            while let Some(e) = self.sequence_item(again, i) {
                self.add_leaves(e, at)?;
                i += 1;
            }
            self.split_group(whole, Part::In(leaves))?;
            left = self.top(1);
            self.drop_to(at);
        }
        if first(self, raised).is_none() {
            return Ok(left);
        }
        if !left.is_none() {
            let at = self.push(left)?;
            self.with_heap(|h| list::append(h, raised, left))?;
            self.drop_to(at);
        }
        match self.sequence_item(raised, 1) {
            Some(_) => self.new_group(q!(""), raised),
            None => Ok(first(self, raised)),
        }
    }
}
