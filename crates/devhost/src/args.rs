//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::bail;
use clap::{Parser, ValueEnum};
use ledger::{Mode, Role};
use till::{ChannelPick, Config, EndpointChoice, Secrets, Shell, StartMode, StoredKeys, SystemPcClock};

/// The counter's commands over loopback HTTP and server-sent events.
#[derive(Parser)]
pub(crate) struct Args {
    /// The folder of the books
    #[arg(long)]
    data: PathBuf,
    /// Where to listen; port 0 takes any free one
    #[arg(long, default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// The practice book, with the simulator inside
    #[arg(long, conflicts_with = "portone", required_unless_present = "portone")]
    practice: bool,
    /// A simulator of PortOne, for any mode
    #[arg(long, requires_all = ["imp_key", "imp_secret", "user_code"])]
    portone: Option<String>,
    /// REST API key
    #[arg(long)]
    imp_key: Option<String>,
    /// REST API secret
    #[arg(long)]
    imp_secret: Option<String>,
    /// 고객사 식별코드
    #[arg(long)]
    user_code: Option<String>,
    /// The channel; without it the first that fits the mode
    #[arg(long)]
    channel_key: Option<String>,
    /// The book
    #[arg(long, value_enum, default_value_t = BookMode::Test)]
    mode: BookMode,
    /// What whoever opens the till may do while the shop has no people with PINs
    #[arg(long = "as", value_enum, default_value_t = As::Owner)]
    role: As,
}

#[derive(Clone, Copy, ValueEnum)]
enum BookMode {
    Test,
    Live,
}

#[derive(Clone, Copy, ValueEnum)]
enum As {
    Owner,
    Manager,
    Clerk,
}

impl Args {
    /// # Errors
    /// What cannot be meant: live practice, or a simulator that is not on this machine.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        if !self.listen.ip().is_loopback() {
            bail!("devhost listens on loopback only");
        }
        if self.practice && matches!(self.mode, BookMode::Live) {
            bail!("--practice is no live book");
        }
        if let Some(url) = &self.portone {
            let simulator = EndpointChoice::EverythingAt(url.clone()).check();
            simulator.map_err(|why| anyhow::anyhow!("--portone {url}: {why}"))?;
        }
        Ok(())
    }

    pub(crate) fn keys(&self) -> Option<StoredKeys> {
        let (key, secret) = self.imp_key.as_ref().zip(self.imp_secret.as_ref())?;
        Some(StoredKeys { imp_key: key.clone(), imp_secret: secret.clone().into() })
    }

    /// The 고객사 식별코드 that the books are stamped with.
    pub(crate) fn user_code(&self) -> Option<&str> {
        if self.practice { None } else { self.user_code.as_deref() }
    }

    pub(crate) fn config(&self, secrets: Arc<dyn Secrets>, shell: Arc<dyn Shell>) -> Config {
        let endpoint = match &self.portone {
            Some(url) if !self.practice => EndpointChoice::EverythingAt(url.clone()),
            Some(_) | None => EndpointChoice::Real,
        };
        let start = match self.mode {
            _ if self.practice => StartMode::Practice,
            BookMode::Test => StartMode::Book(Mode::Test),
            BookMode::Live => StartMode::Book(Mode::Live),
        };
        Config {
            data: self.data.clone(),
            start,
            may_live: !self.practice,
            endpoint,
            secrets,
            shell,
            clock: Arc::new(SystemPcClock),
            role: match self.role {
                As::Owner => Role::Owner,
                As::Manager => Role::Manager,
                As::Clerk => Role::Clerk,
            },
            trusted: true,
            new_people: false,
            channel: self.channel_key.clone().map_or(ChannelPick::First, ChannelPick::Key),
            font: None,
        }
    }
}
