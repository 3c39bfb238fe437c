//! From the text of a regular expression to its program.
//!
//! Invariants
//! - open groups lie in frames of four slots on the VM's stack; nothing recurses;
//! - code that was put out only moves when something is inserted before it, and jumps inside of it are relative.

use super::program::{NAMED_RANGE, op};
use crate::base::utf8;
use crate::heap::span::Span;
use crate::heap::{R, Raised, TypeId, Value};
use crate::object::bytearray;
use crate::vm::{Slot, Vm};

/// Slots of a group's frame: where its term begins, where its present branch begins, the jump at the end of the branch
/// before (-1 for none), its number (-1 where it does not capture).
const FRAME: u32 = 4;
/// Groups that a program may have: the places of begin and end are numbered by a byte.
const MAX_GROUPS: i32 = 127;

pub struct Compiler {
    pattern: Span,
    /// Characters rather than bytes.
    text: bool,
    at: usize,
    /// The program: a byte array.
    code: Slot,
    groups: i32,
    /// The innermost group's frame, except where its term begins.
    branch: usize,
    jump: Option<usize>,
    /// Where the last term begins, which a quantifier may repeat.
    term: Option<usize>,
}

/// A range of a set, still in the making.
#[derive(Clone, Copy)]
enum Item {
    Char(u32),
    Named(u8),
}

impl Compiler {
    pub fn new(pattern: Span, text: bool, code: Slot) -> Compiler {
        Compiler { pattern, text, at: 0, code, groups: 0, branch: 0, jump: None, term: None }
    }

    /// Compiles all of it; gives the number of groups. The owner of the pattern is reachable.
    pub fn run(&mut self, vm: &mut Vm) -> R<usize> {
        self.put(vm, &[op::RSPLIT, 3, op::ANY, op::JUMP, -5i8 as u8, op::SAVE, 0])?;
        self.branch = self.len(vm);
        let mut depth = 0;
        while let Some(ch) = self.next(vm) {
            vm.tick(100)?;
            match u8::try_from(ch).unwrap_or(b'a') {
                b'.' => self.simple(vm, &[op::ANY])?,
                b'^' => self.simple(vm, &[op::BEGIN])?,
                b'$' => self.simple(vm, &[op::END])?,
                b'[' => self.class(vm)?,
                b'\\' => self.escaped(vm)?,
                b'*' | b'+' | b'?' => self.quantifier(vm, ch as u8)?,
                b'|' => self.alternative(vm)?,
                b'(' => {
                    self.open(vm)?;
                    depth += 1;
                }
                b')' if depth > 0 => {
                    depth -= 1;
                    self.close(vm)?;
                }
                b')' => return Err(self.error(vm)),
                _ => self.char(vm, ch)?,
            }
        }
        if depth > 0 {
            return Err(self.error(vm));
        }
        self.end_branches(vm)?;
        self.put(vm, &[op::SAVE, 1, op::MATCH])?;
        Ok(self.groups as usize + 1)
    }

    #[cold]
    fn error(&self, vm: &mut Vm) -> Raised {
        vm.raise(TypeId::ValueError, "error in regex")
    }

    // ---- the pattern -----------------------------------------------------------------------------------------

    fn peek(&self, vm: &Vm) -> Option<(u32, usize)> {
        let rest = vm.heap().span_bytes(self.pattern).get(self.at..)?;
        if self.text { utf8::decode(rest) } else { rest.first().map(|b| (u32::from(*b), 1)) }
    }
    fn next(&mut self, vm: &Vm) -> Option<u32> {
        let (ch, n) = self.peek(vm)?;
        self.at += n;
        Some(ch)
    }
    fn take(&mut self, vm: &Vm, ch: u8) -> bool {
        let there = self.peek(vm).is_some_and(|(c, _)| c == ch.into());
        self.at += usize::from(there);
        there
    }

    // ---- the program -----------------------------------------------------------------------------------------

    fn len(&self, vm: &Vm) -> usize {
        bytearray::len(vm.heap(), vm.get(self.code))
    }
    fn put(&self, vm: &mut Vm, bytes: &[u8]) -> R<()> {
        let code = vm.get(self.code);
        vm.with_heap(|h| bytearray::extend(h, code, bytes))
    }
    fn set(&self, vm: &mut Vm, at: usize, b: u8) {
        let place = bytearray::span(vm.heap(), vm.get(self.code)).sub(at, at + 1);
        vm.heap_mut().write_span(place, &[b]);
    }
    /// Opens a gap of two bytes, for an instruction before what is there.
    fn gap(&self, vm: &mut Vm, at: usize) -> R<()> {
        let code = vm.get(self.code);
        let two = vm.heap().str_span(crate::q!(", ")).unwrap_or(Span::EMPTY);
        vm.with_heap(|h| bytearray::splice(h, code, at, at, two))
    }
    /// Writes the offset from the end of the jump at `at` to `to`.
    fn link(&self, vm: &mut Vm, at: usize, to: usize) -> R<()> {
        match i8::try_from(to as i64 - (at as i64 + 2)) {
            Ok(offset) => {
                self.set(vm, at + 1, offset as u8);
                Ok(())
            }
            Err(_) => Err(self.error(vm)),
        }
    }

    // ---- terms -----------------------------------------------------------------------------------------------

    fn simple(&mut self, vm: &mut Vm, bytes: &[u8]) -> R<()> {
        self.term = Some(self.len(vm));
        self.put(vm, bytes)
    }
    fn char(&mut self, vm: &mut Vm, ch: u32) -> R<()> {
        match u8::try_from(ch) {
            Ok(b) => self.simple(vm, &[op::CHAR, b]),
            Err(_) => self.simple(vm, &[op::WIDE, ch as u8, (ch >> 8) as u8, (ch >> 16) as u8]),
        }
    }
    fn escaped(&mut self, vm: &mut Vm) -> R<()> {
        let Some(ch) = self.next(vm) else { return Err(self.error(vm)) };
        match meaning(ch) {
            Item::Named(letter) => self.simple(vm, &[op::NAMED, letter]),
            Item::Char(ch) => self.char(vm, ch),
        }
    }

    /// A set, whose opening bracket was read. A closing bracket that comes first stands for itself.
    fn class(&mut self, vm: &mut Vm) -> R<()> {
        let not = self.take(vm, b'^');
        let wide = self.is_wide(vm);
        let opcode = match (wide, not) {
            (false, false) => op::CLASS,
            (false, true) => op::CLASS_NOT,
            (true, false) => op::WIDE_CLASS,
            (true, true) => op::WIDE_CLASS_NOT,
        };
        let start = self.len(vm);
        self.simple(vm, &[opcode, 0])?;
        let mut n = 0u8;
        let mut first_one = true;
        while first_one || !self.take(vm, b']') {
            first_one = false;
            let first = self.class_item(vm)?;
            let mut last = first;
            // A hyphen at the end stands for itself.
            let here = self.at;
            if self.take(vm, b'-') {
                if self.peek(vm).is_some_and(|(c, _)| c != b']'.into()) {
                    last = self.class_item(vm)?;
                } else {
                    self.at = here;
                }
            }
            let (a, b) = match (first, last) {
                (Item::Char(a), Item::Char(b)) if a <= b => (a, b),
                (Item::Named(_), Item::Named(letter)) if here == self.at => {
                    (NAMED_RANGE.into(), letter.into())
                }
                _ => return Err(self.error(vm)),
            };
            n = match n.checked_add(1) {
                Some(n) => n,
                None => return Err(self.error(vm)),
            };
            // A range that would read as a named set is none: its first is 255 and so is its last.
            if wide {
                let bytes = |c: u32| [c as u8, (c >> 8) as u8, (c >> 16) as u8];
                self.put(vm, &bytes(a))?;
                self.put(vm, &bytes(b))?;
            } else {
                self.put(vm, &[a as u8, b as u8])?;
            }
            vm.tick(100)?;
        }
        self.set(vm, start + 1, n);
        Ok(())
    }
    fn class_item(&mut self, vm: &mut Vm) -> R<Item> {
        let Some(ch) = self.next(vm) else { return Err(self.error(vm)) };
        if ch != u32::from(b'\\') {
            return Ok(Item::Char(ch));
        }
        match self.next(vm) {
            Some(ch) => Ok(meaning(ch)),
            None => Err(self.error(vm)),
        }
    }
    /// Whether the set that begins here has characters beyond 255.
    fn is_wide(&mut self, vm: &mut Vm) -> bool {
        let here = self.at;
        let mut wide = false;
        let mut first = true;
        while let Some(ch) = self.next(vm) {
            if ch == u32::from(b']') && !first {
                break;
            }
            first = false;
            wide |= ch > 255;
            if ch == u32::from(b'\\') {
                self.next(vm);
            }
        }
        self.at = here;
        wide
    }

    fn quantifier(&mut self, vm: &mut Vm, which: u8) -> R<()> {
        let Some(start) = self.term.take() else { return Err(self.error(vm)) };
        let reluctant = self.take(vm, b'?');
        if which == b'+' {
            let at = self.len(vm);
            self.put(vm, &[if reluctant { op::SPLIT } else { op::RSPLIT }, 0])?;
            return self.link(vm, at, start);
        }
        self.gap(vm, start)?;
        self.set(vm, start, if reluctant { op::RSPLIT } else { op::SPLIT });
        if which == b'*' {
            let at = self.len(vm);
            self.put(vm, &[op::JUMP, 0])?;
            self.link(vm, at, start)?;
        }
        let end = self.len(vm);
        self.link(vm, start, end)
    }

    // ---- branches and groups ---------------------------------------------------------------------------------

    fn alternative(&mut self, vm: &mut Vm) -> R<()> {
        self.gap(vm, self.branch)?;
        self.set(vm, self.branch, op::SPLIT);
        let jump = self.len(vm);
        // A jump at a branch's end leads to the one of the next branch, so all of them stay short.
        if let Some(before) = self.jump {
            self.link(vm, before, jump)?;
        }
        self.put(vm, &[op::JUMP, 0])?;
        let end = self.len(vm);
        self.link(vm, self.branch, end)?;
        self.jump = Some(jump);
        self.branch = end;
        self.term = None;
        Ok(())
    }
    fn end_branches(&mut self, vm: &mut Vm) -> R<()> {
        match self.jump.take() {
            Some(jump) => {
                let end = self.len(vm);
                self.link(vm, jump, end)
            }
            None => Ok(()),
        }
    }

    fn open(&mut self, vm: &mut Vm) -> R<()> {
        let mut number = -1;
        if self.take(vm, b'?') {
            if !self.take(vm, b':') {
                return Err(self.error(vm));
            }
        } else {
            self.groups += 1;
            number = self.groups;
            if number >= MAX_GROUPS {
                return Err(self.error(vm));
            }
        }
        let start = self.len(vm);
        let jump = self.jump.take().map_or(-1, |j| j as i32);
        for n in [start as i32, self.branch as i32, jump, number] {
            vm.push(Value::small(n))?;
        }
        if number > 0 {
            self.put(vm, &[op::SAVE, number as u8 * 2])?;
        }
        self.branch = self.len(vm);
        self.term = None;
        Ok(())
    }
    fn close(&mut self, vm: &mut Vm) -> R<()> {
        self.end_branches(vm)?;
        let frame = vm.depth() - FRAME;
        let field = |i: u32| vm.get(Slot(frame + i)).as_small().unwrap_or(-1);
        let (start, branch, jump, number) = (field(0), field(1), field(2), field(3));
        vm.drop_to(Slot(frame));
        if number > 0 {
            self.put(vm, &[op::SAVE, number as u8 * 2 + 1])?;
        }
        self.term = Some(start as usize);
        self.branch = branch as usize;
        self.jump = usize::try_from(jump).ok();
        Ok(())
    }
}

/// What a character behind a backslash means.
fn meaning(ch: u32) -> Item {
    match u8::try_from(ch) {
        Ok(b @ (b'd' | b'D' | b's' | b'S' | b'w' | b'W')) => Item::Named(b),
        Ok(b'n') => Item::Char(10),
        Ok(b'r') => Item::Char(13),
        Ok(b't') => Item::Char(9),
        Ok(b'f') => Item::Char(12),
        Ok(b'v') => Item::Char(11),
        _ => Item::Char(ch),
    }
}
