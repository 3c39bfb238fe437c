//! `cargo xtask bench --rtos [WORD...]`: what tasks, threads and events take on mps2-an385, in instructions, and what they may take.
//!
//! The gate measures too, and holds the bounds.

use crate::boards;
use crate::figures::Figures;
use crate::sh::{self, Outcome};

const BOARD: &str = "mps2-an385";

/// A figure, what it may be at most, and what it is to become where that is less.
struct Bound {
    name: &'static str,
    most: u64,
    aim: u64,
}

const fn held(name: &'static str, most: u64) -> Bound {
    Bound { name, most, aim: most }
}

const BOUNDS: &[Bound] = &[
    held("call_attached", 700),
    held("post_busy", 45),
    // The kernel's part of it, a notification, takes 92.
    held("post_idle", 150),
    held("isr_to_python_idle", 1300),
    held("switch_of_threads", 1200),
    held("thread_beyond_its_stacks", 400),
    held("wait_while_python_runs", 20_000),
    held("wait_while_memory_is_used", 20_000),
    held("wait_while_collecting", 20_000),
    held("wait_while_sorting", 20_000),
    Bound { name: "vm_beyond_heap_and_stack", most: 3000, aim: 600 },
];

/// Begins the rows of `examples/freertos-qemu/natives.h`.
const IN_NATIVE: &str = "wait in ";

/// The command: writes the tables, and tells which aims are not reached; or measures the natives alone that have one of the
/// words in them, and writes nothing.
pub fn bench(words: &[String]) -> Outcome {
    let mut figures = Figures::new(
        "rtos-mps2-an385",
        "instructions, and bytes of memory; written by cargo xtask bench --rtos",
    );
    let mut natives = Figures::new(
        "natives-mps2-an385",
        "instructions that an urgent task waits at most while Python does this; written by cargo xtask bench --rtos",
    );
    let measured = measure(true, words)?;
    for (name, value) in &measured {
        match name.strip_prefix(IN_NATIVE) {
            Some(does) => natives.add(does, *value),
            None => figures.add(name, *value),
        }
    }
    if !words.is_empty() {
        return Ok(());
    }
    figures.write()?;
    natives.write()?;
    for Bound { name, aim, .. } in BOUNDS {
        if let Some((_, value)) = measured.iter().find(|row| row.0 == *name).filter(|row| row.1 > *aim) {
            println!("{name}: {value}, at most {aim} is the aim");
        }
    }
    Ok(())
}

/// The gate's part: what is more than it may be.
pub fn check() -> Outcome {
    let measured = measure(false, &[])?;
    let over: Vec<String> = BOUNDS
        .iter()
        .filter_map(|bound| match measured.iter().find(|row| row.0 == bound.name) {
            Some((_, value)) if *value <= bound.most => None,
            Some((name, value)) => Some(format!("{name}: {value}, at most {} is allowed", bound.most)),
            None => Some(format!("{}: not measured", bound.name)),
        })
        .collect();
    if over.is_empty() { Ok(()) } else { Err(over.join("\n")) }
}

/// Runs `examples/freertos-qemu/rtos.c`, which also fails where a promise is broken.
fn measure(natives: bool, words: &[String]) -> Outcome<Vec<(String, u64)>> {
    let board = boards::named(BOARD)?;
    let elf = board.build_rtos(natives)?;
    let words = words.join(" ");
    let rows = Some(words.as_ref()).filter(|_| !words.is_empty());
    let mut qemu = board.qemu(&elf, "pyrite", rows);
    qemu.args(["-monitor", "none", "-serial", "stdio", "-icount", "shift=0,sleep=off"]);
    let mut limited = sh::command("timeout");
    let out = sh::output(limited.arg("600").arg(qemu.get_program()).args(qemu.get_args()))?.replace('\r', "");
    if out.lines().last() != Some("ok") {
        return Err(format!("it stopped early:\n{out}"));
    }
    let rows = out.lines().filter_map(|line| line.rsplit_once(' '));
    Ok(rows.filter_map(|(name, value)| Some((name.into(), value.parse().ok()?))).collect())
}
