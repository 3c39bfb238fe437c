//! Configurations that cannot be: CMake has to stop and say what to do, or Kconfig to warn that it takes another value.

use super::{Row, configure};
use crate::sh::{self, Outcome};
use std::path::Path;
use std::process::Stdio;

struct Fault {
    name: &'static str,
    board: &'static str,
    /// Below `zephyr-module/`.
    app: &'static str,
    /// What is set for CMake; `OUT` is a folder where `rustc` is a compiler without any target.
    set: &'static [&'static str],
    /// A part of what must be said.
    says: &'static str,
    /// Kconfig warns and goes on, without the option.
    goes_on: bool,
}

const NATIVE: &str = "native_sim/native/64";
const REPL: &str = "samples/repl";

const FAULTS: &[Fault] = &[
    Fault {
        name: "no_cargo",
        board: NATIVE,
        app: REPL,
        set: &["PYRITE_CARGO:FILEPATH="],
        says: "there is no cargo. Install Rust (https://rustup.rs)",
        goes_on: false,
    },
    Fault {
        name: "no_target",
        board: NATIVE,
        app: REPL,
        set: &["PYRITE_RUSTC=OUT/rustc"],
        says: "rustup target add x86_64-unknown-linux-gnu",
        goes_on: false,
    },
    Fault {
        name: "no_sources_of_rust",
        board: "mps2/an385",
        app: REPL,
        set: &["PYRITE_RUSTC=OUT/rustc"],
        says: "rustup component add rust-src llvm-tools",
        goes_on: false,
    },
    Fault {
        name: "no_archive",
        board: NATIVE,
        app: REPL,
        set: &["CONFIG_PYRITE_FROM_ARCHIVE=y", "CONFIG_PYRITE_ARCHIVE=\"absent.a\""],
        says: "cargo xtask lib --target x86_64-unknown-linux-gnu",
        goes_on: false,
    },
    Fault {
        name: "no_pyrite",
        board: NATIVE,
        app: "samples/hello",
        set: &["CONFIG_PYRITE=n"],
        says: "pyrite_main() needs CONFIG_PYRITE=y",
        goes_on: false,
    },
    Fault {
        name: "no_compiler_for_main",
        board: NATIVE,
        app: "samples/hello",
        set: &["CONFIG_PYRITE_COMPILER=n"],
        says: "pyrite_main() needs CONFIG_PYRITE_AT_BOOT=y and CONFIG_PYRITE_COMPILER=y",
        goes_on: false,
    },
    Fault {
        name: "no_frozen",
        board: NATIVE,
        app: "tests/language",
        set: &["CONFIG_PYRITE_FROZEN=n"],
        says: "pyrite_freeze() needs CONFIG_PYRITE_FROZEN=y",
        goes_on: false,
    },
    Fault {
        name: "two_readers_of_a_uart",
        board: NATIVE,
        app: "samples/shell",
        set: &["CONFIG_PYRITE_CONSOLE_UART=y"],
        says: "PYRITE_CONSOLE_SHELL (defined at",
        goes_on: true,
    },
    Fault {
        name: "prompt_without_input",
        board: NATIVE,
        app: "samples/hello",
        set: &["CONFIG_PYRITE_REPL=y", "CONFIG_PYRITE_CONSOLE_PRINTK=y"],
        says: "Check these unsatisfied dependencies: PYRITE_CONSOLE_UART (=n)",
        goes_on: true,
    },
    Fault {
        name: "heap_too_small_for_kconfig",
        board: NATIVE,
        app: REPL,
        set: &["CONFIG_PYRITE_HEAP_SIZE=100"],
        says: "PYRITE_HEAP_SIZE",
        goes_on: false,
    },
];

/// A row for each.
pub fn faults(base: &Path, out: &Path) -> Outcome<Vec<Row>> {
    let folder = out.join("faults");
    sh::at(&folder, std::fs::create_dir_all(&folder))?;
    let rustc = folder.join("rustc");
    sh::at(&rustc, std::fs::write(&rustc, "#!/bin/sh\necho /nonexistent\n"))?;
    sh::run(sh::command("chmod").arg("+x").arg(&rustc))?;
    let mut rows = Vec::new();
    for fault in FAULTS {
        let build = folder.join(fault.name);
        if build.exists() {
            sh::at(&build, std::fs::remove_dir_all(&build))?;
        }
        let app = sh::root().join("zephyr-module").join(fault.app);
        let mut cmake = configure(base, out, &app, &build, fault.board);
        for word in fault.set {
            cmake.arg(format!("-D{}", word.replace("OUT", &folder.display().to_string())));
        }
        let run = cmake.stdin(Stdio::null()).output().map_err(|why| why.to_string())?;
        let said = [run.stdout, run.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
        let status = if run.status.success() != fault.goes_on {
            "failed: CMake should have done the opposite"
        } else if unwrapped(&said).contains(&unwrapped(fault.says)) {
            "passed"
        } else {
            println!("{said}");
            "failed: the message is another"
        };
        println!("   {} {status}", fault.name);
        rows.push((format!("build.{}", fault.name), fault.board.to_string(), status.to_string()));
    }
    Ok(rows)
}

/// CMake and Kconfig break their lines as they like.
fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
