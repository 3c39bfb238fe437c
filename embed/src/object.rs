//! References to Python objects.

use crate::{Error, Python, Status, ffi};
use core::ffi::CStr;

/// Most arguments of [`Object::call`].
const MAX_ARGS: usize = 8;

/// An object, as long as its task is inside the VM. Each takes one of the VM's references, which its end gives back.
pub struct Object<'py> {
    pub(crate) python: &'py Python<'py>,
    pub(crate) raw: ffi::Ref,
}

/// A reference that outlives [`crate::Vm::enter`], such as a handler for [`crate::Vm::post`]. It takes one of the VM's
/// references until [`Kept::end`].
pub struct Kept {
    pub(crate) raw: ffi::Ref,
}

impl Drop for Object<'_> {
    fn drop(&mut self) {
        // SAFETY: the task is still inside: `python` says so.
        unsafe { ffi::pyr_drop(self.python.raw(), self.raw) };
    }
}

impl Kept {
    /// Ends the reference.
    pub fn end(self, python: &Python) -> Result<(), Status> {
        // SAFETY: this task is inside; a reference of another VM is found out.
        ffi::checked(unsafe { ffi::pyr_drop(python.raw(), self.raw) }).map(drop)
    }
}

impl<'py> Object<'py> {
    /// Calls it, with at most eight arguments.
    pub fn call(&self, args: &[&Object]) -> Result<Object<'py>, Error> {
        let mut all = [ffi::Ref { bits: 0 }; MAX_ARGS];
        let Some(places) = all.get_mut(..args.len()) else { return Err(Status::RANGE.into()) };
        for (place, arg) in places.iter_mut().zip(args) {
            *place = arg.raw;
        }
        let (function, n) = (self.raw, args.len());
        let none = core::ptr::null();
        // SAFETY: `n` references are read, and there is room for one.
        self.python.made(|vm, out| unsafe { ffi::pyr_call(vm, function, all.as_ptr(), n, none, 0, out) })
    }

    /// Its attribute `name`.
    pub fn attr(&self, name: &CStr) -> Result<Object<'py>, Error> {
        // SAFETY: a text with a NUL, and room for a reference.
        self.python.made(|vm, out| unsafe { ffi::pyr_getattr(vm, self.raw, name.as_ptr(), out) })
    }

    pub fn is_none(&self) -> Result<bool, Error> {
        // SAFETY: the task is inside.
        self.python.done(unsafe { ffi::pyr_is_none(self.python.raw(), self.raw) }).map(|n| n != 0)
    }

    pub fn to_i32(&self) -> Result<i32, Error> {
        let mut n = 0;
        // SAFETY: the task is inside, and there is room.
        self.python.done(unsafe { ffi::pyr_get_int32(self.python.raw(), self.raw, &mut n) })?;
        Ok(n)
    }

    pub fn to_i64(&self) -> Result<i64, Error> {
        let mut n = 0;
        // SAFETY: as above.
        self.python.done(unsafe { ffi::pyr_get_int64(self.python.raw(), self.raw, &mut n) })?;
        Ok(n)
    }

    pub fn to_f64(&self) -> Result<f64, Error> {
        let mut n = 0.0;
        // SAFETY: as above.
        self.python.done(unsafe { ffi::pyr_get_float(self.python.raw(), self.raw, &mut n) })?;
        Ok(n)
    }

    /// A str, copied into `buf`, which it and a NUL must fit.
    pub fn to_str<'b>(&self, buf: &'b mut [u8]) -> Result<&'b str, Error> {
        let mut len = 0;
        // SAFETY: as above; the buffer is as long as is said.
        self.python.done(unsafe {
            ffi::pyr_get_str(self.python.raw(), self.raw, buf.as_mut_ptr().cast(), buf.len(), &mut len)
        })?;
        let text = buf.get(..len).filter(|text| text.len() < buf.len()).ok_or(Status::RANGE)?;
        core::str::from_utf8(text).map_err(|_| Status::TYPE.into())
    }

    /// A reference to it that stays.
    pub fn keep(&self) -> Result<Kept, Error> {
        let mut raw = ffi::Ref { bits: 0 };
        // SAFETY: the task is inside, and there is room for a reference.
        self.python.done(unsafe { ffi::pyr_keep(self.python.raw(), self.raw, &mut raw) })?;
        Ok(Kept { raw })
    }
}
