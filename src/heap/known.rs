//! Objects that a program has turned into numbers (`struct`'s `O`, the address of a str), found again by them.
//!
//! Invariants
//! - an object that was noted is registered as those with finalizers are, so the VM hears of its death before its memory
//!   is used again, and no number leads to anything but a living object that somebody noted;
//! - what is no heap object needs no note: its number is checked instead.

use super::ids::TypeId;
use super::{Heap, R, Value, names, value::Table};

impl Heap {
    /// From now on `known` finds `v`, as long as somebody else keeps it alive.
    pub fn note_known(&mut self, v: Value) -> R<()> {
        if !v.is_heap() || self.has_finalizer(v) { Ok(()) } else { self.register_finalizer(v) }
    }
    /// Whether `known` will find `v` when it is noted: of what is no heap object, all but natives and modules.
    pub fn can_know(&self, v: Value) -> bool {
        match v.table() {
            None => true,
            Some(Table::Special) => (0..=4).chain([6]).any(|i| v.index_in(Table::Special) == Some(i)),
            Some(Table::Name) => names::bytes_of(v).is_some(),
            Some(Table::Type) => v.as_type_id().is_some_and(|id| (id as usize) < TypeId::COUNT),
            _ => false,
        }
    }
    /// The value with these bits, if it is an object that was noted.
    pub fn known(&mut self, bits: u64) -> Option<Value> {
        let v = Value::from_bits(u32::try_from(bits).ok()?)?;
        if v.is_heap() { self.find_registered(|_, r| r == v) } else { Some(v).filter(|v| self.can_know(*v)) }
    }
    /// The noted str, or the built-in name, whose text lies at an address.
    pub fn known_text(&mut self, address: u64) -> Option<Value> {
        let at = |text: &[u8]| text.as_ptr() as u64 == address && !text.is_empty();
        match names::at(address) {
            Some(v) => Some(v),
            None => self.find_registered(|h, v| h.is(v, super::Kind::Str) && at(h.str_bytes(v))),
        }
    }
}
