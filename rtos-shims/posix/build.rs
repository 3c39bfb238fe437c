//! Compiles the C shim into this package.

const SOURCES: [&str; 4] =
    ["pyrite_posix.c", "pyrite_posix_files.c", "pyrite_posix_machine.c", "pyrite_posix_terminal.c"];

fn main() {
    for path in SOURCES.iter().chain(&[
        "pyrite_posix.h",
        "../../include/pyrite_machine.h",
        "../../include/pyrite_port.h",
    ]) {
        println!("cargo:rerun-if-changed={path}");
    }
    cc::Build::new().files(SOURCES).include("../../include").std("c11").compile("pyrite_posix");
}
