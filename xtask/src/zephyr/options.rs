//! The tables of docs/zephyr.md: of options, made of zephyr-module/Kconfig, and of memory, made of the figures in benches/.
//!
//! A row for each option that a person may set, in Kconfig's order: name, what it stands for, default. Choices are one row
//! with their values.

use crate::sh::{self, Outcome};
use std::path::PathBuf;

/// A table stands between `<!-- NAME: written by ... -->` and `<!-- end of NAME -->`.
const OPTIONS: (&str, &str) =
    ("<!-- options: written by `cargo xtask zephyr options` -->\n", "<!-- end of options -->\n");
const MEMORY: (&str, &str) =
    ("<!-- memory: written by `cargo xtask zephyr memory` -->\n", "<!-- end of memory -->\n");

#[derive(Default)]
struct Entry {
    name: String,
    prompt: String,
    /// Value and condition.
    defaults: Vec<String>,
    values: Vec<String>,
}

/// Writes the tables anew.
pub fn write() -> Outcome {
    let (path, text) = page()?;
    sh::at(&path, std::fs::write(&path, fresh(&text)?))
}

/// Whether the page holds what Kconfig and the figures say.
pub fn check() -> Outcome {
    let (_, text) = page()?;
    if fresh(&text)? == text {
        Ok(())
    } else {
        Err("docs/zephyr.md: a table is old: cargo xtask zephyr options".into())
    }
}

fn page() -> Outcome<(PathBuf, String)> {
    let path = sh::root().join("docs/zephyr.md");
    let text = sh::at(&path, std::fs::read_to_string(&path))?;
    Ok((path, text))
}

fn fresh(text: &str) -> Outcome<String> {
    let kconfig = sh::root().join("zephyr-module/Kconfig");
    let options = table(&sh::at(&kconfig, std::fs::read_to_string(&kconfig))?);
    put(&put(text, OPTIONS, &options)?, MEMORY, &super::memory::table()?)
}

/// The page with `table` between the two marks.
fn put(text: &str, (begin, end): (&str, &str), table: &str) -> Outcome<String> {
    let parts = text.split_once(begin).and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
    let (before, after) = parts.ok_or(format!("docs/zephyr.md has no place for {}", begin.trim_end()))?;
    Ok(format!("{before}{begin}{table}{end}{after}"))
}

fn table(kconfig: &str) -> String {
    let mut entries: Vec<Entry> = Vec::new();
    let (mut choice, mut help) = (false, false);
    for line in kconfig.lines() {
        let inner = line.starts_with('\t');
        let (word, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        help &= inner || word.is_empty();
        if help {
            continue;
        }
        match (inner, word) {
            (false, "config" | "menuconfig" | "choice") => {
                let name = rest.to_string();
                if choice && let Some(last) = entries.last_mut() {
                    let short = name.strip_prefix(&format!("{}_", last.name)).unwrap_or(&name);
                    last.values.push(short.to_string());
                } else {
                    entries.push(Entry { name, ..Entry::default() });
                }
                choice |= word == "choice";
            }
            (false, "endchoice") => choice = false,
            (true, "help") => help = true,
            (true, word) => {
                let Some(last) = entries.last_mut() else { continue };
                let in_value = !last.values.is_empty();
                match word {
                    "bool" | "int" | "string" | "prompt" if !in_value => {
                        last.prompt = rest.trim_matches('"').to_string();
                    }
                    "default" if !in_value => {
                        let rest = rest.strip_prefix(&format!("{}_", last.name)).unwrap_or(rest);
                        last.defaults.push(rest.replace('|', "\\|"));
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    let mut out = String::from("| option `CONFIG_…` | | default |\n|---|---|---|\n");
    for Entry { name, prompt, defaults, values } in entries {
        let values = if values.is_empty() { String::new() } else { format!(": {}", values.join(", ")) };
        let tail = if values.is_empty() { "" } else { "_…" };
        let defaults = if defaults.is_empty() { "n".to_string() } else { defaults.join("; ") };
        out += &format!("| `{name}{tail}` | {prompt}{values} | {defaults} |\n");
    }
    out
}
