//! Running programs from source text, files, `.mpy` images and modules; showing what they raise.
//!
//! Invariant: between programs the stack is as deep as before, and no exception is on its way.

use super::Runtime;
use crate::builtins::chain;
use crate::builtins::eval::{compile_source, compile_value};
use crate::builtins::print::emit_text;
use crate::builtins::source::compile_file;
use crate::code::{disasm, object as code, read};
use crate::compile::{Mode, SliceSource, Source};
use crate::heap::{Heap, Kind, Place, R, Raised, TypeId, Value};
use crate::object::exc::field;
use crate::object::{dict, int, list, str, tuple};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::Mode as Show;
use crate::vm::state::Root;

/// How a program ended that did not reach its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// `SystemExit` with this status; a text to be shown may be in the exception.
    Exit(i32),
    Raised,
}

/// Shows an exception with its traceback, as at the end of a program.
pub fn print_exception(vm: &mut Vm, e: Value) -> R<()> {
    let at = vm.push(e)?;
    let done = chain::show(vm, e, show_exception);
    vm.drop_to(at);
    done
}

fn show_exception(vm: &mut Vm, e: Value) -> R<()> {
    if !vm.heap().is(e, Kind::Exception) {
        vm.print(e, Show::Repr)?;
        return vm.emit(b"\n");
    }
    let limit = traceback_limit(vm);
    if let Some(trace) = vm.heap().slot(e, field::TRACEBACK) {
        vm.push(trace)?;
        crate::code::object::settle_trace(vm.heap_mut(), trace);
        let mut n = 0;
        while n * 3 + 2 < vm.heap().words(trace) && vm.heap().slot(trace, n * 3).is_some() {
            n += 1;
        }
        let first = n.saturating_sub(limit);
        if n > first {
            vm.emit(b"Traceback (most recent call last):\n")?;
        }
        for i in (first..n).rev() {
            let times = vm.heap().field(trace, i * 3);
            if !times.is_small() {
                show_place(vm, trace, i * 3)?;
            }
            // Behind the places that are equal, which stand before it.
            chain::show_repeated(vm, trace, i)?;
            vm.let_tasks_in();
        }
        chain::show_source(vm, e)?;
    }
    let own = vm.lookup_special(e, q!("__repr__"))?;
    if own != Value::STOP && vm.type_of(e).as_type_id().is_none() {
        let text = vm.call(own, &[])?;
        emit_text(vm, text)?;
    } else {
        let name = vm.type_name(e);
        emit_text(vm, name)?;
        vm.emit(b": ")?;
        show_arguments(vm, e)?;
    }
    vm.emit(b"\n")?;
    #[cfg(feature = "except-star")]
    crate::builtins::groups::show_items(vm, e)?;
    Ok(())
}

/// The arguments, whatever `__str__` the exception's class may have.
fn show_arguments(vm: &mut Vm, e: Value) -> R<()> {
    if vm.exception_is(e, TypeId::OSError) || vm.type_of(e).as_type_id().is_some() {
        return match vm.type_def(e).print {
            Some(f) => f(vm, e, Show::Str),
            None => vm.print(e, Show::Str),
        };
    }
    let args = vm.heap().field(e, field::ARGS);
    match (tuple::len(vm.heap(), args), tuple::get(vm.heap(), args, 0)) {
        (0, _) => Ok(()),
        (1, Some(only)) => vm.print(only, Show::Str),
        _ => vm.print(args, Show::Repr),
    }
}

/// One line of a traceback: file, line and function stand at `i` of its array.
fn show_place(vm: &mut Vm, trace: Value, i: usize) -> R<()> {
    let (file, line) = (vm.heap().field(trace, i), vm.heap().field(trace, i + 1));
    vm.emit(b"  File \"")?;
    emit_text(vm, file)?;
    vm.emit(b"\", line ")?;
    vm.print(line, Show::Str)?;
    if let Some(name) = vm.heap().slot(trace, i + 2).filter(|n| !vm.heap().str_bytes(*n).is_empty()) {
        vm.emit(b", in ")?;
        emit_text(vm, name)?;
    }
    vm.emit(b"\n")
}

/// `sys.tracebacklimit`, where the program has set it.
fn traceback_limit(vm: &mut Vm) -> usize {
    let set = vm.root(Root::SysAttrs).and_then(|all| {
        let own = dict::get_name(vm.heap(), all, q!("sys"))?;
        int::to_i64(vm.heap(), dict::get_name(vm.heap(), own, q!("tracebacklimit"))?)
    });
    set.map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(0))
}

/// What ends a program without a traceback: the status of `SystemExit`.
fn exit_status(heap: &Heap, e: Value) -> i32 {
    let arg = tuple::get(heap, heap.field(e, field::ARGS), 0);
    match arg {
        None => 0,
        Some(v) if v.is_none() => 0,
        Some(v) => int::to_i64(heap, v).map_or(1, |n| n as i32),
    }
}

impl Runtime {
    /// Runs a module-level code in `__main__`.
    pub fn run_code(&mut self, code: R) -> Result<Value, Failed> {
        let main = self.main();
        let done = code.and_then(|c| self.vm.run_code(c, main, main));
        done.map_err(|Raised| self.classify())
    }
    /// What the exception on its way means for the program.
    #[cold]
    #[inline(never)]
    fn classify(&mut self) -> Failed {
        if self.vm.raised_is(TypeId::SystemExit) {
            let e = self.vm.take_raised();
            let status = exit_status(self.vm.heap(), e);
            self.vm.set_root(Root::Handled, Some(e));
            return Failed::Exit(status);
        }
        let e = self.vm.take_raised();
        self.vm.set_root(Root::Handled, Some(e));
        Failed::Raised
    }
    /// The exception with which the last program failed, once.
    pub fn exception(&mut self) -> Option<Value> {
        let e = self.vm.root(Root::Handled);
        self.vm.set_root(Root::Handled, None);
        e
    }
    /// What `SystemExit` says, where its argument is neither a number nor None.
    pub fn exit_message(&mut self) -> Option<Value> {
        let e = self.exception()?;
        let arg = tuple::get(self.vm.heap(), self.vm.heap().field(e, field::ARGS), 0)?;
        if arg.is_none() || int::to_i64(self.vm.heap(), arg).is_some() {
            return None;
        }
        let text = self.vm.to_str(arg, Show::Str);
        if text.is_err() {
            self.vm.heap_mut().raised = None;
        }
        text.ok()
    }
    /// Shows it on the present output; a second exception on the way is dropped.
    pub fn show_exception(&mut self) {
        if let Some(e) = self.exception()
            && print_exception(&mut self.vm, e).is_err()
        {
            self.vm.heap_mut().raised = None;
        }
    }
    /// What was pasted stands on the terminal: a syntax error need not show its line.
    pub(super) fn forget_source(&mut self) {
        if let Some(e) = self.vm.root(Root::Handled).filter(|e| self.vm.heap().is(*e, Kind::Exception)) {
            chain::forget_source(&mut self.vm, e);
        }
    }
    /// Its text, as `show_exception` shows it.
    pub fn exception_text(&mut self) -> Option<Value> {
        let e = self.exception()?;
        let slot = self.vm.push(e).ok()?;
        let text = crate::builtins::print::buffered(&mut self.vm, |vm| print_exception(vm, e));
        self.vm.drop_to(slot);
        if text.is_err() {
            self.vm.heap_mut().raised = None;
        }
        text.ok()
    }

    /// A name or string for use in this runtime.
    pub fn text(&mut self, text: &str) -> R {
        self.vm.with_heap(|h| h.intern(text.as_bytes()))
    }

    /// Runs source text. `name` appears in tracebacks.
    pub fn run_source(&mut self, source: &mut dyn Source, name: &str, mode: Mode) -> Result<Value, Failed> {
        let code = self.text(name).and_then(|name| compile_source(&mut self.vm, source, name, mode));
        self.run_code(code)
    }
    pub fn run_text(&mut self, text: &[u8], name: &str, mode: Mode) -> Result<Value, Failed> {
        self.run_source(&mut SliceSource::new(text), name, mode)
    }
    /// Runs the program in a str or bytes object.
    pub fn run_value(&mut self, source: Value, name: Value, mode: Mode) -> Result<Value, Failed> {
        let code = compile_value(&mut self.vm, source, name, mode);
        self.run_code(code)
    }
    /// Compiles source text and does not run it.
    pub fn check_source(&mut self, source: &mut dyn Source, name: &str) -> Result<(), Failed> {
        let code = self.text(name).and_then(|name| compile_source(&mut self.vm, source, name, Mode::File));
        code.map(|_| ()).map_err(|Raised| self.classify())
    }
    /// Runs a file, source or `.mpy`, as `__main__`.
    pub fn run_file(&mut self, path: &str) -> Result<Value, Failed> {
        let code = self.file_code(path);
        self.run_code(code)
    }
    /// Runs a file as `run_file` does, after listing its code on the console (`-v -v`).
    pub fn list_and_run_file(&mut self, path: &str) -> Result<Value, Failed> {
        self.vm.set_format_lines();
        let code = self.file_code(path).and_then(|c| {
            self.list(c)?;
            Ok(c)
        });
        self.run_code(code)
    }
    /// Lists a code and all codes inside it on the console.
    fn list(&mut self, code: Value) -> R<()> {
        let vm = &mut self.vm;
        let at = vm.push(code)?;
        let texts = vm.with_heap(list::new)?;
        vm.push(texts)?;
        let unit = code::unit(vm.heap(), code);
        let mut i = 0;
        while let Some(v) = code::const_at(vm.heap(), unit, i) {
            let text = vm.to_str(v, Show::Repr)?;
            let slot = vm.push(text)?;
            vm.with_heap2(list::append, texts, text)?;
            vm.drop_to(slot);
            i += 1;
        }
        let mut all = vm.with_heap1(disasm::codes, code)?;
        let mut port = vm.port();
        for i in 0..all.len() {
            let Some(c) = all.get(vm.heap(), i) else { break };
            let listed = disasm::list(vm.heap(), c, &mut port, &mut |heap, i, out| {
                out.write(list::get(heap, texts, i as usize).map_or(&[], |s| heap.str_bytes(s)))
            });
            if listed.is_err() {
                // A console that takes no more: the rest of the listing has no reader.
                break;
            }
        }
        all.free(vm.heap_mut());
        vm.drop_to(at);
        Ok(())
    }
    /// What `micropython.mem_info()` tells.
    pub fn show_memory(&mut self) -> Result<(), Failed> {
        let done = crate::modules::micropython::show_memory(&mut self.vm);
        done.map_err(|Raised| self.classify())
    }
    // Gone from the native stack when the program runs.
    #[inline(never)]
    fn file_code(&mut self, path: &str) -> R {
        let path = self.text(path)?;
        let at = self.vm.push(path)?;
        let main = self.main();
        self.vm.with_heap3(dict::set_name, main, q!("__file__"), path)?;
        let code = compile_file(&mut self.vm, path, path);
        self.vm.drop_to(at);
        code
    }
    /// Compiles a file and does not run it.
    pub fn check_file(&mut self, path: &str) -> Result<(), Failed> {
        let code = self.file_code(path);
        code.map(|_| ()).map_err(|Raised| self.classify())
    }
    /// Runs a verified `.mpy` image where it lies.
    pub fn run_mpy(&mut self, image: &'static [u8]) -> Result<Value, Failed> {
        let code = self.vm.lend_heap(|h| read::load(h, Place::Flash(image)));
        self.run_code(code)
    }
    /// Runs a module as `__main__` (`-m`): a file found on `sys.path`, or a package's `__main__`.
    pub fn run_module(&mut self, name: &str) -> Result<Value, Failed> {
        let done = self.module_code(name);
        match done {
            Ok(Some(code)) => self.run_code(Ok(code)),
            Ok(None) => Ok(Value::NONE),
            Err(Raised) => Err(self.run_code(Err(Raised)).err().unwrap_or(Failed::Raised)),
        }
    }
    fn module_code(&mut self, name: &str) -> R<Option<Value>> {
        use crate::vm::def::Loaded;
        let mut search = None;
        let mut rest = name.split('.').peekable();
        while let Some(part) = rest.next() {
            let last = rest.peek().is_none();
            let own = self.text(part)?;
            match super::loader::load(&mut self.vm, own, search)? {
                Loaded::Missing => break,
                Loaded::Code { code, path, file } if last => {
                    let main = self.main();
                    let at = self.vm.push(code)?;
                    self.vm.push(file)?;
                    let package = path.is_some();
                    self.vm.with_heap3(dict::set_name, main, q!("__file__"), file)?;
                    let code = self.vm.get(at);
                    if !package {
                        self.vm.drop_to(at);
                        return Ok(Some(code));
                    }
                    // A package: its own code, then its `__main__`.
                    self.vm.run_code(code, main, main)?;
                    self.vm.drop_to(at);
                    return match super::loader::load(&mut self.vm, q!("__main__"), path)? {
                        Loaded::Code { code, .. } => Ok(Some(code)),
                        _ => Ok(None),
                    };
                }
                Loaded::Namespace { path } => search = Some(path),
                Loaded::Code { path, .. } => {
                    // Packages on the way are imported, as `import` would.
                    let end = part.as_ptr().addr() - name.as_ptr().addr() + part.len();
                    let whole = self.text(name.get(..end).unwrap_or(name))?;
                    self.vm.import(whole, Value::TRUE, 0)?;
                    search = path;
                }
            }
        }
        let name = self.text(name)?;
        let parts = [
            crate::object::exc::Part::S("no module named '"),
            crate::object::exc::Part::V(name),
            crate::object::exc::Part::S("'"),
        ];
        Err(crate::object::exc::raise_parts(self.vm.heap_mut(), TypeId::ImportError, &parts))
    }

    /// Calls what `sys.atexit` was given, once.
    pub fn run_atexit(&mut self) -> Result<(), Failed> {
        self.vm.call_at_exit().map_err(|Raised| self.classify())
    }

    /// Puts a string at the end of `sys.path` or `sys.argv`.
    pub fn add_path(&mut self, text: &str) -> R<()> {
        let l = crate::modules::sys::path(&mut self.vm)?;
        self.append(l, text)
    }
    /// Replaces the first entry of `sys.path`, the folder of the program.
    pub fn set_first_path(&mut self, text: &str) -> R<()> {
        let l = crate::modules::sys::path(&mut self.vm)?;
        let s = self.vm.with_heap1(str::new, text.as_bytes())?;
        self.vm.subscr(l, Value::small(0), crate::vm::def::Access::Store(s)).map(|_| ())
    }
    pub fn add_argument(&mut self, text: &str) -> R<()> {
        let l = crate::modules::sys::argv(&mut self.vm)?;
        self.append(l, text)
    }
    fn append(&mut self, l: Value, text: &str) -> R<()> {
        self.vm.with_heap(|h| {
            let s = str::new(h, text.as_bytes())?;
            crate::object::list::append(h, l, s)
        })
    }
    /// Opens a path of the board's files as `sys.stderr`.
    #[cfg(feature = "basic")]
    pub fn open_stderr(&mut self, path: &str) -> R<()> {
        use crate::builtins::source::{on_path, os_error};
        use crate::port::{PYR_OPEN_APPEND, PYR_OPEN_WRITE};
        let path = self.text(path)?;
        let handle = on_path(&mut self.vm, path, |f, p| f.open(p, PYR_OPEN_WRITE | PYR_OPEN_APPEND))?;
        let handle = handle.map_err(|e| os_error(self.vm.heap_mut(), e))?;
        let file = crate::modules::file::of_handle(&mut self.vm, handle, q!("<stderr>"))?;
        self.vm.set_root(Root::Stderr, Some(file));
        Ok(())
    }
}
