//! `machine.Pin`, and `time_pulse_us`.
//!
//! Invariant: a pin object has the first three words of a device: a driver's handle of a pin is always good, so nothing is
//! opened or closed, and two objects of one pin are equal.

use super::device::{failed, handler, named, not_opened, number, setting, soft_only, this};
use super::irq;
use crate::builtins::text;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::int;
use crate::port::Errno;
use crate::port::machine::{PinConfig, Pins};
use crate::q;
use crate::vm::Vm;
use crate::vm::args::{ArgKind, ArgSpec, arg, parse};
use crate::vm::def::{Args, BinaryOp, Const, NativeDef, Slot, TypeDef, UnaryOp, entry, kw_fn, vm_fn};
use crate::vm::devices::field;

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 1, 3, true)),
    print: Some(super::device::print),
    call: Some(call),
    unary: Slot::Heap(unary),
    binary: Slot::Heap(binary),
    entries: &[
        entry(q!("init"), kw_fn(init, 1, 3)),
        entry(q!("value"), vm_fn(value, 1, 2)),
        entry(q!("on"), vm_fn(high, 1, 1)),
        entry(q!("off"), vm_fn(low, 1, 1)),
        entry(q!("high"), vm_fn(high, 1, 1)),
        entry(q!("low"), vm_fn(low, 1, 1)),
        entry(q!("toggle"), vm_fn(toggle, 1, 1)),
        entry(q!("irq"), kw_fn(irq, 1, 3)),
        entry(q!("IN"), Const::Int(0)),
        entry(q!("OUT"), Const::Int(1)),
        entry(q!("OPEN_DRAIN"), Const::Int(2)),
        entry(q!("ALT"), Const::Int(3)),
        entry(q!("ALT_OPEN_DRAIN"), Const::Int(4)),
        entry(q!("ANALOG"), Const::Int(LAST_MODE as i32)),
        entry(q!("PULL_UP"), Const::Int(1)),
        entry(q!("PULL_DOWN"), Const::Int(2)),
        entry(q!("DRIVE_0"), Const::Int(0)),
        entry(q!("DRIVE_1"), Const::Int(1)),
        entry(q!("DRIVE_2"), Const::Int(2)),
        entry(q!("IRQ_RISING"), Const::Int(RISING as i32)),
        entry(q!("IRQ_FALLING"), Const::Int(FALLING as i32)),
        entry(q!("IRQ_LOW_LEVEL"), Const::Int(4)),
        entry(q!("IRQ_HIGH_LEVEL"), Const::Int(8)),
    ],
    ..TypeDef::plain(TypeId::Pin, q!("Pin"))
};

const LAST_MODE: i64 = 5;
const PULLS: i64 = 3;
const RISING: u32 = 1;
const FALLING: u32 = 2;
const TRIGGERS: i64 = 15;
const COUNT: usize = field::ID + 1;

/// The driver, and the handle of a pin object.
fn pin(vm: &mut Vm, v: Value) -> R<(Pins, i32)> {
    match vm.machine().pin() {
        Some(pins) => Ok((pins, vm.heap().int(v, field::HANDLE))),
        None => Err(failed(vm, Errno::ENODEV)),
    }
}

static SETTINGS: [ArgSpec; 6] = [
    arg(q!("id"), ArgKind::Required),
    arg(q!("mode"), ArgKind::Optional),
    arg(q!("pull"), ArgKind::Optional),
    arg(q!("value"), ArgKind::KwOnly),
    arg(q!("drive"), ArgKind::KwOnly),
    arg(q!("alt"), ArgKind::KwOnly),
];

/// `Pin(id, mode=-1, pull=-1, *, value=None, drive=-1, alt=-1)`
pub fn make(vm: &mut Vm, args: Args) -> R {
    let mut given = [None; 6];
    parse(vm, args, &SETTINGS, &mut given)?;
    let Some(id) = given.first().copied().flatten() else { return Ok(Value::NONE) };
    let native = text::native(vm.heap(), id);
    let made = if vm.type_id(native) == TypeId::Pin { native } else { new(vm, id)? };
    vm.push(made)?;
    configure(vm, made, given)?;
    Ok(made)
}

/// The pin that a program names so.
fn new(vm: &mut Vm, id: Value) -> R {
    let found = match vm.machine().pin() {
        Some(pins) => named(vm, id, |_, id| pins.find(id))?,
        None => Err(Errno::ENODEV),
    };
    let handle = found.map_err(|e| not_opened(vm, q!("Pin"), e))?;
    vm.with_heap(|h| {
        let pin = h.alloc(Kind::Object, COUNT)?;
        h.set_field(pin, field::TYPE, Value::typ(TypeId::Pin));
        h.set_int(pin, field::HANDLE, handle);
        h.set_field(pin, field::ID, id);
        Ok(pin)
    })
}

/// `init(mode=-1, pull=-1, *, value=None, drive=-1, alt=-1)`
fn init(vm: &mut Vm, args: Args) -> R {
    let mut given = [None; 6];
    parse(vm, args, &SETTINGS, &mut given)?;
    configure(vm, this(vm, args), given)?;
    Ok(Value::NONE)
}

fn configure(vm: &mut Vm, v: Value, given: [Option<Value>; 6]) -> R<()> {
    let [_, mode, pull, level, drive, alt] = given;
    let value = match level.filter(|v| !v.is_none()) {
        Some(v) => vm.truth(v)?.into(),
        None => -1,
    };
    let config = PinConfig {
        mode: setting(vm, mode, LAST_MODE)?,
        // None is no pull, unlike nothing.
        pull: if pull == Some(Value::NONE) { 0 } else { setting(vm, pull, PULLS)? },
        value,
        drive: setting(vm, drive, i32::MAX.into())?,
        alt: setting(vm, alt, i32::MAX.into())?,
    };
    if [config.mode, config.pull, config.value, config.drive, config.alt].iter().all(|n| *n == -1) {
        return Ok(());
    }
    let (pins, handle) = pin(vm, v)?;
    pins.configure(handle, &config).map_err(|e| not_opened(vm, q!("Pin"), e))
}

fn read(vm: &mut Vm, v: Value) -> R<bool> {
    let (pins, handle) = pin(vm, v)?;
    pins.read(handle).map_err(|e| failed(vm, e))
}

fn write(vm: &mut Vm, v: Value, level: bool) -> R {
    let (pins, handle) = pin(vm, v)?;
    match pins.write(handle, level) {
        Ok(()) => Ok(Value::NONE),
        Err(e) => Err(failed(vm, e)),
    }
}

fn get_or_set(vm: &mut Vm, v: Value, level: Option<Value>) -> R {
    match level {
        Some(level) => {
            let level = vm.truth(level)?;
            write(vm, v, level)
        }
        None => Ok(Value::small(read(vm, v)?.into())),
    }
}

/// `value([x])`
fn value(vm: &mut Vm, args: Args) -> R {
    get_or_set(vm, this(vm, args), vm.arg(args, 1))
}

/// `pin([x])`
fn call(vm: &mut Vm, v: Value, args: Args) -> R {
    if args.n() > 1 || args.kw() != 0 {
        return Err(vm.raise(TypeId::TypeError, "a pin takes at most one argument"));
    }
    get_or_set(vm, v, vm.arg(args, 0))
}

fn high(vm: &mut Vm, args: Args) -> R {
    write(vm, this(vm, args), true)
}

fn low(vm: &mut Vm, args: Args) -> R {
    write(vm, this(vm, args), false)
}

fn toggle(vm: &mut Vm, args: Args) -> R {
    let (pins, handle) = pin(vm, this(vm, args))?;
    match pins.toggle(handle) {
        Ok(()) => Ok(Value::NONE),
        Err(e) => Err(failed(vm, e)),
    }
}

static IRQ: [ArgSpec; 6] = [
    arg(q!("self"), ArgKind::Required),
    arg(q!("handler"), ArgKind::Optional),
    arg(q!("trigger"), ArgKind::Optional),
    arg(q!("priority"), ArgKind::KwOnly),
    arg(q!("wake"), ArgKind::KwOnly),
    arg(q!("hard"), ArgKind::KwOnly),
];

/// `irq(handler=None, trigger=IRQ_FALLING | IRQ_RISING, *, priority=1, wake=None, hard=False)`
fn irq(vm: &mut Vm, args: Args) -> R {
    let mut given = [None; 6];
    parse(vm, args, &IRQ, &mut given)?;
    let [_, f, trigger, priority, wake, hard] = given;
    let f = handler(vm, f)?;
    let trigger = number(vm, trigger, (RISING | FALLING).into(), 0..=TRIGGERS)?;
    number(vm, priority, 1, 1..=1)?;
    if wake.is_some_and(|v| !v.is_none()) {
        return Err(vm.raise(TypeId::ValueError, "pins do not wake the board from sleep"));
    }
    soft_only(vm, hard)?;
    let found = irq::of(vm, this(vm, args))?;
    vm.push(found)?;
    if args.n() > 1 || args.kw() > 0 {
        irq::set(vm, found, f, trigger as u32)?;
    }
    Ok(found)
}

fn unary(heap: &mut Heap, op: UnaryOp, v: Value) -> R {
    match op {
        UnaryOp::Hash => int::from_i64(heap, heap.int(v, field::HANDLE).into()),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn binary(heap: &mut Heap, op: BinaryOp, a: Value, b: Value) -> R {
    let [a, b] = [a, b].map(|v| text::native(heap, v));
    let pins = [a, b]
        .iter()
        .all(|v| heap.is(*v, Kind::Object) && heap.field(*v, field::TYPE) == Value::typ(TypeId::Pin));
    match op {
        BinaryOp::Equal if pins => Ok(Value::bool(heap.int(a, field::HANDLE) == heap.int(b, field::HANDLE))),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `time_pulse_us(pin, level[, timeout_us])`: how long the pulse of this level lasts, -2 where it did not begin in time, -1
/// where it did not end.
pub fn time_pulse_us(vm: &mut Vm, args: Args) -> R {
    let v = this(vm, args);
    if vm.type_id(v) != TypeId::Pin {
        return Err(vm.raise(TypeId::TypeError, "a Pin is needed"));
    }
    let level = vm.truth(vm.req(args, 1))?;
    let timeout = number(vm, vm.arg(args, 2), 1_000_000, 0..=u32::MAX.into())? as u64;
    let mut since = vm.port().clock_us();
    for (awaited, late) in [(level, -2), (!level, -1)] {
        let begun = since;
        while read(vm, v)? != awaited {
            if vm.port().clock_us().saturating_sub(since) >= timeout {
                return Ok(Value::small(late));
            }
            vm.tick(50)?;
        }
        since = vm.port().clock_us();
        if late == -1 {
            return vm.with_heap(|h| int::from_i64(h, (since - begun) as i64));
        }
    }
    Ok(Value::NONE)
}
