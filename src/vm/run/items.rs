//! Items of iterators over what natives and loops go through most: lists, tuples and ranges of small ints.

use super::{STOP, W, small};
use crate::heap::{Kind, Value};
use crate::object::iter::{self as object_iter, How};
use crate::vm::api::Vm;

/// The next item of an iterator over a list, a tuple or a range of small ints: its bits, `STOP` at the end (the caller
/// finishes the iterator), or 0 where `object::iter::next` must look (another container).
///
/// # Safety
/// `it` is a live iterator of the heap at `hb`.
#[inline(always)]
pub unsafe fn next(hb: *mut u32, it: W) -> W {
    // SAFETY: the caller's promise; an iterator's words are as `object::iter` says.
    unsafe {
        let p = hb.add((it >> 1) as usize + 1);
        let (how, c, cursor) =
            (*p.add(object_iter::HOW), *p.add(object_iter::CONTAINER), *p.add(object_iter::CURSOR));
        if c & 3 != 0 {
            return 0;
        }
        let c = hb.add((c >> 1) as usize);
        if how == small(How::SmallRange as i32) {
            let (stop, by) = (*c.add(2) as i32, *p.add(object_iter::EXTRA) as i32 - 1);
            if if by > 0 { cursor as i32 >= stop } else { cursor as i32 <= stop } {
                return STOP;
            }
            let Some(next) = (cursor as i32).checked_add(by) else { return 0 };
            *p.add(object_iter::CURSOR) = next as W;
            return cursor;
        }
        let i = (cursor >> 1) as usize;
        let v = if how == small(How::List as i32) {
            if i >= (*c.add(1) >> 1) as usize {
                return STOP;
            }
            *hb.add((*c.add(2) >> 1) as usize + 1 + i)
        } else if how == small(How::Tuple as i32) {
            // The last word may be empty.
            let v = if i < (*c >> 8) as usize * 2 - 1 { *c.add(1 + i) } else { 0 };
            if v == 0 {
                return STOP;
            }
            v
        } else {
            return 0;
        };
        *p.add(object_iter::CURSOR) = cursor + 2;
        v
    }
}

impl Vm {
    /// The next item of an iterator over a common container; `None` where the general way must look.
    #[inline]
    pub(in crate::vm) fn step_iterator(&mut self, it: Value) -> Option<Value> {
        // SAFETY: only iterators of this heap are asked for.
        unsafe {
            if !self.heap().is(it, Kind::Iterator) {
                return None;
            }
            let v = Value::from_bits(next(self.heap().base_ptr(), it.bits()));
            if v == Some(Value::STOP) {
                object_iter::finish(self.heap_mut(), it);
            }
            v
        }
    }
}
