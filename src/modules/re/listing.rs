//! The listing of a program that the flag `DEBUG` asks for, in MicroPython's form.

use super::program::{NAMED_RANGE, op, size};
use crate::base::sink::{Sink, SliceSink, put_hex, put_i64};
use crate::heap::R;
use crate::heap::span::Span;
use crate::vm::Vm;

/// Writes it; the program is reachable.
pub fn show(vm: &mut Vm, code: Span) -> R<()> {
    let (mut pc, mut n) = (0, 0);
    while pc < code.len() {
        line(vm, code, pc)?;
        pc += size(byte(vm, code, pc), byte(vm, code, pc + 1));
        n += 1;
        vm.tick(300)?;
    }
    vm.emit(b"Bytes: ")?;
    number(vm, pc as i64, 0)?;
    vm.emit(b", insts: ")?;
    number(vm, n, 0)?;
    vm.emit(b"\n")
}

fn byte(vm: &Vm, code: Span, at: usize) -> u8 {
    vm.heap().span_bytes(code).get(at).copied().unwrap_or(0)
}

fn number(vm: &mut Vm, n: i64, width: usize) -> R<()> {
    let mut room = [0; 20];
    let mut sink = SliceSink::new(&mut room);
    // Twenty bytes hold every number.
    let _ = put_i64(&mut sink, n);
    for _ in sink.len()..width {
        vm.emit(b" ")?;
    }
    vm.emit(sink.bytes())
}

fn line(vm: &mut Vm, code: Span, pc: usize) -> R<()> {
    let (opcode, operand) = (byte(vm, code, pc), byte(vm, code, pc + 1));
    number(vm, pc as i64, 2)?;
    vm.emit(b": ")?;
    let name: &[u8] = match opcode {
        op::CHAR | op::WIDE => b"char ",
        op::ANY => b"any",
        op::CLASS | op::WIDE_CLASS => b"class ",
        op::CLASS_NOT | op::WIDE_CLASS_NOT => b"classnot ",
        op::NAMED => b"namedclass ",
        op::BEGIN => b"assert bol",
        op::END => b"assert eol",
        op::JUMP => b"jmp ",
        op::SPLIT => b"split ",
        op::RSPLIT => b"rsplit ",
        op::SAVE => b"save ",
        _ => b"match",
    };
    vm.emit(name)?;
    match opcode {
        op::CHAR | op::NAMED => vm.emit(&[operand])?,
        op::WIDE => hex(vm, three(vm, code, pc + 1))?,
        op::SAVE => number(vm, operand.into(), 0)?,
        op::JUMP | op::SPLIT | op::RSPLIT => {
            let offset = i64::from(operand as i8);
            number(vm, pc as i64 + 2 + offset, 0)?;
            vm.emit(b" (")?;
            number(vm, offset, 0)?;
            vm.emit(b")")?;
        }
        op::CLASS | op::CLASS_NOT | op::WIDE_CLASS | op::WIDE_CLASS_NOT => {
            number(vm, operand.into(), 0)?;
            for i in 0..operand as usize {
                range(vm, code, pc + 2, i, opcode >= op::WIDE_CLASS)?;
            }
        }
        _ => {}
    }
    vm.emit(b"\n")
}

fn range(vm: &mut Vm, code: Span, at: usize, i: usize, wide: bool) -> R<()> {
    let (first, last) = if wide {
        (three(vm, code, at + 6 * i), three(vm, code, at + 6 * i + 3))
    } else {
        (byte(vm, code, at + 2 * i).into(), byte(vm, code, at + 2 * i + 1).into())
    };
    vm.emit(b" ")?;
    if first == NAMED_RANGE.into() && last < first {
        return vm.emit(&[b'\\', last as u8]);
    }
    hex(vm, first)?;
    vm.emit(b"-")?;
    hex(vm, last)
}

fn three(vm: &Vm, code: Span, at: usize) -> u32 {
    u32::from_le_bytes([byte(vm, code, at), byte(vm, code, at + 1), byte(vm, code, at + 2), 0])
}

fn hex(vm: &mut Vm, n: u32) -> R<()> {
    let mut room = [0; 10];
    let mut sink = SliceSink::new(&mut room);
    // Ten bytes hold it.
    let _ = sink.write(b"0x");
    let _ = put_hex(&mut sink, n.into(), 2);
    vm.emit(sink.bytes())
}
