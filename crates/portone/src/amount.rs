//! Sums as PortOne says them.

use crate::json::Json;

/// A sum as PortOne said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amount {
    /// A whole number: `10000`, `10000.0` and `1e4` alike.
    Whole(i64),
    /// Anything else, as text: a fraction, a string, a number too large to be exact.
    Odd(String),
}

impl Amount {
    pub(crate) fn of(json: &Json) -> Amount {
        match json {
            Json::Whole(number) if (-money::MAX..=money::MAX).contains(number) => Amount::Whole(*number),
            Json::Whole(number) => Amount::Odd(number.to_string()),
            // The shortest decimal of a float: `10000` for 10000.0, `10000.5` for a fraction.
            Json::Float(text) => match text.parse::<i64>() {
                Ok(number) if (-money::MAX..=money::MAX).contains(&number) => Amount::Whole(number),
                Ok(_) | Err(_) => Amount::Odd(text.clone()),
            },
            Json::Text(text) => Amount::Odd(format!("{:?}", crate::error::words(text))),
            Json::Null => Amount::Odd("null".to_owned()),
            Json::Bool(_) | Json::List(_) | Json::Map(_) => Amount::Odd("no number".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_exact_whole_number_is_whole() {
        let amount = |text: &str| crate::json::parse(text.as_bytes()).map(|json| Amount::of(&json));
        for text in ["10000", "10000.0", "1e4", "10000.00"] {
            assert_eq!(amount(text).unwrap(), Amount::Whole(10_000), "{text}");
        }
        for text in
            ["\"10000\"", "10000.5", "9007199254740992", "9007199254740993.0", "1e300", "null", "true"]
        {
            assert!(matches!(amount(text).unwrap(), Amount::Odd(_)), "{text}");
        }
        assert!(amount("1e400").is_err());
    }
}
