//! The heap-only text methods against what CPython answers.

use super::{codec, text_case, text_find, text_split};
use crate::heap::{Heap, Kind, R, Value};
use crate::object::testing::with_heap;
use crate::object::{bytearray, bytes, int, list, str, tuple};
use std::format;
use std::string::String;
use std::vec::Vec;

/// Like `repr`, near enough for these tests.
fn show(heap: &Heap, v: Value) -> String {
    if let Some(n) = v.as_small() {
        return format!("{n}");
    }
    match heap.kind(v) {
        Kind::List => {
            let items: Vec<String> =
                (0..list::len(heap, v)).map(|i| show(heap, list::get(heap, v, i).unwrap())).collect();
            format!("[{}]", items.join(","))
        }
        Kind::Tuple => {
            let items: Vec<String> =
                (0..tuple::len(heap, v)).map(|i| show(heap, tuple::get(heap, v, i).unwrap())).collect();
            format!("({})", items.join(","))
        }
        Kind::Bytes => format!("b'{}'", String::from_utf8_lossy(heap.str_bytes(v))),
        Kind::ByteArray => {
            format!("a'{}'", String::from_utf8_lossy(heap.span_bytes(bytearray::span(heap, v))))
        }
        _ if str::is_str(heap, v) => format!("'{}'", String::from_utf8_lossy(heap.str_bytes(v))),
        _ if v == Value::TRUE => "True".into(),
        _ if v == Value::FALSE => "False".into(),
        _ => "None".into(),
    }
}

/// `'text'` is a str, `b'…'` bytes, `a'…'` a byte array, `-` None, else an int.
fn value(heap: &mut Heap, text: &str) -> Value {
    let inner = |t: &str| t[t.find('\'').unwrap() + 1..t.len() - 1].replace("\\n", "\n").replace("\\r", "\r");
    if text.starts_with('\'') {
        str::new(heap, inner(text).as_bytes()).unwrap()
    } else if text.starts_with("b'") {
        bytes::new(heap, Kind::Bytes, inner(text).as_bytes()).unwrap()
    } else if text.starts_with("a'") {
        let v = bytearray::new(heap).unwrap();
        bytearray::extend(heap, v, inner(text).as_bytes()).unwrap();
        v
    } else if text == "-" {
        Value::NONE
    } else {
        int::from_i64(heap, text.parse().unwrap()).unwrap()
    }
}

type Method = fn(&mut Heap, &[Value]) -> R;

#[test]
fn methods() {
    let table: &[(Method, &str, &str)] = &[
        (text_find::find, "'hello'|'l'", "2"),
        (text_find::find, "'hello'|'l'|3", "3"),
        (text_find::find, "'hello'|'l'|-1", "-1"),
        (text_find::find, "'héllo'|'l'|-3|-1", "2"),
        (text_find::find, "'hello'|''|5", "5"),
        (text_find::find, "'hello'|''|6", "-1"),
        (text_find::find, "'héllo'|'o'", "4"),
        (text_find::rfind, "'héllo'|'l'", "3"),
        (text_find::find, "b'hello'|108", "2"),
        (text_find::count, "'aaaa'|'aa'", "2"),
        (text_find::count, "'é€x'|''", "4"),
        (text_find::count, "'aaaa'|'a'|1|3", "2"),
        (text_find::startswith, "'hello'|'he'", "True"),
        (text_find::startswith, "'hello'|'l'|2", "True"),
        (text_find::endswith, "'hello'|'lo'", "True"),
        (text_find::endswith, "'hello'|'lol'", "False"),
        (text_find::partition, "'a.b.c'|'.'", "('a','.','b.c')"),
        (text_find::rpartition, "'a.b.c'|'.'", "('a.b','.','c')"),
        (text_find::partition, "'abc'|'.'", "('abc','','')"),
        (text_find::rpartition, "'abc'|'.'", "('','','abc')"),
        (text_find::strip, "'  a b '", "'a b'"),
        (text_find::strip, "'xxaxbxx'|'x'", "'axb'"),
        (text_find::lstrip, "'éxé'|'é'", "'xé'"),
        (text_find::rstrip, "'éxé'|'é'", "'éx'"),
        (text_find::strip, "b' ab '", "b'ab'"),
        (text_find::removeprefix, "'abc'|'ab'", "'c'"),
        (text_find::removesuffix, "'abc'|'bc'", "'a'"),
        (text_split::split, "' a  b c '", "['a','b','c']"),
        (text_split::split, "' a  b c '|-|1", "['a','b c ']"),
        (text_split::split, "'a,b,,c'|','", "['a','b','','c']"),
        (text_split::split, "'a,b,,c'|','|1", "['a','b,,c']"),
        (text_split::split, "''|','", "['']"),
        (text_split::split, "''", "[]"),
        (text_split::split, "b'a b'", "[b'a',b'b']"),
        (text_split::split, "a'a b'", "[a'a',a'b']"),
        (text_split::rsplit, "'a,b,,c'|','|1", "['a,b,','c']"),
        (text_split::rsplit, "'a,b,,c'|','", "['a','b','','c']"),
        (text_split::rsplit, "' a  b c '|-|1", "[' a  b','c']"),
        (text_split::rsplit, "' a  b c '", "['a','b','c']"),
        (text_split::replace, "'abcabc'|'b'|'xy'", "'axycaxyc'"),
        (text_split::replace, "'abcabc'|'b'|''|1", "'acabc'"),
        (text_split::replace, "'abc'|''|'-'", "'-a-b-c-'"),
        (text_split::replace, "'abc'|''|'-'|2", "'-a-bc'"),
        (text_split::replace, "'é€'|''|'-'", "'-é-€-'"),
        (text_split::replace, "''|''|'x'", "'x'"),
        (text_split::replace, "a'aa'|b'a'|b'b'", "a'bb'"),
        (text_case::upper, "'aBé'", "'ABé'"),
        (text_case::lower, "'A'", "'a'"),
        (text_case::upper, "b'abc'", "b'ABC'"),
        (text_case::center, "'ab'|5", "'  ab '"),
        (text_case::center, "'abc'|6", "' abc  '"),
        (text_case::isdigit, "'123'", "True"),
        (text_case::isdigit, "''", "False"),
        (text_case::isupper, "'A1'", "True"),
        (text_case::islower, "'a B'", "False"),
        (text_case::hex, "b'\u{1}az'", "'01617a'"),
        (text_case::hex, "b'az'|':'", "'61:7a'"),
        (codec::decode, "b'h\u{e9}'", "'h\u{e9}'"),
        (codec::encode, "'é'", "b'é'"),
        (codec::encode, "'aé'|'ascii'|'replace'", "b'a?'"),
        (codec::encode, "'aé'|'ascii'|'ignore'", "b'a'"),
    ];
    with_heap(|heap| {
        for (f, given, want) in table {
            let args: Vec<Value> = given.split('|').map(|t| value(heap, t)).collect();
            let got = f(heap, &args).map(|v| show(heap, v)).unwrap_or_else(|_| "raised".into());
            assert_eq!(&got, want, "{given}");
        }
    });
}

#[test]
fn decoding_with_errors() {
    let table: &[(&[u8], &str, &str)] = &[
        (b"\xff\xfe", "ignore", "''"),
        (b"hello\xffworld", "replace", "'hello\u{fffd}world'"),
        (b"\xc0 ", "ignore", "' '"),
        (b"\xe4\xb8", "replace", "'\u{fffd}'"),
        (b"\xe4 \x80", "replace", "'\u{fffd} \u{fffd}'"),
        (b"\xf0\x9f\x98 ", "replace", "'\u{fffd} '"),
        (b"\xff\xc2\xa9", "ignore", "'\u{a9}'"),
        (b"\xe4\xf0\xe4", "ignore", "''"),
        (b"\xff", "strict", "raised"),
    ];
    with_heap(|heap| {
        for (raw, errors, want) in table {
            let b = bytes::new(heap, Kind::Bytes, raw).unwrap();
            let how = str::new(heap, errors.as_bytes()).unwrap();
            let got = codec::decode(heap, &[b, crate::q!("utf-8"), how]);
            let got = got.map(|v| show(heap, v)).unwrap_or_else(|_| "raised".into());
            assert_eq!(&got, want);
        }
    });
}
