//! Characters and slices of texts with characters longer than a byte, where texts are short.

use super::text::Text;
use crate::heap::{Kind, R, Value};
use crate::object::{slice, str};
use crate::q;
use crate::vm::Vm;

/// A character or slice.
pub fn chars_of(vm: &mut Vm, me: &Text, key: Value) -> R {
    let v = me.value;
    vm.with_heap(|heap| {
        let len = str::char_len(heap, v);
        if heap.is(key, Kind::Slice) {
            let r = slice::resolve(heap, key, len)?;
            return str::slice(heap, v, r.start, r.step, r.count);
        }
        let i = slice::index(heap, key, len, "string")?;
        Ok(str::char_at(heap, v, i)?.unwrap_or(q!("")))
    })
}
