//! Functions of C that may take long: others have the VM meanwhile.
//!
//! Invariant: bytes that C works on belong to cells that a slot keeps; cells do not move, and nobody cuts or frees the bytes of
//! an object that others can reach (`object::bytearray`).
#![allow(unsafe_code)] // what they get is memory of the heap

use super::Vm;
use crate::heap::span::Span;
use crate::heap::{ByteVec, R, Value};
use crate::port::Loan;
use core::ffi::CStr;

impl Vm {
    /// Runs `f` without the VM lock.
    pub fn outside<T>(&mut self, f: impl FnOnce() -> T) -> T {
        self.blocking(|_| f())
    }
    /// The same with bytes of the heap, which C reads or, where `filled` says so, fills.
    pub fn lend_span<T>(&mut self, bytes: Span, filled: bool, f: impl FnOnce(Loan) -> T) -> R<T> {
        let at = self.push(bytes.owner)?;
        let loan = self.loan(bytes, filled);
        let done = self.outside(|| f(loan));
        self.drop_to(at);
        Ok(done)
    }
    /// The same with a text that ends with a NUL, which is given back then; `None` where it has another NUL in it.
    pub fn lend_text<T>(&mut self, mut text: ByteVec, f: impl FnOnce(&CStr) -> T) -> R<Option<T>> {
        let at = self.push(text.cell().unwrap_or(Value::NONE))?;
        let bytes = text.as_slice(self.heap());
        // SAFETY: the slot keeps the cell, which is this call's alone: nobody writes to it before it is freed below.
        let bytes = unsafe { core::slice::from_raw_parts(bytes.as_ptr(), bytes.len()) };
        let done = CStr::from_bytes_with_nul(bytes).ok().map(|text| self.outside(|| f(text)));
        self.drop_to(at);
        text.free(self.heap_mut());
        Ok(done)
    }
    pub(super) fn loan(&mut self, bytes: Span, filled: bool) -> Loan {
        let (start, len) = if filled {
            let bytes = self.heap_mut().span_bytes_mut(bytes);
            (bytes.as_mut_ptr(), bytes.len())
        } else {
            let bytes = self.heap().span_bytes(bytes);
            (bytes.as_ptr().cast_mut(), bytes.len())
        };
        // SAFETY: the caller keeps the owner in a slot.
        unsafe { Loan::new(start, len) }
    }
}
