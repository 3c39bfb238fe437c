//! Rank 7: one file per Python module.

pub mod array;
pub mod binascii;
pub mod io;
pub mod stream;
pub mod struct_;
