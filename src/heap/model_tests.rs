//! The collector's rules as a randomised model: a mutator that does what the VM and natives do, beside a shadow of what it
//! should see. Nothing that it can reach or holds in locals is ever lost, and what it cannot reach is freed in the end.

use super::alloc_tests::{Rng, heap};
use super::*;
use core::ptr::NonNull;
use std::boxed::Box;
use std::collections::{HashMap, HashSet};
use std::format;
use std::string::String;
use std::vec;
use std::vec::Vec;

const STACK: usize = 160;

/// What the model expects in a slot: bits that are no reference, or an object.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Item {
    Bits(u32),
    Obj(usize),
}

struct Shadow {
    value: Value,
    kind: Kind,
    /// Payload words that the model knows: all of a tuple's, array's or generator's; a list's items only.
    slots: Vec<Item>,
    text: String,
}

struct Fiber {
    words: *mut u32,
    sp: usize,
    /// Where each frame's words begin.
    frames: Vec<usize>,
    shadow: Vec<Item>,
    span: *mut StackSpan,
}

impl Fiber {
    fn new() -> Fiber {
        let words = Box::leak(vec![0u32; STACK].into_boxed_slice()).as_mut_ptr();
        let span = Box::into_raw(Box::new(StackSpan::new(words)));
        Fiber { words, sp: 0, frames: vec![0], shadow: Vec::new(), span }
    }
    fn span(&self) -> NonNull<StackSpan> {
        NonNull::new(self.span).unwrap()
    }
    fn top(&self) -> usize {
        *self.frames.last().unwrap()
    }
}

impl Drop for Fiber {
    fn drop(&mut self) {
        // SAFETY: both were leaked by `new`; the model's heap is not used any more.
        unsafe {
            drop(Box::from_raw(self.span));
            drop(Box::from_raw(core::ptr::slice_from_raw_parts_mut(self.words, STACK)));
        }
    }
}

struct Model<'a> {
    h: &'a mut Heap,
    rng: Rng,
    objs: Vec<Shadow>,
    by_bits: HashMap<u32, usize>,
    roots: [Option<Value>; 4],
    held: Vec<usize>,
    fibers: Vec<Fiber>,
    now: usize,
    /// The generator whose frame runs in its cell.
    running: Option<usize>,
    finals: HashSet<usize>,
    collections: u32,
}

impl<'a> Model<'a> {
    fn new(h: &'a mut Heap, seed: u64) -> Model<'a> {
        Model {
            h,
            rng: Rng(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
            objs: Vec::new(),
            by_bits: HashMap::new(),
            roots: [None; 4],
            held: Vec::new(),
            fibers: vec![Fiber::new(), Fiber::new()],
            now: 0,
            running: None,
            finals: HashSet::new(),
            collections: 0,
        }
    }
    fn bits(&self, item: Item) -> u32 {
        match item {
            Item::Bits(b) => b,
            Item::Obj(id) => self.objs[id].value.bits(),
        }
    }
    fn opt(&self, item: Item) -> Option<Value> {
        Value::from_bits(self.bits(item))
    }
    fn item(&self, v: Option<Value>) -> Item {
        match v {
            Some(v) if v.is_heap() => Item::Obj(self.by_bits[&v.bits()]),
            v => Item::Bits(v.map_or(0, Value::bits)),
        }
    }
    fn some_item(&mut self) -> Item {
        match self.rng.below(5) {
            0 => Item::Bits(0),
            1 => Item::Bits(Value::small(self.rng.below(100) as i32).bits()),
            _ => self.some().map_or(Item::Bits(0), Item::Obj),
        }
    }
    fn some(&mut self) -> Option<usize> {
        if self.rng.below(2) == 0 {
            return self.held.last().copied();
        }
        (!self.held.is_empty()).then(|| self.held[self.rng.below(self.held.len())])
    }
    fn some_of(&mut self, kind: Kind) -> Option<usize> {
        let all: Vec<usize> = self.held.iter().copied().filter(|i| self.objs[*i].kind == kind).collect();
        (!all.is_empty()).then(|| all[self.rng.below(all.len())])
    }
    fn born(&mut self, value: Value, kind: Kind, slots: Vec<Item>, text: String) -> usize {
        self.objs.push(Shadow { value, kind, slots, text });
        let id = self.objs.len() - 1;
        self.by_bits.insert(value.bits(), id);
        self.held.push(id);
        id
    }

    // ---- what the program does -------------------------------------------------------------------------------

    fn new_cell(&mut self) -> R<()> {
        let (kind, n) = match self.rng.below(14) {
            0 => (Kind::Array, 1 + self.rng.below(200)),
            1 | 5 => (Kind::Generator, PTR_WORDS + 1 + self.rng.below(12)),
            2 => (Kind::Raw, 1 + self.rng.below(60)),
            3 => (Kind::Cell, 1),
            4 => (Kind::Native, 4),
            _ => (Kind::Tuple, 1 + self.rng.below(7)),
        };
        let v = self.h.alloc(kind, n)?;
        let n = self.h.words(v);
        let mut slots = vec![Item::Bits(0); n];
        match kind {
            Kind::Raw => {
                for (i, s) in slots.iter_mut().enumerate() {
                    *s = Item::Bits(self.objs.len() as u32);
                    self.h.set_word(v, i, self.objs.len() as u32);
                }
            }
            Kind::Native => {
                // Raw data that looks like a reference.
                self.h.set_word(v, 2, 64);
                slots[2] = Item::Bits(64);
            }
            _ => (),
        }
        let id = self.born(v, kind, slots, String::new());
        let first = kind::FIRST_REF[kind as usize] as usize;
        for i in first..if kind == Kind::Native { 1 } else { n.min(first + 6) } {
            self.store(id, i);
        }
        if kind == Kind::Native && self.rng.below(2) == 0 {
            self.h.register_finalizer(v)?;
            self.finals.insert(id);
        }
        Ok(())
    }
    fn store(&mut self, id: usize, i: usize) {
        let to = self.some_item();
        let v = self.opt(to);
        self.h.set_slot(self.objs[id].value, i, v);
        self.objs[id].slots[i] = to;
    }
    fn mutate(&mut self) {
        let Some(id) = self.some() else { return };
        let o = &self.objs[id];
        let (v, n) = (o.value, o.slots.len());
        match o.kind {
            Kind::Array | Kind::Tuple | Kind::Cell => {
                let i = self.rng.below(n);
                match self.rng.below(6) {
                    0..3 => self.store(id, i),
                    3 => {
                        let (to, n) = (self.rng.below(n), self.rng.below(n));
                        let n = n.min(self.objs[id].slots.len() - i.max(to));
                        self.h.copy_slots(v, to, v, i, n);
                        self.objs[id].slots.copy_within(i..i + n, to);
                    }
                    4 => {
                        self.h.slots_mut(v, 0, n).reverse();
                        self.objs[id].slots.reverse();
                    }
                    _ => {
                        let k = self.rng.below(n - i + 1);
                        self.h.clear_slots(v, i, k);
                        self.objs[id].slots[i..i + k].fill(Item::Bits(0));
                    }
                }
            }
            Kind::Generator if self.running != Some(id) => {
                // Resumed: its frame is written without a barrier.
                self.h.scan_cell_now(v);
                self.running = Some(id);
            }
            Kind::List => self.list_op(id),
            _ => (),
        }
    }
    fn run_frame(&mut self) {
        for _ in 0..3 {
            let Some(id) = self.running else { break };
            let (v, n) = (self.objs[id].value, self.objs[id].slots.len());
            let i = PTR_WORDS + self.rng.below(n - PTR_WORDS);
            if self.rng.below(2) == 0 {
                let to = self.some_item();
                self.h.set_word(v, i, self.bits(to));
                self.objs[id].slots[i] = to;
            } else {
                self.load(id, i);
            }
        }
        if self.rng.below(6) == 0 {
            self.running = None;
        }
    }
    /// Reads its way from a root or a local to some object.
    fn walk(&mut self) {
        let f = &self.fibers[self.now];
        let locals = f.shadow[f.top()..].iter().copied();
        let from: Vec<Item> = locals.chain(self.roots.iter().map(|v| self.item(*v))).collect();
        let Item::Obj(mut id) = from[self.rng.below(from.len())] else { return };
        for _ in 0..self.rng.below(12) {
            self.held.push(id);
            let next: Vec<usize> = self.objs[id]
                .slots
                .iter()
                .filter_map(|i| if let Item::Obj(id) = i { Some(*id) } else { None })
                .collect();
            if next.is_empty() {
                break;
            }
            id = next[self.rng.below(next.len())];
        }
        self.held.push(id);
    }
    /// What a collector without barriers loses: takes an object out of a slot and keeps it where nobody looks any more.
    fn hide(&mut self) -> R<()> {
        let Some(id) = self.some() else { return Ok(()) };
        if !matches!(self.objs[id].kind, Kind::Array | Kind::Tuple) {
            return Ok(());
        }
        let (v, n) = (self.objs[id].value, self.objs[id].slots.len());
        let Some(i) = (0..n).find(|i| matches!(self.objs[id].slots[*i], Item::Obj(_))) else { return Ok(()) };
        let item = self.objs[id].slots[i];
        match self.rng.below(3) {
            0 => self.h.set_slot(v, i, None),
            1 => self.h.clear_slots(v, i, 1),
            _ => {
                if i + 1 < n {
                    self.h.copy_slots(v, i, v, i + 1, 1);
                    self.objs[id].slots[i] = self.objs[id].slots[i + 1];
                } else {
                    self.h.slots_mut(v, i, 1).fill(None);
                }
            }
        }
        if self.h.slot(v, i).is_none() {
            self.objs[id].slots[i] = Item::Bits(0);
        }
        let bits = self.bits(item);
        let f = &mut self.fibers[self.now];
        if f.sp < STACK - 1 {
            // SAFETY: `sp` stays below STACK.
            unsafe { *f.words.add(f.sp) = bits };
            f.sp += 1;
            f.shadow.push(item);
        }
        Ok(())
    }
    fn load(&mut self, id: usize, i: usize) {
        let o = &self.objs[id];
        if let Item::Obj(child) = o.slots[i] {
            let v = self.h.slot(o.value, i);
            assert_eq!(v, Some(self.objs[child].value));
            self.held.push(child);
        }
    }
    fn new_list(&mut self) -> R<()> {
        let v = self.h.alloc(Kind::List, 2)?;
        self.h.set_int(v, 0, 0);
        self.born(v, Kind::List, Vec::new(), String::new());
        Ok(())
    }
    fn list_op(&mut self, id: usize) {
        let v = self.objs[id].value;
        let len = self.objs[id].slots.len();
        match self.rng.below(8) {
            0..5 => {
                let to = self.some_item();
                let array = self.h.slot(v, 1);
                let have = array.map_or(0, |a| self.h.words(a));
                let array = if len < have {
                    array.unwrap()
                } else {
                    let want = len + len / 2 + 3;
                    if let Some(a) = array
                        && self.rng.below(2) == 0
                        && self.h.resize(a, want)
                    {
                        a
                    } else {
                        let Ok(new) = self.h.alloc(Kind::Array, want) else { return };
                        self.h.set_field(v, 1, new);
                        if let Some(a) = array {
                            self.h.copy_words(new, 0, a, 0, len);
                            self.h.free(a);
                        }
                        new
                    }
                };
                let at = self.rng.below(len + 1);
                self.h.copy_slots(array, at + 1, array, at, len - at);
                let bits = self.opt(to);
                self.h.set_slot(array, at, bits);
                self.h.set_int(v, 0, len as i32 + 1);
                self.objs[id].slots.insert(at, to);
            }
            5 if len > 0 => {
                let Some(a) = self.h.slot(v, 1) else { return };
                let at = self.rng.below(len);
                self.h.copy_slots(a, at, a, at + 1, len - at - 1);
                self.h.set_slot(a, len - 1, None);
                self.h.set_int(v, 0, len as i32 - 1);
                self.objs[id].slots.remove(at);
            }
            6 if len > 0 => {
                let Some(a) = self.h.slot(v, 1) else { return };
                let keep = self.rng.below(len);
                self.h.clear_slots(a, keep, len - keep);
                self.h.resize(a, keep.max(1));
                self.h.set_int(v, 0, keep as i32);
                self.objs[id].slots.truncate(keep);
            }
            7 if len > 0 => {
                let Some(a) = self.h.slot(v, 1) else { return };
                // In parts, as a native with ticks would.
                let mut at = 0;
                while self.h.scan_part(a, at, 5) {
                    at += 5;
                    self.h.step(50);
                }
                self.h.scanned(a);
                self.h.slots_mut(a, 0, len).rotate_left(1);
                self.objs[id].slots.rotate_left(1);
            }
            _ => {
                if len > 0 {
                    let i = self.rng.below(len);
                    if let Item::Obj(child) = self.objs[id].slots[i] {
                        self.held.push(child);
                    }
                }
            }
        }
    }
    fn intern(&mut self) -> R<()> {
        let text = format!("string {}", self.rng.below(120));
        let known = self.reachable().into_iter().find(|i| self.objs[*i].text == text);
        let v = match self.rng.below(3) {
            0 => match self.h.find_interned(text.as_bytes()) {
                Some(v) => v,
                None => {
                    assert!(known.is_none(), "a live string has left the table");
                    return Ok(());
                }
            },
            1 => self.h.intern(text.as_bytes())?,
            _ => {
                let v = self.h.new_str_cell(Kind::Str, text.as_bytes(), names::hash(text.as_bytes()))?;
                self.h.intern_value(v)?
            }
        };
        assert_eq!(self.h.str_bytes(v), text.as_bytes());
        match known {
            Some(id) => {
                assert_eq!(v, self.objs[id].value, "two strings with one text");
                self.held.push(id);
            }
            None => {
                self.born(v, Kind::Str, Vec::new(), text);
            }
        }
        Ok(())
    }
    fn stack_op(&mut self) {
        let item = self.some_item();
        let bits = self.bits(item);
        let pick = self.rng.below(8);
        let at = self.rng.next() as usize >> 8;
        let f = &mut self.fibers[self.now];
        match pick {
            // SAFETY: `sp` stays below STACK.
            0..3 if f.sp < STACK - 1 => unsafe {
                *f.words.add(f.sp) = bits;
                f.sp += 1;
                f.shadow.push(item);
            },
            3 if f.sp > f.top() => {
                // SAFETY: a local of the running frame.
                unsafe {
                    let i = f.top() + at % (f.sp - f.top());
                    *f.words.add(i) = bits;
                    f.shadow[i] = item;
                }
            }
            4 if f.sp > f.top() => {
                f.sp -= 1;
                if let Some(Item::Obj(id)) = f.shadow.pop() {
                    self.held.push(id);
                }
            }
            5 => {
                f.frames.push(f.sp);
                self.running = None;
            }
            6 if f.frames.len() > 1 => {
                f.sp = f.frames.pop().unwrap();
                f.shadow.truncate(f.sp);
                let (span, top) = (f.span(), f.top());
                // SAFETY: the model's fibers outlive its use of the heap.
                unsafe { self.h.scan_span_to(span, top as u32) };
                self.running = None;
            }
            7 if at.is_multiple_of(4) => {
                self.now ^= 1;
                let f = &self.fibers[self.now];
                let (span, top) = (f.span(), f.top());
                // SAFETY: as above.
                unsafe { self.h.scan_span_to(span, top as u32) };
                self.held.clear();
                self.running = None;
            }
            _ => (),
        }
    }
    fn set_root(&mut self) {
        let i = self.rng.below(4);
        let item = self.some_item();
        if let Some(v) = self.roots[i]
            && let Item::Obj(id) = self.item(Some(v))
        {
            self.held.push(id);
        }
        self.roots[i] = self.opt(item);
    }

    // ---- what the VM does ------------------------------------------------------------------------------------

    fn safepoint(&mut self, force: bool) {
        self.held.clear();
        if self.running.is_some() && self.rng.below(2) == 0 {
            self.running = None;
        }
        if self.h.pending_bits() & PENDING_CYCLE != 0 || force {
            while self.h.owes() && self.rng.below(4) != 0 {
                self.h.pay_debt();
            }
            if !self.h.is_idle() {
                return;
            }
            // The fiber's record keeps a running generator alive.
            self.h.start_cycle(&self.roots);
            if let Some(id) = self.running {
                self.h.shade(self.objs[id].value.bits());
                self.h.scan_cell_now(self.objs[id].value);
            }
            for (i, f) in self.fibers.iter().enumerate() {
                let todo = if i == self.now { f.top() } else { f.sp };
                // SAFETY: the model's fibers outlive its use of the heap.
                unsafe {
                    (*f.span).todo = todo as u32;
                    self.h.add_span(f.span());
                    if i == self.now {
                        self.h.shade_words(f.words.add(todo), f.sp - todo);
                    }
                }
            }
            self.collections += 1;
            // Long marking phases and a stack that often has no room show more than sensible ones.
            if !force {
                self.h.pace.budget = [30, 100, 400, 2000][self.rng.below(4)];
            }
            self.h.mark.no_spill = self.rng.below(2) == 0;
        }
        if self.h.pending_bits() & PENDING_FINALIZERS != 0 && (force || self.rng.below(4) == 0) {
            let live = self.reachable();
            while let Some(v) = self.h.next_finalizer() {
                let id = self.by_bits[&v.bits()];
                assert!(!live.contains(&id), "the finalizer of a live object");
                assert!(self.finals.remove(&id), "a finalizer that ran twice");
                self.compare(id);
                self.held.push(id);
                if self.rng.below(2) == 0 {
                    break;
                }
            }
            self.held.clear();
        }
    }
    fn full(&mut self) {
        while !self.h.collect_step() {}
        self.safepoint(true);
        while !self.h.collect_step() {}
    }
    fn reachable(&self) -> HashSet<usize> {
        let mut todo: Vec<usize> = self.held.clone();
        todo.extend(self.running);
        let stacked = self.fibers.iter().flat_map(|f| f.shadow.iter().copied());
        let roots = self.roots.iter().map(|v| self.item(*v));
        todo.extend(stacked.chain(roots).filter_map(|i| if let Item::Obj(id) = i { Some(id) } else { None }));
        let mut seen = HashSet::new();
        while let Some(id) = todo.pop() {
            if seen.insert(id) {
                todo.extend(
                    self.objs[id]
                        .slots
                        .iter()
                        .filter_map(|i| if let Item::Obj(id) = i { Some(*id) } else { None }),
                );
            }
        }
        seen
    }
    fn compare(&self, id: usize) {
        let o = &self.objs[id];
        assert!(
            self.h.is(o.value, o.kind),
            "object {id} was lost: {:?} for {:?}",
            self.h.kind(o.value),
            o.kind
        );
        match o.kind {
            Kind::Str => assert_eq!(self.h.str_bytes(o.value), o.text.as_bytes()),
            Kind::List => {
                assert_eq!(self.h.int(o.value, 0) as usize, o.slots.len());
                let items = self.h.slot(o.value, 1).map_or(&[][..], |a| self.h.slots(a, 0, o.slots.len()));
                assert!(items.iter().zip(&o.slots).all(|(v, i)| *v == self.opt(*i)), "list {id} has changed");
            }
            _ => {
                for (i, item) in o.slots.iter().enumerate() {
                    assert_eq!(
                        self.h.word(o.value, i),
                        self.bits(*item),
                        "word {i} of object {id}, {:?}",
                        o.kind
                    );
                }
            }
        }
    }
    fn check(&self) {
        for id in self.reachable() {
            self.compare(id);
        }
        self.h.verify().unwrap();
    }

    fn run(&mut self, rounds: u32) {
        for round in 0..rounds {
            // Safepoints come in bursts, so that values are held for a while in between.
            let done = match self.rng.below(50) {
                40..46 => {
                    self.walk();
                    Ok(())
                }
                46..48 => self.hide(),
                0..12 => self.new_cell(),
                12..14 => self.new_list(),
                14..17 => self.intern(),
                17..24 => {
                    self.mutate();
                    Ok(())
                }
                24..28 => {
                    if let Some(id) = self.some()
                        && !matches!(self.objs[id].kind, Kind::Raw | Kind::Str | Kind::List)
                    {
                        let i = self.rng.below(self.objs[id].slots.len());
                        self.load(id, i);
                    } else if let Some(id) = self.some_of(Kind::List) {
                        self.list_op(id);
                    }
                    Ok(())
                }
                28..35 => {
                    self.stack_op();
                    Ok(())
                }
                35 => {
                    self.set_root();
                    Ok(())
                }
                36..38 => {
                    self.run_frame();
                    Ok(())
                }
                38 => {
                    let n = self.rng.below(200) as i32;
                    self.h.step(n);
                    Ok(())
                }
                _ if self.rng.below(3) == 0 => {
                    self.safepoint(false);
                    Ok(())
                }
                _ => self.hide(),
            };
            if done.is_err() {
                assert!(self.h.is_out_of_memory());
                self.roots = [None; 4];
                let f = &mut self.fibers[self.now];
                f.sp = f.top();
                f.shadow.truncate(f.sp);
                self.full();
            }
            if round % 50 == 0 {
                self.check();
            }
        }
        self.check();
    }
    /// Drops everything: two collections later the heap holds nothing but its own tables.
    fn end(&mut self) {
        self.roots = [None; 4];
        self.running = None;
        for f in &mut self.fibers {
            f.sp = 0;
            f.frames = vec![0];
            f.shadow.clear();
        }
        for _ in 0..8 {
            self.full();
            self.safepoint(true);
            while self.h.pending_bits() & PENDING_FINALIZERS != 0 {
                while !self.h.collect_step() {}
                self.safepoint(true);
            }
        }
        while !self.h.collect_step() {}
        self.h.verify().unwrap();
        assert!(self.finals.is_empty(), "objects that were never finalized");
        assert_eq!(self.h.interned(), 0);
        let own = self.h.own_bytes();
        assert_eq!(self.h.used_bytes(), own);
    }
}

fn model(seeds: core::ops::Range<u64>, rounds: u32, bytes: usize) {
    let mut cycles = 0;
    for seed in seeds {
        let mut mem = Vec::new();
        let h = &mut heap(&mut mem, bytes);
        let mut m = Model::new(h, seed);
        m.run(rounds);
        m.end();
        cycles += m.collections;
        let c = h.counts();
        assert!(c.max_step_work <= 18_000, "a step of {}", c.max_step_work);
    }
    assert!(cycles > 0);
}

#[test]
fn nothing_reachable_is_lost_in_a_small_heap() {
    if cfg!(miri) { model(1..2, 400, 2500) } else { model(1..25, 2500, 6000) }
}

#[test]
fn nothing_reachable_is_lost_in_a_larger_heap() {
    if cfg!(miri) { model(50..51, 400, 6000) } else { model(1000..1003, 10_000, 40_000) }
}
