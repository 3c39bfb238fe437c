//! Rank 6: the behaviour of the built-in types, one file per type, and the built-in functions.

pub mod bytearray;
pub mod bytes;
pub mod format;
pub mod percent;
pub mod print;
pub mod print_fn;
pub mod str;
pub mod str_format;
pub mod text;
pub mod text_case;
pub mod text_find;
pub mod text_split;
