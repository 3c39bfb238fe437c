//! What goes wrong, as values: refusals of the interface, and Python's exceptions with their texts.

use crate::{Python, ffi};
use core::ffi::{CStr, c_char};
use core::fmt;

/// A negative status of `pyrite.h`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Status(pub(crate) i32);

impl Status {
    pub const EXCEPTION: Status = Status(-1);
    pub const TASK: Status = Status(-4);
    pub const TIMEOUT: Status = Status(-6);
    pub const MEMORY: Status = Status(-7);
    pub const TYPE: Status = Status(-9);
    pub const RANGE: Status = Status(-10);
    pub const MISSING: Status = Status(-11);
    pub const INTERRUPT: Status = Status(-13);

    /// The number in the header.
    pub fn code(self) -> i32 {
        self.0
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        // SAFETY: a constant text for every number.
        let text = unsafe { CStr::from_ptr(ffi::pyr_strerror(self.0)) };
        f.write_str(text.to_str().unwrap_or(""))
    }
}

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "Status({}: {self})", self.0)
    }
}

/// A text of at most `N` - 1 bytes; what was longer is cut between characters.
#[derive(Clone, Copy)]
pub struct Text<const N: usize> {
    bytes: [u8; N],
}

impl<const N: usize> Text<N> {
    /// What a function of the interface writes, ended by a NUL; empty where it refuses.
    pub(crate) fn read(write: impl FnOnce(*mut c_char, usize, *mut usize) -> i32) -> Text<N> {
        let (mut bytes, mut whole) = ([0; N], 0);
        if write(bytes.as_mut_ptr().cast(), N, &mut whole) < 0 {
            bytes = [0; N];
        }
        Text { bytes }
    }

    pub fn as_str(&self) -> &str {
        let text = CStr::from_bytes_until_nul(&self.bytes).unwrap_or_default();
        text.to_str().unwrap_or("")
    }
}

/// A Python exception: its type's name, `str()` of it, and the line where it was raised (0: unknown).
#[derive(Clone, Copy)]
pub struct Exception {
    pub kind: Text<32>,
    /// Shorter than 80 bytes, so that errors stay cheap to hand on.
    pub message: Text<80>,
    pub line: u32,
}

/// Why a call gave no result.
#[derive(Clone, Copy)]
pub enum Error {
    /// The interface refused: there was no such name, the object was of another type, a table was full.
    Refused(Status),
    /// Python raised.
    Raised(Exception),
}

impl Error {
    /// The exception that waits in the VM.
    pub(crate) fn take(python: &Python) -> Error {
        let (vm, mut e, mut line) = (python.raw(), ffi::Ref { bits: 0 }, 0);
        // SAFETY: this task is inside; the buffers are as long as is said, and `e` is good until it is dropped.
        unsafe {
            if ffi::pyr_exception(vm, &mut e) < 0 {
                return Error::Refused(Status::MISSING);
            }
            let kind = Text::read(|buf, size, len| ffi::pyr_exc_type(vm, e, buf, size, len));
            let message = Text::read(|buf, size, len| ffi::pyr_exc_message(vm, e, buf, size, len));
            ffi::pyr_exc_line(vm, e, core::ptr::null_mut(), 0, &mut line);
            ffi::pyr_drop(vm, e);
            Error::Raised(Exception { kind, message, line })
        }
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Error {
        Error::Refused(status)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Error::Refused(status) => status.fmt(f),
            Error::Raised(e) => {
                write!(f, "{}: {} (line {})", e.kind.as_str(), e.message.as_str(), e.line)
            }
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
