//! `pyrite`: Python on POSIX, with MicroPython's unix command line.

mod options;

use options::{GcMode, Options, Other, Program};
use pyrite::compile::{Mode, SliceSource};
use pyrite::heap;
use pyrite::port::Region;
use pyrite::runtime::exec::Failed;
use pyrite::runtime::{Config, ReplEnd, ReplOptions, Runtime, Terminal};
use pyrite::vm::Remote;
use std::ffi::{c_int, c_void};
use std::io::{IsTerminal, Read, Write};
use std::path::Path;
use std::process::exit;
use std::sync::atomic::{AtomicPtr, Ordering};

fn main() {
    let options = match options::parse(words().skip(1)) {
        Ok(o) => o,
        Err(Other::Usage) => {
            print!("{}", options::USAGE);
            exit(1);
        }
        Err(Other::Version) => {
            println!("{}", pyrite::runtime::BANNER.lines().next().unwrap_or_default());
            exit(0);
        }
        Err(Other::Bad(why)) => {
            eprintln!("pyrite: {why}");
            exit(1);
        }
    };
    let memory = vec![0u64; options.heap.div_ceil(8)].leak().as_mut_ptr();
    match open(memory, &options) {
        Some(mut rt) => exit(run(&mut rt, memory, &options)),
        None => exit(1),
    }
}

/// The words of the command line; what is no UTF-8 in them becomes U+FFFD.
fn words() -> impl Iterator<Item = String> {
    std::env::args_os().map(|word| word.to_string_lossy().into_owned())
}

/// A VM over `memory`, which the one before it no longer uses.
fn open(memory: *mut u64, o: &Options) -> Option<Runtime> {
    // SAFETY: `main` has set so much aside for good, for one VM at a time.
    let memory = unsafe { std::slice::from_raw_parts_mut(memory, o.heap.div_ceil(8)) };
    // Deep recursion is what hosts have room for.
    let config = Config { fiber_bytes: (o.heap / 8).clamp(512, 64 << 10), ..Config::default() };
    let Ok(mut rt) = Runtime::open(Region::of_words(memory), pyrite_posix::port(), &config) else {
        eprintln!("pyrite: a heap of {} bytes is too small", o.heap);
        return None;
    };
    rt.vm().set_machine(pyrite_posix::machine());
    Some(rt)
}

// ---- ctrl-C --------------------------------------------------------------------------------------------------

/// The VM's that runs: a new one after a soft reset, so it is looked up each time.
static REMOTE: AtomicPtr<Remote> = AtomicPtr::new(std::ptr::null_mut());

extern "C" fn on_interrupt(_: *mut c_void) -> c_int {
    // SAFETY: what is stored there was leaked.
    match unsafe { REMOTE.load(Ordering::Acquire).as_ref() } {
        Some(i) => i.interrupt().into(),
        None => 0,
    }
}

/// From now on ctrl-C interrupts this VM.
fn take_interrupts(rt: &mut Runtime) {
    REMOTE.store(Box::into_raw(Box::new(rt.vm().remote())), Ordering::Release);
    // SAFETY: the handler touches atomics and the wake object only.
    unsafe { pyrite_posix::on_interrupt(Some(on_interrupt), std::ptr::null_mut()) };
}

fn terminal(to: Terminal) {
    pyrite_posix::raw_terminal(to != Terminal::Usual);
}

/// The exit status that tells tests of a heap that does not verify.
const HEAP_DAMAGED: i32 = 70;

// ---- running -------------------------------------------------------------------------------------------------

fn run(rt: &mut Runtime, memory: *mut u64, o: &Options) -> i32 {
    take_interrupts(rt);
    rt.vm().state_mut().opt_level = o.opt_level;
    if let Some(mode) = o.gc {
        rt.vm().heap_mut().set_mode(match mode {
            GcMode::Normal => heap::Mode::Normal,
            GcMode::Never => heap::Mode::Never,
            GcMode::Always => heap::Mode::Always,
        });
    }
    if prepare(rt, o).is_err() {
        eprintln!("pyrite: the heap is too small");
        return 1;
    }
    if let Some(path) = &o.frozen {
        // The modules' code runs in it to the end.
        let blob = std::fs::read(path).unwrap_or_default().leak();
        if !pyrite::runtime::frozen::set(rt.vm(), blob).unwrap_or(false) {
            eprintln!("pyrite: {path}: no frozen modules");
            return 1;
        }
    }
    if let Program::File(path) = &o.program
        && let Err(e) = std::fs::File::open(path)
    {
        eprintln!(
            "pyrite: can't open file '{path}': [Errno {}] {}",
            e.raw_os_error().unwrap_or(0),
            reason(&e)
        );
        return 2;
    }
    if let Some((n, from)) = o.fail_at {
        rt.vm().heap_mut().fail_at(n, from);
    }
    let done = match &o.program {
        Program::Text(text) if o.compile_only => {
            rt.check_source(&mut SliceSource::new(text.as_bytes()), "<stdin>")
        }
        Program::Text(text) => rt.run_text(text.as_bytes(), "<stdin>", Mode::File).map(|_| ()),
        Program::Module(name) => rt.run_module(name).map(|_| ()),
        Program::File(path) if o.compile_only => rt.check_file(path),
        Program::File(path) if o.verbose > 1 => rt.list_and_run_file(path).map(|_| ()),
        Program::File(path) => rt.run_file(path).map(|_| ()),
        Program::Stdin if std::io::stdin().is_terminal() => return repl(rt, memory, o),
        Program::Stdin => {
            let mut text = Vec::new();
            match std::io::stdin().read_to_end(&mut text) {
                Ok(_) if o.compile_only => rt.check_source(&mut SliceSource::new(&text), "<stdin>"),
                Ok(_) => rt.run_text(&text, "<stdin>", Mode::File).map(|_| ()),
                Err(_) => return 1,
            }
        }
    };
    rt.vm().heap_mut().fail_at(0, false);
    let mut status = ended(rt, done);
    if let Some((n, _)) = o.fail_at.filter(|_| rt.vm().heap().counts().refused == 0) {
        eprintln!("pyrite: allocation {n} not reached");
    }
    if let Some(path) = &o.after {
        rt.end_threads();
        rt.end_devices();
        if let Err(fault) = rt.vm().heap().verify() {
            eprintln!("pyrite: the heap is damaged: {fault:?}");
            return HEAP_DAMAGED;
        }
        let done = rt.run_file(path).map(|_| ());
        status = ended(rt, done);
    }
    // A program may ask for the prompt while it runs.
    if o.inspect || std::env::var_os("MICROPYINSPECT").is_some() {
        status = repl(rt, memory, o);
    }
    let last = rt.run_atexit();
    let at_end = ended(rt, last);
    rt.end_threads();
    rt.end_devices();
    if o.verbose > 0 && rt.show_memory().is_err() {
        return 1;
    }
    if at_end != 0 { at_end } else { status }
}

/// The system's words for an error, without its number.
fn reason(e: &std::io::Error) -> String {
    let text = e.to_string();
    text.split(" (os error").next().unwrap_or("").to_string()
}

/// The exit status of a program; what it raised goes to the error stream.
fn ended(rt: &mut Runtime, done: Result<(), Failed>) -> i32 {
    match done {
        Ok(()) => 0,
        Err(Failed::Exit(n)) => {
            if let Some(text) = rt.exit_message() {
                let _ = std::io::stderr().write_all(rt.vm().heap().str_bytes(text));
                eprintln!();
            }
            n & 0xff
        }
        Err(Failed::Raised) => {
            let text = rt.exception_text();
            let heap = rt.vm().heap();
            let bytes = text.map_or(&b"MemoryError: \n"[..], |t| heap.str_bytes(t));
            let _ = std::io::stderr().write_all(bytes);
            1
        }
    }
}

/// `sys.path`, `sys.argv`, `sys.stderr`.
fn prepare(rt: &mut Runtime, o: &Options) -> Result<(), heap::Raised> {
    let first = match &o.program {
        Program::File(path) => {
            let real = Path::new(path).canonicalize().ok();
            let folder = real.as_deref().and_then(Path::parent).and_then(Path::to_str);
            folder.unwrap_or("").to_string()
        }
        _ => String::new(),
    };
    rt.set_first_path(&first)?;
    match std::env::var("MICROPYPATH") {
        Ok(path) => {
            for entry in path.split(':') {
                rt.add_path(entry)?;
            }
        }
        Err(_) => {
            rt.add_path(".frozen")?;
            if let Ok(home) = std::env::var("HOME") {
                rt.add_path(&format!("{home}/.micropython/lib"))?;
            }
            rt.add_path("/usr/lib/micropython")?;
        }
    }
    for a in &o.argv {
        rt.add_argument(a)?;
    }
    // Without it the console stands in.
    if rt.open_stderr("/dev/stderr").is_err() {
        rt.vm().heap_mut().raised = None;
    }
    Ok(())
}

fn repl(rt: &mut Runtime, memory: *mut u64, o: &Options) -> i32 {
    let mut options = ReplOptions { terminal: Some(terminal), ..ReplOptions::default() };
    loop {
        match rt.repl(&options) {
            ReplEnd::Exit(n) => return n & 0xff,
            ReplEnd::End => {
                println!();
                return 0;
            }
            // A tool has asked for a soft reset.
            ReplEnd::EndRaw => {
                let last = rt.run_atexit();
                let _ = ended(rt, last);
                rt.end_threads();
                rt.end_devices();
                println!("MPY: soft reboot");
                *rt = match open(memory, o) {
                    Some(rt) => rt,
                    None => return 1,
                };
                take_interrupts(rt);
                if prepare(rt, o).is_err() {
                    return 1;
                }
                options.raw = true;
            }
        }
    }
}
