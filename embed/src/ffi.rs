//! The part of `include/pyrite.h` that this crate uses. The library defines it; the tests below hold
//! it against the header.

use crate::{Config, Status, pyr_port};
use core::ffi::{c_char, c_int, c_void};

/// `struct pyr_vm`
pub enum RawVm {}

/// `pyr_ref`
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Ref {
    pub bits: u64,
}

/// `pyr_entry`
#[repr(C)]
pub struct Entry {
    opaque: [*mut c_void; 8],
}

/// `struct pyr_config`
#[repr(C)]
pub struct RawConfig {
    abi_size: u32,
    fiber_bytes: u32,
    max_tasks: u16,
    refs: u16,
    events: u16,
    max_threads: u16,
    thread_stack: u32,
}

pub fn config(config: &Config) -> RawConfig {
    RawConfig {
        abi_size: size_of::<RawConfig>() as u32,
        fiber_bytes: config.fiber_bytes,
        max_tasks: config.max_tasks,
        refs: config.refs,
        events: config.events,
        max_threads: 0,
        thread_stack: 0,
    }
}

/// A status as a result.
pub fn checked(status: c_int) -> Result<c_int, Status> {
    if status < 0 { Err(Status(status)) } else { Ok(status) }
}

unsafe extern "C" {
    pub fn pyr_open(
        memory: *mut c_void,
        len: usize,
        port: *const pyr_port,
        config: *const RawConfig,
        out: *mut *mut RawVm,
    ) -> c_int;
    pub fn pyr_enter(vm: *mut RawVm, entry: *mut Entry, timeout_ms: u32) -> c_int;
    pub fn pyr_leave(vm: *mut RawVm, entry: *mut Entry) -> c_int;
    pub fn pyr_interrupt(vm: *mut RawVm) -> c_int;
    pub fn pyr_post(vm: *mut RawVm, handler: Ref, value: i32) -> c_int;
    pub fn pyr_serve(vm: *mut RawVm, timeout_ms: u32) -> c_int;
    pub fn pyr_set_limits(vm: *mut RawVm, ticks: u32, ms: u32) -> c_int;
    pub fn pyr_strerror(status: c_int) -> *const c_char;
    pub fn pyr_exec(
        vm: *mut RawVm,
        source: *const c_char,
        len: usize,
        name: *const c_char,
        flags: u32,
    ) -> c_int;
    pub fn pyr_lookup(vm: *mut RawVm, module: *const c_char, name: *const c_char, out: *mut Ref) -> c_int;
    pub fn pyr_keep(vm: *mut RawVm, object: Ref, out: *mut Ref) -> c_int;
    pub fn pyr_drop(vm: *mut RawVm, object: Ref) -> c_int;
    pub fn pyr_new_int(vm: *mut RawVm, value: i64, out: *mut Ref) -> c_int;
    pub fn pyr_new_float(vm: *mut RawVm, value: f64, out: *mut Ref) -> c_int;
    pub fn pyr_new_str(vm: *mut RawVm, text: *const c_char, len: usize, out: *mut Ref) -> c_int;
    pub fn pyr_getattr(vm: *mut RawVm, object: Ref, name: *const c_char, out: *mut Ref) -> c_int;
    pub fn pyr_call(
        vm: *mut RawVm,
        function: Ref,
        args: *const Ref,
        n: usize,
        keywords: *const c_void,
        n_keywords: usize,
        out: *mut Ref,
    ) -> c_int;
    pub fn pyr_is_none(vm: *mut RawVm, object: Ref) -> c_int;
    pub fn pyr_get_int32(vm: *mut RawVm, object: Ref, out: *mut i32) -> c_int;
    pub fn pyr_get_int64(vm: *mut RawVm, object: Ref, out: *mut i64) -> c_int;
    pub fn pyr_get_float(vm: *mut RawVm, object: Ref, out: *mut f64) -> c_int;
    pub fn pyr_get_str(vm: *mut RawVm, object: Ref, buf: *mut c_char, size: usize, len: *mut usize) -> c_int;
    pub fn pyr_exception(vm: *mut RawVm, out: *mut Ref) -> c_int;
    pub fn pyr_exc_type(vm: *mut RawVm, e: Ref, buf: *mut c_char, size: usize, len: *mut usize) -> c_int;
    pub fn pyr_exc_message(vm: *mut RawVm, e: Ref, buf: *mut c_char, size: usize, len: *mut usize) -> c_int;
    pub fn pyr_exc_line(vm: *mut RawVm, e: Ref, file: *mut c_char, size: usize, line: *mut u32) -> c_int;
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::String;
    use std::vec::Vec;
    use std::{format, fs, process::Command};

    const HEADER: &str = include_str!("../../include/pyrite.h");

    /// How many parameters the declaration of `name` has that begins in `text`.
    fn parameters(text: &str, name: &str) -> Option<usize> {
        let (_, rest) = text.split_once(&format!("{name}("))?;
        let (inside, _) = rest.split_once(')')?;
        Some(inside.split(',').filter(|part| !part.trim().is_empty()).count())
    }

    #[test]
    fn functions_are_the_headers() {
        let own = include_str!("ffi.rs").split("#[cfg(test)]").next().unwrap();
        let names: Vec<&str> =
            own.split("pub fn pyr_").skip(1).filter_map(|rest| rest.split('(').next()).collect();
        assert!(names.len() > 20);
        for name in names {
            let in_header = parameters(HEADER, &format!("\nint pyr_{name}"));
            let in_header = in_header.or_else(|| parameters(HEADER, &format!("\nconst char *pyr_{name}")));
            assert_eq!(parameters(own, &format!("pub fn pyr_{name}")), in_header, "pyr_{name}");
        }
    }

    #[test]
    fn layout_is_the_headers() {
        let mut checks = String::from("#include \"pyrite.h\"\n");
        for (what, size) in [
            ("sizeof(pyr_ref)", size_of::<Ref>()),
            ("sizeof(pyr_entry)", size_of::<Entry>()),
            ("sizeof(struct pyr_config)", size_of::<RawConfig>()),
            ("offsetof(struct pyr_config, events)", core::mem::offset_of!(RawConfig, events)),
            ("offsetof(struct pyr_config, thread_stack)", core::mem::offset_of!(RawConfig, thread_stack)),
        ] {
            checks += &format!("_Static_assert({what} == {size}, \"{what}\");\n");
        }
        let probe = std::env::temp_dir().join(format!("pyrite-embed-{}.c", std::process::id()));
        fs::write(&probe, checks).unwrap();
        let mut cc = Command::new("cc");
        cc.args(["-std=c11", "-fsyntax-only", "-I", concat!(env!("CARGO_MANIFEST_DIR"), "/../include")]);
        let out = cc.arg(&probe).output().unwrap();
        fs::remove_file(&probe).unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    }
}
