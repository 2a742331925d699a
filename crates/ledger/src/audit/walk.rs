//! One stretch of the chain: every row that belongs to it, in order, hashed and taken down for the count.

use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use rusqlite::types::{FromSqlError, Type, ValueRef};
use rusqlite::{CachedStatement, Connection, Row, Rows};

use super::tally::{Lot, LotKey, Moved, Step};
use crate::canon::{Canon, Hash};
use crate::days::{Days, Sum};
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
    /// What its days add up to, likewise.
    pub(super) days: Days,
    /// How many of them belong to transactions that proved themselves.
    proved: usize,
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
    /// The place of the row that is looked at.
    at: Option<i64>,
}

impl<'a> Stream<'a> {
    fn new(
        statement: &'a mut CachedStatement<'_>,
        Stretch { from, last, .. }: Stretch,
    ) -> rusqlite::Result<Stream<'a>> {
        let mut stream = Stream { rows: statement.query([from, last])?, at: None };
        stream.step()?;
        Ok(stream)
    }
    fn step(&mut self) -> rusqlite::Result<()> {
        self.rows.advance()?;
        self.at = self.rows.get().map(|row| row.get(0)).transpose()?;
        Ok(())
    }
    /// Hands over every row of `seq`; how many there were. `Err(place)` when a row comes before: it belongs to no
    /// transaction.
    fn take(
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

/// The columns of a row after its first, each looked at once.
fn columns<'r, const N: usize>(row: &'r Row<'_>) -> rusqlite::Result<[ValueRef<'r>; N]> {
    let mut values = [ValueRef::Null; N];
    for (place, value) in values.iter_mut().enumerate() {
        *value = row.get_ref(place.saturating_add(1))?;
    }
    Ok(values)
}

/// The spelling of a record is that of its rows' columns, one after another.
fn spell(canon: &mut Canon, values: &[ValueRef<'_>]) {
    for value in values {
        match value {
            ValueRef::Null => canon.none(),
            ValueRef::Integer(number) => canon.number(*number),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => canon.bytes(bytes),
            // No table has one.
            ValueRef::Real(real) => canon.bytes(&real.to_be_bytes()),
        };
    }
}

fn odd(error: FromSqlError) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Null, Box::new(error))
}
fn number(value: ValueRef<'_>) -> rusqlite::Result<i64> {
    value.as_i64().map_err(odd)
}
fn maybe_number(value: ValueRef<'_>) -> rusqlite::Result<Option<i64>> {
    value.as_i64_or_null().map_err(odd)
}
/// Text that is none is an error of its own.
fn word(value: ValueRef<'_>) -> rusqlite::Result<&str> {
    value.as_str().map_err(odd)
}
fn bytes(value: ValueRef<'_>) -> rusqlite::Result<&[u8]> {
    value.as_bytes().map_err(odd)
}
/// The text in a column.
pub(super) fn text<'a>(row: &'a Row<'_>, column: usize) -> rusqlite::Result<&'a [u8]> {
    bytes(row.get_ref(column)?)
}

macro_rules! streams {
    ($conn:expr, $stretch:expr, $($name:ident: $columns:literal from $table:literal by $order:literal;)*) => {
        $(
            let mut statement = $conn.prepare_cached(concat!(
                "SELECT txn_seq, ", $columns, " FROM ", $table,
                " WHERE txn_seq BETWEEN ?1 AND ?2 ORDER BY ", $order
            ))?;
            let mut $name = Stream::new(&mut statement, $stretch)?;
        )*
    };
}

/// Columns in the order in which [`crate::record::Record::hash`] spells them, and the hash.
const TXN: &str =
    "SELECT hash, seq, id, kind, member_id, charge_id, reverses, balance_after, at, business_date, actor,
        approver, request_id, note_hash
    FROM txn WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq";

/// Walks a stretch. `before` is the hash that its first transaction stands on.
///
/// # Errors
/// What SQLite says; a row that cannot be read is a fault, not an error.
pub(super) fn walk(conn: &Connection, stretch: Stretch, before: Hash) -> Result<Walked, LedgerError> {
    let mut walked = Walked {
        steps: Vec::new(),
        days: Days::default(),
        proved: 0,
        bad: None,
        last: stretch.first.saturating_sub(1),
        hash: before,
    };
    let done = walk_into(&mut walked, conn, stretch);
    // What a transaction with a fault did is not counted.
    walked.steps.truncate(walked.proved);
    match done {
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
        payments: "imp_uid, charge_id, won, pg_provider, pg_id, pg_tid, pay_method, apply_num, card_name,
                   card_number, receipt_url, sandbox, paid_at, looked_up_at, answer_hash, actor, request_id"
            from "payment" by "txn_seq";
        postings: "account, member_id, amount, line" from "posting" by "txn_seq, line";
        lots: "id, member_id, paid, bonus, paid_expires_at, bonus_expires_at, bonus_rule" from "lot" by "txn_seq";
        uses: "lot_id, paid, bonus" from "lot_use" by "txn_seq, lot_id";
        expiries: "lot_id, paid_expires_at, bonus_expires_at" from "lot_expiry" by "txn_seq, lot_id";
        facts: "name, value" from "txn_fact" by "txn_seq, name";
        notes: "salt, text" from "txn_note" by "txn_seq";
    }
    let mut transactions = conn.prepare_cached(TXN)?;
    let mut rows = transactions.query([stretch.from, stretch.last])?;
    let mut canon = Canon::new("");
    while let Some(row) = rows.next()? {
        let txn = columns::<13>(row)?;
        let [seq, _, kind, member, _, _, balance_after, _, date, .., note_hash] = txn;
        let seq = number(seq)?;
        let expected = walked.last.saturating_add(1);
        if seq != expected {
            return Ok(Some((expected, "missing")));
        }
        canon.restart("pointill transaction 1");
        canon.bytes(&walked.hash);
        spell(&mut canon, &txn);
        let steps = &mut walked.steps;
        macro_rules! list {
            ($stream:ident, $each:expr) => {{
                let place = canon.open_list();
                match $stream.take(seq, $each)? {
                    Ok(count) => canon.close_list(place, count),
                    Err(place) => return Ok(Some((place, "belongs_to_nothing"))),
                }
            }};
        }
        let (mut paid_for, mut sum, mut of_day) = (false, 0_i64, Sum::of_transaction(seq));
        list!(payments, |row| {
            paid_for = true;
            spell(&mut canon, &columns::<17>(row)?);
            Ok(())
        });
        let (mut line, mut in_order) = (0_i64, true);
        list!(postings, |row| {
            let [account, member, amount, at] = columns(row)?;
            spell(&mut canon, &[account, member, amount]);
            in_order &= number(at)? == line;
            line = line.saturating_add(1);
            let amount = number(amount)?;
            sum = sum.saturating_add(amount);
            of_day.post(bytes(account)?, amount);
            if let Some(member) = maybe_number(member)?
                && let Some(account) = Account::of_member_by(bytes(account)?)
            {
                steps.push(Step::Posting { member, account, amount });
            }
            Ok(())
        });
        let moved = Moved {
            seq,
            member: number(member)?,
            balance_after: number(balance_after)?,
            sum,
            paid_for,
            is_loading: bytes(kind)? == b"loading",
        };
        steps.push(Step::Transaction(moved));
        list!(lots, |row| {
            let lot = columns::<7>(row)?;
            spell(&mut canon, &lot);
            let [id, member, paid, bonus, paid_expires_at, bonus_expires_at, _] = lot;
            let lot = Lot {
                member: number(member)?,
                paid: number(paid)?,
                bonus: number(bonus)?,
                paid_expires_at: maybe_number(paid_expires_at)?,
                bonus_expires_at: maybe_number(bonus_expires_at)?,
            };
            steps.push(Step::Lot(LotKey::of(bytes(id)?), lot));
            Ok(())
        });
        list!(uses, |row| {
            let taken = columns::<3>(row)?;
            spell(&mut canon, &taken);
            let [lot, paid, bonus] = taken;
            steps.push(Step::Use {
                lot: LotKey::of(bytes(lot)?),
                paid: number(paid)?,
                bonus: number(bonus)?,
            });
            Ok(())
        });
        list!(expiries, |row| {
            let expiry = columns::<3>(row)?;
            spell(&mut canon, &expiry);
            let [lot, paid, bonus] = expiry;
            let (paid_expires_at, bonus_expires_at) = (maybe_number(paid)?, maybe_number(bonus)?);
            steps.push(Step::Expiry { lot: LotKey::of(bytes(lot)?), paid_expires_at, bonus_expires_at });
            Ok(())
        });
        // The first edition had no facts: a record without one is spelled as it was then.
        let place = canon.open_list();
        let told = facts.take(seq, |row| {
            spell(&mut canon, &columns::<2>(row)?);
            Ok(())
        });
        match told? {
            Ok(0) => canon.drop_list(place),
            Ok(count) => canon.close_list(place, count),
            Err(place) => return Ok(Some((place, "belongs_to_nothing"))),
        }
        let hash = canon.digest();
        if row.get_ref(0)?.as_bytes_or_null().ok().flatten() != Some(hash.as_slice()) {
            return Ok(Some((seq, if is_text(&txn) { "hash" } else { "unreadable" })));
        }
        // A line's number is not spelled: it is its place in the list.
        if !in_order {
            return Ok(Some((seq, "posting")));
        }
        // A text that was erased is no fault; one that says something else is.
        let mut is_told = true;
        let note_hash = note_hash.as_bytes_or_null().ok().flatten();
        let told = notes.take(seq, |row| {
            let salt: Vec<u8> = row.get(1)?;
            is_told &= note_hash == Some(note_hash_of(&salt, word(row.get_ref(2)?)?).as_slice());
            Ok(())
        })?;
        match told {
            Err(place) => return Ok(Some((place, "belongs_to_nothing"))),
            Ok(_) if !is_told => return Ok(Some((seq, "note"))),
            Ok(_) => {}
        }
        walked.days.count(word(date)?, word(kind)?, &of_day);
        walked.proved = walked.steps.len();
        (walked.last, walked.hash) = (seq, hash);
    }
    // What comes after this stretch is there: a row of this stretch is not.
    let is_whole = walked.last == stretch.last;
    Ok((!is_whole).then_some((walked.last.saturating_add(1), "missing")))
}

/// Whether what should be text is.
fn is_text(values: &[ValueRef<'_>]) -> bool {
    values.iter().all(|value| match value {
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).is_ok(),
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_) => true,
    })
}
