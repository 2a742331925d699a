//! Phone numbers in a line, in every spelling that a person or a program writes them.
//!
//! Rather more than the book takes: a number that was refused for a digit too few is somebody's number all the same.

/// 0082, a zero that does not belong there, and the longest number.
const MOST_DIGITS: usize = 17;
/// `010 - 1234`, `+82 (0)10`, with marks between that nobody sees.
const MOST_JOINTS: usize = 6;

/// What stands in place of the number that begins here, and how many bytes it takes the place of.
pub(super) fn at(before: &str, rest: &str) -> Option<(String, usize)> {
    let (abroad, mut left) = match rest.strip_prefix(['+', '＋']) {
        Some(left) => (true, after_joints(left)),
        None => (false, rest),
    };
    first_digit(left).filter(|_| abroad || may_begin(before))?;
    let (mut digits, mut found) = (String::new(), None);
    while let Some((digit, after)) = first_digit(left).filter(|_| digits.len() < MOST_DIGITS) {
        digits.push(digit);
        left = after;
        if first_digit(left).is_some() {
            continue;
        }
        // The longest reading is taken: rather too much is hidden than the last digit shown.
        if !left.starts_with(|next: char| next.is_ascii_alphanumeric())
            && let Some(number) = domestic(&digits, abroad)
        {
            found = Some((ledger::masked(&number), rest.len().saturating_sub(left.len())));
        }
        left = after_joints(left);
    }
    found
}

/// The number as it is dialled here, where the digits make one. 82 takes the place of the 0: after a plus, after 00, or
/// before so many digits that it cannot be anything else.
fn domestic(digits: &str, abroad: bool) -> Option<String> {
    const LEAST_WITH_82: usize = 11;
    let national = match digits.strip_prefix("0082") {
        Some(national) => Some(national),
        None if abroad => Some(digits.strip_prefix("82")?),
        None => digits.strip_prefix("82").filter(|_| digits.len() >= LEAST_WITH_82),
    };
    let number =
        national.map_or_else(|| digits.to_owned(), |rest| format!("0{}", rest.trim_start_matches('0')));
    let fits = match number.as_bytes() {
        [b'0', b'1', b'0' | b'1' | b'6'..=b'9', ..] => 10..=11,
        [b'0', b'2', ..] => 9..=10,
        [b'0', b'5', b'0', ..] => 11..=12,
        [b'0', b'3'..=b'6', ..] | [b'0', b'7' | b'8', b'0', ..] => 10..=11,
        _ => return None,
    };
    fits.contains(&number.len()).then_some(number)
}

/// The digit that stands first, also a full-width one, and what follows it.
fn first_digit(text: &str) -> Option<(char, &str)> {
    let mut left = text.chars();
    let digit = match left.next()? {
        plain @ '0'..='9' => plain,
        wide @ '０'..='９' => char::from_digit(u32::from(wide).checked_sub(u32::from('０'))?, 10)?,
        _ => return None,
    };
    Some((digit, left.as_str()))
}

/// What follows the marks that may stand between two groups of digits.
fn after_joints(text: &str) -> &str {
    let mut left = text;
    for _ in 0..MOST_JOINTS {
        let mut chars = left.chars();
        left = match chars.next() {
            Some(next) if joins(next) => chars.as_str(),
            // A list has a blank behind its comma.
            Some(',') if first_digit(chars.as_str()).is_some() => chars.as_str(),
            Some('\\') => match escaped(left) {
                Some((mark, after)) if joins(mark) => after,
                _ => break,
            },
            _ => break,
        };
    }
    left
}

/// A mark as Rust's `{:?}` writes one that it would not show: `\u{a0}`.
fn escaped(text: &str) -> Option<(char, &str)> {
    const LONGEST: usize = 7;
    let code = text.strip_prefix("\\u{")?;
    let (code, after) = code.split_at_checked(code.bytes().take(LONGEST).position(|byte| byte == b'}')?)?;
    Some((char::from_u32(u32::from_str_radix(code, 16).ok()?)?, after.strip_prefix('}')?))
}

/// Every blank, dash, dot, bracket and slash, and the marks that nobody sees.
fn joins(mark: char) -> bool {
    mark.is_whitespace()
        || matches!(
            mark,
            '-' | '.' | '(' | ')' | '/' | '~' | '_'
                | '\u{ad}' | '·' | '\u{200b}'..='\u{200f}' | '\u{2010}'..='\u{2015}' | '\u{2027}' | '\u{202a}'..='\u{202e}'
                | '\u{2043}' | '\u{2060}'..='\u{2069}' | '\u{2212}' | '\u{2219}' | '\u{22c5}' | '〜' | '・' | 'ー' | 'ㆍ'
                | '\u{fe58}' | '\u{fe63}' | '\u{feff}' | '（' | '）' | '－' | '．' | '／' | '＿' | '～'
        )
}

/// Whether a number may begin behind this: not inside a word, a time or a date, nor in one of PortOne's names.
fn may_begin(before: &str) -> bool {
    // imp12345678 is a shop and imp_123456789012 a payment; tel01012345678 is a number.
    let name = before.strip_suffix('_').unwrap_or(before);
    if name.get(name.len().saturating_sub(3)..).is_some_and(|name| name.eq_ignore_ascii_case("imp")) {
        return false;
    }
    let head = before.trim_end_matches(|last: char| last.is_ascii_alphabetic());
    let time = head.strip_suffix(':').is_some_and(digit_ends);
    !digit_ends(head) && (head.len() < before.len() || !time && !date_ends(head))
}

fn digit_ends(text: &str) -> bool {
    text.chars().next_back().is_some_and(|last| matches!(last, '0'..='9' | '０'..='９'))
}

/// Whether a date has begun: its year, or its year and month, and a mark behind.
fn date_ends(text: &str) -> bool {
    let shape: String = text.chars().rev().take(9).collect();
    let mark = |next: Option<char>| matches!(next, Some('-' | '/' | '.'));
    let year = |mut left: std::str::Chars<'_>| {
        let digits: Vec<char> = left.by_ref().take(4).collect();
        matches!(digits[..], [_, _, '0', '2'] | [_, _, '9', '1'])
            && digits.iter().all(char::is_ascii_digit)
            && !left.next().is_some_and(|more| more.is_ascii_digit())
    };
    let mut left = shape.chars();
    if !mark(left.next()) {
        return false;
    }
    if year(left.clone()) {
        return true;
    }
    let month = left.by_ref().take(2).all(|next| next.is_ascii_digit());
    month && mark(left.next()) && year(left)
}
