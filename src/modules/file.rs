//! Files of the board, and the console, as stream objects; `open`.
//!
//! Invariants
//! - a file is an `Object` cell: type, handle (a small int), name. Handles below 0 are not the port's: `CLOSED`, or the
//!   console's three ways;
//! - an open file is registered for a finalizer, which closes it;
//! - the port's functions are called without the VM lock, for each file by one task at a time: others wait for it (`USED`).

use super::stream::{self, errno, ready, request};
use super::vfs;
use crate::builtins::source::{on_path, os_error};
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::exc::raise;
use crate::object::str;
use crate::port::{
    Errno, FOREVER, Files, Input, Origin, PYR_OPEN_APPEND, PYR_OPEN_CREATE, PYR_OPEN_EXCLUSIVE,
    PYR_OPEN_READ, PYR_OPEN_TRUNCATE, PYR_OPEN_WRITE,
};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{
    Access, Buffer, Entry, Mode, NativeDef, Slot, StreamDef, TypeDef, entry, heap_fn, vm_fn,
};
use crate::vm::state::Root;

mod field {
    pub const TYPE: usize = 0;
    pub const HANDLE: usize = 1;
    pub const NAME: usize = 2;
    /// 1 while a task is in a function of the port's with this file.
    pub const USED: usize = 3;
    pub const COUNT: usize = 4;
}

const CLOSED: i32 = -1;
const STDIN: i32 = -2;
const STDOUT: i32 = -3;
const STDERR: i32 = -4;

macro_rules! file_type {
    ($def:ident, $stream:ident, $id:ident, $name:expr, $text:literal) => {
        static $stream: StreamDef =
            StreamDef { read: Some(read), write: Some(write), ioctl: Some(ioctl), text: $text };
        pub static $def: TypeDef = TypeDef {
            make: Some(NativeDef::vm(vfs::open, 1, 255, true)),
            print: Some(print),
            iter: Some(stream::iter),
            next: Slot::Vm(stream::next),
            attr: Some(attr),
            stream: Some(&$stream),
            entries: &ENTRIES,
            ..TypeDef::plain(TypeId::$id, $name)
        };
    };
}

file_type!(TEXT, TEXT_STREAM, TextIOWrapper, q!("TextIOWrapper"), true);
file_type!(BINARY, BINARY_STREAM, FileIO, q!("FileIO"), false);

static ENTRIES: [Entry; 12] = stream::methods![entry(q!("fileno"), heap_fn(fileno, 1, 1)),];

fn new(heap: &mut Heap, id: TypeId, handle: i32, name: Value) -> R {
    let f = heap.alloc(Kind::Object, field::COUNT)?;
    heap.set_field(f, field::TYPE, Value::typ(id));
    heap.set_int(f, field::HANDLE, handle);
    heap.set_field(f, field::NAME, name);
    heap.set_int(f, field::USED, 0);
    Ok(f)
}

// ---- the console ---------------------------------------------------------------------------------------------

fn console(vm: &mut Vm, root: Root, handle: i32, name: Value) -> R {
    if let Some(f) = vm.root(root) {
        return Ok(f);
    }
    let f = vm.with_heap(|h| new(h, TypeId::TextIOWrapper, handle, name))?;
    vm.set_root(root, Some(f));
    Ok(f)
}

pub fn stdin(vm: &mut Vm) -> R {
    console(vm, Root::Stdin, STDIN, q!("<stdin>"))
}

pub fn stdout(vm: &mut Vm) -> R {
    console(vm, Root::Stdout, STDOUT, q!("<stdout>"))
}

pub fn stderr(vm: &mut Vm) -> R {
    console(vm, Root::Stderr, STDERR, q!("<stderr>"))
}

/// A stream over a handle of the port that is open already: where a host program wants `sys.stderr`.
pub fn of_handle(vm: &mut Vm, handle: i32, name: Value) -> R {
    vm.with_heap(|h| new(h, TypeId::TextIOWrapper, handle, name))
}

// ---- opening -------------------------------------------------------------------------------------------------

/// The port's flags of a mode such as `r+b`, and whether it is a text mode.
fn flags(mode: &[u8]) -> Option<(u32, bool)> {
    let (mut flags, mut text) = (None, true);
    for b in mode {
        let way = match b {
            b'r' => PYR_OPEN_READ,
            b'w' => PYR_OPEN_WRITE | PYR_OPEN_CREATE | PYR_OPEN_TRUNCATE,
            b'a' => PYR_OPEN_WRITE | PYR_OPEN_CREATE | PYR_OPEN_APPEND,
            b'x' => PYR_OPEN_WRITE | PYR_OPEN_CREATE | PYR_OPEN_EXCLUSIVE,
            b'+' => {
                flags = flags.map(|f| f | PYR_OPEN_READ | PYR_OPEN_WRITE);
                continue;
            }
            b'b' => {
                text = false;
                continue;
            }
            b't' => continue,
            _ => return None,
        };
        if flags.replace(way).is_some() {
            return None;
        }
    }
    Some((flags.unwrap_or(PYR_OPEN_READ), text))
}

/// A file object over a handle that the port knows already. It is not closed when the object is gone.
pub fn open_handle(vm: &mut Vm, handle: i32, mode: Value) -> R {
    let Some((_, text)) = flags(vm.heap().str_bytes(mode)).filter(|_| handle >= 0) else {
        return Err(vm.raise(TypeId::ValueError, "bad mode"));
    };
    let id = if text { TypeId::TextIOWrapper } else { TypeId::FileIO };
    vm.with_heap(|h| new(h, id, handle, q!("<fd>")))
}

/// Opens a file of the board's. The caller keeps path and mode reachable.
pub fn open_path(vm: &mut Vm, path: Value, mode: Value) -> R {
    let mode = vm.native_of(mode).unwrap_or(mode);
    if !str::is_str(vm.heap(), mode) {
        return Err(vm.raise(TypeId::TypeError, "mode must be a string"));
    }
    let Some((flags, text)) = flags(vm.heap().str_bytes(mode)) else {
        return Err(vm.raise(TypeId::ValueError, "bad mode"));
    };
    let id = if text { TypeId::TextIOWrapper } else { TypeId::FileIO };
    // The object first, so that an open handle always has an owner.
    let f = vm.with_heap(|h| {
        let f = new(h, id, CLOSED, path)?;
        h.register_finalizer(f)?;
        Ok(f)
    })?;
    let at = vm.push(f)?;
    let opened = on_path(vm, path, |files, path| files.open(path, flags))?;
    vm.drop_to(at);
    match opened {
        Ok(handle) => {
            vm.heap_mut().set_int(f, field::HANDLE, handle);
            Ok(f)
        }
        Err(e) => Err(vm.raise_by(&|h| os_error(h, e))),
    }
}

/// The hook of the VM for objects whose last reference is gone.
pub fn finalize(vm: &mut Vm, v: Value) -> R<()> {
    if matches!(vm.type_id(v), TypeId::TextIOWrapper | TypeId::FileIO) {
        close(vm, v);
    }
    Ok(())
}

// ---- the operations ------------------------------------------------------------------------------------------

/// The port's files and the handle of an open file.
fn opened(vm: &mut Vm, v: Value) -> R<(Files, i32)> {
    let handle = vm.heap().int(v, field::HANDLE);
    match vm.port().files() {
        _ if handle == CLOSED => Err(vm.raise(TypeId::ValueError, "I/O operation on closed file")),
        Some(files) if handle >= 0 => Ok((files, handle)),
        _ => Err(vm.raise_by(&|h| stream::os_error(h, errno::EINVAL))),
    }
}

/// Runs `f`, which gives the VM away, with an open file that nobody else uses or closes meanwhile.
fn using<T>(vm: &mut Vm, v: Value, f: impl FnOnce(&mut Vm, Files, i32) -> R<Result<T, Errno>>) -> R<T> {
    let at = vm.push(v)?;
    take(vm, v)?;
    let done = opened(vm, v).and_then(|(files, handle)| f(vm, files, handle));
    give(vm, v);
    vm.drop_to(at);
    done?.map_err(|e| vm.raise_by(&|h| os_error(h, e)))
}

/// Waits until no other task uses the file; from now on this one does.
fn take(vm: &mut Vm, v: Value) -> R<()> {
    let ticket = vm.take_ticket();
    while vm.heap().int(v, field::USED) != 0 {
        if vm.park(v, ticket, FOREVER) {
            return Ok(());
        }
        vm.tick(0)?;
    }
    vm.heap_mut().set_int(v, field::USED, 1);
    Ok(())
}

/// The file is the next task's that waits for it.
fn give(vm: &mut Vm, v: Value) {
    if !vm.unpark(v) {
        vm.heap_mut().set_int(v, field::USED, 0);
    }
}

fn span(b: Buffer) -> Span {
    Span { owner: b.owner, from_word: b.from_word, offset: b.offset, len: b.len }
}

fn read(vm: &mut Vm, v: Value, b: Buffer) -> R<usize> {
    if vm.heap().int(v, field::HANDLE) == STDIN {
        let mut piece = [0; 64];
        let n = piece.len().min(b.len as usize);
        return match vm.read_console(piece.get_mut(..n).unwrap_or(&mut []))? {
            Input::Bytes(n) => {
                let text = vm.state().crlf && vm.type_id(v) == TypeId::TextIOWrapper;
                for (to, from) in vm.heap_mut().span_bytes_mut(span(b)).iter_mut().zip(piece.iter().take(n)) {
                    // What a terminal's enter key sends.
                    *to = if text && *from == b'\r' { b'\n' } else { *from };
                }
                Ok(n)
            }
            _ => Ok(0),
        };
    }
    using(vm, v, |vm, files, handle| vm.lend_span(span(b), true, |room| files.read(handle, room)))
}

fn write(vm: &mut Vm, v: Value, b: Buffer) -> R<usize> {
    if matches!(vm.heap().int(v, field::HANDLE), STDOUT | STDERR) {
        let crlf = vm.state().crlf && vm.type_id(v) == TypeId::TextIOWrapper;
        let sent = vm.port().console_text(vm.heap().span_bytes(span(b)), crlf);
        return if sent { Ok(b.len as usize) } else { Err(vm.raise_by(&|h| os_error(h, Errno::EIO))) };
    }
    using(vm, v, |vm, files, handle| vm.lend_span(span(b), false, |bytes| files.write(handle, bytes)))
}

fn close(vm: &mut Vm, v: Value) -> Option<Errno> {
    let handle = vm.heap().int(v, field::HANDLE);
    if handle < 0 {
        return None;
    }
    vm.heap_mut().set_int(v, field::HANDLE, CLOSED);
    let files = vm.port().files()?;
    vm.outside(|| files.close(handle)).err()
}

/// Whether a stream is the console's input, which wakes those who wait for it.
pub fn is_console_input(vm: &Vm, v: Value) -> bool {
    vm.heap().is(v, Kind::Object)
        && matches!(vm.type_id(v), TypeId::TextIOWrapper | TypeId::FileIO)
        && vm.heap().int(v, field::HANDLE) == STDIN
}

fn ioctl(vm: &mut Vm, v: Value, what: u32, arg: i64) -> R<i64> {
    let on_console = vm.heap().int(v, field::HANDLE) < CLOSED;
    match what {
        request::CLOSE => {
            let at = vm.push(v)?;
            take(vm, v)?;
            let failed = close(vm, v);
            give(vm, v);
            vm.drop_to(at);
            match failed {
                Some(e) => Err(vm.raise_by(&|h| os_error(h, e))),
                None => Ok(0),
            }
        }
        request::FLUSH => {
            if !on_console {
                opened(vm, v)?;
            }
            Ok(0)
        }
        request::POLL if on_console => {
            let way = if vm.heap().int(v, field::HANDLE) != STDIN {
                ready::WRITE
            } else if vm.console_ready() {
                ready::READ
            } else {
                0
            };
            Ok(arg & way)
        }
        request::POLL => Ok(arg & (ready::READ | ready::WRITE)),
        request::SEEK if !on_console => {
            let origin = match arg & 3 {
                0 => Origin::Start,
                1 => Origin::Current,
                _ => Origin::End,
            };
            let at =
                using(vm, v, |vm, files, handle| Ok(vm.outside(|| files.seek(handle, arg >> 2, origin))))?;
            Ok(at as i64)
        }
        _ => Err(vm.raise_by(&|h| stream::os_error(h, errno::EINVAL))),
    }
}

fn fileno(heap: &mut Heap, args: &[Value]) -> R {
    let Some(v) = args.first() else { return Ok(Value::NONE) };
    if heap.field(*v, field::NAME) == q!("<stderr>") {
        return Ok(Value::small(2));
    }
    match heap.int(*v, field::HANDLE) {
        CLOSED => Err(raise(heap, TypeId::ValueError, "I/O operation on closed file")),
        handle => Ok(Value::small(number(handle))),
    }
}

/// The number by which programs know a handle.
fn number(handle: i32) -> i32 {
    match handle {
        STDIN => 0,
        STDOUT => 1,
        STDERR => 2,
        n => n,
    }
}

/// `name`, and `buffer`: the same stream for bytes.
fn attr(vm: &mut Vm, v: Value, name: Value, access: Access) -> R {
    if !matches!(access, Access::Load) {
        return Ok(Value::STOP);
    }
    let (handle, own) = (vm.heap().int(v, field::HANDLE), vm.heap().field(v, field::NAME));
    if name == q!("buffer") && (handle < CLOSED || own == q!("<stderr>")) {
        return vm.with_heap(|h| new(h, TypeId::FileIO, handle, own));
    }
    Ok(if name == q!("name") { own } else { Value::STOP })
}

fn print(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    vm.emit(b"<io.")?;
    let name = vm.type_name(v);
    vm.print(name, Mode::Str)?;
    vm.emit(b" ")?;
    let handle = vm.heap().int(v, field::HANDLE);
    vm.print(Value::small(number(handle)), Mode::Str)?;
    vm.emit(b">")
}
