//! What the loop's own handlers leave out and programs still do often: operators on floats, complex numbers and strs,
//! bytes and dict items. On raw pointers, without a look at the stack.
//!
//! Invariants
//! - operands are live values, read once; nothing here runs Python or begins a collection;
//! - a function gives 0 (or false) where the general road must be taken, with nothing changed: also where it would raise,
//!   and where an allocation fails, so that the general road collects and tries again.

use super::{NAME, NONE, W, small, value};
#[cfg(any(feature = "float-single", feature = "float-double"))]
use crate::base::float::exactly;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::hashtable::{self, Find};
#[cfg(any(feature = "float-single", feature = "float-double"))]
use crate::object::{complex, float};
use crate::object::{int, list, str};
use crate::vm::def::BinaryOp;
use crate::vm::fiber::copy_few;

/// Longer copies are for the general road, which lets the collector and other tasks have their turn.
const LONG: usize = 256;
/// Stands for a kind: small ints.
const SMALL: u32 = 64;
const INT64: u32 = Kind::Int64 as u32;
#[cfg(any(feature = "float-single", feature = "float-double"))]
const FLOAT: u32 = Kind::Float as u32;
#[cfg(any(feature = "float-single", feature = "float-double"))]
const COMPLEX: u32 = Kind::Complex as u32;
/// What is neither on the heap nor a small int nor a name.
const OTHER: u32 = 65;

/// The kind of a value's cell; a name is a str.
///
/// # Safety
/// `v` is a live value of the heap at `hb`.
#[inline(always)]
unsafe fn kind(hb: *const u32, v: W) -> u32 {
    if v & 3 == 0 {
        // SAFETY: the caller's promise.
        unsafe { *hb.add((v >> 1) as usize) & 63 }
    } else if v & 1 != 0 {
        SMALL
    } else if v & 31 == NAME {
        Kind::Str as u32
    } else {
        OTHER
    }
}

/// A new object's bits; 0 where there was no memory.
#[inline(always)]
fn made(heap: &mut Heap, v: R) -> W {
    match v {
        Ok(v) => v.bits(),
        Err(_) => {
            heap.raised = None;
            0
        }
    }
}

/// `a op b` for floats, complex numbers and strs; also `/` of small ints.
///
/// # Safety
/// `a` and `b` are live values of `heap`.
#[inline(never)]
pub unsafe fn binary(heap: &mut Heap, op: BinaryOp, a: W, b: W) -> W {
    const STR: u32 = Kind::Str as u32;
    const LIST: u32 = Kind::List as u32;
    // SAFETY: the caller's promise.
    unsafe {
        let hb = heap.base_ptr();
        let (ka, kb) = (kind(hb, a), kind(hb, b));
        #[cfg(any(feature = "float-single", feature = "float-double"))]
        if matches!(ka, FLOAT | COMPLEX) || matches!(kb, FLOAT | COMPLEX) {
            return numbers(heap, op, (ka, a), (kb, b));
        }
        match (ka, kb) {
            (STR, STR) => text(heap, op, a, b),
            (LIST, LIST) if op as u32 == BinaryOp::Add as u32 => join(heap, a, b),
            #[cfg(any(feature = "float-single", feature = "float-double"))]
            (SMALL, SMALL) if plain(op) == BinaryOp::TrueDivide as u32 => numbers(heap, op, (ka, a), (kb, b)),
            (INT64 | SMALL, INT64) | (INT64, SMALL) => wide(heap, op, (ka, a), (kb, b)),
            _ => 0,
        }
    }
}

/// An operator's number; that of the plain one for those that work in place.
#[cfg(any(feature = "float-single", feature = "float-double"))]
#[inline(always)]
fn plain(op: BinaryOp) -> u32 {
    const FIRST: u32 = BinaryOp::InplaceOr as u32;
    const PLAIN: u32 = BinaryOp::Or as u32;
    let n = op as u32;
    if n.wrapping_sub(FIRST) < PLAIN - FIRST { n + (PLAIN - FIRST) } else { n }
}
#[cfg(any(feature = "float-single", feature = "float-double"))]
const _: () = assert!(
    BinaryOp::Power as u32 - BinaryOp::Or as u32
        == BinaryOp::InplacePower as u32 - BinaryOp::InplaceOr as u32
);

/// The same for numbers of which one is a float or complex, and for `/` of small ints: kind and value of each.
///
/// # Safety
/// As `binary`.
#[cfg(any(feature = "float-single", feature = "float-double"))]
#[inline(always)]
unsafe fn numbers(heap: &mut Heap, op: BinaryOp, (ka, a): (u32, W), (kb, b): (u32, W)) -> W {
    const ADD: u32 = BinaryOp::Add as u32;
    const SUBTRACT: u32 = BinaryOp::Subtract as u32;
    const MULTIPLY: u32 = BinaryOp::Multiply as u32;
    const DIVIDE: u32 = BinaryOp::TrueDivide as u32;
    const LESS: u32 = BinaryOp::Less as u32;
    const MORE: u32 = BinaryOp::More as u32;
    const LESS_EQUAL: u32 = BinaryOp::LessEqual as u32;
    const MORE_EQUAL: u32 = BinaryOp::MoreEqual as u32;
    let op = plain(op);
    // SAFETY: the caller's promise.
    unsafe {
        let hb = heap.base_ptr();
        let number = |k: u32, v: W| match k {
            FLOAT => Some(Heap::float_at(hb.add((v >> 1) as usize))),
            SMALL => exactly(v as i32 >> 1),
            _ => None,
        };
        if ka == COMPLEX || kb == COMPLEX {
            let pair = |k: u32, v: W| match k {
                COMPLEX => Some(Heap::floats_at::<2>(hb.add((v >> 1) as usize))),
                _ => number(k, v).map(|x| [x, 0.0]),
            };
            let (Some(z), Some(w)) = (pair(ka, a), pair(kb, b)) else { return 0 };
            let (re, im) = match op {
                ADD => (z[0] + w[0], z[1] + w[1]),
                SUBTRACT => (z[0] - w[0], z[1] - w[1]),
                MULTIPLY => (z[0] * w[0] - z[1] * w[1], z[0] * w[1] + z[1] * w[0]),
                _ => return 0,
            };
            let r = complex::new(heap, re, im);
            return made(heap, r);
        }
        let (Some(x), Some(y)) = (number(ka, a), number(kb, b)) else { return 0 };
        let r = match op {
            ADD => x + y,
            SUBTRACT => x - y,
            MULTIPLY => x * y,
            DIVIDE if y != 0.0 => x / y,
            LESS => return Value::bool(x < y).bits(),
            MORE => return Value::bool(x > y).bits(),
            LESS_EQUAL => return Value::bool(x <= y).bits(),
            MORE_EQUAL => return Value::bool(x >= y).bits(),
            _ => return 0,
        };
        let r = float::new(heap, r);
        made(heap, r)
    }
}

/// The same for ints of which one is not small.
///
/// # Safety
/// As `binary`.
unsafe fn wide(heap: &mut Heap, op: BinaryOp, (ka, a): (u32, W), (kb, b): (u32, W)) -> W {
    use BinaryOp as B;
    // SAFETY: the caller's promise.
    let number = |k: u32, v: W| unsafe {
        match k {
            INT64 => Some(heap.base_ptr().add((v >> 1) as usize + 1).cast::<i64>().read_unaligned()),
            SMALL => Some((v as i32 >> 1) as i64),
            _ => None,
        }
    };
    let (Some(x), Some(y)) = (number(ka, a), number(kb, b)) else { return 0 };
    let r = match op {
        B::Add | B::InplaceAdd => x.checked_add(y),
        B::Subtract | B::InplaceSubtract => x.checked_sub(y),
        B::And | B::InplaceAnd => Some(x & y),
        B::Or | B::InplaceOr => Some(x | y),
        B::Xor | B::InplaceXor => Some(x ^ y),
        B::Less => return Value::bool(x < y).bits(),
        B::More => return Value::bool(x > y).bits(),
        B::LessEqual => return Value::bool(x <= y).bits(),
        B::MoreEqual => return Value::bool(x >= y).bits(),
        B::Equal => return Value::bool(x == y).bits(),
        B::NotEqual => return Value::bool(x != y).bits(),
        _ => None,
    };
    match r {
        Some(n) => {
            let r = int::from_i64(heap, n);
            made(heap, r)
        }
        None => 0,
    }
}

#[inline(always)]
fn is_long(heap: &Heap, v: Value) -> bool {
    v.is_heap() && heap.words(v) > crate::vm::bulk::PIECE / 8
}

/// The same for two strs.
fn text(heap: &mut Heap, op: BinaryOp, a: W, b: W) -> W {
    use BinaryOp as B;
    let (a, b) = (value(a), value(b));
    // Long ones go where others may come in amid the work.
    let (long, other) = (is_long(heap, a), is_long(heap, b));
    if long && other || (long || other) && matches!(op, B::Add | B::InplaceAdd) {
        return 0;
    }
    let r = match op {
        B::Equal => hashtable::str_equal(heap, a, b),
        B::NotEqual => !hashtable::str_equal(heap, a, b),
        // The order of UTF-8's bytes is that of the characters.
        B::Less => heap.str_bytes(a) < heap.str_bytes(b),
        B::More => heap.str_bytes(a) > heap.str_bytes(b),
        B::LessEqual => heap.str_bytes(a) <= heap.str_bytes(b),
        B::MoreEqual => heap.str_bytes(a) >= heap.str_bytes(b),
        B::Add | B::InplaceAdd => {
            let r = str::add(heap, a, b);
            return made(heap, r);
        }
        _ => return 0,
    };
    Value::bool(r).bits()
}

/// `o[i]` of bytes, byte arrays and dicts.
///
/// # Safety
/// `o` and `i` are live values of `heap`.
#[inline(never)]
pub unsafe fn load(heap: &mut Heap, o: W, i: W) -> W {
    const DICT: u32 = Kind::Dict as u32;
    const BYTES: u32 = Kind::Bytes as u32;
    const BYTE_ARRAY: u32 = Kind::ByteArray as u32;
    // SAFETY: the caller's promise; cells are as their kinds say.
    unsafe {
        let hb = heap.base_ptr();
        if o & 3 != 0 {
            return 0;
        }
        let p = hb.add((o >> 1) as usize);
        let (at, n, bytes) = match *p & 63 {
            DICT => {
                return match hashtable::find(heap, value(o), value(i)) {
                    Find::Found(e) => hashtable::value(heap, value(o), e).map_or(0, Value::bits),
                    _ => 0,
                };
            }
            BYTE_ARRAY if i & 1 != 0 => {
                let raw = *p.add(2);
                (
                    i as i32 >> 1,
                    if raw == 0 { 0 } else { *p.add(1) as i32 >> 1 },
                    hb.add((raw >> 1) as usize + 1),
                )
            }
            BYTES if i & 1 != 0 => {
                (i as i32 >> 1, ((*p >> 8) as i32 - 1) * 8 - (*p.add(1) & 7) as i32, p.add(2))
            }
            _ => return 0,
        };
        let at = if at < 0 { at + n } else { at };
        if (at as u32) < n as u32 { small(*bytes.cast::<u8>().add(at as usize) as i32) } else { 0 }
    }
}

/// `d.get(k, otherwise)` of a dict.
///
/// # Safety
/// All are live values of `heap`, or `d` is 0.
#[inline(never)]
pub unsafe fn get(heap: &mut Heap, d: W, k: W, otherwise: W) -> W {
    // SAFETY: the caller's promise.
    if d & 3 != 0 || unsafe { kind(heap.base_ptr(), d) } != Kind::Dict as u32 {
        return 0;
    }
    match hashtable::find(heap, value(d), value(k)) {
        Find::Found(e) => hashtable::value(heap, value(d), e).map_or(0, Value::bits),
        Find::Missing => otherwise,
        Find::NeedsVm => 0,
    }
}

/// An attribute in a slot of the instance `o` itself, where its shape's slot is known: the instruction at `site`, which has
/// met another shape or given its place to another one, remembers it too.
///
/// # Safety
/// `o` is a heap object of `heap`.
#[inline(never)]
pub unsafe fn attr(heap: &mut Heap, o: W, name: W, site: usize) -> W {
    // SAFETY: the caller's promise; a shape's slots lie in its instances.
    unsafe {
        let p = heap.base_ptr().add((o >> 1) as usize);
        if *p & 63 != Kind::Instance as u32 {
            return 0;
        }
        let shape = *p.add(1);
        let slot = heap.moved(site, shape);
        if slot != 0 {
            return *p.add(1 + slot as usize);
        }
        match heap.known_slot(value(shape), value(name)) {
            Some(slot) if slot != 0 => {
                heap.remember(site, shape, slot);
                *p.add(1 + slot as usize)
            }
            _ => 0,
        }
    }
}

/// Sets an attribute of the instance at `p` as STORE_ATTR remembered it for the instance's shape: `slot << 2 | 1`, or the
/// shape that comes next where the attribute is new.
///
/// # Safety
/// `p` is the header of a live instance of `heap`, `found` was remembered for its shape.
#[inline(always)]
pub unsafe fn store_known(heap: &mut Heap, p: *mut u32, found: u32, v: W) -> bool {
    // SAFETY: the caller's promise; a shape's slots lie in its instances.
    unsafe {
        let slot = if found & 3 != 0 {
            p.add(1 + (found >> 2) as usize)
        } else {
            // The slot after the old shape's, if the object has it.
            let i = *heap.base_ptr().add((found >> 1) as usize + 2) as usize >> 1;
            if i >= (*p >> 8) as usize * 2 - 1 {
                return false;
            }
            if heap.is_marking() {
                heap.barrier(*p.add(1));
            }
            *p.add(1) = found;
            p.add(1 + i)
        };
        if heap.is_marking() {
            heap.barrier(*slot);
        }
        *slot = v;
        true
    }
}

/// The same for what `site` remembers in its second place; false where that is nothing.
///
/// # Safety
/// `p` is the header of a live instance of `heap`.
#[inline(never)]
pub unsafe fn store_attr(heap: &mut Heap, p: *mut u32, v: W, site: usize) -> bool {
    // SAFETY: the caller's promise.
    unsafe {
        let found = heap.moved(site, *p.add(1));
        found != 0 && store_known(heap, p, found, v)
    }
}

/// `o[i] = v` for byte arrays and dicts.
///
/// # Safety
/// `o`, `i` and `v` are live values of `heap`.
#[inline(never)]
pub unsafe fn store(heap: &mut Heap, o: W, i: W, v: W) -> bool {
    const DICT: u32 = Kind::Dict as u32;
    const BYTE_ARRAY: u32 = Kind::ByteArray as u32;
    // SAFETY: the caller's promise; cells are as their kinds say.
    unsafe {
        let hb = heap.base_ptr();
        if o & 3 != 0 || v == 0 {
            return false;
        }
        let p = hb.add((o >> 1) as usize);
        match *p & 63 {
            DICT => match hashtable::find(heap, value(o), value(i)) {
                Find::Found(e) => {
                    hashtable::set_value(heap, value(o), e, value(v));
                    true
                }
                // It grows in turns.
                Find::Missing if hashtable::is_large_and_full(heap, value(o)) => false,
                Find::Missing => {
                    let r = hashtable::insert(heap, value(o), value(i), None, Some(value(v)));
                    if r.is_err() {
                        heap.raised = None;
                    }
                    r.is_ok()
                }
                Find::NeedsVm => false,
            },
            BYTE_ARRAY if i & v & 1 != 0 && v >> 1 < 256 => {
                let (raw, n, at) = (*p.add(2), *p.add(1) as i32 >> 1, i as i32 >> 1);
                let at = if at < 0 { at + n } else { at };
                if raw == 0 || at as u32 >= n as u32 {
                    return false;
                }
                *hb.add((raw >> 1) as usize + 1).cast::<u8>().add(at as usize) = (v >> 1) as u8;
                true
            }
            _ => false,
        }
    }
}

/// `v in c` for tables whose keys the heap can compare, and short lists and tuples in which ints or strs are looked for.
///
/// # Safety
/// `v` and `c` are live values of `heap`.
#[inline(never)]
pub unsafe fn contains(heap: &mut Heap, v: W, c: W) -> W {
    // SAFETY: the caller's promise; cells are as their kinds say.
    unsafe {
        let hb = heap.base_ptr();
        if c & 3 != 0 {
            return 0;
        }
        let p = hb.add((c >> 1) as usize);
        let (mut at, n) = match kind(hb, c) {
            k if k == Kind::Dict as u32 || k == Kind::Set as u32 || k == Kind::FrozenSet as u32 => {
                return match hashtable::find(heap, value(c), value(v)) {
                    Find::Found(_) => Value::TRUE.bits(),
                    Find::Missing => Value::FALSE.bits(),
                    Find::NeedsVm => 0,
                };
            }
            k if k == Kind::List as u32 => (hb.add((*p.add(2) >> 1) as usize + 1), (*p.add(1) >> 1) as usize),
            // The last word may be empty.
            k if k == Kind::Tuple as u32 => (p.add(1), (*p >> 8) as usize * 2 - 1),
            _ => return 0,
        };
        let k = kind(hb, v);
        if n > LONG || k != SMALL && k != Kind::Str as u32 {
            return 0;
        }
        let end = at.add(n);
        while at < end {
            let x = *at;
            if x == v {
                return Value::TRUE.bits();
            }
            at = at.add(1);
            if x == 0 || x & v & 1 != 0 {
                continue;
            }
            // What equals an int or a str without being one is for others to say.
            match kind(hb, x) {
                SMALL => {}
                other if other != Kind::Str as u32 => return 0,
                _ if k == SMALL => {}
                _ if hashtable::are_long(heap, value(v), value(x)) => return 0,
                _ if hashtable::str_equal(heap, value(v), value(x)) => return Value::TRUE.bits(),
                _ => {}
            }
        }
        Value::FALSE.bits()
    }
}

/// The bounds of a slice of `len` items in steps of one: small ints, or None for the ends.
#[inline(always)]
fn bounds(from: W, to: W, len: i32) -> Option<(i32, i32)> {
    let bound = |w: W, otherwise: i32| match w as i32 >> 1 {
        _ if w == NONE => Some(otherwise),
        _ if w & 1 == 0 => None,
        i if i < 0 => Some((i + len).max(0)),
        i => Some(i.min(len)),
    };
    Some((bound(from, 0)?, bound(to, len)?))
}

/// `l[from:to]` and `l[from:to:-1]` of a list, `step` being 1 or -1.
///
/// # Safety
/// All are live values of `heap`.
#[inline(never)]
pub unsafe fn load_slice(heap: &mut Heap, l: W, from: W, to: W, step: i32) -> W {
    // SAFETY: the caller's promise; a list is as `object::list` says.
    unsafe {
        let hb = heap.base_ptr();
        if l & 3 != 0 || kind(hb, l) != Kind::List as u32 {
            return 0;
        }
        let p = hb.add((l >> 1) as usize);
        let (len, items) = ((*p.add(1) >> 1) as i32, *p.add(2));
        if step > 0 {
            return match bounds(from, to, len) {
                Some((from, to)) if from < to && (to - from) as usize <= LONG => {
                    let r = list::from_words(heap, value(items), from as usize, (to - from) as usize);
                    made(heap, r)
                }
                _ => 0,
            };
        }
        // Downwards: from the last item or `from` to before `to` or the first one.
        let bound = |w: W, otherwise: i32| match w as i32 >> 1 {
            _ if w == NONE => Some(otherwise),
            _ if w & 1 == 0 => None,
            i if i < 0 => Some((i + len).max(-1)),
            i => Some(i.min(len - 1)),
        };
        let (Some(from), Some(to)) = (bound(from, len - 1), bound(to, -1)) else { return 0 };
        if from <= to {
            return 0;
        }
        let n = (from - to) as usize;
        if n > LONG {
            return 0;
        }
        let r = list::with_capacity(heap, n);
        let part = made(heap, r);
        if part == 0 {
            return 0;
        }
        let q = hb.add((part >> 1) as usize);
        let (mut s, mut d) =
            (hb.add((items >> 1) as usize + 1 + from as usize), hb.add((*q.add(2) >> 1) as usize + 1));
        let end = d.add(n);
        while d < end {
            *d = *s;
            (s, d) = (s.wrapping_sub(1), d.add(1));
        }
        *q.add(1) = small(n as i32);
        part
    }
}

/// `l[from:to] = v` where `v` is a list of just as many items.
///
/// # Safety
/// All are live values of `heap`.
#[inline(never)]
pub unsafe fn store_slice(heap: &mut Heap, v: W, l: W, from: W, to: W) -> bool {
    const LIST: u32 = Kind::List as u32;
    // SAFETY: the caller's promise; a list is as `object::list` says.
    unsafe {
        let hb = heap.base_ptr();
        if v == 0 || (v | l) & 3 != 0 || kind(hb, v) != LIST || kind(hb, l) != LIST || heap.is_marking() {
            return false;
        }
        let (p, q) = (hb.add((l >> 1) as usize), hb.add((v >> 1) as usize));
        let Some((from, to)) = bounds(from, to, (*p.add(1) >> 1) as i32) else { return false };
        let n = (*q.add(1) >> 1) as i32;
        if n == 0 || n as usize > LONG || to - from != n {
            return false;
        }
        let (s, d) =
            (hb.add((*q.add(2) >> 1) as usize + 1), hb.add((*p.add(2) >> 1) as usize + 1 + from as usize));
        if l == v {
            // The whole of it.
            return true;
        }
        copy_few(s, d, n as usize);
        true
    }
}

/// `a + b` of two lists.
///
/// # Safety
/// As `binary`.
unsafe fn join(heap: &mut Heap, a: W, b: W) -> W {
    // SAFETY: the caller's promise; a list is as `object::list` says.
    unsafe {
        let hb = heap.base_ptr();
        let (p, q) = (hb.add((a >> 1) as usize), hb.add((b >> 1) as usize));
        let (n, m) = ((*p.add(1) >> 1) as usize, (*q.add(1) >> 1) as usize);
        if n + m > LONG {
            return 0;
        }
        let r = list::with_capacity(heap, n + m);
        let sum = made(heap, r);
        if sum == 0 || n + m == 0 {
            return sum;
        }
        let r = hb.add((sum >> 1) as usize);
        let d = hb.add((*r.add(2) >> 1) as usize + 1);
        if n > 0 {
            copy_few(hb.add((*p.add(2) >> 1) as usize + 1), d, n);
        }
        if m > 0 {
            copy_few(hb.add((*q.add(2) >> 1) as usize + 1), d.add(n), m);
        }
        *r.add(1) = small((n + m) as i32);
        sum
    }
}

/// `len(v)` of what knows it in a word.
///
/// # Safety
/// `v` is a live value of the heap at `hb`.
#[inline(never)]
pub unsafe fn len(hb: *const u32, v: W) -> W {
    const LIST: u32 = Kind::List as u32;
    const DICT: u32 = Kind::Dict as u32;
    const SET: u32 = Kind::Set as u32;
    const TUPLE: u32 = Kind::Tuple as u32;
    if v & 3 != 0 {
        return 0;
    }
    // SAFETY: the caller's promise; cells are as their kinds say.
    unsafe {
        let p = hb.add((v >> 1) as usize);
        match *p & 63 {
            LIST | DICT | SET => *p.add(1),
            TUPLE => {
                // The last word may be empty.
                let n = (*p >> 8) as usize * 2 - 1;
                small((n - (*p.add(n) == 0) as usize) as i32)
            }
            _ => 0,
        }
    }
}

/// The types that run through a generator in its own frame.
pub fn collector(c: W) -> Option<TypeId> {
    [TypeId::List, TypeId::Tuple, TypeId::Set, TypeId::FrozenSet]
        .into_iter()
        .find(|t| Value::typ(*t).bits() == c)
}

/// Appends to a list that has room, what `list.append` and comprehensions do; false where it is no list, or full.
///
/// # Safety
/// `l` and `v` are live values of the heap at `hb`, or `l` is 0.
#[inline(always)]
pub unsafe fn append(hb: *mut u32, l: W, v: W) -> bool {
    // SAFETY: the caller's promise. A list's words behind its length are empty, so there is nothing for the barrier.
    unsafe {
        if l & 3 != 0 {
            return false;
        }
        let p = hb.add((l >> 1) as usize);
        if *p & 63 != Kind::List as u32 {
            return false;
        }
        let (n, items) = (*p.add(1), *p.add(2));
        let a = hb.add((items >> 1) as usize);
        if items == 0 || n >> 1 >= (*a >> 8) * 2 - 1 {
            return false;
        }
        *a.add(1 + (n >> 1) as usize) = v;
        *p.add(1) = n + 2;
        true
    }
}
