//! Compiles the FreeRTOS kernel that `freertos-next` brings, that crate's C side, Pyrite's shim, and this firmware's port.

use std::env;
use std::path::PathBuf;

fn main() {
    for path in ["c", "../../include", "../../rtos-shims"] {
        println!("cargo:rerun-if-changed={path}");
    }
    let folder =
        |name: &str| PathBuf::from(env::var_os(name).expect("freertos-next tells where its sources are"));
    let (kernel, shim) = (folder("DEP_FREERTOS_KERNEL"), folder("DEP_FREERTOS_SHIM"));
    let port = kernel.join("portable/ThirdParty/GCC/Posix");
    let mut build = cc::Build::new();
    build.include(kernel.join("include")).include(&port).include("c").std("gnu11");
    let mut freertos = build.clone();
    freertos.warnings(false);
    freertos
        .files(["tasks.c", "queue.c", "list.c", "timers.c", "event_groups.c"].map(|file| kernel.join(file)));
    freertos.file(kernel.join("portable/MemMang/heap_4.c")).file(port.join("port.c"));
    freertos.file(port.join("utils/wait_for_event.c")).file(shim.join("shim.c")).compile("freertos");
    build.include("../../include").include("../../rtos-shims/freertos");
    build.file("../../rtos-shims/freertos/pyrite_freertos.c").file("c/port.c").compile("firmware_port");
}
