//! The architecture as a test: imports point down, `unsafe` lies where the table allows it, nothing is left undone.
//!
//! The tables below are the law that docs/ARCHITECTURE.md explains. A file may import its own folder or a folder of
//! a lower rank, never a sibling folder of the same rank. The scan works on the text with comments, strings and
//! `#[cfg(test)]` items blanked out, so tests may use std and panics and prose may name anything.

use std::fs;
use std::path::{Path, PathBuf};

/// Every folder of `src/` and its rank.
const RANKS: &[(&str, u32)] = &[
    ("base", 0),
    ("port", 1),
    ("heap", 2),
    ("object", 3),
    ("code", 3),
    ("compile", 4),
    ("vm", 5),
    ("builtins", 6),
    ("modules", 7),
    ("runtime", 8),
    ("capi", 9),
];

/// Equal ranks where the first may build on the second: the constants of a code file are objects.
const BESIDE: &[(&str, &str)] = &[("code", "object")];

/// Where `unsafe` may stand: a folder with everything in it, or a single file (`vm/run` also allows `vm/run/*.rs`).
const UNSAFE_ALLOWED: &[&str] = &["base/ring", "port", "heap", "vm/run", "vm/frame", "vm/fiber", "capi"];

/// What library code must not contain outside tests, and what to do instead.
const BANNED: &[(&str, &str)] = &[
    (concat!("to", "do!"), "finish it or leave it out"),
    (concat!("un", "implemented!"), "finish it or leave it out"),
    ("core::fmt", "text goes through base::sink"),
    ("std::fmt", "text goes through base::sink"),
    ("alloc::fmt", "text goes through base::sink"),
    ("format!", "text goes through base::sink"),
    ("write!", "text goes through base::sink"),
    ("println!", "text goes through base::sink"),
    ("dbg!", "text goes through base::sink"),
    ("extern crate alloc", "the target library has no allocator"),
    ("extern crate std", "the target library is no_std"),
];

/// Lines that a file should stay under; longer files are listed, not refused.
const LONG_FILE: usize = 800;

struct Source {
    /// Relative to `src/`, with `/`.
    name: String,
    lines: usize,
    opening: String,
    /// The text with comments, literals and test items blanked; offsets and line ends are kept.
    code: String,
}

fn rank_of(folder: &str) -> Option<u32> {
    RANKS.iter().find(|(name, _)| *name == folder).map(|(_, rank)| *rank)
}

fn src_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn rust_files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("readable folder") {
        let path = entry.expect("readable entry").path();
        if path.is_dir() {
            rust_files(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

fn sources() -> Vec<Source> {
    let root = src_folder();
    let mut paths = Vec::new();
    rust_files(&root, &mut paths);
    paths.sort();
    // A file that its parent declares behind #[cfg(test)] is a test through and through.
    let mut test_only = Vec::new();
    let texts: Vec<(String, String)> = paths
        .iter()
        .map(|path| {
            let name = path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
            (name, fs::read_to_string(path).expect("UTF-8 source"))
        })
        .collect();
    for (name, text) in &texts {
        let clean = blank_comments_and_literals(text);
        for module in test_modules(&clean) {
            let base = match name.strip_suffix("mod.rs") {
                Some(folder) => folder.to_string(),
                None if name == "lib.rs" => String::new(),
                None => format!("{}/", name.trim_end_matches(".rs")),
            };
            test_only.push(format!("{base}{module}"));
        }
    }
    texts
        .into_iter()
        .filter(|(name, _)| {
            let stem = name.trim_end_matches(".rs").trim_end_matches("/mod");
            !test_only.iter().any(|t| stem == t || stem.starts_with(&format!("{t}/")))
        })
        .map(|(name, text)| Source {
            lines: text.lines().count(),
            opening: text.lines().next().unwrap_or("").to_string(),
            code: blank_test_items(&blank_comments_and_literals(&text)),
            name,
        })
        .collect()
}

/// Replaces comments, string and char literals by spaces.
fn blank_comments_and_literals(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let blank = |out: &mut Vec<u8>, from: usize, to: usize| {
        for byte in &mut out[from..to] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    };
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let ident_before = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
        let end = if rest.starts_with(b"//") {
            at + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len())
        } else if rest.starts_with(b"/*") {
            block_comment_end(bytes, at)
        } else if let Some(hashes) = raw_string_hashes(rest).filter(|_| !ident_before) {
            let open = at + rest.iter().position(|b| *b == b'"').expect("raw string opens");
            let mut close = vec![b'"'];
            close.resize(1 + hashes, b'#');
            find(bytes, &close, open + 1).map_or(bytes.len(), |p| p + close.len())
        } else if rest[0] == b'"' {
            quoted_end(bytes, at, b'"')
        } else if rest[0] == b'\'' && is_char_literal(rest) {
            quoted_end(bytes, at, b'\'')
        } else {
            at += 1;
            continue;
        };
        blank(&mut out, at, end);
        at = end;
    }
    String::from_utf8(out).expect("blanking whole literals keeps UTF-8")
}

fn block_comment_end(bytes: &[u8], start: usize) -> usize {
    let mut depth = 0;
    let mut at = start;
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    bytes.len()
}

fn raw_string_hashes(rest: &[u8]) -> Option<usize> {
    let after = match rest {
        [b'b' | b'c', b'r', tail @ ..] => tail,
        [b'r', tail @ ..] => tail,
        _ => return None,
    };
    let hashes = after.iter().take_while(|b| **b == b'#').count();
    (after.get(hashes) == Some(&b'"')).then_some(hashes)
}

fn quoted_end(bytes: &[u8], start: usize, quote: u8) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b if b == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// `'a'` and `'\n'` are literals, `'a` alone is a lifetime.
fn is_char_literal(rest: &[u8]) -> bool {
    match rest.get(1) {
        Some(b'\\') => true,
        Some(first) => {
            let width = match first {
                0x00..=0x7f => 1,
                0xc0..=0xdf => 2,
                0xe0..=0xef => 3,
                _ => 4,
            };
            rest.get(1 + width) == Some(&b'\'')
        }
        None => false,
    }
}

fn find(bytes: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(needle.len()).position(|w| w == needle).map(|p| p + from)
}

/// Offsets just behind each attribute that makes the next item a test.
fn test_attributes(code: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for marker in ["#[cfg(test)]", "#[test]", "#[cfg(all(test", "#[cfg(any(test", "#[cfg(miri)]"] {
        let mut from = 0;
        while let Some(at) = find(code.as_bytes(), marker.as_bytes(), from) {
            let end = code[at..].find(']').map_or(code.len(), |p| at + p + 1);
            found.push((at, end));
            from = end;
        }
    }
    found
}

/// Names of the modules declared as `#[cfg(test)] mod name;`.
fn test_modules(code: &str) -> Vec<String> {
    test_attributes(code)
        .into_iter()
        .filter_map(|(_, end)| {
            let rest = code[end..].trim_start();
            let rest =
                rest.strip_prefix("pub(crate)").or(rest.strip_prefix("pub")).unwrap_or(rest).trim_start();
            let name = rest.strip_prefix("mod ")?;
            let name = &name[..name.find(|c: char| !c.is_alphanumeric() && c != '_')?];
            rest[4 + name.len()..].trim_start().starts_with(';').then(|| name.to_string())
        })
        .collect()
}

/// Blanks the items behind test attributes: to the `;`, or to the brace that closes their block.
fn blank_test_items(code: &str) -> String {
    let mut out = code.as_bytes().to_vec();
    for (start, from) in test_attributes(code) {
        let mut depth = 0usize;
        let mut end = out.len();
        for (at, byte) in code.bytes().enumerate().skip(from) {
            match byte {
                b'{' | b'(' | b'[' => depth += 1,
                b')' | b']' => depth = depth.saturating_sub(1),
                b'}' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        end = at + 1;
                        break;
                    }
                }
                b';' if depth == 0 => {
                    end = at + 1;
                    break;
                }
                _ => {}
            }
        }
        for byte in &mut out[start..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
    String::from_utf8(out).expect("still UTF-8")
}

/// Every folder named by `crate::folder`, in imports and inline, groups `crate::{a, b::c}` included.
fn imported_folders(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = find(code.as_bytes(), b"crate::", from) {
        from = at + "crate::".len();
        let before = code[..at].chars().next_back();
        if before == Some('$') || before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            // `$crate::` is looked at where the macro is written: the same rule applies.
            if before != Some('$') {
                continue;
            }
        }
        let rest = &code[from..];
        if rest.starts_with('{') {
            let mut depth = 0;
            let mut expect = true;
            for (offset, c) in rest.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' => {
                        depth -= 1;
                        if depth == 0 {
                            break;
                        }
                    }
                    ',' if depth == 1 => expect = true,
                    c if expect && depth == 1 && (c.is_alphabetic() || c == '_') => {
                        found.push((from + offset, first_name(&rest[offset..])));
                        expect = false;
                    }
                    _ => {}
                }
            }
        } else {
            found.push((from, first_name(rest)));
        }
    }
    found
}

fn first_name(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn line_of(code: &str, offset: usize) -> usize {
    code[..offset].matches('\n').count() + 1
}

fn words(code: &str, word: &str) -> Vec<usize> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word)
        .filter(|(at, _)| {
            !code[..*at].chars().next_back().is_some_and(is_name)
                && !code[at + word.len()..].chars().next().is_some_and(is_name)
        })
        .map(|(at, _)| at)
        .collect()
}

fn complain(rule: &str, found: &[String]) {
    assert!(found.is_empty(), "{rule}:\n  {}", found.join("\n  "));
}

#[test]
fn every_folder_has_a_rank() {
    let mut unknown = Vec::new();
    for entry in fs::read_dir(src_folder()).expect("src") {
        let path = entry.expect("entry").path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().to_string();
        if path.is_dir() && rank_of(&name).is_none() {
            unknown.push(format!("src/{name}/"));
        }
    }
    complain("folders of src/ that the rank table does not know", &unknown);
}

#[test]
fn imports_point_down() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some((folder, _)) = source.name.split_once('/') else { continue };
        let Some(own) = rank_of(folder) else { continue };
        for (at, target) in imported_folders(&source.code) {
            let Some(rank) = rank_of(&target) else { continue };
            let beside = BESIDE.contains(&(folder, target.as_str()));
            if target != folder && rank >= own && !beside {
                let line = line_of(&source.code, at);
                wrong.push(format!("src/{}:{line}: {folder} ({own}) imports {target} ({rank})", source.name));
            }
        }
        for at in words(&source.code, "super").into_iter().filter(|at| climbs_out(&source, *at)) {
            let line = line_of(&source.code, at);
            wrong.push(format!("src/{}:{line}: `super` leaves the folder; write crate::folder", source.name));
        }
    }
    complain("imports that do not point down", &wrong);
}

/// True if the chain of `super::` at this place reaches the crate's root, past the rank check.
fn climbs_out(source: &Source, at: usize) -> bool {
    if source.code[..at].ends_with("super::") {
        return false;
    }
    let steps = source.code[at..].split("::").take_while(|part| part.trim() == "super").count();
    let inline = source.code[..at].matches('{').count() - source.code[..at].matches('}').count();
    let inline_modules = usize::from(inline > 0 && source.code[..at].contains("mod "));
    let depth = source.name.matches('/').count() + usize::from(!source.name.ends_with("mod.rs"));
    steps >= depth + inline_modules
}

#[test]
fn unsafe_only_where_the_table_allows() {
    let mut wrong = Vec::new();
    for source in sources() {
        let stem = source.name.trim_end_matches(".rs");
        let allowed = UNSAFE_ALLOWED.iter().any(|place| {
            stem == *place || stem.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'))
        });
        if allowed {
            continue;
        }
        for at in words(&source.code, "unsafe") {
            wrong.push(format!("src/{}:{}", source.name, line_of(&source.code, at)));
        }
    }
    complain("unsafe outside its places", &wrong);
}

#[test]
fn nothing_undone_and_no_formatting_machinery() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (text, advice) in BANNED {
            let found: Vec<usize> = if text.contains(' ') {
                source.code.match_indices(text).map(|(at, _)| at).collect()
            } else {
                source
                    .code
                    .match_indices(text)
                    .map(|(at, _)| at)
                    .filter(|at| {
                        let before = source.code[..*at].chars().next_back();
                        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
                    })
                    .collect()
            };
            for at in found {
                wrong.push(format!("src/{}:{}: `{text}`: {advice}", source.name, line_of(&source.code, at)));
            }
        }
    }
    complain("text that the library must not contain", &wrong);
}

#[test]
fn files_open_with_their_subtitle() {
    let silent: Vec<String> = sources()
        .iter()
        .filter(|source| !source.opening.starts_with("//!"))
        .map(|source| format!("src/{}: `{}`", source.name, source.opening))
        .collect();
    complain("files that do not open with a `//!` line", &silent);
}

/// Long files are told, not refused: a table may be long for a good reason.
#[test]
fn long_files_are_listed() {
    for source in sources().iter().filter(|source| source.lines > LONG_FILE) {
        println!("warning: src/{} has {} lines (aim: under {LONG_FILE})", source.name, source.lines);
    }
}

#[test]
fn the_scanner_sees_what_it_should() {
    let code = blank_comments_and_literals(
        "use crate::{heap::Value, vm::{Vm, x}, base}; // crate::capi\n\"crate::vm\"",
    );
    let names: Vec<String> = imported_folders(&code).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["heap", "vm", "base"]);
    // Put together, so that a search for what is undone does not find this line.
    let undone = ["to", "do"].concat();
    let code = blank_test_items(&blank_comments_and_literals(&format!(
        "fn a<'a>(x: &'a u8) {{ b(';', '\\''); }}\n#[cfg(test)]\nmod tests {{ fn f() {{ {undone}!() }} }}\nfn z() {{}}",
    )));
    assert!(!code.contains(&undone) && code.contains("fn z()") && code.contains("fn a<'a>"));
    assert_eq!(test_modules("#[cfg(test)]\nmod model;\n#[cfg(test)] mod t { }"), ["model"]);
}
