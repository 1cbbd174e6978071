//! Tables as text, which is Markdown, too.

use crate::measurement::Spread;

/// Rows with columns of one width, the first to the left and the others to the right; the first row has their names.
pub fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|it| it.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for (number, row) in rows.iter().enumerate() {
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            text += &if column == 0 { format!("| {cell:<width$} ") } else { format!("| {cell:>width$} ") };
        }
        text += "|\n";
        if number == 0 {
            for (column, width) in widths.iter().enumerate() {
                let mark = if column == 0 { "-" } else { ":" };
                text += &format!("|{:->width$}{mark}", "", width = width + 1);
            }
            text += "|\n";
        }
    }
    text
}

/// The names of columns, as a row.
pub fn names(columns: &[&str]) -> Vec<String> {
    columns.iter().map(|&name| name.to_owned()).collect()
}

/// A median and between which numbers it lies.
pub fn spread(spread: Spread, decimals: usize) -> String {
    format!("{:.decimals$} ({:.decimals$}–{:.decimals$})", spread.median, spread.low, spread.high)
}

/// Megabytes without a fraction.
pub fn megabytes(kilobytes: u64) -> String {
    format!("{:.0}", kilobytes as f64 / 1024.0)
}
