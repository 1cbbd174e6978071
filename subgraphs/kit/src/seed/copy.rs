//! `COPY … FROM STDIN`: tens of thousands of rows in one statement.
//!
//! Rows are PostgreSQL's text format, written into a bounded buffer that is
//! sent when full. Every value is escaped here; a caller never writes a
//! separator itself.

use std::{fmt::Write as _, pin::Pin};

use bytes::BytesMut;
use futures::SinkExt as _;
use tokio_postgres::{Client, CopyInSink};

use crate::database::DatabaseError;

/// Bytes collected before they are sent: large enough that a message's cost
/// doesn't count, small against the process.
const BUFFER_BYTES: usize = 256 * 1024;

/// A running COPY into one table.
pub struct CopyWriter {
    sink: Pin<Box<CopyInSink<BytesMut>>>,
    buffer: String,
    at_row_start: bool,
    rows: u64,
}

impl CopyWriter {
    /// Starts to copy into `table`'s `columns`; both are the caller's own
    /// constants.
    ///
    /// # Errors
    /// [`DatabaseError::Bulk`] when PostgreSQL refuses.
    pub async fn start(
        client: &Client,
        table: &'static str,
        columns: &'static [&'static str],
    ) -> Result<Self, DatabaseError> {
        let statement = format!("COPY {table} ({}) FROM STDIN", columns.join(", "));
        let sink = client.copy_in::<_, BytesMut>(&statement).await?;
        Ok(Self {
            sink: Box::pin(sink),
            buffer: String::with_capacity(BUFFER_BYTES + 4096),
            at_row_start: true,
            rows: 0,
        })
    }

    /// The next column's value.
    pub fn value(&mut self, value: impl std::fmt::Display) -> &mut Self {
        self.separate();
        // Writing to a string can't fail.
        _ = write!(Escaped(&mut self.buffer), "{value}");
        self
    }

    /// The next column is null.
    pub fn null(&mut self) -> &mut Self {
        self.separate();
        self.buffer.push_str("\\N");
        self
    }

    /// Ends the row, and sends the buffer when it is full.
    ///
    /// # Errors
    /// [`DatabaseError::Bulk`] when the connection or an earlier row fails.
    pub async fn end_row(&mut self) -> Result<(), DatabaseError> {
        self.buffer.push('\n');
        self.at_row_start = true;
        self.rows += 1;
        if self.buffer.len() >= BUFFER_BYTES {
            self.send().await?;
        }
        Ok(())
    }

    /// Sends the rest and ends the statement; the rows written.
    ///
    /// # Errors
    /// [`DatabaseError::Bulk`] when a row doesn't fit the table.
    pub async fn finish(mut self) -> Result<u64, DatabaseError> {
        self.send().await?;
        Ok(self.sink.as_mut().finish().await?)
    }

    /// The rows so far.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    async fn send(&mut self) -> Result<(), DatabaseError> {
        let chunk = BytesMut::from(self.buffer.as_bytes());
        self.buffer.clear();
        Ok(self.sink.send(chunk).await?)
    }

    fn separate(&mut self) {
        if !self.at_row_start {
            self.buffer.push('\t');
        }
        self.at_row_start = false;
    }
}

/// Escapes what PostgreSQL's text format gives a meaning.
struct Escaped<'a>(&'a mut String);

impl std::fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for c in text.chars() {
            match c {
                '\\' => self.0.push_str("\\\\"),
                '\t' => self.0.push_str("\\t"),
                '\n' => self.0.push_str("\\n"),
                '\r' => self.0.push_str("\\r"),
                _ => self.0.push(c),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_the_format_gives_a_meaning() {
        let mut text = String::new();
        write!(Escaped(&mut text), "a\tb\\N\nc\rü").unwrap();
        assert_eq!(text, "a\\tb\\\\N\\nc\\rü");
    }
}
