//! What a report of an exception says beside its traceback: the exceptions that led to it, and the line of a syntax error.
//!
//! Invariant: a chain ends where it comes back to itself, and after `LONGEST` exceptions.

use crate::heap::{Kind, R, TypeId, Value};
use crate::object::exc::{self, field};
use crate::object::{dict, int, list};
use crate::q;
use crate::vm::EQUAL_PLACES;
use crate::vm::Vm;
use crate::vm::def::{Access, Mode};

const LONGEST: usize = 16;

/// What led to `e`, and whether it was named by `raise … from`. Nothing leads to what is no exception.
fn before(vm: &Vm, e: Value) -> Option<(Value, bool)> {
    let heap = vm.heap();
    if !heap.is(e, Kind::Exception) {
        return None;
    }
    let given = |at| heap.slot(e, at).filter(|v| heap.is(*v, Kind::Exception));
    if let Some(cause) = given(field::CAUSE) {
        return Some((cause, true));
    }
    let shown = heap.int(e, field::FLAGS) & exc::SUPPRESS_CONTEXT == 0;
    given(field::CONTEXT).filter(|_| shown).map(|v| (v, false))
}

/// Shows an exception by `one`, and before it those that led to it, the oldest first.
pub fn show(vm: &mut Vm, e: Value, one: fn(&mut Vm, Value) -> R<()>) -> R<()> {
    let made = vm.with_heap(list::new)?;
    let all = vm.push(made)?;
    let mut last = e;
    while let Some((v, _)) = before(vm, last) {
        let (heap, known) = (vm.heap(), vm.get(all));
        let n = list::len(heap, known);
        if v == e || n >= LONGEST || (0..n).any(|i| list::get(heap, known, i) == Some(v)) {
            break;
        }
        vm.with_heap(|h| list::append(h, known, v))?;
        last = v;
    }
    let n = list::len(vm.heap(), vm.get(all));
    for i in (0..n).rev() {
        let older = list::get(vm.heap(), vm.get(all), i).unwrap_or(e);
        one(vm, older)?;
        let next = i.checked_sub(1).and_then(|i| list::get(vm.heap(), vm.get(all), i)).unwrap_or(e);
        vm.emit(match before(vm, next) {
            Some((_, true)) => b"\nThe above exception was the direct cause of the following exception:\n\n",
            _ => b"\nDuring handling of the above exception, another exception occurred:\n\n",
        })?;
    }
    vm.drop_to(all);
    one(vm, e)
}

/// Behind the last of equal places in a row: how many more there were. Entry `i` of the traceback was shown.
pub fn show_repeated(vm: &mut Vm, trace: Value, i: usize) -> R<()> {
    let heap = vm.heap();
    let at = (i + EQUAL_PLACES) * 3;
    if at >= heap.words(trace) || heap.field(trace, i * 3).is_small() {
        return Ok(());
    }
    let Some(times) = heap.slot(trace, at).filter(|n| n.is_small()) else { return Ok(()) };
    vm.emit(b"  [Previous line repeated ")?;
    vm.print(times, Mode::Str)?;
    let end: &[u8] = if times == Value::small(1) { b" more time]\n" } else { b" more times]\n" };
    vm.emit(end)
}

/// The line of a syntax error, and a mark under the place where reading ended.
pub fn show_source(vm: &mut Vm, e: Value) -> R<()> {
    let heap = vm.heap();
    let all = heap.slot(e, field::ATTRS).filter(|_| vm.exception_is(e, TypeId::SyntaxError));
    let Some(all) = all else { return Ok(()) };
    let (Some(text), Some(offset)) =
        (dict::get_name(heap, all, q!("text")), dict::get_name(heap, all, q!("offset")))
    else {
        return Ok(());
    };
    let (Some(span), Some(column)) = (heap.str_span(text), int::to_i64(heap, offset)) else { return Ok(()) };
    let line = heap.span_bytes(span);
    let indent = line.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let line = span.sub(indent, line.len());
    vm.emit(b"    ")?;
    super::convert::emit_span(vm, line)?;
    if column > crate::base::utf8::count(vm.heap().span_bytes(span)) as i64 + 1 {
        // The text was cut before that place.
        return vm.emit(b"\n");
    }
    vm.emit(b"\n    ")?;
    for _ in indent as i64 + 1..column {
        vm.emit(b" ")?;
    }
    vm.emit(b"^\n")
}

/// The line is not to be shown: it stands above, as it was pasted.
pub fn forget_source(vm: &mut Vm, e: Value) {
    if let Some(all) = vm.heap().slot(e, field::ATTRS)
        && vm.exception_is(e, TypeId::SyntaxError)
    {
        dict::del_name(vm.heap_mut(), all, q!("text"));
    }
}

/// `__suppress_context__`
pub fn attr(vm: &mut Vm, e: Value, name: Value, access: Access) -> R {
    if name != q!("__suppress_context__") {
        return Ok(Value::STOP);
    }
    match access {
        Access::Load => Ok(Value::bool(vm.heap().int(e, field::FLAGS) & exc::SUPPRESS_CONTEXT != 0)),
        Access::Store(v) => {
            let on = vm.truth(v)?;
            vm.heap_mut().set_int(e, field::FLAGS, if on { exc::SUPPRESS_CONTEXT } else { 0 });
            Ok(Value::NONE)
        }
        Access::Delete => Ok(Value::STOP),
    }
}
