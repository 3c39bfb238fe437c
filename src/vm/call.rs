//! Calls: from the bytecode's call instructions and from natives to whatever is callable.
//!
//! Invariants
//! - a call's operands lie on the stack: callee, `n` positional values, `kw` pairs of name and value;
//! - `call_on_stack` either leaves the result in the callee's slot (top of stack) or has entered a frame whose return will;
//! - natives never see more than their argument window; the stack is cut back to the callee's slot when they return.

use super::api::Vm;
use super::def::{Args, Bind, Const, NativeDef};
use super::fiber::{Slot, action};
use crate::code::object as code;
use crate::heap::{Kind, PTR_WORDS, R, Raised, Table, TypeId, Value};
use crate::object::exc::Part;
use crate::object::{dict, tuple};
use crate::q;

/// Natives enter plain Python functions without a frame in between. Left out where flash counts.
const QUICK: bool = !cfg!(feature = "tiny");

/// Words of a `Generator` cell.
pub mod generator {
    use super::PTR_WORDS;
    pub const IP: usize = 0;
    pub const FUNCTION: usize = PTR_WORDS;
    pub const CODE: usize = PTR_WORDS + 1;
    /// Words of the frame in use (small int); `DONE`, `RUNNING` or `FRESH` + words.
    pub const STATE: usize = PTR_WORDS + 2;
    /// An exception to raise when it is resumed, or empty.
    pub const PENDING: usize = PTR_WORDS + 3;
    /// The generator that it was delegating to when it was suspended, or empty.
    pub const DELEGATE: usize = PTR_WORDS + 4;
    pub const FRAME: usize = PTR_WORDS + 5;
    pub const DONE: i32 = -1;
    pub const RUNNING: i32 = -2;
}

/// Scope flags of a code object's prelude.
pub mod flag {
    pub const GENERATOR: u32 = 1;
    pub const VAR_KEYWORDS: u32 = 2;
    pub const VAR_ARGS: u32 = 4;
    pub const DEF_KW_ARGS: u32 = 8;
}

impl Vm {
    // ---- instructions ----------------------------------------------------------------------------------------

    pub(super) fn call_op(&mut self, n: usize, kw: usize) -> R<()> {
        self.call_on_stack(n as u32, kw as u32, action::PUSH)
    }

    /// Stack: function, self or empty, arguments.
    pub(super) fn call_method_op(&mut self, n: usize, kw: usize) -> R<()> {
        let args = (n + 2 * kw) as u32;
        if self.top_word(args) == 0 {
            self.close_gap(args, 1);
            self.call_on_stack(n as u32, kw as u32, action::PUSH)
        } else {
            self.call_on_stack(n as u32 + 1, kw as u32, action::PUSH)
        }
    }

    /// Stack: callee, [self or empty], positional values, pairs, bitmap of the starred positions.
    pub(super) fn call_var_kw_op(&mut self, operand: usize, method: bool) -> R<()> {
        let (n, kw) = ((operand & 0xff) as u32, (operand >> 8 & 0xff) as u32);
        let stars = self.star_bitmap()?;
        self.drop_n(1);
        // Values are rebuilt above the originals, then moved down over them.
        let from = self.depth() - n - 2 * kw;
        let own = if method { 1 } else { 0 };
        let start = self.depth();
        let mut plain = 0u32;
        if method && self.word_at(from - 1) != 0 {
            let w = self.word_at(from - 1);
            self.push_word(w)?;
            plain += 1;
        }
        for i in 0..n {
            let w = self.word_at(from + i);
            if i < 32 && stars >> i & 1 != 0 || i >= 32 && self.star_is_big(stars, i) {
                let Some(v) = Value::from_bits(w) else { continue };
                plain += self.push_all(v)?;
            } else {
                self.push_word(w)?;
                plain += 1;
            }
        }
        let mut pairs = 0u32;
        for i in 0..kw {
            let (k, v) = (self.word_at(from + n + 2 * i), self.word_at(from + n + 2 * i + 1));
            match Value::from_bits(k) {
                Some(_) => {
                    self.push_word(k)?;
                    self.push_word(v)?;
                    pairs += 1;
                }
                None => {
                    if let Some(mapping) = Value::from_bits(v) {
                        pairs += self.push_mapping(mapping)?;
                    }
                }
            }
        }
        let now = self.depth();
        let count = now - start;
        self.close_gap(count, start - from + own);
        self.call_on_stack(plain, pairs, action::PUSH)
    }

    fn star_bitmap(&mut self) -> R<u64> {
        let v = self.top(0);
        match crate::object::int::to_i64(self.heap(), v) {
            Some(n) => Ok(n as u64),
            None => Err(self.raise(TypeId::TypeError, "too many args")),
        }
    }
    fn star_is_big(&self, stars: u64, i: u32) -> bool {
        i < 64 && stars >> i & 1 != 0
    }

    /// Pushes every item of an iterable; how many there were.
    pub(super) fn push_all(&mut self, v: Value) -> R<u32> {
        let before = self.depth();
        if matches!(self.heap().kind(v), Kind::Tuple | Kind::List) || v == Value::EMPTY_TUPLE {
            let mut i = 0;
            while let Some(item) = self.sequence_item(v, i) {
                self.push(item)?;
                i += 1;
                if cfg!(not(feature = "tiny")) && i & 31 == 0 {
                    self.tick(3000)?;
                }
            }
        } else {
            let it = self.iter(v)?;
            // The iterator stays reachable in a slot below the items.
            let slot = self.push(it)?;
            loop {
                let it = self.get(slot);
                let item = self.next(it)?;
                if item == Value::STOP {
                    break;
                }
                self.push(item)?;
            }
            let n = self.depth() - slot.0 - 1;
            self.close_gap(n, 1);
        }
        Ok(self.depth() - before)
    }
    /// Item `i` of a tuple or list, if it has so many.
    pub(super) fn sequence_item(&self, v: Value, i: usize) -> Option<Value> {
        let heap = self.heap();
        match heap.kind(v) {
            Kind::Tuple if i < heap.words(v) => heap.slot(v, i),
            Kind::List if (i as i32) < heap.int(v, 0) => heap.slot(heap.field(v, 1), i),
            _ => None,
        }
    }
    /// Pushes the pairs of a mapping for `**`.
    pub(super) fn push_mapping(&mut self, m: Value) -> R<u32> {
        let mut n = 0;
        if let Some(d) = self.native_part(m, TypeId::Dict) {
            let mut cursor = 0;
            while let Some((next, k, v)) = dict::next(self.heap(), d, cursor) {
                cursor = next;
                self.push_keyword(k, v)?;
                n += 1;
            }
            return Ok(n);
        }
        let keys = self.call_method(m, q!("keys"), &[])?;
        let base = self.push(keys)?;
        let it = self.iter(keys)?;
        self.set(base, it);
        loop {
            let it = self.get(base);
            let k = self.next(it)?;
            if k == Value::STOP {
                break;
            }
            let at = self.push(k)?;
            let v = self.subscr(m, k, super::def::Access::Load)?;
            let k = self.get(at);
            self.drop_to(at);
            self.push_keyword(k, v)?;
            n += 1;
        }
        self.close_gap(2 * n, 1);
        Ok(n)
    }
    fn push_keyword(&mut self, k: Value, v: Value) -> R<()> {
        if !self.is_str(k) {
            return Err(self.raise(TypeId::TypeError, "keywords must be strings"));
        }
        let k = self.intern_name(k)?;
        self.push(k)?;
        self.push(v)?;
        Ok(())
    }

    // ---- the one way in --------------------------------------------------------------------------------------

    /// Calls what lies under `n` positional values and `kw` pairs. Each kind of callee has a function of its own with the
    /// same parameters: this one's frame is gone when it runs, so nested calls take little of the native stack.
    pub(super) fn call_on_stack(&mut self, n: u32, kw: u32, act: u32) -> R<()> {
        let (mut n, mut hops) = (n, 0);
        loop {
            let callee = self.top(n + 2 * kw);
            if callee.bits() & 3 == 2 {
                return self.call_immediate(n, kw, act);
            }
            match self.heap().kind(callee) {
                Kind::Function => return self.call_function(n, kw, act),
                Kind::Closure => return self.call_closure(n, kw, act),
                Kind::Class if self.metaclass_method(callee, q!("__call__")).is_none() => {
                    return self.instantiate(n, kw, act);
                }
                Kind::BoundMethod
                | Kind::Class
                | Kind::Instance
                | Kind::BigInstance
                | Kind::StaticMethod
                | Kind::ClassMethod => n = self.hop(n, kw)?,
                _ => return self.call_by_type(n, kw, act),
            }
            hops += 1;
            if hops > 64 {
                return Err(self.raise_deep());
            }
        }
    }
    /// Puts what a callee stands for in its place, the object that goes with it before the arguments: how many positional
    /// values there are then.
    #[inline(never)]
    fn hop(&mut self, n: u32, kw: u32) -> R<u32> {
        let args = n + 2 * kw;
        let callee = self.top(args);
        let heap = self.heap();
        let kind = heap.kind(callee);
        let (f, me) = match kind {
            Kind::BoundMethod => (heap.field(callee, 0), heap.field(callee, 1)),
            // Special methods may be static or class methods: only their look-up gets here, with the object first.
            Kind::StaticMethod if args > 0 => {
                let f = heap.field(callee, 0);
                self.close_gap(args - 1, 1);
                self.set_top(args - 1, f);
                return Ok(n - 1);
            }
            Kind::ClassMethod if args > 0 => {
                let f = heap.field(callee, 0);
                let t = self.type_of(self.top(args - 1));
                self.set_top(args, f);
                self.set_top(args - 1, t);
                return Ok(n);
            }
            _ => {
                let found = match kind {
                    Kind::Class => self.metaclass_method(callee, q!("__call__")),
                    Kind::Instance | Kind::BigInstance => {
                        self.class_lookup(self.type_of(callee), q!("__call__"))
                    }
                    _ => None,
                };
                match found {
                    // An instance of a subclass of a native callable has none.
                    None => return Err(self.not_callable(callee)),
                    Some(f) if kind != Kind::Class && self.heap().is(f, Kind::StaticMethod) => {
                        let f = self.heap().field(f, 0);
                        self.set_top(args, f);
                        return Ok(n);
                    }
                    Some(f) => (f, callee),
                }
            }
        };
        self.open_gap(args, 1)?;
        self.set_top(args + 1, f);
        self.set_top(args, me);
        Ok(n + 1)
    }
    /// The callee is an immediate: a native, `__build_class__`, a built-in type.
    #[inline(never)]
    fn call_immediate(&mut self, n: u32, kw: u32, act: u32) -> R<()> {
        let args = n + 2 * kw;
        let callee = self.top(args);
        if let Some(def) = self.native_def(callee) {
            self.check_self(callee, n, args)?;
            return self.call_native(def, n, kw, act);
        }
        if callee == Value::BUILD_CLASS {
            return self.build_class(n, kw, act);
        }
        if let Some(id) = callee.as_type_id() {
            return self.make_builtin(id, n, kw, act);
        }
        Err(self.not_callable(callee))
    }
    /// The cells of a closure are its function's first arguments.
    #[inline(never)]
    fn call_closure(&mut self, n: u32, kw: u32, act: u32) -> R<()> {
        let args = n + 2 * kw;
        let callee = self.top(args);
        let cells = self.heap().int(callee, 1) as u32;
        self.open_gap(args, cells)?;
        for i in 0..cells {
            let cell = self.heap().field(callee, 2 + i as usize);
            self.set_top(args + cells - 1 - i, cell);
        }
        self.call_function(n + cells, kw, act)
    }
    #[inline(never)]
    fn call_by_type(&mut self, n: u32, kw: u32, act: u32) -> R<()> {
        let args = n + 2 * kw;
        let callee = self.top(args);
        let Some(call) = self.type_def(callee).call.filter(|_| !self.heap().is(callee, Kind::Free)) else {
            return Err(self.not_callable(callee));
        };
        let base = self.depth() - args;
        let v = call(self, callee, Args::new(base, n as u16, kw as u16))?;
        self.set_depth(base);
        self.complete(act, v)
    }

    #[cold]
    #[inline(never)]
    fn not_callable(&mut self, v: Value) -> Raised {
        let name = self.type_name(v);
        self.raise_parts(
            TypeId::TypeError,
            &[Part::S("'"), Part::V(name), Part::S("' object isn't callable")],
        )
    }

    pub(super) fn call_native(&mut self, def: &'static NativeDef, n: u32, kw: u32, act: u32) -> R<()> {
        if n < def.min() as u32 || n > def.max() as u32 && def.max() != 255 || kw != 0 && !def.kw() {
            return Err(self.bad_count(def, n, kw));
        }
        let base = self.depth() - n - 2 * kw;
        let v = match *def {
            NativeDef::Heap { f, .. } => match self.call_heap_native(f, n) {
                Err(Raised) if self.heap().is_out_of_memory() => self.call_again(f, n)?,
                r => r?,
            },
            NativeDef::Vm { f, .. } => f(self, Args::new(base, n as u16, kw as u16))?,
        };
        if v == Value::RUN {
            return self.run_left_code(base, act);
        }
        self.set_depth(base);
        if act == action::PUSH {
            self.set_top(0, v);
            return Ok(());
        }
        self.complete(act, v)
    }

    /// A native of the heap found no memory: it did nothing so far.
    #[cold]
    #[inline(never)]
    fn call_again(&mut self, f: fn(&mut crate::heap::Heap, &[Value]) -> R, n: u32) -> R {
        if cfg!(feature = "tiny") {
            self.collect();
        } else {
            self.heap_mut().raised = None;
            self.collect_in_turns()?;
        }
        self.call_heap_native(f, n)
    }

    /// A native left a code and its locals on the stack: they run in its place. `base` is the index after the callee's slot.
    pub(super) fn run_left_code(&mut self, base: u32, act: u32) -> R<()> {
        let (code, locals) = (self.top(1), self.top(0));
        if act != action::PUSH {
            let v = self.nested(|vm| {
                vm.push(locals)?;
                vm.enter_frame(code, 0, action::PUSH)
            })?;
            self.set_depth(base);
            return self.complete(act, v);
        }
        // The code takes the callee's slot, where collections see it.
        self.set_depth(base);
        self.set_top(0, code);
        self.push(locals)?;
        self.enter_frame(code, 0, action::CODE)
    }

    /// A method of a built-in type trusts that its first argument has the type's layout: sees to it for `list.append(x, …)`.
    #[inline]
    fn check_self(&mut self, callee: Value, n: u32, args: u32) -> R<()> {
        let Some(i) = callee.index_in(Table::TypeEntry) else { return Ok(()) };
        let owner = i >> 12;
        if n == 0 || owner == TypeId::Object as u32 {
            return Ok(());
        }
        let me = self.top(args - 1);
        if me.is_small() {
            if owner == TypeId::Int as u32 {
                return Ok(());
            }
        } else if self.type_id(me) as u32 == owner && !self.is_python_exception(me) {
            return Ok(());
        }
        match TypeId::from_index(owner) {
            Some(id) => self.adapt_self(callee, id, me, args),
            None => Ok(()),
        }
    }
    /// An exception of a user class: its `type_id` says `BaseException`, whatever its native base is.
    fn is_python_exception(&self, v: Value) -> bool {
        self.heap().is(v, Kind::Exception) && self.heap().field(v, 0).is_heap()
    }
    #[cold]
    fn adapt_self(&mut self, callee: Value, id: TypeId, me: Value, args: u32) -> R<()> {
        if !matches!(self.entry(callee).map(|e| &e.value), Some(Const::Fn(d)) if d.bind() == Bind::Object) {
            return Ok(());
        }
        match self.native_part(me, id) {
            Some(part) => {
                self.set_top(args - 1, part);
                Ok(())
            }
            None => {
                let (want, got) = (self.name_of_type(Value::typ(id)), self.type_name(me));
                let parts = [
                    Part::S("argument has wrong type: '"),
                    Part::V(want),
                    Part::S("' expected, not '"),
                    Part::V(got),
                    Part::S("'"),
                ];
                Err(self.raise_parts(TypeId::TypeError, &parts))
            }
        }
    }

    #[cold]
    fn bad_count(&mut self, def: &NativeDef, n: u32, kw: u32) -> Raised {
        if kw != 0 && !def.kw() {
            return self.raise(TypeId::TypeError, "function doesn't take keyword arguments");
        }
        let parts: &[Part] = if def.min() == def.max() {
            &[
                Part::S("function takes "),
                Part::I(def.min() as i64),
                Part::S(" positional arguments but "),
                Part::I(n as i64),
                Part::S(" were given"),
            ]
        } else if n < def.min() as u32 {
            &[
                Part::S("function missing "),
                Part::I(def.min() as i64 - n as i64),
                Part::S(" required positional arguments"),
            ]
        } else {
            &[
                Part::S("function expected at most "),
                Part::I(def.max() as i64),
                Part::S(" arguments, got "),
                Part::I(n as i64),
            ]
        };
        self.raise_parts(TypeId::TypeError, parts)
    }

    /// Binds the arguments of a Python function and enters its frame (or makes its generator). The callee's slot holds the
    /// function, or a closure whose cells lie before the arguments.
    #[inline(never)]
    pub(super) fn call_function(&mut self, n: u32, kw: u32, act: u32) -> R<()> {
        let callee = self.top(n + 2 * kw);
        let heap = self.heap();
        let function = if heap.is(callee, Kind::Closure) { heap.field(callee, 0) } else { callee };
        let c = heap.field(function, 0);
        let flags = heap.word(c, code::W_FLAGS);
        if kw != 0 || n >= code::NOT_SIMPLE || flags >> 16 & 0xff != n {
            self.bind_args(function, c, n, kw)?;
        }
        let n_all = self.heap().word(c, code::W_SIZES) & 0x3ff;
        if flags & flag::GENERATOR != 0 {
            return self.make_generator(function, c, n_all, act);
        }
        self.enter_frame(c, n_all, act)?;
        if flags >> 24 != 0 {
            self.make_cells_of(c)?;
        }
        self.poll()
    }

    /// Wraps the locals that closures share.
    pub(super) fn make_cells_of(&mut self, c: Value) -> R<()> {
        let base = self.frame_base();
        let mut i = 0;
        while let Some(local) = code::cell_local(self.heap(), c, i) {
            let at = base + local as u32;
            let cell = self.with_heap(|h| h.alloc(Kind::Cell, 1))?;
            let v = Value::from_bits(self.word_at(at));
            self.heap_mut().set_slot(cell, 0, v);
            self.set_word_at(at, cell.bits());
            i += 1;
        }
        Ok(())
    }

    #[inline(never)]
    fn make_generator(&mut self, function: Value, c: Value, n_all: u32, act: u32) -> R<()> {
        use generator as g;
        let words = (self.heap().word(c, code::W_STATE) & 0xffff) as usize;
        let base = self.depth() - n_all;
        let v = self.with_heap(|h| h.alloc(Kind::Generator, g::FRAME + words.max(1)))?;
        let first = code::first_pointer(self.heap(), c);
        self.store_words(v, g::FRAME, n_all);
        let heap = self.heap_mut();
        heap.set_ptr(v, g::IP, first.wrapping_sub(1));
        heap.set_field(v, g::FUNCTION, function);
        heap.set_field(v, g::CODE, c);
        // Fresh: the frame's locals and cells are set up when it first runs.
        heap.set_int(v, g::STATE, 0);
        self.set_depth(base);
        self.complete(act, v)
    }

    /// A tuple of `n` stack words from index `from`.
    pub(super) fn tuple_from_stack(&mut self, from: u32, n: u32) -> R {
        if n == 0 {
            return Ok(Value::EMPTY_TUPLE);
        }
        let t = self.with_heap1(tuple::new, n as usize)?;
        for i in 0..n {
            let w = self.word_at(from + i);
            self.heap_mut().set_slot(t, i as usize, Value::from_bits(w));
        }
        Ok(t)
    }

    // ---- from natives ----------------------------------------------------------------------------------------

    /// Runs `op` as if an instruction of a frame of its own did it, and gives the result. `op` works on the stack and
    /// either leaves its result on top or has entered a frame that will.
    pub(super) fn nested(&mut self, op: impl FnOnce(&mut Vm) -> R<()>) -> R {
        self.check_native_stack()?;
        let slot = self.push(Value::NONE)?;
        let trampoline = self.trampoline()?;
        self.enter_frame(trampoline, 0, action::EXIT)?;
        let records = self.fiber().records;
        let r = match op(self) {
            Ok(()) if self.fiber().records == records => {
                let v = self.top(0);
                self.pop_record();
                Ok(v)
            }
            Ok(()) => self.run(),
            Err(Raised) => {
                // Raised in the instruction itself: the same road as in the loop.
                match self.unwind() {
                    Ok(true) => self.run(),
                    Ok(false) => Err(Raised),
                    Err(e) => Err(e),
                }
            }
        };
        self.drop_to(slot);
        r
    }

    pub fn call(&mut self, f: Value, args: &[Value]) -> R {
        self.call_kw(f, args, &[])
    }
    pub fn call_kw(&mut self, f: Value, args: &[Value], kw: &[(Value, Value)]) -> R {
        self.call_iter(f, args.len() as u32, kw.len() as u32, |vm| {
            for a in args {
                vm.push(*a)?;
            }
            for (k, v) in kw {
                vm.push(*k)?;
                vm.push(*v)?;
            }
            Ok(())
        })
    }
    /// Passes a native's own argument window on to `f`.
    pub fn call_args(&mut self, f: Value, args: Args) -> R {
        self.call_iter(f, args.n() as u32, args.kw() as u32, |vm| {
            for i in 0..args.n() as u32 + 2 * args.kw() as u32 {
                let w = vm.word_at(args.base + i);
                vm.push_word(w)?;
            }
            Ok(())
        })
    }
    fn call_iter(&mut self, f: Value, n: u32, kw: u32, push: impl Fn(&mut Vm) -> R<()>) -> R {
        if let Some(def) = self.native_def(f) {
            // No Python frame is needed for a native.
            let slot = self.push(f)?;
            push(self)?;
            self.check_self(f, n, n + 2 * kw)?;
            // Not `PUSH`: code that the native leaves to be run is run here, not by a loop that may come later.
            let r = self.call_native(def, n, kw, action::EXIT);
            let v = self.get(slot);
            self.drop_to(slot);
            return r.map(|()| v);
        }
        if QUICK && kw == 0 && self.heap().is(f, Kind::Function) {
            self.check_native_stack()?;
            let slot = self.push(f)?;
            push(self)?;
            if self.enter_plain(n, action::EXIT) {
                let r = self.run();
                self.drop_to(slot);
                return r;
            }
            self.drop_to(slot);
        }
        self.nested(|vm| {
            vm.push(f)?;
            push(vm)?;
            vm.call_on_stack(n, kw, action::PUSH)
        })
    }
    pub fn call_method(&mut self, obj: Value, name: Value, args: &[Value]) -> R {
        let f = self.get_attr(obj, name)?;
        self.call(f, args)
    }

    /// The `Slot` of the callee of a native's window.
    pub fn callee_slot(&self, args: Args) -> Slot {
        Slot(args.base.saturating_sub(1))
    }
}
