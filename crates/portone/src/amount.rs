//! Sums as PortOne says them.

use crate::json::Json;

/// A sum as PortOne said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amount {
    /// A whole number, at most 2⁵³ − 1 on either side of zero: `10000`, `10000.0` and `1e4` alike.
    Whole(i64),
    /// Anything else, as PortOne wrote it: a fraction, a string, a number too large.
    ///
    /// Source: PortOne V1 `PaymentAnnotation.amount` is a number, with a fraction for some currencies.
    Odd(String),
}

impl Amount {
    pub(crate) fn of(json: &Json) -> Amount {
        match json {
            Json::Number(text) => {
                whole(text).map_or_else(|| Amount::Odd(crate::error::words(text)), Amount::Whole)
            }
            Json::Text(text) => Amount::Odd(format!("{:?}", crate::error::words(text))),
            Json::Null => Amount::Odd("null".to_owned()),
            Json::Bool(value) => Amount::Odd(value.to_string()),
            Json::List(_) | Json::Map(_) => Amount::Odd("no number".to_owned()),
        }
    }
}

/// The number that this JSON number is, digit by digit: never over a float, which would round it. `None` for a fraction
/// or beyond [`money::MAX`].
pub(crate) fn whole(number: &str) -> Option<i64> {
    let (negative, number) = match number.strip_prefix('-') {
        Some(number) => (true, number),
        None => (false, number),
    };
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{before}{after}");
    let significant = digits.trim_end_matches('0');
    let cut = i64::try_from(digits.len().checked_sub(significant.len())?).ok()?;
    let significant = significant.trim_start_matches('0');
    if significant.is_empty() {
        return Some(0);
    }
    // The number is `significant` × 10^zeros.
    let zeros =
        exponent.parse::<i64>().ok()?.checked_sub(i64::try_from(after.len()).ok()?)?.checked_add(cut)?;
    // A negative power leaves a fraction.
    let power = 10_i64.checked_pow(u32::try_from(zeros).ok()?)?;
    let value = significant.parse::<i64>().ok()?.checked_mul(power).filter(|value| *value <= money::MAX)?;
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::of(&crate::json::parse(text.as_bytes()).unwrap())
    }

    #[test]
    fn an_exact_whole_number_is_whole_however_it_is_written() {
        for text in
            ["10000", "10000.0", "1e4", "1E4", "1e+4", "10000.000", "100000e-1", "1000000.0e-2", "0.1e5"]
        {
            assert_eq!(amount(text), Amount::Whole(10_000), "{text}");
        }
        for text in ["0", "-0", "0.0", "0e999", "0e-99999999999999999999"] {
            assert_eq!(amount(text), Amount::Whole(0), "{text}");
        }
        assert_eq!(amount("-1"), Amount::Whole(-1));
        assert_eq!(amount("9007199254740991"), Amount::Whole(money::MAX));
        assert_eq!(amount("-9007199254740991.0"), Amount::Whole(-money::MAX));
    }

    #[test]
    fn anything_else_is_odd_and_keeps_its_text() {
        for text in [
            "10000.5",
            "10000.0000000000000001",
            "9999.9999999999999999",
            "1e-1",
            "9007199254740992",
            "9007199254740993",
            "9007199254740993.0",
            "9223372036854775808",
            "1e16",
            "1e400",
            "1e99999999999999999999",
            "1e-99999999999999999999",
            "\"10000\"",
            "null",
            "true",
        ] {
            assert_eq!(amount(text), Amount::Odd(text.to_owned()), "{text}");
        }
        assert!(matches!(amount("[10000]"), Amount::Odd(_)));
        assert!(matches!(amount(&"9".repeat(1 << 20)), Amount::Odd(text) if text.len() <= 200));
    }

    /// Whatever whole number it is: each way of writing it reads back as that number, and never as another one where a
    /// digit below one is added.
    #[test]
    fn every_way_of_writing_a_number_reads_back_as_that_number() {
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        for round in 0..5_000_u32 {
            // xorshift64: numbers of every length, the same ones in each run.
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            let number = (seed % 9_007_199_254_740_992 / 10_u64.pow(round % 16)).max(1);
            let number = i64::try_from(number).unwrap();
            let text = number.to_string();
            for zeros in 0..4_usize {
                let (head, tail) = text.split_at(text.len().saturating_sub(zeros));
                let head = if head.is_empty() { "0" } else { head };
                let exponent = tail.len();
                for written in [
                    format!("{text}.{}", "0".repeat(zeros + 1)),
                    format!("{head}.{tail}0e{exponent}"),
                    format!("{text}{}e-{zeros}", "0".repeat(zeros)),
                ] {
                    assert_eq!(amount(&written), Amount::Whole(number), "{written}");
                }
                let fraction = format!("{text}.{}1", "0".repeat(zeros * 8));
                assert_eq!(amount(&fraction), Amount::Odd(fraction.clone()));
            }
        }
    }
}
