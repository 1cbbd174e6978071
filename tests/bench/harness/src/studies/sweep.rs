//! How cost grows: with the size of the answer, and with the number of fetches.

use serde::{Deserialize, Serialize};

use crate::console::tell;
use crate::failure::Result;
use crate::measurement::{Settings, WorkloadResult, measure};
use crate::report::table;
use crate::workloads::{MORE_MAX, Workload, of_fetches, of_size};

/// Bytes of answers, about.
const SIZES: [usize; 5] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];
/// Fetches of an operation.
const FETCHES: [usize; 7] = [1, 2, 4, 8, 16, 32, MORE_MAX + 1];
/// Rounds and seconds are no more than these: there are many points.
const ROUNDS_MAX: usize = 3;
const SECONDS_MAX: u64 = 3;

/// Points of growing size.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SweepResult {
    /// From the least to the greatest.
    pub points: Vec<Point>,
}

/// One of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Point {
    /// Bytes of the answer, or fetches.
    pub size: usize,
    /// What it cost.
    pub result: WorkloadResult,
}

/// Along the size of the answer; a point's size is what the answer really has.
pub async fn sizes(settings: &Settings) -> Result<SweepResult> {
    let mut points = points(SIZES.map(|bytes| (bytes, of_size(bytes))), settings).await?;
    for point in &mut points {
        point.size = point.result.answer_bytes;
    }
    Ok(SweepResult { points })
}

/// Along the number of fetches.
pub async fn fetches(settings: &Settings) -> Result<SweepResult> {
    Ok(SweepResult { points: points(FETCHES.map(|fetches| (fetches, of_fetches(fetches))), settings).await? })
}

async fn points<const N: usize>(workloads: [(usize, Workload); N], settings: &Settings) -> Result<Vec<Point>> {
    let mut settings = settings.clone();
    settings.rounds = settings.rounds.min(ROUNDS_MAX);
    settings.duration = settings.duration.min(std::time::Duration::from_secs(SECONDS_MAX));
    let mut points = Vec::with_capacity(N);
    for (size, workload) in workloads {
        tell(&format!("\n{} {size}", workload.name));
        let result = measure(&workload, &settings).await?;
        tell(&table(&result));
        points.push(Point { size, result });
    }
    Ok(points)
}
