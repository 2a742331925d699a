//! The state file: payments and pre-registrations that survive a restart.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::PathBuf,
};

use anyhow::Context as _;

use crate::world::Book;

/// One JSON file, replaced as a whole after each change.
#[derive(Debug)]
pub(crate) struct Store(PathBuf);

impl Store {
    /// The book in the file, or an empty one if there is no file. A file that cannot be read stops
    /// the start: going on would overwrite what somebody may still want.
    pub(crate) fn open(path: PathBuf) -> anyhow::Result<(Store, Book)> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
        }
        let book = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .with_context(|| format!("the state file {} is not one of ours", path.display()))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Book::default(),
            Err(error) => {
                return Err(error).with_context(|| format!("reading the state file {}", path.display()));
            }
        };
        Ok((Store(path), book))
    }

    /// Writes beside the file and renames, so that a power cut leaves the old or the new book.
    pub(crate) fn save(&self, book: &Book) -> io::Result<()> {
        let mut beside = self.0.clone().into_os_string();
        beside.push(".tmp");
        let beside = PathBuf::from(beside);
        let mut file = File::create(&beside)?;
        file.write_all(&serde_json::to_vec(book)?)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&beside, &self.0)
    }
}
