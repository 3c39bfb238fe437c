//! Structures at addresses (`uctypes.struct`): what an object of them holds.
//!
//! Invariant: the size is that of the whole structure, below 2**30.

use crate::heap::span::Span;
use crate::heap::{Heap, Kind, TypeId, Value};

pub mod field {
    pub const TYPE: usize = 0;
    /// The address's lower 30 bits, and the rest.
    pub const LOW: usize = 1;
    pub const HIGH: usize = 2;
    pub const DESCRIPTOR: usize = 3;
    pub const LAYOUT: usize = 4;
    pub const SIZE: usize = 5;
    pub const COUNT: usize = 6;
}

pub fn is(heap: &Heap, v: Value) -> bool {
    heap.is(v, Kind::Object) && heap.field(v, field::TYPE) == Value::typ(TypeId::Struct)
}
pub fn address(heap: &Heap, this: Value) -> u64 {
    heap.int(this, field::LOW) as u64 | (heap.int(this, field::HIGH) as u64) << 30
}
/// Its bytes.
pub fn span(heap: &Heap, this: Value) -> Span {
    Span::of_address(address(heap, this), heap.int(this, field::SIZE).max(0) as usize)
}
