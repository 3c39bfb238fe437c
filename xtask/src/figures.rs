//! Tables of numbers kept as text in `benches/`: each line a name and a number, so a diff shows what a change did.

use crate::sh::{self, Outcome};
use std::path::PathBuf;

/// One table, in the order in which it is printed.
pub struct Figures {
    title: &'static str,
    file: PathBuf,
    rows: Vec<(String, u64)>,
    before: Vec<(String, u64)>,
}

impl Figures {
    /// A new table, beside what `benches/<name>.txt` says now.
    pub fn new(name: &str, title: &'static str) -> Figures {
        let file = sh::root().join("benches").join(format!("{name}.txt"));
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let before = text.lines().filter(|line| !line.starts_with('#')).filter_map(row).collect();
        Figures { title, file, rows: Vec::new(), before }
    }

    /// Adds a number and prints it beside the one of before.
    pub fn add(&mut self, name: &str, value: u64) {
        let change = match self.before.iter().find(|row| row.0 == name).map(|row| row.1) {
            Some(before) if before > 0 => {
                format!("{before:>14} {:>+8.2} %", (value as f64 / before as f64 - 1.0) * 100.0)
            }
            _ => format!("{:>14}", "new"),
        };
        println!("{name:<40} {value:>14} {change}");
        self.rows.push((name.into(), value));
    }

    /// Leaves a number as it was, where it is not measured now.
    pub fn keep(&mut self, name: &str) {
        self.rows.extend(self.before.iter().find(|row| row.0 == name).cloned());
    }

    /// Writes the table to its file.
    pub fn write(&self) -> Outcome {
        let mut text = format!("# {}\n", self.title);
        for (name, value) in &self.rows {
            text += &format!("{name:<40} {value:>14}\n");
        }
        let folder = self.file.parent().unwrap_or(&self.file);
        sh::at(folder, std::fs::create_dir_all(folder))?;
        sh::at(&self.file, std::fs::write(&self.file, text))
    }
}

fn row(line: &str) -> Option<(String, u64)> {
    let (name, value) = line.trim_end().rsplit_once(' ')?;
    Some((name.trim_end().into(), value.parse().ok()?))
}
