//! The module `machine`, as far as it needs no device: interrupts of the program, and idling.
//!
//! Invariant: Python code never runs in an interrupt handler; what interrupts a program are the calls that handlers post and
//! the turns of other threads. That is what `disable_irq` holds back, for the task that calls it: the hardware's interrupts
//! stay on, and so do the firmware's other tasks.

use crate::builtins::convert;
use crate::heap::{R, Value};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, Const, Entry, ModuleDef, entry, vm_fn};

pub static MODULE: ModuleDef = ModuleDef { name: q!("machine"), entries: ENTRIES };

static ENTRIES: &[Entry] = &[
    entry(q!("disable_irq"), vm_fn(disable_irq, 0, 0)),
    entry(q!("enable_irq"), vm_fn(enable_irq, 1, 1)),
    entry(q!("idle"), vm_fn(idle, 0, 0)),
    entry(q!("__name__"), Const::Val(q!("machine"))),
];

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

/// `idle()`: lets other tasks run; posted calls are served.
fn idle(vm: &mut Vm, _: Args) -> R {
    vm.sleep_us(0)?;
    Ok(Value::NONE)
}
