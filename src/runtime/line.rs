//! One line of input on a terminal: cursor keys, deletion, history, indentation, words.
//!
//! Invariants
//! - the text so far, earlier lines of the same input included, lies in the byte array in `text`; the line being edited
//!   starts at `start`, the cursor is at `at`, `start <= at <= len`;
//! - what the terminal shows behind the prompt is always the line, the cursor where `at` says;
//! - history is a list of bytes objects, the newest last, in slot `history`.

use crate::base::sink::{Sink, SliceSink, put_u64};
use crate::heap::span::Span;
use crate::heap::{Kind, R, Value};
use crate::object::{bytearray, bytes, list};
use crate::port::Input;
use crate::vm::{Slot, Vm};

/// Lines that the history keeps.
const HISTORY: usize = 8;
/// Spaces of one step of indentation.
const INDENT: usize = 4;

/// The keys for words, for the end of the line and for its start (from the level `basic` on).
const WORD_KEYS: bool = cfg!(feature = "basic");

/// How a line ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Enter,
    /// ctrl-A to ctrl-E on an empty line; ctrl-C on any.
    Control(u8),
    /// The input has ended.
    End,
}

/// Waits for the next byte of the console; `None` at the end of input. One at a time: what follows a program on its way
/// in may be the program's own input.
pub fn next_key(vm: &mut Vm) -> R<Option<u8>> {
    let mut one = [0];
    match vm.read_console(&mut one)? {
        Input::Bytes(_) => Ok(one.first().copied()),
        _ => Ok(None),
    }
}

/// Where in an escape sequence the input is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escape {
    No,
    Begun,
    Bracket,
    /// After a digit.
    Digit(u8),
    /// After `1;`, and then its modifier.
    Modifier(u8),
    /// After the letter O.
    Letter,
}

pub struct Editor {
    pub text: Slot,
    pub history: Slot,
    start: usize,
    at: usize,
    /// 0 is the new line, 1 the last one entered.
    recalled: usize,
    escape: Escape,
    /// Indentation was put in, and nothing was typed since.
    indented: bool,
    indents: bool,
}

impl Editor {
    /// An editor for a new input. The two slots hold a byte array and a list.
    pub fn new(text: Slot, history: Slot) -> Editor {
        Editor {
            text,
            history,
            start: 0,
            at: 0,
            recalled: 0,
            escape: Escape::No,
            indented: false,
            indents: true,
        }
    }

    fn len(&self, vm: &Vm) -> usize {
        bytearray::len(vm.heap(), vm.get(self.text))
    }
    fn span(&self, vm: &Vm) -> Span {
        bytearray::span(vm.heap(), vm.get(self.text))
    }
    fn byte(&self, vm: &Vm, i: usize) -> Option<u8> {
        vm.heap().span_bytes(self.span(vm)).get(i).copied()
    }
    /// Replaces bytes `from..to` of the text.
    fn splice(&mut self, vm: &mut Vm, from: usize, to: usize, with: &[u8]) -> R<()> {
        let text = vm.get(self.text);
        vm.with_heap(|h| {
            let made = bytearray::with_len(h, with.len())?;
            let room = bytearray::span(h, made);
            h.write_span(room, with);
            bytearray::splice(h, text, from, to, room)
        })
    }

    // ---- the terminal ----------------------------------------------------------------------------------------

    fn put(vm: &mut Vm, bytes: &[u8]) {
        vm.port().console_write(bytes);
    }
    fn back(vm: &mut Vm, n: usize) {
        match n {
            0 => {}
            1..=4 => Editor::put(vm, b"\x08\x08\x08\x08".get(..n).unwrap_or(&[])),
            _ => {
                let mut room = [0; 24];
                let mut sink = SliceSink::new(&mut room);
                // The number has at most 20 digits.
                let _ = sink
                    .write(b"\x1b[")
                    .and_then(|()| put_u64(&mut sink, n as u64, 10, false))
                    .and_then(|()| sink.put(b'D'));
                Editor::put(vm, sink.bytes());
            }
        }
    }
    /// Shows text `from..to`.
    fn show(&self, vm: &mut Vm, from: usize, to: usize) {
        let part = self.span(vm).sub(from, to);
        let port = vm.port();
        port.console_write(vm.heap().span_bytes(part));
    }
    /// The cursor stood at `at`; the text from `from` on is new, and `shorter` if columns are left over. Brings the
    /// terminal up to date and the cursor to `to`.
    fn redraw(&mut self, vm: &mut Vm, from: usize, shorter: bool, to: usize) {
        if self.at > from {
            Editor::back(vm, self.at - from);
        } else {
            self.show(vm, self.at, from);
        }
        let end = self.len(vm);
        if shorter {
            Editor::put(vm, b"\x1b[K");
        }
        self.show(vm, from, end);
        Editor::back(vm, end - to);
        self.at = to;
    }
    fn move_to(&mut self, vm: &mut Vm, to: usize) {
        if to < self.at {
            Editor::back(vm, self.at - to);
        } else {
            self.show(vm, self.at, to);
        }
        self.at = to;
    }

    // ---- editing ---------------------------------------------------------------------------------------------

    pub fn insert(&mut self, vm: &mut Vm, what: &[u8]) -> R<()> {
        let at = self.at;
        self.splice(vm, at, at, what)?;
        self.redraw(vm, at, false, at + what.len());
        Ok(())
    }
    fn remove(&mut self, vm: &mut Vm, from: usize, to: usize) -> R<()> {
        if from < to {
            self.splice(vm, from, to, &[])?;
            self.redraw(vm, from, true, from);
        }
        Ok(())
    }
    /// Replaces the line by one of the history.
    fn recall(&mut self, vm: &mut Vm, n: usize) -> R<()> {
        let history = vm.get(self.history);
        let have = list::len(vm.heap(), history);
        if n > have {
            return Ok(());
        }
        let old = self.len(vm);
        let span = match n {
            0 => Span::EMPTY,
            _ => {
                let v = list::get(vm.heap(), history, have - n).unwrap_or(Value::NONE);
                vm.heap().str_span(v).unwrap_or(Span::EMPTY)
            }
        };
        let (text, start) = (vm.get(self.text), self.start);
        vm.with_heap(|h| bytearray::splice(h, text, start, old, span))?;
        self.recalled = n;
        let end = self.len(vm);
        self.redraw(vm, start, end < old, end);
        Ok(())
    }
    /// Puts the whole text into the history, unless it is empty or the same as the last one.
    pub fn remember(&mut self, vm: &mut Vm) -> R<()> {
        let (text, history) = (vm.get(self.text), vm.get(self.history));
        let all = bytearray::span(vm.heap(), text);
        let n = list::len(vm.heap(), history);
        let last = n.checked_sub(1).and_then(|i| list::get(vm.heap(), history, i));
        if all.is_empty() || last.is_some_and(|l| vm.heap().str_bytes(l) == vm.heap().span_bytes(all)) {
            return Ok(());
        }
        vm.with_heap(|h| {
            let made = bytes::concat(h, Kind::Bytes, &[bytearray::span(h, text)])?;
            list::append(h, history, made)
        })?;
        if n >= HISTORY {
            list::splice_out(vm.heap_mut(), history, 0, 1);
        }
        Ok(())
    }
    /// The start of the word before the cursor.
    fn word_back(&self, vm: &Vm) -> usize {
        let mut i = self.at;
        while i > self.start && !self.is_word(vm, i - 1) {
            i -= 1;
        }
        while i > self.start && self.is_word(vm, i - 1) {
            i -= 1;
        }
        i
    }
    /// The end of the word after the cursor.
    fn word_on(&self, vm: &Vm) -> usize {
        let (mut i, end) = (self.at, self.len(vm));
        while i < end && !self.is_word(vm, i) {
            i += 1;
        }
        while i < end && self.is_word(vm, i) {
            i += 1;
        }
        i
    }
    fn is_word(&self, vm: &Vm, i: usize) -> bool {
        self.byte(vm, i).is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80)
    }

    /// Starts the next line of the input, indented as the one before asks for.
    pub fn start_line(&mut self, vm: &mut Vm) -> R<()> {
        self.start = self.len(vm);
        self.at = self.start;
        self.recalled = 0;
        self.escape = Escape::No;
        self.indented = false;
        let steps = if self.indents { self.wanted_indent(vm) } else { 0 };
        for _ in 0..steps {
            self.insert(vm, b"    ")?;
        }
        self.indented = steps > 0;
        Ok(())
    }
    fn wanted_indent(&self, vm: &Vm) -> usize {
        let all = vm.heap().span_bytes(self.span(vm));
        let Some(all) = all.strip_suffix(b"\n") else { return 0 };
        let mut lines = all.rsplit(|b| *b == b'\n');
        let Some(last) = lines.next() else { return 0 };
        let spaces = last.iter().take_while(|b| **b == b' ').count();
        let blank = |l: &[u8]| l.iter().all(|b| *b == b' ');
        // Two blank lines in a row, and a third is not filled any more.
        if blank(last) && lines.next().is_some_and(blank) {
            return 0;
        }
        spaces / INDENT + usize::from(last.last() == Some(&b':'))
    }

    // ---- keys ------------------------------------------------------------------------------------------------

    /// Reads a line. The text ends without a line feed.
    pub fn read(&mut self, vm: &mut Vm) -> R<Key> {
        loop {
            let Some(b) = next_key(vm)? else { return Ok(Key::End) };
            if self.escape != Escape::No {
                self.escape_key(vm, b)?;
                continue;
            }
            let empty = self.len(vm) == self.start;
            match b {
                1..=5 if empty => return Ok(Key::Control(b)),
                3 => return Ok(Key::Control(b)),
                b'\r' | b'\n' => {
                    Editor::put(vm, b"\r\n");
                    return Ok(Key::Enter);
                }
                1 => self.move_to(vm, self.start),
                2 => self.move_to(vm, self.at.max(self.start + 1) - 1),
                4 => self.delete(vm)?,
                5 => {
                    let end = self.len(vm);
                    self.move_to(vm, end);
                }
                6 => {
                    let to = (self.at + 1).min(self.len(vm));
                    self.move_to(vm, to);
                }
                8 | 127 => self.backspace(vm)?,
                b'\t' => self.tab(vm)?,
                11 if WORD_KEYS => {
                    let end = self.len(vm);
                    self.remove(vm, self.at, end)?;
                }
                14 => self.newer(vm)?,
                16 => self.recall(vm, self.recalled + 1)?,
                21 if WORD_KEYS => self.remove(vm, self.start, self.at)?,
                23 if WORD_KEYS => self.remove(vm, self.word_back(vm), self.at)?,
                27 => self.escape = Escape::Begun,
                b' ' if self.indented => {
                    // A space in place of the indentation that was put in: what is typed from now on is kept as it is.
                    self.indents = false;
                    let to = self.at - (INDENT - 1);
                    self.splice(vm, to, self.at, &[])?;
                    Editor::back(vm, INDENT - 1);
                    self.at = to;
                }
                32.. => self.insert(vm, &[b])?,
                _ => {}
            }
            self.indented = false;
        }
    }
    fn newer(&mut self, vm: &mut Vm) -> R<()> {
        match self.recalled {
            0 => Ok(()),
            n => self.recall(vm, n - 1),
        }
    }
    /// Deletes the character before the cursor, or a step of indentation.
    fn backspace(&mut self, vm: &mut Vm) -> R<()> {
        let before = self.at - self.start;
        let all = vm.heap().span_bytes(self.span(vm));
        let spaces = all.get(self.start..self.at).is_some_and(|l| l.iter().all(|b| *b == b' '));
        if self.indented {
            self.indents = false;
        }
        let n = if spaces && before >= INDENT { INDENT } else { before.min(1) };
        // A character of several bytes goes as a whole.
        let mut from = self.at - n;
        while n == 1 && from > self.start && self.byte(vm, from).is_some_and(|b| b & 0xc0 == 0x80) {
            from -= 1;
        }
        self.remove(vm, from, self.at)
    }
    fn delete(&mut self, vm: &mut Vm) -> R<()> {
        let to = (self.at + 1).min(self.len(vm));
        self.remove(vm, self.at, to)
    }
    fn tab(&mut self, vm: &mut Vm) -> R<()> {
        if self.indented {
            self.indents = false;
            return Ok(());
        }
        let all = vm.heap().span_bytes(self.span(vm));
        if all.get(self.start..self.at).is_some_and(|l| l.iter().all(|b| *b == b' ')) {
            return self.insert(vm, b"    ");
        }
        super::complete::complete(vm, self)
    }
    /// The line up to the cursor.
    #[cfg(feature = "basic")]
    pub fn before_cursor(&self, vm: &Vm) -> Span {
        self.span(vm).sub(self.start, self.at)
    }
    /// Shows prompt and line anew, behind a list of words.
    #[cfg(feature = "basic")]
    pub fn show_again(&mut self, vm: &mut Vm, prompt: &[u8]) {
        Editor::put(vm, prompt);
        let end = self.len(vm);
        self.show(vm, self.start, end);
        Editor::back(vm, end - self.at);
    }

    fn escape_key(&mut self, vm: &mut Vm, b: u8) -> R<()> {
        let now = self.escape;
        self.escape = Escape::No;
        match (now, b) {
            (Escape::Begun, b'[') => self.escape = Escape::Bracket,
            (Escape::Begun, b'O') => self.escape = Escape::Letter,
            (Escape::Begun, b'b') | (Escape::Modifier(b'5'), b'D') if WORD_KEYS => {
                let to = self.word_back(vm);
                self.move_to(vm, to);
            }
            (Escape::Begun, b'f') | (Escape::Modifier(b'5'), b'C') if WORD_KEYS => {
                let to = self.word_on(vm);
                self.move_to(vm, to);
            }
            (Escape::Begun, b'd') if WORD_KEYS => self.remove(vm, self.at, self.word_on(vm))?,
            (Escape::Begun, 127) if WORD_KEYS => self.remove(vm, self.word_back(vm), self.at)?,
            (Escape::Bracket, b'0'..=b'9') => self.escape = Escape::Digit(b),
            (Escape::Digit(b'1'), b';') => self.escape = Escape::Modifier(0),
            (Escape::Modifier(0), _) => self.escape = Escape::Modifier(b),
            (Escape::Digit(b'1' | b'7'), b'~') | (Escape::Bracket | Escape::Letter, b'H') => {
                self.move_to(vm, self.start)
            }
            (Escape::Digit(b'4' | b'8'), b'~') | (Escape::Bracket | Escape::Letter, b'F') => {
                let end = self.len(vm);
                self.move_to(vm, end);
            }
            (Escape::Digit(b'3'), b'~') => self.delete(vm)?,
            (Escape::Bracket, b'A') => self.recall(vm, self.recalled + 1)?,
            (Escape::Bracket, b'B') => self.newer(vm)?,
            (Escape::Bracket, b'C') => {
                let to = (self.at + 1).min(self.len(vm));
                self.move_to(vm, to);
            }
            (Escape::Bracket, b'D') => self.move_to(vm, self.at.max(self.start + 1) - 1),
            _ => {}
        }
        Ok(())
    }
}

/// Whether more lines must follow `text` before it can be run.
pub fn wants_more(text: &[u8]) -> bool {
    const COMPOUND: [&[u8]; 9] =
        [b"if", b"while", b"for", b"try", b"with", b"def", b"class", b"async", b"match"];
    let Some(last) = text.last() else { return false };
    let word = text.split(|b| !b.is_ascii_alphanumeric() && *b != b'_').next().unwrap_or(&[]);
    let compound = text.first() == Some(&b'@') || COMPOUND.contains(&word);
    // The quote that is open, and whether it is a triple one.
    let mut open: Option<(u8, bool)> = None;
    let (mut depth, mut i) = (0i32, 0);
    while let Some(b) = text.get(i).copied() {
        let triple = text.get(i..i + 3) == Some(&[b; 3][..]);
        match (open, b) {
            (Some(_), b'\\') if matches!(text.get(i + 1), Some(b'\'' | b'"' | b'\\')) => i += 1,
            (None, b'\'' | b'"') => {
                open = Some((b, triple));
                i += if triple { 2 } else { 0 };
            }
            (Some((q, false)), _) if q == b => open = None,
            (Some((q, true)), _) if q == b && triple => {
                open = None;
                i += 2;
            }
            (None, b'(' | b'[' | b'{') => depth += 1,
            (None, b')' | b']' | b'}') => depth -= 1,
            _ => {}
        }
        i += 1;
    }
    match open {
        Some((_, true)) => true,
        None if depth > 0 => true,
        _ => *last == b'\\' || compound && *last != b'\n',
    }
}

#[cfg(test)]
mod tests {
    use super::wants_more;

    #[test]
    fn inputs_that_go_on() {
        for more in
            ["if 1:", "def f():\n    pass", "(1 +", "x = '''a", "1 \\", "@deco", "d = {1: 'one',", "for"]
        {
            assert!(wants_more(more.as_bytes()), "{more}");
        }
        for done in
            ["", "1", "if1 = 2", "'('", "\"\\\"(\"", "'''a'''", "if 1:\n    x\n", "'\\\\'", "print('(')"]
        {
            assert!(!wants_more(done.as_bytes()), "{done}");
        }
    }
}
