//! `machine.Signal`: a pin whose levels mean the reverse where it is inverted.
//!
//! Invariant: a signal is an `Object` cell: type, what it stands for (a `Pin`, or anything with a method `value`), inverted
//! or not.

use super::device::this;
use crate::heap::{Kind, R, TypeId, Value};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, NativeDef, TypeDef, entry, vm_fn};

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 1, 255, true)),
    call: Some(call),
    entries: &[
        entry(q!("value"), vm_fn(value, 1, 2)),
        entry(q!("on"), vm_fn(on, 1, 1)),
        entry(q!("off"), vm_fn(off, 1, 1)),
    ],
    ..TypeDef::plain(TypeId::Signal, q!("Signal"))
};

mod field {
    pub const TYPE: usize = 0;
    pub const PIN: usize = 1;
    pub const INVERT: usize = 2;
    pub const COUNT: usize = 3;
}

/// `Signal(pin, invert=False)`, or `Signal(arguments of Pin..., invert=False)`
fn make(vm: &mut Vm, args: Args) -> R {
    let mut invert = false;
    // What is left are Pin's: the keyword is taken out from among them.
    let (n, kw) = (args.n() as usize, args.kw() as usize);
    let mut kept = 0;
    for i in 0..kw {
        let (name, v) = vm.kw(args, i);
        if vm.heap().str_bytes(name) == b"invert" {
            invert = vm.truth(v)?;
        } else {
            vm.set_arg(args, n + 2 * kept, name);
            vm.set_arg(args, n + 2 * kept + 1, v);
            kept += 1;
        }
    }
    let first = vm.req(args, 0);
    let alone = n == 1 && kept == 0;
    let is_pin = alone && vm.type_id(crate::builtins::text::native(vm.heap(), first)) == TypeId::Pin;
    let pin = if is_pin || alone && vm.get_attr_or_stop(first, q!("value"))? != Value::STOP {
        first
    } else {
        super::pin::make(vm, Args::new(args.base, n as u16, kept as u16))?
    };
    vm.push(pin)?;
    vm.with_heap(|h| {
        let signal = h.alloc(Kind::Object, field::COUNT)?;
        h.set_field(signal, field::TYPE, Value::typ(TypeId::Signal));
        h.set_field(signal, field::PIN, pin);
        h.set_field(signal, field::INVERT, Value::bool(invert));
        Ok(signal)
    })
}

fn get_or_set(vm: &mut Vm, signal: Value, level: Option<bool>) -> R {
    let pin = vm.heap().field(signal, field::PIN);
    let invert = vm.heap().field(signal, field::INVERT) == Value::TRUE;
    match level {
        Some(level) => vm.call_method(pin, q!("value"), &[Value::small((level != invert).into())]),
        None => {
            let now = vm.call_method(pin, q!("value"), &[])?;
            Ok(Value::small((vm.truth(now)? != invert).into()))
        }
    }
}

fn call(vm: &mut Vm, signal: Value, args: Args) -> R {
    if args.n() > 1 || args.kw() != 0 {
        return Err(vm.raise(TypeId::TypeError, "a signal takes at most one argument"));
    }
    let level = match vm.arg(args, 0) {
        Some(level) => Some(vm.truth(level)?),
        None => None,
    };
    get_or_set(vm, signal, level)
}

/// `value([x])`
fn value(vm: &mut Vm, args: Args) -> R {
    let signal = this(vm, args);
    call(vm, signal, Args::new(args.base + 1, args.n() - 1, 0))
}

fn on(vm: &mut Vm, args: Args) -> R {
    get_or_set(vm, this(vm, args), Some(true))
}

fn off(vm: &mut Vm, args: Args) -> R {
    get_or_set(vm, this(vm, args), Some(false))
}
