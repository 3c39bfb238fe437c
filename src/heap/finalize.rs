//! Objects that want to hear of their death: `__del__`, files, natives with resources.
//!
//! Invariants
//! - `list` holds each registered object once, weakly; the first `queued` of them are dead to the program, wait for their
//!   finalizer and are kept alive until it runs. An object leaves the list when its finalizer is about to run, so it runs
//!   once;
//! - when marking is done, a walk from the list's end queues and shades all that is white, before anything else is
//!   marked; so all finalizers of a dead structure are queued by one cycle. Then marking goes on;
//! - the list's cell grows before its fields change, because an allocation may do a step of the walk.

use super::{Heap, Kind, PENDING_FINALIZERS, R, Value};

/// Entries that one step of a walk looks at.
const CHUNK: u32 = 8;
/// Instructions that it takes to queue and shade one, its part of moving the mark stack away with it.
pub(super) const PER_SHADED: i32 = 130;

#[derive(Default)]
pub(super) struct Finals {
    list: Option<Value>,
    len: u32,
    queued: u32,
    /// Entries below this index have to be looked at by the walk at the end of marking.
    walk: u32,
    /// Queued entries below this index have to be shaded in this cycle.
    shade: u32,
    /// The walk of this cycle was begun.
    ended: bool,
    /// Times that an object has come to another place.
    #[cfg(feature = "extra")]
    moves: u32,
}

impl Finals {
    pub const fn new() -> Finals {
        Finals {
            list: None,
            len: 0,
            queued: 0,
            walk: 0,
            shade: 0,
            ended: false,
            #[cfg(feature = "extra")]
            moves: 0,
        }
    }
    pub fn table(&self) -> Option<Value> {
        self.list
    }
}

impl Heap {
    /// Registers a new object for `next_finalizer`. Call it once for an object.
    pub fn register_finalizer(&mut self, v: Value) -> R<()> {
        let room = self.finals.list.map_or(0, |l| self.words(l));
        let len = self.finals.len as usize;
        if len >= room {
            let new = self.alloc(Kind::Raw, (room + room / 2).max(7))?;
            if let Some(old) = self.finals.list {
                self.copy_words(new, 0, old, 0, len);
                self.free(old);
            }
            self.finals.list = Some(new);
        }
        self.finals.len += 1;
        self.set_final(len as u32, v.bits());
        Ok(())
    }
    /// All registered objects wait for their finalizers now. No cycle is running.
    pub fn doom_all(&mut self) {
        self.finals.queued = self.finals.len;
    }
    /// Whether an object is registered.
    pub fn has_finalizer(&self, v: Value) -> bool {
        (0..self.finals.len).any(|i| self.get_final(i) == v.bits())
    }
    /// Whether an object is among `n` registered ones from number `at` on; `None` where there are no more.
    #[cfg(feature = "extra")]
    pub fn is_registered_among(&self, v: Value, at: u32, n: u32) -> Option<bool> {
        let end = self.finals.len.min(at + n);
        (at < end).then(|| (at..end).any(|i| self.get_final(i) == v.bits()))
    }
    /// Changes whenever a registered object may have come to another place.
    #[cfg(feature = "extra")]
    pub fn moves_of_finalizers(&self) -> u32 {
        self.finals.moves
    }
    /// The registered object that satisfies `f`, if the program can still have it.
    #[cfg(feature = "extra")]
    pub(super) fn find_registered(&mut self, f: impl Fn(&Heap, Value) -> bool) -> Option<Value> {
        let found = (self.finals.queued..self.finals.len)
            .filter_map(|i| Value::from_bits(self.get_final(i)))
            .find(|v| f(self, *v))?;
        self.weak(found)
    }
    /// The next object whose finalizer has to run, with the VM's promise to run it; `None` clears the pending bit.
    pub fn next_finalizer(&mut self) -> Option<Value> {
        let Some(i) = self.finals.queued.checked_sub(1) else {
            self.drop_pending(PENDING_FINALIZERS);
            return None;
        };
        let v = Value::from_bits(self.get_final(i));
        let last = self.finals.len - 1;
        // An entry that the walk has seen may come to a place where it is seen again: it is not white any more.
        self.set_final(i, self.get_final(last));
        self.note_move();
        self.finals.len = last;
        self.finals.queued = i;
        self.finals.walk = self.finals.walk.min(last);
        self.finals.shade = self.finals.shade.min(i);
        self.barrier(v.map_or(0, Value::bits));
        v
    }
    #[inline(always)]
    fn note_move(&mut self) {
        #[cfg(feature = "extra")]
        {
            self.finals.moves = self.finals.moves.wrapping_add(1);
        }
    }
    fn get_final(&self, i: u32) -> u32 {
        self.finals.list.map_or(0, |l| self.word(l, i as usize))
    }
    fn set_final(&mut self, i: u32, bits: u32) {
        if let Some(l) = self.finals.list {
            self.set_word(l, i as usize, bits);
        }
    }

    // ---- the cycle's part ------------------------------------------------------------------------------------

    pub(super) fn finals_start(&mut self) {
        self.shade(self.finals.list.map_or(0, Value::bits));
        self.finals.shade = self.finals.queued;
        self.finals.walk = 0;
        self.finals.ended = false;
    }
    /// Shades some queued objects; false when all are.
    pub(super) fn finals_shade(&mut self) -> bool {
        let to = self.finals.shade;
        if to == 0 {
            return false;
        }
        self.finals.shade = to.saturating_sub(CHUNK);
        for i in self.finals.shade..to {
            self.shade(self.get_final(i));
        }
        true
    }
    /// All is marked: true if the walk begins now, false if it is over and the sweep may begin.
    pub(super) fn finals_end(&mut self) -> bool {
        if self.finals.ended {
            if self.finals.queued > 0 {
                self.set_pending(PENDING_FINALIZERS);
            }
            return false;
        }
        self.finals.ended = true;
        self.finals.walk = self.finals.len;
        true
    }
    #[inline]
    pub(super) fn finals_walking(&self) -> bool {
        self.finals.walk > self.finals.queued
    }
    /// Looks at some entries, queues and shades the white ones. Returns the cost.
    pub(super) fn finals_walk(&mut self) -> i32 {
        let mut found = 0;
        for _ in 0..CHUNK {
            if !self.finals_walking() {
                self.finals.walk = 0;
                break;
            }
            let i = self.finals.walk - 1;
            let bits = self.get_final(i);
            if self.is_white(self.gw(bits >> 2, 0)) {
                let first = self.finals.queued;
                self.set_final(i, self.get_final(first));
                self.set_final(first, bits);
                self.note_move();
                self.finals.queued += 1;
                self.shade(bits);
                found += 1;
            } else {
                self.finals.walk = i;
            }
        }
        CHUNK as i32 * 35 + found * PER_SHADED
    }
}
