//! The verifier's second pass: the stacks at every place, followed along all the ways that lead there.
//!
//! Invariants
//! - a target's state only ever grows (its kinds become more general), and what it had flowed into is looked at again;
//! - instructions between two targets are followed without being remembered.

use super::shapes::{Block, BlockKind, is_movable, is_value, is_wide, kind};
use super::{Verifier, refuse};
use crate::code::object;
use crate::code::op::{self, Effect, ITER_SLOTS, Multi};
use crate::code::operand::Insn;
use crate::heap::{Heap, R};

const KNOWN: u32 = 1 << 24;
const QUEUED: u32 = 1 << 25;
const EXC_MATCH: u8 = op::BINARY_OP_MULTI + 8;

/// The stacks before an instruction.
#[derive(Clone, Copy)]
struct State {
    stack: u32,
    blocks: u32,
    at: usize,
}

/// Whether the next instruction follows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    Next,
    Leaves,
    /// The instruction was the first of a pattern that was followed as a whole.
    Skip(usize),
}

impl Verifier {
    pub(super) fn follow(&mut self, heap: &mut Heap) -> R<()> {
        self.flow(heap, State { stack: 0, blocks: 0, at: 0 }, 0)?;
        while let Some(at) = self.work.pop(heap) {
            self.block_from(heap, at as usize)?;
        }
        Ok(())
    }

    fn state_word(&self, heap: &Heap, at: usize) -> (usize, u32) {
        let i = self.marks.map_or(0, |m| m.index(heap, at));
        (i, self.states.map_or(0, |s| heap.word(s, i)))
    }

    /// Lets a state reach the target `to`.
    fn flow(&mut self, heap: &mut Heap, from: State, to: usize) -> R<()> {
        if to <= from.at {
            self.stays_active(heap, from, to)?;
        }
        let (i, word) = self.state_word(heap, to);
        let mut stack = from.stack;
        if word & KNOWN != 0 {
            if word >> 12 & 0xfff != from.blocks {
                return Err(refuse(heap, "exception blocks differ where ways meet"));
            }
            match self.shapes.join(heap, word & 0xfff, from.stack)? {
                Some(s) => stack = s,
                None => return Err(refuse(heap, "stacks differ where ways meet")),
            }
            if stack == word & 0xfff {
                return Ok(());
            }
            if self.shapes.depth(heap, stack) > self.max_stack {
                return Err(refuse(heap, "stack overflow"));
            }
        }
        let queued = word & QUEUED != 0;
        if !queued {
            self.work.push(heap, to as u32)?;
        }
        if let Some(s) = self.states {
            heap.set_word(s, i, stack | from.blocks << 12 | KNOWN | QUEUED);
        }
        Ok(())
    }

    /// A way back must not lead out of the handler of a block that is still open: below its base things have changed.
    fn stays_active(&self, heap: &mut Heap, from: State, to: usize) -> R<()> {
        let mut node = from.blocks;
        while let Some(b) = self.shapes.block(heap, node) {
            if b.is_active(from.at) && !b.is_active(to) {
                return Err(refuse(heap, "jump out of an open handler"));
            }
            node = b.parent;
        }
        Ok(())
    }

    /// Follows the instructions from a target to the next one.
    fn block_from(&mut self, heap: &mut Heap, at: usize) -> R<()> {
        let (i, word) = self.state_word(heap, at);
        if let Some(s) = self.states {
            heap.set_word(s, i, word & !QUEUED);
        }
        let mut s = State { stack: word & 0xfff, blocks: word >> 12 & 0xfff, at };
        loop {
            let Some(insn) = self.insn(heap, s.at) else { return Err(refuse(heap, "code without an end")) };
            let next = match self.step(heap, &mut s, &insn)? {
                Then::Next => insn.next,
                Then::Skip(next) => next,
                Then::Leaves => return Ok(()),
            };
            if self.marks.is_some_and(|m| m.is_target(heap, next)) {
                return self.flow(heap, s, next);
            }
            s.at = next;
        }
    }

    // ---- the stack -------------------------------------------------------------------------------------------

    fn floor(&self, heap: &Heap, s: &State) -> u32 {
        self.shapes.block(heap, s.blocks).map_or(0, |b| b.floor(s.at))
    }
    fn top(&self, heap: &Heap, s: &State) -> u32 {
        self.shapes.kind(heap, s.stack)
    }
    fn level(&self, heap: &Heap, s: &State) -> u32 {
        self.shapes.level(heap, s.stack)
    }
    /// Refuses where `more` slots do not fit above the stack.
    fn room(&self, heap: &mut Heap, s: &State, more: u32) -> R<()> {
        if self.shapes.depth(heap, s.stack) + more > self.max_stack {
            return Err(refuse(heap, "stack overflow"));
        }
        Ok(())
    }
    fn push(&mut self, heap: &mut Heap, s: &mut State, kind: u32) -> R<()> {
        match self.shapes.push(heap, s.stack, kind)? {
            Some(n) => s.stack = n,
            None => return Err(refuse(heap, "too many different stacks")),
        }
        self.room(heap, s, 0)
    }
    fn push_n(&mut self, heap: &mut Heap, s: &mut State, kind: u32, n: u32) -> R<()> {
        for _ in 0..n {
            self.push(heap, s, kind)?;
        }
        Ok(())
    }
    /// Takes the top slot, whatever it is.
    fn take(&self, heap: &mut Heap, s: &mut State) -> R<u32> {
        if self.level(heap, s) <= self.floor(heap, s) {
            return Err(refuse(heap, "stack underflow"));
        }
        let k = self.top(heap, s);
        s.stack = self.shapes.parent(heap, s.stack);
        Ok(k)
    }
    fn pop(&self, heap: &mut Heap, s: &mut State, n: u32) -> R<()> {
        for _ in 0..n {
            self.pop_if(heap, s, is_value)?;
        }
        Ok(())
    }
    fn pop_if(&self, heap: &mut Heap, s: &mut State, good: fn(u32) -> bool) -> R<u32> {
        let k = self.take(heap, s)?;
        if good(k) { Ok(k) } else { Err(refuse(heap, "kind of operand on the stack")) }
    }
    /// Refuses unless the slot `n` below the top satisfies `good`; no token may lie above it.
    fn peek(&self, heap: &mut Heap, s: &State, n: u32, good: fn(u32) -> bool) -> R<u32> {
        let mut node = s.stack;
        for _ in 0..n {
            if node == 0 || is_wide(self.shapes.kind(heap, node)) {
                return Err(refuse(heap, "stack underflow"));
            }
            node = self.shapes.parent(heap, node);
        }
        let k = self.shapes.kind(heap, node);
        if node != 0 && good(k) { Ok(k) } else { Err(refuse(heap, "kind of operand on the stack")) }
    }
    /// A for-loop's slots: those of `GET_ITER_STACK`, or the pattern by which a generator expression hands its iterator on.
    fn pop_iter(&self, heap: &mut Heap, s: &mut State) -> R<()> {
        const _: () = assert!(ITER_SLOTS == 4);
        let mut slots = [0; ITER_SLOTS];
        for k in slots.iter_mut().rev() {
            *k = self.take(heap, s)?;
        }
        let [a, b, c, d] = slots;
        let own = a == kind::ITER && b == a + 1 && c == b + 1 && d == kind::ITER_LAST;
        let given = a == kind::NULL && is_value(b) && c == kind::NULL && d == kind::NULL;
        if own || given { Ok(()) } else { Err(refuse(heap, "for-loop without its iterator")) }
    }

    // ---- instructions ----------------------------------------------------------------------------------------

    /// Carries out one instruction on the state.
    fn step(&mut self, heap: &mut Heap, s: &mut State, insn: &Insn) -> R<Then> {
        if let Effect::Values(pop, push) = op::info(insn.op).effect {
            self.pop(heap, s, pop as u32)?;
            let kind = if insn.op == op::LOAD_CONST_NONE {
                kind::NONE
            } else if insn.op == op::BUILD_MAP {
                kind::DICT
            } else {
                kind::VALUE
            };
            self.push_n(heap, s, kind, push as u32)?;
            return Ok(Then::Next);
        }
        match op::multi(insn.op) {
            Multi::LoadFast(n) => return self.load_fast(heap, s, n as u32),
            Multi::StoreFast(_) => return self.pop(heap, s, 1).map(|()| Then::Next),
            _ => {}
        }
        let arg = insn.arg;
        match insn.op {
            op::LOAD_FAST_N => return self.load_fast(heap, s, arg),
            op::STORE_FAST_N => self.pop(heap, s, 1)?,
            op::DELETE_FAST => {}
            op::LOAD_NULL => self.push(heap, s, kind::NULL)?,
            op::LOAD_METHOD => {
                self.pop(heap, s, 1)?;
                self.push(heap, s, kind::VALUE)?;
                self.push(heap, s, kind::SELF)?;
            }
            op::LOAD_SUPER_METHOD => {
                self.pop(heap, s, 3)?;
                self.push(heap, s, kind::VALUE)?;
                self.push(heap, s, kind::SELF)?;
            }
            op::STORE_ATTR => {
                self.pop(heap, s, 1)?;
                self.pop_if(heap, s, is_value_or_null)?;
            }
            op::STORE_SUBSCR => {
                self.pop(heap, s, 2)?;
                self.pop_if(heap, s, is_value_or_null)?;
            }
            op::IMPORT_FROM => {
                self.peek(heap, s, 0, is_value)?;
                self.push(heap, s, kind::VALUE)?;
            }
            op::BUILD_TUPLE => {
                self.pop(heap, s, arg)?;
                let k = kind::TUPLE + arg;
                self.push(heap, s, if k <= kind::LAST { k } else { kind::VALUE })?;
            }
            op::BUILD_SLICE => {
                self.pop(heap, s, arg)?;
                self.push(heap, s, kind::VALUE)?;
            }
            op::BUILD_LIST => {
                self.pop(heap, s, arg)?;
                self.push(heap, s, kind::LIST)?;
            }
            op::BUILD_SET => {
                self.pop(heap, s, arg)?;
                self.push(heap, s, kind::SET)?;
            }
            op::STORE_MAP => {
                self.pop(heap, s, 2)?;
                self.peek(heap, s, 0, |k| k == kind::DICT)?;
            }
            op::STORE_COMP => {
                let (n, wanted): (u32, fn(u32) -> bool) = match arg & 3 {
                    0 => (1, |k| k == kind::LIST),
                    1 => (2, |k| k == kind::DICT),
                    _ => (1, |k| k == kind::SET),
                };
                if arg >> 2 < n {
                    return Err(refuse(heap, "operand"));
                }
                self.peek(heap, s, arg >> 2, wanted)?;
                self.pop(heap, s, n)?;
            }
            op::UNPACK_SEQUENCE => {
                self.pop(heap, s, 1)?;
                self.push_n(heap, s, kind::VALUE, arg)?;
            }
            op::UNPACK_EX => {
                self.pop(heap, s, 1)?;
                self.push_n(heap, s, kind::VALUE, (arg & 0xff) + (arg >> 8) + 1)?;
            }
            op::MAKE_FUNCTION => self.make(heap, s, insn, false)?,
            op::MAKE_FUNCTION_DEFARGS => self.make(heap, s, insn, true)?,
            op::MAKE_CLOSURE => self.make(heap, s, insn, false)?,
            op::MAKE_CLOSURE_DEFARGS => self.make(heap, s, insn, true)?,
            op::CALL_FUNCTION | op::CALL_METHOD => {
                let (n, kw) = insn.args();
                self.pop(heap, s, n + 2 * kw)?;
                self.callee(heap, s, insn.op == op::CALL_METHOD)?;
            }
            op::CALL_FUNCTION_VAR_KW | op::CALL_METHOD_VAR_KW => {
                let (n, kw) = insn.args();
                self.pop(heap, s, 1)?;
                for _ in 0..kw {
                    self.pop(heap, s, 1)?;
                    self.pop_if(heap, s, is_value_or_null)?;
                }
                self.pop(heap, s, n)?;
                self.callee(heap, s, insn.op == op::CALL_METHOD_VAR_KW)?;
            }
            op::DUP_TOP => {
                if self.top(heap, s) == kind::ASYNC {
                    return self.async_handler(heap, s, insn);
                }
                let k = self.peek(heap, s, 0, is_value)?;
                self.push(heap, s, k)?;
            }
            op::DUP_TOP_TWO => {
                let (a, b) = (self.peek(heap, s, 1, is_value)?, self.peek(heap, s, 0, is_value)?);
                self.push(heap, s, a)?;
                self.push(heap, s, b)?;
            }
            op::POP_TOP => {
                self.pop_if(heap, s, |k| is_value(k) || (kind::ITER..=kind::ITER_LAST).contains(&k))?;
            }
            op::ROT_TWO => {
                if let Some(b) = self.async_end(heap, s) {
                    return self.enter_async_handler(heap, s, b, insn);
                }
                let top = self.pop_if(heap, s, is_movable)?;
                let second = self.pop_if(heap, s, is_movable)?;
                self.push(heap, s, top)?;
                self.push(heap, s, second)?;
            }
            op::ROT_THREE => {
                if self.top(heap, s) == kind::PAIR {
                    return self.pair_below(heap, s, insn);
                }
                let top = self.pop_if(heap, s, is_movable)?;
                let second = self.pop_if(heap, s, is_movable)?;
                let third = self.pop_if(heap, s, is_movable)?;
                for k in [top, third, second] {
                    self.push(heap, s, k)?;
                }
            }
            op::GET_ITER_STACK => {
                self.pop(heap, s, 1)?;
                for i in 0..ITER_SLOTS as u32 {
                    self.push(heap, s, kind::ITER + i)?;
                }
            }
            op::FOR_ITER => {
                let mut end = *s;
                self.pop_iter(heap, &mut end)?;
                self.flow(heap, end, arg as usize)?;
                self.push(heap, s, kind::VALUE)?;
            }
            op::JUMP => {
                self.flow(heap, *s, arg as usize)?;
                return Ok(Then::Leaves);
            }
            op::POP_JUMP_IF_TRUE | op::POP_JUMP_IF_FALSE => {
                self.pop(heap, s, 1)?;
                self.flow(heap, *s, arg as usize)?;
            }
            op::JUMP_IF_TRUE_OR_POP | op::JUMP_IF_FALSE_OR_POP => {
                self.peek(heap, s, 0, is_value)?;
                self.flow(heap, *s, arg as usize)?;
                self.pop(heap, s, 1)?;
            }
            op::SETUP_WITH | op::SETUP_EXCEPT | op::SETUP_FINALLY => self.setup(heap, s, insn)?,
            op::POP_EXCEPT_JUMP => {
                match self.shapes.block(heap, s.blocks) {
                    Some(b) if b.kind == BlockKind::Except => s.blocks = b.parent,
                    _ => return Err(refuse(heap, "except without a block")),
                }
                self.flow(heap, *s, arg as usize)?;
                return Ok(Then::Leaves);
            }
            op::WITH_CLEANUP => self.with_cleanup(heap, s)?,
            op::END_FINALLY => return self.end_finally(heap, s),
            op::UNWIND_JUMP => {
                self.unwind_jump(heap, *s, insn)?;
                return Ok(Then::Leaves);
            }
            op::RETURN_VALUE => {
                self.pop_if(heap, s, |k| is_value(k) || k == kind::CELL)?;
                return Ok(Then::Leaves);
            }
            op::RAISE_LAST => return Ok(Then::Leaves),
            op::RAISE_OBJ => {
                self.pop(heap, s, 1)?;
                return Ok(Then::Leaves);
            }
            op::RAISE_FROM => {
                self.pop(heap, s, 2)?;
                return Ok(Then::Leaves);
            }
            _ => return Err(refuse(heap, "instruction")),
        }
        Ok(Then::Next)
    }

    fn load_fast(&mut self, heap: &mut Heap, s: &mut State, local: u32) -> R<Then> {
        let k = if self.is_cell(heap, local) { kind::CELL } else { kind::VALUE };
        self.push(heap, s, k)?;
        Ok(Then::Next)
    }

    /// Functions and closures: defaults for positional and keyword parameters, then cells. The defaults are exactly those
    /// that the code says it has: calls look for them without asking.
    fn make(&mut self, heap: &mut Heap, s: &mut State, insn: &Insn, defaults: bool) -> R<()> {
        let child = object::child(heap, self.code, insn.arg).map(|c| object::info(heap, c));
        let Some(info) = child else { return Err(refuse(heap, "operand")) };
        for _ in 0..insn.extra {
            self.pop_if(heap, s, |k| k == kind::CELL)?;
        }
        let (mut tuple, mut dict) = (kind::NULL, kind::NULL);
        if defaults {
            dict = self.pop_if(heap, s, |k| k == kind::DICT || k == kind::NULL)?;
            tuple = self.take(heap, s)?;
        }
        let wanted = if info.n_def_pos_args == 0 { kind::NULL } else { kind::TUPLE + info.n_def_pos_args };
        if tuple != wanted || (dict == kind::DICT) != info.has_kw_defaults() {
            return Err(refuse(heap, "defaults"));
        }
        self.push(heap, s, kind::VALUE)
    }

    fn callee(&mut self, heap: &mut Heap, s: &mut State, method: bool) -> R<()> {
        if method {
            self.pop_if(heap, s, is_movable)?;
        }
        self.pop(heap, s, 1)?;
        self.push(heap, s, kind::VALUE)
    }

    // ---- exception blocks ------------------------------------------------------------------------------------

    fn setup(&mut self, heap: &mut Heap, s: &mut State, insn: &Insn) -> R<()> {
        let handler = insn.arg as usize;
        let block_kind = match insn.op {
            op::SETUP_EXCEPT => BlockKind::Except,
            op::SETUP_WITH => {
                self.pop(heap, s, 1)?;
                // The method that is called first stands above the one that is called last.
                self.room(heap, s, 4)?;
                self.push_n(heap, s, kind::WITH, 2)?;
                BlockKind::With
            }
            // Only the handler of an `async with` starts by looking at what it was entered with.
            _ if object::opcodes(heap, self.code).get(handler) == Some(&op::DUP_TOP) => BlockKind::AsyncWith,
            _ => BlockKind::Finally,
        };
        let base = self.level(heap, s);
        if block_kind == BlockKind::AsyncWith {
            self.peek(heap, s, 0, is_value)?;
            if base <= self.floor(heap, s) {
                return Err(refuse(heap, "stack underflow"));
            }
        }
        let outer = self.shapes.block(heap, s.blocks).map_or(0, |b| b.depth);
        let block =
            Block { parent: s.blocks, kind: block_kind, base, handler: handler as u32, depth: outer + 1 };
        if block.depth > self.info.n_exc_stack {
            return Err(refuse(heap, "too many exception blocks"));
        }
        match self.shapes.push_block(heap, block)? {
            Some(n) => s.blocks = n,
            None => return Err(refuse(heap, "too many exception blocks")),
        }
        let mut entered = *s;
        let token = match block_kind {
            BlockKind::Except => kind::EXC,
            BlockKind::AsyncWith => kind::ASYNC,
            _ => kind::TOKEN,
        };
        self.push(heap, &mut entered, token)?;
        self.flow(heap, entered, handler)?;
        if block_kind == BlockKind::With {
            self.push(heap, s, kind::VALUE)?;
        }
        Ok(())
    }

    fn with_cleanup(&mut self, heap: &mut Heap, s: &mut State) -> R<()> {
        let Some(b) = self.shapes.block(heap, s.blocks).filter(|b| b.kind == BlockKind::With) else {
            return Err(refuse(heap, "with without a block"));
        };
        self.pop_if(heap, s, is_token)?;
        let at_base = self.level(heap, s) == b.base && b.is_active(s.at);
        // The exit method, its object and three arguments.
        self.room(heap, s, 3)?;
        let exit = self.take(heap, s)? == kind::WITH && self.take(heap, s)? == kind::WITH;
        if !at_base || !exit {
            return Err(refuse(heap, "with without a block"));
        }
        self.push(heap, s, kind::TOKEN)
    }

    fn end_finally(&mut self, heap: &mut Heap, s: &mut State) -> R<Then> {
        let Some(b) = self.shapes.block(heap, s.blocks) else {
            return Err(refuse(heap, "finally without a block"));
        };
        let except = b.kind == BlockKind::Except;
        let k = self.pop_if(heap, s, is_token)?;
        if self.level(heap, s) + b.takes() != b.base || except && k != kind::EXC {
            return Err(refuse(heap, "finally without its token"));
        }
        s.blocks = b.parent;
        Ok(if k == kind::EXC { Then::Leaves } else { Then::Next })
    }

    /// Leaves blocks one by one, as the run loop will: through the finally handlers that are not active, and cancelling
    /// those that are.
    fn unwind_jump(&mut self, heap: &mut Heap, from: State, insn: &Insn) -> R<()> {
        let mut s = from;
        for _ in 0..insn.extra & 0x7f {
            let Some(b) = self.shapes.block(heap, s.blocks) else {
                return Err(refuse(heap, "jump out of more blocks than there are"));
            };
            if b.kind != BlockKind::Except {
                if b.is_active(from.at) {
                    let token = self.shapes.kind(heap, s.stack) == kind::TOKEN;
                    s.stack = self.shapes.parent(heap, s.stack);
                    if !token || b.kind != BlockKind::Finally {
                        return Err(refuse(heap, "jump out of a handler"));
                    }
                }
                if self.level(heap, &s) != b.base {
                    return Err(refuse(heap, "jump out of a block with values on the stack"));
                }
                s.stack = self.shapes.cut(heap, s.stack, b.base - b.takes());
            }
            s.blocks = b.parent;
        }
        if insn.extra & 0x80 != 0 {
            self.pop_iter(heap, &mut s)?;
        }
        self.flow(heap, s, insn.arg as usize)
    }

    /// The `async with` block at whose end the state is, with `None` above the context manager.
    fn async_end(&self, heap: &Heap, s: &State) -> Option<Block> {
        let b = self.shapes.block(heap, s.blocks)?;
        let here = b.kind == BlockKind::AsyncWith && !b.is_active(s.at) && self.level(heap, s) == b.base + 1;
        (here && self.top(heap, s) == kind::NONE).then_some(b)
    }
    /// Changes what lies below the block's base, and at once jumps to where the block is active: nothing can be raised
    /// between the two instructions.
    fn enter_async_handler(&mut self, heap: &mut Heap, s: &mut State, b: Block, rot: &Insn) -> R<Then> {
        let jump = self.insn(heap, rot.next).filter(|i| i.op == op::JUMP && b.is_active(i.arg as usize));
        let Some(jump) = jump else { return Err(refuse(heap, "end of an async with")) };
        s.at = jump.arg as usize;
        self.pop(heap, s, 1)?;
        let manager = self.pop_if(heap, s, is_value)?;
        self.push(heap, s, kind::NONE)?;
        self.push(heap, s, manager)?;
        s.at = rot.next;
        self.flow(heap, *s, jump.arg as usize)?;
        Ok(Then::Leaves)
    }

    /// The start of an `async with` handler: is what it was entered with an exception? The four instructions are one, so
    /// that either answer has a stack of its own.
    fn async_handler(&mut self, heap: &mut Heap, s: &mut State, dup: &Insn) -> R<Then> {
        let load = self.insn(heap, dup.next).filter(|i| i.op == op::LOAD_GLOBAL);
        let test = load.and_then(|i| self.insn(heap, i.next)).filter(|i| i.op == EXC_MATCH);
        let jump = test.and_then(|i| self.insn(heap, i.next)).filter(|i| i.op == op::POP_JUMP_IF_FALSE);
        let Some(jump) = jump else { return Err(refuse(heap, "handler of an async with")) };
        self.room(heap, s, 2)?;
        self.take(heap, s)?;
        let mut pair = *s;
        self.push(heap, &mut pair, kind::PAIR)?;
        self.flow(heap, pair, jump.arg as usize)?;
        self.push(heap, s, kind::EXC)?;
        Ok(Then::Skip(jump.next))
    }

    /// In an `async with` handler: two rotations bring the context manager above the pair.
    fn pair_below(&mut self, heap: &mut Heap, s: &mut State, first: &Insn) -> R<Then> {
        let Some(second) = self.insn(heap, first.next).filter(|i| i.op == op::ROT_THREE) else {
            return Err(refuse(heap, "handler of an async with"));
        };
        self.take(heap, s)?;
        let manager = self.pop_if(heap, s, is_value)?;
        self.push(heap, s, kind::TOKEN)?;
        self.push(heap, s, manager)?;
        Ok(Then::Skip(second.next))
    }
}

fn is_value_or_null(k: u32) -> bool {
    is_value(k) || k == kind::NULL
}
fn is_token(k: u32) -> bool {
    matches!(k, kind::NONE | kind::EXC | kind::NONE_EXC | kind::TOKEN)
}
