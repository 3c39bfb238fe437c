//! UTF-8 over byte slices, ASCII character classes, and the hash of strings.
//!
//! Text that entered through `validate` is well formed, so the walkers only have to stay inside the
//! slice: on malformed bytes they give some character and always move forward. Surrogates are
//! allowed, as in MicroPython (`'\ud800'` is a legal literal there).
//! Character classes know ASCII only: MicroPython's strings behave so, and tables of Unicode do not
//! fit in small flash.

/// Whether `bytes` is UTF-8 (surrogates allowed): no stray or missing continuation bytes, no overlong
/// forms, nothing above U+10FFFF.
pub fn validate(bytes: &[u8]) -> bool {
    has_form(bytes, 0x10ffff)
}

/// The same, but numbers above U+10FFFF may stand where the form has room for them: what MicroPython decodes.
pub fn validate_form(bytes: &[u8]) -> bool {
    has_form(bytes, 0x1fffff)
}

#[inline(never)]
fn has_form(mut bytes: &[u8], most: u32) -> bool {
    while let [first, rest @ ..] = bytes {
        if *first < 0x80 {
            bytes = rest;
            continue;
        }
        let Some((ch, len)) = decode_strict(bytes) else { return false };
        if ch > most {
            return false;
        }
        bytes = bytes.get(len..).unwrap_or(&[]);
    }
    true
}

/// How many of the first bytes, `most` at most, end where a character does; what is no text ends anywhere.
pub fn piece(bytes: &[u8], most: usize) -> usize {
    let mut n = most.min(bytes.len());
    for _ in 0..3 {
        n -= usize::from(n > 0 && bytes.get(n).is_some_and(|b| is_cont(*b)));
    }
    if n == 0 { most.min(bytes.len()) } else { n }
}

fn decode_strict(bytes: &[u8]) -> Option<(u32, usize)> {
    let first = u32::from(*bytes.first()?);
    let (len, least, mut ch) = match first {
        0xc2..=0xdf => (2, 0x80, first & 0x1f),
        0xe0..=0xef => (3, 0x800, first & 0x0f),
        0xf0..=0xf7 => (4, 0x10000, first & 0x07),
        _ => return None,
    };
    for byte in bytes.get(1..len)? {
        if !is_cont(*byte) {
            return None;
        }
        ch = ch << 6 | u32::from(byte & 0x3f);
    }
    (ch >= least).then_some((ch, len))
}

#[inline]
pub const fn is_cont(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

/// First character and its length in bytes; `None` only for an empty slice.
pub fn decode(bytes: &[u8]) -> Option<(u32, usize)> {
    let first = *bytes.first()?;
    if first < 0x80 {
        return Some((u32::from(first), 1));
    }
    Some(decode_strict(bytes).unwrap_or((0xfffd, 1)))
}

/// Last character and its length in bytes; `None` only for an empty slice.
pub fn decode_last(bytes: &[u8]) -> Option<(u32, usize)> {
    if bytes.is_empty() {
        return None;
    }
    let mut len = 1;
    while len < 4 && len < bytes.len() && bytes.get(bytes.len() - len).is_some_and(|b| is_cont(*b)) {
        len += 1;
    }
    let (ch, used) = decode(bytes.get(bytes.len() - len..)?)?;
    Some(if used == len { (ch, len) } else { (0xfffd, 1) })
}

/// UTF-8 of one character: a buffer and how much of it counts. `None` above U+10FFFF.
pub fn encode(ch: u32) -> Option<([u8; 4], usize)> {
    let cont = |shift: u32| (ch >> shift & 0x3f) as u8 | 0x80;
    match ch {
        0..=0x7f => Some(([ch as u8, 0, 0, 0], 1)),
        0x80..=0x7ff => Some(([(ch >> 6) as u8 | 0xc0, cont(0), 0, 0], 2)),
        0x800..=0xffff => Some(([(ch >> 12) as u8 | 0xe0, cont(6), cont(0), 0], 3)),
        0x10000..=0x10ffff => Some(([(ch >> 18) as u8 | 0xf0, cont(12), cont(6), cont(0)], 4)),
        _ => None,
    }
}

pub fn is_ascii(bytes: &[u8]) -> bool {
    // core's is faster and larger.
    if cfg!(feature = "tiny") { bytes.iter().all(|b| *b < 0x80) } else { bytes.is_ascii() }
}

/// Number of characters.
pub fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| !is_cont(**b)).count()
}

/// Byte offset of character `index`; `index == count` gives the length, beyond is `None`.
pub fn offset_of(bytes: &[u8], index: usize) -> Option<usize> {
    let mut left = index;
    let at = seek(bytes, &mut left);
    if at.is_none() && left == 0 { Some(bytes.len()) } else { at }
}

/// Byte offset of the character that `left` others stand before; where it is not among these, `left` is less by what is.
pub fn seek(bytes: &[u8], left: &mut usize) -> Option<usize> {
    for (at, byte) in bytes.iter().enumerate() {
        if !is_cont(*byte) {
            if *left == 0 {
                return Some(at);
            }
            *left -= 1;
        }
    }
    None
}

/// Character index of a byte offset (an offset inside a character counts that character).
pub fn index_of(bytes: &[u8], offset: usize) -> usize {
    count(bytes.get(..offset).unwrap_or(bytes))
}

/// Length in bytes of the character that starts with `first`.
pub const fn len_of_first(first: u8) -> usize {
    match first {
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xff => 4,
        _ => 1,
    }
}

pub const fn is_space(ch: u32) -> bool {
    matches!(ch, 9..=13 | 32)
}

pub const fn is_digit(ch: u32) -> bool {
    matches!(ch, 0x30..=0x39)
}

pub const fn is_upper(ch: u32) -> bool {
    matches!(ch, 0x41..=0x5a)
}

pub const fn is_lower(ch: u32) -> bool {
    matches!(ch, 0x61..=0x7a)
}

pub const fn is_alpha(ch: u32) -> bool {
    is_upper(ch) || is_lower(ch)
}

pub const fn is_alnum(ch: u32) -> bool {
    is_alpha(ch) || is_digit(ch)
}

/// A character of an identifier, the first one or (with `later`) any other. Characters outside ASCII
/// are not.
pub const fn is_ident(ch: u32, later: bool) -> bool {
    is_alpha(ch) || ch == 0x5f || later && is_digit(ch)
}

pub const fn to_upper(ch: u32) -> u32 {
    if is_lower(ch) { ch - 0x20 } else { ch }
}

pub const fn to_lower(ch: u32) -> u32 {
    if is_upper(ch) { ch + 0x20 } else { ch }
}

/// Value of a digit in bases up to 36.
pub const fn digit_value(byte: u8) -> Option<u32> {
    match byte {
        b'0'..=b'9' => Some(byte as u32 - 0x30),
        b'a'..=b'z' => Some(byte as u32 - 0x61 + 10),
        b'A'..=b'Z' => Some(byte as u32 - 0x41 + 10),
        _ => None,
    }
}

/// Hash of a string or bytes object: 24 bits, of which a table takes the low ones. One multiply per
/// byte (single cycle on most Cortex-M0), order-sensitive in the lowest bits too, which the classic
/// `h * 33 ^ b` is not. `const`, because build-time names carry their hash in flash.
pub const fn hash(mut bytes: &[u8]) -> u32 {
    let mut h: u32 = 0x811c_9dc5;
    while let [byte, rest @ ..] = bytes {
        h = (h ^ *byte as u32).wrapping_mul(0x0100_0193);
        bytes = rest;
    }
    (h ^ h >> 15) & 0xff_ffff
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{collections::HashSet, format, string::String, vec::Vec};

    #[test]
    fn every_character_round_trips() {
        for ch in (0..=0x10ffffu32).step_by(if cfg!(miri) { 997 } else { 1 }).filter_map(char::from_u32) {
            let (buf, n) = encode(ch as u32).unwrap();
            assert_eq!(&buf[..n], ch.encode_utf8(&mut [0; 4]).as_bytes());
            assert_eq!(decode(&buf[..n]), Some((ch as u32, n)));
            assert_eq!(decode_last(&buf[..n]), Some((ch as u32, n)));
            assert_eq!(len_of_first(buf[0]), n);
            assert!(validate(&buf[..n]));
        }
        assert_eq!(encode(0x110000), None);
        assert!(validate(&encode(0xd800).unwrap().0[..3]));
    }

    #[test]
    fn validation_agrees_with_std() {
        let pick = [
            0x00u8, 0x41, 0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xef, 0xf0, 0xf1, 0xf4, 0xf5,
            0xff,
        ];
        for a in pick {
            for b in pick {
                for c in pick {
                    for d in pick {
                        let s = [a, b, c, d];
                        assert_eq!(validate(&s), core::str::from_utf8(&s).is_ok(), "{s:x?}");
                        decode_last(&s).unwrap();
                    }
                }
            }
        }
    }

    #[test]
    fn positions() {
        let s = "aé€😀z";
        let all: Vec<usize> = s.char_indices().map(|x| x.0).collect();
        for (i, at) in all.iter().enumerate() {
            assert_eq!(offset_of(s.as_bytes(), i), Some(*at));
            assert_eq!(index_of(s.as_bytes(), *at), i);
        }
        assert_eq!(count(s.as_bytes()), 5);
        assert_eq!(offset_of(s.as_bytes(), 5), Some(s.len()));
        assert_eq!(offset_of(s.as_bytes(), 6), None);
        assert_eq!(decode_last("😀".as_bytes()), Some((0x1f600, 4)));
        assert_eq!(decode_last(b""), None);
    }

    #[test]
    fn classes() {
        for ch in 0..300u32 {
            let c = char::from_u32(ch).unwrap();
            assert_eq!(is_alpha(ch), c.is_ascii_alphabetic());
            assert_eq!(is_digit(ch), c.is_ascii_digit());
            assert_eq!(is_space(ch), c.is_ascii_whitespace() || ch == 11);
            assert_eq!(to_upper(ch), c.to_ascii_uppercase() as u32);
            assert_eq!(to_lower(ch), c.to_ascii_lowercase() as u32);
        }
        assert_eq!(digit_value(b'z'), Some(35));
        assert!(is_ident(0x5f, false) && !is_ident(0x30, false) && is_ident(0x30, true));
    }

    #[test]
    fn hashes_spread() {
        let names: Vec<String> = (0..1000).map(|i| format!("name_{i}")).collect();
        let all: HashSet<u32> = names.iter().map(|n| hash(n.as_bytes())).collect();
        assert!(all.len() > 995);
        for shift in [0, 8] {
            let low: HashSet<u32> = names.iter().map(|n| hash(n.as_bytes()) >> shift & 63).collect();
            assert_eq!(low.len(), 64);
        }
        assert_ne!(hash(b"ab") & 31, hash(b"ba") & 31);
    }
}
