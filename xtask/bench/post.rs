//! How long a posting takes: by the app, and by the disk and SQLite alone.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use money::Points;

use crate::bare;
use crate::book::{Seeded, Shop};
use crate::table::{Figure, median, percentile, us};

/// How many members of a big book come by on a day.
pub(crate) const ACTIVE: i64 = 300;

/// The medians of every round.
#[derive(Default)]
pub(crate) struct Rounds {
    charge: Vec<f64>,
    bare: Vec<f64>,
    spend: Vec<f64>,
    bare_spend: Vec<f64>,
    sync: Vec<f64>,
    big: Vec<f64>,
    spread: Vec<f64>,
}

fn half(mut took: Vec<Duration>) -> f64 {
    us(percentile(&mut took, 50))
}

/// The same by a book that goes on afterwards.
fn credit(shop: Shop, charges: u32, members: impl Fn(&mut Seeded) -> i64) -> Result<(Shop, f64)> {
    let mut shop = shop;
    let due = shop.opened(charges, members)?;
    let mut shop = shop.anew()?;
    let took = credit_due(&mut shop, &due)?;
    Ok((shop, half(took)))
}

/// Credits charges that are open, each in its own commit, as the counter does. How long each took.
fn credit_due(shop: &mut Shop, due: &[crate::book::Due]) -> Result<Vec<Duration>> {
    let mut took = Vec::with_capacity(due.len());
    for due in due {
        let started = Instant::now();
        let settled = shop.store.write(|book| book.settle(&due.by, due.charge, &due.answer))?;
        took.push(started.elapsed());
        ensure!(settled.credited.is_some(), "a charge was not credited");
    }
    Ok(took)
}

impl Rounds {
    /// One round of everything, one after the other, so that a busy moment touches all of them.
    pub(crate) fn round(&mut self, folder: &Path, big: Shop, charges: u32) -> Result<Shop> {
        let (mine, theirs) = (folder.join("app.db"), folder.join("bare.db"));
        for file in [&mine, &theirs] {
            remove(file)?;
        }
        let mut shop = Shop::with_members(&mine, ACTIVE)?;
        let anybody = |random: &mut Seeded| 1 + random.below(ACTIVE);
        let due = shop.opened(charges, anybody)?;
        let mut shop = shop.anew()?;
        fs::copy(&mine, &theirs)?;
        self.charge.push(half(credit_due(&mut shop, &due)?));
        let rows = bare::rows(&mine, 0, false)?;
        ensure!(rows.len() == due.len(), "the baseline has other rows");
        self.bare.push(half(bare::write(&mut bare::open(&theirs)?, &rows)?));
        self.sync.push(half(bare::syncs(folder, rows.len())?));

        let mut shop = shop.anew()?;
        remove(&theirs)?;
        fs::copy(&mine, &theirs)?;
        let before = shop.store.read(|book| book.head())?.0;
        let mut took = Vec::new();
        for (by, member) in shop.uses(charges, anybody) {
            let points = Points::new(500)?;
            let started = Instant::now();
            let used = shop.store.write(|book| book.spend(&by, member, points));
            took.push(started.elapsed());
            // Whoever did not come by in this round has none.
            ensure!(matches!(used, Ok(_) | Err(ledger::LedgerError::NotEnoughPoints { .. })), "{used:?}");
            if used.is_err() {
                took.pop();
            }
        }
        self.spend.push(half(took));
        let rows = bare::rows(&mine, before, true)?;
        self.bare_spend.push(half(bare::write(&mut bare::open(&theirs)?, &rows)?));

        let everybody = big.members;
        let (big, took) = credit(big, charges, anybody)?;
        self.big.push(took);
        let (big, took) = credit(big, charges, |random| 1 + random.below(everybody))?;
        self.spread.push(took);
        Ok(big)
    }

    pub(crate) fn figures(&self) -> Vec<Figure> {
        let charge = median(&self.charge);
        let sync = (median(&self.sync), "4 KiB overwritten and fdatasync");
        let empty = (charge, "the same on an empty book");
        vec![
            Figure::new(
                "post_charge_vs_bare_sqlite",
                (charge, "us"),
                (median(&self.bare), "the same rows by SQLite alone"),
                "ratio ≤ 1.3",
            ),
            Figure::new("post_charge_vs_fdatasync", (charge, "us"), sync, "–"),
            Figure::new("post_charge_big_vs_empty", (median(&self.big), "us"), empty, "ratio ≤ 1.2"),
            Figure::new("post_charge_spread_vs_empty", (median(&self.spread), "us"), empty, "–"),
            Figure::new(
                "post_use_vs_bare_sqlite",
                (median(&self.spend), "us"),
                (median(&self.bare_spend), "the same rows by SQLite alone"),
                "ratio ≤ 1.3",
            ),
        ]
    }
}

fn remove(file: &Path) -> Result<()> {
    for end in ["", "-wal", "-shm"] {
        let file = format!("{}{end}", file.display());
        if fs::exists(&file)? {
            fs::remove_file(file)?;
        }
    }
    Ok(())
}
