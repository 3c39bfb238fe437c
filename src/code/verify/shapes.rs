//! What the verifier knows about stacks: every distinct value stack and exception-block stack of a code is a node of a tree.
//!
//! Invariants
//! - equal stacks are the same node, so a state is one word and two states are compared by comparing words;
//! - a node never changes: pushing finds or makes a child, popping goes to the parent;
//! - node 0 is the empty stack.

use crate::heap::{Heap, R, Value, WordVec};

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

pub struct Shapes {
    /// Two words a node: `parent | level << 12 | kind << 24`, `first child | next sibling << 12 | wide slots << 24`.
    stacks: WordVec,
    /// Two words a block: `parent | base << 12 | kind << 24`, `handler | depth << 24`.
    blocks: WordVec,
    /// Kinds on their way from one node to another.
    path: WordVec,
}

impl Shapes {
    /// Nothing yet; `start` makes the empty stacks.
    pub fn new() -> Shapes {
        Shapes { stacks: WordVec::new(), blocks: WordVec::new(), path: WordVec::new() }
    }
    pub fn start(&mut self, heap: &mut Heap) -> R<()> {
        self.stacks.extend(heap, &[0, 0])?;
        self.blocks.extend(heap, &[0, 0])
    }
    pub fn free(&mut self, heap: &mut Heap) {
        self.stacks.free(heap);
        self.blocks.free(heap);
        self.path.free(heap);
    }

    fn words(&self, heap: &Heap, node: u32) -> (u32, u32) {
        let word = |i| self.stacks.get(heap, i).unwrap_or(0);
        (word(node as usize * 2), word(node as usize * 2 + 1))
    }
    pub fn parent(&self, heap: &Heap, node: u32) -> u32 {
        self.words(heap, node).0 & MAX
    }
    /// Slots of the stack, a token counted as one.
    pub fn level(&self, heap: &Heap, node: u32) -> u32 {
        self.words(heap, node).0 >> 12 & MAX
    }
    pub fn kind(&self, heap: &Heap, node: u32) -> u32 {
        self.words(heap, node).0 >> 24
    }
    /// Slots of the stack at worst.
    pub fn depth(&self, heap: &Heap, node: u32) -> u32 {
        let (a, b) = self.words(heap, node);
        (a >> 12 & MAX) + (b >> 24)
    }
    /// The stack without what lies above `level`.
    pub fn cut(&self, heap: &Heap, mut node: u32, level: u32) -> u32 {
        while self.level(heap, node) > level {
            node = self.parent(heap, node);
        }
        node
    }
    /// The stack with one more slot; `None` when there are too many different stacks.
    pub fn push(&mut self, heap: &mut Heap, node: u32, kind: u32) -> R<Option<u32>> {
        let (a, b) = self.words(heap, node);
        let mut child = b & MAX;
        while child != 0 {
            let (ca, cb) = self.words(heap, child);
            if ca >> 24 == kind {
                return Ok(Some(child));
            }
            child = cb >> 12 & MAX;
        }
        let new = self.stacks.len() as u32 / 2;
        let level = (a >> 12 & MAX) + 1;
        let wide = (b >> 24) + is_wide(kind) as u32;
        if new > MAX || level > MAX || wide > 255 {
            return Ok(None);
        }
        let words = [node | level << 12 | kind << 24, (b & MAX) << 12 | wide << 24];
        self.stacks.extend(heap, &words)?;
        self.stacks.set(heap, node as usize * 2 + 1, b & !MAX | new);
        Ok(Some(new))
    }
    /// The stack that covers both; `None` where their kinds or heights do not agree.
    pub fn join(&mut self, heap: &mut Heap, a: u32, b: u32) -> R<Option<u32>> {
        if self.level(heap, a) != self.level(heap, b) {
            return Ok(None);
        }
        self.path.truncate(0);
        let (mut x, mut y) = (a, b);
        while x != y {
            let Some(k) = join(self.kind(heap, x), self.kind(heap, y)) else { return Ok(None) };
            self.path.push(heap, k)?;
            (x, y) = (self.parent(heap, x), self.parent(heap, y));
        }
        while let Some(k) = self.path.pop(heap) {
            match self.push(heap, x, k)? {
                Some(n) => x = n,
                None => return Ok(None),
            }
        }
        Ok(Some(x))
    }

    /// The innermost block of a block stack; `None` where it is empty.
    pub fn block(&self, heap: &Heap, node: u32) -> Option<Block> {
        if node == 0 {
            return None;
        }
        let a = self.blocks.get(heap, node as usize * 2)?;
        let b = self.blocks.get(heap, node as usize * 2 + 1)?;
        let kind = match a >> 24 {
            0 => BlockKind::Except,
            1 => BlockKind::Finally,
            2 => BlockKind::With,
            _ => BlockKind::AsyncWith,
        };
        Some(Block { parent: a & MAX, kind, base: a >> 12 & MAX, handler: b & 0xff_ffff, depth: b >> 24 })
    }
    /// The block stack with one more block; `None` when there are too many.
    pub fn push_block(&mut self, heap: &mut Heap, block: Block) -> R<Option<u32>> {
        let words =
            [block.parent | block.base << 12 | (block.kind as u32) << 24, block.handler | block.depth << 24];
        let all = self.blocks.as_slice(heap);
        // The newest are the likeliest.
        if let Some(i) = all.chunks_exact(2).rposition(|b| b == words) {
            return Ok(Some(i as u32));
        }
        let new = all.len() as u32 / 2;
        if new > MAX {
            return Ok(None);
        }
        self.blocks.extend(heap, &words)?;
        Ok(Some(new))
    }
}

/// One bit for each place where an instruction starts and one for each jump target, then the targets numbered.
#[derive(Clone, Copy)]
pub struct Marks {
    /// Pairs of words for 32 places each: starts, later the number of targets before; targets.
    cell: Value,
    len: usize,
}

impl Marks {
    pub fn new(heap: &mut Heap, len: usize) -> R<Marks> {
        let cell = heap.alloc(crate::heap::Kind::Raw, (len / 32 + 1) * 2)?;
        Ok(Marks { cell, len })
    }
    pub fn free(&self, heap: &mut Heap) {
        heap.free(self.cell);
    }
    fn get(&self, heap: &Heap, at: usize, which: usize) -> bool {
        at < self.len && heap.word(self.cell, at / 32 * 2 + which) >> (at % 32) & 1 != 0
    }
    fn set(&self, heap: &mut Heap, at: usize, which: usize) {
        if at < self.len {
            let word = at / 32 * 2 + which;
            let w = heap.word(self.cell, word) | 1 << (at % 32);
            heap.set_word(self.cell, word, w);
        }
    }
    pub fn set_start(&self, heap: &mut Heap, at: usize) {
        self.set(heap, at, 0);
    }
    pub fn is_start(&self, heap: &Heap, at: usize) -> bool {
        self.get(heap, at, 0)
    }
    pub fn set_target(&self, heap: &mut Heap, at: usize) {
        self.set(heap, at, 1);
    }
    pub fn is_target(&self, heap: &Heap, at: usize) -> bool {
        self.get(heap, at, 1)
    }
    /// Gives up the starts and numbers the targets; how many there are.
    pub fn number(&self, heap: &mut Heap) -> usize {
        let mut n = 0;
        for i in 0..=self.len / 32 {
            let targets = heap.word(self.cell, i * 2 + 1).count_ones();
            heap.set_word(self.cell, i * 2, n);
            n += targets;
        }
        n as usize
    }
    /// The number of the target at `at`.
    pub fn index(&self, heap: &Heap, at: usize) -> usize {
        let below = heap.word(self.cell, at / 32 * 2 + 1) & ((1 << (at % 32)) - 1);
        (heap.word(self.cell, at / 32 * 2) + below.count_ones()) as usize
    }
}
