//! `str.format`: templates with replacement fields.
//!
//! Invariants
//! - the template is argument 0 and stays there; the walk keeps offsets into it, never pointers;
//! - fields nest one level deep, in specifications.

use super::format::{append, format_into};
use super::text;
use crate::base::utf8;
use crate::heap::span::Span;
use crate::heap::{R, Raised, TypeId, Value};
use crate::object::exc::raise;
use crate::object::{bytearray, bytes, int, str};
use crate::q;
use crate::vm::def::{Access, Args, Mode};
use crate::vm::{Slot, Vm, bulk};

/// How fields without a name are numbered.
#[derive(Clone, Copy, PartialEq)]
enum Numbering {
    Unknown,
    /// The next field's number.
    Auto(usize),
    Manual,
}

struct Walk {
    args: Args,
    template: Value,
    at: usize,
    numbering: Numbering,
}

pub fn str_format(vm: &mut Vm, args: Args) -> R {
    let template = text::native(vm.heap(), vm.req(args, 0));
    vm.set_arg(args, 0, template);
    let made = vm.with_heap(bytearray::new)?;
    let out = vm.push(made)?;
    let mut walk = Walk { args, template, at: 0, numbering: Numbering::Unknown };
    walk.run(vm, out, 0)?;
    bulk::take_text(vm, out)
}

#[cold]
fn bad(vm: &mut Vm, message: &str) -> Raised {
    vm.raise_by(&|h| raise(h, TypeId::ValueError, message))
}

impl Walk {
    fn rest<'v>(&self, vm: &'v Vm) -> &'v [u8] {
        vm.heap().str_bytes(self.template).get(self.at..).unwrap_or(&[])
    }
    /// The rest of the template, as a run.
    fn span(&self, vm: &Vm) -> Span {
        let all = vm.heap().str_span(self.template).unwrap_or(Span::EMPTY);
        all.sub(self.at, all.len())
    }
    fn peek(&self, vm: &Vm) -> Option<u8> {
        self.rest(vm).first().copied()
    }
    fn slice(&self, vm: &mut Vm, from: usize, to: usize) -> R {
        let template = self.template;
        vm.with_heap(|heap| match heap.str_span(template) {
            Some(all) => str::from_span(heap, all.sub(from, to)),
            None => Ok(q!("")),
        })
    }

    /// Text and fields into `out`, up to the end, or in a specification up to the `}` that closes its field.
    fn run(&mut self, vm: &mut Vm, out: Slot, depth: u32) -> R<()> {
        loop {
            let rest = self.span(vm);
            let n = bulk::run_of(vm, rest, false, |b| !matches!(b, b'{' | b'}'))?;
            let rest = self.rest(vm);
            let (first, second) = (rest.get(n).copied(), rest.get(n + 1).copied());
            // A doubled brace is text; its first half goes along.
            let doubled = depth == 0 && first.is_some() && first == second;
            self.copy(vm, out, n + usize::from(doubled))?;
            self.at += usize::from(doubled);
            match first {
                _ if doubled => {}
                None if depth > 0 => return Err(bad(vm, "unmatched '{' in format spec")),
                None => return Ok(()),
                Some(b'}') if depth > 0 => return Ok(()),
                Some(b'}') => return Err(bad(vm, "single '}' encountered in format string")),
                Some(_) if depth > 1 => return Err(bad(vm, "max string recursion exceeded")),
                Some(_) => {
                    self.at += 1;
                    self.field(vm, out, depth)?;
                }
            }
            vm.tick(20)?;
        }
    }

    /// Appends the next `n` bytes of the template.
    fn copy(&mut self, vm: &mut Vm, out: Slot, n: usize) -> R<()> {
        if n > 0 {
            let part = self.span(vm).sub(0, n);
            bulk::append_own(vm, vm.get(out), part)?;
            self.at += n;
        }
        Ok(())
    }

    /// A field from behind its `{` up to and with its `}`.
    fn field(&mut self, vm: &mut Vm, out: Slot, depth: u32) -> R<()> {
        let value = vm.push(Value::NONE)?;
        self.name(vm, value)?;
        if self.peek(vm) == Some(b'!') {
            self.at += 1;
            let conversion = self.peek(vm);
            let v = vm.get(value);
            let made = match conversion {
                Some(b's') => vm.to_str(v, Mode::Str)?,
                Some(b'r') => vm.to_str(v, Mode::Repr)?,
                Some(b'a') if super::percent::ASCII => super::print::ascii(vm, v)?,
                Some(b'}') | None => {
                    return Err(bad(vm, "end of format while looking for conversion specifier"));
                }
                Some(_) => return Err(bad(vm, "unknown conversion specifier")),
            };
            vm.set(value, made);
            self.at += 1;
            if !matches!(self.peek(vm), Some(b':' | b'}')) {
                return Err(bad(vm, "expected ':' after format specifier"));
            }
        }
        let spec = vm.push(q!(""))?;
        if self.peek(vm) == Some(b':') {
            self.at += 1;
            self.spec(vm, spec, depth)?;
        }
        if self.peek(vm) != Some(b'}') {
            return Err(bad(vm, "unmatched '{' in format spec"));
        }
        self.at += 1;
        let (v, s) = (vm.get(value), vm.get(spec));
        if str::is_str(vm.heap(), v) && vm.heap().str_bytes(s).is_empty() {
            append(vm, out, v)?;
        } else {
            format_into(vm, out, v, s)?;
        }
        vm.drop_to(value);
        Ok(())
    }

    /// The specification up to the field's `}`, fields in it replaced, into `slot`.
    fn spec(&mut self, vm: &mut Vm, slot: Slot, depth: u32) -> R<()> {
        let rest = self.rest(vm);
        let plain = rest.iter().position(|b| matches!(b, b'{' | b'}')).unwrap_or(rest.len());
        if rest.get(plain) == Some(&b'}') {
            let made = self.slice(vm, self.at, self.at + plain)?;
            vm.set(slot, made);
            self.at += plain;
            return Ok(());
        }
        let made = vm.with_heap(bytearray::new)?;
        vm.set(slot, made);
        self.run(vm, slot, depth + 1)?;
        // What takes the text gives up the slot.
        let made = bulk::take_text(vm, slot)?;
        vm.push(made)?;
        Ok(())
    }

    /// The field's value, by number or name and then by attributes and items, into `slot`.
    fn name(&mut self, vm: &mut Vm, slot: Slot) -> R<()> {
        let rest = self.rest(vm);
        let end = |b: &u8| matches!(b, b'.' | b'[' | b'!' | b':' | b'}' | b'{');
        let n = rest.iter().position(end).unwrap_or(rest.len());
        let name = rest.get(..n).unwrap_or(&[]);
        if rest.len() == n {
            let message = if n == 0 {
                "single '{' encountered in format string"
            } else {
                "expected '}' before end of string"
            };
            return Err(bad(vm, message));
        }
        let number = match name {
            [] => match self.numbering {
                Numbering::Manual => {
                    let message = "can't switch from manual field specification to automatic field numbering";
                    return Err(bad(vm, message));
                }
                Numbering::Auto(next) => Some(next),
                Numbering::Unknown => Some(0),
            },
            digits => decimal(digits),
        };
        let found = match number {
            Some(_) if n > 0 && matches!(self.numbering, Numbering::Auto(_)) => {
                let message = "can't switch from automatic field numbering to manual field specification";
                return Err(bad(vm, message));
            }
            Some(i) => {
                self.numbering = if n > 0 { Numbering::Manual } else { Numbering::Auto(i + 1) };
                match vm.arg(self.args, i.saturating_add(1)) {
                    Some(v) => v,
                    None => return Err(vm.raise(TypeId::IndexError, "tuple index out of range")),
                }
            }
            None => self.keyword(vm, n)?,
        };
        vm.set(slot, found);
        self.at += n;
        self.path(vm, slot)
    }

    /// The keyword argument with the next `n` bytes as its name.
    fn keyword(&self, vm: &mut Vm, n: usize) -> R {
        let name = self.rest(vm).get(..n).unwrap_or(&[]);
        for i in 0..self.args.kw() as usize {
            let (key, v) = vm.kw(self.args, i);
            if vm.heap().str_bytes(key) == name {
                return Ok(v);
            }
        }
        let key = self.slice(vm, self.at, self.at + n)?;
        Err(vm.raise_arg(TypeId::KeyError, key))
    }

    /// `.attribute` and `[item]` behind the name.
    fn path(&mut self, vm: &mut Vm, slot: Slot) -> R<()> {
        loop {
            let (attribute, end) = match self.peek(vm) {
                Some(b'.') => (true, &b".[!:}"[..]),
                Some(b'[') => (false, &b"]"[..]),
                _ => return Ok(()),
            };
            self.at += 1;
            let rest = self.rest(vm);
            let n = rest.iter().position(|b| end.contains(b)).unwrap_or(rest.len());
            if n == rest.len() {
                return Err(bad(vm, "expected '}' before end of string"));
            }
            if n == 0 {
                return Err(bad(vm, "empty attribute in format string"));
            }
            let number = decimal(rest.get(..n).unwrap_or(&[]));
            let key = match number {
                Some(i) if !attribute => vm.with_heap(|heap| int::from_i64(heap, i as i64))?,
                _ => {
                    let name = self.slice(vm, self.at, self.at + n)?;
                    let keep = vm.push(name)?;
                    let key = if attribute { vm.intern_name(name)? } else { name };
                    vm.drop_to(keep);
                    key
                }
            };
            let keep = vm.push(key)?;
            let v = vm.get(slot);
            let found = if attribute { vm.get_attr(v, key)? } else { vm.subscr(v, key, Access::Load)? };
            vm.drop_to(keep);
            vm.set(slot, found);
            self.at += n + usize::from(!attribute);
        }
    }
}

/// A number made of nothing but digits.
fn decimal(text: &[u8]) -> Option<usize> {
    let mut n = 0usize;
    for b in text {
        if !utf8::is_digit(u32::from(*b)) {
            return None;
        }
        n = n.checked_mul(10)?.checked_add(usize::from(b - b'0')).filter(|n| *n < bytes::MAX_LEN)?;
    }
    (!text.is_empty()).then_some(n)
}
