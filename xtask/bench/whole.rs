//! What is done with the whole book: proving it, and copying it.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use ledger::ReadStore;
use rusqlite::Connection;
use rusqlite::backup::Backup;
use serde::{Deserialize, Serialize};

use crate::table::{Figure, median};
use crate::{bare, machine};

/// What a program that proves the book and does nothing else says at its end.
#[derive(Serialize, Deserialize)]
pub(crate) struct Proof {
    seconds: f64,
    /// Bytes, at most; before and while it was proved. Where the system tells.
    memory: Option<(u64, u64)>,
}

/// The program itself: its memory is the audit's alone.
pub(crate) fn prove(book: &Path) -> Result<()> {
    let mut store = ReadStore::open(book)?;
    store.read(|book| book.head())?;
    let before = machine::memory();
    let started = Instant::now();
    let report = store.read(|book| book.verify())?;
    let seconds = started.elapsed().as_secs_f64();
    ensure!(report.first_bad.is_none(), "the book does not prove itself: {:?}", report.first_bad);
    let memory = before.zip(machine::memory()).map(|((_, before), (most, _))| (before, most));
    println!("{}", serde_json::to_string(&Proof { seconds, memory })?);
    Ok(())
}

pub(crate) fn audit(book: &Path, rounds: usize) -> Result<Vec<Figure>> {
    let conn = Connection::open(book)?;
    let postings: f64 = conn.query_row("SELECT CAST(count(*) AS REAL) FROM posting", [], |row| row.get(0))?;
    let (mut mine, mut theirs, mut most, mut before) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let output = Command::new(std::env::current_exe()?).arg("--prove").arg(book).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let proof: Proof = serde_json::from_slice(&output.stdout).context("what the proof said")?;
        mine.push(postings / proof.seconds);
        if let Some((at_first, at_most)) = proof.memory {
            most.push(megabytes(at_most));
            before.push(megabytes(at_first));
        }
        theirs.push(postings / bare::read_all(book)?.as_secs_f64());
    }
    Ok(vec![
        Figure::new(
            "audit_rows_per_s",
            (median(&mine), "postings/s"),
            (median(&theirs), "the same tables read once, and nothing done"),
            "≥ 1,500,000",
        ),
        Figure::new(
            "rss_mb",
            (median(&most), "MB"),
            (median(&before), "the same program before the audit"),
            "< 200",
        ),
    ])
}

fn megabytes(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes / 1_000).unwrap_or(u32::MAX)) / 1_000.0
}

/// A copy of the book that is on disk when it returns, taken while the book is open.
fn back_up(from: &Path, to: &Path) -> Result<()> {
    let (source, mut copy) = (Connection::open(from)?, Connection::open(to)?);
    Backup::new(&source, &mut copy)?.run_to_completion(4_096, Duration::ZERO, None)?;
    drop(copy);
    Ok(File::open(to)?.sync_all()?)
}

pub(crate) fn backup(book: &Path, folder: &Path, rounds: usize) -> Result<Figure> {
    let (mut mine, mut theirs) = (Vec::new(), Vec::new());
    let copy = folder.join("copy.db");
    for _ in 0..rounds {
        let started = Instant::now();
        back_up(book, &copy)?;
        mine.push(started.elapsed().as_secs_f64());
        fs::remove_file(&copy)?;
        let started = Instant::now();
        let mut file = File::create(&copy)?;
        io::copy(&mut File::open(book)?, &mut file)?;
        file.sync_all()?;
        theirs.push(started.elapsed().as_secs_f64());
        fs::remove_file(&copy)?;
    }
    let against = "the file copied and fsync";
    Ok(Figure::new("backup_s", (median(&mine), "s"), (median(&theirs), against), "–"))
}
