//! One spelling of a record in bytes, for hashes: every field with its length before it, so that no two records
//! share a spelling.

use sha2::{Digest, Sha256};

/// A SHA-256.
pub type Hash = [u8; 32];

/// Collects fields and hashes them.
pub(crate) struct Canon(Vec<u8>);

/// The first byte of each field.
const NONE: u8 = 0;
const BYTES: u8 = 1;
const NUMBER: u8 = 2;
const LIST: u8 = 3;

impl Canon {
    /// `version` names the spelling, so that a later one can stand beside it.
    pub(crate) fn new(version: &str) -> Canon {
        let mut canon = Canon(Vec::with_capacity(1024));
        canon.text(version);
        canon
    }
    /// The same as a new one, in the memory of the old.
    pub(crate) fn restart(&mut self, version: &str) {
        self.0.clear();
        self.text(version);
    }
    pub(crate) fn bytes(&mut self, field: &[u8]) -> &mut Canon {
        self.counted(BYTES, field.len());
        self.0.extend_from_slice(field);
        self
    }
    pub(crate) fn text(&mut self, field: &str) -> &mut Canon {
        self.bytes(field.as_bytes())
    }
    pub(crate) fn number(&mut self, field: i64) -> &mut Canon {
        self.eight(NUMBER, field.to_be_bytes())
    }
    pub(crate) fn none(&mut self) -> &mut Canon {
        self.0.push(NONE);
        self
    }
    pub(crate) fn maybe_text(&mut self, field: Option<&str>) -> &mut Canon {
        match field {
            Some(text) => self.text(text),
            None => self.none(),
        }
    }
    pub(crate) fn maybe_number(&mut self, field: Option<i64>) -> &mut Canon {
        match field {
            Some(number) => self.number(number),
            None => self.none(),
        }
    }
    pub(crate) fn maybe_bytes(&mut self, field: Option<&[u8]>) -> &mut Canon {
        match field {
            Some(bytes) => self.bytes(bytes),
            None => self.none(),
        }
    }
    /// The start of a list of `count` records.
    pub(crate) fn list(&mut self, count: usize) -> &mut Canon {
        self.counted(LIST, count)
    }
    /// The start of a list whose length is not known yet; its place.
    pub(crate) fn open_list(&mut self) -> usize {
        let place = self.0.len();
        self.list(0);
        place
    }
    /// The list at `place` has `count` records.
    pub(crate) fn close_list(&mut self, place: usize, count: usize) {
        let count = u64::try_from(count).unwrap_or(u64::MAX).to_be_bytes();
        let digits = self.0.iter_mut().skip(place.saturating_add(1));
        digits.zip(count).for_each(|(at, digit)| *at = digit);
    }
    /// There is no list at `place` after all, nor anything since.
    pub(crate) fn drop_list(&mut self, place: usize) {
        self.0.truncate(place);
    }
    pub(crate) fn digest(&self) -> Hash {
        Sha256::digest(&self.0).into()
    }
    pub(crate) fn finish(self) -> Hash {
        self.digest()
    }
    fn counted(&mut self, kind: u8, count: usize) -> &mut Canon {
        self.eight(kind, u64::try_from(count).unwrap_or(u64::MAX).to_be_bytes())
    }
    fn eight(&mut self, kind: u8, [a, b, c, d, e, f, g, h]: [u8; 8]) -> &mut Canon {
        self.0.extend_from_slice(&[kind, a, b, c, d, e, f, g, h]);
        self
    }
}

/// A hash in hex, as the screen and the slip show it.
#[must_use]
pub fn hex(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_that_run_together_have_different_hashes() {
        let hash = |fields: &[&str]| {
            let mut canon = Canon::new("v");
            for field in fields {
                canon.text(field);
            }
            canon.finish()
        };
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
        assert_ne!(hash(&["ab", ""]), hash(&["ab"]));
    }
}
