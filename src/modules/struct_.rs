//! The module `struct`: packing values into bytes and back.

use crate::base::pack::{PackFormat, PackKind};
use crate::builtins::text;
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::exc::raise;
use crate::object::{bytes, tuple, typed_array};
use crate::q;
use crate::vm::def::{Entry, ModuleDef, entry, heap_fn};

pub static MODULE: ModuleDef = ModuleDef { name: q!("struct"), entries: &ENTRIES };

static ENTRIES: [Entry; 5] = [
    entry(q!("calcsize"), heap_fn(calcsize, 1, 1)),
    entry(q!("pack"), heap_fn(pack, 1, 255)),
    entry(q!("pack_into"), heap_fn(pack_into, 3, 255)),
    entry(q!("unpack"), heap_fn(unpack, 2, 2)),
    entry(q!("unpack_from"), heap_fn(unpack_from, 2, 3)),
];

/// The format argument's text; `bytes` will do.
fn format(heap: &mut Heap, v: Value) -> R<Span> {
    match text::buffer(heap, v, true) {
        Some(s) => Ok(s),
        None => Err(text::mixed(heap, Kind::Str)),
    }
}

/// Size of the struct, number of values.
fn measure(heap: &mut Heap, format: Span) -> R<(usize, usize)> {
    match PackFormat::new(heap.span_bytes(format)).measure() {
        Ok((size, n)) if size <= bytes::MAX_LEN && n <= bytes::MAX_LEN => Ok((size, n)),
        _ => Err(raise(heap, TypeId::ValueError, "bad format")),
    }
}

#[cold]
fn too_small(heap: &mut Heap) -> Raised {
    raise(heap, TypeId::ValueError, "buffer too small")
}

/// `data` from an offset argument on, where negative ones count from the end.
fn from_offset(heap: &mut Heap, data: Span, offset: Option<Value>, need: usize) -> R<Span> {
    let n = match offset {
        Some(v) => text::index(heap, v)?,
        None => 0,
    };
    let at = if n < 0 { n.saturating_add(data.len() as i64) } else { n };
    match usize::try_from(at) {
        Ok(at) if at.checked_add(need).is_some_and(|end| end <= data.len()) => Ok(data.sub(at, data.len())),
        _ => Err(too_small(heap)),
    }
}

fn calcsize(heap: &mut Heap, args: &[Value]) -> R {
    let f = format(heap, text::arg(args, 0))?;
    let (size, _) = measure(heap, f)?;
    Ok(Value::small(size as i32))
}

/// Calls `each(heap, byte range, run index in values)` for every item of the format.
fn walk(
    heap: &mut Heap,
    format: Span,
    mut each: impl FnMut(&mut Heap, usize, crate::base::pack::PackCode, usize, bool) -> R<()>,
) -> R<()> {
    let mut done = 0;
    loop {
        // The format lies in the heap that `each` changes: the walk is repeated up to the run that is due.
        let mut runs = PackFormat::new(heap.span_bytes(format));
        let run = runs.nth(done);
        let big = runs.big_endian;
        let Some(Ok(run)) = run else { return Ok(()) };
        done += 1;
        match run.code.kind {
            PackKind::Pad => {}
            PackKind::Bytes => each(heap, run.offset, run.code, run.count, big)?,
            _ => {
                for i in 0..run.count {
                    let size = usize::from(run.code.size);
                    each(heap, run.offset + i * size, run.code, size, big)?;
                }
            }
        }
    }
}

fn fill(heap: &mut Heap, f: Span, to: Span, values: &[Value]) -> R<()> {
    let mut left = values.iter();
    walk(heap, f, |heap, at, code, len, big| {
        // Values that are missing stay zero, as in MicroPython.
        let Some(v) = left.next().copied() else { return Ok(()) };
        let place = to.sub(at, at + len);
        match code.kind {
            PackKind::Bytes | PackKind::Char => {
                let Some(s) = text::buffer(heap, v, true) else { return Err(text::mixed(heap, Kind::Bytes)) };
                heap.copy_span(place, s.sub(0, len));
                Ok(())
            }
            PackKind::Bool => {
                let truth = v != Value::FALSE && !v.is_none() && v != Value::small(0);
                heap.write_span(place, &[u8::from(truth)]);
                Ok(())
            }
            _ => typed_array::write(heap, place, code, big, v),
        }
    })
}

fn pack(heap: &mut Heap, args: &[Value]) -> R {
    let f = format(heap, text::arg(args, 0))?;
    let (size, n) = measure(heap, f)?;
    let values = args.get(1..).unwrap_or(&[]);
    if values.len() > n {
        return Err(raise(heap, TypeId::TypeError, "too many values for the format"));
    }
    let v = bytes::blank(heap, Kind::Bytes, size)?;
    let whole = bytes::cell(heap, v);
    fill(heap, f, whole, values)?;
    Ok(v)
}

/// `pack_into(format, buffer, offset, values…)`
fn pack_into(heap: &mut Heap, args: &[Value]) -> R {
    let f = format(heap, text::arg(args, 0))?;
    let (size, _) = measure(heap, f)?;
    let target = text::native(heap, text::arg(args, 1));
    let writable = match heap.kind(target) {
        Kind::MemoryView => crate::object::memoryview::get(heap, target).writable,
        kind => kind != Kind::Bytes,
    };
    let Some(data) = text::buffer(heap, target, false).filter(|_| writable) else {
        return Err(text::mixed(heap, Kind::Bytes));
    };
    let to = from_offset(heap, data, args.get(2).copied(), size)?.sub(0, size);
    heap.span_bytes_mut(to).fill(0);
    fill(heap, f, to, args.get(3..).unwrap_or(&[]))?;
    Ok(Value::NONE)
}

fn read(heap: &mut Heap, args: &[Value], offset: Option<Value>) -> R {
    let f = format(heap, text::arg(args, 0))?;
    let (size, n) = measure(heap, f)?;
    let Some(data) = text::buffer(heap, text::arg(args, 1), true) else {
        return Err(text::mixed(heap, Kind::Bytes));
    };
    let data = from_offset(heap, data, offset, size)?;
    let t = tuple::new(heap, n)?;
    let mut i = 0;
    walk(heap, f, |heap, at, code, len, big| {
        let part = data.sub(at, at + len);
        let v = match code.kind {
            PackKind::Bytes => bytes::concat(heap, Kind::Bytes, &[part])?,
            _ => typed_array::read(heap, part, code, big)?,
        };
        tuple::set(heap, t, i, v);
        i += 1;
        Ok(())
    })?;
    Ok(t)
}

fn unpack(heap: &mut Heap, args: &[Value]) -> R {
    read(heap, args, None)
}
fn unpack_from(heap: &mut Heap, args: &[Value]) -> R {
    read(heap, args, args.get(2).copied())
}
