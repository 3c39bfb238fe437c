//! The raw REPL: programs sent by a tool, byte for byte as MicroPython's documentation describes it, raw paste included.
//!
//! Invariants
//! - what a program prints comes between `OK` and the first ctrl-D, its traceback before the second one;
//! - in raw paste the host may send as many bytes as it was granted; each window that was read is granted again.

use super::Runtime;
use super::exec::Failed;
use super::line::next_key;
use super::paste;
use super::repl::{ReplEnd, ReplOptions, Terminal};
use crate::compile::Mode;
use crate::heap::{Raised, TypeId, Value};
use crate::object::{bytearray, exc};
use crate::port::Port;
use crate::q;
use crate::vm::Slot;

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
                // The VM is being closed.
                Err(Raised) if vm.raised_is(TypeId::SystemExit) => {
                    vm.heap_mut().raised = None;
                    return Collected::End;
                }
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
        if self.vm.collect_in_turns().is_err() {
            // What a callback raises, and what ctrl-C does, is for a program: there is none yet.
            self.vm.heap_mut().raised = None;
        }
        let (code, cut) = paste::compile(&mut self.vm);
        let done = if cut {
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
pub(super) const WINDOW: u8 = 128;

/// What the host may still send.
pub(super) struct Window {
    left: u8,
    /// ctrl-C came instead of the end.
    pub cut: bool,
}

impl Window {
    pub fn new() -> Window {
        Window { left: WINDOW, cut: false }
    }
    /// Counts a byte of the program, and grants more when the window is used up; `None`: it has ended, and the host hears of it.
    pub fn take(&mut self, port: Port, b: Option<u8>) -> Option<u8> {
        if let Some(CTRL_C | CTRL_D) | None = b {
            self.cut |= b == Some(CTRL_C);
            port.console_write(&[CTRL_D]);
            return None;
        }
        self.left -= 1;
        if self.left == 0 {
            self.left = WINDOW;
            port.console_write(&[1]);
        }
        b
    }
}
