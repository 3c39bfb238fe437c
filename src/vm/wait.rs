//! Waiting without holding the VM lock: sleep, console input, and what other natives wait for.
//!
//! Invariants
//! - nothing of the state is borrowed while the lock is not held: the closure gets the port alone;
//! - every wait goes through the fiber's wake object or the VM's alarm (`Vm::sleep`), which posts and interrupts set, so a
//!   waiting task sees them at once.

use super::api::Vm;
use super::events::{PENDING_EVENTS, PENDING_FINALIZERS, PENDING_POSTED};
use crate::heap::R;
use crate::port::{FOREVER, Input, Port};

impl Vm {
    /// Runs `f` without the VM lock: other tasks may use the VM meanwhile.
    pub fn blocking<T>(&mut self, f: impl FnOnce(Port) -> T) -> T {
        let port = self.port();
        self.release();
        let r = f(port);
        self.regain();
        r
    }
    /// A moment for other tasks, less urgent ones too; nothing that is pending is looked after.
    pub fn stand_aside(&mut self) {
        let wake = self.fiber().wake;
        self.blocking(|port| match wake {
            Some(wake) => {
                wake.wait(1_000);
            }
            None => port.yield_now(),
        });
    }
    /// Lets a task in that waits for the VM and is as urgent as this one.
    pub fn pass_turn(&mut self) {
        self.blocking(|port| port.yield_now());
    }
    /// Something waits to be called in a nested loop, and may be.
    pub(super) fn has_callbacks(&self) -> bool {
        let what = PENDING_POSTED | PENDING_EVENTS | PENDING_FINALIZERS;
        self.heap().pending_bits() & what != 0 && !self.state().in_callback && !self.state().undisturbed
    }
    /// Waits until something wakes this task, at most `timeout_us`; then looks after what is pending.
    pub fn wait(&mut self, timeout_us: u64) -> R<()> {
        self.poll()?;
        // A callback that was scheduled while callbacks ran does not wait for a wake-up.
        let timeout_us = if self.has_callbacks() { 0 } else { timeout_us };
        self.sleep(timeout_us);
        self.poll()
    }
    /// Sleeps; events are served and interrupts raise meanwhile.
    pub fn sleep_us(&mut self, us: u64) -> R<()> {
        let port = self.port();
        let end = port.clock_us().saturating_add(us);
        if us == 0 {
            self.pass_turn();
        }
        loop {
            let now = port.clock_us();
            if now >= end {
                return self.poll();
            }
            self.wait(end - now)?;
        }
    }
    /// Whether `read_console` would return at once.
    pub fn console_ready(&mut self) -> bool {
        let mut one = [0];
        if self.state().ahead.is_some() {
            return true;
        }
        match self.port().console_read(&mut one) {
            Input::Nothing => false,
            Input::End => true,
            Input::Bytes(_) => {
                self.state_mut().ahead = one.first().copied();
                true
            }
        }
    }
    /// The program that begins now is interrupted at once if the next key is a ctrl-C: it came when that was a key still.
    pub fn interrupt_typed_ahead(&mut self) {
        const CTRL_C: u8 = 3;
        if self.console_ready() && self.state().ahead == Some(CTRL_C) {
            self.state_mut().ahead = None;
            self.remote().interrupt();
        }
    }
    /// As `wait`; the console's input wakes this task too.
    pub fn wait_for_input(&mut self, timeout_us: u64) -> R<()> {
        if self.fiber().wake.is_none() {
            return self.wait(timeout_us.min(1_000));
        }
        self.fiber_mut().wants_input = true;
        let r = self.wait(timeout_us);
        self.drop_input();
        r
    }
    /// Waits for console input: at least one byte, or the end of it.
    pub fn read_console(&mut self, into: &mut [u8]) -> R<Input> {
        if let (Some(to), Some(b)) = (into.first_mut(), self.state_mut().ahead.take()) {
            *to = b;
            return Ok(Input::Bytes(1));
        }
        loop {
            let got = self.port().console_read(into);
            if got != Input::Nothing {
                return Ok(got);
            }
            self.wait_for_input(FOREVER)?;
            if let (Some(to), Some(b)) = (into.first_mut(), self.state_mut().ahead.take()) {
                *to = b;
                return Ok(Input::Bytes(1));
            }
        }
    }
}
