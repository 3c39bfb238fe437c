//! Below level `basic` the prompt completes no names.

use super::line::Editor;
use crate::heap::R;
use crate::vm::Vm;

/// Nothing follows.
pub fn complete(_: &mut Vm, _: &mut Editor) -> R<()> {
    Ok(())
}
