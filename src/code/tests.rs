//! Real files: read, verified, written back; mutated; a whole corpus where one is at hand.

use crate::code::testing::{message, sized};
use crate::code::{disasm, object, read, write};
use crate::heap::lent::lend;
use crate::heap::{Heap, Kind, Place, R, Value};
use std::path::{Path, PathBuf};
use std::string::{String, ToString};
use std::vec::Vec;
use std::{eprintln, format, fs};

fn files(dir: &Path, ext: &str, into: &mut Vec<PathBuf>) {
    let mut all: Vec<_> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
    all.sort();
    for path in all {
        if path.is_dir() {
            files(&path, ext, into);
        } else if path.extension().is_some_and(|e| e == ext) {
            into.push(path);
        }
    }
}

fn load(heap: &mut Heap, place: Place) -> R {
    lend(heap, None, |heap| read::load(heap, place))
}

/// Reads a file from flash and from a cell and writes both back; what went wrong.
fn check(bytes: &[u8]) -> Result<(), String> {
    // Flash is for ever.
    let flash: &'static [u8] = Vec::from(bytes).leak();
    sized(4 << 20, |heap| {
        let raw = heap.alloc(Kind::Raw, bytes.len() / 4 + 1).unwrap();
        heap.bytes_mut(raw, 0)[1..1 + bytes.len()].copy_from_slice(bytes);
        for place in [Place::Flash(flash), Place::Cell(raw, 1, bytes.len())] {
            let Ok(code) = load(heap, place) else { return Err(message(heap)) };
            let Ok(back) = lend(heap, None, |heap| write::to_bytes(heap, code)) else {
                return Err(message(heap));
            };
            if heap.str_bytes(back) != bytes {
                // A float in more digits than it needs is the one difference allowed.
                let short: &'static [u8] = Vec::from(heap.str_bytes(back)).leak();
                let again = load(heap, Place::Flash(short)).unwrap();
                if !has_long_float(bytes) || opcodes(heap, again) != opcodes(heap, code) {
                    return Err("written differently".into());
                }
            }
            assert!(listing(heap, code).ends_with('\n'));
        }
        Ok(())
    })
}

/// Whether the file holds a float text of 16 digits or more.
fn has_long_float(bytes: &[u8]) -> bool {
    bytes.windows(18).any(|w| w[0] == 8 && w[1] >= 16 && w[2..].iter().all(|b| b"0123456789.e+-".contains(b)))
}

fn opcodes(heap: &mut Heap, root: Value) -> Vec<Vec<u8>> {
    let mut all = disasm::codes(heap, root).unwrap();
    let codes = (0..all.len()).map(|i| object::bytes(heap, all.get(heap, i).unwrap()).into()).collect();
    all.free(heap);
    codes
}

/// The listing of a code and of all inside it.
fn listing(heap: &mut Heap, root: Value) -> String {
    let mut all = disasm::codes(heap, root).unwrap();
    let mut out = Vec::new();
    for i in 0..all.len() {
        let code = all.get(heap, i).unwrap();
        disasm::list(heap, code, &mut out, &mut |_, _, out| out.put(b'?')).unwrap();
    }
    all.free(heap);
    String::from_utf8(out).unwrap()
}

/// Set MICROPYTHON_TESTS to a folder of Python files; mpy-cross must be on the path.
#[test]
#[ignore]
fn corpus() {
    let root = PathBuf::from(std::env::var("MICROPYTHON_TESTS").expect("MICROPYTHON_TESTS names a folder"));
    let out = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/mpy");
    let mut sources = Vec::new();
    files(&root, "py", &mut sources);
    let (mut good, mut bad) = (0, Vec::new());
    for source in sources {
        let name = source.strip_prefix(&root).unwrap();
        let mpy = out.join(name).with_extension("mpy");
        if !mpy.exists() {
            fs::create_dir_all(mpy.parent().unwrap()).unwrap();
            let mut run = std::process::Command::new("mpy-cross");
            let done = run.arg("-s").arg(name).arg("-o").arg(&mpy).arg(&source).output().unwrap();
            if !done.status.success() {
                continue;
            }
        }
        match check(&fs::read(&mpy).unwrap()) {
            Ok(()) => good += 1,
            Err(why) => bad.push(format!("{}: {why}", name.display())),
        }
    }
    for b in &bad {
        eprintln!("{b}");
    }
    eprintln!("{good} good, {} bad", bad.len());
    assert!(bad.is_empty());
}

fn fixtures() -> Vec<(String, Vec<u8>)> {
    let mut paths = Vec::new();
    files(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/mpy"), "mpy", &mut paths);
    paths.iter().map(|p| (p.display().to_string(), fs::read(p).unwrap())).collect()
}

#[test]
fn fixtures_come_back_as_they_were() {
    let all = fixtures();
    assert!(all.len() >= 3);
    for (name, bytes) in all {
        assert_eq!(check(&bytes), Ok(()), "{name}");
    }
}

#[test]
fn what_is_wrong_is_said() {
    let (_, small) = fixtures().into_iter().find(|(n, _)| n.contains("small")).unwrap();
    let with = |at: usize, b: u8| {
        let mut m = small.clone();
        m[at] = b;
        check(&m).unwrap_err()
    };
    assert_eq!(with(0, b'N'), "incompatible .mpy file");
    assert_eq!(with(1, 5), "incompatible .mpy file");
    assert_eq!(with(3, 32), "incompatible .mpy file");
    assert_eq!(with(2, 7 << 2 | 3), "native code in .mpy unsupported");
    for n in 0..small.len() {
        assert!(check(&small[..n]).is_err(), "{n}");
    }
    // The last instruction returns; without it the code has no end.
    assert!(with(small.len() - 1, 0x59).starts_with("invalid bytecode"));
}

#[test]
fn a_closed_heap_is_a_memory_error() {
    let (_, flow) = fixtures().into_iter().find(|(n, _)| n.contains("flow")).unwrap();
    let flash: &'static [u8] = flow.leak();
    let mut good = false;
    for bytes in (512..40_000).step_by(256) {
        good = sized(bytes, |heap| match load(heap, Place::Flash(flash)) {
            Ok(_) => true,
            Err(_) => {
                assert!(heap.is_out_of_memory());
                false
            }
        });
    }
    assert!(good);
}

/// One random change, of the kinds that damaged or hostile files show.
fn mutate(bytes: &mut Vec<u8>, random: &mut dyn FnMut(usize) -> usize) {
    let at = random(bytes.len());
    match random(6) {
        0 => bytes[at] ^= 1 << random(8),
        1 => bytes[at] = random(256) as u8,
        2 => bytes[at] = bytes[random(bytes.len())],
        3 => drop(bytes.remove(at)),
        4 => bytes.insert(at, random(256) as u8),
        _ => {
            let b = bytes[at];
            bytes[at] = b.wrapping_add([1, 255, 16, 240][random(4)]);
        }
    }
}

/// `MPY_MUTANTS` says how many; those that are accepted are written to `target/mpy_mutants` when it is set.
#[test]
fn mutants_never_panic() {
    let asked = std::env::var("MPY_MUTANTS").ok().and_then(|n| n.parse().ok());
    let all = fixtures();
    let keep = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/mpy_mutants");
    let mut seed = 0x2545_f491_4f6c_dd1du64 ^ asked.unwrap_or(0);
    let mut random = |n: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 33) as usize % n
    };
    let mut accepted = 0;
    for i in 0..asked.unwrap_or(20_000) {
        let mut bytes = all[random(all.len())].1.clone();
        for _ in 0..=random(3) {
            mutate(&mut bytes, &mut random);
        }
        let good = sized(128 << 10, |heap| {
            let raw = heap.alloc(Kind::Raw, bytes.len() / 4 + 1).unwrap();
            heap.bytes_mut(raw, 0)[..bytes.len()].copy_from_slice(&bytes);
            let Ok(code) = load(heap, Place::Cell(raw, 0, bytes.len())) else { return false };
            listing(heap, code);
            true
        });
        accepted += usize::from(good);
        if good && asked.is_some() {
            fs::create_dir_all(&keep).unwrap();
            fs::write(keep.join(format!("{i}.mpy")), &bytes).unwrap();
        }
    }
    assert!(accepted > 0);
    eprintln!("{accepted} accepted");
}
