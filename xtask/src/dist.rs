//! `cargo xtask dist [--target TRIPLE]...`: packages for C projects, one folder and one .tar.gz for each triple, of those in
//! `archive.rs`; without words for each that the gate builds.
//!
//! A package holds the archive, the headers, the shims' sources, a CMake package (find_package and FetchContent), the paths
//! for makefiles, and a table of sizes. Nothing in it names this repository.

use crate::archive;
use crate::sh::{self, Outcome};
use std::path::{Path, PathBuf};

const CONFIG: &str = include_str!("../dist/PyriteConfig.cmake");
const PROJECT: &str = include_str!("../dist/CMakeLists.txt");
const MAKE: &str = include_str!("../dist/pyrite.mk");

/// Versions with the same first two numbers fit.
const VERSION_CONFIG: &str = r#"set(PACKAGE_VERSION "@VERSION@")
if(PACKAGE_FIND_VERSION VERSION_GREATER PACKAGE_VERSION OR NOT PACKAGE_FIND_VERSION VERSION_GREATER_EQUAL "@MINOR@")
  set(PACKAGE_VERSION_COMPATIBLE FALSE)
else()
  set(PACKAGE_VERSION_COMPATIBLE TRUE)
endif()
if(PACKAGE_FIND_VERSION VERSION_EQUAL PACKAGE_VERSION)
  set(PACKAGE_VERSION_EXACT TRUE)
endif()
if(NOT PACKAGE_FIND_VERSION)
  set(PACKAGE_VERSION_COMPATIBLE TRUE)
endif()
"#;

const README: &str = "Pyrite @VERSION@ for @TRIPLE@: Python in C firmware.

include/          the headers; pyrite.h is the interface, pyrite_port.h what it asks of an RTOS
lib/libpyrite.a   the library, built with the features @FEATURES@
lib/cmake/        find_package(Pyrite): targets Pyrite::pyrite, Pyrite::freertos, Pyrite::conformance
CMakeLists.txt    the same for FetchContent and add_subdirectory
pyrite.mk         the same as variables for makefiles
rtos-shims/       the ports, as sources that your build compiles; template/ is a blank one
SIZE.txt          what the library takes
";

/// The command.
pub fn dist(words: &[String]) -> Outcome {
    let mut targets = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match (word.as_str(), words.next()) {
            ("--target", Some(target)) => targets.push(target.as_str()),
            _ => return Err(format!("{word}: --target TRIPLE is all that can be said")),
        }
    }
    if targets.is_empty() {
        targets.extend(crate::setup::TARGETS);
    }
    for target in targets {
        println!("{}", package(target)?.display());
    }
    Ok(())
}

fn name(triple: &str) -> String {
    format!("pyrite-{}-{triple}", env!("CARGO_PKG_VERSION"))
}

/// Where the package for a triple is put.
pub fn folder(triple: &str) -> PathBuf {
    sh::target_dir().join("dist").join(name(triple))
}

/// Makes the package for a triple and returns its folder, which lies beside the `.tar.gz`.
pub fn package(triple: &str) -> Outcome<PathBuf> {
    let archive = archive::build(triple, None)?;
    let (features, tools) = archive::recipe(triple)?;
    let version = env!("CARGO_PKG_VERSION");
    let minor = version.rsplit_once('.').map_or(version, |(minor, _)| minor);
    let out = folder(triple);
    let (all, name) = (sh::target_dir().join("dist"), name(triple));
    if out.exists() {
        sh::at(&out, std::fs::remove_dir_all(&out))?;
    }
    let root = sh::root();
    let mut shims = vec!["freertos", "template", "conformance"];
    if triple.contains("linux") {
        shims.push("posix");
    }
    copy_folder(&root.join("include"), &out.join("include"))?;
    for shim in shims {
        copy_folder(&root.join("rtos-shims").join(shim), &out.join("rtos-shims").join(shim))?;
    }
    let lib = out.join("lib");
    sh::at(&lib, std::fs::create_dir_all(lib.join("cmake/Pyrite")))?;
    let copied = lib.join("libpyrite.a");
    sh::at(&copied, std::fs::copy(&archive, &copied))?;
    let license = out.join("LICENSE");
    sh::at(&license, std::fs::copy(root.join("LICENSE"), &license))?;
    let fill = |text: &str| {
        let filled = text.replace("@VERSION@", version).replace("@MINOR@", minor);
        filled.replace("@TRIPLE@", triple).replace("@FEATURES@", features)
    };
    for (path, text) in [
        ("lib/cmake/Pyrite/PyriteConfig.cmake", CONFIG),
        ("lib/cmake/Pyrite/PyriteConfigVersion.cmake", VERSION_CONFIG),
        ("CMakeLists.txt", PROJECT),
        ("pyrite.mk", MAKE),
        ("README.txt", README),
    ] {
        let path = out.join(path);
        sh::at(&path, std::fs::write(&path, fill(text)))?;
    }
    let sizes = out.join("SIZE.txt");
    sh::at(&sizes, std::fs::write(&sizes, size_table(&archive, triple, features, tools)?))?;
    let packed = all.join(format!("{name}.tar.gz"));
    sh::run(sh::command("tar").args(["--sort=name", "-czf"]).arg(&packed).arg("-C").arg(&all).arg(&name))?;
    Ok(out)
}

/// Sources and headers of a folder, without what belongs to cargo.
fn copy_folder(from: &Path, to: &Path) -> Outcome {
    sh::at(to, std::fs::create_dir_all(to))?;
    for entry in sh::at(from, std::fs::read_dir(from))? {
        let path = sh::at(from, entry)?.path();
        if path.extension().is_some_and(|e| e == "c" || e == "h") {
            let copy = to.join(path.file_name().unwrap_or_default());
            sh::at(&copy, std::fs::copy(&path, &copy))?;
        }
    }
    Ok(())
}

/// What the sections of the archive add up to.
fn size_table(archive: &Path, triple: &str, features: &str, tools: &str) -> Outcome<String> {
    let text = sh::output(sh::command(&format!("{tools}size")).arg("-A").arg(archive))?;
    let (mut code, mut constants, mut data, mut zeros) = (0u64, 0u64, 0u64, 0u64);
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let (Some(name), Some(Ok(bytes))) = (words.next(), words.next().map(str::parse::<u64>)) else {
            continue;
        };
        match name {
            n if n.starts_with(".text") => code += bytes,
            n if n.starts_with(".rodata") || n.starts_with(".data.rel.ro") => constants += bytes,
            n if n.starts_with(".data") => data += bytes,
            n if n.starts_with(".bss") => zeros += bytes,
            _ => {}
        }
    }
    Ok(format!(
        "libpyrite.a for {triple}, features {features}, bytes:\n\n\
         code              {code:>8}\n\
         constants         {constants:>8}\n\
         initialised data  {data:>8}\n\
         zeroed data       {zeros:>8}\n\n\
         Linked with --gc-sections an image holds what it uses of this. RAM is what pyr_open is given.\n"
    ))
}
