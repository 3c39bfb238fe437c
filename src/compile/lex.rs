//! Source bytes to tokens.
//!
//! Invariants
//! - three bytes are read ahead; 0 stands for the end of the source, a 0 in the source reads as 1 (which no token has);
//! - `CR` and `CR LF` read as `LF`, and the last line always ends in one;
//! - an f-string becomes its text followed by the tokens of `.format((a), (b),)`: the call's text is injected into
//!   the stream of bytes after the string;
//! - a t-string becomes the name `__template__` and an injected call: a tuple of the texts between the fields, then for each
//!   field its value, its source, its conversion and its format.

use super::Source;
use super::position::Position;
use super::token::{self, Tok};
use crate::base::utf8;
use crate::heap::{ByteVec, Heap, R, TypeId, WordVec};
use crate::object::exc;

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

/// What a backslash and the bytes after it stand for.
enum Escape {
    Char(u32),
    /// A character that keeps its backslash.
    Plain(u8),
    Nothing,
}

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
    pub fn free(&mut self, heap: &mut Heap) {
        self.indents.free(heap);
        self.inject.free(heap);
        self.fcall.free(heap);
        self.nest.free(heap);
        self.text.free(heap);
    }

    /// Reads the first token. With `statements` it must not be indented; an expression may.
    pub fn start(&mut self, heap: &mut Heap, statements: bool) -> R<()> {
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
    fn advance(&mut self, heap: &Heap) {
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
    }

    /// Skips blanks, comments and joined lines; true where it stopped before the end of a logical line.
    fn skip_blank(&mut self, heap: &Heap, stop: bool) -> bool {
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

    /// Whether the logical line ends in a colon. Reads on to its end, and gives the bytes back.
    #[cfg(feature = "match")]
    pub fn ends_in_colon(&mut self, heap: &mut Heap) -> R<bool> {
        let mut line = ByteVec::new();
        let found = self.look_for_colon(heap, &mut line);
        self.give_back(heap, line)?;
        found
    }
    /// Whether a name comes next on this line.
    #[cfg(feature = "type-parameters")]
    pub fn goes_on_with_name(&mut self, heap: &mut Heap) -> R<bool> {
        let mut line = ByteVec::new();
        let found = self.look_for_name(heap, &mut line);
        self.give_back(heap, line)?;
        found
    }
    #[cfg(feature = "type-parameters")]
    fn look_for_name(&mut self, heap: &mut Heap, line: &mut ByteVec) -> R<bool> {
        let (mut start, mut at) = (0, 0);
        loop {
            while line.len() <= at.max(2) {
                let n = line.len();
                let b =
                    if n < 3 { self.ahead.get(n).copied().unwrap_or(EOF) } else { self.source_byte(heap) };
                if b == EOF {
                    break;
                }
                line.push(heap, b)?;
            }
            match line.get(heap, at) {
                Some(b' ' | b'\t') if start == at => start += 1,
                Some(c) if is_name_start(c) || at > start && c.is_ascii_digit() => {}
                _ => break,
            }
            at += 1;
        }
        let word = line.as_slice(heap).get(start..at).unwrap_or(&[]);
        Ok(!word.is_empty() && token::keyword(word).is_none())
    }
    /// Puts bytes that were read ahead before what is read next.
    #[cfg(any(feature = "match", feature = "type-parameters"))]
    fn give_back(&mut self, heap: &mut Heap, mut line: ByteVec) -> R<()> {
        let rest = if self.inject_at > 0 { self.inject.len() - self.inject_at } else { 0 };
        if line.len() <= 3 {
            line.free(heap);
            return Ok(());
        }
        if rest == 0 {
            self.again = line.len() - 3;
            self.position.unread(self.again);
        }
        // What was injected before and is left goes behind the line.
        for i in 0..rest {
            let b = self.inject.get(heap, self.inject_at + i).unwrap_or(EOF);
            line.push(heap, b)?;
        }
        self.inject.free(heap);
        self.inject = line;
        self.inject_at = 3;
        Ok(())
    }
    #[cfg(feature = "match")]
    fn look_for_colon(&mut self, heap: &mut Heap, line: &mut ByteVec) -> R<bool> {
        let (mut open, mut last) = (0u32, 0);
        let (mut quote, mut triple) = (0, false);
        let mut at = 0;
        loop {
            // Three bytes from `at` on.
            while line.len() < at + 3 {
                let n = line.len();
                let b =
                    if n < 3 { self.ahead.get(n).copied().unwrap_or(EOF) } else { self.source_byte(heap) };
                if b == EOF {
                    break;
                }
                line.push(heap, b)?;
            }
            let byte = |i| line.get(heap, at + i).unwrap_or(EOF);
            let ahead = [byte(0), byte(1), byte(2)];
            at += 1;
            match ahead {
                [EOF, ..] => return Ok(open == 0 && last == b':'),
                // The end of a comment, of a line in a long string, of one that should have ended before.
                [b'\n' | b'\r', ..] if quote == b'#' => {
                    quote = 0;
                    at -= 1;
                }
                [b'\n' | b'\r', ..] if quote != 0 && !triple => return Ok(false),
                _ if quote == b'#' => {}
                [b'\\', ..] => {
                    at += 1;
                    last = b'\\';
                }
                [q, ..] if quote != 0 && q == quote && (!triple || ahead == [q; 3]) => {
                    at += if triple { 2 } else { 0 };
                    quote = 0;
                }
                _ if quote != 0 => {}
                [q, ..] if is_quote(q) => {
                    triple = ahead == [q; 3];
                    at += if triple { 2 } else { 0 };
                    (quote, last) = (q, q);
                }
                [b'#', ..] => quote = b'#',
                [b'\n' | b'\r', ..] if open == 0 => return Ok(last == b':'),
                [b'(' | b'[' | b'{', ..] => open += 1,
                [b')' | b']' | b'}', ..] => {
                    open = open.saturating_sub(1);
                    last = b')';
                }
                [c, ..] if !is_space(c) => last = c,
                _ => {}
            }
        }
    }

    pub fn next(&mut self, heap: &mut Heap) -> R<()> {
        self.next_at(heap).map(|_| ())
    }
    /// Reads a token and answers its column.
    fn next_at(&mut self, heap: &mut Heap) -> R<u32> {
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

    fn newline(&mut self, heap: &mut Heap) -> R<()> {
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

    fn name(&mut self, heap: &mut Heap) -> R<()> {
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

    fn number(&mut self, heap: &mut Heap) -> R<()> {
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

    fn operator(&mut self, heap: &Heap) {
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
    fn take(&mut self, heap: &mut Heap) -> R<()> {
        self.text.push(heap, self.cur())?;
        self.advance(heap);
        Ok(())
    }

    // ---- strings ---------------------------------------------------------------------------------------------

    /// The letters before the quote, where a string literal starts here: (kind letter, raw, number of letters).
    fn string_prefix(&self) -> Option<(u8, bool, usize)> {
        let low = |b: u8| if NESTED && b.is_ascii_alphabetic() { b | 32 } else { b };
        let [a, b, c] = self.ahead;
        match [low(a), low(b), c] {
            [q, ..] if is_quote(q) => Some((b'u', false, 0)),
            [b'r', q, _] if is_quote(q) => Some((b'u', true, 1)),
            [k @ (b'u' | b'b' | b'f' | b't'), q, _] if is_quote(q) && (TEMPLATES || k != b't') => {
                Some((k, false, 1))
            }
            [b'r', k @ (b'b' | b'f' | b't'), q] | [k @ (b'b' | b'f' | b't'), b'r', q]
                if is_quote(q) && (TEMPLATES || k != b't') =>
            {
                Some((k, true, 2))
            }
            _ => None,
        }
    }

    /// A run of adjacent literals, joined.
    fn strings(&mut self, heap: &mut Heap) -> R<()> {
        self.kind = Tok::End;
        let mut template = false;
        while let Some((letter, raw, letters)) = self.string_prefix() {
            let kind = if letter == b'b' { Tok::Bytes } else { Tok::Str };
            if self.kind == Tok::End {
                self.kind = kind;
            }
            // Text does not join bytes, and an error inside a literal ends the run.
            if self.kind != kind {
                break;
            }
            for _ in 0..letters {
                self.advance(heap);
            }
            template |= TEMPLATES && letter == b't';
            let (start, first) = (self.text.len(), self.fcall.is_empty());
            self.literal(heap, raw, letter)?;
            if NESTED && !template && !self.fcall.is_empty() {
                // The text becomes a template: braces of plain literals beside f-strings stand for themselves.
                let from = if letter != b'f' { start } else { 0 };
                let to = if letter != b'f' { self.text.len() } else { start };
                if letter != b'f' || first {
                    self.double_braces(heap, from, to)?;
                }
            }
            self.skip_blank(heap, true);
        }
        if template {
            self.end_template(heap)?;
        }
        if !self.fcall.is_empty() {
            self.fcall.push(heap, b')')?;
            self.inject_call(heap)?;
        }
        Ok(())
    }

    fn double_braces(&mut self, heap: &mut Heap, from: usize, to: usize) -> R<()> {
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
            if brace(b) {
                write -= 1;
                self.text.set(heap, write, b);
            }
        }
        Ok(())
    }

    fn literal(&mut self, heap: &mut Heap, raw: bool, letter: u8) -> R<()> {
        let format = letter == b'f';
        let quote = self.cur();
        self.advance(heap);
        let mut quotes = 1;
        if self.ahead[0] == quote && self.ahead[1] == quote {
            self.advance(heap);
            self.advance(heap);
            quotes = 3;
        }
        if TEMPLATES && letter == b't' {
            return self.template(heap, raw, quote, quotes);
        }
        if format && self.fcall.is_empty() {
            self.fcall.extend(heap, b".format(")?;
        }
        // Fields of an f-string that have begun and not ended.
        let mut open = 0u32;
        let mut closing = 0;
        while !self.is_end() && (quotes > 1 || self.cur() != b'\n') && closing < quotes {
            let c = self.cur();
            if c == quote {
                closing += 1;
                self.take(heap)?;
                continue;
            }
            closing = 0;
            match c {
                b'{' if format => open += self.replacement(heap)? as u32,
                b'}' if NESTED && format => {
                    let doubled = open == 0 && self.ahead[1] == b'}';
                    if doubled {
                        self.take(heap)?;
                    } else if open == 0 {
                        self.kind = Tok::BadFString;
                    }
                    open = open.saturating_sub(1);
                    self.take(heap)?;
                }
                b'\\' => {
                    self.advance(heap);
                    if NESTED && format && self.cur() == b'{' {
                        // No escape: the field begins.
                        self.text.push(heap, b'\\')?;
                    } else if raw {
                        self.text.push(heap, b'\\')?;
                        self.take(heap)?;
                    } else {
                        let at = self.text.len();
                        self.escape(heap)?;
                        if NESTED && format && self.text.len() == at + 1 {
                            self.double_braces(heap, at, at + 1)?;
                        }
                    }
                }
                _ => {
                    if STRICT && letter == b'b' && c >= 0x80 {
                        self.kind = Tok::Invalid;
                    }
                    self.take(heap)?;
                }
            }
        }
        if NESTED && open > 0 {
            self.kind = Tok::BadFString;
        }
        if closing < quotes {
            self.kind = Tok::LonelyString;
        }
        self.text.truncate(self.text.len() - closing);
        Ok(())
    }

    fn escape(&mut self, heap: &mut Heap) -> R<()> {
        let what = match self.cur() {
            b'\n' => Escape::Nothing,
            c @ (b'\\' | b'\'' | b'"') => Escape::Char(c as u32),
            b'a' => Escape::Char(7),
            b'b' => Escape::Char(8),
            b't' => Escape::Char(9),
            b'n' => Escape::Char(10),
            b'v' => Escape::Char(11),
            b'f' => Escape::Char(12),
            b'r' => Escape::Char(13),
            c @ (b'u' | b'U') if self.kind == Tok::Bytes => Escape::Plain(c),
            b'x' => Escape::Char(self.hex(heap, 2)),
            b'u' => Escape::Char(self.hex(heap, 4)),
            b'U' => Escape::Char(self.hex(heap, 8)),
            b'N' => return Err(exc::raise(heap, TypeId::NotImplementedError, "unicode name escapes")),
            c @ b'0'..=b'7' => {
                let mut n = (c - b'0') as u32;
                for _ in 0..2 {
                    if let d @ b'0'..=b'7' = self.ahead[1] {
                        self.advance(heap);
                        n = n * 8 + (d - b'0') as u32;
                    }
                }
                Escape::Char(n)
            }
            c => Escape::Plain(c),
        };
        match what {
            Escape::Nothing => {}
            Escape::Plain(c) => self.text.extend(heap, &[b'\\', c])?,
            Escape::Char(c) if self.kind == Tok::Bytes => match u8::try_from(c) {
                Ok(b) => self.text.push(heap, b)?,
                Err(_) => self.kind = Tok::Invalid,
            },
            Escape::Char(c) => match utf8::encode(c) {
                Some((b, n)) => self.text.extend(heap, b.get(..n).unwrap_or(&b))?,
                None => self.kind = Tok::Invalid,
            },
        }
        self.advance(heap);
        Ok(())
    }

    /// `n` hex digits after the current byte; ends on the last one. A missing digit makes the token invalid.
    fn hex(&mut self, heap: &Heap, n: usize) -> u32 {
        let mut v = 0u32;
        for _ in 0..n {
            match (self.ahead[1] as char).to_digit(16) {
                Some(d) => v = v << 4 | d,
                None => {
                    self.kind = Tok::Invalid;
                    return 0;
                }
            }
            self.advance(heap);
        }
        v
    }

    /// `{` in an f-string: doubled, or an expression that becomes an argument of the call (true).
    fn replacement(&mut self, heap: &mut Heap) -> R<bool> {
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
    fn expression(&mut self, heap: &mut Heap) -> R<(usize, bool)> {
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
            }
            self.fcall.truncate(last - 1);
        }
        if self.fcall.len() == start || last == start {
            self.kind = Tok::BadFString;
        }
        Ok((start, shown))
    }
    /// The end of the expression is found by brackets alone: no literal in it may hold `}` or `:`.
    fn plain_expression(&mut self, heap: &mut Heap) -> R<()> {
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
    fn nested_expression(&mut self, heap: &mut Heap, start: usize) -> R<()> {
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
    fn expression_byte(&mut self, heap: &mut Heap, c: u8, top: u32, start: usize) -> R<()> {
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
    fn literal_within(&mut self, heap: &mut Heap, quote: u8, start: usize) -> R<()> {
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
    fn copy(&mut self, heap: &mut Heap) -> R<()> {
        self.fcall.push(heap, self.cur())?;
        self.advance(heap);
        Ok(())
    }

    // ---- t-strings -------------------------------------------------------------------------------------------

    /// A t-string from behind its opening quotes: the tuple's source goes to the text, the fields' to the call.
    fn template(&mut self, heap: &mut Heap, raw: bool, quote: u8, quotes: usize) -> R<()> {
        let marks = [quote; 3];
        let marks = marks.get(..quotes).unwrap_or(&marks);
        if self.fcall.is_empty() {
            self.text.extend(heap, b"((")?;
            self.text.extend(heap, marks)?;
        }
        let (mut fields, mut closing) = (0, 0);
        // Inside a field's format: where that starts in the text, how many braces are open, whether it has fields itself.
        let (mut format_at, mut open, mut computed) = (0, 0u32, false);
        while !self.is_end() && (quotes > 1 || self.cur() != b'\n') && closing < quotes {
            let c = self.cur();
            closing = if c == quote { closing + 1 } else { 0 };
            match c {
                b'\n' => self.text.extend(heap, b"\\n")?,
                b'{' if open == 0 => {
                    self.advance(heap);
                    if self.cur() != b'{' {
                        self.field(heap, quote, marks)?;
                        (open, format_at) = (1, self.text.len());
                        continue;
                    }
                    self.text.push(heap, b'{')?;
                }
                b'{' => {
                    open += 1;
                    self.text.push(heap, b'{')?;
                }
                // The text is read once more: its escapes stay what they are.
                b'\\' if raw => self.text.extend(heap, b"\\\\")?,
                b'\\' => {
                    self.advance(heap);
                    self.text.extend(heap, &[b'\\', self.cur()])?;
                }
                b'}' if open > 1 => {
                    open -= 1;
                    computed = true;
                    self.text.push(heap, b'}')?;
                }
                b'}' if open == 1 => {
                    (open, fields) = (0, fields + 1);
                    if computed {
                        self.fcall.push(heap, b'f')?;
                        computed = false;
                    }
                    self.fcall.push(heap, quote)?;
                    for i in format_at..self.text.len() {
                        let b = self.text.get(heap, i).unwrap_or(b' ');
                        self.fcall.push(heap, b)?;
                    }
                    self.text.truncate(format_at);
                    self.fcall.extend(heap, &[quote, b','])?;
                }
                b'}' => {
                    self.text.push(heap, b'}')?;
                    if self.ahead[1] == b'}' {
                        self.advance(heap);
                    } else {
                        self.kind = Tok::BadFString;
                    }
                }
                c => self.text.push(heap, c)?,
            }
            self.advance(heap);
        }
        if closing < quotes {
            self.kind = Tok::LonelyString;
        }
        if open > 0 {
            self.kind = Tok::BadFString;
        }
        // More arguments than a call takes go as one tuple.
        if 1 + 4 * fields > 255 {
            self.fcall.insert_gap(heap, 0, 1)?;
            self.fcall.set(heap, 0, b'(');
            self.fcall.push(heap, b')')?;
        }
        Ok(())
    }
    /// A field from behind its brace up to its format: value, source and conversion; the next text begins.
    fn field(&mut self, heap: &mut Heap, quote: u8, marks: &[u8]) -> R<()> {
        let (start, shown) = self.expression(heap)?;
        let mut end = self.fcall.len();
        while end > start && self.fcall.get(heap, end - 1).is_some_and(is_space) {
            end -= 1;
        }
        self.fcall.truncate(end);
        if end == start {
            self.kind = Tok::BadFString;
        }
        self.fcall.extend(heap, &[b')', b',', quote])?;
        for i in start..end {
            let b = self.fcall.get(heap, i).unwrap_or(b' ');
            if b == quote || b == b'\\' {
                self.fcall.push(heap, b'\\')?;
            }
            self.fcall.push(heap, b)?;
        }
        self.fcall.extend(heap, &[quote, b','])?;
        self.text.extend(heap, marks)?;
        self.text.push(heap, b',')?;
        self.text.extend(heap, marks)?;
        if self.cur() == b'!' {
            self.advance(heap);
            self.fcall.extend(heap, &[quote, self.cur(), quote, b','])?;
            self.advance(heap);
        } else if shown && self.cur() != b':' {
            self.fcall.extend(heap, b"'r',")?;
        } else {
            self.fcall.extend(heap, b"None,")?;
        }
        if self.cur() == b':' {
            self.advance(heap);
        }
        Ok(())
    }
    /// The tuple of texts goes before the fields, and the token is the function that takes them.
    fn end_template(&mut self, heap: &mut Heap) -> R<()> {
        self.text.extend(heap, b",),")?;
        let n = self.text.len();
        self.fcall.insert_gap(heap, 0, n)?;
        for i in 0..n {
            let b = self.text.get(heap, i).unwrap_or(b' ');
            self.fcall.set(heap, i, b);
        }
        if self.kind == Tok::Str {
            self.kind = Tok::Name;
            self.text.truncate(0);
            self.text.extend(heap, b"__template__")?;
        }
        Ok(())
    }

    /// Puts the call before the bytes that were read ahead.
    fn inject_call(&mut self, heap: &mut Heap) -> R<()> {
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
