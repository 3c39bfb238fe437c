//! Metaclasses: classes whose instances are classes.
//!
//! Invariants
//! - a class that `type` itself made has no word for its metaclass;
//! - the metaclass of a class descends from those of all its bases;
//! - a `class` statement hands the cell of `__class__` to the metaclass under `CELL` in the members, from where
//!   `type.__new__` takes it out.

use super::api::Vm;
use super::class::MOST_ARGUMENTS;
use super::def::Args;
use super::fiber::action;
use crate::heap::{Kind, R, TypeId, Value};
use crate::object::instance::class;
use crate::object::{dict, hashtable, str, tuple};
use crate::q;

const TYPE: Value = Value::typ(TypeId::Type);
const CELL: Value = q!("__classcell__");

impl Vm {
    /// The class of a class, where it is not `type`.
    pub fn metaclass(&self, c: Value) -> Option<Value> {
        let heap = self.heap();
        if heap.is(c, Kind::Class) && heap.words(c) > class::META { heap.slot(c, class::META) } else { None }
    }
    /// A special method that a class's metaclass defines in Python.
    pub(super) fn metaclass_method(&self, c: Value, name: Value) -> Option<Value> {
        let meta = self.metaclass(c)?;
        self.class_lookup(meta, name).filter(|f| !self.is_native(*f))
    }
    /// The metaclass of a class with these bases, `given` by the program or `type`.
    fn common_metaclass(&mut self, given: Value, bases: Value) -> R {
        let mut winner = given;
        let mut i = 0;
        while let Some(b) = tuple::get(self.heap(), bases, i) {
            let other = self.metaclass(b).unwrap_or(TYPE);
            if self.is_subclass(other, winner) {
                winner = other;
            } else if !self.is_subclass(winner, other) {
                let what = "metaclass conflict: the metaclass of a derived class must be a subclass of those of its bases";
                return Err(self.raise(TypeId::TypeError, what));
            }
            i += 1;
        }
        Ok(winner)
    }

    // ---- the class statement ---------------------------------------------------------------------------------

    /// Stack: BUILD_CLASS, body, name, bases…, pairs. Where the class has a metaclass, that takes the place of
    /// `BUILD_CLASS`; its own pair goes. Gives the number of pairs left, and the dict for the body.
    pub(super) fn prepare_class(&mut self, n: u32, kw: u32) -> R<(u32, Value)> {
        let at = self.depth() - n - 2 * kw;
        let (mut given, mut left) = (TYPE, kw);
        for i in 0..kw {
            let pair = at + n + 2 * i;
            if Value::from_bits(self.word_at(pair)) == Some(q!("metaclass")) {
                given = Value::from_bits(self.word_at(pair + 1)).unwrap_or(TYPE);
                self.close_gap(2 * (kw - i - 1), 2);
                left -= 1;
                break;
            }
        }
        let bases = self.tuple_from_stack(at + 2, n - 2)?;
        let held = self.push(bases)?;
        let meta = if self.is_type(given) { self.common_metaclass(given, bases)? } else { given };
        let mut members = None;
        if meta != TYPE {
            self.set_word_at(at - 1, meta.bits());
            let prepare = self.get_attr_or_stop(meta, q!("__prepare__"))?;
            if prepare != Value::STOP {
                members = Some(self.call_prepare(prepare, at, n, left, bases)?);
            }
        }
        self.drop_to(held);
        match members {
            Some(d) => Ok((left, d)),
            None => Ok((left, self.with_heap(dict::new)?)),
        }
    }
    fn call_prepare(&mut self, prepare: Value, at: u32, n: u32, kw: u32, bases: Value) -> R {
        let d = self.nested(|vm| {
            vm.push(prepare)?;
            vm.push_copy(at + 1, 1)?;
            vm.push(bases)?;
            vm.push_copy(at + n, 2 * kw)?;
            vm.call_on_stack(2, kw, action::PUSH)
        })?;
        if self.heap().is(d, Kind::Dict) {
            return Ok(d);
        }
        Err(self.raise(TypeId::TypeError, "__prepare__() must return a dict"))
    }
    fn push_copy(&mut self, from: u32, n: u32) -> R<()> {
        for i in 0..n {
            let w = self.word_at(from + i);
            self.push_word(w)?;
        }
        Ok(())
    }
    /// The body of a class with a metaclass ran; see `finish_class`. The class.
    pub(super) fn finish_by_metaclass(&mut self, at: u32, n: u32, kw: u32, members: Value, cell: Value) -> R {
        let meta = Value::from_bits(self.word_at(at - 1)).unwrap_or(TYPE);
        let held = self.push(cell)?;
        let with_cell = self.heap().is(cell, Kind::Cell);
        if with_cell {
            self.with_heap(|h| dict::set_name(h, members, CELL, cell))?;
        }
        let bases = self.tuple_from_stack(at + 2, n - 2)?;
        self.push(bases)?;
        let c = self.nested(|vm| {
            vm.push(meta)?;
            vm.push_copy(at + 1, 1)?;
            vm.push(bases)?;
            vm.push(members)?;
            vm.push_copy(at + n, 2 * kw)?;
            vm.call_on_stack(3, kw, action::PUSH)
        })?;
        self.drop_to(held);
        Ok(c)
    }

    // ---- type.__new__ and type.__call__ ----------------------------------------------------------------------

    /// A class made by `meta` (or `type`) from a name, bases and members; pairs go to `__init_subclass__`.
    pub fn new_by_metaclass(&mut self, meta: Value, args: Args) -> R {
        let (name, bases) = (self.req(args, 0), self.req(args, 1));
        let space = self.arg(args, 2).and_then(|d| self.native_part(d, TypeId::Dict));
        let Some(space) = space.filter(|_| args.n() == 3) else {
            return Err(self.raise(TypeId::TypeError, "type takes 1 or 3 arguments"));
        };
        if !str::is_str(self.heap(), name)
            || !tuple::is(self.heap(), bases)
            || args.kw() as u32 > MOST_ARGUMENTS
        {
            return Err(self.raise(TypeId::TypeError, "type() takes a name, a tuple and a dict"));
        }
        let winner = self.common_metaclass(meta, bases)?;
        if winner != meta && self.metaclass_new(winner).is_some() {
            return self.call_args(winner, args);
        }
        let name = self.intern_name(name)?;
        let at = self.push(name)?;
        let members = self.copy_table(space, Kind::Dict)?;
        self.push(members)?;
        let mut cell = Value::NONE;
        if let Some(e) = dict::find_name(self.heap(), members, CELL) {
            cell = hashtable::value(self.heap(), members, e).unwrap_or(Value::NONE);
            dict::del_name(self.heap_mut(), members, CELL);
        }
        self.push(cell)?;
        let c = self.new_class_of((winner != TYPE).then_some(winner), name, bases, members)?;
        self.push(c)?;
        if self.heap().is(cell, Kind::Cell) {
            self.heap_mut().set_field(cell, 0, c);
        }
        let pairs = args.base + args.n() as u32;
        self.announce_class(c, members, pairs, args.kw() as u32)?;
        self.drop_to(at);
        Ok(c)
    }
    /// The `__new__` that a metaclass or a base of it defines in Python.
    fn metaclass_new(&self, meta: Value) -> Option<Value> {
        if meta == TYPE {
            return None;
        }
        self.class_lookup(meta, q!("__new__")).filter(|f| !self.is_native(*f))
    }
    /// `type.__call__(class, …)`: an instance, whatever the metaclass says of calls.
    pub fn make_instance(&mut self, args: Args) -> R {
        let c = self.req(args, 0);
        if !self.heap().is(c, Kind::Class) {
            return self.call_args(c, Args::new(args.base + 1, args.n() - 1, args.kw()));
        }
        let (n, kw) = (args.n() as u32 - 1, args.kw() as u32);
        self.nested(|vm| {
            vm.push_copy(args.base, 1 + n + 2 * kw)?;
            vm.instantiate(n, kw, action::PUSH)
        })
    }
}
