//! Where things are.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// The folders of a run.
pub(crate) struct Place {
    /// The repository.
    pub(crate) root: PathBuf,
    /// What cargo builds; may be outside the repository.
    pub(crate) built: PathBuf,
}

impl Place {
    /// Asked at run time: a kept target folder may hold an xtask that was built in another clone.
    pub(crate) fn find() -> anyhow::Result<Place> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").context("start this as `cargo xtask`")?;
        let root = Path::new(&manifest).parent().context("xtask has no parent")?.to_owned();
        // This program is <target>/debug/xtask, wherever a variable or a configuration put that.
        let me = std::env::current_exe()?;
        let built = me.parent().context("this program has no folder")?.to_owned();
        Ok(Place { root, built })
    }

    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// Pictures and books for people: in the repository, wherever cargo builds.
    pub(crate) fn demo(&self) -> PathBuf {
        self.root.join("target/demo")
    }
}
