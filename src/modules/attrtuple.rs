//! Tuples whose items have names too, such as `sys.implementation`.
//!
//! Invariant: an `Object` cell: type, tuple of names, tuple of as many values.

use crate::builtins::{print, tuple as tuples};
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::tuple;
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Access, Mode, Slot, TypeDef, UnaryOp};

const NAMES: usize = 1;
const VALUES: usize = 2;

pub static TYPE: TypeDef = TypeDef {
    print: Some(show),
    unary: Slot::Heap(unary),
    subscr: Slot::Vm(subscr),
    iter: Some(iter),
    attr: Some(attr),
    ..TypeDef::plain(TypeId::AttrTuple, q!("tuple"))
};

pub fn new(heap: &mut Heap, items: &[(Value, Value)]) -> R {
    let names = tuple::new(heap, items.len())?;
    let values = tuple::new(heap, items.len())?;
    for (i, (name, v)) in items.iter().enumerate() {
        tuple::set(heap, names, i, *name);
        tuple::set(heap, values, i, *v);
    }
    let t = heap.alloc(Kind::Object, 3)?;
    heap.set_field(t, 0, Value::typ(TypeId::AttrTuple));
    heap.set_field(t, NAMES, names);
    heap.set_field(t, VALUES, values);
    Ok(t)
}

fn unary(heap: &mut Heap, op: UnaryOp, v: Value) -> R {
    let n = tuple::len(heap, heap.field(v, VALUES));
    Ok(match op {
        UnaryOp::Len => Value::small(n as i32),
        UnaryOp::Bool => Value::bool(n > 0),
        _ => Value::NOT_IMPLEMENTED,
    })
}

fn subscr(vm: &mut Vm, v: Value, key: Value, access: Access) -> R {
    if !matches!(access, Access::Load) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let values = vm.heap().field(v, VALUES);
    vm.subscr(values, key, Access::Load)
}

fn iter(heap: &mut Heap, v: Value) -> R {
    let values = heap.field(v, VALUES);
    match tuples::TYPE.iter {
        Some(f) => f(heap, values),
        None => Ok(values),
    }
}

fn attr(vm: &mut Vm, v: Value, name: Value, access: Access) -> R {
    let heap = vm.heap();
    let (names, values) = (heap.field(v, NAMES), heap.field(v, VALUES));
    let found = (0..tuple::len(heap, names)).find(|i| tuple::get(heap, names, *i) == Some(name));
    Ok(match (access, found) {
        (Access::Load, Some(i)) => tuple::get(heap, values, i).unwrap_or(Value::STOP),
        _ => Value::STOP,
    })
}

/// `(name=value, …)`
fn show(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    let (names, values) = (vm.heap().field(v, NAMES), vm.heap().field(v, VALUES));
    vm.emit(b"(")?;
    for i in 0..tuple::len(vm.heap(), names) {
        if i > 0 {
            vm.emit(b", ")?;
        }
        let name = tuple::get(vm.heap(), names, i).unwrap_or(Value::NONE);
        print::emit_text(vm, name)?;
        vm.emit(b"=")?;
        let value = tuple::get(vm.heap(), values, i).unwrap_or(Value::NONE);
        vm.print(value, Mode::Repr)?;
    }
    vm.emit(b")")
}
