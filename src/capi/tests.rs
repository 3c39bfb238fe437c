//! The C API called as C does: what works, and that nothing wrong gets further than a negative code.

extern crate std;
use super::events::*;
use super::exceptions::*;
use super::frozen::pyr_set_frozen;
use super::inst::{Inst, Stay};
use super::lifecycle::*;
use super::numbers::*;
use super::objects::*;
use super::refs::Ref;
use super::run::*;
use super::status::{self, Status};
use crate::port::testing;
use core::ptr::{null, null_mut};
use cty::c_char;
use std::boxed::Box;
use std::ffi::CString;
use std::string::String;
use std::{thread, vec};

const NOBODY: Ref = Ref { bits: 0 };

struct Opened {
    vm: *mut Inst,
    bench: &'static testing::Bench,
}

/// A VM over 256 KB, not entered.
fn opened() -> Opened {
    let (_, bench) = testing::port();
    let table = Box::leak(Box::new(testing::table(core::ptr::from_ref(bench).cast_mut().cast())));
    let memory = vec![0u64; 32 * 1024].leak();
    let mut vm = null_mut();
    // SAFETY: everything lives for ever.
    let status = unsafe { pyr_open(memory.as_mut_ptr().cast(), size_of_val(memory), table, null(), &mut vm) };
    assert_eq!(status, status::OK);
    Opened { vm, bench }
}

fn stay() -> Stay {
    Stay::new(null_mut(), 0)
}

fn exec(vm: *mut Inst, source: &str) -> Status {
    // SAFETY: an open VM and texts that live during the call.
    unsafe { pyr_exec(vm, source.as_ptr().cast(), source.len(), c"test.py".as_ptr().cast(), 0) }
}

fn lookup(vm: *mut Inst, name: &str) -> Ref {
    let name = CString::new(name).unwrap();
    let mut out = NOBODY;
    // SAFETY: an open VM and texts that live during the call.
    assert_eq!(unsafe { pyr_lookup(vm, c"__main__".as_ptr().cast(), name.as_ptr().cast(), &mut out) }, 0);
    out
}

/// The text that a function of C's text form writes.
fn text(get: impl Fn(*mut c_char, usize, *mut usize) -> Status) -> String {
    let mut buf = [0u8; 200];
    let mut len = 0;
    assert_eq!(get(buf.as_mut_ptr().cast(), buf.len(), &mut len), status::OK);
    assert_eq!(buf[len], 0);
    String::from_utf8(buf[..len].to_vec()).unwrap()
}

#[test]
fn a_function_is_called_and_its_result_read() {
    let Opened { vm, bench } = opened();
    let mut entry = stay();
    // SAFETY: an open VM; all pointers live during the calls.
    unsafe {
        assert_eq!(pyr_enter(vm, &mut entry, 0), 0);
        assert_eq!(exec(vm, "def add(a, b, *, c=0):\n    return a + b + c\nprint('loaded')\n"), 0);
        assert_eq!(bench.output_text(), "loaded\n");
        let add = lookup(vm, "add");
        let (mut a, mut b, mut sum) = (NOBODY, NOBODY, NOBODY);
        assert_eq!(pyr_new_int(vm, 1 << 40, &mut a), 0);
        assert_eq!(pyr_new_int(vm, -2, &mut b), 0);
        assert_eq!(pyr_call(vm, add, [a, b].as_ptr(), 2, null(), 0, &mut sum), 0);
        let (mut wide, mut narrow) = (0i64, 0i32);
        assert_eq!((pyr_get_int64(vm, sum, &mut wide), wide), (0, (1 << 40) - 2));
        assert_eq!(pyr_get_int32(vm, sum, &mut narrow), status::RANGE);
        assert_eq!(text(|buf, size, len| pyr_repr(vm, sum, buf, size, len)), "1099511627774");
        let mut word = NOBODY;
        assert_eq!(pyr_new_str(vm, "grüße".as_ptr().cast(), 7, &mut word), 0);
        assert_eq!(pyr_len(vm, word), 5);
        let (mut cut, mut len) = ([7u8; 4], 0);
        assert_eq!(pyr_get_str(vm, word, cut.as_mut_ptr().cast(), 4, &mut len), 0);
        assert_eq!((&cut, len), (b"gr\0\x07", 7));
        assert_eq!(pyr_get_int32(vm, word, &mut narrow), status::TYPE);
        assert_eq!(pyr_leave(vm, &mut entry), 0);
        assert_eq!(pyr_close(vm), 0);
    }
}

#[test]
fn long_texts_and_ints() {
    let Opened { vm, .. } = opened();
    let mut entry = stay();
    let words = "grüße ".repeat(3000);
    let number: std::vec::Vec<u8> = (0..3000u32).map(|i| (i * i % 251) as u8).chain([0xf0]).collect();
    // SAFETY: an open VM; all pointers live during the calls.
    unsafe {
        assert_eq!(pyr_enter(vm, &mut entry, 0), 0);
        let (mut word, mut len) = (NOBODY, 0);
        assert_eq!(pyr_new_str(vm, words.as_ptr().cast(), words.len(), &mut word), 0);
        assert_eq!(pyr_len(vm, word), 18_000);
        // Whole, cut within a character, and damaged.
        let mut room = vec![7u8; words.len() + 1];
        assert_eq!(pyr_get_str(vm, word, room.as_mut_ptr().cast(), room.len(), &mut len), 0);
        assert_eq!((&room[..len], room[len]), (words.as_bytes(), 0));
        assert_eq!(pyr_get_str(vm, word, room.as_mut_ptr().cast(), 16_004, &mut len), 0);
        assert_eq!((len, room[15_999], room[16_000], room[16_002]), (words.len(), b' ', b'g', 0));
        room.copy_from_slice(&[words.as_bytes(), b"x"].concat());
        room[20_000] ^= 0x80;
        assert_eq!(pyr_new_str(vm, room.as_ptr().cast(), room.len(), &mut word), status::RANGE);
        for (text, made) in [(room.as_ptr(), room.as_slice()), (null(), &vec![0; room.len()])] {
            assert_eq!(pyr_new_bytearray(vm, text.cast(), room.len(), &mut word), 0);
            let mut back = vec![7u8; room.len()];
            assert_eq!(pyr_get_bytes(vm, word, back.as_mut_ptr().cast(), back.len(), &mut len), 0);
            assert_eq!((&back[..], len), (made, room.len()));
        }
        for flags in 0..4 {
            let mut back = vec![7u8; number.len()];
            assert_eq!(pyr_new_int_bytes(vm, number.as_ptr().cast(), number.len(), flags, &mut word), 0);
            assert_eq!(pyr_get_int_bytes(vm, word, back.as_mut_ptr().cast(), back.len(), flags), 0);
            assert_eq!(back, number);
            // With the sign above.
            let mut back = vec![7u8; number.len() + 2];
            assert_eq!(pyr_get_int_bytes(vm, word, back.as_mut_ptr().cast(), back.len(), flags), 0);
            let sign = if flags == 1 { 0xff } else { 0 };
            let (above, rest) =
                if flags & 2 == 0 { (back[3002], &back[..3001]) } else { (back[0], &back[2..]) };
            assert_eq!((above, rest), (sign, &number[..]));
        }
        let mut list = NOBODY;
        let items = vec![word; 3000];
        assert_eq!(pyr_new_list(vm, items.as_ptr(), items.len(), &mut list), 0);
        assert_eq!(pyr_len(vm, list), 3000);
        assert_eq!(pyr_leave(vm, &mut entry), 0);
        assert_eq!(pyr_close(vm), 0);
    }
}

#[test]
fn containers_and_iteration() {
    let Opened { vm, .. } = opened();
    let mut entry = stay();
    // SAFETY: an open VM; all pointers live during the calls.
    unsafe {
        assert_eq!(pyr_enter(vm, &mut entry, 0), 0);
        let mut items = [NOBODY; 3];
        for (i, item) in items.iter_mut().enumerate() {
            assert_eq!(pyr_new_uint(vm, i as u64 * 10, item), 0);
        }
        let (mut list, mut iterator, mut total) = (NOBODY, NOBODY, 0);
        assert_eq!(pyr_new_list(vm, items.as_ptr(), 3, &mut list), 0);
        assert_eq!(pyr_setitem(vm, list, items[0], items[2]), 0);
        assert_eq!(pyr_iter(vm, list, &mut iterator), 0);
        loop {
            assert_eq!(pyr_push_frame(vm, 1), 0);
            let (mut item, mut n) = (NOBODY, 0);
            let more = pyr_next(vm, iterator, &mut item);
            if more == 1 {
                assert_eq!(pyr_get_int32(vm, item, &mut n), 0);
                total += n;
            }
            assert_eq!(pyr_pop_frame(vm), 0);
            assert_eq!(pyr_get_int32(vm, item, &mut n), status::REF);
            if more == 0 {
                break;
            }
        }
        assert_eq!(total, 20 + 10 + 20);
        let mut method = NOBODY;
        assert_eq!(pyr_call_method(vm, list, c"pop".as_ptr().cast(), null(), 0, null(), 0, &mut method), 0);
        assert_eq!(pyr_len(vm, list), 2);
        assert_eq!(text(|buf, size, len| pyr_type_name(vm, list, buf, size, len)), "list");
        assert_eq!(pyr_truth(vm, list), 1);
        assert_eq!(pyr_is_none(vm, list), 0);
        assert_eq!(pyr_leave(vm, &mut entry), 0);
    }
}

#[test]
fn an_exception_is_a_value() {
    let Opened { vm, .. } = opened();
    let mut entry = stay();
    // SAFETY: an open VM; all pointers live during the calls.
    unsafe {
        assert_eq!(pyr_enter(vm, &mut entry, 0), 0);
        let mut exception = NOBODY;
        assert_eq!(pyr_exception(vm, &mut exception), status::MISSING);
        assert_eq!(exec(vm, "def f(n):\n    raise ValueError('bad %d' % n)\n\nf(3)\n"), status::EXCEPTION);
        assert_eq!(pyr_exception(vm, &mut exception), 0);
        assert_eq!(pyr_exception(vm, &mut exception), status::MISSING);
        assert_eq!(text(|buf, size, len| pyr_exc_type(vm, exception, buf, size, len)), "ValueError");
        assert_eq!(text(|buf, size, len| pyr_exc_message(vm, exception, buf, size, len)), "bad 3");
        let (mut file, mut line) = ([0u8; 20], 0);
        assert_eq!(pyr_exc_line(vm, exception, file.as_mut_ptr().cast(), 20, &mut line), 0);
        assert_eq!((&file[..8], line), (&b"test.py\0"[..], 2));
        let trace = text(|buf, size, len| pyr_exc_traceback(vm, exception, buf, size, len));
        assert!(trace.starts_with("Traceback (most recent call last):\n"), "{trace}");
        assert!(
            trace.contains("line 4") && trace.contains("line 2") && trace.ends_with("ValueError: bad 3\n")
        );
        let mut code = 7;
        assert_eq!(pyr_exc_exit(vm, exception, &mut code), 0);
        assert_eq!(exec(vm, "raise SystemExit(5)"), status::EXCEPTION);
        assert_eq!(pyr_exception(vm, &mut exception), 0);
        assert_eq!((pyr_exc_exit(vm, exception, &mut code), code), (1, 5));
        assert_eq!(exec(vm, "x = = 1"), status::EXCEPTION);
        assert_eq!(pyr_exception(vm, &mut exception), 0);
        assert_eq!(text(|buf, size, len| pyr_exc_type(vm, exception, buf, size, len)), "SyntaxError");
        assert_eq!(pyr_leave(vm, &mut entry), 0);
    }
}

#[test]
fn wrong_callers_are_refused() {
    let Opened { vm, .. } = opened();
    let other = opened().vm;
    let mut entry = stay();
    // SAFETY: pointers are NULL or live during the calls.
    unsafe {
        assert_eq!(exec(null_mut(), "1"), status::NULL);
        assert_eq!(exec(vm, "1"), status::TASK);
        assert_eq!(pyr_leave(vm, &mut entry), status::TASK);
        assert_eq!(pyr_enter(vm, null_mut(), 0), status::NULL);
        assert_eq!(pyr_enter(vm, &mut entry, 0), 0);
        assert_eq!(pyr_close(vm), status::NESTING);
        let mut here = NOBODY;
        assert_eq!(pyr_new_int(vm, 5, &mut here), 0);
        assert_eq!(pyr_new_int(vm, 5, null_mut()), status::NULL);
        assert_eq!(pyr_is_none(vm, NOBODY), status::REF);
        assert_eq!(pyr_call(vm, here, null(), 1, null(), 0, null_mut()), status::NULL);
        let address = vm as usize;
        let elsewhere = thread::spawn(move || {
            let vm = address as *mut Inst;
            let mut entry = stay();
            (exec(vm, "1"), pyr_enter(vm, &mut entry, 1))
        });
        assert_eq!(elsewhere.join().unwrap(), (status::TASK, status::TIMEOUT));

        let mut second = stay();
        assert_eq!(pyr_enter(other, &mut second, 0), 0);
        assert_eq!(pyr_is_none(other, here), status::REF);
        assert_eq!(pyr_leave(other, &mut second), 0);

        assert_eq!(pyr_drop(vm, here), 0);
        assert_eq!(pyr_drop(vm, here), status::REF);
        let mut inner = stay();
        assert_eq!(pyr_enter(vm, &mut inner, 0), 0);
        assert_eq!(pyr_leave(vm, &mut entry), status::NESTING);
        let mut kept = NOBODY;
        assert_eq!(pyr_new_int(vm, 6, &mut here), 0);
        assert_eq!(pyr_keep(vm, here, &mut kept), 0);
        assert_eq!(pyr_leave(vm, &mut inner), 0);
        assert_eq!(pyr_is_none(vm, here), status::REF);
        assert_eq!(pyr_is_none(vm, kept), 0);
        let mut many = [NOBODY; 16];
        assert_eq!(pyr_push_frame(vm, 16), status::MEMORY);
        assert!(many.iter_mut().any(|one| pyr_new_none(vm, one) == status::MEMORY));
        assert_eq!(pyr_pop_frame(vm), status::NESTING);
        assert_eq!(pyr_leave(vm, &mut entry), 0);
        assert_eq!(pyr_close(vm), 0);
        assert_eq!(pyr_enter(vm, &mut entry, 0), status::VM);
        assert_eq!(pyr_interrupt(vm), status::VM);
    }
}

#[test]
fn bad_openings_are_refused() {
    let (_, bench) = testing::port();
    let user: *mut cty::c_void = core::ptr::from_ref(bench).cast_mut().cast();
    let table = testing::table(user);
    let mut memory = vec![0u64; 1024];
    let mut vm = null_mut();
    let place = memory.as_mut_ptr().cast();
    // SAFETY: pointers are NULL or live during the calls, and no VM comes of them.
    unsafe {
        assert_eq!(pyr_open(null_mut(), 8192, &table, null(), &mut vm), status::NULL);
        assert_eq!(pyr_open(place, 8192, null(), null(), &mut vm), status::NULL);
        assert_eq!(pyr_open(place, 8192, &table, null(), null_mut()), status::NULL);
        assert_eq!(pyr_open(place, 500, &table, null(), &mut vm), status::MEMORY);
        let old = crate::port::pyr_port { abi_size: 4, ..testing::table(user) };
        assert_eq!(pyr_open(place, 8192, &old, null(), &mut vm), status::ABI);
        assert!(vm.is_null());
    }
}

#[test]
fn two_tasks_take_turns() {
    let Opened { vm, .. } = opened();
    let mut entry = stay();
    // SAFETY: an open VM; all pointers live during the calls.
    unsafe {
        assert_eq!(pyr_enter(vm, &mut entry, 0), 0);
        assert_eq!(exec(vm, "count = 0\ndef add():\n    global count\n    count += 1\n"), 0);
        let address = vm as usize;
        let turns = move || {
            let vm = address as *mut Inst;
            for _ in 0..200 {
                let mut entry = stay();
                assert_eq!(pyr_enter(vm, &mut entry, 10_000), 0);
                let add = lookup(vm, "add");
                assert_eq!(pyr_call(vm, add, null(), 0, null(), 0, null_mut()), 0);
                assert_eq!(pyr_leave(vm, &mut entry), 0);
            }
        };
        let other = thread::spawn(turns);
        assert_eq!(pyr_unlock(vm), 0);
        assert_eq!(exec(vm, "1"), status::TASK);
        other.join().unwrap();
        assert_eq!(pyr_lock(vm), 0);
        assert_eq!(pyr_leave(vm, &mut entry), 0);
        let other = thread::spawn(turns);
        turns();
        other.join().unwrap();
        assert_eq!(pyr_enter(vm, &mut entry, 0), 0);
        let mut count = 0;
        assert_eq!((pyr_get_int32(vm, lookup(vm, "count"), &mut count), count), (0, 600));
        let mut memory = Memory::empty();
        assert_eq!(pyr_memory(vm, &mut memory), 0);
        assert_eq!(pyr_leave(vm, &mut entry), 0);
        assert_eq!(pyr_close(vm), 0);
    }
}

#[test]
fn a_running_program_is_stopped() {
    let Opened { vm, .. } = opened();
    let mut entry = stay();
    // SAFETY: an open VM; all pointers live during the calls.
    unsafe {
        assert_eq!(pyr_enter(vm, &mut entry, 0), 0);
        let address = vm as usize;
        let other = thread::spawn(move || {
            thread::sleep(core::time::Duration::from_millis(30));
            pyr_interrupt(address as *mut Inst)
        });
        assert_eq!(exec(vm, "while True:\n    pass\n"), status::EXCEPTION);
        assert_eq!(other.join().unwrap(), 1);
        let mut exception = NOBODY;
        assert_eq!(pyr_exception(vm, &mut exception), 0);
        assert_eq!(text(|buf, size, len| pyr_exc_type(vm, exception, buf, size, len)), "KeyboardInterrupt");
        assert_eq!(pyr_set_limits(vm, 1000, 0), 0);
        assert_eq!(exec(vm, "while True:\n    pass\n"), status::EXCEPTION);
        assert_eq!(exec(vm, "for i in range(100):\n    pass\n"), 0);
        // Catching it does not help.
        let stubborn =
            "while True:\n    try:\n        while True:\n            pass\n    except:\n        pass\n";
        assert_eq!(exec(vm, stubborn), status::EXCEPTION);
        assert_eq!(pyr_set_limits(vm, 0, 20), 0);
        assert_eq!(exec(vm, "while True:\n    pass\n"), status::EXCEPTION);
        assert_eq!(pyr_leave(vm, &mut entry), 0);
    }
}

#[test]
fn frozen_modules() {
    let Opened { vm, .. } = opened();
    let mut entry = stay();
    let mut none = std::vec::Vec::new();
    assert!(crate::code::frozen::write(&[], &mut |piece| none.extend_from_slice(piece)));
    let none: &'static mut [u8] = none.leak();
    // SAFETY: an open VM; all pointers live during the calls.
    unsafe {
        assert_eq!(pyr_set_frozen(vm, none.as_ptr().cast(), none.len()), status::TASK);
        assert_eq!(pyr_enter(vm, &mut entry, 0), 0);
        assert_eq!(pyr_set_frozen(vm, null(), 8), status::NULL);
        assert_eq!(pyr_set_frozen(vm, null(), 0), status::FORMAT);
        assert_eq!(pyr_set_frozen(vm, none.as_ptr().cast(), none.len() - 1), status::FORMAT);
        assert_eq!(pyr_set_frozen(vm, none.as_ptr().cast(), none.len()), status::OK);
        assert_eq!(exec(vm, "import sys\nassert sys.path == ['', '.frozen']\n"), 0);
        assert_eq!(pyr_leave(vm, &mut entry), 0);
        assert_eq!(pyr_close(vm), 0);
    }
}

/// In a build that checks every access: what C names is collected at once where nothing holds it.
#[test]
fn names_from_c_are_held_while_they_are_needed() {
    let Opened { vm, .. } = opened();
    let mut entry = stay();
    // SAFETY: an open VM; all pointers live during the calls.
    unsafe {
        assert_eq!(pyr_enter(vm, &mut entry, 0), 0);
        let program = "class A:\n    def take(self, **k):\n        return k\na = A()\n";
        assert_eq!(exec(vm, program), 0);
        let a = lookup(vm, "a");
        (*(*vm).state()).heap.set_mode(crate::heap::Mode::Always);
        let mut out = NOBODY;
        let missing = "'A' object has no attribute 'nobody_says_this'";
        let name = c"nobody_says_this".as_ptr().cast();
        for status in [
            pyr_getattr(vm, a, name, &mut out),
            pyr_delattr(vm, a, name),
            pyr_call_method(vm, a, name, null(), 0, null(), 0, &mut out),
        ] {
            assert_eq!(status, status::EXCEPTION);
        }
        let mut exception = NOBODY;
        assert_eq!(pyr_exception(vm, &mut exception), 0);
        assert_eq!(text(|buf, size, len| pyr_exc_message(vm, exception, buf, size, len)), missing);
        assert_eq!(pyr_setattr(vm, a, name, a), 0);
        assert_eq!(pyr_hasattr(vm, a, name), 1);
        let keywords = [Keyword::new(c"nobody_says_that".as_ptr().cast(), a), Keyword::new(name, a)];
        let take = c"take".as_ptr().cast();
        assert_eq!(pyr_call_method(vm, a, take, null(), 0, keywords.as_ptr(), 2, &mut out), 0);
        assert_eq!(pyr_len(vm, out), 2);
        assert_eq!(pyr_import(vm, c"no_such_module_at_all".as_ptr().cast(), 21, &mut out), status::EXCEPTION);
        assert_eq!(pyr_lookup(vm, name, name, &mut out), status::MISSING);
        assert_eq!(pyr_leave(vm, &mut entry), 0);
        assert_eq!(pyr_close(vm), 0);
    }
}

/// Runs `f` on another thread after a while.
fn soon<T: Send + 'static>(
    vm: *mut Inst,
    f: impl FnOnce(*mut Inst) -> T + Send + 'static,
) -> thread::JoinHandle<T> {
    let address = vm as usize;
    thread::spawn(move || {
        thread::sleep(core::time::Duration::from_millis(30));
        f(address as *mut Inst)
    })
}

#[test]
fn posts_are_served_in_turn_and_losses_counted() {
    let Opened { vm, .. } = opened();
    let mut entry = stay();
    // SAFETY: an open VM; all pointers live during the calls.
    unsafe {
        assert_eq!(pyr_enter(vm, &mut entry, 0), 0);
        assert_eq!(exec(vm, "import time\ngot = []\ndef note(x):\n    got.append(x)\n"), 0);
        let mut note = NOBODY;
        assert_eq!(pyr_keep(vm, lookup(vm, "note"), &mut note), 0);
        assert_eq!(pyr_post(vm, NOBODY, 1), status::REF);
        for i in 0..8 {
            assert_eq!(pyr_post(vm, note, i - 4), 0);
        }
        assert_eq!(
            (pyr_post(vm, note, 9), pyr_post(vm, note, 9), pyr_posts_lost(vm)),
            (status::MEMORY, status::MEMORY, 2)
        );
        assert_eq!(
            exec(vm, "for _ in range(3): pass\nassert got == list(range(-4, 4)), got\ngot.clear()\n"),
            0
        );
        // A task that sleeps hears of it, and the program goes on sleeping.
        let other = soon(vm, move |vm| pyr_post(vm, note, 7));
        assert_eq!(exec(vm, "t = time.ticks_ms()\ntime.sleep_ms(150)\nassert got == [7], got\n"), 0);
        assert_eq!(exec(vm, "assert 140 < time.ticks_diff(time.ticks_ms(), t)\n"), 0);
        assert_eq!(other.join().unwrap(), 0);
        // While nobody is inside they wait; what was dropped meanwhile is forgotten.
        assert_eq!(pyr_leave(vm, &mut entry), 0);
        assert_eq!(pyr_post(vm, note, 8), 0);
        assert_eq!(pyr_enter(vm, &mut entry, 0), 0);
        assert_eq!(pyr_serve(vm, 0), 0);
        assert_eq!(exec(vm, "assert got == [7, 8], got\n"), 0);
        assert_eq!(pyr_post(vm, note, 9), 0);
        assert_eq!(pyr_drop(vm, note), 0);
        assert_eq!(exec(vm, "time.sleep_ms(1)\nassert got == [7, 8], got\n"), 0);
        // A chosen exception.
        assert_eq!(exec(vm, "chosen = ValueError('chosen')\n"), 0);
        let mut chosen = NOBODY;
        assert_eq!(pyr_keep(vm, lookup(vm, "chosen"), &mut chosen), 0);
        for program in ["while True:\n    pass\n", "time.sleep(20)\n"] {
            let other = soon(vm, move |vm| pyr_interrupt_with(vm, chosen));
            assert_eq!(exec(vm, program), status::EXCEPTION);
            assert_eq!(other.join().unwrap(), 0);
            let mut exception = NOBODY;
            assert_eq!(pyr_exception(vm, &mut exception), 0);
            assert_eq!(text(|buf, size, len| pyr_exc_message(vm, exception, buf, size, len)), "chosen");
        }
        assert_eq!(pyr_leave(vm, &mut entry), 0);
        assert_eq!(pyr_close(vm), 0);
        assert_eq!(pyr_post(vm, chosen, 0), status::VM);
    }
}

/// A job that runs a program and returns a status of its own.
unsafe extern "C" fn job(vm: *mut Inst, arg: *mut cty::c_void) -> Status {
    let mut made = NOBODY;
    // SAFETY: called by the task that has the VM.
    assert_eq!(unsafe { pyr_new_int(vm, arg as usize as i64, &mut made) }, 0);
    assert_eq!(exec(vm, "jobs += 1\n"), 0);
    arg as usize as Status
}

#[test]
fn calls_are_posted_and_awaited() {
    let Opened { vm, .. } = opened();
    let mut entry = stay();
    // SAFETY: an open VM; all pointers live during the calls.
    unsafe {
        // Nobody serves: the call is taken back.
        assert_eq!(pyr_call_posted(vm, Some(job), null_mut(), 10), status::TIMEOUT);
        assert_eq!(pyr_call_posted(vm, None, null_mut(), 10), status::NULL);
        assert_eq!(pyr_enter(vm, &mut entry, 0), 0);
        assert_eq!(exec(vm, "import time\njobs = 0\n"), 0);
        assert_eq!(pyr_call_posted(vm, Some(job), null_mut(), 10), status::NESTING);
        let others: std::vec::Vec<_> = (1..4)
            .map(|i| soon(vm, move |vm| pyr_call_posted(vm, Some(job), i as *mut cty::c_void, 5_000)))
            .collect();
        assert_eq!(pyr_serve(vm, 200), 0);
        for (i, other) in others.into_iter().enumerate() {
            assert_eq!(other.join().unwrap(), i as Status + 1);
        }
        assert_eq!(exec(vm, "assert jobs == 3, jobs\n"), 0);
        // In the middle of a program too, and without waiting.
        let other = soon(vm, |vm| {
            let posted = pyr_post_job(vm, Some(job), 5 as *mut cty::c_void);
            (posted, pyr_call_posted(vm, Some(job), 6 as *mut cty::c_void, u32::MAX))
        });
        assert_eq!(exec(vm, "while jobs < 5:\n    pass\n"), 0);
        assert_eq!(other.join().unwrap(), (0, 6));
        assert_eq!(pyr_leave(vm, &mut entry), 0);
        assert_eq!(pyr_close(vm), 0);
    }
}

#[test]
fn a_native_that_waits_lets_other_tasks_in() {
    let Opened { vm, .. } = opened();
    let mut entry = stay();
    // SAFETY: an open VM; all pointers live during the calls.
    unsafe {
        assert_eq!(pyr_enter(vm, &mut entry, 0), 0);
        assert_eq!(exec(vm, "import time\nn = 0\n"), 0);
        let other = soon(vm, |vm| {
            let mut entry = stay();
            assert_eq!(pyr_enter(vm, &mut entry, 5_000), 0);
            assert_eq!(pyr_set_limits(vm, 100, 0), 0);
            let (done, stopped) = (exec(vm, "n = 1\n"), exec(vm, "while True:\n    pass\n"));
            assert_eq!(pyr_leave(vm, &mut entry), 0);
            (done, stopped)
        });
        assert_eq!(exec(vm, "time.sleep_ms(200)\nassert n == 1\nfor i in range(1000): pass\n"), 0);
        assert_eq!(other.join().unwrap(), (0, status::EXCEPTION));
        // And one that computes gives way to one that asks.
        let other = soon(vm, |vm| {
            let mut entry = stay();
            assert_eq!(pyr_enter(vm, &mut entry, 5_000), 0);
            let done = exec(vm, "n = 2\n");
            assert_eq!(pyr_leave(vm, &mut entry), 0);
            done
        });
        assert_eq!(exec(vm, "while n < 2:\n    pass\n"), 0);
        assert_eq!(other.join().unwrap(), 0);
        assert_eq!(pyr_unlock(vm), 0);
        assert_eq!(pyr_enter(vm, &mut stay(), 0), status::NESTING);
        assert_eq!(pyr_lock(vm), 0);
        assert_eq!(pyr_lock(vm), status::NESTING);
        assert_eq!(pyr_leave(vm, &mut entry), 0);
        assert_eq!(pyr_lock(vm), status::NESTING);
        assert_eq!(pyr_close(vm), 0);
    }
}

#[test]
fn one_vm_is_killed_and_the_other_goes_on() {
    let (Opened { vm, bench }, other) = (opened(), opened());
    let (mut entry, mut second) = (stay(), stay());
    // SAFETY: open VMs; all pointers live during the calls.
    unsafe {
        assert_eq!(pyr_enter(vm, &mut entry, 0), 0);
        assert_eq!(pyr_enter(other.vm, &mut second, 0), 0);
        let killer = soon(vm, |vm| pyr_kill(vm));
        let stubborn = "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass\n";
        assert_eq!(exec(vm, stubborn), status::EXCEPTION);
        assert_eq!(killer.join().unwrap(), 0);
        assert_eq!(exec(vm, "while True:\n    pass\n"), status::EXCEPTION);
        assert_eq!(exec(other.vm, "for i in range(100):\n    pass\n"), 0);
        assert_eq!(pyr_leave(vm, &mut entry), 0);
        assert_eq!(pyr_close(vm), 0);
        // Finalizers run at the end.
        assert_eq!(exec(other.vm, "class C:\n    def __del__(self):\n        print('end')\nc = C()\n"), 0);
        assert_eq!(pyr_leave(other.vm, &mut second), 0);
        assert_eq!(pyr_close(other.vm), 0);
        assert_eq!((bench.output_text(), other.bench.output_text()), (String::new(), "end\n".into()));
    }
}
