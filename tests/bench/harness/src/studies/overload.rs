//! What a router does when three times as much is asked of it as it can do.
//!
//! The answers are large: three times as many small ones as a router can do would be more than clients and subgraphs can do, who
//! have one core as well.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::peak::peaks;
use crate::console::tell;
use crate::failure::Result;
use crate::load::{Rate, open};
use crate::measure::{Memory, Watch};
use crate::measurement::{LeftOut, Scene, Settings};
use crate::routers::Router;
use crate::workloads::{CLIENTS, Workload, of_size};

/// How many times its peak a router is asked.
const TIMES: f64 = 3.0;
/// Bytes of an answer, about.
const ANSWER_BYTES: usize = 500_000;
/// For so long at least: what happens at first is not all.
const LEAST: Duration = Duration::from_secs(10);
/// Clients that may wait at the same time.
const CLIENTS_MAX: usize = 5000;

/// What each router made of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OverloadResult {
    /// One after the other.
    pub routers: Vec<RouterOverload>,
    /// Who is not among them, and why.
    pub left_out: Vec<LeftOut>,
}

/// What one router made of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RouterOverload {
    /// Which.
    pub router: Router,
    /// Requests a second that it can do.
    pub peak: f64,
    /// Requests a second that it was asked.
    pub rate: f64,
    /// Right answers a second, while it was asked and until the last answer.
    pub goodput: f64,
    /// Requests refused, by status.
    pub refused: BTreeMap<u16, u64>,
    /// Milliseconds within which 99 of 100 refusals came, counted from when the request was due.
    pub refusal_p99_ms: f64,
    /// Milliseconds within which half of the right answers came.
    pub p50_ms: f64,
    /// Milliseconds within which 99 of 100 right answers came.
    pub p99_ms: f64,
    /// Requests without an answer within ten seconds.
    pub late: u64,
    /// Connections that broke.
    pub broken: u64,
    /// Answers that were wrong.
    pub wrong: u64,
    /// How busy the core with clients and subgraphs was, in percent: what it can't do isn't the router's.
    pub load_core_busy: f64,
    /// Memory afterwards, and at most.
    pub memory: Memory,
}

/// Finds peaks, then asks each router too much once.
pub async fn overload(settings: &Settings) -> Result<OverloadResult> {
    let workload = Workload { clients: CLIENTS, ..of_size(ANSWER_BYTES) };
    let mut scene = Scene::set(&workload, settings).await?;
    let peaks = peaks(&mut scene, &workload, settings).await?;
    let mut routers = Vec::new();
    for (contender, (router, peak)) in scene.contenders.iter().zip(peaks) {
        let Some(peak) = peak else { continue };
        let rate = Rate { per_second: peak * TIMES, duration: settings.duration.max(LEAST), clients_max: CLIENTS_MAX };
        let watch = Watch::start((settings.router_core, settings.load_core))?;
        let mut tally = open(&contender.target, rate).await;
        let taken = watch.stop()?;
        let result = RouterOverload {
            router,
            peak,
            rate: rate.per_second,
            goodput: tally.right() as f64 / taken.seconds,
            refusal_p99_ms: tally.refusal_percentile_ms(99.0),
            p50_ms: tally.percentile_ms(50.0),
            p99_ms: tally.percentile_ms(99.0),
            late: tally.late,
            broken: tally.broken,
            wrong: tally.wrong,
            load_core_busy: taken.load_core_busy,
            memory: contender.running.memory()?,
            refused: tally.refused,
        };
        tell(&format!("  {}", result.line()));
        routers.push(result);
    }
    Ok(OverloadResult { routers, left_out: scene.left_out })
}

impl RouterOverload {
    /// For people who wait.
    fn line(&self) -> String {
        let refused: Vec<_> = self.refused.iter().map(|(status, count)| format!("{count} × {status}")).collect();
        format!(
            "{:<16} peak {:.0}/s, asked {:.0}/s: {:.0} right/s ({:.0} % of the peak), p99 {:.0} ms; refused {} (p99 {:.0} ms), \
             {} late, {} broken, {} wrong; {} MB at most; load core {:.0} %",
            self.router.title(),
            self.peak,
            self.rate,
            self.goodput,
            100.0 * self.goodput / self.peak,
            self.p99_ms,
            if refused.is_empty() { "none".into() } else { refused.join(", ") },
            self.refusal_p99_ms,
            self.late,
            self.broken,
            self.wrong,
            self.memory.peak_kb / 1024,
            self.load_core_busy
        )
    }
}
