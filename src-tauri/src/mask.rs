//! Takes secrets and phone numbers out of a line before it is written.
//!
//! Nothing here makes it right to log a secret: it is the net below, for an error text that quotes what it was given.

use std::sync::{Mutex, PoisonError};

use secrecy::{ExposeSecret, SecretString};

/// What stands in a line in place of a secret.
const HIDDEN: &str = "•••";
/// Shorter ones would make holes in ordinary words.
const SHORTEST_SECRET: usize = 8;
/// PortOne's access token is 40 hex digits; its REST API secret is longer.
const SHORTEST_HEX_SECRET: usize = 40;
/// SHA-256: the book's own hashes are no secrets.
const HASH_HEX: usize = 64;

/// What must not be written down.
#[derive(Default)]
pub(crate) struct Mask {
    secrets: Mutex<Vec<SecretString>>,
}

impl Mask {
    /// From now on this value is hidden wherever it stands.
    pub(crate) fn learn(&self, secret: &str) {
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        let known = secrets.iter().any(|held| held.expose_secret() == secret);
        if secret.len() >= SHORTEST_SECRET && !known {
            secrets.push(SecretString::from(secret));
        }
    }

    /// The text with every secret and phone number hidden, in one line: what somebody typed cannot begin a new one or
    /// colour a terminal.
    pub(crate) fn line(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in self.secrets.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            text = text.replace(secret.expose_secret(), HIDDEN);
        }
        let body = text.strip_suffix('\n').unwrap_or(&text);
        let mut line = String::with_capacity(text.len());
        let mut rest = body;
        let mut before = None;
        while let Some(next) = rest.chars().next() {
            let (written, taken) = match word_at(before, rest) {
                Some((hidden, taken)) => (hidden, taken),
                None => (shown(next), next.len_utf8()),
            };
            line.push_str(&written);
            let (done, after) = rest.split_at(taken);
            before = done.chars().next_back();
            rest = after;
        }
        if body.len() < text.len() {
            line.push('\n');
        }
        line
    }
}

/// A character as it may stand in a log.
fn shown(next: char) -> String {
    match next {
        '\n' => "\\n".to_owned(),
        '\t' => "\t".to_owned(),
        control if control.is_control() => "\\?".to_owned(),
        // Turns the reading direction: what follows would be read as something else.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => "\\?".to_owned(),
        plain => plain.to_string(),
    }
}

/// What stands here in place of a secret, and how many bytes it takes the place of.
fn word_at(before: Option<char>, rest: &str) -> Option<(String, usize)> {
    if before.is_some_and(|before| before.is_ascii_alphanumeric()) {
        return None;
    }
    phone_at(rest).or_else(|| hex_at(rest))
}

/// A Korean mobile number: 01[016789], three or four digits, four digits; joined by nothing, `-`, `.` or a space;
/// abroad +82 takes the place of the 0.
fn phone_at(rest: &str) -> Option<(String, usize)> {
    let bytes = rest.as_bytes();
    let mut at = 0;
    let digit = |at: usize| bytes.get(at).copied().filter(u8::is_ascii_digit);
    let joint = |at: usize| usize::from(matches!(bytes.get(at), Some(b'-' | b'.' | b' ')));
    if rest.starts_with("+82") {
        at += 3;
        at += joint(at);
        at += usize::from(digit(at) == Some(b'0'));
    } else if digit(at) == Some(b'0') {
        at += 1;
    } else {
        return None;
    }
    let carrier = (digit(at)?, digit(at + 1)?);
    if carrier.0 != b'1' || !matches!(carrier.1, b'0' | b'1' | b'6'..=b'9') {
        return None;
    }
    at += 2;
    at += joint(at);
    let start = at;
    // The longer reading first: 010-1234-5678 before 010-123-4567.
    for middle in [4, 3] {
        let mut at = start + middle;
        if (start..at).any(|at| digit(at).is_none()) {
            continue;
        }
        at += joint(at);
        if (at..at + 4).all(|at| digit(at).is_some())
            && !bytes.get(at + 4).is_some_and(u8::is_ascii_alphanumeric)
        {
            return Some((format!("01{}-••••-{}", char::from(carrier.1), rest.get(at..at + 4)?), at + 4));
        }
    }
    None
}

/// A token or a key: a long word of hex digits that is not one of the book's hashes.
fn hex_at(rest: &str) -> Option<(String, usize)> {
    let length = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
    let ends = !rest.as_bytes().get(length).is_some_and(u8::is_ascii_alphanumeric);
    (ends && length >= SHORTEST_HEX_SECRET && length != HASH_HEX).then(|| (HIDDEN.to_owned(), length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        Mask::default().line(text)
    }

    #[test]
    fn a_phone_number_keeps_its_last_four_digits() {
        for (text, line) in [
            ("010-1234-5678", "010-••••-5678"),
            ("01012345678", "010-••••-5678"),
            ("phone=\"010 1234 5678\"", "phone=\"010-••••-5678\""),
            ("011-234-5678에게", "011-••••-5678에게"),
            ("0162345678.", "016-••••-5678."),
            ("+82-10-1234-5678", "010-••••-5678"),
            ("+821012345678", "010-••••-5678"),
            ("+82 010.1234.5678", "010-••••-5678"),
            ("010-1234-5678010-8765-4321", "010-1234-5678010-8765-4321"),
            ("010-1234-5678, 010-8765-4321", "010-••••-5678, 010-••••-4321"),
        ] {
            assert_eq!(masked(text), line);
        }
    }

    #[test]
    fn what_is_no_phone_number_stays_readable() {
        for text in [
            "019312a4-5b6c-7d8e-9f01-0112233445ff",
            "01912345-6789-7012-8345-678901234567",
            "imp_010123456789",
            "imp01012345678",
            "1763890000000",
            "0101234567890",
            "02-123-4567",
            "₩10,000 2026-11-23T01:02:03.010123Z",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn a_long_hex_word_is_hidden_but_a_hash_of_the_book_is_not() {
        let token = "0123456789abcdef0123456789abcdef01234567";
        assert_eq!(masked(&format!("Authorization: {token}")), "Authorization: •••");
        let secret = format!("{token}{token}");
        assert_eq!(masked(&format!("imp_secret={secret}&x")), "imp_secret=•••&x");
        let hash = "0123456789abcdef".repeat(4);
        assert_eq!(masked(&hash), hash);
    }

    #[test]
    fn a_secret_that_was_learned_is_hidden_wherever_it_stands() {
        let mask = Mask::default();
        mask.learn("s3cret-비밀-key");
        mask.learn("short");
        assert_eq!(mask.line("xs3cret-비밀-keyx s3cret-비밀-key short"), "x•••x ••• short");
    }

    #[test]
    fn what_somebody_typed_stays_in_one_line() {
        assert_eq!(masked("a\nb\u{1b}[31m\u{202e}c\td\r\n"), "a\\nb\\?[31m\\?c\td\\?\n");
        assert_eq!(masked(""), "");
        assert_eq!(masked("홍길동\n"), "홍길동\n");
    }
}
