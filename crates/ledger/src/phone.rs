//! Korean phone numbers, in any spelling.

use crate::error::LedgerError;

/// Digits in the domestic form, for example `01012345678`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone(String);

/// The digits of a spelling: separators dropped, full-width digits read, +82 and 0082 turned into 0. `None` when there is
/// anything else in it.
pub(crate) fn digits(spelling: &str) -> Option<String> {
    let spelling = spelling.trim_matches(is_separator);
    let (international, rest) = match spelling.strip_prefix(['+', '＋']) {
        Some(rest) => (true, rest),
        None => (false, spelling),
    };
    let mut digits = String::with_capacity(rest.len());
    for character in rest.chars() {
        match character {
            '0'..='9' => digits.push(character),
            '０'..='９' => {
                let value = u32::from(character).checked_sub(u32::from('０'))?;
                digits.push(char::from_digit(value, 10)?);
            }
            other if is_separator(other) => {}
            _ => return None,
        }
    }
    let international = if digits.starts_with("0082") {
        digits.drain(..2);
        true
    } else {
        international || (digits.starts_with("82") && digits.len() >= 11)
    };
    if international {
        let domestic = digits.strip_prefix("82")?;
        digits = format!("0{}", domestic.trim_start_matches('0'));
    }
    Some(digits)
}

/// What people, phones and spreadsheets put between digits: blanks, every kind of dash, points, brackets, and marks that
/// are not seen (a number copied from a messenger often carries some).
fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '-' | '.' | ',' | '/' | '~' | '_' | '(' | ')' | '·' | '・'
                | '\u{2010}'..='\u{2015}' // hyphens and dashes
                | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | 'ー' | '\u{ff0d}' | '．' | '（' | '）' | '／' | '～'
                | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
                | '\u{feff}'
        )
}

/// Area codes but Seoul's 02. Source: 과학기술정보통신부, 전기통신번호관리세칙.
const AREAS: [&str; 16] = [
    "031", "032", "033", "041", "042", "043", "044", "051", "052", "053", "054", "055", "061", "062", "063",
    "064",
];

impl Phone {
    /// Reads any spelling: `010-1234-5678`, `01012345678`, `+82 10 1234 5678`.
    ///
    /// # Errors
    /// [`LedgerError::BadPhone`] when it is no Korean number: 010 (11 digits), the older 01x (10 or 11), area codes
    /// (9 to 11), 070 and 080 (10 or 11), and 050x (11 or 12). One digit too few is what fingers do.
    pub fn parse(spelling: &str) -> Result<Phone, LedgerError> {
        let digits = digits(spelling).ok_or(LedgerError::BadPhone)?;
        let fits = match digits.as_bytes() {
            [b'0', b'1', b'0', ..] => digits.len() == 11,
            [b'0', b'1', b'1' | b'6' | b'7' | b'8' | b'9', ..] => (10..=11).contains(&digits.len()),
            [b'0', b'2', ..] => (9..=10).contains(&digits.len()),
            [b'0', b'5', b'0', ..] => (11..=12).contains(&digits.len()),
            [b'0', b'7' | b'8', b'0', ..] => (10..=11).contains(&digits.len()),
            [b'0', ..] => {
                (10..=11).contains(&digits.len()) && AREAS.iter().any(|area| digits.starts_with(area))
            }
            _ => false,
        };
        if fits { Ok(Phone(digits)) } else { Err(LedgerError::BadPhone) }
    }
    /// The digits, for example `01012345678`.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
    /// The digits from the last to the first: an end of a number is then a beginning, which an index finds.
    pub(crate) fn reversed(&self) -> String {
        self.0.chars().rev().collect()
    }
}

/// `010-••••-5678`: enough to ask a customer, too little to copy.
#[must_use]
pub fn masked(digits: &str) -> String {
    let last: String = digits.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
    let first: String = digits.chars().take(if digits.starts_with("02") { 2 } else { 3 }).collect();
    format!("{first}-••••-{last}")
}

/// `010-1234-5678`: the whole number, as people read it. It stands on no screen without somebody's PIN.
#[must_use]
pub fn whole(digits: &str) -> String {
    let tail: String = digits.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
    let ahead: String = digits.chars().take(digits.chars().count().saturating_sub(4)).collect();
    let area = if digits.starts_with("02") { 2 } else { 3 };
    let (first, middle): (String, String) =
        (ahead.chars().take(area).collect(), ahead.chars().skip(area).collect());
    format!("{first}-{middle}-{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_number_is_the_same_number() {
        for spelling in [
            "01012345678",
            "010-1234-5678",
            " 010 1234 5678 ",
            "+82 10-1234-5678",
            "+82 010 1234 5678",
            "821012345678",
            "(010)1234.5678",
            "０１０12345678",
            "０１０－１２３４－５６７８",
            "010\u{3000}1234\u{3000}5678",
            "010\u{2011}1234\u{2014}5678",
            "010\t1234/5678",
            "0082-10-1234-5678",
            "\u{202a}010-1234-5678\u{202c}",
        ] {
            assert_eq!(Phone::parse(spelling).unwrap().digits(), "01012345678", "{spelling}");
        }
        assert_eq!(masked("01012345678"), "010-••••-5678");
        assert_eq!(masked("0212345678"), "02-••••-5678");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for spelling in [
            "",
            "1234",
            "010-123",
            "010-1234-56789",
            "010-2841-483",
            "0101234567",
            "0349999999",
            "+1 415 555 2671",
            "010-abcd-5678",
            "11012345678",
            "+",
            "0082",
        ] {
            assert!(matches!(Phone::parse(spelling), Err(LedgerError::BadPhone)), "{spelling}");
        }
    }
}
