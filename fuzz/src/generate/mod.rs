//! Valid Python programs at random, the same for the same seed: what they print does not depend on the machine.
//!
//! A program is a row of parts, each a function of its own that is called within `try`, so one part can be taken out
//! without disturbing another. Expressions know their type; what is printed in no fixed order (sets) is sorted first;
//! messages of exceptions, which differ from CPython's by design, are not shown.

mod expressions;
mod statements;

use crate::rig::Random;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum T {
    Int,
    Float,
    Str,
    Bool,
    Bytes,
    /// Of ints.
    List,
    /// Of str to int.
    Dict,
    /// Of ints.
    Set,
    /// Of int and str.
    Pair,
}
use T::*;

const TYPES: [T; 9] = [Int, Float, Str, Bool, Bytes, List, Dict, Set, Pair];

struct Generator<'r> {
    random: &'r mut Random,
    out: String,
    indent: usize,
    scope: Vec<(String, T)>,
    names: usize,
}

/// What every program begins with.
const PRELUDE: &str = "\
def show(*values):
    print(*[sorted(v) if isinstance(v, (set, frozenset)) else v for v in values])


def kind(e):
    return 'NameError' if isinstance(e, NameError) else type(e).__name__


class Box:
    def __init__(self, v):
        self.v = v

    def __repr__(self):
        return 'Box(%r)' % (self.v,)

    def __eq__(self, other):
        return isinstance(other, Box) and self.v == other.v

    def __hash__(self):
        return hash(self.v)

    def __lt__(self, other):
        return self.v < other.v

    def __add__(self, other):
        return Box(self.v + (other.v if isinstance(other, Box) else other))

    def __radd__(self, other):
        return Box(other + self.v)

    def __getitem__(self, i):
        if i > 3:
            raise IndexError(i)
        return self.v * i

    def __contains__(self, x):
        return x == self.v

    def __call__(self, *args, **kw):
        return (self.v, args, sorted(kw.items()))

    def __enter__(self):
        print('enter', self)
        return self

    def __exit__(self, kind, e, trace):
        print('exit', kind and ('NameError' if issubclass(kind, NameError) else kind.__name__))
        return kind is ValueError


";

/// The parts of a program; each line ends with a line feed.
pub fn parts(random: &mut Random, count: usize) -> Vec<String> {
    (0..count)
        .map(|i| {
            let mut g = Generator { random, out: String::new(), indent: 1, scope: Vec::new(), names: 0 };
            for _ in 0..2 {
                g.assign();
            }
            for _ in 0..4 + g.below(6) {
                g.statement(3);
            }
            format!(
                "def part{i}():\n{}    return None\n\n\ntry:\n    part{i}()\nexcept Exception as e:\n    print({i}, kind(e))\n",
                g.out
            )
        })
        .collect()
}

/// A program of such parts.
pub fn program<'a>(parts: impl IntoIterator<Item = &'a String>) -> String {
    parts.into_iter().fold(PRELUDE.to_string(), |text, part| text + part)
}

impl Generator<'_> {
    fn below(&mut self, n: usize) -> usize {
        self.random.below(n)
    }
    fn one_of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
    fn line(&mut self, text: &str) {
        for _ in 0..self.indent {
            self.out.push_str("    ");
        }
        self.out.push_str(text);
        self.out.push('\n');
    }
    fn name(&mut self) -> String {
        self.names += 1;
        format!("v{}", self.names)
    }
    fn a_type(&mut self) -> T {
        TYPES[self.below(TYPES.len())]
    }
    fn variable(&mut self, t: T) -> Option<String> {
        let fitting: Vec<&String> = self.scope.iter().filter(|v| v.1 == t).map(|v| &v.0).collect();
        if fitting.is_empty() { None } else { Some(fitting[self.random.below(fitting.len())].clone()) }
    }
}
