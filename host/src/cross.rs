//! `pyrite-cross`: compiles a Python file to `.mpy`, with `mpy-cross`'s command line.
//!
//! Invariants
//! - the same options mean the same; options for native code are refused, because Pyrite makes none.

mod mpy;

use mpy::{cannot_open, to_mpy};
use std::io::{Read, Write};
use std::{env, fs, io, process};

const USAGE: &str = "[<opts>] [-X <implopt>] [--] <input filename>
Options:
--version : show version information
-o : output file for compiled bytecode (defaults to input filename with .mpy extension, or stdout if input is stdin)
-s : source filename to embed in the compiled bytecode (defaults to input file)
-v : accepted; there is nothing to trace
-O[N] : apply bytecode optimizations of level N

Target specific options:
-msmall-int-bits=31 : the bits that a small int has
-march=<arch> : accepted, bytecode is the same for all;
                x86, x64, armv6, armv6m, armv7m, armv7em, armv7emsp,
                armv7emdp, xtensa, xtensawin, rv32imc, rv64imc, host, debug
-march-flags=<flags> : accepted

Implementation specific options:
  emit=bytecode -- the only code emitter
  heapsize=<n>[w][k|m] -- set the heap size for the compiler (default 32M)
";

const ARCHITECTURES: [&str; 14] = [
    "x86",
    "x64",
    "armv6",
    "armv6m",
    "armv7m",
    "armv7em",
    "armv7emsp",
    "armv7emdp",
    "xtensa",
    "xtensawin",
    "rv32imc",
    "rv64imc",
    "host",
    "debug",
];

struct Job {
    input: String,
    output: Option<String>,
    source: Option<String>,
    level: u8,
    heap: usize,
}

/// The options make no sense: how they are used, as `mpy-cross` says it.
fn usage() -> ! {
    print!("usage: {} {USAGE}", env::args().next().unwrap_or("pyrite-cross".into()));
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
                "emit=native" | "emit=viper" => fail("native code not supported"),
                other => match other.strip_prefix("heapsize=").and_then(size) {
                    Some(n) => job.heap = n,
                    None => usage(),
                },
            },
            // As C reads a number: what is none counts as 0.
            level if options && level.starts_with("-O") => {
                job.level = match level.get(2..).unwrap_or("") {
                    "" => 1,
                    n => n
                        .bytes()
                        .take_while(u8::is_ascii_digit)
                        .fold(0u8, |n, b| n.saturating_mul(10).saturating_add(b - b'0')),
                }
            }
            v if options && is_verbose(v) => {}
            "-msmall-int-bits=31" if options => {}
            arch if options && arch.strip_prefix("-march=").is_some_and(|a| ARCHITECTURES.contains(&a)) => {}
            flags if options && flags.starts_with("-march-flags=") => {}
            other if options && other.len() > 1 && other.starts_with('-') => usage(),
            _ if !job.input.is_empty() => fail("multiple input files"),
            _ => job.input = arg,
        }
    }
    if job.input.is_empty() {
        fail("no input file");
    }
    job
}

/// `-v`, `-vv`, …
fn is_verbose(arg: &str) -> bool {
    arg.strip_prefix('-').is_some_and(|v| !v.is_empty() && v.bytes().all(|b| b == b'v'))
}

fn fail(text: &str) -> ! {
    eprintln!("{text}");
    process::exit(1)
}

fn main() {
    let job = arguments();
    let mut text = Vec::new();
    let read = match job.input.as_str() {
        "-" => io::stdin().read_to_end(&mut text).map(|_| ()),
        path => fs::read(path).map(|t| text = t),
    };
    if let Err(e) = read {
        fail(&cannot_open(&job.input, &e));
    }
    let embedded = job.source.as_deref().unwrap_or(if job.input == "-" { "<stdin>" } else { &job.input });
    let file = to_mpy(&text, embedded, job.level, job.heap).unwrap_or_else(|why| fail(&why));
    let target = match (job.output.as_deref(), job.input.as_str()) {
        (Some("-"), _) | (None, "-") => None,
        (Some(path), _) => Some(path.to_string()),
        (None, input) => Some(format!("{}.mpy", input.strip_suffix(".py").unwrap_or(input))),
    };
    let written = match &target {
        Some(path) => fs::write(path, file),
        None => io::stdout().write_all(&file),
    };
    if let Err(e) = written {
        fail(&cannot_open(target.as_deref().unwrap_or("-"), &e));
    }
}
