//! The type `memoryview`.

use super::bytes::{as_buffer, copied};
use super::{text, text_case};
use crate::base::pack::PackCode;
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
#[cfg(feature = "extra")]
use crate::object::c_struct;
use crate::object::exc::raise;
use crate::object::memoryview::{self, View};
#[cfg(feature = "extra")]
use crate::object::number;
use crate::object::{bytes, int, list, slice, text_iter, typed_array};
use crate::q;
use crate::vm::def::{
    Access, Args, Buffer, Const, Entry, Mode, NativeDef, Slot, TypeDef, UnaryOp, entry, heap_fn, vm_fn,
};
use crate::vm::{Vm, bulk};
#[cfg(feature = "extra")]
use core::cmp::Ordering;

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::heap(make, 1, 1, false)),
    print: Some(print),
    unary: Slot::Vm(unary),
    binary: Slot::Vm(super::bytes::binary),
    subscr: Slot::Vm(subscr),
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
    entry(q!("hex"), vm_fn(text_case::hex, 1, 2)),
    entry(q!("tobytes"), vm_fn(tobytes, 1, 1)),
    entry(q!("tolist"), vm_fn(tolist, 1, 1)),
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

/// Whether the bytes of a view and of the other do not tell whether their items are equal: other layouts, floats.
#[cfg(feature = "extra")]
pub fn compares_items(heap: &Heap, a: Value, b: Value) -> bool {
    let (x, y) = (text_iter::items(heap, a).0, text_iter::items(heap, b).0);
    x != y || b"fd".contains(&x)
}

/// Whether the items are equal, number by number.
#[cfg(feature = "extra")]
pub fn equal_items(vm: &mut Vm, a: Value, b: Value) -> R<bool> {
    const ITEMS: usize = 16;
    let mut i = 0;
    loop {
        let found = vm.with_heap_anew(|heap| {
            for i in i..i + ITEMS {
                match (text_iter::item(heap, a, i)?, text_iter::item(heap, b, i)?) {
                    (Some((x, _)), Some((y, _))) if number::compare(heap, x, y) == Some(Ordering::Equal) => {}
                    (x, y) => return Ok(Some(x.is_none() && y.is_none())),
                }
            }
            Ok(None)
        })?;
        if let Some(equal) = found {
            return Ok(equal);
        }
        i += ITEMS;
        vm.tick(100 * ITEMS as u32)?;
    }
}

fn unary(vm: &mut Vm, op: UnaryOp, v: Value) -> R {
    let heap = vm.heap();
    Ok(match op {
        UnaryOp::Bool => Value::bool(len(heap, v) > 0),
        UnaryOp::Len => return vm.with_heap(|heap| int::from_u64(heap, len(heap, v) as u64)),
        UnaryOp::Hash if !memoryview::get(heap, v).writable => {
            let all = text_iter::items(heap, v).1;
            Value::small(bulk::hash(vm, all)?.0 as i32)
        }
        _ => Value::NOT_IMPLEMENTED,
    })
}

/// An item or a part; what is stored in a long part goes there piece by piece.
fn subscr(vm: &mut Vm, v: Value, key: Value, access: Access) -> R {
    let run = match access {
        Access::Store(new) if vm.heap().is(key, Kind::Slice) => {
            vm.with_heap(|heap| target(heap, v, key, new))?
        }
        _ => return vm.with_heap(|heap| item(heap, v, key, access)),
    };
    let (to, from) = run;
    let keep = bulk::keep(vm, &[to, from])?;
    bulk::copy(vm, to, from)?;
    vm.drop_to(keep);
    Ok(Value::NONE)
}

fn not_writable(heap: &mut Heap) -> Raised {
    raise(heap, TypeId::TypeError, "'memoryview' object doesn't support item assignment")
}

/// Items `from` to `to` that a slice names.
fn range(heap: &mut Heap, view: &View, key: Value, len: usize) -> R<(usize, usize)> {
    let r = match view.owner {
        Value::FOREIGN => slice::resolve_long(heap, key, len as i64)?,
        _ => slice::resolve(heap, key, len)?,
    };
    if r.step != 1 {
        let message = "only slices with step=1 (aka None) are supported";
        return Err(raise(heap, TypeId::NotImplementedError, message));
    }
    Ok(r.bounds())
}

fn layout(heap: &mut Heap, view: &View) -> R<PackCode> {
    typed_array::layout(view.typecode)
        .ok_or(Raised)
        .map_err(|_| raise(heap, TypeId::ValueError, "bad typecode"))
}

/// Where a part's bytes go, and the bytes that go there.
fn target(heap: &mut Heap, v: Value, key: Value, new: Value) -> R<(Span, Span)> {
    let view = memoryview::get(heap, v);
    let (size, len) = (usize::from(layout(heap, &view)?.size), len(heap, v));
    if !view.writable {
        return Err(not_writable(heap));
    }
    let (from, to) = range(heap, &view, key, len)?;
    let Some(source) = text::buffer(heap, new, false) else { return Err(text::mixed(heap, Kind::Bytes)) };
    let theirs = text_iter::items(heap, text::native(heap, new)).0;
    let target = part(heap, v, from * size, to * size);
    if typed_array::size_of(theirs) != Some(size) || source.len() != target.len() {
        return Err(raise(heap, TypeId::ValueError, "lhs and rhs should be compatible"));
    }
    Ok((target, source))
}

fn item(heap: &mut Heap, v: Value, key: Value, access: Access) -> R {
    let view = memoryview::get(heap, v);
    let code = layout(heap, &view)?;
    let (size, len) = (usize::from(code.size), len(heap, v));
    if !matches!(access, Access::Load) && !view.writable || matches!(access, Access::Delete) {
        return Err(not_writable(heap));
    }
    if heap.is(key, Kind::Slice) {
        let (from, to) = range(heap, &view, key, len)?;
        let offset = view.offset + from * size;
        if offset as u64 >= memoryview::MAX_OFFSET {
            return Err(raise(heap, TypeId::OverflowError, "memoryview offset too large"));
        }
        return memoryview::new(heap, View { offset, len: to - from, ..view });
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

fn tobytes(vm: &mut Vm, args: Args) -> R {
    let (_, all) = text_iter::items(vm.heap(), vm.req(args, 0));
    copied(vm, Kind::Bytes, all)
}

fn tolist(vm: &mut Vm, args: Args) -> R {
    let made = vm.with_heap(list::new)?;
    let out = vm.push(made)?;
    let (this, mut cursor) = (vm.req(args, 0), 0);
    while let Some((v, next)) = vm.with_heap2(text_iter::item, this, cursor)? {
        let (v, to) = (vm.push(v)?, vm.get(out));
        vm.with_heap2(list::append, to, vm.get(v))?;
        vm.drop_to(v);
        cursor = next;
        vm.tick(150)?;
    }
    Ok(vm.get(out))
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
