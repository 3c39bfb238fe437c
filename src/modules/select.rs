//! The module `select`: waiting for streams to become ready, by asking each through its `ioctl`.
//!
//! Invariants
//! - a poll object is an `Object` cell with a list of registrations, `STRIDE` items each: object, mask, what it answered
//!   last. Asking may run Python, which may register and unregister: places are checked anew after each answer;
//! - `ipoll` allocates nothing: the object is its own iterator and owns the tuple that it gives.

use super::file;
use super::stream::{self, request};
use crate::builtins::source::os_error;
use crate::builtins::{convert, text};
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::{list, tuple};
use crate::port::{Errno, FOREVER};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, Const, ModuleDef, NativeDef, Slot, TypeDef, entry, vm_fn};

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("select"),
    entries: &[
        entry(q!("poll"), Const::Fn(NativeDef::vm(poll_fn, 0, 0, false))),
        entry(q!("select"), vm_fn(select_fn, 3, 4)),
        entry(q!("POLLIN"), Const::Int(IN)),
        entry(q!("POLLOUT"), Const::Int(OUT)),
        entry(q!("POLLERR"), Const::Int(8)),
        entry(q!("POLLHUP"), Const::Int(16)),
    ],
};

const IN: i32 = 1;
const OUT: i32 = 4;

pub static POLL: TypeDef = TypeDef {
    iter: Some(|_: &mut Heap, v: Value| Ok(v)),
    next: Slot::Vm(next),
    entries: &[
        entry(q!("register"), vm_fn(register, 2, 3)),
        entry(q!("unregister"), vm_fn(unregister, 2, 2)),
        entry(q!("modify"), vm_fn(modify, 3, 3)),
        entry(q!("poll"), vm_fn(poll, 1, 2)),
        entry(q!("ipoll"), vm_fn(ipoll, 1, 3)),
    ],
    ..TypeDef::plain(TypeId::Poll, q!("poll"))
};

mod field {
    pub const TYPE: usize = 0;
    pub const ITEMS: usize = 1;
    /// The registration that the iterator comes to next.
    pub const AT: usize = 2;
    /// `ONE_SHOT` of the iterator.
    pub const FLAGS: usize = 3;
    /// The tuple that it gives.
    pub const PAIR: usize = 4;
    pub const COUNT: usize = 5;
}

/// Items of a registration.
const STRIDE: usize = 3;
const MASK: usize = 1;
const ANSWER: usize = 2;

/// What was ready is not asked about again until it is modified.
const ONE_SHOT: i32 = 1;

/// How long streams that wake nobody are left alone between two rounds of asking.
const ROUND_US: u64 = 1000;

fn poll_fn(vm: &mut Vm, _: Args) -> R {
    new(vm)
}

fn new(vm: &mut Vm) -> R {
    vm.with_heap(|h| {
        let items = list::new(h)?;
        let pair = tuple::from_slice(h, &[Value::NONE, Value::NONE])?;
        let p = h.alloc(Kind::Object, field::COUNT)?;
        h.set_field(p, field::TYPE, Value::typ(TypeId::Poll));
        h.set_field(p, field::ITEMS, items);
        h.set_int(p, field::AT, 0);
        h.set_int(p, field::FLAGS, 0);
        h.set_field(p, field::PAIR, pair);
        Ok(p)
    })
}

fn items(heap: &Heap, p: Value) -> Value {
    heap.field(p, field::ITEMS)
}
fn count(heap: &Heap, p: Value) -> usize {
    list::len(heap, items(heap, p)) / STRIDE
}
fn part(heap: &Heap, p: Value, i: usize, which: usize) -> Value {
    list::get(heap, items(heap, p), i * STRIDE + which).unwrap_or(Value::NONE)
}
fn number(heap: &Heap, p: Value, i: usize, which: usize) -> i32 {
    part(heap, p, i, which).as_small().unwrap_or(0)
}
fn set_number(heap: &mut Heap, p: Value, i: usize, which: usize, n: i32) {
    let l = items(heap, p);
    list::set(heap, l, i * STRIDE + which, Value::small(n));
}
fn find(heap: &Heap, p: Value, object: Value) -> Option<usize> {
    let l = items(heap, p);
    let all = heap.slots(heap.slot(l, list::ITEMS)?, 0, list::len(heap, l));
    all.iter().step_by(STRIDE).position(|v| *v == Some(object))
}

fn mask_arg(vm: &mut Vm, args: Args, i: usize) -> R<i32> {
    match vm.arg(args, i) {
        Some(v) => Ok(convert::to_i64(vm, v)? as i32 & 0xffff),
        None => Ok(IN | OUT),
    }
}

/// `register(stream[, mask])`
fn register(vm: &mut Vm, args: Args) -> R {
    let (p, object) = (vm.req(args, 0), vm.req(args, 1));
    let mask = mask_arg(vm, args, 2)?;
    add(vm, p, object, mask)?;
    Ok(Value::NONE)
}

fn add(vm: &mut Vm, p: Value, object: Value, mask: i32) -> R<()> {
    stream::get(vm, object)?;
    if let Some(i) = find(vm.heap(), p, object) {
        set_number(vm.heap_mut(), p, i, MASK, mask);
        return Ok(());
    }
    vm.with_heap(|h| {
        let row = tuple::from_slice(h, &[object, Value::small(mask), Value::small(0)])?;
        let (l, n) = (items(h, p), list::len(h, items(h, p)));
        list::splice(h, l, n, n, row, STRIDE)
    })
}

/// `unregister(stream)`
fn unregister(vm: &mut Vm, args: Args) -> R {
    let (p, object) = (vm.req(args, 0), vm.req(args, 1));
    let heap = vm.heap_mut();
    if let Some(i) = find(heap, p, object) {
        let l = items(heap, p);
        list::splice_out(heap, l, i * STRIDE, (i + 1) * STRIDE);
        // The iterator goes on with the one that comes after.
        let at = heap.int(p, field::AT);
        if (i as i32) < at {
            heap.set_int(p, field::AT, at - 1);
        }
    }
    Ok(Value::NONE)
}

/// `modify(stream, mask)`
fn modify(vm: &mut Vm, args: Args) -> R {
    let (p, object) = (vm.req(args, 0), vm.req(args, 1));
    let mask = mask_arg(vm, args, 2)?;
    match find(vm.heap(), p, object) {
        Some(i) => {
            set_number(vm.heap_mut(), p, i, MASK, mask);
            Ok(Value::NONE)
        }
        None => Err(vm.raise_by(&|h| os_error(h, Errno::ENOENT))),
    }
}

// ---- waiting -------------------------------------------------------------------------------------------------

/// Asks each stream once; how many are ready.
fn ask(vm: &mut Vm, p: Value) -> R<usize> {
    let (mut i, mut ready) = (0, 0);
    while i < count(vm.heap(), p) {
        let object = part(vm.heap(), p, i, 0);
        let mask = number(vm.heap(), p, i, MASK);
        let keep = vm.push(object)?;
        let answer = match mask {
            0 => 0,
            _ => stream::get(vm, object)?.ioctl(vm, request::POLL, mask.into())?,
        };
        vm.drop_to(keep);
        if part(vm.heap(), p, i, 0) == object {
            set_number(vm.heap_mut(), p, i, ANSWER, answer as i32 & 0xffff);
            ready += usize::from(answer != 0);
        }
        i += 1;
        vm.tick(100)?;
    }
    Ok(ready)
}

/// Waits until a stream is ready or the time is up; how many are.
fn wait(vm: &mut Vm, p: Value, timeout_us: Option<u64>) -> R<usize> {
    let port = vm.port();
    let end = timeout_us.map_or(FOREVER, |t| port.clock_us().saturating_add(t));
    loop {
        let ready = ask(vm, p)?;
        let now = port.clock_us();
        if ready > 0 || now >= end {
            return Ok(ready);
        }
        let (input, others) = watched(vm, p)?;
        let round = if others { ROUND_US } else { FOREVER };
        let left = round.min(end.saturating_sub(now));
        if input { vm.wait_for_input(left)? } else { vm.wait(left)? }
    }
}

/// Whether the console's input is watched, which wakes this task, and whether streams are that must be asked again.
fn watched(vm: &mut Vm, p: Value) -> R<(bool, bool)> {
    let (mut input, mut others, mut i) = (false, false, 0);
    while i < count(vm.heap(), p) {
        let is_input = file::is_console_input(vm, part(vm.heap(), p, i, 0));
        let asked = number(vm.heap(), p, i, MASK) != 0;
        input |= asked && is_input;
        others |= asked && !is_input;
        i += 1;
        vm.tick(100)?;
    }
    Ok((input, others))
}

/// The argument in milliseconds; `None` for no end.
fn timeout(vm: &mut Vm, args: Args) -> R<Option<u64>> {
    match vm.arg(args, 1).filter(|v| !v.is_none()) {
        Some(v) => Ok(u64::try_from(convert::to_i64(vm, v)?).ok().map(|ms| ms.saturating_mul(1000))),
        None => Ok(None),
    }
}

/// `poll(timeout=-1)`: a list of pairs of stream and events.
fn poll(vm: &mut Vm, args: Args) -> R {
    let p = vm.req(args, 0);
    let limit = timeout(vm, args)?;
    wait(vm, p, limit)?;
    let found = vm.with_heap(list::new)?;
    vm.push(found)?;
    let mut i = 0;
    while i < count(vm.heap(), p) {
        vm.with_heap_anew(|h| {
            let answer = part(h, p, i, ANSWER);
            if answer == Value::small(0) {
                return Ok(());
            }
            let pair = tuple::from_slice(h, &[part(h, p, i, 0), answer])?;
            list::append(h, found, pair)
        })?;
        i += 1;
        vm.tick(100)?;
    }
    Ok(found)
}

/// `ipoll(timeout=-1, flags=0)`
fn ipoll(vm: &mut Vm, args: Args) -> R {
    let p = vm.req(args, 0);
    let limit = timeout(vm, args)?;
    let flags = match vm.arg(args, 2) {
        Some(v) => convert::to_i64(vm, v)? as i32 & ONE_SHOT,
        None => 0,
    };
    wait(vm, p, limit)?;
    let heap = vm.heap_mut();
    heap.set_int(p, field::AT, 0);
    heap.set_int(p, field::FLAGS, flags);
    Ok(p)
}

/// The next ready stream of the round that `ipoll` waited for.
fn next(vm: &mut Vm, p: Value) -> R {
    let mut i = vm.heap().int(p, field::AT).max(0) as usize;
    while i < count(vm.heap(), p) {
        let heap = vm.heap_mut();
        let answer = number(heap, p, i, ANSWER);
        if answer != 0 {
            set_number(heap, p, i, ANSWER, 0);
            if heap.int(p, field::FLAGS) & ONE_SHOT != 0 {
                set_number(heap, p, i, MASK, 0);
            }
            heap.set_int(p, field::AT, i as i32 + 1);
            let pair = heap.field(p, field::PAIR);
            let object = part(heap, p, i, 0);
            heap.set_field(pair, 0, object);
            heap.set_field(pair, 1, Value::small(answer));
            return Ok(pair);
        }
        i += 1;
        vm.tick_often(i, 60)?;
    }
    // What was given last is not kept alive.
    let heap = vm.heap_mut();
    let pair = heap.field(p, field::PAIR);
    heap.set_field(pair, 0, Value::NONE);
    heap.set_int(p, field::AT, i as i32);
    Ok(Value::STOP)
}

/// `select(readers, writers, exceptional[, timeout])`: three lists of what is ready; the timeout is in seconds.
fn select_fn(vm: &mut Vm, args: Args) -> R {
    let limit = match vm.arg(args, 3).filter(|v| !v.is_none()) {
        Some(v) => Some(seconds(vm, v)?),
        None => None,
    };
    let p = new(vm)?;
    vm.push(p)?;
    // Each list once more as a list, because it is gone through twice.
    for (k, bit) in [IN, OUT, 0].into_iter().enumerate() {
        let l = crate::builtins::seq::collect(vm, vm.req(args, k))?;
        vm.set_arg(args, k, l);
        let mut i = 0;
        while let Some(object) = list::get(vm.heap(), l, i) {
            let before = find(vm.heap(), p, object).map_or(0, |i| number(vm.heap(), p, i, MASK));
            add(vm, p, object, before | bit)?;
            i += 1;
            vm.tick(100)?;
        }
    }
    wait(vm, p, limit)?;
    let found = vm.with_heap(|h| {
        let lists = [list::new(h)?, list::new(h)?, list::new(h)?];
        tuple::from_slice(h, &lists)
    })?;
    vm.push(found)?;
    // Errors and hang-ups count for reading and writing too.
    for (k, bits) in [!OUT, !IN, !(IN | OUT)].into_iter().enumerate() {
        let (from, to) = (vm.req(args, k), tuple::get(vm.heap(), found, k).unwrap_or(Value::NONE));
        let mut i = 0;
        while let Some(object) = list::get(vm.heap(), from, i) {
            let answer = find(vm.heap(), p, object).map_or(0, |i| number(vm.heap(), p, i, ANSWER));
            if answer & bits != 0 {
                vm.with_heap_anew(|h| list::append(h, to, object))?;
            }
            i += 1;
            vm.tick(100 + 10 * i as u32)?;
        }
    }
    Ok(found)
}

/// Seconds, perhaps a float, in microseconds; negative ones are none.
fn seconds(vm: &mut Vm, v: Value) -> R<u64> {
    let v = text::native(vm.heap(), v);
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    if let Some(x) = crate::object::float::get(vm.heap(), v) {
        // Negative times are none: the conversion saturates.
        return Ok((x * 1e6) as u64);
    }
    Ok(u64::try_from(convert::to_i64(vm, v)?).unwrap_or(0).saturating_mul(1_000_000))
}
