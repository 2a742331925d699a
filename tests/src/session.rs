//! A desktop of its own: a display, a bus, a keyring, a home. Nothing of whoever runs the tests is seen or touched.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::leash::Leash;
use crate::{eventually, within};

const START: Duration = Duration::from_secs(30);

/// No folder of services: a bus with the usual ones would start a keyring, portals and more of this machine by itself.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=SOCKET</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// What of the surroundings would change what is tested: another display or bus, a proxy in front of loopback.
const NOT_PASSED_ON: &[&str] = &[
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "XDG_CURRENT_DESKTOP",
    "XDG_SESSION_TYPE",
    "GTK_MODULES",
    "GTK_THEME",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "GNOME_KEYRING_CONTROL",
    "DBUS_SESSION_BUS_ADDRESS",
];

/// The keyring of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyring {
    /// As after signing in.
    Unlocked,
    /// There is one, but its password is not known to the session: as after signing in by fingerprint. Nobody is asked
    /// for it either, since nothing that asks is on the bus.
    Locked,
    /// A bus on which nobody keeps secrets.
    Absent,
}

/// How a session is to be.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The display, in pixels.
    pub width: u32,
    /// The display, in pixels.
    pub height: u32,
    /// The keyring.
    pub keyring: Keyring,
}

impl Default for Options {
    /// The small laptop of a counter.
    fn default() -> Options {
        Options { width: 1366, height: 768, keyring: Keyring::Unlocked }
    }
}

/// A process of a session.
#[derive(Debug)]
pub struct Process {
    /// The path of its program, as it was started.
    pub program: String,
    /// Its folder under `/proc`.
    pub proc: PathBuf,
}

/// A running session. All that was started in it ends with it.
pub struct Session {
    env: Vec<(&'static str, String)>,
    // Before `home`: programs end before their folders go.
    leash: Leash,
    _children: Vec<Child>,
    keyring: Option<Child>,
    home: TempDir,
}

impl Session {
    /// A laptop's display and an unlocked keyring.
    ///
    /// # Errors
    /// A program is missing or does not start; the error names it.
    pub async fn start() -> anyhow::Result<Session> {
        Session::with(Options::default()).await
    }

    /// A session to order.
    ///
    /// # Errors
    /// A program is missing or does not start; the error names it.
    pub async fn with(options: Options) -> anyhow::Result<Session> {
        let home = tempfile::Builder::new().prefix("pointill-home").tempdir()?;
        let leash = Leash::new()?;
        let mut session =
            Session { env: folders(home.path())?, leash, _children: Vec::new(), keyring: None, home };
        session.display(options).await?;
        session.bus().await?;
        match options.keyring {
            Keyring::Unlocked => session.unlock().await?,
            Keyring::Locked => {
                session.unlock().await?;
                session.lock().await?;
            }
            Keyring::Absent => {}
        }
        Ok(session)
    }

    /// A program in this session, which ends with it.
    #[must_use]
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        self.dress(&mut command);
        self.leash.hold(&mut command);
        command
    }

    /// Gives a program this session's surroundings.
    pub fn dress(&self, command: &mut Command) {
        for name in NOT_PASSED_ON {
            command.env_remove(name);
        }
        command.envs(self.env.iter().map(|(name, value)| (*name, value))).stdin(Stdio::null());
    }

    /// The variables that make a program part of this session.
    #[must_use]
    pub fn env(&self) -> &[(&'static str, String)] {
        &self.env
    }

    /// The home folder.
    #[must_use]
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// A file for what a program writes, by its name.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn log_file(&self, name: &str) -> anyhow::Result<File> {
        let path = self.log_path(name);
        File::options().create(true).append(true).open(&path).with_context(|| path.display().to_string())
    }

    /// What a program wrote.
    #[must_use]
    pub fn log(&self, name: &str) -> String {
        fs::read_to_string(self.log_path(name)).unwrap_or_default()
    }

    fn log_path(&self, name: &str) -> PathBuf {
        self.home.path().join(format!("{name}.log"))
    }

    /// A picture of the whole display, with all its windows.
    ///
    /// # Errors
    /// ImageMagick is missing or fails.
    pub async fn picture(&self, path: &Path) -> anyhow::Result<()> {
        let mut command = self.command("import");
        command.args(["-silent", "-window", "root"]).arg(path);
        let taken = within("a picture of the display", START, command.output()).await.context("`import`")?;
        if !taken.status.success() {
            bail!("no picture of the display: {}", String::from_utf8_lossy(&taken.stderr));
        }
        Ok(())
    }

    async fn display(&mut self, options: Options) -> anyhow::Result<()> {
        let screen = format!("{}x{}x24", options.width, options.height);
        // It takes a number that is free and tells it: sessions may start side by side.
        let args = ["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp", "-noreset"];
        let number = self.first_line("Xvfb", &args).await?;
        self.env.push(("DISPLAY", format!(":{number}")));
        Ok(())
    }

    async fn bus(&mut self) -> anyhow::Result<()> {
        let socket = self.home.path().join("run/bus");
        let config = self.home.path().join("bus.conf");
        fs::write(&config, BUS.replace("SOCKET", &socket.display().to_string()))?;
        let config = format!("--config-file={}", config.display());
        let address = self.first_line("dbus-daemon", &[&config, "--nofork", "--print-address=1"]).await?;
        self.env.push(("DBUS_SESSION_BUS_ADDRESS", address));
        Ok(())
    }

    /// Starts the keyring, open; makes it where there is none.
    ///
    /// # Errors
    /// It does not start; what it logged is in the error.
    pub async fn unlock(&mut self) -> anyhow::Result<()> {
        let mut child = self.keyring(&["--unlock"])?;
        // Read to its end as the password of the keyring, which it makes.
        let mut stdin = child.stdin.take().context("its stdin")?;
        stdin.write_all(b"for tests only").await?;
        drop(stdin);
        self.keyring = Some(child);
        self.wait_for_secrets(true).await
    }

    /// Starts the keyring again, without its password.
    async fn lock(&mut self) -> anyhow::Result<()> {
        if let Some(mut open) = self.keyring.take() {
            within("the keyring to end", START, open.kill()).await?;
        }
        self.wait_for_secrets(false).await?;
        self.keyring = Some(self.keyring(&[])?);
        self.wait_for_secrets(true).await
    }

    fn keyring(&self, more: &[&str]) -> anyhow::Result<Child> {
        let control = format!("--control-directory={}", self.home.path().join("run/keyring").display());
        let mut command = self.command("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets", &control]).args(more);
        let log = self.log_file("gnome-keyring-daemon")?;
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(log);
        command.spawn().context("start gnome-keyring-daemon (package gnome-keyring)")
    }

    async fn wait_for_secrets(&self, there: bool) -> anyhow::Result<()> {
        eventually("org.freedesktop.secrets on the bus, or not", START, async || {
            let mut ask = self.command("dbus-send");
            ask.args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"]);
            ask.args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]);
            let answer = ask.output().await.context("start dbus-send")?;
            let said = format!("boolean {there}");
            Ok(String::from_utf8_lossy(&answer.stdout).contains(&said).then_some(()))
        })
        .await
        .with_context(|| format!("gnome-keyring-daemon logged:\n{}", self.log("gnome-keyring-daemon")))
    }

    /// Every process that was started in this session, by whatever way, and lives.
    ///
    /// # Errors
    /// `/proc` cannot be read.
    pub fn processes(&self) -> anyhow::Result<Vec<Process>> {
        let ours = format!("HOME={}", self.home.path().display());
        let mut found = Vec::new();
        for entry in fs::read_dir("/proc")? {
            let proc = entry?.path();
            // No process, one that has gone meanwhile, or somebody else's.
            let (Ok(environ), Ok(args)) = (fs::read(proc.join("environ")), fs::read(proc.join("cmdline")))
            else {
                continue;
            };
            if environ.split(|byte| *byte == 0).any(|variable| variable == ours.as_bytes()) {
                let program = args.split(|byte| *byte == 0).next().unwrap_or_default();
                found.push(Process { program: String::from_utf8_lossy(program).into_owned(), proc });
            }
        }
        Ok(found)
    }

    /// Starts a program that stays, and waits for the line with which it says that it is there.
    async fn first_line(&mut self, program: &str, args: &[&str]) -> anyhow::Result<String> {
        let mut command = self.command(program);
        command.args(args).stdout(Stdio::piped()).stderr(self.log_file(program)?);
        let mut child = command.spawn().with_context(|| format!("start {program}"))?;
        let mut stdout = BufReader::new(child.stdout.take().context("its stdout")?);
        let mut line = String::new();
        let read = within(&format!("{program} to start"), START, stdout.read_line(&mut line)).await;
        if read.is_err() || line.trim().is_empty() {
            bail!("{program} does not start:\n{}", self.log(program));
        }
        self._children.push(child);
        Ok(line.trim().to_owned())
    }
}

fn folders(home: &Path) -> anyhow::Result<Vec<(&'static str, String)>> {
    let mut env = vec![("HOME", home.display().to_string())];
    for (name, folder) in [
        ("XDG_RUNTIME_DIR", "run"),
        ("XDG_DATA_HOME", ".local/share"),
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_CACHE_HOME", ".cache"),
        ("XDG_STATE_HOME", ".local/state"),
        ("TMPDIR", "tmp"),
    ] {
        let path = home.join(folder);
        fs::create_dir_all(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700))?;
        env.push((name, path.display().to_string()));
    }
    // The daemon makes its keyring only in a folder that is there.
    fs::create_dir_all(home.join(".local/share/keyrings"))?;
    for (name, value) in [
        ("GDK_BACKEND", "x11"),
        ("GSETTINGS_BACKEND", "memory"),
        ("NO_AT_BRIDGE", "1"),
        ("LANG", "C.UTF-8"),
        ("no_proxy", "127.0.0.1,localhost"),
    ] {
        env.push((name, value.to_owned()));
    }
    Ok(env)
}

#[cfg(all(test, feature = "desktop"))]
mod tests {
    use super::*;

    async fn has_secrets(session: &Session) -> anyhow::Result<bool> {
        let mut ask = session.command("dbus-send");
        ask.args([
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.secrets",
            "/org/freedesktop/secrets",
        ]);
        ask.args(["org.freedesktop.Secret.Service.ReadAlias", "string:default"]);
        let answer = ask.output().await?;
        // "/" stands for "there is none".
        Ok(String::from_utf8_lossy(&answer.stdout).contains("/org/freedesktop/secrets/"))
    }

    #[tokio::test]
    async fn a_session_has_a_display_and_an_open_keyring() -> anyhow::Result<()> {
        let session = Session::start().await?;
        assert!(has_secrets(&session).await?, "{}", session.log("gnome-keyring-daemon"));
        let picture = session.home().join("picture.png");
        session.picture(&picture).await?;
        assert!(fs::metadata(&picture)?.len() > 0);
        Ok(())
    }

    #[tokio::test]
    async fn a_session_without_a_keyring_starts_none_by_itself() -> anyhow::Result<()> {
        let session = Session::with(Options { keyring: Keyring::Absent, ..Options::default() }).await?;
        assert!(!has_secrets(&session).await?);
        Ok(())
    }
}
