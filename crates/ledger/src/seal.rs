//! The days' own chain: each close is hashed with the day's counts, its comparison and the close before, and stands on a
//! place in the chain of transactions.

use rusqlite::{Connection, OptionalExtension};

use crate::canon::{Canon, Hash};
use crate::error::LedgerError;
use crate::reader::Reader;
use crate::reconcile::Difference;
use crate::record::genesis;

pub(crate) struct ComparisonRow {
    pub(crate) place: i64,
    pub(crate) business_date: String,
    pub(crate) source: String,
    pub(crate) window_from: i64,
    pub(crate) window_to: i64,
    pub(crate) sums: String,
    pub(crate) at: i64,
    pub(crate) actor: i64,
    pub(crate) approver: Option<i64>,
    pub(crate) request_id: String,
}

impl ComparisonRow {
    pub(crate) fn hash(&self, before: &[u8], differences: &[Difference]) -> Hash {
        let mut canon = Canon::new("pointill comparison 1");
        canon.bytes(before).number(self.place).text(&self.business_date).text(&self.source);
        canon.number(self.window_from).number(self.window_to).text(&self.sums).number(self.at);
        canon.number(self.actor).maybe_number(self.approver).text(&self.request_id);
        canon.list(differences.len());
        for difference in differences {
            canon.text(difference.kind.word()).maybe_text(difference.imp_uid.as_deref());
            canon.maybe_text(difference.merchant_uid.as_deref());
            canon.maybe_text(difference.charge.map(|charge| charge.to_string()).as_deref());
            canon.maybe_text(difference.approval_number.as_deref());
            canon.maybe_number(difference.book_won).maybe_number(difference.other_won);
            canon.maybe_number(difference.at.map(|at| at.0));
        }
        canon.finish()
    }
}

pub(crate) struct CloseRow {
    pub(crate) business_date: String,
    pub(crate) place: i64,
    pub(crate) count_id: i64,
    pub(crate) counted: i64,
    pub(crate) expected: i64,
    pub(crate) sums: String,
    pub(crate) comparison: Option<i64>,
    pub(crate) open_charges: i64,
    pub(crate) window_from: i64,
    pub(crate) window_to: i64,
    pub(crate) transactions: i64,
    pub(crate) head: Vec<u8>,
    pub(crate) last_audit: i64,
    pub(crate) at: i64,
    pub(crate) actor: i64,
    pub(crate) approver: Option<i64>,
    pub(crate) request_id: String,
}

impl CloseRow {
    /// The hash over the row, the day's counts, its comparison and the close before.
    pub(crate) fn hash(&self, conn: &Connection, before: &[u8]) -> Result<Hash, LedgerError> {
        let mut canon = Canon::new("pointill day close 1");
        canon.bytes(before).number(self.place).text(&self.business_date).number(self.count_id);
        canon.number(self.counted).number(self.expected).text(&self.sums).number(self.open_charges);
        canon.number(self.window_from).number(self.window_to).number(self.transactions).bytes(&self.head);
        canon.number(self.last_audit).number(self.at).number(self.actor).maybe_number(self.approver);
        canon.text(&self.request_id);
        let compared: Option<Vec<u8>> = match self.comparison {
            Some(place) => conn
                .query_row("SELECT hash FROM day_comparison WHERE place = ?1", [place], |row| row.get(0))
                .optional()?,
            None => None,
        };
        canon.maybe_number(self.comparison).maybe_bytes(compared.as_deref());
        let mut statement = conn.prepare_cached(
            "SELECT id, counted, change_won, at, actor, approver, request_id FROM cash_count
             WHERE business_date = ?1 ORDER BY id",
        )?;
        let mut rows = statement.query([&self.business_date])?;
        while let Some(row) = rows.next()? {
            canon.list(1);
            for place in 0..5 {
                canon.number(row.get(place)?);
            }
            canon.maybe_number(row.get(5)?).text(&row.get::<_, String>(6)?);
        }
        Ok(canon.finish())
    }
}

/// The hash of the last close, or of the last comparison; what the first is hashed onto where there is none.
pub(crate) fn last(conn: &Connection, table: &'static str) -> Result<(i64, Vec<u8>), LedgerError> {
    let sql = format!("SELECT place, hash FROM {table} ORDER BY place DESC LIMIT 1");
    let last = conn.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    match last {
        Some(last) => Ok(last),
        None => Ok((0, genesis(conn)?.to_vec())),
    }
}

/// The first day that does not prove itself: the place in the chain of transactions where it was closed, and what is
/// wrong.
pub(crate) fn first_bad(conn: &Connection) -> Result<Option<(i64, &'static str)>, LedgerError> {
    if !compared(conn)? {
        return Ok(Some((0, "day_comparison")));
    }
    let mut statement = conn.prepare(
        "SELECT business_date, place, count_id, counted, expected, sums, comparison, open_charges, window_from, window_to,
                transactions, head, last_audit, at, actor, approver, request_id, hash
         FROM day_close ORDER BY place",
    )?;
    let mut rows = statement.query([])?;
    let (mut place, mut before) = (0_i64, genesis(conn)?.to_vec());
    while let Some(row) = rows.next()? {
        let close = CloseRow {
            business_date: row.get(0)?,
            place: row.get(1)?,
            count_id: row.get(2)?,
            counted: row.get(3)?,
            expected: row.get(4)?,
            sums: row.get(5)?,
            comparison: row.get(6)?,
            open_charges: row.get(7)?,
            window_from: row.get(8)?,
            window_to: row.get(9)?,
            transactions: row.get(10)?,
            head: row.get(11)?,
            last_audit: row.get(12)?,
            at: row.get(13)?,
            actor: row.get(14)?,
            approver: row.get(15)?,
            request_id: row.get(16)?,
        };
        place = place.saturating_add(1);
        let stands: Vec<u8> = row.get(17)?;
        if close.place != place || close.hash(conn, &before)?.as_slice() != stands {
            return Ok(Some((close.transactions, "day_close")));
        }
        if !stands_in_the_chain(conn, &close)? {
            return Ok(Some((close.transactions, "day_close_head")));
        }
        before = stands;
    }
    Ok(None)
}

/// Whether the chain has this head at this place, and nothing was written on the day since.
fn stands_in_the_chain(conn: &Connection, close: &CloseRow) -> Result<bool, LedgerError> {
    let head: Option<Vec<u8>> = conn
        .query_row("SELECT hash FROM txn WHERE seq = ?1", [close.transactions], |row| row.get(0))
        .optional()?;
    let head = head.or_else(|| (close.transactions == 0).then(|| vec![0; 32]));
    let later: bool = conn.query_row(
        "SELECT EXISTS (SELECT 1 FROM txn WHERE business_date = ?1 AND seq > ?2)",
        rusqlite::params![close.business_date, close.transactions],
        |row| row.get(0),
    )?;
    Ok(head.as_ref() == Some(&close.head) && !later)
}

fn compared(conn: &Connection) -> Result<bool, LedgerError> {
    let mut statement = conn.prepare(
        "SELECT place, business_date, source, window_from, window_to, sums, at, actor, approver, request_id, hash
         FROM day_comparison ORDER BY place",
    )?;
    let mut rows = statement.query([])?;
    let (mut place, mut before) = (0_i64, genesis(conn)?.to_vec());
    while let Some(row) = rows.next()? {
        let comparison = ComparisonRow {
            place: row.get(0)?,
            business_date: row.get(1)?,
            source: row.get(2)?,
            window_from: row.get(3)?,
            window_to: row.get(4)?,
            sums: row.get(5)?,
            at: row.get(6)?,
            actor: row.get(7)?,
            approver: row.get(8)?,
            request_id: row.get(9)?,
        };
        place = place.saturating_add(1);
        let stands: Vec<u8> = row.get(10)?;
        let differences = Reader::new(conn).differences(comparison.place)?;
        if comparison.place != place || comparison.hash(&before, &differences).as_slice() != stands {
            return Ok(false);
        }
        before = stands;
    }
    Ok(true)
}
