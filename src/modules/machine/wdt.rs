//! `machine.WDT`: a watchdog. Nothing stops it.

use super::device::{self, failed, handle, number, print, this};
use crate::heap::{R, TypeId, Value};
use crate::port::machine::Watchdogs;
use crate::q;
use crate::vm::Vm;
use crate::vm::args::{ArgKind, ArgSpec, arg, parse};
use crate::vm::def::{Args, NativeDef, TypeDef, entry, vm_fn};
use crate::vm::devices::field;

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 0, 2, true)),
    print: Some(print),
    entries: &[entry(q!("feed"), vm_fn(feed, 1, 1)), entry(q!("timeout_ms"), vm_fn(timeout_ms, 2, 2))],
    ..TypeDef::plain(TypeId::WDT, q!("WDT"))
};

static SETTINGS: [ArgSpec; 2] = [arg(q!("id"), ArgKind::Optional), arg(q!("timeout"), ArgKind::Optional)];

/// `WDT(id=0, timeout=5000)`: starts it; milliseconds.
fn make(vm: &mut Vm, args: Args) -> R {
    let mut given = [None; 2];
    parse(vm, args, &SETTINGS, &mut given)?;
    let [id, timeout] = given;
    let id = number(vm, id, 0, 0..=0x3fff_ffff)? as i32;
    let wdt = vm.new_device(TypeId::WDT, field::COMMON, Value::small(id))?;
    vm.push(wdt)?;
    start(vm, wdt, timeout)
}

fn watchdogs(vm: &mut Vm) -> R<Watchdogs> {
    match vm.machine().wdt() {
        Some(watchdogs) => Ok(watchdogs),
        None => Err(device::refuse(vm, q!("WDT"))),
    }
}

fn start(vm: &mut Vm, wdt: Value, timeout: Option<Value>) -> R {
    let us = number(vm, timeout, 5000, 1..=u32::MAX.into())? as u64 * 1000;
    let watchdogs = watchdogs(vm)?;
    device::open(vm, wdt, q!("WDT"), |id| watchdogs.open(id.number, us))
}

/// `feed()`
fn feed(vm: &mut Vm, args: Args) -> R {
    let (watchdogs, wdt) = (watchdogs(vm)?, handle(vm, this(vm, args))?);
    match watchdogs.feed(wdt) {
        Ok(()) => Ok(Value::NONE),
        Err(e) => Err(failed(vm, e)),
    }
}

/// `timeout_ms(ms)`: changes its time.
fn timeout_ms(vm: &mut Vm, args: Args) -> R {
    start(vm, this(vm, args), vm.arg(args, 1))?;
    Ok(Value::NONE)
}
