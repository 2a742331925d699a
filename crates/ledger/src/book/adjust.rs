//! Corrections by hand, each with its reason.

use money::Points;
use serde::{Deserialize, Serialize};

use super::points::{Stored, lot_use};
use super::{Book, content};
use crate::error::{Done, LedgerError};
use crate::ids::MemberId;
use crate::lots;
use crate::model::{By, Moved, TransactionKind};
use crate::record::LotRow;
use crate::txn::{self, Account, Entry};

/// Why somebody corrects a balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum AdjustReason {
    /// A mistake is put right.
    Correction,
    /// The shop makes up for something.
    Goodwill,
    /// The member gives the points up: they stay with the shop.
    Forfeit,
    /// Anything else; the note says what.
    Other,
}

impl AdjustReason {
    const fn word(self) -> &'static str {
        match self {
            AdjustReason::Correction => "correction",
            AdjustReason::Goodwill => "goodwill",
            AdjustReason::Forfeit => "forfeit",
            AdjustReason::Other => "other",
        }
    }
}

/// A correction.
#[derive(Debug, Clone)]
pub struct Adjustment {
    /// Whose.
    pub member: MemberId,
    /// By how much the paid points change.
    pub paid: i64,
    /// By how much the bonus points change.
    pub bonus: i64,
    /// Why: the class that is sealed with it.
    pub class: AdjustReason,
    /// Why, in the clerk's words.
    pub reason: String,
}

/// The account against which points are corrected. Paid points are money that the shop owes: what they are corrected by
/// waits in 가수금 until somebody explains it. A bonus is a cost, and giving or taking one back is more or less of it. What is
/// given up stays with the shop, like points that nobody used.
fn against(kind: Account, class: AdjustReason) -> Account {
    match (class, kind) {
        (AdjustReason::Forfeit, _) => Account::Breakage,
        (_, Account::Bonus) => Account::BonusCost,
        (AdjustReason::Correction | AdjustReason::Goodwill | AdjustReason::Other, _) => Account::Suspense,
    }
}

/// What is taken by a change, and what is given.
fn parts(change: i64) -> Result<(Points, Points), LedgerError> {
    let size = change.checked_abs().ok_or(LedgerError::AmountTooLarge)?;
    let size = Points::new(size).map_err(|_| LedgerError::AmountTooLarge)?;
    Ok(if change < 0 { (size, Points::ZERO) } else { (Points::ZERO, size) })
}

impl Book<'_> {
    /// Corrects a balance: what is added makes a lot of its own that does not expire, what is taken comes from the lots in
    /// the order of use.
    ///
    /// # Errors
    /// [`LedgerError::ZeroAmount`], [`LedgerError::NotEnoughPoints`], [`LedgerError::BadReason`] where forfeiting would give
    /// something, [`LedgerError::MemberMerged`], [`LedgerError::MemberErased`], [`LedgerError::SameIdOtherContent`].
    pub fn adjust(&mut self, by: &By, new: &Adjustment) -> Result<(Done, Moved), LedgerError> {
        let asked = content("adjust", |canon| {
            canon
                .number(new.member.0)
                .number(new.paid)
                .number(new.bonus)
                .text(new.class.word())
                .text(&new.reason);
        });
        let (done, stored): (Done, Stored) = self.once(by, "adjust", asked, |book| {
            book.refuse_gone(new.member)?;
            if new.paid == 0 && new.bonus == 0 {
                return Err(LedgerError::ZeroAmount);
            }
            if new.class == AdjustReason::Forfeit && (new.paid > 0 || new.bonus > 0) {
                return Err(LedgerError::BadReason);
            }
            let ((paid_taken, paid_given), (bonus_taken, bonus_given)) =
                (parts(new.paid)?, parts(new.bonus)?);
            let mut entry = Entry::new(TransactionKind::Adjustment, new.member);
            entry.post(Account::Paid, new.paid.saturating_neg());
            entry.post(against(Account::Paid, new.class), new.paid);
            entry.post(Account::Bonus, new.bonus.saturating_neg());
            entry.post(against(Account::Bonus, new.class), new.bonus);
            let takes = lots::take_exactly(&book.reader().lots(new.member)?, paid_taken, bonus_taken)?;
            entry.uses = takes.iter().map(lot_use).collect();
            if !paid_given.is_zero() || !bonus_given.is_zero() {
                entry.lot = Some(LotRow {
                    id: txn::new_lot_id(book.random, by).to_string(),
                    member: new.member.0,
                    paid: paid_given.get(),
                    bonus: bonus_given.get(),
                    paid_expires_at: None,
                    bonus_expires_at: None,
                    bonus_rule: None,
                });
            }
            entry.fact("adjust_reason", new.class.word());
            entry.note = Some(new.reason.clone());
            let turns_at = book.reader().day_turns_at()?;
            Ok(txn::write(book.conn, book.random, by, turns_at, entry)?.into())
        })?;
        Ok((done, stored.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_correction_has_its_account() {
        for (kind, class, account) in [
            (Account::Paid, AdjustReason::Correction, Account::Suspense),
            (Account::Paid, AdjustReason::Goodwill, Account::Suspense),
            (Account::Paid, AdjustReason::Other, Account::Suspense),
            (Account::Bonus, AdjustReason::Correction, Account::BonusCost),
            (Account::Bonus, AdjustReason::Goodwill, Account::BonusCost),
            (Account::Paid, AdjustReason::Forfeit, Account::Breakage),
            (Account::Bonus, AdjustReason::Forfeit, Account::Breakage),
        ] {
            assert_eq!(against(kind, class), account, "{kind:?} {class:?}");
        }
        assert!(parts(i64::MIN).is_err() && parts(i64::MAX).is_err());
    }
}
