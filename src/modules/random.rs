//! Module `random`.
//!
//! Invariants
//! - the generator's state is a raw cell that `Root::Random` keeps; without one it is seeded by the port's entropy.

use crate::base::random::Random;
use crate::builtins::convert::{int_value, to_i64};
use crate::heap::{Kind, R, Raised, TypeId, Value};
use crate::object::{bigint, int};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::*;
use crate::vm::state::Root;

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("random"),
    entries: &[
        Entry { name: q!("seed"), value: vm_fn(seed, 0, 1) },
        Entry { name: q!("getrandbits"), value: vm_fn(getrandbits, 1, 1) },
        Entry { name: q!("randrange"), value: vm_fn(randrange, 1, 3) },
        Entry { name: q!("randint"), value: vm_fn(randint, 2, 2) },
        Entry { name: q!("choice"), value: vm_fn(choice, 1, 1) },
        #[cfg(any(feature = "float-single", feature = "float-double"))]
        Entry { name: q!("random"), value: vm_fn(random, 0, 0) },
        #[cfg(any(feature = "float-single", feature = "float-double"))]
        Entry { name: q!("uniform"), value: vm_fn(uniform, 2, 2) },
    ],
};

fn store(vm: &mut Vm, r: &Random) -> R<()> {
    let cell = match vm.root(Root::Random) {
        Some(c) => c,
        None => vm.with_heap(|h| h.alloc(Kind::Raw, 4))?,
    };
    for (i, w) in r.to_words().into_iter().enumerate() {
        vm.heap_mut().set_word(cell, i, w);
    }
    vm.set_root(Root::Random, Some(cell));
    Ok(())
}

/// A seed that differs from run to run, where the port has such.
fn entropy(vm: &Vm) -> u32 {
    let mut bytes = [0; 4];
    match vm.port().entropy(&mut bytes) {
        4 => u32::from_ne_bytes(bytes),
        _ => Random::DEFAULT_SEED,
    }
}

/// Draws from the generator.
fn draw<T>(vm: &mut Vm, f: impl FnOnce(&mut Random) -> T) -> R<T> {
    let mut r = match vm.root(Root::Random) {
        Some(c) => Random::from_words([0, 1, 2, 3].map(|i| vm.heap().word(c, i))),
        None => Random::new(entropy(vm)),
    };
    let drawn = f(&mut r);
    store(vm, &r)?;
    Ok(drawn)
}

fn seed(vm: &mut Vm, args: Args) -> R {
    let seed = match vm.arg(args, 0).filter(|s| !s.is_none()) {
        Some(s) => to_i64(vm, s)? as u32,
        None => entropy(vm),
    };
    store(vm, &Random::new(seed))?;
    Ok(Value::NONE)
}

/// Words that are drawn at a stretch.
const DRAWN: usize = 32;

fn getrandbits(vm: &mut Vm, args: Args) -> R {
    let n = to_i64(vm, vm.req(args, 0))?;
    if !(0..=1 << 16).contains(&n) {
        return Err(vm.raise(TypeId::ValueError, "number of bits must be non-negative and not above 65536"));
    }
    let n = n as usize;
    if n <= 32 {
        let word = draw(vm, |r| r.bits(n as u32))?;
        return vm.with_heap(|h| int::from_i64(h, word as i64));
    }
    let limbs = n.div_ceil(32);
    let out = vm.with_heap_anew(|h| bigint::alloc(h, limbs))?;
    let slot = vm.push(out)?;
    for i in 0..limbs {
        let bits = (n - i * 32).min(32) as u32;
        let word = draw(vm, |r| r.bits(bits))?;
        if let Some(l) = bigint::limbs_mut(vm.heap_mut(), out).get_mut(i) {
            *l = word;
        }
        if i % DRAWN == DRAWN - 1 {
            vm.tick(200 * DRAWN as u32)?;
        }
    }
    vm.drop_to(slot);
    Ok(bigint::finish(vm.heap_mut(), out, false, limbs))
}

fn empty(vm: &mut Vm) -> Raised {
    vm.raise(TypeId::ValueError, "empty range")
}

fn from_range(vm: &mut Vm, start: i64, stop: i64, step: i64) -> R {
    match draw(vm, |r| r.range(start, stop, step))? {
        Some(n) => vm.with_heap(|h| int::from_i64(h, n)),
        None => Err(empty(vm)),
    }
}

fn randrange(vm: &mut Vm, args: Args) -> R {
    let first = to_i64(vm, vm.req(args, 0))?;
    let Some(stop) = vm.arg(args, 1) else { return from_range(vm, 0, first, 1) };
    let stop = to_i64(vm, stop)?;
    let step = match vm.arg(args, 2) {
        Some(s) => to_i64(vm, s)?,
        None => 1,
    };
    from_range(vm, first, stop, step)
}

fn randint(vm: &mut Vm, args: Args) -> R {
    let (a, b) = (int_value(vm, vm.req(args, 0))?, int_value(vm, vm.req(args, 1))?);
    let small = int::to_i64(vm.heap(), a).zip(int::to_i64(vm.heap(), b));
    match small.and_then(|(a, b)| Some((a, b.checked_add(1)?, b.checked_sub(a)?))) {
        Some((a, stop, _)) => from_range(vm, a, stop, 1),
        None => large(vm, a, b),
    }
}

/// Of the ints from `a` to `b`, which may be of any size: as many random bits as the last one's distance has, until they are
/// not above it.
fn large(vm: &mut Vm, a: Value, b: Value) -> R {
    let most = vm.binary(BinaryOp::Subtract, b, a)?;
    let most_slot = vm.push(most)?;
    if vm.less(most, Value::small(0))? {
        return Err(empty(vm));
    }
    let n = vm.call_method(most, q!("bit_length"), &[])?;
    loop {
        let base = vm.push(n)?.0;
        let drawn = getrandbits(vm, Args::new(base, 1, 0))?;
        vm.push(drawn)?;
        if !vm.less(most, drawn)? {
            return vm.binary(BinaryOp::Add, a, drawn);
        }
        vm.drop_to(most_slot);
        vm.push(most)?;
        vm.tick(100)?;
    }
}

fn choice(vm: &mut Vm, args: Args) -> R {
    let seq = vm.req(args, 0);
    let n = vm.len(seq)?;
    if n == 0 {
        return Err(vm.raise(TypeId::IndexError, "empty sequence"));
    }
    let i = draw(vm, |r| r.below(n as u32))?;
    vm.subscr(seq, Value::small(i as i32), Access::Load)
}

#[cfg(any(feature = "float-single", feature = "float-double"))]
fn random(vm: &mut Vm, _: Args) -> R {
    let x = draw(vm, |r| r.float())?;
    crate::builtins::float::new(vm, x)
}

#[cfg(any(feature = "float-single", feature = "float-double"))]
fn uniform(vm: &mut Vm, args: Args) -> R {
    use crate::builtins::convert::to_float;
    let (a, b) = (to_float(vm, vm.req(args, 0))?, to_float(vm, vm.req(args, 1))?);
    let x = draw(vm, |r| r.float())?;
    crate::builtins::float::new(vm, a + (b - a) * x)
}
