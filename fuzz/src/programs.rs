//! Programs at random (`generate.rs`), each run here and by CPython: what they print must be the same.
//!
//! A program that prints something else is made smaller, first by parts, then by lines, as long as the difference stays,
//! and kept in `target/fuzz/found`.

use crate::generate;
use crate::rig::{Random, Rig, keep, limit_stack, root};
use crate::{Options, hash};
use pyrite::compile::Mode;
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Instant;

const HEAP: usize = 8 << 20;
const FIBER: usize = 64 << 10;
const PARTS: usize = 40;
/// Differences after which to stop.
const ENOUGH: usize = 10;

pub fn run(options: &Options) -> Result<(), String> {
    limit_stack(2 << 20);
    let mut rig = Rig::new(HEAP);
    let begun = Instant::now();
    let (mut runs, mut bad) = (0, Vec::new());
    while options.go_on(runs, begun) && bad.len() < ENOUGH {
        let seed = options.seed + runs as u64;
        let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ (seed + 1).wrapping_mul(0x2545_f491_4f6c_dd1d));
        let parts = generate::parts(&mut random, PARTS);
        let program = generate::program(&parts);
        keep("programs.py", program.as_bytes());
        if differs(&mut rig, &program)? {
            let small = reduce(&mut rig, parts)?;
            let folder = root().join("target/fuzz/found");
            fs::create_dir_all(&folder).map_err(|why| why.to_string())?;
            let path = folder.join(format!("program-{:016x}.py", hash(small.as_bytes())));
            fs::write(&path, &small).map_err(|why| why.to_string())?;
            eprintln!("seed {seed}: {}", path.display());
            bad.push(path.display().to_string());
        }
        runs += 1;
    }
    println!("programs: {runs} of {PARTS} parts each from seed {} on", options.seed);
    if bad.is_empty() { Ok(()) } else { Err(format!("{} programs differ: {}", bad.len(), bad.join(" "))) }
}

/// What CPython prints; `None` where it does not run the program to its end.
fn oracle(program: &str) -> Result<Option<Vec<u8>>, String> {
    let mut python = Command::new("python3")
        .args(["-B", "-W", "ignore", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|why| format!("python3: {why}"))?;
    let mut stdin = python.stdin.take().ok_or("python3 has no input")?;
    stdin.write_all(program.as_bytes()).map_err(|why| why.to_string())?;
    drop(stdin);
    let out = python.wait_with_output().map_err(|why| why.to_string())?;
    Ok(out.status.success().then_some(out.stdout))
}

fn differs(rig: &mut Rig, program: &str) -> Result<bool, String> {
    let Some(expected) = oracle(program)? else { return Ok(false) };
    // Programs bind what they use; those that a line was taken from perhaps not, and then prove nothing.
    if expected.windows(9).any(|text| text == b"NameError") {
        return Ok(false);
    }
    let failed = rig.run(FIBER, |rt| {
        let failed = rt.run_text(program.as_bytes(), "program", Mode::File).is_err();
        if failed {
            rt.show_exception();
        }
        failed || rt.vm().heap().verify().is_err()
    });
    let printed = rig.bench.output.lock().map_err(|why| why.to_string())?;
    Ok(failed || printed.iter().filter(|b| **b != b'\r').ne(&expected))
}

fn reduce(rig: &mut Rig, parts: Vec<String>) -> Result<String, String> {
    let only = parts.iter().map(|part| generate::program([part]));
    let mut found = None;
    for program in only {
        if differs(rig, &program)? {
            found = Some(program);
            break;
        }
    }
    // Perhaps no part alone does it.
    let mut lines: Vec<String> =
        found.unwrap_or_else(|| generate::program(&parts)).lines().map(str::to_string).collect();
    // What every program begins with stays.
    let prelude = generate::program([]).lines().count();
    let mut size = lines.len() / 2;
    while size > 0 {
        let mut at = prelude;
        while at < lines.len() {
            let mut fewer = lines.clone();
            fewer.drain(at..(at + size).min(lines.len()));
            if differs(rig, &(fewer.join("\n") + "\n"))? {
                lines = fewer;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    Ok(lines.join("\n") + "\n")
}
