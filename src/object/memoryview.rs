//! Memory views: a window on the bytes of a bytes object, byte array, array or other buffer.
//!
//! Invariants
//! - the window is kept as owner, byte offset and item count, and clipped to the owner's present size at every use:
//!   an owner that shrank makes it short, never wild;
//! - the owner is the object itself, never another view.

use crate::heap::{Heap, Kind, R, Value};

mod field {
    pub const CODE: usize = 0;
    pub const OWNER: usize = 1;
    pub const OFFSET: usize = 2;
    pub const LEN: usize = 3;
    /// The offset's bits from `LOW_BITS` on: addresses need them, offsets in objects do not.
    pub const HIGH: usize = 4;
    /// The length's bits from `LOW_BITS` on, where there can be any: only of memory at an address.
    pub const HIGH_LEN: usize = 5;
    pub const COUNT: usize = if super::WIDE { 6 } else { 5 };
}

/// An address has more bits than a small int has words for.
const WIDE: bool = usize::BITS > 32;

/// Views of memory at an address begin below it: as far as MicroPython's do.
pub const MAX_OFFSET: u64 = 1 << 56;

/// Bits of an offset in its first word.
const LOW_BITS: u32 = 30;

/// In the first word above the typecode.
const WRITABLE: i32 = 1 << 8;
/// Beside it.
const BYTE_ARRAY: i32 = 1 << 9;

/// What a view shows.
#[derive(Clone, Copy)]
pub struct View {
    pub typecode: u8,
    pub writable: bool,
    /// Stands for a byte array: what `uctypes` gives for bytes at an address.
    pub byte_array: bool,
    pub owner: Value,
    /// In bytes; the address where the owner is `Value::FOREIGN`.
    pub offset: usize,
    /// In items.
    pub len: usize,
}

pub fn new(heap: &mut Heap, view: View) -> R {
    let v = heap.alloc(Kind::MemoryView, field::COUNT)?;
    let flags = if view.writable { WRITABLE } else { 0 } | if view.byte_array { BYTE_ARRAY } else { 0 };
    heap.set_int(v, field::CODE, i32::from(view.typecode) | flags);
    heap.set_field(v, field::OWNER, view.owner);
    heap.set_int(v, field::OFFSET, (view.offset & ((1 << LOW_BITS) - 1)) as i32);
    heap.set_int(v, field::HIGH, (view.offset >> LOW_BITS) as i32);
    heap.set_int(v, field::LEN, (view.len & ((1 << LOW_BITS) - 1)) as i32);
    if WIDE {
        heap.set_int(v, field::HIGH_LEN, (view.len >> LOW_BITS) as i32);
    }
    Ok(v)
}

pub fn get(heap: &Heap, v: Value) -> View {
    let code = heap.int(v, field::CODE);
    View {
        typecode: code as u8,
        writable: code & WRITABLE != 0,
        byte_array: code & BYTE_ARRAY != 0,
        owner: heap.field(v, field::OWNER),
        offset: heap.int(v, field::OFFSET).max(0) as usize | (heap.int(v, field::HIGH) as usize) << LOW_BITS,
        len: heap.int(v, field::LEN).max(0) as usize
            | if WIDE { (heap.int(v, field::HIGH_LEN) as usize) << LOW_BITS } else { 0 },
    }
}

/// Empties the view, so that it no longer keeps its owner alive.
pub fn release(heap: &mut Heap, v: Value) {
    heap.set_field(v, field::OWNER, Value::NONE);
    heap.set_int(v, field::LEN, 0);
    if WIDE {
        heap.set_int(v, field::HIGH_LEN, 0);
    }
}
