//! The state of one VM, at the start of the region that the firmware handed over.

use super::def::Registry;
use crate::heap::{Heap, Value};

/// Objects that the VM itself keeps alive, by index in `State::roots`.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Root {
    /// `sys.modules`: loaded modules by name (`Dict`).
    Modules,
    /// The globals of `__main__` (`Dict`).
    Main,
    SysPath,
    SysArgv,
    /// Overrides and additions to built-in modules' names (`Dict` or empty), such as `sys.ps1`.
    SysAttrs,
    /// Names added to `builtins` (`Dict` or empty).
    Builtins,
    Stdin,
    Stdout,
    Stderr,
    /// The mounted file systems (`List`).
    Mounts,
    Cwd,
    /// Callables waiting for a safepoint (`List`).
    Scheduled,
    /// The exception being handled, for a bare `raise` outside of it and `sys.exc_info`.
    Handled,
    /// Units, newest first.
    Units,
    /// `_` of the REPL.
    Underscore,
    Count,
}

/// Where `Vm::emit` writes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// The port's console.
    Console,
    /// Growing text: the `ByteArray` in this slot of the fiber.
    Buffer(super::fiber::Slot),
    /// The stream object in this slot.
    Stream(super::fiber::Slot),
}

#[repr(C)]
pub struct State {
    pub heap: Heap,
    pub registry: &'static Registry,
    pub roots: [Option<Value>; Root::Count as usize],
    pub output: Output,
}
