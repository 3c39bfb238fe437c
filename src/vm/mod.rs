//! Rank 5: the virtual machine. `Vm` is what a native gets: one task's handle on the state and its fiber.
//!
//! Invariants
//! - two tasks never hold a `&mut Vm` of one state at the same time: the VM lock is held while one exists;
//! - a method that takes `&mut self` may run Python and collect; it keeps its own arguments reachable. Whatever else
//!   the caller holds in Rust locals across such a call must lie in a slot (`push`), in its arguments, or in a reachable object;
//! - slots that a native pushed are dropped when it returns.

pub mod api;
pub mod args;
#[cfg_attr(not(feature = "async-generators"), path = "async_gen_not.rs")]
pub mod async_gen;
mod attr;
mod bind;
mod build;
pub mod bulk;
pub mod call;
pub mod class;
pub mod def;
#[cfg(feature = "machine-tables")]
pub mod devices;
pub mod events;
mod extended;
pub mod fiber;
mod frame;
mod r#gen;
#[cfg(feature = "type-parameters")]
pub mod generics;
#[cfg(feature = "except-star")]
mod groups;
mod import;
mod instantiate;
mod iter;
#[cfg(feature = "match")]
mod matching;
#[cfg_attr(not(feature = "metaclasses"), path = "metaclass_not.rs")]
mod metaclass;
#[cfg_attr(not(feature = "natives"), path = "natives_not.rs")]
pub mod natives;
mod ops;
#[cfg_attr(feature = "tiny", path = "pieces_not.rs")]
pub mod pieces;
mod run;
#[cfg_attr(feature = "tiny", path = "search_plain.rs")]
pub mod search;
mod setattr;
pub mod state;
#[cfg(feature = "thread")]
pub mod threads;
#[cfg_attr(not(feature = "settrace"), path = "trace_not.rs")]
pub mod trace;
#[path = "typeof.rs"]
mod typeof_;
mod unwind;
mod wait;

pub use api::Vm;
pub use fiber::Slot;
pub use frame::{Remote, Sizes, posts};
#[cfg(feature = "except-star")]
pub use groups::Part as GroupPart;
pub use unwind::EQUAL_PLACES;
