//! What the classes of devices share: names of devices, arguments, opening, use while others may close.
//!
//! Invariants
//! - a device that is opened is kept (`vm::devices`) before its driver hears of it; where the driver says that it is one
//!   that this VM has open already, that object is given, set up anew;
//! - while a device is in use without the VM's lock it counts that, and is not closed.
#![allow(dead_code, reason = "each class uses its part")]

use crate::builtins::functions::is_callable;
use crate::builtins::source::os_error;
use crate::builtins::{convert, text};
use crate::heap::{R, Raised, TypeId, Value};
use crate::object::exc::Part;
use crate::object::{str, tuple};
use crate::port::Errno;
use crate::port::machine::Id;
use crate::q;
use crate::vm::Vm;
use crate::vm::def::Args;
use crate::vm::devices::{CLOSED, field};
use core::ops::RangeInclusive;

/// Bytes of the longest label, with its NUL.
const LABEL: usize = 48;

/// What a driver's error becomes while a device is used.
#[cold]
pub fn failed(vm: &mut Vm, e: Errno) -> Raised {
    vm.raise_by(&|h| os_error(h, e))
}

/// `ValueError`: no device of this class.
#[cold]
pub fn refuse(vm: &mut Vm, class: Value) -> Raised {
    vm.raise_parts(TypeId::ValueError, &[Part::S("no such "), Part::V(class)])
}

/// What a driver's error becomes while a device is found or set up.
#[cold]
pub fn not_opened(vm: &mut Vm, class: Value, e: Errno) -> Raised {
    match e {
        Errno::ENODEV => refuse(vm, class),
        Errno::EINVAL => {
            vm.raise_parts(TypeId::ValueError, &[Part::V(class), Part::S(" cannot be set up like that")])
        }
        e => failed(vm, e),
    }
}

/// An int argument within bounds; `otherwise` where it was not given, or is `None`.
pub fn number(vm: &mut Vm, v: Option<Value>, otherwise: i64, within: RangeInclusive<i64>) -> R<i64> {
    let Some(v) = v.filter(|v| !v.is_none()) else { return Ok(otherwise) };
    let n = convert::to_i64(vm, v)?;
    if !within.contains(&n) {
        return Err(vm.raise(TypeId::ValueError, "argument out of range"));
    }
    Ok(n)
}

/// The same where -1 stands for what was not given.
pub fn setting(vm: &mut Vm, v: Option<Value>, most: i64) -> R<i32> {
    Ok(number(vm, v, -1, -1..=most)? as i32)
}

/// Handlers run between two instructions of a program, never in an interrupt.
pub fn soft_only(vm: &mut Vm, hard: Option<Value>) -> R<()> {
    match hard {
        Some(hard) if vm.truth(hard)? => {
            Err(vm.raise(TypeId::ValueError, "hard interrupts are not supported"))
        }
        _ => Ok(()),
    }
}

/// A handler argument: something to call, or `None`.
pub fn handler(vm: &mut Vm, v: Option<Value>) -> R {
    let Some(v) = v.filter(|v| !v.is_none()) else { return Ok(Value::NONE) };
    if !is_callable(vm, v)? {
        return Err(vm.raise(TypeId::TypeError, "handler must be callable"));
    }
    Ok(v)
}

fn label(vm: &mut Vm, v: Value, to: &mut [u8; LABEL]) -> R<()> {
    let span = convert::str_span(vm, v)?;
    let text = vm.heap().span_bytes(span);
    match to.get_mut(..text.len()) {
        Some(to) if text.len() < LABEL && !text.contains(&0) => {
            to.copy_from_slice(text);
            Ok(())
        }
        _ => Err(vm.raise(TypeId::ValueError, "no such label")),
    }
}

/// Calls `f` with what `v` names: a number, a label, a pair of bank or label and number, or a pin.
pub fn named<T>(vm: &mut Vm, v: Value, f: impl FnOnce(&mut Vm, &Id) -> T) -> R<T> {
    let mut room = [0; LABEL];
    let mut id = Id { label: core::ptr::null(), bank: -1, number: -1, pin: -1 };
    let (mut number_of, mut label_of) = (None, None);
    let native = text::native(vm.heap(), v);
    if str::is_str(vm.heap(), native) {
        label_of = Some(native);
    } else if vm.type_id(native) == TypeId::Pin {
        id.pin = vm.heap().int(native, field::HANDLE);
    } else if tuple::is(vm.heap(), native) && tuple::len(vm.heap(), native) == 2 {
        let first = tuple::get(vm.heap(), native, 0).unwrap_or(Value::NONE);
        number_of = tuple::get(vm.heap(), native, 1);
        if str::is_str(vm.heap(), first) {
            label_of = Some(first);
        } else {
            id.bank = number(vm, Some(first), -1, 0..=i32::MAX.into())? as i32;
        }
    } else {
        number_of = Some(v);
    }
    if let Some(v) = number_of {
        id.number = number(vm, Some(v), -1, 0..=i32::MAX.into())? as i32;
        if v.is_none() {
            return Err(vm.raise(TypeId::TypeError, "a device is an int, a str, or a tuple of two"));
        }
    }
    if let Some(v) = label_of {
        label(vm, v, &mut room)?;
        id.label = room.as_ptr().cast();
    }
    Ok(f(vm, &id))
}

/// The handle of a pin argument, -1 where it was not given.
pub fn pin_handle(vm: &mut Vm, v: Option<Value>) -> R<i32> {
    let Some(v) = v.filter(|v| !v.is_none()) else { return Ok(-1) };
    let native = text::native(vm.heap(), v);
    if vm.type_id(native) == TypeId::Pin {
        return Ok(vm.heap().int(native, field::HANDLE));
    }
    let found = match vm.machine().pin() {
        Some(pins) => named(vm, v, |_, id| pins.find(id))?,
        None => Err(Errno::ENODEV),
    };
    found.map_err(|e| not_opened(vm, q!("Pin"), e))
}

/// The device object that a method was called on.
pub fn this(vm: &Vm, args: Args) -> Value {
    text::native(vm.heap(), vm.req(args, 0))
}

/// The device of this class that is open under the name that is the only argument: its settings stay.
fn known(vm: &mut Vm, class: TypeId, args: Args) -> Option<Value> {
    let name = vm.arg(args, 0).filter(|_| args.n() == 1 && args.kw() == 0)?;
    vm.kept_device(|h, v| {
        let own = h.field(v, field::ID);
        let same = own == name
            || str::is_str(h, own) && str::is_str(h, name) && h.str_bytes(own) == h.str_bytes(name);
        same && h.field(v, field::TYPE) == Value::typ(class)
    })
}

/// A constructor: the object that has the device already, or a new one of `usual` words behind the common ones, set up.
pub fn make(
    vm: &mut Vm,
    args: Args,
    class: TypeId,
    usual: &[i32],
    set_up: fn(&mut Vm, Value, Args) -> R,
) -> R {
    if let Some(open) = known(vm, class, args) {
        return Ok(open);
    }
    let id = vm.req(args, 0);
    let device = vm.new_device(class, field::COMMON + usual.len(), id)?;
    vm.push(device)?;
    for (i, n) in usual.iter().enumerate() {
        vm.heap_mut().set_int(device, field::COMMON + i, *n);
    }
    set_up(vm, device, args)
}

/// Opens a device, which is reachable, or sets one up anew that is open: `open` calls its driver. What the program gets is
/// the object that has the handle.
pub fn open(vm: &mut Vm, device: Value, class: Value, open: impl FnOnce(&Id) -> Result<i32, Errno>) -> R {
    let before = vm.heap().int(device, field::HANDLE);
    if in_use(vm, device) {
        return Err(failed(vm, Errno::EBUSY));
    }
    vm.keep_device(device)?;
    let name = vm.heap().field(device, field::ID);
    let done = named(vm, name, |vm, id| vm.blocking(|_| open(id)));
    let handle = match done {
        Ok(Ok(handle)) => handle,
        failure => {
            if before == CLOSED {
                vm.forget_device(device);
            }
            return match failure {
                Err(Raised) => Err(Raised),
                Ok(e) => Err(not_opened(vm, class, e.err().unwrap_or(Errno::EIO))),
            };
        }
    };
    let what = vm.type_id(device);
    let known = vm.kept_device(|h, v| {
        v != device && h.field(v, field::TYPE) == Value::typ(what) && h.int(v, field::HANDLE) == handle
    });
    if let Some(known) = known.filter(|_| before == CLOSED) {
        vm.forget_device(device);
        for i in field::COMMON..vm.heap().words(device) {
            let setting = vm.heap().field(device, i);
            vm.heap_mut().set_field(known, i, setting);
        }
        return Ok(known);
    }
    vm.heap_mut().set_int(device, field::HANDLE, handle);
    Ok(device)
}

fn in_use(vm: &Vm, device: Value) -> bool {
    vm.heap().int(device, field::HANDLER) != 0
}

/// The handle of a device that is open.
pub fn handle(vm: &mut Vm, device: Value) -> R<i32> {
    match vm.heap().int(device, field::HANDLE) {
        CLOSED => Err(failed(vm, Errno::EBADF)),
        handle => Ok(handle),
    }
}

/// Runs `f`, which gives the VM's lock away, with the handle of a device that nobody closes meanwhile.
pub fn using<T>(vm: &mut Vm, device: Value, f: impl FnOnce(&mut Vm, i32) -> R<T>) -> R<T> {
    let handle = handle(vm, device)?;
    let users = vm.heap().int(device, field::HANDLER);
    vm.heap_mut().set_int(device, field::HANDLER, users + 1);
    let done = f(vm, handle);
    let users = vm.heap().int(device, field::HANDLER);
    vm.heap_mut().set_int(device, field::HANDLER, users - 1);
    done
}

/// `deinit()`
pub fn deinit(vm: &mut Vm, args: Args) -> R {
    let device = this(vm, args);
    if in_use(vm, device) {
        return Err(failed(vm, Errno::EBUSY));
    }
    vm.end_device(device);
    Ok(Value::NONE)
}

/// Shows a device as its class and what the program called it.
pub fn show(vm: &mut Vm, device: Value) -> R<()> {
    let (class, name) = (vm.type_name(device), vm.heap().field(device, field::ID));
    vm.print(class, crate::vm::def::Mode::Str)?;
    vm.emit(b"(")?;
    vm.print(name, crate::vm::def::Mode::Repr)
}

/// Shows a device without settings.
pub fn print(vm: &mut Vm, device: Value, _: crate::vm::def::Mode) -> R<()> {
    show(vm, device)?;
    vm.emit(b")")
}
