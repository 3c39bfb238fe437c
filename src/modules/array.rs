//! The module `array`: arrays of machine numbers.

#[cfg_attr(feature = "extra", path = "array_objects.rs")]
#[cfg_attr(not(feature = "extra"), path = "array_objects_not.rs")]
mod objects;

use crate::builtins::bytes::as_buffer;
use crate::builtins::{print, text};
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::exc::raise;
use crate::object::{bytes, list, number, slice, text_iter, typed_array};
use crate::q;
use crate::vm::def::{
    Access, Args, BinaryOp, Buffer, Const, Entry, Mode, ModuleDef, NativeDef, Slot, TypeDef, UnaryOp, entry,
    heap_fn, vm_fn,
};
use crate::vm::pieces::{COPIED, ITEMS};
use crate::vm::{self, Vm};
use core::cmp::Ordering;

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("array"),
    entries: &[Entry { name: q!("array"), value: Const::Type(TypeId::Array) }],
};

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 1, 2, false)),
    print: Some(show),
    unary: Slot::Heap(unary),
    binary: Slot::Vm(binary),
    subscr: Slot::Vm(subscr),
    iter: Some(text_iter::new),
    buffer: Some(buffer),
    entries: &ENTRIES,
    ..TypeDef::plain(TypeId::Array, q!("array"))
};

static ENTRIES: [Entry; 2] =
    [entry(q!("append"), heap_fn(append, 2, 2)), entry(q!("extend"), vm_fn(extend_method, 2, 2))];

/// `array(typecode[, initial])`: bytes are taken as they are, other things item by item.
fn make(vm: &mut Vm, args: Args) -> R {
    let code = vm.req(args, 0);
    let code = match vm.with_heap(|h| text::word(h, code).map(|w| (w.len(), w.first().copied())))? {
        (1, Some(code)) if objects::is_code(code) => return objects::make(vm, vm.arg(args, 1)),
        (1, Some(code)) if typed_array::layout(code).is_some() => code,
        _ => return Err(vm.raise(TypeId::ValueError, "bad typecode")),
    };
    let initial = vm.arg(args, 1).map(|v| text::native(vm.heap(), v));
    if let Some(v) = initial
        && matches!(vm.heap().kind(v), Kind::Bytes | Kind::ByteArray)
    {
        vm.push(v)?;
        return vm.with_heap_anew(|heap| {
            let raw = text_iter::items(heap, v).1;
            let size = typed_array::size_of(code).unwrap_or(1);
            if !raw.len().is_multiple_of(size) {
                return Err(raise(heap, TypeId::ValueError, "bytes length not a multiple of item size"));
            }
            let a = typed_array::new(heap, code, raw.len().checked_div(size).unwrap_or(0))?;
            let to = typed_array::span(heap, a);
            heap.copy_span(to, raw);
            Ok(a)
        });
    }
    let made = vm.with_heap(|heap| typed_array::new(heap, code, 0))?;
    let slot = vm.push(made)?;
    if let Some(v) = vm.arg(args, 1) {
        extend(vm, slot, v)?;
    }
    let made = vm.get(slot);
    vm.drop_to(slot);
    Ok(made)
}

/// Makes room in an array for many items: a turn lies between that and their coming.
fn make_room(vm: &mut Vm, to: Value, more: usize) -> R<()> {
    if cfg!(feature = "tiny") || more <= ITEMS {
        return Ok(());
    }
    vm.with_heap_anew(|heap| typed_array::reserve(heap, to, more))?;
    vm.turn(COPIED as u32)
}
/// The turn after the items of an array that is long were moved.
fn moved(vm: &mut Vm, from: Value) -> R<()> {
    if typed_array::len(vm.heap(), from) > ITEMS { vm.turn(COPIED as u32 / 2) } else { Ok(()) }
}

/// Appends the items of an iterable.
fn extend(vm: &mut Vm, slot: vm::Slot, v: Value) -> R<()> {
    let to = vm.get(slot);
    if let Some(items) = objects::list(vm.heap(), to) {
        return objects::extend(vm, items, v);
    }
    let native = text::native(vm.heap(), v);
    let heap = vm.heap();
    if heap.is(native, Kind::TypedArray)
        && typed_array::typecode(heap, native) == typed_array::typecode(heap, to)
    {
        vm.push(native)?;
        let more = typed_array::len(vm.heap(), native);
        make_room(vm, to, more)?;
        vm.with_heap_anew(|heap| {
            let (n, all) = (typed_array::len(heap, to), typed_array::span(heap, native));
            typed_array::splice(heap, to, n, n, all)
        })?;
        return moved(vm, native);
    }
    let it = vm.iter(v)?;
    let it = vm.push(it)?;
    loop {
        let v = vm.next(vm.get(it))?;
        if v == Value::STOP {
            break;
        }
        let item = vm.push(v)?;
        let to = vm.get(slot);
        vm.with_heap_anew(|heap| typed_array::append(heap, to, v))?;
        vm.drop_to(item);
        vm.tick(150)?;
    }
    vm.drop_to(it);
    Ok(())
}

fn append(heap: &mut Heap, args: &[Value]) -> R {
    let (this, v) = (text::native(heap, text::arg(args, 0)), text::arg(args, 1));
    match objects::list(heap, this) {
        Some(items) => list::append(heap, items, v)?,
        None => typed_array::append(heap, this, v)?,
    }
    Ok(Value::NONE)
}

fn extend_method(vm: &mut Vm, args: Args) -> R {
    let native = text::native(vm.heap(), vm.req(args, 0));
    let slot = vm.push(native)?;
    let from = vm.req(args, 1);
    if cfg!(feature = "tiny") || objects::list(vm.heap(), native).is_some() {
        extend(vm, slot, from)?;
        return Ok(Value::NONE);
    }
    // The items are gathered, and appended in one step: also those before one that does not fit.
    let code = typed_array::typecode(vm.heap(), native);
    let made = vm.with_heap(|heap| typed_array::new(heap, code, 0))?;
    let gathered = vm.push(made)?;
    let done = extend(vm, gathered, from);
    let raised = vm.heap_mut().raised.take();
    let kept = vm.push(raised.unwrap_or(Value::NONE))?;
    let gathered = vm.get(gathered);
    let appended = extend(vm, slot, gathered);
    if done.is_err() {
        vm.heap_mut().raised = Some(vm.get(kept));
    }
    done.and(appended)?;
    Ok(Value::NONE)
}

fn show(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    vm.emit(b"array('")?;
    let code = typed_array::typecode(vm.heap(), v);
    vm.emit(&[code, b'\''])?;
    let keep = vm.push(v)?;
    for i in 0.. {
        let item = vm.with_heap(|heap| text_iter::item(heap, v, i))?;
        let Some((item, _)) = item else { break };
        let item_kept = vm.push(item)?;
        vm.emit(if i == 0 { b", [" } else { b", " })?;
        print::print(vm, item, Mode::Repr)?;
        vm.drop_to(item_kept);
        vm.tick(100)?;
    }
    vm.drop_to(keep);
    vm.emit(if len(vm.heap(), v) > 0 { b"])" } else { b")" })
}

fn len(heap: &Heap, v: Value) -> usize {
    objects::list(heap, v).map_or_else(|| typed_array::len(heap, v), |items| list::len(heap, items))
}

fn unary(heap: &mut Heap, op: UnaryOp, v: Value) -> R {
    let n = len(heap, v);
    Ok(match op {
        UnaryOp::Bool => Value::bool(n > 0),
        UnaryOp::Len => Value::small(n as i32),
        _ => Value::NOT_IMPLEMENTED,
    })
}

fn binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R {
    let heap = vm.heap();
    let (a, b) = (text::native(heap, a), text::native(heap, b));
    if !heap.is(a, Kind::TypedArray) || !heap.is(b, Kind::TypedArray) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let code = typed_array::typecode(heap, a);
    let other = typed_array::typecode(heap, b);
    if objects::is_code(code) || objects::is_code(other) {
        return vm.with_heap_anew(|heap| match objects::binary(heap, op, a, b)? {
            Value::NOT_IMPLEMENTED if compares(op) => Err(incomparable(heap)),
            made => Ok(made),
        });
    }
    if compares(op) {
        return compare(vm, op, a, b);
    }
    let long = typed_array::len(heap, a) > ITEMS || typed_array::len(heap, b) > ITEMS;
    if cfg!(feature = "tiny") || !long || code != other {
        return vm.with_heap_anew(|heap| join(heap, op, a, b, code == other));
    }
    join_long(vm, op, a, b)
}

/// `a + b` of long arrays, and in place.
fn join_long(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R {
    if op != BinaryOp::Add {
        if op == BinaryOp::InplaceAdd {
            let more = typed_array::len(vm.heap(), b);
            make_room(vm, a, more)?;
        }
        let made = vm.with_heap_anew(|heap| join(heap, op, a, b, true))?;
        moved(vm, b)?;
        return Ok(made);
    }
    let made = vm.with_heap_anew(|heap| {
        let n = typed_array::len(heap, a) + typed_array::len(heap, b);
        typed_array::new(heap, typed_array::typecode(heap, a), n)
    })?;
    let slot = vm.push(made)?;
    vm.turn(COPIED as u32)?;
    let heap = vm.heap_mut();
    let (whole, x, y) =
        (typed_array::span(heap, made), typed_array::span(heap, a), typed_array::span(heap, b));
    if x.len() + y.len() != whole.len() {
        // Others have changed them meanwhile: what they are now is joined in one step.
        vm.drop_to(slot);
        return vm.with_heap_anew(|heap| join(heap, op, a, b, true));
    }
    bytes::copy_all(heap, whole, &[x, y]);
    vm.turn(COPIED as u32 / 2)?;
    vm.drop_to(slot);
    Ok(made)
}

/// `a + b`, and in place.
fn join(heap: &mut Heap, op: BinaryOp, a: Value, b: Value, same: bool) -> R {
    let code = typed_array::typecode(heap, a);
    match op {
        BinaryOp::Add if same => {
            let (x, y) = (typed_array::span(heap, a), typed_array::span(heap, b));
            let n = typed_array::len(heap, a) + typed_array::len(heap, b);
            let made = typed_array::new(heap, code, n)?;
            let whole = typed_array::span(heap, made);
            bytes::copy_all(heap, whole, &[x, y]);
            Ok(made)
        }
        BinaryOp::InplaceAdd if same => {
            let (n, all) = (typed_array::len(heap, a), typed_array::span(heap, b));
            typed_array::splice(heap, a, n, n, all)?;
            Ok(a)
        }
        BinaryOp::Add | BinaryOp::InplaceAdd => {
            Err(raise(heap, TypeId::TypeError, "can only append array of the same typecode"))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn compares(op: BinaryOp) -> bool {
    crate::builtins::str::compared(op, Ordering::Equal).is_some()
}

#[cold]
fn incomparable(heap: &mut Heap) -> Raised {
    raise(heap, TypeId::NotImplementedError, "these typecodes do not compare")
}

/// Item by item; as MicroPython only integers of one layout, which its `basics/array_micropython` asserts.
fn compare(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R {
    let codes = [a, b].map(|v| typed_array::typecode(vm.heap(), v));
    let [code, other] = codes.map(|code| code.to_ascii_lowercase());
    if code != other || b"fd".contains(&code) {
        return vm.with_heap_anew(|heap| Err(incomparable(heap)));
    }
    let lengths = |vm: &Vm| typed_array::len(vm.heap(), a).cmp(&typed_array::len(vm.heap(), b));
    if matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) && lengths(vm).is_ne() {
        return Ok(Value::bool(op == BinaryOp::NotEqual));
    }
    let size = typed_array::size_of(code).unwrap_or(1);
    let mut i = 0;
    loop {
        // The same bytes are the same numbers, if of one sign.
        if codes.first() == codes.last() {
            let part = |v: Value| {
                let all = typed_array::span(vm.heap(), v);
                vm.heap().span_bytes(all.sub(i * size, (i + ITEMS) * size))
            };
            let (x, y) = (part(a), part(b));
            if x == y && x.len() == ITEMS * size {
                i += ITEMS;
                vm.tick_after(ITEMS, 4)?;
                continue;
            }
        }
        let order = vm.with_heap_anew(|heap| {
            for i in i..i + ITEMS / 32 {
                let (Some((x, _)), Some((y, _))) =
                    (text_iter::item(heap, a, i)?, text_iter::item(heap, b, i)?)
                else {
                    return Ok(Some(typed_array::len(heap, a).cmp(&typed_array::len(heap, b))));
                };
                let order = number::compare(heap, x, y);
                if order.is_some_and(Ordering::is_ne) {
                    return Ok(order);
                }
            }
            Ok(None)
        })?;
        if let Some(order) = order {
            return Ok(crate::builtins::str::compared(op, order).map_or(Value::NOT_IMPLEMENTED, Value::bool));
        }
        i += ITEMS / 32;
        vm.tick_after(ITEMS, 4)?;
    }
}

fn subscr(vm: &mut Vm, this: Value, key: Value, access: Access) -> R {
    let this = text::native(vm.heap(), this);
    if let Some(items) = objects::list(vm.heap(), this) {
        return objects::subscr(vm, items, key, access);
    }
    if cfg!(not(feature = "tiny"))
        && matches!(access, Access::Load)
        && vm.heap().is(key, Kind::Slice)
        && typed_array::len(vm.heap(), this) > ITEMS
    {
        return slice_in_pieces(vm, this, key);
    }
    if let (true, Access::Store(v)) = (vm.heap().is(key, Kind::Slice), access) {
        let from = text::native(vm.heap(), v);
        if vm.heap().is(from, Kind::TypedArray)
            && typed_array::typecode(vm.heap(), from) == typed_array::typecode(vm.heap(), this)
        {
            let (n, more) = (typed_array::len(vm.heap(), this), typed_array::len(vm.heap(), from));
            let r = vm.with_heap(|heap| slice::resolve(heap, key, n))?;
            if r.step == 1 {
                make_room(vm, this, more.saturating_sub(r.count))?;
            }
        }
    }
    let done = vm.with_heap_anew(|heap| subscr_heap(heap, this, key, access))?;
    if !matches!(access, Access::Load) {
        moved(vm, this)?;
    }
    Ok(done)
}

/// A slice of a long array.
fn slice_in_pieces(vm: &mut Vm, this: Value, key: Value) -> R {
    let n = typed_array::len(vm.heap(), this);
    let r = vm.with_heap(|heap| slice::resolve(heap, key, n))?;
    if n * typed_array::item_size(vm.heap(), this) > AT_ONCE {
        return pieces_of(vm, this, r);
    }
    if r.step == 1 {
        let made = vm.with_heap_anew(|heap| subscr_heap(heap, this, key, Access::Load))?;
        return vm.moved(COPIED, made);
    }
    // What is taken item by item is a copy, which nobody changes.
    let whole = vm.with_heap_anew(|heap| {
        let (n, code) = (typed_array::len(heap, this), typed_array::typecode(heap, this));
        let made = typed_array::new(heap, code, n)?;
        let (to, from) = (typed_array::span(heap, made), typed_array::span(heap, this));
        heap.copy_span(to, from);
        Ok(made)
    })?;
    let kept = vm.push(whole)?;
    let n = typed_array::len(vm.heap(), whole);
    let r = vm.with_heap(|heap| slice::resolve(heap, key, n))?;
    let made = pieces_of(vm, whole, r);
    vm.drop_to(kept);
    made
}

/// Bytes of an array that are copied in one step.
const AT_ONCE: usize = 2 * COPIED;

fn pieces_of(vm: &mut Vm, this: Value, r: slice::Range) -> R {
    let made = vm.with_heap_anew(|heap| {
        let code = typed_array::typecode(heap, this);
        typed_array::new(heap, code, r.count)
    })?;
    let slot = vm.push(made)?;
    vm.turn(COPIED as u32 / 2)?;
    let size = typed_array::item_size(vm.heap(), made);
    let piece = if r.step == 1 { COPIED / 2 } else { ITEMS / 4 };
    let mut done = 0;
    while done < r.count {
        let n = (r.count - done).min(piece);
        let start = r.start + done as i64 * r.step;
        // What others have cut off meanwhile stays 0.
        let heap = vm.heap_mut();
        let (to, from) = (typed_array::span(heap, made), typed_array::span(heap, this));
        let to = to.sub(done * size, (done + n) * size);
        if r.step == 1 {
            heap.copy_span(to, from.sub(start as usize * size, (start as usize + n) * size));
        } else {
            bytes::copy_strided(heap, to, from, start, r.step, n, size);
        }
        done += n;
        vm.tick(COPIED as u32 / 2)?;
    }
    vm.drop_to(slot);
    Ok(made)
}

fn subscr_heap(heap: &mut Heap, this: Value, key: Value, access: Access) -> R {
    let (len, code) = (typed_array::len(heap, this), typed_array::typecode(heap, this));
    let Some(layout) = typed_array::layout(code) else { return Ok(Value::NOT_IMPLEMENTED) };
    let size = usize::from(layout.size);
    if !heap.is(key, Kind::Slice) {
        let i = slice::index(heap, key, len, "array")?;
        let at = typed_array::item(heap, this, i);
        return match access {
            Access::Load => typed_array::read(heap, at, layout, typed_array::BIG_ENDIAN),
            Access::Store(x) => {
                typed_array::write(heap, at, layout, typed_array::BIG_ENDIAN, x)?;
                Ok(Value::NONE)
            }
            Access::Delete => {
                typed_array::splice(heap, this, i, i + 1, crate::heap::span::Span::EMPTY)?;
                Ok(Value::NONE)
            }
        };
    }
    let r = slice::resolve(heap, key, len)?;
    let new = match access {
        Access::Load => {
            let made = typed_array::new(heap, code, r.count)?;
            let (to, from) = (typed_array::span(heap, made), typed_array::span(heap, this));
            if r.step == 1 {
                let (start, end) = r.bounds();
                heap.copy_span(to, from.sub(start * size, end * size));
            } else {
                bytes::copy_strided(heap, to, from, r.start, r.step, r.count, size);
            }
            return Ok(made);
        }
        Access::Store(v) => {
            let v = text::native(heap, v);
            if !heap.is(v, Kind::TypedArray) || typed_array::typecode(heap, v) != code {
                return Err(raise(heap, TypeId::TypeError, "array of the same typecode required"));
            }
            typed_array::span(heap, v)
        }
        Access::Delete => crate::heap::span::Span::EMPTY,
    };
    if r.step != 1 {
        return Err(raise(
            heap,
            TypeId::NotImplementedError,
            "only slices with step=1 (aka None) are supported",
        ));
    }
    let (from, to) = r.bounds();
    typed_array::splice(heap, this, from, to, new)?;
    Ok(Value::NONE)
}

fn buffer(heap: &Heap, v: Value) -> Option<Buffer> {
    if objects::list(heap, v).is_some() {
        return None;
    }
    let (code, all) = text_iter::items(heap, v);
    Some(as_buffer(all, code, true))
}
