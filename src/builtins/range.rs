//! `range` and `slice`.

use super::convert::{int_value, to_i64};
use super::int::print_int;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::iter::{self, How};
use crate::object::range::{self, Range};
use crate::object::{hashtable, int, slice, tuple};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::*;

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 1, 3, false)),
    print: Some(print),
    unary: Slot::Heap(unary),
    #[cfg(feature = "basic")]
    binary: Slot::Heap(binary),
    #[cfg(feature = "basic")]
    contains: Some(contains),
    subscr: Slot::Vm(subscr),
    iter: Some(range_iter),
    entries: &[
        #[cfg(feature = "basic")]
        Entry { name: q!("start"), value: Const::Get(|h, v| Ok(h.field(v, 0))) },
        #[cfg(feature = "basic")]
        Entry { name: q!("stop"), value: Const::Get(|h, v| Ok(h.field(v, 1))) },
        #[cfg(feature = "basic")]
        Entry { name: q!("step"), value: Const::Get(|h, v| Ok(h.field(v, 2))) },
        #[cfg(feature = "basic")]
        Entry { name: q!("count"), value: vm_fn(count, 2, 2) },
        #[cfg(feature = "basic")]
        Entry { name: q!("index"), value: vm_fn(index, 2, 2) },
    ],
    ..TypeDef::plain(TypeId::Range, q!("range"))
};

pub static SLICE: TypeDef = TypeDef {
    make: Some(NativeDef::heap(make_slice, 1, 3, false)),
    print: Some(print_slice),
    #[cfg(feature = "basic")]
    unary: Slot::Vm(slice_unary),
    #[cfg(feature = "basic")]
    binary: Slot::Vm(slice_binary),
    entries: &[
        #[cfg(feature = "basic")]
        Entry { name: q!("start"), value: Const::Get(|h, v| Ok(h.field(v, 0))) },
        #[cfg(feature = "basic")]
        Entry { name: q!("stop"), value: Const::Get(|h, v| Ok(h.field(v, 1))) },
        #[cfg(feature = "basic")]
        Entry { name: q!("step"), value: Const::Get(|h, v| Ok(h.field(v, 2))) },
        #[cfg(feature = "basic")]
        Entry { name: q!("indices"), value: vm_fn(indices, 2, 2) },
    ],
    ..TypeDef::plain(TypeId::Slice, q!("slice"))
};

fn make(vm: &mut Vm, args: Args) -> R {
    let first = to_i64(vm, vm.req(args, 0))?;
    let mut r = Range { start: 0, stop: first, step: 1 };
    if let Some(stop) = vm.arg(args, 1) {
        r = Range { start: first, stop: to_i64(vm, stop)?, step: 1 };
    }
    if let Some(step) = vm.arg(args, 2) {
        r.step = to_i64(vm, step)?;
    }
    if r.step == 0 {
        return Err(vm.raise(TypeId::ValueError, "zero step"));
    }
    vm.with_heap1(range::new, r)
}

fn print(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    let r = range::get(vm.heap(), v);
    vm.emit(b"range(")?;
    print_int(vm, r.start)?;
    vm.emit(b", ")?;
    print_int(vm, r.stop)?;
    if r.step != 1 {
        vm.emit(b", ")?;
        print_int(vm, r.step)?;
    }
    vm.emit(b")")
}

fn unary(heap: &mut Heap, op: UnaryOp, v: Value) -> R {
    let r = range::get(heap, v);
    match op {
        UnaryOp::Bool => Ok(Value::bool(r.count() > 0)),
        UnaryOp::Len => int::from_u64(heap, r.count()),
        UnaryOp::Hash => {
            // Equal ranges give the same numbers, so only those count.
            let n = r.count();
            let ends = if n == 0 { (0, 0) } else { (r.start as u32, r.get(n - 1) as u32) };
            let h = hashtable::tuple_mix(hashtable::tuple_mix(n as u32, ends.0), ends.1);
            int::from_i64(heap, h as i32 as i64)
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn binary(heap: &mut Heap, op: BinaryOp, a: Value, b: Value) -> R {
    if !heap.is(a, Kind::Range)
        || !heap.is(b, Kind::Range)
        || !matches!(op, BinaryOp::Equal | BinaryOp::NotEqual)
    {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (x, y) = (range::get(heap, a), range::get(heap, b));
    let n = x.count();
    let equal = n == y.count() && (n == 0 || x.start == y.start && (n == 1 || x.step == y.step));
    Ok(Value::bool(equal == (op == BinaryOp::Equal)))
}

fn place(vm: &mut Vm, r: Range, v: Value) -> R<Option<u64>> {
    if let Some(n) = int::to_i64(vm.heap(), v) {
        return Ok(r.index_of(n));
    }
    // Something else may still equal one of the numbers.
    for i in 0..r.count() {
        let n = vm.with_heap(|h| int::from_i64(h, r.get(i)))?;
        if vm.equal(n, v)? {
            return Ok(Some(i));
        }
        vm.tick(30)?;
    }
    Ok(None)
}

fn contains(vm: &mut Vm, v: Value, item: Value) -> R<bool> {
    let r = range::get(vm.heap(), v);
    Ok(place(vm, r, item)?.is_some())
}

fn count(vm: &mut Vm, args: Args) -> R {
    let r = range::get(vm.heap(), vm.req(args, 0));
    let v = vm.req(args, 1);
    Ok(Value::small(place(vm, r, v)?.is_some() as i32))
}

fn index(vm: &mut Vm, args: Args) -> R {
    let r = range::get(vm.heap(), vm.req(args, 0));
    let v = vm.req(args, 1);
    match place(vm, r, v)? {
        Some(i) => vm.with_heap(|h| int::from_u64(h, i)),
        None => Err(vm.raise(TypeId::ValueError, "object not in sequence")),
    }
}

fn subscr(vm: &mut Vm, v: Value, key: Value, access: Access) -> R {
    if !matches!(access, Access::Load) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let r = range::get(vm.heap(), v);
    let n = r.count().min(i64::MAX as u64) as usize;
    if vm.heap().is(key, Kind::Slice) {
        let s = vm.with_heap2(slice::resolve, key, n)?;
        let part = Range {
            start: r.start.wrapping_add(s.start.wrapping_mul(r.step)),
            stop: r.start.wrapping_add(s.stop.wrapping_mul(r.step)),
            step: r.step.wrapping_mul(s.step),
        };
        return vm.with_heap1(range::new, part);
    }
    let key = super::list::index_key(vm, key)?;
    let i = vm.with_heap3(slice::index, key, n, "range")?;
    vm.with_heap(|h| int::from_i64(h, r.get(i as u64)))
}

pub fn range_iter(heap: &mut Heap, v: Value) -> R {
    let part = |i| heap.field(v, i).as_small();
    match (part(0), part(1), part(2)) {
        (Some(start), Some(_), Some(step)) => iter::new(heap, How::SmallRange, v, start, Value::small(step)),
        _ => iter::new(heap, How::Range, v, 0, Value::NONE),
    }
}

// ---- slice ---------------------------------------------------------------------------------------------------

fn make_slice(heap: &mut Heap, args: &[Value]) -> R {
    let at = |i: usize| args.get(i).copied().unwrap_or(Value::NONE);
    if args.len() == 1 {
        return slice::new(heap, Value::NONE, at(0), Value::NONE);
    }
    slice::new(heap, at(0), at(1), at(2))
}

fn print_slice(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    let base = vm.push(v)?;
    for (i, before) in [&b"slice("[..], b", ", b", "].into_iter().enumerate() {
        vm.emit(before)?;
        let part = vm.heap().field(vm.get(base), i);
        vm.print(part, Mode::Repr)?;
    }
    vm.drop_to(base);
    vm.emit(b")")
}

/// As MicroPython's, slices can be keys; equal ones have equal hashes.
fn slice_unary(vm: &mut Vm, op: UnaryOp, s: Value) -> R {
    if op != UnaryOp::Hash {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let mut h = 3;
    for i in 0..3 {
        let part = vm.heap().field(s, i);
        h = hashtable::tuple_mix(h, vm.hash(part)?);
    }
    vm.with_heap(|heap| int::from_i64(heap, h as i32 as i64))
}

fn slice_binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R {
    if !vm.heap().is(a, Kind::Slice)
        || !vm.heap().is(b, Kind::Slice)
        || !matches!(op, BinaryOp::Equal | BinaryOp::NotEqual)
    {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    for i in 0..3 {
        let (x, y) = (vm.heap().field(a, i), vm.heap().field(b, i));
        if x != y && !vm.equal(x, y)? {
            return Ok(Value::bool(op == BinaryOp::NotEqual));
        }
    }
    Ok(Value::bool(op == BinaryOp::Equal))
}

fn indices(vm: &mut Vm, args: Args) -> R {
    let s = vm.req(args, 0);
    let n = int_value(vm, vm.req(args, 1))?;
    let n = to_i64(vm, n)?;
    let Ok(n) = usize::try_from(n) else {
        return Err(vm.raise(TypeId::ValueError, "length should not be negative"));
    };
    let r = vm.with_heap2(slice::resolve, s, n)?;
    vm.with_heap(|h| {
        let parts = [int::from_i64(h, r.start)?, int::from_i64(h, r.stop)?, int::from_i64(h, r.step)?];
        tuple::from_slice(h, &parts)
    })
}
