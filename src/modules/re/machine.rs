//! Running a program over a text: first one way after the other, within a fixed number of steps and of ways that wait; where
//! that does not do, all ways at once, so the time is at most program times text, whatever the expression.
//!
//! Invariants
//! - both find the same match; the first is faster by far for what programs mostly ask;
//! - one raw cell holds everything that changes: `Layout` says where. It is as large as the program asks for, not the text;
//! - a list holds each instruction at most once at a place of the text, the way that comes first by the rules of
//!   greediness first; a way that has matched cuts off those behind it;
//! - no Python runs here; `run` ticks, so the cell and the text's owner are in slots.

use super::program::{NAMED_RANGE, op, size};
use crate::base::utf8;
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, names};
use crate::vm::{Slot, Vm, bulk};

/// A register that was not set.
pub const UNSET: u32 = u32::MAX;

/// Words of the work cell, by their first.
#[derive(Clone, Copy)]
struct Layout {
    /// The program's bytes.
    program: usize,
    /// A bit for each byte of it: visited at this place of the text.
    visited: usize,
    /// Two lists of ways: each an instruction and its registers.
    lists: [usize; 2],
    /// Ways still to be followed at this place, two words each: an instruction and `UNSET`, or a register to be put back
    /// and its value.
    stack: usize,
    /// The registers of the way that is followed.
    now: usize,
    /// Those of the best match.
    best: usize,
    end: usize,
}

pub struct Machine {
    layout: Layout,
    /// Bytes of the program, ways that a list may hold, registers.
    len: usize,
    ways: usize,
    registers: usize,
    work: Slot,
}

/// What a run is about.
#[derive(Clone, Copy)]
pub struct Task {
    pub text: Span,
    /// Units are characters rather than bytes.
    pub chars: bool,
    /// Where it begins, in bytes; `^` still is the beginning of `text`.
    pub from: usize,
    pub search: bool,
    /// An empty match at `from` does not count.
    pub not_empty: bool,
}

/// Ways that may wait while one is followed, at the least.
const WAITING: usize = 96;
/// Steps of following one way after the other: so many, and so many more for each byte of the text.
const STEPS: usize = 300;
const STEPS_A_BYTE: usize = 24;
/// Steps between two ticks.
const STEPS_A_TICK: usize = 64;

/// How far following one way after the other has come.
#[derive(Clone, Copy)]
struct Walk {
    pc: usize,
    at: usize,
    /// Entries on the stack.
    depth: usize,
}

enum Outcome {
    Matched,
    Failed,
    /// Too many ways, or too many steps.
    GaveUp,
    /// Nothing yet.
    Goes(Walk),
}

/// Puts back `value` in `register`: the other kind of entry on the stack.
const RESTORE: u32 = 1 << 31;

impl Machine {
    /// Prepares to run the program in `code`, which is reachable and has `groups` groups. Its memory is in a slot.
    pub fn new(vm: &mut Vm, code: Span, groups: usize) -> R<Machine> {
        let len = code.len();
        let registers = groups * 2;
        let ways = consuming(vm.heap(), code);
        let mut at = 0;
        let mut next = |n: usize| {
            at += n;
            at - n
        };
        let layout = Layout {
            program: next(len.div_ceil(4)),
            visited: next(len.div_ceil(32)),
            lists: [next(ways * (1 + registers)), next(ways * (1 + registers))],
            // A split leaves one entry, a save one.
            stack: next(2 * (len / 2 + 1).max(WAITING)),
            now: next(registers),
            best: next(registers),
            end: next(0),
        };
        let cell = vm.with_heap(|h| h.alloc(Kind::Raw, layout.end.max(1)))?;
        let to = vm.heap().cell_span(cell, 0, len);
        vm.heap_mut().copy_span(to, code);
        Ok(Machine { layout, len, ways, registers, work: vm.push(cell)? })
    }
    /// Gives the memory back.
    pub fn free(self, vm: &mut Vm) {
        let cell = vm.get(self.work);
        vm.drop_to(self.work);
        vm.heap_mut().free(cell);
    }

    /// Register `i` of the last match.
    pub fn register(&self, vm: &Vm, i: usize) -> u32 {
        if i < self.registers { vm.heap().word(vm.get(self.work), self.layout.best + i) } else { UNSET }
    }
    /// The bytes of the last match.
    pub fn whole(&self, vm: &Vm) -> (usize, usize) {
        (self.register(vm, 0) as usize, self.register(vm, 1) as usize)
    }

    /// Whether the text matches; then `register` tells where.
    pub fn run(&self, vm: &mut Vm, task: &Task) -> R<bool> {
        let mut at = task.from;
        let mut left = STEPS + STEPS_A_BYTE * task.text.len().saturating_sub(at);
        let first = self.first_unit(vm, task);
        loop {
            if let Some(b) = first {
                let rest = task.text.sub(at, task.text.len());
                let n = bulk::run_of(vm, rest, false, |x| x != b)?;
                if n == rest.len() {
                    return Ok(false);
                }
                at += n;
                vm.tick(n as u32)?;
            }
            match self.one_by_one(vm, task, at, &mut left)? {
                Outcome::Matched => return Ok(true),
                Outcome::Failed => {}
                Outcome::GaveUp | Outcome::Goes(_) => return self.all_at_once(vm, task, at),
            }
            match unit_at(vm.heap(), task, at) {
                Some((_, n)) if task.search => at += n,
                _ => return Ok(false),
            }
        }
    }

    /// The byte that every match of a search begins with, if the program says so.
    fn first_unit(&self, vm: &Vm, task: &Task) -> Option<u8> {
        let w = vm.heap().raw_words(vm.get(self.work), 0);
        // Behind the note of the beginning.
        let at = super::program::ANCHORED + 2;
        let b = self.byte(w, at + 1);
        (task.search && self.byte(w, at) == op::CHAR && (b < 0x80 || !task.chars)).then_some(b)
    }

    /// Follows the way that comes first, and at its end the next one that waits, from byte `from` of the text on.
    fn one_by_one(&self, vm: &mut Vm, task: &Task, from: usize, left: &mut usize) -> R<Outcome> {
        let cell = vm.get(self.work);
        let w = vm.heap_mut().raw_words_mut(cell, 0);
        self.fill(w, self.layout.now, self.registers, UNSET);
        let mut walk = Walk { pc: super::program::ANCHORED, at: from, depth: 0 };
        loop {
            let steps = STEPS_A_TICK.min(*left);
            if steps == 0 {
                return Ok(Outcome::GaveUp);
            }
            *left -= steps;
            let owner = task.text.owner;
            let (words, _, w) = vm.heap_mut().words_of(owner.is_heap().then_some(owner), None, cell);
            let text = Text { words, flash: names::bytes_of(owner).unwrap_or(&[]), span: task.text };
            match self.steps(w, &text, task, walk, steps) {
                Outcome::Goes(on) => walk = on,
                outcome => return Ok(outcome),
            }
            vm.tick(STEPS_A_TICK as u32 * 20)?;
        }
    }

    fn steps(&self, w: &mut [u32], text: &Text, task: &Task, mut walk: Walk, steps: usize) -> Outcome {
        let l = &self.layout;
        for _ in 0..steps {
            let Walk { pc, at, .. } = walk;
            let mut later = None;
            let opcode = self.byte(w, pc);
            let goes = match opcode {
                op::JUMP => Some(self.target(w, pc)),
                op::SPLIT => {
                    later = Some((self.target(w, pc) as u32, at as u32));
                    Some(pc + 2)
                }
                op::RSPLIT => {
                    later = Some((pc as u32 + 2, at as u32));
                    Some(self.target(w, pc))
                }
                op::SAVE => {
                    let i = self.byte(w, pc + 1) as usize;
                    if let Some(r) = w.get_mut(l.now + i).filter(|_| i < self.registers) {
                        later = Some((RESTORE | i as u32, *r));
                        *r = at as u32;
                    }
                    Some(pc + 2)
                }
                op::BEGIN => (at == 0).then_some(pc + 1),
                op::END => (at == text.span.len()).then_some(pc + 1),
                op::MATCH if !(task.not_empty && at == task.from) => {
                    copy(w, l.now, l.best, self.registers);
                    return Outcome::Matched;
                }
                op::MATCH => None,
                _ => match text.unit(at, task.chars) {
                    Some((ch, n)) if self.accepts(w, pc, ch) => {
                        walk.at += n;
                        Some(pc + size(opcode, self.byte(w, pc + 1)))
                    }
                    _ => None,
                },
            };
            if let Some((what, value)) = later {
                let top = l.stack + 2 * walk.depth;
                match w.get_mut(top..top + 2) {
                    Some([a, b]) if top + 2 <= l.now => (*a, *b) = (what, value),
                    _ => return Outcome::GaveUp,
                }
                walk.depth += 1;
            }
            walk.pc = match goes {
                Some(pc) => pc,
                None => match self.give_way(w, &mut walk) {
                    Some(pc) => pc,
                    None => return Outcome::Failed,
                },
            };
        }
        Outcome::Goes(walk)
    }
    /// The way that waits on top of the stack, with the registers as they were.
    fn give_way(&self, w: &mut [u32], walk: &mut Walk) -> Option<usize> {
        let l = &self.layout;
        loop {
            walk.depth = walk.depth.checked_sub(1)?;
            let top = l.stack + 2 * walk.depth;
            let (what, value) = (*w.get(top)?, *w.get(top + 1)?);
            if what & RESTORE == 0 {
                walk.at = value as usize;
                return Some(what as usize);
            }
            if let Some(r) = w.get_mut(l.now + (what & !RESTORE) as usize) {
                *r = value;
            }
        }
    }

    /// Follows all ways at once, from byte `from` of the text on.
    fn all_at_once(&self, vm: &mut Vm, task: &Task, from: usize) -> R<bool> {
        let cell = vm.get(self.work);
        let mut at = from;
        let mut found = false;
        let mut list = 0;
        let mut ways = {
            let w = vm.heap_mut().raw_words_mut(cell, 0);
            self.fill(w, self.layout.now, self.registers, UNSET);
            self.fill(w, self.layout.visited, self.len.div_ceil(32), 0);
            let entry = if task.search { 0 } else { super::program::ANCHORED };
            let mut n = 0;
            self.follow(w, list, &mut n, entry, at, task.text.len());
            n
        };
        while ways > 0 {
            vm.tick(100 + ways as u32 * 60)?;
            let unit = unit_at(vm.heap(), task, at);
            let w = vm.heap_mut().raw_words_mut(cell, 0);
            let next = at + unit.map_or(1, |(_, n)| n);
            self.fill(w, self.layout.visited, self.len.div_ceil(32), 0);
            let stride = 1 + self.registers;
            let mut n = 0;
            for i in 0..ways {
                let way = self.layout.lists.get(list).map_or(0, |l| l + i * stride);
                let pc = w.get(way).copied().unwrap_or(0) as usize;
                if self.byte(w, pc) == op::MATCH {
                    if task.not_empty && at == task.from {
                        continue;
                    }
                    found = true;
                    copy(w, way + 1, self.layout.best, self.registers);
                    break;
                }
                if let Some((ch, _)) = unit
                    && self.accepts(w, pc, ch)
                {
                    copy(w, way + 1, self.layout.now, self.registers);
                    let after = pc + size(self.byte(w, pc), self.byte(w, pc + 1));
                    self.follow(w, 1 - list, &mut n, after, next, task.text.len());
                }
            }
            list = 1 - list;
            ways = n;
            at = next;
        }
        Ok(found)
    }

    fn byte(&self, w: &[u32], pc: usize) -> u8 {
        w.get(self.layout.program + pc / 4)
            .map_or(0, |word| word.to_le_bytes().get(pc % 4).copied().unwrap_or(0))
    }
    fn fill(&self, w: &mut [u32], from: usize, n: usize, with: u32) {
        if let Some(part) = w.get_mut(from..from + n) {
            part.fill(with);
        }
    }
    /// The target of the jump at `pc`.
    fn target(&self, w: &[u32], pc: usize) -> usize {
        (pc + 2).wrapping_add_signed(isize::from(self.byte(w, pc + 1) as i8))
    }

    /// Notes every instruction that takes a unit, or ends, and is reached from `pc` at place `at`, with the registers of
    /// `now` as they are changed on the way.
    fn follow(&self, w: &mut [u32], list: usize, n: &mut usize, pc: usize, at: usize, end: usize) {
        let l = &self.layout;
        let mut depth = 0;
        let mut pc = Some(pc);
        loop {
            let Some(here) = pc.take() else {
                // The next entry of the stack.
                let Some(d) = usize::checked_sub(depth, 1) else { return };
                depth = d;
                let entry = w.get(l.stack + 2 * depth..l.stack + 2 * depth + 2).unwrap_or(&[0, 0]);
                let (what, value) = (entry.first().copied().unwrap_or(0), entry.get(1).copied().unwrap_or(0));
                if what & RESTORE != 0 {
                    if let Some(r) = w.get_mut(l.now + (what & !RESTORE) as usize) {
                        *r = value;
                    }
                } else {
                    pc = Some(what as usize);
                }
                continue;
            };
            let bit = 1u32 << (here % 32);
            match w.get_mut(l.visited + here / 32) {
                Some(word) if *word & bit == 0 && here < self.len => *word |= bit,
                _ => continue,
            }
            let mut later = None;
            match self.byte(w, here) {
                op::JUMP => pc = Some(self.target(w, here)),
                op::SPLIT => {
                    pc = Some(here + 2);
                    later = Some((self.target(w, here) as u32, UNSET));
                }
                op::RSPLIT => {
                    pc = Some(self.target(w, here));
                    later = Some((here as u32 + 2, UNSET));
                }
                op::SAVE => {
                    let i = self.byte(w, here + 1) as usize;
                    if let Some(r) = w.get_mut(l.now + i).filter(|_| i < self.registers) {
                        later = Some((RESTORE | i as u32, *r));
                        *r = at as u32;
                    }
                    pc = Some(here + 2);
                }
                op::BEGIN => pc = (at == 0).then_some(here + 1),
                op::END => pc = (at == end).then_some(here + 1),
                _ => {
                    let way = l.lists.get(list).map_or(0, |f| f + *n * (1 + self.registers));
                    if *n < self.ways
                        && let Some(to) = w.get_mut(way)
                    {
                        *to = here as u32;
                        copy(w, l.now, way + 1, self.registers);
                        *n += 1;
                    }
                }
            }
            if let Some((what, value)) = later
                && let Some([a, b]) = w.get_mut(l.stack + 2 * depth..l.stack + 2 * depth + 2)
            {
                (*a, *b) = (what, value);
                depth += 1;
            }
        }
    }

    /// Whether the instruction at `pc` takes this unit.
    fn accepts(&self, w: &[u32], pc: usize, ch: u32) -> bool {
        let three =
            |at: usize| u32::from_le_bytes([self.byte(w, at), self.byte(w, at + 1), self.byte(w, at + 2), 0]);
        let opcode = self.byte(w, pc);
        let operand = self.byte(w, pc + 1);
        match opcode {
            op::CHAR => ch == operand.into(),
            op::ANY => true,
            op::NAMED => super::program::in_named(ch, operand),
            op::WIDE => ch == three(pc + 1),
            op::CLASS | op::CLASS_NOT | op::WIDE_CLASS | op::WIDE_CLASS_NOT => {
                let wide = opcode >= op::WIDE_CLASS;
                let inside = (0..operand as usize).any(|i| {
                    let (first, last) = if wide {
                        (three(pc + 2 + 6 * i), three(pc + 5 + 6 * i))
                    } else {
                        (self.byte(w, pc + 2 + 2 * i).into(), self.byte(w, pc + 3 + 2 * i).into())
                    };
                    if first == NAMED_RANGE.into() && last < first {
                        return super::program::in_named(ch, last as u8);
                    }
                    (first..=last).contains(&ch)
                });
                inside != matches!(opcode, op::CLASS_NOT | op::WIDE_CLASS_NOT)
            }
            _ => false,
        }
    }
}

/// The text while the work cell is being written: its words where it lies in the heap, its bytes where in flash.
struct Text<'a> {
    words: &'a [u32],
    flash: &'static [u8],
    span: Span,
}

impl Text<'_> {
    #[inline]
    fn byte(&self, i: usize) -> Option<u8> {
        if i >= self.span.len() {
            return None;
        }
        let at = self.span.from_word as usize * 4 + self.span.offset as usize + i;
        match self.words.get(at / 4) {
            Some(w) => w.to_ne_bytes().get(at % 4).copied(),
            None => self.flash.get(at).copied(),
        }
    }
    fn unit(&self, at: usize, chars: bool) -> Option<(u32, usize)> {
        let first = self.byte(at)?;
        if !chars || first < 0x80 {
            return Some((first.into(), 1));
        }
        let mut few = [first, 0, 0, 0];
        for (i, to) in few.iter_mut().enumerate().skip(1) {
            *to = self.byte(at + i).unwrap_or(0);
        }
        utf8::decode(&few)
    }
}

/// Copies words inside the work cell.
fn copy(w: &mut [u32], from: usize, to: usize, n: usize) {
    if from + n <= w.len() && to + n <= w.len() {
        w.copy_within(from..from + n, to);
    }
}

/// The unit at a place of the text, and its bytes.
fn unit_at(heap: &Heap, task: &Task, at: usize) -> Option<(u32, usize)> {
    let rest = heap.span_bytes(task.text).get(at..)?;
    let first = *rest.first()?;
    if task.chars && first >= 0x80 { utf8::decode(rest) } else { Some((first.into(), 1)) }
}

/// How many instructions of a program take a unit, or end.
fn consuming(heap: &Heap, code: Span) -> usize {
    let all = heap.span_bytes(code);
    let (mut pc, mut n) = (0, 0);
    while let Some(opcode) = all.get(pc) {
        n += usize::from(!matches!(*opcode, op::BEGIN..=op::SAVE));
        pc += size(*opcode, all.get(pc + 1).copied().unwrap_or(0));
    }
    n
}
