//! What was measured, for people.

use std::fmt;
use std::time::Duration;

use crate::machine::Used;

/// Rows in the order in which they were measured.
#[derive(Default)]
pub struct Table(Vec<Row>);

struct Row {
    name: String,
    value: String,
    limit: String,
}

impl Table {
    /// So many a second.
    pub fn rate(&mut self, name: &str, a_second: f64, used: &Used) {
        self.0.push(Row { name: name.to_owned(), value: format!("{a_second:.0} /s"), limit: used.limit() });
    }

    /// How long something took, in the middle and at the 99th percentile.
    pub fn times(&mut self, name: &str, mut times: Vec<Duration>) {
        times.sort_unstable();
        let at = |hundredths: usize| times.get((times.len() * hundredths / 100).min(times.len().saturating_sub(1)));
        let text =
            |hundredths| at(hundredths).map_or("-".to_owned(), |time| format!("{:.1} ms", time.as_secs_f64() * 1e3));
        let value = format!("p50 {}, p99 {}", text(50), text(99));
        self.0.push(Row { name: name.to_owned(), value, limit: format!("{} samples", times.len()) });
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "| measured | value | what was busy |\n|---|---|---|")?;
        for Row { name, value, limit } in &self.0 {
            writeln!(formatter, "| {name} | {value} | {limit} |")?;
        }
        Ok(())
    }
}
