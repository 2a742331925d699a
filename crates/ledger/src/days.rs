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
        let mut sum = Sum::of_transaction(record.seq);
        for posting in &record.postings {
            sum.post(posting.account.as_bytes(), posting.amount);
        }
        sum
    }
    /// Of one transaction, without its postings.
    pub(crate) fn of_transaction(seq: i64) -> Sum {
        Sum { transactions: 1, first: seq, last: seq, ..Sum::default() }
    }
    /// Counts one of its postings.
    pub(crate) fn post(&mut self, account: &[u8], amount: i64) {
        let place = ACCOUNTS.iter().position(|known| known.as_bytes() == account);
        if let Some(sum) = place.and_then(|place| self.amounts.get_mut(place)) {
            *sum = sum.saturating_add(amount);
        }
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
    /// Counts a transaction, or some of one day and kind.
    pub(crate) fn count(&mut self, date: &str, kind: &str, sum: &Sum) {
        if self.days.get(self.now).is_none_or(|day| day.date != date) {
            let next = self.days.len();
            self.now = *self.place.entry(date.to_owned()).or_insert(next);
            if self.now == next {
                self.days.push(Day { date: date.to_owned(), kinds: Vec::new() });
            }
        }
        let Some(day) = self.days.get_mut(self.now) else { return };
        match day.kinds.iter_mut().find(|(of, _)| *of == kind) {
            Some((_, counted)) => counted.add(sum),
            None => day.kinds.push((kind.to_owned(), *sum)),
        }
    }

    /// Counts what was counted elsewhere.
    pub(crate) fn add(&mut self, other: &Days) {
        for day in &other.days {
            for (kind, sum) in &day.kinds {
                self.count(&day.date, kind, sum);
            }
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

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails, which is what it is for")]
mod tests {
    use super::*;
    use crate::book::NewMember;
    use crate::ids::{Mode, RequestId, Role, UnixMillis};
    use crate::model::{By, TransactionKind};
    use crate::random::Random;
    use crate::reader::{Figures, Per};
    use crate::store::Store;
    use crate::txn::{self, Account, Entry};

    struct Counted(u8);
    impl Random for Counted {
        fn fill(&mut self, bytes: &mut [u8]) {
            self.0 += 1;
            bytes.fill(self.0);
        }
    }

    /// Every kind of transaction, with every account between them, as any part of the book might write them.
    #[test]
    fn every_kind_of_transaction_and_every_account_is_in_the_figures() {
        use Account::{
            Bank, Bonus, BonusCost, Breakage, Cash, Debt, Held, Opening, Paid, Pg, RefundFee, Sales, Suspense,
        };
        let folder = tempfile::tempdir().unwrap();
        let noon = UnixMillis(1_795_402_800_000);
        let path = folder.path().join("book.db");
        let mut store = Store::open(&path, Mode::Live, Box::new(Counted(0)), noon).unwrap();
        let actor = store.write(|book| book.sign_in_first(noon, Role::Owner, "점주")).unwrap();
        let by = By { now: noon, actor, approver: None, request: RequestId(uuid::Uuid::from_u128(7)) };
        let new = NewMember {
            name: "김서연".to_owned(),
            phone: "01028414821".to_owned(),
            memo: None,
            consents: Vec::new(),
        };
        let member = store.write(|book| book.create_member(&by, &new)).unwrap().1;
        let written: [(TransactionKind, &[(Account, i64)]); 11] = [
            (TransactionKind::Opening, &[(Opening, 9_000), (Paid, -8_000), (Bonus, -1_000)]),
            (TransactionKind::Loading, &[(Pg, 10_000), (Cash, 500), (Bank, 70), (Paid, -10_570)]),
            (TransactionKind::Loading, &[(Pg, 200), (Paid, -200), (BonusCost, 20), (Bonus, -20)]),
            (TransactionKind::Spending, &[(Paid, 900), (Bonus, 100), (Sales, -1_000)]),
            (TransactionKind::Reversal, &[(Paid, -90), (Bonus, -10), (Sales, 100)]),
            (TransactionKind::Refund, &[(Paid, 2_000), (Held, -2_000)]),
            (
                TransactionKind::Refund,
                &[(Held, 1_500), (Pg, -1_000), (Bank, -300), (RefundFee, -200), (Bonus, 5), (BonusCost, -5)],
            ),
            (TransactionKind::Clawback, &[(Pg, -800), (Paid, 300), (Debt, 500)]),
            (TransactionKind::Expiry, &[(Paid, 40), (Bonus, 3), (Breakage, -40), (BonusCost, -3)]),
            (TransactionKind::Adjustment, &[(Suspense, 60), (Paid, -60)]),
            (TransactionKind::Merge, &[(Suspense, -50), (Paid, 50)]),
        ];
        // Its own connection, since only the book's commands have the store's.
        let (writer, mut random) = (Connection::open(&path).unwrap(), Counted(99));
        for (kind, postings) in written {
            let mut entry = Entry::new(kind, member);
            postings.iter().for_each(|(account, amount)| entry.post(*account, *amount));
            txn::write(&writer, &mut random, &by, 0, entry).unwrap();
        }
        let figures = store.read(|book| book.figures("", "~", Per::Day)).unwrap();
        let day = Figures {
            charges: 2,
            charged_won: 10_770,
            cash_won: 500,
            uses: 1,
            used: 900,
            undone: 1,
            bonus_cost: 12,
            refunded_won: 1_300,
            clawed_back_won: 800,
            refund_fee: 200,
            breakage: 40,
            other_won: 0,
        };
        assert_eq!(figures, [("2026-11-23".to_owned(), day)]);
        let owed = store.read(|book| book.standing(noon)).unwrap().owed;
        let balance = store.read(|book| book.balance(member)).unwrap();
        assert_eq!((owed.paid, owed.bonus), (balance.paid.get(), balance.bonus.get()));
        assert_eq!((owed.held, owed.debt), (balance.held.get(), balance.debt.get()));
        assert_eq!((owed.held, owed.debt, owed.members, owed.debtors), (500, 500, 1, 1));
        // No account is left out: what a day's postings of all accounts add up to is nothing.
        let sums = format!("SELECT sum({}) FROM day_sum", ACCOUNTS.join(" + "));
        let (all, rows): (i64, i64) = store
            .read(|book| {
                Ok((
                    book.conn.query_row(&sums, [], |row| row.get(0))?,
                    book.conn.query_row("SELECT sum(transactions) FROM day_sum", [], |row| row.get(0))?,
                ))
            })
            .unwrap();
        assert_eq!((all, rows), (0, 11));
        // And the audit counts the same.
        let stands = store.read(|book| {
            let mut running = Days::default();
            for (seq, (kind, postings)) in (1..).zip(written) {
                running.count("2026-11-23", kind.word(), &Sum::of(&record(seq, kind, postings)));
            }
            running.stand(book.conn)
        });
        assert!(stands.unwrap());
    }

    fn record(seq: i64, kind: TransactionKind, postings: &[(Account, i64)]) -> Record {
        Record {
            seq,
            id: String::new(),
            kind: kind.word().to_owned(),
            member: 1,
            charge: None,
            reverses: None,
            balance_after: 0,
            at: 0,
            business_date: "2026-11-23".to_owned(),
            actor: 1,
            approver: None,
            request_id: String::new(),
            note_hash: None,
            payment: None,
            postings: postings
                .iter()
                .map(|(account, amount)| crate::record::PostingRow {
                    account: account.word().to_owned(),
                    member: None,
                    amount: *amount,
                })
                .collect(),
            lots: Vec::new(),
            uses: Vec::new(),
            expiries: Vec::new(),
            facts: Vec::new(),
        }
    }
}
