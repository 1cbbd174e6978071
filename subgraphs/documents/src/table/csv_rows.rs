//! Rows as CSV.

use std::borrow::Cow;

use bytes::Bytes;
use chrono::SecondsFormat;
use csv::{Terminator, Writer, WriterBuilder};

use super::{Cell, Column, TableError, failed};

/// What a spreadsheet takes for the beginning of a formula, by the rules of OWASP on CSV injection.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

pub(super) struct CsvRows {
    writer: Writer<Vec<u8>>,
}

impl CsvRows {
    pub(super) fn new(columns: &[Column]) -> Result<Self, TableError> {
        let mut writer = writer();
        writer.write_record(columns.iter().map(|column| column.name)).map_err(failed)?;
        Ok(Self { writer })
    }

    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), TableError> {
        self.writer.write_record(cells.iter().map(|cell| written(cell).into_owned())).map_err(failed)
    }

    pub(super) fn take(&mut self) -> Result<Bytes, TableError> {
        let written = std::mem::replace(&mut self.writer, writer());
        written.into_inner().map(Bytes::from).map_err(|error| failed(error.to_string()))
    }
}

fn writer() -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new())
}

fn written<'a>(cell: &Cell<'a>) -> Cow<'a, str> {
    match *cell {
        Cell::Text(text) if text.starts_with(FORMULA_STARTS) => Cow::Owned(format!("'{text}")),
        Cell::Text(text) => Cow::Borrowed(text),
        // A number that is negative is one for a spreadsheet, too.
        Cell::Integer(number) => Cow::Owned(number.to_string()),
        Cell::Time(time) => Cow::Owned(time.to_rfc3339_opts(SecondsFormat::Micros, true)),
        Cell::Empty => Cow::Borrowed(""),
    }
}
