//! In the place of `pattern` where there is no `match`: the word is a name.

use super::Compiler;
use super::tree::Node;
use crate::heap::R;

impl Compiler<'_> {
    pub(super) fn starts_match(&mut self) -> R<bool> {
        Ok(false)
    }
    pub(super) fn match_head(&mut self, _line: u32) -> R<()> {
        Err(self.unexpected())
    }
    pub(super) fn close_case(&mut self) -> R<()> {
        Err(self.unexpected())
    }
    pub(super) fn pattern(&mut self, _n: Node, _fail: u32) -> R<()> {
        Ok(())
    }
}
