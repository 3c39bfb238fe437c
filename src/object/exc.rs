//! Exceptions: making one and sending it on its way.

use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};

/// Words of the `Exception` cell; see `Kind::Exception`.
pub mod field {
    pub const TYPE: usize = 0;
    pub const ARGS: usize = 1;
    pub const TRACEBACK: usize = 2;
    pub const CAUSE: usize = 3;
    pub const CONTEXT: usize = 4;
    pub const ATTRS: usize = 5;
    pub const FLAGS: usize = 6;
    pub const COUNT: usize = 7;
}

/// A piece of an exception's message.
pub enum Part<'a> {
    S(&'a str),
    /// The text of a string or name.
    V(Value),
    /// An integer.
    I(i64),
}

/// A new exception of a built-in or user type with an argument tuple.
pub fn new(heap: &mut Heap, typ: Value, args: Value) -> R {
    let e = heap.alloc(Kind::Exception, field::COUNT)?;
    heap.set_field(e, field::TYPE, typ);
    heap.set_field(e, field::ARGS, args);
    heap.set_int(e, field::FLAGS, 0);
    Ok(e)
}

/// In `field::FLAGS`: `raise … from` was used, so the context is not shown.
pub const SUPPRESS_CONTEXT: i32 = 1;

/// What `raise … from` says.
pub fn set_cause(heap: &mut Heap, e: Value, cause: Option<Value>) {
    heap.set_slot(e, field::CAUSE, cause);
    heap.set_int(e, field::FLAGS, SUPPRESS_CONTEXT);
}

/// Raises `typ(message)`.
#[cold]
#[inline(never)]
pub fn raise(heap: &mut Heap, typ: TypeId, message: &str) -> Raised {
    raise_parts(heap, typ, &[Part::S(message)])
}

/// Raises `typ()` without arguments.
#[cold]
pub fn raise_bare(heap: &mut Heap, typ: TypeId) -> Raised {
    raise_with(heap, Value::typ(typ), Value::EMPTY_TUPLE)
}

/// Raises `typ(arg)`.
#[cold]
pub fn raise_arg(heap: &mut Heap, typ: TypeId, arg: Value) -> Raised {
    match one_tuple(heap, arg) {
        Ok(t) => raise_with(heap, Value::typ(typ), t),
        Err(_) if heap.locks() > 0 => raise_bare(heap, typ),
        Err(r) => r,
    }
}

#[cold]
pub fn raise_with(heap: &mut Heap, typ: Value, args: Value) -> Raised {
    match new(heap, typ, args) {
        Ok(e) => heap.raise_value(e),
        Err(r) => match heap.spare.filter(|_| heap.locks() > 0) {
            // While the program has locked the heap, one object stands for whatever is raised.
            Some(e) => {
                heap.set_field(e, field::TYPE, typ);
                heap.set_field(e, field::ARGS, args);
                heap.set_slot(e, field::TRACEBACK, None);
                heap.raise_value(e)
            }
            None => r,
        },
    }
}

/// Raises `typ(message)`, the message put together from parts (cut at 120 bytes).
#[cold]
#[inline(never)]
pub fn raise_parts(heap: &mut Heap, typ: TypeId, parts: &[Part]) -> Raised {
    let mut buf = [0u8; 120];
    let mut n = 0;
    let mut put = |bytes: &[u8]| {
        for &b in bytes {
            if let Some(d) = buf.get_mut(n) {
                *d = b;
                n += 1;
            }
        }
    };
    for part in parts {
        match part {
            Part::S(s) => put(s.as_bytes()),
            Part::V(v) => put(heap.str_bytes(*v)),
            Part::I(i) => {
                let mut digits = [0u8; 20];
                let mut at = digits.len();
                let mut m = i.unsigned_abs();
                loop {
                    at -= 1;
                    if let Some(d) = digits.get_mut(at) {
                        *d = b'0' + (m % 10) as u8;
                    }
                    m /= 10;
                    if m == 0 || at == 0 {
                        break;
                    }
                }
                if *i < 0 {
                    put(b"-");
                }
                put(digits.get(at..).unwrap_or(&[]));
            }
        }
    }
    let text = buf.get(..n).unwrap_or(&[]);
    let made = heap.new_str_cell(Kind::Str, text, crate::heap::names::hash(text));
    match made {
        Ok(s) => raise_arg(heap, typ, s),
        Err(_) if heap.locks() > 0 => raise_bare(heap, typ),
        Err(r) => r,
    }
}

fn one_tuple(heap: &mut Heap, item: Value) -> R {
    let t = heap.alloc(Kind::Tuple, 1)?;
    heap.set_field(t, 0, item);
    Ok(t)
}
