//! Packing: one block with the codes that the format fixes, and matches from the window.
//!
//! Invariants
//! - one raw cell holds the state (`word`), another one the last bytes, as many as the window has;
//! - bits go to the stream below at the end of each write, so nothing but part of a byte waits here;
//! - of two matches the longer one is taken, of equal ones the nearer one.

use super::{
    AUTO, DEFAULT_BITS, DISTANCE_BASE, DISTANCE_EXTRA, GZIP, LENGTH_BASE, LENGTH_EXTRA, RAW, ZLIB, below,
    field, first_sum, invalid, new_state, object_of, sum,
};
use crate::builtins::streams;
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, Value};
use crate::modules::stream::Stream;
use crate::vm::Vm;
use crate::vm::def::Buffer;

/// Words of the state.
mod word {
    pub const BITS: usize = 0;
    pub const COUNT: usize = 1;
    pub const SUM: usize = 2;
    /// Bytes packed so far.
    pub const TOTAL: usize = 3;
    /// Bytes of the window.
    pub const WINDOW: usize = 4;
    pub const FORMAT: usize = 5;
    /// Whole bytes that wait in `OUT`.
    pub const WAITING: usize = 6;
    pub const OUT: usize = 7;
    pub const ALL: usize = OUT + super::OUT / 4;
}

/// Bytes that are put together before they are written.
const OUT: usize = 64;

const SHORTEST: usize = 3;
const LONGEST: usize = 258;
/// Instructions of a search before the next tick.
const TRIED: u32 = 3000;
/// Bytes that are put into the window before the next tick.
const PIECE: usize = 128;

pub struct Writer {
    stream: Stream,
    state: Value,
    window: Value,
}

impl Writer {
    /// The writer of an object; the format's header goes out when it is first asked for.
    pub fn open(vm: &mut Vm, this: Value) -> R<Writer> {
        let this = object_of(vm, this);
        let stream = below(vm, this)?;
        if let Some(writer) = Writer::present(vm, this, stream)? {
            return Ok(writer);
        }
        let format = match vm.heap().int(this, field::FORMAT) {
            AUTO => RAW,
            format => format,
        };
        let bits = match vm.heap().int(this, field::BITS) {
            0 => DEFAULT_BITS,
            bits => bits,
        };
        // The window first: in a small heap the state would lie amid the room for it.
        let window = vm.with_heap_anew(|h| h.alloc(Kind::Raw, (1usize << bits) / 4))?;
        vm.push(window)?;
        let state = vm.with_heap_anew(|h| new_state(h, word::ALL))?;
        vm.push(state)?;
        let writer = Writer { stream, state, window };
        writer.set(vm, word::WINDOW, 1 << bits);
        writer.set(vm, word::FORMAT, format as u32);
        writer.set(vm, word::SUM, first_sum(format));
        // The last block, with the fixed codes.
        writer.set(vm, word::BITS, 0b011);
        writer.set(vm, word::COUNT, 3);
        if writer.header(vm, format, bits).is_err() {
            vm.heap_mut().raised = None;
            return Err(invalid(vm));
        }
        let heap = vm.heap_mut();
        heap.set_field(this, field::WRITER, state);
        heap.set_field(this, field::WRITE_WINDOW, window);
        Ok(writer)
    }
    fn present(vm: &mut Vm, this: Value, stream: Stream) -> R<Option<Writer>> {
        let ready = (vm.heap().slot(this, field::WRITER), vm.heap().slot(this, field::WRITE_WINDOW));
        let (Some(state), Some(window)) = ready else { return Ok(None) };
        vm.push(state)?;
        vm.push(window)?;
        Ok(Some(Writer { stream, state, window }))
    }

    fn header(&self, vm: &mut Vm, format: i32, bits: i32) -> R<()> {
        match format {
            ZLIB => {
                // Readers do not all take windows of less than 512 bytes.
                let first = ((bits - 8).max(1) as u32) << 4 | 8;
                // Default compression, and what makes the two bytes a multiple of 31.
                let both = first << 8 | 0x80;
                let both = both + (31 - both % 31);
                self.bytes(vm, &[(both >> 8) as u8, both as u8])
            }
            GZIP => self.bytes(vm, &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 3]),
            _ => Ok(()),
        }
    }

    fn get(&self, vm: &Vm, i: usize) -> u32 {
        vm.heap().word(self.state, i)
    }
    fn set(&self, vm: &mut Vm, i: usize, n: u32) {
        vm.heap_mut().set_word(self.state, i, n);
    }

    // ---- output ----------------------------------------------------------------------------------------------

    /// Writes bytes to the stream below.
    fn bytes(&self, vm: &mut Vm, bytes: &[u8]) -> R<()> {
        let at = self.get(vm, word::WAITING) as usize;
        for (to, b) in vm.heap_mut().bytes_mut(self.state, word::OUT).iter_mut().take(OUT).skip(at).zip(bytes)
        {
            *to = *b;
        }
        self.set(vm, word::WAITING, (at + bytes.len()).min(OUT) as u32);
        self.flush(vm)
    }
    fn flush(&self, vm: &mut Vm) -> R<()> {
        let n = self.get(vm, word::WAITING) as usize;
        if n == 0 {
            return Ok(());
        }
        // What failed to be written is not tried again.
        self.set(vm, word::WAITING, 0);
        let all = Span { owner: self.state, from_word: word::OUT as u16, offset: 0, len: n as u32 };
        if self.stream.write_all(vm, all)? < n {
            return Err(vm.raise_by(&|h| streams::os_error(h, streams::errno::EAGAIN)));
        }
        Ok(())
    }
    /// Puts `n` bits out, the lowest first.
    fn bits(&self, vm: &mut Vm, bits: u32, n: u32) -> R<()> {
        let mut count = self.get(vm, word::COUNT);
        let mut all = u64::from(self.get(vm, word::BITS)) | u64::from(bits) << count;
        count += n;
        while count >= 8 {
            let at = self.get(vm, word::WAITING) as usize;
            if let Some(to) = vm.heap_mut().bytes_mut(self.state, word::OUT).get_mut(at) {
                *to = all as u8;
            }
            self.set(vm, word::WAITING, at as u32 + 1);
            all >>= 8;
            count -= 8;
            if at + 1 >= OUT {
                self.flush(vm)?;
            }
        }
        self.set(vm, word::BITS, all as u32);
        self.set(vm, word::COUNT, count);
        Ok(())
    }
    /// A code of `n` bits: its highest bit goes first.
    fn code(&self, vm: &mut Vm, code: u32, n: u32) -> R<()> {
        self.bits(vm, code.reverse_bits() >> (32 - n), n)
    }
    /// A literal, length code or end by the fixed table.
    fn symbol(&self, vm: &mut Vm, s: u32) -> R<()> {
        match s {
            0..144 => self.code(vm, 0x30 + s, 8),
            144..256 => self.code(vm, 0x190 + (s - 144), 9),
            256..280 => self.code(vm, s - 256, 7),
            _ => self.code(vm, 0xc0 + (s - 280), 8),
        }
    }
    fn a_match(&self, vm: &mut Vm, len: usize, back: usize) -> R<()> {
        let last = |base: &[u16], n: usize| base.iter().rposition(|b| usize::from(*b) <= n).unwrap_or(0);
        let at = last(&LENGTH_BASE, len);
        self.symbol(vm, 257 + at as u32)?;
        self.rest(vm, len, at, &LENGTH_BASE, &LENGTH_EXTRA)?;
        let at = last(&DISTANCE_BASE, back);
        self.code(vm, at as u32, 5)?;
        self.rest(vm, back, at, &DISTANCE_BASE, &DISTANCE_EXTRA)
    }
    fn rest(&self, vm: &mut Vm, n: usize, at: usize, base: &[u16], extra: &[u8]) -> R<()> {
        let from = base.get(at).copied().unwrap_or(0);
        self.bits(vm, (n - usize::from(from)) as u32, extra.get(at).copied().unwrap_or(0).into())
    }

    // ---- input -----------------------------------------------------------------------------------------------

    /// Packs all of the data.
    pub fn write(&self, vm: &mut Vm, data: Buffer) -> R<usize> {
        let all = Span { owner: data.owner, from_word: data.from_word, offset: data.offset, len: data.len };
        let mut at = 0;
        while at < all.len() {
            let (len, back) = self.best(vm, all, at)?;
            let n = if len >= SHORTEST {
                self.a_match(vm, len, back)?;
                len
            } else {
                let b = vm.heap().span_bytes(all).get(at).copied().unwrap_or(0);
                self.symbol(vm, b.into())?;
                1
            };
            for from in (at..at + n).step_by(PIECE) {
                let part = all.sub(from, (at + n).min(from + PIECE));
                self.remember(vm, part);
                vm.tick(300 + part.len * 40)?;
            }
            at += n;
        }
        self.flush(vm)?;
        Ok(all.len())
    }

    /// Puts bytes into the window and the checksum.
    fn remember(&self, vm: &mut Vm, part: Span) {
        let format = self.get(vm, word::FORMAT) as i32;
        let mask = self.get(vm, word::WINDOW) - 1;
        let (mut total, mut check) = (self.get(vm, word::TOTAL), self.get(vm, word::SUM));
        let heap = vm.heap_mut();
        for i in 0..part.len() {
            let b = heap.span_bytes(part).get(i).copied().unwrap_or(0);
            if let Some(to) = heap.bytes_mut(self.window, 0).get_mut((total & mask) as usize) {
                *to = b;
            }
            check = sum(format, check, b);
            total = total.wrapping_add(1);
            // gzip counts modulo 2^32; the window is full ever after.
            if total == 0 && format != GZIP {
                total = mask + 1;
            }
        }
        self.set(vm, word::TOTAL, total);
        self.set(vm, word::SUM, check);
    }

    /// The best match for the data from byte `at` on: length and distance.
    fn best(&self, vm: &mut Vm, all: Span, at: usize) -> R<(usize, usize)> {
        let reach = self.get(vm, word::TOTAL).min(self.get(vm, word::WINDOW)) as usize;
        let mut best = (0, 0);
        let mut from = 1;
        while from <= reach && best.0 < LONGEST {
            let rest = all.sub(at, at + LONGEST);
            let cost = self.among(vm.heap(), rest, &mut from, reach, &mut best);
            vm.tick(cost)?;
            if best.0 == rest.len() {
                break;
            }
        }
        Ok(best)
    }
    /// Looks for better matches at some distances from `back` to `reach`; gives what that cost.
    fn among(
        &self,
        heap: &Heap,
        rest: Span,
        back: &mut usize,
        reach: usize,
        best: &mut (usize, usize),
    ) -> u32 {
        let (window, data) = (heap.bytes(self.window, 0), heap.span_bytes(rest));
        let mask = heap.word(self.state, word::WINDOW) as usize - 1;
        let total = heap.word(self.state, word::TOTAL) as usize;
        let mut cost = 0;
        while *back <= reach && cost < TRIED && best.0 < data.len() {
            let mut n = 0;
            while let Some(b) = data.get(n) {
                // Beyond the present end a match goes on with itself.
                let before = match n.checked_sub(*back) {
                    Some(i) => data.get(i),
                    None => window.get(total.wrapping_sub(*back).wrapping_add(n) & mask),
                };
                if before != Some(b) {
                    break;
                }
                n += 1;
            }
            cost += 12 + 10 * n as u32;
            if n > best.0 {
                *best = (n, *back);
            }
            *back += 1;
        }
        cost
    }
}

/// Ends what was written: the block's end, the part of a byte, and the trailer, each byte by itself.
pub fn finish(vm: &mut Vm, this: Value) -> R<()> {
    let this = object_of(vm, this);
    let stream = below(vm, this)?;
    let Some(writer) = Writer::present(vm, this, stream)? else { return Ok(()) };
    // The end's seven bits and what is left of a byte: two bytes at the most, of which the stream hears in turn.
    let pending = writer.get(vm, word::COUNT);
    writer.bits(vm, 0, 8 - pending.min(8))?;
    writer.flush(vm)?;
    let left = 7u32.saturating_sub(8 - pending.min(8));
    if left > 0 {
        writer.bits(vm, 0, 8)?;
        writer.flush(vm)?;
    }
    let (sum, total) = (writer.get(vm, word::SUM), writer.get(vm, word::TOTAL));
    match writer.get(vm, word::FORMAT) as i32 {
        ZLIB => writer.bytes(vm, &sum.to_be_bytes()),
        GZIP => {
            let [a, b, c, d] = sum.to_le_bytes();
            let [e, f, g, h] = total.to_le_bytes();
            writer.bytes(vm, &[a, b, c, d, e, f, g, h])
        }
        _ => Ok(()),
    }
}
