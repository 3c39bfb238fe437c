//! What happens at the end of a frame: results, exceptions, `finally`, `with`.
//!
//! Invariants
//! - a frame's exception blocks are a depth (small int) and three words each after the locals: handler's offset,
//!   `stack depth << 1 | finally`, the exception being handled (or empty); a block whose handler does not lie ahead is active;
//! - the exception on its way waits in `heap.raised` until a handler takes it.

use super::api::Vm;
use super::call::generator;
use super::fiber::{DELEGATED, action};
use super::state::Root;
use crate::code::object as code;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::exc;
use crate::q;

/// Traceback entries kept per exception (three words each).
const MAX_TRACEBACK: usize = 32;
/// As many equal entries in a row stand for themselves; for more there is one whose file is their number.
pub const EQUAL_PLACES: usize = 3;

/// Whether `entry` only repeats the last of the `at` words of a traceback once more.
fn count_repeated(heap: &mut Heap, trace: Value, at: usize, entry: [Value; 3]) -> bool {
    let is_entry = |heap: &Heap, i: usize| (0..3).all(|k| heap.slot(trace, i + k) == entry.get(k).copied());
    let Some(last) = at.checked_sub(3) else { return false };
    let [_, line, name] = entry;
    match heap.slot(trace, last).and_then(Value::as_small) {
        Some(n) if last >= 3 && is_entry(heap, last - 3) => heap.set_int(trace, last, n.saturating_add(1)),
        None if last / 3 + 1 >= EQUAL_PLACES && (0..EQUAL_PLACES).all(|k| is_entry(heap, last - 3 * k)) => {
            if at + 3 > heap.words(trace) || at / 3 >= MAX_TRACEBACK {
                return false;
            }
            heap.set_int(trace, at, 1);
            heap.set_field(trace, at + 1, line);
            heap.set_field(trace, at + 2, name);
        }
        _ => return false,
    }
    true
}

impl Vm {
    // ---- results ---------------------------------------------------------------------------------------------

    /// The running frame returns `v` and its record is not a plain one. `Some`: the loop returns it.
    pub(super) fn leave_frame(&mut self, v: Value) -> R<Option<Value>> {
        let id = self.record_action() & 0xff;
        if id == action::EXIT {
            self.pop_record_here();
            return Ok(Some(v));
        }
        if matches!(id, action::GEN_FOR..=action::GEN_COLLECT) {
            self.finish_generator();
            let act = self.pop_record();
            return self.after_generator(act, v);
        }
        let act = self.pop_record();
        self.complete(act, v)?;
        // `sys.settrace` was called: the other loop goes on.
        Ok(self.trace_switched().then_some(Value::RUN))
    }

    /// A call finished with `v`; the callee's slot is on top of the stack.
    pub(super) fn complete(&mut self, act: u32, v: Value) -> R<()> {
        let data = act >> 8;
        match act & 0xff {
            action::PUSH => self.set_top(0, v),
            action::FOR_NEXT => {
                self.set_top(0, v);
                self.skip_label();
            }
            action::INIT => {
                self.drop_n(1);
                if !v.is_none() {
                    return Err(self.raise(TypeId::TypeError, "__init__() should return None"));
                }
            }
            action::DISCARD => self.drop_n(1),
            action::CODE => {
                self.drop_n(1);
                self.set_top(0, v);
            }
            action::BINARY => return self.after_operator(data, v),
            action::TRUTH => {
                let b = self.truth_of_result(v)?;
                self.drop_n(1);
                self.set_top(0, Value::bool(b));
                self.skip(-1);
            }
            action::ITER_STACK => return self.loop_words(v),
            action::WITH_ENTER => {
                self.drop_n(1);
                self.push_block(data as i32, true);
                self.push(v)?;
            }
            action::WITH_EXIT => return self.after_exit(data, v),
            action::MODULE => return self.after_module(),
            action::CLASS_BODY => return self.finish_class(data, v),
            action::NEW => return self.after_new(data, v),
            action::METHOD => {
                self.set_top(0, v);
                self.push_word(0)?;
            }
            action::TO_BOOL => {
                let b = self.truth(v)?;
                self.set_top(0, Value::bool(b));
            }
            _ => self.set_top(0, v),
        }
        Ok(())
    }

    // ---- blocks ----------------------------------------------------------------------------------------------

    /// Index of the depth word of the running frame's blocks; `None` where the code has none.
    pub(super) fn blocks(&self) -> Option<u32> {
        let sizes = self.heap().word(self.code()?, code::W_SIZES);
        (sizes >> 20 & 0xff != 0).then(|| self.frame_base() + (sizes >> 10 & 0x3ff))
    }
    pub(super) fn block_depth(&self, x: u32) -> u32 {
        self.word_at(x) >> 1
    }
    /// Handler, stack depth, finally.
    fn block(&self, x: u32) -> Option<(usize, u32, bool)> {
        let d = self.block_depth(x);
        if d == 0 {
            return None;
        }
        let at = x + 3 * d - 2;
        let depth = self.word_at(at + 1) >> 1;
        Some(((self.word_at(at) >> 1) as usize, depth >> 1, depth & 1 != 0))
    }
    fn pop_block(&mut self, x: u32) {
        let d = self.block_depth(x);
        if d != 0 {
            self.set_word_at(x + 3 * d, 0);
            self.set_word_at(x, Value::small(d as i32 - 1).bits());
        }
    }
    fn push_block(&mut self, handler: i32, finally: bool) {
        let Some(x) = self.blocks() else { return };
        let d = self.block_depth(x);
        let at = x + 3 * d + 1;
        let depth = (self.depth() - self.frame_base()) as i32;
        self.set_word_at(at, Value::small(handler).bits());
        self.set_word_at(at + 1, Value::small(depth << 1 | finally as i32).bits());
        self.set_word_at(at + 2, 0);
        self.set_word_at(x, Value::small(d as i32 + 1).bits());
    }

    // ---- exceptions ------------------------------------------------------------------------------------------

    /// Brings the exception on its way to its handler: true where the loop goes on, false where it left the loop's entry frame.
    pub(super) fn unwind(&mut self) -> R<bool> {
        let mut first = true;
        loop {
            if self.has_frame() {
                self.add_traceback(first);
                self.trace_exception(first);
                if let Some(x) = self.blocks().filter(|_| !self.is_overrun()) {
                    self.note_context(x);
                    let now = self.code_offset();
                    while let Some((handler, depth, _)) = self.block(x) {
                        if handler <= now {
                            self.pop_block(x);
                            continue;
                        }
                        let e = self.take_raised();
                        let base = self.frame_base();
                        self.set_depth(base + depth);
                        let d = self.block_depth(x);
                        self.set_word_at(x + 3 * d, e.bits());
                        self.push(e)?;
                        self.jump_to(handler);
                        return Ok(true);
                    }
                }
            }
            if !first && cfg!(not(feature = "tiny")) {
                self.let_tasks_in();
            }
            first = false;
            let id = self.record_action() & 0xff;
            if matches!(id, action::GEN_FOR..=action::GEN_COLLECT) {
                self.finish_generator();
                if self.raised_is(TypeId::StopIteration) {
                    // Only a return ends a generator.
                    self.raise_from_raised("generator raised StopIteration");
                }
            }
            self.trace_left();
            let act = self.pop_record();
            if act & DELEGATED != 0 && id != action::EXIT {
                // The exception goes on in the generator that delegated to this one.
                let e = self.heap_mut().raised.take();
                self.resume_delegator(act, Value::NONE)?;
                self.heap_mut().raised = e;
                continue;
            }
            match id {
                action::EXIT | action::GEN_EXIT => return Ok(false),
                action::GEN_STEP => {
                    self.drop_n(1);
                    if self.step_failed() {
                        return Ok(true);
                    }
                }
                action::FOR_NEXT if self.raised_is(TypeId::StopIteration) => {
                    self.heap_mut().raised = None;
                    self.drop_n(5);
                    self.jump_label();
                    return Ok(true);
                }
                action::MODULE => self.failed_module(),
                _ => {}
            }
        }
    }

    /// Raises `RuntimeError` instead of the exception on its way, which becomes its cause.
    #[cold]
    #[inline(never)]
    pub(super) fn raise_from_raised(&mut self, message: &'static str) {
        let cause = self.take_raised();
        let kept = self.push(cause).ok();
        let _ = self.raise(TypeId::RuntimeError, message);
        if let Some(kept) = kept {
            self.drop_to(kept);
        }
        if let Some(e) = self.heap().raised.filter(|e| self.heap().is(*e, Kind::Exception)) {
            exc::set_cause(self.heap_mut(), e, Some(cause));
        }
    }
    /// The exception object on its way (made now if only its type was known).
    pub fn take_raised(&mut self) -> Value {
        let e = self.heap_mut().raised.take().unwrap_or(Value::NONE);
        if self.heap().is(e, Kind::Exception) {
            return e;
        }
        match exc::new(self.heap_mut(), e, Value::EMPTY_TUPLE) {
            Ok(e) => e,
            Err(_) => {
                self.heap_mut().raised = None;
                self.heap().oom.unwrap_or(e)
            }
        }
    }
    pub fn raised_is(&self, id: TypeId) -> bool {
        self.heap().raised.is_some_and(|e| self.exception_is(e, id))
    }
    pub fn exception_is(&self, e: Value, id: TypeId) -> bool {
        let t = if self.heap().is(e, Kind::Exception) { self.heap().field(e, exc::field::TYPE) } else { e };
        self.is_subclass(t, Value::typ(id))
    }

    /// Notes file, line and function of the running frame in the exception.
    fn add_traceback(&mut self, first: bool) {
        let (Some(e), Some(c)) = (self.heap().raised, self.code()) else { return };
        if !self.heap().is(e, Kind::Exception) {
            return;
        }
        let offset = self.code_offset();
        // Raised again, not anew: the entry is there.
        let op = code::opcodes(self.heap(), c).get(offset).copied().unwrap_or(0);
        if first && (op == 0x5d || op == 0x64) || self.root(Root::Trampoline) == Some(c) {
            return;
        }
        let heap = self.heap_mut();
        if first && Some(e) == heap.oom {
            // The one object for all that find no memory: where it was raised before is forgotten.
            heap.set_slot(e, exc::field::TRACEBACK, None);
        }
        let mut t = heap.slot(e, exc::field::TRACEBACK);
        let mut at = 0;
        // Where that is in the text is found out when somebody asks, or to tell repetitions.
        let mut entry = [c, Value::small(offset as i32), Value::NONE];
        if let Some(a) = t {
            while at < heap.words(a) && heap.slot(a, at).is_some() {
                at += 3;
            }
            if at >= EQUAL_PLACES * 3 {
                code::settle_trace(heap, a);
                entry = [
                    code::file(heap, c),
                    Value::small(code::line_at(heap, c, offset) as i32),
                    code::name(heap, c),
                ];
            }
            if cfg!(feature = "diagnostics") && count_repeated(heap, a, at, entry) {
                return;
            }
            if at / 3 >= MAX_TRACEBACK {
                // The outermost place stays known.
                at -= 3;
            }
            if at + 3 > heap.words(a) {
                t = None;
            }
        }
        if t.is_none() {
            let had = heap.slot(e, exc::field::TRACEBACK);
            let keep = heap.raised;
            let words = (at + 3) * 3 / 2 + 2;
            let mut made = heap.alloc(Kind::Array, words);
            // What failed on the way must not take the exception's place.
            heap.raised = keep;
            if made.is_err() && heap.locks() > 0 {
                made = heap.in_emergency(|h| h.alloc(Kind::Array, words));
            } else if made.is_err() {
                self.collect();
                made = self.heap_mut().alloc(Kind::Array, words);
            }
            let heap = self.heap_mut();
            heap.raised = keep;
            let Ok(a) = made else { return };
            for i in 0..at {
                let v = had.and_then(|h| heap.slot(h, i));
                heap.set_slot(a, i, v);
            }
            heap.set_field(e, exc::field::TRACEBACK, a);
            t = Some(a);
        }
        let Some(a) = t else { return };
        let heap = self.heap_mut();
        for (i, v) in entry.into_iter().enumerate() {
            heap.set_field(a, at + i, v);
        }
    }

    /// RAISE_OBJ and RAISE_FROM. Stack: exception or class, [cause].
    pub(super) fn raise_op(&mut self, from: bool) -> R<()> {
        let cause = if from { Some(self.pop()) } else { None };
        let v = self.top(0);
        let e = self.exception_of(v)?;
        // Making the cause may collect.
        self.set_top(0, e);
        if let Some(cause) = cause {
            let cause = if cause.is_none() { None } else { Some(self.exception_of(cause)?) };
            exc::set_cause(self.heap_mut(), e, cause);
        }
        Err(self.heap_mut().raise_value(e))
    }
    /// The exception object that `raise v` raises.
    pub fn exception_of(&mut self, v: Value) -> R {
        if self.heap().is(v, Kind::Exception) && !self.is_being_made(v) {
            return Ok(v);
        }
        if v.as_type_id().is_some_and(|id| id.is_exception() && self.def_of(id).make.is_none()) {
            return self.with_heap(|h| exc::new(h, v, Value::EMPTY_TUPLE));
        }
        if self.is_type(v) && self.is_subclass(v, Value::typ(TypeId::BaseException)) {
            let e = self.call(v, &[])?;
            if self.heap().is(e, Kind::Exception) {
                return Ok(e);
            }
        }
        Err(self.raise(TypeId::TypeError, "exceptions must derive from BaseException"))
    }
    /// An exception whose own `__init__` still runs and has not called the built-in one: not one to be raised.
    fn is_being_made(&mut self, e: Value) -> bool {
        if self.heap().int(e, exc::field::FLAGS) & exc::INCOMPLETE == 0 {
            return false;
        }
        let is_init = |vm: &Vm, base: u32, c: Value| {
            vm.word_at(base) == e.bits() && code::name(vm.heap(), c) == q!("__init__")
        };
        let mut frame = self.code().map(|c| (self.frame_base(), c));
        let mut i = 0;
        while let Some((base, c)) = frame {
            if is_init(self, base, c) {
                return true;
            }
            frame = self.caller(i);
            i += 1;
        }
        self.heap_mut().set_int(e, exc::field::FLAGS, 0);
        false
    }
    /// RAISE_LAST: the exception that the innermost active block handles, of this frame or one that called it.
    pub(super) fn raise_last(&mut self) -> Raised {
        match self.handled_exception() {
            Some(e) => self.heap_mut().raise_value(e),
            None => self.raise(TypeId::RuntimeError, "no active exception to reraise"),
        }
    }
    /// What the running frame is handling becomes the context of the exception that passes it, unless that has one.
    fn note_context(&mut self, x: u32) {
        if !cfg!(feature = "diagnostics") {
            return;
        }
        let heap = self.heap();
        if let (Some(e), Some(handled)) = (heap.raised, self.handled_at(x))
            && e != handled
            && Some(e) != heap.oom
            && heap.is(e, Kind::Exception)
            && heap.slot(e, exc::field::CONTEXT).is_none()
            && heap.is(handled, Kind::Exception)
        {
            self.part_contexts(handled, e);
            self.heap_mut().set_field(e, exc::field::CONTEXT, handled);
        }
    }
    /// Takes `e` out of the chain of contexts behind `from`, which would become a ring.
    fn part_contexts(&mut self, mut from: Value, e: Value) {
        // What a program has linked itself may be a ring already.
        for _ in 0..1000 {
            match self.heap().slot(from, exc::field::CONTEXT) {
                Some(next) if next == e => return self.heap_mut().set_slot(from, exc::field::CONTEXT, None),
                Some(next) if self.heap().is(next, Kind::Exception) => from = next,
                _ => return,
            }
        }
    }
    /// The exception being handled in the innermost frame that handles one.
    pub fn handled_exception(&self) -> Option<Value> {
        if let Some(e) = self.blocks().and_then(|x| self.handled_at(x)) {
            return Some(e);
        }
        let mut i = 0;
        while let Some((base, c)) = self.caller(i) {
            let sizes = self.heap().word(c, code::W_SIZES);
            if sizes >> 20 & 0xff != 0
                && let Some(e) = self.handled_at(base + (sizes >> 10 & 0x3ff))
            {
                return Some(e);
            }
            i += 1;
        }
        None
    }
    /// The exception that the blocks at `x` handle.
    fn handled_at(&self, x: u32) -> Option<Value> {
        let mut d = self.block_depth(x);
        while d > 0 {
            if let Some(e) = Value::from_bits(self.word_at(x + 3 * d)) {
                return Some(e);
            }
            d -= 1;
        }
        None
    }
    /// Makes another exception the one that the innermost active block handles.
    #[cfg(feature = "except-star")]
    pub(super) fn set_handled(&mut self, e: Value) {
        let Some(x) = self.blocks() else { return };
        let mut d = self.block_depth(x);
        while d > 0 && self.word_at(x + 3 * d) == 0 {
            d -= 1;
        }
        if d > 0 && self.heap().is(e, Kind::Exception) {
            self.set_word_at(x + 3 * d, e.bits());
        }
    }
    /// Stack: exception, class or tuple of classes; afterwards a bool.
    pub(super) fn exception_match(&mut self) -> R<()> {
        let (e, t) = (self.top(1), self.top(0));
        let of = self.type_of(e);
        let of = if self.is_type(e) { e } else { of };
        let mut hit = false;
        let mut i = 0;
        if self.is_type(t) {
            hit = self.is_subclass(of, t);
        } else {
            if !self.heap().is(t, Kind::Tuple) && t != Value::EMPTY_TUPLE {
                return Err(self.bad_match());
            }
            while let Some(item) = self.sequence_item(t, i) {
                if !self.is_type(item) {
                    return Err(self.bad_match());
                }
                hit |= self.is_subclass(of, item);
                i += 1;
            }
        }
        // An `async with` asks this of what its handler was entered with: only an exception may answer yes.
        hit &= self.is_type(e) || self.heap().is(e, Kind::Exception);
        self.drop_n(1);
        self.set_top(0, Value::bool(hit));
        Ok(())
    }

    #[cold]
    pub(super) fn bad_match(&mut self) -> Raised {
        let what = "catching classes that do not inherit from BaseException is not allowed";
        self.raise(TypeId::TypeError, what)
    }

    // ---- finally ---------------------------------------------------------------------------------------------

    /// Drops what an active `finally` keeps under the word on top.
    fn cancel_finally(&mut self) {
        let n = if self.top(1).is_small() { 2 } else { 1 };
        self.close_gap(1, n);
    }

    /// Leaves blocks on the way of `break` or `continue`. Stack: target, number of blocks (bit 7: a loop's words go too).
    pub(super) fn unwind_jump(&mut self) -> R<()> {
        let mut n = self.pop().as_small().unwrap_or(0);
        let now = self.code_offset();
        if let Some(x) = self.blocks() {
            while n & 0x7f > 0 {
                n -= 1;
                match self.block(x) {
                    Some((handler, _, true)) if handler > now => {
                        self.push(Value::small(n))?;
                        self.jump_to(handler);
                        return Ok(());
                    }
                    Some((_, _, true)) => self.cancel_finally(),
                    _ => {}
                }
                self.pop_block(x);
            }
        }
        let target = self.pop().as_small().unwrap_or(0);
        if n & 0x80 != 0 {
            self.drop_n(4);
        }
        self.jump_to(target as usize);
        self.poll()
    }

    /// `return` with the value on top: true where the frame may end, false where a `finally` runs first.
    pub(super) fn unwind_return(&mut self) -> R<bool> {
        let Some(x) = self.blocks() else { return Ok(true) };
        let now = self.code_offset();
        while let Some((handler, depth, finally)) = self.block(x) {
            if finally {
                if handler > now {
                    let v = self.top(0);
                    let base = self.frame_base();
                    self.set_depth(base + depth);
                    self.push(v)?;
                    self.push(Value::small(-1))?;
                    self.jump_to(handler);
                    return Ok(false);
                }
                self.cancel_finally();
            }
            self.pop_block(x);
        }
        Ok(true)
    }

    // ---- with ------------------------------------------------------------------------------------------------

    /// Pushes a special method as two words, function and self (or empty); `AttributeError` where there is none.
    fn push_special(&mut self, obj: Value, name: Value) -> R<()> {
        if let Some((f, me)) = self.find_special_method(obj, name) {
            self.push(f)?;
            self.push(me)?;
            return Ok(());
        }
        let f = self.get_attr(obj, name)?;
        self.push(f)?;
        self.push_word(0)
    }
    /// SETUP_WITH. Stack: context manager.
    pub(super) fn setup_with(&mut self, handler: i32) -> R<()> {
        let obj = self.top(0);
        self.push_special(obj, q!("__exit__"))?;
        self.close_gap(2, 1);
        // The manager is only in our hands until the call.
        self.push(obj)?;
        self.push_special(obj, q!("__enter__"))?;
        self.close_gap(2, 1);
        let n = if self.top_word(0) == 0 {
            self.drop_n(1);
            0
        } else {
            1
        };
        self.call_on_stack(n, 0, action::with(action::WITH_ENTER, handler as u32))
    }
    /// WITH_CLEANUP. Stack: `__exit__`, self, then None | value, cause | exception.
    pub(super) fn with_cleanup(&mut self) -> R<()> {
        let what = self.top(0);
        let (state, under) = if what.is_none() {
            (0, 1)
        } else if what.is_small() {
            (1, 2)
        } else {
            (2, 1)
        };
        let (f, me) = (self.top(under + 1), self.top_word(under));
        self.push(f)?;
        let mut n = 3;
        if me != 0 {
            self.push_word(me)?;
            n += 1;
        }
        if state == 2 {
            let t = self.type_of(what);
            self.push(t)?;
            self.push(what)?;
            self.push(Value::NONE)?;
        } else {
            for _ in 0..3 {
                self.push(Value::NONE)?;
            }
        }
        self.call_on_stack(n, 0, action::with(action::WITH_EXIT, state))
    }
    fn after_exit(&mut self, state: u32, v: Value) -> R<()> {
        self.drop_n(1);
        match state {
            1 => self.close_gap(2, 2),
            2 => {
                let swallow = self.truth(v)?;
                self.close_gap(1, 2);
                if swallow {
                    self.set_top(0, Value::NONE);
                }
            }
            _ => self.close_gap(1, 2),
        }
        Ok(())
    }

    /// Whether `v` is a generator that has not finished.
    pub fn generator_is_alive(&self, v: Value) -> bool {
        self.heap().is(v, Kind::Generator) && self.heap().int(v, generator::STATE) != generator::DONE
    }
}
