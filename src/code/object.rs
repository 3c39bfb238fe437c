//! `Unit` and `Code` cells: what a file of code shares, and one function, class or module body.
//!
//! Invariants
//! - a unit's names and constants have no holes: an empty word at the end of their arrays is padding;
//! - name 0 of a unit is its file's name;
//! - a `Code` cell's packed words repeat what its prelude says, so a call never decodes it:
//!   - word 0: bits 0..16 the call key (the number of positional arguments where a call with exactly so many may enter at
//!     once, `NOT_SIMPLE` where it must be arranged first), bits 16..32 `n_state`;
//!   - word 1: `n_pos_args`, `n_kwonly_args`, `n_def_pos_args`, number of cells, 8 bits each, lowest first;
//!   - word 2: `n_exc_stack`, scope flags (`op::scope`), `IN_RAM`, and 8 bits that are the VM's own, 8 bits each;
//! - whoever makes a `Code` from outside bytes has `verify` look at it before it runs.

use super::op::scope;
use super::operand::{self, Prelude};
use crate::heap::place::code_field;
use crate::heap::{Heap, Kind, Place, R, TypeId, Value};
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

/// The call key of code that no call enters without arranging its arguments.
pub const NOT_SIMPLE: u32 = 0xffff;
/// In packed word 2: the bytes lie in a cell, so they may be rewritten in place.
pub const IN_RAM: u32 = 1 << 16;

/// What a code wants from its caller and its frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Info {
    pub n_state: u32,
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
/// The file's name.
pub fn file(heap: &Heap, unit: Value) -> Value {
    heap.slot(unit, unit_field::FILE).unwrap_or(crate::q!(""))
}

// ---- codes ---------------------------------------------------------------------------------------------------

/// A new code over bytes that stay where they are. `ValueError` where the bytes do not start with a prelude.
pub fn new(heap: &mut Heap, unit: Value, place: Place, children: Option<Value>) -> R {
    let Some(p) = operand::prelude(heap.place_bytes(place)) else {
        return Err(bad(heap));
    };
    let code = heap.alloc(Kind::Code, code_field::COUNT)?;
    heap.set_code(code, place, p.first);
    let in_ram = if matches!(place, Place::Cell(..)) { IN_RAM } else { 0 };
    for (i, w) in packed(&p).into_iter().enumerate() {
        heap.set_word(code, code_field::PACKED + i, if i == 2 { w | in_ram } else { w });
    }
    heap.set_field(code, code_field::UNIT, unit);
    heap.set_slot(code, code_field::CHILDREN, children);
    Ok(code)
}

/// Raises the error of a file that cannot be loaded.
#[cold]
pub fn bad(heap: &mut Heap) -> crate::heap::Raised {
    exc::raise(heap, TypeId::ValueError, "incompatible .mpy file")
}

fn packed(p: &Prelude) -> [u32; 3] {
    let n_cells = (p.first - p.cells) as u32;
    let arranged = scope::GENERATOR | scope::VARARGS | scope::VARKEYWORDS;
    let simple = p.scope_flags & arranged == 0 && p.n_kwonly_args == 0 && n_cells == 0;
    [
        if simple { p.n_pos_args } else { NOT_SIMPLE } | p.n_state << 16,
        p.n_pos_args | p.n_kwonly_args << 8 | p.n_def_pos_args << 16 | n_cells << 24,
        p.n_exc_stack | (p.scope_flags as u32) << 8,
    ]
}

pub fn info(heap: &Heap, code: Value) -> Info {
    let [a, b, c] = [0, 1, 2].map(|i| heap.word(code, code_field::PACKED + i));
    Info {
        n_state: a >> 16,
        n_exc_stack: c & 0xff,
        scope_flags: (c >> 8) as u8,
        n_pos_args: b & 0xff,
        n_kwonly_args: b >> 8 & 0xff,
        n_def_pos_args: b >> 16 & 0xff,
        n_cells: b >> 24,
    }
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
/// The locals that become cells when a frame is made.
pub fn cells(heap: &Heap, code: Value) -> &[u8] {
    let first = heap.code_first(code);
    let n = info(heap, code).n_cells as usize;
    heap.code_bytes(code).get(first.saturating_sub(n)..first).unwrap_or(&[])
}

/// The code's own name: `<module>`, a function's name, `<lambda>`, ….
pub fn name(heap: &Heap, code: Value) -> Value {
    nth_name(heap, code, 0).unwrap_or(crate::q!(""))
}
/// The name of parameter `i`, positional ones first, then keyword-only ones.
pub fn arg_name(heap: &Heap, code: Value, i: u32) -> Option<Value> {
    let info = info(heap, code);
    if i >= info.n_pos_args + info.n_kwonly_args {
        return None;
    }
    nth_name(heap, code, i + 1)
}
fn nth_name(heap: &Heap, code: Value, n: u32) -> Option<Value> {
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
            assert_eq!(heap.str_bytes(file(heap, unit)), b"file.py");
            let raw = heap.alloc(Kind::Raw, 5).unwrap();
            heap.bytes_mut(raw, 0)[2..2 + F.len()].copy_from_slice(F);
            for place in [Place::Flash(F), Place::Cell(raw, 2, F.len())] {
                let code = new(heap, unit, place, None).unwrap();
                assert_eq!(bytes(heap, code), F);
                assert_eq!(opcodes(heap, code), &[0xb0, 0x63]);
                let i = info(heap, code);
                assert_eq!((i.n_state, i.n_pos_args, i.n_cells, i.n_exc_stack), (3, 2, 0, 0));
                assert_eq!(heap.word(code, code_field::PACKED) & 0xffff, 2);
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
