//! `sys.settrace`: calls, lines, returns and exceptions of one fiber, told to a Python function.
//!
//! Invariants
//! - the traced fiber runs in the second instance of the dispatch loop, which comes here before each instruction; the
//!   other instance never asks. `set_trace` makes the running instance end at the next frame that it leaves by the slow
//!   road, and `sys.settrace` sees to it that this is at once; `Vm::run` then goes on with the right one;
//! - `Root::TraceFrames` holds an object for each Python frame of the fiber, the newest last. The frames that natives
//!   enter to call something have no name and no object;
//! - while a trace function runs nothing is traced; when one raises, tracing ends.

use super::api::Vm;
use super::fiber::Slot;
use super::state::Root;
use crate::code::object as code;
use crate::heap::{Kind, R, Raised, TypeId, Value};
use crate::object::{list, tuple};
use crate::q;

pub const BUILT: bool = true;

/// Words of a frame's object (`Kind::Object`).
pub mod field {
    pub const CODE: usize = 1;
    pub const BACK: usize = 2;
    pub const GLOBALS: usize = 3;
    /// Its own trace function, or None.
    pub const TRACE: usize = 4;
    pub const LINE: usize = 5;
    /// Offset of the instruction that was looked at last.
    pub const LAST: usize = 6;
    /// The line of the last `line` event; 0 where the next line is news whichever it is.
    pub const TOLD: usize = 7;
    /// Records of the fiber while it runs.
    pub const DEPTH: usize = 8;
    pub const COUNT: usize = 9;
}

/// Instructions that may end a frame.
mod op {
    pub const FOR_ITER: u8 = 0x4b;
    pub const END_FINALLY: u8 = 0x5d;
    pub const RETURN_VALUE: u8 = 0x63;
    pub const RAISE_LAST: u8 = 0x64;
    pub const YIELD_VALUE: u8 = 0x67;
}

/// Who is traced.
#[derive(Default)]
pub struct Tracing {
    /// Address of the traced fiber, 0 for none.
    fiber: usize,
    /// A trace function is running.
    busy: bool,
    /// The loop that runs may be the wrong instance.
    switch: bool,
    /// Code is compiled with the lines that the format's compiler gives it.
    format_lines: bool,
}

impl Vm {
    pub(super) fn is_tracing(&self) -> bool {
        let t = &self.state().trace;
        !t.busy && t.fiber == self.fiber_ptr().addr()
    }
    /// Whether code is compiled so that each `except` can be told as a line.
    pub fn wants_except_lines(&self) -> bool {
        !self.state().trace.format_lines
    }
    /// Code is to be what the format's compiler makes: somebody looks at it.
    pub fn set_format_lines(&mut self) {
        self.state_mut().trace.format_lines = true;
    }
    /// Whether the loop is to end, so that the right instance goes on; asked once.
    pub(super) fn trace_switched(&mut self) -> bool {
        core::mem::take(&mut self.state_mut().trace.switch)
    }
    /// Traces what this fiber calls from now on with `f`, or nothing.
    pub fn set_trace(&mut self, f: Option<Value>) -> R<()> {
        self.stop_tracing();
        let Some(f) = f else { return Ok(()) };
        let frames = self.with_heap(list::new)?;
        self.set_root(Root::TraceFrames, Some(frames));
        self.set_root(Root::TraceFunction, Some(f));
        // What runs already is not traced: it has objects, but no trace function.
        let known = self.add_callers().and_then(|()| self.add_running().map(|_| ()));
        if let Err(Raised) = known {
            self.stop_tracing();
            return Err(Raised);
        }
        let fiber = self.fiber_ptr().addr();
        self.state_mut().trace.fiber = fiber;
        Ok(())
    }
    /// What `sys.settrace` was given.
    pub fn trace_function(&self) -> Option<Value> {
        self.root(Root::TraceFunction)
    }
    fn stop_tracing(&mut self) {
        self.set_root(Root::TraceFunction, None);
        self.set_root(Root::TraceFrames, None);
        self.state_mut().trace.fiber = 0;
        self.state_mut().trace.switch = true;
    }
    /// The code that `sys.settrace` leaves to be run: leaving its frame makes the loop end.
    pub fn switch_loops(&mut self) -> R {
        let c = self.trampoline()?;
        self.push(c)?;
        self.push(Value::NONE)?;
        Ok(Value::RUN)
    }

    // ---- frames ----------------------------------------------------------------------------------------------

    /// The object of the frame at `depth`, if that frame has one.
    fn known_frame(&self, depth: usize) -> Option<Value> {
        let frames = self.root(Root::TraceFrames)?;
        let n = list::len(self.heap(), frames);
        let last = list::get(self.heap(), frames, n.checked_sub(1)?)?;
        (self.heap().int(last, field::DEPTH) as usize == depth).then_some(last)
    }
    /// Forgets the objects of frames deeper than `depth`.
    fn forget_frames(&mut self, depth: usize) {
        let Some(frames) = self.root(Root::TraceFrames) else { return };
        let mut n = list::len(self.heap(), frames);
        while let Some(last) = n.checked_sub(1).and_then(|i| list::get(self.heap(), frames, i))
            && self.heap().int(last, field::DEPTH) as usize > depth
        {
            n -= 1;
            list::splice_out(self.heap_mut(), frames, n, n + 1);
        }
    }
    /// Whether the frames of `c` are a native's way to call something.
    fn is_glue(&self, c: Value) -> bool {
        code::name(self.heap(), c) == q!("")
    }
    /// Makes objects for the frames under the running one that have none, and notes where the innermost calls from.
    fn add_callers(&mut self) -> R<()> {
        let depth = self.frame_depth();
        let frames = self.root(Root::TraceFrames).unwrap_or(Value::NONE);
        let n = list::len(self.heap(), frames);
        let last = n.checked_sub(1).and_then(|i| list::get(self.heap(), frames, i));
        let known = last.map_or(0, |f| self.heap().int(f, field::DEPTH) as usize);
        if let (Some(last), Some((_, c))) = (last, self.caller(depth.saturating_sub(known + 1))) {
            let offset = self.caller_offset(depth.saturating_sub(known + 1)).unwrap_or(0);
            let line = self.line_in(c, offset);
            self.heap_mut().set_int(last, field::LINE, line as i32);
        }
        for at in known + 1..depth {
            let i = depth - at - 1;
            if let (Some((_, c)), Some(offset)) = (self.caller(i), self.caller_offset(i))
                && !self.is_glue(c)
            {
                self.add_frame(c, at, offset)?;
            }
        }
        Ok(())
    }
    /// Makes the object of the running frame.
    fn add_running(&mut self) -> R {
        let c = self.code().unwrap_or(Value::NONE);
        let (depth, offset) = (self.frame_depth(), self.code_offset());
        self.add_frame(c, depth, offset)
    }
    fn add_frame(&mut self, c: Value, depth: usize, offset: usize) -> R {
        let line = self.line_in(c, offset);
        let globals = self.code_globals(c).or(self.root(Root::Main)).unwrap_or(Value::NONE);
        let frames = self.root(Root::TraceFrames).unwrap_or(Value::NONE);
        let n = list::len(self.heap(), frames);
        let back = n.checked_sub(1).and_then(|i| list::get(self.heap(), frames, i));
        self.with_heap(|h| {
            let frame = h.alloc(Kind::Object, field::COUNT)?;
            h.set_field(frame, 0, Value::typ(TypeId::Frame));
            h.set_field(frame, field::CODE, c);
            h.set_field(frame, field::BACK, back.unwrap_or(Value::NONE));
            h.set_field(frame, field::GLOBALS, globals);
            h.set_field(frame, field::TRACE, Value::NONE);
            h.set_int(frame, field::LINE, line as i32);
            h.set_int(frame, field::LAST, offset as i32);
            h.set_int(frame, field::TOLD, 0);
            h.set_int(frame, field::DEPTH, depth as i32);
            list::append(h, frames, frame)?;
            Ok(frame)
        })
    }
    /// The line of an instruction. What comes before the first statement belongs to the line where the code begins.
    fn line_in(&self, c: Value, offset: usize) -> u32 {
        code::line_at(self.heap(), c, offset).max(code::first_line(self.heap(), c))
    }

    // ---- events ----------------------------------------------------------------------------------------------

    /// Before each instruction of the traced fiber; false where its loop is to end.
    pub(super) fn trace_instruction(&mut self) -> R<bool> {
        if !self.is_tracing() {
            return Ok(false);
        }
        let Some(c) = self.code().filter(|c| !self.is_glue(*c)) else { return Ok(true) };
        match self.trace_step(c) {
            Ok(()) => Ok(true),
            Err(Raised) => {
                // As if the instruction had raised.
                self.stop_tracing();
                self.skip(1);
                Err(Raised)
            }
        }
    }
    fn trace_step(&mut self, c: Value) -> R<()> {
        let (depth, offset) = (self.frame_depth(), self.code_offset().wrapping_add(1));
        self.forget_frames(depth);
        let (frame, is_new) = match self.known_frame(depth) {
            Some(frame) => (frame, false),
            None => {
                self.add_callers()?;
                (self.add_frame(c, depth, offset)?, true)
            }
        };
        let slot = self.push(frame)?;
        let called = if is_new { self.tell_call(slot, c, offset) } else { Ok(()) };
        let done = called.and_then(|()| self.trace_frame(slot, c, offset));
        self.drop_to(slot);
        done
    }
    /// A new frame begins, or a generator's goes on, at `offset`.
    fn tell_call(&mut self, frame: Slot, c: Value, offset: usize) -> R<()> {
        if offset == 0 {
            let line = code::first_line(self.heap(), c) as i32;
            let f = self.get(frame);
            self.heap_mut().set_int(f, field::LINE, line);
        }
        let global = self.trace_function().unwrap_or(Value::NONE);
        self.tell(frame, global, q!("call"), Value::NONE)
    }
    /// Tells what the instruction at `offset` begins.
    fn trace_frame(&mut self, frame: Slot, c: Value, offset: usize) -> R<()> {
        let line = self.line_in(c, offset) as i32;
        let f = self.get(frame);
        let last = self.heap().int(f, field::LAST) as usize;
        let told = self.heap().int(f, field::TOLD);
        self.heap_mut().set_int(f, field::LAST, offset as i32);
        if self.heap().field(f, field::TRACE).is_none() {
            return Ok(());
        }
        if line != told || self.is_next_item(c, last, offset) {
            self.heap_mut().set_int(f, field::LINE, line);
            self.heap_mut().set_int(f, field::TOLD, line);
            self.tell_own(frame, q!("line"), Value::NONE)?;
        }
        match code::opcodes(self.heap(), c).get(offset) {
            Some(&op::RETURN_VALUE) if !self.has_finally(offset) => self.trace_return(frame, 0),
            Some(&op::YIELD_VALUE) => self.trace_return(frame, 0),
            // A `finally` that was entered by `return` gives the value up.
            Some(&op::END_FINALLY)
                if self.top(1).as_small().is_some_and(|n| n < 0) && !self.has_finally(offset) =>
            {
                self.trace_return(frame, 1)
            }
            _ => Ok(()),
        }
    }
    /// Whether a loop has just taken an item: each is news, even on one line.
    fn is_next_item(&self, c: Value, last: usize, offset: usize) -> bool {
        let Some([op::FOR_ITER, label]) = code::opcodes(self.heap(), c).get(last..last + 2) else {
            return false;
        };
        offset == last + if label & 0x80 != 0 { 3 } else { 2 }
    }
    /// Whether a `finally` comes before the end of the frame.
    fn has_finally(&self, offset: usize) -> bool {
        let Some(x) = self.blocks() else { return false };
        (1..=self.block_depth(x)).any(|d| {
            let (handler, depth) = (self.word_at(x + 3 * d - 2) >> 1, self.word_at(x + 3 * d - 1) >> 1);
            depth & 1 != 0 && handler as usize > offset
        })
    }
    /// The frame gives up the value that lies `under` words below the slot's.
    fn trace_return(&mut self, frame: Slot, under: u32) -> R<()> {
        let v = Value::from_bits(self.word_at(frame.0 - 1 - under)).unwrap_or(Value::NONE);
        self.tell_own(frame, q!("return"), v)?;
        self.forget_frames(self.frame_depth() - 1);
        Ok(())
    }
    fn tell_own(&mut self, frame: Slot, event: Value, arg: Value) -> R<()> {
        let own = self.heap().field(self.get(frame), field::TRACE);
        if own.is_none() { Ok(()) } else { self.tell(frame, own, event, arg) }
    }
    /// Calls a trace function; what it gives is the frame's own one from then on.
    fn tell(&mut self, frame: Slot, f: Value, event: Value, arg: Value) -> R<()> {
        let me = self.get(frame);
        self.state_mut().trace.busy = true;
        let told = self.call(f, &[me, event, arg]);
        self.state_mut().trace.busy = false;
        let own = told?;
        if !own.is_none() {
            let me = self.get(frame);
            self.heap_mut().set_field(me, field::TRACE, own);
        }
        Ok(())
    }

    /// The running frame meets the exception on its way. `first`: it was raised here.
    pub(super) fn trace_exception(&mut self, first: bool) {
        if !self.is_tracing() {
            return;
        }
        let (depth, offset) = (self.frame_depth(), self.code_offset());
        let Some(c) = self.code().filter(|c| !self.is_glue(*c)) else { return };
        let op = code::opcodes(self.heap(), c).get(offset).copied();
        let again = first && matches!(op, Some(op::END_FINALLY | op::RAISE_LAST));
        let known = self.known_frame(depth);
        if again || known.is_some_and(|f| self.heap().field(f, field::TRACE).is_none()) {
            return;
        }
        self.with_raised(|vm, e| {
            let slot = vm.push(known.unwrap_or(Value::NONE))?;
            if known.is_none() {
                // Thrown into a generator: its frame has not been seen since it came back.
                vm.forget_frames(depth);
                vm.add_callers()?;
                let frame = vm.add_frame(c, depth, offset)?;
                vm.set(slot, frame);
                vm.tell_call(slot, c, offset)?;
            }
            let row = [vm.type_of(e), e, Value::NONE];
            let arg = vm.with_heap(|h| tuple::from_slice(h, &row))?;
            vm.push(arg)?;
            vm.tell_own(slot, q!("exception"), arg)
        });
    }
    /// An exception ends the running frame.
    pub(super) fn trace_left(&mut self) {
        if !self.is_tracing() {
            return;
        }
        let depth = self.frame_depth();
        let Some(frame) = self.known_frame(depth) else { return };
        if !self.heap().field(frame, field::TRACE).is_none() {
            self.with_raised(|vm, _| {
                let slot = vm.push(frame)?;
                vm.tell_own(slot, q!("return"), Value::NONE)
            });
        }
        self.forget_frames(depth - 1);
    }
    /// Tells something while an exception is on its way; what that raises goes on in its place, and tracing ends.
    fn with_raised(&mut self, tell: impl FnOnce(&mut Vm, Value) -> R<()>) {
        let e = self.take_raised();
        let at = self.depth();
        let told = self.push(e).and_then(|_| tell(self, e));
        self.set_depth(at);
        match told {
            Ok(()) => self.heap_mut().raised = Some(e),
            Err(Raised) => self.stop_tracing(),
        }
    }
}
