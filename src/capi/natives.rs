//! Modules, classes and functions of the firmware: constant tables in C, checked once, read at each import and call.
//!
//! Invariants
//! - the tables outlive the VM and do not change, as `pyrite.h` asks; what a call follows was checked by `check_native`;
//! - references that a C function makes end when it returns, and the lock is held then, whatever it did;
//! - the data of an instance is made at its first use by a method, filled with zeros, and is gone once `__del__` has run.

use super::convert::{self, Arg, MAX_PARAMS, Pins};
use super::exceptions;
use super::inst::{self, Inst, Stay, Task};
use super::refs::{self, Ref};
use super::status::{self, Status};
use super::text::{c_items, c_text};
use super::visit::Visit;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::{dict, instance, int, str, tuple};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::Args;
use crate::vm::natives::{self, Natives};
use cty::{c_char, c_int, c_void};

pub type Call = unsafe extern "C" fn(*mut Inst, *mut c_void, *const Arg, *mut Arg) -> Status;

/// `struct pyr_param`.
#[repr(C)]
pub struct Param {
    pub name: *const c_char,
    pub number: i32,
    pub kind: u8,
    pub flags: u8,
}

/// `struct pyr_native`.
#[repr(C)]
pub struct Native {
    pub name: *const c_char,
    pub call: Option<Call>,
    pub params: *const Param,
    pub n_params: u8,
    pub result: u8,
    pub bind: u8,
}

/// `struct pyr_constant`.
#[repr(C)]
pub struct Constant {
    name: *const c_char,
    text: *const c_char,
    number: i32,
}

/// `struct pyr_class`.
#[repr(C)]
pub struct Class {
    abi_size: u32,
    data_size: u32,
    name: *const c_char,
    members: *const Native,
    constants: *const Constant,
    n_members: u16,
    n_constants: u16,
}

/// `struct pyr_module`.
#[repr(C)]
pub struct Module {
    abi_size: u32,
    n_functions: u16,
    n_constants: u16,
    name: *const c_char,
    functions: *const Native,
    constants: *const Constant,
    classes: *const *const Class,
    n_classes: u32,
    init: Option<unsafe extern "C" fn(*mut Inst, *mut c_void, Ref) -> Status>,
    user: *mut c_void,
}

/// `Native::bind`.
pub const FUNCTION: u8 = 0;
pub const METHOD: u8 = 1;
const GETTER: u8 = 2;
const SETTER: u8 = 3;

/// Bytes of data that an instance may have.
const MAX_DATA: u32 = 1 << 20;

// SAFETY: a table is constant.
unsafe impl Sync for Native {}

unsafe extern "C" fn nothing(_: *mut Inst, _: *mut c_void, _: *const Arg, _: *mut Arg) -> Status {
    status::OK
}

/// `__init__` of a class that has none: no arguments.
static PLAIN_INIT: Native = Native {
    name: c"__init__".as_ptr().cast(),
    call: Some(nothing),
    params: core::ptr::null(),
    n_params: 0,
    result: convert::NOTHING,
    bind: METHOD,
};

// ---- checking --------------------------------------------------------------------------------------------------

/// # Safety
/// The definition's pointers are NULL or what they claim to be.
unsafe fn check_native(native: &Native, in_class: bool) -> Result<(), Status> {
    // SAFETY: the caller's promise.
    let params = unsafe {
        c_text(native.name)?;
        c_items(native.params, native.n_params.into())?
    };
    native.call.ok_or(status::NULL)?;
    if native.bind > SETTER || native.bind != FUNCTION && !in_class || !convert::is_result(native.result) {
        return Err(status::RANGE);
    }
    let counts = match native.bind {
        GETTER => params.is_empty(),
        SETTER => params.len() == 1,
        _ => params.len() <= MAX_PARAMS,
    };
    let mut optional = false;
    for (i, param) in params.iter().enumerate() {
        let last = i + 1 == params.len();
        let is_self = param.kind == convert::SELF;
        let wrong = !convert::is_param(param.kind)
            || param.flags & !convert::FLAGS != 0
            || is_self && (i != 0 || native.bind == FUNCTION)
            || param.kind == convert::REST && (!last || param.flags != 0)
            || param.name.is_null() && param.flags & convert::KEYWORD != 0
            // A parameter that must be given does not follow one that may be left out.
            || optional && param.flags & (convert::OPTIONAL | convert::KEYWORD) == 0 && param.kind != convert::REST;
        if wrong {
            return Err(status::RANGE);
        }
        optional |= param.flags & convert::OPTIONAL != 0;
    }
    if counts { Ok(()) } else { Err(status::RANGE) }
}

/// # Safety
/// As `check_native`.
unsafe fn check_constants(constants: &[Constant]) -> Result<(), Status> {
    for constant in constants {
        // SAFETY: the caller's promise.
        unsafe { c_text(constant.name) }?;
    }
    Ok(())
}

/// # Safety
/// As `check_native`.
unsafe fn check_class(class: &Class) -> Result<(), Status> {
    if class.abi_size as usize != size_of::<Class>() {
        return Err(status::ABI);
    }
    if class.data_size > MAX_DATA {
        return Err(status::RANGE);
    }
    // SAFETY: the caller's promise.
    unsafe {
        c_text(class.name)?;
        for member in c_items(class.members, class.n_members.into())? {
            check_native(member, true)?;
        }
        check_constants(c_items(class.constants, class.n_constants.into())?)
    }
}

/// # Safety
/// As `check_native`.
unsafe fn check_module(module: &Module) -> Result<(), Status> {
    if module.abi_size as usize != size_of::<Module>() {
        return Err(status::ABI);
    }
    // SAFETY: the caller's promise.
    unsafe {
        c_text(module.name)?;
        for function in c_items(module.functions, module.n_functions.into())? {
            check_native(function, false)?;
        }
        check_constants(c_items(module.constants, module.n_constants.into())?)?;
        for class in c_items(module.classes, module.n_classes as usize)? {
            check_class(class.as_ref().ok_or(status::NULL)?)?;
        }
    }
    Ok(())
}

// ---- the C functions -------------------------------------------------------------------------------------------

/// # Safety
/// As `Inst::open`; `modules` is NULL or valid for `n` reads, and it and all it names stay until `pyr_close`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_set_modules(vm: *mut Inst, modules: *const *const Module, n: usize) -> Status {
    // SAFETY: the caller's promise.
    inst::done(unsafe { Inst::inside(vm) }.and_then(|(inst, task)| {
        // SAFETY: the caller's promise.
        for module in unsafe { c_items(modules, n) }? {
            // SAFETY: the caller's promise.
            unsafe { check_module(module.as_ref().ok_or(status::NULL)?) }?;
        }
        inst.modules.set((modules, n));
        know(inst, task);
        Ok(())
    }))
}

/// Tells the VM how the firmware's functions are called.
fn know(inst: &Inst, task: &Task) {
    let host = core::ptr::from_ref(inst).cast();
    inst.vm(task).state_mut().natives = Natives { call, import, host };
}

/// # Safety
/// As `make`; `native` is NULL or a definition that stays until `pyr_close`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_new_function(
    vm: *mut Inst,
    native: *const Native,
    user: *mut c_void,
    out: *mut Ref,
) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        inst::made(vm, out, &mut |inst, vm| {
            check_native(native.as_ref().ok_or(status::NULL)?, false)?;
            let host = core::ptr::from_ref(inst).cast();
            vm.state_mut().natives = Natives { call, import, host };
            Ok(vm.with_heap(|heap| natives::new_function(heap, native.cast(), user.cast())))
        })
    }
}

/// # Safety
/// As `Inst::open`; `out` is NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_data(
    vm: *mut Inst,
    object: Ref,
    class: *const Class,
    out: *mut *mut c_void,
) -> Status {
    if class.is_null() || out.is_null() {
        return status::NULL;
    }
    // SAFETY: the caller's promise; `class` is compared first and followed only where it is one that was checked.
    unsafe {
        inst::number(vm, &mut |inst, vm| {
            let object = refs::take(inst, object)?;
            if !descends(vm, object, class) {
                return Err(status::TYPE);
            }
            *out = match data(vm, object, &*class) {
                Ok(place) => place,
                Err(Raised) => return Ok(Err(Raised)),
            };
            Ok(Ok(Value::NONE))
        })
    }
}

/// Whether the object's class is this one of the firmware or a class of a program that descends from it: each class of
/// the firmware has an `__init__` of its own. Only what descends from `NativeData` has a place for the data: a program may
/// put that `__init__` into any class.
fn descends(vm: &Vm, me: Value, class: *const Class) -> bool {
    let heap = vm.heap();
    if !has_data(vm, me) {
        return false;
    }
    let mut walk = instance::ClassWalk::new(vm.type_of(me));
    while let Some(c) = walk.next(heap) {
        if heap.is(c, Kind::Class)
            && let Some(init) = dict::get_name(heap, heap.field(c, instance::class::MEMBERS), q!("__init__"))
            && vm.is_firmware_function(init)
            && natives::owner(heap, init) == class.cast::<u8>()
        {
            return true;
        }
    }
    false
}

/// Whether it is an instance of a class of the firmware's, whichever.
fn has_data(vm: &Vm, me: Value) -> bool {
    matches!(vm.heap().kind(me), Kind::Instance | Kind::BigInstance)
        && vm.native_base(vm.type_of(me)) == Some(TypeId::NativeData)
}

// ---- importing -------------------------------------------------------------------------------------------------

fn host<'a>(vm: &Vm) -> Option<&'a Inst> {
    // SAFETY: `know` set it, and the record lies in the VM's memory, which is in place while code of the VM runs.
    unsafe { vm.state().natives.host.cast::<Inst>().as_ref() }
}

fn import(vm: &mut Vm, name: Value) -> R<Option<Value>> {
    let Some(inst) = host(vm) else { return Ok(None) };
    let (modules, n) = inst.modules.get();
    // SAFETY: `pyr_set_modules` has checked the table and all it names.
    let found = unsafe { c_items(modules, n) }.unwrap_or(&[]).iter().find(|module| {
        // SAFETY: as above.
        unsafe { c_text((***module).name) }.is_ok_and(|text| text.to_bytes() == vm.heap().str_bytes(name))
    });
    let Some(&module) = found else { return Ok(None) };
    let start = vm.depth();
    // SAFETY: as above.
    let made = new_module(vm, inst, unsafe { &*module }, name);
    vm.drop_to(crate::vm::Slot(start));
    if made.is_err() {
        let modules = vm.modules()?;
        dict::del_name(vm.heap_mut(), modules, name);
    }
    made.map(Some)
}

/// The module, entered in `sys.modules`.
fn new_module(vm: &mut Vm, inst: &Inst, module: &Module, name: Value) -> R {
    let d = vm.with_heap(dict::new)?;
    vm.push(d)?;
    vm.with_heap(|heap| dict::set_name(heap, d, q!("__name__"), name))?;
    // SAFETY: checked by `pyr_set_modules`.
    let (functions, constants, classes) = unsafe {
        (
            c_items(module.functions, module.n_functions.into()).unwrap_or(&[]),
            c_items(module.constants, module.n_constants.into()).unwrap_or(&[]),
            c_items(module.classes, module.n_classes as usize).unwrap_or(&[]),
        )
    };
    for function in functions {
        let f = function_of(vm, function, module.user.cast())?;
        enter(vm, d, function.name, f)?;
    }
    add_constants(vm, d, constants)?;
    for class in classes {
        // SAFETY: as above.
        let class = unsafe { &**class };
        let c = new_class(vm, class)?;
        enter(vm, d, class.name, c)?;
    }
    let m = vm.with_heap(|heap| {
        let m = heap.alloc(Kind::Module, 1)?;
        heap.set_field(m, 0, d);
        dict::watch(heap, d);
        Ok(m)
    })?;
    vm.push(m)?;
    let modules = vm.modules()?;
    vm.with_heap(|heap| dict::set_name(heap, modules, name, m))?;
    if let Some(init) = module.init {
        let mut stay = Stay::new(core::ptr::null_mut(), 0);
        let visit = Visit::begin(vm, inst, &mut stay).ok_or_else(|| vm.raise_deep())?;
        let done = match refs::give(inst, visit.task, m) {
            // SAFETY: a function of the table, called as the header says.
            Ok(module_ref) => unsafe { init(visit.vm(), module.user, module_ref) },
            Err(code) => code,
        };
        leave(vm, visit)?;
        outcome(vm, done)?;
    }
    Ok(m)
}

fn function_of(vm: &mut Vm, native: &Native, owner: *const u8) -> R {
    let definition = core::ptr::from_ref(native).cast();
    vm.with_heap(|heap| natives::new_function(heap, definition, owner))
}

/// Puts a value under a C name in a dict.
fn enter(vm: &mut Vm, d: Value, name: *const c_char, v: Value) -> R<()> {
    let at = vm.push(v)?;
    // SAFETY: names of tables were checked.
    let text = unsafe { c_text(name) }.map_or(&[][..], |text| text.to_bytes());
    vm.with_heap(|heap| {
        let name = heap.intern(text)?;
        dict::set_name(heap, d, name, v)
    })?;
    vm.drop_to(at);
    Ok(())
}

fn add_constants(vm: &mut Vm, d: Value, constants: &[Constant]) -> R<()> {
    for constant in constants {
        let v = vm.with_heap(|heap| match constant.text.is_null() {
            true => int::from_i64(heap, constant.number.into()),
            // SAFETY: not NULL, and a text as the header says.
            false => str::new(heap, unsafe { c_text(constant.text) }.map_or(&[][..], |text| text.to_bytes())),
        })?;
        enter(vm, d, constant.name, v)?;
    }
    Ok(())
}

fn new_class(vm: &mut Vm, class: &Class) -> R {
    let owner = core::ptr::from_ref(class).cast::<u8>();
    let start = vm.depth();
    let d = vm.with_heap(dict::new)?;
    vm.push(d)?;
    // SAFETY: checked by `pyr_set_modules`.
    let (members, constants) = unsafe {
        (
            c_items(class.members, class.n_members.into()).unwrap_or(&[]),
            c_items(class.constants, class.n_constants.into()).unwrap_or(&[]),
        )
    };
    add_constants(vm, d, constants)?;
    let init = function_of(vm, &PLAIN_INIT, owner)?;
    enter(vm, d, PLAIN_INIT.name, init)?;
    for member in members {
        let f = function_of(vm, member, if member.bind == FUNCTION { core::ptr::null() } else { owner })?;
        let at = vm.push(f)?;
        let v = match member.bind {
            METHOD => f,
            FUNCTION => vm.with_heap(|heap| {
                let wrapped = heap.alloc(Kind::StaticMethod, 1)?;
                heap.set_field(wrapped, 0, f);
                Ok(wrapped)
            })?,
            _ => {
                let slot = usize::from(member.bind == SETTER);
                let property = match find(vm.heap(), d, member.name) {
                    Some(p) if vm.heap().is(p, Kind::Property) => p,
                    _ => vm.with_heap(|heap| heap.alloc(Kind::Property, 3))?,
                };
                vm.heap_mut().set_field(property, slot, f);
                property
            }
        };
        enter(vm, d, member.name, v)?;
        vm.drop_to(at);
    }
    let bases = vm.with_heap(|heap| tuple::from_slice(heap, &[Value::typ(TypeId::NativeData)]))?;
    vm.push(bases)?;
    // SAFETY: checked.
    let text = unsafe { c_text(class.name) }.map_or(&[][..], |text| text.to_bytes());
    let name = vm.with_heap(|heap| heap.intern(text))?;
    vm.push(name)?;
    let made = vm.new_class(name, bases, d)?;
    vm.drop_to(crate::vm::Slot(start));
    Ok(made)
}

/// The value under a C name in a dict.
fn find(heap: &Heap, d: Value, name: *const c_char) -> Option<Value> {
    // SAFETY: names of tables were checked.
    let text = unsafe { c_text(name) }.ok()?.to_bytes();
    let mut cursor = 0;
    while let Some((next, k, v)) = dict::next(heap, d, cursor) {
        cursor = next;
        if heap.str_bytes(k) == text {
            return Some(v);
        }
    }
    None
}

// ---- calling ---------------------------------------------------------------------------------------------------

/// Calls a function of the firmware.
fn call(vm: &mut Vm, callee: Value, args: Args) -> R {
    let Some(inst) = host(vm) else { return Ok(Value::NONE) };
    // SAFETY: only checked definitions get into function objects.
    let native = unsafe { &*natives::definition(vm.heap(), callee).cast::<Native>() };
    let owner = natives::owner(vm.heap(), callee);
    let (mut user, mut first) = (owner.cast_mut().cast::<c_void>(), 0);
    if native.bind != FUNCTION {
        // SAFETY: a method's owner is its class.
        let class = unsafe { &*owner.cast::<Class>() };
        match method_self(vm, native, class, args)? {
            Some(data) => user = data,
            None => return Ok(Value::NONE),
        }
        first = 1;
    }
    let Some(function) = native.call else { return Ok(Value::NONE) };
    let mut stay = Stay::new(core::ptr::null_mut(), 0);
    let mut visit = Visit::begin(vm, inst, &mut stay).ok_or_else(|| vm.raise_deep())?;
    let mut c_args = [Arg::ZERO; MAX_PARAMS];
    let mut pins = Pins::new();
    // SAFETY: checked.
    let params = unsafe { c_items(native.params, native.n_params.into()) }.unwrap_or(&[]);
    let parsed = convert::parse(vm, inst, visit.task, args, first, params, &mut c_args, &mut pins);
    let mut result = Arg::ZERO;
    let done = match parsed {
        // SAFETY: the function is called as the header says, with as many arguments as it has parameters.
        Ok(()) => unsafe { function(visit.vm(), user, c_args.as_ptr(), &mut result) },
        Err(Raised) => {
            let raised = vm.heap().raised;
            pins.release(vm.heap_mut());
            let _ = visit.end(vm);
            vm.heap_mut().raised = raised;
            return Err(Raised);
        }
    };
    visit.back(vm);
    pins.release(vm.heap_mut());
    let value = if done < 0 {
        outcome(vm, done).map(|()| Value::NONE)
    } else {
        convert::result(vm, inst, native.result, &result)
    };
    match value {
        Ok(value) => {
            let at = vm.push(value)?;
            let ended = leave(vm, visit);
            let value = vm.get(at);
            vm.drop_to(at);
            ended.map(|()| value)
        }
        Err(Raised) => {
            let raised = vm.heap().raised;
            // What it raised says more than the state that it left.
            let _ = visit.end(vm);
            vm.heap_mut().raised = raised;
            Err(Raised)
        }
    }
}

/// The function has returned; `RuntimeError` where it left the VM in another state than it found.
fn leave(vm: &mut Vm, mut visit: Visit) -> R<()> {
    if visit.end(vm) {
        Ok(())
    } else {
        Err(vm.raise(TypeId::RuntimeError, "a C function left frames or locks open"))
    }
}

/// The data that a method works on; `None` where `__del__` finds that it is gone already.
#[inline(never)]
fn method_self(vm: &mut Vm, native: &Native, class: &Class, args: Args) -> R<Option<*mut c_void>> {
    let Some(me) = vm.arg(args, 0) else {
        return Err(vm.raise(TypeId::TypeError, "a method needs an object"));
    };
    if !has_data(vm, me) {
        return Err(wrong_object(vm));
    }
    if !is_finalizer(native) {
        return data(vm, me, class).map(Some);
    }
    if let Some(part) = vm.heap().slot(me, 1).filter(|part| natives::is_data(vm.heap(), *part))
        && natives::definition(vm.heap(), part).is_null()
    {
        return Ok(None);
    }
    let place = data(vm, me, class)?;
    if let Some(part) = vm.heap().slot(me, 1) {
        // From now on the data is gone: another method finds nobody.
        natives::set_class(vm.heap_mut(), part, core::ptr::null());
    }
    Ok(Some(place))
}

fn is_finalizer(native: &Native) -> bool {
    // SAFETY: names of tables were checked. The first byte tells most of them apart.
    unsafe { *native.name == b'_' as c_char && c_text(native.name) == Ok(c"__del__") }
}

#[cold]
fn wrong_object(vm: &mut Vm) -> Raised {
    vm.raise(TypeId::TypeError, "object of another class")
}

/// The instance's data, made if this is its first use.
fn data(vm: &mut Vm, me: Value, class: &Class) -> R<*mut c_void> {
    let own = core::ptr::from_ref(class).cast::<u8>();
    let part = match vm.heap().slot(me, 1) {
        Some(part) if natives::is_data(vm.heap(), part) => part,
        _ => {
            if !descends(vm, me, class) {
                return Err(wrong_object(vm));
            }
            let size = class.data_size as usize;
            let part = vm.with_heap(|heap| natives::new_data(heap, own, size))?;
            vm.heap_mut().set_field(me, 1, part);
            part
        }
    };
    let found = natives::definition(vm.heap(), part);
    if found.is_null() {
        return Err(vm.raise(TypeId::ValueError, "the object was finalized"));
    }
    if found != own {
        return Err(wrong_object(vm));
    }
    Ok(vm.heap_mut().raw_words_mut(part, natives::DATA).as_mut_ptr().cast())
}

/// Raises what a C function's status means.
fn outcome(vm: &mut Vm, done: c_int) -> R<()> {
    if done >= 0 {
        return Ok(());
    }
    if done == status::EXCEPTION
        && let Some(exception) = vm.task().exception.take()
    {
        vm.heap_mut().barrier(exception.bits());
        return Err(vm.heap_mut().raise_value(exception));
    }
    Err(exceptions::raise_status(vm, done))
}
