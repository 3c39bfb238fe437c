//! Operators, truth, items and containment: built-in slots first, then the special methods of user classes.
//!
//! Invariants
//! - the `…_op` functions work on the stack: operands are replaced by the result, or a frame was entered whose action finishes;
//! - the others are for natives: they keep their arguments reachable and nest a loop where a user class asks for it.

use super::api::Vm;
use super::bulk;
use super::def::{Access, BinaryOp, Slot, UnaryOp};
use super::fiber::action;
use crate::heap::{Kind, R, Raised, TypeId, Value};
use crate::object::exc::Part;
use crate::object::{bytearray, hashtable};
use crate::q;

/// Per binary operator: the method, the reflected one, and for in-place ones the plain operator.
struct Method {
    op: BinaryOp,
    name: Value,
    reflected: Option<Value>,
    plain: Option<BinaryOp>,
}

const fn m(op: BinaryOp, name: Value, reflected: Option<Value>, plain: Option<BinaryOp>) -> Method {
    Method { op, name, reflected, plain }
}

use BinaryOp as B;
static METHODS: [Method; 35] = [
    m(B::Less, q!("__lt__"), Some(q!("__gt__")), None),
    m(B::More, q!("__gt__"), Some(q!("__lt__")), None),
    m(B::Equal, q!("__eq__"), Some(q!("__eq__")), None),
    m(B::LessEqual, q!("__le__"), Some(q!("__ge__")), None),
    m(B::MoreEqual, q!("__ge__"), Some(q!("__le__")), None),
    m(B::NotEqual, q!("__ne__"), Some(q!("__ne__")), None),
    m(B::In, q!("__contains__"), None, None),
    m(B::Is, q!("is"), None, None),
    m(B::ExceptionMatch, q!("except"), None, None),
    m(B::InplaceOr, q!("__ior__"), None, Some(B::Or)),
    m(B::InplaceXor, q!("__ixor__"), None, Some(B::Xor)),
    m(B::InplaceAnd, q!("__iand__"), None, Some(B::And)),
    m(B::InplaceLshift, q!("__ilshift__"), None, Some(B::Lshift)),
    m(B::InplaceRshift, q!("__irshift__"), None, Some(B::Rshift)),
    m(B::InplaceAdd, q!("__iadd__"), None, Some(B::Add)),
    m(B::InplaceSubtract, q!("__isub__"), None, Some(B::Subtract)),
    m(B::InplaceMultiply, q!("__imul__"), None, Some(B::Multiply)),
    m(B::InplaceMatMultiply, q!("__imatmul__"), None, Some(B::MatMultiply)),
    m(B::InplaceFloorDivide, q!("__ifloordiv__"), None, Some(B::FloorDivide)),
    m(B::InplaceTrueDivide, q!("__itruediv__"), None, Some(B::TrueDivide)),
    m(B::InplaceModulo, q!("__imod__"), None, Some(B::Modulo)),
    m(B::InplacePower, q!("__ipow__"), None, Some(B::Power)),
    m(B::Or, q!("__or__"), Some(q!("__ror__")), None),
    m(B::Xor, q!("__xor__"), Some(q!("__rxor__")), None),
    m(B::And, q!("__and__"), Some(q!("__rand__")), None),
    m(B::Lshift, q!("__lshift__"), Some(q!("__rlshift__")), None),
    m(B::Rshift, q!("__rshift__"), Some(q!("__rrshift__")), None),
    m(B::Add, q!("__add__"), Some(q!("__radd__")), None),
    m(B::Subtract, q!("__sub__"), Some(q!("__rsub__")), None),
    m(B::Multiply, q!("__mul__"), Some(q!("__rmul__")), None),
    m(B::MatMultiply, q!("__matmul__"), Some(q!("__rmatmul__")), None),
    m(B::FloorDivide, q!("__floordiv__"), Some(q!("__rfloordiv__")), None),
    m(B::TrueDivide, q!("__truediv__"), Some(q!("__rtruediv__")), None),
    m(B::Modulo, q!("__mod__"), Some(q!("__rmod__")), None),
    m(B::Power, q!("__pow__"), Some(q!("__rpow__")), None),
];

/// Where in the search for an operator's method we are.
mod stage {
    pub const FORWARD: u32 = 0;
    pub const PLAIN: u32 = 1;
    /// `!=` as the opposite of the left operand's `==`, and of the right one's.
    pub const NOT_EQUAL: u32 = 2;
    pub const REFLECTED: u32 = 3;
    pub const REFLECTED_NOT_EQUAL: u32 = 4;
    /// The right operand's class is a subclass of the left one's: its method comes before `FORWARD`.
    pub const SUBCLASS: u32 = 6;
}

static UNARY_METHODS: [Option<Value>; 12] = [
    Some(q!("__pos__")),
    Some(q!("__neg__")),
    Some(q!("__invert__")),
    None,
    Some(q!("__bool__")),
    Some(q!("__len__")),
    Some(q!("__hash__")),
    Some(q!("__abs__")),
    Some(q!("__int__")),
    Some(q!("__float__")),
    Some(q!("__complex__")),
    None,
];

/// The kinds whose objects may be of user classes, a bit each.
const CLASSES: u64 = 1 << Kind::Instance as u32
    | 1 << Kind::BigInstance as u32
    | 1 << Kind::Exception as u32
    | 1 << Kind::Class as u32;

/// The kinds of ints that are not small.
#[cfg(not(feature = "tiny"))]
const LONG_INTS: u64 = 1 << Kind::Int64 as u32 | 1 << Kind::BigInt as u32;

impl Vm {
    // ---- binary ----------------------------------------------------------------------------------------------

    /// Stack: left, right; afterwards the result.
    pub(super) fn binary_op(&mut self, op: BinaryOp) -> R<()> {
        let (a, b) = self.operands();
        let v = match op {
            BinaryOp::In => return self.contains_op(),
            BinaryOp::Is => Value::bool(a == b),
            _ => self.common_binary(op, a, b)?,
        };
        if v == Value::NOT_IMPLEMENTED {
            let at = if self.subclass_first(op, a, b) { stage::SUBCLASS } else { stage::FORWARD };
            return self.binary_from(op as u32, at);
        }
        self.finish(1, v);
        Ok(())
    }

    /// The same, by the operator's number.
    #[inline(never)]
    pub(super) fn numbered_op(&mut self, n: usize) -> R<()> {
        METHODS.get(n).map_or(Ok(()), |m| self.binary_op(m.op))
    }

    /// Operators on values of built-in types, the commonest first; `NOT_IMPLEMENTED` for all else.
    #[inline]
    fn common_binary(&mut self, op: BinaryOp, a: Value, b: Value) -> R {
        if let (Some(x), Some(y)) = (a.as_small(), b.as_small()) {
            let v = self.small_op(op, x, y)?;
            if v != Value::NOT_IMPLEMENTED {
                return Ok(v);
            }
        }
        let (ka, kb) = (self.heap().kind_number(a), self.heap().kind_number(b));
        #[cfg(any(feature = "float-single", feature = "float-double"))]
        if ka == Kind::Float as usize || kb == Kind::Float as usize {
            let v = self.float_op(op, a, b)?;
            if v != Value::NOT_IMPLEMENTED {
                return Ok(v);
            }
        }
        #[cfg(any(feature = "float-single", feature = "float-double"))]
        if ka == Kind::Complex as usize || kb == Kind::Complex as usize {
            let op = METHODS.get(op as usize).and_then(|m| m.plain).unwrap_or(op);
            let v = self.call_binary_slot(TypeId::Complex, op, a, b)?;
            if v != Value::NOT_IMPLEMENTED {
                return Ok(v);
            }
        }
        #[cfg(not(feature = "tiny"))]
        if (LONG_INTS >> ka & 1 != 0 || a.is_small()) && (LONG_INTS >> kb & 1 != 0 || b.is_small()) {
            let op = METHODS.get(op as usize).and_then(|m| m.plain).unwrap_or(op);
            let v = self.call_binary_slot(TypeId::Int, op, a, b)?;
            if v != Value::NOT_IMPLEMENTED {
                return Ok(v);
            }
        }
        if (CLASSES >> ka | CLASSES >> kb) & 1 != 0 {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        self.builtin_binary(op, a, b)
    }

    /// Comparing and adding strings: what programs do most, next to the arithmetic that the loop does itself.
    #[inline]
    fn str_op(&mut self, op: BinaryOp, a: Value, b: Value) -> R {
        match op {
            BinaryOp::Equal => bulk::equal_strs(self, a, b).map(Value::bool),
            BinaryOp::NotEqual => bulk::equal_strs(self, a, b).map(|same| Value::bool(!same)),
            BinaryOp::Add | BinaryOp::InplaceAdd => bulk::add_strs(self, a, b),
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    /// What the loop's own arithmetic of small ints leaves out: results that are not small, shifts, division.
    #[cfg(feature = "tiny")]
    fn small_op(&mut self, op: BinaryOp, x: i32, y: i32) -> R {
        let n = op as u8;
        let inplace = n >= BinaryOp::InplaceOr as u8 && n < BinaryOp::Or as u8;
        let plain = n + if inplace { BinaryOp::Or as u8 - BinaryOp::InplaceOr as u8 } else { 0 };
        match crate::object::int::arithmetic(plain, x as i64, y as i64) {
            Some(n) => self.with_heap1(crate::object::int::from_i64, n),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }
    /// What the loop's own arithmetic of small ints leaves out: results that are not small, shifts, division.
    #[cfg(not(feature = "tiny"))]
    #[inline(never)]
    fn small_op(&mut self, op: BinaryOp, x: i32, y: i32) -> R {
        use BinaryOp as B;
        let n = match op {
            B::Add | B::InplaceAdd => x as i64 + y as i64,
            B::Subtract | B::InplaceSubtract => x as i64 - y as i64,
            B::Multiply | B::InplaceMultiply => x as i64 * y as i64,
            B::Lshift | B::InplaceLshift if (0..32).contains(&y) => (x as i64) << y,
            B::Rshift | B::InplaceRshift if y >= 0 => (x >> y.min(31)) as i64,
            B::FloorDivide | B::InplaceFloorDivide if y != 0 => {
                (x / y) as i64 - (x % y != 0 && (x ^ y) < 0) as i64
            }
            B::Modulo | B::InplaceModulo if y != 0 => {
                let r = x % y;
                (if r != 0 && (r ^ y) < 0 { r + y } else { r }) as i64
            }
            #[cfg(any(feature = "float-single", feature = "float-double"))]
            B::TrueDivide | B::InplaceTrueDivide if y != 0 => {
                use crate::base::float::exactly;
                let (Some(x), Some(y)) = (exactly(x), exactly(y)) else { return Ok(Value::NOT_IMPLEMENTED) };
                let r = x / y;
                return self.with_heap(|h| crate::object::float::new(h, r));
            }
            _ => return Ok(Value::NOT_IMPLEMENTED),
        };
        match Value::try_small(n) {
            Some(v) => Ok(v),
            None => self.with_heap(|h| crate::object::int::from_i64(h, n)),
        }
    }

    /// Arithmetic of floats with floats and small ints, the commonest after the loop's own.
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    #[inline(never)]
    fn float_op(&mut self, op: BinaryOp, a: Value, b: Value) -> R {
        use crate::base::float::exactly;
        use crate::object::float;
        use BinaryOp as B;
        let heap = self.heap();
        let number = |v: Value| match v.as_small() {
            Some(n) => exactly(n),
            None => float::get(heap, v),
        };
        let (Some(x), Some(y)) = (number(a), number(b)) else { return Ok(Value::NOT_IMPLEMENTED) };
        let r = match op {
            B::Add | B::InplaceAdd => x + y,
            B::Subtract | B::InplaceSubtract => x - y,
            B::Multiply | B::InplaceMultiply => x * y,
            B::TrueDivide | B::InplaceTrueDivide if y != 0.0 => x / y,
            B::Less => return Ok(Value::bool(x < y)),
            B::More => return Ok(Value::bool(x > y)),
            B::LessEqual => return Ok(Value::bool(x <= y)),
            B::MoreEqual => return Ok(Value::bool(x >= y)),
            _ => return Ok(Value::NOT_IMPLEMENTED),
        };
        self.with_heap(|h| float::new(h, r))
    }

    fn binary_from(&mut self, op: u32, mut at: u32) -> R<()> {
        let Some(method) = METHODS.get(op as usize) else { return Ok(()) };
        loop {
            let (a, b) = (self.top(1), self.top(0));
            let user_a = self.is_user(a);
            match at {
                stage::FORWARD => {
                    at = stage::PLAIN;
                    if user_a && let Some((f, me)) = self.find_special_method(a, method.name) {
                        return self.call_operator(f, me, b, op, stage::FORWARD);
                    }
                }
                stage::PLAIN => {
                    at = stage::NOT_EQUAL;
                    // A native part stands in for an object whose class does not define the operator.
                    let (na, nb) = (self.native_of(a).unwrap_or(a), self.native_of(b).unwrap_or(b));
                    if !self.is_user(na) {
                        // A right operand's own reflected method comes before what its native part would do.
                        let own = |r| self.find_special_method(b, r).is_some();
                        let v = if self.is_user(nb) || nb != b && method.reflected.is_some_and(own) {
                            self.call_binary_slot(self.type_id(na), method.op, na, nb)?
                        } else {
                            self.builtin_binary(method.op, na, nb)?
                        };
                        if v != Value::NOT_IMPLEMENTED {
                            self.drop_n(1);
                            self.set_top(0, v);
                            return Ok(());
                        }
                        if method.op == BinaryOp::NotEqual && !self.is_user(nb) {
                            let v = self.builtin_binary(BinaryOp::Equal, na, nb)?;
                            if v != Value::NOT_IMPLEMENTED {
                                let differ = !self.truth(v)?;
                                self.drop_n(1);
                                self.set_top(0, Value::bool(differ));
                                return Ok(());
                            }
                        }
                    }
                    if let Some(plain) = method.plain {
                        return self.binary_op(plain);
                    }
                }
                stage::SUBCLASS | stage::REFLECTED => {
                    let first = at == stage::SUBCLASS;
                    if (first || !self.subclass_first(method.op, a, b))
                        && let Some((f, me)) = method.reflected.and_then(|r| self.find_special_method(b, r))
                    {
                        return self.call_operator(f, me, a, op, at);
                    }
                    at = if first { stage::FORWARD } else { stage::REFLECTED_NOT_EQUAL };
                }
                stage::NOT_EQUAL | stage::REFLECTED_NOT_EQUAL => {
                    let (own, other) = if at == stage::NOT_EQUAL { (a, b) } else { (b, a) };
                    if method.op == BinaryOp::NotEqual
                        && self.is_user(own)
                        && let Some((f, me)) = self.find_special_method(own, q!("__eq__"))
                    {
                        return self.call_operator(f, me, other, op, at);
                    }
                    at += 1;
                }
                _ => {
                    let same = a == b;
                    let v = match method.op {
                        BinaryOp::Equal => Value::bool(same),
                        BinaryOp::NotEqual => Value::bool(!same),
                        _ => return Err(self.unsupported(method.name, a, b)),
                    };
                    self.drop_n(1);
                    self.set_top(0, v);
                    return Ok(());
                }
            }
        }
    }

    /// Whether the right operand is asked first: its class is a subclass of the left one's and has a reflected method,
    /// for arithmetic other than the left one's.
    fn subclass_first(&self, op: BinaryOp, a: Value, b: Value) -> bool {
        if !cfg!(feature = "basic") || !self.is_user(b) {
            return false;
        }
        let (ta, tb) = (self.type_of(a), self.type_of(b));
        let Some(name) = METHODS.get(op as usize).and_then(|m| m.reflected).filter(|_| ta != tb) else {
            return false;
        };
        let own = |v| self.find_special_method(v, name).map(|(f, _)| f);
        let compares = op as usize <= BinaryOp::NotEqual as usize;
        own(b).is_some_and(|f| compares || own(a) != Some(f)) && self.is_subclass(tb, ta)
    }

    fn call_operator(&mut self, f: Value, me: Value, other: Value, op: u32, at: u32) -> R<()> {
        self.push(f)?;
        self.push(me)?;
        self.push(other)?;
        self.call_on_stack(2, 0, action::with(action::BINARY, op | at << 8))
    }

    /// An operator's method returned `v`. Stack: left, right, callee's slot.
    pub(super) fn after_operator(&mut self, data: u32, v: Value) -> R<()> {
        let (op, at) = (data & 0xff, data >> 8);
        self.drop_n(1);
        if v == Value::NOT_IMPLEMENTED {
            return self.binary_from(op, if at == stage::SUBCLASS { stage::FORWARD } else { at + 1 });
        }
        let v = if matches!(at, stage::NOT_EQUAL | stage::REFLECTED_NOT_EQUAL) {
            Value::bool(!self.truth(v)?)
        } else {
            v
        };
        self.drop_n(1);
        self.set_top(0, v);
        Ok(())
    }

    /// Whether operators of `v` are looked up in a user class.
    #[inline]
    fn is_user(&self, v: Value) -> bool {
        CLASSES >> self.heap().kind_number(v) & 1 != 0 && self.is_user_object(v)
    }
    #[inline(never)]
    fn is_user_object(&self, v: Value) -> bool {
        match self.heap().kind(v) {
            Kind::Exception => self.type_of(v).as_type_id().is_none(),
            Kind::Class => self.metaclass(v).is_some(),
            _ => true,
        }
    }

    #[cold]
    fn unsupported(&mut self, name: Value, a: Value, b: Value) -> Raised {
        let (ta, tb) = (self.type_name(a), self.type_name(b));
        let parts = [
            Part::S("unsupported types for "),
            Part::V(name),
            Part::S(": '"),
            Part::V(ta),
            Part::S("', '"),
            Part::V(tb),
            Part::S("'"),
        ];
        self.raise_parts(TypeId::TypeError, &parts)
    }

    /// The built-in types' slots: left operand's, then right operand's, in place and then plain.
    fn builtin_binary(&mut self, mut op: BinaryOp, a: Value, b: Value) -> R {
        let (ta, tb) = (self.type_id(a), self.type_id(b));
        if ta == TypeId::Str && tb == TypeId::Str {
            let v = self.str_op(op, a, b)?;
            if v != Value::NOT_IMPLEMENTED {
                return Ok(v);
            }
        }
        let plain = |op| METHODS.get(op as usize).and_then(|m| m.plain);
        if matches!(ta, TypeId::Int | TypeId::Float | TypeId::Complex | TypeId::Str | TypeId::Tuple)
            && let Some(p) = plain(op)
        {
            // What cannot change has no operators in place.
            op = p;
        }
        loop {
            let v = self.call_binary_slot(ta, op, a, b)?;
            if v != Value::NOT_IMPLEMENTED {
                return Ok(v);
            }
            if ta != tb {
                let v = self.call_binary_slot(tb, op, a, b)?;
                if v != Value::NOT_IMPLEMENTED {
                    return Ok(v);
                }
            }
            match plain(op) {
                Some(plain) => op = plain,
                None => return Ok(Value::NOT_IMPLEMENTED),
            }
        }
    }
    #[inline]
    fn call_binary_slot(&mut self, t: TypeId, op: BinaryOp, a: Value, b: Value) -> R {
        match self.def_of(t).binary {
            Slot::None => Ok(Value::NOT_IMPLEMENTED),
            Slot::Heap(f) => self.with_heap_anew3(f, op, a, b),
            Slot::Vm(f) => f(self, op, a, b),
        }
    }

    pub fn binary(&mut self, op: BinaryOp, a: Value, b: Value) -> R {
        if !self.is_user(a) && !self.is_user(b) && op != BinaryOp::In {
            let at = self.push(a)?;
            self.push(b)?;
            let r = self.builtin_binary(op, a, b);
            self.drop_to(at);
            match r? {
                Value::NOT_IMPLEMENTED => {}
                v => return Ok(v),
            }
        }
        self.nested(|vm| {
            vm.push(a)?;
            vm.push(b)?;
            vm.binary_op(op)
        })
    }
    pub fn equal(&mut self, a: Value, b: Value) -> R<bool> {
        if a == b && !self.heap().is(a, Kind::Float) {
            return Ok(true);
        }
        if let Some(r) = crate::object::hashtable::equal(self.heap(), a, b) {
            return Ok(r);
        }
        let v = self.binary(BinaryOp::Equal, a, b)?;
        self.truth(v)
    }
    pub fn less(&mut self, a: Value, b: Value) -> R<bool> {
        if let (Some(x), Some(y)) = (a.as_small(), b.as_small()) {
            return Ok(x < y);
        }
        let v = self.binary(BinaryOp::Less, a, b)?;
        self.truth(v)
    }

    // ---- unary -----------------------------------------------------------------------------------------------

    pub(super) fn unary_op(&mut self, op: UnaryOp) -> R<()> {
        let v = self.top(0);
        if self.is_user(v)
            && let Some((f, me)) =
                UNARY_METHODS.get(op as usize).copied().flatten().and_then(|n| self.find_special_method(v, n))
        {
            self.set_top(0, f);
            self.push(me)?;
            return self.call_on_stack(1, 0, action::PUSH);
        }
        let r = self.builtin_unary(op, v)?;
        if r == Value::NOT_IMPLEMENTED {
            return Err(self.unsupported_unary(op, v));
        }
        self.set_top(0, r);
        Ok(())
    }
    #[cold]
    #[inline(never)]
    pub(super) fn unsupported_unary(&mut self, op: UnaryOp, v: Value) -> Raised {
        let t = self.type_name(v);
        let name = UNARY_METHODS.get(op as usize).copied().flatten().unwrap_or(q!("?"));
        let parts: &[Part] = match op {
            UnaryOp::Len => &[Part::S("object of type '"), Part::V(t), Part::S("' has no len()")],
            UnaryOp::Int | UnaryOp::Float | UnaryOp::Complex => &[
                Part::S("can't convert "),
                Part::V(t),
                Part::S(" to "),
                Part::S(match op {
                    UnaryOp::Int => "int",
                    UnaryOp::Float => "float",
                    _ => "complex",
                }),
            ],
            UnaryOp::Hash => &[Part::S("unsupported type for __hash__: '"), Part::V(t), Part::S("'")],
            _ => &[Part::S("unsupported type for "), Part::V(name), Part::S(": '"), Part::V(t), Part::S("'")],
        };
        self.raise_parts(TypeId::TypeError, parts)
    }
    fn builtin_unary(&mut self, op: UnaryOp, v: Value) -> R {
        let (mut t, mut v) = (self.type_id(v), v);
        if t == TypeId::Object
            && let Some(native) = self.native_of(v)
        {
            (t, v) = (self.type_id(native), native);
        }
        match self.def_of(t).unary {
            Slot::None => Ok(Value::NOT_IMPLEMENTED),
            Slot::Heap(f) => self.with_heap2(f, op, v),
            Slot::Vm(f) => f(self, op, v),
        }
    }
    /// The result of a unary operator; `TypeError` where it is not supported.
    pub fn unary(&mut self, op: UnaryOp, v: Value) -> R {
        match self.unary_or_declined(op, v)? {
            Value::NOT_IMPLEMENTED => Err(self.unsupported_unary(op, v)),
            r => Ok(r),
        }
    }
    /// As `unary`, `Value::NOT_IMPLEMENTED` where it is not supported.
    pub fn unary_or_declined(&mut self, op: UnaryOp, v: Value) -> R {
        if self.is_user(v)
            && let Some((f, me)) =
                UNARY_METHODS.get(op as usize).copied().flatten().and_then(|n| self.find_special_method(v, n))
        {
            return self.call(f, &[me]);
        }
        self.builtin_unary(op, v)
    }
    pub fn len(&mut self, v: Value) -> R<usize> {
        let n = self.unary(UnaryOp::Len, v)?;
        match crate::object::int::to_i64(self.heap(), n) {
            Some(n) if n >= 0 => Ok(n as usize),
            Some(_) => Err(self.raise(TypeId::ValueError, "__len__() should return >= 0")),
            None => Err(self.raise(TypeId::TypeError, "object can't be interpreted as an integer")),
        }
    }
    pub fn hash(&mut self, v: Value) -> R<u32> {
        if let Some(h) = crate::object::hashtable::hash(self.heap(), v) {
            return Ok(h);
        }
        if self.is_user(v) && self.native_of(v).is_none() {
            let own_hash = self.find_special_method(v, q!("__hash__"));
            match own_hash {
                None if self.find_special_method(v, q!("__eq__")).is_some() => {
                    return Err(self.unsupported_unary(UnaryOp::Hash, v));
                }
                None => return Ok(v.bits() >> 3),
                Some((f, _)) if f.is_none() => return Err(self.unsupported_unary(UnaryOp::Hash, v)),
                Some(_) => {}
            }
        }
        match self.unary_or_declined(UnaryOp::Hash, v)? {
            Value::NOT_IMPLEMENTED => match self.heap().kind(self.native_of(v).unwrap_or(v)) {
                Kind::List
                | Kind::Dict
                | Kind::OrderedDict
                | Kind::FixedDict
                | Kind::Set
                | Kind::ByteArray
                | Kind::TypedArray
                | Kind::Slice => Err(self.unsupported_unary(UnaryOp::Hash, v)),
                _ => Ok(v.bits() >> 2),
            },
            h => match crate::object::int::to_i64(self.heap(), h) {
                Some(_) => Ok(crate::object::number::hash(self.heap(), h)),
                None if self.heap().is(h, Kind::BigInt) => Ok(crate::object::number::hash(self.heap(), h)),
                None => Err(self.raise(TypeId::TypeError, "__hash__ method should return an integer")),
            },
        }
    }

    // ---- truth -----------------------------------------------------------------------------------------------

    /// The truth of the operand on top, or `None`: a call was started, whose result will take the operand's place before
    /// the instruction runs again.
    pub(super) fn truth_or_call(&mut self, v: Value) -> R<Option<bool>> {
        if self.is_user(v) {
            let found = match self.find_special_method(v, q!("__bool__")) {
                Some(f) => Some(f),
                None => self.find_special_method(v, q!("__len__")),
            };
            return match found {
                Some((f, me)) => {
                    self.push(f)?;
                    self.push(me)?;
                    self.call_on_stack(1, 0, action::TRUTH)?;
                    Ok(None)
                }
                None => self.truth_builtin(v).map(Some),
            };
        }
        self.truth_builtin(v).map(Some)
    }
    fn truth_builtin(&mut self, v: Value) -> R<bool> {
        if v.is_small() {
            return Ok(v != Value::small(0));
        }
        if v == Value::NONE || v == Value::FALSE || v == Value::EMPTY_TUPLE {
            return Ok(false);
        }
        match self.builtin_unary(UnaryOp::Bool, v)? {
            Value::NOT_IMPLEMENTED => match self.builtin_unary(UnaryOp::Len, v)? {
                Value::NOT_IMPLEMENTED => Ok(true),
                n => Ok(n != Value::small(0)),
            },
            b => Ok(b != Value::FALSE && b != Value::small(0)),
        }
    }
    pub fn truth(&mut self, v: Value) -> R<bool> {
        if v == Value::TRUE {
            return Ok(true);
        }
        if !self.is_user(v) {
            return self.truth_builtin(v);
        }
        let found = match self.find_special_method(v, q!("__bool__")) {
            Some(f) => Some(f),
            None => self.find_special_method(v, q!("__len__")),
        };
        match found {
            Some((f, me)) => {
                let r = self.call(f, &[me])?;
                self.truth_of_result(r)
            }
            None => self.truth_builtin(v),
        }
    }
    /// What `__bool__` or `__len__` returned, as a truth value.
    pub(super) fn truth_of_result(&mut self, v: Value) -> R<bool> {
        if self.is_user(v) {
            return Err(self.raise(TypeId::TypeError, "__bool__ should return bool"));
        }
        self.truth_builtin(v)
    }

    // ---- items -----------------------------------------------------------------------------------------------

    /// Stack: object, key; afterwards the item.
    pub(super) fn load_subscr(&mut self) -> R<()> {
        let (obj, key) = self.operands();
        if self.heap().is(obj, Kind::Dict)
            && let hashtable::Find::Found(e) = hashtable::find(self.heap(), obj, key)
            && let Some(v) = hashtable::value(self.heap(), obj, e)
        {
            self.finish(1, v);
            return Ok(());
        }
        if self.is_user(obj)
            && let Some((f, me)) = self.find_special_method(obj, q!("__getitem__"))
        {
            self.set_top(1, f);
            self.set_top(0, me);
            self.push(key)?;
            return self.call_on_stack(2, 0, action::PUSH);
        }
        if let Some(b) = self.byte_item(obj, key) {
            self.finish(1, Value::small(b as i32));
            return Ok(());
        }
        let v = self.builtin_subscr(obj, key, Access::Load)?;
        self.finish(1, v);
        Ok(())
    }
    /// A byte of a bytes object or byte array, counted from the start.
    #[inline]
    fn byte_item(&self, obj: Value, key: Value) -> Option<u8> {
        let i = usize::try_from(key.as_small()?).ok()?;
        let heap = self.heap();
        match heap.kind(obj) {
            Kind::ByteArray => bytearray::get(heap, obj, i),
            Kind::Bytes => heap.str_bytes(obj).get(i).copied(),
            _ => None,
        }
    }
    /// Stack: value (empty: delete), object, key.
    pub(super) fn store_subscr(&mut self) -> R<()> {
        let (obj, key) = self.operands();
        let v = Value::from_bits(self.top_word(2));
        if let Some(v) = v.filter(|_| self.heap().is(obj, Kind::Dict)) {
            self.table_insert(obj, key, Some(v))?;
            self.drop_n(3);
            return Ok(());
        }
        if self.heap().is(obj, Kind::ByteArray)
            && let Some(i) = key.as_small()
            && let Some(b) = v.and_then(Value::as_small)
            && let (Ok(i), Ok(b)) = (usize::try_from(i), u8::try_from(b))
            && bytearray::set(self.heap_mut(), obj, i, b)
        {
            self.drop_n(3);
            return Ok(());
        }
        if self.is_user(obj) {
            let name = if v.is_some() { q!("__setitem__") } else { q!("__delitem__") };
            if let Some((f, me)) = self.find_special_method(obj, name) {
                self.set_top(2, f);
                self.set_top(1, me);
                self.set_top(0, key);
                if let Some(v) = v {
                    self.push(v)?;
                }
                return self.call_on_stack(2 + v.is_some() as u32, 0, action::DISCARD);
            }
        }
        self.builtin_subscr(obj, key, v.map_or(Access::Delete, Access::Store))?;
        self.drop_n(3);
        Ok(())
    }
    fn builtin_subscr(&mut self, obj: Value, key: Value, access: Access) -> R {
        let mut t = self.type_id(obj);
        let mut obj = obj;
        if t == TypeId::Object
            && let Some(native) = self.native_of(obj)
        {
            obj = native;
            t = self.type_id(obj);
        }
        let v = match self.def_of(t).subscr {
            Slot::None => Value::NOT_IMPLEMENTED,
            Slot::Heap(f) => self.with_heap_anew3(f, obj, key, access)?,
            Slot::Vm(f) => f(self, obj, key, access)?,
        };
        if v == Value::NOT_IMPLEMENTED {
            return Err(self.not_subscriptable(obj, access));
        }
        Ok(v)
    }
    #[cold]
    #[inline(never)]
    fn not_subscriptable(&mut self, obj: Value, access: Access) -> Raised {
        let t = self.type_name(obj);
        let what = match access {
            Access::Load => "' object isn't subscriptable",
            Access::Store(_) => "' object doesn't support item assignment",
            Access::Delete => "' object doesn't support item deletion",
        };
        self.raise_parts(TypeId::TypeError, &[Part::S("'"), Part::V(t), Part::S(what)])
    }
    pub fn subscr(&mut self, obj: Value, key: Value, access: Access) -> R {
        let at = self.push(obj)?;
        self.push(key)?;
        if let Access::Store(v) = access {
            self.push(v)?;
        }
        let name = match access {
            Access::Load => q!("__getitem__"),
            Access::Store(_) => q!("__setitem__"),
            Access::Delete => q!("__delitem__"),
        };
        let r = match self.find_special_method(obj, name) {
            Some((f, me)) if self.is_user(obj) => match access {
                Access::Store(v) => self.call(f, &[me, key, v]),
                _ => self.call(f, &[me, key]),
            },
            _ => self.builtin_subscr(obj, key, access),
        };
        self.drop_to(at);
        r
    }

    // ---- containment -----------------------------------------------------------------------------------------

    /// Stack: item, container; afterwards a bool.
    fn contains_op(&mut self) -> R<()> {
        let (item, container) = self.operands();
        if self.is_user(container)
            && let Some((f, me)) = self.find_special_method(container, q!("__contains__"))
        {
            self.set_top(1, f);
            self.set_top(0, me);
            self.push(item)?;
            return self.call_on_stack(2, 0, action::TO_BOOL);
        }
        // Both lie on the stack.
        let base = self.depth();
        let r = self.contains_rooted(container, item)?;
        self.set_depth(base);
        self.finish(1, Value::bool(r));
        Ok(())
    }
    pub fn contains(&mut self, container: Value, item: Value) -> R<bool> {
        let at = self.push(container)?;
        self.push(item)?;
        let r = self.contains_rooted(container, item);
        self.drop_to(at);
        r
    }
    fn contains_rooted(&mut self, container: Value, item: Value) -> R<bool> {
        if self.is_user(container)
            && let Some((f, me)) = self.find_special_method(container, q!("__contains__"))
        {
            let v = self.call(f, &[me, item])?;
            return self.truth(v);
        }
        let (mut t, mut native) = (self.type_id(container), container);
        if t == TypeId::Object
            && let Some(part) = self.native_of(container)
        {
            (t, native) = (self.type_id(part), part);
        }
        if let Some(f) = self.def_of(t).contains {
            return f(self, native, item);
        }
        let it = self.iter(container)?;
        let slot = self.push(it)?;
        loop {
            let it = self.get(slot);
            let v = self.next(it)?;
            if v == Value::STOP {
                return Ok(false);
            }
            if self.equal(v, item)? {
                return Ok(true);
            }
            self.turn(200)?;
        }
    }
}
