//! What a built-in type, module or function is: plain `static` tables in flash.
//!
//! Invariants
//! - `Registry::types[id]` is the type whose `id` it is (a test of the registry checks it);
//! - the natives of a type are named by the immediate `Value::type_entry(id, index in entries)`, a module's by
//!   `Value::module_entry(module, index)`; so tables need no registration code and no RAM.
#![allow(
    clippy::type_complexity,
    reason = "a table of function pointers is clearest with their types in place"
)]

use super::Vm;
use crate::heap::{Heap, R, TypeId, Value};

/// A native function's arguments: a window on the VM stack, `n` positional values, then `kw` pairs of name and value.
/// They stay reachable until the native returns; `Vm::arg` reads, `Vm::set_arg` overwrites one.
#[derive(Clone, Copy)]
pub struct Args {
    pub base: u32,
    /// `n`, and `kw` in the upper half: two words go in registers, three fields would go through memory.
    counts: u32,
}

impl Args {
    #[inline(always)]
    pub const fn new(base: u32, n: u16, kw: u16) -> Args {
        Args { base, counts: n as u32 | (kw as u32) << 16 }
    }
    #[inline(always)]
    pub const fn n(self) -> u16 {
        self.counts as u16
    }
    #[inline(always)]
    pub const fn kw(self) -> u16 {
        (self.counts >> 16) as u16
    }
}

/// How a method of a type's table is bound.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Bind {
    /// To the object; in a module's table, to nothing.
    Object,
    Static,
    Class,
}

/// A native function and its argument counts (`self` counted for methods); `max` 255 is any number. `Heap` natives
/// allocate first and then mutate: when memory runs out the VM collects and calls them once more. `Vm` natives may run
/// Python; they allocate through `Vm::with_heap`, and keep live values in slots. Keyword arguments are accepted only where
/// `kw` is set, and parsed by the native (`vm::args`). Two words: there are hundreds of them in flash.
#[derive(Clone, Copy)]
pub enum NativeDef {
    Heap { f: fn(&mut Heap, &[Value]) -> R, min: u8, max: u8, how: How },
    Vm { f: fn(&mut Vm, Args) -> R, min: u8, max: u8, how: How },
}

/// Whether it takes keyword arguments (the lowest bit), how it is bound (two bits), and whether MicroPython has it not.
#[derive(Clone, Copy)]
pub struct How(u8);

const _: () = assert!(size_of::<NativeDef>() == 2 * size_of::<usize>());

impl NativeDef {
    pub const fn heap(f: fn(&mut Heap, &[Value]) -> R, min: u8, max: u8, kw: bool) -> NativeDef {
        NativeDef::Heap { f, min, max, how: How(kw as u8) }
    }
    pub const fn vm(f: fn(&mut Vm, Args) -> R, min: u8, max: u8, kw: bool) -> NativeDef {
        NativeDef::Vm { f, min, max, how: How(kw as u8) }
    }
    /// The same, bound another way.
    pub const fn bound(self, bind: Bind) -> NativeDef {
        let bits = (bind as u8) << 1;
        match self {
            NativeDef::Heap { f, min, max, how } => NativeDef::Heap { f, min, max, how: How(how.0 | bits) },
            NativeDef::Vm { f, min, max, how } => NativeDef::Vm { f, min, max, how: How(how.0 | bits) },
        }
    }
    /// The same, as a function that MicroPython does not have: `help` leaves it out.
    pub const fn beyond(self) -> NativeDef {
        match self {
            NativeDef::Heap { f, min, max, how } => NativeDef::Heap { f, min, max, how: How(how.0 | 8) },
            NativeDef::Vm { f, min, max, how } => NativeDef::Vm { f, min, max, how: How(how.0 | 8) },
        }
    }
    pub const fn is_beyond(&self) -> bool {
        self.counts().2.0 & 8 != 0
    }
    const fn counts(&self) -> (u8, u8, How) {
        let (NativeDef::Heap { min, max, how, .. } | NativeDef::Vm { min, max, how, .. }) = self;
        (*min, *max, *how)
    }
    pub const fn min(&self) -> u8 {
        self.counts().0
    }
    pub const fn max(&self) -> u8 {
        self.counts().1
    }
    pub const fn kw(&self) -> bool {
        self.counts().2.0 & 1 != 0
    }
    pub const fn bind(&self) -> Bind {
        self.counts().2.bind()
    }
}

impl How {
    pub const fn bind(self) -> Bind {
        match self.0 >> 1 & 3 {
            0 => Bind::Object,
            1 => Bind::Static,
            _ => Bind::Class,
        }
    }
}

/// What a name of a type or module stands for.
#[derive(Clone, Copy)]
pub enum Const {
    /// A function; in a type's table, a method.
    Fn(NativeDef),
    /// In a type's table: a read-only attribute computed from the object.
    Get(fn(&mut Heap, Value) -> R),
    /// A constant.
    Val(Value),
    Int(i32),
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    Float(&'static f64),
    /// A type of the registry.
    Type(TypeId),
    /// Made anew at each look-up (module attributes such as `sys.path`, which live in the VM's state).
    Dyn(fn(&mut Vm) -> R),
}

/// One name of a type or module.
#[derive(Clone, Copy)]
pub struct Entry {
    /// `q!("name")`
    pub name: Value,
    pub value: Const,
}

#[cfg(target_pointer_width = "32")]
const _: () = assert!(size_of::<Entry>() == 12);

/// The operators, in the order of the bytecode (`Unary`: 0xd0 + n; `Binary`: 0xd7 + n).
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum UnaryOp {
    Positive,
    Negative,
    Invert,
    /// Truth decides it; no type is asked.
    Not,
    /// Not in bytecode: the built-in functions' way in.
    Bool,
    Len,
    Hash,
    Abs,
    Int,
    Float,
    Complex,
    SizeOf,
}

#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum BinaryOp {
    Less,
    More,
    Equal,
    LessEqual,
    MoreEqual,
    NotEqual,
    In,
    Is,
    ExceptionMatch,
    InplaceOr,
    InplaceXor,
    InplaceAnd,
    InplaceLshift,
    InplaceRshift,
    InplaceAdd,
    InplaceSubtract,
    InplaceMultiply,
    InplaceMatMultiply,
    InplaceFloorDivide,
    InplaceTrueDivide,
    InplaceModulo,
    InplacePower,
    Or,
    Xor,
    And,
    Lshift,
    Rshift,
    Add,
    Subtract,
    Multiply,
    MatMultiply,
    FloorDivide,
    TrueDivide,
    Modulo,
    Power,
}

/// A slot that may be filled by a heap-only function or by one that may run Python.
#[derive(Clone, Copy)]
pub enum Slot<H, V> {
    None,
    Heap(H),
    Vm(V),
}

/// What to do with an item or attribute.
#[derive(Clone, Copy)]
pub enum Access {
    Load,
    Store(Value),
    Delete,
}

/// How `print` shows an object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Str,
    Repr,
}

pub type UnaryFn = Slot<fn(&mut Heap, UnaryOp, Value) -> R, fn(&mut Vm, UnaryOp, Value) -> R>;
pub type BinaryFn =
    Slot<fn(&mut Heap, BinaryOp, Value, Value) -> R, fn(&mut Vm, BinaryOp, Value, Value) -> R>;
pub type SubscrFn = Slot<fn(&mut Heap, Value, Value, Access) -> R, fn(&mut Vm, Value, Value, Access) -> R>;
pub type NextFn = Slot<fn(&mut Heap, Value) -> R, fn(&mut Vm, Value) -> R>;

/// A contiguous run of bytes inside an object, as the buffer protocol gives it: the leaf cell that holds
/// them (or a built-in name), the byte offset in `Heap::buffer_bytes`' terms, length, item code and writability.
#[derive(Clone, Copy)]
pub struct Buffer {
    pub owner: Value,
    /// Payload word of `owner` where its bytes start.
    pub from_word: u16,
    pub offset: u32,
    pub len: u32,
    pub typecode: u8,
    pub writable: bool,
}

/// A built-in type. Every function gets its object first; a missing slot means the operation is not supported.
pub struct TypeDef {
    pub id: TypeId,
    /// `q!("name")`
    pub name: Value,
    pub base: Option<TypeId>,
    /// `type(args)`; without it the type cannot be instantiated.
    pub make: Option<NativeDef>,
    /// `str` and `repr`: writes by `Vm::emit`.
    pub print: Option<fn(&mut Vm, Value, Mode) -> R<()>>,
    /// `Bool`, `Len`, `Hash`, `Negative`, …; `Value::NOT_IMPLEMENTED` declines.
    pub unary: UnaryFn,
    /// Called on the left operand's type, then, if that declines with `Value::NOT_IMPLEMENTED`, on the right operand's
    /// type with the operands in the same order: at least one operand is of this type. In-place operators that are
    /// declined are tried again as plain ones. `==` falls back on identity.
    pub binary: BinaryFn,
    /// `item in self`; without it the object is iterated.
    pub contains: Option<fn(&mut Vm, Value, Value) -> R<bool>>,
    pub subscr: SubscrFn,
    /// An iterator over the object (an iterator returns itself).
    pub iter: Option<fn(&mut Heap, Value) -> R>,
    /// The next item, `Value::STOP` at the end.
    pub next: NextFn,
    pub call: Option<fn(&mut Vm, Value, Args) -> R>,
    /// Attributes that are not in `entries`; `Value::STOP` where there is no such attribute.
    pub attr: Option<fn(&mut Vm, Value, Value, Access) -> R>,
    pub buffer: Option<fn(&Heap, Value) -> Option<Buffer>>,
    pub stream: Option<&'static StreamDef>,
    pub entries: &'static [Entry],
}

impl TypeDef {
    /// A type with nothing but a name, to build others on: `TypeDef { make: …, ..TypeDef::plain(id, name) }`.
    pub const fn plain(id: TypeId, name: Value) -> TypeDef {
        TypeDef {
            id,
            name,
            base: None,
            make: None,
            print: None,
            unary: Slot::None,
            binary: Slot::None,
            contains: None,
            subscr: Slot::None,
            iter: None,
            next: Slot::None,
            call: None,
            attr: None,
            buffer: None,
            stream: None,
            entries: &[],
        }
    }
}

/// A stream's operations; `Err(Raised)` is an `OSError`. `read`/`write` move at most the given slice and return the count.
pub struct StreamDef {
    pub read: Option<fn(&mut Vm, Value, Buffer) -> R<usize>>,
    pub write: Option<fn(&mut Vm, Value, Buffer) -> R<usize>>,
    pub ioctl: Option<fn(&mut Vm, Value, u32, i64) -> R<i64>>,
    /// Text (str) rather than bytes.
    pub text: bool,
}

/// A built-in module.
pub struct ModuleDef {
    /// `q!("name")`
    pub name: Value,
    pub entries: &'static [Entry],
}

/// What the loader found.
#[derive(Clone, Copy)]
pub enum Loaded {
    Missing,
    /// A module's code; `path` is the list of places of its submodules where it is a package.
    Code {
        code: Value,
        path: Option<Value>,
        file: Value,
    },
    /// A folder without code.
    Namespace {
        path: Value,
    },
}

/// What the VM needs of the ranks above it.
pub struct Hooks {
    /// Finds module `name` (its own name, without its package's) in the places of `search`, or of `sys.path`.
    pub load: fn(&mut Vm, name: Value, search: Option<Value>) -> R<Loaded>,
    /// Shows a value on the present output.
    pub print: fn(&mut Vm, Value, Mode) -> R<()>,
    /// The text of a value as a str.
    pub to_str: fn(&mut Vm, Value, Mode) -> R,
    /// Shows an exception with its traceback on the present output.
    pub print_exception: fn(&mut Vm, Value) -> R<()>,
    /// Writes bytes to a stream object.
    pub write_stream: fn(&mut Vm, Value, &[u8]) -> R<()>,
    /// An object is gone, `__del__` has run: tells who watches it, and runs the finalizer of a built-in type. It keeps the
    /// object reachable itself.
    pub finalize: fn(&mut Vm, Value) -> R<()>,
}

/// Everything built in; the top rank assembles it, one line per type and module.
pub struct Registry {
    pub types: &'static [&'static TypeDef],
    /// Names and bases of the exceptions, in the order of `TypeId`: most share one `TypeDef`.
    pub exceptions: &'static [(Value, Option<TypeId>)],
    pub modules: &'static [&'static ModuleDef],
    pub hooks: &'static Hooks,
}

/// Shorthands for tables.
pub const fn heap_fn(f: fn(&mut Heap, &[Value]) -> R, min: u8, max: u8) -> Const {
    Const::Fn(NativeDef::heap(f, min, max, false))
}
pub const fn vm_fn(f: fn(&mut Vm, Args) -> R, min: u8, max: u8) -> Const {
    Const::Fn(NativeDef::vm(f, min, max, false))
}
pub const fn kw_fn(f: fn(&mut Vm, Args) -> R, min: u8, max: u8) -> Const {
    Const::Fn(NativeDef::vm(f, min, max, true))
}
pub const fn entry(name: Value, value: Const) -> Entry {
    Entry { name, value }
}
