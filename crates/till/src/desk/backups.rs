//! The backups of a desk's book: made, read back, thinned out, and tried in a drill.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use backup::{BackupError, Erased, Identity, Meta, Name, Part, short};
use counter::wire::{BackupFileView, BookState, Event, RestoreChecked};
use counter::{AUTOMATIC, AppError, BACKUP_KEY_SHOWN, Refusal, backup_settings};
use ledger::{By, LedgerError, NewRun, UnixMillis, business_date};

use super::Desk;
use super::backup_file::{backup_error, io_error, prove, thin_out};
use crate::scratch::Scratch;

/// The book inside a backup.
pub(crate) const BOOK: &str = "book.db";
/// The shop's people, beside the books and inside a backup.
const PEOPLE: &str = "staff.db";
/// The setting with the public half of the key of the last backup.
const RECIPIENT: &str = "backup_recipient";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const DRILL_EVERY_MS: i64 = 7 * DAY_MS;
/// The same fault is not written down more often than this.
const FAULT_AGAIN_MS: i64 = 60 * 60 * 1000;
const LOOK_EVERY: Duration = Duration::from_secs(60);
const RETRY_AFTER: Duration = Duration::from_secs(10 * 60);
/// A folder on a network that hangs does not keep the program open.
const LONGEST_CLOSING: Duration = Duration::from_secs(60);

/// A backup that was opened in a scratch folder and proved.
pub(crate) struct Opened {
    pub(crate) scratch: Scratch,
    pub(crate) meta: Meta,
    pub(crate) last_money_at: Option<UnixMillis>,
}

async fn blocking<T: Send + 'static>(
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
        let listed = desk.list_erasures().await;
        failed = match listed.and(desk.back_up_if_due().await) {
            Ok(()) => None,
            Err(error) => {
                tracing::error!(error = error.chain(), "the book could not be backed up");
                Some(Instant::now())
            }
        };
    }
}

impl Desk {
    fn backup_by(&self) -> By {
        AUTOMATIC.by(self.now(), Desk::new_request())
    }

    /// Writes who was forgotten beside the backups and beside the book: an older backup still has them.
    pub(crate) async fn list_erasures(&self) -> Result<(), AppError> {
        let (book, erasures, settings) = self
            .shelf
            .read(|book| Ok((book.stamp()?.book_id, book.erasures()?, backup_settings(book)?)))
            .await?;
        if erasures.is_empty() {
            return Ok(());
        }
        let data = self.shared.config.data.clone();
        blocking(move || {
            let book = book.to_string();
            let listed = erasures
                .into_iter()
                .map(|erasure| Erased {
                    book: book.clone(),
                    member: erasure.member.0,
                    since: erasure.since.0,
                    at: erasure.at.0,
                })
                .collect();
            backup::write_erased(&data, &book, &listed).map_err(backup_error)?;
            match settings.folder {
                Some(folder) => {
                    backup::write_erased(Path::new(&folder), &book, &listed).map_err(backup_error)
                }
                None => Ok(()),
            }
        })
        .await
    }

    async fn back_up_if_due(&self) -> Result<(), AppError> {
        let now = self.now();
        let (settings, standing, turns_at) = self
            .shelf
            .read(|book| Ok((backup_settings(book)?, book.backups()?, book.day_turns_at()?)))
            .await?;
        if settings.folder.is_none() || !settings.daily {
            return Ok(());
        }
        let today = business_date(now, turns_at);
        if standing.good.as_ref().is_none_or(|good| business_date(good.at, turns_at) != today) {
            self.back_up(self.backup_by()).await?;
        }
        let drilled = standing.good_drill.filter(|drill| now.since(drill.at) < DRILL_EVERY_MS);
        if drilled.is_none() {
            self.drill(self.backup_by()).await?;
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
        let _one_at_a_time = self.backing.lock().await;
        let made = match self.list_erasures().await {
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

    async fn note_run(&self, by: By, run: NewRun) -> Result<(), AppError> {
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

    async fn backup_folder(&self) -> Result<PathBuf, AppError> {
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

    /// Opens the newest backup beside the book, proves it, and compares it with the book's own chain.
    pub(crate) async fn drill(&self, by: By) -> Result<(), AppError> {
        let _one_at_a_time = self.backing.lock().await;
        let mut file = None;
        let drilled = self.drill_newest(&mut file).await;
        let (meta, fault) = match &drilled {
            Ok(meta) => (Some(meta), None),
            Err(error) => (None, Some(error.code().word())),
        };
        let run = NewRun {
            drill: true,
            file,
            transactions: meta.map(|meta| meta.transactions),
            head: meta.map(|meta| meta.head.clone()),
            fault,
        };
        self.note_run(by, run).await?;
        drilled.map(drop)
    }

    async fn drill_newest(&self, file: &mut Option<String>) -> Result<Meta, AppError> {
        let folder = self.backup_folder().await?;
        let book = short(&self.shelf.read(|book| book.stamp()).await?.book_id.to_string());
        let mode = self.mode.word();
        let names = blocking(move || backup::list(&folder).map_err(backup_error)).await?;
        let newest = names.into_iter().find(|name| name.mode == mode && name.book == book);
        let newest = newest.ok_or(Refusal::BackupNoFolder)?.to_string();
        *file = Some(newest.clone());
        let opened = self.open_backup(&newest).await?;
        if self.behind(&opened.meta).await?.is_none() {
            return Err(Refusal::BackupNotPrefix.into());
        }
        Ok(opened.meta)
    }

    /// How many transactions the book has more than a backup of it; `None`: the two are not one history.
    async fn behind(&self, meta: &Meta) -> Result<Option<i64>, AppError> {
        let meta = meta.clone();
        let behind = move |book: &ledger::Reader<'_>| {
            let own = book.stamp()?.book_id.to_string() == meta.book
                && book.chain_at(meta.transactions)?.as_ref() == Some(&meta.head);
            Ok(own.then_some(book.head()?.0.saturating_sub(meta.transactions)))
        };
        self.shelf.read(behind).await
    }

    /// Opens a backup of the folder in a scratch folder and proves it.
    pub(crate) async fn open_backup(&self, file: &str) -> Result<Opened, AppError> {
        // A name, and no way out of the folder.
        let name = Name::parse(file).ok_or(Refusal::BackupNotOurs)?;
        let path = self.backup_folder().await?.join(name.to_string());
        let keys = self.shared.backup_keys.all().await?;
        let (data, mode, now) = (self.shared.config.data.clone(), self.mode, self.now());
        blocking(move || {
            let mut found = Err(BackupError::WrongKey);
            let scratch = Scratch::new(&data).map_err(io_error)?;
            for key in keys {
                found = backup::extract(&path, &key, scratch.folder());
                if !matches!(found, Err(BackupError::WrongKey)) {
                    break;
                }
            }
            let meta = found.map_err(backup_error)?;
            let last_money_at = prove(&scratch.file(BOOK), mode, &meta, now)?;
            Ok(Opened { scratch, meta, last_money_at })
        })
        .await
    }

    pub(crate) async fn check_backup(&self, file: String) -> Result<RestoreChecked, AppError> {
        let opened = self.open_backup(&file).await?;
        // A book that cannot be read is no one history with anything.
        let behind = self.behind(&opened.meta).await.unwrap_or(None);
        Ok(RestoreChecked {
            file,
            made_at: UnixMillis(opened.meta.at),
            transactions: opened.meta.transactions,
            head: opened.meta.head,
            behind,
        })
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

    /// No pay window opens any more. `false`: one is open.
    pub(crate) fn hold_pages(&self, hold: bool) -> bool {
        let mut free = true;
        let is_current = self.shared.while_current(self.mode, || {
            free = !hold || !self.has_page();
            self.held_back.store(hold && free, Ordering::SeqCst);
        });
        is_current && free
    }
}
