//! `super(type, object)` as an object; the compiler gives `super()` both arguments.

use crate::heap::{R, TypeId, Value};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, Mode, NativeDef, TypeDef};

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 2, 2, false)),
    print: Some(print),
    #[cfg(feature = "extra")]
    entries: super::object_methods::ENTRIES,
    ..TypeDef::plain(TypeId::Super, q!("super"))
};

fn make(vm: &mut Vm, args: Args) -> R {
    let (class, object) = (vm.req(args, 0), vm.req(args, 1));
    let fits = vm.is_type(class)
        && (vm.is_instance(object, class) || vm.is_type(object) && vm.is_subclass(object, class));
    if !fits {
        return Err(vm.raise(TypeId::TypeError, "super(type, object): object must be of the type"));
    }
    vm.new_super(class, object)
}

fn print(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    vm.emit(b"<super: ")?;
    let (class, object) = (vm.heap().field(v, 0), vm.heap().field(v, 1));
    vm.print(class, Mode::Repr)?;
    vm.emit(b", ")?;
    vm.print(object, Mode::Repr)?;
    vm.emit(b">")
}
