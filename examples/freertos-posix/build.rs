//! Compiles the FreeRTOS kernel's Posix port, the shim and the C side of this program.
//!
//! The kernel is the one that Cargo.lock pins; `FREERTOS_KERNEL_PATH` names another.

use std::path::PathBuf;
use std::process::Command;

fn kernel() -> PathBuf {
    println!("cargo:rerun-if-env-changed=FREERTOS_KERNEL_PATH");
    if let Some(path) = std::env::var_os("FREERTOS_KERNEL_PATH") {
        return path.into();
    }
    let cargo = std::env::var_os("CARGO").expect("cargo sets CARGO");
    let out = Command::new(cargo).args(["metadata", "--format-version=1", "--locked"]).output();
    let out = out.expect("cargo can be started");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    // The one thing wanted out of the JSON: the string that ends in /freertos-next-<version>/Cargo.toml.
    let manifest =
        text.split('"').find(|word| word.ends_with("Cargo.toml") && word.contains("freertos-next-"));
    let package = manifest.expect("freertos-next is in Cargo.lock").trim_end_matches("Cargo.toml");
    PathBuf::from(package).join("FreeRTOS-Kernel")
}

fn main() {
    for path in ["c", "../../include", "../../rtos-shims"] {
        println!("cargo:rerun-if-changed={path}");
    }
    let kernel = kernel();
    let port = kernel.join("portable/ThirdParty/GCC/Posix");
    let mut kernel_build = cc::Build::new();
    kernel_build.define("BOARD_TIMERS", "1");
    kernel_build.include(kernel.join("include")).include(&port).include("c").warnings(false);
    kernel_build.files(["tasks.c", "queue.c", "list.c", "timers.c"].map(|file| kernel.join(file)));
    kernel_build.file(port.join("port.c")).file(port.join("utils/wait_for_event.c")).compile("freertos");

    cc::Build::new()
        .define("BOARD_TIMERS", "1")
        .include(kernel.join("include"))
        .include(&port)
        .include("c")
        .include("../../include")
        .include("../../rtos-shims/freertos")
        .std("gnu11")
        .file("../../rtos-shims/freertos/pyrite_freertos.c")
        .file("../../rtos-shims/freertos/pyrite_freertos_machine.c")
        .include("../../rtos-shims/posix")
        .file("../../rtos-shims/posix/pyrite_posix_files.c")
        .file("../../rtos-shims/posix/pyrite_posix_terminal.c")
        .file("c/main.c")
        .compile("pyrite_rtos");
}
