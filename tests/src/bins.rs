//! Where the programs under test are.

use std::path::PathBuf;

use anyhow::{Context, bail};

/// The path of a program of this workspace.
///
/// `POINTILL_BIN_DIR` says where; otherwise it is looked for beside the program that runs now. `cargo xtask test` sets it to
/// copies that were built one by one: built together with devhost, the app would be another one than the one that is shipped.
///
/// # Errors
/// It was not built; the error says how.
pub fn bin(name: &str) -> anyhow::Result<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    if let Some(folder) = std::env::var_os("POINTILL_BIN_DIR") {
        let path = PathBuf::from(folder).join(&file);
        if path.is_file() {
            return Ok(path);
        }
        bail!(
            "{} is not there: run `cargo xtask test` or `cargo xtask demo`, which build it",
            path.display()
        );
    }
    // target/debug/demo, or target/debug/deps/flows-0123456789abcdef
    let me = std::env::current_exe().context("the path of this program")?;
    me.ancestors()
        .skip(1)
        .take(2)
        .flat_map(|folder| [folder.join("under-test").join(&file), folder.join(&file)])
        .find(|path| path.is_file())
        .with_context(|| format!("`{name}` is not built: run `cargo xtask test`, or `cargo build -p {name}`"))
}
