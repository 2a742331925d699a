//! Korean local times of `vbank_due`. Korea has had UTC+9 without summer time since 1988.

const KST_SECONDS: i64 = 9 * 3600;
const DAY_SECONDS: i64 = 86_400;

/// `YYYY-MM-DD`, `YYYYMMDD`, with or without a time of day (` HH:mm:ss`, `HHmmss`). Without one, the
/// last second of the day. `None` = none of these, or no day of the calendar.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let has_time = match shape.as_str() {
        "0000-00-00" | "00000000" => false,
        "0000-00-00 00:00:00" | "00000000000000" => true,
        _ => return None,
    };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    if !(1..=12).contains(&month) || !(1..=days_in(year, month)).contains(&day) {
        return None;
    }
    let seconds = if has_time {
        let (hour, minute, second) = (number(8, 10)?, number(10, 12)?, number(12, 14)?);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        hour * 3600 + minute * 60 + second
    } else {
        DAY_SECONDS - 1
    };
    Some(days_since_1970(year, month, day) * DAY_SECONDS + seconds - KST_SECONDS)
}

fn days_in(year: i64, month: i64) -> i64 {
    let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    days_since_1970(next_year, next_month, 1) - days_since_1970(year, month, 1)
}

/// Howard Hinnant's `days_from_civil`, <https://howardhinnant.github.io/date_algorithms.html>.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_due_date_is_korean_time() {
        // date -u -d '2026-11-23T23:59:59+09:00' +%s
        assert_eq!(parse("2026-11-23"), Some(1_795_445_999));
        assert_eq!(parse("20261123"), Some(1_795_445_999));
        assert_eq!(parse("2026-11-23 12:00:00"), Some(1_795_402_800));
        assert_eq!(parse("20261123120000"), Some(1_795_402_800));
        assert!(parse("2028-02-29").is_some());
    }

    #[test]
    fn a_day_that_no_calendar_has_is_no_due_date() {
        for text in ["tomorrow", "2026-13-99", "2026-02-29", "2026-00-10", "20261123246000", "2026/11/23", ""]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
