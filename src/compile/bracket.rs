//! What stands in brackets, and lists without them: items, arguments, subscripts, clauses, parameters.
//!
//! Invariants
//! - each function is called with the frame it belongs to on top, and the item it follows on the value stack;
//! - lines are those of a tree of the whole file: a constant tuple has the line of its second item, a comprehension that of
//!   its element.

use super::params::ANNOTATED;
use super::parse::{F, Go, Items, parameters};
use super::token::Tok;
use super::tree::{K, Node};
use super::{Compiler, Grammar, newer};
use crate::heap::R;

/// Mark in a line word: a comma stands before the closing parenthesis.
const TRAILING: u32 = 1 << 31;

impl Compiler<'_> {
    // ---- brackets --------------------------------------------------------------------------------------------

    pub(super) fn after_paren_item(&mut self) -> R<Go> {
        let n = self.collected();
        let top = self.peek_val(0);
        let only = n == 1 && self.spare(1) == 0;
        if only && self.at_clause() {
            let line = self.spare(0);
            return self.begin_comp(line);
        }
        if only && matches!(self.kind(top), K::Yield | K::YieldFrom) && self.tok() == Tok::Comma {
            return Err(self.unexpected());
        }
        if self.tok() == Tok::Comma {
            self.advance()?;
            if self.spare(1) == 0 {
                self.set_spare(1, self.lex.at);
            }
            if self.starts_item(Items::Starred) {
                return self.element();
            }
            self.set_spare(1, self.spare(1) | TRAILING);
        }
        self.expect(Tok::ParenClose)?;
        let (first, after_comma) = (self.spare(0), self.spare(1));
        let item = newer::PARENTHESIZED_WITH && self.grammar == Grammar::Items && self.kind(top) == K::As;
        if after_comma == 0 && self.kind(top) != K::Comp && !item {
            // Parentheses around one expression leave no trace.
            self.operand_line = self.frame_line();
            self.pop_frame();
            return Ok(Go::Trailer);
        }
        // The line of a constant tuple is that of its second item, unless a single comma is all there is.
        let many = n > 2 || n == 2 && after_comma & TRAILING != 0;
        let line = if many { after_comma & !TRAILING } else { first };
        if self.kind(top) != K::Comp && self.fold_tuple(n, line)? {
            self.operand_line = self.frame_line();
            self.pop_frame();
            return Ok(Go::Trailer);
        }
        self.reduce_atom(K::Paren)
    }

    pub(super) fn after_list_item(&mut self) -> R<Go> {
        if self.collected() == 1 && self.spare(1) == 0 && self.at_clause() {
            let line = self.spare(0);
            return self.begin_comp(line);
        }
        if self.tok() == Tok::Comma && self.kind(self.peek_val(0)) != K::Comp {
            self.advance()?;
            self.set_spare(1, 1);
            if self.starts_item(Items::Starred) {
                return self.element();
            }
        }
        self.expect(Tok::BracketClose)?;
        self.reduce_atom(K::List)
    }

    pub(super) fn next_brace_item(&mut self) -> R<Go> {
        if self.accept(Tok::BraceClose)? {
            return self.reduce_atom(K::Brace);
        }
        self.set_spare(0, self.lex.at);
        match self.tok() {
            Tok::Star if newer::UNPACKING => self.begin_star(F::Star),
            Tok::StarStar if newer::UNPACKING || self.in_pattern() => self.begin_star(F::DoubleStarArg),
            _ if newer::UNPACKING => self.begin_named(),
            _ => self.begin_test(true),
        }
    }
    pub(super) fn after_brace_item(&mut self) -> R<Go> {
        let top = self.kind(self.peek_val(0));
        let key = !matches!(top, K::Pair | K::Comp | K::Star | K::DoubleStarArg);
        if key && self.accept(Tok::Colon)? {
            self.set_frame(F::BraceValue);
            return self.begin_test(true);
        }
        let element = !matches!(top, K::Star | K::DoubleStarArg);
        if element && self.collected() == 1 && self.spare(1) == 0 && self.at_clause() {
            let line = self.spare(0);
            return self.begin_comp(line);
        }
        if top != K::Comp && self.accept(Tok::Comma)? {
            self.set_spare(1, 1);
            return self.next_brace_item();
        }
        self.expect(Tok::BraceClose)?;
        self.reduce_atom(K::Brace)
    }

    pub(super) fn after_bare_item(&mut self) -> R<Go> {
        let items = Items::from_u32(self.spare(0));
        let mut trailing = false;
        if self.accept(Tok::Comma)? {
            if self.starts_item(items) {
                return self.begin_item(items);
            }
            trailing = true;
        }
        let (n, line) = (self.collected(), self.frame_line());
        if n == 1 && !trailing || items != Items::Targets && self.fold_tuple(n, line)? {
            self.pop_frame();
            return Ok(Go::Resume);
        }
        self.reduce(K::Bare)
    }

    // ---- calls and subscripts --------------------------------------------------------------------------------

    pub(super) fn next_arg(&mut self) -> R<Go> {
        if self.accept(Tok::ParenClose)? {
            return self.end_args();
        }
        self.set_spare(0, self.lex.at);
        match self.tok() {
            Tok::Star => self.begin_star(F::StarArg),
            Tok::StarStar => self.begin_star(F::DoubleStarArg),
            _ => self.begin_test(true),
        }
    }
    pub(super) fn after_arg(&mut self) -> R<Go> {
        let line = self.spare(0);
        let plain = !matches!(
            self.kind(self.peek_val(0)),
            K::StarArg | K::DoubleStarArg | K::KeywordArg | K::WalrusArg | K::Comp
        );
        match self.tok() {
            _ if plain && self.at_clause() => return self.begin_comp(line),
            t @ (Tok::Assign | Tok::Walrus) if plain => {
                self.push_frame_over(
                    if t == Tok::Assign { F::KeywordValue } else { F::WalrusValue },
                    line,
                    1,
                )?;
                self.advance()?;
                return self.begin_test(true);
            }
            Tok::Comma => {
                self.advance()?;
                return self.next_arg();
            }
            _ => {}
        }
        self.expect(Tok::ParenClose)?;
        self.end_args()
    }
    pub(super) fn end_args(&mut self) -> R<Go> {
        self.reduce(K::Call)?;
        // A class or decorator asked for arguments alone.
        Ok(if self.frame() == F::Root { Go::Resume } else { Go::Trailer })
    }

    pub(super) fn next_subscript(&mut self) -> R<Go> {
        self.set_spare(0, self.lex.at);
        match self.tok() {
            Tok::Colon => {
                self.push_val(Node::NULL)?;
                self.after_subscript()
            }
            Tok::Star if newer::UNPACKING => self.begin_star(F::Star),
            _ if newer::UNPACKING => self.begin_named(),
            _ => self.begin_test(true),
        }
    }
    pub(super) fn after_subscript(&mut self) -> R<Go> {
        let top = self.peek_val(0);
        if self.kind(top) != K::Slice && self.tok() == Tok::Colon {
            let line = self.spare(0);
            self.push_frame_over(F::SliceStop, line, 1)?;
            self.advance()?;
            if self.tok() != Tok::Colon && self.starts(true) {
                return self.begin_test(true);
            }
            self.push_val(Node::NULL)?;
            return self.after_slice_stop();
        }
        let mut trailing = false;
        if self.accept(Tok::Comma)? {
            let star = newer::UNPACKING && self.tok() == Tok::Star;
            if self.starts(true) || self.tok() == Tok::Colon || star {
                return self.next_subscript();
            }
            trailing = true;
        }
        trailing |= newer::UNPACKING && self.kind(self.peek_val(0)) == K::Star;
        self.expect(Tok::BracketClose)?;
        let (n, line) = (self.collected(), self.spare(1));
        if (n > 1 || trailing) && !self.fold_tuple(n, line)? {
            self.make(K::Bare, line, n)?;
        }
        self.reduce(K::Index)?;
        Ok(Go::Trailer)
    }
    pub(super) fn after_slice_stop(&mut self) -> R<Go> {
        if self.accept(Tok::Colon)? && self.starts(true) {
            self.set_frame(F::SliceStep);
            return self.begin_test(true);
        }
        self.push_val(Node::NULL)?;
        self.end_slice()
    }
    pub(super) fn end_slice(&mut self) -> R<Go> {
        self.reduce(K::Slice)
    }

    // ---- comprehensions --------------------------------------------------------------------------------------

    /// Whether a comprehension's clause starts here.
    fn at_clause(&self) -> bool {
        self.tok() == Tok::For || newer::ASYNC_GENERATORS && self.tok() == Tok::Async
    }
    /// At `for`; the element is on the value stack.
    pub(super) fn begin_comp(&mut self, line: u32) -> R<Go> {
        self.push_frame_over(F::CompTargets, line, 1)?;
        self.next_clause()
    }
    pub(super) fn next_clause(&mut self) -> R<Go> {
        match self.tok() {
            Tok::For => {
                self.set_frame(F::CompTargets);
                self.set_spare(0, 0);
                self.advance()?;
                self.begin_items(Items::Targets)
            }
            Tok::Async if newer::ASYNC_GENERATORS => {
                self.advance()?;
                if self.tok() != Tok::For {
                    return Err(self.unexpected());
                }
                self.set_frame(F::CompTargets);
                self.set_spare(0, 1);
                self.advance()?;
                self.begin_items(Items::Targets)
            }
            Tok::If => {
                self.set_frame(F::CompIf);
                self.advance()?;
                self.begin_test(false)
            }
            _ => self.reduce(K::Comp),
        }
    }

    // ---- parameters ------------------------------------------------------------------------------------------

    /// The parameters from here on, as far as none has an expression.
    pub(super) fn next_param(&mut self) -> R<Go> {
        // A loop, because each would otherwise take native stack.
        loop {
            if let Some(go) = self.param()? {
                return Ok(go);
            }
            if !self.accept(Tok::Comma)? {
                return self.end_params();
            }
        }
    }
    /// One parameter, or the end of them; `None` where a comma may follow.
    fn param(&mut self) -> R<Option<Go>> {
        let line = self.lex.at;
        match self.tok() {
            Tok::Name => {
                let name = self.name_here()?;
                self.push_val(Node::name(name))?;
                self.annotation(line, K::Param)
            }
            Tok::Star => {
                self.advance()?;
                if self.tok() != Tok::Name {
                    self.push_val(Node::NULL)?;
                    self.no_annotation()?;
                    self.make(K::StarParam, line, 1 + ANNOTATED)?;
                    return Ok(None);
                }
                let name = self.name_here()?;
                self.push_val(Node::name(name))?;
                self.annotation(line, K::StarParam)
            }
            Tok::Slash if newer::POSITIONAL_ONLY && self.slash_may_stand_here() => {
                self.advance()?;
                self.make(K::Slash, line, 0)?;
                Ok(None)
            }
            Tok::StarStar => {
                self.advance()?;
                let name = self.name_here()?;
                self.push_val(Node::name(name))?;
                self.annotation(line, K::DoubleStarParam)
            }
            _ => self.end_params().map(Some),
        }
    }
    /// A `/` comes after a parameter, once, and before any star.
    fn slash_may_stand_here(&self) -> bool {
        let n = self.collected();
        n > 0 && (0..n).all(|i| self.kind(self.peek_val(i)) == K::Param)
    }
    /// After a parameter's name: what kind of parameter it is stands on the value stack above it.
    fn annotation(&mut self, line: u32, kind: K) -> R<Option<Go>> {
        self.set_spare(1, line << 2 | (kind as u32).wrapping_sub(K::Param as u32) & 3);
        if self.spare(0) & parameters::TYPED != 0 && self.accept(Tok::Colon)? {
            self.push_frame(F::Annotation, line)?;
            return Ok(Some(Go::Test(true)));
        }
        self.no_annotation()?;
        self.default()
    }
    fn no_annotation(&mut self) -> R<()> {
        if newer::ANNOTATIONS { self.push_val(Node::NULL) } else { Ok(()) }
    }
    /// After a parameter's name and annotation.
    fn default(&mut self) -> R<Option<Go>> {
        let (line, kind) = (self.spare(1) >> 2, self.spare(1) & 3);
        let kind = match kind {
            0 => K::Param,
            1 => K::StarParam,
            _ => K::DoubleStarParam,
        };
        if kind != K::Param {
            self.make(kind, line, 1 + ANNOTATED)?;
            return Ok(None);
        }
        if self.accept(Tok::Assign)? {
            self.push_frame_over(F::Default, line, 1 + ANNOTATED)?;
            return Ok(Some(Go::Test(true)));
        }
        self.push_val(Node::NULL)?;
        self.make(K::Param, line, 2 + ANNOTATED)?;
        Ok(None)
    }
    pub(super) fn after_param_name(&mut self) -> R<Go> {
        match self.default()? {
            Some(go) => Ok(go),
            None => self.after_param(),
        }
    }
    pub(super) fn after_param(&mut self) -> R<Go> {
        if self.accept(Tok::Comma)? { self.next_param() } else { self.end_params() }
    }
    pub(super) fn end_params(&mut self) -> R<Go> {
        let how = self.spare(0);
        self.reduce(K::Params)?;
        if how & parameters::LAMBDA == 0 {
            return Ok(Go::Resume);
        }
        self.expect(Tok::Colon)?;
        Ok(Go::Test(how & parameters::NO_CONDITION == 0))
    }
    pub(super) fn end_lambda(&mut self) -> R<Go> {
        // Parameters, body.
        self.reduce(K::Lambda)
    }
}
