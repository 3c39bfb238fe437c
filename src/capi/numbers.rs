//! Numbers across the border: ints of every width, floats.

use super::inst::{self, Inst};
use super::objects::{immediate, look, look_long, make, store};
use super::refs::Ref;
use super::status::{self, Status};
use super::text::{c_bytes, keep};
use crate::base::limbs;
use crate::builtins::int::of_bytes;
use crate::heap::{Kind, R, Value};
use crate::object::{bigint, bytes, int};
use crate::vm::{Vm, bulk};
use cty::c_void;

// Flags of `pyr_new_int_bytes` and `pyr_get_int_bytes`.
const SIGNED: u32 = 1;
const BIG_ENDIAN: u32 = 2;

/// Bytes of an int that are written at a stretch.
const PIECE: usize = 256;

// ---- C to Python -------------------------------------------------------------------------------------------------

/// # Safety
/// As `make`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_new_int(vm: *mut Inst, value: i64, out: *mut Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe {
        match Value::try_small(value) {
            Some(small) => immediate(vm, out, small),
            None => make(vm, out, &mut |heap| int::from_i64(heap, value)),
        }
    }
}

/// # Safety
/// As `make`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_new_uint(vm: *mut Inst, value: u64, out: *mut Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe { make(vm, out, &mut |heap| int::from_u64(heap, value)) }
}

/// # Safety
/// As `make`; `data` is NULL or valid for reads of `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_new_int_bytes(
    vm: *mut Inst,
    data: *const c_void,
    len: usize,
    flags: u32,
    out: *mut Ref,
) -> Status {
    if flags & !(SIGNED | BIG_ENDIAN) != 0 || len > bytes::MAX_LEN {
        return status::RANGE;
    }
    // SAFETY: the caller's promise.
    unsafe { inst::made(vm, out, &mut |_, vm| Ok(from_bytes(vm, c_bytes(data, len)?, flags))) }
}

fn from_bytes(vm: &mut Vm, data: &[u8], flags: u32) -> R {
    let copy = bulk::new(vm, Kind::Bytes, data)?;
    vm.push(copy)?;
    let span = bytes::cell(vm.heap(), copy);
    of_bytes(vm, copy, span, flags & BIG_ENDIAN != 0, flags & SIGNED != 0)
}

/// # Safety
/// As `make`.
#[cfg(any(feature = "float-single", feature = "float-double"))]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_new_float(vm: *mut Inst, value: f64, out: *mut Ref) -> Status {
    // SAFETY: the caller's promise.
    unsafe { make(vm, out, &mut |heap| crate::object::float::new(heap, value as crate::base::float::Float)) }
}

// ---- Python to C -------------------------------------------------------------------------------------------------

#[inline]
pub fn signed(vm: &Vm, value: Value) -> Result<i64, Status> {
    match value.as_small() {
        Some(small) => Ok(small.into()),
        None => signed_object(vm, value),
    }
}

fn signed_object(vm: &Vm, value: Value) -> Result<i64, Status> {
    match int::to_i64(vm.heap(), value) {
        Some(n) => Ok(n),
        None if int::is(vm.heap(), value) => Err(status::RANGE),
        None => Err(status::TYPE),
    }
}

pub fn unsigned(vm: &Vm, value: Value) -> Result<u64, Status> {
    if vm.heap().is(value, Kind::BigInt) {
        let big = int::big(vm.heap(), value);
        return match (big.negative, limbs::to_u64(big.limbs)) {
            (false, Some(n)) => Ok(n),
            _ => Err(status::RANGE),
        };
    }
    u64::try_from(signed(vm, value)?).map_err(|_| status::RANGE)
}

/// The number in a narrower type.
pub fn fit<T: TryFrom<i64>>(n: i64) -> Result<T, Status> {
    T::try_from(n).map_err(|_| status::RANGE)
}

/// A float or an int.
#[cfg(any(feature = "float-single", feature = "float-double"))]
pub fn float(vm: &Vm, value: Value) -> Result<f64, Status> {
    #[allow(clippy::useless_conversion)] // a float is as wide as the build says
    match crate::object::float::get(vm.heap(), value) {
        Some(number) => Ok(f64::from(number)),
        None if int::to_i64(vm.heap(), value).is_none() && int::is(vm.heap(), value) => {
            Ok(f64::from(bigint::to_float(vm.heap(), value)))
        }
        None => signed(vm, value).map(|number| number as f64),
    }
}
#[cfg(all(feature = "natives", not(any(feature = "float-single", feature = "float-double"))))]
pub fn float(_: &Vm, _: Value) -> Result<f64, Status> {
    Err(status::TYPE)
}

/// A function for each width.
macro_rules! getters {
    ($($name:ident: $type:ty;)*) => {
        $(
            /// # Safety
            /// As `Inst::open`; `out` NULL or valid for a write.
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn $name(vm: *mut Inst, object: Ref, out: *mut $type) -> Status {
                // SAFETY: the caller's promise.
                unsafe { store(out, look(vm, object, |vm, value| fit(signed(vm, value)?))) }
            }
        )*
    };
}

getters! {
    pyr_get_int8: i8;
    pyr_get_uint8: u8;
    pyr_get_int16: i16;
    pyr_get_uint16: u16;
    pyr_get_int32: i32;
    pyr_get_uint32: u32;
}

/// # Safety
/// As `Inst::open`; `out` NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_get_int64(vm: *mut Inst, object: Ref, out: *mut i64) -> Status {
    // SAFETY: the caller's promise.
    unsafe { store(out, look(vm, object, signed)) }
}

/// # Safety
/// As `Inst::open`; `out` NULL or valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_get_uint64(vm: *mut Inst, object: Ref, out: *mut u64) -> Status {
    // SAFETY: the caller's promise.
    unsafe { store(out, look(vm, object, unsigned)) }
}

/// # Safety
/// As `Inst::open`; `out` is NULL or valid for writes of `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_get_int_bytes(
    vm: *mut Inst,
    object: Ref,
    out: *mut c_void,
    len: usize,
    flags: u32,
) -> Status {
    if flags & !(SIGNED | BIG_ENDIAN) != 0 || len > isize::MAX as usize {
        return status::RANGE;
    }
    if out.is_null() {
        return status::NULL;
    }
    // SAFETY: the caller's promise.
    let read = unsafe {
        look_long(vm, object, |vm, value| {
            let out = core::slice::from_raw_parts_mut(out.cast::<u8>(), len);
            to_bytes(vm, value, out, flags)
        })
    };
    super::inst::done(read)
}

fn to_bytes(vm: &mut Vm, value: Value, out: &mut [u8], flags: u32) -> Result<(), Status> {
    if !int::is(vm.heap(), value) {
        return Err(status::TYPE);
    }
    let small;
    let (negative, size) = match int::to_i64(vm.heap(), value) {
        Some(n) => {
            small = limbs::from_u64(n.unsigned_abs());
            (n < 0, limbs::trim(&small))
        }
        None => {
            let big = int::big(vm.heap(), value);
            (big.negative, big.limbs)
        }
    };
    // Two's complement has one bit more than the size, unless the number is a power of two below zero.
    let bits = limbs::bit_length(size);
    let power = negative && size.iter().map(|limb| limb.count_ones()).sum::<u32>() == 1;
    let signed = flags & SIGNED != 0;
    let needed = bits + usize::from(signed && !power);
    if negative && !signed || needed > out.len().saturating_mul(8) {
        return Err(status::RANGE);
    }
    let big_endian = flags & BIG_ENDIAN != 0;
    if size.len() <= PIECE / 4 {
        limbs::to_bytes(negative, size, out, big_endian, signed);
        return Ok(());
    }
    let Some(kept) = keep(vm, value) else {
        limbs::to_bytes(negative, int::big(vm.heap(), value).limbs, out, big_endian, signed);
        return Ok(());
    };
    let (len, mut carry) = (out.len(), negative);
    for from in (0..len).step_by(PIECE) {
        let size = int::big(vm.heap(), value).limbs;
        for i in from..len.min(from + PIECE) {
            let at = if big_endian { len - 1 - i } else { i };
            if let Some(to) = out.get_mut(at) {
                *to = limbs::byte_at(size, negative, i, &mut carry);
            }
        }
        vm.let_tasks_in();
    }
    vm.drop_to(kept);
    Ok(())
}

/// # Safety
/// As `Inst::open`; `out` NULL or valid for a write.
#[cfg(any(feature = "float-single", feature = "float-double"))]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pyr_get_float(vm: *mut Inst, object: Ref, out: *mut f64) -> Status {
    // SAFETY: the caller's promise.
    unsafe { store(out, look(vm, object, float)) }
}
