//! Reads `.mpy` 6.3 files out of a cell or out of flash: names, constants and the tree of codes. Opcodes stay where they are.
//!
//! Invariants
//! - nothing of the file is trusted: counts are held against the bytes that are left, so no allocation is larger than the
//!   file allows, and nesting goes on a stack in the heap;
//! - what is read is verified before anyone can run it;
//! - a failed read leaves nothing but garbage, so it can be run again after a collection;
//! - while others come in, what was read so far is reachable: the tables, tuples that are being filled and the outermost code
//!   are kept; the place is the caller's to keep.

use super::operand;
use super::{object, verify};
use crate::base::limbs;
use crate::base::{int_text, utf8};
use crate::heap::lent::{GIVES_WAY, Lent};
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, Place, R, TypeId, Value, WordVec, names};
use crate::object::{bytes, exc, int, tuple};

/// The version that this library reads and writes.
pub const VERSION: u8 = 6;
/// Bits of the smallest small int that a file's constants may rely on.
pub const SMALL_INT_BITS: u8 = 31;
/// Longest int constant in decimal digits: reading one takes time with the square of its length.
const MAX_DIGITS: usize = 20_000;

/// The kinds of constants, by the number that stands in front of each.
pub mod tag {
    pub const NONE: u8 = 1;
    pub const FALSE: u8 = 2;
    pub const TRUE: u8 = 3;
    pub const ELLIPSIS: u8 = 4;
    pub const STR: u8 = 5;
    pub const BYTES: u8 = 6;
    pub const INT: u8 = 7;
    pub const FLOAT: u8 = 8;
    pub const COMPLEX: u8 = 9;
    pub const TUPLE: u8 = 10;
}

/// Whether `bytes` start like an `.mpy` file of any version.
pub fn is_mpy(bytes: &[u8]) -> bool {
    bytes.first() == Some(&b'M') && bytes.get(1).is_some_and(|v| *v < 32)
}

/// Bytes of a text that are looked at or copied at a stretch.
const PIECE: usize = if GIVES_WAY { 512 } else { usize::MAX };
/// Digits of an int from which on others may come in.
const LONG_INT: usize = 300;

/// Reads and verifies a file; the module's code. `place` must stay unchanged while the code lives.
pub fn load(heap: &mut Lent, place: Place) -> R {
    let code = read(heap, place)?;
    if !object::is_program(heap, code) {
        return Err(object::bad(heap));
    }
    verify::tree(heap, code)?;
    Ok(code)
}

/// Reads a file without verifying its opcodes: for whoever only looks at it.
pub fn read(heap: &mut Lent, place: Place) -> R {
    let mut reader = Reader { place, at: 0, open: WordVec::new() };
    let code = reader.file(heap);
    reader.open.free(heap);
    code
}

struct Reader {
    place: Place,
    at: usize,
    /// Tuples or arrays of children that are being filled: each with its length and its next index.
    open: WordVec,
}

impl Reader {
    fn rest<'a>(&self, heap: &'a Heap) -> &'a [u8] {
        heap.place_bytes(self.place).get(self.at..).unwrap_or(&[])
    }
    fn left(&self, heap: &Heap) -> usize {
        heap.place_len(self.place).saturating_sub(self.at)
    }
    fn byte(&mut self, heap: &mut Heap) -> R<u8> {
        match heap.place_byte(self.place, self.at) {
            Some(b) => {
                self.at += 1;
                Ok(b)
            }
            None => Err(object::bad(heap)),
        }
    }
    fn uint(&mut self, heap: &mut Heap) -> R<usize> {
        // Nearly all numbers.
        if let Some(n) = heap.place_byte(self.place, self.at).filter(|b| *b < 0x80) {
            self.at += 1;
            return Ok(n as usize);
        }
        match operand::uint(self.rest(heap), 0) {
            Some((n, used)) => {
                self.at += used;
                Ok(n as usize)
            }
            None => Err(object::bad(heap)),
        }
    }
    /// A count of things that take at least one byte each.
    fn count(&mut self, heap: &mut Heap) -> R<usize> {
        let n = self.uint(heap)?;
        if n > self.left(heap) { Err(object::bad(heap)) } else { Ok(n) }
    }
    /// Steps over `n` bytes; where they start.
    fn take(&mut self, heap: &mut Heap, n: usize) -> R<usize> {
        if n > self.left(heap) {
            return Err(object::bad(heap));
        }
        let from = self.at;
        self.at += n;
        Ok(from)
    }
    fn bytes<'a>(&self, heap: &'a Heap, from: usize, n: usize) -> &'a [u8] {
        heap.place_bytes(self.place).get(from..from + n).unwrap_or(&[])
    }

    fn file(&mut self, heap: &mut Lent) -> R {
        let header = self.take(heap, 4)?;
        let [magic, version, features, bits] = *self.bytes(heap, header, 4) else {
            return Err(object::bad(heap));
        };
        if magic != b'M' || version != VERSION || bits > SMALL_INT_BITS || features & 0xc0 != 0 {
            return Err(object::bad(heap));
        }
        if features >> 2 != 0 {
            return Err(exc::raise(heap, TypeId::ValueError, "native code in .mpy unsupported"));
        }
        let n_names = self.count(heap)?;
        let n_consts = self.count(heap)?;
        if n_names == 0 {
            return Err(object::bad(heap));
        }
        let names = heap.alloc(Kind::Array, n_names)?;
        heap.keep(names)?;
        for i in 0..n_names {
            let name = self.name(heap)?;
            heap.set_field(names, i, name);
            heap.worked(1200);
        }
        let mut consts = None;
        if n_consts != 0 {
            let array = heap.alloc(Kind::Array, n_consts)?;
            heap.keep(array)?;
            for i in 0..n_consts {
                let v = self.constant(heap)?;
                heap.set_field(array, i, v);
                heap.worked(800);
            }
            consts = Some(array);
        }
        let unit = object::new_unit(heap)?;
        heap.keep(unit)?;
        object::set_tables(heap, unit, names, consts)?;
        self.codes(heap, unit)
    }

    /// A name: a number in the format's own list, or text that ends with a zero byte.
    fn name(&mut self, heap: &mut Heap) -> R {
        let n = self.uint(heap)?;
        if n & 1 != 0 {
            // The list starts with an entry that is no name.
            return match (n as u32 >> 1).checked_sub(1) {
                Some(i) if i < names::STATIC_COUNT => Ok(Value::name(i)),
                _ => Err(object::bad(heap)),
            };
        }
        let len = n >> 1;
        let from = self.take(heap, len)?;
        if !utf8::validate(self.bytes(heap, from, len)) {
            return Err(object::bad(heap));
        }
        self.end_of_text(heap)?;
        heap.intern_place(self.place.part(from, len))
    }
    fn end_of_text(&mut self, heap: &mut Heap) -> R<()> {
        if self.byte(heap)? == 0 { Ok(()) } else { Err(object::bad(heap)) }
    }

    /// A constant with everything inside it.
    fn constant(&mut self, heap: &mut Lent) -> R {
        let base = self.open.len();
        loop {
            let mut v = match self.byte(heap)? {
                tag::NONE => Value::NONE,
                tag::FALSE => Value::FALSE,
                tag::TRUE => Value::TRUE,
                tag::ELLIPSIS => Value::ELLIPSIS,
                tag::TUPLE => {
                    let n = self.count(heap)?;
                    let t = tuple::new(heap, n)?;
                    if n != 0 {
                        heap.keep(t)?;
                        self.open(heap, t, n)?;
                        continue;
                    }
                    t
                }
                kind => self.leaf(heap, kind)?,
            };
            // The value goes into the innermost open tuple; a tuple that it completes goes into the next one.
            loop {
                if self.open.len() == base {
                    return Ok(v);
                }
                match self.put(heap, v) {
                    Some(full) => v = full,
                    None => break,
                }
            }
            heap.worked(300);
        }
    }

    /// Starts to fill `into`, which takes `n` items.
    fn open(&mut self, heap: &mut Heap, into: Value, n: usize) -> R<()> {
        self.open.extend(heap, &[into.bits(), n as u32, 0])
    }
    /// Puts the next item into the innermost container; gives it back when it is full.
    fn put(&mut self, heap: &mut Heap, v: Value) -> Option<Value> {
        let top = self.open.len();
        if top < 3 {
            return None;
        }
        let [into, n, next] = [3, 2, 1].map(|back| self.open.get(heap, top - back).unwrap_or(0));
        let into = Value::from_bits(into)?;
        heap.set_field(into, next as usize, v);
        if next + 1 == n {
            self.open.truncate(top - 3);
            return Some(into);
        }
        self.open.set(heap, top - 1, next + 1);
        None
    }

    /// Whether bytes of the file are UTF-8.
    fn is_text(&self, heap: &mut Lent, from: usize, len: usize) -> bool {
        let mut at = 0;
        while at < len {
            let rest = self.bytes(heap, from + at, len - at);
            let n = if GIVES_WAY { utf8::piece(rest, PIECE) } else { len };
            if !utf8::validate(rest.get(..n).unwrap_or(&[])) {
                return false;
            }
            at += n;
            heap.worked(n as u32 * 6);
        }
        true
    }
    fn text(&self, heap: &mut Lent, kind: Kind, from: usize, len: usize) -> R {
        let write = |heap: &mut Heap, to: Span, at: usize| match self.place.part(from + at, to.len()) {
            Place::Flash(text) => heap.write_span(to, text),
            Place::Cell(owner, start, len) => {
                let text = Span { owner, from_word: 0, offset: start as u32, len: len as u32 };
                heap.copy_span(to, text);
            }
        };
        bytes::in_pieces(heap, kind, len, PIECE, write)
    }

    fn leaf(&mut self, heap: &mut Lent, kind: u8) -> R {
        let len = self.uint(heap)?;
        let from = self.take(heap, len)?;
        match kind {
            tag::STR | tag::BYTES => {
                self.end_of_text(heap)?;
                if kind == tag::STR && !self.is_text(heap, from, len) {
                    return Err(object::bad(heap));
                }
                let kind = if kind == tag::STR { Kind::Str } else { Kind::Bytes };
                if len > PIECE {
                    return self.text(heap, kind, from, len);
                }
                match self.place.part(from, len) {
                    Place::Flash(text) => bytes::new(heap, kind, text),
                    Place::Cell(owner, start, len) => {
                        let span = Span { owner, from_word: 0, offset: start as u32, len: len as u32 };
                        bytes::concat(heap, kind, &[span])
                    }
                }
            }
            tag::INT => self.int(heap, from, len),
            tag::FLOAT => self.float(heap, from, len),
            tag::COMPLEX => self.complex(heap, from, len),
            _ => Err(object::bad(heap)),
        }
    }

    fn int(&mut self, heap: &mut Lent, from: usize, len: usize) -> R {
        let (negative, digits) = match int_text::parse(self.bytes(heap, from, len), 10) {
            int_text::IntText::Small(n) => return int::from_i64(heap, n),
            int_text::IntText::Big { negative, digits, .. } if digits.len() <= MAX_DIGITS => {
                (negative, digits.len())
            }
            _ => return Err(object::bad(heap)),
        };
        let room = limbs::read_room(digits, 10);
        let v = heap.alloc(Kind::BigInt, 1 + room)?;
        let gives_way = GIVES_WAY && digits > LONG_INT;
        if gives_way {
            heap.keep(v)?;
        }
        let mut len_in_limbs = 0;
        let (mut at, end) = (from + len - digits, from + len);
        // A few digits at a time, so that the file's bytes and the number's are never borrowed together.
        while at < end {
            let mut part = [0u8; 9];
            let n = part.len().min(end - at);
            for (to, b) in part.iter_mut().zip(self.bytes(heap, at, n)) {
                *to = *b;
            }
            let out = heap.raw_words_mut(v, 1);
            len_in_limbs = limbs::read_step(part.get(..n).unwrap_or(&[]), 10, out, len_in_limbs).1;
            at += n;
            if gives_way {
                heap.worked(100 + 10 * len_in_limbs as u32);
            }
        }
        heap.set_word(v, 0, (len_in_limbs as u32) << 1 | negative as u32);
        Ok(v)
    }

    #[cfg(any(feature = "float-single", feature = "float-double"))]
    fn float(&mut self, heap: &mut Heap, from: usize, len: usize) -> R {
        match crate::base::float::parse(self.bytes(heap, from, len)) {
            Some(x) => crate::object::float::new(heap, x),
            None => Err(object::bad(heap)),
        }
    }
    /// `2j`, `(1+2j)`.
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    fn complex(&mut self, heap: &mut Heap, from: usize, len: usize) -> R {
        use crate::base::float::parse;
        let text = self.bytes(heap, from, len);
        let text = match text {
            [b'(', inner @ .., b')'] => inner,
            text => text,
        };
        let [number @ .., b'j'] = text else { return Err(object::bad(heap)) };
        // The sign between the parts is the last one that neither opens the text nor belongs to an exponent.
        let split = (1..number.len()).rev().find(|i| {
            let before = i.checked_sub(1).and_then(|i| number.get(i));
            matches!(number.get(*i), Some(b'+' | b'-')) && !matches!(before, Some(b'e' | b'E'))
        });
        let (re, im) = number.split_at(split.unwrap_or(0));
        let re = if re.is_empty() { Some(0.0) } else { parse(re) };
        match (re, parse(im)) {
            (Some(re), Some(im)) => crate::object::complex::new(heap, re, im),
            _ => Err(object::bad(heap)),
        }
    }
    #[cfg(not(any(feature = "float-single", feature = "float-double")))]
    fn float(&mut self, heap: &mut Heap, _: usize, _: usize) -> R {
        Err(exc::raise(heap, TypeId::ValueError, "float in .mpy unsupported"))
    }
    #[cfg(not(any(feature = "float-single", feature = "float-double")))]
    fn complex(&mut self, heap: &mut Heap, from: usize, len: usize) -> R {
        self.float(heap, from, len)
    }

    /// The tree of codes, outermost first.
    fn codes(&mut self, heap: &mut Lent, unit: Value) -> R {
        let mut root = None;
        loop {
            let head = self.uint(heap)?;
            let (kind, has_children, len) = (head & 3, head & 4 != 0, head >> 3);
            if kind != 0 {
                return Err(exc::raise(heap, TypeId::ValueError, "native code in .mpy unsupported"));
            }
            let from = self.take(heap, len)?;
            let mut children = None;
            let mut n = 0;
            if has_children {
                n = self.count(heap)?;
                if n == 0 {
                    return Err(object::bad(heap));
                }
                let array = heap.alloc(Kind::Array, n)?;
                heap.keep(array)?;
                children = Some(array);
            }
            let code = object::new_lent(heap, unit, self.place.part(from, len), children)?;
            if root.is_none() {
                heap.keep(code)?;
            }
            let root = *root.get_or_insert(code);
            if !self.open.is_empty() {
                // An array that is full with this leaves the stack; its codes' own children follow now.
                self.put(heap, code);
            }
            if let Some(array) = children {
                self.open(heap, array, n)?;
            }
            if self.open.is_empty() {
                return Ok(root);
            }
            heap.worked(1500);
        }
    }
}
