//! Which lots a use takes from, and how much of each. Pure.

use money::Points;

use crate::error::LedgerError;
use crate::ids::{LotId, UnixMillis};
use crate::model::LotLeft;

/// What is taken from one lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Take {
    /// The lot.
    pub lot: LotId,
    /// Paid points.
    pub paid: Points,
    /// Bonus points.
    pub bonus: Points,
    /// The lot's first date of expiry.
    pub expires_at: Option<UnixMillis>,
}

/// The order in which lots are used: the first to expire, then the oldest. A lot past its date is still used until
/// its expiry is posted: points do not vanish before the book says so.
pub fn in_order_of_use(lots: &mut [LotLeft]) {
    lots.sort_by_key(|lot| (lot.expires_at().map_or(i64::MAX, |at| at.0), lot.made_at, lot.lot));
}

/// Takes `points` from `lots`, which are in order of use. Inside a lot in proportion: floor(use × bonus ÷ (paid +
/// bonus)) of the bonus, the rest of the paid points.
///
/// # Errors
/// [`LedgerError::NotEnoughPoints`], [`LedgerError::ZeroAmount`].
pub fn take(lots: &[LotLeft], points: Points) -> Result<Vec<Take>, LedgerError> {
    if points.is_zero() {
        return Err(LedgerError::ZeroAmount);
    }
    let mut rest = points;
    let mut there = Points::ZERO;
    let mut takes = Vec::new();
    for lot in lots {
        let left = lot.paid.checked_add(lot.bonus).ok_or(LedgerError::AmountTooLarge)?;
        there = there.checked_add(left).ok_or(LedgerError::AmountTooLarge)?;
        let used = rest.min(left);
        if used.is_zero() {
            continue;
        }
        let bonus = used.share(lot.bonus.get(), left.get()).ok_or(LedgerError::AmountTooLarge)?;
        let paid = used.checked_sub(bonus).ok_or(LedgerError::AmountTooLarge)?;
        takes.push(Take { lot: lot.lot, paid, bonus, expires_at: lot.expires_at() });
        rest = rest.checked_sub(used).ok_or(LedgerError::AmountTooLarge)?;
    }
    if rest.is_zero() { Ok(takes) } else { Err(LedgerError::NotEnoughPoints { balance: there }) }
}

/// Takes exactly these paid and bonus points from `lots`, which are in order of use: a correction names what it takes, and
/// no proportion is kept.
///
/// # Errors
/// [`LedgerError::NotEnoughPoints`] with what there is of the kind that is short.
pub fn take_exactly(lots: &[LotLeft], paid: Points, bonus: Points) -> Result<Vec<Take>, LedgerError> {
    let (mut paid_rest, mut bonus_rest) = (paid, bonus);
    let mut takes = Vec::new();
    for lot in lots {
        let (paid, bonus) = (paid_rest.min(lot.paid), bonus_rest.min(lot.bonus));
        if paid.is_zero() && bonus.is_zero() {
            continue;
        }
        takes.push(Take { lot: lot.lot, paid, bonus, expires_at: lot.expires_at() });
        paid_rest = paid_rest.checked_sub(paid).ok_or(LedgerError::AmountTooLarge)?;
        bonus_rest = bonus_rest.checked_sub(bonus).ok_or(LedgerError::AmountTooLarge)?;
    }
    let there = |of: fn(&LotLeft) -> Points| {
        lots.iter()
            .try_fold(Points::ZERO, |sum, lot| sum.checked_add(of(lot)))
            .ok_or(LedgerError::AmountTooLarge)
    };
    if !paid_rest.is_zero() {
        return Err(LedgerError::NotEnoughPoints { balance: there(|lot| lot.paid)? });
    }
    if !bonus_rest.is_zero() {
        return Err(LedgerError::NotEnoughPoints { balance: there(|lot| lot.bonus)? });
    }
    Ok(takes)
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails, which is what it is for")]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn lot(number: u128, paid: i64, bonus: i64, expires: Option<i64>) -> LotLeft {
        LotLeft {
            lot: LotId(Uuid::from_u128(number)),
            paid: Points::new(paid).unwrap(),
            bonus: Points::new(bonus).unwrap(),
            paid_expires_at: None,
            bonus_expires_at: expires.map(UnixMillis),
            made_at: UnixMillis(i64::try_from(number).unwrap()),
        }
    }

    #[test]
    fn a_use_takes_paid_and_bonus_in_proportion() {
        let takes = take(&[lot(1, 10_000, 1_000, None)], Points::new(3_000).unwrap()).unwrap();
        assert_eq!((takes[0].paid.get(), takes[0].bonus.get()), (2_728, 272));
    }

    #[test]
    fn the_lot_that_expires_first_is_used_first() {
        let mut lots = [lot(1, 100, 0, None), lot(2, 100, 10, Some(50)), lot(3, 100, 10, Some(40))];
        in_order_of_use(&mut lots);
        let order: Vec<u128> = lots.iter().map(|lot| lot.lot.0.as_u128()).collect();
        assert_eq!(order, [3, 2, 1]);
    }

    #[test]
    fn a_correction_takes_what_it_names_from_the_first_lots() {
        let lots = [lot(1, 100, 10, None), lot(2, 200, 0, None), lot(3, 50, 30, None)];
        let of = |paid, bonus| {
            take_exactly(&lots, Points::new(paid).unwrap(), Points::new(bonus).unwrap()).map(|takes| {
                takes.iter().map(|t| (t.lot.0.as_u128(), t.paid.get(), t.bonus.get())).collect::<Vec<_>>()
            })
        };
        assert_eq!(of(150, 0).unwrap(), [(1, 100, 0), (2, 50, 0)]);
        assert_eq!(of(0, 25).unwrap(), [(1, 0, 10), (3, 0, 15)]);
        assert_eq!(of(350, 40).unwrap(), [(1, 100, 10), (2, 200, 0), (3, 50, 30)]);
        assert!(matches!(of(351, 0), Err(LedgerError::NotEnoughPoints { balance }) if balance.get() == 350));
        assert!(matches!(of(0, 41), Err(LedgerError::NotEnoughPoints { balance }) if balance.get() == 40));
    }

    proptest! {
        #[test]
        fn a_use_takes_exactly_what_was_asked_and_no_more_than_a_lot_holds(
            held in prop::collection::vec((0_i64..100_000, 0_i64..20_000), 0..8),
            asked in 1_i64..500_000,
        ) {
            let lots: Vec<LotLeft> = held.iter().zip(1_u128..)
                .map(|((paid, bonus), number)| lot(number, *paid, *bonus, None)).collect();
            let there: i64 = held.iter().map(|(paid, bonus)| paid + bonus).sum();
            match take(&lots, Points::new(asked).unwrap()) {
                Ok(takes) => {
                    prop_assert!(asked <= there);
                    prop_assert_eq!(takes.iter().map(|t| t.paid.get() + t.bonus.get()).sum::<i64>(), asked);
                    for taken in takes {
                        let lot = lots.iter().find(|lot| lot.lot == taken.lot).unwrap();
                        prop_assert!(taken.paid <= lot.paid && taken.bonus <= lot.bonus);
                    }
                }
                Err(LedgerError::NotEnoughPoints { balance }) => {
                    prop_assert!(asked > there);
                    prop_assert_eq!(balance.get(), there);
                }
                Err(other) => prop_assert!(false, "{other}"),
            }
        }
    }
}
