//! The type `bytes`, and what it shares with `bytearray`.

#[cfg(feature = "extra")]
use super::memoryview;
use super::str::{codec_args, compared};
use super::{codec, percent, text, text_case, text_chars, text_find, text_split};
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::{bytearray, bytes, int, str, text_iter};
use crate::q;
use crate::vm::def::{
    Access, Args, BinaryOp, Bind, Buffer, Const, Entry, NativeDef, Slot, TypeDef, UnaryOp, entry, kw_fn,
    vm_fn,
};
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
    ..TypeDef::plain(TypeId::Bytes, q!("bytes"))
};

/// The methods of bytes and byte arrays, and those given.
macro_rules! methods {
    ($($more:tt)*) => { crate::builtins::text::methods![
        #[cfg(feature = "basic")]
        entry(q!("hex"), vm_fn(text_case::hex, 1, 2)),
        entry(q!("decode"), kw_fn(crate::builtins::bytes::decode, 1, 3)),
        $($more)*
    ] };
}
pub(crate) use methods;

static ENTRIES: &[Entry] = methods![
    #[cfg(feature = "basic")]
    entry(q!("fromhex"), fromhex(text_case::bytes_fromhex)),
];

/// A class method that takes one argument.
pub const fn fromhex(f: fn(&mut Vm, Args) -> R) -> Const {
    Const::Fn(NativeDef::vm(f, 2, 2, false).bound(Bind::Class))
}

pub fn decode(vm: &mut Vm, args: Args) -> R {
    let given = codec_args(vm, args)?;
    codec::decode(vm, &given)
}

fn make(vm: &mut Vm, args: Args) -> R {
    build(vm, args, Kind::Bytes)
}

/// `bytes(…)` and `bytearray(…)`: nothing, a size, bytes, ints, or a str with its encoding.
pub fn build(vm: &mut Vm, args: Args, kind: Kind) -> R {
    let [source, encoding, errors] = text::given(vm, args, [q!("source"), q!("encoding"), q!("errors")])?;
    let Some(v) = source else { return bulk::make(vm, kind, Span::EMPTY) };
    let native = text::native(vm.heap(), v);
    if str::is_str(vm.heap(), native) {
        let Some(encoding) = encoding else {
            return Err(vm.raise(TypeId::TypeError, "string argument without an encoding"));
        };
        let made = codec::encode(vm, &[native, encoding, errors.unwrap_or(q!("strict"))])?;
        let all = bytes::cell(vm.heap(), made);
        return copied(vm, kind, all);
    }
    if encoding.is_some() || errors.is_some() {
        return Err(vm.raise(TypeId::TypeError, "encoding without a string argument"));
    }
    if int::is(vm.heap(), native) {
        let Some(n) = int::to_i64(vm.heap(), native) else {
            return Err(vm.raise(TypeId::OverflowError, "overflow converting long int to machine word"));
        };
        let Ok(n) = usize::try_from(n) else { return Err(vm.raise(TypeId::ValueError, "negative count")) };
        return vm.with_heap_anew(|heap| match kind {
            Kind::ByteArray => bytearray::with_len(heap, n),
            _ => bytes::blank(heap, kind, n),
        });
    }
    if let Some(all) = text::buffer(vm.heap(), native, false) {
        return copied(vm, kind, all);
    }
    let made = vm.with_heap(bytearray::new)?;
    let array = vm.push(made)?;
    extend(vm, array, v)?;
    let made = vm.get(array);
    vm.drop_to(array);
    if kind == Kind::ByteArray {
        return Ok(made);
    }
    let all = bytearray::span(vm.heap(), made);
    copied(vm, kind, all)
}

/// An object with the bytes of another, whatever becomes of that one.
pub fn copied(vm: &mut Vm, kind: Kind, all: Span) -> R {
    let keep = bulk::keep(vm, &[all])?;
    let made = bulk::make(vm, kind, all);
    bulk::let_go(vm, keep);
    made
}

/// Appends the bytes of a buffer, or the ints of an iterable, to the byte array in `array`.
pub fn extend(vm: &mut Vm, array: crate::vm::Slot, v: Value) -> R<()> {
    if let Some(all) = text::buffer(vm.heap(), v, false) {
        let keep = bulk::keep(vm, &[all])?;
        let done = bulk::append(vm, vm.get(array), all);
        bulk::let_go(vm, keep);
        return done;
    }
    let it = vm.iter(v)?;
    let it = vm.push(it)?;
    loop {
        let v = vm.next(vm.get(it))?;
        if v == Value::STOP {
            break;
        }
        let b = vm.with_heap1(text::byte, v)?;
        let to = vm.get(array);
        vm.with_heap_anew(|heap| bytearray::push(heap, to, b))?;
        vm.tick(20)?;
    }
    vm.drop_to(it);
    Ok(())
}

pub fn unary(vm: &mut Vm, op: UnaryOp, v: Value) -> R {
    let heap = vm.heap();
    let v = text::native(heap, v);
    let all = bytearray::bytes_span(heap, v).unwrap_or(Span::EMPTY);
    let n = all.len();
    Ok(match op {
        UnaryOp::Bool => Value::bool(n > 0),
        UnaryOp::Len => Value::small(n as i32),
        UnaryOp::Hash if heap.is(v, Kind::Bytes) => Value::small(bulk::hash(vm, all)?.0 as i32),
        _ => Value::NOT_IMPLEMENTED,
    })
}

pub fn binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R {
    let left = text::native(vm.heap(), a);
    let own = matches!(vm.heap().kind(left), Kind::Bytes | Kind::ByteArray);
    if matches!(op, BinaryOp::Modulo | BinaryOp::InplaceModulo) {
        return if own { percent::percent(vm, left, b) } else { Ok(Value::NOT_IMPLEMENTED) };
    }
    let right = text::native(vm.heap(), b);
    let top = vm.depth();
    let made = operate(vm, op, left, right);
    bulk::let_go(vm, crate::vm::Slot(top));
    made
}

fn operate(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R {
    let heap = vm.heap();
    let (left, right) = (text::buffer(heap, a, false), text::buffer(heap, b, false));
    let kind = if heap.is(a, Kind::ByteArray) { Kind::ByteArray } else { Kind::Bytes };
    let own = matches!(heap.kind(a), Kind::Bytes | Kind::ByteArray);
    // Others may give an array other memory.
    bulk::keep(vm, &[left.unwrap_or(Span::EMPTY), right.unwrap_or(Span::EMPTY)])?;
    let heap = vm.heap();
    match (op, left, right) {
        (BinaryOp::Add, Some(x), Some(y)) if own => match (kind, x.is_empty(), y.is_empty()) {
            (Kind::Bytes, _, true) => Ok(a),
            (Kind::Bytes, true, _) if heap.is(b, Kind::Bytes) => Ok(b),
            _ => bulk::concat(vm, kind, &[x, y]),
        },
        (BinaryOp::InplaceAdd, Some(_), Some(y)) if kind == Kind::ByteArray => {
            bulk::append(vm, a, y)?;
            Ok(a)
        }
        (BinaryOp::Multiply, Some(s), None) if own => repeat(vm, kind, s, b),
        (BinaryOp::Multiply, None, Some(s)) if matches!(heap.kind(b), Kind::Bytes | Kind::ByteArray) => {
            let kind = heap.kind(b);
            repeat(vm, kind, s, a)
        }
        (_, Some(x), Some(y)) => {
            let view = heap.is(a, Kind::MemoryView) || heap.is(b, Kind::MemoryView);
            #[cfg(feature = "extra")]
            if view
                && let BinaryOp::Equal | BinaryOp::NotEqual = op
                && memoryview::compares_items(heap, a, b)
            {
                let equal = memoryview::equal_items(vm, a, b)?;
                return Ok(Value::bool(equal == (op == BinaryOp::Equal)));
            }
            // Arrays compare with arrays, and with views of the same items.
            let alike =
                cfg!(feature = "extra") && view && text_iter::items(heap, a).0 == text_iter::items(heap, b).0;
            if !alike && (heap.is(a, Kind::TypedArray) || heap.is(b, Kind::TypedArray)) {
                return Ok(Value::NOT_IMPLEMENTED);
            }
            let order = bulk::order(vm, x, y)?;
            Ok(compared(op, order).map_or(Value::NOT_IMPLEMENTED, Value::bool))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn repeat(vm: &mut Vm, kind: Kind, s: Span, times: Value) -> R {
    if !int::is(vm.heap(), times) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let n = vm.with_heap1(text::index, times)?;
    bulk::repeat(vm, kind, s, n)
}

fn subscr(vm: &mut Vm, this: Value, key: Value, access: Access) -> R {
    match access {
        Access::Load => text_chars::subscr(vm, this, key),
        _ => Err(vm.raise(TypeId::TypeError, "'bytes' object doesn't support item assignment")),
    }
}

fn buffer(heap: &Heap, v: Value) -> Option<Buffer> {
    Some(as_buffer(text::buffer(heap, v, false)?, b'B', false))
}

/// The buffer protocol's form of a span.
pub fn as_buffer(s: Span, typecode: u8, writable: bool) -> Buffer {
    Buffer { owner: s.owner, from_word: s.from_word, offset: s.offset, len: s.len, typecode, writable }
}
