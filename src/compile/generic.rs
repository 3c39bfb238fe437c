//! Type parameters of functions, classes and `type` aliases (PEP 695).
//!
//! Invariants
//! - what has type parameters is made in a function of its own, whose locals they are; it is called once, at once;
//! - bounds and defaults of type parameters are read and dropped; the value of an alias is computed when it is asked for.

use super::block::flag;
use super::parse::Goal;
use super::scope::ScopeKind;
use super::token::Tok;
use super::tree::Node;
use super::{Compiler, ir, messages as msg};
use crate::code::op::{self, extended};
use crate::heap::R;
use crate::q;

impl Compiler<'_> {
    /// `[T, *Ts, **P]` after a name: how many; names and kinds (stars) are left on the value stack.
    pub(super) fn type_params(&mut self) -> R<usize> {
        if !self.accept(Tok::BracketOpen)? {
            return Ok(0);
        }
        let mut n = 0;
        loop {
            let stars = match self.tok() {
                Tok::Star => 1,
                Tok::StarStar => 2,
                _ => 0,
            };
            if stars > 0 {
                self.advance()?;
            }
            let name = self.name_here()?;
            for i in 0..n {
                if self.peek_val(2 * i + 1) == Node::name(name) {
                    return Err(self.syntax_error_here(msg::text(msg::ARGUMENT_REUSED)));
                }
            }
            self.push_val(Node::name(name))?;
            self.push_val(Node::small(stars))?;
            n += 1;
            let mark = self.tree.len();
            if stars == 0 && self.accept(Tok::Colon)? {
                self.parse(Goal::Test)?;
            }
            if self.accept(Tok::Assign)? {
                self.accept(Tok::Star)?;
                self.parse(Goal::Test)?;
            }
            self.tree.truncate(mark);
            if !self.accept(Tok::Comma)? || self.tok() == Tok::BracketClose {
                break;
            }
        }
        self.expect(Tok::BracketClose)?;
        Ok(n)
    }
    /// Before what has `n` type parameters is made: its call goes to the present scope, the rest to one of its own.
    /// True where code is written.
    pub(super) fn begin_generic(&mut self, n: usize) -> R<bool> {
        if n == 0 || self.muted > 0 {
            return Ok(false);
        }
        let name = self.intern_value(q!("<generic>"))?;
        let s = self.new_scope(ScopeKind::Function, Some(name))?;
        self.emit_arg(ir::SCOPE, s)?;
        self.emit_arg(ir::CLOSE, s)?;
        self.emit_arg(op::CALL_FUNCTION, 0)?;
        self.generic = s;
        Ok(true)
    }
    /// The scope of its own begins.
    pub(super) fn enter_generic(&mut self, n: usize, line: u32) -> R<()> {
        let s = self.generic;
        self.enter_scope(s)?;
        self.emit_line(line)?;
        for i in (0..n).rev() {
            let (name, stars) = (self.peek_val(2 * i + 1), self.peek_val(2 * i));
            let name = name.as_name().unwrap_or(0);
            self.emit_arg(op::LOAD_CONST_STRING, name)?;
            self.emit_small(stars.as_small().unwrap_or(0))?;
            self.emit_arg(op::EXTENDED, extended::TYPE_PARAM)?;
            self.emit_arg(ir::STORE_ID, name)?;
        }
        Ok(())
    }
    /// What was made is on the stack: a class notes its parameters; the function returns.
    pub(super) fn return_generic(&mut self, n: usize, class: bool) -> R<()> {
        if class {
            for i in (0..n).rev() {
                let name = self.peek_val(2 * i + 1).as_name().unwrap_or(0);
                self.emit_arg(ir::LOAD_ID, name)?;
            }
            self.emit_arg(op::BUILD_TUPLE, n as u32)?;
            self.emit_arg(op::EXTENDED, extended::GENERIC_CLASS)?;
        }
        self.emit(op::RETURN_VALUE)
    }
    /// The parameters are not needed any more.
    pub(super) fn drop_type_params(&mut self, n: usize) {
        let len = self.vals.len();
        self.vals.truncate(len.saturating_sub(2 * n));
    }
    /// After the body of a function or class.
    pub(super) fn end_generic(&mut self) -> R<()> {
        if self.flags(flag::GENERIC) { self.leave_scope() } else { Ok(()) }
    }

    /// `type X[T] = value`
    pub(super) fn is_type_alias(&mut self) -> R<bool> {
        if self.tok() != Tok::Name || self.lex.text.as_slice(self.heap) != b"type" {
            return Ok(false);
        }
        self.lex.goes_on_with_name(self.heap)
    }
    pub(super) fn type_alias(&mut self, line: u32) -> R<()> {
        self.advance()?;
        let name = self.name_here()?;
        let n = self.type_params()?;
        self.expect(Tok::Assign)?;
        let value = self.parse(Goal::Test)?;
        self.emit_line(line)?;
        let generic = self.begin_generic(n)?;
        if generic {
            self.emit_arg(ir::STORE_ID, name)?;
            self.enter_generic(n, line)?;
        }
        if self.muted == 0 {
            self.emit_arg(op::LOAD_CONST_STRING, name)?;
            let s = self.new_scope(ScopeKind::Lambda, None)?;
            self.emit_arg(ir::SCOPE, s)?;
            self.emit_arg(ir::CLOSE, s)?;
            self.emit_arg(op::EXTENDED, extended::TYPE_ALIAS)?;
            if generic {
                self.emit(op::RETURN_VALUE)?;
            } else {
                self.emit_arg(ir::STORE_ID, name)?;
            }
            self.enter_scope(s)?;
            self.emit_line(line)?;
            self.compile(value)?;
            self.emit(op::RETURN_VALUE)?;
            self.leave_scope()?;
        }
        if generic {
            self.leave_scope()?;
        }
        self.drop_type_params(n);
        Ok(())
    }
}
