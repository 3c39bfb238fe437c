//! String and bytes literals: prefixes, quotes, escapes, and runs of literals that are one token.

use super::{Lexer, NESTED, STRICT, TEMPLATES, is_quote};
use crate::base::utf8;
use crate::compile::token::Tok;
use crate::heap::lent::Lent;
use crate::heap::{R, TypeId};
use crate::object::exc;

/// What a backslash and the bytes after it stand for.
enum Escape {
    Char(u32),
    /// A character that keeps its backslash.
    Plain(u8),
    Nothing,
}

impl Lexer<'_> {
    /// The letters before the quote, where a string literal starts here: (kind letter, raw, number of letters).
    pub fn string_prefix(&self) -> Option<(u8, bool, usize)> {
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
    pub fn strings(&mut self, heap: &mut Lent) -> R<()> {
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
    fn literal(&mut self, heap: &mut Lent, raw: bool, letter: u8) -> R<()> {
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
    fn escape(&mut self, heap: &mut Lent) -> R<()> {
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
    fn hex(&mut self, heap: &mut Lent, n: usize) -> u32 {
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
}
