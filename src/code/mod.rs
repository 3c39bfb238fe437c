//! Rank 3: code: the op table, `Unit` and `Code` cells, and `.mpy` files read, verified, written and listed.

pub mod disasm;
#[cfg(feature = "frozen")]
pub mod frozen;
#[cfg(not(feature = "tiny"))]
pub mod fuse;
pub mod object;
pub mod op;
pub mod operand;
pub mod read;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
pub mod verify;
pub mod write;
