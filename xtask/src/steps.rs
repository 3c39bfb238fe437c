//! `cargo xtask bench steps`: the collector's longest step in instructions of the guest, on mps2-an385 with 140 KB.
//!
//! The programs of `benches/collector` fill the heap. A QEMU plugin counts from the entry of `Heap::step` to its exits,
//! which the disassembly names; what the library itself counts as work is an estimate, this is not.

use crate::boards;
use crate::figures::Figures;
use crate::sh::{self, Outcome};
use std::path::{Path, PathBuf};

/// The bound that the architecture promises.
const BOUND: u64 = 20_000;
const FUNCTION: &str = "Heap>::step>:";

/// The command.
pub fn steps() -> Outcome {
    let board = boards::named("mps2-an385")?;
    let elf = board.build()?;
    let plugin = plugin()?;
    let mut words = vec![format!("{}", plugin.display())];
    words.extend(places(board.tools, &elf)?);
    let mut figures = Figures::new(
        "collector-mps2-an385",
        "longest step of the collector, instructions; written by cargo xtask bench steps",
    );
    let mut wrong = Vec::new();
    for (name, path) in crate::bench::programs(&sh::root().join("benches/collector"), &[])? {
        let counts = plugin.with_file_name(format!("{name}.txt"));
        let mut qemu = board.qemu(&elf, "pyrite", Some(&path));
        // The clock counts instructions, so that a step holds few interrupts.
        qemu.args(["-monitor", "none", "-serial", "stdio", "-icount", "shift=0,sleep=off", "-plugin"]);
        qemu.arg(format!("{},out={}", words.join(","), counts.display()));
        println!("{}", sh::output(&mut qemu)?.trim_end());
        let text = sh::at(&counts, std::fs::read_to_string(&counts))?;
        let numbers: Vec<u64> = text.split_whitespace().filter_map(|n| n.parse().ok()).collect();
        let &[runs, longest, total] = numbers.as_slice() else { return Err(format!("{name}: {text:?}")) };
        figures.add(&name, longest);
        println!("{runs} steps, {} instructions on average", total / runs.max(1));
        if runs == 0 || longest > BOUND {
            wrong.push(format!("{name}: {longest} instructions in {runs} steps"));
        }
    }
    figures.write()?;
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// The compiled plugin.
fn plugin() -> Outcome<PathBuf> {
    let source = sh::root().join("xtask/plugin/span.c");
    let folder = sh::target_dir().join("pyrite/plugin");
    sh::at(&folder, std::fs::create_dir_all(&folder))?;
    let plugin = folder.join("span.so");
    if !sh::is_current(&plugin, std::slice::from_ref(&source)) {
        let mut cc = sh::command("cc");
        sh::run(cc.args(["-shared", "-fPIC", "-O2", "-Wall", "-o"]).arg(&plugin).arg(&source))?;
    }
    Ok(plugin)
}

/// The function's entry and exits, as the plugin wants them.
fn places(tools: &str, elf: &Path) -> Outcome<Vec<String>> {
    let listing = sh::output(
        sh::command(&format!("{tools}objdump"))
            .args(["--disassemble", "--demangle", "--no-show-raw-insn"])
            .arg(elf),
    )?;
    let mut lines = listing.lines().skip_while(|line| !line.ends_with(FUNCTION));
    let title = lines.next().ok_or(format!("{} has no {FUNCTION}", elf.display()))?;
    let name = title.split_once('<').map_or("", |(_, name)| name.trim_end_matches(">:"));
    let mut found = Vec::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        let mut columns = line.split('\t');
        let (Some(at), Some(op)) = (columns.next(), columns.next()) else { continue };
        let (at, operands) = (at.trim().trim_end_matches(':'), columns.next().unwrap_or(""));
        if found.is_empty() {
            found.push(format!("entry=0x{at}"));
        }
        // A return, or a jump to another function in its place.
        let op = op.trim();
        let pops = (op.starts_with("pop") || op.starts_with("ldmia")) && operands.contains("pc}");
        let leaves = op.starts_with("b.") && operands.contains('<') && !operands.contains(name);
        if pops || op.starts_with("bx") || leaves {
            found.push(format!("exit=0x{at}"));
        }
    }
    if found.len() < 2 { Err(format!("no exit found in {title}")) } else { Ok(found) }
}
