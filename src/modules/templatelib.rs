//! The module `string.templatelib`: what t-strings make.
//!
//! Invariants
//! - a `Template` has a tuple of strings and one of interpolations; of the first it has one more, unless `__template__` was
//!   called with other numbers of them;
//! - both are `Object` cells that nobody changes once they are made.

use crate::builtins::print;
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::exc::{self, Part};
use crate::object::{bytes, list, str, tuple};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, BinaryOp, Const, Entry, Mode, ModuleDef, NativeDef, Slot, TypeDef, vm_fn};

pub static STRING: ModuleDef = ModuleDef {
    name: q!("string"),
    entries: &[Entry { name: q!("templatelib"), value: Const::Dyn(templatelib) }],
};

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("string.templatelib"),
    entries: &[
        Entry { name: q!("Template"), value: Const::Type(TypeId::StringTemplate) },
        Entry { name: q!("Interpolation"), value: Const::Type(TypeId::Interpolation) },
    ],
};

fn templatelib(vm: &mut Vm) -> R {
    Ok(vm.builtin_module(q!("string.templatelib")).unwrap_or(Value::NONE))
}

/// `__template__(strings, value, expression, conversion, format_spec, …)`: what a t-string compiles to.
pub const TEMPLATE_FUNCTION: Entry =
    Entry { name: q!("__template__"), value: vm_fn(template_function, 1, 255) };

mod field {
    pub const TYPE: usize = 0;
    /// Of a `Template`.
    pub const STRINGS: usize = 1;
    pub const INTERPOLATIONS: usize = 2;
    /// Of an `Interpolation`: value, expression, conversion, format_spec from here on.
    pub const PARTS: usize = 1;
}

/// Parts of an `Interpolation`.
const PARTS: usize = 4;

pub static INTERPOLATION: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make_interpolation, 1, 4, true)),
    print: Some(show_interpolation),
    entries: &[
        Entry { name: q!("value"), value: Const::Get(|heap, v| Ok(heap.field(v, field::PARTS))) },
        Entry { name: q!("expression"), value: Const::Get(|heap, v| Ok(heap.field(v, field::PARTS + 1))) },
        Entry { name: q!("conversion"), value: Const::Get(|heap, v| Ok(heap.field(v, field::PARTS + 2))) },
        Entry { name: q!("format_spec"), value: Const::Get(|heap, v| Ok(heap.field(v, field::PARTS + 3))) },
    ],
    ..TypeDef::plain(TypeId::Interpolation, q!("Interpolation"))
};

pub static TEMPLATE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make_template, 0, 255, false)),
    print: Some(show_template),
    binary: Slot::Vm(binary),
    iter: Some(iter),
    entries: &[
        Entry { name: q!("strings"), value: Const::Get(|heap, v| Ok(heap.field(v, field::STRINGS))) },
        Entry {
            name: q!("interpolations"),
            value: Const::Get(|heap, v| Ok(heap.field(v, field::INTERPOLATIONS))),
        },
        Entry { name: q!("values"), value: Const::Get(values) },
    ],
    ..TypeDef::plain(TypeId::StringTemplate, q!("Template"))
};

fn new_interpolation(heap: &mut Heap, parts: [Value; PARTS]) -> R {
    let v = heap.alloc(Kind::Object, 1 + PARTS)?;
    heap.set_field(v, field::TYPE, Value::typ(TypeId::Interpolation));
    for (i, part) in parts.into_iter().enumerate() {
        heap.set_field(v, field::PARTS + i, part);
    }
    Ok(v)
}

fn new_template(heap: &mut Heap, strings: Value, interpolations: Value) -> R {
    let v = heap.alloc(Kind::Object, 3)?;
    heap.set_field(v, field::TYPE, Value::typ(TypeId::StringTemplate));
    heap.set_field(v, field::STRINGS, strings);
    heap.set_field(v, field::INTERPOLATIONS, interpolations);
    Ok(v)
}

/// `Interpolation(value, expression='', conversion=None, format_spec='')`
fn make_interpolation(vm: &mut Vm, args: Args) -> R {
    let mut parts = [vm.req(args, 0), q!(""), Value::NONE, q!("")];
    for (i, part) in parts.iter_mut().enumerate() {
        *part = vm.arg(args, i).unwrap_or(*part);
    }
    for i in 0..args.kw() as usize {
        let (name, v) = vm.kw(args, i);
        let names = [q!("value"), q!("expression"), q!("conversion"), q!("format_spec")];
        match names.iter().position(|n| *n == name).and_then(|i| parts.get_mut(i)) {
            Some(part) => *part = v,
            None => return Err(vm.raise(TypeId::TypeError, "unexpected keyword argument")),
        }
    }
    vm.with_heap(|heap| new_interpolation(heap, parts))
}

fn template_function(vm: &mut Vm, args: Args) -> R {
    let (heap, strings) = (vm.heap(), vm.req(args, 0));
    let is_text = |i| tuple::get(heap, strings, i).is_some_and(|v| str::is_str(heap, v));
    if !tuple::is(heap, strings) || !(0..tuple::len(heap, strings)).all(is_text) {
        return Err(vm.raise(TypeId::TypeError, "expected a tuple of str"));
    }
    // Many parts come in one tuple or list instead.
    let packed = if args.n() == 2 { Some(vm.req(args, 1)) } else { None };
    let count = match packed {
        Some(v) if vm.heap().is(v, Kind::List) => list::len(vm.heap(), v),
        Some(v) if tuple::is(vm.heap(), v) => tuple::len(vm.heap(), v),
        Some(v) => {
            let name = vm.type_name(v);
            let parts = [Part::S("object '"), Part::V(name), Part::S("' isn't a tuple or list")];
            return Err(vm.raise_by(&|h| exc::raise_parts(h, TypeId::TypeError, &parts)));
        }
        None => args.n() as usize - 1,
    };
    let n = count / PARTS;
    let made = vm.with_heap(|heap| tuple::new(heap, n))?;
    let slot = vm.push(made)?;
    for i in 0..n {
        let parts = [0, 1, 2, 3].map(|k| {
            let k = i * PARTS + k;
            let item = match packed {
                Some(v) if vm.heap().is(v, Kind::List) => list::get(vm.heap(), v, k),
                Some(v) => tuple::get(vm.heap(), v, k),
                None => vm.arg(args, 1 + k),
            };
            item.unwrap_or(Value::NONE)
        });
        let one = vm.with_heap(|heap| new_interpolation(heap, parts))?;
        let to = vm.get(slot);
        tuple::set(vm.heap_mut(), to, i, one);
    }
    let all = vm.get(slot);
    vm.with_heap(|heap| new_template(heap, strings, all))
}

/// `Template(*parts)`: strings next to each other become one.
fn make_template(vm: &mut Vm, args: Args) -> R {
    for i in 0..args.n() as usize {
        let v = vm.req(args, i);
        if !str::is_str(vm.heap(), v) && vm.type_id(v) != TypeId::Interpolation {
            return Err(vm.raise(TypeId::TypeError, "expected str or Interpolation"));
        }
    }
    let made = vm.with_heap(list::new)?;
    let parts = vm.push(made)?;
    for i in 0..args.n() as usize {
        let (to, v) = (vm.get(parts), vm.req(args, i));
        vm.with_heap(|heap| list::append(heap, to, v))?;
    }
    let all = vm.get(parts);
    vm.with_heap(|heap| from_parts(heap, all))
}

/// A template of the strings and interpolations in a list.
fn from_parts(heap: &mut Heap, parts: Value) -> R {
    let n = list::len(heap, parts);
    let part = |heap: &Heap, i: usize| list::get(heap, parts, i).unwrap_or(q!(""));
    let count = (0..n).filter(|i| !str::is_str(heap, part(heap, *i))).count();
    let strings = tuple::new(heap, count + 1)?;
    let interpolations = tuple::new(heap, count)?;
    let (mut string, mut done) = (q!(""), 0);
    for i in 0..n {
        let v = part(heap, i);
        if str::is_str(heap, v) {
            let two = [string, v].map(|s| heap.str_span(s).unwrap_or(Span::EMPTY));
            string = if two.iter().any(Span::is_empty) {
                if heap.str_bytes(string).is_empty() { v } else { string }
            } else {
                bytes::concat(heap, Kind::Str, &two)?
            };
        } else {
            tuple::set(heap, strings, done, string);
            tuple::set(heap, interpolations, done, v);
            done += 1;
            string = q!("");
        }
    }
    tuple::set(heap, strings, done, string);
    new_template(heap, strings, interpolations)
}

/// The strings (also empty ones, if `all`) and interpolations in order.
fn parts_of(heap: &mut Heap, template: Value, to: Value, all: bool) -> R<()> {
    let (strings, interpolations) =
        (heap.field(template, field::STRINGS), heap.field(template, field::INTERPOLATIONS));
    for i in 0..tuple::len(heap, strings) {
        let s = tuple::get(heap, strings, i).unwrap_or(q!(""));
        if all || !heap.str_bytes(s).is_empty() {
            list::append(heap, to, s)?;
        }
        if let Some(v) = tuple::get(heap, interpolations, i) {
            list::append(heap, to, v)?;
        }
    }
    Ok(())
}

fn iter(heap: &mut Heap, template: Value) -> R {
    let parts = list::new(heap)?;
    parts_of(heap, template, parts, false)?;
    crate::object::iter::new(heap, crate::object::iter::How::List, parts, 0, Value::NONE)
}

fn values(heap: &mut Heap, template: Value) -> R {
    let interpolations = heap.field(template, field::INTERPOLATIONS);
    let n = tuple::len(heap, interpolations);
    let made = tuple::new(heap, n)?;
    for i in 0..n {
        let one = tuple::get(heap, interpolations, i).unwrap_or(Value::NONE);
        tuple::set(heap, made, i, heap.field(one, field::PARTS));
    }
    Ok(made)
}

fn binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R {
    let both = [a, b].iter().all(|v| vm.type_id(*v) == TypeId::StringTemplate);
    if !both || op != BinaryOp::Add {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    vm.with_heap(|heap| {
        let parts = list::new(heap)?;
        parts_of(heap, a, parts, true)?;
        parts_of(heap, b, parts, true)?;
        from_parts(heap, parts)
    })
}

fn show_interpolation(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    vm.emit(b"Interpolation(")?;
    for i in 0..PARTS {
        if i > 0 {
            vm.emit(b", ")?;
        }
        let part = vm.heap().field(v, field::PARTS + i);
        print::print(vm, part, Mode::Repr)?;
    }
    vm.emit(b")")
}

fn show_template(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    vm.emit(b"Template(strings=")?;
    let strings = vm.heap().field(v, field::STRINGS);
    print::print(vm, strings, Mode::Repr)?;
    vm.emit(b", interpolations=")?;
    let interpolations = vm.heap().field(v, field::INTERPOLATIONS);
    print::print(vm, interpolations, Mode::Repr)?;
    vm.emit(b")")
}
