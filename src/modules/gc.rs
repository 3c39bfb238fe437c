//! Module `gc`.

use crate::builtins::convert::to_i64;
use crate::heap::{R, Value};
use crate::object::int;
use crate::q;
use crate::vm::Vm;
use crate::vm::def::*;

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
