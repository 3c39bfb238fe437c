//! `pyrite-cross`: compiles a Python file to `.mpy`, with `mpy-cross`'s command line.
//!
//! Invariants
//! - the same options mean the same; options for native code are refused, because Pyrite makes none.

mod mpy;

use mpy::{cannot_open, to_mpy};
use pyrite::compile::Options;
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
-msmall-int-bits=number : the bits of the ints that instructions hold, 31 at most
-march=<arch> : accepted, bytecode is the same for all;
                x86, x64, armv6, armv6m, armv7m, armv7em, armv7emsp,
                armv7emdp, xtensa, xtensawin, rv32imc, rv64imc, host, debug
-march-flags=<flags> : accepted for rv32imc: zba, zcmp, or their number

Implementation specific options:
  emit=bytecode -- the only code emitter
  heapsize=<n>[w][k|m] -- set the heap size for the compiler (default 32M)
  source-lines    -- include source line numbers (default)
  no-source-lines -- exclude source line numbers
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

/// In the third byte of a file: a number of flags follows the header.
const HAS_ARCH_FLAGS: u8 = 0x40;

struct Job {
    input: String,
    output: Option<String>,
    source: Option<String>,
    how: Options,
    heap: usize,
    /// What the file's header says of it: the bits of a small int, flags of the architecture.
    bits: u8,
    arch_flags: u8,
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
    let mut job = Job {
        input: String::new(),
        output: None,
        source: None,
        how: Options::DEFAULT,
        heap: 32 << 20,
        bits: 31,
        arch_flags: 0,
    };
    let (mut arch, mut flags) = (String::new(), None);
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
                "source-lines" => job.how.lines = true,
                "no-source-lines" => job.how.lines = false,
                "emit=native" | "emit=viper" => fail("native code not supported"),
                other => match other.strip_prefix("heapsize=").and_then(size) {
                    Some(n) => job.heap = n,
                    None => usage(),
                },
            },
            // A digit, or as many as there are letters.
            level if options && level.starts_with("-O") => {
                let rest = level.get(1..).unwrap_or("");
                job.how.opt_level = match rest.chars().nth(1).and_then(|c| c.to_digit(10)) {
                    Some(n) => n as u8,
                    None => rest.bytes().take_while(|b| *b == b'O').count().min(15) as u8,
                }
            }
            "-v" if options => {}
            bits if options && bits.starts_with("-msmall-int-bits=") => {
                match bits.get(17..).and_then(|n| n.parse::<u32>().ok()) {
                    Some(n @ 1..=31) => {
                        job.bits = n as u8;
                        job.how.small_max = ((1u32 << (n - 1)) - 1) as i32;
                    }
                    Some(_) => fail("small ints have at most 31 bits"),
                    None => usage(),
                }
            }
            a if options && a.strip_prefix("-march=").is_some_and(|a| ARCHITECTURES.contains(&a)) => {
                arch = a.get(7..).unwrap_or("").to_string();
            }
            f if options && f.starts_with("-march-flags=") => flags = f.get(13..).map(str::to_string),
            other if options && other.len() > 1 && other.starts_with('-') => usage(),
            _ if !job.input.is_empty() => fail("multiple input files"),
            _ => job.input = arg,
        }
    }
    if let Some(flags) = flags.filter(|_| !arch.is_empty()) {
        job.arch_flags = arch_flags(&arch, &flags).unwrap_or_else(|| fail("unrecognised arch flags"));
    }
    if job.input.is_empty() {
        fail("no input file");
    }
    job
}

/// What `mpy-cross` takes as flags of an architecture: for one of them, a number of two bits or names.
fn arch_flags(arch: &str, flags: &str) -> Option<u8> {
    let number = match flags.get(..2) {
        Some("0x" | "0X") => u32::from_str_radix(flags.get(2..).unwrap_or(""), 16).ok(),
        Some("0b" | "0B") => u32::from_str_radix(flags.get(2..).unwrap_or(""), 2).ok(),
        _ => flags.parse().ok(),
    };
    let named = |name: &str| match name {
        "zba" => Some(1),
        "zcmp" => Some(2),
        _ => None,
    };
    let names = || flags.split(',').try_fold(0, |all, name| Some(all | named(name)?));
    let known = number.or_else(names).filter(|n| *n <= 3 && arch == "rv32imc")?;
    u8::try_from(known).ok()
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
    let embedded = embedded.replace('\\', "/");
    let mut file = to_mpy(&text, &embedded, &job.how, job.heap).unwrap_or_else(|why| fail(&why));
    if let Some([.., features, bits]) = file.get_mut(..4) {
        *bits = job.bits;
        *features |= if job.arch_flags != 0 { HAS_ARCH_FLAGS } else { 0 };
    }
    if job.arch_flags != 0 {
        file.insert(4, job.arch_flags);
    }
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
