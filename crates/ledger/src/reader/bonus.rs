//! The bonus rule in force, what it gives, and what one would have cost.

use money::{Points, Won};
use rusqlite::{OptionalExtension, params};

use super::{Reader, SAME_PERSON, points, won};
use crate::bonus::{Gift, Occasion, Offer, best};
use crate::day::{Lifetime, business_date, days_before, lasts_until};
use crate::error::LedgerError;
use crate::ids::{MemberId, UnixMillis};
use crate::model::{BonusRule, ExpiryRule, Quote};

/// An open charge whose pay window is as old as this is no longer waited for: another one may be the first.
const MAY_BE_PAID_MS: i64 = 60 * 60 * 1000;

/// What a rule would have given for charges of the past.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BonusCost {
    /// How many charges were looked at.
    pub charges: i64,
    /// What was paid for them.
    pub won: Won,
    /// What the rule would have given.
    pub would_give: Points,
    /// What was given.
    pub gave: Points,
}

/// The rules of one moment, for one member or nobody.
#[derive(Debug, Clone)]
pub struct Quoting {
    now: UnixMillis,
    turns_at: u8,
    bonus: Option<BonusRule>,
    expiry: Option<ExpiryRule>,
    first: bool,
}

impl Quoting {
    /// What this sum gives.
    ///
    /// # Errors
    /// [`LedgerError::AmountTooLarge`].
    pub fn quote(&self, sum: Won) -> Result<Quote, LedgerError> {
        let until = |lifetime| lasts_until(self.now, self.turns_at, lifetime);
        let mut quote = Quote {
            won: sum,
            bonus: Points::ZERO,
            unless_first: None,
            rule: None,
            bonus_expires_at: None,
            valid_days: None,
            paid_expires_at: self.expiry.as_ref().and_then(|rule| until(rule.lifetime)),
            expiry_rule: self.expiry.as_ref().map(|rule| rule.version),
        };
        let Some(rule) = &self.bonus else { return Ok(quote) };
        let day = business_date(self.now, self.turns_at);
        let given = |first| best(&rule.offers, Occasion { won: sum, first, day: Some(&day) });
        let otherwise = given(false)?;
        quote.bonus = given(self.first)?;
        quote.unless_first = (quote.bonus > otherwise).then_some(otherwise);
        if !quote.bonus.is_zero() {
            quote.rule = Some(rule.version);
            quote.valid_days = Some(rule.valid_days);
            quote.bonus_expires_at =
                until(Lifetime::Days(u16::try_from(rule.valid_days).unwrap_or(u16::MAX)));
        }
        Ok(quote)
    }
}

impl Reader<'_> {
    /// The bonus rule in force. None is, unless one was set.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn bonus_rule(&self) -> Result<Option<BonusRule>, LedgerError> {
        let newest: Option<(i64, u8, i64, i64)> = self
            .conn
            .prepare_cached(
                "SELECT version, percent, min_won, valid_days FROM bonus_rule ORDER BY version DESC LIMIT 1",
            )?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .optional()?;
        let Some((version, percent, min_won, valid_days)) = newest else { return Ok(None) };
        let mut offers: Vec<Offer> = self
            .conn
            .prepare_cached(
                "SELECT from_won, percent, points, first_only, from_day, until_day FROM bonus_offer
                 WHERE version = ?1 ORDER BY line",
            )?
            .query_map([version], |row| {
                let percent: u8 = row.get(1)?;
                Ok(Offer {
                    from: won(row.get(0)?),
                    gift: if percent > 0 {
                        Gift::Percent(percent)
                    } else {
                        Gift::Points(points(row.get(2)?))
                    },
                    first_only: row.get(3)?,
                    from_day: row.get(4)?,
                    until_day: row.get(5)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        if offers.is_empty() && percent > 0 {
            offers.push(Offer {
                from: won(min_won),
                gift: Gift::Percent(percent),
                first_only: false,
                from_day: None,
                until_day: None,
            });
        }
        Ok((!offers.is_empty()).then_some(BonusRule { version, offers, valid_days }))
    }

    /// What a charge would give now, with the bonus of a first charge where it would be this member's.
    ///
    /// # Errors
    /// [`LedgerError::AmountTooLarge`], or what SQLite says.
    pub fn quote(&self, sum: Won, member: Option<MemberId>, now: UnixMillis) -> Result<Quote, LedgerError> {
        self.quoting(member, now)?.quote(sum)
    }

    /// What charges would give now: the rules are read once for any number of sums.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn quoting(&self, member: Option<MemberId>, now: UnixMillis) -> Result<Quoting, LedgerError> {
        let turns_at = self.day_turns_at()?;
        let bonus = self.bonus_rule()?;
        // Asked only where it makes a difference.
        let matters = bonus.as_ref().is_some_and(|rule| rule.offers.iter().any(|offer| offer.first_only));
        let first = match member {
            Some(member) if matters => self.would_be_first(member, now)?,
            Some(_) | None => false,
        };
        Ok(Quoting { now, turns_at, bonus, expiry: self.expiry_rule()?, first })
    }

    /// Whether a charge that is started now would be this member's first: no other was paid, and none is under way. What
    /// was given up, failed or stood open for an hour may still be paid late; it then finds the bonus of the first charge
    /// given (see `Book::settle`), which is never given twice.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn would_be_first(&self, member: MemberId, now: UnixMillis) -> Result<bool, LedgerError> {
        if self.first_was_rewarded(member)? {
            return Ok(false);
        }
        Ok(self
            .conn
            .prepare_cached(&format!(
                "{SAME_PERSON}
                 SELECT NOT EXISTS (
                     SELECT 1 FROM charge JOIN charge_state ON charge_state.charge_id = charge.id
                     WHERE charge.member_id IN person
                       AND (charge_state.state IN ('credited', 'awaiting_deposit', 'unknown', 'disputed')
                            OR (charge_state.state = 'open' AND charge_state.abandoned = 0 AND charge.at > ?2)))"
            ))?
            .query_row(params![member.0, now.plus_ms(-MAY_BE_PAID_MS).0], |row| row.get(0))?)
    }

    /// Whether a charge of this member, or of one who is the same person, was credited with the bonus of a first one.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn first_was_rewarded(&self, member: MemberId) -> Result<bool, LedgerError> {
        Ok(self
            .conn
            .prepare_cached(&format!(
                "{SAME_PERSON}
                 SELECT EXISTS (SELECT 1 FROM txn_fact
                                WHERE name = 'first_charge' AND value IN (SELECT CAST(id AS TEXT) FROM person))"
            ))?
            .query_row([member.0], |row| row.get(0))?)
    }

    /// What these offers would have given for the charges of the last `days` days. Periods are left out of account: a rule
    /// for next month is asked about by what was charged last month.
    ///
    /// # Errors
    /// [`LedgerError::AmountTooLarge`], or what SQLite says.
    pub fn bonus_cost(&self, offers: &[Offer], days: u16, now: UnixMillis) -> Result<BonusCost, LedgerError> {
        let from = days_before(now, self.day_turns_at()?, days);
        let mut statement = self.conn.prepare_cached(
            "SELECT charge.won, coalesce(lot.bonus, 0),
                    NOT EXISTS (SELECT 1 FROM txn AS before WHERE before.member_id = txn.member_id
                                AND before.seq < txn.seq AND before.kind = 'loading')
             FROM txn JOIN charge ON charge.id = txn.charge_id LEFT JOIN lot ON lot.txn_seq = txn.seq
             WHERE txn.business_date >= ?1 AND txn.kind = 'loading'",
        )?;
        let mut rows = statement.query([from])?;
        let mut cost = BonusCost::default();
        while let Some(row) = rows.next()? {
            let paid = won(row.get(0)?);
            let bonus = best(offers, Occasion { won: paid, first: row.get(2)?, day: None })?;
            let too_large = LedgerError::AmountTooLarge;
            cost.charges = cost.charges.saturating_add(1);
            cost.won = cost.won.checked_add(paid).ok_or(too_large)?;
            cost.would_give = cost.would_give.checked_add(bonus).ok_or(LedgerError::AmountTooLarge)?;
            cost.gave = cost.gave.checked_add(points(row.get(1)?)).ok_or(LedgerError::AmountTooLarge)?;
        }
        Ok(cost)
    }
}
