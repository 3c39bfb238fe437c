//! How Python writes floats: `repr`, and the types of the format mini-language.

use super::Float;
use super::digits::{Pace, Places, Rounded};
use crate::base::format_spec::{Number, Spec, put_number};
use crate::base::sink::{self, Put, Sink};

/// A float's text without its sign: lengths first, characters on request.
pub struct FloatText {
    negative: bool,
    body: Body,
    upper: bool,
    percent: bool,
}

enum Body {
    Word(&'static [u8; 3]),
    Digits {
        digits: Rounded,
        /// Digits before the point; not above zero means a lone 0 stands there.
        point: i32,
        /// Characters after the point.
        fraction: usize,
        /// A point stands even before an empty fraction.
        dot: bool,
        exponent: Option<i32>,
    },
}

/// From here on, and below 10^-4, `repr` takes an exponent.
const REPR_POINT: i32 = 16;

impl FloatText {
    /// The text that `repr` gives: shortest digits, and always a point or an exponent.
    pub fn repr(x: Float) -> FloatText {
        FloatText::new(x, 0, None, false)
    }

    /// `kind` is one of `e E f F g G n %` or 0; anything else writes as `g`. `None` as precision means
    /// shortest for 0, else 6.
    pub fn new(x: Float, kind: u8, precision: Option<u32>, alternate: bool) -> FloatText {
        FloatText::at(&mut Pace::none(), x, kind, precision, alternate)
    }

    #[inline(never)]
    fn at(pace: &mut Pace, x: Float, kind: u8, precision: Option<u32>, alternate: bool) -> FloatText {
        let percent = kind == b'%';
        let value = if percent { x * 100.0 } else { x };
        let upper = kind.is_ascii_uppercase();
        // The sign of a NaN is not shown.
        let negative = value.is_sign_negative() && !value.is_nan();
        let body = match value.abs() {
            size if size.is_nan() => Body::Word(if upper { b"NAN" } else { b"nan" }),
            Float::INFINITY => Body::Word(if upper { b"INF" } else { b"inf" }),
            size => Body::finite(pace, size, kind, precision, alternate),
        };
        FloatText { negative, body, upper, percent }
    }

    pub fn negative(&self) -> bool {
        self.negative
    }

    /// Characters before the point; none for `inf` and `nan`.
    pub fn whole_len(&self) -> usize {
        match &self.body {
            Body::Word(_) => 0,
            Body::Digits { point, .. } => (*point).max(1) as usize,
        }
    }

    /// The other characters, the sign apart.
    pub fn tail_len(&self) -> usize {
        let mut len = usize::from(self.percent);
        match &self.body {
            Body::Word(_) => len += 3,
            Body::Digits { fraction, dot, exponent, .. } => {
                len += usize::from(*dot) + fraction;
                if let Some(exponent) = exponent {
                    len += if exponent.abs() < 100 { 4 } else { 5 };
                }
            }
        }
        len
    }

    /// Everything but the sign.
    #[inline(never)]
    pub fn put(&self, sink: &mut dyn Sink) -> Put {
        match &self.body {
            Body::Word(word) => sink.write(*word)?,
            Body::Digits { digits, point, fraction, dot, exponent } => {
                let end = i64::from(*point) + *fraction as i64;
                let mut line =
                    Line { sink, at: (point - 1).min(0).into(), point: (*point).into(), dot: *dot };
                line.zeros_to(end.min(0))?;
                digits.each(&mut |digit| line.put(digit))?;
                line.zeros_to(end)?;
                if let Some(exponent) = exponent {
                    sink.put(if self.upper { b'E' } else { b'e' })?;
                    sink.put(if *exponent < 0 { b'-' } else { b'+' })?;
                    if exponent.abs() < 10 {
                        sink.put(b'0')?;
                    }
                    sink::put_u64(sink, exponent.unsigned_abs().into(), 10, false)?;
                }
            }
        }
        if self.percent { sink.put(b'%') } else { Ok(()) }
    }
}

/// Writes digits by their place in `0.d1d2d3…`, counted from 0; places below 0 are the zeros in front.
struct Line<'a> {
    sink: &'a mut dyn Sink,
    at: i64,
    point: i64,
    dot: bool,
}

impl Line<'_> {
    fn put(&mut self, digit: u8) -> Put {
        self.sink.put(digit)?;
        self.at += 1;
        if self.at == self.point && self.dot { self.sink.put(b'.') } else { Ok(()) }
    }

    fn zeros_to(&mut self, end: i64) -> Put {
        while self.at < end {
            self.put(b'0')?;
        }
        Ok(())
    }
}

impl Body {
    fn finite(pace: &mut Pace, x: Float, kind: u8, precision: Option<u32>, alternate: bool) -> Body {
        // Only the bare type adds `.0` to what looks like an int.
        let bare = kind == 0;
        let wanted = precision.unwrap_or(6);
        let places = match kind {
            b'e' | b'E' => Places::Significant(wanted.saturating_add(1)),
            b'f' | b'F' | b'%' => Places::AfterPoint(wanted),
            _ => Places::Significant(wanted.max(1)),
        };
        let digits = match precision {
            _ if x == 0.0 => Rounded::zero(),
            None if bare => Rounded::shortest(x),
            _ => Rounded::new(x, places, pace),
        };
        let mut point = digits.point;
        let mut exponent = None;
        let fraction = match places {
            Places::AfterPoint(n) => i64::from(n),
            Places::Significant(n) => {
                let limit = match precision {
                    None if bare => i64::from(REPR_POINT),
                    _ => i64::from(n) - i64::from(bare),
                };
                let fixed_width = matches!(kind, b'e' | b'E');
                if fixed_width || point <= -4 || i64::from(point) > limit {
                    exponent = Some(point - 1);
                    point = 1;
                }
                let shown = match precision {
                    None if bare => digits.len as i64,
                    _ if fixed_width || alternate => i64::from(n),
                    _ => digits.len as i64,
                };
                (shown - i64::from(point)).max((bare && exponent.is_none()).into())
            }
        };
        let fraction = fraction.max(0) as usize;
        Body::Digits { digits, point, fraction, dot: fraction > 0 || alternate, exponent }
    }
}

fn put_text(sink: &mut dyn Sink, text: &FloatText, spec: &Spec) -> Put {
    let number =
        Number { negative: text.negative(), prefix: &[], digits: text.whole_len(), tail: text.tail_len() };
    put_number(sink, spec, &number, &mut |sink| text.put(sink))
}

pub fn put_repr(sink: &mut dyn Sink, x: Float) -> Put {
    put_text(sink, &FloatText::repr(x), &Spec::PLAIN)
}

/// `format(x, spec)` and `'%…' % x`: types `e E f F g G n %` and none; any other writes as `g`.
pub fn put_spec(sink: &mut dyn Sink, x: Float, spec: &Spec) -> Put {
    let text = FloatText::at(&mut Pace::of(sink), x, spec.kind, spec.precision, spec.alternate);
    put_text(sink, &text, spec)
}
