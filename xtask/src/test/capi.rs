//! tests/capi: the C API's tests, compiled as C11 and as C++17 over the POSIX port, against the archive for this machine.

use super::tally::Tally;
use crate::archive;
use crate::sh::{self, Outcome};
use std::path::{Path, PathBuf};

const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Compiler, what gcc calls the language, standard.
const LANGUAGES: &[(&str, &str, &str)] = &[("cc", "c", "c11"), ("c++", "c++", "c++17")];

pub fn capi(tally: &mut Tally) {
    let library = match archive::build(TARGET, None) {
        Ok(library) => library,
        Err(why) => return tally.fail(&format!("the archive for {TARGET}: {why}")),
    };
    for language in LANGUAGES {
        tally.check(&format!("tests/capi as {}", language.2), run(&library, language));
    }
}

fn run(library: &Path, (compiler, language, standard): &(&str, &str, &str)) -> Outcome {
    let out = sh::target_dir().join("pyrite/capi");
    sh::at(&out, std::fs::create_dir_all(&out))?;
    let program = out.join(format!("capi-{standard}"));
    // The shim is C whatever the firmware is written in.
    let mut shim = Vec::new();
    for source in c_files(&sh::root().join("rtos-shims/posix"))? {
        let object = out.join(source.file_name().unwrap_or_default()).with_extension("o");
        let mut cc = sh::command("cc");
        cc.args(["-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-Iinclude", "-c"]);
        sh::output(cc.arg(&source).arg("-o").arg(&object))?;
        shim.push(object);
    }
    let mut cc = sh::command(compiler);
    cc.args(["-x", language, &format!("-std={standard}"), "-O1", "-g"]);
    cc.args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Iinclude", "-Irtos-shims/posix"]);
    cc.args(c_files(&sh::root().join("tests/capi"))?).args(["-x", "none"]).args(shim).arg(library);
    sh::output(cc.args(["-lpthread", "-lm", "-o"]).arg(&program))?;
    sh::output(sh::command("timeout").arg("600").arg(&program)).map(|_| ())
}

pub fn c_files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = sh::at(folder, std::fs::read_dir(folder))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "c"));
    paths.sort();
    Ok(paths)
}
