//! Opening a VM over memory that the caller gives.

use super::registry::REGISTRY;
use crate::base::config;
use crate::heap::{R, TypeId, Value};
use crate::object::{dict, exc};
use crate::port::{FOREVER, Mutex, Port, Region};
use crate::q;
use crate::vm::state::Root;
use crate::vm::{Sizes, Vm};
use core::sync::atomic::Ordering;

/// Sizes of a VM; zero in a field means its default.
#[derive(Clone, Copy, Default)]
pub struct Config {
    /// The value stack of each task; default an eighth of the memory, 512 to 16384 bytes.
    pub fiber_bytes: usize,
    /// Calls that wait for a safepoint.
    pub events: usize,
    /// Python threads at a time, and bytes of the stacks of one.
    pub max_threads: u16,
    pub thread_stack: usize,
}

/// Bytes of a thread's two stacks, unless somebody says otherwise: what natives need, and as much for Python.
#[cfg(feature = "thread")]
const THREAD_STACK: usize = 2048 * size_of::<usize>();

/// Why a VM could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// The memory is too small, or the port refused a wake object.
    Memory,
}

/// A VM and the handle of the task that opened it.
pub struct Runtime {
    pub(super) vm: Vm,
}

/// The smallest heap in which the VM can raise an exception and compile a line.
const LEAST_HEAP: usize = 2048;

impl Runtime {
    /// Lays a VM over all of `region`: its lock, which the caller holds, its state, a value stack for the calling task, and
    /// the heap.
    pub fn open(mut region: Region, port: Port, config: &Config) -> Result<Runtime, OpenError> {
        let lock = Mutex::new(port, &mut region).ok_or(OpenError::Memory)?;
        lock.lock(FOREVER);
        match Runtime::open_locked(region, port, config) {
            Ok(mut opened) => {
                opened.vm.state_mut().lock = Some(lock);
                Ok(opened)
            }
            Err(why) => {
                lock.unlock();
                lock.end();
                Err(why)
            }
        }
    }

    /// The same without a lock: the caller puts one into the state where several tasks use the VM.
    pub fn open_locked(region: Region, port: Port, config: &Config) -> Result<Runtime, OpenError> {
        let fiber = match config.fiber_bytes {
            0 => (region.len() / 8).clamp(512, 16384),
            n => n,
        };
        if region.len() < fiber.saturating_add(LEAST_HEAP) {
            return Err(OpenError::Memory);
        }
        #[cfg(feature = "thread")]
        let max_threads = if config.max_threads == 0 { config::THREADS as u16 } else { config.max_threads };
        let sizes = Sizes {
            fiber,
            events: if config.events == 0 { config::EVENTS } else { config.events },
            #[cfg(feature = "thread")]
            thread_stack: if config.thread_stack == 0 { THREAD_STACK } else { config.thread_stack },
            #[cfg(feature = "thread")]
            max_threads,
        };
        let mut vm = Vm::open(region, port, &REGISTRY, sizes).ok_or(OpenError::Memory)?;
        if let Some(id) = port.task_self() {
            vm.task().id.store(id.get(), Ordering::Relaxed);
            vm.arrive();
        }
        let mut rt = Runtime { vm };
        if rt.prepare().is_err() {
            rt.vm.end_wakes();
            return Err(OpenError::Memory);
        }
        Ok(rt)
    }

    /// What every VM has from the start: the exception for "no memory", and `__main__`.
    fn prepare(&mut self) -> R<()> {
        let heap = self.vm.heap_mut();
        let oom = exc::new(heap, Value::typ(TypeId::MemoryError), Value::EMPTY_TUPLE)?;
        heap.oom = Some(oom);
        // Nested loops need it when no memory may be left, and their callers do not expect a collection.
        self.vm.trampoline()?;
        let heap = self.vm.heap_mut();
        let spare = exc::new(heap, Value::typ(TypeId::RuntimeError), Value::EMPTY_TUPLE)?;
        heap.spare = Some(spare);
        if heap.free_bytes() > 16 << 10 {
            heap.set_emergency_bytes(crate::heap::emergency::DEFAULT)?;
        }
        let main = dict::new(heap)?;
        dict::set_name(heap, main, q!("__name__"), q!("__main__"))?;
        self.vm.set_root(Root::Main, Some(main));
        let modules = self.vm.modules()?;
        let heap = self.vm.heap_mut();
        let module = heap.alloc(crate::heap::Kind::Module, 1)?;
        heap.set_field(module, 0, main);
        dict::set_name(heap, modules, q!("__main__"), module)
    }

    /// The calling task's handle on a VM that is open already.
    pub fn over(vm: Vm) -> Runtime {
        Runtime { vm }
    }

    pub fn vm(&mut self) -> &mut Vm {
        &mut self.vm
    }

    /// The globals of `__main__`.
    pub fn main(&self) -> Value {
        self.vm.root(Root::Main).unwrap_or(Value::NONE)
    }
}
