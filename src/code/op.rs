//! The operations of `.mpy` 6.3 as data: number, name, operand and what each does to the value stack.
//!
//! Invariants
//! - numbers and operand formats are the published format's; the high four bits of an operation give the shape of its
//!   operand, so free numbers too can be skipped by length;
//! - an operation that this table calls `Free` never occurs in verified code.

use crate::heap::Value;
use crate::q;

/// What follows the operation byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Format {
    /// Not an operation of the format.
    Free,
    /// Nothing.
    None,
    /// Index in the unit's names.
    Name,
    /// A count or a packed number.
    Uint,
    /// A signed number.
    Int,
    /// Number of a local variable.
    Local,
    /// Number of a local variable that is a cell.
    Cell,
    /// Index in the unit's constants.
    Const,
    /// Index in the code's children.
    Child,
    /// As `Child`, then a byte: how many cells the closure takes.
    ChildCells,
    /// Unsigned distance from the end of the instruction.
    Forward,
    /// Signed distance from the end of the instruction.
    Jump,
    /// As `Jump`, then a byte: exception blocks to leave, and bit 7 where a for-loop's iterator goes too.
    /// The distance counts from that byte.
    Unwind,
}

/// What an operation does to the value stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Takes so many values, then gives so many.
    Values(u8, u8),
    /// Depends on the operand, moves things that are not values, or leaves: the verifier has a rule for each.
    Special,
}

/// One line of the table.
#[derive(Clone, Copy)]
pub struct Info {
    pub format: Format,
    pub effect: Effect,
}

const FREE: Info = Info { format: Format::Free, effect: Effect::Special };

/// First number of the operations that carry their operand in their number.
pub const MULTI: u8 = 0x70;

macro_rules! ops {
    ($($name:ident = $code:literal $format:ident $(($pop:literal, $push:literal))?;)*) => {
        $(pub const $name: u8 = $code;)*
        static TABLE: [Info; MULTI as usize] = {
            let mut t = [FREE; MULTI as usize];
            $( t[$code] = Info { format: Format::$format, effect: ops!(@effect $($pop, $push)?) }; )*
            t
        };
        /// Names, for listings.
        static NAMES: [&str; MULTI as usize] = {
            let mut t = [""; MULTI as usize];
            $( t[$code] = stringify!($name); )*
            t
        };
    };
    (@effect) => { Effect::Special };
    (@effect $pop:literal, $push:literal) => { Effect::Values($pop, $push) };
}

// Numbers not listed are free for later syntax and for in-place rewriting: 0x00-0x0f (0x00 and 0x01 with a byte),
// 0x1d-0x1f (name), 0x38-0x3e (number), 0x41 (jump and byte), 0x4c-0x4f (jump), 0x60-0x61 (byte), 0x6a-0x6f,
// 0xd4-0xd6 and 0xfa-0xff (bare).
ops! {
    LOAD_CONST_STRING = 0x10 Name (0, 1);
    LOAD_NAME = 0x11 Name (0, 1);
    LOAD_GLOBAL = 0x12 Name (0, 1);
    LOAD_ATTR = 0x13 Name (1, 1);
    LOAD_METHOD = 0x14 Name;
    LOAD_SUPER_METHOD = 0x15 Name;
    STORE_NAME = 0x16 Name (1, 0);
    STORE_GLOBAL = 0x17 Name (1, 0);
    STORE_ATTR = 0x18 Name;
    DELETE_NAME = 0x19 Name (0, 0);
    DELETE_GLOBAL = 0x1a Name (0, 0);
    IMPORT_NAME = 0x1b Name (2, 1);
    IMPORT_FROM = 0x1c Name;

    MAKE_CLOSURE = 0x20 ChildCells;
    MAKE_CLOSURE_DEFARGS = 0x21 ChildCells;
    LOAD_CONST_SMALL_INT = 0x22 Int (0, 1);
    LOAD_CONST_OBJ = 0x23 Const (0, 1);
    LOAD_FAST_N = 0x24 Local;
    LOAD_DEREF = 0x25 Cell (0, 1);
    STORE_FAST_N = 0x26 Local;
    STORE_DEREF = 0x27 Cell (1, 0);
    DELETE_FAST = 0x28 Local;
    DELETE_DEREF = 0x29 Cell (0, 0);
    BUILD_TUPLE = 0x2a Uint;
    BUILD_LIST = 0x2b Uint;
    BUILD_MAP = 0x2c Uint (0, 1);
    BUILD_SET = 0x2d Uint;
    BUILD_SLICE = 0x2e Uint;
    STORE_COMP = 0x2f Uint;

    UNPACK_SEQUENCE = 0x30 Uint;
    UNPACK_EX = 0x31 Uint;
    MAKE_FUNCTION = 0x32 Child;
    MAKE_FUNCTION_DEFARGS = 0x33 Child;
    CALL_FUNCTION = 0x34 Uint;
    CALL_FUNCTION_VAR_KW = 0x35 Uint;
    CALL_METHOD = 0x36 Uint;
    CALL_METHOD_VAR_KW = 0x37 Uint;
    EXTENDED = 0x3f Uint;

    UNWIND_JUMP = 0x40 Unwind;
    JUMP = 0x42 Jump;
    POP_JUMP_IF_TRUE = 0x43 Jump;
    POP_JUMP_IF_FALSE = 0x44 Jump;
    JUMP_IF_TRUE_OR_POP = 0x45 Forward;
    JUMP_IF_FALSE_OR_POP = 0x46 Forward;
    SETUP_WITH = 0x47 Forward;
    SETUP_EXCEPT = 0x48 Forward;
    SETUP_FINALLY = 0x49 Forward;
    POP_EXCEPT_JUMP = 0x4a Forward;
    FOR_ITER = 0x4b Forward;

    LOAD_CONST_FALSE = 0x50 None (0, 1);
    LOAD_CONST_NONE = 0x51 None (0, 1);
    LOAD_CONST_TRUE = 0x52 None (0, 1);
    LOAD_NULL = 0x53 None;
    LOAD_BUILD_CLASS = 0x54 None (0, 1);
    LOAD_SUBSCR = 0x55 None (2, 1);
    STORE_SUBSCR = 0x56 None;
    DUP_TOP = 0x57 None;
    DUP_TOP_TWO = 0x58 None;
    POP_TOP = 0x59 None;
    ROT_TWO = 0x5a None;
    ROT_THREE = 0x5b None;
    WITH_CLEANUP = 0x5c None;
    END_FINALLY = 0x5d None;
    GET_ITER = 0x5e None (1, 1);
    GET_ITER_STACK = 0x5f None;

    STORE_MAP = 0x62 None;
    RETURN_VALUE = 0x63 None;
    RAISE_LAST = 0x64 None;
    RAISE_OBJ = 0x65 None;
    RAISE_FROM = 0x66 None;
    YIELD_VALUE = 0x67 None (1, 1);
    YIELD_FROM = 0x68 None (2, 1);
    IMPORT_STAR = 0x69 None (1, 0);
}

/// `LOAD_CONST_SMALL_INT` of `op - SMALL_INT_MULTI - SMALL_INT_EXCESS`.
pub const SMALL_INT_MULTI: u8 = 0x70;
pub const SMALL_INT_EXCESS: u8 = 16;
/// `LOAD_FAST` of local `op - LOAD_FAST_MULTI`.
pub const LOAD_FAST_MULTI: u8 = 0xb0;
pub const STORE_FAST_MULTI: u8 = 0xc0;
/// `vm::def::UnaryOp` number `op - UNARY_OP_MULTI`.
pub const UNARY_OP_MULTI: u8 = 0xd0;
pub const UNARY_OPS: u8 = 4;
/// `vm::def::BinaryOp` number `op - BINARY_OP_MULTI`.
pub const BINARY_OP_MULTI: u8 = 0xd7;
pub const BINARY_OPS: u8 = 35;

/// What `EXTENDED` does, by its operand: Python's newer syntax, each as far as its feature is built in. The published format
/// does not have it.
pub mod extended {
    use super::super::verify::kind;

    macro_rules! extended {
        ($($(#[$doc:meta])* $name:ident = $code:literal $feature:literal $pop:literal, $push:literal $(on $kind:ident)?;)*) => {
            $($(#[$doc])* pub const $name: u32 = $code;)*
            static TABLE: &[Info] = &[
                $(Info {
                    code: $code,
                    name: stringify!($name),
                    built: cfg!(feature = $feature),
                    pop: $pop,
                    push: $push,
                    on: extended!(@on $($kind)?),
                },)*
            ];
        };
        (@on) => { kind::NULL };
        (@on $kind:ident) => { kind::$kind };
    }

    /// One line of the table.
    #[derive(Clone, Copy)]
    pub struct Info {
        code: u32,
        pub name: &'static str,
        pub built: bool,
        /// Values that it takes, then values that it gives.
        pub pop: u8,
        pub push: u8,
        /// The kind of what must lie under the values that it takes, and stays there; `NULL` for anything.
        pub on: u32,
    }

    extended! {
        /// Stack: list, iterable.
        LIST_EXTEND = 0 "unpacking" 1, 0 on LIST;
        /// Stack: set, iterable.
        SET_UPDATE = 1 "unpacking" 1, 0 on SET;
        /// Stack: dict, mapping.
        DICT_UPDATE = 2 "unpacking" 1, 0 on DICT;
        /// Stack: an iterable, which becomes a tuple.
        TO_TUPLE = 3 "unpacking" 1, 1;
        /// Stack: subject, `length << 1 | is the least`; afterwards whether it is such a sequence.
        MATCH_SEQUENCE = 4 "match" 2, 1;
        /// Stack: subject, tuple of keys, whether the rest is wanted; afterwards the values as a tuple (or None), and whether
        /// the subject is a mapping with these keys.
        MATCH_MAPPING = 5 "match" 3, 2;
        /// Stack: subject, class, tuple of attribute names, number of positional patterns; afterwards the attributes as a
        /// tuple (or None), and whether the subject is such an object.
        MATCH_CLASS = 6 "match" 4, 2;
        /// Stack: the exception that `except*` clauses share out; above it their state.
        STAR_BEGIN = 7 "except-star" 0, 1;
        /// Stack: state, type; the part of the group that the clause takes (or None) takes the type's place.
        STAR_MATCH = 8 "except-star" 1, 1;
        /// Stack: state, the exception that the clause ended with.
        STAR_RAISED = 9 "except-star" 1, 0;
        /// Stack: the state, which goes. What is left of the exceptions is raised.
        STAR_END = 10 "except-star" 1, 0;
        /// Stack: name, number of stars; afterwards the type parameter.
        TYPE_PARAM = 11 "type-parameters" 2, 1;
        /// Stack: name, the function that computes the value; afterwards the alias.
        TYPE_ALIAS = 12 "type-parameters" 2, 1;
        /// Stack: class, tuple of its type parameters; the class stays.
        GENERIC_CLASS = 13 "type-parameters" 2, 1;
        /// Stack: annotation, name.
        ANNOTATE = 14 "annotations" 2, 0;
        /// Stack: function, dict of its annotations; afterwards the function that has them.
        ANNOTATE_FUNCTION = 15 "annotations" 2, 1;
    }

    /// The table's line for operand `n`, where it is built in.
    pub fn info(n: u32) -> Option<Info> {
        TABLE.get(n as usize).copied().filter(|i| i.built && i.code == n)
    }
}

/// Slots that a for-loop owns on the value stack.
pub const ITER_SLOTS: usize = 4;

/// Bits of `scope_flags`.
pub mod scope {
    pub const GENERATOR: u8 = 1;
    pub const VARKEYWORDS: u8 = 2;
    pub const VARARGS: u8 = 4;
    /// Keyword-only arguments have defaults.
    pub const DEFKWARGS: u8 = 8;
}

/// The table's line for operation `op`.
pub fn info(op: u8) -> Info {
    match TABLE.get(op as usize) {
        Some(info) => *info,
        // Most instructions.
        None if op < UNARY_OP_MULTI => match op < LOAD_FAST_MULTI {
            true => Info { format: Format::None, effect: Effect::Values(0, 1) },
            false => Info { format: Format::None, effect: Effect::Special },
        },
        None => match multi(op) {
            Multi::SmallInt(_) => Info { format: Format::None, effect: Effect::Values(0, 1) },
            Multi::LoadFast(_) | Multi::StoreFast(_) => {
                Info { format: Format::None, effect: Effect::Special }
            }
            Multi::Unary(_) => Info { format: Format::None, effect: Effect::Values(1, 1) },
            Multi::Binary(_) => Info { format: Format::None, effect: Effect::Values(2, 1) },
            Multi::Free => FREE,
        },
    }
}

/// The name of an operation below `MULTI`; empty for a free one.
pub fn name(op: u8) -> &'static str {
    NAMES.get(op as usize).copied().unwrap_or("")
}

/// An operation from `MULTI` on, and the operand in its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Multi {
    SmallInt(i8),
    LoadFast(u8),
    StoreFast(u8),
    Unary(u8),
    Binary(u8),
    Free,
}

/// Takes an operation from `MULTI` on apart; `Free` for those below it.
#[cfg_attr(not(feature = "tiny"), inline)]
pub fn multi(op: u8) -> Multi {
    match op {
        SMALL_INT_MULTI..LOAD_FAST_MULTI => {
            Multi::SmallInt((op - SMALL_INT_MULTI) as i8 - SMALL_INT_EXCESS as i8)
        }
        LOAD_FAST_MULTI..STORE_FAST_MULTI => Multi::LoadFast(op - LOAD_FAST_MULTI),
        STORE_FAST_MULTI..UNARY_OP_MULTI => Multi::StoreFast(op - STORE_FAST_MULTI),
        UNARY_OP_MULTI..BINARY_OP_MULTI if op - UNARY_OP_MULTI < UNARY_OPS => {
            Multi::Unary(op - UNARY_OP_MULTI)
        }
        BINARY_OP_MULTI.. if op - BINARY_OP_MULTI < BINARY_OPS => Multi::Binary(op - BINARY_OP_MULTI),
        _ => Multi::Free,
    }
}

/// Operations that the VM puts in the place of others in code that lies in RAM: `(there, in the file)`. Only first bytes are
/// replaced, and only by free numbers with an operand of the same shape.
pub static REWRITTEN: &[(u8, u8)] = &[(RANGE_STEP, 0x81)];
/// The end of a loop over a range; see `code::fuse`.
pub const RANGE_STEP: u8 = 0xd4;

/// What stands in the file where `op` stands in memory.
pub fn original(op: u8) -> u8 {
    REWRITTEN.iter().find(|(there, _)| *there == op).map_or(op, |(_, file)| *file)
}

/// Undoes in-place rewriting in a copy of a code's opcodes, from a place on in so many instructions; where to go on.
pub fn restore(code: &mut [u8], mut at: usize, most: usize) -> Option<usize> {
    for _ in 0..most {
        let op = code.get_mut(at)?;
        *op = original(*op);
        at = super::operand::decode(code, at)?.next;
    }
    Some(at)
}

/// The special methods behind the unary operators, in their order.
pub static UNARY_METHODS: [Value; UNARY_OPS as usize] =
    [q!("__pos__"), q!("__neg__"), q!("__invert__"), q!("")];

/// The special methods behind the binary operators, in their order; the empty name where there is none.
pub static BINARY_METHODS: [Value; BINARY_OPS as usize] = [
    q!("__lt__"),
    q!("__gt__"),
    q!("__eq__"),
    q!("__le__"),
    q!("__ge__"),
    q!("__ne__"),
    q!(""),
    q!(""),
    q!(""),
    q!("__ior__"),
    q!("__ixor__"),
    q!("__iand__"),
    q!("__ilshift__"),
    q!("__irshift__"),
    q!("__iadd__"),
    q!("__isub__"),
    q!("__imul__"),
    q!("__imatmul__"),
    q!("__ifloordiv__"),
    q!("__itruediv__"),
    q!("__imod__"),
    q!("__ipow__"),
    q!("__or__"),
    q!("__xor__"),
    q!("__and__"),
    q!("__lshift__"),
    q!("__rshift__"),
    q!("__add__"),
    q!("__sub__"),
    q!("__mul__"),
    q!("__matmul__"),
    q!("__floordiv__"),
    q!("__truediv__"),
    q!("__mod__"),
    q!("__pow__"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_high_nibble_gives_the_shape() {
        for op in 0u8..=255 {
            let shape = match op >> 4 {
                1 => 1,
                2 | 3 => 2,
                4 => 3,
                _ => 0,
            };
            let mine = match info(op).format {
                Format::Free => continue,
                Format::None => 0,
                Format::Name => 1,
                Format::Uint | Format::Int | Format::Local | Format::Cell => 2,
                Format::Const | Format::Child | Format::ChildCells => 2,
                Format::Forward | Format::Jump | Format::Unwind => 3,
            };
            assert_eq!(shape, mine, "{op:#x}");
            let extra = matches!(info(op).format, Format::ChildCells | Format::Unwind);
            assert_eq!(extra, op & 0x9e == 0, "{op:#x}");
        }
    }

    #[test]
    fn multi_ranges() {
        assert_eq!(multi(0x70), Multi::SmallInt(-16));
        assert_eq!(multi(0xaf), Multi::SmallInt(47));
        assert_eq!(multi(0xb0), Multi::LoadFast(0));
        assert_eq!(multi(0xcf), Multi::StoreFast(15));
        assert_eq!(multi(0xd3), Multi::Unary(3));
        assert_eq!(multi(0xd4), Multi::Free);
        assert_eq!(multi(0xd7), Multi::Binary(0));
        assert_eq!(multi(0xf9), Multi::Binary(34));
        assert_eq!(multi(0xfa), Multi::Free);
        assert_eq!(multi(0x10), Multi::Free);
    }
}
