//! Calls: what follows an expression (attributes, calls, subscripts), and the arguments of a call.

use super::emit::T;
use super::ir;
use super::messages as msg;
use super::scope::ScopeKind;
use super::tree::{K, Node};
use super::{Compiler, newer};
use crate::code::op;
use crate::heap::R;
use crate::q;

/// So many arguments may stand before a `*`: a call has 30 bits for them; beyond those the arguments go as a list, up
/// to where MicroPython's `stress/fun_call_limit` expects every port to refuse them.
const BEFORE_STAR: usize = if newer::UNPACKING { 69 } else { 29 };

/// What a call's arguments are.
#[derive(Default)]
struct Arguments {
    positional: u32,
    keyword: u32,
    /// A bit for each `*` argument.
    stars: u32,
    double: bool,
    /// Stars stand where there is no bit for them: the positional arguments go as one list.
    packed: bool,
    error: Option<(u32, u32)>,
}

impl Compiler<'_> {
    pub fn trailers(&mut self, n: Node, mut i: usize) -> R<()> {
        let t = self.child(n, i);
        if t.is_null() {
            return Ok(());
        }
        let next = self.child(n, i + 1);
        let is_super = i == 1
            && self.scope_kind() == ScopeKind::Function
            && self.child(n, 0).as_name().and_then(|i| self.name_value(i)) == Some(q!("super"))
            && self.kind(t) == K::Call
            && self.arity(t) == 0;
        if is_super {
            let class = self.intern_value(q!("__class__"))?;
            self.op(ir::LOAD_ID, class)?;
            self.bare(ir::FIRST_PARAM)?;
            let then = self.child(n, i + 2);
            if self.kind(next) == K::Attr && self.kind(then) == K::Call {
                self.op(op::LOAD_SUPER_METHOD, self.child(next, 0).as_name().unwrap_or(0))?;
                self.call_tasks(then, 0, true)?;
                i += 3;
            } else {
                self.op(op::CALL_FUNCTION, 2)?;
                i += 1;
            }
        } else if self.kind(t) == K::Attr && self.kind(next) == K::Call {
            self.op(op::LOAD_METHOD, self.child(t, 0).as_name().unwrap_or(0))?;
            self.call_tasks(next, 0, true)?;
            i += 2;
        } else {
            self.on(T::Node, t)?;
            i += 1;
        }
        self.kids(T::Trailers, n, i)
    }
    pub fn call_tasks(&mut self, args: Node, extra: u32, method: bool) -> R<()> {
        let mut a = self.count_args(args, extra);
        if let Some((message, line)) = a.error {
            return self.emit_error(message, line);
        }
        if newer::UNPACKING && a.packed {
            self.unpacked(args, op::BUILD_LIST)?;
            (a.stars, a.positional) = (1 << extra, extra + 1);
            for i in 0..self.arity(args) {
                self.heap.worked(150);
                let c = self.child(args, i);
                if matches!(self.kind(c), K::KeywordArg | K::DoubleStarArg) {
                    self.on(T::Arg, c)?;
                }
            }
        } else {
            self.kids(T::Args, args, 0)?;
        }
        let starred = a.stars != 0 || a.double;
        if starred {
            self.task(T::Node, Node::small(a.stars as i32).0, 0)?;
        }
        let o = match (method, starred) {
            (false, false) => op::CALL_FUNCTION,
            (false, true) => op::CALL_FUNCTION_VAR_KW,
            (true, false) => op::CALL_METHOD,
            (true, true) => op::CALL_METHOD_VAR_KW,
        };
        self.op(o, a.keyword << 8 | a.positional)
    }
    fn count_args(&mut self, args: Node, extra: u32) -> Arguments {
        let mut a = Arguments { positional: extra, ..Arguments::default() };
        for i in 0..self.arity(args) {
            self.heap.worked(120);
            let c = self.child(args, i);
            let line = self.line_of(c);
            match self.kind(c) {
                K::StarArg => {
                    let error = if a.double {
                        Some(msg::STAR_AFTER_DOUBLE)
                    } else if a.keyword > 0 {
                        Some(msg::STAR_AFTER_KEYWORD)
                    } else if i > BEFORE_STAR {
                        Some(msg::TOO_MANY_ARGS)
                    } else {
                        None
                    };
                    if let Some(m) = error {
                        a.error = a.error.or(Some((m, line)));
                    }
                    a.packed |= newer::UNPACKING && a.positional >= 30;
                    a.stars |= 1u32.checked_shl(a.positional).unwrap_or(0);
                    a.positional += 1;
                }
                K::DoubleStarArg => {
                    a.double = true;
                    a.keyword += 1;
                }
                K::KeywordArg => {
                    if self.child(c, 0).as_name().is_none() {
                        a.error = a.error.or(Some((msg::KEYWORD_NAME, line)));
                    }
                    if newer::STRICT && self.has_keyword(args, i, self.child(c, 0)) {
                        a.error = a.error.or(Some((msg::KEYWORD_TWICE, line)));
                    }
                    a.keyword += 1;
                }
                K::Comp if newer::STRICT && self.arity(args) as u32 + extra > 1 => {
                    a.error = a.error.or(Some((msg::LONELY_GENERATOR, line)));
                }
                // These two MicroPython lets through anywhere.
                K::WalrusArg | K::Comp => a.positional += 1,
                _ => {
                    if a.double {
                        a.error = a.error.or(Some((msg::AFTER_DOUBLE, line)));
                    } else if a.keyword > 0 {
                        a.error = a.error.or(Some((msg::AFTER_KEYWORD, line)));
                    }
                    a.positional += 1;
                }
            }
        }
        if a.positional > 255 && !a.packed || a.keyword > 255 {
            a.error = a.error.or(Some((msg::TOO_MANY_ARGS, 0)));
        }
        a
    }
    /// Whether one of the first `n` arguments is this keyword.
    fn has_keyword(&self, args: Node, n: usize, name: Node) -> bool {
        (0..n).any(|i| {
            let c = self.child(args, i);
            self.kind(c) == K::KeywordArg && self.child(c, 0) == name
        })
    }
    pub fn arg(&mut self, c: Node) -> R<()> {
        match self.kind(c) {
            K::StarArg => self.on(T::Node, self.child(c, 0)),
            K::DoubleStarArg => {
                self.bare(op::LOAD_NULL)?;
                self.on(T::Node, self.child(c, 0))
            }
            K::KeywordArg => {
                self.op(op::LOAD_CONST_STRING, self.child(c, 0).as_name().unwrap_or(0))?;
                self.on(T::Node, self.child(c, 1))
            }
            K::WalrusArg => self.walrus(c),
            K::Comp => self.comp(c, ScopeKind::GenExpr),
            _ => self.on(T::Node, c),
        }
    }
}
