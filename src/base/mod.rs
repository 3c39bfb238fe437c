//! Rank 0: pure functions over slices and plain values. Knows nothing of Python values or of the heap.
pub mod config;
#[cfg(any(feature = "float-double", feature = "float-single"))]
pub mod float;
pub mod format_spec;
pub mod int_text;
pub mod limbs;
#[cfg(feature = "natives")]
pub mod message;
pub mod pack;
pub mod random;
pub mod ring;
pub mod sink;
pub mod time;
pub mod utf8;
