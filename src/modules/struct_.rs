//! The module `struct`: packing values into bytes and back.

use crate::base::pack::{PackCode, PackFormat, PackKind, PackRun};
use crate::builtins::text;
use crate::heap::span::Span;
use crate::heap::{Kind, R, Raised, TypeId, Value};
use crate::object::{bytes, tuple, typed_array};
use crate::q;
use crate::vm::def::{Args, Entry, ModuleDef, entry, vm_fn};
use crate::vm::{Vm, bulk};

pub static MODULE: ModuleDef = ModuleDef { name: q!("struct"), entries: &ENTRIES };

static ENTRIES: [Entry; 5] = [
    entry(q!("calcsize"), vm_fn(calcsize, 1, 1)),
    entry(q!("pack"), vm_fn(pack, 1, 255)),
    entry(q!("pack_into"), vm_fn(pack_into, 3, 255)),
    entry(q!("unpack"), vm_fn(unpack_from, 2, 2)),
    entry(q!("unpack_from"), vm_fn(unpack_from, 2, 3)),
];

/// The format argument's text; `bytes` will do. The owner takes the argument's place.
fn format(vm: &mut Vm, args: Args) -> R<Span> {
    match text::buffer(vm.heap(), vm.req(args, 0), true) {
        Some(s) => {
            vm.set_arg(args, 0, s.owner);
            Ok(s)
        }
        None => Err(vm.raise_by(&|heap| text::mixed(heap, Kind::Str))),
    }
}

/// Calls `each` for every run of the format; gives the size of the struct.
fn runs(vm: &mut Vm, format: Span, mut each: impl FnMut(&mut Vm, PackRun, bool) -> R<()>) -> R<usize> {
    let mut place = None;
    loop {
        // The format lies in the heap, which others change: the walk is taken up again for each run.
        let mut walk = PackFormat::new(vm.heap().span_bytes(format));
        if let Some((left, end)) = place {
            walk.go_on(left, end);
        }
        let (run, big) = (walk.next(), walk.big_endian);
        place = Some((walk.left(), walk.end));
        match run {
            None => return Ok(walk.end),
            Some(Ok(run)) if run.offset <= bytes::MAX_LEN && run.count <= bytes::MAX_LEN => {
                each(vm, run, big)?
            }
            Some(_) => return Err(bad_format(vm)),
        }
        vm.tick(150)?;
    }
}

#[cold]
fn bad_format(vm: &mut Vm) -> Raised {
    vm.raise(TypeId::ValueError, "bad format")
}

/// Size of the struct, number of values.
fn measure(vm: &mut Vm, format: Span) -> R<(usize, usize)> {
    let mut n = 0usize;
    let size = runs(vm, format, |_, run, _| {
        n = n.saturating_add(run.values());
        Ok(())
    })?;
    if size > bytes::MAX_LEN || n > bytes::MAX_LEN { Err(bad_format(vm)) } else { Ok((size, n)) }
}

/// `data` from an offset argument on, where negative ones count from the end.
fn from_offset(vm: &mut Vm, data: Span, offset: Option<Value>, need: usize) -> R<Span> {
    let n = match offset {
        Some(v) => vm.with_heap1(text::index, v)?,
        None => 0,
    };
    let at = if n < 0 { n.saturating_add(data.len() as i64) } else { n };
    match usize::try_from(at) {
        Ok(at) if at.checked_add(need).is_some_and(|end| end <= data.len()) => Ok(data.sub(at, data.len())),
        _ => Err(vm.raise(TypeId::ValueError, "buffer too small")),
    }
}

fn calcsize(vm: &mut Vm, args: Args) -> R {
    let f = format(vm, args)?;
    let (size, _) = measure(vm, f)?;
    Ok(Value::small(size as i32))
}

/// Calls `each` with the place of every item of the format.
fn walk(
    vm: &mut Vm,
    format: Span,
    data: Span,
    mut each: impl FnMut(&mut Vm, Span, PackCode, bool) -> R<()>,
) -> R<()> {
    runs(vm, format, |vm, run, big| {
        let part = data.sub(run.offset, data.len());
        match run.code.kind {
            PackKind::Pad => Ok(()),
            PackKind::Bytes => each(vm, part.sub(0, run.count), run.code, big),
            _ => {
                let size = usize::from(run.code.size);
                for i in 0..run.count {
                    each(vm, part.sub(i * size, (i + 1) * size), run.code, big)?;
                    vm.tick(150)?;
                }
                Ok(())
            }
        }
    })
    .map(|_| ())
}

/// Packs the arguments from number `first` on; their places' owner is reachable.
fn fill(vm: &mut Vm, format: Span, to: Span, args: Args, first: usize) -> R<()> {
    let mut next = first;
    walk(vm, format, to, |vm, place, code, big| {
        // Values that are missing stay zero, as in MicroPython.
        let Some(v) = vm.arg(args, next) else { return Ok(()) };
        next += 1;
        match code.kind {
            PackKind::Bytes | PackKind::Char => {
                let Some(s) = text::buffer(vm.heap(), v, true) else {
                    return Err(vm.raise_by(&|heap| text::mixed(heap, Kind::Bytes)));
                };
                let keep = bulk::keep(vm, &[s])?;
                bulk::copy(vm, place, s)?;
                vm.drop_to(keep);
                Ok(())
            }
            PackKind::Bool => {
                let truth = v != Value::FALSE && !v.is_none() && v != Value::small(0);
                vm.heap_mut().write_span(place, &[u8::from(truth)]);
                Ok(())
            }
            _ => vm.with_heap(|heap| typed_array::write(heap, place, code, big, v)),
        }
    })
}

fn pack(vm: &mut Vm, args: Args) -> R {
    let f = format(vm, args)?;
    let (size, n) = measure(vm, f)?;
    if usize::from(args.n()) > n + 1 {
        return Err(vm.raise(TypeId::TypeError, "too many values for the format"));
    }
    let (made, whole) = bulk::blank(vm, Kind::Bytes, size)?;
    fill(vm, f, whole, args, 1)?;
    bulk::done(vm, made)
}

/// `pack_into(format, buffer, offset, values…)`
fn pack_into(vm: &mut Vm, args: Args) -> R {
    let f = format(vm, args)?;
    let (size, _) = measure(vm, f)?;
    let target = text::native(vm.heap(), vm.req(args, 1));
    let writable = match vm.heap().kind(target) {
        Kind::MemoryView => crate::object::memoryview::get(vm.heap(), target).writable,
        kind => kind != Kind::Bytes,
    };
    let Some(data) = text::buffer(vm.heap(), target, false).filter(|_| writable) else {
        return Err(vm.raise_by(&|heap| text::mixed(heap, Kind::Bytes)));
    };
    bulk::keep(vm, &[data])?;
    let to = from_offset(vm, data, vm.arg(args, 2), size)?.sub(0, size);
    for at in (0..size).step_by(BLANKED) {
        vm.heap_mut().span_bytes_mut(to.sub(at, at + BLANKED)).fill(0);
        vm.tick(BLANKED as u32)?;
    }
    fill(vm, f, to, args, 3)?;
    Ok(Value::NONE)
}

/// Bytes that are cleared without a tick.
const BLANKED: usize = 4096;

fn unpack_from(vm: &mut Vm, args: Args) -> R {
    let f = format(vm, args)?;
    let (size, n) = measure(vm, f)?;
    let Some(data) = text::buffer(vm.heap(), vm.req(args, 1), true) else {
        return Err(vm.raise_by(&|heap| text::mixed(heap, Kind::Bytes)));
    };
    bulk::keep(vm, &[data])?;
    let data = from_offset(vm, data, vm.arg(args, 2), size)?;
    let t = vm.with_heap1(tuple::blank, n)?;
    vm.push(t)?;
    let mut i = 0;
    walk(vm, f, data, |vm, part, code, big| {
        let v = match code.kind {
            PackKind::Bytes => bulk::concat(vm, Kind::Bytes, &[part])?,
            _ => vm.with_heap(|heap| typed_array::read(heap, part, code, big))?,
        };
        tuple::set(vm.heap_mut(), t, i, v);
        i += 1;
        Ok(())
    })?;
    Ok(t)
}
