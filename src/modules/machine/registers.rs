//! `mem8`, `mem16`, `mem32`: memory and device registers by address.
//!
//! Invariant: nothing vouches for an address but the program; one that the hardware refuses is the firmware's fault handler's.

use crate::builtins::convert;
use crate::heap::{Kind, R, TypeId, Value};
use crate::object::int;
use crate::port::memory;
use crate::q;
use crate::vm::Vm;
use crate::vm::def::{Access, Mode, Slot, TypeDef};

pub static TYPE: TypeDef =
    TypeDef { print: Some(print), subscr: Slot::Vm(item), ..TypeDef::plain(TypeId::Registers, q!("mem")) };

/// Bytes of an access.
const SIZE: usize = 1;
const COUNT: usize = 2;

pub fn new(vm: &mut Vm, size: i32) -> R {
    vm.with_heap(|h| {
        let v = h.alloc(Kind::Object, COUNT)?;
        h.set_field(v, 0, Value::typ(TypeId::Registers));
        h.set_int(v, SIZE, size);
        Ok(v)
    })
}

fn print(vm: &mut Vm, v: Value, _: Mode) -> R<()> {
    let bits = vm.heap().int(v, SIZE) * 8;
    vm.emit(b"<")?;
    vm.print(Value::small(bits), Mode::Str)?;
    vm.emit(b"-bit memory>")
}

fn item(vm: &mut Vm, v: Value, key: Value, access: Access) -> R {
    let size = vm.heap().int(v, SIZE) as usize;
    let Ok(address) = usize::try_from(convert::to_i64(vm, key)?) else {
        return Err(vm.raise(TypeId::ValueError, "bad address"));
    };
    if !address.is_multiple_of(size) {
        return Err(vm.raise(TypeId::ValueError, "address is not aligned"));
    }
    match access {
        Access::Load => {
            let n = memory::peek(address, size);
            vm.with_heap(|h| int::from_u64(h, n))
        }
        Access::Store(to) => {
            let n = convert::to_i64(vm, to)?;
            memory::poke(address, size, n as u64);
            Ok(Value::NONE)
        }
        Access::Delete => Err(vm.raise(TypeId::TypeError, "object doesn't support item deletion")),
    }
}
