//! Symbolic code to bytecode: names find their places, jumps their distances, tables their order.
//!
//! Invariants
//! - scopes are assembled in the order in which they come to exist: a scope's children after the scopes of its own level;
//! - the tables of names and constants fill in the order in which `mpy-cross` meets them: every scope is walked once with
//!   names undecided, then each scope again for its sizes; dead code counts for the tables and leaves no bytes;
//! - jumps start long and shrink from walk to walk; a walk that changes no size ends it, and the same walk once more writes.

use super::Compiler;
use super::ir::{self, unzigzag};
use super::messages as msg;
use super::params::NO_NAME;
use super::scope::{DOUBLE_STAR, Field, Id, IdKind, PARAM, POSITIONAL_ONLY, STAR, ScopeKind};
use crate::code::object as code;
use crate::code::op::{self, Format, info};
use crate::heap::{ByteVec, Kind, Place, R, Raised, TypeId, Value, ValueVec};
use crate::object::exc;
use crate::q;

/// Which walk this is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Decides whose each name is.
    Scope,
    /// Finds the depth of the stack; all jumps are long.
    Stack,
    /// Finds the sizes.
    Size,
    /// Writes.
    Write,
}

/// One walk over one scope.
struct Walk {
    mode: Mode,
    at: usize,
    stack: i32,
    level: u32,
    /// The code that follows can never run.
    dead: bool,
    star: bool,
    children: u32,
    /// Bytes of information and of code so far.
    info: usize,
    code: usize,
    /// Where the code was when the last line was noted.
    line_at: usize,
    out: ByteVec,
    /// Where code starts in `out`.
    code_at: usize,
}

/// What the prelude has to say about sizes, from the walk before.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Sizes {
    info: usize,
    code: usize,
    section: u32,
    cells: u32,
}

impl Compiler<'_> {
    /// All scopes to code objects; the module's.
    pub fn assemble(&mut self) -> R {
        for name in [q!("__class__"), q!("*"), q!("")] {
            self.intern_value(name)?;
        }
        for _ in 0..self.names.values.len() {
            self.name_numbers.push(self.heap, 0)?;
            self.heap.worked(60);
        }
        for _ in 0..self.pool.len() {
            self.const_numbers.push(self.heap, 0)?;
            self.heap.worked(60);
        }
        self.ir.trim(self.heap);
        self.keep_ir();
        for s in 0..self.n_scopes() {
            self.set_field(s, Field::Last, 0);
            self.heap.worked(50);
        }
        let file = self.intern_value(self.options.file_name)?;
        self.use_name(file)?;
        self.scope = 0;
        self.order.push(self.heap, 0)?;
        let mut i = 0;
        while let Some(s) = self.order.get(self.heap, i) {
            self.look_at(s)?;
            self.walk(s, Mode::Scope, Sizes::default(), 0)?;
            self.check_lost()?;
            self.close_over_reads()?;
            i += 1;
        }
        for i in 0..self.order.len() {
            let s = self.order.get(self.heap, i).unwrap_or(0);
            self.number_locals(s)?;
            self.heap.worked_here(300);
        }
        for i in 0..self.order.len() {
            let s = self.order.get(self.heap, i).unwrap_or(0);
            self.look_at(s)?;
            self.assemble_scope(s)?;
        }
        self.finish()
    }

    #[inline(never)]
    fn assemble_scope(&mut self, s: u32) -> R<()> {
        let (mut last, _) = self.walk(s, Mode::Stack, Sizes::default(), 0)?;
        // The walk after the first two may still shrink; one that does not is final.
        (last, _) = self.walk(s, Mode::Size, last, 0)?;
        loop {
            let (sizes, _) = self.walk(s, Mode::Size, last, 0)?;
            let done = sizes.info == last.info && sizes.code == last.code;
            last = sizes;
            if done {
                break;
            }
        }
        let (_, mut out) = self.walk(s, Mode::Write, last, last.info + last.code)?;
        // The symbolic code gives way to the bytes.
        self.ir.free(self.heap);
        self.set_field(s, Field::Length, out.len() as u32);
        let cell = out.take_cell(self.heap);
        self.set_field(s, Field::Bytes, cell.map_or(0, Value::bits));
        self.heap.keep(cell.unwrap_or(Value::NONE))?;
        self.check_lost()
    }

    // ---- reading symbolic code -------------------------------------------------------------------------------

    fn ir_at(&self, w: &mut Walk) -> u8 {
        let b = self.ir.get(self.heap, w.at).unwrap_or(ir::END);
        w.at += 1;
        b
    }
    fn group_at(&self, w: &mut Walk) -> u32 {
        let (mut n, mut shift) = (0u32, 0);
        loop {
            let b = self.ir_at(w);
            n |= ((b & 0x7f) as u32).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if b & 0x80 == 0 {
                return n;
            }
        }
    }

    // ---- writing ---------------------------------------------------------------------------------------------

    fn put_info(&mut self, w: &mut Walk, b: u8) {
        if w.mode == Mode::Write {
            w.out.set(self.heap, w.info, b);
        }
        w.info += 1;
    }
    fn put(&mut self, w: &mut Walk, b: u8) {
        if w.dead {
            return;
        }
        if w.mode == Mode::Write {
            w.out.set(self.heap, w.code_at + w.code, b);
        }
        w.code += 1;
    }
    fn info_number(&mut self, w: &mut Walk, n: u32) {
        let mut shift = groups(n) * 7;
        while shift > 0 {
            shift -= 7;
            self.put_info(w, (n >> shift) as u8 & 0x7f | if shift > 0 { 0x80 } else { 0 });
        }
    }
    fn uint(&mut self, w: &mut Walk, n: u32) {
        let mut shift = groups(n) * 7;
        while shift > 0 {
            shift -= 7;
            self.put(w, (n >> shift) as u8 & 0x7f | if shift > 0 { 0x80 } else { 0 });
        }
    }
    /// A signed number: as many groups as keep its sign.
    fn signed(&mut self, w: &mut Walk, n: i32) {
        let mut shift = 7;
        while shift < 28 && !(-1 << (shift - 1)..1 << (shift - 1)).contains(&n) {
            shift += 7;
        }
        if shift == 28 && !(-1 << 27..1 << 27).contains(&n) {
            shift = 35;
        }
        while shift > 0 {
            shift -= 7;
            let group = if shift > 31 { n >> 31 } else { n >> shift };
            self.put(w, group as u8 & 0x7f | if shift > 0 { 0x80 } else { 0 });
        }
    }
    fn depth(&mut self, s: u32, w: &mut Walk, by: i32) {
        w.stack += by;
        if w.mode != Mode::Scope && w.stack > self.field(s, Field::Stack) as i32 {
            self.set_field(s, Field::Stack, w.stack as u32);
        }
    }
    fn plain(&mut self, s: u32, w: &mut Walk, o: u8) {
        self.depth(s, w, effect(o, 0));
        self.put(w, o);
    }
    fn with_number(&mut self, s: u32, w: &mut Walk, o: u8, n: u32) {
        self.depth(s, w, effect(o, n));
        self.put(w, o);
        self.uint(w, n);
    }
    fn with_name(&mut self, s: u32, w: &mut Walk, o: u8, name: u32) -> R<()> {
        let n = self.use_name(name)?;
        self.with_number(s, w, o, n);
        Ok(())
    }

    fn jump(&mut self, s: u32, w: &mut Walk, o: u8, label: u32) -> R<()> {
        self.depth(s, w, effect(o, 0));
        if w.dead || w.mode == Mode::Scope {
            return Ok(());
        }
        let signed = o <= op::POP_JUMP_IF_FALSE;
        let mut short = false;
        let mut far = 0;
        if w.mode != Mode::Stack {
            far = self.labels.get(self.heap, label as usize).unwrap_or(0) as i32 - w.code as i32 - 2;
            short = if signed { (-64..=63).contains(&far) } else { (0..=127).contains(&far) };
            far -= !short as i32;
        }
        self.put(w, o);
        if short {
            self.put(w, if signed { far + 0x40 } else { far } as u8 & 0x7f);
            return Ok(());
        }
        let bits = if signed { far + 0x4000 } else { far };
        if w.mode == Mode::Write && !(0..=0x7fff).contains(&bits) {
            return Err(exc::raise(self.heap, TypeId::RuntimeError, "bytecode overflow"));
        }
        self.put(w, bits as u8 | 0x80);
        self.put(w, (bits >> 7) as u8);
        Ok(())
    }
    fn set_label(&mut self, label: u32, to: u32) -> R<()> {
        while self.labels.len() <= label as usize {
            self.labels.push(self.heap, 0)?;
            self.heap.worked(60);
        }
        self.labels.set(self.heap, label as usize, to);
        Ok(())
    }

    /// The lines from the last note to here.
    fn line(&mut self, w: &mut Walk, mut lines: u32) {
        let mut bytes = (w.code - w.line_at) as u32;
        w.line_at = w.code;
        while bytes > 0 || lines > 0 {
            let (b, l);
            if lines <= 6 || bytes > 0xf {
                b = bytes.min(0x1f);
                l = if b < bytes { 0 } else { lines.min(3) };
                self.put_info(w, (b | l << 5) as u8);
            } else {
                b = bytes.min(0xf);
                l = lines.min(0x7ff);
                self.put_info(w, (0x80 | b | l >> 4 & 0x70) as u8);
                self.put_info(w, l as u8);
            }
            bytes -= b;
            lines -= l;
        }
    }

    #[inline(never)]
    fn prelude(&mut self, s: u32, w: &mut Walk, before: Sizes) -> R<usize> {
        let mut state = (self.field(s, Field::Locals) + self.field(s, Field::Stack)).max(1) - 1;
        let mut blocks = self.field(s, Field::Blocks);
        let mut flags = self.field(s, Field::Flags) & 0xf;
        let mut positional = self.field(s, Field::Positional);
        let mut keyword = self.field(s, Field::KeywordOnly);
        let mut defaults = self.field(s, Field::Defaults);
        let mut z = (state & 0xf) << 3 | (blocks & 1) << 2 | positional & 3;
        state >>= 4;
        blocks >>= 1;
        positional >>= 2;
        while state | blocks | flags | positional | keyword | defaults != 0 {
            self.put_info(w, z as u8 | 0x80);
            z = (flags & 1) << 6
                | (state & 3) << 4
                | (keyword & 1) << 3
                | (positional & 1) << 2
                | (blocks & 1) << 1
                | defaults & 1;
            state >>= 2;
            blocks >>= 1;
            flags >>= 1;
            positional >>= 1;
            keyword >>= 1;
            defaults >>= 1;
        }
        self.put_info(w, z as u8);
        if matches!(w.mode, Mode::Size | Mode::Write) {
            let (mut section, mut cells) = (before.section, before.cells);
            loop {
                let z = (section & 0x3f) << 1 | cells & 1;
                section >>= 6;
                cells >>= 1;
                let more = section | cells != 0;
                self.put_info(w, z as u8 | (more as u8) << 7);
                if !more {
                    break;
                }
            }
        }
        let start = w.info;
        let name = self.field(s, Field::Name);
        let n = self.use_name(name)?;
        self.info_number(w, n);
        let star = self.intern_value(q!("*"))?;
        for i in 0..self.field(s, Field::Positional) + self.field(s, Field::KeywordOnly) {
            if w.mode == Mode::Scope {
                break;
            }
            let mut id = self.first_id(s);
            while id != 0 && !(self.id_flags(id) & PARAM != 0 && self.id_local(id) == i) {
                id = self.next_id(id);
            }
            let nameless = id == 0 || self.id_flags(id) & POSITIONAL_ONLY != 0;
            let name = if nameless { star } else { self.id_name(id) };
            let n = self.use_name(name)?;
            self.info_number(w, n);
        }
        Ok(start)
    }

    // ---- the walk --------------------------------------------------------------------------------------------

    fn walk(&mut self, s: u32, mode: Mode, before: Sizes, room: usize) -> R<(Sizes, ByteVec)> {
        let mut out = ByteVec::new();
        if mode == Mode::Write {
            out.insert_gap(self.heap, 0, room)?;
        }
        let mut w = Walk {
            mode,
            at: 0,
            stack: 0,
            level: 0,
            dead: false,
            star: false,
            children: 0,
            info: 0,
            code: 0,
            line_at: 0,
            out,
            code_at: before.info,
        };
        self.ir = self.ir_of(s);
        match self.walk_all(s, &mut w, before) {
            Ok(sizes) => Ok((sizes, w.out)),
            Err(r) => {
                w.out.free(self.heap);
                Err(r)
            }
        }
    }
    fn walk_all(&mut self, s: u32, w: &mut Walk, before: Sizes) -> R<Sizes> {
        if w.mode == Mode::Scope && self.kind_of_scope(s) == ScopeKind::Class {
            let name = self.intern_value(q!("__class__"))?;
            self.id_declared_local(name)?;
        }
        let start = self.prelude(s, w, before)?;
        loop {
            let o = self.ir_at(w);
            if o == ir::END {
                break;
            }
            self.heap.worked_here(200);
            self.operation(s, w, o)?;
        }
        let section = (w.info - start) as u32;
        let mut cells = 0;
        let mut id = if w.mode == Mode::Scope { 0 } else { self.first_id(s) };
        while id != 0 {
            if self.id_kind(id) == IdKind::Cell {
                let n = self.id_local(id);
                self.put_info(w, n as u8);
                cells += 1;
            }
            id = self.next_id(id);
        }
        Ok(Sizes { info: w.info, code: w.code, section, cells })
    }

    #[inline(never)]
    fn operation(&mut self, s: u32, w: &mut Walk, o: u8) -> R<()> {
        let scope = w.mode == Mode::Scope;
        match o {
            ir::LINE => {
                let lines = self.group_at(w);
                self.line(w, lines);
            }
            ir::LABEL => {
                let label = self.group_at(w);
                w.dead = false;
                if !scope {
                    self.set_label(label, w.code as u32)?;
                }
            }
            ir::ADJUST => {
                let by = self.ir_at(w) as i8;
                self.depth(s, w, by as i32);
            }
            ir::NOP => {}
            ir::SCOPE => {
                let child = self.group_at(w);
                if scope {
                    self.order.push(self.heap, child)?;
                }
            }
            ir::CLOSE => {
                let child = self.group_at(w);
                self.close(s, w, child);
            }
            ir::LOAD_ID | ir::STORE_ID | ir::DELETE_ID => {
                let name = self.group_at(w);
                self.identifier(s, w, o, name)?;
            }
            ir::FIRST_PARAM => {
                let mut id = self.first_id(s);
                while id != 0 && self.id_flags(id) & PARAM == 0 {
                    id = self.next_id(id);
                }
                if id == 0 {
                    return Err(self.compile_error(msg::NO_SELF, 0));
                }
                let name = self.id_name(id);
                self.identifier(s, w, ir::LOAD_ID, name)?;
            }
            ir::CLASS_END => {
                let name = self.intern_value(q!("__class__"))?;
                let id = self.place(name);
                match self.id_kind(id) {
                    IdKind::Local => self.plain(s, w, op::LOAD_CONST_NONE),
                    _ => self.local(s, w, op::LOAD_FAST_N, op::LOAD_FAST_MULTI, id),
                }
            }
            ir::GLOBAL | ir::NONLOCAL => {
                let (name, line) = (self.group_at(w), self.group_at(w));
                match o {
                    _ if !scope => {}
                    ir::GLOBAL => self.id_global(name, line)?,
                    _ => self.id_nonlocal(name, line)?,
                }
            }
            ir::WALRUS | ir::DECLARE => {
                let name = self.group_at(w);
                match o {
                    _ if !scope => {}
                    ir::WALRUS => self.id_walrus(name)?,
                    _ => self.id_declared_local(name)?,
                }
            }
            ir::ERROR => {
                let (message, line) = (self.group_at(w), self.group_at(w));
                return Err(self.compile_error(message, line));
            }
            ir::PARAM => {
                let (name, line) = (self.group_at(w), self.group_at(w));
                let flags = self.ir_at(w);
                if scope {
                    let mut star = w.star;
                    self.id_param(name, flags, line, &mut star)?;
                    w.star = star;
                }
            }
            ir::LOOP => {
                for _ in 0..2 {
                    let label = self.group_at(w);
                    if scope {
                        self.set_label(label, w.level)?;
                    }
                }
            }
            ir::BREAK => self.unwind(s, w)?,
            _ => self.real(s, w, o)?,
        }
        Ok(())
    }

    /// An operation that stands for itself.
    fn real(&mut self, s: u32, w: &mut Walk, o: u8) -> R<()> {
        match info(o).format {
            Format::Name => {
                let name = self.group_at(w);
                self.with_name(s, w, o, name)?;
            }
            Format::Const => {
                let i = self.group_at(w);
                let n = self.use_const(i)?;
                self.with_number(s, w, o, n);
            }
            Format::Int => {
                let n = unzigzag(self.group_at(w));
                self.depth(s, w, 1);
                self.put(w, o);
                self.signed(w, n);
            }
            Format::Forward | Format::Jump | Format::Unwind => {
                let label = self.group_at(w);
                self.jump(s, w, o, label)?;
                if matches!(o, op::SETUP_WITH | op::SETUP_EXCEPT | op::SETUP_FINALLY) {
                    w.level += 1;
                    let most = self.field(s, Field::Blocks).max(w.level);
                    self.set_field(s, Field::Blocks, most);
                }
            }
            Format::None | Format::Free => {
                self.plain(s, w, o);
                if o == op::END_FINALLY {
                    w.level = w.level.saturating_sub(1);
                }
            }
            _ => {
                let n = self.group_at(w);
                self.with_number(s, w, o, n);
            }
        }
        w.dead |= matches!(
            o,
            op::JUMP
                | op::POP_EXCEPT_JUMP
                | op::RETURN_VALUE
                | op::RAISE_LAST
                | op::RAISE_OBJ
                | op::RAISE_FROM
        );
        Ok(())
    }

    /// `break` and `continue`.
    fn unwind(&mut self, s: u32, w: &mut Walk) -> R<()> {
        let label = self.group_at(w);
        let at = w.at;
        let mut how = self.ir_at(w);
        if w.mode == Mode::Scope {
            let outer = self.labels.get(self.heap, label as usize).unwrap_or(0);
            how = how & 0x80 | (w.level.saturating_sub(outer)) as u8 & 0x7f;
            self.ir.set(self.heap, at, how);
        }
        if how & 0x7f != 0 {
            self.jump(s, w, op::UNWIND_JUMP, label)?;
            self.put(w, how);
        } else {
            if how & 0x80 != 0 {
                for _ in 0..op::ITER_SLOTS {
                    self.put(w, op::POP_TOP);
                }
            }
            self.jump(s, w, op::JUMP, label)?;
        }
        w.dead = true;
        Ok(())
    }

    fn identifier(&mut self, s: u32, w: &mut Walk, o: u8, name: u32) -> R<()> {
        if w.mode == Mode::Scope {
            match o {
                ir::LOAD_ID => self.id_loaded(name)?,
                _ => self.id_stored(s, name)?,
            };
            return Ok(());
        }
        let id = self.place(name);
        let (by_name, global, fast, multi, deref) = match o {
            ir::LOAD_ID => {
                (op::LOAD_NAME, op::LOAD_GLOBAL, op::LOAD_FAST_N, op::LOAD_FAST_MULTI, op::LOAD_DEREF)
            }
            ir::STORE_ID => {
                (op::STORE_NAME, op::STORE_GLOBAL, op::STORE_FAST_N, op::STORE_FAST_MULTI, op::STORE_DEREF)
            }
            _ => (op::DELETE_NAME, op::DELETE_GLOBAL, op::DELETE_FAST, 0, op::DELETE_DEREF),
        };
        let kind = match self.kind_of_scope(s) {
            // A class body that names `__class__` itself means an attribute, not the cell of `super()`. (`mpy-cross` makes
            // it a local variable that the frame has no room for.)
            ScopeKind::Class if self.is_name(name, q!("__class__")) => IdKind::Implicit,
            _ => self.id_kind(id),
        };
        match kind {
            IdKind::Explicit => self.with_name(s, w, global, name)?,
            IdKind::Local => self.local(s, w, fast, multi, id),
            IdKind::Cell | IdKind::Free => {
                let n = self.id_local(id);
                self.with_number(s, w, deref, n);
            }
            _ => self.with_name(s, w, by_name, name)?,
        }
        Ok(())
    }
    /// A local by number, in the operation itself where there is room (`multi` 0: never).
    fn local(&mut self, s: u32, w: &mut Walk, o: u8, multi: u8, id: Id) {
        let n = self.id_local(id);
        if multi != 0 && n < 16 {
            self.plain(s, w, multi + n as u8);
        } else {
            self.with_number(s, w, o, n);
        }
    }

    /// The function of a child scope, over the cells that it takes.
    fn close(&mut self, s: u32, w: &mut Walk, child: u32) {
        let mut cells = 0;
        let mut id = if s == 0 || w.mode == Mode::Scope { 0 } else { self.first_id(s) };
        while id != 0 {
            if matches!(self.id_kind(id), IdKind::Cell | IdKind::Free) {
                let inner = self.find_id(child, self.id_name(id));
                if inner != 0 && self.id_kind(inner) == IdKind::Free {
                    self.local(s, w, op::LOAD_FAST_N, op::LOAD_FAST_MULTI, id);
                    cells += 1;
                }
            }
            id = self.next_id(id);
        }
        let defaults = self.field(child, Field::Defaults) != 0
            || self.field(child, Field::Flags) & op::scope::DEFKWARGS as u32 != 0;
        let o = match (cells > 0, defaults) {
            (false, false) => op::MAKE_FUNCTION,
            (false, true) => op::MAKE_FUNCTION_DEFARGS,
            (true, false) => op::MAKE_CLOSURE,
            (true, true) => op::MAKE_CLOSURE_DEFARGS,
        };
        self.depth(s, w, 1 - cells - 2 * defaults as i32);
        let n = w.children;
        w.children += 1;
        self.set_field(child, Field::Child, n);
        self.put(w, o);
        self.uint(w, n);
        if cells > 0 {
            self.put(w, cells as u8);
        }
    }

    // ---- the end ---------------------------------------------------------------------------------------------

    /// Code objects, children before parents, and the tables that they share.
    #[inline(never)]
    fn finish(&mut self) -> R {
        for v in [
            &mut self.work,
            &mut self.ids,
            &mut self.places,
            &mut self.labels,
            &mut self.name_numbers,
            &mut self.const_numbers,
        ] {
            v.free(self.heap);
        }
        let unit = code::new_unit(self.heap)?;
        self.heap.keep(unit)?;
        let mut table = ValueVec::with_capacity(self.heap, self.name_table.len())?;
        self.heap.keep(table.cell().unwrap_or(Value::NONE))?;
        for i in 0..self.name_table.len() {
            let name = self.name_table.get(self.heap, i).unwrap_or(0);
            let v = self.name_value(name);
            table.push(self.heap, v)?;
            self.heap.worked_here(100);
        }
        let names = table.take_cell(self.heap).unwrap_or(Value::NONE);
        let mut table = ValueVec::with_capacity(self.heap, self.const_table.len())?;
        self.heap.keep(table.cell().unwrap_or(Value::NONE))?;
        for i in 0..self.const_table.len() {
            let v = self.const_table.get(self.heap, i).and_then(Value::from_bits);
            table.push(self.heap, v)?;
            self.heap.worked_here(100);
        }
        let consts = table.take_cell(self.heap);
        code::set_tables(self.heap, unit, names, consts)?;
        let mut made = Value::NONE;
        let mut first = self.order.len();
        for i in (0..self.order.len()).rev() {
            let s = self.order.get(self.heap, i).unwrap_or(0);
            // Its children come one after the other, behind those of the scopes before it.
            let end = first;
            while first > i + 1 && self.is_child(first - 1, s) {
                first -= 1;
            }
            let children = self.children(first, end)?;
            let bytes = Value::from_bits(self.field(s, Field::Bytes)).unwrap_or(Value::NONE);
            let len = self.field(s, Field::Length) as usize;
            made = match code::new_lent(self.heap, unit, Place::Cell(bytes, 0, len), children) {
                Ok(made) => made,
                Err(raised) => return Err(self.too_large(raised, s)),
            };
            self.heap.keep(made)?;
            let line = self.field(s, Field::Line);
            code::set_first_line(self.heap, made, line);
            // From here on the record holds the code object in place of its bytes.
            self.set_field(s, Field::Bytes, made.bits());
            self.heap.worked_here(1000);
            self.check_lost()?;
        }
        Ok(made)
    }
    /// What code objects have no room for is damage in a file, but a program too large.
    #[cold]
    fn too_large(&mut self, raised: Raised, s: u32) -> Raised {
        let of_memory = |e: &Value| !self.heap.is(*e, Kind::Exception) || Some(*e) == self.heap.oom;
        if self.heap.raised.as_ref().is_none_or(of_memory) {
            return raised;
        }
        self.heap.raised = None;
        self.scope = s;
        self.compile_error(msg::TOO_LARGE, self.field(s, Field::Line))
    }
    fn is_child(&self, i: usize, s: u32) -> bool {
        self.order.get(self.heap, i).is_some_and(|c| self.field(c, Field::Parent) == s)
    }
    /// The finished code of the scopes `from..to` of the order, each in its place.
    fn children(&mut self, from: usize, to: usize) -> R<Option<Value>> {
        let mut children = ValueVec::with_capacity(self.heap, to - from)?;
        self.heap.keep(children.cell().unwrap_or(Value::NONE))?;
        for j in from..to {
            let s = self.order.get(self.heap, j).unwrap_or(0);
            let (at, v) = (self.field(s, Field::Child), Value::from_bits(self.field(s, Field::Bytes)));
            while children.len() <= at as usize {
                children.push(self.heap, None)?;
            }
            children.set(self.heap, at as usize, v);
            self.heap.worked(200);
        }
        Ok(children.take_cell(self.heap))
    }
}

/// How many 7-bit groups a number takes.
fn groups(n: u32) -> u32 {
    (32 - n.leading_zeros()).div_ceil(7).max(1)
}

/// What an operation adds to the depth of the stack.
fn effect(o: u8, n: u32) -> i32 {
    let count = n as i32;
    let args = |n: u32| (n & 0xff) as i32 + 2 * (n >> 8) as i32;
    match o {
        op::LOAD_METHOD | op::IMPORT_FROM => 1,
        op::LOAD_SUPER_METHOD => -1,
        op::STORE_ATTR => -2,
        op::LOAD_FAST_N => 1,
        op::STORE_FAST_N => -1,
        op::DELETE_FAST => 0,
        op::BUILD_TUPLE | op::BUILD_LIST | op::BUILD_SET | op::BUILD_SLICE => 1 - count,
        op::STORE_COMP => -1 - (n & 3 == 1) as i32,
        op::UNPACK_SEQUENCE => count - 1,
        op::UNPACK_EX => (n & 0xff) as i32 + (n >> 8) as i32,
        op::CALL_FUNCTION => -args(n),
        op::CALL_FUNCTION_VAR_KW | op::CALL_METHOD => -args(n) - 1,
        op::CALL_METHOD_VAR_KW => -args(n) - 2,
        op::JUMP | op::UNWIND_JUMP | op::SETUP_EXCEPT | op::SETUP_FINALLY | op::POP_EXCEPT_JUMP => 0,
        op::POP_JUMP_IF_TRUE | op::POP_JUMP_IF_FALSE | op::JUMP_IF_TRUE_OR_POP | op::JUMP_IF_FALSE_OR_POP => {
            -1
        }
        op::SETUP_WITH | op::WITH_CLEANUP | op::DUP_TOP_TWO => 2,
        op::FOR_ITER | op::LOAD_NULL | op::DUP_TOP => 1,
        op::STORE_SUBSCR => -3,
        op::POP_TOP | op::END_FINALLY | op::RETURN_VALUE | op::RAISE_OBJ => -1,
        op::ROT_TWO | op::ROT_THREE | op::RAISE_LAST => 0,
        op::GET_ITER_STACK => op::ITER_SLOTS as i32 - 1,
        op::STORE_MAP | op::RAISE_FROM => -2,
        op::EXTENDED => op::extended::info(n).map_or(0, |i| i.push as i32 - i.pop as i32),
        _ => match info(o).effect {
            op::Effect::Values(pop, push) => push as i32 - pop as i32,
            op::Effect::Special => match op::multi(o) {
                op::Multi::LoadFast(_) => 1,
                op::Multi::StoreFast(_) => -1,
                _ => 0,
            },
        },
    }
}

const _: () = assert!(PARAM | STAR | DOUBLE_STAR == 7 && NO_NAME > 0);
