//! Memory and device registers at addresses that a program names, in one access of the size asked for.
//!
//! Invariant: nothing is checked: `uctypes` and its like exist to reach what the library knows nothing of.

/// Reads 1, 2, 4 or 8 bytes in the machine's order; other sizes give 0.
pub fn peek(address: usize, size: usize) -> u64 {
    if !address.is_multiple_of(size.max(1)) {
        return bytes(address, size);
    }
    // SAFETY: the program that named the address vouches for it; it is aligned.
    unsafe {
        match size {
            1 => (address as *const u8).read_volatile().into(),
            2 => (address as *const u16).read_volatile().into(),
            4 => (address as *const u32).read_volatile().into(),
            8 => (address as *const u64).read_volatile(),
            _ => 0,
        }
    }
}

/// Writes the lowest 1, 2, 4 or 8 bytes of `n`.
pub fn poke(address: usize, size: usize, n: u64) {
    if !address.is_multiple_of(size.max(1)) {
        for i in 0..size {
            let shift = if cfg!(target_endian = "big") { size - 1 - i } else { i };
            poke(address.wrapping_add(i), 1, n >> (8 * shift));
        }
        return;
    }
    // SAFETY: as `peek`.
    unsafe {
        match size {
            1 => (address as *mut u8).write_volatile(n as u8),
            2 => (address as *mut u16).write_volatile(n as u16),
            4 => (address as *mut u32).write_volatile(n as u32),
            8 => (address as *mut u64).write_volatile(n),
            _ => {}
        }
    }
}

fn bytes(address: usize, size: usize) -> u64 {
    (0..size).fold(0, |n, i| {
        let b = peek(address.wrapping_add(i), 1);
        if cfg!(target_endian = "big") { n << 8 | b } else { n | b << (8 * i) }
    })
}
