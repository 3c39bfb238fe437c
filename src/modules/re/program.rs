//! The compiled form of a regular expression: bytes, each instruction an opcode and its operand.
//!
//! Invariants
//! - a program begins with the loop `.*?` that searching enters and matching steps over; group 0 is around the rest;
//! - jumps are relative to the instruction's end and fit a signed byte, so programs are small and so are their loops;
//! - every jump leads to an instruction of the program: the compiler is the only writer.

/// What an instruction does. In brackets, its operand.
pub mod op {
    /// One given unit below 256 (byte).
    pub const CHAR: u8 = 1;
    pub const ANY: u8 = 2;
    /// A set (number of ranges, then first and last of each). A range whose first is 255 and whose last is a letter is the
    /// named set of that letter.
    pub const CLASS: u8 = 3;
    pub const CLASS_NOT: u8 = 4;
    /// `\d` and its like (letter).
    pub const NAMED: u8 = 5;
    /// One given character beyond 255 (three bytes, low first).
    pub const WIDE: u8 = 6;
    /// As `CLASS`, first and last of three bytes each.
    pub const WIDE_CLASS: u8 = 7;
    pub const WIDE_CLASS_NOT: u8 = 8;
    /// The beginning and the end of the text.
    pub const BEGIN: u8 = 9;
    pub const END: u8 = 10;
    /// (offset)
    pub const JUMP: u8 = 11;
    /// Goes on behind itself, and if that leads to nothing, at its target (offset); `RSPLIT` the other way round.
    pub const SPLIT: u8 = 12;
    pub const RSPLIT: u8 = 13;
    /// Notes the place (register).
    pub const SAVE: u8 = 14;
    pub const MATCH: u8 = 15;
}

/// Where matching begins: behind the loop for searching.
pub const ANCHORED: usize = 5;

/// The first of a range that means a named set.
pub const NAMED_RANGE: u8 = 255;

/// The size of the instruction with this opcode and first operand byte.
pub fn size(opcode: u8, operand: u8) -> usize {
    match opcode {
        op::ANY | op::BEGIN | op::END | op::MATCH => 1,
        op::CLASS | op::CLASS_NOT => 2 + 2 * operand as usize,
        op::WIDE => 4,
        op::WIDE_CLASS | op::WIDE_CLASS_NOT => 2 + 6 * operand as usize,
        _ => 2,
    }
}

/// Whether a character is in the named set of a letter.
pub fn in_named(ch: u32, letter: u8) -> bool {
    let b = u8::try_from(ch).unwrap_or(0x80);
    let inside = match letter | 0x20 {
        b'd' => b.is_ascii_digit(),
        b's' => b.is_ascii_whitespace() || b == 0x0b,
        _ => b.is_ascii_alphanumeric() || b == b'_',
    };
    // A capital letter is the complement.
    inside != letter.is_ascii_uppercase()
}
