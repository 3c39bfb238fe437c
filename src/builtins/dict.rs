//! `dict`, and how hash tables are searched when keys have their own `==`.
//!
//! Invariants
//! - a key that the heap can compare never runs Python; for others the table is searched anew after each `==`
//!   that could have changed it: an entry counts only while it still holds the key that was compared.

use super::one_step::{self, Steady, Turns};
use super::seq;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::hashtable::{self as table, Find};
use crate::object::iter::{self, How};
use crate::object::{dict, exc, tuple};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::*;

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 0, 1, true)),
    unary: Slot::Heap(unary),
    binary: Slot::Vm(binary),
    contains: Some(contains),
    subscr: Slot::Vm(subscr),
    iter: Some(dict_iter),
    entries: &[
        Entry { name: q!("clear"), value: vm_fn(clear, 1, 1) },
        Entry { name: q!("copy"), value: vm_fn(copy, 1, 1) },
        Entry {
            name: q!("fromkeys"),
            value: Const::Fn(NativeDef::vm(fromkeys, 2, 3, false).bound(Bind::Class)),
        },
        Entry { name: q!("get"), value: vm_fn(get, 2, 3) },
        Entry { name: q!("items"), value: heap_fn(|h, a| view(h, a, How::Items), 1, 1) },
        Entry { name: q!("keys"), value: heap_fn(|h, a| view(h, a, How::Keys), 1, 1) },
        Entry { name: q!("pop"), value: vm_fn(pop, 2, 3) },
        Entry { name: q!("popitem"), value: vm_fn(popitem, 1, 1) },
        Entry { name: q!("setdefault"), value: vm_fn(setdefault, 2, 3) },
        Entry { name: q!("update"), value: kw_fn(update, 1, 2) },
        Entry { name: q!("values"), value: heap_fn(|h, a| view(h, a, How::Values), 1, 1) },
        Entry { name: q!("__getitem__"), value: vm_fn(getitem, 2, 2) },
        Entry { name: q!("__setitem__"), value: vm_fn(setitem, 3, 3) },
        Entry { name: q!("__delitem__"), value: vm_fn(delitem, 2, 2) },
    ],
    ..TypeDef::plain(TypeId::Dict, q!("dict"))
};

/// A dict is insertion-ordered anyway; this one minds the order when compared, and shows its type.
pub static ORDERED: TypeDef = TypeDef {
    base: Some(TypeId::Dict),
    make: Some(NativeDef::vm(make_ordered, 0, 1, true)),
    print: Some(print_ordered),
    unary: Slot::Heap(unary),
    binary: Slot::Vm(binary),
    contains: Some(contains),
    subscr: Slot::Vm(subscr),
    iter: Some(dict_iter),
    ..TypeDef::plain(TypeId::OrderedDict, q!("OrderedDict"))
};

pub static VIEW: TypeDef = TypeDef {
    print: Some(print_view),
    unary: Slot::Heap(unary_view),
    #[cfg(feature = "basic")]
    binary: Slot::Vm(binary_view),
    contains: Some(contains_view),
    iter: Some(iter_view),
    #[cfg(feature = "extra")]
    entries: &[Entry { name: q!("isdisjoint"), value: vm_fn(isdisjoint_view, 2, 2) }],
    ..TypeDef::plain(TypeId::DictView, q!("dict_view"))
};

// ---- searching -----------------------------------------------------------------------------------------------

/// The entry of a key in a dict or set; and the key's hash where the heap could not tell it.
pub fn find_entry(vm: &mut Vm, t: Value, k: Value) -> R<(Option<usize>, Option<u32>)> {
    match table::find(vm.heap(), t, k) {
        Find::Found(e) => return Ok((Some(e), None)),
        Find::Missing => return Ok((None, None)),
        Find::NeedsVm => {}
    }
    let (h, found) = vm.table_find(t, k)?;
    Ok((found, Some(h)))
}

/// The value under a key.
pub fn lookup(vm: &mut Vm, d: Value, k: Value) -> R<Option<Value>> {
    Ok(match find_entry(vm, d, k)?.0 {
        Some(e) => table::value(vm.heap(), d, e),
        None => None,
    })
}

/// Refuses to change a dict that is fixed.
fn check_open(vm: &mut Vm, d: Value) -> R<()> {
    if vm.heap().is(d, Kind::FixedDict) {
        return Err(vm.raise(TypeId::TypeError, "'dict' object doesn't support item assignment"));
    }
    Ok(())
}

/// `d[k] = v`; all three must be reachable.
pub fn store(vm: &mut Vm, d: Value, k: Value, v: Value) -> R<()> {
    check_open(vm, d)?;
    vm.table_insert(d, k, Some(v))
}

/// `del d[k]`; the value that was there.
pub fn take(vm: &mut Vm, d: Value, k: Value) -> R<Option<Value>> {
    check_open(vm, d)?;
    let Some(e) = find_entry(vm, d, k)?.0 else { return Ok(None) };
    let v = table::value(vm.heap(), d, e);
    table::remove(vm.heap_mut(), d, e);
    Ok(v)
}

#[cold]
fn key_error(vm: &mut Vm, k: Value) -> Raised {
    vm.raise_arg(TypeId::KeyError, k)
}

// ---- the type ------------------------------------------------------------------------------------------------

fn make(vm: &mut Vm, args: Args) -> R {
    let from = vm.arg(args, 0);
    let source = from.filter(|_| cfg!(not(feature = "tiny"))).and_then(|v| vm.native_part(v, TypeId::Dict));
    let (d, from) = match source {
        Some(source) => (vm.copy_table(source, Kind::Dict)?, None),
        None => (vm.with_heap(dict::new)?, from),
    };
    vm.push(d)?;
    merge(vm, d, from, args)?;
    Ok(d)
}

fn make_ordered(vm: &mut Vm, args: Args) -> R {
    let d = make(vm, args)?;
    vm.heap_mut().set_kind(d, Kind::OrderedDict);
    Ok(d)
}

/// Whether two dicts of equal length have their keys in the same order.
fn same_order(vm: &mut Vm, a: Value, b: Value) -> R<bool> {
    let (mut x, mut y) = (0, 0);
    while let (Some((i, p, _)), Some((j, q, _))) = (dict::next(vm.heap(), a, x), dict::next(vm.heap(), b, y))
    {
        (x, y) = (i, j);
        if p != q && !vm.equal(p, q)? {
            return Ok(false);
        }
        vm.tick(60)?;
    }
    Ok(true)
}

fn print_ordered(vm: &mut Vm, d: Value, _: Mode) -> R<()> {
    let base = vm.push(d)?;
    vm.emit(b"OrderedDict({")?;
    let mut cursor = 0;
    let mut first = true;
    while let Some((next, k, v)) = dict::next(vm.heap(), d, cursor) {
        cursor = next;
        let slot = vm.push(k)?;
        vm.push(v)?;
        if !first {
            vm.emit(b", ")?;
        }
        first = false;
        vm.print(k, Mode::Repr)?;
        vm.emit(b": ")?;
        vm.print(v, Mode::Repr)?;
        vm.drop_to(slot);
        vm.tick(200)?;
    }
    vm.drop_to(base);
    vm.emit(b"})")
}

/// Adds what a mapping or an iterable of pairs holds, then the keyword arguments.
fn merge(vm: &mut Vm, d: Value, from: Option<Value>, args: Args) -> R<()> {
    if let Some(from) = from {
        merge_from(vm, d, from)?;
    }
    for i in 0..args.kw() as usize {
        let (name, v) = vm.kw(args, i);
        store(vm, d, name, v)?;
    }
    Ok(())
}

/// Adds what a dict holds; others see what is done unless they have to wait.
fn merge_dict(vm: &mut Vm, d: Value, source: Value, turns: Turns) -> R<()> {
    let mut cursor = 0;
    let mut by = Steady::new(vm, source, Value::NONE)?;
    while let Some((next, k, v)) = dict::next(vm.heap(), by.first(vm), cursor) {
        cursor = next;
        let base = vm.push(k)?;
        vm.push(v)?;
        store(vm, d, k, v)?;
        vm.drop_to(base);
        by.turn(vm, turns, 100)?;
    }
    by.end(vm);
    Ok(())
}

/// Adds what a mapping or an iterable of pairs holds.
fn merge_from(vm: &mut Vm, d: Value, from: Value) -> R<()> {
    if let Some(source) = vm.native_part(from, TypeId::Dict) {
        check_open(vm, d)?;
        let n = dict::len(vm.heap(), source);
        return one_step::change(vm, d, n, |vm, d, turns| merge_dict(vm, d, source, turns));
    }
    let keys = match vm.heap().kind(from) {
        Kind::Instance | Kind::BigInstance => vm.get_attr_or_stop(from, q!("keys"))?,
        _ => Value::STOP,
    };
    if keys != Value::STOP {
        let keys = vm.call(keys, &[])?;
        let base = vm.push(keys)?;
        let it = vm.iter(keys)?;
        vm.set(base, it);
        loop {
            let it = vm.get(base);
            let k = vm.next(it)?;
            if k == Value::STOP {
                break;
            }
            let slot = vm.push(k)?;
            let v = vm.subscr(from, k, Access::Load)?;
            vm.push(v)?;
            store(vm, d, k, v)?;
            vm.drop_to(slot);
        }
        vm.drop_to(base);
        return Ok(());
    }
    let it = vm.iter(from)?;
    let base = vm.push(it)?;
    loop {
        let it = vm.get(base);
        let pair = vm.next(it)?;
        if pair == Value::STOP {
            break;
        }
        let slot = vm.push(pair)?;
        let pair = super::tuple::collect(vm, pair)?;
        vm.set(slot, pair);
        if tuple::len(vm.heap(), pair) != 2 {
            return Err(vm.raise(TypeId::ValueError, "dict update sequence has wrong length"));
        }
        let (k, v) = (vm.heap().field(pair, 0), vm.heap().field(pair, 1));
        store(vm, d, k, v)?;
        vm.drop_to(slot);
        vm.tick(100)?;
    }
    vm.drop_to(base);
    Ok(())
}

fn unary(heap: &mut Heap, op: UnaryOp, d: Value) -> R {
    let n = table::len(heap, d);
    match op {
        UnaryOp::Bool => Ok(Value::bool(n > 0)),
        UnaryOp::Len => Ok(Value::small(n as i32)),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R {
    use BinaryOp as B;
    let both = dict::is(vm.heap(), a) && dict::is(vm.heap(), b);
    match op {
        B::Equal | B::NotEqual if both => {
            let ordered = vm.heap().is(a, Kind::OrderedDict) && vm.heap().is(b, Kind::OrderedDict);
            if ordered && !same_order(vm, a, b)? {
                return Ok(Value::bool(op == B::NotEqual));
            }
            seq::compare(vm, op, a, b)
        }
        B::Or if both => {
            let d = new_copy(vm, a)?;
            let slot = vm.push(d)?;
            merge_dict(vm, d, b, Turns::Others)?;
            vm.drop_to(slot);
            Ok(d)
        }
        B::InplaceOr if dict::is(vm.heap(), a) => {
            merge_from(vm, a, b)?;
            Ok(a)
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn contains(vm: &mut Vm, d: Value, k: Value) -> R<bool> {
    match table::find(vm.heap(), d, k) {
        Find::NeedsVm => {}
        f => return Ok(f != Find::Missing),
    }
    Ok(find_entry(vm, d, k)?.0.is_some())
}

fn subscr(vm: &mut Vm, d: Value, k: Value, access: Access) -> R {
    match access {
        Access::Load => match lookup(vm, d, k)? {
            Some(v) => Ok(v),
            None => Err(key_error(vm, k)),
        },
        Access::Store(v) => {
            store(vm, d, k, v)?;
            Ok(Value::NONE)
        }
        Access::Delete => match take(vm, d, k)? {
            Some(_) => Ok(Value::NONE),
            None => Err(key_error(vm, k)),
        },
    }
}

fn dict_iter(heap: &mut Heap, d: Value) -> R {
    iter::new(heap, How::Keys, d, 0, Value::NONE)
}

// ---- methods -------------------------------------------------------------------------------------------------

fn me(args: &[Value]) -> Value {
    args.first().copied().unwrap_or(Value::NONE)
}

fn clear(vm: &mut Vm, args: Args) -> R {
    let d = vm.req(args, 0);
    check_open(vm, d)?;
    table::clear(vm.heap_mut(), d);
    Ok(Value::NONE)
}

fn copy(vm: &mut Vm, args: Args) -> R {
    new_copy(vm, vm.req(args, 0))
}

fn new_copy(vm: &mut Vm, d: Value) -> R {
    let kind = match vm.heap().kind(d) {
        Kind::FixedDict => Kind::Dict,
        kind => kind,
    };
    vm.copy_table(d, kind)
}

fn fromkeys(vm: &mut Vm, args: Args) -> R {
    let v = vm.arg(args, 2).unwrap_or(Value::NONE);
    let d = vm.with_heap(dict::new)?;
    vm.push(d)?;
    let it = vm.iter(vm.req(args, 1))?;
    let it = vm.push(it)?;
    loop {
        let i = vm.get(it);
        let k = vm.next(i)?;
        if k == Value::STOP {
            return Ok(d);
        }
        let slot = vm.push(k)?;
        store(vm, d, k, v)?;
        vm.drop_to(slot);
        vm.tick(100)?;
    }
}

fn get(vm: &mut Vm, args: Args) -> R {
    let (d, k) = (vm.req(args, 0), vm.req(args, 1));
    let v = match table::find(vm.heap(), d, k) {
        Find::Found(e) => table::value(vm.heap(), d, e),
        Find::Missing => None,
        Find::NeedsVm => lookup(vm, d, k)?,
    };
    Ok(v.or(vm.arg(args, 2)).unwrap_or(Value::NONE))
}

fn getitem(vm: &mut Vm, args: Args) -> R {
    let (d, k) = (vm.req(args, 0), vm.req(args, 1));
    subscr(vm, d, k, Access::Load)
}

fn setitem(vm: &mut Vm, args: Args) -> R {
    let (d, k, v) = (vm.req(args, 0), vm.req(args, 1), vm.req(args, 2));
    subscr(vm, d, k, Access::Store(v))
}

fn delitem(vm: &mut Vm, args: Args) -> R {
    let (d, k) = (vm.req(args, 0), vm.req(args, 1));
    subscr(vm, d, k, Access::Delete)
}

fn pop(vm: &mut Vm, args: Args) -> R {
    let (d, k) = (vm.req(args, 0), vm.req(args, 1));
    match take(vm, d, k)?.or(vm.arg(args, 2)) {
        Some(v) => Ok(v),
        None => Err(key_error(vm, k)),
    }
}

fn popitem(vm: &mut Vm, args: Args) -> R {
    let d = vm.req(args, 0);
    check_open(vm, d)?;
    let Some(e) = table::last(vm.heap(), d) else {
        return Err(vm.raise(TypeId::KeyError, "popitem(): dictionary is empty"));
    };
    let pair = vm.with_heap(|h| {
        let parts = [table::key(h, d, e), table::value(h, d, e)].map(|v| v.unwrap_or(Value::NONE));
        tuple::from_slice(h, &parts)
    })?;
    table::remove(vm.heap_mut(), d, e);
    Ok(pair)
}

fn setdefault(vm: &mut Vm, args: Args) -> R {
    let (d, k) = (vm.req(args, 0), vm.req(args, 1));
    check_open(vm, d)?;
    let v = vm.arg(args, 2).unwrap_or(Value::NONE);
    // Who is first wins.
    Ok(match vm.table_put(d, k, Some(v), true)? {
        Some(e) => table::value(vm.heap(), d, e).unwrap_or(Value::NONE),
        None => v,
    })
}

fn update(vm: &mut Vm, args: Args) -> R {
    let d = vm.req(args, 0);
    merge(vm, d, vm.arg(args, 1), args)?;
    Ok(Value::NONE)
}

// ---- views: 1 = dict, 2 = what of it -------------------------------------------------------------------------

fn view(heap: &mut Heap, args: &[Value], how: How) -> R {
    let v = heap.alloc(Kind::Object, 3)?;
    heap.set_field(v, 0, Value::typ(TypeId::DictView));
    heap.set_field(v, 1, me(args));
    heap.set_int(v, 2, how as i32);
    Ok(v)
}

fn iter_view(heap: &mut Heap, v: Value) -> R {
    let (d, how) = (heap.field(v, 1), heap.int(v, 2));
    let how = if how == How::Items as i32 {
        How::Items
    } else if how == How::Values as i32 {
        How::Values
    } else {
        How::Keys
    };
    iter::new(heap, how, d, 0, Value::NONE)
}

fn unary_view(heap: &mut Heap, op: UnaryOp, v: Value) -> R {
    if op == UnaryOp::Hash {
        // Keys and items compare as sets; values as objects.
        return if heap.int(v, 2) == How::Values as i32 {
            Ok(Value::NOT_IMPLEMENTED)
        } else {
            Err(exc::raise(heap, TypeId::TypeError, "unsupported type for __hash__: 'dict_view'"))
        };
    }
    let d = heap.field(v, 1);
    unary(heap, op, d)
}

fn contains_view(vm: &mut Vm, v: Value, item: Value) -> R<bool> {
    let d = vm.heap().field(v, 1);
    if vm.heap().int(v, 2) == How::Keys as i32 {
        return contains(vm, d, item);
    }
    let it = vm.with_heap1(iter_view, v)?;
    let slot = vm.push(it)?;
    loop {
        let it = vm.get(slot);
        let x = vm.next(it)?;
        if x == Value::STOP {
            vm.drop_to(slot);
            return Ok(false);
        }
        if x == item || vm.equal(x, item)? {
            vm.drop_to(slot);
            return Ok(true);
        }
        vm.tick(60)?;
    }
}

/// Keys and items compare and combine as sets.
fn binary_view(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R {
    use BinaryOp as B;
    let items = |vm: &Vm, v: Value| {
        let is = vm.heap().is(v, Kind::Object)
            && vm.type_id(v) == TypeId::DictView
            && vm.heap().int(v, 2) == How::Items as i32;
        is.then(|| vm.heap().field(v, 1))
    };
    if matches!(op, B::Equal | B::NotEqual)
        && let (Some(x), Some(y)) = (items(vm, a), items(vm, b))
    {
        // The values need no hash for this.
        return seq::compare(vm, op, x, y);
    }
    let base = vm.push(a)?;
    vm.push(b)?;
    let any = matches!(op, B::And | B::Or | B::Xor | B::Subtract);
    for (i, v) in [a, b].into_iter().enumerate() {
        if any
            && !matches!(vm.heap().kind(v), Kind::Set | Kind::FrozenSet)
            && vm.type_id(v) != TypeId::DictView
        {
            let s = super::set::collect(vm, v, Kind::Set)?;
            vm.set(crate::vm::Slot(base.0 + i as u32), s);
            continue;
        }
        let is_view = vm.heap().is(v, Kind::Object) && vm.type_id(v) == TypeId::DictView;
        if is_view && vm.heap().int(v, 2) == How::Values as i32 {
            vm.drop_to(base);
            return Ok(Value::NOT_IMPLEMENTED);
        }
        if is_view {
            let s = super::set::collect(vm, v, Kind::Set)?;
            vm.set(crate::vm::Slot(base.0 + i as u32), s);
        }
    }
    let (x, y) = (vm.get(base), vm.get(crate::vm::Slot(base.0 + 1)));
    let r = super::set::binary(vm, op, x, y)?;
    vm.drop_to(base);
    Ok(r)
}

#[cfg(feature = "extra")]
fn isdisjoint_view(vm: &mut Vm, args: Args) -> R {
    let (view, other) = (vm.req(args, 0), vm.req(args, 1));
    match binary_view(vm, BinaryOp::And, view, other)? {
        Value::NOT_IMPLEMENTED => {
            Err(vm.raise(TypeId::AttributeError, "dict_values has no attribute 'isdisjoint'"))
        }
        common => Ok(Value::bool(table::len(vm.heap(), common) == 0)),
    }
}

fn print_view(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    let how = vm.heap().int(v, 2);
    vm.emit(if how == How::Keys as i32 {
        b"dict_keys(["
    } else if how == How::Values as i32 {
        b"dict_values(["
    } else {
        b"dict_items(["
    })?;
    let it = vm.with_heap1(iter_view, v)?;
    let slot = vm.push(it)?;
    let mut first = true;
    loop {
        let it = vm.get(slot);
        let x = vm.next(it)?;
        if x == Value::STOP {
            break;
        }
        let item = vm.push(x)?;
        if !first {
            vm.emit(b", ")?;
        }
        first = false;
        vm.print(x, Mode::Repr)?;
        vm.drop_to(item);
        vm.tick(100)?;
    }
    vm.drop_to(slot);
    vm.emit(b"])")
}
