//! ThreadSanitizer and AddressSanitizer: the C tests over the POSIX port and the soak, with the library and the C side
//! instrumented by the pinned nightly and the C compiler.

use super::capi::c_files;
use super::tally::Tally;
use crate::sh::{self, Outcome};
use crate::soak;
use std::path::PathBuf;
use std::process::Command;

/// The name that both compilers know, that of rustc's run-time library, and what that is told.
const SANITIZERS: &[(&str, &str, &str, &str)] = &[
    ("thread", "tsan", "TSAN_OPTIONS", "halt_on_error=1 exitcode=66"),
    ("address", "asan", "ASAN_OPTIONS", "detect_stack_use_after_return=1 exitcode=66"),
];

/// Seconds of the soak under each.
const SOAK: u32 = 15;

/// A program: its name, and its sources apart from the POSIX port's.
type Program = (&'static str, fn() -> Outcome<Vec<PathBuf>>);

const PROGRAMS: &[Program] = &[
    ("capi", || c_files(&sh::root().join("tests/capi"))),
    ("port", || {
        Ok(["tests/port/host.c", "rtos-shims/conformance/pyrite_conformance.c"].map(PathBuf::from).to_vec())
    }),
    ("soak", || Ok(["tests/soak/soak.c", "tests/soak/threads.c"].map(PathBuf::from).to_vec())),
];

pub fn sanitizers(tally: &mut Tally) {
    let toolchain = match super::nightly() {
        Ok(name) => name,
        Err(why) => return tally.fail(&format!("the nightly is not to be had: {why}")),
    };
    for (name, short, variable, options) in SANITIZERS {
        let flags = format!("-Zsanitizer={name} -Cunsafe-allow-abi-mismatch=sanitizer");
        let made = soak::library(&format!("sanitized-{name}"), Some(&toolchain), &flags);
        let library = match made.and_then(|library| Ok((library, runtime(&toolchain, short)?))) {
            Ok((library, runtime)) => library.into_iter().chain([runtime]).collect::<Vec<_>>(),
            Err(why) => {
                tally.fail(&format!("the library under the {name} sanitizer: {why}"));
                continue;
            }
        };
        for program in PROGRAMS {
            let done = compile(name, program, &library).and_then(|mut command| {
                command.arg("right").env(variable, options);
                finish(program.0, &mut command)
            });
            tally.check(&format!("{} under the {name} sanitizer", program.0), done);
        }
    }
}

/// rustc's own run-time library of a sanitizer: the C compiler's may be older than what rustc's code calls.
fn runtime(toolchain: &str, short: &str) -> Outcome<PathBuf> {
    let folder =
        sh::output(sh::command("rustup").args(["run", toolchain, "rustc", "--print", "target-libdir"]))?;
    let folder = PathBuf::from(folder.trim());
    let entries = sh::at(&folder, std::fs::read_dir(&folder))?;
    let ending = format!("_rt.{short}.a");
    let mut paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let found = paths.find(|path| path.to_string_lossy().ends_with(&ending));
    found.ok_or(format!("{} has no {ending}", folder.display()))
}

/// Compiles a program; the command that runs it.
fn compile(sanitizer: &str, (name, sources): &Program, library: &[PathBuf]) -> Outcome<Command> {
    let folder = sh::target_dir().join(format!("sanitized-{sanitizer}"));
    let program = folder.join(name);
    let mut objects = Vec::new();
    for source in sources()?.into_iter().chain(c_files(&sh::root().join("rtos-shims/posix"))?) {
        let object = folder.join(source.file_name().unwrap_or_default()).with_extension(format!("{name}.o"));
        let mut cc = soak::compiler(&["rtos-shims/posix", "rtos-shims/conformance"], SOAK);
        cc.arg(format!("-fsanitize={sanitizer}")).arg("-c").arg(&source).arg("-o").arg(&object);
        sh::output(&mut cc)?;
        objects.push(object);
    }
    let mut link = sh::command("cc");
    link.args(objects).args(library).args([
        "-rdynamic",
        "-lstdc++",
        "-lpthread",
        "-lm",
        "-ldl",
        "-lrt",
        "-lresolv",
        "-o",
    ]);
    sh::output(link.arg(&program))?;
    Ok(Command::new(program))
}

/// Runs a program, which must be content.
fn finish(name: &str, command: &mut Command) -> Outcome {
    let limit = 600;
    let said = if name == "soak" { soak::finish(command, limit) } else { soak::output(command, limit) };
    said.map(|_| ())
}
