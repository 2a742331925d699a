//! The refund rules, and the lots and payments of which something may go back.

use money::{Points, Won};
use rusqlite::{OptionalExtension, Row};

use super::refund::{OPEN, charge_id};
use super::{Reader, SAME_PERSON, at, points, won};
use crate::book::lot_id;
use crate::error::LedgerError;
use crate::ids::{ChargeId, LotId, MemberId, UnixMillis};
use crate::refund::{LotAccount, PaidBy, RefundRule, RuleKind};

/// The key of the setting with the version of the refund rule that the shop follows.
pub const REFUND_RULE: &str = "refund_rule";
/// The version that holds where nobody chose, and for loadings that were made before there were rules.
const DEFAULT_RULE: i64 = 1;

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

/// What became of a lot's paid points: of points of others, only what counts against a refund.
struct Past {
    /// Refunded or taken back.
    back: i64,
    /// Expired, less what was put back.
    expired: i64,
    /// Of those, refunded or taken back all the same.
    expired_back: i64,
    /// What the shop kept, won.
    fee: i64,
}

/// A table `chain` of lot `?1` and those that its points came from.
const LOT_CHAIN: &str = "WITH RECURSIVE chain (id) AS (
    SELECT ?1 UNION SELECT txn_fact.value FROM chain JOIN lot ON lot.id = chain.id
                    JOIN txn_fact ON txn_fact.txn_seq = lot.txn_seq AND txn_fact.name = 'from_lot')";

/// What the book knows to have been cancelled of the payment `{imp_uid}`, an SQL expression: by its own refunds, and taken
/// back before.
pub(super) fn accounted(imp_uid: &str) -> String {
    format!(
        "(SELECT coalesce(sum(refund.won), 0) FROM refund JOIN refund_state ON refund_state.refund_id = refund.id
          WHERE refund.imp_uid = {imp_uid} AND refund.way = 'pg' AND refund_state.state = 'posted')
         - (SELECT coalesce(sum(posting.amount), 0) FROM txn_fact
            JOIN posting ON posting.txn_seq = txn_fact.txn_seq AND posting.account = 'pg'
            WHERE txn_fact.name = 'clawback_of' AND txn_fact.value = {imp_uid})"
    )
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
    /// What of it was not cancelled yet.
    pub won: Won,
    /// How it was to be paid.
    pub method: String,
    /// The payment company.
    pub pg_provider: String,
    /// A refund of it is under way.
    pub under_way: bool,
}

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

    /// A member's lots of which something may go back: what is left, and what had expired, before a merge too.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn refundable_lots(&self, member: MemberId) -> Result<Vec<LotRefund>, LedgerError> {
        let ids: Vec<String> = self
            .conn
            .prepare_cached(&format!(
                "{SAME_PERSON}
                 SELECT lot_id FROM lot_left WHERE member_id = ?1 AND paid + bonus > 0 AND paid > 0
                 UNION SELECT lot_use.lot_id FROM txn JOIN lot_use ON lot_use.txn_seq = txn.seq
                       WHERE txn.member_id IN person AND txn.kind = 'expiry' AND lot_use.paid > 0"
            ))?
            .query_map([member.0], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut lots: Vec<LotRefund> = Vec::with_capacity(ids.len());
        for id in ids {
            let lot = self.refund_lot(lot_id(&id)?)?;
            if lots.iter().any(|known| known.lot == lot.lot) {
                continue;
            }
            if !lot.account.left_paid.is_zero() || !lot.account.expired.is_zero() {
                lots.push(lot);
            }
        }
        lots.sort_by_key(|lot| (lot.account.made_at, lot.lot));
        Ok(lots)
    }

    /// A lot as the refund desk sees it. Where its points moved to another member, it is the lot in which they are now, with
    /// the payment, the rule and the past of the one that they came from.
    ///
    /// # Errors
    /// [`LedgerError::NothingToRefund`] where there is no such lot.
    pub fn refund_lot(&self, lot: LotId) -> Result<LotRefund, LedgerError> {
        let (lot, origin) = (self.current_lot(lot)?, self.origin_lot(lot)?);
        let id = lot.to_string();
        let (member, seq, account) = self
            .conn
            .prepare_cached(
                "SELECT now.member_id, lot.txn_seq, lot.paid, now.paid, now.bonus, now.paid_expires_at, txn.at
                 FROM lot JOIN lot_left AS now ON now.lot_id = ?2 JOIN txn ON txn.seq = lot.txn_seq WHERE lot.id = ?1",
            )?
            .query_row([&origin.to_string(), &id], |row| {
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
        let past = self.past(&id)?;
        let account = LotAccount {
            gone_back: points(past.back.saturating_add(past.expired_back)),
            fee_before: won(past.fee),
            expired: points(past.expired.saturating_sub(past.expired_back).max(0)),
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

    /// What became of the paid points of a lot and of those that it came from.
    fn past(&self, lot: &str) -> Result<Past, LedgerError> {
        Ok(self
            .conn
            .prepare_cached(&format!(
                "{LOT_CHAIN}
                 SELECT (SELECT coalesce(sum(lot_use.paid), 0) FROM lot_use JOIN txn ON txn.seq = lot_use.txn_seq
                         WHERE lot_use.lot_id IN chain AND txn.kind IN ('refund', 'clawback')),
                        (SELECT coalesce(sum(lot_use.paid), 0) FROM lot_use JOIN txn ON txn.seq = lot_use.txn_seq
                         WHERE lot_use.lot_id IN chain AND (txn.kind = 'expiry' OR EXISTS
                             (SELECT 1 FROM txn_fact WHERE txn_seq = txn.seq AND name = 'reinstates'))),
                        (SELECT coalesce(sum(refund.expired), 0) FROM refund JOIN refund_state ON refund_id = refund.id
                         WHERE refund.lot_id IN chain AND state NOT IN ('released', 'refused'))
                      + (SELECT coalesce(sum(CAST(taken.value AS INTEGER)), 0) FROM txn_fact AS of_lot
                         JOIN txn_fact AS taken ON taken.txn_seq = of_lot.txn_seq AND taken.name = 'clawed_expired'
                         WHERE of_lot.name = 'clawed_lot' AND of_lot.value IN chain),
                        (SELECT coalesce(sum(refund.fee), 0) FROM refund JOIN refund_state ON refund_id = refund.id
                         WHERE refund.lot_id IN chain AND state NOT IN ('released', 'refused'))"
            ))?
            .query_row([lot], |row| {
                Ok(Past { back: row.get(0)?, expired: row.get(1)?, expired_back: row.get(2)?, fee: row.get(3)? })
            })?)
    }

    /// Expired paid points of a lot that went back to the customer all the same: refunded, or taken back by the company.
    pub(crate) fn expired_given_back(&self, lot: LotId) -> Result<Points, LedgerError> {
        Ok(points(self.past(&lot.to_string())?.expired_back))
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
        let backed = self.backed(&imp_uid, sum)?;
        // What was asked for says more than what PortOne calls it where both differ: a phone bill stays one.
        let method = if matches!(asked.as_str(), "phone" | "vbank") { asked } else { said.unwrap_or(asked) };
        let paid_by = PaidBy {
            method,
            paid_at: UnixMillis(paid_at),
            won: won(sum),
            left: won(left),
            backed: won(backed),
            under_way,
            refused_before,
        };
        Ok((charge_id(Some(charge))?, Some(imp_uid), Some(paid_by), Some(pg)))
    }

    /// What of a payment of `sum` won may still go back by any way: neither refunded nor cancelled. What its customer came to
    /// owe by a cancel made elsewhere counts again once it was paid; as long as anything is owed, it is taken for this.
    fn backed(&self, imp_uid: &str, sum: i64) -> Result<i64, LedgerError> {
        let (refunded, clawed): (i64, i64) = self
            .conn
            .prepare_cached(
                "SELECT (SELECT coalesce(sum(refund.won), 0) FROM refund JOIN refund_state ON refund_id = refund.id
                         WHERE refund.imp_uid = ?1 AND state NOT IN ('released', 'refused')),
                        (SELECT coalesce(-sum(posting.amount), 0) FROM txn_fact
                         JOIN posting ON posting.txn_seq = txn_fact.txn_seq AND posting.account = 'pg'
                         WHERE txn_fact.name = 'clawback_of' AND txn_fact.value = ?1)",
            )?
            .query_row([imp_uid], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let owed = self.owed_by(imp_uid)?;
        let unpaid = if owed > 0 { self.never_paid(imp_uid)?.min(owed) } else { 0 };
        let paid_since = owed.saturating_sub(unpaid);
        Ok(sum.saturating_sub(refunded).saturating_sub(clawed).saturating_add(paid_since).max(0))
    }

    /// What a customer came to owe by cancels of this payment made elsewhere, settled or not.
    pub(crate) fn owed_by(&self, imp_uid: &str) -> Result<i64, LedgerError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT coalesce(sum(posting.amount), 0) FROM txn_fact
                 JOIN posting ON posting.txn_seq = txn_fact.txn_seq AND posting.account = 'debt'
                 WHERE txn_fact.name = 'clawback_of' AND txn_fact.value = ?1",
            )?
            .query_row([imp_uid], |row| row.get(0))?)
    }

    /// What the shop let go of a person's debts, less what uses that were taken back made good.
    pub(crate) fn written_off(&self, member: MemberId) -> Result<i64, LedgerError> {
        Ok(self
            .conn
            .prepare_cached(&format!(
                "{SAME_PERSON}
                 SELECT (SELECT coalesce(-sum(posting.amount), 0) FROM txn JOIN txn_fact ON txn_fact.txn_seq = txn.seq
                         JOIN posting ON posting.txn_seq = txn.seq AND posting.account = 'debt'
                         WHERE txn.member_id IN person AND name = 'debt' AND value = 'written_off')
                      - (SELECT coalesce(sum(CAST(value AS INTEGER)), 0) FROM txn JOIN txn_fact ON txn_seq = txn.seq
                         WHERE txn.member_id IN person AND name = 'write_off_undone')"
            ))?
            .query_row([member.0], |row| row.get(0))?)
    }

    /// What the customer of a payment owes still, and what they owed and nobody paid: written off, or gone with a use that was
    /// taken back.
    fn never_paid(&self, imp_uid: &str) -> Result<i64, LedgerError> {
        let member: i64 = self.conn.query_row(
            "SELECT charge.member_id FROM payment JOIN charge ON charge.id = payment.charge_id WHERE imp_uid = ?1",
            [imp_uid],
            |row| row.get(0),
        )?;
        Ok(self
            .conn
            .prepare_cached(&format!(
                "{SAME_PERSON}
                 SELECT (SELECT coalesce(sum(debt), 0) FROM balance WHERE member_id IN person)
                      - (SELECT coalesce(sum(posting.amount), 0) FROM txn JOIN txn_fact ON txn_fact.txn_seq = txn.seq
                         JOIN posting ON posting.txn_seq = txn.seq AND posting.account = 'debt'
                         WHERE txn.member_id IN person
                           AND (name = 'debt' AND value = 'written_off' OR name = 'debt_undone'))"
            ))?
            .query_row([member], |row| row.get(0))?)
    }

    /// What the book knows to have been cancelled of a payment: by its own refunds, and taken back before.
    pub(crate) fn accounted(&self, imp_uid: &str) -> Result<i64, LedgerError> {
        Ok(self
            .conn
            .prepare_cached(&format!("SELECT {}", accounted("?1")))?
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
                "{SAME_PERSON}
                 SELECT charge.id, open_dispute.imp_uid, min(open_dispute.reason),
                        open_dispute.won - coalesce((SELECT cancelled FROM disputed_seen
                                                     WHERE disputed_seen.imp_uid = open_dispute.imp_uid), 0), charge.method,
                        charge.pg_provider,
                        EXISTS (SELECT 1 FROM refund_state WHERE refund_state.imp_uid = open_dispute.imp_uid AND {OPEN})
                 FROM charge JOIN open_dispute ON open_dispute.charge_id = charge.id
                 WHERE charge.member_id IN person AND open_dispute.won > coalesce((SELECT cancelled FROM disputed_seen
                                                     WHERE disputed_seen.imp_uid = open_dispute.imp_uid), 0)
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
