//! Makes Thumb-1 assembly smaller: LLVM's own outliner knows only the larger instruction sets.
//!
//! Passes over the text that `llc` writes. Barriers go: these cores do their accesses in order, one at a time, and what
//! reads the assembly moves none of them past another. The moves that set up a call get one order; instructions that occur again
//! and again become shared routines; branches that LLVM made long are shortened, by way of another branch to the same
//! place where the place itself is out of reach.
//!
//! Invariants
//! - a function takes part only if its first instruction saves `lr`, nothing else touches `lr`, and it returns by
//!   `pop {…, pc}`: between the two, `lr` is free for the calls of shared routines;
//! - a shared sequence lies within a basic block and reads no place relative to the program counter;
//! - a routine that calls (other than at its very end) pushes `lr`, so nothing in it looks at the stack pointer, and what it
//!   calls takes no arguments from the stack.

mod layout;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

/// Longest sequence that is looked for, in instructions.
const LONGEST: usize = 24;
/// How often the whole is gone through: the first routines are part of sequences themselves.
const ROUNDS: usize = 3;
/// Reach of branches, with a margin for alignment.
const NEAR: std::ops::Range<i64> = -240..244;
const FAR: std::ops::Range<i64> = -2000..2000;

/// The assembly, smaller.
pub fn compact(assembly: &str) -> String {
    let mut lines: Vec<String> = assembly.lines().map(normal).filter(|line| line != "dmb sy").collect();
    let functions = functions(&lines);
    for function in &functions {
        order_arguments(&mut lines[function.clone()]);
    }
    // What is called without arguments on the stack.
    let mut registers_only: HashSet<String> = functions
        .iter()
        .filter(|function| takes_registers_only(&lines[function.start..function.end]))
        .map(|function| name_before(&lines, function.start).to_string())
        .collect();
    let mut tails = HashSet::new();
    for round in 0..ROUNDS {
        let functions = self::functions(&lines);
        lines = outline(lines, &functions, round, &mut registers_only, &mut tails);
    }
    let functions = self::functions(&lines);
    let mut hops = 0;
    for function in functions.into_iter().rev() {
        let body = lines[function.clone()].to_vec();
        lines.splice(function, shorten(body, &mut hops));
    }
    let mut lines = layout::pack(lines, &tails);
    lines.retain(|line| !line.is_empty());
    lines.join("\n") + "\n"
}

/// Without comment, one space between words.
fn normal(line: &str) -> String {
    // Strings may hold the comment's sign.
    let code = if line.contains('"') { line } else { line.split('@').next().unwrap_or_default() };
    let code = code.trim();
    if code.contains('"') {
        code.replacen('\t', " ", 1)
    } else {
        code.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Where the functions' bodies are: from `.fnstart` to `.fnend`.
fn functions(lines: &[String]) -> Vec<std::ops::Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for (i, line) in lines.iter().enumerate() {
        match line.as_str() {
            ".fnstart" => start = i + 1,
            ".fnend" => out.push(start..i),
            _ => {}
        }
    }
    out
}

fn is_instruction(line: &str) -> bool {
    !line.is_empty() && !line.starts_with('.') && !line.ends_with(':')
}
fn is_call(line: &str) -> bool {
    (line.starts_with("bl ") && !line.contains(".L")) || line.starts_with("blx ")
}
fn bytes(line: &str) -> i64 {
    if line.starts_with("bl ") { 4 } else { 2 }
}
const CONDITIONS: [(&str, &str); 7] = [
    ("beq ", "bne "),
    ("blo ", "bhs "),
    ("bmi ", "bpl "),
    ("bhi ", "bls "),
    ("blt ", "bge "),
    ("bgt ", "ble "),
    ("bvs ", "bvc "),
];
/// The branch on the opposite condition, and the target.
fn conditional(line: &str) -> Option<(&'static str, &str)> {
    CONDITIONS.iter().find_map(|(a, b)| {
        line.strip_prefix(a).map(|to| (*b, to)).or_else(|| line.strip_prefix(b).map(|to| (*a, to)))
    })
}
/// The target of a branch to a place in the same function.
fn jump(line: &str) -> Option<&str> {
    line.strip_prefix("b ").or(line.strip_prefix("bl ")).filter(|to| to.starts_with(".L"))
}

// ---- one order of arguments ----------------------------------------------------------------------------------

/// Independent moves into `r0` to `r3` before a call: highest register first, so that calls with the same first arguments
/// end alike.
fn order_arguments(body: &mut [String]) {
    for i in 0..body.len() {
        if !is_call(&body[i]) {
            continue;
        }
        let mut from = i;
        while from > 0 && movable(&body[from - 1..i]) {
            from -= 1;
        }
        body[from..i].sort_by_key(|line| Reverse(destination(line)));
    }
}
/// The argument register that a plain move, constant or load writes.
fn destination(line: &str) -> Option<char> {
    let (name, operands) = line.split_once(' ')?;
    let d = operands.strip_prefix('r')?.chars().next().filter(|d| "0123".contains(*d))?;
    let plain = matches!(name, "mov" | "ldr") || (name == "movs" && operands.contains('#'));
    (plain && !line.contains(".L")).then_some(d)
}
/// Whether the order of these instructions does not matter; the later ones are known to be so among themselves.
fn movable(group: &[String]) -> bool {
    let [first, rest @ ..] = group else { return false };
    let Some(d) = destination(first) else { return false };
    let sources = |line: &str| line.split_once(',').map_or(String::new(), |(_, s)| s.to_string());
    let uses = |line: &str, d: char| {
        let s = sources(line);
        s.match_indices('r').any(|(at, _)| {
            s[at + 1..].starts_with(d) && !s[at + 2..].starts_with(|c: char| c.is_ascii_digit())
        })
    };
    !uses(first, d)
        && rest.iter().all(|other| match destination(other) {
            Some(o) => o != d && !uses(other, d) && !uses(first, o) && !uses(other, o),
            None => false,
        })
}

// ---- shared routines -----------------------------------------------------------------------------------------

/// How a sequence becomes a routine.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    /// Without calls: returns by `bx lr`.
    Leaf,
    /// Ends with its only call, of a function of ours: jumps there, so it lies just before it.
    Entry,
    /// Ends with a return: is jumped to.
    Tail,
    /// With calls: saves `lr`.
    Caller,
}

/// One place of the text, as the search sees it.
struct Token {
    line: usize,
    word: u32,
}
const BARRIER: u32 = u32::MAX;

struct Word {
    text: String,
    bytes: i64,
    call: bool,
    stack: bool,
}

struct Candidate {
    at: Vec<usize>,
    len: usize,
    shape: Shape,
    bytes: i64,
}

impl Candidate {
    /// Bytes won; each use costs a call.
    fn gain(&self) -> i64 {
        let body = self.bytes
            + match self.shape {
                Shape::Leaf => 2,
                Shape::Entry => -2,
                Shape::Tail => 0,
                Shape::Caller => 4,
            };
        self.at.len() as i64 * (self.bytes - 4) - body
    }
}

fn outline(
    mut lines: Vec<String>,
    functions: &[std::ops::Range<usize>],
    round: usize,
    registers_only: &mut HashSet<String>,
    tails: &mut HashSet<String>,
) -> Vec<String> {
    let names: Vec<&str> = functions.iter().map(|f| name_before(&lines, f.start)).collect();
    let ours: HashSet<String> = names.iter().map(|name| name.to_string()).collect();
    let mut words: Vec<Word> = Vec::new();
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut tokens = Vec::new();
    for function in functions {
        tokens.push(Token { line: 0, word: BARRIER });
        let body = &lines[function.clone()];
        if !saves_lr(body) {
            continue;
        }
        for (i, line) in body.iter().enumerate() {
            if line.is_empty() || [".save", ".pad", ".setfp"].iter().any(|word| line.starts_with(word)) {
                continue;
            }
            let place = function.start + i;
            if !shareable(line) {
                tokens.push(Token { line: place, word: BARRIER });
                continue;
            }
            let word = *numbers.entry(line.clone()).or_insert_with(|| {
                words.push(Word {
                    text: line.clone(),
                    bytes: bytes(line),
                    call: is_call(line),
                    stack: line.contains("[sp")
                        || line.contains(" sp")
                        || calls_with_stack(line, registers_only),
                });
                words.len() as u32 - 1
            });
            tokens.push(Token { line: place, word });
            if line.starts_with("pop") {
                tokens.push(Token { line: place, word: BARRIER });
            }
        }
    }
    let shape = |sequence: &[Token]| -> Option<(Shape, i64)> {
        let of = |token: &Token| &words[token.word as usize];
        let (last, before) = sequence.split_last()?;
        let bytes = sequence.iter().map(|token| of(token).bytes).sum();
        let target = of(last).text.strip_prefix("bl ").unwrap_or_default();
        let shape = if of(last).text.starts_with("pop") {
            Shape::Tail
        } else if !sequence.iter().any(|token| of(token).call) {
            Shape::Leaf
        } else if ours.contains(target) && !before.iter().any(|token| of(token).call) {
            Shape::Entry
        } else if !sequence.iter().any(|token| of(token).stack) {
            Shape::Caller
        } else {
            return None;
        };
        Some((shape, bytes))
    };

    let mut candidates = candidates(&tokens, shape);
    let mut queue: BinaryHeap<(i64, Reverse<usize>)> =
        candidates.iter().enumerate().map(|(i, c)| (c.gain(), Reverse(i))).collect();
    let mut used = vec![false; tokens.len()];
    let mut shared = Vec::new();
    // Routines just before their functions, by name.
    let mut entries: HashMap<String, Vec<Vec<String>>> = HashMap::new();
    while let Some((_, Reverse(i))) = queue.pop() {
        let c = &mut candidates[i];
        let mut end = 0;
        c.at.retain(|&at| {
            let free = at >= end && !used[at..at + c.len].contains(&true);
            if free {
                end = at + c.len;
            }
            free
        });
        if c.gain() <= 1 {
            continue;
        }
        if queue.peek().is_some_and(|next| next.0 > c.gain()) {
            queue.push((c.gain(), Reverse(i)));
            continue;
        }
        let text: Vec<String> =
            tokens[c.at[0]..c.at[0] + c.len].iter().map(|t| words[t.word as usize].text.clone()).collect();
        let name = format!("pyrite.shared.{round}.{i}");
        if !tokens[c.at[0]..c.at[0] + c.len].iter().any(|token| words[token.word as usize].stack) {
            registers_only.insert(name.clone());
        }
        for &at in &c.at {
            used[at..at + c.len].fill(true);
            for token in &tokens[at..at + c.len] {
                lines[token.line].clear();
            }
            lines[tokens[at].line] = format!("bl {name}");
        }
        let mut routine = vec![format!(".type {name},%function"), ".thumb_func".into(), format!("{name}:")];
        match c.shape {
            Shape::Entry => {
                let (call, setup) = text.split_last().expect("it ends with a call");
                let target = call.trim_start_matches("bl ").to_string();
                routine.extend_from_slice(setup);
                routine.push(format!("b {target}"));
                entries.entry(target).or_default().push(routine);
                continue;
            }
            Shape::Leaf => {
                routine.extend(text);
                routine.push("bx lr".into());
            }
            Shape::Tail => {
                routine.extend(text);
                tails.insert(name.clone());
            }
            Shape::Caller => {
                routine.push("push {lr}".into());
                routine.extend(text);
                routine.push("pop {pc}".into());
            }
        }
        shared.push(format!(".section .text.{name},\"ax\",%progbits"));
        shared.extend([".p2align 1".into(), ".code 16".into()]);
        shared.extend(routine);
        shared.push(format!(".size {name}, .-{name}"));
    }

    // The order of sections does not matter, that of a section's routines does: the last one runs on into its function.
    let mut out = Vec::with_capacity(lines.len() + shared.len());
    for line in lines {
        let section = line.strip_prefix(".section .text.").and_then(|rest| rest.split(',').next());
        let section = section.map(|name| name.strip_prefix("unlikely.").unwrap_or(name));
        let routines = section.and_then(|name| entries.remove(name));
        out.push(line);
        if let Some(mut routines) = routines {
            out.extend([".p2align 1".into(), ".code 16".into()]);
            // The routines of later rounds stand before those of the first.
            if let Some(last) = routines.last_mut().filter(|_| round == 0) {
                last.pop();
            }
            out.extend(routines.into_iter().flatten());
        }
    }
    assert!(entries.is_empty(), "no section of their own: {:?}", entries.keys());
    out.extend(shared);
    out
}

/// Whether this is a call that may find arguments on the stack: anything but a function that is known not to.
fn calls_with_stack(line: &str, registers_only: &HashSet<String>) -> bool {
    let known =
        |name: &str| name.starts_with("__aeabi_") || name.starts_with("mem") || registers_only.contains(name);
    is_call(line) && !line.strip_prefix("bl ").is_some_and(known)
}
/// A function whose accesses to the stack all lie within its own frame.
fn takes_registers_only(body: &[String]) -> bool {
    let number =
        |line: &str| line.rsplit_once('#').and_then(|(_, n)| n.trim_end_matches(']').parse::<usize>().ok());
    let mut frame = 0;
    let mut rooms = 0;
    for line in body {
        if let Some(list) = line.strip_prefix("push ") {
            frame += 4 * list.split(',').count();
        } else if line.starts_with("sub sp, #") {
            frame += number(line).unwrap_or(0);
            rooms += 1;
        } else if line.starts_with("add sp, r") {
            return false;
        }
    }
    let inside = |line: &String| {
        let place = line.contains("[sp") || (line.starts_with("add r") && line.contains(" sp, #"));
        !place || number(line).unwrap_or(0) < frame
    };
    // A list of registers has no ranges in LLVM's text.
    rooms <= 1 && body.iter().filter(|line| is_instruction(line)).all(inside)
}
/// The label before a function's `.fnstart`.
fn name_before(lines: &[String], start: usize) -> &str {
    let label = lines[..start].iter().rev().find_map(|line| line.strip_suffix(':'));
    label.unwrap_or_default()
}
/// The first of the invariants.
fn saves_lr(body: &[String]) -> bool {
    let mut code = body.iter().filter(|line| is_instruction(line));
    code.next().is_some_and(|first| first.starts_with("push") && first.contains("lr"))
        && code.all(|line| {
            !line.starts_with("push")
                && !line.contains("lr")
                && (!line.starts_with("pop") || line.contains("pc"))
        })
}
fn shareable(line: &str) -> bool {
    let branch = conditional(line).is_some() || line.starts_with("b ") || line.starts_with("bx ");
    let place = line.contains(".L") || (line.contains("pc") && !line.starts_with("pop"));
    is_instruction(line) && !branch && !place && !line.starts_with("push")
}

/// Every sequence that occurs more than once and would win something.
fn candidates(tokens: &[Token], shape: impl Fn(&[Token]) -> Option<(Shape, i64)>) -> Vec<Candidate> {
    let mut out = Vec::new();
    // Only what occurs twice with one instruction less can occur twice.
    let mut starts: Vec<usize> = (0..tokens.len()).collect();
    for len in 2..=LONGEST {
        let mut places: HashMap<Vec<u32>, usize> = HashMap::new();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for &at in &starts {
            let Some(sequence) = tokens.get(at..at + len) else { continue };
            if sequence.iter().any(|token| token.word == BARRIER) {
                continue;
            }
            let key = sequence.iter().map(|token| token.word).collect();
            let group = *places.entry(key).or_insert(groups.len());
            if group == groups.len() {
                groups.push(Vec::new());
            }
            groups[group].push(at);
        }
        groups.retain(|group| group.len() > 1);
        starts = groups.iter().flatten().copied().collect();
        starts.sort_unstable();
        for at in groups {
            let Some((shape, bytes)) = shape(&tokens[at[0]..at[0] + len]) else { continue };
            let candidate = Candidate { at, len, shape, bytes };
            if candidate.gain() > 1 {
                out.push(candidate);
            }
        }
    }
    out
}

// ---- branches ------------------------------------------------------------------------------------------------

/// One function with its branches as short as they get.
fn shorten(mut body: Vec<String>, hops: &mut u32) -> Vec<String> {
    body.retain(|line| !line.is_empty());
    while let Some(offsets) = offsets(&body) {
        let labels: HashMap<&str, i64> =
            body.iter().zip(&offsets).filter_map(|(line, at)| Some((line.strip_suffix(':')?, *at))).collect();
        let Some(change) = (0..body.len()).find_map(|i| better(&body, &offsets, &labels, i)) else { break };
        match change {
            // Here the branch goes that way itself.
            Change::Branch { at, remove, with } => {
                body.splice(at..at + remove, [with]);
            }
            // The branch at `hop` goes there.
            Change::Hop { at, remove, with, hop } => {
                let label = format!(".Lhop{hops}");
                *hops += 1;
                let name = match hop.checked_sub(1).and_then(|i| body[i].strip_suffix(':')) {
                    Some(label) => label.to_string(),
                    None => {
                        body.insert(hop, format!("{label}:"));
                        label
                    }
                };
                // The list has grown before `at` if the hop lies there.
                let at = if hop <= at && name.starts_with(".Lhop") && body[hop].ends_with(':') {
                    at + 1
                } else {
                    at
                };
                body.splice(at..at + remove, [format!("{with}{name}")]);
            }
        }
    }
    body
}

enum Change {
    Branch { at: usize, remove: usize, with: String },
    Hop { at: usize, remove: usize, with: &'static str, hop: usize },
}

/// The change that makes the branch at `i` shorter.
fn better(body: &[String], offsets: &[i64], labels: &HashMap<&str, i64>, i: usize) -> Option<Change> {
    // Another branch to the same place, within reach.
    let hop = |to: &str, reach: &std::ops::Range<i64>, not: usize| {
        (0..body.len()).find(|&j| {
            j != not && jump(&body[j]) == Some(to) && reach.contains(&(offsets[j] - offsets[i] - 4))
        })
    };
    if let Some((opposite, over)) = conditional(&body[i]) {
        let to = jump(body.get(i + 1)?)?;
        if body.get(i + 2)?.strip_suffix(':') != Some(over) {
            return None;
        }
        if NEAR.contains(&(labels.get(to)? - offsets[i] - 4)) {
            return Some(Change::Branch { at: i, remove: 2, with: format!("{opposite}{to}") });
        }
        let hop = hop(to, &NEAR, i + 1)?;
        return Some(Change::Hop { at: i, remove: 2, with: opposite, hop });
    }
    let to = body[i].strip_prefix("bl ").filter(|to| to.starts_with(".L"))?;
    if FAR.contains(&(labels.get(to)? - offsets[i] - 4)) {
        return Some(Change::Branch { at: i, remove: 1, with: format!("b {to}") });
    }
    let hop = hop(to, &FAR, i)?;
    Some(Change::Hop { at: i, remove: 1, with: "b ", hop })
}

/// Where each line's bytes begin; `None` where a line is not understood.
fn offsets(body: &[String]) -> Option<Vec<i64>> {
    let mut at = 0;
    let mut out = Vec::with_capacity(body.len());
    for line in body {
        // A label is at what it stands before.
        if line.starts_with(".p2align ") {
            at = after(line, at)?;
            out.push(at);
        } else {
            out.push(at);
            at = after(line, at)?;
        }
    }
    Some(out)
}
/// The place behind a line that begins at `at`.
fn after(line: &str, at: i64) -> Option<i64> {
    if let Some(power) = line.strip_prefix(".p2align ") {
        let align = 1 << power.split(',').next()?.trim().parse::<u32>().ok()?;
        return Some((at + align - 1) / align * align);
    }
    let count = line.split(',').count() as i64;
    Some(
        at + match line.split(' ').next()? {
            _ if is_instruction(line) => bytes(line),
            _ if line.ends_with(':') => 0,
            ".long" => 4 * count,
            ".short" => 2 * count,
            ".byte" => count,
            ".save" | ".pad" | ".setfp" | ".code" | ".cantunwind" | ".size" | ".data_region"
            | ".end_data_region" | ".type" | ".thumb_func" | ".fnstart" | ".fnend" | ".globl" | ".hidden"
            | ".weak" | "" => 0,
            _ => return None,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(normal).collect()
    }

    #[test]
    fn arguments_get_one_order_unless_they_depend_on_each_other() {
        let mut body = lines("mov r0, r4\nmovs r1, #2\nldr r2, [sp, #4]\nbl f");
        order_arguments(&mut body);
        assert_eq!(body, lines("ldr r2, [sp, #4]\nmovs r1, #2\nmov r0, r4\nbl f"));
        let mut body = lines("mov r1, r0\nmov r0, r4\nbl f");
        order_arguments(&mut body);
        assert_eq!(body, lines("mov r1, r0\nmov r0, r4\nbl f"));
    }

    #[test]
    fn a_branch_around_a_branch_becomes_one() {
        let body = lines("beq .LBB0_1\nb .LBB0_2\n.LBB0_1:\nmovs r0, #1\n.LBB0_2:\npop {r4, pc}");
        assert_eq!(
            shorten(body, &mut 0),
            lines("bne .LBB0_2\n.LBB0_1:\nmovs r0, #1\n.LBB0_2:\npop {r4, pc}")
        );
    }

    #[test]
    fn a_place_out_of_reach_is_reached_by_another_branch() {
        let far = "nop\n".repeat(400);
        let body = lines(&format!(
            "beq .LBB0_1\nb .LBB0_9\n.LBB0_1:\nmovs r0, #1\nbne .LBB0_2\nb .LBB0_9\n.LBB0_2:\n{far}.LBB0_9:\npop {{r4, pc}}"
        ));
        let short = shorten(body, &mut 0);
        assert_eq!(short[..4], lines("bne .Lhop0\n.LBB0_1:\nmovs r0, #1\nbne .LBB0_2")[..]);
        assert_eq!(short[4..6], lines(".Lhop0:\nb .LBB0_9")[..]);
    }

    #[test]
    fn what_occurs_often_is_shared_and_lr_is_left_alone() {
        let function = |name: &str, n: u32| {
            format!(
                ".section .text.{name},\"ax\",%progbits\n{name}:\n.fnstart\npush {{r4, lr}}\nmovs r1, #{n}\n\
                 adds r0, r0, r1\nlsls r0, r0, #2\neors r0, r1\nstr r0, [r1]\nmovs r2, #{n}\npop {{r4, pc}}\n.fnend"
            )
        };
        let leaf = function("d", 4).replace("push {r4, lr}", "nop").replace("pop {r4, pc}", "bx lr");
        let text = [function("a", 1), function("b", 2), function("c", 3), leaf].join("\n");
        let small = compact(&text);
        assert_eq!(small.matches("bl pyrite.shared.").count(), 3);
        assert_eq!(small.matches("eors r0, r1").count(), 2);
    }
}
