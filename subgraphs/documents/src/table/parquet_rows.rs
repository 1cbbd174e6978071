//! Rows as Parquet: gathered by column, and written a group at a time.

use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

use super::{Cell, Column, Kind, TableError, failed};

/// Rows of a group: what is kept in memory, some megabytes of short cells, and still enough for columns to be compressed well.
const GROUP_ROWS: usize = 20_000;

pub(super) struct ParquetRows {
    writer: SerializedFileWriter<Vec<u8>>,
    gathered: Vec<Gathered>,
    rows: usize,
}

/// A column's cells of the group that is being gathered.
struct Gathered {
    values: Values,
    /// 1 for each cell that has a value, 0 for each that is empty.
    definitions: Vec<i16>,
}

enum Values {
    Texts(Vec<ByteArray>),
    Numbers(Vec<i64>),
}

impl ParquetRows {
    pub(super) fn new(columns: &[Column]) -> Result<Self, TableError> {
        let fields: Result<Vec<_>, TableError> = columns.iter().map(|column| field(column).map(Arc::new)).collect();
        let schema = Type::group_type_builder("table").with_fields(fields?).build().map_err(failed)?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties)).map_err(failed)?;
        Ok(Self { writer, gathered: columns.iter().map(|column| Gathered::new(column.kind)).collect(), rows: 0 })
    }

    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), TableError> {
        for (gathered, cell) in self.gathered.iter_mut().zip(cells) {
            gathered.add(cell);
        }
        self.rows += 1;
        if self.rows < GROUP_ROWS { Ok(()) } else { self.write_group() }
    }

    pub(super) fn take(&mut self) -> Result<Bytes, TableError> {
        self.writer.flush().map_err(failed)?;
        // The writer counts what it has written: it doesn't ask what is still there.
        Ok(std::mem::take(self.writer.inner_mut()).into())
    }

    pub(super) fn finish(mut self) -> Result<Bytes, TableError> {
        self.write_group()?;
        self.writer.finish().map_err(failed)?;
        self.take()
    }

    fn write_group(&mut self) -> Result<(), TableError> {
        if self.rows == 0 {
            return Ok(());
        }
        self.rows = 0;
        let mut group = self.writer.next_row_group().map_err(failed)?;
        for gathered in &mut self.gathered {
            gathered.write(&mut group)?;
        }
        group.close().map_err(failed)?;
        Ok(())
    }
}

impl Gathered {
    fn new(kind: Kind) -> Self {
        let values = match kind {
            Kind::Text => Values::Texts(Vec::new()),
            Kind::Integer | Kind::Time => Values::Numbers(Vec::new()),
        };
        Self { values, definitions: Vec::new() }
    }

    fn add(&mut self, cell: &Cell<'_>) {
        let is_there = match (&mut self.values, cell) {
            (Values::Texts(texts), Cell::Text(text)) => {
                texts.push(ByteArray::from(*text));
                true
            }
            (Values::Numbers(numbers), Cell::Integer(number)) => {
                numbers.push(*number);
                true
            }
            (Values::Numbers(numbers), Cell::Time(time)) => {
                numbers.push(time.timestamp_micros());
                true
            }
            // Cells fit their columns: what is left is empty.
            _ => false,
        };
        self.definitions.push(i16::from(is_there));
    }

    fn write(&mut self, group: &mut SerializedRowGroupWriter<'_, Vec<u8>>) -> Result<(), TableError> {
        let mut column = group.next_column().map_err(failed)?.ok_or_else(|| failed("a column too many"))?;
        let definitions = std::mem::take(&mut self.definitions);
        match &mut self.values {
            Values::Texts(texts) => {
                let texts = std::mem::take(texts);
                column.typed::<ByteArrayType>().write_batch(&texts, Some(&definitions), None).map_err(failed)?;
            }
            Values::Numbers(numbers) => {
                let numbers = std::mem::take(numbers);
                column.typed::<Int64Type>().write_batch(&numbers, Some(&definitions), None).map_err(failed)?;
            }
        }
        column.close().map_err(failed)
    }
}

fn field(column: &Column) -> Result<Type, TableError> {
    let (physical, logical) = match column.kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Integer => (Physical::INT64, None),
        Kind::Time => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
    };
    let field = Type::primitive_type_builder(column.name, physical).with_repetition(Repetition::OPTIONAL);
    field.with_logical_type(logical).build().map_err(failed)
}
