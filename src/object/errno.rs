//! Error numbers of `OSError` and their names.

use crate::heap::Value;
use crate::q;

/// The names of module `errno`, by the numbers that the C library of most targets uses.
pub const NAMES: [(i32, Value); 25] = [
    (1, q!("EPERM")),
    (2, q!("ENOENT")),
    (5, q!("EIO")),
    (9, q!("EBADF")),
    (11, q!("EAGAIN")),
    (12, q!("ENOMEM")),
    (13, q!("EACCES")),
    (16, q!("EBUSY")),
    (17, q!("EEXIST")),
    (19, q!("ENODEV")),
    (20, q!("ENOTDIR")),
    (21, q!("EISDIR")),
    (22, q!("EINVAL")),
    (28, q!("ENOSPC")),
    (95, q!("EOPNOTSUPP")),
    (98, q!("EADDRINUSE")),
    (103, q!("ECONNABORTED")),
    (104, q!("ECONNRESET")),
    (105, q!("ENOBUFS")),
    (107, q!("ENOTCONN")),
    (110, q!("ETIMEDOUT")),
    (111, q!("ECONNREFUSED")),
    (113, q!("EHOSTUNREACH")),
    (114, q!("EALREADY")),
    (115, q!("EINPROGRESS")),
];

/// The name of an error number.
pub fn name_of(n: i64) -> Option<Value> {
    NAMES.iter().find(|e| e.0 as i64 == n).map(|e| e.1)
}
