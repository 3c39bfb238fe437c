//! Pyrite on the real FreeRTOS kernel, in a terminal. `main` and the tasks are C (`c/main.c`), as in any firmware.
#![no_main]

// Brings the library's `pyr_*` functions into the link.
extern crate pyrite;
