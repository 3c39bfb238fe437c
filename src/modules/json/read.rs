//! `json.load` and `json.loads`: strict JSON (and `NaN`, `Infinity`, `-Infinity`, as CPython has them).
//!
//! Invariants
//! - open arrays and objects lie in frames of two slots each on the VM's stack: the container, and an object's key or `STOP`;
//! - the text is read byte by byte through a window: all of a string or buffer, or what was read last of a stream;
//! - a token is collected in a byte array of its own, so it may lie across windows.

use crate::base::utf8;
use crate::builtins::streams::{self, Stream};
use crate::builtins::{dict as dicts, int as ints, text};
use crate::heap::span::Span;
use crate::heap::{Kind, R, Raised, TypeId, Value};
use crate::object::{bytearray, dict, list, str, text_iter};
use crate::vm::def::Args;
use crate::vm::{Slot, Vm, bulk};

/// Bytes asked of a stream at a time.
const BLOCK: usize = 64;
const FRAME: u32 = 2;

/// `loads(text)`: a str, bytes or any other buffer.
pub fn loads(vm: &mut Vm, args: Args) -> R {
    let v = text::native(vm.heap(), vm.req(args, 0));
    if text::buffer(vm.heap(), v, true).is_none() {
        return Err(vm.raise_by(&|h| text::mixed(h, Kind::Bytes)));
    }
    Reader::new(vm, v, None)?.document(vm)
}

/// `load(stream)`: reads it to its end.
pub fn load(vm: &mut Vm, args: Args) -> R {
    let stream = streams::get(vm, vm.req(args, 0))?;
    let window = vm.with_heap(bytearray::new)?;
    Reader::new(vm, window, Some(stream))?.document(vm)
}

struct Reader {
    /// The bytes that are being read; of a stream, a byte array that is filled anew.
    window: Slot,
    at: usize,
    from: Option<Stream>,
    /// Bytes to be asked for next: a byte at first, and twice as many each time, so that a short document on a slow line
    /// is not waited for longer than it is.
    block: usize,
    /// The token that is being read: a byte array.
    token: Slot,
}

/// What comes after a container was opened, or after a value.
enum Next {
    Value,
    /// The value is complete, and lies in the base slot.
    Done,
}

impl Reader {
    fn new(vm: &mut Vm, window: Value, from: Option<Stream>) -> R<Reader> {
        let window = vm.push(window)?;
        let token = vm.with_heap(bytearray::new)?;
        Ok(Reader { window, at: 0, from, block: 1, token: vm.push(token)? })
    }

    // ---- bytes -----------------------------------------------------------------------------------------------

    fn span(&self, vm: &Vm) -> Span {
        let v = vm.get(self.window);
        match str::span(vm.heap(), v) {
            Some(s) => s,
            None => text_iter::items(vm.heap(), v).1,
        }
    }
    /// The next byte, which stays; `None` at the end.
    fn peek(&mut self, vm: &mut Vm) -> R<Option<u8>> {
        if let Some(b) = vm.heap().span_bytes(self.span(vm)).get(self.at) {
            return Ok(Some(*b));
        }
        let Some(stream) = self.from else { return Ok(None) };
        let window = vm.get(self.window);
        bytearray::truncate(vm.heap_mut(), window, 0);
        self.at = 0;
        let n = stream.read_some(vm, self.window, self.block)?;
        self.block = (self.block * 2).min(BLOCK);
        vm.tick(100)?;
        Ok(if n == 0 { None } else { vm.heap().span_bytes(self.span(vm)).first().copied() })
    }
    fn take(&mut self, vm: &mut Vm) -> R<Option<u8>> {
        let b = self.peek(vm)?;
        self.at += usize::from(b.is_some());
        Ok(b)
    }
    /// The next byte that is no blank; it stays.
    fn peek_past_blanks(&mut self, vm: &mut Vm) -> R<Option<u8>> {
        let mut n = 0;
        loop {
            match self.peek(vm)? {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                b => return Ok(b),
            }
            n += 1;
            if n & 63 == 0 {
                vm.tick(1500)?;
            }
        }
    }

    #[cold]
    fn error(&self, vm: &mut Vm) -> Raised {
        vm.raise(TypeId::ValueError, "syntax error in JSON")
    }

    // ---- the document ----------------------------------------------------------------------------------------

    fn document(&mut self, vm: &mut Vm) -> R {
        let base = vm.push(Value::NONE)?;
        let mut depth = 0;
        loop {
            let mut next = self.value(vm, base, &mut depth)?;
            while let Next::Done = next {
                vm.tick(60)?;
                if depth == 0 {
                    if self.peek_past_blanks(vm)?.is_some() {
                        return Err(self.error(vm));
                    }
                    return Ok(vm.get(base));
                }
                next = self.add(vm, base, &mut depth)?;
            }
        }
    }

    /// Reads a value into `base`, or opens a container.
    fn value(&mut self, vm: &mut Vm, base: Slot, depth: &mut u32) -> R<Next> {
        let Some(first) = self.peek_past_blanks(vm)? else { return Err(self.error(vm)) };
        let v = match first {
            b'[' | b'{' => {
                self.at += 1;
                return self.open(vm, base, depth, first == b'{');
            }
            b'"' => self.string(vm)?,
            b'-' | b'0'..=b'9' => self.number(vm)?,
            _ => {
                self.clear(vm);
                self.word(vm)?
            }
        };
        vm.set(base, v);
        Ok(Next::Done)
    }

    fn open(&mut self, vm: &mut Vm, base: Slot, depth: &mut u32, object: bool) -> R<Next> {
        let made = vm.with_heap(if object { dict::new } else { list::new })?;
        vm.push(made)?;
        vm.push(Value::STOP)?;
        *depth += 1;
        let end = if object { b'}' } else { b']' };
        if self.peek_past_blanks(vm)? == Some(end) {
            self.close(vm, base, depth);
            return Ok(Next::Done);
        }
        if object {
            self.key(vm, *depth, base)?;
        }
        Ok(Next::Value)
    }
    /// The innermost container is complete: it is the value now.
    fn close(&mut self, vm: &mut Vm, base: Slot, depth: &mut u32) {
        self.at += 1;
        *depth -= 1;
        let frame = Slot(base.0 + 1 + *depth * FRAME);
        let v = vm.get(frame);
        vm.set(base, v);
        vm.drop_to(frame);
    }

    /// Puts the value in `base` into the innermost container, and reads what follows it.
    fn add(&mut self, vm: &mut Vm, base: Slot, depth: &mut u32) -> R<Next> {
        let frame = base.0 + 1 + (*depth - 1) * FRAME;
        let (to, key) = (vm.get(Slot(frame)), vm.get(Slot(frame + 1)));
        let v = vm.get(base);
        let object = key != Value::STOP;
        if object {
            dicts::store(vm, to, key, v)?;
        } else {
            vm.with_heap(|h| list::append(h, to, v))?;
        }
        let end = if object { b'}' } else { b']' };
        match self.peek_past_blanks(vm)? {
            Some(b',') => {
                self.at += 1;
                if object {
                    self.key(vm, *depth, base)?;
                }
                Ok(Next::Value)
            }
            Some(b) if b == end => {
                self.close(vm, base, depth);
                Ok(Next::Done)
            }
            _ => Err(self.error(vm)),
        }
    }

    /// Reads a key and its colon.
    fn key(&mut self, vm: &mut Vm, depth: u32, base: Slot) -> R<()> {
        if self.peek_past_blanks(vm)? != Some(b'"') {
            return Err(self.error(vm));
        }
        let key = self.string(vm)?;
        vm.set(Slot(base.0 + 2 + (depth - 1) * FRAME), key);
        if self.peek_past_blanks(vm)? != Some(b':') {
            return Err(self.error(vm));
        }
        self.at += 1;
        Ok(())
    }

    // ---- tokens ----------------------------------------------------------------------------------------------

    fn clear(&self, vm: &mut Vm) {
        let token = vm.get(self.token);
        bytearray::truncate(vm.heap_mut(), token, 0);
    }
    fn keep(&self, vm: &mut Vm, more: &[u8]) -> R<()> {
        let token = vm.get(self.token);
        bulk::make_room(vm, token, more.len())?;
        vm.with_heap(|h| bytearray::extend(h, token, more))
    }

    /// A string, whose opening quote comes next.
    fn string(&mut self, vm: &mut Vm) -> R {
        self.at += 1;
        self.clear(vm);
        let mut direct = None;
        loop {
            let Some(b) = self.peek(vm)? else { return Err(self.error(vm)) };
            // The longest run that stands for itself.
            let all = self.span(vm);
            let plain = |b: u8| b != b'"' && b != b'\\' && b >= b' ';
            let keep = bulk::keep(vm, &[all])?;
            let n = bulk::run_of(vm, all.sub(self.at, all.len()), false, plain)?;
            if n > 0 {
                let run = all.sub(self.at, self.at + n);
                self.at += n;
                let token = vm.get(self.token);
                let whole = bytearray::len(vm.heap(), token) == 0
                    && vm.heap().span_bytes(all).get(self.at) == Some(&b'"');
                if whole {
                    direct = Some(run);
                } else {
                    bulk::append_own(vm, token, run)?;
                }
                bulk::let_go(vm, keep);
                vm.tick(n as u32)?;
                continue;
            }
            bulk::let_go(vm, keep);
            self.at += 1;
            match b {
                b'"' => break,
                b'\\' => self.escape(vm)?,
                // A control character has to be escaped.
                _ => return Err(self.error(vm)),
            }
        }
        let token = vm.get(self.token);
        let run = direct.unwrap_or_else(|| bytearray::span(vm.heap(), token));
        let keep = bulk::keep(vm, &[run])?;
        let made = bulk::text(vm, run, utf8::validate)?;
        bulk::let_go(vm, keep);
        match made {
            Some(v) => Ok(v),
            None => Err(vm.raise(TypeId::UnicodeError, "invalid text encoding")),
        }
    }

    fn escape(&mut self, vm: &mut Vm) -> R<()> {
        let b = match self.take(vm)? {
            Some(b @ (b'"' | b'\\' | b'/')) => b,
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => return self.code_point(vm),
            _ => return Err(self.error(vm)),
        };
        self.keep(vm, &[b])
    }
    /// Four hex digits; two of them in a row where they are halves of one character.
    fn code_point(&mut self, vm: &mut Vm) -> R<()> {
        let mut ch = self.hex4(vm)?;
        // The low half of a character whose high half stands before it.
        let token = vm.get(self.token);
        let before = vm.heap().span_bytes(bytearray::span(vm.heap(), token));
        if (0xdc00..0xe000).contains(&ch)
            && let Some((high, n)) = utf8::decode_last(before)
            && (0xd800..0xdc00).contains(&high)
        {
            let keep = before.len() - n;
            ch = 0x10000 + ((high - 0xd800) << 10) + (ch - 0xdc00);
            bytearray::truncate(vm.heap_mut(), token, keep);
        }
        match utf8::encode(ch) {
            Some((text, n)) => self.keep(vm, text.get(..n).unwrap_or(&[])),
            None => Err(self.error(vm)),
        }
    }
    fn hex4(&mut self, vm: &mut Vm) -> R<u32> {
        let mut ch = 0;
        for _ in 0..4 {
            let digit = self.take(vm)?.and_then(utf8::digit_value).filter(|d| *d < 16);
            let Some(digit) = digit else { return Err(self.error(vm)) };
            ch = ch << 4 | digit;
        }
        Ok(ch)
    }

    /// Appends the digits that come next; there must be some.
    fn digits(&mut self, vm: &mut Vm) -> R<()> {
        let mut n = 0;
        while let Some(b @ b'0'..=b'9') = self.peek(vm)? {
            self.keep(vm, &[b])?;
            self.at += 1;
            n += 1;
            vm.tick(30)?;
        }
        if n == 0 { Err(self.error(vm)) } else { Ok(()) }
    }

    fn number(&mut self, vm: &mut Vm) -> R {
        self.clear(vm);
        if self.peek(vm)? == Some(b'-') {
            self.at += 1;
            self.keep(vm, b"-")?;
            if self.peek(vm)? == Some(b'I') {
                return self.word(vm);
            }
        }
        // A zero that begins a number is its only digit before the point.
        if self.peek(vm)? == Some(b'0') {
            self.at += 1;
            self.keep(vm, b"0")?;
        } else {
            self.digits(vm)?;
        }
        let mut whole = true;
        if self.peek(vm)? == Some(b'.') {
            whole = false;
            self.at += 1;
            self.keep(vm, b".")?;
            self.digits(vm)?;
        }
        if let Some(b'e' | b'E') = self.peek(vm)? {
            whole = false;
            self.at += 1;
            self.keep(vm, b"e")?;
            if let Some(sign @ (b'+' | b'-')) = self.peek(vm)? {
                self.at += 1;
                self.keep(vm, &[sign])?;
            }
            self.digits(vm)?;
        }
        let all = bytearray::span(vm.heap(), vm.get(self.token));
        if whole { ints::parse(vm, all, 10) } else { self.float(vm, all) }
    }

    #[cfg(any(feature = "float-single", feature = "float-double"))]
    fn float(&self, vm: &mut Vm, all: Span) -> R {
        let x = match all.len() > crate::base::float::LONG {
            true => crate::builtins::float::parse_long(vm, all, false)?,
            false => crate::base::float::parse(vm.heap().span_bytes(all)),
        };
        match x {
            Some(x) => crate::builtins::float::new(vm, x),
            None => Err(self.error(vm)),
        }
    }
    #[cfg(not(any(feature = "float-single", feature = "float-double")))]
    fn float(&self, vm: &mut Vm, _: Span) -> R {
        Err(vm.raise(TypeId::ValueError, "decimal numbers not supported"))
    }

    /// A constant; `token` may hold a sign.
    fn word(&mut self, vm: &mut Vm) -> R {
        let mut text = [0; 8];
        let mut n = 0;
        while let Some(b) = self.peek(vm)?.filter(u8::is_ascii_alphabetic) {
            let Some(to) = text.get_mut(n) else { break };
            *to = b;
            n += 1;
            self.at += 1;
        }
        match text.get(..n).unwrap_or(&[]) {
            b"null" => Ok(Value::NONE),
            b"true" => Ok(Value::TRUE),
            b"false" => Ok(Value::FALSE),
            _ => self.special(vm, text.get(..n).unwrap_or(&[])),
        }
    }
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    fn special(&self, vm: &mut Vm, word: &[u8]) -> R {
        use crate::base::float::Float;
        let token = bytearray::span(vm.heap(), vm.get(self.token));
        let negative = vm.heap().span_bytes(token) == b"-";
        match word {
            b"NaN" => crate::builtins::float::new(vm, Float::NAN),
            b"Infinity" if negative => crate::builtins::float::new(vm, Float::NEG_INFINITY),
            b"Infinity" => crate::builtins::float::new(vm, Float::INFINITY),
            _ => Err(self.error(vm)),
        }
    }
    #[cfg(not(any(feature = "float-single", feature = "float-double")))]
    fn special(&self, vm: &mut Vm, _: &[u8]) -> R {
        Err(self.error(vm))
    }
}
