//! The module `builtins`: every name that a program finds without an import.

use super::{eval, functions, print_fn};
use crate::heap::{TypeId, Value};
use crate::q;
use crate::vm::def::{Const, Entry, ModuleDef, kw_fn, vm_fn};

pub static MODULE: ModuleDef = ModuleDef { name: q!("builtins"), entries: &ENTRIES };

const fn typ(name: Value, id: TypeId) -> Entry {
    Entry { name, value: Const::Type(id) }
}
