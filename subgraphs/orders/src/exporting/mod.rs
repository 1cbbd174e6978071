//! Exports: the orders of a stretch of time as one file, for administrators. Made in the background, kept for a week as an object that only
//! links open.

mod columns;
mod export;
mod forget;
mod want;

use std::time::Duration;

use chrono::{DateTime, Utc};
use kit::job::Schedule;
use kit::objects::ObjectKey;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use export::ExportOrders;
pub use forget::ForgetExports;
pub(crate) use want::enqueue;
pub use want::{ExportError, Wanted, find, want};

use crate::domain::OrderStatus;

/// Jobs that export.
pub const KIND: &str = "orders.export";
/// Orders of one export: a file of some 150 MB at most, written in a minute or so.
pub const ROWS_MAX: u64 = 1_000_000;
/// How long the file is kept: until whoever asked for it is back from a long weekend.
pub const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// When files that are older are taken away: in the night of Europe, each day.
const FORGET_AT: Duration = Duration::from_secs(3 * 60 * 60);
/// The folder of all exports.
const FOLDER: &str = "exports/orders";

/// Which orders, and how they are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportTerms {
    /// The first time of which orders are in it.
    pub from: DateTime<Utc>,
    /// The first time of which none are.
    pub to: DateTime<Utc>,
    /// Those that stand there alone.
    pub status: Option<OrderStatus>,
    /// How.
    pub format: ExportFormat,
}

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// CSV by RFC 4180.
    Csv,
    /// Apache Parquet.
    Parquet,
}

/// What an export gave: the job's result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// Orders in the file.
    pub rows: u64,
    /// How long the file is.
    pub bytes: u64,
}

/// By which files are taken away that were kept for long enough.
#[must_use]
pub fn forgetting() -> Schedule {
    Schedule::every(forget::KIND, Duration::from_secs(24 * 60 * 60)).offset(FORGET_AT)
}

/// Where the file of an export is.
#[must_use]
pub fn object_key(job: Uuid, format: ExportFormat) -> Option<ObjectKey> {
    ObjectKey::parse(&format!("{FOLDER}/{job}.{}", format.end()))
}

impl ExportFormat {
    /// How names of such files end.
    #[must_use]
    pub const fn end(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }
}
