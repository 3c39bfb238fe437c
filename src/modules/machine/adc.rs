//! `machine.ADC`: an analog input.

use super::device::{self, deinit, failed, print, setting, this, using};
use crate::heap::{R, TypeId, Value};
use crate::object::int;
use crate::port::Errno;
use crate::port::machine::{AdcConfig, Adcs};
use crate::q;
use crate::vm::Vm;
use crate::vm::args::{ArgKind, ArgSpec, arg, parse};
use crate::vm::def::{Args, NativeDef, TypeDef, entry, kw_fn, vm_fn};

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 1, 1, true)),
    print: Some(print),
    entries: &[
        entry(q!("init"), kw_fn(init, 1, 1)),
        entry(q!("deinit"), vm_fn(deinit, 1, 1)),
        entry(q!("read_u16"), vm_fn(read_u16, 1, 1)),
        entry(q!("read_uv"), vm_fn(read_uv, 1, 1)),
    ],
    ..TypeDef::plain(TypeId::ADC, q!("ADC"))
};

static SETTINGS: [ArgSpec; 3] = [
    arg(q!("id"), ArgKind::Required),
    arg(q!("sample_ns"), ArgKind::KwOnly),
    arg(q!("atten"), ArgKind::KwOnly),
];

/// `ADC(id, *, sample_ns, atten)`
fn make(vm: &mut Vm, args: Args) -> R {
    device::make(vm, args, TypeId::ADC, &[], set_up)
}

/// `init(*, sample_ns, atten)`
fn init(vm: &mut Vm, args: Args) -> R {
    set_up(vm, this(vm, args), args)?;
    Ok(Value::NONE)
}

fn set_up(vm: &mut Vm, adc: Value, args: Args) -> R {
    let mut given = [None; 3];
    parse(vm, args, &SETTINGS, &mut given)?;
    let [_, sample_ns, atten] = given;
    let config = AdcConfig {
        sample_ns: setting(vm, sample_ns, i32::MAX.into())?,
        atten: setting(vm, atten, i32::MAX.into())?,
    };
    let adcs = adcs(vm)?;
    device::open(vm, adc, q!("ADC"), |id| adcs.open(id, &config))
}

fn adcs(vm: &mut Vm) -> R<Adcs> {
    match vm.machine().adc() {
        Some(adcs) => Ok(adcs),
        None => Err(device::refuse(vm, q!("ADC"))),
    }
}

fn sample(vm: &mut Vm, args: Args, read: fn(Adcs, i32) -> Result<i32, Errno>) -> R {
    let adcs = adcs(vm)?;
    let n = using(vm, this(vm, args), |vm, handle| {
        vm.blocking(|_| read(adcs, handle)).map_err(|e| failed(vm, e))
    })?;
    vm.with_heap(|h| int::from_i64(h, n.into()))
}

/// `read_u16()`
fn read_u16(vm: &mut Vm, args: Args) -> R {
    sample(vm, args, |adcs, adc| adcs.read_u16(adc).map(i32::from))
}

/// `read_uv()`: microvolts.
fn read_uv(vm: &mut Vm, args: Args) -> R {
    sample(vm, args, Adcs::read_uv)
}
