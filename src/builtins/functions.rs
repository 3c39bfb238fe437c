//! The built-in functions that need nothing but the VM's own operations.

use super::convert::{int_value, to_i64, type_error};
#[cfg(any(feature = "float-single", feature = "float-double"))]
use super::float as floats;
use super::int as ints;
use crate::base::sink::digit_char;
use crate::heap::{Kind, R, TypeId, Value};
use crate::object::{int, str, tuple};
use crate::q;
use crate::vm::def::*;
use crate::vm::{Vm, bulk};

/// Part of the table of module `builtins`.
pub const ENTRIES: [Entry; 31] = [
    Entry { name: q!("len"), value: vm_fn(len, 1, 1) },
    Entry { name: q!("abs"), value: vm_fn(abs, 1, 1) },
    Entry { name: q!("all"), value: vm_fn(|vm, a| any_all(vm, a, false), 1, 1) },
    Entry { name: q!("any"), value: vm_fn(|vm, a| any_all(vm, a, true), 1, 1) },
    Entry { name: q!("bin"), value: vm_fn(|vm, a| in_radix(vm, a, 2, b"0b"), 1, 1) },
    Entry { name: q!("callable"), value: vm_fn(callable, 1, 1) },
    Entry { name: q!("chr"), value: vm_fn(chr, 1, 1) },
    Entry { name: q!("delattr"), value: vm_fn(delattr, 2, 2) },
    Entry { name: q!("divmod"), value: vm_fn(divmod, 2, 2) },
    Entry { name: q!("getattr"), value: vm_fn(getattr, 2, 3) },
    Entry { name: q!("hasattr"), value: vm_fn(hasattr, 2, 2) },
    Entry { name: q!("hash"), value: vm_fn(hash, 1, 1) },
    Entry { name: q!("hex"), value: vm_fn(|vm, a| in_radix(vm, a, 16, b"0x"), 1, 1) },
    Entry { name: q!("id"), value: vm_fn(id, 1, 1) },
    Entry { name: q!("isinstance"), value: vm_fn(|vm, a| is_one_of(vm, a, true), 2, 2) },
    Entry { name: q!("issubclass"), value: vm_fn(|vm, a| is_one_of(vm, a, false), 2, 2) },
    Entry { name: q!("iter"), value: vm_fn(iter, 1, 2) },
    Entry { name: q!("max"), value: kw_fn(|vm, a| extreme(vm, a, true), 1, 255) },
    Entry { name: q!("min"), value: kw_fn(|vm, a| extreme(vm, a, false), 1, 255) },
    Entry { name: q!("next"), value: vm_fn(next, 1, 2) },
    Entry { name: q!("oct"), value: vm_fn(|vm, a| in_radix(vm, a, 8, b"0o"), 1, 1) },
    Entry { name: q!("ord"), value: vm_fn(ord, 1, 1) },
    Entry { name: q!("pow"), value: vm_fn(pow, 2, POW_ARGS) },
    Entry { name: q!("repr"), value: vm_fn(repr, 1, 1) },
    Entry { name: q!("round"), value: vm_fn(round, 1, ROUND_ARGS) },
    Entry { name: q!("setattr"), value: vm_fn(setattr, 3, 3) },
    Entry { name: q!("sorted"), value: kw_fn(super::sort::sorted, 1, 1) },
    Entry { name: q!("sum"), value: kw_fn(sum, 1, 2) },
    Entry { name: q!("enumerate"), value: Const::Type(TypeId::Enumerate) },
    Entry { name: q!("reversed"), value: Const::Type(TypeId::Reversed) },
    Entry { name: q!("dir"), value: vm_fn(super::dir::dir, 0, 1) },
];

fn abs(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    if vm.heap().is(v, Kind::Complex) {
        let size = super::complex::abs(crate::object::complex::parts(vm.heap(), v));
        return vm.with_heap(|h| crate::object::float::new(h, size));
    }
    vm.unary(UnaryOp::Abs, v)
}

fn any_all(vm: &mut Vm, args: Args, stop_at: bool) -> R {
    let items = vm.open_loop(vm.req(args, 0))?;
    loop {
        let v = vm.loop_next(items)?;
        if v == Value::STOP {
            return Ok(Value::bool(!stop_at));
        }
        if vm.truth(v)? == stop_at {
            return Ok(Value::bool(stop_at));
        }
        vm.tick(30)?;
    }
}

fn in_radix(vm: &mut Vm, args: Args, radix: u32, prefix: &[u8]) -> R {
    let v = int_value(vm, vm.req(args, 0))?;
    let Some(n) = int::to_i64(vm.heap(), v).filter(|_| !cfg!(feature = "tiny")) else {
        // The digits come with their sign, which goes before the prefix.
        let slot = vm.push(v)?;
        let digits = ints::to_text(vm, v, radix, false)?;
        vm.set(slot, digits);
        let s = vm.heap().str_span(digits).unwrap_or(crate::heap::span::Span::EMPTY);
        let sign = usize::from(vm.heap().span_bytes(s).first() == Some(&b'-'));
        let (out, to) = bulk::blank(vm, Kind::Str, s.len() + 2)?;
        vm.heap_mut().write_span(to, b"-");
        vm.heap_mut().write_span(to.sub(sign, sign + 2), prefix);
        bulk::copy(vm, to.sub(sign + 2, to.len()), s.sub(sign, s.len()))?;
        return bulk::done(vm, out);
    };
    let mut text = [0u8; 67];
    let mut at = text.len();
    let mut put = |b: u8| {
        at = at.saturating_sub(1);
        if let Some(d) = text.get_mut(at) {
            *d = b;
        }
    };
    let mut left = n.unsigned_abs();
    loop {
        put(digit_char((left % radix as u64) as u32, false));
        left /= radix as u64;
        if left == 0 {
            break;
        }
    }
    prefix.iter().rev().for_each(|b| put(*b));
    if n < 0 {
        put(b'-');
    }
    let text = text.get(at..).unwrap_or(&[]);
    vm.with_heap1(str::new, text)
}

fn callable(vm: &mut Vm, args: Args) -> R {
    is_callable(vm, vm.req(args, 0)).map(Value::bool)
}

pub fn is_callable(vm: &mut Vm, v: Value) -> R<bool> {
    Ok(match vm.heap().kind(v) {
        Kind::Function | Kind::Closure | Kind::BoundMethod | Kind::Class => true,
        Kind::Instance | Kind::BigInstance => vm.lookup_special(v, q!("__call__"))? != Value::STOP,
        _ => match vm.type_id(v) {
            TypeId::Type | TypeId::NativeFunction => true,
            _ if v == Value::BUILD_CLASS => true,
            _ => vm.type_def(v).call.is_some(),
        },
    })
}

fn chr(vm: &mut Vm, args: Args) -> R {
    let n = to_i64(vm, vm.req(args, 0))?;
    let made = match u32::try_from(n) {
        Ok(n) if n < 0x11_0000 => vm.with_heap(|h| match str::from_char(h, n) {
            Some(r) => r.map(Some),
            None => Ok(None),
        })?,
        _ => None,
    };
    match made {
        Some(v) => Ok(v),
        None => Err(vm.raise(TypeId::ValueError, "chr() arg not in range(0x110000)")),
    }
}

fn ord(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    let text = vm.native_part(v, TypeId::Str);
    let found = match text {
        Some(s) => {
            let bytes = vm.heap().str_bytes(s);
            let one = crate::base::utf8::decode(bytes).filter(|(_, n)| *n == bytes.len());
            one.map(|(c, _)| c as i32)
        }
        None => match vm.buffer(v) {
            Some(b) if b.len == 1 => {
                let span = crate::heap::span::Span {
                    owner: b.owner,
                    from_word: b.from_word,
                    offset: b.offset,
                    len: 1,
                };
                vm.heap().span_bytes(span).first().map(|b| *b as i32)
            }
            Some(_) => None,
            None => return Err(type_error(vm, "ord() expected string of length 1, but ", v, " found")),
        },
    };
    match found {
        Some(n) => Ok(Value::small(n)),
        None => Err(vm.raise(TypeId::TypeError, "ord() expects a character")),
    }
}

/// A name argument, interned.
fn name(vm: &mut Vm, v: Value) -> R {
    let s = if str::is_str(vm.heap(), v) { v } else { vm.native_part(v, TypeId::Str).unwrap_or(v) };
    if !str::is_str(vm.heap(), s) {
        return Err(type_error(vm, "attribute name must be string, not '", v, "'"));
    }
    vm.intern_name(s)
}

fn getattr(vm: &mut Vm, args: Args) -> R {
    #[cfg(not(feature = "tiny"))]
    if let Some(v) = vm.own_attr(vm.req(args, 0), vm.req(args, 1)) {
        return Ok(v);
    }
    let n = name(vm, vm.req(args, 1))?;
    vm.set_arg(args, 1, n);
    let obj = vm.req(args, 0);
    match vm.arg(args, 2) {
        None => vm.get_attr(obj, n),
        Some(otherwise) => {
            let v = vm.get_attr_or_stop(obj, n)?;
            Ok(if v == Value::STOP { otherwise } else { v })
        }
    }
}

fn hasattr(vm: &mut Vm, args: Args) -> R {
    let n = name(vm, vm.req(args, 1))?;
    vm.set_arg(args, 1, n);
    let obj = vm.req(args, 0);
    Ok(Value::bool(vm.get_attr_or_stop(obj, n)? != Value::STOP))
}

fn setattr(vm: &mut Vm, args: Args) -> R {
    #[cfg(not(feature = "tiny"))]
    if vm.set_own_attr(vm.req(args, 0), vm.req(args, 1), vm.req(args, 2))? {
        return Ok(Value::NONE);
    }
    let n = name(vm, vm.req(args, 1))?;
    vm.set_arg(args, 1, n);
    let (obj, v) = (vm.req(args, 0), vm.req(args, 2));
    vm.set_attr(obj, n, v)?;
    Ok(Value::NONE)
}

fn delattr(vm: &mut Vm, args: Args) -> R {
    let n = name(vm, vm.req(args, 1))?;
    vm.set_arg(args, 1, n);
    let obj = vm.req(args, 0);
    vm.del_attr(obj, n)?;
    Ok(Value::NONE)
}

fn divmod(vm: &mut Vm, args: Args) -> R {
    let (a, b) = (vm.req(args, 0), vm.req(args, 1));
    let base = vm.push(Value::NONE)?;
    if int::is(vm.heap(), a) && int::is(vm.heap(), b) {
        let (q, r) = ints::divide(vm, a, b)?;
        vm.push(q)?;
        vm.push(r)?;
        return vm.with_heap1(tuple::from_slice, &[q, r]);
    }
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    if let (Some(x), Some(y)) = (super::convert::maybe_float(vm, a)?, super::convert::maybe_float(vm, b)?) {
        if y == 0.0 {
            return Err(ints::zero_division(vm));
        }
        let (q, r) = floats::divmod(x, y);
        let q = floats::new(vm, q)?;
        vm.push(q)?;
        let r = floats::new(vm, r)?;
        vm.push(r)?;
        return vm.with_heap1(tuple::from_slice, &[q, r]);
    }
    let q = vm.binary(BinaryOp::FloorDivide, a, b)?;
    vm.set(base, q);
    let r = vm.binary(BinaryOp::Modulo, a, b)?;
    vm.push(r)?;
    let q = vm.get(base);
    vm.with_heap1(tuple::from_slice, &[q, r])
}

fn hash(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    let h = vm.hash(v)? as i32;
    vm.with_heap(|heap| int::from_i64(heap, h as i64))
}

fn id(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    vm.with_heap(|h| int::from_i64(h, v.bits() as i64))
}

/// `isinstance` and `issubclass`; tuples of types may nest.
fn is_one_of(vm: &mut Vm, args: Args, instance: bool) -> R {
    let v = vm.req(args, 0);
    let is_type = |vm: &Vm, t: Value| vm.type_id(t) == TypeId::Type;
    if !instance && !is_type(vm, v) {
        return Err(vm.raise(TypeId::TypeError, "issubclass() arg 1 must be a class"));
    }
    let typ = if instance { vm.type_of(v) } else { v };
    // Tuples that are open, each with its next item.
    let base = vm.depth();
    let mut t = vm.req(args, 1);
    loop {
        if tuple::is(vm.heap(), t) {
            vm.push(t)?;
            vm.push(Value::small(0))?;
        } else if vm.metaclass(t).is_some() && (t != vm.type_of(v) || !instance) {
            // The metaclass may have its own answer.
            let name = if instance { q!("__instancecheck__") } else { q!("__subclasscheck__") };
            let f = vm.lookup_special(t, name)?;
            let hit = if f == Value::STOP {
                vm.is_subclass(typ, t)
            } else {
                let answer = vm.call(f, &[v])?;
                vm.truth(answer)?
            };
            if hit {
                return Ok(Value::TRUE);
            }
        } else if !is_type(vm, t) {
            return Err(
                vm.raise(TypeId::TypeError, "issubclass() arg 2 must be a class or a tuple of classes")
            );
        } else if vm.is_subclass(typ, t) {
            return Ok(Value::TRUE);
        }
        loop {
            if vm.depth() <= base {
                return Ok(Value::FALSE);
            }
            let [open, at] = [2, 1].map(|back| crate::vm::Slot(vm.depth() - back));
            let i = vm.get(at).as_small().unwrap_or(0);
            if let Some(item) = tuple::get(vm.heap(), vm.get(open), i as usize) {
                vm.set(at, Value::small(i + 1));
                t = item;
                break;
            }
            vm.drop_to(open);
        }
        vm.turn(200)?;
    }
}

fn iter(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    match vm.arg(args, 1) {
        Some(end) => super::iterators::by_call(vm, v, end),
        None => vm.iter(v),
    }
}

fn len(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    if matches!(vm.heap().kind(v), Kind::List | Kind::Dict | Kind::Set) {
        // Word 0 is the length, as Python wants it.
        return Ok(vm.heap().field(v, 0));
    }
    let n = vm.len(v)?;
    vm.with_heap(|h| int::from_i64(h, n as i64))
}

fn next(vm: &mut Vm, args: Args) -> R {
    let it = vm.req(args, 0);
    let v = vm.next(it)?;
    if v != Value::STOP {
        return Ok(v);
    }
    match vm.arg(args, 1) {
        Some(otherwise) => Ok(otherwise),
        None => Err(vm.raise_stop()),
    }
}

/// `max` and `min`.
fn extreme(vm: &mut Vm, args: Args, largest: bool) -> R {
    let (mut key, mut default) = (None, None);
    for i in 0..args.kw() as usize {
        match vm.kw(args, i) {
            (k, v) if k == q!("key") => key = Some(v).filter(|v| !v.is_none()),
            (k, v) if k == q!("default") => default = Some(v),
            _ => return Err(vm.raise(TypeId::TypeError, "extra keyword arguments given")),
        }
    }
    let best = vm.push(Value::STOP)?;
    let best_key = vm.push(Value::STOP)?;
    let items = if args.n() == 1 { Some(vm.open_loop(vm.req(args, 0))?) } else { None };
    let mut i = 0;
    loop {
        let v = match items {
            Some(items) => vm.loop_next(items)?,
            None => vm.arg(args, i).unwrap_or(Value::STOP),
        };
        i += 1;
        if v == Value::STOP {
            break;
        }
        let slot = vm.push(v)?;
        let k = match key {
            Some(f) => vm.call(f, &[v])?,
            None => v,
        };
        let k_slot = vm.push(k)?;
        let old = vm.get(best_key);
        let better = old == Value::STOP || if largest { vm.less(old, k)? } else { vm.less(k, old)? };
        if better {
            let (v, k) = (vm.get(slot), vm.get(k_slot));
            vm.set(best, v);
            vm.set(best_key, k);
        }
        vm.drop_to(slot);
        vm.tick(30)?;
    }
    match (vm.get(best), default) {
        (Value::STOP, Some(v)) => Ok(v),
        (Value::STOP, None) => Err(vm.raise(TypeId::ValueError, "arg is an empty sequence")),
        (v, _) => Ok(v),
    }
}

/// `pow` with a modulus, from the level `basic` on.
const POW_ARGS: u8 = if cfg!(feature = "basic") { 3 } else { 2 };

fn pow(vm: &mut Vm, args: Args) -> R {
    let (a, b) = (vm.req(args, 0), vm.req(args, 1));
    match vm.arg(args, 2).filter(|m| POW_ARGS > 2 && !m.is_none()) {
        Some(m) => ints::power_mod(vm, a, b, m),
        None => vm.binary(BinaryOp::Power, a, b),
    }
}

fn repr(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    vm.to_str(v, Mode::Repr)
}

/// `round` to a number of digits, from the level `basic` on and wherever there are floats.
const ROUND_ARGS: u8 =
    if cfg!(any(feature = "basic", feature = "float-single", feature = "float-double")) { 2 } else { 1 };

fn round(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    let own = vm.lookup_special(v, q!("__round__"))?;
    if own != Value::STOP {
        return match vm.arg(args, 1) {
            Some(d) => vm.call(own, &[d]),
            None => vm.call(own, &[]),
        };
    }
    let digits = match vm.arg(args, 1).filter(|d| ROUND_ARGS > 1 && !d.is_none()) {
        Some(d) => Some(super::convert::to_i64_saturated(vm, d)?),
        None => None,
    };
    if let Some(v) = vm.native_part(v, TypeId::Int) {
        let v = int_value(vm, v)?;
        let Some(down) = digits.filter(|d| *d < 0) else { return Ok(v) };
        // The nearest multiple of a power of ten, halves to the even one.
        let base = vm.push(v)?;
        let up = down.unsigned_abs().min(1 << 20) as i32;
        let unit = vm.binary(BinaryOp::Power, Value::small(10), Value::small(up))?;
        vm.push(unit)?;
        let (q, r) = ints::divide(vm, v, unit)?;
        let q_slot = vm.push(q)?;
        let twice = ints::multiply(vm, r, Value::small(2))?;
        vm.push(twice)?;
        let order = int::compare(vm.heap(), twice, unit);
        let odd = vm.binary(BinaryOp::And, q, Value::small(1))? == Value::small(1);
        if order.is_gt() || order.is_eq() && odd {
            let q = vm.binary(BinaryOp::Add, q, Value::small(1))?;
            vm.set(q_slot, q);
        }
        let q = vm.get(q_slot);
        let v = ints::multiply(vm, q, unit)?;
        vm.drop_to(base);
        return Ok(v);
    }
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    if let Some(x) = vm.native_part(v, TypeId::Float).and_then(|v| crate::object::float::get(vm.heap(), v)) {
        return match digits {
            None => floats::to_int(vm, floats::round_even(x)),
            Some(d) => floats::new(vm, floats::round_digits(x, d)),
        };
    }
    Err(type_error(vm, "type ", v, " doesn't define __round__ method"))
}

fn sum(vm: &mut Vm, args: Args) -> R {
    let mut start = vm.arg(args, 1).unwrap_or(Value::small(0));
    for i in 0..args.kw() as usize {
        match vm.kw(args, i) {
            (k, v) if k == q!("start") && args.n() == 1 => start = v,
            _ => return Err(vm.raise(TypeId::TypeError, "unexpected keyword argument")),
        }
    }
    let total = vm.push(start)?;
    let items = vm.open_loop(vm.req(args, 0))?;
    loop {
        let v = vm.loop_next(items)?;
        if v == Value::STOP {
            return Ok(vm.get(total));
        }
        let so_far = vm.get(total);
        let t = match (so_far.as_small(), v.as_small()) {
            (Some(x), Some(y)) if Value::try_small(x as i64 + y as i64).is_some() => Value::small(x + y),
            _ => vm.binary(BinaryOp::Add, so_far, v)?,
        };
        vm.set(total, t);
        vm.tick(20)?;
    }
}
