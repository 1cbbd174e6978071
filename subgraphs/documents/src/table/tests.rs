//! What was written, read by others' readers.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::{Field, Row};

use super::*;

const COLUMNS: &[Column] = &[Column::text("name"), Column::integer("total_minor"), Column::time("placed_at")];

fn at() -> DateTime<Utc> {
    "2026-11-22T13:59:58.123456Z".parse().unwrap()
}

/// Writes rows, and takes what is ready now and then.
fn table<'a>(format: Format, rows: impl Iterator<Item = [Cell<'a>; 3]>) -> Bytes {
    let (mut table, mut whole) = (Table::new(format, COLUMNS).unwrap(), Vec::new());
    for (number, row) in rows.enumerate() {
        table.row(&row).unwrap();
        if number.is_multiple_of(1_000) {
            whole.extend(table.take().unwrap());
        }
    }
    whole.extend(table.finish().unwrap());
    whole.into()
}

fn csv(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn parquet(bytes: Bytes) -> Vec<Row> {
    let reader = SerializedFileReader::new(bytes).unwrap();
    reader.get_row_iter(None).unwrap().map(Result::unwrap).collect()
}

const TEXTS: [&str; 12] = [
    "plain",
    "a,b",
    "say \"so\"",
    "two\r\nlines",
    "two\nlines",
    "",
    " around ",
    "Žižek – 東京 🙂",
    "1,5",
    "it's",
    "\"",
    "ends with,",
];

#[test]
fn csv_reads_back_as_it_was_by_the_rules_of_rfc_4180() {
    let written = table(Format::Csv, TEXTS.iter().map(|text| [Cell::Text(text), Cell::Integer(-5), Cell::Time(at())]));
    let text = std::str::from_utf8(&written).unwrap();
    assert!(text.starts_with("name,total_minor,placed_at\r\nplain,-5,2026-11-22T13:59:58.123456Z\r\n\"a,b\",-5,"));
    assert!(text.contains("\"say \"\"so\"\"\",-5,") && text.ends_with("Z\r\n"));
    let read = csv(&written);
    assert_eq!(read[0], ["name", "total_minor", "placed_at"]);
    assert_eq!(read[1..].iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), TEXTS);
}

#[test]
fn no_text_is_a_formula_of_a_spreadsheet() {
    for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(\"http://evil\",\"a\")"] {
        let written = table(Format::Csv, [[Cell::Text(formula), Cell::Empty, Cell::Empty]].into_iter());
        assert_eq!(csv(&written)[1], [format!("'{formula}"), String::new(), String::new()]);
        // Whoever reads Parquet calculates with types.
        let row = parquet(table(Format::Parquet, [[Cell::Text(formula), Cell::Empty, Cell::Empty]].into_iter()));
        assert_eq!(row[0].get_column_iter().next().unwrap().1, &Field::Str(formula.to_owned()));
    }
}

#[test]
fn parquet_reads_back_as_it_was_over_several_groups() {
    let name = |number: u32| format!("name {number}");
    let names: Vec<String> = (0..45_000).map(name).collect();
    let rows = names.iter().enumerate().map(|(number, name)| {
        let cells = [Cell::Text(name), Cell::Integer(i64::try_from(number).unwrap()), Cell::Time(at())];
        if number.is_multiple_of(7) { [Cell::Empty; 3] } else { cells }
    });
    let written = table(Format::Parquet, rows);
    let reader = SerializedFileReader::new(written.clone()).unwrap();
    assert_eq!(reader.metadata().num_row_groups(), 3);
    let read = parquet(written);
    assert_eq!(read.len(), 45_000);
    for (number, row) in read.iter().enumerate() {
        let fields: Vec<&Field> = row.get_column_iter().map(|(_, field)| field).collect();
        if number.is_multiple_of(7) {
            assert_eq!(fields, [&Field::Null; 3]);
        } else {
            let number = i64::try_from(number).unwrap();
            let expected = [
                Field::Str(format!("name {number}")),
                Field::Long(number),
                Field::TimestampMicros(at().timestamp_micros()),
            ];
            assert_eq!(fields, expected.iter().collect::<Vec<_>>());
        }
    }
}

#[test]
fn a_table_without_rows_is_one() {
    assert_eq!(&table(Format::Csv, std::iter::empty())[..], b"name,total_minor,placed_at\r\n");
    assert!(parquet(table(Format::Parquet, std::iter::empty())).is_empty());
}

#[test]
fn what_fits_no_column_is_refused() {
    for format in [Format::Csv, Format::Parquet] {
        for cells in [&[][..], &[Cell::Empty; 2], &[Cell::Integer(1), Cell::Empty, Cell::Empty]] {
            assert!(matches!(Table::new(format, COLUMNS).unwrap().row(cells), Err(TableError::Row(1))));
        }
    }
}

#[test]
fn little_is_kept_of_a_long_table() {
    let (mut table, mut taken, mut most) = (Table::new(Format::Parquet, COLUMNS).unwrap(), 0, 0);
    for number in 0..200_000 {
        let name = format!("{number:x}{:x}", number * 7_919);
        table.row(&[Cell::Text(&name), Cell::Integer(number), Cell::Time(at())]).unwrap();
        if number % 1_000 == 0 {
            let bytes = table.take().unwrap().len();
            most = most.max(bytes);
            taken += bytes;
        }
    }
    let whole = taken + table.finish().unwrap().len();
    assert!(most < whole / 5, "{most} of {whole}");
}
