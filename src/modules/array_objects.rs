//! Arrays of references, `array('O')`: a list in an array's clothes.
//!
//! Invariant: the cell says that it has no items, and has the list where others have their bytes; so what looks for an
//! array's bytes finds none.

use crate::builtins::{list as builtin, seq};
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::{list, typed_array};
use crate::vm::Vm;
use crate::vm::def::{Access, BinaryOp, Slot};

pub fn is_code(code: u8) -> bool {
    code == typed_array::OBJECTS
}

/// The list of an array of references.
pub fn list(heap: &Heap, a: Value) -> Option<Value> {
    if heap.is(a, Kind::TypedArray) && is_code(typed_array::typecode(heap, a)) {
        return typed_array::objects(heap, a);
    }
    None
}

/// A new one with the items of an iterable.
pub fn make(vm: &mut Vm, initial: Option<Value>) -> R {
    let items = match initial {
        Some(v) => seq::collect(vm, v)?,
        None => vm.with_heap(list::new)?,
    };
    let at = vm.push(items)?;
    let a = vm.with_heap(|h| typed_array::of_objects(h, items));
    vm.drop_to(at);
    a
}

pub fn extend(vm: &mut Vm, items: Value, v: Value) -> R<()> {
    let slot = vm.push(items)?;
    seq::extend(vm, slot, v)?;
    vm.drop_to(slot);
    Ok(())
}

pub fn binary(heap: &mut Heap, op: BinaryOp, a: Value, b: Value) -> R {
    if !matches!(op, BinaryOp::Add | BinaryOp::InplaceAdd) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (Some(x), Some(y)) = (list(heap, a), list(heap, b)) else {
        return Err(crate::object::exc::raise(
            heap,
            TypeId::TypeError,
            "can only append array of the same typecode",
        ));
    };
    let (n, m) = (list::len(heap, x), list::len(heap, y));
    let items = list::with_capacity(heap, n + m)?;
    let made = if op == BinaryOp::Add { typed_array::of_objects(heap, items)? } else { a };
    let (from, more) = (heap.slot(x, list::ITEMS), heap.slot(y, list::ITEMS));
    list::extend_words(heap, items, from, 0, n)?;
    list::extend_words(heap, items, more, 0, m)?;
    typed_array::set_objects(heap, made, items);
    Ok(made)
}

pub fn subscr(vm: &mut Vm, items: Value, key: Value, access: Access) -> R {
    let Slot::Vm(of_list) = builtin::TYPE.subscr else { return Ok(Value::NOT_IMPLEMENTED) };
    let access = match access {
        // Another array's items take the place of a slice.
        Access::Store(v) => Access::Store(list(vm.heap(), v).unwrap_or(v)),
        other => other,
    };
    let is_part = vm.heap().is(key, Kind::Slice) && matches!(access, Access::Load);
    let v = of_list(vm, items, key, access)?;
    if !is_part {
        return Ok(v);
    }
    let at = vm.push(v)?;
    let a = vm.with_heap(|h| typed_array::of_objects(h, v));
    vm.drop_to(at);
    a
}
