//! A payment company's settlement file, read: which column is what is found by the words of its head.

use base64::Engine as _;
use ledger::FileLine;

use crate::error::{AppError, Refusal};

/// The largest file that is read, in bytes.
const LARGEST: usize = 8 * 1024 * 1024;
/// Lines before the head that may be titles.
const MOST_TITLES: usize = 20;

const DATE: &[&str] = &[
    "승인일자",
    "거래일자",
    "승인일시",
    "거래일시",
    "결제일자",
    "결제일시",
    "승인일",
    "거래일",
    "일자",
    "날짜",
    "date",
];
const NUMBER: &[&str] =
    &["승인번호", "카드승인번호", "approvalnumber", "approvalno", "approval", "authno", "applynum"];
const SUM: &[&str] = &["승인금액", "거래금액", "결제금액", "매출금액", "금액", "amount", "sum"];
const KIND: &[&str] =
    &["거래구분", "승인구분", "매출구분", "거래종류", "거래상태", "구분", "상태", "status", "type"];

struct Columns {
    date: usize,
    number: usize,
    sum: usize,
    kind: Option<usize>,
}

/// Reads a file that came in Base64. Dates outside `first` to `last` are kept apart.
///
/// # Errors
/// `bad_file` where it is too large, has no head with a date, an approval number and a sum, or a line that cannot be read:
/// nothing is compared then.
pub(crate) fn read(content: &str, first: &str, last: &str) -> Result<Vec<FileLine>, AppError> {
    if content.len() > LARGEST.saturating_mul(4) / 3 {
        return Err(bad(0, "too large"));
    }
    let bytes = base64::engine::general_purpose::STANDARD.decode(content).map_err(|_| bad(0, "no Base64"))?;
    let text = decoded(&bytes);
    let separator = if text.lines().take(MOST_TITLES).any(|line| line.contains('\t')) { b'\t' } else { b',' };
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes())
        .into_records();
    let mut columns = None;
    let mut lines = Vec::new();
    for (place, row) in (1_usize..).zip(&mut rows) {
        let row = row.map_err(|_| bad(place, "no row"))?;
        match &columns {
            None => columns = found(&row),
            Some(columns) => {
                lines.extend(line(&row, columns, first, last).ok_or_else(|| bad(place, "line"))?)
            }
        }
        if columns.is_none() && place >= MOST_TITLES {
            break;
        }
    }
    if columns.is_none() {
        return Err(bad(0, "no head"));
    }
    Ok(lines)
}

fn bad(line: usize, what: &'static str) -> AppError {
    Refusal::BadSettlementFile { line, what }.into()
}

/// Korean companies write UTF-8 with a mark before it, or what Windows calls 949.
fn decoded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => encoding_rs::EUC_KR.decode(bytes).0.into_owned(),
    }
}

fn found(row: &csv::StringRecord) -> Option<Columns> {
    let heads: Vec<String> = row
        .iter()
        .map(|head| head.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase())
        .collect();
    // The first word of a list that stands in the head wins: 승인일자 before 일자.
    let place = |words: &[&str]| {
        words
            .iter()
            .find_map(|word| heads.iter().position(|head| head == word))
            .or_else(|| words.iter().find_map(|word| heads.iter().position(|head| head.contains(word))))
    };
    Some(Columns { date: place(DATE)?, number: place(NUMBER)?, sum: place(SUM)?, kind: place(KIND) })
}

/// A line; an empty one, a total and one without an approval number are none. `None`: it cannot be read.
fn line(row: &csv::StringRecord, columns: &Columns, first: &str, last: &str) -> Option<Option<FileLine>> {
    let cell = |place: usize| row.get(place).unwrap_or_default();
    let number = cell(columns.number).trim_matches(['\'', '=', '"', ' ']);
    if number.is_empty() || number == "-" {
        return Some(None);
    }
    let date = date(cell(columns.date))?;
    let won = won(cell(columns.sum))?;
    let cancelled = columns.kind.is_some_and(|place| {
        let kind = cell(place).to_lowercase();
        kind.contains("취소") || kind.contains("cancel") || kind.contains("환불")
    });
    Some(Some(FileLine {
        approval_number: number.to_owned(),
        won: if cancelled && won > 0 { won.checked_neg()? } else { won },
        in_period: (first..=last).contains(&date.as_str()),
    }))
}

/// `2026-11-23`, `2026.11.23`, `20261123`, `2026/11/23 14:02:11`.
fn date(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).take(8).collect();
    let (year, month, day) = (digits.get(..4)?, digits.get(4..6)?, digits.get(6..8)?);
    let date = format!("{year}-{month}-{day}");
    ledger::day_start(&date, 0).map(|_| date)
}

/// Whole won, with thousands separators, a sign before or behind, or brackets for a minus; a fraction is none.
fn won(text: &str) -> Option<i64> {
    let kept: String =
        text.chars().filter(|letter| !matches!(letter, ',' | ' ' | '₩' | '원' | '"')).collect();
    let (kept, minus) = match kept.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => (inner.to_owned(), true),
        None => (kept, false),
    };
    let kept = kept.strip_suffix(".0").or_else(|| kept.strip_suffix(".00")).unwrap_or(&kept);
    let won: i64 = kept.parse().ok()?;
    let won = if minus { won.checked_neg()? } else { won };
    (won.checked_abs()? <= money::MAX).then_some(won)
}
