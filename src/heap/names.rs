//! Names known when the library is built: the `.mpy` format's static list first, then every `q!("…")` of the sources.
//!
//! Invariants
//! - the first names are the static list of `.mpy` 6.3 in its order, so a file's static reference is our index;
//! - `find` and `text` are inverse; a name's hash equals `hash` of its bytes.

use super::value::{Table, Value};

include!(concat!(env!("OUT_DIR"), "/names.rs"));

/// The hash of a string's bytes: 16 bits, the same for built-in names, heap strings and dict look-ups.
pub const fn hash(bytes: &[u8]) -> u32 {
    let mut h: u32 = 5381;
    let mut i = 0;
    while i < bytes.len() {
        h = (h << 5).wrapping_add(h) ^ bytes[i] as u32;
        i += 1;
    }
    (h ^ h >> 16) & 0xffff
}

/// The text of name number `i`; empty for one that does not exist.
pub fn text(i: u32) -> &'static str {
    let i = i as usize;
    match (OFFSETS.get(i), OFFSETS.get(i + 1)) {
        (Some(&a), Some(&b)) => TEXT.get(a as usize..b as usize).unwrap_or(""),
        _ => "",
    }
}

/// The bytes of `v` if it is a built-in name.
#[inline]
pub fn bytes_of(v: Value) -> Option<&'static [u8]> {
    let i = v.index_in(Table::Name)? as usize;
    match (OFFSETS.get(i), OFFSETS.get(i + 1)) {
        (Some(&a), Some(&b)) => TEXT.as_bytes().get(a as usize..b as usize),
        _ => None,
    }
}

/// The text of `v` if it is a built-in name.
pub fn text_of(v: Value) -> Option<&'static str> {
    v.index_in(Table::Name).map(text)
}

/// The built-in name whose text starts at an address.
#[cfg(feature = "extra")]
pub fn at(address: u64) -> Option<Value> {
    let offset = address.checked_sub(TEXT.as_ptr() as u64)?;
    let i = OFFSETS.iter().position(|o| u64::from(*o) == offset)?;
    (!text(i as u32).is_empty()).then(|| Value::name(i as u32))
}

/// The stored hash of name number `i`.
pub fn hash_of(i: u32) -> u32 {
    match HASHES.get(i as usize) {
        Some(&h) => h as u32,
        None => 0,
    }
}

/// The built-in name of a single ASCII character.
pub fn of_char(b: u8) -> Option<Value> {
    match ONE_CHAR.get(b as usize) {
        Some(&i) if i != u16::MAX => Some(Value::name(i as u32)),
        _ => None,
    }
}

/// The built-in name with this text and hash.
pub fn find(s: &[u8], h: u32) -> Option<Value> {
    let (mut lo, mut hi) = (0, BY_HASH.len());
    while lo < hi {
        let mid = (lo + hi) / 2;
        if hash_of(*BY_HASH.get(mid)? as u32) < h { lo = mid + 1 } else { hi = mid }
    }
    loop {
        let i = *BY_HASH.get(lo)? as u32;
        if hash_of(i) != h {
            return None;
        }
        if text(i).as_bytes() == s {
            return Some(Value::name(i));
        }
        lo += 1;
    }
}

/// For `q!`: evaluated at compile time, fails the build on a name that `build.rs` has not seen.
pub const fn find_const(s: &str) -> Value {
    let s = s.as_bytes();
    let t = TEXT.as_bytes();
    let h = hash(s);
    let (mut lo, mut hi) = (0, BY_HASH.len());
    while lo < hi {
        let mid = (lo + hi) / 2;
        if (HASHES[BY_HASH[mid] as usize] as u32) < h { lo = mid + 1 } else { hi = mid }
    }
    while lo < BY_HASH.len() {
        let i = BY_HASH[lo] as usize;
        let (a, b) = (OFFSETS[i] as usize, OFFSETS[i + 1] as usize);
        if b - a == s.len() {
            let mut k = 0;
            while k < s.len() && t[a + k] == s[k] {
                k += 1;
            }
            if k == s.len() {
                return Value::name(i as u32);
            }
        }
        lo += 1;
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
