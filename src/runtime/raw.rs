//! The raw REPL: programs sent by a tool, byte for byte as MicroPython's documentation describes it, raw paste included.
//!
//! Invariants
//! - what a program prints comes between `OK` and the first ctrl-D, its traceback before the second one;
//! - in raw paste the host may send as many bytes as it was granted; each window that was read is granted again.

use super::Runtime;
use super::exec::Failed;
use super::line::next_key;
use super::repl::{ReplEnd, ReplOptions, Terminal};
use crate::compile::{Mode, Source};
use crate::heap::{Heap, R, Raised, TypeId, Value};
use crate::object::{bytearray, exc};
use crate::port::{Input, Port};
use crate::q;
use crate::vm::{Slot, Vm};

const CTRL_A: u8 = 1;
const CTRL_B: u8 = 2;
const CTRL_C: u8 = 3;
const CTRL_D: u8 = 4;
const CTRL_E: u8 = 5;

const HELLO: &[u8] = b"raw REPL; CTRL-B to exit\r\n";

/// How the raw REPL was left.
pub enum RawEnd {
    /// Back to the friendly one.
    Friendly,
    Repl(ReplEnd),
}

impl Runtime {
    pub(super) fn raw_repl(&mut self, options: &ReplOptions) -> RawEnd {
        let vm = &mut self.vm;
        let Ok(made) = vm.with_heap(bytearray::new) else { return RawEnd::Repl(ReplEnd::EndRaw) };
        let Ok(text) = vm.push(made) else { return RawEnd::Repl(ReplEnd::EndRaw) };
        let end = self.raw_loop(text, options);
        self.vm.drop_to(text);
        end
    }

    fn raw_loop(&mut self, text: Slot, options: &ReplOptions) -> RawEnd {
        let port = self.vm.port();
        self.terminal(options, Terminal::Keys);
        port.console_write(HELLO);
        loop {
            port.console_write(b">");
            match self.collect(text) {
                Collected::Program => {}
                Collected::Again => {
                    port.console_write(HELLO);
                    continue;
                }
                Collected::Friendly => {
                    port.console_write(b"\r\n");
                    return RawEnd::Friendly;
                }
                Collected::Paste => {
                    port.console_write(b"R\x01");
                    if let Some(end) = self.raw_paste(options) {
                        return RawEnd::Repl(end);
                    }
                    continue;
                }
                Collected::Unknown => {
                    port.console_write(b"R\x00");
                    continue;
                }
                Collected::End => return RawEnd::Repl(ReplEnd::End),
            }
            port.console_write(b"OK");
            if bytearray::len(self.vm.heap(), self.vm.get(text)) == 0 {
                port.console_write(b"\r\n");
                return RawEnd::Repl(ReplEnd::EndRaw);
            }
            let program = self.vm.get(text);
            self.terminal(options, Terminal::Program);
            let done = self.run_value(program, q!("<stdin>"), Mode::File);
            self.terminal(options, Terminal::Keys);
            if let Some(end) = self.report(done) {
                return RawEnd::Repl(end);
            }
        }
    }

    /// Ends a program's output, and shows what it raised.
    fn report(&mut self, done: Result<Value, Failed>) -> Option<ReplEnd> {
        let port = self.vm.port();
        port.console_write(&[CTRL_D]);
        match done {
            Ok(_) => {}
            Err(Failed::Raised) => self.show_exception(),
            Err(Failed::Exit(n)) => {
                port.console_write(&[CTRL_D]);
                return Some(ReplEnd::Exit(n));
            }
        }
        port.console_write(&[CTRL_D]);
        None
    }

    /// Reads up to the control character that ends the input.
    fn collect(&mut self, text: Slot) -> Collected {
        let vm = &mut self.vm;
        let mut lost = false;
        let all = vm.get(text);
        bytearray::truncate(vm.heap_mut(), all, 0);
        loop {
            let b = match next_key(vm) {
                Ok(Some(b)) => b,
                Ok(None) => return Collected::End,
                // What a scheduled function raises while nothing runs cuts the line, as ctrl-C does.
                Err(Raised) => {
                    vm.heap_mut().raised = None;
                    CTRL_C
                }
            };
            match b {
                CTRL_A => {
                    let sent = vm.heap().span_bytes(bytearray::span(vm.heap(), all));
                    return match sent {
                        [CTRL_E, b'A'] => Collected::Paste,
                        [CTRL_E, _] => Collected::Unknown,
                        _ => Collected::Again,
                    };
                }
                CTRL_B => return Collected::Friendly,
                CTRL_C => bytearray::truncate(vm.heap_mut(), all, 0),
                CTRL_D if lost => {
                    // The program did not fit: what is run raises the MemoryError that its first line met.
                    bytearray::truncate(vm.heap_mut(), all, 0);
                    let _ = bytearray::extend(vm.heap_mut(), all, b"raise MemoryError");
                    vm.heap_mut().raised = None;
                    return Collected::Program;
                }
                CTRL_D => return Collected::Program,
                b if !lost => lost = vm.with_heap2(bytearray::push, all, b).is_err(),
                _ => {}
            }
        }
    }

    fn raw_paste(&mut self, options: &ReplOptions) -> Option<ReplEnd> {
        let port = self.vm.port();
        port.console_write(&[WINDOW, 0, 1]);
        // The memory that the last program left goes first: a pasted source cannot be read a second time.
        self.vm.collect_in_turns();
        let mut source = Pasted {
            port,
            vm_wait: wait(&self.vm),
            ahead: self.vm.state_mut().ahead.take(),
            left: WINDOW,
            read: false,
            lost: false,
            ended: false,
            cut: false,
        };
        let code = self.compile_pasted(&mut source);
        // The rest of a program that was refused.
        while !source.ended {
            source.take();
        }
        let code = match code {
            // Memory ran out on the way, and a second attempt found nothing left to read.
            Ok(_) if source.lost => Err(exc::raise_bare(self.vm.heap_mut(), TypeId::MemoryError)),
            code => code,
        };
        let done = if source.cut {
            let r = exc::raise_bare(self.vm.heap_mut(), TypeId::KeyboardInterrupt);
            self.run_code(Err(r))
        } else {
            self.terminal(options, Terminal::Program);
            let done = self.run_code(code);
            self.terminal(options, Terminal::Keys);
            done
        };
        self.report(done)
    }

    fn compile_pasted(&mut self, source: &mut Pasted) -> R {
        let name = q!("<stdin>");
        crate::builtins::eval::compile_source(&mut self.vm, source, name, Mode::File)
    }
}

enum Collected {
    Program,
    /// ctrl-A: from the start.
    Again,
    Friendly,
    Paste,
    /// A command that this version does not know.
    Unknown,
    End,
}

/// Bytes that the host may send before it must wait.
const WINDOW: u8 = 128;

/// The wake object of the task that reads.
fn wait(vm: &Vm) -> Option<crate::port::Wake> {
    vm.fiber().wake
}

/// A program as it comes in.
struct Pasted {
    port: Port,
    vm_wait: Option<crate::port::Wake>,
    /// Came before the paste began.
    ahead: Option<u8>,
    left: u8,
    /// Something was read.
    read: bool,
    /// It was to be read again, which it cannot.
    lost: bool,
    ended: bool,
    /// ctrl-C came instead of the end.
    cut: bool,
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
                    if let Some(wake) = self.vm_wait {
                        self.port.console_notify(Some(&wake));
                        wake.wait(10_000);
                        self.port.console_notify(None);
                    }
                }
            }
        }
    }
    /// The next byte of the program, and a new grant when the window is used up.
    fn take(&mut self) -> Option<u8> {
        let b = self.byte();
        match b {
            Some(CTRL_C | CTRL_D) | None => {
                self.ended = true;
                self.cut = b == Some(CTRL_C);
                self.port.console_write(&[CTRL_D]);
                return None;
            }
            Some(_) => {}
        }
        self.left -= 1;
        if self.left == 0 {
            self.left = WINDOW;
            self.port.console_write(&[1]);
        }
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
