//! The state of one VM, at the start of the region that the firmware handed over.

use super::def::Registry;
use super::events::Interrupt;
use super::fiber::Fiber;
use crate::heap::{Heap, Value};
use crate::port::{Mutex, Port};
use core::ptr::NonNull;

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
    /// The mount (one of `Mounts`) that relative paths go to, or empty for the top.
    Cwd,
    /// The board's folder that relative paths start from, a str; empty until it is changed.
    Folder,
    /// Callables waiting for a safepoint (`List`).
    Scheduled,
    /// What the generator that finished last returned.
    StopValue,
    /// The code of `Vm::nested`'s frames: it only returns what lies on the stack.
    Trampoline,
    /// What C holds references to (`Array`).
    References,
    /// What `sys.atexit` was given.
    AtExit,
    /// The exception with which the last program failed, until somebody asks for it.
    Handled,
    /// `sys.executable`.
    SysExecutable,
    /// The state of module `random` (`Raw`).
    Random,
    /// What `gc.threshold` was given (small int).
    GcThreshold,
    /// Who watches which object weakly (`Dict`; module `weakref`).
    #[cfg(feature = "extra")]
    WeakTargets,
    /// What `sys.settrace` was given.
    #[cfg(feature = "settrace")]
    TraceFunction,
    /// The frames of the traced fiber (`List`).
    #[cfg(feature = "settrace")]
    TraceFrames,
    /// The slice of subscripts that only the next instruction sees (`Slice`).
    PassingSlice,
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
    pub port: Port,
    pub roots: [Option<Value>; Root::Count as usize],
    pub output: Output,
    /// Held by the task that uses the VM; absent where only one task ever does.
    pub lock: Option<Mutex>,
    /// The fibers of the tasks that are attached.
    pub fibers: Option<NonNull<Fiber>>,
    /// Counts changes of classes: what a class remembers of look-ups is good for one value of it.
    pub class_epoch: i32,
    /// A byte of the console that was read to see whether there is one.
    pub ahead: Option<u8>,
    /// Text lines on the console end in CR LF.
    pub crlf: bool,
    /// A scheduled callback or finalizer is running.
    pub in_callback: bool,
    /// `-O`: what `assert` and `__debug__` compile to.
    pub opt_level: u8,
    /// Safepoints that may still be passed.
    pub budget: Option<u32>,
    /// When running ends, in microseconds of the port's clock.
    pub deadline_us: Option<u64>,
    /// How often a safepoint has raised since a limit was reached.
    pub overrun: u8,
    /// Modules that the firmware has linked.
    #[cfg(feature = "frozen")]
    pub frozen: crate::code::frozen::Blob,
    /// What the firmware adds.
    #[cfg(feature = "natives")]
    pub natives: super::natives::Natives,
    /// Who is traced.
    #[cfg(feature = "settrace")]
    pub trace: super::trace::Tracing,
    /// Set by other tasks and interrupts.
    pub interrupt: Interrupt,
}
