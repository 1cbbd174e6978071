//! One round: a router is warmed up, then asked for some seconds, and what that took is read.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Contender, Settings, Spread};
use crate::failure::Result;
use crate::load::closed;
use crate::measure::{Watch, saturated};
use crate::replay::Stage;
use crate::routers::Router;
use crate::workloads::Workload;

/// Between two looks at a router's memory.
const MEMORY_SAMPLED: Duration = Duration::from_millis(50);

/// What a round found.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Round {
    /// Right answers a second.
    pub requests_per_second: f64,
    /// The router's user and system time a request, in microseconds.
    pub cpu_us: f64,
    /// What of it was not the system's.
    pub user_us: f64,
    /// Milliseconds that half of the requests took at most.
    pub p50_ms: f64,
    /// Milliseconds that 99 of 100 requests took at most.
    pub p99_ms: f64,
    /// Subgraph calls a request.
    pub calls: f64,
    /// The same, by subgraph; kept of the last round alone.
    #[serde(skip)]
    pub calls_by_subgraph: BTreeMap<String, f64>,
    /// New connections to subgraphs, among a hundred calls.
    pub new_connections_percent: f64,
    /// Memory while it was asked, in kilobytes: the median of several looks.
    pub resident_kb: f64,
    /// What clients and subgraphs took a request, in microseconds: beside it stands what the router took.
    pub load_us: f64,
    /// How busy the core with load and subgraphs was, in percent.
    pub load_core_busy: f64,
    /// Which part of both cores' time other programs took, in percent: the machine should be idle but for this.
    pub others: f64,
    /// Why it proves nothing, if so.
    pub void: Option<String>,
}

/// Measures one router once.
pub async fn run(contender: &mut Contender, workload: &Workload, stage: &Stage, settings: &Settings) -> Result<Round> {
    contender.running.check()?;
    closed(&contender.target, workload.clients, settings.warm_up).await;
    stage.take_faults();
    let calls_before = stage.calls();
    let connections_before = stage.connections();
    let cpu_before = contender.running.cpu_time()?;
    let watch = Watch::start((settings.router_core, settings.load_core))?;
    let mut resident_kb = Vec::new();
    let mut tally = tokio::select! {
        tally = closed(&contender.target, workload.clients, settings.duration) => tally,
        failed = contender.running.sample_memory(MEMORY_SAMPLED, &mut resident_kb) => return Err(failed),
    };
    let taken = watch.stop()?;
    let cpu = contender.running.cpu_time()?.since(cpu_before);
    let mut calls_by_subgraph = stage.calls();
    for (name, before) in calls_before {
        calls_by_subgraph.entry(name).and_modify(|count| *count -= before);
    }
    calls_by_subgraph.retain(|_, count| *count > 0);
    let calls: u64 = calls_by_subgraph.values().sum();
    let void = match stage.take_faults() {
        (0, _) => tally.trouble(),
        (faults, first) => Some(format!("{faults} subgraph calls were new: {}", first.unwrap_or_default())),
    };
    let requests = tally.right().max(1) as f64;
    Ok(Round {
        requests_per_second: tally.right() as f64 / taken.seconds,
        cpu_us: cpu.total().as_secs_f64() * 1e6 / requests,
        user_us: cpu.user.as_secs_f64() * 1e6 / requests,
        p50_ms: tally.percentile_ms(50.0),
        p99_ms: tally.percentile_ms(99.0),
        calls: calls as f64 / requests,
        calls_by_subgraph: calls_by_subgraph.into_iter().map(|(name, count)| (name, count as f64 / requests)).collect(),
        new_connections_percent: 100.0 * (stage.connections() - connections_before) as f64 / calls.max(1) as f64,
        resident_kb: Spread::of(resident_kb.iter().map(|kilobytes| *kilobytes as f64)).map_or(0.0, |it| it.median),
        load_us: (taken.own - cpu.total().as_secs_f64()).max(0.0) * 1e6 / requests,
        load_core_busy: taken.load_core_busy,
        others: taken.others,
        void,
    })
}

impl Round {
    /// Whether load and subgraphs had time left, so that requests a second are the router's own.
    pub fn is_unsaturated(&self) -> bool {
        !saturated(self.load_core_busy)
    }

    /// For people who wait.
    pub fn line(&self, router: Router) -> String {
        let numbers = format!(
            "{:<17} {:>8.0} requests/s  {:>6.0} µs CPU ({:.0} user)  p50 {:>7.2} ms  p99 {:>7.2} ms  {:.2} calls ({:.0} % on new connections)  load {:.0} µs, its core {:.0} % busy, others {:.0} %",
            router.title(),
            self.requests_per_second,
            self.cpu_us,
            self.user_us,
            self.p50_ms,
            self.p99_ms,
            self.calls,
            self.new_connections_percent,
            self.load_us,
            self.load_core_busy,
            self.others
        );
        match &self.void {
            Some(reason) => format!("{numbers}  VOID: {}", reason.chars().take(500).collect::<String>()),
            None => numbers,
        }
    }
}
