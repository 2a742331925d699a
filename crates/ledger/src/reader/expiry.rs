//! What goes, when, and what has gone.

use money::Points;
use rusqlite::{OptionalExtension, params};

use super::{Reader, at, points};
use crate::book::lot_id;
use crate::day::Lifetime;
use crate::error::LedgerError;
use crate::ids::{LotId, MemberId, UnixMillis};
use crate::model::{ExpiryRule, LotLeft};

/// One of the two parts of a lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LotPart {
    /// Points that were given on top.
    Bonus,
    /// Points that were paid for.
    Paid,
}

impl LotPart {
    /// The word of it in the book.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            LotPart::Bonus => "bonus",
            LotPart::Paid => "paid",
        }
    }
    fn of(word: &str) -> LotPart {
        if word == LotPart::Paid.word() { LotPart::Paid } else { LotPart::Bonus }
    }
}

/// Points that will go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expiring {
    /// Whose.
    pub member: MemberId,
    /// Of which lot.
    pub lot: LotId,
    /// Of which part of it.
    pub part: LotPart,
    /// How many.
    pub points: Points,
    /// Their last moment.
    pub at: UnixMillis,
}

/// Some of the points that will go, the first to go first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpiringSoon {
    /// One page.
    pub rows: Vec<Expiring>,
    /// There are more behind the last row.
    pub more: bool,
    /// All paid points that go in that time, on whatever page.
    pub paid: Points,
    /// All bonus points.
    pub bonus: Points,
    /// Of how many members.
    pub members: i64,
}

/// How long a rule of the book says; `None` where it says that points never go.
pub(super) fn lifetime(months: Option<u16>, days: Option<u16>) -> Option<Lifetime> {
    match (months.unwrap_or(0), days.unwrap_or(0)) {
        (0, 0) => None,
        (0, days) => Some(Lifetime::Days(days)),
        (months, _) => Some(Lifetime::Months(months)),
    }
}

impl Reader<'_> {
    /// The rule by which paid points of new charges go. There is none until the owner accepts one.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn expiry_rule(&self) -> Result<Option<ExpiryRule>, LedgerError> {
        let rule = self
            .conn
            .prepare_cached(
                "SELECT version, months, days, pg, source, expiry_rule.at, accepted.name, approved.name
                 FROM expiry_rule JOIN staff_now AS accepted ON accepted.id = expiry_rule.actor
                 LEFT JOIN staff_now AS approved ON approved.id = expiry_rule.approver
                 ORDER BY version DESC LIMIT 1",
            )?
            .query_row([], |row| {
                Ok(lifetime(row.get(1)?, row.get(2)?).map(|lifetime| {
                    Ok::<_, rusqlite::Error>(ExpiryRule {
                        version: row.get(0)?,
                        lifetime,
                        pg: row.get(3)?,
                        source: row.get(4)?,
                        at: UnixMillis(row.get(5)?),
                        accepted_by: row.get(6)?,
                        approved_by: row.get(7)?,
                    })
                }))
            })
            .optional()?;
        Ok(rule.flatten().transpose()?)
    }

    /// When something goes next; a moment that is past where the expiry is to be posted.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn next_expiry(&self) -> Result<Option<UnixMillis>, LedgerError> {
        let (paid, bonus): (Option<i64>, Option<i64>) = self.conn.query_row(
            "SELECT (SELECT min(paid_expires_at) FROM lot_left WHERE paid > 0 AND paid_expires_at IS NOT NULL),
                    (SELECT min(bonus_expires_at) FROM lot_left WHERE bonus > 0 AND bonus_expires_at IS NOT NULL)",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(at(paid.into_iter().chain(bonus).min()))
    }

    /// What of a lot went without being used, less what was put back and what was refunded all the same: paid and bonus
    /// points. The law's right to a refund of nine tenths after the date counts from these.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn expired_of_lot(&self, lot: LotId) -> Result<(Points, Points), LedgerError> {
        // The facts' values begin with the lot and a space.
        let (from, to) = (format!("{lot} "), format!("{lot}!"));
        let back = self.expired_given_back(lot)?.get();
        Ok(self
            .conn
            .prepare_cached(
                "SELECT coalesce(sum(paid), 0), coalesce(sum(bonus), 0) FROM lot_use
                 WHERE lot_id = ?1 AND txn_seq IN (
                     SELECT txn_seq FROM txn_fact WHERE name = 'expires_paid' AND value >= ?2 AND value < ?3
                     UNION SELECT txn_seq FROM txn_fact WHERE name = 'expires_bonus' AND value >= ?2 AND value < ?3
                     UNION SELECT txn_seq FROM txn_fact WHERE name = 'reinstates' AND value >= ?2 AND value < ?3)",
            )?
            .query_row(params![lot.to_string(), from, to], |row| {
                Ok((points(row.get::<_, i64>(0)?.saturating_sub(back).max(0)), points(row.get(1)?)))
            })?)
    }

    /// The lots of a member of which something has gone, the latest first, at most 50: with what has gone, not with what is
    /// left.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn expired_lots(&self, member: MemberId) -> Result<Vec<LotLeft>, LedgerError> {
        let lots: Vec<(String, LotLeft)> = self
            .conn
            .prepare_cached(
                "SELECT lot_left.lot_id, lot_left.paid_expires_at, lot_left.bonus_expires_at, made.at
                 FROM (SELECT lot_use.lot_id, max(txn.seq) AS seq FROM txn JOIN lot_use ON lot_use.txn_seq = txn.seq
                       WHERE txn.member_id = ?1 AND txn.kind = 'expiry'
                       GROUP BY lot_use.lot_id ORDER BY 2 DESC LIMIT 50) AS gone
                 JOIN lot_left ON lot_left.lot_id = gone.lot_id JOIN lot ON lot.id = gone.lot_id
                 JOIN txn AS made ON made.seq = lot.txn_seq ORDER BY gone.seq DESC",
            )?
            .query_map([member.0], |row| {
                let lot = LotLeft {
                    lot: LotId(uuid::Uuid::nil()),
                    paid: Points::ZERO,
                    bonus: Points::ZERO,
                    paid_expires_at: at(row.get(1)?),
                    bonus_expires_at: at(row.get(2)?),
                    made_at: UnixMillis(row.get(3)?),
                };
                Ok((row.get(0)?, lot))
            })?
            .collect::<Result<_, _>>()?;
        let mut gone = Vec::with_capacity(lots.len());
        for (id, left) in lots {
            let lot = lot_id(&id)?;
            let (paid, bonus) = self.expired_of_lot(lot)?;
            if !paid.is_zero() || !bonus.is_zero() {
                gone.push(LotLeft { lot, paid, bonus, ..left });
            }
        }
        Ok(gone)
    }

    /// What of a member's points goes until then, whatever is past its date and still there with it: paid and bonus points.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn expiring(&self, member: MemberId, until: UnixMillis) -> Result<(Points, Points), LedgerError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT coalesce(sum(CASE WHEN paid_expires_at <= ?2 THEN paid END), 0),
                        coalesce(sum(CASE WHEN bonus_expires_at <= ?2 THEN bonus END), 0)
                 FROM lot_left WHERE member_id = ?1 AND paid + bonus > 0",
            )?
            .query_row(params![member.0, until.0], |row| Ok((points(row.get(0)?), points(row.get(1)?))))?)
    }

    /// What goes until then, of everybody, the first to go first: a page behind `after`, the last row of the page before.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn expiring_soon(
        &self,
        until: UnixMillis,
        after: Option<(UnixMillis, LotId, LotPart)>,
        limit: u32,
    ) -> Result<ExpiringSoon, LedgerError> {
        let (at, lot, part) = match after {
            Some((at, lot, part)) => (at.0, lot.to_string(), part.word()),
            None => (i64::MIN, String::new(), ""),
        };
        let rows: Vec<(String, String, Expiring)> = self
            .conn
            .prepare_cached(
                "SELECT member_id, lot_id, part, points, goes FROM (
                     SELECT member_id, lot_id, 'paid' AS part, paid AS points, paid_expires_at AS goes FROM lot_left
                     WHERE paid > 0 AND paid_expires_at IS NOT NULL AND paid_expires_at BETWEEN ?2 AND ?1
                     UNION ALL
                     SELECT member_id, lot_id, 'bonus', bonus, bonus_expires_at FROM lot_left
                     WHERE bonus > 0 AND bonus_expires_at IS NOT NULL AND bonus_expires_at BETWEEN ?2 AND ?1)
                 WHERE (goes, lot_id, part) > (?2, ?3, ?4) ORDER BY goes, lot_id, part LIMIT ?5",
            )?
            .query_map(params![until.0, at, lot, part, i64::from(limit).saturating_add(1)], |row| {
                let row_of = Expiring {
                    member: MemberId(row.get(0)?),
                    lot: LotId(uuid::Uuid::nil()),
                    part: LotPart::Paid,
                    points: points(row.get(3)?),
                    at: UnixMillis(row.get(4)?),
                };
                Ok((row.get(1)?, row.get(2)?, row_of))
            })?
            .collect::<Result<_, _>>()?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        let rows = rows
            .into_iter()
            .take(limit)
            .map(|(lot, part, row)| Ok(Expiring { lot: lot_id(&lot)?, part: LotPart::of(&part), ..row }))
            .collect::<Result<_, LedgerError>>()?;
        let (paid, bonus, members) = self
            .conn
            .prepare_cached(
                "SELECT coalesce(sum(paid), 0), coalesce(sum(bonus), 0), count(DISTINCT member_id) FROM (
                     SELECT member_id, paid, 0 AS bonus FROM lot_left
                     WHERE paid > 0 AND paid_expires_at IS NOT NULL AND paid_expires_at <= ?1
                     UNION ALL
                     SELECT member_id, 0, bonus FROM lot_left
                     WHERE bonus > 0 AND bonus_expires_at IS NOT NULL AND bonus_expires_at <= ?1)",
            )?
            .query_row([until.0], |row| Ok((points(row.get(0)?), points(row.get(1)?), row.get(2)?)))?;
        Ok(ExpiringSoon { rows, more, paid, bonus, members })
    }
}
