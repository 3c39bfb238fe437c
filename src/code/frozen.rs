//! Frozen modules: one blob of `.mpy` files, found by path and run where they lie.
//!
//! Invariants
//! - a blob is, in words of 32 bits with the low byte first: `MAGIC`, its length in bytes, the checksum of all that
//!   follows, the number of files; then for each file where its path starts, how long that is, and the same of its bytes;
//!   then paths and bytes. Paths are in the order of their bytes, so that a look-up halves;
//! - `Blob::open` looks at all of that once, so whatever a blob finds lies inside it. What the files hold is for the reader
//!   to refuse (`read`).

/// "PYF" and the version of the form.
const MAGIC: u32 = u32::from_le_bytes(*b"PYF\x01");
const HEAD: usize = 16;
const ENTRY: usize = 16;
/// What follows the checksum starts here.
const CHECKED: usize = 12;

/// The memory of a blob that was looked at.
#[derive(Clone, Copy)]
pub struct Blob(&'static [u8]);

/// What lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    File(&'static [u8]),
    Folder,
}

impl Blob {
    /// Without any file.
    pub const EMPTY: Blob = Blob(&[]);

    /// The blob that `bytes` start with; `None` where it is cut, damaged or of another version.
    pub fn open(bytes: &'static [u8]) -> Option<Blob> {
        let len = word(bytes, 4)? as usize;
        let blob = Blob(bytes.get(..len)?);
        let sum = checksum(SEED, blob.0.get(CHECKED..)?);
        if word(bytes, 0)? != MAGIC || word(bytes, 8)? != !sum {
            return None;
        }
        let mut last: &[u8] = &[];
        for i in 0..blob.len() {
            let (path, _) = blob.entry(i)?;
            if path <= last {
                return None;
            }
            last = path;
        }
        Some(blob)
    }
    fn len(self) -> usize {
        word(self.0, 12).unwrap_or(0) as usize
    }
    fn entry(self, i: usize) -> Option<(&'static [u8], &'static [u8])> {
        let at = i.checked_mul(ENTRY)?.checked_add(HEAD)?;
        let part = |at: usize| {
            let (from, len) = (word(self.0, at)? as usize, word(self.0, at.checked_add(4)?)? as usize);
            self.0.get(from..from.checked_add(len)?)
        };
        Some((part(at)?, part(at.checked_add(8)?)?))
    }
    /// The file at this path, or that there are files below it.
    pub fn find(self, path: &[u8]) -> Option<Found> {
        if path.is_empty() {
            return (self.len() != 0).then_some(Found::Folder);
        }
        // The first path that is not less: the file itself, or where it would be.
        if let Some((found, bytes)) = self.entry(self.first(path, false))
            && found == path
        {
            return Some(Found::File(bytes));
        }
        let (below, _) = self.entry(self.first(path, true))?;
        let inside = below.strip_prefix(path).is_some_and(|rest| rest.first() == Some(&b'/'));
        inside.then_some(Found::Folder)
    }
    /// The first file whose path is not less than `path`, or than `path/`.
    fn first(self, path: &[u8], slash: bool) -> usize {
        let less = |p: &[u8]| match p.get(..path.len()) {
            Some(start) if slash && start == path => p.get(path.len()).is_none_or(|b| *b < b'/'),
            _ => p < path,
        };
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = (low + high) / 2;
            match self.entry(middle) {
                Some((p, _)) if less(p) => low = middle + 1,
                _ => high = middle,
            }
        }
        low
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    match bytes.get(at..at.checked_add(4)?)? {
        &[a, b, c, d] => Some(u32::from_le_bytes([a, b, c, d])),
        _ => None,
    }
}

const SEED: u32 = u32::MAX;

/// CRC-32, as far as `bytes` take it.
fn checksum(mut sum: u32, bytes: &[u8]) -> u32 {
    /// What four bits leave.
    const TABLE: [u32; 16] = {
        let mut table = [0; 16];
        let mut i = 0;
        while i < 16 {
            let (mut n, mut bit) = (i as u32, 0);
            while bit < 4 {
                n = if n & 1 != 0 { n >> 1 ^ 0xedb8_8320 } else { n >> 1 };
                bit += 1;
            }
            table[i] = n;
            i += 1;
        }
        table
    };
    let step = |sum: u32| TABLE.get(sum as usize & 15).copied().unwrap_or(0) ^ sum >> 4;
    for b in bytes {
        sum = step(step(sum ^ *b as u32));
    }
    sum
}

/// Writes the blob of these files (path, bytes), which must be in the order of their paths' bytes, to `out`, piece by piece.
/// False where it would be too long.
pub fn write(files: &[(&[u8], &[u8])], out: &mut dyn FnMut(&[u8])) -> bool {
    let entries = files.len() * ENTRY;
    let all: usize = files.iter().map(|(path, bytes)| path.len() + bytes.len()).sum();
    let Ok(len) = u32::try_from(HEAD + entries + all) else { return false };
    let mut sum = SEED;
    pieces(files, &mut |piece| sum = checksum(sum, piece));
    for w in [MAGIC, len, !sum] {
        out(&w.to_le_bytes());
    }
    pieces(files, out);
    true
}

/// What follows the checksum.
fn pieces(files: &[(&[u8], &[u8])], out: &mut dyn FnMut(&[u8])) {
    out(&(files.len() as u32).to_le_bytes());
    let mut at = (HEAD + files.len() * ENTRY) as u32;
    for part in files.iter().flat_map(|(path, bytes)| [path, bytes]) {
        out(&at.to_le_bytes());
        out(&(part.len() as u32).to_le_bytes());
        at += part.len() as u32;
    }
    for part in files.iter().flat_map(|(path, bytes)| [path, bytes]) {
        out(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    fn blob(files: &[(&str, &str)]) -> &'static [u8] {
        let mut out = Vec::new();
        let files: Vec<_> = files.iter().map(|(p, b)| (p.as_bytes(), b.as_bytes())).collect();
        assert!(write(&files, &mut |piece| out.extend_from_slice(piece)));
        out.leak()
    }

    #[test]
    fn files_and_folders() {
        let b = Blob::open(blob(&[
            ("a-b.py", "1"),
            ("a.py", "22"),
            ("a/b/c.py", "333"),
            ("a0.py", "4"),
            ("z.py", ""),
        ]))
        .unwrap();
        for (path, found) in
            [("a-b.py", "1"), ("a.py", "22"), ("a/b/c.py", "333"), ("a0.py", "4"), ("z.py", "")]
        {
            assert_eq!(b.find(path.as_bytes()), Some(Found::File(found.as_bytes())), "{path}");
        }
        for path in ["", "a", "a/b"] {
            assert_eq!(b.find(path.as_bytes()), Some(Found::Folder), "{path}");
        }
        for path in ["b", "a/", "a/c", "a.p", "a.pyx", "zz", "a/b/c", "-"] {
            assert_eq!(b.find(path.as_bytes()), None, "{path}");
        }
        assert_eq!(Blob::EMPTY.find(b"a"), None);
        assert_eq!(Blob::EMPTY.find(b""), None);
        assert_eq!(Blob::open(blob(&[])).unwrap().find(b""), None);
    }

    #[test]
    fn damage_is_seen() {
        let good = blob(&[("a.py", "11"), ("b.py", "2")]);
        assert!(Blob::open(good).is_some());
        for n in 0..good.len() {
            assert!(Blob::open(good.get(..n).unwrap()).is_none(), "{n}");
            for bit in 0..8 {
                let mut bad = good.to_vec();
                bad[n] ^= 1 << bit;
                assert!(Blob::open(bad.leak()).is_none(), "{n}");
            }
        }
        assert!(Blob::open(blob(&[("b.py", "11"), ("a.py", "2")])).is_none());
        // What lies behind it is not its own.
        let mut longer = good.to_vec();
        longer.push(1);
        assert!(Blob::open(longer.leak()).is_some());
        assert_eq!(!checksum(SEED, b"123456789"), 0xcbf4_3926);
    }
}
