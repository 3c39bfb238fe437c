//! Code for what is assigned to or deleted.
//!
//! Invariants
//! - a target's code runs with the value on top of the stack and takes it off.

use super::Compiler;
use super::emit::T;
use super::ir;
use super::messages as msg;
use super::tree::{K, Node};
use crate::code::op;
use crate::heap::R;

impl Compiler<'_> {
    // ---- targets ---------------------------------------------------------------------------------------------

    pub(super) fn assign_to(&mut self, n: Node) -> R<()> {
        if let Some(name) = n.as_name() {
            return self.emit_arg(ir::STORE_ID, name);
        }
        match self.kind(n) {
            K::Atom => {
                let last = self.last_child(n);
                self.leading_trailers(n)?;
                match self.kind(last) {
                    K::Index => {
                        self.on(T::Node, self.child(last, 0))?;
                        self.bare(op::STORE_SUBSCR)
                    }
                    K::Attr => self.op(op::STORE_ATTR, self.child(last, 0).as_name().unwrap_or(0)),
                    _ => self.emit_error(msg::CANNOT_ASSIGN, self.line_of(n)),
                }
            }
            K::Bare => self.unpack(n),
            K::Paren | K::List if self.kind(self.child(n, 0)) == K::Comp => {
                self.emit_error(msg::CANNOT_ASSIGN, self.line_of(n))
            }
            K::Paren if self.arity(n) > 0 => self.unpack(n),
            K::List => self.unpack(n),
            _ => self.emit_error(msg::CANNOT_ASSIGN, self.line_of(n)),
        }
    }
    /// The base and all trailers but the last, without the shortcuts of a call.
    fn leading_trailers(&mut self, n: Node) -> R<()> {
        for i in 0..self.arity(n) - 1 {
            self.heap.worked(150);
            self.on(T::Node, self.child(n, i))?;
        }
        Ok(())
    }
    fn unpack(&mut self, n: Node) -> R<()> {
        let arity = self.arity(n);
        let mut stars = (0..arity).filter(|i| self.kind(self.child(n, *i)) == K::Star);
        match (stars.next(), stars.next()) {
            (_, Some(second)) => {
                let line = self.line_of(self.child(n, second));
                return self.emit_error(msg::TWO_STARS, line);
            }
            (Some(at), None) => self.op(op::UNPACK_EX, at as u32 | ((arity - at - 1) as u32) << 8)?,
            (None, None) => self.op(op::UNPACK_SEQUENCE, arity as u32)?,
        }
        self.kids(T::AssignKids, n, 0)
    }
    /// The two halves of an augmented assignment's left side.
    pub(super) fn augment(&mut self, n: Node, load: bool) -> R<()> {
        if let Some(name) = n.as_name() {
            return self.emit_arg(if load { ir::LOAD_ID } else { ir::STORE_ID }, name);
        }
        let last = self.last_child(n);
        let kind = if self.kind(n) == K::Atom { self.kind(last) } else { K::None };
        match (kind, load) {
            (K::Index, true) => {
                self.leading_trailers(n)?;
                self.on(T::Node, self.child(last, 0))?;
                self.bare(op::DUP_TOP_TWO)?;
                self.bare(op::LOAD_SUBSCR)
            }
            (K::Index, false) => {
                self.bare(op::ROT_THREE)?;
                self.bare(op::STORE_SUBSCR)
            }
            (K::Attr, true) => {
                self.leading_trailers(n)?;
                self.bare(op::DUP_TOP)?;
                self.op(op::LOAD_ATTR, self.child(last, 0).as_name().unwrap_or(0))
            }
            (K::Attr, false) => {
                self.bare(op::ROT_TWO)?;
                self.op(op::STORE_ATTR, self.child(last, 0).as_name().unwrap_or(0))
            }
            _ => self.emit_error(msg::CANNOT_ASSIGN, self.line_of(n)),
        }
    }
    pub(super) fn delete_target(&mut self, n: Node) -> R<()> {
        if let Some(name) = n.as_name() {
            return self.emit_arg(ir::DELETE_ID, name);
        }
        let last = self.last_child(n);
        match (self.kind(n), self.kind(last)) {
            (K::Atom, K::Index) => {
                self.leading_trailers(n)?;
                self.on(T::Node, self.child(last, 0))?;
                self.bare(op::LOAD_NULL)?;
                self.bare(op::ROT_THREE)?;
                self.bare(op::STORE_SUBSCR)
            }
            (K::Atom, K::Attr) => {
                self.leading_trailers(n)?;
                self.bare(op::LOAD_NULL)?;
                self.bare(op::ROT_TWO)?;
                self.op(op::STORE_ATTR, self.child(last, 0).as_name().unwrap_or(0))
            }
            (K::Paren, k) if k != K::Comp && self.arity(n) > 0 => self.kids(T::DeleteKids, n, 0),
            _ => self.emit_error(msg::CANNOT_DELETE, self.line_of(n)),
        }
    }
}
