//! Type parameters and aliases as objects.

use super::print::emit_text;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Access, Const, Entry, Mode, TypeDef};
use crate::vm::generics::field;

pub static TYPE_VAR: TypeDef = TypeDef {
    print: Some(print),
    entries: &[Entry { name: q!("__name__"), value: Const::Get(name) }],
    ..TypeDef::plain(TypeId::TypeVar, q!("TypeVar"))
};

pub static ALIAS: TypeDef = TypeDef {
    print: Some(print),
    entries: &[Entry { name: q!("__name__"), value: Const::Get(name) }],
    attr: Some(attr),
    ..TypeDef::plain(TypeId::TypeAlias, q!("TypeAliasType"))
};

fn name(heap: &mut Heap, v: Value) -> R {
    Ok(heap.field(v, field::NAME))
}
fn print(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    let stars =
        if vm.heap().field(v, 0) == Value::typ(TypeId::TypeVar) { vm.heap().int(v, field::VALUE) } else { 0 };
    for _ in 0..stars {
        vm.emit(b"*")?;
    }
    let name = vm.heap().field(v, field::NAME);
    emit_text(vm, name)
}
/// The alias's value is computed at the first look, then kept.
fn value(vm: &mut Vm, v: Value) -> R {
    let f = vm.heap().field(v, field::VALUE);
    if !matches!(vm.heap().kind(f), Kind::Function | Kind::Closure) || vm.heap().int(v, field::KNOWN) != 0 {
        return Ok(f);
    }
    let made = vm.call(f, &[])?;
    vm.heap_mut().set_field(v, field::VALUE, made);
    vm.heap_mut().set_int(v, field::KNOWN, 1);
    Ok(made)
}
fn attr(vm: &mut Vm, v: Value, name: Value, access: Access) -> R {
    if name == q!("__value__") && matches!(access, Access::Load) {
        return value(vm, v);
    }
    Ok(Value::STOP)
}
