//! In the place of `async_comp` where comprehensions do not wait.

use super::Compiler;
use super::scope::ScopeKind;
use super::tree::Node;
use crate::heap::R;

impl Compiler<'_> {
    pub(super) fn comp_may_wait(&self) -> bool {
        false
    }
    pub(super) fn comp_waits(&mut self, _n: Node) -> R<bool> {
        Ok(false)
    }
    pub(super) fn scope_waits(&self, _s: u32) -> bool {
        false
    }
    pub(super) fn async_comp(&mut self, _n: Node, _kind: ScopeKind) -> R<()> {
        Ok(())
    }
    pub(super) fn async_comp_body(&mut self, _n: Node, _s: u32) -> R<()> {
        Ok(())
    }
}
