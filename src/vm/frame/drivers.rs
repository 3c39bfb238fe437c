//! What a driver gets of the VM: a way to post from wherever it runs.
//!
//! Invariant: a driver posts only between being given a `Notify` and being told to forget it, which happens before the VM's
//! memory is given back (`vm::devices`).
#![allow(unsafe_code)] // drivers are C

use super::super::state::State;
use super::posts::kind;
use super::{Remote, Vm};
use crate::port::machine::Notify;
use core::ptr::NonNull;
use cty::{c_int, c_void};

/// `pyr_notify`'s `post`: legal from any task and interrupt.
unsafe extern "C" fn post(vm: *mut c_void, source: u32, flags: u32) -> c_int {
    let Some(state) = NonNull::new(vm.cast::<State>()) else { return 0 };
    // SAFETY: a driver was given the state's address, and may use it until it is told otherwise.
    let remote = unsafe { Remote::new(state) };
    remote.post([kind::DEVICE, source as usize, flags as usize]).into()
}

impl Vm {
    /// By which a driver tells that `source` has something to say.
    pub(in crate::vm) fn notify_of(&mut self, source: u32) -> Notify {
        // SAFETY: whoever hands it to a driver takes it back before the VM ends.
        unsafe { Notify::new(post, self.raw().0.as_ptr().cast(), source) }
    }
}
