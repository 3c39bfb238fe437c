//! Unpacking: from the stream below, a byte at a time as bits are needed, into the caller's buffer.
//!
//! Invariants
//! - one raw cell holds the state (`word`) and the code tables; it says at any time where the next byte comes from, so a
//!   read may stop after any byte;
//! - no more is read from the stream below than the bytes that were asked for need;
//! - a distance reaches back over what was unpacked, and into the window, at most; codes that are too many for their
//!   lengths, or too few, are refused.

use super::{
    AUTO, DEFAULT_BITS, DISTANCE_BASE, DISTANCE_EXTRA, GZIP, LENGTH_BASE, LENGTH_EXTRA, MAX_BITS, RAW, ZLIB,
    below, field, first_sum, invalid, new_state, object_of, sum,
};
use crate::builtins::bytes::as_buffer;
use crate::heap::span::Span;
use crate::heap::{Heap, Kind, R, Raised, TypeId, Value};
use crate::modules::stream::Stream;
use crate::vm::Vm;
use crate::vm::def::Buffer;

/// Words of the state.
mod word {
    /// A byte on its way from the stream.
    pub const BYTE: usize = 0;
    /// Bits that were read and not used, and how many.
    pub const BITS: usize = 1;
    pub const COUNT: usize = 2;
    pub const MODE: usize = 3;
    /// The present block is the last one.
    pub const LAST: usize = 4;
    /// Bytes of a stored block, or of a match, that are still to come, and the match's distance.
    pub const LEFT: usize = 5;
    pub const DISTANCE: usize = 6;
    pub const FORMAT: usize = 7;
    pub const SUM: usize = 8;
    /// Bytes unpacked so far.
    pub const TOTAL: usize = 9;
    /// Bytes of the window, a power of two.
    pub const WINDOW: usize = 10;
    /// Of literals and lengths, then of distances: how many codes of each length (16), and the symbols in order.
    pub const LITERALS: usize = 16;
    pub const DISTANCES: usize = LITERALS + (16 + super::LITERAL_CODES) / 2;
    /// The lengths of codes while tables are made, four to a word.
    pub const LENGTHS: usize = DISTANCES + (16 + super::DISTANCE_CODES) / 2;
    pub const ALL: usize = LENGTHS + (super::LITERAL_CODES + super::DISTANCE_CODES) / 4;
}

const LITERAL_CODES: usize = 288;
const DISTANCE_CODES: usize = 32;

/// What comes next.
mod mode {
    /// A block's header.
    pub const BLOCK: u32 = 0;
    pub const STORED: u32 = 1;
    pub const CODES: u32 = 2;
    /// Nothing any more.
    pub const END: u32 = 3;
}

pub struct Reader {
    stream: Stream,
    state: Value,
    window: Value,
}

impl Reader {
    /// The reader of an object; the stream's header is read when it is first asked for.
    pub fn open(vm: &mut Vm, this: Value) -> R<Reader> {
        let this = object_of(vm, this);
        let stream = below(vm, this)?;
        let ready = (vm.heap().slot(this, field::READER), vm.heap().slot(this, field::READ_WINDOW));
        if let (Some(state), Some(window)) = ready {
            vm.push(state)?;
            vm.push(window)?;
            return Ok(Reader { stream, state, window });
        }
        let state = vm.with_heap_anew(|h| new_state(h, word::ALL))?;
        vm.push(state)?;
        let mut reader = Reader { stream, state, window: state };
        let (format, asked) = (vm.heap().int(this, field::FORMAT), vm.heap().int(this, field::BITS));
        let (format, bits) = reader.header(vm, format, asked)?;
        let window = vm.with_heap_anew(|h| h.alloc(Kind::Raw, (1usize << bits) / 4))?;
        vm.push(window)?;
        reader.window = window;
        reader.set(vm, word::WINDOW, 1 << bits);
        reader.set(vm, word::FORMAT, format as u32);
        reader.set(vm, word::SUM, first_sum(format));
        let heap = vm.heap_mut();
        heap.set_field(this, field::READER, state);
        heap.set_field(this, field::READ_WINDOW, window);
        Ok(reader)
    }

    fn get(&self, vm: &Vm, i: usize) -> u32 {
        vm.heap().word(self.state, i)
    }
    fn set(&self, vm: &mut Vm, i: usize, n: u32) {
        vm.heap_mut().set_word(self.state, i, n);
    }

    // ---- bits ------------------------------------------------------------------------------------------------

    /// The next byte of the stream below, past bits that are left of the one before.
    fn byte(&self, vm: &mut Vm) -> R<u8> {
        let Some(read) = self.stream.def.read else { return Err(invalid(vm)) };
        let room = Span { owner: self.state, from_word: word::BYTE as u16, offset: 0, len: 1 };
        let n = read(vm, self.stream.object, as_buffer(room, b'B', true))?;
        vm.tick(150)?;
        if n == 0 {
            return Err(vm.raise_bare(TypeId::EOFError));
        }
        Ok(self.get(vm, word::BYTE).to_le_bytes()[0])
    }
    fn bits(&self, vm: &mut Vm, n: u32) -> R<u32> {
        while self.get(vm, word::COUNT) < n {
            let b = u32::from(self.byte(vm)?);
            let count = self.get(vm, word::COUNT);
            let bits = self.get(vm, word::BITS) | b << count;
            self.set(vm, word::BITS, bits);
            self.set(vm, word::COUNT, count + 8);
        }
        let (bits, count) = (self.get(vm, word::BITS), self.get(vm, word::COUNT));
        self.set(vm, word::BITS, bits >> n);
        self.set(vm, word::COUNT, count - n);
        Ok(bits & ((1 << n) - 1))
    }
    /// A little-endian number of `n` bytes that begins with the next whole byte.
    fn number(&self, vm: &mut Vm, n: u32) -> R<u32> {
        let mut all = 0;
        for i in 0..n {
            // What was read ahead of a byte's end is less than a byte.
            all |= u32::from(self.byte(vm)?) << (8 * i);
        }
        Ok(all)
    }
    fn drop_bits(&self, vm: &mut Vm) {
        self.set(vm, word::BITS, 0);
        self.set(vm, word::COUNT, 0);
    }

    // ---- header and trailer ----------------------------------------------------------------------------------

    /// The format, and the window's bits.
    fn header(&self, vm: &mut Vm, format: i32, asked: i32) -> R<(i32, i32)> {
        if format == RAW {
            return Ok((RAW, if asked == 0 { DEFAULT_BITS } else { asked }));
        }
        let (first, second) = (self.byte(vm)?, self.byte(vm)?);
        if (first, second) == (0x1f, 0x8b) && matches!(format, AUTO | GZIP) {
            self.gzip_header(vm)?;
            return Ok((GZIP, if asked == 0 { MAX_BITS } else { asked }));
        }
        let sum = u32::from(first) << 8 | u32::from(second);
        let bits = i32::from(first >> 4) + 8;
        let good = first & 15 == 8 && bits <= MAX_BITS && sum.is_multiple_of(31) && second & 0x20 == 0;
        if !good || !matches!(format, AUTO | ZLIB) {
            return Err(invalid(vm));
        }
        Ok((ZLIB, if asked == 0 { bits } else { asked }))
    }
    /// The rest of a gzip header: flags tell what fields it has.
    fn gzip_header(&self, vm: &mut Vm) -> R<()> {
        let (method, flags) = (self.byte(vm)?, self.byte(vm)?);
        if method != 8 || flags & 0xe0 != 0 {
            return Err(invalid(vm));
        }
        self.number(vm, 4)?;
        self.number(vm, 2)?;
        if flags & 4 != 0 {
            for _ in 0..self.number(vm, 2)? {
                self.byte(vm)?;
            }
        }
        for text in [8, 16] {
            while flags & text != 0 && self.byte(vm)? != 0 {}
        }
        if flags & 2 != 0 {
            self.number(vm, 2)?;
        }
        Ok(())
    }
    fn trailer(&self, vm: &mut Vm) -> R<()> {
        self.drop_bits(vm);
        self.set(vm, word::MODE, mode::END);
        let (sum, total) = (self.get(vm, word::SUM), self.get(vm, word::TOTAL));
        let good = match self.get(vm, word::FORMAT) as i32 {
            ZLIB => self.number(vm, 4)?.swap_bytes() == sum,
            GZIP => (self.number(vm, 4)?, self.number(vm, 4)?) == (sum, total),
            _ => true,
        };
        if good { Ok(()) } else { Err(invalid(vm)) }
    }

    // ---- codes -----------------------------------------------------------------------------------------------

    /// Halfword `i` behind word `at`.
    fn half(&self, vm: &Vm, at: usize, i: usize) -> u32 {
        self.get(vm, at + i / 2) >> (16 * (i % 2)) & 0xffff
    }
    fn set_half(heap: &mut Heap, state: Value, at: usize, i: usize, n: u32) {
        let shift = 16 * (i % 2);
        let old = heap.word(state, at + i / 2);
        heap.set_word(state, at + i / 2, old & !(0xffff << shift) | n << shift);
    }
    fn length(&self, vm: &Vm, i: usize) -> usize {
        (self.get(vm, word::LENGTHS + i / 4) >> (8 * (i % 4)) & 15) as usize
    }
    fn set_length(&self, vm: &mut Vm, i: usize, n: usize) {
        let (at, shift) = (word::LENGTHS + i / 4, 8 * (i % 4));
        let old = self.get(vm, at);
        self.set(vm, at, old & !(0xff << shift) | (n as u32) << shift);
    }

    /// Makes a table of the lengths of `n` codes from number `from` on. Codes must use up what their lengths leave,
    /// except that a single code may stand alone.
    fn table(&self, vm: &mut Vm, at: usize, from: usize, n: usize) -> R<()> {
        let mut counts = [0u32; 16];
        for i in from..from + n {
            if let Some(c) = counts.get_mut(self.length(vm, i)) {
                *c += 1;
            }
        }
        vm.turn(n as u32 * 20)?;
        let mut free = 1i32;
        let mut offsets = [0u32; 16];
        let mut used = 0;
        for (len, count) in counts.iter().enumerate().skip(1) {
            free = (free << 1) - *count as i32;
            if free < 0 {
                return Err(invalid(vm));
            }
            if let Some(o) = offsets.get_mut(len) {
                *o = used;
            }
            used += count;
        }
        if free > 0 && (used > 1 || counts.get(1) != Some(&used)) {
            return Err(invalid(vm));
        }
        let state = self.state;
        for (len, count) in counts.iter().enumerate() {
            Reader::set_half(vm.heap_mut(), state, at, len, if len == 0 { 0 } else { *count });
        }
        for i in from..from + n {
            let len = self.length(vm, i);
            if len > 0
                && let Some(o) = offsets.get_mut(len)
            {
                Reader::set_half(vm.heap_mut(), state, at, 16 + *o as usize, (i - from) as u32);
                *o += 1;
            }
            if i % 64 == 0 {
                vm.turn(64 * 40)?;
            }
        }
        Ok(())
    }

    /// The symbol that the next bits stand for in the table at word `at`.
    fn symbol(&self, vm: &mut Vm, at: usize) -> R<usize> {
        let (mut code, mut first, mut index) = (0, 0, 0);
        for len in 1..16 {
            code |= self.bits(vm, 1)?;
            let count = self.half(vm, at, len);
            if code < first + count {
                return Ok(self.half(vm, at, 16 + (index + code - first) as usize) as usize);
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        Err(invalid(vm))
    }

    fn block(&self, vm: &mut Vm) -> R<()> {
        if self.get(vm, word::LAST) != 0 {
            return self.trailer(vm);
        }
        let last = self.bits(vm, 1)?;
        let kind = self.bits(vm, 2)?;
        let next = match kind {
            0 => {
                self.drop_bits(vm);
                let (n, check) = (self.number(vm, 2)?, self.number(vm, 2)?);
                if n != !check & 0xffff {
                    return Err(invalid(vm));
                }
                self.set(vm, word::LEFT, n);
                mode::STORED
            }
            1 => {
                for i in 0..LITERAL_CODES + DISTANCE_CODES {
                    let n = match i {
                        0..144 => 8,
                        144..256 => 9,
                        256..280 => 7,
                        280..288 => 8,
                        _ => 5,
                    };
                    self.set_length(vm, i, n);
                    vm.tick_after(i, 25)?;
                }
                self.table(vm, word::LITERALS, 0, LITERAL_CODES)?;
                self.table(vm, word::DISTANCES, LITERAL_CODES, DISTANCE_CODES)?;
                mode::CODES
            }
            2 => {
                self.dynamic(vm)?;
                mode::CODES
            }
            _ => return Err(invalid(vm)),
        };
        self.set(vm, word::LAST, last);
        self.set(vm, word::MODE, next);
        Ok(())
    }

    /// The tables of a block that brings its own.
    fn dynamic(&self, vm: &mut Vm) -> R<()> {
        const ORDER: [u8; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
        let literals = self.bits(vm, 5)? as usize + 257;
        let distances = self.bits(vm, 5)? as usize + 1;
        let n = self.bits(vm, 4)? as usize + 4;
        if literals > LITERAL_CODES || distances > DISTANCE_CODES {
            return Err(invalid(vm));
        }
        for (i, place) in ORDER.iter().enumerate() {
            let len = if i < n { self.bits(vm, 3)? as usize } else { 0 };
            self.set_length(vm, *place as usize, len);
        }
        self.table(vm, word::LITERALS, 0, ORDER.len())?;
        let (mut i, mut before) = (0, 0);
        while i < literals + distances {
            let (len, times) = match self.symbol(vm, word::LITERALS)? {
                n @ 0..16 => (n, 1),
                16 if i == 0 => return Err(invalid(vm)),
                16 => (before, self.bits(vm, 2)? + 3),
                17 => (0, self.bits(vm, 3)? + 3),
                _ => (0, self.bits(vm, 7)? + 11),
            };
            if i + times as usize > literals + distances {
                return Err(invalid(vm));
            }
            for _ in 0..times {
                self.set_length(vm, i, len);
                i += 1;
            }
            before = len;
        }
        // Without an end the block would never close.
        if self.length(vm, 256) == 0 {
            return Err(invalid(vm));
        }
        self.table(vm, word::LITERALS, 0, literals)?;
        self.table(vm, word::DISTANCES, literals, distances)
    }

    /// A length's or distance's number: the base of its code and the bits that follow.
    fn amount(&self, vm: &mut Vm, code: usize, base: &[u16], extra: &[u8]) -> R<u32> {
        match (base.get(code), extra.get(code)) {
            (Some(b), Some(n)) => Ok(u32::from(*b) + self.bits(vm, (*n).into())?),
            _ => Err(invalid(vm)),
        }
    }

    // ---- bytes -----------------------------------------------------------------------------------------------

    /// Byte `back` bytes before the end of what was unpacked.
    fn earlier(&self, vm: &Vm, back: u32) -> u8 {
        let at = self.get(vm, word::TOTAL).wrapping_sub(back) & (self.get(vm, word::WINDOW) - 1);
        vm.heap().bytes(self.window, 0).get(at as usize).copied().unwrap_or(0)
    }

    /// The next byte; `None` at the end.
    fn next(&self, vm: &mut Vm) -> R<Option<u8>> {
        loop {
            let left = self.get(vm, word::LEFT);
            match self.get(vm, word::MODE) {
                mode::END => return Ok(None),
                mode::STORED | mode::CODES if left > 0 => {
                    let b = match self.get(vm, word::MODE) {
                        mode::STORED => self.byte(vm)?,
                        _ => {
                            let back = self.get(vm, word::DISTANCE);
                            self.earlier(vm, back)
                        }
                    };
                    self.set(vm, word::LEFT, left - 1);
                    return Ok(Some(b));
                }
                mode::CODES => match self.symbol(vm, word::LITERALS)? {
                    b @ 0..256 => return Ok(Some(b as u8)),
                    256 => self.set(vm, word::MODE, mode::BLOCK),
                    code => {
                        let n = self.amount(vm, code - 257, &LENGTH_BASE, &LENGTH_EXTRA)?;
                        let code = self.symbol(vm, word::DISTANCES)?;
                        let back = self.amount(vm, code, &DISTANCE_BASE, &DISTANCE_EXTRA)?;
                        if back > self.get(vm, word::WINDOW) || back > self.get(vm, word::TOTAL) {
                            return Err(invalid(vm));
                        }
                        self.set(vm, word::DISTANCE, back);
                        self.set(vm, word::LEFT, n);
                    }
                },
                mode::STORED => self.set(vm, word::MODE, mode::BLOCK),
                _ => self.block(vm)?,
            }
        }
    }

    /// Fills the buffer as far as there is something.
    pub fn read(&self, vm: &mut Vm, room: Buffer) -> R<usize> {
        let to = Span { owner: room.owner, from_word: room.from_word, offset: room.offset, len: room.len };
        let mut n = 0;
        while n < to.len() {
            let b = match self.next(vm) {
                Ok(Some(b)) => b,
                Ok(None) => break,
                Err(Raised) => return Err(Raised),
            };
            let total = self.get(vm, word::TOTAL);
            let at = (total & (self.get(vm, word::WINDOW) - 1)) as usize;
            let format = self.get(vm, word::FORMAT) as i32;
            let sum = sum(format, self.get(vm, word::SUM), b);
            self.set(vm, word::SUM, sum);
            // The whole of a very long stream is counted modulo 2^32, as gzip does; distances only see small totals.
            let next = total.wrapping_add(1);
            self.set(vm, word::TOTAL, if next == 0 && format != GZIP { 1 << MAX_BITS } else { next });
            if let Some(place) = vm.heap_mut().bytes_mut(self.window, 0).get_mut(at) {
                *place = b;
            }
            vm.heap_mut().write_span(to.sub(n, n + 1), &[b]);
            n += 1;
            vm.tick(100)?;
        }
        Ok(n)
    }
}
