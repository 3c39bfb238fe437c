//! Lists codes in the form of `micropython -v`: prelude, bytes, names, lines, then one instruction a line.
//!
//! Invariants
//! - operations rewritten in place are listed as they came;
//! - listing reads only; how a constant looks is the caller's business, because `repr` is a thing of the VM.

use super::object;
use super::op::{self, Format, Multi};
use super::operand::{self, Insn, Prelude};
use crate::base::sink::{Put, Sink, put_hex, put_i64, put_repeat, put_u64};
use crate::heap::{Heap, R, Value, ValueVec};

/// Writes the `repr` of the unit's constant with this number.
pub type Repr<'a> = &'a mut dyn FnMut(&Heap, u32, &mut dyn Sink) -> Put;

/// `root` and all codes inside it, level by level: the order of a listing. The caller frees the vector.
pub fn codes(heap: &mut Heap, root: Value) -> R<ValueVec> {
    let mut all = ValueVec::new();
    let done = collect(heap, root, &mut all);
    if done.is_err() {
        all.free(heap);
    }
    done.map(|()| all)
}

fn collect(heap: &mut Heap, root: Value, all: &mut ValueVec) -> R<()> {
    all.push(heap, Some(root))?;
    let mut next = 0;
    while let Some(code) = all.get(heap, next) {
        next += 1;
        for i in 0..object::n_children(heap, code) {
            let child = object::child(heap, code, i as u32);
            all.push(heap, child)?;
        }
    }
    Ok(())
}

/// Lists one code.
pub fn list(heap: &Heap, code: Value, out: &mut dyn Sink, repr: Repr) -> Put {
    let bytes = object::bytes(heap, code);
    let Some(p) = operand::prelude(bytes) else { return Ok(()) };
    out.put_str("File ")?;
    out.write(heap.str_bytes(object::file(heap, code)))?;
    out.put_str(", code block '")?;
    out.write(heap.str_bytes(object::name(heap, code)))?;
    out.put_str("' (descriptor: ")?;
    put_pointer(out, code.bits() as usize)?;
    out.put_str(", bytecode @")?;
    put_pointer(out, object::first_address(heap, code) - p.first)?;
    out.put(b' ')?;
    put_u64(out, bytes.len() as u64, 10, false)?;
    out.put_str(" bytes)\n")?;
    prelude(heap, code, bytes, &p, out)?;
    let opcodes = object::opcodes(heap, code);
    let mut at = 0;
    while at < opcodes.len() {
        let Some(insn) = decode(opcodes, at) else { return Ok(()) };
        put_padded(out, at)?;
        instruction(heap, code, &insn, out, repr)?;
        out.put(b'\n')?;
        at = insn.next;
    }
    Ok(())
}

/// The instruction at `at` as the file has it.
fn decode(opcodes: &[u8], at: usize) -> Option<Insn> {
    /// No instruction is longer: an operation, a number of 32 bits, a byte.
    const LONGEST: usize = 8;
    let mut copy = [0u8; LONGEST];
    let rest = opcodes.get(at..)?;
    let n = rest.len().min(LONGEST);
    copy.get_mut(..n)?.copy_from_slice(rest.get(..n)?);
    op::restore(copy.get_mut(..1)?, 0, 1);
    if copy.first() == opcodes.get(at) {
        return operand::decode(opcodes, at);
    }
    let mut insn = operand::decode(copy.get(..n)?, 0)?;
    if matches!(insn.format, Format::Forward | Format::Jump | Format::Unwind) {
        insn.arg += at as u32;
    }
    insn.next += at;
    Some(insn)
}

fn put_pointer(out: &mut dyn Sink, address: usize) -> Put {
    out.put_str("0x")?;
    put_hex(out, address as u64, 1)
}
/// At least two digits, and a blank.
fn put_padded(out: &mut dyn Sink, at: usize) -> Put {
    put_repeat(out, b'0', usize::from(at < 10))?;
    put_u64(out, at as u64, 10, false)?;
    out.put(b' ')
}
fn put_line(out: &mut dyn Sink, before: &str, n: u32, after: &str) -> Put {
    out.put_str(before)?;
    put_u64(out, n as u64, 10, false)?;
    out.put_str(after)
}

fn prelude(heap: &Heap, code: Value, bytes: &[u8], p: &Prelude, out: &mut dyn Sink) -> Put {
    put_line(out, "Raw bytecode (code_info_size=", p.first as u32, ", bytecode_size=")?;
    put_u64(out, (bytes.len() - p.first) as u64, 10, false)?;
    out.put_str("):\n")?;
    for (i, b) in bytes.iter().enumerate() {
        if i > 0 && i % 16 == 0 {
            out.put(b'\n')?;
        }
        out.put(b' ')?;
        put_hex(out, if i < p.first { *b } else { op::original(*b) } as u64, 2)?;
    }
    out.put_str("\narg names:")?;
    let mut i = 0;
    while let Some(name) = object::arg_name(heap, code, i) {
        out.put(b' ')?;
        out.write(heap.str_bytes(name))?;
        i += 1;
    }
    put_line(out, "\n(N_STATE ", p.n_state, ")\n")?;
    put_line(out, "(N_EXC_STACK ", p.n_exc_stack, ")\n")?;
    for local in object::cells(heap, code) {
        put_line(out, "(INIT_CELL ", *local as u32, ")\n")?;
    }
    let table = bytes.get(..p.cells).unwrap_or(&[]);
    let (mut offset, mut line) = (0u32, 1u32);
    let mut at = object::line_table(bytes, p);
    loop {
        put_line(out, "  bc=", offset, " line=")?;
        put_u64(out, line as u64, 10, false)?;
        out.put(b'\n')?;
        match at.and_then(|at| operand::line_step(table, at)) {
            Some((bytes_on, lines_on, next)) => {
                (offset, line) = (offset.saturating_add(bytes_on), line.saturating_add(lines_on));
                at = Some(next);
            }
            None => return Ok(()),
        }
    }
}

fn instruction(heap: &Heap, code: Value, insn: &Insn, out: &mut dyn Sink, repr: Repr) -> Put {
    match op::multi(insn.op) {
        Multi::SmallInt(n) => {
            out.put_str("LOAD_CONST_SMALL_INT ")?;
            return put_i64(out, n as i64);
        }
        Multi::LoadFast(n) => return put_line(out, "LOAD_FAST ", n as u32, ""),
        Multi::StoreFast(n) => return put_line(out, "STORE_FAST ", n as u32, ""),
        Multi::Unary(n) => return operator(heap, "UNARY_OP ", n, &op::UNARY_METHODS, out),
        Multi::Binary(n) => return operator(heap, "BINARY_OP ", n, &op::BINARY_METHODS, out),
        Multi::Free => {}
    }
    out.put_str(op::name(insn.op))?;
    if insn.format == Format::None {
        return Ok(());
    }
    out.put(b' ')?;
    let unit = object::unit(heap, code);
    match insn.format {
        Format::Name => {
            let name = heap.str_bytes(object::name_at(heap, unit, insn.arg));
            let quoted = matches!(insn.op, op::LOAD_CONST_STRING | op::IMPORT_NAME | op::IMPORT_FROM);
            let quote = if quoted { "'" } else { "" };
            out.put_str(quote)?;
            out.write(name)?;
            out.put_str(quote)
        }
        Format::Int => put_i64(out, insn.int() as i64),
        Format::Const => {
            let v = object::const_at(heap, unit, insn.arg).unwrap_or(Value::NONE);
            put_pointer(out, v.bits() as usize)?;
            out.put(b'=')?;
            repr(heap, insn.arg, out)
        }
        Format::Child | Format::ChildCells => {
            put_pointer(out, object::child(heap, code, insn.arg).map_or(0, Value::bits) as usize)?;
            if insn.format == Format::ChildCells { put_line(out, " ", insn.extra as u32, "") } else { Ok(()) }
        }
        Format::Uint if (op::CALL_FUNCTION..=op::CALL_METHOD_VAR_KW).contains(&insn.op) => {
            let (n, kw) = insn.args();
            put_line(out, "n=", n, " nkw=")?;
            put_u64(out, kw as u64, 10, false)
        }
        Format::Uint if insn.op == op::EXTENDED => {
            out.put_str(op::extended::info(insn.arg).map_or("", |i| i.name))
        }
        Format::Unwind => {
            put_line(out, "", insn.arg, " ")?;
            put_u64(out, insn.extra as u64, 10, false)
        }
        _ => put_u64(out, insn.arg as u64, 10, false),
    }
}

fn operator(heap: &Heap, before: &str, n: u8, methods: &[Value], out: &mut dyn Sink) -> Put {
    put_line(out, before, n as u32, " ")?;
    out.write(methods.get(n as usize).map_or(&[], |name| heap.str_bytes(*name)))
}
