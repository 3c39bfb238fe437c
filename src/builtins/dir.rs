//! `dir`: the names of an object, sorted, each once.

use super::set;
use crate::heap::lent::GIVES_WAY;
use crate::heap::{Kind, R, Value};
use crate::object::hashtable;
use crate::q;
use crate::vm::Vm;
use crate::vm::def::Args;

fn note(vm: &mut Vm, names: Value, name: Value) -> R<()> {
    set::add(vm, names, name)?;
    if GIVES_WAY { vm.tick(800) } else { Ok(()) }
}

pub fn dir(vm: &mut Vm, args: Args) -> R {
    let names = vm.with_heap1(hashtable::new, Kind::Set)?;
    vm.push(names)?;
    match vm.arg(args, 0) {
        Some(obj) => {
            let own = match vm.heap().kind(obj) {
                Kind::Instance | Kind::BigInstance => vm.lookup_special(obj, q!("__dir__"))?,
                _ => Value::STOP,
            };
            if own == Value::STOP {
                vm.each_attribute(obj, &mut |vm, name| note(vm, names, name))?;
            } else {
                let given = vm.call(own, &[])?;
                let l = super::seq::collect(vm, given)?;
                vm.push(l)?;
                vm.call_method(l, q!("sort"), &[])?;
                return Ok(l);
            }
        }
        None => {
            let scope = vm.locals();
            let keys = vm.with_heap1(crate::object::dict::copy, scope)?;
            vm.push(keys)?;
            let mut cursor = 0;
            while let Some((next, k, _)) = crate::object::dict::next(vm.heap(), keys, cursor) {
                cursor = next;
                note(vm, names, k)?;
            }
        }
    }
    let l = super::seq::collect(vm, names)?;
    vm.push(l)?;
    vm.call_method(l, q!("sort"), &[])?;
    Ok(l)
}
