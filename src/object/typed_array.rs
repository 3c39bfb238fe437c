//! Arrays of machine numbers, and single numbers in bytes: `array`, `struct` and memory views read and write them here.
//!
//! Invariants
//! - the items lie packed in a `Raw` cell with room to grow; the length never exceeds it;
//! - an int that does not fit an item is cut to its low bytes, as MicroPython does.

#[cfg(any(feature = "float-single", feature = "float-double"))]
use super::float;
use super::{bytes, exc, int};
use crate::base::pack::{self, PackCode, PackKind};
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, TypeId, Value};

mod field {
    /// Above the typecode: how often C holds the items.
    pub const CODE: usize = 0;
    pub const LEN: usize = 1;
    pub const ITEMS: usize = 2;
    pub const COUNT: usize = 3;
}

/// The host's byte order, which arrays and views have.
pub const BIG_ENDIAN: bool = cfg!(target_endian = "big");

/// Layout of an array's or view's items; `None` is a bad typecode.
pub fn layout(code: u8) -> Option<PackCode> {
    if matches!(code, b'P' | b'S') { pack::code(code, true) } else { pack::array_code(code) }
}

pub fn size_of(code: u8) -> Option<usize> {
    layout(code).map(|c| c.size.into())
}

/// `n` zero items of a known typecode.
pub fn new(heap: &mut Heap, code: u8, n: usize) -> R {
    let size = size_of(code).unwrap_or(1);
    let total = n.checked_mul(size).filter(|t| *t <= bytes::MAX_LEN);
    let Some(total) = total else { return Err(heap.out_of_memory()) };
    let items = if n > 0 { Some(heap.alloc(Kind::Raw, total.div_ceil(4))?) } else { None };
    let v = heap.alloc(Kind::TypedArray, field::COUNT)?;
    heap.set_int(v, field::CODE, code.into());
    heap.set_int(v, field::LEN, n as i32);
    heap.set_slot(v, field::ITEMS, items);
    Ok(v)
}

/// Typecode of an array of references. Such an array has no items as far as this file knows, and a list where its bytes
/// would be.
#[cfg(feature = "extra")]
pub const OBJECTS: u8 = b'O';

#[cfg(feature = "extra")]
pub fn of_objects(heap: &mut Heap, items: Value) -> R {
    let v = heap.alloc(Kind::TypedArray, field::COUNT)?;
    heap.set_int(v, field::CODE, OBJECTS.into());
    heap.set_int(v, field::LEN, 0);
    heap.set_field(v, field::ITEMS, items);
    Ok(v)
}

/// The list of an array of references.
#[cfg(feature = "extra")]
pub fn objects(heap: &Heap, v: Value) -> Option<Value> {
    heap.slot(v, field::ITEMS)
}

/// An item of an array of references; `None` for other arrays too.
#[cfg(feature = "extra")]
pub fn object(heap: &Heap, v: Value, i: usize) -> Option<Value> {
    let is_such = heap.is(v, Kind::TypedArray) && typecode(heap, v) == OBJECTS;
    super::list::get(heap, objects(heap, v).filter(|_| is_such)?, i)
}

#[cfg(feature = "extra")]
pub fn set_objects(heap: &mut Heap, v: Value, items: Value) {
    heap.set_field(v, field::ITEMS, items);
}

/// C holds the items once more, or (`by` -1) once less: while it does the length does not change.
#[cfg(feature = "natives")]
pub fn pin(heap: &mut Heap, v: Value, by: i32) {
    let code = heap.int(v, field::CODE);
    let pins = (code >> 8).saturating_add(by).clamp(0, 0xfffff);
    heap.set_int(v, field::CODE, pins << 8 | code & 0xff);
}

/// `BufferError` while C holds the items.
fn check_unpinned(heap: &mut Heap, v: Value) -> R<()> {
    if cfg!(feature = "natives") && heap.int(v, field::CODE) >> 8 > 0 {
        return Err(exc::raise(heap, TypeId::BufferError, super::bytearray::PINNED));
    }
    Ok(())
}

pub fn typecode(heap: &Heap, v: Value) -> u8 {
    heap.int(v, field::CODE) as u8
}

pub fn len(heap: &Heap, v: Value) -> usize {
    heap.int(v, field::LEN).max(0) as usize
}

pub fn item_size(heap: &Heap, v: Value) -> usize {
    size_of(typecode(heap, v)).unwrap_or(1)
}

/// All items as bytes.
pub fn span(heap: &Heap, v: Value) -> Span {
    match heap.slot(v, field::ITEMS) {
        Some(raw) => heap.cell_span(raw, 0, len(heap, v) * item_size(heap, v)),
        None => Span::EMPTY,
    }
}

/// Makes room for `more` items.
pub fn reserve(heap: &mut Heap, v: Value, more: usize) -> R<()> {
    if more > 0 {
        check_unpinned(heap, v)?;
    }
    let (n, size) = (len(heap, v), item_size(heap, v));
    let need = (n + more) * size;
    let have = heap.slot(v, field::ITEMS).map_or(0, |raw| heap.words(raw) * 4);
    if need <= have {
        return Ok(());
    }
    if need > bytes::MAX_LEN {
        return Err(heap.out_of_memory());
    }
    let want = (need + need / 4 + 8).div_ceil(4);
    if let Some(raw) = heap.slot(v, field::ITEMS)
        && (heap.resize(raw, want) || heap.resize(raw, need.div_ceil(4)))
    {
        return Ok(());
    }
    let raw = match heap.alloc(Kind::Raw, want) {
        Ok(raw) => raw,
        Err(_) => heap.alloc(Kind::Raw, need.div_ceil(4))?,
    };
    let (old, new) = (span(heap, v), heap.cell_span(raw, 0, n * size));
    heap.copy_span(new, old);
    heap.set_field(v, field::ITEMS, raw);
    Ok(())
}

fn set_len(heap: &mut Heap, v: Value, n: usize) {
    let have = heap.slot(v, field::ITEMS).map_or(0, |raw| heap.words(raw) * 4);
    let size = item_size(heap, v);
    heap.set_int(v, field::LEN, n.min(have.checked_div(size).unwrap_or(0)) as i32);
}

/// The bytes of item `i`.
pub fn item(heap: &Heap, v: Value, i: usize) -> Span {
    let size = item_size(heap, v);
    span(heap, v).sub(i * size, (i + 1) * size)
}

pub fn append(heap: &mut Heap, v: Value, x: Value) -> R<()> {
    reserve(heap, v, 1)?;
    let Some(code) = layout(typecode(heap, v)) else { return Ok(()) };
    let n = len(heap, v);
    set_len(heap, v, n + 1);
    let at = item(heap, v, n);
    let stored = write(heap, at, code, BIG_ENDIAN, x);
    if stored.is_err() {
        set_len(heap, v, n);
    }
    stored
}

/// Replaces items `start..stop` by the items in `s` (whole items of the same layout, not of this array).
pub fn splice(heap: &mut Heap, v: Value, start: usize, stop: usize, s: Span) -> R<()> {
    let (n, size) = (len(heap, v), item_size(heap, v));
    let s = if heap.slot(v, field::ITEMS) == Some(s.owner) && !s.is_empty() {
        let copy = bytes::concat(heap, Kind::Bytes, &[s])?;
        bytes::cell(heap, copy)
    } else {
        s
    };
    let stop = stop.min(n);
    let start = start.min(stop);
    let new = s.len().checked_div(size).unwrap_or(0);
    let end = n - (stop - start) + new;
    if end != n {
        check_unpinned(heap, v)?;
    }
    reserve(heap, v, end.saturating_sub(n))?;
    set_len(heap, v, end.max(n));
    let all = span(heap, v);
    heap.copy_span(all.sub((start + new) * size, end * size), all.sub(stop * size, n * size));
    heap.copy_span(all.sub(start * size, (start + new) * size), s);
    set_len(heap, v, end);
    Ok(())
}

/// The number in `s`, which has the code's size.
pub fn read(heap: &mut Heap, s: Span, code: PackCode, big_endian: bool) -> R {
    let raw = heap.span_bytes(s);
    match code.kind {
        PackKind::Signed => {
            let n = pack::get_signed(raw, big_endian);
            int::from_i64(heap, n)
        }
        #[cfg(any(feature = "float-single", feature = "float-double"))]
        PackKind::Float => {
            let x = pack::get_float(raw, big_endian);
            float::new(heap, x)
        }
        PackKind::Bool => Ok(Value::bool(pack::get_bits(raw, big_endian) != 0)),
        PackKind::Char => bytes::from_span(heap, Kind::Bytes, s),
        #[cfg(feature = "extra")]
        PackKind::Object | PackKind::Text => {
            let n = pack::get_bits(raw, big_endian);
            let found = if code.kind == PackKind::Text { heap.known_text(n) } else { heap.known(n) };
            found.ok_or_else(|| exc::raise(heap, TypeId::ValueError, "no such object"))
        }
        _ => {
            let n = pack::get_bits(raw, big_endian);
            int::from_u64(heap, n)
        }
    }
}

/// The low 64 bits of an int, two's complement.
pub fn low_bits(heap: &Heap, v: Value) -> Option<u64> {
    match int::to_i64(heap, v) {
        Some(n) => Some(n as u64),
        None if int::is(heap, v) => {
            let big = int::big(heap, v);
            let limb = |i: usize| u64::from(big.limbs.get(i).copied().unwrap_or(0));
            let size = limb(0) | limb(1) << 32;
            Some(if big.negative { size.wrapping_neg() } else { size })
        }
        None => None,
    }
}

/// Stores `x` into `s`, which has the code's size.
pub fn write(heap: &mut Heap, s: Span, code: PackCode, big_endian: bool, x: Value) -> R<()> {
    match code.kind {
        #[cfg(any(feature = "float-single", feature = "float-double"))]
        PackKind::Float => {
            let n = match float::get(heap, x) {
                Some(n) => Some(n),
                None => int::to_i64(heap, x).map(|n| n as crate::base::float::Float),
            };
            let Some(n) = n else {
                return Err(exc::raise(heap, TypeId::TypeError, "can't convert to float"));
            };
            pack::put_float(heap.span_bytes_mut(s), big_endian, n);
        }
        #[cfg(feature = "extra")]
        PackKind::Object => {
            if !heap.can_know(x) {
                return Err(exc::raise(heap, TypeId::TypeError, "can't refer to what is built in"));
            }
            heap.note_known(x)?;
            pack::put_bits(heap.span_bytes_mut(s), big_endian, x.bits().into());
        }
        _ => {
            let Some(n) = low_bits(heap, x) else {
                return Err(exc::raise(heap, TypeId::TypeError, "can't convert to int"));
            };
            pack::put_bits(heap.span_bytes_mut(s), big_endian, n);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::testing::with_heap;

    #[test]
    fn items() {
        with_heap(|heap| {
            for code in [b'b', b'B', b'h', b'H', b'i', b'I', b'l', b'L', b'q', b'Q'] {
                let a = new(heap, code, 0).unwrap();
                for i in 0..50 {
                    append(heap, a, Value::small(i)).unwrap();
                }
                let layout = layout(code).unwrap();
                let at = item(heap, a, 41);
                assert_eq!(read(heap, at, layout, BIG_ENDIAN), Ok(Value::small(41)));
                let part = span(heap, a).sub(0, 3 * item_size(heap, a));
                splice(heap, a, 1, 49, part).unwrap();
                assert_eq!(len(heap, a), 5);
                let got = [0, 1, 2, 3, 4].map(|i| {
                    let at = item(heap, a, i);
                    read(heap, at, layout, BIG_ENDIAN).unwrap().as_small().unwrap()
                });
                assert_eq!(got, [0, 0, 1, 2, 49]);
            }
            assert!(layout(b'X').is_none());
        });
    }
}
