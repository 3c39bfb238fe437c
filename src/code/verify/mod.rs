//! The verifier: whatever code it accepts, the run loop may execute without checking anything again.
//!
//! Invariants
//! - first pass, in order: every byte belongs to an instruction of the table, operands lie in their tables, jumps lead to
//!   instruction starts, the prelude's counts, names, cells and line table hold together;
//! - second pass, along the jumps: each place has one stack of kinds and one stack of exception blocks; the value stack
//!   stays in the frame, also where `END_FINALLY`, `WITH_CLEANUP` and `UNWIND_JUMP` need room of their own;
//! - while an exception block is open nothing below its base changes, so its handler finds what its `SETUP_` left;
//! - a block counts as active where the instruction lies at its handler or behind, as the run loop sees it;
//! - memory: a quarter byte per byte of code, a word per jump target, and a few words per distinct stack.

mod flow;
mod shapes;

use super::object::{self, Info};
use super::op::{self, Format};
use super::operand::{self, Insn, Prelude};
use crate::heap::value::{SMALL_MAX, SMALL_MIN};
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value, ValueVec, WordVec};
use crate::object::exc::{self, Part};
use shapes::{Marks, Shapes};

/// Verifies a module's code and all codes inside it.
pub fn tree(heap: &mut Heap, root: Value) -> R<()> {
    let mut open = ValueVec::new();
    let done = walk(heap, root, &mut open);
    open.free(heap);
    done
}

/// `open` holds codes to verify, each with the number of cells that its maker gives it.
fn walk(heap: &mut Heap, root: Value, open: &mut ValueVec) -> R<()> {
    open.push(heap, Some(root))?;
    open.push(heap, Some(Value::small(0)))?;
    while let (Some(n_free), Some(code)) = (open.pop(heap), open.pop(heap)) {
        one(heap, code, n_free.as_small().unwrap_or(0) as u32, open)?;
    }
    Ok(())
}

/// Verifies one code and adds its children to `open`.
fn one(heap: &mut Heap, code: Value, n_free: u32, open: &mut ValueVec) -> R<()> {
    let info = object::info(heap, code);
    let len = object::opcodes(heap, code).len();
    let Some(prelude) = operand::prelude(object::bytes(heap, code)) else {
        return Err(refuse(heap, "prelude"));
    };
    if prelude.n_state < info.n_locals || len > 0xff_ffff {
        return Err(refuse(heap, "too few slots for the locals"));
    }
    let max_stack = prelude.n_state - info.n_locals;
    let first_child = open.len();
    for i in 0..object::n_children(heap, code) {
        let child = object::child(heap, code, i as u32);
        open.push(heap, child)?;
        open.push(heap, None)?;
    }
    let mut v = Verifier {
        code,
        info,
        n_free,
        max_stack,
        len,
        first_child,
        marks: None,
        states: None,
        work: WordVec::new(),
        shapes: Shapes::new(),
    };
    let done = v.run(heap, &prelude, open);
    v.free(heap);
    // A child that nothing makes a function of is verified as one without cells.
    for i in (first_child..open.len()).filter(|i| (i - first_child) % 2 == 1) {
        if open.get(heap, i).is_none() {
            open.set(heap, i, Some(Value::small(0)));
        }
    }
    done
}

#[cold]
fn refuse(heap: &mut Heap, why: &str) -> Raised {
    exc::raise_parts(heap, TypeId::ValueError, &[Part::S("invalid bytecode: "), Part::S(why)])
}

struct Verifier {
    code: Value,
    info: Info,
    /// Leading parameters that a closure passes cells in.
    n_free: u32,
    /// Where the code's children stand in the list of codes to verify.
    first_child: usize,
    /// Slots that the value stack may take.
    max_stack: u32,
    len: usize,
    marks: Option<Marks>,
    /// A word per target: `stack | blocks << 12 | KNOWN | QUEUED`.
    states: Option<Value>,
    /// Targets whose state changed since they were looked at.
    work: WordVec,
    shapes: Shapes,
}

impl Verifier {
    fn free(&mut self, heap: &mut Heap) {
        if let Some(m) = self.marks {
            m.free(heap);
        }
        if let Some(s) = self.states {
            heap.free(s);
        }
        self.work.free(heap);
        self.shapes.free(heap);
    }

    fn run(&mut self, heap: &mut Heap, prelude: &Prelude, open: &mut ValueVec) -> R<()> {
        self.prelude(heap, prelude)?;
        let marks = Marks::new(heap, self.len)?;
        self.marks = Some(marks);
        let mut at = 0;
        while at < self.len {
            marks.set_start(heap, at);
            let Some(insn) = self.insn(heap, at) else { return Err(refuse(heap, "instruction")) };
            self.operand(heap, &insn)?;
            if matches!(insn.format, Format::Child | Format::ChildCells) {
                self.child(heap, &insn, open)?;
            }
            at = insn.next;
        }
        marks.set_target(heap, 0);
        at = 0;
        while at < self.len {
            let Some(insn) = self.insn(heap, at) else { return Err(refuse(heap, "instruction")) };
            if matches!(insn.format, Format::Forward | Format::Jump | Format::Unwind) {
                let target = insn.arg as usize;
                if !marks.is_start(heap, target) {
                    return Err(refuse(heap, "jump into an instruction"));
                }
                marks.set_target(heap, target);
            }
            at = insn.next;
        }
        let n = marks.number(heap);
        self.states = Some(heap.alloc(Kind::Raw, n)?);
        self.shapes.start(heap)?;
        self.follow(heap)
    }

    fn insn(&self, heap: &Heap, at: usize) -> Option<Insn> {
        operand::decode(object::opcodes(heap, self.code), at)
    }

    /// Notes how many cells a child is given: the same wherever a function is made of it.
    fn child(&self, heap: &mut Heap, insn: &Insn, open: &mut ValueVec) -> R<()> {
        let i = self.first_child + 2 * insn.arg as usize + 1;
        let given = Value::small(insn.extra as i32);
        if open.get(heap, i).is_some_and(|known| known != given) {
            return Err(refuse(heap, "closure"));
        }
        open.set(heap, i, Some(given));
        Ok(())
    }

    /// Counts, names, cells and line table.
    fn prelude(&mut self, heap: &mut Heap, p: &Prelude) -> R<()> {
        if p.n_def_pos_args + self.n_free > p.n_pos_args {
            return Err(refuse(heap, "parameters"));
        }
        let bytes = object::bytes(heap, self.code).get(..p.cells).unwrap_or(&[]);
        let n_names = object::n_names(heap, object::unit(heap, self.code)) as u32;
        let mut at = p.info;
        for _ in 0..=p.n_pos_args + p.n_kwonly_args {
            match operand::uint(bytes, at) {
                Some((n, next)) if n < n_names => at = next,
                _ => return Err(refuse(heap, "parameter names")),
            }
        }
        let cells = object::cells(heap, self.code);
        let twice = cells.iter().enumerate().any(|(i, c)| cells.iter().take(i).any(|d| d == c));
        if twice || cells.iter().any(|c| (*c as u32) < self.n_free) {
            return Err(refuse(heap, "cells"));
        }
        let bytes = object::bytes(heap, self.code).get(..p.cells).unwrap_or(&[]);
        let mut at = object::line_table(bytes, p);
        while let Some(here) = at {
            if here == bytes.len() {
                return Ok(());
            }
            at = operand::line_step(bytes, here).map(|(.., next)| next);
        }
        Err(refuse(heap, "line table"))
    }

    /// Holds an operand against its table.
    fn operand(&self, heap: &mut Heap, insn: &Insn) -> R<()> {
        let unit = object::unit(heap, self.code);
        let good = match insn.format {
            Format::Name => (insn.arg as usize) < object::n_names(heap, unit),
            Format::Const => (insn.arg as usize) < object::n_consts(heap, unit),
            Format::Child | Format::ChildCells => (insn.arg as usize) < object::n_children(heap, self.code),
            Format::Cell => self.is_cell(heap, insn.arg),
            Format::Local => insn.op == op::LOAD_FAST_N || !self.is_cell(heap, insn.arg),
            Format::Int => (SMALL_MIN..=SMALL_MAX).contains(&insn.int()),
            Format::Uint => match insn.op {
                op::BUILD_SLICE => insn.arg == 2 || insn.arg == 3,
                op::BUILD_MAP => insn.arg as usize <= self.len,
                op::STORE_COMP => insn.arg & 3 < 3,
                op::UNPACK_SEQUENCE | op::BUILD_TUPLE | op::BUILD_LIST | op::BUILD_SET => {
                    insn.arg <= self.max_stack
                }
                _ => insn.arg <= 0xffff,
            },
            Format::None => match op::multi(insn.op) {
                op::Multi::StoreFast(n) => !self.is_cell(heap, n as u32),
                _ => match insn.op {
                    op::YIELD_VALUE | op::YIELD_FROM => self.info.is_generator(),
                    _ => true,
                },
            },
            Format::Free | Format::Forward | Format::Jump | Format::Unwind => true,
        };
        if good { Ok(()) } else { Err(refuse(heap, "operand")) }
    }

    fn is_cell(&self, heap: &Heap, local: u32) -> bool {
        local < self.n_free || u8::try_from(local).is_ok_and(|n| object::cells(heap, self.code).contains(&n))
    }
}
