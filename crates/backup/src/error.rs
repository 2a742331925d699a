//! What may go wrong with a backup, told apart by what somebody can do about it.

use std::io;

/// Why a backup was not written or cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// It was sealed for another key.
    #[error("sealed for another key")]
    WrongKey,
    /// Its end is missing.
    #[error("its end is missing")]
    Truncated,
    /// Some of it is not what was written.
    #[error("damaged or changed")]
    Damaged,
    /// The file is no backup of ours.
    #[error("no backup of ours")]
    NoBackup,
    /// The text is no recovery key.
    #[error("no key")]
    BadKey,
    /// The folder is not there: unplugged, renamed, never made.
    #[error("the folder is not there")]
    NoFolder(#[source] io::Error),
    /// No room in the folder.
    #[error("no room")]
    NoRoom(#[source] io::Error),
    /// The folder may not be written, or anything else.
    #[error("file")]
    Io(#[source] io::Error),
}

impl From<io::Error> for BackupError {
    fn from(error: io::Error) -> BackupError {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => BackupError::NoFolder(error),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                BackupError::NoRoom(error)
            }
            _ => BackupError::Io(error),
        }
    }
}
