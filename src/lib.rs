//! Pyrite: MicroPython's language and libraries as a library for RTOS firmware.
#![no_std]
#![deny(unsafe_code)]
#![cfg_attr(
    not(feature = "everything"),
    allow(
        dead_code,
        unused_imports,
        reason = "functions whose lines in the tables a level leaves out, and what newer syntax would use"
    )
)]
#![cfg_attr(
    feature = "tiny",
    allow(
        clippy::absurd_extreme_comparisons,
        clippy::bad_bit_mask,
        clippy::default_constructed_unit_structs,
        clippy::reversed_empty_ranges,
        clippy::unnecessary_min_or_max,
        reason = "bounds, flags and positions that it does without are constants which fold away"
    )
)]

#[cfg(test)]
extern crate std;

pub mod base;
pub mod builtins;
pub mod capi;
pub mod code;
#[cfg(feature = "compiler")]
pub mod compile;
#[cfg(not(feature = "compiler"))]
#[path = "compile/absent.rs"]
pub mod compile;
pub mod heap;
pub mod modules;
pub mod object;
pub mod port;
pub mod runtime;
pub mod vm;
