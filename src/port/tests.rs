//! The bindings agree with the header, and the safe face refuses what it must.

extern crate std;
use super::bindings::{pyr_files, pyr_port, pyr_space, pyr_stat};
use super::{BadPort, Critical, Input, Mutex, Port, Wake, testing};
use core::mem::offset_of;
use std::string::String;
use std::{format, fs, process::Command};

/// Every field of the three structs: its text in C, its offset in Rust.
macro_rules! fields {
    ($($struct:ident { $($field:ident)* })*) => {
        [$(
            (format!("sizeof(struct {})", stringify!($struct)), size_of::<$struct>()),
            $((format!("offsetof(struct {}, {})", stringify!($struct), stringify!($field)), offset_of!($struct, $field)),)*
        )*]
    };
}

#[test]
#[cfg_attr(miri, ignore = "runs a C compiler")]
fn layout_is_the_headers() {
    let table = fields! {
        pyr_stat { size mtime_s kind reserved }
        pyr_files { abi_size stat open read write seek close list list_next remove rename make_folder folder space user }
        pyr_space { blocks blocks_free files files_free block_size name_max }
        pyr_port {
            abi_size mutex_size mutex_align wake_size wake_align task_size task_align stack_align console clock_us
            cpu_ticks epoch_us mutex_init mutex_lock mutex_unlock mutex_end wake_init wake wait wake_end task_self
            yield_now stack_left task_create task_end task_reap console_read console_write console_notify
            critical_enter critical_exit entropy variable_get variable_set running fatal files user
        }
    };
    check_layout("pyrite_port.h", &table);
}

#[cfg(feature = "machine-tables")]
#[test]
#[cfg_attr(miri, ignore = "runs a C compiler")]
fn layout_of_devices_is_the_headers() {
    use super::machine::bindings::*;
    let table = fields! {
        pyr_id { label bank number pin }
        pyr_notify { post vm source }
        pyr_pin_config { mode pull value drive alt }
        pyr_pin_ops { abi_size find configure read write toggle irq user }
        pyr_timer_ops { abi_size open start close user }
        pyr_i2c_config { freq_hz timeout_us scl sda }
        pyr_i2c_part { data len flags }
        pyr_i2c_ops { abi_size open transfer probe close user }
        pyr_spi_config { baudrate polarity phase bits lsb_first sck mosi miso }
        pyr_spi_ops { abi_size open transfer close user }
        pyr_uart_config { baudrate bits parity stop flow invert txbuf rxbuf tx rx rts cts }
        pyr_uart_ops { abi_size open read write any tx_done irq send_break close user }
        pyr_adc_config { sample_ns atten }
        pyr_adc_ops { abi_size open read_u16 read_uv close user }
        pyr_wdt_ops { abi_size open feed user }
        pyr_system_ops {
            abi_size reset reset_cause unique_id get_freq set_freq idle light_sleep deep_sleep bootloader user
        }
        pyr_machine { abi_size system pin timer i2c spi uart adc wdt }
    };
    check_layout("pyrite_machine.h", &table);
}

/// The header says so too.
fn check_layout(header: &str, table: &[(String, usize)]) {
    let checks: String =
        table.iter().map(|(c, rust)| format!("_Static_assert({c} == {rust}, \"{c}\");\n")).collect();
    let folder = std::env::temp_dir().join(format!("pyrite-layout-{}-{header}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let probe = folder.join("probe.c");
    fs::write(&probe, format!("#include \"{header}\"\n{checks}")).unwrap();
    let out = Command::new("cc")
        .args(["-std=c11", "-fsyntax-only", "-I", concat!(env!("CARGO_MANIFEST_DIR"), "/include")])
        .arg(&probe)
        .output()
        .unwrap();
    fs::remove_dir_all(&folder).unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

include!("../../header_mark.rs");

/// Bindings are those of the header: it has not changed since `cargo xtask bindings` made them.
#[test]
#[cfg_attr(miri, ignore = "reads a long text slowly")]
fn bindings_are_current() {
    for (header, bindings) in [
        (include_str!("../../include/pyrite_port.h"), include_str!("bindings.rs")),
        (include_str!("../../include/pyrite_machine.h"), include_str!("machine/bindings.rs")),
    ] {
        let mark = format!("//! Header {:#010x}.", header_mark(header));
        let first = bindings.lines().next().unwrap_or_default();
        assert!(bindings.lines().any(|line| line == mark), "run cargo xtask bindings ({first}; {mark})");
    }
}

#[cfg(feature = "bindgen")]
#[test]
fn checked_in_bindings_are_bindgens() {
    let words = |text: &str| -> std::vec::Vec<String> { text.split_whitespace().map(String::from).collect() };
    let fresh = include_str!(concat!(env!("OUT_DIR"), "/bindings.rs"));
    assert_eq!(words(fresh), words(include_str!("bindings.rs")));
    let fresh = include_str!(concat!(env!("OUT_DIR"), "/machine_bindings.rs"));
    assert_eq!(words(fresh), words(include_str!("machine/bindings.rs")));
}

#[test]
fn broken_tables_are_refused() {
    let open = |table: &pyr_port| {
        // SAFETY: a whole table on the stack; the Port does not leave this closure.
        unsafe { Port::new(table) }.err()
    };
    let good = || testing::table(core::ptr::null_mut());
    assert_eq!(open(&good()), None);
    // SAFETY: NULL is allowed.
    assert_eq!(unsafe { Port::new(core::ptr::null()) }.err(), Some(BadPort::Null));
    assert_eq!(open(&pyr_port { abi_size: 8, ..good() }), Some(BadPort::Size));
    assert_eq!(open(&pyr_port { wait: None, ..good() }), Some(BadPort::Missing));
    assert_eq!(open(&pyr_port { wake_align: 3, ..good() }), Some(BadPort::Align));
}

#[test]
fn console_and_locks() {
    let (port, bench) = testing::port();
    let mut room = [0; 4];
    assert_eq!(port.console_read(&mut room), Input::Nothing);
    bench.input.lock().unwrap().extend(b"abcdef");
    assert_eq!(port.console_read(&mut room), Input::Bytes(4));
    assert!(port.console_write(b"hi"));
    assert_eq!(bench.output_text(), "hi");
    let mut region = testing::region(256);
    let mutex = Mutex::new(port, &mut region).unwrap();
    assert!(mutex.lock(0) && !mutex.lock(1000));
    mutex.unlock();
    mutex.end();
    let wake = Wake::new(port, &mut region).unwrap();
    assert!(!wake.wait(0));
    wake.set();
    wake.set();
    assert!(wake.wait(super::FOREVER) && !wake.wait(0));
    wake.end();
    drop((Critical::enter(port), Critical::enter(port)));
    assert!(Mutex::new(port, &mut testing::region(8)).is_none());
}

#[test]
fn region_hands_out_aligned_pieces() {
    let mut region = testing::region(64);
    let first = region.take(1, 1).unwrap();
    let second = region.take(8, 16).unwrap();
    assert_eq!(second.as_ptr() as usize - first.as_ptr() as usize, 16);
    assert_eq!(region.len(), 40);
    assert!(region.take(41, 1).is_none() && region.take(usize::MAX, 1).is_none());
    assert!(region.take(40, 1).is_some() && region.is_empty());
}
