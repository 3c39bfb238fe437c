//! Keyword arguments of natives: a table says the names, one function fills the values.

use super::api::Vm;
use super::def::Args;
use crate::heap::{R, TypeId, Value};
use crate::object::exc::Part;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ArgKind {
    /// By position or name, must be given.
    Required,
    /// By position or name, may be left out.
    Optional,
    /// By name only, may be left out.
    KwOnly,
}

/// One parameter of a native.
#[derive(Clone, Copy)]
pub struct ArgSpec {
    /// `q!("name")`
    pub name: Value,
    pub kind: ArgKind,
}

pub const fn arg(name: Value, kind: ArgKind) -> ArgSpec {
    ArgSpec { name, kind }
}

/// Sorts a native's arguments by a table into `out`, which is as long as the table. The values stay reachable through the argument window.
pub fn parse(vm: &mut Vm, args: Args, spec: &[ArgSpec], out: &mut [Option<Value>]) -> R<()> {
    let mut positional = 0usize;
    for (i, s) in spec.iter().enumerate() {
        if s.kind == ArgKind::KwOnly {
            break;
        }
        positional = i + 1;
    }
    if args.n() as usize > positional {
        let parts = [
            Part::S("function expected at most "),
            Part::I(positional as i64),
            Part::S(" arguments, got "),
            Part::I(args.n() as i64),
        ];
        return Err(vm.raise_parts(TypeId::TypeError, &parts));
    }
    for (i, slot) in out.iter_mut().enumerate() {
        *slot = vm.arg(args, i);
    }
    for k in 0..args.kw() as usize {
        let (name, v) = vm.kw(args, k);
        let known = spec
            .iter()
            .position(|s| s.name == name || vm.heap().str_bytes(s.name) == vm.heap().str_bytes(name));
        match known.and_then(|i| out.get_mut(i)) {
            Some(slot @ None) => *slot = Some(v),
            Some(_) => {
                let parts =
                    [Part::S("function got multiple values for argument '"), Part::V(name), Part::S("'")];
                return Err(vm.raise_parts(TypeId::TypeError, &parts));
            }
            None => {
                let parts = [Part::S("unexpected keyword argument '"), Part::V(name), Part::S("'")];
                return Err(vm.raise_parts(TypeId::TypeError, &parts));
            }
        }
    }
    for (s, v) in spec.iter().zip(out.iter()) {
        if s.kind == ArgKind::Required && v.is_none() {
            let parts = [Part::S("'"), Part::V(s.name), Part::S("' argument required")];
            return Err(vm.raise_parts(TypeId::TypeError, &parts));
        }
    }
    Ok(())
}
