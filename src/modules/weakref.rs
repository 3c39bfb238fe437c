//! The module `weakref`: references that keep nothing alive, and functions to be called when an object is gone.
//!
//! Invariants
//! - what is referred to weakly is kept as its granule number, a small int, which the collector does not follow. The
//!   object is registered for finalization, so the VM hears of its death before its memory is used again, and the
//!   number is taken out of every reference first thing, without anything that can fail;
//! - `Root::WeakTargets` maps granule numbers to lists: weak references in it are granule numbers too, `finalize` objects
//!   are themselves, so those live until they were called;
//! - a weak reference that dies takes itself out of its list.

use super::file;
use crate::builtins::text;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::hashtable::{self, Find};
use crate::object::{dict, list, tuple};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, Const, Mode, ModuleDef, NativeDef, TypeDef, entry, vm_fn};
use crate::vm::state::{Output, Root};

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("weakref"),
    entries: &[
        entry(q!("ref"), Const::Type(TypeId::WeakRef)),
        entry(q!("finalize"), Const::Type(TypeId::WeakFinalize)),
    ],
};

pub static REF: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make_ref, 1, 2, false)),
    print: Some(|vm: &mut Vm, _: Value, _: Mode| vm.emit(b"<ref>")),
    call: Some(call_ref),
    ..TypeDef::plain(TypeId::WeakRef, q!("ref"))
};

pub static FINALIZE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make_finalize, 2, 255, true)),
    call: Some(call_finalize),
    entries: &[
        entry(q!("alive"), Const::Get(|heap, f| Ok(Value::bool(target(heap, f).is_some())))),
        entry(q!("peek"), vm_fn(|vm, args| parts(vm, args, false), 1, 1)),
        entry(q!("detach"), vm_fn(|vm, args| parts(vm, args, true), 1, 1)),
    ],
    ..TypeDef::plain(TypeId::WeakFinalize, q!("finalize"))
};

mod field {
    pub const TYPE: usize = 0;
    /// The object's granule number, or `None`.
    pub const TARGET: usize = 1;
    pub const FUNCTION: usize = 2;
    /// Of a `finalize`.
    pub const ARGS: usize = 3;
    pub const KW: usize = 4;
    pub const COUNT: usize = 5;
}

fn number(v: Value) -> Value {
    Value::small((v.bits() >> 2) as i32)
}

/// What a reference or `finalize` refers to. Whoever takes it keeps it alive, so the collector hears of it.
fn target(heap: &mut Heap, r: Value) -> Option<Value> {
    let n = heap.field(r, field::TARGET).as_small()?;
    let v = Value::from_bits((n as u32) << 2)?;
    heap.barrier(v.bits());
    Some(v)
}

/// The list of those that watch an object.
fn watchers(vm: &Vm, target: Value) -> Option<Value> {
    dict::get(vm.heap(), vm.root(Root::WeakTargets)?, number(target))
}

/// Enters `entry` among those that watch `object`, which is reachable.
fn watch(vm: &mut Vm, object: Value, entry: Value) -> R<()> {
    let table = match vm.root(Root::WeakTargets) {
        Some(t) => t,
        None => {
            let t = vm.with_heap(dict::new)?;
            vm.set_root(Root::WeakTargets, Some(t));
            t
        }
    };
    let l = match watchers(vm, object) {
        Some(l) => l,
        None => vm.with_heap(|h| {
            let l = list::new(h)?;
            hashtable::insert(h, table, number(object), None, Some(l))?;
            Ok(l)
        })?,
    };
    // An object whose death nobody would hear of must not be named in a list.
    vm.with_heap(|h| if h.has_finalizer(object) { Ok(()) } else { h.register_finalizer(object) })?;
    vm.with_heap_anew(|h| list::append(h, l, entry))
}

fn target_arg(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    if v.is_heap() {
        return Ok(v);
    }
    let name = vm.type_name(v);
    let parts = [
        crate::object::exc::Part::S("cannot create weak reference to '"),
        crate::object::exc::Part::V(name),
        crate::object::exc::Part::S("' object"),
    ];
    Err(vm.raise_parts(TypeId::TypeError, &parts))
}

fn new(vm: &mut Vm, id: TypeId, function: Value, args: Value, kw: Value) -> R {
    vm.with_heap(|h| {
        let r = h.alloc(Kind::Object, field::COUNT)?;
        h.set_field(r, field::TYPE, Value::typ(id));
        h.set_field(r, field::TARGET, Value::NONE);
        h.set_field(r, field::FUNCTION, function);
        h.set_field(r, field::ARGS, args);
        h.set_field(r, field::KW, kw);
        Ok(r)
    })
}

/// `ref(object[, callback])`
fn make_ref(vm: &mut Vm, args: Args) -> R {
    let object = target_arg(vm, args)?;
    let callback = vm.arg(args, 1).unwrap_or(Value::NONE);
    let r = new(vm, TypeId::WeakRef, callback, Value::NONE, Value::NONE)?;
    vm.push(r)?;
    vm.with_heap(|h| h.register_finalizer(r))?;
    watch(vm, object, number(r))?;
    vm.heap_mut().set_field(r, field::TARGET, number(object));
    Ok(r)
}

fn call_ref(vm: &mut Vm, r: Value, args: Args) -> R {
    if args.n() != 0 || args.kw() != 0 {
        return Err(vm.raise(TypeId::TypeError, "function doesn't take arguments"));
    }
    Ok(target(vm.heap_mut(), r).unwrap_or(Value::NONE))
}

/// `finalize(object, function, *args, **kwargs)`
fn make_finalize(vm: &mut Vm, args: Args) -> R {
    let object = target_arg(vm, args)?;
    let n = args.n() as usize - 2;
    let row = vm.with_heap(|h| tuple::new(h, n))?;
    vm.push(row)?;
    for i in 0..n {
        let v = vm.req(args, i + 2);
        tuple::set(vm.heap_mut(), row, i, v);
    }
    let names = vm.with_heap(dict::new)?;
    vm.push(names)?;
    for i in 0..args.kw() as usize {
        let (name, v) = vm.kw(args, i);
        vm.with_heap(|h| dict::set_name(h, names, name, v))?;
    }
    let f = new(vm, TypeId::WeakFinalize, vm.req(args, 1), row, names)?;
    vm.push(f)?;
    watch(vm, object, f)?;
    vm.heap_mut().set_field(f, field::TARGET, number(object));
    Ok(f)
}

/// `(object, function, args, kwargs)`, or `None` where it is not alive; afterwards it is dead, if `detach`.
fn parts(vm: &mut Vm, args: Args, detach: bool) -> R {
    let f = text::native(vm.heap(), vm.req(args, 0));
    let Some(object) = target(vm.heap_mut(), f) else { return Ok(Value::NONE) };
    vm.push(object)?;
    let all = vm.with_heap(|h| {
        let row = [object, h.field(f, field::FUNCTION), h.field(f, field::ARGS), h.field(f, field::KW)];
        tuple::from_slice(h, &row)
    })?;
    if detach {
        forget(vm, object, f, f);
    }
    Ok(all)
}

/// Takes a watcher, which its list calls `entry`, out of the list of `object`.
fn forget(vm: &mut Vm, object: Value, watcher: Value, entry: Value) {
    let l = watchers(vm, object);
    let heap = vm.heap_mut();
    heap.set_field(watcher, field::TARGET, Value::NONE);
    if let Some(l) = l
        && let Some(cell) = heap.slot(l, list::ITEMS)
        && let Some(i) = heap.slots(cell, 0, list::len(heap, l)).iter().position(|v| *v == Some(entry))
    {
        list::splice_out(heap, l, i, i + 1);
    }
}

fn call_finalize(vm: &mut Vm, f: Value, args: Args) -> R {
    if args.n() != 0 || args.kw() != 0 {
        return Err(vm.raise(TypeId::TypeError, "function doesn't take arguments"));
    }
    let Some(object) = target(vm.heap_mut(), f) else { return Ok(Value::NONE) };
    vm.push(object)?;
    vm.push(f)?;
    forget(vm, object, f, f);
    run(vm, f)
}

/// Calls the function of a `finalize`, which is reachable.
fn run(vm: &mut Vm, f: Value) -> R {
    let (function, row, names) = {
        let h = vm.heap();
        (h.field(f, field::FUNCTION), h.field(f, field::ARGS), h.field(f, field::KW))
    };
    let base = vm.push(function)?;
    let n = tuple::len(vm.heap(), row);
    let first = vm.depth();
    for i in 0..n {
        let v = tuple::get(vm.heap(), row, i).unwrap_or(Value::NONE);
        vm.push(v)?;
    }
    let (mut cursor, mut kw) = (0, 0);
    while let Some((next, name, v)) = dict::next(vm.heap(), names, cursor) {
        cursor = next;
        kw += 1;
        vm.push(name)?;
        vm.push(v)?;
    }
    let made = vm.call_args(function, Args::new(first, n as u16, kw));
    vm.drop_to(base);
    made
}

// ---- the end of an object ------------------------------------------------------------------------------------

/// The hook of the VM for an object that is gone: `finalize` functions first, then weak references, of
/// each kind the newest first.
pub fn finalize(vm: &mut Vm, v: Value) -> R<()> {
    // Nothing here can fail: after it nobody names the object by its number.
    let l = leave(vm, v);
    let keep = vm.push(v)?;
    let told = match l {
        Some(l) => tell(vm, l),
        None => Ok(()),
    };
    vm.drop_to(keep);
    told.and_then(|()| file::finalize(vm, v))
}

/// Clears what refers to `v`, and what `v` refers to if it is a weak reference; gives the list of those that watched it,
/// with references in it as objects.
fn leave(vm: &mut Vm, v: Value) -> Option<Value> {
    if vm.type_id(v) == TypeId::WeakRef
        && vm.heap().is(v, Kind::Object)
        && let Some(object) = target(vm.heap_mut(), v)
    {
        forget(vm, object, v, number(v));
    }
    let l = watchers(vm, v)?;
    let table = vm.root(Root::WeakTargets)?;
    let heap = vm.heap_mut();
    if let Find::Found(e) = dict::find(heap, table, number(v)) {
        hashtable::remove(heap, table, e);
    }
    for i in 0..list::len(heap, l) {
        let Some(entry) = list::get(heap, l, i) else { continue };
        let watcher = match entry.as_small() {
            Some(n) => match Value::from_bits((n as u32) << 2) {
                Some(r) => r,
                None => continue,
            },
            None => entry,
        };
        heap.barrier(watcher.bits());
        list::set(heap, l, i, watcher);
        heap.set_field(watcher, field::TARGET, Value::NONE);
    }
    Some(l)
}

fn tell(vm: &mut Vm, l: Value) -> R<()> {
    vm.push(l)?;
    for id in [TypeId::WeakFinalize, TypeId::WeakRef] {
        for i in (0..list::len(vm.heap(), l)).rev() {
            let Some(watcher) = list::get(vm.heap(), l, i).filter(|w| vm.type_id(*w) == id) else { continue };
            let callback = vm.heap().field(watcher, field::FUNCTION);
            let done = match id {
                TypeId::WeakFinalize => run(vm, watcher),
                _ if callback.is_none() => continue,
                _ => vm.call(callback, &[watcher]),
            };
            if let Err(Raised) = done {
                let before = vm.set_output(Output::Console);
                let said = vm.emit(b"Unhandled exception in weakref callback:\n");
                vm.set_output(before);
                said.and_then(|()| vm.report_lost_exception())?;
            }
        }
    }
    Ok(())
}
