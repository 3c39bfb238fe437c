//! What README.md and docs/ tell people to type is typed here.
//!
//! Fenced blocks: the commands of a `sh` block run in the repository's root, a `python` block runs on the host program,
//! a `c` block compiles as C11 against include/; a `text` block right behind a `python` block is its whole output.
//! A comment `<!-- not run here: REASON -->` on the line before a fence leaves the block out and is told as a note.

use super::oracle;
use super::programs::pyrite;
use super::tally::Tally;
use crate::sh::{self, Outcome};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

struct Block {
    place: String,
    language: String,
    text: String,
    excuse: Option<String>,
}

pub fn docs(tally: &mut Tally) {
    tally.check("docs/zephyr.md: the tables of options and memory", crate::zephyr::options::check());
    let mut files = vec![sh::root().join("README.md")];
    markdown_files(&sh::root().join("docs"), &mut files);
    for file in files {
        match fs::read_to_string(&file) {
            Ok(text) => check_file(&file, &text, tally),
            Err(why) => tally.fail(&format!("{}: {why}", file.display())),
        }
    }
}

fn markdown_files(folder: &Path, into: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            markdown_files(&path, into);
        } else if path.extension().is_some_and(|e| e == "md") {
            into.push(path);
        }
    }
}

fn check_file(file: &Path, text: &str, tally: &mut Tally) {
    let name = file.strip_prefix(sh::root()).unwrap_or(file).display().to_string();
    check_links(file, &name, text, tally);
    let blocks = blocks(&name, text);
    for (index, block) in blocks.iter().enumerate() {
        if let Some(excuse) = &block.excuse {
            tally.note(format!("{}: not run here: {excuse}", block.place));
            continue;
        }
        match block.language.as_str() {
            "sh" => {
                for line in block.text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'))
                {
                    tally.check(
                        &format!("{}: {line}", block.place),
                        sh::run(sh::command("bash").args(["-c", line])),
                    );
                }
            }
            "python" => {
                let output = blocks.get(index + 1).filter(|next| next.language == "text");
                tally.check(&block.place, python(block, output.map(|next| next.text.as_str())));
            }
            "c" => tally.check(&block.place, c(block)),
            _ => {}
        }
    }
}

/// Links to files of the repository must lead somewhere.
fn check_links(file: &Path, name: &str, text: &str, tally: &mut Tally) {
    let folder = file.parent().unwrap_or(Path::new("."));
    for (at, _) in text.match_indices("](") {
        let link = text[at + 2..].split([')', '#']).next().unwrap_or_default();
        if !link.is_empty() && !link.contains("://") {
            let there = folder.join(link).exists();
            tally.check(
                &format!("{name}: link to {link}"),
                if there { Ok(()) } else { Err("no such file".into()) },
            );
        }
    }
}

fn blocks(name: &str, text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut open: Option<Block> = None;
    let mut before = "";
    for (number, line) in text.lines().enumerate() {
        if let Some(block) = &mut open {
            if line.trim_start().starts_with("```") {
                found.extend(open.take());
            } else {
                block.text.push_str(line);
                block.text.push('\n');
            }
        } else if let Some(language) = line.trim_start().strip_prefix("```") {
            let excuse =
                before.trim().strip_prefix("<!-- not run here: ").and_then(|x| x.strip_suffix(" -->"));
            open = Some(Block {
                place: format!("{name}:{}", number + 1),
                language: language.trim().to_string(),
                text: String::new(),
                excuse: excuse.map(str::to_string),
            });
        }
        before = line;
    }
    found
}

fn python(block: &Block, output: Option<&str>) -> Outcome {
    let path = written("py", &block.text)?;
    let run = oracle::run_limited(pyrite().arg(&path), Duration::from_secs(300))?;
    match output {
        Some(expected) => oracle::compare(expected, &run),
        None if run.status == Some(0) => Ok(()),
        None => Err(format!("status {:?}: {}", run.status, run.err)),
    }
}

fn c(block: &Block) -> Outcome {
    let path = written("c", &block.text)?;
    let mut command = sh::command("cc");
    command.args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-Wno-unused", "-fsyntax-only"]);
    command.args(["-Iinclude", "-Irtos-shims/conformance"]);
    if block.text.contains("pyrite_freertos.h") {
        // The kernel's headers as its Posix port has them.
        let kernel = crate::kernel::folder()?;
        command.args(["-Irtos-shims/freertos", "-Iexamples/freertos-posix/c"]);
        for folder in ["include", "portable/ThirdParty/GCC/Posix"] {
            command.arg("-isystem").arg(kernel.join(folder));
        }
    }
    sh::output(command.arg(&path)).map(|_| ())
}

fn written(extension: &str, text: &str) -> Outcome<PathBuf> {
    let folder = sh::target_dir().join("test-output");
    sh::at(&folder, fs::create_dir_all(&folder))?;
    let path = folder.join(format!("block.{extension}"));
    sh::at(&path, fs::write(&path, text))?;
    Ok(path)
}
