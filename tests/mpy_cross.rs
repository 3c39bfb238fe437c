//! Our compiler against the public one, over a folder of programs: `MICROPYTHON_TESTS` names the folder (nothing runs
//! without it), `MPY_CROSS` the public compiler (`mpy-cross` where it is not set). Prints how many files come out equal,
//! different, or are refused by one side only; `ONLY` is a part that a file's name must have, `LEVEL` the optimisation level.
//! What ours makes is verified as a file from outside would be.
//!
//! Known differences: floats as text (ours is the shortest that reads back, theirs now and then has one digit more), `\`
//! before a character beyond ASCII in a string (theirs is not UTF-8), `__class__` as a name in a class body (theirs
//! writes outside its frame), and constant powers and shifts of more than 65,536 bits (ours leaves them to run time).
#![allow(unsafe_code)]
#![cfg(feature = "compiler")]

use pyrite::code::{verify, write};
use pyrite::compile::{Mode, Options, SliceSource, compile};
use pyrite::heap::lent::lend;
use pyrite::heap::{Heap, Kind};
use pyrite::object::tuple;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

fn programs(dir: &Path, out: &mut Vec<PathBuf>) {
    let mut all: Vec<_> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
    all.sort();
    for p in all {
        if p.is_dir() {
            programs(&p, out);
        } else if p.extension().is_some_and(|e| e == "py") {
            out.push(p);
        }
    }
}

/// The `.mpy` file, or the message and line of the refusal.
fn ours(text: &[u8], file: &str, opt_level: u8) -> Result<Vec<u8>, String> {
    let mut memory = vec![0u64; 1 << 20];
    // SAFETY: `memory` outlives the heap and is used by nothing else.
    let mut heap = unsafe { Heap::new(memory.as_mut_ptr().cast(), memory.len() * 8) };
    let heap = &mut heap;
    let file_name = heap.intern(file.as_bytes()).unwrap();
    let options = Options { mode: Mode::File, file_name, opt_level, except_lines: false, ..Options::DEFAULT };
    let made = compile(heap, &mut SliceSource::new(text), &options).and_then(|c| {
        let verified = lend(heap, None, |heap| verify::tree(heap, c));
        let said = heap
            .raised
            .and_then(|e| tuple::get(heap, heap.field(e, 1), 0))
            .map(|v| heap.str_bytes(v).to_vec());
        assert!(verified.is_ok(), "{file}: {}", String::from_utf8_lossy(&said.unwrap_or_default()));
        lend(heap, None, |heap| write::to_bytes(heap, c))
    });
    match (made, heap.raised) {
        (Ok(v), _) => Ok(heap.str_bytes(v).to_vec()),
        (Err(_), Some(e)) if heap.is(e, Kind::Exception) => {
            let text = tuple::get(heap, heap.field(e, 1), 0).map_or(&[][..], |v| heap.str_bytes(v));
            let line = heap.slot(e, 2).map_or(0, |t| heap.int(t, 1));
            Err(format!("{}, line {line}", String::from_utf8_lossy(text)))
        }
        _ => Err("out of memory".into()),
    }
}

fn theirs(root: &Path, file: &str, level: u8) -> Result<Vec<u8>, String> {
    let program = env::var("MPY_CROSS").unwrap_or("mpy-cross".into());
    let run = Command::new(program)
        .current_dir(root)
        .args([&format!("-O{level}"), file, "-o", "-"])
        .output()
        .expect("mpy-cross runs");
    if run.status.success() {
        return Ok(run.stdout);
    }
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    let line = said.lines().rev().find_map(|l| l.split_once(", line ")).map_or("0", |l| l.1);
    let text = said.lines().last().and_then(|l| l.split_once(": ")).map_or("", |l| l.1);
    Err(format!("{text}, line {}", line.split(',').next().unwrap_or("0")))
}

#[test]
fn like_mpy_cross() {
    let Ok(root) = env::var("MICROPYTHON_TESTS").map(PathBuf::from) else { return };
    let level = env::var("LEVEL").map_or(0, |l| l.parse().expect("LEVEL is a number"));
    let only = env::var("ONLY").unwrap_or_default();
    let mut all = Vec::new();
    programs(&root, &mut all);
    let (mut equal, mut different, mut one_sided, mut refused, mut worded) = (0, 0, 0, 0, 0);
    for path in all {
        let file = path.strip_prefix(&root).unwrap().to_str().unwrap();
        if !file.contains(&only) {
            continue;
        }
        match (ours(&fs::read(&path).unwrap(), file, level), theirs(&root, file, level)) {
            (Ok(a), Ok(b)) if a == b => equal += 1,
            (Ok(_), Ok(_)) => {
                different += 1;
                println!("different: {file}");
            }
            (Ok(_), Err(e)) => {
                one_sided += 1;
                println!("refused by them alone: {file}: {e}");
            }
            (Err(e), Ok(_)) => {
                one_sided += 1;
                println!("refused by us alone: {file}: {e}");
            }
            (Err(a), Err(b)) => {
                refused += 1;
                if a != b {
                    worded += 1;
                    println!("other words: {file}: {a} / {b}");
                }
            }
        }
    }
    println!(
        "{equal} equal, {different} different, {one_sided} refused by one side, {refused} by both ({worded} in other words)"
    );
}
