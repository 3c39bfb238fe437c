//! The compiler's face in a build without it: every source is refused, `.mpy` files run.

#[path = "source.rs"]
mod source;

use crate::heap::lent::Lent;
use crate::heap::{Heap, R, TypeId};
use crate::object::exc;
pub use source::{Mode, Options, SliceSource, Source, StrSource};

pub fn compile(heap: &mut Heap, _source: &mut dyn Source, _options: &Options) -> R {
    Err(exc::raise(heap, TypeId::NotImplementedError, "this build has no compiler"))
}

pub fn compile_lent(heap: &mut Lent, source: &mut dyn Source, options: &Options) -> R {
    compile(heap, source, options)
}
