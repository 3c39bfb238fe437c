//! `machine.I2C`: a controller of an I2C bus.
//!
//! Invariant: transfers run without the VM's lock, on bytes that keep their place and size meanwhile.

use super::buffers::{blank, bytes};
use super::device::{self, deinit, failed, number, pin_handle, show, this, using};
use crate::heap::{R, TypeId, Value};
use crate::object::bytearray;
use crate::port::machine::{I2c, I2cConfig, Loan, PYR_I2C_READ, PYR_I2C_STOP};
use crate::q;
use crate::vm::Vm;
use crate::vm::api::lend::Bytes;
use crate::vm::args::{ArgKind, ArgSpec, arg, parse};
use crate::vm::def::{Args, Mode, NativeDef, TypeDef, entry, kw_fn, vm_fn};
use crate::vm::devices::field;

pub static TYPE: TypeDef = TypeDef {
    make: Some(NativeDef::vm(make, 1, 2, true)),
    print: Some(print),
    entries: &[
        entry(q!("init"), kw_fn(init, 1, 2)),
        entry(q!("deinit"), vm_fn(deinit, 1, 1)),
        entry(q!("scan"), vm_fn(scan, 1, 1)),
        entry(q!("start"), vm_fn(by_hand, 1, 1)),
        entry(q!("stop"), vm_fn(by_hand, 1, 1)),
        entry(q!("readinto"), vm_fn(by_hand, 2, 3)),
        entry(q!("write"), vm_fn(by_hand, 2, 2)),
        entry(q!("readfrom"), vm_fn(readfrom, 3, 4)),
        entry(q!("readfrom_into"), vm_fn(readfrom_into, 3, 4)),
        entry(q!("writeto"), vm_fn(writeto, 3, 4)),
        entry(q!("writevto"), vm_fn(writevto, 3, 4)),
        entry(q!("readfrom_mem"), kw_fn(readfrom_mem, 1, 4)),
        entry(q!("readfrom_mem_into"), kw_fn(readfrom_mem_into, 1, 4)),
        entry(q!("writeto_mem"), kw_fn(writeto_mem, 1, 4)),
    ],
    ..TypeDef::plain(TypeId::I2C, q!("I2C"))
};

/// Settings: Hz, microseconds, handles of pins.
const FREQ: usize = field::COMMON;
const TIMEOUT: usize = field::COMMON + 1;
const SCL: usize = field::COMMON + 2;
const SDA: usize = field::COMMON + 3;

/// The addresses that `scan` asks: the others are reserved.
const DEVICES: core::ops::Range<u16> = 0x08..0x78;
const LAST_ADDRESS: i64 = 0x3ff;

static SETTINGS: [ArgSpec; 5] = [
    arg(q!("id"), ArgKind::Required),
    arg(q!("freq"), ArgKind::Optional),
    arg(q!("scl"), ArgKind::KwOnly),
    arg(q!("sda"), ArgKind::KwOnly),
    arg(q!("timeout"), ArgKind::KwOnly),
];

/// `I2C(id, freq=400000, *, scl, sda, timeout=50000)`
fn make(vm: &mut Vm, args: Args) -> R {
    // In the order of the settings' words.
    device::make(vm, args, TypeId::I2C, &[400_000, 50_000, -1, -1], set_up)
}

/// `init(freq, *, scl, sda, timeout)`: what is not given stays.
fn init(vm: &mut Vm, args: Args) -> R {
    set_up(vm, this(vm, args), args)?;
    Ok(Value::NONE)
}

fn set_up(vm: &mut Vm, bus: Value, args: Args) -> R {
    let mut given = [None; 5];
    parse(vm, args, &SETTINGS, &mut given)?;
    let [_, freq, scl, sda, timeout] = given;
    let now = [FREQ, TIMEOUT, SCL, SDA].map(|at| vm.heap().int(bus, at));
    let [freq_now, timeout_now, scl_now, sda_now] = now;
    let freq = number(vm, freq, freq_now.into(), 1..=SMALL)? as i32;
    let timeout = number(vm, timeout, timeout_now.into(), 0..=SMALL)? as i32;
    let scl = if scl.is_some() { pin_handle(vm, scl)? } else { scl_now };
    let sda = if sda.is_some() { pin_handle(vm, sda)? } else { sda_now };
    let config = I2cConfig { freq_hz: freq as u32, timeout_us: timeout as u32, scl, sda };
    let i2c = i2c(vm)?;
    for (at, n) in [(FREQ, freq), (TIMEOUT, timeout), (SCL, scl), (SDA, sda)] {
        vm.heap_mut().set_int(bus, at, n);
    }
    let opened = device::open(vm, bus, q!("I2C"), |id| i2c.open(id, &config));
    if opened.is_err() {
        for (at, n) in [FREQ, TIMEOUT, SCL, SDA].into_iter().zip(now) {
            vm.heap_mut().set_int(bus, at, n);
        }
    }
    opened
}

/// The largest number that a field keeps.
const SMALL: i64 = 0x3fff_ffff;

fn i2c(vm: &mut Vm) -> R<I2c> {
    match vm.machine().i2c() {
        Some(i2c) => Ok(i2c),
        None => Err(device::refuse(vm, q!("I2C"))),
    }
}

fn print(vm: &mut Vm, bus: Value, _: Mode) -> R<()> {
    show(vm, bus)?;
    for (text, at) in [(&b", freq="[..], FREQ), (b", timeout=", TIMEOUT)] {
        let n = vm.heap().field(bus, at);
        vm.emit(text)?;
        vm.print(n, Mode::Str)?;
    }
    vm.emit(b")")
}

/// What only a bus in software does: single conditions and bytes.
fn by_hand(vm: &mut Vm, _: Args) -> R {
    Err(vm.raise(TypeId::OSError, "I2C operation not supported"))
}

/// `scan()`: the addresses where a device answers.
fn scan(vm: &mut Vm, args: Args) -> R {
    let (bus, i2c) = (this(vm, args), i2c(vm)?);
    let found = vm.with_heap(crate::object::list::new)?;
    vm.push(found)?;
    for address in DEVICES {
        let there = using(vm, bus, |vm, handle| {
            vm.blocking(|_| i2c.probe(handle, address)).map_err(|e| failed(vm, e))
        })?;
        if there {
            let address = Value::small(address.into());
            vm.with_heap(|h| crate::object::list::append(h, found, address))?;
        }
        vm.tick(200)?;
    }
    Ok(found)
}

/// One transfer: `head`, then the bytes. The count of bytes that were acknowledged.
fn transfer(vm: &mut Vm, bus: Value, address: u16, head: &[u8], body: Option<Bytes>, flags: u32) -> R<i32> {
    let i2c = i2c(vm)?;
    using(vm, bus, |vm, handle| {
        let done =
            vm.lend([body, None], |[body, _]: [Loan; 2]| i2c.transfer(handle, address, head, body, flags))?;
        done.map_err(|e| failed(vm, e))
    })
}

fn address(vm: &mut Vm, v: Option<Value>) -> R<u16> {
    Ok(number(vm, v, 0, 0..=LAST_ADDRESS)? as u16)
}

/// A flag for the argument `stop`.
fn stop(vm: &mut Vm, args: Args) -> R<u32> {
    match vm.arg(args, 3) {
        Some(v) if !vm.truth(v)? => Ok(0),
        _ => Ok(PYR_I2C_STOP),
    }
}

/// `readfrom(addr, nbytes, stop=True, /)`
fn readfrom(vm: &mut Vm, args: Args) -> R {
    let (at, flags) = (address(vm, vm.arg(args, 1))?, stop(vm, args)?);
    let body = blank(vm, vm.arg(args, 2))?;
    transfer(vm, this(vm, args), at, &[], Some(body), flags | PYR_I2C_READ)?;
    Ok(body.object)
}

/// `readfrom_into(addr, buf, stop=True, /)`
fn readfrom_into(vm: &mut Vm, args: Args) -> R {
    let (at, flags) = (address(vm, vm.arg(args, 1))?, stop(vm, args)?);
    let body = bytes(vm, vm.req(args, 2), true)?;
    transfer(vm, this(vm, args), at, &[], Some(body), flags | PYR_I2C_READ)?;
    Ok(Value::NONE)
}

/// `writeto(addr, buf, stop=True, /)`: how many bytes were acknowledged.
fn writeto(vm: &mut Vm, args: Args) -> R {
    let (at, flags) = (address(vm, vm.arg(args, 1))?, stop(vm, args)?);
    let body = bytes(vm, vm.req(args, 2), false)?;
    Ok(Value::small(transfer(vm, this(vm, args), at, &[], Some(body), flags)?))
}

/// `writevto(addr, vector, stop=True, /)`: all the buffers, as one.
fn writevto(vm: &mut Vm, args: Args) -> R {
    let (at, flags) = (address(vm, vm.arg(args, 1))?, stop(vm, args)?);
    let items = crate::builtins::seq::collect(vm, vm.req(args, 2))?;
    vm.push(items)?;
    let all = vm.with_heap(bytearray::new)?;
    vm.push(all)?;
    let mut i = 0;
    while let Some(item) = crate::object::list::get(vm.heap(), items, i) {
        let part = bytes(vm, item, false)?;
        vm.with_heap(|h| bytearray::extend_span(h, all, part.span))?;
        i += 1;
    }
    let body = bytes(vm, all, false)?;
    Ok(Value::small(transfer(vm, this(vm, args), at, &[], Some(body), flags)?))
}

/// What the methods for memories of devices are given.
struct Memory {
    address: u16,
    /// The address within the device, the highest byte first, and how many bytes it has.
    head: [u8; 4],
    len: usize,
    what: Value,
}

impl Memory {
    fn head(&self) -> &[u8] {
        self.head.get(4 - self.len..).unwrap_or(&[])
    }
}

static MEMORY: [ArgSpec; 6] = [
    arg(q!("self"), ArgKind::Required),
    arg(q!("addr"), ArgKind::Required),
    arg(q!("memaddr"), ArgKind::Required),
    // The same argument, under the names that the methods have for it.
    arg(q!("nbytes"), ArgKind::Optional),
    arg(q!("addrsize"), ArgKind::KwOnly),
    arg(q!("buf"), ArgKind::KwOnly),
];

fn memory(vm: &mut Vm, args: Args) -> R<Memory> {
    let mut given = [None; 6];
    parse(vm, args, &MEMORY, &mut given)?;
    let [_, addr, memaddr, what, addrsize, named] = given;
    let address = address(vm, addr)?;
    let n = number(vm, memaddr, 0, 0..=u32::MAX.into())? as u32;
    let bits = number(vm, addrsize, 8, 0..=32)?;
    if bits % 8 != 0 {
        return Err(vm.raise(TypeId::ValueError, "invalid addrsize"));
    }
    let Some(what) = what.or(named) else {
        return Err(vm.raise(TypeId::TypeError, "nbytes or a buffer is needed"));
    };
    Ok(Memory { address, head: n.to_be_bytes(), len: bits as usize / 8, what })
}

fn move_memory(vm: &mut Vm, args: Args, memory: &Memory, body: Bytes, flags: u32) -> R {
    transfer(vm, this(vm, args), memory.address, memory.head(), Some(body), flags | PYR_I2C_STOP)?;
    Ok(Value::NONE)
}

/// `readfrom_mem(addr, memaddr, nbytes, *, addrsize=8)`
fn readfrom_mem(vm: &mut Vm, args: Args) -> R {
    let memory = memory(vm, args)?;
    let body = blank(vm, Some(memory.what))?;
    move_memory(vm, args, &memory, body, PYR_I2C_READ)?;
    Ok(body.object)
}

/// `readfrom_mem_into(addr, memaddr, buf, *, addrsize=8)`
fn readfrom_mem_into(vm: &mut Vm, args: Args) -> R {
    let memory = memory(vm, args)?;
    let body = bytes(vm, memory.what, true)?;
    move_memory(vm, args, &memory, body, PYR_I2C_READ)
}

/// `writeto_mem(addr, memaddr, buf, *, addrsize=8)`
fn writeto_mem(vm: &mut Vm, args: Args) -> R {
    let memory = memory(vm, args)?;
    let body = bytes(vm, memory.what, false)?;
    move_memory(vm, args, &memory, body, 0)
}
