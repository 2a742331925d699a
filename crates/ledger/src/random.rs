//! Ids out of handed-in randomness and time.

use uuid::Uuid;

use crate::ids::{BookId, UnixMillis};

/// Where random bytes come from: the operating system in a shop, a seed in a test.
pub trait Random: Send {
    /// Fills `bytes`.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// A UUIDv7: ordered by time, so that an index grows at one end (random ones cost up to 2.8 times as much).
pub(crate) fn uuid_v7(random: &mut dyn Random, now: UnixMillis) -> Uuid {
    let mut tail = [0; 10];
    random.fill(&mut tail);
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(now.0).unwrap_or(0), &tail).into_uuid()
}

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

fn base36(mut value: u128, width: usize) -> String {
    let mut digits = vec![b'0'; width];
    for digit in digits.iter_mut().rev() {
        let at = usize::try_from(value % 36).unwrap_or(0);
        *digit = DIGITS.get(at).copied().unwrap_or(b'0');
        value /= 36;
    }
    digits.into_iter().map(char::from).collect()
}

/// What every merchant_uid of this book starts with, so that orders of another till or of a web shop on the same
/// PortOne account are recognised as foreign.
#[must_use]
pub fn merchant_uid_prefix(book: BookId) -> String {
    // The last 40 bits: random ones in a UUIDv7.
    format!("pt{}", base36(book.0.as_u128() & 0xff_ffff_ffff, 8))
}

/// A new merchant_uid: the book's prefix and 88 random bits, [0-9a-z], 28 characters (PortOne takes 40).
pub(crate) fn merchant_uid(random: &mut dyn Random, book: BookId) -> String {
    let mut bytes = [0; 16];
    if let Some(tail) = bytes.get_mut(5..) {
        random.fill(tail);
    }
    format!("{}{}", merchant_uid_prefix(book), base36(u128::from_be_bytes(bytes), 18))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Ones;
    impl Random for Ones {
        fn fill(&mut self, bytes: &mut [u8]) {
            bytes.fill(0xff);
        }
    }

    #[test]
    fn a_merchant_uid_fits_portone_and_carries_its_book() {
        let book = BookId(Uuid::from_u128(0x0192_aaaa_bbbb_7ccc_8ddd_eeff_0011_2233));
        let uid = merchant_uid(&mut Ones, book);
        assert!(uid.starts_with(&merchant_uid_prefix(book)));
        assert!(
            uid.len() <= 40 && uid.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase()),
            "{uid}"
        );
        assert_ne!(merchant_uid_prefix(book), merchant_uid_prefix(BookId(Uuid::from_u128(1))));
    }
}
