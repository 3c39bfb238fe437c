//! The board of a build without its functions.

use crate::heap::{R, Value};
use crate::vm::Vm;
use crate::vm::def::Args;

/// `idle()`: lets other tasks run; posted calls are served.
pub fn idle(vm: &mut Vm, _: Args) -> R {
    vm.sleep_us(0)?;
    Ok(Value::NONE)
}
