//! Iterator types: over built-in containers, and `enumerate`, `zip`, `map`, `filter`, `reversed`.
//!
//! Invariants
//! - an adaptor is an `Object`: type, then what it wraps; it ends when that ends.

use super::convert::int_value;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::iter::{self, How};
use crate::object::{int, list, range, tuple};
use crate::q;
use crate::vm::Vm;
use crate::vm::args::{ArgKind, ArgSpec, parse};
use crate::vm::def::*;

pub static TYPE: TypeDef =
    TypeDef { iter: Some(itself), next: Slot::Vm(next), ..TypeDef::plain(TypeId::Iterator, q!("iterator")) };

pub static ENUMERATE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make_enumerate, 0, 2, true)),
    iter: Some(itself),
    next: Slot::Vm(next_enumerate),
    entries: &NEXT,
    ..TypeDef::plain(TypeId::Enumerate, q!("enumerate"))
};

pub static ZIP: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make_zip, 0, 255, cfg!(feature = "extra"))),
    iter: Some(itself),
    next: Slot::Vm(next_zip),
    entries: &NEXT,
    ..TypeDef::plain(TypeId::Zip, q!("zip"))
};

pub static MAP: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make_map, 2, 255, false)),
    iter: Some(itself),
    next: Slot::Vm(next_map),
    entries: &NEXT,
    ..TypeDef::plain(TypeId::Map, q!("map"))
};

pub static FILTER: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make_filter, 2, 2, false)),
    iter: Some(itself),
    next: Slot::Vm(next_filter),
    entries: &NEXT,
    ..TypeDef::plain(TypeId::Filter, q!("filter"))
};

pub static REVERSED: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make_reversed, 1, 1, false)),
    ..TypeDef::plain(TypeId::Reversed, q!("reversed"))
};

/// What every iterator has.
static NEXT: [Entry; 1] = [Entry { name: q!("__next__"), value: vm_fn(next_method, 1, 1) }];

fn next_method(vm: &mut Vm, args: Args) -> R {
    let it = vm.req(args, 0);
    match vm.next(it)? {
        Value::STOP => Err(vm.raise_bare(TypeId::StopIteration)),
        v => Ok(v),
    }
}

fn itself(_: &mut Heap, v: Value) -> R {
    Ok(v)
}

/// An object of three words: its type and two values.
fn object(vm: &mut Vm, typ: TypeId, a: Value, b: Value) -> R {
    vm.with_heap(|h| {
        let v = h.alloc(Kind::Object, 3)?;
        h.set_field(v, 0, Value::typ(typ));
        h.set_field(v, 1, a);
        h.set_field(v, 2, b);
        Ok(v)
    })
}

// ---- over containers -----------------------------------------------------------------------------------------

fn next(vm: &mut Vm, it: Value) -> R {
    if iter::is_plain(vm.heap(), it) {
        return vm.with_heap_anew1(iter::next, it);
    }
    next_by_calling(vm, it)
}

/// The next item where getting it may run Python.
#[inline(never)]
fn next_by_calling(vm: &mut Vm, it: Value) -> R {
    let (c, at) = (vm.heap().field(it, iter::CONTAINER), vm.heap().int(it, iter::CURSOR));
    match iter::how(vm.heap(), it) {
        // It ended before.
        How::Call | How::Subscript if c.is_none() => Ok(Value::STOP),
        How::Call => {
            let v = vm.call(c, &[])?;
            let slot = vm.push(v)?;
            let end = vm.heap().field(it, iter::EXTRA);
            let stop = v == end || vm.equal(v, end)?;
            vm.drop_to(slot);
            if stop {
                iter::finish(vm.heap_mut(), it);
                return Ok(Value::STOP);
            }
            Ok(v)
        }
        how @ (How::Subscript | How::SubscriptReversed) => {
            let back = how == How::SubscriptReversed;
            if back && at == 0 {
                iter::finish(vm.heap_mut(), it);
                return Ok(Value::STOP);
            }
            let i = if back { at - 1 } else { at };
            match vm.subscr(c, Value::small(i), Access::Load) {
                Ok(v) => {
                    vm.heap_mut().set_int(it, iter::CURSOR, if back { i } else { at + 1 });
                    Ok(v)
                }
                Err(r) => {
                    let ends = vm.heap().raised.is_some_and(|e| {
                        vm.is_instance(e, Value::typ(TypeId::IndexError))
                            || vm.is_instance(e, Value::typ(TypeId::StopIteration))
                    });
                    if !ends {
                        return Err(r);
                    }
                    vm.heap_mut().raised = None;
                    iter::finish(vm.heap_mut(), it);
                    Ok(Value::STOP)
                }
            }
        }
        _ => Ok(Value::STOP),
    }
}

/// An iterator by `v[0]`, `v[1]`, … until `IndexError`.
pub fn by_subscript(vm: &mut Vm, v: Value) -> R {
    vm.with_heap(|h| iter::new(h, How::Subscript, v, 0, Value::NONE))
}

/// `iter(f, sentinel)`
pub fn by_call(vm: &mut Vm, f: Value, end: Value) -> R {
    vm.with_heap(|h| iter::new(h, How::Call, f, 0, end))
}

// ---- enumerate: 1 = iterator, 2 = next number ----------------------------------------------------------------

static ENUMERATE_SPEC: [ArgSpec; 2] = [
    ArgSpec { name: q!("iterable"), kind: ArgKind::Required },
    ArgSpec { name: q!("start"), kind: ArgKind::Optional },
];

fn make_enumerate(vm: &mut Vm, args: Args) -> R {
    let mut a = [None; 2];
    parse(vm, args, &ENUMERATE_SPEC, &mut a)?;
    let [from, start] = a;
    let start = match start {
        Some(n) => int_value(vm, n)?,
        None => Value::small(0),
    };
    let base = vm.push(start)?;
    let it = vm.iter(from.unwrap_or(Value::NONE))?;
    vm.push(it)?;
    let start = vm.get(base);
    object(vm, TypeId::Enumerate, it, start)
}

fn next_enumerate(vm: &mut Vm, e: Value) -> R {
    let it = vm.heap().field(e, 1);
    let v = vm.next(it)?;
    if v == Value::STOP {
        return Ok(v);
    }
    let slot = vm.push(v)?;
    let n = vm.heap().field(e, 2);
    let up = match int::to_i64(vm.heap(), n).and_then(|n| n.checked_add(1)) {
        Some(n) => vm.with_heap(|h| int::from_i64(h, n))?,
        None => vm.binary(BinaryOp::Add, n, Value::small(1))?,
    };
    vm.push(up)?;
    let pair = vm.with_heap(|h| {
        let parts = [h.field(e, 2), v];
        tuple::from_slice(h, &parts)
    })?;
    vm.heap_mut().set_field(e, 2, up);
    vm.drop_to(slot);
    Ok(pair)
}

// ---- zip and map: 1 = iterators (tuple), 2 = function --------------------------------------------------------

/// Iterators over arguments `from..`, as a tuple.
fn iterators(vm: &mut Vm, args: Args, from: usize) -> R {
    for i in from..args.n() as usize {
        let it = vm.iter(vm.req(args, i))?;
        vm.set_arg(args, i, it);
    }
    let n = (args.n() as usize).saturating_sub(from);
    let t = vm.with_heap1(tuple::new, n)?;
    for i in 0..n {
        let it = vm.req(args, from + i);
        tuple::set(vm.heap_mut(), t, i, it);
    }
    Ok(t)
}

/// The next item of each of `its`, as a tuple; `STOP` when one has ended (all of them, where it is strict).
fn next_of_all(vm: &mut Vm, its: Value, strict: bool) -> R {
    let n = tuple::len(vm.heap(), its);
    let t = vm.with_heap1(tuple::new, n)?;
    let slot = vm.push(t)?;
    for i in 0..n {
        let it = tuple::get(vm.heap(), its, i).unwrap_or(Value::NONE);
        let v = vm.next(it)?;
        if v == Value::STOP {
            if strict {
                check_lengths(vm, its, i)?;
            }
            vm.drop_to(slot);
            return Ok(v);
        }
        tuple::set(vm.heap_mut(), t, i, v);
    }
    vm.drop_to(slot);
    Ok(t)
}

fn make_zip(vm: &mut Vm, args: Args) -> R {
    let its = iterators(vm, args, 0)?;
    vm.push(its)?;
    let strict = zip_is_strict(vm, args)?;
    object(vm, TypeId::Zip, its, strict)
}

#[cfg(not(feature = "extra"))]
fn zip_is_strict(_: &mut Vm, _: Args) -> R {
    Ok(Value::NONE)
}
#[cfg(not(feature = "extra"))]
fn check_lengths(_: &mut Vm, _: Value, _: usize) -> R<()> {
    Ok(())
}
/// The keyword `strict`.
#[cfg(feature = "extra")]
fn zip_is_strict(vm: &mut Vm, args: Args) -> R {
    let mut strict = false;
    for i in 0..args.kw() as usize {
        let (name, v) = vm.kw(args, i);
        if name != q!("strict") {
            return Err(vm.raise(TypeId::TypeError, "unexpected keyword argument"));
        }
        strict = vm.truth(v)?;
    }
    Ok(Value::bool(strict))
}

/// Iterator `short` has ended, and those before it have not: in a strict zip all must end together.
#[cfg(feature = "extra")]
fn check_lengths(vm: &mut Vm, its: Value, short: usize) -> R<()> {
    use crate::object::exc::Part;
    let (n, word) = if short > 0 {
        (short, " is shorter than argument")
    } else {
        let mut longer = None;
        for i in 1..tuple::len(vm.heap(), its) {
            let it = tuple::get(vm.heap(), its, i).unwrap_or(Value::NONE);
            if vm.next(it)? != Value::STOP {
                longer = Some(i);
                break;
            }
        }
        match longer {
            Some(i) => (i, " is longer than argument"),
            None => return Ok(()),
        }
    };
    let start = [Part::S("zip() argument "), Part::I(n as i64 + 1), Part::S(word)];
    let [a, b, c] = start;
    let parts = if n == 1 {
        [a, b, c, Part::S(" 1"), Part::S("")]
    } else {
        [a, b, c, Part::S("s 1-"), Part::I(n as i64)]
    };
    Err(vm.raise_parts(TypeId::ValueError, &parts))
}

fn next_zip(vm: &mut Vm, z: Value) -> R {
    let its = vm.heap().field(z, 1);
    if its == Value::EMPTY_TUPLE {
        return Ok(Value::STOP);
    }
    next_of_all(vm, its, vm.heap().field(z, 2) == Value::TRUE)
}

fn make_map(vm: &mut Vm, args: Args) -> R {
    let its = iterators(vm, args, 1)?;
    vm.push(its)?;
    let f = vm.req(args, 0);
    object(vm, TypeId::Map, its, f)
}

fn next_map(vm: &mut Vm, m: Value) -> R {
    let (its, f) = (vm.heap().field(m, 1), vm.heap().field(m, 2));
    if let (1, Some(it)) = (tuple::len(vm.heap(), its), tuple::get(vm.heap(), its, 0)) {
        let v = vm.next(it)?;
        return if v == Value::STOP { Ok(v) } else { vm.call(f, &[v]) };
    }
    let items = next_of_all(vm, its, false)?;
    if items == Value::STOP {
        return Ok(items);
    }
    let base = vm.push(items)?;
    let n = tuple::len(vm.heap(), items);
    let first = vm.depth();
    for i in 0..n {
        let v = tuple::get(vm.heap(), items, i).unwrap_or(Value::NONE);
        vm.push(v)?;
    }
    let r = vm.call_args(f, Args::new(first, n as u16, 0))?;
    vm.drop_to(base);
    Ok(r)
}

// ---- filter: 1 = iterator, 2 = function or None --------------------------------------------------------------

fn make_filter(vm: &mut Vm, args: Args) -> R {
    let it = vm.iter(vm.req(args, 1))?;
    vm.push(it)?;
    let f = vm.req(args, 0);
    object(vm, TypeId::Filter, it, f)
}

fn next_filter(vm: &mut Vm, o: Value) -> R {
    let (it, f) = (vm.heap().field(o, 1), vm.heap().field(o, 2));
    loop {
        let v = vm.next(it)?;
        if v == Value::STOP {
            return Ok(v);
        }
        let slot = vm.push(v)?;
        let keep = if f.is_none() { v } else { vm.call(f, &[v])? };
        let keep = vm.truth(keep)?;
        vm.drop_to(slot);
        if keep {
            return Ok(v);
        }
        vm.tick(30)?;
    }
}

// ---- reversed ------------------------------------------------------------------------------------------------

fn make_reversed(vm: &mut Vm, args: Args) -> R {
    let mut v = vm.req(args, 0);
    if matches!(vm.heap().kind(v), Kind::Instance | Kind::BigInstance) {
        let f = vm.lookup_special(v, q!("__reversed__"))?;
        if f != Value::STOP {
            return vm.call(f, &[]);
        }
        if let Some(part) = vm.native_part(v, TypeId::List).or(vm.native_part(v, TypeId::Tuple)) {
            v = part;
        }
    }
    if crate::object::dict::is(vm.heap(), v) {
        v = super::seq::collect(vm, v)?;
        vm.push(v)?;
    }
    let n = if vm.heap().is(v, Kind::List) {
        list::len(vm.heap(), v)
    } else if tuple::is(vm.heap(), v) {
        tuple::len(vm.heap(), v)
    } else if vm.heap().is(v, Kind::Range) {
        return vm.with_heap(|h| {
            let back = range::get(h, v).reversed();
            let back = range::new(h, back)?;
            super::range::range_iter(h, back)
        });
    } else {
        let n = vm.len(v)? as i32;
        return vm.with_heap(|h| iter::new(h, How::SubscriptReversed, v, n, Value::NONE));
    };
    vm.with_heap(|h| iter::new(h, How::Reversed, v, n as i32, Value::NONE))
}
