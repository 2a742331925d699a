//! A backup's name, and which backups are kept.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use crate::error::BackupError;

const START: &str = "pointill-";
const ENDING: &str = ".backup.age";

/// A backup's file name: mode, the book's last eight characters, the business day, and a number that grows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// `live`, `test` or `practice`.
    pub mode: String,
    /// The last characters of the book's id: the first ones are the minute in which it was made.
    pub book: String,
    /// The shop's day, `2026-11-25`.
    pub day: String,
    /// Grows by one with each backup in the folder.
    pub sequence: u64,
}

impl Name {
    /// Reads a file's name; `None` for any other file.
    #[must_use]
    pub fn parse(file: &str) -> Option<Name> {
        let rest = file.strip_prefix(START)?.strip_suffix(ENDING)?;
        let mut parts = rest.splitn(3, '-');
        let (mode, book, rest) = (parts.next()?, parts.next()?, parts.next()?);
        let (day, sequence) = rest.split_at_checked(10)?;
        let sequence = sequence.strip_prefix('-')?;
        let name = Name {
            mode: mode.to_owned(),
            book: book.to_owned(),
            day: day.to_owned(),
            sequence: sequence.parse().ok()?,
        };
        // One spelling a name: what is not written so is not ours to delete.
        (name.to_string() == file && day.split('-').map(str::len).eq([4, 2, 2])).then_some(name)
    }

    fn month(&self) -> &str {
        self.day.get(..7).unwrap_or_default()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{START}{}-{}-{}-{:06}{ENDING}", self.mode, self.book, self.day, self.sequence)
    }
}

/// A book in a file's name.
#[must_use]
pub fn short(book: &str) -> String {
    let skip = book.chars().count().saturating_sub(8);
    book.chars().skip(skip).collect()
}

/// The backups in a folder, of any book, the newest first.
///
/// # Errors
/// [`BackupError::NoFolder`], or what the folder says.
pub fn list(folder: &Path) -> Result<Vec<Name>, BackupError> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        if let Some(name) = entry?.file_name().to_str().and_then(Name::parse) {
            names.push(name);
        }
    }
    names.sort_by(|a, b| (b.sequence, &b.day, &b.mode).cmp(&(a.sequence, &a.day, &a.mode)));
    Ok(names)
}

/// The number of a book's next backup.
#[must_use]
pub fn next_sequence(names: &[Name], mode: &str, book: &str) -> u64 {
    let of_book = names.iter().filter(|name| name.mode == mode && name.book == book);
    of_book.map(|name| name.sequence).max().unwrap_or(0).saturating_add(1)
}

/// Which of a book's backups may go: all but the last of each of the newest `days` days and `months` months that have one.
/// The newest stays, and so does `good`, the newest that was read back well.
#[must_use]
pub fn superfluous(
    names: &[Name],
    mode: &str,
    book: &str,
    days: usize,
    months: usize,
    good: Option<&Name>,
) -> Vec<Name> {
    let mut of_book: Vec<&Name> =
        names.iter().filter(|name| name.mode == mode && name.book == book).collect();
    of_book.sort_by_key(|name| name.sequence);
    let mut by_day: BTreeMap<&str, &Name> = BTreeMap::new();
    let mut by_month: BTreeMap<&str, &Name> = BTreeMap::new();
    for &name in &of_book {
        by_day.insert(&name.day, name);
        by_month.insert(name.month(), name);
    }
    let newest = of_book.last().copied();
    let kept: Vec<&Name> = by_day
        .into_values()
        .rev()
        .take(days)
        .chain(by_month.into_values().rev().take(months))
        .chain(newest)
        .chain(good)
        .collect();
    of_book.into_iter().filter(|name| !kept.contains(name)).cloned().collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;

    fn name(day: &str, sequence: u64) -> Name {
        Name { mode: "live".to_owned(), book: "0192aaaa".to_owned(), day: day.to_owned(), sequence }
    }

    #[test]
    fn a_name_says_mode_book_day_and_number_and_no_other_file_is_taken_for_one() {
        let name = name("2026-11-25", 12);
        assert_eq!(name.to_string(), "pointill-live-0192aaaa-2026-11-25-000012.backup.age");
        assert_eq!(Name::parse(&name.to_string()), Some(name));
        for other in [
            "pointill-live-0192aaaa-2026-11-25-12.backup.age",
            "pointill-live-0192aaaa-2026-11-25-000012.backup.age.part",
            "pointill-live-0192aaaa-20261125xx-000012.backup.age",
            "사진.jpg",
            "",
        ] {
            assert_eq!(Name::parse(other), None, "{other}");
        }
    }

    #[test]
    fn fourteen_days_and_twelve_months_are_kept_and_never_the_newest_deleted() {
        let mut names = Vec::new();
        let mut sequence = 0;
        for month in 1..=12 {
            for day in 1..=28 {
                for _ in 0..2 {
                    sequence += 1;
                    names.push(name(&format!("2025-{month:02}-{day:02}"), sequence));
                }
            }
        }
        names.push(Name { book: "other".to_owned(), ..name("2020-01-01", 1) });
        let gone = superfluous(&names, "live", "0192aaaa", 14, 12, None);
        let kept: Vec<&Name> =
            names.iter().filter(|name| name.book == "0192aaaa" && !gone.contains(name)).collect();
        // Eleven ends of months, and fourteen days of December, the last of each.
        assert_eq!(kept.len(), 25);
        assert!(kept.iter().all(|name| name.sequence % 2 == 0));
        assert!(kept.contains(&&name("2025-12-28", sequence)) && kept.contains(&&name("2025-01-28", 56)));
        assert!(gone.iter().all(|name| name.book == "0192aaaa"), "another book's backup would be deleted");
        // Whatever is asked for, the newest and the newest good one stay.
        let good = name("2025-03-03", 117);
        let gone = superfluous(&names, "live", "0192aaaa", 0, 0, Some(&good));
        assert_eq!(gone.len(), 12 * 28 * 2 - 2);
        assert!(!gone.contains(&good) && !gone.contains(&name("2025-12-28", sequence)));
        assert_eq!(next_sequence(&names, "live", "0192aaaa"), sequence + 1);
        assert_eq!(next_sequence(&names, "test", "0192aaaa"), 1);
    }
}
