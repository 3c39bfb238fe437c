//! Text and bytes across the border: names in, texts out.
//!
//! Invariant: a text that is cut for want of room is cut between characters and ended by a NUL.

use super::status::{self, Status};
use crate::heap::Value;
use crate::heap::span::Span;
use crate::object::bytearray;
use crate::vm::{Slot, Vm};
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

/// Bytes that are copied at a stretch.
const PIECE: usize = if cfg!(feature = "tiny") { usize::MAX } else { 8192 };

/// A slot that keeps a value while others come in; without one what is done with it is one piece.
pub fn keep(vm: &mut Vm, value: Value) -> Option<Slot> {
    let slot = vm.push(value);
    if slot.is_err() {
        vm.heap_mut().raised = None;
    }
    slot.ok()
}

impl Out {
    /// Copies the bytes, or the text, of a str, a bytes object or a bytearray, which C or a slot keeps: of a long one in
    /// pieces, between which others may come in. A bytearray that they have made shorter ends there.
    ///
    /// # Safety
    /// As `bytes`.
    pub unsafe fn object(&self, vm: &mut Vm, value: Value, is_text: bool) -> Result<(), Status> {
        let span = |vm: &Vm| bytearray::bytes_span(vm.heap(), value).unwrap_or(Span::EMPTY);
        let all = span(vm);
        let bytes = vm.heap().span_bytes(all);
        let kept = if bytes.len() > PIECE { keep(vm, value) } else { None };
        let Some(kept) = kept else {
            let bytes = vm.heap().span_bytes(all);
            // SAFETY: the caller's promise.
            return unsafe { if is_text { self.text(bytes) } else { self.bytes(bytes) } };
        };
        let room = if is_text { self.room(vm.heap().span_bytes(all)) } else { self.size };
        let (mut done, wanted) = (0, all.len().min(room));
        if self.buf.is_null() && self.size > 0 {
            vm.drop_to(kept);
            return Err(status::NULL);
        }
        loop {
            let part = span(vm).sub(done, wanted.min(done + PIECE));
            let part = vm.heap().span_bytes(part);
            // SAFETY: the caller's promise: `wanted` bytes fit.
            unsafe {
                core::ptr::copy_nonoverlapping(part.as_ptr(), self.buf.cast::<u8>().add(done), part.len())
            };
            done += part.len();
            if done >= wanted || part.is_empty() {
                break;
            }
            vm.let_tasks_in();
        }
        vm.drop_to(kept);
        // SAFETY: the caller's promise; `done` is at most `room`.
        unsafe {
            if is_text && self.size > 0 {
                self.buf.cast::<u8>().add(done).write(0);
            }
            if !self.len.is_null() {
                *self.len = if done < wanted { done } else { all.len() };
            }
        }
        Ok(())
    }

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
        let room = self.room(text);
        // SAFETY: the caller's promise.
        unsafe {
            self.copy(text, room)?;
            if self.size > 0 {
                self.buf.cast::<u8>().add(room.min(text.len())).write(0);
            }
        }
        Ok(())
    }

    /// How much of a text there is room for: up to the end of a character.
    fn room(&self, text: &[u8]) -> usize {
        let mut room = self.size.saturating_sub(1);
        if room < text.len() {
            while room > 0 && text.get(room).is_some_and(|byte| byte & 0xc0 == 0x80) {
                room -= 1;
            }
        }
        room
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
