//! Points that go: the rule, the daily posting, and moving a date on.

use money::Points;
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::points::GRACE_MS;
use super::{Book, GRACE_DAYS, content, lot_id};
use crate::day::Lifetime;
use crate::error::{Done, LedgerError};
use crate::ids::{LotId, MemberId, TransactionId, UnixMillis};
use crate::model::{By, TransactionKind};
use crate::record::{LotExpiryRow, LotUseRow};
use crate::txn::{self, Account, Entry};

/// A date further ahead than this is a slip of the finger.
const FURTHEST_MS: i64 = 20 * 366 * 24 * 60 * 60 * 1000;

/// A rule of expiry that the owner accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExpiryRule {
    /// How long paid points of charges from now on last; `None`: for ever.
    pub lifetime: Option<Lifetime>,
    /// Whose rule it is: PortOne's word for the payment company.
    pub pg: Option<String>,
    /// Where it stands, as the owner was shown it.
    pub source: String,
}

/// What a run of expiry did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expired {
    /// Whose points went, or got a date anew.
    pub members: Vec<MemberId>,
    /// There is more to do.
    pub more: bool,
}

/// A lot that is to last longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// Which.
    pub lot: LotId,
    /// The new last moment of its paid points, where that is moved.
    pub paid_until: Option<UnixMillis>,
    /// The new last moment of its bonus, where that is moved.
    pub bonus_until: Option<UnixMillis>,
    /// Why.
    pub reason: String,
}

/// What an extension did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extended {
    /// The transaction.
    pub transaction: TransactionId,
    /// Whose lot it is.
    pub member: MemberId,
    /// Points that had gone and are there again.
    pub reinstated: Points,
    /// The balance after.
    pub after: Points,
}

/// A lot as it stands.
struct Standing {
    member: MemberId,
    paid: i64,
    bonus: i64,
    paid_expires_at: Option<i64>,
    bonus_expires_at: Option<i64>,
}

impl Book<'_> {
    /// Writes the rule's next version, for charges that are started from now on: what was promised before stays.
    ///
    /// # Errors
    /// [`LedgerError::BadSetting`], [`LedgerError::SameIdOtherContent`].
    pub fn set_expiry_rule(&mut self, by: &By, rule: &NewExpiryRule) -> Result<Done, LedgerError> {
        let (months, days) = match rule.lifetime {
            None => (0, 0),
            Some(Lifetime::Months(months @ 1..=120)) => (months, 0),
            Some(Lifetime::Days(days @ 1..=3650)) => (0, days),
            Some(Lifetime::Months(_) | Lifetime::Days(_)) => {
                return Err(LedgerError::BadSetting("expiry_lifetime"));
            }
        };
        if rule.lifetime.is_some() && rule.source.is_empty() {
            return Err(LedgerError::BadSetting("expiry_source"));
        }
        let asked = content("expiry_rule", |canon| {
            canon.number(i64::from(months)).number(i64::from(days));
            canon.maybe_text(rule.pg.as_deref()).text(&rule.source);
        });
        let (done, ()) = self.once(by, "expiry_rule", asked, |book| {
            book.conn.execute(
                "INSERT INTO expiry_rule (months, days, pg, source, at, actor, approver, request_id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    months,
                    days,
                    rule.pg,
                    rule.source,
                    by.now.0,
                    by.actor.0,
                    by.approver.map(|person| person.0),
                    by.request.to_string()
                ],
            )?;
            Ok(())
        })?;
        Ok(done)
    }

    /// Posts what is past its date, of `most` lots. `by.now` must be PortOne's clock: a PC that is months ahead makes no
    /// points go.
    ///
    /// Paid points go to `breakage`: money that stays with the shop. Bonus goes back to `bonus_cost`: the shop never had
    /// to honour it, so that this account comes out as what bonuses really cost. Points that a refund holds back are in no
    /// lot meanwhile, and do not go.
    ///
    /// It may be run any number of times: what went is in its lot no more, and a part of a lot goes once for each date by a
    /// unique index. Points that came back into a lot after that have seven days, like a use that is taken back.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn expire(&mut self, by: &By, most: u32) -> Result<Expired, LedgerError> {
        let mut due: Vec<String> = self
            .conn
            .prepare_cached(
                "SELECT lot_id FROM lot_left WHERE paid > 0 AND paid_expires_at < ?1
                 UNION SELECT lot_id FROM lot_left WHERE bonus > 0 AND bonus_expires_at < ?1 LIMIT ?2",
            )?
            .query_map(params![by.now.0, i64::from(most).saturating_add(1)], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let more = due.len() > most;
        due.truncate(most);
        let turns_at = self.reader().day_turns_at()?;
        let mut members = Vec::with_capacity(due.len());
        for lot in due {
            let standing = self.standing(lot_id(&lot)?)?;
            for entry in self.goes(by.now, &lot, &standing)? {
                txn::write(self.conn, self.random, by, turns_at, entry)?;
            }
            if !members.contains(&standing.member) {
                members.push(standing.member);
            }
        }
        Ok(Expired { members, more })
    }

    /// What is to be written for a lot of which something is past its date.
    fn goes(&self, now: UnixMillis, lot: &str, standing: &Standing) -> Result<Vec<Entry>, LedgerError> {
        let mut gone = Entry::new(TransactionKind::Expiry, standing.member);
        let mut stays = Entry::new(TransactionKind::Adjustment, standing.member);
        let mut taken = LotUseRow { lot: lot.to_owned(), paid: 0, bonus: 0 };
        let mut later = LotExpiryRow {
            lot: lot.to_owned(),
            paid_expires_at: standing.paid_expires_at,
            bonus_expires_at: standing.bonus_expires_at,
        };
        let past = |left: i64, at: Option<i64>| at.filter(|at| left > 0 && *at < now.0);
        let mut came_back = false;
        if let Some(at) = past(standing.paid, standing.paid_expires_at) {
            let what = format!("{lot} {at}");
            if self.went_before("expires_paid", &what)? {
                (later.paid_expires_at, came_back) = (Some(now.plus_ms(GRACE_MS).0), true);
            } else {
                gone.fact("expires_paid", what);
                taken.paid = standing.paid;
            }
        }
        if let Some(at) = past(standing.bonus, standing.bonus_expires_at) {
            let what = format!("{lot} {at}");
            if self.went_before("expires_bonus", &what)? {
                (later.bonus_expires_at, came_back) = (Some(now.plus_ms(GRACE_MS).0), true);
            } else {
                gone.fact("expires_bonus", what);
                taken.bonus = standing.bonus;
            }
        }
        let mut entries = Vec::new();
        if taken.paid > 0 || taken.bonus > 0 {
            gone.post(Account::Paid, taken.paid);
            gone.post(Account::Breakage, taken.paid.saturating_neg());
            gone.post(Account::Bonus, taken.bonus);
            gone.post(Account::BonusCost, taken.bonus.saturating_neg());
            gone.uses.push(taken);
            entries.push(gone);
        }
        if came_back {
            stays.fact("grace_days", GRACE_DAYS);
            stays.expiries.push(later);
            entries.push(stays);
        }
        Ok(entries)
    }

    fn went_before(&self, name: &str, value: &str) -> Result<bool, LedgerError> {
        Ok(self
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM txn_fact WHERE name = ?1 AND value = ?2)")?
            .query_row([name, value], |row| row.get(0))?)
    }

    fn standing(&self, lot: LotId) -> Result<Standing, LedgerError> {
        self.conn
            .prepare_cached(
                "SELECT member_id, paid, bonus, paid_expires_at, bonus_expires_at FROM lot_left WHERE lot_id = ?1",
            )?
            .query_row([lot.to_string()], |row| {
                Ok(Standing {
                    member: MemberId(row.get(0)?),
                    paid: row.get(1)?,
                    bonus: row.get(2)?,
                    paid_expires_at: row.get(3)?,
                    bonus_expires_at: row.get(4)?,
                })
            })
            .optional()?
            .ok_or(LedgerError::UnknownLot)
    }

    /// Moves a lot's dates on, never back, and puts back what of it has gone. An `adjustment`: without postings where
    /// nothing had gone, since no points move.
    ///
    /// # Errors
    /// [`LedgerError::UnknownLot`], [`LedgerError::NotLater`], [`LedgerError::NothingToExtend`],
    /// [`LedgerError::BadSetting`] for a date that is too far ahead, [`LedgerError::MemberMerged`],
    /// [`LedgerError::MemberErased`], [`LedgerError::SameIdOtherContent`].
    pub fn extend(&mut self, by: &By, asked: &Extension) -> Result<(Done, Extended), LedgerError> {
        let digest = content("extend", |canon| {
            canon.text(&asked.lot.to_string()).maybe_number(asked.paid_until.map(|at| at.0));
            canon.maybe_number(asked.bonus_until.map(|at| at.0)).text(&asked.reason);
        });
        self.once(by, "extend", digest, |book| {
            let standing = book.standing(asked.lot)?;
            book.refuse_gone(standing.member)?;
            let (paid_gone, bonus_gone) = book.reader().expired_of_lot(asked.lot)?;
            let parts = [
                (asked.paid_until, standing.paid_expires_at, standing.paid, paid_gone),
                (asked.bonus_until, standing.bonus_expires_at, standing.bonus, bonus_gone),
            ];
            if parts.iter().all(|(until, ..)| until.is_none()) {
                return Err(LedgerError::NothingToExtend);
            }
            for (until, stands, left, gone) in parts {
                let Some(until) = until else { continue };
                let stands = stands.ok_or(LedgerError::NothingToExtend)?;
                if left == 0 && gone.is_zero() {
                    return Err(LedgerError::NothingToExtend);
                }
                if until.0 <= stands || until <= by.now {
                    return Err(LedgerError::NotLater);
                }
                if until > by.now.plus_ms(FURTHEST_MS) {
                    return Err(LedgerError::BadSetting("until"));
                }
            }
            let mut entry = Entry::new(TransactionKind::Adjustment, standing.member);
            entry.note = Some(asked.reason.clone());
            entry.fact("extends", asked.lot);
            let back = |until: Option<UnixMillis>, gone| if until.is_some() { gone } else { Points::ZERO };
            let reinstated = put_back(
                &mut entry,
                by,
                asked.lot,
                back(asked.paid_until, paid_gone),
                back(asked.bonus_until, bonus_gone),
            )?;
            entry.expiries.push(LotExpiryRow {
                lot: asked.lot.to_string(),
                paid_expires_at: asked.paid_until.map_or(standing.paid_expires_at, |at| Some(at.0)),
                bonus_expires_at: asked.bonus_until.map_or(standing.bonus_expires_at, |at| Some(at.0)),
            });
            let turns_at = book.reader().day_turns_at()?;
            let moved = txn::write(book.conn, book.random, by, turns_at, entry)?;
            Ok(Extended {
                transaction: moved.transaction,
                member: moved.member,
                reinstated,
                after: moved.after,
            })
        })
    }
}

/// The opposite of an expiry.
fn put_back(
    entry: &mut Entry,
    by: &By,
    lot: LotId,
    paid: Points,
    bonus: Points,
) -> Result<Points, LedgerError> {
    let both = paid.checked_add(bonus).ok_or(LedgerError::AmountTooLarge)?;
    if both.is_zero() {
        return Ok(both);
    }
    entry.fact("reinstates", format!("{lot} {}", by.request));
    entry.post(Account::Breakage, paid.get());
    entry.post(Account::Paid, paid.get().saturating_neg());
    entry.post(Account::BonusCost, bonus.get());
    entry.post(Account::Bonus, bonus.get().saturating_neg());
    entry.uses.push(LotUseRow {
        lot: lot.to_string(),
        paid: paid.get().saturating_neg(),
        bonus: bonus.get().saturating_neg(),
    });
    Ok(both)
}
