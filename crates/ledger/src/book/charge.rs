//! Charges: the frozen intent, what happened to it, and its settling.

use money::{Points, Won};
use rusqlite::{OptionalExtension, params};

use super::{Book, content};
use crate::error::{Done, LedgerError};
use crate::gate::{Account as BankAccount, Answer, Confirmed, GateReason, Outcome, Rest, Said, decide};
use crate::ids::{ChargeId, MemberId, UnixMillis};
use crate::model::{By, ChargeState, Intent, Moved, TransactionKind};
use crate::timetable::{after_credit, next_look};
use crate::txn::{self, Account, Entry, LotRow, PaymentRow};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// The same member and sum inside this time is stopped and asked about.
const RECENT_MS: i64 = 10 * 60 * 1000;

/// A charge that somebody asked for.
#[derive(Debug, Clone)]
pub struct NewCharge {
    /// The screen's id.
    pub charge: ChargeId,
    /// Who gets the points.
    pub member: MemberId,
    /// What is to be paid.
    pub won: Won,
    /// How.
    pub method: String,
    /// The channel's key.
    pub channel_key: String,
    /// The channel's payment company.
    pub pg_provider: String,
    /// The channel's MID.
    pub pg_id: String,
    /// The same member and sum within ten minutes is meant.
    pub repeat_ok: bool,
}

/// What settling did.
#[derive(Debug, Clone)]
pub struct Settled {
    /// Where the charge stands now.
    pub state: ChargeState,
    /// Something changed by this call.
    pub changed: bool,
    /// Points were written by this call.
    pub credited: Option<Moved>,
}

impl Book<'_> {
    /// Writes the intent, frozen: sum, promised bonus, channel. The same id with the same content was done before,
    /// whatever the rules and the channel are today.
    ///
    /// # Errors
    /// [`LedgerError::UnknownMember`], [`LedgerError::ZeroAmount`], [`LedgerError::RecentSameCharge`],
    /// [`LedgerError::SameIdOtherContent`].
    pub fn open_charge(&mut self, by: &By, new: &NewCharge) -> Result<(Done, Intent), LedgerError> {
        if new.won.is_zero() {
            return Err(LedgerError::ZeroAmount);
        }
        let asked = content("charge", |canon| {
            canon.number(new.member.0).number(new.won.get()).text(&new.method);
        });
        let (done, ()) = self.once(by, "charge", asked, |book| {
            txn::balance(book.conn, new.member)?;
            if !new.repeat_ok
                && let Some(charge) = book.recent_same(new, by.now)?
            {
                return Err(LedgerError::RecentSameCharge { charge });
            }
            let quote = book.reader().quote(new.won)?;
            let book_id = book.reader().stamp()?.book_id;
            let merchant_uid = crate::random::merchant_uid(book.random, book_id);
            book.conn.execute(
                "INSERT INTO charge (id, merchant_uid, member_id, won, bonus, bonus_rule, bonus_valid_days, method,
                                     channel_key, pg_provider, pg_id, at, actor, request_id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
                params![
                    new.charge.to_string(),
                    merchant_uid,
                    new.member.0,
                    new.won.get(),
                    quote.bonus.get(),
                    quote.rule,
                    quote.valid_days,
                    new.method,
                    new.channel_key,
                    new.pg_provider,
                    new.pg_id,
                    by.now.0,
                    by.actor.0,
                    by.request.to_string(),
                ],
            )?;
            book.conn.execute(
                "INSERT INTO charge_state (charge_id, state, look_at) VALUES (?1, 'open', ?2)",
                params![new.charge.to_string(), next_look(by.now, by.now, 0).map(|at| at.0)],
            )?;
            book.note(by, new.charge, "opened", None)
        })?;
        Ok((done, self.reader().intent(new.charge)?))
    }

    fn recent_same(&self, new: &NewCharge, now: UnixMillis) -> Result<Option<ChargeId>, LedgerError> {
        let found: Option<String> = self
            .conn
            .query_row(
                "SELECT charge.id FROM charge JOIN charge_state ON charge_state.charge_id = charge.id
                 WHERE charge.member_id = ?1 AND charge.at > ?2 AND charge.won = ?3
                   AND charge_state.state NOT IN ('failed', 'voided')
                 ORDER BY charge.at DESC LIMIT 1",
                params![new.member.0, now.plus_ms(RECENT_MS.saturating_neg()).0, new.won.get()],
                |row| row.get(0),
            )
            .optional()?;
        found
            .map(|id| ChargeId::parse(&id).map_err(|_| LedgerError::Broken { seq: 0, fault: "charge" }))
            .transpose()
    }

    /// Adds to what happened to a charge.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn note(
        &mut self,
        by: &By,
        charge: ChargeId,
        kind: &str,
        detail: Option<&str>,
    ) -> Result<(), LedgerError> {
        self.conn
            .prepare_cached(
                "INSERT INTO charge_event (charge_id, at, kind, detail, actor, request_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![charge.to_string(), by.now.0, kind, detail, by.actor.0, by.request.to_string()])?;
        Ok(())
    }

    /// The clerk goes on to the next customer. The charge is still looked at, and a late payment credits.
    ///
    /// # Errors
    /// [`LedgerError::UnknownCharge`].
    pub fn abandon_charge(&mut self, by: &By, charge: ChargeId) -> Result<Done, LedgerError> {
        let (state, abandoned) = self.state_of(charge)?;
        if abandoned || state == ChargeState::Credited {
            return Ok(Done::Before);
        }
        self.conn
            .execute("UPDATE charge_state SET abandoned = 1 WHERE charge_id = ?1", [charge.to_string()])?;
        self.note(by, charge, "abandoned", None)?;
        Ok(Done::Now)
    }

    fn state_of(&self, charge: ChargeId) -> Result<(ChargeState, bool), LedgerError> {
        let row: Option<(String, bool)> = self
            .conn
            .query_row(
                "SELECT state, abandoned FROM charge_state WHERE charge_id = ?1",
                [charge.to_string()],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let (state, abandoned) = row.ok_or(LedgerError::UnknownCharge)?;
        let state = ChargeState::of(&state).ok_or(LedgerError::Broken { seq: 0, fault: "charge_state" })?;
        Ok((state, abandoned))
    }

    /// PortOne gave no usable answer: nobody knows. What was known before stays known.
    ///
    /// # Errors
    /// [`LedgerError::UnknownCharge`].
    pub fn unanswered(&mut self, by: &By, charge: ChargeId, why: &str) -> Result<Settled, LedgerError> {
        let intent = self.reader().intent(charge)?;
        let (before, _) = self.state_of(charge)?;
        let state = if before == ChargeState::Open { ChargeState::Unknown } else { before };
        let silent: i64 = self.conn.query_row(
            "SELECT silent + 1 FROM charge_state WHERE charge_id = ?1",
            [charge.to_string()],
            |row| row.get(0),
        )?;
        self.conn.execute(
            "UPDATE charge_state SET state = ?2, silent = ?3, look_at = ?4 WHERE charge_id = ?1",
            params![
                charge.to_string(),
                state.word(),
                silent,
                next_look(intent.at, by.now, silent).map(|at| at.0)
            ],
        )?;
        if silent == 1 {
            self.note(by, charge, "unanswered", Some(why))?;
        }
        Ok(Settled { state, changed: state != before, credited: None })
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
            .query_row("SELECT imp_uid FROM payment WHERE charge_id = ?1", [charge.to_string()], |row| {
                row.get(0)
            })
            .optional()?;
        let mut used = Vec::new();
        for found in &answer.found {
            let stands: Option<i64> = self
                .conn
                .query_row("SELECT 1 FROM payment WHERE imp_uid = ?1", [&found.imp_uid], |row| row.get(0))
                .optional()?;
            if stands.is_some() {
                used.push(found.imp_uid.clone());
            }
        }
        let outcome = decide(
            &intent,
            answer,
            |imp_uid| used.iter().any(|used| used == imp_uid),
            credited_for.as_deref(),
        );
        let disputes = self.write_disputes(by, charge, &outcome)?;
        let late = abandoned || matches!(before, ChargeState::Failed | ChargeState::Voided);
        let mut settled = Settled { state: before, changed: disputes > 0, credited: None };
        if let Some(confirmed) = &outcome.credit {
            settled.credited = Some(self.credit(by, &intent, confirmed, answer.at, late)?);
            settled.state = ChargeState::Credited;
            settled.changed = true;
        } else if credited_for.is_none() {
            let (state, reason, text, account) = stand(&outcome.rest);
            settled.changed |= state != before;
            settled.state = state;
            self.write_state(charge, state, reason, text.as_deref(), account)?;
            if state != before {
                self.note(by, charge, "state", Some(state.word()))?;
            }
        }
        let look_at = if settled.state == ChargeState::Credited {
            after_credit(intent.at, by.now)
        } else {
            next_look(intent.at, by.now, 0)
        };
        self.conn.execute(
            "UPDATE charge_state SET looked_up_at = ?2, look_at = ?3, silent = 0 WHERE charge_id = ?1",
            params![charge.to_string(), answer.at.0, look_at.map(|at| at.0)],
        )?;
        Ok(settled)
    }

    fn write_disputes(&mut self, by: &By, charge: ChargeId, outcome: &Outcome) -> Result<usize, LedgerError> {
        let mut written = 0_usize;
        for (found, reason) in &outcome.disputed {
            let won = match found.amount {
                Said::Whole(won) => Some(won),
                Said::Odd(_) => None,
            };
            let inserted = self.conn.execute(
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
        self.conn.execute(
            "UPDATE charge_state SET state = ?2, reason = ?3, reason_text = ?4, deposit = coalesce(?5, deposit)
             WHERE charge_id = ?1",
            params![charge.to_string(), state.word(), reason.map(GateReason::word), text, deposit],
        )?;
        Ok(())
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
        let mut entry = Entry::new(TransactionKind::Loading, intent.member);
        entry.charge = Some(intent.charge);
        entry.post(Account::Pg, paid.get());
        entry.post(Account::Paid, paid.get().saturating_neg());
        entry.post(Account::BonusCost, intent.bonus.get());
        entry.post(Account::Bonus, intent.bonus.get().saturating_neg());
        let bonus_days = if intent.bonus == Points::ZERO { None } else { intent.bonus_valid_days };
        entry.lot = Some(LotRow {
            id: txn::new_lot_id(self.random, by).to_string(),
            member: intent.member.0,
            paid: paid.get(),
            bonus: intent.bonus.get(),
            // Paid points do not expire until the owner accepts a rule.
            paid_expires_at: None,
            bonus_expires_at: bonus_days.map(|days| by.now.plus_ms(days.saturating_mul(DAY_MS)).0),
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
        });
        let turns_at = self.reader().day_turns_at()?;
        // A timer may be what found the money; the charge is still the work of whoever started it.
        let starter = By { actor: intent.actor, ..*by };
        let moved = txn::write(self.conn, self.random, &starter, turns_at, entry)?;
        self.write_state(intent.charge, ChargeState::Credited, None, None, None)?;
        self.conn.execute(
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
