//! Programs that need what the rig lacks (files, a command line, threads): on the POSIX port, as the host program has it.
//!
//! Each run is a process of its own, forked off one that has a single thread, in a folder of its own that it leaves empty.

use crate::rig;
use pyrite::port::Region;
use pyrite::runtime::{Config, Runtime};
use std::fs::{self, File};
use std::os::fd::AsRawFd;
use std::path::Path;

const HEAP: usize = 2 << 20;
/// Seconds that a run may take.
const LONGEST: u32 = 30;

// The part of libc that this needs.
unsafe extern "C" {
    fn fork() -> i32;
    fn waitpid(pid: i32, status: *mut i32, options: i32) -> i32;
    fn alarm(seconds: u32) -> u32;
    fn dup2(from: i32, to: i32) -> i32;
    fn _exit(status: i32) -> !;
}

/// Whether a program of this name and text runs here.
pub fn is_for(name: &str, text: &str) -> bool {
    let tagged = |need: &str| text.lines().any(|line| line.strip_prefix("# needs: ") == Some(need));
    name.contains("/threads/") || tagged("files") || tagged("a command line")
}

/// What it prints there, and how it ends.
pub fn run(name: &str) -> String {
    let me = std::process::id();
    let folder = rig::root().join("target/fuzz/host").join(me.to_string());
    let out = rig::keep(&format!("host-{me}"), b"");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    // SAFETY: the process has this one thread, so the child can go on as it is; the signal ends a child that hangs.
    let child = match unsafe { fork() } {
        0 => unsafe {
            alarm(LONGEST);
            _exit(run_here(&rig::root().join(name), &folder, &out))
        },
        child => child,
    };
    let mut status = 0;
    // SAFETY: `status` is there for the call.
    unsafe { waitpid(child, &raw mut status, 0) };
    let printed = fs::read(&out).unwrap_or_default();
    let _ = fs::remove_dir_all(&folder);
    let _ = fs::remove_file(&out);
    format!("{}\nstatus {status}", String::from_utf8_lossy(&printed))
}

fn run_here(program: &Path, folder: &Path, out: &Path) -> i32 {
    std::env::set_current_dir(folder).unwrap();
    let (out, none) = (File::create(out).unwrap(), File::open("/dev/null").unwrap());
    for (file, place) in [(&none, 0), (&out, 1), (&out, 2)] {
        // SAFETY: both are descriptors; what this process printed so far is not buffered.
        unsafe { dup2(file.as_raw_fd(), place) };
    }
    let memory = vec![0u64; HEAP / 8].leak();
    let config = Config { fiber_bytes: HEAP / 32, ..Config::default() };
    let Ok(mut rt) = Runtime::open(Region::of_words(memory), pyrite_posix::port(), &config) else {
        return 100;
    };
    let (path, at) = (program.display().to_string(), program.parent().map(|p| p.display().to_string()));
    let ready = rt
        .set_first_path(&at.unwrap_or_default())
        .and_then(|()| rt.add_argument(&path))
        .and_then(|()| rt.open_stderr("/dev/stderr"));
    if ready.is_err() {
        return 101;
    }
    let mut status = 0;
    if rt.run_file(&path).is_err() {
        rt.show_exception();
        status = 1;
    }
    if rt.run_atexit().is_err() || !rt.end_threads() {
        status += 2;
    }
    status
}
