//! The module `builtins`: every name that a program finds without an import. It is the registry's first module.

#[cfg(feature = "basic")]
use super::file;
use super::vfs;
use crate::builtins::{eval, functions, print_fn};
use crate::heap::{R, TypeId, Value};
#[cfg(feature = "basic")]
use crate::object::bytearray;
use crate::object::str;
#[cfg(feature = "basic")]
use crate::port::Input;
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, Const, Entry, ModuleDef, entry, kw_fn, vm_fn};

pub static MODULE: ModuleDef = ModuleDef { name: q!("builtins"), entries: &ENTRIES };

const fn typ(name: Value, id: TypeId) -> Entry {
    Entry { name, value: Const::Type(id) }
}

const OWN: &[Entry] = &[
    // What a class body finds where the globals have no name of their own.
    Entry { name: q!("__name__"), value: Const::Val(q!("builtins")) },
    entry(q!("print"), kw_fn(print_fn::builtin_print, 0, 255)),
    #[cfg(feature = "basic")]
    entry(q!("ascii"), vm_fn(print_fn::builtin_ascii, 1, 1)),
    entry(q!("format"), vm_fn(print_fn::builtin_format, 1, 2)),
    #[cfg(feature = "extra")]
    crate::builtins::help::ENTRY,
    #[cfg(feature = "basic")]
    entry(q!("input"), vm_fn(input, 0, 1)),
    #[cfg(feature = "basic")]
    entry(q!("open"), kw_fn(vfs::open, 1, 255)),
    #[cfg(feature = "extra")]
    super::templatelib::TEMPLATE_FUNCTION,
    #[cfg(feature = "basic")]
    entry(q!("execfile"), vm_fn(execfile, 1, 3)),
    entry(q!("__build_class__"), Const::Val(Value::BUILD_CLASS)),
    entry(q!("Ellipsis"), Const::Val(Value::ELLIPSIS)),
    entry(q!("NotImplemented"), Const::Val(Value::NOT_IMPLEMENTED)),
    entry(q!("__debug__"), Const::Dyn(debug)),
];

const TYPES: &[Entry] = &[
    typ(q!("object"), TypeId::Object),
    typ(q!("type"), TypeId::Type),
    typ(q!("bool"), TypeId::Bool),
    typ(q!("int"), TypeId::Int),
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    typ(q!("float"), TypeId::Float),
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    typ(q!("complex"), TypeId::Complex),
    typ(q!("str"), TypeId::Str),
    typ(q!("bytes"), TypeId::Bytes),
    typ(q!("bytearray"), TypeId::ByteArray),
    #[cfg(feature = "basic")]
    typ(q!("memoryview"), TypeId::MemoryView),
    typ(q!("list"), TypeId::List),
    typ(q!("tuple"), TypeId::Tuple),
    typ(q!("dict"), TypeId::Dict),
    typ(q!("set"), TypeId::Set),
    typ(q!("frozenset"), TypeId::FrozenSet),
    typ(q!("range"), TypeId::Range),
    typ(q!("slice"), TypeId::Slice),
    typ(q!("map"), TypeId::Map),
    typ(q!("filter"), TypeId::Filter),
    typ(q!("zip"), TypeId::Zip),
    typ(q!("property"), TypeId::Property),
    typ(q!("staticmethod"), TypeId::StaticMethod),
    typ(q!("classmethod"), TypeId::ClassMethod),
    typ(q!("super"), TypeId::Super),
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
    #[cfg(feature = "except-star")]
    typ(q!("BaseExceptionGroup"), TypeId::BaseExceptionGroup),
    #[cfg(feature = "except-star")]
    typ(q!("ExceptionGroup"), TypeId::ExceptionGroup),
    typ(q!("ViperTypeError"), TypeId::ViperTypeError),
];

#[cfg(feature = "async-generators")]
const ASYNC: &[Entry] = crate::builtins::async_step::FUNCTIONS;
#[cfg(not(feature = "async-generators"))]
const ASYNC: &[Entry] = &[];

const PARTS: [&[Entry]; 5] = [&functions::ENTRIES, OWN, eval::ENTRIES, TYPES, ASYNC];

const COUNT: usize = PARTS[0].len() + PARTS[1].len() + PARTS[2].len() + PARTS[3].len() + PARTS[4].len();

static ENTRIES: [Entry; COUNT] = {
    let mut all = [OWN[0]; COUNT];
    let (mut part, mut n) = (0, 0);
    while part < PARTS.len() {
        let mut i = 0;
        while i < PARTS[part].len() {
            all[n] = PARTS[part][i];
            n += 1;
            i += 1;
        }
        part += 1;
    }
    all
};

/// `execfile(path[, globals[, locals]])`
fn execfile(vm: &mut Vm, args: Args) -> R {
    let (globals, locals) = eval::spaces(vm, args)?;
    let path = vm.req(args, 0);
    if !str::is_str(vm.heap(), path) {
        return Err(vm.raise(TypeId::TypeError, "a path is required"));
    }
    let code = vfs::code(vm, path)?;
    vm.set_arg(args, 0, code);
    vm.run_code(code, globals, locals)?;
    Ok(Value::NONE)
}

fn debug(vm: &mut Vm) -> R {
    Ok(Value::bool(vm.state().opt_level == 0))
}

/// `input([prompt])`: a line of `sys.stdin` without its end.
#[cfg(feature = "basic")]
fn input(vm: &mut Vm, args: Args) -> R {
    if let Some(prompt) = vm.arg(args, 0) {
        vm.print(prompt, crate::vm::def::Mode::Str)?;
    }
    let stdin = match vm.overridden(q!("sys"), q!("stdin")).filter(|v| *v != Value::STOP) {
        Some(other) => other,
        None if vm.state().crlf => return typed(vm),
        None => file::stdin(vm)?,
    };
    let line = vm.call_method(stdin, q!("readline"), &[])?;
    let end = match vm.heap().str_bytes(line) {
        [] => return Err(vm.raise_bare(TypeId::EOFError)),
        [text @ .., b'\r', b'\n'] | [text @ .., b'\n'] | text => text.len(),
    };
    let at = vm.push(line)?;
    let made = vm.with_heap(|h| match h.str_span(line) {
        Some(all) => str::from_span(h, all.sub(0, end)),
        None => Ok(line),
    });
    vm.drop_to(at);
    made
}

/// A line that is typed on a bare terminal: it shows what it gets, and takes the last character back.
#[cfg(feature = "basic")]
fn typed(vm: &mut Vm) -> R {
    let text = vm.with_heap(bytearray::new)?;
    let at = vm.push(text)?;
    loop {
        let mut one = [0];
        let ended = !matches!(vm.read_console(&mut one)?, Input::Bytes(_));
        let [b] = one;
        let so_far = vm.heap().span_bytes(bytearray::span(vm.heap(), text));
        match b {
            _ if ended && so_far.is_empty() => return Err(vm.raise_bare(TypeId::EOFError)),
            4 if so_far.is_empty() => return Err(vm.raise_bare(TypeId::EOFError)),
            b'\r' | b'\n' => break,
            _ if ended => break,
            8 | 127 => {
                let last = so_far.iter().rposition(|b| b & 0xc0 != 0x80);
                if let Some(to) = last {
                    bytearray::truncate(vm.heap_mut(), text, to);
                    vm.port().console_write(b"\x08 \x08");
                }
            }
            0..32 => {}
            b => {
                vm.with_heap2(bytearray::push, text, b)?;
                vm.port().console_write(&[b]);
            }
        }
    }
    vm.port().console_write(b"\r\n");
    let span = bytearray::span(vm.heap(), text);
    let made = if crate::base::utf8::validate(vm.heap().span_bytes(span)) {
        vm.with_heap(|h| str::from_span(h, bytearray::span(h, text)))
    } else {
        Err(vm.raise(TypeId::UnicodeError, "invalid text encoding"))
    };
    vm.drop_to(at);
    made
}
