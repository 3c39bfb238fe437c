//! Expressions to trees: a shift-reduce machine on an explicit stack.
//!
//! Invariants
//! - a frame is five words: kind, line of its first token, height of the value stack below its values, two spare words;
//! - when a frame is resumed, the expression it waited for is the top of the value stack;
//! - operators of one precedence make one flat node, because constants fold only where all of its operands are known;
//! - whether an optional part follows is decided by its first token alone.

use super::params::ANNOTATED;
use super::token::Tok;
use super::tree::{K, Node};
use super::{Compiler, Grammar, newer};
use crate::heap::{R, Raised};
use crate::q;

const FRAME: usize = 5;

super::numbered! {
    /// What a frame waits for, or what it collects.
    F {
        Root
        /// `test`; then the condition and the other value of an `if`/`else`.
        Test
        Condition
        Otherwise
        /// `or_test`, where no `if` may follow.
        OrTest
        Expr
        /// `test [':=' test]`.
        Named
        NamedValue
        /// Operators of one precedence; spare 0 = level.
        Chain
        Atom
        Await
        /// `(…)` and `[…]`: spare 0 = line of the first item, spare 1 = line after the first comma.
        Paren
        List
        /// `{…}`: spare 0 = line of the item.
        Brace
        BraceValue
        /// Items without brackets: spare 0 = their `Items`.
        Bare
        Args
        KeywordValue
        WalrusValue
        /// The target after `as`.
        As
        StarArg
        DoubleStarArg
        Star
        /// `[…]` after a value: spare 0 = line of the item, spare 1 = line of the first item.
        Index
        SliceStop
        SliceStep
        CompTargets
        CompSource
        CompIf
        /// Parameters: spare 0 = `Parameters`.
        Params
        Annotation
        Default
        LambdaBody
        Yield
        YieldFrom
    }
}

/// What `parse` reads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    Test,
    /// `test [':=' test]`
    Named,
    Expr,
    Items(Items),
    /// A pattern of `case`.
    Pattern,
    /// An item of a `with`.
    WithItem,
    /// The items of an assignment or expression statement, or `yield`.
    Value,
    /// `(…)`, from the parenthesis on.
    Args,
    /// The parameters of a `def`, up to the parenthesis.
    Params,
}

/// Which items stand in a bare list.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Items {
    /// Of `del` and `for`: `*expr` and `expr`; never a constant tuple.
    Targets = 0,
    /// `test` and `*expr`.
    Starred = 1,
    /// `test`.
    Tests = 2,
    /// `test`, `test := test` and `*expr`.
    Named = 3,
}

impl Items {
    /// Of `return`, `yield` and `for`.
    pub const VALUES: Items = if newer::UNPACKING { Items::Starred } else { Items::Tests };
    pub fn from_u32(n: u32) -> Items {
        match n {
            0 => Items::Targets,
            1 => Items::Starred,
            2 => Items::Tests,
            _ => Items::Named,
        }
    }
}

/// How parameters are written; the bits of `F::Params`' spare 0.
pub(super) mod parameters {
    pub const TYPED: u32 = 1;
    pub const LAMBDA: u32 = 2;
    /// The body of the lambda takes no `if`.
    pub const NO_CONDITION: u32 = 4;
}

#[derive(Clone, Copy)]
pub(super) enum Go {
    /// Read an operand of this level.
    Operand(u8),
    /// Read a test, which may be a conditional one. Lambdas nest by this: their functions do not call each other.
    Test(bool),
    /// An atom is complete: trailers may follow.
    Trailer,
    /// An operand is complete: an operator may follow.
    Operator,
    /// Hand the value to the frame below.
    Resume,
    Done,
}

/// Levels of precedence.
mod level {
    pub const OR: u8 = 1;
    pub const AND: u8 = 2;
    pub const NOT: u8 = 3;
    pub const COMPARE: u8 = 4;
    pub const PIPE: u8 = 5;
    pub const FACTOR: u8 = 11;
    pub const POWER: u8 = 12;
    pub const ATOM: u8 = 13;
}

/// The level of a binary operator; 0 for any other token.
fn binary_level(t: Tok) -> u8 {
    match t {
        Tok::Or => level::OR,
        Tok::And => level::AND,
        Tok::Not | Tok::In | Tok::Is => level::COMPARE,
        t if t >= Tok::Less && t <= Tok::NotEqual => level::COMPARE,
        Tok::Pipe => level::PIPE,
        Tok::Caret => 6,
        Tok::Ampersand => 7,
        Tok::ShiftLeft | Tok::ShiftRight => 8,
        Tok::Plus | Tok::Minus => 9,
        Tok::Star | Tok::At | Tok::Slash | Tok::Percent | Tok::SlashSlash => 10,
        Tok::StarStar => level::POWER,
        _ => 0,
    }
}

impl Compiler<'_> {
    /// Reads one `goal`; its node.
    pub fn parse(&mut self, goal: Goal) -> R<Node> {
        let before = self.grammar;
        self.grammar = match goal {
            Goal::Pattern => Grammar::Pattern,
            Goal::WithItem if newer::PARENTHESIZED_WITH && self.tok() == Tok::ParenOpen => Grammar::Items,
            _ => Grammar::Plain,
        };
        let node = self.parse_goal(goal);
        self.grammar = before;
        node
    }
    fn parse_goal(&mut self, goal: Goal) -> R<Node> {
        self.push_frame(F::Root, 0)?;
        let mut go = match goal {
            Goal::Test | Goal::WithItem => self.begin_test(true)?,
            Goal::Pattern => self.begin_items(Items::Starred)?,
            Goal::Named => self.begin_named()?,
            Goal::Expr => self.begin_expr()?,
            Goal::Items(items) => self.begin_items(items)?,
            Goal::Value if self.tok() == Tok::Yield => self.begin_yield()?,
            Goal::Value => self.begin_items(Items::Starred)?,
            Goal::Args => self.begin_args()?,
            Goal::Params => self.begin_params(parameters::TYPED)?,
        };
        loop {
            self.check_lost()?;
            self.heap.worked_here(150);
            go = match go {
                Go::Operand(level) => self.operand(level)?,
                Go::Test(conditional) => self.begin_test(conditional)?,
                Go::Trailer => self.trailer()?,
                Go::Operator => self.operator()?,
                Go::Resume => self.resume()?,
                Go::Done => return Ok(self.pop_val()),
            }
        }
    }

    // ---- frames ----------------------------------------------------------------------------------------------

    #[inline(always)]
    pub(super) fn push_frame(&mut self, f: F, line: u32) -> R<()> {
        self.add_frame(f, line);
        Ok(())
    }
    fn add_frame(&mut self, f: F, line: u32) {
        self.add_frame_over(f, line, 0);
    }
    /// A frame that owns the topmost `values` of the value stack.
    #[inline(always)]
    pub(super) fn push_frame_over(&mut self, f: F, line: u32, values: usize) -> R<()> {
        self.add_frame_over(f, line, values);
        Ok(())
    }
    fn add_frame_over(&mut self, f: F, line: u32, values: usize) {
        let base = self.vals.len().saturating_sub(values) as u32;
        let done = self.frames.extend(self.heap, &[f as u32, line, base, 0, 0]);
        self.note(done);
    }
    fn frame_word(&self, i: usize) -> u32 {
        self.frames.len().checked_sub(FRAME - i).and_then(|at| self.frames.get(self.heap, at)).unwrap_or(0)
    }
    fn set_frame_word(&mut self, i: usize, w: u32) {
        if let Some(at) = self.frames.len().checked_sub(FRAME - i) {
            self.frames.set(self.heap, at, w);
        }
    }
    pub(super) fn frame(&self) -> F {
        F::from_u32(self.frame_word(0)).unwrap_or(F::Root)
    }
    pub(super) fn set_frame(&mut self, f: F) {
        self.set_frame_word(0, f as u32);
    }
    pub(super) fn frame_line(&self) -> u32 {
        self.frame_word(1)
    }
    /// How many values the frame has collected.
    pub(super) fn collected(&self) -> usize {
        self.vals.len().saturating_sub(self.frame_word(2) as usize)
    }
    pub(super) fn spare(&self, i: usize) -> u32 {
        self.frame_word(3 + i)
    }
    pub(super) fn set_spare(&mut self, i: usize, w: u32) {
        self.set_frame_word(3 + i, w);
    }
    pub(super) fn pop_frame(&mut self) {
        self.frames.truncate(self.frames.len().saturating_sub(FRAME));
    }
    /// Replaces what the frame collected by one node, and the frame by nothing.
    pub(super) fn reduce(&mut self, kind: K) -> R<Go> {
        let (line, n) = (self.frame_line(), self.collected());
        self.make(kind, line, n)?;
        self.pop_frame();
        Ok(Go::Resume)
    }
    /// As `reduce`, for what reads as an atom.
    pub(super) fn reduce_atom(&mut self, kind: K) -> R<Go> {
        self.operand_line = self.frame_line();
        self.reduce(kind)?;
        Ok(Go::Trailer)
    }

    // ---- tokens ----------------------------------------------------------------------------------------------

    pub fn tok(&self) -> Tok {
        self.lex.kind
    }
    pub fn advance(&mut self) -> R<()> {
        self.lex.next(self.heap)?;
        self.heap.worked(200);
        if self.heap.has_failed() { Err(Raised) } else { Ok(()) }
    }
    pub fn accept(&mut self, t: Tok) -> R<bool> {
        let hit = self.tok() == t;
        if hit {
            self.advance()?;
        }
        Ok(hit)
    }
    pub fn expect(&mut self, t: Tok) -> R<()> {
        if self.accept(t)? { Ok(()) } else { Err(self.unexpected()) }
    }
    /// Nothing folds in a pattern, and names stand for themselves.
    pub(super) fn in_pattern(&self) -> bool {
        newer::MATCH && self.grammar == Grammar::Pattern
    }
    /// May an expression start here? `test` says whether `not` and `lambda` may.
    pub fn starts(&self, test: bool) -> bool {
        match self.tok() {
            Tok::Not | Tok::Lambda => test,
            t if t >= Tok::Name && t <= Tok::True => true,
            Tok::Plus | Tok::Minus | Tok::Tilde | Tok::Await => true,
            Tok::ParenOpen | Tok::BracketOpen | Tok::BraceOpen => true,
            _ => false,
        }
    }
    pub(super) fn starts_item(&self, items: Items) -> bool {
        match items {
            Items::Targets => self.starts(false) || self.tok() == Tok::Star,
            Items::Starred | Items::Named => self.starts(true) || self.tok() == Tok::Star,
            Items::Tests => self.starts(true),
        }
    }

    // ---- beginnings ------------------------------------------------------------------------------------------

    /// `test`, or `test_nocond` where no `if` may follow.
    pub(super) fn begin_test(&mut self, conditional: bool) -> R<Go> {
        let line = self.lex.at;
        if self.in_pattern() {
            self.push_frame(F::Named, line)?;
            return self.begin_expr();
        }
        if self.tok() == Tok::Lambda {
            return self.begin_lambda(conditional);
        }
        self.push_frame(if conditional { F::Test } else { F::OrTest }, line)?;
        Ok(Go::Operand(level::OR))
    }
    pub(super) fn begin_or_test(&mut self) -> R<Go> {
        let line = self.lex.at;
        self.push_frame(F::OrTest, line)?;
        Ok(Go::Operand(level::OR))
    }
    fn begin_expr(&mut self) -> R<Go> {
        let line = self.lex.at;
        self.push_frame(F::Expr, line)?;
        Ok(Go::Operand(level::PIPE))
    }
    pub(super) fn begin_star(&mut self, f: F) -> R<Go> {
        let line = self.lex.at;
        self.push_frame(f, line)?;
        self.advance()?;
        if f == F::Star { self.begin_expr() } else { self.begin_test(true) }
    }
    pub(super) fn begin_named(&mut self) -> R<Go> {
        let line = self.lex.at;
        self.push_frame(F::Named, line)?;
        self.begin_test(true)
    }
    pub(super) fn begin_item(&mut self, items: Items) -> R<Go> {
        match (items, self.tok()) {
            (Items::Targets | Items::Starred | Items::Named, Tok::Star) => self.begin_star(F::Star),
            (Items::Targets, _) => self.begin_expr(),
            (Items::Named, _) => self.begin_named(),
            _ => self.begin_test(true),
        }
    }
    pub(super) fn begin_items(&mut self, items: Items) -> R<Go> {
        let line = self.lex.at;
        self.push_frame(F::Bare, line)?;
        self.set_spare(0, items as u32);
        self.begin_item(items)
    }
    fn begin_yield(&mut self) -> R<Go> {
        let line = self.lex.at;
        self.push_frame(F::Yield, line)?;
        self.advance()?;
        if self.accept(Tok::From)? {
            self.set_frame(F::YieldFrom);
            return self.begin_test(true);
        }
        if self.starts_item(Items::VALUES) {
            return self.begin_items(Items::VALUES);
        }
        self.push_val(Node::NULL)?;
        Ok(Go::Resume)
    }
    /// `(` of a call or a class.
    fn begin_args(&mut self) -> R<Go> {
        let line = self.lex.at;
        self.push_frame(F::Args, line)?;
        self.expect(Tok::ParenOpen)?;
        self.next_arg()
    }
    fn begin_lambda(&mut self, conditional: bool) -> R<Go> {
        let line = self.lex.at;
        self.push_frame(F::LambdaBody, line)?;
        self.advance()?;
        self.begin_params(parameters::LAMBDA | if conditional { 0 } else { parameters::NO_CONDITION })
    }
    fn begin_params(&mut self, how: u32) -> R<Go> {
        let line = self.lex.at;
        self.push_frame(F::Params, line)?;
        self.set_spare(0, how);
        self.next_param()
    }

    // ---- operands and operators ------------------------------------------------------------------------------

    #[inline(never)]
    fn operand(&mut self, at_level: u8) -> R<Go> {
        let line = self.lex.at;
        self.operand_line = line;
        let t = self.tok();
        match t {
            Tok::Not if at_level <= level::NOT => {
                self.push_frame(F::Chain, line)?;
                self.set_spare(0, level::NOT as u32);
                self.advance()?;
                Ok(Go::Operand(level::NOT))
            }
            Tok::Plus | Tok::Minus | Tok::Tilde if at_level <= level::FACTOR => {
                self.push_frame(F::Chain, line)?;
                self.set_spare(0, level::FACTOR as u32);
                self.push_val(Node::tok(t))?;
                self.advance()?;
                Ok(Go::Operand(level::FACTOR))
            }
            Tok::Await if at_level <= level::POWER => {
                self.push_frame(F::Await, line)?;
                self.advance()?;
                Ok(Go::Operand(level::ATOM))
            }
            Tok::ParenOpen => self.begin_paren(),
            Tok::BracketOpen => {
                self.push_frame(F::List, line)?;
                self.advance()?;
                self.set_spare(0, self.lex.at);
                if self.accept(Tok::BracketClose)? {
                    return self.reduce_atom(K::List);
                }
                self.element()
            }
            Tok::BraceOpen => {
                self.push_frame(F::Brace, line)?;
                self.advance()?;
                self.next_brace_item()
            }
            _ => {
                let Some(atom) = self.leaf()? else { return Err(self.unexpected()) };
                self.push_val(atom)?;
                self.advance()?;
                Ok(Go::Trailer)
            }
        }
    }

    fn begin_paren(&mut self) -> R<Go> {
        let line = self.lex.at;
        self.push_frame(F::Paren, line)?;
        self.advance()?;
        self.set_spare(0, self.lex.at);
        match self.tok() {
            Tok::ParenClose => {
                self.advance()?;
                self.reduce_atom(K::Paren)
            }
            Tok::Yield => self.begin_yield(),
            _ => self.element(),
        }
    }
    /// An item of `(…)` or `[…]`.
    pub(super) fn element(&mut self) -> R<Go> {
        if self.tok() == Tok::Star { self.begin_star(F::Star) } else { self.begin_named() }
    }

    #[inline(never)]
    fn trailer(&mut self) -> R<Go> {
        if !matches!(self.tok(), Tok::ParenOpen | Tok::BracketOpen | Tok::Period) {
            return self.end_atom();
        }
        if !matches!(self.frame(), F::Atom | F::Await) || self.collected() == 0 {
            let line = self.operand_line;
            self.push_frame_over(F::Atom, line, 1)?;
        }
        let line = self.lex.at;
        match self.tok() {
            Tok::ParenOpen => self.begin_args(),
            Tok::BracketOpen => {
                self.push_frame(F::Index, line)?;
                self.advance()?;
                self.set_spare(1, self.lex.at);
                self.next_subscript()
            }
            _ => {
                self.advance()?;
                let name = self.name_here()?;
                self.push_val(Node::name(name))?;
                self.make(K::Attr, line, 1)?;
                Ok(Go::Trailer)
            }
        }
    }
    fn end_atom(&mut self) -> R<Go> {
        match self.frame() {
            F::Atom => {
                self.operand_line = self.frame_line();
                if !self.fold_module_constant()? {
                    self.reduce(K::Atom)?;
                } else {
                    self.pop_frame();
                }
                Ok(Go::Operator)
            }
            F::Await if self.collected() > 0 => {
                self.operand_line = self.frame_line();
                self.reduce(K::Await)?;
                Ok(Go::Operator)
            }
            _ => Ok(Go::Operator),
        }
    }

    #[inline(never)]
    fn operator(&mut self) -> R<Go> {
        let t = self.tok();
        let p = binary_level(t);
        loop {
            let f = self.frame();
            let top = self.spare(0) as u8;
            if f == F::Chain && top > p {
                self.end_chain()?;
                continue;
            }
            let floor = if f == F::Expr { level::PIPE } else { level::OR };
            if f != F::Chain && p < floor {
                return Ok(Go::Resume);
            }
            if f != F::Chain || top != p || p == level::POWER {
                let line = self.operand_line;
                self.push_frame_over(F::Chain, line, 1)?;
                self.set_spare(0, p as u32);
            }
            break;
        }
        self.advance()?;
        let op = match t {
            Tok::Not => {
                self.expect(Tok::In)?;
                Tok::NotIn
            }
            Tok::Is if self.accept(Tok::Not)? => Tok::IsNot,
            t => t,
        };
        if p > level::NOT {
            self.push_val(Node::tok(op))?;
        }
        // A power's right side may have a sign.
        Ok(Go::Operand(if p == level::POWER { level::FACTOR } else { p + 1 }))
    }

    #[inline(never)]
    fn end_chain(&mut self) -> R<()> {
        let (line, n, top) = (self.frame_line(), self.collected(), self.spare(0) as u8);
        self.pop_frame();
        self.operand_line = line;
        let kind = match top {
            level::OR => K::Or,
            level::AND => K::And,
            level::NOT => K::Not,
            level::COMPARE => K::Compare,
            level::FACTOR => K::Unary,
            _ => K::Chain,
        };
        let n = match kind {
            K::Or | K::And => self.fold_logic(kind, n),
            _ => n,
        };
        let folded = match kind {
            _ if self.in_pattern() => false,
            K::Or | K::And => n == 1,
            K::Not => self.fold_not()?,
            K::Unary => self.fold_unary()?,
            K::Chain => self.fold_chain(n)?,
            _ => false,
        };
        if folded { Ok(()) } else { self.make(kind, line, n) }
    }

    // ---- handing values on -----------------------------------------------------------------------------------

    #[inline(never)]
    fn resume(&mut self) -> R<Go> {
        match self.frame() {
            F::Root => {
                self.pop_frame();
                Ok(Go::Done)
            }
            F::Test => {
                if self.accept(Tok::If)? {
                    self.set_frame(F::Condition);
                    return self.begin_or_test();
                }
                self.pop_frame();
                Ok(Go::Resume)
            }
            F::Condition => {
                self.expect(Tok::Else)?;
                self.set_frame(F::Otherwise);
                self.begin_test(true)
            }
            F::Otherwise => self.reduce(K::IfElse),
            F::OrTest | F::Expr => {
                self.pop_frame();
                Ok(Go::Resume)
            }
            F::Named => {
                let as_may_follow = newer::MATCH || newer::PARENTHESIZED_WITH;
                if as_may_follow && self.grammar != Grammar::Plain && self.accept(Tok::As)? {
                    self.set_frame(F::As);
                    return self.begin_expr();
                }
                if self.accept(Tok::Walrus)? {
                    self.set_frame(F::NamedValue);
                    return self.begin_test(true);
                }
                self.pop_frame();
                Ok(Go::Resume)
            }
            F::NamedValue => self.reduce(K::Walrus),
            F::As => self.reduce(K::As),
            F::Chain | F::Atom | F::Await => Ok(Go::Operator),
            F::Paren => self.after_paren_item(),
            F::List => self.after_list_item(),
            F::Brace => self.after_brace_item(),
            F::BraceValue => {
                let line = self.spare(0);
                self.make(K::Pair, line, 2)?;
                self.set_frame(F::Brace);
                self.after_brace_item()
            }
            F::Bare => self.after_bare_item(),
            F::Args => self.after_arg(),
            F::KeywordValue => self.reduce(K::KeywordArg),
            F::WalrusValue => self.reduce(K::WalrusArg),
            F::StarArg => self.reduce(K::StarArg),
            F::DoubleStarArg => self.reduce(K::DoubleStarArg),
            F::Star => self.reduce(K::Star),
            F::Index => self.after_subscript(),
            F::SliceStop => self.after_slice_stop(),
            F::SliceStep => self.end_slice(),
            F::CompTargets => {
                self.expect(Tok::In)?;
                self.set_frame(F::CompSource);
                self.begin_or_test()
            }
            F::CompSource => {
                let line = self.frame_line();
                let waits = newer::ASYNC_GENERATORS && self.spare(0) != 0;
                self.make(if waits { K::AsyncCompFor } else { K::CompFor }, line, 2)?;
                self.next_clause()
            }
            F::CompIf => {
                let line = self.frame_line();
                self.make(K::CompIf, line, 1)?;
                self.next_clause()
            }
            F::Params => self.end_params(),
            F::Annotation => {
                if !newer::ANNOTATIONS {
                    self.pop_val();
                }
                self.pop_frame();
                self.after_param_name()
            }
            F::Default => {
                let line = self.frame_line();
                self.pop_frame();
                self.make(K::Param, line, 2 + ANNOTATED)?;
                self.after_param()
            }
            F::LambdaBody => self.end_lambda(),
            F::Yield => self.reduce(K::Yield),
            F::YieldFrom => self.reduce(K::YieldFrom),
        }
    }

    // ---- atoms -----------------------------------------------------------------------------------------------

    /// The current token as a leaf or constant; `None` where it is no atom.
    #[inline(never)]
    fn leaf(&mut self) -> R<Option<Node>> {
        let line = self.lex.at;
        let t = self.tok();
        Ok(Some(match t {
            Tok::Name => {
                let name = self.intern_token()?;
                match self.const_named(name).filter(|_| !self.in_pattern()) {
                    Some(v) => self.value_node(v, line)?,
                    None => Node::name(name),
                }
            }
            Tok::Integer => {
                let v = self.integer_literal()?;
                self.value_node(v, line)?
            }
            Tok::Float => {
                let v = self.float_literal()?;
                self.const_node(v, line)?
            }
            Tok::Str => self.str_literal(line)?,
            Tok::Bytes => {
                let v = self.bytes_literal()?;
                self.const_node(v, line)?
            }
            Tok::Ellipsis | Tok::None | Tok::True | Tok::False => Node::tok(t),
            _ => return Ok(None),
        }))
    }

    /// The name at the current token, which must be one.
    pub fn name_here(&mut self) -> R<u32> {
        if self.tok() != Tok::Name {
            return Err(self.unexpected());
        }
        let name = self.intern_token()?;
        self.advance()?;
        Ok(name)
    }

    /// `math.pi` and its like are constants.
    fn fold_module_constant(&mut self) -> R<bool> {
        if self.collected() != 2 || self.in_pattern() || self.kind(self.peek_val(0)) != K::Attr {
            return Ok(false);
        }
        let attr = self.child(self.peek_val(0), 0).as_name().and_then(|i| self.name_value(i));
        let base = self.peek_val(1).as_name().and_then(|i| self.name_value(i));
        let (Some(attr), true) = (attr, base == Some(q!("math"))) else { return Ok(false) };
        self.fold_math(attr)
    }
}
