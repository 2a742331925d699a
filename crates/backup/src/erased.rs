//! Which members were erased, beside the backups: an older backup still has them, and a restored one is to forget them again.
//! A member is a number here; nothing of a person stands in the list.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::BackupError;
use crate::file::sync_folder;
use crate::name::short;

/// A member who was erased.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Erased {
    /// The book's whole id.
    pub book: String,
    /// The member's number in it.
    pub member: i64,
    /// Since when that number was a member, in milliseconds since 1970: elsewhere it may be somebody else's.
    pub since: i64,
    /// When it was erased, likewise.
    pub at: i64,
}

fn path(folder: &Path, book: &str) -> PathBuf {
    folder.join(format!("pointill-erased-{}.jsonl", short(book)))
}

/// Reads a book's list; empty where there is none. A line that was not written to its end is passed over.
///
/// # Errors
/// What the file says.
pub fn read_erased(folder: &Path, book: &str) -> Result<BTreeSet<Erased>, BackupError> {
    let text = match fs::read_to_string(path(folder, book)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) => return Err(error.into()),
    };
    let known = text.lines().filter_map(|line| serde_json::from_str::<Erased>(line).ok());
    Ok(known.filter(|erased| erased.book == book).collect())
}

/// Adds what the list does not have yet; nothing is ever taken off it. On disk when this returns.
///
/// # Errors
/// What the folder says.
pub fn write_erased(folder: &Path, book: &str, erased: &BTreeSet<Erased>) -> Result<(), BackupError> {
    let known = read_erased(folder, book)?;
    let mut lines = String::new();
    for new in erased.difference(&known) {
        // A torn last line of before ends here.
        lines.push('\n');
        lines.push_str(&serde_json::to_string(new).map_err(|error| BackupError::Io(error.into()))?);
    }
    if lines.is_empty() {
        return Ok(());
    }
    lines.push('\n');
    let mut file = File::options().append(true).create(true).open(path(folder, book))?;
    file.write_all(lines.as_bytes())?;
    file.sync_all()?;
    sync_folder(folder)?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;

    #[test]
    fn the_list_only_grows_and_survives_a_torn_line() {
        let folder = tempfile::tempdir().unwrap();
        let erased = |member| Erased { book: "aaaa-11112222".to_owned(), member, since: 1, at: 5 };
        let all = BTreeSet::from([erased(1), erased(2)]);
        write_erased(folder.path(), "aaaa-11112222", &BTreeSet::from([erased(1)])).unwrap();
        let file = path(folder.path(), "aaaa-11112222");
        let torn = fs::read_to_string(&file).unwrap() + "{\"book\":\"aaaa";
        fs::write(&file, torn).unwrap();
        write_erased(folder.path(), "aaaa-11112222", &all).unwrap();
        write_erased(folder.path(), "aaaa-11112222", &BTreeSet::new()).unwrap();
        assert_eq!(read_erased(folder.path(), "aaaa-11112222").unwrap(), all);
        // Two books whose ids end alike share a file and no member.
        assert!(read_erased(folder.path(), "bbbb-11112222").unwrap().is_empty());
    }
}
