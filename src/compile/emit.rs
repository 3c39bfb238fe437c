//! Trees to code: expressions, targets and deletions, with an explicit stack of what is still to be done.
//!
//! Invariants
//! - a task is three words: what, on which node or with which operand, and one word more;
//! - tasks are listed in the order in which they shall run, then turned over (`flip`), because the stack runs the last first;
//! - long lists run as one task that puts itself back, so the stack grows with the depth of the tree alone.

use super::ir;
use super::messages as msg;
use super::scope::{Field, ScopeKind};
use super::token::Tok;
use super::tree::{K, Leaf, Node};
use super::{Compiler, newer};
use crate::code::op::{self, extended};
use crate::heap::R;

const TASK: usize = 3;

super::numbered! {
    T {
        Node
        /// Children of a node from a place on.
        Kids
        /// As `Kids`, each followed by `STORE_MAP`.
        Pairs
        /// Operator and operand pairs of a chain from a place on.
        Chain
        /// An operation (in the task's spare bits) and its operand.
        Op
        /// A jump to a label if a condition has the truth in the spare bits.
        Cond
        Trailers
        Args
        /// One argument.
        Arg
        /// Children of a display with stars from a place on (`<< 1 | is a set`), into the container on the stack.
        Unpack
        /// A pattern, and the label of where to go on if the value on the stack does not match.
        Pattern
        Assign
        AssignKids
        AugLoad
        AugStore
        Delete
        DeleteKids
        /// Code of a lambda or comprehension: node, scope.
        Lambda
        Comp
        LeaveLambda
        Leave
    }
}

impl Compiler<'_> {
    // ---- tasks -----------------------------------------------------------------------------------------------

    #[inline(always)]
    pub(super) fn task(&mut self, t: T, a: u32, b: u32) -> R<()> {
        self.add_task(t as u32, a, b);
        Ok(())
    }
    fn add_task(&mut self, t: u32, a: u32, b: u32) {
        let done = self.work.extend(self.heap, &[t, a, b]);
        self.note(done);
    }
    #[inline(always)]
    pub(super) fn on(&mut self, t: T, n: Node) -> R<()> {
        self.add_on(t, n);
        Ok(())
    }
    fn add_on(&mut self, t: T, n: Node) {
        self.add_task(t as u32, n.0, 0);
    }
    #[inline(always)]
    pub(super) fn kids(&mut self, t: T, n: Node, from: usize) -> R<()> {
        self.task(t, n.0, from as u32)
    }
    #[inline(always)]
    pub fn op(&mut self, o: u8, a: u32) -> R<()> {
        self.add_op(o, a);
        Ok(())
    }
    fn add_op(&mut self, o: u8, a: u32) {
        self.add_task(T::Op as u32, o as u32, a);
    }
    #[inline(always)]
    pub(super) fn bare(&mut self, o: u8) -> R<()> {
        self.add_bare(o);
        Ok(())
    }
    fn add_bare(&mut self, o: u8) {
        self.add_op(o, 0);
    }
    #[inline(always)]
    pub(super) fn cond(&mut self, n: Node, jump_if: bool, label: u32) -> R<()> {
        self.add_task(T::Cond as u32 | (jump_if as u32) << 8, n.0, label);
        Ok(())
    }
    fn flip(&mut self, from: usize) {
        let all = self.work.as_mut_slice(self.heap);
        if let Some(part) = all.get_mut(from..) {
            part.reverse();
            for t in part.chunks_exact_mut(TASK) {
                t.reverse();
            }
        }
    }
    pub(super) fn run(&mut self, until: usize) -> R<()> {
        self.run_tasks(until);
        Ok(())
    }
    fn run_tasks(&mut self, until: usize) {
        while self.work.len() > until && self.check_lost().is_ok() {
            let b = self.work.pop(self.heap).unwrap_or(0);
            let a = self.work.pop(self.heap).unwrap_or(0);
            let w = self.work.pop(self.heap).unwrap_or(0);
            let Some(t) = T::from_u32(w & 0xff) else { continue };
            let from = self.work.len();
            self.heap.worked_here(200);
            let done = self.step(t, w >> 8, a, b);
            self.note(done);
            self.flip(from);
        }
    }

    // ---- entries ---------------------------------------------------------------------------------------------

    fn perform(&mut self, t: T, n: Node) {
        if self.muted == 0 {
            let until = self.work.len();
            self.add_on(t, n);
            self.run_tasks(until);
        }
    }
    /// Code that leaves the node's value on the stack.
    #[inline(always)]
    pub fn compile(&mut self, n: Node) -> R<()> {
        self.perform_node(n);
        Ok(())
    }
    fn perform_node(&mut self, n: Node) {
        self.perform(T::Node, n);
    }
    /// Code that stores the top of the stack.
    #[inline(always)]
    pub fn assign(&mut self, n: Node) -> R<()> {
        self.perform(T::Assign, n);
        Ok(())
    }
    #[inline(always)]
    pub fn augmented_load(&mut self, n: Node) -> R<()> {
        self.perform(T::AugLoad, n);
        Ok(())
    }
    #[inline(always)]
    pub fn augmented_store(&mut self, n: Node) -> R<()> {
        self.perform(T::AugStore, n);
        Ok(())
    }
    /// `del` of one target, or of a bare list of them.
    pub fn delete(&mut self, n: Node) -> R<()> {
        let t = if self.kind(n) == K::Bare { T::DeleteKids } else { T::Delete };
        self.perform(t, n);
        Ok(())
    }
    #[inline(always)]
    pub fn jump_cond(&mut self, n: Node, jump_if: bool, label: u32) -> R<()> {
        self.perform_cond(n, jump_if, label);
        Ok(())
    }
    fn perform_cond(&mut self, n: Node, jump_if: bool, label: u32) {
        if self.muted == 0 {
            let until = self.work.len();
            self.add_task(T::Cond as u32 | (jump_if as u32) << 8, n.0, label);
            self.run_tasks(until);
        }
    }
    /// The arguments of a call and the call itself; `extra` positional ones are on the stack already.
    #[inline(always)]
    pub fn call(&mut self, args: Node, extra: u32) -> R<()> {
        self.perform_parts(|c| c.call_tasks(args, extra, false));
        Ok(())
    }
    /// The function object of scope `s`, whose parameters are `params`.
    #[inline(always)]
    pub fn function(&mut self, params: Node, s: u32) -> R<()> {
        self.perform_parts(|c| c.defaults(params, s));
        Ok(())
    }
    fn perform_parts(&mut self, tasks: impl FnOnce(&mut Self) -> R<()>) {
        if self.muted == 0 {
            let until = self.work.len();
            let done = tasks(self);
            self.note(done);
            self.flip(until);
            self.run_tasks(until);
        }
    }

    fn step(&mut self, t: T, spare: u32, a: u32, b: u32) -> R<()> {
        let n = Node(a);
        let i = b as usize;
        match t {
            T::Node => self.node(n),
            T::Kids | T::Pairs => {
                if i < self.arity(n) {
                    let c = self.child(n, i);
                    if newer::UNPACKING && t == T::Pairs && self.kind(c) == K::DoubleStarArg {
                        self.on(T::Node, self.child(c, 0))?;
                        self.op(op::EXTENDED, extended::DICT_UPDATE)?;
                    } else {
                        self.on(T::Node, c)?;
                        if t == T::Pairs {
                            self.bare(op::STORE_MAP)?;
                        }
                    }
                    self.kids(t, n, i + 1)?;
                }
                Ok(())
            }
            T::Chain => {
                if let (Some(Leaf::Tok(o)), true) = (self.child(n, i).leaf(), i < self.arity(n)) {
                    self.on(T::Node, self.child(n, i + 1))?;
                    self.bare(op::BINARY_OP_MULTI.wrapping_add(o.binary_op()))?;
                    self.kids(T::Chain, n, i + 2)?;
                }
                Ok(())
            }
            T::Op => self.emit_arg(a as u8, b),
            T::Cond => self.condition(n, spare != 0, b),
            T::Trailers => self.trailers(n, i),
            T::Args => {
                if i < self.arity(n) {
                    self.on(T::Arg, self.child(n, i))?;
                    self.kids(T::Args, n, i + 1)?;
                }
                Ok(())
            }
            T::Arg => self.arg(n),
            T::Unpack if newer::UNPACKING => self.unpack_item(n, b),
            T::Unpack => Ok(()),
            T::Pattern => self.pattern(n, b),
            T::Assign => self.assign_to(n),
            T::AssignKids => {
                if i < self.arity(n) {
                    let c = self.child(n, i);
                    let c = if self.kind(c) == K::Star { self.child(c, 0) } else { c };
                    self.on(T::Assign, c)?;
                    self.kids(t, n, i + 1)?;
                }
                Ok(())
            }
            T::AugLoad => self.augment(n, true),
            T::AugStore => self.augment(n, false),
            T::Delete => self.delete_target(n),
            T::DeleteKids => {
                if i < self.arity(n) {
                    self.on(T::Delete, self.child(n, i))?;
                    self.kids(t, n, i + 1)?;
                }
                Ok(())
            }
            T::Lambda => self.lambda_body(n, b),
            T::Comp => self.comp_body(n, b),
            T::LeaveLambda => {
                if self.has_flag(op::scope::GENERATOR) {
                    self.emit(op::POP_TOP)?;
                    self.emit(op::LOAD_CONST_NONE)?;
                }
                self.emit(op::RETURN_VALUE)?;
                self.leave_scope()
            }
            T::Leave => self.leave_scope(),
        }
    }

    // ---- expressions -----------------------------------------------------------------------------------------

    fn leaf_value(&mut self, leaf: Leaf) -> R<()> {
        match leaf {
            Leaf::Name(i) => self.emit_arg(ir::LOAD_ID, i),
            Leaf::Str(i) => self.emit_arg(op::LOAD_CONST_STRING, i),
            Leaf::Tok(Tok::Ellipsis) => {
                let i = self.pool_index(crate::heap::Value::ELLIPSIS)?;
                self.emit_arg(op::LOAD_CONST_OBJ, i)
            }
            Leaf::Tok(Tok::False) => self.emit(op::LOAD_CONST_FALSE),
            Leaf::Tok(Tok::True) => self.emit(op::LOAD_CONST_TRUE),
            Leaf::Tok(_) => self.emit(op::LOAD_CONST_NONE),
        }
    }
    /// A new number for a constant object.
    fn pool_index(&mut self, v: crate::heap::Value) -> R<u32> {
        self.pool.push(self.heap, v.bits())?;
        Ok(self.pool.len() as u32 - 1)
    }

    fn node(&mut self, n: Node) -> R<()> {
        if let Some(i) = n.as_small() {
            return self.emit_small(i);
        }
        if let Some(leaf) = n.leaf() {
            return self.leaf_value(leaf);
        }
        if n.is_null() {
            return Ok(());
        }
        let line = self.line_of(n);
        self.emit_line(line)?;
        let arity = self.arity(n);
        match self.kind(n) {
            K::Const => {
                let v = self.const_of(n).unwrap_or(crate::heap::Value::NONE);
                let i = self.pool_index(v)?;
                self.emit_arg(op::LOAD_CONST_OBJ, i)
            }
            K::Bare => self.sequence(n, op::BUILD_TUPLE),
            K::Paren if self.kind(self.child(n, 0)) == K::Comp => {
                self.comp(self.child(n, 0), ScopeKind::GenExpr)
            }
            K::Paren => self.sequence(n, op::BUILD_TUPLE),
            K::List if self.kind(self.child(n, 0)) == K::Comp => {
                self.comp(self.child(n, 0), ScopeKind::ListComp)
            }
            K::List => self.sequence(n, op::BUILD_LIST),
            K::Brace => self.brace(n),
            K::Pair => {
                self.on(T::Node, self.child(n, 1))?;
                self.on(T::Node, self.child(n, 0))
            }
            K::Atom => {
                self.on(T::Node, self.child(n, 0))?;
                self.kids(T::Trailers, n, 1)
            }
            K::Await => {
                let allowed = matches!(self.scope_kind(), ScopeKind::Function | ScopeKind::Lambda);
                if !allowed && !self.comp_may_wait() {
                    return self.emit_error(msg::AWAIT_OUTSIDE, line);
                }
                self.on(T::Node, self.child(n, 0))?;
                self.kids(T::Trailers, n, 1)?;
                self.yield_from()
            }
            K::Call => self.call_tasks(n, 0, false),
            K::Index => {
                self.on(T::Node, self.child(n, 0))?;
                self.bare(op::LOAD_SUBSCR)
            }
            K::Attr => match self.child(n, 0).as_name() {
                Some(i) => self.op(op::LOAD_ATTR, i),
                None => Ok(()),
            },
            K::Slice => {
                for i in 0..2 {
                    match self.child(n, i) {
                        Node::NULL => self.bare(op::LOAD_CONST_NONE)?,
                        c => self.on(T::Node, c)?,
                    }
                }
                let step = self.child(n, 2);
                self.on(T::Node, step)?;
                self.op(op::BUILD_SLICE, if step.is_null() { 2 } else { 3 })
            }
            K::Lambda => {
                let s = self.new_scope(ScopeKind::Lambda, None)?;
                self.set_field(s, Field::Line, self.line_of(n));
                self.defaults(self.child(n, 0), s)?;
                self.task(T::Lambda, n.0, s)
            }
            K::IfElse => {
                let fail = self.new_labels(2);
                self.cond(self.child(n, 1), false, fail)?;
                self.on(T::Node, self.child(n, 0))?;
                self.op(op::JUMP, fail + 1)?;
                self.op(ir::LABEL, fail)?;
                self.op(ir::ADJUST, -1i8 as u8 as u32)?;
                self.on(T::Node, self.child(n, 2))?;
                self.op(ir::LABEL, fail + 1)
            }
            K::Or | K::And => {
                let end = self.new_label();
                let jump =
                    if self.kind(n) == K::Or { op::JUMP_IF_TRUE_OR_POP } else { op::JUMP_IF_FALSE_OR_POP };
                for i in 0..arity {
                    self.heap.worked(400);
                    self.on(T::Node, self.child(n, i))?;
                    if i + 1 < arity {
                        self.op(jump, end)?;
                    }
                }
                self.op(ir::LABEL, end)
            }
            K::Not => {
                self.on(T::Node, self.child(n, 0))?;
                self.bare(op::UNARY_OP_MULTI + 3)
            }
            K::Compare => self.compare(n),
            K::Chain => {
                self.on(T::Node, self.child(n, 0))?;
                self.kids(T::Chain, n, 1)
            }
            K::Unary => {
                self.on(T::Node, self.child(n, 1))?;
                let o = match self.child(n, 0).leaf() {
                    Some(Leaf::Tok(Tok::Plus)) => 0,
                    Some(Leaf::Tok(Tok::Minus)) => 1,
                    _ => 2,
                };
                self.bare(op::UNARY_OP_MULTI + o)
            }
            K::Yield | K::YieldFrom => self.yield_value(n),
            K::Walrus => self.walrus(n),
            K::Star => self.emit_error(msg::STAR_TARGET, line),
            K::As => self.emit_error(msg::SYNTAX, line),
            _ => self.kids(T::Kids, n, 0),
        }
    }

    /// Whether a display has items with stars.
    fn has_stars(&mut self, n: Node) -> bool {
        newer::UNPACKING
            && (0..self.arity(n)).any(|i| {
                self.heap.worked(80);
                self.kind(self.child(n, i)) == K::Star
            })
    }
    /// A display with stars: the items before the first star make the container, the others go into it one by one.
    pub fn unpacked(&mut self, n: Node, build: u8) -> R<()> {
        let set = build == op::BUILD_SET;
        let starred = |c: &Self, i| matches!(c.kind(c.child(n, i)), K::Star | K::StarArg);
        let first = (0..self.arity(n)).find(|i| starred(self, *i)).unwrap_or(0);
        for i in 0..first {
            self.on(T::Node, self.child(n, i))?;
            self.heap.worked(200);
        }
        self.op(if set { build } else { op::BUILD_LIST }, first as u32)?;
        self.task(T::Unpack, n.0, (first as u32) << 1 | set as u32)?;
        if build == op::BUILD_TUPLE { self.op(op::EXTENDED, extended::TO_TUPLE) } else { Ok(()) }
    }
    fn unpack_item(&mut self, n: Node, at: u32) -> R<()> {
        let (i, set) = ((at >> 1) as usize, at & 1 != 0);
        if i >= self.arity(n) {
            return Ok(());
        }
        let c = self.child(n, i);
        match self.kind(c) {
            K::Star | K::StarArg => {
                self.on(T::Node, self.child(c, 0))?;
                self.op(op::EXTENDED, if set { extended::SET_UPDATE } else { extended::LIST_EXTEND })?;
            }
            // Of a call: they are no items.
            K::KeywordArg | K::DoubleStarArg => {}
            _ => {
                self.on(T::Arg, c)?;
                self.op(op::STORE_COMP, 1 << 2 | if set { 2 } else { 0 })?;
            }
        }
        self.task(T::Unpack, n.0, at + 2)
    }
    fn sequence(&mut self, n: Node, build: u8) -> R<()> {
        if self.has_stars(n) {
            return self.unpacked(n, build);
        }
        self.kids(T::Kids, n, 0)?;
        self.op(build, self.arity(n) as u32)
    }

    fn brace(&mut self, n: Node) -> R<()> {
        let (first, arity) = (self.child(n, 0), self.arity(n));
        if self.kind(first) == K::Comp {
            let dict = self.kind(self.child(first, 0)) == K::Pair;
            return self.comp(first, if dict { ScopeKind::DictComp } else { ScopeKind::SetComp });
        }
        let pair = |c: &mut Self, n| {
            c.heap.worked(80);
            matches!(c.kind(n), K::Pair | K::DoubleStarArg)
        };
        let dict = first.is_null() || pair(self, first);
        if (0..arity).any(|i| pair(self, self.child(n, i)) != dict) {
            let line = self.line_of(if first.is_struct() { first } else { n });
            return self.emit_error(if dict { msg::DICT_VALUE } else { msg::SET_VALUE }, line);
        }
        if dict {
            self.op(op::BUILD_MAP, arity as u32)?;
            self.kids(T::Pairs, n, 0)
        } else {
            self.sequence(n, op::BUILD_SET)
        }
    }

    fn compare(&mut self, n: Node) -> R<()> {
        let arity = self.arity(n);
        let multi = arity > 3;
        let fail = if multi { self.new_labels(2) } else { 0 };
        self.on(T::Node, self.child(n, 0))?;
        for i in (1..arity).step_by(2) {
            let last = i + 2 >= arity;
            self.heap.worked(600);
            self.on(T::Node, self.child(n, i + 1))?;
            if !last {
                self.bare(op::DUP_TOP)?;
                self.bare(op::ROT_THREE)?;
            }
            if let Some(Leaf::Tok(o)) = self.child(n, i).leaf() {
                self.bare(op::BINARY_OP_MULTI.wrapping_add(o.binary_op()))?;
                if matches!(o, Tok::NotIn | Tok::IsNot) {
                    self.bare(op::UNARY_OP_MULTI + 3)?;
                }
            }
            if !last {
                self.op(op::JUMP_IF_FALSE_OR_POP, fail)?;
            }
        }
        if multi {
            self.op(op::JUMP, fail + 1)?;
            self.op(ir::LABEL, fail)?;
            self.op(ir::ADJUST, 1)?;
            self.bare(op::ROT_TWO)?;
            self.bare(op::POP_TOP)?;
            self.op(ir::LABEL, fail + 1)?;
        }
        Ok(())
    }

    /// A jump that takes `and`, `or` and `not` apart.
    fn condition(&mut self, n: Node, jump_if: bool, label: u32) -> R<()> {
        if let Some(truth) = self.truth_of(n) {
            return if truth == jump_if { self.op(op::JUMP, label) } else { Ok(()) };
        }
        let kind = self.kind(n);
        match kind {
            K::Or | K::And => {
                let arity = self.arity(n);
                if (kind == K::Or) == jump_if {
                    for i in 0..arity {
                        self.heap.worked(200);
                        self.cond(self.child(n, i), jump_if, label)?;
                    }
                    return Ok(());
                }
                let over = self.new_label();
                for i in 0..arity - 1 {
                    self.heap.worked(200);
                    self.cond(self.child(n, i), !jump_if, over)?;
                }
                self.cond(self.last_child(n), jump_if, label)?;
                self.op(ir::LABEL, over)
            }
            K::Not => self.cond(self.child(n, 0), !jump_if, label),
            _ => {
                self.on(T::Node, n)?;
                self.op(if jump_if { op::POP_JUMP_IF_TRUE } else { op::POP_JUMP_IF_FALSE }, label)
            }
        }
    }

    fn yield_value(&mut self, n: Node) -> R<()> {
        if !matches!(self.scope_kind(), ScopeKind::Function | ScopeKind::Lambda) {
            let line = self.line_of(n);
            return self.emit_error(msg::YIELD_OUTSIDE, line);
        }
        let c = self.child(n, 0);
        if self.kind(n) == K::YieldFrom {
            self.on(T::Node, c)?;
            return self.yield_from();
        }
        match c {
            Node::NULL => self.bare(op::LOAD_CONST_NONE)?,
            c => self.on(T::Node, c)?,
        }
        self.bare(op::YIELD_VALUE)
    }
    pub(super) fn yield_from(&mut self) -> R<()> {
        self.bare(op::GET_ITER)?;
        self.bare(op::LOAD_CONST_NONE)?;
        self.bare(op::YIELD_FROM)
    }

    pub fn walrus(&mut self, n: Node) -> R<()> {
        let Some(name) = self.child(n, 0).as_name() else {
            return self.emit_error(msg::CANNOT_ASSIGN, self.line_of(n));
        };
        self.on(T::Node, self.child(n, 1))?;
        self.bare(op::DUP_TOP)?;
        if self.scope_kind().is_comp() {
            self.op(ir::WALRUS, name)?;
        }
        self.op(ir::STORE_ID, name)
    }
}
