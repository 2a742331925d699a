//! The programs under test, each as it is shipped.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::place::Place;
use crate::run::run;
use crate::rust::cargo;

/// Builds them and puts copies where no later build replaces them.
///
/// Cargo gives a dependency the features of all that is built together: built beside devhost, the app could be pointed at
/// another address than PortOne's. So it is built by itself, and what `--workspace` makes of it later is not used.
pub(crate) fn build(place: &Place) -> anyhow::Result<PathBuf> {
    let app = ["build", "--package", "pointill", "--features", "tauri/custom-protocol"];
    run(&mut cargo(place, &app))?;
    let folder = place.built.join("under-test");
    fs::create_dir_all(&folder)?;
    keep(place, &folder, "pointill")?;
    run(&mut cargo(place, &["build", "--package", "devhost", "--package", "portone-sim"]))?;
    keep(place, &folder, "devhost")?;
    keep(place, &folder, "portone-sim")?;
    Ok(folder)
}

fn keep(place: &Place, folder: &Path, name: &str) -> anyhow::Result<()> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let (built, kept) = (place.built.join(&file), folder.join(&file));
    // Renamed into place: a copy that runs cannot be written to.
    let half = folder.join(format!("{file}.new"));
    fs::copy(&built, &half)
        .and_then(|_| fs::rename(&half, &kept))
        .with_context(|| built.display().to_string())
}
