//! The module `marshal`: code objects as bytes, in the form of `.mpy` files.

use crate::builtins::text;
use crate::code::{object, read, verify, write};
use crate::heap::{Kind, Place, R, TypeId};
use crate::q;
use crate::vm::def::{Args, ModuleDef, entry, vm_fn};
use crate::vm::{Vm, bulk};

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("marshal"),
    entries: &[entry(q!("dumps"), vm_fn(dumps, 1, 1)), entry(q!("loads"), vm_fn(loads, 1, 1))],
};

fn dumps(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    if !vm.heap().is(v, Kind::Code) {
        return Err(vm.raise(TypeId::ValueError, "unmarshallable object"));
    }
    vm.lend_heap(|heap| write::to_bytes(heap, v))
}

/// What was written is verified like any file.
fn loads(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    let Some(all) = text::buffer(vm.heap(), v, false) else {
        return Err(vm.raise_by(&|heap| text::mixed(heap, Kind::Bytes)));
    };
    let raw = vm.with_heap_anew(|heap| heap.alloc(Kind::Raw, all.len().div_ceil(4).max(1)))?;
    let slot = vm.push(raw)?;
    bulk::keep(vm, &[all])?;
    let to = vm.heap().cell_span(raw, 0, all.len());
    bulk::copy(vm, to, all)?;
    let code = vm.lend_heap(|heap| {
        let code = read::read(heap, Place::Cell(raw, 0, all.len()))?;
        // A function's code is as good as a program's, if it needs no variables of a function around it.
        if !object::stands_alone(heap, code) {
            return Err(object::bad(heap));
        }
        verify::tree(heap, code)?;
        Ok(code)
    })?;
    vm.drop_to(slot);
    Ok(code)
}
