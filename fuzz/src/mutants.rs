//! Whether the conformance programs notice when a built-in changes: each entry, slot and operator of the registry's tables
//! is broken in turn, in the memory of a child process, and some program must print something else.
//!
//! - an entry that is a function or a computed attribute gives None and does nothing (7, where nobody sees that); a constant
//!   is another one;
//! - a slot of a type is empty; an operator of a type declines. Where something else then gives the same answer (`not ==`
//!   for `!=`, the length for truth, iteration for `in`), it answers wrongly instead.
//!
//! A mutant that no program tells from the original survives, and is shown. Operators that no program has the type carry
//! out are counted apart: most of them are not for that type.

use crate::host;
use crate::rig::{self, Rig, devices};
use pyrite::compile::Mode;
use pyrite::heap::names;
use pyrite::heap::{Heap, R, TypeId, Value};
use pyrite::port::Region;
use pyrite::runtime::registry::REGISTRY;
use pyrite::runtime::{Config, Runtime};
use pyrite::vm::Vm;
use pyrite::vm::def::Mode as Show;
use pyrite::vm::def::{Access, Args, BinaryOp, Buffer, Const, Entry, NativeDef, Slot, TypeDef, UnaryOp};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

const HEAP: usize = 2 << 20;
const FIBER: usize = 64 << 10;
/// Seconds that a mutant may take: one that loops is noticed too.
const LONGEST: u32 = 60;

// The part of libc that this needs.
unsafe extern "C" {
    fn fork() -> i32;
    fn waitpid(pid: i32, status: *mut i32, options: i32) -> i32;
    fn alarm(seconds: u32) -> u32;
    fn mprotect(at: *mut u8, bytes: usize, protection: i32) -> i32;
    fn _exit(status: i32) -> !;
}
const READ_WRITE: i32 = 3;
const PAGE: usize = 4096;

/// Overwrites a constant of this process.
fn overwrite<T>(place: &'static T, with: T) {
    let at = std::ptr::from_ref(place).cast_mut();
    let first = at.addr() / PAGE * PAGE;
    let pages = (at.addr() + size_of::<T>()).div_ceil(PAGE) * PAGE - first;
    // SAFETY: the page of a static table is there; this child has one thread, and none of its code holds a copy.
    unsafe {
        assert!(
            mprotect(at.cast::<u8>().map_addr(|_| first), pages, READ_WRITE) == 0,
            "tables stay read-only"
        );
        at.write_volatile(with);
    }
}

/// What functions give.
fn answer() -> R {
    Ok(if WRONG.load(Relaxed) { Value::small(7) } else { Value::NONE })
}
fn heap_none(_: &mut Heap, _: &[Value]) -> R {
    answer()
}
fn vm_none(_: &mut Vm, _: Args) -> R {
    answer()
}
fn get_none(_: &mut Heap, _: Value) -> R {
    Ok(Value::NONE)
}
fn dyn_none(_: &mut Vm) -> R {
    Ok(Value::NONE)
}

fn broken(entry: &Entry) -> Const {
    match entry.value {
        Const::Fn(NativeDef::Heap { min, max, how, .. }) => {
            Const::Fn(NativeDef::Heap { f: heap_none, min, max, how })
        }
        Const::Fn(NativeDef::Vm { min, max, how, .. }) => {
            Const::Fn(NativeDef::Vm { f: vm_none, min, max, how })
        }
        Const::Get(_) => Const::Get(get_none),
        Const::Val(_) | Const::Type(_) | Const::Float(_) => Const::Val(Value::NONE),
        Const::Int(n) => Const::Int(n ^ 1),
        Const::Dyn(_) => Const::Dyn(dyn_none),
    }
}

// ---- operators ----------------------------------------------------------------------------------------------------

static ORIGINAL: AtomicUsize = AtomicUsize::new(0);
static OP: AtomicU8 = AtomicU8::new(0);
/// The operators that were carried out, a bit each.
static REACHED: AtomicU64 = AtomicU64::new(0);
/// No operator: all are carried out.
const NO_OP: u8 = 255;
/// Whether the operator answers wrongly, instead of declining; whether the function gives 7, instead of None.
static WRONG: AtomicBool = AtomicBool::new(false);

/// Another answer.
fn other(v: Value) -> Value {
    if v == Value::FALSE {
        Value::TRUE
    } else if v == Value::TRUE {
        Value::FALSE
    } else {
        Value::NONE
    }
}

macro_rules! declining {
    ($name:ident, $context:ty, $op:ty $(, $operand:ident)*) => {
        fn $name(context: &mut $context, op: $op $(, $operand: Value)*) -> R {
            // SAFETY: the pointer was taken from a slot of this type.
            let f: fn(&mut $context, $op $(, declining!(@type $operand))*) -> R =
                unsafe { std::mem::transmute(ORIGINAL.load(Relaxed)) };
            let done = f(context, op $(, $operand)*);
            if done != Ok(Value::NOT_IMPLEMENTED) {
                REACHED.fetch_or(1 << op as u8, Relaxed);
            }
            if op as u8 != OP.load(Relaxed) || done == Ok(Value::NOT_IMPLEMENTED) {
                return done;
            }
            if WRONG.load(Relaxed) {
                return done.map(other);
            }
            context_of(context);
            Ok(Value::NOT_IMPLEMENTED)
        }
    };
    (@type $operand:ident) => { Value };
}

/// The exception of an operator that then declines is forgotten.
fn context_of<C: Raises>(context: &mut C) {
    context.forget();
}
trait Raises {
    fn forget(&mut self);
}
impl Raises for Heap {
    fn forget(&mut self) {
        self.raised = None;
    }
}
impl Raises for Vm {
    fn forget(&mut self) {
        self.heap_mut().raised = None;
    }
}

declining!(heap_unary, Heap, UnaryOp, v);
declining!(vm_unary, Vm, UnaryOp, v);
declining!(heap_binary, Heap, BinaryOp, a, b);
declining!(vm_binary, Vm, BinaryOp, a, b);

// ---- what is broken -----------------------------------------------------------------------------------------------

#[derive(Clone, Copy)]
enum What {
    Entry(&'static Entry),
    Slot(&'static TypeDef, &'static str),
    Unary(&'static TypeDef, UnaryOp),
    Binary(&'static TypeDef, BinaryOp),
}

struct Mutant {
    title: String,
    /// Programs that say these words come first.
    words: Vec<String>,
    what: What,
}

fn text(v: Value) -> String {
    names::text_of(v).unwrap_or_default().to_string()
}

fn all_slots(def: &'static TypeDef) -> Vec<&'static str> {
    let filled = [
        ("make", def.make.is_some()),
        ("print", def.print.is_some()),
        ("unary", !matches!(def.unary, Slot::None)),
        ("binary", !matches!(def.binary, Slot::None)),
        ("contains", def.contains.is_some()),
        ("subscr", !matches!(def.subscr, Slot::None)),
        ("iter", def.iter.is_some()),
        ("next", !matches!(def.next, Slot::None)),
        ("call", def.call.is_some()),
        ("attr", def.attr.is_some()),
        ("buffer", def.buffer.is_some()),
        ("stream", def.stream.is_some()),
    ];
    filled.into_iter().filter(|slot| slot.1).map(|slot| slot.0).collect()
}

/// In the order of `UnaryOp` and `BinaryOp`.
const UNARY: [&str; 12] =
    ["+x", "-x", "~", "not", "bool", "len", "hash", "abs", "int", "float", "complex", "sizeof"];
const BINARY: [&str; 35] = [
    "<", ">", "==", "<=", ">=", "!=", "in", "is", "except", "|=", "^=", "&=", "<<=", ">>=", "+=", "-=", "*=",
    "@=", "//=", "/=", "%=", "**=", "|", "^", "&", "<<", ">>", "+", "-", "*", "@", "//", "/", "%", "**",
];

fn mutants() -> Vec<Mutant> {
    let mut all = Vec::new();
    for def in REGISTRY.types {
        let name = text(def.name);
        for entry in def.entries {
            let own = text(entry.name);
            let words = vec![own.clone(), name.clone()];
            all.push(Mutant { title: format!("{name}.{own}"), words, what: What::Entry(entry) });
        }
        for slot in all_slots(def) {
            let words = vec![name.clone()];
            all.push(Mutant { title: format!("{name} [{slot}]"), words, what: What::Slot(def, slot) });
        }
        if !matches!(def.unary, Slot::None) {
            for (n, sign) in (0u8..).zip(UNARY) {
                // SAFETY: the operators are numbered from 0 without gaps.
                let op: UnaryOp = unsafe { std::mem::transmute(n) };
                let words = vec![name.clone()];
                all.push(Mutant { title: format!("{name} {sign}"), words, what: What::Unary(def, op) });
            }
        }
        if !matches!(def.binary, Slot::None) {
            for (n, sign) in (0u8..).zip(BINARY) {
                // SAFETY: as above.
                let op: BinaryOp = unsafe { std::mem::transmute(n) };
                let words = vec![name.clone()];
                all.push(Mutant { title: format!("{name} {sign}"), words, what: What::Binary(def, op) });
            }
        }
    }
    for module in REGISTRY.modules {
        let name = text(module.name);
        for entry in module.entries {
            let own = text(entry.name);
            let words = vec![own.clone()];
            all.push(Mutant { title: format!("{name}.{own}"), words, what: What::Entry(entry) });
        }
    }
    all
}

fn apply(what: What) {
    match what {
        What::Entry(entry) => overwrite(&entry.value, broken(entry)),
        What::Slot(def, slot) => match slot {
            "make" => overwrite(&def.make, None),
            "print" => overwrite(&def.print, None),
            "unary" => overwrite(&def.unary, Slot::None),
            "binary" => overwrite(&def.binary, Slot::None),
            "contains" => overwrite(&def.contains, None),
            "subscr" => overwrite(&def.subscr, Slot::None),
            "iter" => overwrite(&def.iter, None),
            "next" => overwrite(&def.next, Slot::None),
            "call" => overwrite(&def.call, None),
            "attr" => overwrite(&def.attr, None),
            "buffer" => overwrite(&def.buffer, None),
            _ => overwrite(&def.stream, None),
        },
        What::Unary(def, op) => {
            OP.store(op as u8, Relaxed);
            let (original, with) = match def.unary {
                Slot::Heap(f) => (f as usize, Slot::Heap(heap_unary as _)),
                Slot::Vm(f) => (f as usize, Slot::Vm(vm_unary as _)),
                Slot::None => return,
            };
            ORIGINAL.store(original, Relaxed);
            overwrite(&def.unary, with);
        }
        What::Binary(def, op) => {
            OP.store(op as u8, Relaxed);
            let (original, with) = match def.binary {
                Slot::Heap(f) => (f as usize, Slot::Heap(heap_binary as _)),
                Slot::Vm(f) => (f as usize, Slot::Vm(vm_binary as _)),
                Slot::None => return,
            };
            ORIGINAL.store(original, Relaxed);
            overwrite(&def.binary, with);
        }
    }
}

// Slots that answer wrongly.
fn print_nothing(_: &mut Vm, _: Value, _: Show) -> R<()> {
    Ok(())
}
fn holds_another(vm: &mut Vm, v: Value, item: Value) -> R<bool> {
    // SAFETY: the pointer was taken from a slot of this type.
    let f: fn(&mut Vm, Value, Value) -> R<bool> = unsafe { std::mem::transmute(ORIGINAL.load(Relaxed)) };
    f(vm, v, item).map(|held| !held)
}
fn next_none(_: &mut Heap, _: Value) -> R {
    Ok(Value::STOP)
}
fn call_none(_: &mut Vm, _: Value, _: Args) -> R {
    Ok(Value::NONE)
}
fn attr_none(_: &mut Vm, _: Value, _: Value, _: Access) -> R {
    Ok(Value::NONE)
}
fn buffer_none(_: &Heap, _: Value) -> Option<Buffer> {
    None
}

/// Makes what `apply` took away answer wrongly; false where there is no such answer.
fn apply_wrong(what: What, original: &TypeDef) -> bool {
    match what {
        What::Unary(..) | What::Binary(..) | What::Entry(Entry { value: Const::Fn(_), .. }) => {
            WRONG.store(true, Relaxed)
        }
        What::Slot(def, "print") => overwrite(&def.print, Some(print_nothing as _)),
        What::Slot(def, "contains") => {
            ORIGINAL.store(original.contains.map_or(0, |f| f as usize), Relaxed);
            overwrite(&def.contains, Some(holds_another as _));
        }
        What::Slot(def, "iter") => overwrite(&def.iter, Some(get_none as _)),
        What::Slot(def, "next") => overwrite(&def.next, Slot::Heap(next_none as _)),
        What::Slot(def, "call") => overwrite(&def.call, Some(call_none as _)),
        What::Slot(def, "attr") => overwrite(&def.attr, Some(attr_none as _)),
        What::Slot(def, "buffer") => overwrite(&def.buffer, Some(buffer_none as _)),
        _ => return false,
    }
    true
}

// ---- programs -----------------------------------------------------------------------------------------------------

/// What a program runs on, the quickest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Rig,
    /// The rig's port with devices.
    Board,
    Host,
}

struct Program {
    name: String,
    text: String,
    printed: String,
    place: Place,
}

impl Program {
    fn run(&self, rig: &mut Rig) -> String {
        match self.place {
            Place::Rig => run(rig, &self.text),
            Place::Board => run_on_board(&self.text),
            Place::Host => host::run(&self.name),
        }
    }
}

/// With the devices that the tests of `machine` have.
fn run_on_board(text: &str) -> String {
    devices::renew();
    let (port, bench) = devices::port();
    let memory = vec![0u64; HEAP / 8].leak();
    let config = Config { fiber_bytes: FIBER, events: 8, ..Config::default() };
    let Ok(mut rt) = Runtime::open(Region::of_words(memory), port, &config) else { return String::new() };
    assert!(rt.vm().set_machine(devices::machine(devices::board())));
    if rt.run_text(text.as_bytes(), "program", Mode::File).is_err() {
        rt.show_exception();
    }
    rt.vm().finalize_all();
    bench.output_text()
}

fn run(rig: &mut Rig, text: &str) -> String {
    rig.run(FIBER, |rt| {
        if rt.run_text(text.as_bytes(), "program", Mode::File).is_err() {
            rt.show_exception();
        }
    });
    rig.output()
}

fn says(text: &str, word: &str) -> bool {
    let part = |c: char| c == '_' || c.is_alphanumeric();
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(part) && !text[at + word.len()..].starts_with(part))
}

/// What became of a mutant, as a child's status.
const NOTICED: i32 = 1;
const SURVIVED: i32 = 2;
const NOT_REACHED: i32 = 3;
/// Only where it answered wrongly.
const NOTICED_WRONG: i32 = 4;

fn try_out(rig: &mut Rig, mut order: Vec<&Program>, mutant: &Mutant) -> i32 {
    let rank = |p: &&Program| {
        let said = mutant.words.iter().filter(|word| says(&p.text, word)).count();
        (std::cmp::Reverse(said), p.place, p.text.len())
    };
    if order.is_empty() {
        return NOT_REACHED;
    }
    order.sort_by_key(rank);
    let original = match mutant.what {
        What::Slot(def, _) | What::Unary(def, _) | What::Binary(def, _) => TypeDef { ..*def },
        What::Entry(_) => TypeDef::plain(TypeId::Object, Value::NONE),
    };
    apply(mutant.what);
    if noticed(rig, &order, mutant) {
        return NOTICED;
    }
    if apply_wrong(mutant.what, &original) && noticed(rig, &order, mutant) {
        return NOTICED_WRONG;
    }
    SURVIVED
}

fn noticed(rig: &mut Rig, order: &[&Program], mutant: &Mutant) -> bool {
    let by = order.iter().find(|program| program.run(rig) != program.printed);
    if let Some(program) = by.filter(|_| std::env::var_os("MUTANTS_SHOW").is_some()) {
        println!("{}: {}", mutant.title, program.name);
    }
    by.is_some()
}

/// The operators of every type that programs have it carry out, and in which.
struct Uses(Vec<(TypeId, bool, Vec<u64>)>);

impl Uses {
    fn new(rig: &mut Rig, programs: &[Program]) -> Uses {
        let mut all = Vec::new();
        for def in REGISTRY.types {
            let (unary, binary) = (def.unary, def.binary);
            for (is_unary, filled) in
                [(true, !matches!(unary, Slot::None)), (false, !matches!(binary, Slot::None))]
            {
                if !filled {
                    continue;
                }
                apply(if is_unary {
                    What::Unary(def, UnaryOp::Positive)
                } else {
                    What::Binary(def, BinaryOp::Less)
                });
                OP.store(NO_OP, Relaxed);
                let found = programs.iter().map(|program| {
                    REACHED.store(0, Relaxed);
                    if program.place == Place::Host {
                        return 0;
                    }
                    program.run(rig);
                    REACHED.load(Relaxed)
                });
                all.push((def.id, is_unary, found.collect()));
                overwrite(&def.unary, unary);
                overwrite(&def.binary, binary);
            }
        }
        Uses(all)
    }
    /// The programs that a mutant may show in.
    fn of<'p>(&self, what: What, programs: &'p [Program]) -> Vec<&'p Program> {
        let (id, is_unary, op) = match what {
            What::Unary(def, op) => (def.id, true, op as u8),
            What::Binary(def, op) => (def.id, false, op as u8),
            _ => return programs.iter().collect(),
        };
        let Some(row) = self.0.iter().find(|row| (row.0, row.1) == (id, is_unary)) else { return Vec::new() };
        programs.iter().zip(&row.2).filter(|(_, bits)| **bits & 1 << op != 0).map(|(p, _)| p).collect()
    }
}

/// Breaks what has these words in its title (`list.append`, `int [print]`), or everything.
pub fn mutants_of(words: &[String]) -> Result<(), String> {
    rig::limit_stack(4 << 20);
    let mut rig = Rig::new(HEAP);
    let begun = Instant::now();
    let mut programs = Vec::new();
    let conformance = rig::programs("conformance").into_iter().map(|(name, text)| {
        let place = if host::is_for(&name, &text) { Place::Host } else { Place::Rig };
        (name, text, place)
    });
    let machine = rig::programs("machine").into_iter().map(|(name, text)| (name, text, Place::Board));
    for (name, text, place) in conformance.chain(machine) {
        let mut program = Program { name, text, printed: String::new(), place };
        program.printed = program.run(&mut rig);
        if program.run(&mut rig) != program.printed {
            println!("not the same each time: {}", program.name);
        } else {
            programs.push(program);
        }
    }
    println!("{} programs in {:.1} s", programs.len(), begun.elapsed().as_secs_f32() / 2.0);
    let mut all = mutants();
    all.retain(|m| words.is_empty() || words.iter().any(|w| m.title.contains(w.as_str())));
    let uses = Uses::new(&mut rig, &programs);
    println!("operators in use known after {:.0} s", begun.elapsed().as_secs_f32());
    let most = std::thread::available_parallelism().map_or(1, usize::from);
    let mut running: Vec<(i32, usize)> = Vec::new();
    let mut ended = vec![0; all.len()];
    for (i, mutant) in all.iter().enumerate() {
        if running.len() >= most {
            reap(&mut running, &mut ended, &all);
        }
        // SAFETY: the process has this one thread, so the child can go on as it is; the signal ends a child that hangs.
        match unsafe { fork() } {
            0 => unsafe {
                alarm(LONGEST);
                _exit(try_out(&mut rig, uses.of(mutant.what, &programs), mutant));
            },
            child => running.push((child, i)),
        }
    }
    while !running.is_empty() {
        reap(&mut running, &mut ended, &all);
    }
    let count = |status: i32| ended.iter().filter(|s| **s == status << 8).count();
    let (survived, not_reached) = (count(SURVIVED), count(NOT_REACHED));
    let noticed = all.len() - survived - not_reached;
    println!(
        "{} mutants: {noticed} noticed ({} when they answered wrongly, {} by a crash or a hang), {survived} survived, \
         {not_reached} operators not reached; {:.0} s",
        all.len(),
        count(NOTICED_WRONG),
        noticed - count(NOTICED) - count(NOTICED_WRONG),
        begun.elapsed().as_secs_f32()
    );
    if survived == 0 { Ok(()) } else { Err("mutants survived".to_string()) }
}

fn reap(running: &mut Vec<(i32, usize)>, ended: &mut [i32], all: &[Mutant]) {
    let mut status = 0;
    // SAFETY: `status` is there for the call.
    let pid = unsafe { waitpid(-1, &raw mut status, 0) };
    if let Some(at) = running.iter().position(|child| child.0 == pid) {
        let (_, i) = running.swap_remove(at);
        ended[i] = status;
        if status == SURVIVED << 8 {
            println!("SURVIVED {}", all[i].title);
        } else if status == NOTICED_WRONG << 8 {
            println!("only a wrong answer: {}", all[i].title);
        } else if status == NOT_REACHED << 8 && std::env::var_os("MUTANTS_SHOW").is_some() {
            println!("{}: not reached", all[i].title);
        }
    }
}
