//! `cargo xtask test [STEP...]`: the gate, the same that CI runs.
//!
//! A table names the steps in their order; without words all run, and `boards:PART` runs what of it begins with `PART`.
//! Every step runs whether or not an earlier one failed, each tells its time, and the last line is `N passed, N failed`.
//! The status is 0 only if nothing failed.

mod boards;
mod capi;
mod dist;
mod docs;
mod firmware;
mod fuzz;
pub mod oracle;
mod ports;
mod programs;
mod sanitizers;
mod sweep;
mod tally;

use crate::sh::{self, Outcome};
use std::time::Instant;
use tally::Tally;

pub use sweep::sweep_fully;

/// A step of the gate: its name, what it asks, and how it finds out.
struct Step {
    name: &'static str,
    about: &'static str,
    run: fn(&mut Tally),
}

const STEPS: &[Step] = &[
    Step { name: "setup", about: "packages and targets are there", run: setup },
    Step { name: "fmt", about: "rustfmt has nothing to change", run: fmt },
    Step { name: "clippy", about: "the lints of docs/ARCHITECTURE.md", run: clippy },
    Step { name: "architecture", about: "ranks, unsafe, nothing undone", run: architecture },
    Step { name: "unit", about: "unit tests, plain and with every heap access checked", run: unit },
    Step { name: "integration", about: "the other test files of tests/", run: integration },
    Step { name: "headers", about: "the C headers are C11 and C++17", run: headers },
    Step { name: "no_std", about: "the library builds for every target and float width", run: no_std },
    Step { name: "build", about: "the host program", run: build },
    Step { name: "capi", about: "tests/capi: the C API from C11 and C++17", run: capi::capi },
    Step {
        name: "conformance",
        about: "tests/conformance in three collector modes",
        run: programs::conformance,
    },
    Step { name: "stackless", about: "tests/stackless: 200-deep chains", run: programs::stackless },
    Step { name: "wish", about: "tests/wish still fails as its notes say", run: programs::wish },
    Step { name: "fuzz", about: "damaged sources and .mpy files, programs at random", run: fuzz::fuzz },
    Step { name: "sweep", about: "each allocation fails in turn", run: sweep::sweep },
    Step {
        name: "boards",
        about: "programs on QEMU boards, whole output against CPython's",
        run: boards::boards,
    },
    Step {
        name: "firmware",
        about: "examples/c-firmware, and the REPL typed at on every board",
        run: firmware::firmware,
    },
    Step { name: "dist", about: "a C project outside built from a package alone", run: dist::dist },
    Step {
        name: "ports",
        about: "the port conformance program: each shim, and ports broken on purpose",
        run: ports::ports,
    },
    Step { name: "soak", about: "tests/soak for half a minute on a board and in a process", run: soak },
    Step {
        name: "sanitizers",
        about: "tests/capi, tests/port and tests/soak over POSIX threads under ThreadSanitizer and AddressSanitizer",
        run: sanitizers::sanitizers,
    },
    Step { name: "miri", about: "heap, base and the queue of posts under Miri", run: miri },
    Step { name: "docs", about: "the commands and code of README and docs/", run: docs::docs },
];

/// The nightly for Miri and the sanitizers: rustup's name for it, and what its `rustc --version` holds.
const NIGHTLY: (&str, &str) = ("nightly-2026-05-20", "2026-05-19");

/// Feature sets that the first target must compile with; the others take the last two.
const FEATURES: &[&str] = &[
    "",
    "core,compiler,tiny",
    "basic,float-double",
    "everything,compiler,float-single",
    "everything,compiler,float-double",
];

pub fn test(words: &[String]) -> Outcome {
    let asked: Vec<(&str, &str)> =
        words.iter().map(|word| word.split_once(':').unwrap_or((word.as_str(), ""))).collect();
    let in_parts = |word: &(&str, &str)| word.0 == "boards" || word.1.is_empty();
    if let Some((unknown, _)) =
        asked.iter().find(|word| !in_parts(word) || !STEPS.iter().any(|step| step.name == word.0))
    {
        let names: Vec<String> = STEPS.iter().map(|s| format!("  {:<13} {}", s.name, s.about)).collect();
        return Err(format!("no step named {unknown}; the steps are\n{}", names.join("\n")));
    }
    let mut rows = Vec::new();
    let (mut passed, mut failed) = (0, 0);
    for step in STEPS {
        let part = asked.iter().find(|word| word.0 == step.name).map(|word| word.1);
        let Some(part) = part.or(words.is_empty().then_some("")) else { continue };
        println!("== {}: {}", step.name, step.about);
        let begun = Instant::now();
        let mut tally = Tally { part: part.to_string(), ..Tally::default() };
        (step.run)(&mut tally);
        let seconds = begun.elapsed().as_secs_f64();
        println!("   {} passed, {} failed, {seconds:.1} s", tally.passed, tally.failed());
        passed += tally.passed;
        failed += tally.failed();
        rows.push((step.name, tally, seconds));
    }
    println!("\n{:<13} {:>8} {:>8} {:>9}", "step", "passed", "failed", "seconds");
    for (name, tally, seconds) in &rows {
        println!("{name:<13} {:>8} {:>8} {seconds:>9.1}", tally.passed, tally.failed());
        for line in &tally.notes {
            println!("  note: {line}");
        }
        for line in &tally.failures {
            println!("  FAILED {line}");
        }
    }
    println!("\n{passed} passed, {failed} failed");
    if failed == 0 { Ok(()) } else { Err("the gate is closed".into()) }
}

fn setup(tally: &mut Tally) {
    tally.check("setup", crate::setup::setup(&[]));
}

fn fmt(tally: &mut Tally) {
    tally.check("cargo fmt --check", sh::run(sh::cargo().args(["fmt", "--all", "--check"])));
}

fn clippy(tally: &mut Tally) {
    let smallest = ["--package", "pyrite", "--no-default-features", "--features", "core,compiler,tiny"];
    let whole = ["--workspace", "--all-targets"];
    for features in [&whole[..], &[whole[0], whole[1], "--no-default-features"][..], &smallest[..]] {
        let mut command = sh::cargo();
        command.args(["clippy", "--quiet"]).args(features);
        tally.check(
            &format!("clippy {}", features.join(" ")),
            sh::run(command.args(["--", "--deny", "warnings"])),
        );
    }
}

fn architecture(tally: &mut Tally) {
    tally.cargo_test(&["--package", "pyrite", "--test", "architecture"]);
}

fn unit(tally: &mut Tally) {
    tally.cargo_test(&["--workspace", "--lib", "--bins"]);
    tally.cargo_test(&["--package", "pyrite", "--lib", "--features", "heap-checks"]);
}

fn integration(tally: &mut Tally) {
    let Ok(entries) = std::fs::read_dir(sh::root().join("tests")) else { return };
    let mut names: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .filter(|name| name != "architecture")
        .collect();
    names.sort();
    for name in names {
        tally.cargo_test(&["--package", "pyrite", "--test", &name]);
    }
}

fn headers(tally: &mut Tally) {
    let Ok(entries) = std::fs::read_dir(sh::root().join("include")) else {
        return tally.fail("include/ cannot be read");
    };
    let mut names: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    names.sort();
    for path in names {
        for (language, standard) in [("c", "c11"), ("c++", "c++17")] {
            let mut command = sh::command("cc");
            command.args(["-x", language, &format!("-std={standard}"), "-fsyntax-only"]);
            command.args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Iinclude"]).arg(&path);
            tally.check(&format!("{} as {standard}", path.display()), sh::run(&mut command));
        }
    }
}

fn no_std(tally: &mut Tally) {
    for (index, target) in crate::setup::TARGETS.iter().enumerate() {
        for features in FEATURES.iter().skip(if index == 0 { 0 } else { FEATURES.len() - 2 }) {
            let mut command = sh::cargo();
            command.args(["check", "--quiet", "--release", "--package", "pyrite", "--target", target]);
            command.args(["--no-default-features", "--features", features]);
            tally.check(&format!("{target} [{features}]"), sh::run(&mut command));
        }
    }
}

fn build(tally: &mut Tally) {
    tally.check(
        "cargo build",
        sh::run(sh::cargo().args(["build", "--quiet", "--release", "-p", "pyrite-cli"])),
    );
    let mut checked = sh::cargo();
    checked.args([
        "build",
        "--quiet",
        "-p",
        "pyrite-cli",
        "--features",
        "pyrite/heap-checks,pyrite/annotations",
        "--target-dir",
    ]);
    checked.arg(sh::target_dir().join("checked")).env("CARGO_PROFILE_DEV_OPT_LEVEL", "1");
    tally.check("cargo build with heap checks", sh::run(&mut checked));
}

fn soak(tally: &mut Tally) {
    for (name, run) in crate::soak::STEPS {
        tally.check(name, run(30).map(|said| println!("{said}")));
    }
}

fn miri(tally: &mut Tally) {
    let toolchain = match miri_toolchain() {
        Ok(name) => name,
        Err(why) => return tally.fail(&format!("Miri is not to be had: {why}")),
    };
    let mut command = sh::command("rustup");
    command.args(["run", &toolchain, "cargo", "miri", "test", "--package", "pyrite", "--lib", "--"]);
    command.args(["heap::", "base::", "vm::frame::posts::"]);
    // Exhaustive arithmetic without a line of unsafe code: hours under Miri, and nothing for it to find.
    for safe in ["base::float", "base::limbs", "base::pack", "base::utf8::tests::validation"] {
        command.args(["--skip", safe]);
    }
    command.env("MIRIFLAGS", "-Zmiri-permissive-provenance");
    tally.tests(&mut command);
}

/// An installed toolchain that is the pinned nightly; installs it where it is missing.
fn nightly() -> Outcome<String> {
    let (pinned, dated) = NIGHTLY;
    let is_pinned = |name: &&str| {
        sh::output(sh::command("rustup").args(["run", name, "rustc", "--version"]))
            .is_ok_and(|version| version.contains(dated))
    };
    if let Some(name) = ["nightly", pinned].into_iter().find(is_pinned) {
        return Ok(name.to_string());
    }
    sh::run(sh::command("rustup").args(["toolchain", "install", pinned, "--profile", "minimal"]))?;
    Ok(pinned.to_string())
}

/// That toolchain with Miri, which is added where it is missing.
fn miri_toolchain() -> Outcome<String> {
    let name = nightly()?;
    if sh::output(sh::command("rustup").args(["run", &name, "cargo", "miri", "--version"])).is_err() {
        let add = ["component", "add", "--toolchain", &name, "miri", "rust-src"];
        sh::run(sh::command("rustup").args(add))?;
    }
    Ok(name)
}
