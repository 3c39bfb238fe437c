//! The table against a model, over a small heap.
use super::hashtable::{self as table, Find};
use super::{dict, float, int, tuple};
use crate::heap::{Heap, Kind, Value};
use std::vec::Vec;

#[allow(unsafe_code)]
fn heap(bytes: usize) -> Heap {
    let mem = std::vec![0u64; bytes / 8].leak();
    // SAFETY: leaked memory is valid for good.
    unsafe { Heap::new(mem.as_mut_ptr().cast(), bytes) }
}

#[test]
fn against_a_model() {
    let mut h = heap(1 << 24);
    let d = dict::new(&mut h).unwrap();
    let mut model: Vec<(i32, i32)> = Vec::new();
    let mut x = 12345u32;
    for i in 0..20_000 {
        x = x.wrapping_mul(1664525).wrapping_add(1013904223);
        let k = ((x >> 16) % 300) as i32 * 256;
        let key = Value::small(k);
        let found = dict::find(&h, d, key);
        let at = model.iter().position(|m| m.0 == k);
        assert_eq!(matches!(found, Find::Found(_)), at.is_some());
        match (found, x >> 8 & 3) {
            (Find::Found(e), 0 | 1) => {
                table::remove(&mut h, d, e);
                model.remove(at.unwrap());
            }
            (Find::Found(e), _) => {
                table::set_value(&mut h, d, e, Value::small(i));
                model[at.unwrap()].1 = i;
            }
            _ => {
                table::insert(&mut h, d, key, None, Some(Value::small(i))).unwrap();
                model.push((k, i));
            }
        }
        assert_eq!(dict::len(&h, d), model.len());
    }
    let (mut cursor, mut seen) = (0, Vec::new());
    while let Some((c, k, v)) = dict::next(&h, d, cursor) {
        cursor = c;
        seen.push((k.as_small().unwrap(), v.as_small().unwrap()));
    }
    assert_eq!(seen, model);
}

#[test]
fn equal_keys_of_different_types() {
    let mut h = heap(1 << 16);
    let s = table::new(&mut h, Kind::Set).unwrap();
    table::insert(&mut h, s, Value::TRUE, None, None).unwrap();
    let one = float::new(&mut h, 1.0).unwrap();
    assert!(matches!(table::find(&h, s, one), Find::Found(0)));
    assert!(matches!(table::find(&h, s, Value::small(1)), Find::Found(0)));
    let t1 = tuple::from_slice(&mut h, &[one, crate::q!("a")]).unwrap();
    let t2 = tuple::from_slice(&mut h, &[Value::TRUE, crate::q!("a")]).unwrap();
    let t3 = tuple::from_slice(&mut h, &[t1, Value::EMPTY_TUPLE]).unwrap();
    let t4 = tuple::from_slice(&mut h, &[t2, Value::EMPTY_TUPLE]).unwrap();
    assert_eq!(table::equal(&h, t3, t4), Some(true));
    assert_eq!(table::hash(&h, t3), table::hash(&h, t4));
    assert_eq!(table::equal(&h, t3, t2), Some(false));
    let big = int::from_i64(&mut h, 1 << 40).unwrap();
    let f = float::new(&mut h, (1u64 << 40) as _).unwrap();
    assert_eq!(table::hash(&h, big), table::hash(&h, f));
    assert_eq!(table::equal(&h, big, f), Some(true));
    let big = int::from_u64(&mut h, 1 << 63).unwrap();
    let f = float::new(&mut h, (1u64 << 63) as _).unwrap();
    assert_eq!(table::hash(&h, big), table::hash(&h, f));
    assert_eq!(table::equal(&h, big, f), Some(true));
}

fn keys_of(h: &Heap, s: Value) -> Vec<i32> {
    let (mut cursor, mut seen) = (0, Vec::new());
    while let Some(e) = table::next(h, s, cursor) {
        cursor = e + 1;
        seen.push(table::key(h, s, e).unwrap().as_small().unwrap());
    }
    seen
}

/// Deleted entries in a row are passed in a step, whatever order they went in; also while gaps are closed piece by piece.
#[test]
fn rows_of_deleted_entries() {
    let mut h = heap(1 << 22);
    let mut x = 99u32;
    let mut random = move |n: usize| {
        x = x.wrapping_mul(1664525).wrapping_add(1013904223);
        (x >> 8) as usize % n
    };
    for round in 0..12 {
        let s = table::new(&mut h, Kind::Set).unwrap();
        let mut model: Vec<i32> = (0..700).collect();
        for k in &model {
            table::insert(&mut h, s, Value::small(*k), None, None).unwrap();
        }
        while !model.is_empty() {
            // From the front, from the end, anywhere, or a new one.
            let n = model.len();
            let at = [0, n - 1, random(n), random(n)][(random(4) + round) % 4];
            let Find::Found(e) = table::find(&h, s, Value::small(model[at])) else { panic!("it is there") };
            table::remove(&mut h, s, e);
            model.remove(at);
            if random(16) == 0 {
                let k = 1000 + random(100_000) as i32;
                if !model.contains(&k) {
                    table::insert(&mut h, s, Value::small(k), None, None).unwrap();
                    model.push(k);
                }
            }
            if random(40) == 0 && table::begin_work(&mut h, s, 5) {
                let mut place = (0, 0);
                while let Some(next) = table::close_gaps(&mut h, s, 5, place, 16) {
                    place = next;
                    assert_eq!(keys_of(&h, s), model);
                    if random(30) == 0 {
                        break;
                    }
                }
            }
            if random(8) == 0 || model.len() < 20 {
                assert_eq!(keys_of(&h, s), model);
            }
        }
    }
}
