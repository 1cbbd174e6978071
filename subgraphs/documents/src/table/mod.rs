//! Tables that are written row by row, in bounded memory, in one of two formats.

mod cell;
mod csv_rows;
mod parquet_rows;
#[cfg(test)]
mod tests;

use bytes::Bytes;

pub use cell::{Cell, Column, Kind};

use csv_rows::CsvRows;
use parquet_rows::ParquetRows;

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// CSV by RFC 4180, in UTF-8, with a head. A text that a spreadsheet would take for a formula has an apostrophe before it.
    Csv,
    /// Apache Parquet, compressed with Snappy. Texts are as they are.
    Parquet,
}

/// Why a table can't be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// A row has other cells than the columns say.
    #[error("row {0} doesn't fit the columns")]
    Row(u64),
    /// The library refused.
    #[error("the table can't be written")]
    Write(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A table that is being written. Give it rows, take what is ready, and finish it.
pub struct Table {
    rows: Rows,
    columns: &'static [Column],
    count: u64,
}

enum Rows {
    Csv(Box<CsvRows>),
    Parquet(Box<ParquetRows>),
}

impl Table {
    /// An empty table.
    ///
    /// # Errors
    /// [`TableError::Write`], which says that the columns are wrong.
    pub fn new(format: Format, columns: &'static [Column]) -> Result<Self, TableError> {
        let rows = match format {
            Format::Csv => Rows::Csv(Box::new(CsvRows::new(columns)?)),
            Format::Parquet => Rows::Parquet(Box::new(ParquetRows::new(columns)?)),
        };
        Ok(Self { rows, columns, count: 0 })
    }

    /// Adds a row: a cell a column, each of its column's kind.
    ///
    /// # Errors
    /// [`TableError`]; the table is of no use then.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), TableError> {
        self.count = self.count.saturating_add(1);
        let fits =
            cells.len() == self.columns.len() && cells.iter().zip(self.columns).all(|(cell, of)| cell.is(of.kind));
        if !fits {
            return Err(TableError::Row(self.count));
        }
        match &mut self.rows {
            Rows::Csv(rows) => rows.row(cells),
            Rows::Parquet(rows) => rows.row(cells),
        }
    }

    /// Takes what is ready of the file, in order; empty while nothing is. To be asked after some thousand rows at most, since it is kept
    /// until then.
    ///
    /// # Errors
    /// [`TableError::Write`].
    pub fn take(&mut self) -> Result<Bytes, TableError> {
        match &mut self.rows {
            Rows::Csv(rows) => rows.take(),
            Rows::Parquet(rows) => rows.take(),
        }
    }

    /// The rest of the file.
    ///
    /// # Errors
    /// [`TableError::Write`].
    pub fn finish(self) -> Result<Bytes, TableError> {
        match self.rows {
            Rows::Csv(mut rows) => rows.take(),
            Rows::Parquet(rows) => rows.finish(),
        }
    }
}

fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> TableError {
    TableError::Write(error.into())
}
