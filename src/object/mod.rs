//! Rank 3: the data of each built-in type and its heap-only algorithms; one file per type.

pub mod bytearray;
pub mod bytes;
pub mod exc;
pub mod memoryview;
pub mod str;
pub mod strbuf;
#[cfg(test)]
pub mod testing;
