//! The insertion-ordered hash table under dicts and sets.
//!
//! Invariants
//! - a cell has four words: live entries, entries (`Array`), `fill << 1 | watched`, index (`Raw`);
//! - an entry is one word (sets) or two (dicts), its key first; a deleted entry has an empty key; entries lie in insertion
//!   order below `fill`; the last one below `fill` is live;
//! - a table without index has at most `LINEAR` entries' room, and only keys that the heap itself can hash;
//! - the index has one place per slot (0 = free, else entry number + 1; linear probing without tombstones), then one 16-bit
//!   hash per entry, so growing never needs a key's own hash function; that of the first and of the last of several deleted
//!   entries in a row says how many they are at least (0: one), so that looking for the next live one is a step; word 0 says its shape, and who is at work on a large
//!   table piece by piece: whoever else adds or deletes a key takes that mark off, and the work begins anew;
//! - every insertion allocates before it changes anything.

use super::array;
#[cfg(not(feature = "tiny"))]
use crate::heap::MISSING;
use crate::heap::{Heap, Kind, R, Table, Value, names};

pub const LIVE: usize = 0;
pub const ENTRIES: usize = 1;
pub const FILL: usize = 2;
pub const INDEX: usize = 3;

/// Entries that are searched one by one.
const LINEAR: usize = 8;

/// Where a key is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Find {
    /// At this entry.
    Found(usize),
    Missing,
    /// Only Python code can tell.
    NeedsVm,
}

pub fn new(heap: &mut Heap, kind: Kind) -> R {
    let t = heap.alloc(kind, 4)?;
    heap.set_int(t, LIVE, 0);
    heap.set_int(t, FILL, 0);
    Ok(t)
}

#[inline]
pub fn len(heap: &Heap, t: Value) -> usize {
    heap.int(t, LIVE) as usize
}

/// Words per entry.
#[inline]
pub fn stride(heap: &Heap, t: Value) -> usize {
    if matches!(heap.kind(t), Kind::Set | Kind::FrozenSet) { 1 } else { 2 }
}

/// Entries in use, deleted ones counted.
#[inline]
pub fn fill(heap: &Heap, t: Value) -> usize {
    (heap.int(t, FILL) >> 1) as usize
}

fn set_fill(heap: &mut Heap, t: Value, fill: usize) {
    let watched = heap.int(t, FILL) & 1;
    heap.set_int(t, FILL, (fill as i32) << 1 | watched);
}

/// From now on the VM's caches hear of keys that come or go, and of entries that move.
pub fn watch(heap: &mut Heap, t: Value) {
    let w = heap.int(t, FILL) | 1;
    heap.set_int(t, FILL, w);
}

fn changed(heap: &mut Heap, t: Value) {
    if heap.int(t, FILL) & 1 != 0 {
        heap.flush_caches();
    }
}

#[inline]
pub fn key(heap: &Heap, t: Value, entry: usize) -> Option<Value> {
    heap.slot(heap.slot(t, ENTRIES)?, entry * stride(heap, t))
}

/// The value of a dict's entry.
#[inline]
pub fn value(heap: &Heap, t: Value, entry: usize) -> Option<Value> {
    heap.slot(heap.slot(t, ENTRIES)?, entry * 2 + 1)
}

pub fn set_value(heap: &mut Heap, t: Value, entry: usize, v: Value) {
    if let Some(e) = heap.slot(t, ENTRIES) {
        heap.set_field(e, entry * 2 + 1, v);
    }
}

/// The first live entry from `cursor` on: its number.
pub fn next(heap: &Heap, t: Value, cursor: usize) -> Option<usize> {
    let (e, stride) = (heap.slot(t, ENTRIES)?, stride(heap, t));
    let (mut i, end) = (cursor, fill(heap, t));
    while i < end {
        if heap.word(e, i * stride) != 0 {
            return Some(i);
        }
        i += deleted_from(heap, t, i);
    }
    None
}

/// How many entries from number `i` on, which is deleted, certainly are.
#[cfg(not(feature = "tiny"))]
#[cold]
fn deleted_from(heap: &Heap, t: Value, i: usize) -> usize {
    match Index::of(heap, t) {
        // One amid others may have been the last of fewer.
        Some(x) if i == 0 || key(heap, t, i - 1).is_some() => usize::from(x.hash(heap, i)).max(1),
        _ => 1,
    }
}
#[cfg(feature = "tiny")]
#[inline(always)]
fn deleted_from(_: &Heap, _: Value, _: usize) -> usize {
    1
}

/// Entry `i`, of an index that knows it no more, joins the deleted ones beside it: the number of the first and of the last.
#[cfg(not(feature = "tiny"))]
fn join_deleted(heap: &mut Heap, t: Value, x: Index, i: usize) -> (usize, usize) {
    let many = |heap: &Heap, at: usize| usize::from(x.hash(heap, at)).max(1);
    let (mut first, mut last) = (i, i);
    if i > 0 && key(heap, t, i - 1).is_none() {
        first = i.saturating_sub(many(heap, i - 1));
    }
    if i + 1 < fill(heap, t) && key(heap, t, i + 1).is_none() {
        last = i + many(heap, i + 1);
    }
    let n = (last - first + 1).min(0xffff) as u16;
    for at in [first, last] {
        heap.set_half(x.cell, 1, x.hashes() + at, n);
    }
    (first, last)
}

/// The last live entry.
pub fn last(heap: &Heap, t: Value) -> Option<usize> {
    (0..fill(heap, t)).rev().find(|&i| key(heap, t, i).is_some())
}

// ---- hashes and equality that need no Python -----------------------------------------------------------------

/// How keys compare.
#[derive(Clone, Copy, PartialEq, PartialOrd, Eq)]
enum Class {
    Number,
    Str,
    Bytes,
    Tuple,
    /// Equal only to itself.
    Identity,
    NeedsVm,
}

fn class(heap: &Heap, v: Value) -> Class {
    if !v.is_heap() {
        return match v.table() {
            None => Class::Number,
            Some(Table::Name) => Class::Str,
            _ if v == Value::TRUE || v == Value::FALSE => Class::Number,
            _ if v == Value::EMPTY_TUPLE => Class::Tuple,
            _ => Class::Identity,
        };
    }
    match heap.kind(v) {
        Kind::Str => Class::Str,
        Kind::Bytes => Class::Bytes,
        Kind::Int64 | Kind::BigInt | Kind::Float | Kind::Complex => Class::Number,
        Kind::Tuple => Class::Tuple,
        Kind::Function
        | Kind::Closure
        | Kind::Class
        | Kind::Module
        | Kind::Generator
        | Kind::Cell
        | Kind::Property => Class::Identity,
        _ => Class::NeedsVm,
    }
}

/// The hash of a str.
#[inline]
pub fn str_hash(heap: &Heap, v: Value) -> u32 {
    match v.index_in(Table::Name) {
        Some(i) => names::hash_of(i),
        None => heap.word(v, 0) >> 8 & 0xffff,
    }
}

fn interned(heap: &Heap, v: Value) -> bool {
    !v.is_heap() || heap.word(v, 0) & 8 != 0
}

/// Whether two strs have the same text.
pub fn str_equal(heap: &Heap, a: Value, b: Value) -> bool {
    if a == b {
        return true;
    }
    if a.is_heap() && b.is_heap() {
        // Interned strings differ where their cells do; else the hashes tell as a rule.
        let (x, y) = (heap.word(a, 0), heap.word(b, 0));
        return x & y & 8 == 0 && (x ^ y) & 0xff_ff00 == 0 && heap.same_text(a, b);
    }
    !(interned(heap, a) && interned(heap, b))
        && str_hash(heap, a) == str_hash(heap, b)
        && heap.str_bytes(a) == heap.str_bytes(b)
}

/// Tuples nested deeper than this are compared and hashed by the VM, and longer ones.
const NESTED: usize = 6;
const LONG: usize = if cfg!(feature = "tiny") { usize::MAX } else { 128 };

const TUPLE_SEED: u32 = 0x3456_789b;

/// Takes the hash of a tuple's next item into the tuple's hash; begin with 0.
pub fn tuple_mix(h: u32, item: u32) -> u32 {
    ((h ^ TUPLE_SEED).rotate_left(5) ^ item).wrapping_mul(0x9e37_79b1)
}

/// The hash of a key, unless its type's own code must say.
pub fn hash(heap: &Heap, v: Value) -> Option<u32> {
    if class(heap, v) != Class::Tuple {
        return hash_leaf(heap, v);
    }
    let mut stack = [(v, 0usize, 0u32); NESTED];
    let mut top = 0;
    loop {
        let (t, at, h) = stack.get_mut(top)?;
        if *at == LONG {
            return None;
        }
        let done = match super::tuple::get(heap, *t, *at) {
            Some(item) if class(heap, item) == Class::Tuple => {
                top += 1;
                *stack.get_mut(top)? = (item, 0, 0);
                continue;
            }
            Some(item) => {
                *at += 1;
                *h = tuple_mix(*h, hash_leaf(heap, item)?);
                continue;
            }
            None => *h,
        };
        let Some(up) = top.checked_sub(1) else { return Some(done) };
        top = up;
        let (_, at, h) = stack.get_mut(top)?;
        *at += 1;
        *h = tuple_mix(*h, done);
    }
}

fn hash_leaf(heap: &Heap, v: Value) -> Option<u32> {
    match class(heap, v) {
        Class::Str => Some(str_hash(heap, v)),
        Class::Number | Class::Bytes if heap.is_long(v) => None,
        Class::Number => Some(super::number::hash(heap, v)),
        Class::Bytes => Some(names::hash(heap.str_bytes(v))),
        Class::Identity => Some(v.bits() >> 2),
        Class::Tuple | Class::NeedsVm => None,
    }
}

/// Whether two keys are equal, unless Python code must say.
pub fn equal(heap: &Heap, a: Value, b: Value) -> Option<bool> {
    match equal_leaf(heap, a, b) {
        Leaf::Known(e) => return Some(e),
        Leaf::NeedsVm => return None,
        Leaf::Tuples => {}
    }
    let mut stack = [(a, b, 0usize); NESTED];
    let mut top = 0;
    loop {
        let (x, y, at) = stack.get_mut(top)?;
        if *at == 0 && super::tuple::len(heap, *x) != super::tuple::len(heap, *y) {
            return Some(false);
        }
        if *at == LONG {
            return None;
        }
        let pair = (super::tuple::get(heap, *x, *at), super::tuple::get(heap, *y, *at));
        *at += 1;
        match pair {
            (Some(p), Some(q)) => match equal_leaf(heap, p, q) {
                Leaf::Known(true) => {}
                Leaf::Known(false) => return Some(false),
                Leaf::NeedsVm => return None,
                Leaf::Tuples => {
                    top += 1;
                    *stack.get_mut(top)? = (p, q, 0);
                }
            },
            _ => match top.checked_sub(1) {
                Some(up) => top = up,
                None => return Some(true),
            },
        }
    }
}

/// Whether it takes long to tell that two texts or ints are equal.
#[inline]
pub fn are_long(heap: &Heap, a: Value, b: Value) -> bool {
    heap.is_long(a)
        && heap.is_long(b)
        && heap.words(a) == heap.words(b)
        && (!heap.is(a, Kind::Str) || str_hash(heap, a) == str_hash(heap, b))
}

enum Leaf {
    Known(bool),
    NeedsVm,
    Tuples,
}

fn equal_leaf(heap: &Heap, a: Value, b: Value) -> Leaf {
    if a == b {
        return Leaf::Known(true);
    }
    let (ca, cb) = (class(heap, a), class(heap, b));
    if ca == Class::NeedsVm || cb == Class::NeedsVm {
        return Leaf::NeedsVm;
    }
    if ca == cb && ca <= Class::Bytes && are_long(heap, a, b) {
        return Leaf::NeedsVm;
    }
    Leaf::Known(
        ca == cb
            && match ca {
                Class::Str => str_equal(heap, a, b),
                Class::Bytes => heap.str_bytes(a) == heap.str_bytes(b),
                Class::Number => super::number::equal(heap, a, b),
                Class::Tuple => return Leaf::Tuples,
                Class::Identity | Class::NeedsVm => false,
            },
    )
}

// ---- the index -----------------------------------------------------------------------------------------------

/// The index of a table, as numbers.
#[derive(Clone, Copy)]
struct Index {
    cell: Value,
    /// log2 of the number of places.
    bits: u32,
    /// Bytes per place: 1, 2 or 4.
    width: usize,
}

/// Where in an index' word 0 the mark of who works on the table begins.
#[cfg(not(feature = "tiny"))]
const WORKER: u32 = 12;

/// Room in entries, index bits and place width for a table that shall hold `n` entries.
fn shape(n: usize) -> (u32, usize) {
    let places = (n + n / 3 + 1).max(2).next_power_of_two();
    (
        places.trailing_zeros(),
        if n < 0xff {
            1
        } else if n < 0xffff {
            2
        } else {
            4
        },
    )
}

impl Index {
    fn of(heap: &Heap, t: Value) -> Option<Index> {
        Some(Index::at(heap, heap.slot(t, INDEX)?))
    }
    fn at(heap: &Heap, cell: Value) -> Index {
        let meta = heap.word(cell, 0);
        Index { cell, bits: meta & 31, width: (meta >> 8 & 7) as usize }
    }
    fn new(heap: &mut Heap, room: usize) -> R<Index> {
        let (bits, width) = shape(room);
        let bytes = (width << bits) + room * 2;
        let cell = heap.alloc(Kind::Raw, 1 + bytes.div_ceil(4))?;
        heap.set_word(cell, 0, bits | (width as u32) << 8);
        Ok(Index { cell, bits, width })
    }
    fn mask(self) -> usize {
        (1 << self.bits) - 1
    }
    #[inline]
    fn home(self, hash: u16) -> usize {
        ((hash as u32).wrapping_mul(0x9e37_79b1) >> ((32 - self.bits) & 31)) as usize
    }
    /// Entry number + 1 at a place, 0 where it is free.
    #[inline]
    fn place(self, heap: &Heap, i: usize) -> usize {
        match self.width {
            1 => heap.byte(self.cell, 1, i) as usize,
            2 => heap.half(self.cell, 1, i) as usize,
            _ => heap.word(self.cell, 1 + i) as usize,
        }
    }
    fn set_place(self, heap: &mut Heap, i: usize, n: usize) {
        match self.width {
            1 => heap.set_byte(self.cell, 1, i, n as u8),
            2 => heap.set_half(self.cell, 1, i, n as u16),
            _ => heap.set_word(self.cell, 1 + i, n as u32),
        }
    }
    /// Where the hashes begin, in halves: there are two places at least.
    #[inline]
    fn hashes(self) -> usize {
        (self.width << self.bits) / 2
    }
    #[inline]
    fn hash(self, heap: &Heap, entry: usize) -> u16 {
        heap.half(self.cell, 1, self.hashes() + entry)
    }
    /// The mark of who works on the table in pieces (0: nobody): what changes the table takes it off.
    #[cfg(not(feature = "tiny"))]
    fn worker(self, heap: &Heap) -> u32 {
        heap.word(self.cell, 0) >> WORKER
    }
    #[cfg(not(feature = "tiny"))]
    fn set_worker(self, heap: &mut Heap, who: u32) {
        heap.set_word(self.cell, 0, self.bits | (self.width as u32) << 8 | who << WORKER);
    }
    #[cfg(feature = "tiny")]
    #[inline(always)]
    fn set_worker(self, _: &mut Heap, _: u32) {}

    /// Enters `entry` (the table has a free place).
    fn put(self, heap: &mut Heap, entry: usize, hash: u16) {
        #[cfg(not(feature = "tiny"))]
        if heap.index_put(self.cell, entry, hash) {
            return;
        }
        let mut i = self.home(hash);
        while self.place(heap, i) != 0 {
            i = (i + 1) & self.mask();
        }
        self.set_place(heap, i, entry + 1);
        heap.set_half(self.cell, 1, self.hashes() + entry, hash);
    }
    /// Entry `from` is to be number `to`, which is free.
    #[cfg(not(feature = "tiny"))]
    fn renumber(self, heap: &mut Heap, from: usize, to: usize) {
        let hash = self.hash(heap, from);
        let mut i = self.home(hash);
        for _ in 0..=self.mask() {
            if self.place(heap, i) == from + 1 {
                self.set_place(heap, i, to + 1);
                heap.set_half(self.cell, 1, self.hashes() + to, hash);
                return;
            }
            i = (i + 1) & self.mask();
        }
    }
    /// Takes `entry` out and moves those behind it back, so that no search ends too early.
    fn take(self, heap: &mut Heap, entry: usize) {
        let mut hole = self.home(self.hash(heap, entry));
        while self.place(heap, hole) != entry + 1 {
            if self.place(heap, hole) == 0 {
                return;
            }
            hole = (hole + 1) & self.mask();
        }
        let mut i = hole;
        loop {
            i = (i + 1) & self.mask();
            let e = self.place(heap, i);
            if e == 0 {
                break;
            }
            let home = self.home(self.hash(heap, e - 1));
            if (i.wrapping_sub(home) & self.mask()) >= (i.wrapping_sub(hole) & self.mask()) {
                self.set_place(heap, hole, e);
                hole = i;
            }
        }
        self.set_place(heap, hole, 0);
    }
}

/// The 16 bits of a hash that a table keeps.
fn fold(hash: u32) -> u16 {
    (hash ^ hash >> 16) as u16
}

/// The entries whose keys may equal one of this hash: start `cursor` at 0 and go on until `None`.
/// Changes in between make the answers useless, never unsafe.
pub fn candidate(heap: &Heap, t: Value, hash: u32, cursor: &mut usize) -> Option<usize> {
    let h = fold(hash);
    match Index::of(heap, t) {
        None => loop {
            let e = next(heap, t, *cursor)?;
            *cursor = e + 1;
            if key(heap, t, e).and_then(|k| self::hash(heap, k)).is_some_and(|k| fold(k) == h) {
                return Some(e);
            }
        },
        Some(x) => loop {
            if *cursor > x.mask() {
                return None;
            }
            let e = x.place(heap, (x.home(h) + *cursor) & x.mask()).checked_sub(1)?;
            *cursor += 1;
            if x.hash(heap, e) == h {
                return Some(e);
            }
        },
    }
}

/// Whether entry key `q`, another value than `k`, equals `k`: str keys, which are most, the short way.
#[inline]
fn same_key(heap: &Heap, k: Value, k_is_str: bool, q: Value) -> Option<bool> {
    if k_is_str && (q.is_heap() && heap.is(q, Kind::Str) || q.index_in(Table::Name).is_some()) {
        return if are_long(heap, k, q) { None } else { Some(str_equal(heap, k, q)) };
    }
    if k.is_small() && q.is_small() { Some(false) } else { equal(heap, k, q) }
}

/// Whether a key is a str, and its hash as `hash` tells it: strs and small ints, which are most, the short way.
#[inline]
fn key_hash(heap: &Heap, k: Value) -> (bool, Option<u32>) {
    if let Some(n) = k.as_small() {
        return (false, Some(n as u32));
    }
    let is_str = if k.is_heap() { heap.is(k, Kind::Str) } else { k.index_in(Table::Name).is_some() };
    (is_str, if is_str { Some(str_hash(heap, k)) } else { hash(heap, k) })
}

/// Looks for a key whose hash the heap can tell (else `NeedsVm`).
pub fn find(heap: &Heap, t: Value, k: Value) -> Find {
    #[cfg(not(feature = "tiny"))]
    match heap.find_plain(t, k) {
        Some(MISSING) => return Find::Missing,
        Some(e) => return Find::Found(e),
        None => {}
    }
    let (is_str, hash) = key_hash(heap, k);
    let Some(h) = hash.map(fold) else {
        // The key itself may be there, which no code needs to tell.
        return match heap.slot(t, ENTRIES) {
            Some(e) if heap.slot(t, INDEX).is_none() => find_linear(heap, t, e, k, false, false),
            _ => Find::NeedsVm,
        };
    };
    let Some(entries) = heap.slot(t, ENTRIES) else { return Find::Missing };
    let Some(index) = heap.slot(t, INDEX) else {
        return find_linear(heap, t, entries, k, true, is_str);
    };
    let Some(x) = heap.table_index(index) else { return Find::Missing };
    let stride = stride(heap, t);
    let (mut i, mut left) = (x.home(h), x.places());
    while let Some(e) = x.next(&mut i, &mut left, h) {
        let Some(q) = heap.slot(entries, e * stride) else { continue };
        if q == k {
            return Find::Found(e);
        }
        match same_key(heap, k, is_str, q) {
            Some(true) => return Find::Found(e),
            Some(false) => {}
            None => return Find::NeedsVm,
        }
    }
    Find::Missing
}

/// The same in a table without index.
fn find_linear(heap: &Heap, t: Value, entries: Value, k: Value, hashed: bool, is_str: bool) -> Find {
    let stride = stride(heap, t);
    let words = heap.slots(entries, 0, fill(heap, t) * stride);
    let (mut e, mut at) = (0, 0);
    while let Some(q) = words.get(at) {
        if let Some(q) = *q {
            let same = if q == k {
                Some(true)
            } else if hashed {
                same_key(heap, k, is_str, q)
            } else {
                Some(false)
            };
            match same {
                Some(true) => return Find::Found(e),
                Some(false) => {}
                None => return Find::NeedsVm,
            }
        }
        e += 1;
        at += stride;
    }
    if hashed { Find::Missing } else { Find::NeedsVm }
}

/// Looks for a name: a str, as a rule an interned one.
pub fn find_name(heap: &Heap, t: Value, name: Value) -> Option<usize> {
    #[cfg(not(feature = "tiny"))]
    if let Some(e) = heap.find_plain(t, name) {
        return if e == MISSING { None } else { Some(e) };
    }
    let entries = heap.slot(t, ENTRIES)?;
    let stride = stride(heap, t);
    let Some(index) = heap.slot(t, INDEX) else {
        let words = heap.slots(entries, 0, fill(heap, t) * stride);
        let (mut e, mut at) = (0, 0);
        while let Some(k) = words.get(at) {
            if *k == Some(name) || k.is_some_and(|k| name_equal(heap, k, name)) {
                return Some(e);
            }
            e += 1;
            at += stride;
        }
        return None;
    };
    let x = heap.table_index(index)?;
    let h = fold(str_hash(heap, name));
    let (mut i, mut left) = (x.home(h), x.places());
    while let Some(e) = x.next(&mut i, &mut left, h) {
        let Some(k) = heap.slot(entries, e * stride) else { continue };
        if k == name || name_equal(heap, k, name) {
            return Some(e);
        }
    }
    None
}

fn name_equal(heap: &Heap, key: Value, name: Value) -> bool {
    (heap.is(key, Kind::Str) || key.index_in(Table::Name).is_some()) && str_equal(heap, key, name)
}

// ---- changes -------------------------------------------------------------------------------------------------

/// Words of entries array as entries.
fn room(heap: &Heap, t: Value) -> usize {
    array::capacity(heap, heap.slot(t, ENTRIES)) / stride(heap, t)
}

/// Adds a key that is not there; `hash` must be given for keys that the heap cannot hash.
pub fn insert(heap: &mut Heap, t: Value, k: Value, hash: Option<u32>, v: Option<Value>) -> R<()> {
    let (_, own) = key_hash(heap, k);
    let h = own.or(hash).unwrap_or(0);
    let stride = stride(heap, t);
    let mut n = fill(heap, t);
    let room = array::capacity(heap, heap.slot(t, ENTRIES)) / stride;
    if n >= room || (own.is_none() && heap.slot(t, INDEX).is_none()) {
        let live = len(heap, t);
        // Room is made by closing gaps where there are many, else by growing.
        let want = if n >= room && live < n - n / 4 { n } else { live + live / 2 + 2 };
        rebuild(heap, t, want.max(live + 1), own.is_none())?;
        changed(heap, t);
        n = fill(heap, t);
    }
    if let Some(e) = heap.slot(t, ENTRIES) {
        heap.set_field(e, n * stride, k);
        if stride == 2 {
            heap.set_slot(e, n * 2 + 1, v);
        }
    }
    if let Some(x) = Index::of(heap, t) {
        x.set_worker(heap, 0);
        x.put(heap, n, fold(h));
    }
    let fill = heap.int(t, FILL) + 2;
    heap.set_int(t, FILL, fill);
    let live = heap.int(t, LIVE) + 1;
    heap.set_int(t, LIVE, live);
    changed(heap, t);
    Ok(())
}

/// Moves the live entries to new memory with room for `room` of them.
fn rebuild(heap: &mut Heap, t: Value, room: usize, foreign: bool) -> R<()> {
    let stride = stride(heap, t);
    if let Some(old) = heap.slot(t, ENTRIES)
        && ((room * stride) | 1) / stride <= LINEAR
        && !foreign
        && heap.slot(t, INDEX).is_none()
        && fill(heap, t) == len(heap, t)
        && room * stride > heap.words(old)
        && heap.resize(old, room * stride)
    {
        return Ok(());
    }
    let entries = heap.alloc(Kind::Array, room * stride)?;
    let room = heap.words(entries) / stride;
    let old_index = Index::of(heap, t);
    let index = match room > LINEAR || foreign || old_index.is_some() {
        true => Some(Index::new(heap, room)?),
        false => None,
    };
    let mut n = 0;
    let mut at = 0;
    // Without gaps everything stays in its place.
    #[cfg(not(feature = "tiny"))]
    if let (Some(old), Some(from), Some(to)) = (heap.slot(t, ENTRIES), old_index, index) {
        let all = fill(heap, t);
        if all == len(heap, t) && heap.index_copy(from.cell, to.cell, 0..all) {
            array::copy(heap, old, 0, entries, 0, all * stride);
            (n, at) = (all, all);
        }
    }
    while let Some(e) = next(heap, t, at) {
        at = e + 1;
        let Some(k) = key(heap, t, e) else { continue };
        if let Some(x) = index {
            let h = match old_index {
                Some(o) => o.hash(heap, e),
                None => fold(hash(heap, k).unwrap_or(0)),
            };
            x.put(heap, n, h);
        }
        heap.set_field(entries, n * stride, k);
        if stride == 2 {
            let v = value(heap, t, e);
            heap.set_slot(entries, n * 2 + 1, v);
        }
        n += 1;
    }
    let old = heap.slot(t, ENTRIES);
    heap.set_field(t, ENTRIES, entries);
    heap.set_slot(t, INDEX, index.map(|x| x.cell));
    set_fill(heap, t, n);
    if let Some(o) = old {
        heap.free(o);
    }
    if let Some(o) = old_index {
        heap.free(o.cell);
    }
    Ok(())
}

// ---- copying and growing in pieces ---------------------------------------------------------------------------------------

/// Words of a table's entries and of its index.
#[cfg(not(feature = "tiny"))]
pub fn sizes(heap: &Heap, t: Value) -> (usize, usize) {
    (array::capacity(heap, heap.slot(t, ENTRIES)), array::capacity(heap, heap.slot(t, INDEX)))
}
/// Gives an empty table memory for its entries (`part` 0) or its index.
#[cfg(not(feature = "tiny"))]
pub fn furnish(heap: &mut Heap, t: Value, part: usize, cell: Option<Value>) {
    heap.set_slot(t, if part == 0 { ENTRIES } else { INDEX }, cell);
}
/// Makes `to`, which is empty, a copy of `from` in the memory that it has; false where that is not of the right size.
#[cfg(not(feature = "tiny"))]
pub fn copy_into_own(heap: &mut Heap, from: Value, to: Value) -> bool {
    if sizes(heap, from) != sizes(heap, to) {
        return false;
    }
    for field in [ENTRIES, INDEX] {
        if let (Some(x), Some(y)) = (heap.slot(from, field), heap.slot(to, field)) {
            let words = heap.words(x);
            heap.copy_words(y, 0, x, 0, words);
        }
    }
    let live = heap.int(from, LIVE);
    heap.set_int(to, LIVE, live);
    set_fill(heap, to, fill(heap, from));
    true
}

/// What tells, as a rule, whether keys came, went or moved.
#[cfg(not(feature = "tiny"))]
pub fn shape_of(heap: &Heap, t: Value) -> [u32; 4] {
    [ENTRIES, INDEX, LIVE, FILL].map(|field| heap.word(t, field))
}
/// Where flash counts nobody comes in amid a comparison of built-in keys.
#[cfg(feature = "tiny")]
#[inline(always)]
pub fn shape_of(_: &Heap, _: Value) -> [u32; 0] {
    []
}

/// Whether `n` more entries make a large table grow.
#[cfg(not(feature = "tiny"))]
pub fn grows_in_turns(heap: &Heap, t: Value, n: usize) -> bool {
    let n = fill(heap, t) + n;
    n >= LARGE && n > room(heap, t)
}
/// The entries as a list of their words.
#[cfg(not(feature = "tiny"))]
pub fn entry_words(heap: &mut Heap, t: Value) -> R {
    let n = fill(heap, t) * stride(heap, t);
    match heap.slot(t, ENTRIES) {
        Some(entries) => super::list::from_words(heap, entries, 0, n),
        None => super::list::new(heap),
    }
}
/// Whether the entries are those of the list that `entry_words` made.
#[cfg(not(feature = "tiny"))]
pub fn has_entries(heap: &Heap, t: Value, before: Value) -> bool {
    let (n, now) = (fill(heap, t) * stride(heap, t), heap.slot(t, ENTRIES));
    n == super::list::len(heap, before)
        && now.is_none_or(|now| heap.slots(now, 0, n) == super::list::slots(heap, before))
}
/// Gives a table the entries of another one, which nobody else knows and which is empty afterwards.
#[cfg(not(feature = "tiny"))]
pub fn adopt(heap: &mut Heap, t: Value, from: Value) {
    for field in [ENTRIES, INDEX] {
        let cell = heap.slot(from, field);
        heap.set_slot(t, field, cell);
    }
    let live = heap.int(from, LIVE);
    heap.set_int(t, LIVE, live);
    let n = fill(heap, from);
    set_fill(heap, t, n);
    clear(heap, from);
    changed(heap, t);
}

/// Entries of a table that is not grown at a stretch.
#[cfg(not(feature = "tiny"))]
const LARGE: usize = 256;

#[cfg(not(feature = "tiny"))]
#[inline(always)]
pub fn is_large_and_full(heap: &Heap, t: Value) -> bool {
    let n = fill(heap, t);
    n >= LARGE && n >= room(heap, t) && heap.slot(t, INDEX).is_some()
}

/// Work on the table in pieces begins; false where it has no index.
#[cfg(not(feature = "tiny"))]
pub fn begin_work(heap: &mut Heap, t: Value, who: u32) -> bool {
    let index = Index::of(heap, t);
    if let Some(x) = index {
        x.set_worker(heap, who & 0xf_ffff);
    }
    index.is_some()
}

/// The index, if the table is what it was when `who` began.
#[cfg(not(feature = "tiny"))]
fn worked_on(heap: &Heap, t: Value, who: u32) -> Option<Index> {
    Index::of(heap, t).filter(|x| x.worker(heap) == who & 0xf_ffff)
}

/// Closes gaps between entries, where there are many: moves up to `n` entries from `at.1` on down to `at.0`. Gives where to go
/// on; `None` at the end, or where others have changed the table.
#[cfg(not(feature = "tiny"))]
pub fn close_gaps(
    heap: &mut Heap,
    t: Value,
    who: u32,
    at: (usize, usize),
    n: usize,
) -> Option<(usize, usize)> {
    let x = worked_on(heap, t, who)?;
    let (all, live, stride) = (fill(heap, t), len(heap, t), stride(heap, t));
    let entries = heap.slot(t, ENTRIES)?;
    if live >= all - all / 4 {
        return None;
    }
    let (mut to, mut from) = at;
    let end = all.min(from + n);
    while from < end {
        if heap.word(entries, from * stride) != 0 {
            if to != from {
                x.renumber(heap, from, to);
                for i in 0..stride {
                    let v = heap.slot(entries, from * stride + i);
                    heap.set_slot(entries, to * stride + i, v);
                    heap.set_slot(entries, from * stride + i, None);
                }
            }
            to += 1;
        }
        from += 1;
    }
    if from == all {
        set_fill(heap, t, to);
    } else if to < from {
        let n = (from - to).min(0xffff) as u16;
        for at in [to, from - 1] {
            heap.set_half(x.cell, 1, x.hashes() + at, n);
        }
    }
    changed(heap, t);
    (from < all).then_some((to, from))
}

/// Memory for the entries of a table that is to have half as many again.
#[cfg(not(feature = "tiny"))]
pub fn larger_entries(heap: &mut Heap, t: Value) -> R {
    let (n, stride) = (fill(heap, t), stride(heap, t));
    heap.alloc(Kind::Array, (n + n / 2 + 2) * stride)
}
/// An empty index for them.
#[cfg(not(feature = "tiny"))]
pub fn larger_index(heap: &mut Heap, t: Value, entries: Value) -> R {
    let room = heap.words(entries) / stride(heap, t);
    Ok(Index::new(heap, room)?.cell)
}
/// Enters up to `n` entries from `at` on into the larger index; gives where to go on, as `close_gaps`.
#[cfg(not(feature = "tiny"))]
pub fn fill_index(heap: &mut Heap, t: Value, who: u32, index: Value, at: usize, n: usize) -> Option<usize> {
    let old = worked_on(heap, t, who)?;
    let (all, stride) = (fill(heap, t), stride(heap, t));
    let end = all.min(at + n);
    if all != len(heap, t) || !heap.index_copy(old.cell, index, at..end) {
        let entries = heap.slot(t, ENTRIES)?;
        for e in at..end {
            let (hash, to) = (old.hash(heap, e), Index::at(heap, index));
            if heap.word(entries, e * stride) != 0 {
                to.put(heap, e, hash);
            } else {
                heap.set_half(index, 1, to.hashes() + e, hash);
            }
        }
    }
    (end < all).then_some(end)
}
/// Gives the table the larger memory, if nobody has changed it meanwhile.
#[cfg(not(feature = "tiny"))]
pub fn take_over(heap: &mut Heap, t: Value, who: u32, entries: Value, index: Value) {
    let n = fill(heap, t) * stride(heap, t);
    let (Some(old), Some(x)) = (heap.slot(t, ENTRIES), worked_on(heap, t, who)) else { return };
    heap.copy_words(entries, 0, old, 0, n);
    heap.set_field(t, ENTRIES, entries);
    heap.set_field(t, INDEX, index);
    heap.free(old);
    heap.free(x.cell);
    changed(heap, t);
}

/// Makes room for `n` entries in all, so that as many insertions do not allocate.
pub fn reserve(heap: &mut Heap, t: Value, n: usize) -> R<()> {
    if n > room(heap, t) {
        rebuild(heap, t, n, false)?;
        changed(heap, t);
    }
    Ok(())
}

/// Deletes an entry.
pub fn remove(heap: &mut Heap, t: Value, entry: usize) {
    let (Some(e), stride) = (heap.slot(t, ENTRIES), stride(heap, t)) else { return };
    if entry >= fill(heap, t) || heap.word(e, entry * stride) == 0 {
        return;
    }
    if let Some(x) = Index::of(heap, t) {
        x.set_worker(heap, 0);
        x.take(heap, entry);
    }
    for i in 0..stride {
        heap.set_slot(e, entry * stride + i, None);
    }
    heap.set_int(t, LIVE, len(heap, t) as i32 - 1);
    let mut n = fill(heap, t);
    #[cfg(not(feature = "tiny"))]
    if let Some(x) = Index::of(heap, t) {
        let (first, last) = join_deleted(heap, t, x, entry);
        if last + 1 >= n {
            n = first;
        }
    }
    while n > 0 && heap.word(e, (n - 1) * stride) == 0 {
        n -= 1;
    }
    set_fill(heap, t, n);
    changed(heap, t);
}

pub fn clear(heap: &mut Heap, t: Value) {
    heap.set_slot(t, ENTRIES, None);
    heap.set_slot(t, INDEX, None);
    heap.set_int(t, LIVE, 0);
    set_fill(heap, t, 0);
    changed(heap, t);
}

/// Makes `to` (empty, of the same stride) a copy of `from`.
pub fn copy_into(heap: &mut Heap, from: Value, to: Value) -> R<()> {
    let (n, stride) = (fill(heap, from), stride(heap, from));
    let Some(old) = heap.slot(from, ENTRIES) else { return Ok(()) };
    let old_index = Index::of(heap, from);
    if old_index.is_some() {
        // The same shape, so that the index can be copied as it is.
        let entries = heap.alloc(Kind::Array, heap.words(old))?;
        let index = match heap.slot(from, INDEX) {
            Some(x) => {
                let y = heap.alloc(Kind::Raw, heap.words(x))?;
                let words = heap.words(x);
                heap.copy_words(y, 0, x, 0, words);
                Some(y)
            }
            None => None,
        };
        array::copy(heap, old, 0, entries, 0, n * stride);
        heap.set_field(to, ENTRIES, entries);
        heap.set_slot(to, INDEX, index);
    } else if n > 0 {
        let entries = heap.alloc(Kind::Array, n * stride)?;
        array::copy(heap, old, 0, entries, 0, n * stride);
        heap.set_field(to, ENTRIES, entries);
        heap.set_slot(to, INDEX, None);
    }
    let live = heap.int(from, LIVE);
    heap.set_int(to, LIVE, live);
    set_fill(heap, to, n);
    changed(heap, to);
    Ok(())
}
