//! Files for the shop: filled out of sight, then put into their place at once, and never over another file.

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use counter::{AppError, FillError, Out, Refusal};
use tempfile::{Builder, NamedTempFile};

use crate::desk::Desk;

/// So many files of one name and day are told apart.
const MOST_OF_A_NAME: u32 = 999;

/// A filled file without its name. Dropped, it goes.
pub(crate) struct Draft(NamedTempFile);

impl Desk {
    /// Where files for the shop go.
    pub(crate) fn files(&self) -> PathBuf {
        let config = &self.shared.config;
        config.shell.files().unwrap_or_else(|| config.data.join("exports"))
    }
}

fn refused(error: &std::io::Error) -> AppError {
    tracing::error!(%error, "a file could not be written");
    match error.kind() {
        std::io::ErrorKind::StorageFull => Refusal::NoRoomForFile.into(),
        _ => Refusal::FileNotWritten.into(),
    }
}

/// Fills a new file in `folder`, which is made if it is not there. Blocks.
pub(crate) fn draft<T>(
    folder: &Path,
    fill: impl FnOnce(Out<'_>) -> Result<T, FillError>,
) -> Result<(Draft, T), AppError> {
    std::fs::create_dir_all(folder).map_err(|error| refused(&error))?;
    // In the same folder, so that it is put into its place by a new name alone.
    let file = Builder::new()
        .prefix(".pointill-")
        .suffix(".part")
        .tempfile_in(folder)
        .map_err(|error| refused(&error))?;
    let mut out = BufWriter::new(file);
    let value = fill(&mut out).map_err(|error| {
        tracing::error!(error = ?error, "a file could not be filled");
        AppError::from(error)
    })?;
    out.flush().map_err(|error| refused(&error))?;
    let file = out.into_inner().map_err(|error| refused(error.error()))?;
    file.as_file().sync_all().map_err(|error| refused(&error))?;
    Ok((Draft(file), value))
}

/// Puts a filled file into its place; where that is. Blocks.
pub(crate) fn save(draft: Draft, folder: &Path, name: &str) -> Result<String, AppError> {
    let Draft(mut file) = draft;
    for number in 1..=MOST_OF_A_NAME {
        let path = folder.join(numbered(name, number));
        match file.persist_noclobber(&path) {
            Ok(_) => return Ok(path.display().to_string()),
            Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => file = error.file,
            Err(error) => return Err(refused(&error.error)),
        }
    }
    Err(Refusal::FileNotWritten.into())
}

/// `내역.csv`, `내역 (2).csv` …
fn numbered(name: &str, number: u32) -> String {
    // A name is one step: it leads into no other folder.
    let name: String = name
        .chars()
        .map(|sign| if sign.is_control() || "/\\:*?\"<>|".contains(sign) { '_' } else { sign })
        .collect();
    let name = name.trim_start_matches('.');
    match (number, name.rsplit_once('.')) {
        (1, _) => name.to_owned(),
        (number, Some((stem, end))) => format!("{stem} ({number}).{end}"),
        (number, None) => format!("{name} ({number})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(folder: &Path, text: &str, name: &str) -> String {
        let (draft, ()) = draft(folder, |out| {
            out.write_all(text.as_bytes()).map_err(|error| FillError::from(sheet_error(error)))
        })
        .unwrap();
        save(draft, folder, name).unwrap()
    }

    fn sheet_error(error: std::io::Error) -> sheet::SheetError {
        error.into()
    }

    fn inside(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_never_written_over_another() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("내려받기");
        let first = written(&folder, "1", "내역.csv");
        let second = written(&folder, "2", "내역.csv");
        assert_eq!(inside(&folder), ["내역 (2).csv", "내역.csv"]);
        assert_eq!(std::fs::read_to_string(first).unwrap(), "1");
        assert_eq!(std::fs::read_to_string(second).unwrap(), "2");
    }

    #[test]
    fn a_file_that_was_not_filled_leaves_nothing_behind() {
        let home = tempfile::tempdir().unwrap();
        let full = || std::io::Error::from(std::io::ErrorKind::StorageFull);
        let failed = draft(home.path(), |_| Err::<(), _>(FillError::from(sheet_error(full()))));
        assert_eq!(failed.err().unwrap().code(), counter::ErrorCode::DiskFull);
        let (dropped, ()) = draft(home.path(), |_| Ok(())).unwrap();
        drop(dropped);
        assert!(inside(home.path()).is_empty());
    }

    #[test]
    fn a_name_leads_into_no_other_folder() {
        assert_eq!(numbered("../../etc/x.csv", 1), "_.._etc_x.csv");
        assert_eq!(numbered("명세서.xlsx", 3), "명세서 (3).xlsx");
    }
}
