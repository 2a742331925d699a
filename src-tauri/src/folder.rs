//! The data folder, before the till has it.

use std::fs::{DirBuilder, File};
use std::io;
use std::path::Path;

/// From here on, files of this program are for this account's eyes only, also in a folder that others may look into.
pub(crate) fn keep_private() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// Makes the folder, and those above it.
pub(crate) fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(folder)
}

/// Whether files can be written in it. It is made if it is not there.
pub(crate) fn usable(folder: &Path) -> bool {
    let probe = folder.join(".probe");
    let tried = make(folder).and_then(|()| File::create(&probe)).and_then(|_| std::fs::remove_file(&probe));
    if let Err(error) = &tried {
        tracing::error!(%error, "the folder {} cannot be used", folder.display());
    }
    tried.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_a_file_in_its_place_is_not_usable() {
        let home = tempfile::tempdir().unwrap();
        assert!(usable(&home.path().join("a/b")));
        assert!(
            std::fs::read_dir(home.path().join("a/b")).unwrap().next().is_none(),
            "something was left behind"
        );
        File::create(home.path().join("file")).unwrap();
        assert!(!usable(&home.path().join("file")) && !usable(&home.path().join("file/b")));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_folder_that_can_only_be_read_is_not_usable() {
        // Nobody, not even root, makes files there.
        assert!(!usable(Path::new("/proc/self/task")));
    }
}
