//! PortOne, played by a program of its own, so that it outlives the till that is killed beside it.

use std::time::Duration;

use anyhow::bail;
use serde_json::Value;

use crate::devhost::client;
use crate::program::Program;

const ANSWER: Duration = Duration::from_secs(30);

/// A running portone-sim.
pub struct Sim {
    program: Program,
    client: reqwest::Client,
}

impl Sim {
    /// Starts `portone-sim --listen 127.0.0.1:0` with `more` arguments, and waits until it listens.
    ///
    /// # Errors
    /// It is not built, or it ended; what it logged is in the error.
    pub async fn start(more: &[&str]) -> anyhow::Result<Sim> {
        let mut args = vec!["--listen", "127.0.0.1:0"];
        args.extend(more);
        Ok(Sim { program: Program::start("portone-sim", &args).await?, client: client()? })
    }

    /// Where it listens, `http://127.0.0.1:port`.
    #[must_use]
    pub fn url(&self) -> &str {
        self.program.url()
    }

    /// Makes something happen, for example `post("/_sim/pay", …)`; see its `--help`. What it answered is the `response`.
    ///
    /// # Errors
    /// It refused, or did not answer.
    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.ask(path, self.client.post(format!("{}{path}", self.url())).json(body)).await
    }

    /// Reads something, for example `get("/_sim/log")`.
    ///
    /// # Errors
    /// It refused, or did not answer.
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.ask(path, self.client.get(format!("{}{path}", self.url()))).await
    }

    /// Removes something, for example `delete("/_sim/faults")`.
    ///
    /// # Errors
    /// It refused, or did not answer.
    pub async fn delete(&self, path: &str) -> anyhow::Result<Value> {
        self.ask(path, self.client.delete(format!("{}{path}", self.url()))).await
    }

    async fn ask(&self, path: &str, request: reqwest::RequestBuilder) -> anyhow::Result<Value> {
        let mut answer: Value = request.timeout(ANSWER).send().await?.json().await?;
        // A refusal may come with status 200, as PortOne's do.
        if answer["code"] != 0 {
            bail!("{path} was refused: {answer}");
        }
        Ok(answer["response"].take())
    }

    /// What it logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        self.program.log()
    }

    /// PortOne is gone: connections are refused from now on.
    ///
    /// # Errors
    /// It does not go.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        self.program.kill().await
    }
}
