//! Interned strings: one heap string per text, in a weak table; and the cells of strings and bytes.
//!
//! Invariants
//! - a text that is a built-in name is that immediate, never a heap string with the interned flag;
//! - the table is open addressing in a raw cell, a power of two of words, always with an empty one: 0 is empty, `GONE` was
//!   in use, else the bits of a `Str` with the interned flag;
//! - while it grows, `old` is the table before it; each insertion moves `MOVE` of its words, so growing is bounded
//!   (clearing the new table aside) and ends before the next growth begins;
//! - the table keeps nothing alive: the sweep takes a dying string out, a look-up while marking shades what it
//!   finds, and one while sweeping does not see dead strings.

use super::mark::BLACK_OR_WHITE;
use super::{Heap, Kind, Phase, Place, R, Value, cells::KIND, names};
use crate::base::utf8;

const GONE: u32 = 1;
const LEAST: u32 = 16;
const MOVE: u32 = 8;
/// In word 0 of a `Str`.
pub(super) const INTERNED: u32 = 1 << 3;

#[derive(Clone, Copy)]
struct Words {
    cell: Value,
    mask: u32,
}

#[derive(Default)]
pub(super) struct Strings {
    now: Option<Words>,
    /// Words of `now` that are not empty.
    used: u32,
    /// Strings in both tables.
    live: u32,
    old: Option<Words>,
    /// Words of `old` that have been moved.
    moved: u32,
}

impl Strings {
    pub const fn new() -> Strings {
        Strings { now: None, used: 0, live: 0, old: None, moved: 0 }
    }
}

/// Where the chain of a hash begins: texts that differ in their last characters alone lie apart.
#[inline(always)]
fn home(h: u32) -> u32 {
    h.wrapping_mul(0x9e37_79b1) >> 16
}

impl Heap {
    // ---- the table -------------------------------------------------------------------------------------------

    pub(super) fn shade_strings(&mut self) {
        for t in [self.strings.now, self.strings.old].into_iter().flatten() {
            self.shade(t.cell.bits());
        }
    }
    /// The first word of `t`'s chain for hash `h` that satisfies `f`; the chain ends behind an empty word.
    fn probe(&self, t: Words, h: u32, mut f: impl FnMut(u32) -> bool) -> Option<u32> {
        for i in 0..=t.mask {
            let i = home(h).wrapping_add(i) & t.mask;
            let w = self.word(t.cell, i as usize);
            if f(w) {
                return Some(i);
            }
            if w == 0 {
                return None;
            }
        }
        None
    }
    fn find_string(&mut self, text: &[u8], h: u32) -> Option<Value> {
        let v = self.look_up(text, h)?;
        self.barrier(v.bits());
        Some(v)
    }
    fn look_up(&self, text: &[u8], h: u32) -> Option<Value> {
        let dead = if self.phase == Phase::Sweep { self.birth ^ BLACK_OR_WHITE } else { u32::MAX };
        for t in [self.strings.now, self.strings.old].into_iter().flatten() {
            let same = |w: u32| match Value::from_bits(w) {
                Some(v) if v.is_heap() => {
                    self.word(v, 0) >> 8 == h
                        && self.header(v) & super::mark::COLOUR != dead
                        && self.str_bytes(v) == text
                }
                _ => false,
            };
            if let Some(i) = self.probe(t, h, same) {
                return Value::from_bits(self.word(t.cell, i as usize));
            }
        }
        None
    }
    /// Puts a string into the table, which has room.
    fn put_string(&mut self, bits: u32, h: u32) {
        let Some(t) = self.strings.now else { return };
        if let Some(i) = self.probe(t, h, |w| w <= GONE) {
            self.strings.used += (self.word(t.cell, i as usize) == 0) as u32;
            self.set_word(t.cell, i as usize, bits);
        }
    }
    /// Makes room for one more string, and goes on with moving.
    fn room_for_string(&mut self) -> R<()> {
        if let Some(old) = self.strings.old {
            let from = self.strings.moved;
            self.strings.moved = (from + MOVE).min(old.mask + 1);
            for i in from..self.strings.moved {
                let w = self.word(old.cell, i as usize);
                if w > GONE
                    && let Some(v) = Value::from_bits(w)
                {
                    self.set_word(old.cell, i as usize, GONE);
                    self.put_string(w, self.word(v, 0) >> 8);
                }
            }
            if self.strings.moved > old.mask {
                self.strings.old = None;
                self.free(old.cell);
            }
        }
        let size = self.strings.now.map_or(0, |t| t.mask + 1);
        if (self.strings.used + 1) * 4 <= size * 3 || self.strings.old.is_some() {
            return Ok(());
        }
        let new = LEAST.max(size << (self.strings.live * 2 > size) as u32);
        match self.alloc(Kind::Raw, new as usize) {
            Ok(cell) => {
                let s = &mut self.strings;
                (s.old, s.moved, s.used) = (s.now, 0, 0);
                s.now = Some(Words { cell, mask: new - 1 });
                Ok(())
            }
            Err(_) if self.strings.used + 1 < size => Ok(()),
            Err(r) => Err(r),
        }
    }
    /// The string at granule `p` dies: takes it out of the table. Returns what that cost, in instructions.
    pub(super) fn forget_string(&mut self, p: u32, header: u32) -> i32 {
        let word = self.gw(p, 1);
        if header & KIND != Kind::Str as u32 || word & INTERNED == 0 {
            return 0;
        }
        for (t, now) in [(self.strings.now, true), (self.strings.old, false)] {
            let Some(t) = t else { continue };
            let Some(i) = self.probe(t, word >> 8, |w| w == p * 4) else { continue };
            let next = self.word(t.cell, (i.wrapping_add(1) & t.mask) as usize);
            self.set_word(t.cell, i as usize, if next == 0 { 0 } else { GONE });
            self.strings.used -= (now && next == 0) as u32;
            self.strings.live -= 1;
            return 40 + (i.wrapping_sub(home(word >> 8)) & t.mask) as i32 * 12;
        }
        40
    }

    // ---- interning -------------------------------------------------------------------------------------------

    /// The interned string with this text, if there is one.
    pub fn find_interned(&mut self, text: &[u8]) -> Option<Value> {
        let h = names::hash(text);
        names::find(text, h).or_else(|| self.find_string(text, h))
    }
    /// The one interned string with this text: a built-in name, or a heap string in the weak table.
    pub fn intern(&mut self, text: &[u8]) -> R {
        let h = names::hash(text);
        if let Some(v) = names::find(text, h).or_else(|| self.find_string(text, h)) {
            return Ok(v);
        }
        self.room_for_string()?;
        let v = self.new_str_cell(Kind::Str, text, h)?;
        Ok(self.enter(v, h))
    }
    /// As `intern`, for text that may lie in the heap.
    pub fn intern_place(&mut self, place: Place) -> R {
        let (owner, from, len) = match place {
            Place::Flash(text) => return self.intern(text),
            Place::Cell(owner, from, len) => (owner, from, len),
        };
        let text = self.place_bytes(place);
        let (h, ascii) = (names::hash(text), utf8::is_ascii(text) as u32);
        if let Some(found) = names::find(text, h).or_else(|| self.look_up(text, h)) {
            self.barrier(found.bits());
            return Ok(found);
        }
        self.room_for_string()?;
        let v = self.alloc(Kind::Str, 1 + len.div_ceil(4))?;
        let slack = (self.words(v) - 1) * 4 - len;
        self.set_word(v, 0, h << 8 | ascii << 4 | slack as u32);
        self.copy_bytes((v, 1, 0), (owner, 0, from), len);
        Ok(self.enter(v, h))
    }
    /// The one interned string with the text of `v`, a string: `v` itself where it is the first one.
    pub fn intern_value(&mut self, v: Value) -> R {
        if !self.is(v, Kind::Str) || self.is_interned(v) {
            return Ok(v);
        }
        let h = self.word(v, 0) >> 8;
        let text = self.str_bytes(v);
        if let Some(found) = names::find(text, h).or_else(|| self.look_up(text, h)) {
            self.barrier(found.bits());
            return Ok(found);
        }
        self.room_for_string()?;
        Ok(self.enter(v, h))
    }
    fn enter(&mut self, v: Value, h: u32) -> Value {
        self.set_word(v, 0, self.word(v, 0) | INTERNED);
        self.put_string(v.bits(), h);
        self.strings.live += 1;
        v
    }
    pub(super) fn string_tables(&self) -> [Option<Value>; 2] {
        [self.strings.now.map(|t| t.cell), self.strings.old.map(|t| t.cell)]
    }
    /// Strings in the weak table.
    pub fn interned(&self) -> u32 {
        self.strings.live
    }
    /// Whether a cell is a string of that table.
    #[cfg_attr(feature = "tiny", inline(never))]
    #[cfg_attr(not(feature = "tiny"), inline)]
    pub fn is_interned(&self, v: Value) -> bool {
        self.is(v, Kind::Str) && self.word(v, 0) & INTERNED != 0
    }

    // ---- string cells ----------------------------------------------------------------------------------------

    /// A new `Str` or `Bytes` cell with this payload; `text` cannot lie in the heap (the borrow checker says so).
    pub fn new_str_cell(&mut self, kind: Kind, text: &[u8], hash: u32) -> R {
        let words = text.len().div_ceil(4);
        let v = self.alloc(kind, 1 + words)?;
        let slack = (self.words(v) - 1) * 4 - text.len();
        let ascii = utf8::is_ascii(text) as u32;
        self.set_word(v, 0, hash << 8 | ascii << 4 | slack as u32);
        if let Some(d) = self.bytes_mut(v, 1).get_mut(..text.len()) {
            d.copy_from_slice(text);
        }
        Ok(v)
    }
    /// The bytes of a `Str` or `Bytes` cell or a built-in name; empty for anything else.
    pub fn str_bytes(&self, v: Value) -> &[u8] {
        if !v.is_heap() {
            return names::bytes_of(v).unwrap_or(&[]);
        }
        if !matches!(self.kind(v), Kind::Str | Kind::Bytes) {
            return &[];
        }
        let all = self.bytes(v, 1);
        let slack = (self.word(v, 0) & 7) as usize;
        all.get(..all.len().wrapping_sub(slack)).unwrap_or(all)
    }
}
