//! Settling: what PortOne said, written down. The only way from money to points.

use money::Points;
use rusqlite::{OptionalExtension, params};

use super::Book;
use crate::cached::Cached;
use crate::day::{Lifetime, lasts_until};
use crate::error::LedgerError;
use crate::gate::{
    Account as BankAccount, Answer, Confirmed, Found, GateReason, Outcome, Rest, Said, decide,
};
use crate::ids::{ChargeId, UnixMillis};
use crate::model::{By, ChargeState, Intent, Moved, TransactionKind};
use crate::reader::CancelOrder;
use crate::record::{LotRow, PaymentRow};
use crate::timetable::{LONGEST_WAIT_MS, Watched, after_credit, next_look};
use crate::txn::{self, Account, Entry};

/// For how long a pay window may be paid in: its ticket's half hour, and as long again for a slow payment company.
const WINDOW_MS: i64 = 60 * 60 * 1000;
/// How long PortOne may ask for patience.
const MOST_PATIENCE_MS: i64 = 60 * 60 * 1000;

/// What settling did.
#[derive(Debug, Clone)]
pub struct Settled {
    /// Where the charge stands now.
    pub state: ChargeState,
    /// Something changed by this call.
    pub changed: bool,
    /// Points were written by this call.
    pub credited: Option<Moved>,
    /// A member's points moved without a credit: a refund ended, or money was taken back.
    pub moved: bool,
    /// A cancel that PortOne is to be told now. It is on disk as sent.
    pub send: Option<CancelOrder>,
}

impl Book<'_> {
    /// PortOne gave no usable answer: nobody knows. `wait_ms`: how long PortOne asked for patience, at least.
    ///
    /// What was known for good stays known. A charge that failed a moment ago is not: another card may have been tried in
    /// the same window since.
    ///
    /// # Errors
    /// [`LedgerError::UnknownCharge`].
    pub fn unanswered(
        &mut self,
        by: &By,
        charge: ChargeId,
        why: &str,
        wait_ms: i64,
    ) -> Result<Settled, LedgerError> {
        let intent = self.reader().intent(charge)?;
        let (before, _) = self.state_of(charge)?;
        let state = match before {
            ChargeState::Open => ChargeState::Unknown,
            ChargeState::Failed | ChargeState::Voided if self.may_be_paid(charge, by.now)? => {
                ChargeState::Unknown
            }
            ChargeState::Failed
            | ChargeState::Voided
            | ChargeState::AwaitingDeposit
            | ChargeState::Unknown
            | ChargeState::Disputed
            | ChargeState::Credited => before,
        };
        let silent: i64 = self.conn.query_row_cached(
            "SELECT silent + 1 FROM charge_state WHERE charge_id = ?1",
            [charge.to_string()],
            |row| row.get(0),
        )?;
        // Nobody answered, so nobody's clock says that the watch is over.
        let next = next_look(self.watched(&intent, before)?, by.now, silent)
            .unwrap_or_else(|| by.now.plus_ms(LONGEST_WAIT_MS));
        let next = next.max(by.now.plus_ms(wait_ms.clamp(0, MOST_PATIENCE_MS)));
        self.conn.execute_cached(
            "UPDATE charge_state SET state = ?2, silent = ?3, look_at = ?4 WHERE charge_id = ?1",
            params![charge.to_string(), state.word(), silent, next.0],
        )?;
        if silent == 1 {
            self.note(by, charge, "unanswered", Some(why))?;
        }
        Ok(Settled { state, changed: state != before, credited: None, moved: false, send: None })
    }

    /// Whether a pay window of this charge was opened so lately that somebody may still be paying in it.
    fn may_be_paid(&self, charge: ChargeId, now: UnixMillis) -> Result<bool, LedgerError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM charge_event
                                WHERE charge_id = ?1 AND kind = 'window_opened' AND at > ?2)",
            )?
            .query_row(params![charge.to_string(), now.plus_ms(-WINDOW_MS).0], |row| row.get(0))?)
    }

    /// Settles a charge by what PortOne said. The only way to points for money.
    ///
    /// # Errors
    /// [`LedgerError::UnknownCharge`], or what SQLite says; nothing is written then.
    pub fn settle(&mut self, by: &By, charge: ChargeId, answer: &Answer) -> Result<Settled, LedgerError> {
        let intent = self.reader().intent(charge)?;
        let (before, abandoned) = self.state_of(charge)?;
        let credited_for: Option<String> = self
            .conn
            .query_row_cached(
                "SELECT imp_uid FROM payment WHERE charge_id = ?1",
                [charge.to_string()],
                |row| row.get(0),
            )
            .optional()?;
        let mut used = Vec::new();
        for found in &answer.found {
            let stands: Option<i64> = self
                .conn
                .query_row_cached("SELECT 1 FROM payment WHERE imp_uid = ?1", [&found.imp_uid], |row| {
                    row.get(0)
                })
                .optional()?;
            if stands.is_some() {
                used.push(found.imp_uid.clone());
            }
        }
        let refunds = self.settle_refunds(by, &intent, answer)?;
        let mut outcome = decide(
            &intent,
            answer,
            |imp_uid| used.iter().any(|used| used == imp_uid),
            credited_for.as_deref(),
        );
        let member = self.reader().current_member(intent.member)?;
        let is_erased = self.reader().is_erased(member)?;
        if is_erased {
            // Nobody could spend these points, and nobody would find them.
            outcome.refuse(GateReason::MemberErased);
        }
        let taken_back = self.cancels_made_elsewhere(by, &intent, &mut outcome)?;
        let disputes = self.write_disputes(by, charge, &outcome)?.saturating_add(taken_back);
        let ended = self.end_disputes(by, charge, answer, &outcome)?;
        self.see_disputed(&outcome)?;
        let given_up = matches!(before, ChargeState::Failed | ChargeState::Voided);
        let late = abandoned || (given_up && !self.may_be_paid(charge, by.now)?);
        let mut settled = Settled {
            state: before,
            changed: disputes > 0 || ended > 0 || refunds.changed,
            credited: None,
            moved: refunds.moved || taken_back > 0,
            send: refunds.send,
        };
        if let Some(confirmed) = &outcome.credit {
            settled.credited = Some(self.credit(by, &intent, confirmed, answer.at, late)?);
            settled.state = ChargeState::Credited;
            settled.changed = true;
        } else if credited_for.is_none() {
            let (state, reason, text, account) = stand(&outcome.rest);
            // What may name somebody is not written down again.
            let (text, account) = (text.filter(|_| !is_erased), account.filter(|_| !is_erased));
            settled.changed |= state != before;
            settled.state = state;
            self.write_state(charge, state, reason, text.as_deref(), account)?;
            if state != before {
                self.note(by, charge, "state", Some(state.word()))?;
            }
        }
        let look_at = self.look_at(by.now, &intent, settled.state)?;
        self.conn.execute_cached(
            "UPDATE charge_state SET looked_up_at = ?2, look_at = ?3, silent = 0
             WHERE charge_id = ?1",
            params![charge.to_string(), answer.at.0, look_at.map(|at| at.0)],
        )?;
        Ok(settled)
    }

    /// When to ask again after an answer.
    fn look_at(
        &self,
        now: UnixMillis,
        intent: &Intent,
        state: ChargeState,
    ) -> Result<Option<UnixMillis>, LedgerError> {
        let (refunded, under_way) = self.reader().refund_times(intent.charge)?;
        if state != ChargeState::Credited || under_way.is_some() || self.has_open_dispute(intent.charge)? {
            return Ok(next_look(self.watched(intent, state)?, now, 0));
        }
        let credited_at: i64 = self.conn.query_row_cached(
            "SELECT at FROM txn WHERE charge_id = ?1",
            [intent.charge.to_string()],
            |row| row.get(0),
        )?;
        // A refund that was given up may land all the same.
        let since = refunded.map_or(UnixMillis(credited_at), |at| at.max(UnixMillis(credited_at)));
        Ok(after_credit(since, now))
    }

    fn watched(&self, intent: &Intent, state: ChargeState) -> Result<Watched, LedgerError> {
        let deposit_due = match state {
            ChargeState::AwaitingDeposit => {
                self.reader().charge(intent.charge)?.deposit.and_then(|deposit| deposit.due_at)
            }
            ChargeState::Open
            | ChargeState::Unknown
            | ChargeState::Failed
            | ChargeState::Voided
            | ChargeState::Disputed
            | ChargeState::Credited => None,
        };
        // A refund under way is asked about as often as a new charge.
        let (_, under_way) = self.reader().refund_times(intent.charge)?;
        Ok(Watched { started: under_way.map_or(intent.at, |at| at.max(intent.at)), deposit_due })
    }

    fn has_open_dispute(&self, charge: ChargeId) -> Result<bool, LedgerError> {
        Ok(self
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM open_dispute WHERE charge_id = ?1)")?
            .query_row([charge.to_string()], |row| row.get(0))?)
    }

    /// A disputed payment of which all was given back, or that was credited after all, is nobody's work any more.
    fn end_disputes(
        &mut self,
        by: &By,
        charge: ChargeId,
        answer: &Answer,
        outcome: &Outcome,
    ) -> Result<usize, LedgerError> {
        let mut ended = 0_usize;
        for found in &answer.found {
            let credited =
                outcome.credit.as_ref().is_some_and(|credit| credit.found().imp_uid == found.imp_uid);
            let how = match (credited, found.is_given_back()) {
                (true, _) => "credited",
                (false, true) => "cancelled",
                (false, false) => continue,
            };
            // Points that were given for a payment which was cancelled since: those are still to be taken back.
            let written = self.conn.execute_cached(
                "INSERT INTO dispute_end (imp_uid, reason, how, at, actor, request_id)
                 SELECT imp_uid, reason, ?3, ?4, ?5, ?6 FROM open_dispute
                 WHERE charge_id = ?1 AND imp_uid = ?2 AND reason <> ?7",
                params![
                    charge.to_string(),
                    found.imp_uid,
                    how,
                    by.now.0,
                    by.actor.0,
                    by.request.to_string(),
                    GateReason::CancelledOutside.word(),
                ],
            )?;
            if written > 0 {
                self.note(by, charge, "dispute_ended", Some(how))?;
            }
            ended = ended.saturating_add(written);
        }
        Ok(ended)
    }

    fn write_disputes(&mut self, by: &By, charge: ChargeId, outcome: &Outcome) -> Result<usize, LedgerError> {
        self.write_dispute_rows(by, charge, &outcome.disputed)
    }

    pub(super) fn write_dispute_rows(
        &mut self,
        by: &By,
        charge: ChargeId,
        disputed: &[(Found, GateReason)],
    ) -> Result<usize, LedgerError> {
        let mut written = 0_usize;
        for (found, reason) in disputed {
            let won = match found.amount {
                Said::Whole(won) => Some(won),
                Said::Odd(_) => None,
            };
            let inserted = self.conn.execute_cached(
                "INSERT INTO dispute (imp_uid, charge_id, reason, won, at, actor, request_id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
                params![
                    found.imp_uid,
                    charge.to_string(),
                    reason.word(),
                    won,
                    by.now.0,
                    by.actor.0,
                    by.request.to_string()
                ],
            )?;
            if inserted > 0 {
                self.note(by, charge, "disputed", Some(reason.word()))?;
            }
            written = written.saturating_add(inserted);
        }
        Ok(written)
    }

    /// What of a disputed payment was cancelled already: only the rest of it can go back.
    fn see_disputed(&mut self, outcome: &Outcome) -> Result<(), LedgerError> {
        for (found, _) in &outcome.disputed {
            if let Said::Whole(cancelled) = found.cancel_amount {
                self.conn.execute_cached(
                    "INSERT INTO disputed_seen (imp_uid, cancelled) VALUES (?1, ?2)
                     ON CONFLICT (imp_uid) DO UPDATE SET cancelled = excluded.cancelled",
                    params![found.imp_uid, cancelled],
                )?;
            }
        }
        Ok(())
    }

    fn write_state(
        &mut self,
        charge: ChargeId,
        state: ChargeState,
        reason: Option<GateReason>,
        text: Option<&str>,
        account: Option<&BankAccount>,
    ) -> Result<(), LedgerError> {
        let deposit = account.map(|account| {
            serde_json::json!({ "bank": account.bank, "number": account.number, "holder": account.holder,
                                "due_at": account.due_at.map(|at| at.0) })
            .to_string()
        });
        self.conn.execute_cached(
            "UPDATE charge_state SET state = ?2, reason = ?3, reason_text = ?4, deposit = coalesce(?5, deposit)
             WHERE charge_id = ?1",
            params![charge.to_string(), state.word(), reason.map(GateReason::word), text, deposit],
        )?;
        Ok(())
    }

    /// The bonus as it was promised when the charge was started. A first charge is rewarded once: where two were started
    /// as the first, the one that is paid first is it, and a unique index says so.
    fn bonus_now(&self, intent: &Intent, entry: &mut Entry) -> Result<Points, LedgerError> {
        let Some(unless_first) = intent.bonus_unless_first else { return Ok(intent.bonus) };
        if self.reader().first_was_rewarded(intent.member)? {
            return Ok(unless_first);
        }
        entry.fact("first_charge", intent.member);
        Ok(intent.bonus)
    }

    /// Writes payment, transaction, postings, lot, hash and head for a payment that passed the gate.
    fn credit(
        &mut self,
        by: &By,
        intent: &Intent,
        confirmed: &Confirmed,
        looked_up_at: UnixMillis,
        late: bool,
    ) -> Result<Moved, LedgerError> {
        let found = confirmed.found();
        let paid = confirmed.won().paid_points();
        // Money that comes late finds the member where the points are now.
        let member = self.reader().current_member(intent.member)?;
        let mut entry = Entry::new(TransactionKind::Loading, member);
        entry.charge = Some(intent.charge);
        // What is promised about refunds today holds for these points.
        entry.fact("refund_rule", self.reader().refund_rule_in_force()?.version);
        entry.post(Account::Pg, paid.get());
        entry.post(Account::Paid, paid.get().saturating_neg());
        let bonus = self.bonus_now(intent, &mut entry)?;
        entry.post(Account::BonusCost, bonus.get());
        entry.post(Account::Bonus, bonus.get().saturating_neg());
        let turns_at = self.reader().day_turns_at()?;
        let days =
            intent.bonus_valid_days.filter(|_| !bonus.is_zero()).and_then(|days| u16::try_from(days).ok());
        // Counted from when the points are there: who pays a deposit later has them as long.
        let until = |lifetime| lasts_until(by.now, turns_at, lifetime).map(|at| at.0);
        if let Some((version, _)) = intent.paid_lasts {
            entry.fact("expiry_rule", version);
        }
        entry.lot = Some(LotRow {
            id: txn::new_lot_id(self.random, by).to_string(),
            member: member.0,
            paid: paid.get(),
            bonus: bonus.get(),
            // Paid points do not expire where the owner had accepted no rule when the charge was started.
            paid_expires_at: intent.paid_lasts.and_then(|(_, lifetime)| until(lifetime)),
            bonus_expires_at: days.and_then(|days| until(Lifetime::Days(days))),
            bonus_rule: intent.bonus_rule,
        });
        entry.payment = Some(PaymentRow {
            imp_uid: found.imp_uid.clone(),
            charge: intent.charge.to_string(),
            won: confirmed.won().get(),
            pg_provider: intent.pg_provider.clone(),
            pg_id: intent.pg_id.clone(),
            pg_tid: found.pg_tid.clone(),
            pay_method: found.pay_method.clone(),
            apply_num: found.apply_num.clone(),
            card_name: found.card_name.clone(),
            card_number: found.card_number.clone(),
            receipt_url: found.receipt_url.clone(),
            sandbox: intent.mode.sandbox(),
            paid_at: confirmed.paid_at().0,
            looked_up_at: looked_up_at.0,
            answer_hash: found.hash().to_vec(),
            actor: intent.actor.0,
            request_id: by.request.to_string(),
        });
        // A timer may be what found the money; the charge is still the work of whoever started it.
        let starter = By { actor: intent.actor, approver: intent.approver, ..*by };
        let moved = txn::write(self.conn, self.random, &starter, turns_at, entry)?;
        self.write_state(intent.charge, ChargeState::Credited, None, None, None)?;
        self.conn.execute_cached(
            "UPDATE charge_state SET late = ?2 WHERE charge_id = ?1",
            params![intent.charge.to_string(), late],
        )?;
        self.note(by, intent.charge, "credited", Some(&found.imp_uid))?;
        Ok(moved)
    }
}

fn stand(rest: &Rest) -> (ChargeState, Option<GateReason>, Option<String>, Option<&BankAccount>) {
    match rest {
        Rest::Open => (ChargeState::Open, None, None, None),
        Rest::AwaitingDeposit(account) => (ChargeState::AwaitingDeposit, None, None, Some(account)),
        Rest::Failed(text) => (ChargeState::Failed, None, text.clone(), None),
        Rest::Voided(text) => (ChargeState::Voided, None, text.clone(), None),
        Rest::Disputed(reason) => (ChargeState::Disputed, Some(*reason), None, None),
        Rest::Unknown => (ChargeState::Unknown, None, None, None),
    }
}
