//! The compiler from outside: a few programs byte by byte, refusals, deep nesting, too little memory.
//! `tests/mpy_cross.rs` compares with the public compiler over whole folders.

use super::{Mode, Options, SliceSource, compile};
use crate::code::testing::{message, sized};
use crate::code::{object as code, verify};
use crate::heap::lent::lend;
use crate::heap::{Heap, Kind, R};
use crate::object::exc;
use std::string::String;
use std::vec::Vec;

fn with<T>(text: &str, mode: Mode, f: impl FnOnce(&mut Heap, R) -> T) -> T {
    sized(8 << 20, |heap| {
        let made = compile_text(heap, text, mode);
        f(heap, made)
    })
}
fn compile_text(heap: &mut Heap, text: &str, mode: Mode) -> R {
    let file_name = heap.intern(b"t.py")?;
    compile(
        heap,
        &mut SliceSource::new(text.as_bytes()),
        &Options { mode, file_name, opt_level: 0, except_lines: false, ..Options::DEFAULT },
    )
}

/// The opcodes of the module.
fn opcodes(text: &str, mode: Mode) -> Vec<u8> {
    with(text, mode, |heap, made| match made {
        Ok(c) => code::opcodes(heap, c).to_vec(),
        Err(_) => panic!("{text}: {}", message(heap)),
    })
}
/// Message and line of the refusal.
fn refusal(text: &str) -> (String, i32) {
    with(text, Mode::File, |heap, made| {
        assert!(made.is_err(), "{text}");
        let e = heap.raised.unwrap();
        let entry = heap.slot(e, exc::field::TRACEBACK).unwrap();
        (message(heap), heap.int(entry, 1))
    })
}

#[test]
fn programs_byte_by_byte() {
    let file = |t| opcodes(t, Mode::File);
    assert_eq!(file(""), [0x51, 0x63]);
    assert_eq!(file("a = 1"), [0x81, 0x16, 2, 0x51, 0x63]);
    // Folded; big ones are constants, small ones are not.
    assert_eq!(file("a = 3 * (1 + 1)"), [0x86, 0x16, 2, 0x51, 0x63]);
    assert_eq!(file("a = 1 << 40"), [0x23, 0, 0x16, 2, 0x51, 0x63]);
    assert_eq!(file("a = -100"), [0x22, 0xff, 0x1c, 0x16, 2, 0x51, 0x63]);
    assert_eq!(file("a, b = b, a"), [0x11, 2, 0x11, 3, 0x5a, 0x16, 3, 0x16, 2, 0x51, 0x63]);
    assert_eq!(file("'doc'\npass\n1"), [0x51, 0x63]);
    assert_eq!(file("while 1: pass"), [0x42, 0x3e, 0x51, 0x63]);
    assert_eq!(opcodes("a + 1", Mode::Eval), [0x11, 2, 0x81, 0xf2, 0x63]);
    assert_eq!(opcodes("a", Mode::Single), [0x11, 2, 0x11, 3, 0x34, 1, 0x59, 0x51, 0x63]);
    assert_eq!(opcodes("\n", Mode::Single), [0x51, 0x63]);
}

/// What `pyrite-cross` may ask for: fewer bits for the ints in instructions, no lines.
#[test]
fn for_another_vm() {
    let made = |text: &str, small_max: i32, lines: bool| {
        sized(1 << 20, |heap| {
            let options = Options { small_max, lines, ..Options::DEFAULT };
            let c = compile(heap, &mut SliceSource::new(text.as_bytes()), &options).unwrap();
            (code::opcodes(heap, c).to_vec(), code::line_at(heap, c, code::opcodes(heap, c).len() - 1))
        })
    };
    let all = [0x51, 0x63];
    let ops = |text, most| made(text, most, true).0;
    assert_eq!(ops("a = 127", 127), [[0x22, 0x80, 0x7f, 0x16, 2].as_slice(), &all].concat());
    assert_eq!(ops("a = 128", 127), [[0x23, 0, 0x16, 2].as_slice(), &all].concat());
    assert_eq!(ops("a = 2 * 64", 127), ops("a = 128", 127));
    assert_eq!(ops("a = -129", 127), ops("a = 129", 127));
    assert_eq!((made("\n\na = b", 127, true).1, made("\n\na = b", 127, false).1), (3, 1));
}

#[test]
fn constants() {
    assert_eq!(opcodes("_A = const(3)\nx = _A + 1", Mode::File), opcodes("x = 4", Mode::File));
    assert_eq!(opcodes("A = const('a')\n", Mode::File), opcodes("A = 'a'\n", Mode::File));
    assert_eq!(refusal("A = const(b)"), ("not a constant".into(), 1));
    // Division by zero is left for run time.
    assert_eq!(opcodes("1 / 0", Mode::File), [0x81, 0x80, 0xf7, 0x59, 0x51, 0x63]);
}

#[test]
fn refusals() {
    let cases = [
        ("a = ", "invalid syntax", 1),
        ("\n  a", "unexpected indent", 2),
        ("if a:\n  b\n c", "unindent doesn't match any outer indent level", 2),
        ("f'{}'", "malformed f-string", 1),
        ("return 1", "'return' outside function", 1),
        ("def f():\n  pass\nbreak", "'break'/'continue' outside loop", 3),
        ("class A:\n  yield", "'yield' outside function", 2),
        ("f() = 1", "can't assign to expression", 1),
        ("def f(a, a): pass", "argument name reused", 1),
        ("def f():\n  x\n  global x", "identifier redefined as global", 3),
        ("def f():\n  nonlocal x", "no binding for nonlocal found", 2),
        ("nonlocal x", "can't declare nonlocal in outer code", 1),
        ("try: a\nexcept: b\nexcept c: d", "default 'except' must be last", 3),
        ("f(**a, *b)", "* arg after **", 1),
        ("{1: 2, 3}", "expecting key:value for dict", 1),
        ("@micropython.native\ndef f(): pass", "native code not supported", 1),
        ("x = 08", "invalid syntax for integer with base 0: '08'", 1),
    ];
    for (text, want, line) in cases {
        assert_eq!(refusal(text), (want.into(), line), "{text}");
    }
}

/// Programs that nest deep run on the heap, not on the native stack.
#[test]
fn deep_nesting() {
    let many = |a: &str, n: usize| a.repeat(n);
    let programs = [
        many("(", 3000) + "1" + &many(")", 3000),
        many("[", 3000) + &many("]", 3000),
        many("-", 3000) + "x",
        many("not ", 3000) + "x",
        many("lambda: ", 300) + "x",
        many("lambda a=", 300) + "x" + &many(": a", 300),
        String::from("x") + &many(" if a else x", 1000),
        String::from("a") + &many("(b)", 3000),
        many("f(", 2000) + &many(")", 2000),
        many("a = ", 2000) + "1",
        String::from("if a: b\n") + &many("elif a: b\n", 500),
    ];
    let run = move || {
        for p in programs {
            with(&(p + "\n"), Mode::File, |heap, made| match made {
                Ok(_) => {}
                Err(_) => panic!("{}", message(heap)),
            });
        }
        let mut blocks = String::new();
        for i in 0..100 {
            blocks += &(many(" ", i)
                + ["if a:\n", "while a:\n", "for a in b:\n", "try:\n", "class A:\n", "def f():\n"][i % 6]);
        }
        blocks += &(many(" ", 100) + "pass\n");
        for i in (0..100).rev() {
            if i % 6 == 3 {
                blocks += &(many(" ", i) + "except:\n" + &many(" ", i + 1) + "pass\n");
            }
        }
        with(&blocks, Mode::File, |heap, made| assert!(made.is_ok(), "{}", message(heap)));
    };
    // Unoptimised code takes a multiple of what a device's does.
    std::thread::Builder::new().stack_size(160 << 10).spawn(run).unwrap().join().unwrap();
}

const SAMPLE: &str = "
import a.b as c, d
from e import (f, g as h)
_SECRET = const(1 << 70)
class A(B):
    x: int = _SECRET
    def f(self, a, *b, c=2, **d):
        super().f(*b, **d)
        for i in range(a, 10):
            if i and not c or d < 3 <= 4: continue
            x[1:, ::2] += y.z
        try:
            with a as b: return [i + a for i in b if i]
        except (C, D) as e:
            raise e from None
        finally:
            print(f'{a}:{b!r}', {1: (2, 3.5), 'long enough for a constant': b'x'})
        return lambda k=a: self
async def g():
    async with a: await b
    async for i in c: yield i
";

#[test]
fn what_comes_out_is_verified() {
    with(SAMPLE, Mode::File, |heap, made| {
        let c = made.unwrap_or_else(|_| panic!("{}", message(heap)));
        assert!(lend(heap, None, |heap| verify::tree(heap, c)).is_ok(), "{}", message(heap));
        assert_eq!(code::file(heap, c), heap.intern(b"t.py").unwrap());
        assert_eq!(code::n_children(heap, c), 2);
    });
}

/// In every heap that is too small the compiler says so, and nothing else happens.
#[test]
fn too_little_memory() {
    let mut fits = false;
    for kb in 1..200 {
        fits = sized(kb << 9, |heap| match compile_text(heap, SAMPLE, Mode::File) {
            Ok(c) => {
                assert!(heap.is(c, Kind::Code));
                true
            }
            Err(_) => {
                assert!(heap.is_out_of_memory(), "{kb}: {}", message(heap));
                false
            }
        });
        if fits {
            break;
        }
    }
    assert!(fits);
}

/// Nothing of the working memory is left, whether the program is refused or compiles.
#[test]
fn working_memory_is_given_back() {
    let body = "if a:\n    b = [a, (b, 1), {a: 'some long text that is no name'}]\n".repeat(200);
    sized(4 << 20, |heap| {
        compile_text(heap, "a = b", Mode::File).unwrap();
        let before = heap.used_bytes();
        assert!(compile_text(heap, &(body.clone() + "a b\n"), Mode::File).is_err());
        // The exception; the constants, which are the collector's.
        let constants = 200 * (8 + 4 + 32);
        assert!(heap.used_bytes() - before < constants + 400, "{}", heap.used_bytes() - before);
        let before = heap.used_bytes();
        let code_bytes = compile_text(heap, &body, Mode::File).map(|c| code::bytes(heap, c).len()).unwrap();
        let left = heap.used_bytes() - before - constants;
        assert!(left < code_bytes + 600, "{left} {code_bytes}");
    });
}

#[path = "../../benches/module.rs"]
mod module;

/// The smallest free heap in which the text compiles, its code included.
fn least_heap(text: &str) -> usize {
    let free_at_first = |bytes| {
        sized(bytes, |heap| {
            let free = heap.free_bytes();
            compile_text(heap, text, Mode::File).is_ok().then_some(free)
        })
    };
    let (mut low, mut high) = (2 << 10, 1 << 20);
    while high - low > 64 {
        let middle = ((low + high) / 2) & !7;
        if free_at_first(middle).is_some() { high = middle } else { low = middle }
    }
    free_at_first(high).unwrap()
}

/// What a module of 300 lines may take while it is compiled; `cargo xtask bench compile` notes what a program sees of it.
#[test]
fn memory_for_a_module() {
    let text = module::text();
    assert_eq!(text.lines().count(), module::LINES);
    let least = least_heap(&text);
    assert!(least < 21_000, "{least} bytes of heap");
}
