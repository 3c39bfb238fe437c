//! Collects the names of the sources (`q!("…")`, and `name: "…"`-style registry tables use `q!` too) into one table.
//! With the feature `bindgen` it also makes `src/port/bindings.rs` anew from `include/pyrite_port.h`; the checked-in
//! file is what everyone else compiles, and `port::tests` compares the two.
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The static names of `.mpy` version 6.3, in the order that the format fixes.
const STATIC_NAMES: &str = include_str!("src/heap/static_names.txt");

fn main() {
    #[cfg(feature = "bindgen")]
    bindings();
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    println!("cargo:rerun-if-changed=src");
    println!("cargo:rerun-if-changed=build.rs");
    let mut names: Vec<String> = STATIC_NAMES.lines().map(unescape).collect();
    let mut extra = BTreeSet::new();
    collect(&root.join("src"), &mut extra);
    // Strings of one character cost no memory at run time.
    extra.extend((' '..='~').map(String::from));
    let known: BTreeSet<String> = names.iter().cloned().collect();
    names.extend(extra.into_iter().filter(|n| !known.contains(n)));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it")).join("names.rs");
    fs::write(out, table(&names)).expect("OUT_DIR is writable");
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

fn table(names: &[String]) -> String {
    let mut text = String::new();
    let mut offsets = vec![0];
    for n in names {
        text.push_str(n);
        offsets.push(text.len());
    }
    assert!(text.len() < 65536 && names.len() < 65536, "the name table uses 16-bit offsets");
    let hashes: Vec<u32> = names.iter().map(|n| hash(n)).collect();
    let mut by_hash: Vec<usize> = (0..names.len()).collect();
    by_hash.sort_by_key(|&i| hashes[i]);
    let mut s = String::new();
    let statics = STATIC_NAMES.lines().count();
    writeln!(
        s,
        "/// How many names the `.mpy` format itself fixes.\npub const STATIC_COUNT: u32 = {statics};"
    )
    .unwrap();
    writeln!(s, "const TEXT: &str = {text:?};").unwrap();
    writeln!(s, "static OFFSETS: [u16; {}] = {offsets:?};", offsets.len()).unwrap();
    writeln!(s, "static HASHES: [u16; {}] = {hashes:?};", hashes.len()).unwrap();
    let one_char: Vec<usize> = (0..128u8)
        .map(|c| names.iter().position(|n| n.as_bytes() == [c]).unwrap_or(usize::from(u16::MAX)))
        .collect();
    writeln!(s, "static ONE_CHAR: [u16; 128] = {one_char:?};").unwrap();
    writeln!(s, "static BY_HASH: [u16; {}] = {by_hash:?};", by_hash.len()).unwrap();
    s
}

#[cfg(feature = "bindgen")]
fn bindings() {
    println!("cargo:rerun-if-changed=include/pyrite_port.h");
    let out = std::path::PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    bindgen::Builder::default()
        .header("include/pyrite_port.h")
        .allowlist_item("(pyr|PYR)_.*")
        .ctypes_prefix("cty")
        .use_core()
        // The same file serves 32 and 64 bit machines; a C probe checks the layout instead.
        .layout_tests(false)
        .derive_debug(false)
        .prepend_enum_name(false)
        .generate_comments(false)
        .merge_extern_blocks(true)
        .disable_header_comment()
        .raw_line("//! The C structs of include/pyrite_port.h, made by bindgen (`cargo build --features bindgen`); never edited.")
        .raw_line("#![allow(non_camel_case_types, missing_docs)]")
        .generate()
        .expect("include/pyrite_port.h compiles")
        .write_to_file(out.join("bindings.rs"))
        .expect("OUT_DIR takes files");
}
