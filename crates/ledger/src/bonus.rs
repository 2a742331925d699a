//! Which bonus a charge gives. Pure.

use money::{Points, Won};

use crate::error::LedgerError;

/// What a line of a bonus rule gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gift {
    /// Whole percent of the sum, cut down to whole points.
    Percent(u8),
    /// So many points, whatever the sum.
    Points(Points),
}

/// One line of a bonus rule: its conditions, and what it gives. There is no condition on the way of paying on purpose:
/// favouring one is against 여신전문금융업법 §19.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// From this sum on.
    pub from: Won,
    /// What it gives.
    pub gift: Gift,
    /// For a member's first charge alone.
    pub first_only: bool,
    /// The first of the shop's days on which it counts, as `2026-12-01`; `None`: since ever.
    pub from_day: Option<String>,
    /// The last of the shop's days on which it counts; `None`: for ever.
    pub until_day: Option<String>,
}

impl Offer {
    /// Whether it counts on this of the shop's days. Days are written so that their order is that of their letters.
    fn counts_on(&self, day: &str) -> bool {
        self.from_day.as_deref().is_none_or(|from| from <= day)
            && self.until_day.as_deref().is_none_or(|until| day <= until)
    }

    fn gives(&self, won: Won) -> Result<Points, LedgerError> {
        match self.gift {
            Gift::Percent(percent) => {
                won.paid_points().share(i64::from(percent), 100).ok_or(LedgerError::AmountTooLarge)
            }
            Gift::Points(points) => Ok(points),
        }
    }
}

/// A charge as a bonus rule sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occasion<'a> {
    /// What is paid.
    pub won: Won,
    /// It is the member's first charge.
    pub first: bool,
    /// The shop's day; `None`: whatever the day, for what a rule would cost.
    pub day: Option<&'a str>,
}

/// The bonus: of all lines whose conditions hold, the one that gives most. Never the sum of several: whoever reads the
/// lines can tell what is given, and a larger sum never gives less.
///
/// # Errors
/// [`LedgerError::AmountTooLarge`].
pub fn best(offers: &[Offer], occasion: Occasion<'_>) -> Result<Points, LedgerError> {
    let mut best = Points::ZERO;
    for offer in offers {
        let holds = occasion.won >= offer.from
            && (occasion.first || !offer.first_only)
            && occasion.day.is_none_or(|day| offer.counts_on(day));
        if holds {
            best = best.max(offer.gives(occasion.won)?);
        }
    }
    Ok(best)
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails, which is what it is for")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn won(value: i64) -> Won {
        Won::new(value).unwrap()
    }

    fn step(from: i64, gift: Gift) -> Offer {
        Offer { from: won(from), gift, first_only: false, from_day: None, until_day: None }
    }

    fn given(offers: &[Offer], sum: i64, first: bool, day: &str) -> i64 {
        best(offers, Occasion { won: won(sum), first, day: Some(day) }).unwrap().get()
    }

    #[test]
    fn the_line_that_gives_most_counts_and_lines_are_never_added_up() {
        let fixed = |points| Gift::Points(Points::new(points).unwrap());
        let offers = [
            step(50_000, Gift::Percent(5)),
            step(100_000, Gift::Percent(10)),
            step(200_000, fixed(15_000)),
            Offer { first_only: true, ..step(10_000, fixed(3_000)) },
            Offer {
                from_day: Some("2026-12-01".to_owned()),
                until_day: Some("2026-12-31".to_owned()),
                ..step(30_000, Gift::Percent(20))
            },
        ];
        let plain = "2026-11-30";
        for (sum, first, day, bonus) in [
            (9_999, true, plain, 0),
            (10_000, false, plain, 0),
            (10_000, true, plain, 3_000),
            (49_999, false, plain, 0),
            (50_000, false, plain, 2_500),
            (50_000, true, plain, 3_000),
            (60_000, true, plain, 3_000),
            (61_000, true, plain, 3_050),
            (100_000, false, plain, 10_000),
            // 10 % of it is more than the fixed sum of the higher step.
            (200_000, false, plain, 20_000),
            (120_000, false, plain, 12_000),
            // Both ends of the period count.
            (30_000, false, "2026-11-30", 0),
            (30_000, false, "2026-12-01", 6_000),
            (30_000, false, "2026-12-31", 6_000),
            (30_000, false, "2027-01-01", 0),
            // Cut down to whole points.
            (50_019, false, plain, 2_500),
        ] {
            assert_eq!(given(&offers, sum, first, day), bonus, "{sum} first={first} on {day}");
        }
    }

    fn offer() -> impl Strategy<Value = Offer> {
        let gift = prop_oneof![
            (1_u8..=100).prop_map(Gift::Percent),
            (1_i64..50_000).prop_map(|points| Gift::Points(Points::new(points).unwrap())),
        ];
        (0_i64..300_000, gift, any::<bool>())
            .prop_map(|(from, gift, first_only)| Offer { first_only, ..step(from, gift) })
    }

    proptest! {
        #[test]
        fn more_money_a_first_charge_or_another_line_never_gives_less(
            offers in prop::collection::vec(offer(), 0..8), sum in 0_i64..400_000, more in 0_i64..400_000, first in any::<bool>(),
        ) {
            let now = given(&offers, sum, first, "2026-11-23");
            prop_assert!(given(&offers, sum + more, first, "2026-11-23") >= now);
            prop_assert!(given(&offers, sum, true, "2026-11-23") >= now);
            prop_assert!(given(&offers[..offers.len().saturating_sub(1)], sum, first, "2026-11-23") <= now);
            // And the order of the lines says nothing.
            let turned: Vec<Offer> = offers.iter().rev().cloned().collect();
            prop_assert_eq!(given(&turned, sum, first, "2026-11-23"), now);
        }
    }
}
