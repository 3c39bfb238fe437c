//! Statements of one line, and the loop over all statements.
//!
//! Invariants
//! - a statement's tree is freed when its code is written, but for what an open block keeps below its mark;
//! - code is written as statements are read; what a statement does to its lines is what a tree of the whole file would do.

use super::fold;
use super::ir;
use super::messages as msg;
use super::parse::{Goal, Items};
use super::scope::ScopeKind;
use super::token::Tok;
use super::tree::{K, Node};
use super::{Compiler, Mode, NONE, SHOW, newer};
use crate::code::op;
use crate::heap::{ByteVec, R};
use crate::q;

impl Compiler<'_> {
    /// Everything up to the end of the source.
    #[inline(never)]
    pub fn module(&mut self) -> R<()> {
        match self.options.mode {
            Mode::Eval => {
                let value = self.parse(Goal::Items(Items::Tests))?;
                self.accept(Tok::Newline)?;
                self.expect(Tok::End)?;
                self.compile(value)?;
                self.emit(op::RETURN_VALUE)?;
                return self.emit(ir::END);
            }
            Mode::Single => {
                if !self.accept(Tok::Newline)? {
                    self.statement()?;
                    while self.in_block() {
                        self.step_block()?;
                    }
                }
                self.expect(Tok::End)?;
            }
            Mode::File => {
                let mut first = 0;
                loop {
                    if self.in_block() {
                        self.step_block()?;
                        continue;
                    }
                    match self.tok() {
                        Tok::End => break,
                        Tok::Newline => self.advance()?,
                        _ => {
                            if first == 0 {
                                first = self.lex.at;
                            } else {
                                self.emit_line(first)?;
                            }
                            self.statement()?;
                        }
                    }
                }
            }
        }
        self.emit(op::LOAD_CONST_NONE)?;
        self.emit(op::RETURN_VALUE)?;
        self.emit(ir::END)
    }

    /// One statement, or the head of a compound one.
    pub fn statement(&mut self) -> R<()> {
        self.check_lost()?;
        self.statement_line = self.lex.at;
        let mark = self.tree.len();
        if !self.compound(mark)? {
            self.simple_line()?;
            self.tree.truncate(mark);
        }
        Ok(())
    }

    /// `small_stmt (';' small_stmt)* [';'] NEWLINE`
    #[inline(never)]
    pub fn simple_line(&mut self) -> R<()> {
        let line = self.lex.at;
        let mark = self.tree.len();
        self.small_statement()?;
        while self.tok() == Tok::Semicolon {
            self.emit_line(line)?;
            self.advance()?;
            if self.tok() == Tok::Newline {
                break;
            }
            self.tree.truncate(mark);
            self.small_statement()?;
        }
        self.expect(Tok::Newline)
    }

    #[inline(never)]
    fn small_statement(&mut self) -> R<()> {
        let line = self.lex.at;
        self.statement_line = line;
        match self.tok() {
            Tok::Del => {
                self.advance()?;
                let target = self.parse(Goal::Items(Items::Targets))?;
                self.emit_line(line)?;
                self.delete(target)
            }
            Tok::Pass => {
                self.advance()?;
                self.emit_line(line)
            }
            t @ (Tok::Break | Tok::Continue) => {
                self.advance()?;
                self.emit_line(line)?;
                let label = if t == Tok::Break { self.break_label } else { self.continue_label };
                if label == NONE {
                    return self.emit_error(msg::OUTSIDE_LOOP, line);
                }
                let from_for = t == Tok::Break && self.break_from_for;
                self.emit_break(label, from_for)
            }
            Tok::Return => self.return_statement(line),
            Tok::Raise => self.raise_statement(line),
            Tok::Yield => {
                let value = self.parse(Goal::Value)?;
                self.emit_line(line)?;
                self.compile(value)?;
                self.emit(op::POP_TOP)
            }
            Tok::Import => self.import_name(line),
            Tok::From => self.import_from(line),
            Tok::Global => self.declaration(ir::GLOBAL, line),
            Tok::Nonlocal => self.declaration(ir::NONLOCAL, line),
            Tok::Assert => self.assert_statement(line),
            Tok::Name if newer::TYPE_PARAMETERS && self.is_type_alias()? => self.type_alias(line),
            _ => self.expression_statement(line),
        }
    }

    fn return_statement(&mut self, line: u32) -> R<()> {
        self.advance()?;
        let given = self.starts_item(Items::VALUES);
        let value = if given { self.parse(Goal::Items(Items::VALUES))? } else { Node::NULL };
        self.emit_line(line)?;
        if self.scope_kind() != ScopeKind::Function {
            return self.emit_error(msg::RETURN_OUTSIDE, line);
        }
        if newer::EXCEPT_STAR && !self.may_return {
            return self.emit_error(msg::LEAVES_STAR, line);
        }
        match self.kind(value) {
            _ if value.is_null() => self.emit(op::LOAD_CONST_NONE)?,
            K::IfElse => {
                let fail = self.new_label();
                self.jump_cond(self.child(value, 1), false, fail)?;
                self.compile(self.child(value, 0))?;
                self.emit(op::RETURN_VALUE)?;
                self.emit_label(fail)?;
                self.compile(self.child(value, 2))?;
            }
            _ => self.compile(value)?,
        }
        self.emit(op::RETURN_VALUE)
    }

    fn raise_statement(&mut self, line: u32) -> R<()> {
        self.advance()?;
        if !self.starts(true) {
            self.emit_line(line)?;
            return self.emit(op::RAISE_LAST);
        }
        let what = self.parse(Goal::Test)?;
        let cause = if self.accept(Tok::From)? { self.parse(Goal::Test)? } else { Node::NULL };
        self.emit_line(line)?;
        self.compile(what)?;
        if cause.is_null() {
            return self.emit(op::RAISE_OBJ);
        }
        self.compile(cause)?;
        self.emit(op::RAISE_FROM)
    }

    fn declaration(&mut self, o: u8, line: u32) -> R<()> {
        self.advance()?;
        self.emit_line(line)?;
        loop {
            let name = self.name_here()?;
            self.emit_two(o, name, line)?;
            if !self.accept(Tok::Comma)? {
                return Ok(());
            }
        }
    }

    fn assert_statement(&mut self, line: u32) -> R<()> {
        self.advance()?;
        let test = self.parse(Goal::Test)?;
        let text = if self.accept(Tok::Comma)? { self.parse(Goal::Test)? } else { Node::NULL };
        self.emit_line(line)?;
        if self.options.opt_level > 0 {
            return Ok(());
        }
        let end = self.new_label();
        self.jump_cond(test, true, end)?;
        let name = self.intern_value(q!("AssertionError"))?;
        self.emit_arg(op::LOAD_GLOBAL, name)?;
        if !text.is_null() {
            self.compile(text)?;
            self.emit_arg(op::CALL_FUNCTION, 1)?;
        }
        self.emit(op::RAISE_OBJ)?;
        self.emit_label(end)
    }

    // ---- imports ---------------------------------------------------------------------------------------------

    /// `a.b.c`: the numbers of the whole name and of its first part; the parts are left on the value stack.
    fn dotted_name(&mut self) -> R<(u32, u32, usize)> {
        let first = self.name_here()?;
        self.push_val(Node::name(first))?;
        let mut parts = 1;
        while self.accept(Tok::Period)? {
            let next = self.name_here()?;
            self.push_val(Node::name(next))?;
            parts += 1;
        }
        if parts == 1 {
            return Ok((first, first, 1));
        }
        let mut text = ByteVec::new();
        let whole = self.join(parts, &mut text).and_then(|()| self.intern_scratch(&text));
        text.free(self.heap);
        Ok((whole?, first, parts))
    }
    /// The names on the value stack with dots between them.
    fn join(&mut self, parts: usize, text: &mut ByteVec) -> R<()> {
        for i in (0..parts).rev() {
            if !text.is_empty() {
                text.push(self.heap, b'.')?;
            }
            let Some(v) = self.peek_val(i).as_name().and_then(|i| self.name_value(i)) else { continue };
            let mut at = 0;
            while let Some(b) = self.heap.str_bytes(v).get(at).copied() {
                text.push(self.heap, b)?;
                at += 1;
            }
        }
        Ok(())
    }

    fn import_name(&mut self, line: u32) -> R<()> {
        self.advance()?;
        self.emit_line(line)?;
        loop {
            let base = self.vals.len();
            let (whole, first, parts) = self.dotted_name()?;
            self.emit_small(0)?;
            self.emit(op::LOAD_CONST_NONE)?;
            self.emit_arg(op::IMPORT_NAME, whole)?;
            let mut target = first;
            if self.accept(Tok::As)? {
                target = self.name_here()?;
                for i in (0..parts - 1).rev() {
                    let part = self.peek_val(i).as_name().unwrap_or(0);
                    self.emit_arg(op::LOAD_ATTR, part)?;
                }
            }
            self.vals.truncate(base);
            self.emit_arg(ir::STORE_ID, target)?;
            if !self.accept(Tok::Comma)? {
                return Ok(());
            }
        }
    }

    fn import_from(&mut self, line: u32) -> R<()> {
        self.advance()?;
        self.emit_line(line)?;
        let base = self.vals.len();
        let mut level = 0;
        loop {
            match self.tok() {
                Tok::Period => level += 1,
                Tok::Ellipsis => level += 3,
                _ => break,
            }
            self.advance()?;
        }
        let module = if level > 0 && self.tok() == Tok::Import {
            self.intern_value(q!(""))?
        } else {
            self.dotted_name()?.0
        };
        self.vals.truncate(base);
        self.expect(Tok::Import)?;
        self.emit_small(level)?;
        if self.accept(Tok::Star)? {
            if self.scope_kind() != ScopeKind::Module {
                return self.emit_error(msg::STAR_IMPORT, line);
            }
            let star = self.intern_value(q!("*"))?;
            self.emit_arg(op::LOAD_CONST_STRING, star)?;
            self.emit_arg(op::BUILD_TUPLE, 1)?;
            self.emit_arg(op::IMPORT_NAME, module)?;
            return self.emit(op::IMPORT_STAR);
        }
        let paren = self.accept(Tok::ParenOpen)?;
        loop {
            let name = self.name_here()?;
            let target = if self.accept(Tok::As)? { self.name_here()? } else { name };
            self.push_val(Node::name(name))?;
            self.push_val(Node::name(target))?;
            self.emit_arg(op::LOAD_CONST_STRING, name)?;
            if !self.accept(Tok::Comma)? {
                break;
            }
            if self.tok() != Tok::Name {
                if newer::STRICT && !paren {
                    return Err(self.syntax_error(msg::text(msg::TRAILING_COMMA), line));
                }
                break;
            }
        }
        if paren {
            self.expect(Tok::ParenClose)?;
        }
        let names = (self.vals.len() - base) / 2;
        self.emit_arg(op::BUILD_TUPLE, names as u32)?;
        self.emit_arg(op::IMPORT_NAME, module)?;
        for i in (0..names).rev() {
            let name = self.peek_val(2 * i + 1).as_name().unwrap_or(0);
            let target = self.peek_val(2 * i).as_name().unwrap_or(0);
            self.emit_arg(op::IMPORT_FROM, name)?;
            self.emit_arg(ir::STORE_ID, target)?;
        }
        self.vals.truncate(base);
        self.emit(op::POP_TOP)
    }

    // ---- expressions and assignments -------------------------------------------------------------------------

    fn expression_statement(&mut self, line: u32) -> R<()> {
        let left = self.parse(Goal::Items(Items::Starred))?;
        match self.tok() {
            Tok::Colon => {
                let last = self.kind(self.last_child(left));
                let target = left.as_name().is_some()
                    || self.kind(left) == K::Atom && matches!(last, K::Attr | K::Index);
                if newer::STRICT && !target {
                    return Err(self.syntax_error(msg::text(msg::CANNOT_ANNOTATE), line));
                }
                self.advance()?;
                let annotation = self.parse(Goal::Test)?;
                if self.accept(Tok::Assign)? {
                    let value = self.parse(Goal::Value)?;
                    self.plain_assignment(left, value, line)?;
                    return self.note_annotation(left, annotation);
                }
                self.emit_line(line)?;
                match left.as_name() {
                    Some(name) if self.scope_kind() == ScopeKind::Function => {
                        self.emit_arg(ir::DECLARE, name)
                    }
                    _ => self.note_annotation(left, annotation),
                }
            }
            Tok::Assign => self.assignments(left, line),
            t if t.is_augmented() => {
                self.advance()?;
                let value = self.parse(Goal::Value)?;
                self.emit_line(line)?;
                self.augmented_load(left)?;
                self.compile(value)?;
                self.emit(op::BINARY_OP_MULTI + t.binary_op())?;
                self.augmented_store(left)
            }
            _ => self.expression(left, line),
        }
    }

    /// What is annotated in a module or class goes to its `__annotations__`.
    fn note_annotation(&mut self, target: Node, annotation: Node) -> R<()> {
        let noted = matches!(self.scope_kind(), ScopeKind::Module | ScopeKind::Class);
        match target.as_name() {
            Some(name) if newer::ANNOTATIONS && noted => {
                self.compile(annotation)?;
                self.emit_arg(op::LOAD_CONST_STRING, name)?;
                self.emit_arg(op::EXTENDED, op::extended::ANNOTATE)
            }
            _ => Ok(()),
        }
    }
    fn expression(&mut self, value: Node, line: u32) -> R<()> {
        let idle = !value.is_struct() && value.as_name().is_none() || self.kind(value) == K::Const;
        self.emit_line(line)?;
        if self.options.mode == Mode::Single && self.scope_kind() == ScopeKind::Module {
            let show = self.intern_value(SHOW)?;
            self.emit_arg(ir::LOAD_ID, show)?;
            self.compile(value)?;
            self.emit_arg(op::CALL_FUNCTION, 1)?;
            return self.emit(op::POP_TOP);
        }
        // Doc strings and other lonely constants do nothing.
        if idle {
            return Ok(());
        }
        self.compile(value)?;
        self.emit(op::POP_TOP)
    }

    /// `a = b = … = value`
    fn assignments(&mut self, left: Node, line: u32) -> R<()> {
        let base = self.vals.len();
        self.push_val(left)?;
        while self.accept(Tok::Assign)? {
            let next = self.parse(Goal::Value)?;
            self.push_val(next)?;
        }
        let value = self.pop_val();
        let targets = self.vals.len() - base;
        if targets == 1 {
            self.vals.truncate(base);
            return self.plain_assignment(left, value, line);
        }
        self.emit_line(line)?;
        self.compile(value)?;
        for i in (0..targets).rev() {
            if i > 0 {
                self.emit(op::DUP_TOP)?;
            }
            let target = self.peek_val(i);
            self.assign(target)?;
        }
        self.vals.truncate(base);
        Ok(())
    }

    fn plain_assignment(&mut self, left: Node, mut value: Node, line: u32) -> R<()> {
        if let (Some(name), Some(inner)) = (left.as_name(), self.const_call(value)) {
            let Some(v) = self.constant(inner) else {
                let line = self.line_of(value);
                return Err(self.syntax_error("not a constant", line));
            };
            self.define_const(name, v)?;
            if self.name_value(name).is_some_and(|v| self.heap.str_bytes(v).starts_with(b"_")) {
                return Ok(());
            }
            value = inner;
        }
        self.emit_line(line)?;
        let n = self.arity(left);
        let swap = self.kind(left) == K::Bare
            && self.kind(value) == K::Bare
            && n == self.arity(value)
            && (n == 2 || n == 3)
            && (0..n).all(|i| self.kind(self.child(left, i)) != K::Star);
        if !swap {
            self.compile(value)?;
            return self.assign(left);
        }
        for i in 0..n {
            self.compile(self.child(value, i))?;
        }
        if n == 3 {
            self.emit(op::ROT_THREE)?;
        }
        self.emit(op::ROT_TWO)?;
        for i in 0..n {
            self.assign(self.child(left, i))?;
        }
        Ok(())
    }

    /// The argument of `const(…)`; absent where there is not exactly one.
    fn const_call(&self, value: Node) -> Option<Node> {
        let is_call = self.kind(value) == K::Atom
            && self.arity(value) == 2
            && self.kind(self.child(value, 1)) == K::Call
            && self.child(value, 0).as_name().is_some_and(|i| self.is_name(i, fold::CONST));
        if !is_call {
            return None;
        }
        let call = self.child(value, 1);
        Some(if self.arity(call) == 1 { self.child(call, 0) } else { Node::NULL })
    }
}
