//! `cargo xtask bench --rtos [WORD...]`: what tasks, threads and events take on mps2-an385, in instructions, and what they may take.
//!
//! The gate measures too, and holds the bounds.

use crate::boards;
use crate::figures::Figures;
use crate::sh::{self, Outcome};

const BOARD: &str = "mps2-an385";

/// Figures and what they may be at most.
const BOUNDS: &[(&str, u64)] = &[
    ("call_attached", 700),
    ("post_busy", 45),
    // The kernel's part of it, a notification, takes 92.
    ("post_idle", 150),
    ("isr_to_python_idle", 1300),
    ("switch_of_threads", 1200),
    ("thread_beyond_its_stacks", 400),
    // 1,500 for the switch, and 3,000.
    ("wait_while_python_runs", 4_500),
    ("wait_while_memory_is_used", 20_000),
    ("wait_while_collecting", 20_000),
    ("wait_while_sorting", 20_000),
    ("vm_beyond_heap_and_stack", 600),
    ("masked_by_a_post", 100),
    ("masked_by_a_message", 100),
    ("masked_by_a_message_to_a_thread", 100),
];

/// Begins the rows of `examples/freertos-qemu/natives.h`.
const IN_NATIVE: &str = "wait in ";

/// The command: writes the tables, and tells which bounds are not held; or measures the natives alone that have one of the
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
    for line in exceeded(&measured) {
        println!("{line}");
    }
    Ok(())
}

/// The gate's part: what is more than it may be.
pub fn check() -> Outcome {
    let over = exceeded(&measure(false, &[])?);
    if over.is_empty() { Ok(()) } else { Err(over.join("\n")) }
}

fn exceeded(measured: &[(String, u64)]) -> Vec<String> {
    let check = |(name, most): &(&str, u64)| match measured.iter().find(|row| row.0 == *name) {
        Some((_, value)) if value <= most => None,
        Some((name, value)) => Some(format!("{name}: {value}, at most {most} is allowed")),
        None => Some(format!("{name}: not measured")),
    };
    BOUNDS.iter().filter_map(check).collect()
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
    let out =
        sh::output(limited.arg("3000").arg(qemu.get_program()).args(qemu.get_args()))?.replace('\r', "");
    if out.lines().last() != Some("ok") {
        return Err(format!("it stopped early:\n{out}"));
    }
    let rows = out.lines().filter_map(|line| line.rsplit_once(' '));
    Ok(rows.filter_map(|(name, value)| Some((name.into(), value.parse().ok()?))).collect())
}
