//! Instructions and the format's numbers, decoded from byte slices without ever reading beyond them.
//!
//! Invariants
//! - an unsigned number has its high groups of 7 bits first, the last byte's bit 7 clear, and fits in 32 bits;
//! - `None` means the bytes end inside, or the number does not fit: no function here guesses.

use super::op::{self, Format, Multi};

/// The number at `at`, and the place behind it.
pub fn uint(bytes: &[u8], mut at: usize) -> Option<(u32, usize)> {
    let mut n = 0u32;
    loop {
        let b = *bytes.get(at)?;
        at += 1;
        if n >> 25 != 0 {
            return None;
        }
        n = n << 7 | (b & 0x7f) as u32;
        if b & 0x80 == 0 {
            return Some((n, at));
        }
    }
}

/// The signed number at `at`: as `uint`, with the sign in bit 6 of the first byte.
pub fn int(bytes: &[u8], mut at: usize) -> Option<(i32, usize)> {
    let mut n = if bytes.get(at)? & 0x40 != 0 { -1i32 } else { 0 };
    loop {
        let b = *bytes.get(at)?;
        at += 1;
        if n << 7 >> 7 != n {
            return None;
        }
        n = n << 7 | (b & 0x7f) as i32;
        if b & 0x80 == 0 {
            return Some((n, at));
        }
    }
}

/// A jump distance of one or two bytes as it stands, the bias of signed ones, and the place behind it.
fn distance(bytes: &[u8], at: usize) -> Option<(i32, i32, usize)> {
    let low = *bytes.get(at)? as i32;
    if low & 0x80 == 0 {
        return Some((low, 0x40, at + 1));
    }
    let high = *bytes.get(at + 1)? as i32;
    Some((low & 0x7f | high << 7, 0x4000, at + 2))
}

/// An instruction. Places count from the start of the slice it was decoded from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Insn {
    pub op: u8,
    pub format: Format,
    /// The unsigned operand, the signed one's bits, or the place a jump leads to.
    pub arg: u32,
    /// The byte behind the operand, where the format has one.
    pub extra: u8,
    /// The place behind the instruction.
    pub next: usize,
}

impl Insn {
    /// The operand of `LOAD_CONST_SMALL_INT`.
    pub fn int(&self) -> i32 {
        self.arg as i32
    }
    /// The local variable that the instruction names.
    pub fn local(&self) -> Option<u32> {
        match (self.format, self.op) {
            (Format::Local | Format::Cell, _) => Some(self.arg),
            (_, op::LOAD_FAST_MULTI..op::UNARY_OP_MULTI) => match op::multi(self.op) {
                Multi::LoadFast(n) | Multi::StoreFast(n) => Some(n as u32),
                _ => None,
            },
            _ => None,
        }
    }
    /// Positional and keyword arguments of a call.
    pub fn args(&self) -> (u32, u32) {
        (self.arg & 0xff, self.arg >> 8 & 0xff)
    }
}

/// The instruction at `at` of the opcodes `code`. A jump out of `code` on the low side is `None`; on the high side it is
/// for the caller to refuse.
pub fn decode(code: &[u8], at: usize) -> Option<Insn> {
    decode_here(code, at)
}

/// `decode` for loops over all of a code.
#[inline(always)]
pub fn decode_here(code: &[u8], at: usize) -> Option<Insn> {
    let op = *code.get(at)?;
    let format = op::info(op).format;
    let at = at + 1;
    let mut insn = Insn { op, format, arg: 0, extra: 0, next: at };
    match format {
        Format::Free => return None,
        Format::None => return Some(insn),
        Format::Int => {
            let (n, next) = int(code, at)?;
            (insn.arg, insn.next) = (n as u32, next);
        }
        Format::Forward | Format::Jump | Format::Unwind => {
            let (n, bias, next) = distance(code, at)?;
            let n = if format == Format::Forward { n } else { n - bias };
            let target = i32::try_from(next).ok()?.checked_add(n)?;
            (insn.arg, insn.next) = (u32::try_from(target).ok()?, next);
        }
        _ => match *code.get(at)? {
            // Nearly all operands.
            n if n < 0x80 => (insn.arg, insn.next) = (n as u32, at + 1),
            _ => (insn.arg, insn.next) = uint(code, at)?,
        },
    }
    if matches!(format, Format::ChildCells | Format::Unwind) {
        insn.extra = *code.get(insn.next)?;
        insn.next += 1;
    }
    Some(insn)
}

/// As `decode`, for code that may have been rewritten in place.
pub fn decode_live(code: &[u8], at: usize) -> Option<Insn> {
    match *code.get(at)? {
        // All that is put in the place of others has no operand.
        op if op::original(op) != op => {
            Some(Insn { op: op::original(op), format: Format::None, arg: 0, extra: 0, next: at + 1 })
        }
        _ => decode(code, at),
    }
}

/// What a code's first bytes say. Places count from the start of the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prelude {
    /// Locals and stack, in values.
    pub n_state: u32,
    pub n_exc_stack: u32,
    /// Bits of `op::scope`.
    pub scope_flags: u8,
    pub n_pos_args: u32,
    pub n_kwonly_args: u32,
    pub n_def_pos_args: u32,
    /// Where the names of the code and its arguments start; the line table follows them.
    pub info: usize,
    /// Where the list of locals that become cells starts, and the line table ends.
    pub cells: usize,
    /// The first opcode.
    pub first: usize,
}

/// Decodes the prelude; `None` where the bytes end inside it or a count leaves the bounds that a `Code` cell can hold.
pub fn prelude(code: &[u8]) -> Option<Prelude> {
    let z = *code.first()? as u32;
    let mut at = 1;
    let (mut s, mut e, mut f, mut a, mut k, mut d) = (z >> 3 & 15, z >> 2 & 1, 0, z & 3, 0, 0);
    let (mut more, mut n) = (z & 0x80 != 0, 0);
    while more {
        let z = *code.get(at)? as u32;
        at += 1;
        // More groups than these only hold counts that are refused below.
        if n > 8 && z & 0x7f != 0 {
            return None;
        }
        if n <= 8 {
            s |= (z & 0x30) << (2 * n);
            e |= (z & 2) << n;
            f |= (z >> 6 & 1) << n;
            a |= (z & 4) << n;
            k |= (z >> 3 & 1) << n;
            d |= (z & 1) << n;
        }
        more = z & 0x80 != 0;
        n += 1;
    }
    let (mut info_size, mut cells, mut n) = (0usize, 0usize, 0u32);
    loop {
        let z = *code.get(at)? as usize;
        at += 1;
        // Up to 255 cells, and up to 16 MB of names and lines.
        if n > 7 || n > 3 && z & 0x7e != 0 {
            return None;
        }
        cells |= (z & 1) << n;
        if n <= 3 {
            info_size |= (z >> 1 & 0x3f) << (6 * n);
        }
        n += 1;
        if z & 0x80 == 0 {
            break;
        }
    }
    if s + 1 > MAX_STATE || e > MAX_EXC_STACK || f > 15 || a > 255 || k > 255 || d > 255 {
        return None;
    }
    let cells_at = at.checked_add(info_size)?;
    let first = cells_at.checked_add(cells)?;
    if first > code.len() {
        return None;
    }
    Some(Prelude {
        n_state: s + 1,
        n_exc_stack: e,
        scope_flags: f as u8,
        n_pos_args: a,
        n_kwonly_args: k,
        n_def_pos_args: d,
        info: at,
        cells: cells_at,
        first,
    })
}

/// Bounds of a frame: a `Code` cell keeps them in 16 and 8 bits, and `UNWIND_JUMP` counts blocks in 7.
pub const MAX_STATE: u32 = 0xffff;
pub const MAX_EXC_STACK: u32 = 127;

/// One step of a line table: bytes of code and lines to go on by, and the place behind it.
pub fn line_step(table: &[u8], at: usize) -> Option<(u32, u32, usize)> {
    let c = *table.get(at)? as u32;
    if c & 0x80 == 0 {
        return Some((c & 0x1f, c >> 5, at + 1));
    }
    let low = *table.get(at + 1)? as u32;
    Some((c & 15, c << 4 & 0x700 | low, at + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(uint(&[0x05], 0), Some((5, 1)));
        assert_eq!(uint(&[0x81, 0x00], 0), Some((128, 2)));
        assert_eq!(uint(&[0x8f, 0xff, 0xff, 0xff, 0x7f], 0), Some((u32::MAX, 5)));
        assert_eq!(uint(&[0x90, 0x80, 0x80, 0x80, 0x00], 0), None);
        assert_eq!(uint(&[0x81], 0), None);
        assert_eq!(uint(&[], 0), None);
        assert_eq!(int(&[0x3f], 0), Some((63, 1)));
        assert_eq!(int(&[0x40], 0), Some((-64, 1)));
        assert_eq!(int(&[0xff, 0x00], 0), Some((-128, 2)));
        assert_eq!(int(&[0x80, 0x40], 0), Some((64, 2)));
        assert_eq!(int(&[0x80], 0), None);
    }

    #[test]
    fn jumps() {
        // JUMP back on itself, and as two bytes.
        assert_eq!(decode(&[0x42, 0x3e], 0).unwrap().arg, 0);
        assert_eq!(decode(&[0x42, 0xfd, 0x7f], 0).unwrap().arg, 0);
        assert_eq!(decode(&[0x42, 0x3d], 0), None);
        // UNWIND_JUMP counts from its last byte.
        let i = decode(&[0x40, 0x42, 0x81, 0x59], 0).unwrap();
        assert_eq!((i.arg, i.extra, i.next), (4, 0x81, 3));
        assert_eq!(decode(&[0x46, 0x80, 0x01], 0).unwrap().arg, 3 + 128);
    }

    #[test]
    fn prelude_fields() {
        // mpy-cross: def f(a, b=1, *c, d, e=2, **g): n_state 7 …
        let p = prelude(&[0x10, 0x08, 0x01, 0x60, 0x60, 0x60]).unwrap();
        assert_eq!((p.n_state, p.n_exc_stack, p.info, p.cells, p.first), (3, 0, 2, 6, 6));
        assert_eq!(prelude(&[0x10, 0x08, 0x01]), None);
        assert_eq!(prelude(&[0x80; 40]), None);
    }
}
