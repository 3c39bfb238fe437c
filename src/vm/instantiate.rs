//! Instances: what a call of a class or of a built-in type makes.
//!
//! Invariants
//! - the class lies in the callee's slot, the arguments above it; the object takes the class's place before `__init__` runs;
//! - a common class remembers its `__init__` until any class changes.

use super::api::Vm;
#[cfg(feature = "metaclasses")]
use super::def::Args;
use super::fiber::action;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::exc::{self, Part};
use crate::object::{instance, tuple};
use crate::q;

impl Vm {
    /// An exception with these `n` stack words as its arguments.
    fn exception_from_stack(&mut self, class: Value, from: u32, n: u32) -> R {
        let make = |h: &mut Heap, n: u32| {
            let args = if n == 0 { Value::EMPTY_TUPLE } else { tuple::new(h, n as usize)? };
            Ok((exc::new(h, class, args)?, args))
        };
        let made = match self.with_heap(|h| make(h, n)) {
            Err(Raised) => match self.heap_mut().in_emergency(|h| make(h, n)) {
                // Rather without its arguments than not at all.
                Err(Raised) => self.heap_mut().in_emergency(|h| make(h, 0)),
                made => made,
            },
            made => made,
        };
        let (e, args) = made?;
        if args != Value::EMPTY_TUPLE {
            for i in 0..n {
                let w = self.word_at(from + i);
                self.heap_mut().set_slot(args, i as usize, Value::from_bits(w));
            }
        }
        Ok(e)
    }
    /// `int(…)`, `list(…)`, …
    pub(super) fn make_builtin(&mut self, id: TypeId, n: u32, kw: u32, act: u32) -> R<()> {
        let def = self.def_of(id);
        if id.is_exception() && def.make.is_none() {
            let base = self.depth() - n - 2 * kw;
            let v = self.exception_from_stack(Value::typ(id), base, n)?;
            self.set_depth(base);
            return self.complete(act, v);
        }
        match def.make.as_ref() {
            Some(make) => self.call_native(make, n, kw, act),
            None => Err(self.not_creatable(def.name)),
        }
    }
    #[cold]
    #[inline(never)]
    fn not_creatable(&mut self, name: Value) -> Raised {
        let parts = [Part::S("can't create '"), Part::V(name), Part::S("' instances")];
        self.raise_parts(TypeId::TypeError, &parts)
    }
    /// Calls a user class. Stack: class, arguments.
    pub(super) fn instantiate(&mut self, n: u32, kw: u32, act: u32) -> R<()> {
        let class = self.top(n + 2 * kw);
        if act == action::PUSH {
            // The common class: no `__new__`, no native base, nothing to finalize; `__init__` was looked up before.
            match self.known_init(class) {
                Value::STOP => {}
                init => {
                    let o = self.with_heap1(instance::new, class)?;
                    return self.call_init(class, o, init, n, kw);
                }
            }
        }
        self.instantiate_in_steps(n, kw, act)
    }
    // On its own: what it keeps on the native stack is no part of the way of common calls.
    #[inline(never)]
    fn instantiate_in_steps(&mut self, n: u32, kw: u32, act: u32) -> R<()> {
        let args = n + 2 * kw;
        let class = self.top(args);
        let made = self.class_lookup(class, q!("__new__"));
        if act != action::PUSH {
            // More than one step: let a nested loop do them, then the caller's own step.
            let base = self.depth() - args - 1;
            let v = self.nested(|vm| {
                for i in 0..args + 1 {
                    let w = vm.word_at(base + i);
                    vm.push_word(w)?;
                }
                vm.call_on_stack(n, kw, action::PUSH)
            })?;
            self.set_depth(base + 1);
            return self.complete(act, v);
        }
        if let Some(new) = made {
            let new = if self.heap().is(new, Kind::StaticMethod) { self.heap().field(new, 0) } else { new };
            if new != self.object_new() {
                // Stack: class, arguments | __new__, class, arguments
                self.push(new)?;
                self.push(class)?;
                let d = self.depth();
                for i in 0..args {
                    let w = self.word_at(d - 2 - args + i);
                    self.push_word(w)?;
                    self.tick_often(i as usize, 40)?;
                }
                return self.call_on_stack(n + 1, kw, action::with(action::NEW, n | kw << 8));
            }
        }
        let object = self.new_object(class, n, kw)?;
        self.init_object(class, object, n, kw)
    }
    /// A new instance of `class`, not initialised; the arguments lie on the stack (a native part may want them).
    pub(super) fn new_object(&mut self, class: Value, n: u32, kw: u32) -> R {
        let o = self.new_object_plain(class, n, kw)?;
        if self.class_flags(class) & instance::class::HAS_DEL != 0 {
            let at = self.push(o)?;
            self.with_heap(|h| h.register_finalizer(o))?;
            self.drop_to(at);
        }
        Ok(o)
    }
    fn new_object_plain(&mut self, class: Value, n: u32, kw: u32) -> R {
        let base = self.depth() - n - 2 * kw;
        match self.native_base(class) {
            None => self.with_heap1(instance::new, class),
            Some(id) if id.is_exception() => {
                let e = self.exception_from_stack(class, base, n)?;
                if self.class_lookup(class, q!("__init__")).is_some_and(|f| !self.is_native(f)) {
                    self.heap_mut().set_int(e, exc::field::FLAGS, exc::INCOMPLETE);
                }
                Ok(e)
            }
            #[cfg(feature = "metaclasses")]
            Some(TypeId::Type) => self.new_by_metaclass(class, Args::new(base, n as u16, kw as u16)),
            Some(id) => {
                let def = self.def_of(id);
                let own_init = self.class_lookup(class, q!("__init__")).is_some_and(|f| !self.is_native(f));
                let part = match def.make.as_ref() {
                    // What cannot change later gets the arguments now.
                    Some(make) if !own_init || is_immutable(id) => {
                        let at = self.push(Value::NONE)?;
                        for i in 0..n + 2 * kw {
                            let w = self.word_at(base + i);
                            self.push_word(w)?;
                        }
                        self.call_native(make, n, kw, action::PUSH)?;
                        let part = self.top(0);
                        self.drop_to(at);
                        part
                    }
                    Some(make) if make.min() == 0 => {
                        let at = self.push(Value::NONE)?;
                        self.call_native(make, 0, 0, action::PUSH)?;
                        let part = self.top(0);
                        self.drop_to(at);
                        part
                    }
                    _ => Value::NONE,
                };
                let at = self.push(part)?;
                let o = self.with_heap1(instance::new, class)?;
                let part = self.get(at);
                self.heap_mut().set_field(o, 1, part);
                self.drop_to(at);
                Ok(o)
            }
        }
    }
    /// Calls `__init__` on a new object. Stack: class, arguments; afterwards the object is in the class's place.
    fn init_object(&mut self, class: Value, object: Value, n: u32, kw: u32) -> R<()> {
        let init =
            self.class_lookup(class, q!("__init__")).filter(|f| !self.is_native(*f)).unwrap_or(Value::NONE);
        self.call_init(class, object, init, n, kw)
    }
    fn has_own_new(&mut self, class: Value) -> bool {
        self.class_lookup(class, q!("__new__")).is_some_and(|new| new != self.object_new())
    }
    /// `init` is None where the class has none of its own.
    fn call_init(&mut self, class: Value, object: Value, init: Value, n: u32, kw: u32) -> R<()> {
        let args = n + 2 * kw;
        self.set_top(args, object);
        if init.is_none() {
            // A class's own `__new__` may have taken the arguments.
            if args != 0 && self.native_base(class).is_none() && !self.has_own_new(class) {
                return Err(self.bad_positional(None, 0, n + kw));
            }
            self.drop_n(args);
            return Ok(());
        }
        // Stack: object | __init__, object, arguments
        self.open_gap(args, 2)?;
        self.set_top(args + 1, init);
        self.set_top(args, object);
        if self.heap().is(init, Kind::Function) {
            return self.call_function(n + 1, kw, action::INIT);
        }
        self.call_on_stack(n + 1, kw, action::INIT)
    }
    /// The `__init__` of a plain class: None where it has none, `STOP` where making an instance takes more.
    /// Remembered in the class until any class changes.
    fn known_init(&mut self, class: Value) -> Value {
        use instance::class as word;
        let epoch = self.state().class_epoch;
        if self.heap().int(class, word::EPOCH) == epoch {
            return self.heap().field(class, word::INIT);
        }
        let new = self.class_lookup(class, q!("__new__"));
        let plain = self.native_base(class).is_none()
            && self.class_flags(class) & word::HAS_DEL == 0
            && self.metaclass_method(class, q!("__call__")).is_none()
            && (new.is_none() || new == Some(self.object_new()));
        let init = if plain {
            self.class_lookup(class, q!("__init__")).filter(|f| !self.is_native(*f)).unwrap_or(Value::NONE)
        } else {
            Value::STOP
        };
        self.heap_mut().set_field(class, word::INIT, init);
        self.heap_mut().set_int(class, word::EPOCH, epoch);
        init
    }
    /// `__new__` returned `made`. Stack: class, arguments, callee's slot.
    pub(super) fn after_new(&mut self, data: u32, made: Value) -> R<()> {
        let (n, kw) = (data & 0xff, data >> 8 & 0xff);
        self.drop_n(1);
        let class = self.top(n + 2 * kw);
        if self.is_instance(made, class) {
            return self.init_object(class, made, n, kw);
        }
        self.drop_n(n + 2 * kw);
        self.set_top(0, made);
        Ok(())
    }
}

/// Values of the type are whole when they are made.
fn is_immutable(id: TypeId) -> bool {
    matches!(
        id,
        TypeId::Int
            | TypeId::Float
            | TypeId::Complex
            | TypeId::Str
            | TypeId::Bytes
            | TypeId::Tuple
            | TypeId::FrozenSet
    )
}
