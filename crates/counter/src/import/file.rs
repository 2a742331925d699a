//! The file of the shop's old book: CSV in the encodings that Korean programs write, or XLSX. Read with bounds on everything,
//! since it comes from anywhere.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{DataRef, Reader as _, Xlsx};
use ledger::IntakeRow;

use crate::error::Refusal;

/// The largest file, in bytes.
pub(super) const LARGEST: usize = 2 * 1024 * 1024;
/// The most rows.
const MOST_ROWS: usize = 20_000;
/// The most columns that are looked at.
const MOST_COLUMNS: u32 = 64;
/// The longest cell that is kept, in characters.
const LONGEST_CELL: usize = 1_000;
/// What an XLSX may grow to when it is unpacked, in bytes.
const LARGEST_UNPACKED: u64 = 64 * 1024 * 1024;

/// A table as it stands in the file: the place of each line from 1, and its cells.
type Table = Vec<(u32, Vec<String>)>;

/// Reads the rows of a file.
///
/// # Errors
/// `bad_file`, `file_too_large`, `no_columns`.
pub(super) fn rows(file: &[u8]) -> Result<Vec<IntakeRow>, Refusal> {
    if file.len() > LARGEST {
        return Err(Refusal::FileTooLarge);
    }
    let table = if file.starts_with(b"PK") { xlsx(file)? } else { csv(file)? };
    let mut lines = table.into_iter().filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
    let (_, head) = lines.next().ok_or(Refusal::BadFile)?;
    let columns = Columns::of(&head)?;
    let rows: Vec<IntakeRow> = lines.map(|(line, cells)| columns.row(line, &cells)).collect();
    if rows.len() > MOST_ROWS { Err(Refusal::FileTooLarge) } else { Ok(rows) }
}

/// Where each column stands.
struct Columns {
    name: usize,
    phone: usize,
    paid: Option<usize>,
    bonus: Option<usize>,
    expires: Option<usize>,
    bonus_expires: Option<usize>,
    memo: Option<usize>,
}

const NAMES: &[&str] = &["이름", "성명", "성함", "고객명", "회원명", "손님", "name"];
const PHONES: &[&str] =
    &["전화번호", "전화", "휴대폰", "휴대폰번호", "핸드폰", "연락처", "휴대전화", "phone", "tel", "mobile"];
const PAID: &[&str] = &[
    "충전포인트",
    "충전",
    "충전잔액",
    "유료포인트",
    "유료",
    "선불금",
    "포인트",
    "잔액",
    "paid",
    "points",
    "balance",
];
const BONUS: &[&str] = &["보너스", "보너스포인트", "무료포인트", "적립포인트", "적립금", "적립", "bonus"];
const EXPIRES: &[&str] = &["유효기간", "만료일", "만료", "소멸일", "expires", "expiry"];
const BONUS_EXPIRES: &[&str] = &["보너스유효기간", "보너스만료일", "보너스소멸일", "bonusexpires"];
const MEMO: &[&str] = &["메모", "비고", "memo", "note"];

impl Columns {
    fn of(head: &[String]) -> Result<Columns, Refusal> {
        let head: Vec<String> = head
            .iter()
            .map(|title| title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect())
            .collect();
        // The words in their order: 충전포인트 is meant before 포인트 where a file has both.
        let find = |words: &[&str]| words.iter().find_map(|word| head.iter().position(|title| title == word));
        let columns = Columns {
            name: find(NAMES).ok_or(Refusal::NoColumns)?,
            phone: find(PHONES).ok_or(Refusal::NoColumns)?,
            paid: find(PAID),
            bonus: find(BONUS),
            expires: find(EXPIRES),
            bonus_expires: find(BONUS_EXPIRES),
            memo: find(MEMO),
        };
        if columns.paid.is_none() && columns.bonus.is_none() { Err(Refusal::NoColumns) } else { Ok(columns) }
    }

    fn row(&self, line: u32, cells: &[String]) -> IntakeRow {
        let cell = |at: Option<usize>| at.and_then(|at| cells.get(at)).cloned().unwrap_or_default();
        IntakeRow {
            line,
            name: cell(Some(self.name)),
            phone: cell(Some(self.phone)),
            paid: cell(self.paid),
            bonus: cell(self.bonus),
            expires: cell(self.expires),
            bonus_expires: cell(self.bonus_expires),
            memo: cell(self.memo),
        }
    }
}

/// UTF-8 with or without its mark, UTF-16 with its mark, or CP949, which Excel writes in Korea. (What is no UTF-8 is CP949:
/// Korean text in CP949 is never valid UTF-8 but by the rarest chance.)
fn text_of(file: &[u8]) -> Result<String, Refusal> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(file) {
        let rest = file.get(mark..).unwrap_or_default();
        let text = encoding.decode_without_bom_handling_and_without_replacement(rest);
        return text.map(|text| text.into_owned()).ok_or(Refusal::BadFile);
    }
    if let Ok(text) = std::str::from_utf8(file) {
        return Ok(text.to_owned());
    }
    let text = encoding_rs::EUC_KR.decode_without_bom_handling_and_without_replacement(file);
    text.map(|text| text.into_owned()).ok_or(Refusal::BadFile)
}

fn csv(file: &[u8]) -> Result<Table, Refusal> {
    let text = text_of(file)?;
    if text.contains('\0') {
        return Err(Refusal::BadFile);
    }
    let head = text.lines().find(|line| !line.trim().is_empty()).ok_or(Refusal::BadFile)?;
    let many = |delimiter: char| head.matches(delimiter).count();
    let delimiter =
        [',', '\t', ';'].into_iter().max_by_key(|delimiter| (many(*delimiter), *delimiter == ','));
    let delimiter = delimiter.and_then(|delimiter| u8::try_from(u32::from(delimiter)).ok()).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut table = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| Refusal::BadFile)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells = record.iter().map(cut).collect();
        table.push((u32::try_from(line).unwrap_or(u32::MAX), cells));
        if table.len() > MOST_ROWS.saturating_add(1) {
            return Err(Refusal::FileTooLarge);
        }
    }
    Ok(table)
}

fn cut(cell: &str) -> String {
    cell.chars().take(LONGEST_CELL).collect()
}

/// The first sheet. Cells are read one by one: a sheet that says it has a billion of them takes no room for those it has not.
fn xlsx(file: &[u8]) -> Result<Table, Refusal> {
    refuse_bomb(file)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).map_err(|_| Refusal::BadFile)?;
    let sheet = book.sheet_names().first().cloned().ok_or(Refusal::BadFile)?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(|_| Refusal::BadFile)?;
    let mut lines: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
    while let Some(cell) = cells.next_cell().map_err(|_| Refusal::BadFile)? {
        let (line, column) = cell.get_position();
        let text = written(cell.get_value());
        if column < MOST_COLUMNS && !text.is_empty() {
            lines.entry(line).or_default().insert(column, text);
            if lines.len() > MOST_ROWS.saturating_add(1) {
                return Err(Refusal::FileTooLarge);
            }
        }
    }
    Ok(lines
        .into_iter()
        .map(|(line, mut cells)| {
            let last = cells.keys().next_back().copied().unwrap_or(0);
            let row = (0..=last).map(|column| cells.remove(&column).unwrap_or_default()).collect();
            (line.saturating_add(1), row)
        })
        .collect())
}

/// A cell as it would stand in a CSV. Numbers are written out and read as whole ones afterwards: nothing is calculated with
/// fractions.
fn written(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => cut(text),
        DataRef::SharedString(text) => cut(text),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => cut(text),
        DataRef::Error(_) => "#오류".to_owned(),
        DataRef::Empty => String::new(),
    }
}

/// Unpacks all of it into nothing, and stops where it is too much: what a file says of its own size may be a lie.
fn refuse_bomb(file: &[u8]) -> Result<(), Refusal> {
    let mut parts = zip::ZipArchive::new(Cursor::new(file)).map_err(|_| Refusal::BadFile)?;
    let mut left = LARGEST_UNPACKED;
    for part in 0..parts.len() {
        let part = parts.by_index(part).map_err(|_| Refusal::BadFile)?;
        let mut bounded = part.take(left);
        let read = std::io::copy(&mut bounded, &mut std::io::sink()).map_err(|_| Refusal::BadFile)?;
        left = left.saturating_sub(read);
        if left == 0 {
            return Err(Refusal::FileTooLarge);
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
