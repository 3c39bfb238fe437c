//! A heap lent for long work is the heap itself: where flash counts most nobody is let in.

use super::{Heap, Kind, R, Value};

pub type Lent = Heap;

pub const GIVES_WAY: bool = false;

pub trait Host {
    fn home(&mut self) -> &mut Heap;
}

impl Host for Heap {
    #[inline(always)]
    fn home(&mut self) -> &mut Heap {
        self
    }
}

#[inline(always)]
pub fn lend<H: Host, T>(host: &mut H, _: Option<Value>, work: impl FnOnce(&mut Lent) -> T) -> T {
    work(host.home())
}

impl AsMut<Heap> for Heap {
    #[inline(always)]
    fn as_mut(&mut self) -> &mut Heap {
        self
    }
}

impl Heap {
    #[inline(always)]
    pub fn worked(&mut self, _: u32) {}
    #[inline(always)]
    pub fn worked_here(&mut self, _: u32) {}
    #[inline(always)]
    pub fn has_failed(&self) -> bool {
        false
    }
    #[inline(always)]
    pub fn keep(&mut self, _: Value) -> R<()> {
        Ok(())
    }
    #[inline(always)]
    pub(super) fn scratch_kind(&self, kind: Kind) -> Kind {
        kind
    }
    #[inline(always)]
    pub(super) fn let_go(&mut self, _: Value) {}
    #[inline(always)]
    pub fn is_held(&self, _: Value) -> bool {
        false
    }
}
