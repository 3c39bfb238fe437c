//! `except*`: clauses that take what they can of an exception group.
//!
//! Invariants
//! - from the first clause on, the stack holds the exception and the state that `STAR_BEGIN` makes, up to the end of the last;
//! - each clause's suite is a `try` of its own, whose exceptions are kept in the state until all clauses are done;
//! - no `break`, `continue` or `return` leaves such a suite.

use super::block::{B, flag};
use super::parse::Goal;
use super::token::Tok;
use super::{Compiler, NONE, ir, messages as msg};
use crate::code::op::{self, extended};
use crate::heap::R;

/// Where `is` stands among the operators.
const IS: u8 = op::BINARY_OP_MULTI + 7;
/// Block words: labels of the clause, its name + 1, the saved loop.
const CLAUSE: usize = 5;
const NAME: usize = 6;
const LOOP: usize = 7;

impl Compiler<'_> {
    /// After `except`, at the star.
    pub(super) fn star_head(&mut self, line: u32) -> R<()> {
        self.advance()?;
        if !self.flags(flag::STAR) {
            self.set_flags(flag::STAR);
            self.emit_arg(op::EXTENDED, extended::STAR_BEGIN)?;
        }
        // Not mine; raised in the suite; the end of the suite.
        let labels = self.new_labels(3);
        self.set_own(CLAUSE, labels);
        self.set_own(NAME, 0);
        let mark = self.tree.len();
        let typ = self.parse(Goal::Test)?;
        self.emit_line(line)?;
        self.compile(typ)?;
        self.tree.truncate(mark);
        self.emit_arg(op::EXTENDED, extended::STAR_MATCH)?;
        self.emit(op::DUP_TOP)?;
        self.emit(op::LOAD_CONST_NONE)?;
        self.emit(IS)?;
        self.emit_arg(op::POP_JUMP_IF_TRUE, labels)?;
        if self.accept(Tok::As)? {
            let name = self.name_here()?;
            self.set_own(NAME, name + 1);
            self.emit_arg(ir::STORE_ID, name)?;
        } else {
            self.emit(op::POP_TOP)?;
        }
        self.emit_arg(op::SETUP_EXCEPT, labels + 1)?;
        self.save_loop(LOOP);
        (self.break_label, self.continue_label, self.may_return) = (NONE, NONE, false);
        self.suite(B::ExceptStar)
    }
    pub(super) fn close_star(&mut self) -> R<()> {
        let (labels, clause, name) = (self.own(0), self.own(CLAUSE), self.own(NAME));
        self.restore_loop(LOOP);
        self.emit_arg(op::POP_EXCEPT_JUMP, clause + 2)?;
        self.emit_label(clause + 1)?;
        self.adjust(1)?;
        self.emit_arg(op::EXTENDED, extended::STAR_RAISED)?;
        self.emit_arg(op::POP_EXCEPT_JUMP, clause + 2)?;
        self.end_of_block()?;
        self.emit_label(clause + 2)?;
        if let Some(name) = name.checked_sub(1) {
            self.emit(op::LOAD_CONST_NONE)?;
            self.emit_arg(ir::STORE_ID, name)?;
            self.emit_arg(ir::DELETE_ID, name)?;
        }
        let next = self.new_label();
        self.emit_arg(op::JUMP, next)?;
        self.emit_label(clause)?;
        self.adjust(1)?;
        self.emit(op::POP_TOP)?;
        self.emit_label(next)?;
        if self.tok() == Tok::Except {
            let line = self.lex.at;
            self.advance()?;
            self.statement_line = line;
            if self.tok() != Tok::Star {
                return Err(self.syntax_error(msg::text(msg::MIXED_HANDLERS), line));
            }
            return self.star_head(line);
        }
        self.emit_arg(op::EXTENDED, extended::STAR_END)?;
        self.emit(op::POP_TOP)?;
        self.emit_arg(op::POP_EXCEPT_JUMP, labels + 3)?;
        self.end_of_block()?;
        self.adjust(-3)?;
        self.emit_label(labels + 2)?;
        if self.accept(Tok::Else)? {
            return self.suite(B::TryElse);
        }
        self.end_handlers()
    }
    /// In code that is never reached: one block less is open from here on.
    fn end_of_block(&mut self) -> R<()> {
        self.emit(op::END_FINALLY)?;
        self.adjust(1)
    }
}
