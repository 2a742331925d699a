//! What a spreadsheet would take for a formula.
//!
//! Source: OWASP, CSV Injection: a cell that begins with `=`, `+`, `-`, `@`, tab, carriage return or line feed, or with
//! the full-width form of one, may be run by the spreadsheet that opens the file. Programs trim what they import, so
//! blanks before such a sign do not help.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// Excel's own mark for "this is a text". It is seen in the cell of a CSV file, and that is the price.
const MARK: char = '\'';

/// Signs that turn into a formula's first after folding, and one that folding does not reach.
const SIGNS: [char; 5] = ['=', '+', '-', '@', '\u{2212}'];

/// The text as it may stand in a CSV cell: what would be taken for a formula begins with an apostrophe. So does what
/// begins with an apostrophe already, so that taking the first one off always gives the text back.
#[must_use]
pub fn harmless(text: &str) -> Cow<'_, str> {
    if begins_like_a_formula(text) || text.starts_with(MARK) {
        Cow::Owned(format!("{MARK}{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

fn begins_like_a_formula(text: &str) -> bool {
    if text.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    // Full-width, small and superscript forms fold to the plain sign.
    text.trim_start_matches(is_passed_over).nfkc().next().is_some_and(|first| SIGNS.contains(&first))
}

/// Blanks, control characters and marks that show nothing.
fn is_passed_over(sign: char) -> bool {
    sign.is_whitespace()
        || sign.is_control()
        || matches!(sign, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{3164}' | '\u{115f}' | '\u{1160}' | '\u{feff}' | '\u{ffa0}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_marked_as_text() {
        for text in [
            "=1+1",
            "+82-10-1234-5678",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "\tx",
            " =1",
            "   +1",
            "\u{3000}=1",
            "\u{a0}@x",
            "\u{feff}=1",
            "\u{200b}=1",
            "\u{0}=1",
            "＝1+1",
            "＋1",
            "－1",
            "＠SUM",
            "\u{3000}＝1",
            "﹢1",
            "⁼1",
            "−1",
            "=HYPERLINK(\"http://evil.example\",\"눌러 보세요\")",
            "=cmd|'/C calc'!A0",
            "'=1",
            "'이름",
        ] {
            assert_eq!(harmless(text), format!("'{text}"), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_formula_stays_as_it_is() {
        for text in
            ["", "김서연", "라떼는 두유로", "a=b", "1-2", "010-1234-5678", "(+)", "3월 = 좋음", "“=1”"]
        {
            assert_eq!(harmless(text), text, "{text:?}");
        }
    }
}
