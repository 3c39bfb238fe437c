//! Exceptions as values: what was raised, where, and as text.
//!
//! Invariant: a traceback is an array of (file, line, name) triples, the innermost first.

use super::inst::{self, Inst};
use super::objects::{name, new_text, python_try, shown};
use super::refs::{self, Ref};
use super::status::{self, Status};
use super::text::{Out, c_text};
use crate::heap::{Kind, R, Raised, TypeId, Value};
use crate::object::{bytearray, exc, int, tuple};
use crate::vm::Vm;
use crate::vm::def::Mode;
use crate::vm::state::Output;
use cty::{c_char, c_int};

/// # Safety
/// As `Inst::open`; `out` NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_exception(vm: *mut Inst, out: *mut Ref) -> Status {
    if out.is_null() {
        return status::NULL;
    }
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::inside(vm) }.and_then(|(inst, task)| {
        let mut vm = inst.vm(task);
        let exception = task.exception.get().ok_or(status::MISSING)?;
        let made = refs::give(inst, task, exception)?;
        refs::set_exception(task, &mut vm, None);
        // SAFETY: checked for NULL.
        unsafe { *out = made };
        Ok(())
    }))
}

// ---- raising ---------------------------------------------------------------------------------------------------

/// The exception that a status of C stands for.
#[cold]
#[inline(never)]
pub fn raise_status(vm: &mut Vm, code: Status) -> Raised {
    let typ = match code {
        status::MEMORY => return vm.heap_mut().out_of_memory(),
        status::TYPE => TypeId::TypeError,
        status::RANGE | status::FORMAT => TypeId::ValueError,
        status::MISSING => TypeId::LookupError,
        status::TIMEOUT => TypeId::TimeoutError,
        _ => TypeId::RuntimeError,
    };
    vm.raise(typ, status::text(code).to_str().unwrap_or_default())
}

/// # Safety
/// As `Inst::open`; `typ` and `message` as `c_text`, `message` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_raise(vm: *mut Inst, typ: *const c_char, message: *const c_char) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::number(vm, &mut |_, vm| {
            let key = python_try!(name(vm, typ)?);
            let class = python_try!(vm.find_builtin(key)).ok_or(status::MISSING)?;
            if !vm.is_type(class) || !vm.is_subclass(class, Value::typ(TypeId::BaseException)) {
                return Err(status::TYPE);
            }
            python_try!(vm.push(class));
            let made = match message.is_null() {
                true => vm.call(class, &[]),
                false => {
                    let text = python_try!(c_message(vm, message));
                    let text = python_try!(new_text(vm, text)?);
                    vm.call(class, &[text])
                }
            };
            Ok(raised(vm, made))
        })
    }
}

/// The bytes of a message up to its NUL.
///
/// # Safety
/// `text` points to bytes up to a NUL that stay during `'a`.
unsafe fn c_message<'a>(vm: &mut Vm, text: *const c_char) -> R<&'a [u8]> {
    let mut n = 0;
    // SAFETY: the caller's promise: there is a NUL.
    unsafe {
        while *text.add(n) != 0 {
            n += 1;
            if n % 1024 == 0 {
                vm.turn(6000)?;
            }
        }
        Ok(core::slice::from_raw_parts(text.cast(), n))
    }
}

/// What was made is on its way.
fn raised(vm: &mut Vm, made: R) -> R {
    let exception = made?;
    Err(vm.heap_mut().raise_value(exception))
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_raise_errno(vm: *mut Inst, errno: c_int) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::number(vm, &mut |_, vm| {
            let number = python_try!(vm.with_heap(|heap| int::from_i64(heap, errno.into())));
            Ok(Err(vm.raise_arg(TypeId::OSError, number)))
        })
    }
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_raise_object(vm: *mut Inst, exception: Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::number(vm, &mut |inst, vm| {
            let given = refs::take(inst, exception)?;
            let is_class = vm.is_type(given) && vm.is_subclass(given, Value::typ(TypeId::BaseException));
            let made = if is_class { vm.call(given, &[]) } else { taken(inst, vm, exception).map(Ok)? };
            Ok(raised(vm, made))
        })
    }
}

// ---- looking at one --------------------------------------------------------------------------------------------

/// # Safety
/// As `Inst::open`; `out` NULL (refused) or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_exc_args(vm: *mut Inst, exception: Ref, out: *mut Ref) -> Status {
    if out.is_null() {
        return status::NULL;
    }
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::inside(vm) }.and_then(|(inst, task)| {
        let vm = inst.vm(task);
        let exception = taken(inst, &vm, exception)?;
        let real = vm.native_of(exception).unwrap_or(exception);
        let args = vm.heap().field(real, exc::field::ARGS);
        let made = refs::give(inst, task, args)?;
        // SAFETY: checked for NULL.
        unsafe { *out = made };
        Ok(())
    }))
}

/// # Safety
/// As `Inst::open`; `typ` as `c_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_exc_is(vm: *mut Inst, exception: Ref, typ: *const c_char) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        let result = Inst::inside(vm).and_then(|(inst, task)| {
            let vm = inst.vm(task);
            let exception = taken(inst, &vm, exception)?;
            let text = c_text(typ)?.to_bytes();
            let mut types = (0..).map_while(TypeId::from_index).filter(|id| id.is_exception());
            let named = |id: &TypeId| vm.heap().str_bytes(vm.name_of_type(Value::typ(*id))) == text;
            let found = types.find(named).ok_or(status::MISSING)?;
            Ok(vm.exception_is(exception, found).into())
        });
        result.unwrap_or_else(|code| code)
    }
}

/// The exception object that C means.
fn taken(inst: &Inst, vm: &Vm, reference: Ref) -> Result<Value, Status> {
    let exception = refs::take(inst, reference)?;
    let real = vm.native_of(exception).unwrap_or(exception);
    if vm.heap().is(real, Kind::Exception) { Ok(exception) } else { Err(status::TYPE) }
}

/// # Safety
/// As `pyr_get_str`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_exc_type(
    vm: *mut Inst,
    exception: Ref,
    buf: *mut c_char,
    size: usize,
    len: *mut usize,
) -> Status {
    let out = Out { buf: buf.cast(), size, len };
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::inside(vm) }.and_then(|(inst, task)| {
        let vm = inst.vm(task);
        let exception = taken(inst, &vm, exception)?;
        // SAFETY: the caller's promise.
        unsafe { out.text(vm.heap().str_bytes(vm.type_name(exception))) }
    }))
}

/// # Safety
/// As `pyr_get_str`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_exc_message(
    vm: *mut Inst,
    exception: Ref,
    buf: *mut c_char,
    size: usize,
    len: *mut usize,
) -> Status {
    // SAFETY: the caller's promise.
    unsafe { shown(vm, exception, Mode::Str, Out { buf: buf.cast(), size, len }) }
}

/// # Safety
/// As `pyr_get_str`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_exc_traceback(
    vm: *mut Inst,
    exception: Ref,
    buf: *mut c_char,
    size: usize,
    len: *mut usize,
) -> Status {
    let out = Out { buf: buf.cast(), size, len };
    // SAFETY: the caller's promise.
    unsafe {
        inst::number(vm, &mut |inst, vm| {
            let exception = taken(inst, vm, exception)?;
            let text = python_try!(vm.with_heap(bytearray::new));
            let slot = python_try!(vm.push(text));
            let before = vm.set_output(Output::Buffer(slot));
            let show = vm.registry().hooks.print_exception;
            let result = show(vm, exception);
            vm.set_output(before);
            python_try!(result);
            out.object(vm, text, true).map(|()| Ok(Value::NONE))
        })
    }
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_exc_print(vm: *mut Inst, exception: Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::number(vm, &mut |inst, vm| {
            let exception = taken(inst, vm, exception)?;
            let show = vm.registry().hooks.print_exception;
            Ok(show(vm, exception).map(|()| Value::NONE))
        })
    }
}

/// # Safety
/// As `Inst::open`; `file` is NULL or valid for writes of `size` bytes, `line` NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_exc_line(
    vm: *mut Inst,
    exception: Ref,
    file: *mut c_char,
    size: usize,
    line: *mut u32,
) -> Status {
    if line.is_null() {
        return status::NULL;
    }
    let out = Out { buf: file.cast(), size, len: core::ptr::null_mut() };
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::inside(vm) }.and_then(|(inst, task)| {
        let mut vm = inst.vm(task);
        let exception = taken(inst, &vm, exception)?;
        let exception = vm.native_of(exception).unwrap_or(exception);
        if let Some(trace) = vm.heap().slot(exception, exc::field::TRACEBACK) {
            crate::code::object::settle_trace(vm.heap_mut(), trace);
        }
        let heap = vm.heap();
        let (name, number) = match heap.slot(exception, exc::field::TRACEBACK) {
            Some(trace) if heap.slot(trace, 0).is_some() => (heap.field(trace, 0), heap.int(trace, 1)),
            _ => (Value::NONE, 0),
        };
        // SAFETY: checked for NULL; the caller's promise otherwise.
        unsafe {
            out.text(heap.str_bytes(name))?;
            *line = number as u32;
        }
        Ok(())
    }))
}

/// # Safety
/// As `Inst::open`; `code` is NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_exc_exit(vm: *mut Inst, exception: Ref, code: *mut c_int) -> Status {
    if code.is_null() {
        return status::NULL;
    }
    // SAFETY: the caller's promise.
    let result = unsafe { Inst::inside(vm) }.and_then(|(inst, task)| {
        let vm = inst.vm(task);
        let exception = taken(inst, &vm, exception)?;
        if !vm.exception_is(exception, TypeId::SystemExit) {
            return Ok(0);
        }
        let heap = vm.heap();
        let real = vm.native_of(exception).unwrap_or(exception);
        let args = heap.field(real, exc::field::ARGS);
        // As CPython: None is success, a number is the status, anything else a failure.
        let value = match tuple::get(heap, args, 0) {
            None | Some(Value::NONE) => 0,
            Some(value) => int::to_i64(heap, value).map_or(1, |n| n as c_int),
        };
        // SAFETY: checked for NULL.
        unsafe { *code = value };
        Ok(1)
    });
    result.unwrap_or_else(|code| code)
}
