//! `cargo xtask fuzz TARGET [OPTIONS]`: builds `fuzz/` with counters at every branch of the library and runs it.
//!
//! The counters are the compiler's own (the pass that sanitizers use); `fuzz/src/coverage.rs` reads them.

use crate::sh::{self, Outcome};
use std::path::PathBuf;

const TARGET: &str = "x86_64-unknown-linux-gnu";
const COUNTERS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=3 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Ccodegen-units=1";

/// The command.
pub fn fuzz(words: &[String]) -> Outcome {
    sh::run(sh::command(&build()?.display().to_string()).args(words))
}

/// Builds the program and returns its path. It has a workspace and products of its own.
pub fn build() -> Outcome<PathBuf> {
    let products = sh::target_dir().join("fuzz-build");
    let mut cargo = sh::cargo();
    // A target is named so that the counters stay out of build scripts.
    cargo.args(["build", "--quiet", "--release", "--target", TARGET, "--manifest-path", "fuzz/Cargo.toml"]);
    sh::run(cargo.arg("--target-dir").arg(&products).env("RUSTFLAGS", COUNTERS))?;
    Ok(products.join(TARGET).join("release/pyrite-fuzz"))
}
