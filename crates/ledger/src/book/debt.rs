//! What a member owes, settled.

use money::{Points, Won};

use super::points::lot_use;
use super::{Book, content};
use crate::error::{Done, LedgerError};
use crate::ids::MemberId;
use crate::lots;
use crate::model::{By, TransactionKind};
use crate::txn::{self, Account, Entry};

/// By what a debt is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum DebtPaid {
    /// Into the drawer.
    Cash,
    /// Into the shop's bank account.
    Bank,
    /// With the member's points.
    Points,
    /// The shop lets it go.
    WrittenOff,
}

impl DebtPaid {
    const fn word(self) -> &'static str {
        match self {
            DebtPaid::Cash => "cash",
            DebtPaid::Bank => "bank",
            DebtPaid::Points => "points",
            DebtPaid::WrittenOff => "written_off",
        }
    }
}

impl Book<'_> {
    /// Settles a member's debt, or a part of it. What is left of it is answered.
    ///
    /// # Errors
    /// [`LedgerError::ZeroAmount`], [`LedgerError::NoSuchDebt`] above what is owed, [`LedgerError::NotEnoughPoints`],
    /// [`LedgerError::UnknownMember`], [`LedgerError::MemberMerged`], [`LedgerError::MemberErased`],
    /// [`LedgerError::SameIdOtherContent`].
    pub fn settle_debt(
        &mut self,
        by: &By,
        member: MemberId,
        won: Won,
        how: DebtPaid,
        note: &str,
    ) -> Result<(Done, Won), LedgerError> {
        if won.is_zero() {
            return Err(LedgerError::ZeroAmount);
        }
        let asked = content("debt", |canon| {
            canon.number(member.0).number(won.get()).text(how.word()).text(note);
        });
        self.once(by, "debt", asked, |book| {
            // Of somebody who was forgotten nobody will ever pay: that can still be written off.
            if how != DebtPaid::WrittenOff || !book.reader().is_erased(member)? {
                book.refuse_gone(member)?;
            }
            let before = txn::balance(book.conn, member)?;
            let left = before.debt.checked_sub(won).ok_or(LedgerError::NoSuchDebt)?;
            let mut entry = Entry::new(TransactionKind::Adjustment, member);
            entry.post(Account::Debt, won.get().saturating_neg());
            match how {
                DebtPaid::Cash => entry.post(Account::Cash, won.get()),
                DebtPaid::Bank => entry.post(Account::Bank, won.get()),
                DebtPaid::WrittenOff => entry.post(Account::Suspense, won.get()),
                DebtPaid::Points => {
                    let takes = lots::take(&book.reader().lots(member)?, won.paid_points())?;
                    let (mut paid, mut bonus) = (Points::ZERO, Points::ZERO);
                    for taken in &takes {
                        paid = paid.checked_add(taken.paid).ok_or(LedgerError::AmountTooLarge)?;
                        bonus = bonus.checked_add(taken.bonus).ok_or(LedgerError::AmountTooLarge)?;
                    }
                    entry.post(Account::Paid, paid.get());
                    entry.post(Account::Bonus, bonus.get());
                    entry.uses = takes.iter().map(lot_use).collect();
                }
            }
            entry.fact("debt", how.word());
            entry.note = Some(note.to_owned());
            book.write_txn(by, entry)?;
            Ok(left)
        })
    }
}
