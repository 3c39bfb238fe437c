//! `type`: what an object is, and new classes.

use super::print::emit_text;
use crate::heap::{R, TypeId, Value};
use crate::object::{str, tuple};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, Mode, NativeDef, TypeDef};

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 1, 3, false)),
    print: Some(print),
    ..TypeDef::plain(TypeId::Type, q!("type"))
};

/// `type(object)` and `type(name, bases, members)`.
fn make(vm: &mut Vm, args: Args) -> R {
    if args.n == 1 {
        let v = vm.req(args, 0);
        return Ok(vm.type_of(v));
    }
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

fn print(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    vm.emit(b"<class '")?;
    let name = vm.name_of_type(v);
    emit_text(vm, name)?;
    vm.emit(b"'>")
}
