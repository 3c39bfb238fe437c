//! Valid Python programs at random, the same for the same seed: what they print does not depend on the machine.
//!
//! A program is a row of parts, each a function of its own that is called within `try`, so one part can be taken out
//! without disturbing another. Expressions know their type; what is printed in no fixed order (sets) is sorted first;
//! messages of exceptions, which differ from CPython's by design, are not shown.

use crate::rig::Random;
use std::fmt::Write;

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
        print('exit', kind and kind.__name__)
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

const WORDS: [&str; 12] = [
    "''",
    "'a'",
    "'abc'",
    "'hello world'",
    "' pad '",
    "'x,y,,z'",
    "'AbC'",
    "'é€😀'",
    "'\\n\\t\\x00'",
    "\"it's\"",
    "'0'",
    "'12'",
];
const INTS: [&str; 14] = [
    "0",
    "1",
    "-1",
    "2",
    "3",
    "7",
    "10",
    "-13",
    "255",
    "1000003",
    "(2**30)",
    "(-(2**31))",
    "(2**64 + 1)",
    "(-(10**20))",
];
const FLOATS: [&str; 12] = [
    "0.0",
    "1.0",
    "-1.5",
    "0.1",
    "3.14159",
    "1e10",
    "1e-7",
    "123456789.125",
    "1e300",
    "-2.5e-5",
    "1e16",
    "0.5",
];

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
    /// An int that is small whatever happens.
    fn small(&mut self, d: usize) -> String {
        let n = 2 + self.below(9);
        format!("({} % {n})", self.expr(Int, d))
    }

    // ---- expressions -----------------------------------------------------------------------------------------

    fn expr(&mut self, t: T, d: usize) -> String {
        if self.below(3) > 0
            && let Some(name) = self.variable(t)
        {
            return name;
        }
        if d == 0 {
            return self.leaf(t);
        }
        let d = d - 1;
        if self.below(12) == 0 {
            let (a, b, c) = (self.expr(t, d), self.expr(Bool, d), self.expr(t, d));
            return format!("({a} if {b} else {c})");
        }
        match t {
            Int => self.int(d),
            Float => self.float(d),
            Str => self.text(d),
            Bool => self.boolean(d),
            Bytes => self.bytes(d),
            List => self.list(d),
            Dict => self.dict(d),
            Set => self.set(d),
            Pair => format!("({}, {})", self.expr(Int, d), self.expr(Str, d)),
        }
    }
    fn leaf(&mut self, t: T) -> String {
        match t {
            Int => self.one_of(&INTS).into(),
            Float => self.one_of(&FLOATS).into(),
            Str => self.one_of(&WORDS).into(),
            Bool => self.one_of(&["True", "False"]).into(),
            Bytes => self.one_of(&["b''", "b'abc'", "b'\\x00\\xff'", "b'a b'", "bytes(3)"]).into(),
            List => self.one_of(&["[]", "[1]", "[3, 1, 2]", "list(range(5))", "[5, 5, 5]"]).into(),
            Dict => self.one_of(&["{}", "{'a': 1}", "{'a': 1, 'b': 2}", "{'x': 9, 'abc': 0}"]).into(),
            Set => self.one_of(&["set()", "{1}", "{1, 2, 3}", "{5, 3}"]).into(),
            Pair => self.one_of(&["(1, 'a')", "(0, '')", "(-5, 'abc')"]).into(),
        }
    }
    fn int(&mut self, d: usize) -> String {
        let a = self.expr(Int, d);
        match self.below(22) {
            0..=2 => format!("({a} {} {})", self.one_of(&["+", "-"]), self.expr(Int, d)),
            3 => format!("({a} * {})", self.small(d)),
            4 => format!("({a} {} {})", self.one_of(&["//", "%"]), self.expr(Int, d)),
            5 => format!("({a} {} {})", self.one_of(&["&", "|", "^"]), self.expr(Int, d)),
            6 => format!("({a} << {})", self.small(d)),
            7 => format!("({a} >> {})", self.small(d)),
            8 => format!("(~{a})"),
            9 => format!("(-{a})"),
            10 => format!("abs({a})"),
            11 => format!("len({})", {
                let t = [Str, List, Dict, Set, Bytes][self.below(5)];
                self.expr(t, d)
            }),
            12 => format!("sum({})", self.expr(List, d)),
            13 => format!("{}({}, default=-3)", self.one_of(&["min", "max"]), self.expr(List, d)),
            14 => format!("int({}, {})", self.expr(Str, d), self.one_of(&["10", "16", "2", "0"])),
            15 => format!(
                "{}.{}({})",
                self.expr(Str, d),
                self.one_of(&["find", "rfind", "count"]),
                self.expr(Str, d)
            ),
            16 => format!("divmod({a}, {})[{}]", self.expr(Int, d), self.below(2)),
            17 => format!("{}[{}]", self.expr(List, d), self.small(d)),
            18 => format!("{}.get({}, {})", self.expr(Dict, d), self.expr(Str, d), self.expr(Int, d)),
            19 => format!("pow({a}, {}, {})", self.small(d), self.expr(Int, d)),
            20 => format!("(lambda x, y=2: x * y)({a})"),
            _ => format!("int({})", self.expr(Float, d)),
        }
    }
    fn float(&mut self, d: usize) -> String {
        let a = self.expr(Float, d);
        match self.below(10) {
            0..=3 => format!("({a} {} {})", self.one_of(&["+", "-", "*", "/"]), self.expr(Float, d)),
            4 => format!("({a} {} {})", self.one_of(&["//", "%"]), self.expr(Float, d)),
            5 => format!("float({})", self.expr(Int, d)),
            6 => format!("({} / {})", self.expr(Int, d), self.expr(Int, d)),
            7 => format!("round({a}, {})", self.one_of(&["0", "1", "2", "5"])),
            8 => format!("(-{a})"),
            _ => format!("float(repr({a}))"),
        }
    }
    fn text(&mut self, d: usize) -> String {
        let a = self.expr(Str, d);
        match self.below(20) {
            0 | 1 => format!("({a} + {})", self.expr(Str, d)),
            2 => format!("({a} * {})", self.small(d)),
            3 | 4 => format!("{a}{}", self.slice(d)),
            // Letters beyond ASCII change their case in CPython only.
            5 => format!("ascii({a}).{}()", self.one_of(&["upper", "lower", "strip", "lstrip", "rstrip"])),
            6 => format!("{a}.replace({}, {})", self.expr(Str, d), self.expr(Str, d)),
            7 => format!(
                "{}.join({a}.split({}))",
                self.expr(Str, d),
                self.one_of(&["", "','", "' '", "'b'", "None, 1"])
            ),
            8 | 9 => {
                let t = self.a_shown_type();
                format!("{}({})", self.one_of(&["str", "repr"]), self.expr(t, d))
            }
            10 => format!(
                "{a}.{}({})",
                self.one_of(&["strip", "lstrip", "rstrip", "removeprefix", "removesuffix"]),
                self.expr(Str, d)
            ),
            11 | 12 => self.formatted(d),
            13 => format!("{a}.center({})", self.small(d)),
            14 => format!("{a}.partition({} or '-')[{}]", self.expr(Str, d), self.below(3)),
            15 => format!("''.join(reversed({a}))"),
            16 => format!("{}({})", self.one_of(&["hex", "bin", "oct"]), self.expr(Int, d)),
            17 => {
                let t = self.a_shown_type();
                format!("f'<{{{}!r}}>'", self.simple(t))
            }
            18 => format!("''.join(sorted({a}))"),
            _ => {
                let t = self.a_shown_type();
                format!("'%s|%r' % ({}, {})", self.expr(t, d), self.expr(Int, d))
            }
        }
    }
    /// Types whose text is the same each time.
    fn a_shown_type(&mut self) -> T {
        [Int, Float, Str, Bool, Bytes, List, Dict, Pair][self.below(8)]
    }
    /// What may stand inside an f-string of single quotes.
    fn simple(&mut self, t: T) -> String {
        self.variable(t).unwrap_or_else(|| self.one_of(&["1", "2.5", "(1, 2)", "[3]", "None"]).to_string())
    }
    fn slice(&mut self, d: usize) -> String {
        let mut part = || if self.below(3) == 0 { String::new() } else { format!("{} - 3", self.small(d)) };
        let (from, to) = (part(), part());
        match self.below(3) {
            0 => format!("[{from}:{to}:{}]", self.one_of(&["1", "2", "-1", "-2", "3"])),
            _ => format!("[{from}:{to}]"),
        }
    }
    fn formatted(&mut self, d: usize) -> String {
        let fill = self.one_of(&["", "", "", "*", "0", "é"]);
        let align =
            if fill.is_empty() { self.one_of(&["", "<", ">", "^"]) } else { self.one_of(&["<", ">", "^"]) };
        let width = self.one_of(&["", "", "1", "7", "12", "20"]);
        match self.below(5) {
            0 => {
                let (sign, alt, zero) =
                    (self.one_of(&["", "+", " ", "-"]), self.one_of(&["", "#"]), self.one_of(&["", "0"]));
                let kind = self.one_of(&["", "d", "x", "X", "b", "o"]);
                let group = if matches!(kind, "" | "d") { self.one_of(&["", ",", "_"]) } else { "" };
                let zero = if width.is_empty() { "" } else { zero };
                format!("format({}, '{fill}{align}{sign}{alt}{zero}{width}{group}{kind}')", self.expr(Int, d))
            }
            1 => {
                let (sign, zero) = (
                    self.one_of(&["", "+", " "]),
                    if width.is_empty() { "" } else { self.one_of(&["", "0"]) },
                );
                let precision = self.one_of(&["", ".0", ".1", ".3", ".10"]);
                let kind = self.one_of(&["e", "f", "g", "E", "F", "G", "%"]);
                format!(
                    "format({}, '{fill}{align}{sign}{zero}{width}{precision}{kind}')",
                    self.expr(Float, d)
                )
            }
            2 => {
                let precision = self.one_of(&["", ".0", ".2", ".9"]);
                format!("format({}, '{fill}{align}{width}{precision}')", self.expr(Str, d))
            }
            3 => {
                let flags = self.one_of(&["", "-", "0", "+", " ", "#"]);
                let (kind, t) = [
                    ("d", Int),
                    ("x", Int),
                    ("s", Str),
                    ("r", Str),
                    ("f", Float),
                    ("e", Float),
                    ("g", Float),
                ][self.below(7)];
                let precision = if t == Float { self.one_of(&["", ".1", ".4"]) } else { "" };
                format!("'[%{flags}{width}{precision}{kind}]' % ({},)", self.expr(t, d))
            }
            _ => {
                let (x, y) = (self.a_shown_type(), self.a_shown_type());
                let template = self.one_of(&["{}-{}", "{1}{0}", "{0!r}:{1!s}", "{{{}}}{}", "{a}{0}"]);
                format!("'{template}'.format({}, {}, a=1)", self.expr(x, d), self.expr(y, d))
            }
        }
    }
    fn boolean(&mut self, d: usize) -> String {
        match self.below(9) {
            0..=2 => {
                let t = [Int, Float, Str, List, Pair, Bytes][self.below(6)];
                format!(
                    "({} {} {})",
                    self.expr(t, d),
                    self.one_of(&["<", "<=", "==", "!=", ">", ">="]),
                    self.expr(t, d)
                )
            }
            3 => format!("({} {} {})", self.expr(Bool, d), self.one_of(&["and", "or"]), self.expr(Bool, d)),
            4 => format!("(not {})", self.expr(Bool, d)),
            5 => format!("({} {} {})", self.expr(Int, d), self.one_of(&["in", "not in"]), {
                let t = [List, Set][self.below(2)];
                self.expr(t, d)
            }),
            6 => format!("({} in {})", self.expr(Str, d), {
                let t = [Str, Dict][self.below(2)];
                self.expr(t, d)
            }),
            7 => format!(
                "({} {} {})",
                self.expr(Set, d),
                self.one_of(&["<=", ">=", "<", ">", "=="]),
                self.expr(Set, d)
            ),
            _ => format!("({} < {} <= {})", self.expr(Int, d), self.expr(Int, d), self.expr(Int, d)),
        }
    }
    fn bytes(&mut self, d: usize) -> String {
        match self.below(6) {
            0 => format!("({} + {})", self.expr(Bytes, d), self.expr(Bytes, d)),
            1 => format!("{}.encode()", self.expr(Str, d)),
            2 => format!("{}{}", self.expr(Bytes, d), self.slice(d)),
            3 => format!("bytes([{} & 255 for x in {}])", self.one_of(&["x", "(x * 3)"]), self.expr(List, d)),
            4 => format!(
                "({} & (2**32 - 1)).to_bytes({}, '{}')",
                self.expr(Int, d),
                self.one_of(&["4", "5"]),
                self.one_of(&["little", "big"])
            ),
            _ => format!("bytes(bytearray({}) * {})", self.expr(Bytes, d), self.small(d)),
        }
    }
    fn list(&mut self, d: usize) -> String {
        let a = self.expr(List, d);
        match self.below(12) {
            0 => format!("({a} + {})", self.expr(List, d)),
            1 => format!("({a} * {})", self.small(0)),
            2 | 3 => format!("{a}{}", self.slice(d)),
            4 => format!(
                "sorted({a}, key=lambda x: {}, reverse={})",
                self.one_of(&["x", "-x", "x % 3", "(x & 1, x)"]),
                self.expr(Bool, d)
            ),
            5 => format!(
                "[x {} for x in {a} if x {}]",
                self.one_of(&["+ 1", "* x", "- 3"]),
                self.one_of(&["> 1", "% 2", "!= 0"])
            ),
            6 => format!("list(map(lambda x: x + {}, {a}))", self.expr(Int, 0)),
            7 => format!("list(filter(lambda x: x {} 2, {a}))", self.one_of(&[">", "<", "%"])),
            8 => format!("[x * y for x, y in zip({a}, {})]", self.expr(List, d)),
            9 => format!("list({}.values())", self.expr(Dict, d)),
            10 => format!("[*{a}, *{}]", self.expr(List, d)),
            _ => format!("list(reversed({a}))"),
        }
    }
    fn dict(&mut self, d: usize) -> String {
        let a = self.expr(Dict, d);
        match self.below(6) {
            0 => format!("({a} | {})", self.expr(Dict, d)),
            1 => format!("{{{}: {}, **{a}}}", self.expr(Str, d), self.expr(Int, d)),
            2 => format!("{{k: v {} for k, v in {a}.items()}}", self.one_of(&["+ 1", "* 2", "% 3"])),
            3 => format!("dict(zip({}, {}))", self.expr(Str, d), self.expr(List, d)),
            4 => format!("dict({a}, extra={})", self.expr(Int, d)),
            _ => format!("{{c: i for i, c in enumerate({})}}", self.expr(Str, d)),
        }
    }
    fn set(&mut self, d: usize) -> String {
        match self.below(4) {
            0 => format!(
                "({} {} {})",
                self.expr(Set, d),
                self.one_of(&["|", "&", "-", "^"]),
                self.expr(Set, d)
            ),
            1 => format!("set({})", self.expr(List, d)),
            2 => format!("{{x % 5 for x in {}}}", self.expr(List, d)),
            _ => format!(
                "{}.{}({})",
                self.expr(Set, d),
                self.one_of(&["union", "difference", "intersection", "symmetric_difference"]),
                self.expr(List, d)
            ),
        }
    }

    // ---- statements ------------------------------------------------------------------------------------------

    fn assign(&mut self) {
        let t = self.a_type();
        let (name, value) = (self.name(), self.expr(t, 2));
        self.line(&format!("{name} = {value}"));
        self.scope.push((name, t));
    }
    /// Some statements in a block of their own; names made there are forgotten.
    fn block(&mut self, d: usize) {
        self.indent += 1;
        let known = self.scope.len();
        for _ in 0..1 + self.below(3) {
            self.statement(d);
        }
        self.scope.truncate(known);
        self.indent -= 1;
    }
    fn statement(&mut self, d: usize) {
        if d == 0 {
            return self.show();
        }
        let d = d - 1;
        match self.below(19) {
            0..=2 => self.assign(),
            3..=5 => self.show(),
            6 | 7 => self.change(),
            8 => {
                let test = self.expr(Bool, 2);
                self.line(&format!("if {test}:"));
                self.block(d);
                if self.below(2) == 0 {
                    self.line("else:");
                    self.block(d);
                }
            }
            9 | 10 => self.for_loop(d),
            11 => {
                let name = self.name();
                self.line(&format!("{name} = 0"));
                let rounds = 1 + self.below(5);
                self.line(&format!("while {name} < {rounds}:"));
                self.indent += 1;
                self.line(&format!("{name} += 1"));
                self.indent -= 1;
                self.block(d);
                if self.below(3) == 0 {
                    self.line("else:");
                    self.block(d);
                }
            }
            12 | 13 => self.try_block(d),
            14 | 15 => self.function(d),
            16 => self.generator(d),
            17 => self.class(d),
            _ => {
                let (t, name) = ([Int, Str, List][self.below(3)], self.name());
                let value = self.expr(t, 1);
                self.line(&format!("with Box({value}) as {name}:"));
                self.block(d);
                self.line(&format!("show({name}, {name}.v)"));
            }
        }
    }
    fn show(&mut self) {
        let values: Vec<String> = (0..1 + self.below(3))
            .map(|_| {
                let t = self.a_type();
                self.expr(t, 3)
            })
            .collect();
        let values = values.join(", ");
        self.line(&format!("show({values})"));
    }
    /// Changes a variable in place.
    fn change(&mut self) {
        let t = [Int, Str, List, List, Dict, Dict, Set, Float][self.below(8)];
        let Some(v) = self.variable(t) else { return self.assign() };
        let d = 2;
        let text = match t {
            Int => format!("{v} {}= {}", self.one_of(&["+", "-", "|", "&", "//", "%"]), self.expr(Int, d)),
            Float => format!("{v} {}= {}", self.one_of(&["+", "-", "*", "/"]), self.expr(Float, d)),
            Str => format!("{v} += {}", self.expr(Str, d)),
            List => match self.below(12) {
                0 | 1 => format!("{v}.append({})", self.expr(Int, d)),
                2 => format!("{v}.insert({} - 3, {})", self.small(d), self.expr(Int, d)),
                3 => format!("show({v}.pop({}))", self.one_of(&["", "0", "-1", "1"])),
                4 => format!("{v}.extend({})", self.expr(List, d)),
                5 => format!("{v}.{}()", self.one_of(&["reverse", "sort", "clear"])),
                6 => format!("{v}[{}:{}] = {}", self.small(0), self.small(0), self.expr(List, d)),
                7 => format!("del {v}{}", self.slice(0)),
                8 => format!("{v}[{}] = {}", self.small(d), self.expr(Int, d)),
                9 => format!("{v}.remove({})", self.expr(Int, d)),
                10 => format!("show({v}.index({}), {v}.count(1))", self.expr(Int, d)),
                _ => format!("{v} += {}", self.expr(List, d)),
            },
            Dict => match self.below(8) {
                0 | 1 => format!("{v}[{}] = {}", self.expr(Str, d), self.expr(Int, d)),
                2 => format!("show({v}.pop({}, {}))", self.expr(Str, d), self.expr(Int, d)),
                3 => format!("show({v}.setdefault({}, {}))", self.expr(Str, d), self.expr(Int, d)),
                4 => format!("{v}.update({})", self.expr(Dict, d)),
                5 => format!("del {v}[{}]", self.expr(Str, d)),
                6 => format!("show({v}.popitem())"),
                _ => format!("{v} |= {}", self.expr(Dict, d)),
            },
            _ => format!("{v}.{}({})", self.one_of(&["add", "discard"]), self.expr(Int, d)),
        };
        self.line(&text);
        self.line(&format!("show({v})"));
    }
    fn for_loop(&mut self, d: usize) {
        let name = self.name();
        let (over, t) = match self.below(5) {
            0 => (format!("range({})", self.small(1)), Int),
            1 => (format!("list({})[:6]", self.expr(List, 2)), Int),
            2 => (format!("{}[:6]", self.expr(Str, 2)), Str),
            3 => (format!("list({})[:6]", self.expr(Dict, 2)), Str),
            _ => (
                format!(
                    "range({}, {}, {})",
                    self.small(1),
                    self.small(1),
                    self.one_of(&["1", "2", "-1", "-3"])
                ),
                Int,
            ),
        };
        self.line(&format!("for {name} in {over}:"));
        self.scope.push((name, t));
        self.block(d);
        match self.below(4) {
            0 => {
                self.indent += 1;
                let test = self.expr(Bool, 1);
                let what = self.one_of(&["break", "continue"]);
                self.line(&format!("if {test}:"));
                self.indent += 1;
                self.line(what);
                self.indent -= 2;
                self.line("else:");
                self.block(d);
            }
            1 => {
                self.line("else:");
                self.block(d);
            }
            _ => {}
        }
        // It may never have been bound.
        self.scope.pop();
    }
    fn try_block(&mut self, d: usize) {
        self.line("try:");
        self.block(d);
        if self.below(2) == 0 {
            self.indent += 1;
            let (error, value) =
                (self.one_of(&["ValueError", "KeyError", "TypeError", "IndexError"]), self.expr(Int, 1));
            self.line(&format!("raise {error}({value})"));
            self.indent -= 1;
        }
        let forms = [
            "except ValueError as e:",
            "except (KeyError, IndexError) as e:",
            "except ArithmeticError as e:",
            "except Exception as e:",
        ];
        let except = self.below(4) > 0;
        if except {
            let form = self.one_of(&forms);
            self.line(form);
            self.indent += 1;
            self.line("print(kind(e))");
            self.indent -= 1;
            self.block(d);
            if self.below(3) == 0 {
                self.line("else:");
                self.block(d);
            }
        }
        if !except || self.below(3) == 0 {
            self.line("finally:");
            self.block(d);
        }
    }
    fn function(&mut self, d: usize) {
        let (f, a, b, c) = (self.name(), self.name(), self.name(), self.name());
        // A set inside a tuple would show its order.
        let (default, t) = (self.expr(Int, 1), self.a_shown_type());
        let form = self.below(3);
        self.line(&match form {
            0 => format!("def {f}({a}, {b}={default}):"),
            1 => format!("def {f}({a}, *{b}, {c}={default}):"),
            _ => format!("def {f}({a}, {b}=5, **{c}):"),
        });
        let known = self.scope.len();
        self.scope.push((a, Int));
        if form != 1 {
            self.scope.push((b.clone(), Int));
        }
        self.block(d);
        self.indent += 1;
        let value = self.expr(t, 2);
        match form {
            0 => self.line(&format!("return {value}")),
            1 => self.line(&format!("return {value}, {b}, {c}")),
            _ => self.line(&format!("return {value}, {c}")),
        }
        self.indent -= 1;
        self.scope.truncate(known);
        let (x, y, z) = (self.expr(Int, 1), self.expr(Int, 1), self.expr(Int, 1));
        let call = match form {
            0 => [format!("{f}({x}, {y})"), format!("{f}(*[{x}], {b}={y})"), format!("{f}({x})")]
                [self.below(3)]
            .clone(),
            1 => [format!("{f}({x}, {y}, {z})"), format!("{f}({x}, *[1, {y}], {c}={z})"), format!("{f}()")]
                [self.below(3)]
            .clone(),
            _ => [
                format!("{f}({x}, q={y})"),
                format!("{f}(**{{'{b}': {z}, 'p': 1}})"),
                format!("{f}({x}, **{{'r': {y}}})"),
            ][self.below(3)]
            .clone(),
        };
        self.line(&format!("show({call})"));
    }
    fn generator(&mut self, d: usize) {
        let (f, n, i) = (self.name(), self.name(), self.name());
        self.line(&format!("def {f}({n}):"));
        self.indent += 1;
        self.line(&format!("for {i} in range({n}):"));
        let known = self.scope.len();
        self.scope.push((i, Int));
        self.indent += 1;
        let (test, t) = (self.expr(Bool, 1), [Int, Str][self.below(2)]);
        let value = self.expr(t, 2);
        self.line(&format!("if {test}:"));
        self.indent += 1;
        let form = self.one_of(&["yield from (1, 2)", "return 'early'", "continue", "show((yield 'sent'))"]);
        self.line(form);
        self.indent -= 1;
        self.line(&format!("yield {value}"));
        self.indent -= 2;
        self.scope.truncate(known);
        let count = self.small(1);
        match self.below(3) {
            0 => self.line(&format!("show(list({f}({count})))")),
            1 => {
                let g = self.name();
                self.line(&format!("{g} = {f}({count})"));
                self.line(&format!("show(next({g}, 'none'))"));
                self.line("try:");
                self.indent += 1;
                self.line(&format!("show({g}.send('s'), {g}.close())"));
                self.indent -= 1;
                self.line("except StopIteration as e:");
                self.indent += 1;
                self.line("show('stop', e.value)");
                self.indent -= 1;
            }
            _ => {
                self.line(&format!("for x in {f}({count}):"));
                self.block(d);
            }
        }
    }
    fn class(&mut self, d: usize) {
        let (c, x) = (self.name(), self.name());
        let base = self.one_of(&["Box", "Box", "object", "list", "dict"]);
        self.line(&format!("class {c}({base}):"));
        self.indent += 1;
        let (attribute, value, t) = (self.expr(Int, 1), self.expr(Int, 2), self.a_type());
        self.line(&format!("kind = {attribute}"));
        self.line(&format!("def method(self, {x}=1):"));
        let known = std::mem::take(&mut self.scope);
        self.scope.push((x, Int));
        self.block(d);
        self.indent += 1;
        let result = self.expr(t, 2);
        self.line(&format!("return {result}"));
        self.indent -= 1;
        self.scope = known;
        self.line("@property");
        self.line("def prop(self):");
        self.indent += 1;
        self.line("return self.kind");
        self.indent -= 1;
        if self.below(2) == 0 {
            self.line("def __repr__(self):");
            self.indent += 1;
            self.line("return 'own ' + super().__repr__()[:1]");
            self.indent -= 1;
        }
        self.indent -= 1;
        let (o, n) = (self.name(), self.small(1));
        let make = match base {
            "Box" => format!("{c}({value})"),
            "list" => format!("{c}([{value}, 2])"),
            "dict" => format!("{c}(a={value})"),
            _ => format!("{c}()"),
        };
        self.line(&format!("{o} = {make}"));
        self.line(&format!(
            "show({o}.method({n}), {o}.prop, {c}.kind, isinstance({o}, {base}), {c}.__name__)"
        ));
        match base {
            "Box" => {
                self.line(&format!(
                    "show({o}, {o} + 1, {o} == Box({value}), {o}(1, k=2), [y for y in {o}], 3 in {o})"
                ));
            }
            "list" => self.line(&format!(
                "{o}.append(7)\n{}show({o}[0], len({o}), list({o}))",
                "    ".repeat(self.indent)
            )),
            "dict" => self.line(&format!(
                "{o}['k'] = 7\n{}show({o}['a'], len({o}), sorted({o}))",
                "    ".repeat(self.indent)
            )),
            _ => {
                let mut text = String::new();
                let _ = write!(
                    text,
                    "{o}.extra = {value}\n{}show({o}.extra, hasattr({o}, 'none'), {o} == {o})",
                    "    ".repeat(self.indent)
                );
                self.line(&text);
            }
        }
    }
}
