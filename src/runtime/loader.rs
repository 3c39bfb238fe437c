//! Finding modules in the board's files: the VM's hook for `import`.
//!
//! Invariant: in each place a folder counts before `name.py`, and that before `name.mpy`.

use super::frozen;
use crate::code::read;
use crate::heap::span::Span;
use crate::heap::{Kind, Place, R, Value};
use crate::modules::{sys, vfs};
use crate::object::{bytes, list, str, tuple};
use crate::port::FileKind;
use crate::q;
use crate::vm::Vm;
use crate::vm::def::Loaded;

/// Finds module `name` in the places of `search` (a str, a list or a tuple), or of `sys.path`.
pub fn load(vm: &mut Vm, name: Value, search: Option<Value>) -> R<Loaded> {
    let at = vm.push(name)?;
    let places = match search {
        Some(p) => p,
        None => sys::path(vm)?,
    };
    vm.push(places)?;
    let mut i = 0;
    while let Some(place) = place(vm, places, i) {
        i += 1;
        if !str::is_str(vm.heap(), place) {
            continue;
        }
        let held = vm.push(place)?;
        let found = probe(vm, place, name)?;
        vm.drop_to(held);
        if let Some(loaded) = found {
            vm.drop_to(at);
            return Ok(loaded);
        }
    }
    vm.drop_to(at);
    embedded(vm, name, search.is_none())
}

/// A module whose code lies in the library.
#[cfg(feature = "extra")]
fn embedded(vm: &mut Vm, name: Value, top: bool) -> R<Loaded> {
    use crate::code::read;
    use crate::heap::Place;
    if !top || name != q!("asyncio") {
        return Ok(Loaded::Missing);
    }
    let code = vm.lend_heap(|h| read::load(h, Place::Flash(crate::modules::asyncio::CODE)))?;
    Ok(Loaded::Code { code, path: None, file: q!("asyncio.py") })
}
#[cfg(not(feature = "extra"))]
fn embedded(_: &mut Vm, _: Value, _: bool) -> R<Loaded> {
    Ok(Loaded::Missing)
}

fn place(vm: &Vm, places: Value, i: usize) -> Option<Value> {
    let heap = vm.heap();
    match heap.kind(places) {
        Kind::List => list::get(heap, places, i),
        Kind::Tuple => tuple::get(heap, places, i),
        _ if i == 0 => Some(places),
        _ => None,
    }
}

/// A path of several pieces, as a str in a slot.
fn join(vm: &mut Vm, parts: &[Value]) -> R {
    let made = vm.with_heap(|h| {
        let mut spans = [Span::EMPTY; 4];
        for (to, part) in spans.iter_mut().zip(parts) {
            *to = h.str_span(*part).unwrap_or(Span::EMPTY);
        }
        bytes::concat(h, Kind::Str, spans.get(..parts.len()).unwrap_or(&[]))
    })?;
    vm.push(made)?;
    Ok(made)
}

/// Whose files a path leads to.
#[cfg_attr(not(feature = "frozen"), allow(dead_code, reason = "then all are mounted"))]
pub enum Files {
    /// A file system's.
    Mounted,
    /// The frozen modules', and there is none.
    Nothing,
    Folder,
    /// A frozen module, and where in the path its own name starts.
    File {
        bytes: &'static [u8],
        name_at: usize,
    },
}

fn kind(vm: &mut Vm, path: Value) -> R<Option<FileKind>> {
    match frozen::files(vm, path) {
        Files::Mounted => vfs::kind(vm, path),
        Files::Nothing => Ok(None),
        Files::Folder => Ok(Some(FileKind::Folder)),
        Files::File { .. } => Ok(Some(FileKind::Regular)),
    }
}

/// The code of a module's file, and its name.
fn code(vm: &mut Vm, path: Value) -> R<(Value, Value)> {
    let Files::File { bytes, name_at } = frozen::files(vm, path) else {
        return Ok((vfs::code(vm, path)?, path));
    };
    let file = vm.with_heap(|h| {
        let whole = h.str_span(path).unwrap_or(Span::EMPTY);
        str::from_span(h, whole.sub(name_at, whole.len()))
    })?;
    vm.push(file)?;
    let code = vm.lend_heap(|h| read::load(h, Place::Flash(bytes)))?;
    Ok((code, file))
}

fn probe(vm: &mut Vm, place: Value, name: Value) -> R<Option<Loaded>> {
    let base = if vm.heap().str_bytes(place).is_empty() {
        join(vm, &[name])?
    } else {
        join(vm, &[place, q!("/"), name])?
    };
    let folder = kind(vm, base)? == Some(FileKind::Folder);
    let (stem, package) =
        if folder { (join(vm, &[base, q!("/__init__")])?, Some(base)) } else { (base, None) };
    for end in [q!(".py"), q!(".mpy")] {
        let file = join(vm, &[stem, end])?;
        if kind(vm, file)? == Some(FileKind::Regular) {
            let (code, file) = code(vm, file)?;
            return Ok(Some(Loaded::Code { code, path: package, file }));
        }
    }
    Ok(package.map(|path| Loaded::Namespace { path }))
}
