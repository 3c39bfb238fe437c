//! The names of the file being compiled, by number, and literals that become objects.
//!
//! Invariants
//! - a name has one number; numbers follow the order in which names were first seen;
//! - strings of up to `SHORT` bytes are names, longer ones only where a name with that text is known already:
//!   this decides which table of the `.mpy` file a string goes to;
//! - `mpy-cross` puts dotted names together after it has read the file, so a string does not find them (`HIDDEN`).

use super::Compiler;
use super::tree::Node;
use crate::base::int_text::{IntText, Reading};
use crate::base::limbs;
use crate::heap::lent::{GIVES_WAY, Lent};
use crate::heap::span::Span;
use crate::heap::{ByteVec, Heap, Kind, R, TypeId, Value, WordVec, names};
use crate::object::exc::Part;
use crate::object::{bytes, exc, int};

/// Longest name, as in the `.mpy` files of small builds.
const LONGEST: usize = crate::base::config::LONGEST_NAME;
const SHORT: usize = 10;
/// Bytes of a literal that are copied and hashed at a stretch.
const PIECE: usize = 512;
/// Digits of an int that are read at a stretch.
const DIGITS: usize = 16;
/// Mark in the table: no string shall find this name.
const HIDDEN: u32 = 1 << 31;

/// Names longer than `SHORT` that `mpy-cross` knows from the start, beside those of the format's static list.
static ALSO_KNOWN: [&[u8]; 26] = [
    b"Interpolation",
    b"StopAsyncIteration",
    b"UnicodeError",
    b"ViperTypeError",
    b"__build_class__",
    b"__complex__",
    b"__contains__",
    b"__repl_print__",
    b"__reversed__",
    b"__template__",
    b"__traceback__",
    b"bound_method",
    b"difference_update",
    b"format_spec",
    b"heap_unlock",
    b"interpolations",
    b"intersection",
    b"intersection_update",
    b"maximum recursion depth exceeded",
    b"string.templatelib",
    b"symmetric_difference",
    b"symmetric_difference_update",
    b"templatelib",
    b"unpack_from",
    b"vcvt_f32_s32",
    b"vcvt_s32_f32",
];

#[derive(Default)]
pub struct Names {
    /// The names' values.
    pub values: WordVec,
    /// Open addressing: number + 1 and perhaps `HIDDEN`, or 0.
    table: WordVec,
}

impl Names {
    pub fn free(&mut self, heap: &mut Heap) {
        self.values.free(heap);
        self.table.free(heap);
    }
    pub fn value(&self, heap: &Heap, i: u32) -> Option<Value> {
        Value::from_bits(self.values.get(heap, i as usize)?)
    }
    /// Where in the table the name with this text is, or would go; and its number.
    fn find(&self, heap: &mut Lent, text: Span) -> (usize, Option<u32>) {
        let mask = self.table.len().wrapping_sub(1);
        let mut at = home(heap.span_bytes(text)) & mask;
        loop {
            let n = self.table.get(heap, at).unwrap_or(0) & !HIDDEN;
            if n == 0 {
                return (at, None);
            }
            if self.value(heap, n - 1).is_some_and(|v| heap.str_bytes(v) == heap.span_bytes(text)) {
                return (at, Some(n - 1));
            }
            at = (at + 1) & mask;
            // Nobody keeps a program from using thousands of names with one hash.
            heap.worked(60);
        }
    }
    fn grow(&mut self, heap: &mut Lent) -> R<()> {
        let size = (self.table.len() * 2).max(64);
        let mut table = WordVec::zeros(heap, size)?;
        for i in 0..self.table.len() {
            let entry = self.table.get(heap, i).unwrap_or(0);
            let Some(v) = (entry & !HIDDEN).checked_sub(1).and_then(|n| self.value(heap, n)) else {
                continue;
            };
            let mut at = home(heap.str_bytes(v)) & (size - 1);
            while table.get(heap, at).is_some_and(|n| n != 0) {
                at = (at + 1) & (size - 1);
                heap.worked(20);
            }
            table.set(heap, at, entry);
            heap.worked(120);
        }
        self.table.free(heap);
        self.table = table;
        Ok(())
    }
    /// The number of the name with this text. `hidden`: it was put together here.
    pub fn intern(&mut self, heap: &mut Lent, text: Span, hidden: bool) -> R<u32> {
        if text.len() > LONGEST {
            return Err(exc::raise(heap, TypeId::RuntimeError, "name too long"));
        }
        if (self.values.len() + 1) * 4 > self.table.len() * 3 {
            self.grow(heap)?;
        }
        let (at, found) = self.find(heap, text);
        let number = match found {
            Some(i) if hidden => return Ok(i),
            Some(i) => i,
            None => {
                let v = value_of(heap, text)?;
                heap.keep(v)?;
                self.values.push(heap, v.bits())?;
                self.values.len() as u32 - 1
            }
        };
        self.table.set(heap, at, (number + 1) | if hidden { HIDDEN } else { 0 });
        Ok(number)
    }
    /// Would `mpy-cross` know this name by now?
    fn knows(&self, heap: &mut Lent, text: Span) -> bool {
        let (at, found) = self.find(heap, text);
        let seen = found.is_some() && self.table.get(heap, at).unwrap_or(0) & HIDDEN == 0;
        let text = heap.span_bytes(text);
        seen || ALSO_KNOWN.binary_search(&text).is_ok() || is_static(text)
    }
}

/// Where a name's place in tables of all sizes begins: names that differ in their last digits alone lie apart.
fn home(text: &[u8]) -> usize {
    (names::hash(text).wrapping_mul(0x9e37_79b1) >> 16) as usize
}

/// The interned string with this text.
fn value_of(heap: &mut Heap, text: Span) -> R {
    let bytes = heap.span_bytes(text);
    if let Some(v) = names::find(bytes, names::hash(bytes)) {
        return Ok(v);
    }
    let new = bytes::concat(heap, Kind::Str, &[text])?;
    let v = heap.intern_value(new)?;
    if v != new {
        heap.free(new);
    }
    Ok(v)
}

/// A name of the format's own list.
fn is_static(text: &[u8]) -> bool {
    names::find(text, names::hash(text))
        .and_then(|v| v.index_in(crate::heap::Table::Name))
        .is_some_and(|i| i < names::STATIC_COUNT)
}

fn scratch_span(heap: &Heap, text: &ByteVec) -> Span {
    text.cell().map_or(Span::EMPTY, |cell| heap.cell_span(cell, 0, text.len()))
}

impl Compiler<'_> {
    pub fn name_value(&self, i: u32) -> Option<Value> {
        self.names.value(self.heap, i)
    }
    /// The number of a string as a name that the compiler itself brings in.
    pub fn intern_value(&mut self, v: Value) -> R<u32> {
        self.intern_string(v, true)
    }
    /// The number of a string as a name; `hidden` where the source does not spell it out.
    pub fn intern_string(&mut self, v: Value, hidden: bool) -> R<u32> {
        let text = self.heap.str_span(v).unwrap_or(Span::EMPTY);
        self.names.intern(self.heap, text, hidden)
    }
    /// The number of scratch bytes as a name that the source does not spell out.
    pub fn intern_scratch(&mut self, text: &ByteVec) -> R<u32> {
        let text = scratch_span(self.heap, text);
        self.names.intern(self.heap, text, true)
    }
    /// The number of the current token's text as a name.
    pub fn intern_token(&mut self) -> R<u32> {
        let text = scratch_span(self.heap, &self.lex.text);
        self.names.intern(self.heap, text, false)
    }

    // ---- literals --------------------------------------------------------------------------------------------

    pub fn str_literal(&mut self, line: u32) -> R<Node> {
        let text = scratch_span(self.heap, &self.lex.text);
        if text.len() <= SHORT || text.len() <= LONGEST && self.names.knows(self.heap, text) {
            return Ok(Node::str(self.intern_token()?));
        }
        let v = self.text_object(Kind::Str)?;
        self.const_node(v, line)
    }
    pub fn bytes_literal(&mut self) -> R {
        self.text_object(Kind::Bytes)
    }
    fn text_object(&mut self, kind: Kind) -> R {
        let text = scratch_span(self.heap, &self.lex.text);
        if !GIVES_WAY || text.len() <= PIECE {
            return bytes::concat(self.heap, kind, &[text]);
        }
        bytes::in_pieces(self.heap, kind, text.len(), PIECE, |heap, to, at| {
            heap.copy_span(to, text.sub(at, text.len()));
        })
    }

    pub fn integer_literal(&mut self) -> R {
        let text = scratch_span(self.heap, &self.lex.text);
        let mut reading = Reading::new(self.heap.span_bytes(text), 0);
        let (skip, mut good) = (reading.skip, true);
        for at in (skip..text.len()).step_by(DIGITS) {
            good &= reading.read(self.heap.span_bytes(text.sub(at, at + DIGITS)));
            self.heap.worked(300);
        }
        let digits = self.heap.span_bytes(text.sub(skip, text.len()));
        match if good { reading.end(digits) } else { IntText::Invalid } {
            IntText::Small(n) => int::from_i64(self.heap, n),
            IntText::Big { radix, .. } => self.long_literal(radix, skip),
            IntText::Invalid => Err(self.bad_integer()),
        }
    }
    #[cold]
    fn bad_integer(&mut self) -> crate::heap::Raised {
        let (base, skip) = match self.lex.text.as_slice(self.heap) {
            [b'0', b'x' | b'X', ..] => (16, 2),
            [b'0', b'o' | b'O', ..] => (8, 2),
            [b'0', b'b' | b'B', ..] => (2, 2),
            [b'0', _, ..] => (0, 0),
            _ => (10, 0),
        };
        let span = scratch_span(self.heap, &self.lex.text).sub(skip, usize::MAX);
        match bytes::concat(self.heap, Kind::Str, &[span]) {
            Ok(text) => self.syntax_error_parts(&[
                Part::S("invalid syntax for integer with base "),
                Part::I(base),
                Part::S(": '"),
                Part::V(text),
                Part::S("'"),
            ]),
            Err(r) => r,
        }
    }
    /// The digits of the token from byte `at` on, beyond 64 bits.
    fn long_literal(&mut self, radix: u32, mut at: usize) -> R {
        let digits = self.lex.text.len() - at;
        let cell = self.heap.alloc(Kind::BigInt, 1 + limbs::read_room(digits, radix).max(2))?;
        self.heap.keep(cell)?;
        let mut len = 0;
        while at < self.lex.text.len() {
            let mut buf = [0; 8];
            let mut n = 0;
            for (d, i) in buf.iter_mut().zip(at..) {
                if let Some(b) = self.lex.text.get(self.heap, i) {
                    *d = b;
                    n += 1;
                }
            }
            let chunk = buf.get(..n).unwrap_or(&[]);
            let out = self.heap.raw_words_mut(cell, 1);
            let (taken, used) = limbs::read_step(chunk, radix, out, len);
            if taken == 0 {
                break;
            }
            at += taken;
            len = used;
            self.heap.worked(200 + len as u32 * 15);
        }
        if len == 2 {
            let all = self.heap.raw_words(cell, 1);
            if let Some(n) = limbs::to_u64(all.get(..len).unwrap_or(all)) {
                return int::from_u64(self.heap, n);
            }
        }
        self.heap.set_word(cell, 0, (len as u32) << 1);
        self.heap.resize(cell, 1 + len);
        Ok(cell)
    }

    #[cfg(any(feature = "float-single", feature = "float-double"))]
    pub fn float_literal(&mut self) -> R {
        use crate::base::float;
        let text = self.lex.text.as_slice(self.heap);
        let (digits, imaginary) = match text {
            [digits @ .., b'j' | b'J'] => (digits, true),
            _ => (text, false),
        };
        let x = if digits.len() > float::LONG {
            let all = scratch_span(self.heap, &self.lex.text).sub(0, digits.len());
            let read: Result<_, core::convert::Infallible> = float::parse_long(false, &mut |at, room| {
                let n = self.heap.read_span(all.sub(at, all.len()), room);
                // Behind the last digit comes the work of making one number of them.
                self.heap.worked(if n > 0 { 3000 } else { 12_000 });
                Ok(n)
            });
            read.unwrap_or(None)
        } else {
            float::parse(digits)
        };
        let Some(x) = x else {
            return Err(self.syntax_error_here("invalid syntax for number"));
        };
        if imaginary {
            return crate::object::complex::new(self.heap, 0.0, x);
        }
        crate::object::float::new(self.heap, x)
    }
    #[cfg(not(any(feature = "float-single", feature = "float-double")))]
    pub fn float_literal(&mut self) -> R {
        Err(self.syntax_error_here("decimal numbers not supported"))
    }
}
