//! One spelling of a record in bytes, for hashes: every field with its length before it, so that no two records
//! share a spelling.

use sha2::{Digest, Sha256};

/// A SHA-256.
pub type Hash = [u8; 32];

/// Collects fields and hashes them.
pub(crate) struct Canon(Sha256);

impl Canon {
    /// `version` names the spelling, so that a later one can stand beside it.
    pub(crate) fn new(version: &str) -> Canon {
        let mut canon = Canon(Sha256::new());
        canon.text(version);
        canon
    }
    pub(crate) fn bytes(&mut self, field: &[u8]) -> &mut Canon {
        let length = u64::try_from(field.len()).unwrap_or(u64::MAX);
        self.0.update([1]);
        self.0.update(length.to_be_bytes());
        self.0.update(field);
        self
    }
    pub(crate) fn text(&mut self, field: &str) -> &mut Canon {
        self.bytes(field.as_bytes())
    }
    pub(crate) fn number(&mut self, field: i64) -> &mut Canon {
        self.0.update([2]);
        self.0.update(field.to_be_bytes());
        self
    }
    pub(crate) fn none(&mut self) -> &mut Canon {
        self.0.update([0]);
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
        self.0.update([3]);
        self.0.update(u64::try_from(count).unwrap_or(u64::MAX).to_be_bytes());
        self
    }
    pub(crate) fn finish(self) -> Hash {
        self.0.finalize().into()
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
