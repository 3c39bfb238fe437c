//! Module `errno`.

use crate::heap::{R, Value};
use crate::object::{dict, errno::NAMES};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::*;

const fn names() -> [Entry; NAMES_COUNT + 1] {
    let mut t = [Entry { name: q!("errorcode"), value: Const::Dyn(errorcode) }; NAMES_COUNT + 1];
    let mut i = 0;
    while i < NAMES_COUNT {
        let (n, name) = crate::object::errno::NAMES[i];
        t[i + 1] = Entry { name, value: Const::Int(n) };
        i += 1;
    }
    t
}

const NAMES_COUNT: usize = NAMES.len();
static ENTRIES: [Entry; NAMES_COUNT + 1] = names();

pub static MODULE: ModuleDef = ModuleDef { name: q!("errno"), entries: &ENTRIES };

/// Names by numbers.
fn errorcode(vm: &mut Vm) -> R {
    vm.with_heap(|h| {
        let d = dict::with_capacity(h, NAMES.len())?;
        for (n, name) in NAMES.iter() {
            crate::object::hashtable::insert(h, d, Value::small(*n), None, Some(*name))?;
        }
        dict::fix(h, d);
        Ok(d)
    })
}
