//! A firmware in Rust: tasks of `freertos-next`, one of which runs Python, while another calls into it.
//!
//! Runs on FreeRTOS's Posix port. On a board the same sources want a `#![no_std]`, a place for the memory in `.bss`, and
//! another `c/port.c`.

use freertos_next::{CurrentTask, Duration, FreeRtosUtils, Task, TaskPriority};
use pyrite_embed::{Config, Error, Kept, Vm, pyr_port};
use std::fmt::Write;
use std::sync::OnceLock;

/// Bytes that Python has, and words of the tasks' stacks: a build without optimisation takes much.
const PYTHON_BYTES: usize = 256 * 1024;
const STACK_WORDS: u16 = u16::MAX;

const PROGRAM: &str = "
print('Python runs in a task of Rust')
def scale(n):
    if not isinstance(n, int):
        raise ValueError('not a number')
    return n * 3
def on_event(n):
    print('event', n)
";

/// The VM, and the handler that events go to.
static PYTHON: OnceLock<(Vm, Kept)> = OnceLock::new();

unsafe extern "C" {
    static firmware_port: pyr_port;
    fn firmware_write(buf: *const u8, len: usize) -> i32;
}

/// A line of text for the console, put together without a heap.
struct Line([u8; 96], usize);

impl Write for Line {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let place = self.0.get_mut(self.1..self.1 + text.len()).ok_or(std::fmt::Error)?;
        place.copy_from_slice(text.as_bytes());
        self.1 += text.len();
        Ok(())
    }
}

fn say(what: std::fmt::Arguments) {
    let mut line = Line([0; 96], 0);
    let _ = writeln!(line, "{what}");
    // SAFETY: so many bytes of the line are filled.
    unsafe { firmware_write(line.0.as_ptr(), line.1) };
}

/// Opens the VM, runs the program, and then serves what others post; calls come in while it sleeps.
fn python_task(memory: &'static mut [u64]) -> Result<(), Error> {
    let config = Config { max_tasks: 2, ..Config::default() };
    // SAFETY: the port is FreeRTOS's own shim, which the gate's conformance program has tested.
    let vm = unsafe { Vm::open(memory, &firmware_port, &config) }?;
    let handler = vm.enter(None, |py| {
        py.exec(PROGRAM, c"main.py")?;
        py.lookup(c"__main__", c"on_event")?.keep()
    })??;
    let (vm, _) = PYTHON.get_or_init(|| (vm, handler));
    vm.enter(None, |py| py.serve(None))?
}

/// `scale(n)` of the program.
fn scale(vm: &Vm, n: i64) -> Result<i32, Error> {
    vm.enter(Some(1000), |py| py.lookup(c"__main__", c"scale")?.call(&[&py.int(n)?])?.to_i32())?
}

/// Calls Python, posts to it, and has it fail.
fn sensor_task() -> Result<(), Error> {
    let (vm, handler) = loop {
        match PYTHON.get() {
            Some(python) => break python,
            None => CurrentTask::delay(Duration::ms(1)),
        }
    };
    for n in 1..=3 {
        say(format_args!("scale({n}) = {}", scale(vm, n)?));
    }
    vm.post(handler, 7)?;
    CurrentTask::delay(Duration::ms(20));
    let failed =
        vm.enter(Some(1000), |py| py.lookup(c"__main__", c"scale")?.call(&[&py.str("seven")?]).map(drop))?;
    if let Err(why) = failed {
        say(format_args!("{why}"));
    }
    Ok(())
}

fn main() {
    let memory = Box::leak(vec![0u64; PYTHON_BYTES / 8].into_boxed_slice());
    let python = Task::new().name("python").stack_size(STACK_WORDS).priority(TaskPriority(1)).start(|_| {
        if let Err(why) = python_task(memory) {
            say(format_args!("python: {why}"));
        }
        std::process::exit(1);
    });
    let sensor = Task::new().name("sensor").stack_size(STACK_WORDS).priority(TaskPriority(2)).start(|_| {
        let done = sensor_task();
        if let Err(why) = done {
            say(format_args!("sensor: {why}"));
        }
        std::process::exit(i32::from(done.is_err()));
    });
    assert!(python.is_ok() && sensor.is_ok(), "FreeRTOS starts both tasks");
    FreeRtosUtils::start_scheduler();
}
