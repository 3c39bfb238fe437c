//! What the module does with the board as a whole: reset, sleep, clock, identity.
//!
//! Invariant: `TYPE` is no class of the module; its table holds the functions that a board may lack, in the order of
//! `ABILITIES`.

use super::device::{failed, number, refuse};
use crate::heap::{R, TypeId, Value};
use crate::object::{bytes, int};
use crate::port::FOREVER;
use crate::port::machine::{Ability, System};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, Bind, Const, NativeDef, TypeDef, entry};

const fn function_of(f: fn(&mut Vm, Args) -> R, max: u8) -> Const {
    Const::Fn(NativeDef::vm(f, 0, max, false).bound(Bind::Static))
}

pub static TYPE: TypeDef = TypeDef {
    entries: &[
        entry(q!("reset"), function_of(reset, 0)),
        entry(q!("reset_cause"), function_of(reset_cause, 0)),
        entry(q!("unique_id"), function_of(unique_id, 0)),
        entry(q!("freq"), function_of(freq, 1)),
        entry(q!("lightsleep"), function_of(lightsleep, 1)),
        entry(q!("deepsleep"), function_of(deepsleep, 1)),
        entry(q!("bootloader"), function_of(bootloader, 0)),
    ],
    ..TypeDef::plain(TypeId::Board, q!("machine"))
};

const ABILITIES: [Ability; 7] = [
    Ability::Reset,
    Ability::ResetCause,
    Ability::UniqueId,
    Ability::Freq,
    Ability::LightSleep,
    Ability::DeepSleep,
    Ability::Bootloader,
];

/// The function at this place of the tables; `STOP` where the board has it not.
pub fn function(vm: &mut Vm, i: usize) -> Value {
    let has = |system: System| ABILITIES.get(i).is_some_and(|what| system.has(*what));
    if vm.machine().system().is_some_and(has) {
        Value::type_entry(TypeId::Board, i as u32)
    } else {
        Value::STOP
    }
}

fn system(vm: &mut Vm) -> R<System> {
    match vm.machine().system() {
        Some(system) => Ok(system),
        None => Err(refuse(vm, q!("machine"))),
    }
}

/// `reset()`
fn reset(vm: &mut Vm, _: Args) -> R {
    let system = system(vm)?;
    vm.blocking(|_| system.reset());
    // A board that goes on all the same.
    Err(vm.raise_bare(TypeId::SystemExit))
}

/// `bootloader()`
fn bootloader(vm: &mut Vm, _: Args) -> R {
    let system = system(vm)?;
    vm.blocking(|_| system.bootloader());
    Err(vm.raise_bare(TypeId::SystemExit))
}

/// `reset_cause()`
fn reset_cause(vm: &mut Vm, _: Args) -> R {
    let cause = system(vm)?.reset_cause();
    vm.with_heap(|h| int::from_i64(h, cause.into()))
}

/// `unique_id()`: bytes.
fn unique_id(vm: &mut Vm, _: Args) -> R {
    let mut room = [0; 32];
    let n = match system(vm)?.unique_id(&mut room) {
        Ok(n) => n,
        Err(e) => return Err(failed(vm, e)),
    };
    vm.with_heap(|h| bytes::new(h, crate::heap::Kind::Bytes, room.get(..n).unwrap_or(&[])))
}

/// `freq([hz])`
fn freq(vm: &mut Vm, args: Args) -> R {
    let system = system(vm)?;
    let Some(hz) = vm.arg(args, 0) else {
        let hz = system.freq();
        return vm.with_heap(|h| int::from_i64(h, hz.into()));
    };
    let hz = number(vm, Some(hz), 0, 1..=u32::MAX.into())? as u32;
    match vm.blocking(|_| system.set_freq(hz)) {
        Ok(()) => Ok(Value::NONE),
        Err(e) => Err(failed(vm, e)),
    }
}

/// Microseconds of an argument in milliseconds, for ever where there is none.
fn sleep_us(vm: &mut Vm, args: Args) -> R<u64> {
    match vm.arg(args, 0) {
        Some(ms) => Ok(number(vm, Some(ms), 0, 0..=u32::MAX.into())? as u64 * 1000),
        None => Ok(FOREVER),
    }
}

/// `lightsleep([time_ms])`
fn lightsleep(vm: &mut Vm, args: Args) -> R {
    let (system, us) = (system(vm)?, sleep_us(vm, args)?);
    match vm.blocking(|_| system.light_sleep(us)) {
        Ok(()) => vm.tick(0).map(|()| Value::NONE),
        Err(e) => Err(failed(vm, e)),
    }
}

/// `deepsleep([time_ms])`
fn deepsleep(vm: &mut Vm, args: Args) -> R {
    let (system, us) = (system(vm)?, sleep_us(vm, args)?);
    match vm.blocking(|_| system.deep_sleep(us)) {
        Ok(()) => Err(vm.raise_bare(TypeId::SystemExit)),
        Err(e) => Err(failed(vm, e)),
    }
}

/// `idle()`: waits for an interrupt as the board does it, or lets other tasks run; posted calls are served.
pub fn idle(vm: &mut Vm, _: Args) -> R {
    match vm.machine().system() {
        Some(system) if vm.blocking(|_| system.idle()) => vm.tick(0)?,
        _ => vm.sleep_us(0)?,
    }
    Ok(Value::NONE)
}
