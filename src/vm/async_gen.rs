//! Generators as asynchronous iterators: what `__anext__`, `asend`, `athrow` and `aclose` wait for.
//!
//! Invariants
//! - a generator that was suspended by its own `yield` gave an item; one that was suspended while it waits for something
//!   else (`yield from`, `await`) only passes a value on to whoever runs the program;
//! - a step is an `Object`: type, generator, how it begins (small), what it begins with.

use super::api::Vm;
use super::call::generator as g;
use super::state::Root;
use crate::heap::{Kind, R, Raised, TypeId, Value};
use crate::object::exc;

/// Words of a step.
pub mod step {
    pub const GENERATOR: usize = 1;
    pub const STATE: usize = 2;
    pub const VALUE: usize = 3;
    pub const COUNT: usize = 4;
    /// States: begins by sending, by throwing, by closing; has begun (and the same of one that closes); is over.
    pub const SEND: i32 = 0;
    pub const THROW: i32 = 1;
    pub const CLOSE: i32 = 2;
    pub const BEGUN: i32 = 3;
    pub const CLOSING: i32 = 4;
    pub const OVER: i32 = 5;
    /// Not a generator's: waits for something that may end with `StopAsyncIteration`, which then is this value.
    pub const OTHERWISE: i32 = 6;
}

impl Vm {
    /// An object that does one step of `it` when it is waited for.
    pub fn new_async_step(&mut self, it: Value, state: i32, value: Value) -> R {
        self.with_heap(|h| {
            let s = h.alloc(Kind::Object, step::COUNT)?;
            h.set_field(s, 0, Value::typ(TypeId::AsyncStep));
            h.set_field(s, step::GENERATOR, it);
            h.set_int(s, step::STATE, state);
            h.set_field(s, step::VALUE, value);
            Ok(s)
        })
    }
    /// One round of a step: what it passes on, or `STOP` with the result in `Root::StopValue`.
    pub fn async_step(&mut self, s: Value, send: Value, throw: Option<Value>) -> R {
        let heap = self.heap();
        let (it, state) = (heap.field(s, step::GENERATOR), heap.int(s, step::STATE));
        let first = heap.field(s, step::VALUE);
        if state == step::OTHERWISE {
            return self.step_otherwise(s, it, send, throw);
        }
        if !heap.is(it, Kind::Generator) {
            return Err(self.raise(TypeId::TypeError, "a generator is required"));
        }
        let closing = matches!(state, step::CLOSE | step::CLOSING);
        let begins = matches!(state, step::SEND | step::THROW | step::CLOSE);
        if state == step::OVER {
            return Err(self.raise(TypeId::RuntimeError, "cannot reuse an awaited step of a generator"));
        }
        if begins && self.delegate_of(it).is_some() {
            return Err(self.raise(TypeId::RuntimeError, "asynchronous generator is already running"));
        }
        self.heap_mut().set_int(s, step::STATE, if closing { step::CLOSING } else { step::BEGUN });
        let made = match (throw, state) {
            (Some(e), _) => self.throw_step(it, e),
            (None, step::SEND) => self.generator_resume(it, first),
            (None, step::THROW | step::CLOSE) => match self.heap().int(it, g::STATE) {
                // What has not begun or is over has nothing to close.
                0 | g::DONE if closing => {
                    self.heap_mut().set_int(it, g::STATE, g::DONE);
                    Ok(None)
                }
                _ => self.throw_step(it, first),
            },
            _ => self.generator_resume(it, send),
        };
        match made {
            Ok(Some(v)) if self.delegate_of(it).is_some() => Ok(v),
            Ok(Some(_)) if closing => {
                self.heap_mut().set_int(s, step::STATE, step::OVER);
                Err(self.raise(TypeId::RuntimeError, "async generator ignored GeneratorExit"))
            }
            Ok(Some(v)) => {
                self.heap_mut().set_int(s, step::STATE, step::OVER);
                self.set_root(Root::StopValue, Some(v));
                Ok(Value::STOP)
            }
            Ok(None) => {
                self.heap_mut().set_int(s, step::STATE, step::OVER);
                self.set_root(Root::StopValue, None);
                if closing { Ok(Value::STOP) } else { Err(self.raise_bare(TypeId::StopAsyncIteration)) }
            }
            Err(Raised) => {
                self.heap_mut().set_int(s, step::STATE, step::OVER);
                self.failed_step(closing)
            }
        }
    }
    fn throw_step(&mut self, it: Value, e: Value) -> R<Option<Value>> {
        match self.generator_throw(it, e) {
            Ok(v) => Ok(Some(v)),
            // It ended, and did not fail.
            Err(Raised) if self.raised_is(TypeId::StopIteration) => {
                self.heap_mut().raised = None;
                Ok(None)
            }
            Err(e) => Err(e),
        }
    }
    /// The generator failed with what has been raised.
    fn failed_step(&mut self, closing: bool) -> R {
        if closing && (self.raised_is(TypeId::GeneratorExit) || self.raised_is(TypeId::StopAsyncIteration)) {
            self.heap_mut().raised = None;
            self.set_root(Root::StopValue, None);
            return Ok(Value::STOP);
        }
        if self.raised_is(TypeId::StopAsyncIteration) {
            let cause = self.take_raised();
            let kept = self.push(cause)?;
            let _ = self.raise(TypeId::RuntimeError, "async generator raised StopAsyncIteration");
            self.drop_to(kept);
            if let Some(e) = self.heap().raised.filter(|e| self.heap().is(*e, Kind::Exception)) {
                exc::set_cause(self.heap_mut(), e, Some(cause));
            }
        }
        Err(Raised)
    }
    /// `anext(it, default)`: `it` is what is waited for.
    fn step_otherwise(&mut self, s: Value, it: Value, send: Value, throw: Option<Value>) -> R {
        let r = match throw {
            Some(e) => self.call_method(it, crate::q!("throw"), &[e]),
            None if send.is_none() => self.next(it),
            None => self.call_method(it, crate::q!("send"), &[send]),
        };
        match r {
            Err(Raised) if self.raised_is(TypeId::StopAsyncIteration) => {
                self.heap_mut().raised = None;
                let v = self.heap().field(s, step::VALUE);
                self.set_root(Root::StopValue, Some(v));
                Ok(Value::STOP)
            }
            Err(Raised) if self.raised_is(TypeId::StopIteration) => Ok(self.stopped()),
            r => r,
        }
    }
}
