//! Won and Points: whole numbers that cannot be mixed up.
//!
//! There are no operators on purpose: every sum is checked, so nothing overflows in silence, and won can be
//! turned into points only where the code says so.
#![warn(clippy::arithmetic_side_effects, clippy::wildcard_enum_match_arm)]

use serde::{Deserialize, Serialize};

/// 2⁵³ − 1: the largest integer that a JavaScript `number` holds exactly, so that no amount is rounded on its
/// way to the screen.
pub const MAX: i64 = 9_007_199_254_740_991;

/// Why a number is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a whole amount between 0 and 2^53 - 1")]
pub struct AmountError;

macro_rules! amount {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "number"))]
        #[serde(try_from = "i64", into = "i64")]
        pub struct $name(i64);

        impl $name {
            /// Nothing.
            pub const ZERO: $name = $name(0);
            /// The largest amount, [`MAX`].
            pub const MAX: $name = $name(MAX);

            /// # Errors
            /// Below zero or above [`MAX`].
            pub const fn new(value: i64) -> Result<$name, AmountError> {
                if value < 0 || value > MAX { Err(AmountError) } else { Ok($name(value)) }
            }
            /// The number itself.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
            /// `None` above [`MAX`].
            #[must_use]
            pub fn checked_add(self, other: $name) -> Option<$name> {
                self.0.checked_add(other.0).and_then(|sum| $name::new(sum).ok())
            }
            /// `None` below zero.
            #[must_use]
            pub fn checked_sub(self, other: $name) -> Option<$name> {
                self.0.checked_sub(other.0).and_then(|rest| $name::new(rest).ok())
            }
            /// `true` for nothing.
            #[must_use]
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }
            /// floor(self × `part` ÷ `whole`), without overflow. `None` when `whole` is not above zero, `part` is
            /// below zero, or the result is above [`MAX`].
            #[must_use]
            pub fn share(self, part: i64, whole: i64) -> Option<$name> {
                if whole <= 0 || part < 0 {
                    return None;
                }
                let product = i128::from(self.0).checked_mul(i128::from(part))?;
                let share = product.checked_div(i128::from(whole))?;
                i64::try_from(share).ok().and_then(|value| $name::new(value).ok())
            }
        }
        impl TryFrom<i64> for $name {
            type Error = AmountError;
            fn try_from(value: i64) -> Result<$name, AmountError> {
                $name::new(value)
            }
        }
        impl From<$name> for i64 {
            fn from(value: $name) -> i64 {
                value.0
            }
        }
    };
}

amount! {
    /// An amount of South Korean won. The won has no minor unit, so `1` is ₩1.
    ///
    /// Source: ISO 4217 (KRW, exponent 0).
    Won
}

amount! {
    /// A number of a shop's prepaid points. One paid point stands for one won that was paid.
    Points
}

impl Won {
    /// The points that were paid for with this sum: one for each won.
    #[must_use]
    pub const fn paid_points(self) -> Points {
        Points(self.0)
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails, which is what it is for")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_amount_is_whole_and_between_zero_and_the_largest_exact_javascript_number() {
        assert_eq!(Won::new(-1), Err(AmountError));
        assert_eq!(Won::new(MAX + 1), Err(AmountError));
        assert_eq!(Won::new(MAX).map(Won::get), Ok(MAX));
        for json in ["1.5", "-1", "\"1\"", "9007199254740992", "null"] {
            assert!(serde_json::from_str::<Won>(json).is_err(), "{json}");
        }
        assert_eq!(serde_json::to_string(&Won(10_000)).unwrap(), "10000");
    }

    #[test]
    fn a_share_is_cut_down_and_never_overflows() {
        assert_eq!(Points(3_000).share(1_000, 11_000), Some(Points(272)));
        assert_eq!(Points(MAX).share(MAX, MAX), Some(Points(MAX)));
        assert_eq!(Points(MAX).share(MAX, 1), None);
        assert_eq!(Points(1).share(1, 0), None);
        assert_eq!(Points(1).share(-1, 2), None);
    }

    proptest! {
        #[test]
        fn adding_and_taking_away_come_back_to_the_start(a in 0..=MAX, b in 0..=MAX) {
            let (a, b) = (Won(a), Won(b));
            match a.checked_add(b) {
                Some(sum) => prop_assert_eq!(sum.checked_sub(b), Some(a)),
                None => prop_assert!(i128::from(a.0) + i128::from(b.0) > i128::from(MAX)),
            }
        }
    }
}
