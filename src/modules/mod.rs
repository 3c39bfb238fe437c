//! Rank 7: one file per Python module.

pub mod array;
pub mod attrtuple;
pub mod binascii;
pub mod builtins;
pub mod cmath;
pub mod collections;
pub mod errno;
pub mod file;
pub mod gc;
pub mod heapq;
pub mod io;
pub mod math;
pub mod micropython;
pub mod namedtuple;
pub mod os;
pub mod portfs;
pub mod random;
pub mod stream;
pub mod struct_;
pub mod sys;
pub mod templatelib;
pub mod time;
pub mod vfs;
