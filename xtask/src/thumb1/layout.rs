//! One section for what every program needs, so that functions can end in each other's last instructions.
//!
//! A jump of two bytes reaches 2 KB. Functions that end alike are put side by side; all but the first jump to where the
//! others' common end begins.
//!
//! Invariants
//! - only what `pyr_open` reaches goes into the section: a firmware that opens a VM links all of it anyway, and the linker
//!   still leaves out whatever else is not called;
//! - what is replaced by a jump runs straight to the function's end and reads no place relative to the program counter.

use super::{FAR, bytes, conditional, is_instruction, jump, offsets};
use std::collections::{HashMap, HashSet};

const ROOT: &str = "pyr_open";

/// A section's lines, its header among them.
type Section = Vec<String>;

/// The assembly with the functions that `ROOT` reaches in one section. `tails` are routines that return to their caller's
/// caller: a call of one ends a function, too.
pub fn pack(lines: Vec<String>, tails: &HashSet<String>) -> Vec<String> {
    let mut head = Vec::new();
    let mut sections: Vec<Section> = Vec::new();
    for line in lines {
        if line.starts_with(".section ") {
            sections.push(Vec::new());
        }
        sections.last_mut().unwrap_or(&mut head).push(line);
    }
    let needed = reached(&sections);
    let (mut packed, rest): (Vec<_>, Vec<_>) = sections.into_iter().enumerate().partition(|(i, section)| {
        needed.contains(i) && section[0].starts_with(".section .text.") && offsets(code(section)).is_some()
    });
    // Ends that are equal come side by side.
    packed.sort_by_cached_key(|(i, section)| (ending(section, tails), *i));

    let mut out = head;
    out.extend([".section .text.pyrite,\"ax\",%progbits".to_string(), ".p2align 2".to_string()]);
    out.extend(share(packed.into_iter().map(|(_, section)| section), tails));
    out.extend(rest.into_iter().flat_map(|(_, section)| section));
    out
}

/// A section without the line that names it.
fn code(section: &[String]) -> &[String] {
    &section[1..]
}

/// The sections that `ROOT` reaches.
fn reached(sections: &[Section]) -> HashSet<usize> {
    let mut owner: HashMap<&str, usize> = HashMap::new();
    for (i, section) in sections.iter().enumerate() {
        owner.extend(section.iter().filter_map(|line| Some((line.strip_suffix(':')?, i))));
    }
    let mut found = HashSet::new();
    let mut open: Vec<usize> = owner.get(ROOT).copied().into_iter().collect();
    while let Some(i) = open.pop() {
        if found.insert(i) {
            // A datum's type stands before its section, in the one before.
            let code =
                sections[i].iter().filter(|line| !line.starts_with(".type ") && !line.starts_with(".globl "));
            let words = code.flat_map(|line| line.split([' ', ',', '+']));
            open.extend(words.filter_map(|word| owner.get(word)));
        }
    }
    found
}

/// Whether control does not go on behind this line but leaves the function.
fn ends(line: &str, tails: &HashSet<String>) -> bool {
    line.starts_with("pop ") && line.contains("pc")
        || line == "bx lr"
        || line.strip_prefix("bl ").is_some_and(|name| tails.contains(name))
}
/// Whether the line may stand somewhere else.
fn moves(line: &str) -> bool {
    is_instruction(line)
        && conditional(line).is_none()
        && !line.starts_with("b ")
        && !line.starts_with("bx ")
        && !line.contains(".L")
        && !line.contains("pc")
}

/// The straight run of instructions that ends at `at`, as their lines; the first may bear labels, the others may not.
fn run(lines: &[String], at: usize) -> Vec<usize> {
    let mut places = vec![at];
    for i in (0..at).rev() {
        let line = &lines[i];
        if line.is_empty() || [".save", ".pad", ".setfp"].iter().any(|word| line.starts_with(word)) {
            continue;
        }
        if !moves(line) {
            break;
        }
        places.push(i);
    }
    places.reverse();
    places
}

/// The end of a section's last function, backwards.
fn ending(section: &[String], tails: &HashSet<String>) -> Vec<String> {
    let last = section.iter().rposition(|line| ends(line, tails));
    last.map_or(Vec::new(), |at| run(section, at).into_iter().rev().map(|i| section[i].clone()).collect())
}

/// The sections' code, one behind the other.
fn share(sections: impl Iterator<Item = Section>, tails: &HashSet<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut position = 0;
    let mut labels = 0;
    // Where each run of instructions that ends a function began last: its place in bytes, and in `out`.
    let mut known: HashMap<Vec<String>, (i64, String)> = HashMap::new();
    for section in sections {
        let mut body: Vec<String> = code(&section).iter().filter(|line| !line.is_empty()).cloned().collect();
        // Constants bring their own alignment.
        for line in &mut body {
            if line.starts_with(".p2align 2") {
                *line = ".p2align 1".into();
            }
            if is_instruction(line) {
                break;
            }
        }
        for i in 0..body.len() {
            if !ends(&body[i], tails) {
                continue;
            }
            let run = run(&body, i);
            let shared = suffixes(&body, &run).find_map(|(at, text)| {
                let (target, label) = known.get(&text)?;
                FAR.contains(&(target - at_byte(&body, at, position) - 4)).then(|| (at, label.clone()))
            });
            if let Some((at, label)) = shared {
                run.iter().filter(|other| **other > at).for_each(|other| body[*other].clear());
                body[at] = format!("b {label}");
            }
        }
        body.retain(|line| !line.is_empty());
        // Remember the ends that are left.
        let mut inserts: Vec<(usize, String)> = Vec::new();
        for i in 0..body.len() {
            if !ends(&body[i], tails) {
                continue;
            }
            for (at, text) in suffixes(&body, &run(&body, i)) {
                let label = format!(".Lend{labels}");
                labels += 1;
                known.insert(text, (at_byte(&body, at, position), label.clone()));
                inserts.push((at, label));
            }
        }
        position = at_byte(&body, body.len(), position);
        for (at, label) in inserts.into_iter().rev() {
            body.insert(at, format!("{label}:"));
        }
        out.extend(body);
    }
    // Labels that nothing jumps to.
    let used: HashSet<String> = out.iter().filter_map(|line| jump(line).map(str::to_string)).collect();
    out.retain(|line| {
        !line.strip_suffix(':').is_some_and(|label| label.starts_with(".Lend") && !used.contains(label))
    });
    out
}

/// What a run's ends are, the longest first, and the line where each begins: all that a jump is shorter than.
fn suffixes(body: &[String], run: &[usize]) -> impl Iterator<Item = (usize, Vec<String>)> {
    (0..run.len()).filter_map(|skip| {
        let text: Vec<String> = run[skip..].iter().map(|at| body[*at].clone()).collect();
        (text.iter().map(|line| bytes(line)).sum::<i64>() > 2).then(|| (run[skip], text))
    })
}

/// Where line `at` of a body that begins at `start` begins.
fn at_byte(body: &[String], at: usize, start: i64) -> i64 {
    let mut place = start;
    for line in &body[..at] {
        place = super::after(line, place).unwrap_or(place);
    }
    place
}

#[cfg(test)]
mod tests {
    use super::pack;
    use std::collections::HashSet;

    #[test]
    fn functions_that_end_alike_share_the_end() {
        let function = |name: &str, calls: &str| {
            format!(
                ".section .text.{name},\"ax\",%progbits\n.p2align 2\n{name}:\n.fnstart\npush {{r4, lr}}\nbl {calls}\n\
                 movs r0, #0\nadd sp, #8\npop {{r4, pc}}\n.fnend"
            )
        };
        let text = [function("pyr_open", "a"), function("a", "printf"), function("unused", "a")].join("\n");
        let packed = pack(text.lines().map(str::to_string).collect(), &HashSet::new()).join("\n");
        let (one, rest) =
            packed.split_once(".section .text.unused").expect("what nothing reaches stays alone");
        assert_eq!(one.matches("b .Lend").count(), 1);
        assert_eq!(one.matches("pop {r4, pc}").count(), 1);
        assert_eq!(rest.matches("pop {r4, pc}").count(), 1);
    }
}
