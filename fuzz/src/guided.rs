//! The loop for inputs of bytes: an input that takes a branch for the first time, or more often than any before, joins
//! the corpus that later inputs are made from.

use crate::coverage::Seen;
use crate::rig::{Random, Rig, Running, Watch, root};
use crate::{Options, hash};
use std::fs;
use std::time::Instant;

/// What is fuzzed.
pub struct Target {
    pub name: &'static str,
    pub heap: usize,
    /// Inputs to begin with.
    pub seeds: fn() -> Vec<Vec<u8>>,
    pub mutate: fn(&mut Vec<u8>, &mut Random),
    /// Runs an input; whether it was accepted, or what went wrong that must not.
    pub round: fn(&mut Rig, &[u8]) -> Result<bool, String>,
}

/// A module whose purpose is to read and write any address: what it is given may well end the process.
const RAW_MEMORY: &[u8] = b"uctypes";

/// The target's round, but not for what may touch any memory.
fn round(target: &Target, rig: &mut Rig, input: &[u8]) -> Result<bool, String> {
    if input.windows(RAW_MEMORY.len()).any(|part| part == RAW_MEMORY) {
        return Ok(false);
    }
    (target.round)(rig, input)
}

/// Longer inputs do not join the corpus.
const LONGEST: usize = 8000;

fn files(folder: &str, name: &str) -> Vec<Vec<u8>> {
    let folder = root().join("fuzz").join(folder).join(name);
    let mut paths: Vec<_> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.iter().filter_map(|path| fs::read(path).ok()).collect()
}

/// Runs one input and shows what it printed.
pub fn one(target: &Target, path: &str) -> Result<(), String> {
    let input = fs::read(path).map_err(|why| format!("{path}: {why}"))?;
    let mut rig = Rig::new(target.heap);
    let accepted = round(target, &mut rig, &input);
    print!("{}", rig.output());
    accepted.map(|accepted| println!("{}", if accepted { "accepted" } else { "refused" }))
}

/// Runs `options.runs` inputs or for `options.seconds`, after those that once went wrong. A wrong one is an error that
/// the caller's parent sees as this process's end; the input lies in the running file.
pub fn run(target: &Target, options: &Options, running: &Running) -> Result<(), String> {
    let mut rig = Rig::new(target.heap);
    let watch = Watch::start();
    for input in files("faults", target.name) {
        running.set(&input);
        round(target, &mut rig, &input)?;
    }
    let mut corpus = (target.seeds)();
    corpus.extend(files("corpus", target.name));
    let mut seen = Seen::new();
    for input in &corpus {
        running.set(input);
        seen.clear();
        round(target, &mut rig, input)?;
        seen.add();
    }
    let known = corpus.len();
    let mut random = Random(0x2545_f491_4f6c_dd1d ^ options.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let begun = Instant::now();
    let found = root().join("target/fuzz").join(target.name);
    fs::create_dir_all(&found).map_err(|why| why.to_string())?;
    let (mut runs, mut accepted) = (0, 0);
    while options.go_on(runs, begun) {
        // Half of the time one of the latest.
        let n = corpus.len();
        let pick = if random.below(2) == 0 { n - 1 - random.below(n.min(100)) } else { random.below(n) };
        let mut input = corpus[pick].clone();
        if random.below(8) == 0 {
            let other = &corpus[random.below(n)];
            let (at, from) = (random.below(input.len() + 1), random.below(other.len() + 1));
            input.truncate(at);
            input.extend(&other[from..]);
        }
        for _ in 0..=random.below(3) {
            if input.is_empty() {
                input.push(b'x');
            }
            (target.mutate)(&mut input, &mut random);
        }
        watch.round(runs);
        running.set(&input);
        seen.clear();
        accepted += usize::from(round(target, &mut rig, &input)?);
        if seen.add() > 0 && input.len() < LONGEST {
            let name = format!("{:016x}", hash(&input));
            fs::write(found.join(name), &input).map_err(|why| why.to_string())?;
            corpus.push(input);
        }
        runs += 1;
    }
    let (taken, all) = seen.branches();
    println!(
        "{}: {runs} inputs, {accepted} accepted, {} joined the corpus of {known}, {taken} of {all} branches",
        target.name,
        corpus.len() - known
    );
    Ok(())
}

/// Writes the smallest inputs of `target/fuzz` that together take what all of them take, and the seeds do not, to the
/// committed corpus.
pub fn minimise(target: &Target, running: &Running) -> Result<(), String> {
    let mut rig = Rig::new(target.heap);
    let mut seen = Seen::new();
    let mut try_one = |input: &[u8]| {
        running.set(input);
        seen.clear();
        round(target, &mut rig, input)?;
        Ok::<usize, String>(seen.add())
    };
    for input in (target.seeds)() {
        try_one(&input)?;
    }
    let mut inputs = files("corpus", target.name);
    let found = root().join("target/fuzz").join(target.name);
    for entry in fs::read_dir(found).into_iter().flatten().flatten() {
        inputs.extend(fs::read(entry.path()));
    }
    inputs.sort_by_key(Vec::len);
    let folder = root().join("fuzz/corpus").join(target.name);
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(&folder).map_err(|why| why.to_string())?;
    let mut kept = 0;
    for input in inputs {
        // A few classes of counts more are not worth a file.
        if try_one(&input)? > 20 {
            kept += 1;
            let path = folder.join(format!("{:016x}", hash(&input)));
            fs::write(path, &input).map_err(|why| why.to_string())?;
        }
    }
    println!("{}: {kept} inputs kept", target.name);
    Ok(())
}
