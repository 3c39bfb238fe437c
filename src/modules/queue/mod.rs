//! The type `Queue`: messages between VMs and tasks, over a queue that the firmware has made (`pyr_queue_create`).
//!
//! Invariants
//! - an object is a `Native` cell with its queue's address (`Heap::queue`); each VM has objects of its own, the queue is one;
//! - a message is whole before room for it is asked for, and it leaves the queue when the value was made of it: what fails
//!   on the way, or is interrupted, changes nothing;
//! - nothing is held while a task waits.

mod read;
mod write;

use super::stream::{ready, request};
use crate::builtins::source::os_error;
use crate::builtins::{convert, streams, text};
use crate::heap::{Heap, R, Raised, TypeId, Value};
use crate::object::exc;
use crate::port::queue::{Queue, QueueRef, Side};
use crate::port::{Errno, FOREVER};
use crate::q;
use crate::vm::Vm;
use crate::vm::args::{ArgKind, ArgSpec, arg, parse};
use crate::vm::def::{Args, Mode, Slot, StreamDef, TypeDef, entry, heap_fn, kw_fn, vm_fn};

pub static QUEUE: TypeDef = TypeDef {
    print: Some(show),
    iter: Some(|_: &mut Heap, v: Value| Ok(v)),
    next: Slot::Vm(next),
    stream: Some(&StreamDef { read: None, write: None, ioctl: Some(ioctl), text: false }),
    entries: &[
        entry(q!("put"), kw_fn(put, 2, 4)),
        entry(q!("get"), kw_fn(get, 1, 3)),
        entry(q!("put_nowait"), vm_fn(put_nowait, 2, 2)),
        entry(q!("get_nowait"), vm_fn(get_nowait, 1, 1)),
        entry(q!("qsize"), heap_fn(qsize, 1, 1)),
        entry(q!("empty"), heap_fn(empty, 1, 1)),
        entry(q!("full"), heap_fn(full, 1, 1)),
    ],
    ..TypeDef::plain(TypeId::Queue, q!("Queue"))
};

fn show(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    let open = vm.heap().queue(v).is_some_and(|queue| queue.get().is_some());
    vm.emit(if open { b"<Queue>" } else { b"<closed Queue>" })
}

fn queue_of(heap: &mut Heap, v: Value) -> R<QueueRef> {
    let queue = heap.queue(text::native(heap, v));
    queue
        .filter(|q| q.get().is_some())
        .ok_or_else(|| exc::raise(heap, TypeId::ValueError, "the queue is closed"))
}

/// Runs `f` with the queue; `ValueError` where it was ended.
fn with<T>(vm: &mut Vm, v: Value, f: impl FnOnce(&mut Vm, &Queue) -> R<T>) -> R<T> {
    let queue = vm.with_heap(|heap| queue_of(heap, v))?;
    match queue.get() {
        Some(queue) => f(vm, queue),
        None => Err(vm.raise(TypeId::ValueError, "the queue is closed")),
    }
}

// ---- waiting -------------------------------------------------------------------------------------------------

/// How long a call waits.
#[derive(Clone, Copy)]
enum Patience {
    /// Not at all.
    None,
    Us(u64),
}

/// Tries until `attempt` gives something; `None` when the time is up.
fn attempt<T>(
    vm: &mut Vm,
    queue: &Queue,
    side: Side,
    need: u32,
    patience: Patience,
    attempt: impl FnMut() -> Option<T>,
) -> R<Option<T>> {
    let mut attempt = attempt;
    let us = match patience {
        Patience::None => return Ok(attempt()),
        Patience::Us(us) => us,
    };
    let port = vm.port();
    let end = port.clock_us().saturating_add(us);
    let mut waited = false;
    let done = loop {
        // Python may run here, not between the attempt and the sleep.
        if let Err(Raised) = vm.tick(0) {
            break Err(Raised);
        }
        if let Some(done) = attempt() {
            break Ok(Some(done));
        }
        let left = if us == FOREVER { FOREVER } else { end.saturating_sub(port.clock_us()) };
        if left == 0 {
            break Ok(None);
        }
        vm.sleep_in_line(queue, side, need, waited, left);
        waited = true;
    };
    if waited {
        queue.pass_on(side);
    }
    done
}

/// What a call that found nothing, or no room, raises.
fn in_vain(vm: &mut Vm, patience: Patience) -> Raised {
    match patience {
        Patience::None => vm.raise_by(&|heap| os_error(heap, Errno::EAGAIN)),
        Patience::Us(_) => vm.raise_bare(TypeId::TimeoutError),
    }
}

fn patience(vm: &mut Vm, block: Option<Value>, timeout: Option<Value>) -> R<Patience> {
    if let Some(block) = block
        && !vm.truth(block)?
    {
        return Ok(Patience::None);
    }
    match timeout.filter(|v| !v.is_none()) {
        Some(v) => match convert::seconds_us(vm, v)? {
            Some(us) => Ok(Patience::Us(us)),
            None => Err(vm.raise(TypeId::ValueError, "'timeout' must be a non-negative number")),
        },
        None => Ok(Patience::Us(FOREVER)),
    }
}

// ---- methods -------------------------------------------------------------------------------------------------

fn put_item(vm: &mut Vm, me: Value, item: Value, patience: Patience) -> R {
    with(vm, me, |vm, queue| {
        let message = write::message(vm, queue, item)?;
        let need = message.len(vm);
        let room = attempt(vm, queue, Side::Writer, need as u32, patience, || queue.reserve(need as u32))?;
        let Some(mut record) = room else {
            queue.count_refused();
            return Err(in_vain(vm, patience));
        };
        queue.write(&mut record, 0, message.bytes(vm));
        queue.commit(record);
        Ok(Value::NONE)
    })
}

fn get_item(vm: &mut Vm, me: Value, patience: Patience) -> R {
    with(vm, me, |vm, queue| {
        let Some(record) = attempt(vm, queue, Side::Reader, 0, patience, || queue.take())? else {
            return Err(in_vain(vm, patience));
        };
        let made = read::value(vm, queue, &record);
        // A message that no value can be made of would be in the way for ever.
        match made {
            Err(read::Fault::Raised) => {
                queue.put_back(record);
                Err(Raised)
            }
            Err(read::Fault::Damaged) => {
                queue.finish(record);
                Err(vm.raise(TypeId::ValueError, "damaged message"))
            }
            Ok(v) => {
                queue.finish(record);
                Ok(v)
            }
        }
    })
}

static PUT: [ArgSpec; 4] = [
    arg(q!("self"), ArgKind::Required),
    arg(q!("item"), ArgKind::Required),
    arg(q!("block"), ArgKind::Optional),
    arg(q!("timeout"), ArgKind::Optional),
];
static GET: [ArgSpec; 3] = [
    arg(q!("self"), ArgKind::Required),
    arg(q!("block"), ArgKind::Optional),
    arg(q!("timeout"), ArgKind::Optional),
];

/// `put(item, block=True, timeout=None)`: the timeout is in seconds.
fn put(vm: &mut Vm, args: Args) -> R {
    let mut given = [None; 4];
    parse(vm, args, &PUT, &mut given)?;
    let [me, item, block, timeout] = given;
    let patience = patience(vm, block, timeout)?;
    put_item(vm, me.unwrap_or(Value::NONE), item.unwrap_or(Value::NONE), patience)
}

/// `get(block=True, timeout=None)`
fn get(vm: &mut Vm, args: Args) -> R {
    let mut given = [None; 3];
    parse(vm, args, &GET, &mut given)?;
    let [me, block, timeout] = given;
    let patience = patience(vm, block, timeout)?;
    get_item(vm, me.unwrap_or(Value::NONE), patience)
}

fn put_nowait(vm: &mut Vm, args: Args) -> R {
    put_item(vm, vm.req(args, 0), vm.req(args, 1), Patience::None)
}

fn get_nowait(vm: &mut Vm, args: Args) -> R {
    get_item(vm, vm.req(args, 0), Patience::None)
}

/// `for message in queue` waits for each.
fn next(vm: &mut Vm, me: Value) -> R {
    get_item(vm, me, Patience::Us(FOREVER))
}

/// What `f` says of an open queue.
fn ask(heap: &mut Heap, args: &[Value], f: impl FnOnce(&Queue) -> Value) -> R {
    let queue = queue_of(heap, text::arg(args, 0))?;
    Ok(queue.get().map_or(Value::NONE, f))
}

fn qsize(heap: &mut Heap, args: &[Value]) -> R {
    ask(heap, args, |queue| Value::small(queue.filled().0.into()))
}

fn empty(heap: &mut Heap, args: &[Value]) -> R {
    ask(heap, args, |queue| Value::bool(queue.filled().0 == 0))
}

/// There is no room for even the shortest message.
fn full(heap: &mut Heap, args: &[Value]) -> R {
    ask(heap, args, |queue| Value::bool(!queue.would_find(Side::Writer)))
}

/// For `select` and `asyncio`.
fn ioctl(vm: &mut Vm, me: Value, what: u32, asked: i64) -> R<i64> {
    with(vm, me, |vm, queue| match what {
        request::POLL => {
            let found = |side, bit| if queue.would_find(side) { bit } else { 0 };
            Ok(asked & (found(Side::Reader, ready::READ) | found(Side::Writer, ready::WRITE)))
        }
        _ => Err(vm.raise_by(&|heap| streams::os_error(heap, streams::errno::EINVAL))),
    })
}
