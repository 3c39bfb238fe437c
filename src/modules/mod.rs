//! Rank 7: one file per Python module.

pub mod array;
pub mod binascii;
pub mod cmath;
pub mod collections;
pub mod errno;
pub mod gc;
pub mod io;
pub mod math;
pub mod namedtuple;
pub mod random;
pub mod stream;
pub mod struct_;
pub mod templatelib;
