//! Waiting without holding the VM lock: sleep, console input, and what other natives wait for.
//!
//! Invariants
//! - nothing of the state is borrowed while the lock is not held: the closure gets the port alone;
//! - every wait goes through the fiber's wake object, which posts and interrupts set too, so a waiting task sees them at once.

use super::api::Vm;
use super::events::PENDING_SCHEDULED;
use crate::heap::R;
use crate::port::{FOREVER, Input, Port};

impl Vm {
    /// Runs `f` without the VM lock: other tasks may use the VM meanwhile.
    pub fn blocking<T>(&mut self, f: impl FnOnce(Port) -> T) -> T {
        let port = self.port();
        if let Some(lock) = &self.state().lock {
            lock.unlock();
        }
        let r = f(port);
        if let Some(lock) = &self.state().lock {
            // Without a timeout the port gives the lock or never returns.
            while !lock.lock(FOREVER) {}
        }
        self.resume_fiber();
        r
    }
    /// Waits until something wakes this task, at most `timeout_us`; then looks after what is pending.
    pub fn wait(&mut self, timeout_us: u64) -> R<()> {
        self.poll()?;
        // A callback that was scheduled while callbacks ran does not wait for a wake-up.
        let ready = self.heap().pending() & PENDING_SCHEDULED != 0 && !self.state().in_callback;
        match self.fiber().wake {
            Some(wake) => {
                self.blocking(|_| wake.wait(if ready { 0 } else { timeout_us }));
            }
            None => self.blocking(|port| port.yield_now()),
        }
        self.poll()
    }
    /// Sleeps; events are served and interrupts raise meanwhile.
    pub fn sleep_us(&mut self, us: u64) -> R<()> {
        let port = self.port();
        let end = port.clock_us().saturating_add(us);
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
            if let Some(wake) = self.fiber().wake {
                self.port().console_notify(Some(&wake));
                // What came in between would not wake us.
                let got = self.port().console_read(into);
                if got != Input::Nothing {
                    self.port().console_notify(None);
                    return Ok(got);
                }
                let r = self.wait(FOREVER);
                self.port().console_notify(None);
                r?;
            } else {
                self.wait(1_000)?;
            }
        }
    }
}
