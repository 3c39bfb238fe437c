//! Instructions that make things: functions, containers, unpacked sequences; and names of modules and class bodies.

use super::api::Vm;
use super::state::Root;
use super::typeof_::find_entry;
use crate::code::object as code;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::exc::Part;
use crate::object::{dict, hashtable, list, slice, tuple};

/// The index, in the region, of the word that holds an entry's value.
fn entry_word(heap: &Heap, d: Value, entry: usize) -> u32 {
    (heap.field(d, 1).bits() >> 1) + 2 + 2 * entry as u32
}

impl Vm {
    // ---- functions -------------------------------------------------------------------------------------------

    fn child(&self, k: usize) -> Value {
        self.code().and_then(|c| code::child(self.heap(), c, k as u32)).unwrap_or(Value::NONE)
    }
    /// Stack (with defaults): tuple or empty, dict or empty.
    pub(super) fn make_function(&mut self, k: usize, defaults: bool) -> R<()> {
        // A module is a long row of these, without a jump or a call.
        self.turn(300)?;
        let c = self.child(k);
        let (d, kw) = if defaults { (self.top_word(1), self.top_word(0)) } else { (0, 0) };
        let n = if kw != 0 {
            3
        } else if d != 0 {
            2
        } else {
            1
        };
        let f = self.with_heap(|h| {
            let f = h.alloc(Kind::Function, n)?;
            h.set_field(f, 0, c);
            Ok(f)
        })?;
        if d != 0 {
            self.heap_mut().set_slot(f, 1, Value::from_bits(d));
        }
        if kw != 0 {
            self.heap_mut().set_slot(f, 2, Value::from_bits(kw));
        }
        if defaults {
            self.drop_n(2);
        }
        self.push(f)?;
        Ok(())
    }
    /// Stack: [defaults], `n` cells.
    pub(super) fn make_closure(&mut self, k: usize, n: usize, defaults: bool) -> R<()> {
        let at = self.depth() - n as u32;
        if defaults {
            // The function's defaults lie under the cells.
            let (d, kw) = (self.word_at(at - 2), self.word_at(at - 1));
            self.push_word(d)?;
            self.push_word(kw)?;
        }
        self.make_function(k, defaults)?;
        let f = self.top(0);
        let c = self.child(k);
        code::set_free(self.heap_mut(), c, n);
        let c = self.with_heap(|h| {
            let c = h.alloc(Kind::Closure, 2 + n)?;
            h.set_field(c, 0, f);
            h.set_int(c, 1, n as i32);
            Ok(c)
        })?;
        for i in 0..n {
            let w = self.word_at(at + i as u32);
            self.heap_mut().set_slot(c, 2 + i, Value::from_bits(w));
        }
        self.set_depth(if defaults { at - 2 } else { at });
        self.push(c)?;
        Ok(())
    }
    #[cold]
    pub(super) fn unbound_local(&mut self) -> Raised {
        self.raise(TypeId::NameError, "local variable referenced before assignment")
    }

    // ---- containers ------------------------------------------------------------------------------------------

    pub(super) fn build_tuple(&mut self, n: usize) -> R<()> {
        let at = self.depth() - n as u32;
        let t = self.tuple_from_stack(at, n as u32)?;
        self.set_depth(at);
        self.push(t)?;
        Ok(())
    }
    pub(super) fn build_list(&mut self, n: usize) -> R<()> {
        let at = self.depth() - n as u32;
        let l = self.with_heap1(list::with_capacity, n)?;
        for i in 0..n {
            let w = self.word_at(at + i as u32);
            if let Some(v) = Value::from_bits(w) {
                list::append(self.heap_mut(), l, v)?;
            }
        }
        self.set_depth(at);
        self.push(l)?;
        Ok(())
    }
    pub(super) fn build_map(&mut self, n: usize) -> R<()> {
        let d = self.with_heap1(dict::with_capacity, n)?;
        self.push(d)?;
        Ok(())
    }
    pub(super) fn build_set(&mut self, n: usize) -> R<()> {
        let s = self.with_heap1(hashtable::new, Kind::Set)?;
        self.push(s)?;
        for i in (1..=n as u32).rev() {
            let v = self.top(i);
            self.table_insert(s, v, None)?;
        }
        self.close_gap(1, n as u32);
        Ok(())
    }
    /// BUILD_SLICE; `next` is the opcode behind it.
    pub(super) fn build_slice(&mut self, n: usize, next: u8) -> R<()> {
        let (start, stop, step) = if n == 3 {
            (self.top(2), self.top(1), self.top(0))
        } else {
            let (start, stop) = self.operands();
            (start, stop, Value::NONE)
        };
        let s = if self.slice_only_passes(n as u32, [start, stop, step], next) {
            let s = self.passing_slice()?;
            for (i, v) in [start, stop, step].into_iter().enumerate() {
                // Small ints and None: nothing for the collector.
                self.heap_mut().set_word(s, i, v.bits());
            }
            s
        } else {
            self.with_heap3(slice::new, start, stop, step)?
        };
        self.finish(n as u32 - 1, s);
        Ok(())
    }
    /// Nobody but the next instruction, a subscript, sees the slice: neither the sequence nor what is stored into it can run
    /// Python, so one cell serves all such slices and slicing in place allocates nothing.
    #[inline]
    fn slice_only_passes(&self, n: u32, parts: [Value; 3], next: u8) -> bool {
        const LOAD_SUBSCR: u8 = 0x55;
        const STORE_SUBSCR: u8 = 0x56;
        const BUILT_IN: u64 = 1 << Kind::List as u32
            | 1 << Kind::Tuple as u32
            | 1 << Kind::Str as u32
            | 1 << Kind::Bytes as u32
            | 1 << Kind::ByteArray as u32
            | 1 << Kind::TypedArray as u32
            | 1 << Kind::MemoryView as u32;
        let built_in = |v| BUILT_IN >> self.heap().kind_number(v) & 1 != 0;
        parts.iter().all(|v| v.is_small() || v.is_none())
            && built_in(self.top(n))
            && match next {
                LOAD_SUBSCR => true,
                STORE_SUBSCR => Value::from_bits(self.top_word(n + 1)).is_none_or(built_in),
                _ => false,
            }
    }
    /// The slice that serves all subscripts that do not keep theirs.
    pub fn passing_slice(&mut self) -> R {
        if let Some(s) = self.root(Root::PassingSlice) {
            return Ok(s);
        }
        let s = self.with_heap3(slice::new, Value::NONE, Value::NONE, Value::NONE)?;
        self.set_root(Root::PassingSlice, Some(s));
        Ok(s)
    }
    /// STORE_MAP. Stack: dict, value, key.
    pub(super) fn store_map(&mut self) -> R<()> {
        let (d, v, k) = (self.top(2), self.top(1), self.top(0));
        self.table_insert(d, k, Some(v))?;
        self.drop_n(2);
        Ok(())
    }
    /// STORE_COMP: appends to the container of a comprehension. Stack: container, loops' words …, value, [key].
    pub(super) fn store_comp(&mut self, operand: usize) -> R<()> {
        // Low two bits: 0 list, 1 dict, 2 set; above: how far under the top the container lies.
        let (kind, far) = (operand & 3, (operand >> 2) as u32);
        let container = self.top(far);
        match kind {
            0 => {
                let v = self.top(0);
                self.with_heap_anew2(list::append, container, v)?;
                self.drop_n(1);
            }
            1 => {
                let (k, v) = (self.top(0), self.top(1));
                self.table_insert(container, k, Some(v))?;
                self.drop_n(2);
            }
            _ => {
                let v = self.top(0);
                self.table_insert(container, v, None)?;
                self.drop_n(1);
            }
        }
        Ok(())
    }
    /// Sets a key of a dict or adds an item to a set, all reachable; user classes' `__hash__` and `__eq__` are called.
    pub fn table_insert(&mut self, t: Value, k: Value, v: Option<Value>) -> R<()> {
        self.table_put(t, k, v, false).map(|_| ())
    }
    /// The same; what is there already stays (`keep`). The entry that was there.
    pub fn table_put(&mut self, t: Value, k: Value, v: Option<Value>, keep: bool) -> R<Option<usize>> {
        let mut again = 0;
        loop {
            let (found, hash) = match hashtable::find(self.heap(), t, k) {
                hashtable::Find::Found(e) => (Some(e), None),
                hashtable::Find::Missing => (None, None),
                hashtable::Find::NeedsVm => {
                    let (h, found) = self.table_find(t, k)?;
                    (found, Some(h))
                }
            };
            if let Some(e) = found {
                if let (Some(v), false) = (v, keep) {
                    hashtable::set_value(self.heap_mut(), t, e, v);
                }
                return Ok(found);
            }
            self.check_key(t, k)?;
            // Whoever comes in while there is made room may add the key too: it is looked for once more.
            if self.grow_in_turns(t)? {
                continue;
            }
            self.collect_for_tests();
            let r = hashtable::insert(self.heap_mut(), t, k, hash, v);
            if r.is_ok() || !self.collect_for_memory(&mut again, true) {
                return r.map(|()| None);
            }
        }
    }
    /// A plain dict takes no slice for a key: `d[:] = other` is a mistake. (Looking one up is not: it is missing.)
    pub fn check_key(&mut self, t: Value, k: Value) -> R<()> {
        if self.heap().is(k, Kind::Slice) && self.heap().is(t, Kind::Dict) {
            return Err(self.unsupported_unary(super::def::UnaryOp::Hash, k));
        }
        Ok(())
    }
    /// The hash of a key that only the VM can compare, and its entry.
    pub fn table_find(&mut self, t: Value, k: Value) -> R<(u32, Option<usize>)> {
        let at = self.push(t)?;
        self.push(k)?;
        let h = self.hash(k)?;
        // A comparison that changes the table each time does not go on for ever.
        let (mut cursor, mut again) = (0, 20);
        let mut found = None;
        while let Some(e) = hashtable::candidate(self.heap(), t, h, &mut cursor) {
            let Some(other) = hashtable::key(self.heap(), t, e) else { continue };
            let before = hashtable::shape_of(self.heap(), t);
            if other == k || self.equal(other, k)? {
                // The comparison may have changed the table.
                if hashtable::key(self.heap(), t, e) == Some(other) {
                    found = Some(e);
                    break;
                }
                cursor = 0;
            } else if again > 0 && before != hashtable::shape_of(self.heap(), t) {
                // What is looked for may have moved to a place that was looked at.
                (cursor, again) = (0, again - 1);
            }
        }
        self.drop_to(at);
        Ok((h, found))
    }

    // ---- unpacking -------------------------------------------------------------------------------------------

    pub(super) fn unpack_sequence(&mut self, n: usize) -> R<()> {
        let v = self.top(0);
        let known = match self.heap().kind(v) {
            Kind::Tuple => Some(tuple::len(self.heap(), v)),
            Kind::List => Some(list::len(self.heap(), v)),
            _ if v == Value::EMPTY_TUPLE => Some(0),
            _ => None,
        };
        if let Some(have) = known {
            if have != n {
                return Err(self.bad_unpack(have, n));
            }
            self.drop_n(1);
            for i in (0..n).rev() {
                let item = self.sequence_item(v, i).unwrap_or(Value::NONE);
                self.push(item)?;
            }
            return Ok(());
        }
        let it = self.iter(v)?;
        self.set_top(0, it);
        let base = self.depth();
        for i in 0..n {
            let item = self.next(it)?;
            if item == Value::STOP {
                return Err(self.bad_unpack(i, n));
            }
            self.push(item)?;
        }
        if self.next(it)? != Value::STOP {
            return Err(self.raise(TypeId::ValueError, "too many values to unpack (expected fewer)"));
        }
        self.reverse_words(base, n as u32);
        self.close_gap(n as u32, 1);
        Ok(())
    }
    #[cold]
    #[inline(never)]
    fn bad_unpack(&mut self, have: usize, want: usize) -> Raised {
        let parts: &[Part] = if have < want {
            &[Part::S("need more than "), Part::I(have as i64), Part::S(" values to unpack")]
        } else {
            &[Part::S("too many values to unpack (expected "), Part::I(want as i64), Part::S(")")]
        };
        self.raise_parts(TypeId::ValueError, parts)
    }
    fn reverse_words(&mut self, from: u32, n: u32) {
        for i in 0..n / 2 {
            let (a, b) = (self.word_at(from + i), self.word_at(from + n - 1 - i));
            self.set_word_at(from + i, b);
            self.set_word_at(from + n - 1 - i, a);
        }
    }
    /// UNPACK_EX: `a, *b, c = …`; the operand holds how many names stand before and after the star.
    pub(super) fn unpack_ex(&mut self, operand: usize) -> R<()> {
        let (left, right) = (operand & 0xff, operand >> 8 & 0xff);
        let v = self.top(0);
        let known = matches!(self.heap().kind(v), Kind::Tuple | Kind::List) || v == Value::EMPTY_TUPLE;
        if !known {
            let it = self.iter(v)?;
            self.set_top(0, it);
        }
        let (source, base) = (self.top(0), self.depth());
        let mut taken = 0;
        let mut next = |vm: &mut Vm| {
            taken += 1;
            if known {
                Ok(vm.sequence_item(source, taken - 1).unwrap_or(Value::STOP))
            } else {
                vm.next(source)
            }
        };
        for i in 0..left {
            let item = next(self)?;
            if item == Value::STOP {
                return Err(self.bad_unpack(i, left + right));
            }
            self.push(item)?;
        }
        // All the rest goes into the list: there may be more than the stack holds.
        let l = self.with_heap(list::new)?;
        self.push(l)?;
        if known {
            self.append_items(l, source, left, usize::MAX >> 2)?;
        } else {
            self.rest_into(l, source)?;
        }
        let middle = list::len(self.heap(), l).checked_sub(right);
        let Some(middle) = middle else {
            return Err(self.bad_unpack(left + list::len(self.heap(), l), left + right));
        };
        // Items after the star move next to the list, then everything is turned round.
        for i in 0..right {
            let item = list::get(self.heap(), l, middle + i).unwrap_or(Value::NONE);
            self.push(item)?;
        }
        list::splice_out(self.heap_mut(), l, middle, middle + right);
        self.reverse_words(base, (left + right) as u32 + 1);
        self.close_gap((left + right) as u32 + 1, 1);
        Ok(())
    }

    /// Appends what an iterator still gives.
    fn rest_into(&mut self, l: Value, it: Value) -> R<()> {
        loop {
            let item = self.next(it)?;
            if item == Value::STOP {
                return Ok(());
            }
            let kept = self.push(item)?;
            self.with_heap_anew2(list::append, l, item)?;
            self.drop_to(kept);
            self.tick(20)?;
        }
    }

    // ---- names -----------------------------------------------------------------------------------------------

    pub fn globals(&self) -> Value {
        self.code().and_then(|c| self.code_globals(c)).or(self.root(Root::Main)).unwrap_or(Value::NONE)
    }
    /// The dict of locals of a class body or module; the globals anywhere else.
    pub fn locals(&self) -> Value {
        let d = self.callee();
        if self.heap().is(d, Kind::Dict) { d } else { self.globals() }
    }
    pub(super) fn load_name(&mut self, name: Value, n: usize) -> R<()> {
        let d = self.locals();
        if d != self.globals()
            && let Some(v) = dict::get_name(self.heap(), d, name)
        {
            self.push(v)?;
            return Ok(());
        }
        self.load_global(name, n)
    }
    pub(super) fn load_global(&mut self, name: Value, n: usize) -> R<()> {
        let g = self.globals();
        let v = match dict::find_name(self.heap(), g, name) {
            Some(entry) => {
                let v = hashtable::value(self.heap(), g, entry).unwrap_or(Value::NONE);
                let word = entry_word(self.heap(), g, entry);
                self.cache_global(n, word << 1 | 1);
                v
            }
            None => match self.find_builtin(name)? {
                Some(v) => {
                    if !v.is_heap() && !v.is_small() {
                        self.cache_global(n, v.bits());
                    }
                    v
                }
                None => return Err(self.not_defined(name)),
            },
        };
        self.push(v)?;
        Ok(())
    }
    fn cache_global(&mut self, n: usize, word: u32) {
        if let Some(c) = self.code()
            && let Some(cache) = self.heap().slot(c, code::R_GCACHE)
        {
            let unit = code::unit(self.heap(), c);
            let heap = self.heap_mut();
            heap.note_unit(unit);
            heap.set_word(cache, n, word);
        }
    }
    /// A name of `builtins`.
    pub fn find_builtin(&mut self, name: Value) -> R<Option<Value>> {
        if let Some(d) = self.root(Root::Builtins)
            && let Some(v) = dict::get_name(self.heap(), d, name)
        {
            return Ok(Some(v).filter(|v| *v != Value::STOP));
        }
        // Remembered like an attribute of the module.
        let found = match self.heap().known_slot(Value::module(0), name) {
            Some(slot) => slot as usize,
            None => {
                let found = self.registry().modules.first().and_then(|m| find_entry(m.entries, name));
                let slot = found.map_or(0, |i| i as usize + 1);
                self.heap().remember_slot(Value::module(0), name, slot as u32);
                slot
            }
        };
        let Some(i) = found.checked_sub(1) else { return Ok(None) };
        match self.module_entry(Value::module(0), i)? {
            super::attr::Attr::Value(v) => Ok(Some(v)),
            super::attr::Attr::Dynamic(f) => f(self).map(Some),
            _ => Ok(None),
        }
    }
    pub(super) fn store_name(&mut self, name: Value) -> R<()> {
        let d = self.locals();
        self.store_in(d, name)
    }
    pub(super) fn store_global(&mut self, name: Value, n: usize) -> R<()> {
        let d = self.globals();
        self.store_in(d, name)?;
        if cfg!(not(feature = "tiny"))
            && let Some(entry) = dict::find_name(self.heap(), d, name)
        {
            self.cache_global(n, entry_word(self.heap(), d, entry) << 1 | 1);
        }
        Ok(())
    }
    fn store_in(&mut self, d: Value, name: Value) -> R<()> {
        // A module may be one long row of names, without a loop or a call.
        self.poll()?;
        let v = self.top(0);
        self.grow_in_turns(d)?;
        self.with_heap3(dict::set_name, d, name, v)?;
        self.drop_n(1);
        Ok(())
    }
    pub(super) fn delete_name(&mut self, name: Value) -> R<()> {
        let d = self.locals();
        self.delete_in(d, name)
    }
    pub(super) fn delete_global(&mut self, name: Value) -> R<()> {
        let d = self.globals();
        self.delete_in(d, name)
    }
    fn delete_in(&mut self, d: Value, name: Value) -> R<()> {
        if dict::del_name(self.heap_mut(), d, name) {
            return Ok(());
        }
        Err(self.not_defined(name))
    }
    // Messages are put together in functions of their own: in the dispatch loop their parts would lie on every stack.
    #[cold]
    #[inline(never)]
    fn not_defined(&mut self, name: Value) -> Raised {
        let parts = [Part::S("name '"), Part::V(name), Part::S("' isn't defined")];
        self.raise_parts(TypeId::NameError, &parts)
    }
}
