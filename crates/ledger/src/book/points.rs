//! Uses of points, and taking a use back.

use money::Points;
use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};

use super::{Book, content};
use crate::cached::Cached;
use crate::error::{Done, LedgerError};
use crate::ids::{LotId, MemberId, TransactionId, UnixMillis};
use crate::lots::{self, Take};
use crate::model::{By, Moved, TransactionKind};
use crate::record::{LotExpiryRow, LotUseRow};
use crate::txn::{self, Account, Entry};

/// Points that come back into a lot which has gone meanwhile live this long.
pub(crate) const GRACE_DAYS: i64 = 7;
pub(crate) const GRACE_MS: i64 = GRACE_DAYS * 24 * 60 * 60 * 1000;

#[derive(Serialize, Deserialize)]
pub(super) struct Stored {
    transaction: TransactionId,
    member: MemberId,
    before: Points,
    after: Points,
}

impl From<Moved> for Stored {
    fn from(moved: Moved) -> Stored {
        Stored {
            transaction: moved.transaction,
            member: moved.member,
            before: moved.before,
            after: moved.after,
        }
    }
}

impl From<Stored> for Moved {
    fn from(stored: Stored) -> Moved {
        Moved {
            transaction: stored.transaction,
            member: stored.member,
            before: stored.before,
            after: stored.after,
        }
    }
}

pub(super) struct Original {
    pub(super) seq: i64,
    pub(super) kind: TransactionKind,
    pub(super) member: MemberId,
}

impl Book<'_> {
    /// Uses points: from the lot that expires first, inside a lot in proportion.
    ///
    /// # Errors
    /// [`LedgerError::UnknownMember`], [`LedgerError::NotEnoughPoints`], [`LedgerError::ZeroAmount`],
    /// [`LedgerError::MemberMerged`], [`LedgerError::MemberErased`], [`LedgerError::SameIdOtherContent`].
    pub fn spend(&mut self, by: &By, member: MemberId, points: Points) -> Result<(Done, Moved), LedgerError> {
        let asked = content("spend", |canon| {
            canon.number(member.0).number(points.get());
        });
        let (done, stored): (Done, Stored) = self.once(by, "spend", asked, |book| {
            book.refuse_gone(member)?;
            txn::balance(book.conn, member)?;
            let takes = lots::take(&book.reader().lots(member)?, points)?;
            let mut entry = Entry::new(TransactionKind::Spending, member);
            let (mut paid, mut bonus) = (Points::ZERO, Points::ZERO);
            for taken in &takes {
                paid = paid.checked_add(taken.paid).ok_or(LedgerError::AmountTooLarge)?;
                bonus = bonus.checked_add(taken.bonus).ok_or(LedgerError::AmountTooLarge)?;
            }
            entry.post(Account::Paid, paid.get());
            entry.post(Account::Bonus, bonus.get());
            entry.post(Account::Sales, points.get().saturating_neg());
            entry.uses = takes.iter().map(lot_use).collect();
            let turns_at = book.reader().day_turns_at()?;
            Ok(txn::write(book.conn, book.random, by, turns_at, entry)?.into())
        })?;
        Ok((done, stored.into()))
    }

    /// Takes a use back: exactly what was taken, into the same lots.
    ///
    /// # Errors
    /// [`LedgerError::ChargeNeedsRefund`] for a charge, [`LedgerError::NotUndoable`] for anything else but a use,
    /// [`LedgerError::AlreadyUndone`], [`LedgerError::UnknownTransaction`], [`LedgerError::SameIdOtherContent`].
    pub fn undo(
        &mut self,
        by: &By,
        transaction: TransactionId,
        reason: &str,
    ) -> Result<(Done, Moved), LedgerError> {
        let asked = content("undo", |canon| {
            canon.text(&transaction.to_string()).text(reason);
        });
        let (done, stored): (Done, Stored) = self.once(by, "undo", asked, |book| {
            let original = original(book.conn, transaction)?;
            // Points would come back to a member whom nobody finds any more.
            book.refuse_gone(original.member)?;
            match original.kind {
                TransactionKind::Spending => {}
                TransactionKind::Loading => return Err(LedgerError::ChargeNeedsRefund),
                TransactionKind::Refund
                | TransactionKind::Reversal
                | TransactionKind::Clawback
                | TransactionKind::Expiry
                | TransactionKind::Adjustment
                | TransactionKind::Merge
                | TransactionKind::Opening => return Err(LedgerError::NotUndoable),
            }
            let undone: Option<i64> = book
                .conn
                .query_row_cached("SELECT seq FROM txn WHERE reverses = ?1", [original.seq], |row| row.get(0))
                .optional()?;
            if undone.is_some() {
                return Err(LedgerError::AlreadyUndone);
            }
            let mut entry = reversal(book.conn, by.now, &original, Some(reason))?;
            book.less_what_is_owed(&original, &mut entry)?;
            let turns_at = book.reader().day_turns_at()?;
            Ok(txn::write(book.conn, book.random, by, turns_at, entry)?.into())
        })?;
        Ok((done, stored.into()))
    }

    /// Points whose money was cancelled elsewhere after they were used stand as a debt, or the shop let it go. With the use
    /// that is gone, and the points do not come back: nobody paid for them.
    fn less_what_is_owed(&self, original: &Original, entry: &mut Entry) -> Result<(), LedgerError> {
        let debt = txn::balance(self.conn, original.member)?.debt.get();
        let mut unpaid = debt.saturating_add(self.reader().written_off(original.member)?);
        let mut undone = 0_i64;
        for put_back in &mut entry.uses {
            let back = put_back.paid.saturating_neg();
            if unpaid <= 0 || back <= 0 {
                continue;
            }
            let lot = self.reader().refund_lot(lot_id(&put_back.lot)?)?;
            let Some(imp_uid) = lot.imp_uid else { continue };
            let account = lot.account;
            // Less of the lot would be used than was used and then cancelled.
            let used = account
                .paid
                .get()
                .saturating_sub(account.left_paid.get())
                .saturating_sub(account.gone_back.get())
                .saturating_sub(account.expired.get())
                .saturating_sub(back);
            let owed = self.reader().owed_by(&imp_uid)?;
            let less = owed.saturating_sub(used).min(back).min(unpaid).max(0);
            put_back.paid = put_back.paid.saturating_add(less);
            unpaid = unpaid.saturating_sub(less);
            undone = undone.saturating_add(less);
        }
        if undone > 0 {
            entry.post(Account::Paid, undone);
            let owed = undone.min(debt);
            let let_go = undone.saturating_sub(owed);
            entry.post(Account::Debt, owed.saturating_neg());
            entry.post(Account::Suspense, let_go.saturating_neg());
            for (name, sum) in [("debt_undone", owed), ("write_off_undone", let_go)] {
                if sum > 0 {
                    entry.fact(name, sum);
                }
            }
            entry.uses.retain(|put_back| put_back.paid != 0 || put_back.bonus != 0);
            let uses = &entry.uses;
            entry.expiries.retain(|moved| uses.iter().any(|put_back| put_back.lot == moved.lot));
        }
        Ok(())
    }
}

pub(super) fn lot_use(taken: &Take) -> LotUseRow {
    LotUseRow { lot: taken.lot.to_string(), paid: taken.paid.get(), bonus: taken.bonus.get() }
}

fn original(conn: &Connection, transaction: TransactionId) -> Result<Original, LedgerError> {
    let row: Option<(i64, String, i64)> = conn
        .query_row_cached(
            "SELECT seq, kind, member_id FROM txn WHERE id = ?1",
            [transaction.to_string()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    let (seq, kind, member) = row.ok_or(LedgerError::UnknownTransaction)?;
    let kind = TransactionKind::of(&kind).ok_or(LedgerError::Broken { seq, fault: "kind" })?;
    Ok(Original { seq, kind, member: MemberId(member) })
}

/// The opposite of what took points from lots: a use, or a hold.
pub(super) fn reversal(
    conn: &Connection,
    now: UnixMillis,
    original: &Original,
    reason: Option<&str>,
) -> Result<Entry, LedgerError> {
    let mut entry = Entry::new(TransactionKind::Reversal, original.member);
    entry.reverses = Some(original.seq);
    entry.note = reason.map(str::to_owned);
    let postings: Vec<(String, i64)> = conn
        .prepare_cached("SELECT account, amount FROM posting WHERE txn_seq = ?1 ORDER BY line")?
        .query_map([original.seq], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (account, amount) in postings {
        let account =
            Account::of(&account).ok_or(LedgerError::Broken { seq: original.seq, fault: "posting" })?;
        entry.post(account, amount.saturating_neg());
    }
    for taken in lots_of(conn, original.seq)? {
        let gone = |at: Option<i64>, put_back: i64| put_back > 0 && at.is_some_and(|at| at <= now.0);
        let later = |at: Option<i64>, put_back: i64| {
            if gone(at, put_back) { at.map(|at| at.max(now.plus_ms(GRACE_MS).0)) } else { at }
        };
        let (paid, bonus) = (taken.paid, taken.bonus);
        if gone(taken.paid_expires_at, paid) || gone(taken.bonus_expires_at, bonus) {
            entry.expiries.push(LotExpiryRow {
                lot: taken.lot.clone(),
                paid_expires_at: later(taken.paid_expires_at, paid),
                bonus_expires_at: later(taken.bonus_expires_at, bonus),
            });
        }
        entry.uses.push(LotUseRow {
            lot: taken.lot,
            paid: paid.saturating_neg(),
            bonus: bonus.saturating_neg(),
        });
    }
    if !entry.expiries.is_empty() {
        entry.fact("grace_days", GRACE_DAYS);
    }
    Ok(entry)
}

/// What a transaction took from a lot, and when that lot goes now.
pub(crate) struct Taken {
    pub(crate) lot: String,
    pub(crate) paid: i64,
    pub(crate) bonus: i64,
    pub(crate) paid_expires_at: Option<i64>,
    pub(crate) bonus_expires_at: Option<i64>,
}

pub(crate) fn lots_of(conn: &Connection, seq: i64) -> Result<Vec<Taken>, LedgerError> {
    let taken = conn
        .prepare_cached(
            "SELECT lot_use.lot_id, lot_use.paid, lot_use.bonus, lot_left.paid_expires_at, lot_left.bonus_expires_at
             FROM lot_use JOIN lot_left ON lot_left.lot_id = lot_use.lot_id
             WHERE lot_use.txn_seq = ?1 ORDER BY lot_use.lot_id",
        )?
        .query_map([seq], |row| {
            Ok(Taken {
                lot: row.get(0)?,
                paid: row.get(1)?,
                bonus: row.get(2)?,
                paid_expires_at: row.get(3)?,
                bonus_expires_at: row.get(4)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(taken)
}

/// A lot's name as the book spells it.
pub(crate) fn lot_id(text: &str) -> Result<LotId, LedgerError> {
    LotId::parse(text).map_err(|_| LedgerError::Broken { seq: 0, fault: "lot" })
}
