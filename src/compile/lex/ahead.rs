//! Looking ahead: what a word means may depend on the rest of its line.
//!
//! Invariants
//! - every byte that was read ahead is read again: a look changes nothing that the program could see.

use super::{EOF, Lexer};
#[cfg(feature = "type-parameters")]
use super::{is_name_start, token};
#[cfg(feature = "match")]
use super::{is_quote, is_space};
use crate::heap::lent::Lent;
use crate::heap::{ByteVec, R};

impl Lexer<'_> {
    /// Whether the logical line ends in a colon.
    #[cfg(feature = "match")]
    pub fn ends_in_colon(&mut self, heap: &mut Lent) -> R<bool> {
        self.look(heap, Self::look_for_colon)
    }
    /// Whether a name comes next on this line.
    #[cfg(feature = "type-parameters")]
    pub fn goes_on_with_name(&mut self, heap: &mut Lent) -> R<bool> {
        self.look(heap, Self::look_for_name)
    }
    /// What `find` says; the bytes that it has read into the vector, those read before first, are given back.
    fn look(&mut self, heap: &mut Lent, find: fn(&mut Self, &mut Lent, &mut ByteVec) -> R<bool>) -> R<bool> {
        let mut line = ByteVec::new();
        let found = find(self, heap, &mut line);
        self.give_back(heap, line)?;
        found
    }
    #[cfg(feature = "type-parameters")]
    fn look_for_name(&mut self, heap: &mut Lent, line: &mut ByteVec) -> R<bool> {
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
                heap.worked(70);
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
    fn give_back(&mut self, heap: &mut Lent, mut line: ByteVec) -> R<()> {
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
            if let Err(lost) = line.push(heap, b) {
                line.free(heap);
                return Err(lost);
            }
            heap.worked(50);
        }
        self.inject.free(heap);
        self.inject = line;
        self.inject_at = 3;
        Ok(())
    }
    #[cfg(feature = "match")]
    fn look_for_colon(&mut self, heap: &mut Lent, line: &mut ByteVec) -> R<bool> {
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
                heap.worked(100);
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
}
