//! `Unit` and `Code` cells: what a file of code shares, and one function, class or module body.
//!
//! Invariants
//! - a unit's names and constants have no holes: an empty word at the end of their arrays is padding;
//! - name 0 of a unit is its file's name;
//! - a code's tables are its unit's: codes made before `set_tables` get them from `link`;
//! - a `Code` cell's packed words repeat what its prelude says, so a call never decodes it; `W_STATE`, `W_FLAGS` and
//!   `W_SIZES` say how (`W_FREE` is not in the prelude);
//! - a frame is: the locals (parameters first), then, where the code has exception blocks, a counter and three words for
//!   each block, then the value stack, then `UNWIND_WORDS` where there are blocks. The format counts locals and stack together; how many are locals is read off the opcodes;
//! - whoever makes a `Code` from outside bytes has `verify` look at it before it runs.

use super::op::{self, scope};
use super::operand::{self, Prelude};
use crate::heap::lent::GIVES_WAY;
#[cfg(not(feature = "tiny"))]
use crate::heap::lent::Lent;
use crate::heap::place::code_field;
use crate::heap::{Heap, Kind, Place, R, Raised, TypeId, Value, ValueVec};
use crate::object::exc;

/// Words of the `Unit` cell; see `Kind::Unit`.
pub mod unit_field {
    pub const NAMES: usize = 0;
    pub const CONSTS: usize = 1;
    pub const CACHE: usize = 2;
    pub const GLOBALS: usize = 3;
    pub const NEXT: usize = 4;
    pub const FILE: usize = 5;
    pub const COUNT: usize = 6;
}

/// Bits 0..16 words of a frame, 16..24 `n_pos_args`, 24..32 `n_kwonly_args`.
pub const W_STATE: usize = code_field::PACKED;
/// Bits 0..8 scope flags (`op::scope`), 8..16 `n_def_pos_args`, 16..24 the call key, 24..32 number of cells.
/// The call key is the number of positional arguments where a call with exactly so many may enter at once,
/// `NOT_SIMPLE` where the arguments must be arranged first.
pub const W_FLAGS: usize = code_field::PACKED + 1;
/// Bits 0..10 parameters of all kinds, 10..20 locals, 20..32 exception blocks.
pub const W_SIZES: usize = code_field::PACKED + 2;
/// Bits 0..8 how many cells a closure passes in front of the arguments, 8..32 the line where the code's text begins, 0
/// where only a compiler would know. Only a closure may run code that takes cells, and only what makes the closures knows
/// the number: it notes it here (`set_free`), before the code is anybody's to call.
pub const W_FREE: usize = code_field::PACKED + 3;
/// The unit's tables.
pub const R_NAMES: usize = code_field::NAMES;
pub const R_CONSTS: usize = code_field::CONSTS;
pub const R_GCACHE: usize = code_field::CACHE;

pub use crate::heap::place::first_op;

/// The call key of code that no call enters without arranging its arguments. Calls with so many arguments are never simple.
pub const NOT_SIMPLE: u32 = 0xff;
/// Most locals that a code may have.
pub const MAX_LOCALS: u32 = 0x3ff;
/// Words that a frame keeps for each exception block, beside one counter.
pub const BLOCK_WORDS: u32 = 3;

/// Words that `UNWIND_JUMP` may put above the stack: the format's compiler does not always count them.
pub const UNWIND_WORDS: u32 = 2;

/// What a code wants from its caller and its frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Info {
    /// Words of a frame, exception blocks counted.
    pub frame: u32,
    pub n_locals: u32,
    pub n_exc_stack: u32,
    pub scope_flags: u8,
    pub n_pos_args: u32,
    pub n_kwonly_args: u32,
    pub n_def_pos_args: u32,
    pub n_cells: u32,
}

impl Info {
    pub fn is_generator(&self) -> bool {
        self.scope_flags & scope::GENERATOR != 0
    }
    pub fn has_varargs(&self) -> bool {
        self.scope_flags & scope::VARARGS != 0
    }
    pub fn has_varkeywords(&self) -> bool {
        self.scope_flags & scope::VARKEYWORDS != 0
    }
    pub fn has_kw_defaults(&self) -> bool {
        self.scope_flags & scope::DEFKWARGS != 0
    }
    /// All parameters: they are the first locals, in the order positional, keyword-only, `*args`, `**kwargs`.
    pub fn n_params(&self) -> u32 {
        self.n_pos_args + self.n_kwonly_args + self.has_varargs() as u32 + self.has_varkeywords() as u32
    }
}

// ---- units ---------------------------------------------------------------------------------------------------

/// A new unit without names and constants.
pub fn new_unit(heap: &mut Heap) -> R {
    heap.alloc(Kind::Unit, unit_field::COUNT)
}

/// Gives a unit its names and constants (`Array` without holes, or none) and a fresh global cache.
pub fn set_tables(heap: &mut Heap, unit: Value, names: Value, consts: Option<Value>) -> R<()> {
    let n = count(heap, Some(names));
    let cache = heap.alloc(Kind::Raw, n)?;
    let file = heap.slot(names, 0);
    heap.set_field(unit, unit_field::NAMES, names);
    heap.set_slot(unit, unit_field::CONSTS, consts);
    heap.set_field(unit, unit_field::CACHE, cache);
    heap.set_slot(unit, unit_field::FILE, file);
    Ok(())
}

/// Items of an array without holes.
fn count(heap: &Heap, array: Option<Value>) -> usize {
    let Some(array) = array else { return 0 };
    let mut n = heap.words(array);
    while n > 0 && heap.slot(array, n - 1).is_none() {
        n -= 1;
    }
    n
}

fn item(heap: &Heap, array: Option<Value>, i: usize) -> Option<Value> {
    heap.slots(array?, i, 1).first().copied().flatten()
}

pub fn n_names(heap: &Heap, unit: Value) -> usize {
    count(heap, heap.slot(unit, unit_field::NAMES))
}
pub fn n_consts(heap: &Heap, unit: Value) -> usize {
    count(heap, heap.slot(unit, unit_field::CONSTS))
}
/// Name `i` of a unit; the empty name for one that it does not have.
pub fn name_at(heap: &Heap, unit: Value, i: u32) -> Value {
    item(heap, heap.slot(unit, unit_field::NAMES), i as usize).unwrap_or(crate::q!(""))
}
pub fn const_at(heap: &Heap, unit: Value, i: u32) -> Option<Value> {
    item(heap, heap.slot(unit, unit_field::CONSTS), i as usize)
}

// ---- codes ---------------------------------------------------------------------------------------------------

/// A new code over bytes that stay where they are. `ValueError` where they do not start with a prelude, are not
/// instructions to their end, or need a frame beyond the bounds of a `Code` cell.
pub fn new(heap: &mut Heap, unit: Value, place: Place, children: Option<Value>) -> R {
    new_by(heap, unit, place, children, |_| ())
}
/// The same in pieces between which others may come in; `children` are kept.
#[cfg(not(feature = "tiny"))]
pub fn new_lent(heap: &mut Lent, unit: Value, place: Place, children: Option<Value>) -> R {
    new_by(heap, unit, place, children, |heap| heap.worked(70 * MEASURED as u32))
}
#[cfg(feature = "tiny")]
pub use new as new_lent;

fn new_by<H: AsMut<Heap>>(
    heap: &mut H,
    unit: Value,
    place: Place,
    children: Option<Value>,
    look: impl FnMut(&mut H),
) -> R {
    let measured = measure(heap, place, look);
    let heap = heap.as_mut();
    let Some((first, packed)) = measured else { return Err(bad(heap)) };
    let code = heap.alloc(Kind::Code, code_field::COUNT)?;
    heap.set_code(code, place, first);
    for (i, w) in packed.into_iter().enumerate() {
        heap.set_word(code, code_field::PACKED + i, w);
    }
    heap.set_field(code, code_field::UNIT, unit);
    heap.set_slot(code, code_field::CHILDREN, children);
    take_tables(heap, code, unit);
    Ok(code)
}

fn take_tables(heap: &mut Heap, code: Value, unit: Value) {
    let pairs = [
        (code_field::NAMES, unit_field::NAMES),
        (code_field::CONSTS, unit_field::CONSTS),
        (code_field::CACHE, unit_field::CACHE),
    ];
    for (to, from) in pairs {
        let table = heap.slot(unit, from);
        heap.set_slot(code, to, table);
    }
}

/// Gives `code` and all codes inside it the tables of their unit: for codes that were made before `set_tables`.
pub fn link(heap: &mut Heap, code: Value) -> R<()> {
    let mut open = ValueVec::new();
    let done = link_all(heap, code, &mut open);
    open.free(heap);
    done
}

fn link_all(heap: &mut Heap, code: Value, open: &mut ValueVec) -> R<()> {
    open.push(heap, Some(code))?;
    while let Some(code) = open.pop(heap) {
        let unit = unit(heap, code);
        take_tables(heap, code, unit);
        let mut i = 0;
        while let Some(c) = child(heap, code, i) {
            open.push(heap, Some(c))?;
            i += 1;
        }
    }
    Ok(())
}

/// A copy of a module-level code, all codes inside it and their unit: the same bytes and tables, a global cache and
/// globals of their own.
pub fn copy(heap: &mut Heap, top: Value) -> R {
    let old = unit(heap, top);
    let new_unit = new_unit(heap)?;
    let names = heap.field(old, unit_field::NAMES);
    let consts = heap.slot(old, unit_field::CONSTS);
    set_tables(heap, new_unit, names, consts)?;
    let root = copy_one(heap, top, new_unit)?;
    let mut open = ValueVec::new();
    let done = copy_children(heap, root, new_unit, &mut open);
    open.free(heap);
    done.map(|()| root)
}
/// Copies the cell; its children are still the old ones.
fn copy_one(heap: &mut Heap, from: Value, unit: Value) -> R {
    let to = heap.alloc(Kind::Code, code_field::COUNT)?;
    heap.copy_words(to, 0, from, 0, code_field::UNIT);
    for i in code_field::UNIT..code_field::COUNT {
        let v = heap.slot(from, i);
        heap.set_slot(to, i, v);
    }
    heap.set_field(to, code_field::UNIT, unit);
    take_tables(heap, to, unit);
    Ok(to)
}
fn copy_children(heap: &mut Heap, root: Value, unit: Value, open: &mut ValueVec) -> R<()> {
    open.push(heap, Some(root))?;
    while let Some(code) = open.pop(heap) {
        let Some(old) = heap.slot(code, code_field::CHILDREN) else { continue };
        let n = count(heap, Some(old));
        let children = heap.alloc(Kind::Array, n)?;
        for i in 0..n {
            let Some(from) = item(heap, Some(old), i) else { continue };
            let c = copy_one(heap, from, unit)?;
            heap.set_field(children, i, c);
            open.push(heap, Some(c))?;
        }
        heap.set_field(code, code_field::CHILDREN, children);
    }
    Ok(())
}

/// Raises the error of a file that cannot be loaded.
#[cold]
pub fn bad(heap: &mut Heap) -> Raised {
    exc::raise(heap, TypeId::ValueError, "incompatible .mpy file")
}

/// Instructions that are looked at before others may come in.
const MEASURED: usize = if GIVES_WAY { 48 } else { usize::MAX };

/// Where the opcodes start, and the packed words.
fn measure<H: AsMut<Heap>>(
    heap: &mut H,
    place: Place,
    mut look: impl FnMut(&mut H),
) -> Option<(usize, [u32; 3])> {
    let bytes = heap.as_mut().place_bytes(place);
    let p = operand::prelude(bytes)?;
    let n_cells = (p.first - p.cells) as u32;
    let varargs = (p.scope_flags & scope::VARARGS != 0) as u32;
    let varkeywords = (p.scope_flags & scope::VARKEYWORDS != 0) as u32;
    let n_params = p.n_pos_args + p.n_kwonly_args + varargs + varkeywords;
    let mut n_locals = n_params;
    for local in bytes.get(p.cells..p.first)? {
        n_locals = n_locals.max(*local as u32 + 1);
    }
    let mut at = 0;
    loop {
        let code = heap.as_mut().place_bytes(place).get(p.first..)?;
        let mut left = MEASURED;
        while at < code.len() && left > 0 {
            let insn = operand::decode(code, at)?;
            if let Some(local) = insn.local() {
                n_locals = n_locals.max(local.checked_add(1)?);
            }
            at = insn.next;
            left -= 1;
        }
        if at >= code.len() {
            break;
        }
        look(heap);
    }
    let blocks = if p.n_exc_stack == 0 { 0 } else { 1 + BLOCK_WORDS * p.n_exc_stack + UNWIND_WORDS };
    let frame = p.n_state.max(n_locals) + blocks;
    if n_locals > MAX_LOCALS || frame > 0xffff || n_cells > 255 {
        return None;
    }
    let arranged = scope::GENERATOR | scope::VARARGS | scope::VARKEYWORDS;
    let simple = p.scope_flags & arranged == 0 && p.n_kwonly_args == 0 && n_cells == 0;
    let key = if simple { p.n_pos_args } else { NOT_SIMPLE };
    Some((
        p.first,
        [
            frame | p.n_pos_args << 16 | p.n_kwonly_args << 24,
            p.scope_flags as u32 | p.n_def_pos_args << 8 | key << 16 | n_cells << 24,
            n_params | n_locals << 10 | p.n_exc_stack << 20,
        ],
    ))
}

pub fn info(heap: &Heap, code: Value) -> Info {
    let [state, flags, sizes] = [W_STATE, W_FLAGS, W_SIZES].map(|i| heap.word(code, i));
    Info {
        frame: state & 0xffff,
        n_locals: sizes >> 10 & 0x3ff,
        n_exc_stack: sizes >> 20,
        scope_flags: flags as u8,
        n_pos_args: state >> 16 & 0xff,
        n_kwonly_args: state >> 24,
        n_def_pos_args: flags >> 8 & 0xff,
        n_cells: flags >> 24,
    }
}

/// Notes how many cells a closure passes.
pub fn set_free(heap: &mut Heap, code: Value, n: usize) {
    let line = heap.word(code, W_FREE) & !0xff;
    heap.set_word(code, W_FREE, line | n as u32 & 0xff);
}
/// Notes where the code's text begins.
pub fn set_first_line(heap: &mut Heap, code: Value, line: u32) {
    heap.set_word(code, W_FREE, line << 8);
}
/// The line where the code's text begins; for code from files, that of its first statement.
pub fn first_line(heap: &Heap, code: Value) -> u32 {
    match heap.word(code, W_FREE) >> 8 {
        0 => line_at(heap, code, 0),
        line => line,
    }
}
/// A traceback's entries, three words each, are file, line and name, or as they were noted: a code, the offset in it, None.
/// Makes them all the former.
pub fn settle_trace(heap: &mut Heap, trace: Value) {
    for at in (0..heap.words(trace).saturating_sub(2)).step_by(3) {
        let Some(c) = heap.slot(trace, at) else { return };
        if heap.is(c, Kind::Code) {
            let line = line_at(heap, c, heap.int(trace, at + 1) as usize);
            let (file, name) = (file(heap, c), name(heap, c));
            heap.set_field(trace, at, file);
            heap.set_int(trace, at + 1, line as i32);
            heap.set_field(trace, at + 2, name);
        }
    }
}
/// How many cells a closure passes.
pub fn n_free(heap: &Heap, code: Value) -> u32 {
    heap.word(code, W_FREE) & 0xff
}
/// Whether a call without a closure may run the code.
pub fn stands_alone(heap: &Heap, code: Value) -> bool {
    n_free(heap, code) == 0
}
/// Whether the code can run as a program does: without arguments, cells, and a frame of its own kind.
pub fn is_program(heap: &Heap, code: Value) -> bool {
    let info = info(heap, code);
    stands_alone(heap, code) && info.n_params() == 0 && info.n_cells == 0 && !info.is_generator()
}

/// The first opcode, and its address.
pub fn first_pointer(heap: &Heap, code: Value) -> *const u8 {
    heap.ptr(code, code_field::FIRST)
}
pub fn first_address(heap: &Heap, code: Value) -> usize {
    first_pointer(heap, code).addr()
}

/// The name of the file that the code came from.
pub fn file(heap: &Heap, code: Value) -> Value {
    heap.slot(unit(heap, code), unit_field::FILE).unwrap_or(crate::q!(""))
}
pub fn unit(heap: &Heap, code: Value) -> Value {
    heap.field(code, code_field::UNIT)
}

/// Child `i`: the code of a function, lambda, comprehension or class body inside this one.
pub fn child(heap: &Heap, code: Value, i: u32) -> Option<Value> {
    item(heap, heap.slot(code, code_field::CHILDREN), i as usize)
}
pub fn n_children(heap: &Heap, code: Value) -> usize {
    count(heap, heap.slot(code, code_field::CHILDREN))
}

/// The code's bytes, prelude first.
pub fn bytes(heap: &Heap, code: Value) -> &[u8] {
    heap.code_bytes(code)
}
/// The opcodes alone: places in code count from their start.
pub fn opcodes(heap: &Heap, code: Value) -> &[u8] {
    heap.code_bytes(code).get(heap.code_first(code)..).unwrap_or(&[])
}
/// About how many attributes a code stores: the names that its `STORE_ATTR`s have.
pub fn stored_attributes(heap: &Heap, code: Value) -> u32 {
    let (mut names, mut at) = (0u64, 0);
    while let Some(insn) = operand::decode_live(opcodes(heap, code), at) {
        if insn.op == op::STORE_ATTR && insn.arg < 64 {
            names |= 1 << insn.arg;
        }
        at = insn.next;
    }
    names.count_ones()
}
/// The locals that become cells when a frame is made.
pub fn cells(heap: &Heap, code: Value) -> &[u8] {
    let first = heap.code_first(code);
    let n = info(heap, code).n_cells as usize;
    heap.code_bytes(code).get(first.saturating_sub(n)..first).unwrap_or(&[])
}

/// The local that becomes cell number `i`.
pub fn cell_local(heap: &Heap, code: Value, i: usize) -> Option<u8> {
    cells(heap, code).get(i).copied()
}

/// The code's own name: `<module>`, a function's name, `<lambda>`, ….
pub fn name(heap: &Heap, code: Value) -> Value {
    nth_name(heap, code, 0).unwrap_or(crate::q!(""))
}
/// The name of parameter `i`, positional ones first, then keyword-only ones.
pub fn arg_name(heap: &Heap, code: Value, i: usize) -> Option<Value> {
    let info = info(heap, code);
    if i >= (info.n_pos_args + info.n_kwonly_args) as usize {
        return None;
    }
    nth_name(heap, code, i + 1)
}
fn nth_name(heap: &Heap, code: Value, n: usize) -> Option<Value> {
    let bytes = heap.code_bytes(code);
    let mut at = operand::prelude(bytes)?.info;
    for _ in 0..n {
        at = operand::uint(bytes, at)?.1;
    }
    Some(name_at(heap, unit(heap, code), operand::uint(bytes, at)?.0))
}

/// The source line of the instruction at `offset` of the opcodes.
pub fn line_at(heap: &Heap, code: Value, offset: usize) -> u32 {
    line_of(heap.code_bytes(code), offset).unwrap_or(1)
}

fn line_of(bytes: &[u8], offset: usize) -> Option<u32> {
    let p = operand::prelude(bytes)?;
    let mut at = line_table(bytes, &p)?;
    let table = bytes.get(..p.cells)?;
    let (mut line, mut left) = (1u32, offset);
    while let Some((bytes_on, lines_on, next)) = operand::line_step(table, at) {
        if left < bytes_on as usize {
            break;
        }
        left -= bytes_on as usize;
        line = line.saturating_add(lines_on);
        at = next;
    }
    Some(line)
}

/// Where the line table starts: behind the names of the code and its parameters.
pub fn line_table(bytes: &[u8], p: &Prelude) -> Option<usize> {
    let mut at = p.info;
    for _ in 0..1 + p.n_pos_args + p.n_kwonly_args {
        at = operand::uint(bytes, at)?.1;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::testing::heap;

    /// `def f(a, b): return a` as mpy-cross 6.3 gives it, with a two-line table.
    const F: &[u8] = &[0x12, 0x0a, 0x01, 0x02, 0x03, 0x20, 0x41, 0xb0, 0x63];

    #[test]
    fn a_code_in_flash_and_in_a_cell() {
        heap(|heap| {
            let names = heap.alloc(Kind::Array, 4).unwrap();
            for (i, t) in ["file.py", "f", "a", "b"].into_iter().enumerate() {
                let v = heap.intern(t.as_bytes()).unwrap();
                heap.set_field(names, i, v);
            }
            let unit = new_unit(heap).unwrap();
            set_tables(heap, unit, names, None).unwrap();
            assert_eq!(n_names(heap, unit), 4);
            let raw = heap.alloc(Kind::Raw, 5).unwrap();
            heap.bytes_mut(raw, 0)[2..2 + F.len()].copy_from_slice(F);
            for place in [Place::Flash(F), Place::Cell(raw, 2, F.len())] {
                let code = new(heap, unit, place, None).unwrap();
                assert_eq!(bytes(heap, code), F);
                assert_eq!(opcodes(heap, code), &[0xb0, 0x63]);
                let i = info(heap, code);
                assert_eq!((i.frame, i.n_locals, i.n_pos_args, i.n_cells, i.n_exc_stack), (3, 2, 2, 0, 0));
                assert_eq!(heap.word(code, W_FLAGS) >> 16 & 0xff, 2);
                assert_eq!(heap.str_bytes(file(heap, code)), b"file.py");
                assert_eq!(heap.str_bytes(name(heap, code)), b"f");
                assert_eq!(heap.str_bytes(arg_name(heap, code, 1).unwrap()), b"b");
                assert!(arg_name(heap, code, 2).is_none());
                assert_eq!((line_at(heap, code, 0), line_at(heap, code, 1)), (2, 4));
                assert!(child(heap, code, 0).is_none());
            }
            assert!(new(heap, unit, Place::Flash(&F[..3]), None).is_err());
            assert!(new(heap, unit, Place::Cell(raw, 2, 1000), None).is_err());
        });
    }
}
