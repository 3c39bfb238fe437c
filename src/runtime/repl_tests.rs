//! The REPL, byte for byte: what a tool or a terminal sends, and all that comes back.

use super::{Config, ReplEnd, ReplOptions, Runtime, Terminal};
use crate::port::testing;
use core::cell::RefCell;
use std::format;
use std::string::String;
use std::vec::Vec;

std::thread_local! {
    static TERMINAL: RefCell<Vec<Terminal>> = const { RefCell::new(Vec::new()) };
}

const PROMPT: &str = ">>> ";

/// Runs a REPL on `input`, and ctrl-D behind it on a new line; what it wrote.
fn session(input: &[u8], options: &ReplOptions) -> (String, ReplEnd) {
    let (port, bench) = testing::port();
    let region = testing::region(256 << 10);
    let mut rt = Runtime::open(region, port, &Config { fiber_bytes: 16 << 10, ..Config::default() }).unwrap();
    bench.input.lock().unwrap().extend(input);
    let end = rt.repl(options);
    assert!(bench.input.lock().unwrap().is_empty(), "input was left over");
    (bench.output_text(), end)
}

/// A friendly REPL without its greeting; it ends by ctrl-D.
fn typed(input: &str) -> String {
    let options = ReplOptions { quiet: true, terminal: Some(|_| ()), ..ReplOptions::default() };
    let (out, end) = session(&[input.as_bytes(), b"\x04"].concat(), &options);
    assert_eq!(end, ReplEnd::End);
    out
}

/// A raw REPL; it ends by ctrl-D, which asks for a soft reset.
fn raw(input: &[u8]) -> String {
    let options = ReplOptions { raw: true, terminal: Some(|_| ()), ..ReplOptions::default() };
    let (out, end) = session(&[input, b"\x04"].concat(), &options);
    assert_eq!(end, ReplEnd::EndRaw);
    let all = out.strip_prefix("raw REPL; CTRL-B to exit\r\n>").unwrap();
    String::from(all.strip_suffix("OK\r\n").unwrap())
}

#[test]
fn a_line_and_its_value() {
    assert_eq!(typed("1+1\r"), ">>> 1+1\r\n2\n>>> \r\n");
    assert_eq!(typed("x = 5\rx\r_ + 1\rNone\r_\r"), {
        let lines = ["x = 5\r\n", "x\r\n5\n", "_ + 1\r\n6\n", "None\r\n", "_\r\n6\n", "\r\n"];
        lines.map(|l| format!("{PROMPT}{l}")).concat()
    });
}

/// It was typed before the program had begun, when it was a key still.
#[test]
fn a_ctrl_c_typed_ahead_reaches_the_program() {
    let out = typed("while True: pass\r\r\x031+1\r");
    assert!(out.contains("KeyboardInterrupt") && out.ends_with("\n>>> 1+1\r\n2\n>>> \r\n"), "{out:?}");
}

#[test]
fn a_syntax_error_points_at_its_place() {
    assert!(typed("x = = 1\r").contains(
        "\nTraceback (most recent call last):\n  File \"<stdin>\", line 1\n    x = = 1\n        ^\nSyntaxError"
    ));
}

#[test]
fn blocks_are_indented() {
    let out = typed("for i in (1, 2):\rprint(i)\r\x7f\r");
    assert_eq!(
        out,
        ">>> for i in (1, 2):\r\n...     print(i)\r\n...     \x08\x08\x08\x08\x1b[K\r\n1\n2\n>>> \r\n"
    );
}

#[test]
fn keys_edit_the_line() {
    // Each: what is typed, and the value of the line that comes of it.
    let edits = [
        ("13\x1b[D2\r", "123"),
        ("23\x011\r", "123"),
        ("12\x01\x053\r", "123"),
        ("13\x022\r", "123"),
        ("13\x01\x062\r", "123"),
        ("1243\x7f\x7f3\r", "123"),
        ("1293\x02\x02\x04\r", "123"),
        ("123 + 9\x02\x02\x02\x02\x0b\r", "123"),
        ("9 + 123\x02\x02\x02\x15\r", "123"),
        ("123 + 100\x17\x17\x17\x17123\r", "123"),
        ("1 + 2\x1bb5\r", "53"),
        ("1 + 2\x01\x1bf5\r", "17"),
        ("11 + 2\x01\x1bd3\r", "5"),
        ("11 + 22\x1b\x7f3\r", "14"),
        ("12\x1b[H3\r", "312"),
        ("12\x01\x1b[F3\r", "123"),
        ("12\x1bOH3\x1bOF4\r", "3124"),
        ("12\x1b[1~3\x1b[4~4\r", "3124"),
        ("12\x1b[7~3\x1b[8~4\r", "3124"),
        ("123\x1b[D\x1b[D\x1b[3~\r", "13"),
        ("1 + 2\x1b[1;5D5\r", "53"),
        ("1 + 2\x01\x1b[1;5C5\r", "17"),
    ];
    for (keys, value) in edits {
        let out = typed(keys);
        let last = out.strip_suffix("\n>>> \r\n").and_then(|o| o.rsplit("\r\n").next());
        assert_eq!(last, Some(value), "{keys:?} gave {out:?}");
    }
}

#[test]
fn history_goes_back_and_forth() {
    let out = typed("1\r2\r\x1b[A\x1b[A\r\x10\x10\x0e\r");
    assert!(out.ends_with("\r\n1\n>>> \r\n"), "{out:?}");
}

#[test]
fn control_c_drops_the_line_and_d_on_text_deletes() {
    assert_eq!(typed("abc\x03"), ">>> abc\r\n>>> \r\n");
}

#[test]
fn paste_mode() {
    let head = ">>> \r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== ";
    assert_eq!(
        typed("\x05print(1)\rprint(2)\x04"),
        format!("{head}print(1)\r\n=== print(2)\r\n1\n2\n>>> \r\n")
    );
    assert_eq!(typed("\x05print(1)\x03"), format!("{head}print(1)\r\n>>> \r\n"));
}

#[test]
fn the_end_tells_why() {
    let options = ReplOptions { quiet: true, ..ReplOptions::default() };
    assert_eq!(session(b"raise SystemExit(3)\r", &options).1, ReplEnd::Exit(3));
    assert_eq!(session(b"\x01\x04", &options).1, ReplEnd::EndRaw);
}

#[test]
fn raw_programs() {
    assert_eq!(raw(b"print(1)\x04"), "OK1\r\n\x04\x04>");
    assert_eq!(raw(b"x = 1\x04print(x)\x04"), "OK\x04\x04>OK1\r\n\x04\x04>");
    let error = "Traceback (most recent call last):\r\n  File \"<stdin>\", line 1, in <module>\r\n\
                 ZeroDivisionError: divide by zero\r\n";
    assert_eq!(raw(b"1/0\x04"), format!("OK\x04{error}\x04>"));
    // ctrl-C drops what was sent, ctrl-A greets anew, ctrl-B and back.
    assert_eq!(raw(b"junk\x03print(2)\x04"), "OK2\r\n\x04\x04>");
    assert_eq!(raw(b"junk\x01"), "raw REPL; CTRL-B to exit\r\n>");
    assert!(raw(b"\x02\x01").ends_with(">>> \r\nraw REPL; CTRL-B to exit\r\n>"));
    // Bytes for a binary stream go as they are.
    assert_eq!(raw(b"import sys; n = sys.stdout.buffer.write(b'a\\nb')\x04"), "OKa\nb\x04\x04>");
}

/// The window is 128, a byte that is no UTF-8 and reads as U+FFFD here.
#[test]
fn raw_paste() {
    assert_eq!(raw(b"\x05A\x01print(1)\x04"), "R\x01\u{fffd}\x00\x01\x041\r\n\x04\x04>");
    // Another command is not known.
    assert_eq!(raw(b"\x05Z\x01"), "R\x00>");
    // ctrl-C ends it in place of ctrl-D.
    let out = raw(b"\x05A\x01print(1\x03");
    assert!(out.starts_with("R\x01\u{fffd}\x00\x01\x04\x04") && out.contains("KeyboardInterrupt"), "{out:?}");
    // A program that is refused is read to its end.
    let out = raw(b"\x05A\x01x = = 1\nprint(2)\nprint(3)\x04");
    assert!(
        out.starts_with("R\x01\u{fffd}\x00\x01\x04\x04Traceback") && !out.contains("\r\n2\r\n"),
        "{out:?}"
    );
}

#[test]
fn raw_paste_grants_windows() {
    for n in [127, 128, 129, 256, 1000] {
        let mut program = Vec::from(&b"x='"[..]);
        program.resize(n - 1, b'a');
        program.push(b'\'');
        let out = raw(&[b"\x05A\x01", &program[..], b"\x04print(len(x))\x04"].concat());
        let grants = "\x01".repeat(n / 128);
        assert_eq!(out, format!("R\x01\u{fffd}\x00\x01{grants}\x04\x04\x04>OK{}\r\n\x04\x04>", n - 4), "{n}");
    }
}

#[test]
fn what_follows_a_program_is_its_input() {
    assert_eq!(
        raw(b"\x05A\x01print(input() * 2)\x04ab\r"),
        "R\x01\u{fffd}\x00\x01\x04ab\r\nabab\r\n\x04\x04>"
    );
    let read = b"import sys; print(sys.stdin.buffer.read(3))\x04\x01\r\x04";
    assert_eq!(raw(read), "OKb'\\x01\\r\\x04'\r\n\x04\x04>");
}

#[test]
fn a_pasted_program_too_large_is_a_memory_error() {
    let (port, bench) = testing::port();
    let mut rt =
        Runtime::open(testing::region(24 << 10), port, &Config { fiber_bytes: 2048, ..Config::default() })
            .unwrap();
    let big = "x = [1, 2, 3, 'aaaaaaaaaaaaaaaaa', (1, 2)]\n".repeat(2000);
    let input = [b"\x05A\x01", big.as_bytes(), b"\x04print('on')\x04\x04"].concat();
    bench.input.lock().unwrap().extend(&input);
    let options = ReplOptions { raw: true, ..ReplOptions::default() };
    assert_eq!(rt.repl(&options), ReplEnd::EndRaw);
    let out = bench.output_text();
    assert!(
        out.contains("MemoryError") && out.contains("OKon\n\x04\x04>"),
        "{:?}",
        out.get(out.len() - 200..)
    );
}

#[test]
fn the_terminal_follows() {
    TERMINAL.with_borrow_mut(Vec::clear);
    let options = ReplOptions {
        quiet: true,
        terminal: Some(|to| TERMINAL.with_borrow_mut(|all| all.push(to))),
        ..ReplOptions::default()
    };
    let (out, _) = session(b"1\r\x01print(2)\x04\x02\x04", &options);
    use Terminal::*;
    TERMINAL.with_borrow_mut(|all| {
        all.dedup();
        assert_eq!(all[..], [Keys, Usual, Keys, Program, Keys, Usual], "{out:?}");
    });
}

/// What `micropython.mem_info` and `qstr_info` print: figures of this machine, in lines of a form that tools know.
#[test]
fn figures_of_memory() {
    let number = |text: &str, before: &str, after: char| {
        let rest = text.split(before).nth(1)?;
        rest.split(after).next()?.trim().parse::<u32>().ok()
    };
    let figures = |program: &str| {
        let out = raw(&[b"import micropython\n", program.as_bytes(), b"\n\x04"].concat());
        out.replace("\r\n", "\n")
    };
    let out = figures("micropython.mem_info()");
    assert!(out.starts_with("OKmem: total=") && out.contains("\nstack: "), "{out}");
    let [total, used, free] =
        [("total: ", ','), ("used: ", ','), ("free: ", '\n')].map(|(b, a)| number(&out, b, a).unwrap_or(0));
    assert!(used > 0 && free > 0 && used + free == total, "{out}");
    assert!(number(&out, "1-blocks: ", ',').is_some_and(|n| n > 0), "{out}");
    let long = figures("micropython.mem_info(1)");
    assert!(long.contains("GC memory layout; from 0:\n") && long.len() > out.len(), "{long}");
    let out = figures("abracadabra = 1; micropython.qstr_info()");
    assert!(number(&out, "n_qstr=", ',').is_some_and(|n| n > 0), "{out}");
    let long = figures("abracadabra = 1; micropython.qstr_info(1)");
    assert!(long.contains("Q(abracadabra)\n"), "{long}");
}
