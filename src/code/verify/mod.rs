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
//!   (`Scratch`). Memory: a quarter byte per byte of code, two words per jump target, two words per distinct stack.

mod flow;
mod shapes;

pub use shapes::kind;

use super::object::{self, Info};
use super::op::{self, Format};
use super::operand::{self, Insn, Prelude};
use crate::heap::value::{SMALL_MAX, SMALL_MIN};
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value, ValueVec};
use crate::object::exc::{self, Part};
use shapes::Scratch;

/// Verifies a module's code and all codes inside it.
pub fn tree(heap: &mut Heap, root: Value) -> R<()> {
    let (mut open, mut scratch) = (ValueVec::new(), None);
    let done = walk(heap, root, &mut open, &mut scratch);
    open.free(heap);
    if let Some(words) = scratch {
        heap.free(words);
    }
    done
}

/// `open` holds codes to verify, each after the code that makes functions of it: that one says how many cells it gets.
fn walk(heap: &mut Heap, root: Value, open: &mut ValueVec, scratch: &mut Option<Value>) -> R<()> {
    let mut next = Some(root);
    while let Some(code) = next {
        one(heap, code, scratch)?;
        let mut i = 0;
        while let Some(child) = object::child(heap, code, i) {
            open.push(heap, Some(child))?;
            i += 1;
        }
        next = open.pop(heap);
    }
    Ok(())
}

/// Verifies one code, and notes how many cells its children are given. One that nothing makes a function of gets none.
fn one(heap: &mut Heap, code: Value, scratch: &mut Option<Value>) -> R<()> {
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
        }
        let (bytes, out) = heap.code_and_words(code, words);
        match verify(bytes, facts, out) {
            Ok(()) => break,
            Err(Fault::Full) => want = heap.words(words) * 2,
            Err(fault) => return Err(refuse(heap, fault)),
        }
    }
    for i in 0..n_children {
        let given = scratch.map_or(0, |words| Child(heap.word(words, i)).given().unwrap_or(0));
        if let Some(child) = object::child(heap, code, i as u32) {
            object::set_free(heap, child, given as usize);
        }
    }
    Ok(())
}

/// A raw cell of at least `n` words: the one there is, or a larger one in its place.
fn room(heap: &mut Heap, scratch: &mut Option<Value>, n: usize) -> R {
    match *scratch {
        Some(words) if heap.words(words) >= n => return Ok(words),
        Some(words) => {
            *scratch = None;
            heap.free(words);
        }
        None => {}
    }
    let words = heap.alloc(Kind::Raw, n)?;
    *scratch = Some(words);
    Ok(words)
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
            $($name,)*
        }
        impl Fault {
            fn text(self) -> &'static str {
                match self {
                    Fault::Full => "",
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

/// Verifies the code `bytes`; the words start with its children's.
fn verify(bytes: &[u8], facts: Facts, words: &mut [u32]) -> V {
    let Some(p) = operand::prelude(bytes) else { return Err(Fault::Prelude) };
    let code = bytes.get(p.first..).unwrap_or(&[]);
    let cells = bytes.get(p.cells..p.first).unwrap_or(&[]);
    if p.n_state < facts.info.n_locals || code.len() > 0xff_ffff {
        return Err(Fault::TooFewSlots);
    }
    let known = Scratch::new(words, code.len(), facts.n_children as usize)?;
    let max_stack = p.n_state - facts.info.n_locals;
    let mut v = Verifier { code, cells, facts, max_stack, known };
    v.prelude(bytes, &p)?;
    v.instructions()?;
    v.follow()
}

struct Verifier<'a> {
    /// The opcodes.
    code: &'a [u8],
    /// Locals that become cells.
    cells: &'a [u8],
    facts: Facts,
    /// Slots that the value stack may take.
    max_stack: u32,
    known: Scratch<'a>,
}

impl Verifier<'_> {
    /// The first pass.
    fn instructions(&mut self) -> V {
        let mut at = 0;
        while at < self.code.len() {
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

    /// Counts, names, cells and line table.
    fn prelude(&self, bytes: &[u8], p: &Prelude) -> V {
        if p.n_def_pos_args + self.facts.n_free > p.n_pos_args {
            return Err(Fault::Parameters);
        }
        let head = bytes.get(..p.cells).unwrap_or(&[]);
        let mut at = p.info;
        for _ in 0..=p.n_pos_args + p.n_kwonly_args {
            match operand::uint(head, at) {
                Some((n, next)) if n < self.facts.n_names => at = next,
                _ => return Err(Fault::ParameterNames),
            }
        }
        let twice = self.cells.iter().enumerate().any(|(i, c)| self.cells.iter().take(i).any(|d| d == c));
        if twice || self.cells.iter().any(|c| (*c as u32) < self.facts.n_free) {
            return Err(Fault::Cells);
        }
        while at < head.len() {
            match operand::line_step(head, at) {
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
