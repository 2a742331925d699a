//! CSV: UTF-8 with a BOM, without which Excel reads Korean as something else; lines end in CRLF.

use std::io::Write;

use csv::{Terminator, Writer, WriterBuilder};

use crate::formula::harmless;
use crate::moment::{seoul, written};
use crate::{Cell, SheetError};

const BOM: &[u8] = b"\xef\xbb\xbf";

pub(crate) struct Comma<W: Write> {
    out: Writer<W>,
}

impl<W: Write> Comma<W> {
    pub(crate) fn new(mut out: W, columns: &[&str]) -> Result<Comma<W>, SheetError> {
        out.write_all(BOM)?;
        // A remark has fewer cells than the table.
        let mut out = WriterBuilder::new().terminator(Terminator::CRLF).flexible(true).from_writer(out);
        out.write_record(columns)?;
        Ok(Comma { out })
    }

    pub(crate) fn row(&mut self, cells: &[Cell]) -> Result<(), SheetError> {
        for cell in cells {
            match cell {
                Cell::Empty => self.out.write_field("")?,
                Cell::Text(text) => self.out.write_field(harmless(text).as_ref())?,
                Cell::Number(number) => self.out.write_field(number.to_string())?,
                Cell::Moment(at) => {
                    self.out.write_field(seoul(*at).map_or_else(|| at.to_string(), written))?;
                }
                Cell::Day(day) => self.out.write_field(harmless(day).as_ref())?,
            }
        }
        self.out.write_record(None::<&[u8]>)?;
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<(), SheetError> {
        self.out.flush()?;
        Ok(())
    }
}
