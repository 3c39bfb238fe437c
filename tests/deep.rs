//! Calls without native stack, on a stack that shows it: the programs of `tests/stackless` print in a small thread what
//! they print in a large one, and recursion without end of every sort is a RuntimeError after which the VM goes on.

mod rig;

use pyrite::compile::Mode;
use rig::Rig;

/// Unoptimised frames are many times as large; see `NATIVE_STACK_NEEDED` in `src/vm/api.rs`.
const SMALL: usize = if cfg!(debug_assertions) { 320 << 10 } else { 64 << 10 };
const LARGE: usize = 64 << 20;
const HEAP: usize = 1 << 20;

/// What a program prints in a thread with this much stack, its traceback included.
fn printed(stack: usize, fiber: usize, text: &str) -> String {
    let text = text.to_string();
    let thread = std::thread::Builder::new().stack_size(stack);
    let run = move || {
        let mut rig = Rig::new(HEAP);
        // A thread's first frames and the harness take their part.
        rig::limit_stack(stack - (16 << 10));
        rig.run(fiber, |rt| {
            if rt.run_text(text.as_bytes(), "deep.py", Mode::File).is_err() {
                rt.show_exception();
            }
            assert_eq!(rt.vm().heap().verify(), Ok(()));
        });
        rig.output()
    };
    thread.spawn(run).unwrap().join().unwrap()
}

#[test]
fn chains_need_no_native_stack() {
    for (name, text) in rig::programs("stackless") {
        // Without files there is nothing to import.
        if text.contains("needs: files") || name.contains("imports") {
            continue;
        }
        let large = printed(LARGE, 64 << 10, &text);
        assert_eq!(printed(SMALL, 64 << 10, &text), large, "{name}");
        assert!(!large.contains("Traceback"), "{name}: {large}");
    }
}

/// A way to recurse without end: what to define, and the expression that does it.
const ENDLESS: &[(&str, &str, &str)] = &[
    ("function", "def f():\n    return f()\n", "f()"),
    ("lambda", "f = lambda: f()\n", "f()"),
    ("keywords", "def f(a=1, *b, **c):\n    return f(*b, a, **c)\n", "f(1, 2, x=3)"),
    ("property", "class A:\n    @property\n    def p(self):\n        return self.p\n", "A().p"),
    (
        "__next__",
        "class A:\n    def __iter__(self):\n        return self\n    def __next__(self):\n        for x in self:\n            return x\n",
        "list(A())",
    ),
    (
        "__enter__",
        "class A:\n    def __enter__(self):\n        with self:\n            pass\n    def __exit__(self, *a):\n        pass\n",
        "A().__enter__()",
    ),
    (
        "__exit__",
        "class A:\n    def __enter__(self):\n        pass\n    def __exit__(self, *a):\n        with self:\n            pass\n",
        "A().__exit__()",
    ),
    ("print", "class A:\n    def __str__(self):\n        print(self)\n        return ''\n", "str(A())"),
    ("exec", "def f():\n    exec('f()')\n", "f()"),
    ("eval", "def f():\n    return eval('f()')\n", "f()"),
    ("class body", "def f():\n    class A:\n        f()\n", "f()"),
    ("decorator", "def f(x):\n    @f\n    def g():\n        pass\n", "f(1)"),
    ("generator", "def f():\n    for x in f():\n        yield x\n", "list(f())"),
    ("yield from", "def f():\n    yield from f()\n", "list(f())"),
    ("next", "def f():\n    yield next(f())\n", "next(f())"),
    ("comprehension", "def f():\n    return [f() for x in (1,)]\n", "f()"),
    ("generator expression", "def f():\n    return sum(f() for x in (1,))\n", "f()"),
    ("map", "def f(x):\n    return list(map(f, [x]))\n", "f(1)"),
    ("filter", "def f(x):\n    return list(filter(f, [x]))\n", "f(1)"),
    ("sorted", "def f(x):\n    return sorted([x, x], key=f)\n", "f(1)"),
    ("max", "def f(x):\n    return max([x, x], key=f)\n", "f(1)"),
    (
        "super",
        "class A:\n    def f(self):\n        return super().__getattribute__('f')()\nclass A:\n    def f(self):\n        return B.f(self)\nclass B(A):\n    def f(self):\n        return super().f()\n",
        "B().f()",
    ),
    ("except", "def f():\n    try:\n        1 // 0\n    except ZeroDivisionError:\n        f()\n", "f()"),
    ("finally", "def f():\n    try:\n        pass\n    finally:\n        f()\n", "f()"),
    (
        "dict keys",
        "class A:\n    def __hash__(self):\n        return 1\n    def __eq__(self, o):\n        return {self: 1} == {A(): 1}\n",
        "A() == A()",
    ),
    ("list that holds itself", "a = []\na.append(a)\nb = []\nb.append(b)\n", "a == b"),
    ("tuples", "a = b = ()\nfor i in range(20000):\n    a = (a,)\n    b = (b,)\n", "a == b"),
];

/// The same by a method of class `A` that is one statement: its head, the statement, the expression.
const METHODS: &[(&str, &str, &str)] = &[
    ("f(self)", "return self.f()", "A().f()"),
    ("__init__(self)", "A()", "A()"),
    ("__new__(cls)", "return A()", "A()"),
    ("__call__(self)", "return self()", "A()()"),
    ("__getattr__(self, n)", "return self.more", "A().x"),
    ("__getitem__(self, n)", "return self[n]", "A()[1]"),
    ("__setitem__(self, n, v)", "self[n] = v", "A().__setitem__(1, 2)"),
    ("__add__(self, o)", "return self + o", "A() + 1"),
    ("__radd__(self, o)", "return o + self", "1 + A()"),
    ("__neg__(self)", "return -self", "-A()"),
    ("__lt__(self, o)", "return self < o", "A() < A()"),
    ("__eq__(self, o)", "return self == o", "A() == A()"),
    ("__bool__(self)", "return not self", "not A()"),
    ("__len__(self)", "return len(self)", "len(A())"),
    ("__hash__(self)", "return hash(self)", "hash(A())"),
    ("__contains__(self, x)", "return x in self", "1 in A()"),
    ("__iter__(self)", "return iter(self)", "[x for x in A()]"),
    ("__repr__(self)", "return repr(self)", "repr(A())"),
    ("__str__(self)", "return '%s' % self", "str(A())"),
    ("__str__(self)", "return f'{self}'", "str(A())"),
    ("__str__(self)", "return '{}'.format(self)", "str(A())"),
    ("__getattr__(self, n)", "return getattr(self, n)", "getattr(A(), 'x')"),
    ("__setattr__(self, n, v)", "setattr(self, n, v)", "setattr(A(), 'x', 1)"),
];

#[test]
fn recursion_without_end_is_an_error() {
    let mut wrong = Vec::new();
    let method = |(head, statement, run): &(&str, &str, &str)| {
        let define = format!("class A:\n    def {head}:\n        {statement}\n");
        (format!("{head}: {statement}"), define, run.to_string())
    };
    let other =
        |(name, define, run): &(&str, &str, &str)| (name.to_string(), define.to_string(), run.to_string());
    for (name, define, run) in ENDLESS.iter().map(other).chain(METHODS.iter().map(method)) {
        let text = format!(
            "{define}def attempt():\n    try:\n        {run}\n    except RuntimeError as e:\n        return str(e)\n\
             for i in range(2):\n    print(attempt())\nprint(sum(x * x for x in range(10)))\n"
        );
        for fiber in [1500, 6 << 10, 40 << 10] {
            let out = printed(SMALL, fiber, &text);
            let line = "maximum recursion depth exceeded\n";
            if out != format!("{line}{line}285\n") {
                wrong.push(format!("{name}, stack of {fiber}: {}", &out[..out.len().min(300)]));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
