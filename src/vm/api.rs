//! `Vm`: what natives see of the machine, beside what the neighbouring files add to it.

use super::bulk;
use super::def::{Args, Buffer, Mode, Registry};
use super::fiber::Slot;
pub use super::frame::Vm;
#[cfg(all(feature = "machine-tables", feature = "natives"))]
pub use super::frame::lend;
use super::state::{Output, Root};
use crate::code::object as code;
#[cfg(not(feature = "tiny"))]
use crate::heap::lent::{Host, Lent, lend};
use crate::heap::{Heap, Kind, Place, R, Raised, TypeId, Value};
use crate::object::bytearray;
use crate::object::exc::{self, Part};
use crate::port::Port;

/// Native stack that a nested loop must find free: its own frames and those of a native that it may call.
/// Unoptimised frames are many times as large.
pub(super) const NATIVE_STACK_NEEDED: usize =
    match (cfg!(debug_assertions), cfg!(target_pointer_width = "64")) {
        (true, _) => 128 << 10,
        (false, true) => 4096,
        (false, false) => 896,
    };

/// `<module>` of no file, whose only instruction returns the value on top of its stack.
static TRAMPOLINE: [u8; 4] = [0x20, 0x02, 0x00, 0x63];

/// Callbacks run on the native stack that the work has left, where that is enough.
#[cfg(not(feature = "tiny"))]
impl Host for Vm {
    fn home(&mut self) -> &mut Heap {
        self.heap_mut()
    }
    fn give_way(&mut self, n: u32, deep: bool) -> R<()> {
        // Budgets are for what runs: what is read before it takes little of them.
        let n = n / 10;
        if !deep && self.port().stack_left() >= NATIVE_STACK_NEEDED {
            return self.tick(n);
        }
        let before = core::mem::replace(&mut self.state_mut().in_callback, true);
        let done = self.tick(n);
        self.state_mut().in_callback = before;
        done
    }
}

impl Vm {
    pub fn registry(&self) -> &'static Registry {
        self.state().registry
    }
    pub fn port(&self) -> Port {
        self.state().port
    }
    pub fn root(&self, r: Root) -> Option<Value> {
        self.state().roots.get(r as usize).copied().flatten()
    }
    /// Roots are shaded at the snapshot, so replacing one needs the barrier.
    pub fn set_root(&mut self, r: Root, v: Option<Value>) {
        let st = self.state_mut();
        if let Some(slot) = st.roots.get_mut(r as usize) {
            st.heap.barrier(slot.map_or(0, Value::bits));
            *slot = v;
        }
    }

    // ---- a native's arguments --------------------------------------------------------------------------------

    /// Argument `i`; `None` where it was not given.
    pub fn arg(&self, args: Args, i: usize) -> Option<Value> {
        if i < args.n() as usize { Some(self.get(Slot(args.base + i as u32))) } else { None }
    }
    /// Argument `i`, which `NativeDef::min` promises.
    #[inline]
    pub fn req(&self, args: Args, i: usize) -> Value {
        self.get(Slot(args.base + i as u32))
    }
    pub fn set_arg(&mut self, args: Args, i: usize, v: Value) {
        self.set(Slot(args.base + i as u32), v);
    }
    /// Keyword pair `i`: name and value.
    pub fn kw(&self, args: Args, i: usize) -> (Value, Value) {
        let at = args.base + args.n() as u32 + 2 * i as u32;
        (self.get(Slot(at)), self.get(Slot(at + 1)))
    }
    /// A str as a name; `RuntimeError` where it is longer than names may be.
    pub fn intern_name(&mut self, v: Value) -> R {
        if self.heap().is_interned(v) {
            return Ok(v);
        }
        self.check_name_len(self.heap().str_bytes(v).len())?;
        self.with_heap(|h| h.intern_value(v))
    }
    pub fn check_name_len(&mut self, len: usize) -> R<()> {
        if len > crate::base::config::LONGEST_NAME {
            return Err(self.raise(TypeId::RuntimeError, "name too long"));
        }
        Ok(())
    }
    // ---- allocation and raising ------------------------------------------------------------------------------

    /// Runs `f`; when it failed for want of memory, collects and runs it once more. `f` allocates first, then mutates.
    #[inline]
    pub fn with_heap<T>(&mut self, mut f: impl FnMut(&mut Heap) -> R<T>) -> R<T> {
        self.collect_for_tests();
        // One place that calls `f`, so that it is compiled into its caller once.
        let mut again = 0;
        loop {
            let r = f(self.heap_mut());
            if r.is_ok() || !self.collect_for_memory(&mut again, false) {
                return r;
            }
        }
    }
    // Calls of one function: where flash counts, the second try is compiled once per signature.

    #[cfg_attr(feature = "tiny", inline(never))]
    #[cfg_attr(not(feature = "tiny"), inline)]
    pub fn with_heap1<A: Copy, T>(&mut self, f: fn(&mut Heap, A) -> R<T>, a: A) -> R<T> {
        self.with_heap(|h| f(h, a))
    }
    #[cfg_attr(feature = "tiny", inline(never))]
    #[cfg_attr(not(feature = "tiny"), inline)]
    pub fn with_heap2<A: Copy, B: Copy, T>(&mut self, f: fn(&mut Heap, A, B) -> R<T>, a: A, b: B) -> R<T> {
        self.with_heap(|h| f(h, a, b))
    }
    #[cfg_attr(feature = "tiny", inline(never))]
    #[cfg_attr(not(feature = "tiny"), inline)]
    pub fn with_heap3<A: Copy, B: Copy, C: Copy, T>(
        &mut self,
        f: fn(&mut Heap, A, B, C) -> R<T>,
        a: A,
        b: B,
        c: C,
    ) -> R<T> {
        self.with_heap(|h| f(h, a, b, c))
    }
    /// The same for the whole of what a native does, to objects that it looks at in `f` alone: others may come in while memory
    /// is collected.
    #[cfg(not(feature = "tiny"))]
    #[inline]
    pub fn with_heap_anew<T>(&mut self, mut f: impl FnMut(&mut Heap) -> R<T>) -> R<T> {
        self.collect_for_tests();
        let mut again = 0;
        loop {
            let r = f(self.heap_mut());
            if r.is_ok() || !self.collect_for_memory(&mut again, true) {
                return r;
            }
        }
    }
    #[cfg(feature = "tiny")]
    #[inline(always)]
    pub fn with_heap_anew<T>(&mut self, f: impl FnMut(&mut Heap) -> R<T>) -> R<T> {
        self.with_heap(f)
    }
    #[inline(always)]
    pub fn with_heap_anew1<A: Copy, T>(&mut self, f: fn(&mut Heap, A) -> R<T>, a: A) -> R<T> {
        if cfg!(feature = "tiny") { self.with_heap1(f, a) } else { self.with_heap_anew(|h| f(h, a)) }
    }
    #[inline(always)]
    pub fn with_heap_anew2<A: Copy, B: Copy, T>(
        &mut self,
        f: fn(&mut Heap, A, B) -> R<T>,
        a: A,
        b: B,
    ) -> R<T> {
        if cfg!(feature = "tiny") { self.with_heap2(f, a, b) } else { self.with_heap_anew(|h| f(h, a, b)) }
    }
    #[inline(always)]
    pub fn with_heap_anew3<A: Copy, B: Copy, C: Copy, T>(
        &mut self,
        f: fn(&mut Heap, A, B, C) -> R<T>,
        a: A,
        b: B,
        c: C,
    ) -> R<T> {
        if cfg!(feature = "tiny") {
            self.with_heap3(f, a, b, c)
        } else {
            self.with_heap_anew(|h| f(h, a, b, c))
        }
    }
    /// The same for long work, which lets others in now and then; what `f` gives is reachable until the next safepoint.
    #[cfg(not(feature = "tiny"))]
    pub fn lend_heap<T>(&mut self, mut f: impl FnMut(&mut Lent) -> R<T>) -> R<T> {
        let kept = self.with_heap_anew(|h| h.alloc(Kind::Array, 1))?;
        let at = self.push(kept)?;
        let mut again = 0;
        loop {
            let r = lend(self, Some(kept), |heap| {
                let r = f(heap);
                if heap.has_failed() { Err(Raised) } else { r }
            });
            if r.is_ok() || !self.collect_for_memory(&mut again, true) {
                self.drop_to(at);
                return r;
            }
            self.heap_mut().set_slot(kept, 0, None);
        }
    }
    #[cfg(feature = "tiny")]
    #[inline]
    pub fn lend_heap<T>(&mut self, f: impl FnMut(&mut Heap) -> R<T>) -> R<T> {
        self.with_heap(f)
    }
    /// What must be reachable is gone at once if it is not: in a build with access checks, the mode that always collects
    /// does so wherever a failed allocation might.
    #[inline]
    pub(super) fn collect_for_tests(&mut self) {
        if cfg!(feature = "heap-checks") && self.heap().mode() == crate::heap::Mode::Always {
            self.collect();
        }
    }
    /// Collects if what is on its way says that memory ran out, for the first time; false where it is another exception. `anew`:
    /// others may come in between the collection's steps, and what a callback raises is what is on its way then.
    #[cold]
    #[inline(never)]
    pub(super) fn collect_for_memory(&mut self, again: &mut u32, anew: bool) -> bool {
        if !self.heap().is_out_of_memory() {
            return false;
        }
        // What a sweep has not reached yet may do, and costs less than a whole collection.
        let sweeping = *again & 2 == 0 && self.heap().is_sweeping();
        let tried = if sweeping { 2 } else { 1 };
        if *again & tried != 0 {
            return false;
        }
        *again |= tried;
        self.heap_mut().raised = None;
        if anew && cfg!(not(feature = "tiny")) {
            return if sweeping { self.finish_cycle_in_turns() } else { self.collect_in_turns() }.is_ok();
        }
        if sweeping {
            self.finish_cycle();
        } else {
            self.collect();
        }
        true
    }
    /// Makes an exception; when memory ran out on the way, collects and makes it once more. The values that `make` uses
    /// are reachable.
    #[cold]
    #[inline(never)]
    pub fn raise_by(&mut self, make: &dyn Fn(&mut Heap) -> Raised) -> Raised {
        self.collect_for_tests();
        let raised = make(self.heap_mut());
        if !self.collect_for_memory(&mut 0, false) {
            return raised;
        }
        make(self.heap_mut());
        if !self.heap().is_out_of_memory() {
            return Raised;
        }
        // The program hears what went wrong, not only that there was no room to say it.
        self.heap_mut().in_emergency(|h| Err::<(), _>(make(h))).err().unwrap_or(Raised)
    }
    #[cold]
    pub fn raise(&mut self, typ: TypeId, message: &str) -> Raised {
        self.raise_by(&|h| exc::raise(h, typ, message))
    }
    #[cold]
    pub fn raise_parts(&mut self, typ: TypeId, parts: &[Part]) -> Raised {
        self.raise_by(&|h| exc::raise_parts(h, typ, parts))
    }
    #[cold]
    pub fn raise_bare(&mut self, typ: TypeId) -> Raised {
        self.raise_by(&|h| exc::raise_bare(h, typ))
    }
    #[cold]
    pub fn raise_arg(&mut self, typ: TypeId, arg: Value) -> Raised {
        let kept = match self.push(arg) {
            Ok(slot) => slot,
            Err(deep) => return deep,
        };
        let raised = self.raise_by(&|h| exc::raise_arg(h, typ, arg));
        self.drop_to(kept);
        raised
    }
    #[cold]
    pub fn raise_deep(&mut self) -> Raised {
        self.raise(TypeId::RuntimeError, "maximum recursion depth exceeded")
    }
    /// Whether a nested loop may start on this task's stack.
    pub fn check_native_stack(&mut self) -> R<()> {
        if self.port().stack_left() < NATIVE_STACK_NEEDED { Err(self.raise_deep()) } else { Ok(()) }
    }
    /// The code of the frames that `nested` enters.
    pub fn trampoline(&mut self) -> R {
        if let Some(c) = self.root(Root::Trampoline) {
            return Ok(c);
        }
        let c = self.with_heap(|h| {
            let names = h.alloc(Kind::Array, 1)?;
            h.set_field(names, 0, crate::q!(""));
            let unit = code::new_unit(h)?;
            code::set_tables(h, unit, names, None)?;
            code::new(h, unit, Place::Flash(&TRAMPOLINE), None)
        })?;
        self.set_root(Root::Trampoline, Some(c));
        Ok(c)
    }

    // ---- text output -----------------------------------------------------------------------------------------

    /// Sets where `emit` writes; gives what it was.
    pub fn set_output(&mut self, to: Output) -> Output {
        core::mem::replace(&mut self.state_mut().output, to)
    }
    pub fn output(&self) -> Output {
        self.state().output
    }
    /// Writes text to the present output.
    pub fn emit(&mut self, bytes: &[u8]) -> R<()> {
        match self.output() {
            Output::Console => {
                if !self.write_console(bytes) {
                    return Err(self.raise(TypeId::OSError, "console is gone"));
                }
                Ok(())
            }
            Output::Buffer(slot) => {
                let b = self.get(slot);
                bulk::make_room(self, b, bytes.len())?;
                self.with_heap_anew(|h| bytearray::extend(h, b, bytes))
            }
            Output::Stream(slot) => {
                let s = self.get(slot);
                let write = self.registry().hooks.write_stream;
                write(self, s, bytes)
            }
        }
    }
    /// Writes text to the console, with a carriage return before each line feed where the board wants it.
    pub fn write_console(&mut self, bytes: &[u8]) -> bool {
        self.port().console_text(bytes, self.state().crlf)
    }
    /// Shows a value on the present output.
    pub fn print(&mut self, v: Value, mode: Mode) -> R<()> {
        let f = self.registry().hooks.print;
        f(self, v, mode)
    }
    /// The text of a value as a str.
    pub fn to_str(&mut self, v: Value, mode: Mode) -> R {
        let f = self.registry().hooks.to_str;
        f(self, v, mode)
    }

    // ---- buffers ---------------------------------------------------------------------------------------------

    /// The bytes behind an object of the buffer protocol.
    pub fn buffer(&self, v: Value) -> Option<Buffer> {
        let v = self.native_of(v).unwrap_or(v);
        let f = self.type_def(v).buffer?;
        f(self.heap(), v)
    }
}
