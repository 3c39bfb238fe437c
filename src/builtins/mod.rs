//! Rank 6: the behaviour of the built-in types, one file per type, and the built-in functions.

#[cfg_attr(feature = "tiny", path = "array_slices_plain.rs")]
mod array_slices;
#[cfg(feature = "async-generators")]
pub mod async_step;
pub mod bytearray;
pub mod bytes;
#[cfg_attr(not(feature = "diagnostics"), path = "chain_not.rs")]
pub mod chain;
pub mod code;
#[cfg_attr(not(feature = "basic"), path = "codec_plain.rs")]
pub mod codec;
pub mod complex;
pub mod convert;
pub mod dict;
pub mod dir;
pub mod eval;
pub mod exceptions;
pub mod float;
pub mod format;
#[cfg(feature = "settrace")]
pub mod frame;
pub mod function;
pub mod functions;
pub mod generator;
#[cfg(feature = "type-parameters")]
pub mod generics;
#[cfg(feature = "except-star")]
pub mod groups;
#[cfg(feature = "extra")]
pub mod help;
pub mod int;
#[cfg_attr(feature = "tiny", path = "int_long_not.rs")]
mod int_long;
pub mod iterators;
pub mod list;
#[cfg_attr(feature = "tiny", path = "look_plain.rs")]
mod look;
#[cfg(feature = "basic")]
pub mod memoryview;
pub mod module;
pub mod none;
pub mod object;
#[cfg(feature = "extra")]
pub mod object_methods;
#[cfg_attr(feature = "tiny", path = "one_step_plain.rs")]
mod one_step;
pub mod percent;
pub mod print;
pub mod print_fn;
pub mod property;
pub mod range;
pub mod seq;
pub mod set;
pub mod sort;
pub mod source;
#[cfg_attr(all(feature = "tiny", not(feature = "natives")), path = "source_ahead_not.rs")]
pub mod source_ahead;
pub mod str;
pub mod str_format;
pub mod streams;
pub mod superobj;
pub mod text;
pub mod text_case;
#[cfg_attr(feature = "tiny", path = "text_chars_plain.rs")]
mod text_chars;
pub mod text_find;
pub mod text_split;
pub mod tuple;
pub mod typ;
