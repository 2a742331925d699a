//! XLSX. Rows go to a temporary file as they come, so that a million of them need no memory.

use std::io::Write;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use time::{Date, PrimitiveDateTime};

use crate::moment::{day, seoul};
use crate::{Cell, SheetError};

/// How many rows a sheet has, titles included. Source: Excel specifications and limits.
pub(crate) const MOST_ROWS: u32 = 1_048_576;
/// How many characters a cell has. Source: the same.
const LONGEST: usize = 32_767;
/// Whole numbers above this are not exact in a spreadsheet, and stand as text.
const LARGEST: u64 = 1 << 53;
/// Characters of a sheet's name, and room for the sheet's number in it.
const LONGEST_NAME: usize = 24;
const WIDTH: u16 = 16;
const FIRST_YEAR: i32 = 1900;
const LAST_YEAR: i32 = 9999;

pub(crate) struct Xlsx<W: Write + Send> {
    out: W,
    book: Workbook,
    name: String,
    columns: Vec<String>,
    sheets: usize,
    /// Rows of the last sheet, titles included.
    row: u32,
    most_rows: u32,
    title: Format,
    number: Format,
    moment: Format,
    day: Format,
}

impl<W: Write + Send> Xlsx<W> {
    pub(crate) fn new(out: W, name: &str, columns: &[&str], most_rows: u32) -> Result<Xlsx<W>, SheetError> {
        let mut xlsx = Xlsx {
            out,
            book: Workbook::new(),
            // Source: Excel; these may not stand in a sheet's name.
            name: name
                .chars()
                .map(|sign| if "[]:*?/\\'".contains(sign) { ' ' } else { sign })
                .take(LONGEST_NAME)
                .collect(),
            columns: columns.iter().map(|&title| title.to_owned()).collect(),
            sheets: 0,
            row: 0,
            most_rows,
            title: Format::new().set_bold(),
            number: Format::new().set_num_format("#,##0"),
            moment: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            day: Format::new().set_num_format("yyyy-mm-dd"),
        };
        xlsx.begin_sheet()?;
        Ok(xlsx)
    }

    fn begin_sheet(&mut self) -> Result<(), SheetError> {
        self.sheets = self.sheets.saturating_add(1);
        let name =
            if self.sheets == 1 { self.name.clone() } else { format!("{} {}", self.name, self.sheets) };
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        for (title, column) in self.columns.iter().zip(0_u16..) {
            sheet.set_column_width(column, WIDTH)?;
            sheet.write_string_with_format(0, column, title, &self.title)?;
        }
        self.row = 1;
        Ok(())
    }

    pub(crate) fn row(&mut self, cells: &[Cell]) -> Result<(), SheetError> {
        if self.row >= self.most_rows {
            self.begin_sheet()?;
        }
        let last = self.sheets.saturating_sub(1);
        let sheet = self.book.worksheet_from_index(last)?;
        for (cell, column) in cells.iter().zip(0_u16..) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => write_text(sheet, self.row, column, text)?,
                Cell::Number(number) => match exact(*number) {
                    Some(exact) => {
                        sheet.write_number_with_format(self.row, column, exact, &self.number)?;
                    }
                    None => write_text(sheet, self.row, column, &number.to_string())?,
                },
                Cell::Moment(at) => match seoul(*at).and_then(excel_moment) {
                    Some(moment) => {
                        sheet.write_datetime_with_format(self.row, column, moment, &self.moment)?;
                    }
                    None => write_text(sheet, self.row, column, &at.to_string())?,
                },
                Cell::Day(text) => match day(text).and_then(excel_day) {
                    Some(excel) => {
                        sheet.write_datetime_with_format(self.row, column, excel, &self.day)?;
                    }
                    None => write_text(sheet, self.row, column, text)?,
                },
            }
        }
        self.row = self.row.saturating_add(1);
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<(), SheetError> {
        self.book.save_to_writer(&mut self.out)?;
        self.out.flush()?;
        Ok(())
    }
}

/// Writes a text cell: whatever it begins with, it is never a formula.
fn write_text(sheet: &mut Worksheet, row: u32, column: u16, text: &str) -> Result<(), SheetError> {
    if text.is_empty() {
        return Ok(());
    }
    if text.chars().count() <= LONGEST {
        sheet.write_string(row, column, text)?;
    } else {
        let cut: String = text.chars().take(LONGEST.saturating_sub(1)).chain(['…']).collect();
        sheet.write_string(row, column, cut)?;
    }
    Ok(())
}

/// The number in the only form that the file format has; `None` where it would not be the same number.
fn exact(number: i64) -> Option<f64> {
    // Read from its digits: no conversion that cuts without a word.
    (number.unsigned_abs() <= LARGEST).then(|| number.to_string().parse().ok()).flatten()
}

fn excel_day(date: Date) -> Option<ExcelDateTime> {
    if !(FIRST_YEAR..=LAST_YEAR).contains(&date.year()) {
        return None;
    }
    ExcelDateTime::from_ymd(u16::try_from(date.year()).ok()?, u8::from(date.month()), date.day()).ok()
}

fn excel_moment(at: PrimitiveDateTime) -> Option<ExcelDateTime> {
    let (hour, minute, second) = at.time().as_hms();
    excel_day(at.date())?.and_hms(u16::from(hour), minute, f64::from(second)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Reader, Xlsx as Read};
    use std::io::Cursor;

    #[test]
    fn what_does_not_fit_on_a_sheet_goes_on_the_next_one_under_the_same_titles() {
        let mut file = Vec::new();
        let mut xlsx = Xlsx::new(&mut file, "내역", &["번호"], 4).unwrap();
        for number in 1..=7 {
            xlsx.row(&[Cell::Number(number)]).unwrap();
        }
        xlsx.finish().unwrap();
        let mut book: Read<_> = Read::new(Cursor::new(file)).unwrap();
        assert_eq!(book.sheet_names(), ["내역", "내역 2", "내역 3"]);
        let rows = |book: &mut Read<_>, name: &str| -> Vec<String> {
            book.worksheet_range(name).unwrap().rows().map(|row| row[0].to_string()).collect()
        };
        assert_eq!(rows(&mut book, "내역"), ["번호", "1", "2", "3"]);
        assert_eq!(rows(&mut book, "내역 3"), ["번호", "7"]);
    }

    #[test]
    fn a_number_that_a_spreadsheet_would_round_is_a_text() {
        assert_eq!(
            exact(9_007_199_254_740_991).map(|number| format!("{number}")),
            Some("9007199254740991".into())
        );
        assert_eq!(exact(i64::MAX), None);
        assert_eq!(exact(i64::MIN), None);
    }
}
