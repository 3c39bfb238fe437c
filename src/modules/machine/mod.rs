//! The module `machine`: interrupts of the program, and the board's devices over the firmware's tables.
//!
//! Invariants
//! - Python code never runs in an interrupt handler; what interrupts a program are the calls that handlers post and the turns
//!   of other threads. That is what `disable_irq` holds back, for the task that calls it: the hardware's interrupts stay on,
//!   and so do the firmware's other tasks;
//! - a class whose table the firmware has not given to this VM is not in the module;
//! - an object of a device is in the state that its driver knows: it is changed only after the driver has agreed, or before
//!   the driver hears of it and back again if it refuses.

#[cfg(feature = "machine-adc")]
pub mod adc;
#[cfg_attr(not(feature = "machine-system"), path = "board_not.rs")]
pub mod board;
#[cfg(any(feature = "machine-i2c", feature = "machine-spi"))]
mod buffers;
#[cfg(feature = "machine-tables")]
mod device;
#[cfg(feature = "machine-i2c")]
pub mod i2c;
#[cfg(feature = "machine-tables")]
pub mod irq;
#[cfg(feature = "machine-pin")]
pub mod pin;
#[cfg(feature = "full")]
pub mod registers;
#[cfg(feature = "machine-pin")]
pub mod signal;
#[cfg(feature = "machine-spi")]
pub mod spi;
#[cfg(feature = "machine-timer")]
pub mod timer;
#[cfg(feature = "machine-uart")]
pub mod uart;
#[cfg(feature = "machine-wdt")]
pub mod wdt;

use crate::builtins::convert;
#[cfg(feature = "machine-tables")]
use crate::heap::TypeId as Id;
use crate::heap::{R, TypeId, Value};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, Const, Entry, ModuleDef, entry, vm_fn};

pub static MODULE: ModuleDef = ModuleDef { name: q!("machine"), entries: ENTRIES };

static ENTRIES: &[Entry] = &[
    entry(q!("disable_irq"), vm_fn(disable_irq, 0, 0)),
    entry(q!("enable_irq"), vm_fn(enable_irq, 1, 1)),
    entry(q!("idle"), vm_fn(board::idle, 0, 0)),
    entry(q!("soft_reset"), vm_fn(soft_reset, 0, 0)),
    #[cfg(feature = "machine-system")]
    entry(q!("reset"), Const::Dyn(|vm| Ok(board::function(vm, 0)))),
    #[cfg(feature = "machine-system")]
    entry(q!("reset_cause"), Const::Dyn(|vm| Ok(board::function(vm, 1)))),
    #[cfg(feature = "machine-system")]
    entry(q!("unique_id"), Const::Dyn(|vm| Ok(board::function(vm, 2)))),
    #[cfg(feature = "machine-system")]
    entry(q!("freq"), Const::Dyn(|vm| Ok(board::function(vm, 3)))),
    #[cfg(feature = "machine-system")]
    entry(q!("lightsleep"), Const::Dyn(|vm| Ok(board::function(vm, 4)))),
    #[cfg(feature = "machine-system")]
    entry(q!("deepsleep"), Const::Dyn(|vm| Ok(board::function(vm, 5)))),
    #[cfg(feature = "machine-system")]
    entry(q!("bootloader"), Const::Dyn(|vm| Ok(board::function(vm, 6)))),
    #[cfg(feature = "machine-system")]
    entry(q!("PWRON_RESET"), Const::Int(1)),
    #[cfg(feature = "machine-system")]
    entry(q!("HARD_RESET"), Const::Int(2)),
    #[cfg(feature = "machine-system")]
    entry(q!("WDT_RESET"), Const::Int(3)),
    #[cfg(feature = "machine-system")]
    entry(q!("DEEPSLEEP_RESET"), Const::Int(4)),
    #[cfg(feature = "machine-system")]
    entry(q!("SOFT_RESET"), Const::Int(5)),
    #[cfg(feature = "machine-pin")]
    entry(q!("Pin"), Const::Dyn(|vm| class(Id::Pin, vm.machine().pin().is_some()))),
    #[cfg(feature = "machine-pin")]
    entry(q!("Signal"), Const::Type(Id::Signal)),
    #[cfg(feature = "machine-pin")]
    entry(q!("time_pulse_us"), vm_fn(pin::time_pulse_us, 2, 3)),
    #[cfg(feature = "machine-timer")]
    entry(q!("Timer"), Const::Dyn(|vm| class(Id::Timer, vm.machine().timer().is_some()))),
    #[cfg(feature = "machine-i2c")]
    entry(q!("I2C"), Const::Dyn(|vm| class(Id::I2C, vm.machine().i2c().is_some()))),
    #[cfg(feature = "machine-spi")]
    entry(q!("SPI"), Const::Dyn(|vm| class(Id::SPI, vm.machine().spi().is_some()))),
    #[cfg(feature = "machine-uart")]
    entry(q!("UART"), Const::Dyn(|vm| class(Id::UART, vm.machine().uart().is_some()))),
    #[cfg(feature = "machine-adc")]
    entry(q!("ADC"), Const::Dyn(|vm| class(Id::ADC, vm.machine().adc().is_some()))),
    #[cfg(feature = "machine-wdt")]
    entry(q!("WDT"), Const::Dyn(|vm| class(Id::WDT, vm.machine().wdt().is_some()))),
    #[cfg(feature = "full")]
    entry(q!("mem8"), Const::Dyn(|vm| registers::new(vm, 1))),
    #[cfg(feature = "full")]
    entry(q!("mem16"), Const::Dyn(|vm| registers::new(vm, 2))),
    #[cfg(feature = "full")]
    entry(q!("mem32"), Const::Dyn(|vm| registers::new(vm, 4))),
];

/// A class that the board may not have.
#[cfg(feature = "machine-tables")]
fn class(id: Id, there: bool) -> R {
    Ok(if there { Value::typ(id) } else { Value::STOP })
}

/// `disable_irq()`: what `enable_irq` needs to bring back the state before.
fn disable_irq(vm: &mut Vm, _: Args) -> R {
    let before = core::mem::replace(&mut vm.state_mut().undisturbed, true);
    Ok(Value::bool(!before))
}

/// `enable_irq(state)`
fn enable_irq(vm: &mut Vm, args: Args) -> R {
    let state = vm.req(args, 0);
    vm.state_mut().undisturbed = convert::to_i64(vm, state)? == 0;
    Ok(Value::NONE)
}

/// `soft_reset()`: ends the program; the firmware starts the next one.
fn soft_reset(vm: &mut Vm, _: Args) -> R {
    Err(vm.raise_bare(TypeId::SystemExit))
}
