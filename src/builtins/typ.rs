//! `type`: what an object is, and new classes.

use super::print::emit_text;
use crate::heap::{R, TypeId, Value};
#[cfg(not(feature = "metaclasses"))]
use crate::object::{str, tuple};
use crate::q;
use crate::vm::Vm;
#[cfg(feature = "type-parameters")]
use crate::vm::def::{Access, Slot};
use crate::vm::def::{Args, Mode, NativeDef, TypeDef};
#[cfg(feature = "metaclasses")]
use crate::vm::def::{Entry, kw_fn, vm_fn};

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 1, 3, cfg!(feature = "metaclasses"))),
    print: Some(print),
    #[cfg(feature = "type-parameters")]
    subscr: Slot::Vm(subscr),
    #[cfg(feature = "metaclasses")]
    entries: &[
        Entry { name: q!("__call__"), value: kw_fn(|vm, args| vm.make_instance(args), 1, 255) },
        Entry {
            name: q!("__setattr__"),
            value: vm_fn(|vm, args| set_member(vm, args, Some(vm.req(args, 2))), 3, 3),
        },
        Entry { name: q!("__delattr__"), value: vm_fn(|vm, args| set_member(vm, args, None), 2, 2) },
        Entry { name: q!("__instancecheck__"), value: vm_fn(instance_check, 2, 2) },
        Entry { name: q!("__subclasscheck__"), value: vm_fn(subclass_check, 2, 2) },
    ],
    ..TypeDef::plain(TypeId::Type, q!("type"))
};

/// `type(object)` and `type(name, bases, members)`.
fn make(vm: &mut Vm, args: Args) -> R {
    if args.n() == 1 {
        let v = vm.req(args, 0);
        return Ok(vm.type_of(v));
    }
    #[cfg(feature = "metaclasses")]
    return vm.new_by_metaclass(Value::typ(TypeId::Type), args);
    #[cfg(not(feature = "metaclasses"))]
    plain_class(vm, args)
}

/// What is set on a class, whatever its metaclass says of setting.
#[cfg(feature = "metaclasses")]
fn set_member(vm: &mut Vm, args: Args, v: Option<Value>) -> R {
    let (c, name) = (vm.req(args, 0), vm.req(args, 1));
    if !vm.heap().is(c, crate::heap::Kind::Class) || !vm.is_str(name) {
        return Err(vm.raise(TypeId::TypeError, "a class and a name are required"));
    }
    let name = vm.intern_name(name)?;
    match (vm.metaclass_property(c, name), v) {
        (Some(f), Some(v)) => {
            vm.call(f, &[c, v])?;
        }
        _ => vm.set_class_member(c, name, v)?,
    }
    Ok(Value::NONE)
}
#[cfg(feature = "metaclasses")]
fn instance_check(vm: &mut Vm, args: Args) -> R {
    let (class, v) = (vm.req(args, 0), vm.req(args, 1));
    Ok(Value::bool(vm.is_instance(v, class)))
}
#[cfg(feature = "metaclasses")]
fn subclass_check(vm: &mut Vm, args: Args) -> R {
    let (class, t) = (vm.req(args, 0), vm.req(args, 1));
    Ok(Value::bool(vm.is_type(t) && vm.is_subclass(t, class)))
}

#[cfg(not(feature = "metaclasses"))]
fn plain_class(vm: &mut Vm, args: Args) -> R {
    let (name, bases) = (vm.req(args, 0), vm.req(args, 1));
    let members = vm.arg(args, 2).and_then(|d| vm.native_part(d, TypeId::Dict));
    let Some(members) = members else {
        return Err(vm.raise(TypeId::TypeError, "type takes 1 or 3 arguments"));
    };
    if !str::is_str(vm.heap(), name) || !tuple::is(vm.heap(), bases) {
        return Err(vm.raise(TypeId::TypeError, "type() takes a name, a tuple and a dict"));
    }
    let name = vm.intern_name(name)?;
    vm.set_arg(args, 0, name);
    vm.new_class(name, bases, members)
}

/// Built-in types that have type parameters.
#[cfg(feature = "type-parameters")]
const GENERIC: [TypeId; 6] =
    [TypeId::List, TypeId::Tuple, TypeId::Dict, TypeId::Set, TypeId::FrozenSet, TypeId::Type];

/// `C[int]`: what `__class_getitem__` says; a class with type parameters is itself whatever they are.
#[cfg(feature = "type-parameters")]
fn subscr(vm: &mut Vm, c: Value, key: Value, access: Access) -> R {
    if matches!(access, Access::Load) && c.as_type_id().is_some_and(|id| GENERIC.contains(&id)) {
        return Ok(c);
    }
    if !matches!(access, Access::Load) || !vm.heap().is(c, crate::heap::Kind::Class) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let f = vm.get_attr_or_stop(c, q!("__class_getitem__"))?;
    if f != Value::STOP {
        return vm.call(f, &[key]);
    }
    let generic = vm.class_lookup(c, q!("__type_params__")).is_some();
    Ok(if generic { c } else { Value::NOT_IMPLEMENTED })
}
fn print(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    vm.emit(b"<class '")?;
    let name = vm.name_of_type(v);
    emit_text(vm, name)?;
    vm.emit(b"'>")
}
