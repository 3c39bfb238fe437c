//! Iteration over strings, bytes, byte arrays, arrays and memory views: one kind of `Iterator` for all of them.

#[cfg(feature = "extra")]
use super::bytes;
#[cfg(feature = "extra")]
use super::c_struct;
use super::{bytearray, memoryview, str, typed_array};
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, Value};

/// In word 0 of the `Iterator`; the cursor is a byte offset in strings and an item number elsewhere.
pub const SUB_KIND: i32 = 16;

mod field {
    pub const SUB_KIND: usize = 0;
    pub const CONTAINER: usize = 1;
    pub const CURSOR: usize = 2;
    pub const COUNT: usize = 4;
}

pub fn new(heap: &mut Heap, container: Value) -> R {
    let it = heap.alloc(Kind::Iterator, field::COUNT)?;
    heap.set_int(it, field::SUB_KIND, SUB_KIND);
    heap.set_field(it, field::CONTAINER, container);
    heap.set_int(it, field::CURSOR, 0);
    Ok(it)
}

/// The next item of the iterator, `Value::STOP` at the end.
pub fn next(heap: &mut Heap, it: Value) -> R {
    let cursor = heap.int(it, field::CURSOR).max(0) as usize;
    match item(heap, heap.field(it, field::CONTAINER), cursor)? {
        Some((v, next)) => {
            heap.set_int(it, field::CURSOR, next as i32);
            Ok(v)
        }
        None => Ok(Value::STOP),
    }
}

/// The item at a cursor that starts at 0, and the next cursor.
pub fn item(heap: &mut Heap, container: Value, cursor: usize) -> R<Option<(Value, usize)>> {
    let all = match heap.kind(container) {
        Kind::Bytes => heap.str_span(container).unwrap_or(Span::EMPTY),
        Kind::ByteArray => bytearray::span(heap, container),
        Kind::TypedArray | Kind::MemoryView => {
            #[cfg(feature = "extra")]
            if let Some(v) = typed_array::object(heap, container, cursor) {
                return Ok(Some((v, cursor + 1)));
            }
            let (code, s) = items(heap, container);
            let (Some(code), false) = (typed_array::layout(code), s.is_empty()) else { return Ok(None) };
            let size = usize::from(code.size);
            let one = s.sub(cursor * size, (cursor + 1) * size);
            if one.len() < size {
                return Ok(None);
            }
            let v = typed_array::read(heap, one, code, typed_array::BIG_ENDIAN)?;
            return Ok(Some((v, cursor + 1)));
        }
        _ => return str::next_char(heap, container, cursor),
    };
    Ok(heap.span_bytes(all).get(cursor).map(|b| (Value::small(i32::from(*b)), cursor + 1)))
}

/// Typecode and bytes of an array, view, or other object with bytes (`B`).
pub fn items(heap: &Heap, v: Value) -> (u8, Span) {
    match heap.kind(v) {
        Kind::TypedArray => (typed_array::typecode(heap, v), typed_array::span(heap, v)),
        Kind::ByteArray => (b'B', bytearray::span(heap, v)),
        Kind::MemoryView => {
            let view = memoryview::get(heap, v);
            let size = typed_array::size_of(view.typecode).unwrap_or(1);
            let all = match heap.kind(view.owner) {
                Kind::TypedArray => typed_array::span(heap, view.owner),
                Kind::ByteArray => bytearray::span(heap, view.owner),
                #[cfg(feature = "extra")]
                _ if view.owner == Value::FOREIGN => {
                    let len = view.len.saturating_mul(size).min(bytes::MAX_LEN);
                    return (view.typecode, Span::of_address(view.offset as u64, len));
                }
                _ => heap.str_span(view.owner).unwrap_or(Span::EMPTY),
            };
            (view.typecode, all.sub(view.offset, view.offset + view.len * size))
        }
        #[cfg(feature = "extra")]
        Kind::Object if c_struct::is(heap, v) => (b'B', c_struct::span(heap, v)),
        _ => (b'B', heap.str_span(v).unwrap_or(Span::EMPTY)),
    }
}
