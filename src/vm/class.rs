//! Classes: making them, `super()`, and the built-in side of `__init__`.
//!
//! Invariants
//! - a class has one native base at most; its flags say what it or a base defines, so that the common roads need no look-up;
//! - members change only through `set_dict` paths that flush the caches.

use super::api::Vm;
use super::call::{flag, generator};
use super::def::{Args, Bind, Const, Entry, NativeDef};
use super::fiber::action;
use super::state::Root;
use crate::code::object as code;
use crate::heap::lent::GIVES_WAY;
use crate::heap::{Kind, R, TypeId, Value};
use crate::object::exc::{self, Part};
use crate::object::instance::{self, class};
use crate::object::{dict, tuple};
use crate::q;

/// What `LOAD_BUILD_CLASS` pushes.
pub const BUILD_CLASS: Value = Value::BUILD_CLASS;

/// `super().__init__` of a class with a native base: an entry of `object`'s table that makes the native part anew.
pub const NATIVE_INIT: Value = Value::type_entry(TypeId::Object, NATIVE_INIT_ENTRY);
/// Its place in the table of `builtins::object` (a test of the registry checks it).
pub const NATIVE_INIT_ENTRY: u32 = 0;
/// The place of `object.__new__` there.
pub const OBJECT_NEW_ENTRY: u32 = 1;
/// The place of `list.append` in the table of `builtins::list`.
pub const LIST_APPEND_ENTRY: u32 = 0;
/// The place of `dict.get` in the table of `builtins::dict`.
pub const DICT_GET_ENTRY: u32 = 3;
/// The place of `len` in the table of `builtins`.
pub const LEN_ENTRY: u32 = 0;

/// Positional arguments, or keywords, of a class statement at most.
pub(super) const MOST_ARGUMENTS: u32 = 0xfff;

/// Methods that are bound otherwise than by their plain definition.
const IMPLICIT: [(Value, Kind); 3] = [
    (q!("__new__"), Kind::StaticMethod),
    (q!("__init_subclass__"), Kind::ClassMethod),
    (q!("__class_getitem__"), Kind::ClassMethod),
];

impl Vm {
    pub(super) fn object_new(&self) -> Value {
        Value::type_entry(TypeId::Object, OBJECT_NEW_ENTRY)
    }

    /// What makes classes: the VM, or the program's own `builtins.__build_class__`.
    pub(super) fn class_builder(&self) -> Value {
        let own =
            self.root(Root::Builtins).and_then(|d| dict::get_name(self.heap(), d, q!("__build_class__")));
        own.unwrap_or(BUILD_CLASS)
    }
    /// Stack: BUILD_CLASS, body, name, bases…; afterwards the class (a frame for the body is entered).
    pub(super) fn build_class(&mut self, n: u32, kw: u32, act: u32) -> R<()> {
        if n < 2 {
            return Err(self.raise(TypeId::TypeError, "__build_class__: not enough arguments"));
        }
        if n > MOST_ARGUMENTS || kw > MOST_ARGUMENTS {
            return Err(self.raise(TypeId::TypeError, "too many args"));
        }
        let all = n + 2 * kw;
        if act != action::PUSH {
            let base = self.depth() - all - 1;
            let v = self.nested(|vm| {
                for i in 0..=all {
                    let w = vm.word_at(base + i);
                    vm.push_word(w)?;
                }
                vm.build_class(n, kw, action::PUSH)
            })?;
            self.set_depth(base + 1);
            return self.complete(act, v);
        }
        let body = self.top(all - 1);
        let function = match self.heap().kind(body) {
            Kind::Closure => Some((self.heap().field(body, 0), self.heap().int(body, 1) as u32)),
            Kind::Function => Some((body, 0)),
            _ => None,
        };
        // A frame that yields would leave to whoever resumed it; a class body was called.
        let runs = |f: Value| self.heap().word(self.heap().field(f, 0), code::W_FLAGS) & flag::GENERATOR == 0;
        let Some((function, cells)) = function.filter(|(f, _)| runs(*f)) else {
            return Err(self.raise(TypeId::TypeError, "__build_class__: func must be a function"));
        };
        let (kw, d) = self.prepare_class(n, kw)?;
        self.push(d)?;
        for i in 0..cells {
            let c = self.heap().field(body, 2 + i as usize);
            self.push(c)?;
        }
        let c = self.heap().field(function, 0);
        self.enter_frame(c, cells, action::with(action::CLASS_BODY, n | kw << 12))?;
        if self.heap().word(c, code::W_FLAGS) >> 24 != 0 {
            self.make_cells_of(c)?;
        }
        Ok(())
    }

    /// The body ran. Stack: BUILD_CLASS, body, name, bases…, pairs of keyword and value…, dict; `cell` is the cell of
    /// `__class__` or None.
    pub(super) fn finish_class(&mut self, data: u32, cell: Value) -> R<()> {
        let (n, kw) = (data & MOST_ARGUMENTS, data >> 12);
        let d = self.top(0);
        let at = self.depth() - 1 - n - 2 * kw;
        let name = Value::from_bits(self.word_at(at + 1)).unwrap_or(Value::NONE);
        let held = self.push(cell)?;
        let meta = self.word_at(at - 1) != BUILD_CLASS.bits();
        if cfg!(feature = "metaclasses") && meta {
            let c = self.finish_by_metaclass(at, n, kw, d, cell)?;
            self.set_depth(at);
            self.set_top(0, c);
            return Ok(());
        }
        let bases = self.tuple_from_stack(at + 2, n - 2)?;
        self.push(bases)?;
        let c = self.new_class(name, bases, d)?;
        self.set(held, c);
        if self.heap().is(cell, Kind::Cell) {
            self.heap_mut().set_field(cell, 0, c);
        }
        if class::DESCRIPTORS {
            self.announce_class(c, d, at + n, kw)?;
        } else if kw > 0 {
            return Err(self.raise(TypeId::TypeError, "keywords in a class statement"));
        }
        let c = self.get(held);
        self.set_depth(at);
        self.set_top(0, c);
        Ok(())
    }

    /// `type(name, bases, dict)`.
    pub fn new_class(&mut self, name: Value, bases: Value, members: Value) -> R {
        self.new_class_of(None, name, bases, members)
    }
    /// The same by a metaclass.
    pub(super) fn new_class_of(
        &mut self,
        meta: Option<Value>,
        name: Value,
        bases: Value,
        members: Value,
    ) -> R {
        let at = self.push(bases)?;
        self.push(members)?;
        let mut native = None;
        let mut flags = 0;
        // Room for what the bases' instances have and what `__init__` stores.
        let mut width = 0;
        let mut i = 0;
        while let Some(b) = tuple::get(self.heap(), bases, i) {
            if !self.is_type(b) {
                return Err(self.raise(TypeId::TypeError, "type isn't an acceptable base type"));
            }
            flags |= self.class_flags(b);
            if self.heap().is(b, Kind::Class) {
                width = self.heap().int(b, class::WIDTH).max(width);
            }
            if let Some(id) = self.native_base(b) {
                let closed = matches!(
                    id,
                    TypeId::Bool
                        | TypeId::NoneType
                        | TypeId::Range
                        | TypeId::Slice
                        | TypeId::Function
                        | TypeId::Closure
                        | TypeId::NativeFunction
                        | TypeId::Generator
                        | TypeId::Module
                        | TypeId::BoundMethod
                );
                if closed || self.base_of(id) == Some(TypeId::Function) {
                    let n = self.name_of_type(Value::typ(id));
                    let parts = [Part::S("type '"), Part::V(n), Part::S("' isn't an acceptable base type")];
                    return Err(self.raise_parts(TypeId::TypeError, &parts));
                }
                native = match native {
                    Some(other) if self.is_subclass(Value::typ(other), Value::typ(id)) => Some(other),
                    Some(other) if !self.is_subclass(Value::typ(id), Value::typ(other)) => {
                        return Err(
                            self.raise(TypeId::TypeError, "multiple bases have instance lay-out conflict")
                        );
                    }
                    _ => Some(id),
                };
            }
            i += 1;
        }
        for (name, kind) in IMPLICIT {
            if let Some(f) = dict::get_name(self.heap(), members, name)
                && matches!(self.heap().kind(f), Kind::Function | Kind::Closure)
            {
                self.with_heap(|h| {
                    let s = h.alloc(kind, 1)?;
                    h.set_field(s, 0, f);
                    dict::set_name(h, members, name, s)
                })?;
            }
        }
        let has_part = native.is_some_and(|id| !id.is_exception());
        let order = if tuple::len(self.heap(), bases) > 1 { Some(self.base_order(bases)?) } else { None };
        self.push(order.unwrap_or(Value::NONE))?;
        let words = match (meta, order) {
            (Some(_), _) => class::COUNT_META,
            (None, Some(_)) => class::COUNT_ORDERED,
            (None, None) => class::COUNT,
        };
        width = width.max(has_part as i32);
        if let Some(f) = dict::get_name(self.heap(), members, q!("__init__"))
            && matches!(self.heap().kind(f), Kind::Function | Kind::Closure)
        {
            width += code::stored_attributes(self.heap(), self.function_code(f)) as i32;
        }
        let c = self.with_heap(|h| {
            let c = h.alloc(Kind::Class, words)?;
            let root = instance::new_root(h, c, has_part)?;
            h.set_field(c, class::NAME, name);
            h.set_field(c, class::MEMBERS, members);
            h.set_field(c, class::ROOT, root);
            h.set_field(c, class::BASES, bases);
            h.set_int(c, class::FLAGS, flags);
            h.set_slot(c, class::NATIVE_BASE, native.map(Value::typ));
            h.set_int(c, class::WIDTH, width);
            h.set_int(c, class::EPOCH, -1);
            if let Some(order) = order {
                h.set_field(c, class::ORDER, order);
            }
            if let Some(meta) = meta {
                h.set_field(c, class::META, meta);
            }
            Ok(c)
        })?;
        self.push(c)?;
        let mut cursor = 0;
        while let Some((next, k, v)) = dict::next(self.heap(), members, cursor) {
            cursor = next;
            self.note_member(c, k, v);
            if GIVES_WAY {
                self.tick(200)?;
            }
        }
        dict::watch(self.heap_mut(), members);
        self.drop_to(at);
        Ok(c)
    }

    /// The order in which names are looked up behind a class with several bases: a class before its own bases, and bases as
    /// they are listed (the C3 linearisation). Where no order fulfils that, as in MicroPython: depth first, from left to
    /// right. A tuple whose first item is not used.
    fn base_order(&mut self, bases: Value) -> R {
        // Stack: a row for each base, itself and what its look-ups visit, and at last the row of the bases themselves.
        let start = self.depth();
        let mut i = 0;
        while let Some(b) = tuple::get(self.heap(), bases, i) {
            let mut walk = instance::ClassWalk::new(b);
            while let Some(c) = walk.next(self.heap()) {
                // `object` comes last of all, where look-ups find it without being told.
                if c != Value::typ(TypeId::Object) {
                    self.push(c)?;
                }
            }
            self.push(Value::NONE)?;
            i += 1;
        }
        let rows = self.depth();
        for k in 0..i {
            match tuple::get(self.heap(), bases, k) {
                Some(b) if b != Value::typ(TypeId::Object) => self.push(b)?,
                _ => continue,
            };
        }
        self.push(Value::NONE)?;
        let end = self.depth();
        self.push(Value::NONE)?;
        while let Some(c) = self.next_in_order(start, end, rows) {
            self.push(c)?;
            for at in start..end {
                if self.word_at(at) == c.bits() {
                    self.set_word_at(at, 0);
                }
            }
            self.tick(200)?;
        }
        let order = self.tuple_from_stack(end, self.depth() - end)?;
        self.set_depth(start);
        Ok(order)
    }
    /// The first class at the head of a row that is in no row behind the head; else the first one that is left.
    fn next_in_order(&self, start: u32, end: u32, rows: u32) -> Option<Value> {
        let none = Value::NONE.bits();
        let is_head = |at: u32| {
            self.word_at(at) != 0
                && self.word_at(at) != none
                && (start..at).rev().take_while(|k| self.word_at(*k) != none).all(|k| self.word_at(k) == 0)
        };
        let mut first = None;
        for at in (start..end).filter(|at| is_head(*at)) {
            let w = self.word_at(at);
            first = first.or(Value::from_bits(w));
            if (start..end).all(|k| self.word_at(k) != w || is_head(k)) {
                return Value::from_bits(w);
            }
        }
        // No order pleases everyone: the rows of the bases count, from left to right, and their own order does not.
        first.filter(|_| rows > start)
    }

    /// Sets the class's flags for a member.
    pub(super) fn note_member(&mut self, c: Value, name: Value, v: Value) {
        let mut flags = self.heap().int(c, class::FLAGS);
        flags |= match name {
            n if n == q!("__getattr__") => class::HAS_GETATTR,
            n if class::DESCRIPTORS && n == q!("__setattr__") => class::HAS_SETATTR,
            n if class::DESCRIPTORS && n == q!("__delattr__") => class::HAS_DELATTR,
            n if n == q!("__del__") => class::HAS_DEL,
            _ => 0,
        };
        let descriptor = match self.heap().kind(v) {
            Kind::Property => true,
            Kind::Instance | Kind::BigInstance if class::DESCRIPTORS => {
                self.find_special_method(v, q!("__set__")).is_some()
                    || self.find_special_method(v, q!("__delete__")).is_some()
            }
            _ => false,
        };
        if descriptor {
            flags |= class::HAS_DESCRIPTORS;
        }
        self.heap_mut().set_int(c, class::FLAGS, flags);
    }

    /// `__set_name__` of the members, `__init_subclass__` of the bases, with the keywords that the class statement gives.
    pub(super) fn announce_class(&mut self, c: Value, members: Value, pairs: u32, kw: u32) -> R<()> {
        // The members as they were: what one of these methods changes does not keep another from being called.
        let mut kept = None;
        let mut cursor = 0;
        while let Some((next, k, v)) = dict::next(self.heap(), kept.unwrap_or(members), cursor) {
            cursor = next;
            if GIVES_WAY && next % 64 == 0 {
                self.push(k)?;
                self.push(v)?;
                self.tick(6000)?;
            }
            if matches!(self.heap().kind(v), Kind::Instance | Kind::BigInstance)
                && let Some((f, me)) = self.find_special_method(v, q!("__set_name__"))
            {
                if kept.is_none() {
                    let copy = self.with_heap1(dict::copy, members)?;
                    self.push(copy)?;
                    kept = Some(copy);
                    // The copy has the same entries at other places.
                    cursor = 0;
                    continue;
                }
                self.call(f, &[me, c, k])?;
            }
        }
        let told = self.walk_bases(c, |vm, b| {
            if b == c || !vm.heap().is(b, Kind::Class) {
                return None;
            }
            let members = vm.heap().slot(b, class::MEMBERS)?;
            dict::get_name(vm.heap(), members, q!("__init_subclass__"))
        });
        match told {
            Some(f) => {
                let f = match self.heap().kind(f) {
                    Kind::ClassMethod | Kind::StaticMethod => self.heap().field(f, 0),
                    _ => f,
                };
                let base = self.push(c)?.0;
                for i in 0..2 * kw {
                    let w = self.word_at(pairs + i);
                    self.push_word(w)?;
                }
                self.call_args(f, Args::new(base, 1, kw as u16))?;
                Ok(())
            }
            None if kw > 0 => {
                Err(self.raise(TypeId::TypeError, "__init_subclass__() takes no keyword arguments"))
            }
            None => Ok(()),
        }
    }

    /// `super()` without arguments is compiled with both; this is `super(type, object)`.
    pub fn new_super(&mut self, typ: Value, obj: Value) -> R {
        if !self.is_type(typ) {
            return Err(self.raise(TypeId::TypeError, "super() argument 1 must be type"));
        }
        self.with_heap(|h| {
            let s = h.alloc(Kind::Super, 2)?;
            h.set_field(s, 0, typ);
            h.set_field(s, 1, obj);
            Ok(s)
        })
    }

    /// Names of an object for `dir`: pushes them one by one.
    pub fn each_attribute(&mut self, obj: Value, f: &mut dyn FnMut(&mut Vm, Value) -> R<()>) -> R<()> {
        match self.heap().kind(obj) {
            Kind::Instance | Kind::BigInstance => {
                let mut i = 0;
                while let Some((k, _)) = instance::attribute(self.heap(), obj, i) {
                    f(self, k)?;
                    i += 1;
                }
            }
            Kind::Module => return self.each_key(self.heap().field(obj, 0), f),
            Kind::Exception => {
                if let Some(d) = self.heap().slot(obj, exc::field::ATTRS) {
                    self.each_key(d, f)?;
                }
            }
            _ => {}
        }
        if let Some(m) = self.module_def(obj) {
            f(self, q!("__name__"))?;
            for e in m.entries {
                #[cfg(feature = "machine-tables")]
                if self.is_absent(obj, e)? {
                    continue;
                }
                f(self, e.name)?;
            }
            return Ok(());
        }
        let t = if self.is_type(obj) { obj } else { self.type_of(obj) };
        self.each_class_attribute(t, f)
    }
    fn each_key(&mut self, d: Value, f: &mut dyn FnMut(&mut Vm, Value) -> R<()>) -> R<()> {
        // `f` may let others in.
        let at = self.push(d)?;
        let mut cursor = 0;
        while let Some((next, k, _)) = dict::next(self.heap(), d, cursor) {
            cursor = next;
            f(self, k)?;
        }
        self.drop_to(at);
        Ok(())
    }
    fn each_class_attribute(&mut self, t: Value, f: &mut dyn FnMut(&mut Vm, Value) -> R<()>) -> R<()> {
        let at = self.push(t)?;
        let mut walk = instance::ClassWalk::new(t);
        while let Some(c) = walk.next(self.heap()) {
            let mut built_in = c.as_type_id();
            if built_in.is_none() {
                self.each_key(self.heap().field(c, class::MEMBERS), f)?;
            }
            while let Some(id) = built_in {
                let def = self.def_of(id);
                for e in def.entries {
                    f(self, e.name)?;
                }
                built_in = self.base_of(id);
            }
        }
        self.drop_to(at);
        Ok(())
    }

    /// The generator's function, for `repr`.
    pub fn generator_function(&self, g: Value) -> Value {
        self.heap().field(g, generator::FUNCTION)
    }
}

/// `object.__init__`-like for classes with a native base: `args` are the instance, then the native type's arguments.
pub fn init_native_part(vm: &mut Vm, args: Args) -> R {
    let obj = vm.req(args, 0);
    if vm.heap().is(obj, Kind::Exception) {
        let t = vm.tuple_from_stack(args.base + 1, args.n() as u32 - 1)?;
        vm.heap_mut().set_field(obj, exc::field::ARGS, t);
        vm.heap_mut().set_int(obj, exc::field::FLAGS, 0);
        return Ok(Value::NONE);
    }
    if !matches!(vm.heap().kind(obj), Kind::Instance | Kind::BigInstance) {
        return Ok(Value::NONE);
    }
    let c = instance::class_of(vm.heap(), obj);
    let Some(id) = vm.native_base(c) else {
        if args.n() > 1 || args.kw() > 0 {
            return Err(vm.raise(TypeId::TypeError, "object.__init__() takes exactly one argument"));
        }
        return Ok(Value::NONE);
    };
    if let Some(make) = vm.def_of(id).make.as_ref() {
        let inner = Args::new(args.base + 1, args.n() - 1, args.kw());
        let part = vm.call_make(make, inner)?;
        vm.heap_mut().set_field(obj, 1, part);
    }
    Ok(Value::NONE)
}

/// `object.__new__(cls, …)`.
pub fn object_new(vm: &mut Vm, args: Args) -> R {
    let c = vm.req(args, 0);
    if !vm.is_type(c) {
        return Err(vm.raise(TypeId::TypeError, "__new__ arg must be a user-type"));
    }
    if let Some(id) = c.as_type_id() {
        if id == TypeId::Object {
            return vm.with_heap(|h| {
                let o = h.alloc(Kind::Object, 1)?;
                h.set_field(o, 0, Value::typ(TypeId::Object));
                Ok(o)
            });
        }
        #[cfg(feature = "metaclasses")]
        if id == TypeId::Type {
            return vm.new_by_metaclass(c, Args::new(args.base + 1, args.n() - 1, args.kw()));
        }
        return Err(vm.raise(TypeId::TypeError, "__new__ arg must be a user-type"));
    }
    let id = vm.native_base(c);
    #[cfg(feature = "metaclasses")]
    if id == Some(TypeId::Type) {
        return vm.new_by_metaclass(c, Args::new(args.base + 1, args.n() - 1, args.kw()));
    }
    let at = vm.push(Value::NONE)?;
    let n = if id.is_some() { args.n() as u32 - 1 } else { 0 };
    for i in 0..n {
        let w = vm.word_at(args.base + 1 + i);
        vm.push_word(w)?;
    }
    let o = vm.new_object(c, n, 0)?;
    vm.drop_to(at);
    Ok(o)
}

impl Vm {
    /// Calls a native constructor with a window of the stack.
    pub(super) fn call_make(&mut self, make: &'static NativeDef, args: Args) -> R {
        let at = self.push(Value::NONE)?;
        for i in 0..args.n() as u32 + 2 * args.kw() as u32 {
            let w = self.word_at(args.base + i);
            self.push_word(w)?;
        }
        let r = self.call_native(make, args.n() as u32, args.kw() as u32, action::PUSH);
        let v = self.get(at);
        self.drop_to(at);
        r.map(|()| v)
    }
}

/// The two entries of `object`'s table that the VM itself names.
pub const OBJECT_ENTRIES: [Entry; 2] = [
    Entry { name: q!("__init__"), value: Const::Fn(NativeDef::vm(init_native_part, 1, 255, true)) },
    Entry {
        name: q!("__new__"),
        value: Const::Fn(NativeDef::vm(object_new, 1, 255, true).bound(Bind::Static)),
    },
];
