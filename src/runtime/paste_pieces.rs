//! A pasted program, compiled while it comes in: there is no room for all of its text. The VM stays this task's meanwhile.

use super::raw::Window;
use crate::builtins::eval::compile_source;
use crate::compile::{Mode, Source};
use crate::heap::{Heap, R, TypeId};
use crate::object::exc;
use crate::port::{Input, Port, Wake};
use crate::q;
use crate::vm::Vm;

/// The code of the program that comes in; true where it was cut off.
pub fn compile(vm: &mut Vm) -> (R, bool) {
    let mut source = Pasted {
        port: vm.port(),
        wake: vm.fiber().wake,
        ahead: vm.state_mut().ahead.take(),
        window: Window::new(),
        read: false,
        lost: false,
        ended: false,
    };
    let code = compile_source(vm, &mut source, q!("<stdin>"), Mode::File);
    // The rest of a program that was refused.
    while !source.ended {
        source.take();
    }
    let code = match code {
        // Memory ran out on the way, and a second attempt found nothing left to read.
        Ok(_) if source.lost => Err(exc::raise_bare(vm.heap_mut(), TypeId::MemoryError)),
        code => code,
    };
    (code, source.window.cut)
}

/// A program as it comes in.
struct Pasted {
    port: Port,
    /// The wake object of the task that reads.
    wake: Option<Wake>,
    /// Came before the paste began.
    ahead: Option<u8>,
    window: Window,
    /// Something was read.
    read: bool,
    /// It was to be read again, which it cannot.
    lost: bool,
    ended: bool,
}

impl Pasted {
    /// The next byte of the console; the compiler has no VM to wait with.
    fn byte(&mut self) -> Option<u8> {
        if let Some(b) = self.ahead.take() {
            return Some(b);
        }
        loop {
            let mut one = [0u8; 1];
            match self.port.console_read(&mut one) {
                Input::Bytes(_) => return one.first().copied(),
                Input::End => return None,
                Input::Nothing => {
                    if let Some(wake) = self.wake {
                        self.port.console_notify(Some(&wake));
                        wake.wait(10_000);
                        self.port.console_notify(None);
                    }
                }
            }
        }
    }
    /// The next byte of the program.
    fn take(&mut self) -> Option<u8> {
        let b = self.byte();
        let b = self.window.take(self.port, b);
        self.ended = b.is_none();
        b
    }
}

impl Source for Pasted {
    fn next_byte(&mut self, _: &Heap) -> Option<u8> {
        if self.ended || self.lost {
            return None;
        }
        self.read = true;
        self.take()
    }
    fn rewind(&mut self) {
        self.lost = self.read;
    }
}
