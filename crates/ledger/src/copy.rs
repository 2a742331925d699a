//! Copies of a book's file that are whole: made beside the writer, or before a migration changes the file.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use crate::canon::hex;
use crate::error::LedgerError;
use crate::ids::Mode;
use crate::reader::Reader;

/// Pages a step. Between two steps the machine's other work gets its turn.
const PAGES: i32 = 512;

/// What a copy of a book holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// How many transactions.
    pub transactions: i64,
    /// The last hash, in hex.
    pub head: String,
}

/// Copies one state of a book to a new file of its own, without a log beside it, by SQLite's backup interface. `between` runs after
/// each piece.
///
/// One read transaction holds the state fast, so that what is written meanwhile neither waits for the copy nor makes it begin
/// again; the log is carried over afterwards.
///
/// # Errors
/// What SQLite says; the file at `to` is to be thrown away then.
pub fn copy_book(from: &Path, to: &Path, mut between: impl FnMut()) -> Result<Copied, LedgerError> {
    let mut book = Connection::open_with_flags(
        from,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    book.busy_timeout(crate::store::BUSY)?;
    let state = book.transaction()?;
    let (transactions, hash) = Reader::new(&state).head()?;
    copy_pages(&state, to, &mut between)?;
    Ok(Copied { transactions, head: hex(&hash) })
}

/// Copies any of the app's own SQLite files the same way.
///
/// # Errors
/// What SQLite says.
pub fn copy_database(from: &Path, to: &Path) -> Result<(), LedgerError> {
    let mut file = Connection::open_with_flags(
        from,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    file.busy_timeout(crate::store::BUSY)?;
    let state = file.transaction()?;
    copy_pages(&state, to, &mut std::thread::yield_now)
}

fn copy_pages(from: &Connection, to: &Path, between: &mut impl FnMut()) -> Result<(), LedgerError> {
    let mut copy = Connection::open(to)?;
    {
        let backup = Backup::new(from, &mut copy)?;
        while backup.step(PAGES)? != StepResult::Done {
            between();
        }
    }
    // One file, which is whole without another beside it.
    copy.pragma_update_and_check(None, "journal_mode", "DELETE", |row| row.get::<_, String>(0))?;
    copy.close().map_err(|(_, error)| error)?;
    File::open(to).and_then(|file| file.sync_all()).map_err(no_file)
}

/// Where the copy of a book lies that was made before a newer version of the app changed its schema.
#[must_use]
pub fn copy_before_migration(book: &Path, version: i64) -> PathBuf {
    book.with_extension(format!("before-{version}.db"))
}

/// Copies the book beside itself before its schema is changed: under another name first, on disk, and only then under its own.
/// A crash leaves the book as it was, with or without a copy. A copy of another state, from a book that was put back since, is
/// not written over: this one takes the next name. The same state, after a migration that did not come through, is there once.
pub(crate) fn keep_before_migration(conn: &Connection, book: &Path, version: i64) -> Result<(), LedgerError> {
    let first = copy_before_migration(book, version);
    let unfinished = first.with_extension("part");
    if let Err(error) = fs::remove_file(&unfinished)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        return Err(no_file(error));
    }
    copy_pages(conn, &unfinished, &mut || {})?;
    let mut path = first.clone();
    for number in 2_u32.. {
        if !path.exists() {
            break;
        }
        if same_bytes(&unfinished, &path).map_err(no_file)? {
            return fs::remove_file(&unfinished).map_err(no_file);
        }
        path = first.with_extension(format!("{number}.db"));
    }
    fs::rename(&unfinished, &path).map_err(no_file)?;
    // Windows has no such call.
    if cfg!(unix)
        && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
    {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(no_file)?;
    }
    Ok(())
}

fn same_bytes(one: &Path, other: &Path) -> std::io::Result<bool> {
    let (mut one, mut other) = (BufReader::new(File::open(one)?), BufReader::new(File::open(other)?));
    loop {
        let (left, right) = (one.fill_buf()?, other.fill_buf()?);
        let length = left.len().min(right.len());
        if left.get(..length) != right.get(..length) {
            return Ok(false);
        }
        if length == 0 {
            return Ok(left.is_empty() && right.is_empty());
        }
        one.consume(length);
        other.consume(length);
    }
}

/// A file beside the book, in the words of SQLite's own errors.
fn no_file(error: std::io::Error) -> LedgerError {
    let full = matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded);
    let code = if full { rusqlite::ffi::SQLITE_FULL } else { rusqlite::ffi::SQLITE_IOERR };
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), Some(error.to_string())).into()
}

/// Which book a file is, without changing it.
///
/// # Errors
/// [`LedgerError::OtherBook`] for another mode's or another program's file, [`LedgerError::Broken`] for no book at all.
pub fn is_book_of(path: &Path, mode: Mode) -> Result<(), LedgerError> {
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    let found = Reader::new(&conn).stamp()?.mode;
    if found == mode { Ok(()) } else { Err(LedgerError::OtherBook { found: found.word().to_owned() }) }
}
