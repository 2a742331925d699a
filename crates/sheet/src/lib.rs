//! Tables as files: CSV (UTF-8 with BOM, CRLF) and XLSX, row by row in constant memory.
//!
//! A text is never run as a formula: what begins like one is written with an apostrophe in CSV, and as a text cell in
//! XLSX. Times are Seoul's. Numbers are whole.
#![warn(clippy::arithmetic_side_effects, clippy::wildcard_enum_match_arm)]

mod comma;
mod formula;
mod moment;
mod xlsx;

use std::io::Write;

pub use formula::harmless;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text. Whoever wrote it: it is never run.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A moment, in milliseconds since 1970; written in Seoul's time.
    Moment(i64),
    /// A day, `2026-11-23`.
    Day(String),
}

impl Cell {
    /// A text, or nothing.
    pub fn text(text: impl Into<String>) -> Cell {
        Cell::Text(text.into())
    }
    /// A text where there is one.
    pub fn maybe(text: Option<impl Into<String>>) -> Cell {
        text.map_or(Cell::Empty, |text| Cell::Text(text.into()))
    }
    /// A moment where there is one.
    #[must_use]
    pub fn moment(at: Option<i64>) -> Cell {
        at.map_or(Cell::Empty, Cell::Moment)
    }
}

/// The kind of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated, for any program.
    Csv,
    /// Excel.
    Xlsx,
}

/// Why a table was not written.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The file could not be written.
    #[error("file")]
    Io(#[from] std::io::Error),
    /// The CSV writer failed.
    #[error("csv")]
    Csv(#[from] csv::Error),
    /// The XLSX writer failed.
    #[error("xlsx")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
}

impl SheetError {
    /// Whether there was no room on the disk.
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(self);
        while let Some(error) = cause {
            if error
                .downcast_ref::<std::io::Error>()
                .is_some_and(|io| io.kind() == std::io::ErrorKind::StorageFull)
            {
                return true;
            }
            cause = error.source();
        }
        // These two hide theirs.
        match self {
            SheetError::Csv(error) => {
                matches!(error.kind(), csv::ErrorKind::Io(io) if io.kind() == std::io::ErrorKind::StorageFull)
            }
            SheetError::Xlsx(rust_xlsxwriter::XlsxError::IoError(io)) => {
                io.kind() == std::io::ErrorKind::StorageFull
            }
            SheetError::Io(_) | SheetError::Xlsx(_) => false,
        }
    }
}

/// A table that is being written.
pub struct Sheet<W: Write + Send> {
    form: Form<W>,
    rows: u64,
}

enum Form<W: Write + Send> {
    Csv(Box<comma::Comma<W>>),
    Xlsx(Box<xlsx::Xlsx<W>>),
}

impl<W: Write + Send> Sheet<W> {
    /// Begins a table: its name (XLSX shows it on the tab) and the titles of its columns.
    ///
    /// # Errors
    /// What the writer says.
    pub fn new(format: Format, out: W, name: &str, columns: &[&str]) -> Result<Sheet<W>, SheetError> {
        let form = match format {
            Format::Csv => Form::Csv(Box::new(comma::Comma::new(out, columns)?)),
            Format::Xlsx => Form::Xlsx(Box::new(xlsx::Xlsx::new(out, name, columns, xlsx::MOST_ROWS)?)),
        };
        Ok(Sheet { form, rows: 0 })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// What the writer says.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), SheetError> {
        self.rows = self.rows.saturating_add(1);
        self.remark(cells)
    }

    /// Writes a row that is not one of the table's: it is not counted.
    ///
    /// # Errors
    /// What the writer says.
    pub fn remark(&mut self, cells: &[Cell]) -> Result<(), SheetError> {
        match &mut self.form {
            Form::Csv(comma) => comma.row(cells),
            Form::Xlsx(xlsx) => xlsx.row(cells),
        }
    }

    /// Ends the table; how many rows it has, without the titles.
    ///
    /// # Errors
    /// What the writer says.
    pub fn finish(self) -> Result<u64, SheetError> {
        match self.form {
            Form::Csv(comma) => comma.finish()?,
            Form::Xlsx(xlsx) => xlsx.finish()?,
        }
        Ok(self.rows)
    }
}
