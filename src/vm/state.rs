//! The state of one VM, at the start of the region that the firmware handed over.

use super::def::Registry;
use super::events::Interrupt;
use super::fiber::{Fiber, Task};
use super::frame::posts::Posts;
use crate::heap::{Heap, Value};
use crate::port::{Mutex, Port, Wake};
use core::cell::Cell;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicU8, AtomicUsize};

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
    /// What `micropython.schedule` was given: callables and arguments, a record of `State::posts` each (`List`).
    Scheduled,
    /// The exception that an interrupt raises, or empty for `KeyboardInterrupt`.
    Interrupting,
    /// What the generator that finished last returned.
    StopValue,
    /// The code of `Vm::nested`'s frames: it only returns what lies on the stack.
    Trampoline,
    /// What C holds references to, and behind that what it knows of each (`Array`).
    References,
    /// The ring of `State::posts` (`Raw`).
    Posts,
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
    /// The Python threads' memory (`Array` of `Raw`).
    #[cfg(feature = "thread")]
    Threads,
    /// Devices that drivers know (`List`).
    #[cfg(feature = "machine-tables")]
    Devices,
    /// The slice of subscripts that only the next instruction sees (`Slice`).
    PassingSlice,
    Count,
}

/// Who is to end (`State::closing`).
pub mod closing {
    pub const NOBODY: u8 = 0;
    pub const THREADS: u8 = 1;
    pub const ALL: u8 = 2;
}

/// A moment of the port's clock, in microseconds, or never: half as large as an `Option`, and every task has one.
#[derive(Clone, Copy)]
#[repr(C, packed(4))]
pub struct Deadline(u64);

impl Deadline {
    pub const NEVER: Deadline = Deadline(u64::MAX);
    pub fn at(us: Option<u64>) -> Deadline {
        Deadline(us.unwrap_or(u64::MAX))
    }
    pub fn get(self) -> Option<u64> {
        Some(self.0).filter(|us| *us != u64::MAX)
    }
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
    /// The port's identity of the task that holds the lock and is inside; 0 while nobody is.
    pub owner: AtomicUsize,
    /// That task. Only its own code looks here, after it has found its identity in `owner`.
    pub current: Cell<Option<NonNull<Task>>>,
    /// The fibers of the tasks that are attached, the newest first.
    pub fibers: Option<NonNull<Fiber>>,
    /// Where posts and interrupts arrive while nobody has the VM: the fiber that `watcher` names sleeps on it.
    pub alarm: Wake,
    pub watcher: Option<NonNull<Fiber>>,
    /// Who comes to wait for an object next.
    pub next_ticket: u32,
    pub posts: Posts,
    /// Carries out posts of the C interface (`frame::Deliver`; 0 before the first one), and what it needs for that.
    pub deliver: AtomicUsize,
    pub inst: usize,
    /// Bytes of a thread's stacks, unless it asks for others.
    #[cfg(feature = "thread")]
    pub thread_stack: usize,
    /// What `_thread.stack_size` was given, 0 for nothing.
    #[cfg(feature = "thread")]
    pub thread_stack_set: usize,
    /// Counts changes of classes: what a class remembers of look-ups is good for one value of it.
    pub class_epoch: i32,
    /// Safepoints that may still be passed.
    pub budget: Option<u32>,
    /// When running ends.
    pub deadline: Deadline,
    /// Tasks of the C interface: the first indices are theirs.
    pub c_tasks: u16,
    /// Python threads at a time.
    #[cfg(feature = "thread")]
    pub max_threads: u16,
    /// A byte of the console that was read to see whether there is one.
    pub ahead: Option<u8>,
    /// Text lines on the console end in CR LF.
    pub crlf: bool,
    /// A scheduled callback or finalizer is running.
    pub in_callback: bool,
    /// No other task is let in and nothing posted is called at this task's safepoints (`machine.disable_irq`).
    pub undisturbed: bool,
    /// `-O`: what `assert` and `__debug__` compile to.
    pub opt_level: u8,
    /// How often a safepoint has raised since a limit was reached.
    pub overrun: u8,
    /// What the VM is to end: `closing`'s values.
    pub closing: AtomicU8,
    /// Set by other tasks and interrupts.
    pub interrupt: Interrupt,
    /// Modules that the firmware has linked.
    #[cfg(feature = "frozen")]
    pub frozen: crate::code::frozen::Blob,
    /// What the firmware adds.
    #[cfg(feature = "natives")]
    pub natives: super::natives::Natives,
    /// The board's devices, and how many have been opened.
    #[cfg(feature = "machine-tables")]
    pub machine: crate::port::machine::Machine,
    #[cfg(feature = "machine-tables")]
    pub next_source: u32,
    /// Who is traced.
    #[cfg(feature = "settrace")]
    pub trace: super::trace::Tracing,
}
