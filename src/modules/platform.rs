//! The module `platform`: what the library was built for.

use crate::heap::{Heap, R, Value};
use crate::object::tuple;
use crate::q;
use crate::vm::def::{ModuleDef, entry, heap_fn};

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("platform"),
    entries: &[
        entry(q!("platform"), heap_fn(|_, _| Ok(NAME), 0, 0)),
        entry(q!("python_compiler"), heap_fn(|_, _| Ok(q!("rustc")), 0, 0)),
        entry(q!("libc_ver"), heap_fn(libc_ver, 0, 0)),
    ],
};

/// System and version that programs may expect, machine, and the product; the library has no C library of its own.
const NAME: Value = match () {
    _ if cfg!(target_arch = "arm") => q!("MicroPython-1.29.0-arm-Pyrite0.1.0"),
    _ if cfg!(target_arch = "riscv32") => q!("MicroPython-1.29.0-riscv32-Pyrite0.1.0"),
    _ if cfg!(target_arch = "x86_64") => q!("MicroPython-1.29.0-x86_64-Pyrite0.1.0"),
    _ if cfg!(target_arch = "aarch64") => q!("MicroPython-1.29.0-aarch64-Pyrite0.1.0"),
    _ => q!("MicroPython-1.29.0-unknown-Pyrite0.1.0"),
};

fn libc_ver(heap: &mut Heap, _: &[Value]) -> R {
    tuple::from_slice(heap, &[q!(""), q!("")])
}
