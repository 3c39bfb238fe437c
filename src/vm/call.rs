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
use crate::heap::{Heap, Kind, PTR_WORDS, R, Raised, Table, TypeId, Value};
use crate::object::exc::{self, Part};
use crate::object::{dict, instance, tuple};
use crate::q;

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
    fn push_mapping(&mut self, m: Value) -> R<u32> {
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

    /// Calls what lies under `n` positional values and `kw` pairs.
    pub(super) fn call_on_stack(&mut self, n: u32, kw: u32, act: u32) -> R<()> {
        let (mut n, mut hops) = (n, 0);
        loop {
            let args = n + 2 * kw;
            let callee = self.top(args);
            if callee.bits() & 3 == 2 {
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
                return Err(self.not_callable(callee));
            }
            match self.heap().kind(callee) {
                Kind::Function => return self.call_function(callee, n, kw, act),
                Kind::Closure => {
                    let function = self.heap().field(callee, 0);
                    let cells = self.heap().int(callee, 1) as u32;
                    self.open_gap(args, cells)?;
                    for i in 0..cells {
                        let cell = self.heap().field(callee, 2 + i as usize);
                        self.set_top(args + cells - 1 - i, cell);
                    }
                    return self.call_function(function, n + cells, kw, act);
                }
                Kind::BoundMethod => {
                    let (f, me) = (self.heap().field(callee, 0), self.heap().field(callee, 1));
                    self.set_top(args, f);
                    self.open_gap(args, 1)?;
                    self.set_top(args, me);
                    n += 1;
                }
                Kind::Class => match self.metaclass_method(callee, q!("__call__")) {
                    None => return self.instantiate(callee, n, kw, act),
                    Some(f) => {
                        self.open_gap(args, 1)?;
                        self.set_top(args + 1, f);
                        self.set_top(args, callee);
                        n += 1;
                    }
                },
                Kind::Instance | Kind::BigInstance => {
                    let class = self.type_of(callee);
                    let Some(f) = self.class_lookup(class, q!("__call__")) else {
                        // An instance of a subclass of a native callable.
                        return Err(self.not_callable(callee));
                    };
                    let f = match self.heap().kind(f) {
                        Kind::StaticMethod => self.heap().field(f, 0),
                        _ => {
                            self.open_gap(args, 1)?;
                            self.set_top(args, callee);
                            n += 1;
                            f
                        }
                    };
                    let at = n + 2 * kw;
                    self.set_top(at, f);
                }
                // Special methods may be static or class methods: only their look-up gets here, with the object first.
                Kind::StaticMethod if args > 0 => {
                    let f = self.heap().field(callee, 0);
                    self.close_gap(args - 1, 1);
                    n -= 1;
                    self.set_top(args - 1, f);
                }
                Kind::ClassMethod if args > 0 => {
                    let f = self.heap().field(callee, 0);
                    let t = self.type_of(self.top(args - 1));
                    self.set_top(args, f);
                    self.set_top(args - 1, t);
                }
                Kind::Free => return Err(self.not_callable(callee)),
                _ => {
                    let Some(call) = self.type_def(callee).call else {
                        return Err(self.not_callable(callee));
                    };
                    let base = self.depth() - args;
                    let v = call(self, callee, Args::new(base, n as u16, kw as u16))?;
                    self.set_depth(base);
                    return self.complete(act, v);
                }
            }
            hops += 1;
            if hops > 64 {
                return Err(self.raise_deep());
            }
        }
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
                Err(Raised) if self.heap().is_out_of_memory() => {
                    self.collect();
                    self.call_heap_native(f, n)?
                }
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

    /// Binds the arguments of a Python function and enters its frame (or makes its generator).
    fn call_function(&mut self, function: Value, n: u32, kw: u32, act: u32) -> R<()> {
        let heap = self.heap();
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

    /// The defaults in word `i` of a function, which leaves out what it does not need.
    fn function_part(&self, function: Value, i: usize) -> Option<Value> {
        let heap = self.heap();
        if i < heap.words(function) { heap.slot(function, i) } else { None }
    }

    /// Puts the arguments in the order of the function's locals.
    #[inline(never)]
    fn bind_args(&mut self, function: Value, c: Value, n: u32, kw: u32) -> R<()> {
        let heap = self.heap();
        let state = heap.word(c, code::W_STATE);
        let flags = heap.word(c, code::W_FLAGS);
        let (n_pos, n_kwonly, n_def) = (state >> 16 & 0xff, state >> 24, flags >> 8 & 0xff);
        let n_all = heap.word(c, code::W_SIZES) & 0x3ff;
        let from = self.depth() - n - 2 * kw;
        if n > n_pos && flags & flag::VAR_ARGS == 0 {
            return Err(self.bad_positional(Some(c), n_pos, n));
        }
        if kw == 0 && n_kwonly == 0 && flags & (flag::VAR_ARGS | flag::VAR_KEYWORDS) == 0 && n <= n_pos {
            // Only defaults to add.
            let defaults = self.function_part(function, 1);
            for i in n..n_pos {
                let v = if i + n_def >= n_pos { defaults } else { None };
                let Some(t) = v else { return Err(self.bad_positional(Some(c), n_pos - n_def, n)) };
                let v = self.heap().field(t, (i + n_def - n_pos) as usize);
                self.push(v)?;
            }
            return Ok(());
        }
        let to = self.depth();
        for i in 0..n_all {
            let w = if i < n.min(n_pos) { self.word_at(from + i) } else { 0 };
            self.push_word(w)?;
        }
        let mut extra = n_pos + n_kwonly;
        if flags & flag::VAR_ARGS != 0 {
            let count = n.saturating_sub(n_pos);
            let t = self.tuple_from_stack(from + n_pos, count)?;
            self.set_word_at(to + extra, t.bits());
            extra += 1;
        }
        if flags & flag::VAR_KEYWORDS != 0 {
            let d = self.with_heap(dict::new)?;
            self.set_word_at(to + extra, d.bits());
        }
        for i in 0..kw {
            let (name, v) = (self.word_at(from + n + 2 * i), self.word_at(from + n + 2 * i + 1));
            let Some(name) = Value::from_bits(name) else { continue };
            let mut known = None;
            for k in 0..n_pos + n_kwonly {
                if self.same_name(code::arg_name(self.heap(), c, k as usize), name) {
                    known = Some(k);
                    break;
                }
            }
            match known {
                Some(k) => {
                    if self.word_at(to + k) != 0 {
                        let parts = [
                            Part::S("function got multiple values for argument '"),
                            Part::V(name),
                            Part::S("'"),
                        ];
                        return Err(self.raise_parts(TypeId::TypeError, &parts));
                    }
                    self.set_word_at(to + k, v);
                }
                None if flags & flag::VAR_KEYWORDS != 0 => {
                    let d = Value::from_bits(self.word_at(to + extra)).unwrap_or(Value::NONE);
                    if dict::get_name(self.heap(), d, name).is_some() {
                        return Err(self.given_twice(name));
                    }
                    if let Some(v) = Value::from_bits(v) {
                        self.with_heap(|h| dict::set_name(h, d, name, v))?;
                    }
                }
                None => {
                    let parts = [Part::S("unexpected keyword argument '"), Part::V(name), Part::S("'")];
                    return Err(self.raise_parts(TypeId::TypeError, &parts));
                }
            }
        }
        for i in 0..n_pos {
            if self.word_at(to + i) == 0 {
                let defaults = self.function_part(function, 1).filter(|_| i + n_def >= n_pos);
                let Some(t) = defaults else {
                    return Err(if kw == 0 && flags & flag::DEF_KW_ARGS == 0 {
                        self.bad_positional(Some(c), n_pos - n_def, n)
                    } else {
                        self.missing_positional(i)
                    });
                };
                let v = self.heap().field(t, (i + n_def - n_pos) as usize);
                self.set_word_at(to + i, v.bits());
            }
        }
        for i in n_pos..n_pos + n_kwonly {
            if self.word_at(to + i) == 0 {
                let name = code::arg_name(self.heap(), c, i as usize).unwrap_or(Value::NONE);
                let found = match self.function_part(function, 2) {
                    Some(d) => dict::get_name(self.heap(), d, name),
                    None => None,
                };
                let Some(v) = found else {
                    let parts = [
                        Part::S("function missing required keyword argument '"),
                        Part::V(name),
                        Part::S("'"),
                    ];
                    return Err(self.raise_parts(TypeId::TypeError, &parts));
                };
                self.set_word_at(to + i, v.bits());
            }
        }
        self.close_gap(n_all, n + 2 * kw);
        Ok(())
    }
    fn same_name(&self, a: Option<Value>, b: Value) -> bool {
        // Parameters without a name of their own share the name `*`.
        a.is_some_and(|a| a != q!("*") && (a == b || self.heap().str_bytes(a) == self.heap().str_bytes(b)))
    }
    #[cold]
    fn given_twice(&mut self, name: Value) -> Raised {
        let parts = [Part::S("function got multiple values for argument '"), Part::V(name), Part::S("'")];
        self.raise_parts(TypeId::TypeError, &parts)
    }
    #[cold]
    fn bad_positional(&mut self, c: Option<Value>, want: u32, given: u32) -> Raised {
        let name = c.map_or(q!("function"), |c| code::name(self.heap(), c));
        let parts = [
            Part::V(name),
            Part::S(if c.is_some() { "() takes " } else { " takes " }),
            Part::I(want as i64),
            Part::S(" positional arguments but "),
            Part::I(given as i64),
            Part::S(" were given"),
        ];
        self.raise_parts(TypeId::TypeError, &parts)
    }
    #[cold]
    fn missing_positional(&mut self, i: u32) -> Raised {
        let parts = [Part::S("function missing required positional argument #"), Part::I(i as i64 + 1)];
        self.raise_parts(TypeId::TypeError, &parts)
    }

    /// A tuple of `n` stack words from index `from`.
    pub(super) fn tuple_from_stack(&mut self, from: u32, n: u32) -> R {
        if n == 0 {
            return Ok(Value::EMPTY_TUPLE);
        }
        let t = self.with_heap(|h| tuple::new(h, n as usize))?;
        for i in 0..n {
            let w = self.word_at(from + i);
            self.heap_mut().set_slot(t, i as usize, Value::from_bits(w));
        }
        Ok(t)
    }

    /// An exception with these `n` stack words as its arguments.
    fn exception_from_stack(&mut self, class: Value, from: u32, n: u32) -> R {
        let make = |h: &mut Heap, n: u32| {
            let args = if n == 0 { Value::EMPTY_TUPLE } else { tuple::new(h, n as usize)? };
            Ok((exc::new(h, class, args)?, args))
        };
        let made = match self.with_heap(|h| make(h, n)) {
            Err(Raised) => match self.heap_mut().in_emergency(|h| make(h, n)) {
                // Rather without its arguments than not at all.
                Err(Raised) => self.heap_mut().in_emergency(|h| make(h, 0)),
                made => made,
            },
            made => made,
        };
        let (e, args) = made?;
        if args != Value::EMPTY_TUPLE {
            for i in 0..n {
                let w = self.word_at(from + i);
                self.heap_mut().set_slot(args, i as usize, Value::from_bits(w));
            }
        }
        Ok(e)
    }

    // ---- making objects --------------------------------------------------------------------------------------

    /// `int(…)`, `list(…)`, …
    fn make_builtin(&mut self, id: TypeId, n: u32, kw: u32, act: u32) -> R<()> {
        let def = self.def_of(id);
        if id.is_exception() && def.make.is_none() {
            let base = self.depth() - n - 2 * kw;
            let v = self.exception_from_stack(Value::typ(id), base, n)?;
            self.set_depth(base);
            return self.complete(act, v);
        }
        match def.make.as_ref() {
            Some(make) => self.call_native(make, n, kw, act),
            None => Err(self.not_creatable(def.name)),
        }
    }

    #[cold]
    #[inline(never)]
    fn not_creatable(&mut self, name: Value) -> Raised {
        let parts = [Part::S("can't create '"), Part::V(name), Part::S("' instances")];
        self.raise_parts(TypeId::TypeError, &parts)
    }

    /// Calls a user class. Stack: class, arguments.
    pub(super) fn instantiate(&mut self, class: Value, n: u32, kw: u32, act: u32) -> R<()> {
        if act == action::PUSH {
            // The common class: no `__new__`, no native base, nothing to finalize; `__init__` was looked up before.
            match self.known_init(class) {
                Value::STOP => {}
                init => {
                    let o = self.with_heap(|h| instance::new(h, class))?;
                    return self.call_init(class, o, init, n, kw);
                }
            }
        }
        self.instantiate_in_steps(class, n, kw, act)
    }

    // On its own: what it keeps on the native stack is no part of the way of common calls.
    #[inline(never)]
    fn instantiate_in_steps(&mut self, class: Value, n: u32, kw: u32, act: u32) -> R<()> {
        let args = n + 2 * kw;
        let made = self.class_lookup(class, q!("__new__"));
        if act != action::PUSH {
            // More than one step: let a nested loop do them, then the caller's own step.
            let base = self.depth() - args - 1;
            let v = self.nested(|vm| {
                for i in 0..args + 1 {
                    let w = vm.word_at(base + i);
                    vm.push_word(w)?;
                }
                vm.call_on_stack(n, kw, action::PUSH)
            })?;
            self.set_depth(base + 1);
            return self.complete(act, v);
        }
        if let Some(new) = made {
            let new = if self.heap().is(new, Kind::StaticMethod) { self.heap().field(new, 0) } else { new };
            if new != self.object_new() {
                // Stack: class, arguments | __new__, class, arguments
                self.push(new)?;
                self.push(class)?;
                let d = self.depth();
                for i in 0..args {
                    let w = self.word_at(d - 2 - args + i);
                    self.push_word(w)?;
                }
                return self.call_on_stack(n + 1, kw, action::with(action::NEW, n | kw << 8));
            }
        }
        let object = self.new_object(class, n, kw)?;
        self.init_object(class, object, n, kw)
    }

    /// A new instance of `class`, not initialised; the arguments lie on the stack (a native part may want them).
    pub(super) fn new_object(&mut self, class: Value, n: u32, kw: u32) -> R {
        let o = self.new_object_plain(class, n, kw)?;
        if self.class_flags(class) & instance::class::HAS_DEL != 0 {
            let at = self.push(o)?;
            self.with_heap(|h| h.register_finalizer(o))?;
            self.drop_to(at);
        }
        Ok(o)
    }
    fn new_object_plain(&mut self, class: Value, n: u32, kw: u32) -> R {
        let base = self.depth() - n - 2 * kw;
        match self.native_base(class) {
            None => self.with_heap(|h| instance::new(h, class)),
            Some(id) if id.is_exception() => {
                let e = self.exception_from_stack(class, base, n)?;
                if self.class_lookup(class, q!("__init__")).is_some_and(|f| !self.is_native(f)) {
                    self.heap_mut().set_int(e, exc::field::FLAGS, exc::INCOMPLETE);
                }
                Ok(e)
            }
            #[cfg(feature = "metaclasses")]
            Some(TypeId::Type) => self.new_by_metaclass(class, Args::new(base, n as u16, kw as u16)),
            Some(id) => {
                let def = self.def_of(id);
                let own_init = self.class_lookup(class, q!("__init__")).is_some_and(|f| !self.is_native(f));
                let part = match def.make.as_ref() {
                    // What cannot change later gets the arguments now.
                    Some(make) if !own_init || is_immutable(id) => {
                        let at = self.push(Value::NONE)?;
                        for i in 0..n + 2 * kw {
                            let w = self.word_at(base + i);
                            self.push_word(w)?;
                        }
                        self.call_native(make, n, kw, action::PUSH)?;
                        let part = self.top(0);
                        self.drop_to(at);
                        part
                    }
                    Some(make) if make.min() == 0 => {
                        let at = self.push(Value::NONE)?;
                        self.call_native(make, 0, 0, action::PUSH)?;
                        let part = self.top(0);
                        self.drop_to(at);
                        part
                    }
                    _ => Value::NONE,
                };
                let at = self.push(part)?;
                let o = self.with_heap(|h| instance::new(h, class))?;
                let part = self.get(at);
                self.heap_mut().set_field(o, 1, part);
                self.drop_to(at);
                Ok(o)
            }
        }
    }

    /// Calls `__init__` on a new object. Stack: class, arguments; afterwards the object is in the class's place.
    fn init_object(&mut self, class: Value, object: Value, n: u32, kw: u32) -> R<()> {
        let init =
            self.class_lookup(class, q!("__init__")).filter(|f| !self.is_native(*f)).unwrap_or(Value::NONE);
        self.call_init(class, object, init, n, kw)
    }
    /// `init` is None where the class has none of its own.
    fn call_init(&mut self, class: Value, object: Value, init: Value, n: u32, kw: u32) -> R<()> {
        let args = n + 2 * kw;
        self.set_top(args, object);
        if init.is_none() {
            if args != 0 && self.native_base(class).is_none() {
                return Err(self.bad_positional(None, 0, n + kw));
            }
            self.drop_n(args);
            return Ok(());
        }
        // Stack: object | __init__, object, arguments
        self.open_gap(args, 2)?;
        self.set_top(args + 1, init);
        self.set_top(args, object);
        if self.heap().is(init, Kind::Function) {
            return self.call_function(init, n + 1, kw, action::INIT);
        }
        self.call_on_stack(n + 1, kw, action::INIT)
    }
    /// The `__init__` of a plain class: None where it has none, `STOP` where making an instance takes more.
    /// Remembered in the class until any class changes.
    fn known_init(&mut self, class: Value) -> Value {
        use instance::class as word;
        let epoch = self.state().class_epoch;
        if self.heap().int(class, word::EPOCH) == epoch {
            return self.heap().field(class, word::INIT);
        }
        let new = self.class_lookup(class, q!("__new__"));
        let plain = self.native_base(class).is_none()
            && self.class_flags(class) & word::HAS_DEL == 0
            && self.metaclass_method(class, q!("__call__")).is_none()
            && (new.is_none() || new == Some(self.object_new()));
        let init = if plain {
            self.class_lookup(class, q!("__init__")).filter(|f| !self.is_native(*f)).unwrap_or(Value::NONE)
        } else {
            Value::STOP
        };
        self.heap_mut().set_field(class, word::INIT, init);
        self.heap_mut().set_int(class, word::EPOCH, epoch);
        init
    }

    /// `__new__` returned `made`. Stack: class, arguments, callee's slot.
    pub(super) fn after_new(&mut self, data: u32, made: Value) -> R<()> {
        let (n, kw) = (data & 0xff, data >> 8 & 0xff);
        self.drop_n(1);
        let class = self.top(n + 2 * kw);
        if self.is_instance(made, class) {
            return self.init_object(class, made, n, kw);
        }
        self.drop_n(n + 2 * kw);
        self.set_top(0, made);
        Ok(())
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
    fn call_iter(&mut self, f: Value, n: u32, kw: u32, push: impl FnOnce(&mut Vm) -> R<()>) -> R {
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

/// Values of the type are whole when they are made.
fn is_immutable(id: TypeId) -> bool {
    matches!(
        id,
        TypeId::Int
            | TypeId::Float
            | TypeId::Complex
            | TypeId::Str
            | TypeId::Bytes
            | TypeId::Tuple
            | TypeId::FrozenSet
    )
}
