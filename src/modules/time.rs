//! The module `time`: the port's clock, the calendar, and sleeping.
//!
//! Invariant: ticks are small ints that wrap at `PERIOD`, a power of two, on every board.

#[cfg(feature = "basic")]
use crate::base::time;
use crate::heap::value::SMALL_MAX;
use crate::heap::{R, TypeId, Value};
use crate::object::int;
#[cfg(feature = "basic")]
use crate::object::tuple;
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, Entry, ModuleDef, entry, vm_fn};

pub static MODULE: ModuleDef = ModuleDef { name: q!("time"), entries: ENTRIES };

static ENTRIES: &[Entry] = &[
    entry(q!("time"), vm_fn(time_fn, 0, 0)),
    entry(q!("time_ns"), vm_fn(time_ns, 0, 0)),
    entry(q!("sleep"), vm_fn(sleep, 1, 1)),
    entry(q!("sleep_ms"), vm_fn(sleep_ms, 1, 1)),
    entry(q!("sleep_us"), vm_fn(sleep_us, 1, 1)),
    entry(q!("ticks_ms"), vm_fn(ticks_ms, 0, 0)),
    entry(q!("ticks_us"), vm_fn(ticks_us, 0, 0)),
    entry(q!("ticks_cpu"), vm_fn(ticks_cpu, 0, 0)),
    entry(q!("ticks_add"), vm_fn(ticks_add, 2, 2)),
    entry(q!("ticks_diff"), vm_fn(ticks_diff, 2, 2)),
    #[cfg(feature = "basic")]
    entry(q!("gmtime"), vm_fn(gmtime, 0, 1)),
    #[cfg(feature = "basic")]
    entry(q!("localtime"), vm_fn(gmtime, 0, 1)),
    #[cfg(feature = "basic")]
    entry(q!("mktime"), vm_fn(mktime, 1, 1)),
];

const PERIOD: i64 = SMALL_MAX as i64 + 1;

/// Microseconds since 1970, or since the start where the board does not know the date.
fn now_us(vm: &Vm) -> i64 {
    let port = vm.port();
    port.epoch_us().unwrap_or_else(|| port.clock_us() as i64)
}

#[cfg(feature = "float-double")]
fn time_fn(vm: &mut Vm, _: Args) -> R {
    let now = now_us(vm);
    vm.with_heap(|h| crate::object::float::new(h, now as f64 / 1e6))
}
/// Whole seconds: a single-precision float has not the digits.
#[cfg(not(feature = "float-double"))]
fn time_fn(vm: &mut Vm, _: Args) -> R {
    let now = int::floor_divide(now_us(vm), 1_000_000).map_or(0, |both| both.0);
    vm.with_heap(|h| int::from_i64(h, now))
}

fn time_ns(vm: &mut Vm, _: Args) -> R {
    let now = now_us(vm).saturating_mul(1000);
    vm.with_heap(|h| int::from_i64(h, now))
}

fn int_arg(vm: &mut Vm, args: Args, i: usize) -> R<i64> {
    let v = vm.req(args, i);
    match int::to_i64(vm.heap(), v) {
        Some(n) => Ok(n),
        None => whole(vm, v),
    }
}

/// An int that is not one already: a bool, or a subclass of int; floats are cut.
fn whole(vm: &mut Vm, v: Value) -> R<i64> {
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    if let Some(x) = crate::object::float::get(vm.heap(), v) {
        return Ok(x as i64);
    }
    let n = vm.unary(crate::vm::def::UnaryOp::Int, v)?;
    match int::to_i64(vm.heap(), n) {
        Some(n) => Ok(n),
        None => Err(vm.raise(TypeId::OverflowError, "overflow converting long int to machine word")),
    }
}

/// Sleeps for a time that may be negative: then not at all.
fn sleep_for(vm: &mut Vm, us: i64) -> R {
    vm.sleep_us(u64::try_from(us).unwrap_or(0))?;
    Ok(Value::NONE)
}

fn sleep(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    if let Some(x) = crate::object::float::get(vm.heap(), v) {
        if x < 0.0 {
            return Err(vm.raise(TypeId::ValueError, "sleep length must be non-negative"));
        }
        return sleep_for(vm, (x * 1e6) as i64);
    }
    let n = whole(vm, v)?;
    if n < 0 {
        return Err(vm.raise(TypeId::ValueError, "sleep length must be non-negative"));
    }
    sleep_for(vm, n.saturating_mul(1_000_000))
}

fn sleep_ms(vm: &mut Vm, args: Args) -> R {
    let n = int_arg(vm, args, 0)?;
    sleep_for(vm, n.saturating_mul(1000))
}

fn sleep_us(vm: &mut Vm, args: Args) -> R {
    let n = int_arg(vm, args, 0)?;
    sleep_for(vm, n)
}

fn ticks(n: u64) -> R {
    Ok(Value::small((n & (PERIOD as u64 - 1)) as i32))
}

fn ticks_ms(vm: &mut Vm, _: Args) -> R {
    ticks(vm.port().clock_us() / 1000)
}

fn ticks_us(vm: &mut Vm, _: Args) -> R {
    ticks(vm.port().clock_us())
}

fn ticks_cpu(vm: &mut Vm, _: Args) -> R {
    ticks(vm.port().cpu_ticks().into())
}

fn ticks_add(vm: &mut Vm, args: Args) -> R {
    let (from, delta) = (int_arg(vm, args, 0)?, int_arg(vm, args, 1)?);
    if delta <= -PERIOD / 2 || delta >= PERIOD / 2 {
        return Err(vm.raise(TypeId::OverflowError, "ticks interval overflow"));
    }
    ticks(from.wrapping_add(delta) as u64)
}

/// The signed distance from the second to the first, in half a period either way.
fn ticks_diff(vm: &mut Vm, args: Args) -> R {
    let (end, start) = (int_arg(vm, args, 0)?, int_arg(vm, args, 1)?);
    let d = end.wrapping_sub(start).wrapping_add(PERIOD / 2) & (PERIOD - 1);
    Ok(Value::small((d - PERIOD / 2) as i32))
}

/// `gmtime([seconds])`; local time is UTC, because a port has no time zone.
#[cfg(feature = "basic")]
fn gmtime(vm: &mut Vm, args: Args) -> R {
    let seconds = match vm.arg(args, 0) {
        Some(v) if !v.is_none() => int_arg(vm, args, 0)?,
        _ => now_us(vm).div_euclid(1_000_000),
    };
    let d = time::date(seconds);
    vm.with_heap(|h| {
        let year = int::from_i64(h, d.year)?;
        let rest = [d.month, d.day, d.hour, d.minute, d.second, d.weekday].map(|n| Value::small(n.into()));
        let [month, day, hour, minute, second, weekday] = rest;
        let yearday = Value::small(d.yearday.into());
        tuple::from_slice(h, &[year, month, day, hour, minute, second, weekday, yearday])
    })
}

#[cfg(feature = "basic")]
fn mktime(vm: &mut Vm, args: Args) -> R {
    let t = vm.req(args, 0);
    let n = vm.len(t)?;
    if !(8..=9).contains(&n) {
        return Err(vm.raise(TypeId::TypeError, "mktime needs a tuple of length 8 or 9"));
    }
    let mut fields = [0i64; 6];
    for (i, f) in fields.iter_mut().enumerate() {
        let v = vm.subscr(t, Value::small(i as i32), crate::vm::def::Access::Load)?;
        let at = vm.push(v)?;
        *f = match int::to_i64(vm.heap(), v) {
            Some(n) => n,
            None => whole(vm, v)?,
        };
        vm.drop_to(at);
    }
    let [year, month, day, hour, minute, second] = fields;
    match time::seconds(year, month, day, hour, minute, second) {
        Some(s) => vm.with_heap(|h| int::from_i64(h, s)),
        None => Err(vm.raise(TypeId::OverflowError, "date out of range")),
    }
}
