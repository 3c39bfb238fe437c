//! `cargo xtask size`: flash and RAM by board, and the library's flash by rank folder, into `benches/size.txt`.
//! `cargo xtask size features`: what each feature of the language adds to a firmware, into `benches/features.txt`.
//!
//! A function counts for the folder that its symbol names; what the optimiser inlined counts where it went. Constants
//! without a symbol are the remainder.

use crate::boards::{self, BOARDS, Board};
use crate::figures::Figures;
use crate::sh::{self, Outcome};
use std::collections::BTreeMap;
use std::path::Path;

/// The ranks of docs/ARCHITECTURE.md, from the bottom.
const RANKS: &[&str] =
    &["base", "port", "heap", "object", "code", "compile", "vm", "builtins", "modules", "runtime", "capi"];

/// What a firmware has to which the features are added, and the features: each of docs/LANGUAGE.md's table.
const BASE: &str = "extra,float-single,compiler";
const FEATURES: &[&str] = &[
    "annotations",
    "async-generators",
    "decorators",
    "diagnostics",
    "except-star",
    "match",
    "metaclasses",
    "nested-fstrings",
    "parenthesized-with",
    "positional-only",
    "settrace",
    "strict-syntax",
    "type-parameters",
    "unpacking",
];

/// The command.
pub fn size(words: &[String]) -> Outcome {
    if words.first().is_some_and(|word| word == "features") {
        return features(words.get(1..).unwrap_or_default());
    }
    let mut figures = Figures::new("size", "bytes; written by cargo xtask size");
    for board in BOARDS {
        let elf = board.build_anyway()?;
        measure(board, &elf, &mut figures)?;
    }
    figures.write()
}

/// Builds the firmware of mps2-an385 without and with each feature, or with those that are named.
fn features(words: &[String]) -> Outcome {
    let board = boards::named("mps2-an385")?;
    let flash = |with: &str| -> Outcome<u64> {
        let elf = board.build_with(&format!("{BASE}{with}"))?;
        let text = sh::output(sh::command(&format!("{}size", board.tools)).arg(&elf))?;
        let line = text.lines().nth(1).unwrap_or_default();
        let sizes: Vec<u64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        sizes
            .first()
            .zip(sizes.get(1))
            .map(|(code, data)| code + data)
            .ok_or(format!("size printed {text:?}"))
    };
    let mut figures =
        Figures::new("features", "bytes of flash that a feature adds; written by cargo xtask size features");
    let base = flash("")?;
    figures.add(BASE, base);
    for feature in FEATURES {
        if words.is_empty() || words.iter().any(|word| word == feature) {
            figures.add(feature, flash(&format!(",{feature}"))?.saturating_sub(base));
        } else {
            figures.keep(feature);
        }
        // So much is known, should the rest be broken off.
        figures.write()?;
    }
    Ok(())
}

fn measure(board: &Board, elf: &Path, figures: &mut Figures) -> Outcome {
    let tool = |name: &str| sh::command(&format!("{}{name}", board.tools));
    let text = sh::output(tool("size").arg(elf))?;
    let sizes: Vec<u64> = text
        .lines()
        .nth(1)
        .map(|line| line.split_whitespace().filter_map(|word| word.parse().ok()).collect())
        .unwrap_or_default();
    let &[code, data, bss, ..] = sizes.as_slice() else { return Err(format!("size printed {text:?}")) };
    let symbols = sh::output(tool("nm").args(["--print-size", "--radix=d"]).arg(elf))?;
    let mut owners: BTreeMap<&str, u64> = BTreeMap::new();
    let mut heap = (0, 0);
    for line in symbols.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [address, _, "_heap_start"] => heap.0 = address.parse().unwrap_or(0),
            [address, _, "_heap_end"] => heap.1 = address.parse().unwrap_or(0),
            [_, bytes, "t" | "T" | "r" | "R" | "W" | "w" | "d" | "D", name, ..] => {
                *owners.entry(owner(name)).or_default() += bytes.parse().unwrap_or(0);
            }
            _ => {}
        }
    }
    let flash = code + data;
    figures.add(&format!("{} flash", board.name), flash);
    figures.add(&format!("{} RAM of the firmware", board.name), data + bss);
    figures.add(&format!("{} RAM for Python", board.name), u64::saturating_sub(heap.1, heap.0));
    let mut named = 0;
    for part in RANKS.iter().chain(&["Rust's core", "C firmware", SHARED]) {
        let bytes = owners.get(part).copied().unwrap_or(0);
        named += bytes;
        figures.add(&format!("{} flash {part}", board.name), bytes);
    }
    figures.add(&format!("{} flash constants without a name", board.name), flash.saturating_sub(named));
    Ok(())
}

/// What all ranks share: routines that `thumb1` made of what occurs often.
const SHARED: &str = "shared sequences";

/// Whose a symbol is: a rank, Rust's own libraries, or the C side.
fn owner(symbol: &str) -> &'static str {
    if symbol.starts_with("pyrite.shared.") {
        return SHARED;
    }
    if symbol.starts_with("pyr_") && !symbol.starts_with("pyr_freertos_") {
        return "capi";
    }
    // `6pyrite4heap` in both manglings of paths, `pyrite..heap` inside a legacy `impl` name.
    for (start, _) in symbol.match_indices("pyrite") {
        let rest = symbol.get(start + "pyrite".len()..).unwrap_or_default();
        let rest = rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit() || c == '_');
        if let Some(rank) = RANKS.iter().find(|rank| rest.starts_with(**rank)) {
            return rank;
        }
    }
    let rust = symbol.starts_with("_ZN") || symbol.starts_with("_R") || symbol.starts_with("anon.");
    if rust || symbol.starts_with("__") || symbol.starts_with("mem") { "Rust's core" } else { "C firmware" }
}

#[cfg(test)]
mod tests {
    use super::owner;

    #[test]
    fn symbols_have_owners() {
        assert_eq!(owner("_ZN6pyrite4heap5alloc5alloc17h0123456789abcdefE"), "heap");
        assert_eq!(owner("_RNvNtNtCs7FiFrOuhBmr_6pyrite2vm3run3run"), "vm");
        assert_eq!(
            owner(
                "_ZN72_$LT$pyrite..base..sink..SliceSink$u20$as$u20$pyrite..base..sink..Sink$GT$5write17hE"
            ),
            "base"
        );
        assert_eq!(owner("pyr_open"), "capi");
        assert_eq!(owner("pyr_freertos_wake"), "C firmware");
        assert_eq!(owner("__aeabi_fadd"), "Rust's core");
        assert_eq!(owner("xTaskIncrementTick"), "C firmware");
    }
}
