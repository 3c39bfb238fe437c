//! What the verifier knows about a code, in one run of words: children, marks, targets, and every distinct stack.
//!
//! Invariants
//! - the words are, in order: one for each child; pairs for 32 places of code each (starts, later the number of targets
//!   before; targets); one state for each target; the targets to look at again; then the stacks, which grow up, and from the
//!   end down the exception blocks. Where the two meet the words do not suffice, and the caller starts again with more;
//! - every distinct value stack and block stack is a node of a tree. Equal stacks are the same node, so a state is one word
//!   and two states are compared by comparing words. A node never changes: pushing finds or makes a child, popping goes to
//!   the parent. Node 0 is the empty stack;
//! - a place is given only for code that is there: `at` is less than the code's length.

use super::{Fault, V};

/// What a slot of the value stack holds. The kinds up to `SET` and from `TUPLE` on are Python values.
pub mod kind {
    pub const VALUE: u32 = 0;
    pub const NONE: u32 = 1;
    /// The exception that a handler was entered with.
    pub const EXC: u32 = 2;
    /// `None` or such an exception.
    pub const NONE_EXC: u32 = 3;
    /// Made by the `BUILD_` operation, so of exactly that type.
    pub const LIST: u32 = 4;
    pub const DICT: u32 = 5;
    pub const SET: u32 = 6;
    pub const NULL: u32 = 7;
    /// The object a method is called on, or null for a plain function.
    pub const SELF: u32 = 8;
    /// A variable's cell.
    pub const CELL: u32 = 9;
    /// The four slots of a for-loop, in order.
    pub const ITER: u32 = 10;
    pub const ITER_LAST: u32 = 13;
    /// The two slots of a `with`: the exit method and its object.
    pub const WITH: u32 = 14;
    /// How a finally block was entered: `None`, an exception, or a pair of slots for a return or jump. Counts as two slots.
    pub const TOKEN: u32 = 15;
    /// As `TOKEN`, at the start of an `async with` handler: an exception or the pair.
    pub const ASYNC: u32 = 16;
    /// The pair alone.
    pub const PAIR: u32 = 17;
    /// A tuple that `BUILD_TUPLE` made of `kind - TUPLE` items. Longer ones are just values.
    pub const TUPLE: u32 = 32;
    pub const LAST: u32 = 255;
}

pub fn is_value(k: u32) -> bool {
    k <= kind::SET || k >= kind::TUPLE
}
/// May be moved about by rotations.
pub fn is_movable(k: u32) -> bool {
    is_value(k) || k == kind::NULL || k == kind::SELF
}
/// Counts as two slots.
pub fn is_wide(k: u32) -> bool {
    (kind::TOKEN..kind::TUPLE).contains(&k)
}

/// The kind that covers both; `None` where nothing may do so.
fn join(a: u32, b: u32) -> Option<u32> {
    use kind::*;
    if a == b {
        return Some(a);
    }
    let (a, b) = (a.min(b), a.max(b));
    match (a, b) {
        (NONE, EXC) | (NONE | EXC, NONE_EXC) => Some(NONE_EXC),
        (NONE | EXC | NONE_EXC, TOKEN) => Some(TOKEN),
        _ if is_value(a) && is_value(b) => Some(VALUE),
        _ => None,
    }
}

/// An exception block: what its `SETUP_` made it, and where it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Block {
    pub parent: u32,
    pub kind: BlockKind,
    /// Slots on the value stack that its handler finds.
    pub base: u32,
    pub handler: u32,
    /// Blocks up to and with this one.
    pub depth: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum BlockKind {
    Except,
    Finally,
    With,
    /// A finally block whose handler also takes the object below its base.
    AsyncWith,
}

impl Block {
    /// Slots below the base that the handler takes.
    pub fn takes(&self) -> u32 {
        match self.kind {
            BlockKind::Except | BlockKind::Finally => 0,
            BlockKind::With => 2,
            BlockKind::AsyncWith => 1,
        }
    }
    pub fn is_active(&self, at: usize) -> bool {
        at >= self.handler as usize
    }
    /// Slots that instructions at `at` must leave alone.
    pub fn floor(&self, at: usize) -> u32 {
        if self.is_active(at) { self.base.saturating_sub(self.takes()) } else { self.base }
    }
}

/// Nodes have 12-bit numbers.
const MAX: u32 = 0xfff;

pub struct Scratch<'a> {
    words: &'a mut [u32],
    /// Bytes of code.
    len: usize,
    marks: usize,
    states: usize,
    /// Where the targets to look at again start, and end.
    work: usize,
    work_end: usize,
    nodes: usize,
    n_nodes: u32,
    /// Where the blocks start, and how many there are.
    low: usize,
    n_blocks: u32,
}

impl<'a> Scratch<'a> {
    /// Words that a code is likely to need.
    pub fn guess(len: usize, n_children: usize) -> usize {
        n_children + Scratch::mark_words(len) + len / 4 + 32
    }
    fn mark_words(len: usize) -> usize {
        (len / 32 + 1) * 2
    }
    /// The children's words are kept as they are.
    pub fn new(words: &'a mut [u32], len: usize, n_children: usize) -> V<Scratch<'a>> {
        let states = n_children + Scratch::mark_words(len);
        match words.get_mut(n_children..states) {
            Some(marks) => marks.fill(0),
            None => return Err(Fault::Full),
        }
        let low = words.len();
        Ok(Scratch {
            words,
            len,
            marks: n_children,
            states,
            work: 0,
            work_end: 0,
            nodes: 0,
            n_nodes: 0,
            low,
            n_blocks: 0,
        })
    }

    /// What is known, in words that lie elsewhere for a while.
    pub fn without_words(self) -> Scratch<'static> {
        let Scratch { words: _, len, marks, states, work, work_end, nodes, n_nodes, low, n_blocks } = self;
        Scratch { words: &mut [], len, marks, states, work, work_end, nodes, n_nodes, low, n_blocks }
    }
    /// The same with the words that it had.
    pub fn with(self, words: &'a mut [u32]) -> Scratch<'a> {
        Scratch { words, ..self }
    }

    #[inline]
    fn word(&self, i: usize) -> u32 {
        self.words.get(i).copied().unwrap_or(0)
    }
    #[inline]
    fn set(&mut self, i: usize, w: u32) {
        if let Some(to) = self.words.get_mut(i) {
            *to = w;
        }
    }

    // ---- children --------------------------------------------------------------------------------------------

    /// The word of a child that is there.
    pub fn child(&self, i: usize) -> u32 {
        self.word(i)
    }
    pub fn set_child(&mut self, i: usize, w: u32) {
        self.set(i, w);
    }

    // ---- places ----------------------------------------------------------------------------------------------

    fn mark(&mut self, at: usize, which: usize) {
        if at < self.len {
            let i = self.marks + at / 32 * 2 + which;
            self.set(i, self.word(i) | 1 << (at % 32));
        }
    }
    pub fn set_start(&mut self, at: usize) {
        self.mark(at, 0);
    }
    /// A target beyond the code is noted nowhere: the caller refuses it.
    pub fn set_target(&mut self, at: usize) {
        self.mark(at, 1);
    }
    #[inline]
    pub fn is_target(&self, at: usize) -> bool {
        at < self.len && self.word(self.marks + at / 32 * 2 + 1) >> (at % 32) & 1 != 0
    }
    /// Gives up the starts and numbers the targets, which get their states; false where a target is no start.
    pub fn number(&mut self) -> V<bool> {
        let mut n = 0;
        for i in (self.marks..self.states).step_by(2) {
            let targets = self.word(i + 1);
            if targets & !self.word(i) != 0 {
                return Ok(false);
            }
            self.set(i, n);
            n += targets.count_ones();
        }
        self.work = self.states + n as usize;
        self.work_end = self.work;
        self.nodes = self.work + n as usize;
        match self.words.get_mut(self.states..self.work) {
            Some(states) => states.fill(0),
            None => return Err(Fault::Full),
        }
        self.empty()?;
        Ok(true)
    }
    /// Where the state of the target at `at` is.
    fn state_at(&self, at: usize) -> usize {
        let i = self.marks + at / 32 * 2;
        let below = self.word(i + 1) & ((1 << (at % 32)) - 1);
        self.states + (self.word(i) + below.count_ones()) as usize
    }
    pub fn state(&self, at: usize) -> u32 {
        self.word(self.state_at(at))
    }
    pub fn set_state(&mut self, at: usize, state: u32) {
        self.set(self.state_at(at), state);
    }
    /// Targets to look at again; none is in the list twice, so there is a word for each.
    pub fn push_work(&mut self, at: usize) {
        self.set(self.work_end, at as u32);
        self.work_end += 1;
    }
    pub fn pop_work(&mut self) -> Option<usize> {
        if self.work_end == self.work {
            return None;
        }
        self.work_end -= 1;
        Some(self.word(self.work_end) as usize)
    }

    // ---- stacks ----------------------------------------------------------------------------------------------

    /// The empty stack.
    fn empty(&mut self) -> V {
        self.new_node([0, 0])?;
        Ok(())
    }
    /// Two words a node: `parent | level << 12 | kind << 24`, `first child | next sibling << 12 | wide slots << 24`.
    fn new_node(&mut self, [a, b]: [u32; 2]) -> V<u32> {
        let new = self.n_nodes;
        if new > MAX {
            return Err(Fault::TooManyStacks);
        }
        let i = self.nodes + new as usize * 2;
        if i + 2 > self.low {
            return Err(Fault::Full);
        }
        self.set(i, a);
        self.set(i + 1, b);
        self.n_nodes += 1;
        Ok(new)
    }
    #[inline]
    fn first_word(&self, node: u32) -> u32 {
        self.word(self.nodes + node as usize * 2)
    }
    #[inline]
    fn second_word(&self, node: u32) -> u32 {
        self.word(self.nodes + node as usize * 2 + 1)
    }
    pub fn parent(&self, node: u32) -> u32 {
        self.first_word(node) & MAX
    }
    /// Slots of the stack, a token counted as one.
    pub fn level(&self, node: u32) -> u32 {
        self.first_word(node) >> 12 & MAX
    }
    pub fn kind(&self, node: u32) -> u32 {
        self.first_word(node) >> 24
    }
    /// The stack's slots (a token counted as one), the kind of its last, and the stack without that.
    #[inline]
    pub fn last(&self, node: u32) -> (u32, u32, u32) {
        let w = self.first_word(node);
        (w >> 12 & MAX, w >> 24, w & MAX)
    }
    /// Slots of the stack at worst.
    pub fn depth(&self, node: u32) -> u32 {
        self.level(node) + (self.second_word(node) >> 24)
    }
    /// The stack without what lies above `level`.
    pub fn cut(&self, mut node: u32, level: u32) -> u32 {
        while self.level(node) > level {
            node = self.parent(node);
        }
        node
    }
    /// The stack with one more slot.
    pub fn push(&mut self, node: u32, kind: u32) -> V<u32> {
        let b = self.second_word(node);
        let mut child = b & MAX;
        while child != 0 {
            if self.first_word(child) >> 24 == kind {
                return Ok(child);
            }
            child = self.second_word(child) >> 12 & MAX;
        }
        let level = self.level(node) + 1;
        let wide = (b >> 24) + is_wide(kind) as u32;
        if level > MAX || wide > 255 {
            return Err(Fault::TooManyStacks);
        }
        let new = self.new_node([node | level << 12 | kind << 24, (b & MAX) << 12 | wide << 24])?;
        self.set(self.nodes + node as usize * 2 + 1, b & !MAX | new);
        Ok(new)
    }
    /// The stack that covers both; `None` where their kinds or heights do not agree.
    pub fn join(&mut self, a: u32, b: u32) -> V<Option<u32>> {
        if self.level(a) != self.level(b) {
            return Ok(None);
        }
        // The joined kinds wait below the blocks, the last slot's first.
        let low = self.low;
        let joined = self.join_kinds(a, b);
        let done = match joined {
            Ok(Some(bottom)) => self.push_kinds(bottom, low).map(Some),
            other => other,
        };
        self.low = low;
        done
    }
    /// Puts the kinds of the slots in which the stacks differ below the blocks; the stack that they have in common.
    fn join_kinds(&mut self, mut a: u32, mut b: u32) -> V<Option<u32>> {
        while a != b {
            let Some(k) = join(self.kind(a), self.kind(b)) else { return Ok(None) };
            if self.low <= self.nodes + self.n_nodes as usize * 2 {
                return Err(Fault::Full);
            }
            self.low -= 1;
            self.set(self.low, k);
            (a, b) = (self.parent(a), self.parent(b));
        }
        Ok(Some(a))
    }
    /// Pushes the kinds between `self.low` and `end`.
    fn push_kinds(&mut self, mut node: u32, end: usize) -> V<u32> {
        while self.low < end {
            let kind = self.word(self.low);
            node = self.push(node, kind)?;
            self.low += 1;
        }
        Ok(node)
    }

    // ---- exception blocks ------------------------------------------------------------------------------------

    /// The innermost block of a block stack; `None` where it is empty.
    pub fn block(&self, node: u32) -> Option<Block> {
        if node == 0 {
            return None;
        }
        let i = self.words.len().checked_sub(node as usize * 2)?;
        let (a, b) = (self.word(i), self.word(i + 1));
        let kind = match a >> 24 {
            0 => BlockKind::Except,
            1 => BlockKind::Finally,
            2 => BlockKind::With,
            _ => BlockKind::AsyncWith,
        };
        Some(Block { parent: a & MAX, kind, base: a >> 12 & MAX, handler: b & 0xff_ffff, depth: b >> 24 })
    }
    /// The block stack with one more block. Two words a block: `parent | base << 12 | kind << 24`, `handler | depth << 24`.
    pub fn push_block(&mut self, block: Block) -> V<u32> {
        let words =
            [block.parent | block.base << 12 | (block.kind as u32) << 24, block.handler | block.depth << 24];
        // The newest are the likeliest, and lie first.
        let all = self.words.get(self.low..).unwrap_or(&[]);
        if let Some(i) = all.chunks_exact(2).position(|b| b == words) {
            return Ok(self.n_blocks - i as u32);
        }
        if self.n_blocks >= MAX {
            return Err(Fault::TooManyBlocks);
        }
        if self.low < self.nodes + self.n_nodes as usize * 2 + 2 {
            return Err(Fault::Full);
        }
        self.low -= 2;
        self.n_blocks += 1;
        let [a, b] = words;
        self.set(self.low, a);
        self.set(self.low + 1, b);
        Ok(self.n_blocks)
    }
}
