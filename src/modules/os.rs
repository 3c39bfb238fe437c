//! Module `os`: the operations on files, each handed to the file system that its path leads to; random bytes.

use super::portfs::FOLDER;
use super::vfs::{self, Found, lookup, proxy};
use crate::builtins::source::os_error;
use crate::builtins::text;
use crate::heap::{Kind, R, TypeId, Value};
use crate::object::{bytes, list, tuple};
use crate::port::Errno;
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Access, Args, Const, ModuleDef, entry, kw_fn, vm_fn};
use crate::vm::state::Root;

pub static MODULE: ModuleDef = ModuleDef {
    name: q!("os"),
    entries: &[
        entry(q!("chdir"), vm_fn(chdir, 1, 1)),
        entry(q!("getcwd"), vm_fn(getcwd, 0, 0)),
        entry(q!("ilistdir"), vm_fn(ilistdir, 0, 1)),
        entry(q!("listdir"), vm_fn(listdir, 0, 1)),
        entry(q!("mkdir"), vm_fn(mkdir, 1, 1)),
        entry(q!("remove"), vm_fn(remove, 1, 1)),
        entry(q!("unlink"), vm_fn(remove, 1, 1)),
        entry(q!("rmdir"), vm_fn(rmdir, 1, 1)),
        entry(q!("rename"), vm_fn(rename, 2, 2)),
        entry(q!("stat"), vm_fn(stat, 1, 1)),
        entry(q!("statvfs"), vm_fn(statvfs, 1, 1)),
        #[cfg(feature = "extra")]
        entry(q!("uname"), vm_fn(uname, 0, 0)),
        entry(q!("urandom"), vm_fn(urandom, 1, 1)),
        entry(q!("mount"), kw_fn(vfs::mount, 0, 2)),
        entry(q!("umount"), vm_fn(vfs::umount, 1, 1)),
        entry(q!("sep"), Const::Val(q!("/"))),
        entry(q!("VfsPosix"), Const::Type(TypeId::VfsPosix)),
        #[cfg(feature = "everything")]
        entry(q!("getenv"), vm_fn(super::environment::getenv, 1, 2)),
        #[cfg(feature = "everything")]
        entry(q!("putenv"), vm_fn(super::environment::putenv, 2, 2)),
        #[cfg(feature = "everything")]
        entry(q!("unsetenv"), vm_fn(super::environment::unsetenv, 1, 1)),
    ],
};

/// What runs the program, as names and texts.
#[cfg(feature = "extra")]
fn uname(vm: &mut Vm, _: Args) -> R {
    use super::sys::{MACHINE, PLATFORM, RELEASE, VERSION};
    vm.with_heap(|h| {
        super::attrtuple::new(
            h,
            &[
                (q!("sysname"), PLATFORM),
                (q!("nodename"), PLATFORM),
                (q!("release"), RELEASE),
                (q!("version"), VERSION),
                (q!("machine"), MACHINE),
            ],
        )
    })
}

/// Longest name that a mount point or file may have where nobody knows better.
const NAME_MAX: i32 = 255;

/// Calls a method with the path of argument 0.
fn with_path(vm: &mut Vm, args: Args, method: Value) -> R {
    let found = lookup(vm, vm.req(args, 0))?;
    proxy(vm, found, method, None)
}

fn chdir(vm: &mut Vm, args: Args) -> R {
    let found = lookup(vm, vm.req(args, 0))?;
    let to = match found {
        // A file system at `/` has to go to its top too.
        Found::Top => {
            if let Some(mount) = vfs::root_mount(vm)? {
                proxy(vm, Found::In(mount, q!("/")), q!("chdir"), None)?;
            }
            None
        }
        Found::Nowhere => return Err(vm.raise_by(&|h| os_error(h, Errno::ENODEV))),
        Found::In(mount, _) => {
            proxy(vm, found, q!("chdir"), None)?;
            Some(mount)
        }
    };
    vm.set_root(Root::Cwd, to);
    Ok(Value::NONE)
}

fn getcwd(vm: &mut Vm, _: Args) -> R {
    // Asking for the mounts makes the first of them.
    vfs::root_mount(vm)?;
    let Some(mount) = vm.root(Root::Cwd) else { return Ok(q!("/")) };
    let fs = vfs::system(vm.heap(), mount);
    let inside = vm.call_method(fs, q!("getcwd"), &[])?;
    let point = vm.heap().field(mount, 1);
    if vm.heap().str_bytes(point) == b"/" {
        return Ok(inside);
    }
    if vm.heap().str_bytes(inside) == b"/" {
        return Ok(point);
    }
    vm.push(inside)?;
    vm.with_heap(|h| match (h.str_span(point), h.str_span(inside)) {
        (Some(a), Some(b)) => bytes::concat(h, Kind::Str, &[a, b]),
        _ => Err(text::mixed(h, Kind::Str)),
    })
}

fn ilistdir(vm: &mut Vm, args: Args) -> R {
    let path = vm.arg(args, 0).unwrap_or(q!(""));
    let found = lookup(vm, path)?;
    if !matches!(found, Found::Top) {
        return proxy(vm, found, q!("ilistdir"), None);
    }
    let root = vfs::root_mount(vm)?;
    let mounts = vm.root(Root::Mounts).unwrap_or(Value::NONE);
    let as_bytes = vm.heap().is(path, Kind::Bytes);
    let all = vm.with_heap(|h| {
        let all = list::new(h)?;
        for i in 0..list::len(h, mounts) - root.is_some() as usize {
            let mount = list::get(h, mounts, i).unwrap_or(Value::NONE);
            let Some(point) = h.str_span(h.field(mount, 1)) else { continue };
            let kind = if as_bytes { Kind::Bytes } else { Kind::Str };
            let name = bytes::concat(h, kind, &[point.sub(1, point.len())])?;
            let entry = tuple::from_slice(h, &[name, Value::small(FOLDER), Value::small(0)])?;
            list::append(h, all, entry)?;
        }
        Ok(all)
    })?;
    vm.push(all)?;
    if let Some(mount) = root {
        let it = proxy(vm, Found::In(mount, q!("/")), q!("ilistdir"), None)?;
        extend(vm, all, it, false)?;
    }
    vm.iter(all)
}

/// Appends what an iterator gives, or the first item of each.
fn extend(vm: &mut Vm, all: Value, it: Value, names: bool) -> R<()> {
    let start = vm.push(it)?;
    let it = vm.iter(it)?;
    vm.push(it)?;
    loop {
        let item = vm.next(it)?;
        if item == Value::STOP {
            vm.drop_to(start);
            return Ok(());
        }
        let at = vm.push(item)?;
        let item = if names { vm.subscr(item, Value::small(0), Access::Load)? } else { item };
        vm.push(item)?;
        vm.with_heap_anew(|h| list::append(h, all, item))?;
        vm.drop_to(at);
        vm.tick(300)?;
    }
}

fn listdir(vm: &mut Vm, args: Args) -> R {
    let it = ilistdir(vm, args)?;
    vm.push(it)?;
    let all = vm.with_heap(list::new)?;
    vm.push(all)?;
    extend(vm, all, it, true)?;
    Ok(all)
}

fn mkdir(vm: &mut Vm, args: Args) -> R {
    let found = lookup(vm, vm.req(args, 0))?;
    let taken = match found {
        Found::Top => true,
        Found::Nowhere => false,
        Found::In(_, path) => vm.heap().str_bytes(path) == b"/",
    };
    if taken {
        return Err(vm.raise_by(&|h| os_error(h, Errno::EEXIST)));
    }
    proxy(vm, found, q!("mkdir"), None)
}
fn remove(vm: &mut Vm, args: Args) -> R {
    with_path(vm, args, q!("remove"))
}
fn rmdir(vm: &mut Vm, args: Args) -> R {
    with_path(vm, args, q!("rmdir"))
}

fn rename(vm: &mut Vm, args: Args) -> R {
    let from = lookup(vm, vm.req(args, 0))?;
    let to = lookup(vm, vm.req(args, 1))?;
    match (from, to) {
        (Found::In(a, _), Found::In(b, path)) if a == b => proxy(vm, from, q!("rename"), Some(path)),
        _ => Err(vm.raise_by(&|h| os_error(h, Errno::EPERM))),
    }
}

fn stat(vm: &mut Vm, args: Args) -> R {
    let found = lookup(vm, vm.req(args, 0))?;
    if matches!(found, Found::Top) {
        return vm.with_heap(|h| numbers(h, 0, FOLDER));
    }
    proxy(vm, found, q!("stat"), None)
}

/// Ten numbers, all 0 but one.
fn numbers(h: &mut crate::heap::Heap, at: usize, n: i32) -> R {
    let mut items = [Value::small(0); 10];
    if let Some(item) = items.get_mut(at) {
        *item = Value::small(n);
    }
    tuple::from_slice(h, &items)
}

fn statvfs(vm: &mut Vm, args: Args) -> R {
    let mut found = lookup(vm, vm.req(args, 0))?;
    if matches!(found, Found::Top) {
        match vfs::root_mount(vm)? {
            Some(mount) => found = Found::In(mount, q!("/")),
            None => return vm.with_heap(|h| numbers(h, 9, NAME_MAX)),
        }
    }
    proxy(vm, found, q!("statvfs"), None)
}

fn urandom(vm: &mut Vm, args: Args) -> R {
    let n = vm.req(args, 0);
    let n = vm.with_heap(|h| text::index(h, n))?;
    let Ok(n) = usize::try_from(n) else {
        return Err(vm.raise(TypeId::ValueError, "negative count"));
    };
    let made = vm.with_heap(|h| bytes::blank(h, Kind::Bytes, n))?;
    let port = vm.port();
    let mut at = 0;
    while at < n {
        let mut part = [0u8; 32];
        let want = part.len().min(n - at);
        let got = port.entropy(part.get_mut(..want).unwrap_or(&mut []));
        if got == 0 {
            return Err(vm.raise_by(&|h| os_error(h, Errno::ENODEV)));
        }
        let span = vm.heap().str_span(made).unwrap_or(crate::heap::span::Span::EMPTY);
        vm.heap_mut().write_span(span.sub(at, at + got), part.get(..got).unwrap_or(&[]));
        at += got;
    }
    Ok(made)
}
