//! Backup files from the till's side: their faults in the counter's words, which of them stay, and whether one is good.

use std::path::Path;

use backup::{BackupError, Meta, Name};
use counter::{AppError, Refusal};
use ledger::{Mode, ReadStore, Store, UnixMillis};

use crate::shelf::OsRandom;

const KEPT_DAYS: usize = 14;
const KEPT_MONTHS: usize = 12;

pub(crate) fn backup_error(error: BackupError) -> AppError {
    let refusal = match &error {
        BackupError::WrongKey => Refusal::BackupWrongKey,
        BackupError::Truncated => Refusal::BackupTruncated,
        BackupError::Damaged => Refusal::BackupDamaged,
        BackupError::NoBackup => Refusal::BackupNotOurs,
        BackupError::BadKey => Refusal::RecoveryKeyBad,
        BackupError::NoFolder(_) => Refusal::BackupNoFolder,
        BackupError::NoRoom(_) => Refusal::BackupNoRoom,
        BackupError::Io(_) => Refusal::BackupFailed,
    };
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    tracing::warn!(%error, cause, "a backup was not made or not read");
    refusal.into()
}

pub(super) fn io_error(error: std::io::Error) -> AppError {
    backup_error(error.into())
}

/// Removes what is kept by no rule. A file that does not go is no reason to call the backup bad.
pub(super) fn thin_out(folder: &Path, newest: &Name, good: Option<&Name>) {
    let Ok(names) = backup::list(folder) else { return };
    for name in backup::superfluous(&names, &newest.mode, &newest.book, KEPT_DAYS, KEPT_MONTHS, good) {
        if let Err(error) = std::fs::remove_file(folder.join(name.to_string())) {
            tracing::warn!(%error, %name, "an old backup could not be removed");
        }
    }
}

/// Proves a book that came out of a backup: it is what its header says, and its audit finds nothing.
pub(super) fn prove(
    book: &Path,
    mode: Mode,
    meta: &Meta,
    now: UnixMillis,
) -> Result<Option<UnixMillis>, AppError> {
    ledger::is_book_of(book, mode)?;
    // One of an older version is brought up to date first: here, in the scratch folder.
    if Store::open(book, mode, Box::new(OsRandom), now)?.broken().is_some() {
        return Err(Refusal::BackupDamaged.into());
    }
    let mut read = ReadStore::open(book)?;
    let (report, stamp, last) =
        read.read(|book| Ok((book.verify()?, book.stamp()?, book.last_money_at()?)))?;
    let same = stamp.book_id.to_string() == meta.book
        && report.transactions == meta.transactions
        && report.head == meta.head;
    if report.first_bad.is_some() || !same {
        return Err(Refusal::BackupDamaged.into());
    }
    Ok(last)
}
