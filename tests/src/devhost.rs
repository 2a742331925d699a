//! The counter's commands without a window.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::Value;

use crate::program::Program;

/// A charge waits for PortOne, whose own patience is shorter than this.
const ANSWER: Duration = Duration::from_secs(60);

/// A running devhost.
pub struct Devhost {
    program: Program,
    client: reqwest::Client,
}

/// A command was refused.
#[derive(Debug, Clone)]
pub struct Refused {
    /// Why, as a code of `counter::ErrorCode`.
    pub code: String,
    /// The sentence for the screen.
    pub message: String,
    /// More of it, where the code has more.
    pub detail: Value,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused as {}: {}", self.code, self.message)
    }
}

impl std::error::Error for Refused {}

impl Devhost {
    /// Starts `devhost --data … --listen 127.0.0.1:0` with `more` arguments, and waits until it listens.
    ///
    /// # Errors
    /// It is not built, or it ended; what it logged is in the error.
    pub async fn start(data: &Path, more: &[&str]) -> anyhow::Result<Devhost> {
        let data = data.to_str().context("a path of another encoding")?;
        let mut args = vec!["--data", data, "--listen", "127.0.0.1:0"];
        args.extend(more);
        Ok(Devhost { program: Program::start("devhost", &args).await?, client: client()? })
    }

    /// The same on a PC in another time zone, for example `America/Los_Angeles`.
    ///
    /// # Errors
    /// As [`Devhost::start`].
    pub async fn start_in_zone(data: &Path, zone: &str, more: &[&str]) -> anyhow::Result<Devhost> {
        let data = data.to_str().context("a path of another encoding")?;
        let mut args = vec!["--data", data, "--listen", "127.0.0.1:0"];
        args.extend(more);
        let program = Program::start_with("devhost", &args, &[("TZ", zone)]).await?;
        Ok(Devhost { program, client: client()? })
    }

    /// The same with the practice book.
    ///
    /// # Errors
    /// As [`Devhost::start`].
    pub async fn practice(data: &Path) -> anyhow::Result<Devhost> {
        Devhost::start(data, &["--practice"]).await
    }

    /// Where it listens, `http://127.0.0.1:port`.
    #[must_use]
    pub fn url(&self) -> &str {
        self.program.url()
    }

    /// Runs a command and returns its value.
    ///
    /// # Errors
    /// A [`Refused`] to be downcast to, or what happened on the way.
    pub async fn rpc(&self, command: &str, body: Value) -> anyhow::Result<Value> {
        let request = self.client.post(format!("{}/rpc/{command}", self.url())).json(&body).timeout(ANSWER);
        let mut answer: Value = request.send().await?.error_for_status()?.json().await?;
        match answer["ok"].as_bool() {
            Some(true) => Ok(answer["value"].take()),
            Some(false) => {
                let mut error = answer["error"].take();
                let word = |part: &Value| part.as_str().unwrap_or_default().to_owned();
                let refused = Refused {
                    code: word(&error["code"]),
                    message: word(&error["message"]),
                    detail: error["detail"].take(),
                };
                Err(anyhow::Error::new(refused).context(format!("`{command}`")))
            }
            None => bail!("`{command}` answered {answer}"),
        }
    }

    /// Runs a command that is to be refused, and returns the code.
    ///
    /// # Errors
    /// It was not refused, or something happened on the way.
    pub async fn refusal(&self, command: &str, body: Value) -> anyhow::Result<String> {
        match self.rpc(command, body).await {
            Ok(value) => bail!("`{command}` was not refused: {value}"),
            Err(error) => match error.downcast_ref::<Refused>() {
                Some(refused) => Ok(refused.code.clone()),
                None => Err(error),
            },
        }
    }

    /// What it logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        self.program.log()
    }

    /// Kills it as a power cut would.
    ///
    /// # Errors
    /// It does not go.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        self.program.kill().await
    }

    /// Asks it to end, and waits until it has.
    ///
    /// # Errors
    /// It does not end, or it ends with an error.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        let status = self.program.stop().await?;
        // Windows has no way to ask; there it is killed.
        if cfg!(unix) && !status.success() {
            bail!("devhost ended with {status}:\n{}", self.log());
        }
        Ok(())
    }
}

/// For loopback only: no proxy, and no roots are needed.
pub(crate) fn client() -> anyhow::Result<reqwest::Client> {
    // reqwest wants a provider even where nothing is encrypted. An error says that there is one already.
    let _installed = rustls::crypto::ring::default_provider().install_default();
    Ok(reqwest::Client::builder().no_proxy().build()?)
}
