//! Tokens: their kinds, the keyword table and the operator table.
//!
//! Invariants
//! - operators that the bytecode knows stand in the order of its operator numbers, so a kind converts by subtraction.

macro_rules! tokens {
    ($($name:ident)*) => {
        /// The kind of a token.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
        #[cfg_attr(test, derive(Debug))]
        #[repr(u8)]
        pub enum Tok { $($name),* }
        const ALL: &[Tok] = &[$(Tok::$name),*];
    };
}

tokens! {
    End Invalid BadDedent LonelyString BadFString
    Newline Indent Dedent
    Name Integer Float Str Bytes Ellipsis
    False None True
    And As Assert Async Await Break Class Continue Def Del Elif Else Except Finally For From Global If Import In Is
    Lambda Nonlocal Not Or Pass Raise Return Try While With Yield
    Walrus Tilde
    Less More Equal LessEqual MoreEqual NotEqual
    NotIn IsNot
    Pipe Caret Ampersand ShiftLeft ShiftRight Plus Minus Star At SlashSlash Slash Percent StarStar
    PipeEq CaretEq AmpersandEq ShiftLeftEq ShiftRightEq PlusEq MinusEq StarEq AtEq SlashSlashEq SlashEq PercentEq StarStarEq
    ParenOpen ParenClose BracketOpen BracketClose BraceOpen BraceClose
    Comma Colon Period Semicolon Assign Arrow
}

impl Tok {
    pub fn from_u32(n: u32) -> Tok {
        ALL.get(n as usize).copied().unwrap_or(Tok::Invalid)
    }
    /// `+=` and its like.
    pub fn is_augmented(self) -> bool {
        self >= Tok::PipeEq && self <= Tok::StarStarEq
    }
    /// The number of the bytecode's binary operator, for comparisons and arithmetic.
    pub fn binary_op(self) -> u8 {
        match self {
            Tok::In | Tok::NotIn => 6,
            Tok::Is | Tok::IsNot => 7,
            t if t >= Tok::PipeEq && t <= Tok::StarStarEq => 9 + (t as u8 - Tok::PipeEq as u8),
            t if t >= Tok::Pipe && t <= Tok::StarStar => 22 + (t as u8 - Tok::Pipe as u8),
            t => (t as u8).wrapping_sub(Tok::Less as u8),
        }
    }
}

/// Sorted, and in the order of their kinds, which begin with `False`.
static KEYWORDS: [[u8; 8]; 35] = [
    pad(b"False"),
    pad(b"None"),
    pad(b"True"),
    pad(b"and"),
    pad(b"as"),
    pad(b"assert"),
    pad(b"async"),
    pad(b"await"),
    pad(b"break"),
    pad(b"class"),
    pad(b"continue"),
    pad(b"def"),
    pad(b"del"),
    pad(b"elif"),
    pad(b"else"),
    pad(b"except"),
    pad(b"finally"),
    pad(b"for"),
    pad(b"from"),
    pad(b"global"),
    pad(b"if"),
    pad(b"import"),
    pad(b"in"),
    pad(b"is"),
    pad(b"lambda"),
    pad(b"nonlocal"),
    pad(b"not"),
    pad(b"or"),
    pad(b"pass"),
    pad(b"raise"),
    pad(b"return"),
    pad(b"try"),
    pad(b"while"),
    pad(b"with"),
    pad(b"yield"),
];

const fn pad<const N: usize>(text: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    let mut i = 0;
    while i < text.len() {
        out[i] = text[i];
        i += 1;
    }
    out
}

pub fn keyword(text: &[u8]) -> Option<Tok> {
    let mut key = [0; 8];
    key.get_mut(..text.len())?.copy_from_slice(text);
    let i = KEYWORDS.binary_search(&key).ok()?;
    ALL.get(Tok::False as usize + i).copied()
}

/// Longest first, so that the first match is the token.
static OPERATORS: [([u8; 3], Tok); 47] = [
    (pad(b"<<="), Tok::ShiftLeftEq),
    (pad(b">>="), Tok::ShiftRightEq),
    (pad(b"**="), Tok::StarStarEq),
    (pad(b"//="), Tok::SlashSlashEq),
    (pad(b"..."), Tok::Ellipsis),
    (pad(b"<<"), Tok::ShiftLeft),
    (pad(b">>"), Tok::ShiftRight),
    (pad(b"**"), Tok::StarStar),
    (pad(b"//"), Tok::SlashSlash),
    (pad(b"<="), Tok::LessEqual),
    (pad(b">="), Tok::MoreEqual),
    (pad(b"=="), Tok::Equal),
    (pad(b"!="), Tok::NotEqual),
    (pad(b"->"), Tok::Arrow),
    (pad(b":="), Tok::Walrus),
    (pad(b"+="), Tok::PlusEq),
    (pad(b"-="), Tok::MinusEq),
    (pad(b"*="), Tok::StarEq),
    (pad(b"/="), Tok::SlashEq),
    (pad(b"%="), Tok::PercentEq),
    (pad(b"&="), Tok::AmpersandEq),
    (pad(b"|="), Tok::PipeEq),
    (pad(b"^="), Tok::CaretEq),
    (pad(b"@="), Tok::AtEq),
    (pad(b"("), Tok::ParenOpen),
    (pad(b")"), Tok::ParenClose),
    (pad(b","), Tok::Comma),
    (pad(b"."), Tok::Period),
    (pad(b"="), Tok::Assign),
    (pad(b":"), Tok::Colon),
    (pad(b"["), Tok::BracketOpen),
    (pad(b"]"), Tok::BracketClose),
    (pad(b"{"), Tok::BraceOpen),
    (pad(b"}"), Tok::BraceClose),
    (pad(b"+"), Tok::Plus),
    (pad(b"-"), Tok::Minus),
    (pad(b"*"), Tok::Star),
    (pad(b"/"), Tok::Slash),
    (pad(b"%"), Tok::Percent),
    (pad(b"<"), Tok::Less),
    (pad(b">"), Tok::More),
    (pad(b"&"), Tok::Ampersand),
    (pad(b"|"), Tok::Pipe),
    (pad(b"^"), Tok::Caret),
    (pad(b"~"), Tok::Tilde),
    (pad(b"@"), Tok::At),
    (pad(b";"), Tok::Semicolon),
];

/// The operator that `ahead` starts with, and its length.
pub fn operator(ahead: [u8; 3]) -> Option<(Tok, usize)> {
    let length = |text: &[u8; 3]| text.iter().filter(|b| **b != 0).count();
    let (text, t) =
        OPERATORS.iter().find(|(text, _)| ahead.starts_with(text.get(..length(text)).unwrap_or(text)))?;
    Some((*t, length(text)))
}
