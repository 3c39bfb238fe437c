//! The compiler from outside: `MICROPYTHON_TESTS` names a folder of programs, `MPY_REFERENCE` one of `.mpy` files made by
//! `mpy-cross` from them; without these variables only the small cases run.

use super::{Mode, Options, SliceSource, compile};
use crate::base::float::put_repr;
use crate::base::sink::{Put, Sink};
use crate::code::object as code;
use crate::heap::{Heap, Kind, R, Table, Value, names};
use std::format;
use std::path::{Path, PathBuf};
use std::string::String;
use std::vec::Vec;
use std::{env, eprintln, fs};

struct Text(Vec<u8>);
impl Sink for Text {
    fn write(&mut self, t: &[u8]) -> Put {
        self.0.extend(t);
        Ok(())
    }
}

fn uint(out: &mut Vec<u8>, mut n: usize) {
    let mut groups = std::vec![(n & 0x7f) as u8];
    n >>= 7;
    while n > 0 {
        groups.push((n & 0x7f) as u8 | 0x80);
        n >>= 7;
    }
    out.extend(groups.into_iter().rev());
}

fn object(heap: &Heap, v: Value, out: &mut Vec<u8>) {
    if let Some(n) = v.as_small() {
        return text(7, format!("{n}").as_bytes(), false, out);
    }
    match v {
        Value::NONE => return out.push(1),
        Value::FALSE => return out.push(2),
        Value::TRUE => return out.push(3),
        Value::ELLIPSIS => return out.push(4),
        Value::EMPTY_TUPLE => return out.extend([10, 0]),
        _ => {}
    }
    match heap.kind(v) {
        Kind::Bytes => text(6, heap.str_bytes(v), true, out),
        Kind::Tuple => {
            let n = crate::object::tuple::len(heap, v);
            out.push(10);
            uint(out, n);
            for i in 0..n {
                object(heap, crate::object::tuple::get(heap, v, i).unwrap(), out);
            }
        }
        Kind::Float => {
            let mut t = Text(Vec::new());
            let _ = put_repr(&mut t, crate::object::float::get(heap, v).unwrap());
            text(8, &t.0, false, out)
        }
        Kind::Int64 => {
            text(7, format!("{}", crate::object::int::to_i64(heap, v).unwrap()).as_bytes(), false, out)
        }
        Kind::BigInt => {
            let big = crate::object::int::big(heap, v);
            let mut work = big.limbs.to_vec();
            let mut buf = std::vec![0; work.len() * 10 + 2];
            let at = crate::base::limbs::text(&mut work, 10, false, &mut buf);
            let mut t = if big.negative { std::vec![b'-'] } else { Vec::new() };
            t.extend(&buf[at..]);
            text(7, &t, false, out)
        }
        Kind::Complex => {
            let (re, im) = crate::object::complex::parts(heap, v);
            assert_eq!(re, 0.0);
            let mut t = Text(Vec::new());
            let _ = put_repr(&mut t, im);
            let mut t = t.0;
            if t.ends_with(b".0") {
                t.truncate(t.len() - 2);
            }
            t.push(b'j');
            text(9, &t, false, out)
        }
        _ => text(5, heap.str_bytes(v), true, out),
    }
}
fn text(tag: u8, t: &[u8], zero: bool, out: &mut Vec<u8>) {
    out.push(tag);
    uint(out, t.len());
    out.extend(t);
    if zero {
        out.push(0);
    }
}

fn raw(heap: &Heap, c: Value, out: &mut Vec<u8>) {
    let bytes = code::bytes(heap, c);
    let n = code::n_children(heap, c);
    uint(out, bytes.len() << 3 | ((n != 0) as usize) << 2);
    out.extend(bytes);
    if n > 0 {
        uint(out, n);
        for i in 0..n {
            raw(heap, code::child(heap, c, i as u32).unwrap(), out);
        }
    }
}

/// The `.mpy` file of a code object.
fn mpy(heap: &Heap, c: Value) -> Vec<u8> {
    let mut out = std::vec![b'M', 6, 0, 31];
    let unit = code::unit(heap, c);
    let (names_len, consts) = (code::n_names(heap, unit), code::n_consts(heap, unit));
    uint(&mut out, names_len);
    uint(&mut out, consts);
    for i in 0..names_len {
        let v = code::name_at(heap, unit, i as u32);
        match v.index_in(Table::Name) {
            Some(i) if i < names::STATIC_COUNT => uint(&mut out, (i as usize + 1) << 1 | 1),
            _ => {
                let t = heap.str_bytes(v);
                uint(&mut out, t.len() << 1);
                out.extend(t);
                out.push(0);
            }
        }
    }
    for i in 0..consts {
        object(heap, code::const_at(heap, unit, i as u32).unwrap(), &mut out);
    }
    raw(heap, c, &mut out);
    out
}

fn with<T>(text: &[u8], file: &str, mode: Mode, f: impl FnOnce(&mut Heap, R) -> T) -> T {
    crate::code::testing::sized(8 << 20, |heap| {
        let file_name = heap.intern(file.as_bytes()).unwrap();
        let mut source = SliceSource::new(text);
        let made = compile(heap, &mut source, &Options { mode, file_name, opt_level: 0 });
        f(heap, made)
    })
}

fn error_text(heap: &Heap) -> String {
    let Some(e) = heap.raised else { return String::from("?") };
    if heap.kind(e) != Kind::Exception {
        return String::from("no memory");
    }
    let args = heap.field(e, 1);
    let t = crate::object::tuple::get(heap, args, 0)
        .map_or("", |v| std::str::from_utf8(heap.str_bytes(v)).unwrap());
    let tb = heap.field(e, 2);
    let line = heap.int(tb, 1);
    format!("{:?} {t}, line {line}", heap.field(e, 0).as_type_id())
}

/// What `mpy-cross` said, in the form of `error_text`.
fn last_error(said: &str) -> String {
    let line = said.lines().rev().find_map(|l| l.split_once(", line ")).map_or("", |l| l.1);
    let line = line.split(',').next().unwrap_or("");
    let text = said.lines().last().and_then(|l| l.split_once(": ")).map_or("", |l| l.1);
    format!("{text}, line {line}")
}

fn programs(dir: &Path, out: &mut Vec<PathBuf>) {
    let mut all: Vec<_> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
    all.sort();
    for p in all {
        if p.is_dir() {
            programs(&p, out);
        } else if p.extension().is_some_and(|e| e == "py") {
            out.push(p);
        }
    }
}

#[test]
fn like_mpy_cross() {
    let (Ok(dir), Ok(reference)) = (env::var("MICROPYTHON_TESTS"), env::var("MPY_REFERENCE")) else { return };
    let root = PathBuf::from(dir);
    let mut all = Vec::new();
    programs(&root, &mut all);
    let only = env::var("ONLY").unwrap_or_default();
    let (mut equal, mut different, mut failed, mut both) = (0, 0, 0, 0);
    for p in all {
        let file = String::from(p.strip_prefix(&root).unwrap().to_str().unwrap());
        if !file.contains(&only) || file.contains("site-packages") {
            continue;
        }
        let want = fs::read(Path::new(&reference).join(format!("{}.mpy", file.replace('/', "_")))).ok();
        let text = fs::read(&p).unwrap();
        with(&text, &file, Mode::File, |heap, made| match (made, want) {
            (Ok(c), Some(want)) => {
                let have = mpy(heap, c);
                if have == want {
                    equal += 1;
                } else {
                    different += 1;
                    eprintln!("different: {file}");
                    if let Ok(out) = env::var("OUT") {
                        fs::write(Path::new(&out).join(format!("{}.mpy", file.replace('/', "_"))), have)
                            .unwrap();
                    }
                }
            }
            (Ok(_), None) => {
                failed += 1;
                eprintln!("compiled, but refused by mpy-cross: {file}");
            }
            (Err(_), None) => {
                both += 1;
                let said = fs::read_to_string(
                    Path::new(&reference).join(format!("{}.mpy.err", file.replace('/', "_"))),
                );
                let said = said.unwrap_or_default();
                let have = error_text(heap);
                if !have.ends_with(&last_error(&said)) {
                    eprintln!("other words: {file}: {have} / {}", last_error(&said));
                }
            }
            (Err(_), Some(_)) => {
                failed += 1;
                eprintln!("refused: {file}: {}", error_text(heap));
            }
        });
    }
    eprintln!("{equal} equal, {different} different, {failed} one-sided, {both} refused by both");
}
