//! The code of all scopes while the file is read: operations with names, labels and scopes still symbolic.
//!
//! Invariants
//! - every scope has a vector of its own (`Field::Bytes`); `ir` is the one of the scope that is written or walked;
//! - an operation below `op::MULTI` that the format has stands for itself, its operand by number of name, constant or
//!   label; the others are the ones listed here;
//! - nothing is written while `muted` (code that can never run);
//! - operands are 7-bit groups, low first.

use super::Compiler;
use super::scope::{Field, ScopeKind};
use crate::code::op::{self, Format, info};
use crate::heap::lent::GIVES_WAY;
use crate::heap::{ByteVec, R, Value};

/// The end of a scope.
pub const END: u8 = 0x00;
/// So many source lines on.
pub const LINE: u8 = 0x01;
pub const LABEL: u8 = 0x02;
pub const LOAD_ID: u8 = 0x03;
pub const STORE_ID: u8 = 0x04;
pub const DELETE_ID: u8 = 0x05;
/// A byte: the stack's depth differs by so much from what the operations say.
pub const ADJUST: u8 = 0x06;
/// A scope begins to exist.
pub const SCOPE: u8 = 0x08;
/// Makes the function of a scope, with the cells that it takes.
pub const CLOSE: u8 = 0x09;
/// Name, line.
pub const GLOBAL: u8 = 0x0a;
pub const NONLOCAL: u8 = 0x0b;
/// Declares the target of `:=` inside a comprehension: a name of the scope around it.
pub const WALRUS: u8 = 0x0c;
pub const DECLARE: u8 = 0x0d;
/// Message, line.
pub const ERROR: u8 = 0x0e;
/// Name, line; then a byte of flags.
pub const PARAM: u8 = 0x0f;
pub const FIRST_PARAM: u8 = 0x1d;
pub const NOP: u8 = 0x1e;
/// Labels of `break` and `continue`: remembers how many exception blocks are open here.
pub const LOOP: u8 = 0x1f;
/// Label; then a byte: bit 7 where a for-loop's iterator must go, and how many blocks to leave.
pub const BREAK: u8 = 0x4c;
pub const CLASS_END: u8 = 0x4d;

/// How an operation's operands are written: groups, then bytes.
pub fn operands(o: u8) -> (u8, u8) {
    match o {
        END | FIRST_PARAM | NOP | CLASS_END => (0, 0),
        ADJUST => (0, 1),
        GLOBAL | NONLOCAL | ERROR | LOOP => (2, 0),
        PARAM => (2, 1),
        BREAK => (1, 1),
        0x01..=0x0d => (1, 0),
        _ => match info(o).format {
            Format::None | Format::Free => (0, 0),
            _ => (1, 0),
        },
    }
}

/// A signed number as an operand.
pub fn zigzag(n: i32) -> u32 {
    (n << 1 ^ n >> 31) as u32
}
pub fn unzigzag(n: u32) -> i32 {
    (n >> 1) as i32 ^ -((n & 1) as i32)
}

impl Compiler<'_> {
    fn ir_byte(&mut self, b: u8) {
        let done = self.ir.push(self.heap, b);
        self.note(done);
    }
    fn ir_group(&mut self, mut n: u32) {
        while n >= 0x80 {
            self.ir_byte(n as u8 | 0x80);
            n >>= 7;
        }
        self.ir_byte(n as u8);
    }
    #[inline(always)]
    pub fn emit(&mut self, o: u8) -> R<()> {
        self.write(o);
        Ok(())
    }
    fn write(&mut self, o: u8) {
        self.write_arg(o, 0);
    }
    /// An operation with one operand (ignored where it has none).
    #[inline(always)]
    pub fn emit_arg(&mut self, o: u8, a: u32) -> R<()> {
        self.write_arg(o, a);
        Ok(())
    }
    fn write_arg(&mut self, o: u8, a: u32) {
        if self.muted > 0 {
            return;
        }
        if matches!(o, op::YIELD_VALUE | op::YIELD_FROM) {
            self.set_flag(op::scope::GENERATOR);
        }
        self.ir_byte(o);
        match operands(o) {
            (0, 1) => self.ir_byte(a as u8),
            (0, _) => {}
            _ => self.ir_group(a),
        }
    }
    #[inline(always)]
    pub fn emit_two(&mut self, o: u8, a: u32, b: u32) -> R<()> {
        self.write_two(o, a, b);
        Ok(())
    }
    fn write_two(&mut self, o: u8, a: u32, b: u32) {
        if self.muted == 0 {
            self.ir_byte(o);
            self.ir_group(a);
            self.ir_group(b);
        }
    }
    pub fn emit_param(&mut self, name: u32, line: u32, flags: u8) -> R<()> {
        if self.muted == 0 {
            self.write_two(PARAM, name, line);
            self.ir_byte(flags);
        }
        Ok(())
    }
    pub fn emit_break(&mut self, label: u32, from_for: bool) -> R<()> {
        if self.muted == 0 {
            self.ir_byte(BREAK);
            self.ir_group(label);
            self.ir_byte((from_for as u8) << 7);
        }
        Ok(())
    }
    pub fn emit_small(&mut self, n: i32) -> R<()> {
        let excess = op::SMALL_INT_EXCESS as i32;
        if (-excess..64 - excess).contains(&n) {
            self.emit(op::SMALL_INT_MULTI.wrapping_add((n + excess) as u8))
        } else {
            self.emit_arg(op::LOAD_CONST_SMALL_INT, zigzag(n))
        }
    }
    #[inline(always)]
    pub fn emit_error(&mut self, message: u32, line: u32) -> R<()> {
        self.write_error(message, line);
        Ok(())
    }
    fn write_error(&mut self, message: u32, line: u32) {
        let line = if line == 0 { self.statement_line } else { line };
        self.write_two(ERROR, message, line);
    }
    /// The code that follows belongs to this line.
    #[inline(always)]
    pub fn emit_line(&mut self, line: u32) -> R<()> {
        self.write_line(line);
        Ok(())
    }
    fn write_line(&mut self, line: u32) {
        if self.muted > 0 {
            return;
        }
        let last = self.field(self.scope, Field::LastLine);
        if line > last && self.lines {
            self.set_field(self.scope, Field::LastLine, line);
            self.write_arg(LINE, line - last);
        }
    }
    pub fn new_label(&mut self) -> u32 {
        self.new_labels(1)
    }
    /// The first of `n` labels in a row.
    pub fn new_labels(&mut self, n: u32) -> u32 {
        if self.muted > 0 {
            return 0;
        }
        let l = self.field(self.scope, Field::Labels);
        self.set_field(self.scope, Field::Labels, l + n);
        l
    }
    #[inline(always)]
    pub fn emit_label(&mut self, l: u32) -> R<()> {
        self.write_label(l);
        Ok(())
    }
    fn write_label(&mut self, l: u32) {
        self.write_arg(LABEL, l);
    }
    #[inline(always)]
    pub fn adjust(&mut self, by: i8) -> R<()> {
        self.write_adjust(by);
        Ok(())
    }
    fn write_adjust(&mut self, by: i8) {
        self.write_arg(ADJUST, by as u8 as u32);
    }

    // ---- scopes ----------------------------------------------------------------------------------------------

    /// From here on code goes to scope `s`, a child of the present one. Never while muted.
    pub fn enter_scope(&mut self, s: u32) -> R<()> {
        self.keep_ir();
        self.scope = s;
        self.ir = ByteVec::new();
        Ok(())
    }
    pub fn leave_scope(&mut self) -> R<()> {
        self.emit(END)?;
        self.ir.trim(self.heap);
        self.keep_ir();
        let parent = self.field(self.scope, Field::Parent);
        self.ir = self.ir_of(parent);
        self.scope = parent;
        Ok(())
    }
    /// Notes in the record of its scope where the code written so far is.
    pub fn keep_ir(&mut self) {
        self.set_field(self.scope, Field::Length, self.ir.len() as u32);
        self.set_field(self.scope, Field::Bytes, self.ir.cell().map_or(0, Value::bits));
    }
    /// Gives back the code of all scopes.
    pub fn free_ir(&mut self) {
        if !GIVES_WAY {
            // What lies in the records is garbage.
            return self.ir.free(self.heap);
        }
        // Once assembly has begun the records are complete, and the present code is that of one of them.
        if self.order.is_empty() {
            self.keep_ir();
        }
        self.ir = ByteVec::new();
        for s in 0..self.n_scopes() {
            match Value::from_bits(self.field(s, Field::Bytes)) {
                Some(v) if self.heap.is_held(v) => self.heap.free(v),
                _ => {}
            }
        }
    }
    /// The code of a scope; its record has it too.
    pub fn ir_of(&self, s: u32) -> ByteVec {
        let cell = Value::from_bits(self.field(s, Field::Bytes));
        ByteVec::of_cell(self.heap, cell, self.field(s, Field::Length) as usize)
    }
    pub fn scope_kind(&self) -> ScopeKind {
        self.kind_of_scope(self.scope)
    }
    pub fn set_flag(&mut self, flag: u8) {
        let w = self.field(self.scope, Field::Flags) | flag as u32;
        self.set_field(self.scope, Field::Flags, w);
    }
    pub fn has_flag(&self, flag: u8) -> bool {
        self.field(self.scope, Field::Flags) & flag as u32 != 0
    }
}
