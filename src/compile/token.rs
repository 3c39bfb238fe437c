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

static KEYWORDS: [(&[u8], Tok); 35] = [
    (b"False", Tok::False),
    (b"None", Tok::None),
    (b"True", Tok::True),
    (b"and", Tok::And),
    (b"as", Tok::As),
    (b"assert", Tok::Assert),
    (b"async", Tok::Async),
    (b"await", Tok::Await),
    (b"break", Tok::Break),
    (b"class", Tok::Class),
    (b"continue", Tok::Continue),
    (b"def", Tok::Def),
    (b"del", Tok::Del),
    (b"elif", Tok::Elif),
    (b"else", Tok::Else),
    (b"except", Tok::Except),
    (b"finally", Tok::Finally),
    (b"for", Tok::For),
    (b"from", Tok::From),
    (b"global", Tok::Global),
    (b"if", Tok::If),
    (b"import", Tok::Import),
    (b"in", Tok::In),
    (b"is", Tok::Is),
    (b"lambda", Tok::Lambda),
    (b"nonlocal", Tok::Nonlocal),
    (b"not", Tok::Not),
    (b"or", Tok::Or),
    (b"pass", Tok::Pass),
    (b"raise", Tok::Raise),
    (b"return", Tok::Return),
    (b"try", Tok::Try),
    (b"while", Tok::While),
    (b"with", Tok::With),
    (b"yield", Tok::Yield),
];

pub fn keyword(text: &[u8]) -> Option<Tok> {
    let i = KEYWORDS.binary_search_by(|(k, _)| (*k).cmp(text)).ok()?;
    KEYWORDS.get(i).map(|k| k.1)
}

/// Longest first, so that the first match is the token.
static OPERATORS: [(&[u8], Tok); 47] = [
    (b"<<=", Tok::ShiftLeftEq),
    (b">>=", Tok::ShiftRightEq),
    (b"**=", Tok::StarStarEq),
    (b"//=", Tok::SlashSlashEq),
    (b"...", Tok::Ellipsis),
    (b"<<", Tok::ShiftLeft),
    (b">>", Tok::ShiftRight),
    (b"**", Tok::StarStar),
    (b"//", Tok::SlashSlash),
    (b"<=", Tok::LessEqual),
    (b">=", Tok::MoreEqual),
    (b"==", Tok::Equal),
    (b"!=", Tok::NotEqual),
    (b"->", Tok::Arrow),
    (b":=", Tok::Walrus),
    (b"+=", Tok::PlusEq),
    (b"-=", Tok::MinusEq),
    (b"*=", Tok::StarEq),
    (b"/=", Tok::SlashEq),
    (b"%=", Tok::PercentEq),
    (b"&=", Tok::AmpersandEq),
    (b"|=", Tok::PipeEq),
    (b"^=", Tok::CaretEq),
    (b"@=", Tok::AtEq),
    (b"(", Tok::ParenOpen),
    (b")", Tok::ParenClose),
    (b",", Tok::Comma),
    (b".", Tok::Period),
    (b"=", Tok::Assign),
    (b":", Tok::Colon),
    (b"[", Tok::BracketOpen),
    (b"]", Tok::BracketClose),
    (b"{", Tok::BraceOpen),
    (b"}", Tok::BraceClose),
    (b"+", Tok::Plus),
    (b"-", Tok::Minus),
    (b"*", Tok::Star),
    (b"/", Tok::Slash),
    (b"%", Tok::Percent),
    (b"<", Tok::Less),
    (b">", Tok::More),
    (b"&", Tok::Ampersand),
    (b"|", Tok::Pipe),
    (b"^", Tok::Caret),
    (b"~", Tok::Tilde),
    (b"@", Tok::At),
    (b";", Tok::Semicolon),
];

/// The operator that `ahead` starts with, and its length.
pub fn operator(ahead: [u8; 3]) -> Option<(Tok, usize)> {
    OPERATORS.iter().find(|(text, _)| ahead.starts_with(text)).map(|(text, t)| (*t, text.len()))
}
