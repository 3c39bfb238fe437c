//! Functions, classes and modules of the firmware: objects that name a C table, which rank 9 knows how to read.
//!
//! Invariants
//! - a native function is a `Native` cell of type `NativeFunction`: the address of its definition, then that of what it
//!   belongs to (a class's definition, or the firmware's own pointer); only rank 9 follows them;
//! - the native part of an instance of a native class is a `Native` cell of type `NativeData`: the address of the class's
//!   definition (0 once it was finalized), then the class's data, eight bytes aligned.

use super::api::Vm;
use super::def::Args;
use crate::heap::{Heap, Kind, PTR_WORDS, R, TypeId, Value};
use crate::object::{bytearray, memoryview, typed_array};

/// Payload words of both cells.
const DEFINITION: usize = 1;
const OWNER: usize = 1 + PTR_WORDS;
const FUNCTION_WORDS: usize = 1 + 2 * PTR_WORDS;
/// Behind four bytes of header and three words: eight bytes aligned for every size of pointer.
pub const DATA: usize = 3;

/// What rank 9 has set: without it a VM has no natives but its own.
#[derive(Clone, Copy)]
pub struct Natives {
    pub call: fn(&mut Vm, Value, Args) -> R,
    /// Makes the module of this name and enters it in `sys.modules`; `None` where the firmware has none.
    pub import: fn(&mut Vm, Value) -> R<Option<Value>>,
    /// The address of rank 9's record of this VM.
    pub host: *const u8,
}

impl Natives {
    pub const NONE: Natives =
        Natives { call: |_, _, _| Ok(Value::NONE), import: |_, _| Ok(None), host: core::ptr::null() };
}

/// A function of the firmware: where its definition lies, and what it belongs to.
pub fn new_function(heap: &mut Heap, definition: *const u8, owner: *const u8) -> R {
    let f = heap.alloc(Kind::Native, FUNCTION_WORDS)?;
    heap.set_field(f, 0, Value::typ(TypeId::NativeFunction));
    heap.set_ptr(f, DEFINITION, definition);
    heap.set_ptr(f, OWNER, owner);
    Ok(f)
}

pub fn definition(heap: &Heap, v: Value) -> *const u8 {
    heap.ptr(v, DEFINITION)
}

pub fn owner(heap: &Heap, v: Value) -> *const u8 {
    heap.ptr(v, OWNER)
}

/// The native part of an instance: `size` zero bytes.
pub fn new_data(heap: &mut Heap, class: *const u8, size: usize) -> R {
    let d = heap.alloc(Kind::Native, DATA + size.div_ceil(4))?;
    heap.set_field(d, 0, Value::typ(TypeId::NativeData));
    for i in 1..heap.words(d) {
        heap.set_word(d, i, 0);
    }
    set_class(heap, d, class);
    Ok(d)
}

/// Null: the object was finalized.
pub fn set_class(heap: &mut Heap, data: Value, class: *const u8) {
    heap.set_ptr(data, DEFINITION, class);
}

/// Whether this native base makes no value of a built-in type: instances of the firmware's classes are plain objects.
#[inline]
pub fn is_plain_base(base: Value) -> bool {
    base == Value::typ(TypeId::NativeData)
}

/// Whether `v` is the native part of an instance.
pub fn is_data(heap: &Heap, v: Value) -> bool {
    heap.is(v, Kind::Native) && heap.field(v, 0) == Value::typ(TypeId::NativeData)
}

/// The object whose size a buffer depends on.
pub fn exporter(vm: &Vm, v: Value) -> Value {
    let v = vm.native_of(v).unwrap_or(v);
    if vm.heap().is(v, Kind::MemoryView) { memoryview::get(vm.heap(), v).owner } else { v }
}

/// Keeps an exporter's size, or lets it change again.
pub fn pin(heap: &mut Heap, exporter: Value, by: i32) {
    match heap.kind(exporter) {
        Kind::ByteArray => bytearray::pin(heap, exporter, by),
        Kind::TypedArray => typed_array::pin(heap, exporter, by),
        _ => {}
    }
}

impl Vm {
    /// Whether `v` is a function of the firmware.
    pub fn is_firmware_function(&self, v: Value) -> bool {
        self.heap().is(v, Kind::Native) && self.heap().field(v, 0) == Value::typ(TypeId::NativeFunction)
    }
    /// The firmware's module of this name.
    pub(super) fn firmware_module(&mut self, name: Value) -> R<Option<Value>> {
        let import = self.state().natives.import;
        import(self, name)
    }
}
