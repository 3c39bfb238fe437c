//! Source bytes to tokens.
//!
//! Invariants
//! - three bytes are read ahead; 0 stands for the end of the source, a 0 in the source reads as 1 (which no token has);
//! - `CR` and `CR LF` read as `LF`, and the last line always ends in one;
//! - an f-string becomes its text followed by the tokens of `.format((a), (b),)`: the call's text is injected into
//!   the stream of bytes after the string;
//! - a t-string becomes the name `__template__` and an injected call: a tuple of the texts between the fields, then for each
//!   field its value, its source, its conversion and its format.

#[cfg(any(feature = "match", feature = "type-parameters"))]
mod ahead;
mod fstring;
mod literal;
mod template;

use super::Source;
use super::position::Position;
use super::token::{self, Tok};
use crate::heap::lent::Lent;
use crate::heap::{ByteVec, Heap, R, WordVec};

const TAB: u32 = 8;
const EOF: u8 = 0;

pub struct Lexer<'s> {
    src: &'s mut dyn Source,
    ahead: [u8; 3],
    line: u32,
    column: u32,
    /// Widths of the open indentation levels; the first is 0.
    indents: WordVec,
    /// Indents (positive) or dedents (negative) still to be reported.
    dents: i32,
    brackets: u32,
    inject: ByteVec,
    inject_at: usize,
    /// How many of the bytes to inject were read from the source before.
    again: usize,
    /// The `.format(…` call of the f-string being read.
    fcall: ByteVec,
    nest: WordVec,
    debug: bool,
    pub kind: Tok,
    /// The line of the current token.
    pub at: u32,
    pub position: Position,
    pub text: ByteVec,
}

/// Whether there are t-strings: their types belong to this level.
const TEMPLATES: bool = cfg!(feature = "extra");
/// Whether an f-string's fields may hold any literal.
const NESTED: bool = cfg!(feature = "nested-fstrings");

const STRICT: bool = cfg!(feature = "strict-syntax");

fn is_letter(c: u8) -> bool {
    c.is_ascii_alphabetic()
}
fn is_name_start(c: u8) -> bool {
    is_letter(c) || c == b'_' || c >= 0x80
}
fn is_space(c: u8) -> bool {
    matches!(c, 9..=13 | 32)
}
fn is_quote(c: u8) -> bool {
    c == b'\'' || c == b'"'
}

impl<'s> Lexer<'s> {
    /// A lexer; `debug` is what `__debug__` reads as.
    pub fn new(src: &'s mut dyn Source, debug: bool) -> Lexer<'s> {
        Lexer {
            src,
            ahead: [EOF; 3],
            line: 1,
            column: 1,
            indents: WordVec::new(),
            dents: 0,
            brackets: 0,
            inject: ByteVec::new(),
            inject_at: 0,
            again: 0,
            fcall: ByteVec::new(),
            nest: WordVec::new(),
            debug,
            kind: Tok::End,
            at: 1,
            position: Position::default(),
            text: ByteVec::new(),
        }
    }
    pub fn free(&mut self, heap: &mut Lent) {
        self.indents.free(heap);
        self.inject.free(heap);
        self.fcall.free(heap);
        self.nest.free(heap);
        self.text.free(heap);
    }

    /// Reads the first token. With `statements` it must not be indented; an expression may.
    pub fn start(&mut self, heap: &mut Lent, statements: bool) -> R<()> {
        self.indents.push(heap, 0)?;
        for _ in 0..3 {
            self.advance(heap);
        }
        (self.line, self.column) = (1, 1);
        let column = self.next_at(heap)?;
        if statements && column != 1 && self.kind != Tok::Newline {
            self.kind = Tok::Indent;
        }
        Ok(())
    }

    fn cur(&self) -> u8 {
        self.ahead[0]
    }
    fn is_end(&self) -> bool {
        self.cur() == EOF
    }
    fn source_byte(&mut self, heap: &Heap) -> u8 {
        if self.inject_at > 0 {
            let b = self.inject.get(heap, self.inject_at).unwrap_or(EOF);
            if self.again > 0 {
                self.again -= 1;
                self.position.read(Some(b));
            }
            self.inject_at += 1;
            if self.inject_at >= self.inject.len() {
                self.inject.truncate(0);
                self.inject_at = 0;
            }
            return b;
        }
        let b = self.src.next_byte(heap);
        self.position.read(b);
        match b {
            None => EOF,
            Some(0) => 1,
            Some(b) => b,
        }
    }
    fn advance(&mut self, heap: &mut Lent) {
        match self.cur() {
            b'\n' => {
                self.line += 1;
                self.column = 1;
            }
            b'\t' => self.column = (self.column - 1 + TAB) / TAB * TAB + 1,
            _ => self.column += 1,
        }
        let [_, first, mut two] = self.ahead;
        let mut new = self.source_byte(heap);
        if two == b'\r' {
            two = b'\n';
            if new == b'\n' {
                new = self.source_byte(heap);
            }
        }
        if new == EOF && two != EOF && two != b'\n' {
            new = b'\n';
        }
        self.ahead = [first, two, new];
        self.position.shift();
        heap.worked(70);
    }

    /// Skips blanks, comments and joined lines; true where it stopped before the end of a logical line.
    fn skip_blank(&mut self, heap: &mut Lent, stop: bool) -> bool {
        loop {
            match self.ahead {
                [EOF, ..] => return false,
                [b'\n', ..] => {
                    if stop && self.brackets == 0 {
                        return true;
                    }
                    self.advance(heap);
                }
                [c, ..] if is_space(c) => self.advance(heap),
                [b'#', ..] => {
                    while !self.is_end() && self.cur() != b'\n' {
                        self.advance(heap);
                    }
                }
                [b'\\', b'\n', _] => {
                    self.advance(heap);
                    self.advance(heap);
                }
                _ => return false,
            }
        }
    }

    pub fn next(&mut self, heap: &mut Lent) -> R<()> {
        self.next_at(heap).map(|_| ())
    }
    /// Reads a token and answers its column.
    fn next_at(&mut self, heap: &mut Lent) -> R<u32> {
        self.text.truncate(0);
        let newline = self.skip_blank(heap, true);
        self.at = self.line;
        self.position.begin();
        let column = self.column;
        if self.dents < 0 {
            self.kind = Tok::Dedent;
            self.dents += 1;
        } else if self.dents > 0 {
            self.kind = Tok::Indent;
            self.dents -= 1;
        } else if newline {
            self.newline(heap)?;
        } else if self.is_end() {
            self.kind = Tok::End;
        } else if self.string_prefix().is_some() {
            self.strings(heap)?;
        } else if is_name_start(self.cur()) {
            self.name(heap)?;
        } else if self.cur().is_ascii_digit() || (self.cur() == b'.' && self.ahead[1].is_ascii_digit()) {
            self.number(heap)?;
        } else {
            self.operator(heap);
        }
        Ok(column)
    }

    fn newline(&mut self, heap: &mut Lent) -> R<()> {
        self.skip_blank(heap, false);
        self.kind = Tok::Newline;
        let width = self.column - 1;
        let open = |s: &Self, heap: &Heap| s.indents.last(heap).unwrap_or(0);
        if width > open(self, heap) {
            self.indents.push(heap, width)?;
            self.dents += 1;
        } else {
            while width < open(self, heap) {
                self.indents.pop(heap);
                self.dents -= 1;
            }
            if width != open(self, heap) {
                self.kind = Tok::BadDedent;
            }
        }
        Ok(())
    }

    fn name(&mut self, heap: &mut Lent) -> R<()> {
        while is_name_start(self.cur()) || self.cur().is_ascii_digit() {
            self.take(heap)?;
        }
        let text = self.text.as_slice(heap);
        self.kind = match token::keyword(text) {
            Some(k) => k,
            None if text == b"__debug__" && self.debug => Tok::True,
            None if text == b"__debug__" => Tok::False,
            None => Tok::Name,
        };
        Ok(())
    }

    fn number(&mut self, heap: &mut Lent) -> R<()> {
        self.kind = if self.cur() == b'.' { Tok::Float } else { Tok::Integer };
        let mut stray = false;
        let prefixed = self.cur() == b'0' && matches!(self.ahead[1] | 32, b'x' | b'o' | b'b');
        self.take(heap)?;
        loop {
            match self.cur() {
                b'e' | b'E' if !prefixed => {
                    self.kind = Tok::Float;
                    self.take(heap)?;
                    if matches!(self.cur(), b'+' | b'-') {
                        self.take(heap)?;
                    }
                }
                c if is_letter(c) || c.is_ascii_digit() || c == b'.' => {
                    if matches!(c, b'.' | b'j' | b'J') {
                        self.kind = Tok::Float;
                    }
                    self.take(heap)?;
                }
                b'_' => {
                    let before = self.text.as_slice(heap).last().copied().unwrap_or(0);
                    let digit = |b: u8| b.is_ascii_digit() || prefixed && b.is_ascii_alphabetic();
                    stray |= STRICT && !(digit(before) && digit(self.ahead[1]));
                    self.advance(heap);
                }
                _ if stray => {
                    self.kind = Tok::Invalid;
                    return Ok(());
                }
                _ => return Ok(()),
            }
        }
    }

    fn operator(&mut self, heap: &mut Lent) {
        let Some((kind, len)) = token::operator(self.ahead) else {
            self.advance(heap);
            self.kind = Tok::Invalid;
            return;
        };
        for _ in 0..len {
            self.advance(heap);
        }
        self.kind = kind;
        match kind {
            Tok::ParenOpen | Tok::BracketOpen | Tok::BraceOpen => {
                self.brackets = self.brackets.wrapping_add(1)
            }
            Tok::ParenClose | Tok::BracketClose | Tok::BraceClose => {
                self.brackets = self.brackets.wrapping_sub(1)
            }
            _ => {}
        }
    }

    /// Moves the current byte into the token's text.
    fn take(&mut self, heap: &mut Lent) -> R<()> {
        self.text.push(heap, self.cur())?;
        self.advance(heap);
        Ok(())
    }
}
