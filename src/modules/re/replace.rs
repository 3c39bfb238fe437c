//! `sub`: replacing what matches.
//!
//! Invariants
//! - an empty match directly behind a match that was not empty counts; one at the place of an empty match does not again;
//! - the result is made in a byte array in a slot, because the replacement may be a Python function.

use super::{Search, no_group};
use crate::base::utf8;
use crate::builtins::{convert, text};
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::{bytearray, str};
use crate::vm::def::Args;
use crate::vm::{Slot, Vm, bulk};

/// `sub(pattern, replacement, text[, count[, flags]])`
pub fn sub(vm: &mut Vm, args: Args) -> R {
    let mut left = match vm.arg(args, 3) {
        Some(v) => convert::to_i64_saturated(vm, v)?,
        None => 0,
    };
    let replacement = vm.req(args, 1);
    let template = text::buffer(vm.heap(), replacement, true).is_some();
    let task = Search::new(vm, vm.req(args, 0), vm.req(args, 2))?;
    let out = vm.with_heap(bytearray::new)?;
    let out = vm.push(out)?;
    let (mut done, mut at, mut not_empty) = (0, 0, false);
    while task.next(vm, at, not_empty)? {
        let (from, to) = task.machine.whole(vm);
        keep_text(vm, &task, out, done, from)?;
        if template {
            expand(vm, &task, replacement, out)?;
        } else {
            let m = task.object(vm)?;
            let v = vm.call(replacement, &[m])?;
            let keep = vm.push(v)?;
            put_value(vm, out, v)?;
            vm.drop_to(keep);
        }
        (done, at, not_empty) = (to, to, from == to);
        left -= 1;
        if left == 0 {
            break;
        }
    }
    if done == 0 && at == 0 && !not_empty {
        return Ok(vm.get(task.text));
    }
    let end = task.span(vm).len();
    keep_text(vm, &task, out, done, end)?;
    let kind = task.kind(vm);
    if kind == Kind::Str {
        return bulk::take_text(vm, out);
    }
    let all = bytearray::span(vm.heap(), vm.get(out));
    bulk::make(vm, kind, all)
}

fn keep_text(vm: &mut Vm, task: &Search, out: Slot, from: usize, to: usize) -> R<()> {
    let part = task.span(vm).sub(from, to);
    bulk::append_own(vm, vm.get(out), part)
}

/// Appends the text that a replacement function gave; where a str is made, it must be one.
fn put_value(vm: &mut Vm, out: Slot, v: Value) -> R<()> {
    let mixed = |h: &mut Heap| text::mixed(h, Kind::Str);
    let Some(mut all) = text::buffer(vm.heap(), v, true) else { return Err(vm.raise_by(&mixed)) };
    bulk::keep(vm, &[all])?;
    if !str::is_str(vm.heap(), text::native(vm.heap(), v)) {
        let Some(made) = bulk::text(vm, all, utf8::validate)? else { return Err(vm.raise_by(&mixed)) };
        vm.push(made)?;
        all = vm.heap().str_span(made).unwrap_or(Span::EMPTY);
    }
    bulk::append_own(vm, vm.get(out), all)
}

/// Appends a template with its references filled in.
fn expand(vm: &mut Vm, task: &Search, template: Value, out: Slot) -> R<()> {
    let mut at = 0;
    loop {
        // The template may be a byte array: it is looked up anew after each tick.
        let all = text::buffer(vm.heap(), template, true).unwrap_or(Span::EMPTY);
        let rest = vm.heap().span_bytes(all).get(at..).unwrap_or(&[]);
        let rest = rest.get(..bulk::PIECE).unwrap_or(rest);
        let plain = rest.iter().position(|b| *b == b'\\').unwrap_or(rest.len());
        if plain > 0 {
            bulk::append_own(vm, vm.get(out), all.sub(at, at + plain))?;
            at += plain;
            vm.tick(plain as u32 * 4)?;
            continue;
        }
        if rest.is_empty() {
            return Ok(());
        }
        let all = vm.heap().span_bytes(all);
        let escape = Escape::read(all.get(at + 1..).unwrap_or(&[]));
        let array = vm.get(out);
        bulk::make_room(vm, array, 1)?;
        at += 1;
        match escape {
            Escape::Group { number, len } => {
                if number as usize >= task.groups {
                    return Err(no_group(vm, number));
                }
                let (from, to) = (
                    task.machine.register(vm, number as usize * 2),
                    task.machine.register(vm, number as usize * 2 + 1),
                );
                if from != super::UNSET && to != super::UNSET {
                    keep_text(vm, task, out, from as usize, to as usize)?;
                }
                at += len;
            }
            Escape::Byte(b) => {
                vm.with_heap(|h| bytearray::push(h, array, b))?;
                at += 1;
            }
            Escape::Plain => vm.with_heap(|h| bytearray::push(h, array, b'\\'))?,
            Escape::Bad => return Err(vm.raise(TypeId::ValueError, "bad escape in replacement")),
        }
        vm.tick(100)?;
    }
}

/// What stands behind a backslash in a template.
enum Escape {
    Group {
        number: u32,
        len: usize,
    },
    Byte(u8),
    /// The backslash stands for itself.
    Plain,
    Bad,
}

impl Escape {
    fn read(rest: &[u8]) -> Escape {
        match rest {
            [b'g', b'<', digits @ ..] => {
                let (number, n) = decimal(digits);
                let closed = digits.get(n) == Some(&b'>');
                if n == 0 || !closed { Escape::Bad } else { Escape::Group { number, len: n + 3 } }
            }
            [b'0'..=b'9', ..] => {
                let (number, len) = decimal(rest);
                Escape::Group { number, len }
            }
            [b'\\', ..] => Escape::Byte(b'\\'),
            [b'n', ..] => Escape::Byte(b'\n'),
            [b'r', ..] => Escape::Byte(b'\r'),
            [b't', ..] => Escape::Byte(b'\t'),
            [b'f', ..] => Escape::Byte(12),
            [b'v', ..] => Escape::Byte(11),
            _ => Escape::Plain,
        }
    }
}

/// A number, saturated, and how many digits it has.
fn decimal(text: &[u8]) -> (u32, usize) {
    let digits = text.iter().take_while(|b| b.is_ascii_digit());
    digits.fold((0u32, 0), |(n, len), b| (n.saturating_mul(10).saturating_add(u32::from(*b - b'0')), len + 1))
}
