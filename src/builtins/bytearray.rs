//! The type `bytearray`.

use super::bytes::{as_buffer, binary, build, copied, extend, fromhex, methods, unary};
use super::{text, text_case, text_chars, text_find, text_split};
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::{bytearray, slice, text_iter};
use crate::q;
use crate::vm::def::{Access, Args, Buffer, Entry, NativeDef, Slot, TypeDef, entry, heap_fn, kw_fn, vm_fn};
use crate::vm::{Vm, bulk};

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 0, 3, true)),
    unary: Slot::Vm(unary),
    binary: Slot::Vm(binary),
    contains: Some(text_find::contains),
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
        Access::Load => text_chars::subscr(vm, this, key),
        Access::Store(v) if vm.heap().is(key, Kind::Slice) => {
            if text::buffer(vm.heap(), v, false).is_some() {
                return store_slice(vm, this, key, v);
            }
            // An iterable of ints becomes bytes first, because running it may change the array.
            let made = vm.with_heap(bytearray::new)?;
            let items = vm.push(made)?;
            extend(vm, items, v)?;
            let v = vm.get(items);
            let done = store_slice(vm, this, key, v);
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
        Access::Delete => delete(vm, this, key),
    }
}

fn store_slice(vm: &mut Vm, this: Value, key: Value, v: Value) -> R {
    let len = bytearray::len(vm.heap(), this);
    let r = vm.with_heap2(slice::resolve, key, len)?;
    if r.step == 1 {
        let (from, to) = r.bounds();
        return vm.with_heap(|heap| {
            let Some(new) = text::buffer(heap, v, false) else { return Err(text::mixed(heap, Kind::Bytes)) };
            bytearray::splice(heap, this, from, to, new)?;
            Ok(Value::NONE)
        });
    }
    let new = text::buffer(vm.heap(), v, false).unwrap_or(Span::EMPTY);
    if new.len() != r.count {
        return Err(vm.raise(TypeId::ValueError, "slice lengths don't match"));
    }
    // The array itself may be among what is stored.
    let copy = copied(vm, Kind::ByteArray, new)?;
    let keep = vm.push(copy)?;
    for i in 0..r.count {
        let to = usize::try_from(r.start + i as i64 * r.step);
        if let (Ok(to), Some(b)) = (to, bytearray::get(vm.heap(), copy, i)) {
            bytearray::set(vm.heap_mut(), this, to, b);
        }
        if i & 63 == 63 {
            vm.tick(4000)?;
        }
    }
    vm.drop_to(keep);
    Ok(Value::NONE)
}

fn delete(vm: &mut Vm, this: Value, key: Value) -> R {
    let len = bytearray::len(vm.heap(), this);
    if !vm.heap().is(key, Kind::Slice) {
        return vm.with_heap(|heap| {
            let i = slice::index(heap, key, len, "bytearray")?;
            bytearray::splice(heap, this, i, i + 1, Span::EMPTY)?;
            Ok(Value::NONE)
        });
    }
    let r = vm.with_heap2(slice::resolve, key, len)?;
    if r.step == 1 {
        let (from, to) = r.bounds();
        vm.with_heap(|heap| bytearray::splice(heap, this, from, to, Span::EMPTY))?;
        return Ok(Value::NONE);
    }
    // What stays is gathered, and takes the place of all in one step.
    let made = vm.with_heap(|heap| {
        bytearray::check_unpinned(heap, this)?;
        bytearray::with_len(heap, len)
    })?;
    let kept = vm.push(made)?;
    let step = r.step.unsigned_abs() as usize;
    let first = usize::try_from(if r.step > 0 { r.start } else { r.start + (r.count as i64 - 1) * r.step });
    let first = first.unwrap_or(0);
    let mut to = 0;
    for k in 0..=r.count {
        let from = if k == 0 { 0 } else { first + (k - 1) * step + 1 };
        let until = if k == r.count { len } else { first + k * step };
        let part = bytearray::span(vm.heap(), this).sub(from, until);
        let whole = bytearray::span(vm.heap(), made);
        bulk::copy(vm, whole.sub(to, to + part.len()), part)?;
        to += part.len();
        vm.tick(150)?;
    }
    vm.with_heap(|heap| {
        bytearray::truncate(heap, made, to);
        bytearray::adopt(heap, this, made)
    })?;
    vm.drop_to(kept);
    Ok(Value::NONE)
}

fn buffer(heap: &Heap, v: Value) -> Option<Buffer> {
    Some(as_buffer(text::buffer(heap, v, false)?, b'B', true))
}
