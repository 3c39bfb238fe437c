//! What `irq` of a device gives: who is called, and when.
//!
//! Invariants
//! - while a driver knows it, it is kept (`vm::devices`), with the driver's handle; one device has one such object then;
//! - `TRIGGER` is what the program asked for. A UART may be told more, while somebody waits.
#![allow(dead_code, reason = "each class uses its part")]

use super::device::{failed, not_opened, number, this};
use crate::heap::{R, TypeId, Value};
use crate::object::int;
use crate::port::Errno;
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, TypeDef, entry, vm_fn};
use crate::vm::devices::{CLOSED, field};

pub static TYPE: TypeDef = TypeDef {
    call: Some(call),
    entries: &[entry(q!("flags"), vm_fn(flags, 1, 1)), entry(q!("trigger"), vm_fn(trigger, 1, 2))],
    ..TypeDef::plain(TypeId::Irq, q!("irq"))
};

pub const TRIGGER: usize = field::COMMON;
const COUNT: usize = field::COMMON + 1;

/// The one of a device, which is reachable: the one that is kept, or a new one.
pub fn of(vm: &mut Vm, device: Value) -> R {
    let (what, handle) = (vm.heap().field(device, field::TYPE), vm.heap().int(device, field::HANDLE));
    let known = vm.kept_device(|h, v| {
        let owner = h.field(v, field::ID);
        h.field(v, field::TYPE) == Value::typ(TypeId::Irq)
            && h.field(owner, field::TYPE) == what
            && h.int(owner, field::HANDLE) == handle
    });
    match known {
        Some(irq) => Ok(irq),
        None => vm.new_device(TypeId::Irq, COUNT, device),
    }
}

/// Tells the driver for what it shall post; 0 is nothing. The object is reachable.
pub fn arm(vm: &mut Vm, irq: Value, trigger: u32) -> R<()> {
    let owner = vm.heap().field(irq, field::ID);
    let handle = vm.heap().int(owner, field::HANDLE);
    let armed = vm.heap().int(irq, field::HANDLE) != CLOSED;
    if trigger == 0 {
        if armed {
            vm.end_device(irq);
        }
        return Ok(());
    }
    if handle == CLOSED {
        return Err(failed(vm, Errno::EBADF));
    }
    vm.keep_device(irq)?;
    let (notify, machine) = (vm.notify(irq), vm.machine());
    let (class, done) = if vm.type_id(owner) == TypeId::Pin {
        (q!("Pin"), machine.pin().map(|pins| pins.irq(handle, trigger, Some(&notify))))
    } else {
        (q!("UART"), machine.uart().map(|uarts| uarts.irq(handle, trigger, Some(&notify))))
    };
    match done {
        Some(Ok(())) => {
            vm.heap_mut().set_int(irq, field::HANDLE, handle);
            Ok(())
        }
        failure => {
            if !armed {
                vm.forget_device(irq);
            }
            let e = failure.and_then(Result::err).unwrap_or(Errno::ENODEV);
            Err(not_opened(vm, class, e))
        }
    }
}

/// Sets who is called and when. The object and the handler are reachable.
pub fn set(vm: &mut Vm, irq: Value, handler: Value, trigger: u32) -> R<()> {
    let trigger = if handler.is_none() { 0 } else { trigger };
    arm(vm, irq, trigger)?;
    let heap = vm.heap_mut();
    heap.set_field(irq, field::HANDLER, handler);
    heap.set_int(irq, TRIGGER, trigger as i32);
    Ok(())
}

/// `flags()`: what happened last.
fn flags(vm: &mut Vm, args: Args) -> R {
    let flags = vm.heap().int(this(vm, args), field::FLAGS);
    vm.with_heap(|h| int::from_i64(h, flags.into()))
}

/// `trigger([new])`: what it was.
fn trigger(vm: &mut Vm, args: Args) -> R {
    let irq = this(vm, args);
    let before = vm.heap().int(irq, TRIGGER);
    if let Some(new) = vm.arg(args, 1) {
        let new = number(vm, Some(new), 0, 0..=0xff)? as u32;
        let handler = vm.heap().field(irq, field::HANDLER);
        set(vm, irq, handler, new)?;
    }
    Ok(Value::small(before))
}

/// Calling it calls the handler.
fn call(vm: &mut Vm, irq: Value, args: Args) -> R {
    if args.n() != 0 || args.kw() != 0 {
        return Err(vm.raise(TypeId::TypeError, "function doesn't take arguments"));
    }
    let (handler, owner) = (vm.heap().field(irq, field::HANDLER), vm.heap().field(irq, field::ID));
    if handler.is_none() {
        return Ok(Value::NONE);
    }
    vm.call(handler, &[owner])?;
    Ok(Value::NONE)
}
