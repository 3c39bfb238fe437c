//! `property`, `staticmethod` and `classmethod`: wrappers that a class's look-up takes apart.

use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::q;
use crate::vm::Vm;
use crate::vm::args::{ArgKind, ArgSpec, parse};
use crate::vm::def::{Args, Entry, NativeDef, TypeDef, heap_fn};

pub static PROPERTY: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make_property, 0, 255, true)),
    entries: &[
        Entry { name: q!("getter"), value: heap_fn(getter, 2, 2) },
        Entry { name: q!("setter"), value: heap_fn(setter, 2, 2) },
        Entry { name: q!("deleter"), value: heap_fn(deleter, 2, 2) },
    ],
    ..TypeDef::plain(TypeId::Property, q!("property"))
};

pub static STATIC_METHOD: TypeDef = TypeDef {
    make: Some(NativeDef::heap(make_static, 1, 1, false)),
    ..TypeDef::plain(TypeId::StaticMethod, q!("staticmethod"))
};

pub static CLASS_METHOD: TypeDef = TypeDef {
    make: Some(NativeDef::heap(make_class, 1, 1, false)),
    ..TypeDef::plain(TypeId::ClassMethod, q!("classmethod"))
};

static SPEC: [ArgSpec; 4] = [
    ArgSpec { name: q!("fget"), kind: ArgKind::Optional },
    ArgSpec { name: q!("fset"), kind: ArgKind::Optional },
    ArgSpec { name: q!("fdel"), kind: ArgKind::Optional },
    ArgSpec { name: q!("doc"), kind: ArgKind::Optional },
];

fn make_property(vm: &mut Vm, args: Args) -> R {
    // The documentation has no place to go: no object keeps one.
    let mut given = [None; 4];
    parse(vm, args, &SPEC, &mut given)?;
    let [get, set, del, _] = given;
    vm.with_heap1(build, [get, set, del])
}

fn build(heap: &mut Heap, functions: [Option<Value>; 3]) -> R {
    let p = heap.alloc(Kind::Property, 3)?;
    for (i, f) in functions.into_iter().enumerate() {
        heap.set_slot(p, i, f.filter(|f| !f.is_none()));
    }
    Ok(p)
}

/// A copy of a property with one of its functions replaced.
fn with(heap: &mut Heap, args: &[Value], which: usize) -> R {
    let [me, f] = *args else { return Ok(Value::NONE) };
    let mut functions = [heap.slot(me, 0), heap.slot(me, 1), heap.slot(me, 2)];
    if let Some(place) = functions.get_mut(which) {
        *place = Some(f);
    }
    build(heap, functions)
}

fn getter(heap: &mut Heap, args: &[Value]) -> R {
    with(heap, args, 0)
}

fn setter(heap: &mut Heap, args: &[Value]) -> R {
    with(heap, args, 1)
}

fn deleter(heap: &mut Heap, args: &[Value]) -> R {
    with(heap, args, 2)
}

fn wrap(heap: &mut Heap, kind: Kind, args: &[Value]) -> R {
    let w = heap.alloc(kind, 1)?;
    heap.set_slot(w, 0, args.first().copied());
    Ok(w)
}

fn make_static(heap: &mut Heap, args: &[Value]) -> R {
    wrap(heap, Kind::StaticMethod, args)
}

fn make_class(heap: &mut Heap, args: &[Value]) -> R {
    wrap(heap, Kind::ClassMethod, args)
}
