//! Devices of the module `machine`: which of them drivers know, and what happens when one of them has something to say.
//!
//! Invariants
//! - a device that a driver knows stands in `Root::Devices`, at the index that the lower half of its `SOURCE` says, from
//!   before the driver hears of it until after it was told to forget it; so it lives, and a handle has one object in a VM;
//! - the upper half of `SOURCE` counts: what was posted for a device that is gone finds nobody, whoever has its place;
//! - `close_devices` ends what is left at the end of the VM.

use super::api::Vm;
use super::def::{Const, Entry};
use super::state::Root;
use crate::heap::{Heap, Kind, R, TypeId, Value};
use crate::object::list;
use crate::port::machine::{Machine, Notify};
use crate::q;

/// Words that each device has; its class may have more behind them. A `Pin` has the first three.
pub mod field {
    pub const TYPE: usize = 0;
    /// The driver's handle, or `CLOSED`.
    pub const HANDLE: usize = 1;
    /// What the program called it; of an `irq`, the device that it belongs to.
    pub const ID: usize = 2;
    /// What is called, or `None`; of a device without events, how many of its transfers are under way (a small int).
    pub const HANDLER: usize = 3;
    /// How posts name it; 0 while no driver knows it.
    pub const SOURCE: usize = 4;
    /// What happened last, as the driver said.
    pub const FLAGS: usize = 5;
    pub const COMMON: usize = 6;
}
pub const CLOSED: i32 = -1;

/// Of a timer: whether it goes on after it was due.
pub const PERIODIC: usize = field::COMMON;

/// Devices at a time, which is what half a word holds, and the count above them: all fit a small int.
const MOST: usize = 1 << 16;
const COUNTS: u32 = 0x3fff;

impl Vm {
    pub fn machine(&self) -> Machine {
        self.state().machine
    }
    /// Gives the VM its devices; false where it has some open.
    pub fn set_machine(&mut self, machine: Machine) -> bool {
        let free = self
            .root(Root::Devices)
            .is_none_or(|all| list::slots(self.heap(), all).iter().flatten().all(|device| device.is_none()));
        if free {
            self.state_mut().machine = machine;
        }
        free
    }

    /// A device object of `words` words that no driver knows yet.
    pub fn new_device(&mut self, id: TypeId, words: usize, name: Value) -> R {
        self.with_heap(|h| {
            let device = h.alloc(Kind::Object, words)?;
            h.set_field(device, field::TYPE, Value::typ(id));
            h.set_int(device, field::HANDLE, CLOSED);
            h.set_field(device, field::ID, name);
            for i in field::HANDLER..words {
                h.set_int(device, i, 0);
            }
            h.set_field(device, field::HANDLER, Value::NONE);
            Ok(device)
        })
    }
    /// Enters a device, which is reachable, before a driver hears of it.
    pub fn keep_device(&mut self, device: Value) -> R<()> {
        if self.heap().int(device, field::SOURCE) != 0 {
            return Ok(());
        }
        let all = match self.root(Root::Devices) {
            Some(all) => all,
            None => {
                let all = self.with_heap(list::new)?;
                self.set_root(Root::Devices, Some(all));
                all
            }
        };
        // The place 0 stays empty, so that no source is 0.
        if list::len(self.heap(), all) == 0 {
            self.with_heap(|h| list::append(h, all, Value::NONE))?;
        }
        let slots = list::slots(self.heap(), all);
        let n = list::len(self.heap(), all);
        let free = slots.iter().take(n).skip(1).position(|v| *v == Some(Value::NONE)).map(|i| i + 1);
        let place = free.unwrap_or(n);
        if place >= MOST {
            return Err(self.raise(TypeId::MemoryError, "too many devices"));
        }
        match free {
            Some(i) => list::set(self.heap_mut(), all, i, device),
            None => self.with_heap(|h| list::append(h, all, device))?,
        }
        let st = self.state_mut();
        st.next_source = (st.next_source + 1) & COUNTS;
        let source = st.next_source << 16 | place as u32;
        self.heap_mut().set_int(device, field::SOURCE, source as i32);
        Ok(())
    }
    /// Its driver has forgotten it.
    pub fn forget_device(&mut self, device: Value) {
        let source = self.heap().int(device, field::SOURCE);
        if let Some(all) = self.root(Root::Devices).filter(|_| source != 0) {
            list::set(self.heap_mut(), all, source as usize & (MOST - 1), Value::NONE);
        }
        let heap = self.heap_mut();
        heap.set_int(device, field::SOURCE, 0);
    }
    /// The object that stands for a handle.
    pub fn kept_device(&self, matches: impl Fn(&Heap, Value) -> bool) -> Option<Value> {
        let all = self.root(Root::Devices)?;
        let n = list::len(self.heap(), all);
        let slots = list::slots(self.heap(), all).iter().take(n).flatten();
        slots.copied().find(|device| !device.is_none() && matches(self.heap(), *device))
    }
    /// By which a driver posts for a device that is kept.
    pub fn notify(&mut self, device: Value) -> Notify {
        let source = self.heap().int(device, field::SOURCE);
        self.notify_of(source as u32)
    }

    /// Calls the handler of a device that a driver has posted for.
    pub(super) fn serve_device(&mut self, source: usize, flags: usize) -> R<()> {
        let Some(all) = self.root(Root::Devices) else { return Ok(()) };
        let found = list::get(self.heap(), all, source & (MOST - 1));
        let Some(device) = found.filter(|device| !device.is_none()) else { return Ok(()) };
        if self.heap().int(device, field::SOURCE) as usize != source {
            return Ok(());
        }
        let at = self.push(device)?;
        let heap = self.heap_mut();
        heap.set_int(device, field::FLAGS, flags as i32 & 0x3fff_ffff);
        let (handler, mut target) = (heap.field(device, field::HANDLER), device);
        if self.type_id(device) == TypeId::Irq {
            target = self.heap().field(device, field::ID);
            while self.unpark(target) {}
        } else if self.heap().int(device, PERIODIC) == 0 {
            // It is over before the handler runs, which may start it again.
            self.end_timer(device);
        }
        let done = if handler.is_none() { Ok(Value::NONE) } else { self.call(handler, &[target]) };
        self.drop_to(at);
        done.map(|_| ())
    }
    /// Stops a timer. One of the RTOS's own kind is the driver's again; a numbered one stays open until `deinit`.
    pub fn end_timer(&mut self, timer: Value) {
        if self.heap().field(timer, field::ID) == Value::small(-1) {
            self.end_device(timer);
        }
    }
    /// Has the driver close a device, whatever it is, and forgets it.
    pub fn end_device(&mut self, device: Value) {
        let handle = self.heap().int(device, field::HANDLE);
        let (machine, what) = (self.machine(), self.type_id(device));
        if handle != CLOSED {
            let owner = self.heap().field(device, field::ID);
            let of_pin = what == TypeId::Irq && self.type_id(owner) == TypeId::Pin;
            // A driver that fails to forget has broken its contract: there is nobody to tell.
            match what {
                TypeId::Irq if of_pin => drop(machine.pin().map(|pins| pins.irq(handle, 0, None))),
                TypeId::Irq => drop(machine.uart().map(|uarts| uarts.irq(handle, 0, None))),
                _ => self.blocking(|_| match what {
                    TypeId::Timer => drop(machine.timer().map(|timers| timers.close(handle))),
                    TypeId::I2C => drop(machine.i2c().map(|i2c| i2c.close(handle))),
                    TypeId::SPI => drop(machine.spi().map(|spi| spi.close(handle))),
                    TypeId::UART => drop(machine.uart().map(|uarts| uarts.close(handle))),
                    TypeId::ADC => drop(machine.adc().map(|adcs| adcs.close(handle))),
                    _ => {}
                }),
            }
        }
        self.heap_mut().set_int(device, field::HANDLE, CLOSED);
        self.forget_device(device);
    }
    /// A class of `machine` that the board has not.
    pub(super) fn is_absent(&mut self, module: Value, e: &Entry) -> R<bool> {
        match e.value {
            Const::Dyn(f) if self.module_def(module).is_some_and(|def| def.name == q!("machine")) => {
                Ok(f(self)? == Value::STOP)
            }
            _ => Ok(false),
        }
    }
    /// At the end of the VM: no driver knows it any more afterwards.
    pub fn close_devices(&mut self) {
        while let Some(device) = self.kept_device(|_, _| true) {
            self.end_device(device);
        }
    }
}
