//! Limits that several ranks share. Each is a figure that a small board can afford; what depends on a
//! board's memory is a parameter of `pyr_open`, not a constant here.

/// Bits of an int beyond which a shift, power or literal reports `OverflowError` instead of asking for memory.
pub const MAX_INT_BITS: u32 = 1 << 24;

/// Calls that wait for a safepoint (`micropython.schedule`, `pyr_post`), unless the firmware says how many.
pub const EVENTS: usize = 8;

/// Python threads at a time, unless the firmware says how many.
pub const THREADS: usize = 16;

/// Bytes of the longest name (of a variable, attribute, keyword or module).
pub const LONGEST_NAME: usize = 255;
