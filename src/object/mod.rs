//! Rank 3: the data of each built-in type and its heap-only algorithms; one file per type.

pub mod array;
pub mod bigint;
pub mod bytearray;
pub mod bytes;
#[cfg(feature = "extra")]
pub mod c_struct;
pub mod complex;
pub mod dict;
pub mod errno;
pub mod exc;
pub mod float;
pub mod hashtable;
#[cfg(test)]
mod hashtable_tests;
pub mod instance;
pub mod int;
pub mod iter;
pub mod list;
pub mod memoryview;
pub mod number;
pub mod range;
pub mod set;
pub mod slice;
pub mod str;
pub mod strbuf;
#[cfg(test)]
pub mod testing;
pub mod text_iter;
pub mod tuple;
pub mod typed_array;
