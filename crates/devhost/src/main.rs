//! The counter's commands over loopback HTTP and server-sent events, for UI tests and scripts. Never shipped.
//!
//! `POST /rpc/<command>` takes a JSON body and answers `{"ok":true,"value":…}` or
//! `{"ok":false,"error":{"code":…,"message":…}}`; `GET /events` tells what changed. The first line on stdout is
//! `{"url":…}`; logs go to stderr.

mod args;
mod rpc;
mod world;

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use clap::Parser;
use till::Till;
use tokio::sync::{broadcast, watch};

use crate::args::Args;
use crate::world::{HeadlessShell, MemorySecrets};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("POINTILL_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info")),
        )
        .init();
    args.check()?;
    let (events, _) = broadcast::channel(256);
    let till = open(&args, &events).await?;
    let listener = tokio::net::TcpListener::bind(args.listen).await.context("listen")?;
    let address: SocketAddr = listener.local_addr()?;
    let signals = Signals::new()?;
    println!("{}", serde_json::json!({ "url": format!("http://{address}") }));
    // Those who listen for events would listen for ever: they are told first, and the server waits for nobody else.
    let (stop, stopping) = watch::channel(false);
    let app = rpc::router(Arc::clone(&till), events, address, stopping);
    let ended = async move {
        signals.heard().await;
        stop.send_replace(true);
    };
    axum::serve(listener, app).with_graceful_shutdown(ended).await?;
    till.close().await;
    Ok(())
}

async fn open(args: &Args, events: &broadcast::Sender<String>) -> anyhow::Result<Arc<Till>> {
    let config =
        args.config(Arc::new(MemorySecrets::new(args.keys())), Arc::new(HeadlessShell::new(events.clone())));
    let till = Till::open(config)
        .await
        .map_err(|error| anyhow::anyhow!("{}: {}", error.code().word(), error.chain()))?;
    // Scripts start at once: the first command finds a proved book.
    till.audited().await;
    if let Some(user_code) = args.user_code() {
        match till.stamp(user_code).await {
            Ok(()) => {}
            // A broken book is shown all the same: balances can be read, and every write says why it is refused.
            Err(error) if error.code() == counter::ErrorCode::BookBroken => {
                tracing::warn!("the book is broken: reading only");
            }
            Err(error) => return Err(anyhow::anyhow!("{}: {}", error.code().word(), error.chain())),
        }
    }
    Ok(till)
}

/// Heard from when it is made, so that no signal after the first line on stdout goes past it.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }
    async fn heard(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Signals> {
        Ok(Signals)
    }
    async fn heard(self) {
        let _interrupted = tokio::signal::ctrl_c().await;
    }
}
