//! Type parameters, aliases and generic classes as they are made.

use super::api::Vm;
use crate::heap::{Kind, R, TypeId, Value};
use crate::object::dict;
use crate::object::instance::class;
use crate::q;

/// Words of a type parameter (`VALUE`: its number of stars) and of an alias (`VALUE`: a function, then what it gave).
pub mod field {
    pub const NAME: usize = 1;
    pub const VALUE: usize = 2;
    pub const KNOWN: usize = 3;
    pub const COUNT: usize = 4;
}

impl Vm {
    /// Stack: name, then the stars or the function that computes the value.
    pub(super) fn make_type_object(&mut self, id: TypeId) -> R<()> {
        let (name, v) = (self.top(1), self.top(0));
        let o = self.with_heap(|h| {
            let o = h.alloc(Kind::Object, field::COUNT)?;
            h.set_field(o, 0, Value::typ(id));
            h.set_field(o, field::NAME, name);
            h.set_field(o, field::VALUE, v);
            h.set_int(o, field::KNOWN, 0);
            Ok(o)
        })?;
        self.drop_n(1);
        self.set_top(0, o);
        Ok(())
    }
    /// Stack: class, its type parameters. The class may be subscripted from now on: what comes of it is the class.
    pub(super) fn make_generic_class(&mut self) -> R<()> {
        let (c, params) = (self.top(1), self.top(0));
        if self.heap().is(c, Kind::Class) {
            let d = self.heap().field(c, class::MEMBERS);
            self.with_heap3(dict::set_name, d, q!("__type_params__"), params)?;
            self.heap_mut().flush_caches();
        }
        self.drop_n(1);
        Ok(())
    }
}
