//! The timers of a desk: the audit at start, and settling until nothing is due.

use std::sync::Arc;
use std::time::Duration;

use crate::desk::Desk;
use counter::wire::{BookState, Connection};
use counter::{settle_due, settle_unsettled};

/// The longest sleep: after it a PortOne that was not there is asked again.
const LONGEST: Duration = Duration::from_secs(20);
const SHORTEST: Duration = Duration::from_millis(200);

/// Proves the book, then settles: everything at once, then by timetable, until the desk is closed.
pub(crate) async fn run(desk: Arc<Desk>) {
    audit(&desk).await;
    connect(&desk).await;
    everything(&desk).await;
    while !desk.is_closed() {
        let wait = wait(&desk).await;
        // Woken early by a new charge or a hint, or late by the clock: both look at what is due.
        let _timed_out = tokio::time::timeout(wait, desk.wake.notified()).await;
        if desk.is_closed() {
            return;
        }
        if desk.connection() == Connection::Unreachable
            && let Err(error) = desk.probe().await
        {
            tracing::debug!(error = error.chain(), "PortOne is still not there");
        }
        if desk.book_state() == BookState::Ok
            && let Err(error) = settle_due(&*desk).await
        {
            tracing::error!(error = error.chain(), "the list of charges could not be read");
        }
        desk.count_waiting().await;
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

/// Settles everything that is not finished, whatever its timetable says.
pub(crate) async fn everything(desk: &Desk) {
    if desk.book_state() == BookState::Ok
        && let Err(error) = settle_unsettled(desk).await
    {
        tracing::error!(error = error.chain(), "the list of charges could not be read");
    }
    desk.count_waiting().await;
}

async fn wait(desk: &Desk) -> Duration {
    let next = desk.shelf.read(|book| book.next_due()).await.ok().flatten();
    let Some(next) = next else { return LONGEST };
    if desk.book_state() != BookState::Ok {
        return LONGEST;
    }
    let ms = u64::try_from(next.since(desk.now())).unwrap_or(0);
    Duration::from_millis(ms).clamp(SHORTEST, LONGEST)
}
