//! Module `builtins`: the names that every program has.

use crate::builtins::{code, functions, print_fn};
use crate::heap::TypeId;
use crate::q;
use crate::vm::def::*;

const fn typ(name: crate::heap::Value, id: TypeId) -> Entry {
    Entry { name, value: Const::Type(id) }
}

const OTHERS: &[Entry] = &[
    Entry { name: q!("__import__"), value: kw_fn(code::import, 1, 5) },
    Entry { name: q!("ascii"), value: vm_fn(print_fn::builtin_ascii, 1, 1) },
    #[cfg(feature = "compiler")]
    Entry { name: q!("compile"), value: kw_fn(code::compile, 3, 5) },
    Entry { name: q!("eval"), value: vm_fn(code::eval, 1, 3) },
    Entry { name: q!("exec"), value: vm_fn(code::exec, 1, 3) },
    Entry { name: q!("format"), value: vm_fn(print_fn::builtin_format, 1, 2) },
    Entry { name: q!("globals"), value: vm_fn(code::globals, 0, 0) },
    Entry { name: q!("locals"), value: vm_fn(code::locals, 0, 0) },
    Entry { name: q!("print"), value: kw_fn(print_fn::builtin_print, 0, 255) },
    Entry { name: q!("Ellipsis"), value: Const::Val(crate::heap::Value::ELLIPSIS) },
    Entry { name: q!("NotImplemented"), value: Const::Val(crate::heap::Value::NOT_IMPLEMENTED) },
    typ(q!("bool"), TypeId::Bool),
    typ(q!("bytearray"), TypeId::ByteArray),
    typ(q!("bytes"), TypeId::Bytes),
    typ(q!("classmethod"), TypeId::ClassMethod),
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    typ(q!("complex"), TypeId::Complex),
    typ(q!("dict"), TypeId::Dict),
    typ(q!("filter"), TypeId::Filter),
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    typ(q!("float"), TypeId::Float),
    typ(q!("frozenset"), TypeId::FrozenSet),
    typ(q!("int"), TypeId::Int),
    typ(q!("list"), TypeId::List),
    typ(q!("map"), TypeId::Map),
    typ(q!("memoryview"), TypeId::MemoryView),
    typ(q!("object"), TypeId::Object),
    typ(q!("property"), TypeId::Property),
    typ(q!("range"), TypeId::Range),
    typ(q!("set"), TypeId::Set),
    typ(q!("slice"), TypeId::Slice),
    typ(q!("staticmethod"), TypeId::StaticMethod),
    typ(q!("str"), TypeId::Str),
    typ(q!("super"), TypeId::Super),
    typ(q!("tuple"), TypeId::Tuple),
    typ(q!("type"), TypeId::Type),
    typ(q!("zip"), TypeId::Zip),
    typ(q!("BaseException"), TypeId::BaseException),
    typ(q!("SystemExit"), TypeId::SystemExit),
    typ(q!("KeyboardInterrupt"), TypeId::KeyboardInterrupt),
    typ(q!("GeneratorExit"), TypeId::GeneratorExit),
    typ(q!("Exception"), TypeId::Exception),
    typ(q!("StopIteration"), TypeId::StopIteration),
    typ(q!("StopAsyncIteration"), TypeId::StopAsyncIteration),
    typ(q!("ArithmeticError"), TypeId::ArithmeticError),
    typ(q!("OverflowError"), TypeId::OverflowError),
    typ(q!("ZeroDivisionError"), TypeId::ZeroDivisionError),
    typ(q!("AssertionError"), TypeId::AssertionError),
    typ(q!("AttributeError"), TypeId::AttributeError),
    typ(q!("BufferError"), TypeId::BufferError),
    typ(q!("EOFError"), TypeId::EOFError),
    typ(q!("ImportError"), TypeId::ImportError),
    typ(q!("LookupError"), TypeId::LookupError),
    typ(q!("IndexError"), TypeId::IndexError),
    typ(q!("KeyError"), TypeId::KeyError),
    typ(q!("MemoryError"), TypeId::MemoryError),
    typ(q!("NameError"), TypeId::NameError),
    typ(q!("UnboundLocalError"), TypeId::UnboundLocalError),
    typ(q!("OSError"), TypeId::OSError),
    typ(q!("TimeoutError"), TypeId::TimeoutError),
    typ(q!("RuntimeError"), TypeId::RuntimeError),
    typ(q!("NotImplementedError"), TypeId::NotImplementedError),
    typ(q!("RecursionError"), TypeId::RecursionError),
    typ(q!("SyntaxError"), TypeId::SyntaxError),
    typ(q!("IndentationError"), TypeId::IndentationError),
    typ(q!("TypeError"), TypeId::TypeError),
    typ(q!("ValueError"), TypeId::ValueError),
    typ(q!("UnicodeError"), TypeId::UnicodeError),
    typ(q!("ViperTypeError"), TypeId::ViperTypeError),
];

const COUNT: usize = OTHERS.len() + functions::ENTRIES.len();

static ENTRIES: [Entry; COUNT] = {
    let mut t = [OTHERS[0]; COUNT];
    let mut i = 0;
    while i < COUNT {
        t[i] = if i < OTHERS.len() { OTHERS[i] } else { functions::ENTRIES[i - OTHERS.len()] };
        i += 1;
    }
    t
};

pub static MODULE: ModuleDef = ModuleDef { name: q!("builtins"), entries: &ENTRIES };
