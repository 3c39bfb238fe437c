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
use crate::heap::lent::Lent;
use crate::heap::{R, Value, WordVec};

/// The end of a loop over a range in steps of 1 whose limit lies on the stack: `+= 1`, a copy of both, `<`, jump back.
const RANGE: &[u8] = &[0x81, 0xe5, 0x58, 0x5a, 0xd7, op::POP_JUMP_IF_TRUE];

/// Bytes that are searched, and instructions that are read, before others may come in.
const PART: usize = 400;
const INSNS: usize = 60;

/// Rewrites a module's code, which is kept, and all codes inside it; some only, where memory is short.
pub fn tree(heap: &mut Lent, root: Value) {
    let mut open = WordVec::new();
    if walk(heap, root, &mut open).is_err() {
        heap.raised = None;
    }
    open.free(heap);
}

fn walk(heap: &mut Lent, root: Value, open: &mut WordVec) -> R<()> {
    let mut next = Some(root);
    while let Some(code) = next {
        one(heap, code);
        if heap.has_failed() {
            return Ok(());
        }
        for i in 0..object::n_children(heap, code) {
            let child = object::child(heap, code, i as u32);
            open.push(heap, child.map_or(0, Value::bits))?;
            heap.worked_here(200);
        }
        next = open.pop(heap).and_then(Value::from_bits);
    }
    Ok(())
}

fn one(heap: &mut Lent, code: Value) {
    let first = heap.code_first(code);
    let (mut at, mut from) = (0, 0);
    loop {
        heap.worked_here(PART as u32 * 10);
        let code_bytes = object::opcodes(heap, code);
        let rest = code_bytes.get(from..).unwrap_or(&[]);
        let part = rest.get(..PART).unwrap_or(rest);
        let Some(found) = part.windows(RANGE.len()).position(|w| w == RANGE) else {
            if part.len() == rest.len() {
                return;
            }
            from += PART + 1 - RANGE.len();
            continue;
        };
        from += found;
        // The bytes may be a part of something else.
        for _ in 0..INSNS {
            match operand::decode_live(code_bytes, at) {
                Some(insn) if at < from => at = insn.next,
                None if at < from => return,
                _ => break,
            }
        }
        if at < from {
            continue;
        }
        if at == from && !heap.patch_code(code, first + at, op::RANGE_STEP) {
            return;
        }
        from += 1;
    }
}
