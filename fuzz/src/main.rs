//! Fuzzing: `fuzz TARGET [--runs N | --seconds N] [--seed N]`; `fuzz TARGET --input FILE` runs one input, `fuzz TARGET
//! --minimise` renews the committed corpus.
//!
//! - `source`: source text, `mpy`: `.mpy` files; both are led by the branches that the library takes (`guided.rs`);
//! - `programs`: valid programs made at random, compared with CPython's output (`programs.rs`);
//! - `sweep [PROGRAM...]`: each allocation of the test programs fails in turn (`sweep.rs`).
//!
//! The work is done in a process of its own. When that one dies or hangs, the input it was at is kept in
//! `target/fuzz/found`, and another goes on. An input that was kept and then cured belongs into `fuzz/faults/TARGET`, where
//! every run begins.

mod coverage;
mod generate;
mod guided;
mod host;
mod mpy;
mod mutants;
mod programs;
#[path = "../../tests/rig/mod.rs"]
mod rig;
mod source;
mod sweep;

use guided::Target;
use std::fs;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

const TARGETS: [&Target; 2] = [&source::TARGET, &mpy::TARGET];
/// Processes that may die before fuzzing ends.
const DEATHS: usize = 20;

pub struct Options {
    runs: usize,
    seconds: Option<u64>,
    pub seed: u64,
    child: bool,
    minimise: bool,
    input: Option<String>,
}

impl Options {
    fn parse(words: &[String]) -> Option<Options> {
        let mut options =
            Options { runs: 10_000, seconds: None, seed: 1, child: false, minimise: false, input: None };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut number = || words.next()?.parse::<u64>().ok();
            match word.as_str() {
                "--runs" => options.runs = number()? as usize,
                "--seconds" => options.seconds = Some(number()?),
                "--seed" => options.seed = number()?,
                "--child" => options.child = true,
                "--minimise" => options.minimise = true,
                "--input" => options.input = Some(words.next()?.clone()),
                _ => return None,
            }
        }
        Some(options)
    }
    /// Whether there is time for another input.
    pub fn go_on(&self, runs: usize, begun: Instant) -> bool {
        match self.seconds {
            Some(seconds) => begun.elapsed() < Duration::from_secs(seconds),
            None => runs < self.runs,
        }
    }
}

/// FNV-1a: names of files.
pub fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3))
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let Some((first, names)) = words.split_first() {
        match first.as_str() {
            "sweep" => return told(first, sweep::sweep(names)),
            "mutants" => return told(first, mutants::mutants_of(names)),
            _ => {}
        }
    }
    let parsed = words.split_first().and_then(|(name, rest)| Some((name, Options::parse(rest)?)));
    let Some((name, mut options)) = parsed else {
        eprintln!("usage: fuzz source|mpy|programs [--runs N | --seconds N] [--seed N] [--minimise]");
        return ExitCode::from(2);
    };
    let done = match TARGETS.iter().find(|target| target.name == name) {
        None if name == "programs" => programs::run(&options),
        None => Err(format!("no target {name}")),
        Some(target) if options.input.is_some() => {
            guided::one(target, options.input.as_deref().unwrap_or(""))
        }
        Some(target) if options.child || options.minimise => {
            let running = rig::Running::new(&format!("{name}-{}", options.seed));
            if options.minimise {
                guided::minimise(target, &running)
            } else {
                guided::run(target, &options, &running)
            }
        }
        Some(target) => watch_over(target, &mut options),
    };
    told(name, done)
}

fn told(name: &str, done: Result<(), String>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{name}: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Starts the process that works, and others while they die.
fn watch_over(target: &Target, options: &mut Options) -> Result<(), String> {
    let me = std::env::current_exe().map_err(|why| why.to_string())?;
    let begun = Instant::now();
    let mut kept = Vec::new();
    while kept.len() < DEATHS {
        let mut command = Command::new(&me);
        command.args([target.name, "--child", "--seed", &options.seed.to_string()]);
        match options.seconds {
            None => command.args(["--runs", &options.runs.to_string()]),
            Some(all) => {
                let left = all.saturating_sub(begun.elapsed().as_secs());
                command.args(["--seconds", &left.to_string()])
            }
        };
        let status = command.status().map_err(|why| why.to_string())?;
        if status.success() {
            break;
        }
        let running =
            rig::root().join("target/fuzz/running").join(format!("{}-{}", target.name, options.seed));
        let input = fs::read(&running).map_err(|why| why.to_string())?;
        let found = rig::root().join("target/fuzz/found");
        fs::create_dir_all(&found).map_err(|why| why.to_string())?;
        let path = found.join(format!("{}-{:016x}", target.name, hash(&input)));
        fs::write(&path, input).map_err(|why| why.to_string())?;
        eprintln!("{}, seed {}: {status}; the input is {}", target.name, options.seed, path.display());
        kept.push(path.display().to_string());
        options.seed += 1;
    }
    if kept.is_empty() {
        Ok(())
    } else {
        Err(format!("{} inputs went wrong: {}", kept.len(), kept.join(" ")))
    }
}
