//! Functions: default values, parameters as declarations of their scope, lambdas.

use super::emit::T;
use super::ir;
use super::messages as msg;
use super::scope::Field;
use super::tree::{K, Node};
use super::{Compiler, newer};
use crate::code::op;
use crate::heap::R;
use crate::q;

/// A parameter without a name: the bare `*`.
pub const NO_NAME: u32 = 0x0fff_ffff;

/// Annotations of a parameter that its node holds, behind the name: one or, where they are not kept, none.
pub const ANNOTATED: usize = newer::ANNOTATIONS as usize;

impl Compiler<'_> {
    /// The annotations of the function on the stack, in the order of CPython 3.11 to 3.13: the parameters' as they stand,
    /// then the result's.
    pub fn annotate_function(&mut self, params: Node, result: Node) -> R<()> {
        let of = |me: &Self, i: usize| {
            let p = me.child(params, i);
            if me.kind(p) == K::Slash { Node::NULL } else { me.child(p, 1) }
        };
        let arity = self.arity(params);
        let n = (0..arity).filter(|i| !of(self, *i).is_null()).count() + !result.is_null() as usize;
        if !newer::ANNOTATIONS || n == 0 {
            return Ok(());
        }
        self.emit_arg(op::BUILD_MAP, n as u32)?;
        for i in 0..arity {
            let name = self.child(self.child(params, i), 0).as_name().unwrap_or(0);
            self.annotation_of(of(self, i), name)?;
        }
        let name = self.intern_value(q!("return"))?;
        self.annotation_of(result, name)?;
        self.emit_arg(op::EXTENDED, op::extended::ANNOTATE_FUNCTION)
    }
    fn annotation_of(&mut self, annotation: Node, name: u32) -> R<()> {
        if annotation.is_null() {
            return Ok(());
        }
        self.compile(annotation)?;
        self.emit_arg(op::LOAD_CONST_STRING, name)?;
        self.emit(op::STORE_MAP)
    }
    /// Default values, then the function object of scope `s`.
    pub fn defaults(&mut self, params: Node, s: u32) -> R<()> {
        self.op(ir::SCOPE, s)?;
        let (mut star, mut positional, mut keyword) = (false, 0, 0);
        for i in 0..self.arity(params) {
            let p = self.child(params, i);
            if self.kind(p) != K::Param {
                star |= self.kind(p) == K::StarParam;
                continue;
            }
            let value = self.child(p, 1 + ANNOTATED);
            if value.is_null() {
                if !star && positional > 0 {
                    return self.emit_error(msg::NON_DEFAULT, self.line_of(p));
                }
            } else if star {
                keyword += 1;
                if keyword == 1 {
                    if positional > 0 {
                        self.op(op::BUILD_TUPLE, positional)?;
                    } else {
                        self.bare(op::LOAD_NULL)?;
                    }
                    self.op(op::BUILD_MAP, 0)?;
                }
                self.on(T::Node, value)?;
                self.op(op::LOAD_CONST_STRING, self.child(p, 0).as_name().unwrap_or(0))?;
                self.bare(op::STORE_MAP)?;
            } else {
                positional += 1;
                self.on(T::Node, value)?;
            }
        }
        if positional > 0 && keyword == 0 {
            self.op(op::BUILD_TUPLE, positional)?;
            self.bare(op::LOAD_NULL)?;
        }
        self.set_field(s, Field::Defaults, positional);
        if keyword > 0 {
            let flags = self.field(s, Field::Flags) | op::scope::DEFKWARGS as u32;
            self.set_field(s, Field::Flags, flags);
        }
        self.op(ir::CLOSE, s)
    }
    /// The parameters as declarations, at the start of their scope.
    pub fn declare_params(&mut self, params: Node) -> R<()> {
        let arity = self.arity(params);
        let is_slash = |i: &usize| newer::POSITIONAL_ONLY && self.kind(self.child(params, *i)) == K::Slash;
        let slash = (0..arity).find(is_slash).unwrap_or(0);
        for i in 0..arity {
            let p = self.child(params, i);
            let line = self.line_of(p);
            let flags = match self.kind(p) {
                K::Slash => continue,
                K::StarParam
                    if newer::STRICT
                        && self.child(p, 0).is_null()
                        && self.kind(self.child(params, i + 1)) != K::Param =>
                {
                    return self.emit_error(msg::LONELY_STAR, line);
                }
                K::Param if i < slash => super::scope::PARAM | super::scope::POSITIONAL_ONLY,
                K::Param => super::scope::PARAM,
                K::StarParam => super::scope::PARAM | super::scope::STAR,
                _ => super::scope::PARAM | super::scope::DOUBLE_STAR,
            };
            let name = self.child(p, 0).as_name().unwrap_or(NO_NAME);
            self.emit_param(name, line, flags)?;
        }
        Ok(())
    }
    pub fn lambda_body(&mut self, n: Node, s: u32) -> R<()> {
        self.enter_scope(s)?;
        let line = self.line_of(n);
        self.emit_line(line)?;
        self.declare_params(self.child(n, 0))?;
        self.on(T::Node, self.child(n, 1))?;
        self.task(T::LeaveLambda, 0, 0)
    }
}
