//! The module `weakref`: references that keep nothing alive, and functions to be called when an object is gone.
//!
//! Invariants
//! - who is watched has a life: an object that all its references and `finalize`s share. It keeps the watched object's granule
//!   number, a small int, which the collector does not follow. The object is registered for finalization, so the VM hears of
//!   its death before its memory is used again, and the number is taken out of the life first thing, without anything that
//!   can fail: at one stroke for all, however many they are;
//! - `Root::WeakTargets` maps granule numbers to lives;
//! - who is to be called is in a chain of the life, the newest first: `finalize` objects are themselves there, so those live
//!   until they were called; references with a function are granule numbers, registered for finalization too, and one that
//!   dies leaves the chain. Other references are in none;
//! - when it is told that an object is gone each watcher leaves its chain before its function is called.

use super::file;
use crate::builtins::text;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::hashtable::{self, Find};
use crate::object::{dict, tuple};
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
    /// The life of the object, or `None`.
    pub const LIFE: usize = 1;
    pub const FUNCTION: usize = 2;
    /// The neighbours in the chain.
    pub const NEWER: usize = 3;
    pub const OLDER: usize = 4;
    pub const COUNT: usize = 5;
    /// Of a `finalize`.
    pub const ARGS: usize = 5;
    pub const KW: usize = 6;
    pub const COUNT_OF_FINALIZE: usize = 7;
}

/// Words of a life.
mod life {
    /// The object's granule number, or `None`.
    pub const TARGET: usize = 0;
    /// The newest `finalize` and the newest reference with a function, or `None`.
    pub const FINALIZE: usize = 1;
    pub const REF: usize = 2;
    pub const COUNT: usize = 3;
}

/// Registered objects that are looked at at a stretch.
const LOOKED_AT: u32 = 512;

fn number(v: Value) -> Value {
    Value::small((v.bits() >> 2) as i32)
}

/// The object with a number, or what is none itself. Whoever takes it keeps it alive, so the collector hears of it.
fn object(heap: &mut Heap, entry: Value) -> Option<Value> {
    let v = match entry.as_small() {
        Some(n) => Value::from_bits((n as u32) << 2)?,
        None => entry,
    };
    heap.barrier(v.bits());
    Some(v)
}

/// What a reference or `finalize` refers to.
fn target(heap: &mut Heap, r: Value) -> Option<Value> {
    let l = heap.field(r, field::LIFE);
    let n = if l.is_none() { l } else { heap.field(l, life::TARGET) };
    if n.is_none() { None } else { object(heap, n) }
}

/// The life of an object that is watched.
fn life_of(vm: &Vm, target: Value) -> Option<Value> {
    dict::get(vm.heap(), vm.root(Root::WeakTargets)?, number(target))
}

/// The same of an object, which is reachable, that may not be watched yet.
fn make_life(vm: &mut Vm, object: Value) -> R {
    if let Some(l) = life_of(vm, object) {
        return Ok(l);
    }
    let table = match vm.root(Root::WeakTargets) {
        Some(t) => t,
        None => {
            let t = vm.with_heap(dict::new)?;
            vm.set_root(Root::WeakTargets, Some(t));
            t
        }
    };
    let l = vm.with_heap(|h| tuple::new(h, life::COUNT))?;
    let kept = vm.push(l)?;
    vm.grow_in_turns(table)?;
    // An object whose death nobody would hear of must not be named.
    if !is_registered(vm, object)? {
        vm.with_heap(|h| h.register_finalizer(object))?;
    }
    // Somebody else may have been quicker.
    let l = match life_of(vm, object) {
        Some(first) => first,
        None => {
            vm.with_heap(|h| hashtable::insert(h, table, number(object), None, Some(l)))?;
            vm.heap_mut().set_field(l, life::TARGET, number(object));
            l
        }
    };
    vm.drop_to(kept);
    Ok(l)
}

/// Whether an object is registered for finalization.
fn is_registered(vm: &mut Vm, object: Value) -> R<bool> {
    let (mut at, mut moves) = (0, vm.heap().moves_of_finalizers());
    while let Some(found) = vm.heap().is_registered_among(object, at, LOOKED_AT) {
        if found {
            return Ok(true);
        }
        vm.tick(10 * LOOKED_AT)?;
        at += LOOKED_AT;
        // It may have come to a place that was looked at.
        if vm.heap().moves_of_finalizers() != moves {
            (at, moves) = (0, vm.heap().moves_of_finalizers());
        }
    }
    Ok(false)
}

/// Where in a life the chain of a watcher begins, and how its links name it.
fn chain_of(vm: &Vm, watcher: Value) -> (usize, Value) {
    match vm.type_id(watcher) {
        TypeId::WeakFinalize => (life::FINALIZE, watcher),
        _ => (life::REF, number(watcher)),
    }
}

/// Enters a watcher into the chain of its life.
fn join(vm: &mut Vm, watcher: Value, l: Value) {
    let (head, name) = chain_of(vm, watcher);
    let heap = vm.heap_mut();
    let older = heap.field(l, head);
    heap.set_field(watcher, field::OLDER, older);
    if !older.is_none()
        && let Some(older) = object(heap, older)
    {
        heap.set_field(older, field::NEWER, name);
    }
    heap.set_field(l, head, name);
}

/// Takes a watcher out of its chain, if it is in one.
fn part(vm: &mut Vm, watcher: Value) {
    let (head, name) = chain_of(vm, watcher);
    let heap = vm.heap_mut();
    let l = heap.field(watcher, field::LIFE);
    let (newer, older) = (heap.field(watcher, field::NEWER), heap.field(watcher, field::OLDER));
    if l.is_none() || newer.is_none() && heap.field(l, head) != name {
        return;
    }
    if newer.is_none() {
        heap.set_field(l, head, older);
    } else if let Some(newer) = object(heap, newer) {
        heap.set_field(newer, field::OLDER, older);
    }
    if !older.is_none()
        && let Some(older) = object(heap, older)
    {
        heap.set_field(older, field::NEWER, newer);
    }
    heap.set_field(watcher, field::NEWER, Value::NONE);
    heap.set_field(watcher, field::OLDER, Value::NONE);
}

/// Parts a watcher from its object.
fn forget(vm: &mut Vm, watcher: Value) {
    part(vm, watcher);
    vm.heap_mut().set_field(watcher, field::LIFE, Value::NONE);
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

fn new(vm: &mut Vm, id: TypeId, function: Value, words: usize) -> R {
    vm.with_heap(|h| {
        let r = h.alloc(Kind::Object, words)?;
        h.set_field(r, field::TYPE, Value::typ(id));
        h.set_field(r, field::FUNCTION, function);
        for i in [field::LIFE, field::NEWER, field::OLDER] {
            h.set_field(r, i, Value::NONE);
        }
        Ok(r)
    })
}

/// `ref(object[, callback])`
fn make_ref(vm: &mut Vm, args: Args) -> R {
    let object = target_arg(vm, args)?;
    let callback = vm.arg(args, 1).unwrap_or(Value::NONE);
    let r = new(vm, TypeId::WeakRef, callback, field::COUNT)?;
    vm.push(r)?;
    if !callback.is_none() {
        vm.with_heap(|h| h.register_finalizer(r))?;
    }
    let l = make_life(vm, object)?;
    vm.heap_mut().set_field(r, field::LIFE, l);
    if !callback.is_none() {
        join(vm, r, l);
    }
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
    let f = new(vm, TypeId::WeakFinalize, vm.req(args, 1), field::COUNT_OF_FINALIZE)?;
    vm.push(f)?;
    vm.heap_mut().set_field(f, field::ARGS, row);
    vm.heap_mut().set_field(f, field::KW, names);
    let l = make_life(vm, object)?;
    vm.heap_mut().set_field(f, field::LIFE, l);
    join(vm, f, l);
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
        forget(vm, f);
    }
    Ok(all)
}

fn call_finalize(vm: &mut Vm, f: Value, args: Args) -> R {
    if args.n() != 0 || args.kw() != 0 {
        return Err(vm.raise(TypeId::TypeError, "function doesn't take arguments"));
    }
    let Some(object) = target(vm.heap_mut(), f) else { return Ok(Value::NONE) };
    vm.push(object)?;
    vm.push(f)?;
    forget(vm, f);
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

/// Ends the life of `v`, and its own watch if it is a weak reference; gives the life.
fn leave(vm: &mut Vm, v: Value) -> Option<Value> {
    if vm.type_id(v) == TypeId::WeakRef && vm.heap().is(v, Kind::Object) {
        forget(vm, v);
    }
    let l = life_of(vm, v)?;
    let table = vm.root(Root::WeakTargets)?;
    let heap = vm.heap_mut();
    if let Find::Found(e) = dict::find(heap, table, number(v)) {
        hashtable::remove(heap, table, e);
    }
    heap.set_field(l, life::TARGET, Value::NONE);
    Some(l)
}

fn tell(vm: &mut Vm, l: Value) -> R<()> {
    vm.push(l)?;
    for head in [life::FINALIZE, life::REF] {
        loop {
            let first = vm.heap().field(l, head);
            let Some(watcher) = Some(first).filter(|f| !f.is_none()).and_then(|f| object(vm.heap_mut(), f))
            else {
                break;
            };
            let slot = vm.push(watcher)?;
            part(vm, watcher);
            let done = match head {
                life::FINALIZE => run(vm, watcher),
                _ => {
                    let callback = vm.heap().field(watcher, field::FUNCTION);
                    vm.call(callback, &[watcher])
                }
            };
            if let Err(Raised) = done {
                let before = vm.set_output(Output::Console);
                let said = vm.emit(b"Unhandled exception in weakref callback:\n");
                vm.set_output(before);
                said.and_then(|()| vm.report_lost_exception())?;
            }
            vm.drop_to(slot);
            vm.let_tasks_in();
        }
    }
    Ok(())
}
