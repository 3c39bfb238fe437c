//! `cargo xtask bench compile`: the heap that compiling a module of 300 lines takes, with the public program's beside it where
//! `MICROPYTHON` names that program.
//!
//! A file is compiled to its end before its first statement runs, and that statement ends the program: what is counted is
//! the smallest heap in which this works, less the same for that statement alone. Whatever the program's own text is read
//! into counts too.

use crate::figures::Figures;
use crate::sh::{self, Outcome};
use std::path::{Path, PathBuf};

#[path = "../../benches/module.rs"]
mod module;

/// What both programs are measured with.
const END: &str = "raise SystemExit\n";
/// Heaps are tried in steps of this many bytes.
const STEP: usize = 64;
const LARGEST: usize = 1 << 20;

/// The command.
pub fn compile_memory() -> Outcome {
    let module = crate::bench::scratch("module.py", &format!("{END}{}", module::text()))?;
    let empty = crate::bench::scratch("empty.py", END)?;
    sh::run(sh::cargo().args(["build", "--quiet", "--release", "--package", "pyrite-cli"]))?;
    let mut figures = Figures::new(
        "compile",
        "bytes of heap for compiling a module of 300 lines (host, 64 bits); written by cargo xtask bench compile",
    );
    let taken = |program: &Path| -> Outcome<u64> {
        let (whole, nothing) = (least(program, &module)?, least(program, &empty)?);
        Ok(whole.saturating_sub(nothing) as u64)
    };
    figures.add("pyrite", taken(&sh::target_dir().join("release/pyrite"))?);
    match std::env::var_os("MICROPYTHON") {
        Some(program) => figures.add("micropython", taken(&PathBuf::from(program))?),
        None => figures.keep("micropython"),
    }
    figures.write()
}

/// The smallest heap in which the program runs the file.
fn least(program: &Path, file: &Path) -> Outcome<usize> {
    let runs = |steps: usize| {
        let mut command = sh::command(&program.display().to_string());
        command.args(["-X", &format!("heapsize={}", steps * STEP)]).arg(file);
        command.output().is_ok_and(|out| out.status.code() == Some(0))
    };
    let (mut low, mut high) = (1, LARGEST / STEP);
    if !runs(high) {
        return Err(format!("{} does not run {}", program.display(), file.display()));
    }
    while high - low > 1 {
        let middle = (low + high) / 2;
        if runs(middle) { high = middle } else { low = middle }
    }
    Ok(high * STEP)
}
