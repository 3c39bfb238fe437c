//! What the compiler says about programs that it refuses: the texts that belong to a newer syntax go with it.

use super::newer::{EXCEPT_STAR, MATCH, STRICT};

macro_rules! messages {
    ($($name:ident = $text:literal $(if $there:ident)?;)*) => {
        messages!(@number 0u32; $($name)*);
        static TEXTS: &[&str] = &[$(if true $(&& $there)? { $text } else { "" }),*];
    };
    (@number $n:expr; $name:ident $($rest:ident)*) => {
        pub const $name: u32 = $n;
        messages!(@number $n + 1; $($rest)*);
    };
    (@number $n:expr;) => {};
}

messages! {
    SYNTAX = "invalid syntax";
    CANNOT_ASSIGN = "can't assign to expression";
    CANNOT_DELETE = "can't delete expression";
    TWO_STARS = "multiple *x in assignment";
    STAR_TARGET = "*x must be assignment target";
    NON_DEFAULT = "non-default argument follows default argument";
    BAD_DECORATOR = "invalid micropython decorator";
    NATIVE_DECORATOR = "native code not supported";
    OUTSIDE_LOOP = "'break'/'continue' outside loop";
    RETURN_OUTSIDE = "'return' outside function";
    YIELD_OUTSIDE = "'yield' outside function";
    AWAIT_OUTSIDE = "'await' outside function";
    ASYNC_OUTSIDE = "async for/with outside async function";
    STAR_IMPORT = "import * not at module level";
    REDEFINED_GLOBAL = "identifier redefined as global";
    REDEFINED_NONLOCAL = "identifier redefined as nonlocal";
    NO_NONLOCAL = "no binding for nonlocal found";
    NONLOCAL_OUTER = "can't declare nonlocal in outer code";
    DEFAULT_EXCEPT = "default 'except' must be last";
    STAR_AFTER_DOUBLE = "* arg after **";
    STAR_AFTER_KEYWORD = "* arg after kwarg";
    TOO_MANY_ARGS = "too many args";
    TOO_LARGE = "too many variables or nested blocks";
    KEYWORD_NAME = "LHS of keyword arg must be an id";
    AFTER_DOUBLE = "positional arg after **";
    AFTER_KEYWORD = "positional arg after keyword arg";
    DICT_VALUE = "expecting key:value for dict";
    SET_VALUE = "expecting just a value for set";
    ARGUMENT_REUSED = "argument name reused";
    LONELY_STAR = "named arguments must follow bare *";
    KEYWORD_TWICE = "keyword argument repeated" if STRICT;
    LONELY_GENERATOR = "Generator expression must be parenthesized" if STRICT;
    CANNOT_ANNOTATE = "only single target can be annotated" if STRICT;
    TRAILING_COMMA = "trailing comma not allowed without surrounding parentheses" if STRICT;
    MIXED_HANDLERS = "cannot have both 'except' and 'except*' on the same 'try'" if EXCEPT_STAR;
    LEAVES_STAR = "'break', 'continue' and 'return' cannot appear in an 'except*' block" if EXCEPT_STAR;
    BAD_PATTERN = "invalid pattern" if MATCH;
    BOUND_TWICE = "multiple assignments to a name in pattern" if MATCH;
    BOUND_DIFFERENTLY = "alternative patterns bind different names" if MATCH;
    UNREACHABLE = "pattern makes remaining patterns unreachable" if MATCH;
    NO_SELF = "super() can't find self";
}

pub fn text(i: u32) -> &'static str {
    TEXTS.get(i as usize).copied().unwrap_or("invalid syntax")
}
