//! The timers of a desk: the audit at start, and settling until nothing is due.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::desk::Desk;
use counter::wire::{BookState, Connection};
use counter::{
    ask_after_restore, asks_after_restore, complete_closes, expire_due, settle_due, settle_unsettled,
};

/// The longest sleep: after it a PortOne that was not there is asked again.
const LONGEST: Duration = Duration::from_secs(20);
const SHORTEST: Duration = Duration::from_millis(200);
/// Everything is looked at no more often than this, however often PortOne comes and goes.
const SWEEP_AGAIN: Duration = Duration::from_secs(20);
/// And no less often: a till that is never closed has no start at which it would be.
const SWEEP_ANYWAY: Duration = Duration::from_secs(6 * 60 * 60);
/// How long a book that does not take what was found is left alone, at most.
const LONGEST_PATIENCE: Duration = Duration::from_secs(60);

/// Proves the book, then settles: everything at once, then by timetable, until the desk is closed.
pub(crate) async fn run(desk: Arc<Desk>) {
    audit(&desk).await;
    connect(&desk).await;
    let mut asked = None;
    after_restore(&desk, &mut asked).await;
    everything(&desk).await;
    expire(&desk).await;
    let mut swept = Instant::now();
    let mut patience = Duration::ZERO;
    let mut completed = swept;
    complete(&desk).await;
    while !desk.is_closed() {
        let wait = wait(&desk).await.max(patience);
        // Woken early by a new charge or a hint, or late by the clock: both look at what is due.
        let _timed_out = tokio::time::timeout(wait, desk.wake.notified()).await;
        if desk.is_closed() {
            return;
        }
        // Also where the screen was to be asked for something and may have given it since.
        let gone = [
            Connection::Unreachable,
            Connection::NoKeyring,
            Connection::KeyringLocked,
            Connection::NoKeys,
            // Nobody asked since the keys were changed.
            Connection::Connecting,
        ]
        .contains(&desk.connection());
        if gone && let Err(error) = desk.probe().await {
            tracing::debug!(error = error.chain(), "PortOne is still not there");
        }
        after_restore(&desk, &mut asked).await;
        let since = swept.elapsed();
        let wanted = since >= SWEEP_AGAIN && desk.sweep.swap(false, Ordering::SeqCst);
        let failed = if wanted || since >= SWEEP_ANYWAY {
            swept = Instant::now();
            everything(&desk).await
        } else {
            due(&desk).await
        };
        // Looked at each time, which costs two looks into an index: so it happens soon after the shop's day has turned,
        // after days off, and when PortOne's clock is first known.
        let failed = failed.saturating_add(expire(&desk).await);
        patience = if failed == 0 {
            Duration::ZERO
        } else {
            patience.saturating_mul(2).clamp(Duration::from_secs(1), LONGEST_PATIENCE)
        };
        desk.count_waiting().await;
        if completed.elapsed() >= SWEEP_AGAIN {
            completed = Instant::now();
            complete(&desk).await;
        }
    }
}

/// Compares the days that were closed while PortOne did not answer.
async fn complete(desk: &Desk) {
    if desk.book_state() == BookState::Ok
        && let Err(error) = complete_closes(desk).await
    {
        tracing::error!(error = error.chain(), "the closed days could not be compared");
    }
}

/// Asks PortOne about what came after a backup that was put back: until it answered no charge is started, and then now and then.
async fn after_restore(desk: &Desk, asked: &mut Option<Instant>) {
    if desk.book_state() != BookState::Ok {
        return;
    }
    let Ok(Some(pause)) = asks_after_restore(desk).await else { return };
    if asked.is_some_and(|at| at.elapsed() < pause) {
        return;
    }
    *asked = Some(Instant::now());
    if let Err(error) = ask_after_restore(desk).await {
        tracing::warn!(error = error.chain(), "PortOne could not be asked about what came after the backup");
    }
}

/// Settles what is due; answers how many the book did not take.
async fn due(desk: &Desk) -> usize {
    if desk.book_state() != BookState::Ok {
        return 0;
    }
    settle_due(desk).await.unwrap_or_else(|error| {
        tracing::error!(error = error.chain(), "the list of charges could not be read");
        1
    })
}

/// Posts what is past its date; answers how often the book did not take it.
async fn expire(desk: &Desk) -> usize {
    if desk.book_state() != BookState::Ok {
        return 0;
    }
    match expire_due(desk).await {
        Ok(0) => 0,
        Ok(members) => {
            tracing::info!(mode = desk.mode.word(), members, "points went on their day");
            0
        }
        Err(error) => {
            tracing::error!(error = error.chain(), "what is past its date could not be posted");
            1
        }
    }
}

async fn audit(desk: &Desk) {
    if desk.book_state() == BookState::Broken {
        return;
    }
    match desk.shelf.read(|book| book.verify()).await {
        Ok(report) => match report.first_bad {
            None => desk.proved(),
            Some((seq, fault)) => desk.broke(seq, fault),
        },
        Err(error) => {
            tracing::error!(error = error.chain(), "the book could not be read for its audit");
            desk.broke(0, "unreadable");
        }
    }
}

/// Asks PortOne for its clock, so that the screen knows how it stands.
async fn connect(desk: &Desk) {
    let ready = counter::Host::ready(desk).await;
    if let Err(error) = ready {
        tracing::info!(mode = desk.mode.word(), error = error.chain(), "PortOne is not ready");
    }
}

/// Settles everything that is not finished, whatever its timetable says; answers how many the book did not take.
async fn everything(desk: &Desk) -> usize {
    if desk.book_state() != BookState::Ok {
        return 0;
    }
    let failed = settle_unsettled(desk).await.unwrap_or_else(|error| {
        tracing::error!(error = error.chain(), "the list of charges could not be read");
        1
    });
    desk.count_waiting().await;
    failed
}

async fn wait(desk: &Desk) -> Duration {
    let now = desk.now();
    let next = desk.shelf.read(move |book| book.next_due(now)).await.ok().flatten();
    let Some(next) = next else { return LONGEST };
    if desk.book_state() != BookState::Ok {
        return LONGEST;
    }
    let ms = u64::try_from(next.since(now)).unwrap_or(0);
    Duration::from_millis(ms).clamp(SHORTEST, LONGEST)
}
