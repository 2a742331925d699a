//! The state file: payments and pre-registrations that survive a restart.

use std::{
    fmt,
    fs::{self, File, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use anyhow::{Context as _, bail};

use crate::world::Book;

/// The state file is there, and is not one of ours. `anyhow::Error::is` tells it from the other
/// reasons for which a start fails, so that only such a file is put aside.
#[derive(Debug)]
pub struct UnreadableState(PathBuf);

impl fmt::Display for UnreadableState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the state file {} is not one of ours", self.0.display())
    }
}

/// One JSON file, replaced as a whole after each change.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    /// A file beside, locked while we run: two simulators would undo each other's changes. Not the
    /// file itself, since that is replaced. `None` = let go.
    lock: Mutex<Option<File>>,
}

impl Store {
    /// The book in the file, or an empty one if there is no file. A file that is in use, or that
    /// cannot be read, stops the start: going on would overwrite what somebody may still want.
    pub(crate) fn open(path: PathBuf) -> anyhow::Result<(Store, Book)> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
        }
        let lock = File::create(beside(&path, ".lock"))
            .with_context(|| format!("making the lock beside the state file {}", path.display()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                bail!("the state file {} is in use by another portone-sim", path.display())
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("locking the state file {}", path.display()));
            }
        }
        let book = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).with_context(|| UnreadableState(path.clone()))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Book::default(),
            Err(error) => {
                return Err(error).with_context(|| format!("reading the state file {}", path.display()));
            }
        };
        Ok((Store { path, lock: Mutex::new(Some(lock)) }, book))
    }

    /// Writes beside the file and renames, so that a power cut leaves the old or the new book.
    pub(crate) fn save(&self, book: &Book) -> io::Result<()> {
        let lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        if lock.is_none() {
            return Err(io::Error::other("the simulator has stopped"));
        }
        let new = beside(&self.path, ".tmp");
        let mut file = File::create(&new)?;
        file.write_all(&serde_json::to_vec(book)?)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&new, &self.path)
    }

    /// Lets another simulator have the file. From now on, nothing is written any more.
    pub(crate) fn release(&self) {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
