//! Refunds, by what PortOne says: sent, posted, released. An answer to a cancel decides nothing; a look-up does.

use std::num::NonZeroU64;

use rusqlite::{OptionalExtension, params};

use super::points::{Original, reversal};
use super::{Book, RefundAccount};
use crate::error::LedgerError;
use crate::gate::{Answer, Cancelled, Found, FoundStatus, Said};
use crate::ids::{RefundId, RequestId};
use crate::model::{By, Intent, TransactionKind};
use crate::reader::{CancelOrder, Refund, RefundState};
use crate::txn::{Account, Entry};

/// After this long without an answer a cancel is sent again, with the same checksum: PortOne's answer is waited for at most
/// 40 seconds (twice, where the token was refused), and 60 seconds more.
const SEND_AGAIN_MS: i64 = 150 * 1000;

/// What PortOne answered to a cancel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CancelSaid {
    /// It took it. Whether it did it, a look-up tells.
    Accepted,
    /// A readable refusal, in the payment company's words.
    Refused(String),
    /// No usable answer: it may have been done or not.
    Lost(String),
}

/// What settling did about refunds.
#[derive(Debug, Default)]
pub(super) struct RefundsSettled {
    pub(super) changed: bool,
    /// A member's points changed.
    pub(super) moved: bool,
    /// To be sent now.
    pub(super) send: Option<CancelOrder>,
}

/// The sums of a payment, where PortOne names whole ones.
#[derive(Clone, Copy)]
struct Sums {
    amount: i64,
    cancelled: i64,
}

impl Sums {
    fn of(found: &Found) -> Option<Sums> {
        match (&found.amount, &found.cancel_amount) {
            (Said::Whole(amount), Said::Whole(cancelled)) if (0..=*amount).contains(cancelled) => {
                Some(Sums { amount: *amount, cancelled: *cancelled })
            }
            (Said::Whole(_) | Said::Odd(_), Said::Whole(_) | Said::Odd(_)) => None,
        }
    }
    fn left(self) -> i64 {
        self.amount.saturating_sub(self.cancelled)
    }
}

/// Whether this cancel names this refund.
pub(super) fn names(cancel: &Cancelled, refund: RefundId) -> bool {
    cancel.reason.as_ref().is_some_and(|reason| reason.contains(&refund.to_string()))
}

/// A cancel's name: PortOne's, or its place.
pub(super) fn cancel_name(imp_uid: &str, place: usize, cancel: &Cancelled) -> String {
    cancel.id.clone().unwrap_or_else(|| format!("{imp_uid}#{place}"))
}

impl Book<'_> {
    /// Notes what PortOne answered to a cancel. It decides nothing yet.
    ///
    /// # Errors
    /// [`LedgerError::UnknownRefund`], or what SQLite says.
    pub fn refund_said(&mut self, by: &By, refund: RefundId, said: &CancelSaid) -> Result<(), LedgerError> {
        let before = self.reader().refund(refund)?;
        if !before.state.is_open() {
            return Ok(());
        }
        let (word, state, detail) = match said {
            CancelSaid::Accepted => ("accepted", RefundState::Pending, None),
            CancelSaid::Refused(text) => ("refused", RefundState::Sent, Some(text.as_str())),
            CancelSaid::Lost(why) => ("lost", RefundState::Unknown, Some(why.as_str())),
        };
        self.conn.execute(
            "UPDATE refund_state SET said = ?2, state = ?3 WHERE refund_id = ?1",
            params![refund.to_string(), word, state.word()],
        )?;
        self.refund_note(by, refund, &format!("answer_{word}"), detail)
    }

    /// Brings the refunds of a charge forward by a fresh look-up.
    pub(super) fn settle_refunds(
        &mut self,
        by: &By,
        intent: &Intent,
        answer: &Answer,
    ) -> Result<RefundsSettled, LedgerError> {
        let mut settled = RefundsSettled::default();
        for refund in self.reader().refunds_at_portone(intent.charge)? {
            let found = answer.found.iter().find(|found| refund.imp_uid.as_deref() == Some(&found.imp_uid));
            let Some(found) = found else { continue };
            self.conn.execute(
                "UPDATE refund_state SET looked_up_at = ?2 WHERE refund_id = ?1",
                params![refund.refund.to_string(), answer.at.0],
            )?;
            if refund.state.is_open() {
                self.settle_refund(by, intent, &refund, found, &mut settled)?;
            } else if refund.state != RefundState::Posted
                && !refund.landed_late
                && found.history.iter().any(|cancel| names(cancel, refund.refund))
            {
                // Given up, and it went back all the same: the claw-back below takes it from the points.
                self.conn.execute(
                    "UPDATE refund_state SET landed_late = 1 WHERE refund_id = ?1",
                    [refund.refund.to_string()],
                )?;
                self.refund_note(by, refund.refund, "landed_late", None)?;
                settled.changed = true;
            }
        }
        Ok(settled)
    }

    fn settle_refund(
        &mut self,
        by: &By,
        intent: &Intent,
        refund: &Refund,
        found: &Found,
        settled: &mut RefundsSettled,
    ) -> Result<(), LedgerError> {
        let Some(sums) = Sums::of(found) else { return Ok(()) };
        let by = &By {
            actor: refund.actor,
            approver: refund.approver,
            request: RequestId(refund.refund.0),
            ..*by
        };
        if refund.tries == 0 {
            settled.changed = true;
            return match unfit(intent, refund, found, sums, self.reader().accounted(&found.imp_uid)?) {
                // Nothing was ever sent, so nothing can land.
                Some(why) => self.give_up(by, refund, RefundState::Refused, why, settled),
                None => self.arm(by, refund, sums, settled),
            };
        }
        let own: Vec<&Cancelled> =
            found.history.iter().filter(|cancel| names(cancel, refund.refund)).collect();
        if !own.is_empty() {
            let sum = total(&own);
            return if sum == Some(refund.won.get()) {
                self.landed(by, refund, found, settled)
            } else {
                // Another sum than ours under our name: the points come back, and what really went is taken from them.
                self.give_up(by, refund, RefundState::Released, "other_sum", settled)
            };
        }
        let before = refund.cancelled.unwrap_or(0);
        if sums.cancelled.saturating_sub(before) == refund.won.get()
            && refund.said.as_deref() != Some("refused")
        {
            // The sum went, under no name. With the checksum that was sent only one of two could: it is ours.
            return self.landed(by, refund, found, settled);
        }
        let all: Vec<&Cancelled> = found.history.iter().collect();
        let told_all = total(&all) == Some(sums.cancelled);
        let unchanged = sums.cancelled == before;
        let waited = refund.sent_at.is_none_or(|sent| by.now.since(sent) >= SEND_AGAIN_MS);
        match refund.said.as_deref() {
            Some("refused") if unchanged => {
                self.give_up(by, refund, RefundState::Refused, "pg_refused", settled)
            }
            // Somebody else cancelled meanwhile: ours was refused, and with its checksum can come no more.
            Some("refused") if told_all => self.give_up(by, refund, RefundState::Refused, "changed", settled),
            // What is left is less than ours: what was accepted can be done no more.
            Some("accepted") if waited && told_all && sums.left() < refund.won.get() => {
                self.give_up(by, refund, RefundState::Released, "changed", settled)
            }
            Some("accepted") => self.stand(by, refund, RefundState::Pending, settled),
            Some("lost") | None if waited && unchanged => {
                settled.changed = true;
                self.arm(by, refund, sums, settled)
            }
            Some("lost") | None if waited && told_all => {
                self.give_up(by, refund, RefundState::Released, "changed", settled)
            }
            Some(_) | None => self.stand(by, refund, RefundState::Unknown, settled),
        }
    }

    fn stand(
        &mut self,
        by: &By,
        refund: &Refund,
        state: RefundState,
        settled: &mut RefundsSettled,
    ) -> Result<(), LedgerError> {
        if refund.state != state {
            settled.changed = true;
            self.write_refund_state(refund.refund, state, None)?;
            self.refund_note(by, refund.refund, state.word(), None)?;
        }
        Ok(())
    }

    /// On disk before it is sent: what was cancelled so far, and what is left.
    fn arm(
        &mut self,
        by: &By,
        refund: &Refund,
        sums: Sums,
        settled: &mut RefundsSettled,
    ) -> Result<(), LedgerError> {
        let positive = |value: i64| u64::try_from(value).ok().and_then(NonZeroU64::new);
        // With each try the checksum of the first: should that one still be on its way, only one of them can be done.
        let checksum = refund.checksum.unwrap_or_else(|| sums.left());
        let (Some(sum), Some(sealed)) = (positive(refund.won.get()), positive(checksum)) else {
            return Err(LedgerError::ZeroAmount);
        };
        self.conn.execute(
            "UPDATE refund_state SET state = 'sent', said = NULL, checksum = ?2, cancelled = coalesce(cancelled, ?3),
                    sent_at = ?4, tries = tries + 1
             WHERE refund_id = ?1",
            params![refund.refund.to_string(), checksum, sums.cancelled, by.now.0],
        )?;
        self.refund_note(by, refund.refund, "sent", None)?;
        let account = self
            .conn
            .query_row(
                "SELECT bank, number, holder FROM refund_account WHERE refund_id = ?1",
                [refund.refund.to_string()],
                |row| Ok(RefundAccount { bank: row.get(0)?, number: row.get(1)?, holder: row.get(2)? }),
            )
            .optional()?;
        settled.send = Some(CancelOrder {
            refund: refund.refund,
            imp_uid: refund.imp_uid.clone().unwrap_or_default(),
            sum,
            checksum: sealed,
            reason: format!("환불 {}", refund.refund),
            account,
        });
        Ok(())
    }

    /// The money went back: what was held is gone for good.
    fn landed(
        &mut self,
        by: &By,
        refund: &Refund,
        found: &Found,
        settled: &mut RefundsSettled,
    ) -> Result<(), LedgerError> {
        if refund.lot.is_some() {
            let mut entry = Entry::new(TransactionKind::Refund, refund.member);
            let parts = [refund.paid, refund.bonus, refund.expired];
            entry.post(Account::Held, parts.iter().fold(0_i64, |sum, part| sum.saturating_add(part.get())));
            entry.post(Account::Pg, refund.won.get().saturating_neg());
            entry.post(Account::BonusCost, refund.bonus.get().saturating_neg());
            entry.post(Account::RefundFee, refund.fee.get().saturating_neg());
            entry.fact("refund", refund.refund);
            entry.fact("phase", "post");
            entry.fact("refund_once", format!("{}/end", refund.refund));
            let ours = |cancel: &Cancelled| names(cancel, refund.refund);
            let place = found.history.iter().position(ours).unwrap_or(found.history.len().saturating_sub(1));
            if let Some(cancel) = found.history.get(place) {
                entry.fact("cancellation", cancel_name(&found.imp_uid, place, cancel));
            }
            self.write_txn(by, entry)?;
            settled.moved = true;
        }
        self.end_refund(by, refund, RefundState::Posted, None, settled)
    }

    /// It did not go back: what was held comes back into the lot.
    fn give_up(
        &mut self,
        by: &By,
        refund: &Refund,
        state: RefundState,
        why: &'static str,
        settled: &mut RefundsSettled,
    ) -> Result<(), LedgerError> {
        if refund.lot.is_some() {
            let seq: i64 = self.conn.query_row(
                "SELECT txn_seq FROM txn_fact WHERE name = 'refund_once' AND value = ?1",
                [format!("{}/hold", refund.refund)],
                |row| row.get(0),
            )?;
            let original = Original { seq, kind: TransactionKind::Refund, member: refund.member };
            let mut entry = reversal(self.conn, by.now, &original, None)?;
            entry.kind = TransactionKind::Refund;
            entry.fact("refund", refund.refund);
            entry.fact("phase", "release");
            entry.fact("refund_once", format!("{}/end", refund.refund));
            self.write_txn(by, entry)?;
            settled.moved = true;
        }
        self.end_refund(by, refund, state, Some(why), settled)
    }

    fn end_refund(
        &mut self,
        by: &By,
        refund: &Refund,
        state: RefundState,
        why: Option<&'static str>,
        settled: &mut RefundsSettled,
    ) -> Result<(), LedgerError> {
        settled.changed = true;
        self.write_refund_state(refund.refund, state, why)?;
        self.conn.execute("DELETE FROM refund_account WHERE refund_id = ?1", [refund.refund.to_string()])?;
        self.refund_note(by, refund.refund, state.word(), why)
    }

    fn write_refund_state(
        &mut self,
        refund: RefundId,
        state: RefundState,
        why: Option<&'static str>,
    ) -> Result<(), LedgerError> {
        self.conn.execute(
            "UPDATE refund_state SET state = ?2, why = ?3 WHERE refund_id = ?1",
            params![refund.to_string(), state.word(), why],
        )?;
        Ok(())
    }
}

/// Why a payment is not to be cancelled at all, if it is not: it is not what the book believes it to be.
fn unfit(
    intent: &Intent,
    refund: &Refund,
    found: &Found,
    sums: Sums,
    accounted: i64,
) -> Option<&'static str> {
    // Which of the two moneys it is comes first: a test payment is never cancelled out of a live book, nor the reverse.
    if found.sandbox != Some(intent.mode.sandbox()) {
        return Some("sandbox_mismatch");
    }
    if found.merchant_uid != intent.merchant_uid || found.status != FoundStatus::Paid {
        return Some("not_paid");
    }
    let fits = match refund.lot {
        Some(_) => {
            sums.cancelled == accounted && sums.amount == intent.won.get() && sums.left() >= refund.won.get()
        }
        // Never credited: all that was not cancelled yet, whoever cancelled the rest.
        None => refund.won.get() == sums.left(),
    };
    (!fits).then_some("changed")
}

/// The sum of some cancels; `None` where one of them is no whole sum.
fn total(cancels: &[&Cancelled]) -> Option<i64> {
    let mut sum = 0_i64;
    for cancel in cancels {
        match cancel.amount {
            Said::Whole(amount) => sum = sum.checked_add(amount)?,
            Said::Odd(_) => return None,
        }
    }
    Some(sum)
}
