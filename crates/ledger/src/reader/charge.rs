//! Charges.

use money::Won;
use rusqlite::{OptionalExtension, Row, params};
use serde::Deserialize;

use super::{Reader, at, won};
use crate::error::LedgerError;
use crate::ids::{ChargeId, MemberId, StaffId, UnixMillis};
use crate::model::{ChargeState, Intent};

/// A charge and all that is known about it.
#[derive(Debug, Clone)]
pub struct ChargeFacts {
    /// The frozen intent.
    pub intent: Intent,
    /// Where it stands.
    pub state: ChargeState,
    /// The gate's word, while it is disputed.
    pub reason: Option<String>,
    /// PortOne's or the payment company's words.
    pub reason_text: Option<String>,
    /// When PortOne last answered.
    pub looked_up_at: Option<UnixMillis>,
    /// The clerk went on.
    pub abandoned: bool,
    /// The money came late.
    pub late: bool,
    /// Where to pay into.
    pub deposit: Option<Deposit>,
    /// Payments that nobody may keep.
    pub disputes: Vec<Dispute>,
    /// What happened, in order.
    pub steps: Vec<Step>,
}

/// A virtual account.
#[derive(Debug, Clone, Deserialize)]
pub struct Deposit {
    /// The bank.
    pub bank: String,
    /// The account.
    pub number: String,
    /// The name on it.
    pub holder: Option<String>,
    /// The last moment.
    pub due_at: Option<UnixMillis>,
}

/// A payment that was made but may not be credited.
#[derive(Debug, Clone)]
pub struct Dispute {
    /// PortOne's name for it.
    pub imp_uid: String,
    /// The gate's word.
    pub reason: String,
    /// The sum, where a whole one was named.
    pub won: Option<Won>,
    /// When it was found.
    pub at: UnixMillis,
}

/// One thing that happened to a charge.
#[derive(Debug, Clone)]
pub struct Step {
    /// When.
    pub at: UnixMillis,
    /// What.
    pub kind: String,
    /// More of it.
    pub detail: Option<String>,
}

const WAITING: &str = "(charge_state.state IN ('unknown', 'awaiting_deposit', 'disputed')
    OR (charge_state.state = 'open' AND charge_state.abandoned = 0 AND charge.at > ?1)
    OR (charge_state.state = 'credited' AND EXISTS (SELECT 1 FROM dispute WHERE dispute.charge_id = charge.id)))";
/// An open charge that nobody gave up is shown as unfinished for a day; it is looked at for 90.
const SHOWN_MS: i64 = 24 * 60 * 60 * 1000;

impl Reader<'_> {
    /// The frozen intent of a charge.
    ///
    /// # Errors
    /// [`LedgerError::UnknownCharge`].
    pub fn intent(&self, charge: ChargeId) -> Result<Intent, LedgerError> {
        let mode = self.stamp()?.mode;
        self.conn
            .prepare_cached(
                "SELECT merchant_uid, member_id, won, bonus, bonus_rule, bonus_valid_days, method, channel_key,
                        pg_provider, pg_id, at, actor
                 FROM charge WHERE id = ?1",
            )?
            .query_row([charge.to_string()], |row| {
                Ok(Intent {
                    charge,
                    merchant_uid: row.get(0)?,
                    member: MemberId(row.get(1)?),
                    won: won(row.get(2)?),
                    bonus: super::points(row.get(3)?),
                    bonus_rule: row.get(4)?,
                    bonus_valid_days: row.get(5)?,
                    method: row.get(6)?,
                    channel_key: row.get(7)?,
                    pg_provider: row.get(8)?,
                    pg_id: row.get(9)?,
                    mode,
                    at: UnixMillis(row.get(10)?),
                    actor: StaffId(row.get(11)?),
                })
            })
            .optional()?
            .ok_or(LedgerError::UnknownCharge)
    }

    /// All that is known about a charge.
    ///
    /// # Errors
    /// [`LedgerError::UnknownCharge`].
    pub fn charge(&self, charge: ChargeId) -> Result<ChargeFacts, LedgerError> {
        let intent = self.intent(charge)?;
        let id = charge.to_string();
        let disputes = self
            .conn
            .prepare_cached(
                "SELECT imp_uid, reason, won, at FROM dispute WHERE charge_id = ?1 ORDER BY at, imp_uid",
            )?
            .query_map([&id], |row| {
                Ok(Dispute {
                    imp_uid: row.get(0)?,
                    reason: row.get(1)?,
                    won: row.get::<_, Option<i64>>(2)?.and_then(|won| Won::new(won).ok()),
                    at: UnixMillis(row.get(3)?),
                })
            })?
            .collect::<Result<_, _>>()?;
        let steps = self
            .conn
            .prepare_cached("SELECT at, kind, detail FROM charge_event WHERE charge_id = ?1 ORDER BY id")?
            .query_map([&id], |row| {
                Ok(Step { at: UnixMillis(row.get(0)?), kind: row.get(1)?, detail: row.get(2)? })
            })?
            .collect::<Result<_, _>>()?;
        let mut facts = self
            .conn
            .prepare_cached(
                "SELECT state, reason, reason_text, looked_up_at, abandoned, late, deposit
                 FROM charge_state WHERE charge_id = ?1",
            )?
            .query_row([&id], |row| state_facts(row, intent))
            .optional()?
            .ok_or(LedgerError::UnknownCharge)?;
        facts.disputes = disputes;
        facts.steps = steps;
        Ok(facts)
    }

    /// Charges that are due to be asked about.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn due(&self, now: UnixMillis) -> Result<Vec<ChargeId>, LedgerError> {
        self.charge_ids("SELECT charge_id FROM charge_state WHERE look_at <= ?1 ORDER BY look_at", now.0)
    }

    /// When the next charge is due.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn next_due(&self) -> Result<Option<UnixMillis>, LedgerError> {
        let next: Option<i64> = self.conn.query_row(
            "SELECT min(look_at) FROM charge_state WHERE look_at IS NOT NULL",
            [],
            |row| row.get(0),
        )?;
        Ok(at(next))
    }

    /// Every charge that is not settled for good and still looked at, whatever its timetable says: at start, and
    /// when the network comes back.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn unsettled(&self) -> Result<Vec<ChargeId>, LedgerError> {
        self.charge_ids(
            "SELECT charge_id FROM charge_state WHERE state <> 'credited' AND look_at IS NOT NULL AND ?1 = 0
             ORDER BY look_at",
            0,
        )
    }

    /// Charges that somebody should know about, the oldest first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn waiting(&self, now: UnixMillis) -> Result<Vec<ChargeId>, LedgerError> {
        self.charge_ids(
            &format!(
                "SELECT charge.id FROM charge_state JOIN charge ON charge.id = charge_state.charge_id
                 WHERE {WAITING} ORDER BY charge.at"
            ),
            now.plus_ms(SHOWN_MS.saturating_neg()).0,
        )
    }

    /// Of one member.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn waiting_of(&self, member: MemberId, now: UnixMillis) -> Result<Vec<ChargeId>, LedgerError> {
        let ids: Vec<String> = self
            .conn
            .prepare_cached(&format!(
                "SELECT charge.id FROM charge JOIN charge_state ON charge.id = charge_state.charge_id
                 WHERE charge.member_id = ?2 AND {WAITING} ORDER BY charge.at"
            ))?
            .query_map(params![now.plus_ms(SHOWN_MS.saturating_neg()).0, member.0], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        parse(ids)
    }

    fn charge_ids(&self, sql: &str, number: i64) -> Result<Vec<ChargeId>, LedgerError> {
        let ids: Vec<String> = self
            .conn
            .prepare_cached(sql)?
            .query_map([number], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        parse(ids)
    }
}

fn parse(ids: Vec<String>) -> Result<Vec<ChargeId>, LedgerError> {
    ids.iter()
        .map(|id| ChargeId::parse(id).map_err(|_| LedgerError::Broken { seq: 0, fault: "charge" }))
        .collect()
}

fn state_facts(row: &Row<'_>, intent: Intent) -> rusqlite::Result<ChargeFacts> {
    let state: String = row.get(0)?;
    let deposit: Option<String> = row.get(6)?;
    Ok(ChargeFacts {
        intent,
        state: ChargeState::of(&state).unwrap_or(ChargeState::Unknown),
        reason: row.get(1)?,
        reason_text: row.get(2)?,
        looked_up_at: at(row.get(3)?),
        abandoned: row.get(4)?,
        late: row.get(5)?,
        deposit: deposit.and_then(|json| serde_json::from_str(&json).ok()),
        disputes: Vec::new(),
        steps: Vec::new(),
    })
}
