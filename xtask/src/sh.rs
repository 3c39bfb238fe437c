//! Running other programs: every step of every command goes through here, so that failures read alike.
//!
//! All paths are made from the repository's root, wherever the command was started.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

/// What a command returns: nothing, or the reason why it failed.
pub type Outcome<T = ()> = Result<T, String>;

/// The repository's root folder.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Where this workspace's build products lie (`CARGO_TARGET_DIR`, or `target/`).
pub fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// A command that starts in the repository's root.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The same cargo that runs this program.
pub fn cargo() -> Command {
    let mut command = command(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()));
    // `cargo xtask` sets these for its own package; a nested cargo must not see them.
    command.env_remove("CARGO_MANIFEST_DIR").env_remove("RUSTFLAGS");
    command
}

/// Runs a command with its output on ours; a status other than 0 is an error.
pub fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|why| cannot_start(command, &why))?;
    if status.success() { Ok(()) } else { Err(format!("{} ended with {status}", line(command))) }
}

/// Runs a command and returns its standard output; a status other than 0 is an error with its stderr.
pub fn output(command: &mut Command) -> Outcome<String> {
    let out = command.stdin(Stdio::null()).output().map_err(|why| cannot_start(command, &why))?;
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    if out.status.success() {
        return Ok(text);
    }
    let errors = String::from_utf8_lossy(&out.stderr);
    Err(format!("{} ended with {}\n{text}{errors}", line(command), out.status))
}

/// Whether a program of this name can be started at all.
pub fn have(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// An I/O error with the path that it concerns.
pub fn at<T>(path: &Path, result: std::io::Result<T>) -> Outcome<T> {
    result.map_err(|why| format!("{}: {why}", path.display()))
}

/// Whether `output` is there and none of `inputs` (files, or folders with what is in them) is younger.
pub fn is_current(output: &Path, inputs: &[PathBuf]) -> bool {
    let Some(made) = modified(output) else { return false };
    inputs.iter().all(|input| youngest(input).is_some_and(|changed| changed <= made))
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|data| data.modified()).ok()
}

fn youngest(path: &Path) -> Option<SystemTime> {
    let mut found = modified(path)?;
    if path.is_dir() {
        for entry in std::fs::read_dir(path).ok()? {
            found = found.max(youngest(&entry.ok()?.path())?);
        }
    }
    Some(found)
}

fn cannot_start(command: &Command, why: &std::io::Error) -> String {
    format!("cannot start {}: {why} (cargo xtask setup installs the tools)", line(command))
}

fn line(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for word in command.get_args() {
        text.push(' ');
        text.push_str(&word.to_string_lossy());
    }
    text
}
