//! Functions: Python's, closures, built-in ones, and methods bound to an object.

use super::print::{address, emit_text};
use crate::code::object as code;
use crate::heap::{Kind, R, TypeId, Value};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Access, Args, Mode, NativeDef, TypeDef};

pub static FUNCTION: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 2, 2, false)),
    print: Some(print_function),
    ..TypeDef::plain(TypeId::Function, q!("function"))
};

pub static CLOSURE: TypeDef =
    TypeDef { print: Some(print_closure), ..TypeDef::plain(TypeId::Closure, q!("closure")) };

/// Functions with `yield` and coroutines: of a type of their own, by which programs tell them from others. What the VM
/// does with them is what it does with functions.
#[cfg(feature = "basic")]
pub static GENERATOR: TypeDef =
    TypeDef { base: Some(TypeId::Function), ..TypeDef::plain(TypeId::GeneratorFunction, q!("generator")) };

pub static NATIVE: TypeDef = TypeDef {
    print: Some(print_native),
    // A built-in function is an immediate, which calls know; this is for the firmware's.
    #[cfg(feature = "natives")]
    call: Some(|vm, f, args| {
        let call = vm.state().natives.call;
        call(vm, f, args)
    }),
    ..TypeDef::plain(TypeId::NativeFunction, q!("function"))
};

/// What classes of the firmware descend from: their instances' data.
#[cfg(feature = "natives")]
pub static NATIVE_DATA: TypeDef = TypeDef::plain(TypeId::NativeData, q!("native"));

pub static BOUND: TypeDef = TypeDef {
    print: Some(print_bound),
    attr: Some(attr_bound),
    binary: crate::vm::def::Slot::Vm(compare_bound),
    unary: crate::vm::def::Slot::Heap(hash_bound),
    ..TypeDef::plain(TypeId::BoundMethod, q!("bound_method"))
};

/// `type(f)(code, globals)`: a function of the same code with other globals.
fn make(vm: &mut Vm, args: Args) -> R {
    let (c, globals) = (vm.req(args, 0), vm.req(args, 1));
    if !vm.heap().is(c, Kind::Code) || !vm.heap().is(globals, Kind::Dict) {
        return Err(vm.raise(TypeId::TypeError, "a code object and a dict are required"));
    }
    if !code::stands_alone(vm.heap(), c) {
        return Err(vm.raise(TypeId::ValueError, "the code is a closure's"));
    }
    let own = vm.with_heap1(code::copy, c)?;
    vm.set_arg(args, 0, own);
    vm.bind_code(own, globals)?;
    vm.with_heap(|h| {
        // Code that wants defaults looks for them, so their places are there.
        let f = h.alloc(Kind::Function, 3)?;
        h.set_field(f, 0, own);
        Ok(f)
    })
}

fn print_function(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    vm.emit(b"<function ")?;
    let name = vm.function_name(v);
    emit_text(vm, name)?;
    vm.emit(b" at ")?;
    address(vm, v)?;
    vm.emit(b">")
}

fn print_closure(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    vm.emit(b"<closure ")?;
    let inner = vm.heap().field(v, 0);
    print_function(vm, inner, Mode::Repr)?;
    vm.emit(b" at ")?;
    address(vm, v)?;
    vm.emit(b">")
}

fn print_native(vm: &mut Vm, _: Value, _: Mode) -> R<()> {
    vm.emit(b"<function>")
}

fn print_bound(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    vm.emit(b"<bound_method ")?;
    address(vm, v)?;
    vm.emit(b" ")?;
    let (f, me) = (vm.heap().field(v, 0), vm.heap().field(v, 1));
    vm.print(me, Mode::Repr)?;
    vm.emit(b".")?;
    vm.print(f, Mode::Repr)?;
    vm.emit(b">")
}

/// A method has what its function has.
fn attr_bound(vm: &mut Vm, v: Value, name: Value, access: Access) -> R {
    if !matches!(access, Access::Load) {
        return Ok(Value::STOP);
    }
    let f = vm.heap().field(v, 0);
    vm.get_attr_or_stop(f, name)
}

/// Two bound methods are equal when function and object are the same ones.
fn compare_bound(vm: &mut Vm, op: crate::vm::def::BinaryOp, a: Value, b: Value) -> R {
    let heap = vm.heap();
    if op != crate::vm::def::BinaryOp::Equal
        || !heap.is(a, Kind::BoundMethod)
        || !heap.is(b, Kind::BoundMethod)
    {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    Ok(Value::bool((0..2).all(|i| heap.field(a, i) == heap.field(b, i))))
}

fn hash_bound(heap: &mut crate::heap::Heap, op: crate::vm::def::UnaryOp, v: Value) -> R {
    if op != crate::vm::def::UnaryOp::Hash {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let h = heap.field(v, 0).bits() ^ heap.field(v, 1).bits();
    Ok(Value::small((h >> 2) as i32))
}
