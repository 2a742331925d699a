//! Charges: the frozen intent, and what happened to it.

use money::{Points, Won};
use rusqlite::{OptionalExtension, params};

use super::{Book, content};
use crate::cached::Cached;
use crate::error::{Done, LedgerError};
use crate::ids::{ChargeId, MemberId};
use crate::model::{By, ChargeState, Intent};
use crate::timetable::{Watched, next_look};
use crate::txn;

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
            book.refuse_gone(new.member)?;
            txn::balance(book.conn, new.member)?;
            if !new.repeat_ok
                && let Some(charge) = book.reader().recent_same(new.member, new.won, by.now)?
            {
                return Err(LedgerError::RecentSameCharge { charge });
            }
            let quote = book.reader().quote(new.won, Some(new.member), by.now)?;
            let book_id = book.reader().stamp()?.book_id;
            let merchant_uid = crate::random::merchant_uid(book.random, book_id);
            book.conn.execute_cached(
                "INSERT INTO charge (id, merchant_uid, member_id, won, bonus, bonus_rule, bonus_valid_days, method,
                                     channel_key, pg_provider, pg_id, at, actor, request_id, bonus_unless_first,
                                     expiry_rule, approver)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
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
                    quote.unless_first.map(Points::get),
                    quote.expiry_rule,
                    by.approver.map(|person| person.0),
                ],
            )?;
            let watched = Watched { started: by.now, deposit_due: None };
            book.conn.execute_cached(
                "INSERT INTO charge_state (charge_id, state, look_at) VALUES (?1, 'open', ?2)",
                params![new.charge.to_string(), next_look(watched, by.now, 0).map(|at| at.0)],
            )?;
            book.note(by, new.charge, "opened", None)
        })?;
        Ok((done, self.reader().intent(new.charge)?))
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
        self.conn.execute_cached(
            "UPDATE charge_state SET abandoned = 1 WHERE charge_id = ?1",
            [charge.to_string()],
        )?;
        self.note(by, charge, "abandoned", None)?;
        Ok(Done::Now)
    }

    /// The clerk opens the pay window of a charge again that was given up: it is theirs again.
    ///
    /// # Errors
    /// [`LedgerError::UnknownCharge`].
    pub fn take_up_charge(&mut self, by: &By, charge: ChargeId) -> Result<(), LedgerError> {
        let (_, abandoned) = self.state_of(charge)?;
        if abandoned {
            self.conn.execute_cached(
                "UPDATE charge_state SET abandoned = 0 WHERE charge_id = ?1",
                [charge.to_string()],
            )?;
            self.note(by, charge, "taken_up", None)?;
        }
        Ok(())
    }

    pub(super) fn state_of(&self, charge: ChargeId) -> Result<(ChargeState, bool), LedgerError> {
        let row: Option<(String, bool)> = self
            .conn
            .query_row_cached(
                "SELECT state, abandoned FROM charge_state WHERE charge_id = ?1",
                [charge.to_string()],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let (state, abandoned) = row.ok_or(LedgerError::UnknownCharge)?;
        let state = ChargeState::of(&state).ok_or(LedgerError::Broken { seq: 0, fault: "charge_state" })?;
        Ok((state, abandoned))
    }
}
