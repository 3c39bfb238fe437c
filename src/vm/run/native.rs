//! Natives as the loop calls them: on the stack's own words, without a frame.

use super::{MODULE_ENTRY, NAME, RAISED, TYPE, TYPE_ENTRY, W};
use crate::heap::{Raised, TypeId, Value};
use crate::vm::api::Vm;
use crate::vm::def::{Args, Bind, Const, Entry, NativeDef};
use crate::vm::state::State;
use crate::vm::typeof_::TYPE_OF_KIND;

/// Calls a native on its argument words, the fiber's registers saved: the result's bits, `RAISED`, or 0 where the general
/// road must be taken (another kind of callee, wrong arguments, an exception in a heap-only native: it may be run again).
///
/// # Safety
/// `args` points to the top `n` stack words, none of them empty; `c` is an immediate.
#[inline(never)]
pub unsafe fn call(vm: *mut Vm, st: *mut State, c: W, args: *const W, n: usize) -> W {
    // SAFETY: the caller's promise; the state is alive and only this task uses it.
    unsafe {
        let (owner, at) = ((c >> 17) as usize, (c >> 5 & 0xfff) as usize);
        let registry = (*st).registry;
        let mut make = None;
        let entries = if c & 31 == TYPE {
            let Some(t) = registry.types.get((c >> 5) as usize) else { return 0 };
            if t.id.is_exception() {
                return 0;
            }
            make = t.make.as_ref();
            &[]
        } else if c & 31 == TYPE_ENTRY {
            // The first argument must have the type's own layout.
            if n == 0 {
                return 0;
            }
            let me = *args;
            let t = if me & 3 == 0 {
                let k = *(*st).heap.base_ptr().add((me >> 1) as usize) & 63;
                match TYPE_OF_KIND.get(k as usize) {
                    Some(t) => *t as usize,
                    None => return 0,
                }
            } else if me & 31 == NAME {
                TypeId::Str as usize
            } else {
                return 0;
            };
            if t != owner {
                return 0;
            }
            match registry.types.get(owner) {
                Some(t) => t.entries,
                None => return 0,
            }
        } else if c & 31 == MODULE_ENTRY {
            match registry.modules.get(owner) {
                Some(m) => m.entries,
                None => return 0,
            }
        } else {
            return 0;
        };
        let def = match (make, entries.get(at)) {
            (Some(def), _) => def,
            (None, Some(Entry { value: Const::Fn(def), .. })) if def.bind() == Bind::Object => def,
            _ => return 0,
        };
        if n < def.min() as usize || n > def.max() as usize && def.max() != 255 {
            return 0;
        }
        match *def {
            NativeDef::Heap { f, .. } => {
                match f(&mut (*st).heap, core::slice::from_raw_parts(args.cast::<Value>(), n)) {
                    Ok(v) => v.bits(),
                    Err(Raised) => {
                        (*st).heap.raised = None;
                        0
                    }
                }
            }
            NativeDef::Vm { f, .. } => {
                let base = args.offset_from((*(*vm).fiber_ptr()).base) as u32;
                match f(&mut *vm, Args::new(base, n as u16, 0)) {
                    Ok(v) => v.bits(),
                    Err(Raised) => RAISED,
                }
            }
        }
    }
}
