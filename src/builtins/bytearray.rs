//! The type `bytearray`.

use super::bytes::{as_buffer, binary, build, contains, extend, fromhex, methods, unary};
use super::{text, text_case, text_find, text_split};
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::exc::raise;
use crate::object::{bytearray, slice, text_iter};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Access, Args, Buffer, Entry, NativeDef, Slot, TypeDef, entry, heap_fn, kw_fn, vm_fn};

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 0, 3, true)),
    unary: Slot::Heap(unary),
    binary: Slot::Vm(binary),
    contains: Some(contains),
    subscr: Slot::Vm(subscr),
    iter: Some(text_iter::new),
    buffer: Some(buffer),
    entries: ENTRIES,
    ..TypeDef::plain(TypeId::ByteArray, q!("bytearray"))
};

static ENTRIES: &[Entry] = methods![
    #[cfg(feature = "basic")]
    entry(q!("fromhex"), fromhex(text_case::bytearray_fromhex)),
    entry(q!("append"), heap_fn(append, 2, 2)),
    entry(q!("extend"), vm_fn(extend_method, 2, 2)),
];

fn make(vm: &mut Vm, args: Args) -> R {
    build(vm, args, Kind::ByteArray)
}

fn append(heap: &mut Heap, args: &[Value]) -> R {
    let this = text::native(heap, text::arg(args, 0));
    let b = text::byte(heap, text::arg(args, 1))?;
    bytearray::push(heap, this, b)?;
    Ok(Value::NONE)
}

fn extend_method(vm: &mut Vm, args: Args) -> R {
    let native = text::native(vm.heap(), vm.req(args, 0));
    let this = vm.push(native)?;
    extend(vm, this, vm.req(args, 1))?;
    Ok(Value::NONE)
}

fn subscr(vm: &mut Vm, this: Value, key: Value, access: Access) -> R {
    let this = text::native(vm.heap(), this);
    match access {
        Access::Load => vm.with_heap(|heap| text_split::subscr(heap, this, key)),
        Access::Store(v) if vm.heap().is(key, Kind::Slice) => {
            if text::buffer(vm.heap(), v, false).is_some() {
                return vm.with_heap(|heap| store_slice(heap, this, key, v));
            }
            // An iterable of ints becomes bytes first, because running it may change the array.
            let made = vm.with_heap(bytearray::new)?;
            let items = vm.push(made)?;
            extend(vm, items, v)?;
            let v = vm.get(items);
            let done = vm.with_heap(|heap| store_slice(heap, this, key, v));
            vm.drop_to(items);
            done
        }
        Access::Store(v) => vm.with_heap(|heap| {
            let len = bytearray::len(heap, this);
            let i = slice::index(heap, key, len, "bytearray")?;
            let b = text::byte(heap, v)?;
            let at = bytearray::span(heap, this).sub(i, i + 1);
            heap.write_span(at, &[b]);
            Ok(Value::NONE)
        }),
        Access::Delete => vm.with_heap(|heap| delete(heap, this, key)),
    }
}

fn store_slice(heap: &mut Heap, this: Value, key: Value, v: Value) -> R {
    let len = bytearray::len(heap, this);
    let r = slice::resolve(heap, key, len)?;
    let Some(new) = text::buffer(heap, v, false) else { return Err(text::mixed(heap, Kind::Bytes)) };
    if r.step == 1 {
        let (from, to) = r.bounds();
        bytearray::splice(heap, this, from, to, new)?;
        return Ok(Value::NONE);
    }
    if new.len() != r.count {
        return Err(raise(heap, TypeId::ValueError, "slice lengths don't match"));
    }
    let copy = crate::object::bytes::concat(heap, Kind::Bytes, &[new])?;
    let copy = crate::object::bytes::cell(heap, copy);
    let all = bytearray::span(heap, this);
    let mut at = r.start;
    for i in 0..r.count {
        let to = usize::try_from(at).unwrap_or(0);
        heap.copy_span(all.sub(to, to + 1), copy.sub(i, i + 1));
        at += r.step;
    }
    Ok(Value::NONE)
}

fn delete(heap: &mut Heap, this: Value, key: Value) -> R {
    let len = bytearray::len(heap, this);
    if !heap.is(key, Kind::Slice) {
        let i = slice::index(heap, key, len, "bytearray")?;
        bytearray::splice(heap, this, i, i + 1, Span::EMPTY)?;
        return Ok(Value::NONE);
    }
    let r = slice::resolve(heap, key, len)?;
    // From the back, so that the places in front stay.
    for k in 0..r.count as i64 {
        let k = if r.step > 0 { r.count as i64 - 1 - k } else { k };
        let at = usize::try_from(r.start + k * r.step).unwrap_or(0);
        if r.step == 1 {
            let (from, to) = r.bounds();
            bytearray::splice(heap, this, from, to, Span::EMPTY)?;
            break;
        }
        bytearray::splice(heap, this, at, at + 1, Span::EMPTY)?;
    }
    Ok(Value::NONE)
}

fn buffer(heap: &Heap, v: Value) -> Option<Buffer> {
    Some(as_buffer(text::buffer(heap, v, false)?, b'B', true))
}
