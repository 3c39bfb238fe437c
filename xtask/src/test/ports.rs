//! rtos-shims/conformance over the POSIX shim, over FreeRTOS in a process and on a board, and over ports that are broken on
//! purpose (tests/port); the blank port of rtos-shims/template compiles.

use super::capi::c_files;
use super::tally::Tally;
use crate::sh::{self, Outcome};
use crate::{boards, kernel};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the report of a good port ends with.
const RIGHT: &str = "everything that was tested is right";

pub fn ports(tally: &mut Tally) {
    tally.check("the POSIX port, and that port broken in many places", posix());
    tally.check("FreeRTOS in a process", freertos_posix());
    tally.check("FreeRTOS on mps2-an385", board("mps2-an385"));
    tally.check("rtos-shims/template compiles", template());
}

fn folder() -> Outcome<PathBuf> {
    let out = sh::target_dir().join("pyrite/ports");
    sh::at(&out, std::fs::create_dir_all(&out))?;
    Ok(out)
}

fn cc(includes: &[&str]) -> Command {
    let mut cc = sh::command("cc");
    cc.args([
        "-std=gnu11",
        "-O1",
        "-g",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-ffunction-sections",
        "-Wl,--gc-sections",
    ]);
    cc.args(["-Iinclude", "-Irtos-shims/conformance"])
        .args(includes.iter().map(|folder| format!("-I{folder}")));
    cc
}

/// Runs a report, which must be good.
fn report(command: &mut Command) -> Outcome {
    let said = sh::output(command.stdin(std::process::Stdio::null()))?;
    println!("{}", said.trim_end());
    if said.contains(RIGHT) { Ok(()) } else { Err("the report does not say that everything is right".into()) }
}

fn limited(program: &Path, seconds: u32) -> Command {
    let mut command = sh::command("timeout");
    command.arg(seconds.to_string()).arg(program);
    command
}

fn posix() -> Outcome {
    let program = folder()?.join("host");
    let mut cc = cc(&["rtos-shims/posix"]);
    cc.args(["tests/port/host.c", "rtos-shims/conformance/pyrite_conformance.c"]);
    cc.args(c_files(&sh::root().join("rtos-shims/posix"))?).args(["-lpthread", "-o"]).arg(&program);
    sh::output(&mut cc)?;
    report(&mut limited(&program, 1500))
}

fn freertos_posix() -> Outcome {
    let program = folder()?.join("freertos");
    let kernel = kernel::folder()?;
    let port = kernel.join("portable/ThirdParty/GCC/Posix");
    let mut cc = cc(&["rtos-shims/freertos", "examples/freertos-posix/c"]);
    cc.arg(format!("-I{}", kernel.join("include").display())).arg(format!("-I{}", port.display()));
    cc.args(["tests/port/freertos.c", "rtos-shims/conformance/pyrite_conformance.c"]);
    cc.args(["rtos-shims/freertos/pyrite_freertos.c", "rtos-shims/freertos/pyrite_freertos_machine.c"]);
    // The kernel's own sources are not ours to warn about.
    cc.args(["-Wno-unused-parameter", "-Wno-unused-variable", "-Wno-unused-but-set-variable"]);
    cc.args(["tasks.c", "queue.c", "list.c", "timers.c"].map(|file| kernel.join(file)));
    cc.arg(port.join("port.c")).arg(port.join("utils/wait_for_event.c"));
    sh::output(cc.args(["-lpthread", "-o"]).arg(&program))?;
    report(&mut limited(&program, 600))
}

fn board(name: &str) -> Outcome {
    let board = boards::named(name)?;
    let sources = ["tests/port/freertos.c", "rtos-shims/conformance/pyrite_conformance.c"];
    let elf = board.build_without_library(
        "conformance",
        &sources.map(|file| sh::root().join(file)),
        &["-DBOARD_TIMERS=1"],
    )?;
    let mut qemu = sh::command("timeout");
    let run = board.qemu(&elf, "conformance", None);
    qemu.arg("600")
        .arg(run.get_program())
        .args(run.get_args())
        .args(["-monitor", "none", "-serial", "stdio"]);
    report(&mut qemu)
}

fn template() -> Outcome {
    let mut cc = cc(&[]);
    cc.args(["-Wpedantic", "-fsyntax-only", "rtos-shims/template/pyrite_template.c"]);
    sh::output(&mut cc).map(|_| ())
}
