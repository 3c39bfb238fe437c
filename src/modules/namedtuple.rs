//! `collections.namedtuple`: classes on `tuple` made of natives.
//!
//! Invariants
//! - a class made here has `tuple` as its native base; an instance's native part holds the values;
//! - each field is a property whose getter is `get` bound to the field's number; `__new__` and `__repr__` are bound to the
//!   tuple of the field names.

use crate::builtins::{convert, seq, tuple as tuples};
use crate::heap::{Kind, R, Raised, TypeId, Value};
use crate::object::exc::Part;
use crate::object::{dict, instance, list, str, tuple};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::*;

const fn native(f: fn(&mut Vm, Args) -> R, min: u8, max: u8, kw: bool) -> Const {
    Const::Fn(NativeDef::vm(f, min, max, kw).bound(Bind::Static))
}

const GET: u32 = 0;
const NEW: u32 = 1;
const REPR: u32 = 2;
#[cfg(feature = "extra")]
const AS_DICT: u32 = 3;
#[cfg(feature = "extra")]
const AS_DICT_METHOD: u32 = 4;

/// The members that every such class has beside its fields.
const MEMBERS: [(Value, u32); 2] = [(q!("__new__"), NEW), (q!("__repr__"), REPR)];

/// Never the type of a value: it holds the natives that the classes are made of.
pub static TYPE: TypeDef = TypeDef {
    entries: &[
        Entry { name: q!("__get__"), value: native(get, 2, 2, false) },
        Entry { name: q!("__new__"), value: native(new, 2, 255, true) },
        Entry { name: q!("__repr__"), value: native(repr, 2, 2, false) },
        #[cfg(feature = "extra")]
        Entry { name: q!("_asdict"), value: native(as_dict, 2, 2, false) },
        #[cfg(feature = "extra")]
        Entry { name: q!("__call__"), value: native(as_dict_method, 2, 2, false) },
    ],
    ..TypeDef::plain(TypeId::NamedTuple, q!("namedtuple"))
};

/// Native `entry` of the table above with its first argument bound.
fn bound(vm: &mut Vm, entry: u32, to: Value) -> R {
    vm.with_heap(|h| {
        let b = h.alloc(Kind::BoundMethod, 2)?;
        h.set_field(b, 0, Value::type_entry(TypeId::NamedTuple, entry));
        h.set_field(b, 1, to);
        Ok(b)
    })
}

fn property(vm: &mut Vm, getter: Value) -> R {
    let slot = vm.push(getter)?;
    let p = vm.with_heap(|h| {
        let p = h.alloc(Kind::Property, 3)?;
        h.set_field(p, 0, getter);
        Ok(p)
    })?;
    vm.drop_to(slot);
    Ok(p)
}

/// The field names as a tuple of interned strings.
fn field_names(vm: &mut Vm, fields: Value) -> R {
    let names = if str::is_str(vm.heap(), fields) {
        // Names are separated by blanks or commas.
        let l = vm.with_heap(list::new)?;
        let slot = vm.push(l)?;
        let span = str::span(vm.heap(), fields).unwrap_or(crate::heap::span::Span::EMPTY);
        let mut from = 0;
        for at in 0..=span.len() {
            let separator =
                vm.heap().span_bytes(span).get(at).is_none_or(|b| matches!(b, b' ' | b',' | b'\t' | b'\n'));
            if separator {
                if at > from {
                    let name = vm.with_heap(|h| str::from_span(h, span.sub(from, at)))?;
                    let keep = vm.push(name)?;
                    vm.with_heap(|h| list::append(h, l, name))?;
                    vm.drop_to(keep);
                }
                from = at + 1;
                vm.tick(300)?;
            }
        }
        vm.drop_to(slot);
        l
    } else {
        seq::collect(vm, fields)?
    };
    let slot = vm.push(names)?;
    for i in 0..list::len(vm.heap(), names) {
        let name = list::get(vm.heap(), names, i).unwrap_or(Value::NONE);
        if !str::is_str(vm.heap(), name) {
            return Err(convert::type_error(vm, "can't convert '", name, "' object to str implicitly"));
        }
        let name = vm.with_heap(|h| h.intern_value(name))?;
        list::set(vm.heap_mut(), names, i, name);
        vm.tick(400)?;
    }
    let t = tuples::collect(vm, names)?;
    vm.drop_to(slot);
    Ok(t)
}

/// `namedtuple(name, fields)`
pub fn make(vm: &mut Vm, args: Args) -> R {
    let (name, fields) = (vm.req(args, 0), vm.req(args, 1));
    let name = vm.with_heap(|h| h.intern_value(name))?;
    vm.set_arg(args, 0, name);
    let names = field_names(vm, fields)?;
    vm.push(names)?;
    let members = vm.with_heap(dict::new)?;
    vm.push(members)?;
    let n = tuple::len(vm.heap(), names);
    for i in 0..n {
        let getter = bound(vm, GET, Value::small(i as i32))?;
        let p = property(vm, getter)?;
        let keep = vm.push(p)?;
        let field = tuple::get(vm.heap(), names, i).unwrap_or(Value::NONE);
        vm.with_heap_anew(|h| dict::set_name(h, members, field, p))?;
        vm.drop_to(keep);
        vm.tick(1000)?;
    }
    for (key, entry) in MEMBERS {
        let b = bound(vm, entry, names)?;
        let keep = vm.push(b)?;
        vm.with_heap(|h| dict::set_name(h, members, key, b))?;
        vm.drop_to(keep);
    }
    #[cfg(feature = "extra")]
    {
        // A method only by way of a getter: what is bound already would not be bound to the instance.
        let getter = bound(vm, AS_DICT_METHOD, names)?;
        let p = property(vm, getter)?;
        let keep = vm.push(p)?;
        vm.with_heap(|h| dict::set_name(h, members, q!("_asdict"), p))?;
        vm.drop_to(keep);
    }
    vm.with_heap(|h| dict::set_name(h, members, q!("_fields"), names))?;
    let bases = vm.with_heap(|h| tuple::from_slice(h, &[Value::typ(TypeId::Tuple)]))?;
    vm.push(bases)?;
    vm.new_class(name, bases, members)
}

/// (number, instance): the field's value.
fn get(vm: &mut Vm, args: Args) -> R {
    let i = vm.req(args, 0).as_small().unwrap_or(0) as usize;
    let values = values_of(vm, vm.req(args, 1))?;
    Ok(tuple::get(vm.heap(), values, i).unwrap_or(Value::NONE))
}

fn values_of(vm: &mut Vm, v: Value) -> R {
    match vm.native_part(v, TypeId::Tuple) {
        Some(t) => Ok(t),
        None => Err(convert::type_error(vm, "'", v, "' object isn't a tuple")),
    }
}

#[cold]
fn wrong_count(vm: &mut Vm, want: usize, got: usize) -> Raised {
    let parts = [
        Part::S("function takes "),
        Part::I(want as i64),
        Part::S(" positional arguments but "),
        Part::I(got as i64),
        Part::S(" were given"),
    ];
    vm.raise_parts(TypeId::TypeError, &parts)
}

/// (names, class, values…): a new instance.
fn new(vm: &mut Vm, args: Args) -> R {
    let (names, class) = (vm.req(args, 0), vm.req(args, 1));
    let n = tuple::len(vm.heap(), names);
    let given = args.n() as usize - 2;
    if given + args.kw() as usize != n {
        return Err(wrong_count(vm, n, given + args.kw() as usize));
    }
    // As many arguments as there are lay on the stack three times already.
    vm.turn(n as u32 * 50)?;
    let t = vm.with_heap(|h| tuple::new(h, n))?;
    vm.push(t)?;
    vm.turn(n as u32 * 20)?;
    for i in 0..given {
        let v = vm.req(args, i + 2);
        tuple::set(vm.heap_mut(), t, i, v);
        vm.tick_often(i, 100)?;
    }
    let mut filled = [0u32; 8];
    for k in 0..args.kw() as usize {
        let (name, v) = vm.kw(args, k);
        let place = (0..n).find(|i| tuple::get(vm.heap(), names, *i) == Some(name));
        let Some(i) = place else {
            let parts = [Part::S("unexpected keyword argument '"), Part::V(name), Part::S("'")];
            return Err(vm.raise_parts(TypeId::TypeError, &parts));
        };
        let taken = filled.get_mut(i / 32).is_some_and(|w| {
            let before = *w;
            *w |= 1 << (i % 32);
            before == *w
        });
        if i < given || taken {
            let parts = [Part::S("function got multiple values for argument '"), Part::V(name), Part::S("'")];
            return Err(vm.raise_parts(TypeId::TypeError, &parts));
        }
        tuple::set(vm.heap_mut(), t, i, v);
        vm.tick(20 * n as u32)?;
    }
    let o = vm.with_heap(|h| instance::new(h, class))?;
    vm.heap_mut().set_field(o, 1, t);
    Ok(o)
}

/// (names, instance): `Name(field=value, …)`.
fn repr(vm: &mut Vm, args: Args) -> R {
    let names = vm.req(args, 0);
    let v = vm.req(args, 1);
    let values = values_of(vm, v)?;
    let n = tuple::len(vm.heap(), names);
    crate::builtins::print::buffered(vm, |vm| {
        let typ = vm.type_name(v);
        vm.print(typ, Mode::Str)?;
        vm.emit(b"(")?;
        for i in 0..n {
            if i > 0 {
                vm.emit(b", ")?;
            }
            let name = tuple::get(vm.heap(), names, i).unwrap_or(Value::NONE);
            vm.print(name, Mode::Str)?;
            vm.emit(b"=")?;
            let v = tuple::get(vm.heap(), values, i).unwrap_or(Value::NONE);
            vm.print(v, Mode::Repr)?;
            vm.tick(200)?;
        }
        vm.emit(b")")
    })
}

/// (names, instance): an ordered dict of names and values.
#[cfg(feature = "extra")]
fn as_dict(vm: &mut Vm, args: Args) -> R {
    let names = vm.req(args, 0);
    let values = values_of(vm, vm.req(args, 1))?;
    let d = vm.with_heap(|h| crate::object::hashtable::new(h, Kind::OrderedDict))?;
    let slot = vm.push(d)?;
    for i in 0..tuple::len(vm.heap(), names) {
        let item = |t| tuple::get(vm.heap(), t, i).unwrap_or(Value::NONE);
        let (name, v) = (item(names), item(values));
        vm.with_heap_anew(|h| dict::set_name(h, d, name, v))?;
        vm.tick(300)?;
    }
    vm.drop_to(slot);
    Ok(d)
}

/// (names, instance): the instance's `_asdict`.
#[cfg(feature = "extra")]
fn as_dict_method(vm: &mut Vm, args: Args) -> R {
    let (names, v) = (vm.req(args, 0), vm.req(args, 1));
    let f = bound(vm, AS_DICT, names)?;
    vm.push(f)?;
    vm.with_heap(|h| {
        let b = h.alloc(Kind::BoundMethod, 2)?;
        h.set_field(b, 0, f);
        h.set_field(b, 1, v);
        Ok(b)
    })
}
