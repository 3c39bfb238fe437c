//! The type `str`.

use super::{codec, percent, str_format, text, text_case, text_chars, text_find, text_split};
use crate::heap::span::Span;
use crate::heap::{Kind, R, TypeId, Value};
use crate::object::{str, text_iter};
use crate::q;
use crate::vm::def::{
    Access, Args, BinaryOp, Entry, Mode, NativeDef, Slot, TypeDef, UnaryOp, entry, kw_fn, vm_fn,
};
use crate::vm::{Vm, bulk};
use core::cmp::Ordering;

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 0, 3, true)),
    unary: Slot::Vm(unary),
    binary: Slot::Vm(binary),
    contains: Some(text_find::contains),
    subscr: Slot::Vm(subscr),
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
    // A str itself needs no more than a look.
    #[cfg(not(feature = "tiny"))]
    if args.n() == 1 && args.kw() == 0 {
        let v = vm.req(args, 0);
        if str::is_str(vm.heap(), v) {
            return Ok(v);
        }
    }
    make_of(vm, args)
}
#[cfg_attr(not(feature = "tiny"), inline(never))]
fn make_of(vm: &mut Vm, args: Args) -> R {
    match text::given(vm, args, [q!("object"), q!("encoding"), q!("errors")])? {
        [None, ..] => Ok(q!("")),
        [Some(v), None, None] => match super::print::own_text(vm, v)? {
            Some(text) => Ok(text),
            None => vm.to_str(v, Mode::Str),
        },
        [Some(v), encoding, errors] => {
            codec::decode(vm, &[v, encoding.unwrap_or(q!("utf-8")), errors.unwrap_or(q!("strict"))])
        }
    }
}

fn encode(vm: &mut Vm, args: Args) -> R {
    let given = codec_args(vm, args)?;
    codec::encode(vm, &given)
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

fn unary(vm: &mut Vm, op: UnaryOp, v: Value) -> R {
    let heap = vm.heap();
    let v = text::native(heap, v);
    Ok(match op {
        UnaryOp::Bool => Value::bool(!heap.str_bytes(v).is_empty()),
        UnaryOp::Len => match heap.str_span(v) {
            Some(all) if !str::is_ascii(heap, v) => Value::small(bulk::count_chars(vm, all)? as i32),
            all => Value::small(all.map_or(0, |s| s.len()) as i32),
        },
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
    operate(vm, op, left, text::native(vm.heap(), b))
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

fn operate(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R {
    let heap = vm.heap();
    match (op, str::span(heap, a), str::span(heap, b)) {
        (BinaryOp::Equal, Some(_), Some(_)) => bulk::equal_strs(vm, a, b).map(Value::bool),
        (BinaryOp::NotEqual, Some(_), Some(_)) => bulk::equal_strs(vm, a, b).map(|same| Value::bool(!same)),
        (BinaryOp::Add | BinaryOp::InplaceAdd, Some(_), Some(_)) => bulk::add_strs(vm, a, b),
        (BinaryOp::Multiply | BinaryOp::InplaceMultiply, Some(s), None) => repeat(vm, s, b),
        (BinaryOp::Multiply, None, Some(s)) => repeat(vm, s, a),
        (_, Some(x), Some(y)) => {
            let order = bulk::order(vm, x, y)?;
            Ok(compared(op, order).map_or(Value::NOT_IMPLEMENTED, Value::bool))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn repeat(vm: &mut Vm, s: Span, times: Value) -> R {
    if !crate::object::int::is(vm.heap(), times) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let n = vm.with_heap1(text::index, times)?;
    bulk::repeat(vm, Kind::Str, s, n)
}

fn subscr(vm: &mut Vm, this: Value, key: Value, access: Access) -> R {
    match access {
        Access::Load => text_chars::subscr(vm, this, key),
        _ => Err(vm.raise(TypeId::TypeError, "'str' object doesn't support item assignment")),
    }
}
