//! `cargo xtask bench [host|board|steps|compile|--rtos|--soak] [NAME...]`: instructions of the programs in `benches/programs`, beside those
//! of before.
//!
//! Host: callgrind over `pyrite`, the whole run less the same program stopped before its first statement. Board: QEMU's mps2-an385 with
//! `-icount shift=0`, where one instruction is one nanosecond, so `time.ticks_us` counts kilo-instructions. What a
//! program prints must equal what CPython prints. If `MICROPYTHON_TESTS` names a checkout's `tests`
//! folder, its `perf_bench` runs too, beside the peer's figures in `benches/peer.txt`.

use crate::boards::{self, Board};
use crate::figures::Figures;
use crate::sh::{self, Outcome};
use std::path::{Path, PathBuf};

/// The board whose peer figures there are.
const BOARD: &str = "mps2-an385";

/// What to measure with.
enum Machine {
    /// The host program.
    Host(PathBuf),
    /// The board and its firmware.
    Board(&'static Board, PathBuf),
}

/// The command.
pub fn bench(words: &[String]) -> Outcome {
    let (host, board) = match words.first().map(String::as_str) {
        Some("steps") => return crate::steps::steps(),
        Some("compile") => return crate::compile_memory::compile_memory(),
        Some("--rtos") => return crate::rtos::bench(words.get(1..).unwrap_or_default()),
        Some("--soak") => return crate::soak::bench(words.get(1..).unwrap_or_default()),
        Some("host") => (true, false),
        Some("board") => (false, true),
        _ => (true, true),
    };
    let names = words.get(usize::from(host != board)..).unwrap_or_default();
    if host {
        sh::run(sh::cargo().args(["build", "--quiet", "--release", "--package", "pyrite-cli"]))?;
        let program = sh::target_dir().join("release/pyrite");
        run_all(&Machine::Host(program), "host", "instructions; written by cargo xtask bench", names)?;
    }
    if board {
        let board = boards::named(BOARD)?;
        let elf = board.build()?;
        run_all(
            &Machine::Board(board, elf),
            BOARD,
            "kilo-instructions; written by cargo xtask bench",
            names,
        )?;
    }
    Ok(())
}

fn run_all(machine: &Machine, name: &str, title: &'static str, names: &[String]) -> Outcome {
    println!("{name}:");
    let mut failures = Vec::new();
    let mut figures = Figures::new(name, title);
    for (program, path) in programs(&sh::root().join("benches/programs"), names)? {
        match own(machine, &path) {
            Ok(count) => figures.add(&program, count),
            Err(why) => failures.push(format!("{program}: {why}")),
        }
    }
    // A part of the programs must not replace the table of all.
    if names.is_empty() && failures.is_empty() {
        figures.write()?;
    }
    if let Some(tests) = std::env::var_os("MICROPYTHON_TESTS") {
        peer(machine, name, &PathBuf::from(tests), names, &mut failures)?;
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

/// The Python files of a folder by name, those that `names` asks for.
pub fn programs(folder: &Path, names: &[String]) -> Outcome<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for entry in sh::at(folder, std::fs::read_dir(folder))? {
        let path = sh::at(folder, entry)?.path();
        let Some(name) = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()) else { continue };
        if path.extension().is_some_and(|e| e == "py") && (names.is_empty() || names.contains(&name)) {
            found.push((name, path));
        }
    }
    found.sort();
    Ok(found)
}

/// One of our programs: its count without start-up and compilation, after checking its answer against CPython's.
fn own(machine: &Machine, path: &Path) -> Outcome<u64> {
    let source = sh::at(path, std::fs::read_to_string(path))?;
    let expected = sh::output(sh::command("python3").arg(path))?;
    let (answer, count) = match machine {
        Machine::Host(program) => {
            let (answer, whole) = callgrind(program, &source)?;
            let (_, loading) = callgrind(program, &format!("raise SystemExit\n{source}"))?;
            (answer, whole.saturating_sub(loading))
        }
        Machine::Board(board, elf) => {
            let timed = format!(
                "import time as _time\n_t = _time.ticks_us()\n{source}\nprint(_time.ticks_diff(_time.ticks_us(), _t))\n"
            );
            let out = on_board(board, elf, &timed)?;
            let (answer, count) = out.trim_end().rsplit_once('\n').ok_or(format!("printed {out:?}"))?;
            (answer.to_string(), count.trim().parse().map_err(|_| format!("printed {out:?}"))?)
        }
    };
    if answer.trim_end() != expected.trim_end() {
        return Err(format!("answered {:?}, CPython {:?}", answer.trim_end(), expected.trim_end()));
    }
    Ok(count)
}

/// Output of a program and the instructions that it took, whole.
fn callgrind(program: &Path, source: &str) -> Outcome<(String, u64)> {
    let file = scratch("program.py", source)?;
    let out = sh::command("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .arg(&file)
        .output()
        .map_err(|why| format!("valgrind: {why} (cargo xtask setup installs it)"))?;
    let answer = String::from_utf8_lossy(&out.stdout).into_owned();
    let log = String::from_utf8_lossy(&out.stderr).into_owned();
    let count = log.split("Collected : ").nth(1).and_then(|rest| rest.split_whitespace().next());
    match count.and_then(|word| word.parse().ok()) {
        Some(count) if out.status.success() => Ok((answer, count)),
        _ => Err(format!("ended with {}\n{answer}{log}", out.status)),
    }
}

/// What a program prints on the board, with virtual time counting instructions.
fn on_board(board: &Board, elf: &Path, source: &str) -> Outcome<String> {
    let file = scratch("program.py", source)?;
    let mut qemu = board.qemu(elf, "pyrite", Some(&file));
    qemu.args(["-monitor", "none", "-serial", "stdio", "-icount", "shift=0,sleep=off"]);
    let limited =
        sh::output(sh::command("timeout").arg("600").arg(qemu.get_program()).args(qemu.get_args()))?;
    Ok(limited.replace('\r', ""))
}

/// A file for what is measured.
pub fn scratch(name: &str, text: &str) -> Outcome<PathBuf> {
    let folder = sh::target_dir().join("pyrite/bench");
    sh::at(&folder, std::fs::create_dir_all(&folder))?;
    let file = folder.join(name);
    sh::at(&file, std::fs::write(&file, text))?;
    Ok(file)
}

/// MicroPython's own programs, and the geometric mean of ours against its figures.
fn peer(
    machine: &Machine,
    name: &str,
    tests: &Path,
    names: &[String],
    failures: &mut Vec<String>,
) -> Outcome {
    let table = sh::root().join("benches/peer.txt");
    let figures = sh::at(&table, std::fs::read_to_string(&table))?;
    let folder = tests.join("perf_bench");
    let harness = folder.join("benchrun.py");
    let harness = sh::at(&harness, std::fs::read_to_string(&harness))?;
    let (mut logs, mut count) = (0.0, 0);
    for line in figures.lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let &[machine_name, program, peer] = words.as_slice() else { continue };
        if machine_name != name || !(names.is_empty() || names.iter().any(|n| n == program)) {
            continue;
        }
        let path = folder.join(format!("{program}.py"));
        let source = sh::at(&path, std::fs::read_to_string(&path))?;
        let ours = match machine {
            Machine::Host(binary) => {
                let stopped = harness.replace("    run()\n", "    print(0, 0, 0); raise SystemExit\n");
                let whole = callgrind(binary, &format!("{source}{harness}bm_run(1000, 1000)\n"));
                let loading = callgrind(binary, &format!("{source}{stopped}bm_run(1000, 1000)\n"));
                whole.and_then(|whole| Ok(whole.1.saturating_sub(loading?.1)))
            }
            Machine::Board(board, elf) => {
                on_board(board, elf, &format!("{source}{harness}bm_run(100, 100)\n")).and_then(|out| {
                    let first = out.split_whitespace().next().and_then(|word| word.parse().ok());
                    first.ok_or(format!("printed {out:?}"))
                })
            }
        };
        match (ours, peer.parse::<u64>()) {
            (Ok(ours), Ok(peer)) => {
                let ratio = ours.max(1) as f64 / peer as f64;
                println!("{program:<40} {ours:>14} {peer:>14} ratio {ratio:.3}");
                logs += ratio.ln();
                count += 1;
            }
            (Err(why), _) => failures.push(format!("{program}: {why}")),
            (_, Err(why)) => failures.push(format!("{line}: {why}")),
        }
    }
    if count > 0 {
        let mean = (logs / f64::from(count)).exp();
        println!("geometric mean of ours against the peer: {mean:.3} over {count} programs");
    }
    Ok(())
}
