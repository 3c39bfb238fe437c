//! Instances of user classes: a shape (which attribute is in which slot) and inline slots.
//!
//! Invariants
//! - slot numbers are counted from 1, word 0 is the shape; a shape's slots are all filled;
//! - an `Instance` keeps slot `i` in word `i`; a `BigInstance` keeps the slots from `words - 1` on in the `Array` in its
//!   last word;
//! - a class with a native base has a root shape of one slot without a name: the native part.

use crate::heap::{Heap, Kind, R, Value};

/// Words of a `Class` cell.
pub mod class {
    pub const NAME: usize = 0;
    pub const MEMBERS: usize = 1;
    pub const ROOT: usize = 2;
    pub const BASES: usize = 3;
    pub const FLAGS: usize = 4;
    pub const NATIVE_BASE: usize = 5;
    pub const WIDTH: usize = 6;
    /// The `__init__` of instances, as it was at `EPOCH` of the VM's classes.
    pub const INIT: usize = 7;
    pub const EPOCH: usize = 8;
    pub const COUNT: usize = 9;
    /// Only where a class has several bases: itself and them in the order of look-ups (`Tuple`).
    pub const ORDER: usize = 9;
    pub const COUNT_ORDERED: usize = 10;
    /// Only where it is not `type`.
    pub const META: usize = 10;
    pub const COUNT_META: usize = 11;

    /// Whether `__setattr__`, `__delattr__`, and the descriptors of user classes are asked.
    pub const DESCRIPTORS: bool = cfg!(feature = "basic");

    /// What the class or one of its bases defines.
    pub const HAS_GETATTR: i32 = 1;
    pub const HAS_SETATTR: i32 = if DESCRIPTORS { 2 } else { 0 };
    pub const HAS_DELATTR: i32 = if DESCRIPTORS { 4 } else { 0 };
    pub const HAS_DEL: i32 = 8;
    /// A property or another descriptor with a setter may be among the members.
    pub const HAS_DESCRIPTORS: i32 = 16;
}

mod shape {
    pub const CLASS: usize = 0;
    pub const SLOTS: usize = 1;
    pub const PARENT: usize = 2;
    pub const NAME: usize = 3;
    pub const CHILD: usize = 4;
    pub const SIBLING: usize = 5;
    pub const COUNT: usize = 6;
}

/// A walk over a class and its bases in the order of look-ups: along the line of first bases, up to a class with several,
/// whose order says the rest.
pub struct ClassWalk {
    next: Option<Value>,
    order: Option<(Value, usize)>,
}

impl ClassWalk {
    pub fn new(class: Value) -> ClassWalk {
        ClassWalk { next: Some(class), order: None }
    }
    pub fn next(&mut self, heap: &Heap) -> Option<Value> {
        if let Some((order, at)) = self.order {
            self.order = Some((order, at + 1));
            return super::tuple::get(heap, order, at);
        }
        let c = self.next?;
        self.next = None;
        if heap.is(c, Kind::Class) {
            self.order = order(heap, c).map(|order| (order, 1));
            self.next = super::tuple::get(heap, heap.field(c, class::BASES), 0);
        }
        Some(c)
    }
}

fn order(heap: &Heap, c: Value) -> Option<Value> {
    if heap.words(c) > class::ORDER { heap.slot(c, class::ORDER) } else { None }
}

/// The shape of an object without attributes of a new class; `native` reserves the slot of the native part.
pub fn new_root(heap: &mut Heap, class: Value, native: bool) -> R {
    let s = heap.alloc(Kind::Shape, shape::COUNT)?;
    heap.set_field(s, shape::CLASS, class);
    heap.set_int(s, shape::SLOTS, native as i32);
    Ok(s)
}

/// A new instance without attributes.
pub fn new(heap: &mut Heap, class: Value) -> R {
    let root = heap.field(class, class::ROOT);
    let width = heap.int(class, class::WIDTH).max(heap.int(root, shape::SLOTS)) as usize;
    // Two slots at least: the last word must be free to turn into the array of a `BigInstance`.
    let o = heap.alloc(Kind::Instance, 1 + width.max(2))?;
    heap.set_field(o, 0, root);
    if heap.int(root, shape::SLOTS) != 0 {
        heap.set_field(o, 1, Value::NONE);
    }
    Ok(o)
}

pub fn class_of(heap: &Heap, o: Value) -> Value {
    heap.field(heap.field(o, 0), shape::CLASS)
}

/// The slot of attribute `name`.
pub fn find(heap: &Heap, o: Value, name: Value) -> Option<usize> {
    let start = heap.field(o, 0);
    if let Some(slot) = heap.known_slot(start, name) {
        return if slot == 0 { None } else { Some(slot as usize) };
    }
    // The root has no name.
    let found = match heap.find_in_chain(start, shape::PARENT, shape::NAME, name) {
        Some(s) => heap.int(s, shape::SLOTS) as u32,
        None => 0,
    };
    heap.remember_slot(start, name, found);
    if found == 0 { None } else { Some(found as usize) }
}

/// The value in slot `i`.
pub fn get(heap: &Heap, o: Value, i: usize) -> Value {
    if heap.is(o, Kind::BigInstance) {
        let last = heap.words(o) - 1;
        if i >= last {
            return heap.field(heap.field(o, last), i - last);
        }
    }
    heap.field(o, i)
}

fn put(heap: &mut Heap, o: Value, i: usize, v: Value) {
    if heap.is(o, Kind::BigInstance) {
        let last = heap.words(o) - 1;
        if i >= last {
            let array = heap.field(o, last);
            return heap.set_field(array, i - last, v);
        }
    }
    heap.set_field(o, i, v);
}

/// Sets attribute `name` (interned), adding it where there is none. Gives its slot if it lies in the object itself.
pub fn set(heap: &mut Heap, o: Value, name: Value, v: Value) -> R<usize> {
    if let Some(i) = find(heap, o, name) {
        put(heap, o, i, v);
        return Ok(i);
    }
    let old = heap.field(o, 0);
    let s = child(heap, old, name)?;
    let i = heap.int(s, shape::SLOTS) as usize;
    make_room(heap, o, i)?;
    put(heap, o, i, v);
    heap.set_field(o, 0, s);
    let class = heap.field(s, shape::CLASS);
    if heap.int(class, class::WIDTH) < i as i32 {
        heap.set_int(class, class::WIDTH, i as i32);
    }
    Ok(i)
}

/// The shape that follows `s` when `name` is added.
fn child(heap: &mut Heap, s: Value, name: Value) -> R {
    let mut c = heap.slot(s, shape::CHILD);
    while let Some(x) = c {
        if heap.field(x, shape::NAME) == name {
            return Ok(x);
        }
        c = heap.slot(x, shape::SIBLING);
    }
    let n = heap.alloc(Kind::Shape, shape::COUNT)?;
    let class = heap.field(s, shape::CLASS);
    heap.set_field(n, shape::CLASS, class);
    let slots = heap.int(s, shape::SLOTS);
    heap.set_int(n, shape::SLOTS, slots + 1);
    heap.set_field(n, shape::PARENT, s);
    heap.set_field(n, shape::NAME, name);
    let first = heap.slot(s, shape::CHILD);
    heap.set_slot(n, shape::SIBLING, first);
    heap.set_field(s, shape::CHILD, n);
    Ok(n)
}

/// Makes sure slot `i`, the next one to fill, has a place.
fn make_room(heap: &mut Heap, o: Value, i: usize) -> R<()> {
    let words = heap.words(o);
    if heap.is(o, Kind::Instance) {
        if i < words {
            return Ok(());
        }
        let array = heap.alloc(Kind::Array, 3)?;
        let last = heap.slot(o, words - 1);
        heap.set_slot(array, 0, last);
        heap.set_field(o, words - 1, array);
        heap.set_kind(o, Kind::BigInstance);
        return Ok(());
    }
    let array = heap.field(o, words - 1);
    let (at, have) = (i - (words - 1), heap.words(array));
    if at < have {
        return Ok(());
    }
    let more = heap.alloc(Kind::Array, have + have / 2 + 2)?;
    for k in 0..have {
        let v = heap.slot(array, k);
        heap.set_slot(more, k, v);
    }
    heap.set_field(o, words - 1, more);
    Ok(())
}

/// Removes attribute `name`; false where there is none. The later attributes move down by one slot.
pub fn remove(heap: &mut Heap, o: Value, name: Value) -> R<bool> {
    let Some(gone) = find(heap, o, name) else { return Ok(false) };
    // The new shape: every name but this one, in order.
    let old = heap.field(o, 0);
    let n = heap.int(old, shape::SLOTS) as usize;
    let mut s = old;
    for _ in gone..=n {
        s = heap.field(s, shape::PARENT);
    }
    for i in gone + 1..=n {
        let name = name_of(heap, old, i);
        s = child(heap, s, name)?;
    }
    for i in gone..n {
        let v = get(heap, o, i + 1);
        put(heap, o, i, v);
    }
    heap.set_field(o, 0, s);
    Ok(true)
}

/// The name of slot `i` of shape `s`.
fn name_of(heap: &Heap, mut s: Value, i: usize) -> Value {
    while heap.int(s, shape::SLOTS) as usize > i {
        s = heap.field(s, shape::PARENT);
    }
    heap.field(s, shape::NAME)
}

/// Attribute number `i` (from 0, in the order in which they were added): name and value.
pub fn attribute(heap: &Heap, o: Value, i: usize) -> Option<(Value, Value)> {
    let s = heap.field(o, 0);
    let class = heap.field(s, shape::CLASS);
    let first = heap.int(heap.field(class, class::ROOT), shape::SLOTS) as usize + 1;
    let slot = first + i;
    if slot > heap.int(s, shape::SLOTS) as usize {
        return None;
    }
    Some((name_of(heap, s, slot), get(heap, o, slot)))
}
