//! Modules as objects: built-in ones and those from files.

use super::print::emit_text;
use crate::heap::{Kind, R, TypeId, Value};
use crate::object::{dict, str};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Mode, TypeDef};

pub static TYPE: TypeDef = TypeDef { print: Some(print), ..TypeDef::plain(TypeId::Module, q!("module")) };

fn print(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    vm.emit(b"<module '")?;
    let name = vm.get_attr_or_stop(v, q!("__name__"))?;
    if str::is_str(vm.heap(), name) {
        emit_text(vm, name)?;
    }
    vm.emit(b"'")?;
    if vm.heap().is(v, Kind::Module) {
        let globals = vm.heap().field(v, 0);
        if let Some(file) = dict::get_name(vm.heap(), globals, q!("__file__")) {
            vm.emit(b" from '")?;
            emit_text(vm, file)?;
            vm.emit(b"'")?;
        }
    }
    vm.emit(b">")
}
