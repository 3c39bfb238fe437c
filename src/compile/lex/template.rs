//! T-strings: an injected call whose arguments are the texts between the fields, then what each field is.

use super::{Lexer, is_space};
use crate::compile::token::Tok;
use crate::heap::R;
use crate::heap::lent::Lent;

impl Lexer<'_> {
    /// A t-string from behind its opening quotes: the tuple's source goes to the text, the fields' to the call.
    pub fn template(&mut self, heap: &mut Lent, raw: bool, quote: u8, quotes: usize) -> R<()> {
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
                        heap.worked(50);
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
    fn field(&mut self, heap: &mut Lent, quote: u8, marks: &[u8]) -> R<()> {
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
            heap.worked(60);
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
    pub fn end_template(&mut self, heap: &mut Lent) -> R<()> {
        self.text.extend(heap, b",),")?;
        let n = self.text.len();
        self.fcall.insert_gap(heap, 0, n)?;
        for i in 0..n {
            let b = self.text.get(heap, i).unwrap_or(b' ');
            self.fcall.set(heap, i, b);
            heap.worked(30);
        }
        if self.kind == Tok::Str {
            self.kind = Tok::Name;
            self.text.truncate(0);
            self.text.extend(heap, b"__template__")?;
        }
        Ok(())
    }
}
