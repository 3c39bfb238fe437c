//! Programs: source text, files, `.mpy` images, the REPL; modules and their names.

use super::inst::{self, Inst};
use super::objects::{intern, name, python_try};
use super::refs::Ref;
use super::status::{self, Status};
use super::text::{c_bytes, c_items, c_text};
use crate::base::utf8;
use crate::compile::Mode;
use crate::heap::{R, TypeId, Value};
use crate::object::{dict, list};
use crate::runtime::exec::Failed;
use crate::runtime::{ReplEnd, ReplOptions, Runtime};
use crate::vm::Vm;
use crate::vm::state::Root;
use cty::c_char;

const EXEC_SINGLE: u32 = 1;

/// Runs a program on behalf of the calling task; what it raises is on its way afterwards, as after any other call.
///
/// # Safety
/// As `Inst::open`.
unsafe fn program(vm: *mut Inst, run: &mut dyn FnMut(&mut Runtime) -> Result<i32, Ended>) -> Status {
    // SAFETY: the caller's promise.
    unsafe { inst::number(vm, &mut |_, vm| in_runtime(vm, |runtime| run(runtime).map(Value::small))) }
}

/// # Safety
/// As `Vm::from_raw`: `vm` is not used while `run` is.
unsafe fn in_runtime(
    vm: &mut Vm,
    run: impl FnOnce(&mut Runtime) -> Result<Value, Ended>,
) -> Result<R, Status> {
    let (state, fiber) = vm.raw();
    // SAFETY: the task's own handle again.
    let mut runtime = Runtime::over(unsafe { Vm::from_raw(state, fiber) });
    match run(&mut runtime) {
        Ok(value) => Ok(Ok(value)),
        Err(Ended::Refused(code)) => Err(code),
        Err(Ended::Failed) => {
            let exception = runtime.exception().unwrap_or(Value::typ(TypeId::SystemExit));
            Ok(Err(runtime.vm().heap_mut().raise_value(exception)))
        }
    }
}

/// Why a program gives no result.
enum Ended {
    Refused(Status),
    /// The exception is in the runtime's slot.
    Failed,
}

impl From<Status> for Ended {
    fn from(code: Status) -> Ended {
        Ended::Refused(code)
    }
}

impl From<Failed> for Ended {
    fn from(_: Failed) -> Ended {
        Ended::Failed
    }
}

/// # Safety
/// As `c_text`.
unsafe fn c_str<'a>(text: *const c_char) -> Result<&'a str, Status> {
    // SAFETY: the caller's promise.
    let bytes = unsafe { c_text(text) }?.to_bytes();
    if !utf8::validate(bytes) {
        return Err(status::RANGE);
    }
    // SAFETY: just looked at.
    Ok(unsafe { core::str::from_utf8_unchecked(bytes) })
}

/// # Safety
/// As `Inst::open`; `source` is NULL or valid for reads of `len` bytes, `file` as `c_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_exec(
    vm: *mut Inst,
    source: *const c_char,
    len: usize,
    file: *const c_char,
    flags: u32,
) -> Status {
    let mode = match flags {
        0 => Mode::File,
        EXEC_SINGLE => Mode::Single,
        _ => return status::RANGE,
    };
    // SAFETY: the caller's promise.
    unsafe {
        program(vm, &mut |runtime| {
            let (source, file) = (c_bytes(source.cast(), len)?, c_str(file)?);
            runtime.run_text(source, file, mode)?;
            Ok(status::OK)
        })
    }
}

/// # Safety
/// As `Inst::open`; `path` as `c_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_run_file(vm: *mut Inst, path: *const c_char) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        program(vm, &mut |runtime| {
            runtime.run_file(c_str(path)?)?;
            Ok(status::OK)
        })
    }
}

/// # Safety
/// As `Inst::open`; `bytes` is NULL or valid for reads of `len` bytes until `pyr_close`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_run_mpy(vm: *mut Inst, bytes: *const u8, len: usize) -> Status {
    // SAFETY: the caller's promise, which makes the bytes outlive the VM.
    unsafe {
        program(vm, &mut |runtime| {
            let image: &'static [u8] = c_bytes(bytes.cast(), len)?;
            runtime.run_mpy(image)?;
            Ok(status::OK)
        })
    }
}

/// # Safety
/// As `Inst::open`; `source` is NULL or valid for reads of `len` bytes, `file` as `c_text`, `out` NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_eval(
    vm: *mut Inst,
    source: *const c_char,
    len: usize,
    file: *const c_char,
    out: *mut Ref,
) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::made(vm, out, &mut |_, vm| {
            let run = |runtime: &mut Runtime| {
                let (source, file) = (c_bytes(source.cast(), len)?, c_str(file)?);
                Ok(runtime.run_text(source, file, Mode::Eval)?)
            };
            in_runtime(vm, run)
        })
    }
}

/// # Safety
/// As `Inst::open`; `name` as `c_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_run_module(vm: *mut Inst, name: *const c_char) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        program(vm, &mut |runtime| {
            runtime.run_module(c_str(name)?)?;
            Ok(status::OK)
        })
    }
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_repl(vm: *mut Inst, flags: u32) -> Status {
    /// `PYR_REPL_RAW`
    const RAW: u32 = 1;
    /// `PYR_REPL_END_RAW`
    const END_RAW: Status = 1;
    if flags & !RAW != 0 {
        return status::RANGE;
    }
    let options = ReplOptions { raw: flags & RAW != 0, ..ReplOptions::default() };
    // SAFETY: the caller's promise.
    unsafe {
        program(vm, &mut |runtime| match runtime.repl(&options) {
            ReplEnd::End => Ok(status::OK),
            ReplEnd::EndRaw => Ok(END_RAW),
            ReplEnd::Exit(_) => Err(Ended::Failed),
        })
    }
}

/// # Safety
/// As `Inst::open`; `words` is NULL or valid for `n` reads of texts as for `c_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_set_argv(vm: *mut Inst, n: usize, words: *const *const c_char) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::number(vm, &mut |_, vm| {
            let words = c_items(words, n)?;
            let argv = python_try!(vm.with_heap(list::new));
            python_try!(vm.push(argv));
            for word in words {
                let word = c_str(*word)?;
                let word = python_try!(vm.with_heap(|heap| crate::object::str::new(heap, word.as_bytes())));
                python_try!(vm.push(word));
                python_try!(vm.with_heap(|heap| list::append(heap, argv, word)));
            }
            vm.set_root(Root::SysArgv, Some(argv));
            Ok(Ok(Value::NONE))
        })
    }
}

/// # Safety
/// As `Inst::open`; `module` is NULL or valid for reads of `len` bytes, `out` NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_import(
    vm: *mut Inst,
    module: *const c_char,
    len: usize,
    out: *mut Ref,
) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::reference(vm, out, &mut |_, vm| {
            let name = python_try!(intern(vm, c_bytes(module.cast(), len)?)?);
            // With a from-list the innermost module comes, as `import a.b as c` wants it.
            Ok(vm.import(name, Value::TRUE, 0))
        })
    }
}

/// # Safety
/// As `Inst::open`; `module` and `text` as `c_text`, `out` NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_lookup(
    vm: *mut Inst,
    module: *const c_char,
    text: *const c_char,
    out: *mut Ref,
) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::made(vm, out, &mut |_, vm| {
            let key = python_try!(name(vm, text)?);
            if c_text(module)?.to_bytes() == b"__main__" {
                let globals = vm.root(Root::Main).ok_or(status::MISSING)?;
                return dict::get_name(vm.heap(), globals, key).map(Ok).ok_or(status::MISSING);
            }
            let module = python_try!(name(vm, module)?);
            let loaded = python_try!(vm.modules());
            let found = dict::get_name(vm.heap(), loaded, module).or_else(|| vm.builtin_module(module));
            match vm.get_attr_or_stop(found.ok_or(status::MISSING)?, key) {
                Ok(Value::STOP) => Err(status::MISSING),
                other => Ok(other),
            }
        })
    }
}
