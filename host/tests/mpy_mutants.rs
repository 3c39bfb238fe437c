//! Damaged `.mpy` files run as programs: each is refused or runs within its bounds, and the heap is whole afterwards.
//!
//! `MPY_MUTANTS` says how many are tried. A mutant may loop for ever; then it is stopped and counts as good.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

/// Where files under test lie, and the program that runs after each of them.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/mpy")
}

fn mutate(bytes: &mut Vec<u8>, random: &mut dyn FnMut(usize) -> usize) {
    let at = random(bytes.len());
    match random(5) {
        0 => bytes[at] ^= 1 << random(8),
        1 => bytes[at] = random(256) as u8,
        2 => bytes[at] = bytes[random(bytes.len())],
        3 => drop(bytes.remove(at)),
        _ => bytes[at] = bytes[at].wrapping_add([1, 255, 16, 240][random(4)]),
    }
}

/// The exit status, `None` where the time ran out.
fn run(file: &Path) -> Option<i32> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_pyrite"))
        .args(["-X", "heapsize=256K", "-X"])
        .arg(format!("after={}", folder().join("small.mpy").display()))
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("pyrite starts");
    let end = Instant::now() + Duration::from_secs(3);
    while Instant::now() < end {
        if let Some(status) = child.try_wait().expect("a child to wait for") {
            // A signal has no code.
            return Some(status.code().unwrap_or(-1));
        }
        thread::sleep(Duration::from_millis(2));
    }
    child.kill().expect("a child to stop");
    child.wait().expect("a child to wait for");
    None
}

#[test]
fn mutants_stay_within_their_bounds() {
    let count = env::var("MPY_MUTANTS").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let originals = ["flow.mpy", "small.mpy"].map(|n| fs::read(folder().join(n)).expect("a fixture"));
    let file = env::temp_dir().join(format!("pyrite-mutant-{}.mpy", std::process::id()));
    let mut seed = 0x9e37_79b9_7f4a_7c15u64 ^ count;
    let mut random = |n: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 33) as usize % n
    };
    for i in 0..count {
        let mut bytes = originals[random(originals.len())].clone();
        mutate(&mut bytes, &mut random);
        fs::write(&file, &bytes).expect("a file to write");
        let status = run(&file);
        if !matches!(status, None | Some(0 | 1)) {
            let kept = file.with_extension("bad.mpy");
            fs::write(&kept, &bytes).expect("a file to write");
            panic!("mutant {i} ended with {status:?}; it is in {}", kept.display());
        }
    }
    fs::remove_file(&file).expect("a file to remove");
}
