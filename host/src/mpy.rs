//! Python text to the bytes of an `.mpy` file, for the host commands that write such files.

use pyrite::compile::{Options, SliceSource, compile};
use pyrite::heap::lent::lend;
use pyrite::heap::{Heap, Kind, TypeId};
use std::io;

/// The exception on its way, as a traceback.
pub fn complaint(heap: &Heap) -> String {
    let text = |v| String::from_utf8_lossy(heap.str_bytes(v)).into_owned();
    let Some(e) = heap.raised.filter(|e| heap.is(*e, Kind::Exception)) else {
        return "MemoryError: the heap is too small (-X heapsize=)".into();
    };
    let name = match heap.field(e, 0).as_type_id() {
        Some(TypeId::IndentationError) => "IndentationError",
        Some(TypeId::NotImplementedError) => "NotImplementedError",
        Some(TypeId::ValueError) => "ValueError",
        Some(TypeId::RuntimeError) => "RuntimeError",
        _ => "SyntaxError",
    };
    let message = pyrite::object::tuple::get(heap, heap.field(e, 1), 0).map(text).unwrap_or_default();
    let mut out = String::from("Traceback (most recent call last):\n");
    if let Some(entry) = heap.slot(e, 2) {
        out += &format!("  File \"{}\", line {}\n", text(heap.field(entry, 0)), heap.int(entry, 1));
    }
    out + &format!("{name}: {message}")
}

/// What cannot be opened, in MicroPython's words.
pub fn cannot_open(path: &str, e: &io::Error) -> String {
    format!("OSError: ({}, \"can't open {path}\")", e.raw_os_error().unwrap_or(5))
}

/// The `.mpy` file of a module, or what is wrong with it. `name` is what tracebacks call it.
pub fn to_mpy(text: &[u8], name: &str, how: &Options, heap_bytes: usize) -> Result<Vec<u8>, String> {
    let mut memory = vec![0u64; (heap_bytes / 8).max(128)];
    // SAFETY: `memory` is 8-aligned, outlives the heap and is used by nothing else.
    #[allow(unsafe_code)]
    let mut heap = unsafe { Heap::new(memory.as_mut_ptr().cast(), memory.len() * 8) };
    let made = heap.intern(name.as_bytes()).and_then(|file_name| {
        let code = compile(&mut heap, &mut SliceSource::new(text), &Options { file_name, ..*how })?;
        lend(&mut heap, None, |heap| pyrite::code::write::to_bytes(heap, code))
    });
    match made {
        Ok(v) => Ok(heap.str_bytes(v).to_vec()),
        Err(_) => Err(complaint(&heap)),
    }
}
