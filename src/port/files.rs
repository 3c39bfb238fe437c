//! The board's files (`struct pyr_files`) with results instead of negative numbers.
//!
//! Invariant: a `Files` exists only over a table whose size and functions were checked when the port was.

use super::bindings::{
    PYR_FILE_FOLDER, PYR_FILE_REGULAR, PYR_SEEK_CURRENT, PYR_SEEK_END, PYR_SEEK_START, pyr_files, pyr_space,
    pyr_stat,
};
use super::{Loan, call};
use core::ffi::CStr;

/// A positive errno number, as `OSError` shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errno(pub u16);

impl Errno {
    pub const EPERM: Errno = Errno(1);
    pub const ENOENT: Errno = Errno(2);
    pub const EIO: Errno = Errno(5);
    pub const EEXIST: Errno = Errno(17);
    pub const EAGAIN: Errno = Errno(11);
    pub const ENOMEM: Errno = Errno(12);
    pub const ENODEV: Errno = Errno(19);
    pub const ENOTDIR: Errno = Errno(20);
    pub const EBADF: Errno = Errno(9);
    pub const EBUSY: Errno = Errno(16);
    pub const EINVAL: Errno = Errno(22);
    pub const EROFS: Errno = Errno(30);
    pub const ENAMETOOLONG: Errno = Errno(36);
    pub const ENOSYS: Errno = Errno(38);
    pub const EOPNOTSUPP: Errno = Errno(95);
    pub const ETIMEDOUT: Errno = Errno(110);

    fn from_negative(code: i64) -> Errno {
        u16::try_from(code.unsigned_abs()).map_or(Errno::EIO, Errno)
    }
}

/// What a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    Regular,
    Folder,
    Other,
}

/// What is known of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    pub kind: FileKind,
    pub size: u64,
    /// Seconds since 1970; 0 when unknown.
    pub mtime_s: i64,
}

/// From where `seek` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Start,
    Current,
    End,
}

/// The board's files. Handles are plain numbers: a wrong one gives an `Errno`, as in C.
#[derive(Clone, Copy)]
pub struct Files {
    table: &'static pyr_files,
}

// SAFETY: the table is read-only, and its functions are by contract callable from every task.
unsafe impl Send for Files {}
// SAFETY: as above.
unsafe impl Sync for Files {}

impl Files {
    pub(in crate::port) fn new(table: &'static pyr_files) -> Files {
        Files { table }
    }

    pub(in crate::port) fn is_whole(table: &pyr_files) -> bool {
        table.abi_size as usize == size_of::<pyr_files>()
            && table.stat.is_some()
            && table.open.is_some()
            && table.read.is_some()
            && table.write.is_some()
            && table.seek.is_some()
            && table.close.is_some()
            && table.list.is_some()
            && table.list_next.is_some()
    }

    pub fn stat(&self, path: &CStr) -> Result<Stat, Errno> {
        let mut raw = EMPTY;
        done(call!(self.table, stat(path.as_ptr().cast(), &mut raw) else -1))?;
        Ok(Stat::from_raw(&raw))
    }

    /// Opens with `PYR_OPEN_*` flags; the handle must go to `close`.
    pub fn open(&self, path: &CStr, flags: u32) -> Result<i32, Errno> {
        done(call!(self.table, open(path.as_ptr().cast(), flags) else -1))
    }

    /// 0 at the end of the file.
    pub fn read(&self, handle: i32, into: Loan) -> Result<usize, Errno> {
        count(call!(self.table, read(handle, into.start.cast(), into.len) else -1), into.len)
    }

    /// May write fewer bytes than given.
    pub fn write(&self, handle: i32, bytes: Loan) -> Result<usize, Errno> {
        count(call!(self.table, write(handle, bytes.start.cast_const().cast(), bytes.len) else -1), bytes.len)
    }

    /// As `read`, into memory of the caller's.
    pub fn read_into(&self, handle: i32, into: &mut [u8]) -> Result<usize, Errno> {
        self.read(handle, Loan { start: into.as_mut_ptr(), len: into.len() })
    }

    pub fn seek(&self, handle: i32, offset: i64, origin: Origin) -> Result<u64, Errno> {
        let origin = match origin {
            Origin::Start => PYR_SEEK_START,
            Origin::Current => PYR_SEEK_CURRENT,
            Origin::End => PYR_SEEK_END,
        };
        let at = call!(self.table, seek(handle, offset, origin as i32) else -1);
        u64::try_from(at).map_err(|_| Errno::from_negative(at))
    }

    pub fn close(&self, handle: i32) -> Result<(), Errno> {
        done(call!(self.table, close(handle) else -1)).map(|_| ())
    }

    /// Starts a listing; the handle must go to `close`.
    pub fn list(&self, path: &CStr) -> Result<i32, Errno> {
        done(call!(self.table, list(path.as_ptr().cast()) else -1))
    }

    /// The next entry's name length in `name`, and what it is; `None` at the end.
    pub fn list_next(&self, handle: i32, name: &mut [u8]) -> Result<Option<(usize, Stat)>, Errno> {
        let mut raw = EMPTY;
        let room = name.len();
        let len = call!(self.table, list_next(handle, name.as_mut_ptr().cast(), room, &mut raw) else -1);
        let len = count(len, room)?;
        Ok((len > 0).then(|| (len, Stat::from_raw(&raw))))
    }

    /// Removes a file or an empty folder.
    pub fn remove(&self, path: &CStr, kind: FileKind) -> Result<(), Errno> {
        let kind = if kind == FileKind::Folder { PYR_FILE_FOLDER } else { PYR_FILE_REGULAR };
        done(call!(self.table, remove(path.as_ptr().cast(), kind) else CANNOT)).map(|_| ())
    }

    pub fn rename(&self, from: &CStr, to: &CStr) -> Result<(), Errno> {
        done(call!(self.table, rename(from.as_ptr().cast(), to.as_ptr().cast()) else CANNOT)).map(|_| ())
    }

    pub fn make_folder(&self, path: &CStr) -> Result<(), Errno> {
        done(call!(self.table, make_folder(path.as_ptr().cast()) else CANNOT)).map(|_| ())
    }

    /// The folder that relative paths start from: the length of its text in `out`.
    pub fn folder(&self, out: &mut [u8]) -> Result<usize, Errno> {
        let room = out.len();
        let root = |out: &mut [u8]| {
            if let Some([slash, end]) = out.first_chunk_mut() {
                (*slash, *end) = (b'/', 0);
            }
            0
        };
        done(call!(self.table, folder(out.as_mut_ptr().cast(), room) else root(out)))?;
        out.iter().position(|b| *b == 0).ok_or(Errno::EIO)
    }

    /// How much room there is where a path leads.
    pub fn space(&self, path: &CStr) -> Result<Space, Errno> {
        let mut raw =
            Space { blocks: 0, blocks_free: 0, files: 0, files_free: 0, block_size: 0, name_max: 0 };
        done(call!(self.table, space(path.as_ptr().cast(), &mut raw) else CANNOT))?;
        Ok(raw)
    }
}

/// Room on a file system.
pub type Space = pyr_space;

/// What a port without the function answers: not permitted.
const CANNOT: i32 = -1;

const EMPTY: pyr_stat = pyr_stat { size: 0, mtime_s: 0, kind: 0, reserved: 0 };

impl Stat {
    fn from_raw(raw: &pyr_stat) -> Stat {
        let kind = match raw.kind {
            PYR_FILE_REGULAR => FileKind::Regular,
            PYR_FILE_FOLDER => FileKind::Folder,
            _ => FileKind::Other,
        };
        Stat { kind, size: raw.size, mtime_s: raw.mtime_s }
    }
}

/// The number behind a negative answer.
pub(in crate::port) fn errno(code: i32) -> Errno {
    Errno::from_negative(code.into())
}

fn done(code: i32) -> Result<i32, Errno> {
    if code >= 0 { Ok(code) } else { Err(errno(code)) }
}

/// A port that claims more bytes than there was room for does not get to lead us out of the buffer.
fn count(code: i32, room: usize) -> Result<usize, Errno> {
    done(code).map(|count| (count as usize).min(room))
}
