//! Where the FreeRTOS kernel's sources are: `FREERTOS_KERNEL_PATH`, or the crate that Cargo.lock pins.

use crate::sh::{self, Outcome};
use std::path::PathBuf;

/// The folder with `tasks.c`, `include/` and `portable/`.
pub fn folder() -> Outcome<PathBuf> {
    if let Some(path) = std::env::var_os("FREERTOS_KERNEL_PATH") {
        return Ok(path.into());
    }
    let text = sh::output(sh::cargo().args(["metadata", "--format-version=1", "--locked"]))?;
    // The one thing wanted out of the JSON: the string that ends in /freertos-next-<version>/Cargo.toml.
    let manifest = text
        .split('"')
        .find(|word| word.ends_with("Cargo.toml") && word.contains("freertos-next-"))
        .ok_or("cargo metadata does not name freertos-next")?;
    let package = manifest.trim_end_matches("Cargo.toml").replace("\\\\", "/");
    Ok(PathBuf::from(package).join("FreeRTOS-Kernel"))
}
