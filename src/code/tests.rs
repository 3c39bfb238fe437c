//! Real files: read, verified, written back; mutated; a whole corpus where one is at hand.

use crate::code::testing::{message, sized};
use crate::code::{object, read};
use crate::heap::Place;
use std::path::{Path, PathBuf};
use std::string::String;
use std::vec::Vec;
use std::{eprintln, format, fs};

fn files(dir: &Path, ext: &str, into: &mut Vec<PathBuf>) {
    let mut all: Vec<_> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
    all.sort();
    for path in all {
        if path.is_dir() {
            files(&path, ext, into);
        } else if path.extension().is_some_and(|e| e == ext) {
            into.push(path);
        }
    }
}

/// Reads a file from flash and from a cell; what went wrong.
fn check(bytes: &[u8]) -> Result<(), String> {
    // Flash is for ever.
    let flash: &'static [u8] = Vec::from(bytes).leak();
    sized(1 << 20, |heap| {
        if let Err(_) = read::load(heap, Place::Flash(flash)) {
            return Err(message(heap));
        }
        Ok(())
    })
}

/// Set MICROPYTHON_TESTS to a folder of Python files; mpy-cross must be on the path.
#[test]
#[ignore]
fn corpus() {
    let root = PathBuf::from(std::env::var("MICROPYTHON_TESTS").expect("MICROPYTHON_TESTS names a folder"));
    let out = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/mpy");
    let mut sources = Vec::new();
    files(&root, "py", &mut sources);
    let (mut good, mut bad) = (0, Vec::new());
    for source in sources {
        let name = source.strip_prefix(&root).unwrap();
        let mpy = out.join(name).with_extension("mpy");
        if !mpy.exists() {
            fs::create_dir_all(mpy.parent().unwrap()).unwrap();
            let mut run = std::process::Command::new("mpy-cross");
            let done = run.arg("-s").arg(name).arg("-o").arg(&mpy).arg(&source).output().unwrap();
            if !done.status.success() {
                continue;
            }
        }
        match check(&fs::read(&mpy).unwrap()) {
            Ok(()) => good += 1,
            Err(why) => bad.push(format!("{}: {why}", name.display())),
        }
    }
    for b in &bad {
        eprintln!("{b}");
    }
    eprintln!("{good} good, {} bad", bad.len());
    assert!(bad.is_empty());
}
