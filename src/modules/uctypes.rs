//! The module `uctypes`: data in memory by address, laid out as a descriptor says.
//!
//! Invariants
//! - a struct is an `Object` cell: type, address in two parts, descriptor, layout, size in bytes (0 where the descriptor
//!   is none);
//! - a descriptor's ints carry 4 bits of scalar type above 27 bits of offset, or 2 bits of aggregate above 29;
//! - nested descriptors are walked on the VM's stack when sizes are added up;
//! - nothing vouches for an address but the program: this module can spoil the memory of the VM and of the firmware.

use crate::builtins::{convert, text};
use crate::heap::foreign::END;
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::object::c_struct::{self, address, field};
use crate::object::memoryview::View;
use crate::object::{bytes, dict, int, memoryview, text_iter, tuple, typed_array};
use crate::port::memory;
use crate::q;
use crate::vm::def::{
    Access, Args, Buffer, Const, Entry, Mode, ModuleDef, NativeDef, Slot, TypeDef, UnaryOp, entry, vm_fn,
};
use crate::vm::{Slot as Place, Vm, bulk};

pub static MODULE: ModuleDef = ModuleDef { name: q!("uctypes"), entries: &ENTRIES };

/// A scalar type as the programs' small ints have it: 31 bits with a sign.
const fn scalar(n: u32) -> Const {
    Const::Val(Value::small((n << SCALAR_SHIFT) as i32))
}

static ENTRIES: [Entry; 37] = [
    entry(q!("struct"), Const::Type(TypeId::Struct)),
    entry(q!("sizeof"), vm_fn(sizeof, 1, 2)),
    entry(q!("addressof"), vm_fn(addressof, 1, 1)),
    entry(q!("bytes_at"), vm_fn(bytes_at, 2, 2)),
    entry(q!("bytearray_at"), vm_fn(bytearray_at, 2, 2)),
    entry(q!("LITTLE_ENDIAN"), Const::Int(LITTLE_ENDIAN)),
    entry(q!("BIG_ENDIAN"), Const::Int(BIG_ENDIAN)),
    entry(q!("NATIVE"), Const::Int(NATIVE)),
    entry(q!("VOID"), scalar(0)),
    entry(q!("UINT8"), scalar(0)),
    entry(q!("INT8"), scalar(1)),
    entry(q!("UINT16"), scalar(2)),
    entry(q!("INT16"), scalar(3)),
    entry(q!("UINT32"), scalar(4)),
    entry(q!("INT32"), scalar(5)),
    entry(q!("UINT64"), scalar(6)),
    entry(q!("INT64"), scalar(7)),
    entry(q!("BFUINT8"), scalar(8)),
    entry(q!("BFINT8"), scalar(9)),
    entry(q!("BFUINT16"), scalar(10)),
    entry(q!("BFINT16"), scalar(11)),
    entry(q!("BFUINT32"), scalar(12)),
    entry(q!("BFINT32"), scalar(13)),
    entry(q!("FLOAT32"), scalar(14)),
    entry(q!("FLOAT64"), scalar(15)),
    entry(q!("USHORT"), scalar(2)),
    entry(q!("SHORT"), scalar(3)),
    entry(q!("UINT"), scalar(4)),
    entry(q!("INT"), scalar(5)),
    entry(q!("ULONG"), scalar(if cfg!(target_pointer_width = "64") { 6 } else { 4 })),
    entry(q!("LONG"), scalar(if cfg!(target_pointer_width = "64") { 7 } else { 5 })),
    entry(q!("ULONGLONG"), scalar(6)),
    entry(q!("LONGLONG"), scalar(7)),
    entry(q!("PTR"), Const::Val(Value::small((PTR << AGGREGATE_SHIFT) as i32))),
    entry(q!("ARRAY"), Const::Val(Value::small((ARRAY << AGGREGATE_SHIFT) as i32))),
    entry(q!("BF_POS"), Const::Int(BF_POS as i32)),
    entry(q!("BF_LEN"), Const::Int(BF_LEN as i32)),
];

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 2, 3, false)),
    print: Some(print),
    unary: Slot::Vm(unary),
    subscr: Slot::Vm(subscr),
    attr: Some(attr),
    buffer: Some(buffer),
    ..TypeDef::plain(TypeId::Struct, q!("struct"))
};

const LITTLE_ENDIAN: i32 = 0;
const BIG_ENDIAN: i32 = 1;
const NATIVE: i32 = 2;

const SCALAR_SHIFT: u32 = 27;
const AGGREGATE_SHIFT: u32 = 29;
const BF_POS: u32 = 17;
const BF_LEN: u32 = 22;

/// Kinds of aggregates.
const STRUCT: u32 = 0;
const PTR: u32 = 1;
const ARRAY: u32 = 2;

// ---- descriptors ---------------------------------------------------------------------------------------------

/// The 31 bits of a descriptor's int.
fn bits(v: Value) -> Option<u32> {
    v.as_small().map(|n| n as u32 & 0x7fff_ffff)
}

/// A scalar's type and where it is.
#[derive(Clone, Copy)]
struct Scalar {
    /// 0 to 15, in the order of the module's names.
    which: u32,
    offset: u64,
    /// Bits of a bit field, and which is the lowest.
    len: u32,
    pos: u32,
}

impl Scalar {
    fn of(n: u32) -> Scalar {
        let which = n >> SCALAR_SHIFT & 15;
        if (8..14).contains(&which) {
            let len = n >> BF_LEN & 31;
            let offset = (n & ((1 << BF_POS) - 1)).into();
            return Scalar { which, offset, len: if len == 0 { 32 } else { len }, pos: n >> BF_POS & 31 };
        }
        Scalar { which, offset: (n & ((1 << SCALAR_SHIFT) - 1)).into(), len: 0, pos: 0 }
    }
    /// The same type at no offset.
    fn here(self) -> Scalar {
        Scalar { offset: 0, ..self }
    }
    fn size(self) -> usize {
        match self.which {
            0..8 => 1 << (self.which / 2),
            8..14 => 1 << (self.which / 2 - 4),
            14 => 4,
            _ => 8,
        }
    }
    fn is_signed(self) -> bool {
        self.which < 14 && self.which & 1 != 0
    }
}

/// What a descriptor that is a tuple says.
enum Aggregate {
    Struct {
        offset: u64,
        fields: Value,
    },
    /// The scalar or the dict that it points to.
    Ptr {
        offset: u64,
        to: Value,
    },
    /// As many scalars, or structs.
    Array {
        offset: u64,
        count: u64,
        of: Value,
    },
}

#[cold]
fn bad_descriptor(vm: &mut Vm) -> Raised {
    vm.raise(TypeId::TypeError, "syntax error in uctypes descriptor")
}

fn aggregate(vm: &mut Vm, t: Value) -> R<Aggregate> {
    let heap = vm.heap();
    let item = |i: usize| tuple::get(heap, t, i);
    let n = tuple::len(heap, t);
    let parsed = (|| {
        let first = bits(item(0)?)?;
        let offset = u64::from(first & ((1 << AGGREGATE_SHIFT) - 1));
        let second = item(1)?;
        match (first >> AGGREGATE_SHIFT, n) {
            (STRUCT, 2) if dict::is(heap, second) => Some(Aggregate::Struct { offset, fields: second }),
            (PTR, 2) if dict::is(heap, second) || second.is_small() => {
                Some(Aggregate::Ptr { offset, to: second })
            }
            (ARRAY, 2) => {
                let n = bits(second)?;
                let of = n & !((1 << SCALAR_SHIFT) - 1);
                let count = (n & ((1 << SCALAR_SHIFT) - 1)).into();
                Some(Aggregate::Array { offset, count, of: Value::small(of as i32) })
            }
            (ARRAY, 3) => {
                let of = item(2).filter(|d| dict::is(heap, *d))?;
                Some(Aggregate::Array { offset, count: u64::try_from(second.as_small()?).ok()?, of })
            }
            _ => None,
        }
    })();
    match parsed {
        Some(a) => Ok(a),
        None => Err(bad_descriptor(vm)),
    }
}

// ---- sizes ---------------------------------------------------------------------------------------------------

/// Bytes of what a descriptor describes, without its own offset.
fn size_of_descriptor(vm: &mut Vm, descriptor: Value, layout: i32) -> R<u64> {
    if dict::is(vm.heap(), descriptor) {
        return Ok(size_of_fields(vm, descriptor, layout)?.0);
    }
    if !tuple::is(vm.heap(), descriptor) {
        return Err(bad_descriptor(vm));
    }
    match aggregate(vm, descriptor)? {
        Aggregate::Struct { fields, .. } => Ok(size_of_fields(vm, fields, layout)?.0),
        Aggregate::Ptr { .. } => Ok(size_of::<usize>() as u64),
        Aggregate::Array { count, of, .. } => Ok(count * element_size(vm, of, layout)?),
    }
}

/// Bytes from one element of an array to the next.
fn element_size(vm: &mut Vm, of: Value, layout: i32) -> R<u64> {
    match bits(of) {
        Some(n) => Ok(Scalar::of(n).size() as u64),
        None => Ok(size_of_fields(vm, of, layout)?.0),
    }
}

/// Slots of a frame: dict, cursor, size, alignment; and of the field of the dict around that is this dict, its offset
/// and how many times it is there.
const FRAME: u32 = 6;

/// Size and alignment of a dict of fields.
fn size_of_fields(vm: &mut Vm, fields: Value, layout: i32) -> R<(u64, u64)> {
    let base = vm.depth();
    open(vm, fields, 0, 1)?;
    loop {
        let frame = vm.depth() - FRAME;
        let number = |vm: &Vm, i: u32| vm.get(Place(frame + i)).as_small().unwrap_or(0).max(0) as u64;
        let (cursor, mut size, mut align) = (number(vm, 1), number(vm, 2), number(vm, 3));
        let d = vm.get(Place(frame));
        vm.tick(100)?;
        let Some((next, _, of)) = dict::next(vm.heap(), d, cursor as usize) else {
            // This dict is done: it is a field of the one around.
            if layout == NATIVE {
                size = size.next_multiple_of(align.max(1));
            }
            let (offset, times) = (number(vm, 4), number(vm, 5));
            vm.drop_to(Place(frame));
            if frame == base {
                return Ok((size, align));
            }
            grow(vm, frame - FRAME, offset + size * times, align)?;
            continue;
        };
        vm.set(Place(frame + 1), Value::small(next as i32));
        (size, align) = if let Some(n) = bits(of) {
            let s = Scalar::of(n);
            (s.offset + s.size() as u64, s.size() as u64)
        } else if tuple::is(vm.heap(), of) {
            match aggregate(vm, of)? {
                Aggregate::Struct { offset, fields } => {
                    open(vm, fields, offset, 1)?;
                    continue;
                }
                Aggregate::Ptr { offset, .. } => {
                    (offset + size_of::<usize>() as u64, size_of::<usize>() as u64)
                }
                Aggregate::Array { offset, count, of } => match bits(of) {
                    Some(n) => {
                        let one = Scalar::of(n).size() as u64;
                        (offset + count * one, one)
                    }
                    None => {
                        open(vm, of, offset, count)?;
                        continue;
                    }
                },
            }
        } else {
            return Err(bad_descriptor(vm));
        };
        grow(vm, frame, size, align)?;
    }
}

fn small(vm: &mut Vm, n: u64) -> R {
    match i64::try_from(n).ok().and_then(Value::try_small) {
        Some(v) => Ok(v),
        None => Err(vm.raise(TypeId::OverflowError, "struct too large")),
    }
}

fn open(vm: &mut Vm, fields: Value, offset: u64, times: u64) -> R<()> {
    let (offset, times) = (small(vm, offset)?, small(vm, times)?);
    vm.push(fields)?;
    for v in [Value::small(0), Value::small(0), Value::small(1), offset, times] {
        vm.push(v)?;
    }
    Ok(())
}

/// A dict's frame learns of a field that ends at `size`.
fn grow(vm: &mut Vm, frame: u32, size: u64, align: u64) -> R<()> {
    for (i, n) in [(2, size), (3, align)] {
        let n = small(vm, n)?;
        if n.as_small() > vm.get(Place(frame + i)).as_small() {
            vm.set(Place(frame + i), n);
        }
    }
    Ok(())
}

/// `sizeof(struct or descriptor[, layout])`
fn sizeof(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    let mut layout = NATIVE;
    let mut descriptor = v;
    if is(vm, v) {
        if args.n() > 1 {
            return Err(vm.raise(TypeId::TypeError, "a struct has its layout already"));
        }
        layout = vm.heap().int(v, field::LAYOUT);
        descriptor = vm.heap().field(v, field::DESCRIPTOR);
    } else if vm.type_id(v) == TypeId::MemoryView {
        // An array of bytes.
        let n = text_iter::items(vm.heap(), v).1.len();
        return Ok(Value::small(n as i32));
    } else if let Some(l) = vm.arg(args, 1) {
        layout = layout_of(vm, l)?;
    }
    let n = size_of_descriptor(vm, descriptor, layout)?;
    vm.with_heap(|h| int::from_u64(h, n))
}

// ---- structs -------------------------------------------------------------------------------------------------

fn is(vm: &Vm, v: Value) -> bool {
    vm.heap().is(v, Kind::Object) && vm.type_id(v) == TypeId::Struct
}

fn layout_of(vm: &mut Vm, v: Value) -> R<i32> {
    match convert::to_i64(vm, v)? {
        n @ 0..=2 => Ok(n as i32),
        _ => Err(vm.raise(TypeId::ValueError, "bad layout")),
    }
}

/// An address argument.
fn address_arg(vm: &mut Vm, v: Value) -> R<u64> {
    if !int::is(vm.heap(), v) {
        return Err(convert::type_error(vm, "can't convert ", v, " to int"));
    }
    let n = int::to_i64(vm.heap(), v).and_then(|n| u64::try_from(n).ok()).filter(|n| *n < END);
    match n {
        Some(n) => Ok(n),
        None => Err(vm.raise(TypeId::OverflowError, "address out of range")),
    }
}

/// `struct(address, descriptor, layout=NATIVE)`
fn make(vm: &mut Vm, args: Args) -> R {
    let at = address_arg(vm, vm.req(args, 0))?;
    let layout = match vm.arg(args, 2) {
        Some(v) => layout_of(vm, v)?,
        None => NATIVE,
    };
    new(vm, at, vm.req(args, 1), layout)
}

/// A struct; the descriptor is reachable.
fn new(vm: &mut Vm, at: u64, descriptor: Value, layout: i32) -> R {
    // A descriptor that is none shows when it is used.
    let size = match size_of_descriptor(vm, descriptor, layout) {
        Ok(n) => small(vm, n)?,
        Err(Raised) if vm.raised_is(TypeId::TypeError) => {
            vm.heap_mut().raised = None;
            Value::small(0)
        }
        Err(r) => return Err(r),
    };
    vm.with_heap(|h| {
        let v = h.alloc(Kind::Object, field::COUNT)?;
        h.set_field(v, field::TYPE, Value::typ(TypeId::Struct));
        h.set_int(v, field::LOW, (at & 0x3fff_ffff) as i32);
        h.set_int(v, field::HIGH, (at >> 30) as i32);
        h.set_field(v, field::DESCRIPTOR, descriptor);
        h.set_int(v, field::LAYOUT, layout);
        h.set_field(v, field::SIZE, size);
        Ok(v)
    })
}

fn print(vm: &mut Vm, this: Value, _: Mode) -> R<()> {
    let descriptor = vm.heap().field(this, field::DESCRIPTOR);
    let kind = match bits(tuple::get(vm.heap(), descriptor, 0).unwrap_or(Value::NONE)) {
        Some(n) if tuple::is(vm.heap(), descriptor) => Some(n >> AGGREGATE_SHIFT),
        _ if dict::is(vm.heap(), descriptor) => Some(STRUCT),
        _ => None,
    };
    vm.emit(b"<struct ")?;
    vm.emit(match kind {
        Some(STRUCT) => b"STRUCT ",
        Some(PTR) => b"PTR ",
        Some(ARRAY) => b"ARRAY ",
        _ => b"ERROR ",
    })?;
    let mut room = [0; 16];
    let mut sink = crate::base::sink::SliceSink::new(&mut room);
    // Sixteen bytes hold every address.
    let _ = crate::base::sink::put_hex(&mut sink, address(vm.heap(), this), 1);
    vm.emit(sink.bytes())?;
    vm.emit(b">")
}

fn buffer(heap: &Heap, this: Value) -> Option<Buffer> {
    Some(crate::builtins::bytes::as_buffer(c_struct::span(heap, this), b'B', true))
}

fn bytes_view(heap: &mut Heap, at: u64, len: usize) -> R {
    memoryview::new(
        heap,
        View {
            typecode: b'B',
            writable: true,
            byte_array: true,
            owner: Value::FOREIGN,
            offset: at as usize,
            len,
        },
    )
}

/// A pointer stands for the address that it holds.
fn unary(vm: &mut Vm, op: UnaryOp, this: Value) -> R {
    let descriptor = vm.heap().field(this, field::DESCRIPTOR);
    if matches!(op, UnaryOp::Hash) {
        return Err(vm.raise(TypeId::TypeError, "unhashable type: 'struct'"));
    }
    if !matches!(op, UnaryOp::Int) || !tuple::is(vm.heap(), descriptor) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    match aggregate(vm, descriptor)? {
        Aggregate::Ptr { .. } => {
            let at = address(vm.heap(), this);
            let to = pointer(at);
            vm.with_heap(|h| int::from_u64(h, to))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn pointer(at: u64) -> u64 {
    memory::peek(at as usize, size_of::<usize>())
}

fn attr(vm: &mut Vm, this: Value, name: Value, access: Access) -> R {
    if matches!(access, Access::Delete) {
        return Ok(Value::STOP);
    }
    let descriptor = vm.heap().field(this, field::DESCRIPTOR);
    if !dict::is(vm.heap(), descriptor) {
        return Err(vm.raise(TypeId::TypeError, "struct: no fields"));
    }
    let Some(of) = dict::get(vm.heap(), descriptor, name) else { return Ok(Value::STOP) };
    let (at, layout) = (address(vm.heap(), this), vm.heap().int(this, field::LAYOUT));
    if let Some(n) = bits(of) {
        return scalar_access(vm, at, Scalar::of(n), layout, access);
    }
    if !tuple::is(vm.heap(), of) {
        return Err(bad_descriptor(vm));
    }
    let found = aggregate(vm, of)?;
    if !matches!(access, Access::Load) {
        return Err(vm.raise(TypeId::TypeError, "can't assign to an aggregate"));
    }
    match found {
        Aggregate::Struct { offset, fields } => new(vm, at + offset, fields, layout),
        Aggregate::Array { offset, count, of } if is_bytes(of) => {
            vm.with_heap(|h| bytes_view(h, at + offset, count as usize))
        }
        Aggregate::Ptr { offset, .. } | Aggregate::Array { offset, .. } => new(vm, at + offset, of, layout),
    }
}

fn is_bytes(of: Value) -> bool {
    bits(of).is_some_and(|n| Scalar::of(n).which == 0)
}

fn subscr(vm: &mut Vm, this: Value, key: Value, access: Access) -> R {
    let descriptor = vm.heap().field(this, field::DESCRIPTOR);
    if matches!(access, Access::Delete) || !tuple::is(vm.heap(), descriptor) {
        return Err(vm.raise(TypeId::TypeError, "struct: can't index"));
    }
    let i = convert::to_i64(vm, key)?;
    let (mut at, layout) = (address(vm.heap(), this), vm.heap().int(this, field::LAYOUT));
    let of = match aggregate(vm, descriptor)? {
        Aggregate::Array { count, of, .. } => {
            if !(0..count as i64).contains(&i) {
                return Err(vm.raise(TypeId::IndexError, "struct: index out of range"));
            }
            of
        }
        Aggregate::Ptr { to, .. } => {
            at = pointer(at);
            to
        }
        Aggregate::Struct { .. } => return Err(vm.raise(TypeId::TypeError, "struct: can't index")),
    };
    let size = element_size(vm, of, layout)?;
    let at = at.wrapping_add_signed(i.wrapping_mul(size as i64)) & (END - 1);
    match bits(of) {
        Some(n) => scalar_access(vm, at, Scalar::of(n).here(), layout, access),
        None if matches!(access, Access::Load) => new(vm, at, of, layout),
        None => Err(vm.raise(TypeId::TypeError, "can't assign to an aggregate")),
    }
}

// ---- scalars -------------------------------------------------------------------------------------------------

/// Reads an unsigned number: in one access where the layout is the machine's, else byte by byte.
fn load(at: u64, size: usize, layout: i32) -> u64 {
    if layout == NATIVE {
        return memory::peek(at as usize, size);
    }
    (0..size).fold(0, |n, i| {
        let b = memory::peek((at as usize).wrapping_add(i), 1);
        if layout == BIG_ENDIAN { n << 8 | b } else { n | b << (8 * i) }
    })
}

fn store(at: u64, size: usize, layout: i32, n: u64) {
    if layout == NATIVE {
        return memory::poke(at as usize, size, n);
    }
    for i in 0..size {
        let shift = if layout == BIG_ENDIAN { size - 1 - i } else { i };
        memory::poke((at as usize).wrapping_add(i), 1, n >> (8 * shift));
    }
}

fn scalar_access(vm: &mut Vm, base: u64, s: Scalar, layout: i32, access: Access) -> R {
    let (at, size) = (base.wrapping_add(s.offset), s.size());
    let Access::Store(v) = access else {
        let mut n = load(at, size, layout);
        let mut width = size as u32 * 8;
        match s.which {
            8..14 => {
                width = s.len.min(width);
                n = n >> s.pos & ((1 << width) - 1);
            }
            14 | 15 => return new_float(vm, s.which, n),
            _ => {}
        }
        if s.is_signed() {
            let n = (n << (64 - width)) as i64 >> (64 - width);
            return vm.with_heap(|h| int::from_i64(h, n));
        }
        return vm.with_heap(|h| int::from_u64(h, n));
    };
    let n = match s.which {
        14 | 15 => float_bits(vm, s.which, v)?,
        _ => match typed_array::low_bits(vm.heap(), text::native(vm.heap(), v)) {
            Some(n) => n,
            None => return Err(convert::type_error(vm, "can't convert ", v, " to int")),
        },
    };
    let n = match s.which {
        8..14 => {
            let mask = ((1u64 << s.len.min(size as u32 * 8)) - 1) << s.pos;
            load(at, size, layout) & !mask | n << s.pos & mask
        }
        _ => n,
    };
    store(at, size, layout, n);
    Ok(Value::NONE)
}

#[cfg(any(feature = "float-single", feature = "float-double"))]
fn new_float(vm: &mut Vm, which: u32, n: u64) -> R {
    use crate::base::float::Float;
    let x = if which == 14 { f32::from_bits(n as u32) as Float } else { f64::from_bits(n) as Float };
    crate::builtins::float::new(vm, x)
}
#[cfg(any(feature = "float-single", feature = "float-double"))]
fn float_bits(vm: &mut Vm, which: u32, v: Value) -> R<u64> {
    let x = convert::to_float(vm, v)?;
    Ok(if which == 14 { (x as f32).to_bits().into() } else { (x as f64).to_bits() })
}
#[cfg(not(any(feature = "float-single", feature = "float-double")))]
fn new_float(vm: &mut Vm, _: u32, _: u64) -> R {
    Err(vm.raise(TypeId::TypeError, "no floats"))
}
#[cfg(not(any(feature = "float-single", feature = "float-double")))]
fn float_bits(vm: &mut Vm, _: u32, _: Value) -> R<u64> {
    Err(vm.raise(TypeId::TypeError, "no floats"))
}

// ---- bytes ---------------------------------------------------------------------------------------------------

/// `addressof(object)`: where its bytes lie; they stay there while it lives and does not grow.
fn addressof(vm: &mut Vm, args: Args) -> R {
    let v = vm.req(args, 0);
    let s = match vm.buffer(v) {
        Some(b) => Some(Span { owner: b.owner, from_word: b.from_word, offset: b.offset, len: b.len }),
        None => text::buffer(vm.heap(), v, true),
    };
    let Some(s) = s else {
        return Err(vm.raise_by(&|h| text::mixed(h, Kind::Bytes)));
    };
    let at = vm.heap().address_of(s);
    vm.with_heap(|h| {
        // The text of a str can be found again (`struct`'s `S`).
        if h.is(v, Kind::Str) {
            h.note_known(v)?;
        }
        int::from_u64(h, at)
    })
}

fn place_args(vm: &mut Vm, args: Args, most: usize) -> R<(u64, usize)> {
    let at = address_arg(vm, vm.req(args, 0))?;
    let n = convert::to_i64(vm, vm.req(args, 1))?;
    match usize::try_from(n).ok().filter(|n| *n <= most) {
        Some(n) => Ok((at, n)),
        None => Err(vm.raise(TypeId::ValueError, "bad size")),
    }
}

/// `bytes_at(address, size)`: a copy.
fn bytes_at(vm: &mut Vm, args: Args) -> R {
    let (at, n) = place_args(vm, args, bytes::MAX_LEN)?;
    bulk::concat(vm, Kind::Bytes, &[Span::of_address(at, n)])
}

/// `bytearray_at(address, size)`: the memory itself, as a view on it.
fn bytearray_at(vm: &mut Vm, args: Args) -> R {
    let (at, n) = place_args(vm, args, usize::MAX >> 6)?;
    vm.with_heap(|h| bytes_view(h, at, n))
}
