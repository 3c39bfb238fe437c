//! The examples as their readers run them: the C firmware by CMake, the Rust firmware by cargo, the REPL typed at on every board and on the host.

use super::tally::Tally;
use crate::archive;
use crate::boards::{BOARDS, Board};
use crate::sh::{self, Outcome};
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// What the C firmware says when everything was right.
const C_FIRMWARE: &str = "both tasks got what they asked for";

/// What the Rust firmware says.
const RUST_FIRMWARE: &str = "Python runs in a task of Rust
scale(1) = 3
scale(2) = 6
scale(3) = 9
event 7
ValueError: not a number (line 5)
";

/// Typed at a prompt, and what must come before the next thing is typed. Ctrl-C must stop the endless loop.
const DIALOGUE: &[(&str, &str)] = &[
    ("", ">>> "),
    ("6 * 7\r", "\n42\n>>> "),
    ("def f(n):\rreturn n + 1\r\r\r\r", "\n>>> "),
    ("f(41)\r", "\n42\n>>> "),
    ("while True: pass\r\r", "\n... \n"),
    ("\x03", "KeyboardInterrupt"),
    ("1 // 0\r", "ZeroDivisionError"),
    ("\x04", "soft reboot\n"),
    ("", ">>> "),
];

pub fn firmware(tally: &mut Tally) {
    tally.check("examples/c-firmware", c_firmware());
    tally.check("examples/rust-firmware", rust_firmware());
    for board in BOARDS {
        tally.check(&format!("REPL on {}", board.name), board_repl(board));
    }
    tally.check("pins and timers of lm3s6965evb, set from outside", pins_and_timers());
    tally.check("pyrite-rtos runs a script", rtos_script());
    tally.check("pyrite-rtos answers typed lines", rtos_repl());
}

fn c_firmware() -> Outcome {
    archive::build("thumbv7m-none-eabi", None)?;
    let out = sh::target_dir().join("pyrite/c-firmware");
    let mut configure = sh::command("cmake");
    configure.args(["-S", "examples/c-firmware", "--toolchain", "arm-none-eabi.cmake", "-B"]).arg(&out);
    sh::output(&mut configure)?;
    sh::output(sh::command("cmake").arg("--build").arg(&out))?;
    let mut run = sh::command("timeout");
    let said = sh::output(run.args(["300", "cmake", "--build"]).arg(&out).args(["--target", "qemu"]))?;
    if said.contains(C_FIRMWARE) { Ok(()) } else { Err(format!("said {said:?}")) }
}

fn rust_firmware() -> Outcome {
    sh::run(sh::cargo().args(["build", "--quiet", "--package", "rust-firmware"]))?;
    let mut run = sh::command("timeout");
    let said = sh::output(run.arg("300").arg(sh::target_dir().join("debug/rust-firmware")))?;
    if said == RUST_FIRMWARE { Ok(()) } else { Err(format!("said {said:?}")) }
}

fn board_repl(board: &Board) -> Outcome {
    let elf = board.build()?;
    let mut qemu = board.qemu(&elf, "pyrite", None);
    qemu.args(["-monitor", "none", "-serial", "stdio"]);
    talk(qemu, DIALOGUE)
}

/// What `tests/boards/button.py` says, a line each, and which input is set when it has said that: QEMU's name of the port's
/// device, pin and level.
const BUTTON: &[(&str, Option<(u32, u32, u32)>)] = &[
    ("asleep", Some((PORT_A, 3, 1))),
    ("Pin(('A', 3)) 1 True", Some((PORT_A, 3, 0))),
    ("Pin(('A', 3)) 0 False", None),
    ("busy", Some((PORT_A, 3, 1))),
    ("Pin(('A', 3)) 1 True", Some((PORT_A, 3, 0))),
    ("Pin(('A', 3)) 0 False", None),
    ("True", None),
    ("held", Some((PORT_A, 3, 1))),
    ("4", None),
    ("Pin(('A', 3)) 1 True", None),
    ("5", None),
    // The falling edge of a pin that was never up is none: up first.
    ("deaf", Some((PORT_E, 0, 1))),
    ("", Some((PORT_E, 0, 0))),
    ("other True 0", Some((PORT_A, 3, 0))),
    ("5", None),
    ("True 0", None),
    ("True 0", None),
    ("1", None),
    ("[Errno 12] ENOMEM", None),
    ("no such Timer", None),
    ("no such Pin", None),
    ("no such Pin", None),
    ("Pin cannot be set up like that", None),
    ("done", None),
    ("reset by the program", None),
];
const PORT_A: u32 = 8;
const PORT_E: u32 = 12;

/// The way from an interrupt to Python: QEMU is told over its test protocol to set inputs of the board.
fn pins_and_timers() -> Outcome {
    use std::os::unix::net::UnixListener;
    let board = crate::boards::named("lm3s6965evb")?;
    let elf = board.build()?;
    let socket = sh::target_dir().join(format!("pyrite/qtest-{}", std::process::id()));
    let _ = std::fs::remove_file(&socket);
    let listener = sh::at(&socket, UnixListener::bind(&socket))?;
    let script = sh::root().join("tests/boards/button.py");
    let mut qemu = board.qemu(&elf, "pyrite", Some(&script));
    qemu.args(["-monitor", "none", "-serial", "stdio", "-accel", "tcg", "-qtest-log", "/dev/null", "-qtest"]);
    qemu.arg(format!("unix:{}", socket.display()));
    qemu.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = qemu.spawn().map_err(|why| why.to_string())?;
    let result = press(&mut child, &listener);
    let _ = child.kill();
    let _ = child.wait();
    let _ = std::fs::remove_file(&socket);
    result
}

fn press(child: &mut Child, listener: &std::os::unix::net::UnixListener) -> Outcome {
    let said = listen(child)?;
    let (mut qtest, _) = listener.accept().map_err(|why| why.to_string())?;
    let mut unread = String::new();
    for (line, input) in BUTTON {
        if !line.is_empty() {
            await_text(&said, &mut unread, &format!("{line}\n"))
                .map_err(|got| format!("{got:?} came instead of {line:?}"))?;
        }
        if let Some((port, pin, level)) = input {
            let device = format!("/machine/unattached/device[{port}]");
            let set = format!("set_irq_in {device} unnamed-gpio-in {pin} {level}\n");
            let mut answer = [0; 64];
            let answered = qtest.write_all(set.as_bytes()).and_then(|()| qtest.read(&mut answer));
            let n = answered.map_err(|why| why.to_string())?;
            if !answer.get(..n).unwrap_or_default().starts_with(b"OK") {
                return Err(format!("QEMU did not take {set:?}"));
            }
        }
    }
    Ok(())
}

fn rtos_script() -> Outcome {
    sh::run(sh::cargo().args(["build", "--quiet", "--release", "--package", "pyrite-rtos"]))?;
    let program = sh::target_dir().join("release/pyrite-rtos");
    let said = sh::output(Command::new(program).arg(sh::root().join("examples/hello.py")))?;
    if said.contains("3, 2, 1, done") { Ok(()) } else { Err(format!("said {said:?}")) }
}

fn rtos_repl() -> Outcome {
    let program = Command::new(sh::target_dir().join("release/pyrite-rtos"));
    // No terminal here, so ctrl-D ends the program instead of a reboot.
    let lines = DIALOGUE.get(..DIALOGUE.len() - 2).unwrap_or_default();
    talk(program, lines)
}

/// Types at a program and waits for its answers.
fn talk(mut program: Command, dialogue: &[(&str, &str)]) -> Outcome {
    program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = program.spawn().map_err(|why| why.to_string())?;
    let result = converse(&mut child, dialogue);
    // It may have ended by itself; either way nothing is left running.
    let _ = child.kill();
    let _ = child.wait();
    result
}

fn converse(child: &mut Child, dialogue: &[(&str, &str)]) -> Outcome {
    let mut typed = child.stdin.take().ok_or("no stdin")?;
    let said = listen(child)?;
    let mut unread = String::new();
    for (line, answer) in dialogue {
        typed.write_all(line.as_bytes()).and_then(|()| typed.flush()).map_err(|why| why.to_string())?;
        await_text(&said, &mut unread, answer)
            .map_err(|unread| format!("after {line:?} came {unread:?} instead of {answer:?}"))?;
    }
    Ok(())
}

/// Reads on until this text has come, and drops it and what came before; else what came instead.
fn await_text(said: &Receiver<String>, unread: &mut String, text: &str) -> Result<(), String> {
    let until = Instant::now() + Duration::from_secs(150);
    loop {
        if let Some(at) = unread.find(text) {
            unread.drain(..at + text.len());
            return Ok(());
        }
        match said.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(more) => unread.push_str(&more),
            Err(_) => return Err(unread.clone()),
        }
    }
}

/// A thread that passes on what the program says.
fn listen(child: &mut Child) -> Outcome<Receiver<String>> {
    let mut out = child.stdout.take().ok_or("no stdout")?;
    let (tell, said) = channel();
    std::thread::spawn(move || {
        let mut room = [0; 512];
        while let Ok(count @ 1..) = out.read(&mut room) {
            let text = String::from_utf8_lossy(room.get(..count).unwrap_or_default());
            // A UART's lines end with both characters, a pipe's with one.
            if tell.send(text.replace('\r', "")).is_err() {
                break;
            }
        }
    });
    Ok(said)
}
