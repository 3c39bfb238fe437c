//! Work on dicts and sets that is one step for others, who come in amid it all the same.
//!
//! Invariants
//! - what is read is copied, as it was when the work began, before the first who waits comes in;
//! - what is changed is a copy, which takes the place of the table if that is still what it was: else all is done once more,
//!   and at last others have to wait.

use crate::heap::{Kind, R, Raised, Value};
use crate::object::{hashtable as table, set};
use crate::vm::pieces::COPIED;
use crate::vm::{Slot, Vm};

/// Two tables, in slots, that are read entry by entry.
pub struct Steady {
    at: Slot,
    copied: bool,
}

impl Steady {
    pub fn new(vm: &mut Vm, a: Value, b: Value) -> R<Steady> {
        let at = vm.push(a)?;
        vm.push(b)?;
        Ok(Steady { at, copied: false })
    }
    pub fn first(&self, vm: &Vm) -> Value {
        vm.get(self.at)
    }
    pub fn second(&self, vm: &Vm) -> Value {
        vm.get(Slot(self.at.0 + 1))
    }
    pub fn tick(&mut self, vm: &mut Vm, n: u32) -> R<()> {
        if self.copied {
            return vm.tick(n);
        }
        if !vm.is_wanted() {
            return vm.tick_alone(n);
        }
        for at in [self.at, Slot(self.at.0 + 1)] {
            let t = vm.get(at);
            match frozen(vm, t) {
                Some(copy) => vm.set(at, copy),
                None => return vm.tick_alone(n),
            }
        }
        self.copied = true;
        vm.tick(n)
    }
    /// The same, where others may have to wait.
    pub fn turn(&mut self, vm: &mut Vm, turns: Turns, n: u32) -> R<()> {
        if turns == Turns::Alone { vm.tick_alone(n) } else { self.tick(vm, n) }
    }
    pub fn end(self, vm: &mut Vm) {
        vm.drop_to(self.at);
    }
}

/// Words of entries that are copied while somebody waits: the collector has its turn at both allocations.
const FROZEN: usize = COPIED / 4;

/// A dict or set as it is now, in a copy that nobody changes: itself where nobody can, or where it is very large; `None` where
/// there is no memory for one.
pub fn frozen(vm: &mut Vm, t: Value) -> Option<Value> {
    let heap = vm.heap_mut();
    let kind = heap.kind(t);
    if !matches!(kind, Kind::Set | Kind::Dict | Kind::OrderedDict) || table::sizes(heap, t).0 > FROZEN {
        return Some(t);
    }
    match set::copy(heap, t, kind) {
        Ok(copy) => Some(copy),
        Err(Raised) => {
            heap.raised = None;
            None
        }
    }
}

/// How others are kept from what is changed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Turns {
    /// They come in.
    Others,
    /// They wait.
    Alone,
}

/// Entries that take no time to speak of.
const FEW: usize = 48;
/// How often a copy is changed while others change the table too, before they have to wait.
const ATTEMPTS: u32 = 4;

/// Changes a dict or set by `n` entries.
pub fn change(vm: &mut Vm, t: Value, n: usize, f: impl Fn(&mut Vm, Value, Turns) -> R<()>) -> R<()> {
    if table::sizes(vm.heap(), t).0 + 2 * n > COPIED {
        return f(vm, t, Turns::Others);
    }
    if n > FEW || table::grows_in_turns(vm.heap(), t, n) {
        for _ in 0..ATTEMPTS {
            let base = vm.push(t)?;
            let done = change_copy(vm, t, &f);
            vm.drop_to(base);
            match done {
                Some(done) => return done,
                None if vm.heap().raised.is_some() => {
                    // The table itself is changed with less memory.
                    vm.heap_mut().raised = None;
                    break;
                }
                None => {}
            }
        }
    }
    f(vm, t, Turns::Alone)
}

/// Changes a copy, and puts it in place; `None` where that is not done, with an exception where there is no memory.
fn change_copy(vm: &mut Vm, t: Value, f: impl Fn(&mut Vm, Value, Turns) -> R<()>) -> Option<R<()>> {
    let kind = vm.heap().kind(t);
    let begun = vm.copy_table(t, kind).and_then(|copy| {
        vm.push(copy)?;
        let before = vm.with_heap_anew(|h| table::entry_words(h, copy))?;
        vm.push(before)?;
        Ok((copy, before))
    });
    let done = begun.map(|(copy, before)| {
        let done = f(vm, copy, Turns::Others);
        (copy, before, done)
    });
    match done {
        Ok((_, _, Err(Raised))) | Err(Raised) if vm.heap().is_out_of_memory() => None,
        Err(Raised) => Some(Err(Raised)),
        Ok((copy, before, done)) => {
            if !table::has_entries(vm.heap(), t, before) {
                return if done.is_err() { Some(done) } else { None };
            }
            table::adopt(vm.heap_mut(), t, copy);
            Some(done)
        }
    }
}
