//! The backups of a desk's book: made, and thinned out.

mod copies;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use backup::{Erased, Identity, Meta, Name, Part, short};
use counter::wire::{BackupFileView, BookState, Event};
use counter::{AUTOMATIC, AppError, BACKUP_KEY_SHOWN, Refusal, backup_settings};
use ledger::{By, Erasure, LedgerError, NewRun, UnixMillis, business_date};

use super::Desk;
use super::backup_file::{backup_error, io_error, thin_out};
use crate::scratch::Scratch;

/// The book inside a backup.
pub(crate) const BOOK: &str = "book.db";
/// The shop's people, beside the books and inside a backup.
const PEOPLE: &str = "staff.db";
/// The setting with the public half of the key of the last backup.
const RECIPIENT: &str = "backup_recipient";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// The same fault is not written down more often than this.
const FAULT_AGAIN_MS: i64 = 60 * 60 * 1000;
const LOOK_EVERY: Duration = Duration::from_secs(60);
const RETRY_AFTER: Duration = Duration::from_secs(10 * 60);
/// A folder on a network that hangs does not keep the program open.
const LONGEST_CLOSING: Duration = Duration::from_secs(60);

/// Who waits for whom.
#[derive(Default)]
pub(super) struct OneAtATime {
    /// One backup or drill.
    pub(super) backing: tokio::sync::Mutex<()>,
    /// One who seals what lies beside the book.
    sealing: tokio::sync::Mutex<()>,
}

/// The list of who was forgotten stands beside the book.
pub(crate) struct Listing {
    /// Whether it stands beside the backups too.
    pub(crate) beside_backups: Result<(), AppError>,
}

pub(super) async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(f).await.map_err(|_| AppError::Internal("backup thread"))?
}

/// Makes backups when they are due, until the desk is closed.
pub(crate) async fn run(desk: Arc<Desk>) {
    let mut failed: Option<Instant> = None;
    while !desk.is_closed() {
        // Woken by the audit at start, a new folder and an erasure.
        let _timed_out = tokio::time::timeout(LOOK_EVERY, desk.wake_backups.notified()).await;
        if desk.is_closed() {
            return;
        }
        if desk.book_state() != BookState::Ok || failed.is_some_and(|at| at.elapsed() < RETRY_AFTER) {
            continue;
        }
        // An erasure stands in the list at once, and not with the next backup.
        let listed = desk.list_erasures().await.and_then(|listing| listing.beside_backups);
        let sealed = desk.seal_copies().await;
        failed = match listed.and(sealed).and(desk.back_up_if_due().await) {
            Ok(()) => None,
            Err(error) => {
                tracing::error!(error = error.chain(), "the book could not be backed up");
                Some(Instant::now())
            }
        };
    }
}

impl Desk {
    pub(super) fn backup_by(&self) -> By {
        AUTOMATIC.by(self.now(), Desk::new_request())
    }

    /// Writes who was forgotten beside the book and beside the backups: an older backup still has them. The folder of the
    /// backups may be away; the error says so then, and what lies beside the book is written.
    pub(crate) async fn list_erasures(&self) -> Result<Listing, AppError> {
        let (book, erasures, settings) = self
            .shelf
            .read(|book| Ok((book.stamp()?.book_id, book.erasures()?, backup_settings(book)?)))
            .await?;
        if erasures.is_empty() {
            return Ok(Listing { beside_backups: Ok(()) });
        }
        let data = self.shared.config.data.clone();
        blocking(move || {
            let book = book.to_string();
            let listed = listed(&book, erasures);
            backup::write_erased(&data, &book, &listed).map_err(backup_error)?;
            let folder = settings.folder.as_deref().map(Path::new);
            let beside_backups = folder.map_or(Ok(()), |folder| backup::write_erased(folder, &book, &listed));
            Ok(Listing { beside_backups: beside_backups.map_err(backup_error) })
        })
        .await
    }

    async fn back_up_if_due(&self) -> Result<(), AppError> {
        let now = self.now();
        let (settings, standing, turns_at) = self
            .shelf
            .read(|book| Ok((backup_settings(book)?, book.backups()?, book.day_turns_at()?)))
            .await?;
        if settings.folder.is_none() {
            return Ok(());
        }
        let today = business_date(now, turns_at);
        if settings.daily
            && standing.good.as_ref().is_none_or(|good| business_date(good.at, turns_at) != today)
        {
            self.back_up(self.backup_by()).await?;
        }
        self.drill_if_due().await
    }

    /// Makes a backup because somebody asked for one, and tries it at once where a drill is due: the stick may be taken away
    /// right after.
    pub(crate) async fn back_up_by_hand(&self, by: By) -> Result<(), AppError> {
        self.back_up(by).await?;
        if let Err(error) = self.drill_if_due().await {
            // It stands among the runs, and the screen warns.
            tracing::error!(error = error.chain(), "the backup was made, and its drill failed");
        }
        Ok(())
    }

    /// The program is about to end: a backup where the newest is older than a day.
    pub(crate) async fn back_up_before_closing(&self) {
        let now = self.now();
        let read = self.shelf.read(|book| Ok((backup_settings(book)?, book.backups()?))).await;
        let Ok((settings, standing)) = read else { return };
        let fresh = standing.good.is_some_and(|good| now.since(good.at) < DAY_MS);
        if self.book_state() != BookState::Ok || settings.folder.is_none() || !settings.daily || fresh {
            return;
        }
        match tokio::time::timeout(LONGEST_CLOSING, self.back_up(self.backup_by())).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(error = error.chain(), "no backup before closing"),
            Err(_) => tracing::error!("no backup before closing: it took too long"),
        }
    }

    /// Makes a backup and notes it, good or not.
    pub(crate) async fn back_up(&self, by: By) -> Result<(), AppError> {
        let _one_at_a_time = self.one_at_a_time.backing.lock().await;
        let made = match self.list_erasures().await.and_then(|listing| listing.beside_backups) {
            Ok(()) => self.make_backup(by).await,
            Err(error) => Err(error),
        };
        let run = match &made {
            Ok((name, meta)) => NewRun {
                drill: false,
                file: Some(name.to_string()),
                transactions: Some(meta.transactions),
                head: Some(meta.head.clone()),
                fault: None,
            },
            Err(error) => NewRun {
                drill: false,
                file: None,
                transactions: None,
                head: None,
                fault: Some(error.code().word()),
            },
        };
        self.note_run(by, run).await?;
        made.map(drop)
    }

    pub(super) async fn note_run(&self, by: By, run: NewRun) -> Result<(), AppError> {
        self.shelf
            .write(move |book| {
                let standing = book.reader().backups()?;
                let before = if run.drill { standing.drill } else { standing.last };
                let known = before.is_some_and(|before| {
                    before.fault.as_deref() == run.fault && by.now.since(before.at) < FAULT_AGAIN_MS
                });
                if run.fault.is_some() && known { Ok(()) } else { book.note_run(&by, &run) }
            })
            .await?;
        self.tell(&Event::State);
        Ok(())
    }

    pub(super) async fn backup_folder(&self) -> Result<PathBuf, AppError> {
        let settings = self.shelf.read(backup_settings).await?;
        Ok(PathBuf::from(settings.folder.ok_or(Refusal::BackupUnset)?))
    }

    async fn make_backup(&self, by: By) -> Result<(Name, Meta), AppError> {
        let folder = self.backup_folder().await?;
        // A broken book does not take the place of good backups.
        match self.book_state() {
            BookState::Ok => {}
            BookState::Auditing => return Err(Refusal::BookAuditing.into()),
            BookState::Broken => return Err(LedgerError::ReadOnly.into()),
        }
        let identity = self.shared.backup_keys.own().await?;
        self.know_key(by, &identity).await?;
        let (stamp, turns_at, good) = self
            .shelf
            .read(|book| Ok((book.stamp()?, book.day_turns_at()?, book.backups()?.good_drill)))
            .await?;
        let (data, path, mode) = (self.shared.config.data.clone(), self.path(), self.mode);
        let good = good.and_then(|good| Name::parse(&good.file?));
        blocking(move || {
            let scratch = Scratch::new(&data).map_err(io_error)?;
            let copy = scratch.file(BOOK);
            let copied = ledger::copy_book(&path, &copy, std::thread::yield_now)?;
            let mut parts = vec![Part { name: BOOK.to_owned(), path: copy }];
            let people = data.join(PEOPLE);
            if people.exists() {
                let copy = scratch.file(PEOPLE);
                ledger::copy_database(&people, &copy)?;
                parts.push(Part { name: PEOPLE.to_owned(), path: copy });
            }
            let book = stamp.book_id.to_string();
            let names = backup::list(&folder).map_err(backup_error)?;
            let name = Name {
                mode: mode.word().to_owned(),
                book: short(&book),
                day: business_date(by.now, turns_at),
                sequence: backup::next_sequence(&names, mode.word(), &short(&book)),
            };
            let meta = Meta {
                book,
                mode: mode.word().to_owned(),
                day: name.day.clone(),
                sequence: name.sequence,
                at: by.now.0,
                transactions: copied.transactions,
                head: copied.head,
            };
            backup::write(&folder, &name, &identity, &meta, &parts).map_err(backup_error)?;
            thin_out(&folder, &name, good.as_ref());
            Ok((name, meta))
        })
        .await
    }

    /// Where the key is another one than the last backup's, the page that was printed opens no new backup: it is to be printed again.
    async fn know_key(&self, by: By, identity: &Identity) -> Result<(), AppError> {
        let recipient = identity.recipient().to_string();
        self.shelf
            .write(move |book| {
                let before: Option<String> = book.reader().setting(RECIPIENT)?;
                if before.as_ref() == Some(&recipient) {
                    return Ok(());
                }
                book.set(&by, RECIPIENT, &recipient)?;
                if before.is_some() {
                    book.set(&by, BACKUP_KEY_SHOWN, &None::<UnixMillis>)?;
                }
                Ok(())
            })
            .await
    }

    pub(crate) async fn backup_files(&self) -> Result<Vec<BackupFileView>, AppError> {
        let folder = self.backup_folder().await?;
        let own = short(&self.shelf.read(|book| book.stamp()).await?.book_id.to_string());
        let mode = self.mode.word();
        blocking(move || {
            let names = backup::list(&folder).map_err(backup_error)?;
            let of_mode = names.into_iter().filter(|name| name.mode == mode);
            Ok(of_mode
                .map(|name| BackupFileView {
                    bytes: std::fs::metadata(folder.join(name.to_string())).map_or(0, |file| file.len()),
                    own_book: name.book == own,
                    file: name.to_string(),
                    day: name.day,
                })
                .collect())
        })
        .await
    }

    pub(crate) async fn try_backup_folder(&self, folder: String) -> Result<(), AppError> {
        // Before anything is promised: without a keyring there would be no key.
        self.shared.backup_keys.own().await?;
        blocking(move || {
            let folder = PathBuf::from(folder);
            if !folder.is_absolute() || !folder.is_dir() {
                return Err(Refusal::BackupNoFolder.into());
            }
            let tried = folder.join("pointill-try.tmp");
            std::fs::write(&tried, b"pointill").map_err(io_error)?;
            std::fs::remove_file(&tried).map_err(io_error)
        })
        .await
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.shared.config.data.join(format!("{}.db", self.mode.word()))
    }
}

/// A book's erasures as its list has them.
pub(crate) fn listed(book: &str, erasures: Vec<Erasure>) -> BTreeSet<Erased> {
    let line = |erasure: Erasure| Erased {
        book: book.to_owned(),
        member: erasure.member.0,
        since: erasure.since.0,
        at: erasure.at.0,
    };
    erasures.into_iter().map(line).collect()
}
