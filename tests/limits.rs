//! Limits reach natives that work long on long texts and large ints: each of these gives way before it is done.

mod rig;

use pyrite::compile::Mode;
use pyrite::heap::TypeId;
use rig::Rig;

/// Safepoints, of about a hundred instructions each, that a case may use: less than any of them takes.
const BUDGET: u32 = 600;

const SETUP: &str = "
s = 'ab' * 100000
b = s.encode()
blanks = ' a' * 60000
lines = 'a\\n' * 60000
many = ['ab'] * 60000
hexed = 'ab' * 60000
longer = 'ab' * 3000 + 'b'
digits = '7' * 4000
big = (1 << 60000) - 1
hexdigits = '7' * 20000
items = [1] * 60000
source = 'x = [1, 2]\\n' * 5000
";

const CASES: &[&str] = &[
    "exec(source)",
    "s.find('bb')",
    "s.rfind('bb')",
    "s.find(longer)",
    "s.count('ab')",
    "s.count('bb')",
    "b.count(99)",
    "b.find(99)",
    "'bb' in s",
    "99 in b",
    "b'bb' in bytearray(b)",
    "s.partition('bb')",
    "s.rpartition('bb')",
    "s.split('b')",
    "s.rsplit('b')",
    "blanks.split()",
    "blanks.rsplit()",
    "lines.splitlines()",
    "s.replace('a', 'xy')",
    "s.replace('bb', 'xy')",
    "s.replace('', '-')",
    "b.replace(b'a', b'xy')",
    "'-'.join(many)",
    "'-'.join(iter(many))",
    "s.strip('ab')",
    "b.rstrip(b'ab')",
    "(' ' * 100000).lstrip()",
    "s.strip('x' * 200 + 'ab')",
    "s.upper()",
    "s.lower()",
    "s.isalpha()",
    "s.islower()",
    "b.hex()",
    "bytes.fromhex(hexed)",
    "list(s)",
    "tuple(b)",
    "bytes(items)",
    "bytearray(items)",
    "sum(items)",
    "min(items)",
    "sorted(items)",
    "items.count(2)",
    "2 in items",
    "items == items[:]",
    "any(x for x in items if x > 1)",
    "'%s' % items",
    "str(items)",
    "repr(s)",
    "int(digits)",
    "int(hexdigits, 16)",
    "str(big)",
    "hex(big)",
    "'%x' % big",
    "'{:d}'.format(big)",
    "3 ** 60000",
    "big * big",
    "(big * big) // big",
    "big % (big >> 3000)",
];

/// These would take minutes.
const ENDLESS: &[&str] = &["pow(3, big, big - 2)", "s.strip('x' * 100000 + 'ab')", "7 ** 1000000"];

#[test]
fn limits_reach_natives() {
    let mut rig = Rig::new(16 << 20);
    let missed = rig.run(64 << 10, |rt| {
        rt.run_text(SETUP.as_bytes(), "setup", Mode::File).ok().unwrap();
        let mut missed = Vec::new();
        for case in CASES.iter().chain(ENDLESS) {
            let text = format!("r = None\nr = {case}");
            rt.vm().set_limits(Some(BUDGET), None);
            let done = rt.run_text(text.as_bytes(), "case", Mode::File);
            rt.vm().set_limits(None, None);
            let e = rt.exception().filter(|_| done.is_err());
            if !e.is_some_and(|e| rt.vm().exception_is(e, TypeId::TimeoutError)) {
                missed.push(*case);
            }
            rt.vm().heap().verify().unwrap();
        }
        missed
    });
    assert!(missed.is_empty(), "not reached: {missed:#?}");
}

/// Who gives way comes to the same end.
#[test]
fn natives_that_give_way_go_on() {
    let mut rig = Rig::new(32 << 20);
    rig.run(64 << 10, |rt| {
        rt.run_text(SETUP.as_bytes(), "setup", Mode::File).ok().unwrap();
        for case in CASES {
            let text = format!("kept = {case}");
            rt.run_text(text.as_bytes(), "case", Mode::File).ok().unwrap();
            rt.vm().set_limits(Some(1 << 30), None);
            let text = format!("again = {case}\nassert again == kept");
            let done = rt.run_text(text.as_bytes(), "case", Mode::File);
            rt.vm().set_limits(None, None);
            if done.is_err() {
                rt.show_exception();
            }
            assert!(done.is_ok(), "{case}");
        }
    });
    assert_eq!(rig.output(), "");
}

/// What would be too large is refused at once.
/// Whatever is reached first, the end of the budget or the mistake, is what is raised.
#[test]
fn limits_amid_mistakes() {
    let mut rig = Rig::new(1 << 20);
    let mut counts = [0; 2];
    rig.run(16 << 10, |rt| {
        let setup = "wrong = 'def f(a):\\n    return [a, (a, 1.5)]\\n' * 4 + 'x = = 1'";
        rt.run_text(setup.as_bytes(), "setup", Mode::File).ok().unwrap();
        for budget in 1..200 {
            rt.vm().set_limits(Some(budget), None);
            let done = rt.run_text(b"compile(wrong, 'f', 'exec')", "case", Mode::File);
            rt.vm().set_limits(None, None);
            let e = rt.exception().filter(|_| done.is_err()).unwrap();
            let which = [TypeId::TimeoutError, TypeId::SyntaxError].map(|t| rt.vm().exception_is(e, t));
            let which =
                which.iter().position(|is| *is).unwrap_or_else(|| panic!("another exception: {budget}"));
            counts[which] += 1;
        }
    });
    assert!(counts[0] > 0 && counts[1] > 0, "{counts:?}");
}
#[test]
fn sizes_that_no_memory_has() {
    let mut rig = Rig::new(1 << 20);
    rig.run(16 << 10, |rt| {
        let cases = [
            "'x' * (1 << 40)",
            "b'x' * (1 << 62)",
            "'x' * (1 << 100)",
            "bytearray(1 << 40)",
            "bytes(1 << 31)",
            "[0] * (1 << 40)",
            "(0,) * (1 << 62)",
            "1 << (1 << 40)",
            "1 << (1 << 100)",
            "'%*d' % (1 << 30, 1)",
            "'{:1000000000}'.format(1)",
            "'x'.center(1 << 40)",
            "(5).to_bytes(1 << 40, 'big')",
            "10 ** (1 << 40)",
            "list(range(1 << 40))",
        ];
        for case in cases {
            rt.vm().set_limits(Some(3_000_000), None);
            let text = format!(
                "try:\n    {case}\n    print('made', {case:?})\nexcept (MemoryError, OverflowError, ValueError):\n    pass"
            );
            let done = rt.run_text(text.as_bytes(), "case", Mode::File);
            rt.vm().set_limits(None, None);
            if done.is_err() {
                rt.show_exception();
            }
            assert!(done.is_ok(), "{case}");
            rt.vm().heap().verify().unwrap();
        }
    });
    assert_eq!(rig.output(), "");
}
