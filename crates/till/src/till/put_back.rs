//! A backup takes the place of the book. The book is put aside and never deleted; a crash at any point leaves the one or the other,
//! and the next start finishes what was begun.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use backup::{Erased, Meta};
use counter::wire::{Event, RestoreReport};
use counter::{AppError, Refusal};
use ledger::people::Person;
use ledger::{
    By, Erasure, LedgerError, Lost, MemberId, Mode, NewRestore, ReadStore, StaffId, Store, UnixMillis,
};
use portone_sim::Simulator;
use serde::{Deserialize, Serialize};

use super::Shared;
use crate::desk::Desk;
use crate::desk::backup_file::backup_error;
use crate::desk::backups::{BOOK, listed};
use crate::desk::drills::Opened;
use crate::shelf::OsRandom;

/// How far before the backup PortOne is asked: clocks differ, and a charge may have been under way.
const MARGIN_MS: i64 = 24 * 60 * 60 * 1000;
/// A report that is longer helps nobody.
const MOST_LOST: i64 = 10_000;

/// What is to be done, written down before the first file is moved.
#[derive(Serialize, Deserialize)]
struct Plan {
    /// The book that comes, relative to the data folder.
    comes: String,
    /// The name under which the old one is put aside.
    aside: String,
}

impl Shared {
    /// Puts the desk's book aside and a backup in its place, and opens it.
    pub(crate) async fn put_back(
        &self,
        desk: &Desk,
        by: By,
        file: String,
    ) -> Result<RestoreReport, AppError> {
        let request = by.request;
        // The second press of the same button, after the first one's answer was lost.
        if desk.shelf.read(move |book| book.was_restored_by(request)).await.unwrap_or(false) {
            return counter::restore_report(desk).await;
        }
        let opened = desk.open_backup(&file).await?;
        if let Ok(stamp) = desk.shelf.read(|book| book.stamp()).await
            && stamp.book_id.to_string() != opened.meta.book
            && !desk.shelf.read(|book| book.is_unused()).await?
        {
            return Err(Refusal::BackupOtherBook.into());
        }
        let _one_at_a_time = self.opening.lock().await;
        // Another may have been put back while this one waited.
        let old = self.opened(desk.mode).filter(|old| std::ptr::eq(&**old, desk));
        let old = old.ok_or(AppError::Internal("book closed"))?;
        // Windows open again on every way out of here.
        let _held_back = desk.hold_pages().ok_or(Refusal::WindowOpen)?;
        let folder =
            desk.shelf.read(counter::backup_settings).await.ok().and_then(|settings| settings.folder);
        let erased = erased(&self.config.data, folder.as_deref(), &opened.meta.book)?;
        let (data, mode) = (self.config.data.clone(), desk.mode);
        let practice = old.practice.clone();
        let register = self.people.register();
        let swapped = tokio::task::spawn_blocking(move || {
            old.close();
            swap(&data, mode, by, &file, opened, erased, &register.people)
        })
        .await
        .map_err(|_| AppError::Internal("restore thread"))
        .flatten();
        // The one that came, or the old one where none did. Where neither opens now, the next command tries again.
        let new = self.open_again(mode, practice).await?;
        swapped?;
        counter::restore_report(&*new).await
    }
}

impl Shared {
    /// Opens the book of a desk that was closed so that another could take its place. The caller holds `opening`.
    pub(super) async fn open_again(
        &self,
        mode: Mode,
        practice: Option<Arc<Simulator>>,
    ) -> Result<Arc<Desk>, AppError> {
        let new = self.new_desk(mode, practice).await?;
        if let Err(error) = new.know_people().await {
            tracing::error!(
                ?error,
                "the book that was put back heard of nobody; it hears at the next command"
            );
        }
        self.stand(&new);
        self.config.shell.emit(&Event::State);
        Ok(new)
    }
}

/// Who was forgotten since, by the list beside the book and the one beside the backups.
fn erased(data: &Path, folder: Option<&str>, book: &str) -> Result<BTreeSet<Erased>, AppError> {
    let mut erased = backup::read_erased(data, book).map_err(backup_error)?;
    if let Some(folder) = folder {
        erased.append(&mut backup::read_erased(Path::new(folder), book).map_err(backup_error)?);
    }
    Ok(erased)
}

fn swap(
    data: &Path,
    mode: Mode,
    by: By,
    file: &str,
    opened: Opened,
    mut erased: BTreeSet<Erased>,
    people: &[Person],
) -> Result<(), AppError> {
    let book = data.join(format!("{}.db", mode.word()));
    let lost = lost_since(&book, &opened.meta);
    // The old book is closed: whoever was forgotten in it stands in it, also where no list could be written.
    erased.append(&mut erased_in(&book, &opened.meta.book));
    let made_at = UnixMillis(opened.meta.at);
    let aside = format!("{}.aside-{}.db", mode.word(), by.now.0);
    let new = NewRestore {
        file: file.to_owned(),
        made_at,
        transactions: opened.meta.transactions,
        head: opened.meta.head.clone(),
        ask_from: opened.last_money_at.map_or(made_at, |last| last.min(made_at)).plus_ms(-MARGIN_MS),
        aside: Some(aside.clone()),
        lost,
    };
    let comes = opened.scratch.file(BOOK);
    let mut store = Store::open(&comes, mode, Box::new(OsRandom), by.now)?;
    store.write(|book| {
        for person in people {
            book.know_person(by.now, person.id, &person.name, person.role)?;
        }
        // In a shop without people whoever opened the old book may be nobody in this one.
        let known = |id: StaffId| Ok::<bool, LedgerError>(book.reader().staff(id)?.is_some());
        let actor = if known(by.actor)? { by.actor } else { StaffId(1) };
        let approver = match by.approver {
            Some(approver) if known(approver)? => Some(approver),
            Some(_) | None => None,
        };
        let by = By { actor, approver, ..by };
        let erasures: Vec<Erasure> = erased
            .iter()
            .map(|one| Erasure {
                member: MemberId(one.member),
                since: UnixMillis(one.since),
                at: UnixMillis(one.at),
            })
            .collect();
        book.replay_erasures(&by, &erasures)?;
        book.note_restore(&by, &new)
    })?;
    if !erased.is_empty() {
        store.scrub()?;
    }
    // The log is carried into the file, and gone with the last connection.
    drop(store);
    File::open(&comes).and_then(|file| file.sync_all()).map_err(failed)?;
    let comes = comes.strip_prefix(data).ok().and_then(Path::to_str).map(str::to_owned);
    let plan = Plan { comes: comes.ok_or(AppError::Internal("scratch folder"))?, aside };
    write_plan(data, mode, &plan).map_err(failed)?;
    finish(data, mode).map_err(|error| {
        // The plan stands, and is finished before anything is opened: what is to come has to be there then.
        opened.scratch.keep();
        failed(error)
    })
}

/// Who was forgotten in a book; nobody, where it is another one or cannot be read.
fn erased_in(path: &Path, book: &str) -> BTreeSet<Erased> {
    let read = ReadStore::open(path).and_then(|mut read| {
        read.read(|reader| {
            let own = reader.stamp()?.book_id.to_string() == book;
            Ok(if own { listed(book, reader.erasures()?) } else { BTreeSet::new() })
        })
    });
    read.unwrap_or_else(|error| {
        tracing::warn!(%error, "who was forgotten in the put-aside book cannot be told");
        BTreeSet::new()
    })
}

/// What the book has that the backup has not; `None`: it cannot be read, or is no later state of the backup.
fn lost_since(book: &Path, meta: &Meta) -> Option<Vec<Lost>> {
    let read = ReadStore::open(book).and_then(|mut book| {
        book.read(|book| {
            let own = book.stamp()?.book_id.to_string() == meta.book
                && book.chain_at(meta.transactions)?.as_ref() == Some(&meta.head);
            Ok(if own { Some(book.transactions_after(meta.transactions, MOST_LOST)?) } else { None })
        })
    });
    read.unwrap_or_else(|error| {
        tracing::warn!(%error, "what the put-aside book has more cannot be told");
        None
    })
}

fn failed(error: std::io::Error) -> AppError {
    tracing::error!(%error, "the book's files could not be moved");
    Refusal::DataFolder.into()
}

fn plan_path(data: &Path, mode: Mode) -> PathBuf {
    data.join(format!("{}.put-back.json", mode.word()))
}

fn write_plan(data: &Path, mode: Mode, plan: &Plan) -> std::io::Result<()> {
    let path = plan_path(data, mode);
    let unfinished = path.with_extension("part");
    let mut file = File::create(&unfinished)?;
    file.write_all(&serde_json::to_vec(plan)?)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&unfinished, &path)?;
    sync(data)
}

fn sync(folder: &Path) -> std::io::Result<()> {
    // Windows has no such call.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Does what a plan says, as far as it is not done yet. Without a plan there is nothing to do.
///
/// # Errors
/// A file did not move. The book is not opened then: an empty one in its place would be taken for it.
pub(crate) fn finish(data: &Path, mode: Mode) -> std::io::Result<()> {
    let path = plan_path(data, mode);
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let plan: Plan = serde_json::from_slice(&text)?;
    let (book, comes) = (data.join(format!("{}.db", mode.word())), data.join(&plan.comes));
    // The book that comes is there until it is in its place; what stands in the place until then is the old one.
    if comes.exists() {
        // With its log, if a crash left one: it is a part of that book, and would be read into the other.
        for ending in ["", "-wal", "-shm"] {
            let (from, to) = (suffixed(&book, ending), suffixed(&data.join(&plan.aside), ending));
            if from.exists() {
                fs::rename(from, to)?;
            }
        }
        fs::rename(&comes, &book)?;
        sync(data)?;
    }
    fs::remove_file(path)?;
    sync(data)
}

fn suffixed(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every state in which a crash can leave the files, and the same end after each.
    #[test]
    fn a_crash_between_any_two_moves_is_finished_at_the_next_start() {
        for moved in 0..=4 {
            let folder = tempfile::tempdir().unwrap();
            let data = folder.path();
            fs::create_dir(data.join("scratch-1")).unwrap();
            fs::write(data.join("scratch-1/book.db"), "new").unwrap();
            fs::write(data.join("live.db"), "old").unwrap();
            fs::write(data.join("live.db-wal"), "log").unwrap();
            let plan = Plan { comes: "scratch-1/book.db".to_owned(), aside: "live.aside-1.db".to_owned() };
            write_plan(data, Mode::Live, &plan).unwrap();
            let moves = [
                ("live.db", "live.aside-1.db"),
                ("live.db-wal", "live.aside-1.db-wal"),
                ("scratch-1/book.db", "live.db"),
            ];
            for (from, to) in moves.iter().take(moved) {
                fs::rename(data.join(from), data.join(to)).unwrap();
            }
            if moved == 4 {
                fs::remove_file(plan_path(data, Mode::Live)).unwrap();
            }
            finish(data, Mode::Live).unwrap();
            finish(data, Mode::Live).unwrap();
            let read = |name: &str| fs::read_to_string(data.join(name)).unwrap_or_default();
            assert_eq!(read("live.db"), "new", "after {moved} moves");
            assert_eq!((read("live.aside-1.db"), read("live.aside-1.db-wal")), ("old".into(), "log".into()));
            assert!(!data.join("live.db-wal").exists() && !plan_path(data, Mode::Live).exists());
        }
    }
}
