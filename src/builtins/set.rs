//! `set` and `frozenset`.
//!
//! Invariants
//! - a set that is read while `==` of its keys may run is read by cursor, entry by entry.

use super::dict::find_entry;
use super::one_step::{self, Steady, Turns};
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::hashtable::{self as table, Find};
use crate::object::iter::{self, How};
use crate::object::{exc, int, set};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::*;

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 0, 1, false)),
    unary: Slot::Vm(unary),
    binary: Slot::Vm(binary),
    contains: Some(contains),
    iter: Some(set_iter),
    entries: &[
        Entry { name: q!("add"), value: vm_fn(add_method, 2, 2) },
        Entry { name: q!("clear"), value: heap_fn(clear, 1, 1) },
        Entry { name: q!("copy"), value: vm_fn(copy, 1, 1) },
        Entry { name: q!("__contains__"), value: vm_fn(contains_method, 2, 2) },
        Entry { name: q!("difference"), value: vm_fn(|vm, a| combine(vm, a, Op::Minus, false), 1, 255) },
        Entry {
            name: q!("difference_update"),
            value: vm_fn(|vm, a| combine(vm, a, Op::Minus, true), 1, 255),
        },
        Entry { name: q!("discard"), value: vm_fn(discard, 2, 2) },
        Entry { name: q!("intersection"), value: vm_fn(|vm, a| combine(vm, a, Op::And, false), 1, 255) },
        Entry {
            name: q!("intersection_update"),
            value: vm_fn(|vm, a| combine(vm, a, Op::And, true), 1, 255),
        },
        Entry { name: q!("isdisjoint"), value: vm_fn(isdisjoint, 2, 2) },
        Entry { name: q!("issubset"), value: vm_fn(issubset, 2, 2) },
        Entry { name: q!("issuperset"), value: vm_fn(issuperset, 2, 2) },
        Entry { name: q!("pop"), value: heap_fn(pop, 1, 1) },
        Entry { name: q!("remove"), value: vm_fn(remove, 2, 2) },
        Entry {
            name: q!("symmetric_difference"),
            value: vm_fn(|vm, a| combine(vm, a, Op::Xor, false), 2, 2),
        },
        Entry {
            name: q!("symmetric_difference_update"),
            value: vm_fn(|vm, a| combine(vm, a, Op::Xor, true), 2, 2),
        },
        Entry { name: q!("union"), value: vm_fn(|vm, a| combine(vm, a, Op::Or, false), 1, 255) },
        Entry { name: q!("update"), value: vm_fn(|vm, a| combine(vm, a, Op::Or, true), 1, 255) },
    ],
    ..TypeDef::plain(TypeId::Set, q!("set"))
};

pub static FROZEN: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make_frozen, 0, 1, false)),
    unary: Slot::Vm(unary),
    binary: Slot::Vm(binary),
    contains: Some(contains),
    iter: Some(set_iter),
    entries: &[
        Entry { name: q!("copy"), value: vm_fn(copy, 1, 1) },
        Entry { name: q!("__contains__"), value: vm_fn(contains_method, 2, 2) },
        Entry { name: q!("difference"), value: vm_fn(|vm, a| combine(vm, a, Op::Minus, false), 1, 255) },
        Entry { name: q!("intersection"), value: vm_fn(|vm, a| combine(vm, a, Op::And, false), 1, 255) },
        Entry { name: q!("isdisjoint"), value: vm_fn(isdisjoint, 2, 2) },
        Entry { name: q!("issubset"), value: vm_fn(issubset, 2, 2) },
        Entry { name: q!("issuperset"), value: vm_fn(issuperset, 2, 2) },
        Entry {
            name: q!("symmetric_difference"),
            value: vm_fn(|vm, a| combine(vm, a, Op::Xor, false), 2, 2),
        },
        Entry { name: q!("union"), value: vm_fn(|vm, a| combine(vm, a, Op::Or, false), 1, 255) },
    ],
    ..TypeDef::plain(TypeId::FrozenSet, q!("frozenset"))
};

fn is_set(heap: &Heap, v: Value) -> bool {
    matches!(heap.kind(v), Kind::Set | Kind::FrozenSet)
}

/// Adds a key; both must be reachable.
pub fn add(vm: &mut Vm, s: Value, k: Value) -> R<()> {
    vm.table_insert(s, k, None)
}

/// A new set of the given kind with the items of an iterable.
pub fn collect(vm: &mut Vm, from: Value, kind: Kind) -> R {
    if is_set(vm.heap(), from) {
        return vm.copy_table(from, kind);
    }
    let s = vm.with_heap1(table::new, Kind::Set)?;
    let base = vm.push(s)?;
    let it = vm.iter(from)?;
    let it = vm.push(it)?;
    loop {
        let i = vm.get(it);
        let k = vm.next(i)?;
        if k == Value::STOP {
            break;
        }
        let slot = vm.push(k)?;
        add(vm, s, k)?;
        vm.drop_to(slot);
        vm.tick(100)?;
    }
    vm.drop_to(base);
    vm.heap_mut().set_kind(s, kind);
    Ok(s)
}

fn make(vm: &mut Vm, args: Args) -> R {
    match vm.arg(args, 0) {
        Some(v) => collect(vm, v, Kind::Set),
        None => vm.with_heap(set::new),
    }
}

fn make_frozen(vm: &mut Vm, args: Args) -> R {
    match vm.arg(args, 0) {
        Some(v) if vm.heap().is(v, Kind::FrozenSet) => Ok(v),
        Some(v) => collect(vm, v, Kind::FrozenSet),
        None => vm.with_heap1(table::new, Kind::FrozenSet),
    }
}

fn unary(vm: &mut Vm, op: UnaryOp, s: Value) -> R {
    let n = table::len(vm.heap(), s);
    match op {
        UnaryOp::Bool => Ok(Value::bool(n > 0)),
        UnaryOp::Len => Ok(Value::small(n as i32)),
        UnaryOp::Hash if vm.heap().is(s, Kind::FrozenSet) => {
            let (mut cursor, mut h) = (0, n as u32);
            while let Some((next, k)) = set::next(vm.heap(), s, cursor) {
                cursor = next;
                // The order must not matter, so the parts are stirred one by one and added.
                h = h.wrapping_add(table::tuple_mix(0, super::seq::hash_of(vm, k)?));
                vm.tick(60)?;
            }
            vm.with_heap(|heap| int::from_i64(heap, h as i32 as i64))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn contains(vm: &mut Vm, s: Value, k: Value) -> R<bool> {
    match table::find(vm.heap(), s, k) {
        Find::NeedsVm => {}
        f => return Ok(f != Find::Missing),
    }
    Ok(find_entry(vm, s, k)?.0.is_some())
}

fn set_iter(heap: &mut Heap, s: Value) -> R {
    iter::new(heap, How::Set, s, 0, Value::NONE)
}

/// How two sets combine.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Op {
    Or,
    And,
    Minus,
    Xor,
}

/// Whether all keys of `a` are in `b` (`want`), or none is.
fn all(vm: &mut Vm, a: Value, b: Value, want: bool) -> R<bool> {
    let mut cursor = 0;
    let mut both = Steady::new(vm, a, b)?;
    while let Some((next, k)) = set::next(vm.heap(), both.first(vm), cursor) {
        cursor = next;
        if contains(vm, both.second(vm), k)? != want {
            both.end(vm);
            return Ok(false);
        }
        both.tick(vm, 100)?;
    }
    both.end(vm);
    Ok(true)
}

/// Changes set `a` (reachable) by set `b` (reachable): in one step for others.
fn change(vm: &mut Vm, a: Value, b: Value, op: Op) -> R<()> {
    if a == b {
        if matches!(op, Op::Minus | Op::Xor) {
            table::clear(vm.heap_mut(), a);
        }
        return Ok(());
    }
    let n = table::len(vm.heap(), if op == Op::And { a } else { b });
    one_step::change(vm, a, n, |vm, a, turns| change_by(vm, a, b, op, turns))
}

/// The same with a set that nobody else knows.
fn change_own(vm: &mut Vm, a: Value, b: Value, op: Op) -> R<()> {
    change_by(vm, a, b, op, Turns::Others)
}

/// The same, where others see what is done unless they have to wait.
fn change_by(vm: &mut Vm, a: Value, b: Value, op: Op, turns: Turns) -> R<()> {
    let mut cursor = 0;
    let mut by = Steady::new(vm, b, Value::NONE)?;
    if op == Op::And {
        while let Some((next, k)) = set::next(vm.heap(), a, cursor) {
            cursor = next;
            if !contains(vm, by.first(vm), k)? && table::key(vm.heap(), a, next - 1) == Some(k) {
                table::remove(vm.heap_mut(), a, next - 1);
            }
            by.turn(vm, turns, 100)?;
        }
        by.end(vm);
        return Ok(());
    }
    while let Some((next, k)) = set::next(vm.heap(), by.first(vm), cursor) {
        cursor = next;
        let slot = vm.push(k)?;
        match (find_entry(vm, a, k)?, op) {
            ((Some(e), _), Op::Minus | Op::Xor) => table::remove(vm.heap_mut(), a, e),
            ((None, _), Op::Or | Op::Xor) => vm.table_insert(a, k, None)?,
            _ => {}
        }
        vm.drop_to(slot);
        by.turn(vm, turns, 100)?;
    }
    by.end(vm);
    Ok(())
}

/// The methods that combine a set with any number of iterables.
fn combine(vm: &mut Vm, args: Args, op: Op, in_place: bool) -> R {
    let me = vm.req(args, 0);
    let target = if in_place { me } else { mutable_copy(vm, me)? };
    vm.push(target)?;
    for i in 1..args.n() as usize {
        let other = vm.req(args, i);
        let other = if is_set(vm.heap(), other) { other } else { collect(vm, other, Kind::Set)? };
        let slot = vm.push(other)?;
        match in_place {
            true => change(vm, target, other, op)?,
            false => change_own(vm, target, other, op)?,
        }
        vm.drop_to(slot);
    }
    if in_place {
        return Ok(Value::NONE);
    }
    let kind = vm.heap().kind(me);
    vm.heap_mut().set_kind(target, kind);
    Ok(target)
}

fn mutable_copy(vm: &mut Vm, s: Value) -> R {
    collect(vm, s, Kind::Set)
}

pub fn binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R {
    use BinaryOp as B;
    if !is_set(vm.heap(), a) || !is_set(vm.heap(), b) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (n, m) = (table::len(vm.heap(), a), table::len(vm.heap(), b));
    let holds = match op {
        B::Equal => n == m && all(vm, a, b, true)?,
        B::NotEqual => !(n == m && all(vm, a, b, true)?),
        B::LessEqual => n <= m && all(vm, a, b, true)?,
        B::Less => n < m && all(vm, a, b, true)?,
        B::MoreEqual => m <= n && all(vm, b, a, true)?,
        B::More => m < n && all(vm, b, a, true)?,
        _ => {
            let (how, in_place) = match op {
                B::Or => (Op::Or, false),
                B::And => (Op::And, false),
                B::Subtract => (Op::Minus, false),
                B::Xor => (Op::Xor, false),
                B::InplaceOr => (Op::Or, true),
                B::InplaceAnd => (Op::And, true),
                B::InplaceSubtract => (Op::Minus, true),
                B::InplaceXor => (Op::Xor, true),
                _ => return Ok(Value::NOT_IMPLEMENTED),
            };
            if in_place && vm.heap().is(a, Kind::Set) {
                change(vm, a, b, how)?;
                return Ok(a);
            }
            let kind = vm.heap().kind(a);
            let target = mutable_copy(vm, a)?;
            let slot = vm.push(target)?;
            change_own(vm, target, b, how)?;
            vm.drop_to(slot);
            vm.heap_mut().set_kind(target, kind);
            return Ok(target);
        }
    };
    Ok(Value::bool(holds))
}

// ---- methods -------------------------------------------------------------------------------------------------

fn add_method(vm: &mut Vm, args: Args) -> R {
    let (s, k) = (vm.req(args, 0), vm.req(args, 1));
    add(vm, s, k)?;
    Ok(Value::NONE)
}

fn clear(heap: &mut Heap, args: &[Value]) -> R {
    table::clear(heap, args.first().copied().unwrap_or(Value::NONE));
    Ok(Value::NONE)
}

fn copy(vm: &mut Vm, args: Args) -> R {
    let s = vm.req(args, 0);
    let kind = vm.heap().kind(s);
    collect(vm, s, kind)
}

fn take(vm: &mut Vm, args: Args) -> R<bool> {
    let (s, k) = (vm.req(args, 0), vm.req(args, 1));
    match find_entry(vm, s, k)?.0 {
        Some(e) => {
            table::remove(vm.heap_mut(), s, e);
            Ok(true)
        }
        None => Ok(false),
    }
}

fn contains_method(vm: &mut Vm, args: Args) -> R {
    let (s, k) = (vm.req(args, 0), vm.req(args, 1));
    Ok(Value::bool(contains(vm, s, k)?))
}

fn discard(vm: &mut Vm, args: Args) -> R {
    take(vm, args)?;
    Ok(Value::NONE)
}

fn remove(vm: &mut Vm, args: Args) -> R {
    if take(vm, args)? {
        return Ok(Value::NONE);
    }
    let k = vm.req(args, 1);
    Err(vm.raise_arg(TypeId::KeyError, k))
}

fn pop(heap: &mut Heap, args: &[Value]) -> R {
    let s = args.first().copied().unwrap_or(Value::NONE);
    match set::next(heap, s, 0) {
        Some((next, k)) => {
            table::remove(heap, s, next - 1);
            Ok(k)
        }
        None => Err(exc::raise(heap, TypeId::KeyError, "pop from an empty set")),
    }
}

/// The other operand of a method as a set, in a slot.
fn other(vm: &mut Vm, args: Args) -> R<(Value, Value)> {
    let (s, o) = (vm.req(args, 0), vm.req(args, 1));
    let o = if is_set(vm.heap(), o) { o } else { collect(vm, o, Kind::Set)? };
    vm.push(o)?;
    Ok((s, o))
}

fn isdisjoint(vm: &mut Vm, args: Args) -> R {
    let (s, o) = other(vm, args)?;
    Ok(Value::bool(all(vm, s, o, false)?))
}

fn issubset(vm: &mut Vm, args: Args) -> R {
    let (s, o) = other(vm, args)?;
    Ok(Value::bool(all(vm, s, o, true)?))
}

fn issuperset(vm: &mut Vm, args: Args) -> R {
    let (s, o) = other(vm, args)?;
    Ok(Value::bool(all(vm, o, s, true)?))
}
