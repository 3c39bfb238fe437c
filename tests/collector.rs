//! The collector's bounds on whole programs: no step takes more than 20,000 counted instructions, whatever the heap
//! holds, and no allocation fails while what is garbage would make room for it.

mod rig;

use pyrite::compile::Mode;
use pyrite::heap::{Kind, TypeId, Value};
use pyrite::vm::Slot;
use rig::Rig;

/// What the architecture promises; the collector aims lower, because it stops only after what it has begun.
const LONGEST: u32 = 20_000;
/// Collections after which a program has been seen enough.
const CYCLES: u32 = 3;

const PRELUDE: &str = "
def chain(n):
    head = None
    for i in range(n):
        head = (head, i)
    return head
def length(c):
    n = 0
    while c:
        c = c[0]
        n += 1
    return n
";

/// A name, the program for a heap where `N` is a number that grows with it, and what it prints for `N`.
const PROGRAMS: &[(&str, &str)] = &[
    ("a deep chain", "keep = chain(N)\nfor i in range(40):\n    chain(N // 20)\nassert length(keep) == N\n"),
    (
        "a wide list",
        "keep = [(i,) for i in range(N // 2)]\nfor i in range(30):\n    keep[i % (N // 2)] = [i] * (N // 16)\nassert len(keep) == N // 2\n",
    ),
    (
        "a wide list that is sorted",
        "keep = [(N - i,) for i in range(N // 2)]\nfor i in range(6):\n    keep.reverse()\n    chain(N // 20)\n    keep.sort(key=lambda t: t[0])\nassert keep[0][0] < keep[-1][0]\n",
    ),
    (
        "a large dict",
        "keep = {}\nfor i in range(N // 4):\n    keep[i] = str(i)\nfor j in range(6):\n    for i in range(0, N // 4, 3):\n        keep[i] = str(i) + 'x'\nassert len(keep) == N // 4\n",
    ),
    (
        "many frames",
        "def f(n):\n    local = [n, (n,)]\n    if n == 0:\n        chain(N // 20)\n        return 0\n    r = f(n - 1)\n    assert local[1][0] == n\n    return r + 1\nfor i in range(10):\n    assert f(DEPTH) == DEPTH\n",
    ),
    (
        "generators that wait",
        "def g(n):\n    own = [n]\n    for i in range(1000):\n        yield own[0] + i\nkeep = [g(i) for i in range(N // 64)]\nfor j in range(8):\n    assert sum(next(k) for k in keep) == sum(i + j for i in range(N // 64))\n    chain(N // 20)\n",
    ),
    (
        "strings that are thrown away",
        "s = 'x' * (N // 4)\nfor i in range(200):\n    s = s[1:] + chr(97 + i % 26)\nassert len(s) == N // 4\n",
    ),
    (
        "a buffer that grows",
        "b = bytearray()\nfor i in range(N):\n    b.append(i & 255)\nassert len(b) == N\n",
    ),
    (
        "objects in rings",
        "class Node:\n    def __init__(self, v):\n        self.v = v\n        self.me = self\nfor i in range(N):\n    Node(i)\n",
    ),
    (
        "exceptions",
        "for i in range(N // 4):\n    try:\n        [][i]\n    except IndexError as e:\n        last = e\nassert type(last) is IndexError\n",
    ),
    (
        "closures",
        "def make(i):\n    def f():\n        return i\n    return f\nkeep = [make(i) for i in range(N // 32)]\nfor j in range(5):\n    assert sum(f() for f in keep) == sum(range(N // 32))\n    chain(N // 20)\n",
    ),
];

fn run(heap: usize, fiber: usize, n: usize, depth: usize) {
    let mut rig = Rig::new(heap);
    rig::limit_stack(1 << 20);
    let mut wrong = Vec::new();
    for (name, text) in PROGRAMS {
        let text = format!("N = {n}\nDEPTH = {depth}\n{PRELUDE}{text}");
        let counts = rig.run(fiber, |rt| {
            // Again and again, until the heap has been full some times.
            for _ in 0..100 {
                if rt.run_text(text.as_bytes(), "program", Mode::File).is_err() {
                    rt.show_exception();
                    break;
                }
                if rt.vm().heap().counts().cycles >= CYCLES {
                    break;
                }
            }
            assert_eq!(rt.vm().heap().verify(), Ok(()));
            rt.vm().heap().counts()
        });
        eprintln!(
            "{heap} bytes, {name}: {} cycles, {} steps, longest {}",
            counts.cycles, counts.steps, counts.max_step_work
        );
        if counts.max_step_work > LONGEST || counts.cycles == 0 || !rig.output().is_empty() {
            wrong.push(format!(
                "{heap} bytes, {name}: longest step {}, {} cycles; {}",
                counts.max_step_work,
                counts.cycles,
                rig.output()
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn eight_megabytes() {
    run(8 << 20, 64 << 10, 100_000, 500);
}

#[test]
fn a_hundred_and_forty_kilobytes() {
    run(140 << 10, 8 << 10, 1600, 60);
}

#[test]
fn sixteen_kilobytes() {
    run(16 << 10, 2 << 10, 100, 10);
}

/// The exception that is on its way when `Vm::collect` runs outlives it, be there no place left on the value stack.
#[test]
fn a_raised_exception_with_a_full_stack() {
    let mut rig = Rig::new(64 << 10);
    rig.run(4 << 10, |rt| {
        let vm = rt.vm();
        let top = vm.depth();
        while vm.push(Value::NONE).is_ok() {}
        vm.raise(TypeId::ValueError, "kept");
        vm.collect();
        let raised = vm.heap().raised;
        // What the collector took for garbage is handed out again.
        for _ in 0..500 {
            let _ = vm.heap_mut().alloc(Kind::Cell, 2);
        }
        vm.heap_mut().raised = raised;
        vm.drop_to(Slot(top));
        let _ = vm.report_lost_exception();
    });
    assert_eq!(rig.output(), "ValueError: kept\n");
}
