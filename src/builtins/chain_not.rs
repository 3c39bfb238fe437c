//! A terse build: an exception's report is its traceback and message.

use crate::heap::{R, Value};
use crate::vm::Vm;
use crate::vm::def::Access;

pub fn show(vm: &mut Vm, e: Value, one: fn(&mut Vm, Value) -> R<()>) -> R<()> {
    one(vm, e)
}
pub fn show_repeated(_: &mut Vm, _: Value, _: usize) -> R<()> {
    Ok(())
}
pub fn show_source(_: &mut Vm, _: Value) -> R<()> {
    Ok(())
}
pub fn forget_source(_: &mut Vm, _: Value) {}
pub fn attr(_: &mut Vm, _: Value, _: Value, _: Access) -> R {
    Ok(Value::STOP)
}
