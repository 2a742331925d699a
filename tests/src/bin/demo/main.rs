//! Opens the app on a practice book with sample members, or, with `--headless`, drives one charge and one use through
//! its windows and reads the figures back from the book. `cargo xtask demo` builds what is needed and calls this.

#![cfg_attr(
    not(target_os = "linux"),
    allow(dead_code, unused_imports, reason = "only a driven run uses them")
)]

mod book;
#[cfg(target_os = "linux")]
mod drive;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use clap::Parser;
use pointill_tests::bin;

use crate::book::Figures;

/// Opens Pointill on a practice book with sample members.
#[derive(Parser)]
struct Args {
    /// Under Xvfb: drive one charge and one use, take pictures, read the book
    #[arg(long)]
    headless: bool,
    /// What is charged, in won
    #[arg(long, value_name = "W", default_value_t = 10_000)]
    charge: i64,
    /// What is used, in points
    #[arg(long = "use", value_name = "P", default_value_t = 3_000)]
    spend: i64,
    /// Where the pictures go
    #[arg(long, value_name = "DIR", default_value = "target/demo")]
    out: PathBuf,
    /// The folder of the practice book; `book` beside the pictures unless told
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let data = args.data.clone().unwrap_or_else(|| args.out.join("book"));
    if args.headless { headless(&args, &data).await } else { open(&data).await }
}

/// In the user's own display, until the user closes it.
async fn open(data: &Path) -> anyhow::Result<()> {
    book::seed(data).await?;
    println!("demo: the practice book is in {}", data.display());
    let mut command = tokio::process::Command::new(bin("pointill")?);
    let status = command.arg("--practice").arg("--data").arg(data).status().await.context("start the app")?;
    ensure!(status.success(), "the app ended with {status}");
    Ok(())
}

#[cfg(not(target_os = "linux"))]
async fn headless(_args: &Args, _data: &Path) -> anyhow::Result<()> {
    bail!("--headless needs Linux: it drives WebKitGTK under Xvfb. Without it the app opens here");
}

#[cfg(target_os = "linux")]
async fn headless(args: &Args, data: &Path) -> anyhow::Result<()> {
    let expected = Figures::expected(args.charge, args.spend)?;
    clear(args, data)?;
    let least_won = book::seed(data).await?;
    ensure!(args.charge >= least_won, "--charge: {least_won} won at least");
    drive::charge_and_use(data, &args.out, &expected).await?;
    let found = book::read(data).await?;
    println!("{found}");
    if found != expected {
        bail!("the book differs from what was done; expected\n{expected}");
    }
    Ok(())
}

/// Each run is a first run.
#[cfg(target_os = "linux")]
fn clear(args: &Args, data: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(&args.out)?;
    for file in fs::read_dir(&args.out)? {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "png") {
            fs::remove_file(path)?;
        }
    }
    if data.exists() {
        // A book that somebody named may be somebody's; only our own is thrown away.
        ensure!(args.data.is_none(), "{} is there already: name a folder that is not", data.display());
        fs::remove_dir_all(data).with_context(|| data.display().to_string())?;
    }
    Ok(())
}
