//! A fiber: one task's value stack (growing up) and frame records (growing down) in one block of memory.
//!
//! Invariants
//! - `base <= sp <= records`, all in the block; words below `sp` are empty or valid values;
//! - it never moves or grows: too deep is `RuntimeError`.
#![allow(unsafe_code)]

/// A place on the value stack that a native made with `Vm::push`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Slot(pub u32);

/// One Python frame's saved registers, or the boundary that a native's call put there.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Record {
    /// The caller's instruction pointer (on its last consumed byte).
    pub ip: *const u8,
    /// The caller's first local.
    pub fp: *mut u32,
    /// The caller's code (`Value` bits, 0 at a boundary).
    pub code: u32,
    /// What to do with the value that the frame returns: an `Action`.
    pub action: u32,
}

#[repr(C)]
pub struct Fiber {
    pub base: *mut u32,
    /// First free word of the value stack.
    pub sp: *mut u32,
    /// The newest record; records lie between here and `top`.
    pub records: *mut Record,
    pub top: *mut Record,
    /// Registers of the running frame, saved while a slow path runs.
    pub ip: *const u8,
    pub fp: *mut u32,
    pub code: u32,
}
