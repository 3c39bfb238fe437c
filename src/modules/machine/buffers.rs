//! Bytes of a program that go to a bus, or come from it.

use super::device::number;
use crate::builtins::text;
use crate::heap::{Kind, R, Value};
use crate::object::{bytes as object, memoryview, text_iter};
use crate::vm::Vm;
use crate::vm::api::lend::Bytes;

/// The bytes of an argument that a driver reads, or fills.
pub fn bytes(vm: &mut Vm, v: Value, filled: bool) -> R<Bytes> {
    let object = text::native(vm.heap(), v);
    let heap = vm.heap();
    let fits = match heap.kind(object) {
        Kind::MemoryView => !filled || memoryview::get(heap, object).writable,
        Kind::ByteArray | Kind::TypedArray => true,
        _ => !filled,
    };
    if !fits {
        return Err(vm.raise_by(&|h| text::mixed(h, Kind::Bytes)));
    }
    let span = match text::buffer(heap, object, true) {
        Some(_) if filled => text_iter::items(heap, object).1,
        Some(span) => span,
        None => return Err(vm.raise_by(&|h| text::mixed(h, Kind::Bytes))),
    };
    Ok(Bytes { object, span, filled })
}

/// The most bytes of a transfer.
const MOST: i64 = 0x3fff_ffff;

/// A new bytes object of so many bytes, to be filled; the caller keeps it.
pub fn blank(vm: &mut Vm, n: Option<Value>) -> R<Bytes> {
    let n = number(vm, n, 0, 0..=MOST)? as usize;
    let v = vm.with_heap(|h| object::blank(h, Kind::Bytes, n))?;
    vm.push(v)?;
    Ok(Bytes { object: v, span: object::cell(vm.heap(), v), filled: true })
}
