//! `VfsPosix`: the board's files as a file system object, under a root folder and with a current folder of its own.
//!
//! Invariants
//! - an `Object` cell: type, root, current folder (both str). The root has no slash at its end; it is empty for all files;
//! - the current folder is empty until `chdir`: then relative paths are the port's business; else it starts with a slash
//!   and has neither `.` nor `..` in it.

use super::file;
use crate::builtins::source::{on_path, os_error};
use crate::builtins::text;
use crate::heap::span::Span;
use crate::heap::{ByteVec, Heap, Kind, R, TypeId, Value};
use crate::object::{bytes, int, list, str, tuple};
use crate::port::{Errno, FileKind, Files, Stat};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, Entry, Native, NativeDef, TypeDef, entry, heap_fn, vm_fn};
use core::ffi::CStr;

mod field {
    pub const TYPE: usize = 0;
    pub const ROOT: usize = 1;
    pub const CURRENT: usize = 2;
    pub const COUNT: usize = 3;
}

/// `st_mode` of a folder and of a file.
pub const FOLDER: i32 = 0x4000;
pub const REGULAR: i32 = 0x8000;

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef { call: Native::Vm(make), min: 0, max: 1, kw: false }),
    entries: &ENTRIES,
    ..TypeDef::plain(TypeId::VfsPosix, q!("VfsPosix"))
};

static ENTRIES: [Entry; 11] = [
    entry(q!("mount"), heap_fn(nothing, 1, 3)),
    entry(q!("umount"), heap_fn(nothing, 1, 1)),
    entry(q!("open"), vm_fn(open, 3, 3)),
    entry(q!("stat"), vm_fn(stat, 2, 2)),
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
    new(heap, q!(""), q!(""))
}

fn new(heap: &mut Heap, root: Value, current: Value) -> R {
    let v = heap.alloc(Kind::Object, field::COUNT)?;
    heap.set_field(v, field::TYPE, Value::typ(TypeId::VfsPosix));
    heap.set_field(v, field::ROOT, root);
    heap.set_field(v, field::CURRENT, current);
    Ok(v)
}

/// `VfsPosix([root])`
fn make(vm: &mut Vm, args: Args) -> R {
    let Some(root) = vm.arg(args, 0) else { return vm.with_heap(whole) };
    if vm.heap().str_bytes(root).is_empty() {
        return vm.with_heap(whole);
    }
    let mut path = ByteVec::new();
    let made = base(vm, &mut path, root).and_then(|()| step_down(vm, &mut path, root));
    let made = made.and_then(|()| {
        vm.with_heap(|h| {
            let span = path.cell().map_or(Span::EMPTY, |c| h.cell_span(c, 0, path.len()));
            let root = bytes::concat(h, Kind::Str, &[span])?;
            new(h, root, q!("/"))
        })
    });
    path.free(vm.heap_mut());
    made
}

fn nothing(_: &mut Heap, _: &[Value]) -> R {
    Ok(Value::NONE)
}

// ---- paths ---------------------------------------------------------------------------------------------------

/// The port's path of one within this file system. The caller keeps it reachable.
fn real(vm: &mut Vm, this: Value, path: Value) -> R {
    vm.with_heap(|h| {
        let Some(given) = text::buffer(h, path, true) else { return Err(text::mixed(h, Kind::Str)) };
        let part = |h: &Heap, i| h.str_span(h.field(this, i)).unwrap_or(Span::EMPTY);
        let (root, current) = (part(h, field::ROOT), part(h, field::CURRENT));
        if h.span_bytes(given).first() == Some(&b'/') {
            return bytes::concat(h, Kind::Str, &[root, given]);
        }
        match (current.is_empty(), given.is_empty()) {
            (true, true) => Ok(q!(".")),
            (true, false) => bytes::concat(h, Kind::Str, &[given]),
            (false, _) => {
                let slash = h.str_span(q!("/")).unwrap_or(Span::EMPTY);
                bytes::concat(h, Kind::Str, &[root, current, slash, given])
            }
        }
    })
}

fn on<T>(vm: &mut Vm, this: Value, path: Value, f: impl FnOnce(&Files, &CStr) -> Result<T, Errno>) -> R<T> {
    let path = real(vm, this, path)?;
    let at = vm.push(path)?;
    let done = on_path(vm, path, f)?;
    vm.drop_to(at);
    done.map_err(|e| os_error(vm.heap_mut(), e))
}

/// What lies at a path of this file system, if anything.
pub fn kind(vm: &mut Vm, this: Value, path: Value) -> R<Option<FileKind>> {
    let path = real(vm, this, path)?;
    let at = vm.push(path)?;
    let stat = on_path(vm, path, |files, path| files.stat(path))?;
    vm.drop_to(at);
    Ok(stat.ok().map(|s| s.kind))
}

/// The port's path, for whoever opens it there.
pub fn port_path(vm: &mut Vm, this: Value, path: Value) -> R {
    real(vm, this, path)
}

/// The folder that a relative path starts from when a new current folder is worked out.
fn base(vm: &mut Vm, path: &mut ByteVec, next: Value) -> R<()> {
    if vm.heap().str_bytes(next).first() == Some(&b'/') {
        return Ok(());
    }
    let mut room = [0u8; 256];
    let n = match vm.port().files() {
        Some(files) => match files.folder(&mut room) {
            Ok(n) => n,
            Err(e) => return Err(os_error(vm.heap_mut(), e)),
        },
        None => 0,
    };
    let text = room.get(..n).unwrap_or(&[]);
    let text = text.strip_suffix(b"/").unwrap_or(text);
    vm.with_heap(|h| {
        path.truncate(0);
        path.extend(h, text)
    })
}

/// Goes from the folder in `path` on to `next`, a part at a time.
fn step_down(vm: &mut Vm, path: &mut ByteVec, next: Value) -> R<()> {
    let start = path.len();
    vm.with_heap(|h| {
        path.truncate(start);
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
    })
}

// ---- operations ----------------------------------------------------------------------------------------------

fn this(vm: &Vm, args: Args) -> Value {
    text::native(vm.heap(), vm.req(args, 0))
}

fn open(vm: &mut Vm, args: Args) -> R {
    let path = real(vm, this(vm, args), vm.req(args, 1))?;
    vm.push(path)?;
    file::open_path(vm, path, vm.req(args, 2))
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
    let all = collect(vm, handle, as_bytes);
    if let Some(files) = vm.port().files() {
        // Only read from: nothing is lost with an error from closing it.
        let _ = files.close(handle);
    }
    let all = all?;
    vm.push(all)?;
    vm.iter(all)
}

fn collect(vm: &mut Vm, handle: i32, as_bytes: bool) -> R {
    let all = vm.with_heap(list::new)?;
    let at = vm.push(all)?;
    let Some(files) = vm.port().files() else { return Ok(all) };
    loop {
        let mut name = [0u8; 256];
        let (n, s) = match files.list_next(handle, &mut name) {
            Ok(Some(found)) => found,
            Ok(None) => break,
            Err(e) => return Err(os_error(vm.heap_mut(), e)),
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
        Some(_) => return Err(os_error(vm.heap_mut(), Errno::ENOTDIR)),
        None => return Err(os_error(vm.heap_mut(), Errno::ENOENT)),
    }
    let mut path = ByteVec::new();
    let current = vm.heap().field(this, field::CURRENT);
    let start = if vm.heap().str_bytes(next).first() == Some(&b'/') {
        Ok(())
    } else if vm.heap().str_bytes(current).is_empty() {
        base(vm, &mut path, next)
    } else {
        step_down(vm, &mut path, current)
    };
    let done = start.and_then(|()| step_down(vm, &mut path, next)).and_then(|()| {
        vm.with_heap(|h| {
            let span = path.cell().map_or(Span::EMPTY, |c| h.cell_span(c, 0, path.len()));
            let text = if span.is_empty() { q!("/") } else { bytes::concat(h, Kind::Str, &[span])? };
            h.set_field(this, field::CURRENT, text);
            Ok(Value::NONE)
        })
    });
    path.free(vm.heap_mut());
    done
}

fn getcwd(vm: &mut Vm, args: Args) -> R {
    let current = vm.heap().field(this(vm, args), field::CURRENT);
    if !vm.heap().str_bytes(current).is_empty() {
        return Ok(current);
    }
    let mut path = ByteVec::new();
    let made = base(vm, &mut path, q!("")).and_then(|()| {
        vm.with_heap(|h| {
            let span = path.cell().map_or(Span::EMPTY, |c| h.cell_span(c, 0, path.len()));
            if span.is_empty() { Ok(q!("/")) } else { bytes::concat(h, Kind::Str, &[span]) }
        })
    });
    path.free(vm.heap_mut());
    made
}

fn mkdir(vm: &mut Vm, args: Args) -> R {
    let this = this(vm, args);
    on(vm, this, vm.req(args, 1), |files, path| files.make_folder(path))?;
    Ok(Value::NONE)
}
fn remove(vm: &mut Vm, args: Args) -> R {
    let this = this(vm, args);
    on(vm, this, vm.req(args, 1), |files, path| files.remove(path, FileKind::Regular))?;
    Ok(Value::NONE)
}
fn rmdir(vm: &mut Vm, args: Args) -> R {
    let this = this(vm, args);
    on(vm, this, vm.req(args, 1), |files, path| files.remove(path, FileKind::Folder))?;
    Ok(Value::NONE)
}

/// Longest path that `rename` takes as its second.
const LONGEST: usize = 256;

fn rename(vm: &mut Vm, args: Args) -> R {
    let this = this(vm, args);
    let from = real(vm, this, vm.req(args, 1))?;
    vm.push(from)?;
    let to = real(vm, this, vm.req(args, 2))?;
    vm.push(to)?;
    // The second path goes through the native stack while the first is made a C string.
    let mut room = [0u8; LONGEST];
    let text = vm.heap().str_bytes(to);
    let Some(copy) = room.get_mut(..text.len()).filter(|_| text.len() < LONGEST) else {
        return Err(os_error(vm.heap_mut(), Errno::ENAMETOOLONG));
    };
    copy.copy_from_slice(text);
    let Ok(to) = CStr::from_bytes_until_nul(&room) else {
        return Err(os_error(vm.heap_mut(), Errno::ENOENT));
    };
    match on_path(vm, from, |files, from| files.rename(from, to))? {
        Ok(()) => Ok(Value::NONE),
        Err(e) => Err(os_error(vm.heap_mut(), e)),
    }
}
