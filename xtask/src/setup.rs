//! `cargo xtask setup`: installs what a fresh Debian 12 with rustup lacks for the gate and the board runs.
//!
//! Only what is missing is asked for, so a second run costs a second and needs no network.

use crate::sh::{self, Outcome};

/// A program that proves the package's presence, and the Debian package.
const PACKAGES: &[(&str, &str)] = &[
    ("cc", "build-essential"),
    ("make", "make"),
    ("cmake", "cmake"),
    ("python3", "python3"),
    ("qemu-system-arm", "qemu-system-arm"),
    ("qemu-system-riscv32", "qemu-system-misc"),
    ("arm-none-eabi-gcc", "gcc-arm-none-eabi"),
    ("riscv64-unknown-elf-gcc", "gcc-riscv64-unknown-elf"),
    ("valgrind", "valgrind"),
];

/// Packages without a program, by a file that they bring.
const LIBRARIES: &[(&str, &str)] = &[
    ("/usr/lib/arm-none-eabi/newlib/libc.a", "libnewlib-arm-none-eabi"),
    ("/usr/lib/picolibc/riscv64-unknown-elf/include/stdio.h", "picolibc-riscv64-unknown-elf"),
];

/// Targets of the library that the gate builds.
pub const TARGETS: &[&str] =
    &["thumbv6m-none-eabi", "thumbv7m-none-eabi", "thumbv7em-none-eabihf", "riscv32imac-unknown-none-elf"];

/// Installs packages and targets.
pub fn setup(_words: &[String]) -> Outcome {
    install_packages()?;
    let installed = sh::output(sh::command("rustup").args(["target", "list", "--installed"]))?;
    let missing: Vec<&&str> =
        TARGETS.iter().filter(|name| !installed.lines().any(|line| line == **name)).collect();
    if !missing.is_empty() {
        sh::run(sh::command("rustup").args(["target", "add"]).args(missing))?;
    }
    // The smallest board compiles core anew, with LLVM's own tools (archive.rs).
    let components = sh::output(sh::command("rustup").args(["component", "list", "--installed"]))?;
    for name in ["rust-src", "llvm-tools"] {
        if !components.lines().any(|line| line.starts_with(name)) {
            sh::run(sh::command("rustup").args(["component", "add", name]))?;
        }
    }
    Ok(())
}

fn install_packages() -> Outcome {
    let programs = PACKAGES.iter().filter(|(program, _)| !sh::have(program));
    let libraries = LIBRARIES.iter().filter(|(file, _)| !std::path::Path::new(file).exists());
    let missing: Vec<&str> = programs.chain(libraries).map(|(_, package)| *package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    // Everyone but root needs sudo; a container usually has only root and no sudo.
    let root = sh::output(sh::command("id").arg("-u"))?.trim() == "0";
    let apt = |words: &[&str]| {
        let mut command = if root { sh::command("apt-get") } else { sh::command("sudo") };
        if !root {
            command.arg("apt-get");
        }
        command.env("DEBIAN_FRONTEND", "noninteractive").args(words);
        command
    };
    sh::run(&mut apt(&["update"]))?;
    sh::run(apt(&["install", "--yes", "--no-install-recommends"]).args(missing))
}
