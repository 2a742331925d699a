//! Charges.

use money::Won;
use rusqlite::{OptionalExtension, Row, params};
use serde::Deserialize;

use super::expiry::lifetime;
use super::{Reader, at, won};
use crate::cached::Cached;
use crate::error::LedgerError;
use crate::ids::{ChargeId, MemberId, StaffId, UnixMillis};
use crate::model::{ChargeState, Intent};
use crate::timetable::LONGEST_WAIT_MS;

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
    /// When PortOne was last asked and answered.
    pub looked_up_at: Option<UnixMillis>,
    /// The latest question was answered.
    pub answered: bool,
    /// The clerk went on.
    pub abandoned: bool,
    /// The money came late.
    pub late: bool,
    /// Where to pay into.
    pub deposit: Option<Deposit>,
    /// Payments that nobody may keep, and that were not given back yet.
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

/// The unfinished charges, which are few among very many: each part goes by the partial index, which SQLite takes where its
/// own condition (`state <> 'credited'`) is said too.
const WAITING: &str = "SELECT charge_id FROM charge_state WHERE state <> 'credited' AND state = 'unknown'
    UNION SELECT charge_id FROM charge_state WHERE state <> 'credited' AND state = 'awaiting_deposit'
    UNION SELECT charge_id FROM charge_state WHERE state <> 'credited' AND state = 'disputed'
    UNION SELECT charge_state.charge_id FROM charge_state JOIN charge ON charge.id = charge_state.charge_id
          WHERE charge_state.state <> 'credited' AND charge_state.state = 'open' AND charge_state.abandoned = 0 AND charge.at > ?1
            AND EXISTS (SELECT 1 FROM charge_event WHERE charge_event.charge_id = charge.id AND kind = 'window_opened')
    UNION SELECT charge_id FROM open_dispute";
/// An open charge that nobody gave up is shown as unfinished for a day; it is looked at for 90.
const SHOWN_MS: i64 = 24 * 60 * 60 * 1000;

/// How many of the latest charges are looked at again at every start.
const LATEST: i64 = 200;
/// The same member and sum inside this time is stopped and asked about.
const RECENT_MS: i64 = 10 * 60 * 1000;

/// How many credited charges are looked at in one go: their daily look can wait, and PortOne is not pressed.
const CREDITED_AT_ONCE: i64 = 5;
/// How long their next go waits at least.
const CREDITED_PAUSE_MS: i64 = 3_000;

fn too_far(now: UnixMillis) -> i64 {
    now.plus_ms(LONGEST_WAIT_MS.saturating_mul(2)).0
}

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
                        pg_provider, pg_id, charge.at, charge.actor, bonus_unless_first, expiry_rule,
                        expiry_rule.months, expiry_rule.days, charge.approver
                 FROM charge LEFT JOIN expiry_rule ON expiry_rule.version = charge.expiry_rule WHERE charge.id = ?1",
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
                    bonus_unless_first: row.get::<_, Option<i64>>(12)?.map(super::points),
                    paid_lasts: row.get::<_, Option<i64>>(13)?.zip(lifetime(row.get(14)?, row.get(15)?)),
                    method: row.get(6)?,
                    channel_key: row.get(7)?,
                    pg_provider: row.get(8)?,
                    pg_id: row.get(9)?,
                    mode,
                    at: UnixMillis(row.get(10)?),
                    actor: StaffId(row.get(11)?),
                    approver: row.get::<_, Option<i64>>(16)?.map(StaffId),
                })
            })
            .optional()?
            .ok_or(LedgerError::UnknownCharge)
    }

    /// The latest charge of the same member and sum within ten minutes that did not fail: it is stopped and asked about.
    /// One whose window never opened is none.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn recent_same(
        &self,
        member: MemberId,
        won: Won,
        now: UnixMillis,
    ) -> Result<Option<ChargeId>, LedgerError> {
        let found: Option<String> = self
            .conn
            .query_row_cached(
                "SELECT charge.id FROM charge JOIN charge_state ON charge_state.charge_id = charge.id
                 WHERE charge.member_id = ?1 AND charge.at > ?2 AND charge.won = ?3
                   AND charge_state.state NOT IN ('failed', 'voided')
                   AND EXISTS (SELECT 1 FROM charge_event WHERE charge_id = charge.id AND kind = 'window_opened')
                 ORDER BY charge.at DESC LIMIT 1",
                params![member.0, now.plus_ms(RECENT_MS.saturating_neg()).0, won.get()],
                |row| row.get(0),
            )
            .optional()?;
        found
            .map(|id| ChargeId::parse(&id).map_err(|_| LedgerError::Broken { seq: 0, fault: "charge" }))
            .transpose()
    }

    /// The frozen intent of a charge, if there is one of this id.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn known_intent(&self, charge: ChargeId) -> Result<Option<Intent>, LedgerError> {
        match self.intent(charge) {
            Ok(intent) => Ok(Some(intent)),
            Err(LedgerError::UnknownCharge) => Ok(None),
            Err(error) => Err(error),
        }
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
                "SELECT imp_uid, reason, won, at FROM open_dispute WHERE charge_id = ?1 ORDER BY at, imp_uid",
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
                "SELECT state, reason, reason_text, looked_up_at, abandoned, late, deposit, silent = 0
                 FROM charge_state WHERE charge_id = ?1",
            )?
            .query_row([&id], |row| state_facts(row, intent))
            .optional()?
            .ok_or(LedgerError::UnknownCharge)?;
        facts.disputes = disputes;
        facts.steps = steps;
        Ok(facts)
    }

    /// Charges that are due to be asked about, and those whose date lies too far ahead: the clock was wrong when it was
    /// noted.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn due(&self, now: UnixMillis) -> Result<Vec<ChargeId>, LedgerError> {
        let ids: Vec<String> = self
            .conn
            .prepare_cached(
                "SELECT charge_id FROM charge_state WHERE look_at <= ?1
                    AND (state <> 'credited' OR charge_id IN (SELECT charge_id FROM refund_state
                         WHERE state IN ('holding', 'sent', 'unknown', 'pending')))
                 UNION SELECT * FROM (SELECT charge_id FROM charge_state WHERE look_at <= ?1 AND state = 'credited'
                                      ORDER BY look_at LIMIT ?3)
                 UNION SELECT charge_id FROM charge_state WHERE look_at > ?2",
            )?
            .query_map([now.0, too_far(now), CREDITED_AT_ONCE], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        parse(ids)
    }

    /// When the next charge is due.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn next_due(&self, now: UnixMillis) -> Result<Option<UnixMillis>, LedgerError> {
        // Each by an index: this is asked after every write, and a shop watches a season's charges.
        let [uncredited, refunded, any, last]: [Option<i64>; 4] = self.conn.query_row_cached(
            "SELECT (SELECT min(look_at) FROM charge_state WHERE look_at IS NOT NULL AND state <> 'credited'),
                    (SELECT min(look_at) FROM charge_state WHERE charge_id IN (SELECT charge_id FROM refund_state
                         WHERE charge_id IS NOT NULL AND state IN ('holding', 'sent', 'unknown', 'pending'))),
                    (SELECT min(look_at) FROM charge_state WHERE look_at IS NOT NULL),
                    (SELECT max(look_at) FROM charge_state WHERE look_at IS NOT NULL)",
            [],
            |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]),
        )?;
        // Credited ones can wait, unless a refund of them is under way.
        let pause = now.plus_ms(CREDITED_PAUSE_MS).0;
        let next = [uncredited, refunded, any.map(|any| any.max(pause))].into_iter().flatten().min();
        Ok(if last.is_some_and(|last| last > too_far(now)) { Some(now) } else { at(next) })
    }

    /// Every charge that is not credited and still looked at, whatever its timetable says: at start, and when the network
    /// comes back. The latest are among them even where a wrong clock said that their watch is over.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn unsettled(&self) -> Result<Vec<ChargeId>, LedgerError> {
        let ids: Vec<String> = self
            .conn
            .prepare_cached(
                "SELECT charge_id FROM charge_state WHERE state <> 'credited' AND look_at IS NOT NULL
                 UNION SELECT charge_id FROM charge_state WHERE state <> 'credited' AND charge_id IN
                     (SELECT charge_id FROM charge_event WHERE kind = 'opened' ORDER BY id DESC LIMIT ?1)
                 UNION SELECT charge_id FROM refund_state
                       WHERE state IN ('holding', 'sent', 'unknown', 'pending') AND charge_id IS NOT NULL",
            )?
            .query_map([LATEST], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        parse(ids)
    }

    /// Charges that somebody should know about, the oldest first. One whose window never opened is not among them: nobody
    /// can have paid for it.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn waiting(&self, now: UnixMillis) -> Result<Vec<ChargeId>, LedgerError> {
        let ids: Vec<String> = self
            .conn
            .prepare_cached(&format!(
                "SELECT charge.id FROM ({WAITING}) AS waiting JOIN charge ON charge.id = waiting.charge_id
                 ORDER BY charge.at, charge.id"
            ))?
            .query_map([now.plus_ms(SHOWN_MS.saturating_neg()).0], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        parse(ids)
    }

    /// Of one member.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn waiting_of(&self, member: MemberId, now: UnixMillis) -> Result<Vec<ChargeId>, LedgerError> {
        let ids: Vec<String> = self
            .conn
            .prepare_cached(&format!(
                "SELECT charge.id FROM ({WAITING}) AS waiting JOIN charge ON charge.id = waiting.charge_id
                 WHERE charge.member_id = ?2 ORDER BY charge.at, charge.id"
            ))?
            .query_map(params![now.plus_ms(SHOWN_MS.saturating_neg()).0, member.0], |row| row.get(0))?
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
        answered: row.get(7)?,
        deposit: deposit.and_then(|json| serde_json::from_str(&json).ok()),
        disputes: Vec::new(),
        steps: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unfinished_is_found_by_index_among_any_number_of_charges() {
        let plan = crate::store::plan_of(&format!("SELECT charge_id FROM ({WAITING})"), [0]);
        let by_index = plan.iter().filter(|step| step.contains("charge_state_by_state")).count();
        let scanned = plan.iter().filter(|step| step.starts_with("SCAN charge")).count();
        assert_eq!((by_index, scanned), (4, 0), "{plan:#?}");
    }
}
