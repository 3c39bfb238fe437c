//! Long runs of words, moved and emptied in bursts: about two instructions for five words and one for three or four, where
//! the C library's own functions take two for one, or four bytewise steps.

/// So many bursts from one place to another, each by the given instructions: r0 is where to read, r1 where to write.
macro_rules! bursts {
    ($n:expr, $from:expr, $to:expr, $($line:literal),+) => {
        core::arch::asm!(
            "cbz r2, 3f",
            "2:",
            $($line,)+
            "subs r2, #1",
            "bne 2b",
            "3:",
            inout("r0") $from => _, inout("r1") $to => _, inout("r2") $n => _,
            out("r3") _, out("r4") _, out("r5") _, out("r8") _, out("r9") _, out("r10") _, out("r12") _, out("lr") _,
            options(nostack)
        )
    };
}

/// Copies `n` words; the runs may overlap.
///
/// # Safety
/// Both runs are memory that may be read, and the second one memory that may be written.
pub(super) unsafe fn copy(from: *const u32, to: *mut u32, n: usize) {
    let bursts = n / 16;
    let rest = n - bursts * 16;
    // SAFETY: the bursts and the rest lie in the runs. Whichever run begins first, no word is written before it was read.
    unsafe {
        if to.cast_const() < from {
            bursts!(
                bursts,
                from,
                to,
                "ldmia r0!, {{r3, r4, r5, r8, r9, r10, r12, lr}}",
                "stmia r1!, {{r3, r4, r5, r8, r9, r10, r12, lr}}",
                "ldmia r0!, {{r3, r4, r5, r8, r9, r10, r12, lr}}",
                "stmia r1!, {{r3, r4, r5, r8, r9, r10, r12, lr}}"
            );
            for i in n - rest..n {
                to.add(i).write_volatile(*from.add(i));
            }
        } else {
            for i in (n - rest..n).rev() {
                to.add(i).write_volatile(*from.add(i));
            }
            bursts!(
                bursts,
                from.add(n - rest),
                to.add(n - rest),
                "ldmdb r0!, {{r3, r4, r5, r8, r9, r10, r12, lr}}",
                "stmdb r1!, {{r3, r4, r5, r8, r9, r10, r12, lr}}",
                "ldmdb r0!, {{r3, r4, r5, r8, r9, r10, r12, lr}}",
                "stmdb r1!, {{r3, r4, r5, r8, r9, r10, r12, lr}}"
            );
        }
    }
}

/// Copies `n` bytes, whose runs may overlap, where one of them does not begin at a word: read word by word, which this core can
/// do anywhere, and written in bursts; some three instructions for two words.
///
/// # Safety
/// As `copy`.
pub(super) unsafe fn copy_bytes(from: *const u8, to: *mut u8, n: usize) {
    // SAFETY: what lies before the first whole word of the second run, the bursts and the rest lie in the runs. Whichever run
    // begins first, no byte is written before it was read.
    unsafe {
        if to.cast_const() < from {
            let head = ((to as usize).wrapping_neg() & 3).min(n);
            let bursts = (n - head) / 32;
            for i in 0..head {
                to.add(i).write_volatile(*from.add(i));
            }
            bursts!(
                bursts,
                from.add(head),
                to.add(head),
                "ldr r3, [r0]",
                "ldr r4, [r0, #4]",
                "ldr r5, [r0, #8]",
                "ldr r8, [r0, #12]",
                "ldr r9, [r0, #16]",
                "ldr r10, [r0, #20]",
                "ldr r12, [r0, #24]",
                "ldr lr, [r0, #28]",
                "adds r0, #32",
                "stmia r1!, {{r3, r4, r5, r8, r9, r10, r12, lr}}"
            );
            for i in head + bursts * 32..n {
                to.add(i).write_volatile(*from.add(i));
            }
        } else {
            let tail = ((to as usize + n) & 3).min(n);
            let bursts = (n - tail) / 32;
            for i in (n - tail..n).rev() {
                to.add(i).write_volatile(*from.add(i));
            }
            bursts!(
                bursts,
                from.add(n - tail),
                to.add(n - tail),
                "ldr r3, [r0, #-32]",
                "ldr r4, [r0, #-28]",
                "ldr r5, [r0, #-24]",
                "ldr r8, [r0, #-20]",
                "ldr r9, [r0, #-16]",
                "ldr r10, [r0, #-12]",
                "ldr r12, [r0, #-8]",
                "ldr lr, [r0, #-4]",
                "subs r0, #32",
                "stmdb r1!, {{r3, r4, r5, r8, r9, r10, r12, lr}}"
            );
            for i in (0..n - tail - bursts * 32).rev() {
                to.add(i).write_volatile(*from.add(i));
            }
        }
    }
}

/// Makes `n` words 0.
///
/// # Safety
/// They are memory that may be written.
pub(super) unsafe fn clear(at: *mut u32, n: usize) {
    let bursts = n / 16;
    // SAFETY: the bursts and the rest lie in the run.
    unsafe {
        core::arch::asm!(
            "cbz r2, 3f",
            "2: stmia r1!, {{r3, r4, r5, r8, r9, r10, r12, lr}}",
            "stmia r1!, {{r3, r4, r5, r8, r9, r10, r12, lr}}",
            "subs r2, #1",
            "bne 2b",
            "3:",
            inout("r1") at => _, inout("r2") bursts => _,
            inout("r3") 0 => _, inout("r4") 0 => _, inout("r5") 0 => _, inout("r8") 0 => _,
            inout("r9") 0 => _, inout("r10") 0 => _, inout("r12") 0 => _, inout("lr") 0 => _,
            options(nostack)
        );
        for i in bursts * 16..n {
            at.add(i).write_volatile(0);
        }
    }
}
