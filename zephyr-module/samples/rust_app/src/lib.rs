//! A Zephyr application in Rust that has Python in it: it calls a function of a program, gets its exception, and has an
//! event served, between calls of the kernel through zephyr-lang-rust.
#![no_std]

use pyrite_embed::{Config, Error, Python, Vm, pyr_port};
use zephyr::printkln;
use zephyr::time::{Duration, sleep};

const PROGRAM: &str = "
def scale(n):
    if not isinstance(n, int):
        raise ValueError('not a number')
    return n * 3

def on_event(n):
    print('event', n)

print('Python runs in Rust')
";

/// What Python has: objects, and the value stack of its one task.
const PYTHON_BYTES: usize = 64 * 1024;

unsafe extern "C" {
    /// In `port.c`.
    static app_port: pyr_port;
}

#[unsafe(no_mangle)]
extern "C" fn rust_main() {
    printkln!("Rust on {}", zephyr::kconfig::CONFIG_BOARD);
    static mut MEMORY: [u64; PYTHON_BYTES / 8] = [0; PYTHON_BYTES / 8];
    let memory = &raw mut MEMORY;
    // SAFETY: Zephyr calls this function once, and nothing else names the memory.
    match run(unsafe { &mut *memory }) {
        Ok(()) => printkln!("done"),
        Err(why) => printkln!("rust_app: {}", why),
    }
}

fn run(memory: &'static mut [u64]) -> Result<(), Error> {
    let config = Config { max_tasks: 1, ..Config::default() };
    // SAFETY: the port is Pyrite's own for Zephyr.
    let vm = unsafe { Vm::open(memory, &app_port, &config) }?;
    vm.enter(None, |py| py.exec(PROGRAM, c"main.py"))??;

    for n in 1..=3 {
        // Python's task is not inside while the kernel sleeps: other tasks might enter.
        sleep(Duration::millis(10));
        printkln!("scale({}) gives {}", n, vm.enter(None, |py| scale(py, n))??);
    }
    match vm.enter(None, |py| call(py, "seven"))? {
        Err(Error::Raised(e)) => printkln!("{}: {}", e.kind.as_str(), e.message.as_str()),
        other => other?,
    }

    let handler = vm.enter(None, |py| py.lookup(c"__main__", c"on_event")?.keep())??;
    vm.post(&handler, 7)?;
    vm.enter(None, |py| py.serve(Some(100)))??;
    printkln!("up for {} ms", zephyr::sys::uptime_get());
    Ok(())
}

fn scale(py: &Python, n: i64) -> Result<i32, Error> {
    py.lookup(c"__main__", c"scale")?.call(&[&py.int(n)?])?.to_i32()
}

fn call(py: &Python, text: &str) -> Result<(), Error> {
    py.lookup(c"__main__", c"scale")?.call(&[&py.str(text)?]).map(drop)
}
