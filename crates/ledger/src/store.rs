//! Opening the file, and the one door for writes.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};
use rusqlite_migration::{HookError, M, Migrations};

use crate::book::Book;
use crate::cached::KEPT_STATEMENTS;
use crate::copy::keep_before_migration;
use crate::error::{Done, LedgerError};
use crate::ids::{BookId, MemberId, Mode, UnixMillis};
use crate::mark::ensure_order_key;
use crate::model::By;
use crate::random::{Random, uuid_v7};
use crate::reader::{Erasure, Reader};

/// "PTLL": tells the file from any other SQLite file.
const APPLICATION_ID: i64 = 0x5054_4c4c;
/// How long a reader waits for a checkpoint, or a second program for the first.
pub(crate) const BUSY: Duration = Duration::from_secs(5);

pub(crate) const NEWER: rusqlite_migration::Error = rusqlite_migration::Error::MigrationDefinition(
    rusqlite_migration::MigrationDefinitionError::DatabaseTooFarAhead,
);

fn migrations() -> Migrations<'static> {
    Migrations::new(vec![
        M::up(include_str!("../migrations/0001_book.sql")),
        M::up(include_str!("../migrations/0002_second_person.sql")),
        M::up(include_str!("../migrations/0003_staff.sql")),
        M::up(include_str!("../migrations/0004_refund.sql")),
        M::up(include_str!("../migrations/0005_day_close.sql")),
        // In the same transaction: a book that has the table has the words of all its members.
        M::up_with_hook(include_str!("../migrations/0006_member.sql"), |transaction: &Transaction<'_>| {
            crate::book::index_words(transaction).map_err(|error| HookError::Hook(error.to_string()))
        }),
        M::up(include_str!("../migrations/0007_time.sql")),
        M::up(include_str!("../migrations/0008_backup.sql")),
        M::up(include_str!("../migrations/0009_report.sql")),
    ])
}

/// The book's file, open for writing. There is one of these for each file, on one thread.
pub struct Store {
    conn: Connection,
    path: PathBuf,
    random: Box<dyn Random>,
    broken: Option<(i64, &'static str)>,
}

impl Store {
    /// Opens the book of this mode, or makes it.
    ///
    /// A file whose schema was changed by another hand opens for reading alone: see [`Store::broken`].
    ///
    /// # Errors
    /// [`LedgerError::OtherBook`] for another mode's file, [`LedgerError::Newer`], [`LedgerError::InUse`],
    /// [`LedgerError::Pragma`], or what SQLite says.
    pub fn open(
        path: &Path,
        mode: Mode,
        random: Box<dyn Random>,
        now: UnixMillis,
    ) -> Result<Store, LedgerError> {
        let mut random = random;
        let mut conn = Connection::open(path)?;
        configure(&conn)?;
        let application: i64 = conn.query_row("PRAGMA application_id", [], |row| row.get(0))?;
        let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if tables > 0 && application != APPLICATION_ID {
            return Err(LedgerError::OtherBook { found: "another program".to_owned() });
        }
        conn.pragma_update(None, "application_id", APPLICATION_ID)?;
        keep_before_change(&conn, path)?;
        migrations().to_latest(&mut conn).map_err(|error| {
            if error == NEWER { LedgerError::Newer } else { LedgerError::Migration(error) }
        })?;
        // A first start may have ended between making the tables and stamping them: then nobody is in it yet.
        let is_new = tables == 0 || is_empty(&conn)?;
        stamp(&conn, is_new, mode, random.as_mut(), now)?;
        let broken = (fingerprint(&conn)? != fingerprint(&fresh()?)?).then_some((0, "schema"));
        if broken.is_none() {
            ensure_order_key(&conn, random.as_mut(), now)?;
        }
        Ok(Store { conn, path: path.to_owned(), random, broken })
    }

    /// The first fault that was found, if one was: nothing is written any more.
    #[must_use]
    pub fn broken(&self) -> Option<(i64, &'static str)> {
        self.broken
    }

    /// Nothing is written from here on: an invariant does not hold.
    pub fn declare_broken(&mut self, seq: i64, fault: &'static str) {
        self.broken.get_or_insert((seq, fault));
    }

    /// Runs `f` in one IMMEDIATE transaction. All that it wrote is on disk when this returns `Ok`.
    ///
    /// # Errors
    /// What `f` says; nothing is written then. After an error of SQLite's own at the commit nobody knows whether it
    /// was written: the file is opened again, and the caller asks by its request's id, which every write allows.
    pub fn write<T>(
        &mut self,
        f: impl FnOnce(&mut Book<'_>) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        if self.broken.is_some() {
            return Err(LedgerError::ReadOnly);
        }
        let transaction = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = f(&mut Book::new(&transaction, self.random.as_mut()))?;
        match transaction.commit() {
            Ok(()) => Ok(value),
            Err(error) => {
                let conn = Connection::open(&self.path)?;
                configure(&conn)?;
                self.conn = conn;
                Err(error.into())
            }
        }
    }

    /// How much of the file the writer keeps in memory, at most, until it is opened again. A loader of millions of
    /// rows wants more than a counter does.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn keep_in_memory(&self, mebibytes: u16) -> Result<(), LedgerError> {
        let kibibytes = i64::from(mebibytes).saturating_mul(1024);
        Ok(self.conn.pragma_update(None, "cache_size", kibibytes.saturating_neg())?)
    }

    /// Forgets a person ([`Book::erase_member`]) and leaves no trace of it in the file: see [`Store::scrub`].
    ///
    /// # Errors
    /// As [`Book::erase_member`] and [`Store::scrub`]: where the latter fails the person is forgotten in the book, and the
    /// same call again scrubs the file.
    pub fn erase(&mut self, by: &By, member: MemberId, claim_waived: bool) -> Result<Done, LedgerError> {
        let done = self.write(|book| book.erase_member(by, member, claim_waived))?;
        self.scrub()?;
        Ok(done)
    }

    /// Forgets again who was forgotten since this copy of the book was made ([`Book::replay_erasures`]), and scrubs the file.
    ///
    /// # Errors
    /// As [`Book::replay_erasures`] and [`Store::scrub`].
    pub fn replay_erasures(&mut self, by: &By, erasures: &[Erasure]) -> Result<usize, LedgerError> {
        let forgotten = self.write(|book| book.replay_erasures(by, erasures))?;
        // Also where an earlier call forgot them all and could not scrub.
        if !erasures.is_empty() {
            self.scrub()?;
        }
        Ok(forgotten)
    }

    /// Leaves nothing in the file and its log of what was deleted.
    ///
    /// `secure_delete` overwrites a deleted row where it stood last. But a page that was split or joined before may hold an
    /// older copy of the row in the room between its rows, which nothing overwrites, so the file is written anew. The log
    /// holds the row too, until it is carried in and cut to nothing. Takes seconds a gigabyte, and as much room again.
    ///
    /// # Errors
    /// [`LedgerError::ReadOnly`], [`LedgerError::DiskFull`]; [`LedgerError::InUse`] where a reader still needs the log.
    pub fn scrub(&mut self) -> Result<(), LedgerError> {
        if self.broken.is_some() {
            return Err(LedgerError::ReadOnly);
        }
        // Statements that were kept ready would hold the old pages.
        self.conn.flush_prepared_statement_cache();
        self.conn.execute_batch("VACUUM")?;
        let busy: i64 = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy == 0 { Ok(()) } else { Err(LedgerError::InUse) }
    }

    /// Reads on the writer's connection.
    ///
    /// # Errors
    /// What `f` says.
    pub fn read<T>(&self, f: impl FnOnce(&Reader<'_>) -> Result<T, LedgerError>) -> Result<T, LedgerError> {
        f(&Reader::new(&self.conn))
    }

    /// Carries the log into the file. A commit does not report an error of this, so it is done by itself and its
    /// result is looked at.
    ///
    /// # Errors
    /// What SQLite says; what was committed is safe in the log.
    pub fn checkpoint(&self) -> Result<Checkpoint, LedgerError> {
        Ok(self.conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
            Ok(Checkpoint { pages: row.get(1)?, carried: row.get(2)? })
        })?)
    }
}

/// How far a checkpoint came, in pages of the log. What a reader still needs stays in the log for the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// How many the log has.
    pub pages: i64,
    /// How many of them are in the file now.
    pub carried: i64,
}

/// A connection that only reads, beside the writer.
pub struct ReadStore {
    conn: Connection,
}

impl ReadStore {
    /// Opens an existing book for reading.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn open(path: &Path) -> Result<ReadStore, LedgerError> {
        let conn = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        conn.busy_timeout(BUSY)?;
        conn.set_prepared_statement_cache_capacity(KEPT_STATEMENTS);
        demand(
            &conn,
            &[
                ("trusted_schema", "OFF", "0"),
                ("query_only", "ON", "1"),
                // KiB: what a search in a million members walks through again and again. The default is an eighth of it.
                ("cache_size", "-16384", "-16384"),
            ],
        )?;
        Ok(ReadStore { conn })
    }

    /// The same for one walk through the whole file, which comes to no page twice.
    pub(crate) fn open_for_a_walk(path: &Path) -> Result<ReadStore, LedgerError> {
        let store = ReadStore::open(path)?;
        demand(&store.conn, &[("cache_size", "-2048", "-2048")])?;
        Ok(store)
    }

    /// Reads one state of the book: what is written meanwhile is not seen.
    ///
    /// # Errors
    /// What `f` says.
    pub fn read<T>(
        &mut self,
        f: impl FnOnce(&Reader<'_>) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let transaction = self.conn.transaction_with_behavior(TransactionBehavior::Deferred)?;
        f(&Reader::new(&transaction))
    }
}

/// Every pragma that the book's promises rest on, each read back.
pub(crate) fn configure(conn: &Connection) -> Result<(), LedgerError> {
    conn.busy_timeout(BUSY)?;
    conn.set_prepared_statement_cache_capacity(KEPT_STATEMENTS);
    // A schema that was tampered with may call functions; a defensive connection refuses to write the schema table.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    let wanted = [
        // Reports read while a charge is written.
        ("journal_mode", "WAL", "wal"),
        // Every commit is on disk before it is told: with NORMAL a power cut loses acknowledged payments.
        // Source: https://sqlite.org/pragma.html#pragma_synchronous
        ("synchronous", "FULL", "2"),
        // A Mac's fsync does not flush the drive without these; elsewhere they do nothing.
        ("fullfsync", "ON", "1"),
        ("checkpoint_fullfsync", "ON", "1"),
        ("foreign_keys", "ON", "1"),
        // Without it INSERT OR REPLACE slips past the append-only triggers.
        ("recursive_triggers", "ON", "1"),
        ("trusted_schema", "OFF", "0"),
        ("cell_size_check", "ON", "1"),
        // What is erased leaves no trace in free pages.
        ("secure_delete", "ON", "1"),
        // Checkpoints are made explicitly: an automatic one hides its errors.
        ("wal_autocheckpoint", "0", "0"),
    ];
    demand(conn, &wanted)
}

/// Sets pragmas (name, value, what is then read back).
fn demand(conn: &Connection, wanted: &[(&'static str, &str, &str)]) -> Result<(), LedgerError> {
    for &(name, value, expected) in wanted {
        conn.pragma_update_and_check(None, name, value, |_| Ok(())).optional()?;
        let found: Value = conn.pragma_query_value(None, name, |row| row.get(0))?;
        let found = match found {
            Value::Integer(number) => number.to_string(),
            Value::Text(text) => text,
            Value::Null | Value::Real(_) | Value::Blob(_) => String::new(),
        };
        if found != expected {
            return Err(LedgerError::Pragma { name, found });
        }
    }
    Ok(())
}

fn stamp(
    conn: &Connection,
    is_new: bool,
    mode: Mode,
    random: &mut dyn Random,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    let found: Option<String> = conn.query_row("SELECT mode FROM stamp", [], |row| row.get(0)).optional()?;
    match found {
        Some(found) if found == mode.word() => Ok(()),
        Some(found) => Err(LedgerError::OtherBook { found }),
        None if is_new => {
            conn.execute(
                "INSERT INTO stamp (one, book_id, mode, created_at, actor, request_id) VALUES (1, ?1, ?2, ?3, 1, 'first')",
                rusqlite::params![BookId(uuid_v7(random, now)).to_string(), mode.word(), now.0],
            )?;
            Ok(())
        }
        // Somebody took the stamp off: what the file was nobody knows, and it is not made anything else.
        None => Err(LedgerError::OtherBook { found: "no mode".to_owned() }),
    }
}

/// A book whose schema this version changes is copied beside itself first; one in which nobody has worked yet is not.
fn keep_before_change(conn: &Connection, path: &Path) -> Result<(), LedgerError> {
    let version: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let pending = migrations().pending_migrations(conn)?;
    if version == 0 || pending <= 0 || is_empty(conn)? {
        return Ok(());
    }
    keep_before_migration(conn, path, version)
}

/// Whether nobody has worked with this book yet: not even an owner is in it.
fn is_empty(conn: &Connection) -> Result<bool, LedgerError> {
    Ok(conn.query_row("SELECT NOT EXISTS (SELECT 1 FROM staff WHERE id > 1)", [], |row| row.get(0))?)
}

/// The schema as this version makes it.
fn fresh() -> Result<Connection, LedgerError> {
    let mut conn = Connection::open_in_memory()?;
    migrations().to_latest(&mut conn)?;
    Ok(conn)
}

pub(crate) fn fingerprint(conn: &Connection) -> Result<Vec<String>, LedgerError> {
    let mut statement = conn.prepare(
        "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema
         WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name",
    )?;
    let rows = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    Ok(rows)
}

/// How SQLite would run a query on a book.
#[cfg(test)]
pub(crate) fn plan_of(sql: &str, with: impl rusqlite::Params) -> Vec<String> {
    let conn = fresh().unwrap();
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let steps = statement.query_map(with, |row| row.get(3)).unwrap();
    steps.collect::<Result<_, _>>().unwrap()
}
