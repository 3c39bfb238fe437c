//! `json.dump` and `json.dumps`.
//!
//! Invariants
//! - nested lists, tuples and dicts are walked with frames of three slots each on the VM's stack, not by native recursion;
//!   a container inside itself is a `ValueError`;
//! - nothing here runs Python but the stream that the text is written to;
//! - the text is made in a byte array, which `dump` empties into the stream from time to time.

use crate::base::sink::{Sink, SliceSink, put_hex};
use crate::builtins::streams::{self, Stream};
use crate::builtins::{convert, print, text};
use crate::heap::span::Span;
use crate::heap::{Kind, R, TypeId, Value};
use crate::object::{bytearray, dict, int, str, tuple};
use crate::q;
use crate::vm::args::{ArgKind, ArgSpec, arg, parse};
use crate::vm::def::{Args, Mode};
use crate::vm::state::Output;
use crate::vm::{Slot, Vm, bulk};

/// Slots of a frame: container, cursor, a dict's value that waits for its key.
const FRAME: u32 = 3;

/// Bytes that are collected before they are written to a stream.
const BLOCK: usize = 128;

static DUMPS: [ArgSpec; 2] = [arg(q!("obj"), ArgKind::Required), arg(q!("separators"), ArgKind::Optional)];
static DUMP: [ArgSpec; 3] = [
    arg(q!("obj"), ArgKind::Required),
    arg(q!("stream"), ArgKind::Required),
    arg(q!("separators"), ArgKind::Optional),
];

/// `dumps(obj, separators=None)`
pub fn dumps(vm: &mut Vm, args: Args) -> R {
    let mut given = [None; 2];
    parse(vm, args, &DUMPS, &mut given)?;
    let [object, separators] = given;
    let mut writer = Writer::new(vm, separators, None)?;
    writer.run(vm, object.unwrap_or(Value::NONE))?;
    bulk::take_text(vm, writer.text)
}

/// `dump(obj, stream, separators=None)`
pub fn dump(vm: &mut Vm, args: Args) -> R {
    let mut given = [None; 3];
    parse(vm, args, &DUMP, &mut given)?;
    let [object, stream, separators] = given;
    let stream = streams::get(vm, stream.unwrap_or(Value::NONE))?;
    let mut writer = Writer::new(vm, separators, Some(stream))?;
    writer.run(vm, object.unwrap_or(Value::NONE))?;
    writer.drain(vm, 0)?;
    Ok(Value::NONE)
}

struct Writer {
    /// The byte array that the text goes to.
    text: Slot,
    items: Slot,
    keys: Slot,
    to: Option<Stream>,
}

/// What a container is written as.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Array,
    Object,
}

impl Writer {
    fn new(vm: &mut Vm, separators: Option<Value>, to: Option<Stream>) -> R<Writer> {
        let (items, keys) = match separators.filter(|s| !s.is_none()) {
            Some(pair) => separators_of(vm, pair)?,
            None => (q!(", "), q!(": ")),
        };
        let made = vm.with_heap(bytearray::new)?;
        Ok(Writer { text: vm.push(made)?, items: vm.push(items)?, keys: vm.push(keys)?, to })
    }

    fn run(&mut self, vm: &mut Vm, object: Value) -> R<()> {
        let base = vm.push(object)?;
        print::with_output(vm, Output::Buffer(self.text), |vm| self.walk(vm, base))
    }

    fn walk(&mut self, vm: &mut Vm, base: Slot) -> R<()> {
        // The value to be written next lies in `base`; frames follow it.
        let mut depth = 0;
        let mut fresh = true;
        loop {
            if fresh {
                let v = text::native(vm.heap(), vm.get(base));
                match shape(vm, v) {
                    Some(shape) => {
                        let around = (0..depth).any(|k| vm.get(Slot(base.0 + 1 + k * FRAME)) == v);
                        if around && v.is_heap() {
                            return Err(vm.raise(TypeId::ValueError, "Circular reference detected"));
                        }
                        vm.emit(if shape == Shape::Array { b"[" } else { b"{" })?;
                        vm.push(v)?;
                        vm.push(Value::small(0))?;
                        vm.push(Value::STOP)?;
                        depth += 1;
                    }
                    None => leaf(vm, v)?,
                }
            }
            if depth == 0 {
                return Ok(());
            }
            self.drain(vm, BLOCK)?;
            vm.tick(30)?;
            let frame = base.0 + 1 + (depth - 1) * FRAME;
            fresh = self.step(vm, base, frame)?;
            if !fresh {
                vm.drop_to(Slot(frame));
                depth -= 1;
            }
        }
    }

    /// Puts the frame's next item into `base`, with what goes before it; `false` once the container is closed.
    fn step(&mut self, vm: &mut Vm, base: Slot, frame: u32) -> R<bool> {
        let v = vm.get(Slot(frame));
        let cursor = vm.get(Slot(frame + 1)).as_small().unwrap_or(0) as usize;
        let (next, item) = match shape(vm, v) {
            Some(Shape::Object) => match dict::next(vm.heap(), v, cursor) {
                Some((next, key, value)) => {
                    vm.set(Slot(frame + 2), value);
                    (next, Some(key))
                }
                None => (cursor, None),
            },
            _ => (cursor + 1, crate::builtins::seq::item(vm, v, cursor)),
        };
        let object = dict::is(vm.heap(), v);
        let Some(item) = item else {
            vm.emit(if object { b"}" } else { b"]" })?;
            return Ok(false);
        };
        if cursor > 0 {
            print::emit_text(vm, vm.get(self.items))?;
        }
        vm.set(Slot(frame + 1), Value::small(next as i32));
        if object {
            vm.set(base, item);
            key(vm, item)?;
            print::emit_text(vm, vm.get(self.keys))?;
            vm.set(base, vm.get(Slot(frame + 2)));
        } else {
            vm.set(base, item);
        }
        Ok(true)
    }

    /// Writes what was collected to the stream, if there is one, when it is more than `limit` bytes.
    fn drain(&mut self, vm: &mut Vm, limit: usize) -> R<()> {
        let Some(stream) = self.to else { return Ok(()) };
        let all = bytearray::span(vm.heap(), vm.get(self.text));
        if all.len() <= limit {
            return Ok(());
        }
        let n = print::with_output(vm, Output::Console, |vm| stream.write_all(vm, all))?;
        if n < all.len() {
            return Err(vm.raise_by(&|h| streams::os_error(h, streams::errno::EAGAIN)));
        }
        let text = vm.get(self.text);
        bytearray::truncate(vm.heap_mut(), text, 0);
        Ok(())
    }
}

/// The two strings of the argument `separators`, a tuple or list.
fn separators_of(vm: &mut Vm, pair: Value) -> R<(Value, Value)> {
    let pair = text::native(vm.heap(), pair);
    if !tuple::is(vm.heap(), pair) && !vm.heap().is(pair, Kind::List) {
        return Err(convert::type_error(vm, "separators must be a tuple or list, not '", pair, "'"));
    }
    if crate::builtins::seq::len(vm, pair) != 2 {
        return Err(vm.raise(TypeId::ValueError, "requested length 2 of separators"));
    }
    let mut both = [Value::NONE; 2];
    for (i, to) in both.iter_mut().enumerate() {
        *to = crate::builtins::seq::item(vm, pair, i).unwrap_or(Value::NONE);
        *to = text::native(vm.heap(), *to);
        convert::str_span(vm, *to)?;
    }
    Ok((both[0], both[1]))
}

fn shape(vm: &Vm, v: Value) -> Option<Shape> {
    let heap = vm.heap();
    if dict::is(heap, v) {
        return Some(Shape::Object);
    }
    (tuple::is(heap, v) || heap.is(v, Kind::List)).then_some(Shape::Array)
}

/// Writes a value that is no container.
fn leaf(vm: &mut Vm, v: Value) -> R<()> {
    if let Some(all) = string(vm, v) {
        return quoted(vm, v, all);
    }
    if !scalar(vm, v)? {
        return Err(convert::type_error(vm, "Object of type ", v, " is not JSON serializable"));
    }
    Ok(())
}

/// Writes a dict's key, which becomes a string whatever it is.
fn key(vm: &mut Vm, v: Value) -> R<()> {
    let v = text::native(vm.heap(), v);
    if let Some(all) = string(vm, v) {
        return quoted(vm, v, all);
    }
    vm.emit(b"\"")?;
    if !scalar(vm, v)? {
        return Err(convert::type_error(vm, "keys must be str, int, float, bool or None, not ", v, ""));
    }
    vm.emit(b"\"")
}

/// Writes a constant or a number; false where `v` is neither.
fn scalar(vm: &mut Vm, v: Value) -> R<bool> {
    match v {
        Value::NONE => vm.emit(b"null")?,
        Value::TRUE => vm.emit(b"true")?,
        Value::FALSE => vm.emit(b"false")?,
        _ if int::is(vm.heap(), v) => vm.print(v, Mode::Repr)?,
        _ => return float(vm, v),
    }
    Ok(true)
}

#[cfg(any(feature = "float-single", feature = "float-double"))]
fn float(vm: &mut Vm, v: Value) -> R<bool> {
    let Some(x) = crate::object::float::get(vm.heap(), v) else { return Ok(false) };
    // What CPython writes, though JSON has no such numbers.
    let special: &[u8] = match () {
        _ if x.is_nan() => b"NaN",
        _ if x.is_infinite() && x > 0.0 => b"Infinity",
        _ if x.is_infinite() => b"-Infinity",
        _ => b"",
    };
    if special.is_empty() {
        vm.print(v, Mode::Repr)?
    } else {
        vm.emit(special)?
    }
    Ok(true)
}
#[cfg(not(any(feature = "float-single", feature = "float-double")))]
fn float(_: &mut Vm, _: Value) -> R<bool> {
    Ok(false)
}

/// The text of a str, or the bytes of a bytes object, which MicroPython writes as a string too.
fn string(vm: &Vm, v: Value) -> Option<Span> {
    let heap = vm.heap();
    if str::is_str(heap, v) || heap.is(v, Kind::Bytes) { heap.str_span(v) } else { None }
}

fn quoted(vm: &mut Vm, v: Value, all: Span) -> R<()> {
    let keep = vm.push(v)?;
    let is_str = str::is_str(vm.heap(), v);
    vm.emit(b"\"")?;
    let mut at = 0;
    loop {
        let plain = |b: u8| b >= b' ' && b != b'"' && b != b'\\' && (is_str || b.is_ascii());
        let n = bulk::run_of(vm, all.sub(at, all.len()), false, plain)?;
        if n > 0 {
            print::emit_span(vm, all.sub(at, at + n))?;
        }
        let Some(b) = vm.heap().span_bytes(all).get(at + n).copied() else { break };
        escape(vm, b)?;
        at += n + 1;
        vm.tick(30)?;
    }
    vm.drop_to(keep);
    vm.emit(b"\"")
}

fn escape(vm: &mut Vm, b: u8) -> R<()> {
    let letter = match b {
        b'"' | b'\\' => b,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        8 => b'b',
        12 => b'f',
        _ => {
            let mut room = [0; 6];
            let mut sink = SliceSink::new(&mut room);
            // Six bytes hold it.
            let _ = sink.write(b"\\u");
            let _ = put_hex(&mut sink, b.into(), 4);
            return vm.emit(sink.bytes());
        }
    };
    vm.emit(&[b'\\', letter])
}
