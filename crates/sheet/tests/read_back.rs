//! What was written is read back by another library.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::io::Cursor;

use calamine::{Data, DataType, Reader, Xlsx};
use proptest::prelude::*;
use sheet::{Cell, Format, Sheet};

/// 2026-11-23T15:30:05Z: half past midnight on the 24th in Seoul.
const LATE: i64 = 1_795_447_805_000;

fn written(format: Format, columns: &[&str], rows: &[Vec<Cell>]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut sheet = Sheet::new(format, &mut file, "내역", columns).unwrap();
    for row in rows {
        sheet.row(row).unwrap();
    }
    assert_eq!(sheet.finish().unwrap(), u64::try_from(rows.len()).unwrap());
    file
}

fn csv_rows(file: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(file.strip_prefix(b"\xef\xbb\xbf").expect("a BOM")).unwrap();
    csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes())
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn a_csv_file_is_read_by_excel_as_korean_and_ends_its_lines_as_windows_does() {
    let file = written(
        Format::Csv,
        &["시각", "영업일", "이름", "금액"],
        &[vec![
            Cell::Moment(LATE),
            Cell::Day("2026-11-23".into()),
            Cell::text("김서연"),
            Cell::Number(-128_400),
        ]],
    );
    let text = String::from_utf8(file).unwrap();
    assert_eq!(text, "\u{feff}시각,영업일,이름,금액\r\n2026-11-24 00:30:05,2026-11-23,김서연,-128400\r\n");
}

#[test]
fn an_xlsx_file_has_numbers_as_numbers_dates_as_dates_in_seoul_and_text_as_text() {
    let file = written(
        Format::Xlsx,
        &["시각", "영업일", "이름", "금액", "승인번호"],
        &[vec![
            Cell::Moment(LATE),
            Cell::Day("2026-11-23".into()),
            Cell::text("=1+1"),
            Cell::Number(-128_400),
            Cell::text("00123456"),
        ]],
    );
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).unwrap();
    let range = book.worksheet_range("내역").unwrap();
    let row: Vec<&Data> = range.rows().nth(1).unwrap().iter().collect();
    let Data::DateTime(at) = row[0] else { panic!("{:?}", row[0]) };
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    assert_eq!((year, month, day, hour, minute, second), (2026, 11, 24, 0, 30, 5));
    let Data::DateTime(at) = row[1] else { panic!("{:?}", row[1]) };
    assert_eq!(at.to_ymd_hms_milli().2, 23);
    assert_eq!(row[2], &Data::String("=1+1".into()));
    assert_eq!(row[3].as_i64(), Some(-128_400));
    assert!(matches!(row[3], Data::Float(_) | Data::Int(_)));
    assert_eq!(row[4], &Data::String("00123456".into()));
    assert!(book.worksheet_formula("내역").unwrap().used_cells().count() == 0, "a formula was written");
}

/// Texts that somebody might have typed as a name or a memo, with a liking for formulas.
fn text() -> impl Strategy<Value = String> {
    let start = prop::sample::select(vec![
        "",
        "=",
        "+",
        "-",
        "@",
        "\t",
        "\r",
        "\n",
        " =",
        "\u{3000}＝",
        "＋",
        "－",
        "＠",
        "\u{feff}=",
        "'",
        "\"",
        "'=",
    ]);
    (start, any::<String>()).prop_map(|(start, rest)| format!("{start}{rest}"))
}

proptest! {
    #[test]
    fn whatever_text_is_written_no_cell_of_a_csv_begins_like_a_formula_and_the_text_comes_back(
        texts in prop::collection::vec(text(), 1..6),
    ) {
        let cells: Vec<Cell> = texts.iter().map(Cell::text).collect();
        let columns: Vec<&str> = texts.iter().map(|_| "칸").collect();
        let rows = csv_rows(&written(Format::Csv, &columns, &[cells]));
        // A row of nothing but one empty cell is written as an empty pair of quotes.
        prop_assert_eq!(rows.len(), 1);
        for (text, cell) in texts.iter().zip(&rows[0]) {
            let shown = cell.trim_start_matches(|sign: char| sign.is_whitespace() || sign.is_control());
            prop_assert!(!shown.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']), "{cell:?}");
            prop_assert!(!cell.starts_with(['\t', '\r', '\n']), "{cell:?}");
            prop_assert_eq!(cell.strip_prefix('\'').unwrap_or(cell), text);
        }
    }

    #[test]
    fn whatever_text_is_written_an_xlsx_has_no_formula(texts in prop::collection::vec(text(), 1..4)) {
        let cells: Vec<Cell> = texts.iter().map(Cell::text).collect();
        let columns: Vec<&str> = texts.iter().map(|_| "칸").collect();
        let file = written(Format::Xlsx, &columns, &[cells]);
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).unwrap();
        prop_assert_eq!(book.worksheet_formula("내역").unwrap().used_cells().count(), 0);
        let range = book.worksheet_range("내역").unwrap();
        for (cell, text) in range.rows().nth(1).into_iter().flatten().zip(&texts) {
            let whole = matches!(cell, Data::String(_)) || (text.is_empty() && cell.is_empty());
            prop_assert!(whole, "{text:?} became {cell:?}");
        }
    }
}
