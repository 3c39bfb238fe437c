//! Streams: the methods that every stream has (`read`, `readline`, `write`, `seek`, …), made of its `StreamDef`.
//!
//! Invariants
//! - a stream's `read` and `write` move at most the given bytes; 0 read is the end;
//! - the memory handed to a stream belongs to a `Raw` cell or an immutable object that a slot keeps alive meanwhile;
//! - a text stream counts characters and gives only whole ones.

use crate::base::utf8;
use crate::builtins::bytes::as_buffer;
use crate::builtins::text;
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::{bytearray, bytes, int, list, str, text_iter};
use crate::q;
use crate::vm::def::{Args, Buffer, StreamDef};
use crate::vm::natives::{exporter, pin};
use crate::vm::{Slot, Vm, bulk};

/// The table of methods that files and streams in memory share, and those given.
macro_rules! methods {
    ($($more:tt)*) => { [
        entry(q!("read"), vm_fn(stream::read, 1, 2)),
        entry(q!("readinto"), vm_fn(stream::readinto, 2, 3)),
        entry(q!("readline"), vm_fn(stream::readline, 1, 2)),
        entry(q!("readlines"), vm_fn(stream::readlines, 1, 1)),
        entry(q!("write"), vm_fn(stream::write, 2, 4)),
        entry(q!("seek"), vm_fn(stream::seek, 2, 3)),
        entry(q!("tell"), vm_fn(stream::tell, 1, 1)),
        entry(q!("flush"), vm_fn(stream::flush, 1, 1)),
        entry(q!("close"), vm_fn(stream::close, 1, 1)),
        entry(q!("__enter__"), heap_fn(stream::enter, 1, 1)),
        entry(q!("__exit__"), vm_fn(stream::close, 1, 4)),
        $($more)*
    ] };
}
pub(crate) use methods;

/// What `ioctl` is asked for; the numbers are MicroPython's.
pub mod request {
    pub const FLUSH: u32 = 1;
    /// The argument is `offset << 2 | whence`, the answer the new position.
    pub const SEEK: u32 = 2;
    pub const POLL: u32 = 3;
    pub const CLOSE: u32 = 4;
    /// How much a reader had best ask for at once.
    pub const BUFFER_SIZE: u32 = 11;
}

/// What `POLL` asks and answers.
pub mod ready {
    pub const READ: i64 = 1;
    pub const WRITE: i64 = 4;
}

pub use crate::builtins::streams::{Stream, errno, find, get, os_error, write_hook};
use crate::builtins::streams::{unsupported, would_block};

/// Runs `f` with a stream and an empty byte array in a slot, and makes a str or bytes of what is in it then.
fn gather(vm: &mut Vm, v: Value, f: impl FnOnce(&mut Vm, &Stream, Slot) -> R<()>) -> R {
    let stream = get(vm, v)?;
    let object = vm.push(stream.object)?;
    let made = vm.with_heap(bytearray::new)?;
    let slot = vm.push(made)?;
    match f(vm, &stream, slot) {
        Err(Raised) if would_block(vm) => {
            vm.heap_mut().raised = None;
            if bytearray::len(vm.heap(), vm.get(slot)) == 0 {
                return Ok(Value::NONE);
            }
        }
        done => done?,
    }
    let all = bytearray::span(vm.heap(), vm.get(slot));
    let made = match stream.def.text {
        false => bulk::make(vm, Kind::Bytes, all)?,
        true if bulk::is_utf8(vm, all, utf8::validate)? => bulk::take_text(vm, slot)?,
        true => return Err(vm.raise(TypeId::UnicodeError, "invalid text encoding")),
    };
    vm.drop_to(object);
    Ok(made)
}

/// A size argument: `None` where it is missing, `None` or negative.
fn size_arg(vm: &mut Vm, args: Args, i: usize) -> R<Option<usize>> {
    match vm.arg(args, i) {
        Some(v) if !v.is_none() => Ok(usize::try_from(vm.with_heap(|h| text::index(h, v))?).ok()),
        _ => Ok(None),
    }
}

/// Bytes in a step of reading to the end.
const CHUNK: usize = 128;

/// `read([n])`
pub fn read(vm: &mut Vm, args: Args) -> R {
    let limit = size_arg(vm, args, 1)?;
    let this = vm.req(args, 0);
    gather(vm, this, |vm, stream, slot| match limit {
        None => {
            let mut chunk = CHUNK;
            while stream.read_some(vm, slot, chunk)? > 0 {
                chunk = (chunk * 2).min(4096);
                vm.tick(200)?;
            }
            Ok(())
        }
        Some(n) => {
            while let Some(missing) = missing(vm, slot, n, stream.def.text)?.filter(|m| *m > 0) {
                if stream.read_some(vm, slot, missing.min(bytes::MAX_LEN))? == 0 {
                    break;
                }
                vm.tick(200)?;
            }
            Ok(())
        }
    })
}

/// Bytes that are certainly still to be read for `n` bytes, or `n` characters.
fn missing(vm: &mut Vm, slot: Slot, n: usize, chars: bool) -> R<Option<usize>> {
    let all = bytearray::span(vm.heap(), vm.get(slot));
    if !chars {
        return Ok(n.checked_sub(all.len()));
    }
    let begun = bulk::count_chars(vm, all)?;
    let all = vm.heap().span_bytes(all);
    // The last character may lack some of its bytes.
    let tail = all.iter().rev().take_while(|b| utf8::is_cont(**b)).count();
    let first = all.len().checked_sub(tail + 1).and_then(|at| all.get(at)).copied().unwrap_or(0);
    let lacking = if all.is_empty() { 0 } else { utf8::len_of_first(first).saturating_sub(tail + 1) };
    Ok(n.checked_sub(begun).map(|left| left + lacking))
}

/// `readinto(buffer[, n])`
pub fn readinto(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    let stream = get(vm, v)?;
    let room = writable(vm, args, 1)?;
    let room = match size_arg(vm, args, 2)? {
        Some(n) => room.sub(0, n),
        None => room,
    };
    let Some(read) = stream.def.read else { return Err(unsupported(vm)) };
    vm.push(room.owner)?;
    let into = vm.req(args, 1);
    let n = with_size(vm, into, |vm| read(vm, stream.object, as_buffer(room, b'B', true)))?;
    Ok(Value::small(n as i32))
}

/// Runs `f`, during which others may have the VM, while the object of a buffer keeps its size.
fn with_size<T>(vm: &mut Vm, buffer: Value, f: impl FnOnce(&mut Vm) -> T) -> T {
    let object = exporter(vm, buffer);
    pin(vm.heap_mut(), object, 1);
    let done = f(vm);
    pin(vm.heap_mut(), object, -1);
    done
}

/// The bytes of an argument that can be written to.
pub fn writable(vm: &mut Vm, args: Args, i: usize) -> R<Span> {
    let v = text::native(vm.heap(), vm.req(args, i));
    let heap = vm.heap();
    let ok = match heap.kind(v) {
        Kind::ByteArray | Kind::TypedArray => true,
        Kind::MemoryView => crate::object::memoryview::get(heap, v).writable,
        _ => false,
    };
    if !ok {
        return Err(vm.raise_by(&|h| text::mixed(h, Kind::Bytes)));
    }
    Ok(text_iter::items(vm.heap(), v).1)
}

/// Reads up to and with the next line end, at most `limit` bytes or characters.
fn line(vm: &mut Vm, stream: &Stream, slot: Slot, limit: Option<usize>) -> R<()> {
    loop {
        let left = match limit {
            Some(n) => missing(vm, slot, n, stream.def.text)?.unwrap_or(0),
            None => usize::MAX,
        };
        let step = match super::io::line_step(vm, stream.object)? {
            _ if left == 0 => return Ok(()),
            Some(n) => n.min(left),
            None => 1,
        };
        if step == 0 || stream.read_some(vm, slot, step)? == 0 {
            return Ok(());
        }
        let all = vm.heap().span_bytes(bytearray::span(vm.heap(), vm.get(slot)));
        if all.last() == Some(&b'\n') {
            return Ok(());
        }
        vm.tick(40)?;
    }
}

/// `readline([n])`
pub fn readline(vm: &mut Vm, args: Args) -> R {
    let limit = size_arg(vm, args, 1)?;
    let this = vm.req(args, 0);
    gather(vm, this, |vm, stream, slot| line(vm, stream, slot, limit))
}

/// The next line, `Value::STOP` at the end.
pub fn next(vm: &mut Vm, this: Value) -> R {
    let made = gather(vm, this, |vm, stream, slot| line(vm, stream, slot, None))?;
    Ok(if vm.heap().str_bytes(made).is_empty() && !made.is_none() { Value::STOP } else { made })
}

pub fn iter(_: &mut Heap, this: Value) -> R {
    Ok(this)
}

/// `readlines()`
pub fn readlines(vm: &mut Vm, args: Args) -> R {
    let made = vm.with_heap(list::new)?;
    let out = vm.push(made)?;
    loop {
        let v = next(vm, vm.req(args, 0))?;
        if v == Value::STOP {
            return Ok(vm.get(out));
        }
        let item = vm.push(v)?;
        let to = vm.get(out);
        vm.with_heap(|heap| list::append(heap, to, v))?;
        vm.drop_to(item);
        vm.tick(500)?;
    }
}

/// `write(data)`, and MicroPython's `write(data, n)` and `write(data, offset, n)`.
pub fn write(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    let stream = get(vm, v)?;
    let data = vm.req(args, 1);
    let is_str = str::is_str(vm.heap(), text::native(vm.heap(), data));
    let all = text::buffer(vm.heap(), data, stream.def.text || is_str);
    let Some(mut all) = all.filter(|_| is_str || !stream.def.text) else {
        let kind = if stream.def.text { Kind::Str } else { Kind::Bytes };
        return Err(vm.raise_by(&|h| text::mixed(h, kind)));
    };
    let (first, second) = (size_arg(vm, args, 2)?, size_arg(vm, args, 3)?);
    match (first, second) {
        (Some(from), Some(n)) => all = all.sub(from, from.saturating_add(n)),
        (Some(n), None) => all = all.sub(0, n),
        _ => {}
    }
    // A stream in memory copies what is there: nobody need be kept from the object meanwhile.
    let written = match super::io::is_in_memory(vm, stream.object) {
        true => stream.write_all(vm, all),
        false => with_size(vm, data, |vm| stream.write_all(vm, all)),
    };
    let n = match written {
        Ok(n) => n,
        Err(Raised) if would_block(vm) => {
            vm.heap_mut().raised = None;
            return Ok(Value::NONE);
        }
        Err(r) => return Err(r),
    };
    let n = if stream.def.text { bulk::count_chars(vm, all.sub(0, n))? } else { n };
    Ok(Value::small(n as i32))
}

/// `seek(offset[, whence])`
pub fn seek(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    let stream = get(vm, v)?;
    let whence = match vm.arg(args, 2) {
        Some(v) => vm.with_heap(|h| text::index(h, v))?,
        None => 0,
    };
    let offset = vm.req(args, 1);
    let offset = vm.with_heap(|h| text::index(h, offset))?;
    if offset.unsigned_abs() >= 1 << 61 || !(0..=2).contains(&whence) || whence == 0 && offset < 0 {
        return Err(vm.raise_by(&|h| os_error(h, errno::EINVAL)));
    }
    let at = stream.ioctl(vm, request::SEEK, offset << 2 | whence)?;
    vm.with_heap(|heap| int::from_i64(heap, at))
}

/// `tell()`
pub fn tell(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    let at = get(vm, v)?.ioctl(vm, request::SEEK, 1)?;
    vm.with_heap(|heap| int::from_i64(heap, at))
}

/// `flush()`
pub fn flush(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    get(vm, v)?.ioctl(vm, request::FLUSH, 0)?;
    Ok(Value::NONE)
}

/// `close()`, and `__exit__`.
pub fn close(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    get(vm, v)?.ioctl(vm, request::CLOSE, 0)?;
    Ok(Value::NONE)
}

/// `__enter__`
pub fn enter(_: &mut Heap, args: &[Value]) -> R {
    Ok(text::arg(args, 0))
}

// ---- streams of Python classes -------------------------------------------------------------------------------

/// `IOBase`: the methods `readinto`, `write` and `ioctl` of the object's class.
pub static PYTHON: StreamDef =
    StreamDef { read: Some(python_read), write: Some(python_write), ioctl: Some(python_ioctl), text: false };

/// The count that a method returned, `limit` at most; `None` means "not now".
fn count(vm: &mut Vm, v: Value, limit: usize) -> R<usize> {
    if v.is_none() {
        return Err(vm.raise_by(&|h| os_error(h, errno::EAGAIN)));
    }
    let n = vm.with_heap(|h| text::index(h, v))?;
    match usize::try_from(n) {
        Ok(n) if n <= limit => Ok(n),
        Ok(_) => Err(vm.raise_by(&|h| os_error(h, errno::EIO))),
        Err(_) => Err(vm.raise_by(&|h| os_error(h, (-n).clamp(1, 0xffff) as i32))),
    }
}

fn python_read(vm: &mut Vm, object: Value, room: Buffer) -> R<usize> {
    let target = Span { owner: room.owner, from_word: room.from_word, offset: room.offset, len: room.len };
    let made = vm.with_heap_anew(|heap| bytearray::with_len(heap, target.len()))?;
    let copy = vm.push(made)?;
    let n = vm.call_method(object, q!("readinto"), &[made])?;
    let n = count(vm, n, target.len())?;
    let from = bytearray::span(vm.heap(), vm.get(copy)).sub(0, n);
    vm.heap_mut().copy_span(target, from);
    vm.drop_to(copy);
    Ok(n)
}

fn python_write(vm: &mut Vm, object: Value, data: Buffer) -> R<usize> {
    let source = Span { owner: data.owner, from_word: data.from_word, offset: data.offset, len: data.len };
    let made = vm.with_heap_anew(|heap| bytearray::from_spans(heap, &[source]))?;
    let copy = vm.push(made)?;
    let n = vm.call_method(object, q!("write"), &[made])?;
    vm.drop_to(copy);
    count(vm, n, source.len())
}

fn python_ioctl(vm: &mut Vm, object: Value, request: u32, arg: i64) -> R<i64> {
    let arg = vm.with_heap(|heap| int::from_i64(heap, arg))?;
    let n = vm.call_method(object, q!("ioctl"), &[Value::small(request as i32), arg])?;
    let n = vm.with_heap(|h| text::index(h, n))?;
    if n < 0 {
        return Err(vm.raise_by(&|h| os_error(h, (-n).clamp(1, 0xffff) as i32)));
    }
    Ok(n)
}
