//! Frozen modules from outside: found by import, packages too, run where they lie; a damaged blob is refused.
#![cfg(feature = "compiler")]
#![allow(unsafe_code)]

mod rig;

use pyrite::code::{frozen, object, write};
use pyrite::compile::{self, Mode, Options, SliceSource};
use pyrite::heap::Kind;
use pyrite::heap::lent::lend;
use pyrite::object::dict;
use pyrite::runtime::frozen::set;
use rig::Rig;

const FIBER: usize = 8 << 10;

fn mpy(name: &str, text: &str) -> Vec<u8> {
    Rig::new(1 << 20).run(FIBER, |rt| {
        let file_name = rt.text(name).unwrap();
        let heap = rt.vm().heap_mut();
        let options =
            Options { mode: Mode::File, file_name, opt_level: 0, except_lines: false, ..Options::DEFAULT };
        let code = compile::compile(heap, &mut SliceSource::new(text.as_bytes()), &options).unwrap();
        let bytes = lend(heap, None, |heap| write::to_bytes(heap, code)).unwrap();
        heap.str_bytes(bytes).to_vec()
    })
}

fn blob(files: &[(&str, &str)]) -> &'static mut [u8] {
    let made: Vec<_> = files.iter().map(|(path, text)| (path, mpy(path, text))).collect();
    let list: Vec<_> = made.iter().map(|(path, bytes)| (path.as_bytes(), bytes.as_slice())).collect();
    let mut out = Vec::new();
    assert!(frozen::write(&list, &mut |piece| out.extend_from_slice(piece)));
    out.leak()
}

fn modules() -> &'static mut [u8] {
    blob(&[
        ("bad.py", "x = 1\n"),
        (
            "driver.py",
            "import package.part as p\nNAME = 'driver'\ndef read(n):\n    return [p.twice(i) for i in range(n)]\n",
        ),
        ("package/__init__.py", "from . import part\nfrom .part import twice\n"),
        ("package/part.py", "def twice(n):\n    return 2 * n\n"),
        ("plain/inner.py", "where = __file__, __name__\n"),
    ])
}

const PROGRAM: &[u8] = b"
import sys, driver, plain.inner
print(driver.read(4), driver.NAME, driver.__file__, sys.path)
print(plain.inner.where, sys.modules['package'].__path__)
read = driver.read
import package
print(package.twice(21), package.part.__file__)
try:
    import nothing
except ImportError as e:
    print(e)
try:
    import package.nothing
except ImportError as e:
    print(e)
";
const SAID: &str = "[0, 2, 4, 6] driver driver.py ['', '.frozen']
('plain/inner.py', 'plain.inner') .frozen/package
42 package/part.py
no module named 'nothing'
no module named 'package.nothing'
";

#[test]
fn modules_are_found_and_run_where_they_lie() {
    let blob: &'static [u8] = modules();
    let mut rig = Rig::new(64 << 10);
    rig.run(FIBER, |rt| {
        assert_eq!(set(rt.vm(), blob).ok(), Some(true));
        assert_eq!(set(rt.vm(), blob).ok(), Some(true));
        if rt.run_text(PROGRAM, "<program>", Mode::File).is_err() {
            rt.show_exception();
        }
        // Every function of the modules points into the blob, and nothing on the heap has its bytes.
        let main = rt.main();
        let vm = rt.vm();
        let name = vm.heap_mut().intern(b"read").unwrap();
        let f = dict::get_name(vm.heap(), main, name).unwrap();
        let code = vm.heap().field(f, 0);
        assert!(vm.heap().is(code, Kind::Code));
        let at = object::first_address(vm.heap(), code);
        assert!(blob.as_ptr_range().contains(&(at as *const u8)), "the code was copied");
        vm.heap().verify().unwrap();
    });
    assert_eq!(rig.output().replace("\r\n", "\n"), SAID);
}

#[test]
fn a_damaged_blob_is_refused_and_a_damaged_module_too() {
    let mut rig = Rig::new(64 << 10);
    let good: &'static [u8] = modules();
    rig.run(FIBER, |rt| {
        for n in [0, 1, 15, 16, good.len() - 1] {
            assert_eq!(set(rt.vm(), &good[..n]).ok(), Some(false));
        }
        for at in (0..good.len()).step_by(7) {
            let mut bad = good.to_vec();
            bad[at] ^= 1;
            assert_eq!(set(rt.vm(), bad.leak()).ok(), Some(false), "{at}");
        }
        assert!(rt.run_text(b"import driver\n", "<program>", Mode::File).is_err());
        // A blob may be whole and hold a module that is none.
        let bytes = mpy("bad.py", "x = 1\n");
        let cut: Vec<(&[u8], &[u8])> = vec![(b"bad.py", &bytes[..bytes.len() - 1])];
        let mut out = Vec::new();
        assert!(frozen::write(&cut, &mut |piece| out.extend_from_slice(piece)));
        assert_eq!(set(rt.vm(), out.leak()).ok(), Some(true));
        let program = b"try:\n    import bad\nexcept ValueError as e:\n    print(e)\n";
        assert!(rt.run_text(program, "<program>", Mode::File).is_ok());
        rt.vm().heap().verify().unwrap();
    });
    assert_eq!(rig.output().trim_end(), "incompatible .mpy file");
}
