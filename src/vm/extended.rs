//! What `EXTENDED` does: the slow functions behind Python's newer syntax.
//!
//! Invariants
//! - the operand is one of `code::op::extended`, the stack holds what that table says;
//! - nothing here enters a frame: what calls Python nests one run loop.

use super::api::Vm;
#[cfg(feature = "unpacking")]
use super::def::Access;
#[cfg(any(
    feature = "unpacking",
    feature = "match",
    feature = "except-star",
    feature = "type-parameters",
    feature = "annotations"
))]
use crate::code::op::extended;
#[cfg(any(feature = "unpacking", feature = "annotations"))]
use crate::heap::Value;
use crate::heap::{Kind, R, TypeId};
#[cfg(feature = "unpacking")]
use crate::object::{dict, exc::Part, list};
#[cfg(feature = "unpacking")]
use crate::q;

impl Vm {
    #[inline(never)]
    pub(super) fn extended_op(&mut self, n: usize) -> R<()> {
        match n as u32 {
            #[cfg(feature = "unpacking")]
            extended::LIST_EXTEND => self.list_extend(),
            #[cfg(feature = "unpacking")]
            extended::SET_UPDATE => self.set_update(),
            #[cfg(feature = "unpacking")]
            extended::DICT_UPDATE => self.dict_update(),
            #[cfg(feature = "unpacking")]
            extended::TO_TUPLE => self.list_to_tuple(),
            #[cfg(feature = "match")]
            extended::MATCH_SEQUENCE => self.match_sequence(),
            #[cfg(feature = "match")]
            extended::MATCH_MAPPING => self.match_mapping(),
            #[cfg(feature = "match")]
            extended::MATCH_CLASS => self.match_class(),
            #[cfg(feature = "except-star")]
            extended::STAR_BEGIN => self.star_begin(),
            #[cfg(feature = "except-star")]
            extended::STAR_MATCH => self.star_match(),
            #[cfg(feature = "except-star")]
            extended::STAR_RAISED => self.star_raised(),
            #[cfg(feature = "except-star")]
            extended::STAR_END => self.star_end(),
            #[cfg(feature = "type-parameters")]
            extended::TYPE_PARAM => self.make_type_object(TypeId::TypeVar),
            #[cfg(feature = "type-parameters")]
            extended::TYPE_ALIAS => self.make_type_object(TypeId::TypeAlias),
            #[cfg(feature = "type-parameters")]
            extended::GENERIC_CLASS => self.make_generic_class(),
            #[cfg(feature = "annotations")]
            extended::ANNOTATE => self.annotate(),
            #[cfg(feature = "annotations")]
            extended::ANNOTATE_FUNCTION => self.annotate_function(),
            _ => self.expect(false),
        }
    }
    /// An operand is what the compiler leaves there; in an `.mpy` file it may be anything.
    pub(super) fn expect(&mut self, right: bool) -> R<()> {
        if right { Ok(()) } else { Err(self.raise(TypeId::RuntimeError, "bad opcode")) }
    }
}

#[cfg(feature = "annotations")]
impl Vm {
    /// Notes an annotation in the module's or class's `__annotations__`, which the first one makes.
    fn annotate(&mut self) -> R<()> {
        use crate::{object::dict, q};
        let (v, name, space) = (self.top(1), self.top(0), self.locals());
        self.expect(self.is_str(name))?;
        let known = dict::get_name(self.heap(), space, q!("__annotations__"));
        let d = match known.filter(|d| self.heap().is(*d, Kind::Dict)) {
            Some(d) => d,
            None => {
                let d = self.with_heap(dict::new)?;
                self.push(d)?;
                self.with_heap(|h| dict::set_name(h, space, q!("__annotations__"), d))?;
                self.drop_n(1);
                d
            }
        };
        self.with_heap(|h| dict::set_name(h, d, name, v))?;
        self.drop_n(2);
        Ok(())
    }
    /// The function is new: a longer one takes its place, which has a word for them.
    fn annotate_function(&mut self) -> R<()> {
        let (f, d) = (self.top(1), self.top(0));
        let is_closure = self.heap().is(f, Kind::Closure);
        let short = if is_closure { self.heap().field(f, 0) } else { f };
        self.expect(self.heap().is(short, Kind::Function))?;
        let long = self.with_heap(|h| {
            let long = h.alloc(Kind::Function, ANNOTATIONS_WORD + 1)?;
            for i in 0..ANNOTATIONS_WORD.min(h.words(short)) {
                let part = h.slot(short, i);
                h.set_slot(long, i, part);
            }
            h.set_field(long, ANNOTATIONS_WORD, d);
            Ok(long)
        })?;
        if is_closure {
            self.heap_mut().set_field(f, 0, long);
        } else {
            self.set_top(1, long);
        }
        self.drop_n(1);
        Ok(())
    }
    /// The `__annotations__` of a function; of one without, a new dict.
    pub(super) fn annotations_of(&mut self, f: Value) -> R {
        use crate::object::dict;
        let heap = self.heap();
        let f = if heap.is(f, Kind::Closure) { heap.field(f, 0) } else { f };
        let kept = if heap.words(f) > ANNOTATIONS_WORD { heap.slot(f, ANNOTATIONS_WORD) } else { None };
        match kept {
            Some(d) => Ok(d),
            None => self.with_heap(dict::new),
        }
    }
}

/// The word of a function that has its annotations, where it has any.
#[cfg(feature = "annotations")]
const ANNOTATIONS_WORD: usize = 3;

#[cfg(feature = "unpacking")]
impl Vm {
    /// Hands every item of the iterable on top of the stack to `take`; the iterable is gone afterwards.
    fn each_item(&mut self, mut take: impl FnMut(&mut Vm, Value) -> R<()>) -> R<()> {
        let it = self.iter(self.top(0))?;
        self.set_top(0, it);
        loop {
            let it = self.top(0);
            let item = self.next(it)?;
            if item == Value::STOP {
                break;
            }
            let at = self.push(item)?;
            take(self, item)?;
            self.drop_to(at);
            self.tick(30)?;
        }
        self.drop_n(1);
        Ok(())
    }
    fn list_extend(&mut self) -> R<()> {
        let l = self.top(1);
        self.each_item(|vm, item| vm.with_heap(|h| list::append(h, l, item)))
    }
    fn set_update(&mut self) -> R<()> {
        let s = self.top(1);
        self.each_item(|vm, item| vm.table_insert(s, item, None))
    }
    fn list_to_tuple(&mut self) -> R<()> {
        // Nobody has seen the list yet.
        let l = self.top(0);
        self.expect(self.heap().is(l, Kind::List))?;
        let t = self.tuple_of_list(l)?;
        self.set_top(0, t);
        Ok(())
    }
    fn dict_update(&mut self) -> R<()> {
        let (d, m) = (self.top(1), self.top(0));
        if let Some(from) = self.native_part(m, TypeId::Dict) {
            let mut cursor = 0;
            while let Some((next, k, v)) = dict::next(self.heap(), from, cursor) {
                cursor = next;
                self.table_insert(d, k, Some(v))?;
                self.tick(20)?;
            }
            self.drop_n(1);
            return Ok(());
        }
        let keys = self.get_attr_or_stop(m, q!("keys"))?;
        if keys == Value::STOP {
            let name = self.type_name(m);
            let parts = [Part::S("'"), Part::V(name), Part::S("' object isn't a mapping")];
            return Err(self.raise_parts(TypeId::TypeError, &parts));
        }
        let keys = self.call(keys, &[])?;
        self.push(keys)?;
        self.each_item(|vm, k| {
            let v = vm.subscr(m, k, Access::Load)?;
            vm.push(v)?;
            vm.table_insert(d, k, Some(v))
        })?;
        self.drop_n(1);
        Ok(())
    }
}
