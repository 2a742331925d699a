//! Moments and days, as a Korean shop reads them.

use time::macros::{format_description, offset};
use time::{Date, OffsetDateTime, PrimitiveDateTime};

/// A moment on Seoul's clocks; Korea has no summer time. `None` outside of what a calendar has.
pub(crate) fn seoul(at_ms: i64) -> Option<PrimitiveDateTime> {
    let nanos = i128::from(at_ms).checked_mul(1_000_000)?;
    let there = OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()?.to_offset(offset!(+9));
    Some(PrimitiveDateTime::new(there.date(), there.time()))
}

/// `2026-11-23 12:00:00`
pub(crate) fn written(at: PrimitiveDateTime) -> String {
    at.format(format_description!("[year]-[month]-[day] [hour]:[minute]:[second]")).unwrap_or_default()
}

/// Reads `2026-11-23`.
pub(crate) fn day(text: &str) -> Option<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}
