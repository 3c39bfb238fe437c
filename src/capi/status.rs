//! The status codes of `pyrite.h` and their texts.

use core::ffi::CStr;
use cty::{c_char, c_int};

/// A status: 0 or positive for success, else one of these.
pub type Status = c_int;

macro_rules! statuses {
    ($($name:ident = $code:literal, $text:literal;)*) => {
        $(pub const $name: Status = $code;)*

        /// Texts by negated code.
        const TEXTS: &[(Status, &CStr)] = &[$(($code, $text),)*];
    };
}

statuses! {
    OK = 0, c"no error";
    EXCEPTION = -1, c"Python raised an exception";
    NULL = -2, c"a pointer is NULL";
    VM = -3, c"not an open VM";
    TASK = -4, c"this task has not entered the VM";
    REF = -5, c"a stale or foreign reference";
    TIMEOUT = -6, c"timeout";
    MEMORY = -7, c"not enough memory";
    ABI = -8, c"compiled with another version of the header";
    TYPE = -9, c"an object of the wrong type";
    RANGE = -10, c"out of range";
    MISSING = -11, c"not found";
    NESTING = -12, c"wrong nesting";
    INTERRUPT = -13, c"not from an interrupt";
    FORMAT = -14, c"damaged, cut or of another version";
}

/// The text of a status; a positive one is no error.
pub fn text(status: Status) -> &'static CStr {
    let status = status.min(0);
    let found = TEXTS.iter().find(|row| row.0 == status);
    found.map_or(c"unknown status", |row| row.1)
}

#[unsafe(no_mangle)]
pub extern "C" fn pyr_strerror(status: Status) -> *const c_char {
    text(status).as_ptr().cast()
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::vec::Vec;

    /// The header's `#define PYR_E_…` lines and this table say the same.
    #[test]
    fn codes_are_the_headers() {
        let header = include_str!("../../include/pyrite.h");
        let defined: Vec<(&str, Status)> = header
            .lines()
            .filter_map(|line| line.strip_prefix("#define PYR_E_"))
            .map(|line| {
                let (name, rest) = line.split_once(' ').unwrap();
                let code = rest.split_once('(').unwrap().1.split_once(')').unwrap().0;
                (name, code.parse().unwrap())
            })
            .collect();
        assert_eq!(defined.len() + 1, TEXTS.len());
        for (name, code) in defined {
            // SAFETY: the function returns constant texts.
            let text = unsafe { CStr::from_ptr(pyr_strerror(code).cast()) };
            assert_ne!(text, c"unknown status", "{name}");
        }
    }
}
