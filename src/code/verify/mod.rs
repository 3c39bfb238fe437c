//! The verifier: whatever code it accepts, the run loop may execute without checking anything again.
//!
//! Invariants
//! - first pass, in order: every byte belongs to an instruction of the table, operands lie in their tables, jumps lead to
//!   instruction starts, the prelude's counts, names, cells and line table hold together;
//! - second pass, along the jumps: each place has one stack of kinds and one stack of exception blocks; the value stack
//!   stays in the frame, also where `END_FINALLY`, `WITH_CLEANUP` and `UNWIND_JUMP` need room of their own;
//! - while an exception block is open nothing below its base changes, so its handler finds what its `SETUP_` left;
//! - a block counts as active where the instruction lies at its handler or behind, as the run loop sees it;
//! - a code is verified without looking at the heap: its bytes, a few counts and one run of words for what is found out
//!   (`Scratch`). Memory: a quarter byte per byte of code, two words per jump target, two words per distinct stack;
//! - the bytes do not change meanwhile; between a few instructions others may come in, and what is known waits (`Paused`).

mod flow;
mod shapes;

pub use shapes::kind;

use super::object::{self, Info};
use super::op::{self, Format};
use super::operand::{self, Insn, Prelude};
use crate::heap::lent::{GIVES_WAY, Lent};
use crate::heap::value::{SMALL_MAX, SMALL_MIN};
use crate::heap::{Heap, R, Raised, TypeId, Value, WordVec};
use crate::object::exc::{self, Part};
use shapes::Scratch;

/// Instructions that are looked at before others may come in, and what one takes at most as a rule.
const TURN: u32 = if GIVES_WAY { 8 } else { u32::MAX };
const EACH: u32 = 500;

/// Verifies a module's code, which is kept, and all codes inside it.
pub fn tree(heap: &mut Lent, root: Value) -> R<()> {
    let (mut open, mut scratch) = (WordVec::new(), WordVec::new());
    let done = walk(heap, root, &mut open, &mut scratch);
    open.free(heap);
    scratch.free(heap);
    done
}

/// `open` holds codes to verify, each after the code that makes functions of it: that one says how many cells it gets.
fn walk(heap: &mut Lent, root: Value, open: &mut WordVec, scratch: &mut WordVec) -> R<()> {
    let mut next = Some(root);
    while let Some(code) = next {
        one(heap, code, scratch)?;
        let mut i = 0;
        while let Some(child) = object::child(heap, code, i) {
            open.push(heap, child.bits())?;
            i += 1;
            heap.worked(100);
        }
        next = open.pop(heap).and_then(Value::from_bits);
    }
    Ok(())
}

/// Verifies one code, and notes how many cells its children are given. One that nothing makes a function of gets none.
fn one(heap: &mut Lent, code: Value, scratch: &mut WordVec) -> R<()> {
    let unit = object::unit(heap, code);
    let n_children = object::n_children(heap, code);
    let facts = Facts {
        info: object::info(heap, code),
        n_free: object::n_free(heap, code),
        n_names: object::n_names(heap, unit) as u32,
        n_consts: object::n_consts(heap, unit) as u32,
        n_children: n_children as u32,
    };
    let mut want = Scratch::guess(object::bytes(heap, code).len(), n_children);
    loop {
        let words = room(heap, scratch, want)?;
        for i in 0..n_children {
            let child = object::child(heap, code, i as u32).map(|c| object::info(heap, c));
            heap.set_word(words, i, child.map_or(0, |c| Child::new(&c).0));
            heap.worked(100);
        }
        let mut paused = None;
        let done = loop {
            let (bytes, out) = heap.code_and_words(code, words);
            match verify(bytes, facts, out, &mut paused) {
                Err(Fault::Turn) => heap.worked(TURN.saturating_mul(EACH)),
                done => break done,
            }
            if heap.has_failed() {
                return Err(Raised);
            }
        };
        match done {
            Ok(()) => break,
            Err(Fault::Full) => want = heap.words(words) * 2,
            Err(fault) => return Err(refuse(heap, fault)),
        }
    }
    for i in 0..n_children {
        let given = scratch.cell().map_or(0, |words| Child(heap.word(words, i)).given().unwrap_or(0));
        if let Some(child) = object::child(heap, code, i as u32) {
            object::set_free(heap, child, given as usize);
        }
        heap.worked(100);
    }
    Ok(())
}

/// A scratch cell of at least `n` words: the one there is, or a larger one in its place.
fn room(heap: &mut Heap, scratch: &mut WordVec, n: usize) -> R {
    if scratch.cell().is_none_or(|words| heap.words(words) < n) {
        scratch.free(heap);
        *scratch = WordVec::with_capacity(heap, n)?;
    }
    match scratch.cell() {
        Some(words) => Ok(words),
        None => Err(object::bad(heap)),
    }
}

#[cold]
fn refuse(heap: &mut Heap, why: Fault) -> Raised {
    exc::raise_parts(heap, TypeId::ValueError, &[Part::S("invalid bytecode: "), Part::S(why.text())])
}

macro_rules! faults {
    ($($name:ident = $text:literal,)*) => {
        /// Why a code is not accepted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Fault {
            /// The scratch words do not suffice.
            Full,
            /// None: others may come in, then it goes on.
            Turn,
            $($name,)*
        }
        impl Fault {
            fn text(self) -> &'static str {
                match self {
                    Fault::Full | Fault::Turn => "",
                    $(Fault::$name => $text,)*
                }
            }
        }
    };
}

faults! {
    AsyncWithEnd = "end of an async with",
    AsyncWithHandler = "handler of an async with",
    BlocksDiffer = "exception blocks differ where ways meet",
    Cells = "cells",
    Closure = "closure",
    Defaults = "defaults",
    Instruction = "instruction",
    IntoInstruction = "jump into an instruction",
    KindOnStack = "kind of operand on the stack",
    LeftValues = "jump out of a block with values on the stack",
    LineTable = "line table",
    NoEnd = "code without an end",
    NoExcept = "except without a block",
    NoFinally = "finally without a block",
    NoIterator = "for-loop without its iterator",
    NoToken = "finally without its token",
    NoWith = "with without a block",
    Operand = "operand",
    OutOfHandler = "jump out of a handler",
    OutOfNothing = "jump out of more blocks than there are",
    OutOfOpenHandler = "jump out of an open handler",
    Overflow = "stack overflow",
    ParameterNames = "parameter names",
    Parameters = "parameters",
    Prelude = "prelude",
    StacksDiffer = "stacks differ where ways meet",
    TooFewSlots = "too few slots for the locals",
    TooManyBlocks = "too many exception blocks",
    TooManyStacks = "too many different stacks",
    Underflow = "stack underflow",
}

type V<T = ()> = Result<T, Fault>;

/// What stands outside a code's bytes.
#[derive(Clone, Copy)]
struct Facts {
    info: Info,
    /// Leading parameters that a closure passes cells in.
    n_free: u32,
    n_names: u32,
    n_consts: u32,
    n_children: u32,
}

/// What is known of a child: bits 0..8 its defaults for positional parameters, bit 8 whether it has any for keyword-only
/// ones; once a function is made of it, bit 9, and from bit 16 on how many cells it is given.
#[derive(Clone, Copy)]
struct Child(u32);

impl Child {
    fn new(info: &Info) -> Child {
        Child(info.n_def_pos_args | (info.has_kw_defaults() as u32) << 8)
    }
    fn n_defaults(self) -> u32 {
        self.0 & 0xff
    }
    fn has_kw_defaults(self) -> bool {
        self.0 & 1 << 8 != 0
    }
    fn given(self) -> Option<u32> {
        if self.0 & 1 << 9 != 0 { Some(self.0 >> 16) } else { None }
    }
    fn with_cells(self, n: u8) -> Child {
        Child(self.0 & 0x1ff | 1 << 9 | (n as u32) << 16)
    }
}

/// Where verifying goes on.
enum Next {
    Line(usize),
    Instruction(usize),
    Way(flow::State),
}

/// What is known where others come in: all but the words.
struct Paused {
    next: Next,
    known: Scratch<'static>,
}

/// Verifies the code `bytes`; the words start with its children's. `Fault::Turn` where there is more to do, from `paused` on.
fn verify(bytes: &[u8], facts: Facts, words: &mut [u32], paused: &mut Option<Paused>) -> V {
    let Some(p) = operand::prelude(bytes) else { return Err(Fault::Prelude) };
    let code = bytes.get(p.first..).unwrap_or(&[]);
    let cells = bytes.get(p.cells..p.first).unwrap_or(&[]);
    if p.n_state < facts.info.n_locals || code.len() > 0xff_ffff {
        return Err(Fault::TooFewSlots);
    }
    let max_stack = p.n_state - facts.info.n_locals;
    let before = paused.take();
    let is_new = before.is_none();
    let (next, known) = match before {
        Some(before) => (before.next, before.known.with(words)),
        None => (Next::Line(0), Scratch::new(words, code.len(), facts.n_children as usize)?),
    };
    let head = bytes.get(..p.cells).unwrap_or(&[]);
    let mut v = Verifier { head, code, cells, facts, max_stack, known, next, left: TURN };
    if is_new {
        v.next = Next::Line(v.prelude(&p)?);
    }
    let done = v.go_on();
    if matches!(done, Err(Fault::Turn)) {
        *paused = Some(Paused { next: v.next, known: v.known.without_words() });
    }
    done
}

struct Verifier<'a> {
    /// What stands before the cells.
    head: &'a [u8],
    /// The opcodes.
    code: &'a [u8],
    /// Locals that become cells.
    cells: &'a [u8],
    facts: Facts,
    /// Slots that the value stack may take.
    max_stack: u32,
    known: Scratch<'a>,
    next: Next,
    /// Instructions to the next turn of others.
    left: u32,
}

impl Verifier<'_> {
    fn go_on(&mut self) -> V {
        match self.next {
            Next::Line(at) => {
                self.lines(at)?;
                self.instructions(0)?;
                self.follow()
            }
            Next::Instruction(at) => {
                self.instructions(at)?;
                self.follow()
            }
            Next::Way(from) => self.follow_on(Some(from)),
        }
    }
    /// An instruction is looked at; false where it is to wait for its turn.
    #[inline(always)]
    fn has_time(&mut self) -> bool {
        if GIVES_WAY {
            self.left = self.left.wrapping_sub(1);
        }
        !GIVES_WAY || self.left != u32::MAX
    }

    /// The first pass, from a place on.
    fn instructions(&mut self, mut at: usize) -> V {
        while at < self.code.len() {
            if !self.has_time() {
                self.next = Next::Instruction(at);
                return Err(Fault::Turn);
            }
            self.known.set_start(at);
            let Some(insn) = operand::decode_here(self.code, at) else { return Err(Fault::Instruction) };
            if !self.operand(&insn) {
                return Err(Fault::Operand);
            }
            match insn.format {
                Format::Child | Format::ChildCells => self.child(&insn)?,
                Format::Forward | Format::Jump | Format::Unwind => {
                    let target = insn.arg as usize;
                    if target >= self.code.len() {
                        return Err(Fault::IntoInstruction);
                    }
                    self.known.set_target(target);
                }
                _ => {}
            }
            at = insn.next;
        }
        if at == 0 {
            return Err(Fault::NoEnd);
        }
        self.known.set_target(0);
        if self.known.number()? { Ok(()) } else { Err(Fault::IntoInstruction) }
    }

    fn insn(&self, at: usize) -> Option<Insn> {
        operand::decode(self.code, at)
    }

    /// Notes how many cells a child is given: the same wherever a function is made of it.
    fn child(&mut self, insn: &Insn) -> V {
        let i = insn.arg as usize;
        let child = Child(self.known.child(i));
        if child.given().is_some_and(|n| n != insn.extra as u32) {
            return Err(Fault::Closure);
        }
        self.known.set_child(i, child.with_cells(insn.extra).0);
        Ok(())
    }

    /// Counts, names and cells; where the line table begins.
    fn prelude(&self, p: &Prelude) -> V<usize> {
        if p.n_def_pos_args + self.facts.n_free > p.n_pos_args {
            return Err(Fault::Parameters);
        }
        let mut at = p.info;
        for _ in 0..=p.n_pos_args + p.n_kwonly_args {
            match operand::uint(self.head, at) {
                Some((n, next)) if n < self.facts.n_names => at = next,
                _ => return Err(Fault::ParameterNames),
            }
        }
        let mut seen = [0u32; 8];
        let twice = self.cells.iter().any(|c| match seen.get_mut(usize::from(*c >> 5)) {
            Some(word) => core::mem::replace(word, *word | 1 << (*c & 31)) >> (*c & 31) & 1 != 0,
            None => true,
        });
        if twice || self.cells.iter().any(|c| (*c as u32) < self.facts.n_free) {
            return Err(Fault::Cells);
        }
        Ok(at)
    }
    /// The line table, from a place on.
    fn lines(&mut self, mut at: usize) -> V {
        while at < self.head.len() {
            if !self.has_time() {
                self.next = Next::Line(at);
                return Err(Fault::Turn);
            }
            match operand::line_step(self.head, at) {
                Some((.., next)) => at = next,
                None => return Err(Fault::LineTable),
            }
        }
        Ok(())
    }

    /// Whether an operand lies in its table.
    fn operand(&self, insn: &Insn) -> bool {
        match insn.format {
            Format::Name => insn.arg < self.facts.n_names,
            Format::Const => insn.arg < self.facts.n_consts,
            Format::Child | Format::ChildCells => insn.arg < self.facts.n_children,
            Format::Cell => self.is_cell(insn.arg),
            Format::Local => insn.op == op::LOAD_FAST_N || !self.is_cell(insn.arg),
            Format::Int => (SMALL_MIN..=SMALL_MAX).contains(&insn.int()),
            Format::Uint => match insn.op {
                op::BUILD_SLICE => insn.arg == 2 || insn.arg == 3,
                op::BUILD_MAP => insn.arg as usize <= self.code.len(),
                op::STORE_COMP => insn.arg & 3 < 3,
                op::EXTENDED => op::extended::info(insn.arg).is_some(),
                op::UNPACK_SEQUENCE | op::BUILD_TUPLE | op::BUILD_LIST | op::BUILD_SET => {
                    insn.arg <= self.max_stack
                }
                _ => insn.arg <= 0xffff,
            },
            Format::None => match op::multi(insn.op) {
                op::Multi::StoreFast(n) => !self.is_cell(n as u32),
                _ => match insn.op {
                    op::YIELD_VALUE | op::YIELD_FROM => self.facts.info.is_generator(),
                    _ => true,
                },
            },
            Format::Free | Format::Forward | Format::Jump | Format::Unwind => true,
        }
    }

    fn is_cell(&self, local: u32) -> bool {
        local < self.facts.n_free || u8::try_from(local).is_ok_and(|n| self.cells.contains(&n))
    }
}
