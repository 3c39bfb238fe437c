//! `compile`, `eval`, `exec`, `globals`, `locals` and `__import__`.

use super::convert::to_i64;
use crate::heap::{Kind, R, TypeId, Value};
use crate::object::{dict, str};
use crate::q;
use crate::vm::Vm;
use crate::vm::args::{ArgKind, ArgSpec, parse};
use crate::vm::def::Args;

pub fn globals(vm: &mut Vm, _: Args) -> R {
    Ok(vm.globals())
}

pub fn locals(vm: &mut Vm, _: Args) -> R {
    Ok(vm.locals())
}

static IMPORT: [ArgSpec; 5] = [
    ArgSpec { name: q!("name"), kind: ArgKind::Required },
    ArgSpec { name: q!("globals"), kind: ArgKind::Optional },
    ArgSpec { name: q!("locals"), kind: ArgKind::Optional },
    ArgSpec { name: q!("fromlist"), kind: ArgKind::Optional },
    ArgSpec { name: q!("level"), kind: ArgKind::Optional },
];

/// `__import__`; the globals and locals only tell the importing package, which the VM knows.
pub fn import(vm: &mut Vm, args: Args) -> R {
    let mut a = [None; 5];
    parse(vm, args, &IMPORT, &mut a)?;
    let [name, _, _, from, level] = a;
    let name = name.unwrap_or(Value::NONE);
    if !str::is_str(vm.heap(), name) {
        return Err(super::convert::type_error(vm, "__import__() argument 1 must be str, not '", name, "'"));
    }
    let name = vm.with_heap(|h| h.intern_value(name))?;
    let level = match level {
        Some(l) => to_i64(vm, l)? as i32,
        None => 0,
    };
    vm.import(name, from.unwrap_or(Value::NONE), level)
}

/// The globals and locals that `exec` and `eval` run with.
fn scopes(vm: &mut Vm, args: Args) -> R<(Value, Value)> {
    let given = |vm: &mut Vm, i| match vm.arg(args, i).filter(|d| !d.is_none()) {
        Some(d) => match vm.native_part(d, TypeId::Dict) {
            Some(d) => Ok(Some(d)),
            None => Err(vm.raise(TypeId::TypeError, "globals and locals must be dicts")),
        },
        None => Ok(None),
    };
    let (g, l) = (given(vm, 1)?, given(vm, 2)?);
    let globals = g.unwrap_or(vm.globals());
    Ok((globals, l.or(g).unwrap_or(vm.locals())))
}

/// A code object from an argument that is one or is source.
#[cfg(feature = "compiler")]
fn code_of(vm: &mut Vm, source: Value, mode: crate::compile::Mode) -> R {
    if vm.heap().is(source, Kind::Code) {
        return Ok(source);
    }
    compile_source(vm, source, q!("<string>"), mode, 0)
}
#[cfg(not(feature = "compiler"))]
fn code_of(vm: &mut Vm, source: Value, _: ()) -> R {
    if vm.heap().is(source, Kind::Code) {
        return Ok(source);
    }
    Err(vm.raise(TypeId::RuntimeError, "there is no compiler in this build"))
}

#[cfg(feature = "compiler")]
use crate::compile::Mode;
#[cfg(feature = "compiler")]
const FILE: Mode = Mode::File;
#[cfg(feature = "compiler")]
const EVAL: Mode = Mode::Eval;
#[cfg(not(feature = "compiler"))]
const FILE: () = ();
#[cfg(not(feature = "compiler"))]
const EVAL: () = ();

#[cfg(feature = "compiler")]
fn compile_source(vm: &mut Vm, source: Value, file_name: Value, mode: Mode, opt_level: u8) -> R {
    use crate::compile::{Options, StrSource, compile};
    let Some(text) = super::convert::text_span(vm, source) else {
        return Err(super::convert::type_error(vm, "source must be a string or bytes, not '", source, "'"));
    };
    // Blanks before an expression are no indentation.
    let skip = match mode {
        Mode::Eval => vm.heap().span_bytes(text).iter().take_while(|b| matches!(b, b' ' | b'\t')).count(),
        _ => 0,
    };
    let whole = str::is_str(vm.heap(), source) || vm.heap().is(source, Kind::Bytes);
    let text = if skip == 0 && whole {
        source
    } else {
        vm.with_heap(|h| str::from_span(h, text.sub(skip, text.len())))?
    };
    let slot = vm.push(text)?;
    let options = Options { mode, file_name, opt_level };
    let code = vm.with_heap(|h| compile(h, &mut StrSource::new(text), &options))?;
    vm.drop_to(slot);
    Ok(code)
}

pub fn exec(vm: &mut Vm, args: Args) -> R {
    let c = code_of(vm, vm.req(args, 0), FILE)?;
    run(vm, args, c)?;
    Ok(Value::NONE)
}

pub fn eval(vm: &mut Vm, args: Args) -> R {
    let c = code_of(vm, vm.req(args, 0), EVAL)?;
    run(vm, args, c)
}

fn run(vm: &mut Vm, args: Args, c: Value) -> R {
    vm.push(c)?;
    let (globals, locals) = scopes(vm, args)?;
    if dict::is(vm.heap(), globals) {
        return vm.run_code(c, globals, locals);
    }
    Err(vm.raise(TypeId::RuntimeError, "no globals to run with"))
}

#[cfg(feature = "compiler")]
static COMPILE: [ArgSpec; 5] = [
    ArgSpec { name: q!("source"), kind: ArgKind::Required },
    ArgSpec { name: q!("filename"), kind: ArgKind::Required },
    ArgSpec { name: q!("mode"), kind: ArgKind::Required },
    ArgSpec { name: q!("flags"), kind: ArgKind::Optional },
    ArgSpec { name: q!("dont_inherit"), kind: ArgKind::Optional },
];

/// `compile(source, filename, mode)`; there are no flags to inherit, so the rest has nothing to say.
#[cfg(feature = "compiler")]
pub fn compile(vm: &mut Vm, args: Args) -> R {
    let mut a = [None; 5];
    parse(vm, args, &COMPILE, &mut a)?;
    let [source, file_name, mode, ..] = a.map(|v| v.unwrap_or(Value::NONE));
    let mode = match vm.heap().str_bytes(mode) {
        b"exec" => Mode::File,
        b"eval" => Mode::Eval,
        b"single" => Mode::Single,
        _ => return Err(vm.raise(TypeId::ValueError, "bad compile mode")),
    };
    if !str::is_str(vm.heap(), file_name) {
        return Err(super::convert::type_error(
            vm,
            "can't convert '",
            file_name,
            "' object to str implicitly",
        ));
    }
    let file_name = vm.with_heap(|h| h.intern_value(file_name))?;
    compile_source(vm, source, file_name, mode, 0)
}
