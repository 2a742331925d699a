//! What the disk and SQLite cost alone: the same rows into the same tables under the same pragmas, with none of the app's
//! code. It is given rows that the app wrote into another file, and writes them again.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use rusqlite::types::Value;
use rusqlite::{Connection, TransactionBehavior, params, params_from_iter};

/// Opens a file under the pragmas of the book's writer.
pub(crate) fn open(path: &Path) -> Result<Connection> {
    let conn = Connection::open(path)?;
    for (name, value) in [
        ("journal_mode", "WAL"),
        ("synchronous", "FULL"),
        ("fullfsync", "ON"),
        ("checkpoint_fullfsync", "ON"),
        ("foreign_keys", "ON"),
        ("recursive_triggers", "ON"),
        ("trusted_schema", "OFF"),
        ("cell_size_check", "ON"),
        ("secure_delete", "ON"),
        ("wal_autocheckpoint", "0"),
    ] {
        conn.pragma_update_and_check(None, name, value, |_| Ok(())).or_else(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => Ok(()),
            other => Err(other),
        })?;
    }
    conn.set_prepared_statement_cache_capacity(64);
    Ok(conn)
}

/// Tables with a row for each posting of a transaction, in the order in which references allow them.
const TABLES: [(&str, &str); 7] = [
    ("txn", "seq"),
    ("posting", "txn_seq"),
    ("payment", "txn_seq"),
    ("lot", "txn_seq"),
    ("lot_use", "txn_seq"),
    ("txn_fact", "txn_seq"),
    ("txn_note", "txn_seq"),
];

/// The rows of one transaction, ready to be written.
pub(crate) struct Rows {
    inserts: Vec<(String, Vec<Value>)>,
    seq: i64,
    hash: Vec<u8>,
    balance: Vec<Value>,
    state: Option<Vec<Value>>,
    left: Vec<Vec<Value>>,
    day: Vec<Value>,
}

/// The accounts of a day's sums, in the order of their columns.
const ACCOUNTS: [&str; 13] = [
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

/// What a transaction adds to its day: date, kind, how many, first and last place, and the sum of every account.
fn of_day() -> String {
    let sums =
        ACCOUNTS.map(|account| format!("coalesce(sum(amount) FILTER (WHERE account = '{account}'), 0)"));
    format!(
        "SELECT business_date, kind, 1, seq, seq, {} FROM txn JOIN posting ON txn_seq = seq WHERE seq = ?1",
        sums.join(", ")
    )
}

/// Adds it.
fn into_day() -> String {
    let marks = vec!["?"; ACCOUNTS.len() + 5].join(", ");
    let sums = ACCOUNTS.map(|account| format!("{account} = {account} + excluded.{account}"));
    format!(
        "INSERT INTO day_sum VALUES ({marks}) ON CONFLICT (business_date, kind)
         DO UPDATE SET transactions = transactions + 1, last_seq = excluded.last_seq, {}",
        sums.join(", ")
    )
}

/// Reads the rows of every transaction after `after` from a book that the app wrote. `requests`: one row of the requests
/// belongs to each transaction too, as it does to a use.
pub(crate) fn rows(path: &Path, after: i64, requests: bool) -> Result<Vec<Rows>> {
    let conn = Connection::open(path)?;
    let all = |sql: &str, key: Value| -> Result<Vec<Vec<Value>>> {
        let mut statement = conn.prepare_cached(sql)?;
        let columns = statement.column_count();
        let rows = statement.query_map([key], |row| (0..columns).map(|column| row.get(column)).collect())?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    let one = |sql: &str, key: Value| -> Result<Vec<Value>> {
        Ok(all(sql, key)?.into_iter().next().unwrap_or_default())
    };
    let mut transactions = conn
        .prepare("SELECT seq, hash, member_id, charge_id, request_id FROM txn WHERE seq > ?1 ORDER BY seq")?;
    let mut found = transactions.query([after])?;
    let mut list = Vec::new();
    while let Some(row) = found.next()? {
        let (seq, hash): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let (member, charge, request): (i64, Value, String) = (row.get(2)?, row.get(3)?, row.get(4)?);
        let mut inserts = Vec::new();
        let mut add = |table: &str, rows: Vec<Vec<Value>>| {
            for row in rows {
                let marks = vec!["?"; row.len()].join(", ");
                inserts.push((format!("INSERT INTO {table} VALUES ({marks})"), row));
            }
        };
        for (table, key) in TABLES {
            add(table, all(&format!("SELECT * FROM {table} WHERE {key} = ?1"), seq.into())?);
        }
        let credited = "SELECT * FROM charge_event WHERE charge_id = ?1 AND kind = 'credited'";
        add("charge_event", all(credited, charge.clone())?);
        if requests {
            add("request", all("SELECT * FROM request WHERE request_id = ?1", request.into())?);
        }
        // The lots that the transaction made or took from, as they stand at the end; which of its states is written
        // makes no difference to what writing costs.
        let mut left = Vec::new();
        for sql in ["SELECT id FROM lot WHERE txn_seq = ?1", "SELECT lot_id FROM lot_use WHERE txn_seq = ?1"]
        {
            for lot in all(sql, seq.into())?.into_iter().flatten() {
                left.push(one("SELECT * FROM lot_left WHERE lot_id = ?1", lot)?);
            }
        }
        let balance = one(
            "SELECT paid, bonus, held, debt, last_at, member_id FROM balance WHERE member_id = ?1",
            member.into(),
        )?;
        let state = one(
            "SELECT state, late, looked_up_at, look_at, charge_id FROM charge_state WHERE charge_id = ?1",
            charge,
        )?;
        let state = (!state.is_empty()).then_some(state);
        let day = one(&of_day(), seq.into())?;
        list.push(Rows { inserts, seq, hash, balance, state, left, day });
    }
    Ok(list)
}

/// Writes each transaction's rows in one commit. How long each took.
pub(crate) fn write(conn: &mut Connection, list: &[Rows]) -> Result<Vec<Duration>> {
    let mut took = Vec::with_capacity(list.len());
    let into_day = into_day();
    for rows in list {
        let started = Instant::now();
        let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (sql, values) in &rows.inserts {
            transaction.prepare_cached(sql)?.execute(params_from_iter(values))?;
        }
        for left in &rows.left {
            transaction
                .prepare_cached(
                    "INSERT INTO lot_left VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                     ON CONFLICT (lot_id) DO UPDATE SET paid = excluded.paid, bonus = excluded.bonus",
                )?
                .execute(params_from_iter(left))?;
        }
        transaction
            .prepare_cached(
                "UPDATE balance SET paid = ?1, bonus = ?2, held = ?3, debt = ?4, last_at = ?5 WHERE member_id = ?6",
            )?
            .execute(params_from_iter(&rows.balance))?;
        transaction.prepare_cached(&into_day)?.execute(params_from_iter(&rows.day))?;
        transaction
            .prepare_cached("UPDATE head SET transactions = ?1, hash = ?2")?
            .execute(params![rows.seq, rows.hash])?;
        if let Some(state) = &rows.state {
            transaction
                .prepare_cached(
                    "UPDATE charge_state SET state = ?1, late = ?2, looked_up_at = ?3, look_at = ?4 WHERE charge_id = ?5",
                )?
                .execute(params_from_iter(state))?;
        }
        transaction.commit()?;
        took.push(started.elapsed());
    }
    Ok(took)
}

/// Overwrites four kibibytes of a file and waits for the disk, so many times. How long each took.
pub(crate) fn syncs(folder: &Path, times: usize) -> Result<Vec<Duration>> {
    let mut file = File::create(folder.join("sync.bin"))?;
    let page = [7_u8; 4096];
    file.write_all(&page.repeat(64))?;
    file.sync_all()?;
    let mut took = Vec::with_capacity(times);
    for at in 0..times {
        let started = Instant::now();
        file.seek(SeekFrom::Start(u64::try_from(at % 64)? * 4096))?;
        file.write_all(&page)?;
        file.sync_data()?;
        took.push(started.elapsed());
    }
    Ok(took)
}

/// Reads every row of every table that the audit reads, column by column, and does nothing with it.
pub(crate) fn read_all(path: &Path) -> Result<Duration> {
    let conn = Connection::open(path)?;
    let started = Instant::now();
    let mut bytes = 0_usize;
    for table in [
        "txn",
        "posting",
        "payment",
        "lot",
        "lot_use",
        "lot_expiry",
        "txn_fact",
        "txn_note",
        "balance",
        "lot_left",
        "day_sum",
    ] {
        let mut statement = conn.prepare(&format!("SELECT * FROM {table}"))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                bytes = bytes.wrapping_add(row.get_ref(column)?.as_bytes().map_or(8, <[u8]>::len));
            }
        }
    }
    std::hint::black_box(bytes);
    Ok(started.elapsed())
}

/// A statement that reads rows by their keys: what an answer costs without the app.
pub(crate) struct Lookup<'a> {
    statements: Vec<rusqlite::CachedStatement<'a>>,
}

impl Lookup<'_> {
    /// One statement for each SQL; each takes one number.
    pub(crate) fn new<'a>(conn: &'a Connection, sql: &[&str]) -> Result<Lookup<'a>> {
        let statements = sql.iter().map(|sql| conn.prepare_cached(sql)).collect::<Result<_, _>>()?;
        Ok(Lookup { statements })
    }
    /// Reads all that each statement finds for `key`.
    pub(crate) fn read(&mut self, key: i64) -> Result<usize> {
        let mut bytes = 0_usize;
        for statement in &mut self.statements {
            let columns = statement.column_count();
            let mut rows = statement.query([key])?;
            while let Some(row) = rows.next()? {
                for column in 0..columns {
                    bytes = bytes.wrapping_add(row.get_ref(column)?.as_bytes().map_or(8, <[u8]>::len));
                }
            }
        }
        Ok(bytes)
    }
}
