//! The exception types.
//!
//! Invariants
//! - `TYPES` and `NAMES` hold them in the order of `TypeId`, `BaseException` first;
//! - the VM makes instances itself (type and argument tuple); what one shows of its arguments is computed here.

use crate::heap::{R, TypeId, Value};
use crate::object::exc::field;
use crate::object::{int, str, tuple};
use crate::q;
use crate::vm::Vm;
use crate::vm::def::*;

pub(super) const fn exception(id: TypeId, name: Value, base: Option<TypeId>) -> TypeDef {
    TypeDef { base, print: Some(print), attr: Some(attr), ..TypeDef::plain(id, name) }
}

static BASE: TypeDef = TypeDef {
    entries: &[
        Entry { name: q!("__init__"), value: vm_fn(init, 1, 255) },
        #[cfg(feature = "basic")]
        Entry { name: q!("with_traceback"), value: vm_fn(with_traceback, 2, 2) },
    ],
    ..exception(TypeId::BaseException, q!("BaseException"), None)
};
/// The exceptions that differ by name and base alone, which stand in `NAMES`.
static PLAIN: TypeDef = exception(TypeId::Exception, q!("Exception"), Some(TypeId::BaseException));

macro_rules! exceptions {
    ($($(#[$cfg:meta])* $name:ident($base:ident) = $text:expr,)*) => {
        /// Every exception type; the first entry of the registry's run of exceptions is the first one here.
        pub const TYPES: [&TypeDef; NAMES_COUNT] = [&BASE, $($(#[$cfg])* exceptions!(@ $name),)*];
        pub static NAMES: [(Value, Option<TypeId>); NAMES_COUNT] =
            [(q!("BaseException"), None), $($(#[$cfg])* ($text, Some(TypeId::$base)),)*];
        const NAMES_COUNT: usize = [$($(#[$cfg])* $text),*].len() + 1;
    };
    (@ BaseExceptionGroup) => { &super::groups::BASE };
    (@ ExceptionGroup) => { &super::groups::GROUP };
    (@ $name:ident) => { &PLAIN };
}

exceptions! {
    SystemExit(BaseException) = q!("SystemExit"),
    KeyboardInterrupt(BaseException) = q!("KeyboardInterrupt"),
    GeneratorExit(BaseException) = q!("GeneratorExit"),
    Exception(BaseException) = q!("Exception"),
    StopIteration(Exception) = q!("StopIteration"),
    StopAsyncIteration(Exception) = q!("StopAsyncIteration"),
    ArithmeticError(Exception) = q!("ArithmeticError"),
    OverflowError(ArithmeticError) = q!("OverflowError"),
    ZeroDivisionError(ArithmeticError) = q!("ZeroDivisionError"),
    AssertionError(Exception) = q!("AssertionError"),
    AttributeError(Exception) = q!("AttributeError"),
    BufferError(Exception) = q!("BufferError"),
    EOFError(Exception) = q!("EOFError"),
    ImportError(Exception) = q!("ImportError"),
    LookupError(Exception) = q!("LookupError"),
    IndexError(LookupError) = q!("IndexError"),
    KeyError(LookupError) = q!("KeyError"),
    MemoryError(Exception) = q!("MemoryError"),
    NameError(Exception) = q!("NameError"),
    UnboundLocalError(NameError) = q!("UnboundLocalError"),
    OSError(Exception) = q!("OSError"),
    TimeoutError(OSError) = q!("TimeoutError"),
    RuntimeError(Exception) = q!("RuntimeError"),
    NotImplementedError(RuntimeError) = q!("NotImplementedError"),
    RecursionError(RuntimeError) = q!("RecursionError"),
    SyntaxError(Exception) = q!("SyntaxError"),
    IndentationError(SyntaxError) = q!("IndentationError"),
    TypeError(Exception) = q!("TypeError"),
    ValueError(Exception) = q!("ValueError"),
    UnicodeError(ValueError) = q!("UnicodeError"),
    #[cfg(feature = "except-star")]
    BaseExceptionGroup(BaseException) = q!("BaseExceptionGroup"),
    #[cfg(feature = "except-star")]
    ExceptionGroup(Exception) = q!("ExceptionGroup"),
    ViperTypeError(TypeError) = q!("ViperTypeError"),
}

fn init(vm: &mut Vm, args: Args) -> R {
    let e = vm.req(args, 0);
    let n = args.n() as usize - 1;
    let t = vm.with_heap1(tuple::new, n)?;
    for i in 0..n {
        let v = vm.req(args, i + 1);
        tuple::set(vm.heap_mut(), t, i, v);
    }
    vm.heap_mut().set_field(e, field::ARGS, t);
    vm.heap_mut().set_int(e, field::FLAGS, 0);
    Ok(Value::NONE)
}

fn with_traceback(vm: &mut Vm, args: Args) -> R {
    // A traceback is recorded anew when the exception is raised; only None can be given.
    let (e, tb) = (vm.req(args, 0), vm.req(args, 1));
    if !tb.is_none() {
        return Err(vm.raise(TypeId::TypeError, "__traceback__ must be a traceback or None"));
    }
    vm.heap_mut().set_slot(e, field::TRACEBACK, None);
    Ok(e)
}

fn attr(vm: &mut Vm, e: Value, name: Value, access: Access) -> R {
    let is = |vm: &Vm, id| vm.is_instance(e, Value::typ(id));
    let heap = vm.heap();
    let args = heap.field(e, field::ARGS);
    let arg = |i| tuple::get(heap, args, i).unwrap_or(Value::NONE);
    let at = match name {
        _ if name == q!("args") => field::ARGS,
        _ if name == q!("__cause__") => field::CAUSE,
        _ if name == q!("__context__") => field::CONTEXT,
        _ if name == q!("__traceback__") => field::TRACEBACK,
        _ => {
            if !matches!(access, Access::Load) {
                return super::chain::attr(vm, e, name, access);
            }
            return Ok(match name {
                // Of every exception: MicroPython's programs take a message from there.
                _ if name == q!("value") => arg(0),
                _ if name == q!("code") && is(vm, TypeId::SystemExit) => arg(0),
                _ if name == q!("errno") && is(vm, TypeId::OSError) => arg(0),
                _ if name == q!("strerror") && is(vm, TypeId::OSError) => arg(1),
                _ => return super::chain::attr(vm, e, name, access),
            });
        }
    };
    match access {
        Access::Load if at == field::TRACEBACK => {
            let trace = heap.field(e, at);
            if trace.is_heap() {
                crate::code::object::settle_trace(vm.heap_mut(), trace);
            }
            Ok(trace)
        }
        Access::Load => Ok(heap.field(e, at)),
        Access::Delete => Ok(Value::STOP),
        Access::Store(v) if at == field::ARGS => {
            let t = super::tuple::collect(vm, v)?;
            vm.heap_mut().set_field(e, at, t);
            Ok(Value::NONE)
        }
        Access::Store(v) => {
            let is_exception = vm.is_instance(v, Value::typ(TypeId::BaseException));
            if !v.is_none() && (at == field::TRACEBACK || !is_exception) {
                return Err(vm.raise(TypeId::TypeError, "exceptions must derive from BaseException"));
            }
            let to = (!v.is_none()).then_some(v);
            if at == field::CAUSE {
                crate::object::exc::set_cause(vm.heap_mut(), e, to);
            } else {
                vm.heap_mut().set_slot(e, at, to);
            }
            Ok(Value::NONE)
        }
    }
}

/// What an exception shows, whose class's own methods do not say.
pub fn print(vm: &mut Vm, e: Value, mode: Mode) -> R<()> {
    let base = vm.push(e)?;
    let args = vm.heap().field(e, field::ARGS);
    let n = tuple::len(vm.heap(), args);
    let first = tuple::get(vm.heap(), args, 0).unwrap_or(Value::NONE);
    if mode == Mode::Repr {
        let name = vm.type_name(e);
        let span = str::span(vm.heap(), name).unwrap_or(crate::heap::span::Span::EMPTY);
        super::convert::emit_span(vm, span)?;
        // One argument shows as the tuple that it is in, as MicroPython's programs expect: `OSError(2,)`.
        vm.print(args, Mode::Repr)?;
    } else {
        #[cfg(feature = "except-star")]
        if vm.is_group(e) {
            super::groups::print_message(vm, e)?;
            vm.drop_to(base);
            return Ok(());
        }
        let os = (n == 1 || n == 2) && vm.is_instance(e, Value::typ(TypeId::OSError));
        if os && os_error(vm, args, n)? {
            vm.drop_to(base);
            return Ok(());
        }
        if n == 1 {
            let key = vm.is_instance(e, Value::typ(TypeId::KeyError));
            vm.print(first, if key { Mode::Repr } else { Mode::Str })?;
        } else if n > 1 {
            vm.print(args, Mode::Repr)?;
        }
    }
    vm.drop_to(base);
    Ok(())
}

/// `[Errno 2] ENOENT: details`, where the first argument is a known number.
fn os_error(vm: &mut Vm, args: Value, n: usize) -> R<bool> {
    let number = tuple::get(vm.heap(), args, 0).and_then(|v| int::to_i64(vm.heap(), v));
    let Some((number, name)) = number.and_then(|n| Some((n, crate::object::errno::name_of(n)?))) else {
        return Ok(false);
    };
    vm.emit(b"[Errno ")?;
    super::int::print_int(vm, number)?;
    vm.emit(b"] ")?;
    vm.emit(crate::heap::names::text_of(name).unwrap_or("").as_bytes())?;
    if n == 2 {
        let details = tuple::get(vm.heap(), args, 1).unwrap_or(Value::NONE);
        vm.emit(b": ")?;
        vm.print(details, Mode::Str)?;
    }
    Ok(true)
}

/// Raises `OSError(errno)`.
#[cold]
pub fn raise_os_error(vm: &mut Vm, errno: i32) -> crate::heap::Raised {
    vm.raise_arg(TypeId::OSError, Value::small(errno))
}
