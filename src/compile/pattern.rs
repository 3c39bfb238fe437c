//! `match` statements: their cases as blocks, patterns as code.
//!
//! Invariants
//! - the subject stays on the stack from the head to the case that takes it: a case's code works on a copy;
//! - a pattern's code takes the value on top of the stack, whether it matches or jumps to its label;
//! - names are bound as soon as their part of the pattern matches.

use super::block::{B, MARK, flag};
use super::emit::T;
use super::parse::{Goal, Items};
use super::token::Tok;
use super::tree::{K, Leaf, Node};
use super::{Compiler, NONE, ir, messages as msg};
use crate::code::op::{self, extended};
use crate::heap::{Kind, R};
use crate::q;

const EQUAL: u8 = op::BINARY_OP_MULTI + 2;
const IS: u8 = op::BINARY_OP_MULTI + 7;

impl Compiler<'_> {
    // ---- the statement ---------------------------------------------------------------------------------------

    /// Whether the current token is this soft keyword.
    pub(super) fn is_soft_keyword(&self, word: &[u8]) -> bool {
        self.tok() == Tok::Name && self.lex.text.as_slice(self.heap) == word
    }
    /// `match` begins a statement of its own where its line ends in a colon: no other line that it may begin does.
    pub(super) fn starts_match(&mut self) -> R<bool> {
        if !self.is_soft_keyword(b"match") {
            return Ok(false);
        }
        self.lex.ends_in_colon(self.heap)
    }
    pub(super) fn match_head(&mut self, line: u32) -> R<()> {
        self.advance()?;
        let subject = self.parse(Goal::Items(Items::Named))?;
        self.emit_line(line)?;
        let end = self.new_label();
        self.set_own(0, end);
        self.compile(subject)?;
        self.expect(Tok::Colon)?;
        self.expect(Tok::Newline)?;
        self.expect(Tok::Indent)?;
        if !self.is_soft_keyword(b"case") {
            return Err(self.unexpected());
        }
        self.case_head()
    }
    fn case_head(&mut self) -> R<()> {
        let line = self.lex.at;
        self.statement_line = line;
        self.advance()?;
        if self.flags(flag::ALWAYS) {
            self.emit_error(msg::UNREACHABLE, line)?;
        }
        let mark = self.word(MARK) as usize;
        let pattern = self.parse(Goal::Pattern)?;
        let guard = if self.accept(Tok::If)? { self.parse(Goal::Named)? } else { Node::NULL };
        self.emit_line(line)?;
        self.names_bound_once(pattern)?;
        if guard.is_null() && self.is_irrefutable(pattern) {
            self.set_flags(flag::ALWAYS);
            self.match_pattern(pattern, NONE)?;
        } else {
            let fail = self.new_label();
            self.set_own(1, fail);
            self.emit(op::DUP_TOP)?;
            self.match_pattern(pattern, fail)?;
            if !guard.is_null() {
                self.jump_cond(guard, false, fail)?;
            }
            self.emit(op::POP_TOP)?;
        }
        self.tree.truncate(mark);
        self.suite(B::Case)
    }
    pub(super) fn close_case(&mut self) -> R<()> {
        let (end, fail) = (self.own(0), self.own(1));
        let always = self.flags(flag::ALWAYS);
        if !always {
            self.emit_arg(op::JUMP, end)?;
            self.emit_label(fail)?;
            self.adjust(1)?;
        }
        if self.is_soft_keyword(b"case") {
            return self.case_head();
        }
        self.expect(Tok::Dedent)?;
        if !always {
            self.emit(op::POP_TOP)?;
        }
        self.emit_label(end)?;
        self.pop_block();
        Ok(())
    }

    // ---- names -----------------------------------------------------------------------------------------------

    /// Whether the pattern matches anything.
    fn is_irrefutable(&self, mut n: Node) -> bool {
        loop {
            if n.as_name().is_some() {
                return true;
            }
            n = match self.kind(n) {
                K::As => self.child(n, 0),
                // Only the last alternative may be one that always matches.
                K::Chain => self.last_child(n),
                _ => return false,
            };
        }
    }
    /// Refuses a pattern that binds a name twice.
    fn names_bound_once(&mut self, pattern: Node) -> R<()> {
        let from = self.vals.len();
        self.bound_names(pattern)?;
        let n = self.vals.len() - from;
        let twice = (0..n).any(|i| (0..i).any(|j| self.peek_val(i) == self.peek_val(j)));
        self.vals.truncate(from);
        if twice { self.emit_error(msg::BOUND_TWICE, 0) } else { Ok(()) }
    }
    /// Pushes the names that a pattern binds; of alternatives, those of the first.
    fn bound_names(&mut self, pattern: Node) -> R<()> {
        let from = self.work.len();
        self.work.push(self.heap, pattern.0)?;
        while self.work.len() > from {
            let n = Node(self.work.pop(self.heap).unwrap_or(0));
            if let Some(name) = n.as_name() {
                if !self.is_name(name, q!("_")) {
                    self.push_val(n)?;
                }
                continue;
            }
            let parts = match self.kind(n) {
                K::Bare | K::List | K::Paren | K::Brace | K::As => 0..self.arity(n),
                K::Chain | K::Star | K::DoubleStarArg => 0..1,
                K::Pair | K::KeywordArg => 1..2,
                K::Atom => self.arity(n) - 1..self.arity(n),
                K::Call => 0..self.arity(n),
                _ => 0..0,
            };
            for i in parts {
                let c = self.child(n, i);
                self.work.push(self.heap, c.0)?;
            }
        }
        Ok(())
    }
    /// Whether two alternatives bind the same names.
    fn bind_alike(&mut self, a: Node, b: Node) -> R<bool> {
        let from = self.vals.len();
        self.bound_names(a)?;
        let middle = self.vals.len();
        self.bound_names(b)?;
        let end = self.vals.len();
        let word = |i: usize| self.vals.get(self.heap, i).unwrap_or(0);
        let alike = middle - from == end - middle
            && (from..middle).all(|i| (middle..end).any(|j| word(i) == word(j)));
        self.vals.truncate(from);
        Ok(alike)
    }

    // ---- code ------------------------------------------------------------------------------------------------

    fn bad_pattern(&mut self, n: Node) -> R<()> {
        self.emit_error(msg::BAD_PATTERN, self.line_of(n))
    }
    /// Code of a case's pattern.
    fn match_pattern(&mut self, n: Node, fail: u32) -> R<()> {
        if self.muted > 0 {
            return Ok(());
        }
        let until = self.work.len();
        self.task(T::Pattern, n.0, fail)?;
        self.run(until)
    }
    /// Code that takes the value on top of the stack and goes to `fail` unless the pattern matches it.
    pub(super) fn pattern(&mut self, n: Node, fail: u32) -> R<()> {
        if let Some(name) = n.as_name() {
            return match self.is_name(name, q!("_")) {
                true => self.bare(op::POP_TOP),
                false => self.op(ir::STORE_ID, name),
            };
        }
        match self.kind(n) {
            K::Paren | K::List if self.kind(self.child(n, 0)) == K::Comp => self.bad_pattern(n),
            K::Bare | K::Paren | K::List => self.sequence_pattern(n, fail),
            K::Brace => self.mapping_pattern(n, fail),
            K::As => self.as_pattern(n, fail),
            K::Chain if self.child(n, 1) == Node::tok(Tok::Pipe) => self.alternatives(n, fail),
            K::Atom if self.kind(self.last_child(n)) == K::Call => self.class_pattern(n, fail),
            _ if self.is_literal(n) => {
                self.on(T::Node, n)?;
                let single = matches!(n.leaf(), Some(Leaf::Tok(_)));
                self.bare(if single { IS } else { EQUAL })?;
                self.op(op::POP_JUMP_IF_FALSE, fail)
            }
            _ => self.bad_pattern(n),
        }
    }
    /// Whether a pattern is a value to compare with: a literal, a signed or complex number, or a name with dots.
    fn is_literal(&self, n: Node) -> bool {
        let number = |n: Node| n.as_small().is_some() || self.is_number(n);
        let signed = |n: Node| {
            number(n)
                || self.kind(n) == K::Unary
                    && self.child(n, 0) == Node::tok(Tok::Minus)
                    && number(self.child(n, 1))
        };
        match n.leaf() {
            Some(Leaf::Tok(t)) => return t != Tok::Ellipsis,
            Some(Leaf::Str(_)) => return true,
            _ => {}
        }
        match self.kind(n) {
            K::Const => true,
            K::Chain => {
                let o = self.child(n, 1);
                self.arity(n) == 3
                    && (o == Node::tok(Tok::Plus) || o == Node::tok(Tok::Minus))
                    && signed(self.child(n, 0))
                    && self.const_of(self.child(n, 2)).is_some_and(|v| self.heap.is(v, Kind::Complex))
            }
            K::Atom => self.is_dotted(n, self.arity(n)),
            _ => signed(n),
        }
    }
    /// Whether the first `parts` of an atom are a name and attributes.
    fn is_dotted(&self, n: Node, parts: usize) -> bool {
        self.child(n, 0).as_name().is_some() && (1..parts).all(|i| self.kind(self.child(n, i)) == K::Attr)
    }

    /// The jumps out of a pattern of `n` parts, which lie on the stack, the first on top; part `i` is `part(i)`.
    /// `labels` are one for each number of parts that may be left on the stack, from one on.
    fn parts(&mut self, n: usize, labels: u32, fail: u32, part: impl Fn(&Self, usize) -> Node) -> R<()> {
        for i in 0..n {
            let left = (n - 1 - i) as u32;
            let to = if left == 0 { fail } else { labels + left - 1 };
            let p = part(self, i);
            self.task(T::Pattern, p.0, to)?;
        }
        self.fail_chain(n.saturating_sub(1).max(1) as u32, labels, fail)
    }
    /// Drops as many values as are left, then goes to `fail`.
    fn fail_chain(&mut self, most: u32, labels: u32, fail: u32) -> R<()> {
        let over = labels + most;
        self.op(op::JUMP, over)?;
        for left in (1..=most).rev() {
            self.op(ir::LABEL, labels + left - 1)?;
            if left == most {
                self.op(ir::ADJUST, most)?;
            }
            self.bare(op::POP_TOP)?;
        }
        self.op(op::JUMP, fail)?;
        self.op(ir::LABEL, over)
    }
    /// The labels of `fail_chain` for `n` parts.
    fn part_labels(&mut self, n: usize) -> u32 {
        self.new_labels(n.saturating_sub(1).max(1) as u32 + 1)
    }

    fn sequence_pattern(&mut self, n: Node, fail: u32) -> R<()> {
        let arity = self.arity(n);
        let mut stars = (0..arity).filter(|i| self.kind(self.child(n, *i)) == K::Star);
        let (star, second) = (stars.next(), stars.next());
        let named = star.is_none_or(|i| self.child(self.child(n, i), 0).as_name().is_some());
        if second.is_some() || !named || arity > 120 {
            return self.bad_pattern(n);
        }
        let labels = self.part_labels(arity);
        self.bare(op::DUP_TOP)?;
        let least = arity - star.is_some() as usize;
        self.on(T::Node, Node::small((least as i32) << 1 | star.is_some() as i32))?;
        self.op(op::EXTENDED, extended::MATCH_SEQUENCE)?;
        self.op(op::POP_JUMP_IF_FALSE, labels)?;
        match star {
            Some(at) => self.op(op::UNPACK_EX, at as u32 | ((arity - at - 1) as u32) << 8)?,
            None => self.op(op::UNPACK_SEQUENCE, arity as u32)?,
        }
        self.parts(arity, labels, fail, |c, i| {
            let p = c.child(n, i);
            if c.kind(p) == K::Star { c.child(p, 0) } else { p }
        })
    }

    fn mapping_pattern(&mut self, n: Node, fail: u32) -> R<()> {
        let arity = self.arity(n);
        let rest = self.kind(self.last_child(n)) == K::DoubleStarArg;
        let keys = arity - rest as usize;
        let good_rest = !rest
            || self.child(self.last_child(n), 0).as_name().is_some_and(|name| !self.is_name(name, q!("_")));
        let good = |c: &Self, i| c.kind(c.child(n, i)) == K::Pair && c.is_literal(c.child(c.child(n, i), 0));
        // Equal constants that are not small are found when it runs.
        let key = |c: &Self, i| c.child(c.child(n, i), 0);
        let twice =
            (0..keys).any(|i| (0..i).any(|j| key(self, i).leaf_or_small() && key(self, i) == key(self, j)));
        if twice || !good_rest || arity > 120 || !(0..keys).all(|i| good(self, i)) {
            return self.bad_pattern(n);
        }
        let labels = self.part_labels(arity);
        for i in 0..keys {
            self.on(T::Node, self.child(self.child(n, i), 0))?;
        }
        self.op(op::BUILD_TUPLE, keys as u32)?;
        self.bare(if rest { op::LOAD_CONST_TRUE } else { op::LOAD_CONST_FALSE })?;
        self.op(op::EXTENDED, extended::MATCH_MAPPING)?;
        self.op(op::POP_JUMP_IF_FALSE, labels)?;
        self.op(op::UNPACK_SEQUENCE, arity as u32)?;
        self.parts(arity, labels, fail, |c, i| {
            let p = c.child(n, i);
            c.child(p, if i < keys { 1 } else { 0 })
        })
    }

    fn class_pattern(&mut self, n: Node, fail: u32) -> R<()> {
        let call = self.last_child(n);
        let arity = self.arity(call);
        let keyword = |c: &Self, i| c.kind(c.child(call, i)) == K::KeywordArg;
        let positional = (0..arity).find(|i| keyword(self, *i)).unwrap_or(arity);
        let name = |c: &Self, i| c.child(c.child(call, i), 0);
        let plain = |c: &Self, i| {
            !matches!(c.kind(c.child(call, i)), K::StarArg | K::DoubleStarArg | K::WalrusArg | K::Comp)
        };
        let good = self.is_dotted(n, self.arity(n) - 1)
            && arity <= 120
            && (0..positional).all(|i| plain(self, i))
            && (positional..arity).all(|i| keyword(self, i) && name(self, i).as_name().is_some());
        let twice = (positional..arity).any(|i| (positional..i).any(|j| name(self, i) == name(self, j)));
        if !good || twice {
            return self.bad_pattern(n);
        }
        let labels = self.part_labels(arity);
        for i in 0..self.arity(n) - 1 {
            self.on(T::Node, self.child(n, i))?;
        }
        for i in positional..arity {
            self.op(op::LOAD_CONST_STRING, name(self, i).as_name().unwrap_or(0))?;
        }
        self.op(op::BUILD_TUPLE, (arity - positional) as u32)?;
        self.on(T::Node, Node::small(positional as i32))?;
        self.op(op::EXTENDED, extended::MATCH_CLASS)?;
        self.op(op::POP_JUMP_IF_FALSE, labels)?;
        self.op(op::UNPACK_SEQUENCE, arity as u32)?;
        self.parts(arity, labels, fail, |c, i| {
            let p = c.child(call, i);
            if i < positional { p } else { c.child(p, 1) }
        })
    }

    fn as_pattern(&mut self, n: Node, fail: u32) -> R<()> {
        let (inner, target) = (self.child(n, 0), self.child(n, 1));
        let Some(name) = target.as_name().filter(|name| !self.is_name(*name, q!("_"))) else {
            return self.bad_pattern(n);
        };
        self.bare(op::DUP_TOP)?;
        if self.is_irrefutable(inner) {
            self.task(T::Pattern, inner.0, fail)?;
            return self.op(ir::STORE_ID, name);
        }
        let labels = self.new_labels(2);
        self.task(T::Pattern, inner.0, labels)?;
        self.op(ir::STORE_ID, name)?;
        self.fail_chain(1, labels, fail)
    }

    fn alternatives(&mut self, n: Node, fail: u32) -> R<()> {
        let count = self.arity(n).div_ceil(2);
        let alternative = |c: &Self, i| c.child(n, 2 * i);
        for i in 0..count - 1 {
            let (first, next) = (alternative(self, 0), alternative(self, i + 1));
            if !self.bind_alike(first, next)? {
                return self.emit_error(msg::BOUND_DIFFERENTLY, self.line_of(n));
            }
            self.names_bound_once(next)?;
            if self.is_irrefutable(alternative(self, i)) {
                return self.emit_error(msg::UNREACHABLE, self.line_of(n));
            }
        }
        // One label before each alternative but the first, and the end.
        let labels = self.new_labels(count as u32);
        let end = labels + count as u32 - 1;
        for i in 0..count {
            let next = labels + i as u32;
            let last = i + 1 == count;
            if !last {
                self.bare(op::DUP_TOP)?;
            }
            let p = alternative(self, i);
            self.task(T::Pattern, p.0, if last { fail } else { next })?;
            if !last {
                self.bare(op::POP_TOP)?;
                self.op(op::JUMP, end)?;
                self.op(ir::LABEL, next)?;
                self.op(ir::ADJUST, 1)?;
            }
        }
        self.op(ir::LABEL, end)
    }
}
