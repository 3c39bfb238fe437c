//! Pyrite: MicroPython's language and libraries as a library for RTOS firmware.
#![no_std]
#![deny(unsafe_code)]

pub mod base;
