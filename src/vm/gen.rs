//! Generators: a frame kept in a heap cell, copied to the fiber while it runs.
//!
//! Invariants
//! - a running generator is in state `RUNNING` and its object lies in its frame's callee slot;
//! - while a collection marks, a generator's cell is scanned whole before its frame goes back to the stack;
//! - `GEN_…` actions say who resumed it, so a yield needs no search.

use super::api::Vm;
use super::call::generator as g;
use super::fiber::{DELEGATED, Slot, action};
use super::state::Root;
use crate::code::object as code;
use crate::heap::{Kind, R, Raised, TypeId, Value};
use crate::object::exc;
#[cfg(not(feature = "tiny"))]
use crate::object::{hashtable, list, tuple};
use crate::q;

impl Vm {
    /// Continues a generator whose object is on top of the stack (its frame's callee slot). False where it has finished.
    pub(super) fn resume(&mut self, it: Value, send: Value, act: u32) -> R<bool> {
        let state = self.heap().int(it, g::STATE);
        match state {
            g::DONE => return Ok(false),
            g::RUNNING => return Err(self.raise(TypeId::ValueError, "generator already executing")),
            _ => {}
        }
        if state == 0 && !send.is_none() {
            return Err(
                self.raise(TypeId::TypeError, "can't send non-None value to a just-started generator")
            );
        }
        if self.heap().is_marking() {
            self.heap_mut().scan_cell_now(it);
        }
        if self.heap().slot(it, g::DELEGATE).is_some() {
            if self.heap().slot(it, g::PENDING).is_none() {
                // What it delegates to would only pass the value on, line by line: resume the innermost directly.
                let inner = self.innermost(it);
                if self.heap().int(inner, g::STATE) == g::RUNNING {
                    return Err(self.raise(TypeId::ValueError, "generator already executing"));
                }
                if self.heap().is_marking() {
                    self.heap_mut().scan_cell_now(inner);
                }
                self.push(inner)?;
                self.switch_in(inner, send, act | DELEGATED)?;
                return Ok(true);
            }
            self.heap_mut().set_slot(it, g::DELEGATE, None);
        }
        if state == 0 {
            let c = self.heap().field(it, g::CODE);
            let n = self.heap().word(c, code::W_SIZES) & 0x3ff;
            self.load_words(it, g::FRAME, n)?;
            self.enter_frame(c, n, act)?;
            self.heap_mut().set_int(it, g::STATE, g::RUNNING);
            if self.heap().word(c, code::W_FLAGS) >> 24 != 0 {
                self.make_cells_of(c)?;
            }
        } else {
            self.switch_in(it, send, act)?;
        }
        if let Some(e) = self.heap().slot(it, g::PENDING) {
            self.heap_mut().set_slot(it, g::PENDING, None);
            let e = self.exception_of(e)?;
            return Err(self.heap_mut().raise_value(e));
        }
        Ok(true)
    }

    /// The end of the line of delegations that starts at `it`.
    fn innermost(&self, it: Value) -> Value {
        let mut inner = it;
        while let Some(d) = self.heap().slot(inner, g::DELEGATE) {
            inner = d;
        }
        inner
    }
    /// The generator at the end of a line of delegations is done. Stack: the one that was resumed, the finished one.
    /// Brings in the one that delegated to it, with `send` as its delegation's value; the action stays.
    pub(super) fn resume_delegator(&mut self, act: u32, send: Value) -> R<()> {
        let (root, done) = (self.top(1), self.top(0));
        let mut it = root;
        while let Some(d) = self.heap().slot(it, g::DELEGATE) {
            if d == done {
                break;
            }
            it = d;
        }
        let heap = self.heap_mut();
        heap.set_slot(it, g::DELEGATE, None);
        if heap.is_marking() {
            heap.scan_cell_now(it);
        }
        // The frame's top is the iterator, which the value replaces; the instruction is stepped over.
        let ip = heap.ptr(it, g::IP);
        heap.set_ptr(it, g::IP, ip.wrapping_add(1));
        let state = heap.int(it, g::STATE);
        heap.set_int(it, g::STATE, state - 1);
        if it == root {
            self.drop_n(1);
            self.switch_in(it, send, act & !DELEGATED)
        } else {
            self.set_top(0, it);
            self.switch_in(it, send, act)
        }
    }

    /// Marks the running generator as finished and lets go of what its cell still refers to.
    pub(super) fn finish_generator(&mut self) {
        let it = self.callee();
        if !self.heap().is(it, Kind::Generator) {
            return;
        }
        self.heap_mut().set_int(it, g::STATE, g::DONE);
        // What the frame held was shaded when it went to the stack; the cell's copy is out of date.
        for i in g::FRAME..self.heap().words(it) {
            self.heap_mut().set_word(it, i, 0);
        }
    }

    /// YIELD_VALUE. Stack: the value. `Some`: the loop returns it to the native that resumed the generator.
    pub(super) fn yield_value(&mut self) -> R<Option<Value>> {
        #[cfg(not(feature = "tiny"))]
        if self.collects()? {
            self.set_top(0, Value::NONE);
            return Ok(None);
        }
        let v = self.pop();
        self.yield_up(v)
    }
    fn yield_up(&mut self, v: Value) -> R<Option<Value>> {
        loop {
            #[cfg(not(feature = "tiny"))]
            if self.record_action() & 0xff == action::GEN_COLLECT {
                self.push(v)?;
                self.collects()?;
                self.set_top(0, Value::NONE);
                // It runs on, and so delegates to nobody.
                let it = self.callee();
                self.heap_mut().set_slot(it, g::DELEGATE, None);
                return Ok(None);
            }
            let act = self.switch_out();
            if act & DELEGATED != 0 {
                self.drop_n(1);
            }
            match act & 0xff {
                action::GEN_FOR => {
                    // The loop's instruction was left on its opcode: step over the operand, the item is pushed.
                    self.set_top(0, v);
                    self.skip_label();
                    return Ok(None);
                }
                action::GEN_FROM => {
                    // The delegating generator yields too; it will come back to the same instruction.
                    let sub = self.pop();
                    let outer = self.callee();
                    self.heap_mut().set_field(outer, g::DELEGATE, sub);
                    self.skip(-1);
                }
                action::GEN_STEP => {
                    let it = self.pop();
                    if self.step_yielded(it, v)? {
                        return Ok(None);
                    }
                    self.skip(-1);
                }
                _ => return Ok(Some(v)),
            }
        }
    }

    /// `list(g)`, `tuple(g)`, `set(g)`, `frozenset(g)`. Stack: the type, whose place the container takes, and the generator,
    /// whose frame runs; its yields never leave it.
    #[cfg(not(feature = "tiny"))]
    pub(super) fn collect_op(&mut self, t: TypeId) -> R<()> {
        let it = self.top(0);
        let container = self.with_heap(|h| match t {
            TypeId::Set => hashtable::new(h, Kind::Set),
            TypeId::FrozenSet => hashtable::new(h, Kind::FrozenSet),
            _ => list::new(h),
        })?;
        self.set_top(1, container);
        match self.resume(it, Value::NONE, action::with(action::GEN_COLLECT, t as u32))? {
            true => Ok(()),
            false => self.collected(t as u32),
        }
    }
    /// The generator, on top of the stack, is done.
    #[cfg(not(feature = "tiny"))]
    fn collected(&mut self, t: u32) -> R<()> {
        self.drop_n(1);
        if t == TypeId::Tuple as u32 {
            let l = self.top(0);
            let t = self.with_heap_anew(|h| match h.slot(l, list::ITEMS) {
                Some(items) => tuple::from_words(h, items, 0, list::len(h, l)),
                None => Ok(Value::EMPTY_TUPLE),
            })?;
            self.set_top(0, t);
        }
        Ok(())
    }
    /// Whether what the running generator yields goes to a container: then the value on top of the stack is there now. Where
    /// it is refused the generator waits at its yield, and who collects raises.
    #[cfg(not(feature = "tiny"))]
    fn collects(&mut self) -> R<bool> {
        let act = self.record_action();
        if act & 0xff != action::GEN_COLLECT {
            return Ok(false);
        }
        let delegated = act & DELEGATED != 0;
        let at = self.frame_base().wrapping_sub(2 + delegated as u32);
        let (container, v) = (self.get(Slot(at)), self.top(0));
        let added = if self.heap().is(container, Kind::List) {
            self.with_heap_anew(|h| list::append(h, container, v))
        } else {
            self.table_insert(container, v, None)
        };
        if added.is_err() {
            self.drop_n(1);
            self.switch_out();
            self.drop_n(delegated as u32);
        }
        added.map(|()| true)
    }

    /// A generator's frame returned `v`; the record has been popped, the callee's slot is on top.
    pub(super) fn after_generator(&mut self, act: u32, v: Value) -> R<Option<Value>> {
        if act & DELEGATED != 0 {
            return self.resume_delegator(act, v).map(|()| None);
        }
        match act & 0xff {
            action::GEN_FOR => {
                self.drop_n(5);
                self.jump_label();
                Ok(None)
            }
            action::GEN_FROM => {
                self.drop_n(1);
                self.set_top(0, v);
                Ok(None)
            }
            action::GEN_STEP => {
                self.drop_n(1);
                self.step_ended().map(|()| None)
            }
            #[cfg(not(feature = "tiny"))]
            action::GEN_COLLECT => self.collected(act >> 8 & 0xff).map(|()| None),
            _ => Ok(Some(v)),
        }
    }
    /// Follows the unsigned label that comes after the last consumed byte.
    pub(super) fn jump_label(&mut self) {
        let n = self.peek_code(1) as isize;
        if n & 0x80 != 0 {
            let m = self.peek_code(2) as isize;
            self.skip(2 + (m << 7 | (n & 0x7f)));
        } else {
            self.skip(1 + n);
        }
    }
    /// Steps over that label.
    pub(super) fn skip_label(&mut self) {
        let wide = self.peek_code(1) & 0x80 != 0;
        self.skip(1 + wide as isize);
    }
    #[cold]
    pub(super) fn stop_iteration(&mut self, v: Value) -> Raised {
        if v.is_none() {
            self.raise_bare(TypeId::StopIteration)
        } else {
            self.raise_arg(TypeId::StopIteration, v)
        }
    }
    /// The value that a `StopIteration` carries.
    pub(super) fn stop_value(&self, e: Value) -> Value {
        let args = self.heap().field(e, exc::field::ARGS);
        if self.heap().is(e, Kind::Exception) {
            crate::object::tuple::get(self.heap(), args, 0).unwrap_or(Value::NONE)
        } else {
            Value::NONE
        }
    }

    /// YIELD_FROM. Stack: iterator, value to send.
    pub(super) fn yield_from(&mut self) -> R<Option<Value>> {
        let send = self.pop();
        let it = self.top(0);
        if self.heap().is(it, Kind::Generator) {
            self.push(it)?;
            match self.resume(it, send, action::GEN_FROM) {
                Ok(true) => {}
                Ok(false) => {
                    self.drop_n(1);
                    self.set_top(0, Value::NONE);
                }
                Err(e) => return Err(e),
            }
            return Ok(None);
        }
        if self.enter_step(it, send)? {
            return Ok(None);
        }
        let r = if send.is_none() {
            self.next(it)
        } else {
            match self.call_method(it, q!("send"), &[send]) {
                Err(Raised) if self.raised_is(TypeId::StopIteration) => return self.end_delegation(),
                r => r,
            }
        };
        match r? {
            Value::STOP => {
                let v = self.last_stop_value();
                self.set_top(0, v);
                Ok(None)
            }
            v => {
                self.skip(-1);
                self.yield_up(v)
            }
        }
    }
    fn end_delegation(&mut self) -> R<Option<Value>> {
        let e = self.heap_mut().raised.take();
        let v = e.map_or(Value::NONE, |e| self.stop_value(e));
        self.set_top(0, v);
        Ok(None)
    }
    /// The value of the `StopIteration` that `next` turned into `STOP`.
    fn last_stop_value(&mut self) -> Value {
        let v = self.root(Root::StopValue).unwrap_or(Value::NONE);
        self.set_root(Root::StopValue, None);
        v
    }

    // ---- for natives -----------------------------------------------------------------------------------------

    /// Resumes a generator from a native: `Ok(Some)` a yielded value, `Ok(None)` finished (its value in `stop_value`).
    pub fn generator_resume(&mut self, it: Value, send: Value) -> R<Option<Value>> {
        self.check_native_stack()?;
        let at = Slot(self.depth());
        if send.is_none() && self.resume_plain(it, action::GEN_EXIT) {
            let v = self.run();
            self.drop_to(at);
            return self.resumed(it, v?);
        }
        if self.heap().int(it, g::STATE) == g::RUNNING {
            return Err(self.raise(TypeId::ValueError, "generator already executing"));
        }
        self.push(it)?;
        let r = match self.resume(it, send, action::GEN_EXIT) {
            Ok(false) => {
                self.drop_to(at);
                self.set_root(Root::StopValue, None);
                return Ok(None);
            }
            Ok(true) => self.run(),
            Err(Raised) if self.heap().int(it, g::STATE) == g::RUNNING && self.callee() == it => {
                match self.unwind() {
                    Ok(true) => self.run(),
                    _ => Err(Raised),
                }
            }
            Err(e) => Err(e),
        };
        self.drop_to(at);
        self.resumed(it, r?)
    }
    /// What a resumed generator's loop returned: a yielded value, or its last.
    #[inline]
    fn resumed(&mut self, it: Value, v: Value) -> R<Option<Value>> {
        if self.heap().int(it, g::STATE) == g::DONE {
            self.set_root(Root::StopValue, Some(v));
            return Ok(None);
        }
        Ok(Some(v))
    }
    pub(super) fn generator_next(&mut self, it: Value) -> R {
        match self.generator_resume(it, Value::NONE) {
            Ok(Some(v)) => Ok(v),
            Ok(None) => Ok(Value::STOP),
            Err(Raised) if self.raised_is(TypeId::StopIteration) => Ok(self.stopped()),
            Err(e) => Err(e),
        }
    }
    /// Takes a `StopIteration` off its way: its value waits for `last_stop_value`.
    pub(super) fn stopped(&mut self) -> Value {
        let e = self.heap_mut().raised.take();
        let v = e.map(|e| self.stop_value(e));
        self.set_root(Root::StopValue, v);
        Value::STOP
    }
    /// Raises the `StopIteration` of an iterator whose `next` has just given `STOP`.
    pub fn raise_stop(&mut self) -> Raised {
        let v = self.last_stop_value();
        self.stop_iteration(v)
    }
    /// `generator.send(v)`.
    pub fn generator_send(&mut self, it: Value, v: Value) -> R {
        match self.generator_resume(it, v)? {
            Some(v) => Ok(v),
            None => {
                let v = self.last_stop_value();
                Err(self.stop_iteration(v))
            }
        }
    }
    /// `generator.throw(e)`: `e` is what `raise` takes; what else it may be is for the `throw` of the program's own
    /// iterator to say, where the generator delegates to one.
    pub fn generator_throw(&mut self, it: Value, e: Value) -> R {
        let state = self.heap().int(it, g::STATE);
        if state == 0 {
            // Not started: it ends with the exception at once.
            self.heap_mut().set_int(it, g::STATE, g::DONE);
        }
        if state == 0 || state == g::DONE {
            let e = self.exception_of(e)?;
            return Err(self.heap_mut().raise_value(e));
        }
        // A delegate gets it first.
        if state > 0 {
            self.heap_mut().set_field(it, g::PENDING, e);
        }
        match self.generator_throw_in(it)? {
            Some(v) => Ok(v),
            None => {
                let v = self.last_stop_value();
                Err(self.stop_iteration(v))
            }
        }
    }
    /// Raises what waits in `it`. Generators that delegate to each other get it from the innermost outwards, one after
    /// the other, so a long line of them does not nest.
    fn generator_throw_in(&mut self, it: Value) -> R<Option<Value>> {
        let line = self.push(it)?;
        let r = self.throw_along(line);
        self.drop_to(line);
        r
    }
    fn throw_along(&mut self, line: Slot) -> R<Option<Value>> {
        let Some(e) = self.heap().slot(self.get(line), g::PENDING) else { return Ok(None) };
        let closing = self.exception_is(e, TypeId::GeneratorExit);
        let mut last = line;
        while let Some(sub) = self.live_delegate(self.get(last)) {
            let next = self.push(sub)?;
            let outer = self.get(last);
            if closing {
                self.step_closed(outer);
            } else {
                self.heap_mut().set_slot(outer, g::PENDING, None);
            }
            self.heap_mut().set_field(sub, g::PENDING, e);
            last = next;
        }
        let innermost = self.get(last);
        let mut r = self.throw_past_delegate(innermost, closing);
        while last != line {
            let inner = self.get(last);
            self.drop_to(last);
            last = Slot(last.0 - 1);
            let outer = self.get(last);
            if !closing {
                r = self.step_thrown(outer, inner, r);
            }
            r = match r {
                Ok(Some(v)) if !closing => return Ok(Some(v)),
                Ok(Some(_)) => {
                    let Raised = self.raise(TypeId::RuntimeError, "generator ignored GeneratorExit");
                    self.throw_raised(outer)
                }
                Ok(None) if closing => self.generator_resume(outer, Value::NONE),
                Ok(None) => {
                    let v = self.last_stop_value();
                    self.finish_delegation(outer, v)
                }
                Err(Raised) if closing && self.has_closed() => self.generator_resume(outer, Value::NONE),
                Err(Raised) => self.throw_raised(outer),
            };
        }
        r
    }
    /// The generator that `it` waits for, itself or by a step, if that one waits too.
    fn live_delegate(&self, it: Value) -> Option<Value> {
        let sub = self.delegate_of(it)?;
        let sub = self.generator_of_step(sub).unwrap_or(sub);
        let heap = self.heap();
        (heap.is(sub, Kind::Generator) && heap.int(sub, g::STATE) > 0).then_some(sub)
    }
    /// Raises what waits in `it`; an iterator of another kind that it delegates to gets it first.
    fn throw_past_delegate(&mut self, it: Value, closing: bool) -> R<Option<Value>> {
        let delegate = self.delegate_of(it).filter(|d| !self.heap().is(*d, Kind::Generator));
        if let Some(sub) = delegate {
            let Some(e) = self.heap().slot(it, g::PENDING) else { return Ok(None) };
            let f = self.get_attr_or_stop(sub, if closing { q!("close") } else { q!("throw") })?;
            if f != Value::STOP && closing {
                self.call(f, &[])?;
            } else if f != Value::STOP {
                self.heap_mut().set_slot(it, g::PENDING, None);
                return match self.call(f, &[e]) {
                    Ok(v) => Ok(Some(v)),
                    Err(Raised) => self.throw_raised(it),
                };
            }
        }
        self.generator_resume(it, Value::NONE)
    }
    /// Raises in `it` what its delegate has raised; a `StopIteration` ends the delegation instead.
    fn throw_raised(&mut self, it: Value) -> R<Option<Value>> {
        let Some(e) = self.heap_mut().raised.take() else { return Ok(None) };
        if self.exception_is(e, TypeId::StopIteration) {
            let v = self.stop_value(e);
            return self.finish_delegation(it, v);
        }
        self.heap_mut().set_field(it, g::PENDING, e);
        self.generator_resume(it, Value::NONE)
    }
    /// Whether what was raised only says that a generator has ended; it is dropped then.
    fn has_closed(&mut self) -> bool {
        let closed = self.raised_is(TypeId::GeneratorExit) || self.raised_is(TypeId::StopIteration);
        if closed {
            self.heap_mut().raised = None;
        }
        closed
    }
    /// The iterator that a suspended generator delegates to.
    pub(super) fn delegate_of(&self, it: Value) -> Option<Value> {
        let heap = self.heap();
        let state = heap.int(it, g::STATE);
        if state < 2 {
            return None;
        }
        let c = heap.field(it, g::CODE);
        let offset =
            (heap.ptr(it, g::IP) as usize).wrapping_sub(code::first_address(heap, c)).wrapping_add(1);
        let op = code::opcodes(heap, c).get(offset).copied()?;
        // Suspended by YIELD_FROM: the saved pointer lies before that instruction, its iterator on top of the frame.
        if op != 0x68 || self.suspended_by_yield(c, offset) {
            None
        } else {
            heap.slot(it, g::FRAME + state as usize - 2)
        }
    }
    /// Whether the instruction that suspended at `offset` was a plain `yield` (whose next instruction happens to be YIELD_FROM).
    fn suspended_by_yield(&self, c: Value, offset: usize) -> bool {
        offset > 0 && code::opcodes(self.heap(), c).get(offset - 1) == Some(&0x67)
    }
    /// Continues a generator after its delegation ended with `v`.
    fn finish_delegation(&mut self, it: Value, v: Value) -> R<Option<Value>> {
        // The frame's top is the iterator: it is replaced by the value, and the instruction is stepped over.
        let state = self.heap().int(it, g::STATE);
        let ip = self.heap().ptr(it, g::IP);
        let heap = self.heap_mut();
        heap.set_slot(it, g::DELEGATE, None);
        heap.set_ptr(it, g::IP, ip.wrapping_add(1));
        heap.set_int(it, g::STATE, state - 1);
        self.generator_resume(it, v)
    }
    pub fn generator_close(&mut self, it: Value) -> R<()> {
        let state = self.heap().int(it, g::STATE);
        if state == 0 {
            self.heap_mut().set_int(it, g::STATE, g::DONE);
        }
        if state == 0 || state == g::DONE {
            return Ok(());
        }
        let e = self.with_heap2(exc::new, Value::typ(TypeId::GeneratorExit), Value::EMPTY_TUPLE)?;
        self.heap_mut().set_field(it, g::PENDING, e);
        match self.generator_throw_in(it) {
            Ok(None) => Ok(()),
            Ok(Some(_)) => Err(self.raise(TypeId::RuntimeError, "generator ignored GeneratorExit")),
            Err(Raised) if self.has_closed() => Ok(()),
            Err(e) => Err(e),
        }
    }
}
