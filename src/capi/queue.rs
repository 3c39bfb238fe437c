//! Queues: made by C, used by tasks of C and interrupts here, and by Python through the type `Queue`.
//!
//! Invariants
//! - a message of C is checked as a whole, nesting and texts included, before room for it is reserved;
//! - what does not fit where C wants it stays the first message.

use super::inst::{self, Inst};
use super::lifecycle::given;
use super::refs::Ref;
use super::status::{self, Status};
use crate::base::message::{self, Shape};
use crate::base::sink::{Full, Put, Sink};
use crate::base::utf8;
use crate::port::queue::{Queue, QueueRef, QueueSizes, Record, Side};
use crate::port::{FOREVER, Region, pyr_port};
use core::ptr::NonNull;
use cty::c_void;

/// `struct pyr_queue_config`.
#[repr(C)]
pub struct QueueConfig {
    abi_size: u32,
    bytes: u32,
    messages: u16,
    waiters: u16,
}

/// `struct pyr_queue_info`.
#[repr(C)]
pub struct QueueInfo {
    abi_size: u32,
    messages: u32,
    bytes: u32,
    max_messages: u32,
    max_bytes: u32,
    refused: u32,
}

/// The value of an item whose kind has one.
#[repr(C)]
#[derive(Clone, Copy)]
pub union ItemValue {
    number: i64,
    real: f64,
    data: *const c_void,
}

/// `struct pyr_item`.
#[repr(C)]
pub struct Item {
    kind: u8,
    len: u32,
    of: ItemValue,
}

/// The open queue that C means.
///
/// # Safety
/// `queue` is NULL or what `pyr_queue_create` gave; its memory is still there.
unsafe fn open<'a>(queue: *mut Queue) -> Result<&'a Queue, Status> {
    let place = NonNull::new(queue).ok_or(status::NULL)?;
    // SAFETY: the caller's promise.
    let reference = unsafe { QueueRef::new(place) };
    reference.get().ok_or(status::VM)?;
    // SAFETY: as above.
    Ok(unsafe { place.as_ref() })
}

/// # Safety
/// As `pyrite.h` says: `memory` is the queue's until it is ended; `table` and `config` are NULL or what they claim to be.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_queue_create(
    memory: *mut c_void,
    len: usize,
    table: *const pyr_port,
    config: *const QueueConfig,
    out: *mut *mut Queue,
) -> Status {
    let Some(memory) = NonNull::new(memory.cast::<u8>()) else { return status::NULL };
    if out.is_null() {
        return status::NULL;
    }
    // SAFETY: the caller's promise.
    let (port, config) = match unsafe { given(table, config) } {
        Ok(both) => both,
        Err(code) => return code,
    };
    let or = |value: Option<u16>, default: u16| value.filter(|n| *n != 0).unwrap_or(default);
    let sizes = QueueSizes {
        bytes: config.map_or(0, |c| c.bytes as usize),
        messages: or(config.map(|c| c.messages), 8),
        waiters: or(config.map(|c| c.waiters), 2),
    };
    // SAFETY: the caller gives the memory away.
    let region = unsafe { Region::new(memory, len) };
    match Queue::lay(region, port, &sizes) {
        Some(queue) => {
            // SAFETY: checked for NULL; the caller's promise otherwise.
            unsafe { *out = queue.as_ptr() };
            status::OK
        }
        None => status::MEMORY,
    }
}

/// # Safety
/// As `open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_queue_end(queue: *mut Queue) -> Status {
    // SAFETY: the caller's promise.
    match unsafe { open(queue) } {
        Ok(queue) if queue.port().task_self().is_none() => status::INTERRUPT,
        Ok(queue) if queue.end() => status::OK,
        Ok(_) => status::NESTING,
        Err(code) => code,
    }
}

/// # Safety
/// As `Inst::open` and `open`; `out` is NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_queue_object(vm: *mut Inst, queue: *mut Queue, out: *mut Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::made(vm, out, &mut |_, vm| {
            let queue = QueueRef::new(NonNull::from(open(queue)?));
            Ok(vm.with_heap(|heap| heap.new_queue(queue)))
        })
    }
}

/// # Safety
/// As `open`; `out` is NULL or a `struct pyr_queue_info` with its size filled in.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_queue_state(queue: *mut Queue, out: *mut QueueInfo) -> Status {
    // SAFETY: the caller's promise.
    let (queue, out) = match unsafe { (open(queue), out.as_mut()) } {
        (Ok(queue), Some(out)) => (queue, out),
        (Err(code), _) => return code,
        (_, None) => return status::NULL,
    };
    if out.abi_size as usize != size_of::<QueueInfo>() {
        return status::ABI;
    }
    let (messages, bytes) = queue.filled();
    out.messages = messages.into();
    out.bytes = bytes;
    out.max_messages = queue.capacity().into();
    out.max_bytes = queue.room();
    out.refused = queue.refused();
    status::OK
}

/// Microseconds of a timeout; an interrupt may not wait.
fn patience(queue: &Queue, timeout_ms: u32) -> Result<u64, Status> {
    match timeout_ms {
        0 => Ok(0),
        _ if queue.port().task_self().is_none() => Err(status::INTERRUPT),
        u32::MAX => Ok(FOREVER),
        ms => Ok(u64::from(ms) * 1000),
    }
}

// ---- sending -----------------------------------------------------------------------------------------------------

/// # Safety
/// As `open`; `items` is NULL or valid for reads of `n` items, and each item's data for as many bytes as it says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_queue_send(
    queue: *mut Queue,
    items: *const Item,
    n: usize,
    timeout_ms: u32,
) -> Status {
    // SAFETY: the caller's promise.
    inst::done(unsafe { open(queue) }.and_then(|queue| {
        if items.is_null() {
            return Err(status::NULL);
        }
        // SAFETY: the caller's promise.
        let items = unsafe { core::slice::from_raw_parts(items, n) };
        // SAFETY: the caller's promise.
        let len = unsafe { measure(items) }?;
        let len = u32::try_from(len).ok().filter(|len| *len <= queue.room()).ok_or(status::RANGE)?;
        let us = patience(queue, timeout_ms)?;
        match queue.attempt(Side::Writer, len, us, || queue.reserve(len)) {
            Ok(Some(record)) => {
                let mut to = Room { queue, record, at: 0 };
                // SAFETY: as above; it was measured, and a record takes no more than it has room for.
                let _ = items.iter().try_for_each(|item| unsafe { put(&mut to, item) });
                queue.commit(to.record);
                Ok(())
            }
            Ok(None) => {
                queue.count_refused();
                Err(status::TIMEOUT)
            }
            Err(_) => Err(status::MEMORY),
        }
    }))
}

/// Bytes of the message that the items say, which is checked.
///
/// # Safety
/// As `pyr_queue_send`.
unsafe fn measure(items: &[Item]) -> Result<u64, Status> {
    let mut len = Length(0);
    // Items that the open containers still lack.
    let mut lacking = [0u64; message::MAX_DEPTH];
    let mut depth = 0usize;
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            while let Some(top) = depth.checked_sub(1).and_then(|top| lacking.get_mut(top)) {
                if *top > 0 {
                    *top -= 1;
                    break;
                }
                depth -= 1;
            }
            if depth == 0 {
                return Err(status::RANGE);
            }
        }
        // SAFETY: the caller's promise.
        unsafe {
            check(item)?;
            let _ = put(&mut len, item);
        }
        if message::shape(item.kind) == Some(Shape::Items) {
            let pairs = u64::from(item.kind == message::DICT);
            *lacking.get_mut(depth).ok_or(status::RANGE)? = u64::from(item.len) << pairs;
            depth += 1;
        }
    }
    let whole = !items.is_empty() && lacking.iter().take(depth).all(|left| *left == 0);
    if whole { Ok(len.0) } else { Err(status::RANGE) }
}

/// # Safety
/// As `pyr_queue_send`.
unsafe fn check(item: &Item) -> Result<(), Status> {
    // SAFETY: every kind of value may be looked at as every other.
    let data = unsafe { item.of.data };
    match message::shape(item.kind) {
        Some(Shape::Float) if cfg!(not(any(feature = "float-single", feature = "float-double"))) => {
            Err(status::TYPE)
        }
        Some(Shape::Bytes | Shape::Number) if item.len > 0 && data.is_null() => Err(status::NULL),
        // SAFETY: the caller's promise.
        Some(Shape::Bytes) if item.kind == message::STR && !utf8::validate(unsafe { bytes_of(item) }) => {
            Err(status::RANGE)
        }
        Some(_) if item.kind != message::WIDE => Ok(()),
        _ => Err(status::TYPE),
    }
}

/// # Safety
/// As `pyr_queue_send`; the data is not NULL.
unsafe fn bytes_of(item: &Item) -> &[u8] {
    match item.len {
        0 => &[],
        // SAFETY: the caller's promise.
        n => unsafe { core::slice::from_raw_parts(item.of.data.cast(), n as usize) },
    }
}

/// Writes an item that was checked.
///
/// # Safety
/// As `pyr_queue_send`.
unsafe fn put(to: &mut dyn Sink, item: &Item) -> Put {
    let shape = message::shape(item.kind).ok_or(Full)?;
    // SAFETY: every kind of value may be looked at as every other.
    let (number, real) = unsafe { (item.of.number, item.of.real) };
    // An int that is given as bytes.
    let wide = shape == Shape::Number && item.len > 0;
    to.put(if wide { message::WIDE } else { item.kind })?;
    match shape {
        Shape::Nothing => Ok(()),
        Shape::Flag => to.put(u8::from(number != 0)),
        Shape::Number if !wide => message::put_int(to, number),
        Shape::Float => to.write(&real.to_le_bytes()),
        Shape::Items => message::put_count(to, item.len.into()),
        Shape::Number | Shape::Bytes => {
            message::put_count(to, item.len.into())?;
            // SAFETY: the caller's promise.
            to.write(unsafe { bytes_of(item) })
        }
    }
}

/// Only counts.
struct Length(u64);

impl Sink for Length {
    fn write(&mut self, bytes: &[u8]) -> Put {
        self.0 += bytes.len() as u64;
        Ok(())
    }
}

/// A record that is being written.
struct Room<'a> {
    queue: &'a Queue,
    record: Record,
    at: u32,
}

impl Sink for Room<'_> {
    fn write(&mut self, bytes: &[u8]) -> Put {
        self.queue.write(&mut self.record, self.at, bytes);
        self.at += bytes.len() as u32;
        Ok(())
    }
}

// ---- receiving ---------------------------------------------------------------------------------------------------

/// # Safety
/// As `open`; `items` is NULL or valid for writes of `max` items, `buf` for `size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_queue_receive(
    queue: *mut Queue,
    items: *mut Item,
    max: usize,
    buf: *mut c_void,
    size: usize,
    timeout_ms: u32,
) -> Status {
    // SAFETY: the caller's promise.
    let received = unsafe { open(queue) }.and_then(|queue| {
        if items.is_null() || buf.is_null() && size > 0 {
            return Err(status::NULL);
        }
        let us = patience(queue, timeout_ms)?;
        let record = match queue.attempt(Side::Reader, 0, us, || queue.take()) {
            Ok(Some(record)) => record,
            Ok(None) => return Err(status::TIMEOUT),
            Err(_) => return Err(status::MEMORY),
        };
        let from = Message { queue, record: &record, at: 0 };
        // SAFETY: the caller's promise.
        match unsafe { unpack(from, items, max, buf.cast(), size) } {
            Some(n) => {
                queue.finish(record);
                Ok(n)
            }
            None => {
                queue.put_back(record);
                Err(status::RANGE)
            }
        }
    });
    received.unwrap_or_else(|code| code)
}

/// # Safety
/// As `open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_queue_drop(queue: *mut Queue) -> Status {
    // SAFETY: the caller's promise.
    match unsafe { open(queue) } {
        Ok(queue) => match queue.take() {
            Some(record) => {
                queue.finish(record);
                1
            }
            None => 0,
        },
        Err(code) => code,
    }
}

struct Message<'a> {
    queue: &'a Queue,
    record: &'a Record,
    at: u32,
}

impl Message<'_> {
    fn bytes(&mut self, out: &mut [u8]) -> Option<()> {
        let read = self.queue.read(self.record, self.at, out);
        self.at += out.len() as u32;
        read.then_some(())
    }
    fn byte(&mut self) -> Option<u8> {
        let mut byte = [0];
        self.bytes(&mut byte).map(|()| byte[0])
    }
    fn count(&mut self) -> Option<u64> {
        message::get_count(|| self.byte())
    }
}

/// Fills items, and `buf` with their bytes; how many. `None` where there is no room for all.
///
/// # Safety
/// As `pyr_queue_receive`.
unsafe fn unpack(
    mut from: Message,
    items: *mut Item,
    max: usize,
    buf: *mut u8,
    size: usize,
) -> Option<Status> {
    let (mut n, mut used) = (0, 0);
    while from.at < from.record.len() {
        if n == max {
            return None;
        }
        let kind = from.byte()?;
        let mut item = Item { kind, len: 0, of: ItemValue { number: 0 } };
        match message::shape(kind)? {
            Shape::Nothing => {}
            Shape::Flag => item.of.number = from.byte()?.into(),
            Shape::Number => item.of.number = message::signed(from.count()?),
            Shape::Float => {
                let mut bytes = [0; 8];
                from.bytes(&mut bytes)?;
                item.of.real = f64::from_le_bytes(bytes);
            }
            Shape::Items => item.len = from.count()? as u32,
            Shape::Bytes => {
                let len = from.count()? as usize;
                // Texts end with a NUL, which does not count.
                let whole = len + usize::from(kind == message::STR);
                if size - used < whole {
                    return None;
                }
                // SAFETY: the caller's promise; there is room for so many.
                let place = unsafe { core::slice::from_raw_parts_mut(buf.add(used), whole) };
                place.fill(0);
                from.bytes(place.get_mut(..len)?)?;
                used += whole;
                item.kind = if kind == message::WIDE { message::INT } else { kind };
                item.len = len as u32;
                item.of.data = place.as_ptr().cast();
            }
        }
        // SAFETY: the caller's promise; `n` is less than `max`.
        unsafe { items.add(n).write(item) };
        n += 1;
    }
    Some(n as Status)
}
