//! What `object` does with every object, as methods: they are found behind everything else (`vm::attr`), so an object
//! that has none of its own is shown, compared and hashed without a call of them.
//!
//! Invariant: none of these looks for a method of the object's class, but where `object`'s own does in CPython (`__str__`
//! asks for `__repr__`, `__ne__` for `__eq__`).

use super::print;
use crate::heap::{Kind, R, TypeId, Value};
use crate::object::int;
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, Bind, Const, Entry, Mode, NativeDef, entry};

/// The entries of `super`'s table: `object`'s is where classes look for methods that change what the VM does.
pub static ENTRIES: &[Entry] = &[
    method(q!("__repr__"), |vm, args| shown(vm, vm.req(args, 0), Mode::Repr), 1),
    method(q!("__str__"), str, 1),
    method(q!("__eq__"), eq, 2),
    method(q!("__ne__"), ne, 2),
    method(q!("__hash__"), hash, 1),
];

/// Takes any object, whosever table it is in.
const fn method(name: Value, f: fn(&mut Vm, Args) -> R, n: u8) -> Entry {
    entry(name, Const::Fn(NativeDef::vm(f, n, n, false).bound(Bind::Static)))
}

fn is_instance(vm: &Vm, v: Value) -> bool {
    matches!(vm.heap().kind(v), Kind::Instance | Kind::BigInstance)
}

/// What a built-in base has in `v`: all of it where it is no instance.
fn part(vm: &Vm, v: Value) -> Option<Value> {
    if is_instance(vm, v) { vm.native_of(v) } else { Some(v) }
}

/// The text that the built-in base makes.
fn shown(vm: &mut Vm, v: Value, mode: Mode) -> R {
    match part(vm, v) {
        None => print::buffered(vm, |vm| print::object_at(vm, v)),
        Some(e) if vm.heap().is(e, Kind::Exception) => {
            print::buffered(vm, |vm| print::user_exception(vm, e, mode))
        }
        Some(p) => vm.to_str(p, mode),
    }
}

fn str(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    let own = part(vm, v).is_some_and(|p| vm.heap().is(p, Kind::Exception) || vm.type_id(p) == TypeId::Str);
    if own { shown(vm, v, Mode::Str) } else { vm.to_str(v, Mode::Repr) }
}

/// Whether two objects are equal for the built-in base; `None` where it does not know.
fn equal(vm: &mut Vm, a: Value, b: Value) -> R<Option<bool>> {
    let native = part(vm, a).filter(|p| !vm.heap().is(*p, Kind::Exception));
    match (native, part(vm, b)) {
        _ if a == b => Ok(Some(true)),
        (Some(x), Some(y)) => vm.equal(x, y).map(Some),
        _ => Ok(None),
    }
}

fn eq(vm: &mut Vm, args: Args) -> R {
    let (a, b) = (vm.req(args, 0), vm.req(args, 1));
    Ok(equal(vm, a, b)?.map_or(Value::NOT_IMPLEMENTED, Value::bool))
}

fn ne(vm: &mut Vm, args: Args) -> R {
    let (a, b) = (vm.req(args, 0), vm.req(args, 1));
    let method = vm.lookup_special(a, q!("__eq__"))?;
    if !is_instance(vm, a) || method == Value::STOP {
        return Ok(equal(vm, a, b)?.map_or(Value::NOT_IMPLEMENTED, |same| Value::bool(!same)));
    }
    let same = vm.call(method, &[b])?;
    if same == Value::NOT_IMPLEMENTED {
        return Ok(same);
    }
    Ok(Value::bool(!vm.truth(same)?))
}

fn hash(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    let h = match part(vm, v) {
        None => v.bits() >> 3,
        // `__hash__ = object.__hash__` makes a list with an identity of its own.
        Some(p) if p != v && matches!(vm.heap().kind(p), Kind::List | Kind::Dict | Kind::Set) => {
            v.bits() >> 3
        }
        Some(e) if vm.heap().is(e, Kind::Exception) => e.bits() >> 2,
        Some(p) => vm.hash(p)?,
    };
    vm.with_heap(|heap| int::from_i64(heap, (h as i32).into()))
}
