//! The loops that dicts and sets spend their time in: probing an index, comparing two texts.
//!
//! Invariants
//! - an index is laid out as `object::hashtable` says: word 0 `bits | width << 8`, then `1 << bits` places of `width` bytes
//!   each, then a 16-bit hash per entry;
//! - whatever the words say, no read leaves the region: a cell's extent is checked once, before the loop.

#[cfg(not(feature = "tiny"))]
use super::cells::KIND;
use super::cells::SIZE_SHIFT;
use super::{Heap, Value};
#[cfg(not(feature = "tiny"))]
use super::{Kind, Table, intern::INTERNED, names};
use core::marker::PhantomData;

/// What `find_plain` gives for a key that is not there.
#[cfg(not(feature = "tiny"))]
pub const MISSING: usize = usize::MAX;

/// Where the hash lies in a str's first word, and how much of the last words is no text.
#[cfg(not(feature = "tiny"))]
const HASH: u32 = 0xff_ff00;
#[cfg(not(feature = "tiny"))]
const SLACK: u32 = 7;
#[cfg(not(feature = "tiny"))]
const NAME: u32 = (Table::Name as u32) << 2 | 2;

/// Words behind a table's first entry, and behind the first hash of an index, among which all lie that an index of bytes
/// names.
#[cfg(not(feature = "tiny"))]
const FAR: u32 = 512;

/// A table's index, as one search sees it.
#[derive(Clone, Copy)]
pub struct Probe<'a> {
    places: *const u8,
    hashes: *const u16,
    /// Entries that have a hash.
    entries: usize,
    mask: usize,
    shift: u32,
    /// Of the width of a place.
    log: u32,
    heap: PhantomData<&'a Heap>,
}

/// Words of a text that is compared at a stretch, here and in look-ups.
const LONG_TEXT: u32 = 256;

/// Of a cell that would leave the region.
#[cold]
#[inline(never)]
fn no_words() -> (*const u32, usize) {
    (core::ptr::NonNull::dangling().as_ptr(), 0)
}

impl Heap {
    /// A cell's payload and how many bytes follow its first word; `None` where it would leave the region.
    #[inline(always)]
    fn payload(&self, v: Value) -> Option<(*const u32, usize)> {
        let (at, granules) = (v.bits() as usize >> 1, (self.header(v) >> SIZE_SHIFT) as usize);
        if at + granules * 2 > self.limit as usize {
            return None;
        }
        // SAFETY: the word lies in the region.
        Some((unsafe { self.base.add(at + 1) }, granules.checked_sub(1)? * 8))
    }
    /// All payload words of a cell; none where it would leave the region.
    #[inline(always)]
    pub(super) fn whole(&self, v: Value) -> (*const u32, usize) {
        if cfg!(feature = "tiny") {
            let words = self.raw_words(v, 0);
            return (words.as_ptr(), words.len());
        }
        let (at, words) = (v.bits() >> 1, self.header(v) >> SIZE_SHIFT << 1);
        if words == 0 || at + words > self.limit {
            return no_words();
        }
        // SAFETY: the cell lies in the region.
        (unsafe { self.base.add(at as usize + 1) }, words as usize - 1)
    }
    /// The index in a leaf cell.
    #[inline(always)]
    pub fn table_index(&self, index: Value) -> Option<Probe<'_>> {
        self.check_raw(index, 0);
        let (p, room) = self.payload(index)?;
        // SAFETY: `payload` gave a word and `room` bytes.
        let meta = unsafe { *p };
        let (bits, log) = (meta & 31, (meta >> 8 & 7) >> 1);
        if bits.wrapping_sub(1) > 23 {
            return None;
        }
        let bytes = 1usize << (bits + log);
        let rest = room.checked_sub(bytes)?;
        // SAFETY: the places end inside the cell, as was just checked.
        let (places, hashes) = unsafe { (p.add(1).cast::<u8>(), p.add(1).cast::<u8>().add(bytes).cast()) };
        let (entries, mask, shift) = (rest / 2, (1 << bits) - 1, 32 - bits);
        Some(Probe { places, hashes, entries, mask, shift, log, heap: PhantomData })
    }
    /// The entry whose key is `k`, a str or a small int, in a dict or set: `None` where other code must compare, else the
    /// entry's number, `MISSING` for none.
    #[cfg(not(feature = "tiny"))]
    pub fn find_plain(&self, t: Value, k: Value) -> Option<usize> {
        let bits = k.bits();
        let hash = if bits & 1 != 0 {
            let n = (bits as i32 >> 1) as u32;
            n ^ n >> 16
        } else if bits & 3 == 0 {
            let p = self.payload_at(bits)?;
            // SAFETY: `payload_at`.
            let (header, text) = unsafe { (*p.sub(1), *p) };
            if header & KIND != Kind::Str as u32 {
                return None;
            }
            text >> 8
        } else if bits & 31 == NAME {
            let h = names::hash_of(bits >> 5);
            h ^ h >> 16
        } else {
            return None;
        } as u16;
        // The words of a table are read whatever the cell's size, as long as they lie in the region.
        if (t.bits() >> 1) + 6 > self.limit {
            return None;
        }
        // SAFETY: as was just checked.
        let (kind, entries, fill, index) = unsafe {
            let p = self.base.add((t.bits() >> 1) as usize);
            (*p & KIND, *p.add(2), *p.add(3) >> 2, *p.add(4))
        };
        if entries == 0 {
            return Some(MISSING);
        }
        let e = self.payload_at(entries)?;
        let shift = !(kind == Kind::Set as u32 || kind == Kind::FrozenSet as u32) as u32;
        if index == 0 {
            // SAFETY: `payload_at`.
            let words = unsafe { *e.sub(1) } >> SIZE_SHIFT << 1;
            let n = fill << shift;
            if n >= words || (entries >> 1) + words > self.limit {
                return None;
            }
            return self.find_in_row(e, n as usize, shift, bits);
        }
        let i = self.payload_at(index)?;
        // An index of tables with less than 255 entries has a byte for each place: `1 << 8 | bits` in its first word.
        // SAFETY: `payload_at`.
        let log = unsafe { *i }.wrapping_sub(0x100);
        let places = 1u32 << (log & 31);
        if log > 12 || (index >> 1) + places / 4 + FAR > self.limit || (entries >> 1) + FAR > self.limit {
            return self.find_wide(t, e, shift, bits, hash);
        }
        // SAFETY: the places lie in the region, and all hashes and entries that a byte can name behind them.
        unsafe {
            let mask = places as usize - 1;
            let places = i.add(1).cast::<u8>();
            let hashes = places.add(mask + 1).cast::<u16>();
            let mut at = ((hash as u32).wrapping_mul(0x9e37_79b1) >> ((32 - log) & 31)) as usize;
            // A free place ends the search; this ends it in a table without one.
            let mut left = mask + 1;
            loop {
                let n = *places.add(at & mask) as usize;
                if n == 0 || left == 0 {
                    return Some(MISSING);
                }
                if *hashes.add(n - 1) == hash {
                    let q = *e.add((n - 1) << shift);
                    if q == bits || q != 0 && self.same_key(bits, q)? {
                        return Some(n - 1);
                    }
                }
                left -= 1;
                at += 1;
            }
        }
    }
    /// The same in a table without index: `n` words of entries.
    #[cfg(not(feature = "tiny"))]
    #[inline(never)]
    fn find_in_row(&self, e: *const u32, n: usize, shift: u32, key: u32) -> Option<usize> {
        // SAFETY: the caller's words lie in one cell.
        unsafe {
            let (mut p, end) = (e, e.add(n));
            let step = 1 << shift;
            while p < end {
                if *p == key {
                    return Some(p.offset_from(e) as usize >> shift);
                }
                p = p.add(step);
            }
            let interned = key & 1 == 0 && (key & 3 != 0 || self.is_interned(Value::from_bits(key)?));
            p = e;
            while p < end {
                let q = *p;
                // Small ints and built-in names that are not one differ.
                if (q & key & 1 == 0 && q & 31 != NAME || !interned) && q != 0 && self.same_key(key, q)? {
                    return Some(p.offset_from(e) as usize >> shift);
                }
                p = p.add(step);
            }
        }
        Some(MISSING)
    }
    /// The same in a table with a large index, or one close to the region's end.
    #[cfg(not(feature = "tiny"))]
    #[inline(never)]
    fn find_wide(&self, t: Value, e: *const u32, shift: u32, key: u32, hash: u16) -> Option<usize> {
        let entries = self.slot(t, 1)?;
        let words = self.words(entries);
        if (entries.bits() >> 1) as usize + words >= self.limit as usize {
            return None;
        }
        let x = self.table_index(self.slot(t, 3)?)?;
        let (mut i, mut left) = (x.home(hash), x.places());
        while let Some(n) = x.next(&mut i, &mut left, hash) {
            let at = n << shift;
            if at >= words {
                return None;
            }
            // SAFETY: all words below `words` lie in the cell.
            let q = unsafe { *e.add(at) };
            if q == key || q != 0 && self.same_key(key, q)? {
                return Some(n);
            }
        }
        Some(MISSING)
    }
    /// The payload of a heap value; two words lie there, header and first word of the payload.
    #[cfg(not(feature = "tiny"))]
    #[inline(always)]
    fn payload_at(&self, bits: u32) -> Option<*const u32> {
        if bits >> 1 < self.limit {
            // SAFETY: the region ends with a whole granule, of which this is the second word.
            Some(unsafe { self.base.add((bits >> 1) as usize + 1) })
        } else {
            None
        }
    }
    /// Whether a key of `find_plain` equals `q`, another value; `None` where other code must say.
    #[cfg(not(feature = "tiny"))]
    #[inline(never)]
    fn same_key(&self, key: u32, q: u32) -> Option<bool> {
        if key & 1 != 0 {
            return if q & 1 != 0 { Some(false) } else { None };
        }
        if q & 3 != 0 {
            // A name: the same text only if the key is a str that nobody has interned.
            if q & 31 != NAME {
                return None;
            }
            return if key & 3 != 0 || self.is_interned(Value::from_bits(key)?) {
                Some(false)
            } else {
                self.same_as_name(key, q)
            };
        }
        let p = self.payload_at(q)?;
        // SAFETY: `payload_at`.
        let (header, text) = unsafe { (*p.sub(1), *p) };
        if header & KIND != Kind::Str as u32 {
            return None;
        }
        if key & 3 != 0 {
            // Interned strs differ where they are not one.
            return if text & INTERNED != 0 { Some(false) } else { self.same_as_name(q, key) };
        }
        let k = self.payload_at(key)?;
        // SAFETY: `payload_at`.
        let (key_header, key_text) = unsafe { (*k.sub(1), *k) };
        // Likewise; else hashes and lengths tell as a rule.
        if key_text & text & INTERNED != 0
            || (key_text ^ text) & (HASH | SLACK) != 0
            || (key_header ^ header) >> SIZE_SHIFT != 0
        {
            return Some(false);
        }
        let words = header >> SIZE_SHIFT << 1;
        if words > LONG_TEXT || (q >> 1) + words > self.limit || (key >> 1) + words > self.limit {
            return None;
        }
        let mut left = (words as usize - 2) * 4 - (text & SLACK) as usize;
        // SAFETY: both cells lie in the region, and their texts in them.
        unsafe {
            let (mut a, mut b) = (p, k);
            loop {
                (a, b) = (a.add(1), b.add(1));
                if left < 4 {
                    // The text's bytes are the low ones of its last word.
                    return Some(left == 0 || (*a ^ *b).to_le() << (32 - 8 * left) == 0);
                }
                if *a != *b {
                    return Some(false);
                }
                left -= 4;
            }
        }
    }
    /// The same for a str and a built-in name.
    #[cfg(not(feature = "tiny"))]
    #[cold]
    #[inline(never)]
    fn same_as_name(&self, text: u32, name: u32) -> Option<bool> {
        Some(self.str_bytes(Value::from_bits(text)?) == self.str_bytes(Value::from_bits(name)?))
    }
    /// Enters `entry` into an index that has a free place; false where the index is not one.
    #[cfg(not(feature = "tiny"))]
    pub fn index_put(&mut self, index: Value, entry: usize, hash: u16) -> bool {
        let Some(x) = self.table_index(index) else { return false };
        if entry >= x.entries {
            return false;
        }
        // SAFETY: the index is borrowed for writing, and the entry has a hash.
        unsafe {
            x.hashes.cast_mut().add(entry).write(hash);
            x.enter(entry, hash);
        }
        true
    }
    /// Enters some entries of an index into another one, which has none of them and places enough.
    #[cfg(not(feature = "tiny"))]
    pub fn index_copy(&mut self, from: Value, to: Value, entries: core::ops::Range<usize>) -> bool {
        let (Some(old), Some(new)) = (self.table_index(from), self.table_index(to)) else { return false };
        let n = entries.end;
        if n > old.entries || n > new.entries || n > new.mask || from == to {
            return false;
        }
        for i in entries {
            // SAFETY: both have as many hashes, and `to`, another cell, is borrowed for writing.
            unsafe {
                let hash = *old.hashes.add(i);
                new.hashes.cast_mut().add(i).write(hash);
                new.enter(i, hash);
            }
        }
        true
    }
    /// The cell of a `Str`, `Bytes` or `BigInt` is so long that it is hashed and compared in pieces.
    #[inline(always)]
    pub fn is_long(&self, v: Value) -> bool {
        cfg!(not(feature = "tiny")) && v.is_heap() && self.words(v) > LONG_TEXT as usize
    }
    /// Whether two `Str` or two `Bytes` cells hold the same bytes.
    #[inline]
    pub fn same_text(&self, a: Value, b: Value) -> bool {
        let (Some((p, room)), Some((q, other))) = (self.payload(a), self.payload(b)) else { return false };
        // SAFETY: (both blocks) `payload` gave a word and `room` bytes, of which the text takes `left`.
        let (x, y) = unsafe { (*p, *q) };
        // A cell is as long as its text needs, so equal texts have equal sizes and slacks.
        if room != other || (x ^ y) & 7 != 0 {
            return false;
        }
        let mut left = room.saturating_sub((x & 7) as usize);
        let (mut p, mut q) = (p, q);
        // SAFETY: as above.
        unsafe {
            while left >= 4 {
                (p, q, left) = (p.add(1), q.add(1), left - 4);
                if *p != *q {
                    return false;
                }
            }
            // The text's bytes are the low ones of its last word.
            left == 0 || (*p.add(1) ^ *q.add(1)).to_le() << (32 - 8 * left) == 0
        }
    }
}

impl Probe<'_> {
    /// Puts `entry` into the first free place of its hash, if there is one.
    ///
    /// # Safety
    /// Nobody else looks at the index.
    #[cfg(not(feature = "tiny"))]
    #[inline(always)]
    unsafe fn enter(&self, entry: usize, hash: u16) {
        let (mut at, places) = (self.home(hash), self.places.cast_mut());
        for _ in 0..=self.mask {
            // SAFETY: the place lies inside the cell, as its number is masked.
            unsafe {
                match self.log {
                    0 if *places.add(at) == 0 => return places.add(at).write(entry as u8 + 1),
                    1 if *places.cast::<u16>().add(at) == 0 => {
                        return places.cast::<u16>().add(at).write(entry as u16 + 1);
                    }
                    2 if *places.cast::<u32>().add(at) == 0 => {
                        return places.cast::<u32>().add(at).write(entry as u32 + 1);
                    }
                    _ => at = (at + 1) & self.mask,
                }
            }
        }
    }
    /// Where the search for a hash begins.
    #[inline(always)]
    pub fn home(&self, hash: u16) -> usize {
        ((hash as u32).wrapping_mul(0x9e37_79b1) >> self.shift) as usize
    }
    /// The next entry with this hash, from place `*i` on; `None` at a free place. `*left`, at first `places()`, ends a search
    /// that finds no free one.
    #[inline(always)]
    pub fn next(&self, i: &mut usize, left: &mut usize, hash: u16) -> Option<usize> {
        while *left > 0 {
            *left -= 1;
            let at = *i & self.mask;
            *i = at + 1;
            // SAFETY: the place lies below the mask's end, and so inside the cell.
            let entry = unsafe {
                match self.log {
                    0 => *self.places.add(at) as usize,
                    1 => *self.places.cast::<u16>().add(at) as usize,
                    _ => *self.places.cast::<u32>().add(at) as usize,
                }
            };
            let entry = entry.checked_sub(1)?;
            // SAFETY: there are `entries` hashes in the cell.
            if entry < self.entries && unsafe { *self.hashes.add(entry) } == hash {
                return Some(entry);
            }
        }
        None
    }
    #[inline(always)]
    pub fn places(&self) -> usize {
        self.mask + 1
    }
}
