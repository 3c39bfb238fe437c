//! `.mpy` files: a damaged one is refused or runs within its bounds, and the heap is whole afterwards.
//!
//! The files to begin with are those of `tests/mpy` and every conformance program, compiled.

use crate::guided::Target;
use crate::rig::{self, Random, Rig};
use pyrite::code::{read, write};
use pyrite::compile::{self, Mode, Options, SliceSource};
use pyrite::heap::lent::lend;
use pyrite::heap::{Kind, Place};
use std::fs;

pub static TARGET: Target = Target { name: "mpy", heap: 96 << 10, seeds, mutate, round };

const FIBER: usize = 8 << 10;
/// Safepoints that a mutant may pass.
const BUDGET: u32 = 3000;

fn seeds() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(rig::root().join("tests/mpy")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "mpy") {
            all.push(fs::read(path).unwrap());
        }
    }
    let mut compiler = Rig::new(4 << 20);
    for folder in ["conformance", "stackless", "microbit"] {
        for (name, text) in rig::programs(folder) {
            let mpy = compiler.run(FIBER, |rt| {
                let file_name = rt.text(&name).unwrap();
                let heap = rt.vm().heap_mut();
                let options = Options {
                    mode: Mode::File,
                    file_name,
                    opt_level: 0,
                    except_lines: false,
                    ..Options::DEFAULT
                };
                let code = compile::compile(heap, &mut SliceSource::new(text.as_bytes()), &options).ok()?;
                let bytes = lend(heap, None, |heap| write::to_bytes(heap, code)).ok()?;
                Some(heap.str_bytes(bytes).to_vec())
            });
            all.extend(mpy.filter(|m| m.len() < 8000));
        }
    }
    all
}

/// One random change, of the kinds that damaged or hostile files show.
fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len());
    match random.below(8) {
        0 => bytes[at] ^= 1 << random.below(8),
        1 => bytes[at] = random.below(256) as u8,
        2 | 3 => bytes[at] = bytes[random.below(bytes.len())],
        4 => drop(bytes.remove(at)),
        5 => bytes.insert(at, random.below(256) as u8),
        // Another instruction of the same shape.
        6 => bytes[at] = (bytes[at] & 0xf0) | random.below(16) as u8,
        _ => bytes[at] = bytes[at].wrapping_add([1, 255, 16, 240][random.below(4)]),
    }
}

/// Loads and runs one; whether it was accepted.
fn round(rig: &mut Rig, bytes: &[u8]) -> Result<bool, String> {
    // Half of them lie in flash.
    let flash = crate::hash(bytes) & 1 == 0;
    rig.run(FIBER, |rt| {
        let vm = rt.vm();
        let code = if flash {
            // SAFETY: the VM does not outlive this call, and with it goes the code.
            let image: &'static [u8] = unsafe { std::slice::from_raw_parts(bytes.as_ptr(), bytes.len()) };
            vm.lend_heap(|h| read::load(h, Place::Flash(image)))
        } else {
            vm.lend_heap(|h| {
                let raw = h.alloc(Kind::Raw, bytes.len() / 4 + 1)?;
                h.keep(raw)?;
                h.bytes_mut(raw, 0)[..bytes.len()].copy_from_slice(bytes);
                read::load(h, Place::Cell(raw, 0, bytes.len()))
            })
        };
        let accepted = code.is_ok();
        if accepted {
            rt.vm().set_limits(Some(BUDGET), None);
        }
        let failed = rt.run_code(code).is_err();
        rt.vm().set_limits(None, None);
        if failed {
            rt.show_exception();
        }
        rt.vm().heap().verify().map_err(|fault| format!("the heap is damaged: {fault:?}"))?;
        // The mutant may have put functions of its own in the place of any that has a name.
        rt.run_text(b"assert [*(i * i for i in (1, 2, 3))] == [1, 4, 9]", "<after>", Mode::File)
            .map_err(|_| "the next program does not run".to_string())
            .or_else(|why| if accepted { Ok(pyrite::heap::Value::NONE) } else { Err(why) })?;
        rt.vm().collect();
        rt.vm().heap().verify().map_err(|fault| format!("the heap is damaged afterwards: {fault:?}"))?;
        Ok(accepted)
    })
}
