//! `VfsPosix`: the board's files, or those below one folder, as a file system object.
//!
//! Invariants
//! - an `Object` cell: type, root (str), read-only (bool). The root has no slash at its end; it is empty for all files;
//! - absolute paths count from the root, relative ones from the current folder, which all these objects share
//!   (`Root::Folder`): empty until `chdir`, when relative paths are the port's business; else a path of the port that
//!   starts with a slash and has neither `.` nor `..` in it.

use super::file;
use crate::builtins::source::{on_path, os_error};
use crate::builtins::text;
use crate::heap::span::Span;
use crate::heap::{ByteVec, Heap, Kind, R, TypeId, Value};
use crate::object::{bytes, int, list, str, tuple};
use crate::port::{Errno, FileKind, Files, Stat};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, Entry, NativeDef, TypeDef, entry, heap_fn, vm_fn};
use crate::vm::state::Root;
use core::ffi::CStr;

mod field {
    pub const TYPE: usize = 0;
    pub const ROOT: usize = 1;
    pub const READ_ONLY: usize = 2;
    pub const COUNT: usize = 3;
}

/// `st_mode` of a folder and of a file.
pub const FOLDER: i32 = 0x4000;
pub const REGULAR: i32 = 0x8000;

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 0, 1, false)),
    entries: &ENTRIES,
    ..TypeDef::plain(TypeId::VfsPosix, q!("VfsPosix"))
};

static ENTRIES: [Entry; 12] = [
    entry(q!("mount"), heap_fn(mount, 3, 3)),
    entry(q!("umount"), heap_fn(nothing, 1, 1)),
    entry(q!("open"), vm_fn(open, 3, 3)),
    entry(q!("stat"), vm_fn(stat, 2, 2)),
    entry(q!("statvfs"), vm_fn(statvfs, 2, 2)),
    entry(q!("ilistdir"), vm_fn(ilistdir, 1, 2)),
    entry(q!("chdir"), vm_fn(chdir, 2, 2)),
    entry(q!("getcwd"), vm_fn(getcwd, 1, 1)),
    entry(q!("mkdir"), vm_fn(mkdir, 2, 2)),
    entry(q!("remove"), vm_fn(remove, 2, 2)),
    entry(q!("rmdir"), vm_fn(rmdir, 2, 2)),
    entry(q!("rename"), vm_fn(rename, 3, 3)),
];

/// The file system of all the board's files.
pub fn whole(heap: &mut Heap) -> R {
    new(heap, q!(""))
}

fn new(heap: &mut Heap, root: Value) -> R {
    let v = heap.alloc(Kind::Object, field::COUNT)?;
    heap.set_field(v, field::TYPE, Value::typ(TypeId::VfsPosix));
    heap.set_field(v, field::ROOT, root);
    heap.set_field(v, field::READ_ONLY, Value::FALSE);
    Ok(v)
}

/// `VfsPosix([root])`
fn make(vm: &mut Vm, args: Args) -> R {
    let Some(root) = vm.arg(args, 0) else { return vm.with_heap(whole) };
    if vm.heap().str_bytes(root).is_empty() {
        return vm.with_heap(whole);
    }
    let root = whole_path(vm, root)?;
    vm.push(root)?;
    vm.with_heap(|h| new(h, root))
}

/// `mount(readonly, mkfs)`
fn mount(heap: &mut Heap, args: &[Value]) -> R {
    let this = text::native(heap, text::arg(args, 0));
    heap.set_field(this, field::READ_ONLY, Value::bool(text::arg(args, 1) == Value::TRUE));
    if text::arg(args, 2) == Value::TRUE {
        return Err(os_error(heap, Errno::EPERM));
    }
    Ok(Value::NONE)
}
fn nothing(_: &mut Heap, _: &[Value]) -> R {
    Ok(Value::NONE)
}

// ---- paths ---------------------------------------------------------------------------------------------------

/// The port's path of one within this file system. The caller keeps it reachable.
pub fn port_path(vm: &mut Vm, this: Value, path: Value) -> R {
    let current = vm.root(Root::Folder);
    vm.with_heap(|h| {
        let Some(given) = text::buffer(h, path, true) else { return Err(text::mixed(h, Kind::Str)) };
        if h.span_bytes(given).first() == Some(&b'/') {
            let root = h.str_span(h.field(this, field::ROOT)).unwrap_or(Span::EMPTY);
            return bytes::concat(h, Kind::Str, &[root, given]);
        }
        match current.and_then(|c| h.str_span(c)) {
            None if given.is_empty() => Ok(q!(".")),
            None => bytes::concat(h, Kind::Str, &[given]),
            Some(current) => {
                let slash = h.str_span(q!("/")).unwrap_or(Span::EMPTY);
                bytes::concat(h, Kind::Str, &[current, slash, given])
            }
        }
    })
}

/// Refuses to change a file system that was mounted to be read.
fn writable(vm: &mut Vm, this: Value) -> R<()> {
    if vm.heap().field(this, field::READ_ONLY) == Value::TRUE {
        return Err(vm.raise_by(&|h| os_error(h, Errno::EROFS)));
    }
    Ok(())
}

fn on<T>(vm: &mut Vm, this: Value, path: Value, f: impl FnOnce(&Files, &CStr) -> Result<T, Errno>) -> R<T> {
    let path = port_path(vm, this, path)?;
    let at = vm.push(path)?;
    let done = on_path(vm, path, f)?;
    vm.drop_to(at);
    done.map_err(|e| vm.raise_by(&|h| os_error(h, e)))
}

/// What lies at a path of this file system, if anything.
pub fn kind(vm: &mut Vm, this: Value, path: Value) -> R<Option<FileKind>> {
    let path = port_path(vm, this, path)?;
    let at = vm.push(path)?;
    let stat = on_path(vm, path, |files, path| files.stat(path))?;
    vm.drop_to(at);
    Ok(stat.ok().map(|s| s.kind))
}

/// The port's path of `next`, without `.` and `..`: from the root, or from the current folder, which must still exist.
/// The caller keeps `next` reachable.
fn whole_path(vm: &mut Vm, next: Value) -> R {
    let mut room = [0u8; 256];
    let mut text: &[u8] = &[];
    let mut current = None;
    if vm.heap().str_bytes(next).first() != Some(&b'/') {
        current = vm.root(Root::Folder);
        if let Some(current) = current {
            vm.push(current)?;
            if let Err(e) = on_path(vm, current, |files, path| files.stat(path))? {
                return Err(vm.raise_by(&|h| os_error(h, e)));
            }
        } else if let Some(files) = vm.port().files() {
            let n = match vm.outside(|| files.folder(&mut room)) {
                Ok(n) => n,
                Err(e) => return Err(vm.raise_by(&|h| os_error(h, e))),
            };
            text = room.get(..n).unwrap_or(&[]);
            text = text.strip_suffix(b"/").unwrap_or(text);
        }
    }
    vm.with_heap(|h| {
        let mut path = ByteVec::new();
        let made = path
            .extend(h, text)
            .and_then(|()| step_down(h, &mut path, current.unwrap_or(q!(""))))
            .and_then(|()| step_down(h, &mut path, next))
            .and_then(|()| finish(h, &path));
        path.free(h);
        made
    })
}

/// A path of the port that was put together, as a str.
fn finish(h: &mut Heap, path: &ByteVec) -> R {
    match path.cell().filter(|_| !path.is_empty()) {
        Some(cell) => {
            let span = h.cell_span(cell, 0, path.len());
            bytes::concat(h, Kind::Str, &[span])
        }
        None => Ok(q!("/")),
    }
}

/// Goes from the folder in `path` on to `next`, a part at a time.
fn step_down(h: &mut Heap, path: &mut ByteVec, next: Value) -> R<()> {
    let mut at = 0;
    loop {
        let text = h.str_bytes(next);
        let Some(rest) = text.get(at..).filter(|r| !r.is_empty()) else { return Ok(()) };
        let n = rest.iter().position(|b| *b == b'/').unwrap_or(rest.len());
        match rest.get(..n).unwrap_or(&[]) {
            b"" | b"." => {}
            b".." => {
                let up = path.as_slice(h).iter().rposition(|b| *b == b'/').unwrap_or(0);
                path.truncate(up);
            }
            _ => {
                path.push(h, b'/')?;
                for i in at..at + n {
                    let b = h.str_bytes(next).get(i).copied().unwrap_or(0);
                    path.push(h, b)?;
                }
            }
        }
        at += n + 1;
    }
}

// ---- operations ----------------------------------------------------------------------------------------------

fn this(vm: &Vm, args: Args) -> Value {
    text::native(vm.heap(), vm.req(args, 0))
}

fn open(vm: &mut Vm, args: Args) -> R {
    let (this, mode) = (this(vm, args), vm.req(args, 2));
    if vm.heap().str_bytes(mode).iter().any(|b| b"wax+".contains(b)) {
        writable(vm, this)?;
    }
    let path = port_path(vm, this, vm.req(args, 1))?;
    vm.push(path)?;
    file::open_path(vm, path, mode)
}

/// `(mode, 0, 0, 0, 0, 0, size, atime, mtime, ctime)`
fn stat(vm: &mut Vm, args: Args) -> R {
    let (this, path) = (this(vm, args), vm.req(args, 1));
    let s = on(vm, this, path, |files, path| files.stat(path))?;
    vm.with_heap(|h| {
        let t = tuple::new(h, 10)?;
        for i in 0..10 {
            tuple::set(h, t, i, Value::small(0));
        }
        tuple::set(h, t, 0, Value::small(mode(&s)));
        let size = int::from_u64(h, s.size)?;
        tuple::set(h, t, 6, size);
        let time = int::from_i64(h, s.mtime_s)?;
        for i in 7..10 {
            tuple::set(h, t, i, time);
        }
        Ok(t)
    })
}

/// `(bsize, frsize, blocks, bfree, bavail, files, ffree, favail, flag, namemax)`
fn statvfs(vm: &mut Vm, args: Args) -> R {
    let (this, path) = (this(vm, args), vm.req(args, 1));
    let s = on(vm, this, path, |files, path| files.space(path))?;
    let size = s.block_size.into();
    let read_only = u64::from(vm.heap().field(this, field::READ_ONLY) == Value::TRUE);
    vm.with_heap(|h| {
        let t = tuple::new(h, 10)?;
        let numbers = [
            size,
            size,
            s.blocks,
            s.blocks_free,
            s.blocks_free,
            s.files,
            s.files_free,
            s.files_free,
            read_only,
            s.name_max.into(),
        ];
        for (i, n) in numbers.into_iter().enumerate() {
            let n = int::from_u64(h, n)?;
            tuple::set(h, t, i, n);
        }
        Ok(t)
    })
}

fn mode(s: &Stat) -> i32 {
    match s.kind {
        FileKind::Folder => FOLDER,
        FileKind::Regular => REGULAR,
        FileKind::Other => 0,
    }
}

/// An iterator of `(name, type, 0, size)`; the folder is read at once, so its handle is closed whatever happens.
fn ilistdir(vm: &mut Vm, args: Args) -> R {
    let this = this(vm, args);
    let path = vm.arg(args, 1).unwrap_or(q!(""));
    let as_bytes = vm.heap().is(path, Kind::Bytes);
    let handle = on(vm, this, path, |files, path| files.list(path))?;
    let all = vm.push(Value::NONE)?;
    let collected = collect(vm, handle, as_bytes);
    vm.set(all, collected.unwrap_or(Value::NONE));
    if let Some(files) = vm.port().files() {
        // Only read from: nothing is lost with an error from closing it.
        let _ = vm.outside(|| files.close(handle));
    }
    vm.iter(collected?)
}

fn collect(vm: &mut Vm, handle: i32, as_bytes: bool) -> R {
    let all = vm.with_heap(list::new)?;
    let at = vm.push(all)?;
    let Some(files) = vm.port().files() else { return Ok(all) };
    loop {
        let mut name = [0u8; 256];
        let (n, s) = match vm.outside(|| files.list_next(handle, &mut name)) {
            Ok(Some(found)) => found,
            Ok(None) => break,
            Err(e) => return Err(vm.raise_by(&|h| os_error(h, e))),
        };
        let name = name.get(..n).unwrap_or(&[]);
        vm.with_heap(|h| {
            let t = tuple::new(h, 4)?;
            let name = if as_bytes { bytes::new(h, Kind::Bytes, name)? } else { str::new(h, name)? };
            let size = int::from_u64(h, s.size)?;
            for (i, v) in [name, Value::small(mode(&s)), Value::small(0), size].into_iter().enumerate() {
                tuple::set(h, t, i, v);
            }
            list::append(h, all, t)
        })?;
        vm.tick(50)?;
    }
    vm.drop_to(at);
    Ok(all)
}

fn chdir(vm: &mut Vm, args: Args) -> R {
    let (this, next) = (this(vm, args), vm.req(args, 1));
    match kind(vm, this, next)? {
        Some(FileKind::Folder) => {}
        Some(_) => return Err(vm.raise_by(&|h| os_error(h, Errno::ENOTDIR))),
        None => return Err(vm.raise_by(&|h| os_error(h, Errno::ENOENT))),
    }
    let next = port_path(vm, this, next)?;
    vm.push(next)?;
    let folder = whole_path(vm, next)?;
    vm.set_root(Root::Folder, Some(folder));
    Ok(Value::NONE)
}

/// The current folder, counted from the root.
fn getcwd(vm: &mut Vm, args: Args) -> R {
    let root = vm.heap().field(this(vm, args), field::ROOT);
    let whole = whole_path(vm, q!(""))?;
    vm.push(whole)?;
    vm.with_heap(|h| {
        let n = h.str_bytes(root).len();
        match h.str_span(whole) {
            Some(s) if s.len() > n && h.str_bytes(whole).starts_with(h.str_bytes(root)) => {
                bytes::concat(h, Kind::Str, &[s.sub(n, s.len())])
            }
            _ => Ok(q!("/")),
        }
    })
}

fn mkdir(vm: &mut Vm, args: Args) -> R {
    let this = this(vm, args);
    writable(vm, this)?;
    on(vm, this, vm.req(args, 1), |files, path| files.make_folder(path))?;
    Ok(Value::NONE)
}
fn remove(vm: &mut Vm, args: Args) -> R {
    let this = this(vm, args);
    writable(vm, this)?;
    on(vm, this, vm.req(args, 1), |files, path| files.remove(path, FileKind::Regular))?;
    Ok(Value::NONE)
}
fn rmdir(vm: &mut Vm, args: Args) -> R {
    let this = this(vm, args);
    writable(vm, this)?;
    on(vm, this, vm.req(args, 1), |files, path| files.remove(path, FileKind::Folder))?;
    Ok(Value::NONE)
}

/// Longest path that `rename` takes as its second.
const LONGEST: usize = 256;

fn rename(vm: &mut Vm, args: Args) -> R {
    let this = this(vm, args);
    writable(vm, this)?;
    let from = port_path(vm, this, vm.req(args, 1))?;
    vm.push(from)?;
    let to = port_path(vm, this, vm.req(args, 2))?;
    vm.push(to)?;
    // The second path goes through the native stack while the first is made a C string.
    let mut room = [0u8; LONGEST];
    let text = vm.heap().str_bytes(to);
    let Some(copy) = room.get_mut(..text.len()).filter(|_| text.len() < LONGEST) else {
        return Err(vm.raise_by(&|h| os_error(h, Errno::ENAMETOOLONG)));
    };
    copy.copy_from_slice(text);
    let Ok(to) = CStr::from_bytes_until_nul(&room) else {
        return Err(vm.raise_by(&|h| os_error(h, Errno::ENOENT)));
    };
    match on_path(vm, from, |files, from| files.rename(from, to))? {
        Ok(()) => Ok(Value::NONE),
        Err(e) => Err(vm.raise_by(&|h| os_error(h, e))),
    }
}
