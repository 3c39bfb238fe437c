//! Comprehensions: each is a function of its own, called with the iterator of its first `for`.

use super::emit::T;
use super::ir;
use super::scope::{Field, ScopeKind};
use super::tree::{K, Node};
use super::{Compiler, newer};
use crate::code::op;
use crate::heap::R;
use crate::q;

impl Compiler<'_> {
    /// The call of a comprehension's function.
    pub fn comp(&mut self, n: Node, kind: ScopeKind) -> R<()> {
        if newer::ASYNC_GENERATORS && self.comp_waits(n)? {
            return self.async_comp(n, kind);
        }
        let s = self.new_scope(kind, None)?;
        self.set_field(s, Field::Line, self.line_of(n));
        self.op(ir::SCOPE, s)?;
        self.op(ir::CLOSE, s)?;
        self.on(T::Node, self.child(self.child(n, 1), 1))?;
        if kind == ScopeKind::GenExpr {
            self.bare(op::GET_ITER)?;
        }
        self.op(op::CALL_FUNCTION, 1)?;
        self.task(T::Comp, n.0, s)
    }
    pub fn comp_body(&mut self, n: Node, s: u32) -> R<()> {
        if newer::ASYNC_GENERATORS && self.scope_waits(s) {
            return self.async_comp_body(n, s);
        }
        let (kind, source) = self.open_comp(n, s)?;
        self.first_source(kind, source)?;
        let clauses = 1..self.arity(n);
        let loops = clauses.clone().filter(|i| self.kind(self.child(n, *i)) == K::CompFor).count() as u32;
        let labels = self.new_labels(2 * loops);
        let mut depth = 0;
        for i in clauses {
            let c = self.child(n, i);
            if self.kind(c) == K::CompIf {
                self.cond(self.child(c, 0), false, labels + 2 * (depth - 1))?;
                continue;
            }
            if depth > 0 {
                self.on(T::Node, self.child(c, 1))?;
                self.bare(op::GET_ITER_STACK)?;
            }
            let top = labels + 2 * depth;
            self.op(ir::LABEL, top)?;
            self.op(op::FOR_ITER, top + 1)?;
            self.on(T::Assign, self.child(c, 0))?;
            depth += 1;
        }
        self.on(T::Node, self.child(n, 0))?;
        // Slots between the collection and the element: four of each loop.
        let below = 4 * depth + 1;
        self.comp_item(kind, below)?;
        for d in (0..depth).rev() {
            self.op(op::JUMP, labels + 2 * d)?;
            self.op(ir::LABEL, labels + 2 * d + 1)?;
            self.op(ir::ADJUST, -4i8 as u8 as u32)?;
        }
        self.close_comp(kind)
    }

    // ---- what all comprehensions have ------------------------------------------------------------------------

    /// Enters the scope of a comprehension and makes its collection; its sort, and the name of its parameter.
    pub fn open_comp(&mut self, n: Node, s: u32) -> R<(ScopeKind, u32)> {
        self.enter_scope(s)?;
        let kind = self.scope_kind();
        let source = self.intern_value(q!(""))?;
        self.emit_param(source, 0, 0)?;
        let line = self.line_of(n);
        self.emit_line(line)?;
        match kind {
            ScopeKind::ListComp => self.op(op::BUILD_LIST, 0)?,
            ScopeKind::DictComp => self.op(op::BUILD_MAP, 0)?,
            ScopeKind::SetComp => self.op(op::BUILD_SET, 0)?,
            _ => {}
        }
        Ok((kind, source))
    }
    /// The parameter, an iterable or for a generator expression its iterator, as the words of the first loop.
    pub fn first_source(&mut self, kind: ScopeKind, source: u32) -> R<()> {
        if kind != ScopeKind::GenExpr {
            self.op(ir::LOAD_ID, source)?;
            return self.bare(op::GET_ITER_STACK);
        }
        self.bare(op::LOAD_NULL)?;
        self.op(ir::LOAD_ID, source)?;
        self.bare(op::LOAD_NULL)?;
        self.bare(op::LOAD_NULL)
    }
    /// The item on top goes to the collection, which lies `below` slots under it, or is yielded.
    pub fn comp_item(&mut self, kind: ScopeKind, below: u32) -> R<()> {
        match kind {
            ScopeKind::ListComp => self.op(op::STORE_COMP, below << 2),
            ScopeKind::DictComp => self.op(op::STORE_COMP, (below + 1) << 2 | 1),
            ScopeKind::SetComp => self.op(op::STORE_COMP, below << 2 | 2),
            _ => {
                self.bare(op::YIELD_VALUE)?;
                self.bare(op::POP_TOP)
            }
        }
    }
    /// The collection is the result; a generator expression has none.
    pub fn close_comp(&mut self, kind: ScopeKind) -> R<()> {
        if kind == ScopeKind::GenExpr {
            self.bare(op::LOAD_CONST_NONE)?;
        }
        self.bare(op::RETURN_VALUE)?;
        self.task(T::Leave, 0, 0)
    }
}
