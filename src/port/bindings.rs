//! The C structs of include/pyrite_port.h, made by `cargo xtask bindings`; never edited.
//! Header 0xebd2758c.
#![allow(non_camel_case_types, missing_docs)]

pub const PYR_PRIORITY_SAME: i32 = -2147483648;
pub const PYR_OPEN_READ: u32 = 1;
pub const PYR_OPEN_WRITE: u32 = 2;
pub const PYR_OPEN_APPEND: u32 = 4;
pub const PYR_OPEN_CREATE: u32 = 8;
pub const PYR_OPEN_TRUNCATE: u32 = 16;
pub const PYR_OPEN_EXCLUSIVE: u32 = 32;
pub const PYR_SEEK_START: u32 = 0;
pub const PYR_SEEK_CURRENT: u32 = 1;
pub const PYR_SEEK_END: u32 = 2;
pub const PYR_FILE_REGULAR: pyr_file_kind = 1;
pub const PYR_FILE_FOLDER: pyr_file_kind = 2;
pub const PYR_FILE_OTHER: pyr_file_kind = 3;
pub type pyr_file_kind = cty::c_uint;
#[repr(C)]
#[derive(Copy, Clone)]
pub struct pyr_stat {
    pub size: u64,
    pub mtime_s: i64,
    pub kind: u32,
    pub reserved: u32,
}
#[repr(C)]
#[derive(Copy, Clone)]
pub struct pyr_space {
    pub blocks: u64,
    pub blocks_free: u64,
    pub files: u64,
    pub files_free: u64,
    pub block_size: u32,
    pub name_max: u32,
}
#[repr(C)]
#[derive(Copy, Clone)]
pub struct pyr_files {
    pub abi_size: u32,
    pub stat: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut cty::c_void,
            path: *const cty::c_char,
            out: *mut pyr_stat,
        ) -> cty::c_int,
    >,
    pub open: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, path: *const cty::c_char, flags: u32) -> cty::c_int,
    >,
    pub read: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut cty::c_void,
            handle: cty::c_int,
            buf: *mut cty::c_void,
            len: usize,
        ) -> i32,
    >,
    pub write: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut cty::c_void,
            handle: cty::c_int,
            buf: *const cty::c_void,
            len: usize,
        ) -> i32,
    >,
    pub seek: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut cty::c_void,
            handle: cty::c_int,
            offset: i64,
            origin: cty::c_int,
        ) -> i64,
    >,
    pub close: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, handle: cty::c_int) -> cty::c_int,
    >,
    pub list: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, path: *const cty::c_char) -> cty::c_int,
    >,
    pub list_next: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut cty::c_void,
            handle: cty::c_int,
            name: *mut cty::c_char,
            len: usize,
            out: *mut pyr_stat,
        ) -> cty::c_int,
    >,
    pub remove: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, path: *const cty::c_char, kind: u32) -> cty::c_int,
    >,
    pub rename: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut cty::c_void,
            from: *const cty::c_char,
            to: *const cty::c_char,
        ) -> cty::c_int,
    >,
    pub make_folder: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, path: *const cty::c_char) -> cty::c_int,
    >,
    pub folder: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, out: *mut cty::c_char, len: usize) -> cty::c_int,
    >,
    pub space: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut cty::c_void,
            path: *const cty::c_char,
            out: *mut pyr_space,
        ) -> cty::c_int,
    >,
    pub user: *mut cty::c_void,
}
pub const PYR_CONSOLE_CRLF: pyr_console = 1;
pub type pyr_console = cty::c_uint;
#[repr(C)]
#[derive(Copy, Clone)]
pub struct pyr_port {
    pub abi_size: u32,
    pub mutex_size: u16,
    pub mutex_align: u16,
    pub wake_size: u16,
    pub wake_align: u16,
    pub task_size: u16,
    pub task_align: u16,
    pub stack_align: u16,
    pub console: u16,
    pub slice_us: u32,
    pub clock_us: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void) -> u64>,
    pub cpu_ticks: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void) -> u32>,
    pub epoch_us: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void) -> i64>,
    pub mutex_init: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, mutex: *mut cty::c_void) -> cty::c_int,
    >,
    pub mutex_lock: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, mutex: *mut cty::c_void, timeout_us: u64) -> cty::c_int,
    >,
    pub mutex_unlock:
        ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, mutex: *mut cty::c_void)>,
    pub mutex_end:
        ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, mutex: *mut cty::c_void)>,
    pub wake_init: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, wake: *mut cty::c_void) -> cty::c_int,
    >,
    pub wake: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, wake: *mut cty::c_void)>,
    pub wait: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, wake: *mut cty::c_void, timeout_us: u64) -> cty::c_int,
    >,
    pub wake_end:
        ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, wake: *mut cty::c_void)>,
    pub task_self: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void) -> usize>,
    pub yield_now: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void)>,
    pub stack_left: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void) -> usize>,
    pub task_create: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut cty::c_void,
            task: *mut cty::c_void,
            stack: *mut cty::c_void,
            stack_len: usize,
            entry: ::core::option::Option<unsafe extern "C" fn(arg: *mut cty::c_void)>,
            arg: *mut cty::c_void,
            name: *const cty::c_char,
            priority: i32,
        ) -> cty::c_int,
    >,
    pub task_end:
        ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, task: *mut cty::c_void)>,
    pub task_reap: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, task: *mut cty::c_void) -> cty::c_int,
    >,
    pub console_read: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, buf: *mut u8, len: usize) -> cty::c_int,
    >,
    pub console_write: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, buf: *const u8, len: usize) -> cty::c_int,
    >,
    pub console_notify:
        ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, wake: *mut cty::c_void)>,
    pub critical_enter: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void) -> usize>,
    pub critical_exit: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, state: usize)>,
    pub entropy: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, buf: *mut u8, len: usize) -> usize,
    >,
    pub variable_get: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, name: *const cty::c_char) -> *const cty::c_char,
    >,
    pub variable_set: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut cty::c_void,
            name: *const cty::c_char,
            value: *const cty::c_char,
        ) -> cty::c_int,
    >,
    pub running: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, safepoints: u32)>,
    pub fatal:
        ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, reason: *const cty::c_char)>,
    pub files: *const pyr_files,
    pub user: *mut cty::c_void,
}
