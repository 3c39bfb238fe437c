//! Rank 9: `include/pyrite.h` in Rust: check what C passes, translate, contain.
//!
//! Invariants: nothing that C passes is trusted before it was checked; no Rust type crosses the border but those of
//! `#[repr(C)]`; no function unwinds or panics.
#![allow(unsafe_code)] // rank 9: the border to C

#[cfg(feature = "natives")]
mod buffers;
#[cfg(feature = "natives")]
mod convert;
mod events;
mod exceptions;
#[cfg(feature = "frozen")]
mod frozen;
mod inst;
mod lifecycle;
#[cfg(feature = "machine-tables")]
mod machine;
#[cfg(feature = "natives")]
mod natives;
mod numbers;
mod objects;
#[cfg(feature = "archive")]
mod panic;
#[cfg(feature = "natives")]
mod queue;
mod refs;
mod run;
pub mod status;
#[cfg(feature = "testing")]
mod testing;
#[cfg(test)]
mod tests;
mod text;
mod visit;

/// `PYR_ABI_MAJOR << 16 | PYR_ABI_MINOR` of the header that this library was written with.
pub const ABI_VERSION: u32 = 3;

#[unsafe(no_mangle)]
pub extern "C" fn pyr_abi_version() -> u32 {
    ABI_VERSION
}
