//! Comprehensions that wait: with `async for` clauses or an `await` inside.
//!
//! Invariants
//! - such a list, set or dict comprehension is a coroutine whose caller waits for it; a generator expression is a
//!   generator, whose own `yield`s are items and whose `await`s pass through;
//! - the loop of an `async for` clause owns one slot, the asynchronous iterator; the first one's is made by the caller.

use super::emit::T;
use super::scope::{Field, ScopeKind};
use super::tree::{K, Node};
use super::{Compiler, ir, messages as msg};
use crate::code::op;
use crate::heap::{R, Value};
use crate::q;

const EXCEPTION_MATCH: u8 = op::BINARY_OP_MULTI + 8;
/// Labels of a loop: next round, end, exception, body, an exception of somebody else's.
const LABELS: u32 = 5;
/// Flag of a scope, beside those of the prelude: the comprehension waits.
const WAITS: u32 = 1 << 8;

impl Compiler<'_> {
    /// The function around the comprehensions that scope `s` is or lies in.
    fn around_comps(&self, mut s: u32) -> u32 {
        while self.kind_of_scope(s).is_comp() {
            s = self.field(s, Field::Parent);
        }
        s
    }
    /// Whether the present scope is a comprehension that may wait.
    pub(super) fn comp_may_wait(&self) -> bool {
        self.field(self.scope, Field::Flags) & WAITS != 0
    }
    pub(super) fn scope_waits(&self, s: u32) -> bool {
        self.field(s, Field::Flags) & WAITS != 0
    }
    /// Whether a comprehension waits for something; its first source is its caller's business.
    pub(super) fn comp_waits(&mut self, comp: Node) -> R<bool> {
        let from = self.work.len();
        let element = self.child(comp, 0);
        self.work.push(self.heap, element.0)?;
        for i in 1..self.arity(comp) {
            let clause = self.child(comp, i);
            if i > 1 || self.kind(clause) == K::AsyncCompFor {
                self.work.push(self.heap, clause.0)?;
            }
        }
        let mut found = false;
        while !found && self.work.len() > from {
            let n = Node(self.work.pop(self.heap).unwrap_or(0));
            match self.kind(n) {
                K::Await | K::AsyncCompFor => found = true,
                K::Lambda | K::Const | K::None => {}
                outer => {
                    for i in 0..self.arity(n) {
                        let mut c = self.child(n, i);
                        // A generator expression waits when it runs; only its first source is looked at here.
                        if self.kind(c) == K::Comp && matches!(outer, K::Paren | K::Call) {
                            c = self.child(self.child(c, 1), 1);
                        }
                        self.work.push(self.heap, c.0)?;
                    }
                }
            }
        }
        self.work.truncate(from);
        Ok(found)
    }

    fn name_op(&mut self, o: u8, name: Value) -> R<()> {
        let name = self.intern_value(name)?;
        self.op(o, name)
    }
    fn call_plain(&mut self, method: Value) -> R<()> {
        self.name_op(op::LOAD_METHOD, method)?;
        self.op(op::CALL_METHOD, 0)
    }

    /// The call of a comprehension's function, and waiting for it.
    pub(super) fn async_comp(&mut self, n: Node, kind: ScopeKind) -> R<()> {
        let generator = kind == ScopeKind::GenExpr;
        let outer = self.around_comps(self.scope);
        let waits = self.kind_of_scope(outer) == ScopeKind::Function
            && self.field(outer, Field::Flags) & op::scope::GENERATOR as u32 != 0;
        if !generator && !waits {
            return self.emit_error(msg::ASYNC_OUTSIDE, self.line_of(n));
        }
        let s = self.new_scope(kind, None)?;
        self.set_field(s, Field::Flags, WAITS | op::scope::GENERATOR as u32);
        self.op(ir::SCOPE, s)?;
        self.op(ir::CLOSE, s)?;
        let first = self.child(n, 1);
        self.on(T::Node, self.child(first, 1))?;
        if self.kind(first) == K::AsyncCompFor {
            self.call_plain(q!("__aiter__"))?;
        } else if generator {
            self.bare(op::GET_ITER)?;
        }
        self.op(op::CALL_FUNCTION, 1)?;
        if !generator {
            self.yield_from()?;
        }
        self.task(T::Comp, n.0, s)
    }

    pub(super) fn async_comp_body(&mut self, n: Node, s: u32) -> R<()> {
        let (kind, source) = self.open_comp(n, s)?;
        let clauses = 1..self.arity(n);
        let loops = clauses.clone().filter(|i| self.kind(self.child(n, *i)) != K::CompIf).count() as u32;
        let labels = self.new_labels(LABELS * loops);
        let (mut depth, mut slots) = (0, 0);
        for i in clauses.clone() {
            let c = self.child(n, i);
            let top = labels + LABELS * depth;
            if self.kind(c) == K::CompIf {
                self.cond(self.child(c, 0), false, top - LABELS)?;
                continue;
            }
            let asynchronous = self.kind(c) == K::AsyncCompFor;
            if depth > 0 {
                self.on(T::Node, self.child(c, 1))?;
                if asynchronous { self.call_plain(q!("__aiter__"))? } else { self.bare(op::GET_ITER_STACK)? }
            } else if asynchronous {
                self.op(ir::LOAD_ID, source)?;
            } else {
                self.first_source(kind, source)?;
            }
            self.op(ir::LABEL, top)?;
            if asynchronous {
                self.async_round(self.child(c, 0), top)?;
            } else {
                self.op(op::FOR_ITER, top + 1)?;
                self.on(T::Assign, self.child(c, 0))?;
            }
            slots += if asynchronous { 1 } else { op::ITER_SLOTS as u32 };
            depth += 1;
        }
        self.on(T::Node, self.child(n, 0))?;
        // Slots between the collection and the element.
        let below = slots + 1;
        self.comp_item(kind, below)?;
        for i in clauses.rev() {
            let c = self.kind(self.child(n, i));
            if c == K::CompIf {
                continue;
            }
            depth -= 1;
            let top = labels + LABELS * depth;
            self.op(op::JUMP, top)?;
            self.op(ir::LABEL, top + 1)?;
            if c == K::AsyncCompFor {
                self.bare(op::POP_TOP)?;
            } else {
                self.op(ir::ADJUST, -(op::ITER_SLOTS as i8) as u8 as u32)?;
            }
        }
        self.close_comp(kind)
    }
    /// The next item of the asynchronous iterator on top, to its target; or the end of the loop.
    fn async_round(&mut self, target: Node, top: u32) -> R<()> {
        let (end, raised, body, others) = (top + 1, top + 2, top + 3, top + 4);
        self.op(op::SETUP_EXCEPT, raised)?;
        self.bare(op::DUP_TOP)?;
        self.call_plain(q!("__anext__"))?;
        self.yield_from()?;
        self.on(T::Assign, target)?;
        self.op(op::POP_EXCEPT_JUMP, body)?;
        self.op(ir::LABEL, raised)?;
        self.op(ir::ADJUST, 4)?;
        self.bare(op::DUP_TOP)?;
        self.name_op(op::LOAD_GLOBAL, q!("StopAsyncIteration"))?;
        self.bare(EXCEPTION_MATCH)?;
        self.op(op::POP_JUMP_IF_FALSE, others)?;
        self.bare(op::POP_TOP)?;
        self.op(op::POP_EXCEPT_JUMP, end)?;
        self.op(ir::LABEL, others)?;
        self.op(ir::ADJUST, 1)?;
        self.bare(op::END_FINALLY)?;
        self.op(ir::ADJUST, -3i8 as u8 as u32)?;
        self.op(ir::LABEL, body)
    }
}
