//! `help`: how to use the prompt, what an object is made of, which modules there are.

use super::print::emit_text;
use crate::heap::{Kind, R, Value};
use crate::object::list;
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, Bind, Const, Entry, Mode, vm_fn};

/// Part of the table of module `builtins`.
pub const ENTRY: Entry = Entry { name: q!("help"), value: vm_fn(help, 0, 1) };

const WELCOME: &str = "MicroPython's language on Pyrite.

Keys at the prompt:
  ctrl-A   on an empty line: the raw prompt, for tools
  ctrl-B   on an empty line: this prompt anew
  ctrl-C   ends what runs, or drops the line
  ctrl-D   on an empty line: leaves, or starts afresh
  ctrl-E   on an empty line: paste mode
  tab      completes a name; up and down recall lines

help(object) lists what an object has, help('modules') the modules.
";

/// Width of a column of module names, and columns in a row.
const COLUMN: usize = 18;
const COLUMNS: usize = 4;

fn help(vm: &mut Vm, args: Args) -> R {
    match vm.arg(args, 0) {
        None => vm.emit(WELCOME.as_bytes())?,
        Some(v) if vm.is_str(v) && vm.heap().str_bytes(v) == b"modules" => modules(vm)?,
        Some(v) => object(vm, v)?,
    }
    Ok(Value::NONE)
}

fn object(vm: &mut Vm, v: Value) -> R<()> {
    vm.emit(b"object ")?;
    vm.print(v, Mode::Str)?;
    vm.emit(b" is of type ")?;
    let name = vm.type_name(v);
    emit_text(vm, name)?;
    vm.emit(b"\n")?;
    let members = |vm: &mut Vm, d| -> R<()> {
        let mut cursor = 0;
        while let Some((next, k, m)) = crate::object::dict::next(vm.heap(), d, cursor) {
            cursor = next;
            line(vm, k, m)?;
        }
        Ok(())
    };
    if vm.heap().is(v, Kind::Module) {
        let globals = vm.heap().field(v, 0);
        return members(vm, globals);
    }
    if let Some(m) = vm.module_def(v) {
        line(vm, q!("__name__"), m.name)?;
        return entries(vm, v, m.entries);
    }
    let typ = if vm.is_type(v) { v } else { vm.type_of(v) };
    match typ.as_type_id() {
        Some(id) => entries(vm, typ, vm.def_of(id).entries),
        None => {
            let own = vm.heap().field(typ, crate::object::instance::class::MEMBERS);
            members(vm, own)
        }
    }
}

/// What a table of a type or module holds.
fn entries(vm: &mut Vm, owner: Value, all: &[Entry]) -> R<()> {
    for e in all.iter().filter(|e| e.name != q!("__name__")) {
        let kind: &[u8] = match &e.value {
            // MicroPython's tools and tests know what it lists.
            Const::Fn(def) if def.is_beyond() => continue,
            Const::Fn(def) => match def.bind() {
                Bind::Object => b"<function>",
                Bind::Static => b"<staticmethod>",
                Bind::Class => b"<classmethod>",
            },
            Const::Get(_) => b"<property>",
            _ => {
                let v = vm.get_attr(owner, e.name)?;
                line(vm, e.name, v)?;
                continue;
            }
        };
        vm.emit(b"  ")?;
        emit_text(vm, e.name)?;
        vm.emit(b" -- ")?;
        vm.emit(kind)?;
        vm.emit(b"\n")?;
    }
    Ok(())
}

fn line(vm: &mut Vm, name: Value, v: Value) -> R<()> {
    let at = vm.push(v)?;
    vm.emit(b"  ")?;
    vm.print(name, Mode::Str)?;
    vm.emit(b" -- ")?;
    vm.print(v, Mode::Str)?;
    vm.emit(b"\n")?;
    vm.drop_to(at);
    Ok(())
}

/// The built-in modules in columns, each read downwards.
fn modules(vm: &mut Vm) -> R<()> {
    let names = vm.with_heap(list::new)?;
    let at = vm.push(names)?;
    vm.with_heap(|h| list::append(h, names, q!("__main__")))?;
    for m in vm.registry().modules {
        vm.with_heap(|h| list::append(h, names, m.name))?;
    }
    vm.call_method(names, q!("sort"), &[])?;
    let n = list::len(vm.heap(), names);
    let rows = n.div_ceil(COLUMNS);
    for row in 0..rows {
        for i in (row..n).step_by(rows.max(1)) {
            let name = list::get(vm.heap(), names, i).unwrap_or(Value::NONE);
            let len = vm.heap().str_bytes(name).len();
            emit_text(vm, name)?;
            if i + rows < n {
                for _ in len..COLUMN.max(len + 1) {
                    vm.emit(b" ")?;
                }
            }
        }
        vm.emit(b"\n")?;
    }
    vm.drop_to(at);
    vm.emit(b"Plus any modules on the filesystem\n")
}
