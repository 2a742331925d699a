//! The shop's days: Asia/Seoul whatever the PC says, turning at the owner's hour.

use time::{
    Date, Duration, OffsetDateTime, UtcOffset, format_description::BorrowedFormatItem,
    macros::format_description, macros::offset,
};

use crate::ids::UnixMillis;

/// Korea has no summer time.
const SEOUL: UtcOffset = offset!(+9);
const DATE: &[BorrowedFormatItem<'static>] = format_description!("[year]-[month]-[day]");

/// The business day of a moment, for example `2026-11-23`, where the day turns at `turns_at_hour` in Seoul.
#[must_use]
pub fn business_date(now: UnixMillis, turns_at_hour: u8) -> String {
    let nanos = i128::from(now.0).saturating_mul(1_000_000);
    let moment = OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let shifted = moment.to_offset(SEOUL).checked_sub(Duration::hours(i64::from(turns_at_hour)));
    shifted.and_then(|moment| moment.format(DATE).ok()).unwrap_or_default()
}

/// The first moment of a business day; `None` for what is no day.
#[must_use]
pub fn day_start(date: &str, turns_at_hour: u8) -> Option<UnixMillis> {
    let midnight = Date::parse(date, DATE).ok()?.midnight().assume_offset(SEOUL);
    let start = midnight.checked_add(Duration::hours(i64::from(turns_at_hour)))?;
    Some(UnixMillis(start.unix_timestamp().saturating_mul(1_000)))
}

/// The day `days` after this one; `None` for what is no day.
#[must_use]
pub fn day_after(date: &str, days: i64) -> Option<String> {
    Date::parse(date, DATE).ok()?.checked_add(Duration::days(days))?.format(DATE).ok()
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails, which is what it is for")]
mod tests {
    use super::*;

    fn at(hour_utc: i64, minute: i64) -> UnixMillis {
        // 2026-11-23T00:00:00Z
        UnixMillis(1_795_392_000_000 + (hour_utc * 60 + minute) * 60_000)
    }

    #[test]
    fn the_day_turns_at_midnight_in_seoul_or_at_the_shops_hour() {
        assert_eq!(business_date(at(14, 59), 0), "2026-11-23");
        assert_eq!(business_date(at(15, 0), 0), "2026-11-24");
        assert_eq!(business_date(at(15, 0), 4), "2026-11-23");
        assert_eq!(business_date(at(18, 59), 4), "2026-11-23");
        assert_eq!(business_date(at(19, 0), 4), "2026-11-24");
    }
    #[test]
    fn a_day_starts_where_the_one_before_ends_over_months_and_years() {
        for (date, turns) in [("2026-11-23", 0), ("2026-12-31", 4), ("2028-02-29", 23)] {
            let (start, next) = (day_start(date, turns).unwrap(), day_after(date, 1).unwrap());
            let end = day_start(&next, turns).unwrap();
            assert_eq!(business_date(start, turns), date);
            assert_eq!(business_date(end.plus_ms(-1), turns), date);
            assert_eq!(business_date(end, turns), next);
        }
        assert_eq!(day_after("2027-01-01", -1).unwrap(), "2026-12-31");
        for bad in ["", "2026-02-29", "2026-11-1", "26-11-23", "2026-11-23 "] {
            assert_eq!((day_start(bad, 0), day_after(bad, 1)), (None, None), "{bad}");
        }
    }
}
