//! What each of the shop's days adds up to, kind by kind and account by account: carried on with every write, counted
//! again by the audit. The overview reads it instead of ten million postings.

use std::collections::HashMap;

use rusqlite::{Connection, Row, params_from_iter, types::Value};

use crate::error::LedgerError;
use crate::record::Record;

/// The accounts, in the order of the table's columns.
pub(crate) const ACCOUNTS: [&str; 13] = [
    "pg",
    "cash",
    "bank",
    "paid",
    "bonus",
    "held",
    "debt",
    "bonus_cost",
    "sales",
    "breakage",
    "refund_fee",
    "suspense",
    "opening",
];

/// The sum of a day's transactions of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sum {
    pub(crate) transactions: i64,
    pub(crate) first: i64,
    pub(crate) last: i64,
    /// In the order of [`ACCOUNTS`].
    pub(crate) amounts: [i64; ACCOUNTS.len()],
}

impl Sum {
    fn of(record: &Record) -> Sum {
        let mut sum = Sum { transactions: 1, first: record.seq, last: record.seq, ..Sum::default() };
        for posting in &record.postings {
            let place = ACCOUNTS.iter().position(|account| *account == posting.account);
            if let Some(amount) = place.and_then(|place| sum.amounts.get_mut(place)) {
                *amount = amount.saturating_add(posting.amount);
            }
        }
        sum
    }
    fn add(&mut self, other: &Sum) {
        if self.transactions == 0 {
            *self = *other;
            return;
        }
        self.transactions = self.transactions.saturating_add(other.transactions);
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        for (amount, more) in self.amounts.iter_mut().zip(other.amounts) {
            *amount = amount.saturating_add(more);
        }
    }
    /// What was posted to an account.
    pub(crate) fn amount(&self, account: &str) -> i64 {
        ACCOUNTS
            .iter()
            .zip(self.amounts)
            .find_map(|(known, amount)| (*known == account).then_some(amount))
            .unwrap_or(0)
    }
}

const CARRY: &str =
    "INSERT INTO day_sum (business_date, kind, transactions, first_seq, last_seq, pg, cash, bank, paid,
        bonus, held, debt, bonus_cost, sales, breakage, refund_fee, suspense, opening)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (business_date, kind) DO UPDATE SET
        transactions = transactions + 1, last_seq = excluded.last_seq, pg = pg + excluded.pg,
        cash = cash + excluded.cash, bank = bank + excluded.bank, paid = paid + excluded.paid,
        bonus = bonus + excluded.bonus, held = held + excluded.held, debt = debt + excluded.debt,
        bonus_cost = bonus_cost + excluded.bonus_cost, sales = sales + excluded.sales,
        breakage = breakage + excluded.breakage, refund_fee = refund_fee + excluded.refund_fee,
        suspense = suspense + excluded.suspense, opening = opening + excluded.opening";

/// Carries a transaction into its day's sums.
pub(crate) fn carry(conn: &Connection, record: &Record) -> Result<(), LedgerError> {
    let sum = Sum::of(record);
    let values = [
        Value::Text(record.business_date.clone()),
        Value::Text(record.kind.clone()),
        Value::Integer(sum.transactions),
        Value::Integer(sum.first),
        Value::Integer(sum.last),
    ];
    let values = values.into_iter().chain(sum.amounts.map(Value::Integer));
    conn.prepare_cached(CARRY)?.execute(params_from_iter(values))?;
    Ok(())
}

/// A row's sum, where the first of its columns is `transactions`, the `at`th.
pub(crate) fn sum(row: &Row<'_>, at: usize) -> rusqlite::Result<Sum> {
    let mut sum = Sum {
        transactions: row.get(at)?,
        first: row.get(at.saturating_add(1))?,
        last: row.get(at.saturating_add(2))?,
        ..Sum::default()
    };
    for (amount, place) in sum.amounts.iter_mut().zip(at.saturating_add(3)..) {
        *amount = row.get(place)?;
    }
    Ok(sum)
}

/// The columns that [`sum`] reads.
pub(crate) const COLUMNS: &str =
    "transactions, first_seq, last_seq, pg, cash, bank, paid, bonus, held, debt, bonus_cost,
        sales, breakage, refund_fee, suspense, opening";

/// The days as the audit counts them.
#[derive(Default)]
pub(crate) struct Days {
    place: HashMap<String, usize>,
    days: Vec<Day>,
    /// Nearly every transaction is of the same day as the one before.
    now: usize,
}

struct Day {
    date: String,
    kinds: Vec<(String, Sum)>,
}

impl Days {
    /// Counts a transaction.
    pub(crate) fn count(&mut self, record: &Record) {
        if self.days.get(self.now).is_none_or(|day| day.date != record.business_date) {
            let next = self.days.len();
            self.now = *self.place.entry(record.business_date.clone()).or_insert(next);
            if self.now == next {
                self.days.push(Day { date: record.business_date.clone(), kinds: Vec::new() });
            }
        }
        let Some(day) = self.days.get_mut(self.now) else { return };
        let sum = Sum::of(record);
        match day.kinds.iter_mut().find(|(kind, _)| *kind == record.kind) {
            Some((_, counted)) => counted.add(&sum),
            None => day.kinds.push((record.kind.clone(), sum)),
        }
    }

    /// Whether the sums that stand ready are those that were counted.
    pub(crate) fn stand(&self, conn: &Connection) -> Result<bool, LedgerError> {
        let mut statement = conn.prepare(&format!("SELECT business_date, kind, {COLUMNS} FROM day_sum"))?;
        let mut rows = statement.query([])?;
        let mut found = 0_usize;
        while let Some(row) = rows.next()? {
            let (date, kind): (String, String) = (row.get(0)?, row.get(1)?);
            let counted = self
                .place
                .get(&date)
                .and_then(|place| self.days.get(*place))
                .and_then(|day| day.kinds.iter().find(|(of, _)| *of == kind));
            if counted.map(|(_, counted)| *counted) != Some(sum(row, 2)?) {
                return Ok(false);
            }
            found = found.saturating_add(1);
        }
        Ok(found == self.days.iter().map(|day| day.kinds.len()).sum::<usize>())
    }
}
