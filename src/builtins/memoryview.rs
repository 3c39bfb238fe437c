//! The type `memoryview`.

use super::bytes::as_buffer;
use super::{text, text_case};
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, TypeId, Value};
#[cfg(feature = "extra")]
use crate::object::c_struct;
use crate::object::exc::raise;
use crate::object::memoryview::{self, View};
use crate::object::{bytes, hashtable, int, list, slice, text_iter, typed_array};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Access, Buffer, Const, Entry, Mode, NativeDef, Slot, TypeDef, UnaryOp, entry, heap_fn};

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::heap(make, 1, 1, false)),
    print: Some(print),
    unary: Slot::Heap(unary),
    binary: Slot::Vm(super::bytes::binary),
    subscr: Slot::Heap(subscr),
    iter: Some(text_iter::new),
    buffer: Some(buffer),
    entries: &ENTRIES,
    ..TypeDef::plain(TypeId::MemoryView, q!("memoryview"))
};

static ENTRIES: [Entry; 9] = [
    entry(q!("itemsize"), Const::Get(|heap, v| Ok(Value::small(item_size(heap, v) as i32)))),
    entry(
        q!("nbytes"),
        Const::Get(|heap, v| int::from_u64(heap, (len(heap, v) * item_size(heap, v)) as u64)),
    ),
    entry(q!("readonly"), Const::Get(|heap, v| Ok(Value::bool(!memoryview::get(heap, v).writable)))),
    entry(
        q!("format"),
        Const::Get(|heap, v| crate::object::str::new(heap, &[memoryview::get(heap, v).typecode])),
    ),
    entry(q!("hex"), heap_fn(text_case::hex, 1, 2)),
    entry(q!("tobytes"), heap_fn(tobytes, 1, 1)),
    entry(q!("tolist"), heap_fn(tolist, 1, 1)),
    entry(q!("cast"), heap_fn(cast, 2, 2)),
    entry(q!("release"), heap_fn(release, 1, 1)),
];

fn item_size(heap: &Heap, v: Value) -> usize {
    typed_array::size_of(memoryview::get(heap, v).typecode).unwrap_or(1)
}

/// The bytes `from` to `to` of a view.
fn part(heap: &Heap, v: Value, from: usize, to: usize) -> Span {
    let view = memoryview::get(heap, v);
    if view.owner == Value::FOREIGN {
        return foreign(view.offset as u64 + from as u64, to - from);
    }
    text_iter::items(heap, v).1.sub(from, to)
}

#[cfg(feature = "extra")]
fn foreign(address: u64, len: usize) -> Span {
    Span::of_address(address, len.min(bytes::MAX_LEN))
}
/// Without `uctypes` nobody has such a view.
#[cfg(not(feature = "extra"))]
fn foreign(_: u64, _: usize) -> Span {
    Span::EMPTY
}

/// The items there are now: an owner that shrank makes the view short.
fn len(heap: &Heap, v: Value) -> usize {
    let view = memoryview::get(heap, v);
    if view.owner == Value::FOREIGN {
        return view.len;
    }
    text_iter::items(heap, v).1.len().checked_div(item_size(heap, v)).unwrap_or(0)
}

fn make(heap: &mut Heap, args: &[Value]) -> R {
    let owner = text::native(heap, text::arg(args, 0));
    let view = match heap.kind(owner) {
        Kind::MemoryView => View { byte_array: false, ..memoryview::get(heap, owner) },
        kind => {
            let (typecode, all) = text_iter::items(heap, owner);
            // A str has a buffer too, as in MicroPython.
            if text::buffer(heap, owner, true).is_none() {
                return Err(text::mixed(heap, Kind::Bytes));
            }
            let size = typed_array::size_of(typecode).unwrap_or(1);
            let len = all.len().checked_div(size).unwrap_or(0);
            let view = View {
                typecode,
                writable: matches!(kind, Kind::ByteArray | Kind::TypedArray),
                byte_array: false,
                owner,
                offset: 0,
                len,
            };
            #[cfg(feature = "extra")]
            let view = match c_struct::is(heap, owner) {
                true => {
                    let offset = c_struct::address(heap, owner) as usize;
                    View { writable: true, owner: Value::FOREIGN, offset, ..view }
                }
                false => view,
            };
            view
        }
    };
    memoryview::new(heap, view)
}

fn print(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    let view = memoryview::get(vm.heap(), v);
    if view.owner == Value::FOREIGN && !view.byte_array {
        return vm.emit(b"<memoryview>");
    }
    if view.byte_array {
        vm.emit(b"bytearray(")?;
        super::print::quoted(vm, v)?;
        return vm.emit(b")");
    }
    vm.emit(b"<memory at ")?;
    super::print::address(vm, v)?;
    vm.emit(b">")
}

fn unary(heap: &mut Heap, op: UnaryOp, v: Value) -> R {
    Ok(match op {
        UnaryOp::Bool => Value::bool(len(heap, v) > 0),
        UnaryOp::Len => return int::from_u64(heap, len(heap, v) as u64),
        UnaryOp::Hash if !memoryview::get(heap, v).writable => {
            let copy = tobytes(heap, &[v])?;
            hashtable::hash(heap, copy).map_or(Value::NOT_IMPLEMENTED, |h| Value::small(h as i32))
        }
        _ => Value::NOT_IMPLEMENTED,
    })
}

fn subscr(heap: &mut Heap, v: Value, key: Value, access: Access) -> R {
    let view = memoryview::get(heap, v);
    let Some(code) = typed_array::layout(view.typecode) else {
        return Err(raise(heap, TypeId::ValueError, "bad typecode"));
    };
    let (size, len) = (usize::from(code.size), len(heap, v));
    if !matches!(access, Access::Load) && !view.writable || matches!(access, Access::Delete) {
        return Err(raise(heap, TypeId::TypeError, "'memoryview' object doesn't support item assignment"));
    }
    if heap.is(key, Kind::Slice) {
        let r = match view.owner {
            Value::FOREIGN => slice::resolve_long(heap, key, len as i64)?,
            _ => slice::resolve(heap, key, len)?,
        };
        if r.step != 1 {
            let message = "only slices with step=1 (aka None) are supported";
            return Err(raise(heap, TypeId::NotImplementedError, message));
        }
        let (from, to) = r.bounds();
        let Access::Store(new) = access else {
            let offset = view.offset + from * size;
            if offset as u64 >= memoryview::MAX_OFFSET {
                return Err(raise(heap, TypeId::OverflowError, "memoryview offset too large"));
            }
            return memoryview::new(heap, View { offset, len: to - from, ..view });
        };
        let Some(source) = text::buffer(heap, new, false) else { return Err(text::mixed(heap, Kind::Bytes)) };
        let theirs = text_iter::items(heap, text::native(heap, new)).0;
        let target = part(heap, v, from * size, to * size);
        if typed_array::size_of(theirs) != Some(size) || source.len() != target.len() {
            return Err(raise(heap, TypeId::ValueError, "lhs and rhs should be compatible"));
        }
        heap.copy_span(target, source);
        return Ok(Value::NONE);
    }
    let i = slice::index(heap, key, len, "memoryview")?;
    let at = part(heap, v, i * size, (i + 1) * size);
    match access {
        Access::Store(x) => {
            typed_array::write(heap, at, code, typed_array::BIG_ENDIAN, x)?;
            Ok(Value::NONE)
        }
        _ => typed_array::read(heap, at, code, typed_array::BIG_ENDIAN),
    }
}

fn tobytes(heap: &mut Heap, args: &[Value]) -> R {
    let (_, all) = text_iter::items(heap, text::arg(args, 0));
    bytes::concat(heap, Kind::Bytes, &[all])
}

fn tolist(heap: &mut Heap, args: &[Value]) -> R {
    let out = list::new(heap)?;
    let mut cursor = 0;
    while let Some((v, next)) = text_iter::item(heap, text::arg(args, 0), cursor)? {
        list::append(heap, out, v)?;
        cursor = next;
    }
    Ok(out)
}

/// The same bytes seen as items of another format.
fn cast(heap: &mut Heap, args: &[Value]) -> R {
    let view = memoryview::get(heap, text::arg(args, 0));
    let typecode = match text::word(heap, text::arg(args, 1))? {
        [b'@', code] | [code] => *code,
        _ => 0,
    };
    let total = view.len * typed_array::size_of(view.typecode).unwrap_or(1);
    let Some(size) = typed_array::size_of(typecode) else {
        return Err(raise(heap, TypeId::ValueError, "bad typecode"));
    };
    if !total.is_multiple_of(size) {
        return Err(raise(heap, TypeId::TypeError, "length isn't a multiple of the item size"));
    }
    memoryview::new(heap, View { typecode, len: total.checked_div(size).unwrap_or(0), ..view })
}

/// Lets go of the owner: the view is empty afterwards.
fn release(heap: &mut Heap, args: &[Value]) -> R {
    memoryview::release(heap, text::arg(args, 0));
    Ok(Value::NONE)
}

fn buffer(heap: &Heap, v: Value) -> Option<Buffer> {
    let view = memoryview::get(heap, v);
    Some(as_buffer(text_iter::items(heap, v).1, view.typecode, view.writable))
}
