//! `machine.UART`: a serial line, as a stream of bytes.
//!
//! Invariants
//! - the driver takes and gives what it can at once; whoever waits does so here, asleep, served by posts and interrupts;
//! - a waiting task has the driver told to post for it; when it has waited, only for what the program's handler wants;
//! - bytes go through a piece of the native stack, so nothing refers to a program's buffer during a wait.

use super::device::{
    self, deinit as close, failed, handle, handler, number, pin_handle, print, setting, soft_only, this,
};
use super::irq;
use crate::builtins::streams::errno;
use crate::builtins::text;
use crate::heap::span::Span;
use crate::heap::{Kind, R, TypeId, Value};
use crate::modules::stream::{self, os_error, ready, request};
use crate::object::{bytearray, int};
use crate::port::Errno;
use crate::port::machine::{PYR_UART_RX, PYR_UART_TX_ROOM, UartConfig, Uarts};
use crate::q;
use crate::vm::Vm;
use crate::vm::args::{ArgKind, ArgSpec, arg, parse};
use crate::vm::def::{
    Args, Buffer, Const, NativeDef, Slot, StreamDef, TypeDef, entry, heap_fn, kw_fn, vm_fn,
};
use crate::vm::devices::{CLOSED, field};

static STREAM: StreamDef =
    StreamDef { read: Some(read_stream), write: Some(write_stream), ioctl: Some(ioctl), text: false };

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 1, 5, true)),
    print: Some(print),
    iter: Some(stream::iter),
    next: Slot::Vm(next),
    stream: Some(&STREAM),
    entries: &[
        entry(q!("init"), kw_fn(init, 1, 5)),
        entry(q!("deinit"), vm_fn(deinit, 1, 1)),
        entry(q!("any"), vm_fn(any, 1, 1)),
        entry(q!("read"), vm_fn(read, 1, 2)),
        entry(q!("readinto"), vm_fn(readinto, 2, 3)),
        entry(q!("readline"), vm_fn(stream::readline, 1, 2)),
        entry(q!("write"), vm_fn(write, 2, 2)),
        entry(q!("flush"), vm_fn(flush, 1, 1)),
        entry(q!("txdone"), vm_fn(txdone, 1, 1)),
        entry(q!("sendbreak"), vm_fn(sendbreak, 1, 1)),
        entry(q!("irq"), kw_fn(irq, 1, 3)),
        entry(q!("__enter__"), heap_fn(stream::enter, 1, 1)),
        entry(q!("__exit__"), vm_fn(deinit, 1, 4)),
        entry(q!("RTS"), Const::Int(4)),
        entry(q!("CTS"), Const::Int(8)),
        entry(q!("INV_TX"), Const::Int(1)),
        entry(q!("INV_RX"), Const::Int(2)),
        entry(q!("INV_RTS"), Const::Int(4)),
        entry(q!("INV_CTS"), Const::Int(8)),
        entry(q!("IRQ_RX"), Const::Int(PYR_UART_RX as i32)),
        entry(q!("IRQ_RXIDLE"), Const::Int(2)),
        entry(q!("IRQ_TXIDLE"), Const::Int(4)),
        entry(q!("IRQ_BREAK"), Const::Int(8)),
    ],
    ..TypeDef::plain(TypeId::UART, q!("UART"))
};

/// Milliseconds to wait for the first byte, and for each of the others.
const TIMEOUT: usize = field::COMMON;
const TIMEOUT_CHAR: usize = field::COMMON + 1;

const LINES: i64 = 15;
const TRIGGERS: i64 = 15;
/// What goes through the native stack at a time.
const PIECE: usize = 64;
/// How long a writer waits at least for room: the line is as slow as it is.
const PATIENCE_US: u64 = 100_000;
/// How often somebody who waits looks, told or not.
const LOOK_US: u64 = 50_000;
const LOOK_UNTOLD_US: u64 = 5_000;

static SETTINGS: [ArgSpec; 15] = [
    arg(q!("id"), ArgKind::Required),
    arg(q!("baudrate"), ArgKind::Optional),
    arg(q!("bits"), ArgKind::Optional),
    arg(q!("parity"), ArgKind::Optional),
    arg(q!("stop"), ArgKind::Optional),
    arg(q!("flow"), ArgKind::KwOnly),
    arg(q!("invert"), ArgKind::KwOnly),
    arg(q!("txbuf"), ArgKind::KwOnly),
    arg(q!("rxbuf"), ArgKind::KwOnly),
    arg(q!("tx"), ArgKind::KwOnly),
    arg(q!("rx"), ArgKind::KwOnly),
    arg(q!("rts"), ArgKind::KwOnly),
    arg(q!("cts"), ArgKind::KwOnly),
    arg(q!("timeout"), ArgKind::KwOnly),
    arg(q!("timeout_char"), ArgKind::KwOnly),
];

/// `UART(id, baudrate, bits, parity, stop, *, tx, rx, rts, cts, flow, invert, txbuf, rxbuf, timeout, timeout_char)`
fn make(vm: &mut Vm, args: Args) -> R {
    device::make(vm, args, TypeId::UART, &[0, 0], set_up)
}

/// `init(...)`: what is not given stays.
fn init(vm: &mut Vm, args: Args) -> R {
    set_up(vm, this(vm, args), args)?;
    Ok(Value::NONE)
}

fn set_up(vm: &mut Vm, uart: Value, args: Args) -> R {
    let mut given = [None; 15];
    parse(vm, args, &SETTINGS, &mut given)?;
    let [
        _,
        baudrate,
        bits,
        parity,
        stop,
        flow,
        invert,
        txbuf,
        rxbuf,
        tx,
        rx,
        rts,
        cts,
        timeout,
        timeout_char,
    ] = given;
    let parity = match parity {
        Some(Value::NONE) => 2,
        parity => setting(vm, parity, 1)?,
    };
    let config = UartConfig {
        baudrate: setting(vm, baudrate, i32::MAX.into())?,
        bits: setting(vm, bits, 9)?,
        parity,
        stop: setting(vm, stop, 2)?,
        flow: setting(vm, flow, LINES)?,
        invert: setting(vm, invert, LINES)?,
        txbuf: setting(vm, txbuf, i32::MAX.into())?,
        rxbuf: setting(vm, rxbuf, i32::MAX.into())?,
        tx: pin_handle(vm, tx)?,
        rx: pin_handle(vm, rx)?,
        rts: pin_handle(vm, rts)?,
        cts: pin_handle(vm, cts)?,
    };
    let first = vm.heap().int(uart, TIMEOUT);
    let first = number(vm, timeout, first.into(), 0..=0x3fff_ffff)? as i32;
    let next = vm.heap().int(uart, TIMEOUT_CHAR);
    let next = number(vm, timeout_char, next.into(), 0..=0x3fff_ffff)? as i32;
    let uarts = uarts(vm)?;
    let opened = device::open(vm, uart, q!("UART"), |id| uarts.open(id, &config))?;
    vm.heap_mut().set_int(opened, TIMEOUT, first);
    vm.heap_mut().set_int(opened, TIMEOUT_CHAR, next);
    Ok(opened)
}

fn uarts(vm: &mut Vm) -> R<Uarts> {
    match vm.machine().uart() {
        Some(uarts) => Ok(uarts),
        None => Err(device::refuse(vm, q!("UART"))),
    }
}

/// The driver, and the handle of a UART that is open.
fn opened(vm: &mut Vm, uart: Value) -> R<(Uarts, i32)> {
    let handle = handle(vm, uart)?;
    Ok((uarts(vm)?, handle))
}

/// `deinit()`
fn deinit(vm: &mut Vm, args: Args) -> R {
    let uart = this(vm, args);
    if vm.heap().int(uart, field::HANDLE) != CLOSED {
        let irq = irq::of(vm, uart)?;
        vm.push(irq)?;
        irq::set(vm, irq, Value::NONE, 0)?;
    }
    close(vm, args)
}

// ---- waiting -------------------------------------------------------------------------------------------------

/// Sleeps until the driver may have something new for `trigger`, at most `us`. `look` finds out whether it has already.
fn pause(
    vm: &mut Vm,
    uart: Value,
    trigger: u32,
    us: u64,
    look: fn(Uarts, i32) -> Result<bool, Errno>,
) -> R<()> {
    let (uarts, handle) = opened(vm, uart)?;
    if !uarts.has_irq() {
        return vm.wait(us.min(LOOK_UNTOLD_US));
    }
    let irq = irq::of(vm, uart)?;
    let at = vm.push(irq)?;
    let wanted = vm.heap().int(irq, irq::TRIGGER) as u32;
    irq::arm(vm, irq, wanted | trigger)?;
    // What came before the driver was asked would not be told.
    let there = look(uarts, handle).map_err(|e| failed(vm, e))?;
    if !there {
        let ticket = vm.take_ticket();
        vm.park(uart, ticket, us.min(LOOK_US));
    }
    let served = vm.tick(0);
    if vm.heap().int(uart, field::HANDLE) != CLOSED {
        let wanted = vm.heap().int(irq, irq::TRIGGER) as u32;
        irq::arm(vm, irq, wanted)?;
    }
    vm.drop_to(at);
    served
}

/// Microseconds of a setting in milliseconds.
fn timeout_us(vm: &Vm, uart: Value, at: usize) -> u64 {
    vm.heap().int(uart, at).max(0) as u64 * 1000
}

/// Reads once: waits for the first byte and for each further one as long as the settings say. 0 where none came.
fn take(vm: &mut Vm, uart: Value, into: &mut [u8]) -> R<usize> {
    let port = vm.port();
    let mut n = 0;
    let mut end = port.clock_us().saturating_add(timeout_us(vm, uart, TIMEOUT));
    loop {
        let (uarts, handle) = opened(vm, uart)?;
        let room = into.get_mut(n..).unwrap_or(&mut []);
        if room.is_empty() {
            return Ok(n);
        }
        let got = uarts.read(handle, room).map_err(|e| failed(vm, e))?;
        n += got;
        let now = port.clock_us();
        if got > 0 {
            end = now.saturating_add(timeout_us(vm, uart, TIMEOUT_CHAR));
            continue;
        }
        if now >= end {
            return Ok(n);
        }
        pause(vm, uart, PYR_UART_RX, end - now, |uarts, handle| Ok(uarts.any(handle)? > 0))?;
    }
}

/// Has all bytes sent, unless no room comes for too long: how many were taken.
fn give(vm: &mut Vm, uart: Value, bytes: &[u8]) -> R<usize> {
    let port = vm.port();
    let patience = timeout_us(vm, uart, TIMEOUT).max(PATIENCE_US);
    let mut n = 0;
    let mut end = port.clock_us().saturating_add(patience);
    loop {
        let (uarts, handle) = opened(vm, uart)?;
        let rest = bytes.get(n..).unwrap_or(&[]);
        if rest.is_empty() {
            return Ok(n);
        }
        let sent = uarts.write(handle, rest).map_err(|e| failed(vm, e))?;
        n += sent;
        let now = port.clock_us();
        if sent > 0 {
            end = now.saturating_add(patience);
            continue;
        }
        if now >= end {
            return Ok(n);
        }
        pause(vm, uart, PYR_UART_TX_ROOM, end - now, |_, _| Ok(false))?;
    }
}

// ---- methods -------------------------------------------------------------------------------------------------

/// `any()`: how many bytes wait.
fn any(vm: &mut Vm, args: Args) -> R {
    let (uarts, handle) = opened(vm, this(vm, args))?;
    match uarts.any(handle) {
        Ok(n) => vm.with_heap(|h| int::from_i64(h, n.into())),
        Err(e) => Err(failed(vm, e)),
    }
}

/// Reads up to `n` bytes to the end of a byte array, which is reachable, a piece at a time.
fn gather(vm: &mut Vm, uart: Value, to: Value, n: usize) -> R<()> {
    let mut left = n;
    while left > 0 {
        let mut piece = [0; PIECE];
        let most = piece.len().min(left);
        let got = take(vm, uart, piece.get_mut(..most).unwrap_or(&mut []))?;
        vm.with_heap(|h| bytearray::extend(h, to, piece.get(..got).unwrap_or(&[])))?;
        left -= got;
        if got < most {
            return Ok(());
        }
        vm.tick(100)?;
    }
    Ok(())
}

/// `read([n])`: bytes, or `None` where none came in time.
fn read(vm: &mut Vm, args: Args) -> R {
    let uart = this(vm, args);
    let n = number(vm, vm.arg(args, 1), -1, i64::MIN..=0x3fff_ffff)?;
    let all = vm.with_heap(bytearray::new)?;
    vm.push(all)?;
    gather(vm, uart, all, usize::try_from(n).unwrap_or(usize::MAX))?;
    if bytearray::len(vm.heap(), all) == 0 && n != 0 {
        return Ok(Value::NONE);
    }
    vm.with_heap(|h| {
        let span = bytearray::span(h, all);
        crate::object::bytes::concat(h, Kind::Bytes, &[span])
    })
}

/// `readinto(buf[, n])`: how many bytes, or `None` where none came in time.
fn readinto(vm: &mut Vm, args: Args) -> R {
    let uart = this(vm, args);
    let room = stream::writable(vm, args, 1)?.len();
    let n = number(vm, vm.arg(args, 2), room as i64, 0..=0x3fff_ffff)? as usize;
    let n = n.min(room);
    let mut done = 0;
    while done < n {
        let mut piece = [0; PIECE];
        let most = piece.len().min(n - done);
        let got = take(vm, uart, piece.get_mut(..most).unwrap_or(&mut []))?;
        // The buffer may have changed its size meanwhile.
        let to = stream::writable(vm, args, 1)?.sub(done, done + got);
        vm.heap_mut().write_span(to, piece.get(..got).unwrap_or(&[]));
        done += got;
        if got < most {
            break;
        }
        vm.tick(100)?;
    }
    if done == 0 && n > 0 { Ok(Value::NONE) } else { Ok(Value::small(done as i32)) }
}

/// `write(buf)`: how many bytes, or `None` where there was no room in time.
fn write(vm: &mut Vm, args: Args) -> R {
    let uart = this(vm, args);
    let mut done = 0;
    loop {
        let Some(all) = text::buffer(vm.heap(), vm.req(args, 1), true) else {
            return Err(vm.raise_by(&|h| text::mixed(h, Kind::Bytes)));
        };
        let part = all.sub(done, done + PIECE);
        if part.is_empty() {
            opened(vm, uart)?;
            return Ok(Value::small(done as i32));
        }
        let n = give_span(vm, uart, part)?;
        done += n;
        if n < part.len() {
            return if done == 0 { Ok(Value::NONE) } else { Ok(Value::small(done as i32)) };
        }
        vm.tick(100)?;
    }
}

/// Sends the first piece of a span.
fn give_span(vm: &mut Vm, uart: Value, part: Span) -> R<usize> {
    let mut piece = [0; PIECE];
    let bytes = vm.heap().span_bytes(part);
    let n = bytes.len().min(PIECE);
    for (to, from) in piece.iter_mut().zip(bytes) {
        *to = *from;
    }
    give(vm, uart, piece.get(..n).unwrap_or(&[]))
}

/// The next line; a line without an end is one too, nothing is the end.
fn next(vm: &mut Vm, uart: Value) -> R {
    let line = stream::next(vm, uart)?;
    Ok(if line.is_none() { Value::STOP } else { line })
}

/// `flush()`: waits until all has left the wire.
fn flush(vm: &mut Vm, args: Args) -> R {
    let uart = this(vm, args);
    loop {
        let (uarts, handle) = opened(vm, uart)?;
        if uarts.tx_done(handle).map_err(|e| failed(vm, e))? {
            return Ok(Value::NONE);
        }
        vm.wait(1000)?;
    }
}

/// `txdone()`
fn txdone(vm: &mut Vm, args: Args) -> R {
    let (uarts, handle) = opened(vm, this(vm, args))?;
    match uarts.tx_done(handle) {
        Ok(done) => Ok(Value::bool(done)),
        Err(e) => Err(failed(vm, e)),
    }
}

/// `sendbreak()`
fn sendbreak(vm: &mut Vm, args: Args) -> R {
    let uarts = uarts(vm)?;
    device::using(vm, this(vm, args), |vm, handle| {
        vm.blocking(|_| uarts.send_break(handle)).map_err(|e| failed(vm, e))
    })?;
    Ok(Value::NONE)
}

static IRQ: [ArgSpec; 4] = [
    arg(q!("self"), ArgKind::Required),
    arg(q!("handler"), ArgKind::Optional),
    arg(q!("trigger"), ArgKind::Optional),
    arg(q!("hard"), ArgKind::Optional),
];

/// `irq(handler=None, trigger=0, hard=False)`
fn irq(vm: &mut Vm, args: Args) -> R {
    let mut given = [None; 4];
    parse(vm, args, &IRQ, &mut given)?;
    let [_, f, trigger, hard] = given;
    let f = handler(vm, f)?;
    let trigger = number(vm, trigger, 0, 0..=TRIGGERS)?;
    soft_only(vm, hard)?;
    let uart = this(vm, args);
    handle(vm, uart)?;
    let found = irq::of(vm, uart)?;
    vm.push(found)?;
    if args.n() > 1 || args.kw() > 0 {
        irq::set(vm, found, f, trigger as u32)?;
    }
    Ok(found)
}

// ---- the stream ----------------------------------------------------------------------------------------------

fn read_stream(vm: &mut Vm, uart: Value, room: Buffer) -> R<usize> {
    let mut piece = [0; PIECE];
    let most = piece.len().min(room.len as usize);
    let got = take(vm, uart, piece.get_mut(..most).unwrap_or(&mut []))?;
    if got == 0 && most > 0 {
        return Err(vm.raise_by(&|h| os_error(h, errno::EAGAIN)));
    }
    let to = Span { owner: room.owner, from_word: room.from_word, offset: room.offset, len: got as u32 };
    vm.heap_mut().write_span(to, piece.get(..got).unwrap_or(&[]));
    Ok(got)
}

fn write_stream(vm: &mut Vm, uart: Value, data: Buffer) -> R<usize> {
    let from = Span { owner: data.owner, from_word: data.from_word, offset: data.offset, len: data.len };
    match give_span(vm, uart, from)? {
        0 if data.len > 0 => Err(vm.raise_by(&|h| os_error(h, errno::EAGAIN))),
        n => Ok(n),
    }
}

fn ioctl(vm: &mut Vm, uart: Value, what: u32, arg: i64) -> R<i64> {
    let (uarts, handle) = opened(vm, uart)?;
    match what {
        request::POLL => match uarts.any(handle) {
            Ok(0) => Ok(arg & ready::WRITE),
            Ok(_) => Ok(arg & (ready::READ | ready::WRITE)),
            Err(e) => Err(failed(vm, e)),
        },
        _ => Err(vm.raise_by(&|h| os_error(h, errno::EINVAL))),
    }
}
