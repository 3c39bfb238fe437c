//! Files below level `basic`: no file objects and no mounts; `import` and `execfile` read the board's files as they are.

use crate::builtins::source::{compile_file, kind_at};
use crate::heap::{R, Value};
use crate::port::FileKind;
use crate::vm::Vm;

/// What lies at a path, as `import` sees it.
pub fn kind(vm: &mut Vm, path: Value) -> R<Option<FileKind>> {
    kind_at(vm, path)
}

/// The code of the file at a path, source or `.mpy`.
pub fn code(vm: &mut Vm, path: Value) -> R {
    compile_file(vm, path, path)
}

/// No type of this level has a finalizer of its own.
pub fn finalize(_: &mut Vm, _: Value) -> R<()> {
    Ok(())
}
