//! The module `json`.

mod read;
mod write;

use crate::q;
use crate::vm::def::{ModuleDef, entry, kw_fn, vm_fn};

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("json"),
    entries: &[
        entry(q!("dump"), kw_fn(write::dump, 0, 3)),
        entry(q!("dumps"), kw_fn(write::dumps, 0, 2)),
        entry(q!("load"), vm_fn(read::load, 1, 1)),
        entry(q!("loads"), vm_fn(read::loads, 1, 1)),
    ],
};
