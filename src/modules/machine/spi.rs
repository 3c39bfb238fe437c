//! `machine.SPI`: a controller of an SPI bus.
//!
//! Invariant: transfers run without the VM's lock, on bytes that keep their place and size meanwhile.

use super::buffers::{blank, bytes};
use super::device::{self, deinit, failed, number, pin_handle, show, this, using};
use crate::heap::{R, TypeId, Value};
use crate::port::machine::{Spi, SpiConfig};
use crate::q;
use crate::vm::Vm;
use crate::vm::api::lend::Bytes;
use crate::vm::args::{ArgKind, ArgSpec, arg, parse};
use crate::vm::def::{Args, Const, Mode, NativeDef, TypeDef, entry, kw_fn, vm_fn};
use crate::vm::devices::field;

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 1, 2, true)),
    print: Some(print),
    entries: &[
        entry(q!("init"), kw_fn(init, 1, 2)),
        entry(q!("deinit"), vm_fn(deinit, 1, 1)),
        entry(q!("read"), vm_fn(read, 2, 3)),
        entry(q!("readinto"), vm_fn(readinto, 2, 3)),
        entry(q!("write"), vm_fn(write, 2, 2)),
        entry(q!("write_readinto"), vm_fn(write_readinto, 3, 3)),
        entry(q!("CONTROLLER"), Const::Int(0)),
        entry(q!("MSB"), Const::Int(0)),
        entry(q!("LSB"), Const::Int(1)),
    ],
    ..TypeDef::plain(TypeId::SPI, q!("SPI"))
};

/// The settings, a word each in this order: what they are called, the usual, the least and the most.
const WORDS: [(&[u8], i32, i64, i64); 8] = [
    (b", baudrate=", 1_000_000, 1, 0x3fff_ffff),
    (b", polarity=", 0, 0, 1),
    (b", phase=", 0, 0, 1),
    (b", bits=", 8, 4, 32),
    (b", firstbit=", 0, 0, 1),
    (b"", -1, 0, 0),
    (b"", -1, 0, 0),
    (b"", -1, 0, 0),
];
/// The last three are handles of pins.
const PINS: usize = 5;
const BITS: usize = field::COMMON + 3;

static SETTINGS: [ArgSpec; 9] = [
    arg(q!("id"), ArgKind::Required),
    arg(q!("baudrate"), ArgKind::Optional),
    arg(q!("polarity"), ArgKind::KwOnly),
    arg(q!("phase"), ArgKind::KwOnly),
    arg(q!("bits"), ArgKind::KwOnly),
    arg(q!("firstbit"), ArgKind::KwOnly),
    arg(q!("sck"), ArgKind::KwOnly),
    arg(q!("mosi"), ArgKind::KwOnly),
    arg(q!("miso"), ArgKind::KwOnly),
];

/// `SPI(id, baudrate=1000000, *, polarity=0, phase=0, bits=8, firstbit=MSB, sck, mosi, miso)`
fn make(vm: &mut Vm, args: Args) -> R {
    device::make(vm, args, TypeId::SPI, &WORDS.map(|(_, usual, ..)| usual), set_up)
}

/// `init(...)`: what is not given stays.
fn init(vm: &mut Vm, args: Args) -> R {
    set_up(vm, this(vm, args), args)?;
    Ok(Value::NONE)
}

fn set_up(vm: &mut Vm, bus: Value, args: Args) -> R {
    let mut given = [None; 9];
    parse(vm, args, &SETTINGS, &mut given)?;
    let mut now = [0; WORDS.len()];
    for (i, n) in now.iter_mut().enumerate() {
        *n = vm.heap().int(bus, field::COMMON + i);
    }
    let mut new = now;
    for ((i, n), v) in new.iter_mut().enumerate().zip(given.into_iter().skip(1)) {
        let Some((_, _, least, most)) = WORDS.get(i) else { break };
        if i < PINS {
            *n = number(vm, v, (*n).into(), *least..=*most)? as i32;
        } else if v.is_some() {
            *n = pin_handle(vm, v)?;
        }
    }
    let [baudrate, polarity, phase, bits, lsb_first, sck, mosi, miso] = new;
    let config = SpiConfig {
        baudrate: baudrate as u32,
        polarity: polarity as u8,
        phase: phase as u8,
        bits: bits as u8,
        lsb_first: lsb_first as u8,
        sck,
        mosi,
        miso,
    };
    let spi = spi(vm)?;
    set(vm, bus, new);
    let opened = device::open(vm, bus, q!("SPI"), |id| spi.open(id, &config));
    if opened.is_err() {
        set(vm, bus, now);
    }
    opened
}

fn set(vm: &mut Vm, bus: Value, words: [i32; WORDS.len()]) {
    for (i, n) in words.into_iter().enumerate() {
        vm.heap_mut().set_int(bus, field::COMMON + i, n);
    }
}

fn spi(vm: &mut Vm) -> R<Spi> {
    match vm.machine().spi() {
        Some(spi) => Ok(spi),
        None => Err(device::refuse(vm, q!("SPI"))),
    }
}

fn print(vm: &mut Vm, bus: Value, _: Mode) -> R<()> {
    show(vm, bus)?;
    for (i, (text, ..)) in WORDS.iter().take(PINS).enumerate() {
        let n = vm.heap().field(bus, field::COMMON + i);
        vm.emit(text)?;
        vm.print(n, Mode::Str)?;
    }
    vm.emit(b")")
}

fn transfer(vm: &mut Vm, bus: Value, out: Option<Bytes>, into: Option<Bytes>, fill: u32) -> R<()> {
    let spi = spi(vm)?;
    // Frames of more than a byte come in whole words.
    let frame = match vm.heap().int(bus, BITS) {
        ..=8 => 1,
        9..=16 => 2,
        _ => 4,
    };
    if out.or(into).is_some_and(|bytes| bytes.span.len() % frame != 0) {
        return Err(vm.raise(TypeId::ValueError, "buffer holds no whole number of frames"));
    }
    let (sends, takes) = (out.is_some(), into.is_some());
    using(vm, bus, |vm, handle| {
        let done = vm.lend([out, into], |[out, into]| {
            spi.transfer(handle, sends.then_some(out), takes.then_some(into), fill)
        })?;
        done.map_err(|e| failed(vm, e))
    })
}

/// What is sent while only reading.
fn fill(vm: &mut Vm, args: Args) -> R<u32> {
    Ok(number(vm, vm.arg(args, 2), 0, 0..=u32::MAX.into())? as u32)
}

/// `read(nbytes, write=0x00)`
fn read(vm: &mut Vm, args: Args) -> R {
    let fill = fill(vm, args)?;
    let into = blank(vm, vm.arg(args, 1))?;
    transfer(vm, this(vm, args), None, Some(into), fill)?;
    Ok(into.object)
}

/// `readinto(buf, write=0x00)`
fn readinto(vm: &mut Vm, args: Args) -> R {
    let fill = fill(vm, args)?;
    let into = bytes(vm, vm.req(args, 1), true)?;
    transfer(vm, this(vm, args), None, Some(into), fill)?;
    Ok(Value::NONE)
}

/// `write(buf)`
fn write(vm: &mut Vm, args: Args) -> R {
    let out = bytes(vm, vm.req(args, 1), false)?;
    transfer(vm, this(vm, args), Some(out), None, 0)?;
    Ok(Value::NONE)
}

/// `write_readinto(write_buf, read_buf)`
fn write_readinto(vm: &mut Vm, args: Args) -> R {
    let (out, into) = (bytes(vm, vm.req(args, 1), false)?, bytes(vm, vm.req(args, 2), true)?);
    if out.span.len() != into.span.len() {
        return Err(vm.raise(TypeId::ValueError, "buffers must be the same length"));
    }
    transfer(vm, this(vm, args), Some(out), Some(into), 0)?;
    Ok(Value::NONE)
}
