//! Programs that are read whole before they compile, so that others have the VM while this task waits for them.
//!
//! Invariant: a slot keeps the pieces of a text as long as they are read from.

use super::eval::compile_source;
use super::source::{compile_pieces, open, os_error};
#[cfg(feature = "basic")]
use crate::code::read;
use crate::compile::{Mode, Source};
#[cfg(feature = "basic")]
use crate::heap::Place;
use crate::heap::{Heap, Kind, R, Value};
use crate::object::list;
use crate::port::{Errno, Files, Origin};
use crate::vm::{Slot, Vm};

/// Bytes of a piece: a sector of most file systems.
const PIECE: usize = 512;

/// A text in pieces: it grows without being moved.
pub struct Text {
    slot: Slot,
    pieces: Value,
    len: usize,
    at: usize,
}

impl Text {
    /// An empty one, which a slot keeps until `end`.
    pub fn new(vm: &mut Vm) -> R<Text> {
        let pieces = vm.with_heap(list::new)?;
        let slot = vm.push(pieces)?;
        Ok(Text { slot, pieces, len: 0, at: 0 })
    }
    /// Gives up the text and every slot that was made since.
    pub fn end(self, vm: &mut Vm) {
        vm.drop_to(self.slot);
    }
    /// The piece in which the next byte has its place.
    fn last(&self, vm: &mut Vm) -> R {
        let pieces = self.pieces;
        match list::get(vm.heap(), pieces, self.len / PIECE) {
            Some(piece) => Ok(piece),
            None => vm.with_heap(|h| {
                let piece = h.alloc(Kind::Raw, PIECE / 4)?;
                list::append(h, pieces, piece)?;
                Ok(piece)
            }),
        }
    }
    pub fn push(&mut self, vm: &mut Vm, b: u8) -> R<()> {
        let piece = self.last(vm)?;
        vm.heap_mut().set_byte(piece, 0, self.len % PIECE, b);
        self.len += 1;
        Ok(())
    }
    /// Reads on, at most to the end of a piece; false at the end of the file.
    fn read_some(&mut self, vm: &mut Vm, files: Files, handle: i32) -> R<bool> {
        let piece = self.last(vm)?;
        let room = vm.heap().cell_span(piece, 0, PIECE).sub(self.len % PIECE, PIECE);
        let n = on_file(vm.lend_span(room, true, |room| files.read(handle, room))?, vm)?;
        self.len += n;
        vm.tick(100)?;
        Ok(n > 0)
    }
}

impl Source for Text {
    fn next_byte(&mut self, heap: &Heap) -> Option<u8> {
        let at = self.at;
        if at >= self.len {
            return None;
        }
        self.at = at + 1;
        Some(heap.byte(list::get(heap, self.pieces, at / PIECE)?, 0, at % PIECE))
    }
    fn rewind(&mut self) {
        self.at = 0;
    }
}

fn on_file<T>(done: Result<T, Errno>, vm: &mut Vm) -> R<T> {
    done.map_err(|e| vm.raise_by(&|h| os_error(h, e)))
}

/// The code of the file at `path`, source or `.mpy`; `name` appears in tracebacks.
pub fn compile_file(vm: &mut Vm, path: Value, name: Value) -> R {
    let slot = vm.push(name)?;
    let text = vm.push(Value::NONE)?;
    let (files, handle) = open(vm, path)?;
    let mut made = whole(vm, files, handle, name);
    // There was no room for the text beside the code.
    if made.is_err() && vm.heap().is_out_of_memory() {
        vm.heap_mut().raised = None;
        vm.drop_to(text);
        let again = vm.outside(|| files.seek(handle, 0, Origin::Start));
        made = on_file(again, vm).and_then(|_| compile_pieces(vm, files, handle, name));
    }
    vm.set(slot, made.unwrap_or(Value::NONE));
    // The file was only read: nothing is lost with an error from closing it.
    let _ = vm.outside(|| files.close(handle));
    vm.drop_to(slot);
    made
}

fn whole(vm: &mut Vm, files: Files, handle: i32, name: Value) -> R {
    let mut text = Text::new(vm)?;
    while text.len < 2 && text.read_some(vm, files, handle)? {}
    // An `.mpy` file starts with the letter M and a version number, which no source does.
    if let (Some(b'M'), Some(0..=31)) = (text.next_byte(vm.heap()), text.next_byte(vm.heap())) {
        return mpy(vm, files, handle);
    }
    while text.read_some(vm, files, handle)? {}
    let name = vm.with_heap(|h| h.intern_value(name))?;
    compile_source(vm, &mut text, name, Mode::File)
}

#[cfg(not(feature = "basic"))]
fn mpy(vm: &mut Vm, _: Files, _: i32) -> R {
    Err(super::source::no_mpy(vm))
}

/// Reads an `.mpy` file into a cell and makes its code.
#[cfg(feature = "basic")]
fn mpy(vm: &mut Vm, files: Files, handle: i32) -> R {
    let size = vm.outside(|| files.seek(handle, 0, Origin::End)).unwrap_or(0) as usize;
    on_file(vm.outside(|| files.seek(handle, 0, Origin::Start)), vm)?;
    let raw = vm.with_heap(|h| h.alloc(Kind::Raw, size.div_ceil(4).max(1)))?;
    vm.push(raw)?;
    let mut n = 0;
    while n < size {
        let room = vm.heap().cell_span(raw, 0, size).sub(n, size);
        match on_file(vm.lend_span(room, true, |room| files.read(handle, room))?, vm)? {
            0 => break,
            more => n += more,
        }
        vm.tick(100)?;
    }
    vm.lend_heap(|h| {
        let made = read::load(h, Place::Cell(raw, 0, n))?;
        h.keep(made)?;
        #[cfg(not(feature = "tiny"))]
        crate::code::fuse::tree(h, made);
        Ok(made)
    })
}
