//! `portone-sim`: PortOne V1 on a loopback port.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::Context as _;
use clap::Parser;
use portone_sim::{Config, DEFAULT_IMP_KEY, DEFAULT_IMP_SECRET, DEFAULT_USER_CODE, Simulator};
use tracing_subscriber::EnvFilter;

/// PortOne V1 played on a loopback port: REST at the root, the browser SDK at /v1/iamport.js, a pay
/// window, and /_sim/ to make things go wrong. No money moves.
///
/// The first line on stdout is {"url":"http://127.0.0.1:PORT"}; logs go to stderr (RUST_LOG).
/// Stop it with Ctrl-C.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "\
Control:
  POST   /_sim/pay                                {merchant_uid, amount, outcome: paid|failed|ready|vbank|abandoned,
                                                   pay_method?, channel_key?, pg?, force?, name?, buyer_name?, ...}
  POST   /_sim/payments/{imp_uid}/console-cancel  {by: portone|pg, amount?}
  POST   /_sim/payments/{imp_uid}/set             {field: value, ...}
  POST   /_sim/payments/{imp_uid}/deposit         {amount?}
  GET    /_sim/payments
  POST   /_sim/faults                             {path, method?, times?, skip?, status?, effect?, body?,
                                                   delay_ms?, delay_after_ms?, drop?: before|after, garbled?}
  GET, DELETE /_sim/faults
  POST   /_sim/clock                              {advance_seconds}
  GET    /_sim/clock
  GET, DELETE /_sim/log
  DELETE /_sim/token"
)]
struct Args {
    /// Loopback address and port; port 0 = any free one
    #[arg(long, default_value = "127.0.0.1:8788")]
    listen: SocketAddr,
    /// REST API key that is accepted
    #[arg(long, default_value = DEFAULT_IMP_KEY)]
    imp_key: String,
    /// REST API secret that is accepted
    #[arg(long, default_value = DEFAULT_IMP_SECRET)]
    imp_secret: String,
    /// Merchant code (IMP.init takes any of this form)
    #[arg(long, default_value = DEFAULT_USER_CODE)]
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
    /// Leave /_sim/ out
    #[arg(long)]
    no_control: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let args = Args::parse();
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
        font,
        ..Config::default()
    };
    let simulator = Simulator::start(args.listen, config).await?;
    println!("{}", serde_json::json!({ "url": simulator.url() }));
    tokio::signal::ctrl_c().await.context("waiting for Ctrl-C")?;
    simulator.shutdown().await;
    Ok(())
}
