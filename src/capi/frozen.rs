//! Frozen modules: a blob that the firmware has linked.

use super::inst::{self, Inst};
use super::objects::python_try;
use super::status::{self, Status};
use super::text::c_bytes;
use crate::heap::Value;
use crate::runtime::frozen;
use cty::c_void;

/// # Safety
/// As `Inst::open`; `blob` is NULL or valid for reads of `len` bytes until `pyr_close`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_set_frozen(vm: *mut Inst, blob: *const c_void, len: usize) -> Status {
    // SAFETY: the caller's promise, which makes the bytes outlive the VM.
    unsafe {
        inst::number(vm, &mut |_, vm| {
            let bytes: &'static [u8] = c_bytes(blob, len)?;
            if python_try!(frozen::set(vm, bytes)) { Ok(Ok(Value::NONE)) } else { Err(status::FORMAT) }
        })
    }
}
