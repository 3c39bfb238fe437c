//! Source text: each program compiles or is a SyntaxError, and what compiles runs within its bounds.

use crate::guided::Target;
use crate::rig::{self, Random, Rig};
use pyrite::compile::Mode;
use pyrite::heap::TypeId;

const FIBER: usize = 8 << 10;
const BUDGET: u32 = 3000;

pub static TARGET: Target = Target { name: "source", heap: 128 << 10, seeds, mutate, round };

fn seeds() -> Vec<Vec<u8>> {
    let all = ["conformance", "microbit", "stackless"].into_iter().flat_map(rig::programs);
    all.map(|(_, text)| text.into_bytes()).filter(|text| text.len() < 6000).collect()
}

/// What is put in at random.
const PIECES: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    "=",
    ":=",
    "*",
    "**",
    "@",
    ".",
    "...",
    "->",
    ";",
    "\\",
    "\n",
    "\n    ",
    "\t",
    " ",
    "\"",
    "'",
    "\"\"\"",
    "f\"{",
    "}\"",
    "b'\\x",
    "'\\N{",
    "0x",
    "1e",
    "1_",
    "0b2",
    "9999999999999999999999",
    "def ",
    "class ",
    "lambda ",
    "if ",
    "else:",
    "elif ",
    "while ",
    "for ",
    " in ",
    "not ",
    "yield ",
    "await ",
    "async ",
    "return ",
    "try:",
    "except ",
    "finally:",
    "with ",
    "as ",
    "import ",
    "from ",
    "global ",
    "nonlocal ",
    "del ",
    "pass",
    "break",
    "continue",
    "raise ",
    "assert ",
    "is ",
    "and ",
    "or ",
    "None",
    "*a, b",
    "x for x in x",
    "match x:\n  case ",
    "case [*a, b] if ",
    "case {'a': x, **r} | ",
    " as y",
    "type X[T] = ",
    "def f[T](",
    "except* ",
    "async for x in ",
    "{**a, *b}",
    "/, ",
    "metaclass=type",
    "f'{f\"{x!r:{",
    "\u{0}",
    "é",
    "\u{1f600}",
    "#",
    "~",
    "!=",
    "<<=",
    ">>",
    "//",
];

/// The byte places where lines begin.
fn lines(text: &[u8]) -> Vec<usize> {
    let mut starts = vec![0];
    starts.extend(text.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(i, _)| i + 1));
    starts
}

fn mutate(text: &mut Vec<u8>, random: &mut Random) {
    if text.is_empty() {
        text.extend(b"x");
    }
    let at = random.below(text.len());
    match random.below(8) {
        0 => text[at] ^= 1 << random.below(7),
        1 => drop(text.remove(at)),
        2 | 3 => {
            let piece = PIECES[random.below(PIECES.len())];
            text.splice(at..at, piece.bytes());
        }
        4 => {
            // A piece of the text, once more elsewhere.
            let end = (at + random.below(40)).min(text.len());
            let piece = text[at..end].to_vec();
            let to = random.below(text.len());
            text.splice(to..to, piece);
        }
        5 => {
            let end = (at + random.below(20)).min(text.len());
            text.drain(at..end);
        }
        6 => {
            // A line goes elsewhere.
            let starts = lines(text);
            let n = random.below(starts.len());
            let end = starts.get(n + 1).copied().unwrap_or(text.len());
            let line: Vec<u8> = text.drain(starts[n]..end).collect();
            let starts = lines(text);
            let to = starts[random.below(starts.len())].min(text.len());
            text.splice(to..to, line);
        }
        // The same again and again: nesting, long lines.
        _ => {
            let piece = PIECES[random.below(PIECES.len())].repeat(1 + random.below(300));
            text.splice(at..at, piece.bytes());
        }
    }
}

/// Whether it compiled; what went wrong that must not.
fn round(rig: &mut Rig, text: &[u8]) -> Result<bool, String> {
    rig.run(FIBER, |rt| {
        let name = rt.text("mutant").unwrap();
        let vm = rt.vm();
        let mut source = pyrite::compile::SliceSource::new(text);
        let code = pyrite::builtins::eval::compile_source(vm, &mut source, name, Mode::File);
        let good = code.is_ok();
        if !good {
            let expected = [
                TypeId::SyntaxError,
                TypeId::IndentationError,
                TypeId::MemoryError,
                TypeId::RuntimeError,
                TypeId::RecursionError,
                TypeId::NotImplementedError,
                TypeId::UnicodeError,
            ];
            if !expected.iter().any(|t| vm.raised_is(*t)) {
                rt.run_code(code).err();
                rt.show_exception();
                return Err("another exception".to_string());
            }
        } else {
            vm.set_limits(Some(BUDGET), None);
        }
        let failed = rt.run_code(code).is_err();
        rt.vm().set_limits(None, None);
        if failed {
            rt.show_exception();
        }
        rt.vm().heap().verify().map_err(|fault| format!("the heap is damaged: {fault:?}"))?;
        Ok(good)
    })
}
