//! Takes secrets and phone numbers out of a line before it is written.
//!
//! Nothing here makes it right to log a secret: it is the net below, for an error text that quotes what it was given.

mod phone;

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
        let mut at = 0;
        while let Some((before, rest)) = body.split_at_checked(at)
            && let Some(next) = rest.chars().next()
        {
            let (written, taken) = word_at(before, rest).unwrap_or_else(|| (shown(next), next.len_utf8()));
            line.push_str(&written);
            at += taken;
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

/// What stands here in place of a secret or a number, or is to be left as it is, and how many bytes it takes.
fn word_at(before: &str, rest: &str) -> Option<(String, usize)> {
    if before.ends_with(|last: char| last.is_ascii_alphanumeric()) {
        return phone::at(before, rest);
    }
    uuid_at(rest).or_else(|| phone::at(before, rest)).or_else(|| hex_at(rest))
}

/// An id, by which charges are found in the log. Its digits are no phone number.
fn uuid_at(rest: &str) -> Option<(String, usize)> {
    const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
    const LENGTH: usize = 36;
    let (word, after) = rest.split_at_checked(LENGTH)?;
    let hex = |group: &str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    let whole = word.split('-').all(hex) && word.split('-').map(str::len).eq(GROUPS);
    let ends = !after.starts_with(|next: char| next.is_ascii_alphanumeric());
    (whole && ends).then(|| (word.to_owned(), LENGTH))
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
    fn a_phone_number_keeps_its_last_four_digits_in_every_spelling() {
        for spelling in [
            "010-1234-5678",
            "01012345678",
            "010 1234 5678",
            "010.1234.5678",
            "010 - 1234 - 5678",
            "010) 1234-5678",
            "010·1234·5678",
            "010/1234/5678",
            "010~1234~5678",
            "010_1234_5678",
            "010\u{2010}1234\u{2011}5678",
            "010\u{2012}1234\u{2013}5678",
            "010\u{2014}1234\u{2015}5678",
            "010\u{2212}1234\u{3000}5678",
            "010\u{a0}1234\u{200b}5678",
            "010\\u{a0}1234\\u{200b}5678",
            "0\u{200b}1012345678",
            "０１０－１２３４－５６７８",
            "０１０12345678",
            "821012345678",
            "82-10-1234-5678",
            "+821012345678",
            "+82-10-1234-5678",
            "+82 010.1234.5678",
            "+82 (10) 1234-5678",
            "+82 (0)10-1234-5678",
            "＋82 10 1234 5678",
            "0082 10 1234 5678",
            "00821012345678",
        ] {
            for (before, after) in [
                ("", ""),
                ("phone=\"", "\""),
                ("{phone:", "}"),
                ("member 7 ", ", 3 rows"),
                ("손님", "에게"),
                ("2026-11-23T01:02:03.010123Z INFO ", "."),
            ] {
                let line = masked(&format!("{before}{spelling}{after}"));
                assert_eq!(line, format!("{before}010-••••-5678{after}"), "{spelling}");
            }
        }
        for (text, line) in [
            ("(010)1234.5678", "(010-••••-5678"),
            ("tel01012345678", "tel010-••••-5678"),
            ("7-010-1234-5678", "7-010-••••-5678"),
            ("010-123-4567", "010-••••-4567"),
            ("010,1234,5678", "010-••••-5678"),
            ("031-123-4567, 3 rows", "031-••••-4567, 3 rows"),
            ("011-234-5678에게", "011-••••-5678에게"),
            ("0162345678.", "016-••••-5678."),
            ("02-123-4567", "02-••••-4567"),
            ("+82 2 1234 5678", "02-••••-5678"),
            ("031-123-4567", "031-••••-4567"),
            ("070-1234-5678", "070-••••-5678"),
            ("080-123-4567", "080-••••-4567"),
            ("0505-123-45678", "050-••••-5678"),
            ("010-1234-5678, 010-8765-4321", "010-••••-5678, 010-••••-4321"),
            ("010-1234-5678 010-8765-4321", "010-••••-5678 010-••••-4321"),
        ] {
            assert_eq!(masked(text), line);
        }
    }

    #[test]
    fn what_the_book_takes_for_a_phone_number_is_hidden() {
        // Whatever the book's reader learns, the log does not show.
        for mark in (0..0x1_0000).filter_map(char::from_u32) {
            let spelling = format!("010{mark}1234{mark}5678");
            let hidden = !masked(&spelling).contains("1234");
            assert!(hidden || ledger::Phone::parse(&spelling).is_err(), "{mark:?} ({:x})", u32::from(mark));
        }
    }

    #[test]
    fn what_is_no_phone_number_stays_readable() {
        for text in [
            "019312a4-5b6c-7d8e-9f01-0112233445ff",
            "01912345-6789-7012-8345-678901234567",
            "a1b2c3d4-0311-2345-8901-031223344556",
            "imp_010123456789",
            "imp_031234567890",
            "imp01012345678",
            "imp12345678",
            "/payments/imp_448280090638",
            "pt0a1b2c3d01012345678zz",
            "pt01012345678901234567890123",
            "1763890000000",
            "0101234567890",
            "₩10,000 2026-11-23T01:02:03.010123Z",
            "2026-11-23T01:02:03.010123456Z",
            "2026-02-03 10000 won",
            "2026-02-03 12345678 won",
            "2026.02.03 0410",
            "127.0.0.1:40123",
            "https://api.iamport.kr/payments/prepare 200 in 0.4 s",
            "9007199254740991",
            "approval 30012345",
            "010-••••-5678",
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
