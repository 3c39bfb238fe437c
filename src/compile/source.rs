//! What is compiled and how: in every build, because callers name it whether or not there is a compiler.

use crate::heap::value::SMALL_MAX;
use crate::heap::{Heap, Value};
use crate::q;

/// Where source bytes come from.
pub trait Source {
    /// The next byte; `None` at the end. The heap is there for sources that lie in it.
    fn next_byte(&mut self, heap: &Heap) -> Option<u8>;
    /// Starts again, for a compilation that is tried a second time.
    fn rewind(&mut self);
}

/// Source in memory that nobody moves.
pub struct SliceSource<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> SliceSource<'a> {
    pub fn new(text: &'a [u8]) -> SliceSource<'a> {
        SliceSource { text, at: 0 }
    }
}

impl Source for SliceSource<'_> {
    fn next_byte(&mut self, _heap: &Heap) -> Option<u8> {
        let b = self.text.get(self.at).copied()?;
        self.at += 1;
        Some(b)
    }
    fn rewind(&mut self) {
        self.at = 0;
    }
}

/// Source in a string or bytes object, which the caller keeps alive.
pub struct StrSource {
    text: Value,
    at: usize,
}

impl StrSource {
    pub fn new(text: Value) -> StrSource {
        StrSource { text, at: 0 }
    }
}

impl Source for StrSource {
    fn next_byte(&mut self, heap: &Heap) -> Option<u8> {
        let b = heap.str_bytes(self.text).get(self.at).copied()?;
        self.at += 1;
        Some(b)
    }
    fn rewind(&mut self) {
        self.at = 0;
    }
}

/// What the source is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    File,
    /// One expression.
    Eval,
    /// One statement of the prompt: values of expressions are shown.
    Single,
}

#[derive(Clone, Copy)]
pub struct Options {
    pub mode: Mode,
    /// A name or string.
    pub file_name: Value,
    /// 1 drops assertions, 3 also line numbers.
    pub opt_level: u8,
    /// `except` has a line of its own, which the format's compiler leaves out.
    pub except_lines: bool,
    /// Line numbers are kept, unless the level drops them.
    pub lines: bool,
    /// The largest int that an instruction holds; others are constants.
    pub small_max: i32,
}

impl Options {
    /// What this VM runs.
    pub const DEFAULT: Options = Options {
        mode: Mode::File,
        file_name: q!(""),
        opt_level: 0,
        except_lines: false,
        lines: true,
        small_max: SMALL_MAX,
    };
}
