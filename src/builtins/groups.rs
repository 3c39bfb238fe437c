//! `BaseExceptionGroup` and `ExceptionGroup`.
//!
//! Invariants
//! - a group's arguments are its message and the sequence it was made of.

use super::exceptions::exception;
use super::print::emit_text;
use super::seq;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::exc::{self, Part, field};
use crate::object::{list, str, tuple};
use crate::q;
use crate::vm::def::*;
use crate::vm::{GroupPart, Vm};

static ENTRIES: [Entry; 5] = [
    Entry { name: q!("message"), value: Const::Get(message) },
    Entry { name: q!("exceptions"), value: Const::Get(exceptions) },
    Entry { name: q!("derive"), value: vm_fn(derive, 2, 2) },
    Entry { name: q!("split"), value: vm_fn(split, 2, 2) },
    Entry { name: q!("subgroup"), value: vm_fn(subgroup, 2, 2) },
];

pub static BASE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(|vm, args| make(vm, args, false), 2, 2, false)),
    entries: &ENTRIES,
    ..exception(TypeId::BaseExceptionGroup, q!("BaseExceptionGroup"), Some(TypeId::BaseException))
};
/// Its other base is `BaseExceptionGroup`: `Vm::is_subclass` knows.
pub static GROUP: TypeDef = TypeDef {
    make: Some(NativeDef::vm(|vm, args| make(vm, args, true), 2, 2, false)),
    entries: &ENTRIES,
    ..exception(TypeId::ExceptionGroup, q!("ExceptionGroup"), Some(TypeId::Exception))
};

fn message(heap: &mut Heap, e: Value) -> R {
    Ok(tuple::get(heap, heap.field(e, field::ARGS), 0).unwrap_or(Value::NONE))
}
fn exceptions(heap: &mut Heap, e: Value) -> R {
    let items = tuple::get(heap, heap.field(e, field::ARGS), 1).unwrap_or(Value::EMPTY_TUPLE);
    if !heap.is(items, Kind::List) {
        return Ok(items);
    }
    let n = list::len(heap, items);
    let t = tuple::new(heap, n)?;
    for i in 0..n {
        let v = list::get(heap, items, i).unwrap_or(Value::NONE);
        tuple::set(heap, t, i, v);
    }
    Ok(t)
}

fn make(vm: &mut Vm, args: Args, plain: bool) -> R {
    let (message, items) = (vm.req(args, 0), vm.req(args, 1));
    if !str::is_str(vm.heap(), message) {
        return Err(vm.raise(TypeId::TypeError, "argument 1 must be str"));
    }
    if !vm.heap().is(items, Kind::List) && !tuple::is(vm.heap(), items) {
        return Err(vm.raise(TypeId::TypeError, "second argument (exceptions) must be a sequence"));
    }
    let n = seq::len(vm, items);
    if n == 0 {
        return Err(vm.raise(TypeId::ValueError, "second argument (exceptions) must be a non-empty sequence"));
    }
    for i in 0..n {
        let e = seq::item(vm, items, i).unwrap_or(Value::NONE);
        if !vm.heap().is(e, Kind::Exception) {
            let parts = [
                Part::S("Item "),
                Part::I(i as i64),
                Part::S(" of second argument (exceptions) is not an exception"),
            ];
            return Err(vm.raise_parts(TypeId::ValueError, &parts));
        }
        if plain && !vm.exception_is(e, TypeId::Exception) {
            return Err(vm.raise(TypeId::TypeError, "Cannot nest BaseExceptions in an ExceptionGroup"));
        }
        vm.tick(10)?;
    }
    if plain {
        return vm.with_heap(|h| {
            let t = tuple::from_slice(h, &[message, items])?;
            exc::new(h, Value::typ(TypeId::ExceptionGroup), t)
        });
    }
    vm.new_group(message, items)
}

/// A group of the same message with other exceptions.
fn derive(vm: &mut Vm, args: Args) -> R {
    let e = vm.req(args, 0);
    let text = message(vm.heap_mut(), e)?;
    vm.call(Value::typ(TypeId::BaseExceptionGroup), &[text, vm.req(args, 1)])
}

/// What `split` and `subgroup` go by: a type, a tuple of types, or a function.
fn part(vm: &mut Vm, args: Args) -> R<GroupPart> {
    let by = vm.req(args, 1);
    let is_type = |vm: &Vm, t| vm.is_type(t) && vm.is_subclass(t, Value::typ(TypeId::BaseException));
    let types = tuple::is(vm.heap(), by)
        && (0..seq::len(vm, by)).all(|i| seq::item(vm, by, i).is_some_and(|t| is_type(vm, t)));
    if is_type(vm, by) || types {
        return Ok(GroupPart::Type(by));
    }
    if vm.is_type(by) || tuple::is(vm.heap(), by) {
        return Err(
            vm.raise(TypeId::TypeError, "expected a function, exception type or tuple of exception types")
        );
    }
    Ok(GroupPart::Test(by))
}
fn split(vm: &mut Vm, args: Args) -> R {
    let by = part(vm, args)?;
    let at = vm.push(Value::NONE)?;
    vm.split_group(vm.req(args, 0), by)?;
    let parts = [vm.get(crate::vm::Slot(at.0 + 1)), vm.get(crate::vm::Slot(at.0 + 2))];
    let t = vm.with_heap(|h| tuple::from_slice(h, &parts))?;
    vm.drop_to(at);
    Ok(t)
}
fn subgroup(vm: &mut Vm, args: Args) -> R {
    let by = part(vm, args)?;
    let at = vm.push(Value::NONE)?;
    vm.split_group(vm.req(args, 0), by)?;
    let wanted = vm.get(crate::vm::Slot(at.0 + 1));
    vm.drop_to(at);
    Ok(wanted)
}

/// `message (2 sub-exceptions)`
pub fn print_message(vm: &mut Vm, e: Value) -> R<()> {
    let text = message(vm.heap_mut(), e)?;
    vm.print(text, Mode::Str)?;
    let mut n = 0;
    while vm.group_item(e, n).is_some() {
        n += 1;
    }
    vm.emit(b" (")?;
    super::int::print_int(vm, n as i64)?;
    vm.emit(if n == 1 { b" sub-exception)" } else { b" sub-exceptions)" })
}

/// Under the report of a group: a line for each exception in it, indented by how deep it lies.
pub fn show_items(vm: &mut Vm, e: Value) -> R<()> {
    use crate::vm::Slot;
    if !vm.is_group(e) {
        return Ok(());
    }
    let base = vm.push(e)?;
    vm.push(Value::small(0))?;
    let mut open = base;
    loop {
        let (group, i) = (vm.get(open), vm.get(Slot(open.0 + 1)).as_small().unwrap_or(0));
        vm.tick(40)?;
        let Some(e) = vm.group_item(group, i as usize) else {
            vm.drop_to(open);
            if open == base {
                return Ok(());
            }
            open = Slot(open.0 - 2);
            continue;
        };
        vm.set(Slot(open.0 + 1), Value::small(i + 1));
        for _ in 0..=(open.0 - base.0).min(40) / 2 {
            vm.emit(b"  | ")?;
        }
        let name = vm.type_name(e);
        emit_text(vm, name)?;
        vm.emit(b": ")?;
        vm.print(e, Mode::Str)?;
        vm.emit(b"\n")?;
        if vm.is_group(e) {
            open = vm.push(e)?;
            vm.push(Value::small(0))?;
        }
    }
}
