//! Stream objects as the VM's own code uses them: finding a stream's operations, reading and writing through them.
//!
//! Invariants
//! - a stream's `read` and `write` move at most the given bytes; 0 read is the end;
//! - the memory handed to a stream belongs to a `Raw` cell or an immutable object that a slot keeps alive meanwhile.

use super::bytes::as_buffer;
use super::text;
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::{bytearray, exc, str, tuple};
use crate::q;
use crate::vm::def::StreamDef;
use crate::vm::{Slot, Vm};

pub mod errno {
    pub const EIO: i32 = 5;
    pub const EAGAIN: i32 = 11;
    pub const EINVAL: i32 = 22;
    pub const EOPNOTSUPP: i32 = 95;
}

/// A stream object and its operations.
#[derive(Clone, Copy)]
pub struct Stream {
    pub object: Value,
    pub def: &'static StreamDef,
}

#[cold]
pub fn os_error(heap: &mut Heap, errno: i32) -> Raised {
    exc::raise_arg(heap, TypeId::OSError, Value::small(errno))
}

/// The stream that `v` is, if it is one. A Python class over `IOBase` is one with its own methods.
pub fn find(vm: &Vm, v: Value) -> Option<Stream> {
    let native = text::native(vm.heap(), v);
    let def = vm.type_def(native).stream?;
    let own = vm.type_id(native) == TypeId::IOBase;
    Some(Stream { object: if own { v } else { native }, def })
}

/// As `find`, but it must be one.
pub fn get(vm: &mut Vm, v: Value) -> R<Stream> {
    match find(vm, v) {
        Some(s) => Ok(s),
        None => Err(vm.raise(TypeId::OSError, "stream operation not supported")),
    }
}

/// The exception on its way says that the stream has nothing, or takes nothing, just now.
pub fn would_block(vm: &Vm) -> bool {
    let Some(e) = vm.heap().raised else { return false };
    vm.heap().is(e, Kind::Exception)
        && vm.type_id(e) == TypeId::OSError
        && tuple::get(vm.heap(), vm.heap().field(e, exc::field::ARGS), 0) == Some(Value::small(errno::EAGAIN))
}

#[cold]
pub fn unsupported(vm: &mut Vm) -> Raised {
    vm.raise_by(&|h| os_error(h, errno::EOPNOTSUPP))
}

impl Stream {
    /// Reads up to `n` bytes to the end of the byte array in `slot`.
    pub fn read_some(&self, vm: &mut Vm, slot: Slot, n: usize) -> R<usize> {
        let Some(read) = self.def.read else { return Err(unsupported(vm)) };
        let to = vm.get(slot);
        let at = bytearray::len(vm.heap(), to);
        vm.with_heap_anew(|heap| bytearray::resize(heap, to, at + n))?;
        let room = as_buffer(bytearray::span(vm.heap(), to).sub(at, at + n), b'B', true);
        let keep = vm.push(room.owner)?;
        let got = read(vm, self.object, room);
        vm.drop_to(keep);
        let filled = at + got.unwrap_or(0).min(n);
        bytearray::truncate(vm.heap_mut(), to, filled);
        got
    }

    /// Writes the bytes of `s`, whose owner is reachable, until the stream takes no more: the count. `EAGAIN` is raised
    /// only when nothing was written.
    pub fn write_all(&self, vm: &mut Vm, s: Span) -> R<usize> {
        let Some(write) = self.def.write else { return Err(unsupported(vm)) };
        let keep = vm.push(s.owner)?;
        let mut at = 0;
        while at < s.len() {
            match write(vm, self.object, as_buffer(s.sub(at, s.len()), b'B', false)) {
                Ok(0) => break,
                Ok(n) => at += n,
                Err(Raised) if at > 0 && would_block(vm) => {
                    vm.heap_mut().raised = None;
                    break;
                }
                Err(r) => return Err(r),
            }
        }
        vm.drop_to(keep);
        Ok(at)
    }

    pub fn ioctl(&self, vm: &mut Vm, request: u32, arg: i64) -> R<i64> {
        match self.def.ioctl {
            Some(f) => f(vm, self.object, request, arg),
            None => Err(unsupported(vm)),
        }
    }
}

/// Writes the text of the str `s` to what `print` got as its file: a stream, or anything with a method `write`.
pub fn write_text(vm: &mut Vm, file: Value, s: Value) -> R<()> {
    let instance = matches!(vm.heap().kind(file), Kind::Instance | Kind::BigInstance);
    match find(vm, file) {
        // A class over a built-in stream may have its own `write`; one over `IOBase` always gets bytes.
        Some(stream) if !instance || stream.object == file => {
            let Some(all) = vm.heap().str_span(s) else { return Ok(()) };
            stream.write_all(vm, all).map(|_| ())
        }
        _ => vm.call_method(file, q!("write"), &[s]).map(|_| ()),
    }
}

/// Text from the VM to a stream object: the hook of `Vm::emit`.
pub fn write_hook(vm: &mut Vm, object: Value, bytes: &[u8]) -> R<()> {
    let made = vm.with_heap_anew(|heap| str::new(heap, bytes))?;
    let s = vm.push(made)?;
    write_text(vm, object, made)?;
    vm.drop_to(s);
    Ok(())
}
