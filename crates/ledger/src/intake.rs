//! A row of the shop's old book: what can be taken over, and why not. Pure.

use money::Points;
use serde::{Deserialize, Serialize};
use time::macros::offset;
use time::{Date, Month, UtcOffset};

use crate::book::Opening;
use crate::error::LedgerError;
use crate::ids::UnixMillis;
use crate::name;
use crate::phone::Phone;

const SEOUL: UtcOffset = offset!(+9);
/// The longest memo, in characters.
const LONGEST_MEMO: usize = 200;

/// Why a row is not taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum IntakeFault {
    /// No usable name.
    BadName,
    /// No Korean number.
    BadPhone,
    /// The number stands in an earlier row.
    Duplicate,
    /// The member has brought points before.
    AlreadyOpened,
    /// Below zero.
    Negative,
    /// No whole number.
    NotWhole,
    /// More than one member can have.
    TooLarge,
    /// Neither paid nor bonus points.
    Nothing,
    /// No date.
    BadDate,
    /// The date is over: what would be brought is gone already.
    PastDate,
    /// A memo that is too long or holds what cannot be seen.
    BadMemo,
}

/// A row as it stands in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IntakeRow {
    /// Its line, from 1.
    pub line: u32,
    /// The name.
    pub name: String,
    /// The number.
    pub phone: String,
    /// Paid points.
    pub paid: String,
    /// Bonus points.
    pub bonus: String,
    /// The date on which all of it goes.
    pub expires: String,
    /// The date on which the bonus goes.
    pub bonus_expires: String,
    /// The memo.
    pub memo: String,
}

/// A row that can be taken over, as far as the row itself tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intake {
    /// The name, tidied.
    pub name: String,
    /// The number.
    pub phone: Phone,
    /// The memo.
    pub memo: Option<String>,
    /// What is brought.
    pub opening: Opening,
}

/// Reads a row.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn intake(row: &IntakeRow, now: UnixMillis) -> Result<Intake, IntakeFault> {
    let name = name::tidy(&row.name).map_err(|_| IntakeFault::BadName)?;
    let phone = phone(&row.phone).map_err(|_| IntakeFault::BadPhone)?;
    let (paid, bonus) = (amount(&row.paid)?, amount(&row.bonus)?);
    let both = paid.checked_add(bonus).ok_or(IntakeFault::TooLarge)?;
    if both.is_zero() {
        return Err(IntakeFault::Nothing);
    }
    let all = date(&row.expires, now)?;
    let of_bonus = date(&row.bonus_expires, now)?;
    let memo = row.memo.trim();
    if memo.chars().count() > LONGEST_MEMO || memo.chars().any(char::is_control) {
        return Err(IntakeFault::BadMemo);
    }
    Ok(Intake {
        name,
        phone,
        memo: (!memo.is_empty()).then(|| memo.to_owned()),
        opening: Opening { paid, bonus, paid_expires_at: all, bonus_expires_at: of_bonus.or(all) },
    })
}

/// A number in any spelling; spreadsheets drop the 0 in front of 010.
fn phone(text: &str) -> Result<Phone, LedgerError> {
    let dropped = text.trim();
    if dropped.len() == 10 && dropped.starts_with("10") && dropped.bytes().all(|byte| byte.is_ascii_digit()) {
        return Phone::parse(&format!("0{dropped}"));
    }
    Phone::parse(text)
}

/// Points as people and spreadsheets write them: 10,000 · 10000원 · 10,000P · empty for none.
fn amount(text: &str) -> Result<Points, IntakeFault> {
    let text: String =
        text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '₩' | '\\' | '+')).collect();
    let text = text.trim_end_matches(['원', '점', 'P', 'p']);
    if matches!(text, "" | "-") {
        return Ok(Points::ZERO);
    }
    let (below, digits) = match text.strip_prefix(['-', '−', '△', '▲']) {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let whole = match digits.split_once('.') {
        Some((whole, rest)) if !whole.is_empty() && rest.bytes().all(|byte| byte == b'0') => whole,
        Some(_) => return Err(IntakeFault::NotWhole),
        None => digits,
    };
    if whole.is_empty() || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(IntakeFault::NotWhole);
    }
    let value: i64 = whole.parse().map_err(|_| IntakeFault::TooLarge)?;
    if below && value != 0 {
        return Err(IntakeFault::Negative);
    }
    Points::new(value).map_err(|_| IntakeFault::TooLarge)
}

/// The end of a day in Seoul, written 2027-12-31, 2027.12.31, 2027/12/31, 20271231 or 2027년 12월 31일.
fn date(text: &str, now: UnixMillis) -> Result<Option<UnixMillis>, IntakeFault> {
    let text = text.trim();
    if text.is_empty() || text == "-" {
        return Ok(None);
    }
    let mut parts: Vec<&str> =
        text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    if let [whole] = parts.as_slice()
        && let (8, Some(year), Some(month), Some(day)) =
            (whole.len(), whole.get(..4), whole.get(4..6), whole.get(6..))
    {
        parts = vec![year, month, day];
    }
    let [year, month, day, ..] = parts.as_slice() else { return Err(IntakeFault::BadDate) };
    // A time behind the date is left out.
    let number = |text: &str| text.parse::<u8>().map_err(|_| IntakeFault::BadDate);
    let year: i32 = year.parse().map_err(|_| IntakeFault::BadDate)?;
    if !(2000..=2200).contains(&year) {
        return Err(IntakeFault::BadDate);
    }
    let month = Month::try_from(number(month)?).map_err(|_| IntakeFault::BadDate)?;
    let day = Date::from_calendar_date(year, month, number(day)?).map_err(|_| IntakeFault::BadDate)?;
    let end = day.next_day().ok_or(IntakeFault::BadDate)?.midnight().assume_offset(SEOUL);
    let end = UnixMillis(end.unix_timestamp().saturating_mul(1000));
    if end <= now { Err(IntakeFault::PastDate) } else { Ok(Some(end)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-23T03:00:00Z.
    const NOW: UnixMillis = UnixMillis(1_795_402_800_000);

    fn row(name: &str, phone: &str, paid: &str, bonus: &str, expires: &str) -> IntakeRow {
        IntakeRow {
            line: 2,
            name: name.to_owned(),
            phone: phone.to_owned(),
            paid: paid.to_owned(),
            bonus: bonus.to_owned(),
            expires: expires.to_owned(),
            ..IntakeRow::default()
        }
    }

    #[test]
    fn a_row_is_read_as_people_and_spreadsheets_write_it() {
        for (paid, points) in [
            ("10000", 10_000),
            ("10,000", 10_000),
            ("₩10,000원", 10_000),
            ("10,000 P", 10_000),
            ("10000.00", 10_000),
            ("+1", 1),
        ] {
            let read = intake(&row("김서연", "010-2841-4821", paid, "", ""), NOW).unwrap();
            assert_eq!((read.opening.paid.get(), read.opening.bonus.get()), (points, 0), "{paid}");
        }
        let dropped = intake(&row("김서연", "1028414821", "1", "-", ""), NOW).unwrap();
        assert_eq!(dropped.phone.digits(), "01028414821");
        for date in
            ["2027-12-31", "2027.12.31.", "2027/12/31", "20271231", "2027년 12월 31일", "2027-12-31 00:00:00"]
        {
            let read = intake(&row("김서연", "010-2841-4821", "1", "2", date), NOW).unwrap();
            // Midnight after that day in Seoul.
            let end = Some(UnixMillis(1_830_265_200_000));
            assert_eq!((read.opening.paid_expires_at, read.opening.bonus_expires_at), (end, end), "{date}");
        }
        let mut of_bonus = row("김서연", "010-2841-4821", "1", "2", "");
        of_bonus.bonus_expires = "2027-12-31".to_owned();
        let read = intake(&of_bonus, NOW).unwrap().opening;
        assert!(read.paid_expires_at.is_none() && read.bonus_expires_at.is_some());
    }

    #[test]
    fn each_row_that_is_not_taken_over_says_why() {
        let phone = "010-2841-4821";
        for (row, fault) in [
            (row("", phone, "1", "", ""), IntakeFault::BadName),
            (row("김\u{202e}서연", phone, "1", "", ""), IntakeFault::BadName),
            (row("김서연", "010-2841-482", "1", "", ""), IntakeFault::BadPhone),
            (row("김서연", "", "1", "", ""), IntakeFault::BadPhone),
            (row("김서연", phone, "-1", "", ""), IntakeFault::Negative),
            (row("김서연", phone, "△1,000", "", ""), IntakeFault::Negative),
            (row("김서연", phone, "1.5", "", ""), IntakeFault::NotWhole),
            (row("김서연", phone, "만원", "", ""), IntakeFault::NotWhole),
            (row("김서연", phone, "1e9", "", ""), IntakeFault::NotWhole),
            (row("김서연", phone, "NaN", "", ""), IntakeFault::NotWhole),
            (row("김서연", phone, "9007199254740992", "", ""), IntakeFault::TooLarge),
            (row("김서연", phone, "99999999999999999999", "", ""), IntakeFault::TooLarge),
            (row("김서연", phone, "9007199254740991", "1", ""), IntakeFault::TooLarge),
            (row("김서연", phone, "0", "", ""), IntakeFault::Nothing),
            (row("김서연", phone, "1", "", "곧"), IntakeFault::BadDate),
            (row("김서연", phone, "1", "", "2027-02-30"), IntakeFault::BadDate),
            (row("김서연", phone, "1", "", "27-12-31"), IntakeFault::BadDate),
            (row("김서연", phone, "1", "", "2026-11-22"), IntakeFault::PastDate),
        ] {
            assert_eq!(intake(&row, NOW).unwrap_err(), fault, "{row:?}");
        }
        // Today is not over.
        assert!(intake(&row("김서연", phone, "1", "", "2026-11-23"), NOW).is_ok());
        let mut memo = row("김서연", phone, "1", "", "");
        memo.memo = "가".repeat(201);
        assert_eq!(intake(&memo, NOW).unwrap_err(), IntakeFault::BadMemo);
    }
}
