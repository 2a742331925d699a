//! The book proves itself: one pass over everything that moved points.
//!
//! The chain is walked in stretches. A stretch starts from the hash that the book has for the transaction before it, and
//! whoever walks that one proves that hash; so stretches can be walked side by side, and only the count of what moved
//! goes through them in order.

mod tally;
mod together;
mod walk;

use rusqlite::Connection;

use self::tally::{Held, Lot, LotKey, Tally};
use self::walk::{Stretch, Walked};
use crate::canon::{Hash, hex};
use crate::error::LedgerError;
use crate::reader::Reader;
use crate::record::genesis;
use crate::seal;

/// How many transactions are walked at a time: what one of these holds stays near the processor.
const STRETCH: u32 = 2_048;
/// From so many lots on it is worth a second connection to compare them beside the rest.
const MANY: usize = 10_000;

/// What the audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// How many transactions the book says it has.
    pub transactions: i64,
    /// The last hash, in hex.
    pub head: String,
    /// The first row that does not prove itself: its place and what is wrong. Place 0: the book as a whole.
    pub first_bad: Option<(i64, &'static str)>,
}

impl Reader<'_> {
    /// Walks the chain from the first transaction: no gaps, every hash follows from the one before, postings sum to
    /// zero, balances and lots come out as they stand, and the head names the last.
    ///
    /// # Errors
    /// What SQLite says. A broken book is a report, not an error; so is one that cannot be read any more.
    pub fn verify(&self) -> Result<AuditReport, LedgerError> {
        self.verify_in(STRETCH)
    }

    /// The same in stretches of so many transactions: what it finds is the same for any number.
    ///
    /// # Errors
    /// As [`Reader::verify`].
    pub fn verify_in(&self, stretch: u32) -> Result<AuditReport, LedgerError> {
        let mut tally = Tally::default();
        match self.proved(&mut tally, stretch.max(1)) {
            Err(error) if is_unreadable(&error) => Ok(AuditReport {
                transactions: tally.last,
                head: String::new(),
                first_bad: Some((tally.last.saturating_add(1), "unreadable")),
            }),
            report => report,
        }
    }

    fn proved(&self, tally: &mut Tally, stretch: u32) -> Result<AuditReport, LedgerError> {
        let head = self.head();
        let newest: i64 =
            self.conn.query_row("SELECT coalesce(max(seq), 0) FROM txn", [], |row| row.get(0))?;
        let counted = head.as_ref().map_or(newest, |(transactions, _)| *transactions);
        let end = newest.min(counted).max(0);
        let chain = together::walk(self.conn, end, stretch, tally)?;
        let (transactions, head) = head?;
        let first_bad = match chain {
            Err(bad) => Some(bad),
            Ok(last) => match self.ending(end, newest, transactions, last.as_slice() == head)? {
                None => match self.caches(tally)? {
                    None => seal::first_bad(self.conn)?,
                    bad => bad,
                },
                bad => bad,
            },
        };
        Ok(AuditReport { transactions, head: hex(&head), first_bad })
    }

    /// What stands after the last transaction that was walked: nothing may.
    fn ending(
        &self,
        end: i64,
        newest: i64,
        transactions: i64,
        is_head: bool,
    ) -> Result<Option<(i64, &'static str)>, LedgerError> {
        let head_count = Some((newest.min(transactions).saturating_add(1), "head_count"));
        if newest > end {
            return Ok(head_count);
        }
        // Without a transaction nothing was walked, and a row may stand anywhere.
        let from = if end == 0 { i64::MIN } else { end.saturating_add(1) };
        let mut place: Option<i64> = None;
        for table in ["posting", "payment", "lot", "lot_use", "lot_expiry", "txn_fact", "txn_note"] {
            let first: Option<i64> = self.conn.query_row(
                &format!("SELECT min(txn_seq) FROM {table} WHERE txn_seq >= ?1"),
                [from],
                |row| row.get(0),
            )?;
            place = place.into_iter().chain(first).min();
        }
        Ok(match place {
            Some(place) => Some((place, "belongs_to_nothing")),
            None if end != transactions => head_count,
            None => (!is_head).then_some((end, "head_hash")),
        })
    }

    /// The balances and lots that stand ready against those that the walk counted.
    fn caches(&self, tally: &Tally) -> Result<Option<(i64, &'static str)>, LedgerError> {
        let (lots, rest) = together::beside(
            self.conn,
            tally.lots() > MANY,
            |book| book.lots_left(tally),
            || Ok((self.balances(tally)?, self.credits_are_paid()?)),
        )?;
        let (members, is_paid) = rest;
        Ok(match (members, lots) {
            (None, _) => Some((0, "balance")),
            (Some(_), None) => Some((0, "lot_left")),
            (Some(members), Some(lots)) if members != tally.members || lots != tally.lots() => {
                Some((0, "balance"))
            }
            (Some(_), Some(_)) if !is_paid => Some((0, "credit_without_payment")),
            (Some(_), Some(_)) => (!tally.days.stand(self.conn)?).then_some((0, "day_sum")),
        })
    }

    /// How many members have moved, where every balance is as counted.
    fn balances(&self, tally: &Tally) -> Result<Option<usize>, LedgerError> {
        let mut statement = self.conn.prepare("SELECT member_id, paid, bonus, held, debt FROM balance")?;
        let mut rows = statement.query([])?;
        let mut members = 0_usize;
        while let Some(row) = rows.next()? {
            let held = Held { paid: row.get(1)?, bonus: row.get(2)?, held: row.get(3)?, debt: row.get(4)? };
            let counted = tally.member(row.get(0)?);
            members = members.saturating_add(usize::from(counted.is_some()));
            if counted.unwrap_or_default() != held {
                return Ok(None);
            }
        }
        Ok(Some(members))
    }

    /// How many lots there are, where each is as counted.
    fn lots_left(&self, tally: &Tally) -> Result<Option<usize>, LedgerError> {
        let mut statement = self.conn.prepare(
            "SELECT lot_id, member_id, paid, bonus, paid_expires_at, bonus_expires_at FROM lot_left",
        )?;
        let mut rows = statement.query([])?;
        let mut lots = 0_usize;
        while let Some(row) = rows.next()? {
            let left = Lot {
                member: row.get(1)?,
                paid: row.get(2)?,
                bonus: row.get(3)?,
                paid_expires_at: row.get(4)?,
                bonus_expires_at: row.get(5)?,
            };
            if tally.lot(LotKey::of(walk::text(row, 0)?)) != Some(&left) {
                return Ok(None);
            }
            lots = lots.saturating_add(1);
        }
        Ok(Some(lots))
    }

    /// Whether the charges that are credited are those that have a payment: two lists in the same order.
    fn credits_are_paid(&self) -> Result<bool, LedgerError> {
        let mut credited = self
            .conn
            .prepare("SELECT charge_id FROM charge_state WHERE state = 'credited' ORDER BY charge_id")?;
        let mut paid = self.conn.prepare("SELECT charge_id FROM payment ORDER BY charge_id")?;
        let (mut credited, mut paid) = (credited.query([])?, paid.query([])?);
        loop {
            match (credited.next()?, paid.next()?) {
                (None, None) => return Ok(true),
                (Some(one), Some(other)) if walk::text(one, 0)? == walk::text(other, 0)? => {}
                (Some(_), _) | (None, Some(_)) => return Ok(false),
            }
        }
    }
}

/// The hash that stands in the book for a transaction; zeros where it is not there, and then the walk before says so.
fn stands(conn: &Connection, seq: i64) -> Result<Hash, LedgerError> {
    use rusqlite::OptionalExtension;
    let hash: Option<Vec<u8>> = conn
        .prepare_cached("SELECT hash FROM txn WHERE seq = ?1")?
        .query_row([seq], |row| row.get(0))
        .optional()?;
    Ok(hash.and_then(|hash| hash.try_into().ok()).unwrap_or_default())
}

/// Walks one stretch on this connection.
fn one(conn: &Connection, stretch: Stretch) -> Result<Walked, LedgerError> {
    let before = match stretch.first {
        1 => genesis(conn)?,
        first => stands(conn, first.saturating_sub(1))?,
    };
    walk::walk(conn, stretch, before)
}

/// Whether the file holds something else than this book could have written there.
fn is_unreadable(error: &LedgerError) -> bool {
    use rusqlite::Error::{
        FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, QueryReturnedNoRows, Utf8Error,
    };
    matches!(
        error,
        LedgerError::Broken { .. }
            | LedgerError::Sqlite(
                FromSqlConversionFailure(..)
                    | IntegralValueOutOfRange(..)
                    | InvalidColumnType(..)
                    | QueryReturnedNoRows
                    | Utf8Error(..)
            )
    )
}
