//! Native pointers in cells: where a `Code` cell's bytes lie, in another cell or in flash.
//!
//! Invariants
//! - the three pointers of a `Code` cell are written only by `set_code`, all into one run of bytes that stays where it
//!   is: a leaf cell that the code's owner slot keeps alive (cells never move), or memory that lives for ever;
//! - an owner is not resized, freed or changed in kind while a `Code` cell refers to it;
//! - reading a stored pointer is safe, following it is not: only `code_bytes` here and the VM's run loop do.

use super::{Heap, Kind, PTR_WORDS, Value};
#[cfg(feature = "natives")]
use super::{R, TypeId};
#[cfg(feature = "natives")]
use crate::port::queue::QueueRef;
#[cfg(feature = "natives")]
use core::ptr::NonNull;

/// Words of the `Code` cell; see `Kind::Code`.
pub mod code_field {
    use super::PTR_WORDS;
    /// Pointer to the first opcode.
    pub const FIRST: usize = 0;
    /// Pointer to the prelude, where the code's bytes start.
    pub const START: usize = PTR_WORDS;
    /// Pointer behind the last opcode.
    pub const END: usize = 2 * PTR_WORDS;
    /// Packed words; `code::object` packs and reads them.
    pub const PACKED: usize = 3 * PTR_WORDS;
    pub const UNIT: usize = PACKED + 4;
    /// The unit's tables again, so that the run loop finds them in one step.
    pub const NAMES: usize = UNIT + 1;
    pub const CONSTS: usize = UNIT + 2;
    pub const CACHE: usize = UNIT + 3;
    pub const CHILDREN: usize = UNIT + 4;
    pub const OWNER: usize = UNIT + 5;
    pub const COUNT: usize = UNIT + 6;
}

/// Where a run of code bytes lies.
#[derive(Clone, Copy)]
pub enum Place {
    /// In a `Raw` or `Bytes` cell, from this byte of its payload (word 0 counted), so many bytes.
    Cell(Value, usize, usize),
    /// In memory that is never written or given back.
    Flash(&'static [u8]),
}

impl Place {
    /// The `len` bytes from byte `from` on; of flash, nothing where they are not all there.
    pub fn part(self, from: usize, len: usize) -> Place {
        match self {
            Place::Cell(owner, start, _) => Place::Cell(owner, start + from, len),
            Place::Flash(all) => Place::Flash(all.get(from..from + len).unwrap_or(&[])),
        }
    }
}

/// The first opcode of the `Code` cell whose payload lies at `payload`.
///
/// # Safety
/// `payload` must point to the payload of a `Code` cell.
#[inline(always)]
pub unsafe fn first_op(payload: *const u32) -> *const u8 {
    // SAFETY: the caller's promise; the payload of a cell is aligned to 4 bytes only.
    let bits = unsafe { payload.add(code_field::FIRST).cast::<usize>().read_unaligned() };
    core::ptr::with_exposed_provenance(bits)
}

impl Heap {
    /// The native pointer in payload words `word..word + PTR_WORDS`.
    #[inline]
    pub fn ptr(&self, v: Value, word: usize) -> *const u8 {
        let mut bits = 0usize;
        for i in (0..PTR_WORDS).rev() {
            bits = (bits << 16 << 16) | self.word(v, word + i) as usize;
        }
        core::ptr::with_exposed_provenance(bits)
    }
    /// Stores a native pointer in raw payload words.
    pub fn set_ptr(&mut self, v: Value, word: usize, p: *const u8) {
        let mut bits = p.expose_provenance();
        for i in 0..PTR_WORDS {
            self.set_word(v, word + i, bits as u32);
            bits = bits >> 16 >> 16;
        }
    }
    /// How many bytes `place` is said to have.
    #[inline]
    pub fn place_len(&self, place: Place) -> usize {
        match place {
            Place::Flash(bytes) => bytes.len(),
            Place::Cell(.., len) => len,
        }
    }
    /// Byte `at` of `place`.
    #[inline]
    pub fn place_byte(&self, place: Place, at: usize) -> Option<u8> {
        match place {
            Place::Flash(bytes) => bytes.get(at).copied(),
            Place::Cell(owner, from, len) => (at < len).then(|| self.byte(owner, 0, from.wrapping_add(at))),
        }
    }
    /// The bytes of `place`; empty where it leads out of its cell or the cell is of another kind.
    pub fn place_bytes(&self, place: Place) -> &[u8] {
        match place {
            Place::Flash(bytes) => bytes,
            Place::Cell(owner, from, len) if matches!(self.kind(owner), Kind::Raw | Kind::Bytes) => {
                let all = self.bytes(owner, 0);
                from.checked_add(len).and_then(|to| all.get(from..to)).unwrap_or(&[])
            }
            Place::Cell(..) => &[],
        }
    }
    /// Points a `Code` cell at its bytes; the first opcode is byte `first` of them.
    pub fn set_code(&mut self, code: Value, place: Place, first: usize) {
        let bytes = self.place_bytes(place);
        let len = bytes.len();
        let start = match place {
            // The whole cell's pointer, so that a later `&mut` to the cell's bytes is the same allocation.
            Place::Cell(owner, from, _) if len != 0 => self.bytes(owner, 0).as_ptr().wrapping_add(from),
            _ => bytes.as_ptr(),
        };
        self.set_ptr(code, code_field::FIRST, start.wrapping_add(first.min(len)));
        self.set_ptr(code, code_field::START, start);
        self.set_ptr(code, code_field::END, start.wrapping_add(len));
        let owner = match place {
            Place::Cell(owner, ..) => Some(owner),
            Place::Flash(_) => None,
        };
        self.set_slot(code, code_field::OWNER, owner);
    }
    /// A `Code` cell's bytes, prelude and opcodes; empty for anything else.
    pub fn code_bytes(&self, code: Value) -> &[u8] {
        if !self.is(code, Kind::Code) {
            return &[];
        }
        let (start, end) = (self.ptr(code, code_field::START), self.ptr(code, code_field::END));
        let len = end.addr().saturating_sub(start.addr());
        if start.is_null() || len == 0 {
            return &[];
        }
        // SAFETY: `set_code` is the only writer of these words; its run of bytes lives as long as the cell does.
        unsafe { core::slice::from_raw_parts(start, len) }
    }
    /// Overwrites byte `at` of a code whose bytes lie in a raw cell; false where they do not.
    pub fn patch_code(&mut self, code: Value, at: usize, b: u8) -> bool {
        let Some(owner) = self.slot(code, code_field::OWNER).filter(|o| self.is(*o, Kind::Raw)) else {
            return false;
        };
        let start = self.ptr(code, code_field::START).addr();
        let from = start.wrapping_sub(self.bytes(owner, 0).as_ptr().addr());
        match self.bytes_mut(owner, 0).get_mut(from.wrapping_add(at)) {
            Some(to) => *to = b,
            None => return false,
        }
        true
    }
    /// A `Code` cell's bytes, and the words of a raw or scratch cell to write while they are read; no words where the bytes lie
    /// in it.
    pub fn code_and_words(&mut self, code: Value, words: Value) -> (&[u8], &mut [u32]) {
        let bytes = self.code_bytes(code);
        let (start, len) = (bytes.as_ptr(), bytes.len());
        let own = len != 0 && self.slot(code, code_field::OWNER) == Some(words);
        let is_raw = self.is(words, Kind::Raw) || self.is_held(words);
        let words = if own || !is_raw { &mut [] } else { self.raw_words_mut(words, 0) };
        // SAFETY: as `code_bytes`; the bytes lie in their owner or outside the heap, not in `words`, and the borrow of the heap
        // that the caller holds covers both.
        (unsafe { core::slice::from_raw_parts(start, len) }, words)
    }
    /// Bytes from the start of the code to its first opcode.
    pub fn code_first(&self, code: Value) -> usize {
        self.ptr(code, code_field::FIRST).addr().saturating_sub(self.ptr(code, code_field::START).addr())
    }
}

/// Payload word of a queue's address in a `Native` cell of type `Queue`.
#[cfg(feature = "natives")]
const QUEUE: usize = 1;

#[cfg(feature = "natives")]
impl Heap {
    /// An object that stands for a queue of the firmware.
    pub fn new_queue(&mut self, queue: QueueRef) -> R {
        let v = self.alloc(Kind::Native, QUEUE + PTR_WORDS)?;
        self.set_field(v, 0, Value::typ(TypeId::Queue));
        self.set_ptr(v, QUEUE, queue.address());
        Ok(v)
    }
    /// The queue that an object stands for, if it is such an object.
    pub fn queue(&self, v: Value) -> Option<QueueRef> {
        if !self.is(v, Kind::Native) || self.field(v, 0) != Value::typ(TypeId::Queue) {
            return None;
        }
        let place = NonNull::new(self.ptr(v, QUEUE).cast_mut())?;
        // SAFETY: only `new_queue` makes such cells, of a queue whose memory is in place.
        Some(unsafe { QueueRef::new(place.cast()) })
    }
}
