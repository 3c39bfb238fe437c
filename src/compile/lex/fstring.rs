//! F-strings: the text of a field's expression goes to a call of `format`, which is read after the string.

use super::{EOF, Lexer, NESTED, is_letter, is_quote, is_space};
use crate::compile::token::Tok;
use crate::heap::R;
use crate::heap::lent::Lent;

/// What is open inside a field of an f-string: a word each.
mod nest {
    pub const SORT: u32 = 3;
    /// An expression; from `OPEN` on, how many brackets are open in it.
    pub const EXPRESSION: u32 = 0;
    pub const OPEN: u32 = 4;
    /// An f-string inside it; bits 8 to 15 its quote.
    pub const LITERAL: u32 = 1;
    pub const TRIPLE: u32 = 4;
    /// The format of a field of that one.
    pub const FORMAT: u32 = 2;
    /// How deep f-strings may nest: each level is read again when its turn comes.
    pub const MOST: usize = 300;
}

impl Lexer<'_> {
    pub fn double_braces(&mut self, heap: &mut Lent, from: usize, to: usize) -> R<()> {
        let brace = |b: u8| matches!(b, b'{' | b'}');
        let all = self.text.as_slice(heap).get(from..to).unwrap_or(&[]);
        let extra = all.iter().filter(|b| brace(**b)).count();
        self.text.insert_gap(heap, to, extra)?;
        let (mut read, mut write) = (to, to + extra);
        while write > read && read > from {
            read -= 1;
            write -= 1;
            let b = self.text.get(heap, read).unwrap_or(b' ');
            self.text.set(heap, write, b);
            heap.worked(30);
            if brace(b) {
                write -= 1;
                self.text.set(heap, write, b);
            }
        }
        Ok(())
    }
    /// `{` in an f-string: doubled, or an expression that becomes an argument of the call (true).
    pub fn replacement(&mut self, heap: &mut Lent) -> R<bool> {
        self.advance(heap);
        if self.cur() == b'{' {
            self.advance(heap);
            self.text.extend(heap, b"{{")?;
            return Ok(false);
        }
        self.expression(heap)?;
        self.fcall.extend(heap, b"),")?;
        self.text.push(heap, b'{')?;
        Ok(true)
    }
    /// The expression of a field, as `(a` at the end of the call; where it starts, and whether it ended in `=`.
    /// After `=` it goes to the text too.
    pub fn expression(&mut self, heap: &mut Lent) -> R<(usize, bool)> {
        self.fcall.push(heap, b'(')?;
        let start = self.fcall.len();
        if NESTED {
            self.nested_expression(heap, start)?;
        } else {
            self.plain_expression(heap)?;
        }
        let end = self.fcall.len();
        let mut last = end;
        while NESTED && last > start && self.fcall.get(heap, last - 1).is_some_and(is_space) {
            last -= 1;
        }
        let shown = last > start && self.fcall.get(heap, last - 1) == Some(b'=');
        if shown {
            for i in start..end {
                let b = self.fcall.get(heap, i).unwrap_or(b'=');
                if NESTED && matches!(b, b'{' | b'}') {
                    self.text.push(heap, b)?;
                }
                self.text.push(heap, b)?;
                heap.worked(50);
            }
            self.fcall.truncate(last - 1);
        }
        if self.fcall.len() == start || last == start {
            self.kind = Tok::BadFString;
        }
        Ok((start, shown))
    }
    /// The end of the expression is found by brackets alone: no literal in it may hold `}` or `:`.
    fn plain_expression(&mut self, heap: &mut Lent) -> R<()> {
        let mut nested = 0u32;
        while !self.is_end() {
            let ends = match self.ahead {
                [b':' | b'}', ..] | [b'!', b'r' | b's', b':' | b'}'] => nested == 0,
                _ => false,
            };
            if ends {
                break;
            }
            match self.cur() {
                b'[' | b'{' => nested = nested.wrapping_add(1),
                b']' | b'}' => nested = nested.wrapping_sub(1),
                _ => {}
            }
            self.copy(heap)?;
        }
        Ok(())
    }
    /// The end of the expression, over literals with whatever they hold, f-strings in it, and comments.
    fn nested_expression(&mut self, heap: &mut Lent, start: usize) -> R<()> {
        self.nest.truncate(0);
        self.nest.push(heap, nest::EXPRESSION)?;
        while let Some(top) = self.nest.last(heap) {
            let c = self.cur();
            if self.is_end() || self.nest.len() > nest::MOST {
                self.kind = Tok::BadFString;
                break;
            }
            match top & nest::SORT {
                nest::LITERAL => match c {
                    b'\\' => {
                        self.copy(heap)?;
                        self.copy(heap)?;
                    }
                    b'{' | b'}' if self.ahead[1] == c => {
                        self.copy(heap)?;
                        self.copy(heap)?;
                    }
                    b'{' => {
                        self.copy(heap)?;
                        self.nest.push(heap, nest::EXPRESSION)?;
                    }
                    q if q == (top >> 8) as u8 && (top & nest::TRIPLE == 0 || self.ahead == [q; 3]) => {
                        for _ in 0..if top & nest::TRIPLE == 0 { 1 } else { 3 } {
                            self.copy(heap)?;
                        }
                        self.nest.pop(heap);
                    }
                    _ => self.copy(heap)?,
                },
                nest::FORMAT => {
                    self.copy(heap)?;
                    match c {
                        b'{' => self.nest.push(heap, nest::EXPRESSION)?,
                        b'}' => {
                            self.nest.pop(heap);
                        }
                        _ => {}
                    }
                }
                _ => self.expression_byte(heap, c, top, start)?,
            }
        }
        Ok(())
    }
    /// One byte, literal or comment of an expression; `top` holds how many brackets are open in it.
    fn expression_byte(&mut self, heap: &mut Lent, c: u8, top: u32, start: usize) -> R<()> {
        let outermost = self.nest.len() == 1;
        let at = self.nest.len() - 1;
        match self.ahead {
            [b':' | b'}', ..] | [b'!', b'r' | b's' | b'a', b':' | b'}'] if top == nest::EXPRESSION => {
                if outermost {
                    self.nest.truncate(0);
                    return Ok(());
                }
                self.copy(heap)?;
                match c {
                    b':' => self.nest.set(heap, at, nest::FORMAT),
                    b'}' => self.nest.truncate(at),
                    _ => {}
                }
                return Ok(());
            }
            [b'#', ..] => {
                while !self.is_end() && self.cur() != b'\n' {
                    self.advance(heap);
                }
                return Ok(());
            }
            [b'[' | b'{' | b'(', ..] => self.nest.set(heap, at, top + nest::OPEN),
            [b']' | b'}' | b')', ..] => self.nest.set(heap, at, top.saturating_sub(nest::OPEN)),
            [q, ..] if is_quote(q) => return self.literal_within(heap, q, start),
            _ => {}
        }
        self.copy(heap)
    }
    /// A literal inside an expression: a plain one as a whole, an f-string up to behind its opening quotes.
    fn literal_within(&mut self, heap: &mut Lent, quote: u8, start: usize) -> R<()> {
        let mut at = self.fcall.len();
        let mut format = false;
        while at > start && self.fcall.get(heap, at - 1).is_some_and(is_letter) {
            at -= 1;
            format |= self.fcall.get(heap, at).is_some_and(|b| matches!(b | 32, b'f' | b't'));
        }
        // Longer words are names.
        format &= self.fcall.len() - at <= 2;
        let triple = self.ahead == [quote; 3];
        for _ in 0..if triple { 3 } else { 1 } {
            self.copy(heap)?;
        }
        if format {
            let word = nest::LITERAL | (quote as u32) << 8 | if triple { nest::TRIPLE } else { 0 };
            return self.nest.push(heap, word);
        }
        while !self.is_end() && (triple || self.cur() != b'\n') {
            if self.cur() == quote && (!triple || self.ahead == [quote; 3]) {
                for _ in 0..if triple { 3 } else { 1 } {
                    self.copy(heap)?;
                }
                return Ok(());
            }
            if self.cur() == b'\\' {
                self.copy(heap)?;
            }
            self.copy(heap)?;
        }
        self.kind = Tok::BadFString;
        Ok(())
    }
    /// Moves the current byte to the call's text.
    fn copy(&mut self, heap: &mut Lent) -> R<()> {
        self.fcall.push(heap, self.cur())?;
        self.advance(heap);
        Ok(())
    }
    /// Puts the call before the bytes that were read ahead.
    pub fn inject_call(&mut self, heap: &mut Lent) -> R<()> {
        if self.inject_at == 0 {
            self.inject.extend(heap, &self.ahead)?;
        } else {
            self.inject_at = self.inject_at.saturating_sub(3);
        }
        let (n, mut at) = (self.fcall.len(), self.inject_at);
        self.inject.insert_gap(heap, at, n)?;
        for i in 0..n {
            let b = self.fcall.get(heap, i).unwrap_or(EOF);
            self.inject.set(heap, at + i, b);
            heap.worked(30);
        }
        self.fcall.truncate(0);
        let mut ahead = [EOF; 3];
        for a in &mut ahead {
            *a = self.inject.get(heap, at).unwrap_or(EOF);
            at += 1;
        }
        self.ahead = ahead;
        self.inject_at = at;
        Ok(())
    }
}
