//! The C structs of include/pyrite_machine.h, made by `cargo xtask bindings`; never edited.
//! Header 0x859d09ac.
#![allow(non_camel_case_types, missing_docs)]

pub const PYR_PULL_UP: u32 = 1;
pub const PYR_PULL_DOWN: u32 = 2;
pub const PYR_PIN_RISING: u32 = 1;
pub const PYR_PIN_FALLING: u32 = 2;
pub const PYR_PIN_LOW_LEVEL: u32 = 4;
pub const PYR_PIN_HIGH_LEVEL: u32 = 8;
pub const PYR_I2C_READ: u32 = 1;
pub const PYR_I2C_STOP: u32 = 2;
pub const PYR_UART_RX: u32 = 1;
pub const PYR_UART_RX_IDLE: u32 = 2;
pub const PYR_UART_TX_IDLE: u32 = 4;
pub const PYR_UART_BREAK: u32 = 8;
pub const PYR_UART_TX_ROOM: u32 = 16;
pub const PYR_UART_LINE_TX: u32 = 1;
pub const PYR_UART_LINE_RX: u32 = 2;
pub const PYR_UART_LINE_RTS: u32 = 4;
pub const PYR_UART_LINE_CTS: u32 = 8;
#[repr(C)]
#[derive(Copy, Clone)]
pub struct pyr_id {
    pub label: *const cty::c_char,
    pub bank: i32,
    pub number: i32,
    pub pin: i32,
}
#[repr(C)]
#[derive(Copy, Clone)]
pub struct pyr_notify {
    pub post: ::core::option::Option<
        unsafe extern "C" fn(vm: *mut cty::c_void, source: u32, flags: u32) -> cty::c_int,
    >,
    pub vm: *mut cty::c_void,
    pub source: u32,
}
pub const PYR_PIN_IN: pyr_pin_mode = 0;
pub const PYR_PIN_OUT: pyr_pin_mode = 1;
pub const PYR_PIN_OPEN_DRAIN: pyr_pin_mode = 2;
pub const PYR_PIN_ALT: pyr_pin_mode = 3;
pub const PYR_PIN_ALT_OPEN_DRAIN: pyr_pin_mode = 4;
pub const PYR_PIN_ANALOG: pyr_pin_mode = 5;
pub type pyr_pin_mode = cty::c_uint;
#[repr(C)]
#[derive(Copy, Clone)]
pub struct pyr_pin_config {
    pub mode: i32,
    pub pull: i32,
    pub value: i32,
    pub drive: i32,
    pub alt: i32,
}
#[repr(C)]
#[derive(Copy, Clone)]
pub struct pyr_pin_ops {
    pub abi_size: u32,
    pub find:
        ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, id: *const pyr_id) -> cty::c_int>,
    pub configure: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut cty::c_void,
            pin: cty::c_int,
            config: *const pyr_pin_config,
        ) -> cty::c_int,
    >,
    pub read:
        ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, pin: cty::c_int) -> cty::c_int>,
    pub write: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, pin: cty::c_int, level: cty::c_int) -> cty::c_int,
    >,
    pub toggle:
        ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, pin: cty::c_int) -> cty::c_int>,
    pub irq: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut cty::c_void,
            pin: cty::c_int,
            trigger: u32,
            notify: *const pyr_notify,
        ) -> cty::c_int,
    >,
    pub user: *mut cty::c_void,
}
#[repr(C)]
#[derive(Copy, Clone)]
pub struct pyr_timer_ops {
    pub abi_size: u32,
    pub open: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, number: i32) -> cty::c_int>,
    pub start: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut cty::c_void,
            timer: cty::c_int,
            period_us: u64,
            periodic: cty::c_int,
            notify: *const pyr_notify,
        ) -> cty::c_int,
    >,
    pub close: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, timer: cty::c_int)>,
    pub user: *mut cty::c_void,
}
#[repr(C)]
#[derive(Copy, Clone)]
pub struct pyr_i2c_config {
    pub freq_hz: u32,
    pub timeout_us: u32,
    pub scl: i32,
    pub sda: i32,
}
#[repr(C)]
#[derive(Copy, Clone)]
pub struct pyr_i2c_part {
    pub data: *mut u8,
    pub len: usize,
    pub flags: u32,
}
#[repr(C)]
#[derive(Copy, Clone)]
pub struct pyr_i2c_ops {
    pub abi_size: u32,
    pub open: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut cty::c_void,
            id: *const pyr_id,
            config: *const pyr_i2c_config,
        ) -> cty::c_int,
    >,
    pub transfer: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut cty::c_void,
            bus: cty::c_int,
            address: u16,
            parts: *const pyr_i2c_part,
            n: usize,
        ) -> cty::c_int,
    >,
    pub probe: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, bus: cty::c_int, address: u16) -> cty::c_int,
    >,
    pub close: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, bus: cty::c_int)>,
    pub user: *mut cty::c_void,
}
#[repr(C)]
#[derive(Copy, Clone)]
pub struct pyr_spi_config {
    pub baudrate: u32,
    pub polarity: u8,
    pub phase: u8,
    pub bits: u8,
    pub lsb_first: u8,
    pub sck: i32,
    pub mosi: i32,
    pub miso: i32,
}
#[repr(C)]
#[derive(Copy, Clone)]
pub struct pyr_spi_ops {
    pub abi_size: u32,
    pub open: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut cty::c_void,
            id: *const pyr_id,
            config: *const pyr_spi_config,
        ) -> cty::c_int,
    >,
    pub transfer: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut cty::c_void,
            bus: cty::c_int,
            out: *const u8,
            in_: *mut u8,
            len: usize,
            fill: u32,
        ) -> cty::c_int,
    >,
    pub close: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, bus: cty::c_int)>,
    pub user: *mut cty::c_void,
}
#[repr(C)]
#[derive(Copy, Clone)]
pub struct pyr_uart_config {
    pub baudrate: i32,
    pub bits: i32,
    pub parity: i32,
    pub stop: i32,
    pub flow: i32,
    pub invert: i32,
    pub txbuf: i32,
    pub rxbuf: i32,
    pub tx: i32,
    pub rx: i32,
    pub rts: i32,
    pub cts: i32,
}
#[repr(C)]
#[derive(Copy, Clone)]
pub struct pyr_uart_ops {
    pub abi_size: u32,
    pub open: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut cty::c_void,
            id: *const pyr_id,
            config: *const pyr_uart_config,
        ) -> cty::c_int,
    >,
    pub read: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, uart: cty::c_int, buf: *mut u8, len: usize) -> i32,
    >,
    pub write: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, uart: cty::c_int, buf: *const u8, len: usize) -> i32,
    >,
    pub any: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, uart: cty::c_int) -> i32>,
    pub tx_done:
        ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, uart: cty::c_int) -> cty::c_int>,
    pub irq: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut cty::c_void,
            uart: cty::c_int,
            trigger: u32,
            notify: *const pyr_notify,
        ) -> cty::c_int,
    >,
    pub send_break:
        ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, uart: cty::c_int) -> cty::c_int>,
    pub close: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, uart: cty::c_int)>,
    pub user: *mut cty::c_void,
}
#[repr(C)]
#[derive(Copy, Clone)]
pub struct pyr_adc_config {
    pub sample_ns: i32,
    pub atten: i32,
}
#[repr(C)]
#[derive(Copy, Clone)]
pub struct pyr_adc_ops {
    pub abi_size: u32,
    pub open: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut cty::c_void,
            id: *const pyr_id,
            config: *const pyr_adc_config,
        ) -> cty::c_int,
    >,
    pub read_u16:
        ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, adc: cty::c_int) -> i32>,
    pub read_uv: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, adc: cty::c_int, out: *mut i32) -> cty::c_int,
    >,
    pub close: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, adc: cty::c_int)>,
    pub user: *mut cty::c_void,
}
#[repr(C)]
#[derive(Copy, Clone)]
pub struct pyr_wdt_ops {
    pub abi_size: u32,
    pub open: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, number: i32, timeout_us: u64) -> cty::c_int,
    >,
    pub feed:
        ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, wdt: cty::c_int) -> cty::c_int>,
    pub user: *mut cty::c_void,
}
pub const PYR_RESET_UNKNOWN: pyr_reset_cause = 0;
pub const PYR_RESET_POWER_ON: pyr_reset_cause = 1;
pub const PYR_RESET_HARD: pyr_reset_cause = 2;
pub const PYR_RESET_WATCHDOG: pyr_reset_cause = 3;
pub const PYR_RESET_DEEP_SLEEP: pyr_reset_cause = 4;
pub const PYR_RESET_SOFT: pyr_reset_cause = 5;
pub type pyr_reset_cause = cty::c_uint;
#[repr(C)]
#[derive(Copy, Clone)]
pub struct pyr_system_ops {
    pub abi_size: u32,
    pub reset: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void)>,
    pub reset_cause: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void) -> cty::c_int>,
    pub unique_id: ::core::option::Option<
        unsafe extern "C" fn(user: *mut cty::c_void, buf: *mut u8, len: usize) -> cty::c_int,
    >,
    pub get_freq: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void) -> u32>,
    pub set_freq: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, hz: u32) -> cty::c_int>,
    pub idle: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void)>,
    pub light_sleep:
        ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, time_us: u64) -> cty::c_int>,
    pub deep_sleep:
        ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void, time_us: u64) -> cty::c_int>,
    pub bootloader: ::core::option::Option<unsafe extern "C" fn(user: *mut cty::c_void)>,
    pub user: *mut cty::c_void,
}
#[repr(C)]
#[derive(Copy, Clone)]
pub struct pyr_machine {
    pub abi_size: u32,
    pub system: *const pyr_system_ops,
    pub pin: *const pyr_pin_ops,
    pub timer: *const pyr_timer_ops,
    pub i2c: *const pyr_i2c_ops,
    pub spi: *const pyr_spi_ops,
    pub uart: *const pyr_uart_ops,
    pub adc: *const pyr_adc_ops,
    pub wdt: *const pyr_wdt_ops,
}
