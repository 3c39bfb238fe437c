//! The POSIX port (`pyrite_posix.c`) for Rust programs: host tools and tests.
//!
//! One console and one interrupt handler per process, as in the C header.

use pyrite::port::machine::Machine;
use pyrite::port::machine::bindings::{pyr_machine, pyr_timer_ops};
use pyrite::port::{Port, pyr_port};
use std::ffi::{c_int, c_void};
use std::ptr;

unsafe extern "C" {
    fn pyr_posix_port() -> *const pyr_port;
    fn pyr_posix_on_interrupt(call: Option<extern "C" fn(*mut c_void) -> c_int>, arg: *mut c_void);
    fn pyr_posix_raw(on: c_int) -> c_int;
    static pyr_posix_timers: pyr_timer_ops;
}

/// The port over this process's threads, standard input and output, and files.
pub fn port() -> Port {
    // SAFETY: the shim returns its constant table, which keeps the contract of pyrite_port.h.
    unsafe { Port::new(pyr_posix_port()) }.expect("the shim and the library come from one source tree")
}

/// The devices of this process: timers.
pub fn machine() -> Machine {
    /// The table is constant.
    struct Table(pyr_machine);
    // SAFETY: as said.
    unsafe impl Sync for Table {}
    static TABLE: Table = Table(pyr_machine {
        abi_size: size_of::<pyr_machine>() as u32,
        system: ptr::null(),
        pin: ptr::null(),
        timer: &raw const pyr_posix_timers,
        i2c: ptr::null(),
        spi: ptr::null(),
        uart: ptr::null(),
        adc: ptr::null(),
        wdt: ptr::null(),
    });
    // SAFETY: the tables are constant, and the shim keeps the contract of pyrite_machine.h.
    unsafe { Machine::new(&TABLE.0) }.expect("the shim and the library come from one source tree")
}

/// From now on SIGINT, and ctrl-C typed on a raw terminal, calls `call(arg)`; `None` ends that.
///
/// # Safety
/// `call` runs in signal handlers and on other threads: it may only do what an interrupt may, and `arg` must be good for
/// it until this function is called again.
pub unsafe fn on_interrupt(call: Option<extern "C" fn(*mut c_void) -> c_int>, arg: *mut c_void) {
    // SAFETY: the caller keeps the C function's contract, which is the same.
    unsafe { pyr_posix_on_interrupt(call, arg) }
}

/// Switches the terminal between raw and as it was; false when standard input or output is no terminal.
pub fn raw_terminal(on: bool) -> bool {
    // SAFETY: no preconditions.
    unsafe { pyr_posix_raw(on.into()) == 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyrite::port::{
        Critical, Errno, FileKind, Mutex, PYR_OPEN_CREATE, PYR_OPEN_READ, PYR_OPEN_WRITE, Region, Wake,
    };
    use std::ffi::CString;
    use std::ptr::NonNull;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::{Duration, Instant};

    fn region() -> Region {
        let memory = Box::leak(vec![0u128; 64].into_boxed_slice());
        // SAFETY: leaked just now.
        unsafe { Region::new(NonNull::from(memory).cast(), 1024) }
    }

    #[test]
    fn unlock_hands_over_to_the_waiter() {
        let mutex = Mutex::new(port(), &mut region()).unwrap();
        let turns = AtomicU32::new(0);
        std::thread::scope(|scope| {
            assert!(mutex.lock(0));
            scope.spawn(|| {
                assert!(mutex.lock(pyrite::port::FOREVER));
                turns.store(1, Ordering::SeqCst);
                mutex.unlock();
            });
            std::thread::sleep(Duration::from_millis(50));
            assert!(!mutex.lock(10_000));
            mutex.unlock();
            assert!(mutex.lock(1_000_000));
            assert_eq!(turns.load(Ordering::SeqCst), 1);
            mutex.unlock();
        });
        mutex.end();
    }

    #[test]
    fn a_wake_before_the_wait_is_not_lost_and_a_timeout_is_kept() {
        let wake = Wake::new(port(), &mut region()).unwrap();
        wake.set();
        assert!(wake.wait(0) && !wake.wait(0));
        let start = Instant::now();
        assert!(!wake.wait(30_000));
        assert!(start.elapsed() >= Duration::from_millis(30));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(Duration::from_millis(20));
                wake.set();
            });
            assert!(wake.wait(pyrite::port::FOREVER));
        });
        wake.end();
    }

    #[test]
    fn sections_exclude_each_other() {
        let mut count = 0u32;
        let place = &raw mut count as usize;
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(move || {
                    for _ in 0..10_000 {
                        let _outer = Critical::enter(port());
                        let _inner = Critical::enter(port());
                        // SAFETY: the section makes it exclusive, which is what is tested.
                        unsafe { *(place as *mut u32) += 1 };
                    }
                });
            }
        });
        assert_eq!(count, 20_000);
    }

    #[test]
    fn files_and_listings() {
        let files = port().files().unwrap();
        let folder = std::env::temp_dir().join(format!("pyrite-posix-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = |name: &str| CString::new(folder.join(name).to_str().unwrap()).unwrap();
        let handle = files.open(&path("a.txt"), PYR_OPEN_READ | PYR_OPEN_WRITE | PYR_OPEN_CREATE).unwrap();
        let mut hello = *b"hello";
        // SAFETY: the bytes stay where they are until the call is over.
        let loan = unsafe { pyrite::port::Loan::new(hello.as_mut_ptr(), hello.len()) };
        assert_eq!(files.write(handle, loan), Ok(5));
        assert_eq!(files.seek(handle, -4, pyrite::port::Origin::End), Ok(1));
        let mut room = [0; 16];
        assert_eq!(files.read_into(handle, &mut room), Ok(4));
        assert_eq!(&room[..4], b"ello");
        files.close(handle).unwrap();
        assert_eq!(files.stat(&path("a.txt")).map(|s| (s.kind, s.size)), Ok((FileKind::Regular, 5)));
        assert_eq!(files.stat(&path("b.txt")), Err(Errno::ENOENT));
        assert_eq!(files.open(&path(""), PYR_OPEN_READ), Err(Errno(21)));
        let list = files.list(&path("")).unwrap();
        let (len, stat) = files.list_next(list, &mut room).unwrap().unwrap();
        assert_eq!((&room[..len], stat.size), (&b"a.txt"[..], 5));
        assert_eq!(files.list_next(list, &mut room), Ok(None));
        files.close(list).unwrap();
        assert!(files.close(list).is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn tasks_and_stack() {
        let port = port();
        let other = std::thread::spawn(move || port.task_self()).join().unwrap();
        assert!(other.is_some() && port.task_self().is_some());
        let left = port.stack_left();
        assert!(left > 64 * 1024 && left < usize::MAX / 2, "{left}");
        let mut bytes = [0; 16];
        assert_eq!(port.entropy(&mut bytes), 16);
    }
}
