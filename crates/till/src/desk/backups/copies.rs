//! What lies beside the book as it was once: the book that another took the place of, and the one from before a change of its
//! schema.
//!
//! Neither stays there unsealed. A person could not be forgotten in it: this version writes into no older schema without changing
//! it, and a broken book takes nothing. Sealed it is what any older backup is: kept, and made to forget when it is put back, since
//! a name, a day and a number make it one. It goes into a folder of its own, where no rule thins it out: beside the backups, on
//! another disk, or inside the data folder where those are away.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use backup::{Identity, Meta, Name, Part, short};
use counter::wire::BookState;
use counter::{AppError, Refusal, backup_settings};
use ledger::{Copied, Mode, ReadStore, UnixMillis, business_date};

use super::{BOOK, Desk, blocking};
use crate::desk::backup_file::{backup_error, io_error};
use crate::scratch::Scratch;

/// The folder of what was sealed.
const KEPT: &str = "pointill-kept";
const BEFORE: &str = "before-";
const ASIDE: &str = "aside-";

impl Desk {
    /// Seals what lies beside the book, once the book has proved itself: until then a copy from before a migration may be all there
    /// is. What was sealed and read back is removed.
    pub(crate) async fn seal_copies(&self) -> Result<(), AppError> {
        let _one_at_a_time = self.one_at_a_time.sealing.lock().await;
        let (data, mode) = (self.shared.config.data.clone(), self.mode);
        let found = blocking(move || copies(&data, mode).map_err(io_error)).await?;
        if found.is_empty() || self.book_state() != BookState::Ok {
            return Ok(());
        }
        let identity = self.shared.backup_keys.own().await?;
        let (settings, stamp, turns_at) =
            self.shelf.read(|book| Ok((backup_settings(book)?, book.stamp()?, book.day_turns_at()?))).await?;
        let data = self.shared.config.data.clone();
        let (now, book) = (self.now(), stamp.book_id.to_string());
        blocking(move || {
            let outside = settings.folder.map(PathBuf::from);
            let to = Places { data, outside, mode, day: business_date(now, turns_at), now, book };
            found.iter().try_for_each(|copy| to.seal(copy, &identity))
        })
        .await
    }

    /// Somebody was forgotten: nothing of them is left unsealed beside the book. A copy from before a migration goes in any case,
    /// since the book has proved itself after it.
    pub(crate) async fn leave_no_copy(&self) -> Result<(), AppError> {
        let Err(error) = self.seal_copies().await else { return Ok(()) };
        let (data, mode) = (self.shared.config.data.clone(), self.mode);
        let left = blocking(move || {
            let (before, aside): (Vec<_>, Vec<_>) = copies(&data, mode)
                .map_err(io_error)?
                .into_iter()
                .partition(|copy| is_of(copy, mode, BEFORE));
            before.iter().try_for_each(|copy| remove(copy)).map_err(io_error)?;
            Ok(aside.len())
        })
        .await?;
        if left == 0 { Ok(()) } else { Err(error) }
    }
}

fn is_of(path: &Path, mode: Mode, kind: &str) -> bool {
    let name = path.file_name().and_then(std::ffi::OsStr::to_str).unwrap_or_default();
    name.starts_with(&format!("{}.{kind}", mode.word()))
}

/// The copies of a mode's books that lie unsealed in the data folder. What a crash left half made is removed.
fn copies(data: &Path, mode: Mode) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(data)? {
        let path = entry?.path();
        if !is_of(&path, mode, BEFORE) && !is_of(&path, mode, ASIDE) {
            continue;
        }
        match path.extension().and_then(std::ffi::OsStr::to_str) {
            Some("db") => found.push(path),
            Some("part") => fs::remove_file(path)?,
            Some(_) | None => {}
        }
    }
    found.sort();
    Ok(found)
}

/// A copy with its log. The file last: without its log it would be an older state.
fn remove(copy: &Path) -> std::io::Result<()> {
    for ending in ["-wal", "-shm", ""] {
        let mut name = copy.as_os_str().to_owned();
        name.push(ending);
        match fs::remove_file(name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// Where copies go, and how they are named.
struct Places {
    data: PathBuf,
    /// The folder of the backups.
    outside: Option<PathBuf>,
    mode: Mode,
    day: String,
    now: UnixMillis,
    /// The id of the book that they lie beside.
    book: String,
}

impl Places {
    fn seal(&self, copy: &Path, identity: &Identity) -> Result<(), AppError> {
        let scratch = Scratch::new(&self.data).map_err(io_error)?;
        let (parts, book, copied) = match whole(copy, &scratch) {
            Ok((part, book, copied)) => (vec![part], book, copied),
            Err(error) => {
                tracing::warn!(error = error.chain(), "a put-aside book cannot be read; its bytes are kept");
                let unread = Copied { transactions: 0, head: String::new() };
                (bytes(copy), self.book.clone(), unread)
            }
        };
        // No later than what is in it: from here PortOne would be asked, were it put back.
        let written = fs::metadata(copy).and_then(|file| file.modified()).ok();
        let written = written.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
        let at = written.and_then(|at| i64::try_from(at.as_millis()).ok()).unwrap_or(self.now.0);
        let mut meta = Meta {
            mode: self.mode.word().to_owned(),
            day: self.day.clone(),
            sequence: 0,
            at: at.min(self.now.0),
            transactions: copied.transactions,
            head: copied.head,
            book,
        };
        // A stick that is not there is not made here.
        let outside = self.outside.iter().filter(|folder| folder.is_dir()).map(|folder| folder.join(KEPT));
        let mut sealed = Err(Refusal::BackupNoFolder.into());
        for folder in outside.chain([self.data.join(KEPT)]) {
            sealed = put(&folder, identity, &mut meta, &parts);
            if sealed.is_ok() {
                break;
            }
        }
        sealed?;
        remove(copy).map_err(io_error)
    }
}

/// A copy as one file, with its log in it.
fn whole(copy: &Path, scratch: &Scratch) -> Result<(Part, String, Copied), AppError> {
    let book = ReadStore::open(copy)?.read(|book| Ok(book.stamp()?.book_id.to_string()))?;
    let path = scratch.file(BOOK);
    let copied = ledger::copy_book(copy, &path, std::thread::yield_now)?;
    Ok((Part { name: BOOK.to_owned(), path }, book, copied))
}

/// A copy that cannot be read, as it lies there.
fn bytes(copy: &Path) -> Vec<Part> {
    let mut log = copy.as_os_str().to_owned();
    log.push("-wal");
    let files = [(BOOK.to_owned(), copy.to_owned()), (format!("{BOOK}.wal"), PathBuf::from(log))];
    files.into_iter().filter(|(_, path)| path.exists()).map(|(name, path)| Part { name, path }).collect()
}

fn put(folder: &Path, identity: &Identity, meta: &mut Meta, parts: &[Part]) -> Result<(), AppError> {
    fs::create_dir_all(folder).map_err(io_error)?;
    let names = backup::list(folder).map_err(backup_error)?;
    let book = short(&meta.book);
    meta.sequence = backup::next_sequence(&names, &meta.mode, &book);
    let name = Name { mode: meta.mode.clone(), book, day: meta.day.clone(), sequence: meta.sequence };
    backup::write(folder, &name, identity, meta, parts).map_err(backup_error)?;
    if cfg!(unix)
        && let Some(above) = folder.parent()
    {
        File::open(above).and_then(|above| above.sync_all()).map_err(io_error)?;
    }
    Ok(())
}
