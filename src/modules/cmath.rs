//! Module `cmath`.
#![cfg(any(feature = "float-single", feature = "float-double"))]
// These casts do something in single-precision builds.
#![allow(clippy::unnecessary_cast)]

use crate::base::float::Float;
use crate::builtins::complex::{Pair, abs, exp, ln, new, operand};
use crate::builtins::convert::to_float;
use crate::builtins::float;
use crate::heap::{R, TypeId};
use crate::object::tuple;
use crate::q;
use crate::vm::Vm;
use crate::vm::def::*;

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("cmath"),
    entries: &[
        Entry { name: q!("e"), value: Const::Float(&core::f64::consts::E) },
        Entry { name: q!("pi"), value: Const::Float(&core::f64::consts::PI) },
        Entry { name: q!("phase"), value: vm_fn(phase, 1, 1) },
        Entry { name: q!("polar"), value: vm_fn(polar, 1, 1) },
        Entry { name: q!("rect"), value: vm_fn(rect, 2, 2) },
        Entry { name: q!("exp"), value: vm_fn(|vm, a| unary(vm, a, exp), 1, 1) },
        Entry { name: q!("log"), value: vm_fn(|vm, a| logarithm(vm, a, 1.0), 1, 1) },
        Entry {
            name: q!("log10"),
            value: vm_fn(|vm, a| logarithm(vm, a, core::f64::consts::LN_10 as Float), 1, 1),
        },
        Entry { name: q!("sqrt"), value: vm_fn(|vm, a| unary(vm, a, sqrt), 1, 1) },
        Entry { name: q!("cos"), value: vm_fn(|vm, a| unary(vm, a, cos), 1, 1) },
        Entry { name: q!("sin"), value: vm_fn(|vm, a| unary(vm, a, sin), 1, 1) },
    ],
};

fn unary(vm: &mut Vm, args: Args, f: fn(Pair) -> Pair) -> R {
    let z = operand(vm, vm.req(args, 0))?;
    new(vm, f(z))
}

fn logarithm(vm: &mut Vm, args: Args, unit: Float) -> R {
    let z = operand(vm, vm.req(args, 0))?;
    if z == (0.0, 0.0) {
        return Err(vm.raise(TypeId::ValueError, "math domain error"));
    }
    let (re, im) = ln(z);
    new(vm, (re / unit, im / unit))
}

fn phase_of(z: Pair) -> Float {
    libm::atan2(z.1 as f64, z.0 as f64) as Float
}

/// The root in the right half plane, from the larger part so that nothing cancels.
fn sqrt(z: Pair) -> Pair {
    if z == (0.0, 0.0) {
        return (0.0, z.1);
    }
    let size = abs(z) as f64;
    let half = libm::sqrt((size + (z.0 as f64).abs()) / 2.0);
    let other = (z.1 as f64).abs() / (2.0 * half);
    let (re, im) = if z.0 >= 0.0 { (half, other) } else { (other, half) };
    (re as Float, (im as Float).copysign(z.1))
}

fn cos(z: Pair) -> Pair {
    let (x, y) = (z.0 as f64, z.1 as f64);
    ((libm::cos(x) * libm::cosh(y)) as Float, (-libm::sin(x) * libm::sinh(y)) as Float)
}

fn sin(z: Pair) -> Pair {
    let (x, y) = (z.0 as f64, z.1 as f64);
    ((libm::sin(x) * libm::cosh(y)) as Float, (libm::cos(x) * libm::sinh(y)) as Float)
}

fn phase(vm: &mut Vm, args: Args) -> R {
    let z = operand(vm, vm.req(args, 0))?;
    float::new(vm, phase_of(z))
}

fn polar(vm: &mut Vm, args: Args) -> R {
    let z = operand(vm, vm.req(args, 0))?;
    let size = float::new(vm, abs(z))?;
    vm.push(size)?;
    let angle = float::new(vm, phase_of(z))?;
    vm.push(angle)?;
    vm.with_heap(|h| tuple::from_slice(h, &[size, angle]))
}

fn rect(vm: &mut Vm, args: Args) -> R {
    let (r, a) = (to_float(vm, vm.req(args, 0))?, to_float(vm, vm.req(args, 1))?);
    new(vm, (r * crate::base::float::cos(a), r * crate::base::float::sin(a)))
}
