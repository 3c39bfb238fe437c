//! What the methods of str, bytes and bytearray share: the object as a run of bytes, and its arguments.
//!
//! Invariants
//! - a `Text` holds spans: of a method's arguments the owners of the bytes take the arguments' places, so that they outlive
//!   what others do meanwhile;
//! - offsets are bytes; only at Python's side they become characters.

use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::exc::{self, raise};
use crate::object::{bytearray, bytes, int, str, text_iter};
#[cfg(feature = "extra")]
use crate::object::{c_struct, typed_array};
use crate::vm::def::Args;
use crate::vm::{Vm, bulk};

/// The table of methods that str, bytes and bytearray share, and those given.
macro_rules! methods {
    ($($more:tt)*) => { &[
        entry(q!("find"), vm_fn(text_find::find, 2, 4)),
        entry(q!("rfind"), vm_fn(text_find::rfind, 2, 4)),
        entry(q!("index"), vm_fn(text_find::index, 2, 4)),
        entry(q!("rindex"), vm_fn(text_find::rindex, 2, 4)),
        entry(q!("count"), vm_fn(text_find::count, 2, 4)),
        entry(q!("startswith"), vm_fn(text_find::startswith, 2, 4)),
        entry(q!("endswith"), vm_fn(text_find::endswith, 2, 4)),
        #[cfg(feature = "basic")]
        entry(q!("removeprefix"), vm_fn(text_find::removeprefix, 2, 2)),
        #[cfg(feature = "basic")]
        entry(q!("removesuffix"), vm_fn(text_find::removesuffix, 2, 2)),
        #[cfg(feature = "basic")]
        entry(q!("partition"), vm_fn(text_find::partition, 2, 2)),
        #[cfg(feature = "basic")]
        entry(q!("rpartition"), vm_fn(text_find::rpartition, 2, 2)),
        entry(q!("strip"), vm_fn(text_find::strip, 1, 2)),
        entry(q!("lstrip"), vm_fn(text_find::lstrip, 1, 2)),
        entry(q!("rstrip"), vm_fn(text_find::rstrip, 1, 2)),
        entry(q!("split"), vm_fn(text_split::split, 1, 3)),
        #[cfg(feature = "basic")]
        entry(q!("rsplit"), vm_fn(text_split::rsplit, 1, 3)),
        #[cfg(feature = "basic")]
        entry(q!("splitlines"), kw_fn(text_split::splitlines, 1, 2)),
        entry(q!("replace"), vm_fn(text_split::replace, 3, 4)),
        entry(q!("join"), vm_fn(text_split::join, 2, 2)),
        entry(q!("upper"), vm_fn(text_case::upper, 1, 1)),
        entry(q!("lower"), vm_fn(text_case::lower, 1, 1)),
        entry(q!("isspace"), vm_fn(text_case::isspace, 1, 1)),
        entry(q!("isalpha"), vm_fn(text_case::isalpha, 1, 1)),
        entry(q!("isdigit"), vm_fn(text_case::isdigit, 1, 1)),
        entry(q!("isalnum"), vm_fn(text_case::isalnum, 1, 1)),
        entry(q!("isupper"), vm_fn(text_case::isupper, 1, 1)),
        entry(q!("islower"), vm_fn(text_case::islower, 1, 1)),
        #[cfg(feature = "basic")]
        entry(q!("center"), vm_fn(text_case::center, 2, 3)),
        #[cfg(feature = "extra")]
        entry(q!("ljust"), vm_fn(text_case::ljust, 2, 3)),
        #[cfg(feature = "extra")]
        entry(q!("rjust"), vm_fn(text_case::rjust, 2, 3)),
        #[cfg(feature = "extra")]
        entry(q!("zfill"), vm_fn(text_case::zfill, 2, 2)),
        $($more)*
    ] };
}
pub(crate) use methods;

/// A str, bytes or bytearray object.
#[derive(Clone, Copy)]
pub struct Text {
    pub value: Value,
    /// What results are made of: `Str`, `Bytes` or `ByteArray`.
    pub kind: Kind,
    pub span: Span,
}

/// The built-in object that an instance of a subclass carries, or the value itself.
pub fn native(heap: &Heap, v: Value) -> Value {
    if matches!(heap.kind(v), Kind::Instance | Kind::BigInstance)
        && let Some(class) = heap.slot(heap.field(v, 0), 0)
        && heap.is(class, Kind::Class)
        && let Some(base) = heap.slot(class, 5)
        && !crate::vm::natives::is_plain_base(base)
    {
        return heap.field(v, 1);
    }
    v
}

/// The bytes of anything that has some, without running Python; strings count only where `strings` says so.
pub fn buffer(heap: &Heap, v: Value, strings: bool) -> Option<Span> {
    let v = native(heap, v);
    match heap.kind(v) {
        #[cfg(feature = "extra")]
        Kind::TypedArray if typed_array::typecode(heap, v) == typed_array::OBJECTS => None,
        Kind::Bytes | Kind::ByteArray | Kind::TypedArray | Kind::MemoryView => {
            Some(text_iter::items(heap, v).1)
        }
        #[cfg(feature = "extra")]
        Kind::Object if c_struct::is(heap, v) => Some(c_struct::span(heap, v)),
        _ if strings && str::is_str(heap, v) => heap.str_span(v),
        _ => None,
    }
}

/// `v` as the object of a text method, if it can be one.
pub fn known(heap: &Heap, v: Value) -> Option<Text> {
    let value = native(heap, v);
    let (kind, span) = match heap.kind(value) {
        Kind::ByteArray => (Kind::ByteArray, Some(bytearray::span(heap, value))),
        _ if str::is_str(heap, value) => (Kind::Str, heap.str_span(value)),
        _ => (Kind::Bytes, buffer(heap, value, false)),
    };
    span.map(|span| Text { value, kind, span })
}
/// The same, which it must be.
pub fn of(vm: &mut Vm, v: Value) -> R<Text> {
    match known(vm.heap(), v) {
        Some(text) => Ok(text),
        None => Err(vm.raise(TypeId::TypeError, "object with text or a buffer required")),
    }
}

/// The first argument of a method. The owner of its bytes takes its place: they stay reachable whatever others do.
pub fn me(vm: &mut Vm, args: Args) -> R<Text> {
    let mut me = of(vm, vm.req(args, 0))?;
    me.span = bulk::steady(vm, me.span);
    vm.set_arg(args, 0, me.span.owner);
    Ok(me)
}

pub fn arg(args: &[Value], i: usize) -> Value {
    args.get(i).copied().unwrap_or(Value::NONE)
}

/// Argument `i`; `None` where it is missing or None.
pub fn given_arg(vm: &Vm, args: Args, i: usize) -> Option<Value> {
    vm.arg(args, i).filter(|v| !v.is_none())
}

/// The bytes of a value of the family that `kind` stands for: a string for a string, anything with bytes for bytes.
fn like(heap: &Heap, kind: Kind, v: Value) -> Option<Span> {
    match kind {
        Kind::Str => str::span(heap, native(heap, v)),
        _ => buffer(heap, v, false),
    }
}

impl Text {
    pub fn is_str(&self) -> bool {
        self.kind == Kind::Str
    }
    /// A value of the same family, which has its bytes while nothing runs.
    pub fn like(&self, vm: &mut Vm, v: Value) -> R<Span> {
        match like(vm.heap(), self.kind, v) {
            Some(s) => Ok(s),
            None => Err(vm.raise_by(&|heap| mixed(heap, self.kind))),
        }
    }
    /// The same of argument `i`, whose place the owner of the bytes takes.
    pub fn like_arg(&self, vm: &mut Vm, args: Args, i: usize) -> R<Span> {
        let v = vm.arg(args, i).unwrap_or(Value::NONE);
        let s = self.like(vm, v)?;
        vm.set_arg(args, i, s.owner);
        Ok(s)
    }
    pub fn make(&self, vm: &mut Vm, span: Span) -> R {
        bulk::make(vm, self.kind, span)
    }
    /// Every unit is a byte.
    pub fn is_flat(&self, vm: &Vm) -> bool {
        !self.is_str() || str::is_ascii(vm.heap(), self.value)
    }
    pub fn len(&self, vm: &mut Vm) -> R<usize> {
        if self.is_flat(vm) { Ok(self.span.len()) } else { bulk::count_chars(vm, self.span) }
    }
    /// The byte offset of a character or byte that there is, or of the end.
    pub fn offset_of(&self, vm: &mut Vm, n: usize) -> R<usize> {
        match self.is_flat(vm) {
            true => Ok(n),
            false => Ok(bulk::char_offset(vm, self.span, n)?.unwrap_or(self.span.len())),
        }
    }
    /// The part between the optional arguments `from` and `from + 1`, slice-like, and the byte offset where it starts;
    /// `None` where it starts beyond the end.
    pub fn part(&self, vm: &mut Vm, args: Args, from: usize) -> R<Option<Span>> {
        if usize::from(args.n()) <= from {
            return Ok(Some(self.span));
        }
        let len = self.len(vm)? as i64;
        let end = |vm: &mut Vm, i: usize, default: i64| match given_arg(vm, args, i) {
            None => Ok(default),
            Some(v) => vm.with_heap1(index, v).map(|n| if n < 0 { n.saturating_add(len).max(0) } else { n }),
        };
        let (start, stop) = (end(vm, from, 0)?, end(vm, from + 1, len)?.min(len));
        if start > len || start > stop {
            return Ok(None);
        }
        let (a, b) = (self.offset_of(vm, start as usize)?, self.offset_of(vm, stop as usize)?);
        Ok(Some(self.span.sub(a, b)))
    }
    /// A byte offset as Python's index.
    pub fn index_of(&self, vm: &mut Vm, offset: usize) -> R {
        let n = match self.is_flat(vm) {
            true => offset,
            false => bulk::count_chars(vm, self.span.sub(0, offset))?,
        };
        Ok(Value::small(n as i32))
    }
}

/// "can't convert" for str where bytes are needed and the other way round.
#[cold]
pub fn mixed(heap: &mut Heap, kind: Kind) -> Raised {
    let message = if kind == Kind::Str {
        "can't convert object to str implicitly"
    } else {
        "object with buffer protocol required"
    };
    raise(heap, TypeId::TypeError, message)
}

/// An int argument that is an index, a width or a count: ints beyond 64 bits saturate.
pub fn index(heap: &mut Heap, v: Value) -> R<i64> {
    let v = native(heap, v);
    match int::to_i64(heap, v) {
        Some(n) => Ok(n),
        None if int::is(heap, v) => Ok(if int::big(heap, v).negative { i64::MIN } else { i64::MAX }),
        None => Err(raise(heap, TypeId::TypeError, "can't convert to int")),
    }
}

/// An int argument that must be a byte.
pub fn byte(heap: &mut Heap, v: Value) -> R<u8> {
    match u8::try_from(index(heap, v)?) {
        Ok(b) => Ok(b),
        Err(_) => Err(raise(heap, TypeId::ValueError, "bytes value out of range")),
    }
}

/// The string argument of an option such as an encoding.
pub fn word(heap: &mut Heap, v: Value) -> R<&[u8]> {
    if !str::is_str(heap, v) {
        return Err(mixed(heap, Kind::Str));
    }
    Ok(heap.str_bytes(v))
}

/// A sum of lengths as far as an object can hold it.
pub fn checked_len(heap: &mut Heap, n: Option<usize>) -> R<usize> {
    match n {
        Some(n) if n <= bytes::MAX_LEN => Ok(n),
        _ => Err(heap.out_of_memory()),
    }
}

/// Raises `KeyError`-like errors that carry an object's text.
pub fn raise_value(heap: &mut Heap, typ: TypeId, message: &str, v: Value) -> Raised {
    exc::raise_parts(heap, typ, &[exc::Part::S(message), exc::Part::V(v)])
}

/// The arguments of `str(…)`, `bytes(…)` and `bytearray(…)`, by place or by these names.
pub fn given(vm: &mut Vm, args: Args, names: [Value; 3]) -> R<[Option<Value>; 3]> {
    let mut given = [vm.arg(args, 0), vm.arg(args, 1), vm.arg(args, 2)];
    for i in 0..args.kw() as usize {
        let (name, v) = vm.kw(args, i);
        let place = names.iter().position(|n| *n == name);
        match place.and_then(|p| given.get_mut(p)) {
            Some(slot @ None) => *slot = Some(v),
            _ => return Err(vm.raise(TypeId::TypeError, "unexpected keyword argument")),
        }
    }
    Ok(given)
}
