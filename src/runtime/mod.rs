//! Rank 8: the safe Rust API: a VM over memory that the caller gives, programs, modules and the REPL.
//!
//! Invariants
//! - `Runtime` is the one handle of the task that opened it;
//! - what a program raises comes back as `Failed`, with the exception in a slot until the next call.

#[cfg_attr(not(feature = "basic"), path = "complete_not.rs")]
mod complete;
pub mod exec;
#[cfg_attr(not(feature = "frozen"), path = "frozen_not.rs")]
pub mod frozen;
mod line;
mod loader;
mod open;
#[cfg_attr(all(feature = "tiny", not(feature = "natives")), path = "paste_pieces.rs")]
mod paste;
mod raw;
pub mod registry;
mod repl;
#[cfg(test)]
mod repl_tests;

pub use open::{Config, OpenError, Runtime};
pub use repl::{ReplEnd, ReplOptions, Terminal};

impl Runtime {
    /// Ends the program's threads; false where one did not in time.
    pub fn end_threads(&mut self) -> bool {
        #[cfg(feature = "thread")]
        return self.vm.end_threads(END_THREADS_US) == 0;
        #[cfg(not(feature = "thread"))]
        true
    }
    /// No driver knows this VM any more afterwards: its memory can be given back.
    pub fn end_devices(&mut self) {
        #[cfg(feature = "machine-tables")]
        self.vm.close_devices();
    }
}

/// How long that may take.
#[cfg(feature = "thread")]
const END_THREADS_US: u64 = 5_000_000;

/// What the REPL says first.
pub const BANNER: &str = concat!(
    "MicroPython v1.29.0 language, Pyrite v",
    env!("CARGO_PKG_VERSION"),
    "; version\nType \"help()\" for more information.\n"
);
