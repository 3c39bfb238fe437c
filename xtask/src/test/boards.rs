//! Programs on the QEMU boards: the firmware is built once for a board, the whole output of each program compared.
//!
//! Where a row says so, the firmware also tells how much of its stack the Python task has used, and no program may use
//! more than `STACK`, save those that go to its end on purpose (`# uses all: stack`).

use super::oracle::{self, Program};
use super::tally::Tally;
use crate::boards::{self, Board};
use crate::sh::{self, Outcome};
use std::path::Path;
use std::time::Duration;

/// What a task that runs Python needs for its stack, in bytes.
const STACK: u32 = 2048;

/// A board, the folder of its programs, whether that has areas, every how many programs one is taken, and whether the
/// stack is looked at.
const RUNS: &[(&str, &str, bool, usize, bool)] = &[
    ("microbit", "tests/microbit", false, 1, false),
    ("mps2-an385", "tests/conformance", true, 1, true),
    ("mps2-an385", "tests/stackless", false, 1, true),
    ("netduinoplus2", "tests/conformance", true, 8, false),
    ("riscv-virt", "tests/conformance", true, 8, false),
];

pub fn boards(tally: &mut Tally) {
    if "rtos".starts_with(&tally.part) {
        println!("   mps2-an385: tasks, threads and events within their bounds");
        tally.check("rtos on mps2-an385", crate::rtos::check());
    }
    for (name, folder, areas, stride, stack) in RUNS {
        // `boards:rtos` is the figures alone, `boards:mps2-an385` one board,
        // `boards:mps2-an385/syntax` one area, `boards:mps2-an385/syntax/await` one program.
        let programs: Vec<Program> = oracle::programs(folder, *areas)
            .into_iter()
            .filter(|program| program.tag("needs").is_none())
            .step_by(if tally.part.contains('/') { 1 } else { *stride })
            .filter(|program| format!("{name}/{}", program.name).starts_with(&tally.part))
            .collect();
        if programs.is_empty() {
            continue;
        }
        println!("   {name}: {folder}");
        let built = boards::named(name).and_then(|board| Ok((board, board.build()?)));
        let (board, elf) = match built {
            Ok(built) => built,
            Err(why) => {
                tally.fail(&format!("{name}: {why}"));
                continue;
            }
        };
        let results = oracle::in_parallel(&programs, |program| {
            let expected = program.expected()?;
            let (run, used) = on_board(board, &elf, program)?;
            oracle::compare(&expected, &run)?;
            Ok(used)
        });
        let mut most = (0, "");
        for (program, result) in programs.iter().zip(results) {
            let title = format!("{} on {name}", program.name);
            let checked = result.and_then(|used| {
                if program.tag("uses all").is_some() {
                    return Ok(());
                }
                if used > most.0 {
                    most = (used, &program.name);
                }
                if *stack && used > STACK {
                    return Err(format!("{used} bytes of stack, {STACK} are promised"));
                }
                Ok(())
            });
            tally.check(&title, checked);
        }
        tally.note(format!("{name}, {folder}: at most {} bytes of stack ({})", most.0, most.1));
    }
}

/// What a program printed there and how it ended; how many bytes of the task's stack it has used.
fn on_board(board: &Board, elf: &Path, program: &Program) -> Outcome<(oracle::Run, u32)> {
    // `measure` is the name by which the firmware is asked for its stack (`main.c`).
    let mut command = board.qemu(elf, "measure", Some(&program.path));
    command.args(["-monitor", "none", "-serial", "stdio"]).current_dir(sh::root());
    let mut run = oracle::run_limited(&mut command, Duration::from_secs(300))?;
    // The board is given the whole path; messages shall name the file alone, as on the host.
    if let Some(folder) = program.path.parent() {
        run.out = run.out.replace(&format!("{}/", folder.display()), "");
    }
    let used = run.out.rsplit_once("stack used: ").and_then(|(out, used)| {
        let used = used.trim_end().parse().ok()?;
        Some((out.len(), used))
    });
    let (end, used) = used.ok_or_else(|| format!("it stopped early: {:?}", oracle::last(&run.out)))?;
    run.out.truncate(end);
    Ok((run, used))
}
