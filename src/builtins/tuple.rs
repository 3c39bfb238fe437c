//! `tuple`.

use super::convert::to_i64_saturated;
use super::seq;
use crate::heap::{Heap, R, TypeId, Value};
use crate::object::iter::{self, How};
use crate::object::{array, hashtable, int, list, slice, tuple};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::*;

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef { call: Native::Vm(make), min: 0, max: 1, kw: false }),
    unary: Slot::Vm(unary),
    binary: Slot::Vm(binary),
    contains: Some(seq::contains),
    subscr: Slot::Vm(subscr),
    iter: Some(tuple_iter),
    entries: &[
        Entry { name: q!("count"), value: vm_fn(seq::count, 2, 2) },
        Entry { name: q!("index"), value: vm_fn(seq::index, 2, 4) },
    ],
    ..TypeDef::plain(TypeId::Tuple, q!("tuple"))
};

fn make(vm: &mut Vm, args: Args) -> R {
    match vm.arg(args, 0) {
        Some(v) => collect(vm, v),
        None => Ok(Value::EMPTY_TUPLE),
    }
}

/// A tuple of the items of an iterable.
pub fn collect(vm: &mut Vm, from: Value) -> R {
    if tuple::is(vm.heap(), from) {
        return Ok(from);
    }
    let l = seq::collect(vm, from)?;
    let slot = vm.push(l)?;
    let t = vm.with_heap(|h| match h.slot(l, list::ITEMS) {
        Some(items) => {
            let n = list::len(h, l);
            tuple::from_words(h, items, 0, n)
        }
        None => Ok(Value::EMPTY_TUPLE),
    })?;
    vm.drop_to(slot);
    Ok(t)
}

fn unary(vm: &mut Vm, op: UnaryOp, t: Value) -> R {
    let n = tuple::len(vm.heap(), t);
    match op {
        UnaryOp::Bool => Ok(Value::bool(n > 0)),
        UnaryOp::Not => Ok(Value::bool(n == 0)),
        UnaryOp::Len => Ok(Value::small(n as i32)),
        UnaryOp::Hash => {
            let mut h = 0;
            match hashtable::hash(vm.heap(), t) {
                Some(whole) => h = whole,
                None => {
                    for i in 0..n {
                        let item = tuple::get(vm.heap(), t, i).unwrap_or(Value::NONE);
                        h = hashtable::tuple_mix(h, vm.hash(item)?);
                    }
                }
            }
            vm.with_heap(|heap| int::from_i64(heap, h as i32 as i64))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn tuple_iter(heap: &mut Heap, t: Value) -> R {
    iter::new(heap, How::Tuple, t, 0, Value::NONE)
}

fn binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R {
    use BinaryOp as B;
    let (left, right) = (tuple::is(vm.heap(), a), tuple::is(vm.heap(), b));
    match op {
        B::Less | B::More | B::Equal | B::LessEqual | B::MoreEqual | B::NotEqual if left && right => {
            seq::compare(vm, op, a, b)
        }
        B::Add if left && right => vm.with_heap(|h| {
            let (n, m) = (tuple::len(h, a), tuple::len(h, b));
            if m == 0 {
                return Ok(a);
            }
            let t = tuple::new(h, n + m)?;
            array::copy(h, a, 0, t, 0, n);
            array::copy(h, b, 0, t, n, m);
            Ok(t)
        }),
        B::Multiply if left && int::is(vm.heap(), b) => repeat(vm, a, b),
        B::Multiply if right && int::is(vm.heap(), a) => repeat(vm, b, a),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn repeat(vm: &mut Vm, t: Value, times: Value) -> R {
    let times = to_i64_saturated(vm, times)?;
    let n = tuple::len(vm.heap(), t);
    let total = seq::repeated_len(vm, n, times)?;
    vm.with_heap(|h| {
        let made = tuple::new(h, total)?;
        seq::fill(h, t, n, made, total);
        Ok(made)
    })
}

fn subscr(vm: &mut Vm, t: Value, key: Value, access: Access) -> R {
    if !matches!(access, Access::Load) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let n = tuple::len(vm.heap(), t);
    if vm.heap().is(key, crate::heap::Kind::Slice) {
        let r = slice::resolve(vm.heap_mut(), key, n)?;
        return vm.with_heap(|h| {
            let made = tuple::new(h, r.count)?;
            for i in 0..r.count {
                if let Some(v) = tuple::get(h, t, (r.start + i as i64 * r.step) as usize) {
                    tuple::set(h, made, i, v);
                }
            }
            Ok(made)
        });
    }
    let key = super::list::index_key(vm, key)?;
    let i = slice::index(vm.heap_mut(), key, n, "tuple")?;
    Ok(tuple::get(vm.heap(), t, i).unwrap_or(Value::NONE))
}
