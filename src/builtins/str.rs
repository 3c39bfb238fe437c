//! The type `str`.

use super::{codec, percent, str_format, text, text_case, text_find, text_split};
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::{bytes, str, text_iter};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{
    Access, Args, BinaryOp, Entry, Mode, NativeDef, Slot, TypeDef, UnaryOp, entry, heap_fn, kw_fn, vm_fn,
};
use core::cmp::Ordering;

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 0, 3, true)),
    unary: Slot::Heap(unary),
    binary: Slot::Vm(binary),
    contains: Some(contains),
    subscr: Slot::Heap(subscr),
    iter: Some(text_iter::new),
    entries: ENTRIES,
    ..TypeDef::plain(TypeId::Str, q!("str"))
};

static ENTRIES: &[Entry] = text::methods![
    entry(q!("encode"), kw_fn(encode, 1, 3)),
    entry(q!("format"), kw_fn(str_format::str_format, 1, 255)),
];

/// `str(object='')`, `str(bytes, encoding[, errors])`.
fn make(vm: &mut Vm, args: Args) -> R {
    match text::given(vm, args, [q!("object"), q!("encoding"), q!("errors")])? {
        [None, ..] => Ok(q!("")),
        [Some(v), None, None] => match super::print::own_text(vm, v)? {
            Some(text) => Ok(text),
            None => vm.to_str(v, Mode::Str),
        },
        [Some(v), encoding, errors] => vm.with_heap(|heap| {
            codec::decode(heap, &[v, encoding.unwrap_or(q!("utf-8")), errors.unwrap_or(q!("strict"))])
        }),
    }
}

fn encode(vm: &mut Vm, args: Args) -> R {
    let given = codec_args(vm, args)?;
    vm.with_heap(|heap| codec::encode(heap, &given))
}

/// The object, encoding and error handler of `encode` and `decode`, by place or by name.
pub fn codec_args(vm: &mut Vm, args: Args) -> R<[Value; 3]> {
    let mut given =
        [vm.req(args, 0), vm.arg(args, 1).unwrap_or(q!("utf-8")), vm.arg(args, 2).unwrap_or(q!("strict"))];
    for i in 0..args.kw() as usize {
        let (name, v) = vm.kw(args, i);
        if name == q!("encoding") {
            given[1] = v;
        } else if name == q!("errors") {
            given[2] = v;
        } else {
            return Err(vm.raise(TypeId::TypeError, "unexpected keyword argument"));
        }
    }
    Ok(given)
}

fn unary(heap: &mut Heap, op: UnaryOp, v: Value) -> R {
    let v = text::native(heap, v);
    Ok(match op {
        UnaryOp::Bool => Value::bool(!heap.str_bytes(v).is_empty()),
        UnaryOp::Len => Value::small(str::char_len(heap, v) as i32),
        UnaryOp::Hash => Value::small(str::hash(heap, v) as i32),
        _ => Value::NOT_IMPLEMENTED,
    })
}

fn binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R {
    let left = text::native(vm.heap(), a);
    if matches!(op, BinaryOp::Modulo | BinaryOp::InplaceModulo) {
        return if str::is_str(vm.heap(), left) {
            percent::percent(vm, left, b)
        } else {
            Ok(Value::NOT_IMPLEMENTED)
        };
    }
    vm.with_heap(|heap| operate(heap, op, a, b))
}

/// Whether an order is what a comparison operator asks for; `None` for other operators.
pub fn compared(op: BinaryOp, order: Ordering) -> Option<bool> {
    Some(match op {
        BinaryOp::Less => order.is_lt(),
        BinaryOp::More => order.is_gt(),
        BinaryOp::Equal => order.is_eq(),
        BinaryOp::LessEqual => order.is_le(),
        BinaryOp::MoreEqual => order.is_ge(),
        BinaryOp::NotEqual => order.is_ne(),
        _ => return None,
    })
}

fn operate(heap: &mut Heap, op: BinaryOp, a: Value, b: Value) -> R {
    let (a, b) = (text::native(heap, a), text::native(heap, b));
    let (left, right) = (str::span(heap, a), str::span(heap, b));
    match (op, left, right) {
        (BinaryOp::Equal, Some(_), Some(_)) => Ok(Value::bool(str::equal(heap, a, b))),
        (BinaryOp::NotEqual, Some(_), Some(_)) => Ok(Value::bool(!str::equal(heap, a, b))),
        (BinaryOp::Add | BinaryOp::InplaceAdd, Some(_), Some(_)) => str::add(heap, a, b),
        (BinaryOp::Multiply | BinaryOp::InplaceMultiply, Some(s), None) => repeat(heap, s, b),
        (BinaryOp::Multiply, None, Some(s)) => repeat(heap, s, a),
        (_, Some(x), Some(y)) => {
            let order = bytes::compare(heap, x, y);
            Ok(compared(op, order).map_or(Value::NOT_IMPLEMENTED, Value::bool))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn repeat(heap: &mut Heap, s: crate::heap::span::Span, times: Value) -> R {
    if !crate::object::int::is(heap, times) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let n = text::index(heap, times)?;
    bytes::repeat(heap, Kind::Str, s, n)
}

fn contains(vm: &mut Vm, this: Value, item: Value) -> R<bool> {
    vm.with_heap2(text_find::contains, this, item)
}

fn subscr(heap: &mut Heap, this: Value, key: Value, access: Access) -> R {
    match access {
        Access::Load => text_split::subscr(heap, this, key),
        _ => Err(crate::object::exc::raise(
            heap,
            TypeId::TypeError,
            "'str' object doesn't support item assignment",
        )),
    }
}
