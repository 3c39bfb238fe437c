//! The table of options in docs/zephyr.md, made of zephyr-module/Kconfig.
//!
//! A row for each option that a person may set, in Kconfig's order: name, what it stands for, default. Choices are one row
//! with their values.

use crate::sh::{self, Outcome};
use std::path::PathBuf;

const BEGIN: &str = "<!-- options: written by `cargo xtask zephyr options` -->\n";
const END: &str = "<!-- end of options -->\n";

#[derive(Default)]
struct Entry {
    name: String,
    prompt: String,
    /// Value and condition.
    defaults: Vec<String>,
    values: Vec<String>,
}

/// Writes the table anew.
pub fn write() -> Outcome {
    let (path, text) = page()?;
    sh::at(&path, std::fs::write(&path, fresh(&text)?))
}

/// Whether the page holds what Kconfig says.
pub fn check() -> Outcome {
    let (_, text) = page()?;
    if fresh(&text)? == text {
        Ok(())
    } else {
        Err("docs/zephyr.md: the table of options is old: cargo xtask zephyr options".into())
    }
}

fn page() -> Outcome<(PathBuf, String)> {
    let path = sh::root().join("docs/zephyr.md");
    let text = sh::at(&path, std::fs::read_to_string(&path))?;
    Ok((path, text))
}

fn fresh(text: &str) -> Outcome<String> {
    let parts = text.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) = parts.ok_or("docs/zephyr.md has no place for the table of options")?;
    let kconfig = sh::root().join("zephyr-module/Kconfig");
    let table = table(&sh::at(&kconfig, std::fs::read_to_string(&kconfig))?);
    Ok(format!("{before}{BEGIN}{table}{END}{after}"))
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
