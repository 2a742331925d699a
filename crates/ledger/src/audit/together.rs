//! Stretches walked side by side, counted in order.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use rusqlite::Connection;

use super::tally::Tally;
use super::walk::{Stretch, Walked};
use crate::canon::Hash;
use crate::error::LedgerError;
use crate::reader::Reader;
use crate::store::ReadStore;

/// More than this many helpers wait for one disk.
const MOST_HELPERS: usize = 4;

type Bad = (i64, &'static str);

/// Walks the chain up to `end`, and counts what moved. The last hash, or the first place that does not prove itself.
///
/// # Errors
/// What SQLite says.
pub(super) fn walk(
    conn: &Connection,
    end: i64,
    stretch: u32,
    tally: &mut Tally,
) -> Result<Result<Hash, Bad>, LedgerError> {
    let stretches = stretches(end, stretch);
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let helpers = if cores == 1 { 0 } else { cores.min(MOST_HELPERS).min(stretches.len().saturating_sub(1)) };
    let path = path(conn);
    let (taken, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        let (send, walked) = sync_channel(helpers.saturating_mul(2));
        if let Some(path) = path {
            for _ in 0..helpers {
                let send = send.clone();
                let (taken, stop, stretches) = (&taken, &stop, stretches.as_slice());
                scope.spawn(move || help(path, end, stretches, taken, stop, &send));
            }
        }
        drop(send);
        let result = count(conn, &stretches, &walked, tally);
        stop.store(true, Ordering::Relaxed);
        // Whoever waits to hand something in is let go.
        drop(walked);
        result
    })
}

/// A book in memory has no path, and no second connection.
fn path(conn: &Connection) -> Option<&Path> {
    conn.path().map(Path::new).filter(|path| !path.as_os_str().is_empty())
}

/// Does `one` on a connection of its own while `other` is done here, where that connection sees the very same book, with
/// the same head; otherwise both are done here, one after the other.
///
/// # Errors
/// What either of them says.
pub(super) fn beside<A: Send, B>(
    conn: &Connection,
    is_worth_it: bool,
    one: impl Fn(&Reader<'_>) -> Result<A, LedgerError> + Sync,
    other: impl FnOnce() -> Result<B, LedgerError>,
) -> Result<(A, B), LedgerError> {
    let here = Reader::new(conn);
    let head = here.head()?;
    let (found, other) = thread::scope(|scope| {
        let helper = path(conn).filter(|_| is_worth_it).map(|path| {
            let (one, head) = (&one, &head);
            scope.spawn(move || {
                let mut store = ReadStore::open_for_a_walk(path)?;
                store.read(|book| if book.head()? == *head { one(book).map(Some) } else { Ok(None) })
            })
        });
        let other = other();
        (helper.and_then(|helper| helper.join().ok()), other)
    });
    let other = other?;
    match found {
        Some(Ok(Some(found))) => Ok((found, other)),
        Some(Ok(None) | Err(_)) | None => Ok((one(&here)?, other)),
    }
}

fn stretches(end: i64, stretch: u32) -> Vec<Stretch> {
    let step = i64::from(stretch);
    let mut stretches = Vec::new();
    let mut first = 1_i64;
    while first <= end {
        let last = first.saturating_add(step).saturating_sub(1).min(end);
        let from = if first == 1 { i64::MIN } else { first };
        stretches.push(Stretch { from, first, last });
        first = last.saturating_add(1);
    }
    stretches
}

/// Takes stretches and hands in what they hold, on a connection of its own. `None` where this helper cannot tell.
fn help(
    path: &Path,
    end: i64,
    stretches: &[Stretch],
    taken: &AtomicUsize,
    stop: &AtomicBool,
    send: &SyncSender<(usize, Option<Walked>)>,
) {
    let Ok(mut store) = ReadStore::open_for_a_walk(path) else { return };
    // One state of the book, which may be newer than the caller's: rows are only added, and none after `end` is read.
    let done: Result<(), LedgerError> = store.read(|book| {
        let seen = book.head()?.0;
        while seen >= end && !stop.load(Ordering::Relaxed) {
            let place = taken.fetch_add(1, Ordering::Relaxed);
            let Some(stretch) = stretches.get(place) else { break };
            if send.send((place, super::one(book.conn, *stretch).ok())).is_err() {
                break;
            }
        }
        Ok(())
    });
    if let Err(error) = done {
        tracing::debug!(%error, "the audit goes on without this helper");
    }
}

/// Counts the stretches in order. One that nobody handed in is walked here.
fn count(
    conn: &Connection,
    stretches: &[Stretch],
    walked: &Receiver<(usize, Option<Walked>)>,
    tally: &mut Tally,
) -> Result<Result<Hash, Bad>, LedgerError> {
    let mut early = BTreeMap::new();
    // An empty book's head is zeros.
    let mut last = [0; 32];
    for (place, stretch) in stretches.iter().enumerate() {
        let handed_in = loop {
            if let Some(walked) = early.remove(&place) {
                break walked;
            }
            match walked.recv() {
                Ok((place, walked)) => early.insert(place, walked),
                Err(_) => break None,
            };
        };
        let walked = match handed_in {
            Some(walked) => walked,
            None => super::one(conn, *stretch)?,
        };
        for step in walked.steps {
            if let Some(bad) = tally.step(step) {
                return Ok(Err(bad));
            }
        }
        if let Some(bad) = walked.bad {
            return Ok(Err(bad));
        }
        tally.days.add(&walked.days);
        last = walked.hash;
    }
    Ok(Ok(last))
}
