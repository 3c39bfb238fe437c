//! Module `vfs`: file systems by mount point, and what `open`, `import` and `os` ask of them.
//!
//! Invariants
//! - `Root::Mounts` is a list of tuples (file system, mount point), the one at `/` last. Where the board has files, they
//!   are mounted at `/` before anybody asks;
//! - `Root::Cwd` is the mount that relative paths go to, or empty for the top, whose entries are the mount points;
//! - a file system is any object with the methods; nothing here knows what it does with a path.

pub use super::file::finalize;
use super::stream::{self, request};
use super::{file, portfs};
use crate::builtins::eval::compile_source;
use crate::builtins::source::{compile_file, os_error};
use crate::builtins::text;
use crate::code::read;
use crate::compile::{Mode, StrSource};
use crate::heap::{Heap, Kind, Place, R, Raised, TypeId, Value};
use crate::object::{bytearray, bytes, list, tuple};
use crate::port::{Errno, FileKind};
use crate::q;
use crate::vm::args::{ArgKind, ArgSpec, arg, parse};
use crate::vm::def::{Access, Args, Const, Entry, ModuleDef, kw_fn, vm_fn};
use crate::vm::state::Root;
use crate::vm::{Vm, bulk};

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("vfs"),
    entries: &[
        Entry { name: q!("mount"), value: kw_fn(mount, 0, 2) },
        Entry { name: q!("umount"), value: vm_fn(umount, 1, 1) },
        Entry { name: q!("VfsPosix"), value: Const::Type(TypeId::VfsPosix) },
    ],
};

/// Where a path leads.
#[derive(Clone, Copy)]
pub enum Found {
    /// The folder above all mount points.
    Top,
    Nowhere,
    /// A mount, and the path inside it. Both are reachable: the mount by the table, the path by a slot.
    In(Value, Value),
}

/// The list of mounts.
fn mounts(vm: &mut Vm) -> R {
    if let Some(all) = vm.root(Root::Mounts) {
        return Ok(all);
    }
    let with_files = vm.port().files().is_some();
    let all = vm.with_heap(|h| {
        let all = list::new(h)?;
        if with_files {
            let whole = portfs::whole(h)?;
            let mount = tuple::from_slice(h, &[whole, q!("/")])?;
            list::append(h, all, mount)?;
        }
        Ok(all)
    })?;
    vm.set_root(Root::Mounts, Some(all));
    let first = list::get(vm.heap(), all, 0);
    vm.set_root(Root::Cwd, first);
    Ok(all)
}

pub fn system(heap: &Heap, mount: Value) -> Value {
    heap.field(mount, 0)
}
fn point(heap: &Heap, mount: Value) -> &[u8] {
    heap.str_bytes(heap.field(mount, 1))
}

/// The mount at `/`.
pub fn root_mount(vm: &mut Vm) -> R<Option<Value>> {
    let all = mounts(vm)?;
    let heap = vm.heap();
    let last = list::len(heap, all).checked_sub(1).and_then(|i| list::get(heap, all, i));
    Ok(last.filter(|m| point(heap, *m) == b"/"))
}

/// Finds the mount that a path (str or bytes) leads to.
pub fn lookup(vm: &mut Vm, path: Value) -> R<Found> {
    let all = mounts(vm)?;
    let Some(span) = text::buffer(vm.heap(), path, true) else {
        return Err(vm.raise_by(&|h| text::mixed(h, Kind::Str)));
    };
    let heap = vm.heap();
    let given = heap.span_bytes(span);
    let absolute = given.first() == Some(&b'/');
    if !absolute && let Some(current) = vm.root(Root::Cwd) {
        vm.push(path)?;
        return Ok(Found::In(current, path));
    }
    let rest = if absolute { given.get(1..).unwrap_or(&[]) } else { given };
    if rest.is_empty() {
        return Ok(Found::Top);
    }
    let mut i = 0;
    while let Some(mount) = list::get(heap, all, i) {
        i += 1;
        let name = point(heap, mount).get(1..).unwrap_or(&[]);
        let inside = match rest.strip_prefix(name) {
            // The mount at `/` takes the path as it is.
            Some(_) if name.is_empty() => Some(span),
            Some([]) => None,
            Some([b'/', ..]) => Some(span.sub(absolute as usize + name.len(), span.len())),
            _ => continue,
        };
        let is_bytes = heap.is(path, Kind::Bytes);
        let inside = vm.with_heap(|h| match inside {
            Some(s) => bytes::concat(h, if is_bytes { Kind::Bytes } else { Kind::Str }, &[s]),
            None => Ok(q!("/")),
        })?;
        vm.push(inside)?;
        return Ok(Found::In(mount, inside));
    }
    Ok(Found::Nowhere)
}

/// Calls a method of the file system that a path leads to, with the path inside it first.
pub fn proxy(vm: &mut Vm, found: Found, method: Value, more: Option<Value>) -> R {
    match found {
        Found::Nowhere => Err(vm.raise_by(&|h| os_error(h, Errno::ENODEV))),
        Found::Top => Err(vm.raise_by(&|h| os_error(h, Errno::EPERM))),
        Found::In(mount, path) => {
            let fs = system(vm.heap(), mount);
            match more {
                Some(v) => vm.call_method(fs, method, &[path, v]),
                None => vm.call_method(fs, method, &[path]),
            }
        }
    }
}

/// The board's file system, if that is what the mount holds.
fn board(vm: &Vm, mount: Value) -> Option<Value> {
    let fs = system(vm.heap(), mount);
    (vm.type_id(fs) == TypeId::VfsPosix && vm.heap().is(fs, Kind::Object)).then_some(fs)
}

// ---- mounting ------------------------------------------------------------------------------------------------

static SPEC: [ArgSpec; 4] = [
    arg(q!("fsobj"), ArgKind::Required),
    arg(q!("mount_point"), ArgKind::Required),
    arg(q!("readonly"), ArgKind::KwOnly),
    arg(q!("mkfs"), ArgKind::KwOnly),
];

/// `mount(fs, point, *, readonly=False, mkfs=False)`; without arguments, the list of what is mounted.
pub fn mount(vm: &mut Vm, args: Args) -> R {
    let all = mounts(vm)?;
    if args.n() == 0 && args.kw() == 0 {
        return vm.with_heap(|h| {
            let n = list::len(h, all);
            let copy = list::with_capacity(h, n)?;
            for i in 0..n {
                let mount = list::get(h, all, i).unwrap_or(Value::NONE);
                list::append(h, copy, mount)?;
            }
            Ok(copy)
        });
    }
    let mut given = [None; 4];
    parse(vm, args, &SPEC, &mut given)?;
    let [fs, at, readonly, mkfs] = given;
    let (fs, at) = (fs.unwrap_or(Value::NONE), at.unwrap_or(Value::NONE));
    if vm.get_attr_or_stop(fs, q!("mount"))? == Value::STOP {
        // A bare block device: no file system of ours lives on one.
        return Err(vm.raise_by(&|h| os_error(h, Errno::ENODEV)));
    }
    let flags = [readonly.unwrap_or(Value::FALSE), mkfs.unwrap_or(Value::FALSE)];
    vm.call_method(fs, q!("mount"), &flags)?;
    let at_root = vm.heap().str_bytes(at) == b"/";
    if let Found::In(mount, _) = lookup(vm, at)? {
        // Under a mounted `/` there may be more mounts.
        if at_root || point(vm.heap(), mount) != b"/" {
            return Err(vm.raise_by(&|h| os_error(h, Errno::EPERM)));
        }
    } else if at_root && root_mount(vm)?.is_some() {
        return Err(vm.raise_by(&|h| os_error(h, Errno::EPERM)));
    }
    let last = root_mount(vm)?.is_some();
    vm.with_heap(|h| {
        let mount = tuple::from_slice(h, &[fs, at])?;
        let n = list::len(h, all);
        list::insert(h, all, n - last as usize, mount)
    })?;
    Ok(Value::NONE)
}

/// `umount(point or fs)`
pub fn umount(vm: &mut Vm, args: Args) -> R {
    let what = vm.req(args, 0);
    let all = mounts(vm)?;
    let heap = vm.heap();
    let name = heap.str_bytes(what);
    let i = (0..list::len(heap, all)).find(|i| {
        list::get(heap, all, *i)
            .is_some_and(|m| system(heap, m) == what || !name.is_empty() && point(heap, m) == name)
    });
    let Some(mount) = i.and_then(|i| list::remove(vm.heap_mut(), all, i)) else {
        return Err(vm.raise_by(&|h| os_error(h, Errno::EINVAL)));
    };
    if vm.root(Root::Cwd) == Some(mount) {
        vm.set_root(Root::Cwd, None);
    }
    vm.push(mount)?;
    let fs = system(vm.heap(), mount);
    vm.call_method(fs, q!("umount"), &[])?;
    Ok(Value::NONE)
}

// ---- open, import --------------------------------------------------------------------------------------------

static OPEN: [ArgSpec; 4] = [
    arg(q!("file"), ArgKind::Required),
    arg(q!("mode"), ArgKind::Optional),
    arg(q!("buffering"), ArgKind::Optional),
    arg(q!("encoding"), ArgKind::Optional),
];

/// `open(file, mode='r', buffering=-1, encoding=None)`: text is UTF-8, and nothing is buffered here.
pub fn open(vm: &mut Vm, args: Args) -> R {
    let mut given = [None; 4];
    parse(vm, args, &OPEN, &mut given)?;
    let [path, mode, _, _] = given;
    let path = path.unwrap_or(Value::NONE);
    let mode = mode.filter(|m| !m.is_none()).unwrap_or(q!("r"));
    if let Some(handle) = path.as_small() {
        return file::open_handle(vm, handle, mode);
    }
    let found = lookup(vm, path)?;
    proxy(vm, found, q!("open"), Some(mode))
}

/// What lies at a path, as `import` sees it.
pub fn kind(vm: &mut Vm, path: Value) -> R<Option<FileKind>> {
    let Found::In(mount, inside) = lookup(vm, path)? else { return Ok(None) };
    if let Some(fs) = board(vm, mount) {
        return portfs::kind(vm, fs, inside);
    }
    let fs = system(vm.heap(), mount);
    match vm.call_method(fs, q!("stat"), &[inside]) {
        Ok(stat) => {
            vm.push(stat)?;
            let mode = vm.subscr(stat, Value::small(0), Access::Load)?;
            let folder = vm.with_heap(|h| text::index(h, mode))? & portfs::FOLDER as i64 != 0;
            Ok(Some(if folder { FileKind::Folder } else { FileKind::Regular }))
        }
        // A file system says "not there" by raising.
        Err(Raised) if vm.raised_is(TypeId::Exception) => {
            vm.heap_mut().raised = None;
            Ok(None)
        }
        Err(r) => Err(r),
    }
}

/// The code of the file at a path, source or `.mpy`.
pub fn code(vm: &mut Vm, path: Value) -> R {
    let found = lookup(vm, path)?;
    if let Found::In(mount, inside) = found
        && let Some(fs) = board(vm, mount)
    {
        let there = portfs::port_path(vm, fs, inside)?;
        vm.push(there)?;
        return compile_file(vm, there, path);
    }
    let object = proxy(vm, found, q!("open"), Some(q!("rb")))?;
    vm.push(object)?;
    let made = vm.with_heap(bytearray::new)?;
    let slot = vm.push(made)?;
    let got = fill(vm, object, slot);
    let closed = stream::get(vm, object).and_then(|s| s.ioctl(vm, request::CLOSE, 0));
    got?;
    closed?;
    let all = vm.get(slot);
    let text = vm.heap().span_bytes(bytearray::span(vm.heap(), all));
    if read::is_mpy(text) || vm.heap().str_bytes(path).ends_with(b".mpy") {
        return mpy(vm, all);
    }
    // Nobody else has seen the array.
    let text = bytearray::span(vm.heap(), all);
    let source = bulk::concat(vm, Kind::Bytes, &[text])?;
    vm.set(slot, source);
    let name = vm.with_heap(|h| h.intern_value(path))?;
    compile_source(vm, &mut StrSource::new(source), name, Mode::File)
}

/// How much a stream is asked for at once where it does not say: most modules then come in one piece.
const STEP: usize = 512;
/// How much it is asked for when it gave less than that: this is most likely the end.
const LAST_STEP: usize = 32;

/// Reads a stream to its end, in the pieces that it asks for. Only nothing is the end: a file system may give less than it
/// was asked for at any time.
fn fill(vm: &mut Vm, object: Value, slot: crate::vm::Slot) -> R<()> {
    let stream = stream::get(vm, object)?;
    let wanted = match stream.ioctl(vm, request::BUFFER_SIZE, 0) {
        Ok(n) if n > 0 => n.clamp(8, 255) as usize,
        Ok(_) => STEP,
        Err(Raised) if vm.raised_is(TypeId::OSError) => {
            vm.heap_mut().raised = None;
            STEP
        }
        Err(r) => return Err(r),
    };
    let mut step = wanted;
    loop {
        let got = stream.read_some(vm, slot, step)?;
        if got == 0 {
            return Ok(());
        }
        step = if got < step { wanted.min(LAST_STEP) } else { wanted };
        vm.tick(200)?;
    }
}

fn mpy(vm: &mut Vm, all: Value) -> R {
    vm.lend_heap(|h| {
        // Nothing else has seen the array, so its memory becomes the code's.
        let bytes = bytearray::span(h, all);
        if bytes.owner.is_heap() {
            h.resize(bytes.owner, bytes.len().div_ceil(4));
        }
        read::load(h, Place::Cell(bytes.owner, 0, bytes.len()))
    })
}
