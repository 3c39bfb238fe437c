//! `pyrite-freeze`: modules and packages to one blob of bytecode that a firmware links (`pyr_set_frozen`).
//!
//! Invariants
//! - a file keeps its name; a folder with an `__init__` is a package and keeps its name too, the files of any other folder
//!   stand at the top, packages below it as packages;
//! - the same inputs give the same bytes: paths are sorted, nothing tells when or where it was made;
//! - a damaged `.mpy` file is refused here, not by the firmware.

mod mpy;

use mpy::{cannot_open, to_mpy};
use pyrite::code::{frozen, read};
use pyrite::compile::Options;
use pyrite::heap::lent::lend;
use pyrite::heap::{Heap, Place};
use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs, process};

const USAGE: &str = "usage: pyrite-freeze -o OUTPUT [-O[N]] [-n NAME] PATH...
PATH : a module (.py or .mpy), a package, or a folder of modules and packages
-o OUTPUT : the blob; an array in C where the name ends in .c
-n NAME : what the array is called (default pyrite_frozen; its length is NAME_len)
-O[N] : apply bytecode optimizations of level N
";
const HEAP: usize = 32 << 20;

fn fail(text: &str) -> ! {
    eprintln!("{text}");
    process::exit(1)
}
fn usage() -> ! {
    print!("{USAGE}");
    process::exit(1)
}

/// Bytecode by path, in the order of the paths' bytes.
type Files = BTreeMap<String, Vec<u8>>;

/// Adds what lies at `path`, below `inside` (empty, or a path with a slash at its end).
fn add(files: &mut Files, path: &Path, inside: &str, level: u8) {
    let shown = path.display().to_string();
    let Some(name) = path.file_name().and_then(|n| n.to_str()) else { fail(&format!("{shown}: not a name")) };
    if path.is_dir() {
        let package = ["__init__.py", "__init__.mpy"].iter().any(|n| path.join(n).exists());
        let below = if package || !inside.is_empty() { format!("{inside}{name}/") } else { String::new() };
        let entries = fs::read_dir(path).unwrap_or_else(|e| fail(&cannot_open(&shown, &e)));
        let mut entries: Vec<_> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
        entries.sort();
        for entry in entries {
            let module = entry.extension().is_some_and(|e| e == "py" || e == "mpy");
            if module || entry.is_dir() && entry.file_name().is_some_and(|n| n != "__pycache__") {
                add(files, &entry, &below, level);
            }
        }
        return;
    }
    let bytes = fs::read(path).unwrap_or_else(|e| fail(&cannot_open(&shown, &e)));
    let inside = format!("{inside}{name}");
    // Import looks for `.py`, and what it finds is bytecode either way.
    let key = match inside.strip_suffix(".mpy") {
        Some(stem) => format!("{stem}.py"),
        None => inside.clone(),
    };
    let made = if inside.ends_with(".mpy") {
        checked(bytes)
    } else if inside.ends_with(".py") {
        to_mpy(&bytes, &inside, &Options { opt_level: level, ..Options::DEFAULT }, HEAP)
    } else {
        Err("neither .py nor .mpy".into())
    };
    let made = made.unwrap_or_else(|why| fail(&format!("{shown}: {why}")));
    if files.insert(key, made).is_some() {
        fail(&format!("{shown}: a module of this name is there already"));
    }
}

/// An `.mpy` file as it is, if the library will take it.
fn checked(bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    let mut memory = vec![0u64; HEAP / 8];
    // SAFETY: `memory` is 8-aligned, outlives the heap and is used by nothing else.
    #[allow(unsafe_code)]
    let mut heap = unsafe { Heap::new(memory.as_mut_ptr().cast(), memory.len() * 8) };
    // A second copy may stay for ever: this is a short program.
    let image: &'static [u8] = bytes.clone().leak();
    match lend(&mut heap, None, |heap| read::load(heap, Place::Flash(image))) {
        Ok(_) => Ok(bytes),
        Err(_) => Err(mpy::complaint(&heap)),
    }
}

/// The blob as a C source file.
fn to_c(blob: &[u8], name: &str) -> String {
    let mut text = format!(
        "/* Frozen modules, made by pyrite-freeze. */\n#include <stddef.h>\n#include <stdint.h>\n\n\
         extern const uint8_t {name}[];\nextern const size_t {name}_len;\n\n\
         const size_t {name}_len = {};\nconst uint8_t {name}[] = {{",
        blob.len()
    );
    for (i, b) in blob.iter().enumerate() {
        text += if i % 20 == 0 { "\n    " } else { " " };
        text += &format!("{b},");
    }
    text + "\n};\n"
}

fn main() {
    let (mut output, mut name, mut level, mut files) = (None, String::from("pyrite_frozen"), 0, Files::new());
    let mut paths = Vec::new();
    let mut args = env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "-o" => output = Some(args.next().unwrap_or_else(|| usage())),
            "-n" => name = args.next().unwrap_or_else(|| usage()),
            "-O" => level = 1,
            o if o.starts_with("-O") => {
                level = o.get(2..).and_then(|n| n.parse().ok()).unwrap_or_else(|| usage())
            }
            o if o.starts_with('-') => usage(),
            _ => paths.push(arg),
        }
    }
    let Some(output) = output.filter(|_| !paths.is_empty()) else { usage() };
    for path in &paths {
        // The name of `.` is that of the folder it stands for.
        let real = Path::new(path).canonicalize().unwrap_or_else(|e| fail(&cannot_open(path, &e)));
        add(&mut files, &real, "", level);
    }
    let list: Vec<_> = files.iter().map(|(path, bytes)| (path.as_bytes(), bytes.as_slice())).collect();
    let mut blob = Vec::new();
    if !frozen::write(&list, &mut |piece| blob.extend_from_slice(piece)) {
        fail("more than 4 GB");
    }
    let written = if output.ends_with(".c") {
        fs::write(&output, to_c(&blob, &name))
    } else {
        fs::write(&output, &blob)
    };
    if let Err(e) = written {
        fail(&cannot_open(&output, &e));
    }
}
