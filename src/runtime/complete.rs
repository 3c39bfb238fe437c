//! Completion of names at the prompt: globals, attributes, modules after `import`.
//!
//! Invariant: candidates are collected in a list in a slot; looking at a property may run Python, so nothing is held elsewhere.

use super::line::Editor;
use crate::heap::{R, Raised, Value};
use crate::object::{dict, list};
use crate::q;
use crate::vm::state::Root;
use crate::vm::{Slot, Vm};

/// Width of a column of candidates, and columns in a row.
const COLUMN: usize = 16;
const COLUMNS: usize = 4;
/// The longest name that is completed.
const LONGEST: usize = 48;

/// Completes the word before the cursor as far as it is certain, or shows how it may go on.
pub fn complete(vm: &mut Vm, editor: &mut Editor) -> R<()> {
    let made = vm.with_heap(list::new)?;
    let found = vm.push(made)?;
    let done = search(vm, editor, found);
    vm.drop_to(found);
    match done {
        // What a property raises is of no interest here.
        Err(Raised) => {
            vm.heap_mut().raised = None;
            Ok(())
        }
        done => done,
    }
}

/// The part of the word that is already there.
struct Prefix {
    text: [u8; LONGEST],
    len: usize,
}

impl Prefix {
    fn bytes(&self) -> &[u8] {
        self.text.get(..self.len).unwrap_or(&[])
    }
}

fn search(vm: &mut Vm, editor: &mut Editor, found: Slot) -> R<()> {
    let line = editor.before_cursor(vm);
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80;
    let all = vm.heap().span_bytes(line);
    let word = all.iter().rposition(|b| !is_name(b) && *b != b'.').map_or(0, |i| i + 1);
    let after_import = all.get(..word).is_some_and(|l| l == b"import " || l == b"from ");
    let mut object: Option<Slot> = None;
    let mut at = word;
    // The objects in front of the last dot.
    while let Some(dot) =
        vm.heap().span_bytes(line).get(at..).and_then(|rest| rest.iter().position(|b| *b == b'.'))
    {
        let Some(name) = piece(vm, line, at, at + dot) else { return Ok(()) };
        let name = vm.with_heap(|h| h.intern(name.bytes()))?;
        let v = match object {
            None => match dict::get_name(vm.heap(), main(vm), name) {
                Some(v) => v,
                None => match vm.find_builtin(name)? {
                    Some(v) if !name_is_none(vm, name) => v,
                    _ => return Ok(()),
                },
            },
            Some(slot) => vm.get_attr_or_stop(vm.get(slot), name)?,
        };
        if v == Value::STOP {
            return Ok(());
        }
        object = Some(vm.push(v)?);
        at += dot + 1;
    }
    let end = line.len();
    let Some(prefix) = piece(vm, line, at, end) else { return Ok(()) };
    match object {
        Some(slot) => {
            let v = vm.get(slot);
            vm.each_attribute(v, &mut |vm, name| offer(vm, found, &prefix, name))?;
        }
        None if after_import => {
            for m in vm.registry().modules {
                offer(vm, found, &prefix, m.name)?;
            }
        }
        None => {
            let globals = main(vm);
            let mut cursor = 0;
            while let Some((next, k, _)) = dict::next(vm.heap(), globals, cursor) {
                cursor = next;
                offer(vm, found, &prefix, k)?;
            }
            let n = list::len(vm.heap(), vm.get(found));
            if n == 0 && word == 0 && b"import ".starts_with(prefix.bytes()) && !prefix.bytes().is_empty() {
                return editor.insert(vm, b"import ".get(prefix.len..).unwrap_or(&[]));
            }
        }
    }
    show(vm, editor, found, &prefix)
}

fn name_is_none(vm: &Vm, name: Value) -> bool {
    vm.heap().str_bytes(name) == b"None"
}

fn main(vm: &Vm) -> Value {
    vm.root(Root::Main).unwrap_or(Value::NONE)
}

fn piece(vm: &Vm, line: crate::heap::span::Span, from: usize, to: usize) -> Option<Prefix> {
    let mut p = Prefix { text: [0; LONGEST], len: to - from };
    let part = vm.heap().span_bytes(line).get(from..to)?;
    p.text.get_mut(..part.len())?.copy_from_slice(part);
    Some(p)
}

/// Adds `name` to the candidates if it fits and is not there yet. Names with an underscore are shown when asked for.
fn offer(vm: &mut Vm, found: Slot, prefix: &Prefix, name: Value) -> R<()> {
    let (text, have) = (vm.heap().str_bytes(name), prefix.bytes());
    let hidden = text.first() == Some(&b'_') && have.first() != Some(&b'_');
    if hidden || !text.starts_with(have) || text.len() > LONGEST {
        return Ok(());
    }
    let to = vm.get(found);
    let heap = vm.heap();
    let known = (0..list::len(heap, to))
        .filter_map(|i| list::get(heap, to, i))
        .any(|v| heap.str_bytes(v) == heap.str_bytes(name));
    if known {
        return Ok(());
    }
    vm.with_heap(|h| list::append(h, to, name))
}

fn show(vm: &mut Vm, editor: &mut Editor, found: Slot, prefix: &Prefix) -> R<()> {
    let all = vm.get(found);
    let heap = vm.heap();
    let n = list::len(heap, all);
    let Some(first) = list::get(heap, all, 0) else { return Ok(()) };
    // How far all candidates agree.
    let mut same = [0u8; LONGEST];
    let mut len = heap.str_bytes(first).len().min(LONGEST);
    for (d, s) in same.iter_mut().zip(heap.str_bytes(first)) {
        *d = *s;
    }
    for i in 1..n {
        let other = list::get(heap, all, i).map_or(&[][..], |v| heap.str_bytes(v));
        len = len.min(same.iter().zip(other).take_while(|(a, b)| a == b).count());
    }
    if len > prefix.len {
        return editor.insert(vm, same.get(prefix.len..len).unwrap_or(&[]));
    }
    if n == 1 {
        return Ok(());
    }
    let port = vm.port();
    for i in 0..n {
        if i % COLUMNS == 0 {
            port.console_write(b"\r\n");
        }
        let name = list::get(vm.heap(), all, i).map_or(&[][..], |v| vm.heap().str_bytes(v));
        port.console_write(name);
        if (i + 1) % COLUMNS != 0 && i + 1 < n {
            let pad = COLUMN.saturating_sub(name.len()).max(2);
            port.console_write(b"                ".get(..pad).unwrap_or(&[]));
        }
    }
    port.console_write(b"\r\n");
    let prompt = super::repl::prompt(vm, q!("ps1"))?;
    let text = vm.push(prompt)?;
    let mut room = [0; 32];
    let mut n = 0;
    for (d, s) in room.iter_mut().zip(vm.heap().str_bytes(prompt)) {
        *d = *s;
        n += 1;
    }
    vm.drop_to(text);
    editor.show_again(vm, room.get(..n).unwrap_or(&[]));
    Ok(())
}
