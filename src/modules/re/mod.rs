//! The module `re`.
//!
//! Invariants
//! - a compiled expression is an `Object` cell: type, program (`Bytes`), number of groups;
//! - a match is an `Object` cell: type, text (str or bytes), registers (`Raw`: begin and end of each group in bytes);
//! - the text that is searched is a str or bytes object: of anything else with bytes a copy is made, because Python code
//!   may run meanwhile and change it.

mod compile;
mod listing;
mod machine;
mod program;
mod replace;

use self::machine::{Machine, Task, UNSET};
use crate::builtins::{convert, print, text};
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::exc::Part;
use crate::object::{bytearray, bytes, list, str, tuple};
use crate::q;
use crate::vm::def::{Args, Const, Entry, Mode, ModuleDef, TypeDef, entry, vm_fn};
use crate::vm::{Slot, Vm, bulk};

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("re"),
    entries: &[
        entry(q!("compile"), vm_fn(compile, 1, 2)),
        entry(q!("match"), vm_fn(match_, 2, 4)),
        entry(q!("search"), vm_fn(search, 2, 4)),
        entry(q!("sub"), vm_fn(replace::sub, 3, 5)),
        entry(q!("DEBUG"), Const::Int(DEBUG)),
    ],
};

/// The flag that asks for a listing of the program.
const DEBUG: i32 = 4096;

pub static PATTERN: TypeDef = TypeDef {
    print: Some(show_pattern),
    entries: &[
        entry(q!("match"), vm_fn(match_, 2, 4)),
        entry(q!("search"), vm_fn(search, 2, 4)),
        entry(q!("sub"), vm_fn(replace::sub, 3, 5)),
        entry(q!("split"), vm_fn(split, 2, 3)),
    ],
    ..TypeDef::plain(TypeId::RePattern, q!("re"))
};

static MATCH_ENTRIES: [Entry; 5] = [
    entry(q!("group"), vm_fn(group, 1, 255)),
    entry(q!("groups"), vm_fn(groups, 1, 2)),
    entry(q!("span"), vm_fn(span, 1, 2)),
    entry(q!("start"), vm_fn(start, 1, 2)),
    entry(q!("end"), vm_fn(end, 1, 2)),
];

pub static MATCH: TypeDef = TypeDef {
    print: Some(show_match),
    entries: &MATCH_ENTRIES,
    ..TypeDef::plain(TypeId::ReMatch, q!("match"))
};

mod field {
    pub const TYPE: usize = 0;
    /// Of a compiled expression.
    pub const PROGRAM: usize = 1;
    pub const GROUPS: usize = 2;
    /// Of a match.
    pub const TEXT: usize = 1;
    pub const REGISTERS: usize = 2;
    pub const COUNT: usize = 3;
}

// ---- expressions ---------------------------------------------------------------------------------------------

/// `compile(pattern[, flags])`
fn compile(vm: &mut Vm, args: Args) -> R {
    let flags = match vm.arg(args, 1) {
        Some(v) => convert::to_i64(vm, v)?,
        None => 0,
    };
    let made = compiled(vm, vm.req(args, 0))?;
    if flags & i64::from(DEBUG) != 0 {
        vm.push(made)?;
        listing::show(vm, program(vm.heap(), made))?;
    }
    Ok(made)
}

/// The compiled form of a pattern, which may be compiled already. The pattern is reachable.
fn compiled(vm: &mut Vm, pattern: Value) -> R {
    if vm.type_id(pattern) == TypeId::RePattern {
        return Ok(pattern);
    }
    let pattern = whole_text(vm, pattern)?;
    let base = vm.push(pattern)?;
    let code = vm.with_heap(bytearray::new)?;
    let code = vm.push(code)?;
    let source = vm.heap().str_span(pattern).unwrap_or(Span::EMPTY);
    let is_str = str::is_str(vm.heap(), pattern);
    let groups = compile::Compiler::new(source, is_str, code).run(vm)?;
    let array = vm.get(code);
    let made = vm.with_heap(|h| {
        let all = bytearray::span(h, array);
        let program = bytes::concat(h, Kind::Bytes, &[all])?;
        let v = h.alloc(Kind::Object, field::COUNT)?;
        h.set_field(v, field::TYPE, Value::typ(TypeId::RePattern));
        h.set_field(v, field::PROGRAM, program);
        h.set_int(v, field::GROUPS, groups as i32);
        Ok(v)
    })?;
    vm.drop_to(base);
    Ok(made)
}

fn program(heap: &Heap, pattern: Value) -> Span {
    heap.str_span(heap.field(pattern, field::PROGRAM)).unwrap_or(Span::EMPTY)
}
fn group_count(heap: &Heap, pattern: Value) -> usize {
    heap.int(pattern, field::GROUPS).max(1) as usize
}

fn show_pattern(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    vm.emit(b"<re ")?;
    print::address(vm, v)?;
    vm.emit(b">")
}

/// A str or bytes object with the text of an argument.
fn whole_text(vm: &mut Vm, v: Value) -> R {
    let v = text::native(vm.heap(), v);
    if str::is_str(vm.heap(), v) || vm.heap().is(v, Kind::Bytes) {
        return Ok(v);
    }
    if text::buffer(vm.heap(), v, false).is_none() {
        return Err(vm.raise_by(&|h| text::mixed(h, Kind::Str)));
    }
    let all = text::buffer(vm.heap(), v, false).unwrap_or(Span::EMPTY);
    let keep = bulk::keep(vm, &[all])?;
    let made = bulk::concat(vm, Kind::Bytes, &[all])?;
    bulk::let_go(vm, keep);
    Ok(made)
}

/// A compiled expression and a text, both in slots, ready to be matched.
struct Search {
    text: Slot,
    machine: Machine,
    groups: usize,
}

impl Search {
    fn new(vm: &mut Vm, pattern: Value, text: Value) -> R<Search> {
        let pattern = compiled(vm, pattern)?;
        vm.push(pattern)?;
        let text = whole_text(vm, text)?;
        let text = vm.push(text)?;
        let groups = group_count(vm.heap(), pattern);
        let code = program(vm.heap(), pattern);
        Ok(Search { text, machine: Machine::new(vm, code, groups)?, groups })
    }
    fn span(&self, vm: &Vm) -> Span {
        vm.heap().str_span(vm.get(self.text)).unwrap_or(Span::EMPTY)
    }
    fn is_str(&self, vm: &Vm) -> bool {
        str::is_str(vm.heap(), vm.get(self.text))
    }
    /// What the results are made of.
    fn kind(&self, vm: &Vm) -> Kind {
        if self.is_str(vm) { Kind::Str } else { Kind::Bytes }
    }
    /// The next match from byte `from` on.
    fn next(&self, vm: &mut Vm, from: usize, not_empty: bool) -> R<bool> {
        let task = Task { text: self.span(vm), chars: self.is_str(vm), from, search: true, not_empty };
        self.machine.run(vm, &task)
    }
    /// The match that was found last, as an object.
    fn object(&self, vm: &mut Vm) -> R {
        let text = vm.get(self.text);
        let n = self.groups * 2;
        let (v, registers) = vm.with_heap(|h| {
            let registers = h.alloc(Kind::Raw, n)?;
            let v = h.alloc(Kind::Object, field::COUNT)?;
            h.set_field(v, field::TYPE, Value::typ(TypeId::ReMatch));
            h.set_field(v, field::TEXT, text);
            h.set_field(v, field::REGISTERS, registers);
            Ok((v, registers))
        })?;
        for i in 0..n {
            let place = self.machine.register(vm, i);
            vm.heap_mut().set_word(registers, i, place);
        }
        Ok(v)
    }
}

/// `match(pattern, text[, pos[, endpos]])`
fn match_(vm: &mut Vm, args: Args) -> R {
    once(vm, args, false)
}
fn search(vm: &mut Vm, args: Args) -> R {
    once(vm, args, true)
}

fn once(vm: &mut Vm, args: Args, search: bool) -> R {
    let task = Search::new(vm, vm.req(args, 0), vm.req(args, 1))?;
    let all = task.span(vm);
    let from = match vm.arg(args, 2) {
        Some(v) => place(vm, &task, v)?,
        None => 0,
    };
    let to = match vm.arg(args, 3) {
        Some(v) => place(vm, &task, v)?,
        None => all.len(),
    };
    let is_str = task.is_str(vm);
    let found = from <= to
        && task
            .machine
            .run(vm, &Task { text: all.sub(0, to), chars: is_str, from, search, not_empty: false })?;
    let made = if found { task.object(vm)? } else { Value::NONE };
    task.machine.free(vm);
    Ok(made)
}

/// A place of the text, in bytes: from its beginning at the least and to its end at the most.
fn place(vm: &mut Vm, task: &Search, v: Value) -> R<usize> {
    let n = convert::to_i64_saturated(vm, v)?;
    let n = usize::try_from(n).unwrap_or(0);
    let text = vm.get(task.text);
    let len = task.span(vm).len();
    if !task.is_str(vm) || str::is_ascii(vm.heap(), text) {
        return Ok(n.min(len));
    }
    let all = task.span(vm);
    Ok(bulk::char_offset(vm, all, n)?.unwrap_or(len))
}

/// `pattern.split(text[, maxsplit])`: no groups, and it ends where a match is empty.
fn split(vm: &mut Vm, args: Args) -> R {
    let mut left = match vm.arg(args, 2) {
        Some(v) => convert::to_i64_saturated(vm, v)?,
        None => 0,
    };
    if group_count(vm.heap(), vm.req(args, 0)) > 1 {
        return Err(vm.raise(TypeId::NotImplementedError, "splitting with sub-captures"));
    }
    let task = Search::new(vm, vm.req(args, 0), vm.req(args, 1))?;
    let parts = vm.with_heap(list::new)?;
    vm.push(parts)?;
    let kind = task.kind(vm);
    let mut at = 0;
    let keep = |vm: &mut Vm, from: usize, to: usize| {
        let part = task.span(vm).sub(from, to);
        let v = bulk::make(vm, kind, part)?;
        let keep = vm.push(v)?;
        vm.with_heap(|h| list::append(h, parts, v))?;
        vm.drop_to(keep);
        Ok(())
    };
    while task.next(vm, at, false)? {
        let (from, to) = task.machine.whole(vm);
        if from == to {
            break;
        }
        keep(vm, at, from)?;
        at = to;
        left -= 1;
        if left == 0 {
            break;
        }
    }
    let end = task.span(vm).len();
    keep(vm, at, end)?;
    Ok(parts)
}

// ---- matches -------------------------------------------------------------------------------------------------

fn show_match(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    vm.emit(b"<match num=")?;
    let n = match_groups(vm.heap(), v);
    vm.print(Value::small(n as i32), Mode::Repr)?;
    vm.emit(b">")
}

fn match_groups(heap: &Heap, m: Value) -> usize {
    heap.words(heap.field(m, field::REGISTERS)) / 2
}

/// Begin and end of a group in bytes; `None` where it did not take part.
fn bounds(heap: &Heap, m: Value, i: usize) -> Option<(usize, usize)> {
    let registers = heap.field(m, field::REGISTERS);
    let (from, to) = (heap.word(registers, 2 * i), heap.word(registers, 2 * i + 1));
    (from != UNSET && to != UNSET).then_some((from as usize, to as usize))
}

/// The text of a group, or `default`, which is reachable.
fn part(vm: &mut Vm, m: Value, i: usize, default: Value) -> R {
    let Some((from, to)) = bounds(vm.heap(), m, i) else { return Ok(default) };
    let text = vm.heap().field(m, field::TEXT);
    let all = vm.heap().str_span(text).unwrap_or(Span::EMPTY);
    let kind = if str::is_str(vm.heap(), text) { Kind::Str } else { Kind::Bytes };
    bulk::make(vm, kind, all.sub(from, to))
}

/// Argument `i` as the number of a group.
fn number(vm: &mut Vm, args: Args, i: usize) -> R<usize> {
    let Some(v) = vm.arg(args, i) else { return Ok(0) };
    let n = convert::to_i64_saturated(vm, v)?;
    match usize::try_from(n) {
        Ok(n) if n < match_groups(vm.heap(), vm.req(args, 0)) => Ok(n),
        _ => Err(vm.raise_arg(TypeId::IndexError, v)),
    }
}

/// `group(number=0, …)`: a tuple where several are asked for.
fn group(vm: &mut Vm, args: Args) -> R {
    let m = vm.req(args, 0);
    if args.n() <= 2 {
        let i = number(vm, args, 1)?;
        return part(vm, m, i, Value::NONE);
    }
    let all = vm.with_heap(|h| tuple::new(h, args.n() as usize - 1))?;
    vm.push(all)?;
    for k in 1..args.n() as usize {
        let i = number(vm, args, k)?;
        let v = part(vm, m, i, Value::NONE)?;
        tuple::set(vm.heap_mut(), all, k - 1, v);
    }
    Ok(all)
}

/// `groups(default=None)`
fn groups(vm: &mut Vm, args: Args) -> R {
    let m = vm.req(args, 0);
    let default = vm.arg(args, 1).unwrap_or(Value::NONE);
    let n = match_groups(vm.heap(), m) - 1;
    let all = vm.with_heap(|h| tuple::new(h, n))?;
    vm.push(all)?;
    for i in 0..n {
        let v = part(vm, m, i + 1, default)?;
        tuple::set(vm.heap_mut(), all, i, v);
    }
    Ok(all)
}

/// Begin and end of a group as Python counts them, -1 where it did not take part.
fn places(vm: &mut Vm, args: Args) -> R<(Value, Value)> {
    let i = number(vm, args, 1)?;
    let m = vm.req(args, 0);
    let text = vm.heap().field(m, field::TEXT);
    let Some((mut from, mut to)) = bounds(vm.heap(), m, i) else {
        return Ok((Value::small(-1), Value::small(-1)));
    };
    if !str::is_ascii(vm.heap(), text)
        && let Some(all) = vm.heap().str_span(text)
    {
        let inside = bulk::count_chars(vm, all.sub(from, to))?;
        from = bulk::count_chars(vm, all.sub(0, from))?;
        to = from + inside;
    }
    Ok((Value::small(from as i32), Value::small(to as i32)))
}
fn start(vm: &mut Vm, args: Args) -> R {
    Ok(places(vm, args)?.0)
}
fn end(vm: &mut Vm, args: Args) -> R {
    Ok(places(vm, args)?.1)
}
fn span(vm: &mut Vm, args: Args) -> R {
    let (from, to) = places(vm, args)?;
    vm.with_heap(|h| tuple::from_slice(h, &[from, to]))
}

/// `IndexError` of a reference to a group that there is not.
#[cold]
fn no_group(vm: &mut Vm, n: u32) -> crate::heap::Raised {
    vm.raise_parts(TypeId::IndexError, &[Part::S("invalid group reference "), Part::I(n.into())])
}
