//! `cargo xtask dist` and tests/dist: a C project in a temporary folder, built from the package alone by CMake's
//! find_package, by its FetchContent and by make, and run in QEMU.

use super::tally::Tally;
use crate::sh::{self, Outcome};
use crate::{dist, kernel};
use std::path::{Path, PathBuf};

const TARGET: &str = "thumbv7m-none-eabi";
/// What the consumer says.
const SAID: &str = "a package is enough: 45";

pub fn dist(tally: &mut Tally) {
    let folder = match dist::package(TARGET).and_then(|package| consumer(&package)) {
        Ok(folder) => folder,
        Err(why) => return tally.fail(&format!("package for {TARGET}: {why}")),
    };
    tally.check("find_package(Pyrite)", cmake(&folder, "found", "CMAKE_PREFIX_PATH"));
    tally.check("FetchContent", cmake(&folder, "fetched", "PYRITE_FETCH"));
    tally.check("make", make(&folder));
    let removed = std::fs::remove_dir_all(&folder);
    tally.check("clean", sh::at(&folder, removed));
}

/// The project with a board's files, and the package moved beside it, so that nothing leads back to the repository.
fn consumer(package: &Path) -> Outcome<PathBuf> {
    let folder = std::env::temp_dir().join(format!("pyrite-consumer-{}", std::process::id()));
    let board = folder.join("board");
    sh::at(&board, std::fs::create_dir_all(board.join("boards")))?;
    let copy =
        |from: &str, to: &Path| sh::run(sh::command("cp").arg("-r").arg(sh::root().join(from)).arg(to));
    for file in ["CMakeLists.txt", "Makefile", "main.c", "config"] {
        copy(&format!("tests/dist/{file}"), &folder)?;
    }
    for file in ["FreeRTOSConfig.h", "app.h", "semihosting.h", "cortex-m"] {
        copy(&format!("examples/freertos-qemu/{file}"), &board)?;
    }
    copy("examples/freertos-qemu/boards/mps2-an385", &board.join("boards"))?;
    copy("examples/c-firmware/arm-none-eabi.cmake", &folder)?;
    // The board's headers name one of the library's.
    sh::run(sh::command("cp").arg("-r").arg(package).arg(folder.join("pyrite")))?;
    Ok(folder)
}

fn cmake(folder: &Path, name: &str, variable: &str) -> Outcome {
    let out = folder.join(name);
    let mut configure = sh::command("cmake");
    configure.current_dir(folder).args(["-S", ".", "--toolchain", "arm-none-eabi.cmake", "-B", name]);
    configure.arg(format!("-D{variable}={}", folder.join("pyrite").display()));
    configure.arg(format!("-DFREERTOS_KERNEL_PATH={}", kernel::folder()?.display()));
    sh::output(&mut configure)?;
    sh::output(sh::command("cmake").current_dir(folder).args(["--build", name]))?;
    run(&out.join("consumer"))
}

fn make(folder: &Path) -> Outcome {
    let mut make = sh::command("make");
    make.current_dir(folder).arg(format!("PYRITE={}", folder.join("pyrite").display()));
    make.arg(format!("KERNEL={}", kernel::folder()?.display()));
    sh::output(&mut make)?;
    run(&folder.join("consumer.elf"))
}

fn run(elf: &Path) -> Outcome {
    let mut qemu = sh::command("timeout");
    qemu.args(["60", "qemu-system-arm", "-M", "mps2-an385", "-display", "none", "-monitor", "none"]);
    qemu.args(["-serial", "stdio", "-semihosting-config", "enable=on,target=native", "-kernel"]);
    let said = sh::output(qemu.arg(elf))?;
    if said.contains(SAID) { Ok(()) } else { Err(format!("said {said:?}")) }
}
