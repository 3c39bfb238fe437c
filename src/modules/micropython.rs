//! The module `micropython`: the VM's own switches and figures.

use crate::base::sink::{Sink, SliceSink, put_i64};
use crate::heap::{R, TypeId, Value};
use crate::object::int;
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Args, Entry, ModuleDef, entry, vm_fn};
use crate::vm::events::PENDING_EVENTS;

pub static MODULE: ModuleDef = ModuleDef { name: q!("micropython"), entries: ENTRIES };

static ENTRIES: &[Entry] = &[
    entry(q!("const"), vm_fn(constant, 1, 1)),
    entry(q!("opt_level"), vm_fn(opt_level, 0, 1)),
    #[cfg(feature = "basic")]
    entry(q!("mem_info"), vm_fn(mem_info, 0, 1)),
    #[cfg(feature = "basic")]
    entry(q!("qstr_info"), vm_fn(qstr_info, 0, 1)),
    entry(q!("stack_use"), vm_fn(stack_use, 0, 0)),
    entry(q!("heap_lock"), vm_fn(heap_lock, 0, 0)),
    entry(q!("heap_unlock"), vm_fn(heap_unlock, 0, 0)),
    entry(q!("heap_locked"), vm_fn(heap_locked, 0, 0)),
    entry(q!("kbd_intr"), vm_fn(kbd_intr, 1, 1)),
    #[cfg(feature = "basic")]
    entry(q!("schedule"), vm_fn(schedule, 2, 2)),
    entry(q!("alloc_emergency_exception_buf"), vm_fn(emergency, 1, 1)),
    #[cfg(feature = "extra")]
    entry(q!("RingIO"), crate::vm::def::Const::Type(crate::heap::TypeId::RingIO)),
];

/// `const(x)`: the compiler replaces what it can; at run time it is its argument.
fn constant(vm: &mut Vm, args: Args) -> R {
    Ok(vm.req(args, 0))
}

fn small_arg(vm: &mut Vm, args: Args, i: usize) -> R<i32> {
    let v = vm.req(args, i);
    match int::to_i64(vm.heap(), v).and_then(|n| i32::try_from(n).ok()) {
        Some(n) => Ok(n),
        None => Err(vm.raise(TypeId::TypeError, "an int is required")),
    }
}

fn opt_level(vm: &mut Vm, args: Args) -> R {
    if args.n() == 0 {
        return Ok(Value::small(vm.state().opt_level.into()));
    }
    let n = small_arg(vm, args, 0)?;
    vm.state_mut().opt_level = n.clamp(0, 3) as u8;
    Ok(Value::NONE)
}

/// A line of numbers behind words.
fn line(vm: &mut Vm, parts: &[(&str, i64)]) -> R<()> {
    words(vm, parts)?;
    vm.emit(b"\n")
}

fn words(vm: &mut Vm, parts: &[(&str, i64)]) -> R<()> {
    for (word, n) in parts {
        let mut room = [0; 64];
        let mut sink = SliceSink::new(&mut room);
        // 64 bytes hold every word here and a number.
        let _ = sink.put_str(word).and_then(|()| put_i64(&mut sink, *n));
        vm.emit(sink.bytes())?;
    }
    Ok(())
}

/// `mem_info([verbose])`: with the argument also a map of the heap.
#[cfg(feature = "basic")]
pub fn mem_info(vm: &mut Vm, args: Args) -> R {
    on_console(vm, |vm| {
        show_memory(vm)?;
        if args.n() > 0 { heap_map(vm) } else { Ok(()) }
    })
}

/// The console takes text without allocating anything, so a walk over the heap's pieces stays on its way.
#[cfg(feature = "basic")]
fn on_console(vm: &mut Vm, f: impl FnOnce(&mut Vm) -> R<()>) -> R {
    let output = vm.set_output(crate::vm::state::Output::Console);
    let done = f(vm);
    vm.set_output(output);
    done.map(|()| Value::NONE)
}

/// The figures of the value stack and the heap.
pub fn show_memory(vm: &mut Vm) -> R<()> {
    let heap = vm.heap();
    let (used, free) = (heap.used_bytes() as i64, heap.free_bytes() as i64);
    let (reach, largest_free, census) = (heap.reach() as i64, heap.largest_free() as i64, heap.census());
    line(vm, &[("mem: total=", used + free), (", current=", used), (", peak=", reach)])?;
    let (stack, room) = (vm.depth() as i64 * 4, vm.fiber_bytes() as i64);
    line(vm, &[("stack: ", stack), (" out of ", room)])?;
    line(vm, &[("GC: total: ", used + free), (", used: ", used), (", free: ", free)])?;
    let sizes = [
        (" No. of 1-blocks: ", census.ones.into()),
        (", 2-blocks: ", census.twos.into()),
        (", max blk sz: ", census.largest as i64 / 16),
        (", max free sz: ", largest_free / 16),
    ];
    line(vm, &sizes)
}

/// A line of 64 letters for each 4 KB of the heap, a letter for 64 bytes: `.` where all of them are free, `=` where all are in
/// use, `-` where both occur. Lines that are free throughout are only counted.
#[cfg(feature = "basic")]
fn heap_map(vm: &mut Vm) -> R<()> {
    const LETTER: u32 = 64;
    vm.emit(b"GC memory layout; from 0:\n")?;
    let mut letters = [b'.'; 64];
    let (mut n, mut free_lines, mut cursor) = (0, 0, 0);
    // What of the letter under way is free and what in use.
    let (mut at, mut free, mut used) = (0u32, 0u32, 0u32);
    while let Some(piece) = vm.heap().piece(cursor) {
        cursor = piece.next;
        let end = at + piece.bytes;
        while at < end {
            let part = (end - at).min(LETTER - at % LETTER);
            at += part;
            *if piece.cell.is_none() { &mut free } else { &mut used } += part;
            if at % LETTER != 0 {
                continue;
            }
            if let Some(letter) = letters.get_mut(n) {
                *letter = match (free, used) {
                    (_, 0) => b'.',
                    (0, _) => b'=',
                    _ => b'-',
                };
            }
            (free, used) = (0, 0);
            n += 1;
            if n == letters.len() {
                map_line(vm, at - LETTER * 64, &letters, &mut free_lines)?;
                n = 0;
            }
        }
    }
    let rest = letters.get(..n).unwrap_or(&[]);
    map_line(vm, at / LETTER / 64 * LETTER * 64, rest, &mut free_lines)
}

/// A line of the map; the one that begins at `from` ends a run of free ones.
#[cfg(feature = "basic")]
fn map_line(vm: &mut Vm, from: u32, letters: &[u8], free_lines: &mut i64) -> R<()> {
    if letters.len() == 64 && letters.iter().all(|l| *l == b'.') {
        *free_lines += 1;
        return Ok(());
    }
    if *free_lines > 0 {
        words(vm, &[("       (", *free_lines)])?;
        vm.emit(b" lines all free)\n")?;
        *free_lines = 0;
    }
    let mut room = [0; 12];
    let mut sink = SliceSink::new(&mut room);
    // 12 bytes hold eight digits, a colon and a space.
    let _ = crate::base::sink::put_u64(&mut sink, from.into(), 16, false).and_then(|()| sink.put_str(": "));
    vm.emit(sink.bytes())?;
    vm.emit(letters)?;
    vm.emit(b"\n")
}

/// `qstr_info([verbose])`: with the argument the strings that were interned at run time.
#[cfg(feature = "basic")]
fn qstr_info(vm: &mut Vm, args: Args) -> R {
    on_console(vm, |vm| show_names(vm, args.n() > 0))
}

#[cfg(feature = "basic")]
fn show_names(vm: &mut Vm, verbose: bool) -> R<()> {
    let (mut data, mut all, mut cursor) = (0, 0, 0);
    while let Some(piece) = vm.heap().piece(cursor) {
        cursor = piece.next;
        if let Some(v) = piece.cell.filter(|v| vm.heap().is_interned(*v)) {
            data += vm.heap().str_bytes(v).len() as i64;
            all += i64::from(piece.bytes);
        }
    }
    let n = i64::from(vm.heap().interned());
    line(
        vm,
        &[("qstr pool: n_pool=1, n_qstr=", n), (", n_str_data_bytes=", data), (", n_total_bytes=", all)],
    )?;
    if !verbose {
        return Ok(());
    }
    cursor = 0;
    while let Some(piece) = vm.heap().piece(cursor) {
        cursor = piece.next;
        if let Some(v) = piece.cell.filter(|v| vm.heap().is_interned(*v)) {
            let text = vm.heap().str_span(v).unwrap_or(crate::heap::span::Span::EMPTY);
            vm.emit(b"Q(")?;
            crate::builtins::convert::emit_span(vm, text)?;
            vm.emit(b")\n")?;
        }
    }
    Ok(())
}

/// Bytes of the value stack in use.
fn stack_use(vm: &mut Vm, _: Args) -> R {
    Ok(Value::small(vm.depth() as i32 * 4))
}

fn heap_lock(vm: &mut Vm, _: Args) -> R {
    // What slicing in place needs is there before nothing can be allocated.
    vm.passing_slice()?;
    vm.heap_mut().lock();
    Ok(Value::NONE)
}

fn heap_unlock(vm: &mut Vm, _: Args) -> R {
    let n = vm.heap_mut().unlock();
    Ok(Value::small(n as i32))
}

fn heap_locked(vm: &mut Vm, _: Args) -> R {
    Ok(Value::small(vm.heap().locks() as i32))
}

/// `kbd_intr(character)`: 3 makes ctrl-C interrupt the program, -1 makes it an ordinary character. `kbd_intr(None)`, which
/// is meant for `schedule`, interrupts it at its next safepoint.
fn kbd_intr(vm: &mut Vm, args: Args) -> R {
    if vm.req(args, 0).is_none() {
        vm.state().interrupt.raise();
        vm.heap_mut().set_pending(PENDING_EVENTS);
        return Ok(Value::NONE);
    }
    let on = small_arg(vm, args, 0)? >= 0;
    vm.state().interrupt.enable(on);
    Ok(Value::NONE)
}

fn schedule(vm: &mut Vm, args: Args) -> R {
    let (f, arg) = (vm.req(args, 0), vm.req(args, 1));
    let interrupts = arg.is_none() && vm.entry_name(f) == Some(q!("kbd_intr"));
    if interrupts && !vm.state().in_callback {
        // However often it is asked for: one interrupt.
        return kbd_intr(vm, Args::new(args.base + 1, 1, 0));
    }
    if vm.schedule(f, arg)? {
        return Ok(Value::NONE);
    }
    Err(vm.raise(TypeId::RuntimeError, "schedule queue full"))
}

/// `alloc_emergency_exception_buf(size)`: sets memory aside for exceptions that are raised while there is none.
fn emergency(vm: &mut Vm, args: Args) -> R {
    let bytes = small_arg(vm, args, 0)?.clamp(0, u16::MAX.into()) as u16;
    vm.with_heap(|h| h.set_emergency_bytes(bytes))?;
    Ok(Value::NONE)
}
