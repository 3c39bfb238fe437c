//! `cargo xtask run --board NAME [--stack] [script.py]`: a board's firmware in QEMU, with a script or as a REPL in this
//! terminal. With `--stack` the firmware says at a script's end how many bytes of its stack the Python task has used.
//!
//! The status of a script becomes the command's own status. In the REPL, ctrl-A X ends QEMU (ctrl-A ctrl-A types ctrl-A).

use crate::boards;
use crate::sh::Outcome;
use std::path::Path;

/// The command.
pub fn run(words: &[String]) -> Outcome {
    let mut board = None;
    let mut script = None;
    let mut name = "pyrite";
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--board" => board = Some(words.next().ok_or("--board needs a name")?),
            "--stack" => name = "measure",
            path if script.is_none() && !path.starts_with('-') => script = Some(Path::new(path)),
            other => return Err(format!("unknown argument {other}")),
        }
    }
    let board = boards::named(board.ok_or("--board NAME is missing")?)?;
    let script = match script {
        Some(path) => Some(path.canonicalize().map_err(|why| format!("{}: {why}", path.display()))?),
        None => None,
    };
    let elf = board.build()?;
    let mut qemu = board.qemu(&elf, name, script.as_deref());
    match script {
        Some(_) => qemu.args(["-monitor", "none", "-serial", "stdio"]),
        None => qemu.args(["-serial", "mon:stdio"]),
    };
    let status =
        qemu.status().map_err(|why| format!("cannot start QEMU: {why} (cargo xtask setup installs it)"))?;
    match status.code() {
        Some(0) => Ok(()),
        // The script's own status, not an error of this command.
        Some(code) if script.is_some() => std::process::exit(code),
        _ => Err(format!("QEMU ended with {status}")),
    }
}
