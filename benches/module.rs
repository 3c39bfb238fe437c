//! A Python module of 300 lines, the same each time, of what modules are made of: what compiling takes is measured on it.
//!
//! Included by the tests of `compile` and by `cargo xtask bench compile`.

use std::prelude::v1::*;
use std::{format, vec};

/// Lines of the module.
pub const LINES: usize = 300;

/// A numbered part of the module: `#` stands for the number, `$` for a number that goes up and down with it.
const PARTS: [&str; 5] = [
    "class Sensor#(Device):
    unit = 'mV'
    limits = ($, $ + 100, 'low', None)

    def __init__(self, pin, name='sensor#', *, scale=$):
        self.pin = pin
        self.name = name
        self.scale = scale / 10
        self.readings = []

    @property
    def mean(self):
        if not self.readings:
            return None
        return sum(self.readings) / len(self.readings)

    def read(self, count=3):
        for i in range(count):
            value = (self.pin.read() * self.scale + $) % 4096
            if value < self.limits[0] or value > self.limits[1]:
                self.warn('out of range', value, index=i)
                continue
            self.readings.append(value)
        return self.readings[-count:]

",
    "def configure_#(options, verbose=False, **more):
    settings = {'rate': $, 'mode': 'fast', 'retries': 3, 'name#': options}
    settings.update(more)
    try:
        rate = int(settings['rate'])
        if rate <= 0 or rate > 0x7fff:
            raise ValueError('rate of # is out of range: %d' % rate)
    except (KeyError, TypeError) as e:
        if verbose:
            print('bad rate', e)
        rate = $
    else:
        settings['checked'] = True
    finally:
        log('configured #')
    return rate, settings

",
    "def table_#(rows):
    squares = [x * x for x in range($) if x % 3]
    names = {name: len(name) for name, _ in rows if name}
    total = sum(value for _, value in rows)
    key = lambda row: (row[1], row[0])
    rows = sorted(rows, key=key, reverse=True)[:$]
    return squares, names, total, rows

",
    "def stream_#(source, limit=$):
    seen = 0
    with source as lines:
        while seen < limit:
            line = lines.readline()
            if not line:
                break
            head, _, tail = line.partition(b':')
            if head == b'#' and tail.strip():
                yield seen, tail.strip()
            seen += 1
    return seen

",
    "LOOKUP_# = [$, 0x1$, 'entry #', b'\\x01\\x02', 1.5, -$, (1, 2, $)]
counter_# = 0
def count_#(step=1):
    global counter_#
    counter_# += step
    def inner():
        nonlocal step
        step = -step
        return counter_# ** 2 if step > 0 else ~counter_# & 0xff
    return inner

",
];

/// The module's text.
pub fn text() -> String {
    let mut lines = vec!["from device import Device, log".to_string(), String::new()];
    let mut number = 0;
    while lines.len() < LINES {
        let part = PARTS[number % PARTS.len()];
        let value = (number * 37 + 11) % 90 + 10;
        let part = part.replace('#', &number.to_string()).replace('$', &value.to_string());
        let part: Vec<&str> = part.lines().collect();
        let room = LINES - lines.len();
        if part.len() > room {
            lines.extend((0..room).map(|i| format!("SPARE_{i} = {i}")));
        } else {
            lines.extend(part.into_iter().map(String::from));
        }
        number += 1;
    }
    lines.join("\n") + "\n"
}
