//! Expressions at random, each of a type that is asked for; operands come from the variables in reach, from constants and from
//! smaller expressions.

use super::Generator;
use super::T::{self, *};

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
    /// An int that is small whatever happens.
    pub(super) fn small(&mut self, d: usize) -> String {
        let n = 2 + self.below(9);
        format!("({} % {n})", self.expr(Int, d))
    }
    pub(super) fn expr(&mut self, t: T, d: usize) -> String {
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
    pub(super) fn a_shown_type(&mut self) -> T {
        [Int, Float, Str, Bool, Bytes, List, Dict, Pair][self.below(8)]
    }
    /// What may stand inside an f-string of single quotes.
    fn simple(&mut self, t: T) -> String {
        self.variable(t).unwrap_or_else(|| self.one_of(&["1", "2.5", "(1, 2)", "[3]", "None"]).to_string())
    }
    pub(super) fn slice(&mut self, d: usize) -> String {
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
                let value = self.expr(t, d);
                // From 10**32 on `%f` has an exponent.
                let value = if kind == "f" { format!("{value} % 1e30") } else { value };
                format!("'[%{flags}{width}{precision}{kind}]' % ({value},)")
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
            // A name or a constant for the key: MicroPython evaluates it after the value.
            1 => format!("{{{}: {}, **{a}}}", self.expr(Str, 0), self.expr(Int, d)),
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
}
