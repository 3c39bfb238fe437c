//! `None`, `Ellipsis` and `NotImplemented`.

use crate::heap::{R, TypeId, Value};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::*;

pub static NONE: TypeDef = TypeDef { print: Some(print), ..TypeDef::plain(TypeId::NoneType, q!("NoneType")) };
pub static ELLIPSIS: TypeDef =
    TypeDef { print: Some(print), ..TypeDef::plain(TypeId::EllipsisType, q!("ellipsis")) };
pub static NOT_IMPLEMENTED: TypeDef =
    TypeDef { print: Some(print), ..TypeDef::plain(TypeId::NotImplementedType, q!("NotImplementedType")) };

fn print(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    vm.emit(match v {
        Value::ELLIPSIS => b"Ellipsis",
        Value::NOT_IMPLEMENTED => b"NotImplemented",
        _ => b"None",
    })
}
