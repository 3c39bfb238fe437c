//! `exec`, `eval`, `compile`, and what else runs or looks at a program from inside.

use crate::code::object as code;
use crate::compile::{self, Mode, Options, Source, StrSource};
use crate::heap::span::Span;
use crate::heap::{Kind, R, TypeId, Value};
use crate::object::{bytes, dict, str};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, Entry, Mode as Show, vm_fn};

/// Part of the table of module `builtins`.
pub const ENTRIES: &[Entry] = &[
    Entry { name: q!("__import__"), value: vm_fn(import, 1, 5) },
    Entry { name: q!("__repl_print__"), value: vm_fn(repl_print, 1, 1) },
    #[cfg(feature = "basic")]
    Entry { name: q!("compile"), value: vm_fn(compile_fn, 3, 6) },
    Entry { name: q!("eval"), value: vm_fn(eval, 1, 3) },
    Entry { name: q!("exec"), value: vm_fn(exec, 1, 3) },
    Entry { name: q!("globals"), value: vm_fn(globals, 0, 0) },
    Entry { name: q!("locals"), value: vm_fn(locals, 0, 0) },
];

/// Compiles any source; `file_name` is kept reachable meanwhile.
pub fn compile_source(vm: &mut Vm, source: &mut dyn Source, file_name: Value, mode: Mode) -> R {
    let at = vm.push(file_name)?;
    let (opt_level, except_lines) = (vm.state().opt_level, vm.wants_except_lines());
    let options = Options { mode, file_name, opt_level, except_lines, ..Options::DEFAULT };
    let made = vm.lend_heap(|h| {
        let made = compile::compile_lent(h, source, &options)?;
        #[cfg(not(feature = "tiny"))]
        crate::code::fuse::tree(h, made);
        Ok(made)
    });
    vm.drop_to(at);
    made
}

/// Compiles a str, or the bytes of anything that has some.
pub fn compile_value(vm: &mut Vm, v: Value, file_name: Value, mode: Mode) -> R {
    let text = source_text(vm, v)?;
    let at = vm.push(text)?;
    let made = compile_source(vm, &mut StrSource::new(text), file_name, mode);
    vm.drop_to(at);
    made
}

/// The str or bytes object to read the program from.
fn source_text(vm: &mut Vm, v: Value) -> R {
    let native = vm.native_of(v).unwrap_or(v);
    if str::is_str(vm.heap(), native) || vm.heap().is(native, Kind::Bytes) {
        return Ok(native);
    }
    match vm.buffer(v) {
        Some(b) => vm.with_heap(|h| {
            let span = Span { owner: b.owner, from_word: b.from_word, offset: b.offset, len: b.len };
            bytes::from_span(h, Kind::Bytes, span)
        }),
        None => Err(vm.raise(TypeId::TypeError, "object with buffer protocol required")),
    }
}

/// The dicts that `exec` and `eval` were given, or those of the caller.
pub fn spaces(vm: &mut Vm, args: Args) -> R<(Value, Value)> {
    let given = [vm.arg(args, 1), vm.arg(args, 2)].map(|d| d.filter(|d| !d.is_none()));
    let mut found = [None; 2];
    for (given, found) in given.iter().zip(found.iter_mut()) {
        if let Some(d) = *given {
            *found = vm.native_part(d, TypeId::Dict);
            if found.is_none() {
                return Err(vm.raise(TypeId::TypeError, "a dict of names is required"));
            }
        }
    }
    Ok(match found {
        [None, None] => (vm.globals(), vm.locals()),
        [Some(g), None] => (g, g),
        [None, Some(l)] => (vm.globals(), l),
        [Some(g), Some(l)] => (g, l),
    })
}

fn run(vm: &mut Vm, args: Args, mode: Mode) -> R {
    let (globals, locals) = spaces(vm, args)?;
    let program = vm.req(args, 0);
    let code = if vm.heap().is(program, Kind::Code) {
        if !code::is_program(vm.heap(), program) {
            return Err(vm.raise(TypeId::TypeError, "the code is not a program"));
        }
        program
    } else {
        compile_value(vm, program, q!("<string>"), mode)?
    };
    vm.run_code_next(code, globals, locals)
}

/// A module's code gives None by itself.
fn exec(vm: &mut Vm, args: Args) -> R {
    run(vm, args, Mode::File)
}

fn eval(vm: &mut Vm, args: Args) -> R {
    run(vm, args, Mode::Eval)
}

/// `compile(source, filename, mode[, flags[, dont_inherit[, optimize]]])`; flags other than 0 do not exist here.
fn compile_fn(vm: &mut Vm, args: Args) -> R {
    let (source, file, mode) = (vm.req(args, 0), vm.req(args, 1), vm.req(args, 2));
    if !str::is_str(vm.heap(), file) || !str::is_str(vm.heap(), mode) {
        return Err(vm.raise(TypeId::TypeError, "file name and mode must be strings"));
    }
    let mode = match vm.heap().str_bytes(mode) {
        b"exec" => Mode::File,
        b"eval" => Mode::Eval,
        b"single" => Mode::Single,
        _ => return Err(vm.raise(TypeId::ValueError, "bad compile mode")),
    };
    let file = vm.with_heap(|h| h.intern_value(file))?;
    vm.set_arg(args, 1, file);
    compile_value(vm, source, file, mode)
}

fn globals(vm: &mut Vm, _: Args) -> R {
    Ok(vm.globals())
}

fn locals(vm: &mut Vm, _: Args) -> R {
    Ok(vm.locals())
}

/// `__import__(name, globals, locals, fromlist, level)`
fn import(vm: &mut Vm, args: Args) -> R {
    let name = vm.req(args, 0);
    if !str::is_str(vm.heap(), name) {
        return Err(vm.raise(TypeId::TypeError, "module name must be a string"));
    }
    let from = vm.arg(args, 3).unwrap_or(Value::NONE);
    let level = match vm.arg(args, 4) {
        Some(v) => match v.as_small() {
            Some(n) if n >= 0 => n,
            _ => return Err(vm.raise(TypeId::ValueError, "level must be >= 0")),
        },
        None => 0,
    };
    match vm.arg(args, 1).filter(|g| level > 0 && !g.is_none()) {
        Some(g) if dict::is(vm.heap(), g) => vm.import_from(name, from, level, g),
        Some(_) => Err(vm.raise(TypeId::TypeError, "globals must be a dict")),
        None => vm.import(name, from, level),
    }
}

/// What the prompt does with the value of an expression.
fn repl_print(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    if !v.is_none() {
        vm.print(v, Show::Repr)?;
        vm.emit(b"\n")?;
        vm.set_attr(Value::module(0), q!("_"), v)?;
    }
    Ok(Value::NONE)
}
