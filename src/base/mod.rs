//! Rank 0: pure functions over slices and plain values. Knows nothing of Python values or of the heap.
pub mod config;
pub mod ring;
pub mod sink;
pub mod utf8;
