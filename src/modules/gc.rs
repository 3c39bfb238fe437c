//! Module `gc`.

use crate::builtins::convert::to_i64;
use crate::heap::{Mode as Pacing, R, Value};
use crate::object::int;
use crate::q;
use crate::vm::Vm;
use crate::vm::def::*;
use crate::vm::state::Root;

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("gc"),
    entries: &[
        Entry { name: q!("collect"), value: vm_fn(collect, 0, 0) },
        Entry { name: q!("disable"), value: vm_fn(|vm, _| switch(vm, false), 0, 0) },
        Entry { name: q!("enable"), value: vm_fn(|vm, _| switch(vm, true), 0, 0) },
        Entry { name: q!("isenabled"), value: vm_fn(isenabled, 0, 0) },
        Entry { name: q!("mem_free"), value: vm_fn(mem_free, 0, 0) },
        Entry { name: q!("mem_alloc"), value: vm_fn(mem_alloc, 0, 0) },
        Entry { name: q!("threshold"), value: vm_fn(threshold, 0, 1) },
    ],
};

fn collect(vm: &mut Vm, _: Args) -> R {
    let before = vm.heap().used_bytes();
    vm.collect_in_turns()?;
    // Finalizers of what was garbage have run when this returns.
    vm.tick(0)?;
    // What a program can use of the figure: whether anything was freed.
    let freed = before.saturating_sub(vm.heap().used_bytes()) / 8;
    vm.with_heap(|h| int::from_i64(h, freed as i64))
}

fn switch(vm: &mut Vm, on: bool) -> R {
    vm.heap_mut().set_mode(if on { Pacing::Normal } else { Pacing::Never });
    Ok(Value::NONE)
}

fn isenabled(vm: &mut Vm, _: Args) -> R {
    Ok(Value::bool(vm.heap().mode() != Pacing::Never))
}

fn mem_free(vm: &mut Vm, _: Args) -> R {
    let n = vm.heap().free_bytes();
    vm.with_heap(|h| int::from_i64(h, n as i64))
}

fn mem_alloc(vm: &mut Vm, _: Args) -> R {
    let n = vm.heap().used_bytes();
    vm.with_heap(|h| int::from_i64(h, n as i64))
}

/// The collector paces itself by what is free, and never waits longer for a threshold; the figure is kept, in whole granules.
fn threshold(vm: &mut Vm, args: Args) -> R {
    match vm.arg(args, 0) {
        None => Ok(vm.root(Root::GcThreshold).unwrap_or(Value::small(-1))),
        Some(n) => {
            let n = to_i64(vm, n)?;
            let kept = if n < 0 { -1 } else { n / 8 * 8 };
            let kept = vm.with_heap(|h| int::from_i64(h, kept))?;
            vm.set_root(Root::GcThreshold, Some(kept));
            Ok(Value::NONE)
        }
    }
}
