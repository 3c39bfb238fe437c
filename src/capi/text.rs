//! Text and bytes across the border: names in, texts out.
//!
//! Invariant: a text that is cut for want of room is cut between characters and ended by a NUL.

use super::status::{self, Status};
use core::ffi::CStr;
use cty::{c_char, c_void};

/// A NUL-terminated text from C.
///
/// # Safety
/// `text` is NULL or points to bytes up to a NUL that stay during `'a`.
pub unsafe fn c_text<'a>(text: *const c_char) -> Result<&'a CStr, Status> {
    if text.is_null() {
        return Err(status::NULL);
    }
    // SAFETY: the caller's promise.
    Ok(unsafe { CStr::from_ptr(text.cast()) })
}

/// Bytes with a length from C; NULL is allowed where the length is 0.
///
/// # Safety
/// `bytes` is NULL or valid for reads of `len` bytes during `'a`.
pub unsafe fn c_bytes<'a>(bytes: *const c_void, len: usize) -> Result<&'a [u8], Status> {
    // SAFETY: the caller's promise.
    unsafe { c_items(bytes.cast(), len) }
}

/// The same of other items. More than any memory holds is out of range: a negative length, say.
///
/// # Safety
/// `items` is NULL or valid for reads of `n` items during `'a`.
pub unsafe fn c_items<'a, T>(items: *const T, n: usize) -> Result<&'a [T], Status> {
    match n {
        0 => Ok(&[]),
        _ if items.is_null() => Err(status::NULL),
        _ if n > isize::MAX as usize / size_of::<T>() => Err(status::RANGE),
        // SAFETY: the caller's promise.
        _ => Ok(unsafe { core::slice::from_raw_parts(items, n) }),
    }
}

/// Where C wants text or bytes.
pub struct Out {
    pub buf: *mut c_void,
    pub size: usize,
    pub len: *mut usize,
}

impl Out {
    /// Copies as many bytes as there is room for.
    ///
    /// # Safety
    /// `buf` is NULL or valid for writes of `size` bytes, `len` is NULL or valid for a write.
    pub unsafe fn bytes(&self, bytes: &[u8]) -> Result<(), Status> {
        // SAFETY: the caller's promise; `from` does not lie in C's buffer.
        unsafe { self.copy(bytes, self.size) }
    }

    /// Copies as many characters as there is room for, and a NUL.
    ///
    /// # Safety
    /// As `bytes`.
    pub unsafe fn text(&self, text: &[u8]) -> Result<(), Status> {
        let mut room = self.size.saturating_sub(1);
        if room < text.len() {
            while room > 0 && text.get(room).is_some_and(|byte| byte & 0xc0 == 0x80) {
                room -= 1;
            }
        }
        // SAFETY: the caller's promise.
        unsafe {
            self.copy(text, room)?;
            if self.size > 0 {
                self.buf.cast::<u8>().add(room.min(text.len())).write(0);
            }
        }
        Ok(())
    }

    /// # Safety
    /// As `bytes`; `room` is at most `size`.
    unsafe fn copy(&self, from: &[u8], room: usize) -> Result<(), Status> {
        if self.buf.is_null() && self.size > 0 {
            return Err(status::NULL);
        }
        let count = from.len().min(room);
        // SAFETY: the caller's promise: `count` bytes fit on both sides.
        unsafe {
            if count > 0 {
                core::ptr::copy_nonoverlapping(from.as_ptr(), self.buf.cast(), count);
            }
            if !self.len.is_null() {
                *self.len = from.len();
            }
        }
        Ok(())
    }
}
