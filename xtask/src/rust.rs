//! Cargo's part.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

use crate::place::Place;
use crate::run::{run, said};

/// With the screens inside the app, and with the tests that start programs. The same for lints and tests, so that
/// dependencies are compiled once for each.
///
/// The app runs everywhere, its windows are driven on Linux alone.
pub(crate) const FEATURES: &str = if cfg!(target_os = "linux") {
    "tauri/custom-protocol,pointill-tests/desktop,xtask/bench"
} else {
    "tauri/custom-protocol,xtask/bench"
};

/// rustfmt and clippy, which a minimal toolchain leaves out.
pub(crate) fn ready() -> anyhow::Result<()> {
    for (component, args) in [("rustfmt", ["fmt", "--version"]), ("clippy", ["clippy", "--version"])] {
        if said("cargo", &args).is_some() {
            continue;
        }
        if said("rustup", &["--version"]).is_none() {
            bail!("{component} is missing, and there is no rustup to install it with");
        }
        run(Command::new("rustup").args(["component", "add", component]))
            .with_context(|| format!("{component} is missing"))?;
    }
    Ok(())
}

/// A cargo as from a shell.
pub(crate) fn cargo(place: &Place, args: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    // `cargo xtask` tells us about the package xtask in variables. ring's build script looks at them: with them it, and all
    // that stands on it, would be built again after each cargo that was started by hand, and in each clone.
    for (name, _) in std::env::vars_os() {
        if name
            .to_str()
            .is_some_and(|name| ["CARGO_MANIFEST_", "CARGO_PKG_"].iter().any(|of| name.starts_with(of)))
        {
            command.env_remove(name);
        }
    }
    command.current_dir(&place.root).args(args);
    command
}

/// nextest where it is, `cargo test` otherwise. The programs under test are in `programs`.
pub(crate) fn tests(place: &Place, programs: &Path) -> anyhow::Result<()> {
    let workspace = ["--workspace", "--features", FEATURES];
    let here = |command: &mut Command| run(command.args(workspace).env("POINTILL_BIN_DIR", programs));
    if said("cargo", &["nextest", "--version"]).is_none() {
        // Doc tests are among these.
        return here(&mut cargo(place, &["test", "--no-fail-fast"]));
    }
    here(&mut cargo(place, &["nextest", "run", "--config-file", "tests/nextest.toml"]))?;
    here(&mut cargo(place, &["test", "--doc"]))
}

/// The test that compares the screen's types with Rust's writes them instead.
pub(crate) fn bindings(place: &Place) -> anyhow::Result<()> {
    run(cargo(place, &["test", "--package", "counter", "--test", "it", "bindings"])
        .env("UPDATE_BINDINGS", "1"))
}
