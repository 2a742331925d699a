//! Refunds: the rules, what may go back, and what is under way.

use std::num::NonZeroU64;

use money::{Points, Won};
use rusqlite::{OptionalExtension, Row, params};

use super::{Reader, Step, at, points, won};
use crate::book::{RefundAccount, lot_id};
use crate::error::LedgerError;
use crate::ids::{ChargeId, LotId, MemberId, RefundId, StaffId, UnixMillis};
use crate::refund::{Basis, LotAccount, PaidBy, RefundRule, RefundStep, RefundWay, RuleKind};

/// The key of the setting with the version of the refund rule that the shop follows.
pub const REFUND_RULE: &str = "refund_rule";
/// The version that holds where nobody chose, and for loadings that were made before there were rules.
const DEFAULT_RULE: i64 = 1;

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

/// A lot as the refund desk sees it.
#[derive(Debug, Clone)]
pub struct LotRefund {
    /// The lot.
    pub lot: LotId,
    /// Whose.
    pub member: MemberId,
    /// What has become of it.
    pub account: LotAccount,
    /// The rule that it was made under.
    pub rule: RefundRule,
    /// It was made before there were rules.
    pub rule_assumed: bool,
    /// The charge that made it.
    pub charge: Option<ChargeId>,
    /// The payment behind it.
    pub imp_uid: Option<String>,
    /// What is known about that payment.
    pub paid_by: Option<PaidBy>,
    /// Its payment company.
    pub pg_provider: Option<String>,
}

/// A payment that was never credited, and may go back as a whole.
#[derive(Debug, Clone)]
pub struct DisputedPayment {
    /// Its charge.
    pub charge: ChargeId,
    /// PortOne's name for it.
    pub imp_uid: String,
    /// The gate's word.
    pub reason: String,
    /// The sum.
    pub won: Won,
    /// How it was to be paid.
    pub method: String,
    /// The payment company.
    pub pg_provider: String,
    /// A refund of it is under way.
    pub under_way: bool,
}

const REFUND: &str = "SELECT refund.id, refund.member_id, refund.charge_id, refund.imp_uid, refund.lot_id, refund.way,
        refund.won, refund.paid, refund.bonus, refund.expired, refund.fee, refund.claim, refund.basis, refund.rule,
        refund.arithmetic, refund.at, refund.actor, refund.approver, refund_state.state, refund_state.said,
        refund_state.cancelled, refund_state.checksum, refund_state.sent_at, refund_state.tries, refund_state.why,
        refund_state.looked_up_at, refund_state.landed_late
    FROM refund JOIN refund_state ON refund_state.refund_id = refund.id";
const OPEN: &str = "refund_state.state IN ('holding', 'sent', 'unknown', 'pending')";

impl Reader<'_> {
    /// Every rule, the oldest version first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn refund_rules(&self) -> Result<Vec<RefundRule>, LedgerError> {
        self.conn
            .prepare_cached(
                "SELECT version, kind, name, source, certainty, effective_on, parameters FROM refund_rule ORDER BY version",
            )?
            .query_map([], |row| Ok(rule(row)))?
            .map(|row| row?)
            .collect()
    }

    /// The rule that new loadings are made under.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn refund_rule_in_force(&self) -> Result<RefundRule, LedgerError> {
        let version = self.setting(REFUND_RULE)?.unwrap_or(DEFAULT_RULE);
        self.refund_rule(version)
    }

    /// A rule by its version.
    ///
    /// # Errors
    /// [`LedgerError::BadSetting`] where there is none.
    pub fn refund_rule(&self, version: i64) -> Result<RefundRule, LedgerError> {
        self.refund_rules()?
            .into_iter()
            .find(|rule| rule.version == version)
            .ok_or(LedgerError::BadSetting("refund_rule"))
    }

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
                "SELECT txn_note.text FROM txn_fact JOIN txn_note ON txn_note.txn_seq = txn_fact.txn_seq
                 WHERE txn_fact.name = 'refund' AND txn_fact.value = ?1 ORDER BY txn_note.txn_seq LIMIT 1",
            )?
            .query_row([id.to_string()], |row| row.get(0))
            .optional()?)
    }

    /// A member's lots of which something may go back: what is left, and what had expired.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn refundable_lots(&self, member: MemberId) -> Result<Vec<LotRefund>, LedgerError> {
        let ids: Vec<String> = self
            .conn
            .prepare_cached(
                "SELECT lot_id FROM lot_left WHERE member_id = ?1 AND paid + bonus > 0 AND paid > 0
                 UNION SELECT lot_use.lot_id FROM txn JOIN lot_use ON lot_use.txn_seq = txn.seq
                       WHERE txn.member_id = ?1 AND txn.kind = 'expiry' AND lot_use.paid > 0",
            )?
            .query_map([member.0], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut lots = Vec::with_capacity(ids.len());
        for id in ids {
            let lot = self.refund_lot(lot_id(&id)?)?;
            if !lot.account.left_paid.is_zero() || !lot.account.expired.is_zero() {
                lots.push(lot);
            }
        }
        lots.sort_by_key(|lot| (lot.account.made_at, lot.lot));
        Ok(lots)
    }

    /// A lot as the refund desk sees it.
    ///
    /// # Errors
    /// [`LedgerError::NothingToRefund`] where there is no such lot.
    pub fn refund_lot(&self, lot: LotId) -> Result<LotRefund, LedgerError> {
        let id = lot.to_string();
        let (member, seq, account) = self
            .conn
            .prepare_cached(
                "SELECT lot.member_id, lot.txn_seq, lot.paid, lot_left.paid, lot_left.bonus, lot_left.paid_expires_at, txn.at
                 FROM lot JOIN lot_left ON lot_left.lot_id = lot.id JOIN txn ON txn.seq = lot.txn_seq WHERE lot.id = ?1",
            )?
            .query_row([&id], |row| {
                let account = LotAccount {
                    paid: points(row.get(2)?),
                    left_paid: points(row.get(3)?),
                    left_bonus: points(row.get(4)?),
                    gone_back: Points::ZERO,
                    fee_before: Won::ZERO,
                    expired: Points::ZERO,
                    made_at: UnixMillis(row.get(6)?),
                    expires_at: at(row.get(5)?),
                };
                Ok((MemberId(row.get(0)?), row.get::<_, i64>(1)?, account))
            })
            .optional()?
            .ok_or(LedgerError::NothingToRefund)?;
        let (back, gone): (i64, i64) = self
            .conn
            .prepare_cached(
                "SELECT coalesce(sum(lot_use.paid) FILTER (WHERE txn.kind IN ('refund', 'clawback')), 0),
                        coalesce(sum(lot_use.paid) FILTER (WHERE txn.kind = 'expiry'), 0)
                 FROM lot_use JOIN txn ON txn.seq = lot_use.txn_seq WHERE lot_use.lot_id = ?1",
            )?
            .query_row([&id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (fee, expired): (i64, i64) = self
            .conn
            .prepare_cached(
                "SELECT coalesce(sum(refund.fee), 0), coalesce(sum(refund.expired), 0) FROM refund
                 JOIN refund_state ON refund_state.refund_id = refund.id
                 WHERE refund.lot_id = ?1 AND refund_state.state NOT IN ('released', 'refused')",
            )?
            .query_row([&id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let clawed = self.expired_clawed(lot)?;
        let expired_back = expired.saturating_add(clawed);
        let account = LotAccount {
            gone_back: points(back.saturating_add(expired_back)),
            fee_before: won(fee),
            expired: points(gone.saturating_sub(expired_back).max(0)),
            ..account
        };
        let version: Option<String> = self
            .conn
            .prepare_cached("SELECT value FROM txn_fact WHERE txn_seq = ?1 AND name = 'refund_rule'")?
            .query_row([seq], |row| row.get(0))
            .optional()?;
        let version = version.and_then(|version| version.parse().ok());
        let (charge, imp_uid, paid_by, pg_provider) = self.payment_behind(seq)?;
        Ok(LotRefund {
            lot,
            member,
            account,
            rule: self.refund_rule(version.unwrap_or(DEFAULT_RULE))?,
            rule_assumed: version.is_none(),
            charge,
            imp_uid,
            paid_by,
            pg_provider,
        })
    }

    /// Expired points of a lot that a claw-back took from the shop's income.
    pub(crate) fn expired_clawed(&self, lot: LotId) -> Result<i64, LedgerError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT coalesce(sum(CAST(taken.value AS INTEGER)), 0) FROM txn_fact AS of_lot
                 JOIN txn_fact AS taken ON taken.txn_seq = of_lot.txn_seq AND taken.name = 'clawed_expired'
                 WHERE of_lot.name = 'clawed_lot' AND of_lot.value = ?1",
            )?
            .query_row([lot.to_string()], |row| row.get(0))?)
    }

    #[expect(clippy::type_complexity, reason = "read once, taken apart at once")]
    fn payment_behind(
        &self,
        seq: i64,
    ) -> Result<(Option<ChargeId>, Option<String>, Option<PaidBy>, Option<String>), LedgerError> {
        let row: Option<(String, String, i64, i64, Option<String>, String, String)> = self
            .conn
            .prepare_cached(
                "SELECT payment.imp_uid, payment.charge_id, payment.won, payment.paid_at, payment.pay_method, charge.method,
                        payment.pg_provider
                 FROM payment JOIN charge ON charge.id = payment.charge_id WHERE payment.txn_seq = ?1",
            )?
            .query_row([seq], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?))
            })
            .optional()?;
        let Some((imp_uid, charge, sum, paid_at, said, asked, pg)) = row else {
            return Ok((None, None, None, None));
        };
        let (under_way, refused_before): (bool, bool) = self
            .conn
            .prepare_cached(&format!(
                "SELECT coalesce(max({OPEN}), 0), coalesce(max(state = 'refused' AND said = 'refused'), 0)
                 FROM refund_state WHERE imp_uid = ?1"
            ))?
            .query_row([&imp_uid], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let left = sum.saturating_sub(self.accounted(&imp_uid)?).max(0);
        // What was asked for says more than what PortOne calls it where both differ: a phone bill stays one.
        let method = if matches!(asked.as_str(), "phone" | "vbank") { asked } else { said.unwrap_or(asked) };
        let paid_by = PaidBy {
            method,
            paid_at: UnixMillis(paid_at),
            won: won(sum),
            left: won(left),
            under_way,
            refused_before,
        };
        Ok((charge_id(Some(charge))?, Some(imp_uid), Some(paid_by), Some(pg)))
    }

    /// What the book knows to have been cancelled of a payment: by its own refunds, and taken back before.
    pub(crate) fn accounted(&self, imp_uid: &str) -> Result<i64, LedgerError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT (SELECT coalesce(sum(refund.won), 0) FROM refund
                         JOIN refund_state ON refund_state.refund_id = refund.id
                         WHERE refund.imp_uid = ?1 AND refund.way = 'pg' AND refund_state.state = 'posted')
                      - (SELECT coalesce(sum(posting.amount), 0) FROM txn_fact
                         JOIN posting ON posting.txn_seq = txn_fact.txn_seq AND posting.account = 'pg'
                         WHERE txn_fact.name = 'clawback_of' AND txn_fact.value = ?1)",
            )?
            .query_row([imp_uid], |row| row.get(0))?)
    }

    /// A member's payments that were never credited and not given back.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn disputed_payments(&self, member: MemberId) -> Result<Vec<DisputedPayment>, LedgerError> {
        let rows: Vec<(String, DisputedPayment)> = self
            .conn
            .prepare_cached(&format!(
                "SELECT charge.id, open_dispute.imp_uid, min(open_dispute.reason), open_dispute.won, charge.method,
                        charge.pg_provider,
                        EXISTS (SELECT 1 FROM refund_state WHERE refund_state.imp_uid = open_dispute.imp_uid AND {OPEN})
                 FROM charge JOIN open_dispute ON open_dispute.charge_id = charge.id
                 WHERE charge.member_id = ?1 AND open_dispute.won > 0
                   AND NOT EXISTS (SELECT 1 FROM payment WHERE payment.imp_uid = open_dispute.imp_uid)
                 GROUP BY open_dispute.imp_uid ORDER BY charge.at, open_dispute.imp_uid"
            ))?
            .query_map([member.0], |row| {
                let payment = DisputedPayment {
                    charge: ChargeId(uuid::Uuid::nil()),
                    imp_uid: row.get(1)?,
                    reason: row.get(2)?,
                    won: won(row.get(3)?),
                    method: row.get(4)?,
                    pg_provider: row.get(5)?,
                    under_way: row.get(6)?,
                };
                Ok((row.get(0)?, payment))
            })?
            .collect::<Result<_, _>>()?;
        rows.into_iter()
            .map(|(id, payment)| {
                let charge = charge_id(Some(id))?.ok_or(LedgerError::UnknownCharge)?;
                Ok(DisputedPayment { charge, ..payment })
            })
            .collect()
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

fn charge_id(text: Option<String>) -> Result<Option<ChargeId>, LedgerError> {
    let broken = |_| LedgerError::Broken { seq: 0, fault: "charge" };
    text.map(|text| ChargeId::parse(&text).map_err(broken)).transpose()
}

fn rule(row: &Row<'_>) -> Result<RefundRule, LedgerError> {
    let broken = LedgerError::Broken { seq: 0, fault: "refund_rule" };
    let (kind, numbers): (String, String) = (row.get(1)?, row.get(6)?);
    let (Some(kind), Ok(numbers)) = (RuleKind::of(&kind), serde_json::from_str(&numbers)) else {
        return Err(broken);
    };
    Ok(RefundRule {
        version: row.get(0)?,
        kind,
        name: row.get(2)?,
        source: row.get(3)?,
        certainty: row.get(4)?,
        effective_on: row.get(5)?,
        numbers,
    })
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
