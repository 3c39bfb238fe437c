//! Generators as asynchronous iterators: what `__anext__`, `asend`, `athrow` and `aclose` wait for.
//!
//! Invariants
//! - a generator that was suspended by its own `yield` gave an item; one that was suspended while it waits for something
//!   else (`yield from`, `await`) only passes a value on to whoever runs the program;
//! - a step is an `Object`: type, generator, how it begins (small), what it begins with.

use super::api::Vm;
use super::call::generator as g;
use super::fiber::action;
use super::state::Root;
use crate::heap::{Kind, R, Raised, TypeId, Value};

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
    /// A step goes on: its generator, and the state that it was in.
    fn open_step(&mut self, s: Value) -> R<(Value, i32)> {
        let heap = self.heap();
        let (it, state) = (heap.field(s, step::GENERATOR), heap.int(s, step::STATE));
        if !heap.is(it, Kind::Generator) {
            return Err(self.raise(TypeId::TypeError, "a generator is required"));
        }
        if state == step::OVER {
            return Err(self.raise(TypeId::RuntimeError, "cannot reuse an awaited step of a generator"));
        }
        let begins = matches!(state, step::SEND | step::THROW | step::CLOSE);
        if begins && self.delegate_of(it).is_some() {
            return Err(self.raise(TypeId::RuntimeError, "asynchronous generator is already running"));
        }
        let begun = if matches!(state, step::CLOSE | step::CLOSING) { step::CLOSING } else { step::BEGUN };
        self.heap_mut().set_int(s, step::STATE, begun);
        Ok((it, state))
    }
    /// A step is over; whether it was to close its generator.
    fn end_step(&mut self, s: Value) -> bool {
        let state = self.heap().int(s, step::STATE);
        self.heap_mut().set_int(s, step::STATE, step::OVER);
        state == step::CLOSING
    }
    fn ignored_exit(&mut self) -> Raised {
        self.raise(TypeId::RuntimeError, "async generator ignored GeneratorExit")
    }

    fn is_step(&self, s: Value) -> bool {
        let heap = self.heap();
        heap.is(s, Kind::Object) && heap.field(s, 0) == Value::typ(TypeId::AsyncStep)
    }

    // ---- waited for by a generator's own code: its frame and the step's are of one loop --------------------------

    /// YIELD_FROM. Stack: what is waited for. Enters the frame of a step's generator, or ends the step; false where it
    /// is no such step, and nothing was done.
    pub(super) fn enter_step(&mut self, s: Value, send: Value) -> R<bool> {
        if !self.is_step(s) || self.heap().int(s, step::STATE) == step::OTHERWISE {
            return Ok(false);
        }
        let (it, state) = self.open_step(s)?;
        let first = self.heap().field(s, step::VALUE);
        let generator = self.heap().int(it, g::STATE);
        let send = match state {
            step::SEND => first,
            step::THROW | step::CLOSE if matches!(generator, 0 | g::DONE) => {
                // What has not begun or is over has nothing to close.
                self.heap_mut().set_int(it, g::STATE, g::DONE);
                if self.end_step(s) {
                    self.set_top(0, Value::NONE);
                    return Ok(true);
                }
                let e = self.exception_of(first)?;
                return Err(self.heap_mut().raise_value(e));
            }
            step::THROW | step::CLOSE if generator != g::RUNNING => {
                self.heap_mut().set_field(it, g::PENDING, first);
                Value::NONE
            }
            _ => send,
        };
        self.push(it)?;
        let records = self.fiber().records;
        match self.resume(it, send, action::GEN_STEP) {
            Ok(true) => {}
            Ok(false) => {
                self.drop_n(1);
                self.step_ended()?;
            }
            Err(Raised) => {
                if self.fiber().records == records {
                    self.end_step(s);
                }
                return Err(Raised);
            }
        }
        Ok(true)
    }
    /// The generator `it` of a step gave `v`. Stack: the step. An item ends the step and takes its place; anything else
    /// is to be passed on: false.
    pub(super) fn step_yielded(&mut self, it: Value, v: Value) -> R<bool> {
        if self.delegate_of(it).is_some() {
            return Ok(false);
        }
        let s = self.top(0);
        if self.end_step(s) {
            return Err(self.ignored_exit());
        }
        self.set_top(0, v);
        Ok(true)
    }
    /// The generator of a step has come to its end. Stack: the step.
    pub(super) fn step_ended(&mut self) -> R<()> {
        let s = self.top(0);
        if !self.end_step(s) {
            return Err(self.raise_bare(TypeId::StopAsyncIteration));
        }
        self.set_top(0, Value::NONE);
        Ok(())
    }
    /// The generator of a step has failed. Stack: the step. True where that was what the step was for.
    pub(super) fn step_failed(&mut self) -> bool {
        let s = self.top(0);
        let closing = self.end_step(s);
        let closed = self.failed_step(closing);
        if closed {
            self.set_top(0, Value::NONE);
        }
        closed
    }

    // ---- something is thrown at what waits for it ----------------------------------------------------------------

    /// The generator of a step that has begun and waits.
    pub(super) fn generator_of_step(&self, s: Value) -> Option<Value> {
        let begun = |s: Value| matches!(self.heap().int(s, step::STATE), step::BEGUN | step::CLOSING);
        (self.is_step(s) && begun(s)).then(|| self.heap().field(s, step::GENERATOR))
    }
    /// The step that the generator `outer` waits for.
    fn step_of(&self, outer: Value) -> Option<Value> {
        self.delegate_of(outer).filter(|s| self.is_step(*s))
    }
    /// `inner`, whose step `outer` waits for, came to `r` after something had been thrown at it: what the step came to.
    pub(super) fn step_thrown(
        &mut self,
        outer: Value,
        inner: Value,
        r: R<Option<Value>>,
    ) -> R<Option<Value>> {
        let Some(s) = self.step_of(outer) else { return r };
        if matches!(r, Ok(Some(_))) && self.delegate_of(inner).is_some() {
            return r;
        }
        let closing = self.end_step(s);
        self.step_came_to(r, closing)?;
        Ok(None)
    }
    /// `outer` is closed, so the step that it waits for is over.
    pub(super) fn step_closed(&mut self, outer: Value) {
        if let Some(s) = self.step_of(outer) {
            self.end_step(s);
        }
    }
    /// A step is over, its generator gave an item, ended or failed: `Root::StopValue` is the result.
    fn step_came_to(&mut self, r: R<Option<Value>>, closing: bool) -> R<()> {
        let item = match r {
            Ok(Some(_)) if closing => return Err(self.ignored_exit()),
            Ok(None) if !closing => return Err(self.raise_bare(TypeId::StopAsyncIteration)),
            Ok(item) => item,
            Err(Raised) if self.failed_step(closing) => None,
            Err(Raised) => return Err(Raised),
        };
        self.set_root(Root::StopValue, item);
        Ok(())
    }

    // ---- run by a native -----------------------------------------------------------------------------------------

    /// One round of a step: what it passes on, or `STOP` with the result in `Root::StopValue`.
    pub fn async_step(&mut self, s: Value, send: Value, throw: Option<Value>) -> R {
        if self.heap().int(s, step::STATE) == step::OTHERWISE {
            let it = self.heap().field(s, step::GENERATOR);
            return self.step_otherwise(s, it, send, throw);
        }
        let (it, state) = self.open_step(s)?;
        let first = self.heap().field(s, step::VALUE);
        let closing = self.heap().int(s, step::STATE) == step::CLOSING;
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
        if let Ok(Some(v)) = made
            && self.delegate_of(it).is_some()
        {
            return Ok(v);
        }
        let closing = self.end_step(s);
        self.step_came_to(made, closing)?;
        Ok(Value::STOP)
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
    /// A step's generator failed with what has been raised: whether that only says that it was closed, which is forgotten.
    fn failed_step(&mut self, closing: bool) -> bool {
        let ended = self.raised_is(TypeId::StopAsyncIteration);
        if closing && (ended || self.raised_is(TypeId::GeneratorExit)) {
            self.heap_mut().raised = None;
            return true;
        }
        if ended {
            self.raise_from_raised("async generator raised StopAsyncIteration");
        }
        false
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
