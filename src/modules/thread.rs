//! The module `_thread`: Python threads on tasks of the RTOS, and locks.
//!
//! Invariants
//! - a lock is an `Object` cell of its type and whether it is held (a small int): all of it is looked at and changed by
//!   whoever has the VM, so it needs no lock of the RTOS, and any thread may release it;
//! - a lock that is released while threads wait for it is handed to the one that has waited longest and stays held
//!   meanwhile, so nobody starves.

use crate::builtins::convert;
use crate::builtins::source::os_error;
use crate::builtins::text;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::int;
use crate::port::{Errno, FOREVER};
use crate::q;
use crate::vm::Vm;
use crate::vm::args::{ArgKind, ArgSpec, arg, parse};
use crate::vm::def::{Args, Const, Entry, ModuleDef, TypeDef, entry, heap_fn, kw_fn, vm_fn};
use crate::vm::threads::{NoThread, Wish};

pub static MODULE: ModuleDef = ModuleDef { name: q!("_thread"), entries: ENTRIES };

static ENTRIES: &[Entry] = &[
    entry(q!("LockType"), Const::Type(TypeId::Lock)),
    entry(q!("allocate_lock"), heap_fn(allocate_lock, 0, 0)),
    entry(q!("exit"), vm_fn(exit, 0, 0)),
    entry(q!("get_ident"), vm_fn(get_ident, 0, 0)),
    entry(q!("interrupt_main"), vm_fn(interrupt_main, 0, 0)),
    entry(q!("stack_size"), vm_fn(stack_size, 0, 1)),
    entry(q!("start_new_thread"), kw_fn(start_new_thread, 2, 3)),
];

pub static LOCK: TypeDef = TypeDef {
    entries: &[
        entry(q!("acquire"), kw_fn(acquire, 1, 3)),
        entry(q!("release"), vm_fn(release, 1, 1)),
        entry(q!("locked"), heap_fn(locked, 1, 1)),
        entry(q!("__enter__"), vm_fn(enter, 1, 1)),
        entry(q!("__exit__"), vm_fn(release, 4, 4)),
    ],
    ..TypeDef::plain(TypeId::Lock, q!("lock"))
};

mod field {
    pub const TYPE: usize = 0;
    pub const HELD: usize = 1;
    pub const COUNT: usize = 2;
}

// ---- threads -------------------------------------------------------------------------------------------------

static START: [ArgSpec; 6] = [
    arg(q!("function"), ArgKind::Required),
    arg(q!("args"), ArgKind::Required),
    arg(q!("kwargs"), ArgKind::Optional),
    arg(q!("priority"), ArgKind::KwOnly),
    arg(q!("stack_size"), ArgKind::KwOnly),
    arg(q!("name"), ArgKind::KwOnly),
];

/// `start_new_thread(function, args[, kwargs], *, priority, stack_size, name)`
fn start_new_thread(vm: &mut Vm, args: Args) -> R {
    let mut given = [None; 6];
    parse(vm, args, &START, &mut given)?;
    let given = given.map(|v| v.filter(|v| !v.is_none()));
    let [Some(f), Some(row), kwargs, priority, stack, name] = given else {
        return Err(vm.raise(TypeId::TypeError, "function and args are needed"));
    };
    if vm.native_part(row, TypeId::Tuple).is_none() && vm.native_part(row, TypeId::List).is_none() {
        return Err(convert::type_error(vm, "args must be a tuple or list, not '", row, "'"));
    }
    if let Some(d) = kwargs
        && vm.native_part(d, TypeId::Dict).is_none()
    {
        return Err(convert::type_error(vm, "expecting a dict for keyword args, not '", d, "'"));
    }
    let priority = match priority {
        Some(v) => match i32::try_from(convert::to_i64(vm, v)?) {
            Ok(n) if n >= 0 => Some(n),
            _ => return Err(vm.raise(TypeId::ValueError, "bad priority")),
        },
        None => None,
    };
    let stack = match stack {
        Some(v) => Some(size(vm, v)?),
        None => Some(vm.state().thread_stack_set).filter(|n| *n != 0),
    };
    let mut room = [0; 15];
    let name = name.unwrap_or(q!("python"));
    let span = convert::str_span(vm, name)?;
    let bytes = vm.heap().span_bytes(span);
    let n = bytes.len().min(room.len());
    for (to, from) in room.iter_mut().zip(bytes) {
        *to = *from;
    }
    let wish = Wish { priority, stack, name: room.get(..n).unwrap_or(&[]) };
    match vm.start_thread(f, row, kwargs.unwrap_or(Value::NONE), wish) {
        Ok(id) => vm.with_heap(|h| int::from_i64(h, id as i64)),
        Err(NoThread::Raised) => Err(Raised),
        // One that runs has to end first.
        Err(NoThread::Full) => Err(vm.raise_by(&|h| os_error(h, Errno::EAGAIN))),
        Err(NoThread::Refused(e)) => Err(vm.raise_by(&|h| os_error(h, e))),
    }
}

fn size(vm: &mut Vm, v: Value) -> R<usize> {
    match usize::try_from(convert::to_i64(vm, v)?) {
        Ok(n) if n <= MAX_STACK => Ok(n),
        _ => Err(vm.raise(TypeId::ValueError, "bad stack size")),
    }
}

/// More than any task needs: what is left of the address space stays computable.
const MAX_STACK: usize = 1 << 28;

/// `stack_size([bytes])`: what new threads get, and what they got before; without an argument, or 0, the usual.
fn stack_size(vm: &mut Vm, args: Args) -> R {
    let new = match vm.arg(args, 0) {
        Some(v) => size(vm, v)?,
        None => 0,
    };
    let old = core::mem::replace(&mut vm.state_mut().thread_stack_set, new);
    vm.with_heap(|h| int::from_i64(h, old as i64))
}

fn get_ident(vm: &mut Vm, _: Args) -> R {
    let id = vm.thread_identity();
    vm.with_heap(|h| int::from_i64(h, id as i64))
}

fn exit(vm: &mut Vm, _: Args) -> R {
    Err(vm.raise_bare(TypeId::SystemExit))
}

/// `interrupt_main()`: `KeyboardInterrupt` in the main thread, also while it sleeps or waits.
fn interrupt_main(vm: &mut Vm, _: Args) -> R {
    vm.remote().interrupt();
    Ok(Value::NONE)
}

// ---- locks ---------------------------------------------------------------------------------------------------

fn allocate_lock(heap: &mut Heap, _: &[Value]) -> R {
    let lock = heap.alloc(Kind::Object, field::COUNT)?;
    heap.set_field(lock, field::TYPE, Value::typ(TypeId::Lock));
    heap.set_int(lock, field::HELD, 0);
    Ok(lock)
}

fn lock_arg(vm: &Vm, args: Args) -> Value {
    text::native(vm.heap(), vm.req(args, 0))
}

fn is_held(heap: &Heap, lock: Value) -> bool {
    heap.int(lock, field::HELD) != 0
}

static ACQUIRE: [ArgSpec; 3] = [
    arg(q!("self"), ArgKind::Required),
    arg(q!("blocking"), ArgKind::Optional),
    arg(q!("timeout"), ArgKind::Optional),
];

/// `acquire(blocking=True, timeout=-1)`: the timeout is in seconds.
fn acquire(vm: &mut Vm, args: Args) -> R {
    let mut given = [None; 3];
    parse(vm, args, &ACQUIRE, &mut given)?;
    let [_, blocking, timeout] = given;
    let blocking = match blocking {
        Some(v) => vm.truth(v)?,
        None => true,
    };
    let timeout_us = match timeout {
        Some(v) => timeout_us(vm, v)?,
        None => None,
    };
    if !blocking && timeout_us.is_some() {
        return Err(vm.raise(TypeId::ValueError, "can't specify a timeout for a non-blocking call"));
    }
    let us = if blocking { timeout_us.unwrap_or(FOREVER) } else { 0 };
    take(vm, args, us)
}

/// Microseconds of a timeout in seconds; `None` for -1, which is no timeout.
fn timeout_us(vm: &mut Vm, v: Value) -> R<Option<u64>> {
    if v == Value::small(-1) {
        return Ok(None);
    }
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    if convert::maybe_float(vm, v)? == Some(-1.0) {
        return Ok(None);
    }
    match convert::seconds_us(vm, v)? {
        Some(us) => Ok(Some(us)),
        None => Err(bad_timeout(vm)),
    }
}

#[cold]
fn bad_timeout(vm: &mut Vm) -> Raised {
    vm.raise(TypeId::ValueError, "timeout value must be a non-negative number")
}

fn enter(vm: &mut Vm, args: Args) -> R {
    take(vm, args, FOREVER)
}

fn take(vm: &mut Vm, args: Args, timeout_us: u64) -> R {
    let lock = lock_arg(vm, args);
    if !is_held(vm.heap(), lock) {
        vm.heap_mut().set_int(lock, field::HELD, 1);
        return Ok(Value::TRUE);
    }
    if timeout_us == 0 {
        return Ok(Value::FALSE);
    }
    let port = vm.port();
    let end = port.clock_us().saturating_add(timeout_us);
    let ticket = vm.take_ticket();
    loop {
        // Python may run here, not between the look at the lock and the sleep.
        vm.tick(0)?;
        if !is_held(vm.heap(), lock) {
            vm.heap_mut().set_int(lock, field::HELD, 1);
            return Ok(Value::TRUE);
        }
        let left = end.saturating_sub(port.clock_us());
        if left == 0 {
            return Ok(Value::FALSE);
        }
        if vm.park(lock, ticket, if timeout_us == FOREVER { FOREVER } else { left }) {
            return Ok(Value::TRUE);
        }
    }
}

fn release(vm: &mut Vm, args: Args) -> R {
    let lock = lock_arg(vm, args);
    if !is_held(vm.heap(), lock) {
        return Err(vm.raise(TypeId::RuntimeError, "release unlocked lock"));
    }
    if !vm.unpark(lock) {
        vm.heap_mut().set_int(lock, field::HELD, 0);
    }
    Ok(Value::NONE)
}

fn locked(heap: &mut Heap, args: &[Value]) -> R {
    Ok(Value::bool(is_held(heap, text::native(heap, text::arg(args, 0)))))
}
