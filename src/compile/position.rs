//! Where in the source a token starts, and what a `SyntaxError` tells of it: `filename`, `lineno`, `offset`, `text`, `msg`.
//!
//! Invariants
//! - each of the bytes that the lexer holds ahead has its place among the source's bytes; injected bytes have that of
//!   the byte before them;
//! - nothing but these numbers is kept while a program compiles: the line is read again when it is wanted.

use super::Source;
use crate::base::utf8;
use crate::heap::lent::Lent;
use crate::heap::{R, Value};
use crate::object::exc::field;
use crate::object::{dict, str, tuple};
use crate::q;

/// The longest line that is kept as `text`.
const LONGEST: usize = 120;

#[derive(Default)]
pub struct Position {
    /// Bytes that were read.
    taken: u32,
    /// The place of the byte that was read last.
    last: u32,
    ahead: [u32; 3],
    start: u32,
}

impl Position {
    /// A byte is read from the source, unless it has ended.
    pub fn read(&mut self, b: Option<u8>) {
        self.last = self.taken;
        self.taken = self.taken.saturating_add(b.is_some() as u32);
    }
    /// So many bytes will be read once more.
    #[cfg(any(feature = "match", feature = "type-parameters"))]
    pub fn unread(&mut self, n: usize) {
        self.taken = self.taken.saturating_sub(n as u32);
    }
    /// The byte that was read last comes ahead.
    pub fn shift(&mut self) {
        let [_, a, b] = self.ahead;
        self.ahead = [a, b, self.last];
    }
    /// A token starts.
    pub fn begin(&mut self) {
        self.start = self.ahead[0];
    }
    pub fn start(&self) -> Option<u32> {
        Some(self.start)
    }
}

/// Gives an exception the attributes that say where.
#[cold]
pub fn note(
    heap: &mut Lent,
    e: Value,
    file: Value,
    line: u32,
    at: Option<u32>,
    source: &mut dyn Source,
) -> R<()> {
    let all = attributes(heap, e, file, line, at, source)?;
    heap.set_field(e, field::ATTRS, all);
    Ok(())
}

fn attributes(
    heap: &mut Lent,
    e: Value,
    file: Value,
    line: u32,
    at: Option<u32>,
    source: &mut dyn Source,
) -> R {
    let mut room = [0u8; LONGEST];
    let (start, len) = find_line(heap, line, source, &mut room);
    let text = room.get(..len).unwrap_or(&[]);
    let indent = text.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let before = at.and_then(|at| at.checked_sub(start)).map_or(indent, |n| n as usize);
    // Characters, not bytes, as far as the text reaches.
    let column = utf8::count(text.get(..before).unwrap_or(text)) + before.saturating_sub(len) + 1;
    let message = tuple::get(heap, heap.field(e, field::ARGS), 0).unwrap_or(Value::NONE);
    let all = dict::with_capacity(heap, 5)?;
    dict::set_name(heap, all, q!("msg"), message)?;
    dict::set_name(heap, all, q!("filename"), file)?;
    dict::set_name(heap, all, q!("lineno"), Value::small(line as i32))?;
    dict::set_name(heap, all, q!("offset"), Value::small(column as i32))?;
    let shown = if len > 0 && utf8::validate(text) { str::new(heap, text)? } else { Value::NONE };
    dict::set_name(heap, all, q!("text"), shown)?;
    Ok(all)
}

/// Reads the source again up to line `line`: the place of its first byte, and how much of it lies in `room`.
fn find_line(heap: &mut Lent, line: u32, source: &mut dyn Source, room: &mut [u8; LONGEST]) -> (u32, usize) {
    source.rewind();
    let (mut now, mut at, mut start, mut len) = (1, 0u32, 0u32, 0usize);
    let mut after_return = false;
    while let Some(b) = source.next_byte(heap) {
        at = at.saturating_add(1);
        heap.worked(40);
        if b == b'\n' && after_return {
            // The second half of a line's end.
            start = at;
        } else if b == b'\n' || b == b'\r' {
            if now == line {
                break;
            }
            now += 1;
            start = at;
        } else if now == line
            && let Some(to) = room.get_mut(len)
        {
            *to = b;
            len += 1;
        }
        after_return = b == b'\r';
    }
    // A character that was cut goes as a whole.
    while len > 0 && len == LONGEST && !utf8::validate(room.get(..len).unwrap_or(&[])) && len > LONGEST - 4 {
        len -= 1;
    }
    if now == line { (start, len) } else { (at, 0) }
}
