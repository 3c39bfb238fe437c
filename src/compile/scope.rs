//! Scopes and their names: who owns a variable, and where it lives in a frame.
//!
//! Invariants
//! - scopes are records of `WORDS` words (`LAYOUT`); the module is number 0;
//! - a scope's names form a list in the order in which they were first met, parameters first;
//! - `places` maps a name's number to its record in the scope that is being looked at, so a look-up takes one step.

use super::Compiler;
use super::messages as msg;
use super::params::NO_NAME;
use crate::code::op::scope as flag;
use crate::heap::{R, Value};
use crate::q;

super::numbered! {
    /// What a scope is; from `Lambda` on its variables are locals.
    ScopeKind { Module Class Lambda ListComp DictComp SetComp GenExpr Function }
}

impl ScopeKind {
    pub fn is_function(self) -> bool {
        self as u8 >= ScopeKind::Lambda as u8
    }
    pub fn is_comp(self) -> bool {
        self as u8 >= ScopeKind::ListComp as u8 && self as u8 <= ScopeKind::GenExpr as u8
    }
}

super::numbered! {
    /// A part of a scope's record.
    Field {
        Kind Parent Name Flags
        Positional KeywordOnly Defaults
        Labels
        /// While the file is read: the line that was noted last. It shares its word with `Last`.
        LastLine
        /// The first and the last of the names.
        First Last
        Locals Stack Blocks
        /// The line where it begins.
        Line
        /// Its place among its parent's children.
        Child
        /// The symbolic code, later the finished code's bytes (a cell), and their number.
        Bytes Length
    }
}

/// Where each field lies: word, lowest bit, bits. A number that is too large for its field becomes the largest; those that can
/// be so large count what a code object refuses much earlier.
static LAYOUT: [(u8, u8, u8); Field::COUNT] = {
    let mut at = [(0, 0, 32); Field::COUNT];
    at[Field::Kind as usize] = (0, 0, 4);
    at[Field::Flags as usize] = (0, 4, 9);
    at[Field::Blocks as usize] = (0, 13, 19);
    at[Field::Parent as usize] = (1, 0, 20);
    at[Field::Defaults as usize] = (1, 20, 12);
    at[Field::Child as usize] = (2, 0, 20);
    at[Field::First as usize] = (3, 0, 32);
    at[Field::Name as usize] = (4, 0, 32);
    at[Field::Positional as usize] = (5, 0, 16);
    at[Field::KeywordOnly as usize] = (5, 16, 16);
    at[Field::Locals as usize] = (6, 0, 16);
    at[Field::Stack as usize] = (6, 16, 16);
    at[Field::Labels as usize] = (7, 0, 32);
    at[Field::LastLine as usize] = (8, 0, 32);
    at[Field::Last as usize] = (8, 0, 32);
    at[Field::Line as usize] = (9, 0, 32);
    at[Field::Bytes as usize] = (10, 0, 32);
    at[Field::Length as usize] = (11, 0, 32);
    at
};
const WORDS: usize = 12;
/// Most scopes and names of scopes: their numbers have 20 bits.
const MOST: usize = 0xf_ffff;

super::numbered! {
    /// Whose variable a name is.
    IdKind { Undecided Implicit ImplicitAssigned Explicit Local Cell Free }
}

/// Flags of a name.
pub const PARAM: u8 = 1;
pub const STAR: u8 = 2;
pub const DOUBLE_STAR: u8 = 4;
/// No keyword argument finds it: its name is not among the code's argument names.
pub const POSITIONAL_ONLY: u8 = 8;

/// A record in `ids`, of two words: `kind | flags << 4 | name << 8`, `next | local << 20`. Its index + 1, so that 0 is none.
pub type Id = u32;
const ID_WORDS: u32 = 2;
/// Most names of a file: their numbers have 24 bits.
const MOST_NAMES: u32 = 0xff_ffff;
/// A code object refuses fewer locals than this.
const LAST_LOCAL: u32 = 0xfff;

impl Compiler<'_> {
    fn layout(s: u32, f: Field) -> (usize, u32, u32) {
        let (word, shift, bits) = LAYOUT.get(f as usize).copied().unwrap_or((0, 0, 0));
        (s as usize * WORDS + word as usize, shift as u32, u32::MAX >> (32 - bits as u32).min(31))
    }
    pub fn field(&self, s: u32, f: Field) -> u32 {
        let (at, shift, most) = Self::layout(s, f);
        self.scopes.get(self.heap, at).unwrap_or(0) >> shift & most
    }
    pub fn set_field(&mut self, s: u32, f: Field, n: u32) {
        let (at, shift, most) = Self::layout(s, f);
        let rest = self.scopes.get(self.heap, at).unwrap_or(0) & !(most << shift);
        self.scopes.set(self.heap, at, rest | n.min(most) << shift);
    }
    pub fn n_scopes(&self) -> u32 {
        (self.scopes.len() / WORDS) as u32
    }
    pub fn kind_of_scope(&self, s: u32) -> ScopeKind {
        ScopeKind::from_u32(self.field(s, Field::Kind)).unwrap_or(ScopeKind::Module)
    }
    /// A new scope inside the present one; functions and classes have a name of their own.
    pub fn new_scope(&mut self, kind: ScopeKind, name: Option<u32>) -> R<u32> {
        let name = match name {
            Some(name) => name,
            None => self.intern_value(match kind {
                ScopeKind::Lambda => q!("<lambda>"),
                ScopeKind::ListComp => q!("<listcomp>"),
                ScopeKind::DictComp => q!("<dictcomp>"),
                ScopeKind::SetComp => q!("<setcomp>"),
                ScopeKind::GenExpr => q!("<genexpr>"),
                _ => q!("<module>"),
            })?,
        };
        let s = self.n_scopes();
        if s as usize >= MOST {
            return Err(self.syntax_error_here("too many items"));
        }
        self.scopes.extend(self.heap, &[0; WORDS])?;
        self.set_field(s, Field::Kind, kind as u32);
        self.set_field(s, Field::Parent, self.scope);
        self.set_field(s, Field::Name, name);
        self.set_field(s, Field::LastLine, 1);
        self.set_field(s, Field::Line, self.statement_line.max(1));
        Ok(s)
    }

    // ---- names of a scope ------------------------------------------------------------------------------------

    fn id_word(&self, id: Id, i: u32) -> u32 {
        self.ids.get(self.heap, (id.wrapping_sub(1) * ID_WORDS + i) as usize).unwrap_or(0)
    }
    fn set_id_word(&mut self, id: Id, i: u32, w: u32) {
        self.ids.set(self.heap, (id.wrapping_sub(1) * ID_WORDS + i) as usize, w);
    }
    pub fn id_name(&self, id: Id) -> u32 {
        self.id_word(id, 0) >> 8
    }
    pub fn id_kind(&self, id: Id) -> IdKind {
        IdKind::from_u32(self.id_word(id, 0) & 15).unwrap_or(IdKind::Undecided)
    }
    pub fn id_flags(&self, id: Id) -> u8 {
        (self.id_word(id, 0) >> 4) as u8 & 15
    }
    pub fn id_local(&self, id: Id) -> u32 {
        self.id_word(id, 1) >> 20
    }
    fn set_id_kind(&mut self, id: Id, kind: IdKind) {
        let w = self.id_word(id, 0) & !15 | kind as u32;
        self.set_id_word(id, 0, w);
    }
    fn set_id_local(&mut self, id: Id, n: u32) {
        let w = self.id_word(id, 1) & MOST as u32 | n.min(LAST_LOCAL) << 20;
        self.set_id_word(id, 1, w);
    }
    /// The first name of a scope, and the next after `id`; 0 at the end.
    pub fn first_id(&self, s: u32) -> Id {
        self.field(s, Field::First)
    }
    pub fn next_id(&mut self, id: Id) -> Id {
        self.heap.worked(60);
        self.id_word(id, 1) & MOST as u32
    }
    /// The name in a scope that may be any; 0 if it has none.
    pub fn find_id(&mut self, s: u32, name: u32) -> Id {
        let mut id = self.first_id(s);
        while id != 0 && self.id_name(id) != name {
            id = self.next_id(id);
        }
        id
    }
    fn add_id(&mut self, s: u32, name: u32, kind: IdKind) -> R<Id> {
        if name > MOST_NAMES || self.ids.len() / ID_WORDS as usize >= MOST {
            return Err(self.syntax_error_here("too many items"));
        }
        self.ids.extend(self.heap, &[name << 8 | kind as u32, 0])?;
        let id = self.ids.len() as u32 / ID_WORDS;
        match self.field(s, Field::Last) {
            0 => self.set_field(s, Field::First, id),
            last => {
                let w = self.id_word(last, 1) | id;
                self.set_id_word(last, 1, w);
            }
        }
        self.set_field(s, Field::Last, id);
        if s == self.scope {
            self.places.set(self.heap, name as usize, id);
        }
        Ok(id)
    }
    fn find_or_add(&mut self, s: u32, name: u32, kind: IdKind) -> R<Id> {
        let found = if s == self.scope { self.place(name) } else { self.find_id(s, name) };
        if found != 0 { Ok(found) } else { self.add_id(s, name, kind) }
    }
    /// The name in the scope that is being looked at.
    pub fn place(&self, name: u32) -> Id {
        self.places.get(self.heap, name as usize).unwrap_or(0)
    }
    /// Makes `s` the scope that is being looked at.
    pub fn look_at(&mut self, s: u32) -> R<()> {
        self.set_places(self.scope, false);
        self.places.reserve(self.heap, self.names.values.len().saturating_sub(self.places.len()))?;
        while self.places.len() < self.names.values.len() {
            self.places.push(self.heap, 0)?;
            self.heap.worked(50);
        }
        self.scope = s;
        self.set_places(s, true);
        Ok(())
    }
    fn set_places(&mut self, s: u32, on: bool) {
        let mut id = self.first_id(s);
        while id != 0 {
            let name = self.id_name(id) as usize;
            self.places.set(self.heap, name, if on { id } else { 0 });
            id = self.next_id(id);
        }
    }

    // ---- deciding --------------------------------------------------------------------------------------------

    pub fn id_loaded(&mut self, name: u32) -> R<Id> {
        self.find_or_add(self.scope, name, IdKind::Implicit)
    }
    pub fn id_stored(&mut self, s: u32, name: u32) -> R<Id> {
        let id = self.find_or_add(s, name, IdKind::Implicit)?;
        if self.id_kind(id) == IdKind::Implicit {
            let local = self.kind_of_scope(s).is_function();
            self.set_id_kind(id, if local { IdKind::Local } else { IdKind::ImplicitAssigned });
        }
        Ok(id)
    }
    pub fn id_declared_local(&mut self, name: u32) -> R<()> {
        self.find_or_add(self.scope, name, IdKind::Local).map(|_| ())
    }
    pub fn id_global(&mut self, name: u32, line: u32) -> R<()> {
        let id = self.find_or_add(self.scope, name, IdKind::Undecided)?;
        self.declare_global(id, line)
    }
    pub fn id_nonlocal(&mut self, name: u32, line: u32) -> R<()> {
        if self.scope == 0 {
            return Err(self.compile_error(msg::NONLOCAL_OUTER, line));
        }
        let id = self.find_or_add(self.scope, name, IdKind::Undecided)?;
        self.declare_nonlocal(id, line)
    }
    fn declare_global(&mut self, id: Id, line: u32) -> R<()> {
        if !matches!(self.id_kind(id), IdKind::Undecided | IdKind::Explicit) {
            return Err(self.compile_error(msg::REDEFINED_GLOBAL, line));
        }
        self.set_id_kind(id, IdKind::Explicit);
        let name = self.id_name(id);
        let outer = if self.scope == 0 { self.place(name) } else { self.find_id(0, name) };
        if outer != 0 {
            self.set_id_kind(outer, IdKind::Explicit);
        }
        Ok(())
    }
    fn declare_nonlocal(&mut self, id: Id, line: u32) -> R<()> {
        match self.id_kind(id) {
            IdKind::Undecided => {
                self.set_id_kind(id, IdKind::Implicit);
                self.close_over(id)?;
                if self.id_kind(id) == IdKind::Implicit {
                    return Err(self.compile_error(msg::NO_NONLOCAL, line));
                }
                Ok(())
            }
            IdKind::Free => Ok(()),
            _ => Err(self.compile_error(msg::REDEFINED_NONLOCAL, line)),
        }
    }
    /// The target of `:=` in a comprehension belongs to the scope around it, and around those that it is nested in.
    pub fn id_walrus(&mut self, name: u32) -> R<()> {
        let mut parent = self.field(self.scope, Field::Parent);
        while self.kind_of_scope(parent).is_comp() {
            // A comprehension between them hands on what it may have read already.
            let id = self.find_id(parent, name);
            if id != 0 && self.id_kind(id) == IdKind::Implicit {
                self.set_id_kind(id, IdKind::Undecided);
            }
            parent = self.field(parent, Field::Parent);
        }
        let outer = self.id_stored(parent, name)?;
        if self.id_kind(outer) == IdKind::Explicit {
            self.find_or_add(self.scope, name, IdKind::Explicit)?;
            return Ok(());
        }
        let id = self.find_or_add(self.scope, name, IdKind::Undecided)?;
        if parent == 0 {
            return self.declare_global(id, 0);
        }
        if self.id_kind(id) == IdKind::Implicit {
            self.set_id_kind(id, IdKind::Undecided);
        }
        self.declare_nonlocal(id, 0)
    }
    /// A parameter; `star` says whether a `*` came before it.
    pub fn id_param(&mut self, name: u32, flags: u8, line: u32, star: &mut bool) -> R<()> {
        let s = self.scope;
        if flags == 0 {
            // What a comprehension runs over.
            self.find_or_add(s, name, IdKind::Local)?;
            self.set_field(s, Field::Positional, 1);
            return Ok(());
        }
        if self.has_flag(flag::VARKEYWORDS) || flags & STAR != 0 && *star {
            return Err(self.compile_error(msg::SYNTAX, line));
        }
        if flags & STAR != 0 {
            *star = true;
            if name != NO_NAME {
                self.set_flag(flag::VARARGS);
            }
        } else if flags & DOUBLE_STAR != 0 {
            self.set_flag(flag::VARKEYWORDS);
        } else {
            let f = if *star { Field::KeywordOnly } else { Field::Positional };
            let n = self.field(s, f) + 1;
            self.set_field(s, f, n);
        }
        if name == NO_NAME {
            return Ok(());
        }
        if self.place(name) != 0 {
            return Err(self.compile_error(msg::ARGUMENT_REUSED, line));
        }
        let id = self.add_id(s, name, IdKind::Local)?;
        let w = self.id_word(id, 0) | (flags as u32) << 4;
        self.set_id_word(id, 0, w);
        Ok(())
    }

    /// Looks for an owner of the name in the functions around the present scope.
    fn close_over(&mut self, id: Id) -> R<()> {
        if self.scope == 0 {
            return Ok(());
        }
        let name = self.id_name(id);
        let mut s = self.field(self.scope, Field::Parent);
        while s != 0 {
            let outer = self.find_id(s, name);
            if outer != 0 && self.id_kind(outer) != IdKind::Undecided {
                if matches!(self.id_kind(outer), IdKind::Local | IdKind::Cell | IdKind::Free) {
                    self.set_id_kind(id, IdKind::Free);
                    self.close_over_in_parents(name)?;
                }
                return Ok(());
            }
            s = self.field(s, Field::Parent);
        }
        Ok(())
    }
    fn close_over_in_parents(&mut self, name: u32) -> R<()> {
        let mut s = self.field(self.scope, Field::Parent);
        while s != 0 {
            let id = self.find_or_add(s, name, IdKind::Undecided)?;
            match self.id_kind(id) {
                IdKind::Undecided => self.set_id_kind(id, IdKind::Free),
                IdKind::Local => {
                    self.set_id_kind(id, IdKind::Cell);
                    return Ok(());
                }
                _ => return Ok(()),
            }
            s = self.field(s, Field::Parent);
        }
        Ok(())
    }
    /// At the end of a scope: names that it only read may belong to a function around it.
    pub fn close_over_reads(&mut self) -> R<()> {
        let mut id = self.first_id(self.scope);
        while id != 0 {
            if self.id_kind(id) == IdKind::Implicit {
                self.close_over(id)?;
            }
            id = self.next_id(id);
        }
        Ok(())
    }

    // ---- places in the frame ---------------------------------------------------------------------------------

    /// Numbers the locals of scope `s`: cells taken from outside, parameters, locals, own cells.
    pub fn number_locals(&mut self, s: u32) -> R<()> {
        self.look_at(s)?;
        self.move_star_param(s);
        let function = self.kind_of_scope(s).is_function();
        let class_cell = match self.kind_of_scope(s) {
            ScopeKind::Class => self.intern_value(q!("__class__"))?,
            _ => NO_NAME,
        };
        let mut locals = 0;
        let mut id = self.first_id(s);
        while id != 0 {
            if self.id_name(id) != class_cell {
                if function && self.id_kind(id) == IdKind::Implicit {
                    self.set_id_kind(id, IdKind::Explicit);
                }
                if self.id_kind(id) == IdKind::Local || self.id_flags(id) & PARAM != 0 {
                    self.set_id_local(id, locals);
                    locals += 1;
                }
            }
            id = self.next_id(id);
        }
        id = self.first_id(s);
        while id != 0 {
            if self.id_kind(id) == IdKind::Cell && self.id_flags(id) & PARAM == 0 {
                self.set_id_local(id, locals);
                locals += 1;
            }
            id = self.next_id(id);
        }
        let free = self.number_free(s);
        if free > 0 {
            id = self.first_id(s);
            while id != 0 {
                if self.id_kind(id) != IdKind::Free || self.id_flags(id) & PARAM != 0 {
                    let n = self.id_local(id) + free;
                    self.set_id_local(id, n);
                }
                id = self.next_id(id);
            }
            let n = self.field(s, Field::Positional) + free;
            self.set_field(s, Field::Positional, n);
        }
        self.set_field(s, Field::Locals, locals + free);
        Ok(())
    }
    /// The cells that scope `s` takes come first, in the order of the scope around it.
    fn number_free(&mut self, s: u32) -> u32 {
        let mut free = 0;
        if s == 0 {
            return 0;
        }
        let mut outer = self.first_id(self.field(s, Field::Parent));
        while outer != 0 {
            if matches!(self.id_kind(outer), IdKind::Cell | IdKind::Free) {
                let id = self.place(self.id_name(outer));
                if id != 0 && self.id_kind(id) == IdKind::Free {
                    self.set_id_local(id, free);
                    free += 1;
                }
            }
            outer = self.next_id(outer);
        }
        free
    }
    /// `*args` lives behind all other parameters but `**kwargs`.
    fn move_star_param(&mut self, s: u32) {
        let (mut star, mut last) = (0, 0);
        let mut id = self.first_id(s);
        while id != 0 {
            if self.id_flags(id) & STAR != 0 {
                (star, last) = (id, 0);
            } else if star != 0 && self.id_flags(id) & !POSITIONAL_ONLY == PARAM {
                last = id;
            }
            id = self.next_id(id);
        }
        if star != 0 && last != 0 {
            // Their places in the list stay; a local's number is not known yet.
            let (a, b) = (self.id_word(star, 0), self.id_word(last, 0));
            self.set_id_word(star, 0, b);
            self.set_id_word(last, 0, a);
            self.set_places(s, true);
        }
    }

    pub fn scope_name(&self, s: u32) -> Value {
        self.name_value(self.field(s, Field::Name)).unwrap_or(q!("<module>"))
    }
}
