//! The shop's days: Asia/Seoul whatever the PC says, turning at the owner's hour.

use time::{
    Date, Duration, Month, OffsetDateTime, Time, UtcOffset, format_description::BorrowedFormatItem,
    macros::format_description, macros::offset,
};

use crate::ids::UnixMillis;

/// Korea has no summer time.
const SEOUL: UtcOffset = offset!(+9);
const DATE: &[BorrowedFormatItem<'static>] = format_description!("[year]-[month]-[day]");
const HOUR_MS: i64 = 60 * 60 * 1000;

/// How long points last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// Months of the calendar: to the same day of the month, or to the last where the month has none such.
    Months(u16),
    /// Days.
    Days(u16),
}

fn day(now: UnixMillis, turns_at_hour: u8) -> Option<Date> {
    let nanos = i128::from(now.0).saturating_mul(1_000_000);
    let moment = OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let shifted = moment.to_offset(SEOUL).checked_sub(Duration::hours(i64::from(turns_at_hour)));
    shifted.map(OffsetDateTime::date)
}

/// The business day of a moment, for example `2026-11-23`, where the day turns at `turns_at_hour` in Seoul.
#[must_use]
pub fn business_date(now: UnixMillis, turns_at_hour: u8) -> String {
    day(now, turns_at_hour).and_then(|day| day.format(DATE).ok()).unwrap_or_default()
}

/// The business day that lies `days` before that of a moment.
#[must_use]
pub fn days_before(now: UnixMillis, turns_at_hour: u8, days: u16) -> String {
    let then = day(now, turns_at_hour).and_then(|day| day.checked_sub(Duration::days(i64::from(days))));
    then.and_then(|day| day.format(DATE).ok()).unwrap_or_default()
}

/// The last millisecond of a business day. `None` for what no calendar has, or outside the years 2000 to 2199.
#[must_use]
pub fn last_moment_of(day: &str, turns_at_hour: u8) -> Option<UnixMillis> {
    let day = Date::parse(day, DATE).ok().filter(|day| (2000..2200).contains(&day.year()))?;
    end_of(day, turns_at_hour)
}

/// The last millisecond of the business day on which points that were given now end. The day on which they are given is
/// not counted: a day's points of Monday can be used on Tuesday, all day.
#[must_use]
pub fn lasts_until(now: UnixMillis, turns_at_hour: u8, lifetime: Lifetime) -> Option<UnixMillis> {
    let first = day(now, turns_at_hour)?;
    let last = match lifetime {
        Lifetime::Days(days) => first.checked_add(Duration::days(i64::from(days)))?,
        Lifetime::Months(months) => months_after(first, months)?,
    };
    end_of(last, turns_at_hour)
}

/// A moment at which points go, as the calendar says it: 03:59 of the 24th, where the shop's day turns at 4, is the end of
/// the 23rd and is written so.
#[must_use]
pub fn on_the_calendar(at: UnixMillis, turns_at_hour: u8) -> UnixMillis {
    at.plus_ms(i64::from(turns_at_hour).saturating_mul(HOUR_MS).saturating_neg())
}

fn end_of(day: Date, turns_at_hour: u8) -> Option<UnixMillis> {
    let next = day.next_day()?.with_time(Time::MIDNIGHT).assume_offset(SEOUL);
    let turn = next.checked_add(Duration::hours(i64::from(turns_at_hour)))?;
    let ms = i64::try_from(turn.unix_timestamp_nanos().checked_div(1_000_000)?).ok()?;
    Some(UnixMillis(ms.checked_sub(1)?))
}

fn months_after(first: Date, months: u16) -> Option<Date> {
    let month = i32::from(u8::from(first.month())).checked_sub(1)?.checked_add(i32::from(months))?;
    let year = first.year().checked_add(month.checked_div_euclid(12)?)?;
    let month = u8::try_from(month.checked_rem_euclid(12)?.checked_add(1)?).ok()?;
    let month = Month::try_from(month).ok()?;
    Date::from_calendar_date(year, month, first.day().min(month.length(year))).ok()
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
    use proptest::prelude::*;

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

    fn seoul(text: &str) -> UnixMillis {
        let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
        let moment = time::PrimitiveDateTime::parse(text, &format).unwrap().assume_offset(SEOUL);
        UnixMillis(moment.unix_timestamp() * 1000)
    }

    #[test]
    fn points_last_to_the_end_of_the_shops_day() {
        use Lifetime::{Days, Months};
        for (made, turns_at, lifetime, last_second) in [
            ("2026-11-23 12:00:00", 0, Days(0), "2026-11-23 23:59:59"),
            ("2026-11-23 12:00:00", 0, Days(1), "2026-11-24 23:59:59"),
            ("2026-11-23 12:00:00", 0, Days(365), "2027-11-23 23:59:59"),
            // Midnight in Seoul, which is 15:00 of the day before in UTC.
            ("2026-11-23 23:59:59", 0, Days(1), "2026-11-24 23:59:59"),
            ("2026-11-24 00:00:00", 0, Days(1), "2026-11-25 23:59:59"),
            // The shop's day turns at 4: what is made at 1 in the night belongs to the day before.
            ("2026-11-24 01:00:00", 4, Days(1), "2026-11-25 03:59:59"),
            ("2026-11-24 04:00:00", 4, Days(1), "2026-11-26 03:59:59"),
            // To the same day of the month, or to its last.
            ("2026-11-23 12:00:00", 0, Months(3), "2027-02-23 23:59:59"),
            ("2026-11-30 12:00:00", 0, Months(3), "2027-02-28 23:59:59"),
            ("2027-11-30 12:00:00", 0, Months(3), "2028-02-29 23:59:59"),
            ("2027-01-31 12:00:00", 0, Months(1), "2027-02-28 23:59:59"),
            ("2027-01-31 12:00:00", 0, Months(2), "2027-03-31 23:59:59"),
            ("2027-12-31 12:00:00", 0, Months(1), "2028-01-31 23:59:59"),
            ("2028-02-29 12:00:00", 0, Months(12), "2029-02-28 23:59:59"),
            ("2028-02-29 12:00:00", 0, Months(48), "2032-02-29 23:59:59"),
            ("2026-11-23 12:00:00", 0, Months(60), "2031-11-23 23:59:59"),
            ("2027-03-01 02:00:00", 4, Months(12), "2028-02-29 03:59:59"),
        ] {
            let lasts = lasts_until(seoul(made), turns_at, lifetime).unwrap();
            assert_eq!(lasts, seoul(last_second).plus_ms(999), "{made} {turns_at} {lifetime:?}");
        }
    }

    #[test]
    fn a_day_that_somebody_typed_ends_where_the_shops_day_ends() {
        assert_eq!(last_moment_of("2027-02-28", 0), Some(seoul("2027-02-28 23:59:59").plus_ms(999)));
        assert_eq!(last_moment_of("2027-02-28", 4), Some(seoul("2027-03-01 03:59:59").plus_ms(999)));
        for odd in
            ["2027-02-29", "2027-13-01", "2027-1-1", "", "1999-12-31", "2200-01-01", "내일", "2027-02-28 "]
        {
            assert_eq!(last_moment_of(odd, 0), None, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn what_ends_a_day_is_its_last_moment_and_shows_that_day(
            ms in 1_600_000_000_000_i64..4_000_000_000_000, turns_at in 0_u8..24, days in 0_u16..4_000,
        ) {
            let last = lasts_until(UnixMillis(ms), turns_at, Lifetime::Days(days)).unwrap();
            prop_assert!(last.0 >= ms);
            let name = business_date(last, turns_at);
            prop_assert!(business_date(last.plus_ms(1), turns_at) > name);
            prop_assert_eq!(last_moment_of(&name, turns_at), Some(last));
            prop_assert_eq!(business_date(on_the_calendar(last, turns_at), 0), name);
            prop_assert_eq!(days_before(last, turns_at, days), business_date(UnixMillis(ms), turns_at));
        }
    }
}
