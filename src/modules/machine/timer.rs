//! `machine.Timer`: calls after a time, or each time it has passed, by a timer of the firmware's.
//!
//! Invariants
//! - a driver knows a timer (and it is kept, `vm::devices`) while it runs; one with a number from when it is made until
//!   `deinit`;
//! - what it was set to stands in the object before the driver starts it, because it may be due at once.

use super::device::{handler, not_opened, number, refuse, show, soft_only, this};
use crate::heap::{R, Raised, TypeId, Value};
use crate::object::int;
use crate::port::machine::Timers;
use crate::q;
use crate::vm::Vm;
use crate::vm::args::{ArgKind, ArgSpec, arg, parse};
use crate::vm::def::{Args, Const, Mode, NativeDef, TypeDef, entry, kw_fn, vm_fn};
use crate::vm::devices::{CLOSED, PERIODIC, field};

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 0, 1, true)),
    print: Some(print),
    entries: &[
        entry(q!("init"), kw_fn(init, 1, 1)),
        entry(q!("deinit"), vm_fn(deinit, 1, 1)),
        entry(q!("ONE_SHOT"), Const::Int(0)),
        entry(q!("PERIODIC"), Const::Int(1)),
    ],
    ..TypeDef::plain(TypeId::Timer, q!("Timer"))
};

/// Microseconds, an int.
const PERIOD: usize = PERIODIC + 1;
const COUNT: usize = PERIOD + 1;

/// Of a timer that was never told otherwise.
const USUAL_US: i32 = 1_000_000;
/// The longest that MicroPython takes.
const MOST_US: u64 = 0x3fff_ffff * 1000;

static SETTINGS: [ArgSpec; 7] = [
    arg(q!("id"), ArgKind::Optional),
    arg(q!("mode"), ArgKind::KwOnly),
    arg(q!("callback"), ArgKind::KwOnly),
    arg(q!("period"), ArgKind::KwOnly),
    arg(q!("tick_hz"), ArgKind::KwOnly),
    arg(q!("freq"), ArgKind::KwOnly),
    arg(q!("hard"), ArgKind::KwOnly),
];

fn timers(vm: &mut Vm) -> R<Timers> {
    match vm.machine().timer() {
        Some(timers) => Ok(timers),
        None => Err(refuse(vm, q!("Timer"))),
    }
}

/// `Timer(id=-1, *, mode, period, freq, callback)`
fn make(vm: &mut Vm, args: Args) -> R {
    let mut given = [None; 7];
    parse(vm, args, &SETTINGS, &mut given)?;
    let id = number(vm, given.first().copied().flatten(), -1, i32::MIN.into()..=i32::MAX.into())? as i32;
    if id < -1 {
        return Err(refuse(vm, q!("Timer")));
    }
    let id = vm.with_heap(|h| int::from_i64(h, id.into()))?;
    vm.push(id)?;
    let known = vm.kept_device(|h, v| {
        h.field(v, field::TYPE) == Value::typ(TypeId::Timer)
            && id != Value::small(-1)
            && int::to_i64(h, h.field(v, field::ID)) == int::to_i64(h, id)
    });
    let timer = match known {
        Some(timer) => timer,
        None => {
            let timer = vm.new_device(TypeId::Timer, COUNT, id)?;
            vm.heap_mut().set_int(timer, PERIOD, USUAL_US);
            timer
        }
    };
    vm.push(timer)?;
    if id != Value::small(-1) {
        open(vm, timer)?;
    }
    if args.kw() > 0 {
        start(vm, timer, given)?;
    }
    Ok(timer)
}

/// Has the driver know the timer: its handle.
fn open(vm: &mut Vm, timer: Value) -> R<i32> {
    let handle = vm.heap().int(timer, field::HANDLE);
    if handle != CLOSED {
        return Ok(handle);
    }
    let timers = timers(vm)?;
    vm.keep_device(timer)?;
    let id = vm.heap().field(timer, field::ID);
    let id = int::to_i64(vm.heap(), id).unwrap_or(-1) as i32;
    match timers.open(id) {
        Ok(handle) => {
            vm.heap_mut().set_int(timer, field::HANDLE, handle);
            Ok(handle)
        }
        Err(e) => {
            vm.forget_device(timer);
            Err(not_opened(vm, q!("Timer"), e))
        }
    }
}

/// `init(*, mode=PERIODIC, period=1000, tick_hz=1000, freq, callback=None, hard=False)`
fn init(vm: &mut Vm, args: Args) -> R {
    let mut given = [None; 7];
    parse(vm, args, &SETTINGS, &mut given)?;
    start(vm, this(vm, args), given)?;
    Ok(Value::NONE)
}

fn start(vm: &mut Vm, timer: Value, given: [Option<Value>; 7]) -> R<()> {
    let [_, mode, callback, period, tick_hz, freq, hard] = given;
    let periodic = number(vm, mode, 1, 0..=1)? as i32;
    soft_only(vm, hard)?;
    let f = match callback {
        Some(f) => handler(vm, Some(f))?,
        None => vm.heap().field(timer, field::HANDLER),
    };
    let us = match freq.filter(|v| !v.is_none() && *v != Value::small(-1)) {
        Some(freq) => period_of(vm, freq)?,
        None => {
            let ticks = number(vm, period, -1, i64::MIN..=i64::MAX)?;
            let hz = number(vm, tick_hz, 1000, 1..=u32::MAX.into())? as u64;
            match u64::try_from(ticks) {
                Ok(ticks) => {
                    let whole = (ticks / hz).saturating_mul(1_000_000);
                    whole.saturating_add(ticks % hz * 1_000_000 / hz)
                }
                Err(_) if ticks == -1 => {
                    let last = vm.heap().field(timer, PERIOD);
                    int::to_i64(vm.heap(), last).unwrap_or(0) as u64
                }
                Err(_) => return Err(vm.raise(TypeId::ValueError, "period too small")),
            }
        }
    };
    let us = match us {
        us if us <= MOST_US => us.max(1),
        _ => return Err(vm.raise(TypeId::ValueError, "period too large")),
    };
    let at = vm.push(f)?;
    let period = vm.with_heap(|h| int::from_u64(h, us))?;
    vm.end_timer(timer);
    vm.push(period)?;
    let timers = timers(vm)?;
    let handle = if f.is_none() { CLOSED } else { open(vm, timer)? };
    let heap = vm.heap_mut();
    heap.set_field(timer, field::HANDLER, f);
    heap.set_int(timer, PERIODIC, periodic);
    heap.set_field(timer, PERIOD, period);
    vm.drop_to(at);
    if handle == CLOSED {
        return stop_numbered(vm, timer);
    }
    let notify = vm.notify(timer);
    match vm.blocking(|_| timers.start(handle, us, periodic != 0, &notify)) {
        Ok(()) => Ok(()),
        Err(e) => {
            vm.end_timer(timer);
            Err(not_opened(vm, q!("Timer"), e))
        }
    }
}

/// A numbered timer that nobody is called for stands still, and stays the program's.
fn stop_numbered(vm: &mut Vm, timer: Value) -> R<()> {
    if vm.heap().int(timer, field::HANDLE) == CLOSED {
        return Ok(());
    }
    vm.end_device(timer);
    open(vm, timer).map(|_| ())
}

/// Microseconds of a frequency in Hz.
#[cfg(any(feature = "float-single", feature = "float-double"))]
fn period_of(vm: &mut Vm, freq: Value) -> R<u64> {
    use crate::base::float::Float;
    let Some(hz) = crate::object::float::get(vm.heap(), freq) else { return whole_period(vm, freq) };
    let us = 1e6 as Float / hz;
    if hz > 0.0 && us >= 1.0 { Ok(us as u64) } else { Err(bad_freq(vm)) }
}
#[cfg(not(any(feature = "float-single", feature = "float-double")))]
fn period_of(vm: &mut Vm, freq: Value) -> R<u64> {
    whole_period(vm, freq)
}

fn whole_period(vm: &mut Vm, freq: Value) -> R<u64> {
    match number(vm, Some(freq), 0, i64::MIN..=i64::MAX)? {
        hz @ 1..=1_000_000 => Ok(1_000_000 / hz as u64),
        _ => Err(bad_freq(vm)),
    }
}

#[cold]
fn bad_freq(vm: &mut Vm) -> Raised {
    vm.raise(TypeId::ValueError, "freq must be above 0 and at most 1000000")
}

/// `deinit()`
fn deinit(vm: &mut Vm, args: Args) -> R {
    let timer = this(vm, args);
    vm.end_device(timer);
    vm.heap_mut().set_field(timer, field::HANDLER, Value::NONE);
    Ok(Value::NONE)
}

fn print(vm: &mut Vm, timer: Value, _: Mode) -> R<()> {
    show(vm, timer)?;
    let periodic = vm.heap().int(timer, PERIODIC) != 0;
    vm.emit(if periodic { b", mode=PERIODIC, period=" } else { b", mode=ONE_SHOT, period=" })?;
    let us = vm.heap().field(timer, PERIOD);
    let us = int::to_i64(vm.heap(), us).unwrap_or(0);
    let ms = vm.with_heap(|h| int::from_i64(h, int::floor_divide(us, 1000).map_or(0, |both| both.0)))?;
    vm.print(ms, Mode::Str)?;
    vm.emit(b")")
}
