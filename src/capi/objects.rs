//! Objects from C: attributes, calls, items, iteration, new objects, and what is in them.

use super::inst::{self, Inst};
use super::refs::{self, Ref};
use super::status::{self, Status};
use super::text::{Out, c_bytes, c_items, c_text};
use crate::base::utf8;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::{bytes, dict, list, set, tuple};
use crate::vm::def::{Access, Args, BinaryOp, Mode};
use crate::vm::{Vm, bulk};
use cty::{c_char, c_int, c_void};

/// `struct pyr_keyword`.
#[repr(C)]
pub struct Keyword {
    name: *const c_char,
    value: Ref,
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

#[cfg(test)]
impl Keyword {
    pub fn new(name: *const c_char, value: Ref) -> Keyword {
        Keyword { name, value }
    }
}

/// A name as a Python value, in a slot: nothing else may keep it alive.
///
/// # Safety
/// As `c_text`.
pub unsafe fn name(vm: &mut Vm, text: *const c_char) -> Result<R, Status> {
    // SAFETY: the caller's promise.
    intern(vm, unsafe { c_text(text) }?.to_bytes())
}

/// The same of bytes with a length; `status::RANGE` where they are no UTF-8.
pub fn intern(vm: &mut Vm, text: &[u8]) -> Result<R, Status> {
    if !utf8::validate(text) {
        return Err(status::RANGE);
    }
    let name = python_try!(vm.with_heap(|heap| heap.intern(text)));
    Ok(vm.push(name).map(|_| name))
}

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
            let object = refs::take(inst, object)?;
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
            let (object, value) = (refs::take(inst, object)?, refs::take(inst, value)?);
            let name = python_try!(name(vm, text)?);
            Ok(vm.set_attr(object, name, value).map(|()| Value::NONE))
        })
    }
}

/// # Safety
/// As `Inst::open`; `text` as `c_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_delattr(vm: *mut Inst, object: Ref, text: *const c_char) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::number(vm, &mut |inst, vm| {
            let object = refs::take(inst, object)?;
            let name = python_try!(name(vm, text)?);
            Ok(vm.del_attr(object, name).map(|()| Value::NONE))
        })
    }
}

/// # Safety
/// As `Inst::open`; `text` as `c_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_hasattr(vm: *mut Inst, object: Ref, text: *const c_char) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::number(vm, &mut |inst, vm| {
            let object = refs::take(inst, object)?;
            let name = python_try!(name(vm, text)?);
            Ok(vm.get_attr_or_stop(object, name).map(|found| Value::small((found != Value::STOP).into())))
        })
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
        let value = refs::take(inst, *item)?;
        python_try!(vm.push(value));
    }
    for pair in pairs {
        let value = refs::take(inst, pair.value)?;
        // SAFETY: the caller's promise.
        python_try!(unsafe { name(vm, pair.name) }?);
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
    // SAFETY: the caller's promise. Firmware calls this often: no job behind a pointer.
    unsafe {
        let made = inst::python_inline(vm, |inst, vm| {
            let function = refs::take(inst, function)?;
            if n_keywords == 0
                && !args.is_null()
                && let Some(r) = vm.call_plain(function, n, |i| refs::take(inst, *args.add(i)))?
            {
                return Ok(r);
            }
            call(inst, vm, function, (args, n), (keywords, n_keywords))
        });
        inst::hand_out(made, out)
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
    keywords: *const Keyword,
    n_keywords: usize,
    out: *mut Ref,
) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        let made = inst::python(vm, &mut |inst, vm| {
            let object = refs::take(inst, object)?;
            let name = python_try!(name(vm, text)?);
            let method = python_try!(vm.get_attr(object, name));
            call(inst, vm, method, (args, n), (keywords, n_keywords))
        });
        inst::hand_out(made, out)
    }
}

/// # Safety
/// As `Inst::open`; `out` NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_getitem(vm: *mut Inst, object: Ref, key: Ref, out: *mut Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::reference(vm, out, &mut |inst, vm| {
            let (object, key) = (refs::take(inst, object)?, refs::take(inst, key)?);
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
            let (object, key) = (refs::take(inst, object)?, refs::take(inst, key)?);
            let value = refs::take(inst, value)?;
            Ok(vm.subscr(object, key, Access::Store(value)).map(|_| Value::NONE))
        })
    }
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_delitem(vm: *mut Inst, object: Ref, key: Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::number(vm, &mut |inst, vm| {
            let (object, key) = (refs::take(inst, object)?, refs::take(inst, key)?);
            Ok(vm.subscr(object, key, Access::Delete).map(|_| Value::NONE))
        })
    }
}

/// # Safety
/// As `Inst::open`; `out` NULL (refused) or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_item(vm: *mut Inst, object: Ref, index: usize, out: *mut Ref) -> Status {
    if out.is_null() {
        return status::NULL;
    }
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::inside(vm) }.and_then(|(inst, task)| {
        let vm = inst.vm(task);
        let object = refs::take(inst, object)?;
        let object = vm.native_of(object).unwrap_or(object);
        let heap = vm.heap();
        let item = match heap.kind(object) {
            Kind::List => list::get(heap, object, index),
            _ if tuple::is(heap, object) => tuple::get(heap, object, index),
            _ => return Err(status::TYPE),
        };
        let made = refs::give(inst, task, item.ok_or(status::RANGE)?)?;
        // SAFETY: checked for NULL.
        unsafe { *out = made };
        Ok(())
    }))
}

/// # Safety
/// As `Inst::open`; the pointers are NULL (refused) or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_dict_next(
    vm: *mut Inst,
    object: Ref,
    cursor: *mut u32,
    key: *mut Ref,
    value: *mut Ref,
) -> Status {
    if cursor.is_null() || key.is_null() || value.is_null() {
        return status::NULL;
    }
    // SAFETY: the caller's promise.
    let result = unsafe { Inst::inside(vm) }.and_then(|(inst, task)| {
        let vm = inst.vm(task);
        let object = refs::take(inst, object)?;
        let object = vm.native_of(object).unwrap_or(object);
        if !dict::is(vm.heap(), object) {
            return Err(status::TYPE);
        }
        // SAFETY: checked for NULL; the caller's promise otherwise.
        let at = unsafe { *cursor } as usize;
        let Some((next, k, v)) = dict::next(vm.heap(), object, at) else { return Ok(0) };
        if refs::room(inst) < 2 {
            return Err(status::MEMORY);
        }
        let k = refs::give(inst, task, k)?;
        let v = refs::give(inst, task, v)?;
        // SAFETY: as above.
        unsafe {
            (*cursor, *key, *value) = (next as u32, k, v);
        }
        Ok(1)
    });
    result.unwrap_or_else(|code| code)
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_contains(vm: *mut Inst, object: Ref, item: Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::number(vm, &mut |inst, vm| {
            let (object, item) = (refs::take(inst, object)?, refs::take(inst, item)?);
            Ok(vm.contains(object, item).map(|found| Value::small(found.into())))
        })
    }
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_compare(vm: *mut Inst, a: Ref, b: Ref, op: c_int) -> Status {
    /// In the order of `PYR_LT` and the following.
    const OPS: [BinaryOp; 6] = [
        BinaryOp::Less,
        BinaryOp::LessEqual,
        BinaryOp::Equal,
        BinaryOp::NotEqual,
        BinaryOp::More,
        BinaryOp::MoreEqual,
    ];
    // SAFETY: the caller's promise.
    unsafe {
        inst::number(vm, &mut |inst, vm| {
            let (a, b) = (refs::take(inst, a)?, refs::take(inst, b)?);
            let op = usize::try_from(op).ok().and_then(|op| OPS.get(op)).ok_or(status::RANGE)?;
            let result = python_try!(vm.binary(*op, a, b));
            Ok(vm.truth(result).map(|truth| Value::small(truth.into())))
        })
    }
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_is(vm: *mut Inst, a: Ref, b: Ref) -> Status {
    // SAFETY: the caller's promise.
    let result = unsafe { look(vm, a, |_, a| Ok(a)).and_then(|a| look(vm, b, |_, b| Ok((a == b).into()))) };
    result.unwrap_or_else(|code| code)
}

/// # Safety
/// As `Inst::open`; `out` NULL (refused) or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_type(vm: *mut Inst, object: Ref, out: *mut Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::made(vm, out, &mut |inst, vm| {
            let object = refs::take(inst, object)?;
            Ok(Ok(vm.type_of(object)))
        })
    }
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_isinstance(vm: *mut Inst, object: Ref, typ: Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::number(vm, &mut |inst, vm| {
            let (object, typ) = (refs::take(inst, object)?, refs::take(inst, typ)?);
            if vm.is_type(typ) {
                return Ok(Ok(Value::small(vm.is_instance(object, typ).into())));
            }
            // A tuple of types: any of them.
            if !tuple::is(vm.heap(), typ) {
                return Err(status::TYPE);
            }
            let mut i = 0;
            let mut found = false;
            while let Some(one) = tuple::get(vm.heap(), typ, i) {
                if !vm.is_type(one) {
                    return Err(status::TYPE);
                }
                found |= vm.is_instance(object, one);
                i += 1;
            }
            Ok(Ok(Value::small(found.into())))
        })
    }
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_kind(vm: *mut Inst, object: Ref) -> Status {
    /// `enum pyr_type_kind` by built-in type; anything else is 0.
    const KINDS: [(TypeId, Status); 15] = [
        (TypeId::NoneType, 1),
        (TypeId::Bool, 2),
        (TypeId::Int, 3),
        (TypeId::Float, 4),
        (TypeId::Str, 5),
        (TypeId::Bytes, 6),
        (TypeId::ByteArray, 7),
        (TypeId::Tuple, 8),
        (TypeId::List, 9),
        (TypeId::Dict, 10),
        (TypeId::Set, 11),
        (TypeId::FrozenSet, 11),
        (TypeId::MemoryView, 12),
        (TypeId::Array, 12),
        (TypeId::OrderedDict, 10),
    ];
    // SAFETY: the caller's promise.
    let result = unsafe {
        look(vm, object, |vm, value| {
            let typ = vm.type_of(value);
            Ok(KINDS.iter().find(|(id, _)| vm.is_subclass(typ, Value::typ(*id))).map_or(0, |row| row.1))
        })
    };
    result.unwrap_or_else(|code| code)
}

/// # Safety
/// As `Inst::open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_len(vm: *mut Inst, object: Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::number(vm, &mut |inst, vm| {
            let object = refs::take(inst, object)?;
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
            let object = refs::take(inst, object)?;
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
            let iterator = refs::take(inst, iterator)?;
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
pub unsafe fn make(vm: *mut Inst, out: *mut Ref, new: &mut dyn FnMut(&mut Heap) -> R) -> Status {
    // SAFETY: the caller's promise.
    unsafe { inst::made(vm, out, &mut |_, vm| Ok(vm.with_heap_anew(&mut *new))) }
}

/// A reference to a value that needs no room in the heap.
///
/// # Safety
/// As `make`.
pub unsafe fn immediate(vm: *mut Inst, out: *mut Ref, value: Value) -> Status {
    if out.is_null() {
        return status::NULL;
    }
    // SAFETY: the caller's promise.
    let made = unsafe { Inst::inside(vm) }.map(|(inst, task)| {
        refs::forget_exception(task, &mut inst.vm(task));
        (inst, task, value)
    });
    // SAFETY: as above.
    unsafe { inst::hand_out(made, out) }
}

/// # Safety
/// As `make`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_new_none(vm: *mut Inst, out: *mut Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe { immediate(vm, out, Value::NONE) }
}

/// # Safety
/// As `make`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_new_bool(vm: *mut Inst, value: c_int, out: *mut Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe { immediate(vm, out, Value::bool(value != 0)) }
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
    unsafe {
        inst::made(vm, out, &mut |_, vm| {
            let text = c_bytes(text.cast(), len)?;
            new_text(vm, text)
        })
    }
}

/// A str of C's text, which is UTF-8.
pub fn new_text(vm: &mut Vm, text: &[u8]) -> Result<R, Status> {
    if !python_try!(bulk::is_text(vm, text)) {
        return Err(status::RANGE);
    }
    Ok(bulk::new(vm, Kind::Str, text))
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
    unsafe { inst::made(vm, out, &mut |_, vm| Ok(bulk::new(vm, Kind::Bytes, c_bytes(data, len)?))) }
}

/// # Safety
/// As `make`; `data` is NULL (zeros) or valid for reads of `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_new_bytearray(
    vm: *mut Inst,
    data: *const c_void,
    len: usize,
    out: *mut Ref,
) -> Status {
    if len > bytes::MAX_LEN {
        return status::RANGE;
    }
    // SAFETY: the caller's promise.
    unsafe {
        inst::made(vm, out, &mut |_, vm| match c_bytes(data, len) {
            Ok(data) => Ok(bulk::new(vm, Kind::ByteArray, data)),
            Err(_) => Ok(bulk::blank(vm, Kind::ByteArray, len).and_then(|(slot, _)| bulk::done(vm, slot))),
        })
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
    put: fn(&mut Heap, Value, usize, Value) -> R<()>,
) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::made(vm, out, &mut |inst, vm| {
            let items = c_items(items, n)?;
            for (i, item) in items.iter().enumerate() {
                refs::take(inst, *item)?;
                python_try!(vm.tick_often(i, 60));
            }
            let made = python_try!(vm.with_heap_anew(|heap| new(heap, items.len())));
            python_try!(vm.push(made));
            for (i, item) in items.iter().enumerate() {
                let value = refs::take(inst, *item)?;
                python_try!(put(vm.heap_mut(), made, i, value));
                python_try!(vm.tick_often(i, 120));
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
    unsafe {
        sequence(vm, items, n, out, tuple::new, |heap, made, i, item| {
            tuple::set(heap, made, i, item);
            Ok(())
        })
    }
}

/// # Safety
/// As `sequence`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_new_list(vm: *mut Inst, items: *const Ref, n: usize, out: *mut Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        sequence(vm, items, n, out, list::with_capacity, |heap, made, _, item| list::append(heap, made, item))
    }
}

/// # Safety
/// As `sequence`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_new_set(vm: *mut Inst, items: *const Ref, n: usize, out: *mut Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::made(vm, out, &mut |inst, vm| {
            let items = c_items(items, n)?;
            let made = python_try!(vm.with_heap(set::new));
            python_try!(vm.push(made));
            for item in items {
                let value = refs::take(inst, *item)?;
                python_try!(vm.table_insert(made, value, None));
                python_try!(vm.turn(400));
            }
            Ok(Ok(made))
        })
    }
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
pub unsafe fn look<T>(
    vm: *mut Inst,
    object: Ref,
    read: impl FnOnce(&Vm, Value) -> Result<T, Status>,
) -> Result<T, Status> {
    // SAFETY: the caller's promise.
    unsafe { look_long(vm, object, |vm, value| read(vm, value)) }
}

/// The same where others may come in meanwhile.
///
/// # Safety
/// As `Inst::open`.
pub unsafe fn look_long<T>(
    vm: *mut Inst,
    object: Ref,
    read: impl FnOnce(&mut Vm, Value) -> Result<T, Status>,
) -> Result<T, Status> {
    // SAFETY: the caller's promise.
    let (inst, task) = unsafe { Inst::inside(vm) }?;
    let mut vm = inst.vm(task);
    read(&mut vm, refs::take(inst, object)?)
}

/// Stores what was read.
///
/// # Safety
/// `out` is NULL (refused) or valid for a write.
pub unsafe fn store<T>(out: *mut T, result: Result<T, Status>) -> Status {
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
            let object = refs::take(inst, object)?;
            Ok(vm.truth(object).map(|truth| Value::small(truth.into())))
        })
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
        look_long(
            vm,
            object,
            |vm, value| {
                if vm.is_str(value) { out.object(vm, value, true) } else { Err(status::TYPE) }
            },
        )
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
        look_long(vm, object, |vm, value| match vm.heap().kind(value) {
            Kind::Bytes | Kind::ByteArray => out.object(vm, value, false),
            _ => Err(status::TYPE),
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
            let object = refs::take(inst, object)?;
            let text = python_try!(vm.to_str(object, mode));
            out.object(vm, text, true).map(|()| Ok(Value::NONE))
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
