//! In the place of `generic` where there are no type parameters.

use super::Compiler;
use crate::heap::R;

impl Compiler<'_> {
    pub(super) fn type_params(&mut self) -> R<usize> {
        Ok(0)
    }
    pub(super) fn begin_generic(&mut self, _n: usize) -> R<bool> {
        Ok(false)
    }
    pub(super) fn enter_generic(&mut self, _n: usize, _line: u32) -> R<()> {
        Ok(())
    }
    pub(super) fn return_generic(&mut self, _n: usize, _class: bool) -> R<()> {
        Ok(())
    }
    pub(super) fn drop_type_params(&mut self, _n: usize) {}
    pub(super) fn end_generic(&mut self) -> R<()> {
        Ok(())
    }
    pub(super) fn is_type_alias(&mut self) -> R<bool> {
        Ok(false)
    }
    pub(super) fn type_alias(&mut self, _line: u32) -> R<()> {
        Ok(())
    }
}
