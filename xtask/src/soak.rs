//! `cargo xtask bench --soak [SECONDS]` and the gate's step `soak`: tests/soak on a board in QEMU, whose time is virtual, and over
//! FreeRTOS in a process, whose time is ours.

use crate::boards;
use crate::kernel;
use crate::sh::{self, Outcome};
use std::path::PathBuf;
use std::process::Command;

const BOARD: &str = "mps2-an385";

/// What a run that nothing was wrong with ends with.
const RIGHT: &str = "ok";

/// A run of ten minutes, or of as long as is asked for, is written to `benches/soak.txt`.
pub fn bench(words: &[String]) -> Outcome {
    let seconds = match words.first() {
        Some(word) => word.parse().map_err(|_| format!("{word}: not a number of seconds"))?,
        None => 600,
    };
    let mut text = format!("# {seconds} s each; written by cargo xtask bench --soak\n");
    for (name, run) in [(BOARD, board as fn(u32) -> Outcome<String>), ("FreeRTOS in a process", process)] {
        let said = run(seconds)?;
        println!("{name}:\n{said}");
        text += &format!("\n{name}\n{said}");
    }
    let file = sh::root().join("benches/soak.txt");
    sh::at(&file, std::fs::write(&file, text))
}

/// On the board; what it said.
pub fn board(seconds: u32) -> Outcome<String> {
    let board = boards::named(BOARD)?;
    let elf = board.build_soak(seconds)?;
    let mut qemu = board.qemu(&elf, "soak", None);
    qemu.args(["-monitor", "none", "-serial", "stdio", "-icount", "shift=0,sleep=off"]);
    finish(&mut qemu, 60 * seconds)
}

/// Over FreeRTOS's Posix port.
pub fn process(seconds: u32) -> Outcome<String> {
    let program = folder()?.join("freertos");
    let library = library("soak", None, "")?;
    let kernel = kernel::folder()?;
    let port = kernel.join("portable/ThirdParty/GCC/Posix");
    let mut cc = compiler(&["rtos-shims/freertos", "examples/freertos-posix/c"], seconds);
    cc.arg(format!("-I{}", kernel.join("include").display())).arg(format!("-I{}", port.display()));
    // The kernel's own sources are not ours to warn about.
    cc.args(["-Wno-unused-parameter", "-Wno-unused-variable", "-Wno-unused-but-set-variable"]);
    cc.args(["tests/soak/soak.c", "tests/soak/freertos.c", "rtos-shims/freertos/pyrite_freertos.c"]);
    cc.args(["tasks.c", "queue.c", "list.c"].map(|file| kernel.join(file)));
    cc.arg(port.join("port.c")).arg(port.join("utils/wait_for_event.c")).args(library);
    sh::output(cc.args(["-lpthread", "-lm", "-o"]).arg(&program))?;
    finish(&mut Command::new(program), 5 * seconds + 300)
}

/// A C compiler for the soak's sources.
pub fn compiler(includes: &[&str], seconds: u32) -> Command {
    let mut cc = sh::command("cc");
    cc.args(["-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-Iinclude"]);
    cc.arg(format!("-DSOAK_SECONDS={seconds}"));
    cc.args(includes.iter().map(|folder| format!("-I{folder}")));
    cc
}

/// Runs to the end, which must be good.
pub fn finish(program: &mut Command, limit: u32) -> Outcome<String> {
    let said = output(program, limit)?.replace('\r', "");
    if said.lines().last() == Some(RIGHT) { Ok(said) } else { Err(format!("it stopped early:\n{said}")) }
}

/// What a program says, in `limit` seconds.
pub fn output(program: &mut Command, limit: u32) -> Outcome<String> {
    let mut limited = sh::command("timeout");
    limited.arg(limit.to_string()).arg(program.get_program()).args(program.get_args());
    limited.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    sh::output(&mut limited)
}

fn folder() -> Outcome<PathBuf> {
    let out = sh::target_dir().join("pyrite/soak");
    sh::at(&out, std::fs::create_dir_all(&out))?;
    Ok(out)
}

/// The library for this machine, quickly made and with the feature `testing`, in a target folder of its own; a toolchain and
/// rustc's flags as asked for. What a C compiler links.
pub fn library(name: &str, toolchain: Option<&str>, flags: &str) -> Outcome<[PathBuf; 2]> {
    let target = "x86_64-unknown-linux-gnu";
    let out = sh::target_dir().join(name);
    let mut cargo = match toolchain {
        Some(toolchain) => {
            let mut rustup = sh::command("rustup");
            rustup.args(["run", toolchain, "cargo"]);
            rustup
        }
        None => sh::cargo(),
    };
    cargo.args([
        "rustc",
        "--quiet",
        "--release",
        "--package",
        "pyrite",
        "--lib",
        "--crate-type",
        "staticlib",
    ]);
    cargo.args(["--no-default-features", "--features", "everything,compiler,float-double,archive,testing"]);
    for option in ["lto=\"off\"", "codegen-units=16", "opt-level=1", "debug=1"] {
        cargo.arg("--config").arg(format!("profile.release.{option}"));
    }
    sh::run(cargo.args(["--target", target, "--target-dir"]).arg(&out).env("RUSTFLAGS", flags))?;
    // rustc's own core names it, and nothing here unwinds.
    let (source, object) = (out.join("personality.c"), out.join("personality.o"));
    sh::at(&source, std::fs::write(&source, "void rust_eh_personality(void) {}\n"))?;
    sh::output(sh::command("cc").arg("-c").arg(&source).arg("-o").arg(&object))?;
    Ok([object, out.join(target).join("release/libpyrite.a")])
}

/// The gate's step, by platform.
pub const STEPS: &[(&str, fn(u32) -> Outcome<String>)] =
    &[("on mps2-an385", board), ("FreeRTOS in a process", process)];
