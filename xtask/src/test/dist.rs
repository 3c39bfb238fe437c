//! `cargo xtask dist` and tests/dist: C projects in a temporary folder that have a package alone. One for a board is built by
//! CMake's find_package, by its FetchContent and by make, and run in QEMU; one for Linux runs here; and the package of each
//! triple that the gate builds for is whole.

use super::tally::Tally;
use crate::sh::{self, Outcome};
use crate::{dist, kernel};
use std::path::{Path, PathBuf};

const TARGET: &str = "thumbv7m-none-eabi";
const HOST: &str = "x86_64-unknown-linux-gnu";
/// What the consumer says.
const SAID: &str = "a package is enough: 45";

pub fn dist(tally: &mut Tally) {
    for triple in crate::setup::TARGETS.iter().chain(&[HOST]) {
        tally.check(
            &format!("package for {triple}"),
            dist::package(triple).and_then(|package| whole(&package)),
        );
    }
    tally.check("a program for Linux", on_host());
    let folder = match consumer(&dist::folder(TARGET)) {
        Ok(folder) => folder,
        Err(why) => return tally.fail(&format!("package for {TARGET}: {why}")),
    };
    tally.check("find_package(Pyrite)", cmake(&folder, "found", "CMAKE_PREFIX_PATH"));
    tally.check("FetchContent", cmake(&folder, "fetched", "PYRITE_FETCH"));
    tally.check("make", make(&folder));
    let removed = std::fs::remove_dir_all(&folder);
    tally.check("clean", sh::at(&folder, removed));
}

/// A package's targets name what is there, and its archive holds the same.
fn whole(package: &Path) -> Outcome {
    let out = sh::target_dir().join("pyrite/configure").join(package.file_name().unwrap_or_default());
    configure(&sh::root().join("tests/dist/configure"), &out, package)?;
    let table = package.join("SIZE.txt");
    let sizes = sh::at(&table, std::fs::read_to_string(&table))?;
    let code = sizes.lines().find_map(|line| line.strip_prefix("code ")?.trim().parse::<u64>().ok());
    if code.is_none_or(|bytes| bytes < 50_000) {
        return Err(format!("sizes make no sense:\n{sizes}"));
    }
    let packed =
        package.with_file_name(format!("{}.tar.gz", package.file_name().unwrap_or_default().display()));
    let names = sh::output(sh::command("tar").arg("-tzf").arg(packed))?;
    let lacks = ["/lib/libpyrite.a", "/include/pyrite.h", "/pyrite.mk", "/CMakeLists.txt", "/LICENSE"]
        .into_iter()
        .find(|file| !names.lines().any(|name| name.ends_with(file)));
    lacks.map_or(Ok(()), |file| Err(format!("the .tar.gz lacks {file}")))
}

/// The program for Linux, built from a package and run.
fn on_host() -> Outcome {
    let out = sh::target_dir().join("pyrite/configure/host");
    configure(&sh::root().join("tests/dist/host"), &out, &dist::folder(HOST))?;
    sh::output(sh::command("cmake").arg("--build").arg(&out))?;
    let said = sh::output(&mut sh::command(&out.join("consumer").display().to_string()))?;
    if said.trim_end() == SAID { Ok(()) } else { Err(format!("said {said:?}")) }
}

/// Configures a project of `tests/dist` anew.
fn configure(project: &Path, out: &Path, package: &Path) -> Outcome {
    if out.exists() {
        sh::at(out, std::fs::remove_dir_all(out))?;
    }
    let mut cmake = sh::command("cmake");
    cmake.arg("-S").arg(project).arg("-B").arg(out);
    sh::output(cmake.arg(format!("-DCMAKE_PREFIX_PATH={}", package.display()))).map(drop)
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
    qemu.args(["300", "qemu-system-arm", "-M", "mps2-an385", "-display", "none", "-monitor", "none"]);
    qemu.args(["-serial", "stdio", "-semihosting-config", "enable=on,target=native", "-kernel"]);
    let said = sh::output(qemu.arg(elf))?;
    if said.contains(SAID) { Ok(()) } else { Err(format!("said {said:?}")) }
}
