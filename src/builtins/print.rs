//! How any value is shown: the one loop behind `print`, `str` and `repr`.
//!
//! Invariants
//! - nested lists, tuples, dicts and sets are walked with frames of four slots each on the VM's stack, not by native
//!   recursion; a container inside itself is a `RuntimeError`, as it is in MicroPython;
//! - Python code that runs on the way (`__repr__`) prints to the console, not into the text being made.

use super::text;
use crate::base::sink::{self, Sink, SliceSink};
use crate::base::utf8;
use crate::heap::span::Span;
use crate::heap::{Kind, R, TypeId, Value};
use crate::object::exc::field as exception;
use crate::object::{bytearray, dict, list, set, str, text_iter, tuple};
use crate::q;
use crate::vm::def::Mode;
use crate::vm::state::Output;
use crate::vm::{Slot, Vm, bulk};

#[derive(Clone, Copy, PartialEq)]
enum Shape {
    List,
    Tuple,
    Dict,
    Set,
    FrozenSet,
    /// The arguments of an exception, behind its name.
    Args,
}

const SHAPES: [Shape; 6] =
    [Shape::List, Shape::Tuple, Shape::Dict, Shape::Set, Shape::FrozenSet, Shape::Args];

/// Slots of a frame: container, cursor, shape, and a dict's value that waits for its key.
const FRAME: u32 = 4;

/// Shows `v` on the present output.
pub fn print(vm: &mut Vm, v: Value, mode: Mode) -> R<()> {
    // Types with a print function of their own come back here for what they hold.
    vm.check_native_stack()?;
    let base = vm.push(v)?;
    let done = walk(vm, base, mode);
    vm.drop_to(base);
    done
}

/// The text of `v` as a str.
pub fn to_str(vm: &mut Vm, v: Value, mode: Mode) -> R {
    if mode == Mode::Str && str::is_str(vm.heap(), v) {
        return Ok(v);
    }
    if let Some(n) = v.as_small() {
        let mut room = [0; 12];
        let text = small_text(n, &mut room);
        return vm.with_heap(|heap| str::new(heap, text));
    }
    let item = vm.push(v)?;
    let made = buffered(vm, |vm| print(vm, v, mode));
    vm.drop_to(item);
    made
}

/// Runs `f` with the output going into a new str.
pub fn buffered(vm: &mut Vm, f: impl FnOnce(&mut Vm) -> R<()>) -> R {
    let made = vm.with_heap(bytearray::new)?;
    let buffer = vm.push(made)?;
    let done = with_output(vm, Output::Buffer(buffer), f);
    let made = done.and_then(|()| bulk::take_text(vm, buffer));
    vm.drop_to(buffer);
    made
}

/// Runs `f` with another output.
pub fn with_output<T>(vm: &mut Vm, output: Output, f: impl FnOnce(&mut Vm) -> R<T>) -> R<T> {
    let before = vm.output();
    vm.state_mut().output = output;
    let done = f(vm);
    vm.state_mut().output = before;
    done
}

fn small_text(n: i32, room: &mut [u8; 12]) -> &[u8] {
    let from = room.len() - sink::digits(room, n.unsigned_abs().into(), 10, false).len();
    if n < 0 {
        if let Some(to) = room.get_mut(from - 1) {
            *to = b'-';
        }
        return room.get(from - 1..).unwrap_or(&[]);
    }
    room.get(from..).unwrap_or(&[])
}

/// The items to be shown for `v` and how, if it is a container.
fn container(vm: &Vm, v: Value, mode: Mode) -> Option<(Value, Shape)> {
    let heap = vm.heap();
    Some(match heap.kind(v) {
        Kind::List => (v, Shape::List),
        Kind::Tuple => (v, Shape::Tuple),
        Kind::Dict => (v, Shape::Dict),
        Kind::Set => (v, Shape::Set),
        Kind::FrozenSet => (v, Shape::FrozenSet),
        Kind::Exception if vm.type_def(v).print.is_none() && !is_user_exception(vm, v) => {
            let args = heap.field(v, exception::ARGS);
            match (mode, tuple::len(heap, args)) {
                (Mode::Repr, _) => (args, Shape::Args),
                (Mode::Str, 2..) => (args, Shape::Tuple),
                _ => return None,
            }
        }
        _ if v == Value::EMPTY_TUPLE => (v, Shape::Tuple),
        _ => return None,
    })
}

fn is_user_exception(vm: &Vm, v: Value) -> bool {
    vm.heap().is(vm.heap().field(v, exception::TYPE), Kind::Class)
}

fn walk(vm: &mut Vm, base: Slot, mode: Mode) -> R<()> {
    // The value to be shown next lies in `base`; frames follow it.
    let mut depth = 0;
    let mut show = Some(mode);
    loop {
        if let Some(mode) = show.take() {
            let v = vm.get(base);
            match container(vm, v, mode) {
                Some((items, shape)) => {
                    if items.is_heap() && (0..depth).any(|k| vm.get(Slot(base.0 + 1 + k * FRAME)) == items) {
                        return Err(vm.raise_deep());
                    } else {
                        open(vm, v, items, shape)?;
                        vm.push(items)?;
                        vm.push(Value::small(0))?;
                        vm.push(Value::small(shape as i32))?;
                        vm.push(Value::STOP)?;
                        depth += 1;
                    }
                }
                None => leaf(vm, base, mode)?,
            }
        }
        if depth == 0 {
            return Ok(());
        }
        vm.tick(20)?;
        let frame = base.0 + 1 + (depth - 1) * FRAME;
        if step(vm, base, frame)? {
            show = Some(Mode::Repr);
        } else {
            vm.drop_to(Slot(frame));
            depth -= 1;
        }
    }
}

fn open(vm: &mut Vm, v: Value, items: Value, shape: Shape) -> R<()> {
    match shape {
        Shape::List => vm.emit(b"["),
        Shape::Tuple => vm.emit(b"("),
        Shape::Dict => vm.emit(b"{"),
        Shape::Set if set::len(vm.heap(), items) == 0 => vm.emit(b"set("),
        Shape::Set => vm.emit(b"{"),
        Shape::FrozenSet if set::len(vm.heap(), items) == 0 => vm.emit(b"frozenset("),
        Shape::FrozenSet => vm.emit(b"frozenset({"),
        Shape::Args => {
            let name = vm.type_name(v);
            emit_text(vm, name)?;
            vm.emit(b"(")
        }
    }
}

/// Puts the frame's next item into `base`, with what goes before it; `false` once the container is closed.
fn step(vm: &mut Vm, base: Slot, frame: u32) -> R<bool> {
    let (items, pending) = (vm.get(Slot(frame)), vm.get(Slot(frame + 3)));
    if pending != Value::STOP {
        vm.emit(b": ")?;
        vm.set(base, vm.get(Slot(frame + 3)));
        vm.set(Slot(frame + 3), Value::STOP);
        return Ok(true);
    }
    let cursor = vm.get(Slot(frame + 1)).as_small().unwrap_or(0) as usize;
    let shape = vm.get(Slot(frame + 2)).as_small().unwrap_or(0) as usize;
    let shape = SHAPES.get(shape).copied().unwrap_or(Shape::Tuple);
    let heap = vm.heap();
    let (next, item, value) = match shape {
        Shape::List => (cursor + 1, list::get(heap, items, cursor), None),
        Shape::Tuple | Shape::Args => (cursor + 1, tuple::get(heap, items, cursor), None),
        Shape::Dict => match dict::next(heap, items, cursor) {
            Some((next, k, v)) => (next, Some(k), Some(v)),
            None => (cursor, None, None),
        },
        Shape::Set | Shape::FrozenSet => match set::next(heap, items, cursor) {
            Some((next, k)) => (next, Some(k), None),
            None => (cursor, None, None),
        },
    };
    let Some(item) = item else {
        vm.emit(match shape {
            Shape::List => b"]",
            Shape::Tuple | Shape::Args if cursor == 1 => b",)",
            Shape::Tuple | Shape::Args => b")",
            Shape::Dict => b"}",
            Shape::Set if cursor == 0 => b")",
            Shape::Set => b"}",
            Shape::FrozenSet if cursor == 0 => b")",
            Shape::FrozenSet => b"})",
        })?;
        return Ok(false);
    };
    vm.set(base, item);
    vm.set(Slot(frame + 1), Value::small(next as i32));
    vm.set(Slot(frame + 3), value.unwrap_or(Value::STOP));
    if cursor > 0 {
        vm.emit(b", ")?;
    }
    Ok(true)
}

/// Shows the value in `slot`, which is no container.
fn leaf(vm: &mut Vm, slot: Slot, mode: Mode) -> R<()> {
    let v = vm.get(slot);
    if let Some(n) = v.as_small() {
        return vm.emit(small_text(n, &mut [0; 12]));
    }
    match vm.heap().kind(v) {
        Kind::Bytes | Kind::ByteArray => return quoted(vm, v),
        Kind::Instance | Kind::BigInstance => return instance(vm, slot, mode),
        #[cfg(feature = "metaclasses")]
        Kind::Class if vm.lookup_special(v, q!("__repr__"))? != Value::STOP => {
            return instance(vm, slot, mode);
        }
        Kind::Exception if is_user_exception(vm, v) => return instance(vm, slot, mode),
        Kind::Exception if vm.type_def(v).print.is_none() => return argument(vm, v),
        _ => {}
    }
    if str::is_str(vm.heap(), v) {
        return if mode == Mode::Str { emit_text(vm, v) } else { quoted(vm, v) };
    }
    match vm.type_def(v).print {
        Some(f) => f(vm, v, mode),
        None => object_at(vm, v),
    }
}

/// `<Name object at 0x…>`
pub fn object_at(vm: &mut Vm, v: Value) -> R<()> {
    vm.emit(b"<")?;
    let name = vm.type_name(v);
    emit_text(vm, name)?;
    vm.emit(b" object at ")?;
    address(vm, v)?;
    vm.emit(b">")
}

/// `0x…`: the object's place in the heap, as `id` gives it.
pub fn address(vm: &mut Vm, v: Value) -> R<()> {
    let mut room = [0; 16];
    let mut sink = SliceSink::new(&mut room);
    // A slice of 16 bytes holds every 32-bit number in hex.
    let _ = crate::base::sink::put_hex(&mut sink, v.bits().into(), 8);
    vm.emit(b"0x")?;
    vm.emit(sink.bytes())
}

/// `str` of an exception with at most one argument.
fn argument(vm: &mut Vm, v: Value) -> R<()> {
    let args = vm.heap().field(v, exception::ARGS);
    match tuple::get(vm.heap(), args, 0) {
        Some(only) => print(vm, only, Mode::Str),
        None => Ok(()),
    }
}

/// What an exception of a Python class shows without methods of its own.
pub fn user_exception(vm: &mut Vm, v: Value, mode: Mode) -> R<()> {
    if mode == Mode::Str {
        // As the built-in class that it is of says: the name of an `OSError`'s number, a `KeyError`'s key.
        return super::exceptions::print(vm, v, mode);
    }
    let args = vm.heap().field(v, exception::ARGS);
    let name = vm.type_name(v);
    emit_text(vm, name)?;
    match tuple::get(vm.heap(), args, 0) {
        Some(only) if tuple::len(vm.heap(), args) == 1 => {
            vm.emit(b"(")?;
            print(vm, only, Mode::Repr)?;
            vm.emit(b")")
        }
        _ => print(vm, args, Mode::Repr),
    }
}

/// An instance of a Python class: `__str__` or `__repr__`, else the built-in object that it carries.
fn instance(vm: &mut Vm, slot: Slot, mode: Mode) -> R<()> {
    let mut f = Value::STOP;
    if mode == Mode::Str {
        f = vm.lookup_special(vm.get(slot), q!("__str__"))?;
    }
    if f == Value::STOP {
        f = vm.lookup_special(vm.get(slot), q!("__repr__"))?;
    }
    if f == Value::STOP {
        let v = vm.get(slot);
        if vm.heap().is(v, Kind::Exception) {
            return user_exception(vm, v, mode);
        }
        let native = text::native(vm.heap(), v);
        return if native == v || native.is_none() { object_at(vm, v) } else { print(vm, native, mode) };
    }
    let made = with_output(vm, Output::Console, |vm| vm.call(f, &[]))?;
    match vm.native_part(made, TypeId::Str) {
        Some(text) => emit_text(vm, text),
        None => Err(vm.raise(TypeId::TypeError, "__repr__ must return a str")),
    }
}

/// What the `__str__` or `__repr__` of a Python class gives, be it a str or an object of a class on it; `None` where the
/// object's class has neither.
pub fn own_text(vm: &mut Vm, v: Value) -> R<Option<Value>> {
    let user = match vm.heap().kind(v) {
        Kind::Instance | Kind::BigInstance => true,
        Kind::Exception => is_user_exception(vm, v),
        _ => false,
    };
    for name in [q!("__str__"), q!("__repr__")] {
        let f = if user { vm.lookup_special(v, name)? } else { Value::STOP };
        if f == Value::STOP {
            continue;
        }
        let made = with_output(vm, Output::Console, |vm| vm.call(f, &[]))?;
        return match vm.native_part(made, TypeId::Str) {
            Some(_) => Ok(Some(made)),
            None => Err(vm.raise(TypeId::TypeError, "__repr__ must return a str")),
        };
    }
    Ok(None)
}

/// Writes the text of a string.
pub fn emit_text(vm: &mut Vm, v: Value) -> R<()> {
    let Some(all) = vm.heap().str_span(v) else { return Ok(()) };
    let keep = vm.push(v)?;
    let done = emit_span(vm, all);
    vm.drop_to(keep);
    done
}

/// Writes bytes that lie in a heap object, which the caller keeps reachable.
pub fn emit_span(vm: &mut Vm, s: Span) -> R<()> {
    if let Output::Buffer(slot) = vm.output() {
        return bulk::append_own(vm, vm.get(slot), s);
    }
    let mut at = 0;
    while at < s.len() {
        let mut room = [0u8; 64];
        // A character is not cut in two: a stream of text would not take its halves.
        let mut n = room.len().min(s.len() - at);
        let all = vm.heap().span_bytes(s);
        while n > 60 && all.get(at + n).is_some_and(|b| utf8::is_cont(*b)) {
            n -= 1;
        }
        let part = all.get(at..at + n).unwrap_or(&[]);
        for (to, b) in room.iter_mut().zip(part) {
            *to = *b;
        }
        vm.emit(room.get(..n).unwrap_or(&[]))?;
        vm.tick(n as u32)?;
        at += n;
    }
    Ok(())
}

/// Shows one character as an escape sequence of two, four or eight hex digits.
fn escape(vm: &mut Vm, ch: u32) -> R<()> {
    let (letter, width) = match ch {
        0..=0xff => (b'x', 2),
        0x100..=0xffff => (b'u', 4),
        _ => (b'U', 8),
    };
    let mut room = [0; 10];
    let mut sink = SliceSink::new(&mut room);
    // Ten bytes hold the longest escape.
    let _ = sink.write(&[b'\\', letter]);
    let _ = crate::base::sink::put_hex(&mut sink, ch.into(), width);
    vm.emit(sink.bytes())
}

/// The literal of a str, bytes or bytearray.
pub fn quoted(vm: &mut Vm, v: Value) -> R<()> {
    let keep = vm.push(v)?;
    let done = literal(vm, v);
    vm.drop_to(keep);
    done
}

fn literal(vm: &mut Vm, v: Value) -> R<()> {
    let is_str = str::is_str(vm.heap(), v);
    let array = vm.heap().is(v, Kind::ByteArray);
    let all = text_iter::items(vm.heap(), v).1;
    let lacks = |vm: &mut Vm, q: u8| Ok(bulk::run_of(vm, all, false, |b| b != q)? == all.len());
    let quote = if !lacks(vm, b'\'')? && lacks(vm, b'"')? { b'"' } else { b'\'' };
    let open: &[u8] = match (is_str, array) {
        (true, _) => b"",
        (_, true) => b"bytearray(b",
        _ => b"b",
    };
    if !open.is_empty() {
        vm.emit(open)?;
    }
    vm.emit(&[quote])?;
    let mut at = 0;
    loop {
        // Output may run Python, which may change a byte array: its bytes are looked up anew each time.
        let all = text_iter::items(vm.heap(), v).1;
        let rest = vm.heap().span_bytes(all).get(at..).unwrap_or(&[]);
        let special = |b: &u8| *b == quote || *b == b'\\' || !matches!(*b, 0x20..=0x7e);
        // Long ones in pieces, between which others come in.
        let piece = if cfg!(feature = "extra") { rest.get(..bulk::PIECE).unwrap_or(rest) } else { rest };
        let plain = piece.iter().position(special).unwrap_or(piece.len());
        if plain > 0 {
            emit_span(vm, all.sub(at, at + plain))?;
            at += plain;
            vm.tick(plain as u32 * 4)?;
            continue;
        }
        let Some((mut ch, mut n)) = utf8::decode(rest) else { break };
        if !is_str {
            (ch, n) = (rest.first().copied().unwrap_or(0).into(), 1);
        }
        match ch {
            _ if ch == quote.into() || ch == 0x5c => vm.emit(&[b'\\', ch as u8])?,
            10 => vm.emit(b"\\n")?,
            13 => vm.emit(b"\\r")?,
            9 => vm.emit(b"\\t")?,
            0..=0xa0 | 0xad | 0xd800..=0xdfff | 0xfdd0..=0xfdef | 0x11_0000.. => escape(vm, ch)?,
            // The last two of each plane are not characters.
            _ if ch & 0xfffe == 0xfffe => escape(vm, ch)?,
            _ if !is_str => escape(vm, ch)?,
            _ => emit_span(vm, all.sub(at, at + n))?,
        }
        at += n;
        vm.tick(50)?;
    }
    vm.emit(if array && quote == b'"' {
        b"\")"
    } else if array {
        b"')"
    } else if quote == b'"' {
        b"\""
    } else {
        b"'"
    })
}

/// `ascii(v)`: `repr` with every other character escaped.
pub fn ascii(vm: &mut Vm, v: Value) -> R {
    let made = to_str(vm, v, Mode::Repr)?;
    if str::is_ascii(vm.heap(), made) {
        return Ok(made);
    }
    let text = vm.push(made)?;
    let made = buffered(vm, |vm| {
        let v = vm.get(text);
        let Some(all) = vm.heap().str_span(v) else { return Ok(()) };
        let mut at = 0;
        while at < all.len() {
            let plain = bulk::run_of(vm, all.sub(at, all.len()), false, |b| b < 0x80)?;
            if plain > 0 {
                emit_span(vm, all.sub(at, at + plain))?;
                at += plain;
            }
            let Some((ch, n)) = utf8::decode(vm.heap().span_bytes(all).get(at..).unwrap_or(&[])) else {
                break;
            };
            escape(vm, ch)?;
            at += n;
            vm.tick(400)?;
        }
        Ok(())
    });
    vm.drop_to(text);
    made
}
