//! `tuple`.

use super::seq;
use crate::heap::{Heap, R, TypeId, Value};
use crate::object::iter::{self, How};
use crate::object::{hashtable, int, slice, tuple};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::*;
use crate::vm::fiber::Slot as StackSlot;
use crate::vm::pieces::COPIED;

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 0, 1, false)),
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
    vm.tuple_of_list(l)
}

fn unary(vm: &mut Vm, op: UnaryOp, t: Value) -> R {
    let n = tuple::len(vm.heap(), t);
    match op {
        UnaryOp::Bool => Ok(Value::bool(n > 0)),
        UnaryOp::Len => Ok(Value::small(n as i32)),
        UnaryOp::Hash => {
            let h = match hashtable::hash(vm.heap(), t) {
                Some(h) => h,
                None => hash_nested(vm, t)?,
            };
            vm.with_heap(|heap| int::from_i64(heap, h as i32 as i64))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// Words of a tuple whose hash is under way: itself, the next item, the upper and the lower half of the hash so far.
const HASHING: u32 = 4;

/// The hash of a tuple that holds what only the VM can hash, or tuples nested deep; its stack is the value stack.
fn hash_nested(vm: &mut Vm, t: Value) -> R<u32> {
    let base = push_hashing(vm, t)?;
    let mut at = base;
    loop {
        vm.tick(100)?;
        let word = |vm: &Vm, n: u32| vm.get(StackSlot(at.0 + n)).as_small().unwrap_or(0) as u32;
        let (next, h) = (word(vm, 1), word(vm, 2) << 16 | word(vm, 3));
        let item = tuple::get(vm.heap(), vm.get(at), next as usize);
        let known = item.and_then(|item| hashtable::hash(vm.heap(), item));
        let mixed = match (item, known) {
            (Some(item), None) if tuple::is(vm.heap(), item) => {
                at = push_hashing(vm, item)?;
                continue;
            }
            (Some(item), None) => vm.hash(item)?,
            (Some(_), Some(hash)) => hash,
            (None, _) => {
                vm.drop_to(at);
                if at == base {
                    return Ok(h);
                }
                at = StackSlot(at.0 - HASHING);
                h
            }
        };
        let word = |vm: &Vm, n: u32| vm.get(StackSlot(at.0 + n)).as_small().unwrap_or(0) as u32;
        let next = word(vm, 1) + 1;
        let h = hashtable::tuple_mix(word(vm, 2) << 16 | word(vm, 3), mixed);
        for (n, value) in [(1, next), (2, h >> 16), (3, h & 0xffff)] {
            vm.set(StackSlot(at.0 + n), Value::small(value as i32));
        }
    }
}

fn push_hashing(vm: &mut Vm, t: Value) -> R<StackSlot> {
    let at = vm.push(t)?;
    for _ in 1..HASHING {
        vm.push(Value::small(0))?;
    }
    Ok(at)
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
        B::Add if left && right => {
            if b == Value::EMPTY_TUPLE {
                return Ok(a);
            }
            let l = seq::concat(vm, a, b)?;
            vm.tuple_of_list(l)
        }
        B::Multiply if left && int::is(vm.heap(), b) => repeat(vm, a, b),
        B::Multiply if right && int::is(vm.heap(), a) => repeat(vm, b, a),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn repeat(vm: &mut Vm, t: Value, times: Value) -> R {
    let l = seq::repeat(vm, t, times)?;
    vm.tuple_of_list(l)
}

fn subscr(vm: &mut Vm, t: Value, key: Value, access: Access) -> R {
    if !matches!(access, Access::Load) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let n = tuple::len(vm.heap(), t);
    if vm.heap().is(key, crate::heap::Kind::Slice) {
        let r = vm.with_heap2(slice::resolve, key, n)?;
        if r.step == 1 && r.count <= COPIED {
            return vm.with_heap_anew(|h| tuple::from_words(h, t, r.start as usize, r.count));
        }
        let l = match r.step {
            1 if cfg!(not(feature = "tiny")) => vm.new_list_of(t, |_, _| (r.start as usize, r.count))?,
            _ => seq::slice(vm, t, r.start as isize, r.step as isize, r.count)?,
        };
        return vm.tuple_of_list(l);
    }
    let key = super::list::index_key(vm, key)?;
    let i = vm.with_heap3(slice::index, key, n, "tuple")?;
    Ok(tuple::get(vm.heap(), t, i).unwrap_or(Value::NONE))
}
