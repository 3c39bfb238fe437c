//! `object`: the base of every type.
//!
//! Invariant: the first two entries are those that the VM names itself (`vm::class`).

use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::str;
use crate::q;
use crate::vm::Vm;
use crate::vm::class::OBJECT_ENTRIES;
use crate::vm::def::{Args, Entry, NativeDef, TypeDef, vm_fn};
#[cfg(feature = "basic")]
use crate::vm::def::{Bind, Const};

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::heap(make, 0, 0, false)),
    entries: ENTRIES,
    ..TypeDef::plain(TypeId::Object, q!("object"))
};

static ENTRIES: &[Entry] = &[
    OBJECT_ENTRIES[0],
    OBJECT_ENTRIES[1],
    #[cfg(feature = "basic")]
    Entry { name: q!("__setattr__"), value: vm_fn(set_attr, 3, 3) },
    #[cfg(feature = "basic")]
    Entry { name: q!("__delattr__"), value: vm_fn(del_attr, 2, 2) },
    #[cfg(feature = "basic")]
    Entry {
        name: q!("__init_subclass__"),
        value: Const::Fn(NativeDef::heap(|_, _| Ok(Value::NONE), 1, 1, false).bound(Bind::Class)),
    },
];

fn make(heap: &mut Heap, _: &[Value]) -> R {
    let o = heap.alloc(Kind::Object, 1)?;
    heap.set_field(o, 0, Value::typ(TypeId::Object));
    Ok(o)
}

fn set_attr(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 2);
    change(vm, args, Some(v))
}

fn del_attr(vm: &mut Vm, args: Args) -> R {
    change(vm, args, None)
}

fn change(vm: &mut Vm, args: Args, v: Option<Value>) -> R {
    let obj = vm.req(args, 0);
    if !matches!(vm.heap().kind(obj), Kind::Instance | Kind::BigInstance) {
        return Err(vm.raise(TypeId::TypeError, "arg must be user-type"));
    }
    let name = vm.req(args, 1);
    if !str::is_str(vm.heap(), name) {
        return Err(vm.raise(TypeId::TypeError, "attribute name must be a string"));
    }
    let name = vm.with_heap(|h| h.intern_value(name))?;
    vm.set_arg(args, 1, name);
    vm.set_attr_plain(obj, name, v)?;
    Ok(Value::NONE)
}
