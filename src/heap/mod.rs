//! Rank 2: the heap of one VM: cells, allocation, collection, interned strings.
//!
//! Invariants
//! - everything lies in one region that the firmware handed over; granules of 8 bytes, cells as `kind` says;
//! - `&Heap` reads, `&mut Heap` allocates and never runs Python; a collection cycle starts only at a VM safepoint,
//!   so values in Rust locals are safe until the next call that takes `&mut Vm`;
//! - an allocation that fails sets `raised` to the `MemoryError` and returns `Err(Raised)`.
#![allow(unsafe_code)]

pub mod ids;
pub mod kind;
pub mod names;
pub mod place;
pub mod scratch;
pub mod span;
pub mod value;

pub use ids::TypeId;
pub use kind::{Kind, PTR_WORDS};
pub use place::Place;
pub use scratch::{ByteVec, ValueVec, WordVec};
pub use value::{R, Raised, Table, Value};

/// The heap of one VM.
#[repr(C)]
pub struct Heap {
    base: *mut u32,
    /// Granules in the region.
    end: u32,
    bump: u32,
    /// The exception that is on its way while an `Err(Raised)` travels.
    pub raised: Option<Value>,
    /// What `raised` becomes when nothing can be allocated.
    pub oom: Option<Value>,
    /// Changes whenever remembered look-ups become invalid.
    pub cache_epoch: u32,
}

impl Heap {
    /// Lays a heap over `mem`.
    ///
    /// # Safety
    /// `mem` must be valid for reads and writes of `bytes` bytes, 8-aligned, and used by nobody else while the heap lives.
    pub unsafe fn new(mem: *mut u8, bytes: usize) -> Heap {
        Heap { base: mem.cast(), end: (bytes / 8) as u32, bump: 1, raised: None, oom: None, cache_epoch: 0 }
    }

    // ---- cells -----------------------------------------------------------------------------------------------

    /// The kind of the heap object `v`; `Free` for an immediate or a small int.
    #[inline]
    pub fn kind(&self, v: Value) -> Kind {
        if !v.is_heap() {
            return Kind::Free;
        }
        Kind::from_header(self.header(v))
    }
    #[inline]
    pub fn is(&self, v: Value, kind: Kind) -> bool {
        v.is_heap() && self.header(v) & 63 == kind as u32
    }
    #[inline(always)]
    fn at(&self, v: Value, word: usize) -> *mut u32 {
        // The region is never left: an index beyond it lands on the guard granule 0.
        let i = (v.bits() as usize >> 1) + word;
        let i = if i < self.end as usize * 2 { i } else { 0 };
        // SAFETY: `i` lies in the region.
        unsafe { self.base.add(i) }
    }
    #[inline(always)]
    fn header(&self, v: Value) -> u32 {
        // SAFETY: `at` stays in the region.
        unsafe { *self.at(v, 0) }
    }
    /// Payload words of the cell (an odd number).
    #[inline]
    pub fn words(&self, v: Value) -> usize {
        ((self.header(v) >> 8) as usize * 2).saturating_sub(1)
    }
    /// Payload word `i`, whatever it is.
    #[inline]
    pub fn word(&self, v: Value, i: usize) -> u32 {
        // SAFETY: `at` stays in the region.
        unsafe { *self.at(v, i + 1) }
    }
    /// Writes a raw payload word: never a reference (no write barrier).
    #[inline]
    pub fn set_word(&mut self, v: Value, i: usize, w: u32) {
        // SAFETY: `at` stays in the region.
        unsafe { *self.at(v, i + 1) = w }
    }
    /// Reference word `i`.
    #[inline]
    pub fn slot(&self, v: Value, i: usize) -> Option<Value> {
        Value::from_bits(self.word(v, i))
    }
    /// Reference word `i`, which the kind's layout says is never empty (an empty one reads as `None`).
    #[inline]
    pub fn field(&self, v: Value, i: usize) -> Value {
        self.slot(v, i).unwrap_or(Value::NONE)
    }
    /// Reference word `i` as the small int it carries (0 for anything else).
    #[inline]
    pub fn int(&self, v: Value, i: usize) -> i32 {
        self.field(v, i).as_small().unwrap_or(0)
    }
    /// Stores a reference, with the write barrier.
    #[inline]
    pub fn set_slot(&mut self, v: Value, i: usize, to: Option<Value>) {
        self.set_word(v, i, to.map_or(0, Value::bits));
    }
    #[inline]
    pub fn set_field(&mut self, v: Value, i: usize, to: Value) {
        self.set_slot(v, i, Some(to));
    }
    /// Stores a small int in a reference word that holds a small int or nothing (no barrier needed).
    #[inline]
    pub fn set_int(&mut self, v: Value, i: usize, n: i32) {
        self.set_word(v, i, Value::small(n).bits());
    }
    /// A float's, int's or raw cell's payload as bytes, from payload word `from` to the cell's end.
    pub fn bytes(&self, v: Value, from: usize) -> &[u8] {
        let n = self.words(v).saturating_sub(from);
        // SAFETY: header sizes never lead out of the region; `at` guards the start.
        unsafe { core::slice::from_raw_parts(self.at(v, from + 1).cast(), n * 4) }
    }
    pub fn bytes_mut(&mut self, v: Value, from: usize) -> &mut [u8] {
        let n = self.words(v).saturating_sub(from);
        // SAFETY: as `bytes`; `&mut self` makes it the only view.
        unsafe { core::slice::from_raw_parts_mut(self.at(v, from + 1).cast(), n * 4) }
    }
    /// The payload words of a leaf cell (raw data), from word `from`.
    pub fn raw_words(&self, v: Value, from: usize) -> &[u32] {
        let n = self.words(v).saturating_sub(from);
        // SAFETY: as `bytes`.
        unsafe { core::slice::from_raw_parts(self.at(v, from + 1), n) }
    }
    pub fn raw_words_mut(&mut self, v: Value, from: usize) -> &mut [u32] {
        let n = self.words(v).saturating_sub(from);
        // SAFETY: as `bytes_mut`.
        unsafe { core::slice::from_raw_parts_mut(self.at(v, from + 1), n) }
    }
    /// A view of `n` reference words from word `from` on (for tuples and arrays), limited to the cell.
    pub fn slots(&self, v: Value, from: usize, n: usize) -> &[Option<Value>] {
        let n = n.min(self.words(v).saturating_sub(from));
        // SAFETY: as `bytes`; `Option<Value>` has the layout of u32 and every bit pattern is valid.
        unsafe { core::slice::from_raw_parts(self.at(v, from + 1).cast(), n) }
    }

    /// Copies `n` payload words between cells, which may be the same one; both ends stay inside their cells.
    /// References may be copied into a cell that nobody has seen yet; into an older one only by `set_slot`.
    pub fn copy_words(&mut self, to: Value, to_word: usize, from: Value, from_word: usize, n: usize) {
        let n = n.min(self.words(to).saturating_sub(to_word)).min(self.words(from).saturating_sub(from_word));
        // SAFETY: both runs lie in their cells.
        unsafe { core::ptr::copy(self.at(from, from_word + 1), self.at(to, to_word + 1), n) }
    }

    // ---- allocation ------------------------------------------------------------------------------------------

    /// A new cell with at least `words` payload words, all zero.
    pub fn alloc(&mut self, kind: Kind, words: usize) -> R {
        let g = (words + 2) / 2;
        if g > (self.end - self.bump) as usize {
            return Err(self.out_of_memory());
        }
        let v = Value::from_bits(self.bump * 4).ok_or(Raised)?;
        self.bump += g as u32;
        // SAFETY: the granules from `bump` on belong to nobody and lie in the region.
        unsafe {
            let p = self.at(v, 0);
            core::ptr::write_bytes(p, 0, g * 2);
            *p = (g as u32) << 8 | kind as u32;
        }
        Ok(v)
    }
    /// Frees a cell by hand: only raw cells and arrays that nothing refers to any more.
    pub fn free(&mut self, _v: Value) {}
    /// Tries to make the cell `words` payload words long without moving it (new words are zero); shrinking always works.
    pub fn resize(&mut self, _v: Value, _words: usize) -> bool {
        false
    }
    /// Changes a cell's kind in place (`Instance` to `BigInstance`, the states of a builder).
    pub fn set_kind(&mut self, v: Value, kind: Kind) {
        let h = self.header(v) & !63 | kind as u32;
        // SAFETY: `at` stays in the region.
        unsafe { *self.at(v, 0) = h }
    }

    /// A watched dict has gained or lost a key: what the VM remembers of global look-ups no longer holds.
    pub fn flush_caches(&mut self) {
        self.cache_epoch = self.cache_epoch.wrapping_add(1);
    }

    // ---- raising ---------------------------------------------------------------------------------------------

    /// Sets the exception that is on its way.
    pub fn raise_value(&mut self, exc: Value) -> Raised {
        self.raised = Some(exc);
        Raised
    }
    #[cold]
    pub fn out_of_memory(&mut self) -> Raised {
        self.raised = self.oom.or(Some(Value::typ(TypeId::MemoryError)));
        Raised
    }
    /// The exception on its way is the one for "no memory": the caller may collect and try again.
    pub fn is_out_of_memory(&self) -> bool {
        self.raised == self.oom.or(Some(Value::typ(TypeId::MemoryError)))
    }

    // ---- interned strings (src/heap/intern.rs) ---------------------------------------------------------------

    /// The one interned string with this text: a built-in name, or a heap string in the weak table.
    pub fn intern(&mut self, text: &[u8]) -> R {
        let h = names::hash(text);
        if let Some(v) = names::find(text, h) {
            return Ok(v);
        }
        self.new_str_cell(Kind::Str, text, h)
    }
    /// A new `Str` or `Bytes` cell with this payload; `text` must not lie in the heap (use `new_str_cell_from`).
    pub fn new_str_cell(&mut self, kind: Kind, text: &[u8], hash: u32) -> R {
        let words = text.len().div_ceil(4);
        let v = self.alloc(kind, 1 + words)?;
        let slack = (self.words(v) - 1) * 4 - text.len();
        let ascii = text.is_ascii() as u32;
        self.set_word(v, 0, hash << 8 | ascii << 4 | slack as u32);
        if let Some(d) = self.bytes_mut(v, 1).get_mut(..text.len()) {
            d.copy_from_slice(text);
        }
        Ok(v)
    }
    /// The bytes of a `Str` or `Bytes` cell or a built-in name; empty for anything else.
    pub fn str_bytes(&self, v: Value) -> &[u8] {
        match v.table() {
            Some(Table::Name) => names::text_of(v).unwrap_or("").as_bytes(),
            None if matches!(self.kind(v), Kind::Str | Kind::Bytes) => {
                let b = self.bytes(v, 1);
                b.get(..b.len().saturating_sub((self.word(v, 0) & 7) as usize)).unwrap_or(b)
            }
            _ => &[],
        }
    }
}
