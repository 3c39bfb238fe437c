//! Import: dotted names, packages, relative levels, and the instructions; finding files is the loader's (`Hooks::load`).
//!
//! Invariants
//! - a module stands in `sys.modules` before its code runs, and is taken out again if that fails;
//! - the instruction runs again after each module it had to load, so a chain of imports nests no loop.

use super::api::Vm;
use super::def::Loaded;
use super::fiber::{Slot, action};
use super::state::Root;
use super::typeof_::find_entry;
use crate::code::object as code;
use crate::heap::span::Span;
use crate::heap::{Kind, R, Raised, TypeId, Value};
use crate::object::exc::Part;
use crate::object::{bytes, dict, str};
use crate::q;

/// What one step of an import came to.
enum Step {
    Done(Value),
    /// Run this code as the body of this module, then step again.
    Run(Value, Value),
    /// A built-in module was entered in `sys.modules`: step again.
    Again,
}

impl Vm {
    /// IMPORT_NAME. Stack: level, names (tuple, None, or True from `import_from`). `again` lies before the instruction.
    pub(super) fn import_name_op(&mut self, name: Value, again: *const u8) -> R<()> {
        if let Some(f) =
            self.root(Root::Builtins).and_then(|d| dict::get_name(self.heap(), d, q!("__import__")))
        {
            return self.import_by(f, name);
        }
        let (level, from) = (self.top(1).as_small().unwrap_or(0), self.top(0));
        let globals = self.globals();
        match self.import_step(name, from, level, globals)? {
            Step::Done(m) => {
                self.drop_n(1);
                self.set_top(0, m);
                Ok(())
            }
            Step::Run(c, m) => {
                self.fiber_mut().ip = again;
                self.enter_module(c, m)
            }
            Step::Again => {
                self.fiber_mut().ip = again;
                Ok(())
            }
        }
    }
    /// A program's own `__import__`: `f(name, globals, None, names, level)`. Stack: level, names.
    fn import_by(&mut self, f: Value, name: Value) -> R<()> {
        let (level, from, globals) = (self.top(1), self.top(0), self.globals());
        self.set_top(1, f);
        self.set_top(0, name);
        for v in [globals, Value::NONE, from, level] {
            self.push(v)?;
        }
        self.call_on_stack(5, 0, action::PUSH)
    }
    fn enter_module(&mut self, c: Value, m: Value) -> R<()> {
        let d = self.heap().field(m, 0);
        self.push(m)?;
        self.push(c)?;
        self.push(d)?;
        self.enter_frame(c, 0, action::MODULE)
    }
    /// A module's code ended: its package gets it as an attribute. Stack: module, code, dict.
    pub(super) fn after_module(&mut self) -> R<()> {
        let (m, d) = (self.top(2), self.top(0));
        let name = dict::get_name(self.heap(), d, q!("__name__")).unwrap_or(q!(""));
        let dot = self.heap().str_bytes(name).iter().rposition(|b| *b == b'.');
        if let (Some(dot), Some(all)) = (dot, self.root(Root::Modules)) {
            let package = self.intern_part(name, 0, dot)?;
            let at = self.push(package)?;
            let own = self.intern_part(name, dot + 1, usize::MAX)?;
            self.drop_to(at);
            if let Some(p) =
                dict::get_name(self.heap(), all, package).filter(|p| self.heap().is(*p, Kind::Module))
            {
                let d = self.heap().field(p, 0);
                self.push(own)?;
                self.with_heap3(dict::set_name, d, own, m)?;
                self.drop_n(1);
            }
        }
        self.drop_n(3);
        Ok(())
    }
    /// A module's code raised. Stack: module, code, dict.
    pub(super) fn failed_module(&mut self) {
        let m = self.top(2);
        if !self.heap().is(m, Kind::Module) {
            return;
        }
        let d = self.heap().field(m, 0);
        if let (Some(name), Some(all)) =
            (dict::get_name(self.heap(), d, q!("__name__")), self.root(Root::Modules))
        {
            dict::del_name(self.heap_mut(), all, name);
        }
    }

    /// `__import__(name, …, from, level)`.
    pub fn import(&mut self, name: Value, from: Value, level: i32) -> R {
        let globals = self.globals();
        self.import_from(name, from, level, globals)
    }
    /// As `import`, by code with these globals.
    pub fn import_from(&mut self, name: Value, from: Value, level: i32, globals: Value) -> R {
        let at = self.push(name)?;
        self.push(from)?;
        self.push(globals)?;
        loop {
            match self.import_step(name, from, level, globals)? {
                Step::Done(m) => {
                    self.drop_to(at);
                    return Ok(m);
                }
                Step::Again => {}
                Step::Run(c, m) => {
                    self.push(c)?;
                    self.push(m)?;
                    // What the nested loop leaves on top does not matter: the next step finds the module.
                    self.nested(|vm| {
                        vm.push(Value::NONE)?;
                        vm.enter_module(c, m)
                    })?;
                }
            }
        }
    }

    fn import_step(&mut self, name: Value, from: Value, level: i32, globals: Value) -> R<Step> {
        let full = if level > 0 { self.absolute_name(name, level, globals)? } else { name };
        self.check_name_len(self.heap().str_bytes(full).len())?;
        if self.heap().str_bytes(full).is_empty() {
            return Err(self.raise(TypeId::ValueError, "Empty module name"));
        }
        let at = self.push(full)?;
        let modules = self.modules()?;
        self.push(modules)?;
        // What a relative name gives without `from` is the module of its own first part.
        let own = self.heap().str_bytes(name).len();
        let skip = self.heap().str_bytes(full).len() - own;
        let step = self.import_parts(full, modules, from, level > 0 && own == 0, skip);
        self.drop_to(at);
        step
    }
    /// Goes along the names of `full`, which is reachable; `last` asks for the module of the last one, else without `from`
    /// it is the first one from byte `skip` on.
    fn import_parts(&mut self, full: Value, modules: Value, from: Value, last: bool, skip: usize) -> R<Step> {
        let mut start = 0;
        let mut parent = None;
        let mut top = None;
        loop {
            let text = self.heap().str_bytes(full);
            let len = text.len();
            let end =
                text.get(start..).and_then(|t| t.iter().position(|b| *b == b'.')).map_or(len, |i| start + i);
            let key = self.intern_part(full, 0, end)?;
            let at = self.push(key)?;
            let own = self.intern_part(full, start, end)?;
            self.push(own)?;
            let m = match dict::get_name(self.heap(), modules, key) {
                Some(m) if start == 0 => self.or_builtin(key, m)?,
                Some(m) => m,
                None => {
                    // `string.templatelib` and its like lie in built-in modules only.
                    let inside = parent.is_some_and(|p| self.heap().is(p, Kind::Module));
                    let fixed = match start {
                        0 => self.fixed_module(key),
                        _ if inside => None,
                        _ => self.builtin_module(key),
                    };
                    let fixed = match fixed {
                        None if start == 0 => self.firmware_module(key)?,
                        found => found,
                    };
                    match fixed {
                        Some(m) => {
                            self.with_heap3(dict::set_name, modules, key, m)?;
                            m
                        }
                        None => return self.load(key, own, parent, modules),
                    }
                }
            };
            self.drop_to(at);
            // A program may take a module out of `sys.modules` at any time.
            self.push(m)?;
            if start >= skip {
                top = top.or(Some(m));
            }
            if end == len {
                // `import a.b` gives `a`, `from a.b import c` gives `a.b`.
                let whole = self.truth(from)? || last;
                return Ok(Step::Done(if whole { m } else { top.unwrap_or(m) }));
            }
            parent = Some(m);
            start = end + 1;
        }
    }
    /// A part of a reachable string, as a name.
    fn intern_part(&mut self, text: Value, from: usize, to: usize) -> R {
        self.with_heap(|h| {
            let whole = h.str_span(text).unwrap_or(Span::EMPTY);
            let part = if from == 0 && to >= whole.len() {
                text
            } else {
                str::from_span(h, whole.sub(from, to.min(whole.len())))?
            };
            h.intern_value(part)
        })
    }
    /// The name that `name` has, seen from code with globals `g`.
    fn absolute_name(&mut self, name: Value, level: i32, g: Value) -> R {
        let heap = self.heap();
        let Some(own) = dict::get_name(heap, g, q!("__name__")) else { return Err(self.no_parent()) };
        // A package's own module counts as one level less.
        let mut up = level - dict::get_name(heap, g, q!("__path__")).is_some() as i32;
        let text = heap.str_bytes(own);
        let mut end = text.len();
        while up > 0 && end > 0 {
            end = text.get(..end).and_then(|t| t.iter().rposition(|b| *b == b'.')).unwrap_or(0);
            up -= 1;
        }
        if end == 0 {
            return Err(self.no_parent());
        }
        self.with_heap(|h| {
            let span = |v| h.str_span(v).unwrap_or(Span::EMPTY);
            let (package, tail) = (span(own).sub(0, end), span(name));
            let dot = if tail.is_empty() { Span::EMPTY } else { span(q!(".")) };
            bytes::concat(h, Kind::Str, &[package, dot, tail])
        })
    }
    #[cold]
    fn no_parent(&mut self) -> Raised {
        self.raise(TypeId::ImportError, "can't perform relative import")
    }
    /// `sys.modules`.
    pub fn modules(&mut self) -> R {
        if let Some(m) = self.root(Root::Modules) {
            return Ok(m);
        }
        let d = self.with_heap(dict::new)?;
        self.set_root(Root::Modules, Some(d));
        Ok(d)
    }
    /// A module made of a file gives way to the built-in one of its name while `sys.path` is empty: that is how the file
    /// itself gets at it.
    fn or_builtin(&mut self, key: Value, m: Value) -> R {
        let hidden = if self.heap().is(m, Kind::Module) { self.builtin_module(key) } else { None };
        let (Some(hidden), Some(sys)) = (hidden, self.builtin_module(q!("sys"))) else { return Ok(m) };
        let path = self.get_attr(sys, q!("path"))?;
        Ok(if self.len(path)? == 0 { hidden } else { m })
    }
    /// A built-in module that no file can stand in for, or any under its name with a `u` in front.
    fn fixed_module(&self, name: Value) -> Option<Value> {
        const FIXED: [Value; 6] =
            [q!("builtins"), q!("sys"), q!("gc"), q!("micropython"), q!("math"), q!("cmath")];
        if FIXED.contains(&name) {
            return self.builtin_module(name);
        }
        let plain = self.heap().str_bytes(name).strip_prefix(b"u")?;
        let names = || self.registry().modules.iter().map(|m| m.name);
        let i = names().position(|n| self.heap().str_bytes(n) == plain)?;
        Some(Value::module(i as u32))
    }
    /// A built-in module by name.
    pub fn builtin_module(&self, name: Value) -> Option<Value> {
        let i = self.registry().modules.iter().position(|m| m.name == name)?;
        Some(Value::module(i as u32))
    }

    /// Asks the loader for a module; a new module object is entered in `sys.modules`. The caller keeps the names.
    fn load(&mut self, key: Value, own: Value, parent: Option<Value>, modules: Value) -> R<Step> {
        let search = match parent {
            Some(p) if self.heap().is(p, Kind::Module) => {
                let d = self.heap().field(p, 0);
                match dict::get_name(self.heap(), d, q!("__path__")) {
                    Some(path) => Some(path),
                    None => return Err(self.no_module(key)),
                }
            }
            Some(_) => return Err(self.no_module(key)),
            None => None,
        };
        let load = self.registry().hooks.load;
        let loaded = load(self, own, search)?;
        // Another task may have come first while the file was read.
        if cfg!(not(feature = "tiny")) && dict::get_name(self.heap(), modules, key).is_some() {
            return Ok(Step::Again);
        }
        let (c, path, file) = match loaded {
            Loaded::Missing => {
                let Some(m) = self.builtin_module(key).filter(|_| parent.is_none()) else {
                    return Err(self.no_module(key));
                };
                self.with_heap3(dict::set_name, modules, key, m)?;
                return Ok(Step::Again);
            }
            Loaded::Code { code, path, file } => (Some(code), path, file),
            Loaded::Namespace { path } => (None, Some(path), Value::NONE),
        };
        self.push(file)?;
        self.push(c.unwrap_or(Value::NONE))?;
        self.push(path.unwrap_or(Value::NONE))?;
        let m = self.with_heap(|h| {
            let d = dict::new(h)?;
            dict::set_name(h, d, q!("__name__"), key)?;
            if let Some(p) = path {
                dict::set_name(h, d, q!("__path__"), p)?;
            }
            dict::set_name(h, d, q!("__file__"), file)?;
            let m = h.alloc(Kind::Module, 1)?;
            h.set_field(m, 0, d);
            dict::set_name(h, modules, key, m)?;
            dict::watch(h, d);
            Ok(m)
        })?;
        let step = match c {
            Some(c) => {
                self.bind_code(c, self.heap().field(m, 0))?;
                Step::Run(c, m)
            }
            // Nothing to run: the code that only returns.
            None => Step::Run(self.trampoline()?, m),
        };
        Ok(step)
    }
    #[cold]
    #[inline(never)]
    fn no_module(&mut self, name: Value) -> Raised {
        let parts = [Part::S("no module named '"), Part::V(name), Part::S("'")];
        self.raise_parts(TypeId::ImportError, &parts)
    }

    /// IMPORT_FROM. Stack: module; the name is pushed.
    #[inline(never)]
    pub(super) fn import_from_op(&mut self, name: Value) -> R<()> {
        let m = self.top(0);
        let v = self.get_attr_or_stop(m, name)?;
        if v != Value::STOP {
            self.push(v)?;
            return Ok(());
        }
        // A submodule of a package.
        if self.heap().is(m, Kind::Module) {
            let d = self.heap().field(m, 0);
            if dict::get_name(self.heap(), d, q!("__path__")).is_some()
                && let Some(package) = dict::get_name(self.heap(), d, q!("__name__"))
            {
                let key = self.with_heap(|h| {
                    let span = |v| h.str_span(v).unwrap_or(Span::EMPTY);
                    let parts = [span(package), span(q!(".")), span(name)];
                    let full = bytes::concat(h, Kind::Str, &parts)?;
                    h.intern_value(full)
                })?;
                match self.import(key, Value::TRUE, 0) {
                    Ok(v) => {
                        self.push(v)?;
                        return Ok(());
                    }
                    Err(Raised) if self.raised_is(TypeId::ImportError) => self.heap_mut().raised = None,
                    Err(e) => return Err(e),
                }
            }
        }
        let parts = [Part::S("can't import name "), Part::V(name)];
        Err(self.raise_parts(TypeId::ImportError, &parts))
    }

    /// IMPORT_STAR. Stack: module.
    pub(super) fn import_star(&mut self) -> R<()> {
        let m = self.top(0);
        let to = self.locals();
        let all = match self.get_attr_or_stop(m, q!("__all__")) {
            // A module's `__getattr__` says so when there is none.
            Err(Raised) if self.raised_is(TypeId::AttributeError) => {
                self.heap_mut().raised = None;
                Value::STOP
            }
            all => all?,
        };
        if all != Value::STOP {
            let it = self.iter(all)?;
            let at = self.push(it)?;
            loop {
                let it = self.get(at);
                let name = self.next(it)?;
                if name == Value::STOP {
                    break;
                }
                if !self.is_str(name) {
                    return Err(self.raise(TypeId::TypeError, "names in __all__ must be strings"));
                }
                let name = self.with_heap(|h| h.intern_value(name))?;
                let slot = self.push(name)?;
                let v = self.get_attr(m, name)?;
                self.push(v)?;
                self.with_heap3(dict::set_name, to, name, v)?;
                self.drop_to(slot);
            }
            self.drop_to(at);
        } else if self.module_def(m).is_none() {
            // A module, or anything else that `sys.modules` gave.
            let d = self.get_attr(m, q!("__dict__"))?;
            self.push(d)?;
            let mut cursor = 0;
            while let Some((next, k, v)) = dict::next(self.heap(), d, cursor) {
                cursor = next;
                if self.heap().str_bytes(k).first() != Some(&b'_') {
                    self.with_heap3(dict::set_name, to, k, v)?;
                }
            }
            self.drop_n(1);
        } else if let Some(def) = self.module_def(m) {
            for e in def.entries {
                #[cfg(feature = "machine-tables")]
                if self.is_absent(m, e)? {
                    continue;
                }
                if self.heap().str_bytes(e.name).first() != Some(&b'_')
                    && find_entry(def.entries, e.name).is_some()
                {
                    let v = self.get_attr(m, e.name)?;
                    let at = self.push(v)?;
                    self.with_heap3(dict::set_name, to, e.name, v)?;
                    self.drop_to(at);
                }
            }
        }
        self.drop_n(1);
        Ok(())
    }

    // ---- running code ----------------------------------------------------------------------------------------

    /// The globals that a code runs with.
    pub fn code_globals(&self, c: Value) -> Option<Value> {
        self.heap().slot(code::unit(self.heap(), c), code::unit_field::GLOBALS)
    }
    /// Ties a module-level code to its globals. `Err` where it already runs with others: see `run_code`.
    pub fn bind_code(&mut self, c: Value, globals: Value) -> R<()> {
        let unit = code::unit(self.heap(), c);
        if self.heap().slot(unit, code::unit_field::GLOBALS) != Some(globals) {
            self.heap_mut().flush_caches();
            self.heap_mut().set_field(unit, code::unit_field::GLOBALS, globals);
        }
        Ok(())
    }
    /// Runs a module-level code with these dicts (`exec`, `eval`, the main program); gives what it returns.
    pub fn run_code(&mut self, c: Value, globals: Value, locals: Value) -> R {
        let at = self.push(c)?;
        let c = self.ready_code(at, globals)?;
        let r = self.nested(|vm| {
            vm.push(locals)?;
            vm.enter_frame(c, 0, action::PUSH)
        });
        self.drop_to(at);
        r
    }
    /// The same for a native that has nothing left to do: what it gives back makes the dispatch loop run the code in
    /// the native's place, without nesting.
    pub fn run_code_next(&mut self, c: Value, globals: Value, locals: Value) -> R {
        let at = self.push(c)?;
        self.ready_code(at, globals)?;
        self.push(locals)?;
        Ok(Value::RUN)
    }
    /// Ties the code in a slot to its globals; the slot then holds what is to be run.
    fn ready_code(&mut self, at: Slot, globals: Value) -> R {
        let c = self.get(at);
        self.push(globals)?;
        let c = match self.code_globals(c) {
            Some(g) if g != globals => {
                // The same code with other globals: functions made before keep theirs.
                let copy = self.with_heap1(code::copy, c)?;
                self.set(at, copy);
                copy
            }
            _ => c,
        };
        self.bind_code(c, globals)?;
        dict::watch(self.heap_mut(), globals);
        self.drop_n(1);
        Ok(c)
    }
}
