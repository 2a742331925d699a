//! The book proves itself: one pass over everything that moved points.

use std::collections::HashMap;
use std::iter::Peekable;

use rusqlite::{Connection, Row};

use crate::canon::{Hash, hex};
use crate::days::Days;
use crate::error::LedgerError;
use crate::reader::Reader;
use crate::record::{LotExpiryRow, LotRow, LotUseRow, PaymentRow, PostingRow, Record, genesis, note_hash};
use crate::seal;

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

#[derive(Default, Clone, Copy, PartialEq, Eq)]
struct Held {
    paid: i64,
    bonus: i64,
    /// Reserved by refunds; none of a lot's.
    held: i64,
    /// Owed to the shop; none of a lot's.
    debt: i64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Left {
    member: i64,
    held: Held,
    paid_expires_at: Option<i64>,
    bonus_expires_at: Option<i64>,
}

#[derive(Default)]
struct Running {
    /// The last transaction that proved itself.
    last: i64,
    members: HashMap<i64, Held>,
    lots: HashMap<String, Left>,
    days: Days,
}

impl Reader<'_> {
    /// Walks the chain from the first transaction: no gaps, every hash follows from the one before, postings sum to
    /// zero, balances and lots come out as they stand, and the head names the last.
    ///
    /// # Errors
    /// What SQLite says. A broken book is a report, not an error; so is one that cannot be read any more.
    pub fn verify(&self) -> Result<AuditReport, LedgerError> {
        let mut running = Running::default();
        match self.proved(&mut running) {
            Err(error) if is_unreadable(&error) => Ok(AuditReport {
                transactions: running.last,
                head: String::new(),
                first_bad: Some((running.last.saturating_add(1), "unreadable")),
            }),
            report => report,
        }
    }

    fn proved(&self, running: &mut Running) -> Result<AuditReport, LedgerError> {
        let first_bad = walk(self.conn, running)?;
        let (transactions, head) = self.head()?;
        let first_bad = match first_bad {
            Walked::Bad(seq, fault) => Some((seq, fault)),
            Walked::Sound(count, _) if count != transactions => {
                Some((count.min(transactions).saturating_add(1), "head_count"))
            }
            Walked::Sound(count, hash) if hash.as_slice() != head => Some((count, "head_hash")),
            Walked::Sound(..) => match self.caches(running)? {
                None => seal::first_bad(self.conn)?,
                bad => bad,
            },
        };
        Ok(AuditReport { transactions, head: hex(&head), first_bad })
    }

    /// The balances and lots that stand ready against those that the walk counted.
    fn caches(&self, running: &Running) -> Result<Option<(i64, &'static str)>, LedgerError> {
        let mut statement = self.conn.prepare("SELECT member_id, paid, bonus, held, debt FROM balance")?;
        let mut rows = statement.query([])?;
        let mut members = 0_usize;
        while let Some(row) = rows.next()? {
            let held = Held { paid: row.get(1)?, bonus: row.get(2)?, held: row.get(3)?, debt: row.get(4)? };
            let counted = running.members.get(&row.get(0)?).copied();
            members = members.saturating_add(usize::from(counted.is_some()));
            if counted.unwrap_or_default() != held {
                return Ok(Some((0, "balance")));
            }
        }
        let mut statement = self.conn.prepare(
            "SELECT lot_id, member_id, paid, bonus, paid_expires_at, bonus_expires_at FROM lot_left",
        )?;
        let mut rows = statement.query([])?;
        let mut lots = 0_usize;
        while let Some(row) = rows.next()? {
            let left = Left {
                member: row.get(1)?,
                held: Held { paid: row.get(2)?, bonus: row.get(3)?, ..Held::default() },
                paid_expires_at: row.get(4)?,
                bonus_expires_at: row.get(5)?,
            };
            let lot: String = row.get(0)?;
            if running.lots.get(&lot) != Some(&left) {
                return Ok(Some((0, "lot_left")));
            }
            lots = lots.saturating_add(1);
        }
        if members != running.members.len() || lots != running.lots.len() {
            return Ok(Some((0, "balance")));
        }
        if !running.days.stand(self.conn)? {
            return Ok(Some((0, "day_sum")));
        }
        let unproved: i64 = self.conn.query_row(
            "SELECT count(*) FROM charge_state LEFT JOIN payment ON payment.charge_id = charge_state.charge_id
             WHERE (charge_state.state = 'credited') <> (payment.imp_uid IS NOT NULL)",
            [],
            |row| row.get(0),
        )?;
        Ok((unproved > 0).then_some((0, "credit_without_payment")))
    }
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

enum Walked {
    /// All is sound: how many, and the last hash.
    Sound(i64, Hash),
    Bad(i64, &'static str),
}

/// One ordered stream of rows that belong to transactions.
struct Stream<I: Iterator<Item = rusqlite::Result<(i64, T)>>, T>(Peekable<I>);

impl<I: Iterator<Item = rusqlite::Result<(i64, T)>>, T> Stream<I, T> {
    /// The rows of `seq`. `Err(place)` when a row comes before it: it belongs to no transaction.
    fn take(&mut self, seq: i64) -> Result<Result<Vec<T>, i64>, LedgerError> {
        let mut rows = Vec::new();
        loop {
            match self.0.peek() {
                Some(Ok((of, _))) if *of < seq => return Ok(Err(*of)),
                Some(Ok((of, _))) if *of > seq => return Ok(Ok(rows)),
                None => return Ok(Ok(rows)),
                Some(_) => {}
            }
            if let Some(row) = self.0.next() {
                rows.push(row?.1);
            }
        }
    }
    /// The place of the next row, if there is one.
    fn left(&mut self) -> Result<Option<i64>, LedgerError> {
        Ok(self.0.next().transpose()?.map(|(of, _)| of))
    }
}

macro_rules! stream {
    ($conn:expr, $statement:ident, $sql:literal, $read:expr) => {{
        $statement = $conn.prepare($sql)?;
        Stream($statement.query_map([], |row| Ok((row.get(0)?, $read(row)?)))?.peekable())
    }};
}

fn walk(conn: &Connection, running: &mut Running) -> Result<Walked, LedgerError> {
    let mut statement;
    let (mut posting_rows, mut payment_rows, mut lot_rows, mut use_rows, mut expiry_rows, mut note_rows);
    let mut fact_rows;
    let mut postings = stream!(
        conn,
        posting_rows,
        "SELECT txn_seq, account, member_id, amount FROM posting ORDER BY txn_seq, line",
        posting
    );
    let mut payments = stream!(
        conn,
        payment_rows,
        "SELECT txn_seq, imp_uid, charge_id, won, pg_provider, pg_id, pg_tid, pay_method, apply_num, card_name,
                card_number, receipt_url, sandbox, paid_at, looked_up_at, answer_hash, actor, request_id
         FROM payment ORDER BY txn_seq",
        payment
    );
    let mut lots = stream!(
        conn,
        lot_rows,
        "SELECT txn_seq, id, member_id, paid, bonus, paid_expires_at, bonus_expires_at, bonus_rule FROM lot ORDER BY txn_seq",
        lot
    );
    let mut uses = stream!(
        conn,
        use_rows,
        "SELECT txn_seq, lot_id, paid, bonus FROM lot_use ORDER BY txn_seq, lot_id",
        lot_use
    );
    let mut expiries = stream!(
        conn,
        expiry_rows,
        "SELECT txn_seq, lot_id, paid_expires_at, bonus_expires_at FROM lot_expiry ORDER BY txn_seq, lot_id",
        lot_expiry
    );
    let mut facts =
        stream!(conn, fact_rows, "SELECT txn_seq, name, value FROM txn_fact ORDER BY txn_seq, name", fact);
    let mut notes =
        stream!(conn, note_rows, "SELECT txn_seq, salt, text FROM txn_note ORDER BY txn_seq", |row: &Row<
            '_,
        >| Ok::<
            _,
            rusqlite::Error,
        >(
            note_hash(&row.get::<_, Vec<u8>>(1)?, &row.get::<_, String>(2)?)
        ));
    statement = conn.prepare(
        "SELECT seq, id, kind, member_id, charge_id, reverses, balance_after, at, business_date, actor, approver,
                request_id, note_hash, hash FROM txn ORDER BY seq",
    )?;
    let mut rows = statement.query([])?;
    let mut before = genesis(conn)?;
    macro_rules! take {
        ($stream:ident, $seq:expr) => {
            match $stream.take($seq)? {
                Ok(rows) => rows,
                Err(place) => return Ok(Walked::Bad(place, "belongs_to_nothing")),
            }
        };
    }
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        if seq != running.last.saturating_add(1) {
            return Ok(Walked::Bad(running.last.saturating_add(1), "missing"));
        }
        let record = Record {
            seq,
            id: row.get(1)?,
            kind: row.get(2)?,
            member: row.get(3)?,
            charge: row.get(4)?,
            reverses: row.get(5)?,
            balance_after: row.get(6)?,
            at: row.get(7)?,
            business_date: row.get(8)?,
            actor: row.get(9)?,
            approver: row.get(10)?,
            request_id: row.get(11)?,
            note_hash: row.get(12)?,
            payment: take!(payments, seq).pop(),
            postings: take!(postings, seq),
            lots: take!(lots, seq),
            uses: take!(uses, seq),
            expiries: take!(expiries, seq),
            facts: take!(facts, seq),
        };
        let stands: Vec<u8> = row.get(13)?;
        let hash = record.hash(&before);
        if stands != hash {
            return Ok(Walked::Bad(seq, "hash"));
        }
        // A text that was erased is no fault; one that says something else is.
        let told = take!(notes, seq);
        if told.iter().any(|told| record.note_hash.as_deref() != Some(told)) {
            return Ok(Walked::Bad(seq, "note"));
        }
        running.days.count(&record);
        if let Some(fault) = carry(running, &record) {
            return Ok(Walked::Bad(seq, fault));
        }
        (running.last, before) = (seq, hash);
    }
    let left = [
        postings.left()?,
        payments.left()?,
        lots.left()?,
        uses.left()?,
        expiries.left()?,
        facts.left()?,
        notes.left()?,
    ];
    if let Some(place) = left.into_iter().flatten().min() {
        return Ok(Walked::Bad(place, "belongs_to_nothing"));
    }
    // An empty book's head is zeros.
    Ok(Walked::Sound(running.last, if running.last == 0 { [0; 32] } else { before }))
}

/// Counts a record on; what is wrong with it, if something is.
fn carry(running: &mut Running, record: &Record) -> Option<&'static str> {
    let mut sum = 0_i64;
    for posting in &record.postings {
        sum = sum.saturating_add(posting.amount);
        let Some(member) = posting.member else { continue };
        let held = running.members.entry(member).or_default();
        match posting.account.as_str() {
            "paid" => held.paid = held.paid.saturating_sub(posting.amount),
            "bonus" => held.bonus = held.bonus.saturating_sub(posting.amount),
            "held" => held.held = held.held.saturating_sub(posting.amount),
            "debt" => held.debt = held.debt.saturating_add(posting.amount),
            _ => {}
        }
        if held.paid < 0 || held.bonus < 0 || held.held < 0 || held.debt < 0 {
            return Some("negative");
        }
    }
    if sum != 0 {
        return Some("postings_not_zero");
    }
    let held = running.members.get(&record.member).copied().unwrap_or_default();
    if held.paid.saturating_add(held.bonus) != record.balance_after {
        return Some("balance_after");
    }
    if (record.kind == "loading") != record.payment.is_some() {
        return Some("credit_without_payment");
    }
    for lot in &record.lots {
        running.lots.insert(
            lot.id.clone(),
            Left {
                member: lot.member,
                held: Held { paid: lot.paid, bonus: lot.bonus, ..Held::default() },
                paid_expires_at: lot.paid_expires_at,
                bonus_expires_at: lot.bonus_expires_at,
            },
        );
    }
    for taken in &record.uses {
        let Some(left) = running.lots.get_mut(&taken.lot) else { return Some("lot") };
        left.held.paid = left.held.paid.saturating_sub(taken.paid);
        left.held.bonus = left.held.bonus.saturating_sub(taken.bonus);
        if left.held.paid < 0 || left.held.bonus < 0 {
            return Some("negative");
        }
    }
    for expiry in &record.expiries {
        let Some(left) = running.lots.get_mut(&expiry.lot) else { return Some("lot") };
        left.paid_expires_at = expiry.paid_expires_at;
        left.bonus_expires_at = expiry.bonus_expires_at;
    }
    None
}

fn posting(row: &Row<'_>) -> rusqlite::Result<PostingRow> {
    Ok(PostingRow { account: row.get(1)?, member: row.get(2)?, amount: row.get(3)? })
}

fn payment(row: &Row<'_>) -> rusqlite::Result<PaymentRow> {
    Ok(PaymentRow {
        imp_uid: row.get(1)?,
        charge: row.get(2)?,
        won: row.get(3)?,
        pg_provider: row.get(4)?,
        pg_id: row.get(5)?,
        pg_tid: row.get(6)?,
        pay_method: row.get(7)?,
        apply_num: row.get(8)?,
        card_name: row.get(9)?,
        card_number: row.get(10)?,
        receipt_url: row.get(11)?,
        sandbox: row.get(12)?,
        paid_at: row.get(13)?,
        looked_up_at: row.get(14)?,
        answer_hash: row.get(15)?,
        actor: row.get(16)?,
        request_id: row.get(17)?,
    })
}

fn lot(row: &Row<'_>) -> rusqlite::Result<LotRow> {
    Ok(LotRow {
        id: row.get(1)?,
        member: row.get(2)?,
        paid: row.get(3)?,
        bonus: row.get(4)?,
        paid_expires_at: row.get(5)?,
        bonus_expires_at: row.get(6)?,
        bonus_rule: row.get(7)?,
    })
}

fn lot_use(row: &Row<'_>) -> rusqlite::Result<LotUseRow> {
    Ok(LotUseRow { lot: row.get(1)?, paid: row.get(2)?, bonus: row.get(3)? })
}

fn fact(row: &Row<'_>) -> rusqlite::Result<(String, String)> {
    Ok((row.get(1)?, row.get(2)?))
}

fn lot_expiry(row: &Row<'_>) -> rusqlite::Result<LotExpiryRow> {
    Ok(LotExpiryRow { lot: row.get(1)?, paid_expires_at: row.get(2)?, bonus_expires_at: row.get(3)? })
}
