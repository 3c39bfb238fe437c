//! `Value`: one Python object reference in 32 bits, on every machine.
//!
//! Invariants
//! - never 0, so `Option<Value>` is one word too; a slot that holds 0 is empty;
//! - `…1` is a 31-bit small int;
//! - `…00` is a heap object: the value is four times its granule index, so `base + 2 * value` is its header;
//! - `…10` is an immediate: bits 2..5 name a table, bits 5.. the index in it.

use super::ids::TypeId;
use core::num::NonZeroU32;

/// A Python object reference.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
#[repr(transparent)]
pub struct Value(NonZeroU32);

/// Tables of immediates.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Table {
    /// `None`, the bools and the few other constants.
    Special = 0,
    /// Names known when the library was built.
    Name = 1,
    /// A native of a type: `type index << 12 | entry`.
    TypeEntry = 2,
    /// A native of a module: `module index << 12 | entry`.
    ModuleEntry = 3,
    /// Built-in types, by `TypeId`.
    Type = 4,
    /// Built-in modules, by their place in the registry.
    Module = 5,
}

pub const SMALL_MAX: i32 = (1 << 30) - 1;
pub const SMALL_MIN: i32 = -(1 << 30);

const fn imm(table: Table, index: u32) -> Value {
    match NonZeroU32::new(index << 5 | (table as u32) << 2 | 2) {
        Some(n) => Value(n),
        None => unreachable!(),
    }
}

impl Value {
    pub const NONE: Value = imm(Table::Special, 0);
    pub const FALSE: Value = imm(Table::Special, 1);
    pub const TRUE: Value = imm(Table::Special, 2);
    pub const ELLIPSIS: Value = imm(Table::Special, 3);
    pub const NOT_IMPLEMENTED: Value = imm(Table::Special, 4);
    /// Never seen by Python: what a native `next` returns when the iterator is finished, and other "no object" answers.
    pub const STOP: Value = imm(Table::Special, 5);
    /// `()`
    pub const EMPTY_TUPLE: Value = imm(Table::Special, 6);
    /// What a class statement calls: `__build_class__`.
    pub const BUILD_CLASS: Value = imm(Table::Special, 7);
    /// What a native gives that has left a code and its locals on the stack, to be run in its place.
    pub const RUN: Value = imm(Table::Special, 8);
    /// Never seen by Python: what stands for a native's result while an exception is on its way.
    pub const RAISED: Value = imm(Table::Special, 10);
    /// Never seen by Python: the owner of a span that lies at an address outside of all objects (`heap::foreign`).
    pub const FOREIGN: Value = imm(Table::Special, 9);

    pub const fn bits(self) -> u32 {
        self.0.get()
    }
    /// The slot word `w` as a reference; `None` where it is empty.
    pub const fn from_bits(w: u32) -> Option<Value> {
        match NonZeroU32::new(w) {
            Some(n) => Some(Value(n)),
            None => None,
        }
    }
    /// A small int; `n` must lie in `SMALL_MIN..=SMALL_MAX` (higher bits are lost).
    #[inline(always)]
    pub const fn small(n: i32) -> Value {
        match NonZeroU32::new((n as u32) << 1 | 1) {
            Some(n) => Value(n),
            None => unreachable!(),
        }
    }
    /// A small int if `n` fits.
    pub const fn try_small(n: i64) -> Option<Value> {
        if n >= SMALL_MIN as i64 && n <= SMALL_MAX as i64 { Some(Value::small(n as i32)) } else { None }
    }
    pub const fn bool(b: bool) -> Value {
        if b { Value::TRUE } else { Value::FALSE }
    }
    pub const fn name(index: u32) -> Value {
        imm(Table::Name, index)
    }
    pub const fn typ(id: TypeId) -> Value {
        imm(Table::Type, id as u32)
    }
    pub const fn module(index: u32) -> Value {
        imm(Table::Module, index)
    }
    pub const fn type_entry(id: TypeId, entry: u32) -> Value {
        imm(Table::TypeEntry, (id as u32) << 12 | entry)
    }
    pub const fn module_entry(module: u32, entry: u32) -> Value {
        imm(Table::ModuleEntry, module << 12 | entry)
    }

    #[inline(always)]
    pub const fn is_small(self) -> bool {
        self.bits() & 1 != 0
    }
    #[inline(always)]
    pub const fn is_heap(self) -> bool {
        self.bits() & 3 == 0
    }
    #[inline(always)]
    pub const fn as_small(self) -> Option<i32> {
        if self.is_small() { Some(self.bits() as i32 >> 1) } else { None }
    }
    /// The index in `table`, if this is such an immediate.
    pub const fn index_in(self, table: Table) -> Option<u32> {
        if self.bits() & 31 == (table as u32) << 2 | 2 { Some(self.bits() >> 5) } else { None }
    }
    pub fn table(self) -> Option<Table> {
        if self.bits() & 3 != 2 {
            return None;
        }
        Some(match self.bits() >> 2 & 7 {
            0 => Table::Special,
            1 => Table::Name,
            2 => Table::TypeEntry,
            3 => Table::ModuleEntry,
            4 => Table::Type,
            5 => Table::Module,
            _ => return None,
        })
    }
    /// The built-in type this value is, if it is one.
    pub fn as_type_id(self) -> Option<TypeId> {
        TypeId::from_index(self.index_in(Table::Type)?)
    }
    pub const fn is_none(self) -> bool {
        self.bits() == Value::NONE.bits()
    }
}

/// An exception is on its way: it waits in the heap's `raised` slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raised;

/// What anything that can raise returns. `Result<Value, Raised>` is 4 bytes.
pub type R<T = Value> = Result<T, Raised>;

const _: () = assert!(size_of::<R>() == 4);
