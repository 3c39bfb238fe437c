//! Functions of C that may take long, where flash counts most: the VM stays this task's meanwhile.

use super::Vm;
use crate::heap::{ByteVec, R};
use core::ffi::CStr;

impl Vm {
    #[inline(always)]
    pub fn outside<T>(&mut self, f: impl FnOnce() -> T) -> T {
        f()
    }
    /// Runs `f` with a text that ends with a NUL, which is given back then; `None` where it has another NUL in it.
    #[inline(always)]
    pub fn lend_text<T>(&mut self, mut text: ByteVec, f: impl FnOnce(&CStr) -> T) -> R<Option<T>> {
        let done = CStr::from_bytes_with_nul(text.as_slice(self.heap())).ok().map(f);
        text.free(self.heap_mut());
        Ok(done)
    }
}
