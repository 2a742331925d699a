//! Refunds: what is under way, and what became of it.

use std::num::NonZeroU64;

use money::{Points, Won};
use rusqlite::{OptionalExtension, Row, params};

use super::{Reader, Step, at, points, won};
use crate::book::{RefundAccount, lot_id};
use crate::error::LedgerError;
use crate::ids::{ChargeId, LotId, MemberId, RefundId, StaffId, UnixMillis};
use crate::refund::{Basis, RefundStep, RefundWay};

/// Where a refund stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RefundState {
    /// The points are held; PortOne was not told yet.
    Holding,
    /// PortOne is being told.
    Sent,
    /// The answer was lost: nobody knows. Never called "failed".
    Unknown,
    /// PortOne took it and has not done it yet.
    Pending,
    /// The money went back.
    Posted,
    /// It did not, and the points are back.
    Released,
    /// It was refused, and the points are back.
    Refused,
}

impl RefundState {
    const ALL: [RefundState; 7] = [
        RefundState::Holding,
        RefundState::Sent,
        RefundState::Unknown,
        RefundState::Pending,
        RefundState::Posted,
        RefundState::Released,
        RefundState::Refused,
    ];
    /// The word that stands in the book.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            RefundState::Holding => "holding",
            RefundState::Sent => "sent",
            RefundState::Unknown => "unknown",
            RefundState::Pending => "pending",
            RefundState::Posted => "posted",
            RefundState::Released => "released",
            RefundState::Refused => "refused",
        }
    }
    fn of(word: &str) -> Option<RefundState> {
        RefundState::ALL.into_iter().find(|state| state.word() == word)
    }
    /// Whether points are still held for it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, RefundState::Holding | RefundState::Sent | RefundState::Unknown | RefundState::Pending)
    }
}

/// A refund and all that is known about it.
#[derive(Debug, Clone)]
pub struct Refund {
    /// The screen's id.
    pub refund: RefundId,
    /// Whose.
    pub member: MemberId,
    /// The charge behind it.
    pub charge: Option<ChargeId>,
    /// The payment behind it.
    pub imp_uid: Option<String>,
    /// The lot; none for a payment that was never credited.
    pub lot: Option<LotId>,
    /// By which way.
    pub way: RefundWay,
    /// What goes back.
    pub won: Won,
    /// Paid points that it takes.
    pub paid: Points,
    /// Bonus points that it takes.
    pub bonus: Points,
    /// Paid points that had expired.
    pub expired: Points,
    /// What the shop keeps.
    pub fee: Won,
    /// The customer may ask for it.
    pub claim: bool,
    /// By which line of the rule.
    pub basis: Basis,
    /// The rule's version.
    pub rule: Option<i64>,
    /// The arithmetic, as it was agreed.
    pub steps: Vec<RefundStep>,
    /// When it was started.
    pub at: UnixMillis,
    /// Who started it.
    pub actor: StaffId,
    /// Who approved it.
    pub approver: Option<StaffId>,
    /// Where it stands.
    pub state: RefundState,
    /// What PortOne answered to the last cancel: `accepted`, `refused`, `lost`.
    pub said: Option<String>,
    /// What was cancelled of the payment before ours was sent.
    pub cancelled: Option<i64>,
    /// What could be cancelled then.
    pub checksum: Option<i64>,
    /// When it was last sent.
    pub sent_at: Option<UnixMillis>,
    /// How often it was sent.
    pub tries: i64,
    /// Why it was refused, as a code.
    pub why: Option<String>,
    /// When PortOne last answered about it.
    pub looked_up_at: Option<UnixMillis>,
    /// The money went back after the refund had been given up: it was taken back from the points.
    pub landed_late: bool,
}

/// What PortOne is told: never without a payment, a sum and what the book believes is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelOrder {
    /// Which refund.
    pub refund: RefundId,
    /// The payment.
    pub imp_uid: String,
    /// The sum in won. None would mean "all of it" at PortOne, so there is no none.
    pub sum: NonZeroU64,
    /// What can be cancelled before this: with another sum PortOne refuses.
    pub checksum: NonZeroU64,
    /// Names the refund, so that the payment's history does.
    pub reason: String,
    /// Where a deposit goes back to.
    pub account: Option<RefundAccount>,
}

const REFUND: &str = "SELECT refund.id, refund.member_id, refund.charge_id, refund.imp_uid, refund.lot_id, refund.way,
        refund.won, refund.paid, refund.bonus, refund.expired, refund.fee, refund.claim, refund.basis, refund.rule,
        refund.arithmetic, refund.at, refund.actor, refund.approver, refund_state.state, refund_state.said,
        refund_state.cancelled, refund_state.checksum, refund_state.sent_at, refund_state.tries, refund_state.why,
        refund_state.looked_up_at, refund_state.landed_late
    FROM refund JOIN refund_state ON refund_state.refund_id = refund.id";
pub(super) const OPEN: &str = "refund_state.state IN ('holding', 'sent', 'unknown', 'pending')";

impl Reader<'_> {
    /// A refund.
    ///
    /// # Errors
    /// [`LedgerError::UnknownRefund`].
    pub fn refund(&self, id: RefundId) -> Result<Refund, LedgerError> {
        self.conn
            .prepare_cached(&format!("{REFUND} WHERE refund.id = ?1"))?
            .query_row([id.to_string()], |row| Ok(refund(row)))
            .optional()?
            .ok_or(LedgerError::UnknownRefund)?
    }

    /// A member's refunds, the latest first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn refunds_of(&self, member: MemberId, limit: u32) -> Result<Vec<Refund>, LedgerError> {
        self.refunds(
            &format!("{REFUND} WHERE refund.member_id = ?1 ORDER BY refund.at DESC, refund.id LIMIT ?2"),
            [member.0, i64::from(limit)],
        )
    }

    /// Refunds that are under way, the oldest first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn open_refunds(&self) -> Result<Vec<Refund>, LedgerError> {
        self.refunds(&format!("{REFUND} WHERE {OPEN} ORDER BY refund.at, refund.id"), [])
    }

    /// The refunds of a charge that PortOne was or is to be told about, the oldest first.
    pub(crate) fn refunds_at_portone(&self, charge: ChargeId) -> Result<Vec<Refund>, LedgerError> {
        self.refunds(
            &format!(
                "{REFUND} WHERE refund.charge_id = ?1 AND refund.way = 'pg' ORDER BY refund.at, refund.id"
            ),
            [charge.to_string()],
        )
    }

    fn refunds(&self, sql: &str, with: impl rusqlite::Params) -> Result<Vec<Refund>, LedgerError> {
        self.conn.prepare_cached(sql)?.query_map(with, |row| Ok(refund(row)))?.map(|row| row?).collect()
    }

    /// What happened to a refund, in order.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn refund_steps(&self, id: RefundId) -> Result<Vec<Step>, LedgerError> {
        Ok(self
            .conn
            .prepare_cached("SELECT at, kind, detail FROM refund_event WHERE refund_id = ?1 ORDER BY id")?
            .query_map([id.to_string()], |row| {
                Ok(Step { at: UnixMillis(row.get(0)?), kind: row.get(1)?, detail: row.get(2)? })
            })?
            .collect::<Result<_, _>>()?)
    }

    /// The free text of a refund: why, and the proof. Erased with the person.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn refund_note(&self, id: RefundId) -> Result<Option<String>, LedgerError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT text FROM refund_note WHERE refund_id = ?1
                 UNION ALL SELECT txn_note.text FROM txn_fact JOIN txn_note ON txn_note.txn_seq = txn_fact.txn_seq
                           WHERE txn_fact.name = 'refund' AND txn_fact.value = ?1
                 LIMIT 1",
            )?
            .query_row([id.to_string()], |row| row.get(0))
            .optional()?)
    }

    /// When the latest refund of a charge was started, and the latest that is still under way.
    pub(crate) fn refund_times(
        &self,
        charge: ChargeId,
    ) -> Result<(Option<UnixMillis>, Option<UnixMillis>), LedgerError> {
        let row: (Option<i64>, Option<i64>) = self
            .conn
            .prepare_cached(&format!(
                "SELECT max(refund.at), max(refund.at) FILTER (WHERE {OPEN}) FROM refund
                 JOIN refund_state ON refund_state.refund_id = refund.id WHERE refund.charge_id = ?1 AND refund.way = 'pg'"
            ))?
            .query_row(params![charge.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok((at(row.0), at(row.1)))
    }
}

pub(super) fn charge_id(text: Option<String>) -> Result<Option<ChargeId>, LedgerError> {
    let broken = |_| LedgerError::Broken { seq: 0, fault: "charge" };
    text.map(|text| ChargeId::parse(&text).map_err(broken)).transpose()
}

fn refund(row: &Row<'_>) -> Result<Refund, LedgerError> {
    let broken = || LedgerError::Broken { seq: 0, fault: "refund" };
    let text = |at: usize| row.get::<_, String>(at);
    let lot: Option<String> = row.get(4)?;
    Ok(Refund {
        refund: RefundId::parse(&text(0)?).map_err(|_| broken())?,
        member: MemberId(row.get(1)?),
        charge: charge_id(row.get(2)?)?,
        imp_uid: row.get(3)?,
        lot: lot.as_deref().map(lot_id).transpose()?,
        way: RefundWay::of(&text(5)?).ok_or_else(broken)?,
        won: won(row.get(6)?),
        paid: points(row.get(7)?),
        bonus: points(row.get(8)?),
        expired: points(row.get(9)?),
        fee: won(row.get(10)?),
        claim: row.get(11)?,
        basis: serde_json::from_value(text(12)?.into()).map_err(|_| broken())?,
        rule: row.get(13)?,
        steps: serde_json::from_str(&text(14)?).map_err(|_| broken())?,
        at: UnixMillis(row.get(15)?),
        actor: StaffId(row.get(16)?),
        approver: row.get::<_, Option<i64>>(17)?.map(StaffId),
        state: RefundState::of(&text(18)?).ok_or_else(broken)?,
        said: row.get(19)?,
        cancelled: row.get(20)?,
        checksum: row.get(21)?,
        sent_at: at(row.get(22)?),
        tries: row.get(23)?,
        why: row.get(24)?,
        looked_up_at: at(row.get(25)?),
        landed_late: row.get(26)?,
    })
}
