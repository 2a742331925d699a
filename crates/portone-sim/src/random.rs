//! Ids and tokens from a seed, so that a run can be played again.

/// SplitMix64: small, and good enough for names that only have to differ. Nothing here is secret.
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: Option<u64>) -> Result<Random, getrandom::Error> {
        match seed {
            Some(seed) => Ok(Random(seed)),
            None => getrandom::u64().map(Random),
        }
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// `count` decimal digits.
    pub(crate) fn digits(&mut self, count: usize) -> String {
        self.letters(b"0123456789", count)
    }

    /// `count` lowercase hexadecimal digits.
    pub(crate) fn hex(&mut self, count: usize) -> String {
        self.letters(b"0123456789abcdef", count)
    }

    fn letters(&mut self, alphabet: &[u8], count: usize) -> String {
        let mut out = String::with_capacity(count);
        while out.len() < count {
            let pick = usize::try_from(self.next() >> 33).unwrap_or(0) % alphabet.len();
            out.push(alphabet.get(pick).copied().map_or('0', char::from));
        }
        out
    }
}
