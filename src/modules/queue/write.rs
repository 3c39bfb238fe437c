//! A Python value as a message (`base::message`).
//!
//! Invariants
//! - containers are walked with frames of three slots each on the VM's stack, not by native recursion, `MAX_DEPTH` deep at
//!   most; other threads may change them meanwhile, so every step looks anew;
//! - nothing here runs Python;
//! - a message that the queue could never hold is refused before it has grown much beyond that.

use crate::base::message;
use crate::base::sink::{Put, Sink, SliceSink};
use crate::builtins::{convert, seq, text};
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::{bytearray, dict, int, str, tuple};
use crate::port::queue::Queue;
use crate::vm::{Slot, Vm, bulk};

/// A message: bytes of its own, or a byte array in a slot.
pub enum Message {
    Short([u8; message::LONGEST], usize),
    Long(Slot),
}

impl Message {
    pub fn len(&self, vm: &Vm) -> usize {
        self.bytes(vm).len()
    }
    pub fn bytes<'a>(&'a self, vm: &'a Vm) -> &'a [u8] {
        match self {
            Message::Short(bytes, n) => bytes.get(..*n).unwrap_or(&[]),
            Message::Long(slot) => vm.heap().span_bytes(bytearray::span(vm.heap(), vm.get(*slot))),
        }
    }
}

/// The message that says `v`; what it needs lies in slots above those of the caller.
pub fn message(vm: &mut Vm, queue: &Queue, v: Value) -> R<Message> {
    let v = text::native(vm.heap(), v);
    let mut short = [0; message::LONGEST];
    let mut sink = SliceSink::new(&mut short);
    if put_scalar(vm.heap(), v, &mut sink).is_some() {
        let n = sink.len();
        return Ok(Message::Short(short, n));
    }
    let made = vm.with_heap(bytearray::new)?;
    let to = vm.push(made)?;
    walk(vm, queue, v, to)?;
    Ok(Message::Long(to))
}

/// Writes a value that takes few bytes; `None` where it is no such value.
fn put_scalar(heap: &Heap, v: Value, to: &mut dyn Sink) -> Option<Put> {
    if v.is_none() {
        return Some(to.put(message::NONE));
    }
    if v == Value::TRUE || v == Value::FALSE {
        return Some(to.write(&[message::BOOL, u8::from(v == Value::TRUE)]));
    }
    if int::is(heap, v) {
        let n = int::to_i64(heap, v)?;
        return Some(to.put(message::INT).and_then(|()| message::put_int(to, n)));
    }
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    if let Some(x) = crate::object::float::get(heap, v) {
        #[allow(clippy::useless_conversion)] // a float is as wide as the build says
        let bytes = f64::from(x).to_le_bytes();
        return Some(to.put(message::FLOAT).and_then(|()| to.write(&bytes)));
    }
    None
}

/// Slots of a frame: container, cursor, items that are still to come, a dict's value that waits for its key.
const FRAME: u32 = 4;

fn walk(vm: &mut Vm, queue: &Queue, v: Value, to: Slot) -> R<()> {
    let base = vm.push(v)?;
    let mut depth = 0;
    loop {
        let v = text::native(vm.heap(), vm.get(base));
        vm.set(base, v);
        let items = one(vm, v, to)?;
        if bytearray::len(vm.heap(), vm.get(to)) > queue.room() as usize {
            return Err(vm.raise(TypeId::ValueError, "message too large for the queue"));
        }
        if let Some(items) = items {
            if depth as usize == message::MAX_DEPTH {
                return Err(vm.raise(TypeId::ValueError, "message nested too deep"));
            }
            for word in [v, Value::small(0), Value::small(items as i32), Value::STOP] {
                vm.push(word)?;
            }
            depth += 1;
        }
        loop {
            if depth == 0 {
                vm.drop_to(base);
                return Ok(());
            }
            vm.tick(50)?;
            let frame = base.0 + 1 + (depth - 1) * FRAME;
            if step(vm, base, frame)? {
                break;
            }
            vm.drop_to(Slot(frame));
            depth -= 1;
        }
    }
}

/// Puts the next item of a frame into `base`; false after the last that was announced.
fn step(vm: &mut Vm, base: Slot, frame: u32) -> R<bool> {
    let [at, left, value] = [Slot(frame + 1), Slot(frame + 2), Slot(frame + 3)];
    let (container, waits) = (vm.get(Slot(frame)), vm.get(value));
    if waits != Value::STOP {
        vm.set(base, waits);
        vm.set(value, Value::STOP);
        return Ok(true);
    }
    let number = |vm: &Vm, slot| vm.get(slot).as_small().unwrap_or(0);
    let (cursor, items) = (number(vm, at), number(vm, left));
    if items == 0 {
        return Ok(false);
    }
    let found = if dict::is(vm.heap(), container) {
        dict::next(vm.heap(), container, cursor as usize)
    } else {
        seq::item(vm, container, cursor as usize).map(|item| (cursor as usize + 1, item, Value::STOP))
    };
    // While this thread let others in, they have made it shorter.
    let Some((next, item, waits)) = found else {
        return Err(changed_size(vm));
    };
    vm.set(at, Value::small(next as i32));
    vm.set(left, Value::small(items - 1));
    vm.set(base, item);
    vm.set(value, waits);
    Ok(true)
}

/// Writes a value, or the beginning of a container: how many items follow then.
fn one(vm: &mut Vm, v: Value, to: Slot) -> R<Option<usize>> {
    let mut room = [0; message::LONGEST];
    let mut sink = SliceSink::new(&mut room);
    let heap = vm.heap();
    let (kind, count, items) = if put_scalar(heap, v, &mut sink).is_some() {
        append(vm, to, sink.bytes())?;
        return Ok(None);
    } else if let Some(bytes) = str::span(heap, v) {
        (message::STR, bytes.len(), false)
    } else if let Some(bytes) = bytearray::bytes_span(heap, v) {
        (if heap.is(v, Kind::ByteArray) { message::BYTEARRAY } else { message::BYTES }, bytes.len(), false)
    } else if tuple::is(heap, v) {
        (message::TUPLE, tuple::len(heap, v), true)
    } else if heap.is(v, Kind::List) {
        (message::LIST, seq::len(vm, v), true)
    } else if dict::is(heap, v) {
        (message::DICT, dict::len(heap, v), true)
    } else if int::is(heap, v) {
        return wide(vm, v, to).map(|()| None);
    } else {
        return Err(convert::type_error(vm, "a message cannot hold '", v, "'"));
    };
    // A number and a byte fit.
    let _ = sink.put(kind).and_then(|()| message::put_count(&mut sink, count as u64));
    append(vm, to, sink.bytes())?;
    if items {
        return Ok(Some(count));
    }
    let into = vm.get(to);
    if let Some(bytes) = bytearray::bytes_span(vm.heap(), v) {
        let before = bytearray::len(vm.heap(), into);
        bulk::append(vm, into, bytes)?;
        // What stands before the bytes is their number: others may have made them fewer.
        if bytearray::len(vm.heap(), into) != before + count {
            return Err(changed_size(vm));
        }
    }
    vm.tick(count as u32 / 4)?;
    Ok(None)
}

fn append(vm: &mut Vm, to: Slot, bytes: &[u8]) -> R<()> {
    let to = vm.get(to);
    vm.with_heap_anew(|heap| bytearray::extend(heap, to, bytes))
}

/// Bytes of a wide int that are made in one step.
const CHUNK: usize = 32;

/// An int beyond 64 bits.
fn wide(vm: &mut Vm, v: Value, to: Slot) -> R<()> {
    let n = int::big(vm.heap(), v).bits() as usize / 8 + 1;
    let mut room = [0; message::LONGEST];
    let mut sink = SliceSink::new(&mut room);
    // A number and a byte fit.
    let _ = sink.put(message::WIDE).and_then(|()| message::put_count(&mut sink, n as u64));
    append(vm, to, sink.bytes())?;
    let mut carry = true;
    for from in (0..n).step_by(CHUNK) {
        let mut chunk = [0u8; CHUNK];
        let big = int::big(vm.heap(), v);
        for (i, byte) in chunk.iter_mut().enumerate() {
            let limb = big.limbs.get((from + i) / 4).copied().unwrap_or(0);
            *byte = (limb >> (8 * ((from + i) % 4))) as u8;
            if big.negative {
                (*byte, carry) = (!*byte).overflowing_add(carry.into());
            }
        }
        append(vm, to, chunk.get(..(n - from).min(CHUNK)).unwrap_or(&[]))?;
        vm.tick(400)?;
    }
    Ok(())
}

#[cold]
fn changed_size(vm: &mut Vm) -> Raised {
    vm.raise(TypeId::RuntimeError, "object changed size while it was put into a queue")
}
