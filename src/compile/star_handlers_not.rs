//! In the place of `star_handlers` where there is no `except*`.

use super::Compiler;
use crate::heap::R;

impl Compiler<'_> {
    pub(super) fn star_head(&mut self, _line: u32) -> R<()> {
        Err(self.unexpected())
    }
    pub(super) fn close_star(&mut self) -> R<()> {
        Err(self.unexpected())
    }
}
