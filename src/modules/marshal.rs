//! The module `marshal`: code objects as bytes, in the form of `.mpy` files.

use crate::builtins::text;
use crate::code::{object, read, verify, write};
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, Place, R, TypeId, Value};
use crate::object::exc::raise;
use crate::q;
use crate::vm::def::{ModuleDef, entry, heap_fn};

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("marshal"),
    entries: &[entry(q!("dumps"), heap_fn(dumps, 1, 1)), entry(q!("loads"), heap_fn(loads, 1, 1))],
};

fn dumps(heap: &mut Heap, args: &[Value]) -> R {
    let v = text::arg(args, 0);
    if !heap.is(v, Kind::Code) {
        return Err(raise(heap, TypeId::ValueError, "unmarshallable object"));
    }
    write::to_bytes(heap, v)
}

/// What was written is verified like any file.
fn loads(heap: &mut Heap, args: &[Value]) -> R {
    let Some(all) = text::buffer(heap, text::arg(args, 0), false) else {
        return Err(text::mixed(heap, Kind::Bytes));
    };
    let raw = heap.alloc(Kind::Raw, all.len().div_ceil(4).max(1))?;
    let to = Span { owner: raw, from_word: 0, offset: 0, len: all.len };
    heap.copy_span(to, all);
    let code = read::read(heap, Place::Cell(raw, 0, all.len()))?;
    // A function's code is as good as a program's, if it needs no variables of a function around it.
    if !object::stands_alone(heap, code) {
        return Err(object::bad(heap));
    }
    verify::tree(heap, code)?;
    Ok(code)
}
