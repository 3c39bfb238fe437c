//! The friendly REPL: prompt, line editing, paste mode; ctrl-A changes to the raw one.
//!
//! Invariants
//! - while a line is edited the host's `terminal` hook was last called with `Keys`, while its program runs with `Usual`;
//! - ctrl-D on an empty line ends it; what a program raises is shown, and the prompt comes back.

use super::exec::Failed;
use super::line::{Editor, Key, next_key, wants_more};
use super::raw::RawEnd;
use super::{BANNER, Runtime};
use crate::compile::Mode;
use crate::heap::{R, Raised, Value};
use crate::object::{bytearray, list, str};
use crate::q;
use crate::vm::{Slot, Vm};

/// What the REPL's surroundings want.
#[derive(Clone, Copy, Default)]
pub struct ReplOptions {
    /// Told what the terminal is to be from now on: a host switches it.
    pub terminal: Option<fn(Terminal)>,
    /// Begins in raw mode.
    pub raw: bool,
    /// Says nothing at the start.
    pub quiet: bool,
}

/// What a terminal does with keys and lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terminal {
    /// What it did at the start: a program runs.
    Usual,
    /// Each key comes as it is typed, ctrl-C too; nothing is shown or changed that was not sent.
    Keys,
    /// The same, but ctrl-C interrupts: a tool's program runs.
    Program,
}

/// Why the REPL ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplEnd {
    /// `SystemExit` with this status.
    Exit(i32),
    /// ctrl-D, or the end of input.
    End,
    /// As `End`, in raw mode.
    EndRaw,
}

/// What was entered.
enum Entered {
    Program,
    Paste,
    Nothing,
    Raw,
    Friendly,
    End,
}

/// `sys.ps1` or `sys.ps2` as a str.
pub(super) fn prompt(vm: &mut Vm, which: Value) -> R {
    let Some(sys) = vm.builtin_module(q!("sys")) else { return Ok(q!(">>> ")) };
    let v = vm.get_attr(sys, which)?;
    if str::is_str(vm.heap(), v) { Ok(v) } else { vm.to_str(v, crate::vm::def::Mode::Str) }
}

impl Runtime {
    /// A REPL on the port's console.
    pub fn repl(&mut self, options: &ReplOptions) -> ReplEnd {
        let mut raw = options.raw;
        let base = match self.repl_slots() {
            Ok(s) => s,
            Err(Raised) => return ReplEnd::End,
        };
        self.terminal(options, Terminal::Keys);
        if !raw && !options.quiet {
            self.banner();
        }
        let end = loop {
            if raw {
                match self.raw_repl(options) {
                    RawEnd::Friendly => {
                        raw = false;
                        self.banner();
                        continue;
                    }
                    RawEnd::Repl(end) => break end,
                }
            }
            while self.vm.heap().locks() > 0 {
                self.vm.heap_mut().unlock();
            }
            self.terminal(options, Terminal::Keys);
            let entered = self.enter(base);
            let mode = match entered {
                Ok(Entered::Program) => Mode::Single,
                Ok(Entered::Paste) => Mode::File,
                Ok(Entered::Nothing) => continue,
                Ok(Entered::Friendly) => {
                    self.vm.port().console_write(b"\r\n");
                    self.banner();
                    continue;
                }
                Ok(Entered::Raw) => {
                    self.vm.port().console_write(b"\r\n");
                    raw = true;
                    continue;
                }
                Ok(Entered::End) => break ReplEnd::End,
                Err(Raised) => {
                    // Out of memory, or an interrupt between two lines.
                    let _: Result<Value, Failed> = self.run_code(Err(Raised));
                    self.show_exception();
                    continue;
                }
            };
            let program = self.vm.get(base);
            self.terminal(options, Terminal::Usual);
            self.vm.interrupt_typed_ahead();
            match self.run_value(program, q!("<stdin>"), mode) {
                Ok(_) => {}
                Err(Failed::Raised) => {
                    if mode == Mode::File {
                        self.forget_source();
                    }
                    self.show_exception()
                }
                Err(Failed::Exit(n)) => break ReplEnd::Exit(n),
            }
        };
        self.terminal(options, Terminal::Usual);
        self.vm.drop_to(base);
        end
    }

    /// Slots for the text and, behind it, the history.
    fn repl_slots(&mut self) -> R<Slot> {
        let text = self.vm.with_heap(bytearray::new)?;
        let base = self.vm.push(text)?;
        let history = self.vm.with_heap(list::new)?;
        self.vm.push(history)?;
        Ok(base)
    }

    /// Prepares the terminal, where the host has one to prepare, the ends of lines that suit it, and what ctrl-C means:
    /// at the prompt it is a key.
    pub(super) fn terminal(&mut self, options: &ReplOptions, to: Terminal) {
        let interrupt = &self.vm.state().interrupt;
        interrupt.enable(to != Terminal::Keys);
        if to == Terminal::Keys {
            // One that came too late for its program has no other.
            interrupt.swap_out();
        }
        if let Some(f) = options.terminal {
            f(to);
            self.vm.state_mut().crlf = to != Terminal::Usual;
        }
    }
    fn banner(&mut self) {
        self.vm.port().console_text(BANNER.as_bytes(), true);
    }

    fn put_prompt(&mut self, which: Value) -> R<()> {
        let text = prompt(&mut self.vm, which)?;
        let port = self.vm.port();
        port.console_write(self.vm.heap().str_bytes(text));
        Ok(())
    }

    /// Reads one input of one or more lines into the text.
    fn enter(&mut self, base: Slot) -> R<Entered> {
        let text = self.vm.get(base);
        bytearray::truncate(self.vm.heap_mut(), text, 0);
        let mut editor = Editor::new(base, Slot(base.0 + 1));
        self.put_prompt(q!("ps1"))?;
        let port = self.vm.port();
        loop {
            editor.start_line(&mut self.vm)?;
            match editor.read(&mut self.vm)? {
                Key::Enter => {}
                Key::End => return Ok(Entered::End),
                Key::Control(3) => {
                    port.console_write(b"\r\n");
                    return Ok(Entered::Nothing);
                }
                Key::Control(4) => {
                    port.console_write(b"\r\n");
                    return Ok(Entered::End);
                }
                Key::Control(1) => return Ok(Entered::Raw),
                Key::Control(2) => return Ok(Entered::Friendly),
                Key::Control(_) => return self.paste(base),
            }
            let all = self.vm.heap().span_bytes(bytearray::span(self.vm.heap(), text));
            if all.is_empty() {
                return Ok(Entered::Nothing);
            }
            if !wants_more(all) {
                editor.remember(&mut self.vm)?;
                return Ok(Entered::Program);
            }
            self.vm.with_heap2(bytearray::push, text, b'\n')?;
            self.put_prompt(q!("ps2"))?;
        }
    }

    /// Paste mode: everything up to ctrl-D, shown as it comes, without indentation of our own.
    fn paste(&mut self, base: Slot) -> R<Entered> {
        let port = self.vm.port();
        let text = self.vm.get(base);
        bytearray::truncate(self.vm.heap_mut(), text, 0);
        port.console_write(b"\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== ");
        loop {
            let Some(b) = next_key(&mut self.vm)? else { return Ok(Entered::End) };
            match b {
                3 => {
                    port.console_write(b"\r\n");
                    return Ok(Entered::Nothing);
                }
                4 => {
                    port.console_write(b"\r\n");
                    return Ok(Entered::Paste);
                }
                b'\r' | b'\n' => {
                    self.vm.with_heap2(bytearray::push, text, b'\n')?;
                    port.console_write(b"\r\n=== ");
                }
                b => {
                    self.vm.with_heap2(bytearray::push, text, b)?;
                    port.console_write(&[b]);
                }
            }
        }
    }
}
