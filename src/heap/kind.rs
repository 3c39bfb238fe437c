//! `Kind`: what a heap cell holds, and which of its words are references.
//!
//! Invariants
//! - a cell is a 4-byte header and `2 * granules - 1` payload words;
//! - reference words hold 0 or a `Value`; every word from `first_ref` to the end of the cell is one
//!   (small ints carry lengths and flags there, so the collector may read every word);
//! - exceptions: a leaf kind holds no references, a `Native` only `NATIVE_REFS`.

/// Words a native pointer takes in a cell.
pub const PTR_WORDS: usize = size_of::<usize>() / 4;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $first:expr;)*) => {
        /// The kind of a heap cell (6 bits of its header).
        #[derive(Clone, Copy, PartialEq, Eq)]
        #[cfg_attr(test, derive(Debug))]
        #[repr(u8)]
        pub enum Kind { $($(#[$doc])* $name),* }
        /// Per kind: the first payload word that is a reference, 255 for none.
        pub static FIRST_REF: [u8; 64] = {
            let mut t = [255u8; 64];
            $( t[Kind::$name as usize] = $first as u8; )*
            t
        };
        const ALL: &[Kind] = &[$(Kind::$name),*];
    };
}

const LEAF: usize = 255;

/// Reference words at the beginning of a `Native`.
pub const NATIVE_REFS: u32 = 1;

kinds! {
    /// Unused memory.
    Free = LEAF;
    /// Raw bytes or words owned by another object, or scratch memory of a native.
    Raw = LEAF;
    /// The float's bytes (4 or 8).
    Float = LEAF;
    /// An int of 32 to 64 bits: two words, low first.
    Int64 = LEAF;
    /// A longer int: word 0 = `limbs << 1 | negative`, then 32-bit limbs, low first, top one not 0.
    BigInt = LEAF;
    /// Two floats.
    Complex = LEAF;
    /// Word 0 = `hash << 8 | ascii << 4 | interned << 3 | slack`, then the UTF-8 bytes; length = 4 * (words - 1) - slack.
    Str = LEAF;
    /// As `Str`, hash and flags 0.
    Bytes = LEAF;
    /// Backing store of lists, dicts, …: every word is a reference or empty.
    Array = 0;
    /// Items in order; the last word may be empty padding.
    Tuple = 0;
    /// 0 = length (small int), 1 = items (`Array` or empty).
    List = 0;
    /// 0 = live entries (small), 1 = entries (`Array`: key, value, …; a deleted entry has an empty key), 2 = `fill << 1 | watched` (small), 3 = index (`Raw` or empty).
    Dict = 0;
    /// As `Dict`, of type `OrderedDict`.
    OrderedDict = 0;
    /// As `Dict`, of the same type, and nothing is stored in it any more.
    FixedDict = 0;
    /// As `Dict`, entries are keys alone.
    Set = 0;
    /// As `Set`, immutable.
    FrozenSet = 0;
    /// 0 = code, 1 = positional defaults (`Tuple`) or empty, 2 = keyword defaults (`Dict`) or empty, 3 = annotations (`Dict`); words that are not needed are left out.
    Function = 0;
    /// 0 = function, 1 = number of cells (small), 2.. = the cells.
    Closure = 0;
    /// 0 = callable, 1 = self.
    BoundMethod = 0;
    /// 0 = name, 1 = members (`Dict`), 2 = root shape, 3 = bases (`Tuple`), 4 = flags (small), 5 = native base type or empty, 6 = slots that instances have needed (small), 7 and 8 = remembered `__init__` and when (small), 9 = the order of look-ups (`Tuple`; left out with one base).
    Class = 0;
    /// 0 = class, 1 = number of slots (small), 2 = parent shape or empty, 3 = name of the last slot, 4 = first child, 5 = next sibling.
    Shape = 0;
    /// 0 = shape, then the attribute slots (slot 1 = the native part where the class has a native base).
    Instance = 0;
    /// As `Instance`, but its last word is an `Array` with the slots that do not fit: `array[i - (words - 1)]` is slot `i`.
    BigInstance = 0;
    /// 0 = the variable's value or empty.
    Cell = 0;
    /// 0 = start, 1 = stop, 2 = step.
    Slice = 0;
    /// 0 = start, 1 = stop, 2 = step (ints of any size).
    Range = 0;
    /// 0 = type (built-in type value, or class), 1 = args (`Tuple`), 2 = traceback (`Array` of triples file, line, name; or empty), 3 = cause, 4 = context, 5 = attributes (`Dict`) or empty, 6 = flags (small).
    Exception = 0;
    /// 0 = globals (`Dict`).
    Module = 0;
    /// 0 = getter, 1 = setter, 2 = deleter (or empty).
    Property = 0;
    /// 0 = the callable.
    StaticMethod = 0;
    /// 0 = the callable.
    ClassMethod = 0;
    /// 0 = type, 1 = object.
    Super = 0;
    /// What a file of code shares: 0 = names (`Array`), 1 = constants (`Array`), 2 = global cache (`Raw`, one word per name), 3 = globals (`Dict`) or empty, 4 = next unit (weak chain, raw bits as small int), 5 = file name.
    Unit = 0;
    /// Raw: pointers to the first opcode, to the prelude, to the end; then 4 packed words (see `code::object`); then refs:
    /// unit, its names, constants and global cache, children (`Array` or empty), owner of the bytes (`Raw` or `Bytes`; empty when they
    /// lie in flash). `heap::place` names the words.
    Code = 3 * PTR_WORDS + 4;
    /// Raw: the instruction pointer; then refs: 0 = function or closure, 1 = code, 2 = state (small: stack depth; -1 finished, 0 not started …), 3 = the exception to raise when it resumes or empty, 4 = the generator it delegates to or empty, 5.. = the frame's values.
    Generator = PTR_WORDS;
    /// An iterator over built-in sequences: 0 = sub-kind (small), 1 = container, 2 = cursor (small), 3 = extra.
    Iterator = 0;
    /// 0 = length (small), 1 = bytes (`Raw`), 2 = how often C holds them (small).
    ByteArray = 0;
    /// 0 = typecode and flags (small), 1 = owner, 2 = offset (small), 3 = length in items (small).
    MemoryView = 0;
    /// 0 = typecode, above it how often C holds the items (small), 1 = length (small), 2 = items (`Raw`).
    TypedArray = 0;
    /// An object of a module's own type: 0 = type, other words references or small ints.
    Object = 0;
    /// As `Object`, but only word 0 is a reference, the rest is the type's raw data.
    Native = 0;
    /// Scratch memory over safepoints: no sweep frees it.
    Held = LEAF;
}

/// There is a kind with this number.
pub fn exists(number: u32) -> bool {
    (number as usize) < ALL.len()
}

impl Kind {
    #[inline(always)]
    pub fn from_header(h: u32) -> Kind {
        // SAFETY: the kinds are numbered from 0 without gaps.
        if exists(h & 63) { unsafe { core::mem::transmute::<u8, Kind>((h & 63) as u8) } } else { Kind::Free }
    }
}
