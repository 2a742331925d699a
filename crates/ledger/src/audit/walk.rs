//! One stretch of the chain: every row that belongs to it, in order, hashed and taken down for the count.

use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, Row, Rows};

use super::tally::{Lot, LotKey, Moved, Step};
use crate::canon::{Canon, Hash};
use crate::error::LedgerError;
use crate::record::note_hash as note_hash_of;
use crate::txn::Account;

/// Places of transactions: from the first to the last, both of them in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    /// The first row that may belong to it: lower than the first place where nothing comes before it.
    pub(super) from: i64,
    pub(super) first: i64,
    pub(super) last: i64,
}

/// What a stretch holds.
pub(super) struct Walked {
    /// What moved, in order, up to the first fault.
    pub(super) steps: Vec<Step>,
    /// The first place that does not prove itself, and why.
    pub(super) bad: Option<(i64, &'static str)>,
    /// The last transaction that proved itself.
    pub(super) last: i64,
    /// Its hash.
    pub(super) hash: Hash,
}

/// One table's rows in order of their transactions. Column 0 is the transaction's place.
struct Stream<'a> {
    rows: Rows<'a>,
    /// How many columns after the first are spelled.
    spelled: usize,
    /// The place of the row that is looked at.
    at: Option<i64>,
}

impl<'a> Stream<'a> {
    fn new(
        statement: &'a mut CachedStatement<'_>,
        Stretch { from, last, .. }: Stretch,
        spelled: usize,
    ) -> rusqlite::Result<Stream<'a>> {
        let mut stream = Stream { rows: statement.query([from, last])?, spelled, at: None };
        stream.step()?;
        Ok(stream)
    }
    fn step(&mut self) -> rusqlite::Result<()> {
        self.rows.advance()?;
        self.at = self.rows.get().map(|row| row.get(0)).transpose()?;
        Ok(())
    }
    /// Every row of `seq`, spelled; how many there were. `Err(place)` when a row comes before: it belongs to no
    /// transaction.
    fn take(
        &mut self,
        seq: i64,
        canon: &mut Canon,
        mut also: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<Result<usize, i64>> {
        let spelled = self.spelled;
        self.each(seq, |row| {
            spell(canon, row, spelled)?;
            also(row)
        })
    }
    /// The same without spelling them.
    fn each(
        &mut self,
        seq: i64,
        mut f: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<Result<usize, i64>> {
        let mut count = 0_usize;
        while let Some(at) = self.at {
            if at < seq {
                return Ok(Err(at));
            }
            if at > seq {
                break;
            }
            if let Some(row) = self.rows.get() {
                f(row)?;
                count = count.saturating_add(1);
            }
            self.step()?;
        }
        Ok(Ok(count))
    }
}

/// So many columns of a row after its first: the spelling of a record is that of its rows' columns, one after another.
fn spell(canon: &mut Canon, row: &Row<'_>, columns: usize) -> rusqlite::Result<()> {
    for column in 1..=columns {
        match row.get_ref(column)? {
            ValueRef::Null => canon.none(),
            ValueRef::Integer(number) => canon.number(number),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => canon.bytes(bytes),
            // No table has one.
            ValueRef::Real(real) => canon.bytes(&real.to_be_bytes()),
        };
    }
    Ok(())
}

macro_rules! streams {
    ($conn:expr, $stretch:expr, $($name:ident: $spelled:literal of $columns:literal from $table:literal by $order:literal;)*) => {
        $(
            let mut statement = $conn.prepare_cached(concat!(
                "SELECT txn_seq, ", $columns, " FROM ", $table,
                " WHERE txn_seq BETWEEN ?1 AND ?2 ORDER BY ", $order
            ))?;
            let mut $name = Stream::new(&mut statement, $stretch, $spelled)?;
        )*
    };
}

/// Columns in the order in which [`crate::record::Record::hash`] spells them, and the hash.
const TXN: &str =
    "SELECT hash, seq, id, kind, member_id, charge_id, reverses, balance_after, at, business_date, actor,
        approver, request_id, note_hash
    FROM txn WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq";
const SPELLED: usize = 13;

/// Walks a stretch. `before` is the hash that its first transaction stands on.
///
/// # Errors
/// What SQLite says; a row that cannot be read is a fault, not an error.
pub(super) fn walk(conn: &Connection, stretch: Stretch, before: Hash) -> Result<Walked, LedgerError> {
    let mut walked =
        Walked { steps: Vec::new(), bad: None, last: stretch.first.saturating_sub(1), hash: before };
    match walk_into(&mut walked, conn, stretch) {
        Ok(None) => {}
        Ok(bad) => walked.bad = bad,
        Err(error) if super::is_unreadable(&error) => {
            walked.bad = Some((walked.last.saturating_add(1), "unreadable"));
        }
        Err(error) => return Err(error),
    }
    Ok(walked)
}

/// The first fault, if there is one. `walked` holds what proved itself before it.
fn walk_into(
    walked: &mut Walked,
    conn: &Connection,
    stretch: Stretch,
) -> Result<Option<(i64, &'static str)>, LedgerError> {
    streams! { conn, stretch,
        payments: 17 of "imp_uid, charge_id, won, pg_provider, pg_id, pg_tid, pay_method, apply_num, card_name,
                   card_number, receipt_url, sandbox, paid_at, looked_up_at, answer_hash, actor, request_id"
            from "payment" by "txn_seq";
        postings: 3 of "account, member_id, amount, line" from "posting" by "txn_seq, line";
        lots: 7 of "id, member_id, paid, bonus, paid_expires_at, bonus_expires_at, bonus_rule" from "lot" by "txn_seq";
        uses: 3 of "lot_id, paid, bonus" from "lot_use" by "txn_seq, lot_id";
        expiries: 3 of "lot_id, paid_expires_at, bonus_expires_at" from "lot_expiry" by "txn_seq, lot_id";
        facts: 2 of "name, value" from "txn_fact" by "txn_seq, name";
        notes: 0 of "salt, text" from "txn_note" by "txn_seq";
    }
    let mut transactions = conn.prepare_cached(TXN)?;
    let mut rows = transactions.query([stretch.from, stretch.last])?;
    let mut canon = Canon::new("");
    let mut steps = Vec::new();
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(1)?;
        let expected = walked.last.saturating_add(1);
        if seq != expected {
            return Ok(Some((expected, "missing")));
        }
        canon.restart("pointill transaction 1");
        canon.bytes(&walked.hash);
        spell(&mut canon, row, SPELLED)?;
        steps.clear();
        macro_rules! list {
            ($stream:ident, $also:expr) => {{
                let place = canon.open_list();
                match $stream.take(seq, &mut canon, $also)? {
                    Ok(count) => canon.close_list(place, count),
                    Err(place) => return Ok(Some((place, "belongs_to_nothing"))),
                }
            }};
        }
        let mut moved =
            Moved { seq, member: row.get(4)?, balance_after: row.get(7)?, sum: 0, paid_for: false };
        list!(payments, |_| {
            moved.paid_for = true;
            Ok(())
        });
        let (mut line, mut in_order) = (0_i64, true);
        list!(postings, |row| {
            in_order &= row.get::<_, i64>(4)? == line;
            line = line.saturating_add(1);
            let amount: i64 = row.get(3)?;
            moved.sum = moved.sum.saturating_add(amount);
            if let (Some(member), Some(account)) = (row.get(2)?, Account::of(text(row, 1)?)) {
                steps.push(Step::Posting { member, account, amount });
            }
            Ok(())
        });
        let is_loading = text(row, 3)? == "loading";
        steps.push(Step::Transaction(moved, is_loading));
        list!(lots, |row| {
            steps.push(Step::Lot(
                LotKey::of(text(row, 1)?),
                Lot {
                    member: row.get(2)?,
                    paid: row.get(3)?,
                    bonus: row.get(4)?,
                    paid_expires_at: row.get(5)?,
                    bonus_expires_at: row.get(6)?,
                },
            ));
            Ok(())
        });
        list!(uses, |row| {
            steps.push(Step::Use { lot: LotKey::of(text(row, 1)?), paid: row.get(2)?, bonus: row.get(3)? });
            Ok(())
        });
        list!(expiries, |row| {
            let (paid_expires_at, bonus_expires_at) = (row.get(2)?, row.get(3)?);
            steps.push(Step::Expiry { lot: LotKey::of(text(row, 1)?), paid_expires_at, bonus_expires_at });
            Ok(())
        });
        // The first edition had no facts: a record without one is spelled as it was then.
        let place = canon.open_list();
        match facts.take(seq, &mut canon, |_| Ok(()))? {
            Ok(0) => canon.drop_list(place),
            Ok(count) => canon.close_list(place, count),
            Err(place) => return Ok(Some((place, "belongs_to_nothing"))),
        }
        let hash = canon.digest();
        if row.get_ref(0)?.as_bytes_or_null().ok().flatten() != Some(hash.as_slice()) {
            return Ok(Some((seq, if is_text(row)? { "hash" } else { "unreadable" })));
        }
        // A line's number is not spelled: it is its place in the list.
        if !in_order {
            return Ok(Some((seq, "posting")));
        }
        // A text that was erased is no fault; one that says something else is.
        let mut is_told = true;
        let note_hash: Option<&[u8]> = row.get_ref(13)?.as_bytes_or_null().ok().flatten();
        let told = notes.each(seq, |row| {
            let salt: Vec<u8> = row.get(1)?;
            is_told &= note_hash == Some(note_hash_of(&salt, text(row, 2)?).as_slice());
            Ok(())
        })?;
        match told {
            Err(place) => return Ok(Some((place, "belongs_to_nothing"))),
            Ok(_) if !is_told => return Ok(Some((seq, "note"))),
            Ok(_) => {}
        }
        walked.steps.append(&mut steps);
        (walked.last, walked.hash) = (seq, hash);
    }
    // What comes after this stretch is there: a row of this stretch is not.
    let is_whole = walked.last == stretch.last;
    Ok((!is_whole).then_some((walked.last.saturating_add(1), "missing")))
}

/// Whether what should be text is.
fn is_text(row: &Row<'_>) -> rusqlite::Result<bool> {
    let mut is_text = true;
    for column in 1..row.as_ref().column_count() {
        if let ValueRef::Text(bytes) = row.get_ref(column)? {
            is_text &= std::str::from_utf8(bytes).is_ok();
        }
    }
    Ok(is_text)
}

/// Text that is none is an error of its own.
pub(super) fn text<'a>(row: &'a Row<'_>, column: usize) -> rusqlite::Result<&'a str> {
    row.get_ref(column)?.as_str().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}
