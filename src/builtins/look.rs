//! Looks through lists and tuples for items, in the midst of which others have the VM.

use super::seq::{RUN, WORK, frozen, is_one_step, item, len};
use crate::heap::{Kind, R, Value};
use crate::object::list;
use crate::vm::pieces::COPIED;
use crate::vm::{Slot, Vm};

/// A look through a list or tuple for items that are equal to one: a single step for others, who come in when what is left
/// of a list of ordinary length was copied; a very long one is seen as it is at each item.
pub struct Look {
    seq: Value,
    at: usize,
    to: usize,
    /// Items of the list before the copy.
    before: usize,
    copy: Option<Slot>,
    found: Value,
    work: u32,
}

impl Look {
    pub fn new(seq: Value, from: usize, to: usize) -> Look {
        Look { seq, at: from, to, before: 0, copy: None, found: Value::NONE, work: 0 }
    }
    /// The next place of `v`.
    pub fn next(&mut self, vm: &mut Vm, v: Value) -> R<Option<usize>> {
        loop {
            // Read anew each time: a comparison may have changed the list.
            let end = self.to.min(len(vm, self.seq));
            if self.at >= end {
                return Ok(None);
            }
            let h = vm.heap();
            let cell = if h.is(self.seq, Kind::List) { h.field(self.seq, list::ITEMS) } else { self.seq };
            let part = h.slots(cell, self.at, (end - self.at).min(RUN));
            // What is the same or a small int beside another needs no comparing.
            let told = |x: &Option<Value>| {
                let x = x.unwrap_or(Value::NONE);
                x == v || !(x.is_small() && v.is_small())
            };
            match part.iter().position(told) {
                Some(k) => {
                    let x = part.get(k).copied().flatten().unwrap_or(Value::NONE);
                    let i = self.at + k;
                    self.at = i + 1;
                    if x == v || vm.equal(x, v)? {
                        self.found = x;
                        return Ok(Some(self.before + i));
                    }
                    self.tick(vm, 500)?;
                }
                None => {
                    self.at += part.len().max(1);
                    self.tick(vm, WORK)?;
                }
            }
        }
    }
    fn tick(&mut self, vm: &mut Vm, n: u32) -> R<()> {
        self.work += n;
        if self.work < WORK {
            return Ok(());
        }
        self.work = 0;
        let left = self.to.min(len(vm, self.seq)).saturating_sub(self.at);
        if self.copy.is_some() || !is_one_step(vm, self.seq, left) {
            return vm.tick(WORK);
        }
        if !vm.is_wanted() {
            return vm.tick_alone(WORK);
        }
        let Some(copy) = frozen(vm, self.seq, self.at, self.to) else { return vm.tick_alone(WORK) };
        self.copy = Some(vm.push(copy)?);
        self.seq = copy;
        self.before = self.at;
        self.at = 0;
        self.to = usize::MAX;
        vm.tick(WORK)
    }
    /// Where what was found last at `i` is in `l` now: others who came in may have moved it, or taken it out.
    pub fn place(&self, vm: &Vm, l: Value, i: usize) -> Option<usize> {
        if item(vm, l, i) == Some(self.found) {
            return Some(i);
        }
        let h = vm.heap();
        h.slots(h.slot(l, list::ITEMS)?, 0, list::len(h, l).min(COPIED))
            .iter()
            .position(|x| *x == Some(self.found))
    }
    /// Gives up the copy.
    pub fn end(self, vm: &mut Vm) {
        if let Some(copy) = self.copy {
            vm.drop_to(copy);
        }
    }
}
