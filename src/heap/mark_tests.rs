//! The collector on shapes that break collectors: deep, wide, full of roots, short of memory; and its bounds.

use super::alloc_tests::heap;
use super::*;
use core::ptr::NonNull;
use std::vec;
use std::vec::Vec;

fn finish(h: &mut Heap) {
    while !h.collect_step() {}
    h.verify().unwrap();
}

fn collect(h: &mut Heap, roots: &[Option<Value>]) {
    finish(h);
    h.start_cycle(roots);
    finish(h);
}

/// `n` tuples, each the first item of the next, with a leaf beside it.
fn chain(h: &mut Heap, n: usize) -> R {
    let mut v = h.alloc(Kind::Tuple, 3)?;
    for i in 0..n {
        let t = h.alloc(Kind::Tuple, 3)?;
        h.set_field(t, 0, v);
        let leaf = h.alloc(Kind::Raw, 1)?;
        h.set_word(leaf, 0, i as u32);
        h.set_field(t, 1, leaf);
        v = t;
    }
    Ok(v)
}

fn length(h: &Heap, mut v: Value) -> usize {
    let mut n = 0;
    while let Some(next) = h.slot(v, 0) {
        (v, n) = (next, n + 1);
    }
    n
}

const MANY: usize = if cfg!(miri) { 120 } else { 30_000 };

#[test]
fn steps_are_bounded_whatever_the_shape() {
    let mut mem = Vec::new();
    let h = &mut heap(&mut mem, MANY * 64 + 4096);
    h.set_mode(Mode::Never);
    let deep = chain(h, MANY).unwrap();
    let wide = h.alloc(Kind::Array, MANY).unwrap();
    for i in 0..MANY {
        let t = h.alloc(Kind::Tuple, 1).unwrap();
        h.set_field(wide, i, t);
    }
    let used = h.used_bytes();
    for no_spill in [false, true] {
        h.mark.no_spill = no_spill;
        collect(h, &[Some(deep), Some(wide)]);
        assert_eq!(h.used_bytes(), used);
    }
    let c = h.counts();
    assert_eq!(c.cycles, 2);
    assert!(c.max_step_work <= 18_000, "a step of {}", c.max_step_work);
    assert_eq!(length(h, deep), MANY);
    h.mark.no_spill = false;
    collect(h, &[]);
    assert_eq!(h.used_bytes(), 0);
}

#[test]
fn a_tree_spills_the_mark_stack_and_gives_the_memory_back() {
    let mut mem = Vec::new();
    let h = &mut heap(&mut mem, 1 << 17);
    h.set_mode(Mode::Never);
    // Each level: three children of which the first is the next level, so two wait on the stack.
    let mut v = h.alloc(Kind::Tuple, 3).unwrap();
    for _ in 0..if cfg!(miri) { 200 } else { 1000 } {
        let t = h.alloc(Kind::Tuple, 3).unwrap();
        for i in [0, 1] {
            let c = h.alloc(Kind::Tuple, 3).unwrap();
            h.set_field(t, i, c);
        }
        h.set_field(t, 2, v);
        v = t;
    }
    let used = h.used_bytes();
    collect(h, &[Some(v)]);
    assert!(h.counts().spills > 10);
    assert_eq!(h.used_bytes(), used);
    // Without memory to spill to, the greys are found by walking.
    h.mark.no_spill = true;
    collect(h, &[Some(v)]);
    assert!(h.counts().rescans > 0 && h.counts().max_step_work <= 18_000);
    assert_eq!(h.used_bytes(), used);
}

#[test]
fn an_allocating_program_never_waits_for_a_whole_cycle() {
    let mut mem = Vec::new();
    let h = &mut heap(&mut mem, if cfg!(miri) { 1 << 12 } else { 1 << 16 });
    let mut keep = chain(h, if cfg!(miri) { 40 } else { 800 }).unwrap();
    let rounds = if cfg!(miri) { 1500 } else { 100_000 };
    for i in 0..rounds {
        let t = h.alloc(Kind::Tuple, 3).expect("the cycles keep up");
        if i % 64 == 0 {
            h.set_field(t, 0, h.field(keep, 0));
            keep = t;
        }
        if h.pending_bits() & PENDING_CYCLE != 0 && h.is_idle() {
            h.start_cycle(&[Some(keep)]);
        }
        while h.owes() {
            h.pay_debt();
        }
    }
    let c = h.counts();
    assert!(c.cycles > 2 && c.max_step_work < MAX_STEP as u32, "{} cycles, {}", c.cycles, c.max_step_work);
    h.verify().unwrap();
}

#[test]
fn stacks_are_scanned_by_steps_or_when_a_return_reaches_them() {
    let mut mem = Vec::new();
    let h = &mut heap(&mut mem, 1 << 15);
    let mut stack = vec![0u32; 100];
    let words = stack.as_mut_ptr();
    for i in 0..100 {
        let v = h.alloc(Kind::Tuple, 1).unwrap();
        h.set_field(v, 0, Value::small(i as i32));
        // SAFETY: `stack` has 100 words.
        unsafe { *words.add(i) = v.bits() };
    }
    let mut span = StackSpan::new(words);
    let span = NonNull::from(&mut span);
    // SAFETY: span and stack live to the end of the test.
    unsafe {
        h.start_cycle(&[]);
        h.shade_words(words.add(90), 10);
        (*span.as_ptr()).todo = 90;
        h.add_span(span);
        // A return reaches the frame at 80: its locals may go.
        h.scan_span_to(span, 80);
        assert_eq!((*span.as_ptr()).todo, 80);
        for i in 80..100 {
            *words.add(i) = 0;
        }
    }
    finish(h);
    assert_eq!(h.used_bytes(), 100 * 8);
    // SAFETY: as above.
    unsafe {
        assert_eq!((*span.as_ptr()).todo, 0);
        h.start_cycle(&[]);
        (*span.as_ptr()).todo = 80;
        h.add_span(span);
        h.remove_span(span);
    }
    finish(h);
    assert_eq!(h.used_bytes(), 0);
}

#[test]
fn an_array_on_the_mark_stack_is_not_freed_by_hand() {
    let mut mem = Vec::new();
    let h = &mut heap(&mut mem, 1 << 14);
    let list = h.alloc(Kind::List, 2).unwrap();
    let old = h.alloc(Kind::Array, 40).unwrap();
    h.set_field(list, 1, old);
    for i in 0..40 {
        let t = h.alloc(Kind::Cell, 1).unwrap();
        h.set_field(old, i, t);
    }
    h.start_cycle(&[Some(list)]);
    // Moved to a larger array before anything was marked.
    let new = h.alloc(Kind::Array, 60).unwrap();
    h.set_field(list, 1, new);
    assert!(h.scan_part(old, 0, 10));
    h.before_move(old);
    h.copy_words(new, 0, old, 0, 40);
    let used = h.used_bytes();
    h.free(old);
    assert_eq!(h.used_bytes(), used);
    finish(h);
    assert!((0..40).all(|i| h.is(h.field(new, i), Kind::Cell)));
    collect(h, &[Some(list)]);
    assert_eq!(h.used_bytes(), (2 + 31 + 40) * 8);
    h.free(new);
    assert_eq!(h.used_bytes(), 42 * 8);
}

#[test]
fn what_is_cut_off_an_unread_array_is_marked_first() {
    let mut mem = Vec::new();
    let h = &mut heap(&mut mem, 1 << 14);
    let (small, large) = (h.alloc(Kind::Array, 9).unwrap(), h.alloc(Kind::Array, 201).unwrap());
    let held = h.alloc(Kind::Cell, 1).unwrap();
    h.set_field(small, 8, held);
    h.start_cycle(&[Some(small), Some(large)]);
    assert!(h.resize(small, 3) && !h.resize(large, 3));
    finish(h);
    assert!(h.is(held, Kind::Cell) && h.resize(large, 3) && h.words(large) == 3);
    h.verify().unwrap();
}

#[test]
fn interned_strings_are_one_while_they_live_and_leave_when_they_die() {
    let mut mem = Vec::new();
    let h = &mut heap(&mut mem, 1 << 17);
    let n = if cfg!(miri) { 60 } else { 1000u32 };
    let keep = h.alloc(Kind::Array, n as usize).unwrap();
    for i in 0..n {
        let v = h.intern(std::format!("name {i}").as_bytes()).unwrap();
        if i % 2 == 0 {
            h.set_field(keep, i as usize, v);
        }
    }
    assert_eq!(h.interned(), n);
    assert_eq!(h.intern(b"append"), Ok(crate::q!("append")));
    collect(h, &[Some(keep)]);
    assert_eq!(h.interned(), n / 2);
    for i in 0..n {
        let text = std::format!("name {i}");
        assert_eq!(h.find_interned(text.as_bytes()), h.slot(keep, i as usize));
    }
    // Found while marking: it lives on. Found dead while sweeping: another one is made.
    let v = h.intern(b"resurrected").unwrap();
    h.start_cycle(&[Some(keep)]);
    assert_eq!(h.intern(b"resurrected"), Ok(v));
    finish(h);
    assert_eq!(h.find_interned(b"resurrected"), Some(v));
    h.start_cycle(&[Some(keep)]);
    while h.phase == Phase::Mark {
        h.step(500);
    }
    assert_eq!(h.weak(v), None);
    assert_eq!(h.find_interned(b"resurrected"), None);
    let again = h.new_str_cell(Kind::Str, b"resurrected", names::hash(b"resurrected")).unwrap();
    assert_eq!(h.intern_value(again), Ok(again));
    assert_ne!(again, v);
    finish(h);
    assert_eq!(h.find_interned(b"resurrected"), Some(again));
}

#[test]
fn finalizers_run_once_for_all_that_died_together() {
    let mut mem = Vec::new();
    let h = &mut heap(&mut mem, 1 << 14);
    let a = h.alloc(Kind::Tuple, 1).unwrap();
    let b = h.alloc(Kind::Tuple, 1).unwrap();
    let c = h.alloc(Kind::Tuple, 1).unwrap();
    h.set_field(a, 0, b);
    h.set_field(b, 0, a);
    for v in [a, b, c] {
        h.register_finalizer(v).unwrap();
    }
    collect(h, &[Some(a), Some(c)]);
    assert_eq!(h.next_finalizer(), None);
    collect(h, &[Some(c)]);
    assert_eq!(h.pending_bits() & PENDING_FINALIZERS, PENDING_FINALIZERS);
    // They wait as long as it takes.
    collect(h, &[Some(c)]);
    let dead: Vec<_> = core::iter::from_fn(|| h.next_finalizer()).collect();
    assert!(dead.len() == 2 && dead.contains(&a) && dead.contains(&b));
    assert_eq!((h.field(a, 0), h.pending_bits() & PENDING_FINALIZERS), (b, 0));
    collect(h, &[Some(c)]);
    assert_eq!(h.used_bytes(), 8 + h.own_bytes());
    assert_eq!(h.next_finalizer(), None);
}

#[test]
fn natives_data_is_not_taken_for_references() {
    let mut mem = Vec::new();
    let h = &mut heap(&mut mem, 1 << 13);
    let v = h.alloc(Kind::Native, 5).unwrap();
    let dead = h.alloc(Kind::Tuple, 1).unwrap();
    h.set_word(v, 3, dead.bits());
    let f = h.alloc(Kind::Generator, PTR_WORDS + 3).unwrap();
    h.set_word(f, 0, dead.bits());
    collect(h, &[Some(v), Some(f)]);
    assert_eq!(h.used_bytes(), (h.words(v) + h.words(f) + 2) * 4);
    assert_eq!(h.word(v, 3), dead.bits());
}
