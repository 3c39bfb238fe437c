//! `pyrite-cross`: compiles a Python file to `.mpy`, with `mpy-cross`'s command line.
//!
//! Invariants
//! - the same options mean the same; options for native code are refused, because Pyrite makes none.

use pyrite::compile::{Mode, Options, SliceSource, compile};
use pyrite::heap::{Heap, Kind, TypeId};
use std::io::{Read, Write};
use std::{env, fs, io, process};

const USAGE: &str = "usage: pyrite-cross [<opts>] [-X <implopt>] [--] <input filename>
Options:
--version : show version information
-o : output file for compiled bytecode (defaults to input filename with .mpy extension, or stdout if input is stdin)
-s : source filename to embed in the compiled bytecode (defaults to input file)
-O[N] : apply bytecode optimizations of level N

Implementation specific options:
  emit=bytecode -- the only code emitter
  heapsize=<n> -- set the heap size for the compiler (default 32M)
";

struct Job {
    input: String,
    output: Option<String>,
    source: Option<String>,
    level: u8,
    heap: usize,
}

fn usage() -> ! {
    eprint!("{USAGE}");
    process::exit(1)
}

/// `64k`, `8M`, `100000`.
fn size(text: &str) -> Option<usize> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match text.get(digits.len()..)?.trim_start_matches(['w', 'W']).to_ascii_lowercase().as_str() {
        "" => 1,
        "k" => 1 << 10,
        "m" => 1 << 20,
        _ => return None,
    };
    digits.parse::<usize>().ok()?.checked_mul(unit)
}

fn arguments() -> Job {
    let mut job = Job { input: String::new(), output: None, source: None, level: 0, heap: 32 << 20 };
    let mut args = env::args().skip(1);
    let mut options = true;
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--" if options => options = false,
            "--version" if options => {
                println!("Pyrite {} emitting mpy v6.3", env!("CARGO_PKG_VERSION"));
                process::exit(0);
            }
            "-o" if options => job.output = Some(args.next().unwrap_or_else(|| usage())),
            "-s" if options => job.source = Some(args.next().unwrap_or_else(|| usage())),
            "-X" if options => match args.next().unwrap_or_else(|| usage()).as_str() {
                "emit=bytecode" => {}
                other => match other.strip_prefix("heapsize=").and_then(size) {
                    Some(n) => job.heap = n,
                    None => usage(),
                },
            },
            level if options && level.starts_with("-O") => {
                job.level = match level.get(2..).unwrap_or("") {
                    "" => 1,
                    n => n.parse().unwrap_or_else(|_| usage()),
                }
            }
            "-msmall-int-bits=31" if options => {}
            other if options && other.len() > 1 && other.starts_with('-') => usage(),
            _ if !job.input.is_empty() => usage(),
            _ => job.input = arg,
        }
    }
    if job.input.is_empty() {
        usage();
    }
    job
}

fn fail(text: &str) -> ! {
    eprintln!("{text}");
    process::exit(1)
}

/// The exception on its way, as a traceback.
fn complaint(heap: &Heap) -> String {
    let text = |v| String::from_utf8_lossy(heap.str_bytes(v)).into_owned();
    let Some(e) = heap.raised.filter(|e| heap.is(*e, Kind::Exception)) else {
        return "MemoryError: the heap is too small (-X heapsize=)".into();
    };
    let name = match heap.field(e, 0).as_type_id() {
        Some(TypeId::IndentationError) => "IndentationError",
        Some(TypeId::NotImplementedError) => "NotImplementedError",
        Some(TypeId::RuntimeError) => "RuntimeError",
        _ => "SyntaxError",
    };
    let message = pyrite::object::tuple::get(heap, heap.field(e, 1), 0).map(text).unwrap_or_default();
    let mut out = String::from("Traceback (most recent call last):\n");
    if let Some(entry) = heap.slot(e, 2) {
        out += &format!("  File \"{}\", line {}\n", text(heap.field(entry, 0)), heap.int(entry, 1));
    }
    out + &format!("{name}: {message}")
}

fn main() {
    let job = arguments();
    let mut text = Vec::new();
    let read = match job.input.as_str() {
        "-" => io::stdin().read_to_end(&mut text).map(|_| ()),
        path => fs::read(path).map(|t| text = t),
    };
    if let Err(e) = read {
        fail(&format!("OSError: {}: {e}", job.input));
    }
    let embedded = job.source.as_deref().unwrap_or(if job.input == "-" { "<stdin>" } else { &job.input });
    let mut memory = vec![0u64; job.heap / 8];
    // SAFETY: `memory` is 8-aligned, outlives the heap and is used by nothing else.
    #[allow(unsafe_code)]
    let mut heap = unsafe { Heap::new(memory.as_mut_ptr().cast(), memory.len() * 8) };
    let made = heap.intern(embedded.as_bytes()).and_then(|file_name| {
        let mut source = SliceSource::new(&text);
        let code = compile(
            &mut heap,
            &mut source,
            &Options { mode: Mode::File, file_name, opt_level: job.level, except_lines: false },
        )?;
        pyrite::code::write::to_bytes(&mut heap, code)
    });
    let file = match made {
        Ok(v) => heap.str_bytes(v).to_vec(),
        Err(_) => fail(&complaint(&heap)),
    };
    let target = match (job.output.as_deref(), job.input.as_str()) {
        (Some("-"), _) | (None, "-") => None,
        (Some(path), _) => Some(path.to_string()),
        (None, input) => Some(format!("{}.mpy", input.strip_suffix(".py").unwrap_or(input))),
    };
    let written = match target {
        Some(path) => fs::write(path, file),
        None => io::stdout().write_all(&file),
    };
    if let Err(e) = written {
        fail(&format!("OSError: {e}"));
    }
}
