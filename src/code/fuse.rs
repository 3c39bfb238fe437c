//! Rewrites code that lies in RAM for speed: one instruction that does the work of a group stands in the first one's place.
//!
//! Invariants
//! - only code that needs no further verification is rewritten, and only in raw cells that nobody else looks at; flash and
//!   bytes objects stay as they are;
//! - only the first byte of a group changes (`op::REWRITTEN`), all others stay: a jump into the group finds what it did, and
//!   where the group cannot be done at once the one instruction is, and the next ones follow;
//! - whoever shows or writes code undoes it (`op::original`, `op::restore`); numbers of this kind are refused in files.

use super::object;
use super::op;
use super::operand;
use crate::heap::{Heap, R, Value, ValueVec};

/// The end of a loop over a range in steps of 1 whose limit lies on the stack: `+= 1`, a copy of both, `<`, jump back.
const RANGE: &[u8] = &[0x81, 0xe5, 0x58, 0x5a, 0xd7, op::POP_JUMP_IF_TRUE];

/// Rewrites a module's code and all codes inside it; some only, where memory is short.
pub fn tree(heap: &mut Heap, root: Value) {
    let mut open = ValueVec::new();
    if walk(heap, root, &mut open).is_err() {
        heap.raised = None;
    }
    open.free(heap);
}

fn walk(heap: &mut Heap, root: Value, open: &mut ValueVec) -> R<()> {
    let mut next = Some(root);
    while let Some(code) = next {
        one(heap, code);
        for i in 0..object::n_children(heap, code) {
            let child = object::child(heap, code, i as u32);
            open.push(heap, child)?;
        }
        next = open.pop(heap);
    }
    Ok(())
}

fn one(heap: &mut Heap, code: Value) {
    let first = heap.code_first(code);
    let (mut at, mut from) = (0, 0);
    loop {
        let code_bytes = object::opcodes(heap, code);
        let rest = code_bytes.get(from..).unwrap_or(&[]);
        let Some(found) = rest.windows(RANGE.len()).position(|w| w == RANGE) else { return };
        let found = from + found;
        from = found + 1;
        // The bytes may be a part of something else.
        while at < found {
            match operand::decode_live(code_bytes, at) {
                Some(insn) => at = insn.next,
                None => return,
            }
        }
        if at == found && !heap.patch_code(code, first + at, op::RANGE_STEP) {
            return;
        }
    }
}
