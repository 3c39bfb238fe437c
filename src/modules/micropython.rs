//! The module `micropython`: the VM's own switches and figures.

use crate::base::sink::{Sink, SliceSink, put_i64};
use crate::heap::{R, TypeId, Value};
use crate::object::int;
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, Entry, ModuleDef, entry, vm_fn};

pub static MODULE: ModuleDef = ModuleDef { name: q!("micropython"), entries: ENTRIES };

static ENTRIES: &[Entry] = &[
    #[cfg(feature = "extra")]
    entry(q!("RingIO"), crate::vm::def::Const::Type(crate::heap::TypeId::RingIO)),
    entry(q!("const"), vm_fn(constant, 1, 1)),
    entry(q!("opt_level"), vm_fn(opt_level, 0, 1)),
    #[cfg(feature = "basic")]
    entry(q!("mem_info"), vm_fn(mem_info, 0, 1)),
    #[cfg(feature = "basic")]
    entry(q!("qstr_info"), vm_fn(qstr_info, 0, 1)),
    entry(q!("stack_use"), vm_fn(stack_use, 0, 0)),
    entry(q!("heap_lock"), vm_fn(heap_lock, 0, 0)),
    entry(q!("heap_unlock"), vm_fn(heap_unlock, 0, 0)),
    entry(q!("heap_locked"), vm_fn(heap_locked, 0, 0)),
    entry(q!("kbd_intr"), vm_fn(kbd_intr, 1, 1)),
    entry(q!("schedule"), vm_fn(schedule, 2, 2)),
    entry(q!("alloc_emergency_exception_buf"), vm_fn(emergency, 1, 1)),
    entry(q!("__name__"), crate::vm::def::Const::Val(q!("micropython"))),
];

/// `const(x)`: the compiler replaces what it can; at run time it is its argument.
fn constant(vm: &mut Vm, args: Args) -> R {
    Ok(vm.req(args, 0))
}

fn small_arg(vm: &mut Vm, args: Args, i: usize) -> R<i32> {
    let v = vm.req(args, i);
    match int::to_i64(vm.heap(), v).and_then(|n| i32::try_from(n).ok()) {
        Some(n) => Ok(n),
        None => Err(vm.raise(TypeId::TypeError, "an int is required")),
    }
}

fn opt_level(vm: &mut Vm, args: Args) -> R {
    if args.n == 0 {
        return Ok(Value::small(vm.state().opt_level.into()));
    }
    let n = small_arg(vm, args, 0)?;
    vm.state_mut().opt_level = n.clamp(0, 3) as u8;
    Ok(Value::NONE)
}

/// A line of numbers between words.
fn line(vm: &mut Vm, parts: &[(&str, i64)]) -> R<()> {
    for (word, n) in parts {
        let mut room = [0; 64];
        let mut sink = SliceSink::new(&mut room);
        // 64 bytes hold every word here and a number.
        let _ = sink.put_str(word).and_then(|()| put_i64(&mut sink, *n));
        vm.emit(sink.bytes())?;
    }
    vm.emit(b"\n")
}

/// `mem_info([verbose])`: the same with and without the argument.
pub fn mem_info(vm: &mut Vm, _: Args) -> R {
    let heap = vm.heap();
    let (used, free) = (heap.used_bytes() as i64, heap.free_bytes() as i64);
    let (reach, largest_free, census) = (heap.reach() as i64, heap.largest_free() as i64, heap.census());
    line(vm, &[("mem: total=", used + free), (", current=", used), (", peak=", reach)])?;
    let (stack, room) = (vm.depth() as i64 * 4, vm.fiber_bytes() as i64);
    line(vm, &[("stack: ", stack), (" out of ", room)])?;
    line(vm, &[("GC: total: ", used + free), (", used: ", used), (", free: ", free)])?;
    let sizes = [
        (" No. of 1-blocks: ", census.ones.into()),
        (", 2-blocks: ", census.twos.into()),
        (", max blk sz: ", census.largest as i64 / 16),
        (", max free sz: ", largest_free / 16),
    ];
    line(vm, &sizes)?;
    Ok(Value::NONE)
}

fn qstr_info(vm: &mut Vm, _: Args) -> R {
    let n = vm.heap().interned().into();
    line(vm, &[("qstr pool: n_pool=1, n_qstr=", n)])?;
    Ok(Value::NONE)
}

/// Bytes of the value stack in use.
fn stack_use(vm: &mut Vm, _: Args) -> R {
    Ok(Value::small(vm.depth() as i32 * 4))
}

fn heap_lock(vm: &mut Vm, _: Args) -> R {
    vm.heap_mut().lock();
    Ok(Value::NONE)
}

fn heap_unlock(vm: &mut Vm, _: Args) -> R {
    let n = vm.heap_mut().unlock();
    Ok(Value::small(n as i32))
}

fn heap_locked(vm: &mut Vm, _: Args) -> R {
    Ok(Value::small(vm.heap().locks() as i32))
}

/// `kbd_intr(character)`: 3 makes ctrl-C interrupt the program, -1 makes it an ordinary character.
fn kbd_intr(vm: &mut Vm, args: Args) -> R {
    let on = small_arg(vm, args, 0)? >= 0;
    vm.state().interrupt.enable(on);
    Ok(Value::NONE)
}

fn schedule(vm: &mut Vm, args: Args) -> R {
    let (f, arg) = (vm.req(args, 0), vm.req(args, 1));
    if vm.schedule(f, arg)? {
        return Ok(Value::NONE);
    }
    Err(vm.raise(TypeId::RuntimeError, "schedule queue full"))
}

/// `alloc_emergency_exception_buf(size)`: the memory for it is set aside when the VM is opened.
fn emergency(vm: &mut Vm, args: Args) -> R {
    small_arg(vm, args, 0)?;
    Ok(Value::NONE)
}
