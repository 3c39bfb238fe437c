//! Writes codes as `.mpy` 6.3, byte for byte what the public compiler writes for the same code.
//!
//! Invariants
//! - the unit's tables are written whole and in order, so indices in the opcodes stay as they are;
//! - opcodes that were rewritten in place are written as they came (`op::original`);
//! - a float is written with as few digits as identify it (the public compiler now and then writes one more);
//! - nesting of tuples and codes goes on a stack in the heap;
//! - the code is the caller's to keep: others may come in meanwhile.

use super::read::{SMALL_INT_BITS, VERSION, tag};
use super::{object, op};
#[cfg(any(feature = "float-single", feature = "float-double"))]
use crate::base::float::{Float, put_repr};
use crate::base::limbs;
use crate::base::sink::digits;
#[cfg(any(feature = "float-single", feature = "float-double"))]
use crate::base::sink::{Put, Sink, SliceSink};
use crate::heap::lent::Lent;
use crate::heap::{ByteVec, Heap, Kind, R, Table, TypeId, Value, WordVec, names};
use crate::object::{bytes, exc, int, tuple};

/// Bytes that are copied at a stretch.
const PIECE: usize = 1024;
/// Instructions that are restored at a stretch.
const RESTORED: usize = 64;

/// The file that holds `code` and what is inside it, as a `bytes` object.
pub fn to_bytes(heap: &mut Lent, code: Value) -> R {
    let mut w = Writer { out: ByteVec::new(), open: WordVec::new() };
    let done = w.file(heap, code);
    w.open.free(heap);
    let made = done.and_then(|()| {
        let Some(cell) = w.out.cell() else { return bytes::new(heap, Kind::Bytes, &[]) };
        let all = heap.cell_span(cell, 0, w.out.len());
        let write = |heap: &mut Heap, to: crate::heap::span::Span, at: usize| {
            heap.copy_span(to, all.sub(at, all.len()));
        };
        bytes::in_pieces(heap, Kind::Bytes, all.len(), PIECE, write)
    });
    w.out.free(heap);
    made
}

struct Writer {
    out: ByteVec,
    /// What is left to write, last first: codes, or constants.
    open: WordVec,
}

impl Writer {
    fn push(&mut self, heap: &mut Heap, v: Option<Value>) -> R<()> {
        self.open.push(heap, v.map_or(0, Value::bits))
    }
    fn pop(&mut self, heap: &Heap) -> Option<Value> {
        self.open.pop(heap).and_then(Value::from_bits)
    }
    fn uint(&mut self, heap: &mut Heap, n: usize) -> R<()> {
        let n = n as u32;
        let groups = (32 - n.leading_zeros()).div_ceil(7).max(1);
        for i in (0..groups).rev() {
            let more = if i == 0 { 0 } else { 0x80 };
            self.out.push(heap, (n >> (7 * i)) as u8 & 0x7f | more)?;
        }
        Ok(())
    }
    /// Copies bytes that may lie in this heap.
    fn copy(&mut self, heap: &mut Lent, len: usize, get: impl Fn(&Heap) -> &[u8]) -> R<()> {
        let mut at = 0;
        while at < len {
            let mut part = [0u8; 64];
            let n = part.len().min(len - at);
            for (to, b) in part.iter_mut().zip(get(heap).get(at..at + n).unwrap_or(&[])) {
                *to = *b;
            }
            self.out.extend(heap, part.get(..n).unwrap_or(&[]))?;
            at += n;
            heap.worked(400);
        }
        Ok(())
    }

    fn file(&mut self, heap: &mut Lent, code: Value) -> R<()> {
        self.out.extend(heap, &[b'M', VERSION, 0, SMALL_INT_BITS])?;
        let unit = object::unit(heap, code);
        let (n_names, n_consts) = (object::n_names(heap, unit), object::n_consts(heap, unit));
        self.uint(heap, n_names)?;
        self.uint(heap, n_consts)?;
        for i in 0..n_names {
            let name = object::name_at(heap, unit, i as u32);
            self.name(heap, name)?;
            heap.worked(100);
        }
        for i in 0..n_consts {
            let v = object::const_at(heap, unit, i as u32);
            self.push(heap, v)?;
            while let Some(v) = self.pop(heap) {
                self.constant(heap, v)?;
                heap.worked(300);
            }
        }
        self.push(heap, Some(code))?;
        while let Some(code) = self.pop(heap) {
            self.code(heap, code)?;
            heap.worked(300);
        }
        Ok(())
    }

    fn name(&mut self, heap: &mut Lent, name: Value) -> R<()> {
        match name.index_in(Table::Name) {
            // The list starts with an entry that is no name.
            Some(i) if i < names::STATIC_COUNT => self.uint(heap, (i as usize + 1) << 1 | 1),
            _ => {
                let len = heap.str_bytes(name).len();
                self.uint(heap, len << 1)?;
                self.copy(heap, len, |heap| heap.str_bytes(name))?;
                self.out.push(heap, 0)
            }
        }
    }

    /// One constant; the items of a tuple are left open.
    fn constant(&mut self, heap: &mut Lent, v: Value) -> R<()> {
        let special = match v {
            Value::NONE => tag::NONE,
            Value::FALSE => tag::FALSE,
            Value::TRUE => tag::TRUE,
            Value::ELLIPSIS => tag::ELLIPSIS,
            _ => 0,
        };
        if special != 0 {
            return self.out.push(heap, special);
        }
        if tuple::is(heap, v) {
            let n = tuple::len(heap, v);
            self.out.push(heap, tag::TUPLE)?;
            self.uint(heap, n)?;
            for i in (0..n).rev() {
                let item = tuple::get(heap, v, i);
                self.push(heap, item)?;
            }
            return Ok(());
        }
        if let Some(n) = int::to_i64(heap, v) {
            let mut room = [0; 20];
            let digits = digits(&mut room, n.unsigned_abs(), 10, false);
            let negative = n < 0;
            self.out.push(heap, tag::INT)?;
            self.uint(heap, digits.len() + negative as usize)?;
            if negative {
                self.out.push(heap, b'-')?;
            }
            return self.out.extend(heap, digits);
        }
        match heap.kind(v) {
            Kind::BigInt => self.big_int(heap, v),
            #[cfg(any(feature = "float-single", feature = "float-double"))]
            Kind::Float | Kind::Complex => self.float(heap, v),
            _ => {
                let is_bytes = heap.is(v, Kind::Bytes);
                if !is_bytes && v.index_in(Table::Name).is_none() && !heap.is(v, Kind::Str) {
                    return Err(exc::raise(heap, TypeId::ValueError, "constant cannot be written to .mpy"));
                }
                let len = heap.str_bytes(v).len();
                self.out.push(heap, if is_bytes { tag::BYTES } else { tag::STR })?;
                self.uint(heap, len)?;
                self.copy(heap, len, |heap| heap.str_bytes(v))?;
                self.out.push(heap, 0)
            }
        }
    }

    fn big_int(&mut self, heap: &mut Lent, v: Value) -> R<()> {
        let (negative, n) = (heap.word(v, 0) & 1 != 0, (heap.word(v, 0) >> 1) as usize);
        let mut work = WordVec::new();
        let mut text = ByteVec::new();
        let done = self.big_int_with(heap, v, negative, n, &mut work, &mut text);
        work.free(heap);
        text.free(heap);
        done
    }
    fn big_int_with(
        &mut self,
        heap: &mut Lent,
        v: Value,
        negative: bool,
        n: usize,
        work: &mut WordVec,
        text: &mut ByteVec,
    ) -> R<()> {
        for i in 0..n {
            let limb = heap.word(v, 1 + i);
            work.push(heap, limb)?;
            heap.worked(40);
        }
        // Digits, lowest first.
        const STEP: usize = 9;
        let mut len = n;
        while len > 0 {
            let mut part = [0u8; STEP];
            let (left, at) = limbs::text_step(work.as_mut_slice(heap), len, 10, false, &mut part, STEP);
            for b in part.get(at..).unwrap_or(&[]).iter().rev() {
                text.push(heap, *b)?;
            }
            len = left;
            heap.worked(300 + 20 * len as u32);
        }
        self.out.push(heap, tag::INT)?;
        self.uint(heap, text.len() + negative as usize)?;
        if negative {
            self.out.push(heap, b'-')?;
        }
        while let Some(b) = text.pop(heap) {
            self.out.push(heap, b)?;
            heap.worked(60);
        }
        Ok(())
    }

    #[cfg(any(feature = "float-single", feature = "float-double"))]
    fn float(&mut self, heap: &mut Heap, v: Value) -> R<()> {
        let mut room = [0u8; 80];
        let mut text = SliceSink::new(&mut room);
        let complex = heap.is(v, Kind::Complex);
        let put = if complex {
            let (re, im) = crate::object::complex::parts(heap, v);
            put_complex(&mut text, re, im)
        } else {
            put_repr(&mut text, crate::object::float::get(heap, v).unwrap_or(0.0))
        };
        if put.is_err() {
            return Err(exc::raise(heap, TypeId::ValueError, "constant cannot be written to .mpy"));
        }
        self.out.push(heap, if complex { tag::COMPLEX } else { tag::FLOAT })?;
        self.uint(heap, text.len())?;
        self.out.extend(heap, text.bytes())
    }

    /// One code; its children are left open.
    fn code(&mut self, heap: &mut Lent, code: Value) -> R<()> {
        let len = object::bytes(heap, code).len();
        let n = object::n_children(heap, code);
        self.uint(heap, len << 3 | usize::from(n != 0) << 2)?;
        let start = self.out.len();
        self.copy(heap, len, |heap| object::bytes(heap, code))?;
        let first = start + heap.code_first(code);
        let mut at = first;
        while let Some(more) = op::restore(self.out.as_mut_slice(heap), at, RESTORED) {
            at = more;
            heap.worked(60 * RESTORED as u32);
        }
        if n != 0 {
            self.uint(heap, n)?;
        }
        for i in (0..n).rev() {
            let child = object::child(heap, code, i as u32);
            self.push(heap, child)?;
            heap.worked(60);
        }
        Ok(())
    }
}

/// `2j`, or `(1+2j)` where there is a real part; whole numbers without their `.0`.
#[cfg(any(feature = "float-single", feature = "float-double"))]
fn put_complex(out: &mut dyn Sink, re: Float, im: Float) -> Put {
    let both = re != 0.0 || re.is_sign_negative();
    if both {
        out.put(b'(')?;
        put_part(out, re)?;
        if !im.is_sign_negative() {
            out.put(b'+')?;
        }
    }
    put_part(out, im)?;
    out.put_str(if both { "j)" } else { "j" })
}

#[cfg(any(feature = "float-single", feature = "float-double"))]
fn put_part(out: &mut dyn Sink, x: Float) -> Put {
    let mut room = [0u8; 40];
    let mut text = SliceSink::new(&mut room);
    put_repr(&mut text, x)?;
    out.write(text.bytes().strip_suffix(b".0").unwrap_or(text.bytes()))
}
