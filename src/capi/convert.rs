//! Arguments of C functions: from Python's values to C's by a table of parameters, and the result back.
//!
//! Invariants
//! - a C function is called only when every argument was given, is of its kind and fits;
//! - texts and buffers among the arguments are not copied: the objects are reachable as arguments, and pinned where they
//!   could otherwise be resized.

use super::inst::{Inst, Task};
use super::natives::Param;
use super::refs::{self, Ref};
use super::text::c_text;
use super::{exceptions, numbers};
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::exc::Part;
use crate::object::{int, tuple};
use crate::vm::def::Args;
use crate::vm::natives::{exporter, pin};
use crate::vm::{Vm, bulk};
use cty::c_void;

/// Parameters of a C function at most.
pub const MAX_PARAMS: usize = 12;

/// Names for the numbers from 0 on.
macro_rules! numbered {
    ($n:expr;) => {};
    ($n:expr; $name:ident $($rest:ident)*) => {
        pub const $name: u8 = $n;
        numbered!($n + 1; $($rest)*);
    };
}
// `enum pyr_arg_kind`
numbered!(0; NOTHING BOOL INT UINT INT64 UINT64 FLOAT STR BYTES BUFFER OBJECT SELF REST);

// Flags of a parameter.
pub const OPTIONAL: u8 = 1;
pub const KEYWORD: u8 = 2;
const NONE_TOO: u8 = 4;
pub const FLAGS: u8 = OPTIONAL | KEYWORD | NONE_TOO;

pub fn is_param(kind: u8) -> bool {
    (BOOL..=REST).contains(&kind) && has_floats(kind)
}

pub fn is_result(kind: u8) -> bool {
    (NOTHING..=OBJECT).contains(&kind) && kind != BUFFER && has_floats(kind)
}

fn has_floats(kind: u8) -> bool {
    kind != FLOAT || cfg!(any(feature = "float-single", feature = "float-double"))
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Bytes {
    data: *mut c_void,
    len: usize,
}

/// `union pyr_arg`.
#[repr(C)]
#[derive(Clone, Copy)]
pub union Arg {
    i32: i32,
    u32: u32,
    i64: i64,
    u64: u64,
    real: f64,
    bytes: Bytes,
    pub object: Ref,
}

impl Arg {
    pub const ZERO: Arg = Arg { u64: 0 };
}

/// Objects that keep their size while a C function runs.
pub struct Pins {
    pinned: [Option<Value>; MAX_PARAMS],
    n: usize,
}

impl Pins {
    pub fn new() -> Pins {
        Pins { pinned: [None; MAX_PARAMS], n: 0 }
    }
    fn add(&mut self, heap: &mut Heap, v: Value) {
        if let Some(place) = self.pinned.get_mut(self.n) {
            *place = Some(v);
            self.n += 1;
            pin(heap, v, 1);
        }
    }
    pub fn release(&mut self, heap: &mut Heap) {
        for v in self.pinned.iter().take(self.n).flatten() {
            pin(heap, *v, -1);
        }
        self.n = 0;
    }
}

/// Fills `out` from the arguments from `first` on.
#[expect(clippy::too_many_arguments, reason = "one call, from the one place where C is called")]
pub fn parse(
    vm: &mut Vm,
    inst: &Inst,
    task: &Task,
    args: Args,
    first: usize,
    params: &[Param],
    out: &mut [Arg; MAX_PARAMS],
    pins: &mut Pins,
) -> R<()> {
    let n = usize::from(args.n());
    let (mut next, mut named) = (first, 0);
    for (param, place) in params.iter().zip(out.iter_mut()) {
        let given = match param.kind {
            SELF => vm.arg(args, 0),
            REST => {
                *place = rest(vm, inst, task, args, next)?;
                next = n;
                continue;
            }
            _ if next < n && param.flags & KEYWORD == 0 => {
                next += 1;
                vm.arg(args, next - 1)
            }
            _ if args.kw() > 0 => {
                let found = by_name(vm, args, param);
                named += u16::from(found.is_some());
                found
            }
            _ => None,
        };
        match given {
            Some(v) if v.is_none() && param.flags & NONE_TOO != 0 => *place = absent(param),
            Some(v) => *place = to_c(vm, inst, task, param.kind, v, pins)?,
            None if param.flags & OPTIONAL != 0 => *place = absent(param),
            None => return Err(missing(vm, param)),
        }
    }
    if next < n || named < args.kw() {
        return Err(too_many(vm, args, next - first, n - first));
    }
    Ok(())
}

/// What a parameter is that was not given.
fn absent(param: &Param) -> Arg {
    match param.kind {
        INT64 | UINT64 => Arg { i64: param.number.into() },
        FLOAT => Arg { real: param.number.into() },
        INT | UINT | BOOL => Arg { i32: param.number },
        _ => Arg::ZERO,
    }
}

fn by_name(vm: &Vm, args: Args, param: &Param) -> Option<Value> {
    // SAFETY: names of tables were checked.
    let name = unsafe { c_text(param.name) }.ok()?.to_bytes();
    (0..usize::from(args.kw()))
        .map(|i| vm.kw(args, i))
        .find(|(k, _)| vm.heap().str_bytes(*k) == name)
        .map(|(_, v)| v)
}

#[cold]
fn missing(vm: &mut Vm, param: &Param) -> Raised {
    // SAFETY: as above.
    let name = unsafe { c_text(param.name) }.ok().and_then(|text| text.to_str().ok()).unwrap_or("");
    vm.raise_parts(
        TypeId::TypeError,
        &[Part::S("function missing required argument '"), Part::S(name), Part::S("'")],
    )
}

#[cold]
fn too_many(vm: &mut Vm, args: Args, taken: usize, n: usize) -> Raised {
    if taken < n {
        let parts = [
            Part::S("function expected at most "),
            Part::I(taken as i64),
            Part::S(" arguments, got "),
            Part::I(n as i64),
        ];
        return vm.raise_parts(TypeId::TypeError, &parts);
    }
    // Some name is nobody's, or of an argument that was given by position too.
    let parts = [Part::S("unexpected keyword argument among "), Part::I(args.kw().into())];
    vm.raise_parts(TypeId::TypeError, &parts)
}

/// The further arguments, as a tuple.
fn rest(vm: &mut Vm, inst: &Inst, task: &Task, args: Args, from: usize) -> R<Arg> {
    let n = usize::from(args.n()).saturating_sub(from);
    let all = match n {
        0 => Value::EMPTY_TUPLE,
        n => vm.with_heap(|heap| tuple::new(heap, n))?,
    };
    for i in 0..n {
        let v = vm.req(args, from + i);
        tuple::set(vm.heap_mut(), all, i, v);
    }
    object(vm, inst, task, all)
}

fn object(vm: &mut Vm, inst: &Inst, task: &Task, v: Value) -> R<Arg> {
    match refs::give(inst, task, v) {
        Ok(object) => Ok(Arg { object }),
        Err(code) => Err(exceptions::raise_status(vm, code)),
    }
}

/// One argument.
#[inline]
fn to_c(vm: &mut Vm, inst: &Inst, task: &Task, kind: u8, v: Value, pins: &mut Pins) -> R<Arg> {
    if let (INT, Some(n)) = (kind, v.as_small()) {
        return Ok(Arg { i32: n });
    }
    to_c_slowly(vm, inst, task, kind, v, pins)
}

#[inline(never)]
fn to_c_slowly(vm: &mut Vm, inst: &Inst, task: &Task, kind: u8, v: Value, pins: &mut Pins) -> R<Arg> {
    let number = match kind {
        BOOL => return Ok(Arg { i32: vm.truth(v)?.into() }),
        INT => numbers::signed(vm, v).and_then(numbers::fit).map(|i32| Arg { i32 }),
        UINT => numbers::signed(vm, v).and_then(numbers::fit).map(|u32| Arg { u32 }),
        INT64 => numbers::signed(vm, v).map(|i64| Arg { i64 }),
        UINT64 => numbers::unsigned(vm, v).map(|u64| Arg { u64 }),
        FLOAT => numbers::float(vm, v).map(|real| Arg { real }),
        STR if vm.is_str(v) => {
            let text = vm.heap().str_bytes(v);
            return Ok(Arg { bytes: Bytes { data: text.as_ptr().cast_mut().cast(), len: text.len() } });
        }
        BYTES | BUFFER => return buffer(vm, kind == BUFFER, v, pins),
        OBJECT | SELF => return object(vm, inst, task, v),
        _ => Err(super::status::TYPE),
    };
    number
        .map_err(|code| if code == super::status::RANGE { does_not_fit(vm) } else { wrong_type(vm, kind, v) })
}

#[cold]
fn does_not_fit(vm: &mut Vm) -> Raised {
    vm.raise(TypeId::OverflowError, "overflow converting long int to machine word")
}

#[cold]
fn wrong_type(vm: &mut Vm, kind: u8, v: Value) -> Raised {
    let want = match kind {
        FLOAT => " to float",
        STR => " to str",
        _ => " to int",
    };
    let name = vm.type_name(v);
    vm.raise_parts(TypeId::TypeError, &[Part::S("can't convert "), Part::V(name), Part::S(want)])
}

fn buffer(vm: &mut Vm, writable: bool, v: Value, pins: &mut Pins) -> R<Arg> {
    let (data, len) = match bytes_of(vm, v, writable) {
        Some(found) => found,
        None if writable => return Err(vm.raise(TypeId::TypeError, "a writable buffer is required")),
        None => return Err(vm.raise(TypeId::TypeError, "object with buffer protocol required")),
    };
    let exporter = exporter(vm, v);
    pins.add(vm.heap_mut(), exporter);
    Ok(Arg { bytes: Bytes { data, len } })
}

/// Where the bytes of an object with the buffer protocol lie. Text has none.
pub fn bytes_of(vm: &mut Vm, v: Value, writable: bool) -> Option<(*mut c_void, usize)> {
    let native = vm.native_of(v).unwrap_or(v);
    if vm.is_str(native) {
        return None;
    }
    let found = vm.buffer(native)?;
    if writable && !found.writable {
        return None;
    }
    let span = Span { owner: found.owner, from_word: found.from_word, offset: found.offset, len: found.len };
    let all = vm.heap().span_bytes(span);
    Some((all.as_ptr().cast_mut().cast(), all.len()))
}

/// What a C function gave, as a value.
pub fn result(vm: &mut Vm, inst: &Inst, kind: u8, given: &Arg) -> R {
    // SAFETY: the table says which member the function fills; all are plain numbers, valid in every state.
    unsafe {
        match kind {
            NOTHING => Ok(Value::NONE),
            BOOL => Ok(Value::bool(given.i32 != 0)),
            INT => match Value::try_small(given.i32.into()) {
                Some(small) => Ok(small),
                None => vm.with_heap(|heap| int::from_i64(heap, given.i32.into())),
            },
            UINT => vm.with_heap(|heap| int::from_u64(heap, given.u32.into())),
            INT64 => vm.with_heap(|heap| int::from_i64(heap, given.i64)),
            UINT64 => vm.with_heap(|heap| int::from_u64(heap, given.u64)),
            #[cfg(any(feature = "float-single", feature = "float-double"))]
            FLOAT => {
                vm.with_heap(|heap| crate::object::float::new(heap, given.real as crate::base::float::Float))
            }
            STR | BYTES => text(vm, kind, given.bytes),
            _ if given.object.bits == 0 => Ok(Value::NONE),
            _ => refs::take(inst, given.object).map_err(|code| exceptions::raise_status(vm, code)),
        }
    }
}

fn text(vm: &mut Vm, kind: u8, given: Bytes) -> R {
    // SAFETY: what the function gives is readable, as the header says; NULL only with length 0.
    let Ok(all) = (unsafe { super::text::c_bytes(given.data, given.len) }) else {
        return Err(exceptions::raise_status(vm, super::status::NULL));
    };
    if kind == BYTES {
        return bulk::new(vm, Kind::Bytes, all);
    }
    if !bulk::is_text(vm, all)? {
        return Err(vm.raise(TypeId::UnicodeError, ""));
    }
    bulk::new(vm, Kind::Str, all)
}
