//! Compiles the C shim into this package.

fn main() {
    println!("cargo:rerun-if-changed=pyrite_posix.c");
    println!("cargo:rerun-if-changed=pyrite_posix.h");
    println!("cargo:rerun-if-changed=../../include/pyrite_port.h");
    cc::Build::new().file("pyrite_posix.c").include("../../include").std("c11").compile("pyrite_posix");
}
