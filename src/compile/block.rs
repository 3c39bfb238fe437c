//! Compound statements, as a stack of open blocks.
//!
//! Invariants
//! - a block is a record of `WORDS` words: kind, flags, first line, mark in the tree, then eleven words of its kind's own;
//! - code before a suite is written when its head is read, code after it when the suite closes;
//! - a suite that can never run is read with `muted` counted up.

use super::ir;
use super::messages as msg;
use super::parse::{Goal, Items};
use super::scope::ScopeKind;
use super::token::Tok;
use super::tree::{K, Node};
use super::{Compiler, NONE, newer};
use crate::code::op;
use crate::heap::R;
use crate::q;

const WORDS: usize = 15;
const FLAGS: usize = 1;
const FIRST_LINE: usize = 2;
pub(super) const MARK: usize = 3;
/// The first word of the block's own.
const OWN: usize = 4;

super::numbered! {
    B {
        /// Label of the end, label of the next clause.
        If
        /// Label to set at the end.
        Else
        /// First of the labels (break, continue, top), condition, saved loop (2).
        While
        /// First of the labels (break, continue, exhausted), saved loop.
        For
        /// First of the labels (break, continue, top, entry, end), end value, step, saved loop.
        Range
        RangeElse
        /// First of the labels (else, exception, body, not mine, break, continue), saved loop.
        AsyncFor
        AsyncForElse
        /// First of the labels (finally, handlers, no exception, end), places of three operations in the code.
        Try
        /// As `Try`, then labels of the next handler and of the clean-up, and name + 1.
        Except
        /// As `Try`, then labels of the clause, name + 1, saved loop.
        ExceptStar
        TryElse
        Finally
        /// First of the labels, number of items.
        With
        AsyncWith
        /// Of a `match`: label of the end, label of the next case.
        Case
        /// Saved loop.
        Def
        Class
    }
}

/// Flags of a block.
pub(super) mod flag {
    /// The suite is indented.
    pub const SUITE: u32 = 1;
    /// The suite's first statement was read.
    pub const STARTED: u32 = 2;
    /// The suite can never run.
    pub const MUTED: u32 = 4;
    /// `if`: all later clauses can never run.
    pub const DECIDED: u32 = 8;
    /// `if`: this clause always runs.
    pub const ALWAYS: u32 = 16;
    /// `if`: this is the first clause.
    pub const FIRST: u32 = 32;
    /// `while True`
    pub const FOREVER: u32 = 64;
    /// `range` with an end that is computed.
    pub const END_ON_STACK: u32 = 128;
    /// `except:` without a type.
    pub const BARE: u32 = 256;
    /// The handlers are `except*`.
    #[cfg(feature = "except-star")]
    pub const STAR: u32 = 1024;
    /// It has type parameters, and a scope for them.
    pub const GENERIC: u32 = 2048;
    /// A `def` or `class` in code that never runs has no scope.
    pub const NO_SCOPE: u32 = 512;
}

/// Where `op::BINARY_OP_MULTI` has what blocks need.
const LESS: u8 = op::BINARY_OP_MULTI;
const MORE: u8 = op::BINARY_OP_MULTI + 1;
const INPLACE_ADD: u8 = op::BINARY_OP_MULTI + 14;

impl Compiler<'_> {
    // ---- records ---------------------------------------------------------------------------------------------

    pub fn in_block(&self) -> bool {
        !self.blocks.is_empty()
    }
    pub(super) fn word(&self, i: usize) -> u32 {
        self.blocks.len().checked_sub(WORDS - i).and_then(|at| self.blocks.get(self.heap, at)).unwrap_or(0)
    }
    pub(super) fn set_word(&mut self, i: usize, w: u32) {
        if let Some(at) = self.blocks.len().checked_sub(WORDS - i) {
            self.blocks.set(self.heap, at, w);
        }
    }
    pub(super) fn own(&self, i: usize) -> u32 {
        self.word(OWN + i)
    }
    pub(super) fn set_own(&mut self, i: usize, w: u32) {
        self.set_word(OWN + i, w);
    }
    pub(super) fn flags(&self, f: u32) -> bool {
        self.word(FLAGS) & f != 0
    }
    pub(super) fn set_flags(&mut self, f: u32) {
        let w = self.word(FLAGS) | f;
        self.set_word(FLAGS, w);
    }
    fn push_block(&mut self, kind: B, mark: usize) -> R<()> {
        self.blocks.extend(self.heap, &[kind as u32, 0, 0, mark as u32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    }
    pub(super) fn pop_block(&mut self) {
        let mark = self.word(MARK) as usize;
        self.blocks.truncate(self.blocks.len().saturating_sub(WORDS));
        self.tree.truncate(mark);
    }
    pub(super) fn block_kind(&self) -> B {
        B::from_u32(self.word(0)).unwrap_or(B::Else)
    }

    // ---- suites ----------------------------------------------------------------------------------------------

    /// From the colon on: the suite of the top block, as its next kind.
    pub(super) fn suite(&mut self, kind: B) -> R<()> {
        self.set_word(0, kind as u32);
        let w = self.word(FLAGS) & !(flag::SUITE | flag::STARTED);
        self.set_word(FLAGS, w);
        self.expect(Tok::Colon)?;
        if self.accept(Tok::Newline)? {
            self.expect(Tok::Indent)?;
            self.set_flags(flag::SUITE);
        }
        Ok(())
    }
    /// As `suite`, of one that never runs.
    fn muted_suite(&mut self, kind: B, muted: bool) -> R<()> {
        if muted {
            self.set_flags(flag::MUTED);
            self.muted += 1;
        }
        self.suite(kind)
    }

    /// The next piece of the innermost block: a statement, or its end.
    pub fn step_block(&mut self) -> R<()> {
        self.check_lost()?;
        if !self.flags(flag::SUITE) {
            self.statement_line = self.lex.at;
            self.simple_line()?;
            return self.close_block();
        }
        if self.accept(Tok::Dedent)? {
            return self.close_block();
        }
        if self.flags(flag::STARTED) {
            let line = self.word(FIRST_LINE);
            self.emit_line(line)?;
        } else {
            self.set_word(FIRST_LINE, self.lex.at);
            self.set_flags(flag::STARTED);
        }
        self.statement()
    }

    #[inline(never)]
    fn close_block(&mut self) -> R<()> {
        let was_muted = self.flags(flag::MUTED);
        if was_muted {
            self.muted -= 1;
            let w = self.word(FLAGS) & !flag::MUTED;
            self.set_word(FLAGS, w);
        }
        let a = self.own(0);
        match self.block_kind() {
            B::If => self.close_if(was_muted),
            B::Else => {
                if self.flags(flag::DECIDED) {
                    self.muted -= 1;
                }
                self.emit_label(a)?;
                self.pop_block();
                Ok(())
            }
            B::While => self.close_while(was_muted),
            B::For => self.close_for(),
            B::Range => self.close_range(),
            B::RangeElse => {
                let end = a + 4;
                self.emit_arg(op::JUMP, end)?;
                let on_stack = self.flags(flag::END_ON_STACK);
                self.adjust(1 + on_stack as i8)?;
                self.end_range(a, on_stack)?;
                self.emit_label(end)?;
                self.pop_block();
                Ok(())
            }
            B::AsyncFor => {
                self.emit_arg(op::JUMP, a + 5)?;
                self.restore_loop(1);
                self.emit_label(a)?;
                if self.accept(Tok::Else)? {
                    return self.suite(B::AsyncForElse);
                }
                self.end_async_for(a)
            }
            B::AsyncForElse => self.end_async_for(a),
            B::Try => self.close_try(),
            B::Except => self.close_except(),
            B::ExceptStar => self.close_star(),
            B::TryElse => self.end_handlers(),
            B::Finally => {
                self.adjust(-1)?;
                self.emit(op::END_FINALLY)?;
                self.pop_block();
                Ok(())
            }
            B::With => {
                for i in (0..self.own(1)).rev() {
                    self.emit(op::LOAD_CONST_NONE)?;
                    self.emit_label(a + i)?;
                    self.emit(op::WITH_CLEANUP)?;
                    self.adjust(-4)?;
                    self.emit(op::END_FINALLY)?;
                }
                self.pop_block();
                Ok(())
            }
            B::AsyncWith => {
                for i in (0..self.own(1)).rev() {
                    self.end_async_with(a + 4 * i)?;
                }
                self.pop_block();
                Ok(())
            }
            B::Case => self.close_case(),
            B::Def => {
                if !self.flags(flag::NO_SCOPE) {
                    self.emit(op::LOAD_CONST_NONE)?;
                    self.emit(op::RETURN_VALUE)?;
                    self.leave_scope()?;
                    self.end_generic()?;
                }
                self.restore_loop(0);
                self.pop_block();
                Ok(())
            }
            B::Class => {
                if !self.flags(flag::NO_SCOPE) {
                    self.emit(ir::CLASS_END)?;
                    self.emit(op::RETURN_VALUE)?;
                    self.leave_scope()?;
                    self.end_generic()?;
                }
                self.restore_loop(0);
                self.pop_block();
                Ok(())
            }
        }
    }

    // ---- loops' targets --------------------------------------------------------------------------------------

    /// Makes these the targets of `break` and `continue`; the old ones go to the block's words from `at` on.
    pub(super) fn begin_loop(
        &mut self,
        at: usize,
        break_label: u32,
        continue_label: u32,
        from_for: bool,
    ) -> R<()> {
        self.save_loop(at);
        self.emit_two(ir::LOOP, break_label, continue_label)?;
        (self.break_label, self.continue_label, self.break_from_for) =
            (break_label, continue_label, from_for);
        Ok(())
    }
    pub(super) fn save_loop(&mut self, at: usize) {
        self.set_own(at, self.break_label);
        self.set_own(at + 1, self.continue_label);
        self.set_own(at + 2, self.break_from_for as u32 | (self.may_return as u32) << 1);
    }
    pub(super) fn restore_loop(&mut self, at: usize) {
        self.break_label = self.own(at);
        self.continue_label = self.own(at + 1);
        self.break_from_for = self.own(at + 2) & 1 != 0;
        self.may_return = self.own(at + 2) & 2 != 0;
    }

    // ---- heads -----------------------------------------------------------------------------------------------

    /// A compound statement's head, if one starts here. `mark` is where its tree starts.
    #[inline(never)]
    pub fn compound(&mut self, mark: usize) -> R<bool> {
        let line = self.lex.at;
        match self.tok() {
            Tok::If => {
                self.advance()?;
                self.push_block(B::If, mark)?;
                let condition = self.parse(Goal::Named)?;
                self.emit_line(line)?;
                let end = self.new_label();
                self.set_own(0, end);
                self.set_flags(flag::FIRST);
                self.if_clause(condition)?;
            }
            Tok::While => self.while_head(mark, line)?,
            Tok::For => {
                self.push_block(B::For, mark)?;
                self.for_head(line)?;
            }
            Tok::Try => {
                self.advance()?;
                self.emit_line(line)?;
                self.push_block(B::Try, mark)?;
                self.try_head()?;
            }
            Tok::With => {
                self.push_block(B::With, mark)?;
                self.with_head(line)?;
            }
            Tok::Def => self.function_head(mark, line, 0, false)?,
            Tok::Class => self.class_head(mark, line, 0)?,
            Tok::At => self.decorated(mark, line)?,
            Tok::Async => {
                self.advance()?;
                match self.tok() {
                    Tok::Def => self.function_head(mark, line, 0, true)?,
                    Tok::For => {
                        self.push_block(B::AsyncFor, mark)?;
                        self.async_for_head(line)?;
                    }
                    Tok::With => {
                        self.push_block(B::AsyncWith, mark)?;
                        self.with_head(line)?;
                    }
                    _ => return Err(self.unexpected()),
                }
            }
            Tok::Name if newer::MATCH && self.starts_match()? => {
                self.push_block(B::Case, mark)?;
                self.match_head(line)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    // ---- if --------------------------------------------------------------------------------------------------

    fn if_clause(&mut self, condition: Node) -> R<()> {
        let truth = self.truth_of(condition);
        let mark = self.word(MARK) as usize;
        if truth == Some(false) {
            self.tree.truncate(mark);
            return self.muted_suite(B::If, true);
        }
        let fail = self.new_label();
        self.set_own(1, fail);
        self.jump_cond(condition, false, fail)?;
        if truth == Some(true) && !self.flags(flag::DECIDED) {
            self.set_flags(flag::ALWAYS);
        }
        self.tree.truncate(mark);
        self.suite(B::If)
    }
    fn close_if(&mut self, was_muted: bool) -> R<()> {
        let more = matches!(self.tok(), Tok::Elif | Tok::Else);
        let (end, fail) = (self.own(0), self.own(1));
        if self.flags(flag::ALWAYS) {
            let w = self.word(FLAGS) & !flag::ALWAYS | flag::DECIDED;
            self.set_word(FLAGS, w);
            self.muted += 1;
        } else if !was_muted {
            if more || !self.flags(flag::FIRST) {
                self.emit_arg(op::JUMP, end)?;
            }
            self.emit_label(fail)?;
        }
        let w = self.word(FLAGS) & !flag::FIRST;
        self.set_word(FLAGS, w);
        if self.accept(Tok::Elif)? {
            let condition = self.parse(Goal::Named)?;
            return self.if_clause(condition);
        }
        if self.accept(Tok::Else)? {
            return self.suite(B::Else);
        }
        if self.flags(flag::DECIDED) {
            self.muted -= 1;
        }
        self.emit_label(end)?;
        self.pop_block();
        Ok(())
    }

    // ---- while -----------------------------------------------------------------------------------------------

    fn while_head(&mut self, mark: usize, line: u32) -> R<()> {
        self.advance()?;
        self.push_block(B::While, mark)?;
        let condition = self.parse(Goal::Named)?;
        self.emit_line(line)?;
        let labels = self.new_labels(3);
        self.set_own(0, labels);
        self.set_own(1, condition.0);
        let truth = self.truth_of(condition);
        self.begin_loop(2, labels, labels + 1, false)?;
        if truth == Some(false) {
            return self.muted_suite(B::While, true);
        }
        if truth == Some(true) {
            self.set_flags(flag::FOREVER);
        } else {
            self.emit_arg(op::JUMP, labels + 1)?;
        }
        self.emit_label(labels + 2)?;
        self.suite(B::While)
    }
    fn close_while(&mut self, never: bool) -> R<()> {
        let labels = self.own(0);
        if !never {
            self.emit_label(labels + 1)?;
            let condition = Node(self.own(1));
            self.jump_cond(condition, true, labels + 2)?;
        }
        self.restore_loop(2);
        self.loop_else(labels)
    }
    /// The `else` of a loop, whose `break` goes to its end.
    fn loop_else(&mut self, break_label: u32) -> R<()> {
        let w = self.word(FLAGS) & !flag::DECIDED;
        self.set_word(FLAGS, w);
        self.set_own(0, break_label);
        if self.accept(Tok::Else)? {
            return self.suite(B::Else);
        }
        self.emit_label(break_label)?;
        self.pop_block();
        Ok(())
    }

    // ---- for -------------------------------------------------------------------------------------------------

    /// `for target in items`; both nodes.
    pub(super) fn for_parts(&mut self) -> R<(Node, Node)> {
        self.advance()?;
        let target = self.parse(Goal::Items(Items::Targets))?;
        self.expect(Tok::In)?;
        let items = self.parse(Goal::Items(Items::VALUES))?;
        Ok((target, items))
    }
    fn for_head(&mut self, line: u32) -> R<()> {
        let (target, items) = self.for_parts()?;
        self.emit_line(line)?;
        if target.as_name().is_some()
            && let Some((start, end, step)) = self.range_of(items)
        {
            return self.range_head(target, start, end, step);
        }
        let labels = self.new_labels(3);
        self.set_own(0, labels);
        self.begin_loop(1, labels, labels + 1, true)?;
        self.compile(items)?;
        self.emit(op::GET_ITER_STACK)?;
        self.emit_label(labels + 1)?;
        self.emit_arg(op::FOR_ITER, labels + 2)?;
        self.assign(target)?;
        self.tree.truncate(self.word(MARK) as usize);
        self.suite(B::For)
    }
    fn close_for(&mut self) -> R<()> {
        let labels = self.own(0);
        self.emit_arg(op::JUMP, labels + 1)?;
        self.emit_label(labels + 2)?;
        self.adjust(-(op::ITER_SLOTS as i8))?;
        self.restore_loop(1);
        self.loop_else(labels)
    }

    /// `range(…)` that counts without an iterator: start, end, and a step that is a small int.
    fn range_of(&self, n: Node) -> Option<(Node, Node, i32)> {
        let call = self.child(n, 1);
        let is_range = self.kind(n) == K::Atom
            && self.arity(n) == 2
            && self.kind(call) == K::Call
            && self.child(n, 0).as_name().is_some_and(|i| self.is_name(i, q!("range")));
        if !is_range {
            return None;
        }
        let arg = |i| self.child(call, i);
        let (start, end, step) = match self.arity(call) {
            1 => (Node::small(0), arg(0), 1),
            2 => (arg(0), arg(1), 1),
            3 => (arg(0), arg(1), arg(2).as_small()?),
            _ => return None,
        };
        let plain = |n: Node| {
            !matches!(self.kind(n), K::StarArg | K::DoubleStarArg | K::KeywordArg | K::WalrusArg | K::Comp)
        };
        (step != 0 && plain(start) && plain(end)).then_some((start, end, step))
    }
    fn range_head(&mut self, target: Node, start: Node, end: Node, step: i32) -> R<()> {
        let labels = self.new_labels(5);
        self.set_own(0, labels);
        self.set_own(2, step as u32);
        match end.as_small() {
            Some(n) => self.set_own(1, n as u32),
            None => self.set_flags(flag::END_ON_STACK),
        }
        self.begin_loop(3, labels, labels + 1, false)?;
        if self.flags(flag::END_ON_STACK) {
            self.compile(end)?;
        }
        self.compile(start)?;
        self.emit_arg(op::JUMP, labels + 3)?;
        self.emit_label(labels + 2)?;
        self.emit(op::DUP_TOP)?;
        self.assign(target)?;
        self.tree.truncate(self.word(MARK) as usize);
        self.suite(B::Range)
    }
    fn close_range(&mut self) -> R<()> {
        let (labels, end, step) = (self.own(0), self.own(1) as i32, self.own(2) as i32);
        let on_stack = self.flags(flag::END_ON_STACK);
        self.emit_label(labels + 1)?;
        self.emit_small(step)?;
        self.emit(INPLACE_ADD)?;
        self.emit_label(labels + 3)?;
        if on_stack {
            self.emit(op::DUP_TOP_TWO)?;
            self.emit(op::ROT_TWO)?;
        } else {
            self.emit(op::DUP_TOP)?;
            self.emit_small(end)?;
        }
        self.emit(if step >= 0 { LESS } else { MORE })?;
        self.emit_arg(op::POP_JUMP_IF_TRUE, labels + 2)?;
        self.restore_loop(3);
        if self.accept(Tok::Else)? {
            self.pop_range(on_stack)?;
            return self.suite(B::RangeElse);
        }
        self.end_range(labels, on_stack)?;
        self.pop_block();
        Ok(())
    }
    fn pop_range(&mut self, on_stack: bool) -> R<()> {
        self.emit(op::POP_TOP)?;
        if on_stack { self.emit(op::POP_TOP) } else { Ok(()) }
    }
    fn end_range(&mut self, labels: u32, on_stack: bool) -> R<()> {
        self.emit_label(labels)?;
        self.pop_range(on_stack)
    }

    // ---- functions and classes -------------------------------------------------------------------------------

    /// After the decorators: stores the object under its name.
    fn store_decorated(&mut self, name: u32, decorators: u32) -> R<()> {
        for _ in 0..decorators {
            self.emit_arg(op::CALL_FUNCTION, 1)?;
        }
        self.emit_arg(ir::STORE_ID, name)
    }
    /// Opens the scope that the suite belongs to, unless it never runs.
    fn begin_body(&mut self, scope: Option<u32>) -> R<()> {
        self.save_loop(0);
        (self.break_label, self.continue_label, self.break_from_for) = (NONE, NONE, false);
        self.may_return = true;
        match scope {
            Some(s) => self.enter_scope(s),
            None => {
                self.set_flags(flag::NO_SCOPE);
                Ok(())
            }
        }
    }
    /// A scope for code that may run.
    fn body_scope(&mut self, kind: ScopeKind, name: u32) -> R<Option<u32>> {
        if self.muted > 0 {
            return Ok(None);
        }
        self.new_scope(kind, Some(name)).map(Some)
    }

    fn function_head(&mut self, mark: usize, line: u32, decorators: u32, is_async: bool) -> R<()> {
        self.advance()?;
        self.push_block(B::Def, mark)?;
        let name = self.name_here()?;
        let n = self.type_params()?;
        self.expect(Tok::ParenOpen)?;
        let params = self.parse(Goal::Params)?;
        self.expect(Tok::ParenClose)?;
        let result = if self.accept(Tok::Arrow)? { self.parse(Goal::Test)? } else { Node::NULL };
        self.emit_line(line)?;
        let generic = self.begin_generic(n)?;
        if generic {
            self.store_decorated(name, decorators)?;
            self.enter_generic(n, line)?;
            self.set_flags(flag::GENERIC);
        }
        let scope = self.body_scope(ScopeKind::Function, name)?;
        if let Some(s) = scope {
            if is_async {
                self.set_field(s, super::scope::Field::Flags, op::scope::GENERATOR as u32);
            }
            self.function(params, s)?;
            if newer::ANNOTATIONS {
                self.annotate_function(params, result)?;
            }
        }
        if generic {
            self.return_generic(n, false)?;
        } else {
            self.store_decorated(name, decorators)?;
        }
        self.drop_type_params(n);
        self.begin_body(scope)?;
        self.declare_params(params)?;
        self.tree.truncate(mark);
        self.suite(B::Def)
    }

    fn class_head(&mut self, mark: usize, line: u32, decorators: u32) -> R<()> {
        self.advance()?;
        self.push_block(B::Class, mark)?;
        let name = self.name_here()?;
        let n = self.type_params()?;
        let bases = if self.tok() == Tok::ParenOpen { self.parse(Goal::Args)? } else { Node::NULL };
        self.emit_line(line)?;
        let generic = self.begin_generic(n)?;
        if generic {
            self.store_decorated(name, decorators)?;
            self.enter_generic(n, line)?;
            self.set_flags(flag::GENERIC);
        }
        let scope = self.body_scope(ScopeKind::Class, name)?;
        self.emit(op::LOAD_BUILD_CLASS)?;
        if let Some(s) = scope {
            self.emit_arg(ir::SCOPE, s)?;
            self.emit_arg(ir::CLOSE, s)?;
        }
        self.emit_arg(op::LOAD_CONST_STRING, name)?;
        self.call(bases, 2)?;
        if generic {
            self.return_generic(n, true)?;
        } else {
            self.store_decorated(name, decorators)?;
        }
        self.drop_type_params(n);
        self.begin_body(scope)?;
        let pairs = [(ir::LOAD_ID, q!("__name__")), (ir::STORE_ID, q!("__module__"))];
        for (o, v) in pairs {
            let i = self.intern_value(v)?;
            self.emit_arg(o, i)?;
        }
        self.emit_arg(op::LOAD_CONST_STRING, name)?;
        let i = self.intern_value(q!("__qualname__"))?;
        self.emit_arg(ir::STORE_ID, i)?;
        self.tree.truncate(mark);
        self.suite(B::Class)
    }

    fn decorated(&mut self, mark: usize, line: u32) -> R<()> {
        self.emit_line(line)?;
        let mut decorators = 0;
        while self.accept(Tok::At)? {
            let called = if newer::DECORATORS { self.any_decorator()? } else { self.decorator()? };
            decorators += called as u32;
            self.expect(Tok::Newline)?;
        }
        match self.tok() {
            Tok::Class => self.class_head(mark, line, decorators),
            Tok::Def => self.function_head(mark, line, decorators, false),
            Tok::Async => {
                self.advance()?;
                if self.tok() != Tok::Def {
                    return Err(self.unexpected());
                }
                self.function_head(mark, line, decorators, true)
            }
            _ => Err(self.unexpected()),
        }
    }
    /// One decorator, after the `@`; true where it is to be called.
    fn any_decorator(&mut self) -> R<bool> {
        let line = self.lex.at;
        let mark = self.tree.len();
        let n = self.parse(Goal::Named)?;
        let arity = self.arity(n);
        let first = if self.kind(n) == K::Atom { self.child(n, 0) } else { n }.as_name();
        let called = self.kind(self.last_child(n)) == K::Call;
        let attrs = 1..arity.saturating_sub(called as usize);
        let dotted = first.is_some() && attrs.clone().all(|i| self.kind(self.child(n, i)) == K::Attr);
        let own = dotted && first.is_some_and(|i| self.is_name(i, q!("micropython")));
        if own {
            let last = self.child(self.child(n, attrs.len()), 0).as_name();
            self.own_decorator(attrs.len() + 1, last, line)?;
        } else if let (true, Some(first)) = (dotted, first) {
            // A call of a method is written as one here: so it was before decorators took any expression.
            self.emit_arg(ir::LOAD_ID, first)?;
            for i in attrs {
                let name = self.child(self.child(n, i), 0).as_name().unwrap_or(0);
                self.emit_arg(op::LOAD_ATTR, name)?;
            }
            if called {
                self.compile(self.last_child(n))?;
            }
        } else {
            self.compile(n)?;
        }
        self.tree.truncate(mark);
        Ok(!own)
    }
    fn own_decorator(&mut self, names: usize, last: Option<u32>, line: u32) -> R<()> {
        let v = last.and_then(|i| self.name_value(i));
        let native = [q!("native"), q!("viper"), q!("asm_thumb"), q!("asm_xtensa"), q!("asm_rv32")];
        if names == 2 && native.iter().any(|n| Some(*n) == v) {
            self.emit_error(msg::NATIVE_DECORATOR, line)
        } else if names != 2 || v != Some(q!("bytecode")) {
            self.emit_error(msg::BAD_DECORATOR, line)
        } else {
            Ok(())
        }
    }
    /// As `any_decorator`, of names with dots and one call at most.
    fn decorator(&mut self) -> R<bool> {
        let line = self.lex.at;
        let first = self.name_here()?;
        let own = self.is_name(first, q!("micropython"));
        let mut names = 1;
        let mut last = first;
        if !own {
            self.emit_arg(ir::LOAD_ID, first)?;
        }
        while self.accept(Tok::Period)? {
            last = self.name_here()?;
            names += 1;
            if !own {
                self.emit_arg(op::LOAD_ATTR, last)?;
            }
        }
        if own {
            self.own_decorator(names, Some(last), line)?;
        }
        if self.tok() == Tok::ParenOpen {
            let args = self.parse(Goal::Args)?;
            if !own {
                self.compile(args)?;
            }
        }
        Ok(!own)
    }
}
