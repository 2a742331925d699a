//! What `cargo xtask bench` runs, built in release: see docs/benchmarks.md.
#![expect(clippy::float_arithmetic, reason = "ratios of times; there is no money in them")]

mod bare;
mod book;
mod machine;
mod names;
mod post;
mod read;
mod table;
mod whole;

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use clap::Parser;

/// The bounds of a run.
struct Size {
    members: i64,
    postings: i64,
    /// How far back the history is read.
    depth: i64,
    rounds: usize,
    charges: u32,
    asked: usize,
}

const BIG: Size = Size {
    members: 1_000_000,
    postings: 10_000_000,
    depth: 1_000_000,
    rounds: 5,
    charges: 500,
    asked: 2_000,
};
const SMALL: Size =
    Size { members: 2_000, postings: 12_000, depth: 2_000, rounds: 1, charges: 30, asked: 50 };

#[derive(Parser)]
struct Bench {
    /// A book of some thousand rows: only whether everything works
    #[arg(long)]
    small: bool,
    /// Where the big book is, or is to be made; it is kept
    #[arg(long, value_name = "PATH")]
    big_book: Option<PathBuf>,
    /// The folder for everything that is written
    #[arg(long, value_name = "DIR", default_value = "target/bench")]
    out: PathBuf,
    /// Proves a book, says how long it took, and does nothing else
    #[arg(long, value_name = "PATH", hide = true)]
    prove: Option<PathBuf>,
}

fn main() -> Result<()> {
    let bench = Bench::parse();
    if let Some(book) = &bench.prove {
        return whole::prove(book);
    }
    let size = if bench.small { SMALL } else { BIG };
    fs::create_dir_all(&bench.out)?;
    let folder = tempfile::tempdir_in(&bench.out)?;
    let path = bench.big_book.clone().unwrap_or_else(|| folder.path().join("big.db"));
    let mut big = if path.exists() { book::Shop::open(&path)? } else { made(&path, &size)? };
    machine::print(&bench.out);
    machine::wait_for_rest(bench.small);

    let mut rounds = post::Rounds::default();
    for _ in 0..size.rounds {
        big = rounds.round(folder.path(), big, size.charges)?;
    }
    let members = big.members;
    // Nobody writes from here on.
    drop(big);
    let mut figures = rounds.figures();
    let questions =
        read::Questions { book: &path, members, depth: size.depth, rounds: size.rounds, asked: size.asked };
    figures.extend(questions.figures()?);
    figures.extend(whole::audit(&path, size.rounds.min(3))?);
    figures.push(whole::backup(&path, folder.path(), size.rounds.min(3))?);
    table::print(&figures);
    println!("\n- load after the run: {}", machine::load().map_or_else(String::new, |load| load.to_string()));
    table::write(&figures, &bench.out.join("latest.json"))
}

fn made(path: &std::path::Path, size: &Size) -> Result<book::Shop> {
    let started = Instant::now();
    println!("a book of {} members and {} postings is made", size.members, size.postings);
    let mut shop = book::Shop::with_members(path, size.members)?;
    let mut told = 0;
    shop.live(size.postings, |written| {
        if written - told >= 500_000 {
            told = written;
            println!("  {written} postings, {} s", started.elapsed().as_secs());
        }
    })?;
    println!("made in {} s\n", started.elapsed().as_secs());
    shop.anew()
}
