//! `cargo xtask lib --target TRIPLE [--features LIST] [--tools PREFIX]`: one clean archive for C users. PREFIX is that of
//! another toolchain's binutils than the table's.
//!
//! rustc's own staticlib holds the whole of core and every symbol. Here its objects are linked into one, what no
//! `pyr_*` function needs is dropped, and only `pyr_*` stays visible, so the archive meets no other Rust code in a link.

use crate::sh::{self, Outcome};
use crate::thumb1;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Triple, prefix of its binutils, further linker arguments, features by default, cargo profile.
const TARGETS: &[(&str, &str, &[&str], &str, &str)] = &[
    ("thumbv6m-none-eabi", ARM, &[], "core,compiler,tiny", SMALL),
    ("thumbv7m-none-eabi", ARM, &[], SINGLE, "firmware"),
    ("thumbv7em-none-eabi", ARM, &[], SINGLE, "firmware"),
    ("thumbv7em-none-eabihf", ARM, &[], SINGLE, "firmware"),
    ("thumbv8m.base-none-eabi", ARM, &[], SINGLE, "firmware"),
    ("thumbv8m.main-none-eabi", ARM, &[], SINGLE, "firmware"),
    ("thumbv8m.main-none-eabihf", ARM, &[], SINGLE, "firmware"),
    ("riscv32imac-unknown-none-elf", "riscv64-unknown-elf-", &["-m", "elf32lriscv"], SINGLE, "firmware"),
    ("riscv64imac-unknown-none-elf", "riscv64-unknown-elf-", &[], SINGLE, "firmware"),
    ("i686-unknown-linux-gnu", "", &["-m", "elf_i386"], HOST, "release"),
    ("x86_64-unknown-linux-gnu", "", &[], HOST, "release"),
];
const SMALL: &str = "firmware-small";
const ARM: &str = "arm-none-eabi-";
/// rustc's part for `firmware-small`: inlining within the crate, then the merge with core and nothing after it.
const SMALL_MERGE: &[&str] = &["-Cno-prepopulate-passes", "-Cpasses=default<Oz>"];
/// The ordinary passes, not those of link time: promoting `&Heap` to pointer and length takes registers that Cortex-M0 has
/// not.
const SMALL_PASSES: &[&str] = &["-passes=default<Oz>,default<Oz>,mergefunc,globaldce"];
/// For the same reason: no strength reduction in loops, nothing moved out of them, no value kept to be used again.
const SMALL_CODE: &[&str] = &[
    "-O2",
    "-filetype=asm",
    "-relocation-model=static",
    "--function-sections",
    "--data-sections",
    "-disable-lsr",
    "-disable-machine-cse",
    "-disable-machine-licm",
    "-disable-constant-hoisting",
    "-tail-merge-size=1",
    "-split-spill-mode=size",
    "-sink-insts-to-avoid-spills",
    "-pre-RA-sched=list-hybrid",
];
const HOST: &str = "everything,compiler,float-double";
const SINGLE: &str = "everything,compiler,float-single";

/// The command.
pub fn lib(words: &[String]) -> Outcome {
    let mut target = None;
    let mut features = None;
    let mut tools = None;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let value = words.next().ok_or(format!("{word} needs a value"))?;
        match word.as_str() {
            "--target" => target = Some(value),
            "--features" => features = Some(value.as_str()),
            "--tools" => tools = Some(value.as_str()),
            _ => return Err(format!("unknown option {word}")),
        }
    }
    let archive = build_with(target.ok_or("--target TRIPLE is missing")?, features, tools)?;
    println!("{}", archive.display());
    Ok(())
}

fn unknown(target: &str) -> String {
    let known: Vec<&str> = TARGETS.iter().map(|known| known.0).collect();
    format!("no recipe for target {target}; there are {}", known.join(", "))
}

/// Features by default, and the prefix of the binutils.
pub fn recipe(target: &str) -> Outcome<(&'static str, &'static str)> {
    let found = TARGETS.iter().find(|known| known.0 == target);
    found.map(|known| (known.3, known.1)).ok_or_else(|| unknown(target))
}

/// Builds the archive and returns its path.
pub fn build(target: &str, features: Option<&str>) -> Outcome<PathBuf> {
    build_with(target, features, None)
}

/// The same with binutils of a prefix of one's own. Features that are asked for have an archive of their own.
fn build_with(target: &str, asked: Option<&str>, tools: Option<&str>) -> Outcome<PathBuf> {
    let (_, prefix, link, default, profile) =
        TARGETS.iter().find(|known| known.0 == target).ok_or_else(|| unknown(target))?;
    let common = sh::target_dir().join("pyrite").join(target);
    let out = asked.map_or_else(|| common.clone(), |list| common.join(list.replace(',', "-")));
    sh::at(&out, std::fs::create_dir_all(&out))?;
    let features = format!("archive,{}", asked.unwrap_or(default));

    let mut cargo = sh::cargo();
    cargo.args([
        "rustc",
        "--quiet",
        "--profile",
        profile,
        "--package",
        "pyrite",
        "--lib",
        "--crate-type",
        "staticlib",
    ]);
    cargo.args(["--no-default-features", "--features", &features]);
    let archive = out.join("libpyrite.a");
    let tool = |name: &str| sh::command(&format!("{}{name}", tools.unwrap_or(prefix)));
    let raw = if *prefix == ARM {
        let spec = small_target(target, &common)?;
        cargo.env("RUSTC_BOOTSTRAP", "1").arg("--target").arg(&spec);
        cargo.args(["-Zjson-target-spec", "-Zbuild-std=core"]);
        if *profile == SMALL {
            small(cargo, &features, &out, &tool)?
        } else {
            sh::run(&mut cargo)?;
            sh::target_dir().join(format!("{target}-small")).join(profile).join("libpyrite.a")
        }
    } else {
        sh::run(cargo.args(["--target", target]))?;
        sh::target_dir().join(target).join(profile).join("libpyrite.a")
    };
    if sh::is_current(&archive, &[raw.clone(), file!().into()].map(|path| sh::root().join(path))) {
        return Ok(archive);
    }
    let raw = if *prefix == ARM && *profile != SMALL { without_builtins(&raw, &out, tool)? } else { raw };
    let symbols = sh::output(tool("nm").args(["--quiet", "--defined-only", "--extern-only"]).arg(&raw))?;
    let exports: Vec<&str> = symbols
        .lines()
        .filter_map(|line| line.split_whitespace().nth(2))
        .filter(|name| name.starts_with("pyr_"))
        .collect();
    if exports.is_empty() {
        return Err(format!("{} exports no pyr_ function", raw.display()));
    }
    let object = out.join("pyrite.o");
    let mut ld = tool("ld");
    ld.args(*link).args(["-r", "--gc-sections", "-o"]).arg(&object);
    for name in exports {
        ld.args(["-u", name]);
    }
    sh::run(ld.arg(&raw))?;
    sh::run(
        tool("objcopy")
            .args([
                "--wildcard",
                "--keep-global-symbol=pyr_*",
                "--strip-debug",
                "--remove-section=.ARM.exidx*",
                "--remove-section=.llvm*",
                "--remove-section=.eh_frame",
            ])
            .arg(&object),
    )?;
    if archive.exists() {
        sh::at(&archive, std::fs::remove_file(&archive))?;
    }
    sh::run(tool("ar").args(["rcsD"]).arg(&archive).arg(&object))?;
    Ok(archive)
}

/// A copy without Rust's `compiler_builtins`: arithmetic of wide numbers and `memcpy` come from gcc's own libraries, which
/// every C firmware links anyway and which are smaller and faster.
fn without_builtins(raw: &Path, out: &Path, tool: impl Fn(&str) -> Command) -> Outcome<PathBuf> {
    let copy = out.join("rust.a");
    sh::at(&copy, std::fs::copy(raw, &copy))?;
    let members = sh::output(tool("ar").arg("t").arg(&copy))?;
    sh::run(
        tool("ar").arg("d").arg(&copy).args(members.lines().filter(|m| m.starts_with("compiler_builtins"))),
    )?;
    Ok(copy)
}

/// The library as one object, compiled for size beyond what rustc offers: rustc merges it with core into one file of
/// bitcode, LLVM's own tools (rustup's llvm-tools) make code of it. Arithmetic of wide numbers and `memcpy` come from gcc's
/// libraries, which every C firmware links anyway and which are smaller and faster than Rust's `compiler_builtins`.
fn small(
    mut cargo: Command,
    features: &str,
    out: &Path,
    binutil: &dyn Fn(&str) -> Command,
) -> Outcome<PathBuf> {
    // Cargo writes the file only when something has changed: each set of features has its own.
    let name = features.replace(',', "-");
    let bitcode = out.join(format!("{name}.bc"));
    cargo.args(["-Zbuild-std-features=optimize_for_size", "--"]);
    cargo.arg(format!("--emit=llvm-bc={}", bitcode.display())).args(SMALL_MERGE);
    sh::run(&mut cargo)?;

    let object = out.join(format!("{name}.o"));
    if sh::is_current(&object, &[bitcode.clone(), sh::root().join(file!())]) {
        return Ok(object);
    }
    let llvm = sh::output(sh::command("rustc").args(["--print", "target-libdir"]))?;
    let tool =
        |name: &str| sh::command(&Path::new(llvm.trim()).with_file_name("bin").join(name).to_string_lossy());
    let optimised = out.join("optimised.bc");
    let mut opt = tool("opt");
    sh::run(opt.args(SMALL_PASSES).arg(&bitcode).arg("-o").arg(&optimised))?;
    let assembly = out.join("optimised.s");
    let mut llc = tool("llc");
    sh::run(llc.args(SMALL_CODE).arg(&optimised).arg("-o").arg(&assembly))?;
    let text = sh::at(&assembly, std::fs::read_to_string(&assembly))?;
    sh::at(&assembly, std::fs::write(&assembly, thumb1::compact(&text)))?;
    sh::run(binutil("as").arg(&assembly).arg("-o").arg(&object))?;
    Ok(object)
}

/// The target without frame pointers: on Cortex-M0 they take one of eight registers, which costs 9 KB of code and room on
/// every stack; on Cortex-M3 they cost 16 KB and one instruction of thirty. A target of one's own is what unstable options
/// are for; core is then compiled with it, on Cortex-M0 for size.
fn small_target(target: &str, out: &Path) -> Outcome<PathBuf> {
    let mut rustc = sh::command("rustc");
    rustc.env("RUSTC_BOOTSTRAP", "1");
    rustc.args(["--print", "target-spec-json", "-Zunstable-options", "--target", target]);
    let spec = sh::output(&mut rustc)?;
    let path = out.join(format!("{target}-small.json"));
    let ours = spec.replace("\"frame-pointer\": \"always\"", "\"frame-pointer\": \"may-omit\"");
    // A file that is written anew would have everything compiled anew.
    if std::fs::read_to_string(&path).ok().as_ref() != Some(&ours) {
        sh::at(&path, std::fs::write(&path, ours))?;
    }
    Ok(path)
}
