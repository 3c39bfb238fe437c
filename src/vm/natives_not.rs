//! Without the feature `natives`: the firmware adds no functions, classes and modules.

use super::api::Vm;
use crate::heap::{R, Value};

#[inline(always)]
pub fn is_plain_base(_: Value) -> bool {
    false
}

impl Vm {
    #[inline(always)]
    pub(super) fn is_firmware_function(&self, _: Value) -> bool {
        false
    }
    #[inline(always)]
    pub(super) fn firmware_module(&mut self, _: Value) -> R<Option<Value>> {
        Ok(None)
    }
}
