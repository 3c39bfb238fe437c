//! Arguments of natives as numbers, and the errors that say what did not fit.

#[cfg(any(feature = "float-single", feature = "float-double"))]
use crate::base::float::Float;
use crate::heap::span::Span;
use crate::heap::{Kind, R, Raised, TypeId, Value};
use crate::object::exc::Part;
use crate::object::{int, str};
use crate::q;
use crate::vm::Vm;

/// `TypeError`: before, the type's name, after.
#[cold]
pub fn type_error(vm: &mut Vm, before: &str, v: Value, after: &str) -> Raised {
    let name = vm.type_name(v);
    vm.raise_parts(TypeId::TypeError, &[Part::S(before), Part::V(name), Part::S(after)])
}

/// The int that `v` is or stands for (`__index__`, `__int__` of instances); bools become ints.
pub fn int_value(vm: &mut Vm, v: Value) -> R {
    match v {
        Value::TRUE => return Ok(Value::small(1)),
        Value::FALSE => return Ok(Value::small(0)),
        _ if int::is(vm.heap(), v) => return Ok(v),
        _ => {}
    }
    if let Some(n) = vm.native_part(v, TypeId::Int) {
        return Ok(n);
    }
    if matches!(vm.heap().kind(v), Kind::Instance | Kind::BigInstance) {
        for name in [q!("__index__"), q!("__int__")] {
            let f = vm.lookup_special(v, name)?;
            if f != Value::STOP {
                let n = vm.call(f, &[])?;
                if int::is(vm.heap(), n) {
                    return Ok(n);
                }
            }
        }
    }
    Err(type_error(vm, "can't convert ", v, " to int"))
}

/// As `int_value`, and it must fit 64 bits.
pub fn to_i64(vm: &mut Vm, v: Value) -> R<i64> {
    if let Some(n) = v.as_small() {
        return Ok(n as i64);
    }
    let n = int_value(vm, v)?;
    match int::to_i64(vm.heap(), n) {
        Some(n) => Ok(n),
        None => Err(vm.raise(TypeId::OverflowError, "overflow converting long int to machine word")),
    }
}

/// As `int_value`, but ints beyond 64 bits saturate.
pub fn to_i64_saturated(vm: &mut Vm, v: Value) -> R<i64> {
    let n = int_value(vm, v)?;
    let heap = vm.heap();
    Ok(match int::to_i64(heap, n) {
        Some(n) => n,
        None if int::big(heap, n).negative => i64::MIN,
        None => i64::MAX,
    })
}

/// Seconds, perhaps a float, in microseconds; `None` where they are negative.
#[cfg(any(feature = "natives", feature = "thread"))]
pub fn seconds_us(vm: &mut Vm, v: Value) -> R<Option<u64>> {
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    if let Some(x) = maybe_float(vm, v)? {
        return Ok(if x >= 0.0 { Some((x * 1e6) as u64) } else { None });
    }
    Ok(u64::try_from(to_i64(vm, v)?).ok().map(|n| n.saturating_mul(1_000_000)))
}

/// The float that `v` is or stands for.
#[cfg(any(feature = "float-single", feature = "float-double"))]
pub fn to_float(vm: &mut Vm, v: Value) -> R<Float> {
    match maybe_float(vm, v)? {
        Some(x) => Ok(x),
        None => Err(type_error(vm, "can't convert ", v, " to float")),
    }
}

/// As `to_float`; `None` where `v` is no number.
#[cfg(any(feature = "float-single", feature = "float-double"))]
pub fn maybe_float(vm: &mut Vm, v: Value) -> R<Option<Float>> {
    use crate::object::{bigint, float};
    if let Some(x) = float::get(vm.heap(), v) {
        return Ok(Some(x));
    }
    if let Some(n) = int::to_i64(vm.heap(), v) {
        return Ok(Some(n as Float));
    }
    if int::is(vm.heap(), v) {
        let x = bigint::to_float(vm.heap(), v);
        if x.is_infinite() {
            return Err(vm.raise(TypeId::OverflowError, "int too large to convert to float"));
        }
        return Ok(Some(x));
    }
    if !matches!(vm.heap().kind(v), Kind::Instance | Kind::BigInstance) {
        return Ok(None);
    }
    if let Some(x) = vm.native_part(v, TypeId::Float) {
        return Ok(float::get(vm.heap(), x));
    }
    if let Some(n) = vm.native_part(v, TypeId::Int) {
        // An int itself: nothing is nested deeper than this.
        return maybe_float(vm, n);
    }
    let f = vm.lookup_special(v, q!("__float__"))?;
    if f == Value::STOP {
        return Ok(None);
    }
    let x = vm.call(f, &[])?;
    Ok(float::get(vm.heap(), x))
}

/// Writes bytes that lie in the heap.
pub fn emit_span(vm: &mut Vm, s: Span) -> R<()> {
    let mut at = 0;
    while at < s.len() {
        let mut buf = [0u8; 64];
        let part = vm.heap().span_bytes(s.sub(at, at + buf.len()));
        let n = part.len();
        if n == 0 {
            break;
        }
        if let Some(d) = buf.get_mut(..n) {
            d.copy_from_slice(part);
        }
        vm.emit(buf.get(..n).unwrap_or(&[]))?;
        at += n;
    }
    Ok(())
}

/// The text of a str argument.
pub fn str_span(vm: &mut Vm, v: Value) -> R<Span> {
    let s = vm.native_part(v, TypeId::Str).unwrap_or(v);
    match str::span(vm.heap(), s) {
        Some(span) => Ok(span),
        None => Err(type_error(vm, "can't convert '", v, "' object to str implicitly")),
    }
}

/// The bytes of a str or of anything with a buffer, as `int()` and `float()` take them.
pub fn text_span(vm: &mut Vm, v: Value) -> Option<Span> {
    if let Some(s) = vm.native_part(v, TypeId::Str).and_then(|s| str::span(vm.heap(), s)) {
        return Some(s);
    }
    let b = vm.buffer(v)?;
    Some(Span { owner: b.owner, from_word: b.from_word, offset: b.offset, len: b.len })
}
