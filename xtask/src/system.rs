//! What the operating system must have: installed where we can, named where we cannot.

use std::io::IsTerminal as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

use crate::run::{run, said};

/// What the packages are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// Building the app.
    Build,
    /// Also driving it in a display of its own.
    DriveWindows,
}

/// Something that must be there, and the Debian package that brings it.
struct Need {
    purpose: Purpose,
    what: &'static str,
    package: &'static str,
    sign: Sign,
}

/// By what it is recognised.
enum Sign {
    Program(&'static str),
    Library(&'static str),
    File(&'static str),
}

const fn need(purpose: Purpose, what: &'static str, package: &'static str, sign: Sign) -> Need {
    Need { purpose, what, package, sign }
}

/// Tried on Debian 12. `pkg-config` stands before the libraries that are looked for with it.
const NEEDS: &[Need] = &[
    need(Purpose::Build, "a C compiler", "build-essential", Sign::Program("cc")),
    need(Purpose::Build, "make", "build-essential", Sign::Program("make")),
    need(Purpose::Build, "pkg-config", "pkg-config", Sign::Program("pkg-config")),
    need(Purpose::Build, "WebKitGTK 4.1", "libwebkit2gtk-4.1-dev", Sign::Library("webkit2gtk-4.1")),
    need(
        Purpose::Build,
        "certificate authorities",
        "ca-certificates",
        Sign::File("/etc/ssl/certs/ca-certificates.crt"),
    ),
    need(Purpose::DriveWindows, "a virtual display", "xvfb", Sign::Program("Xvfb")),
    need(Purpose::DriveWindows, "WebKit's WebDriver", "webkit2gtk-driver", Sign::Program("WebKitWebDriver")),
    need(Purpose::DriveWindows, "a message bus", "dbus", Sign::Program("dbus-daemon")),
    need(Purpose::DriveWindows, "dbus-send", "dbus", Sign::Program("dbus-send")),
    need(Purpose::DriveWindows, "a keyring", "gnome-keyring", Sign::Program("gnome-keyring-daemon")),
    need(Purpose::DriveWindows, "ImageMagick's import", "imagemagick", Sign::Program("import")),
];

/// Sees to it that everything is there.
pub(crate) fn ready(purpose: Purpose) -> anyhow::Result<()> {
    if !cfg!(target_os = "linux") {
        // macOS brings WebKit, Windows WebView2; their compilers come with Rust's own instructions.
        return Ok(());
    }
    let missing = missing(purpose);
    if missing.is_empty() {
        println!("system packages: all there");
        return Ok(());
    }
    let named = names(&missing);
    if said("apt-get", &["--version"]).is_none() {
        bail!("missing: {named}. Install them with this system's package manager (the names are Debian's)");
    }
    println!("missing: {named}");
    install(&missing).with_context(|| format!("missing: {named}"))?;
    let still = self::missing(purpose);
    if !still.is_empty() {
        bail!("still missing after apt-get: {}", names(&still));
    }
    Ok(())
}

fn missing(purpose: Purpose) -> Vec<&'static Need> {
    NEEDS.iter().filter(|need| need.purpose <= purpose && !need.sign.is_seen()).collect()
}

fn names(needs: &[&Need]) -> String {
    needs.iter().map(|need| format!("{} ({})", need.what, need.package)).collect::<Vec<_>>().join(", ")
}

fn packages(needs: &[&Need]) -> Vec<&'static str> {
    let mut packages: Vec<_> = needs.iter().map(|need| need.package).collect();
    packages.dedup();
    packages
}

fn install(needs: &[&Need]) -> anyhow::Result<()> {
    let packages = packages(needs);
    let by_hand = format!("sudo apt-get install -y --no-install-recommends {}", packages.join(" "));
    let root = said("id", &["-u"]).as_deref() == Some("0");
    if !root && said("sudo", &["--version"]).is_none() {
        bail!("not root, and there is no sudo: have somebody run `{by_hand}`");
    }
    run(&mut apt_get(root, &["update"]))?;
    let mut install = apt_get(root, &["install", "-y", "--no-install-recommends"]);
    run(install.args(packages)).with_context(|| format!("try `{by_hand}`"))
}

fn apt_get(root: bool, args: &[&str]) -> Command {
    let mut command = Command::new(if root { "env" } else { "sudo" });
    if !root {
        // Where nobody can type a password, sudo is to fail and not to wait.
        if !std::io::stdin().is_terminal() {
            command.arg("-n");
        }
        command.arg("env");
    }
    // A fresh machine may be installing updates of its own at this moment.
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300"]);
    command.args(args);
    command
}

impl Sign {
    fn is_seen(&self) -> bool {
        match self {
            Sign::Program(name) => on_path(name),
            Sign::Library(name) => said("pkg-config", &["--exists", name]).is_some(),
            Sign::File(path) => Path::new(path).exists(),
        }
    }
}

fn on_path(name: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn building_needs_no_display() {
        assert!(NEEDS.iter().any(|need| need.purpose > Purpose::Build));
        assert!(missing(Purpose::Build).len() <= missing(Purpose::DriveWindows).len());
    }

    #[test]
    fn a_package_that_brings_two_things_is_installed_once() {
        let needs: Vec<_> = NEEDS.iter().collect();
        let packages = packages(&needs);
        let mut once = packages.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(packages.len(), once.len());
    }

    #[test]
    fn what_is_missing_is_named_with_its_package() {
        let gone = need(Purpose::Build, "a thing", "thing-dev", Sign::Program("no-such-program"));
        assert!(!gone.sign.is_seen());
        assert_eq!(names(&[&gone]), "a thing (thing-dev)");
    }
}
