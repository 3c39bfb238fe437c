//! Module `math`.
//!
//! Invariants
//! - functions compute in `f64` and round once to the build's float; the commonest compute in that at once;
//! - a NaN from no NaN, or an infinity at a pole, is `ValueError`; an infinity from finite numbers is `OverflowError`.
#![cfg(any(feature = "float-single", feature = "float-double"))]
// These casts do something in single-precision builds.
#![allow(clippy::unnecessary_cast)]

use crate::base::float::{self, Float};
use crate::builtins::convert::{to_float, to_i64};
use crate::builtins::float::{new, to_int};
use crate::builtins::int::multiply;
use crate::heap::{R, TypeId, Value};
use crate::object::int;
use crate::q;
use crate::vm::Vm;
use crate::vm::args::{ArgKind, ArgSpec, parse};
use crate::vm::def::*;

macro_rules! unary {
    ($name:literal, $f:expr, $inf:expr) => {
        Entry { name: $name, value: vm_fn(|vm, a| unary(vm, a, $f, $inf), 1, 1) }
    };
    ($name:expr, $f:expr, $inf:expr) => {
        Entry { name: $name, value: vm_fn(|vm, a| unary(vm, a, $f, $inf), 1, 1) }
    };
}

/// What an infinite result of finite numbers means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inf {
    Pole,
    Range,
}
use Inf::{Pole, Range};

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("math"),
    entries: &[
        Entry { name: q!("e"), value: Const::Float(&core::f64::consts::E) },
        Entry { name: q!("pi"), value: Const::Float(&core::f64::consts::PI) },
        Entry { name: q!("tau"), value: Const::Float(&core::f64::consts::TAU) },
        Entry { name: q!("inf"), value: Const::Float(&f64::INFINITY) },
        Entry { name: q!("nan"), value: Const::Float(&f64::NAN) },
        unary!(q!("sqrt"), |x| float::sqrt(x as Float) as f64, Pole),
        Entry {
            name: q!("pow"),
            value: vm_fn(
                |vm, a| binary(vm, a, |x, y| float::pow(x as Float, y as Float) as f64, Range),
                2,
                2,
            ),
        },
        unary!(q!("exp"), libm::exp, Range),
        unary!(q!("expm1"), libm::expm1, Range),
        Entry { name: q!("log"), value: vm_fn(log, 1, 2) },
        unary!(q!("log2"), libm::log2, Pole),
        unary!(q!("log10"), libm::log10, Pole),
        unary!(q!("cosh"), libm::cosh, Range),
        unary!(q!("sinh"), libm::sinh, Range),
        unary!(q!("tanh"), libm::tanh, Pole),
        unary!(q!("acosh"), libm::acosh, Pole),
        unary!(q!("asinh"), libm::asinh, Pole),
        unary!(q!("atanh"), libm::atanh, Pole),
        unary!(q!("cos"), |x| float::cos(x as Float) as f64, Pole),
        unary!(q!("sin"), |x| float::sin(x as Float) as f64, Pole),
        unary!(q!("tan"), libm::tan, Pole),
        unary!(q!("acos"), libm::acos, Pole),
        unary!(q!("asin"), libm::asin, Pole),
        unary!(q!("atan"), libm::atan, Pole),
        Entry { name: q!("atan2"), value: vm_fn(|vm, a| binary(vm, a, libm::atan2, Range), 2, 2) },
        Entry { name: q!("ceil"), value: vm_fn(|vm, a| whole(vm, a, libm::ceil), 1, 1) },
        Entry { name: q!("floor"), value: vm_fn(|vm, a| whole(vm, a, libm::floor), 1, 1) },
        Entry { name: q!("trunc"), value: vm_fn(|vm, a| whole(vm, a, libm::trunc), 1, 1) },
        Entry { name: q!("copysign"), value: vm_fn(|vm, a| binary(vm, a, libm::copysign, Range), 2, 2) },
        unary!(q!("fabs"), libm::fabs, Pole),
        Entry { name: q!("fmod"), value: vm_fn(|vm, a| binary(vm, a, libm::fmod, Range), 2, 2) },
        Entry { name: q!("isfinite"), value: vm_fn(|vm, a| test(vm, a, f64::is_finite), 1, 1) },
        Entry { name: q!("isinf"), value: vm_fn(|vm, a| test(vm, a, f64::is_infinite), 1, 1) },
        Entry { name: q!("isnan"), value: vm_fn(|vm, a| test(vm, a, f64::is_nan), 1, 1) },
        Entry { name: q!("isclose"), value: kw_fn(isclose, 2, 2) },
        Entry { name: q!("frexp"), value: vm_fn(frexp, 1, 1) },
        Entry { name: q!("ldexp"), value: vm_fn(ldexp, 2, 2) },
        Entry { name: q!("modf"), value: vm_fn(modf, 1, 1) },
        unary!(q!("degrees"), |x| x * (180.0 / core::f64::consts::PI), Pole),
        unary!(q!("radians"), |x| x * (core::f64::consts::PI / 180.0), Pole),
        unary!(q!("erf"), libm::erf, Pole),
        unary!(q!("erfc"), libm::erfc, Pole),
        Entry { name: q!("gamma"), value: vm_fn(gamma, 1, 1) },
        Entry { name: q!("lgamma"), value: vm_fn(lgamma, 1, 1) },
        Entry { name: q!("factorial"), value: vm_fn(factorial, 1, 1) },
    ],
};

fn domain_error(vm: &mut Vm) -> crate::heap::Raised {
    vm.raise(TypeId::ValueError, "math domain error")
}

/// Checks and boxes a result of finite or infinite arguments.
fn result(vm: &mut Vm, r: f64, any_nan: bool, any_inf: bool, inf: Inf) -> R {
    let r = r as Float;
    if r.is_nan() && !any_nan || r.is_infinite() && !any_inf && !any_nan && inf == Pole {
        return Err(domain_error(vm));
    }
    if r.is_infinite() && !any_inf && !any_nan {
        return Err(vm.raise(TypeId::OverflowError, "math range error"));
    }
    new(vm, r)
}

fn arg(vm: &mut Vm, args: Args, i: usize) -> R<f64> {
    let v = vm.req(args, i);
    Ok(to_float(vm, v)? as f64)
}

fn unary(vm: &mut Vm, args: Args, f: fn(f64) -> f64, inf: Inf) -> R {
    let x = arg(vm, args, 0)?;
    result(vm, f(x), x.is_nan(), x.is_infinite(), inf)
}

fn binary(vm: &mut Vm, args: Args, f: fn(f64, f64) -> f64, inf: Inf) -> R {
    let (x, y) = (arg(vm, args, 0)?, arg(vm, args, 1)?);
    // A zero to a negative power is a pole.
    let inf = if x == 0.0 { Pole } else { inf };
    result(vm, f(x, y), x.is_nan() || y.is_nan(), x.is_infinite() || y.is_infinite(), inf)
}

fn log(vm: &mut Vm, args: Args) -> R {
    let x = arg(vm, args, 0)?;
    if x <= 0.0 {
        return Err(domain_error(vm));
    }
    let ln = libm::log(x);
    if vm.arg(args, 1).is_none() {
        return result(vm, ln, x.is_nan(), x.is_infinite(), Pole);
    }
    let base = arg(vm, args, 1)?;
    if base <= 0.0 {
        return Err(domain_error(vm));
    }
    if base == 1.0 {
        return Err(crate::builtins::int::zero_division(vm));
    }
    let r = if base == 2.0 {
        libm::log2(x)
    } else if base == 10.0 {
        libm::log10(x)
    } else {
        ln / libm::log(base)
    };
    let infinite = x.is_infinite() || base.is_infinite();
    result(vm, r, x.is_nan() || base.is_nan() || infinite, infinite, Pole)
}

fn whole(vm: &mut Vm, args: Args, f: fn(f64) -> f64) -> R {
    let v = vm.req(args, 0);
    if int::is(vm.heap(), v) {
        return crate::builtins::convert::int_value(vm, v);
    }
    let x = arg(vm, args, 0)?;
    to_int(vm, f(x) as Float)
}

fn test(vm: &mut Vm, args: Args, f: fn(f64) -> bool) -> R {
    let x = arg(vm, args, 0)?;
    Ok(Value::bool(f(x)))
}

static ISCLOSE: [ArgSpec; 4] = [
    ArgSpec { name: q!("a"), kind: ArgKind::Required },
    ArgSpec { name: q!("b"), kind: ArgKind::Required },
    ArgSpec { name: q!("rel_tol"), kind: ArgKind::KwOnly },
    ArgSpec { name: q!("abs_tol"), kind: ArgKind::KwOnly },
];

fn isclose(vm: &mut Vm, args: Args) -> R {
    let mut a = [None; 4];
    parse(vm, args, &ISCLOSE, &mut a)?;
    let mut x = [0.0, 0.0, 1e-9, 0.0];
    for (x, v) in x.iter_mut().zip(a) {
        if let Some(v) = v {
            *x = to_float(vm, v)? as f64;
        }
    }
    let [a, b, rel, abs] = x;
    if rel < 0.0 || abs < 0.0 {
        return Err(domain_error(vm));
    }
    if a == b {
        return Ok(Value::TRUE);
    }
    if a.is_infinite() || b.is_infinite() {
        return Ok(Value::FALSE);
    }
    let apart = (a - b).abs();
    Ok(Value::bool(apart <= rel * a.abs() || apart <= rel * b.abs() || apart <= abs))
}

/// A tuple of two values, the first a float.
fn pair(vm: &mut Vm, x: f64, second: Result<f64, i32>) -> R {
    let a = new(vm, x as Float)?;
    let slot = vm.push(a)?;
    let b = match second {
        Ok(y) => new(vm, y as Float)?,
        Err(n) => Value::small(n),
    };
    vm.push(b)?;
    let t = vm.with_heap(|h| crate::object::tuple::from_slice(h, &[a, b]))?;
    vm.drop_to(slot);
    Ok(t)
}

fn frexp(vm: &mut Vm, args: Args) -> R {
    let x = arg(vm, args, 0)?;
    let (m, e) = if x == 0.0 || !x.is_finite() { (x, 0) } else { libm::frexp(x) };
    pair(vm, m, Err(e))
}

fn ldexp(vm: &mut Vm, args: Args) -> R {
    let x = arg(vm, args, 0)?;
    let e = to_i64(vm, vm.req(args, 1))?.clamp(-10_000, 10_000);
    result(vm, libm::scalbn(x, e as i32), x.is_nan(), x.is_infinite(), Range)
}

fn modf(vm: &mut Vm, args: Args) -> R {
    let x = arg(vm, args, 0)?;
    let whole = libm::trunc(x);
    let part = if x.is_infinite() { 0.0 } else { x - whole };
    pair(vm, part.copysign(x), Ok(whole))
}

fn is_pole(x: f64) -> bool {
    x <= 0.0 && x == libm::trunc(x)
}

fn gamma(vm: &mut Vm, args: Args) -> R {
    let x = arg(vm, args, 0)?;
    if is_pole(x) {
        return Err(domain_error(vm));
    }
    result(vm, libm::tgamma(x), x.is_nan(), x.is_infinite(), Range)
}

fn lgamma(vm: &mut Vm, args: Args) -> R {
    let x = arg(vm, args, 0)?;
    if x == f64::NEG_INFINITY {
        return new(vm, Float::INFINITY);
    }
    if is_pole(x) {
        return Err(domain_error(vm));
    }
    result(vm, libm::lgamma(x), x.is_nan(), x.is_infinite(), Range)
}

fn factorial(vm: &mut Vm, args: Args) -> R {
    let n = to_i64(vm, vm.req(args, 0))?;
    if n < 0 {
        return Err(vm.raise(TypeId::ValueError, "negative factorial"));
    }
    let product = vm.push(Value::small(1))?;
    for i in 2..=n {
        let (so_far, factor) = (vm.get(product), vm.with_heap(|h| int::from_i64(h, i))?);
        let p = multiply(vm, so_far, factor)?;
        vm.set(product, p);
        vm.tick(20)?;
    }
    Ok(vm.get(product))
}
