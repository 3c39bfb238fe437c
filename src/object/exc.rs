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

/// In the flags: the class has an `__init__` of its own, and the built-in one has not been called yet.
pub const INCOMPLETE: i32 = 1;

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
    raise_made(heap, typ, &|h| new(h, Value::typ(typ), Value::EMPTY_TUPLE))
}

/// Raises `typ(arg)`.
#[cold]
pub fn raise_arg(heap: &mut Heap, typ: TypeId, arg: Value) -> Raised {
    raise_made(heap, typ, &|h| {
        let args = one_tuple(h, arg)?;
        new(h, Value::typ(typ), args)
    })
}

/// Raises what `make` makes: with the memory set aside where the program has locked the heap, and where that is too little
/// the one exception that stands for all then.
fn raise_made(heap: &mut Heap, typ: TypeId, make: &dyn Fn(&mut Heap) -> R) -> Raised {
    let made = match make(heap) {
        Err(_) if heap.locks() > 0 => heap.in_emergency(make).or_else(|r| spare(heap, typ).ok_or(r)),
        made => made,
    };
    match made {
        Ok(e) => heap.raise_value(e),
        Err(r) => r,
    }
}

/// The exception object that needs no memory, as a `typ()`.
fn spare(heap: &mut Heap, typ: TypeId) -> Option<Value> {
    let e = heap.spare?;
    heap.set_field(e, field::TYPE, Value::typ(typ));
    heap.set_field(e, field::ARGS, Value::EMPTY_TUPLE);
    heap.set_slot(e, field::TRACEBACK, None);
    Some(e)
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
    let hash = crate::heap::names::hash(text);
    raise_made(heap, typ, &|h| {
        let s = h.new_str_cell(Kind::Str, text, hash)?;
        let args = one_tuple(h, s)?;
        new(h, Value::typ(typ), args)
    })
}

fn one_tuple(heap: &mut Heap, item: Value) -> R {
    let t = heap.alloc(Kind::Tuple, 1)?;
    heap.set_field(t, 0, item);
    Ok(t)
}
