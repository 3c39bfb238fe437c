//! Code objects, and the cells of closures, as Python sees them.

use super::print::{address, emit_text};
use crate::code::{object as code, op, operand};
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::{bytes, dict, int, list, tuple};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Const, Entry, Mode, TypeDef, heap_fn};

pub static CODE: TypeDef = TypeDef {
    print: Some(print),
    entries: &[
        #[cfg(feature = "basic")]
        Entry { name: q!("co_code"), value: Const::Get(co_code) },
        #[cfg(feature = "basic")]
        Entry { name: q!("co_consts"), value: Const::Get(co_consts) },
        #[cfg(feature = "basic")]
        Entry { name: q!("co_filename"), value: Const::Get(co_filename) },
        #[cfg(feature = "basic")]
        Entry { name: q!("co_firstlineno"), value: Const::Get(co_firstlineno) },
        #[cfg(feature = "basic")]
        Entry { name: q!("co_lines"), value: heap_fn(co_lines, 1, 1) },
        #[cfg(feature = "basic")]
        Entry { name: q!("co_lnotab"), value: Const::Get(co_lnotab) },
        #[cfg(feature = "basic")]
        Entry { name: q!("co_name"), value: Const::Get(co_name) },
        #[cfg(feature = "basic")]
        Entry { name: q!("co_names"), value: Const::Get(co_names) },
    ],
    ..TypeDef::plain(TypeId::Code, q!("code"))
};

pub static CELL: TypeDef = TypeDef::plain(TypeId::Cell, q!("cell"));

fn print(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    vm.emit(b"<code object ")?;
    let name = code::name(vm.heap(), v);
    emit_text(vm, name)?;
    vm.emit(b" at ")?;
    address(vm, v)?;
    vm.emit(b">")
}

/// A bytes object of part `from..to` of the code, which may lie in a cell of this heap.
fn part(heap: &mut Heap, c: Value, from: usize, to: usize) -> R {
    let n = to.saturating_sub(from);
    let made = bytes::blank(heap, Kind::Bytes, n)?;
    let whole = bytes::cell(heap, made);
    let mut chunk = [0u8; 32];
    let mut i = 0;
    while i < n {
        let take = chunk.len().min(n - i);
        let source = code::bytes(heap, c).get(from + i..from + i + take).unwrap_or(&[]);
        for (d, s) in chunk.iter_mut().zip(source) {
            *d = *s;
        }
        heap.write_span(whole.sub(i, i + take), chunk.get(..take).unwrap_or(&[]));
        i += take;
    }
    Ok(bytes::seal(heap, made))
}

fn co_code(heap: &mut Heap, c: Value) -> R {
    let end = code::bytes(heap, c).len();
    let from = end - code::opcodes(heap, c).len();
    let made = part(heap, c, from, end)?;
    if let Some(whole) = heap.str_span(made) {
        op::restore(heap.span_bytes_mut(whole), 0, usize::MAX);
    }
    Ok(made)
}

/// The line table as bytes.
fn co_lnotab(heap: &mut Heap, c: Value) -> R {
    let (from, to) = lines(heap, c).unwrap_or((0, 0));
    part(heap, c, from, to)
}

/// Where the line table lies in the code's bytes.
fn lines(heap: &Heap, c: Value) -> Option<(usize, usize)> {
    let bytes = code::bytes(heap, c);
    let prelude = operand::prelude(bytes)?;
    Some((code::line_table(bytes, &prelude)?, prelude.cells))
}

/// The codes inside this one, and None. Other constants belong to the file.
fn co_consts(heap: &mut Heap, c: Value) -> R {
    let n = code::n_children(heap, c);
    let t = tuple::new(heap, n + 1)?;
    for i in 0..n {
        let v = code::child(heap, c, i as u32).unwrap_or(Value::NONE);
        tuple::set(heap, t, i, v);
    }
    Ok(t)
}

fn co_filename(heap: &mut Heap, c: Value) -> R {
    Ok(code::file(heap, c))
}

fn co_firstlineno(heap: &mut Heap, c: Value) -> R {
    int::from_i64(heap, code::first_line(heap, c).into())
}

fn co_name(heap: &mut Heap, c: Value) -> R {
    Ok(code::name(heap, c))
}

/// The names that the file uses, each with its number.
fn co_names(heap: &mut Heap, c: Value) -> R {
    let d = dict::new(heap)?;
    let unit = code::unit(heap, c);
    for i in 0..code::n_names(heap, unit) {
        let name = code::name_at(heap, unit, i as u32);
        dict::set_name(heap, d, name, Value::small(i as i32))?;
    }
    Ok(d)
}

/// An iterator over (start, end, line) of the opcodes.
fn co_lines(heap: &mut Heap, args: &[Value]) -> R {
    let c = args.first().copied().unwrap_or(Value::NONE);
    let all = list::new(heap)?;
    if !heap.is(c, Kind::Code) {
        return Ok(all);
    }
    let Some((mut at, end)) = lines(heap, c) else { return Ok(all) };
    let total = code::opcodes(heap, c).len() as u32;
    let (mut line, mut start, mut offset) = (1u32, 0u32, 0u32);
    while let Some((bytes_on, lines_on, next)) =
        code::bytes(heap, c).get(..end).and_then(|table| operand::line_step(table, at))
    {
        offset = offset.saturating_add(bytes_on);
        if lines_on > 0 {
            if offset > start {
                add_line(heap, all, start, offset, line)?;
                start = offset;
            }
            line = line.saturating_add(lines_on);
        }
        at = next;
    }
    if total > start {
        add_line(heap, all, start, total, line)?;
    }
    Ok(all)
}

fn add_line(heap: &mut Heap, all: Value, start: u32, end: u32, line: u32) -> R<()> {
    let row = [start, end, line].map(|n| Value::small(n as i32));
    let row = tuple::from_slice(heap, &row)?;
    list::append(heap, all, row)
}
