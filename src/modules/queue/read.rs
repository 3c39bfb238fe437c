//! A message (`base::message`) as a Python value.
//!
//! Invariants
//! - containers are built with frames of four slots each on the VM's stack, not by native recursion, `MAX_DEPTH` deep at most;
//!   nobody else sees them before they are complete;
//! - nothing that a message says is trusted: a length beyond its end, an unknown kind or a key that cannot be one is a fault.

use crate::base::message::{self, Shape};
use crate::base::utf8;
use crate::builtins::dict as dicts;
use crate::builtins::int::of_bytes as int_of_bytes;
use crate::heap::{Kind, Raised, TypeId, Value};
use crate::object::{bytes, dict, int, list, tuple};
use crate::port::queue::{Queue, Record};
use crate::vm::{Slot, Vm, bulk};

/// Why no value was made.
pub enum Fault {
    /// Memory ran out, or something interrupts; the message is as good as before.
    Raised,
    Damaged,
}

impl From<Raised> for Fault {
    fn from(_: Raised) -> Fault {
        Fault::Raised
    }
}

/// Slots of a frame: container, items that it has, items that it will have, a dict's key that waits for its value.
const FRAME: u32 = 4;

/// The value that a message says; it lies in no slot.
pub fn value(vm: &mut Vm, queue: &Queue, record: &Record) -> Result<Value, Fault> {
    let mut reader = Reader { queue, record, at: 0 };
    let base = vm.push(Value::NONE)?;
    let mut depth = 0;
    loop {
        let kind = reader.byte().ok_or(Fault::Damaged)?;
        let mut whole = true;
        if message::shape(kind) == Some(Shape::Items) {
            whole = open(vm, &mut reader, kind, base, depth)?;
            depth += u32::from(!whole);
        } else {
            let v = leaf(vm, &mut reader, kind)?;
            vm.set(base, v);
        }
        while whole {
            if depth == 0 {
                let v = vm.get(base);
                vm.drop_to(base);
                return if reader.at == record.len() { Ok(v) } else { Err(Fault::Damaged) };
            }
            vm.tick(60)?;
            whole = add(vm, base, Slot(base.0 + 1 + (depth - 1) * FRAME))?;
            depth -= u32::from(whole);
        }
    }
}

/// Begins a container: true where it is empty, and lies in `base`.
fn open(vm: &mut Vm, reader: &mut Reader, kind: u8, base: Slot, depth: u32) -> Result<bool, Fault> {
    let items = reader.count()?;
    // Each item takes a byte at least.
    let bytes = if kind == message::DICT { items.saturating_mul(2) } else { items };
    if bytes > reader.left() || depth as usize == message::MAX_DEPTH {
        return Err(Fault::Damaged);
    }
    let made = vm.with_heap_anew(|heap| match kind {
        message::TUPLE => tuple::new(heap, items),
        message::LIST => list::with_capacity(heap, items),
        _ => dict::with_capacity(heap, items),
    })?;
    vm.set(base, made);
    if items > 0 {
        for word in [made, Value::small(0), Value::small(items as i32), Value::STOP] {
            vm.push(word)?;
        }
    }
    Ok(items == 0)
}

/// Puts what lies in `base` into the innermost container: true where that is complete, and lies in `base` then.
fn add(vm: &mut Vm, base: Slot, frame: Slot) -> Result<bool, Fault> {
    let [has, of, key] = [1, 2, 3].map(|i| Slot(frame.0 + i));
    let (container, v, waits) = (vm.get(frame), vm.get(base), vm.get(key));
    let n = vm.get(has).as_small().unwrap_or(0);
    if tuple::is(vm.heap(), container) {
        tuple::set(vm.heap_mut(), container, n as usize, v);
    } else if vm.heap().is(container, Kind::List) {
        vm.with_heap_anew(|heap| list::append(heap, container, v))?;
    } else if waits == Value::STOP {
        vm.set(key, v);
        return Ok(false);
    } else {
        if let Err(Raised) = dicts::store(vm, container, waits, v) {
            let unhashable = vm.raised_is(TypeId::TypeError);
            if unhashable {
                vm.heap_mut().raised = None;
            }
            return Err(if unhashable { Fault::Damaged } else { Fault::Raised });
        }
        vm.set(key, Value::STOP);
    }
    vm.set(has, Value::small(n + 1));
    if Value::small(n + 1) != vm.get(of) {
        return Ok(false);
    }
    vm.set(base, container);
    vm.drop_to(frame);
    Ok(true)
}

fn leaf(vm: &mut Vm, reader: &mut Reader, kind: u8) -> Result<Value, Fault> {
    match message::shape(kind).ok_or(Fault::Damaged)? {
        Shape::Nothing => Ok(Value::NONE),
        Shape::Flag => Ok(Value::bool(reader.byte().ok_or(Fault::Damaged)? != 0)),
        Shape::Number => {
            let n = message::signed(reader.number()?);
            Ok(vm.with_heap(|heap| int::from_i64(heap, n))?)
        }
        Shape::Float => {
            let mut bytes = [0; 8];
            reader.bytes(&mut bytes)?;
            float(vm, f64::from_le_bytes(bytes))
        }
        Shape::Bytes | Shape::Items => run(vm, reader, kind),
    }
}

#[cfg(any(feature = "float-single", feature = "float-double"))]
fn float(vm: &mut Vm, x: f64) -> Result<Value, Fault> {
    Ok(vm.with_heap(|heap| crate::object::float::new(heap, x as crate::base::float::Float))?)
}
#[cfg(not(any(feature = "float-single", feature = "float-double")))]
fn float(_: &mut Vm, _: f64) -> Result<Value, Fault> {
    Err(Fault::Damaged)
}

/// Bytes that are copied at a stretch.
const PIECE: usize = 4096;

/// What is a length and bytes.
fn run(vm: &mut Vm, reader: &mut Reader, kind: u8) -> Result<Value, Fault> {
    let n = reader.count()?;
    let at = reader.skip(n)?;
    let (queue, record) = (reader.queue, reader.record);
    let mut short = [0u8; 4];
    // A text of no or one character is a name of the build.
    if kind == message::STR && n < short.len() {
        let short = short.get_mut(..n).ok_or(Fault::Damaged)?;
        queue.read(record, at, short);
        if !utf8::validate(short) {
            return Err(Fault::Damaged);
        }
        return Ok(vm.with_heap(|heap| bytes::new(heap, Kind::Str, short))?);
    }
    let made_as = match kind {
        message::STR => Kind::Str,
        message::BYTEARRAY => Kind::ByteArray,
        _ => Kind::Bytes,
    };
    let (slot, all) = bulk::blank(vm, made_as, n)?;
    let mut from = 0;
    while from < n {
        let part = all.sub(from, from + PIECE);
        queue.read(record, at + from as u32, vm.heap_mut().span_bytes_mut(part));
        from += PIECE;
        vm.tick(part.len() as u32)?;
    }
    if kind == message::STR && !bulk::is_utf8(vm, all, utf8::validate)? {
        return Err(Fault::Damaged);
    }
    let made = bulk::done(vm, slot)?;
    if kind == message::WIDE {
        let kept = vm.push(made)?;
        let number = int_of_bytes(vm, made, all, false, true)?;
        vm.drop_to(kept);
        return Ok(number);
    }
    Ok(made)
}

struct Reader<'a> {
    queue: &'a Queue,
    record: &'a Record,
    at: u32,
}

impl Reader<'_> {
    fn left(&self) -> usize {
        (self.record.len() - self.at) as usize
    }
    fn bytes(&mut self, out: &mut [u8]) -> Result<(), Fault> {
        let at = self.skip(out.len())?;
        self.queue.read(self.record, at, out);
        Ok(())
    }
    fn byte(&mut self) -> Option<u8> {
        let mut byte = [0];
        self.bytes(&mut byte).ok().map(|()| byte[0])
    }
    fn number(&mut self) -> Result<u64, Fault> {
        message::get_count(|| self.byte()).ok_or(Fault::Damaged)
    }
    /// A length.
    fn count(&mut self) -> Result<usize, Fault> {
        usize::try_from(self.number()?).map_err(|_| Fault::Damaged)
    }
    /// Where the next `n` bytes lie, which count as read.
    fn skip(&mut self, n: usize) -> Result<u32, Fault> {
        if n > self.left() {
            return Err(Fault::Damaged);
        }
        let at = self.at;
        self.at += n as u32;
        Ok(at)
    }
}
