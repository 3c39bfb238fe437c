//! Rank 6: the behaviour of the built-in types, one file per type, and the built-in functions.

pub mod bytearray;
pub mod bytes;
pub mod complex;
pub mod convert;
pub mod dict;
pub mod dir;
pub mod exceptions;
pub mod float;
pub mod format;
pub mod functions;
pub mod int;
pub mod iterators;
pub mod list;
pub mod memoryview;
pub mod none;
pub mod percent;
pub mod print;
pub mod print_fn;
pub mod range;
pub mod seq;
pub mod set;
pub mod sort;
pub mod str;
pub mod str_format;
pub mod text;
pub mod text_case;
pub mod text_find;
pub mod text_split;
#[cfg(test)]
mod text_tests;
pub mod tuple;
