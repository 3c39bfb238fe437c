//! Attributes: where they are found, how they bind, and the instructions that load them.
//!
//! Invariants
//! - `find_attr` runs no Python: it says what was found; calling getters and `__getattr__` is the instruction's (a frame)
//!   or the native's (a nested loop);
//! - a name is always an interned string.

use super::api::Vm;
use super::call::generator;
use super::def::{Access, Bind, Const, ModuleDef};
use super::fiber::action;
use super::state::Root;
use super::typeof_::find_entry;
use crate::code::object as code;
use crate::heap::{Kind, R, Raised, Table, TypeId, Value, cache};
use crate::object::instance::class;
use crate::object::{dict, exc, exc::Part, instance};
use crate::q;

/// What a look-up found.
pub(super) enum Attr {
    Value(Value),
    /// An attribute of the instance itself, in this slot.
    Slot(Value, usize),
    /// A function of the class, to be bound to the second value.
    Method(Value, Value),
    /// To be called with the object: a property's getter.
    Getter(Value),
    /// A computed attribute of a built-in type's table.
    Computed(fn(&mut crate::heap::Heap, Value) -> R, Value),
    /// Made anew by a module at each look-up.
    Dynamic(fn(&mut Vm) -> R),
    /// To be called with (descriptor, object, class): `__get__`.
    Descriptor(Value, Value),
    /// To be called with (object, name): `__getattr__`.
    Fallback(Value),
    Missing,
}

impl Vm {
    /// Finds attribute `name` of `obj`.
    pub(super) fn find_attr(&mut self, obj: Value, name: Value) -> R<Attr> {
        let heap = self.heap();
        match heap.kind(obj) {
            Kind::Instance | Kind::BigInstance => {
                if let Some(i) = instance::find(heap, obj, name) {
                    let v = instance::get(heap, obj, i);
                    return Ok(if heap.is(obj, Kind::Instance) { Attr::Slot(v, i) } else { Attr::Value(v) });
                }
                let c = instance::class_of(heap, obj);
                self.find_in_class_of(obj, c, name)
            }
            Kind::Exception => {
                if let Some(d) = heap.slot(obj, exc::field::ATTRS)
                    && let Some(v) = dict::get_name(heap, d, name)
                {
                    return Ok(Attr::Value(v));
                }
                let t = heap.field(obj, exc::field::TYPE);
                match self.find_in_class_of(obj, t, name)? {
                    Attr::Missing => self.find_by_hook(obj, name),
                    a => Ok(a),
                }
            }
            Kind::Class => {
                if let Some(v) = self.class_lookup(obj, name) {
                    return Ok(self.bind_class_attr(obj, v));
                }
                if let Some(meta) = self.metaclass(obj) {
                    return self.find_in_class_of(obj, meta, name);
                }
                self.find_special(obj, name)
            }
            Kind::Module => {
                let d = heap.field(obj, 0);
                if let Some(v) = dict::get_name(heap, d, name) {
                    return Ok(Attr::Value(v));
                }
                if name == q!("__dict__") {
                    return Ok(Attr::Value(d));
                }
                match dict::get_name(heap, d, q!("__getattr__")) {
                    Some(f) => {
                        let v = self.call(f, &[name])?;
                        Ok(Attr::Value(v))
                    }
                    None => self.find_special(obj, name),
                }
            }
            Kind::Super => self.find_super(obj, name),
            _ => match obj.table() {
                Some(Table::Module) => self.find_in_module(obj, name),
                Some(Table::Type) => match self.builtin_lookup(obj, name) {
                    Some(v) => Ok(self.bind_class_attr(obj, v)),
                    None => self.find_special(obj, name),
                },
                _ => {
                    let t = self.type_of(obj);
                    if let Some(v) = self.builtin_lookup(t, name) {
                        return Ok(self.bind_builtin(obj, t, v));
                    }
                    match self.find_by_hook(obj, name)? {
                        Attr::Missing => self.find_special(obj, name),
                        a => Ok(a),
                    }
                }
            },
        }
    }

    /// The type's own look-up function.
    fn find_by_hook(&mut self, obj: Value, name: Value) -> R<Attr> {
        if let Some(attr) = self.type_def(obj).attr {
            let v = attr(self, obj, name, Access::Load)?;
            if v != Value::STOP {
                return Ok(Attr::Value(v));
            }
        }
        Ok(Attr::Missing)
    }

    /// `name` in the class of an instance, bound to it.
    fn find_in_class_of(&mut self, obj: Value, c: Value, name: Value) -> R<Attr> {
        if let Some(v) = self.class_lookup(c, name) {
            return Ok(self.bind(obj, c, v));
        }
        if let Some(part) = self.native_of(obj) {
            // What the native part computes itself.
            if let a @ (Attr::Value(_) | Attr::Computed(..)) = self.find_by_hook(part, name)? {
                return Ok(a);
            }
        }
        match self.find_special(obj, name)? {
            Attr::Missing => {}
            a => return Ok(a),
        }
        if self.class_flags(c) & class::HAS_GETATTR != 0
            && let Some(f) = self.class_lookup(c, q!("__getattr__"))
        {
            return Ok(Attr::Fallback(f));
        }
        Ok(Attr::Missing)
    }

    #[inline]
    /// An attribute of an instance that lies in the object itself, for an interned name: the short way of `getattr`.
    #[cfg(not(feature = "tiny"))]
    pub fn own_attr(&self, obj: Value, name: Value) -> Option<Value> {
        let heap = self.heap();
        if !self.is_instance_name(obj, name) {
            return None;
        }
        instance::find(heap, obj, name).map(|i| instance::get(heap, obj, i))
    }
    /// Sets such an attribute where no method or descriptor of the class has a say; false where one might.
    #[cfg(not(feature = "tiny"))]
    pub fn set_own_attr(&mut self, obj: Value, name: Value, v: Value) -> R<bool> {
        let special = class::HAS_SETATTR | class::HAS_DESCRIPTORS;
        if !self.is_instance_name(obj, name)
            || self.class_flags(instance::class_of(self.heap(), obj)) & special != 0
        {
            return Ok(false);
        }
        self.with_heap(|h| instance::set(h, obj, name, v))?;
        Ok(true)
    }
    #[cfg(not(feature = "tiny"))]
    #[inline]
    fn is_instance_name(&self, obj: Value, name: Value) -> bool {
        let heap = self.heap();
        matches!(heap.kind(obj), Kind::Instance | Kind::BigInstance)
            && (heap.is_interned(name) || name.index_in(Table::Name).is_some())
    }
    #[cfg_attr(not(feature = "tiny"), inline)]
    pub(super) fn class_flags(&self, c: Value) -> i32 {
        if self.heap().is(c, Kind::Class) { self.heap().int(c, class::FLAGS) } else { 0 }
    }

    /// A class attribute `v` as seen through an instance of `c`.
    pub(super) fn bind(&self, obj: Value, c: Value, v: Value) -> Attr {
        if self.is_native(v) {
            // A built-in base's method works on the native part.
            let me = match self.native_of(obj) {
                Some(part) if v.index_in(Table::TypeEntry).is_some_and(|i| !takes_any(i >> 12)) => part,
                _ => obj,
            };
            return self.bind_builtin(me, c, v);
        }
        let heap = self.heap();
        match heap.kind(v) {
            Kind::Function | Kind::Closure => Attr::Method(v, obj),
            Kind::Native if self.is_firmware_function(v) => Attr::Method(v, obj),
            Kind::Property => match heap.slot(v, 0) {
                Some(g) if !g.is_none() => Attr::Getter(g),
                _ => Attr::Missing,
            },
            Kind::StaticMethod => Attr::Value(heap.field(v, 0)),
            Kind::ClassMethod => Attr::Method(heap.field(v, 0), c),
            Kind::Instance | Kind::BigInstance if class::DESCRIPTORS => {
                let t = instance::class_of(heap, v);
                match self.class_lookup(t, q!("__get__")) {
                    Some(get) => Attr::Descriptor(get, v),
                    None => Attr::Value(v),
                }
            }
            _ => Attr::Value(v),
        }
    }
    /// An entry of a built-in type's table as seen through `obj`.
    fn bind_builtin(&self, obj: Value, typ: Value, v: Value) -> Attr {
        match self.entry(v).map(|e| &e.value) {
            Some(Const::Fn(def)) if v.index_in(Table::TypeEntry).is_some() => match def.bind() {
                Bind::Object => Attr::Method(v, obj),
                Bind::Class => Attr::Method(v, typ),
                Bind::Static => Attr::Value(v),
            },
            Some(Const::Get(f)) => Attr::Computed(*f, obj),
            Some(Const::Dyn(f)) => Attr::Dynamic(*f),
            _ => Attr::Value(v),
        }
    }
    /// A class attribute as seen through the class.
    fn bind_class_attr(&self, c: Value, v: Value) -> Attr {
        let heap = self.heap();
        match heap.kind(v) {
            Kind::StaticMethod => Attr::Value(heap.field(v, 0)),
            Kind::ClassMethod => Attr::Method(heap.field(v, 0), c),
            Kind::Instance | Kind::BigInstance if class::DESCRIPTORS => {
                let t = instance::class_of(heap, v);
                match self.class_lookup(t, q!("__get__")) {
                    Some(get) => Attr::Descriptor(get, v),
                    None => Attr::Value(v),
                }
            }
            _ => match self.entry(v).map(|e| &e.value) {
                Some(Const::Fn(def)) if def.bind() == Bind::Class => Attr::Method(v, c),
                _ => Attr::Value(v),
            },
        }
    }

    pub fn module_def(&self, m: Value) -> Option<&'static ModuleDef> {
        self.registry().modules.get(m.index_in(Table::Module)? as usize).copied()
    }
    /// What the program has put into a built-in module under this name; `Value::STOP` where it deleted it.
    pub fn overridden(&self, module: Value, name: Value) -> Option<Value> {
        let own = dict::get_name(self.heap(), self.root(Root::SysAttrs)?, module)?;
        dict::get_name(self.heap(), own, name)
    }
    fn find_in_module(&mut self, m: Value, name: Value) -> R<Attr> {
        let Some(def) = self.module_def(m) else { return Ok(Attr::Missing) };
        match self.overridden(def.name, name) {
            Some(Value::STOP) => return Ok(Attr::Missing),
            Some(v) => return Ok(Attr::Value(v)),
            None => {}
        }
        if name == q!("__name__") {
            return Ok(Attr::Value(def.name));
        }
        let Some(i) = find_entry(def.entries, name) else {
            return if name == q!("__dict__") { self.module_dict(m) } else { self.find_special(m, name) };
        };
        let found = self.module_entry(m, i)?;
        #[cfg(feature = "machine-tables")]
        if let Attr::Dynamic(f) = found {
            let v = f(self)?;
            return Ok(if v == Value::STOP { Attr::Missing } else { Attr::Value(v) });
        }
        Ok(found)
    }
    /// The names of a built-in module, as a dict of their own.
    fn module_dict(&mut self, m: Value) -> R<Attr> {
        let d = self.with_heap(dict::new)?;
        let at = self.push(d)?;
        let Some(def) = self.module_def(m) else { return Ok(Attr::Missing) };
        self.with_heap3(dict::set_name, d, q!("__name__"), def.name)?;
        for e in def.entries {
            #[cfg(feature = "machine-tables")]
            if self.is_absent(m, e)? {
                continue;
            }
            let v = self.get_attr(m, e.name)?;
            let item = self.push(v)?;
            self.with_heap3(dict::set_name, d, e.name, v)?;
            self.drop_to(item);
        }
        self.drop_to(at);
        Ok(Attr::Value(d))
    }
    /// The names of a built-in type's own table, as a dict that cannot be changed.
    #[cfg(feature = "extra")]
    fn type_dict(&mut self, id: TypeId) -> R {
        let d = self.with_heap(dict::new)?;
        let at = self.push(d)?;
        for e in self.def_of(id).entries {
            if let Some(v) = self.builtin_lookup(Value::typ(id), e.name) {
                self.with_heap3(dict::set_name, d, e.name, v)?;
            }
        }
        dict::fix(self.heap_mut(), d);
        self.drop_to(at);
        Ok(d)
    }
    /// Entry `i` of a built-in module as a value.
    pub(super) fn module_entry(&mut self, m: Value, i: usize) -> R<Attr> {
        let Some(e) = self.module_def(m).and_then(|d| d.entries.get(i)) else { return Ok(Attr::Missing) };
        Ok(match e.value {
            Const::Val(v) => Attr::Value(v),
            Const::Int(n) => Attr::Value(self.with_heap(|h| crate::object::int::from_i64(h, n as i64))?),
            #[cfg(any(feature = "float-single", feature = "float-double"))]
            Const::Float(&x) => {
                Attr::Value(self.with_heap(|h| crate::object::float::new(h, x as crate::base::float::Float))?)
            }
            Const::Type(t) => Attr::Value(Value::typ(t)),
            Const::Dyn(f) => Attr::Dynamic(f),
            _ => Attr::Value(Value::module_entry(m.index_in(Table::Module).unwrap_or(0), i as u32)),
        })
    }

    /// Attributes that every object of a kind has.
    fn find_special(&mut self, obj: Value, name: Value) -> R<Attr> {
        if name == q!("__class__") {
            return Ok(Attr::Value(self.type_of(obj)));
        }
        let heap = self.heap();
        let v = match heap.kind(obj) {
            Kind::Class if name == q!("__name__") || name == q!("__qualname__") => {
                Some(heap.field(obj, class::NAME))
            }
            Kind::Class if name == q!("__bases__") => match heap.field(obj, class::BASES) {
                Value::EMPTY_TUPLE => {
                    Some(self.with_heap1(crate::object::tuple::from_slice, &[Value::typ(TypeId::Object)])?)
                }
                bases => Some(bases),
            },
            Kind::Class if name == q!("__dict__") => {
                let d = heap.field(obj, class::MEMBERS);
                let copy = self.with_heap1(dict::copy, d)?;
                dict::fix(self.heap_mut(), copy);
                Some(copy)
            }
            Kind::Instance | Kind::BigInstance if name == q!("__dict__") => Some(self.instance_dict(obj)?),
            Kind::Function | Kind::Closure if name == q!("__name__") || name == q!("__qualname__") => {
                Some(self.function_name(obj))
            }
            #[cfg(feature = "annotations")]
            Kind::Function | Kind::Closure if name == q!("__annotations__") => {
                Some(self.annotations_of(obj)?)
            }
            Kind::Function | Kind::Closure if name == q!("__globals__") => {
                let c = self.function_code(obj);
                Some(self.code_globals(c).unwrap_or(Value::NONE))
            }
            #[cfg(feature = "extra")]
            Kind::Function | Kind::Closure if name == q!("__module__") => {
                let globals = self.code_globals(self.function_code(obj));
                globals.and_then(|d| dict::get_name(self.heap(), d, q!("__name__")))
            }
            Kind::Function | Kind::Closure if name == q!("__code__") => Some(self.function_code(obj)),
            Kind::Generator if name == q!("__name__") => {
                let f = heap.field(obj, generator::FUNCTION);
                Some(self.function_name(f))
            }
            Kind::Free => {
                match obj.as_type_id() {
                    Some(_) if name == q!("__name__") || name == q!("__qualname__") => {
                        Some(self.name_of_type(obj))
                    }
                    Some(id) if name == q!("__bases__") => match self.base_of(id) {
                        Some(b) => Some(self.with_heap1(crate::object::tuple::from_slice, &[Value::typ(b)])?),
                        None if id == TypeId::Object => Some(Value::EMPTY_TUPLE),
                        None => Some(self.with_heap(|h| {
                            crate::object::tuple::from_slice(h, &[Value::typ(TypeId::Object)])
                        })?),
                    },
                    #[cfg(feature = "extra")]
                    Some(id) if name == q!("__dict__") => Some(self.type_dict(id)?),
                    _ if name == q!("__name__") => self.native_name(obj),
                    _ => None,
                }
            }
            _ => None,
        };
        if let Some(v) = v {
            return Ok(Attr::Value(v));
        }
        // What a built-in type does through its slots, as a method.
        if self.is_type(obj) {
            if let a @ Attr::Value(_) = self.object_method(obj, name) {
                return Ok(a);
            }
        } else if let Some(f) = self.slot_function(obj, name) {
            return Ok(Attr::Method(f, obj));
        }
        // `object`'s own methods.
        match self.builtin_lookup(Value::typ(TypeId::Object), name) {
            Some(v) if self.is_type(obj) => Ok(Attr::Value(v)),
            Some(v) => Ok(self.bind_builtin(obj, Value::typ(TypeId::Object), v)),
            None => Ok(self.object_method(obj, name)),
        }
    }

    /// What every object can be asked by name, though the VM does it without.
    #[cfg(feature = "extra")]
    fn object_method(&self, obj: Value, name: Value) -> Attr {
        match find_entry(self.def_of(TypeId::Super).entries, name) {
            None => Attr::Missing,
            Some(i) => {
                let f = Value::type_entry(TypeId::Super, i as u32);
                if self.is_type(obj) { Attr::Value(f) } else { Attr::Method(f, obj) }
            }
        }
    }
    #[cfg(not(feature = "extra"))]
    fn object_method(&self, _: Value, _: Value) -> Attr {
        Attr::Missing
    }

    /// The built-in function behind a special method of a built-in type.
    fn slot_function(&mut self, obj: Value, name: Value) -> Option<Value> {
        use super::def::Slot;
        let def = self.type_def(self.native_of(obj).unwrap_or(obj));
        let function = match name {
            n if n == q!("__next__") && !matches!(def.next, Slot::None) => q!("next"),
            n if n == q!("__iter__") && def.iter.is_some() => q!("iter"),
            n if n == q!("__len__") && !matches!(def.unary, Slot::None) && def.iter.is_some() => q!("len"),
            n if n == q!("__repr__") && def.print.is_some() => q!("repr"),
            n if n == q!("__hash__") && !self.is_type(obj) => q!("hash"),
            _ => return None,
        };
        let i = find_entry(self.registry().modules.first()?.entries, function)?;
        Some(Value::module_entry(0, i as u32))
    }

    /// A new dict of an instance's attributes.
    pub fn instance_dict(&mut self, obj: Value) -> R {
        self.with_heap(|h| {
            let d = dict::new(h)?;
            let mut i = 0;
            while let Some((k, v)) = instance::attribute(h, obj, i) {
                dict::set_name(h, d, k, v)?;
                i += 1;
            }
            Ok(d)
        })
    }
    pub fn function_code(&self, f: Value) -> Value {
        let heap = self.heap();
        match heap.kind(f) {
            Kind::Closure => heap.field(heap.field(f, 0), 0),
            _ => heap.field(f, 0),
        }
    }
    pub fn function_name(&self, f: Value) -> Value {
        code::name(self.heap(), self.function_code(f))
    }

    // ---- super -----------------------------------------------------------------------------------------------

    /// `name` in the bases of a class, bound to `obj`.
    fn find_super(&mut self, s: Value, name: Value) -> R<Attr> {
        let (c, obj) = (self.heap().field(s, 0), self.heap().field(s, 1));
        self.find_super_attr(c, obj, name)
    }
    pub(super) fn find_super_attr(&mut self, c: Value, obj: Value, name: Value) -> R<Attr> {
        // What comes behind `c` in the order of the object's class: of the object, where it is a class itself.
        let behind = core::cell::Cell::new(false);
        let mut found = None;
        for own in [obj, self.type_of(obj), c] {
            if behind.get() || !self.is_type(own) {
                continue;
            }
            found = self.walk_bases(own, |vm, b| {
                if !behind.get() {
                    behind.set(b == c);
                    None
                } else if b.as_type_id().is_some() {
                    vm.builtin_lookup(b, name)
                } else {
                    dict::get_name(vm.heap(), vm.heap().field(b, class::MEMBERS), name)
                }
            });
        }
        if let Some(v) = found {
            if self.is_type(obj) && self.is_subclass(obj, c) {
                return Ok(self.bind_class_attr(obj, v));
            }
            let t = self.type_of(obj);
            return Ok(self.bind(obj, t, v));
        }
        if self.native_base(c).is_some() {
            if name == q!("__init__") {
                return Ok(Attr::Method(super::class::NATIVE_INIT, obj));
            }
            if let a @ Attr::Method(..) = self.object_method(obj, name) {
                return Ok(a);
            }
            if let Some(part) = self.native_of(obj) {
                match self.find_attr(part, name)? {
                    Attr::Missing => {}
                    a => return Ok(a),
                }
            }
        }
        match self.builtin_lookup(Value::typ(TypeId::Object), name) {
            Some(v) => Ok(self.bind_builtin(obj, Value::typ(TypeId::Object), v)),
            None => Ok(self.object_method(obj, name)),
        }
    }

    // ---- instructions ----------------------------------------------------------------------------------------

    /// LOAD_ATTR: the object on top is replaced by its attribute.
    pub(super) fn load_attr_op(&mut self, name: Value, site: usize) -> R<()> {
        let obj = self.top(0);
        match self.find_attr(obj, name)? {
            Attr::Slot(v, i) => {
                let shape = self.heap().word(obj, 0);
                self.heap_mut().remember(site, shape, i as u32);
                self.set_top(0, v);
                Ok(())
            }
            a => self.finish_load(a, obj, name, action::PUSH),
        }
    }

    /// Leaves the attribute in the place of the object on top (or enters the frame that computes it).
    fn finish_load(&mut self, a: Attr, obj: Value, name: Value, act: u32) -> R<()> {
        let v = match a {
            Attr::Value(v) | Attr::Slot(v, _) => v,
            Attr::Method(f, me) => self.with_heap(|h| {
                let b = h.alloc(Kind::BoundMethod, 2)?;
                h.set_field(b, 0, f);
                h.set_field(b, 1, me);
                Ok(b)
            })?,
            Attr::Computed(f, me) => self.with_heap1(f, me)?,
            Attr::Dynamic(f) => f(self)?,
            Attr::Getter(_) | Attr::Descriptor(..) => {
                #[cfg(feature = "extra")]
                if let Some(hook) = self.getattr_hook(obj) {
                    return self.compute_or_fall_back(a, hook, obj, name, act);
                }
                return self.compute(a, obj, act);
            }
            Attr::Fallback(f) => {
                self.set_top(0, f);
                self.push(obj)?;
                self.push(name)?;
                return self.call_on_stack(2, 0, act);
            }
            Attr::Missing => return Err(self.no_attribute(obj, name)),
        };
        self.complete(act, v)
    }

    /// Enters the frame of a getter or of `__get__`.
    fn compute(&mut self, a: Attr, obj: Value, act: u32) -> R<()> {
        let obj = self.asked_through(obj);
        match a {
            Attr::Getter(g) => {
                self.set_top(0, g);
                self.push(obj)?;
                self.call_on_stack(1, 0, act)
            }
            Attr::Descriptor(get, d) => {
                let (me, t) = if self.is_type(obj) { (Value::NONE, obj) } else { (obj, self.type_of(obj)) };
                self.set_top(0, get);
                self.push(d)?;
                self.push(me)?;
                self.push(t)?;
                self.call_on_stack(3, 0, act)
            }
            _ => Ok(()),
        }
    }

    /// The `__getattr__` of an instance's class.
    #[cfg(feature = "extra")]
    fn getattr_hook(&self, obj: Value) -> Option<Value> {
        if !matches!(self.heap().kind(obj), Kind::Instance | Kind::BigInstance) {
            return None;
        }
        let c = instance::class_of(self.heap(), obj);
        match self.class_flags(c) & class::HAS_GETATTR {
            0 => None,
            _ => self.class_lookup(c, q!("__getattr__")),
        }
    }

    /// Computes the attribute in a loop of its own: where that raises `AttributeError`, `__getattr__` has the last word.
    #[cfg(feature = "extra")]
    #[cold]
    #[inline(never)]
    fn compute_or_fall_back(&mut self, a: Attr, hook: Value, obj: Value, name: Value, act: u32) -> R<()> {
        let computed = self.nested(|vm| {
            vm.push(obj)?;
            vm.compute(a, obj, action::PUSH)
        });
        match computed {
            Err(Raised) if self.raised_is(TypeId::AttributeError) => {
                self.heap_mut().raised = None;
                self.finish_load(Attr::Fallback(hook), obj, name, act)
            }
            v => {
                let v = v?;
                self.complete(act, v)
            }
        }
    }

    /// Whose attribute a getter computes: that of the object behind `super()`.
    fn asked_through(&self, obj: Value) -> Value {
        if self.heap().is(obj, Kind::Super) { self.heap().field(obj, 1) } else { obj }
    }

    #[cold]
    pub(super) fn no_attribute(&mut self, obj: Value, name: Value) -> Raised {
        let parts = if self.is_type(obj) {
            let n = self.name_of_type(obj);
            [
                Part::S("type object '"),
                Part::V(n),
                Part::S("' has no attribute '"),
                Part::V(name),
                Part::S("'"),
            ]
        } else {
            let n = self.type_name(obj);
            [Part::S("'"), Part::V(n), Part::S("' object has no attribute '"), Part::V(name), Part::S("'")]
        };
        self.raise_parts(TypeId::AttributeError, &parts)
    }

    /// LOAD_METHOD: the object on top is replaced by a function and its self (or an empty word).
    pub(super) fn load_method_op(&mut self, name: Value, site: usize) -> R<()> {
        let obj = self.top(0);
        match self.find_attr(obj, name)? {
            Attr::Method(f, me) => {
                if me == obj {
                    let tag = self.method_tag(obj);
                    if tag != 0 {
                        self.heap_mut().remember(site, tag, f.bits());
                    }
                }
                self.set_top(0, f);
                self.push(me)?;
                Ok(())
            }
            Attr::Value(v) => {
                if obj.index_in(Table::Module).is_some() && self.root(Root::SysAttrs).is_none() {
                    self.heap_mut().remember(site, obj.bits(), v.bits());
                }
                self.set_top(0, v);
                self.push_word(0)
            }
            a => self.finish_load(a, obj, name, action::METHOD),
        }
    }
    /// What a method cache compares: the shape of an instance, or a mark of the kind.
    fn method_tag(&self, obj: Value) -> u32 {
        if obj.is_heap() {
            match self.heap().kind(obj) {
                Kind::Instance | Kind::BigInstance => self.heap().word(obj, 0),
                Kind::Class
                | Kind::Module
                | Kind::Super
                | Kind::Exception
                | Kind::Object
                | Kind::Native
                | Kind::Free => 0,
                k => cache::kind_tag(k as u32),
            }
        } else if obj.index_in(Table::Name).is_some() {
            cache::kind_tag(Kind::Str as u32)
        } else {
            0
        }
    }

    /// LOAD_SUPER_METHOD: stack: super (the type), class, object.
    pub(super) fn load_super_method_op(&mut self, name: Value) -> R<()> {
        let (c, obj) = (self.top(1), self.top(0));
        if !self.is_type(c) {
            return Err(self.raise(TypeId::TypeError, "super() argument 1 must be type"));
        }
        let a = self.find_super_attr(c, obj, name)?;
        self.drop_n(2);
        match a {
            Attr::Method(f, me) => {
                self.set_top(0, f);
                self.push(me)?;
                Ok(())
            }
            Attr::Missing => Err(self.not_in_super(name)),
            a => self.finish_load(a, obj, name, action::METHOD),
        }
    }
    #[cold]
    #[inline(never)]
    fn not_in_super(&mut self, name: Value) -> Raised {
        let parts = [Part::S("'super' object has no attribute '"), Part::V(name), Part::S("'")];
        self.raise_parts(TypeId::AttributeError, &parts)
    }

    // ---- for natives -----------------------------------------------------------------------------------------

    /// The attribute, or `Value::STOP` where there is none (`AttributeError` from a getter counts as none).
    pub fn get_attr_or_stop(&mut self, obj: Value, name: Value) -> R {
        let a = match self.find_attr(obj, name) {
            Err(Raised) if self.raised_is(TypeId::AttributeError) => {
                self.heap_mut().raised = None;
                return Ok(Value::STOP);
            }
            a => a?,
        };
        match a {
            Attr::Missing => return Ok(Value::STOP),
            Attr::Value(v) | Attr::Slot(v, _) => return Ok(v),
            _ => {}
        }
        match self.load_found(a, obj, name) {
            Err(Raised) if self.raised_is(TypeId::AttributeError) => {
                self.heap_mut().raised = None;
                Ok(Value::STOP)
            }
            r => r,
        }
    }
    pub fn get_attr(&mut self, obj: Value, name: Value) -> R {
        match self.find_attr(obj, name)? {
            Attr::Missing => Err(self.no_attribute(obj, name)),
            a => self.load_found(a, obj, name),
        }
    }
    fn load_found(&mut self, a: Attr, obj: Value, name: Value) -> R {
        match a {
            Attr::Value(v) | Attr::Slot(v, _) => Ok(v),
            Attr::Getter(_) | Attr::Descriptor(..) | Attr::Fallback(_) => self.nested(|vm| {
                vm.push(obj)?;
                vm.finish_load(a, obj, name, action::PUSH)
            }),
            a => {
                let at = self.push(obj)?;
                let r = self.finish_load(a, obj, name, action::PUSH);
                let v = self.get(at);
                self.drop_to(at);
                r.map(|()| v)
            }
        }
    }

    /// A special method found in the type, bound; `Value::STOP` where there is none.
    pub fn lookup_special(&mut self, obj: Value, name: Value) -> R {
        match self.find_special_method(obj, name) {
            Some((f, me)) => self.with_heap(|h| {
                let b = h.alloc(Kind::BoundMethod, 2)?;
                h.set_field(b, 0, f);
                h.set_field(b, 1, me);
                Ok(b)
            }),
            None => Ok(Value::STOP),
        }
    }
    /// A special method of a user class: the function and what it is bound to.
    pub(super) fn find_special_method(&self, obj: Value, name: Value) -> Option<(Value, Value)> {
        let heap = self.heap();
        let c = match heap.kind(obj) {
            Kind::Instance | Kind::BigInstance => instance::class_of(heap, obj),
            Kind::Exception => heap.field(obj, exc::field::TYPE),
            Kind::Class => self.metaclass(obj)?,
            _ => return None,
        };
        if c.as_type_id().is_some() {
            return None;
        }
        let f = self.class_lookup(c, name)?;
        if self.is_native(f) {
            let owner = f.index_in(Table::TypeEntry)? >> 12;
            if owner == TypeId::Object as u32 {
                return None;
            }
            if takes_any(owner) {
                return Some((f, obj));
            }
            return self.native_of(obj).map(|part| (f, part));
        }
        Some((f, obj))
    }
}

/// Whether a type's natives take any object, its built-in part or not: `object`'s, and those that stand in `super`'s table.
fn takes_any(owner: u32) -> bool {
    owner == TypeId::Object as u32 || cfg!(feature = "extra") && owner == TypeId::Super as u32
}
