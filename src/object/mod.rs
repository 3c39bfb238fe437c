//! Rank 3: the data of each built-in type and its heap-only algorithms; one file per type.

pub mod exc;
