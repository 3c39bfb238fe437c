//! Which branches the library has taken: a counter for each, kept by code that the compiler adds (`cargo xtask fuzz`
//! passes the options). In a build without these options there are none, and fuzzing is blind.

use std::sync::atomic::{AtomicUsize, Ordering};

static START: AtomicUsize = AtomicUsize::new(0);
static STOP: AtomicUsize = AtomicUsize::new(0);

/// Called before `main` by what the compiler adds to each object file, with the whole program's counters.
///
/// # Safety
/// `start` and `stop` bound an array of bytes that lives for ever.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __sanitizer_cov_8bit_counters_init(start: *mut u8, stop: *mut u8) {
    START.store(start.addr(), Ordering::Relaxed);
    STOP.store(stop.addr(), Ordering::Relaxed);
}

/// What all runs so far have seen: for each branch the counts met, in classes, a bit each.
pub struct Seen(Vec<u8>);

fn counters() -> &'static mut [u8] {
    let (start, stop) = (START.load(Ordering::Relaxed), STOP.load(Ordering::Relaxed));
    if start == 0 {
        return &mut [];
    }
    // SAFETY: the compiler's array; only this thread runs code that counts, and the borrow ends before it does.
    unsafe { std::slice::from_raw_parts_mut(std::ptr::with_exposed_provenance_mut(start), stop - start) }
}

impl Seen {
    pub fn new() -> Seen {
        Seen(vec![0; counters().len()])
    }
    /// Before a run.
    pub fn clear(&self) {
        counters().fill(0);
    }
    /// After a run: how many classes of counts are new.
    pub fn add(&mut self) -> usize {
        let mut new = 0;
        for (seen, count) in self.0.iter_mut().zip(counters()) {
            if *count == 0 {
                continue;
            }
            // 1, 2, 3, 4 to 7, 8 to 15, 16 to 31, 32 to 127, 128 and more.
            let class: u8 = match *count {
                1 => 1,
                2 => 2,
                3 => 4,
                4..8 => 8,
                8..16 => 16,
                16..32 => 32,
                32..128 => 64,
                _ => 128,
            };
            new += usize::from(*seen & class == 0);
            *seen |= class;
        }
        new
    }
    /// Branches that any run has taken, and all there are.
    pub fn branches(&self) -> (usize, usize) {
        (self.0.iter().filter(|seen| **seen != 0).count(), self.0.len())
    }
}
