//! The panic handler of the static archive. Library code has no panics of its own; this is for what the compiler may
//! have left behind, and there is no VM to ask here.

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
