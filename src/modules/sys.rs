//! The module `sys`: what a program may know of its surroundings.

use super::attrtuple;
#[cfg(feature = "basic")]
use super::file;
use crate::heap::{Kind, R, Raised, TypeId, Value};
use crate::object::{exc, hashtable, int, list, str, tuple};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, Const, Entry, ModuleDef, UnaryOp, entry, vm_fn};
use crate::vm::state::{Output, Root};

pub static MODULE: ModuleDef = ModuleDef { name: q!("sys"), entries: ENTRIES };

/// The language's version that the library follows, as MicroPython's own `sys.version_info` says it.
const LANGUAGE: [i32; 3] = [3, 4, 0];
/// The version of MicroPython whose behaviour programs may expect.
const MICROPYTHON: [i32; 3] = [1, 29, 0];
/// The `.mpy` format: version 6, sub-version 3, no native code.
const MPY: i32 = 6 | 3 << 8;

pub const VERSION: Value = q!("3.4.0; Pyrite 0.1.0");
#[cfg(feature = "extra")]
pub(super) const RELEASE: Value = q!("1.29.0");
pub(super) const MACHINE: Value = q!("Pyrite 0.1.0");

#[cfg(target_os = "linux")]
pub(super) const PLATFORM: Value = q!("linux");
#[cfg(not(target_os = "linux"))]
pub(super) const PLATFORM: Value = q!("pyrite");

static ENTRIES: &[Entry] = &[
    entry(q!("argv"), Const::Dyn(argv)),
    entry(q!("path"), Const::Dyn(path)),
    entry(q!("modules"), Const::Dyn(|vm| vm.modules())),
    entry(q!("implementation"), Const::Dyn(implementation)),
    entry(q!("version"), Const::Val(VERSION)),
    entry(q!("version_info"), Const::Dyn(version_info)),
    entry(q!("platform"), Const::Val(PLATFORM)),
    entry(q!("byteorder"), Const::Val(if cfg!(target_endian = "big") { q!("big") } else { q!("little") })),
    entry(q!("maxsize"), Const::Dyn(maxsize)),
    entry(q!("ps1"), Const::Val(q!(">>> "))),
    entry(q!("ps2"), Const::Val(q!("... "))),
    entry(q!("tracebacklimit"), Const::Int(1000)),
    #[cfg(feature = "basic")]
    entry(q!("stdin"), Const::Dyn(file::stdin)),
    #[cfg(feature = "basic")]
    entry(q!("stdout"), Const::Dyn(file::stdout)),
    #[cfg(feature = "basic")]
    entry(q!("stderr"), Const::Dyn(file::stderr)),
    entry(q!("exit"), vm_fn(exit, 0, 1)),
    #[cfg(feature = "basic")]
    entry(q!("atexit"), vm_fn(atexit, 1, 1)),
    entry(q!("print_exception"), vm_fn(print_exception, 1, 2)),
    #[cfg(feature = "basic")]
    entry(q!("exc_info"), vm_fn(exc_info, 0, 0)),
    #[cfg(feature = "settrace")]
    crate::builtins::frame::SETTRACE,
    #[cfg(feature = "settrace")]
    crate::builtins::frame::GETTRACE,
    #[cfg(feature = "basic")]
    entry(q!("intern"), vm_fn(intern, 1, 1)),
    #[cfg(feature = "basic")]
    entry(q!("getsizeof"), vm_fn(getsizeof, 1, 1)),
    #[cfg(feature = "basic")]
    entry(q!("executable"), Const::Dyn(executable)),
];

/// A list that lives in the VM's state and is made when it is first asked for.
fn list_at(vm: &mut Vm, root: Root, first: Option<Value>) -> R {
    if let Some(l) = vm.root(root) {
        return Ok(l);
    }
    let l = vm.with_heap(|h| {
        let l = list::new(h)?;
        if let Some(v) = first {
            list::append(h, l, v)?;
        }
        Ok(l)
    })?;
    vm.set_root(root, Some(l));
    Ok(l)
}

pub fn argv(vm: &mut Vm) -> R {
    list_at(vm, Root::SysArgv, None)
}

pub fn path(vm: &mut Vm) -> R {
    list_at(vm, Root::SysPath, Some(q!("")))
}

/// The program's own path where the firmware has one.
fn executable(vm: &mut Vm) -> R {
    Ok(vm.root(Root::SysExecutable).unwrap_or(q!("")))
}

fn maxsize(vm: &mut Vm) -> R {
    vm.with_heap(|h| int::from_i64(h, isize::MAX as i64))
}

fn version_info(vm: &mut Vm) -> R {
    vm.with_heap1(tuple::from_slice, &LANGUAGE.map(Value::small))
}

fn implementation(vm: &mut Vm) -> R {
    vm.with_heap(|h| {
        let [major, minor, micro] = MICROPYTHON.map(Value::small);
        let version = tuple::from_slice(h, &[major, minor, micro, q!("")])?;
        attrtuple::new(
            h,
            &[
                (q!("name"), q!("micropython")),
                (q!("version"), version),
                (q!("_machine"), MACHINE),
                (q!("_mpy"), Value::small(MPY)),
                (q!("_build"), q!("pyrite")),
            ],
        )
    })
}

/// `exit([value])`
fn exit(vm: &mut Vm, args: Args) -> R {
    Err(match vm.arg(args, 0) {
        Some(v) => {
            let t = vm.with_heap1(tuple::from_slice, &[v])?;
            vm.set_arg(args, 0, t);
            let e = vm.with_heap2(exc::new, Value::typ(TypeId::SystemExit), t)?;
            vm.heap_mut().raise_value(e)
        }
        None => vm.raise_bare(TypeId::SystemExit),
    })
}

/// `atexit(function)`: what to call when the program ends; returns what was set before.
fn atexit(vm: &mut Vm, args: Args) -> R {
    let before = vm.root(Root::AtExit).unwrap_or(Value::NONE);
    let f = vm.req(args, 0);
    vm.set_root(Root::AtExit, (!f.is_none()).then_some(f));
    Ok(before)
}

/// `print_exception(exception[, file])`
fn print_exception(vm: &mut Vm, args: Args) -> R {
    let e = vm.req(args, 0);
    let show = vm.registry().hooks.print_exception;
    match vm.arg(args, 1).filter(|f| !f.is_none()) {
        Some(to) => {
            crate::builtins::streams::get(vm, to)?;
            let slot = vm.push(to)?;
            let before = vm.set_output(Output::Stream(slot));
            let done = show(vm, e);
            vm.set_output(before);
            done?;
        }
        None => show(vm, e)?,
    }
    Ok(Value::NONE)
}

/// Type, value and nothing of the exception that is being handled.
fn exc_info(vm: &mut Vm, _: Args) -> R {
    let row = match vm.handled_exception() {
        Some(e) => [vm.type_of(e), e, Value::NONE],
        None => [Value::NONE; 3],
    };
    vm.with_heap1(tuple::from_slice, &row)
}

fn intern(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    if !str::is_str(vm.heap(), v) {
        return Err(vm.raise(TypeId::TypeError, "a str is required"));
    }
    vm.with_heap(|h| h.intern_value(v))
}

/// Bytes of the object's own cell and of what it alone owns.
fn getsizeof(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    match vm.unary_or_declined(UnaryOp::SizeOf, v) {
        Ok(Value::NOT_IMPLEMENTED) => {}
        Err(Raised) => return Err(Raised),
        Ok(n) => return Ok(n),
    }
    let heap = vm.heap();
    let cell = |v: Value| if v.is_heap() { (heap.words(v) + 1) * 4 } else { 0 };
    // What a container owns beside its own cell.
    let parts: &[usize] = match heap.kind(v) {
        Kind::List => &[list::ITEMS],
        Kind::Dict | Kind::Set | Kind::FrozenSet => &[hashtable::ENTRIES, hashtable::INDEX],
        _ => &[],
    };
    let owned: usize = parts.iter().filter_map(|i| heap.slot(v, *i)).map(cell).sum();
    Ok(Value::small((cell(v) + owned) as i32))
}
