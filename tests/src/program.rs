//! A program that says on its first line where it listens, as devhost and portone-sim do.

use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::leash::Leash;
use crate::{bin, within};

/// A book is proved before the first line; a debug build on a busy machine takes its time.
const START: Duration = Duration::from_secs(60);
const STOP: Duration = Duration::from_secs(20);

pub(crate) struct Program {
    name: &'static str,
    url: String,
    child: Child,
    _leash: Leash,
    // Kept open: a program whose stdout is gone dies of its next line.
    _stdout: Lines<BufReader<ChildStdout>>,
    folder: TempDir,
}

impl Program {
    pub(crate) async fn start(name: &'static str, args: &[&str]) -> anyhow::Result<Program> {
        Program::start_with(name, args, &[]).await
    }

    /// The same, with more in its environment.
    pub(crate) async fn start_with(
        name: &'static str,
        args: &[&str],
        env: &[(&str, &str)],
    ) -> anyhow::Result<Program> {
        let folder = tempfile::Builder::new().prefix(name).tempdir()?;
        let log = std::fs::File::create(folder.path().join("log"))?;
        let leash = Leash::new()?;
        let mut command = Command::new(bin(name)?);
        command.args(args).envs(env.iter().copied()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut child = leash.hold(&mut command).spawn().with_context(|| format!("start {name}"))?;
        let stdout = child.stdout.take().context("its stdout")?;
        let mut stdout = BufReader::new(stdout).lines();
        let line = within(&format!("the first line of {name}"), START, stdout.next_line()).await;
        let mut program = Program { name, url: String::new(), child, _leash: leash, _stdout: stdout, folder };
        match line {
            Ok(Some(line)) => {
                let said: Value =
                    serde_json::from_str(&line).with_context(|| format!("{name} said {line:?}"))?;
                said["url"].as_str().context("no url")?.clone_into(&mut program.url);
                Ok(program)
            }
            Ok(None) => bail!("{name} ended at once:\n{}", program.log()),
            Err(error) => Err(error.context(format!("{name} logged:\n{}", program.log()))),
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What it wrote to stderr so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// As when the power goes.
    pub(crate) async fn kill(&mut self) -> anyhow::Result<()> {
        within(&format!("the end of {}", self.name), STOP, self.child.kill()).await
    }

    /// As when it is asked to end: it finishes what it does.
    pub(crate) async fn stop(&mut self) -> anyhow::Result<ExitStatus> {
        let Some(pid) = self.child.id() else {
            return Ok(self.child.wait().await?);
        };
        if cfg!(unix) {
            // There is no safe call for it in std, and `sh` has it built in.
            let asked =
                Command::new("sh").args(["-c", "kill -TERM \"$1\"", "sh", &pid.to_string()]).status().await?;
            if !asked.success() {
                bail!("{} could not be asked to stop", self.name);
            }
        } else {
            self.child.start_kill()?;
        }
        within(&format!("{} to stop", self.name), STOP, self.child.wait())
            .await
            .map_err(|error| anyhow!("{error:#}; it logged:\n{}", self.log()))
    }
}
