//! A pasted program: read to its end, while others have the VM, and then compiled.

use super::line::next_key;
use super::raw::Window;
use crate::builtins::eval::compile_source;
use crate::builtins::source_ahead::Text;
use crate::compile::Mode;
use crate::heap::{R, Raised, TypeId};
use crate::q;
use crate::vm::Vm;

/// The code of the program that comes in; true where it was cut off.
pub fn compile(vm: &mut Vm) -> (R, bool) {
    let mut window = Window::new();
    let made = read(vm, &mut window).and_then(|mut text| {
        let made = compile_source(vm, &mut text, q!("<stdin>"), Mode::File);
        text.end(vm);
        made
    });
    (made, window.cut)
}

/// Reads to the end, whatever happens: what does not fit is passed over.
fn read(vm: &mut Vm, window: &mut Window) -> R<Text> {
    let mut text = Text::new(vm).ok();
    loop {
        let key = match next_key(vm) {
            Ok(key) => key,
            // The VM is being closed.
            Err(Raised) if vm.raised_is(TypeId::SystemExit) => return Err(Raised),
            // What interrupts the reading cuts the program off, as ctrl-C does; the host sends it to its end all the same.
            Err(Raised) => {
                vm.heap_mut().raised = None;
                window.cut = true;
                continue;
            }
        };
        let Some(b) = window.take(vm.port(), key) else { break };
        if let Some(so_far) = &mut text
            && so_far.push(vm, b).is_err()
            && let Some(lost) = text.take()
        {
            lost.end(vm);
        }
    }
    // The exception that was raised for it is gone by now.
    text.ok_or_else(|| vm.raise_bare(TypeId::MemoryError))
}
