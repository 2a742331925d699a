//! When PortOne is asked again about a charge. Pure.

use crate::ids::UnixMillis;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// For how long a charge is looked at: a failed one may turn paid, a deposit may come late.
pub const WATCHED_DAYS: i64 = 90;

/// The longest wait between two questions. A charge that is due later than that was noted under a clock that was wrong.
pub(crate) const LONGEST_WAIT_MS: i64 = 7 * DAY;

/// How long to wait between two questions about a charge that is younger than this, in milliseconds.
const PATIENCE: [(i64, i64); 7] = [
    (90 * SECOND, 2 * SECOND),
    (10 * MINUTE, 5 * SECOND),
    (30 * MINUTE, 15 * SECOND),
    (HOUR, MINUTE),
    (6 * HOUR, 5 * MINUTE),
    (2 * DAY, HOUR),
    (10 * DAY, DAY),
];

/// The longest wait between two questions about a deposit that may still come in time.
const DEPOSIT_PATIENCE: i64 = 10 * MINUTE;

/// What the timetable has to know about a charge.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Watched {
    /// When it was started.
    pub(crate) started: UnixMillis,
    /// Until when its virtual account takes the money, where it has one.
    pub(crate) deposit_due: Option<UnixMillis>,
}

/// When to ask again. `silent`: questions without an answer in a row, which are asked again with growing patience so that
/// a PortOne in trouble is not pressed. `None` when it is 90 days since the start, or since the last day of the deposit.
pub(crate) fn next_look(watched: Watched, now: UnixMillis, silent: i64) -> Option<UnixMillis> {
    let age = now.since(watched.started).max(0);
    let by_age = PATIENCE
        .iter()
        .find(|(younger_than, _)| age < *younger_than)
        .map_or(LONGEST_WAIT_MS, |(_, wait)| *wait);
    let by_age = match watched.deposit_due {
        Some(due) if now < due => by_age.min(DEPOSIT_PATIENCE),
        Some(_) | None => by_age,
    };
    let by_silence = match silent {
        ..=0 => 0,
        1..=9 => SECOND.saturating_mul(1_i64.checked_shl(u32::try_from(silent).unwrap_or(10)).unwrap_or(1)),
        _ => 17 * MINUTE,
    };
    let since = now.since(watched.deposit_due.map_or(watched.started, |due| due.max(watched.started)));
    (since < WATCHED_DAYS * DAY).then(|| now.plus_ms(by_age.max(by_silence)))
}

/// A credited charge is looked at again after a minute, an hour, and then every day for 90 days: a cancel made elsewhere
/// shows there.
pub(crate) fn after_credit(credited: UnixMillis, now: UnixMillis) -> Option<UnixMillis> {
    let age = now.since(credited).max(0);
    let wait = [(MINUTE, MINUTE), (HOUR, HOUR), (WATCHED_DAYS * DAY, DAY)]
        .into_iter()
        .find(|(younger_than, _)| age < *younger_than);
    wait.map(|(_, wait)| now.plus_ms(wait))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_charge_is_asked_about_often_at_first_and_for_ninety_days() {
        let start = UnixMillis(0);
        let mut now = start;
        let mut looks = 0;
        let mut last = 0;
        while let Some(next) = next_look(Watched { started: start, deposit_due: None }, now, 0) {
            let wait = next.since(now);
            assert!(wait >= last, "the patience only grows");
            last = wait;
            now = next;
            looks += 1;
        }
        assert!(now.since(start) >= WATCHED_DAYS * DAY && looks < 600, "{looks}");
    }

    #[test]
    fn a_credited_charge_is_looked_at_every_day_for_ninety_days() {
        let mut now = UnixMillis(0);
        let mut looks = 0;
        while let Some(next) = after_credit(UnixMillis(0), now) {
            assert!(next.since(now) <= DAY);
            now = next;
            looks += 1;
        }
        assert!(now.since(UnixMillis(0)) >= WATCHED_DAYS * DAY && looks < 95, "{looks}");
    }

    #[test]
    fn a_silent_portone_is_asked_with_growing_patience() {
        let waits: Vec<i64> = (0..14)
            .filter_map(|silent| {
                next_look(Watched { started: UnixMillis(0), deposit_due: None }, UnixMillis(0), silent)
            })
            .map(|at| at.0)
            .collect();
        assert!(waits.is_sorted() && waits.last() == Some(&(17 * MINUTE)), "{waits:?}");
    }

    #[test]
    fn a_deposit_is_asked_about_until_it_is_due_and_for_ninety_days_after() {
        let due = UnixMillis(30 * DAY);
        let watched = Watched { started: UnixMillis(0), deposit_due: Some(due) };
        let wait = |now: i64| next_look(watched, UnixMillis(now), 0).map(|at| at.0 - now);
        assert_eq!(wait(29 * DAY), Some(10 * MINUTE));
        assert_eq!(wait(119 * DAY), Some(7 * DAY));
        assert_eq!(wait(120 * DAY), None);
        assert_eq!(wait(0), Some(2 * SECOND));
    }
}
