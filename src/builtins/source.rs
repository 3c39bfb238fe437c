//! Programs in the board's files.
//!
//! Invariant: a handle that was opened here is closed here, whatever happens between.

use super::eval::compile_source;
pub use super::source_ahead::compile_file;
use crate::compile::{Mode, Source};
use crate::heap::{ByteVec, Heap, R, Raised, TypeId, Value};
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

/// Calls `f` with the board's files and a path, a str, as C has it. A board without files has none at any path. Others may have
/// the VM meanwhile.
pub fn on_path<T>(
    vm: &mut Vm,
    path: Value,
    f: impl FnOnce(&Files, &CStr) -> Result<T, Errno>,
) -> R<Result<T, Errno>> {
    let Some(files) = vm.port().files() else { return Ok(Err(Errno::ENOENT)) };
    let text = c_text(vm, path)?;
    Ok(vm.lend_text(text, |path| f(&files, path))?.unwrap_or(Err(Errno::ENOENT)))
}

/// What lies at a path, if anything.
pub fn kind_at(vm: &mut Vm, path: Value) -> R<Option<FileKind>> {
    let stat = on_path(vm, path, |files, path| files.stat(path))?;
    Ok(stat.ok().map(|s| s.kind))
}

/// A file as source, read while it compiles: there is no time to give the VM away, and no room for all of the text is needed.
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
            match self.files.read_into(self.handle, &mut self.room) {
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

/// Opens a file to be read.
pub fn open(vm: &mut Vm, path: Value) -> R<(Files, i32)> {
    let opened = on_path(vm, path, |files, path| files.open(path, PYR_OPEN_READ))?;
    match (opened, vm.port().files()) {
        (Ok(handle), Some(files)) => Ok((files, handle)),
        (opened, _) => Err(vm.raise_by(&|h| os_error(h, opened.err().unwrap_or(Errno::ENOENT)))),
    }
}

/// The code of an open file, source alone, read while it compiles.
pub fn compile_pieces(vm: &mut Vm, files: Files, handle: i32, name: Value) -> R {
    let mut source = FileSource { files, handle, room: [0; 64], at: 0, len: 0, failed: None };
    // An `.mpy` file starts with the letter M and a version number, which no source does.
    let first = source.next_byte(vm.heap());
    let second = source.next_byte(vm.heap());
    match (first, second) {
        (Some(b'M'), Some(0..=31)) => Err(no_mpy(vm)),
        _ => {
            let name = vm.with_heap(|h| h.intern_value(name))?;
            let made = compile_source(vm, &mut source, name, Mode::File);
            match source.failed {
                Some(e) => Err(vm.raise_by(&|h| os_error(h, e))),
                None => made,
            }
        }
    }
}

/// Below level `basic` only the firmware brings `.mpy` code, by `pyr_run_mpy`.
pub fn no_mpy(vm: &mut Vm) -> Raised {
    vm.raise(TypeId::ValueError, "no .mpy files here")
}
