//! What type a value has: tables from kinds and immediates to types.

use super::api::Vm;
#[cfg(feature = "basic")]
use super::call::flag;
use super::def::{Const, Entry, NativeDef, TypeDef};
#[cfg(feature = "basic")]
use crate::code::object as code;
use crate::heap::{Kind, Table, TypeId, Value};
use crate::object::{dict, instance};
use crate::q;

/// The type of each kind of heap object (`Object` where the object itself names it, or Python never sees the kind).
pub(super) static TYPE_OF_KIND: [TypeId; 64] = {
    let mut t = [TypeId::Object; 64];
    let table: &[(Kind, TypeId)] = &[
        (Kind::Float, TypeId::Float),
        (Kind::Int64, TypeId::Int),
        (Kind::BigInt, TypeId::Int),
        (Kind::Complex, TypeId::Complex),
        (Kind::Str, TypeId::Str),
        (Kind::Bytes, TypeId::Bytes),
        (Kind::Tuple, TypeId::Tuple),
        (Kind::List, TypeId::List),
        (Kind::Dict, TypeId::Dict),
        (Kind::OrderedDict, TypeId::OrderedDict),
        (Kind::FixedDict, TypeId::Dict),
        (Kind::Set, TypeId::Set),
        (Kind::FrozenSet, TypeId::FrozenSet),
        (Kind::Function, TypeId::Function),
        (Kind::Closure, TypeId::Closure),
        (Kind::BoundMethod, TypeId::BoundMethod),
        (Kind::Class, TypeId::Type),
        (Kind::Cell, TypeId::Cell),
        (Kind::Slice, TypeId::Slice),
        (Kind::Range, TypeId::Range),
        (Kind::Module, TypeId::Module),
        (Kind::Property, TypeId::Property),
        (Kind::StaticMethod, TypeId::StaticMethod),
        (Kind::ClassMethod, TypeId::ClassMethod),
        (Kind::Super, TypeId::Super),
        (Kind::Code, TypeId::Code),
        (Kind::Generator, TypeId::Generator),
        (Kind::Iterator, TypeId::Iterator),
        (Kind::ByteArray, TypeId::ByteArray),
        (Kind::MemoryView, TypeId::MemoryView),
        (Kind::TypedArray, TypeId::Array),
    ];
    let mut i = 0;
    while i < table.len() {
        t[table[i].0 as usize] = table[i].1;
        i += 1;
    }
    t
};

/// The types of small ints and immediates.
#[inline]
fn type_of_immediate(v: Value) -> TypeId {
    use TypeId::*;
    if v.is_small() {
        return Int;
    }
    static SPECIAL: [TypeId; 8] =
        [NoneType, Bool, Bool, EllipsisType, NotImplementedType, Object, Tuple, Object];
    static TABLES: [TypeId; 8] = [Object, Str, NativeFunction, NativeFunction, Type, Module, Object, Object];
    let table = (v.bits() >> 2 & 7) as usize;
    let found = if table == 0 { SPECIAL.get((v.bits() >> 5) as usize) } else { TABLES.get(table) };
    match found {
        Some(t) => *t,
        None => Object,
    }
}

impl Vm {
    /// The type of a value: a built-in type's immediate, or a class.
    #[inline]
    pub fn type_of(&self, v: Value) -> Value {
        if v.is_heap() {
            let heap = self.heap();
            let k = heap.kind(v);
            return match k {
                Kind::Instance | Kind::BigInstance => instance::class_of(heap, v),
                Kind::Exception | Kind::Object | Kind::Native => heap.field(v, 0),
                Kind::Class => self.metaclass(v).unwrap_or(Value::typ(TypeId::Type)),
                #[cfg(feature = "basic")]
                Kind::Function | Kind::Closure
                    if heap.word(self.function_code(v), code::W_FLAGS) & flag::GENERATOR != 0 =>
                {
                    Value::typ(TypeId::GeneratorFunction)
                }
                _ => Value::typ(*TYPE_OF_KIND.get(k as usize).unwrap_or(&TypeId::Object)),
            };
        }
        Value::typ(type_of_immediate(v))
    }
    /// The built-in type whose layout and slots `v` has.
    #[inline]
    pub fn type_id(&self, v: Value) -> TypeId {
        if !v.is_heap() {
            return type_of_immediate(v);
        }
        match TYPE_OF_KIND.get(self.heap().kind_number(v)) {
            Some(TypeId::Object) | None => self.named_type_id(v),
            Some(t) => *t,
        }
    }
    /// The same for a kind that holds its type itself.
    #[inline(never)]
    fn named_type_id(&self, v: Value) -> TypeId {
        let heap = self.heap();
        match heap.kind(v) {
            Kind::Exception => heap.field(v, 0).as_type_id().unwrap_or(TypeId::BaseException),
            Kind::Object | Kind::Native => heap.field(v, 0).as_type_id().unwrap_or(TypeId::Object),
            _ => TypeId::Object,
        }
    }
    pub fn def_of(&self, id: TypeId) -> &'static TypeDef {
        let types = self.registry().types;
        match types.get(id as usize).or(types.first()) {
            Some(d) => d,
            None => &OBJECT_ONLY,
        }
    }
    fn name_and_base(&self, id: TypeId) -> (Value, Option<TypeId>) {
        let i = (id as usize).wrapping_sub(TypeId::BaseException as usize);
        match self.registry().exceptions.get(i) {
            Some(e) => *e,
            None => {
                let def = self.def_of(id);
                (def.name, def.base)
            }
        }
    }
    pub(super) fn base_of(&self, id: TypeId) -> Option<TypeId> {
        self.name_and_base(id).1
    }
    /// The slots of `v`'s type.
    pub fn type_def(&self, v: Value) -> &'static TypeDef {
        self.def_of(self.type_id(v))
    }
    /// The name of `v`'s type, as a string value.
    pub fn type_name(&self, v: Value) -> Value {
        let t = self.type_of(v);
        self.name_of_type(t)
    }
    /// The name of a type.
    pub fn name_of_type(&self, t: Value) -> Value {
        match t.as_type_id() {
            Some(id) => self.name_and_base(id).0,
            None if self.heap().is(t, Kind::Class) => self.heap().field(t, instance::class::NAME),
            None => q!("object"),
        }
    }
    pub fn is_str(&self, v: Value) -> bool {
        v.index_in(Table::Name).is_some() || self.heap().is(v, Kind::Str)
    }
    pub fn is_type(&self, v: Value) -> bool {
        v.as_type_id().is_some() || self.heap().is(v, Kind::Class)
    }
    /// Whether `v` is a built-in function (rather than Python code).
    pub(super) fn is_native(&self, v: Value) -> bool {
        matches!(v.table(), Some(Table::TypeEntry | Table::ModuleEntry))
    }
    /// The built-in type that a class descends from, other than `object`.
    pub fn native_base(&self, class: Value) -> Option<TypeId> {
        if let Some(id) = class.as_type_id() {
            return (id != TypeId::Object).then_some(id);
        }
        self.heap().slot(class, instance::class::NATIVE_BASE)?.as_type_id()
    }
    /// `v` itself if it is of built-in type `id`, or the native part of an instance of a subclass of it.
    pub fn native_part(&self, v: Value, id: TypeId) -> Option<Value> {
        match self.heap().kind(v) {
            Kind::Instance | Kind::BigInstance => {
                let class = instance::class_of(self.heap(), v);
                let base = self.native_base(class)?;
                if !self.is_subclass(Value::typ(base), Value::typ(id)) {
                    return None;
                }
                self.heap().slot(v, 1)
            }
            _ => self.is_subclass(self.type_of(v), Value::typ(id)).then_some(v),
        }
    }
    /// The native part of an instance, if its class has one.
    pub fn native_of(&self, v: Value) -> Option<Value> {
        match self.heap().kind(v) {
            Kind::Instance | Kind::BigInstance => {
                let class = instance::class_of(self.heap(), v);
                if super::natives::is_plain_base(Value::typ(self.native_base(class)?)) {
                    return None;
                }
                self.heap().slot(v, 1)
            }
            _ => None,
        }
    }

    pub fn is_instance(&self, v: Value, typ: Value) -> bool {
        self.is_subclass(self.type_of(v), typ)
    }
    /// Whether `t` is `of` or descends from it.
    pub fn is_subclass(&self, t: Value, of: Value) -> bool {
        if t == of || of == Value::typ(TypeId::Object) {
            return true;
        }
        if let Some(mut id) = t.as_type_id() {
            if id == TypeId::Closure && of == Value::typ(TypeId::Function) {
                return true;
            }
            #[cfg(feature = "except-star")]
            if id == TypeId::ExceptionGroup && of == Value::typ(TypeId::BaseExceptionGroup) {
                return true;
            }
            while let Some(base) = self.base_of(id) {
                if Value::typ(base) == of {
                    return true;
                }
                id = base;
            }
            return false;
        }
        self.walk_bases(t, |_, c| {
            (c == of || c.as_type_id().is_some_and(|_| self.is_subclass(c, of))).then_some(Value::TRUE)
        })
        .is_some()
    }

    /// Visits a class and its bases in the order in which names are looked up, until `f` finds something.
    pub(super) fn walk_bases(&self, class: Value, f: impl Fn(&Vm, Value) -> Option<Value>) -> Option<Value> {
        let mut walk = instance::ClassWalk::new(class);
        while let Some(c) = walk.next(self.heap()) {
            if let Some(v) = f(self, c) {
                return Some(v);
            }
        }
        None
    }

    /// What `name` means in a class or a base of it, unbound.
    pub fn class_lookup(&self, class: Value, name: Value) -> Option<Value> {
        if class.as_type_id().is_some() {
            return self.builtin_lookup(class, name);
        }
        if let Some(v) = dict::get_name(self.heap(), self.heap().field(class, instance::class::MEMBERS), name)
        {
            return Some(v);
        }
        self.walk_bases(class, |vm, c| {
            if c.as_type_id().is_some() {
                vm.builtin_lookup(c, name)
            } else {
                dict::get_name(vm.heap(), vm.heap().field(c, instance::class::MEMBERS), name)
            }
        })
    }
    /// `name` in a built-in type's table or a base's: functions and constants; the value names its owner.
    pub(super) fn builtin_lookup(&self, typ: Value, name: Value) -> Option<Value> {
        let mut id = typ.as_type_id()?;
        loop {
            let def = self.def_of(id);
            if let Some(i) = find_entry(def.entries, name) {
                return match def.entries.get(i)?.value {
                    Const::Val(v) => Some(v),
                    Const::Int(n) => Some(Value::small(n)),
                    Const::Type(t) => Some(Value::typ(t)),
                    _ => Some(Value::type_entry(id, i as u32)),
                };
            }
            id = self.base_of(id)?;
        }
    }
    /// The table entry that a native's immediate names.
    /// The name of a native of a built-in type or module.
    pub fn entry_name(&self, v: Value) -> Option<Value> {
        self.entry(v).map(|e| e.name)
    }
    pub(super) fn entry(&self, v: Value) -> Option<&'static Entry> {
        let (entries, i) = match v.table()? {
            Table::TypeEntry => {
                let i = v.index_in(Table::TypeEntry)?;
                (self.registry().types.get((i >> 12) as usize)?.entries, i & 0xfff)
            }
            Table::ModuleEntry => {
                let i = v.index_in(Table::ModuleEntry)?;
                (self.registry().modules.get((i >> 12) as usize)?.entries, i & 0xfff)
            }
            _ => return None,
        };
        entries.get(i as usize)
    }
    /// The native function that an immediate names.
    #[inline]
    pub(super) fn native_def(&self, v: Value) -> Option<&'static NativeDef> {
        match &self.entry(v)?.value {
            Const::Fn(d) => Some(d),
            _ => None,
        }
    }
    /// The name of a native function.
    pub fn native_name(&self, v: Value) -> Option<Value> {
        self.entry(v).map(|e| e.name)
    }
}

pub(super) fn find_entry(entries: &[Entry], name: Value) -> Option<usize> {
    entries.iter().position(|e| e.name == name)
}

static OBJECT_ONLY: TypeDef = TypeDef::plain(TypeId::Object, q!("object"));
