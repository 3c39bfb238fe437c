//! Statements at random: what they bind is known to those that follow in the same block.

use super::Generator;
use super::T::*;
use std::fmt::Write;

impl Generator<'_> {
    pub(super) fn assign(&mut self) {
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
    pub(super) fn statement(&mut self, d: usize) {
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
            // The stop of a loop's range is evaluated before its start (docs/DIFFERENCES.md): only one of them may fail.
            _ => (
                format!(
                    "range({}, {}, {})",
                    self.below(8),
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
