//! Days: what was counted, compared and closed.

use money::Won;
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::{Reader, won};
use crate::day::{business_date, day_after, day_start};
use crate::error::LedgerError;
use crate::gate::Listed;
use crate::ids::{ChargeId, UnixMillis};
use crate::random::merchant_uid_prefix;
use crate::reconcile::{BookPayment, BookSide, Difference, DifferenceKind, Tally, Window};

/// A count of the drawer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CashCount {
    /// Its place among all counts.
    pub id: i64,
    /// What was in the drawer.
    pub counted: Won,
    /// What of it is money for change.
    pub change: Won,
    /// When.
    pub at: UnixMillis,
    /// Who counted.
    pub staff_name: String,
}

/// What one kind of transaction did on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct KindSum {
    /// The kind's word.
    pub kind: String,
    /// How many.
    pub count: i64,
    /// By how much paid points grew.
    pub paid: i64,
    /// By how much bonus points grew.
    pub bonus: i64,
}

/// What a day did to an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AccountSum {
    /// The account's word.
    pub account: String,
    /// The sum of its postings.
    pub won: i64,
}

/// What a day was in the book.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DaySums {
    /// By kind.
    pub kinds: Vec<KindSum>,
    /// By account.
    pub accounts: Vec<AccountSum>,
}

impl DaySums {
    /// What came into the drawer, less what went out.
    #[must_use]
    pub fn cash(&self) -> i64 {
        self.accounts.iter().find(|sum| sum.account == "cash").map_or(0, |sum| sum.won)
    }
}

/// The sums of a comparison.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparisonSums {
    /// The book's payments.
    pub book: Tally,
    /// The other side's.
    pub other: Tally,
    /// Those of other tills and shops.
    pub foreign: Tally,
}

/// A comparison that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Its place among all comparisons.
    pub place: i64,
    /// What was compared.
    pub window: Window,
    /// The sums.
    pub sums: ComparisonSums,
    /// What is not the same.
    pub differences: Vec<Difference>,
    /// When.
    pub at: UnixMillis,
}

/// A closed day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayClose {
    /// The day.
    pub business_date: String,
    /// Its place among all closes.
    pub place: i64,
    /// What was in the drawer.
    pub counted: Won,
    /// What should have been.
    pub expected: i64,
    /// What the day was.
    pub sums: DaySums,
    /// Whether it was compared with PortOne when it was closed.
    pub compared: bool,
    /// Charges that were not finished.
    pub open_charges: i64,
    /// What PortOne is asked about.
    pub window: Window,
    /// How many transactions the chain had.
    pub transactions: i64,
    /// The chain's last hash.
    pub head: Vec<u8>,
    /// When.
    pub at: UnixMillis,
    /// Who closed it.
    pub staff_name: String,
    /// Who approved it, where somebody did.
    pub approver_name: Option<String>,
    /// The close's own hash.
    pub hash: Vec<u8>,
}

/// Where a payment goes was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayChange {
    /// What: `channel`, `proxy`, `keys`.
    pub action: String,
    /// To what.
    pub detail: String,
    /// When.
    pub at: UnixMillis,
    /// By whom.
    pub staff_name: String,
}

const CLOSE: &str = "SELECT business_date, place, counted, expected, sums, comparison, open_charges, window_from,
    window_to, transactions, head, day_close.at, staff.name, second.name, hash
    FROM day_close JOIN staff ON staff.id = day_close.actor LEFT JOIN staff AS second ON second.id = day_close.approver";

impl Reader<'_> {
    /// The business day of now, closed or not.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn business_day(&self, now: UnixMillis) -> Result<String, LedgerError> {
        Ok(business_date(now, self.day_turns_at()?))
    }

    /// What of PortOne's time a day is: from where the day before ended, where that was closed. A day that is closed before
    /// it ends, ends then; the rest is the next day's.
    ///
    /// # Errors
    /// [`LedgerError::BadDay`].
    pub fn day_window(&self, date: &str, now: UnixMillis) -> Result<Window, LedgerError> {
        let turns_at = self.day_turns_at()?;
        let start =
            |days| day_after(date, days).and_then(|day| day_start(&day, turns_at)).ok_or(LedgerError::BadDay);
        let edge = |days, column: &str| -> Result<Option<i64>, LedgerError> {
            let day = day_after(date, days).ok_or(LedgerError::BadDay)?;
            let sql = format!("SELECT {column} FROM day_close WHERE business_date = ?1");
            Ok(self.conn.prepare_cached(&sql)?.query_row([day], |row| row.get(0)).optional()?)
        };
        let from = edge(-1, "window_to")?.map_or(start(0)?, UnixMillis);
        let to = edge(1, "window_from")?.map_or(start(1)?, UnixMillis).min(now).max(from);
        Ok(Window { from, to })
    }

    /// The counts of a day, the first first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn cash_counts(&self, date: &str) -> Result<Vec<CashCount>, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT cash_count.id, counted, change_won, at, staff.name FROM cash_count
             JOIN staff ON staff.id = cash_count.actor WHERE business_date = ?1 ORDER BY cash_count.id",
        )?;
        let rows = statement.query_map([date], |row| {
            Ok(CashCount {
                id: row.get(0)?,
                counted: won(row.get(1)?),
                change: won(row.get(2)?),
                at: UnixMillis(row.get(3)?),
                staff_name: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The money for change of the latest count of all: the next one begins with it.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn last_change(&self) -> Result<Won, LedgerError> {
        let last = self
            .conn
            .query_row("SELECT change_won FROM cash_count ORDER BY id DESC LIMIT 1", [], |row| row.get(0))
            .optional()?;
        Ok(won(last.unwrap_or(0)))
    }

    /// What a day is in the book so far.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn day_sums(&self, date: &str) -> Result<DaySums, LedgerError> {
        let mut kinds = self.conn.prepare_cached(
            "SELECT kind, count(*), coalesce(sum(paid), 0), coalesce(sum(bonus), 0) FROM (
                 SELECT kind,
                        (SELECT -sum(amount) FROM posting WHERE txn_seq = seq AND account = 'paid') AS paid,
                        (SELECT -sum(amount) FROM posting WHERE txn_seq = seq AND account = 'bonus') AS bonus
                 FROM txn WHERE business_date = ?1)
             GROUP BY kind ORDER BY kind",
        )?;
        let kinds = kinds.query_map([date], |row| {
            Ok(KindSum { kind: row.get(0)?, count: row.get(1)?, paid: row.get(2)?, bonus: row.get(3)? })
        })?;
        let mut accounts = self.conn.prepare_cached(
            "SELECT account, sum(amount) FROM txn JOIN posting ON txn_seq = seq WHERE business_date = ?1
             GROUP BY account HAVING sum(amount) <> 0 ORDER BY account",
        )?;
        let accounts =
            accounts.query_map([date], |row| Ok(AccountSum { account: row.get(0)?, won: row.get(1)? }))?;
        Ok(DaySums { kinds: kinds.collect::<Result<_, _>>()?, accounts: accounts.collect::<Result<_, _>>()? })
    }

    /// What the book knows about its payments of a stretch of time and about those that PortOne named.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn book_side(&self, window: Window, listed: &[Listed]) -> Result<BookSide, LedgerError> {
        let stamp = self.stamp()?;
        let prefix = merchant_uid_prefix(stamp.book_id);
        let mut side = BookSide {
            payments: self.payments_paid(window)?,
            sandbox: stamp.mode.sandbox(),
            prefix,
            ..BookSide::default()
        };
        let mut by_name = self.conn.prepare_cached(&payments("payment.imp_uid = ?1"))?;
        let mut by_charge = self.conn.prepare_cached(&payments("payment.charge_id = ?1"))?;
        let mut charge = self.conn.prepare_cached("SELECT id FROM charge WHERE merchant_uid = ?1")?;
        let mut disputed = self.conn.prepare_cached("SELECT 1 FROM open_dispute WHERE imp_uid = ?1")?;
        for one in listed.iter().filter(|one| one.found.merchant_uid.starts_with(&side.prefix)) {
            let id: Option<String> =
                charge.query_row([&one.found.merchant_uid], |row| row.get(0)).optional()?;
            let mut more = vec![by_name.query_row([&one.found.imp_uid], payment).optional()?];
            if let Some(id) = id {
                more.push(by_charge.query_row([&id], payment).optional()?);
                let id = ChargeId::parse(&id).map_err(|_| broken("charge"))?;
                side.charges.insert(one.found.merchant_uid.clone(), id);
            }
            for payment in more.into_iter().flatten() {
                let payment = payment?;
                if !side.payments.iter().any(|known| known.imp_uid == payment.imp_uid) {
                    side.payments.push(payment);
                }
            }
            if disputed.exists([&one.found.imp_uid])? {
                side.disputed.push(one.found.imp_uid.clone());
            }
        }
        Ok(side)
    }

    /// The book's payments that were paid in this stretch of time, in its order.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn payments_paid(&self, window: Window) -> Result<Vec<BookPayment>, LedgerError> {
        let mut statement =
            self.conn.prepare_cached(&payments("payment.paid_at >= ?1 AND payment.paid_at < ?2"))?;
        let rows = statement.query_map(params![window.from.0, window.to.0], payment)?;
        let mut found = rows.collect::<Result<Result<Vec<_>, _>, _>>()??;
        found.sort_by(|one, other| (one.paid_at, &one.imp_uid).cmp(&(other.paid_at, &other.imp_uid)));
        Ok(found)
    }

    /// The latest comparison of a day with PortOne, or with a payment company's file.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn comparison(&self, date: &str, of_file: bool) -> Result<Option<Comparison>, LedgerError> {
        let row: Option<(i64, i64, i64, String, i64)> = self
            .conn
            .prepare_cached(
                "SELECT place, window_from, window_to, sums, at FROM day_comparison
                 WHERE business_date = ?1 AND source = ?2 ORDER BY place DESC LIMIT 1",
            )?
            .query_row([date, if of_file { "file" } else { "portone" }], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            })
            .optional()?;
        let Some((place, from, to, sums, at)) = row else { return Ok(None) };
        Ok(Some(Comparison {
            place,
            window: Window { from: UnixMillis(from), to: UnixMillis(to) },
            sums: serde_json::from_str(&sums).map_err(|_| broken("day_comparison"))?,
            differences: self.differences(place)?,
            at: UnixMillis(at),
        }))
    }

    pub(crate) fn differences(&self, comparison: i64) -> Result<Vec<Difference>, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT kind, imp_uid, merchant_uid, charge_id, approval_number, book_won, other_won, at
             FROM day_difference WHERE comparison = ?1 ORDER BY line",
        )?;
        let mut rows = statement.query([comparison])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let charge: Option<String> = row.get(3)?;
            found.push(Difference {
                kind: DifferenceKind::of(&row.get::<_, String>(0)?)
                    .ok_or_else(|| broken("day_difference"))?,
                imp_uid: row.get(1)?,
                merchant_uid: row.get(2)?,
                charge: charge.map(|id| ChargeId::parse(&id)).transpose().map_err(|_| broken("charge"))?,
                approval_number: row.get(4)?,
                book_won: row.get(5)?,
                other_won: row.get(6)?,
                at: super::at(row.get(7)?),
            });
        }
        Ok(found)
    }

    /// A closed day.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn day_close(&self, date: &str) -> Result<Option<DayClose>, LedgerError> {
        let sql = format!("{CLOSE} WHERE business_date = ?1");
        self.conn.prepare_cached(&sql)?.query_row([date], close).optional()?.transpose()
    }

    /// The latest closes, the newest first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn day_closes(&self, limit: u32) -> Result<Vec<DayClose>, LedgerError> {
        let sql = format!("{CLOSE} ORDER BY place DESC LIMIT ?1");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map([limit], close)?;
        rows.collect::<Result<Result<_, _>, _>>()?
    }

    /// Days on which points moved and that are not closed, the oldest first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn open_days(&self) -> Result<Vec<String>, LedgerError> {
        // From day to day by the index: a book of years has millions of rows and few days.
        let mut statement = self.conn.prepare_cached(
            "WITH RECURSIVE day (date) AS (
                 SELECT min(business_date) FROM txn
                 UNION ALL SELECT (SELECT min(business_date) FROM txn WHERE business_date > date) FROM day WHERE date IS NOT NULL)
             SELECT date FROM day WHERE date IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM day_close WHERE business_date = date) ORDER BY date",
        )?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Closed days that were never compared with PortOne, with what is to be asked about, the oldest first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn uncompared_days(&self) -> Result<Vec<(String, Window)>, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT business_date, window_from, window_to FROM day_close WHERE comparison IS NULL AND NOT EXISTS
                (SELECT 1 FROM day_comparison WHERE day_comparison.business_date = day_close.business_date
                 AND source = 'portone') ORDER BY place",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((row.get(0)?, Window { from: UnixMillis(row.get(1)?), to: UnixMillis(row.get(2)?) }))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What was changed about where payments go, between the close before this one and this one; up to now where the day is
    /// not closed.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn way_changes(&self, date: &str) -> Result<Vec<WayChange>, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT action, detail, audit.at, staff.name FROM audit JOIN staff ON staff.id = audit.actor
             WHERE action IN ('channel', 'proxy', 'keys')
               AND audit.id > coalesce((SELECT last_audit FROM day_close WHERE place =
                       coalesce((SELECT place - 1 FROM day_close WHERE business_date = ?1),
                                (SELECT max(place) FROM day_close))), 0)
               AND audit.id <= coalesce((SELECT last_audit FROM day_close WHERE business_date = ?1), 9223372036854775807)
             ORDER BY audit.id",
        )?;
        let rows = statement.query_map([date], |row| {
            Ok(WayChange {
                action: row.get(0)?,
                detail: row.get(1)?,
                at: UnixMillis(row.get(2)?),
                staff_name: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn broken(fault: &'static str) -> LedgerError {
    LedgerError::Broken { seq: 0, fault }
}

/// The book's payments. What was given back by way of the payment company is what refunds and claw-backs posted there: they
/// name the charge, its payment or its lot as a fact.
fn payments(which: &str) -> String {
    format!(
        "SELECT payment.imp_uid, charge.merchant_uid, payment.charge_id, payment.won, payment.apply_num, payment.paid_at,
                coalesce((SELECT -sum(posting.amount) FROM posting JOIN txn ON txn.seq = posting.txn_seq
                    WHERE posting.account = 'pg' AND txn.kind IN ('refund', 'clawback') AND txn.seq IN
                        (SELECT txn_fact.txn_seq FROM txn_fact
                         WHERE (name IN ('charge', 'charge_id') AND value = payment.charge_id)
                            OR (name IN ('imp_uid', 'payment') AND value = payment.imp_uid)
                            OR (name IN ('lot', 'lot_id') AND value =
                                (SELECT lot.id FROM lot WHERE lot.txn_seq = payment.txn_seq)))), 0)
         FROM payment JOIN charge ON charge.id = payment.charge_id WHERE {which}"
    )
}

fn payment(row: &Row<'_>) -> rusqlite::Result<Result<BookPayment, LedgerError>> {
    let charge: String = row.get(2)?;
    let Ok(charge) = ChargeId::parse(&charge) else { return Ok(Err(broken("charge"))) };
    Ok(Ok(BookPayment {
        imp_uid: row.get(0)?,
        merchant_uid: row.get(1)?,
        charge,
        won: row.get(3)?,
        approval_number: row.get(4)?,
        paid_at: UnixMillis(row.get(5)?),
        given_back: row.get(6)?,
    }))
}

fn close(row: &Row<'_>) -> rusqlite::Result<Result<DayClose, LedgerError>> {
    let sums: String = row.get(4)?;
    let Ok(sums) = serde_json::from_str(&sums) else { return Ok(Err(broken("day_close"))) };
    Ok(Ok(DayClose {
        business_date: row.get(0)?,
        place: row.get(1)?,
        counted: won(row.get(2)?),
        expected: row.get(3)?,
        sums,
        compared: row.get::<_, Option<i64>>(5)?.is_some(),
        open_charges: row.get(6)?,
        window: Window { from: UnixMillis(row.get(7)?), to: UnixMillis(row.get(8)?) },
        transactions: row.get(9)?,
        head: row.get(10)?,
        at: UnixMillis(row.get(11)?),
        staff_name: row.get(12)?,
        approver_name: row.get(13)?,
        hash: row.get(14)?,
    }))
}
