//! `cargo xtask bindings`: makes the Rust side of `include/pyrite_port.h` and `include/pyrite_machine.h` anew, with bindgen.
//!
//! Needs libclang (Debian: `apt-get install libclang1-14`). A test among the library's says when this is to be run.

use crate::sh::{self, Outcome};
use std::path::PathBuf;

/// What the build script makes, and where it belongs.
const FILES: &[(&str, &str)] =
    &[("bindings.rs", "src/port/bindings.rs"), ("machine_bindings.rs", "src/port/machine/bindings.rs")];

/// The command.
pub fn bindings(_words: &[String]) -> Outcome {
    let messages = sh::output(sh::cargo().args([
        "check",
        "--quiet",
        "--package",
        "pyrite",
        "--features",
        "bindgen",
        "--message-format",
        "json",
    ]))?;
    let of_ours = |line: &&str| line.contains("build-script-executed") && line.contains("pyrite");
    let line = messages.lines().rfind(of_ours).ok_or("cargo tells no build script of ours")?;
    // The one thing wanted out of the JSON: the folder that the build script wrote to.
    let folder = line.split("\"out_dir\":\"").nth(1).and_then(|rest| rest.split('"').next());
    let folder = PathBuf::from(folder.ok_or("cargo does not say where it wrote to")?);
    for (made, place) in FILES {
        let (from, to) = (folder.join(made), sh::root().join(place));
        sh::at(&from, std::fs::copy(&from, &to))?;
        println!("{place}");
    }
    Ok(())
}
