//! Compound statements with exception blocks: `try`, `with`, `async for` and `async with`.
//!
//! Invariants
//! - `try` writes its operations for handlers and for `finally` before it knows which it has, and blanks out what it lacks;
//! - the stack's depth is put right by hand (`adjust`) where an exception, a return or a jump on its way lies on it.

use super::block::{B, MARK, flag};
use super::ir;
use super::messages as msg;
use super::parse::Goal;
use super::token::Tok;
use super::tree::{K, Node};
use super::{Compiler, newer};
use crate::code::op;
use crate::heap::R;
use crate::q;

const EXCEPTION_MATCH: u8 = op::BINARY_OP_MULTI + 8;

impl Compiler<'_> {
    // ---- try -------------------------------------------------------------------------------------------------

    pub(super) fn try_head(&mut self) -> R<()> {
        let labels = self.new_labels(4);
        self.set_own(0, labels);
        self.set_own(1, self.ir.len() as u32);
        self.emit_arg(op::SETUP_FINALLY, labels)?;
        self.set_own(2, self.ir.len() as u32);
        self.emit_arg(op::SETUP_EXCEPT, labels + 1)?;
        self.set_own(3, self.ir.len() as u32);
        self.adjust(3)?;
        self.set_own(4, self.ir.len() as u32);
        self.suite(B::Try)
    }
    /// Takes back operation `i` of the three that `try` wrote.
    fn blank(&mut self, i: usize) {
        for at in self.own(1 + i)..self.own(2 + i) {
            self.ir.set(self.heap, at as usize, ir::NOP);
        }
    }
    pub(super) fn close_try(&mut self) -> R<()> {
        let labels = self.own(0);
        match self.tok() {
            Tok::Except => {
                self.blank(2);
                self.emit_arg(op::POP_EXCEPT_JUMP, labels + 2)?;
                self.emit_label(labels + 1)?;
                self.adjust(4)?;
                self.except_head()
            }
            Tok::Finally => {
                self.blank(1);
                self.adjust(-3)?;
                self.finally_head()
            }
            _ => Err(self.unexpected()),
        }
    }
    fn except_head(&mut self) -> R<()> {
        let line = self.lex.at;
        self.advance()?;
        self.statement_line = line;
        if self.options.except_lines {
            self.emit_line(line)?;
        }
        if newer::EXCEPT_STAR && self.tok() == Tok::Star {
            if self.block_kind() != B::Try {
                return Err(self.syntax_error(msg::text(msg::MIXED_HANDLERS), line));
            }
            return self.star_head(line);
        }
        let next = self.new_labels(2);
        self.set_own(5, next);
        self.set_own(6, 0);
        if self.flags(flag::BARE) {
            self.emit_error(msg::DEFAULT_EXCEPT, line)?;
        }
        if self.tok() == Tok::Colon {
            self.set_flags(flag::BARE);
            self.emit(op::POP_TOP)?;
            return self.suite(B::Except);
        }
        let mark = self.tree.len();
        let typ = self.parse(Goal::Test)?;
        self.emit(op::DUP_TOP)?;
        self.compile(typ)?;
        self.tree.truncate(mark);
        self.emit(EXCEPTION_MATCH)?;
        self.emit_arg(op::POP_JUMP_IF_FALSE, next)?;
        if self.accept(Tok::As)? {
            let name = self.name_here()?;
            self.set_own(6, name + 1);
            self.emit_arg(ir::STORE_ID, name)?;
            self.emit_arg(op::SETUP_FINALLY, next + 1)?;
        } else {
            self.emit(op::POP_TOP)?;
        }
        self.suite(B::Except)
    }
    pub(super) fn close_except(&mut self) -> R<()> {
        let (labels, next, name) = (self.own(0), self.own(5), self.own(6));
        if let Some(name) = name.checked_sub(1) {
            // The name is gone after its handler, however that ends.
            self.emit(op::LOAD_CONST_NONE)?;
            self.emit_label(next + 1)?;
            self.adjust(1)?;
            self.emit(op::LOAD_CONST_NONE)?;
            self.emit_arg(ir::STORE_ID, name)?;
            self.emit_arg(ir::DELETE_ID, name)?;
            self.adjust(-1)?;
            self.emit(op::END_FINALLY)?;
        }
        self.emit_arg(op::POP_EXCEPT_JUMP, labels + 3)?;
        self.emit_label(next)?;
        self.adjust(1)?;
        if self.tok() == Tok::Except {
            return self.except_head();
        }
        self.emit(op::END_FINALLY)?;
        self.adjust(-3)?;
        self.emit_label(labels + 2)?;
        if self.accept(Tok::Else)? {
            return self.suite(B::TryElse);
        }
        self.end_handlers()
    }
    pub(super) fn end_handlers(&mut self) -> R<()> {
        let end = self.own(0) + 3;
        self.emit_label(end)?;
        if self.tok() == Tok::Finally {
            return self.finally_head();
        }
        self.blank(0);
        self.pop_block();
        Ok(())
    }
    fn finally_head(&mut self) -> R<()> {
        self.advance()?;
        self.emit(op::LOAD_CONST_NONE)?;
        let label = self.own(0);
        self.emit_label(label)?;
        self.adjust(1)?;
        self.suite(B::Finally)
    }

    // ---- with ------------------------------------------------------------------------------------------------

    pub(super) fn with_head(&mut self, line: u32) -> R<()> {
        let is_async = self.block_kind() == B::AsyncWith;
        let at = self.lex.at;
        self.advance()?;
        let base = self.vals.len();
        loop {
            let manager = self.parse(Goal::WithItem)?;
            if self.vals.len() == base && self.tok() == Tok::Colon && self.are_items(manager) {
                for i in 0..self.arity(manager) {
                    let c = self.child(manager, i);
                    let named = self.kind(c) == K::As;
                    self.push_val(if named { self.child(c, 0) } else { c })?;
                    self.push_val(if named { self.child(c, 1) } else { Node::NULL })?;
                }
                break;
            }
            self.push_val(manager)?;
            let target = if self.accept(Tok::As)? { self.parse(Goal::Expr)? } else { Node::NULL };
            self.push_val(target)?;
            if !self.accept(Tok::Comma)? {
                break;
            }
        }
        self.emit_line(line)?;
        if is_async && !self.has_flag(op::scope::GENERATOR) {
            self.emit_error(msg::ASYNC_OUTSIDE, at)?;
        }
        let n = (self.vals.len() - base) as u32 / 2;
        let each = if is_async { 4 } else { 1 };
        let labels = self.new_labels(each * n);
        self.set_own(0, labels);
        self.set_own(1, n);
        for i in 0..n {
            let at = 2 * (n - i - 1) as usize;
            let (manager, target) = (self.peek_val(at + 1), self.peek_val(at));
            self.compile(manager)?;
            if is_async {
                self.emit(op::DUP_TOP)?;
                self.await_method(q!("__aenter__"))?;
            } else {
                self.emit_arg(op::SETUP_WITH, labels + i)?;
            }
            if target.is_null() {
                self.emit(op::POP_TOP)?;
            } else {
                self.assign(target)?;
            }
            if is_async {
                self.emit_arg(op::SETUP_FINALLY, labels + 4 * i)?;
                self.adjust(3)?;
            }
        }
        self.vals.truncate(base);
        self.tree.truncate(self.word(MARK) as usize);
        let kind = self.block_kind();
        self.suite(kind)
    }

    /// Whether what stands in parentheses is a list of items rather than one tuple.
    fn are_items(&self, n: Node) -> bool {
        newer::PARENTHESIZED_WITH
            && self.kind(n) == K::Paren
            && self.arity(n) > 0
            && (0..self.arity(n)).all(|i| !matches!(self.kind(self.child(n, i)), K::Star | K::Comp))
    }

    // ---- async -----------------------------------------------------------------------------------------------

    fn await_method(&mut self, name: crate::heap::Value) -> R<()> {
        let name = self.intern_value(name)?;
        self.emit_arg(op::LOAD_METHOD, name)?;
        self.emit_arg(op::CALL_METHOD, 0)?;
        self.await_top()
    }
    fn await_top(&mut self) -> R<()> {
        self.emit(op::GET_ITER)?;
        self.emit(op::LOAD_CONST_NONE)?;
        self.emit(op::YIELD_FROM)
    }
    fn load_global(&mut self, name: crate::heap::Value) -> R<()> {
        let name = self.intern_value(name)?;
        self.emit_arg(op::LOAD_GLOBAL, name)
    }

    pub(super) fn async_for_head(&mut self, line: u32) -> R<()> {
        let at = self.lex.at;
        let (target, items) = self.for_parts()?;
        self.emit_line(line)?;
        if !self.has_flag(op::scope::GENERATOR) {
            self.emit_error(msg::ASYNC_OUTSIDE, at)?;
        }
        let labels = self.new_labels(6);
        self.set_own(0, labels);
        self.compile(items)?;
        let aiter = self.intern_value(q!("__aiter__"))?;
        self.emit_arg(op::LOAD_METHOD, aiter)?;
        self.emit_arg(op::CALL_METHOD, 0)?;
        self.begin_loop(1, labels + 4, labels + 5, false)?;
        self.emit_label(labels + 5)?;
        self.emit_arg(op::SETUP_EXCEPT, labels + 1)?;
        self.emit(op::DUP_TOP)?;
        self.await_method(q!("__anext__"))?;
        self.assign(target)?;
        self.emit_arg(op::POP_EXCEPT_JUMP, labels + 2)?;
        self.emit_label(labels + 1)?;
        self.adjust(4)?;
        self.emit(op::DUP_TOP)?;
        self.load_global(q!("StopAsyncIteration"))?;
        self.emit(EXCEPTION_MATCH)?;
        self.emit_arg(op::POP_JUMP_IF_FALSE, labels + 3)?;
        self.emit(op::POP_TOP)?;
        self.emit_arg(op::POP_EXCEPT_JUMP, labels)?;
        self.emit_label(labels + 3)?;
        self.adjust(1)?;
        self.emit(op::END_FINALLY)?;
        self.adjust(-3)?;
        self.emit_label(labels + 2)?;
        self.tree.truncate(self.word(MARK) as usize);
        self.suite(B::AsyncFor)
    }
    pub(super) fn end_async_for(&mut self, labels: u32) -> R<()> {
        self.emit_label(labels + 4)?;
        self.emit(op::POP_TOP)?;
        self.pop_block();
        Ok(())
    }

    /// Labels: finally, exit without exception, return or jump, end.
    pub(super) fn end_async_with(&mut self, labels: u32) -> R<()> {
        let aexit = self.intern_value(q!("__aexit__"))?;
        let class = self.intern_value(q!("__class__"))?;
        self.adjust(-3)?;
        // The body ended by itself.
        self.emit(op::LOAD_CONST_NONE)?;
        self.emit(op::ROT_TWO)?;
        self.emit_arg(op::JUMP, labels + 1)?;
        // An exception, or a return or jump on its way.
        self.emit_label(labels)?;
        self.emit(op::DUP_TOP)?;
        self.load_global(q!("BaseException"))?;
        self.emit(EXCEPTION_MATCH)?;
        self.emit_arg(op::POP_JUMP_IF_FALSE, labels + 2)?;
        self.emit(op::DUP_TOP)?;
        self.emit(op::ROT_THREE)?;
        self.emit(op::ROT_TWO)?;
        self.emit_arg(op::LOAD_METHOD, aexit)?;
        self.emit(op::ROT_THREE)?;
        self.emit(op::ROT_THREE)?;
        self.emit(op::DUP_TOP)?;
        self.emit_arg(op::LOAD_ATTR, class)?;
        self.emit(op::ROT_TWO)?;
        self.emit(op::LOAD_CONST_NONE)?;
        self.emit_arg(op::CALL_METHOD, 3)?;
        self.await_top()?;
        self.emit_arg(op::POP_JUMP_IF_FALSE, labels + 3)?;
        self.emit(op::POP_TOP)?;
        self.emit(op::LOAD_CONST_NONE)?;
        self.emit_arg(op::JUMP, labels + 3)?;
        self.adjust(2)?;
        self.emit_label(labels + 2)?;
        self.emit(op::ROT_THREE)?;
        self.emit(op::ROT_THREE)?;
        self.emit_label(labels + 1)?;
        self.emit_arg(op::LOAD_METHOD, aexit)?;
        self.emit(op::LOAD_CONST_NONE)?;
        self.emit(op::DUP_TOP)?;
        self.emit(op::DUP_TOP)?;
        self.emit_arg(op::CALL_METHOD, 3)?;
        self.await_top()?;
        self.emit(op::POP_TOP)?;
        self.adjust(-1)?;
        self.emit_label(labels + 3)?;
        self.emit(op::END_FINALLY)
    }
}
