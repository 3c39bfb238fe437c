//! The tree of one statement: nodes are words in one scratch vector, freed when the statement is emitted.
//!
//! Invariants
//! - a node is 0 (absent), a small int (bit 0), a leaf (`…10`: name, string or token) or four times the index of a
//!   struct: `kind << 24 | children`, line, children;
//! - children stand below their parent in the vector, so cutting the vector at a mark frees whole trees.

use super::token::Tok;
use super::{Compiler, MAX_CHILDREN};
use crate::heap::{R, Value};

#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct Node(pub u32);

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident)*) => {
        #[derive(Clone, Copy, PartialEq, Eq)]
        #[cfg_attr(test, derive(Debug))]
        #[repr(u8)]
        pub enum K { $($(#[$doc])* $name),* }
        const ALL: &[K] = &[$(K::$name),*];
    };
}

kinds! {
    /// Not a struct.
    None
    /// A constant object: its value's bits.
    Const
    /// Items separated by commas, without brackets.
    Bare
    /// `(a, b)`, `()`; or one `Comp`.
    Paren
    /// `[a, b]`; or one `Comp`.
    List
    /// `{a, b}`, `{a: b}` (items are `Pair`s); or one `Comp`.
    Brace
    /// Key, value.
    Pair
    /// Element, then `CompFor` and `CompIf` in order.
    Comp
    /// Target, source.
    CompFor
    /// As `CompFor`, of `async for`.
    AsyncCompFor
    /// Condition.
    CompIf
    /// A base and its trailers (`Call`, `Index`, `Attr`).
    Atom
    /// As `Atom`, with `await` before it.
    Await
    /// Arguments: expressions, `StarArg`, `DoubleStarArg`, `KeywordArg`, `WalrusArg`, `Comp`.
    Call
    Index
    Attr
    StarArg
    DoubleStarArg
    KeywordArg
    WalrusArg
    /// Start, stop, step.
    Slice
    /// Parameters (`Params`), body.
    Lambda
    /// The parameters of a `def`.
    Params
    /// Name, default.
    Param
    /// Name or nothing.
    StarParam
    DoubleStarParam
    /// Value, condition, other value.
    IfElse
    Or
    And
    Not
    /// `a < b <= c`: operands and operators in turn.
    Compare
    /// Operands and operators of one precedence in turn.
    Chain
    /// Operator, operand.
    Unary
    /// Value or nothing.
    Yield
    YieldFrom
    /// Name, value.
    Walrus
    Star
    /// `as`: what stands before it (a pattern, or an item of a `with`), and the target.
    As
    /// The `/` among parameters.
    Slash
}

/// What a leaf holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Leaf {
    Name(u32),
    Str(u32),
    Tok(Tok),
}

impl Node {
    pub const NULL: Node = Node(0);

    pub fn small(n: i32) -> Node {
        Node((n as u32) << 1 | 1)
    }
    pub fn name(i: u32) -> Node {
        Node(i << 4 | 2)
    }
    pub fn str(i: u32) -> Node {
        Node(i << 4 | 1 << 2 | 2)
    }
    pub fn tok(t: Tok) -> Node {
        Node((t as u32) << 4 | 2 << 2 | 2)
    }
    pub fn is_null(self) -> bool {
        self.0 == 0
    }
    pub fn as_small(self) -> Option<i32> {
        if self.0 & 1 != 0 { Some(self.0 as i32 >> 1) } else { None }
    }
    pub fn is_struct(self) -> bool {
        self.0 & 3 == 0 && self.0 != 0
    }
    pub fn leaf(self) -> Option<Leaf> {
        if self.0 & 3 != 2 {
            return None;
        }
        let arg = self.0 >> 4;
        Some(match self.0 >> 2 & 3 {
            0 => Leaf::Name(arg),
            1 => Leaf::Str(arg),
            _ => Leaf::Tok(Tok::from_u32(arg)),
        })
    }
    /// A leaf or a small int: equal ones are equal words.
    #[cfg(feature = "match")]
    pub fn leaf_or_small(self) -> bool {
        self.0 & 3 != 0
    }
    pub fn as_name(self) -> Option<u32> {
        match self.leaf() {
            Some(Leaf::Name(i)) => Some(i),
            _ => None,
        }
    }
}

impl Compiler<'_> {
    fn node_word(&self, n: Node, i: usize) -> u32 {
        if !n.is_struct() {
            return 0;
        }
        self.tree.get(self.heap, (n.0 >> 2) as usize + i).unwrap_or(0)
    }
    pub fn kind(&self, n: Node) -> K {
        ALL.get((self.node_word(n, 0) >> 24) as usize).copied().unwrap_or(K::None)
    }
    /// Number of children.
    pub fn arity(&self, n: Node) -> usize {
        (self.node_word(n, 0) & 0xff_ffff) as usize
    }
    /// The line of a struct; 0 for anything else.
    pub fn line_of(&self, n: Node) -> u32 {
        self.node_word(n, 1)
    }
    pub fn child(&self, n: Node, i: usize) -> Node {
        if i < self.arity(n) { Node(self.node_word(n, i + 2)) } else { Node::NULL }
    }
    pub fn last_child(&self, n: Node) -> Node {
        self.child(n, self.arity(n).wrapping_sub(1))
    }

    /// A struct whose children are the last `n` words of the parser's value stack, which it takes off.
    pub fn build(&mut self, kind: K, line: u32, n: usize) -> R<Node> {
        if n > MAX_CHILDREN {
            return Err(self.syntax_error("too many items", line));
        }
        let at = self.new_node(kind, line, n)?;
        let from = self.vals.len().saturating_sub(n);
        for i in from..self.vals.len() {
            let w = self.vals.get(self.heap, i).unwrap_or(0);
            self.tree.push(self.heap, w)?;
            self.heap.worked(80);
        }
        self.vals.truncate(from);
        Ok(at)
    }
    /// `build`, and the node back on the value stack.
    #[inline(always)]
    pub fn make(&mut self, kind: K, line: u32, n: usize) -> R<()> {
        self.make_val(kind, line, n);
        Ok(())
    }
    fn make_val(&mut self, kind: K, line: u32, n: usize) {
        match self.build(kind, line, n) {
            Ok(node) => self.add_val(node),
            Err(_) => self.lost = true,
        }
    }
    fn new_node(&mut self, kind: K, line: u32, n: usize) -> R<Node> {
        // Index 0 would read as an absent node.
        if self.tree.is_empty() {
            self.tree.push(self.heap, 0)?;
        }
        let at = Node((self.tree.len() as u32) << 2);
        self.tree.reserve(self.heap, n + 2)?;
        self.tree.push(self.heap, (kind as u32) << 24 | n as u32)?;
        self.tree.push(self.heap, line)?;
        Ok(at)
    }
    /// The node of a constant object, whatever it is.
    pub fn const_node(&mut self, v: Value, line: u32) -> R<Node> {
        self.heap.keep(v)?;
        let at = self.new_node(K::Const, line, 1)?;
        self.tree.push(self.heap, v.bits())?;
        Ok(at)
    }
    /// The node of an object, which is a small int where it fits.
    pub fn value_node(&mut self, v: Value, line: u32) -> R<Node> {
        match v.as_small() {
            Some(n) if (!self.options.small_max..=self.options.small_max).contains(&n) => Ok(Node::small(n)),
            _ => self.const_node(v, line),
        }
    }
    /// The object of a `Const` node.
    pub fn const_of(&self, n: Node) -> Option<Value> {
        if self.kind(n) == K::Const { Value::from_bits(self.node_word(n, 2)) } else { None }
    }

    #[inline(always)]
    pub fn push_val(&mut self, n: Node) -> R<()> {
        self.add_val(n);
        Ok(())
    }
    fn add_val(&mut self, n: Node) {
        let done = self.vals.push(self.heap, n.0);
        self.note(done);
    }
    pub fn pop_val(&mut self) -> Node {
        Node(self.vals.pop(self.heap).unwrap_or(0))
    }
    /// The value `i` places below the top.
    pub fn peek_val(&self, i: usize) -> Node {
        Node(self.vals.len().checked_sub(i + 1).and_then(|at| self.vals.get(self.heap, at)).unwrap_or(0))
    }
}
