//! Names known when the library is built: the `.mpy` format's static list first, then every `q!("…")` of the sources.
//!
//! Invariants
//! - the first names are the static list of `.mpy` 6.3 in its order, so a file's static reference is our index;
//! - `find` and `text` are inverse; a name's hash equals `hash` of its bytes.

use super::value::{Table, Value};

include!(concat!(env!("OUT_DIR"), "/names.rs"));

/// The hash of a string's bytes: 16 bits, the same for built-in names, heap strings and dict look-ups.
pub const fn hash(bytes: &[u8]) -> u32 {
    hash_end(hash_on(HASH_OF_NOTHING, bytes))
}
/// The same in pieces: what it begins with, goes on with, and ends with.
pub const HASH_OF_NOTHING: u32 = 5381;
pub const fn hash_on(mut h: u32, bytes: &[u8]) -> u32 {
    let mut i = 0;
    while i < bytes.len() {
        h = (h << 5).wrapping_add(h) ^ bytes[i] as u32;
        i += 1;
    }
    h
}
pub const fn hash_end(h: u32) -> u32 {
    (h ^ h >> 16) & 0xffff
}

/// The text of name number `i`; empty for one that does not exist.
pub fn text(i: u32) -> &'static str {
    place(i as usize).and_then(|(from, to)| TEXT.get(from..to)).unwrap_or("")
}

/// The bytes of `v` if it is a built-in name.
#[inline]
pub fn bytes_of(v: Value) -> Option<&'static [u8]> {
    let (from, to) = place(v.index_in(Table::Name)? as usize)?;
    TEXT.as_bytes().get(from..to)
}

/// The text of `v` if it is a built-in name.
pub fn text_of(v: Value) -> Option<&'static str> {
    v.index_in(Table::Name).map(text)
}

/// The built-in name whose text starts at an address.
#[cfg(feature = "extra")]
pub fn at(address: u64) -> Option<Value> {
    let offset = address.checked_sub(TEXT.as_ptr() as u64)?;
    let starts: &[u16] = &STARTS;
    let i = starts.iter().position(|o| u64::from(*o) == offset)?;
    (!text(i as u32).is_empty()).then(|| Value::name(i as u32))
}

#[cfg(not(feature = "tiny"))]
mod stored {
    use super::{HASHES, ONE_CHAR, STARTS, Value};

    static OFFSETS: [u16; STARTS.len()] = STARTS;

    /// Where the name's text lies.
    #[inline]
    pub fn place(i: usize) -> Option<(usize, usize)> {
        Some((*OFFSETS.get(i)? as usize, *OFFSETS.get(i + 1)? as usize))
    }
    /// The stored hash of name number `i`.
    pub fn hash_of(i: u32) -> u32 {
        HASHES.get(i as usize).map_or(0, |h| *h as u32)
    }
    /// The built-in name of a single ASCII character.
    pub fn of_char(b: u8) -> Option<Value> {
        ONE_CHAR.get(b as usize).filter(|i| **i != u16::MAX).map(|i| Value::name(*i as u32))
    }
}
/// What can be worked out is not stored: 1.7 KB less.
#[cfg(feature = "tiny")]
mod stored {
    use super::{BLOCK, BLOCKS, FIXED_CHARS, LENGTHS, STATIC_COUNT, Value};

    /// Where the name's text lies.
    pub fn place(i: usize) -> Option<(usize, usize)> {
        let len = *LENGTHS.get(i)? as usize;
        let before = LENGTHS.get(i - i % BLOCK..i)?.iter().map(|l| *l as usize).sum::<usize>();
        let from = *BLOCKS.get(i / BLOCK)? as usize + before;
        Some((from, from + len))
    }
    /// The hash of name number `i`.
    pub fn hash_of(i: u32) -> u32 {
        super::hash(super::text(i).as_bytes())
    }
    /// The built-in name of a single ASCII character.
    pub fn of_char(b: u8) -> Option<Value> {
        let mut fixed_before = 0;
        for &(c, fixed) in &FIXED_CHARS {
            if c == b {
                return Some(Value::name(fixed as u32));
            }
            // It takes no place among the others.
            fixed_before += (c >= b' ' && c < b) as u32;
        }
        (b' '..=b'~').contains(&b).then(|| Value::name(STATIC_COUNT + (b - b' ') as u32 - fixed_before))
    }
}
use stored::place;
pub use stored::{hash_of, of_char};

/// The built-in name with this text and hash.
pub fn find(s: &[u8], h: u32) -> Option<Value> {
    if let [b] = s {
        return of_char(*b);
    }
    let bucket = h as usize % ENDS.len();
    let before = bucket.checked_sub(1);
    let is_it = |i: u32| {
        let same = cfg!(feature = "tiny") || hash_of(i) == h;
        (same && text(i).as_bytes() == s).then(|| Value::name(i))
    };
    let first = before.map_or(0, |b| STATIC_ENDS[b] as usize);
    let fixed = STATIC_BY_BUCKET.get(first..STATIC_ENDS[bucket] as usize)?;
    if let Some(v) = fixed.iter().find_map(|i| is_it(*i as u32)) {
        return Some(v);
    }
    let first = before.map_or(FIRST_OTHER as u16, |b| ENDS[b]);
    (first..ENDS[bucket]).find_map(|i| is_it(i as u32))
}

/// For `q!`: evaluated at compile time, fails the build on a name that `build.rs` has not seen.
pub const fn find_const(s: &str) -> Value {
    let s = s.as_bytes();
    let t = TEXT.as_bytes();
    let bucket = hash(s) as usize % ENDS.len();
    let mut i = if bucket == 0 { FIRST_OTHER } else { ENDS[bucket - 1] as usize };
    // The bucket, then the format's names and those of one character.
    let mut end = ENDS[bucket] as usize;
    loop {
        if i == end {
            if end == FIRST_OTHER {
                break;
            }
            (i, end) = (0, FIRST_OTHER);
        }
        let (a, b) = (STARTS[i] as usize, STARTS[i + 1] as usize);
        if b - a == s.len() {
            let mut k = 0;
            while k < s.len() && t[a + k] == s[k] {
                k += 1;
            }
            if k == s.len() {
                return Value::name(i as u32);
            }
        }
        i += 1;
    }
    panic!("q! takes a string literal, so that build.rs finds it in the sources")
}

/// `q!("name")`: a built-in name as a `Value`, at no cost at run time.
#[macro_export]
macro_rules! q {
    ($s:literal) => {
        const { $crate::heap::names::find_const($s) }
    };
}
