//! `cargo xtask zephyr [PART...] [SUITE...]`: the Zephyr module in somebody's Zephyr workspace, which ZEPHYR_BASE names.
//!
//! Twister builds and runs `zephyr-module/samples` and `zephyr-module/tests` on the groups of boards, side by side; then the conformance
//! programs run on native_sim/native/64, and configurations that cannot be are refused as they should (`faults`). PART is a
//! group's name, `programs` or `faults`; all without one, and then the table `zephyr-module/results.txt` is written anew. A
//! run of parts writes their rows into it. SUITE (`pyrite.port`) leaves the others of the groups out. The figures that the test `latency` prints go to `benches/zephyr.txt`. Twister
//! needs Zephyr's Python packages: `python3` of the PATH must have them. What fails leaves its logs in `target/zephyr/`.
//! `cargo xtask zephyr options` writes the tables of docs/zephyr.md, `cargo xtask zephyr memory` measures what samples take of
//! the boards.

pub mod options;

mod faults;
mod memory;

use crate::sh::{self, Outcome};
use crate::test::oracle;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Boards that one C toolchain serves.
struct Group {
    name: &'static str,
    boards: &'static [&'static str],
    /// The environment that Zephyr finds Debian's compilers by, unless ZEPHYR_TOOLCHAIN_VARIANT is set already.
    tools: &'static [(&'static str, &'static str)],
    /// How cargo is told to compile the library, unless the environment says otherwise.
    library: &'static [(&'static str, &'static str)],
}

/// The host's library is for tests alone: its speed does not matter, the time that it takes to compile does.
const QUICK: &[(&str, &str)] = &[
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
];

const GROUPS: &[Group] = &[
    Group {
        name: "native",
        boards: &["native_sim", "native_sim/native/64"],
        tools: &[("ZEPHYR_TOOLCHAIN_VARIANT", "host")],
        library: QUICK,
    },
    Group {
        name: "arm",
        boards: &["qemu_cortex_m0", "qemu_cortex_m3", "mps2/an385"],
        tools: &[("ZEPHYR_TOOLCHAIN_VARIANT", "gnuarmemb"), ("GNUARMEMB_TOOLCHAIN_PATH", "/usr")],
        library: &[],
    },
    Group {
        name: "riscv",
        boards: &["qemu_riscv32", "qemu_riscv32/qemu_virt_riscv32/smp"],
        tools: &[
            ("ZEPHYR_TOOLCHAIN_VARIANT", "cross-compile"),
            ("CROSS_COMPILE", "riscv-tools/riscv64-unknown-elf-"), // `riscv_tools`
        ],
        library: &[],
    },
];
const FAULTS: &str = "faults";
const OPTIONS: &str = "options";
const MEMORY: &str = "memory";
const PROGRAMS: &str = "programs";
const PROGRAMS_BOARD: &str = "native_sim/native/64";

/// The command.
pub fn zephyr(words: &[String]) -> Outcome {
    if words.len() == 1 && words.iter().all(|word| word == OPTIONS) {
        return options::write();
    }
    let base = std::env::var_os("ZEPHYR_BASE").map(PathBuf::from).ok_or(
        "ZEPHYR_BASE IS NOT SET: NOTHING OF THE ZEPHYR MODULE WAS TESTED.\n\
         Let it name the folder `zephyr` of a workspace (docs/zephyr.md), and run this again",
    )?;
    let out = sh::target_dir().join("zephyr");
    sh::at(&out, std::fs::create_dir_all(&out))?;
    riscv_tools(&out)?;
    if words == [MEMORY] {
        return memory::memory(&base, &out);
    }
    let (suites, parts): (Vec<&String>, Vec<&String>) = words.iter().partition(|word| word.contains('.'));
    for word in &parts {
        if *word != PROGRAMS && *word != FAULTS && GROUPS.iter().all(|group| group.name != *word) {
            return Err(format!(
                "no part {word:?}; there are native, arm, riscv, {PROGRAMS}, {FAULTS}, and {OPTIONS} or {MEMORY} alone"
            ));
        }
    }
    if parts.is_empty() && !suites.is_empty() {
        return Err("name a group of boards beside the suites: native, arm or riscv".into());
    }
    let wanted = |name: &str| words.is_empty() || parts.iter().any(|part| *part == name);
    // Side by side: most of a build is CMake's first step, which uses one processor.
    let groups = std::thread::scope(|scope| {
        let wanted = GROUPS.iter().filter(|group| wanted(group.name));
        let started: Vec<_> = wanted
            .map(|group| {
                let folder = match suites.is_empty() {
                    true => out.join(group.name),
                    false => out.join(format!("{}-some", group.name)),
                };
                println!(
                    "==> {}: Twister on {}, into {}",
                    group.name,
                    group.boards.join(", "),
                    folder.display()
                );
                let (base, out, suites) = (&base, &out, &suites);
                (group.name, scope.spawn(move || twister(base, group, suites, out, &folder)))
            })
            .collect();
        let ended = started.into_iter().map(|(name, run)| (name, run.join()));
        ended.map(|(name, run)| (name, run.unwrap_or_else(|_| Err("it panicked".into())))).collect::<Vec<_>>()
    });
    let mut rows = Vec::new();
    // A part that cannot be run is a row that failed: the others are run all the same.
    let mut add = |name: &'static str, ran: Outcome<Vec<Row>>| match ran {
        Ok(found) => {
            let failed = failures(&found);
            println!("<== {name}: {} passed, {failed} failed", found.len() - failed);
            rows.extend(found);
        }
        Err(why) => {
            println!("<== {name}: {why}");
            rows.push((name.into(), NO_BOARD.into(), "failed: this part could not be run".into()));
        }
    };
    groups.into_iter().for_each(|(name, ran)| add(name, ran));
    let mut part = |name: &'static str, about: &str, run: &dyn Fn() -> Outcome<Vec<Row>>| {
        if wanted(name) {
            println!("==> {name}: {about}");
            add(name, run());
        }
    };
    part(PROGRAMS, "the conformance programs on native_sim/native/64", &|| programs(&base, &out));
    part(FAULTS, "configurations that cannot be", &|| faults::faults(&base, &out));
    rows.sort();
    rows.iter().for_each(|row| print!("{}", line(row)));
    write_results(&base, &rows, words.is_empty())?;
    let failed = failures(&rows);
    let told = format!("{} passed, {failed} failed; the table is {RESULTS}", rows.len() - failed);
    println!("{told}");
    if failed == 0 && !rows.is_empty() { Ok(()) } else { Err(told) }
}

const RESULTS: &str = "zephyr-module/results.txt";

/// The board of a part that could not be run.
const NO_BOARD: &str = "-";

/// Suite, board, status.
type Row = (String, String, String);

fn failures(rows: &[Row]) -> usize {
    rows.iter().filter(|(_, _, status)| !status.starts_with("passed")).count()
}

fn line((suite, board, status): &Row) -> String {
    format!("{suite:<32} {board:<35} {status}\n")
}

/// The rows of this run take the place of those of the same suites and boards, or of all.
fn write_results(base: &Path, rows: &[Row], all: bool) -> Outcome {
    let path = sh::root().join(RESULTS);
    let known = if all { String::new() } else { std::fs::read_to_string(&path).unwrap_or_default() };
    let is_new = |suite: &str, board: &str| rows.iter().all(|row| row.0 != suite || row.1 != board);
    let mut lines: Vec<String> = known
        .lines()
        .filter(|line| {
            let mut words = line.split_whitespace();
            let (suite, board) = (words.next().unwrap_or("#"), words.next().unwrap_or_default());
            suite != "#" && board != NO_BOARD && is_new(suite, board)
        })
        .map(|line| format!("{line}\n"))
        .chain(rows.iter().map(line))
        .collect();
    lines.sort();
    let what = if all { "the whole run" } else { "run in parts" };
    let head = format!("# `cargo xtask zephyr`: what ran where, {what}. Zephyr {}.\n", version(base)?);
    sh::at(&path, std::fs::write(&path, head + &lines.concat()))
}

fn version(base: &Path) -> Outcome<String> {
    let path = base.join("VERSION");
    let text = sh::at(&path, std::fs::read_to_string(&path))?;
    let field = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        Some(line.trim_matches([' ', '=']).to_string())
    };
    let parts: Vec<String> =
        ["VERSION_MAJOR", "VERSION_MINOR", "PATCHLEVEL"].into_iter().filter_map(field).collect();
    Ok(parts.join("."))
}

fn with_tools(command: &mut Command, out: &Path, group: &Group) {
    for (name, value) in group.library {
        if std::env::var_os(name).is_none() {
            command.env(name, value);
        }
    }
    if std::env::var_os("ZEPHYR_TOOLCHAIN_VARIANT").is_some() {
        return;
    }
    for (name, value) in group.tools {
        match *name {
            "CROSS_COMPILE" => command.env(name, out.join(value)),
            _ => command.env(name, value),
        };
    }
}

const RISCV: &str = "riscv64-unknown-elf-";
/// Zephyr asks for libgcc with extensions that Debian's compiler lists none for: it would name the one for 64 bits.
const RISCV_GCC: &str = r#"#!/bin/sh
case "$*" in *-print-libgcc-file-name*) set -- $(echo "$*" | sed 's/_z[a-z]*//g') ;; esac
exec /usr/bin/riscv64-unknown-elf-gcc "$@"
"#;

/// Debian's tools for RISC-V in a folder of their own, the compiler's answer about libgcc mended.
fn riscv_tools(out: &Path) -> Outcome {
    let folder = out.join("riscv-tools");
    if folder.exists() {
        sh::at(&folder, std::fs::remove_dir_all(&folder))?;
    }
    sh::at(&folder, std::fs::create_dir_all(&folder))?;
    let tools = Path::new("/usr/bin");
    for entry in sh::at(tools, std::fs::read_dir(tools))?.flatten() {
        let name = entry.file_name();
        if name.to_string_lossy().starts_with(RISCV) && name != "riscv64-unknown-elf-gcc" {
            sh::at(&folder, std::os::unix::fs::symlink(entry.path(), folder.join(name)))?;
        }
    }
    let gcc = folder.join("riscv64-unknown-elf-gcc");
    sh::at(&gcc, std::fs::write(&gcc, RISCV_GCC))?;
    sh::run(sh::command("chmod").arg("+x").arg(&gcc))
}

/// One run of Twister; a row for each suite on each board, from the lines of its own log.
fn twister(base: &Path, group: &Group, suites: &[&String], out: &Path, folder: &Path) -> Outcome<Vec<Row>> {
    let mut command = sh::command("python3");
    command.arg(base.join("scripts/twister")).arg("-T").arg(sh::root().join("zephyr-module"));
    for board in group.boards {
        command.args(["-p", board]);
    }
    // One at a time: a set of features is compiled once, for the next builds to use. Machines may be slow.
    command.args(["--jobs", "1", "--timeout-multiplier", "5", "--verbose", "--clobber-output"]);
    command.arg("--disable-warnings-as-errors").arg("--outdir").arg(folder);
    for suite in suites {
        command.args(["-s", suite]);
    }
    command.arg(format!("-x=ZEPHYR_EXTRA_MODULES={}", sh::root().display()));
    command.arg(format!("-x=PYRITE_CARGO_DIR={}", out.join("cargo").display()));
    with_tools(&mut command, out, group);
    // Its status tells no more than the rows do.
    command.stdin(Stdio::null()).status().map_err(|why| format!("cannot start Twister: {why}"))?;
    write_figures(folder)?;
    let path = folder.join("twister.log");
    let log = sh::at(&path, std::fs::read_to_string(&path))?;
    let rows: Vec<Row> = log.lines().filter_map(|line| row(group, line)).collect();
    if rows.is_empty() { Err(format!("Twister ran nothing; see {}", path.display())) } else { Ok(rows) }
}

/// What the test `latency` has printed, as `benches/zephyr.txt`.
fn write_figures(out: &Path) -> Outcome {
    let log = out.join("mps2_an385/tests/latency/pyrite.latency/handler.log");
    let Ok(text) = std::fs::read_to_string(&log) else { return Ok(()) };
    let mut figures = String::from(
        "# instructions on mps2/an385 under Zephyr; written by cargo xtask zephyr arm, beside rtos-mps2-an385.txt\n",
    );
    for line in text.lines() {
        if let Some((name, number)) = line.trim().split_once(' ')
            && let Ok(number) = number.parse::<u32>()
        {
            figures += &format!("{name:<34} {number:>20}\n");
        }
    }
    let path = sh::root().join("benches/zephyr.txt");
    sh::at(&path, std::fs::write(&path, figures))
}

/// `INFO    - 3/9 mps2/an385   samples/hello/sample.pyrite.hello PASSED (qemu 2.1s)` as a row.
fn row(group: &Group, line: &str) -> Option<Row> {
    // The log has it in colour.
    let plain = uncoloured(line);
    let mut words = plain.split_whitespace();
    let board = words.find(|word| group.boards.contains(word))?;
    let suite = words.next()?.rsplit('/').next()?;
    let status = words.next().filter(|word| ["PASSED", "FAILED", "ERROR", "BLOCK"].contains(word))?;
    let rest: Vec<&str> = words.collect();
    let status = match (status, rest.join(" ")) {
        ("PASSED", how) if how == "(build)" => "failed: built, and not run".to_string(),
        ("PASSED", _) => "passed".to_string(),
        (_, why) => format!("failed: {why}"),
    };
    Some((suite.to_string(), board.to_string(), status))
}

fn uncoloured(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let mut plain = parts.next().unwrap_or_default().to_string();
    parts.for_each(|part| plain += part.split_once('m').map_or(part, |(_, text)| text));
    plain
}

/// CMake's first step for an application on a board.
fn configure(base: &Path, out: &Path, app: &Path, build: &Path, board: &str) -> Command {
    let mut cmake = sh::command("cmake");
    cmake.arg("-GNinja").arg("-S").arg(app).arg("-B").arg(build);
    cmake.arg(format!("-DBOARD={board}")).env("ZEPHYR_BASE", base);
    cmake.arg(format!("-DZEPHYR_EXTRA_MODULES={}", sh::root().display()));
    cmake.arg(format!("-DPYRITE_CARGO_DIR={}", out.join("cargo").display()));
    if let Some(group) = GROUPS.iter().find(|group| group.boards.contains(&board)) {
        with_tools(&mut cmake, out, group);
    }
    cmake
}

/// CMake's second step.
fn build_in(out: &Path, build: &Path, board: &str) -> Command {
    let mut cmake = sh::command("cmake");
    cmake.arg("--build").arg(build);
    if let Some(group) = GROUPS.iter().find(|group| group.boards.contains(&board)) {
        with_tools(&mut cmake, out, group);
    }
    cmake
}

/// The conformance programs as a thread of native_sim, compared as the host program's outputs are.
fn programs(base: &Path, out: &Path) -> Outcome<Vec<Row>> {
    let build = out.join(PROGRAMS);
    let app = sh::root().join("zephyr-module/tests/programs");
    sh::output(&mut configure(base, out, &app, &build, PROGRAMS_BOARD))?;
    sh::output(&mut build_in(out, &build, PROGRAMS_BOARD))?;
    let program = build.join("zephyr/zephyr.exe");

    let all = oracle::programs("tests/conformance", true);
    let done = AtomicUsize::new(0);
    let results = oracle::in_parallel(&all, |one| {
        let expected = one.expected()?;
        let run = one.run(Command::new(&program).arg("-testargs"), Duration::from_secs(600))?;
        let count = done.fetch_add(1, Ordering::Relaxed) + 1;
        if count.is_multiple_of(50) {
            println!("   {count} of {} programs", all.len());
        }
        oracle::compare(&expected, &run)
    });
    let mut failed = Vec::new();
    for (one, result) in all.iter().zip(results) {
        if let Err(why) = result {
            println!("   FAILED {}: {why}", one.name);
            failed.push(one.name.as_str());
        }
    }
    let passed = all.len() - failed.len();
    let status = match failed.len() {
        0 => format!("passed, {passed} programs"),
        _ => format!("failed {} of {}: {}", failed.len(), all.len(), failed.join(" ")),
    };
    Ok(vec![("pyrite.programs".into(), PROGRAMS_BOARD.into(), status)])
}
