//! The screens: npm's part.

use std::fs;
use std::process::Command;

use anyhow::{Context, bail};

use crate::place::Place;
use crate::run::{run, said};

/// Vite's own limit.
const OLDEST: (u32, u32) = (20, 19);

/// Node cannot be installed by us: Debian's is too old, and which other source is right is for the machine's owner.
pub(crate) fn ready() -> anyhow::Result<()> {
    let (major, minor) = OLDEST;
    let Some(found) = said("node", &["--version"]) else {
        bail!("Node {major}.{minor} or newer is missing: install Node, with npm");
    };
    if version(&found).is_none_or(|found| found < OLDEST) {
        bail!("Node {found} is too old: {major}.{minor} or newer is needed");
    }
    let Some(npm) = said(NPM, &["--version"]) else {
        bail!("npm is missing: it comes with Node");
    };
    println!("Node {found}, npm {npm}");
    Ok(())
}

const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

fn version(said: &str) -> Option<(u32, u32)> {
    let mut parts = said.strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// `npm ci`, unless what the lock file says is what was installed.
pub(crate) fn install(place: &Place) -> anyhow::Result<()> {
    let lock = fs::read(place.ui().join("package-lock.json")).context("ui/package-lock.json")?;
    // Inside, so that whoever removes node_modules removes it too. `npm ci` itself begins with removing all.
    let installed = place.ui().join("node_modules/.pointill-lock.json");
    if fs::read(&installed).is_ok_and(|installed| installed == lock) {
        println!("node_modules is what package-lock.json says");
        return Ok(());
    }
    run(npm(place).args(["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&installed, lock).with_context(|| installed.display().to_string())
}

/// Runs a script of `ui/package.json`.
pub(crate) fn script(place: &Place, name: &str) -> anyhow::Result<()> {
    run(npm(place).args(["run", name]))
}

fn npm(place: &Place) -> Command {
    let mut command = Command::new(NPM);
    command.current_dir(place.ui());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_as_old_as_its_first_two_numbers() {
        assert_eq!(version("v20.20.2"), Some((20, 20)));
        assert!(version("v20.18.3") < Some(OLDEST));
        assert!(version("v24.0.0") > Some(OLDEST));
        assert_eq!(version("20.19.0"), None);
    }
}
