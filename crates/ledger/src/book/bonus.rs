//! Setting the bonus rule.

use money::Points;
use rusqlite::params;

use super::{Book, content};
use crate::bonus::{Gift, Offer};
use crate::day::last_moment_of;
use crate::error::{Done, LedgerError};
use crate::model::By;

/// The most lines of a rule: more than a person can keep in mind.
const MOST_OFFERS: usize = 12;

/// A bonus rule that is to be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBonusRule {
    /// What it offers; nothing: there is no bonus from now on.
    pub offers: Vec<Offer>,
    /// How long the bonus lasts, in days.
    pub valid_days: i64,
}

impl NewBonusRule {
    /// Whether every part of it is in its range.
    ///
    /// # Errors
    /// [`LedgerError::BadSetting`] with the name of the part.
    pub fn check(&self) -> Result<(), LedgerError> {
        let bad = |part| Err(LedgerError::BadSetting(part));
        if !(1..=3650).contains(&self.valid_days) {
            return bad("valid_days");
        }
        if self.offers.len() > MOST_OFFERS {
            return bad("offers");
        }
        for offer in &self.offers {
            match offer.gift {
                Gift::Percent(1..=100) => {}
                Gift::Percent(_) => return bad("percent"),
                Gift::Points(Points::ZERO) => return bad("bonus_points"),
                Gift::Points(_) => {}
            }
            let is_day =
                |day: &Option<String>| day.as_deref().is_none_or(|day| last_moment_of(day, 0).is_some());
            let (from, until) = (&offer.from_day, &offer.until_day);
            let turned = from.as_ref().zip(until.as_ref()).is_some_and(|(from, until)| from > until);
            if !is_day(from) || !is_day(until) || turned {
                return bad("period");
            }
        }
        Ok(())
    }
}

impl Book<'_> {
    /// Sets the bonus rule's next version. A charge keeps the bonus that it was started with.
    ///
    /// # Errors
    /// [`LedgerError::BadSetting`], [`LedgerError::SameIdOtherContent`].
    pub fn set_bonus_rule(&mut self, by: &By, rule: &NewBonusRule) -> Result<Done, LedgerError> {
        rule.check()?;
        let asked = content("bonus_rule", |canon| {
            canon.number(rule.valid_days).list(rule.offers.len());
            for offer in &rule.offers {
                let (percent, points) = columns(offer.gift);
                canon
                    .number(offer.from.get())
                    .number(percent)
                    .number(points)
                    .number(i64::from(offer.first_only));
                canon.maybe_text(offer.from_day.as_deref()).maybe_text(offer.until_day.as_deref());
            }
        });
        let (done, ()) = self.once(by, "bonus_rule", asked, |book| {
            // The version's own percent is that of the first edition; what is offered stands in the lines.
            book.conn.execute(
                "INSERT INTO bonus_rule (percent, min_won, valid_days, at, actor, approver, request_id)
                 VALUES (0, 0, ?1, ?2, ?3, ?4, ?5)",
                params![
                    rule.valid_days,
                    by.now.0,
                    by.actor.0,
                    by.approver.map(|person| person.0),
                    by.request.to_string()
                ],
            )?;
            let version = book.conn.last_insert_rowid();
            for (line, offer) in (0_i64..).zip(&rule.offers) {
                let (percent, points) = columns(offer.gift);
                book.conn.execute(
                    "INSERT INTO bonus_offer (version, line, from_won, percent, points, first_only, from_day, until_day,
                                              actor, request_id)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                    params![
                        version,
                        line,
                        offer.from.get(),
                        percent,
                        points,
                        offer.first_only,
                        offer.from_day,
                        offer.until_day,
                        by.actor.0,
                        by.request.to_string()
                    ],
                )?;
            }
            Ok(())
        })?;
        Ok(done)
    }
}

fn columns(gift: Gift) -> (i64, i64) {
    match gift {
        Gift::Percent(percent) => (i64::from(percent), 0),
        Gift::Points(points) => (0, points.get()),
    }
}
