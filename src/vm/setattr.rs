//! Storing and deleting attributes: of instances, classes, modules, by properties and descriptors.
//!
//! Invariants
//! - `find_setter` runs no Python: it stores, or says what to call; the call is the instruction's (a frame) or the native's
//!   (a nested loop);
//! - a name is always an interned string.

use super::api::Vm;
use super::def::Access;
use super::fiber::action;
use super::state::Root;
use super::typeof_::find_entry;
use crate::heap::{Kind, R, Table, Value};
use crate::object::instance::class;
use crate::object::{dict, exc, instance};
use crate::q;

/// Names of `sys` that programs may set.
const CHANGEABLE: [Value; 5] = [q!("ps1"), q!("ps2"), q!("path"), q!("argv"), q!("tracebacklimit")];
const STREAMS: [Value; 3] = [q!("stdin"), q!("stdout"), q!("stderr")];

pub(super) enum Setter {
    Done,
    /// Function, arguments, how many of them.
    Call(Value, [Value; 3], usize),
}

impl Vm {
    /// STORE_ATTR: stack: value (empty: delete), object.
    pub(super) fn store_attr_op(&mut self, name: Value, site: usize) -> R<()> {
        let obj = self.top(0);
        let Some(v) = Value::from_bits(self.top_word(1)) else {
            return self.set_attr_on_stack(obj, name, None, 2);
        };
        if self.heap().is(obj, Kind::Instance) {
            let c = instance::class_of(self.heap(), obj);
            if self.class_flags(c) & (class::HAS_SETATTR | class::HAS_DESCRIPTORS) == 0 {
                let shape = self.heap().word(obj, 0);
                let i = self.with_heap3(instance::set, obj, name, v)?;
                if self.heap().is(obj, Kind::Instance) {
                    // A slot that was there, or the shape that the new attribute led to.
                    let now = self.heap().word(obj, 0);
                    let val = if now == shape { (i as u32) << 2 | 1 } else { now };
                    self.heap_mut().remember(site, shape, val);
                }
                self.drop_n(2);
                return Ok(());
            }
        }
        self.set_attr_on_stack(obj, name, Some(v), 2)
    }
    /// Sets (or deletes) an attribute; `drop` words of the stack go when it is done.
    fn set_attr_on_stack(&mut self, obj: Value, name: Value, v: Option<Value>, drop: u32) -> R<()> {
        match self.find_setter(obj, name, v)? {
            Setter::Done => {
                self.drop_n(drop);
                Ok(())
            }
            Setter::Call(f, args, n) => {
                self.drop_n(drop);
                self.push(f)?;
                for a in args.iter().take(n) {
                    self.push(*a)?;
                }
                self.call_on_stack(n as u32, 0, action::DISCARD)
            }
        }
    }
    /// Stores where no Python is needed, or says what to call.
    fn find_setter(&mut self, obj: Value, name: Value, v: Option<Value>) -> R<Setter> {
        let heap = self.heap();
        match heap.kind(obj) {
            Kind::Instance | Kind::BigInstance => {
                let c = instance::class_of(heap, obj);
                let flags = self.class_flags(c);
                let special = match v {
                    Some(_) if flags & class::HAS_SETATTR != 0 => self.class_lookup(c, q!("__setattr__")),
                    None if flags & class::HAS_DELATTR != 0 => self.class_lookup(c, q!("__delattr__")),
                    _ => None,
                };
                if let Some(f) = special.filter(|f| !self.is_native(*f)) {
                    return Ok(Setter::Call(
                        f,
                        [obj, name, v.unwrap_or(Value::NONE)],
                        2 + v.is_some() as usize,
                    ));
                }
                self.plain_setter(obj, c, name, v)
            }
            Kind::Exception => {
                if let Some(attr) = self.type_def(obj).attr {
                    let access = v.map_or(Access::Delete, Access::Store);
                    if attr(self, obj, name, access)? != Value::STOP {
                        return Ok(Setter::Done);
                    }
                }
                let d = match self.heap().slot(obj, exc::field::ATTRS) {
                    Some(d) => d,
                    None => {
                        let d = self.with_heap(dict::new)?;
                        self.heap_mut().set_field(obj, exc::field::ATTRS, d);
                        d
                    }
                };
                match v {
                    Some(v) => self.with_heap3(dict::set_name, d, name, v)?,
                    None if dict::del_name(self.heap_mut(), d, name) => {}
                    None => return Err(self.no_attribute(obj, name)),
                }
                Ok(Setter::Done)
            }
            Kind::Class => {
                if let Some(s) = self.metaclass_setter(obj, name, v)? {
                    return Ok(s);
                }
                self.set_class_member(obj, name, v)?;
                Ok(Setter::Done)
            }
            Kind::Module => {
                let d = heap.field(obj, 0);
                match v {
                    Some(v) => self.with_heap3(dict::set_name, d, name, v)?,
                    None if dict::del_name(self.heap_mut(), d, name) => {}
                    None => return Err(self.no_attribute(obj, name)),
                }
                Ok(Setter::Done)
            }
            _ => {
                if obj.index_in(Table::Module).is_some() {
                    return self.set_in_module(obj, name, v).map(|()| Setter::Done);
                }
                if let Some(attr) = self.type_def(obj).attr {
                    let access = v.map_or(Access::Delete, Access::Store);
                    if attr(self, obj, name, access)? != Value::STOP {
                        return Ok(Setter::Done);
                    }
                }
                Err(self.no_attribute(obj, name))
            }
        }
    }
    /// Sets or deletes a member of a class.
    pub fn set_class_member(&mut self, obj: Value, name: Value, v: Option<Value>) -> R<()> {
        let d = self.heap().field(obj, class::MEMBERS);
        match v {
            Some(v) => {
                self.grow_in_turns(d)?;
                self.with_heap3(dict::set_name, d, name, v)?;
                self.note_member(obj, name, v);
            }
            None if dict::del_name(self.heap_mut(), d, name) => {}
            None => return Err(self.no_attribute(obj, name)),
        }
        self.heap_mut().flush_caches();
        let epoch = self.state().class_epoch;
        self.state_mut().class_epoch = (epoch + 1) & 0xff_ffff;
        Ok(())
    }
    /// What a metaclass has to say of an attribute of its class that is set.
    fn metaclass_setter(&mut self, obj: Value, name: Value, v: Option<Value>) -> R<Option<Setter>> {
        let Some(meta) = self.metaclass(obj) else { return Ok(None) };
        let special = if v.is_some() { q!("__setattr__") } else { q!("__delattr__") };
        if let Some(f) = self.class_lookup(meta, special).filter(|f| !self.is_native(*f)) {
            let args = [obj, name, v.unwrap_or(Value::NONE)];
            return Ok(Some(Setter::Call(f, args, 2 + v.is_some() as usize)));
        }
        match (self.metaclass_property(obj, name), v) {
            (Some(f), Some(v)) if !f.is_none() => Ok(Some(Setter::Call(f, [obj, v, Value::NONE], 2))),
            (Some(_), Some(_)) => Err(self.no_attribute(obj, name)),
            _ => Ok(None),
        }
    }
    /// The setter (or None) of a property that the metaclass has under this name.
    pub fn metaclass_property(&self, c: Value, name: Value) -> Option<Value> {
        let p = self.class_lookup(self.metaclass(c)?, name)?;
        self.heap().is(p, Kind::Property).then(|| self.heap().slot(p, 1).unwrap_or(Value::NONE))
    }
    /// Properties and descriptors, then the instance itself.
    pub(super) fn plain_setter(&mut self, obj: Value, c: Value, name: Value, v: Option<Value>) -> R<Setter> {
        if self.class_flags(c) & class::HAS_DESCRIPTORS != 0
            && let Some(d) = self.class_lookup(c, name)
        {
            let heap = self.heap();
            match heap.kind(d) {
                Kind::Property => {
                    let f = heap.slot(d, if v.is_some() { 1 } else { 2 });
                    return match f {
                        Some(f) if !f.is_none() => Ok(Setter::Call(
                            f,
                            [obj, v.unwrap_or(Value::NONE), Value::NONE],
                            1 + v.is_some() as usize,
                        )),
                        _ => Err(self.no_attribute(obj, name)),
                    };
                }
                Kind::Instance | Kind::BigInstance if class::DESCRIPTORS => {
                    let t = instance::class_of(heap, d);
                    let which = if v.is_some() { q!("__set__") } else { q!("__delete__") };
                    if let Some(f) = self.class_lookup(t, which) {
                        return Ok(Setter::Call(
                            f,
                            [d, obj, v.unwrap_or(Value::NONE)],
                            2 + v.is_some() as usize,
                        ));
                    }
                }
                _ => {}
            }
        }
        match v {
            Some(v) => {
                self.with_heap3(instance::set, obj, name, v)?;
            }
            None => {
                if !self.with_heap2(instance::remove, obj, name)? {
                    return Err(self.no_attribute(obj, name));
                }
                self.heap_mut().flush_caches();
            }
        }
        Ok(Setter::Done)
    }
    /// Names put into a built-in module live in the VM's state.
    fn set_in_module(&mut self, m: Value, name: Value, v: Option<Value>) -> R<()> {
        let Some(def) = self.module_def(m) else { return Ok(()) };
        // Modules in flash are read-only, but for what is meant to be changed.
        let open = def.name == q!("builtins")
            || def.name == q!("sys")
                && (CHANGEABLE.contains(&name) || cfg!(feature = "extra") && STREAMS.contains(&name));
        if !open {
            return Err(self.no_attribute(m, name));
        }
        if name == q!("path") && def.name == q!("sys") {
            self.set_root(Root::SysPath, v);
            return Ok(());
        }
        let all = match self.root(Root::SysAttrs) {
            Some(d) => d,
            None => {
                let d = self.with_heap(dict::new)?;
                self.set_root(Root::SysAttrs, Some(d));
                d
            }
        };
        let d = match dict::get_name(self.heap(), all, def.name) {
            Some(d) => d,
            None => {
                let d = self.with_heap(dict::new)?;
                let at = self.push(d)?;
                self.with_heap3(dict::set_name, all, def.name, d)?;
                if m == Value::module(0) {
                    // Names that all modules see.
                    self.set_root(Root::Builtins, Some(d));
                }
                self.drop_to(at);
                d
            }
        };
        self.heap_mut().flush_caches();
        match v {
            Some(v) => self.with_heap3(dict::set_name, d, name, v),
            None if find_entry(def.entries, name).is_some() => {
                self.with_heap3(dict::set_name, d, name, Value::STOP)
            }
            None if dict::del_name(self.heap_mut(), d, name) => Ok(()),
            None => Err(self.no_attribute(m, name)),
        }
    }
    pub fn set_attr(&mut self, obj: Value, name: Value, v: Value) -> R<()> {
        self.change_attr(obj, name, Some(v))
    }
    pub fn del_attr(&mut self, obj: Value, name: Value) -> R<()> {
        self.change_attr(obj, name, None)
    }
    fn change_attr(&mut self, obj: Value, name: Value, v: Option<Value>) -> R<()> {
        match self.find_setter(obj, name, v)? {
            Setter::Done => Ok(()),
            Setter::Call(f, args, n) => self.call(f, args.get(..n).unwrap_or(&[])).map(|_| ()),
        }
    }
    /// `object.__setattr__` and `object.__delattr__`: past the class's own methods.
    pub fn set_attr_plain(&mut self, obj: Value, name: Value, v: Option<Value>) -> R<()> {
        let c = self.type_of(obj);
        if !matches!(self.heap().kind(obj), Kind::Instance | Kind::BigInstance) {
            return self.change_attr(obj, name, v);
        }
        match self.plain_setter(obj, c, name, v)? {
            Setter::Done => Ok(()),
            Setter::Call(f, args, n) => self.call(f, args.get(..n).unwrap_or(&[])).map(|_| ()),
        }
    }
}
