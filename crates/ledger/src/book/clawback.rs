//! Money that somebody else gave back: its points are taken back, and what is spent of them is named as a debt.

use money::Points;
use rusqlite::{OptionalExtension, params};

use super::Book;
use super::refund_settle::cancel_name;
use crate::error::LedgerError;
use crate::gate::{Found, GateReason, Outcome, Said};
use crate::ids::ChargeId;
use crate::model::{By, Intent, TransactionKind};
use crate::record::LotUseRow;
use crate::txn::{Account, Entry};

/// The lot that a payment made, as it was made.
struct Loaded {
    lot: String,
    paid: i64,
    bonus: i64,
}

impl Book<'_> {
    /// Cancels of a credited payment that none of our refunds accounts for: named as a dispute, taken back, and the dispute
    /// is over. Answers how many were taken back.
    pub(super) fn cancels_made_elsewhere(
        &mut self,
        by: &By,
        intent: &Intent,
        outcome: &mut Outcome,
    ) -> Result<usize, LedgerError> {
        let mut taken = 0_usize;
        let mut left = Vec::new();
        for (found, reason) in std::mem::take(&mut outcome.disputed) {
            if reason != GateReason::CancelledOutside {
                left.push((found, reason));
                continue;
            }
            let (open, moved) = self.claw_back(by, intent, &found)?;
            if moved {
                taken = taken.saturating_add(1);
                let told = [(found.clone(), reason)];
                self.write_dispute_rows(by, intent.charge, &told)?;
            }
            if open {
                left.push((found, reason));
            } else {
                self.end_cancelled_outside(by, intent.charge, &found.imp_uid)?;
            }
        }
        outcome.disputed = left;
        Ok(taken)
    }

    fn end_cancelled_outside(&mut self, by: &By, charge: ChargeId, imp_uid: &str) -> Result<(), LedgerError> {
        let written = self.conn.execute(
            "INSERT INTO dispute_end (imp_uid, reason, how, at, actor, request_id)
             SELECT imp_uid, reason, 'cancelled', ?3, ?4, ?5 FROM open_dispute
             WHERE charge_id = ?1 AND imp_uid = ?2 AND reason = ?6",
            params![
                charge.to_string(),
                imp_uid,
                by.now.0,
                by.actor.0,
                by.request.to_string(),
                GateReason::CancelledOutside.word()
            ],
        )?;
        if written > 0 {
            self.note(by, charge, "dispute_ended", Some("clawed_back"))?;
        }
        Ok(())
    }

    /// Takes back what was cancelled of a credited payment beyond what the book's refunds account for: once for each
    /// cancel. Nothing while a refund of it is under way, since what was cancelled may be that refund's. Answers whether
    /// something of it is still not accounted for, and whether points moved.
    fn claw_back(&mut self, by: &By, intent: &Intent, found: &Found) -> Result<(bool, bool), LedgerError> {
        let (Said::Whole(amount), Said::Whole(cancelled)) = (&found.amount, &found.cancel_amount) else {
            return Ok((true, false));
        };
        let mut rest = cancelled.saturating_sub(self.reader().accounted(&found.imp_uid)?);
        if rest <= 0 || *cancelled > *amount {
            return Ok((*cancelled > *amount, false));
        }
        let under_way: bool = self.conn.query_row(
            "SELECT EXISTS (SELECT 1 FROM refund_state
                            WHERE imp_uid = ?1 AND state IN ('holding', 'sent', 'unknown', 'pending'))",
            [&found.imp_uid],
            |row| row.get(0),
        )?;
        if under_way {
            return Ok((true, false));
        }
        let is_all = cancelled == amount;
        for (place, cancel) in found.history.iter().enumerate() {
            let name = cancel_name(&found.imp_uid, place, cancel);
            let Said::Whole(sum) = cancel.amount else { continue };
            if rest <= 0 || sum <= 0 || self.known_cancellation(&name)? {
                continue;
            }
            let sum = sum.min(rest);
            rest = rest.saturating_sub(sum);
            self.take_back(by, intent, found, sum, is_all && rest == 0, &name)?;
        }
        if rest > 0 {
            // Cancelled, and no entry tells of it: the sum itself names it.
            let name = format!("{}={cancelled}", found.imp_uid);
            self.take_back(by, intent, found, rest, is_all, &name)?;
        }
        Ok((false, true))
    }

    fn known_cancellation(&self, name: &str) -> Result<bool, LedgerError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM txn_fact WHERE name = 'cancellation' AND value = ?1)",
            )?
            .query_row([name], |row| row.get(0))?)
    }

    fn take_back(
        &mut self,
        by: &By,
        intent: &Intent,
        found: &Found,
        won: i64,
        last: bool,
        name: &str,
    ) -> Result<(), LedgerError> {
        let lot = self
            .conn
            .query_row(
                "SELECT lot.id, lot.paid, lot.bonus FROM payment JOIN lot ON lot.txn_seq = payment.txn_seq
                 WHERE payment.imp_uid = ?1",
                [&found.imp_uid],
                |row| Ok(Loaded { lot: row.get(0)?, paid: row.get(1)?, bonus: row.get(2)? }),
            )
            .optional()?
            .ok_or(LedgerError::Broken { seq: 0, fault: "lot" })?;
        // What is left of it is where its points are now; a debt is the person's, by whatever number.
        let now = self.reader().refund_lot(super::points::lot_id(&lot.lot)?)?;
        let member = self.reader().current_member(now.member)?;
        let paid = won.min(now.account.left_paid.get());
        // What had expired is the shop's income, and no debt of the customer's.
        let expired = won.saturating_sub(paid).min(now.account.expired.get());
        let debt = won.saturating_sub(paid).saturating_sub(expired);
        let share =
            Points::new(lot.bonus).ok().and_then(|bonus| bonus.share(won, lot.paid)).unwrap_or(Points::ZERO);
        let left_bonus = now.account.left_bonus.get();
        let bonus = if last { left_bonus } else { share.get().min(left_bonus) };
        let mut entry = Entry::new(TransactionKind::Clawback, member);
        entry.post(Account::Pg, won.saturating_neg());
        entry.post(Account::Paid, paid);
        entry.post(Account::Breakage, expired);
        entry.post(Account::Debt, debt);
        entry.post(Account::Bonus, bonus);
        entry.post(Account::BonusCost, bonus.saturating_neg());
        if paid > 0 || bonus > 0 {
            entry.uses.push(LotUseRow { lot: now.lot.to_string(), paid, bonus });
        }
        entry.fact("clawback_of", &found.imp_uid);
        entry.fact("cancellation", name);
        if expired > 0 {
            entry.fact("clawed_lot", now.lot);
            entry.fact("clawed_expired", expired);
        }
        self.write_txn(by, entry)?;
        self.note(by, intent.charge, "clawed_back", Some(if debt > 0 { "debt" } else { "points" }))
    }
}
