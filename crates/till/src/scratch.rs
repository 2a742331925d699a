//! A folder for a copy that is looked at and thrown away, inside the data folder: what lies in it is as private as the book.

use std::path::{Path, PathBuf};

use crate::shelf::OsRandom;

const START: &str = "scratch-";

/// Gone with all that is in it when it is dropped; a crash leaves it to [`clear`].
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new(data: &Path) -> std::io::Result<Scratch> {
        let mut bytes = [0; 8];
        ledger::Random::fill(&mut OsRandom, &mut bytes);
        let folder = data.join(format!("{START}{}", ledger::hex(&bytes)));
        std::fs::create_dir(&folder)?;
        Ok(Scratch(folder))
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Leaves it until the next start: a file in it is still to be moved.
    pub(crate) fn keep(self) {
        let _kept = std::mem::ManuallyDrop::new(self);
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "a copy that was looked at could not be removed; the next start does");
        }
    }
}

/// Removes what a crash left.
pub(crate) fn clear(data: &Path) {
    let Ok(entries) = std::fs::read_dir(data) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(START))
            && let Err(error) = std::fs::remove_dir_all(entry.path())
        {
            tracing::warn!(%error, "a copy that a crash left could not be removed");
        }
    }
}
