//! Items and slices of texts and bytes, where they are short.

use super::text;
use crate::heap::{Heap, Kind, R, Value};
use crate::object::{bytearray, bytes, slice, str, strbuf};
use crate::q;
use crate::vm::Vm;

/// `text[key]` for str, bytes and bytearray, loading only.
pub fn subscr(vm: &mut Vm, this: Value, key: Value) -> R {
    vm.with_heap2(item, this, key)
}

fn item(heap: &mut Heap, this: Value, key: Value) -> R {
    let Some(me) = text::known(heap, this) else { return Err(text::mixed(heap, Kind::Bytes)) };
    let len = if me.is_str() { str::char_len(heap, me.value) } else { me.span.len() };
    if heap.is(key, Kind::Slice) {
        let r = slice::resolve(heap, key, len)?;
        if me.is_str() {
            return str::slice(heap, me.value, r.start, r.step, r.count);
        }
        if r.step == 1 {
            let (from, to) = r.bounds();
            return strbuf::make(heap, me.kind, me.span.sub(from, to));
        }
        let (made, whole) = match me.kind {
            Kind::ByteArray => {
                let v = bytearray::with_len(heap, r.count)?;
                (v, bytearray::span(heap, v))
            }
            kind => {
                let v = bytes::blank(heap, kind, r.count)?;
                (v, bytes::cell(heap, v))
            }
        };
        bytes::copy_strided(heap, whole, me.span, r.start, r.step, r.count, 1);
        return Ok(made);
    }
    let what = match me.kind {
        Kind::Str => "string",
        Kind::Bytes => "bytes",
        _ => "bytearray",
    };
    let i = slice::index(heap, key, len, what)?;
    if me.is_str() {
        return Ok(str::char_at(heap, me.value, i)?.unwrap_or(q!("")));
    }
    Ok(Value::small(heap.span_bytes(me.span).get(i).copied().unwrap_or(0).into()))
}
