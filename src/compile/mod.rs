//! Rank 4: Python source to bytecode, byte for byte what `mpy-cross` makes.
//!
//! Invariants
//! - one pass over the source: each statement's tree becomes symbolic code (`ir`) and is freed; after the last statement the
//!   scopes are resolved and assembled (`assemble`), because the file's tables fill in an order that only then is known;
//! - all working memory is scratch of the VM's heap, given back before `compile` returns; nothing here runs Python;
//! - no recursion: parsing, code generation and statements keep explicit stacks, and the compiler itself lies in scratch
//!   memory, so the native stack stays small;
//! - a program that is refused leaves an exception with file and line, never a panic.

#[cfg_attr(not(feature = "basic"), path = "arith_short.rs")]
mod arith;
mod assemble;
#[cfg_attr(not(feature = "async-generators"), path = "async_comp_not.rs")]
mod async_comp;
mod block;
mod bracket;
mod calls;
mod comp;
mod emit;
mod fold;
#[cfg_attr(not(feature = "type-parameters"), path = "generic_not.rs")]
mod generic;
mod handlers;

mod ir;
mod lex;
mod messages;
mod names;
mod params;
mod parse;
#[cfg_attr(not(feature = "match"), path = "pattern_not.rs")]
mod pattern;
#[cfg_attr(not(feature = "diagnostics"), path = "position_not.rs")]
mod position;
mod scope;
mod source;
#[cfg_attr(not(feature = "except-star"), path = "star_handlers_not.rs")]
mod star_handlers;
mod stmt;
mod tables;
mod target;
#[cfg(test)]
mod tests;
mod token;
mod tree;

use crate::heap::lent::{Lent, lend};
use crate::heap::placed::with_placed;
use crate::heap::{ByteVec, Heap, Kind, R, Raised, TypeId, Value, WordVec};
use crate::object::exc;
use crate::q;
use lex::Lexer;
use names::Names;
use scope::ScopeKind;
pub use source::{Mode, Options, SliceSource, Source, StrSource};
use token::Tok;

/// An enum whose values are found by number.
macro_rules! numbered {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $v:ident)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq)]
        #[cfg_attr(test, derive(Debug))]
        #[repr(u8)]
        pub enum $name { $($(#[$vdoc])* $v),* }
        #[allow(dead_code, reason = "not every list is read back or counted")]
        impl $name {
            const ALL: &'static [$name] = &[$($name::$v),*];
            pub const COUNT: usize = Self::ALL.len();
            pub fn from_u32(n: u32) -> Option<$name> {
                Self::ALL.get(n as usize).copied()
            }
        }
    };
}
use numbered;

/// Which of Python's newer syntax this build reads.
mod newer {
    pub const MATCH: bool = cfg!(feature = "match");
    pub const UNPACKING: bool = cfg!(feature = "unpacking");
    pub const POSITIONAL_ONLY: bool = cfg!(feature = "positional-only");
    pub const DECORATORS: bool = cfg!(feature = "decorators");
    pub const ASYNC_GENERATORS: bool = cfg!(feature = "async-generators");
    pub const EXCEPT_STAR: bool = cfg!(feature = "except-star");
    pub const TYPE_PARAMETERS: bool = cfg!(feature = "type-parameters");
    pub const ANNOTATIONS: bool = cfg!(feature = "annotations");
    pub const STRICT: bool = cfg!(feature = "strict-syntax");
    pub const PARENTHESIZED_WITH: bool = cfg!(feature = "parenthesized-with");
}

/// How expressions are read at present.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Grammar {
    Plain,
    /// As a pattern: `as` may follow, nothing is folded, and names are names.
    Pattern,
    /// As the items of a `with`: `as` may follow in parentheses.
    Items,
}

/// Children that a tree's node may have.
const MAX_CHILDREN: usize = 0xff_ffff;
/// No label.
const NONE: u32 = u32::MAX;

/// Why the source was refused.
#[derive(Clone, Copy)]
struct Fault {
    typ: TypeId,
    /// `None`: the exception was raised already.
    message: Option<&'static str>,
    line: u32,
    /// The token's place in the source, where one is to blame.
    at: Option<u32>,
    /// The scope's name, for what was found after reading.
    block: Option<Value>,
}

pub(crate) struct Compiler<'a> {
    heap: &'a mut Lent,
    lex: Lexer<'a>,
    options: Options,
    /// Line numbers are wanted.
    lines: bool,
    fault: Option<Fault>,
    /// Something failed: what is written since does not count, and the next step ends the reading.
    lost: bool,

    // Reading: the statement's tree, the parser's values and frames.
    tree: WordVec,
    vals: WordVec,
    frames: WordVec,
    /// The values of names defined by `const()`, by name; 0 for others.
    constants: WordVec,
    grammar: Grammar,
    /// `math.nan`
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    nan: Option<Value>,
    /// The line where the operand being read starts.
    operand_line: u32,

    // Symbolic code.
    names: Names,
    /// Constant objects by number.
    pool: WordVec,
    ir: ByteVec,
    work: WordVec,
    scopes: WordVec,
    /// The scope that code goes to, or that is being looked at.
    scope: u32,
    /// How many reasons there are not to write code.
    muted: u32,
    /// The scope of the type parameters that were read last.
    #[cfg(feature = "type-parameters")]
    generic: u32,
    statement_line: u32,

    // Statements.
    blocks: WordVec,
    /// Targets of `break` and `continue`; `NONE` outside loops.
    break_label: u32,
    break_from_for: bool,
    continue_label: u32,
    /// No `except*` stands between here and the function.
    may_return: bool,

    // Assembly.
    ids: WordVec,
    places: WordVec,
    order: WordVec,
    labels: WordVec,
    name_numbers: WordVec,
    name_table: WordVec,
    const_numbers: WordVec,
    const_table: WordVec,
}

/// Compiles `source` to the code object of its module (or expression).
/// Raises `SyntaxError` and its like with file and line, `MemoryError` (then a second try may follow).
pub fn compile(heap: &mut Heap, source: &mut dyn Source, options: &Options) -> R<Value> {
    lend(heap, None, |heap| compile_lent(heap, source, options))
}

/// The same between others who have the heap now and then; the result is kept with the rest.
pub fn compile_lent(heap: &mut Lent, source: &mut dyn Source, options: &Options) -> R<Value> {
    source.rewind();
    let (done, fault) = with_placed(
        heap,
        |heap| Compiler::new(heap, source, *options),
        |c| {
            let done = c.whole();
            c.free();
            (done, c.fault)
        },
    )?;
    match (done, fault) {
        (Err(_), Some(f)) => Err(refuse(heap, options.file_name, f, source)),
        (done, _) => done,
    }
}

/// The exception for a fault, with a traceback of one entry.
#[cold]
#[inline(never)]
fn refuse(heap: &mut Lent, file: Value, f: Fault, source: &mut dyn Source) -> Raised {
    // What came from outside goes on; that the reading ended there is no fault of the source.
    if heap.has_failed() {
        return Raised;
    }
    let raised = match f.message {
        Some(message) => exc::raise(heap, f.typ, message),
        None => Raised,
    };
    let Some(e) = heap.raised.filter(|e| heap.is(*e, Kind::Exception) && Some(*e) != heap.oom) else {
        return raised;
    };
    // Others may come in while it is given its place.
    heap.raised = None;
    if let Err(lost) = heap.keep(e) {
        return lost;
    }
    // Where there is no memory for all of it, that is what is told: the caller collects and tries again.
    match placed(heap, e, file, f, source) {
        Err(lost) => lost,
        Ok(()) if heap.has_failed() => Raised,
        Ok(()) => heap.raise_value(e),
    }
}

/// Gives the exception its place: attributes and a traceback entry.
fn placed(heap: &mut Lent, e: Value, file: Value, f: Fault, source: &mut dyn Source) -> R<()> {
    if matches!(f.typ, TypeId::SyntaxError | TypeId::IndentationError) {
        position::note(heap, e, file, f.line, f.at, source)?;
    }
    let entry = heap.alloc(Kind::Array, 3)?;
    heap.set_field(entry, 0, file);
    heap.set_int(entry, 1, f.line as i32);
    heap.set_slot(entry, 2, f.block);
    heap.set_field(e, exc::field::TRACEBACK, entry);
    Ok(())
}

impl<'a> Compiler<'a> {
    fn new(heap: &'a mut Lent, source: &'a mut dyn Source, options: Options) -> Compiler<'a> {
        Compiler {
            heap,
            lex: Lexer::new(source, options.opt_level == 0),
            options,
            lines: options.lines && options.opt_level < 3,
            fault: None,
            lost: false,
            tree: WordVec::new(),
            vals: WordVec::new(),
            frames: WordVec::new(),
            constants: WordVec::new(),
            grammar: Grammar::Plain,
            #[cfg(any(feature = "float-single", feature = "float-double"))]
            nan: None,
            operand_line: 0,
            names: Names::default(),
            pool: WordVec::new(),
            ir: ByteVec::new(),
            work: WordVec::new(),
            scopes: WordVec::new(),
            scope: 0,
            muted: 0,
            #[cfg(feature = "type-parameters")]
            generic: 0,
            statement_line: 0,
            blocks: WordVec::new(),
            break_label: NONE,
            break_from_for: false,
            continue_label: NONE,
            may_return: true,
            ids: WordVec::new(),
            places: WordVec::new(),
            order: WordVec::new(),
            labels: WordVec::new(),
            name_numbers: WordVec::new(),
            name_table: WordVec::new(),
            const_numbers: WordVec::new(),
            const_table: WordVec::new(),
        }
    }

    #[inline(never)]
    fn whole(&mut self) -> R {
        let module = self.new_scope(ScopeKind::Module, None)?;
        self.scope = module;
        // A string in the file that equals its name is a name too.
        self.intern_string(self.options.file_name, false)?;
        self.lex.start(self.heap, self.options.mode != Mode::Eval)?;
        self.module()?;
        self.check_lost()?;
        self.free_reading();
        self.assemble()
    }

    /// The memory that only reading needs.
    #[inline(never)]
    fn free_reading(&mut self) {
        self.lex.free(self.heap);
        for v in [&mut self.tree, &mut self.vals, &mut self.frames, &mut self.constants, &mut self.blocks] {
            v.free(self.heap);
        }
    }
    #[inline(never)]
    fn free(&mut self) {
        self.free_reading();
        self.names.free(self.heap);
        self.free_ir();
        for v in [
            &mut self.pool,
            &mut self.work,
            &mut self.scopes,
            &mut self.ids,
            &mut self.places,
            &mut self.order,
            &mut self.labels,
            &mut self.name_numbers,
            &mut self.name_table,
            &mut self.const_numbers,
            &mut self.const_table,
        ] {
            v.free(self.heap);
        }
    }

    // ---- failing ---------------------------------------------------------------------------------------------

    // What writes code or keeps the parser's stacks fails only for want of memory, in hundreds of places: that is noted
    // and looked at once per step. Those functions return `Ok` all the same, where that costs nothing.

    fn note(&mut self, r: R<()>) {
        self.lost |= r.is_err();
    }
    fn check_lost(&self) -> R<()> {
        if self.lost || self.heap.has_failed() { Err(Raised) } else { Ok(()) }
    }

    // ---- refusing --------------------------------------------------------------------------------------------

    #[cold]
    fn refuse(&mut self, typ: TypeId, message: &'static str, line: u32) -> Raised {
        if self.lost {
            return Raised;
        }
        // What is found when the token was read already concerns its statement.
        let at = if line == self.lex.at { self.lex.position.start() } else { None };
        self.fault = self.fault.or(Some(Fault { typ, message: Some(message), line, at, block: None }));
        Raised
    }
    #[cold]
    fn syntax_error_parts(&mut self, parts: &[exc::Part]) -> Raised {
        let (line, at) = (self.lex.at, self.lex.position.start());
        let typ = TypeId::SyntaxError;
        let raised = exc::raise_parts(self.heap, typ, parts);
        self.fault = self.fault.or(Some(Fault { typ, message: None, line, at, block: None }));
        raised
    }
    #[cold]
    fn syntax_error(&mut self, message: &'static str, line: u32) -> Raised {
        self.refuse(TypeId::SyntaxError, message, line)
    }
    #[cold]
    fn syntax_error_here(&mut self, message: &'static str) -> Raised {
        let line = self.lex.at;
        self.syntax_error(message, line)
    }
    /// The current token may not stand here.
    #[cold]
    fn unexpected(&mut self) -> Raised {
        let line = self.lex.at;
        match self.lex.kind {
            Tok::Indent => self.refuse(TypeId::IndentationError, "unexpected indent", line),
            Tok::BadDedent => {
                self.refuse(TypeId::IndentationError, "unindent doesn't match any outer indent level", line)
            }
            Tok::BadFString => self.syntax_error("malformed f-string", line),
            _ => self.syntax_error(messages::text(messages::SYNTAX), line),
        }
    }
    /// A program that reads well but means nothing.
    #[cold]
    fn compile_error(&mut self, message: u32, line: u32) -> Raised {
        let raised = self.refuse(TypeId::SyntaxError, messages::text(message), line);
        let block = self.scope_name(self.scope);
        if let Some(f) = &mut self.fault {
            (f.block, f.at) = (Some(block), None);
        }
        raised
    }
    fn is_name(&self, i: u32, name: Value) -> bool {
        self.name_value(i) == Some(name)
    }
}

/// The name that stands for the prompt's way to show a value.
const SHOW: Value = q!("__repl_print__");
