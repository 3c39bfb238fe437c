//! Programs in the board's files: sources read piece by piece while they compile, `.mpy` files read whole.
//!
//! Invariant: a handle that was opened here is closed here, whatever happens between.

use super::eval::compile_source;
#[cfg(feature = "basic")]
use crate::code::read;
use crate::compile::{Mode, Source};
use crate::heap::{ByteVec, Heap, R, Raised, TypeId, Value};
#[cfg(feature = "basic")]
use crate::heap::{Kind, Place};
use crate::object::exc;
use crate::port::{Errno, FileKind, Files, Origin, PYR_OPEN_READ};
use crate::vm::Vm;
use core::ffi::CStr;

/// Raises `OSError(errno)`.
#[cold]
pub fn os_error(heap: &mut Heap, e: Errno) -> Raised {
    exc::raise_arg(heap, TypeId::OSError, Value::small(e.0.into()))
}

/// A str as C has it, with a NUL at its end. Whoever asks frees it.
pub fn c_text(vm: &mut Vm, v: Value) -> R<ByteVec> {
    let mut text = ByteVec::new();
    let span = vm.heap().str_span(v);
    let copied = vm.with_heap(|h| {
        text.truncate(0);
        let n = span.map_or(0, |s| s.len());
        text.reserve(h, n + 1)?;
        for i in 0..=n {
            let b = h.str_bytes(v).get(i).copied().unwrap_or(0);
            text.push(h, b)?;
        }
        Ok(())
    });
    if copied.is_err() {
        text.free(vm.heap_mut());
    }
    copied.map(|()| text)
}

/// Calls `f` with the board's files and a path, a str, as C has it. A board without files has none at any path.
pub fn on_path<T>(
    vm: &mut Vm,
    path: Value,
    f: impl FnOnce(&Files, &CStr) -> Result<T, Errno>,
) -> R<Result<T, Errno>> {
    let Some(files) = vm.port().files() else { return Ok(Err(Errno::ENOENT)) };
    let mut text = c_text(vm, path)?;
    let done = match CStr::from_bytes_with_nul(text.as_slice(vm.heap())) {
        Ok(path) => f(&files, path),
        Err(_) => Err(Errno::ENOENT),
    };
    text.free(vm.heap_mut());
    Ok(done)
}

/// What lies at a path, if anything.
pub fn kind_at(vm: &mut Vm, path: Value) -> R<Option<FileKind>> {
    let stat = on_path(vm, path, |files, path| files.stat(path))?;
    Ok(stat.ok().map(|s| s.kind))
}

/// A file as source.
struct FileSource {
    files: Files,
    handle: i32,
    room: [u8; 64],
    at: usize,
    len: usize,
    failed: Option<Errno>,
}

impl Source for FileSource {
    fn next_byte(&mut self, _: &Heap) -> Option<u8> {
        if self.at >= self.len {
            self.at = 0;
            self.len = 0;
            match self.files.read(self.handle, &mut self.room) {
                Ok(n) => self.len = n,
                Err(e) => self.failed = Some(e),
            }
        }
        let b = self.room.get(self.at).copied().filter(|_| self.at < self.len)?;
        self.at += 1;
        Some(b)
    }
    fn rewind(&mut self) {
        self.at = 0;
        self.len = 0;
        if let Err(e) = self.files.seek(self.handle, 0, Origin::Start) {
            self.failed = Some(e);
        }
    }
}

/// The code of the file at `path`, source or `.mpy`; `name` appears in tracebacks.
pub fn compile_file(vm: &mut Vm, path: Value, name: Value) -> R {
    let opened = on_path(vm, path, |files, path| files.open(path, PYR_OPEN_READ))?;
    let handle = opened.map_err(|e| vm.raise_by(&|h| os_error(h, e)))?;
    let Some(files) = vm.port().files() else { return Err(vm.raise_by(&|h| os_error(h, Errno::ENOENT))) };
    let mut source = FileSource { files, handle, room: [0; 64], at: 0, len: 0, failed: None };
    // An `.mpy` file starts with the letter M and a version number, which no source does.
    let first = source.next_byte(vm.heap());
    let second = source.next_byte(vm.heap());
    let made = match (first, second) {
        (Some(b'M'), Some(0..=31)) => load_mpy(vm, &mut source),
        _ => {
            let name = vm.with_heap(|h| h.intern_value(name))?;
            let made = compile_source(vm, &mut source, name, Mode::File);
            match source.failed {
                Some(e) => Err(vm.raise_by(&|h| os_error(h, e))),
                None => made,
            }
        }
    };
    // The file was only read: nothing is lost with an error from closing it.
    let _ = files.close(handle);
    made
}

/// Below level `basic` only the firmware brings `.mpy` code, by `pyr_run_mpy`.
#[cfg(not(feature = "basic"))]
fn load_mpy(vm: &mut Vm, _: &mut FileSource) -> R {
    Err(vm.raise(TypeId::ValueError, "no .mpy files here"))
}

/// Reads an `.mpy` file into a cell and makes its code.
#[cfg(feature = "basic")]
fn load_mpy(vm: &mut Vm, source: &mut FileSource) -> R {
    let size = source.files.seek(source.handle, 0, Origin::End).unwrap_or(0) as usize;
    source.rewind();
    let raw = vm.with_heap(|h| h.alloc(Kind::Raw, size.div_ceil(4).max(1)))?;
    let at = vm.push(raw)?;
    let mut n = 0;
    while n < size && source.failed.is_none() {
        let room = vm.heap_mut().bytes_mut(raw, 0).get_mut(n..size).unwrap_or(&mut []);
        match source.files.read(source.handle, room) {
            Ok(0) => break,
            Ok(more) => n += more,
            Err(e) => source.failed = Some(e),
        }
    }
    let made = match source.failed {
        Some(e) => Err(vm.raise_by(&|h| os_error(h, e))),
        None => vm.with_heap(|h| {
            let made = read::load(h, Place::Cell(raw, 0, n))?;
            #[cfg(not(feature = "tiny"))]
            crate::code::fuse::tree(h, made);
            Ok(made)
        }),
    };
    vm.drop_to(at);
    made
}
