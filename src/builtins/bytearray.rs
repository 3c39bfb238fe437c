//! The type `bytearray`.

use super::array_slices::{delete, store_slice};
use super::bytes::{as_buffer, binary, build, extend, fromhex, methods, unary};
use super::{text, text_case, text_chars, text_find, text_split};
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::{bytearray, slice, text_iter};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Access, Args, Buffer, Entry, NativeDef, Slot, TypeDef, entry, heap_fn, kw_fn, vm_fn};

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
    let from = vm.req(args, 1);
    // What an iterable gives is gathered first: all of it is appended in one step.
    #[cfg(not(feature = "tiny"))]
    if text::buffer(vm.heap(), from, false).is_none() {
        let made = vm.with_heap(bytearray::new)?;
        let gathered = vm.push(made)?;
        extend(vm, gathered, from)?;
        let gathered = vm.get(gathered);
        extend(vm, this, gathered)?;
        return Ok(Value::NONE);
    }
    extend(vm, this, from)?;
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

fn buffer(heap: &Heap, v: Value) -> Option<Buffer> {
    Some(as_buffer(text::buffer(heap, v, false)?, b'B', true))
}
