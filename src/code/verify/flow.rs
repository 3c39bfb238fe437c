//! The verifier's second pass: the stacks at every place, followed along all the ways that lead there.
//!
//! Invariants
//! - a target's state only ever grows (its kinds become more general), and what it had flowed into is looked at again;
//! - instructions between two targets are followed without being remembered.

use super::shapes::{Block, BlockKind, is_movable, is_value, is_wide, kind};
use super::{Child, Fault, Next, V, Verifier};
use crate::code::op::{self, Effect, ITER_SLOTS, Multi};
use crate::code::operand::{self, Insn};

const KNOWN: u32 = 1 << 24;
const QUEUED: u32 = 1 << 25;
const EXC_MATCH: u8 = op::BINARY_OP_MULTI + 8;

/// The stacks before an instruction.
#[derive(Clone, Copy)]
pub struct State {
    stack: u32,
    blocks: u32,
    at: usize,
    /// Slots that the instruction here has taken so far, of a great many.
    taken: u32,
}

/// Slots that one instruction takes at a stretch.
#[cfg(not(feature = "tiny"))]
const AT_ONCE: u32 = 256;

/// Whether the next instruction follows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    Next,
    Leaves,
    /// The instruction was the first of a pattern that was followed as a whole.
    Skip(usize),
}

impl Verifier<'_> {
    pub(super) fn follow(&mut self) -> V {
        self.flow(State { stack: 0, blocks: 0, at: 0, taken: 0 }, 0)?;
        self.follow_on(None)
    }
    /// The rest, from amid a block or from a target on.
    pub(super) fn follow_on(&mut self, from: Option<State>) -> V {
        if let Some(s) = from {
            self.block_on(s)?;
        }
        while let Some(at) = self.known.pop_work() {
            self.block_from(at)?;
        }
        Ok(())
    }

    /// Lets a state reach the target `to`.
    fn flow(&mut self, from: State, to: usize) -> V {
        if to <= from.at {
            self.stays_active(from, to)?;
        }
        let word = self.known.state(to);
        let mut stack = from.stack;
        if word & KNOWN != 0 {
            if word >> 12 & 0xfff != from.blocks {
                return Err(Fault::BlocksDiffer);
            }
            match self.known.join(word & 0xfff, from.stack)? {
                Some(s) => stack = s,
                None => return Err(Fault::StacksDiffer),
            }
            if stack == word & 0xfff {
                return Ok(());
            }
            if self.known.depth(stack) > self.max_stack {
                return Err(Fault::Overflow);
            }
        }
        if word & QUEUED == 0 {
            self.known.push_work(to);
        }
        self.known.set_state(to, stack | from.blocks << 12 | KNOWN | QUEUED);
        Ok(())
    }

    /// A way back must not lead out of the handler of a block that is still open: below its base things have changed.
    fn stays_active(&self, from: State, to: usize) -> V {
        let mut node = from.blocks;
        while let Some(b) = self.known.block(node) {
            if b.is_active(from.at) && !b.is_active(to) {
                return Err(Fault::OutOfOpenHandler);
            }
            node = b.parent;
        }
        Ok(())
    }

    /// Follows the instructions from a target to the next one.
    fn block_from(&mut self, at: usize) -> V {
        let word = self.known.state(at);
        self.known.set_state(at, word & !QUEUED);
        self.block_on(State { stack: word & 0xfff, blocks: word >> 12 & 0xfff, at, taken: 0 })
    }
    fn block_on(&mut self, mut s: State) -> V {
        loop {
            if !self.has_time() {
                self.next = Next::Way(s);
                return Err(Fault::Turn);
            }
            let Some(insn) = operand::decode_here(self.code, s.at) else { return Err(Fault::NoEnd) };
            let next = match self.step(&mut s, &insn)? {
                Then::Next => insn.next,
                Then::Skip(next) => next,
                Then::Leaves => return Ok(()),
            };
            if self.known.is_target(next) {
                return self.flow(s, next);
            }
            s.at = next;
        }
    }

    // ---- the stack -------------------------------------------------------------------------------------------

    fn floor(&self, s: &State) -> u32 {
        self.known.block(s.blocks).map_or(0, |b| b.floor(s.at))
    }
    fn top(&self, s: &State) -> u32 {
        self.known.kind(s.stack)
    }
    fn level(&self, s: &State) -> u32 {
        self.known.level(s.stack)
    }
    /// Refuses where `more` slots do not fit above the stack.
    fn room(&self, s: &State, more: u32) -> V {
        if self.known.depth(s.stack) + more > self.max_stack {
            return Err(Fault::Overflow);
        }
        Ok(())
    }
    fn push(&mut self, s: &mut State, kind: u32) -> V {
        s.stack = self.known.push(s.stack, kind)?;
        self.room(s, 0)
    }
    fn push_n(&mut self, s: &mut State, kind: u32, n: u32) -> V {
        for _ in 0..n {
            self.push(s, kind)?;
        }
        Ok(())
    }
    /// Takes the top slot, whatever it is.
    fn take(&self, s: &mut State) -> V<u32> {
        self.take_above(s, self.floor(s))
    }
    #[inline]
    fn take_above(&self, s: &mut State, floor: u32) -> V<u32> {
        let (level, kind, below) = self.known.last(s.stack);
        if level <= floor {
            return Err(Fault::Underflow);
        }
        s.stack = below;
        Ok(kind)
    }
    fn pop(&self, s: &mut State, n: u32) -> V {
        // Thousands, of a long literal: they all lie in one block.
        let floor = self.floor(s);
        for _ in 0..n {
            if !is_value(self.take_above(s, floor)?) {
                return Err(Fault::KindOnStack);
            }
        }
        Ok(())
    }
    /// The same where they may be the items of a long literal, before the instruction does anything else: it is begun again.
    #[cfg(not(feature = "tiny"))]
    fn pop_many(&mut self, s: &mut State, n: u32) -> V {
        let left = n.saturating_sub(s.taken);
        if left <= AT_ONCE {
            s.taken = 0;
            return self.pop(s, left);
        }
        self.pop(s, AT_ONCE)?;
        s.taken += AT_ONCE;
        self.next = Next::Way(*s);
        Err(Fault::Turn)
    }
    #[cfg(feature = "tiny")]
    fn pop_many(&mut self, s: &mut State, n: u32) -> V {
        self.pop(s, n)
    }
    fn pop_if(&self, s: &mut State, good: fn(u32) -> bool) -> V<u32> {
        let k = self.take(s)?;
        if good(k) { Ok(k) } else { Err(Fault::KindOnStack) }
    }
    /// Refuses unless the slot `n` below the top satisfies `good`; no token may lie above it.
    fn peek(&self, s: &State, n: u32, good: fn(u32) -> bool) -> V<u32> {
        let mut node = s.stack;
        for _ in 0..n {
            if node == 0 || is_wide(self.known.kind(node)) {
                return Err(Fault::Underflow);
            }
            node = self.known.parent(node);
        }
        let k = self.known.kind(node);
        if node != 0 && good(k) { Ok(k) } else { Err(Fault::KindOnStack) }
    }
    /// A for-loop's slots: those of `GET_ITER_STACK`, or the pattern by which a generator expression hands its iterator on.
    fn pop_iter(&self, s: &mut State) -> V {
        const _: () = assert!(ITER_SLOTS == 4);
        let mut slots = [0; ITER_SLOTS];
        for k in slots.iter_mut().rev() {
            *k = self.take(s)?;
        }
        let [a, b, c, d] = slots;
        let own = a == kind::ITER && b == a + 1 && c == b + 1 && d == kind::ITER_LAST;
        let given = a == kind::NULL && is_value(b) && c == kind::NULL && d == kind::NULL;
        if own || given { Ok(()) } else { Err(Fault::NoIterator) }
    }

    // ---- instructions ----------------------------------------------------------------------------------------

    /// Carries out one instruction on the state.
    fn step(&mut self, s: &mut State, insn: &Insn) -> V<Then> {
        match op::multi(insn.op) {
            Multi::LoadFast(n) => return self.load_fast(s, n as u32),
            Multi::StoreFast(_) => return self.pop(s, 1).map(|()| Then::Next),
            _ => {}
        }
        if let Effect::Values(pop, push) = op::info(insn.op).effect {
            self.pop(s, pop as u32)?;
            // All of the table give at most one.
            if push != 0 {
                let kind = match insn.op {
                    op::LOAD_CONST_NONE => kind::NONE,
                    op::BUILD_MAP => kind::DICT,
                    _ => kind::VALUE,
                };
                self.push(s, kind)?;
            }
            return Ok(Then::Next);
        }
        let arg = insn.arg;
        match insn.op {
            op::LOAD_FAST_N => return self.load_fast(s, arg),
            op::STORE_FAST_N => self.pop(s, 1)?,
            op::DELETE_FAST => {}
            op::LOAD_NULL => self.push(s, kind::NULL)?,
            op::LOAD_METHOD => {
                self.pop(s, 1)?;
                self.push(s, kind::VALUE)?;
                self.push(s, kind::SELF)?;
            }
            op::LOAD_SUPER_METHOD => {
                self.pop(s, 3)?;
                self.push(s, kind::VALUE)?;
                self.push(s, kind::SELF)?;
            }
            op::STORE_ATTR => {
                self.pop(s, 1)?;
                self.pop_if(s, is_value_or_null)?;
            }
            op::STORE_SUBSCR => {
                self.pop(s, 2)?;
                self.pop_if(s, is_value_or_null)?;
            }
            op::IMPORT_FROM => {
                self.peek(s, 0, is_value)?;
                self.push(s, kind::VALUE)?;
            }
            op::BUILD_TUPLE => {
                self.pop_many(s, arg)?;
                let k = kind::TUPLE + arg;
                self.push(s, if k <= kind::LAST { k } else { kind::VALUE })?;
            }
            op::BUILD_SLICE => {
                self.pop_many(s, arg)?;
                self.push(s, kind::VALUE)?;
            }
            op::BUILD_LIST => {
                self.pop_many(s, arg)?;
                self.push(s, kind::LIST)?;
            }
            op::BUILD_SET => {
                self.pop_many(s, arg)?;
                self.push(s, kind::SET)?;
            }
            op::STORE_MAP => {
                self.pop(s, 2)?;
                self.peek(s, 0, |k| k == kind::DICT)?;
            }
            op::STORE_COMP => {
                let (n, wanted): (u32, fn(u32) -> bool) = match arg & 3 {
                    0 => (1, |k| k == kind::LIST),
                    1 => (2, |k| k == kind::DICT),
                    _ => (1, |k| k == kind::SET),
                };
                if arg >> 2 < n {
                    return Err(Fault::Operand);
                }
                self.peek(s, arg >> 2, wanted)?;
                self.pop(s, n)?;
            }
            op::EXTENDED => {
                let Some(info) = op::extended::info(arg) else { return Err(Fault::Operand) };
                self.pop(s, info.pop as u32)?;
                if info.on != kind::NULL && self.peek(s, 0, is_value)? != info.on {
                    return Err(Fault::KindOnStack);
                }
                self.push_n(s, kind::VALUE, info.push as u32)?;
            }
            op::UNPACK_SEQUENCE => {
                self.pop(s, 1)?;
                self.push_n(s, kind::VALUE, arg)?;
            }
            op::UNPACK_EX => {
                self.pop(s, 1)?;
                self.push_n(s, kind::VALUE, (arg & 0xff) + (arg >> 8) + 1)?;
            }
            op::MAKE_FUNCTION => self.make(s, insn, false)?,
            op::MAKE_FUNCTION_DEFARGS => self.make(s, insn, true)?,
            op::MAKE_CLOSURE => self.make(s, insn, false)?,
            op::MAKE_CLOSURE_DEFARGS => self.make(s, insn, true)?,
            op::CALL_FUNCTION | op::CALL_METHOD => {
                let (n, kw) = insn.args();
                self.pop(s, n + 2 * kw)?;
                self.callee(s, insn.op == op::CALL_METHOD)?;
            }
            op::CALL_FUNCTION_VAR_KW | op::CALL_METHOD_VAR_KW => {
                let (n, kw) = insn.args();
                self.pop(s, 1)?;
                for _ in 0..kw {
                    self.pop(s, 1)?;
                    self.pop_if(s, is_value_or_null)?;
                }
                self.pop(s, n)?;
                self.callee(s, insn.op == op::CALL_METHOD_VAR_KW)?;
            }
            op::DUP_TOP => {
                if self.top(s) == kind::ASYNC {
                    return self.async_handler(s, insn);
                }
                let k = self.peek(s, 0, is_value)?;
                self.push(s, k)?;
            }
            op::DUP_TOP_TWO => {
                let (a, b) = (self.peek(s, 1, is_value)?, self.peek(s, 0, is_value)?);
                self.push(s, a)?;
                self.push(s, b)?;
            }
            op::POP_TOP => {
                self.pop_if(s, |k| is_value(k) || (kind::ITER..=kind::ITER_LAST).contains(&k))?;
            }
            op::ROT_TWO => {
                if let Some(b) = self.async_end(s) {
                    return self.enter_async_handler(s, b, insn);
                }
                let top = self.pop_if(s, is_movable)?;
                let second = self.pop_if(s, is_movable)?;
                self.push(s, top)?;
                self.push(s, second)?;
            }
            op::ROT_THREE => {
                if self.top(s) == kind::PAIR {
                    return self.pair_below(s, insn);
                }
                let top = self.pop_if(s, is_movable)?;
                let second = self.pop_if(s, is_movable)?;
                let third = self.pop_if(s, is_movable)?;
                for k in [top, third, second] {
                    self.push(s, k)?;
                }
            }
            op::GET_ITER_STACK => {
                self.pop(s, 1)?;
                for i in 0..ITER_SLOTS as u32 {
                    self.push(s, kind::ITER + i)?;
                }
            }
            op::FOR_ITER => {
                let mut end = *s;
                self.pop_iter(&mut end)?;
                self.flow(end, arg as usize)?;
                self.push(s, kind::VALUE)?;
            }
            op::JUMP => {
                self.flow(*s, arg as usize)?;
                return Ok(Then::Leaves);
            }
            op::POP_JUMP_IF_TRUE | op::POP_JUMP_IF_FALSE => {
                self.pop(s, 1)?;
                self.flow(*s, arg as usize)?;
            }
            op::JUMP_IF_TRUE_OR_POP | op::JUMP_IF_FALSE_OR_POP => {
                self.peek(s, 0, is_value)?;
                self.flow(*s, arg as usize)?;
                self.pop(s, 1)?;
            }
            op::SETUP_WITH | op::SETUP_EXCEPT | op::SETUP_FINALLY => self.setup(s, insn)?,
            op::POP_EXCEPT_JUMP => {
                match self.known.block(s.blocks) {
                    Some(b) if b.kind == BlockKind::Except => s.blocks = b.parent,
                    _ => return Err(Fault::NoExcept),
                }
                self.flow(*s, arg as usize)?;
                return Ok(Then::Leaves);
            }
            op::WITH_CLEANUP => self.with_cleanup(s)?,
            op::END_FINALLY => return self.end_finally(s),
            op::UNWIND_JUMP => {
                self.unwind_jump(*s, insn)?;
                return Ok(Then::Leaves);
            }
            op::RETURN_VALUE => {
                self.pop_if(s, |k| is_value(k) || k == kind::CELL)?;
                return Ok(Then::Leaves);
            }
            op::RAISE_LAST => return Ok(Then::Leaves),
            op::RAISE_OBJ => {
                self.pop(s, 1)?;
                return Ok(Then::Leaves);
            }
            op::RAISE_FROM => {
                self.pop(s, 2)?;
                return Ok(Then::Leaves);
            }
            _ => return Err(Fault::Instruction),
        }
        Ok(Then::Next)
    }

    fn load_fast(&mut self, s: &mut State, local: u32) -> V<Then> {
        let k = if self.is_cell(local) { kind::CELL } else { kind::VALUE };
        self.push(s, k)?;
        Ok(Then::Next)
    }

    /// Functions and closures: defaults for positional and keyword parameters, then cells. The defaults are exactly those
    /// that the code says it has: calls look for them without asking.
    fn make(&mut self, s: &mut State, insn: &Insn, defaults: bool) -> V {
        let child = Child(self.known.child(insn.arg as usize));
        for _ in 0..insn.extra {
            self.pop_if(s, |k| k == kind::CELL)?;
        }
        let (mut tuple, mut dict) = (kind::NULL, kind::NULL);
        if defaults {
            dict = self.pop_if(s, |k| k == kind::DICT || k == kind::NULL)?;
            tuple = self.take(s)?;
        }
        let n = child.n_defaults();
        let wanted = if n == 0 { kind::NULL } else { kind::TUPLE + n };
        if tuple != wanted || (dict == kind::DICT) != child.has_kw_defaults() {
            return Err(Fault::Defaults);
        }
        self.push(s, kind::VALUE)
    }

    fn callee(&mut self, s: &mut State, method: bool) -> V {
        if method {
            self.pop_if(s, is_movable)?;
        }
        self.pop(s, 1)?;
        self.push(s, kind::VALUE)
    }

    // ---- exception blocks ------------------------------------------------------------------------------------

    fn setup(&mut self, s: &mut State, insn: &Insn) -> V {
        let handler = insn.arg as usize;
        let block_kind = match insn.op {
            op::SETUP_EXCEPT => BlockKind::Except,
            op::SETUP_WITH => {
                self.pop(s, 1)?;
                // The method that is called first stands above the one that is called last.
                self.room(s, 4)?;
                self.push_n(s, kind::WITH, 2)?;
                BlockKind::With
            }
            // Only the handler of an `async with` starts by looking at what it was entered with.
            _ if self.code.get(handler) == Some(&op::DUP_TOP) => BlockKind::AsyncWith,
            _ => BlockKind::Finally,
        };
        let base = self.level(s);
        if block_kind == BlockKind::AsyncWith {
            self.peek(s, 0, is_value)?;
            if base <= self.floor(s) {
                return Err(Fault::Underflow);
            }
        }
        let outer = self.known.block(s.blocks).map_or(0, |b| b.depth);
        let block =
            Block { parent: s.blocks, kind: block_kind, base, handler: handler as u32, depth: outer + 1 };
        if block.depth > self.facts.info.n_exc_stack {
            return Err(Fault::TooManyBlocks);
        }
        s.blocks = self.known.push_block(block)?;
        let mut entered = *s;
        let token = match block_kind {
            BlockKind::Except => kind::EXC,
            BlockKind::AsyncWith => kind::ASYNC,
            _ => kind::TOKEN,
        };
        self.push(&mut entered, token)?;
        self.flow(entered, handler)?;
        if block_kind == BlockKind::With {
            self.push(s, kind::VALUE)?;
        }
        Ok(())
    }

    fn with_cleanup(&mut self, s: &mut State) -> V {
        let Some(b) = self.known.block(s.blocks).filter(|b| b.kind == BlockKind::With) else {
            return Err(Fault::NoWith);
        };
        self.pop_if(s, is_token)?;
        let at_base = self.level(s) == b.base && b.is_active(s.at);
        // The exit method, its object and three arguments.
        self.room(s, 3)?;
        let exit = self.take(s)? == kind::WITH && self.take(s)? == kind::WITH;
        if !at_base || !exit {
            return Err(Fault::NoWith);
        }
        self.push(s, kind::TOKEN)
    }

    fn end_finally(&mut self, s: &mut State) -> V<Then> {
        let Some(b) = self.known.block(s.blocks) else {
            return Err(Fault::NoFinally);
        };
        let except = b.kind == BlockKind::Except;
        let k = self.pop_if(s, is_token)?;
        if self.level(s) + b.takes() != b.base || except && k != kind::EXC {
            return Err(Fault::NoToken);
        }
        s.blocks = b.parent;
        Ok(if k == kind::EXC { Then::Leaves } else { Then::Next })
    }

    /// Leaves blocks one by one, as the run loop will: through the finally handlers that are not active, and cancelling
    /// those that are.
    fn unwind_jump(&mut self, from: State, insn: &Insn) -> V {
        let mut s = from;
        for _ in 0..insn.extra & 0x7f {
            let Some(b) = self.known.block(s.blocks) else {
                return Err(Fault::OutOfNothing);
            };
            if b.kind != BlockKind::Except {
                if b.is_active(from.at) {
                    let token = self.known.kind(s.stack) == kind::TOKEN;
                    s.stack = self.known.parent(s.stack);
                    if !token || b.kind != BlockKind::Finally {
                        return Err(Fault::OutOfHandler);
                    }
                }
                if self.level(&s) != b.base {
                    return Err(Fault::LeftValues);
                }
                s.stack = self.known.cut(s.stack, b.base - b.takes());
            }
            s.blocks = b.parent;
        }
        if insn.extra & 0x80 != 0 {
            self.pop_iter(&mut s)?;
        }
        self.flow(s, insn.arg as usize)
    }

    /// The `async with` block at whose end the state is, with `None` above the context manager.
    fn async_end(&self, s: &State) -> Option<Block> {
        let b = self.known.block(s.blocks)?;
        let here = b.kind == BlockKind::AsyncWith && !b.is_active(s.at) && self.level(s) == b.base + 1;
        (here && self.top(s) == kind::NONE).then_some(b)
    }
    /// Changes what lies below the block's base, and at once jumps to where the block is active: nothing can be raised
    /// between the two instructions.
    fn enter_async_handler(&mut self, s: &mut State, b: Block, rot: &Insn) -> V<Then> {
        let jump = self.insn(rot.next).filter(|i| i.op == op::JUMP && b.is_active(i.arg as usize));
        let Some(jump) = jump else { return Err(Fault::AsyncWithEnd) };
        s.at = jump.arg as usize;
        self.pop(s, 1)?;
        let manager = self.pop_if(s, is_value)?;
        self.push(s, kind::NONE)?;
        self.push(s, manager)?;
        s.at = rot.next;
        self.flow(*s, jump.arg as usize)?;
        Ok(Then::Leaves)
    }

    /// The start of an `async with` handler: is what it was entered with an exception? The four instructions are one, so
    /// that either answer has a stack of its own.
    fn async_handler(&mut self, s: &mut State, dup: &Insn) -> V<Then> {
        let load = self.insn(dup.next).filter(|i| i.op == op::LOAD_GLOBAL);
        let test = load.and_then(|i| self.insn(i.next)).filter(|i| i.op == EXC_MATCH);
        let jump = test.and_then(|i| self.insn(i.next)).filter(|i| i.op == op::POP_JUMP_IF_FALSE);
        let Some(jump) = jump else { return Err(Fault::AsyncWithHandler) };
        self.room(s, 2)?;
        self.take(s)?;
        let mut pair = *s;
        self.push(&mut pair, kind::PAIR)?;
        self.flow(pair, jump.arg as usize)?;
        self.push(s, kind::EXC)?;
        Ok(Then::Skip(jump.next))
    }

    /// In an `async with` handler: two rotations bring the context manager above the pair.
    fn pair_below(&mut self, s: &mut State, first: &Insn) -> V<Then> {
        let Some(second) = self.insn(first.next).filter(|i| i.op == op::ROT_THREE) else {
            return Err(Fault::AsyncWithHandler);
        };
        self.take(s)?;
        let manager = self.pop_if(s, is_value)?;
        self.push(s, kind::TOKEN)?;
        self.push(s, manager)?;
        Ok(Then::Skip(second.next))
    }
}

fn is_value_or_null(k: u32) -> bool {
    is_value(k) || k == kind::NULL
}
fn is_token(k: u32) -> bool {
    matches!(k, kind::NONE | kind::EXC | kind::NONE_EXC | kind::TOKEN)
}
