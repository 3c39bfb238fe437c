//! The package `asyncio`: tasks and their queues are native (`_asyncio`), the rest is Python.
//!
//! Invariants
//! - a task is an `Object` cell with links of its own, so putting it into a queue takes no memory;
//! - a task lies in one queue at most; its field `DATA` says what it waits on, or what is to be raised in it;
//! - a task's context is the dict of module `asyncio`, where `cur_task`, `_task_queue` and `CancelledError` stand: so a VM
//!   has no hidden state for it.

mod queue;
mod sleep;
mod task;

use crate::q;
use crate::vm::def::{Const, ModuleDef, entry};

pub use queue::TYPE as TASK_QUEUE;
pub use sleep::TYPE as SLEEP;
pub use task::TYPE as TASK;

use crate::heap::TypeId;

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("_asyncio"),
    entries: &[
        entry(q!("Task"), Const::Type(TypeId::Task)),
        entry(q!("TaskQueue"), Const::Type(TypeId::TaskQueue)),
        entry(q!("Sleep"), Const::Type(TypeId::Sleep)),
    ],
};

/// The Python part, compiled: it runs where it lies. Made by `pyrite-cross -s asyncio.py asyncio.py` in this folder.
pub static CODE: &[u8] = include_bytes!("asyncio.mpy");

/// Words of a task's cell.
mod field {
    pub const TYPE: usize = 0;
    pub const CORO: usize = 1;
    /// While it runs: the queue or task that it waits on, or an exception to be raised in it. Afterwards: what it ended
    /// with, a `StopIteration` or another exception.
    pub const DATA: usize = 2;
    /// While it runs: `True`; a queue of tasks that wait for its end; or a function to be called then. Afterwards: `None`
    /// until somebody has seen how it ended, then `False`.
    pub const STATE: usize = 3;
    /// When it is to run, in ticks, and which of those of one time comes first (small ints).
    pub const KEY: usize = 4;
    pub const ORDER: usize = 5;
    /// Links of the queue.
    pub const CHILD: usize = 6;
    pub const NEXT: usize = 7;
    /// The parent of a first child, else the neighbour before.
    pub const BEFORE: usize = 8;
    pub const CONTEXT: usize = 9;
    pub const COUNT: usize = 10;
}

/// Ticks wrap at this, as `time.ticks_ms` does.
const PERIOD: u64 = 1 << 30;

/// The port's clock in ticks of a millisecond.
fn now(vm: &crate::vm::Vm) -> i32 {
    (vm.port().clock_us() / 1000 % PERIOD) as i32
}

/// The signed distance from `b` to `a`.
fn distance(a: i32, b: i32) -> i32 {
    let half = (PERIOD / 2) as i32;
    (a.wrapping_sub(b).wrapping_add(half) & (PERIOD as i32 - 1)) - half
}

#[cfg(all(test, feature = "compiler"))]
mod tests {
    use crate::code::write;
    use crate::compile::{Mode, Options, SliceSource, compile};
    use crate::heap::lent::lend;
    use crate::q;

    #[test]
    fn code_and_source_agree() {
        crate::code::testing::sized(1 << 20, |heap| {
            let options = Options {
                mode: Mode::File,
                file_name: q!("asyncio.py"),
                opt_level: 0,
                except_lines: false,
                ..Options::DEFAULT
            };
            let code = compile(heap, &mut SliceSource::new(include_bytes!("asyncio.py")), &options).unwrap();
            let made = lend(heap, None, |heap| write::to_bytes(heap, code)).unwrap();
            assert!(heap.str_bytes(made) == super::CODE, "asyncio.mpy is to be made anew: see CODE");
        });
    }
}
