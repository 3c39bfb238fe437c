//! Programs in the board's files are read while they compile, where memory and flash count most.

use super::source::{compile_pieces, open};
use crate::heap::{R, Value};
use crate::vm::Vm;

/// The code of the file at `path`; `name` appears in tracebacks.
pub fn compile_file(vm: &mut Vm, path: Value, name: Value) -> R {
    let (files, handle) = open(vm, path)?;
    let made = compile_pieces(vm, files, handle, name);
    // The file was only read: nothing is lost with an error from closing it.
    let _ = files.close(handle);
    made
}
