//! Objects from C: attributes, calls, items, iteration, new objects, and what is in them.

use super::inst::{self, Inst};
use super::refs::{self, Ref};
use super::status::{self, Status};
use super::text::{Out, c_bytes, c_text};
use crate::heap::{Heap, Kind, R, Value};
use crate::object::{bytearray, bytes, dict, int, list, str, tuple};
use crate::vm::Vm;
use crate::vm::def::{Access, Args, Mode};
use cty::{c_char, c_int, c_void};

/// `struct pyr_keyword`.
#[repr(C)]
pub struct Keyword {
    name: *const c_char,
    value: Ref,
}

/// A name as a Python value.
///
/// # Safety
/// As `c_text`.
pub unsafe fn name(vm: &mut Vm, text: *const c_char) -> Result<R, Status> {
    // SAFETY: the caller's promise.
    let text = unsafe { c_text(text) }?;
    Ok(vm.with_heap(|heap| heap.intern(text.to_bytes())))
}

/// `value?` for the inner of two results.
macro_rules! python_try {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(raised) => return Ok(Err(raised)),
        }
    };
}
pub(in crate::capi) use python_try;

/// # Safety
/// As `Inst::open`; `text` as `c_text`, `out` NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_getattr(
    vm: *mut Inst,
    object: Ref,
    text: *const c_char,
    out: *mut Ref,
) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::reference(vm, out, &mut |inst, vm| {
            let object = refs::take(inst, vm, object)?;
            let name = python_try!(name(vm, text)?);
            Ok(vm.get_attr(object, name))
        })
    }
}

/// # Safety
/// As `Inst::open`; `text` as `c_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_setattr(vm: *mut Inst, object: Ref, text: *const c_char, value: Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::number(vm, &mut |inst, vm| {
            let (object, value) = (refs::take(inst, vm, object)?, refs::take(inst, vm, value)?);
            let name = python_try!(name(vm, text)?);
            Ok(vm.set_attr(object, name, value).map(|()| Value::NONE))
        })
    }
}

/// An array of C's, as far as it may be read.
///
/// # Safety
/// `items` is NULL or valid for reads of `n` items during `'a`.
unsafe fn c_items<'a, T>(items: *const T, n: usize) -> Result<&'a [T], Status> {
    match (items.is_null(), n) {
        (_, 0) => Ok(&[]),
        (true, _) => Err(status::NULL),
        // SAFETY: the caller's promise.
        (false, _) => Ok(unsafe { core::slice::from_raw_parts(items, n) }),
    }
}

/// Calls with the arguments of C: they go on the VM's stack, where they stay reachable.
///
/// # Safety
/// As `c_items` and `c_text`.
unsafe fn call(
    inst: &Inst,
    vm: &mut Vm,
    function: Value,
    args: (*const Ref, usize),
    keywords: (*const Keyword, usize),
) -> Result<R, Status> {
    // SAFETY: the caller's promise.
    let (items, pairs) = unsafe { (c_items(args.0, args.1)?, c_items(keywords.0, keywords.1)?) };
    let (Ok(n), Ok(kw)) = (u16::try_from(items.len()), u16::try_from(pairs.len())) else {
        return Err(status::RANGE);
    };
    python_try!(vm.push(function));
    let base = vm.depth();
    for item in items {
        let value = refs::take(inst, vm, *item)?;
        python_try!(vm.push(value));
    }
    for pair in pairs {
        let value = refs::take(inst, vm, pair.value)?;
        // SAFETY: the caller's promise.
        let key = python_try!(unsafe { name(vm, pair.name) }?);
        python_try!(vm.push(key));
        python_try!(vm.push(value));
    }
    Ok(vm.call_args(function, Args::new(base, n, kw)))
}

/// # Safety
/// As `Inst::open`; `args` is NULL or valid for `n` reads, `keywords` for `n_keywords`, `out` NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_call(
    vm: *mut Inst,
    function: Ref,
    args: *const Ref,
    n: usize,
    keywords: *const Keyword,
    n_keywords: usize,
    out: *mut Ref,
) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::reference(vm, out, &mut |inst, vm| {
            let function = refs::take(inst, vm, function)?;
            call(inst, vm, function, (args, n), (keywords, n_keywords))
        })
    }
}

/// # Safety
/// As `pyr_call`; `text` as `c_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_call_method(
    vm: *mut Inst,
    object: Ref,
    text: *const c_char,
    args: *const Ref,
    n: usize,
    out: *mut Ref,
) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::reference(vm, out, &mut |inst, vm| {
            let object = refs::take(inst, vm, object)?;
            let name = python_try!(name(vm, text)?);
            let method = python_try!(vm.get_attr(object, name));
            call(inst, vm, method, (args, n), (core::ptr::null(), 0))
        })
    }
}

/// # Safety
/// As `Inst::open`; `out` NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_getitem(vm: *mut Inst, object: Ref, key: Ref, out: *mut Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::reference(vm, out, &mut |inst, vm| {
            let (object, key) = (refs::take(inst, vm, object)?, refs::take(inst, vm, key)?);
            Ok(vm.subscr(object, key, Access::Load))
        })
    }
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_setitem(vm: *mut Inst, object: Ref, key: Ref, value: Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::number(vm, &mut |inst, vm| {
            let (object, key) = (refs::take(inst, vm, object)?, refs::take(inst, vm, key)?);
            let value = refs::take(inst, vm, value)?;
            Ok(vm.subscr(object, key, Access::Store(value)).map(|_| Value::NONE))
        })
    }
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_len(vm: *mut Inst, object: Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::number(vm, &mut |inst, vm| {
            let object = refs::take(inst, vm, object)?;
            Ok(vm.len(object).map(|len| Value::small(len.min(SMALL_MAX) as i32)))
        })
    }
}

/// The largest small int: no object has so many items.
const SMALL_MAX: usize = (1 << 30) - 1;

/// # Safety
/// As `Inst::open`; `out` NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_iter(vm: *mut Inst, object: Ref, out: *mut Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::reference(vm, out, &mut |inst, vm| {
            let object = refs::take(inst, vm, object)?;
            Ok(vm.iter(object))
        })
    }
}

/// # Safety
/// As `Inst::open`; `out` NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_next(vm: *mut Inst, iterator: Ref, out: *mut Ref) -> Status {
    let mut ended = false;
    // SAFETY: the caller's promise.
    let status = unsafe {
        inst::reference(vm, out, &mut |inst, vm| {
            let iterator = refs::take(inst, vm, iterator)?;
            match vm.next(iterator) {
                Ok(Value::STOP) => {
                    ended = true;
                    Err(status::OK)
                }
                other => Ok(other),
            }
        })
    };
    if status == status::OK && !ended { 1 } else { status }
}

// ---- C to Python ------------------------------------------------------------------------------------------------

/// Makes an object that needs nothing but the heap.
///
/// # Safety
/// As `Inst::open`; `out` NULL (refused) or valid for a write.
unsafe fn make(vm: *mut Inst, out: *mut Ref, new: &mut dyn FnMut(&mut Heap) -> R) -> Status {
    if out.is_null() {
        return status::NULL;
    }
    // SAFETY: the caller's promise.
    unsafe { inst::reference(vm, out, &mut |_, vm| Ok(vm.with_heap(&mut *new))) }
}

/// # Safety
/// As `make`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_new_none(vm: *mut Inst, out: *mut Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe { make(vm, out, &mut |_| Ok(Value::NONE)) }
}

/// # Safety
/// As `make`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_new_bool(vm: *mut Inst, value: c_int, out: *mut Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe { make(vm, out, &mut |_| Ok(if value != 0 { Value::TRUE } else { Value::FALSE })) }
}

/// # Safety
/// As `make`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_new_int(vm: *mut Inst, value: i64, out: *mut Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe { make(vm, out, &mut |heap| int::from_i64(heap, value)) }
}

/// # Safety
/// As `make`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_new_uint(vm: *mut Inst, value: u64, out: *mut Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe { make(vm, out, &mut |heap| int::from_u64(heap, value)) }
}

/// # Safety
/// As `make`.
#[cfg(any(feature = "float-single", feature = "float-double"))]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_new_float(vm: *mut Inst, value: f64, out: *mut Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe { make(vm, out, &mut |heap| crate::object::float::new(heap, value as crate::base::float::Float)) }
}

/// # Safety
/// As `make`; `text` is NULL or valid for reads of `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_new_str(
    vm: *mut Inst,
    text: *const c_char,
    len: usize,
    out: *mut Ref,
) -> Status {
    // SAFETY: the caller's promise.
    let text = match unsafe { c_bytes(text.cast(), len) } {
        Ok(text) if core::str::from_utf8(text).is_err() => return status::RANGE,
        Ok(text) => text,
        Err(code) => return code,
    };
    // SAFETY: the caller's promise.
    unsafe { make(vm, out, &mut |heap| str::new(heap, text)) }
}

/// # Safety
/// As `make`; `data` is NULL or valid for reads of `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_new_bytes(
    vm: *mut Inst,
    data: *const c_void,
    len: usize,
    out: *mut Ref,
) -> Status {
    // SAFETY: the caller's promise.
    match unsafe { c_bytes(data, len) } {
        // SAFETY: the caller's promise.
        Ok(data) => unsafe { make(vm, out, &mut |heap| bytes::new(heap, Kind::Bytes, data)) },
        Err(code) => code,
    }
}

/// A tuple or list of C's references. They stay reachable as references, so their values need no slots here.
///
/// # Safety
/// As `make`; `items` is NULL or valid for `n` reads.
unsafe fn sequence(
    vm: *mut Inst,
    items: *const Ref,
    n: usize,
    out: *mut Ref,
    new: fn(&mut Heap, usize) -> R,
    put: fn(&mut Heap, Value, usize, Value),
) -> Status {
    if out.is_null() {
        return status::NULL;
    }
    // SAFETY: the caller's promise.
    unsafe {
        inst::reference(vm, out, &mut |inst, vm| {
            let items = c_items(items, n)?;
            for item in items {
                refs::take(inst, vm, *item)?;
            }
            let made = python_try!(vm.with_heap(|heap| new(heap, items.len())));
            for (i, item) in items.iter().enumerate() {
                let value = refs::take(inst, vm, *item)?;
                put(vm.heap_mut(), made, i, value);
            }
            Ok(Ok(made))
        })
    }
}

/// # Safety
/// As `sequence`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_new_tuple(vm: *mut Inst, items: *const Ref, n: usize, out: *mut Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe { sequence(vm, items, n, out, tuple::new, tuple::set) }
}

fn new_list(heap: &mut Heap, n: usize) -> R {
    let made = list::with_capacity(heap, n)?;
    for _ in 0..n {
        list::append(heap, made, Value::NONE)?;
    }
    Ok(made)
}

/// # Safety
/// As `sequence`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_new_list(vm: *mut Inst, items: *const Ref, n: usize, out: *mut Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe { sequence(vm, items, n, out, new_list, list::set) }
}

/// # Safety
/// As `make`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_new_dict(vm: *mut Inst, out: *mut Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe { make(vm, out, &mut dict::new) }
}

// ---- Python to C ------------------------------------------------------------------------------------------------

/// Looks at an object without running Python; the exception of the last call stays.
///
/// # Safety
/// As `Inst::open`.
unsafe fn look<T>(
    vm: *mut Inst,
    object: Ref,
    read: impl FnOnce(&Vm, Value) -> Result<T, Status>,
) -> Result<T, Status> {
    // SAFETY: the caller's promise.
    let (inst, task) = unsafe { Inst::inside(vm) }?;
    let vm = inst.vm(task);
    read(&vm, refs::take(inst, &vm, object)?)
}

/// Stores what was read.
///
/// # Safety
/// `out` is NULL (refused) or valid for a write.
unsafe fn store<T>(out: *mut T, result: Result<T, Status>) -> Status {
    match result {
        Ok(_) if out.is_null() => status::NULL,
        Ok(value) => {
            // SAFETY: checked for NULL; the caller's promise otherwise.
            unsafe { *out = value };
            status::OK
        }
        Err(code) => code,
    }
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_is_none(vm: *mut Inst, object: Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe { look(vm, object, |_, value| Ok(value.is_none().into())) }.unwrap_or_else(|code| code)
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_truth(vm: *mut Inst, object: Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::number(vm, &mut |inst, vm| {
            let object = refs::take(inst, vm, object)?;
            Ok(vm.truth(object).map(|truth| Value::small(truth.into())))
        })
    }
}

fn signed(vm: &Vm, value: Value) -> Result<i64, Status> {
    match int::to_i64(vm.heap(), value) {
        Some(n) => Ok(n),
        None if int::is(vm.heap(), value) => Err(status::RANGE),
        None => Err(status::TYPE),
    }
}

fn unsigned(vm: &Vm, value: Value) -> Result<u64, Status> {
    if vm.heap().is(value, Kind::BigInt) {
        let big = int::big(vm.heap(), value);
        return match (big.negative, big.limbs) {
            (false, &[low, high]) => Ok(u64::from(low) | u64::from(high) << 32),
            _ => Err(status::RANGE),
        };
    }
    u64::try_from(signed(vm, value)?).map_err(|_| status::RANGE)
}

/// # Safety
/// As `Inst::open`; `out` NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_get_int32(vm: *mut Inst, object: Ref, out: *mut i32) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        let read = look(vm, object, |vm, value| i32::try_from(signed(vm, value)?).map_err(|_| status::RANGE));
        store(out, read)
    }
}

/// # Safety
/// As `Inst::open`; `out` NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_get_int64(vm: *mut Inst, object: Ref, out: *mut i64) -> Status {
    // SAFETY: the caller's promise.
    unsafe { store(out, look(vm, object, signed)) }
}

/// # Safety
/// As `Inst::open`; `out` NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_get_uint64(vm: *mut Inst, object: Ref, out: *mut u64) -> Status {
    // SAFETY: the caller's promise.
    unsafe { store(out, look(vm, object, unsigned)) }
}

/// # Safety
/// As `Inst::open`; `out` NULL or valid for a write.
#[cfg(any(feature = "float-single", feature = "float-double"))]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_get_float(vm: *mut Inst, object: Ref, out: *mut f64) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        #[allow(clippy::useless_conversion)] // a float is as wide as the build says
        let read = look(vm, object, |vm, value| match crate::object::float::get(vm.heap(), value) {
            Some(number) => Ok(f64::from(number)),
            None => signed(vm, value).map(|number| number as f64),
        });
        store(out, read)
    }
}

/// # Safety
/// As `Inst::open`; `buf` is NULL or valid for writes of `size` bytes, `len` NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_get_str(
    vm: *mut Inst,
    object: Ref,
    buf: *mut c_char,
    size: usize,
    len: *mut usize,
) -> Status {
    let out = Out { buf: buf.cast(), size, len };
    // SAFETY: the caller's promise.
    inst::done(unsafe {
        look(vm, object, |vm, value| {
            if vm.is_str(value) { out.text(vm.heap().str_bytes(value)) } else { Err(status::TYPE) }
        })
    })
}

/// # Safety
/// As `pyr_get_str`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_get_bytes(
    vm: *mut Inst,
    object: Ref,
    buf: *mut c_void,
    size: usize,
    len: *mut usize,
) -> Status {
    let out = Out { buf, size, len };
    // SAFETY: the caller's promise.
    inst::done(unsafe {
        look(vm, object, |vm, value| {
            let heap = vm.heap();
            match heap.kind(value) {
                Kind::Bytes => out.bytes(heap.str_bytes(value)),
                Kind::ByteArray => out.bytes(heap.span_bytes(bytearray::span(heap, value))),
                _ => Err(status::TYPE),
            }
        })
    })
}

/// # Safety
/// As `pyr_get_str`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_type_name(
    vm: *mut Inst,
    object: Ref,
    buf: *mut c_char,
    size: usize,
    len: *mut usize,
) -> Status {
    let out = Out { buf: buf.cast(), size, len };
    // SAFETY: the caller's promise.
    inst::done(unsafe { look(vm, object, |vm, value| out.text(vm.heap().str_bytes(vm.type_name(value)))) })
}

/// The text of an object in C's buffer.
///
/// # Safety
/// As `pyr_get_str`.
pub unsafe fn shown(vm: *mut Inst, object: Ref, mode: Mode, out: Out) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::number(vm, &mut |inst, vm| {
            let object = refs::take(inst, vm, object)?;
            let text = python_try!(vm.to_str(object, mode));
            out.text(vm.heap().str_bytes(text)).map(|()| Ok(Value::NONE))
        })
    }
}

/// # Safety
/// As `pyr_get_str`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_str(
    vm: *mut Inst,
    object: Ref,
    buf: *mut c_char,
    size: usize,
    len: *mut usize,
) -> Status {
    // SAFETY: the caller's promise.
    unsafe { shown(vm, object, Mode::Str, Out { buf: buf.cast(), size, len }) }
}

/// # Safety
/// As `pyr_get_str`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_repr(
    vm: *mut Inst,
    object: Ref,
    buf: *mut c_char,
    size: usize,
    len: *mut usize,
) -> Status {
    // SAFETY: the caller's promise.
    unsafe { shown(vm, object, Mode::Repr, Out { buf: buf.cast(), size, len }) }
}
