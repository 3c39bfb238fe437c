//! `.mpy` files run as their sources do, from each place where they may lie: in RAM (imported from a file system), in flash
//! as a file of its own, and in flash in a blob of frozen modules. `tests/mpy` holds files that the public `mpy-cross` made
//! and changed nothing of; the others are the conformance programs, compiled here to the same bytes (`tests/mpy_cross.rs`).
#![cfg(all(feature = "compiler", feature = "extra"))]
#![allow(unsafe_code)]

mod rig;

use pyrite::code::{frozen, object, write};
use pyrite::compile::{self, Mode, Options, SliceSource};
use pyrite::heap::Kind;
use pyrite::heap::lent::lend;
use pyrite::object::dict;
use pyrite::runtime::{Runtime, frozen::set};
use rig::Rig;
use std::fs;

const FIBER: usize = 64 << 10;
const HEAP: usize = 2 << 20;

/// A file system of one file, in Python: what is imported from there is read into RAM.
const FILES: &str = "
import io, sys, vfs
class File(io.IOBase):
    def __init__(self, data):
        self.data, self.at = data, 0
    def readinto(self, room):
        part = self.data[self.at:self.at + len(room)]
        room[:len(part)] = part
        self.at += len(part)
        return len(part)
    def ioctl(self, request, arg):
        return 0
class Files:
    def mount(self, readonly, mkfs):
        pass
    def umount(self):
        pass
    def stat(self, path):
        if path.lstrip('/') == 'subject.mpy':
            return (0x8000, 0, 0, 0, 0, 0, len(DATA), 0, 0, 0)
        raise OSError(2)
    def open(self, path, mode):
        return File(DATA)
vfs.mount(Files(), '/ram')
sys.path.insert(0, '/ram')
";

/// What the module was left with: what it prints while it runs comes before.
const LEFT: &str = "
for name in sorted(space):
    v = space[name]
    if name[0] != '_' and isinstance(v, (int, float, complex, str, bytes, tuple, list)) and 'object at' not in repr(v):
        print(name, v)
";

fn run(rt: &mut Runtime, text: &str) {
    if rt.run_text(text.as_bytes(), "<test>", Mode::File).is_err() {
        rt.show_exception();
    }
}

fn compiled(text: &str) -> Option<Vec<u8>> {
    Rig::new(4 << 20).run(FIBER, |rt| {
        let file_name = rt.text("subject.py").unwrap();
        let heap = rt.vm().heap_mut();
        let options =
            Options { mode: Mode::File, file_name, opt_level: 0, except_lines: false, ..Options::DEFAULT };
        let code = compile::compile(heap, &mut SliceSource::new(text.as_bytes()), &options).ok()?;
        let bytes = lend(heap, None, |heap| write::to_bytes(heap, code)).unwrap();
        Some(heap.str_bytes(bytes).to_vec())
    })
}

/// What it prints from its source, from RAM, from flash, and frozen.
fn outputs(source: &str, mpy: &[u8]) -> [String; 4] {
    let mut rig = Rig::new(HEAP);
    let mut all: [String; 4] = Default::default();
    let image: &'static [u8] = mpy.to_vec().leak();
    let mut blob = Vec::new();
    assert!(frozen::write(&[(b"subject.py", image)], &mut |piece| blob.extend_from_slice(piece)));
    let blob: &'static mut [u8] = blob.leak();
    let literal: String = mpy.iter().map(|b| format!("\\x{b:02x}")).collect();
    for (way, out) in all.iter_mut().enumerate() {
        rig.run(FIBER, |rt| match way {
            0 => {
                if rt.run_text(source.as_bytes(), "subject.py", Mode::File).is_err() {
                    rt.show_exception();
                }
                run(rt, &format!("space = dict(globals())\n{LEFT}"));
            }
            1 => {
                run(rt, &format!("DATA = b'{literal}'\n{FILES}"));
                run(rt, &format!("import subject\nspace = subject.__dict__\n{LEFT}"));
            }
            2 => {
                if rt.run_mpy(image).is_err() {
                    rt.show_exception();
                }
                run(rt, &format!("space = dict(globals())\n{LEFT}"));
            }
            _ => {
                assert_eq!(set(rt.vm(), blob).ok(), Some(true));
                run(rt, &format!("import subject\nspace = subject.__dict__\n{LEFT}"));
            }
        });
        *out = rig.output();
    }
    all
}

#[test]
fn files_of_the_public_compiler() {
    for name in ["consts", "flow", "small"] {
        let base = rig::root().join("tests/mpy").join(name);
        let source = fs::read_to_string(base.with_extension("py")).unwrap();
        let mpy = fs::read(base.with_extension("mpy")).unwrap();
        let [text, ram, flash, frozen] = outputs(&source, &mpy);
        assert!(name == "flow" || !text.is_empty() && !text.contains("Traceback"), "{name}: {text}");
        assert_eq!((&ram, &flash, &frozen), (&text, &text, &text), "{name}");
    }
}

#[test]
fn programs_from_everywhere() {
    let mut count = 0;
    for folder in ["microbit", "conformance/statements", "conformance/generators", "conformance/classes"] {
        for (name, source) in rig::programs(folder) {
            // What shows its own name or place, or its module's.
            if ["__name__", "__main__", "__module__", "globals()", "# needs", "__file__", "locals()", "exec("]
                .iter()
                .any(|w| source.contains(w))
            {
                continue;
            }
            let Some(mpy) = compiled(&source) else { continue };
            let [text, ram, flash, frozen] = outputs(&source, &mpy);
            // Modules know classes by their own name.
            let plain = |s: &str| s.replace("__main__.", "").replace("subject.", "");
            assert!(!ram.is_empty(), "{name}");
            let [text, ram, flash, frozen] = [text, ram, flash, frozen].map(|s| plain(&s));
            assert_eq!(ram, text, "{name}, from RAM");
            assert_eq!(flash, text, "{name}, from flash");
            assert_eq!(frozen, text, "{name}, frozen");
            count += 1;
        }
    }
    assert!(count > 60, "{count} programs");
}

/// The bytecode is not copied: it is where the file is.
#[test]
fn a_file_in_flash_stays_there() {
    let mpy = fs::read(rig::root().join("tests/mpy/small.mpy")).unwrap();
    let image: &'static [u8] = mpy.leak();
    Rig::new(64 << 10).run(8 << 10, |rt| {
        rt.run_mpy(image).ok().unwrap();
        let main = rt.main();
        let name = rt.text("f").unwrap();
        let heap = rt.vm().heap();
        let f = dict::get_name(heap, main, name).unwrap();
        assert!(heap.is(f, Kind::Function));
        let at = object::first_address(heap, heap.field(f, 0)) as *const u8;
        assert!(image.as_ptr_range().contains(&at), "the code was copied");
    });
}
