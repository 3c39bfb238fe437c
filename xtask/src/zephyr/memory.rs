//! `cargo xtask zephyr memory`: what samples take of each board, beside the same on FreeRTOS.
//!
//! Flash is what the image holds, RAM what it has at the prompt, as Zephyr's own `ram_report` counts it: Python's memory
//! (CONFIG_PYRITE_HEAP_SIZE) is part of it. On FreeRTOS the firmware of `examples/freertos-qemu` is linked with a library of
//! the features that Zephyr's build had, compiled in the same way. Both numbers go into `benches/zephyr-memory.txt`, and from
//! there into the table of docs/zephyr.md.

use super::{build_in, configure, options};
use crate::boards;
use crate::figures::Figures;
use crate::sh::{self, Outcome};
use std::path::Path;

/// Board, prefix of its tools, samples.
const IMAGES: &[(&str, &str, &[&str])] = &[
    ("qemu_cortex_m0", ARM, &["hello", "repl"]),
    ("qemu_cortex_m3", ARM, &["hello", "repl"]),
    (COMPARED, ARM, &["hello", "repl"]),
    ("qemu_riscv32", "riscv64-unknown-elf-", &["hello", "repl"]),
];
const ARM: &str = "arm-none-eabi-";

/// Where a sample is compared with FreeRTOS: Zephyr's name of the board and ours, the sample, and how many bytes of flash the
/// one on Zephyr may be above.
const COMPARED: &str = "mps2/an385";
const SAMPLE: &str = "repl";
const OURS: &str = "mps2-an385";
const MOST_ABOVE: u64 = 40 * 1024;

/// What ninja says when cargo is not even asked.
const NOTHING_TO_DO: &str = "no work to do";

const FIGURES: &str = "zephyr-memory";

/// The command.
pub fn memory(base: &Path, out: &Path) -> Outcome {
    let mut figures = Figures::new(FIGURES, "bytes; written by cargo xtask zephyr memory");
    let mut above = 0;
    for &(board, tools, samples) in IMAGES {
        for sample in samples {
            let build = out.join("memory").join(board.replace('/', "_")).join(sample);
            let app = sh::root().join("zephyr-module/samples").join(sample);
            sh::output(&mut configure(base, out, &app, &build, board))?;
            sh::output(&mut build_in(out, &build, board))?;
            let again = sh::output(&mut build_in(out, &build, board))?;
            if !again.contains(NOTHING_TO_DO) {
                return Err(format!("{sample} on {board} is built a second time without a change:\n{again}"));
            }
            let elf = build.join("zephyr/zephyr.elf");
            let flash = flash(tools, &elf)?;
            figures.add(&format!("{board} {sample} flash"), flash);
            figures.add(&format!("{board} {sample} RAM"), ram(out, &build, board)?);
            if (board, *sample) == (COMPARED, SAMPLE) {
                let freertos = boards::named(OURS)?.build_with(&features(&build)?)?;
                let less = self::flash(tools, &freertos)?;
                above = flash.saturating_sub(less);
                figures.add(&format!("{board} {sample} flash on FreeRTOS"), less);
                figures.add(&format!("{board} {sample} flash above FreeRTOS"), above);
            }
        }
    }
    figures.write()?;
    options::write()?;
    if above > MOST_ABOVE {
        return Err(format!(
            "{SAMPLE} on {COMPARED}: {above} above FreeRTOS, at most {MOST_ABOVE} is allowed"
        ));
    }
    Ok(())
}

/// Code, constants and the first values of variables.
fn flash(tools: &str, elf: &Path) -> Outcome<u64> {
    let text = sh::output(sh::command(&format!("{tools}size")).arg(elf))?;
    let sizes: Vec<u64> = text
        .lines()
        .nth(1)
        .map(|line| line.split_whitespace().filter_map(|word| word.parse().ok()).collect())
        .unwrap_or_default();
    let &[code, data, ..] = sizes.as_slice() else { return Err(format!("size printed {text:?}")) };
    Ok(code + data)
}

/// The sum of Zephyr's report: a line `Root   75440 100.00%`.
fn ram(out: &Path, build: &Path, board: &str) -> Outcome<u64> {
    let text = sh::output(build_in(out, build, board).args(["--target", "ram_report"]))?;
    let mut sums = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Root")?.split_whitespace().next()?.parse().ok());
    sums.next_back().ok_or("ram_report gave no sum".into())
}

/// What the library was built with: a word of the command in the build's rules.
fn features(build: &Path) -> Outcome<String> {
    let rules = build.join("build.ninja");
    let text = sh::at(&rules, std::fs::read_to_string(&rules))?;
    let found = text.split("--features ").nth(1).and_then(|rest| rest.split_whitespace().next());
    found.map(str::to_string).ok_or(format!("{} builds no library", rules.display()))
}

/// The table of docs/zephyr.md, of the figures as they were written.
pub fn table() -> Outcome<String> {
    let path = sh::root().join("benches").join(FIGURES).with_extension("txt");
    let text = sh::at(&path, std::fs::read_to_string(&path))?;
    let figure = |name: String| {
        let line = text.lines().find_map(|line| line.strip_prefix(&name)?.strip_prefix(' '));
        line.map(|number| number.trim().to_string()).unwrap_or_else(|| "-".into())
    };
    let mut out =
        String::from("| board | `hello`: flash | RAM | `repl`: flash | RAM |\n|---|---|---|---|---|\n");
    for (board, ..) in IMAGES {
        let cells = ["hello flash", "hello RAM", "repl flash", "repl RAM"]
            .map(|what| figure(format!("{board} {what}")));
        out += &format!("| {board} | {} |\n", cells.join(" | "));
    }
    Ok(out)
}
