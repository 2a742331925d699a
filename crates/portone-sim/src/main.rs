//! `portone-sim`: PortOne V1 on a loopback port.

use std::{
    io::{self, IsTerminal as _, Write as _},
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::Context as _;
use clap::Parser;
use portone_sim::{Config, DEFAULT_IMP_KEY, DEFAULT_IMP_SECRET, DEFAULT_USER_CODE, Simulator};
use tracing_subscriber::EnvFilter;

/// PortOne V1 played on a loopback port: REST at the root, the browser SDK at /v1/iamport.js, a pay
/// window, and /_sim/ to make things go wrong. No money moves.
///
/// The first line on stdout is {"url":"http://127.0.0.1:PORT"}; logs go to stderr, with
/// RUST_LOG=portone_sim=debug a line for each request. Stop it with Ctrl-C.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "\
Control:
  POST   /_sim/pay                                {merchant_uid, amount, outcome: paid|failed|ready|vbank|abandoned,
                                                   pay_method?, channel_key?, pg?, force?, name?, buyer_name?, ...}
                                                  Where several channels fit, a TEST one is taken; name a live one
                                                  by its channel_key (GET /users/pg) or as pg: provider.MID
  POST   /_sim/payments/{imp_uid}/console-cancel  {by: portone|pg, amount?}
  POST   /_sim/payments/{imp_uid}/set             {field: value, ...}
  POST   /_sim/payments/{imp_uid}/deposit         {amount?}
  GET    /_sim/payments
  POST   /_sim/faults                             {path, method?, times?, skip?, status?, effect?, body?,
                                                   delay_ms?, delay_after_ms?, drop?: before|after, garbled?}
                                                  path is the whole path; {...} = one segment, * = anything
  GET, DELETE /_sim/faults
  POST   /_sim/clock                              {advance_seconds}
  GET    /_sim/clock
  GET, DELETE /_sim/log
  DELETE /_sim/token"
)]
struct Args {
    /// Loopback address (or localhost) and port; port 0 = any free one
    #[arg(long, default_value = "127.0.0.1:8788", value_parser = address)]
    listen: SocketAddr,
    /// REST API key that is accepted
    #[arg(long, default_value = DEFAULT_IMP_KEY)]
    imp_key: String,
    /// REST API secret that is accepted
    #[arg(long, default_value = DEFAULT_IMP_SECRET)]
    imp_secret: String,
    /// Merchant code (IMP.init takes any of this form)
    #[arg(long, default_value = DEFAULT_USER_CODE, value_parser = merchant_code)]
    user_code: String,
    /// Keep payments and pre-registrations in this file
    #[arg(long, value_name = "FILE")]
    state_file: Option<PathBuf>,
    /// Seconds by which PortOne's clock is ahead of this PC (negative: behind)
    #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
    clock_offset_seconds: i64,
    /// Same seed, same ids
    #[arg(long)]
    seed: Option<u64>,
    /// woff2 font with Korean letters for the pay window
    #[arg(long, value_name = "FILE")]
    font_file: Option<PathBuf>,
    /// Compare from and to of /payments/status/all with the start of each payment, not with its last status' time
    #[arg(long)]
    all_by_start: bool,
    /// Leave /_sim/ out
    #[arg(long)]
    no_control: bool,
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let read = match text.strip_prefix("localhost:") {
        Some(port) => port.parse().ok().map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port))),
        None => text.parse().ok(),
    };
    read.ok_or_else(|| "an address and a port, as in 127.0.0.1:8788 or localhost:0".to_owned())
}

fn merchant_code(text: &str) -> Result<String, String> {
    match text.strip_prefix("imp") {
        Some(digits) if digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(text.to_owned())
        }
        Some(_) | None => Err("imp and 8 digits".to_owned()),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    log.with_ansi(io::stderr().is_terminal()).init();
    match run(args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> anyhow::Result<()> {
    let font = args
        .font_file
        .map(|path| std::fs::read(&path).with_context(|| format!("reading the font {}", path.display())))
        .transpose()?;
    let config = Config {
        imp_key: args.imp_key,
        imp_secret: args.imp_secret,
        user_code: args.user_code,
        control: !args.no_control,
        state_file: args.state_file,
        clock_offset_seconds: args.clock_offset_seconds,
        seed: args.seed,
        all_by_start: args.all_by_start,
        font,
        ..Config::default()
    };
    let imp_key = config.imp_key.clone();
    // Before the first line: whoever reads it may ask us to end at once.
    let asked_to_end = asked_to_end().context("listening to signals")?;
    let simulator = Simulator::start(args.listen, config).await?;
    let url = simulator.url();
    tracing::info!(url, imp_key, "listening");
    writeln!(io::stdout(), "{}", serde_json::json!({ "url": url })).context("writing the first line")?;
    asked_to_end.await;
    simulator.shutdown().await;
    Ok(())
}

/// Ctrl-C, or the system's wish that we end. It is listened to from the call on.
#[cfg(unix)]
fn asked_to_end() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Ctrl-C. It is listened to from the call on.
#[cfg(windows)]
fn asked_to_end() -> io::Result<impl Future<Output = ()>> {
    let mut interrupted = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupted.recv().await;
    })
}
