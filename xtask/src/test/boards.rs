//! Programs on the QEMU boards: built, started and fed by `cargo xtask run --board`, the whole output compared.

use super::oracle::{self, Program};
use super::tally::Tally;
use crate::sh::{self, Outcome};
use std::process::Command;
use std::time::Duration;

/// A board, the folder of its programs, whether that has areas, and every how many programs one is taken.
const RUNS: &[(&str, &str, bool, usize)] = &[
    ("microbit", "tests/microbit", false, 1),
    ("mps2-an385", "tests/conformance", true, 1),
    ("mps2-an385", "tests/stackless", false, 1),
    ("netduinoplus2", "tests/conformance", true, 8),
    ("riscv-virt", "tests/conformance", true, 8),
];

pub fn boards(tally: &mut Tally) {
    for (board, folder, areas, stride) in RUNS {
        println!("   {board}: {folder}");
        let programs: Vec<Program> = oracle::programs(folder, *areas)
            .into_iter()
            .filter(|program| program.tag("needs").is_none())
            .step_by(*stride)
            .collect();
        if let Some(first) = programs.first() {
            // The first run builds the firmware; the others then only start QEMU and may do so side by side.
            tally.check(&format!("{board} starts"), on_board(board, first).map(|_| ()));
        }
        let results = oracle::in_parallel(&programs, |program| {
            let expected = program.expected()?;
            oracle::compare(&expected, &on_board(board, program)?)
        });
        for (program, result) in programs.iter().zip(results) {
            tally.check(&format!("{} on {board}", program.name), result);
        }
    }
}

fn on_board(board: &str, program: &Program) -> Outcome<oracle::Run> {
    let me = std::env::current_exe().map_err(|why| why.to_string())?;
    let mut command = Command::new(me);
    command.args(["run", "--board", board]).arg(&program.path).current_dir(sh::root());
    let mut run = oracle::run_limited(&mut command, Duration::from_secs(600))?;
    // The board is given the whole path; messages shall name the file alone, as on the host.
    if let Some(folder) = program.path.parent() {
        run.out = run.out.replace(&format!("{}/", folder.display()), "");
    }
    Ok(run)
}
