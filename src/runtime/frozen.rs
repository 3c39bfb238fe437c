//! Frozen modules: the paths that begin with `.frozen` lead into the blob that the firmware has linked.
//!
//! Invariants
//! - the blob is memory that is never written or given back, so its code runs where it lies;
//! - what a module knows as its file is the path inside the blob, as on MicroPython.

use super::loader::Files;
use crate::code::frozen::{Blob, Found};
use crate::heap::{Heap, Kind, R, Value};
use crate::modules::sys;
use crate::object::{list, str};
use crate::q;
use crate::vm::Vm;

/// Whose a path is: what lies there, if it is the blob's.
pub fn files(vm: &Vm, path: Value) -> Files {
    let text = vm.heap().str_bytes(path);
    let inside = match text.strip_prefix(b".frozen") {
        Some([]) => &[][..],
        Some([b'/', rest @ ..]) => rest,
        _ => return Files::Mounted,
    };
    match vm.state().frozen.find(inside) {
        Some(Found::File(bytes)) => Files::File { bytes, name_at: text.len() - inside.len() },
        Some(Found::Folder) => Files::Folder,
        None => Files::Nothing,
    }
}

fn is_entry(heap: &Heap, path: Value, i: usize) -> bool {
    list::get(heap, path, i).is_some_and(|v| str::is_str(heap, v) && heap.str_bytes(v) == b".frozen")
}

/// Modules that the firmware has linked, in the place of those it has given before; `.frozen` becomes an entry of
/// `sys.path`. False where the blob is damaged, cut or of another version: then nothing changes.
pub fn set(vm: &mut Vm, bytes: &'static [u8]) -> R<bool> {
    let Some(blob) = Blob::open(bytes) else { return Ok(false) };
    let path = sys::path(vm)?;
    let heap = vm.heap();
    // A program may have put anything in its place.
    if heap.is(path, Kind::List) && !(0..list::len(heap, path)).any(|i| is_entry(heap, path, i)) {
        vm.with_heap(|h| list::append(h, path, q!(".frozen")))?;
    }
    vm.state_mut().frozen = blob;
    Ok(true)
}
