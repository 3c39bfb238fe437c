//! A build without asynchronous generators: no step of one is ever waited for.

use super::api::Vm;
use crate::heap::{R, Value};

impl Vm {
    pub(super) fn enter_step(&mut self, _: Value, _: Value) -> R<bool> {
        Ok(false)
    }
    pub(super) fn step_yielded(&mut self, _: Value, _: Value) -> R<bool> {
        Ok(true)
    }
    pub(super) fn step_ended(&mut self) -> R<()> {
        Ok(())
    }
    pub(super) fn step_failed(&mut self) -> bool {
        false
    }
    pub(super) fn generator_of_step(&self, _: Value) -> Option<Value> {
        None
    }
    pub(super) fn step_thrown(&mut self, _: Value, _: Value, r: R<Option<Value>>) -> R<Option<Value>> {
        r
    }
    pub(super) fn step_closed(&mut self, _: Value) {}
}
