//! The tables of docs/zephyr.md and of the page for Zephyr's own documentation: of options, made of zephyr-module/Kconfig,
//! and of memory, made of the figures in benches/.
//!
//! A row for each option that a person may set, in Kconfig's order: name, what it stands for, default. Choices are one row
//! with their values.

use crate::sh::{self, Outcome};

/// A table of a page, which stands between two lines there.
struct Table {
    page: &'static str,
    begin: &'static str,
    end: &'static str,
    make: fn() -> Outcome<String>,
}

const TABLES: &[Table] = &[
    Table {
        page: "docs/zephyr.md",
        begin: "<!-- options: written by `cargo xtask zephyr options` -->\n",
        end: "<!-- end of options -->\n",
        make: || Ok(markdown(&entries()?)),
    },
    Table {
        page: "docs/zephyr.md",
        begin: "<!-- memory: written by `cargo xtask zephyr memory` -->\n",
        end: "<!-- end of memory -->\n",
        make: super::memory::table,
    },
    Table {
        page: "zephyr-module/doc/pyrite.rst",
        begin: ".. options: written by `cargo xtask zephyr options`\n",
        end: ".. end of options\n",
        make: || Ok(rst(&entries()?)),
    },
];

#[derive(Default)]
struct Entry {
    name: String,
    prompt: String,
    /// What it is where no default holds.
    unset: &'static str,
    /// Value and condition.
    defaults: Vec<String>,
    values: Vec<String>,
}

/// Writes the tables anew.
pub fn write() -> Outcome {
    TABLES.iter().try_for_each(|table| {
        let path = sh::root().join(table.page);
        let (_, fresh) = table.pages()?;
        sh::at(&path, std::fs::write(&path, fresh))
    })
}

/// Whether the pages hold what Kconfig and the figures say, and Kconfig explains each option.
pub fn check() -> Outcome {
    let kconfig = kconfig()?;
    let silent = without_help(&kconfig);
    if !silent.is_empty() {
        return Err(format!("zephyr-module/Kconfig has no help text for {}", silent.join(", ")));
    }
    TABLES.iter().try_for_each(|table| match table.pages()? {
        (old, fresh) if old == fresh => Ok(()),
        _ => Err(format!("{}: a table is old: cargo xtask zephyr options", table.page)),
    })
}

impl Table {
    /// The page as it is, and as it should be.
    fn pages(&self) -> Outcome<(String, String)> {
        let path = sh::root().join(self.page);
        let text = sh::at(&path, std::fs::read_to_string(&path))?;
        let parts = text
            .split_once(self.begin)
            .and_then(|(before, rest)| Some((before, rest.split_once(self.end)?.1)));
        let (before, after) =
            parts.ok_or(format!("{} has no place for {}", self.page, self.begin.trim_end()))?;
        let fresh = format!("{before}{}{}{}{after}", self.begin, (self.make)()?, self.end);
        Ok((text, fresh))
    }
}

fn kconfig() -> Outcome<String> {
    let path = sh::root().join("zephyr-module/Kconfig");
    sh::at(&path, std::fs::read_to_string(&path))
}

fn without_help(kconfig: &str) -> Vec<&str> {
    let mut silent = Vec::new();
    let mut open = None;
    for line in kconfig.lines() {
        if let Some(name) = ["config ", "menuconfig ", "choice "].iter().find_map(|w| line.strip_prefix(w)) {
            silent.extend(open.replace(name));
        } else if line == "\thelp" {
            open = None;
        }
    }
    silent.extend(open);
    // What is given another default is Zephyr's own, and explained there.
    silent.retain(|name| name.starts_with("PYRITE"));
    silent
}

fn entries() -> Outcome<Vec<Entry>> {
    Ok(read(&kconfig()?))
}

fn read(kconfig: &str) -> Vec<Entry> {
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
                        last.unset = if word == "string" { "\"\"" } else { "n" };
                    }
                    "default" if !in_value => {
                        let rest = rest.strip_prefix(&format!("{}_", last.name)).unwrap_or(rest);
                        last.defaults.push(rest.to_string());
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    // It may also say what others' options are here by default.
    entries.retain(|entry| entry.name.starts_with("PYRITE"));
    entries
}

impl Entry {
    /// What to set, what it stands for, its defaults.
    fn cells(&self) -> [String; 3] {
        let (tail, values) = match self.values.as_slice() {
            [] => ("", String::new()),
            values => ("_…", format!(": {}", values.join(", "))),
        };
        let defaults = match self.defaults.as_slice() {
            [] => self.unset.to_string(),
            defaults => defaults.join("; "),
        };
        [format!("{}{tail}", self.name), format!("{}{values}", self.prompt), defaults]
    }
}

fn markdown(entries: &[Entry]) -> String {
    let mut out = String::from("| option `CONFIG_…` | | default |\n|---|---|---|\n");
    for [name, what, default] in entries.iter().map(Entry::cells) {
        out += &format!("| `{name}` | {what} | {} |\n", default.replace('|', "\\|"));
    }
    out
}

fn rst(entries: &[Entry]) -> String {
    let mut out =
        String::from("\n.. list-table::\n   :header-rows: 1\n\n   * - Option\n     -\n     - Default\n");
    for [name, what, default] in entries.iter().map(Entry::cells) {
        let what = what.replace('*', "\\*").replace('_', "\\_");
        out += &format!("   * - ``CONFIG_{name}``\n     - {what}\n     - ``{default}``\n");
    }
    out + "\n"
}
