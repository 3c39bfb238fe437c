//! The dispatch core: one loop over verified bytecode, on raw pointers.
//!
//! Invariants
//! - every code object that gets here was verified (or made by our compiler): operands, jumps and stack depths are legal,
//!   so nothing is checked twice; `enter` is the one place that checks the fiber's room;
//! - registers live in locals; `save!` writes them to the fiber before anything that may look at the stack, start a
//!   collection or enter a frame, `load!` reads them back after it;
//! - `ip` stays on the last consumed byte; `op`, `ip` and `sp` pass through an empty `asm!` so that the compiler does not
//!   spread or merge the handlers' address arithmetic (each worth instructions, see docs/decisions);
//! - slow paths are calls to safe functions that work on the fiber's stack.
#![allow(unsafe_code)]
#![allow(clippy::manual_range_patterns, reason = "with a range the jump table keeps a bounds check")]
#![allow(
    clippy::pointers_in_nomem_asm_block,
    reason = "the empty asm passes pointers through, it follows none"
)]

mod items;
mod native;
#[cfg(not(feature = "tiny"))]
mod quick;

use super::api::Vm;
use super::call::generator as g;
use super::def::{BinaryOp, UnaryOp};
use super::fiber::{Fiber, Record, action, copy_few, shift_few};
use super::state::State;
use super::trace;
use crate::code::object as code;
use crate::heap::cache;
use crate::heap::{Heap, Kind, PTR_WORDS, R, Raised, Table, TypeId, Value};
use crate::object::exc;
#[cfg(not(feature = "tiny"))]
use crate::object::instance::{self, class};
use crate::object::iter as object_iter;

type W = u32;

/// The short roads: what the general ones do, without calls. Left out where flash counts.
const FAST: bool = !cfg!(feature = "tiny");

const TYPE: W = (Table::Type as u32) << 2 | 2;
const TYPE_ENTRY: W = (Table::TypeEntry as u32) << 2 | 2;
const MODULE_ENTRY: W = (Table::ModuleEntry as u32) << 2 | 2;
const NAME: W = (Table::Name as u32) << 2 | 2;
const NONE: W = Value::NONE.bits();
const TRUE: W = Value::TRUE.bits();
const FALSE: W = Value::FALSE.bits();
const RANGE: W = Value::typ(TypeId::Range).bits();
#[cfg(not(feature = "tiny"))]
const LIST_APPEND: W = Value::type_entry(TypeId::List, super::class::LIST_APPEND_ENTRY).bits();
#[cfg(not(feature = "tiny"))]
const DICT_GET: W = Value::type_entry(TypeId::Dict, super::class::DICT_GET_ENTRY).bits();
#[cfg(not(feature = "tiny"))]
const LEN: W = Value::module_entry(0, super::class::LEN_ENTRY).bits();
#[cfg(not(feature = "tiny"))]
const STR: W = Value::typ(TypeId::Str).bits();

const fn small(n: i32) -> W {
    Value::small(n).bits()
}
#[inline(always)]
fn value(w: W) -> Value {
    Value::from_bits(w).unwrap_or(Value::NONE)
}

/// Passes a register through an empty `asm!`: the optimiser must treat it as changed.
macro_rules! opaque {
    ($x:ident) => {
        #[cfg(not(miri))]
        core::arch::asm!("/*{0}*/", inout(reg) $x, options(pure, nomem, nostack, preserves_flags))
    };
}

/// The number after `ip`, and its last byte.
///
/// # Safety
/// `ip` is on the byte before an operand of verified code.
#[inline(never)]
unsafe fn number(mut ip: *const u8) -> (*const u8, usize) {
    let mut n = 0;
    loop {
        // SAFETY: the caller's promise: an operand ends within the code.
        let c = unsafe {
            ip = ip.add(1);
            *ip as usize
        };
        n = n << 7 | (c & 0x7f);
        if c & 0x80 == 0 {
            return (ip, n);
        }
    }
}

/// What `native::call` returns when an exception is on its way.
const RAISED: W = Value::RAISED.bits();
const RUN: W = Value::RUN.bits();
const STOP: W = Value::STOP.bits();

impl Vm {
    /// Runs the fiber's current frame until the record with `action::EXIT` returns; gives the value returned.
    #[inline(never)]
    pub(super) fn run(&mut self) -> R {
        loop {
            let traced = trace::BUILT && self.is_tracing();
            // SAFETY: the frame was entered by `enter_frame`, its code is verified; see the file's invariants.
            let r = unsafe { if traced { run::<true>(self) } else { run::<false>(self) } };
            // The loop left because `sys.settrace` asks for the other one.
            if r != Ok(Value::RUN) {
                return r;
            }
        }
    }
}

/// # Safety
/// As `Vm::run`.
unsafe fn run<const TRACED: bool>(vm: &mut Vm) -> R {
    let vm: *mut Vm = vm;
    // SAFETY: (whole function) registers point into the fiber's block, the region and verified code.
    unsafe {
        let st: *mut State = (*vm).state_ptr();
        let f: *mut Fiber = (*vm).fiber_ptr();
        let heap: *mut Heap = &raw mut (*st).heap;
        let hb: *mut u8 = (*heap).base_ptr().cast();
        let mut ip: *const u8;
        let mut sp: *mut W;
        let mut fp: *mut W;
        // The running code's cell payload.
        let mut cp: *mut W;

        macro_rules! cell {
            ($v:expr) => {
                hb.add(($v as usize) << 1) as *mut W
            };
        }
        macro_rules! field {
            ($v:expr, $i:expr) => {
                *cell!($v).add(1 + $i)
            };
        }
        macro_rules! kind {
            ($v:expr) => {
                *cell!($v) & 63
            };
        }
        macro_rules! words {
            ($v:expr) => {
                ((*cell!($v) >> 8) as usize) * 2 - 1
            };
        }
        macro_rules! load {
            () => {{
                ip = (*f).ip;
                sp = (*f).sp;
                fp = (*f).fp;
                cp = cell!((*f).code).add(1);
            }};
        }
        macro_rules! save {
            () => {{
                (*f).ip = ip;
                (*f).sp = sp;
            }};
        }
        macro_rules! byte {
            () => {{
                ip = ip.add(1);
                *ip
            }};
        }
        macro_rules! push {
            ($v:expr) => {{
                let v: W = $v;
                *sp = v;
                sp = sp.add(1);
                opaque!(sp);
            }};
        }
        macro_rules! pop {
            () => {{
                sp = sp.sub(1);
                opaque!(sp);
                *sp
            }};
        }
        macro_rules! drop1 {
            () => {{
                sp = sp.sub(1);
                opaque!(sp);
            }};
        }
        macro_rules! vint {
            () => {{
                let mut n;
                if FAST {
                    n = byte!() as usize;
                    opaque!(n);
                    if n & 0x80 != 0 {
                        n &= 0x7f;
                        loop {
                            let c = byte!() as usize;
                            n = n << 7 | (c & 0x7f);
                            if c & 0x80 == 0 {
                                break;
                            }
                        }
                    }
                } else {
                    (ip, n) = number(ip);
                }
                n
            }};
        }
        macro_rules! skip_vint {
            () => {{ while byte!() & 0x80 != 0 {} }};
        }
        macro_rules! slabel {
            () => {{
                let n = byte!() as isize;
                if n & 0x80 != 0 {
                    let m = byte!() as isize;
                    (m << 7 | (n & 0x7f)) - 0x4000
                } else {
                    n - 0x40
                }
            }};
        }
        macro_rules! ulabel {
            () => {{
                let mut n = byte!() as isize;
                opaque!(n);
                if n & 0x80 != 0 {
                    let mut m = byte!() as isize;
                    opaque!(m);
                    m << 7 | (n & 0x7f)
                } else {
                    n
                }
            }};
        }
        macro_rules! name {
            ($n:expr) => {
                field!(*cp.add(code::R_NAMES), $n)
            };
        }
        macro_rules! locals_of {
            () => {
                (*cp.add(code::W_SIZES) >> 10 & 0x3ff) as usize
            };
        }

        load!();
        'unwind: loop {
            let _raised: Raised = 'go: loop {
                macro_rules! raise {
                    () => {
                        break 'go Raised
                    };
                }
                macro_rules! ok {
                    ($e:expr) => {
                        match $e {
                            Ok(v) => v,
                            Err(e) => break 'go e,
                        }
                    };
                }
                // A slow path that leaves the frame alone, and one that may have entered another.
                macro_rules! slow {
                    ($e:expr) => {{
                        save!();
                        ok!($e);
                        sp = (*f).sp;
                    }};
                }
                macro_rules! flow {
                    ($e:expr) => {{
                        save!();
                        ok!($e);
                        load!();
                    }};
                }
                // To a signed label; one distance from the byte before it, so that both forms meet with one value. No jump
                // leads into its own label, so a distance below 1 is one backwards.
                macro_rules! jump {
                    () => {{
                        let mut n = *ip.add(1) as isize;
                        opaque!(n);
                        let d = if n & 0x80 != 0 {
                            let mut m = *ip.add(2) as isize;
                            opaque!(m);
                            (m << 7 | (n & 0x7f)) - 0x4000 + 2
                        } else {
                            n - 0x40 + 1
                        };
                        ip = ip.offset(d);
                        if d < 1 && (*heap).pending() != 0 {
                            flow!((*vm).safepoint())
                        }
                    }};
                    ($if:expr) => {{
                        if $if {
                            jump!()
                        } else {
                            ip = ip.add(1 + (*ip.add(1) >> 7) as usize);
                        }
                    }};
                }
                macro_rules! truth {
                    ($v:expr) => {{
                        let v: W = $v;
                        if v == TRUE {
                            true
                        } else if v == FALSE || v == NONE {
                            false
                        } else if v & 1 != 0 {
                            v != small(0)
                        } else {
                            save!();
                            match ok!((*vm).truth_or_call(value(v))) {
                                Some(b) => b,
                                None => {
                                    load!();
                                    continue 'go;
                                }
                            }
                        }
                    }};
                }
                macro_rules! enter {
                    ($code:expr, $n:expr) => {
                        enter!($code, $n, action::PUSH)
                    };
                    ($code:expr, $n:expr, $action:expr) => {{
                        let c: W = $code;
                        let ncp = cell!(c).add(1);
                        let nfp = sp.sub($n);
                        let rec = (*f).records.sub(1);
                        if nfp.add((*ncp.add(code::W_STATE) & 0xffff) as usize) as usize > rec as usize {
                            save!();
                            let _ = (*vm).raise_deep();
                            raise!()
                        }
                        rec.write(Record { ip, fp, code: (*f).code, action: $action });
                        (*f).records = rec;
                        (*f).code = c;
                        (*f).fp = nfp;
                        fp = nfp;
                        cp = ncp;
                        let sizes = *cp.add(code::W_SIZES);
                        let mut e = nfp.add((sizes >> 10 & 0x3ff) as usize);
                        // Volatile, or calls of `memset` come out, which cost more.
                        while sp < e {
                            sp.write_volatile(0);
                            sp = sp.add(1)
                        }
                        if sizes >> 20 != 0 {
                            *sp = small(0);
                            sp = sp.add(1);
                            e = sp.add((sizes >> 20 & 0xff) as usize * 3);
                            while sp < e {
                                sp.write_volatile(0);
                                sp = sp.add(1)
                            }
                        }
                        opaque!(sp);
                        ip = code::first_op(cp).wrapping_sub(1);
                        if (*heap).pending() != 0 {
                            flow!((*vm).safepoint())
                        }
                    }};
                }
                macro_rules! leave {
                    ($v:expr) => {{
                        let v: W = $v;
                        let rec = (*f).records;
                        let r = &*rec;
                        if r.action == action::PUSH || r.action == action::INIT && v == NONE {
                            (*f).records = rec.add(1);
                            sp = fp;
                            if r.action == action::PUSH {
                                *sp.sub(1) = v
                            } else {
                                sp = sp.sub(1)
                            }
                            ip = r.ip;
                            fp = r.fp;
                            (*f).fp = fp;
                            (*f).code = r.code;
                            cp = cell!(r.code).add(1);
                        } else {
                            save!();
                            match ok!((*vm).leave_frame(value(v))) {
                                Some(v) => return Ok(v),
                                None => load!(),
                            }
                        }
                    }};
                }
                // Operands on the stack; most of what is not small ints needs no look at the VM.
                macro_rules! binary {
                    ($n:expr) => {{
                        let n = $n;
                        #[cfg(not(feature = "tiny"))]
                        {
                            let r = quick::binary(&mut *heap, n, *sp.sub(2), *sp.sub(1));
                            if r != 0 {
                                drop1!();
                                *sp.sub(1) = r;
                                continue 'go;
                            }
                        }
                        flow!((*vm).binary_op(n))
                    }};
                }
                macro_rules! compare { ($op:tt, $n:expr) => {{
                drop1!(); let b = *sp; let a = *sp.sub(1);
                if a & b & 1 != 0 {
                    let r = (a as i32) $op (b as i32);
                    let n = if FAST { (*ip.add(1)).wrapping_sub(0x43) } else { 2 };
                    // Followed by POP_JUMP_IF_TRUE or POP_JUMP_IF_FALSE.
                    if n < 2 { ip = ip.add(1); drop1!(); jump!(r as u8 != n); continue 'go }
                    *sp.sub(1) = if r { TRUE } else { FALSE };
                } else {
                    #[cfg(any(feature = "float-single", feature = "float-double"))]
                    if (a | b) & 3 == 0 && kind!(a) == Kind::Float as u32 && kind!(b) == Kind::Float as u32 {
                        let r = Heap::float_at(cell!(a)) $op Heap::float_at(cell!(b));
                        *sp.sub(1) = if r { TRUE } else { FALSE };
                        continue 'go
                    }
                    sp = sp.add(1); binary!($n)
                }
            }} }
                macro_rules! arith { ($n:expr, $op:tt, $int:expr) => {{
                drop1!(); let b = *sp; let a = *sp.sub(1);
                if a & b & 1 != 0 { let r: Option<i32> = ($int)(a, b); if let Some(v) = r { *sp.sub(1) = v as W; continue 'go } }
                #[cfg(any(feature = "float-single", feature = "float-double"))]
                if (a | b) & 3 == 0 && kind!(a) == Kind::Float as u32 && kind!(b) == Kind::Float as u32 {
                    let z = Heap::float_at(cell!(a)) $op Heap::float_at(cell!(b));
                    if let Some(v) = (*heap).alloc_float(z) { *sp.sub(1) = v.bits(); continue 'go }
                }
                sp = sp.add(1); binary!($n)
            }} }
                macro_rules! bits { ($n:expr, $op:tt) => {{
                let b = *sp.sub(1); let a = *sp.sub(2);
                if FAST && a & b & 1 != 0 { drop1!(); *sp.sub(1) = ((a $op b) & !1) | 1; continue 'go }
                binary!($n)
            }} }
                macro_rules! local {
                    ($n:expr) => {{
                        let v = *fp.add($n);
                        if v == 0 {
                            save!();
                            let _ = (*vm).unbound_local();
                            raise!()
                        }
                        push!(v)
                    }};
                }
                macro_rules! raise_obj {
                    ($e:expr) => {{
                        save!();
                        let _ = $e;
                        raise!()
                    }};
                }

                if TRACED {
                    save!();
                    if !ok!((*vm).trace_instruction()) {
                        return Ok(Value::RUN);
                    }
                    load!();
                }
                let mut op = byte!() as usize;
                opaque!(op);
                opaque!(ip);
                // Where flash counts, one road for all operators but `is` and the matching of exceptions.
                if !FAST && (0xd7..=0xf9).contains(&op) && op & !1 != 0xde {
                    flow!((*vm).numbered_op(op - 0xd7));
                    continue 'go;
                }
                match op {
                    0x10 => {
                        let n = vint!();
                        push!(name!(n))
                    }
                    // LOAD_NAME, LOAD_GLOBAL: class bodies and odd modules take the slow way.
                    0x11 => {
                        let n = vint!();
                        slow!((*vm).load_name(value(name!(n)), n))
                    }
                    0x12 => {
                        let n = vint!();
                        let g = field!(*cp.add(code::R_GCACHE), n);
                        if g & 1 != 0 {
                            push!(*(hb.add((g as usize) << 1).sub(2) as *mut W))
                        } else if g != 0 {
                            push!(g)
                        } else {
                            slow!((*vm).load_global(value(name!(n)), n))
                        }
                    }
                    0x13 => {
                        let v = *sp.sub(1);
                        let site = ip as usize;
                        if FAST && v & 3 == 0 {
                            let e = &*(*heap).site(site);
                            let p = cell!(v);
                            if *p & 63 == Kind::Instance as u32 && e.key == site && e.tag == *p.add(1) {
                                skip_vint!();
                                *sp.sub(1) = *p.add(1 + e.val as usize);
                                continue 'go;
                            }
                        }
                        let n = vint!();
                        #[cfg(not(feature = "tiny"))]
                        if v & 3 == 0 {
                            let r = quick::attr(&mut *heap, v, name!(n), site);
                            if r != 0 {
                                *sp.sub(1) = r;
                                continue 'go;
                            }
                        }
                        flow!((*vm).load_attr_op(value(name!(n)), site))
                    }
                    0x14 => {
                        let v = *sp.sub(1);
                        let site = ip as usize;
                        if FAST {
                            let tag = if v & 3 == 0 {
                                let p = cell!(v);
                                let k = *p & 63;
                                if k.wrapping_sub(Kind::Instance as u32) <= 1 {
                                    *p.add(1)
                                } else {
                                    cache::kind_tag(k)
                                }
                            } else if v & 31 == 6 {
                                cache::kind_tag(Kind::Str as u32)
                            } else {
                                v
                            };
                            let e = &*(*heap).site(site);
                            let mut found = e.val;
                            if e.key != site || e.tag != tag {
                                found = (*heap).moved(site, tag);
                            }
                            if found != 0 {
                                skip_vint!();
                                *sp.sub(1) = found;
                                *sp = if v & 31 == 22 { 0 } else { v };
                                sp = sp.add(1);
                                opaque!(sp);
                                continue 'go;
                            }
                        }
                        let n = vint!();
                        flow!((*vm).load_method_op(value(name!(n)), site))
                    }
                    0x15 => {
                        let n = vint!();
                        flow!((*vm).load_super_method_op(value(name!(n))))
                    }
                    0x16 => {
                        let n = vint!();
                        slow!((*vm).store_name(value(name!(n))))
                    }
                    0x17 => {
                        let n = vint!();
                        let g = field!(*cp.add(code::R_GCACHE), n);
                        if FAST && g & 1 != 0 {
                            let s = hb.add((g as usize) << 1).sub(2) as *mut W;
                            if (*heap).is_marking() {
                                (*heap).barrier(*s)
                            }
                            *s = pop!();
                            continue 'go;
                        }
                        slow!((*vm).store_global(value(name!(n)), n))
                    }
                    0x18 => {
                        let site = ip as usize;
                        #[cfg(not(feature = "tiny"))]
                        if *sp.sub(1) & 3 == 0 {
                            let e = &*(*heap).site(site);
                            let p = cell!(*sp.sub(1));
                            let v = *sp.sub(2);
                            if *p & 63 == Kind::Instance as u32 && v != 0 {
                                let stored = if e.key == site && e.tag == *p.add(1) {
                                    quick::store_known(&mut *heap, p, e.val, v)
                                } else {
                                    quick::store_attr(&mut *heap, p, v, site)
                                };
                                if stored {
                                    skip_vint!();
                                    sp = sp.sub(2);
                                    opaque!(sp);
                                    continue 'go;
                                }
                            }
                        }
                        let n = vint!();
                        flow!((*vm).store_attr_op(value(name!(n)), site))
                    }
                    0x19 => {
                        let n = vint!();
                        slow!((*vm).delete_name(value(name!(n))))
                    }
                    0x1a => {
                        let n = vint!();
                        slow!((*vm).delete_global(value(name!(n))))
                    }
                    0x1b => {
                        let again = ip.sub(1);
                        let n = vint!();
                        flow!((*vm).import_name_op(value(name!(n)), again))
                    }
                    0x1c => {
                        let n = vint!();
                        flow!((*vm).import_from_op(value(name!(n))))
                    }

                    0x20 => {
                        let k = vint!();
                        let n = byte!() as usize;
                        slow!((*vm).make_closure(k, n, false))
                    }
                    0x21 => {
                        let k = vint!();
                        let n = byte!() as usize;
                        slow!((*vm).make_closure(k, n, true))
                    }
                    0x22 => {
                        let mut n: i32 = if *ip.add(1) & 0x40 != 0 { -1 } else { 0 };
                        loop {
                            let c = byte!();
                            n = n << 7 | (c & 0x7f) as i32;
                            if c & 0x80 == 0 {
                                break;
                            }
                        }
                        push!(small(n))
                    }
                    0x23 => {
                        let n = vint!();
                        push!(field!(*cp.add(code::R_CONSTS), n))
                    }
                    0x24 => {
                        let n = vint!();
                        local!(n)
                    }
                    0x25 => {
                        let n = vint!();
                        let v = field!(*fp.add(n), 0);
                        if v == 0 {
                            save!();
                            let _ = (*vm).unbound_local();
                            raise!()
                        }
                        push!(v)
                    }
                    0x26 => {
                        let n = vint!();
                        *fp.add(n) = pop!()
                    }
                    0x27 => {
                        let n = vint!();
                        let s = &raw mut field!(*fp.add(n), 0);
                        if (*heap).is_marking() {
                            (*heap).barrier(*s)
                        }
                        *s = pop!()
                    }
                    0x28 => {
                        let n = vint!();
                        if *fp.add(n) == 0 {
                            save!();
                            let _ = (*vm).unbound_local();
                            raise!()
                        }
                        *fp.add(n) = 0
                    }
                    0x29 => {
                        let n = vint!();
                        let s = &raw mut field!(*fp.add(n), 0);
                        if *s == 0 {
                            save!();
                            let _ = (*vm).unbound_local();
                            raise!()
                        }
                        if (*heap).is_marking() {
                            (*heap).barrier(*s)
                        }
                        *s = 0
                    }
                    0x2a => {
                        let n = vint!();
                        slow!((*vm).build_tuple(n))
                    }
                    0x2b => {
                        let n = vint!();
                        slow!((*vm).build_list(n))
                    }
                    0x2c => {
                        let n = vint!();
                        slow!((*vm).build_map(n))
                    }
                    0x2d => {
                        let n = vint!();
                        slow!((*vm).build_set(n))
                    }
                    0x2e => {
                        let n = vint!();
                        // A part of a list, taken or replaced at once.
                        #[cfg(not(feature = "tiny"))]
                        {
                            let next = *ip.add(1);
                            if next == 0x55 && (n == 2 || *sp.sub(1) == small(-1)) {
                                let w = sp.sub(n);
                                let step = if n == 2 { 1 } else { -1 };
                                let part = quick::load_slice(&mut *heap, *w.sub(1), *w, *w.add(1), step);
                                if part != 0 {
                                    ip = ip.add(1);
                                    sp = w;
                                    opaque!(sp);
                                    *sp.sub(1) = part;
                                    continue 'go;
                                }
                            } else if next == 0x56
                                && n == 2
                                && quick::store_slice(
                                    &mut *heap,
                                    *sp.sub(4),
                                    *sp.sub(3),
                                    *sp.sub(2),
                                    *sp.sub(1),
                                )
                            {
                                ip = ip.add(1);
                                sp = sp.sub(4);
                                opaque!(sp);
                                continue 'go;
                            }
                        }
                        slow!((*vm).build_slice(n, *ip.add(1)))
                    }
                    0x2f => {
                        let n = vint!();
                        #[cfg(not(feature = "tiny"))]
                        if n & 3 == 0 && quick::append(hb.cast(), *sp.sub((n >> 2) + 1), *sp.sub(1)) {
                            drop1!();
                            continue 'go;
                        }
                        slow!((*vm).store_comp(n))
                    }
                    0x30 => {
                        let n = vint!();
                        slow!((*vm).unpack_sequence(n))
                    }
                    0x31 => {
                        let n = vint!();
                        slow!((*vm).unpack_ex(n))
                    }
                    0x32 => {
                        let k = vint!();
                        slow!((*vm).make_function(k, false))
                    }
                    0x33 => {
                        let k = vint!();
                        slow!((*vm).make_function(k, true))
                    }
                    0x34 => {
                        let mut n = vint!();
                        if FAST && n + 1 < code::NOT_SIMPLE as usize {
                            let mut c = *sp.sub(n + 1);
                            if c & 3 == 0
                                && kind!(c) == Kind::BoundMethod as u32
                                && field!(c, 0) & 3 == 2
                                && sp < (*f).records.cast()
                            {
                                // The object goes under the arguments, as in a method's call.
                                let args = sp.sub(n);
                                shift_few(args, n, 1);
                                *args = field!(c, 1);
                                c = field!(c, 0);
                                *args.sub(1) = c;
                                sp = sp.add(1);
                                opaque!(sp);
                                n += 1;
                            }
                            if c & 3 == 0 && kind!(c) == Kind::Function as u32 {
                                let code = field!(c, 0);
                                if *cell!(code).add(1 + code::W_FLAGS) >> 16 & 0xff == n as u32 {
                                    enter!(code, n);
                                    continue 'go;
                                }
                            } else if c & 3 == 2 {
                                // What programs call most does without a native.
                                #[cfg(not(feature = "tiny"))]
                                if n == 1 {
                                    let v = *sp.sub(1);
                                    let r = match c {
                                        LEN => quick::len(hb.cast(), v),
                                        STR if v & 3 == 0 && kind!(v) == Kind::Str as u32 => v,
                                        _ => 0,
                                    };
                                    if r != 0 {
                                        drop1!();
                                        *sp.sub(1) = r;
                                        continue 'go;
                                    }
                                    if !TRACED
                                        && v & 3 == 0
                                        && kind!(v) == Kind::Generator as u32
                                        && let Some(t) = quick::collector(c)
                                    {
                                        flow!((*vm).collect_op(t));
                                        continue 'go;
                                    }
                                }
                                save!();
                                let r = native::call(vm, st, c, sp.sub(n), n);
                                if r == RAISED {
                                    raise!()
                                }
                                if r == RUN {
                                    let base = sp.sub(n).offset_from((*f).base) as u32;
                                    ok!((*vm).run_left_code(base, action::PUSH));
                                    load!();
                                    continue 'go;
                                }
                                if r != 0 {
                                    sp = sp.sub(n);
                                    opaque!(sp);
                                    *sp.sub(1) = r;
                                    continue 'go;
                                }
                            } else if c & 3 == 0 && kind!(c) == Kind::Closure as u32 {
                                let code = field!(field!(c, 0), 0);
                                let k = (field!(c, 1) >> 1) as usize;
                                if *cell!(code).add(1 + code::W_FLAGS) >> 16 & 0xff == (n + k) as u32
                                    && n + k < code::NOT_SIMPLE as usize
                                    && sp.add(k) as usize <= (*f).records as usize
                                {
                                    // The cells go under the arguments.
                                    let args = sp.sub(n);
                                    shift_few(args, n, k);
                                    let mut i = 0;
                                    while i < k {
                                        *args.add(i) = field!(c, 2 + i);
                                        i += 1;
                                    }
                                    sp = sp.add(k);
                                    opaque!(sp);
                                    enter!(code, n + k);
                                    continue 'go;
                                }
                            }
                        }
                        #[cfg(not(feature = "tiny"))]
                        {
                            // An instance of a plain class whose `__init__` takes just these arguments.
                            let c = *sp.sub((n & 0xff) + 1);
                            if n < code::NOT_SIMPLE as usize
                                && c & 3 == 0
                                && kind!(c) == Kind::Class as u32
                                && field!(c, class::EPOCH) == small((*st).class_epoch)
                            {
                                let init = field!(c, class::INIT);
                                if init & 3 == 0 && kind!(init) == Kind::Function as u32 {
                                    let code = field!(init, 0);
                                    if *cell!(code).add(1 + code::W_FLAGS) >> 16 & 0xff == n as u32 + 1
                                        && sp.add(2) as usize <= (*f).records as usize
                                        && let Ok(o) = instance::new(&mut *heap, value(c))
                                    {
                                        // Class, arguments become object, `__init__`, object, arguments.
                                        let args = sp.sub(n);
                                        shift_few(args, n, 2);
                                        *args.sub(1) = o.bits();
                                        *args = init;
                                        *args.add(1) = o.bits();
                                        sp = sp.add(2);
                                        opaque!(sp);
                                        enter!(code, n + 1, action::INIT);
                                        continue 'go;
                                    }
                                    (*heap).raised = None;
                                }
                            }
                        }
                        flow!((*vm).call_op(n & 0xff, n >> 8))
                    }
                    0x35 => {
                        let n = vint!();
                        flow!((*vm).call_var_kw_op(n, false))
                    }
                    0x36 => {
                        let n = vint!();
                        if FAST && n + 1 < code::NOT_SIMPLE as usize {
                            let c = *sp.sub(n + 2);
                            if c & 3 == 0 && kind!(c) == Kind::Function as u32 && *sp.sub(n + 1) != 0 {
                                let code = field!(c, 0);
                                if *cell!(code).add(1 + code::W_FLAGS) >> 16 & 0xff == n as u32 + 1 {
                                    enter!(code, n + 1);
                                    continue 'go;
                                }
                            } else if c & 3 == 2 {
                                // What programs call most does without a native.
                                #[cfg(not(feature = "tiny"))]
                                {
                                    let r = match c {
                                        LIST_APPEND
                                            if n == 1 && quick::append(hb.cast(), *sp.sub(2), *sp.sub(1)) =>
                                        {
                                            NONE
                                        }
                                        DICT_GET if n == 2 => {
                                            quick::get(&mut *heap, *sp.sub(3), *sp.sub(2), *sp.sub(1))
                                        }
                                        DICT_GET if n == 1 => {
                                            quick::get(&mut *heap, *sp.sub(2), *sp.sub(1), NONE)
                                        }
                                        _ => 0,
                                    };
                                    if r != 0 {
                                        sp = sp.sub(n + 1);
                                        opaque!(sp);
                                        *sp.sub(1) = r;
                                        continue 'go;
                                    }
                                }
                                let args = n + (*sp.sub(n + 1) != 0) as usize;
                                save!();
                                let r = native::call(vm, st, c, sp.sub(args), args);
                                if r == RAISED {
                                    raise!()
                                }
                                if r == RUN {
                                    let base = sp.sub(n + 1).offset_from((*f).base) as u32;
                                    ok!((*vm).run_left_code(base, action::PUSH));
                                    load!();
                                    continue 'go;
                                }
                                if r != 0 {
                                    sp = sp.sub(n + 1);
                                    opaque!(sp);
                                    *sp.sub(1) = r;
                                    continue 'go;
                                }
                            }
                        }
                        flow!((*vm).call_method_op(n & 0xff, n >> 8))
                    }
                    0x37 => {
                        let n = vint!();
                        flow!((*vm).call_var_kw_op(n, true))
                    }

                    0x3f => {
                        let n = vint!();
                        flow!((*vm).extended_op(n))
                    }

                    0x40 => {
                        let o = slabel!();
                        // The operand's byte follows the label.
                        let n = *ip.add(1);
                        let target = ip.offset(o).offset_from(code::first_op(cp)) as i32 + 1;
                        push!(small(target));
                        push!(small(n as i32));
                        flow!((*vm).unwind_jump())
                    }
                    0x42 => {
                        jump!()
                    }
                    0x43 => {
                        let b = truth!(*sp.sub(1));
                        drop1!();
                        jump!(b)
                    }
                    0x44 => {
                        let b = truth!(*sp.sub(1));
                        drop1!();
                        jump!(!b)
                    }
                    0x45 | 0x46 => {
                        let v = *sp.sub(1);
                        save!();
                        let b = if v == TRUE {
                            true
                        } else if v == FALSE || v == NONE {
                            false
                        } else {
                            ok!((*vm).truth(value(v)))
                        };
                        sp = (*f).sp;
                        let o = ulabel!();
                        if b == (op == 0x45) { ip = ip.offset(o) } else { drop1!() }
                    }
                    0x47 => {
                        let o = ulabel!();
                        let target = ip.offset(o).offset_from(code::first_op(cp)) as i32 + 1;
                        flow!((*vm).setup_with(target))
                    }
                    0x48 | 0x49 => {
                        let o = ulabel!();
                        let x = fp.add(locals_of!());
                        let depth = (*x >> 1) as usize;
                        let s = x.add(1 + 3 * depth);
                        *s = small(ip.offset(o).offset_from(code::first_op(cp)) as i32 + 1);
                        *s.add(1) = small((sp.offset_from(fp) as i32) << 1 | (op & 1) as i32);
                        *s.add(2) = 0;
                        *x = small(depth as i32 + 1);
                    }
                    0x4a => {
                        let o = ulabel!();
                        let x = fp.add(locals_of!());
                        *x = (*x).wrapping_sub(2);
                        *x.add(1 + 3 * (*x >> 1) as usize + 2) = 0;
                        ip = ip.offset(o);
                    }
                    0x4b => {
                        let at = ip;
                        let o = ulabel!();
                        let it = *sp.sub(4);
                        if FAST && it & 3 == 0 {
                            let k = kind!(it);
                            if k == Kind::List as u32 {
                                let i = (*sp.sub(3) >> 1) as usize;
                                if i < (field!(it, 0) >> 1) as usize {
                                    *sp.sub(3) = small(i as i32 + 1);
                                    push!(field!(field!(it, 1), i))
                                } else {
                                    sp = sp.sub(4);
                                    opaque!(sp);
                                    ip = ip.offset(o)
                                }
                                continue 'go;
                            }
                            if k == Kind::Tuple as u32 {
                                let i = (*sp.sub(3) >> 1) as usize;
                                if i < words!(it) {
                                    let v = field!(it, i);
                                    if v != 0 {
                                        *sp.sub(3) = small(i as i32 + 1);
                                        push!(v);
                                        continue 'go;
                                    }
                                }
                                sp = sp.sub(4);
                                opaque!(sp);
                                ip = ip.offset(o);
                                continue 'go;
                            }
                        } else if it == RANGE {
                            let i = *sp.sub(3) as i32;
                            let stop = *sp.sub(2) as i32;
                            let step = *sp.sub(1) as i32 - 1;
                            if (step > 0 && i < stop) || (step < 0 && i > stop) {
                                // The next position may leave the small ints; the limit's type then ends the loop first.
                                *sp.sub(3) = i.checked_add(step).map_or(stop as W, |n| n as W);
                                push!(i as W)
                            } else {
                                sp = sp.sub(4);
                                opaque!(sp);
                                ip = ip.offset(o)
                            }
                            continue 'go;
                        }
                        save!();
                        (*f).ip = at;
                        if FAST && it & 3 == 0 {
                            let k = kind!(it);
                            if k == Kind::Generator as u32 {
                                if (*vm).resume_plain(value(it), action::GEN_FOR) {
                                    load!();
                                    continue 'go;
                                }
                            } else if k == Kind::Iterator as u32 {
                                let v = items::next(hb.cast(), it);
                                if v == STOP {
                                    object_iter::finish(&mut *heap, value(it));
                                    sp = sp.sub(4);
                                    opaque!(sp);
                                    ip = ip.offset(o);
                                    continue 'go;
                                }
                                if v != 0 {
                                    push!(v);
                                    continue 'go;
                                }
                            }
                        }
                        match ok!((*vm).for_iter()) {
                            super::iter::Next::Item => sp = (*f).sp,
                            super::iter::Next::End => {
                                sp = (*f).sp;
                                ip = ip.offset(o)
                            }
                            super::iter::Next::Entered => load!(),
                        }
                    }

                    0x50 => push!(FALSE),
                    0x51 => push!(NONE),
                    0x52 => push!(TRUE),
                    0x53 => push!(0),
                    0x54 => push!((*vm).class_builder().bits()),
                    0x55 => {
                        let i = *sp.sub(1);
                        let a = *sp.sub(2);
                        if FAST && a & 3 == 0 && i & 1 != 0 {
                            let k = kind!(a);
                            if k == Kind::List as u32 {
                                let n = (field!(a, 0) >> 1) as i32;
                                let mut j = i as i32 >> 1;
                                if j < 0 {
                                    j += n
                                }
                                if (j as u32) < n as u32 {
                                    drop1!();
                                    *sp.sub(1) = field!(field!(a, 1), j as usize);
                                    continue 'go;
                                }
                            } else if k == Kind::Tuple as u32 {
                                let j = i as i32 >> 1;
                                if j >= 0 && (j as usize) < words!(a) {
                                    let v = field!(a, j as usize);
                                    if v != 0 {
                                        drop1!();
                                        *sp.sub(1) = v;
                                        continue 'go;
                                    }
                                }
                            }
                        }
                        #[cfg(not(feature = "tiny"))]
                        {
                            let r = quick::load(&mut *heap, a, i);
                            if r != 0 {
                                drop1!();
                                *sp.sub(1) = r;
                                continue 'go;
                            }
                        }
                        flow!((*vm).load_subscr())
                    }
                    0x56 => {
                        let i = *sp.sub(1);
                        let a = *sp.sub(2);
                        if FAST && a & 3 == 0 && i & 1 != 0 && kind!(a) == Kind::List as u32 {
                            let n = (field!(a, 0) >> 1) as i32;
                            let mut j = i as i32 >> 1;
                            if j < 0 {
                                j += n
                            }
                            if (j as u32) < n as u32 {
                                let s = &raw mut field!(field!(a, 1), j as usize);
                                let v = *sp.sub(3);
                                if v != 0 {
                                    if (*heap).is_marking() {
                                        (*heap).barrier(*s)
                                    }
                                    *s = v;
                                    sp = sp.sub(3);
                                    opaque!(sp);
                                    continue 'go;
                                }
                            }
                        }
                        #[cfg(not(feature = "tiny"))]
                        if quick::store(&mut *heap, a, i, *sp.sub(3)) {
                            sp = sp.sub(3);
                            opaque!(sp);
                            continue 'go;
                        }
                        flow!((*vm).store_subscr())
                    }
                    0x57 => {
                        let v = *sp.sub(1);
                        // As a rule a copy is made to be kept in a local.
                        let n = *ip.add(1);
                        if n & 0xf0 == 0xc0 {
                            ip = ip.add(1);
                            *fp.add((n & 15) as usize) = v;
                            continue 'go;
                        }
                        push!(v)
                    }
                    0x58 => {
                        let a = *sp.sub(1);
                        let b = *sp.sub(2);
                        *sp = b;
                        *sp.add(1) = a;
                        sp = sp.add(2);
                        opaque!(sp)
                    }
                    0x59 => drop1!(),
                    0x5a => {
                        let a = *sp.sub(1);
                        *sp.sub(1) = *sp.sub(2);
                        *sp.sub(2) = a
                    }
                    0x5b => {
                        let a = *sp.sub(1);
                        *sp.sub(1) = *sp.sub(2);
                        *sp.sub(2) = *sp.sub(3);
                        *sp.sub(3) = a
                    }
                    0x5c => flow!((*vm).with_cleanup()),
                    0x5d => {
                        let x = fp.add(locals_of!());
                        *x = (*x).wrapping_sub(2);
                        *x.add(1 + 3 * (*x >> 1) as usize + 2) = 0;
                        let v = *sp.sub(1);
                        if v == NONE {
                            drop1!()
                        } else if v & 1 == 0 {
                            save!();
                            let _ = (*heap).raise_value(value(v));
                            raise!()
                        } else if (v as i32) < 0 {
                            drop1!();
                            save!();
                            if ok!((*vm).unwind_return()) {
                                let v = *(*f).sp.sub(1);
                                sp = (*f).sp;
                                leave!(v)
                            } else {
                                load!()
                            }
                        } else {
                            flow!((*vm).unwind_jump())
                        }
                    }
                    0x5e => flow!((*vm).get_iter_op(false)),
                    0x5f => {
                        let v = *sp.sub(1);
                        if FAST && v & 3 == 0 {
                            let k = kind!(v);
                            if k == Kind::List as u32
                                || k == Kind::Tuple as u32
                                || k == Kind::Generator as u32
                            {
                                *sp = small(0);
                                *sp.add(1) = NONE;
                                *sp.add(2) = NONE;
                                sp = sp.add(3);
                                opaque!(sp);
                                continue 'go;
                            }
                        }
                        flow!((*vm).get_iter_op(true))
                    }
                    0x62 => slow!((*vm).store_map()),
                    0x63 => {
                        if *cp.add(code::W_SIZES) >> 20 != 0 && *fp.add(locals_of!()) != small(0) {
                            save!();
                            if !ok!((*vm).unwind_return()) {
                                load!();
                                continue 'go;
                            }
                            sp = (*f).sp;
                        }
                        let v = *sp.sub(1);
                        leave!(v)
                    }
                    0x64 => raise_obj!((*vm).raise_last()),
                    0x65 => flow!((*vm).raise_op(false)),
                    0x66 => flow!((*vm).raise_op(true)),
                    0x67 => {
                        let rec = (*f).records;
                        let act = (*rec).action;
                        if FAST && (act == action::GEN_FOR || act == action::GEN_EXIT) {
                            // As `switch_out`, which has the rarer cases.
                            let v = pop!();
                            let g = cell!(*fp.sub(1)).add(1);
                            let n = sp.offset_from(fp) as usize;
                            copy_few(fp, g.add(g::FRAME), n);
                            g.add(g::IP).cast::<*const u8>().write_unaligned(ip);
                            *g.add(g::STATE) = small(n as i32 + 1);
                            let r = &*rec;
                            (*f).records = rec.add(1);
                            sp = fp;
                            fp = r.fp;
                            (*f).fp = fp;
                            (*f).code = r.code;
                            ip = r.ip;
                            if act == action::GEN_EXIT {
                                save!();
                                return Ok(value(v));
                            }
                            // The loop's instruction was left on its opcode: over its label.
                            cp = cell!(r.code).add(1);
                            *sp.sub(1) = v;
                            ip = ip.add(1 + (*ip.add(1) >> 7) as usize);
                            opaque!(sp);
                            continue 'go;
                        }
                        #[cfg(not(feature = "tiny"))]
                        if act & !0xff00 == action::GEN_COLLECT
                            && quick::append(hb.cast(), *fp.sub(2), *sp.sub(1))
                        {
                            *sp.sub(1) = NONE;
                            continue 'go;
                        }
                        save!();
                        match ok!((*vm).yield_value()) {
                            Some(v) => return Ok(v),
                            None => load!(),
                        }
                    }
                    0x68 => {
                        save!();
                        match ok!((*vm).yield_from()) {
                            Some(v) => return Ok(v),
                            None => load!(),
                        }
                    }
                    0x69 => flow!((*vm).import_star()),

                    0x70 | 0x71 | 0x72 | 0x73 | 0x74 | 0x75 | 0x76 | 0x77 | 0x78 | 0x79 | 0x7a | 0x7b
                    | 0x7c | 0x7d | 0x7e | 0x7f | 0x80 | 0x81 | 0x82 | 0x83 | 0x84 | 0x85 | 0x86 | 0x87
                    | 0x88 | 0x89 | 0x8a | 0x8b | 0x8c | 0x8d | 0x8e | 0x8f | 0x90 | 0x91 | 0x92 | 0x93
                    | 0x94 | 0x95 | 0x96 | 0x97 | 0x98 | 0x99 | 0x9a | 0x9b | 0x9c | 0x9d | 0x9e | 0x9f
                    | 0xa0 | 0xa1 | 0xa2 | 0xa3 | 0xa4 | 0xa5 | 0xa6 | 0xa7 | 0xa8 | 0xa9 | 0xaa | 0xab
                    | 0xac | 0xad | 0xae | 0xaf => {
                        // Lookahead: a constant followed by `+` or `+=` on small ints.
                        let n = *ip.add(1);
                        if FAST && (n == 0xe5 || n == 0xf2) {
                            let a = *sp.sub(1);
                            if a & 1 != 0
                                && let Some(v) = (a as i32).checked_add(2 * (op as i32 - 0x80))
                            {
                                ip = ip.add(1);
                                *sp.sub(1) = v as W;
                                continue 'go;
                            }
                        }
                        push!(small(op as i32 - 0x80))
                    }
                    0xb0 | 0xb1 | 0xb2 | 0xb3 | 0xb4 | 0xb5 | 0xb6 | 0xb7 | 0xb8 | 0xb9 | 0xba | 0xbb
                    | 0xbc | 0xbd | 0xbe | 0xbf => local!(op & 15),
                    0xc0 | 0xc1 | 0xc2 | 0xc3 | 0xc4 | 0xc5 | 0xc6 | 0xc7 | 0xc8 | 0xc9 | 0xca | 0xcb
                    | 0xcc | 0xcd | 0xce | 0xcf => *fp.add(op & 15) = pop!(),

                    0xd0 => flow!((*vm).unary_op(UnaryOp::Positive)),
                    0xd1 => {
                        let v = *sp.sub(1);
                        if FAST
                            && v & 1 != 0
                            && let Some(n) = 2i32.checked_sub(v as i32)
                        {
                            *sp.sub(1) = n as W;
                            continue 'go;
                        }
                        flow!((*vm).unary_op(UnaryOp::Negative))
                    }
                    0xd2 => {
                        let v = *sp.sub(1);
                        if FAST && v & 1 != 0 {
                            *sp.sub(1) = !v | 1;
                            continue 'go;
                        }
                        flow!((*vm).unary_op(UnaryOp::Invert))
                    }
                    0xd3 => {
                        let b = truth!(*sp.sub(1));
                        *sp.sub(1) = if b { FALSE } else { TRUE };
                    }
                    // `code::fuse` put it there in the place of 1: `+=` 1, DUP_TOP_TWO, ROT_TWO, `<`, POP_JUMP_IF_TRUE follow.
                    #[cfg(not(feature = "tiny"))]
                    0xd4 => {
                        let (v, limit) = (*sp.sub(1), *sp.sub(2));
                        if !TRACED
                            && v & limit & 1 != 0
                            && let Some(v) = (v as i32).checked_add(2)
                        {
                            *sp.sub(1) = v as W;
                            ip = ip.add(5);
                            jump!(v < limit as i32);
                            continue 'go;
                        }
                        push!(small(1))
                    }
                    0xd7 => compare!(<, BinaryOp::Less),
                    0xd8 => compare!(>, BinaryOp::More),
                    0xd9 => compare!(==, BinaryOp::Equal),
                    0xda => compare!(<=, BinaryOp::LessEqual),
                    0xdb => compare!(>=, BinaryOp::MoreEqual),
                    0xdc => compare!(!=, BinaryOp::NotEqual),
                    0xdd => {
                        #[cfg(not(feature = "tiny"))]
                        {
                            let r = quick::contains(&mut *heap, *sp.sub(2), *sp.sub(1));
                            if r != 0 {
                                drop1!();
                                *sp.sub(1) = r;
                                continue 'go;
                            }
                        }
                        flow!((*vm).binary_op(BinaryOp::In))
                    }
                    0xde => {
                        let b = pop!();
                        let a = *sp.sub(1);
                        *sp.sub(1) = if a == b { TRUE } else { FALSE }
                    }
                    0xdf => slow!((*vm).exception_match()),
                    0xe0 => bits!(BinaryOp::InplaceOr, |),
                    0xe1 => {
                        let b = *sp.sub(1);
                        let a = *sp.sub(2);
                        if FAST && a & b & 1 != 0 {
                            drop1!();
                            *sp.sub(1) = (a ^ b) | 1;
                            continue 'go;
                        }
                        binary!(BinaryOp::InplaceXor)
                    }
                    0xe2 => bits!(BinaryOp::InplaceAnd, &),
                    0xe4 | 0xf1 => {
                        let b = *sp.sub(1);
                        let a = *sp.sub(2);
                        if FAST && a & b & 1 != 0 && (b as i32) > 0 {
                            drop1!();
                            *sp.sub(1) = (a as i32 >> ((b >> 1).min(31)) | 1) as W;
                            continue 'go;
                        }
                        flow!((*vm).binary_op(if op == 0xe4 {
                            BinaryOp::InplaceRshift
                        } else {
                            BinaryOp::Rshift
                        }))
                    }
                    0xe5 => {
                        arith!(BinaryOp::InplaceAdd, +, |a: W, b: W| (a as i32).checked_add(b as i32 - 1))
                    }
                    0xe6 => {
                        arith!(BinaryOp::InplaceSubtract, -, |a: W, b: W| (a as i32).checked_sub(b as i32 - 1))
                    }
                    0xe7 => {
                        arith!(BinaryOp::InplaceMultiply, *, |a: W, b: W| (a as i32 - 1).checked_mul(b as i32 >> 1).map(|v| v | 1))
                    }
                    0xe8 => flow!((*vm).binary_op(BinaryOp::InplaceMatMultiply)),
                    0xe9 | 0xf6 => {
                        let b = *sp.sub(1);
                        let a = *sp.sub(2);
                        if FAST && a & b & 1 != 0 && (b as i32) > 1 {
                            drop1!();
                            *sp.sub(1) = small((a as i32 >> 1).div_euclid(b as i32 >> 1));
                            continue 'go;
                        }
                        flow!((*vm).binary_op(if op == 0xe9 {
                            BinaryOp::InplaceFloorDivide
                        } else {
                            BinaryOp::FloorDivide
                        }))
                    }
                    0xea => binary!(BinaryOp::InplaceTrueDivide),
                    0xeb | 0xf8 => {
                        let b = *sp.sub(1);
                        let a = *sp.sub(2);
                        if FAST && a & b & 1 != 0 && (b as i32) > 1 {
                            drop1!();
                            *sp.sub(1) = small((a as i32 >> 1).rem_euclid(b as i32 >> 1));
                            continue 'go;
                        }
                        flow!((*vm).binary_op(if op == 0xeb {
                            BinaryOp::InplaceModulo
                        } else {
                            BinaryOp::Modulo
                        }))
                    }
                    0xec => flow!((*vm).binary_op(BinaryOp::InplacePower)),
                    0xed => bits!(BinaryOp::Or, |),
                    0xee => {
                        let b = *sp.sub(1);
                        let a = *sp.sub(2);
                        if FAST && a & b & 1 != 0 {
                            drop1!();
                            *sp.sub(1) = (a ^ b) | 1;
                            continue 'go;
                        }
                        binary!(BinaryOp::Xor)
                    }
                    0xef => bits!(BinaryOp::And, &),
                    0xe3 | 0xf0 => {
                        let b = *sp.sub(1);
                        let a = *sp.sub(2);
                        if a & b & 1 != 0 && b < 31 << 1 {
                            let (n, by) = (a & !1, b >> 1);
                            if (n << by) as i32 >> by == n as i32 {
                                drop1!();
                                *sp.sub(1) = n << by | 1;
                                continue 'go;
                            }
                        }
                        flow!((*vm).binary_op(if op == 0xe3 {
                            BinaryOp::InplaceLshift
                        } else {
                            BinaryOp::Lshift
                        }))
                    }
                    0xf2 => arith!(BinaryOp::Add, +, |a: W, b: W| (a as i32).checked_add(b as i32 - 1)),
                    0xf3 => arith!(BinaryOp::Subtract, -, |a: W, b: W| (a as i32).checked_sub(b as i32 - 1)),
                    0xf4 => {
                        arith!(BinaryOp::Multiply, *, |a: W, b: W| (a as i32 - 1).checked_mul(b as i32 >> 1).map(|v| v | 1))
                    }
                    0xf5 => flow!((*vm).binary_op(BinaryOp::MatMultiply)),
                    0xf7 => binary!(BinaryOp::TrueDivide),
                    0xf9 => flow!((*vm).binary_op(BinaryOp::Power)),

                    // Not opcodes of the format: the verifier lets none through.
                    0x00 | 0x01 | 0x02 | 0x03 | 0x04 | 0x05 | 0x06 | 0x07 | 0x08 | 0x09 | 0x0a | 0x0b
                    | 0x0c | 0x0d | 0x0e | 0x0f | 0x1d | 0x1e | 0x1f | 0x38 | 0x39 | 0x3a | 0x3b | 0x3c
                    | 0x3d | 0x3e | 0x41 | 0x4c | 0x4d | 0x4e | 0x4f | 0x60 | 0x61 | 0x6a | 0x6b | 0x6c
                    | 0x6d | 0x6e | 0x6f | 0xd5 | 0xd6 | 0xfa | 0xfb | 0xfc | 0xfd | 0xfe | 0xff => {
                        raise_obj!(exc::raise(&mut *heap, TypeId::RuntimeError, "bad opcode"))
                    }
                    #[cfg(feature = "tiny")]
                    0xd4 => raise_obj!(exc::raise(&mut *heap, TypeId::RuntimeError, "bad opcode")),
                    _ => core::hint::unreachable_unchecked(),
                }
            };
            // The exception waits in `heap.raised`: find its handler, or leave with it.
            if !(*vm).unwind()? {
                return Err(Raised);
            }
            load!();
            continue 'unwind;
        }
    }
}
const _: () = assert!(PTR_WORDS >= 1 && Kind::BigInstance as u32 == Kind::Instance as u32 + 1);
