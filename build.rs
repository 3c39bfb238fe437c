//! Collects the names of the sources (`q!("…")`, and `name: "…"`-style registry tables use `q!` too) into one table.
//! With the feature `bindgen` it also makes `src/port/bindings.rs` anew from `include/pyrite_port.h`, and
//! `src/port/machine/bindings.rs` from `include/pyrite_machine.h`, for `cargo xtask bindings`, which puts them in place; the
//! checked-in files are what everyone else compiles, and `port::tests` says when they are out of date.
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The static names of `.mpy` version 6.3, in the order that the format fixes.
const STATIC_NAMES: &str = include_str!("src/heap/static_names.txt");

fn main() {
    #[cfg(feature = "bindgen")]
    for (header, out) in [("pyrite_port", "bindings.rs"), ("pyrite_machine", "machine_bindings.rs")] {
        bindings(header, out);
    }
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    println!("cargo:rerun-if-changed=src");
    println!("cargo:rerun-if-changed=build.rs");
    let mut names: Vec<String> = STATIC_NAMES.lines().map(unescape).collect();
    let statics = names.len();
    let mut extra = BTreeSet::new();
    collect(&root.join("src"), &mut extra);
    let known: BTreeSet<String> = names.iter().cloned().collect();
    extra.retain(|n| !known.contains(n) && n.chars().count() != 1);
    // Strings of one character cost no memory at run time; they follow each other.
    names.extend((' '..='~').map(String::from).filter(|n| !known.contains(n)));
    let singles = names.len();
    let buckets = ((names.len() + extra.len()) / 12).next_power_of_two();
    let mut extra: Vec<String> = extra.into_iter().collect();
    extra.sort_by_key(|n| hash(n) as usize % buckets);
    names.extend(extra);
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it")).join("names.rs");
    fs::write(out, table(&names, statics, singles, buckets)).expect("OUT_DIR is writable");
}

fn unescape(s: &str) -> String {
    s.replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "\r").replace("\\\\", "\\")
}

/// The names in the files of a folder that this build compiles.
fn collect(dir: &Path, names: &mut BTreeSet<String>) {
    let absent = absent(dir);
    for entry in fs::read_dir(dir).expect("src is readable") {
        let path = entry.expect("src is readable").path();
        if absent.contains(&path.file_stem().expect("it has a name").to_string_lossy().into_owned()) {
            continue;
        }
        if path.is_dir() {
            collect(&path, names);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = fs::read_to_string(&path).expect("sources are UTF-8");
            for part in text.split("q!(\"").skip(1) {
                if let Some(end) = part.find("\")") {
                    names.insert(unescape(&part[..end]));
                }
            }
        }
    }
}

/// Modules that the folder's `mod.rs` leaves out, or takes from another file, because a feature is off: lines
/// `#[cfg(feature = "F")]` and `#[cfg_attr(not(feature = "F"), path = "FILE")]` above a `mod` line. Their names would only
/// take flash.
fn absent(dir: &Path) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let text = fs::read_to_string(dir.join("mod.rs")).unwrap_or_default();
    let mut off = false;
    for line in text.lines().map(str::trim) {
        let needed =
            line.strip_prefix("#[cfg(feature = \"").or(line.strip_prefix("#[cfg_attr(not(feature = \""));
        if let Some((feature, _)) = needed.and_then(|l| l.split_once('"')) {
            let variable = format!("CARGO_FEATURE_{}", feature.to_uppercase().replace('-', "_"));
            off |= env::var_os(variable).is_none();
        } else if let Some(name) = line.trim_start_matches("pub ").strip_prefix("mod ") {
            if off {
                out.insert(name.trim_end_matches([';', ' ', '{']).to_string());
            }
            off = false;
        } else if !line.starts_with("#[") && !line.starts_with("//") {
            off = false;
        }
    }
    out
}

/// Must equal `heap::names::hash`.
fn hash(s: &str) -> u32 {
    let h = s.bytes().fold(5381u32, |h, b| h.wrapping_mul(33) ^ b as u32);
    (h ^ h >> 16) & 0xffff
}

/// `names`: the format's, then those of one character, then the others by bucket of their hash.
fn table(names: &[String], statics: usize, singles: usize, buckets: usize) -> String {
    let mut text = String::new();
    let mut offsets = vec![0];
    for n in names {
        text.push_str(n);
        offsets.push(text.len());
    }
    assert!(text.len() < 65536 && names.len() < 65536, "the name table uses 16-bit offsets");
    assert!(
        statics < 256 && names.iter().all(|n| n.len() < 256),
        "lengths and the format's names are counted in bytes"
    );
    let bucket = |n: &String| hash(n) as usize % buckets;
    let mut by_bucket: Vec<usize> = (0..statics).collect();
    by_bucket.sort_by_key(|&i| bucket(&names[i]));
    // Where each bucket ends.
    let static_ends: Vec<usize> =
        (0..buckets).map(|b| by_bucket.partition_point(|&i| bucket(&names[i]) <= b)).collect();
    let ends: Vec<usize> =
        (0..buckets).map(|b| singles + names[singles..].partition_point(|n| bucket(n) <= b)).collect();

    let mut s = String::new();
    let mut line = |l: String| writeln!(s, "{l}").unwrap();
    line("/// How many names the `.mpy` format itself fixes.".into());
    line(format!("pub const STATIC_COUNT: u32 = {statics};"));
    line(format!("const FIRST_OTHER: usize = {singles};"));
    line(format!("const TEXT: &str = {text:?};"));
    line(format!("const STARTS: [u16; {}] = {offsets:?};", offsets.len()));
    line(format!("static STATIC_BY_BUCKET: [u8; {statics}] = {by_bucket:?};"));
    line(format!("static STATIC_ENDS: [u8; {buckets}] = {static_ends:?};"));
    line(format!("static ENDS: [u16; {buckets}] = {ends:?};"));
    if env::var_os("CARGO_FEATURE_TINY").is_some() {
        let lengths: Vec<usize> = names.iter().map(String::len).collect();
        let blocks: Vec<usize> = offsets.iter().step_by(BLOCK).copied().collect();
        line(format!("const BLOCK: usize = {BLOCK};"));
        line(format!("static LENGTHS: [u8; {}] = {lengths:?};", names.len()));
        line(format!("static BLOCKS: [u16; {}] = {blocks:?};", blocks.len()));
        // Characters that are names of the format, and so missing among the others.
        let fixed: Vec<(u8, usize)> = names[..statics]
            .iter()
            .enumerate()
            .filter_map(|(i, n)| <[u8; 1]>::try_from(n.as_bytes()).ok().map(|[c]| (c, i)))
            .collect();
        line(format!("static FIXED_CHARS: [(u8, u8); {}] = {fixed:?};", fixed.len()));
    } else {
        let hashes: Vec<u32> = names.iter().map(|n| hash(n)).collect();
        line(format!("static HASHES: [u16; {}] = {hashes:?};", hashes.len()));
        let one_char: Vec<usize> = (0..128u8)
            .map(|c| names.iter().position(|n| n.as_bytes() == [c]).unwrap_or(usize::from(u16::MAX)))
            .collect();
        line(format!("static ONE_CHAR: [u16; 128] = {one_char:?};"));
    }
    s
}
/// Of how many names in a row the place of the text is kept, where flash counts.
const BLOCK: usize = 8;

#[cfg(feature = "bindgen")]
include!("header_mark.rs");

#[cfg(feature = "bindgen")]
fn bindings(header: &str, name: &str) {
    let path = format!("include/{header}.h");
    println!("cargo:rerun-if-changed={path}");
    let out = std::path::PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    // libclang alone has no stddef.h: that of the C compiler will do.
    let cc = std::process::Command::new("cc").arg("-print-file-name=include").output().expect("cc is there");
    bindgen::Builder::default()
        .header(&path)
        .clang_arg(format!("-isystem{}", String::from_utf8_lossy(&cc.stdout).trim()))
        .allowlist_file(format!(".*{header}\\.h"))
        .allowlist_recursively(false)
        .ctypes_prefix("cty")
        .use_core()
        // The same file serves 32 and 64 bit machines; a C probe checks the layout instead.
        .layout_tests(false)
        .derive_debug(false)
        .prepend_enum_name(false)
        .generate_comments(false)
        .merge_extern_blocks(true)
        .disable_header_comment()
        .raw_line(format!("//! The C structs of {path}, made by `cargo xtask bindings`; never edited."))
        .raw_line(format!(
            "//! Header {:#010x}.",
            header_mark(&fs::read_to_string(&path).expect("it is there"))
        ))
        .raw_line("#![allow(non_camel_case_types, missing_docs)]")
        .generate()
        .expect("the header compiles")
        .write_to_file(out.join(name))
        .expect("OUT_DIR takes files");
}
