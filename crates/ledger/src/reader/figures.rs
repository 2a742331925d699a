//! The overview's figures. Each ties out to the postings: a test counts them again from there.

use rusqlite::params;

use super::Reader;
use crate::day::business_date;
use crate::days::{self, Sum};
use crate::error::LedgerError;
use crate::ids::UnixMillis;
use crate::model::TransactionKind;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// The last days, today among them, in which charges are counted for the repeat rate.
pub const REPEAT_DAYS: i64 = 90;
/// How far ahead points are called expiring.
pub const EXPIRING_DAYS: i64 = 30;
/// The ages of lots, in days; the last is open.
const AGES: [Option<i64>; 5] = [Some(30), Some(90), Some(180), Some(365), None];

/// What happened in a day, a month, or a member's statement. Sums are net: what was taken back is off again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// How many charges.
    pub charges: i64,
    /// What was paid for charges, in won.
    pub charged_won: i64,
    /// What of that came as cash, in won.
    pub cash_won: i64,
    /// How many uses, also those taken back later.
    pub uses: i64,
    /// Points that bought something, less what was taken back.
    pub used: i64,
    /// How many uses were taken back.
    pub undone: i64,
    /// What bonus points cost: given, less what came back with refunds and expiry.
    pub bonus_cost: i64,
    /// Money that went back by refunds, in won.
    pub refunded_won: i64,
    /// Money that went back by cancels made elsewhere, in won.
    pub clawed_back_won: i64,
    /// What the shop kept of refunds.
    pub refund_fee: i64,
    /// Points that went without being used.
    pub breakage: i64,
    /// Money that came or went otherwise, in won: corrections.
    pub other_won: i64,
}

impl Figures {
    pub(super) fn add(&mut self, kind: TransactionKind, sum: &Sum) {
        let money = ["pg", "cash", "bank"]
            .map(|account| sum.amount(account))
            .into_iter()
            .fold(0, i64::saturating_add);
        match kind {
            TransactionKind::Loading => {
                self.charges = self.charges.saturating_add(sum.transactions);
                self.charged_won = self.charged_won.saturating_add(money);
                self.cash_won = self.cash_won.saturating_add(sum.amount("cash"));
            }
            TransactionKind::Spending => {
                self.uses = self.uses.saturating_add(sum.transactions);
                self.other_won = self.other_won.saturating_add(money);
            }
            TransactionKind::Reversal => {
                self.undone = self.undone.saturating_add(sum.transactions);
                self.other_won = self.other_won.saturating_add(money);
            }
            TransactionKind::Refund => self.refunded_won = self.refunded_won.saturating_sub(money),
            TransactionKind::Clawback => self.clawed_back_won = self.clawed_back_won.saturating_sub(money),
            TransactionKind::Expiry
            | TransactionKind::Adjustment
            | TransactionKind::Merge
            | TransactionKind::Opening => self.other_won = self.other_won.saturating_add(money),
        }
        self.used = self.used.saturating_sub(sum.amount("sales"));
        self.bonus_cost = self.bonus_cost.saturating_add(sum.amount("bonus_cost"));
        self.refund_fee = self.refund_fee.saturating_sub(sum.amount("refund_fee"));
        self.breakage = self.breakage.saturating_sub(sum.amount("breakage"));
    }
}

/// What figures are put together by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// The shop's day, `2026-11-23`.
    Day,
    /// The month, `2026-11`.
    Month,
}

/// What the shop owes now, and what it is owed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owed {
    /// Points that were paid for.
    pub paid: i64,
    /// Points that were given on top.
    pub bonus: i64,
    /// Points that refunds under way have reserved.
    pub held: i64,
    /// What members owe the shop, in won.
    pub debt: i64,
    /// How many members have points.
    pub members: i64,
    /// How many members owe something.
    pub debtors: i64,
}

/// What is left of lots of one age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Age {
    /// Made in the last so many days (and before those of the age before); `None`: older.
    pub up_to_days: Option<i64>,
    /// How many lots.
    pub lots: i64,
    /// Paid points left in them.
    pub paid: i64,
    /// Bonus points left in them.
    pub bonus: i64,
}

/// Points that go in the next [`EXPIRING_DAYS`] days, or whose date is over while their expiry is not posted yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExpiringSum {
    /// Paid points.
    pub paid: i64,
    /// Bonus points.
    pub bonus: i64,
    /// Whose: how many members.
    pub members: i64,
}

/// How many of those who charged in the last [`REPEAT_DAYS`] days did so twice or more. Charges count on the day on which
/// they were credited, whatever became of them later.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repeat {
    /// Members with at least one charge.
    pub once: i64,
    /// Members with at least two.
    pub twice: i64,
}

/// How the shop stands.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The shop's day.
    pub today: String,
    /// What is owed.
    pub owed: Owed,
    /// Paid and bonus points by the age of their lots.
    pub ages: Vec<Age>,
    /// What goes soon.
    pub expiring: ExpiringSum,
    /// Who came again.
    pub repeat: Repeat,
}

impl Reader<'_> {
    /// What happened from `from` to `to` (the shop's days, both included), in order. Days without transactions are left
    /// out.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn figures(&self, from: &str, to: &str, per: Per) -> Result<Vec<(String, Figures)>, LedgerError> {
        let sql = format!(
            "SELECT business_date, kind, {} FROM day_sum WHERE business_date >= ?1 AND business_date <= ?2
             ORDER BY business_date, kind",
            days::COLUMNS
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([from, to])?;
        let mut figures: Vec<(String, Figures)> = Vec::new();
        while let Some(row) = rows.next()? {
            let (mut date, kind): (String, String) = (row.get(0)?, row.get(1)?);
            let kind = TransactionKind::of(&kind).ok_or(LedgerError::Broken { seq: 0, fault: "day_sum" })?;
            if per == Per::Month {
                date.truncate("2026-11".len());
            }
            if figures.last().is_none_or(|(last, _)| *last != date) {
                figures.push((date, Figures::default()));
            }
            if let Some((_, last)) = figures.last_mut() {
                last.add(kind, &days::sum(row, 2)?);
            }
        }
        Ok(figures)
    }

    /// How the shop stands now.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn standing(&self, now: UnixMillis) -> Result<Standing, LedgerError> {
        let turns_at = self.day_turns_at()?;
        let (ages, mut expiring) = self.ages(now)?;
        let until = now.plus_ms(EXPIRING_DAYS.saturating_mul(DAY_MS)).0;
        if expiring.paid > 0 || expiring.bonus > 0 {
            expiring.members =
                self.conn.prepare_cached(EXPIRING_MEMBERS)?.query_row([until], |row| row.get(0))?;
        }
        let since =
            business_date(now.plus_ms(REPEAT_DAYS.saturating_sub(1).saturating_mul(-DAY_MS)), turns_at);
        Ok(Standing {
            today: business_date(now, turns_at),
            owed: self.owed()?,
            ages,
            expiring,
            repeat: self.repeat(&since)?,
        })
    }

    fn owed(&self) -> Result<Owed, LedgerError> {
        let (paid, bonus, held, debt) = self.conn.prepare_cached(
            "SELECT coalesce(-sum(paid), 0), coalesce(-sum(bonus), 0), coalesce(-sum(held), 0), coalesce(sum(debt), 0)
             FROM day_sum",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        let members = self
            .conn
            .prepare_cached("SELECT count(*) FROM balance WHERE paid + bonus > 0")?
            .query_row([], |row| row.get(0))?;
        let debtors = self
            .conn
            .prepare_cached("SELECT count(*) FROM balance WHERE debt > 0")?
            .query_row([], |row| row.get(0))?;
        Ok(Owed { paid, bonus, held, debt, members, debtors })
    }

    fn ages(&self, now: UnixMillis) -> Result<(Vec<Age>, ExpiringSum), LedgerError> {
        let until = now.plus_ms(EXPIRING_DAYS.saturating_mul(DAY_MS)).0;
        let (mut ages, mut expiring) = (Vec::new(), ExpiringSum::default());
        // No lot's name comes after it.
        let mut before = "~".to_owned();
        for up_to_days in AGES {
            let after = up_to_days
                .map_or_else(String::new, |days| made_at(now.plus_ms(days.saturating_mul(-DAY_MS))));
            let (age, paid, bonus) =
                self.conn.prepare_cached(AGE)?.query_row(params![after, before, until], |row| {
                    let age = Age { up_to_days, lots: row.get(0)?, paid: row.get(1)?, bonus: row.get(2)? };
                    Ok((age, row.get::<_, i64>(3)?, row.get::<_, i64>(4)?))
                })?;
            expiring.paid = expiring.paid.saturating_add(paid);
            expiring.bonus = expiring.bonus.saturating_add(bonus);
            ages.push(age);
            before = after;
        }
        Ok((ages, expiring))
    }

    fn repeat(&self, since: &str) -> Result<Repeat, LedgerError> {
        Ok(self.conn.prepare_cached(REPEAT)?.query_row([since], |row| {
            Ok(Repeat { once: row.get(0)?, twice: row.get::<_, Option<i64>>(1)?.unwrap_or(0) })
        })?)
    }
}

/// The beginning of the name of a lot that was made then: names begin with their moment (UUIDv7), so that the lots of an age
/// stand together.
fn made_at(at: UnixMillis) -> String {
    let digits = format!("{:012x}", at.0.max(0));
    let (high, low) = digits.split_at_checked(8).unwrap_or((&digits, ""));
    format!("{high}-{low}")
}

const AGE: &str = "SELECT count(*), coalesce(sum(paid), 0), coalesce(sum(bonus), 0),
        coalesce(sum(CASE WHEN paid_expires_at <= ?3 THEN paid ELSE 0 END), 0),
        coalesce(sum(CASE WHEN bonus_expires_at <= ?3 THEN bonus ELSE 0 END), 0)
    FROM lot_left NOT INDEXED WHERE lot_id >= ?1 AND lot_id < ?2 AND paid + bonus > 0";

const EXPIRING_MEMBERS: &str = "SELECT count(DISTINCT member_id) FROM lot_left NOT INDEXED
    WHERE (paid > 0 AND paid_expires_at <= ?1) OR (bonus > 0 AND bonus_expires_at <= ?1)";

const REPEAT: &str = "SELECT count(*), sum(charges >= 2) FROM (
        SELECT count(*) AS charges FROM txn NOT INDEXED
        WHERE seq >= (SELECT min(first_seq) FROM day_sum WHERE business_date >= ?1 AND kind = 'loading')
          AND kind = 'loading' AND business_date >= ?1
        GROUP BY member_id)";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Random, uuid_v7};

    struct Ones;
    impl Random for Ones {
        fn fill(&mut self, bytes: &mut [u8]) {
            bytes.fill(0xff);
        }
    }

    #[test]
    fn lots_of_an_age_stand_together_by_their_names() {
        let at = UnixMillis(1_795_402_800_000);
        let name = uuid_v7(&mut Ones, at).to_string();
        assert!(made_at(at) <= name && name < made_at(at.plus_ms(1)), "{name} {}", made_at(at));
        assert_eq!(made_at(UnixMillis(-5)), "00000000-0000");
    }

    #[test]
    fn the_figures_read_the_days_and_not_the_postings() {
        for (sql, with) in [
            ("SELECT sum(paid) FROM day_sum WHERE business_date >= ?1", "SEARCH day_sum"),
            (REPEAT, "SEARCH txn USING INTEGER PRIMARY KEY"),
        ] {
            let plan = crate::store::plan_of(sql, ["2026-11-23"]);
            assert!(plan.iter().any(|step| step.starts_with(with)), "{plan:#?}");
        }
        let plan = crate::store::plan_of(AGE, params!["0", "1", 5]);
        assert!(plan[0].starts_with("SEARCH lot_left USING PRIMARY KEY"), "{plan:#?}");
        let plan = crate::store::plan_of("SELECT count(*) FROM balance WHERE debt > 0", []);
        assert!(plan[0].contains("balance_in_debt"), "{plan:#?}");
    }
}
