//! Bytes of objects on loan to drivers, which work on them while others have the VM.
//!
//! Invariant: bytes on loan belong to objects that a slot keeps and that cannot change their size meanwhile.

use super::super::natives::{exporter, pin};
use super::Vm;
use crate::heap::{R, Value, span::Span};
use crate::port::machine::Loan;

/// Bytes that a driver reads, or fills.
#[derive(Clone, Copy)]
pub struct Bytes {
    pub object: Value,
    pub span: Span,
    pub filled: bool,
}

impl Vm {
    /// Runs `f` without the VM lock on the bytes of up to two objects.
    pub fn lend<T>(&mut self, bytes: [Option<Bytes>; 2], f: impl FnOnce([Loan; 2]) -> T) -> R<T> {
        let at = self.push(Value::NONE)?;
        for given in bytes.into_iter().flatten() {
            self.push(given.object)?;
            self.push(given.span.owner)?;
        }
        let loans = bytes.map(|given| given.map_or(Loan::NONE, |given| self.loan(given.span, given.filled)));
        // Whom a program may ask to change the size.
        let objects = bytes.map(|given| given.map_or(Value::NONE, |given| exporter(self, given.object)));
        objects.into_iter().for_each(|object| pin(self.heap_mut(), object, 1));
        let done = self.blocking(|_| f(loans));
        objects.into_iter().for_each(|object| pin(self.heap_mut(), object, -1));
        self.drop_to(at);
        Ok(done)
    }
}
